"""The order of importance of a brief's positions."""

import re
from collections import Counter
from collections.abc import Mapping
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from summarizer._files import read_toml
from summarizer._patterns import compile_lazily
from summarizer._text import normalized_words
from summarizer._types import Speech
from summarizer.brief.types import Position

if TYPE_CHECKING:
    from summarizer.brief.brief import Brief

_DIRECTNESS: dict[Speech, float] = {"direct": 1.0, "mixed": 0.75, "indirect": 0.5}
_WORDS_ON_MATTER = 4  # that a statement shares with title and gist if it is on the matter
_MAX_MINOR_WORD = 3  # letters
_WORDS = {name: "|".join(patterns) for name, patterns in read_toml(__file__, "ranking.toml").items()}
_STRONG = compile_lazily(rf"\b(?:{_WORDS['strong']})", re.IGNORECASE)
_GESTURE = compile_lazily(rf"\b(?:{_WORDS['gestures']}) (?:\S+ ?){{1,3}}$")


def count_strong_words(text: str) -> int:
    """Count the words of a text that judge or demand."""
    return sum(1 for _ in _STRONG.finditer(text))


def rank_positions(brief: "Brief") -> list[Position]:
    """Return the positions, most important first.

    The first position of each holder on a side precedes all others, and the sides take turns. Then a position ranks
    high if it is near the lead, if it is quoted directly, and if its holder says much. The second position of a holder
    counts half, the third a third, and so on. Ties keep the article's order. A mere gesture ("pointed to the town")
    comes last.
    """
    weights = _position_weights(brief)
    by_weight = sorted(brief.positions, key=lambda position: -weights[position.id])
    leaders: dict[str, list[Position]] = {"agrees": [], "disagrees": [], "mixed": []}
    heard: set[tuple[str, tuple[str, ...]]] = set()
    for position in by_weight:
        key = position.stance, position.holders
        if position.issue and position.stance in leaders and key not in heard and weights[position.id]:
            heard.add(key)
            leaders[position.stance].append(position)
    in_turns = chain.from_iterable(zip_longest(leaders["agrees"], leaders["disagrees"]))
    first = [*filter(None, in_turns), *leaders["mixed"]]
    ids = {position.id for position in first}
    return first + [position for position in by_weight if position.id not in ids]


def content_words(text: str) -> frozenset[str]:
    """Return the words of a text that have more than three letters."""
    return frozenset(word for word in normalized_words(text) if len(word) > _MAX_MINOR_WORD)


def _position_weights(brief: "Brief") -> Mapping[str, float]:
    """Return the weight of each position, by id: from 0, for a gesture, to 1.

    The weight is the mean of four parts from 0 to 1. They are nearness to the lead, directness of the speech, words
    of title and gist, and the holder's share of the positions. Unnamed holders have no share. Dividing by the rank
    among the holder's positions keeps a talkative holder from hiding the others.
    """
    named = {holder.id for holder in brief.holders if holder.name and holder.kind != "unnamed"}
    counts = Counter(holder_id for position in brief.positions for holder_id in position.holders)
    most = max(counts.values(), default=1)

    matter = content_words(f"{brief.article.title or ''} {brief.gist.text if brief.gist else ''}")

    def base_weight(position: Position) -> float:
        first = min(item.sentence for item in position.evidence)
        nearness = max(1 - (first - 1) / max(brief.coverage.sentences, 1), 0.0)
        share = max(counts[holder_id] if holder_id in named else 0 for holder_id in position.holders) / most
        doubt = 0.5 if position.checks.speaker == "contradicted" else 1.0
        if _GESTURE.search(position.statement):
            return 0.0
        on_matter = min(len(matter & content_words(position.statement)) / _WORDS_ON_MATTER, 1.0)
        return doubt * (nearness + _DIRECTNESS[position.speech] + on_matter + share) / 4

    base = {position.id: base_weight(position) for position in brief.positions}
    ranked: Counter[str] = Counter()
    weights: dict[str, float] = {}
    for position in sorted(brief.positions, key=lambda item: -base[item.id]):
        rank = 1 + min(ranked[holder_id] for holder_id in position.holders)
        weights[position.id] = base[position.id] / rank
        ranked.update(position.holders)
    return weights
