"""Merge the findings of a long article's chunks with a model: same issues, repetitions, and one gist."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Coroutine, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, zip_longest
from typing import Any, Literal, TypeVar

from summarizer._text import normalized_words
from summarizer.brief import Evidence, Gist, Issue, OpenQuestion, Position, Stance
from summarizer.engines.llm.parsing import CombinedGistReply, GroupingReply, IssueGroup, parse_record
from summarizer.engines.llm.prompts import load_schema
from summarizer.engines.llm.session import BudgetReached, ModelSession, ReadReply, run_all
from summarizer.engines.llm.tokens import count_tokens
from summarizer.errors import ModelError, ReplyError
from summarizer.merging import apply_grouping, has_enough_in_common
from summarizer.models import Request
from summarizer.verification import Findings, ReplyRecord, has_digits, missing_figures

T = TypeVar("T")
RecordT = TypeVar("RecordT", bound=ReplyRecord)
Item = Issue | Position | OpenQuestion

MIN_JOINED_SHARE = 0.1
"""The share of issues that a round of grouping must join so that another round follows."""
MAX_GIST_EVIDENCE = 12
"""Sentences that a gist cites at most, taken from its parts in turn."""
_MAX_GIST_ISSUES = 12
_MIN_WORD_LENGTH = 4  # letters; shorter words say little about a statement's subject
_MIN_SHARED_WORDS, _MIN_SHARE = 3, 0.5  # words that similar statements share; the share is of the shorter one's
_MAX_USES = 25  # of a word among the statements of one holder; a word with more uses says nothing

_RequestError = ModelError | ReplyError | BudgetReached


@dataclass
class Consolidation:
    """Requests about the merged findings of several chunks.

    Each list goes into requests of at most ``tokens`` tokens. If a request fails, its findings
    stay unchanged, and a note says so.
    """

    session: ModelSession
    title: str
    tokens: int
    notify: Callable[[Literal["grouping", "gist"]], None] = lambda _: None
    notes: list[str] = field(default_factory=list)
    """Remarks for the reader of the brief."""
    errors: list[_RequestError] = field(default_factory=list)
    """The errors of failed requests."""

    async def run(self, findings: Findings, gists: Sequence[Gist]) -> Findings:
        """Return ``findings`` with issues and repetitions joined, and one gist made from ``gists``."""
        grouped, errors = await self._group(findings)
        if errors:
            how_many = "not" if grouped == findings else "not all"
            self.notes.append(
                f"The issues of the article's parts were {how_many} brought together: {errors[0].message}"
            )
        fatal = [error for error in errors if error.fatal]  # the gist's request would fail, too
        gist, gist_errors = (None, fatal) if fatal else await self._combine_gists(grouped, gists)
        self.errors = [*errors, *gist_errors]
        if gist_errors:
            self.notes.append(f"The gist is that of the article's first part: {gist_errors[0].message}")
            return grouped
        return replace(grouped, gist=gist)

    async def _group(self, findings: Findings) -> tuple[Findings, list[_RequestError]]:
        """Group the lists in rounds: the issues kept in one round are listed in the next.

        A round is the last if one request held all issues, if a request failed, or if few issues were joined.
        The number of requests therefore grows linearly with the lists.
        """
        self.notify("grouping")
        is_first = True
        while True:
            parts = split_findings(findings, self.tokens, with_claims=is_first)
            groupings, errors = await self._ask_all(
                self._ask(GroupingReply, "group", list_items(part), partial(check_grouping, part=part))
                for part in parts
                if len(part.issues) > 1 or part.positions or len(part.open_questions) > 1
            )
            count = len(findings.issues)
            findings = apply_groupings(findings, groupings)
            if errors or len(parts) < 2 or len(findings.issues) > (1 - MIN_JOINED_SHARE) * count:
                return findings, errors
            is_first = False

    async def _combine_gists(
        self, findings: Findings, gists: Sequence[Gist]
    ) -> tuple[Gist | None, list[_RequestError]]:
        """Combine gists in rounds until one is left."""
        self.notify("gist")
        while len(gists) > 1:
            runs = pack(gists, lambda gist: count_tokens(gist.text), self.tokens, min_length=2)
            combined, errors = await self._ask_all(self._request_gist(run, findings) for run in runs if len(run) > 1)
            if errors:
                return None, errors
            gists = [*combined, *(run[0] for run in runs if len(run) == 1)]
        return (gists[0] if gists else findings.gist), []

    async def _request_gist(self, gists: Sequence[Gist], findings: Findings) -> Gist:
        """Request one gist; its parts and figures must be among those listed."""
        by_id = {f"G{number}": gist for number, gist in enumerate(gists, 1)}
        issues = _describe_issues(findings)
        listed = [self.title, *issues, *(gist.text for gist in gists)]

        def check(reply: CombinedGistReply) -> list[str]:
            problems = [f"part {name}: it is none of those given" for name in reply.rests_on if name not in by_id]
            problems += [] if reply.rests_on else ["rests_on: it names no part"]
            missing = filter(has_digits, missing_figures(reply.text, listed, None))
            return problems + [f"figure {figure}: it stands in none of the parts" for figure in missing]

        values = {
            "parts": "\n".join(f"{name}: {gist.text}" for name, gist in by_id.items()),
            "issues": "\n".join(f"- {line}" for line in issues) or "(none)",
        }
        reply = await self._ask(CombinedGistReply, "gist", values, check)
        return Gist(text=reply.text, evidence=_combine_evidence(by_id[name] for name in dict.fromkeys(reply.rests_on)))

    async def _ask(
        self, kind: type[RecordT], name: str, values: Mapping[str, str], check: Callable[[RecordT], Sequence[str]]
    ) -> RecordT:
        """Request a reply to the prompt ``name`` without problems; see `ModelSession.ask`."""

        def read(text: str) -> ReadReply[RecordT]:
            record, problem = parse_record(kind, text)
            problems = [problem] if record is None else check(record)
            return ReadReply(None, problems, problems[0], fits=record is not None) if problems else ReadReply(record)

        prompt = self.session.prompts[name]
        request = Request(prompt.fill(title=self.title, **values), name, load_schema(name), (prompt.id,))
        async with self.session.slots:
            return await self.session.ask(request, read)

    async def _ask_all(self, questions: Iterable[Coroutine[Any, Any, T]]) -> tuple[list[T], list[_RequestError]]:
        """Send requests concurrently; return the answers in order, and the errors."""

        async def answer(question: Coroutine[Any, Any, T]) -> T | _RequestError:
            try:
                return await question
            except (ModelError, ReplyError, BudgetReached) as error:
                return error

        results = await run_all(map(answer, questions))
        answers = [result for result in results if not isinstance(result, _RequestError)]
        return answers, [result for result in results if isinstance(result, _RequestError)]


def _describe_issues(findings: Findings) -> list[str]:
    """Return the issues with the most positions, each with those who agree and disagree."""
    names = {holder.id: holder.name or "somebody unnamed" for holder in findings.holders}
    by_issue: defaultdict[str | None, list[Position]] = defaultdict(list)
    for position in findings.positions:
        by_issue[position.issue].append(position)

    def side(issue: str, stance: Stance) -> str:
        holders = dict.fromkeys(
            names[holder] for position in by_issue[issue] if position.stance == stance for holder in position.holders
        )
        return f"({stance}: {', '.join(holders)})" if holders else ""

    most = sorted(findings.issues, key=lambda issue: -len(by_issue[issue.id]))[:_MAX_GIST_ISSUES]
    return [f"{issue.proposition} {side(issue.id, 'agrees')} {side(issue.id, 'disagrees')}".strip() for issue in most]


def _combine_evidence(gists: Iterable[Gist]) -> tuple[Evidence, ...]:
    """Return the evidence of several gists, taken in turn up to the limit, in the article's order."""
    ranks = zip_longest(*(gist.evidence for gist in gists))
    by_sentence = {item.sentence: item for rank in ranks for item in rank if item is not None}
    first = dict(list(by_sentence.items())[:MAX_GIST_EVIDENCE])
    return tuple(first[number] for number in sorted(first))


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
    if all(issue.given for issue in findings.issues):
        units = []  # none of them may be joined
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
    given = {issue.id for issue in findings.issues if issue.given}
    issues: dict[str, str] = {}
    opposite: set[str] = set()
    claims: dict[str, str] = {}
    for reply in replies:
        for group in (_keep_given(group, given) for group in reply.issues):
            issues |= dict.fromkeys((*group.same, *group.opposite), group.keep)
            opposite.update(group.opposite)
        same = (*reply.positions, *reply.open_questions)
        claims |= {name: group.keep for group in same for name in group.same}
    return apply_grouping(findings, issues, claims, opposite=opposite)


def _keep_given(group: IssueGroup, given: Collection[str]) -> IssueGroup:
    """Return a group whose issues are joined to a given one, if it has one; other given issues stay apart."""
    keep = next((name for name in (group.keep, *group.same, *group.opposite) if name in given), None)
    if keep is None:
        return group
    same, opposite = (group.keep, *group.same), group.opposite
    if keep in opposite:
        same, opposite = opposite, same
    return IssueGroup(
        keep=keep,
        same=tuple(name for name in same if name not in given),
        opposite=tuple(name for name in opposite if name not in given),
    )
