"""The public result types."""

from summarizer.brief.account import Coverage, FailedChunk, PromptUsed, Provenance, UncitedStatement
from summarizer.brief.brief import SCHEMA_VERSION, Brief, brief_schema
from summarizer.brief.claims import (
    Certainty,
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
    Speech,
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
    "PromptUsed",
    "Provenance",
    "QuestionOrigin",
    "Rejected",
    "Speech",
    "Stance",
    "UncitedStatement",
    "brief_schema",
]
