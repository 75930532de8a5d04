"""Place positions without an issue under issues of the dossier, by the words of their statements.

Engines name few issues in one article, and word each as the article does. Here the statements of all articles of one
dispute are compared. What several of them argue about becomes an issue of the dossier, if no brief has it. A stance is
read only where the words decide it.
"""

import json
import sqlite3
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, combinations
from typing import NamedTuple

from summarizer.brief import Stance
from summarizer.dossier.answers import refresh_answers
from summarizer.dossier.comparing import compare_sides, have_common_theme
from summarizer.dossier.decision_log import DecisionLog
from summarizer.dossier.grouping import Group, Grouping, Unit
from summarizer.dossier.identifiers import decision_key, new_identifier
from summarizer.dossier.issue_judge import IssueJudge
from summarizer.dossier.issues import issue_key, join_issues, share_a_brief
from summarizer.dossier.matching import FindVector, IssueMatch, IssueMatcher, Said
from summarizer.dossier.propositions import (
    choose_proposition,
    compared_words,
    has_phrase,
    heading_side,
    is_clause,
    words_of_issue,
)
from summarizer.dossier.relinking import Relinking
from summarizer.dossier.statements import SIGNS, PlacedStatement, issue_said, read_ids, read_passages, read_statements
from summarizer.dossier.told_matters import link_turn, read_matter, read_matter_near, read_turns
from summarizer.dossier.types import Verdict
from summarizer.dossier.wording import Content, read_content, read_wish
from summarizer.store import Database, insert

_MAX_STATEMENTS = 20_000  # of a dispute, whose words make its groups and their propositions
_SURE = 0.6  # of a proposition's weight is that of one group's words
_ONE_MATTER = "one matter of the dispute, by the words of many statements"
_UNMATCHED = 0.85  # share of a group's statements that match no given issue, if the group is another matter
_WORDING = 2  # the weight of a proposition among the statements of its issue
_STANCES: dict[int, Stance] = {1: "agrees", -1: "disagrees", 0: "unclear"}


_UNPLACED = "SELECT dispute, count(*) FROM article_disputes GROUP BY dispute HAVING min(placed) = 0"
_SINGLE = (
    "SELECT dispute FROM article_disputes WHERE placed = 0 AND dispute IN "
    "(SELECT dispute FROM article_disputes GROUP BY dispute HAVING count(*) = 1) AND NOT EXISTS "
    "(SELECT 1 FROM placements JOIN positions ON positions.id = position WHERE brief = article_disputes.brief) "
    "AND NOT EXISTS (SELECT 1 FROM turns WHERE turns.brief = article_disputes.brief AND kind = 'turn') "
    "AND NOT EXISTS (SELECT 1 FROM answers JOIN questions ON questions.id = answers.question "
    "WHERE questions.brief = article_disputes.brief)"
)
"""Groups and answers need two articles."""
_DONE = "UPDATE article_disputes SET placed = ? WHERE dispute = ?"


def place_statements(
    database: Database, relinking: Relinking, on_done: Callable[[int, int], None], judge: IssueJudge
) -> set[str]:
    """Place the statements of new articles and of all articles of their disputes. Return the issues concerned.

    Args:
        database: The database of the store.
        relinking: Undoes links, and gives ids back.
        on_done: Called with the number of articles whose statements are placed, and that of all.
        judge: Embeds statements that are matched to given issues.
    """
    if database.is_read_only:
        return set()
    total = sum(size for _, size in database.query(_UNPLACED))
    if not total:
        return set()
    on_done(0, total)
    with database.transaction() as connection:
        for (dispute,) in connection.execute(_SINGLE).fetchall():
            connection.execute(_DONE, (relinking.mark(dispute), dispute))
    sizes = sorted(database.query(_UNPLACED), key=lambda row: relinking.order(row["dispute"]))
    touched: set[str] = set()
    done, known = total - sum(size for _, size in sizes), _Known(database)
    for dispute, size in sizes:
        on_done(done, total)
        embeds = known.embed(judge, dispute)
        with database.transaction() as connection:
            before = relinking.read(connection, dispute)
            found = _Placer(connection, known, dispute, judge.find_vector if embeds else None).place()
            touched |= relinking.inherit(connection, before, dispute, found)
            connection.execute(_DONE, (relinking.mark(dispute), dispute))
        done += size
    with database.transaction() as connection:
        connection.execute(
            "DELETE FROM dossier_issues WHERE found AND id NOT IN (SELECT dossier_issue FROM placements) "
            "AND id NOT IN (SELECT dossier_issue FROM turns WHERE dossier_issue IS NOT NULL) "
            "AND id NOT IN (SELECT dossier_issue FROM issues WHERE dossier_issue IS NOT NULL)"
        )
    return touched


class _Known:
    """What is read once for all disputes: decisions of people, the issues that they name, and given issues."""

    def __init__(self, database: Database) -> None:
        self._database, self.log = database, DecisionLog(database)
        self.by_people = self.log.by_people("issue")
        self.given = {
            issue: [proposition, *json.loads(wordings)]
            for issue, proposition, wordings in database.query(
                "SELECT id, proposition, wordings FROM dossier_issues WHERE given ORDER BY id"
            )
        }
        """The wordings of given issues."""
        keys = {key for each in self.by_people for key in (each.one, each.other) if key.startswith("issue:")}
        self.decided = json.dumps(sorted(key.removeprefix("issue:") for key in keys))
        self._shared: set[tuple[str, str]] = set()

    def embed(self, judge: IssueJudge, dispute: int) -> bool:
        """Embed the statements of a dispute and the given issues before they are matched. Return whether it worked."""
        if embeds := len(self.given) > 1 and judge.has_embedder:
            with self._database.transaction() as connection:
                ids, _ = read_ids(connection, dispute)
                statements = list(read_statements(connection, ids, with_context=True))
            texts = (text for each in statements for text in (each.unit.text, each.context))
            judge.embed(chain(*self.given.values(), texts))
        return embeds and judge.has_embedder

    def share_a_brief(self, connection: sqlite3.Connection, one: str, other: str) -> bool:
        """Return whether a brief has both issues; those that do are not asked for again."""
        pair = min(one, other), max(one, other)
        if pair not in self._shared and share_a_brief(connection, *pair):
            self._shared.add(pair)
        return pair in self._shared


_WORDINGS = (
    "SELECT dossier_issues.id, issues.proposition, dossier_issues.given, contrary, count(DISTINCT issues.id), "
    "count(positions.id), min(coalesce(published, '') || sha256 || printf('%012d', issues.id)) AS first FROM "
    "article_disputes JOIN current_briefs USING (article) JOIN articles ON articles.id = current_briefs.article JOIN "
    "issues ON issues.brief = current_briefs.brief JOIN dossier_issues ON dossier_issues.id = issues.dossier_issue "
    "LEFT JOIN positions ON positions.issue = issues.id WHERE dispute = ? GROUP BY dossier_issues.id, "
    "issues.proposition, contrary UNION ALL SELECT id, proposition, given, 0, 1, 0, NULL FROM dossier_issues WHERE "
    "given AND id IN (SELECT value FROM json_each(?)) AND NOT EXISTS (SELECT 1 FROM issues WHERE dossier_issue = "
    "dossier_issues.id) ORDER BY first, 1"
)
"""The propositions of the issues of a dispute's briefs or of a codebook, with the numbers of issues and positions."""


@dataclass
class _Briefed:
    """An issue of the dossier from briefs or a codebook, and what its words say about the groups."""

    id: str
    is_given: bool
    statements: int = 0
    terms: set[str] = field(default_factory=set)
    """Of its wordings."""
    groups: Counter[Group] = field(default_factory=Counter)
    sides: Counter[Group] = field(default_factory=Counter)
    """For each group, the balance of the sides that words take for and against the issue."""

    def add(self, found: tuple[Group | None, float], content: Content, sign: int, weight: int) -> None:
        """Count a wording or statement that takes a side of the issue."""
        if group := found[0]:
            self.groups[group] += weight
            self.sides[group] += weight * sign * group.side(content)

    @property
    def group(self) -> Group | None:
        """The group of most of its words; at least three of five."""
        if not self.groups:
            return None
        group, count = self.groups.most_common(1)[0]
        return group if count >= _SURE * self.groups.total() else None

    def side(self, group: Group) -> int:
        """Return the side that it takes in a group."""
        return (self.sides[group] > 0) - (self.sides[group] < 0)


class _Found(NamedTuple):
    """A statement with its group, or with the given issue that it matches."""

    statement: PlacedStatement
    group: Group | None
    confidence: float
    match: IssueMatch | None


_PLACED = (
    "FROM placements WHERE position IN (SELECT positions.id FROM positions "
    "JOIN briefs ON briefs.id = positions.brief JOIN article_disputes USING (article) WHERE dispute = ?)"
)


class _Placer:
    """Places the statements of a dispute: a sample of a large one gives its groups, others follow in portions."""

    def __init__(
        self, connection: sqlite3.Connection, known: _Known, dispute: int, find_vector: FindVector | None
    ) -> None:
        self._connection, self._known, self._dispute = connection, known, dispute
        self._find_vector = find_vector
        ((self._last_decision,),) = connection.execute("SELECT coalesce(max(id), 0) FROM decisions")
        self._chosen: dict[Group, tuple[str, int]] = {}
        """The issues of the groups, and the sides that their propositions take in them."""
        self._joined: dict[str, str] = {}
        """The issues that became part of another one here, and that one."""
        self._ids, is_open = read_ids(connection, dispute)
        self._has_open, self._step = any(is_open), 1 + len(self._ids) // _MAX_STATEMENTS
        self._others = array("q", (each for at, each in enumerate(self._ids) if at % self._step and is_open[at]))
        self._turns = read_turns(connection, dispute)
        self._wordings = connection.execute(_WORDINGS, (dispute, json.dumps(list(known.given)))).fetchall()

    @cached_property
    def _sample(self) -> list[PlacedStatement]:
        return list(self._read(self._ids[:: self._step]))

    @cached_property
    def _may_place(self) -> bool:
        return bool(self._others) or any(each.may_be_placed for each in self._sample)

    @cached_property
    def _grouping(self) -> Grouping:
        return Grouping([each.unit for each in self._sample], read_passages(self._connection, self._dispute))

    @cached_property
    def _matcher(self) -> IssueMatcher | None:
        """Match statements to given issues, by the wordings of the codebook and of briefs.

        A single issue has no second one to lead over: groups decide.
        """
        if len(self._known.given) < 2:
            return None
        wordings = {issue: dict.fromkeys(texts) for issue, texts in self._known.given.items()}
        for issue, text, *_ in self._wordings:
            wordings.get(issue, {})[text] = None
        sample = [self._said(each, self._grouping.place(each.unit)[0]) for each in self._sample]
        texts = {issue: list(texts) for issue, texts in wordings.items()}
        return IssueMatcher(texts, sample, self._grouping.passages, self._find_vector)

    def _read(self, ids: Sequence[int]) -> Iterator[PlacedStatement]:
        return read_statements(self._connection, ids, with_context=self._find_vector is not None)

    @staticmethod
    def _said(statement: PlacedStatement, group: Group | None) -> Said:
        return Said(statement.unit, group, statement.context)

    @cached_property
    def _names(self) -> set[str]:
        """The names of all holders."""
        sql = (
            "SELECT DISTINCT holder_names FROM article_disputes JOIN current_briefs USING (article) "
            "JOIN positions ON positions.brief = current_briefs.brief WHERE dispute = ?"
        )
        return {names for (names,) in self._connection.execute(sql, (self._dispute,))}

    @property
    def _needs_groups(self) -> bool:
        """Return whether something may be placed, or lacks a side, or issues may be joined."""
        if self._has_open or self._turns:
            return True
        given = {issue: is_given for issue, _, is_given, *_ in self._wordings}
        return any(
            not (given[one] and given[other]) and not self._known.share_a_brief(self._connection, one, other)
            for one, other in combinations(given, 2)
        )

    def place(self) -> set[str]:
        """Place all statements of the dispute anew."""
        rows = self._connection.execute(f"SELECT DISTINCT dossier_issue {_PLACED}", (self._dispute,))
        touched = {issue for (issue,) in rows}
        self._connection.execute(f"DELETE {_PLACED}", (self._dispute,))
        if self._needs_groups:
            told = self._sample if self._has_open else ()  # no other may be placed
            briefed, placed = self._issues_of_briefs(), list(self._match_statements(told))
            self._choose_issues(briefed, placed)
            for each in chain(placed, self._match_statements(self._read(self._others))):
                if each.match:
                    touched.add(each.match.issue)
                    self._insert(each.statement, each.match.issue, each.match.side, each.match.lead)
                elif each.group in self._chosen:
                    self._insert_by_group(each.statement, each.group, each.confidence)
            touched.update(issue for issue, _ in self._chosen.values())
            touched |= self._place_turns(briefed)
        refresh_answers(self._connection, self._dispute, self._ids)
        return touched

    def _match_statements(self, statements: Iterable[PlacedStatement]) -> Iterator[_Found]:
        """Yield statements with their groups and the given issues that they match."""
        for statement in statements:
            group, confidence = self._grouping.place(statement.unit)
            is_matched = self._matcher is not None and statement.may_be_placed
            match = self._matcher.match(self._said(statement, group)) if self._matcher and is_matched else None
            if group or match:
                yield _Found(statement, group, confidence, match)

    def _choose_issues(self, briefed: Sequence[_Briefed], placed: Iterable[_Found]) -> None:
        """Choose the issue of each group; one of which many statements match given issues is no new matter."""
        earlier = self._connection.execute(
            "SELECT id, proposition FROM dossier_issues WHERE found AND id IN (SELECT value FROM json_each(?)) "
            "AND NOT EXISTS (SELECT 1 FROM placements WHERE dossier_issue = dossier_issues.id) ORDER BY rowid",
            (self._known.decided,),
        ).fetchall()
        members: defaultdict[Group, list[Unit]] = defaultdict(list)
        sizes: Counter[Group] = Counter()
        for each in placed:
            if each.group:
                sizes[each.group] += 1
                if not each.match:
                    members[each.group].append(each.statement.unit)
        for group in self._grouping.groups:
            own = members[group] if len(members[group]) >= _UNMATCHED * sizes[group] else []
            if chosen := self._choose(group, briefed, own, earlier):
                self._chosen[group] = self._follow_people(*chosen)

    def _insert_by_group(self, statement: PlacedStatement, group: Group, confidence: float) -> None:
        """Place a statement under the issue of its group; under a given issue only for its side."""
        issue, side = self._chosen[group]
        side *= group.side(statement.unit.content)
        is_own = issue == self._joined.get(statement.issue or "", statement.issue)
        may_be_placed = statement.may_be_placed and not (self._matcher and issue in self._known.given)
        if may_be_placed or (is_own and statement.lacks_side):
            self._insert(statement, issue, side, confidence)

    def _insert(self, statement: PlacedStatement, issue: str, side: int, confidence: float) -> None:
        """Place a statement; one that has an issue only if the words take a side."""
        if statement.proposition is None or side:
            values = {"position": statement.position, "dossier_issue": issue, "stance": _STANCES[side]}
            insert(self._connection, "placements", values | {"confidence": round(confidence, 2)})

    def _place_turns(self, briefed: Sequence[_Briefed]) -> set[str]:
        """Place reported changes of position: under an issue of their own if no other has their matter."""
        touched, told = set[str](), dict[str, tuple[str, int]]()
        directed = {(turn["brief"], turn["actor"]) for turn in self._turns if turn["to_stance"]}
        for turn in self._turns:
            if not turn["to_stance"] and (turn["brief"], turn["actor"]) in directed:
                continue  # it tells again of what another sentence tells with its direction
            near = turn["quotation"], turn["context"], turn["title"] or "", turn["name"]
            own = read_matter(turn["quotation"])
            if not (matter := own or read_matter_near(*near)):
                continue
            text, stance = matter
            content = read_content(text)
            group, _ = self._grouping.find(content)
            issue, side = self._chosen.get(group, ("", 0)) if group else ("", 0)
            if group and issue and is_clause(text):
                side *= group.side(content)
                issue = issue if side else ""  # words of a matter are also in sentences on other things
            elif group:
                side *= group.side(read_wish(text))
            words = words_of_issue(self._connection, issue)
            if group and words and words.isdisjoint(compared_words(text)):
                issue = ""  # a wrong matter is worse than one of its own
            if not side and not turn["to_stance"]:
                issue = ""  # neither the sentence nor its matter tells the side on it
            if not issue:
                if own and any(content.terms.keys() <= each.terms for each in briefed):
                    continue  # its words name the issue
                said = told.get(text) or issue_said(self._connection, turn["actor"], turn["brief"], text)
                issue, side = told[text] = said or (self._new_issue(text), 1)
            link_turn(self._connection, turn, issue, _STANCES[side * SIGNS[stance]])
            touched.add(issue)
        return touched

    def _new_issue(self, text: str, taken: Collection[str] = ()) -> str:
        """Return a new issue, or the one of these words that lost its statements and is not taken."""
        known = (
            "SELECT id FROM dossier_issues WHERE found AND proposition = ? "
            "AND NOT EXISTS (SELECT 1 FROM placements WHERE dossier_issue = dossier_issues.id)"
        )
        for (issue,) in self._connection.execute(known, (text,)):
            if issue not in taken:
                return str(issue)
        issue = new_identifier(self._connection, "dossier_issues", text)
        insert(self._connection, "dossier_issues", {"id": issue, "proposition": text, "found": 1})
        return issue

    def _follow_people(self, issue: str, side: int) -> tuple[str, int]:
        """Return the issue of the dossier with which people joined one that was found, and the side in it."""
        for each in self._known.by_people:
            is_joined = each.verdict in ("same", "contrary") and each.other == issue_key(issue)
            target = each.one.removeprefix("issue:")
            if is_joined and target != each.one and self._has_issue(target):
                issue, side = target, -side if each.verdict == "contrary" else side
        return issue, side

    def _has_issue(self, issue: str) -> bool:
        return bool(self._connection.execute("SELECT 1 FROM dossier_issues WHERE id = ?", (issue,)).fetchone())

    def _issues_of_briefs(self) -> list[_Briefed]:
        """Return the issues of the dossier that briefs of the dispute or a codebook have."""
        found: dict[str, _Briefed] = {}
        for issue, text, given, contrary, briefs, statements, _ in self._wordings:
            entry = found.setdefault(issue, _Briefed(issue, bool(given)))
            entry.statements += statements
            content = read_content(text)
            entry.terms.update(content.terms)
            entry.add(self._grouping.find(content), content, -1 if contrary else 1, _WORDING * briefs)
        for statement in self._sample:
            own = found.get(statement.issue or "")
            if own and not statement.may_be_placed:
                content = statement.unit.content
                own.add(self._grouping.find(content), content, SIGNS.get(statement.stance, 0), 1)
        return list(found.values())

    def _choose(
        self, group: Group, briefed: Sequence[_Briefed], members: Sequence[Unit], earlier: Sequence[sqlite3.Row]
    ) -> tuple[str, int] | None:
        """Return the issue of the dossier for a group, and the side that its proposition takes in the group."""
        own = [each for each in briefed if each.group is group]
        own.sort(key=lambda each: (not each.is_given, -each.statements, not each.side(group)))
        joined: list[_Briefed] = []
        for each in own:
            for other in joined:
                if not each.is_given and self._join(each.id, other.id, each.side(group) * other.side(group)):
                    other.statements += each.statements
                    break
            else:
                joined.append(each)
        if joined:
            first = max(joined, key=lambda each: (each.is_given, each.statements))
            return first.id, first.side(group)
        if not self._may_place or not members:
            return None
        for row in earlier:
            words = row["proposition"].rstrip(".").lower()
            if any(words in member.text.lower() for member in members) or has_phrase(self._grouping, group, words):
                content = read_content(row["proposition"])
                side = group.side(content) or heading_side(group, content)
                if self._grouping.find(content)[0] is group and side:
                    return str(row["id"]), side
        if not (proposition := choose_proposition(self._grouping, group, members, self._names)):
            return None
        text, side = proposition
        return self._new_issue(text, {issue for issue, _ in self._chosen.values()}), side

    def _join(self, issue: str, target: str, sides: int) -> bool:
        """Join two issues of one matter, unless a brief has both, or somebody decided otherwise. Return whether it did.

        Args:
            issue: The issue that becomes part of the other one.
            target: The other one.
            sides: 1 if both are on one side by the words of their statements, -1 if on opposite ones, 0 if unknown.
        """
        if self._known.share_a_brief(self._connection, issue, target):  # before all their wordings are read
            return False
        sql = (
            "SELECT issues.dossier_issue, proposition, contrary, sha256 FROM issues "
            "JOIN briefs ON briefs.id = issues.brief JOIN articles ON articles.id = briefs.article "
            "WHERE dossier_issue IN (?, ?) ORDER BY published, sha256, issues.id"
        )
        keys: dict[str, list[str]] = {issue: [issue_key(issue)], target: [issue_key(target)]}
        texts: dict[str, dict[str, bool]] = {issue: {}, target: {}}
        for row in self._connection.execute(sql, (issue, target)):
            keys[row["dossier_issue"]].append(decision_key(row["sha256"], row["proposition"]))
            texts[row["dossier_issue"]][row["proposition"]] = bool(row["contrary"])
        decided = self._known.log.between("issue", keys[issue], keys[target], until=self._last_decision)
        is_decided = any(each.made_by != "rule" or each.undone for each in decided)
        if is_decided or all(self._known.log.has_of_model("issue", each) for each in keys.values()):
            return False  # a model that saw both would have joined them
        found = Counter(
            _turn_verdict(compare_sides(one, other), is_turned=turns != turned)
            for one, turns in texts[issue].items()
            for other, turned in texts[target].items()
        )
        if 2 * found["different"] > found.total():
            return False
        balance = sides or found["same"] - found["contrary"]
        if not balance or balance * (found["same"] - found["contrary"]) < 0:
            return False
        verdict: Verdict = "contrary" if balance < 0 else "same"
        if balance < 0 and not found["contrary"] and not have_common_theme(texts[issue], texts[target]):
            return False  # that the bridge should be built, and that the toll is right
        if all(each.verdict != verdict for each in decided):
            one, other = keys[issue][-1], keys[target][-1]
            self._known.log.add(self._connection, "issue", one, other, verdict, made_by="rule", reason=_ONE_MATTER)
        join_issues(self._connection, issue, target, is_contrary=balance < 0)
        self._joined[issue] = target
        for group, (chosen, side) in self._chosen.items():
            if chosen == issue:
                self._chosen[group] = target, -side if balance < 0 else side
        return True


def _turn_verdict(verdict: Verdict, *, is_turned: bool) -> Verdict:
    """Return a verdict on two wordings as one on their issues, one of which may state the contrary."""
    turned: Mapping[Verdict, Verdict] = {"same": "contrary", "contrary": "same"}
    return turned.get(verdict, verdict) if is_turned else verdict
