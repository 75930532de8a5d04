"""Have a model hold the statements of a chunk against their sentences, and put right those that say something else.

In a request, each statement is below the last sentence that it cites, with its holder. Words that it has in common
with a cited sentence are left out of it, since a model reads them there.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from itertools import chain, islice
from operator import itemgetter
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator

from summarizer._patterns import compile_lazily
from summarizer._text import normalize, normalized_words, one_line, shorten
from summarizer.article import Article, Reading, Sentence, read
from summarizer.attribution import analyse
from summarizer.brief import Holder, Position, Stance
from summarizer.engines.llm.chunks import Chunk, ExtractionContext
from summarizer.engines.llm.parsing import parse_record
from summarizer.engines.llm.prompts import Prompt, load_schema
from summarizer.engines.llm.session import BudgetReached, ModelSession, ReadReply
from summarizer.errors import ModelError, ReplyError
from summarizer.merging import has_enough_in_common, negations_and_numbers
from summarizer.models import Request
from summarizer.verification import (
    Claim,
    Findings,
    OptionalText,
    ReplyRecord,
    content_stems,
    find_names,
    has_digits,
    missing_figures,
    read_wording,
    run_checks,
)

Fault = Literal["partly", "unsupported", "holder", "stance"]

_OPPOSITE = {("agrees", "disagrees"), ("disagrees", "agrees")}
_MAX_WORDS = 120  # of a reworded statement
_NEARLY_EQUAL = 0.8  # of the content words of two statements
_FROM_EVIDENCE = 0.6  # of the content words of a reworded statement
_MAX_BESIDE = 70  # characters of a sentence that is not cited
_MIN_RUN, _BEFORE, _AFTER = 5, 1, 1  # words in common with a sentence, and those of them that are shown
_MAX_COMPARED = 300  # words of a sentence
_RANGE = compile_lazily(r"S?(\d{1,9})(?:\s*[-–]\s*S?(\d{1,9}))?", re.IGNORECASE)
_RequestError = ModelError | ReplyError | BudgetReached


def _join_ids(value: object) -> object:
    """Return a list of ids, which some models write instead of ranges, as text."""
    return ",".join(map(str, value)) if isinstance(value, list) else value


class Objection(ReplyRecord):
    """What is wrong with a statement, and how it is put right."""

    id: int
    faults: tuple[Fault, ...]
    reason: Annotated[str, AfterValidator(one_line)]
    statement: OptionalText
    stance: Stance | None


class SupportReply(ReplyRecord):
    """A reply to the prompt "support"."""

    right: Annotated[str, BeforeValidator(_join_ids)]
    """The ids of statements without a fault, as ranges: "1-4,6"."""
    wrong: tuple[Objection, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Positions of a chunk that one request is about."""

    positions: Mapping[int, Position]
    """The positions, by the numbers that the request gives them."""
    findings: Findings
    """The findings of the chunk, with the holders and issues."""
    checked: Mapping[int, Position] = field(default_factory=dict)
    """What the positions were at the first look; a second one shows neither the sentences beside nor equal stances."""

    def has_stance(self, number: int) -> bool:
        """Return whether the request gives the stance of a position."""
        position, before = self.positions[number], self.checked.get(number)
        return position.stance != "unclear" and (before is None or position.stance != before.stance)


Verdicts = Mapping[int, Objection | None]
"""What is wrong with each statement, by its number; None if nothing is."""


@dataclass
class SupportCheck:
    """The check of one article's statements. If a request fails, its statements keep the verdict of the rules."""

    session: ModelSession
    context: ExtractionContext
    notify: Callable[[range], None] = lambda _: None
    """Called with the numbers of the sentences of a chunk whose statements are checked."""
    notes: list[tuple[int, str]] = field(default_factory=list)
    """Remarks for the reader of the brief."""
    errors: list[_RequestError] = field(default_factory=list)
    """The errors of failed requests."""
    has_verdicts: bool = False
    """Whether the model gave a verdict on any statement."""

    async def run(self, findings: Findings, chunk: Chunk) -> Findings:
        """Return the findings of a chunk with verdicts on its statements, some of them reworded."""
        self.notify(chunk.numbers)
        part = Part(dict(enumerate(findings.positions, 1)), findings)
        first = chunk.numbers[0]
        where = f"sentences {first} to {chunk.numbers[-1]}"
        try:
            verdicts = await self._request_verdicts(part)
        except (ModelError, ReplyError, BudgetReached) as error:
            self._note(error, first, f"The statements from {where} were not checked")
            return findings
        self.has_verdicts |= bool(verdicts)
        if silent := len(part.positions) - len(verdicts):
            missing = f"The model gave no verdict on {silent} of {len(part.positions)} statements from {where}."
            self.notes.append((first, missing))
        better = self._reword(part, verdicts)
        try:
            again = await self._request_verdicts(Part(better, findings, part.positions))
        except (ModelError, ReplyError, BudgetReached) as error:
            self._note(error, first, f"Reworded statements from {where} were not checked")
            again = {}
        checked = dict(part.positions)
        for number, verdict in verdicts.items():
            is_better = number in again and _rank(again[number]) > _rank(verdict)
            position, last = (better[number], again[number]) if is_better else (checked[number], verdict)
            checked[number] = _with_verdict(position, last)
        return replace(findings, positions=tuple(checked.values()))

    def report(self) -> dict[str, Any]:
        """Return the fields of the `EngineResult` that tell about the check."""
        name = self.session.tracker.checker if self.has_verdicts else None
        is_unchecked = any(error.fatal or error.retryable for error in self.errors)
        return {"notes": in_order(self.notes), "is_unchecked": is_unchecked, "verified_by": name}

    async def _request_verdicts(self, part: Part) -> Verdicts:
        """Return the verdicts on the positions that the reply names exactly once; nothing is sent about none."""
        if not part.positions:
            return {}

        def read(text: str) -> ReadReply[Verdicts]:
            reply, problem = parse_record(SupportReply, text)
            if reply is None:
                return ReadReply(None, [problem], problem, fits=False, quality=(0,))
            verdicts, problems = _read_verdicts(reply, part)
            return ReadReply(verdicts or None, problems, problems[0] if problems else "", quality=(len(verdicts),))

        request = create_request(self.session.prompts["support"], part, self.context)
        async with self.session.slots:
            return await self.session.ask(request, read)

    def _reword(self, part: Part, verdicts: Verdicts) -> dict[int, Position]:
        """Return the positions that are put right, without those whose new wording the library refuses."""
        reworded: dict[int, Position] = {}
        for number, objection in verdicts.items():
            old = part.positions[number]
            if objection and not {"holder"}.intersection(objection.faults):
                new = self._put_right(old, objection, part.findings.holders)
                others = {**part.positions, **reworded}
                if new and not any(self._becomes(new, old, others[n]) for n in others if n != number):
                    reworded[number] = new
        return reworded

    def _put_right(self, old: Position, objection: Objection, holders: Iterable[Holder]) -> Position | None:
        """Return the position with its new statement and stance; None if it is unchanged, or may be invented.

        The new statement takes its words, figures and names from the evidence, and keeps the figures and names that
        the old one has from there. No rule doubts it.
        """
        statement = one_line(objection.statement or old.statement)
        is_turned = old.issue and objection.stance and "stance" in objection.faults
        stance = objection.stance if is_turned and objection.stance else old.stance
        if (statement, stance) == (old.statement, old.stance) or "…" in statement.replace(old.statement, ""):
            return None
        numbers = tuple(item.sentence for item in old.evidence)
        known = {holder.id: holder.name for holder in holders}
        names = tuple(name for holder in old.holders if (name := known[holder]))
        reporter = known[old.reported_by] if old.reported_by else None
        checks, _ = run_checks(Claim(statement, names, numbers, reporter), self.context)
        new = old.model_copy(update={"statement": statement, "stance": stance, "checks": checks})
        is_doubtful = checks.support_reason not in ("", old.checks.support_reason)
        if statement != old.statement and (is_doubtful or not self._is_from_evidence(new, old, names)):
            return None
        return new

    def _is_from_evidence(self, new: Position, old: Position, holders: Sequence[str]) -> bool:
        language, published = self.context.reading.language, self.context.reading.article.published
        texts = [item.quote for item in (*old.evidence, *([old.answers] if old.answers else []))]
        sentences = [self.context.reading.sentence(item.sentence) for item in old.evidence]
        if not 0 < len(normalized_words(new.statement)) <= _MAX_WORDS:
            return False
        if self.context.index.missing_figures(new.statement, sentences):
            return False
        kept = set(missing_figures(old.statement, [new.statement], None)) - set(
            missing_figures(old.statement, texts, published)
        )
        if any(map(has_digits, kept)):
            return False
        theirs, its, allowed = (_name_words(found) for found in ([old.statement], [new.statement], holders))
        evidence = set(chain.from_iterable(map(normalized_words, texts)))
        if its - evidence - theirs - allowed or (theirs & evidence) - allowed - set(normalized_words(new.statement)):
            return False
        speakers = _find_speakers(new.statement, language)
        if speakers and not speakers & (allowed | set(normalized_words(old.statement))):
            return False
        polarities = [read_wording(text, language)[1] for text in (new.statement, old.statement, *texts)]
        if polarities[0] not in polarities[1:]:
            return False
        stems = content_stems(new.statement, language) - content_stems(" ".join(holders), language)
        found = frozenset[str]().union(*(content_stems(text, language) for text in texts))
        return not found or (bool(stems) and len(stems & found) >= _FROM_EVIDENCE * len(stems))

    def _becomes(self, new: Position, old: Position, other: Position) -> bool:
        """Return whether a new statement is nearly that of another position, and the old one was not."""
        return self._is_nearly_equal(new, other) and not self._is_nearly_equal(old, other)

    def _is_nearly_equal(self, one: Position, other: Position) -> bool:
        words = [normalized_words(position.statement) for position in (one, other)]
        if words[0] == words[1] or negations_and_numbers(words[0]) != negations_and_numbers(words[1]):
            return words[0] == words[1]
        first, second = (content_stems(position.statement, self.context.reading.language) for position in (one, other))
        return has_enough_in_common(len(first & second), len(first), len(second), share=_NEARLY_EQUAL, min_count=2)

    def _note(self, error: _RequestError, first: int, what: str) -> None:
        self.errors.append(error)
        self.notes.append((first, f"{what}: {error.message}"))


def in_order(notes: Iterable[tuple[int, str]]) -> tuple[str, ...]:
    """Return notes in the order of the sentences that they are about, in whatever order replies have come."""
    return tuple(text for _, text in sorted(notes, key=itemgetter(0)))


def _find_speakers(statement: str, language: str) -> set[str]:
    """Return the words of the names to whom a statement attributes something."""
    reading = read(Article.from_text(f"-\n\n{statement}", language=language or None))
    names = [who.name for found in analyse(reading).statements for who in found.holders if who.kind != "unnamed"]
    return {word for name in names for word in normalized_words(name)}


def _name_words(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for name in find_names(text) for word in normalized_words(name)}


def create_request(prompt: Prompt, part: Part, context: ExtractionContext) -> Request:
    """Return the request to check the statements of a part."""
    lines = [*list_statements(part, context), *list_stances(part)]
    return Request(prompt.fill(statements="\n".join(lines)), prompt.name, load_schema(prompt.name), (prompt.id,))


def list_statements(part: Part, context: ExtractionContext) -> Iterator[str]:
    """Yield the cited sentences and the prose beside each, and below each sentence the statements that end with it.

    A sentence is one line that begins with its number, so it cannot imitate a statement.
    """
    names = _short_names(part.findings.holders)
    below: defaultdict[int, list[str]] = defaultdict(list)
    cited, named = set[int](), set[int]()
    for number, position in part.positions.items():
        *others, last = (item.sentence for item in position.evidence if not item.only_names_speaker)
        named.update(item.sentence for item in position.evidence if item.only_names_speaker)
        cited.update(others, [last])
        who = " and ".join(next(names[holder]) for holder in position.holders)
        relayed = f", relayed by {next(names[position.reported_by])}" if position.reported_by else ""
        bare = {item.sentence for item in position.evidence if not item.phrases}  # that only tell who "she" is
        also = ",".join(str(each) for each in others if each not in bare)
        also = f" [{also}]" if also else ""
        statement = shorten_common(one_line(position.statement), [item.quote for item in position.evidence])
        below[last].append(f"S{number} {who}{relayed}{also}: {statement}")
    beside = (
        set()
        if part.checked
        else set(chain.from_iterable(_beside(context.reading.sentence(number), context.reading) for number in cited))
    )
    for number in sorted(cited | named | beside):
        yield _describe_sentence(context.reading.sentence(number), is_cited=number in cited)
        yield from below[number]


def _beside(sentence: Sentence, reading: Reading) -> Iterator[int]:
    """Yield the numbers of the prose around a sentence, or of a question before it."""
    before, after = (reading.sentences[max(0, place) : place + 1] for place in (sentence.number - 2, sentence.number))
    for other in (*before, *after):
        is_near = other.number > sentence.number or other.paragraph == sentence.paragraph or "?" in other.text
        if other.kind == "prose" and is_near:
            yield other.number


def list_stances(part: Part) -> Iterator[str]:
    """Yield the issues, each with the statements that take a stance on it."""
    for issue in part.findings.issues:
        stances: defaultdict[Stance, list[str]] = defaultdict(list)
        for number, position in part.positions.items():
            if position.issue == issue.id and part.has_stance(number):
                stances[position.stance].append(str(number))
        if stances:
            sides = "; ".join(f"{stance} {','.join(numbers)}" for stance, numbers in stances.items())
            yield f"Issue: {one_line(issue.proposition)} {sides}"


def _describe_sentence(sentence: Sentence, *, is_cited: bool) -> str:
    label = "" if sentence.kind == "prose" else f"({sentence.kind}) "
    return f"{sentence.number} {label}{one_line(sentence.text) if is_cited else shorten(sentence.text, _MAX_BESIDE)}"


def _short_names(holders: Iterable[Holder]) -> dict[str, Iterator[str]]:
    """Return the names of each holder by mention: the full name, then its last word if nobody shares it."""
    names = {
        holder.id: one_line(holder.name or ("the author" if holder.kind == "author" else holder.role or "somebody"))
        for holder in holders
    }
    counts = Counter(name.split()[-1] for name in names.values() if name)

    def mentions(name: str) -> Iterator[str]:
        yield name
        last = name.rsplit(maxsplit=1)[-1]
        while True:
            yield last if counts[last] == 1 else name

    return {holder.id: mentions(names[holder.id]) for holder in holders}


def shorten_common(statement: str, quotes: Iterable[str]) -> str:
    """Return a statement with "…" in the middle of each long run of words shared with its sentences."""
    words = statement.split()
    keys, theirs = ([normalize(word) for word in text.split()] for text in (statement, " | ".join(quotes)))
    if max(len(keys), len(theirs)) <= _MAX_COMPARED:
        blocks = SequenceMatcher(lambda word: not word, keys, theirs, autojunk=False).get_matching_blocks()
        for start, _, size in reversed(blocks):
            if size >= _MIN_RUN:
                words[start + _BEFORE : start + size - _AFTER] = ["…"]
    return " ".join(words)


def _read_verdicts(reply: SupportReply, part: Part) -> tuple[Verdicts, list[str]]:
    """Return the verdicts on the statements that a reply names exactly once, and the problems of its ids.

    A wrong stance means nothing where none was given.
    """
    expected, right = part.positions, list[int]()
    for match in islice(_RANGE.finditer(reply.right), 2 * len(expected)):  # a reply may be endless
        first, last = int(match[1]), int(match[2] or match[1])
        unknown = dict.fromkeys(number for number in (first, last) if number not in expected)
        right += [*unknown, *(number for number in expected if first <= number <= last)]
    faulty = {objection.id: objection for objection in reply.wrong}
    counts = Counter([*right, *(objection.id for objection in reply.wrong)])
    problems = [f"statement {number}: it is missing" for number in expected if number not in counts]
    problems += [f"statement {number}: it is none of those listed" for number in counts if number not in expected]
    problems += [f"statement {number}: it stands {n} times" for number, n in counts.items() if n > 1]
    problems += [f"statement {number}: it has no fault" for number, one in faulty.items() if not one.faults]
    verdicts: dict[int, Objection | None] = {}
    for number in expected:
        objection = faulty.get(number)
        if counts[number] != 1 or (objection and not objection.faults):
            continue
        if objection and not part.has_stance(number):
            kept = tuple(fault for fault in objection.faults if fault != "stance")
            objection = objection.model_copy(update={"faults": kept}) if kept else None
        verdicts[number] = objection
    return verdicts, problems


def _rank(objection: Objection | None) -> int:
    """Return how good a verdict is; a wrong holder is as bad as no support."""
    faults: Iterable[Fault] = objection.faults if objection else ()
    return -sum({"stance": 1, "partly": 2, "unsupported": 4, "holder": 4}[fault] for fault in set(faults))


def _with_verdict(position: Position, objection: Objection | None) -> Position:
    """Return the position with the verdict in its checks. A wrong stance becomes unclear.

    A doubt of the rules stays as the reason of "supported".
    """
    faults = frozenset(objection.faults if objection else ())
    support = "unsupported" if faults & {"unsupported", "holder"} else "partly" if "partly" in faults else "supported"
    doubt = position.checks.support_reason
    if objection and support != "supported":
        reason = shorten(objection.reason) or "The model gave no reason."
    else:
        reason = f"The rules doubt it: {doubt[0].lower()}{doubt[1:]}" if doubt else ""
    checks = position.checks.model_copy(update={"support": support, "support_reason": reason})
    stance = "unclear" if "stance" in faults else position.stance
    return position.model_copy(update={"stance": stance, "checks": checks})
