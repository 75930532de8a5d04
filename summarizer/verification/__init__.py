"""Check the claims of an engine against the article: evidence, speakers, figures, names."""

from summarizer.verification.checks import (
    CHECKS,
    CheckResult,
    Claim,
    GroundingContext,
    check,
    detect_speech,
    has_digits,
    missing_figures,
    run_checks,
)
from summarizer.verification.coverage import Findings, Problem, measure_coverage
from summarizer.verification.grounding import (
    ExtractionReply,
    GistReply,
    HolderReply,
    IssueReply,
    PositionReply,
    QuestionReply,
    ReplyRecord,
    Text,
    ground,
)

__all__ = [
    "CHECKS",
    "CheckResult",
    "Claim",
    "ExtractionReply",
    "Findings",
    "GistReply",
    "GroundingContext",
    "HolderReply",
    "IssueReply",
    "PositionReply",
    "Problem",
    "QuestionReply",
    "ReplyRecord",
    "Text",
    "check",
    "detect_speech",
    "ground",
    "has_digits",
    "measure_coverage",
    "missing_figures",
    "run_checks",
]
