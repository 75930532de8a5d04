"""Addresses that a page may link to."""

import re
from urllib.parse import urlsplit

_PLAIN = re.compile(r"[!-~]+")  # no space, no control, nothing that only looks like ASCII


def web_address(source: str | None) -> str | None:
    """``source`` if it is the address of a page on the web (http or https), else none."""
    if not source or not _PLAIN.fullmatch(source):
        return None
    try:
        parts = urlsplit(source)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return source if is_web else None
