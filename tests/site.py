"""A small web site on loopback, for tests: pages and feeds by path, and what was requested."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Site:
    """Answers by path; other paths are not found. A page may be bytes, or a media type and bytes."""

    pages: dict[str, bytes | tuple[str, bytes]] = field(default_factory=dict)
    address: str = ""
    requests: list[str] = field(default_factory=list)
    """Paths in the order of the requests, without robots.txt."""
    headers: list[Mapping[str, str]] = field(default_factory=list)
    etags: dict[str, str] = field(default_factory=dict)

    def url(self, path: str) -> str:
        return f"{self.address}{path}"


@contextmanager
def serve_site(site: Site) -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != "/robots.txt":
                site.requests.append(self.path)
                site.headers.append(dict(self.headers))
            page = site.pages.get(self.path)
            etag = site.etags.get(self.path)
            if page is None:
                self.send_error(404)
                return
            if etag and self.headers.get("If-None-Match") == etag:
                self.send_response(304)
                self.end_headers()
                return
            media_type, data = page if isinstance(page, tuple) else ("text/html; charset=utf-8", page)
            self.send_response(200)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(data)))
            if etag:
                self.send_header("ETag", etag)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def page(title: str, text: str, *, head: str = "") -> bytes:
    """Return an invented page: a headline, paragraphs, and the usual clutter."""
    paragraphs = "".join(f"<p>{part}</p>" for part in text.split("\n\n"))
    return (
        f"<!DOCTYPE html><html lang=en><head><title>{title}</title>{head}</head><body><nav><a href=/>Home</a></nav>"
        f"<article><h1>{title}</h1>{paragraphs}</article><footer>All rights reserved.</footer></body></html>"
    ).encode()


def story(name: str) -> str:
    """Return an invented article text whose name makes it unique."""
    return (
        f"The bridge of {name} will be closed for two years, the council decided on Monday after a long debate.\n\n"
        f"“The bridge of {name} is unsafe,” said Anna Berg, the town’s chief engineer. “We cannot wait any longer.”\n\n"
        f"Tomas Lind, who owns the ferry company of {name}, said that a repair would be cheaper than a new bridge."
    )


def rss(*items: str, link: str = "https://news.example/") -> bytes:
    """Return an RSS feed with the given items."""
    head = f"<title>Invented news</title><link>{link}</link><description>News</description>"
    body = f'<rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'
    return f'<?xml version="1.0" encoding="utf-8"?>{body}'.encode()


def item(link: str = "", *, title: str = "", date: str = "", text: str = "", author: str = "") -> str:
    """Return an item of an RSS feed. The date is a day: 2026-11-01."""
    published = format_datetime(datetime.fromisoformat(f"{date}T10:00:00+01:00")) if date else ""
    values = {"title": title, "link": link, "pubDate": published, "description": text, "author": author}
    return f"<item>{''.join(f'<{name}>{escape(value)}</{name}>' for name, value in values.items() if value)}</item>"
