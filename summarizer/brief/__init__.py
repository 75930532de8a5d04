"""The public result types."""

from summarizer._types import Certainty, PromptId, Speech
from summarizer.brief.brief import ROW_FIELDS, Brief, brief_schema, join_quotes, publish_schema
from summarizer.brief.links import drop_absolute_links, make_links_relative_to, refer_to_article
from summarizer.brief.ranking import content_words, count_strong_words, rank_positions
from summarizer.brief.types import (
    OPPOSITE,
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
    Record,
    Rejected,
    Stance,
    UncitedStatement,
    first_error,
)

__all__ = [
    "OPPOSITE", "ROW_FIELDS", "Brief", "Certainty", "Checks", "Coverage", "Evidence", "FailedChunk", "Gist", "Holder",
    "HolderKind", "Issue", "IssueKind", "OpenQuestion", "Phrase", "Position", "PromptId", "Provenance",
    "QuestionOrigin", "Record", "Rejected", "Speech", "Stance", "UncitedStatement", "brief_schema", "content_words",
    "count_strong_words", "drop_absolute_links", "first_error", "join_quotes", "make_links_relative_to",
    "publish_schema", "rank_positions", "refer_to_article",
]  # fmt: skip
