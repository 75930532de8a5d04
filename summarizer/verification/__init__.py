"""Check the claims of an engine against the article: evidence, speakers, figures, names."""

from summarizer.verification.checks import (
    CHECKS,
    CheckResult,
    Claim,
    GroundingContext,
    check,
    detect_speech,
    find_names,
    run_checks,
)
from summarizer.verification.coverage import mark_suspicious, measure_coverage
from summarizer.verification.figures import has_digits, missing_figures
from summarizer.verification.findings import Findings, Problem
from summarizer.verification.grounding import ground
from summarizer.verification.instructions import find_instructions
from summarizer.verification.inventions import settle
from summarizer.verification.reply_types import (
    ExtractionReply,
    GistReply,
    HolderReply,
    IssueReply,
    OptionalText,
    PositionReply,
    QuestionReply,
    ReplyRecord,
    Text,
    normalize_keys,
)
from summarizer.verification.support import check_support
from summarizer.verification.wording import content_stems, read_wording

__all__ = [
    "CHECKS", "CheckResult", "Claim", "ExtractionReply", "Findings", "GistReply", "GroundingContext", "HolderReply",
    "IssueReply", "OptionalText", "PositionReply", "Problem", "QuestionReply", "ReplyRecord", "Text", "check",
    "check_support", "content_stems", "detect_speech", "find_instructions", "find_names", "ground", "has_digits",
    "mark_suspicious", "measure_coverage", "missing_figures", "normalize_keys", "read_wording", "run_checks",
    "settle",
]  # fmt: skip
