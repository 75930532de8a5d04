"""What the views of a dossier show: a matrix of actors and issues, changes, contradictions, open questions."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Protocol, TypeVar

from summarizer._text import one_line, shorten
from summarizer.brief import Stance
from summarizer.dossier import (
    Actor,
    Change,
    Contradiction,
    Dossier,
    DossierIssue,
    Question,
    Statement,
    StatementDetails,
)
from summarizer.render.text import place_link, plural
from summarizer.render.view_model import NO_STANCE, SIGNS


class _Dated(Protocol):
    @property
    def date(self) -> str | None: ...


ItemT = TypeVar("ItemT")
DatedT = TypeVar("DatedT", bound=_Dated)
_ABOUT = 60  # characters of a role


@dataclass(frozen=True, slots=True)
class DossierOptions:
    """Limits of a view; 0 for no limit."""

    actors: int = 20
    issues: int = 8
    changes: int = 10
    contradictions: int = 10
    questions: int = 10


SHORT_DOSSIER = DossierOptions()
"""The default limits: what a screen or two can hold."""


def dossier_options(*, full: bool) -> DossierOptions:
    """Return the limits of a short view, or none."""
    return DossierOptions(0, 0, 0, 0, 0) if full else SHORT_DOSSIER


@dataclass(frozen=True, slots=True)
class IssueColumn:
    """An issue as a column of the matrix."""

    key: str
    """A letter, or two: "A"."""
    id: str
    proposition: str
    counts: str
    """ "12 statements in 8 articles"."""


def dated_or_all(statements: Sequence[DatedT]) -> Sequence[DatedT]:
    """Return the statements with a date, or all if none has one."""
    return [each for each in statements if each.date] or statements


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """The statements of one actor on one issue."""

    statements: Sequence[Statement]
    has_change: bool = False
    """Whether the dossier has a change of position here: single opposite statements are none."""

    @property
    def stances(self) -> tuple[Stance, ...]:
        """The stances in order of time, without repetitions in a row and without unclear ones.

        Statements without a date count only if none has one: their place in time is not known.
        """
        stances: list[Stance] = []
        for statement in dated_or_all(self.statements):
            if statement.stance != "unclear" and stances[-1:] != [statement.stance]:
                stances.append(statement.stance)
        return tuple(stances)

    @property
    def stance(self) -> Stance | None:
        """The last stance; None if no statement takes one."""
        return self.stances[-1] if self.stances else None

    @property
    def sign(self) -> str:
        """The sign of the last stance, a point for statements without one, or nothing."""
        return SIGNS[self.stance] if self.stance else NO_STANCE if self.statements else ""

    @property
    def turn(self) -> str:
        """The mark between the last stance and the one before: an arrow for a change, else a slash."""
        return "→" if self.has_change else "/"


@dataclass(frozen=True, slots=True)
class ActorRow:
    """An actor as a row of the matrix."""

    id: str
    name: str
    about: str
    """The last role and affiliation."""
    cells: tuple[MatrixCell, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Words of an article, and where they stand."""

    quotation: str
    date: str
    outlet: str
    title: str
    link: str | None

    @property
    def label(self) -> str:
        """Date and outlet: "2026-03-01, The Courier"."""
        return ", ".join(filter(None, [self.date, self.outlet])) or "undated"


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change of position with a quotation of each side."""

    actor: str
    actor_id: str
    proposition: str
    issue_id: str
    from_stance: Stance
    to_stance: Stance
    kind: str
    """How sure it is: "said so", or "from statements, confidence 80 %"."""
    before: Source
    after: Source


@dataclass(frozen=True, slots=True)
class ContradictionView:
    """Two statements that cannot both hold."""

    kind: str
    proposition: str
    issue_id: str
    sides: tuple[tuple[str, str, Source], ...]
    """The actor of each statement, with its id, and the words."""


@dataclass(frozen=True, slots=True)
class AnswerView:
    """A later statement that may answer an open question."""

    actor: str
    actor_id: str
    statement: str
    source: Source


@dataclass(frozen=True, slots=True)
class DossierQuestionView:
    """An open question and what may answer it."""

    question: str
    source: Source
    answers: tuple[AnswerView, ...]


@dataclass(frozen=True, slots=True)
class DossierView:
    """A dossier, ready to be shown."""

    heading: str
    """ "34 articles, 2025-09-04 to 2026-04-09"."""
    counts: str
    notes: tuple[str, ...]
    """What does not count, and why."""
    issues: tuple[IssueColumn, ...]
    rows: tuple[ActorRow, ...]
    omitted: str
    """What the limits leave out."""
    changes: tuple[ChangeView, ...]
    contradictions: tuple[ContradictionView, ...]
    questions: tuple[DossierQuestionView, ...]


def build_dossier_view(dossier: Dossier, options: DossierOptions = SHORT_DOSSIER) -> DossierView:
    """Return what the views show of a dossier, the most frequent actors and issues first."""
    issues = [issue for issue in dossier.issues.values() if issue.statements]
    disputed = [issue for issue in issues if issue.statements > 1]
    actors = [actor for actor in dossier.actors.values() if actor.statements]
    columns = _take(disputed if options.issues and disputed else issues, options.issues)
    changes = _take(dossier.changes, options.changes)
    contradictions = _take(dossier.contradictions, options.contradictions)
    questions = _take(sorted(dossier.questions, key=lambda each: not each.answers), options.questions)
    cited = [position for change in changes for position in (change.before, change.after)]
    cited += [position for each in contradictions for position in (each.one, each.other)]
    cited += [answer.position for question in questions for answer in question.answers]
    details = dossier.details(cited)
    actors_of = {each.position: dossier.actors[each.actor] for each in dossier.statements}
    articles = {statement.article for statement in dossier.statements}
    dates = sorted({statement.date[:10] for statement in dossier.statements if statement.date})
    outlets = {statement.source for statement in dossier.statements if statement.source}
    positions = {each.position for each in dossier.statements}
    counted: dict[str, Sized] = {"actor": actors, "issue": issues, "position": positions, "outlet": outlets}
    period = f", {dates[0]} to {dates[-1]}" if len(dates) > 1 else "".join(f", {date}" for date in dates)
    rows = list(_rows(dossier, actors, columns))
    if options.actors:
        rows = [row for row in rows if any(cell.statements for cell in row.cells) or not columns][: options.actors]
    return DossierView(
        heading=f"{plural(len(articles), 'article')}{period}",
        counts=" · ".join(plural(len(found), noun) for noun, found in counted.items()),
        notes=tuple(_notes(dossier)),
        issues=tuple(_column(number, issue) for number, issue in enumerate(columns)),
        rows=tuple(rows),
        omitted=_omitted(len(actors) - len(rows), len(issues) - len(columns)),
        changes=tuple(_change(dossier, change, details) for change in changes),
        contradictions=tuple(_contradiction(dossier, each, details) for each in contradictions),
        questions=tuple(_question(question, actors_of, details) for question in questions),
    )


def describe_actor(actor: Actor) -> str:
    """Return the last role and affiliation of an actor on one line."""
    role = actor.roles[-1] if actor.roles else None
    name = one_line(actor.name).casefold()
    parts = [one_line(part or "") for part in (role.role, role.affiliation)] if role else []
    return shorten(", ".join(part for part in parts if part and not name.endswith(part.casefold())), _ABOUT)


def _take(items: Sequence[ItemT], limit: int) -> Sequence[ItemT]:
    return items[:limit] if limit else items


def _notes(dossier: Dossier) -> Iterable[str]:
    if dossier.unreadable:
        yield f"{plural(dossier.unreadable, 'brief')} of another version could not be read."
    undated = {each.article for each in dossier.statements if not each.date}
    if copies := sum(map(len, dossier.copies.values())):
        yield f"Left out as copies of others: {plural(copies, 'article')}."
    if undated:
        yield f"{plural(len(undated), 'article')} without a date: they stand last, and show no change of position."


def _omitted(actors: int, issues: int) -> str:
    left = [plural(count, noun) for count, noun in ((actors, "actor"), (issues, "issue")) if count]
    return f"{' and '.join(left)} more." if left else ""


def _column(number: int, issue: DossierIssue) -> IssueColumn:
    letters = len(ascii_uppercase)
    key = ascii_uppercase[number % letters] * (number // letters + 1)
    counts = f"{plural(issue.statements, 'statement')} in {plural(issue.articles, 'article')}"
    return IssueColumn(key, issue.id, one_line(issue.proposition), counts)


def _rows(dossier: Dossier, actors: Iterable[Actor], issues: Sequence[DossierIssue]) -> Iterable[ActorRow]:
    found: defaultdict[tuple[str, str], list[Statement]] = defaultdict(list)
    for statement in dossier.statements:
        if statement.issue:
            found[statement.actor, statement.issue].append(statement)
    changed = {(change.actor, change.issue) for change in dossier.changes}
    for actor in actors:
        keys = [(actor.id, issue.id) for issue in issues]
        cells = tuple(MatrixCell(found.get(key, ()), key in changed) for key in keys)
        yield ActorRow(actor.id, one_line(actor.name), describe_actor(actor), cells)


def _source(details: StatementDetails | Question) -> Source:
    title = details.title if isinstance(details, StatementDetails) else None
    return Source(
        one_line(details.quotation),
        (details.date or "")[:10],
        one_line(details.source or ""),
        one_line(title or ""),
        place_link(details.link),
    )


def _change(dossier: Dossier, change: Change, details: dict[int, StatementDetails]) -> ChangeView:
    found = f"an article says: {one_line(shorten(change.said))}" if change.said else "from statements"
    return ChangeView(
        actor=one_line(dossier.actors[change.actor].name),
        actor_id=change.actor,
        proposition=one_line(dossier.issues[change.issue].proposition),
        issue_id=change.issue,
        from_stance=change.from_stance,
        to_stance=change.to_stance,
        kind=f"confidence {change.confidence:.0%}, {found}",
        before=_source(details[change.before]),
        after=_source(details[change.after]),
    )


_KINDS = {"stance": "opposite stances, and no change was found between them", "figure": "different figures"}


def _contradiction(dossier: Dossier, found: Contradiction, details: dict[int, StatementDetails]) -> ContradictionView:
    sides = zip(found.actors, (found.one, found.other), strict=True)
    return ContradictionView(
        kind=_KINDS[found.kind],
        proposition=one_line(dossier.issues[found.issue].proposition) if found.issue else "",
        issue_id=found.issue or "",
        sides=tuple((one_line(dossier.actors[actor].name), actor, _source(details[at])) for actor, at in sides),
    )


def _question(
    question: Question, actors: Mapping[int, Actor], details: Mapping[int, StatementDetails]
) -> DossierQuestionView:
    answers = tuple(
        AnswerView(
            one_line(actors[answer.position].name),
            actors[answer.position].id,
            one_line(details[answer.position].statement),
            _source(details[answer.position]),
        )
        for answer in question.answers
        if answer.position in actors  # others are outside of the selection
    )
    return DossierQuestionView(one_line(question.question), _source(question), answers)
