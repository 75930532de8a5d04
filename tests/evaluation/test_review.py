"""Reviews: verdicts, and the gold that they make."""

import shutil
from pathlib import Path

import pytest

from summarizer import Brief, summarize
from summarizer.errors import ConfigurationError
from summarizer.evaluation import Correction, Review, load_gold
from summarizer.testing import ScriptedModel, reply_for

KILN = Path(__file__).parent / "gold" / "kiln.txt"
SAID = [
    ("Ines Vogt", "The kiln must be replaced", "agrees"),
    ("Dario Pell", "An electric kiln would ruin", "disagrees"),
]


@pytest.fixture
def brief(tmp_path: Path) -> Brief:
    shutil.copy(KILN, tmp_path / "kiln.txt")
    return summarize(tmp_path / "kiln.txt", model=ScriptedModel(reply_for(KILN, SAID, issue="The gas kiln should go.")))


@pytest.fixture
def review(brief: Brief, tmp_path: Path) -> Review:
    return Review([brief], tmp_path / "verdicts.jsonl")


def test_positions_with_a_verdict_are_not_asked_for_again(brief: Brief, review: Review) -> None:
    review.add(brief, brief.positions[0], "right")
    again = Review([brief], review.path)
    assert [position.id for _, position in again.pending()] == [brief.positions[1].id]
    assert not again.is_complete(brief)


def test_last_brief_of_an_article_is_reviewed(brief: Brief, tmp_path: Path) -> None:
    later = brief.model_copy(update={"positions": brief.positions[:1]})
    assert Review([brief, later], tmp_path / "verdicts.jsonl").briefs == (later,)


def test_same_position_of_a_later_brief_has_its_verdict(brief: Brief, review: Review) -> None:
    for position in brief.positions:
        review.add(brief, position, "right")
    changed = brief.positions[1].model_copy(update={"statement": "An electric kiln would ruin the glazes of Pell."})
    later = brief.model_copy(update={"positions": (brief.positions[0], changed)})
    assert [position for _, position in Review([brief, later], review.path).pending()] == [changed]


def test_later_verdict_replaces_an_earlier_one(brief: Brief, review: Review, tmp_path: Path) -> None:
    first, second = brief.positions
    for position, verdict in ((first, "wrong"), (second, "wrong"), (first, "right")):
        review.add(brief, position, verdict)  # type: ignore[arg-type]
    gold = Review([brief], review.path).make_gold(brief, tmp_path)
    assert [position.statement for position in gold.positions] == [first.statement]


@pytest.mark.parametrize("name", ["ines vogt", "Dario Pell", "Ada Lindt"])
def test_corrected_holder_is_one_of_the_brief_or_new(brief: Brief, review: Review, tmp_path: Path, name: str) -> None:
    review.add(brief, brief.positions[0], "right", Correction(holders=(name,)))
    review.add(brief, brief.positions[1], "right")
    gold = review.make_gold(brief, tmp_path)
    (tmp_path / "kiln.yaml").write_text(gold.to_yaml(), encoding="utf-8")
    (loaded,) = load_gold(tmp_path)
    names = {holder.id: holder.name for holder in loaded.holders}
    assert (names[loaded.positions[0].holders[0]] or "").casefold() == name.casefold()
    assert len(names) == len(brief.holders) + (name == "Ada Lindt")


def test_brief_without_positions_is_never_complete(brief: Brief, tmp_path: Path) -> None:
    empty = brief.model_copy(update={"positions": ()})
    assert not Review([empty], tmp_path / "verdicts.jsonl").is_complete(empty)


@pytest.mark.parametrize(
    "line", ["", "[]", '{"key": "a", "verdict": "perhaps", "made": "2026-01-01T00:00:00Z"}', "\x00"]
)
def test_line_that_is_no_verdict_is_named(brief: Brief, review: Review, line: str) -> None:
    review.add(brief, brief.positions[0], "right")
    review.path.write_text(review.path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="line 2: not a verdict"):
        Review([brief], review.path)


@pytest.mark.parametrize("statement", ["It ends\u2028here.", "“Ja”, sagt er – 50 %."])
def test_verdicts_are_read_as_they_were_written(brief: Brief, review: Review, tmp_path: Path, statement: str) -> None:
    for position in brief.positions:
        review.add(brief, position, "right", Correction(statement=statement))
    gold = Review([brief], review.path).make_gold(brief, tmp_path)
    assert {position.statement for position in gold.positions} == {statement}


def test_empty_file_has_no_verdicts(brief: Brief, tmp_path: Path) -> None:
    (tmp_path / "verdicts.jsonl").touch()
    assert len(list(Review([brief], tmp_path / "verdicts.jsonl").pending())) == 2


def test_verdict_that_cannot_be_kept_is_an_error(brief: Brief, tmp_path: Path) -> None:
    review = Review([brief], tmp_path / "none" / "verdicts.jsonl")
    with pytest.raises(ConfigurationError, match="cannot be written"):
        review.add(brief, brief.positions[0], "right")
