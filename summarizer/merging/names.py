"""Which of the names that chunks use for their holders are one holder's."""

import re
from collections.abc import Hashable, Mapping, Sequence

from summarizer.brief import Holder
from summarizer.folding import folded_words

Words = tuple[str, ...]

_TITLES = frozenset(
    "the mr mrs ms miss mx dr prof professor sir dame lord lady president minister chancellor king queen prince "
    "princess senator sen representative rep governor gov general gen colonel col captain capt judge justice".split()
)
_TRANSLITERATED = re.compile(r"(?:iy|ij|yi|yy|ii|yj)$")  # Zelenskiy, Zelenskij, Zelenskyy: Zelensky


def name_words(name: str) -> Words:
    """The words of a name without case, accents, titles and what transliterations differ in."""
    words = folded_words(name)
    while len(words) > 1 and words[0] in _TITLES:
        words = words[1:]
    return tuple(_TRANSLITERATED.sub("y", word) for word in words)


def homes(holders: Sequence[Holder]) -> Mapping[str, Hashable]:
    """For each named holder's id, what tells its bearer apart: the same for holders that are one.

    Two are one when their names have the same words; when one is a surname, alone or after a title, that
    means the other and no third; when they differ in initials and middle names only; or when one is an
    office that the other alone has as role. Two who are not named ("an official") are two, however they
    are called. The order of the holders does not matter.
    """
    named = {holder.id: name_words(holder.name) for holder in holders if holder.name}
    full = sorted({named[each.id] for each in holders if each.kind == "person" and len(named.get(each.id, ())) > 1})
    whole = {words: _fullest(words, full) for words in full}
    by_surname: dict[str, set[Words]] = {}
    for words in full:
        by_surname.setdefault(words[-1], set()).add(whole[words])
    offices: dict[Words, set[Words]] = {}
    for holder in holders:
        if holder.role and named.get(holder.id) in whole:
            offices.setdefault(name_words(holder.role), set()).add(whole[named[holder.id]])

    def home(holder: Holder) -> Hashable:
        words = named[holder.id]
        if holder.kind == "unnamed":
            return holder.id
        aliases = {whole[alias] for each in holder.aliases if (alias := name_words(each)) in whole}
        of_surname = by_surname.get(words[0], set()) if holder.kind == "person" and len(words) == 1 else set()
        for bearers in (aliases & of_surname, of_surname, offices.get(words, set())):
            if len(bearers) == 1:
                return next(iter(bearers))
        return whole.get(words, words)

    return {holder.id: home(holder) for holder in holders if holder.name}


def _fullest(words: Words, full: Sequence[Words]) -> Words:
    """The one name of which ``words`` is a shorter form, else ``words``."""
    longer = [other for other in full if other != words and _shortens(words, other)]
    top = [other for other in longer if not any(_shortens(other, third) for third in longer if third != other)]
    return top[0] if len(top) == 1 else words


def _shortens(short: Words, long: Words) -> bool:
    """Whether ``short`` is ``long`` with given names left out, but not the first, or cut to initials."""
    if short[-1] != long[-1] or sum(map(len, short)) >= sum(map(len, long)):
        return False
    given = iter(long[:-1])
    first, *rest = short[:-1]
    return _same_given(first, next(given)) and all(any(_same_given(name, other) for other in given) for name in rest)


def _same_given(short: str, long: str) -> bool:
    return short == long or (len(short) == 1 and long.startswith(short))
