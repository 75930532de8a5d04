"""Have a model hold the statements of a chunk against their sentences, and reword those that say something else.

A model gets the statements with their holders and stances, the cited sentences, and the sentences beside these. A
statement that repeats its sentence word for word is not sent; see `repeats_evidence`.
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
from summarizer.models import Request
from summarizer.spans import quote
from summarizer.verification import Claim, Findings, ReplyRecord, Text, run_checks

T = TypeVar("T")
RecordT = TypeVar("RecordT", bound=ReplyRecord)
Support = Literal["supported", "partly", "unsupported"]

_ORDER: Sequence[Support] = ("unsupported", "partly", "supported")
_RequestError = ModelError | ReplyError | BudgetReached
_LITTLE_WORDS = frozenset(
    "a an and are as at be been being by did do does for from had has have he her his i in is it its my of on or our "
    "she so that the their there these they this those to was we were which who with you your".split()
)
"""Words that a statement adds or drops when it turns a quotation into the third person."""
_TURNING_WORDS = frozenset(
    "although but cannot could denied denies deny denying doubt except false falsely hardly however if incorrectly "
    "might neither never no nobody none nor not nothing only t though unless until whether without would wrong "
    "wrongly".split()
)
"""Words that can turn the meaning of what stands beside them; "t" is the rest of "don’t"."""


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
    reasons: Mapping[int, str] = field(default_factory=dict)
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
        sent = {
            number: position
            for number, position in positions.items()
            if not repeats_evidence(position, findings, self.context)
        }
        part, where = Part(sent, findings, chunk), f"sentences {chunk.numbers[0]} to {chunk.numbers[-1]}"
        try:
            verdicts = await self._request_verdicts(part)
        except (ModelError, ReplyError, BudgetReached) as error:
            self._note(error, f"The statements from {where} were not checked")
            return findings
        self.has_verdicts |= bool(verdicts)
        if silent := len(sent) - len(verdicts):
            self.notes.append(f"The model gave no verdict on {silent} of {len(sent)} statements from {where}.")
        verdicts |= {number: _right(number) for number in positions.keys() - sent.keys()}
        faults = {number: one.reason for number, one in verdicts.items() if one.holder and _rank(one) < _rank(_RIGHT)}
        try:
            better = await self._reword(replace(part, positions={n: sent[n] for n in faults}, reasons=faults))
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
        """Return the reworded positions whose figures and names stand in the article, with the verdicts on them."""

        def read(reply: RewordReply) -> tuple[dict[int, Position], list[str]]:
            grounded: dict[int, Position] = {}
            problems = _check_ids((one.id for one in reply.statements), part.positions)
            for one in reply.statements:
                if one.id in part.positions:
                    position, problem = self._ground(part.positions[one.id], one, part.findings)
                    grounded |= {} if problem else {one.id: position}
                    problems += [f"statement {one.id}: {problem}"] if problem else []
            return grounded, problems

        reworded = await self._ask("reword", RewordReply, read, part)
        verdicts = await self._request_verdicts(Part(reworded, part.findings, part.chunk))
        return {number: (reworded[number], verdict) for number, verdict in verdicts.items()}

    def _ground(self, position: Position, new: Rewording, findings: Findings) -> tuple[Position, str]:
        """Return the position with its new statement, and the problem if the article lacks a figure or name of it."""
        statement = one_line(new.statement)
        names = {holder.id: holder.name for holder in findings.holders}
        numbers = tuple(item.sentence for item in position.evidence)
        holders = tuple(name for holder in position.holders if (name := names[holder]))
        reporter = names[position.reported_by] if position.reported_by else None
        checks, _ = run_checks(Claim(statement, holders, numbers, reporter), self.context)
        stance = new.stance if position.issue else "unclear"
        changed = position.model_copy(update={"statement": statement, "stance": stance, "checks": checks})
        missing = self.context.index.missing_figures(statement, map(self.context.reading.sentence, numbers))
        if missing:
            return changed, f"the figure {missing[0]} is not in its sentences"
        is_unknown = checks.names == "unconfirmed" != position.checks.names
        return changed, "a name in it is not in the article" if is_unknown else ""

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


def repeats_evidence(position: Position, findings: Findings, context: ExtractionContext) -> bool:
    """Return whether a statement is word for word what the article has its holder say, so that the text supports it.

    It is the whole content of an attribution, and no word of the cited sentences could turn its meaning. The rules have
    no doubt, and there is no stance. Little words and the name of the holder do not count.
    """
    names = [holder.name for holder in findings.holders if holder.id in position.holders and holder.name]
    if position.checks.support == "doubtful" or position.stance != "unclear" or not names:
        return False
    skipped = _LITTLE_WORDS.union(*map(normalized_words, names))

    def words(text: str) -> list[str]:
        return [word for word in normalized_words(text) if word not in skipped]

    wanted = words(position.statement)
    said = context.analysis.attributions_by(names, [item.sentence for item in position.evidence])
    if not any(words(quote(context.reading.article.text, found.content)) == wanted for found in said):
        return False
    others = Counter(word for item in position.evidence for word in words(item.quote)) - Counter(wanted)
    return _TURNING_WORDS.isdisjoint(others)


def list_statements(part: Part) -> str:
    """Return the issues, then the statements under their holders, each with its sentences and its stance.

    What is wrong with a statement follows in brackets.
    """
    positions, findings = part.positions, part.findings
    has_stance = {
        number for number, one in positions.items() if one.issue and (one.stance != "unclear" or part.reasons)
    }
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
        reason = f" ({shorten(part.reasons[number])})" if part.reasons.get(number) else ""
        groups[f"{who}{relayed}:"].append(f"{number} {one_line(position.statement)} [{cited}]{stance}{reason}")
    parts += [[who, *lines] for who, lines in groups.items()]
    return "\n\n".join("\n".join(lines) for lines in parts)


def lines_around(part: Part) -> list[str]:
    """Return the lines of the cited sentences and of the prose beside each; to reword, of the cited ones only."""
    chunk = part.chunk
    cited = {item.sentence for position in part.positions.values() for item in position.evidence}
    beside = set() if part.reasons else {number + step for number in cited for step in (-1, 1)}
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
    """Return the position with the verdict in its checks. A wrong stance becomes unclear."""
    support = verdict.support if verdict.holder else "unsupported"
    reason = "" if support == "supported" else shorten(verdict.reason) or "The model gave no reason."
    checks = position.checks.model_copy(update={"support": support, "support_reason": reason})
    return position.model_copy(update={"stance": position.stance if verdict.stance else "unclear", "checks": checks})
