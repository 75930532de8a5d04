"""What the links of each dispute are made of, so that those of others stay when new briefs come."""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

Link = tuple[str, bool]
"""The issue of the dossier for an issue of a brief, and whether this one is contrary to it."""

_ARTICLES = (
    "SELECT dispute, briefs.id, searched, placed FROM article_disputes JOIN briefs ON briefs.id = "
    "article_disputes.brief JOIN articles ON articles.id = briefs.article ORDER BY published, sha256"
)
_ISSUES = (
    "SELECT issues.id, dispute, dossier_issue IS NULL FROM issues JOIN briefs ON briefs.id = issues.brief "
    "JOIN articles ON articles.id = briefs.article "
    "JOIN article_disputes ON article_disputes.article = coalesce(copy_of, articles.id)"
)
_HOLDERS = "SELECT dispute, id, actor FROM article_disputes JOIN holders USING (brief) ORDER BY id"
_TURNS = (
    "SELECT dispute, turns.id, actor FROM article_disputes JOIN turns USING (brief) "
    "JOIN holders ON holders.id = turns.holder WHERE turns.kind = 'turn' ORDER BY turns.id"
)
_GIVEN = (
    "SELECT DISTINCT dossier_issues.id, issues.proposition FROM dossier_issues "
    "LEFT JOIN issues ON dossier_issue = dossier_issues.id WHERE dossier_issues.given ORDER BY 1, 2"
)


@dataclass(frozen=True)
class Inputs:
    """What the links of disputes are made of."""

    marks: Mapping[int, int]
    """A number for each dispute, by their oldest articles: the same as long as its links would be the same."""
    placed: Mapping[int, set[int]]
    """The marks of which the links of each dispute were made; 0 for an article that is new in it."""
    disputes: Mapping[int, int]
    """The dispute of each issue of a brief."""
    new: Collection[int]
    """The issues of briefs that have no link."""


def read_inputs(connection: sqlite3.Connection, links: Mapping[int, Link], pinned: Collection[int]) -> Inputs:
    """Return what links are made of: disputes that share an issue, or somebody who changed position, as one.

    Args:
        connection: The database.
        links: The issue of the dossier that words alone find for each issue of a brief.
        pinned: Disputes whose links stay.
    """
    parts: defaultdict[int, list[object]] = defaultdict(list)
    placed: defaultdict[int, set[int]] = defaultdict(set)
    for dispute, brief, searched, placed_of in connection.execute(_ARTICLES):
        parts[dispute].append((brief, searched))
        placed[dispute].add(placed_of)
    disputes, new = dict[int, int](), set[int]()
    for issue, dispute, is_new in connection.execute(_ISSUES):
        disputes[issue] = dispute
        if is_new:
            new.add(issue)
    kept = {issue for (issue,) in connection.execute("SELECT id FROM dossier_issues")}
    given = list(map(tuple, connection.execute(_GIVEN)))
    shared: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    first: dict[str, int] = {}
    for number, (issue, is_contrary) in links.items():
        dispute = disputes.get(number, 0)
        parts[dispute].append((number, issue if issue in kept else first.setdefault(issue, number), is_contrary))
        if issue not in kept:
            shared["issue", issue].add(dispute)
    actors: defaultdict[str, set[int]] = defaultdict(set)
    for dispute, holder, actor in connection.execute(_HOLDERS):
        parts[dispute].append((holder, actor))
        actors[actor or ""].add(dispute)
    for dispute, turn, actor in connection.execute(_TURNS):
        parts[dispute].append((turn, actor))
        shared["actor", actor or ""] |= {dispute, *actors[actor or ""]}
    marks: dict[int, int] = {}
    groups = _join(placed.keys() - pinned, shared.values())
    for dispute in placed:
        if dispute in groups and dispute not in marks:
            members = [each for each in placed if groups.get(each) is groups[dispute]]
            data = repr([given, *(parts[each] for each in members)])
            marks |= dict.fromkeys(members, 2 + int.from_bytes(sha256(data.encode()).digest()[:7], "big"))
    return Inputs({each: marks[each] for each in placed if each in marks}, placed, disputes, new)


def _join(members: Iterable[int], sets: Iterable[Collection[int]]) -> dict[int, set[int]]:
    """Return the group of each member: those that are in one set, or in sets with common members."""
    groups = {each: {each} for each in members}
    for found in sets:
        one, *others = [groups[each] for each in found if each in groups] or [set[int]()]
        for other in others:
            if other is not one:
                small, large = sorted((one, other), key=len)
                large |= small
                groups |= dict.fromkeys(small, large)
                one = large
    return groups
