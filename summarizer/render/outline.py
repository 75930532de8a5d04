"""A brief in the order in which it is shown, its words made safe to show."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from summarizer.brief import Brief, Certainty, Checks, Gist, Issue, IssueKind, OpenQuestion, Position, Stance
from summarizer.render.account import coverage_lines, made_lines
from summarizer.render.judged import stance, statement
from summarizer.render.people import about as _about
from summarizer.render.people import name as _name
from summarizer.render.quotation import Quotation
from summarizer.render.words import line, many, where

SIGNS: dict[Stance, str] = {"agrees": "+", "disagrees": "−", "mixed": "±", "neutral": "=", "unclear": "?"}
"""A sign for each stance, so that none hangs on colour alone."""

_MOST_NAMES = 5
"""Names at most of those of whom no position is shown."""

_HEDGES: dict[Certainty, str] = {
    "asserted": "",
    "hedged": "hedged",
    "speculated": "speculation",
    "conditional": "conditional",
}
KINDS: dict[IssueKind, str] = {
    "policy": "policy",
    "fact": "question of fact",  # "fact" alone would read as if the library vouched for it
    "forecast": "forecast",
    "evaluation": "evaluation",
}
"""The kinds of issues, in words."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A position as it is shown."""

    holders: tuple[tuple[str, str], ...]
    """Names, each with role and affiliation where it is first shown, else with nothing."""
    stance: Stance | None
    """None where there is no issue to take one to, and where the engine does not look for one."""
    statement: str | None
    """None from the built-in engine, whose statements are the words that the quotation lights."""
    marks: tuple[str, ...]
    """What is to be said of it in a word or two: "speculation", "relayed by …", "speaker unconfirmed"."""
    quotation: Quotation


@dataclass(frozen=True, slots=True)
class Section:
    """The positions on one issue, or on none."""

    heading: str | None
    """None where no issue divides the positions."""
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """An open question as it is shown."""

    text: str
    origin: str
    quotation: Quotation
    verbatim: bool
    """Whether the quotation says it in the same words, and so need not be shown."""


@dataclass(frozen=True, slots=True)
class Outline:
    """All that a view shows, in order."""

    title: str
    byline: str
    """Author and date, where they are known."""
    source: str
    gist: tuple[str, str] | None
    """Its text, and the numbers of the sentences that it rests on."""
    sections: tuple[Section, ...]
    omitted: str | None
    """What is said of the positions that are not shown, where there are some."""
    questions: tuple[Question, ...]
    coverage: tuple[str, ...]
    rejected: tuple[str, ...]
    made: tuple[str, ...]


def outline(brief: Brief, limit: int | None = None) -> Outline:
    """What the views show of ``brief``: of its positions the ``limit`` that weigh most, or all.

    Within an issue the holder of the heaviest comes first; what somebody says stays together, in the order of
    the article.
    """
    top = brief.top(limit)
    article = brief.article
    title = line(article.title or "") or "An untitled article"
    return Outline(
        title=title,
        byline=" · ".join(filter(None, (line(given or "") for given in (article.author, article.published)))),
        source=line(article.source or ""),
        gist=_gist(brief.gist, title) if brief.gist else None,
        sections=tuple(_sections(brief, top)),
        omitted=_omitted(brief, top),
        questions=tuple(_question(brief, question) for question in brief.open_questions),
        coverage=tuple(coverage_lines(brief.coverage, limit)),
        rejected=tuple(f"{line(item.what)} “{line(item.text)}”: {line(item.reason)}" for item in brief.rejected),
        made=tuple(made_lines(brief.provenance)),
    )


def _gist(gist: Gist, title: str) -> tuple[str, str] | None:
    """What the gist says beyond the title, which stands above it already."""
    text = line(gist.text)
    if re.match(re.escape(title) + r"[.!?…]*(?:\s|$)", text):
        text = text[len(title) :].lstrip(".!?… ")
    return (text, where(item.sentence for item in gist.evidence)) if text else None


def _omitted(brief: Brief, top: Sequence[Position]) -> str | None:
    """How many positions are not shown, and of whom no other is."""
    if len(top) == len(brief.positions):
        return None
    shown = {name for position in top for name in position.holders}
    hidden = {name for position in brief.positions for name in position.holders} - shown
    silent = [_name(holder) for holder in brief.holders if holder.id in hidden and holder.kind != "unnamed"]
    more = f" and {len(silent) - _MOST_NAMES} more" if len(silent) > _MOST_NAMES else ""
    names = f" Of these nothing is shown: {', '.join(silent[:_MOST_NAMES])}{more}." if silent else ""
    return f"{len(top)} of {many(len(brief.positions), 'position')}, those that weigh most; the JSON has all.{names}"


def _by_holder(positions: Iterable[Position]) -> list[Position]:
    """``positions``, heaviest first, with those of the same holders together, in the order of the article."""
    groups: dict[tuple[str, ...], list[Position]] = {}
    for position in positions:
        groups.setdefault(tuple(sorted(position.holders)), []).append(position)
    return [each for group in groups.values() for each in sorted(group, key=lambda each: each.evidence[0].sentence)]


def _sections(brief: Brief, top: Sequence[Position]) -> Iterable[Section]:
    """Issues in their order, then what belongs to none; an issue without positions is left out."""
    introduced: set[str] = set()
    divided = any(position.issue for position in top)
    for issue in (*brief.issues, None):
        positions = _by_holder(position for position in top if position.issue == (issue.id if issue else None))
        if entries := tuple(_entry(brief, position, introduced) for position in positions):
            yield Section(_heading(issue) if divided else None, entries)


def _heading(issue: Issue | None) -> str:
    return f"{line(issue.proposition)} ({KINDS[issue.kind]})" if issue else "On no issue in particular"


def _entry(brief: Brief, position: Position, introduced: set[str]) -> Entry:
    """A position; those of its holders who are not ``introduced`` yet are, with role and affiliation."""
    holders = [brief.holder(name) for name in position.holders]
    shown = tuple((_name(who), "" if who.id in introduced else _about(who)) for who in holders)
    introduced.update(position.holders)
    marks = [_HEDGES[position.certainty]]
    if position.reported_by:
        marks.append(f"relayed by {_name(brief.holder(position.reported_by))}")
    marks += _doubts(position.checks)
    return Entry(
        holders=shown,
        stance=stance(brief, position),
        statement=statement(brief, position),
        marks=tuple(filter(None, marks)),
        quotation=Quotation.of(position.evidence),
    )


def _doubts(checks: Checks) -> Iterable[str]:
    if checks.speaker == "unconfirmed":
        yield "speaker unconfirmed"
    elif checks.speaker == "contradicted":
        yield "the quotation may be somebody else’s"
    if checks.names == "unconfirmed":
        yield "names unconfirmed"


def _question(brief: Brief, question: OpenQuestion) -> Question:
    raised_by = " and ".join(_name(brief.holder(name)) for name in question.raised_by)
    origin = f"{question.origin} by {raised_by}" if raised_by else f"{question.origin} in the article"
    text, quotation = line(question.question), Quotation.of(question.evidence)
    return Question(text, origin, quotation, verbatim=text.rstrip(".?!") in quotation.text)
