"""Lists of issues, positions and questions for a grouping request, and the check of the reply."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import TypeVar

from summarizer._text import normalized_words
from summarizer.brief import Issue, OpenQuestion, Position
from summarizer.engines.llm.parsing import GroupingReply
from summarizer.engines.llm.tokens import count_tokens
from summarizer.merging import apply_grouping, has_enough_in_common
from summarizer.verification import Findings

T = TypeVar("T")
Item = Issue | Position | OpenQuestion

_MIN_WORD_LENGTH = 4  # letters; shorter words say little about a statement's subject
_MIN_SHARED_WORDS, _MIN_SHARE = 3, 0.5  # words that similar statements share; the share is of the shorter one's
_MAX_USES = 25  # of a word among the statements of one holder; a word with more uses says nothing


def is_groupable(part: Findings) -> bool:
    """Return whether there are items that may be the same."""
    return len(part.issues) > 1 or bool(part.positions) or len(part.open_questions) > 1


def list_items(part: Findings) -> dict[str, str]:
    """Return the values of the prompt "group": three lists, one line an item."""
    lists: dict[str, Sequence[Item]] = {
        "issues": part.issues,
        "positions": part.positions,
        "questions": part.open_questions,
    }
    return {name: "\n".join(map(_line, items)) or "(none)" for name, items in lists.items()}


def _line(item: Item) -> str:
    if isinstance(item, Issue):
        return f"{item.id} ({item.kind}) {item.proposition}"
    if isinstance(item, Position):
        return f"{item.id} [{', '.join(item.holders)}] {item.statement}"
    return f"{item.id} {item.question}"


def split_findings(findings: Findings, tokens: int, *, with_claims: bool) -> list[Findings]:
    """Distribute issues, and claims if wanted, over requests of at most ``tokens`` tokens.

    Claims are all questions, and the positions that are similar to another; similar positions go into one
    request. Everything stays in the article's order.
    """

    def size(items: Iterable[Item]) -> int:
        return sum(count_tokens(_line(item)) for item in items)

    units: list[Sequence[Item]] = [[issue] for issue in findings.issues]
    if with_claims:
        for similar in similar_positions(findings):
            units += pack(similar, lambda position: size([position]), tokens)
        units += [[question] for question in findings.open_questions]
    return [_select(list(chain.from_iterable(run))) for run in pack(units, size, tokens)]


def _select(items: list[Item]) -> Findings:
    return Findings(
        issues=tuple(item for item in items if isinstance(item, Issue)),
        positions=tuple(item for item in items if isinstance(item, Position)),
        open_questions=tuple(item for item in items if isinstance(item, OpenQuestion)),
    )


def pack(items: Iterable[T], size: Callable[[T], int], limit: int, *, min_length: int = 1) -> list[list[T]]:
    """Split items into runs whose sizes sum up to ``limit`` at most, in order.

    A run has ``min_length`` items even if they are larger.
    """
    runs: list[list[T]] = []
    room = 0
    for item in items:
        needed = size(item)
        if not runs or (needed > room and len(runs[-1]) >= min_length):
            runs.append([])
            room = limit
        runs[-1].append(item)
        room -= needed
    return runs


def similar_positions(findings: Findings) -> list[tuple[Position, ...]]:
    """Return groups of positions with the same holders and much the same words, in the article's order."""
    names = {holder.id: set(normalized_words(holder.name or "")) for holder in findings.holders}
    by_holders: defaultdict[tuple[str, ...], list[Position]] = defaultdict(list)
    for position in findings.positions:
        by_holders[position.holders].append(position)
    return [
        group
        for holders, positions in by_holders.items()
        for group in _similar(positions, set().union(*(names[holder] for holder in holders)))
    ]


def _similar(positions: Sequence[Position], own_name: set[str]) -> Iterator[tuple[Position, ...]]:
    """Yield the groups among one holder's positions; the holder's name in a statement does not count."""
    words = [
        {word for word in normalized_words(position.statement) if len(word) >= _MIN_WORD_LENGTH} - own_name
        for position in positions
    ]
    uses: defaultdict[str, list[int]] = defaultdict(list)
    for index, own in enumerate(words):
        for word in own:
            uses[word].append(index)
    shared: Counter[tuple[int, int]] = Counter()
    for indexes in uses.values():
        if len(indexes) <= _MAX_USES:
            shared.update((one, other) for place, one in enumerate(indexes) for other in indexes[place + 1 :])
    groups = [{index} for index in range(len(positions))]  # by position
    for (one, other), count in shared.items():
        lengths = len(words[one]), len(words[other])
        if groups[one] is not groups[other] and has_enough_in_common(
            count, *lengths, share=_MIN_SHARE, min_count=_MIN_SHARED_WORDS, of_shorter=True
        ):
            small, large = sorted((groups[one], groups[other]), key=len)
            large |= small
            for index in small:
                groups[index] = large
    for group in {id(group): group for group in groups}.values():
        if len(group) > 1:
            yield tuple(positions[index] for index in sorted(group))


def check_grouping(reply: GroupingReply, part: Findings) -> list[str]:
    """Return the problems of a grouping: unknown, repeated or missing ids, and groups of several holders."""
    issues = [name for group in reply.issues for name in (group.keep, *group.same, *group.opposite)]
    listed = {issue.id for issue in part.issues}
    problems = [f"issue {name}: it is in no group" for name in sorted(listed.difference(issues))]
    problems += _check_ids("issue", issues, listed, "in your answer ")
    holders = {position.id: position.holders for position in part.positions}
    positions = [name for group in reply.positions for name in (group.keep, *group.same)]
    problems += _check_ids("position", positions, holders)
    questions = [name for group in reply.open_questions for name in (group.keep, *group.same)]
    problems += _check_ids("open question", questions, {question.id for question in part.open_questions})
    for group in reply.positions:
        others = [name for name in group.same if name in holders and holders[name] != holders.get(group.keep)]
        problems += [f"position {name}: its holder is another than that of {group.keep}" for name in others]
    return problems


def _check_ids(what: str, names: Iterable[str], listed: Collection[str], where: str = "") -> list[str]:
    counts = Counter(names)
    problems = [f"{what} {name}: it is none of those listed" for name in sorted(counts.keys() - set(listed))]
    repeated = [(name, count) for name, count in counts.items() if count > 1]
    return problems + [f"{what} {name}: it stands {where}{count} times" for name, count in repeated]


def apply_groupings(findings: Findings, replies: Iterable[GroupingReply]) -> Findings:
    """Return ``findings`` with the groups of all replies joined; see `apply_grouping`."""
    issues: dict[str, str] = {}
    opposite: set[str] = set()
    claims: dict[str, str] = {}
    for reply in replies:
        for group in reply.issues:
            issues |= dict.fromkeys((*group.same, *group.opposite), group.keep)
            opposite.update(group.opposite)
        same = (*reply.positions, *reply.open_questions)
        claims |= {name: group.keep for group in same for name in group.same}
    return apply_grouping(findings, issues, claims, opposite=opposite)
