"""Run the stages: one article, and many."""

from summarizer.pipeline.calls import Summarizer, asummarize, asummarize_many, summarize, summarize_many

__all__ = ["Summarizer", "asummarize", "asummarize_many", "summarize", "summarize_many"]
