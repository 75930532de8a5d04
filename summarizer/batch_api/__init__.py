"""Ask for the replies of many articles in batches, at the price of the vendors' Batch API."""

from summarizer.batch_api.jobs import JobRunner, Unanswered
from summarizer.batch_api.journal import Job, Journal
from summarizer.batch_api.model import BatchModel, RoundProgress, format_seconds, wait_for_batches
from summarizer.errors import ReplyPending

__all__ = [
    "BatchModel",
    "Job",
    "JobRunner",
    "Journal",
    "ReplyPending",
    "RoundProgress",
    "Unanswered",
    "format_seconds",
    "wait_for_batches",
]
