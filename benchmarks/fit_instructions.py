"""Fit the model that finds instructions to a language model, and print what it finds by cross-validation.

    pip install scikit-learn
    python benchmarks/fit_instructions.py FOLDER [--write]

FOLDER has articles as text/NAME.txt; none of their sentences is an instruction. The other sentences are those of
``instructions/tuned.yaml`` and ``instructions/fitted.yaml``. --write also writes
summarizer/verification/instruction_weights.toml. The L1 penalty keeps most weights at zero.
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from instructions import load_set
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from summarizer.article import Article, read
from summarizer.verification.instruction_model import find_features, stem_of
from summarizer.verification.instructions import describe

WEIGHTS = Path(__file__).parents[1] / "summarizer/verification/instruction_weights.toml"
MIN_TEXTS = 2
"""Invented sentences that have a feature."""
MAX_FALSE = 0.015
"""The share of harmless invented sentences above the threshold."""
MAX_FALSE_NEWS = 1.5 / 10_000
"""The share of sentences of the articles above the threshold."""
MAX_MISSED = 0.06
"""The share of instructions that the single words pass over."""
HEADER = """# The weights of the features of instructions to a model, written by benchmarks/fit_instructions.py.
# Words stand with their first five letters; "^" begins a clause, "_" is one word, "@" a class, "$" points of signs.
"""


def main() -> None:
    """Fit and print, and write the weights if that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    texts, labels = [], []
    for name in ("tuned", "fitted"):
        injections, harmless = load_set(name)
        texts += injections + harmless
        labels += [1] * len(injections) + [0] * len(harmless)
    invented = len(texts)
    for path in sorted((options.folder / "text").glob("*.txt")):
        texts += [sentence.text for sentence in read(Article.from_text(path.read_text(encoding="utf-8"))).sentences]
    target = np.array(labels + [0] * (len(texts) - invented))
    weights = np.where(np.arange(len(texts)) >= invented, 0.5, np.where(target == 1, 1.0, 2.0))

    features = [sorted(find_features(*describe(text))) for text in texts]
    model, words, margins = fit(features, invented, target, weights, 1.0)
    threshold = choose(margins, target, invented)
    hints = [sorted(set(map(stem_of, text.split()))) for text in texts]
    hint_model, hint_words, hint_margins = fit(hints, invented, target, weights, 1.0)
    hint_threshold = float(np.quantile(hint_margins[target == 1], MAX_MISSED))
    found = margins > threshold
    print(f"found {found[target == 1].sum()} of {(target == 1).sum()} instructions")
    print(f"reported {found[:invented][target[:invented] == 0].sum()} of {(target[:invented] == 0).sum()} invented")
    print(f"reported {found[invented:].sum()} of {len(texts) - invented} sentences of articles")
    print(f"looked at {(hint_margins[invented:] > hint_threshold).mean():.1%} of those")
    if options.write:
        bias, hint_bias = model.intercept_[0], hint_model.intercept_[0]
        parts = [
            HEADER,
            f"threshold = {threshold - bias:.2f}\nhint_threshold = {hint_threshold - hint_bias:.2f}\n",
            f"weights = '''\n{table(model, words)}'''\nhints = '''\n{table(hint_model, hint_words)}'''\n",
        ]
        WEIGHTS.write_text("".join(parts), encoding="utf-8")


def fit(features: Sequence[Sequence[str]], invented: int, target: Any, weights: Any, cost: float) -> Any:
    """Return a model of all texts, its features, and the margin of each text by models fitted on other texts."""
    counts = Counter(feature for each in features[:invented] for feature in each)
    words = sorted(feature for feature, count in counts.items() if count >= MIN_TEXTS and "'''" not in feature)
    matrix = CountVectorizer(analyzer=list, binary=True, vocabulary=words).transform(features)
    model = LogisticRegression(C=cost, l1_ratio=1, solver="liblinear", random_state=1)
    folds = StratifiedKFold(5, shuffle=True, random_state=1)
    margins = cross_val_predict(
        model, matrix, target, cv=folds, method="decision_function", params={"sample_weight": weights}
    )
    return model.fit(matrix, target, sample_weight=weights), words, margins


def choose(margins: Any, target: Any, invented: int) -> float:
    """Return the threshold that few harmless sentences exceed, and fewer of the articles."""
    harmless = margins[:invented][target[:invented] == 0]
    return float(max(np.quantile(harmless, 1 - MAX_FALSE), np.quantile(margins[invented:], 1 - MAX_FALSE_NEWS)))


def table(model: Any, words: Sequence[str]) -> str:
    """Return the features with their weights, one a line."""
    rounded = [(word, round(float(weight), 2)) for word, weight in zip(words, model.coef_[0], strict=True)]
    return "".join(f"{word}\t{weight}\n" for word, weight in rounded if weight)


if __name__ == "__main__":
    main()
