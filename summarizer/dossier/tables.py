"""Read the actors, the issues and the details of statements from the tables of a store."""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from summarizer._text import normalize
from summarizer.brief import Brief
from summarizer.dossier.types import Actor, DossierIssue, Role, Statement, StatementDetails, Wording
from summarizer.errors import StoreError
from summarizer.store import Database

_SMALL = 1000  # articles
SUPERSEDED = (
    "EXISTS (SELECT 1 FROM briefs AS newer WHERE newer.article = briefs.article AND +newer.indexed = 1 "
    "AND newer.id > briefs.id)"
)
"""Whether a brief is followed by a newer one of its article, so that it does not count."""
_AT_ONCE = 500
"""Ids in one query; SQLite allows more, but no more than 999 in old versions."""


def is_small(database: Database) -> bool:
    """Return whether a store is so small that linking all of it anew takes no second."""
    return len(database.query("SELECT 1 FROM articles LIMIT ?", _SMALL + 1)) <= _SMALL


def changed_meanwhile(database: Database) -> StoreError:
    """Return the error for a store in which another process has replaced or linked briefs since it was read."""
    error = StoreError(f"The store {database.path} changed while its dossier was read.", hint="Start again.")
    error.retryable = True
    return error


def read_actors(database: Database, statements: Iterable[Statement]) -> Mapping[str, Actor]:
    """Return the actors of statements by id, those with the most statements first."""
    names: defaultdict[str, dict[str, None]] = defaultdict(dict)
    roles: defaultdict[str, list[Role]] = defaultdict(list)
    for row in database.query(
        "SELECT actor, holders.name, aliases, role, affiliation, min(published) AS first, max(published) AS last FROM "
        "holders JOIN current_briefs USING (brief) JOIN articles ON articles.id = current_briefs.article WHERE actor "
        "IS NOT NULL GROUP BY actor, holders.name, aliases, role, affiliation ORDER BY first IS NULL, first"
    ):
        forms = [row["name"], *json.loads(row["aliases"])]
        names[row["actor"]].update(dict.fromkeys(form for form in forms if form))
        if row["role"] or row["affiliation"]:
            role = Role(**{name: row[name] for name in Role.model_fields})
            roles[row["actor"]].append(role)
    counts, articles = Counter[str](), defaultdict[str, set[int]](set)
    for statement in statements:
        counts[statement.actor] += 1
        counts[statement.reported_by or statement.actor] += 0
        articles[statement.actor].add(statement.article)
    rows = {row["id"]: row for row in database.query("SELECT id, name, kind FROM actors")}
    if not counts.keys() <= rows.keys():
        raise changed_meanwhile(database)
    return {
        actor: Actor(
            **dict(rows[actor]),
            names=tuple(form for form in names[actor] if form != rows[actor]["name"]),
            roles=_merge_roles(roles[actor]),
            articles=len(articles[actor]),
            statements=counts[actor],
        )
        for actor in sorted(counts, key=lambda actor: (-counts[actor], actor))
    }


def read_issues(database: Database, statements: Iterable[Statement]) -> Mapping[str, DossierIssue]:
    """Return the issues of statements by id, those with the most statements first."""
    wordings: defaultdict[str, list[Wording]] = defaultdict(list)
    for row in database.query(
        "SELECT dossier_issue, proposition, contrary, count(*) AS briefs FROM issues JOIN current_briefs USING (brief) "
        "WHERE dossier_issue IS NOT NULL GROUP BY dossier_issue, proposition, contrary ORDER BY briefs DESC"
    ):
        wordings[row["dossier_issue"]].append(Wording(**{name: row[name] for name in Wording.model_fields}))
    counts, articles = Counter[str](), defaultdict[str, set[int]](set)
    for statement in statements:
        if statement.issue:
            counts[statement.issue] += 1
            articles[statement.issue].add(statement.article)
    rows = {row["id"]: row for row in database.query("SELECT id, proposition, given, found FROM dossier_issues")}
    if not counts.keys() <= rows.keys():
        raise changed_meanwhile(database)
    return {
        issue: DossierIssue(
            **dict(rows[issue]),
            wordings=tuple(wordings[issue]),
            articles=len(articles[issue]),
            statements=counts[issue],
        )
        for issue in sorted(counts, key=lambda issue: (-counts[issue], issue))
    }


def read_details(
    database: Database, positions: Iterable[int], copies: Mapping[int, Sequence[str]]
) -> dict[int, StatementDetails]:
    """Return the words of positions, and where they stand, by their ids. Copies are outlets, by an article's id."""
    found: dict[int, StatementDetails] = {}
    wanted = list(dict.fromkeys(positions))
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        rows = database.query(
            "SELECT positions.id AS position, statement, quotation, sentences, certainty, speech, speaker, "  # noqa: S608
            "support, coalesce(link, url) AS link, articles.id AS article, title, author, "
            "coalesce(site, source) AS source, published AS date "
            "FROM positions JOIN briefs ON briefs.id = positions.brief "
            "JOIN articles ON articles.id = briefs.article "
            f"WHERE positions.id IN ({', '.join('?' * len(part))})",
            *part,
        )
        for row in rows:
            values = dict(row) | {"sentences": json.loads(row["sentences"])}
            values["also_in"] = tuple(dict.fromkeys(copies.get(row["article"], ())))
            found[row["position"]] = StatementDetails.model_validate(values)
    if len(found) < len(wanted):
        raise changed_meanwhile(database)
    return {position: found[position] for position in wanted}


def read_statement_rows(database: Database, statements: Sequence[Statement]) -> Iterator[sqlite3.Row]:
    """Yield a row with all that the store has of each statement.

    Raises:
        StoreError: A statement is no longer in the store.
    """
    rows = database.query(
        "SELECT positions.id AS statement_id, positions.key AS position, statement, quotation, sentences, certainty, "
        "speech, speaker AS check_speaker, support AS check_support, positions.link, "
        "issues.proposition AS article_issue, holders.actor AS actor_id, holders.name AS holder, holders.role, "
        "holders.affiliation, articles.id AS article_id, title, author, published, section, form, language, url, "
        "source, sha256, engines.kind AS engine, engines.model, engines.library, briefs.made FROM positions "
        "JOIN briefs ON briefs.id = positions.brief JOIN articles ON articles.id = briefs.article "
        "JOIN engines ON engines.id = briefs.engine JOIN position_holders ON position_holders.position = positions.id "
        "JOIN holders ON holders.id = position_holders.holder LEFT JOIN issues ON issues.id = positions.issue "
        "WHERE positions.id IN (SELECT value FROM json_each(?))",
        json.dumps([each.position for each in statements]),
    )
    found = {(row["statement_id"], row["actor_id"]): row for row in reversed(rows)}
    for each in statements:
        if (each.position, each.actor) not in found:
            raise changed_meanwhile(database)
        yield found[each.position, each.actor]


def read_article_rows(database: Database, articles: Sequence[int]) -> Iterator[sqlite3.Row]:
    """Yield a row with the metadata of each article, and how its current brief was made.

    Raises:
        StoreError: An article has no brief in the store any more.
    """
    rows = database.query(
        "SELECT articles.id AS article_id, published, coalesce(site, source) AS outlet, title, author, section, form, "
        "language, url, source, characters, sha256, engines.kind AS engine, engines.model, engines.library, "
        "briefs.made FROM articles JOIN current_briefs ON current_briefs.article = articles.id "
        "JOIN briefs ON briefs.id = current_briefs.brief JOIN engines ON engines.id = briefs.engine "
        "WHERE articles.id IN (SELECT value FROM json_each(?))",
        json.dumps(articles),
    )
    found = {row["article_id"]: row for row in rows}
    for article in articles:
        if article not in found:
            raise changed_meanwhile(database)
        yield found[article]


def read_brief(database: Database, article: int) -> tuple[Brief, str | None]:
    """Return the current brief of an article, and its text if the store has it.

    Raises:
        StoreError: The article has no brief in the store any more.
    """
    rows = database.query(
        "SELECT briefs.brief, text FROM current_briefs JOIN briefs ON briefs.id = current_briefs.brief "
        "JOIN articles ON articles.id = current_briefs.article WHERE articles.id = ?",
        article,
    )
    if not rows:
        raise changed_meanwhile(database)
    return Brief.from_json(rows[0]["brief"]), rows[0]["text"]


def _merge_roles(roles: Iterable[Role]) -> tuple[Role, ...]:
    """Join roles in the same words, with the first and the last date."""
    merged: dict[tuple[str, str], Role] = {}
    for role in roles:
        key = normalize(role.role or ""), normalize(role.affiliation or "")
        earlier = merged.get(key, role)
        dates = [date for each in (earlier, role) for date in (each.first, each.last) if date]
        first, last = (min(dates), max(dates)) if dates else (None, None)
        merged[key] = earlier.model_copy(update={"first": first, "last": last})
    return tuple(merged.values())
