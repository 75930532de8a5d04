"""How much a position weighs: what a reader with little time should see first."""

from collections import Counter
from collections.abc import Mapping, Sequence

from summarizer._types import Speech
from summarizer.brief.claims import Holder, Position

_DIRECTNESS: dict[Speech, float] = {"direct": 1.0, "mixed": 0.75, "indirect": 0.5}


def weights(positions: Sequence[Position], holders: Sequence[Holder], sentences: int) -> Mapping[str, float]:
    """For the id of each of ``positions``, its weight in an article of so many ``sentences``: over 0, 1 at most.

    The mean of three parts, each from 0 to 1: how near to the lead it first stands, how directly it is said, and
    how much its holder says, as a part of what the one says who says most (nothing for who is not named). A
    holder's second position then counts half, the third a third, so that who speaks much hides nobody.
    """
    named = {holder.id for holder in holders if holder.name and holder.kind != "unnamed"}
    said = Counter(name for position in positions for name in position.holders)
    most = max(said.values(), default=1)

    def of_itself(position: Position) -> float:
        lead = 1 - (min(item.sentence for item in position.evidence) - 1) / max(sentences, 1)
        share = max(said[name] if name in named else 0 for name in position.holders) / most
        doubt = 0.5 if position.checks.speaker == "contradicted" else 1.0
        return doubt * (max(lead, 0.0) + _DIRECTNESS[position.speech] + share) / 3

    own = {position.id: of_itself(position) for position in positions}
    earlier: Counter[str] = Counter()
    weighed: dict[str, float] = {}
    for position in sorted(positions, key=lambda each: -own[each.id]):
        rank = 1 + min(earlier[name] for name in position.holders)
        weighed[position.id] = own[position.id] / rank
        earlier.update(position.holders)
    return weighed
