"""The public result types."""

from summarizer._types import Certainty, PromptId, Speech
from summarizer.brief.account import Coverage, FailedChunk, Provenance, UncitedStatement
from summarizer.brief.brief import SCHEMA_VERSION, Brief, brief_schema
from summarizer.brief.claims import (
    Checks,
    Evidence,
    Gist,
    Holder,
    HolderKind,
    Issue,
    IssueKind,
    OpenQuestion,
    Phrase,
    Position,
    QuestionOrigin,
    Rejected,
    Stance,
)

__all__ = [
    "SCHEMA_VERSION",
    "Brief",
    "Certainty",
    "Checks",
    "Coverage",
    "Evidence",
    "FailedChunk",
    "Gist",
    "Holder",
    "HolderKind",
    "Issue",
    "IssueKind",
    "OpenQuestion",
    "Phrase",
    "Position",
    "PromptId",
    "Provenance",
    "QuestionOrigin",
    "Rejected",
    "Speech",
    "Stance",
    "UncitedStatement",
    "brief_schema",
]
