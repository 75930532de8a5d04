"""The scorer of benchmarks/polnear.py, on a tiny annotated article."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[1] / "benchmarks" / "polnear.py"
TEXT = (
    "Tram debate\n\n"
    "Ann Hill said the tram was old. “It will never be built,” said Tom Day.\n\n"
    "Eve Ross called the plan “a farce” on Friday. The town fears a long winter.\n"
)


@pytest.fixture(scope="module")
def polnear() -> ModuleType:
    spec = importlib.util.spec_from_file_location("polnear", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["polnear"] = module
    spec.loader.exec_module(module)
    return module


def annotation(*attributions: tuple[str, str, str]) -> str:
    """Return a brat file of attributions, each given as the words of source, cue and content."""
    lines = []
    for number, parts in enumerate(attributions):
        arguments = []
        for place, (role, words) in enumerate(zip(("Source", "Cue", "Content"), parts, strict=True), 1):
            if words:
                start = TEXT.index(words)
                lines.append(f"T{3 * number + place}\t{role} {start} {start + len(words)}\t{words}")
                arguments.append(f"{role}:T{3 * number + place}")
        lines.append(f"E{number}\t{' '.join(arguments)}")
    return "\n".join(lines)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "text").mkdir()
    (tmp_path / "attributions").mkdir()
    (tmp_path / "text" / "tram.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "text" / "unmarked.txt").write_text(TEXT, encoding="utf-8")
    first = annotation(
        ("Ann Hill", "said", "the tram was old"),
        ("Ann Hill", "said Tom", "“It will never be built,”"),  # another source than the one found
        ("Eve Ross", "called", "the plan “a farce” on Friday"),
        ("", "It", "Tram debate"),  # is not found
    )
    (tmp_path / "attributions" / "tram_a.ann").write_text(first, encoding="utf-8")
    (tmp_path / "attributions" / "tram_b.ann").write_text("", encoding="utf-8")
    return tmp_path


def test_measures_of_a_small_article(polnear: ModuleType, folder: Path) -> None:
    total = polnear.score(folder)
    assert {key: total.counts[key] for key in ("articles", "gold", "predicted", "matched", "exact", "joint")} == {
        "articles": 1,
        "gold": 4,
        "predicted": 4,
        "matched": 3,
        "exact": 2,
        "joint": 2,
    }
    assert total.precision_recall_f1("matched") == (0.75, 0.75, 0.75)
    assert (total.counts["sourced"], total.counts["right source"]) == (3, 2)
    assert (total.recall("direct"), total.recall("mixed"), total.recall("indirect")) == (0, 1, 0.5)
    assert total.precision_recall_f1("right words", " words") == pytest.approx((13 / 16, 13 / 17, 26 / 33))


def test_report_has_every_measure(polnear: ModuleType, folder: Path) -> None:
    lines = list(polnear.score(folder).lines())
    assert lines[0] == "1 articles, 4 attributions, 4 predicted"
    assert [line[:2] for line in lines[1:]] == ["M1", "M2", "M3", "M4", "M5", "M4"]
    assert lines[-1].endswith("direct 0.000 of 1  mixed 1.000 of 1  indirect 0.500 of 2")


def test_best_overlap_is_matched_first(polnear: ModuleType) -> None:
    def attributed(*words: int) -> object:
        return polnear.Attributed(frozenset(), frozenset(words))

    predicted = [attributed(1, 2, 3, 4), attributed(1, 2, 3)]
    gold = [attributed(1, 2, 3)]
    assert list(polnear.match(predicted, gold)) == [(1, 0)]


def test_overlap_below_one_half_is_no_match(polnear: ModuleType) -> None:
    one, other = (polnear.Attributed(frozenset(), frozenset(words)) for words in ((1, 2, 3), (3, 4, 5)))
    assert list(polnear.match([one], [other])) == []


def test_discontinuous_annotations_and_second_sources_are_read(polnear: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "a.ann"
    path.write_text(
        "T1\tSource 0 3\tAnn\nT2\tSource 8 11\tTom\nT3\tContent 20 25;30 35\tthe tram\n"
        "E1\tSource:T1 Source2:T2 Content:T3\nE2\tSource:T1\n",
        encoding="utf-8",
    )
    assert list(polnear.read_annotations(path)) == [
        {"source": [(0, 3), (8, 11)], "cue": [], "content": [(20, 25), (30, 35)]}
    ]
