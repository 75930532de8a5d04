"""Check the claims of an engine against the article: evidence, speakers, figures, names."""

from summarizer.verification.coverage import coverage
from summarizer.verification.figures import has_digits, missing_figures
from summarizer.verification.findings import Findings, Problem
from summarizer.verification.grounding import GroundingContext, ground
from summarizer.verification.reply_types import (
    ExtractionReply,
    GistReply,
    HolderReply,
    IssueReply,
    PositionReply,
    QuestionReply,
    ReplyRecord,
    Text,
)
from summarizer.verification.speakers import speech_of

__all__ = [
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
    "coverage",
    "ground",
    "has_digits",
    "missing_figures",
    "speech_of",
]
