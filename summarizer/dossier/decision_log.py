"""The log of decisions: which holders are one actor, and which issues one matter.

A holder or issue of a brief is named by a key that no rebuilding changes: the start of the hash of its article, and its
name or proposition.
"""

import json
import sqlite3
from collections.abc import Collection, Iterator
from datetime import UTC, datetime

from summarizer.dossier.clusters import Pins
from summarizer.dossier.types import Decision, DecisionKind, Judge, Verdict
from summarizer.errors import ConfigurationError
from summarizer.store import Database, insert

_BY_PERSON = "SELECT * FROM decisions WHERE kind = ?1 AND made_by = 'person' AND undone IS NULL"


class DecisionLog:
    """The decisions in a store.

    A decision that is undone stays, with the time. Only those of rules are deleted, when their holders are linked anew.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def __iter__(self) -> Iterator[Decision]:
        """Yield all decisions, oldest first."""
        for row in self._database.stream("SELECT * FROM decisions ORDER BY id"):
            yield _decision(row)

    def of_kind(self, kind: DecisionKind) -> Iterator[Decision]:
        """Yield the decisions on actors or on issues, oldest first."""
        for row in self._database.stream("SELECT * FROM decisions WHERE kind = ? ORDER BY id", kind):
            yield _decision(row)

    def by_people(self, kind: DecisionKind) -> list[Decision]:
        """Return the decisions of people that are in force, oldest first."""
        rows = self._database.query(
            "SELECT * FROM decisions WHERE kind = ? AND made_by = 'person' AND undone IS NULL ORDER BY id", kind
        )
        return [_decision(row) for row in rows]

    def between(
        self, kind: DecisionKind, ones: Collection[str], others: Collection[str], *, until: int
    ) -> list[Decision]:
        """Return the decisions on one of some keys and one of others, in any order, up to a number."""
        sql = (
            "SELECT * FROM decisions WHERE kind = ?1 AND id <= ?4 "
            "AND one IN (SELECT value FROM json_each({})) AND +other IN (SELECT value FROM json_each({}))"
        )
        rows = self._database.query(
            f"{sql.format('?2', '?3')} UNION {sql.format('?3', '?2')} ORDER BY id",
            kind,
            json.dumps(sorted(set(ones))),
            json.dumps(sorted(set(others))),
            until,
        )
        return [_decision(row) for row in rows]

    def has_of_model(self, kind: DecisionKind, keys: Collection[str]) -> bool:
        """Return whether a model decided on one of some keys."""
        sql = (
            "SELECT 1 FROM decisions WHERE kind = ?1 AND made_by = 'model' AND undone IS NULL "
            "AND {} IN (SELECT value FROM json_each(?2))"
        )
        both = f"{sql.format('one')} UNION ALL {sql.format('other')} LIMIT 1"
        return bool(self._database.query(both, kind, json.dumps(sorted(set(keys)))))

    def pins(self, kind: DecisionKind) -> Pins:
        """Return what people and models decided: people's decisions prevail, and the last one on a pair counts.

        A "same" of a rule or a model that a person has undone counts as "different".
        """
        rows = self._database.query(
            "SELECT one, other, verdict, made_by, undone FROM decisions WHERE kind = ? AND verdict != 'unsure' AND "
            "CASE WHEN undone IS NULL THEN made_by != 'rule' ELSE made_by != 'person' AND verdict = 'same' END "
            "ORDER BY made_by = 'person' OR undone IS NOT NULL, id",
            kind,
        )
        verdicts: dict[frozenset[str], tuple[str, str, str]] = {}
        for one, other, verdict, _, undone in rows:
            pair = frozenset((one, other))
            verdicts.pop(pair, None)
            verdicts[pair] = one, other, "different" if undone else verdict
        decided = list(reversed(verdicts.values()))  # people's first
        return Pins(
            [(one, other) for one, other, verdict in decided if verdict == "same"],
            [(one, other) for one, other, verdict in decided if verdict == "different"],
        )

    def add(
        self,
        connection: sqlite3.Connection,
        kind: DecisionKind,
        one: str,
        other: str,
        verdict: Verdict,
        *,
        made_by: Judge,
        reason: str,
    ) -> int:
        """Add a decision within a transaction, and return its id."""
        now = datetime.now(UTC).isoformat()
        row = {"kind": kind, "one": one, "other": other, "verdict": verdict, "made_by": made_by}
        return insert(connection, "decisions", row | {"reason": reason, "made": now})

    def find_person(self, kind: DecisionKind, one: str, other: str, verdict: Verdict) -> Decision | None:
        """Return the person's decision in force on two keys, in any order, if it has this verdict."""
        rows = self._database.query(
            f"{_BY_PERSON} AND one = ?2 AND other = ?3 UNION ALL {_BY_PERSON} AND one = ?3 AND other = ?2 "
            "ORDER BY id DESC LIMIT 1",
            kind,
            one,
            other,
        )
        return _decision(rows[0]) if rows and rows[0]["verdict"] == verdict else None

    def undo(self, number: int) -> Decision:
        """Withdraw a decision, and return it as it was.

        Raises:
            ConfigurationError: There is no such decision, it is withdrawn already, or it is a rule's that two are not
                the same, which only a person's decision changes.
        """
        rows = self._database.query("SELECT * FROM decisions WHERE id = ? AND undone IS NULL", number)
        if not rows:
            hint = "summarizer dossier STORE --log lists the decisions."
            raise ConfigurationError(f"No decision in force has the number {number}.", hint=hint)
        if rows[0]["made_by"] == "rule" and rows[0]["verdict"] in ("different", "unsure"):
            hint = "Decide that the two are the same instead (--same)."
            raise ConfigurationError(f"Decision {number} is a rule's that two are not surely the same.", hint=hint)
        with self._database.transaction() as connection:
            now = datetime.now(UTC).isoformat()
            connection.execute("UPDATE decisions SET undone = ? WHERE id = ?", (now, number))
        return _decision(rows[0])


def _decision(row: sqlite3.Row) -> Decision:
    return Decision.model_validate(dict(row))
