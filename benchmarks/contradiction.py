"""Count right and wrong contradictions of speakers on an annotated corpus.

    python benchmarks/contradiction.py FOLDER [--list N]

FOLDER has the articles as ``text/NAME.txt`` and brat annotations as ``attributions/NAME_….ann``, like PolNeAR. If
several people annotated an article, the first file by name counts. Two things are counted:

1. The verdicts of `check_speaker` on positions. Each annotated attribution whose source names one person of the article
   gives two positions with the sentences of its content. The first has the annotated person as holder, so a
   contradiction is wrong. The second has a random other person who is no annotated source of these sentences, so a
   contradiction is right.
2. The attributions that may contradict (`is_decisive`), and the share whose annotated source is the person found.
"""

import argparse
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from polnear import read_annotations

from summarizer.article import Article, Reading, read
from summarizer.attribution import Analysis, Attribution, Entities, Entity, analyse
from summarizer.spans import Span, quote
from summarizer.verification import CHECKS, Claim, GroundingContext
from summarizer.verification.checks import is_decisive


class Gold(NamedTuple):
    """One annotated attribution."""

    source: tuple[Span, ...]
    content: tuple[Span, ...]


NO_GOLD = Gold((), ())


class Row(NamedTuple):
    """A counted case, and its text for the listing."""

    counted: str
    shown: str


def _verdict(analysis: Analysis, name: str, numbers: Iterable[int]) -> str:
    """Return the verdict of the speaker check on a position of one holder."""
    claim = Claim("", (name,), tuple(numbers))
    return CHECKS["speaker"](claim, GroundingContext(analysis.reading, analysis)).verdict


def main(folder: Path, listed: int) -> None:
    """Print the counts of a folder, and some of the cases in which the analysis is wrong."""
    rows = [row for path in sorted(folder.glob("text/*.txt")) for row in _article(folder, path)]
    if not rows:
        raise SystemExit(f"There are no annotated texts in {folder}.")
    n = Counter(row.counted for row in rows)
    gold, others = (sum(n[f"{who}: {verdict}"] for verdict in VERDICTS) for who in ("gold", "other"))
    print(f"{gold} annotated attributions whose source names one person of the article:")
    for who, counted in (("gold", gold), ("other", others)):
        figures = [f"{verdict} {n[f'{who}: {verdict}']}" for verdict in VERDICTS]
        print(f"  {who:5} of {counted}: {', '.join(figures)}")
    false, right = n["gold: contradicted"], n["other: contradicted"]
    print(f"  contradictions that are right, one gold to one other: {_share(right, right + false)}")
    same, another = n["found: same"], n["found: another"]
    print(f"{same + another + n['found: unmatched']} attributions that may contradict:")
    print(f"  the annotated source is the person found: {_share(same, same + another)}")
    print(f"  nothing is annotated there: {n['found: unmatched']}")
    for kind in ("gold: contradicted", "found: another"):
        wrong = [row.shown for row in rows if row.counted == kind]
        for shown in wrong[:: max(1, len(wrong) // listed)][:listed] if listed else ():
            print(f"\n{kind}\n{shown}")


VERDICTS = ("confirmed", "unconfirmed", "contradicted")


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole}, {part / max(1, whole):.3f}"


def _article(folder: Path, path: Path) -> Iterator[Row]:
    annotated = sorted(folder.glob(f"attributions/{path.stem}_*.ann"))
    if not annotated:
        return
    reading = read(Article.from_text(path.read_text(encoding="utf-8")))
    analysis, golds = analyse(reading), _golds(annotated[0])
    yield from _verdicts(reading, analysis, golds, random.Random(path.stem))
    yield from _compare_decisive(reading, analysis, golds)


def _golds(path: Path) -> list[Gold]:
    """Return the attributions of an .ann file."""
    return [Gold(_spans(roles["source"]), _spans(roles["content"])) for roles in read_annotations(path)]


def _spans(ranges: Iterable[tuple[int, int]]) -> tuple[Span, ...]:
    return tuple(sorted(Span(start, end) for start, end in ranges))


def _verdicts(reading: Reading, analysis: Analysis, golds: list[Gold], chance: random.Random) -> Iterator[Row]:
    text = reading.article.text
    for gold in golds:
        who = _named(text, analysis.entities, gold)
        numbers = [sentence.number for sentence in reading.sentences if _meet(sentence.spans, gold.content)]
        if who is None or not numbers:
            continue
        shown = f"  {who.name} on: {quote(text, gold.content)}"
        yield Row(f"gold: {_verdict(analysis, who.name, numbers)}", shown)
        spans = [span for number in numbers for span in reading.sentence(number).spans]
        sources = [span for other in golds if _meet(other.content, spans) for span in other.source]
        others = [
            entity
            for entity in analysis.entities
            if entity.kind == "person" and entity is not who and not _meet(entity.mentions, sources)
        ]
        if others:
            yield Row(f"other: {_verdict(analysis, chance.choice(others).name, numbers)}", "")


def _compare_decisive(reading: Reading, analysis: Analysis, golds: list[Gold]) -> Iterator[Row]:
    text = reading.article.text
    for found in analysis.attributions:
        if not is_decisive(text, found):
            continue
        overlap, gold = max(((_overlap(found.content, gold.content), gold) for gold in golds), default=(0.0, NO_GOLD))
        shown = f"  [{found.rule.name}] {found.holders[0].name}: {quote(text, found.content)}"
        if not overlap:
            yield Row("found: unmatched", shown)
            continue
        yield Row(
            "found: same" if _is_same(text, analysis.entities, found, gold) else "found: another",
            f"{shown}\n  annotated: {quote(text, gold.source) or 'nobody'}: {quote(text, gold.content)}",
        )


def _is_same(text: str, entities: Entities, found: Attribution, gold: Gold) -> bool:
    """Return whether the annotated source is the person found, by the same words or another name."""
    who = _named(text, entities, gold)
    return _meet(found.source, gold.source) or (who is not None and who in found.holders)


def _named(text: str, entities: Entities, gold: Gold) -> Entity | None:
    """Return the name in an annotated source: the words before the first comma."""
    entity = entities.find(quote(text, gold.source).partition(",")[0]) if gold.source else None
    return entity if entity is not None and entity.kind == "person" else None


def _meet(some: Iterable[Span], others: Iterable[Span]) -> bool:
    others = list(others)
    return any(one.start < other.end and other.start < one.end for one in some for other in others)


def _overlap(some: tuple[Span, ...], others: tuple[Span, ...]) -> float:
    first, second = ({at for start, end in spans for at in range(start, end)} for spans in (some, others))
    return len(first & second) / len(first | second)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--list", type=int, default=0, metavar="N", help="print N wrong cases of each kind")
    arguments = parser.parse_args()
    main(arguments.folder, arguments.list)
