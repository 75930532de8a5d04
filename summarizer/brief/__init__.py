"""The public result types."""

from summarizer._types import Certainty, PromptId, Speech
from summarizer.brief.brief import ROW_FIELDS, Brief, brief_schema
from summarizer.brief.links import make_links_relative_to, refer_to_article
from summarizer.brief.ranking import content_words, count_strong_words, rank_positions
from summarizer.brief.types import (
    Checks,
    Coverage,
    Evidence,
    FailedChunk,
    Gist,
    Holder,
    HolderKind,
    Issue,
    IssueKind,
    OpenQuestion,
    Phrase,
    Position,
    Provenance,
    QuestionOrigin,
    Rejected,
    Stance,
    UncitedStatement,
    first_error,
)

__all__ = [
    "ROW_FIELDS",
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
    "content_words",
    "count_strong_words",
    "first_error",
    "make_links_relative_to",
    "rank_positions",
    "refer_to_article",
]
