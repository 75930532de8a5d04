"""A small implementation of a browser's search for a text fragment, after the specification.

https://wicg.github.io/scroll-to-text-fragment/#find-a-range-from-a-text-directive
"""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

SPACELESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff]")
DIRECTIVE = re.compile(r":~:text=(?:([^,]*)-,)?([^,]*?)(?:,([^,-][^,]*))?(?:,-([^,]*))?")


def find_fragment(page: str, fragment: str) -> tuple[int, int] | None:
    """Return the range of ``page`` that a browser highlights. A line break in ``page`` separates blocks."""
    match = DIRECTIVE.fullmatch(fragment)
    assert match, fragment
    prefix, start, end, suffix = (unquote(part) if part else None for part in match.groups())
    assert start
    page = "".join(fold(character) for character in page)
    after = 0
    while True:
        if prefix:
            found_prefix = next(search(page, prefix, after, word_start=True, word_end=False), None)
            if not found_prefix:
                return None
            after = found_prefix[0] + 1
            at = skip_space(page, found_prefix[1])
            found = next(search(page, start, at, word_start=False, word_end=bool(end or not suffix)), None)
            if not found or found[0] != at:
                continue
        else:
            found = next(search(page, start, after, word_start=True, word_end=bool(end or not suffix)), None)
            if not found:
                return None
            after = found[0] + 1
        ends = [found] if not end else list(search(page, end, found[1], word_start=True, word_end=not suffix))
        for last in ends:
            if not suffix:
                return found[0], last[1]
            at = skip_space(page, last[1])
            followed_by = next(search(page, suffix, at, word_start=False, word_end=True), None)
            if followed_by and followed_by[0] == at:
                return found[0], last[1]
        if end:
            return None


def search(page: str, words: str, after: int, *, word_start: bool, word_end: bool) -> Iterator[tuple[int, int]]:
    """Yield the matches of ``words`` within one block, from ``after`` on."""
    words = "".join(fold(character) for character in words)
    pattern = "[ \t]+".join(map(re.escape, words.split(" ")))
    for match in re.compile(f"(?={pattern})").finditer(page, after):
        whole = re.compile(pattern).match(page, match.start())
        assert whole
        if (word_start and not is_boundary(page, whole.start())) or (word_end and not is_boundary(page, whole.end())):
            continue
        yield whole.span()


def is_boundary(page: str, offset: int) -> bool:
    """Return whether a word certainly starts or ends at ``offset``."""
    if not 0 < offset < len(page):
        return True
    before, after = page[offset - 1], page[offset]
    if SPACELESS.match(before) or SPACELESS.match(after):  # where two words meet, only a dictionary knows
        return not (SPACELESS.match(before) and SPACELESS.match(after) and before.isalnum() and after.isalnum())
    return not re.match(r"\w\w|\w['’.:]\w", page[offset - 1 : offset + 2]) and not (
        offset > 1 and re.match(r"\w['’.:]\w", page[offset - 2 : offset + 1])
    )


def skip_space(page: str, offset: int) -> int:
    while offset < len(page) and page[offset].isspace():
        offset += 1
    return offset


def fold(character: str) -> str:
    """Return one character without case and accents."""
    base = unicodedata.normalize("NFD", character)[0]
    return {"“": '"', "”": '"', "’": "'"}.get(base, base.lower())
