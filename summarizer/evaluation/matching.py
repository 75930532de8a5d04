"""Match what a brief has to what gold has, one to one: holders, positions, questions and issues.

Holder and evidence decide which pairs are possible. Among these, the pairs with the greatest sum of weights are chosen.
The order of the items does not matter.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, TypeVar

from summarizer._text import normalized_words
from summarizer.brief import OPPOSITE, Holder, Stance
from summarizer.evaluation.gold import Gold, GoldIssue, GoldPosition, GoldQuestion, GoldRecord
from summarizer.merging import cluster_names, has_enough_in_common
from summarizer.verification import read_wording

_SAME_WORDING = 0.5
"""Overlap above which two wordings may be one issue without common positions, or one unnamed source."""
_MIN_SHARE, _MIN_COMMON = 0.5, 2
"""Content words that two issues must have in common: as a share of those of the shorter one, and in number."""
_MIN_EVIDENCE = 0.1
"""Overlap of evidence below which two positions are about different passages."""
_UNIDENTIFIED = frozenset({"unnamed", "group"})
_PRIORITY = 0.01
"""Weight of what only decides between pairs that are equal otherwise."""

ItemT = TypeVar("ItemT", bound=GoldRecord)
Similarity = Mapping[tuple[str, str], float]
"""Of a holder of gold and one of a brief, by id: above 0, at most 1."""


@dataclass(frozen=True, slots=True)
class Matching:
    """The pairs of gold and a brief: from an index of gold to an index of the brief."""

    holders: Mapping[int, int]
    """Of the holders with positions; see `Gold.active_holders`."""
    positions: Mapping[int, int]
    questions: Mapping[int, int]
    issues: Mapping[int, int]
    negated: frozenset[int]
    """The indices of gold's issues that the brief has as their negation: "should not" for "should"."""


def match(gold: Gold, found: Gold) -> Matching:
    """Match a brief, in the form of gold, to the gold of its article."""
    similarity = _compare_holders(gold, found)
    language = (found.language or gold.language or "en").partition("-")[0].lower()
    issues: dict[tuple[str | None, str | None], tuple[float, bool]] = {(None, None): (1.0, False)}
    issues |= {
        (one.id, other.id): _compare_issues(one, other, language) for one in gold.issues for other in found.issues
    }

    cited = [Counter(number for each in side.positions for number in set(each.sentences)) for side in (gold, found)]
    citations = cited[0] | cited[1]

    def weigh_positions(one: GoldPosition, other: GoldPosition) -> float:
        evidence = _overlap(one.sentences, other.sentences, citations)
        if evidence < _MIN_EVIDENCE or not (holders := _joint_similarity(one, other, similarity)):
            return 0.0
        wording, is_negated = issues.get((one.issue, other.issue), (0.0, False))
        tie = wording + _PRIORITY * (one.stance == (turn(other.stance) if is_negated else other.stance))
        return holders + evidence + _overlap_words(one.statement, other.statement) + _PRIORITY * tie

    def weigh_questions(one: GoldQuestion, other: GoldQuestion) -> float:
        evidence = _overlap(one.sentences, other.sentences)
        return evidence and evidence + _overlap_words(one.question, other.question)

    positions = _match(gold.positions, found.positions, weigh_positions)
    common = Counter((gold.positions[one].issue, found.positions[other].issue) for one, other in positions.items())

    def weigh_issues(one: GoldIssue, other: GoldIssue) -> float:
        wording, _ = issues[one.id, other.id]
        shared = common[one.id, other.id] if wording else 0
        return shared + (wording if shared or wording > _SAME_WORDING else 0.0)

    issue_pairs = _match(gold.issues, found.issues, weigh_issues)
    return Matching(
        holders=_match(
            gold.active_holders,
            found.active_holders,
            lambda one, other: 1 + _PRIORITY * alike if (alike := similarity.get((one.id, other.id), 0.0)) else 0.0,
        ),
        positions=positions,
        questions=_match(gold.questions, found.questions, weigh_questions),
        issues=issue_pairs,
        negated=frozenset(
            one for one, other in issue_pairs.items() if issues[gold.issues[one].id, found.issues[other].id][1]
        ),
    )


def _overlap(one: Iterable[Hashable], other: Iterable[Hashable], counts: Mapping[Any, int] | None = None) -> float:
    """Return twice the common items as a share of the items of both.

    With ``counts``, rarer items weigh more: a sentence that every position cites, to name the speaker, says little.
    """
    first, second = set(one), set(other)
    common, every = (
        sum(1 / counts[item] if counts else 1 for item in items) for items in (first & second, [*first, *second])
    )
    return 2 * common / every if every else 0.0


def _overlap_words(one: str | None, other: str | None) -> float:
    return _overlap(normalized_words(one or ""), normalized_words(other or ""))


def turn(stance: Stance | None) -> Stance | None:
    """Return the stance on the negation of an issue."""
    return OPPOSITE.get(stance, stance) if stance else None


def _compare_issues(one: GoldIssue, other: GoldIssue, language: str) -> tuple[float, bool]:
    """Return the overlap of wordings, and whether one is the negation; 0 if too few content words are common."""
    return max(_compare_wordings(wording, other.proposition, language) for wording in (one.proposition, *one.aliases))


def _compare_wordings(one: str, other: str, language: str) -> tuple[float, bool]:
    (words, is_negated), (others, is_other_negated) = read_wording(one, language), read_wording(other, language)
    if words == others:
        return _overlap_words(one, other), is_negated != is_other_negated
    sizes = len(words & others), len(words), len(others)
    is_similar = has_enough_in_common(*sizes, share=_MIN_SHARE, min_count=_MIN_COMMON, of_shorter=True)
    return _overlap_words(one, other) if is_similar and is_negated == is_other_negated else 0.0, False


def _compare_holders(gold: Gold, found: Gold) -> Similarity:
    """Return the similarity of the holders that may be the same: by name, else by description and sentences."""
    keys: defaultdict[tuple[bool, str], set[Hashable]] = defaultdict(set)
    entries, owners = list[Holder](), dict[str, tuple[bool, str]]()
    for side in (gold, found):
        for holder in side.holders:
            forms = tuple(dict.fromkeys(filter(None, (holder.name, *holder.aliases))))
            for form in forms if holder.kind != "unnamed" else ():
                owners[entry_id := str(len(entries))] = side is gold, holder.id
                entries.append(Holder(id=entry_id, name=form, kind=holder.kind, aliases=forms))
    for entry_id, key in cluster_names(entries).items():
        keys[owners[entry_id]].add(key)
    cited, other_cited = _sentences_by_holder(gold), _sentences_by_holder(found)
    similarity = {}
    for one in gold.holders:
        for other in found.holders:
            are_authors = one.kind == other.kind == "author" and not (one.name and other.name)
            if are_authors or keys[True, one.id] & keys[False, other.id]:
                similarity[one.id, other.id] = 1.0
            elif "unnamed" in (kinds := {one.kind, other.kind}):
                words = _overlap_words(one.name, other.name)
                shared = _overlap(cited[one.id], other_cited[other.id]) if kinds <= _UNIDENTIFIED else 0.0
                if words > _SAME_WORDING or shared:
                    similarity[one.id, other.id] = 0.5 + 0.25 * words + 0.25 * shared
    return similarity


def _sentences_by_holder(gold: Gold) -> Mapping[str, set[int]]:
    sentences: defaultdict[str, set[int]] = defaultdict(set)
    for position in gold.positions:
        for holder in position.holders:
            sentences[holder].update(position.sentences)
    return sentences


def _joint_similarity(one: GoldPosition, other: GoldPosition, similarity: Similarity) -> float:
    """Return the similarity of the holders of two positions, who may hold them jointly."""
    weights = [[similarity.get((name, found), 0.0) for found in other.holders] for name in one.holders]
    pairs = assign(weights)
    return 2 * sum(weights[row][column] for row, column in pairs) / (len(one.holders) + len(other.holders))


def _match(items: Sequence[ItemT], others: Sequence[ItemT], weigh: Callable[[ItemT, ItemT], float]) -> dict[int, int]:
    """Match items one to one; of equal sums of weights, the content decides, not the order."""
    rows, columns = (
        [index for index, _ in sorted(enumerate(each), key=lambda item: item[1].model_dump_json())]
        for each in (items, others)
    )
    weights = [[weigh(items[row], others[column]) for column in columns] for row in rows]
    return {rows[row]: columns[column] for row, column in assign(weights)}


def assign(weights: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Return pairs of row and column with the greatest sum of weights. A pair without a weight is not made.

    The Hungarian method, with shortest augmenting paths (R. Jonker and A. Volgenant, Computing 38, 1987).
    """
    if not weights or not weights[0]:
        return []
    if len(weights) > len(weights[0]):
        return sorted((row, column) for column, row in assign(list(zip(*weights, strict=True))))
    columns = len(weights[0])
    row_prices, column_prices = [0.0] * (len(weights) + 1), [0.0] * (columns + 1)
    taken_by, previous = [0] * (columns + 1), [0] * (columns + 1)  # numbers from 1; 0 is neither a row nor a column
    for row in range(1, len(weights) + 1):
        taken_by[0], column = row, 0
        distances, is_done = [inf] * (columns + 1), [False] * (columns + 1)
        while taken_by[column]:
            is_done[column] = True
            current, step, nearest = taken_by[column], inf, 0
            for other in range(1, columns + 1):
                if is_done[other]:
                    continue
                distance = -weights[current - 1][other - 1] - row_prices[current] - column_prices[other]
                if distance < distances[other]:
                    distances[other], previous[other] = distance, column
                if distances[other] < step:
                    step, nearest = distances[other], other
            for other in range(columns + 1):
                if is_done[other]:
                    row_prices[taken_by[other]] += step
                    column_prices[other] -= step
                else:
                    distances[other] -= step
            column = nearest
        while column:
            taken_by[column], column = taken_by[previous[column]], previous[column]
    pairs = sorted((row - 1, column - 1) for column, row in enumerate(taken_by) if column and row)
    return [(row, column) for row, column in pairs if weights[row][column] > 0]
