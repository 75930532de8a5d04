"""A brief in the order in which it is shown, its words made safe to show."""

from collections.abc import Iterable
from dataclasses import dataclass

from summarizer.article.invisible import visible
from summarizer.brief import Brief, Certainty, Checks, Evidence, Holder, OpenQuestion, Position, Stance

SIGNS: dict[Stance, str] = {"agrees": "+", "disagrees": "−", "mixed": "±", "neutral": "=", "unclear": "?"}
"""A sign for each stance, so that none hangs on colour alone."""

_HEDGES: dict[Certainty, str] = {
    "asserted": "",
    "hedged": "hedged",
    "speculated": "speculation",
    "conditional": "conditional",
}


@dataclass(frozen=True, slots=True)
class Quotation:
    """The sentences that a claim rests on."""

    parts: tuple[tuple[str, bool], ...]
    """The words in order, in pieces; with each, whether it matters most."""
    numbers: tuple[int, ...]

    @property
    def where(self) -> str:
        """The sentence numbers: "[8, 9]"."""
        return f"[{', '.join(map(str, self.numbers))}]"


@dataclass(frozen=True, slots=True)
class Entry:
    """A position as it is shown."""

    holders: tuple[tuple[str, str], ...]
    """Names, each with role and affiliation where it is first shown, else with nothing."""
    stance: Stance | None
    """None where there is no issue to take one to."""
    statement: str | None
    """None from the built-in engine, whose statements are the words that the quotation lights."""
    marks: tuple[str, ...]
    """What is to be said of it in a word or two: "speculation", "relayed by …", "speaker unconfirmed"."""
    quotation: Quotation


@dataclass(frozen=True, slots=True)
class Section:
    """The positions on one issue, or on none."""

    proposition: str | None
    kind: str | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """An open question as it is shown."""

    text: str
    origin: str
    quotation: Quotation


@dataclass(frozen=True, slots=True)
class Outline:
    """All that a view shows, in order."""

    title: str
    byline: str
    gist: str | None
    sections: tuple[Section, ...]
    questions: tuple[Question, ...]
    coverage: tuple[str, ...]
    rejected: tuple[str, ...]
    made: tuple[str, ...]


def outline(brief: Brief) -> Outline:
    """What the views show of ``brief``."""
    article = brief.article
    byline = " · ".join(filter(None, [article.author, article.published, article.source]))
    return Outline(
        title=visible(article.title or "An untitled article"),
        byline=visible(byline),
        gist=visible(brief.gist.text) if brief.gist else None,
        sections=tuple(_sections(brief)),
        questions=tuple(_question(brief, question) for question in brief.open_questions),
        coverage=tuple(_coverage(brief)),
        rejected=tuple(visible(f"{item.what} “{item.text}”: {item.reason}") for item in brief.rejected),
        made=tuple(_made(brief)),
    )


def _sections(brief: Brief) -> Iterable[Section]:
    """Issues in their order, then what belongs to none; an issue without positions is left out."""
    introduced: set[str] = set()
    for issue in (*brief.issues, None):
        positions = [position for position in brief.positions if position.issue == (issue.id if issue else None)]
        if entries := tuple(_entry(brief, position, introduced) for position in positions):
            yield Section(visible(issue.proposition), issue.kind, entries) if issue else Section(None, None, entries)


def _entry(brief: Brief, position: Position, introduced: set[str]) -> Entry:
    """A position; those of its holders who are not ``introduced`` yet are, with role and affiliation."""
    holders = [brief.holder(name) for name in position.holders]
    shown = tuple((visible(_name(who)), "" if who.id in introduced else visible(_about(who))) for who in holders)
    introduced.update(position.holders)
    quotation = _quotation(position.evidence)
    marks = [_HEDGES[position.certainty]]
    if position.reported_by:
        marks.append(f"relayed by {_name(brief.holder(position.reported_by))}")
    marks += _doubts(position.checks)
    return Entry(
        holders=shown,
        stance=position.stance if position.issue else None,
        statement=visible(position.statement) if brief.provenance.engine == "model" else None,
        marks=tuple(visible(mark) for mark in marks if mark),
        quotation=quotation,
    )


def _doubts(checks: Checks) -> Iterable[str]:
    if checks.speaker == "unconfirmed":
        yield "speaker unconfirmed"
    elif checks.speaker == "contradicted":
        yield "the quotation may be somebody else’s"
    if checks.names == "unconfirmed":
        yield "names unconfirmed"


def _name(holder: Holder) -> str:
    return holder.name or "The author"


def _about(holder: Holder) -> str:
    """Role and affiliation, the latter only where the role does not say it already."""
    role, affiliation = holder.role or "", holder.affiliation or ""
    return role if affiliation in role else ", ".join(filter(None, [role, affiliation]))


def _quotation(evidence: tuple[Evidence, ...]) -> Quotation:
    parts: list[tuple[str, bool]] = []
    for item in evidence:
        parts += [(" ", False)] if parts else []
        parts += _lit(item)
    return Quotation(tuple((visible(text), lit) for text, lit in parts), tuple(item.sentence for item in evidence))


def _lit(item: Evidence) -> Iterable[tuple[str, bool]]:
    """A quotation in pieces, with each whether it is of the phrase."""
    rest = item.quote
    for phrase in item.phrases:
        before, words, rest = rest.partition(phrase.text)
        yield from ((part, lit) for part, lit in ((before, False), (words, True)) if part)
    if rest:
        yield rest, False


def _question(brief: Brief, question: OpenQuestion) -> Question:
    raised_by = " and ".join(_name(brief.holder(name)) for name in question.raised_by)
    origin = f"{question.origin} by {raised_by}" if raised_by else f"{question.origin} in the article"
    return Question(visible(question.question), visible(origin), _quotation(question.evidence))


def _coverage(brief: Brief) -> Iterable[str]:
    coverage = brief.coverage
    chunks = "" if coverage.chunks == 1 else f" in {coverage.chunks} chunks"
    yield f"{_many(coverage.sentences, 'sentence')} read{chunks}."
    if coverage.statements:
        yield f"{coverage.cited} of {_many(coverage.statements, 'attributed statement')} cited."
    for statement in coverage.uncited:
        where = ", ".join(map(str, statement.sentences))
        yield f"Not cited: sentence {where}, attributed to {visible(statement.source or 'nobody named')}."
    for chunk in coverage.failed:
        yield f"Failed: sentences {chunk.first_sentence} to {chunk.last_sentence}. {visible(chunk.error)}"
    if coverage.suspicious:
        where = ", ".join(map(str, coverage.suspicious))
        yield f"Looks like an instruction to a model: sentence {where}."


def _made(brief: Brief) -> Iterable[str]:
    made = brief.provenance
    engine = "the built-in engine" if made.engine == "builtin" else f"the model {visible(made.model or 'unknown')}"
    line = f"Made by {engine}, summarizer {made.library}, in {made.seconds:.1f} s"
    if made.calls:
        usage = made.usage
        line += f" with {_many(made.calls, 'call')} ({usage.prompt} tokens sent, {usage.completion} received"
        line += f", {_many(made.repairs, 'repair')})" if made.repairs else ")"
    yield f"{line}."
    yield from map(visible, made.notes)


def _many(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
