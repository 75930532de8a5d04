"""The tables of a dossier, row by row: statements, actors, issues, changes, questions and articles."""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from itertools import islice
from typing import Literal, TypeVar, cast, get_args

from summarizer._text import normalize
from summarizer.brief import Stance
from summarizer.dossier import Dossier, Role, Statement, parse_day, read_article_rows, read_statement_rows
from summarizer.errors import ConfigurationError
from summarizer.export.cells import clean_text

Kind = Literal["text", "integer", "number", "boolean", "date", "numbers"]
Row = Mapping[str, object]
_Item = TypeVar("_Item")

AT_ONCE = 500
"""Statements whose texts are read at once."""


STANCES: tuple[Stance, ...] = get_args(Stance)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a dossier."""

    columns: Mapping[str, Kind]
    """The kinds of the values by column. "numbers" are a list of integers. Every value may be None."""
    rows: Callable[["Selection"], Iterator[Row]]


@dataclass(frozen=True)
class Selection:
    """The statements to export, and their dossier."""

    dossier: Dossier
    statements: Sequence[Statement]

    @cached_property
    def articles(self) -> Mapping[int, int]:
        """The numbers of statements by article, oldest article first."""
        return Counter(each.article for each in self.statements)

    @cached_property
    def actors(self) -> Mapping[str, int]:
        """The numbers of statements by actor, the most first. Those who only relay statements have none."""
        counts = Counter(each.actor for each in self.statements)
        counts.update(dict.fromkeys((each.reported_by for each in self.statements if each.reported_by), 0))
        return dict(counts.most_common())

    @cached_property
    def issues(self) -> Mapping[str, int]:
        """The numbers of statements by issue, the most first."""
        return dict(Counter(each.issue for each in self.statements if each.issue).most_common())


def select_statements(dossier: Dossier, holders: Iterable[str] = (), issues: Iterable[str] = ()) -> Selection:
    """Return the statements of certain actors and on certain issues.

    Args:
        dossier: The dossier.
        holders: Ids or names of actors; empty for all. Words of a name will do.
        issues: Ids or propositions of issues; empty for all. Words of a proposition will do.

    Raises:
        ConfigurationError: There is no such actor, or no such issue.
    """
    actors = {actor.id: (actor.name, *actor.names) for actor in dossier.actors.values()}
    matters = {
        issue.id: (issue.proposition, *(each.proposition for each in issue.wordings))
        for issue in dossier.issues.values()
    }
    wanted_actors = {found for words in holders for found in _find("actor", words, actors)}
    wanted_issues = {found for words in issues for found in _find("issue", words, matters)}
    statements = tuple(
        each
        for each in dossier.statements
        if (not wanted_actors or each.actor in wanted_actors) and (not wanted_issues or each.issue in wanted_issues)
    )
    return Selection(dossier, statements)


def _find(kind: str, words: str, forms: dict[str, tuple[str, ...]]) -> set[str]:
    """Return the ids that words mean: the id itself, or a whole name, or else words of a name."""
    if words in forms:
        return {words}
    plain = {number: [normalize(form) for form in all_forms] for number, all_forms in forms.items()}
    wanted = normalize(words)
    whole = {number for number, names in plain.items() if wanted in names}
    parts = set(wanted.split())
    found = whole or {number for number, names in plain.items() if any(parts <= set(name.split()) for name in names)}
    if not found or not parts:
        close = get_close_matches(words, [form for names in forms.values() for form in names], n=3)
        hint = f"Names like it: {', '.join(dict.fromkeys(close))}." if close else "Use an id, or words of a name in it."
        raise ConfigurationError(f"The dossier has no {kind} “{words}”.", hint=hint)
    return found


def statement_rows(selection: Selection, statements: Iterable[Statement] | None = None) -> Iterator[Row]:
    """Yield a row for each statement, or for each of ``statements``, with all attributes.

    Texts are read in small parts.
    """
    dossier = selection.dossier
    for part in _in_parts(selection.statements if statements is None else statements):
        for each, row in zip(part, read_statement_rows(dossier.store.database, part), strict=True):
            yield _statement_row(dossier, each, row)


def _statement_row(dossier: Dossier, statement: Statement, details: sqlite3.Row) -> Row:
    actor = dossier.actors[statement.actor]
    reporter = dossier.actors.get(statement.reported_by or "")
    row = {name: _clean(value) for name, value in dict(details).items()}
    return row | {
        "date": parse_day(statement.date),
        "outlet": _clean(statement.source),
        "actor": _clean(actor.name),
        "actor_kind": actor.kind,
        "issue_id": statement.issue,
        "issue": _clean(dossier.issues[statement.issue].proposition) if statement.issue else None,
        "stance": statement.stance,
        "sentences": json.loads(details["sentences"]),
        "reported_by_id": statement.reported_by,
        "reported_by": _clean(reporter.name) if reporter else None,
        "link": _clean(details["link"] or details["url"]),
        "model": _clean(model_name(details["model"])),
    }


def model_name(model: str | None) -> str | None:
    """Return the name of the model of a row of engines."""
    return json.loads(model).get("name") if model else None


def _actor_rows(selection: Selection) -> Iterator[Row]:
    days = date_ranges((each.actor, each.date) for each in selection.statements)
    articles = _count_articles((each.actor, each.article) for each in selection.statements)
    for number, count in selection.actors.items():
        actor = selection.dossier.actors[number]
        latest = actor.roles[-1] if actor.roles else None
        first, last = days.get(actor.id, (None, None))
        yield {
            "actor_id": actor.id,
            "actor": _clean(actor.name),
            "actor_kind": actor.kind,
            "names": _clean("; ".join(actor.names)) or None,
            "role": _clean(latest.role) if latest else None,
            "affiliation": _clean(latest.affiliation) if latest else None,
            "roles": _clean("; ".join(map(describe_role, actor.roles))) or None,
            "statements": count,
            "articles": articles[actor.id],
            "first": parse_day(first),
            "last": parse_day(last),
        }


def _issue_rows(selection: Selection) -> Iterator[Row]:
    days = date_ranges((each.issue, each.date) for each in selection.statements if each.issue)
    articles = _count_articles((each.issue, each.article) for each in selection.statements if each.issue)
    stances = Counter((each.issue, each.stance) for each in selection.statements)
    for number, count in selection.issues.items():
        issue = selection.dossier.issues[number]
        first, last = days.get(issue.id, (None, None))
        yield {
            "issue_id": issue.id,
            "issue": _clean(issue.proposition),
            "from_codebook": issue.given,
            "wordings": _clean("; ".join(each.proposition for each in issue.wordings if not each.contrary)) or None,
            "contraries": _clean("; ".join(each.proposition for each in issue.wordings if each.contrary)) or None,
            "statements": count,
            **{stance: stances[issue.id, stance] for stance in STANCES},
            "articles": articles[issue.id],
            "first": parse_day(first),
            "last": parse_day(last),
        }


def _change_rows(selection: Selection) -> Iterator[Row]:
    dossier, selected = selection.dossier, {each.position for each in selection.statements}
    for part in _in_parts(each for each in dossier.changes if {each.before, each.after} <= selected):
        details = dossier.details(position for change in part for position in (change.before, change.after))
        for change in part:
            before, after = details[change.before], details[change.after]
            yield {
                "actor_id": change.actor,
                "actor": _clean(dossier.actors[change.actor].name),
                "issue_id": change.issue,
                "issue": _clean(dossier.issues[change.issue].proposition),
                "from_stance": change.from_stance,
                "to_stance": change.to_stance,
                "is_explicit": change.explicit,
                "said": _clean(change.said),
                "confidence": change.confidence,
                "date_before": parse_day(before.date),
                "statement_id_before": change.before,
                "quotation_before": _clean(before.quotation),
                "link_before": _clean(before.link),
                "date_after": parse_day(after.date),
                "statement_id_after": change.after,
                "quotation_after": _clean(after.quotation),
                "link_after": _clean(after.link),
            }


def _question_rows(selection: Selection) -> Iterator[Row]:
    for question in selection.dossier.questions:
        if question.article in selection.articles:
            yield {
                "date": parse_day(question.date),
                "question": _clean(question.question),
                "quotation": _clean(question.quotation),
                "answers": [answer.position for answer in question.answers],
                "outlet": _clean(question.source),
                "link": _clean(question.link),
                "article_id": question.article,
            }


def article_rows(selection: Selection) -> Iterator[Row]:
    """Yield a row for each article with a statement, oldest first."""
    dossier = selection.dossier
    for part in _in_parts(selection.articles):
        for found in read_article_rows(dossier.store.database, part):
            number = found["article_id"]
            row = {name: _clean(value) for name, value in dict(found).items()}
            yield row | {
                "date": parse_day(found["published"]),
                "model": _clean(model_name(found["model"])),
                "copies": _clean("; ".join(dict.fromkeys(dossier.copies.get(number, ())))) or None,
                "statements": selection.articles[number],
            }


def _count_articles(mentions: Iterable[tuple[str, int]]) -> Mapping[str, int]:
    """Return the number of articles of each actor or issue."""
    return Counter(key for key, _ in set(mentions))


def date_ranges(dated: Iterable[tuple[str, str | None]]) -> dict[str, tuple[str, str]]:
    """Return the first and the last date of each key."""
    ranges: dict[str, tuple[str, str]] = {}
    for key, day in dated:
        if day:
            first, last = ranges.get(key, (day, day))
            ranges[key] = min(first, day), max(last, day)
    return ranges


def describe_role(role: Role) -> str:
    """Return an office and its body as one phrase: "mayor, Northport"."""
    return ", ".join(filter(None, [role.role, role.affiliation]))


def _in_parts(items: Iterable[_Item]) -> Iterator[Sequence[_Item]]:
    rest = iter(items)
    while part := list(islice(rest, AT_ONCE)):
        yield part


def _clean(value: object) -> object:
    return clean_text(value) if isinstance(value, str) else value


def _columns(names: str) -> dict[str, Kind]:
    """Return the kinds by column, given as "name:kind"; a name alone is a text."""
    pairs = (name.partition(":") for name in names.split())
    return {name: cast("Kind", kind or "text") for name, _, kind in pairs}


_STATEMENTS = _columns(
    "statement_id:integer date:date outlet actor_id actor actor_kind holder role affiliation issue_id issue stance "
    "statement quotation sentences:numbers certainty speech reported_by_id reported_by check_speaker check_support "
    "article_issue link url article_id:integer title author published section form language source sha256 position "
    "engine model library made"
)

TABLES = {
    "statements": Table(_STATEMENTS, statement_rows),
    "actors": Table(
        _columns(
            "actor_id actor actor_kind names role affiliation roles statements:integer articles:integer first:date "
            "last:date"
        ),
        _actor_rows,
    ),
    "issues": Table(
        _columns(
            "issue_id issue from_codebook:boolean wordings contraries statements:integer "
            f"{' '.join(f'{stance}:integer' for stance in STANCES)} articles:integer first:date last:date"
        ),
        _issue_rows,
    ),
    "changes": Table(
        _columns(
            "actor_id actor issue_id issue from_stance to_stance is_explicit:boolean said confidence:number "
            "date_before:date statement_id_before:integer quotation_before link_before "
            "date_after:date statement_id_after:integer quotation_after link_after"
        ),
        _change_rows,
    ),
    "questions": Table(
        _columns("date:date question quotation answers:numbers outlet link article_id:integer"), _question_rows
    ),
    "articles": Table(
        _columns(
            "article_id:integer date:date outlet copies title author published section form language url source "
            "statements:integer characters:integer sha256 engine model library made"
        ),
        article_rows,
    ),
}
"""The tables by name. A workbook has a sheet for each; other formats have the statements."""
