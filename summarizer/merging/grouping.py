"""Which issues, positions and questions of a long article are the same: asked of a model, by ids alone."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from summarizer._text import normalized_words
from summarizer.article.tokens import count_tokens
from summarizer.brief import Issue, OpenQuestion, Position
from summarizer.engines.llm import Prompt, Steps
from summarizer.merging.asked import asked_for
from summarizer.merging.wire import GroupingReply, WireSame
from summarizer.verification import Findings

_SHORTEST_WORD = 4  # letters of a word that says what a statement is about
_FEWEST_SHARED, _SHARE = 3, 0.5  # such words that two statements share, and what part of the shorter one's
_COMMON = 25  # statements of one holder with a word that therefore tells nothing


@dataclass(frozen=True, slots=True)
class Part:
    """As much of the lists as one request holds."""

    issues: tuple[Issue, ...] = ()
    positions: tuple[Position, ...] = ()
    questions: tuple[OpenQuestion, ...] = ()


def parts(findings: Findings, tokens: int, *, claims: bool) -> list[Part]:
    """The issues, and if wanted the ``claims``, in parts of at most so many ``tokens``.

    Claims are the positions that sound alike, which come into one part, and all questions. Everything
    stays in the order of the article.
    """
    clusters: list[Part] = [Part(issues=(issue,)) for issue in findings.issues]
    if claims:
        clusters += [Part(positions=some) for cluster in alike(findings) for some in _within(cluster, tokens)]
        clusters += [Part(questions=(question,)) for question in findings.open_questions]
    made: list[Part] = []
    room = 0
    for cluster in clusters:
        size = sum(map(count_tokens, _lines(cluster)))
        if not made or size > room:
            made.append(Part())
            room = tokens
        last = made[-1]
        made[-1] = Part(
            last.issues + cluster.issues, last.positions + cluster.positions, last.questions + cluster.questions
        )
        room -= size
    return made


def _within(cluster: Sequence[Position], tokens: int) -> Iterator[tuple[Position, ...]]:
    """A cluster in runs of at most so many tokens."""
    run: list[Position] = []
    room = tokens
    for position in cluster:
        size = sum(map(count_tokens, _lines(Part(positions=(position,)))))
        if run and size > room:
            yield tuple(run)
            run, room = [], tokens
        run.append(position)
        room -= size
    yield tuple(run)


def alike(findings: Findings) -> list[tuple[Position, ...]]:
    """Groups of positions of the same holders that share much of their wording, in the order of the article."""
    names = {holder.id: set(normalized_words(holder.name or "")) for holder in findings.holders}
    by_holders: defaultdict[tuple[str, ...], list[Position]] = defaultdict(list)
    for position in findings.positions:
        by_holders[position.holders].append(position)
    return [
        group for ids, held in by_holders.items() for group in _alike(held, set().union(*(names[each] for each in ids)))
    ]


def _alike(held: Sequence[Position], own_name: set[str]) -> Iterator[tuple[Position, ...]]:
    """Groups of what one holder says: everything tells of the holder, so that the name tells nothing."""
    words = [_telling(each.statement) - own_name for each in held]
    having: defaultdict[str, list[int]] = defaultdict(list)
    for index, own in enumerate(words):
        for word in own:
            having[word].append(index)
    shared: Counter[tuple[int, int]] = Counter()
    for indexes in having.values():
        if len(indexes) <= _COMMON:
            shared.update((one, other) for place, one in enumerate(indexes) for other in indexes[place + 1 :])
    joined = [
        pair
        for pair, count in shared.items()
        if count >= max(_FEWEST_SHARED, _SHARE * min(len(words[each]) for each in pair))
    ]
    groups: defaultdict[int, list[Position]] = defaultdict(list)
    for position, home in zip(held, _homes(len(held), joined), strict=True):
        groups[home].append(position)
    yield from (tuple(group) for group in groups.values() if len(group) > 1)


def _homes(count: int, joined: Iterable[tuple[int, int]]) -> list[int]:
    """For each number below ``count``, the least of those that ``joined`` pairs connect it with."""
    home = list(range(count))

    def least(each: int) -> int:
        while home[each] != each:
            home[each] = home[home[each]]  # halves the way for whoever comes next
            each = home[each]
        return each

    for pair in joined:
        one, other = sorted(map(least, pair))
        home[other] = one
    return list(map(least, range(count)))


def _telling(statement: str) -> set[str]:
    return {word for word in normalized_words(statement) if len(word) >= _SHORTEST_WORD}


def grouping_steps(part: Part, title: str, prompts: Mapping[str, Prompt], *, repairs: int) -> Steps[GroupingReply]:
    """Ask what of ``part`` belongs together; each id of an issue is held to stand once in the answer.

    Raises:
        ReplyError: no reply keeps to it.
    """
    values = {
        "title": title,
        "issues": "\n".join(_lines(Part(issues=part.issues))) or "(none)",
        "positions": "\n".join(_lines(Part(positions=part.positions))) or "(none)",
        "questions": "\n".join(_lines(Part(questions=part.questions))) or "(none)",
    }
    return asked_for(GroupingReply, "group", values, prompts, lambda reply: _problems(reply, part), repairs=repairs)


def _lines(part: Part) -> list[str]:
    issues = [f"{issue.id} ({issue.kind}) {issue.proposition}" for issue in part.issues]
    positions = [f"{each.id} [{', '.join(each.holders)}] {each.statement}" for each in part.positions]
    return issues + positions + [f"{each.id} {each.question}" for each in part.questions]


def _problems(reply: GroupingReply, part: Part) -> list[str]:
    """What keeps a reply from being a grouping of what was asked about."""
    issues = {issue.id for issue in part.issues}
    named = Counter(each for group in reply.issues for each in (group.keep, *group.same, *group.opposite))
    problems = [f"issue {each}: it is in no group" for each in sorted(issues - named.keys())]
    problems += [f"issue {each}: it is none of those listed" for each in sorted(named.keys() - issues)]
    problems += [f"issue {each}: it stands in your answer {count} times" for each, count in named.items() if count > 1]
    held = {position.id: position.holders for position in part.positions}
    problems += _misnamed("position", reply.positions, held)
    problems += _misnamed("open question", reply.open_questions, {question.id for question in part.questions})
    for group in reply.positions:
        others = [each for each in group.same if each in held and held[each] != held.get(group.keep)]
        problems += [f"position {each}: its holder is another than that of {group.keep}" for each in others]
    return problems


def _misnamed(what: str, groups: Iterable[WireSame], listed: Collection[str]) -> list[str]:
    """Ids that stand in no list, or in two groups."""
    named = Counter(each for group in groups for each in (group.keep, *group.same))
    problems = [f"{what} {each}: it is none of those listed" for each in sorted(named.keys() - set(listed))]
    return problems + [f"{what} {each}: it stands {count} times" for each, count in named.items() if count > 1]
