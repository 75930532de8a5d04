"""The report of an evaluation: measures with intervals, issues, articles, and the comparison with an earlier run."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import ValidationError

from summarizer import __version__
from summarizer.brief import Brief, PromptId, Record
from summarizer.errors import ConfigurationError, describe_fault
from summarizer.estimate import Cost, Prices
from summarizer.evaluation.gold import Gold
from summarizer.evaluation.scores import (
    MEASURES,
    PARTS,
    RESAMPLES,
    SEED,
    ArticleScore,
    Measure,
    Tally,
    evaluate_measures,
    measure,
    tally,
    total,
)
from summarizer.usage import Usage

_SHORT_NAMES = ("F1", "precision", "recall", "stances", "accuracy", "alpha")


class IssueScore(Record):
    """The scores of the positions on one issue."""

    id: str
    proposition: str
    articles: int
    tallies: dict[str, Tally]
    """Of positions, and of stances: those of matched positions with a stance on it in gold or in the brief."""
    measures: dict[str, Measure]


class Difference(Record):
    """The change of a measure since an earlier run, over the same articles."""

    before: float | None
    after: float | None
    change: Measure
    """With an interval over pairs of articles."""
    better: int
    """Articles with a higher value."""
    worse: int
    same: int


class Comparison(Record):
    """The comparison with an earlier run."""

    model: str
    made: datetime
    articles: int
    """Articles that both runs have with the same text and the same gold."""
    left_out: int
    """Other articles of either run."""
    measures: dict[str, Difference]


class Report(Record):
    """The result of an evaluation.

    Examples:
        >>> from pathlib import Path
        >>> from summarizer import Gold, evaluate
        >>> _ = Path("bridge.txt").write_text("“The bridge must go,” said Anna Berg.", encoding="utf-8")
        >>> report = evaluate([Gold(article="bridge.txt")], model="builtin", fail_under={"positions_f1": 0.5})
        >>> report.passes()
        False
    """

    schema_version: Literal[1] = 1
    made: datetime
    library: str
    """The version of this library."""
    engine: str
    model: str | None = None
    """The model's name, as its server reports it."""
    verified_by: str | None = None
    """The model that checked the support of the statements; several are joined by commas."""
    prompts: tuple[PromptId, ...] = ()
    gold_sha256: str
    """The hash of all gold, in any order."""
    resamples: int = RESAMPLES
    seed: int = SEED
    measures: dict[str, Measure]
    tallies: dict[str, Tally]
    issues: tuple[IssueScore, ...] = ()
    support: dict[str, int]
    """Positions of the briefs by `Checks.support`."""
    usage: Usage
    """Tokens that the briefs took when they were made."""
    spent: Usage
    """Tokens that this run spent; stored briefs and replies cost nothing."""
    cost: float | None = None
    """The price of ``usage``, if prices were given."""
    seconds: float
    """Time that the briefs took when they were made, summed."""
    articles: tuple[ArticleScore, ...]
    comparison: Comparison | None = None
    gates: dict[str, float] = {}  # noqa: RUF012  # pydantic copies it
    """The lowest accepted values, by measure."""

    @property
    def name(self) -> str:
        """Return the model's name, or that of the built-in engine."""
        return self.model or self.engine

    @property
    def failed(self) -> tuple[ArticleScore, ...]:
        """Return the articles without a brief, or with a part of one."""
        return tuple(article for article in self.articles if article.error)

    @property
    def scored(self) -> dict[tuple[str, str], ArticleScore]:
        """Return the articles with a brief by the hashes of text and gold."""
        return {(each.sha256, each.gold_sha256): each for each in self.articles if each.scored}

    @property
    def unchecked(self) -> str:
        """Return how many articles have unchecked statements and the commonest reason; empty if none has."""
        reasons = Counter(article.unchecked for article in self.articles if article.unchecked)
        return "".join(
            f"{reasons.total()} of {len(self.scored)} articles were not checked, or not in full: {reason}"
            for reason, _ in reasons.most_common(1)
        )

    def passes(self, gates: Mapping[str, float] | None = None) -> bool:
        """Return whether no measure is below its gate. A measure without a value is.

        Args:
            gates: The lowest accepted value of each measure, such as ``{"F1": 0.6}``; by default those of the run.

        Raises:
            ConfigurationError: There is no such measure.
        """
        return not self.below(gates)

    def below(self, gates: Mapping[str, float] | None = None) -> dict[str, float]:
        """Return the gates that are not reached; see `passes`."""
        checked = self.gates if gates is None else check_gates(gates)
        values = {name: self.measures[name].value for name in checked}
        return {name: gate for name, gate in checked.items() if (value := values[name]) is None or value < gate}

    def rows(self) -> list[dict[str, Any]]:
        """Return one flat dictionary for each position of gold or of a brief, for csv.DictWriter or a data frame."""
        return [
            {"gold_file": article.gold, "title": article.title, **row.model_dump()}
            for article in self.articles
            for row in article.rows
        ]

    def to_json(self) -> str:
        """Return the report as JSON, which ``--against`` reads."""
        return self.model_dump_json(indent=2) + "\n"

    @classmethod
    def from_json(cls, data: str | bytes) -> Self:
        """Read a report; a ConfigurationError says what is wrong."""
        try:
            return cls.model_validate_json(data)
        except ValidationError as error:
            field, message = describe_fault(error)
            raise ConfigurationError(f"Not a report of an evaluation: {field or 'JSON'}: {message}.") from error

    def to_markdown(self) -> str:
        """Render the report as Markdown."""
        from summarizer.render import render_markdown

        return render_markdown("report.md.j2", report=self, parts=PARTS)

    def to_html(self) -> str:
        """Render the report as one self-contained page without scripts."""
        from summarizer.render import render_page

        return render_page("report.html.j2", report=self, parts=PARTS)


def check_gates(gates: Mapping[str, float]) -> dict[str, float]:
    """Return gates by the full names of measures: "F1" is "positions_f1", "alpha" is "stances_alpha".

    Raises:
        ConfigurationError: There is no such measure, or the value is impossible.
    """
    checked = {}
    if not isinstance(gates, Mapping):
        raise ConfigurationError(f"Gates cannot be {gates!r}.", hint='Use measures with values, such as {"F1": 0.6}.')
    for name, gate in gates.items():
        short = str(name).lower()
        forms = (short, f"positions_{short}", f"stances_{short}", f"{short}_accuracy")
        known = next((each for each in forms if each in MEASURES), None)
        if known is None:
            hint = f"The measures are {', '.join(MEASURES)}; in short {', '.join(_SHORT_NAMES)}."
            raise ConfigurationError(f"There is no measure {name}.", hint=hint)
        if not isinstance(gate, int | float) or not 0 <= gate <= 1:
            raise ConfigurationError(f"The gate of {name} cannot be {gate!r}.", hint="Use a number from 0 to 1.")
        checked[known] = gate
    return checked


def read_report(path: Path) -> Report:
    """Read the report of an earlier run from a file."""
    try:
        return Report.from_json(path.read_bytes())
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror or error}.") from error
    except ConfigurationError as error:
        raise ConfigurationError(f"{path}: {error.message}") from error


def build_report(
    gold: Sequence[Gold],
    articles: Sequence[ArticleScore],
    briefs: Sequence[Brief],
    *,
    spent: Usage,
    prices: Prices | None,
    against: Report | None,
    gates: Mapping[str, float],
) -> Report:
    """Build the report of the scores of articles; the provenance of the first brief shows how all were made."""
    scored = [article for article in articles if article.scored]
    counts = [article.counts() for article in scored]
    usage = sum((article.usage for article in scored), Usage())
    cost, origin = Cost(prompt=usage.prompt, cached=usage.cached, completion=usage.completion), briefs[0].provenance
    return Report(
        made=datetime.now(UTC),
        library=__version__,
        engine=origin.engine,
        model=origin.model,
        verified_by=", ".join(sorted(filter(None, {brief.provenance.verified_by for brief in briefs}))) or None,
        prompts=origin.prompts,
        gold_sha256=hashlib.sha256("".join(sorted(each.digest for each in gold)).encode()).hexdigest(),
        measures=measure(len(counts), partial(evaluate_measures, counts)),
        tallies=tally(total(counts), *PARTS, "stances"),
        issues=tuple(_score_issues(gold, scored)),
        support=dict(sorted(sum((Counter(article.support) for article in scored), Counter[str]()).items())),
        usage=usage,
        spent=spent,
        cost=None if prices is None else prices.price_of(cost),
        seconds=round(sum(article.seconds for article in scored), 3),
        articles=tuple(articles),
        comparison=compare(scored, against) if against else None,
        gates=dict(gates),
    )


def _score_issues(gold: Sequence[Gold], articles: Sequence[ArticleScore]) -> Iterator[IssueScore]:
    """Yield the scores of each issue, over the articles whose gold has it."""
    parts = ("positions", "stances")
    files = defaultdict[tuple[str, str], set[str]](set)
    for each in gold:
        for issue in each.issues:
            files[issue.id, issue.proposition].add(each.label)
    for issue_id, proposition in sorted(files):
        counts = [article.counts(issue_id) for article in articles if article.gold in files[issue_id, proposition]]
        yield IssueScore(
            id=issue_id,
            proposition=proposition,
            articles=len(counts),
            tallies=tally(total(counts), *parts),
            measures=measure(len(counts), partial(evaluate_measures, counts, parts=parts)),
        )


def check_comparable(keys: Iterable[tuple[str, str]], earlier: Report) -> None:
    """Check that an earlier run has one of these articles; a key is the hashes of text and gold.

    Raises:
        ConfigurationError: It has no article with the same text and gold.
    """
    if earlier.scored.keys().isdisjoint(keys):
        message = "The earlier run has no article with the same text and the same gold."
        raise ConfigurationError(message, hint="Compare runs on one gold.")


def compare(articles: Sequence[ArticleScore], earlier: Report) -> Comparison | None:
    """Compare scores with those of an earlier run, article by article; None if all articles of both have failed."""
    before, after = earlier.scored, {(each.sha256, each.gold_sha256): each for each in articles}
    shared = [key for key in after if key in before]
    if not shared:
        return None
    old, new = ([side[key].counts() for key in shared] for side in (before, after))

    def change(drawn: Iterable[int]) -> dict[str, float | None]:
        drawn = list(drawn)
        pairs = zip(evaluate_measures(new, drawn).items(), evaluate_measures(old, drawn).values(), strict=True)
        return {name: None if value is None or then is None else value - then for (name, value), then in pairs}

    of_articles = [change([index]) for index in range(len(shared))]
    values = [evaluate_measures(side, range(len(shared))) for side in (old, new)]
    return Comparison(
        model=earlier.name,
        made=earlier.made,
        articles=len(shared),
        left_out=len(before) + len(after) - 2 * len(shared),
        measures={
            name: Difference(
                before=values[0][name],
                after=values[1][name],
                change=changed,
                better=sum((each[name] or 0) > 0 for each in of_articles),
                worse=sum((each[name] or 0) < 0 for each in of_articles),
                same=sum(each[name] == 0 for each in of_articles),
            )
            for name, changed in measure(len(shared), change).items()
        },
    )
