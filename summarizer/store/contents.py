"""The contents of briefs as rows: holders, issues, positions and questions, for searches and dossiers."""

import json
import sqlite3
from collections.abc import Mapping

from summarizer._text import replace_surrogates
from summarizer.brief import Brief, Evidence, Holder, Issue, OpenQuestion, Position, join_quotes
from summarizer.errors import BriefError
from summarizer.store.database import insert


def insert_brief(connection: sqlite3.Connection, row: Mapping[str, object], brief: Brief) -> None:
    """Insert a brief and its contents, in place of an earlier brief by the same engine."""
    text = brief.model_dump_json()
    connection.execute("DELETE FROM briefs WHERE article = ? AND engine = ?", (row["article"], row["engine"]))
    made = brief.provenance.made.isoformat()
    number = insert(connection, "briefs", {**row, "brief": text, "made": made, "indexed": 1})
    _insert_contents(connection, number, brief)


def index_brief(connection: sqlite3.Connection, number: int, text: str) -> bool:
    """Insert the contents of the brief with this id, given as JSON. Return whether it could be read."""
    try:
        brief = Brief.from_json(text)
    except BriefError:  # of another version, or damaged
        brief = None
    if brief:
        _insert_contents(connection, number, brief)
        made_of = brief.article  # layout 1 did not have these columns
        values = (made_of.url, made_of.site, made_of.section, made_of.form)
        connection.execute(
            "UPDATE articles SET url = coalesce(url, ?), site = coalesce(site, ?), section = coalesce(section, ?), "
            "form = coalesce(form, ?) WHERE id = (SELECT article FROM briefs WHERE id = ?)",
            (*(value and replace_surrogates(value) for value in values), number),
        )
    connection.execute("UPDATE briefs SET indexed = ? WHERE id = ?", (int(brief is not None), number))
    return brief is not None


def _insert_contents(connection: sqlite3.Connection, number: int, brief: Brief) -> None:
    """Insert the contents of the brief with this id."""
    own = {"brief": number}
    holders = {each.id: insert(connection, "holders", own | _holder_row(each)) for each in brief.holders}
    issues = {each.id: insert(connection, "issues", own | _issue_row(each)) for each in brief.issues}
    names = {holder.id: holder.name or holder.role or "" for holder in brief.holders}
    for position in brief.positions:
        row = own | _position_row(position)
        row["issue"] = position.issue and issues[position.issue]
        row["reported_by"] = position.reported_by and holders[position.reported_by]
        row["holder_names"] = "; ".join(filter(None, (names.get(holder_id) for holder_id in position.holders)))
        inserted = insert(connection, "positions", row)
        connection.executemany(
            "INSERT INTO position_holders (position, holder) VALUES (?, ?)",
            [(inserted, holders[holder_id]) for holder_id in dict.fromkeys(position.holders)],
        )
    for question in brief.open_questions:
        insert(connection, "questions", own | _question_row(question))


def _holder_row(holder: Holder) -> dict[str, object]:
    return {
        "key": holder.id,
        "name": (holder.name or "").strip() or None,
        "kind": holder.kind,
        "role": holder.role,
        "affiliation": holder.affiliation,
        "aliases": json.dumps(holder.aliases, ensure_ascii=False),
        "given": holder.given,
    }


def _issue_row(issue: Issue) -> dict[str, object]:
    return {"key": issue.id, "proposition": issue.proposition, "kind": issue.kind, "given": issue.given}


def _position_row(position: Position) -> dict[str, object]:
    return {
        "key": position.id,
        "statement": position.statement,
        "stance": position.stance,
        "certainty": position.certainty,
        "no_side": position.certainty == "conditional",
        "speech": position.speech,
        "quotation": join_quotes(position.evidence),
        "sentences": json.dumps(list(dict.fromkeys(item.sentence for item in position.evidence))),
        "link": _first_link(position.evidence),
        "speaker": position.checks.speaker,
        "support": position.checks.support,
    }


def _question_row(question: OpenQuestion) -> dict[str, object]:
    return {
        "key": question.id,
        "question": question.question,
        "origin": question.origin,
        "quotation": join_quotes(question.evidence),
        "link": _first_link(question.evidence),
    }


def _first_link(evidence: tuple[Evidence, ...]) -> str | None:
    return next((item.link for item in evidence if item.link), None)
