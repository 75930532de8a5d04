"""The scores of briefs against gold: counts, rates, agreement of stances, and bootstrap intervals."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from statistics import quantiles
from typing import Any

from summarizer.brief import Brief, Record, Stance
from summarizer.evaluation.gold import Gold, gold_from_brief
from summarizer.evaluation.matching import Matching, match, turn
from summarizer.usage import Usage

RESAMPLES = 1_000
SEED = 2011

Counts = Counter[tuple[str, ...]]
"""``(part, "right" | "found" | "gold")`` counts items; ``("pairs", GOLD, FOUND)`` counts matched stances."""
Statistic = Callable[[Counts], float | None]


class Tally(Record):
    """Items that both have, that the brief has, and that gold has. Optional ones count nowhere."""

    right: int = 0
    found: int = 0
    gold: int = 0


@dataclass(frozen=True, slots=True)
class ClusterScore:
    """How well items are put together."""

    precision: float
    """The mean share of an item's cluster that belongs to it."""
    recall: float
    """The mean share of what belongs to an item that is in its cluster."""
    items: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.precision * self.recall / (self.precision + self.recall)


class Row(Record):
    """A position of gold, of a brief, or of both."""

    status: str
    """``"found"``, ``"missed"``, ``"extra"`` (not in gold), or ``"optional"`` (in gold, and not counted)."""
    id: str | None = None
    """The position's id in the brief."""
    holders: str
    """Names, as in gold if gold has the position."""
    statement: str
    """In the words of gold if gold has the position."""
    sentences: tuple[int, ...] = ()
    """Those of gold."""
    found_statement: str | None = None
    found_sentences: tuple[int, ...] = ()
    speaker_sentences: tuple[int, ...] = ()
    """Those that only introduce a speaker, of gold and of the brief."""
    issue: str | None = None
    """The id of the issue in gold."""
    found_issue: str | None = None
    """The id of the issue of gold that the brief's issue matches."""
    stance: Stance | None = None
    found_stance: Stance | None = None
    """The stance on the issue of gold, if the brief has the negation of it."""
    support: str | None = None

    def compare_stances(self) -> tuple[str, Stance, Stance] | None:
        """Return an issue of gold and both stances on it: ``unclear`` for a position that is not on the issue.

        None: gold does not have the position or no stance, or neither is on an issue of gold.
        """
        issue = self.issue or self.found_issue
        if self.status != "found" or issue is None or (self.issue and self.stance is None):
            return None
        return (
            issue,
            self.stance if self.issue and self.stance else "unclear",
            self.found_stance if self.found_issue == issue and self.found_stance else "unclear",
        )


class ArticleScore(Record):
    """The comparison of one brief with its gold."""

    gold: str
    """The gold file."""
    title: str | None = None
    sha256: str
    """Of the article's text."""
    gold_sha256: str
    error: str | None = None
    """Why there is no brief, or only a part of one."""
    scored: bool = True
    """Whether there is a brief. An article without one is in no rate."""
    rows: tuple[Row, ...] = ()
    holders: Tally = Tally()
    questions: Tally = Tally()
    support: dict[str, int] = {}  # noqa: RUF012  # pydantic copies it
    """Positions of the brief by `Checks.support`."""
    unchecked: str | None = None
    """Why the model of ``verify`` did not check all statements."""
    usage: Usage = Usage()
    """Tokens that the brief took when it was made."""
    seconds: float = 0.0
    """Time that the brief took when it was made."""

    def counts(self, issue: str | None = None) -> Counts:
        """Return the counts of all positions, or of those on one issue of gold."""
        counts: Counts = Counter()
        for row in self.rows:
            is_gold = row.status in {"found", "missed"} and issue in {None, row.issue}
            is_found = row.status in {"found", "extra"} and issue in {None, row.found_issue}
            _add(counts, "positions", right=is_gold and is_found, found=is_found, gold=is_gold)
            if row.status == "found" and is_gold:
                both = set(row.sentences).intersection(row.found_sentences)
                left_out = set(row.speaker_sentences) - both
                found, wanted = (len(set(each) - left_out) for each in (row.found_sentences, row.sentences))
                _add(counts, "evidence", len(both), found, wanted)
            if (stances := row.compare_stances()) and issue in {None, stances[0]}:
                counts["pairs", stances[1], stances[2]] += 1
                _add(counts, "stances", right=stances[1] == stances[2], found=1, gold=1)
        if issue is None:
            _add(counts, "holders", **dict(self.holders))
            _add(counts, "questions", **dict(self.questions))
        return counts

    def measures(self) -> dict[str, float | None]:
        """Return the measures of the article by name; see `MEASURES`."""
        return evaluate_measures([self.counts()], [0])


def _add(counts: Counts, part: str, right: int, found: int, gold: int) -> None:
    counts.update({(part, "right"): int(right), (part, "found"): int(found), (part, "gold"): int(gold)})


def score(gold: Gold, brief: Brief) -> ArticleScore:
    """Compare a brief with the gold of its article."""
    found = gold_from_brief(brief, gold.article)
    pairs = match(gold, found)
    required = {holder for position in gold.positions if not position.optional for holder in position.holders}
    return ArticleScore(
        gold=gold.label,
        title=brief.article.title,
        sha256=brief.article.sha256,
        gold_sha256=gold.digest,
        rows=tuple(_rows(gold, brief, found, pairs)),
        holders=_tally(
            pairs.holders, [holder.id not in required for holder in gold.active_holders], len(found.active_holders)
        ),
        questions=_tally(pairs.questions, [question.optional for question in gold.questions], len(found.questions)),
        support=dict(sorted(Counter(position.checks.support for position in brief.positions).items())),
        unchecked=next(filter(None, map(_read_failure, brief.provenance.notes)), None),
        usage=brief.provenance.usage,
        seconds=brief.provenance.seconds,
    )


def _read_failure(note: str) -> str | None:
    """Return why statements were not checked, from a note of `SupportCheck`; None for another note."""
    _, is_failure, reason = note.partition(" were not checked: ")
    return reason if is_failure else note if note.startswith("The model gave no verdict on ") else None


def _tally(pairs: Mapping[int, int], optional: Sequence[bool], found: int) -> Tally:
    """Return the counts of items; ``optional`` says for each item of gold whether it counts neither way."""
    neither_way = sum(optional[index] for index in pairs)
    return Tally(right=len(pairs) - neither_way, found=found - neither_way, gold=optional.count(False))


def _rows(gold: Gold, brief: Brief, found: Gold, pairs: Matching) -> Iterator[Row]:
    issue_of = {found.issues[other].id: gold.issues[one].id for one, other in pairs.issues.items()}
    negated = {found.issues[pairs.issues[one]].id for one in pairs.negated}

    def describe_found(index: int) -> dict[str, Any]:
        position = found.positions[index]
        return {
            "id": brief.positions[index].id,
            "found_statement": position.statement,
            "found_sentences": position.sentences,
            "speaker_sentences": position.speaker_sentences,
            "found_issue": issue_of.get(position.issue or ""),
            "found_stance": turn(position.stance) if position.issue in negated else position.stance,
            "support": brief.positions[index].checks.support,
        }

    for index, position in enumerate(gold.positions):
        other = pairs.positions.get(index)
        if other is None and position.optional:
            continue
        cited = {} if other is None else describe_found(other)
        cited["speaker_sentences"] = (*position.speaker_sentences, *cited.get("speaker_sentences", ()))
        yield Row(
            status="optional" if position.optional else "missed" if other is None else "found",
            holders=_names(gold, position.holders),
            statement=position.statement,
            sentences=position.sentences,
            issue=position.issue,
            stance=position.stance,
            **cited,
        )
    for index in sorted(set(range(len(found.positions))).difference(pairs.positions.values())):
        position = found.positions[index]
        holders = _names(found, position.holders)
        yield Row(status="extra", holders=holders, statement=position.statement, **describe_found(index))


def _names(gold: Gold, ids: Iterable[str]) -> str:
    names = {holder.id: holder.name or holder.kind for holder in gold.holders}
    return " and ".join(names[holder_id] for holder_id in ids)


def krippendorff_alpha(units: Mapping[Sequence[str | None], int]) -> float | None:
    """Return Krippendorff's alpha for nominal values, or None if the values do not vary.

    K. Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011.

    Args:
        units: The values that the coders gave to one unit, with the number of such units. None is a missing value.
    """
    totals: Counter[str] = Counter()
    disagreement = 0.0
    for values, number in units.items():
        counts = Counter(value for value in values if value is not None)
        if (coders := counts.total()) < 2:
            continue
        for value, count in counts.items():
            totals[value] += number * count
            disagreement += number * count * (coders - count) / (coders - 1)
    size = totals.total()
    expected = sum(count * (size - count) for count in totals.values())
    return 1 - (size - 1) * disagreement / expected if expected else None


def _divide(top: int, bottom: int) -> float | None:
    return top / bottom if bottom else None


def _rates(part: str) -> dict[str, Statistic]:
    right, found, gold = ((part, name) for name in ("right", "found", "gold"))
    return {
        f"{part}_precision": lambda counts: _divide(counts[right], counts[found]),
        f"{part}_recall": lambda counts: _divide(counts[right], counts[gold]),
        f"{part}_f1": lambda counts: _divide(2 * counts[right], counts[found] + counts[gold]),
    }


PARTS = ("positions", "holders", "evidence", "questions")
MEASURES: Mapping[str, Statistic] = {
    **{name: rate for part in PARTS for name, rate in _rates(part).items()},
    "stances_accuracy": lambda counts: _divide(counts["stances", "right"], counts["stances", "gold"]),
    "stances_alpha": lambda counts: krippendorff_alpha({key[1:]: counts[key] for key in counts if key[0] == "pairs"}),
}
"""The measures by name; None where there is nothing to count."""


class Measure(Record):
    """A value with its 95 % bootstrap interval over articles; null where there is nothing to count."""

    value: float | None
    low: float | None = None
    high: float | None = None


def tally(counts: Counts, *parts: str) -> dict[str, Tally]:
    """Return the counts of these parts."""
    names = ("right", "found", "gold")
    return {part: Tally(**{name: counts[part, name] for name in names}) for part in parts}


def total(counts: Iterable[Counts]) -> Counts:
    """Return the sum of the counts of articles."""
    sums: Counts = Counter()
    for each in counts:
        for key, number in each.items():  # much faster than Counter.update
            sums[key] += number
    return sums


def measure(articles: int, statistic: Callable[[Sequence[int]], Mapping[str, float | None]]) -> dict[str, Measure]:
    """Return the values of a statistic over all articles, with intervals from articles drawn with replacement.

    The draws are the same in every run. With fewer than two articles there are no intervals.

    Args:
        articles: The number of articles.
        statistic: Returns values by name for the indices of drawn articles.
    """
    random, drawn = Random(SEED), defaultdict[str, list[float]](list)
    of_sample = cache(statistic)  # few articles give few samples
    for _ in range(RESAMPLES if articles > 1 else 0):
        for name, value in of_sample(tuple(sorted(random.choices(range(articles), k=articles)))).items():
            if value is not None:
                drawn[name].append(value)
    measures = {}
    for name, value in statistic(range(articles)).items():
        is_varied = value is not None and len(drawn[name]) > 1
        cuts = quantiles(drawn[name], n=40, method="inclusive") if is_varied else [None]
        measures[name] = Measure(value=value, low=cuts[0], high=cuts[-1])
    return measures


def evaluate_measures(
    counts: Sequence[Counts], drawn: Iterable[int], parts: tuple[str, ...] = (*PARTS, "stances")
) -> dict[str, float | None]:
    """Return the measures of these parts over drawn articles."""
    sums = total(counts[index] for index in drawn)
    return {name: rate(sums) for name, rate in MEASURES.items() if name.startswith(parts)}


def b_cubed(found: Mapping[Hashable, Hashable], gold: Mapping[Hashable, Hashable]) -> ClusterScore:
    """Return how well items are put together: B³ (Bagga and Baldwin 1998), the mean over the items.

    Args:
        found: The cluster of each item.
        gold: The true cluster of each item; items that only one of the two has do not count.
    """
    items = found.keys() & gold.keys()
    both = Counter((found[item], gold[item]) for item in items)
    sizes, true_sizes = Counter(found[item] for item in items), Counter(gold[item] for item in items)
    precision = sum(count * count / sizes[cluster] for (cluster, _), count in both.items())
    recall = sum(count * count / true_sizes[cluster] for (_, cluster), count in both.items())
    return ClusterScore(*((precision / len(items), recall / len(items)) if items else (1.0, 1.0)), len(items))
