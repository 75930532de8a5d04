"""The stages composed: the calls that users make, one article's way, and many articles."""

from summarizer.pipeline.calls import Summarizer, asummarize, asummarize_many, summarize, summarize_many
from summarizer.pipeline.given import Source, as_article

__all__ = [
    "Source",
    "Summarizer",
    "as_article",
    "asummarize",
    "asummarize_many",
    "summarize",
    "summarize_many",
]
