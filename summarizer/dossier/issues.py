"""Link the issues of many briefs to issues of the dossier.

Two propositions are one matter if most of their weighty words are common. They are contraries if they take opposite
sides of these words: "The toll should be introduced", "The bridge must stay free of charge".
"""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import log, sqrt
from typing import NamedTuple

from summarizer._text import normalize, normalized_words
from summarizer.codebook import NO_CODEBOOK, Codebook
from summarizer.dossier.decisions import DecisionLog
from summarizer.dossier.identifiers import decision_key, new_identifier
from summarizer.dossier.types import Judge, Verdict
from summarizer.dossier.wording import Content, read_content
from summarizer.merging import negations_and_numbers
from summarizer.store import Database, insert

SAME, DOUBTFUL = 0.72, 0.4
"""Shares of common words from which on two propositions are one matter, or may be."""
_MAX_POSTINGS = 3000  # propositions with one word; more frequent words alone make no candidate
_MAX_CANDIDATES = 12
_NAME_WEIGHT = 1.5


@dataclass(frozen=True)
class Proposition:
    """A wording of an issue of the dossier."""

    key: str
    """Its key in the log of decisions."""
    text: str
    content: Content
    dossier_issue: str
    contrary: bool = False


class Match(NamedTuple):
    """A decision on a new proposition and a known one."""

    known: Proposition
    verdict: Verdict
    made_by: Judge
    reason: str


Doubt = tuple[str, Proposition]
"""A new proposition and a known one that may be the same matter."""
Confirm = Callable[[list[Doubt]], Iterable[Match | None]]
"""Decides doubtful pairs: by embeddings, by a model."""


def link_issues(database: Database, *, codebook: Codebook = NO_CODEBOOK, confirm: Confirm | None = None) -> set[str]:
    """Link each issue of a brief to one of the dossier. Return the ids of those that are new or have new wordings.

    Args:
        database: The database of the store.
        codebook: Given issues; they keep their ids, and issues of briefs are matched to them first.
        confirm: Decides pairs that words alone leave in doubt.
    """
    if database.is_read_only:
        return set()
    if _is_new(database, codebook):
        unlink_issues(database)
        with database.transaction() as connection:
            for entry in codebook.issues:
                connection.execute(
                    "INSERT INTO dossier_issues (id, proposition, given, wordings) VALUES (?, ?, 1, ?) "
                    "ON CONFLICT (id) DO UPDATE SET proposition = excluded.proposition, given = 1, found = 0, "
                    "wordings = excluded.wordings",
                    (entry.id, entry.proposition, json.dumps(entry.aliases, ensure_ascii=False)),
                )
    rows = database.query(
        "SELECT issues.id, issues.brief, issues.key, issues.proposition, issues.given, articles.sha256 FROM issues "
        "JOIN briefs ON briefs.id = issues.brief JOIN articles ON articles.id = briefs.article "
        "WHERE issues.dossier_issue IS NULL ORDER BY articles.published, issues.id"
    )
    if not rows:
        return set()
    linker = _Linker(database, confirm)
    with database.transaction() as connection:
        return {linker.link(connection, row) for row in rows}


def unlink_issues(database: Database) -> None:
    """Undo all links, for a rebuilding. Decisions, given issues and their ids stay."""
    with database.transaction() as connection:
        connection.execute("UPDATE issues SET dossier_issue = NULL, contrary = 0")
        connection.execute("DELETE FROM placements")
        connection.execute("UPDATE article_disputes SET placed = 0")
        connection.execute("DELETE FROM dossier_issues WHERE NOT given AND NOT found")


def _is_new(database: Database, codebook: Codebook) -> bool:
    known = {
        row["id"]: (row["proposition"], tuple(json.loads(row["wordings"])))
        for row in database.query("SELECT id, proposition, wordings FROM dossier_issues WHERE given")
    }
    return any(known.get(entry.id) != (entry.proposition, entry.aliases) for entry in codebook.issues)


class _Linker:
    """Finds the issue of the dossier for new propositions."""

    def __init__(self, database: Database, confirm: Confirm | None) -> None:
        self._log = DecisionLog(database)
        decisions = [each for each in self._log if each.kind == "issue"]
        self._logged = {(each.one, each.other, each.verdict) for each in decisions}
        self._decided: defaultdict[str, dict[str, Verdict]] = defaultdict(dict)
        for each in sorted(decisions, key=lambda each: (each.made_by == "person" or each.undone is not None, each.id)):
            verdict: Verdict = each.verdict
            if each.undone is not None:  # a person withdrew it
                if each.made_by == "person" or verdict not in ("same", "contrary"):
                    continue
                verdict = "different"
            elif each.made_by == "rule":
                continue
            self._decided[each.one][each.other] = self._decided[each.other][each.one] = verdict
        self._confirm = confirm
        self._by_text: dict[str, Proposition] = {}
        self._by_key: dict[str, Proposition] = {}
        self._postings: defaultdict[str, list[Proposition]] = defaultdict(list)
        self._issues_of_brief: defaultdict[int, set[str]] = defaultdict(set)
        for row in database.query(
            "SELECT issues.brief, issues.proposition, dossier_issue, contrary, sha256 FROM issues "
            "JOIN briefs ON briefs.id = issues.brief JOIN articles ON articles.id = briefs.article "
            "WHERE dossier_issue IS NOT NULL ORDER BY issues.id"
        ):
            key = decision_key(row["sha256"], row["proposition"])
            self._issues_of_brief[row["brief"]].add(row["dossier_issue"])
            self._add(key, row["proposition"], row["dossier_issue"], bool(row["contrary"]))
        for row in database.query("SELECT id, proposition, wordings FROM dossier_issues WHERE given OR found"):
            for text in (row["proposition"], *json.loads(row["wordings"])):
                self._add(issue_key(row["id"]), text, row["id"], False)

    def _add(self, key: str, text: str, issue: str, contrary: bool) -> None:
        if (plain := normalize(text)) in self._by_text:
            known = self._by_text[plain]
            self._by_key.setdefault(key, known)
            return
        content = read_content(text)
        found = Proposition(key, text, content, issue, contrary)
        self._by_text[plain] = found
        self._by_key.setdefault(key, found)
        for term in content.terms:
            self._postings[term].append(found)

    def link(self, connection: sqlite3.Connection, row: sqlite3.Row) -> str:
        """Link an issue of a brief, and return the issue of the dossier."""
        key = decision_key(row["sha256"], row["proposition"])
        issue, contrary = row["key"] if row["given"] else None, False
        if issue is None and (match := self._find(key, row["proposition"], row["brief"], connection)):
            issue, contrary = match.known.dossier_issue, match.known.contrary != (match.verdict == "contrary")
        if issue is None:
            issue = new_identifier(connection, "dossier_issues", row["proposition"])
        values = {"id": issue, "proposition": row["proposition"], "given": row["given"]}
        insert(connection, "dossier_issues", values, on_conflict="IGNORE")
        connection.execute(
            "UPDATE issues SET dossier_issue = ?, contrary = ? WHERE id = ?", (issue, contrary, row["id"])
        )
        self._issues_of_brief[row["brief"]].add(issue)
        self._add(key, row["proposition"], issue, contrary)
        return issue

    def _find(self, key: str, text: str, brief: int, connection: sqlite3.Connection) -> Match | None:
        decided = self._decided.get(key, {})
        for other, verdict in decided.items():
            if verdict in ("same", "contrary") and (known := self._by_key.get(other)):
                return Match(known, verdict, "person", "")
        different = {self._by_key[other].dossier_issue for other in decided if other in self._by_key}
        different |= self._issues_of_brief[brief]
        if (known := self._by_text.get(normalize(text))) and known.dossier_issue not in different:
            return Match(known, "same", "rule", "")
        content = read_content(text)
        doubts: list[Doubt] = []
        for known, share in self._near(content):
            if known.dossier_issue in different:
                continue
            verdict = compare_sides(content, known.content, text, known.text)
            if share >= SAME and verdict in ("same", "contrary"):
                match = Match(known, verdict, "rule", f"{share:.0%} of the words in common")
                self._record(connection, key, match)
                return match
            doubts.append((text, known))
        for found in self._confirm(doubts) if self._confirm and doubts else ():
            if found is not None:
                self._record(connection, key, found)
                if found.verdict in ("same", "contrary"):
                    return found
        if doubts and not self._confirm:
            known = doubts[0][1]
            self._record(connection, key, Match(known, "unsure", "rule", "some words in common"))
        return None

    def _record(self, connection: sqlite3.Connection, key: str, match: Match) -> None:
        if (key, match.known.key, match.verdict) not in self._logged:
            self._logged.add((key, match.known.key, match.verdict))
            self._log.add(
                connection, "issue", key, match.known.key, match.verdict, made_by=match.made_by, reason=match.reason
            )

    def _near(self, content: Content) -> Iterator[tuple[Proposition, float]]:
        """Yield the known propositions with common words, nearest first, each with the cosine of their weights."""
        weights = {term: self._weight(term) for term in content.terms}
        scores: Counter[str] = Counter()
        found: dict[str, Proposition] = {}
        for term in sorted(weights, key=lambda term: len(self._postings.get(term, ()))):
            postings = self._postings.get(term, ())
            if found and len(postings) > _MAX_POSTINGS:
                break
            for known in postings[-_MAX_POSTINGS:]:
                found[known.text] = known
                scores[known.text] += 1
        own = sqrt(sum(weight**2 for weight in weights.values()))
        shares = []
        for text, _ in scores.most_common(10 * _MAX_CANDIDATES):
            known = found[text]
            theirs = {term: self._weight(term) for term in known.content.terms}
            common = sum(weight**2 for term, weight in weights.items() if term in theirs)
            share = common / (own * sqrt(sum(weight**2 for weight in theirs.values())))
            if share >= DOUBTFUL:
                shares.append((known, share))
        shares.sort(key=lambda item: -item[1])
        yield from shares[:_MAX_CANDIDATES]

    def _weight(self, term: str) -> float:
        weight = log(2 + len(self._by_text) / (1 + len(self._postings.get(term, ()))))
        return weight * (_NAME_WEIGHT if term[0] == "=" else 1)


def issue_key(issue: str) -> str:
    """Return the key of an issue of the dossier that no brief has: one of a codebook, or found in statements."""
    return f"issue:{issue}"


def compare_sides(one: Content, other: Content, text: str, other_text: str) -> Verdict:
    """Return whether two propositions with common words say the same, the contrary, or something else."""
    figures = [
        frozenset(word for word in normalized_words(each) if any(map(str.isdigit, word))) for each in (text, other_text)
    ]
    if all(figures) and figures[0].isdisjoint(figures[1]):
        return "different"
    agreement = sum(
        1 if sign * other.signs[term] > 0 else -1 for term, sign in one.signs.items() if sign and other.signs.get(term)
    )
    if agreement:
        return "same" if agreement > 0 else "contrary"
    if negations_and_numbers(normalized_words(text)) == negations_and_numbers(normalized_words(other_text)):
        return "same" if not (one.general and other.general) or one.general == other.general else "contrary"
    return "unsure"
