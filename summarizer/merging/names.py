"""Which of the names that chunks use for their holders are one holder's."""

import re
from collections.abc import Iterable, Mapping

from summarizer.folding import folded_words

_TITLES = frozenset(
    "the mr mrs ms miss mx dr prof professor sir dame lord lady president minister chancellor king queen prince "
    "princess senator sen representative rep governor gov general gen colonel col captain capt judge justice".split()
)
_TRANSLITERATED = re.compile(r"(?:iy|ij|yi|yy|ii|yj)$")  # Zelenskiy, Zelenskij, Zelenskyy: Zelensky


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name without case, accents, titles and what transliterations differ in."""
    words = folded_words(name)
    while len(words) > 1 and words[0] in _TITLES:
        words = words[1:]
    return tuple(_TRANSLITERATED.sub("y", word) for word in words)


def joined_names(names: Iterable[str]) -> Mapping[str, str]:
    """For each of ``names``, the name of the same holder that says most.

    Two names are one holder's when their words are the same, or when one is the last word of the
    other and of no third.
    """
    words_of = {name: name_words(name) for name in names}
    fullest: dict[tuple[str, ...], str] = {}
    for name in sorted(words_of, key=lambda name: (-len(name), name)):
        fullest.setdefault(words_of[name], name)
    by_surname: dict[str, list[tuple[str, ...]]] = {}
    for words in fullest:
        if len(words) > 1:
            by_surname.setdefault(words[-1], []).append(words)

    def home(name: str) -> str:
        words = words_of[name]
        bearers = by_surname.get(words[0], []) if len(words) == 1 else []
        return fullest[bearers[0] if len(bearers) == 1 else words]

    return {name: home(name) for name in words_of}
