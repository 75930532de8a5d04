"""Anchors: the way from a range of an article's text back to its place in the page or the PDF."""

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote, urlsplit, urlunsplit

from summarizer._patterns import compile_lazily
from summarizer.spans import Span

_SCHEME = compile_lazily(r"[A-Za-z][A-Za-z0-9+.-]+:")  # longer than the drive in "C:\\pages"
_DRIVE = compile_lazily(r"[A-Za-z]:[\\/]")
_OPENS_AT_A_PLACE = compile_lazily(r"\.(?:s?html?|xhtml?|pdf)", re.IGNORECASE)  # browsers go by the name of a file


class NodePlace(NamedTuple):
    """Consecutive characters of a text node of a page."""

    path: str
    """The XPath of the text node in the page's markup: ``"/html/body/article/p[2]/text()[1]"``."""
    start: int
    """The offset of the first character in the text node, in code points."""
    end: int
    """The offset after the last character."""


class PagePlace(NamedTuple):
    """A box on a page of a PDF, around characters of one line."""

    page: int
    """The number of the page, from 1."""
    left: float
    """In points, from the left edge of the page."""
    bottom: float
    """In points, from the bottom edge of the page."""
    right: float
    top: float


Place = NodePlace | PagePlace
"""Where characters are in the source."""


class Anchors(Protocol):
    """The places of an article's text. A loader makes one if its format has places."""

    def places(self, span: Span) -> tuple[Place, ...]:
        """Return the places of the characters in ``span``, in order; empty if they have none."""
        ...

    def selector(self, span: Span) -> dict[str, Any] | None:
        """Return the W3C Web Annotation selector of ``span``, or None if it has no place."""
        ...

    def fragment(self, span: Span) -> str | None:
        """Return the fragment that opens the place of ``span``: ``":~:text=…"``, ``"page=3"``; None without a place."""
        ...


@dataclass(frozen=True, slots=True)
class TextAnchors:
    """The anchors of a plain text, which has positions but no addresses."""

    text: str = field(repr=False)

    def places(self, span: Span) -> tuple[Place, ...]:  # noqa: ARG002
        """Return nothing: the places are the spans themselves."""
        return ()

    def selector(self, span: Span) -> dict[str, Any] | None:
        """Return a TextPositionSelector that a TextQuoteSelector refines; None for an empty span."""
        words = self.text[slice(*span)]
        if not words:
            return None
        refinement = {"type": "TextQuoteSelector", "exact": words}
        return {"type": "TextPositionSelector", "start": span.start, "end": span.end, "refinedBy": refinement}

    def fragment(self, span: Span) -> str | None:  # noqa: ARG002
        """Return None: browsers cannot open a text file at a place."""
        return None


def link_base(url: str | None, source: str | None) -> str | None:
    """Return the address that fragments are appended to.

    It is the web address, without credentials and fragment. Else it is a reference to the local page or PDF, relative
    to the folder that its path is relative to. Any other source, such as ``data:``, has none.
    """
    return web_address(url) or web_address(source) or _file_reference(source)


def web_address(url: str | None) -> str | None:
    """Return an http or https address in ASCII, without credentials and fragment; None for anything else."""
    try:
        parts = urlsplit(url or "")
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            return None
        host = parts.hostname if parts.hostname.isascii() else parts.hostname.encode("idna").decode()
        host = f"[{host}]" if ":" in host else host
        host += f":{parts.port}" if parts.port else ""
    except ValueError:  # including UnicodeError
        return None
    path, query = (quote(part, safe="/?:@!$&'()*+,;=%~[]|") for part in (parts.path, parts.query))
    return urlunsplit((parts.scheme, host, path, query, ""))


def _file_reference(path: str | None) -> str | None:
    if not path or not _OPENS_AT_A_PLACE.fullmatch(path[path.rfind(".") :]) or "\0" in path:
        return None
    if _DRIVE.match(path):
        return "/" + quote(path.replace("\\", "/"), safe="/:")
    if _SCHEME.match(path):
        return None
    root = "/" if path.startswith("/") else ""  # "//host" would be an address of another host
    return root + quote(path.lstrip("/"), safe="/", errors="replace")
