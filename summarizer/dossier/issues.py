"""Link the issues of many briefs to issues of the dossier.

Two propositions are one matter if most of their weighty words are common. They are contraries if they take opposite
sides of these words: "The toll should be introduced", "The bridge must stay free of charge".
"""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from math import log, sqrt
from typing import NamedTuple

from summarizer._text import normalize, one_line, shorten
from summarizer.codebook import NO_CODEBOOK, Codebook
from summarizer.dossier.comparing import Demand, compare, read_demand, stems_of
from summarizer.dossier.decision_log import DecisionLog
from summarizer.dossier.identifiers import Identifiers, decision_key
from summarizer.dossier.issue_judge import IssueJudge, Judgement, Listed, Pair
from summarizer.dossier.relinking import Link, Relinking
from summarizer.dossier.tables import SUPERSEDED
from summarizer.dossier.types import Judge, Verdict
from summarizer.store import Database, insert

SAME, SAME_SIDED, DOUBTFUL = 0.75, 0.64, 0.4
"""Shares of common words from which on two propositions are one matter, or may be.

The second is for propositions that both take a side of a common word: then the words are about a matter in dispute.
"""
_CONTRARY = 0.95  # share of common words from which on two propositions of one brief may be contraries
_MAX_POSTINGS = 3000  # propositions with one word; more frequent words alone make no candidate
_MAX_CANDIDATES = 12
_MAX_DOUBTS = 3  # that embeddings judge for one proposition
_NEW_AT_ONCE, _KNOWN_AT_ONCE = 80, 40  # propositions in one list for a model
_RELATED, _MAX_RELATED = 0.15, 6  # share of common words, and known propositions for each new one, in that list
_MAX_TITLE = 70  # characters
_NAME_WEIGHT = 1.5
_ISSUES = (
    "SELECT issues.id, issues.brief, issues.key, issues.proposition, issues.given, sha256, articles.title, articles.id "  # noqa: S608
    "AS article FROM issues JOIN briefs ON briefs.id = issues.brief JOIN articles ON articles.id = briefs.article "
    f"WHERE NOT {SUPERSEDED} AND {{}} ORDER BY articles.published, articles.title, sha256, issues.id"
)
_NEW = _ISSUES.format("issues.dossier_issue IS NULL AND ?1 = 'null'")
_NOT_KEPT = _ISSUES.format("(issues.dossier_issue IS NULL OR issues.brief NOT IN (SELECT value FROM json_each(?1)))")
_KEPT = "(?1 = 'null' OR issues.brief IN (SELECT value FROM json_each(?1)))"
_WITHOUT_BRIEF = (
    "SELECT id, proposition, wordings, given FROM dossier_issues WHERE given OR (found AND (?1 = 'null' OR id IN "
    "(SELECT dossier_issue FROM placements JOIN positions ON positions.id = position WHERE positions.brief IN "
    "(SELECT value FROM json_each(?1)))))"
)
"""Issues of a codebook, and those found in statements, but for those that are to be found anew."""
_FEW = 200  # new propositions; for these, only known ones with a common word are read


@dataclass(frozen=True)
class Proposition:
    """A wording of an issue of the dossier."""

    key: str
    """Its key in the log of decisions."""
    text: str
    demand: Demand
    dossier_issue: str
    contrary: bool = False
    sided: str = ""
    """The text that shows its side, if another one: an alias in a codebook is often only a noun."""
    title: str = ""
    article: int = 0
    """The title and the number of the article."""


class Match(NamedTuple):
    """A decision on a new proposition and a known one."""

    known: Proposition
    verdict: Verdict
    made_by: Judge
    reason: str


@dataclass(frozen=True)
class _Doubt:
    """A new proposition and a known one that may be the same matter."""

    key: str
    text: str
    known: Proposition
    found: Match | None = None
    """What the rules decide, if nobody else does."""


def link_issues(
    database: Database, relinking: Relinking, *, codebook: Codebook = NO_CODEBOOK, judge: IssueJudge | None = None
) -> set[str]:
    """Link the issues of briefs to those of the dossier, and return the new and reworded ones by id.

    Args:
        database: The database of the store.
        relinking: Undoes the links that are to be made anew.
        codebook: Given issues; they keep their ids, and issues of briefs are matched to them first.
        judge: Decides pairs that words alone leave in doubt.
    """
    if database.is_read_only:
        return set()
    asks = judge is not None and judge.has_model
    if not (relinking.unlinks or database.query("SELECT 1 FROM issues WHERE dossier_issue IS NULL LIMIT 1")):
        return set()
    with database.transaction() as connection:  # what others linked in the meantime is read
        relinking.unlink(connection)
        for entry in codebook.issues if has_new_entries(database, codebook) else ():
            connection.execute(
                "INSERT INTO dossier_issues (id, proposition, given, wordings) VALUES (?, ?, 1, ?) ON CONFLICT (id) DO "
                "UPDATE SET proposition = excluded.proposition, given = 1, found = 0, wordings = excluded.wordings",
                (entry.id, entry.proposition, json.dumps(entry.aliases, ensure_ascii=False)),
            )
        kept = json.dumps(relinking.kept_briefs(connection))
        linker = _Linker(database, rows := database.query(_NEW if kept == "null" else _NOT_KEPT, kept), kept, asks=asks)
        links = {row["id"]: linker.link(connection, row) for row in rows}
        chosen = set(relinking.choose(connection, links))
        touched = {_write(connection, row, *links[row["id"]]) for row in rows if row["id"] in chosen}
    if judge is not None:
        linker.compare(judge)
        judgements = judge.decide([Pair(each.text, each.known.text) for each in linker.doubts])
        if judge.has_model:
            judgements = linker.group(judge, judgements)
        with database.transaction() as connection:
            touched |= linker.settle(connection, judgements)
    return touched


def _write(connection: sqlite3.Connection, row: sqlite3.Row, issue: str, contrary: bool) -> str:
    """Write the link of an issue of a brief, and return the issue of the dossier."""
    values = {"id": issue, "proposition": row["proposition"], "given": row["given"]}
    insert(connection, "dossier_issues", values, on_conflict="IGNORE")
    connection.execute("UPDATE issues SET dossier_issue = ?, contrary = ? WHERE id = ?", (issue, contrary, row["id"]))
    return issue


def has_new_entries(database: Database, codebook: Codebook) -> bool:
    """Return whether a codebook has issues that the store does not have, or has in other words."""
    known = {
        row["id"]: (row["proposition"], tuple(json.loads(row["wordings"])))
        for row in database.query("SELECT id, proposition, wordings FROM dossier_issues WHERE given")
    }
    return any(known.get(entry.id) != (entry.proposition, entry.aliases) for entry in codebook.issues)


class _Linker:
    """Finds the issue of the dossier for new propositions."""

    def __init__(self, database: Database, new: Sequence[sqlite3.Row], kept: str, *, asks: bool = False) -> None:
        self._asks = asks  # a model: what would turn a stance waits for its verdict
        self._log = DecisionLog(database)
        self._logged = {(each.one, each.other, each.verdict, each.made_by) for each in self._log.of_kind("issue")}
        decisions = [each for each in self._log.of_kind("issue") if each.made_by != "rule" or each.undone is not None]
        self._decided: defaultdict[str, dict[str, Verdict]] = defaultdict(dict)
        self._persons = {frozenset((each.one, each.other)) for each in decisions if each.made_by == "person"}
        for each in sorted(decisions, key=lambda each: (each.made_by == "person" or each.undone is not None, each.id)):
            verdict: Verdict = each.verdict
            if each.undone is not None:  # a person withdrew it
                if each.made_by == "person" or verdict not in ("same", "contrary"):
                    continue
                verdict = "different"
            self._decide(each.one, each.other, verdict)
        self.doubts: list[_Doubt] = []
        """Pairs that words alone do not decide, of propositions for which no other was found."""
        self._alone: list[tuple[str, str]] = []
        """The keys and texts of propositions for which no other was found."""
        self._by_text: dict[str, Proposition] = {}
        self._by_key: dict[str, Proposition] = {}
        self._known: list[Proposition] = []
        self._lengths: list[float] = []
        self._postings: defaultdict[str, list[int]] = defaultdict(list)
        self._issues_of_brief: defaultdict[int, set[str]] = defaultdict(set)
        count = f"SELECT count(*) FROM issues WHERE dossier_issue IS NOT NULL AND {_KEPT}"  # noqa: S608
        self._count = database.query(count, kept)[0][0]
        words = "" if asks or self._decided or len(new) > _FEW else _search_words(row["proposition"] for row in new)
        for row in database.query(
            "SELECT issues.brief, issues.proposition, dossier_issue, contrary, sha256, articles.title, articles.id AS "  # noqa: S608
            "article FROM issues JOIN briefs ON briefs.id = issues.brief JOIN articles ON articles.id = briefs.article "
            f"WHERE dossier_issue IS NOT NULL AND {_KEPT} AND (?2 = '' OR issues.id IN (SELECT rowid FROM issues_fts "
            "WHERE issues_fts MATCH ?2)) ORDER BY issues.id",
            kept,
            words,
        ):
            key = decision_key(row["sha256"], row["proposition"])
            self._issues_of_brief[row["brief"]].add(row["dossier_issue"])
            self._add(key, row["proposition"], row["dossier_issue"], bool(row["contrary"]), row=row)
        self._given: set[str] = set()
        self._ids = Identifiers(database, "dossier_issues")
        for row in database.query(_WITHOUT_BRIEF, kept):
            self._given.update([row["id"]] if row["given"] else [])
            for text in (row["proposition"], *json.loads(row["wordings"])):
                self._add(issue_key(row["id"]), text, row["id"], False, sided=row["proposition"])
        self._old = len(self._known)

    def _decide(self, one: str, other: str, verdict: Verdict) -> None:
        self._decided[one][other] = self._decided[other][one] = verdict

    def _add(
        self, key: str, text: str, issue: str, contrary: bool, *, sided: str = "", row: sqlite3.Row | None = None
    ) -> None:
        if (plain := normalize(text)) in self._by_text:
            known = self._by_text[plain]
            self._by_key.setdefault(key, known)
            return
        demand = read_demand(text)
        title, article = (row["title"] or "", row["article"]) if row else ("", 0)
        found = Proposition(key, text, demand, issue, contrary, sided, title, article)
        self._by_text[plain] = found
        self._by_key.setdefault(key, found)
        for term in demand.weights:
            self._postings[term].append(len(self._known))
        self._known.append(found)
        self._lengths.append(sqrt(sum(value**2 for value in self._vector(demand).values())) or 1.0)

    def link(self, connection: sqlite3.Connection, row: sqlite3.Row) -> Link:
        """Find the issue of the dossier for an issue of a brief."""
        key = decision_key(row["sha256"], row["proposition"])
        issue, contrary = row["key"] if row["given"] else None, False
        if issue is None and (match := self._find(key, row["proposition"], row["brief"], connection)):
            issue, contrary = match.known.dossier_issue, match.known.contrary != (match.verdict == "contrary")
        if issue is None:
            issue = self._ids.create(row["proposition"])
        self._issues_of_brief[row["brief"]].add(issue)
        self._add(key, row["proposition"], issue, contrary, row=row)
        return issue, contrary

    def _find(self, key: str, text: str, brief: int, connection: sqlite3.Connection) -> Match | None:
        decided = self._decided.get(key, {})
        apart = {
            self._by_key[other].dossier_issue
            for other, verdict in decided.items()
            if verdict == "different" and other in self._by_key
        }
        for other, verdict in decided.items():
            if frozenset((key, other)) in self._persons or verdict not in ("same", "contrary"):
                continue  # people's decisions join whole issues, when all are linked
            known = self._by_key.get(other)
            if known and known.dossier_issue not in apart | self._issues_of_brief[brief]:
                return Match(known, verdict, "model", "")
        different = {self._by_key[other].dossier_issue for other in decided if other in self._by_key}
        own = self._issues_of_brief[brief]  # other matters, but for exact contraries
        if (known := self._by_text.get(normalize(text))) and known.dossier_issue not in different | own:
            return Match(known, "same", "rule", "")
        doubts: list[_Doubt] = []
        for known, share in self._near(read_demand(text)):
            if share < SAME_SIDED and len(doubts) >= _MAX_DOUBTS:
                break
            if known.dossier_issue in different or key in self._decided.get(known.key, ()):
                continue
            verdict, is_sided = compare(text, known.sided or known.text)
            if known.dossier_issue in own and not (verdict == "contrary" and is_sided and share >= _CONTRARY):
                continue
            if share >= (SAME_SIDED if is_sided else SAME) and verdict in ("same", "contrary"):
                match = Match(known, verdict, "rule", f"{share:.0%} of the words in common")
                if self._asks and (verdict == "contrary" or share < SAME):
                    self.doubts.append(_Doubt(key, text, known, match))
                    return None
                self._record(connection, key, match)
                return match
            if verdict != "different":
                doubts.append(_Doubt(key, text, known))
        self._alone.append((key, text))
        if doubts and not self._asks:
            self.doubts += doubts[:_MAX_DOUBTS]
            self._record(connection, key, Match(doubts[0].known, "unsure", "rule", "some words in common"))
        return None

    def compare(self, judge: IssueJudge) -> None:
        """Add the pairs that embeddings take for one matter to those in doubt."""
        doubted = {(each.key, each.known.key) for each in self.doubts}
        for place, number in judge.nearest([text for _, text in self._alone], [each.text for each in self._known]):
            (key, text), known = self._alone[place], self._known[number]
            is_decided = known.key in self._decided.get(key, {}) or (key, known.key) in doubted
            if key != known.key and not is_decided and known.dossier_issue != self._by_key[key].dossier_issue:
                self.doubts.append(_Doubt(key, text, known))

    def group(self, judge: IssueJudge, judgements: Sequence[Judgement | None]) -> list[Judgement | None]:
        """Let a model group the new issues with each other and with known ones.

        Its verdicts become doubts with a judgement. Earlier doubts on issues that it saw together are dropped.

        Args:
            judge: It has a model.
            judgements: Those on the doubts so far.

        Returns:
            The judgements on all doubts.
        """
        heads: dict[str, Proposition] = {}
        for each in self._known:
            heads.setdefault(each.dossier_issue, each)
        new = [each for each in self._known[self._old :] if heads[each.dossier_issue] is each]
        settled = heads.copy()
        for each in new:
            del settled[each.dossier_issue]
        seen: list[set[str]] = []
        grouped: list[tuple[_Doubt, Judgement]] = []
        for start in range(0, len(new), _NEW_AT_ONCE):
            part = new[start : start + _NEW_AT_ONCE]
            known = self._choose_known(part, settled)
            if len(known) + len(part) < 2:
                break
            found = judge.group([_listed(each) for each in known], [_listed(each) for each in part], part[0].article)
            settled |= {each.dossier_issue: each for each in part}
            if found is None:
                continue
            listed = [*known, *part]
            seen.append({each.dossier_issue for each in listed})
            name, groups = found
            alone = set(range(len(known), len(listed)))
            for first, *others in map(sorted, groups):
                alone -= {first.place, *(each.place for each in others)}
                for other in others:
                    one = listed[other.place]
                    verdict: Verdict = "same" if other.is_contrary == first.is_contrary else "contrary"
                    doubt = _Doubt(one.key, one.text, listed[first.place])
                    grouped.append((doubt, Judgement(verdict, "model", f"by {name}")))
                    settled.pop(one.dossier_issue, None)
            for place in sorted(alone):  # that the model saw it is known from its verdict on the nearest one
                each = listed[place]
                near = (known for known, _ in self._near(each.demand, 0.0) if known in listed and known is not each)
                doubt = _Doubt(each.key, each.text, next(near, listed[place - 1]))
                grouped.append((doubt, Judgement("different", "model", f"by {name}")))
        left = [
            (doubt, judgement)
            for doubt, judgement in zip(self.doubts, judgements, strict=True)
            if not any({self._by_key[doubt.key].dossier_issue, doubt.known.dossier_issue} <= each for each in seen)
        ]
        self.doubts = [doubt for doubt, _ in (*grouped, *left)]
        return [judgement for _, judgement in (*grouped, *left)]

    def _choose_known(self, new: Iterable[Proposition], settled: Mapping[str, Proposition]) -> list[Proposition]:
        """Return known propositions, one an issue: those near to the new ones, then those of the largest issues."""
        near = (
            (share, known.dossier_issue)
            for each in new
            for known, share in self._near(each.demand, _RELATED, _MAX_RELATED)
        )
        sizes = Counter(each.dossier_issue for each in self._known)
        issues = [issue for _, issue in sorted(near, reverse=True)] + [issue for issue, _ in sizes.most_common()]
        chosen = [settled[issue] for issue in dict.fromkeys(issues) if issue in settled]
        return chosen[:_KNOWN_AT_ONCE]

    def settle(self, connection: sqlite3.Connection, judgements: Iterable[Judgement | None]) -> set[str]:
        """Join issues by judgements on the doubts. Return the ids of issues that gain wordings."""
        rows = connection.execute("SELECT id FROM dossier_issues")
        there = {issue for (issue,) in rows}  # another process may have joined some in the meantime
        joined: dict[str, tuple[str, bool]] = {}  # the issue that an issue became part of, and whether it is turned
        settled: set[str] = set()

        def resolve(proposition: Proposition) -> tuple[str, bool]:
            issue, is_turned = proposition.dossier_issue, proposition.contrary
            while issue in joined:
                issue, turns = joined[issue]
                is_turned ^= turns
            return issue, is_turned

        def are_apart(issue: str, target: str) -> bool:
            return share_a_brief(connection, issue, target) or any(
                {resolve(one)[0], resolve(other)[0]} == {issue, target} for one, other in different
            )

        matches: list[tuple[_Doubt, Match]] = []
        for doubt, judgement in zip(self.doubts, judgements, strict=True):
            match = Match(doubt.known, *judgement) if judgement else doubt.found
            if match is None:
                continue
            self._record(connection, doubt.key, match)
            matches.append((doubt, match))
            if match.made_by != "rule":
                self._decide(doubt.key, doubt.known.key, match.verdict)
        different = [
            (self._by_key[one], self._by_key[other])
            for one, verdicts in self._decided.items()
            for other, verdict in verdicts.items()
            if verdict == "different" and one < other and one in self._by_key and other in self._by_key
        ]
        for doubt, match in matches:
            if doubt.key in settled and not self._asks:
                continue
            issue, is_turned = resolve(self._by_key[doubt.key])
            target, target_turned = resolve(doubt.known)
            if match.verdict not in ("same", "contrary") or issue == target or not {issue, target} <= there:
                continue
            if are_apart(issue, target):
                continue
            if issue in self._given:
                issue, target = target, issue
            if issue in self._given:
                continue
            turns = is_turned ^ target_turned ^ (match.verdict == "contrary")
            join_issues(connection, issue, target, is_contrary=turns)
            joined[issue] = target, turns
            settled.add(doubt.key)
        return {target for target, _ in joined.values()}

    def _record(self, connection: sqlite3.Connection, key: str, match: Match) -> None:
        entry = (key, match.known.key, match.verdict, match.made_by)
        if entry not in self._logged:
            self._logged.add(entry)
            self._log.add(
                connection, "issue", key, match.known.key, match.verdict, made_by=match.made_by, reason=match.reason
            )

    def _near(
        self, demand: Demand, least: float = DOUBTFUL, most: int = _MAX_CANDIDATES
    ) -> list[tuple[Proposition, float]]:
        """Return the known propositions with common words, nearest first, each with the cosine of their weights."""
        own = self._vector(demand)
        length = sqrt(sum(value**2 for value in own.values())) or 1.0
        scores: defaultdict[int, float] = defaultdict(float)
        for term in sorted(own, key=lambda term: (len(self._postings.get(term, ())), term)):
            postings = self._postings.get(term, ())
            if scores and len(postings) > _MAX_POSTINGS:
                break
            value = own[term] * self._weight(term)
            for number in postings[-_MAX_POSTINGS:]:
                scores[number] += value * self._known[number].demand.weights[term] / self._lengths[number]
        near = nsmallest(3 * most, ((-score, number) for number, score in scores.items()))
        shares = []
        for _, number in near:  # the lengths are those of the time at which a proposition came
            other = self._vector(self._known[number].demand)
            score = sum(value * other[term] for term, value in own.items() if term in other)
            share = score / (length * (sqrt(sum(value**2 for value in other.values())) or 1.0))
            if share >= least:
                shares.append((-share, number))
        return [(self._known[number], -share) for share, number in nsmallest(most, shares)]

    def _vector(self, demand: Demand) -> dict[str, float]:
        return {term: self._weight(term) * weight for term, weight in demand.weights.items()}

    def _weight(self, term: str) -> float:
        weight = log(3 + max(self._count, len(self._known)) / (1 + len(self._postings.get(term, ()))))
        return weight * (_NAME_WEIGHT if term[0] == "=" else 1)


def _listed(proposition: Proposition) -> Listed:
    return Listed(one_line(proposition.text), shorten(one_line(proposition.title), _MAX_TITLE))


def _search_words(propositions: Iterable[str]) -> str:
    """Return a full-text query for propositions that share a word with one of these."""
    stems = {stem for text in propositions for term in read_demand(text).weights for stem in stems_of(term)}
    return " OR ".join(f'"{stem}"*' for stem in sorted(stems))


def issue_key(issue: str) -> str:
    """Return the key of a dossier's issue without a brief: from a codebook, or found in statements."""
    return f"issue:{issue}"


def join_issues(connection: sqlite3.Connection, issue: str, target: str, *, is_contrary: bool) -> None:
    """Make an issue of the dossier part of another one."""
    connection.execute(
        "UPDATE issues SET dossier_issue = ?, contrary = contrary != ? WHERE dossier_issue = ?",
        (target, is_contrary, issue),
    )
    for table in ("placements", "turns"):
        connection.execute(
            f"UPDATE {table} SET dossier_issue = ?, stance = CASE WHEN ? THEN CASE stance WHEN 'agrees' THEN "  # noqa: S608
            "'disagrees' WHEN 'disagrees' THEN 'agrees' ELSE stance END ELSE stance END WHERE dossier_issue = ?",
            (target, is_contrary, issue),
        )
    connection.execute("DELETE FROM dossier_issues WHERE id = ? AND NOT given", (issue,))


def share_a_brief(connection: sqlite3.Connection, one: str, other: str) -> bool:
    """Return whether a brief has both issues, and so takes them for two matters."""
    sql = "SELECT 1 FROM issues JOIN issues AS others USING (brief) WHERE issues.dossier_issue = ? "
    return bool(connection.execute(f"{sql} AND others.dossier_issue = ?", (one, other)).fetchone())
