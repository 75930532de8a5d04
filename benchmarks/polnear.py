"""Score the attributions of the library against PolNeAR's annotations.

    python benchmarks/polnear.py FOLDER

FOLDER has the articles as text/NAME.txt and brat annotations as attributions/NAME_….ann, as PolNeAR's train, dev
and test folders have. If several people annotated an article, the first file by name counts. The figures of
docs/attribution-accuracy.md come from this script.

The attributions that `attributions(article)` returns count: those with a confidence of at least .44.

Contents are compared as sets of words. A predicted and an annotated attribution can match if the Jaccard overlap of
their contents is at least one half. The best overlaps are matched first, each attribution once.

    M1  words within any content: precision, recall and F1
    M2  matched attributions
    M3  share of the matches with an annotated source whose predicted source shares a word with it
    M4  matched attributions whose sources share a word or are both empty (the main figure)
    M5  attributions with exactly the annotated content

The recall of M4 is also printed by type of speech. Speech is direct if all words of the annotated content are in
quotation marks, mixed if some are, else indirect.
"""

import re
import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from summarizer.article import Article
from summarizer.attribution import attributions

WORD = re.compile(r"\w+(?:[’'\-]\w+)*")
QUOTATION = re.compile(r"[“\"][^“”\"\n]{2,}[”\"]")
MIN_OVERLAP = 0.5
SPEECH = ("direct", "mixed", "indirect")

Spans = Iterable[tuple[int, int]]
Words = frozenset[int]


@dataclass(frozen=True)
class Attributed:
    """An attribution as sets of word numbers."""

    source: Words
    content: Words

    def shares_source(self, other: "Attributed") -> bool:
        """Return whether the sources share a word, or are both empty."""
        return bool(self.source & other.source) or not (self.source or other.source)


class ArticleWords:
    """The words of an article, by their offsets."""

    def __init__(self, text: str) -> None:
        self._starts = [match.start() for match in WORD.finditer(text)]
        self.quoted = self.within(match.span() for match in QUOTATION.finditer(text))

    def within(self, spans: Spans) -> Words:
        """Return the words that begin within any of the spans."""
        return frozenset(
            chain.from_iterable(
                range(bisect_left(self._starts, start), bisect_left(self._starts, end)) for start, end in spans
            )
        )

    def speech(self, content: Words) -> str:
        """Return the type of speech of a content."""
        if content <= self.quoted:
            return "direct"
        return "mixed" if content & self.quoted else "indirect"


def read_annotations(path: Path) -> Iterator[dict[str, list[tuple[int, int]]]]:
    """Yield the attributions of a brat file as spans by role (source, cue, content)."""
    spans: dict[str, list[tuple[int, int]]] = {}
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    for key, *fields in rows:
        if re.fullmatch(r"T\d+", key):
            pieces = fields[0].split(" ", 1)[1].split(";")
            spans[key] = [(int(start), int(end)) for start, end in (piece.split() for piece in pieces)]
    for key, *fields in rows:
        if not re.fullmatch(r"E\d+", key):
            continue
        roles: dict[str, list[tuple[int, int]]] = {"source": [], "cue": [], "content": []}
        for argument in fields[0].split():
            role, _, target = argument.partition(":")
            role = role.rstrip("0123456789").lower()  # a second source is "Source2"
            if role in roles:
                roles[role] += spans.get(target, [])
        if roles["content"]:
            yield roles


@dataclass
class Score:
    """Counts over articles, and the measures computed from them."""

    counts: Counter[str] = field(default_factory=Counter)

    def add(self, words: ArticleWords, predicted: list[Attributed], gold: list[Attributed]) -> None:
        """Count one article."""
        counts = self.counts
        predicted_words = frozenset[int]().union(*(each.content for each in predicted))
        gold_words = frozenset[int]().union(*(each.content for each in gold))
        speech = [words.speech(each.content) for each in gold]
        counts["articles"] += 1
        counts["predicted"] += len(predicted)
        counts["gold"] += len(gold)
        counts["predicted words"] += len(predicted_words)
        counts["gold words"] += len(gold_words)
        counts["right words"] += len(predicted_words & gold_words)
        counts.update(f"gold {each}" for each in speech)
        for ours, theirs in match(predicted, gold):
            one, other = predicted[ours], gold[theirs]
            counts["matched"] += 1
            counts["exact"] += one.content == other.content
            if other.source:
                counts["sourced"] += 1
                counts["right source"] += bool(one.source & other.source)
            if one.shares_source(other):
                counts["joint"] += 1
                counts[f"joint {speech[theirs]}"] += 1

    def precision_recall_f1(self, right: str, unit: str = "") -> tuple[float, float, float]:
        """Return precision, recall and F1 of a count; ``unit`` is " words", or empty for attributions."""
        precision = ratio(self.counts[right], self.counts[f"predicted{unit}"])
        recall = ratio(self.counts[right], self.counts[f"gold{unit}"])
        return precision, recall, ratio(2 * precision * recall, precision + recall)

    def lines(self) -> Iterator[str]:
        """Yield the report."""
        counts = self.counts
        yield f"{counts['articles']} articles, {counts['gold']} attributions, {counts['predicted']} predicted"
        measures = (("M1 content words", "right words", " words"), ("M2 attributions", "matched", ""))
        joint = (("M4 with the source", "joint", ""), ("M5 exact content", "exact", ""))
        yield from (self._line(*measure) for measure in measures)
        yield f"{'M3 source right':20}{ratio(counts['right source'], counts['sourced']):.3f}"
        yield from (self._line(*measure) for measure in joint)
        recalls = (f"{kind} {self.recall(kind):.3f} of {counts[f'gold {kind}']}" for kind in SPEECH)
        yield f"{'M4 recall':20}{'  '.join(recalls)}"

    def recall(self, speech: str) -> float:
        """Return M4's recall for a type of speech."""
        return ratio(self.counts[f"joint {speech}"], self.counts[f"gold {speech}"])

    def _line(self, title: str, right: str, unit: str) -> str:
        precision, recall, f1 = self.precision_recall_f1(right, unit)
        return f"{title:20}P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}"


def ratio(part: float, whole: float) -> float:
    """Return a share, or 0 of nothing."""
    return part / whole if whole else 0.0


def match(predicted: list[Attributed], gold: list[Attributed]) -> Iterator[tuple[int, int]]:
    """Yield matches of a predicted and an annotated attribution: best overlap first, then the later ones."""
    overlaps = [
        (len(one.content & other.content) / len(one.content | other.content), ours, theirs)
        for ours, one in enumerate(predicted)
        for theirs, other in enumerate(gold)
        if not one.content.isdisjoint(other.content)
    ]
    taken: tuple[set[int], set[int]] = (set(), set())
    for overlap, ours, theirs in sorted(overlaps, reverse=True):
        if overlap >= MIN_OVERLAP and ours not in taken[0] and theirs not in taken[1]:
            taken[0].add(ours)
            taken[1].add(theirs)
            yield ours, theirs


def score(folder: Path) -> Score:
    """Analyse and score every annotated article of a folder."""
    total = Score()
    for path in sorted((folder / "text").glob("*.txt")):
        annotated = sorted((folder / "attributions").glob(f"{path.stem}_*.ann"))
        if not annotated:
            continue
        text = path.read_text(encoding="utf-8")
        words = ArticleWords(text)
        gold = [
            Attributed(words.within(spans["source"]), words.within(spans["content"]))
            for spans in read_annotations(annotated[0])
        ]
        predicted = [
            Attributed(words.within(attribution.source), words.within(attribution.content))
            for attribution in attributions(Article.from_text(text))
        ]
        total.add(words, [each for each in predicted if each.content], gold)
    return total


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print("\n".join(score(Path(sys.argv[1])).lines()))
