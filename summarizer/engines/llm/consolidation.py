"""Merge the findings of a long article's chunks with a model: same issues, repetitions, and one gist."""

from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any, Literal, TypeVar

from summarizer.brief import Evidence, Gist, Position, Stance
from summarizer.engines.llm.grouping import (
    apply_groupings,
    check_grouping,
    is_groupable,
    list_items,
    pack,
    split_findings,
)
from summarizer.engines.llm.parsing import CombinedGistReply, GroupingReply, parse_record
from summarizer.engines.llm.prompts import load_schema
from summarizer.engines.llm.session import BudgetReached, ModelSession, ReadReply, run_all
from summarizer.engines.llm.tokens import count_tokens
from summarizer.errors import ModelError, ReplyError
from summarizer.models import Request
from summarizer.verification import Findings, ReplyRecord, has_digits, missing_figures

T = TypeVar("T")
RecordT = TypeVar("RecordT", bound=ReplyRecord)

MIN_JOINED_SHARE = 0.1
"""The share of issues that a round of grouping must join so that another round follows."""
MAX_GIST_EVIDENCE = 12
"""Sentences that a gist cites at most, taken from its parts in turn."""
_MAX_GIST_ISSUES = 12

_RequestError = ModelError | ReplyError | BudgetReached


@dataclass
class Consolidation:
    """Requests about the merged findings of several chunks.

    Each list goes into requests of at most ``tokens`` tokens. If a request fails, the findings it was about
    stay as they are, and a note says so.
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
                self._request_grouping(part) for part in parts if is_groupable(part)
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

    async def _request_grouping(self, part: Findings) -> GroupingReply:
        return await self._ask(GroupingReply, "group", list_items(part), lambda reply: check_grouping(reply, part))

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
