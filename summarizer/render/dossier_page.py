"""The page of a dossier: matrix, changes, questions, issues over time, actors with all their positions, network."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812  # `date` is a field
from itertools import groupby

from summarizer._text import one_line, shorten
from summarizer.brief import Stance
from summarizer.dossier import Actor, Dossier, Statement, StatementDetails
from summarizer.render.dossier_view import DossierOptions, DossierView, build_dossier_view, dated_or_all, describe_actor
from summarizer.render.html import asset, content_policy, stylesheet
from summarizer.render.network_picture import NetworkPicture, draw_network
from summarizer.render.templating import ENVIRONMENT
from summarizer.render.text import place_link, plural
from summarizer.render.view_model import NO_STANCE, SIGNS

_OPTIONS = DossierOptions(actors=40, issues=12, changes=0, contradictions=0, questions=0)
_LANES = 30  # actors in the timeline of an issue
_WIDTH, _LANE_HEIGHT, _LABEL_WIDTH, _MARGIN = 900, 24, 190, 14  # of a timeline, in units of its picture
_LABEL_CHARACTERS = 26
_MONTHS_BETWEEN_TICKS = (1, 2, 3, 6, 12, 24, 60, 120)
_MAX_TICKS = 9


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement with its words, for a list."""

    number: int
    """Counts from 1; the fragment of the page."""
    actor: int
    issue: int
    """Indices for the filters; -1 without an issue."""
    date: str
    outlet: str
    title: str
    stance: Stance | None
    sign: str
    text: str
    quotation: str
    link: str | None
    marks: tuple[str, ...]
    article: int


@dataclass(frozen=True, slots=True)
class ActorSection:
    """An actor with all statements, by issue."""

    id: str
    name: str
    about: str
    counts: str
    names: str
    """Other forms of the name."""
    roles: tuple[str, ...]
    groups: tuple[tuple[str, tuple[StatementView, ...]], ...]
    """The proposition of each issue, or nothing, with its statements."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A statement in a timeline."""

    x: float
    y: float
    statement: StatementView
    label: str


@dataclass(frozen=True, slots=True)
class Lane:
    """An actor in a timeline."""

    y: float
    name: str
    id: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The statements on an issue as a picture: one lane for each actor, time from left to right."""

    width: int
    height: int
    start: int
    """The left edge of the time axis."""
    ticks: tuple[tuple[float, str], ...]
    lanes: tuple[Lane, ...]
    dots: tuple[Dot, ...]
    omitted: int
    """Actors without a lane."""


@dataclass(frozen=True, slots=True)
class IssueSection:
    """An issue: who stands where now, other wordings, and its timeline."""

    key: str
    id: str
    proposition: str
    counts: str
    wordings: tuple[str, ...]
    sides: tuple[tuple[str, str, str, tuple[tuple[str, str], ...]], ...]
    """Heading, stance and sign of each side, with the ids and names of its actors."""
    timeline: Timeline | None


@dataclass(frozen=True, slots=True)
class DossierPage:
    """The contents of a page."""

    title: str
    view: DossierView
    issues: tuple[IssueSection, ...]
    actors: tuple[ActorSection, ...]
    outlets: tuple[str, ...]
    first: str
    last: str
    network: NetworkPicture | None

    def statements(self) -> Iterator[tuple[ActorSection, StatementView]]:
        """Yield the statements with their actors."""
        return ((actor, each) for actor in self.actors for _, group in actor.groups for each in group)


def dossier_to_html(dossier: Dossier, *, title: str = "Dossier") -> str:
    """Render a dossier as one self-contained HTML document, which is complete without its script."""
    style, script = stylesheet("dossier.css"), asset("dossier.js")
    template = ENVIRONMENT.get_template("dossier.html.j2")
    return template.render(
        page=build_page(dossier, title),
        style=style,
        script=script,
        policy=content_policy(style, script),
        actor_link="#actor-{}".format,
        statement_link=lambda statement: f"#s{statement.number}",
    )


def build_page(dossier: Dossier, title: str) -> DossierPage:
    """Return the contents of the page of a dossier."""
    view = build_dossier_view(dossier, _OPTIONS)
    statements = _statements(dossier)
    dates = sorted({each.date for each in statements if each.date})
    return DossierPage(
        title=one_line(title),
        view=view,
        issues=tuple(_issues(dossier, view, statements)),
        actors=tuple(_actors(dossier, statements)),
        outlets=tuple(sorted({one_line(each.source) for each in dossier.statements if each.source})),
        first=dates[0] if dates else "",
        last=dates[-1] if dates else "",
        network=draw_network(dossier),
    )


def _statements(dossier: Dossier) -> list[StatementView]:
    actors = {actor: number for number, actor in enumerate(dossier.actors)}
    issues = {issue: number for number, issue in enumerate(dossier.issues)}
    details = dossier.details(each.position for each in dossier.statements)
    return [
        _statement(
            (number, actors[each.actor], issues.get(each.issue or "", -1)), each, details[each.position], dossier
        )
        for number, each in enumerate(dossier.statements, 1)
    ]


def _statement(
    numbers: tuple[int, int, int], statement: Statement, details: StatementDetails, dossier: Dossier
) -> StatementView:
    stance = None if statement.stance == "unclear" else statement.stance
    marks: list[str] = [details.certainty] if details.certainty != "asserted" else []
    if statement.reported_by:
        marks.append(f"reported by {one_line(dossier.actors[statement.reported_by].name)}")
    if details.speaker == "contradicted":
        marks.append("the article may name another speaker")
    if details.support in {"doubtful", "partly", "unsupported"}:
        marks.append(f"support: {details.support}")
    return StatementView(
        *numbers,
        date=(details.date or "")[:10],
        outlet=one_line(details.source or ""),
        title=one_line(details.title or ""),
        stance=stance,
        sign=SIGNS[stance] if stance else NO_STANCE,
        text=one_line(details.statement),
        quotation=one_line(details.quotation),
        link=place_link(details.link),
        marks=tuple(marks),
        article=statement.article,
    )


def _actors(dossier: Dossier, statements: Sequence[StatementView]) -> Iterable[ActorSection]:
    propositions = [one_line(issue.proposition) for issue in dossier.issues.values()]
    by_actor: defaultdict[int, list[StatementView]] = defaultdict(list)
    for statement in statements:
        by_actor[statement.actor].append(statement)
    for number, actor in enumerate(dossier.actors.values()):
        own = sorted(by_actor[number], key=lambda each: (each.issue < 0, each.issue))
        if not own:
            continue
        groups = tuple(
            (propositions[issue] if issue >= 0 else "", tuple(group))
            for issue, group in groupby(own, key=lambda each: each.issue)
        )
        yield ActorSection(
            id=actor.id,
            name=one_line(actor.name),
            about=describe_actor(actor),
            counts=f"{plural(actor.statements, 'statement')} in {plural(actor.articles, 'article')}",
            names=", ".join(map(one_line, actor.names)),
            roles=tuple(_roles(actor)),
            groups=groups,
        )


def _roles(actor: Actor) -> Iterable[str]:
    for role in actor.roles:
        words = one_line(", ".join(filter(None, [role.role, role.affiliation])))
        dates = sorted({date[:10] for date in (role.first, role.last) if date})
        yield f"{words} ({' to '.join(dates)})" if dates else words


def _issues(dossier: Dossier, view: DossierView, statements: Sequence[StatementView]) -> Iterable[IssueSection]:
    numbers = {issue: number for number, issue in enumerate(dossier.issues)}
    names = [one_line(actor.name) for actor in dossier.actors.values()]
    ids = list(dossier.actors)
    by_issue: defaultdict[int, list[StatementView]] = defaultdict(list)
    for statement in statements:
        by_issue[statement.issue].append(statement)
    for column in view.issues:
        own = by_issue[numbers[column.id]]
        wordings = dossier.issues[column.id].wordings
        yield IssueSection(
            key=column.key,
            id=column.id,
            proposition=column.proposition,
            counts=column.counts,
            wordings=tuple(
                f"{one_line(each.proposition)}{' (the contrary)' if each.contrary else ''}"
                for each in wordings
                if one_line(each.proposition) != column.proposition
            ),
            sides=tuple(_sides(own, ids, names)),
            timeline=_timeline(own, ids, names),
        )


_SIDES: Mapping[Stance | None, str] = {
    "agrees": "Agree",
    "disagrees": "Disagree",
    "mixed": "Mixed",
    "neutral": "Neutral",
    None: "No stance",
}


def _sides(
    statements: Iterable[StatementView], ids: Sequence[str], names: Sequence[str]
) -> Iterable[tuple[str, str, str, tuple[tuple[str, str], ...]]]:
    """Yield each side with the actors whose last stance it is."""
    by_actor: defaultdict[int, list[StatementView]] = defaultdict(list)
    for statement in statements:
        by_actor[statement.actor].append(statement)
    last: dict[int, Stance | None] = {
        actor: next((each.stance for each in reversed(dated_or_all(own)) if each.stance), None)
        for actor, own in by_actor.items()
    }
    for stance, heading in _SIDES.items():
        if actors := tuple((ids[actor], names[actor]) for actor, taken in last.items() if taken == stance):
            yield heading, stance or "none", SIGNS[stance] if stance else NO_STANCE, actors


def _timeline(statements: Sequence[StatementView], ids: Sequence[str], names: Sequence[str]) -> Timeline | None:
    """Return the picture of the dated statements on an issue, or None if there are fewer than two days."""
    dated = [(_day(each.date), each) for each in statements if each.date]
    days = [day for day, _ in dated if day]
    if len(set(days)) < 2:
        return None
    counts: defaultdict[int, int] = defaultdict(int)
    for _, each in dated:
        counts[each.actor] += 1
    shown = sorted(counts, key=lambda actor: (-counts[actor], actor))[:_LANES]
    lanes = {actor: _MARGIN + _LANE_HEIGHT * number + _LANE_HEIGHT / 2 for number, actor in enumerate(shown)}
    first, last = min(days), max(days)
    start, end = _LABEL_WIDTH + _MARGIN, _WIDTH - 2 * _MARGIN

    def place(day: int) -> float:
        return round(start + (end - start) * (day - first) / (last - first), 1)

    return Timeline(
        width=_WIDTH,
        height=2 * _MARGIN + _LANE_HEIGHT * len(shown) + _LANE_HEIGHT,
        start=start - _MARGIN,
        ticks=tuple((place(day), label) for day, label in _ticks(first, last)),
        lanes=tuple(Lane(y, shorten(names[actor], _LABEL_CHARACTERS), ids[actor]) for actor, y in lanes.items()),
        dots=tuple(  # those with a stance are drawn last, over the others
            Dot(place(day), lanes[each.actor], each, f"{each.date}, {names[each.actor]}: {each.stance or 'no stance'}")
            for day, each in sorted(dated, key=lambda item: item[1].stance is not None)
            if day and each.actor in lanes
        ),
        omitted=len(counts) - len(shown),
    )


def _day(date: str) -> int | None:
    """Return the number of a day; a month or year alone stands for its first day."""
    parts = date.split("-")
    try:
        return Date(int(parts[0]), *(int(part) for part in [*parts[1:], "1", "1"][:2])).toordinal()
    except ValueError:
        return None


def _ticks(first: int, last: int) -> Iterable[tuple[int, str]]:
    """Yield the first days of months or years, as many as fit; without any, the first and the last day."""
    start, end = Date.fromordinal(first), Date.fromordinal(last)
    months = range(12 * start.year + start.month - 1, 12 * end.year + end.month)
    step = next((step for step in _MONTHS_BETWEEN_TICKS if len(months) / step <= _MAX_TICKS), 1200)
    days = [Date(month // 12, month % 12 + 1, 1) for month in months if month % step == 0]
    shown = [day for day in days if day.toordinal() >= first]
    if len(shown) < 2:
        yield from ((day.toordinal(), f"{day.day} {day:%b %Y}") for day in (start, end))
    for day in shown if len(shown) > 1 else ():
        yield day.toordinal(), f"{day:%b %Y}" if step < 12 else f"{day:%Y}"


ENVIRONMENT.globals |= {"no_stance": NO_STANCE}
