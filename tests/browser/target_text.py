"""Read which words of a page a text fragment highlights, from the pixels of a screenshot.

No interface of a browser tells it. So the page paints highlighted words magenta on magenta, and a script looks up the
pixel in the middle of each character.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from selenium import webdriver
from selenium.webdriver.support.ui import WebDriverWait

from ..timing import HOLD

STYLE = "<style>::target-text { background: #f0f !important; color: #f0f !important; }</style>"
READ = """
const [screenshot, done] = arguments;
(async () => {
  const image = await createImageBitmap(await (await fetch("data:image/png;base64," + screenshot)).blob());
  const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
  context.drawImage(image, 0, 0);
  const pixels = context.getImageData(0, 0, image.width, image.height).data;
  const isMagenta = (x, y) => {
    const at = 4 * (Math.floor(y) * image.width + Math.floor(x));
    return pixels[at] === 255 && pixels[at + 1] === 0 && pixels[at + 2] === 255;
  };
  const range = document.createRange();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let words = "";
  while (walker.nextNode()) {
    const node = walker.currentNode;
    range.selectNodeContents(node);
    const whole = range.getBoundingClientRect();
    if (!whole.width || whole.bottom < 0 || whole.top > innerHeight) continue;
    let at = 0;
    for (const character of node.data) {
      range.setStart(node, at);
      range.setEnd(node, at += character.length);
      const [box] = range.getClientRects();
      if (box && box.width && isMagenta(box.left + box.width / 2, box.top + box.height / 2)) words += character;
    }
  }
  return words;
})().then(done, (error) => done("error: " + error));
"""


class PageServer:
    """A server on loopback for pages, whose highlighted words can be read."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._pages: dict[str, bytes] = {}

    def add(self, page: str | bytes) -> str:
        """Serve a page, and return its address. Its encoding is UTF-8, or what it declares itself."""
        path = f"/page-{len(self._pages)}.html"
        self._pages[path] = with_style(page)
        return self.address + path

    def get(self, path: str) -> bytes | None:
        return self._pages.get(path)


def with_style(page: str | bytes) -> bytes:
    """Return a page that shows highlighted words in magenta."""
    data = page.encode() if isinstance(page, str) else page
    return re.sub(rb"(?i)(<body|<article)", STYLE.encode() + rb"\1", data, count=1)


@contextmanager
def serve_pages() -> Iterator[PageServer]:
    """Run a `PageServer`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = pages.get(self.path)
            self.send_response(200 if data else 404)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(data or b"")))
            self.end_headers()
            self.wfile.write(data or b"")

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    pages = PageServer(f"http://127.0.0.1:{server.server_address[1]}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield pages
    finally:
        server.shutdown()
        server.server_close()


def read_target_text(driver: webdriver.Chrome, link: str) -> str:
    """Open a link, and return the highlighted characters in view, without white space."""
    driver.get("about:blank")  # else only the fragment changes
    driver.get(link)
    return read_shown_target(driver)


def read_shown_target(driver: webdriver.Chrome) -> str:
    """Return the highlighted characters in view, without white space."""
    WebDriverWait(driver, HOLD).until(lambda _: driver.execute_script("return document.readyState") == "complete")
    words = ""
    for _ in range(4):  # the browser searches some time after the page is loaded
        driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
        screenshot = driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})["data"]
        words = driver.execute_async_script(READ, screenshot)
        if words:
            break
        driver.execute_async_script("setTimeout(arguments[0], 200)")
    return "".join(words.split())
