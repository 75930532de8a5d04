"""The tables of a dossier, row by row: statements, actors, issues, changes, contradictions, questions and articles."""

import json
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cached_property, wraps
from itertools import chain, islice
from operator import attrgetter
from typing import Any, Literal, NamedTuple, ParamSpec, Self, TypeVar, cast, get_args

from summarizer._files import read_toml
from summarizer._patterns import compile_lazily
from summarizer._text import normalize
from summarizer.article import outlet_of
from summarizer.brief import Stance
from summarizer.dossier import (
    Dossier,
    Role,
    Statement,
    StatementDetails,
    parse_day,
    read_article_rows,
    read_statement_rows,
)
from summarizer.errors import ConfigurationError
from summarizer.export.cells import clean_text

Kind = Literal["text", "integer", "number", "boolean", "date", "numbers"]
Row = Mapping[str, Any]
_Item = TypeVar("_Item")
_P = ParamSpec("_P")

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
    plain = {key: list(map(normalize, own)) for key, own in forms.items()}
    wanted = normalize(words)
    whole = {key for key, names in plain.items() if wanted in names}
    parts = set(wanted.split())
    found = whole or {key for key, names in plain.items() if any(parts <= set(name.split()) for name in names)}
    if not found or not parts:
        close = get_close_matches(words, [form for names in forms.values() for form in names], n=3)
        hint = f"Names like it: {', '.join(dict.fromkeys(close))}." if close else "Use an id, or words of a name in it."
        raise ConfigurationError(f"The dossier has no {kind} “{words}”.", hint=hint)
    return found


class Summary(NamedTuple):
    """The number of some statements, that of their articles, and the first and the last day."""

    statements: int
    articles: int
    first: date | None
    last: date | None

    @classmethod
    def of(cls, statements: Sequence[Statement]) -> Self:
        """Return the summary of statements; those without a full date have no day."""
        days = [day for each in statements if (day := parse_day(each.date))]
        articles = {each.article for each in statements}
        return cls(len(statements), len(articles), min(days, default=None), max(days, default=None))


def group_statements(statements: Iterable[Statement], attribute: str) -> defaultdict[Any, list[Statement]]:
    """Return the statements by the values of an attribute, in their order."""
    groups: defaultdict[Any, list[Statement]] = defaultdict(list)
    key = attrgetter(attribute)
    for each in statements:
        groups[key(each)].append(each)
    return groups


_WEB_ADDRESS = compile_lazily(r"\s*(?:https?:|[^:]*(?:[/?#]|$))", re.IGNORECASE)
"""An address of a page or of a file; others, such as javascript:, could run something where they are clicked."""


def _clean(column: str, text: str) -> str | None:
    is_address = column.partition("_")[0] in {"link", "url"}
    return None if is_address and not _WEB_ADDRESS.match(text) else clean_text(text)


def _cleaned(make_rows: Callable[_P, Iterator[Row]]) -> Callable[_P, Iterator[Row]]:
    """Return a function whose rows have no control characters that cells cannot hold."""

    @wraps(make_rows)
    def make_cleaned(*args: _P.args, **kwargs: _P.kwargs) -> Iterator[Row]:
        for row in make_rows(*args, **kwargs):
            yield {name: _clean(name, value) if isinstance(value, str) else value for name, value in row.items()}

    return make_cleaned


@_cleaned
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
    return dict(details) | {
        "date": parse_day(statement.date),
        "outlet": statement.source,
        "actor": actor.name,
        "actor_kind": actor.kind,
        "issue_id": statement.issue,
        "issue": dossier.issues[statement.issue].proposition if statement.issue else None,
        "stance": statement.stance,
        "sentences": json.loads(details["sentences"]),
        "reported_by_id": statement.reported_by,
        "reported_by": reporter.name if reporter else None,
        "link": details["link"] or details["url"],
        "model": model_name(details["model"]),
    }


def model_name(model: str | None) -> str | None:
    """Return the name of the model of a row of engines."""
    return json.loads(model).get("name") if model else None


@_cleaned
def _actor_rows(selection: Selection) -> Iterator[Row]:
    statements = group_statements(selection.statements, "actor")
    for key in selection.actors:
        actor = selection.dossier.actors[key]
        latest = actor.roles[-1] if actor.roles else None
        yield {
            "actor_id": key,
            "actor": actor.name,
            "actor_kind": actor.kind,
            "names": "; ".join(actor.names) or None,
            "role": latest.role if latest else None,
            "affiliation": latest.affiliation if latest else None,
            "roles": "; ".join(map(describe_role, actor.roles)) or None,
            **Summary.of(statements[key])._asdict(),
        }


@_cleaned
def _issue_rows(selection: Selection) -> Iterator[Row]:
    statements = group_statements(selection.statements, "issue")
    for key in selection.issues:
        issue, stances = selection.dossier.issues[key], Counter(each.stance for each in statements[key])
        yield {
            "issue_id": key,
            "issue": issue.proposition,
            "from_codebook": issue.given,
            "wordings": "; ".join(each.proposition for each in issue.wordings if not each.contrary) or None,
            "contraries": "; ".join(each.proposition for each in issue.wordings if each.contrary) or None,
            **{stance: stances[stance] for stance in STANCES},
            **Summary.of(statements[key])._asdict(),
        }


def _side(name: str, found: StatementDetails) -> Row:
    return {
        f"date_{name}": parse_day(found.date),
        f"statement_id_{name}": found.position,
        f"quotation_{name}": found.quotation,
        f"link_{name}": found.link,
    }


@_cleaned
def _change_rows(selection: Selection) -> Iterator[Row]:
    dossier = selection.dossier
    for change, before, after in _with_sides(selection, dossier.changes, "before", "after"):
        yield {
            "actor_id": change.actor,
            "actor": dossier.actors[change.actor].name,
            "issue_id": change.issue,
            "issue": dossier.issues[change.issue].proposition,
            "from_stance": change.from_stance,
            "to_stance": change.to_stance,
            "is_explicit": change.explicit,
            "said": change.said,
            "confidence": change.confidence,
            **_side("before", before),
            **_side("after", after),
        }


@_cleaned
def _contradiction_rows(selection: Selection) -> Iterator[Row]:
    dossier = selection.dossier
    for each, first, second in _with_sides(selection, dossier.contradictions, "one", "other"):
        one, other = (dossier.actors[actor] for actor in each.actors)
        issue = dossier.issues[each.issue].proposition if each.issue else None
        names = {"actor_id_a": one.id, "actor_a": one.name, "actor_id_b": other.id, "actor_b": other.name}
        about = {"kind": each.kind, "issue_id": each.issue, "issue": issue}
        yield {**about, **names, **_side("a", first), **_side("b", second)}


def _with_sides(
    selection: Selection, pairs: Iterable[_Item], one: str, other: str
) -> Iterator[tuple[_Item, StatementDetails, StatementDetails]]:
    """Yield the pairs whose two statements are selected, each with the details of the two."""
    positions, selected = attrgetter(one, other), {each.position for each in selection.statements}
    for part in _in_parts(pair for pair in pairs if selected.issuperset(positions(pair))):
        details = selection.dossier.details(chain.from_iterable(map(positions, part)))
        for pair in part:
            first, second = positions(pair)
            yield pair, details[first], details[second]


@_cleaned
def _question_rows(selection: Selection) -> Iterator[Row]:
    for question in selection.dossier.questions:
        if question.article in selection.articles:
            yield {
                "date": parse_day(question.date),
                "question": question.question,
                "quotation": question.quotation,
                "answers": [answer.position for answer in question.answers],
                "outlet": outlet_of(None, question.source),
                "link": question.link,
                "article_id": question.article,
            }


@_cleaned
def article_rows(selection: Selection) -> Iterator[Row]:
    """Yield a row for each article with a statement, oldest first."""
    dossier = selection.dossier
    for part in _in_parts(selection.articles):
        for found in read_article_rows(dossier.store.database, part):
            number = found["article_id"]
            yield dict(found) | {
                "date": parse_day(found["published"]),
                "outlet": outlet_of(None, found["outlet"]),
                "model": model_name(found["model"]),
                "copies": "; ".join(dict.fromkeys(dossier.copies.get(number, ()))) or None,
                "statements": selection.articles[number],
            }


def describe_role(role: Role) -> str:
    """Return an office and its body as one phrase: "mayor, Northport"."""
    return ", ".join(filter(None, [role.role, role.affiliation]))


def _in_parts(items: Iterable[_Item]) -> Iterator[Sequence[_Item]]:
    rest = iter(items)
    while part := list(islice(rest, AT_ONCE)):
        yield part


def _columns(names: str) -> dict[str, Kind]:
    """Return the kinds by column, given as "name:kind"; a name alone is a text."""
    pairs = (name.partition(":") for name in names.split())
    return {name: cast("Kind", kind or "text") for name, _, kind in pairs}


_COLUMNS = read_toml(__file__, "columns.toml")
TABLES = {
    name: Table(_columns(_COLUMNS[name]), rows)
    for name, rows in {
        "statements": statement_rows,
        "actors": _actor_rows,
        "issues": _issue_rows,
        "changes": _change_rows,
        "contradictions": _contradiction_rows,
        "questions": _question_rows,
        "articles": article_rows,
    }.items()
}
"""The tables by name. A workbook has a sheet for each; other formats have the statements."""
