"""Addresses that a page may link to."""

import re
from urllib.parse import urlsplit

from summarizer.render.words import line

_PLAIN = re.compile(r"[!-~]+")  # nothing that only looks like ASCII: a host is not to be taken for another


def web_address(source: str | None) -> str | None:
    """``source`` if it is the address of a page on the web (http or https), else none."""
    if not source or " " in source or not source.isprintable() or line(source) != source:
        return None
    try:
        parts = urlsplit(source)
        is_web = parts.scheme in ("http", "https") and bool(_PLAIN.fullmatch(parts.netloc) and parts.hostname)
    except ValueError:
        return None
    return source if is_web else None
