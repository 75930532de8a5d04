"""Characters that nobody sees: controls, zero-width and bidirectional marks.

They tear words, hide text from the reader, or turn its order round; a model would read what a
person cannot. Joiners are kept where they join: in emoji, in Persian, in the scripts of India.
"""

from collections.abc import Iterator

from summarizer._text import INVISIBLE, MAYBE_INVISIBLE
from summarizer.spans import Span

_PLAIN = bytes([*range(9, 14), *range(32, 127)])  # ASCII without the controls


def invisible(text: str) -> list[Span]:
    """Where invisible characters stand in ``text``, run by run."""
    rare = sorted(set(text.encode().translate(None, _PLAIN).decode()))  # cheap beside a search of the whole text
    runs = sorted(run for character in rare if MAYBE_INVISIBLE.match(character) for run in _runs(text, character))
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
        run = INVISIBLE.match(text, start)
        if run:
            yield Span(*run.span())
        start = text.find(character, run.end() if run else start + 1)
