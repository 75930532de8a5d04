"""The gold of the sample articles, and the built-in engine against it."""

from pathlib import Path

import pytest

from summarizer import evaluate
from summarizer.evaluation import Gold, load_gold

SEEDS = Path(__file__).parents[2] / "seeds"
EVERY = load_gold(SEEDS / "gold")
GATES = {"positions_f1": 0.62, "holders_f1": 0.78, "evidence_f1": 0.81, "stances_accuracy": 0.22}
"""A little under the measured figures."""


@pytest.mark.parametrize("gold", EVERY, ids=lambda gold: Path(gold.label).name)
async def test_gold_fits_its_article(gold: Gold) -> None:
    article = await gold.load()
    assert Path(gold.label).name == f"{Path(gold.article).name}.yaml"
    assert (gold.sha256, gold.sentence_count is None) == (article.sha256, False)


def test_every_holder_has_positions_and_every_issue_a_stance() -> None:
    for gold in EVERY:
        assert gold.active_holders == gold.holders, gold.label
        assert {each.issue for each in gold.positions if each.stance} >= {issue.id for issue in gold.issues}, gold.label


def test_readme_of_gold_has_its_counts() -> None:
    text = " ".join((SEEDS / "gold" / "README.md").read_text(encoding="utf-8").split())
    positions, questions = (
        [item for gold in EVERY for item in getattr(gold, name)] for name in ("positions", "questions")
    )
    counts = [f"{sum(item.optional for item in items)} of {len(items)}" for items in (positions, questions)]
    assert f"{counts[0]} positions and {counts[1]} questions" in text


@pytest.mark.slow
def test_built_in_engine_is_as_close_to_gold_as_before() -> None:
    report = evaluate(SEEDS / "gold", model="builtin", fail_under=GATES)
    assert report.below() == {}
