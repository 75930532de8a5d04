"""People's corrections of single statements: whose one is, and what it is not about, does not show or not answer."""

import json
import sqlite3
from collections.abc import Sequence

from summarizer._text import normalize, shorten
from summarizer.dossier.decision_log import DecisionLog
from summarizer.dossier.identifiers import HASH_DIGITS, decision_key
from summarizer.dossier.manual_decisions import (
    choose_articles,
    choose_holders,
    choose_issue,
    find_issue,
    holders_with_key,
)
from summarizer.dossier.types import MEANINGS, DecisionKind, Verdict
from summarizer.errors import ConfigurationError
from summarizer.store import Database

CORRECTIONS = dict(MEANINGS.values())
"""The kinds of decisions on a single statement, each with its only verdict."""
_MAX_LISTED = 5
_POSITIONS = (
    "SELECT positions.id, positions.key, issue, statement AS words, quotation, sha256, positions.brief, made_of.brief "
    "AS text FROM positions JOIN briefs AS made_of ON made_of.id = positions.brief JOIN articles ON articles.id = "
    "made_of.article "
)
_OWN_HOLDERS = "SELECT id FROM holders WHERE brief = ? AND key IN (SELECT value FROM json_each(?))"
_QUESTIONS = (
    "SELECT questions.id, question AS words, quotation, sha256 FROM questions JOIN briefs ON briefs.id = "
    "questions.brief JOIN articles ON articles.id = briefs.article "
)


def find_correction(database: Database, kind: DecisionKind, one: str, other: str, verdict: Verdict) -> tuple[str, str]:
    """Return the keys of what a correction is about: a statement or a question first, where it names one.

    Raises:
        ConfigurationError: A text means none or several, or the verdict is not that of the kind.
    """
    if verdict != CORRECTIONS[kind]:
        raise ConfigurationError(f"A decision on a {kind} is “{CORRECTIONS[kind]}”, not “{verdict}”.")
    if kind == "speaker":
        return _choose(database, _POSITIONS, one), choose_holders(database, other).key
    if kind == "placement":
        return _choose(database, _POSITIONS, one), choose_issue(database, other)
    if kind == "change":
        return _choose(database, _POSITIONS, other), choose_holders(database, one).key
    return _choose(database, _QUESTIONS, one), _choose(database, _POSITIONS, other)


def _choose(database: Database, select: str, text: str) -> str:
    """Return the key of the statement or question that a text means: its number, or WORDS@ARTICLE."""
    what = "statement" if select == _POSITIONS else "question"
    words, _, place = text.rpartition("@")
    if text.isdecimal():
        rows = database.query(f"{select} WHERE {what.replace('statement', 'position')}s.id = ?", int(text))
    elif words:
        ids = json.dumps(choose_articles(database, place.strip()))
        rows = database.query(f"{select} WHERE articles.id IN (SELECT value FROM json_each(?))", ids)  # noqa: S608
    else:
        raise ConfigurationError(f"“{shorten(text)}” names no {what}.", hint="Write its number, or WORDS@ARTICLE.")
    plain = normalize(words)
    found = [row for row in rows if plain == normalize(row["words"])]
    for column in ("words", "quotation"):
        found = found or [row for row in rows if plain in normalize(row[column])]
    keys = {_key(row): f"{row['id']} “{shorten(row['words'], 60)}”" for row in found}
    if len(keys) != 1:
        near = list(keys.values()) or [f"{row['id']} “{shorten(row['words'], 60)}”" for row in rows]
        problem = f"Several {what}s fit" if keys else f"No {what} fits"
        hint = f"There are: {', '.join(near[:_MAX_LISTED])}." if near else ""
        raise ConfigurationError(f"{problem} “{shorten(text)}”.", hint=hint)
    return next(iter(keys))


def correct_speakers(database: Database) -> set[str]:
    """Give statements to the actors to whom people gave them, and all others back. Return the actors concerned.

    An issue that a person took from a statement is given back, too, if that is withdrawn.
    """
    log, touched = DecisionLog(database), set[str]()
    given = {each.one: each.other for each in log.by_people("speaker")}
    decided = {each.one for kind in ("speaker", "placement") for each in log.of_kind(kind)}
    taken = {each.one for each in log.by_people("placement")}
    for key in () if database.is_read_only else decided:
        for row in _with_key(database, _POSITIONS, key):
            own = next(each for each in json.loads(row["text"])["positions"] if each["id"] == row["key"])
            holders = _holders_of(database, given.get(key), row["brief"]) or [
                each["id"] for each in database.query(_OWN_HOLDERS, row["brief"], json.dumps(own["holders"]))
            ]
            sql = "SELECT holder FROM position_holders WHERE position = ?"
            before = {each["holder"] for each in database.query(sql, row["id"])}
            issues = database.query("SELECT id FROM issues WHERE brief = ? AND key = ?", row["brief"], own["issue"])
            issue = row["issue"] if key in taken else next((each["id"] for each in issues), None)
            if (before, row["issue"]) == (set(holders), issue):
                continue
            with database.transaction() as connection:
                connection.execute("UPDATE positions SET issue = ? WHERE id = ?", (issue, row["id"]))
                connection.execute("DELETE FROM position_holders WHERE position = ?", (row["id"],))
                pairs = [(row["id"], holder) for holder in holders]
                connection.executemany("INSERT INTO position_holders VALUES (?, ?)", pairs)
            sql = "SELECT actor FROM holders WHERE actor IS NOT NULL AND id IN (SELECT value FROM json_each(?))"
            touched |= {each["actor"] for each in database.query(sql, json.dumps([*before, *holders]))}
    return touched


def _holders_of(database: Database, key: str | None, brief: int) -> list[int]:
    """Return a holder of the actor that a key means: one of a brief, or else the one with the key."""
    rows = holders_with_key(database, key) if key else []
    sql = "SELECT id FROM holders WHERE brief = ? AND actor = ?"
    return [row["id"] for row in (*(database.query(sql, brief, rows[0]["actor"]) if rows else ()), *rows)][:1]


def reject_placements(database: Database) -> set[str]:
    """Take statements from the issues that people say they are not about. Return these issues."""
    touched = set[str]()
    for key, other in _rejected(database, "placement"):
        for row in _with_key(database, _POSITIONS, key):
            with database.transaction() as connection:
                issue = find_issue(connection, other)
                sql = "SELECT dossier_issue FROM positions_view WHERE position = ?"
                if issue and connection.execute(sql, (row["id"],)).fetchone()[0] == issue[0]:
                    connection.execute("DELETE FROM placements WHERE position = ?", (row["id"],))
                    connection.execute("UPDATE positions SET issue = NULL WHERE id = ?", (row["id"],))
                    touched.add(issue[0])
    return touched


def reject_changes_and_answers(database: Database) -> None:
    """Delete the changes and answers that people say are none."""
    for one, other in _rejected(database, "change"):
        actors = [row["actor"] for row in holders_with_key(database, other)]
        _delete(database, "changes WHERE after IN {} AND actor IN {}", _ids(database, _POSITIONS, one), actors)
    for one, other in _rejected(database, "answer"):
        positions = _ids(database, _POSITIONS, other)
        _delete(database, "answers WHERE question IN {} AND position IN {}", _ids(database, _QUESTIONS, one), positions)


def _delete(database: Database, rows: str, *values: Sequence[int | str]) -> None:
    """Delete rows, if there are any: opening a dossier again writes nothing."""
    where, parameters = rows.replace("{}", "(SELECT value FROM json_each(?))"), [*map(json.dumps, values)]
    if database.query(f"SELECT 1 FROM {where} LIMIT 1", *parameters):  # noqa: S608
        with database.transaction() as connection:
            connection.execute(f"DELETE FROM {where}", parameters)  # noqa: S608


def _rejected(database: Database, kind: DecisionKind) -> list[tuple[str, str]]:
    decisions = [] if database.is_read_only else DecisionLog(database).by_people(kind)
    return [(each.one, each.other) for each in decisions]


def _with_key(database: Database, select: str, key: str) -> list[sqlite3.Row]:
    """Return the statements or questions with a key of the log; several engines may have read one article."""
    rows = database.query(f"{select} WHERE sha256 >= ?1 AND sha256 < ?1 || 'g'", key[:HASH_DIGITS])
    return [row for row in rows if _key(row) == key]


def _ids(database: Database, select: str, key: str) -> list[int]:
    return [row["id"] for row in _with_key(database, select, key)]


def _key(row: sqlite3.Row) -> str:
    return decision_key(row["sha256"], row["words"])
