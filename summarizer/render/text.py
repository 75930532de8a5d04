"""Text helpers of all views: safe fragments of text, sentence numbers, plurals, links."""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from summarizer._text import one_line

_ASCII = re.compile(r"[!-~]+")  # a host in other letters may imitate another host


def fragment(text: str) -> str:
    """Make a part of a line safe to show, as `one_line` does, and keep the spaces at its ends."""
    return one_line(f"|{text}|")[1:-1]


def brackets(numbers: Iterable[int]) -> str:
    """Format sentence numbers as "[8, 9]"; return an empty string for none."""
    listed = ", ".join(map(str, numbers))
    return f"[{listed}]" if listed else ""


def sentences(numbers: Sequence[int], separator: str = ", ") -> str:
    """Format sentence numbers as "sentence 3" or "sentences 8, 9", without repetitions."""
    distinct = list(dict.fromkeys(numbers))
    return f"{'sentence' if len(distinct) == 1 else 'sentences'} {separator.join(map(str, distinct))}"


def plural(count: int, noun: str) -> str:
    """Format a count: "1 call", "2 calls"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def enumerate_words(words: Sequence[str]) -> str:
    """Join words: "speaker, figures and names"."""
    *before, last = words
    return f"{', '.join(before)} and {last}" if before else last


def place_link(link: str | None) -> str | None:
    """Return ``link`` if it is a safe web address or a relative reference to a file, else None."""
    if not link or not _ASCII.fullmatch(link) or set('<>"\\') & set(link):
        return None
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    if parts.scheme:
        return web_link(link)
    is_file = parts.path and not parts.netloc and not link.startswith("//")
    return link if is_file else None


def web_link(source: str | None) -> str | None:
    """Return ``source`` if it is a safe http or https URL, else None."""
    if not source or " " in source or not source.isprintable() or one_line(source) != source:
        return None
    try:
        parts = urlsplit(source)
        is_web = parts.scheme in ("http", "https") and bool(_ASCII.fullmatch(parts.netloc) and parts.hostname)
    except ValueError:
        return None
    return source if is_web else None
