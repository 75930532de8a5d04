"""Characters that nobody sees: controls, zero-width and bidirectional marks.

They tear words, hide text from the reader, or turn its order round; a model would read what a
person cannot. Joiners are kept where they join: in emoji, in Persian, in the scripts of India.
"""

import re
from collections.abc import Iterator

from summarizer.spans import Span

_ALWAYS = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # controls, but for white space
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # zero-width, bidirectional
    "\U000e0000-\U000e007f"  # tags, which can spell out hidden text
)
_JOINERS = "\u200c\u200d"
_SELECTORS = "\U000e0100-\U000e01ef"
_IDEOGRAPHS = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"

_CANDIDATE = re.compile(f"[{_ALWAYS}{_JOINERS}{_SELECTORS}]")
_INVISIBLE = re.compile(
    f"[{_ALWAYS}]+"
    f"|(?<![^\x00-\x7f{_ALWAYS}])[{_JOINERS}]|[{_JOINERS}](?![^\x00-\x7f{_ALWAYS}])"  # that join nothing
    f"|(?<![{_IDEOGRAPHS}])[{_SELECTORS}]"  # that vary nothing
)
_PLAIN = bytes([*range(9, 14), *range(32, 127)])  # ASCII without the controls


def invisible(text: str) -> list[Span]:
    """Where invisible characters stand in ``text``, run by run."""
    rare = sorted(set(text.encode().translate(None, _PLAIN).decode()))  # cheap beside a search of the whole text
    runs = sorted(run for character in rare if _CANDIDATE.match(character) for run in _runs(text, character))
    merged: list[Span] = []
    for run in runs:
        if merged and run.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(run.end, merged[-1].end))
        else:
            merged.append(run)
    return merged


def _runs(text: str, character: str) -> Iterator[Span]:
    """The runs that begin with ``character``, or go on with it: ``find`` is far quicker than a pattern."""
    start = text.find(character)
    while start >= 0:
        run = _INVISIBLE.match(text, start)
        if run:
            yield Span(*run.span())
        start = text.find(character, run.end() if run else start + 1)


def visible(text: str) -> str:
    """``text`` without them."""
    return _INVISIBLE.sub("", text) if _CANDIDATE.search(text) else text
