"""Fit the confidence of attributions on an annotated corpus, and print how well it is calibrated.

    python benchmarks/fit_confidence.py FOLDER [--write]
    python benchmarks/fit_confidence.py FOLDER --check

FOLDER has the articles as text/NAME.txt and brat annotations as attributions/NAME_….ann, as polnear.py describes. The
label of an attribution is whether polnear.py counts it as right in M4: the content and the source match.

Without an option, the model is fitted and scored by cross-validation, with each article in one of five parts. --write
also writes summarizer/attribution/languages/en/confidence.toml. --check scores the confidences of the package as they
are, for articles that the model was not fitted on.

The model is a logistic regression on yes-or-no features, with a weight for every rule and weights for single rules.
An L1 penalty keeps most weights at zero. Cyclic coordinate descent finds the optimum without a numerical library.
"""

import argparse
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from polnear import MIN_OVERLAP, ArticleWords, Attributed, ratio, read_annotations

from summarizer.article import Article, read
from summarizer.attribution.analysis import MIN_CONFIDENCE, find_matches
from summarizer.attribution.confidence import FIXED, find_confidences, find_features, find_nested
from summarizer.attribution.entities import find_entities
from summarizer.attribution.rules.labels import find_turns
from summarizer.attribution.tokens import read_paragraphs

WEIGHTS = Path(__file__).parents[1] / "summarizer/attribution/languages/en/confidence.toml"
PARTS = 5
MIN_RULE = 60
"""Attributions of a rule that is fitted; rarer rules have a fixed confidence."""
MIN_FEATURE = 30
"""Attributions that have a feature, with any rule or with one."""
L1 = 5.0
L2 = 0.5
PASSES = 16
MIN_STEP = 1e-3
MIN_WEIGHT = 0.05
"""Smaller weights are left out of the file."""
BINS = 10


class Row(NamedTuple):
    """An attribution that the analysis found."""

    article: str
    rule: str
    features: list[str]
    is_right: bool
    confidence: float
    """As the package computes it."""


class Model(NamedTuple):
    """The weights by rule and feature; the rule "" stands for every rule, the feature "base" for the intercept."""

    weights: dict[tuple[str, str], float]

    def predict(self, row: Row) -> float:
        """Return the probability that an attribution is right."""
        if (row.rule, "base") not in self.weights:
            return FIXED.get(row.rule, FIXED["other"])
        keys = [("", "base"), (row.rule, "base"), *keys_of(row)]
        return logistic(sum(self.weights.get(key, 0.0) for key in keys))


def logistic(score: float) -> float:
    """Return the probability of a score."""
    return 1 / (1 + math.exp(-score))


def keys_of(row: Row) -> Iterator[tuple[str, str]]:
    """Yield the weights that a row can have: each feature alone, and with the rule."""
    for feature in row.features:
        yield "", feature
        yield row.rule, feature


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
    for number, (candidate, is_nested) in enumerate(zip(candidates, find_nested(candidates), strict=True)):
        features = find_features(paragraphs, candidate, is_nested)
        is_right = any(found[number].shares_source(each) and overlaps(found[number], each) for each in gold)
        yield Row(name, candidate.rule.name, features, is_right, confidences[number])


def overlaps(one: Attributed, other: Attributed) -> bool:
    """Return whether two contents can match."""
    return ratio(len(one.content & other.content), len(one.content | other.content)) >= MIN_OVERLAP


def fit(rows: Sequence[Row], l1: float = L1) -> Model:
    """Return the model with the greatest penalised likelihood of the rows."""
    rules = {rule for rule, count in Counter(row.rule for row in rows).items() if count >= MIN_RULE}
    rules -= FIXED.keys()
    rows = [row for row in rows if row.rule in rules]
    members: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        members[row.rule, "base"].append(number)
        for key in keys_of(row):
            members[key].append(number)
    members = {key: numbers for key, numbers in members.items() if len(numbers) >= MIN_FEATURE}
    members["", "base"] = list(range(len(rows)))
    targets = [float(row.is_right) for row in rows]
    scores, odds = [0.0] * len(rows), [0.5] * len(rows)
    weights = dict.fromkeys(sorted(members, key=lambda key: (-len(members[key]), key)), 0.0)
    for turn in range(PASSES):
        moved = 0.0
        for key, weight in list(weights.items()):
            if turn % 4 and not weight:
                continue
            step = find_step(weight, [odds[at] for at in members[key]], [targets[at] for at in members[key]],
                             l1=0.0 if key[1] == "base" else l1)  # fmt: skip
            if abs(step) < MIN_STEP:
                continue
            weights[key] += step
            moved = max(moved, abs(step))
            for at in members[key]:
                scores[at] += step
                odds[at] = logistic(scores[at])
        if moved < 10 * MIN_STEP:
            break
    return Model({key: weight for key, weight in weights.items() if key[1] == "base" or abs(weight) >= MIN_WEIGHT})


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
# The confidence is 1 / (1 + exp(-score)). The score is the base of the rule, plus the weights of the features of the
# attribution: those in [every], and those of its rule. summarizer/attribution/confidence.py finds the features:
#   cue, act       the word and its act         form          of the cue, with the verb that governs it
#   source         the kind of the source       source after  the word before the source
#   distance       from source to cue           begins        the first word of the content
#   before         the word after the content   length        in tokens; of the content
#   quoted         how much of the content      nested        within the content of another attribution
#   pieces         content around the tag       has verb      a finite verb begins a clause

# Rules that the corpus has too rarely, or that it does not annotate. These values are chosen, not fitted.
[fixed]
"""


def write(model: Model, path: Path) -> None:
    """Write the weights as TOML."""
    lines = [HEADER.rstrip("\n"), *(f"{quote(name)} = {value}" for name, value in FIXED.items()), "", "[every]"]
    shared = model.weights["", "base"]
    lines += weight_lines(model, "")
    for rule in sorted({rule for rule, _ in model.weights} - {""}):
        base = shared + model.weights[rule, "base"]
        lines += ["", f"[rules.{quote(rule)}]", f"base = {base:.2f}", *weight_lines(model, rule)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def weight_lines(model: Model, rule: str) -> Iterable[str]:
    """Return the lines of the weights of a rule, in the order of their names."""
    weights = sorted((name, weight) for (owner, name), weight in model.weights.items() if owner == rule)
    return (f"{quote(name)} = {weight:.2f}" for name, weight in weights if name != "base")


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
