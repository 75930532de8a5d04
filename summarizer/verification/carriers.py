"""Which sentence carries a figure that a claim has from the text around the sentences it cites.

A statement that stands on its own often needs one: of "That was too much" it makes that 168 litres a day
are too much, with the figure of a sentence before.
"""

import re
from collections.abc import Iterable, Sequence

from summarizer._text import normalized_words
from summarizer.article import Sentence
from summarizer.verification.figures import figures

FURTHEST = 30
"""Sentences between a claim's own and one that carries its figure."""
CLOSE_BY = 3
"""Sentences within which a figure of two digits or more is taken for the same without a word beside it."""

_SAY_NOTHING = frozenset("a an and as at by for from in is on or than that the to was with".split())
_YEAR = re.compile(r"(?:19|20)\d\d")


def carrier(figure: str, statement: str, cited: Sequence[Sentence], around: Iterable[Sentence]) -> Sentence | None:
    """The nearest sentence of ``around`` with the ``figure`` of ``statement``, of the same thing: "168 litres".

    Beside it stands the same word before or after; a year needs none, nor does a longer figure close by.
    """
    wanted = [readings for written, readings in figures(figure) if written == figure]
    telling = _YEAR.fullmatch(figure) is not None, len(figure) > 1 and figure.isdecimal()
    beside = _beside(figure, statement)

    def carries(sentence: Sentence) -> bool:
        for written, readings in figures(sentence.text):
            same = any(one <= other for ways in wanted for one in ways for other in readings)
            alone = telling[0] or (telling[1] and distance(sentence) <= CLOSE_BY)
            if same and (alone or beside & _beside(written, sentence.text)):
                return True
        return False

    def distance(sentence: Sentence) -> int:
        return min(abs(sentence.number - each.number) for each in cited)

    near = sorted((each for each in around if 0 < distance(each) <= FURTHEST), key=distance)
    return next(filter(carries, near), None)


def _beside(figure: str, text: str) -> set[tuple[str, str]]:
    """The words next to a figure, each with the side on which it stands."""
    found = re.search(rf"(?<!\w){re.escape(figure)}(?!\w)", text, re.IGNORECASE)
    if not found:
        return set()
    before, after = normalized_words(text[: found.start()])[-1:], normalized_words(text[found.end() :])[:1]
    words = {("before", word) for word in before} | {("after", word.removesuffix("s")) for word in after}
    return {(side, word) for side, word in words if word not in _SAY_NOTHING}
