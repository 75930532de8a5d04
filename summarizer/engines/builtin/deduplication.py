"""Which attributions make one position: what one holder says in the same sentence, or says again."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from summarizer._text import normalized_words
from summarizer.article import Reading
from summarizer.attribution import Attribution
from summarizer.merging import has_enough_in_common, negations_and_numbers
from summarizer.spans import quote

_ALIKE = 0.7  # the part of their telling words that two wordings of one claim share
_FEWEST = 3  # telling words without which two wordings cannot be compared
_NESTED = 4  # statements of one holder that can lie within each other
_NEAREST = 20  # earlier claims with a word in common that are compared
_COMMON = frozenset(
    "a an and are as at be been by for from had has have he her his i if in into is it its of on or our she so than "
    "that the their them there they this those to was we were which who will with would you your".split()
)
_QUOTED = re.compile(r"[“\"„«]([^“”\"„«»]+)[”\"“»]")


@dataclass(slots=True)
class Claim:
    """Attributions of the same holders that make one position, in the order of the article."""

    parts: list[Attribution]
    """Those that share sentences with the first, or with each other."""
    again: list[Attribution] = field(default_factory=list)
    """Those that say the same elsewhere."""

    @property
    def every(self) -> list[Attribution]:
        """All of them."""
        return [*self.parts, *self.again]

    @property
    def sentences(self) -> tuple[int, ...]:
        """The numbers of all their sentences, in order."""
        return tuple(sorted({number for found in self.every for number in found.sentences}))


@dataclass(frozen=True, slots=True)
class _Wording:
    """What makes two wordings comparable."""

    telling: frozenset[str]
    turned: frozenset[str]
    """Negations and figures, which must be the same ones."""
    quoted: frozenset[str]


def claims(reading: Reading, attributions: Sequence[Attribution]) -> list[Claim]:
    """``attributions`` with those joined that a reader takes for one statement of one holder.

    Joined are those of the same holders that share a sentence, and those that say elsewhere the same in much
    the same words or quote the same words; never those that differ in a negation or a figure. No attribution
    is lost.
    """
    by_holders: dict[tuple[str, ...], list[Claim]] = {}
    order: list[Claim] = []
    for found in sorted(attributions, key=lambda each: each.content):
        own = by_holders.setdefault(tuple(sorted(entity.name for entity in found.holders)), [])
        if own and any(set(each.sentences) & set(found.sentences) for each in own[-1].parts[-_NESTED:]):
            own[-1].parts.append(found)
            continue
        own.append(Claim([found]))
        order.append(own[-1])
    return _without_repeats(reading, order, by_holders)


def _without_repeats(
    reading: Reading, order: list[Claim], by_holders: dict[tuple[str, ...], list[Claim]]
) -> list[Claim]:
    """The claims, each that only says an earlier one again added to that one."""
    repeated: set[int] = set()
    for own in by_holders.values():
        index: dict[str, list[tuple[Claim, _Wording]]] = {}
        for claim in own:
            wording = _wording(reading, claim)
            near = {
                id(each): (each, other) for word in wording.telling for each, other in index.get(word, [])[-_NEAREST:]
            }
            first = next((each for each, other in near.values() if _same(other, wording)), None)
            if first:
                first.again += claim.parts
                repeated.add(id(claim))
                continue
            for word in wording.telling:
                index.setdefault(word, []).append((claim, wording))
    return [claim for claim in order if id(claim) not in repeated]


def alike(one: str, other: str) -> bool:
    """Whether two wordings say the same, as far as words tell: most are shared, all negations and figures are."""
    return _same(_worded(one), _worded(other))


def telling_words(text: str) -> frozenset[str]:
    """The words of ``text`` that are not in every other sentence too."""
    return frozenset(word for word in normalized_words(text) if word not in _COMMON)


def _wording(reading: Reading, claim: Claim) -> _Wording:
    text = " ".join(quote(reading.article.text, found.statement_spans) for found in claim.parts)
    worded = _worded(text)
    return replace(worded, turned=worded.turned | {f"denied {found.denied}" for found in claim.parts})


def _worded(text: str) -> _Wording:
    words = normalized_words(text)
    quoted = (normalized_words(match.group(1)) for match in _QUOTED.finditer(text))
    return _Wording(
        telling=telling_words(text),
        turned=negations_and_numbers(words),
        quoted=frozenset(" ".join(inner) for inner in quoted if len(inner) >= _FEWEST),
    )


def _same(one: _Wording, other: _Wording) -> bool:
    if one.turned != other.turned:
        return False
    common = len(one.telling & other.telling)
    return bool(one.quoted & other.quoted) or has_enough_in_common(
        common, len(one.telling), len(other.telling), share=_ALIKE, min_count=_FEWEST
    )
