"""Measure briefs against gold: what readers found in the same articles."""

from summarizer.evaluation.gold import (
    Gold,
    GoldHolder,
    GoldIssue,
    GoldPosition,
    GoldQuestion,
    gold_from_brief,
    gold_schema,
    load_gold,
    path_of_article,
)
from summarizer.evaluation.report import Report, check_gates, read_report
from summarizer.evaluation.review import Correction, Review, Verdict
from summarizer.evaluation.runner import aevaluate, evaluate
from summarizer.evaluation.scores import MEASURES, b_cubed, krippendorff_alpha, score

__all__ = [
    "MEASURES", "Correction", "Gold", "GoldHolder", "GoldIssue", "GoldPosition", "GoldQuestion", "Report", "Review",
    "Verdict", "aevaluate", "b_cubed", "check_gates", "evaluate", "gold_from_brief", "gold_schema",
    "krippendorff_alpha", "load_gold", "path_of_article", "read_report", "score",
]  # fmt: skip
