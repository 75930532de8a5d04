"""From the findings of many chunks to one set: holders, issues, positions and questions joined.

Nothing is rewritten, no evidence is lost or added, and the order in which the findings come does not
matter.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar, cast

from summarizer.brief import Evidence, Holder, Issue, OpenQuestion, Position, Stance
from summarizer.engines.builtin.joining import turning_words
from summarizer.merging.names import homes, name_words, plain_words
from summarizer.verification import Findings

Ids = Mapping[str, str]
"""From ids to the ids that take their place."""

CONTRARY: Mapping[Stance, Stance] = {"agrees": "disagrees", "disagrees": "agrees"}
_ALIKE = 0.5  # the part of their words that two wordings of one claim share

ClaimT = TypeVar("ClaimT", Position, OpenQuestion)


def merge(every: Iterable[Findings]) -> Findings:
    """One Findings out of those of all chunks, its ids numbered in the order of the article.

    Holders are joined by name and issues by their proposition. Claims of the same holders that say
    the same, on one issue and with one stance, become one, with the evidence of all; so do claims that
    several chunks make of the same sentences in much the same words, unless they differ in a negation or a
    figure or take contrary stances. The gist is that of the chunk
    that comes first, which holds the lead.
    """
    ordered = apart = list(every)
    if len(ordered) > 1:
        ordered = _in_order(ordered)
        apart = [_set_apart(findings, f"{number}.") for number, findings in enumerate(ordered)]
    holders, holder_ids = _join_holders([holder for findings in apart for holder in findings.holders])
    issues, issue_ids = _join_issues([issue for findings in apart for issue in findings.issues])
    renamed = [_renamed(findings, holder_ids, issue_ids) for findings in apart]
    return numbered(
        Findings(
            holders=holders,
            issues=issues,
            positions=_join([findings.positions for findings in renamed]),
            open_questions=_join([findings.open_questions for findings in renamed]),
            gist=next((findings.gist for findings in ordered if findings.gist), None),
            problems=tuple(problem for findings in ordered for problem in findings.problems),
        )
    )


def _in_order(every: list[Findings]) -> list[Findings]:
    """Findings as they begin in the article; what they say settles a tie."""
    first = [_first(findings) for findings in every]
    tied = {place for place, count in Counter(first).items() if count > 1}
    places = [(place, repr(findings) if place in tied else "") for place, findings in zip(first, every, strict=True)]
    return [every[index] for index in sorted(range(len(every)), key=places.__getitem__)]


def _first(findings: Findings) -> float:
    """The first sentence that findings cite."""
    evidence = [claim.evidence for claim in findings.positions] + [claim.evidence for claim in findings.open_questions]
    evidence += [findings.gist.evidence] if findings.gist else []
    return min((item.sentence for items in evidence for item in items), default=float("inf"))


def _set_apart(findings: Findings, prefix: str) -> Findings:
    """The same with ids that no other chunk's findings use."""
    holders = {holder.id: prefix + holder.id for holder in findings.holders}
    issues = {issue.id: prefix + issue.id for issue in findings.issues}
    return replace(
        _renamed(findings, holders, issues),
        holders=tuple(holder.model_copy(update={"id": holders[holder.id]}) for holder in findings.holders),
        issues=tuple(issue.model_copy(update={"id": issues[issue.id]}) for issue in findings.issues),
    )


def _renamed(findings: Findings, holders: Ids, issues: Ids) -> Findings:
    """The same with every reference replaced; an issue may bear the id of a holder."""
    if all(name == renamed for ids in (holders, issues) for name, renamed in ids.items()):
        return findings
    return replace(
        findings,
        positions=tuple(
            position.model_copy(
                update={
                    "holders": tuple(dict.fromkeys(holders[name] for name in position.holders)),
                    "reported_by": position.reported_by and holders[position.reported_by],
                    "issue": position.issue and issues[position.issue],
                }
            )
            for position in findings.positions
        ),
        open_questions=tuple(
            question.model_copy(
                update={"raised_by": tuple(dict.fromkeys(holders[name] for name in question.raised_by))}
            )
            for question in findings.open_questions
        ),
    )


def _join_holders(holders: list[Holder]) -> tuple[tuple[Holder, ...], Ids]:
    home = homes(holders)
    groups: dict[Hashable, list[Holder]] = {}
    for holder in holders:
        nameless = holder.kind if holder.kind == "author" else holder.id  # who is not named may be anybody
        groups.setdefault(home.get(holder.id, nameless), []).append(holder)
    joined = tuple(_one_holder(group) for group in groups.values())
    ids = {holder.id: one.id for one, group in zip(joined, groups.values(), strict=True) for holder in group}
    return joined, ids


def _one_holder(group: list[Holder]) -> Holder:
    """One holder out of several: the fullest name, the first role and affiliation, all mentions."""
    names = dict.fromkeys(name for holder in group for name in (holder.name, *holder.aliases) if name)
    fullest = min((holder.name for holder in group if holder.name), key=_fullest_first, default=None)
    return group[0].model_copy(
        update={
            "name": fullest,
            "role": next((holder.role for holder in group if holder.role), None),
            "affiliation": next((holder.affiliation for holder in group if holder.affiliation), None),
            "aliases": tuple(name for name in names if name != fullest),
            "mentions": tuple(sorted({span for holder in group for span in holder.mentions})),
        }
    )


def _fullest_first(name: str) -> tuple[int, int, int, str]:
    """By what names of one holder are compared: a title, such as "Dr", makes none fuller."""
    own = name_words(name)
    return -sum(map(len, own)), len(plain_words(name)) - len(own), -len(name), name


def _join_issues(issues: list[Issue]) -> tuple[tuple[Issue, ...], Ids]:
    first: dict[tuple[str, ...], Issue] = {}
    ids = {issue.id: first.setdefault(plain_words(issue.proposition), issue).id for issue in issues}
    return tuple(first.values()), ids


@dataclass(slots=True)
class _Group:
    """A claim, and the evidence of all claims that say the same."""

    claim: Position | OpenQuestion
    words: tuple[str, ...]
    view: tuple[str | None, Stance] | None
    evidence: dict[int, Evidence]


def _join(chunks: list[tuple[ClaimT, ...]]) -> tuple[ClaimT, ...]:
    """The claims of all chunks, each once, with the evidence of all that say the same."""
    said: dict[Hashable, _Group] = {}
    places: dict[Hashable, list[_Group]] = {}  # by holders and sentences, those of earlier chunks
    for claims in chunks:
        found = []
        for claim in claims:
            holders, words, view = _said(claim)
            place = holders, tuple(item.sentence for item in claim.evidence)
            group = said.get((holders, words, view)) or _alike(places.get(place, ()), words, view)
            if group is None:
                group = said[holders, words, view] = _Group(claim, words, view, {})
            for item in claim.evidence:
                group.evidence.setdefault(item.sentence, item)
            found.append((place, group))
        for place, group in found:
            places.setdefault(place, []).append(group)
    joined = [
        group.claim.model_copy(update={"evidence": tuple(group.evidence[number] for number in sorted(group.evidence))})
        for group in said.values()
    ]
    return tuple(cast("list[ClaimT]", sorted(joined, key=lambda claim: (claim.evidence[0].sentence, claim.id))))


def _said(claim: Position | OpenQuestion) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str | None, Stance] | None]:
    """Who says it, in which words, and what they take a stance on by it."""
    if isinstance(claim, Position):
        return tuple(sorted(claim.holders)), plain_words(claim.statement), (claim.issue, claim.stance)
    return tuple(sorted(claim.raised_by)), plain_words(claim.question), None


def _alike(groups: Iterable[_Group], words: tuple[str, ...], view: tuple[str | None, Stance] | None) -> _Group | None:
    """The group that another chunk made of the same sentences in much the same words, and not to the contrary."""
    for group in groups:
        both = {*group.words, *words}
        contrary = group.view and view and group.view == (view[0], CONTRARY.get(view[1]))
        if contrary or turning_words(group.words) != turning_words(words):
            continue
        if len({*group.words}.intersection(words)) >= _ALIKE * len(both):
            return group
    return None


def numbered(findings: Findings) -> Findings:
    """The same with ids in the order of the article: P1, P2 …, holders and issues by their first use."""
    holding = _first_use(name for position in findings.positions for name in position.holders)
    at_issue = _first_use(position.issue for position in findings.positions if position.issue)
    holders = sorted(findings.holders, key=lambda each: (holding.get(each.id, len(holding)), each.mentions))
    issues = sorted(findings.issues, key=lambda each: at_issue.get(each.id, len(at_issue)))
    holder_ids = {holder.id: f"H{number}" for number, holder in enumerate(holders, 1)}
    issue_ids = {issue.id: f"I{number}" for number, issue in enumerate(issues, 1)}
    renamed = _renamed(findings, holder_ids, issue_ids)
    return replace(
        renamed,
        holders=tuple(holder.model_copy(update={"id": holder_ids[holder.id]}) for holder in holders),
        issues=tuple(issue.model_copy(update={"id": issue_ids[issue.id]}) for issue in issues),
        positions=_counted(renamed.positions, "P"),
        open_questions=_counted(renamed.open_questions, "Q"),
    )


def _first_use(ids: Iterable[str]) -> dict[str, int]:
    """For each id, how many others are used before it."""
    return {name: place for place, name in enumerate(dict.fromkeys(ids))}


def _counted(claims: tuple[ClaimT, ...], letter: str) -> tuple[ClaimT, ...]:
    return tuple(claim.model_copy(update={"id": f"{letter}{number}"}) for number, claim in enumerate(claims, 1))
