"""Have a model hold the statements of a chunk against their sentences, and reword those that say something else.

A model gets the statements with their holders and stances, the cited sentences, and the sentences beside these.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator

from summarizer._text import normalized_words, one_line, shorten
from summarizer.brief import Holder, Position, Stance
from summarizer.engines.llm.chunks import Chunk, ExtractionContext, delimited
from summarizer.engines.llm.parsing import parse_record
from summarizer.engines.llm.prompts import Prompt, load_schema
from summarizer.engines.llm.session import BudgetReached, ModelSession, ReadReply
from summarizer.errors import ModelError, ReplyError
from summarizer.merging import has_enough_in_common, negations_and_numbers
from summarizer.models import Request
from summarizer.verification import Claim, Findings, ReplyRecord, Text, content_stems, run_checks

T = TypeVar("T")
RecordT = TypeVar("RecordT", bound=ReplyRecord)
Support = Literal["supported", "partly", "unsupported"]

_ORDER: Sequence[Support] = ("unsupported", "partly", "supported")
_OPPOSITE = {("agrees", "disagrees"), ("disagrees", "agrees")}
_MAX_WORDS = 120  # of a reworded statement
_NEARLY_EQUAL = 0.8  # of the content words of two statements
_RequestError = ModelError | ReplyError | BudgetReached


class Verdict(ReplyRecord):
    """What is not right about a statement."""

    id: int
    support: Support
    holder: bool
    """Whether the statement belongs to its holder."""
    stance: bool
    """Whether the sentences bear out the stance."""
    reason: Annotated[str, AfterValidator(one_line)]


class SupportReply(ReplyRecord):
    """A reply to the prompt "support"."""

    right: tuple[int, ...]
    wrong: tuple[Verdict, ...]


class Rewording(ReplyRecord):
    """A corrected statement."""

    id: int
    statement: Text
    stance: Stance


class RewordReply(ReplyRecord):
    """A reply to the prompt "reword"."""

    statements: tuple[Rewording, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Positions of a chunk that one request is about."""

    positions: Mapping[int, Position]
    """The positions, by the numbers that the request gives them."""
    findings: Findings
    """The findings of the chunk, with the holders and issues."""
    chunk: Chunk
    faults: Mapping[int, Verdict] = field(default_factory=dict)
    """What is wrong with the statements, if they are to be reworded."""


@dataclass
class SupportCheck:
    """The check of one article's statements. If a request fails, its statements keep the verdict of the rules."""

    session: ModelSession
    context: ExtractionContext
    notify: Callable[[range], None] = lambda _: None
    """Called with the numbers of the sentences of a chunk whose statements are checked."""
    notes: list[str] = field(default_factory=list)
    """Remarks for the reader of the brief."""
    errors: list[_RequestError] = field(default_factory=list)
    """The errors of failed requests."""
    has_verdicts: bool = False
    """Whether the model gave a verdict on any statement."""

    async def run(self, findings: Findings, chunk: Chunk) -> Findings:
        """Return the findings of a chunk with verdicts on its statements, some of them reworded."""
        self.notify(chunk.numbers)
        positions = dict(enumerate(findings.positions, 1))
        part, where = Part(positions, findings, chunk), f"sentences {chunk.numbers[0]} to {chunk.numbers[-1]}"
        try:
            verdicts = await self._request_verdicts(part)
        except (ModelError, ReplyError, BudgetReached) as error:
            self._note(error, f"The statements from {where} were not checked")
            return findings
        self.has_verdicts |= bool(verdicts)
        if silent := len(positions) - len(verdicts):
            self.notes.append(f"The model gave no verdict on {silent} of {len(positions)} statements from {where}.")
        faults = {number: one for number, one in verdicts.items() if one.holder and _rank(one) < _rank(_RIGHT)}
        try:
            better = await self._reword(replace(part, positions={n: positions[n] for n in faults}, faults=faults))
        except (ModelError, ReplyError, BudgetReached) as error:
            self._note(error, f"Statements from {where} were not reworded")
            better = {}
        for number, (position, verdict) in better.items():
            if _rank(verdict) > _rank(verdicts[number]):
                positions[number], verdicts[number] = position, verdict
        checked = (
            _with_verdict(position, verdicts[number]) if number in verdicts else position
            for number, position in positions.items()
        )
        return replace(findings, positions=tuple(checked))

    def report(self) -> dict[str, Any]:
        """Return the fields of the `EngineResult` that tell about the check."""
        name = self.session.tracker.checker if self.has_verdicts else None
        is_unchecked = any(error.fatal or error.retryable for error in self.errors)
        return {"notes": tuple(self.notes), "is_unchecked": is_unchecked, "verified_by": name}

    async def _request_verdicts(self, part: Part) -> dict[int, Verdict]:
        """Return the verdicts on the positions that the reply names exactly once."""

        def read(reply: SupportReply) -> tuple[dict[int, Verdict], list[str]]:
            names = [*reply.right, *(verdict.id for verdict in reply.wrong)]
            given = {number: _right(number) for number in reply.right} | {one.id: one for one in reply.wrong}
            once = [number for number, count in Counter(names).items() if count == 1 and number in part.positions]
            without = [number for number in once if part.positions[number].stance == "unclear"]
            given |= {number: given[number].model_copy(update={"stance": True}) for number in without}
            return {number: given[number] for number in once}, _check_ids(names, part.positions)

        return await self._ask("support", SupportReply, read, part)

    async def _reword(self, part: Part) -> dict[int, tuple[Position, Verdict]]:
        """Return the reworded positions that are about their evidence, with the verdicts on them."""

        def read(reply: RewordReply) -> tuple[dict[int, Position], list[str]]:
            grounded: dict[int, Position] = {}
            problems = _check_ids((one.id for one in reply.statements), part.positions)
            for one in reply.statements:
                if one.id in part.positions:
                    position, problem = self._ground(one, part)
                    problem = problem or self._find_copy(one.id, position, part, grounded)
                    grounded |= {} if problem else {one.id: position}
                    problems += [f"statement {one.id}: {problem}"] if problem else []
            return grounded, problems

        reworded = await self._ask("reword", RewordReply, read, part)
        verdicts = await self._request_verdicts(Part(reworded, part.findings, part.chunk))
        return {number: (reworded[number], verdict) for number, verdict in verdicts.items()}

    def _ground(self, new: Rewording, part: Part) -> tuple[Position, str]:
        """Return the position with its new statement, and the problem if that is not about the evidence."""
        position, statement = part.positions[new.id], one_line(new.statement)
        names = {holder.id: holder.name for holder in part.findings.holders}
        numbers = tuple(item.sentence for item in position.evidence)
        holders = tuple(name for holder in position.holders if (name := names[holder]))
        reporter = names[position.reported_by] if position.reported_by else None
        checks, _ = run_checks(Claim(statement, holders, numbers, reporter), self.context)
        stance = new.stance if position.issue else "unclear"
        changed = position.model_copy(update={"statement": statement, "stance": stance, "checks": checks})
        is_turned = (position.stance, stance) in _OPPOSITE and part.faults[new.id].stance
        words = len(normalized_words(statement))
        missing = self.context.index.missing_figures(statement, map(self.context.reading.sentence, numbers))
        is_unknown = checks.names == "unconfirmed" != position.checks.names
        problems = (
            "" if words else "it has no words",
            f"it has {words} words, more than {_MAX_WORDS}" if words > _MAX_WORDS else "",
            f"the figure {missing[0]} is not in its sentences" if missing else "",
            "a name in it is not in the article" if is_unknown else "",
            "" if self._is_about_evidence(changed, holders) else "it has no content word of its sentences",
            f"the stance was right, and {stance} is the opposite" if is_turned else "",
        )
        return changed, next(filter(None, problems), "")

    def _is_about_evidence(self, position: Position, holders: Iterable[str]) -> bool:
        """Return whether a statement shares a content word with its sentences, or with the question it answers.

        Names of its holders do not count. Evidence without content words, such as "No.", has nothing to share.
        """
        language = self.context.language
        texts = [item.quote for item in position.evidence] + ([position.answers.quote] if position.answers else [])
        stems = frozenset[str]().union(*(content_stems(text, language) for text in texts))
        stems -= content_stems(" ".join(holders), language)
        return not stems or not stems.isdisjoint(content_stems(position.statement, language))

    def _find_copy(self, number: int, new: Position, part: Part, reworded: Mapping[int, Position]) -> str:
        """Return the problem if a statement is nearly that of another position, and its old wording was not."""
        positions = dict(enumerate(part.findings.positions, 1))
        old = positions.pop(number)
        for place, other in positions.items():
            is_copy = self._is_nearly_equal(new, reworded.get(place, other))
            if is_copy and not self._is_nearly_equal(old, other):
                return f"it says what statement {place} says"
        return ""

    def _is_nearly_equal(self, one: Position, other: Position) -> bool:
        words = [normalized_words(position.statement) for position in (one, other)]
        if words[0] == words[1] or negations_and_numbers(words[0]) != negations_and_numbers(words[1]):
            return words[0] == words[1]
        first, second = (content_stems(position.statement, self.context.language) for position in (one, other))
        return has_enough_in_common(len(first & second), len(first), len(second), share=_NEARLY_EQUAL, min_count=2)

    async def _ask(
        self,
        name: Literal["support", "reword"],
        kind: type[RecordT],
        read: Callable[[RecordT], tuple[dict[int, T], list[str]]],
        part: Part,
    ) -> dict[int, T]:
        """Return what ``read`` makes of the reply about a part; nothing is sent about no positions."""
        if not part.positions:
            return {}

        def read_text(text: str) -> ReadReply[dict[int, T]]:
            record, problem = parse_record(kind, text)
            value, problems = ({}, [problem]) if record is None else read(record)
            reason = problems[0] if problems else ""
            return ReadReply(value or None, problems, reason, fits=record is not None, quality=(len(value),))

        request = create_request(self.session.prompts[name], part, self.context)
        async with self.session.slots:
            return await self.session.ask(request, read_text)

    def _note(self, error: _RequestError, what: str) -> None:
        self.errors.append(error)
        self.notes.append(f"{what}: {error.message}")


def create_request(prompt: Prompt, part: Part, context: ExtractionContext) -> Request:
    """Return the request to check, or to reword, the statements of a part."""
    sentences = delimited(context.reading.article, lines_around(part))
    messages = prompt.fill(statements=list_statements(part), article=sentences)
    return Request(messages, prompt.name, load_schema(prompt.name), (prompt.id,))


def list_statements(part: Part) -> str:
    """Return the issues, then the statements under their holders, each with its sentences and its stance.

    What is wrong with a statement follows in brackets.
    """
    positions, findings = part.positions, part.findings
    has_stance = {number for number, one in positions.items() if one.issue and (one.stance != "unclear" or part.faults)}
    used = {positions[number].issue for number in has_stance}
    issues = [f"{issue.id} {one_line(issue.proposition)}" for issue in findings.issues if issue.id in used]
    parts = [["Issues:", *issues]] if issues else []
    names = {holder.id: _describe_holder(holder) for holder in findings.holders}
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for number, position in positions.items():
        who = " and ".join(names[holder] for holder in position.holders)
        relayed = f", relayed by {names[position.reported_by]}" if position.reported_by else ""
        cited = ",".join(str(item.sentence) for item in position.evidence)
        stance = f" {position.issue} {position.stance}" if number in has_stance else ""
        reason = (
            f" ({shorten(part.faults[number].reason)})" if number in part.faults and part.faults[number].reason else ""
        )
        groups[f"{who}{relayed}:"].append(f"{number} {one_line(position.statement)} [{cited}]{stance}{reason}")
    parts += [[who, *lines] for who, lines in groups.items()]
    return "\n\n".join("\n".join(lines) for lines in parts)


def lines_around(part: Part) -> list[str]:
    """Return the lines of the cited sentences and of the prose beside each; to reword, of the cited ones only."""
    chunk = part.chunk
    cited = {item.sentence for position in part.positions.values() for item in position.evidence}
    beside = set() if part.faults else {number + step for number in cited for step in (-1, 1)}
    return [
        f"{line.rstrip()}\n"
        for sentence, line in zip(chunk.sentences, chunk.lines, strict=True)
        if sentence.number in cited or (sentence.number in beside and sentence.kind == "prose")
    ]


def _describe_holder(holder: Holder) -> str:
    return one_line(holder.name or ("the author" if holder.kind == "author" else "somebody unnamed"))


def _check_ids(names: Iterable[int], expected: Iterable[int]) -> list[str]:
    """Return the problems of ids that must each occur once."""
    counts = Counter(names)
    missing = [f"statement {number}: it is missing" for number in sorted(set(expected) - counts.keys())]
    unknown = [f"statement {number}: it is none of those listed" for number in sorted(counts.keys() - set(expected))]
    return [*missing, *unknown, *(f"statement {name}: it stands {n} times" for name, n in counts.items() if n > 1)]


def _right(number: int) -> Verdict:
    return Verdict(id=number, support="supported", holder=True, stance=True, reason="-")


_RIGHT = _right(0)


def _rank(verdict: Verdict) -> tuple[int, bool]:
    return (_ORDER.index(verdict.support) if verdict.holder else 0), verdict.stance


def _with_verdict(position: Position, verdict: Verdict) -> Position:
    """Return the position with the verdict in its checks. A wrong stance becomes unclear.

    A doubt of the rules stays as the reason of "supported".
    """
    support = verdict.support if verdict.holder else "unsupported"
    doubt = position.checks.support_reason
    if support != "supported":
        reason = shorten(verdict.reason) or "The model gave no reason."
    else:
        reason = f"The rules doubt it: {doubt[0].lower()}{doubt[1:]}" if doubt else ""
    checks = position.checks.model_copy(update={"support": support, "support_reason": reason})
    return position.model_copy(update={"stance": position.stance if verdict.stance else "unclear", "checks": checks})
