"""Ask for the replies of many articles in batches, at the price of the vendors' Batch API."""

from summarizer.batch_api.model import BatchModel, ReplyPending

__all__ = ["BatchModel", "ReplyPending"]
