"""Evaluations of recorded replies need no model."""

import os
from pathlib import Path

import pytest

from summarizer import OpenAIModel, evaluate, summarize
from summarizer.evaluation import gold_from_brief

ARTICLE = "reservoir-brief"

pytestmark = pytest.mark.vcr


def test_recorded_model_is_evaluated(vcr: object, seeds: Path) -> None:
    path = seeds / f"{ARTICLE}.txt"
    gold = gold_from_brief(summarize(path, model="builtin"), str(path))
    model = OpenAIModel(os.environ["SUMMARIZER_MODEL"], timeout=3_000)
    report = evaluate(gold, model=model, fail_under={"recall": 0.9, "holders_recall": 0.9})
    assert report.engine == "model"
    assert report.usage.completion > 0
    assert report.passes()
