"""Read the statements of a dispute, and the sentences of its articles, as units to be grouped."""

import json
import sqlite3
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from summarizer._patterns import compile_lazily
from summarizer.dossier.grouping import Passage, Passages, Unit
from summarizer.dossier.propositions import is_clause
from summarizer.dossier.wording import (
    is_old,
    names_another,
    read_content,
    read_headline,
    read_statement,
    read_terms,
    read_wish,
)

SIGNS = {"agrees": 1, "disagrees": -1}
_SAID = (  # the statements of an actor on issues in other articles
    "SELECT quotation, dossier_issue, stance FROM positions_view WHERE position IN (SELECT position FROM holders JOIN "
    "position_holders ON holder = holders.id WHERE actor = ?) AND actor = ?1 AND article <> (SELECT article FROM "
    "briefs WHERE id = ?) AND stance IN ('agrees', 'disagrees') AND dossier_issue IS NOT NULL "
    "ORDER BY date, (SELECT sha256 FROM articles WHERE id = article), position"
)
_SENTENCE_END = compile_lazily(r"(?<=[.!?”\"])\s+")
_MAX_TEXTS = 300  # articles of a dispute whose texts give its words
_AT_ONCE = 1000  # statements in memory
_OPPOSITE = {"agrees": "disagrees", "disagrees": "agrees"}
_IDS = (
    "SELECT positions.id, engines.kind = 'builtin' OR issue IS NULL FROM article_disputes JOIN current_briefs USING "
    "(article) JOIN positions ON positions.brief = current_briefs.brief JOIN articles ON articles.id = "
    "current_briefs.article JOIN briefs ON briefs.id = positions.brief JOIN engines ON engines.id = briefs.engine "
    "WHERE dispute = ? ORDER BY published IS NULL, published, sha256, positions.id"
)
_STATEMENTS = (
    "SELECT positions.id, proposition, dossier_issue, contrary, stance, engines.kind = 'builtin' AS is_builtin, "
    "statement, quotation, title, published, holder_names, article, min(coalesce(actor, name, '')) AS actor FROM "
    "json_each(?) JOIN positions ON positions.id = json_each.value JOIN position_holders ON position = "
    "positions.id JOIN holders ON holders.id = position_holders.holder JOIN briefs ON briefs.id = positions.brief JOIN "
    "articles ON articles.id = briefs.article JOIN engines ON engines.id = briefs.engine LEFT JOIN issues ON issues.id "
    "= positions.issue GROUP BY json_each.key ORDER BY json_each.key"
)


@dataclass(frozen=True)
class PlacedStatement:
    """A statement of a dispute, to be placed under an issue."""

    position: int
    proposition: str | None
    """Of its issue in the brief."""
    issue: str | None
    """Of the dossier."""
    stance: str
    """On that issue."""
    is_builtin: bool
    unit: Unit
    context: str
    """The headline and the quotation, if they are asked for."""

    @property
    def may_be_placed(self) -> bool:
        """Return whether it has no issue, or one by the built-in rules without a common word."""
        if self.proposition is None:
            return True
        return self.is_builtin and read_content(self.proposition).terms.keys().isdisjoint(self.unit.content.terms)

    @property
    def lacks_side(self) -> bool:
        """Return whether it has an issue, and the built-in rules left its side open."""
        return self.is_builtin and self.issue is not None and self.stance not in SIGNS


def read_ids(connection: sqlite3.Connection, dispute: int) -> tuple["array[int]", bytearray]:
    """Return a dispute's statements by date, and whether each may be placed or lacks a side."""
    ids, is_open = array("q"), bytearray()
    for position, may_change in connection.execute(_IDS, (dispute,)):
        ids.append(position)
        is_open.append(may_change)
    return ids, is_open


def read_statements(
    connection: sqlite3.Connection, ids: Sequence[int], *, with_context: bool = False
) -> Iterator[PlacedStatement]:
    """Yield statements; only one portion of them is in memory."""
    for start in range(0, len(ids), _AT_ONCE):
        part = json.dumps(list(ids[start : start + _AT_ONCE]))
        for row in connection.execute(_STATEMENTS, (part,)).fetchall():
            yield PlacedStatement(
                row["id"],
                row["proposition"],
                row["dossier_issue"],
                _OPPOSITE.get(row["stance"], row["stance"]) if row["contrary"] else row["stance"],
                bool(row["is_builtin"]),
                _unit(row),
                f"{row['title'] or ''}. {row['quotation']}" if with_context else "",
            )


def read_passages(connection: sqlite3.Connection, dispute: int) -> Passages:
    """Return the terms of the sentences of the dispute's articles: of some, evenly spread, where there are many."""
    ids = connection.execute(
        "SELECT id FROM article_disputes JOIN current_briefs USING (article) JOIN articles ON articles.id = "
        "current_briefs.article WHERE dispute = ? AND coalesce(text, '') != '' ORDER BY published, sha256",
        (dispute,),
    ).fetchall()
    chosen = ids[:: 1 + len(ids) // _MAX_TEXTS]
    sql = "SELECT id, title, text FROM articles WHERE id = ?"
    return {
        row["id"]: [
            Passage(read_terms(sentence), sentence)
            for sentence in (row["title"] or "", *_SENTENCE_END.split(row["text"]))
            if sentence
        ]
        for row in (connection.execute(sql, each).fetchone() for each in map(tuple, chosen))
    }


def _unit(row: sqlite3.Row) -> Unit:
    text = str(row["statement"])
    name, _, rest = text.partition(": ")
    said = rest if rest and name in row["holder_names"] else text
    content = read_statement(said, row["quotation"])
    is_own = not is_old(row["quotation"], row["published"]) and not names_another(said, row["holder_names"])
    return Unit(
        row["article"],
        row["actor"],
        content if is_own else content._replace(signs={}, general=0),
        said,
        is_sided=row["stance"] in SIGNS,
        cited=read_terms(row["quotation"]) if row["is_builtin"] else {},
        headline=read_headline(row["title"] or "") if row["is_builtin"] else {},
    )


def issue_said(connection: sqlite3.Connection, actor: str, brief: int, text: str) -> tuple[str, int] | None:
    """Return issue and sides of another statement of the actor with all words of a matter."""
    content = read_content(text)
    wanted = content.signs if is_clause(text) else read_wish(text).signs
    for quotation, issue, stance in connection.execute(_SAID, (actor, brief)):
        said = read_content(quotation)
        is_same = content.terms == said.terms or (len(content.terms) > 1 and content.terms.keys() <= said.terms.keys())
        agreement = sum(sign * said.signs.get(term, 0) for term, sign in wanted.items())
        if is_same and agreement:
            return issue, SIGNS[stance] if agreement > 0 else -SIGNS[stance]
    return None
