"""Read the actors, the issues and the details of statements from the tables of a store."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from summarizer._text import normalize
from summarizer.dossier.types import Actor, DossierIssue, Role, Statement, StatementDetails, Wording
from summarizer.errors import StoreError
from summarizer.store import Database

_AT_ONCE = 500
"""Ids in one query; SQLite allows more, but no more than 999 in old versions."""


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
        "SELECT actor, holders.name, aliases, role, affiliation, min(published) AS first, max(published) AS last "
        "FROM holders JOIN current_briefs USING (brief) JOIN articles ON articles.id = current_briefs.article "
        "WHERE actor IS NOT NULL GROUP BY actor, holders.name, aliases, role, affiliation "
        "ORDER BY first IS NULL, first"
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
        "SELECT dossier_issue, proposition, contrary, count(*) AS briefs FROM issues "
        "JOIN current_briefs USING (brief) WHERE dossier_issue IS NOT NULL "
        "GROUP BY dossier_issue, proposition, contrary ORDER BY briefs DESC"
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
