"""The Content-Security-Policy: injected markup has no effect.

Each piece of markup is opened twice: in a page without the policy, where it must have an effect, and in the real page.
"""

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from summarizer.render import to_html

from ..render.pages import bridge
from ..timing import HOLD
from .conftest import Tab

pytestmark = pytest.mark.slow

POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="[^"]*">')
AT = "http://127.0.0.1:PORT"
MARKUP = [
    "<script>window.ran = 1</script>",
    f"<script src='{AT}/x.js'></script>",
    "<script src='data:text/javascript,window.ran = 1'></script>",
    "<img src=x onerror='window.ran = 1'>",
    f"<img src='{AT}/x.png'>",
    "<svg onload='window.ran = 1'></svg>",
    "<svg><script>window.ran = 1</script></svg>",
    f"<svg><image href='{AT}/x.svg'></svg>",
    f"<link rel='stylesheet' href='{AT}/x.css'>",
    f"<style>h1 {{ background: url({AT}/x.png) }}</style>",
    "<style>h1 { position: fixed }</style>",
    "<p id=bad style='position: fixed'>here</p>",
    f"<video src='{AT}/x.mp4' autoplay></video>",
    f"<object data='{AT}/x'></object>",
    f"<embed src='{AT}/x'>",
    f"<iframe src='{AT}/'></iframe>",
    "<iframe srcdoc='<script>parent.ran = 1</script>'></iframe>",
    "<iframe src='javascript:parent.ran = 1'></iframe>",
    "<a id=bad href='javascript:void(window.ran = 1)'>here</a>",
    f"<a id=bad href='#P1' ping='{AT}/'>here</a>",
    f"<form action='{AT}/'><button id=bad>go</button></form>",
    f"<base href='{AT}/'>",
]


@dataclass
class Listener:
    """A server that records requested paths."""

    port: int
    paths: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            recorded.paths.append(self.path)
            self.send_response(204)
            self.end_headers()

        do_POST = do_GET  # noqa: N815  # http.server requires this name

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    recorded = Listener(server.server_address[1])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield recorded
    server.shutdown()
    server.server_close()


DONE = """
const fixed = [...document.querySelectorAll("h1, #bad")].some((e) => getComputedStyle(e).position === "fixed");
return Boolean(window.ran) || fixed || !document.baseURI.startsWith("file:");
"""


def has_effect(tab: Tab, listener: Listener, page: str, seconds: float) -> bool:
    """Return whether anything in ``page`` has an effect within ``seconds``: script, style, request or redirect."""
    listener.paths.clear()
    tab.open(page)
    tab.run("for (const e of document.querySelectorAll('#bad')) e.click();")
    end = time.monotonic() + seconds
    while not (acted := bool(listener.paths) or bool(tab.run(DONE))) and time.monotonic() < end:
        time.sleep(0.02)
    return acted


@pytest.mark.parametrize("markup", MARKUP)
def test_injected_markup_has_no_effect(tab: Tab, listener: Listener, markup: str) -> None:
    tried = to_html(*bridge()).replace("</header>", markup.replace("PORT", str(listener.port)) + "</header>")
    assert has_effect(tab, listener, POLICY.sub("", tried), HOLD)
    assert not has_effect(tab, listener, tried, 0.15)


def test_changed_script_or_style_is_blocked(tab: Tab) -> None:
    page = to_html(*bridge()).replace('"use strict";', '"use strict"; window.ran = 1;')
    tab.open(page.replace("<style>", "<style>h1 { top: 7px }"))
    assert tab.run("return [window.ran, document.documentElement.className]") == [None, ""]
    assert tab.one("h1").value_of_css_property("top") == "auto"
