"""Fit the confidence of attributions on an annotated corpus, and print how well it is calibrated.

    python benchmarks/fit_confidence.py FOLDER [--write]
    python benchmarks/fit_confidence.py FOLDER --check

FOLDER has the articles as text/NAME.txt and brat annotations as attributions/NAME_….ann, as polnear.py describes. The
label of an attribution is whether polnear.py counts it as right in M4: the content and the source match.

Without an option, the model is fitted and scored by cross-validation, with each article in one of five parts. --write
also writes summarizer/attribution/languages/en/confidence.toml. --check scores the confidences of the package as they
are, for articles that the model was not fitted on.

The model is a logistic regression on yes-or-no features. An L1 penalty keeps most weights at zero, except those of
rules. Cyclic coordinate descent finds the optimum without a numerical library.
"""

import argparse
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from polnear import MIN_OVERLAP, ArticleWords, Attributed, ratio, read_annotations

from summarizer.article import Article, read
from summarizer.attribution.analysis import MIN_CONFIDENCE, find_matches
from summarizer.attribution.confidence import FIXED, Feature, find_confidences, find_features, find_fixed
from summarizer.attribution.entities import find_entities
from summarizer.attribution.rules.labels import find_turns
from summarizer.attribution.tokens import read_paragraphs

WEIGHTS = Path(__file__).parents[1] / "summarizer/attribution/languages/en/confidence.toml"
PARTS = 5
MIN_RULE = 60
"""Attributions of a rule that is fitted; rarer rules have a fixed confidence."""
MIN_FEATURE = 45
"""Attributions that have a feature."""
L1 = 3.0
L2 = 0.5
PASSES = 16
MIN_STEP = 1e-3
MIN_WEIGHT = 0.1
"""Smaller weights are left out of the file."""
BINS = 10


class Row(NamedTuple):
    """An attribution that the analysis found."""

    article: str
    features: list[Feature]
    """The rule first."""
    is_right: bool
    confidence: float
    """As the package computes it."""


class Model(NamedTuple):
    """The weights by feature."""

    weights: dict[Feature, float]

    def predict(self, row: Row) -> float:
        """Return the probability that an attribution is right."""
        fixed = find_fixed(row.features, {name for group, name in self.weights if group == "rule"})
        return logistic(sum(self.weights.get(each, 0.0) for each in row.features)) if fixed is None else fixed


def logistic(score: float) -> float:
    """Return the probability of a score."""
    return 1 / (1 + math.exp(-score))


def read_rows(folder: Path) -> tuple[list[Row], int]:
    """Return the attributions found in the annotated articles of a folder, and the number of annotated ones."""
    rows: list[Row] = []
    annotated = 0
    for path in sorted((folder / "text").glob("*.txt")):
        files = sorted((folder / "attributions").glob(f"{path.stem}_*.ann"))
        if files:
            text = path.read_text(encoding="utf-8")
            words = ArticleWords(text)
            gold = [
                Attributed(words.within(spans["source"]), words.within(spans["content"]))
                for spans in read_annotations(files[0])
            ]
            annotated += len(gold)
            rows += read_article(path.stem, text, words, gold)
    return rows, annotated


def read_article(name: str, text: str, words: ArticleWords, gold: list[Attributed]) -> Iterator[Row]:
    """Yield the attributions found in an article."""
    reading = read(Article.from_text(text))
    paragraphs = read_paragraphs(reading)
    matches = find_matches(reading, paragraphs, find_entities(reading, paragraphs), find_turns(paragraphs))
    candidates = [each.candidate for each in matches]
    found = [
        Attributed(
            words.within(span for piece in each.source for span in paragraphs[index].spans(text, piece)),
            words.within(span for at, piece in each.content for span in paragraphs[at].spans(text, piece)),
        )
        for _, index, each in candidates
    ]
    confidences = find_confidences(paragraphs, candidates)
    for number, features in enumerate(find_features(paragraphs, candidates)):
        is_right = any(found[number].shares_source(each) and overlaps(found[number], each) for each in gold)
        yield Row(name, features, is_right, confidences[number])


def overlaps(one: Attributed, other: Attributed) -> bool:
    """Return whether two contents can match."""
    return ratio(len(one.content & other.content), len(one.content | other.content)) >= MIN_OVERLAP


def fit(rows: Sequence[Row], l1: float = L1) -> Model:
    """Return the model with the greatest penalised likelihood of the rows."""
    counts = Counter(row.features[0][1] for row in rows)
    rules = {rule for rule, count in counts.items() if count >= MIN_RULE} - FIXED.keys()
    rows = [row for row in rows if find_fixed(row.features, rules) is None]
    members: dict[Feature, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        for feature in row.features:
            members[feature].append(number)
    members = {feature: numbers for feature, numbers in members.items() if len(numbers) >= MIN_FEATURE}
    targets = [float(row.is_right) for row in rows]
    scores, odds = [0.0] * len(rows), [0.5] * len(rows)
    weights = dict.fromkeys(sorted(members, key=lambda each: (-len(members[each]), each)), 0.0)
    for turn in range(PASSES):
        moved = 0.0
        for feature, weight in list(weights.items()):
            if turn % 4 and not weight:
                continue
            numbers = members[feature]
            step = find_step(weight, [odds[at] for at in numbers], [targets[at] for at in numbers],
                             l1=0.0 if feature[0] == "rule" else l1)  # fmt: skip
            if abs(step) < MIN_STEP:
                continue
            weights[feature] += step
            moved = max(moved, abs(step))
            for at in numbers:
                scores[at] += step
                odds[at] = logistic(scores[at])
        if moved < 10 * MIN_STEP:
            break
    return Model({each: weight for each, weight in weights.items() if each[0] == "rule" or abs(weight) >= MIN_WEIGHT})


def find_step(weight: float, odds: list[float], targets: list[float], l1: float) -> float:
    """Return the step of one weight: Newton's, shortened by the L1 penalty."""
    slope = L2 * weight + sum(odds) - sum(targets)
    curvature = max(L2 + sum(each * (1 - each) for each in odds), len(odds) / 12)
    goal = weight - slope / curvature
    return math.copysign(max(abs(goal) - l1 / curvature, 0.0), goal) - weight


def cross_validate(rows: Sequence[Row]) -> list[float]:
    """Return the confidence of each row by a model that did not see its article."""
    parts = {article: number % PARTS for number, article in enumerate(sorted({row.article for row in rows}))}
    models = [
        fit([row for row in rows if parts[row.article] != part], L1 * (PARTS - 1) / PARTS) for part in range(PARTS)
    ]
    return [models[parts[row.article]].predict(row) for row in rows]


def report(rows: Sequence[Row], confidences: Sequence[float], annotated: int) -> Iterator[str]:
    """Yield the accuracy of the attributions that are kept, and the reliability of all confidences."""
    kept = [row for row, confidence in zip(rows, confidences, strict=True) if confidence >= MIN_CONFIDENCE]
    right = sum(row.is_right for row in kept)
    precision, recall = ratio(right, len(kept)), ratio(right, annotated)
    f1 = ratio(2 * precision * recall, precision + recall)
    yield f"kept {len(kept)} of {len(rows)}: P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}"
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for row, confidence in zip(rows, confidences, strict=True):
        bins[min(BINS - 1, int(confidence * BINS))].append((confidence, row.is_right))
    error = sum(abs(sum(confidence - is_right for confidence, is_right in here)) for here in bins) / len(rows)
    yield f"expected calibration error {error:.3f}"
    yield "| confidence | attributions | mean confidence | right |"
    yield "|---|---|---|---|"
    for number, here in enumerate(bins):
        mean, share = (ratio(sum(column), len(here)) for column in zip(*here, strict=True)) if here else (0.0, 0.0)
        yield f"| {number / BINS:.1f} to {(number + 1) / BINS:.1f} | {len(here)} | {mean:.2f} | {share:.2f} |"


HEADER = """\
# How probable it is that an attribution is right: a logistic model. benchmarks/fit_confidence.py writes this file.
#
# Origin: fitted on the training part of PolNeAR (Newell et al., LREC 2018). This file contains no text of it.
#
# The confidence is 1 / (1 + exp(-score)). The score is the sum of the weights that apply: one of [rule], and at most
# one of each other section, but several of [place]. What is not listed weighs nothing.

# Confidences that are chosen, not fitted. The corpus has these rules too rarely, or does not annotate them. It
# annotates only a part of what authors say of themselves: "I" and "we" in a main clause outside quotations.
[fixed]
"""
GROUPS = {
    "rule": "The rule, as in docs/attribution-rules.md",
    "act": "The act that the cue names",
    "cue": "The cue itself",
    "form": 'The form of the cue, after the verb or the "to" that governs it',
    "source": "The kind of the source",
    "before source": "The word before the source",
    "before source of a rule": "The same, in addition, for one rule",
    "distance": "Tokens between the source and the cue",
    "content": "The first word of the content",
    "after content": "The word after the content",
    "length": "Tokens of the content",
    "quoted": "How much of the content is in quotation marks",
    "place": "Other properties of the source, the cue and the content",
}
"""The sections of the file, each with its comment."""


def write(model: Model, path: Path) -> None:
    """Write the weights as TOML."""
    lines = [HEADER.rstrip("\n"), *(f"{quote(name)} = {value}" for name, value in FIXED.items())]
    for group, comment in GROUPS.items():
        weights = sorted((name, weight) for (of, name), weight in model.weights.items() if of == group)
        lines += [
            "",
            f"# {comment}",
            f"[{quote(group)}]",
            *(f"{quote(name)} = {weight:.2f}" for name, weight in weights),
        ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def quote(key: str) -> str:
    """Return a key of TOML."""
    return key if key.isalpha() else f'"{key}"'


def main(folder: Path, *, is_check: bool, is_write: bool) -> None:
    """Fit or check the model, and print the report."""
    rows, annotated = read_rows(folder)
    if not rows:
        raise SystemExit(f"There are no annotated texts in {folder}.")
    confidences = [row.confidence for row in rows] if is_check else cross_validate(rows)
    print("\n".join(report(rows, confidences, annotated)))
    if is_write:
        model = fit(rows)
        write(model, WEIGHTS)
        print(f"{len(model.weights)} weights in {WEIGHTS.name}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true", help="write the weights of the package")
    parser.add_argument("--check", action="store_true", help="score the package as it is")
    arguments = parser.parse_args()
    main(arguments.folder, is_check=arguments.check, is_write=arguments.write)
