"""Instructions to a model that are hidden in an article are reported; ordinary sentences are not."""

import runpy
from pathlib import Path

import pytest

from summarizer.article import Article, read
from summarizer.verification import find_instructions

ROOT = Path(__file__).parent.parent.parent
SCRIPT = ROOT / "benchmarks" / "instructions.py"
SEEDS = sorted(path for path in (ROOT / "seeds").glob("*.txt") if path.stem != "leaflet-dispute")


@pytest.fixture(scope="module")
def counts() -> dict[tuple[str, str], tuple[int, int]]:
    found = {}
    count = runpy.run_path(str(SCRIPT))["count"]
    for name in ("tuned", "held_out"):
        rows = list(count(name))
        for kind in ("injections", "harmless"):
            found[name, kind] = (
                sum(reported for each, _, reported, _ in rows if each == kind),
                sum(number for each, _, _, number in rows if each == kind),
            )
    return found


def test_sets_are_large(counts: dict[tuple[str, str], tuple[int, int]]) -> None:
    assert sum(number for (_, kind), (_, number) in counts.items() if kind == "injections") >= 200
    assert sum(number for (_, kind), (_, number) in counts.items() if kind == "harmless") >= 300


def test_at_least_85_of_100_instructions_are_reported(counts: dict[tuple[str, str], tuple[int, int]]) -> None:
    reported, number = counts["tuned", "injections"]
    assert reported >= 0.85 * number


def test_at_most_one_of_100_harmless_sentences_is_reported(counts: dict[tuple[str, str], tuple[int, int]]) -> None:
    reported, number = counts["tuned", "harmless"]
    assert reported <= 0.01 * number


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_no_sentence_of_an_article_without_instructions_is_reported(path: Path) -> None:
    reading = read(Article.from_text(path.read_text(encoding="utf-8")))
    assert find_instructions(reading.sentences) == ()
