"""Combine findings: join holders, issues, positions and questions that are the same.

Nothing is rewritten, no evidence is lost or added, and the result does not depend on the order of the findings.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain, count
from typing import NamedTuple, TypeVar

from summarizer.attribution import work_noun
from summarizer.brief import OPPOSITE, Evidence, Holder, Issue, OpenQuestion, Position, Stance
from summarizer.codebook import NO_CODEBOOK, Codebook, CodebookHolder
from summarizer.merging.matching import (
    cluster_names,
    has_enough_in_common,
    match_given,
    name_words,
    negations_and_numbers,
    plain_words,
)
from summarizer.verification import Findings

Ids = Mapping[str, str]
"""From old ids to new ones."""
ClaimT = TypeVar("ClaimT", Position, OpenQuestion)
ItemT = TypeVar("ItemT", Holder, Issue, Position, OpenQuestion)

_MIN_SHARE = 0.5  # of the words that two wordings of one claim share


class _Key(NamedTuple):
    """Claims with equal keys are the same."""

    holders: tuple[str, ...]
    words: tuple[str, ...]
    issue: str | None = None
    stance: Stance | None = None


def merge(chunks: Iterable[Findings], codebook: Codebook = NO_CODEBOOK) -> Findings:
    """Return one Findings for the findings of all chunks, with ids in the article's order.

    Holders are joined by name, issues by their proposition. Positions of the same holders are joined if they
    have the same wording, issue and stance. Positions of several chunks on the same
    sentences are joined if their wordings are similar. They must not differ in a negation or a number, or take
    opposite stances.
    The gist is that of the first chunk, which holds the lead.
    Given issues keep their ids and words. Holders that the codebook names get the ids and names that it gives.
    """
    ordered = unique = list(chunks)
    if len(ordered) > 1 or codebook:  # new ids may be equal to given ones
        ordered = _in_order(ordered)
        unique = [_with_prefix(findings, f"{number}/") for number, findings in enumerate(ordered)]
    all_holders = [holder for findings in unique for holder in findings.holders]
    holders, holder_ids = _join_holders(all_holders, codebook.holders)
    issues, issue_ids = _join_issues([issue for findings in unique for issue in findings.issues])
    renamed = [_rename(findings, holder_ids, issue_ids) for findings in unique]
    return _renumber(
        Findings(
            holders=holders,
            issues=issues,
            positions=_join_claims([findings.positions for findings in renamed]),
            open_questions=_join_claims([findings.open_questions for findings in renamed]),
            gist=next((findings.gist for findings in ordered if findings.gist), None),
            problems=tuple(problem for findings in ordered for problem in findings.problems),
        )
    )


def apply_grouping(findings: Findings, issues: Ids, claims: Ids, *, opposite: Collection[str]) -> Findings:
    """Return ``findings`` with grouped issues, positions and questions joined.

    ``issues`` and ``claims`` map ids to the id that replaces them. ``opposite`` has the replaced issues that state
    the contrary; stances on them are inverted. Positions that end up with different issues or with opposite
    stances are not joined. Evidence is neither lost nor added; ids are renumbered.
    """
    moved = [_move(position, issues, opposite) for position in findings.positions]
    claims = _consistent_groups(claims, moved)
    return _renumber(
        replace(
            findings,
            issues=tuple(issue for issue in findings.issues if issue.id not in issues),
            positions=_join_groups(moved, claims),
            open_questions=_join_groups(_join_origins(findings.open_questions, claims), claims),
        )
    )


def _in_order(chunks: list[Findings]) -> list[Findings]:
    """Sort findings by their first sentence, ties by their content."""
    first = [_first_sentence(findings) for findings in chunks]
    tied = {place for place, count in Counter(first).items() if count > 1}
    keys = [(place, repr(findings) if place in tied else "") for place, findings in zip(first, chunks, strict=True)]
    return [chunks[index] for index in sorted(range(len(chunks)), key=keys.__getitem__)]


def _first_sentence(findings: Findings) -> float:
    citing = [*findings.claims, *([findings.gist] if findings.gist else [])]
    return min((item.sentence for part in citing for item in part.evidence), default=float("inf"))


def _with_prefix(findings: Findings, prefix: str) -> Findings:
    """Make ids unique among all chunks; given ids are."""

    def ids(items: Iterable[Holder | Issue]) -> Ids:
        return {item.id: item.id if item.given else prefix + item.id for item in items}

    return _rename(findings, ids(findings.holders), ids(findings.issues))


def _rename(findings: Findings, holders: Ids, issues: Ids) -> Findings:
    """Replace ids and all references to them. A holder and an issue may have the same id."""
    if all(name == renamed for ids in (holders, issues) for name, renamed in ids.items()):
        return findings

    def rename(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(holders[name] for name in names))

    return replace(
        findings,
        holders=tuple(_changed(holder, id=holders[holder.id]) for holder in findings.holders),
        issues=tuple(_changed(issue, id=issues[issue.id]) for issue in findings.issues),
        positions=tuple(
            _changed(
                position,
                holders=rename(position.holders),
                reported_by=position.reported_by and holders[position.reported_by],
                issue=position.issue and issues[position.issue],
            )
            for position in findings.positions
        ),
        open_questions=tuple(
            _changed(question, raised_by=rename(question.raised_by)) for question in findings.open_questions
        ),
    )


def _changed(item: ItemT, **changes: object) -> ItemT:
    """Return a copy with other values of some fields; they are not validated again, which takes long."""
    return item.model_copy(update=changes)


def _join_holders(holders: list[Holder], given: Sequence[CodebookHolder]) -> tuple[tuple[Holder, ...], Ids]:
    clusters = cluster_names(holders)
    groups: dict[Hashable, list[Holder]] = {}
    for holder in holders:
        unnamed = holder.kind if holder.kind == "author" else holder.id  # two unnamed holders may differ
        groups.setdefault(clusters.get(holder.id, unnamed), []).append(holder)
    joined = {holder.id: holder for holder in map(_join_holder, groups.values())}
    taken: set[str | None] = set()
    for one, holder in joined.items():
        if holder.kind == "person" and holder.name in taken and (noun := work_noun(holder.role or "")):
            joined[one] = _changed(holder, name=f"{holder.name} ({noun})")
        taken.add(holder.name)
    ids = {holder.id: one for one, group in zip(joined, groups.values(), strict=True) for holder in group}
    matches = match_given(list(joined.values()), given) if given else {}
    for entry in given:
        if same := [one for one, given_id in matches.items() if given_id == entry.id]:
            known = _join_holder([joined.pop(one) for one in same])
            names = (known.name, *known.aliases)
            joined[entry.id] = _changed(
                known,
                id=entry.id,
                name=entry.name,
                kind=entry.kind or known.kind,
                aliases=tuple(name for name in names if name and name != entry.name),
                given=True,
            )
            ids = {old: entry.id if one in same else one for old, one in ids.items()}
    return tuple(joined.values()), ids


def _join_holder(group: list[Holder]) -> Holder:
    """Return one holder with the fullest name, the first role and affiliation, and all mentions."""
    names = dict.fromkeys(name for holder in group for name in (holder.name, *holder.aliases) if name)
    fullest = min((holder.name for holder in group if holder.name), key=_fullest_first, default=None)
    return _changed(
        group[0],
        name=fullest,
        role=next((holder.role for holder in group if holder.role), None),
        affiliation=next((holder.affiliation for holder in group if holder.affiliation), None),
        aliases=tuple(name for name in names if name != fullest),
        mentions=tuple(sorted({span for holder in group for span in holder.mentions})),
    )


def _fullest_first(name: str) -> tuple[int, int, int, str]:
    """Return a sort key; a title such as "Dr" makes no name fuller."""
    own = name_words(name)
    return -sum(map(len, own)), len(plain_words(name)) - len(own), -len(name), name


def _join_issues(issues: list[Issue]) -> tuple[tuple[Issue, ...], Ids]:
    first = {plain_words(issue.proposition): issue for issue in issues if issue.given}
    ids = {
        issue.id: issue.id if issue.given else first.setdefault(plain_words(issue.proposition), issue).id
        for issue in issues
    }
    return tuple({issue.id: issue for issue in issues if ids[issue.id] == issue.id}.values()), ids


def _join_claims(chunks: list[tuple[ClaimT, ...]]) -> tuple[ClaimT, ...]:
    """Return the claims of all chunks, each once, with the evidence of all that are the same."""
    groups: dict[_Key, list[ClaimT]] = {}
    earlier: defaultdict[Hashable, list[_Key]] = defaultdict(list)  # groups of earlier chunks by holders and sentences
    for claims in chunks:
        places = []
        for claim in claims:
            key = _claim_key(claim)
            place = key.holders, tuple(item.sentence for item in claim.evidence)
            if key not in groups:
                key = next((other for other in earlier.get(place, ()) if _is_same(other, key)), key)
            groups.setdefault(key, []).append(claim)
            places.append((place, key))
        for place, key in places:
            earlier[place].append(key)
    return tuple(sorted(map(_join_evidence, groups.values()), key=lambda claim: (claim.evidence[0].sentence, claim.id)))


def _join_evidence(group: Sequence[ClaimT]) -> ClaimT:
    """Return the first claim of a group, with the evidence of all."""
    evidence: dict[int, Evidence] = {}
    for item in chain.from_iterable(claim.evidence for claim in group):
        if item.sentence not in evidence or evidence[item.sentence].only_names_speaker:
            evidence[item.sentence] = item
    return _changed(group[0], evidence=tuple(evidence[number] for number in sorted(evidence)))


def _claim_key(claim: Position | OpenQuestion) -> _Key:
    if isinstance(claim, Position):
        return _Key(tuple(sorted(claim.holders)), plain_words(claim.statement), claim.issue, claim.stance)
    return _Key(tuple(sorted(claim.raised_by)), plain_words(claim.question))


def _is_same(one: _Key, other: _Key) -> bool:
    """Return whether two claims about the same sentences have similar wordings and no opposite stances."""
    if one.stance and one.issue == other.issue and OPPOSITE.get(one.stance) == other.stance:
        return False
    if negations_and_numbers(one.words) != negations_and_numbers(other.words):
        return False
    ours, theirs = {*one.words}, {*other.words}
    return has_enough_in_common(len(ours & theirs), len(ours), len(theirs), share=_MIN_SHARE)


def _renumber(findings: Findings) -> Findings:
    """Assign ids in the article's order: P1, P2 …; holders and issues by their first use. Given ones keep theirs."""
    holder_order = _first_use(name for position in findings.positions for name in position.holders)
    issue_order = _first_use(position.issue for position in findings.positions if position.issue)
    holders = sorted(
        findings.holders, key=lambda holder: (holder_order.get(holder.id, len(holder_order)), holder.mentions)
    )
    issues = sorted(findings.issues, key=lambda issue: issue_order.get(issue.id, len(issue_order)))
    holder_ids, issue_ids = _new_ids(holders, "H"), _new_ids(issues, "I")
    renamed = _rename(replace(findings, holders=tuple(holders), issues=tuple(issues)), holder_ids, issue_ids)
    return replace(
        renamed,
        positions=_with_numbers(renamed.positions, "P"),
        open_questions=_with_numbers(renamed.open_questions, "Q"),
    )


def _new_ids(items: Iterable[Holder | Issue], letter: str) -> Ids:
    numbers = count(1)
    return {item.id: item.id if item.given else f"{letter}{next(numbers)}" for item in items}


def _first_use(ids: Iterable[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(dict.fromkeys(ids))}


def _with_numbers(claims: tuple[ClaimT, ...], letter: str) -> tuple[ClaimT, ...]:
    return tuple(_changed(claim, id=f"{letter}{number}") for number, claim in enumerate(claims, 1))


def _move(position: Position, issues: Ids, opposite: Collection[str]) -> Position:
    """Put a position on the issue that replaces its own."""
    if position.issue is None or position.issue not in issues:
        return position
    stance = OPPOSITE.get(position.stance, position.stance) if position.issue in opposite else position.stance
    return _changed(position, issue=issues[position.issue], stance=stance)


def _consistent_groups(claims: Ids, positions: Iterable[Position]) -> Ids:
    """Leave out positions that differ in the issue, or oppose the position they would be joined to."""
    stances = {position.id: (position.issue, position.stance) for position in positions if position.issue}

    def fits(name: str, keep: str) -> bool:
        if name not in stances or keep not in stances:
            return True
        (issue, stance), (kept_issue, kept_stance) = stances[name], stances[keep]
        return issue == kept_issue and OPPOSITE.get(stance) != kept_stance

    return {name: keep for name, keep in claims.items() if fits(name, keep)}


def _join_origins(questions: Sequence[OpenQuestion], claims: Ids) -> list[OpenQuestion]:
    """Give each question the askers of its group; it counts as asked if one of the group is."""
    groups: defaultdict[str, list[OpenQuestion]] = defaultdict(list)
    for question in questions:
        groups[claims.get(question.id, question.id)].append(question)

    def joined(question: OpenQuestion) -> OpenQuestion:
        group = groups[question.id]
        if len(group) < 2:
            return question
        raised_by = dict.fromkeys(holder for member in group for holder in member.raised_by)
        origin = "asked" if any(member.origin == "asked" for member in group) else "implied"
        return _changed(question, raised_by=tuple(raised_by), origin=origin)

    return [joined(question) for question in questions]


def _join_groups(claims: Sequence[ClaimT], groups: Ids) -> tuple[ClaimT, ...]:
    """Return the claims that stay, in the article's order, each with the evidence of its group."""
    members: defaultdict[str, list[ClaimT]] = defaultdict(list)
    for claim in sorted(claims, key=lambda claim: claim.id in groups):  # the claim itself first
        members[groups.get(claim.id, claim.id)].append(claim)
    kept = [_join_evidence(members[claim.id]) for claim in claims if claim.id not in groups]
    return tuple(sorted(kept, key=lambda claim: claim.evidence[0].sentence))
