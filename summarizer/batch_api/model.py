# ruff: noqa: ARG002
"""A model whose replies come from batches at the server."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from summarizer.errors import ModelError
from summarizer.models import Model, OpenAIModel, Reply, Request
from summarizer.store import Store


class ReplyPending(ModelError):
    """The reply waits for a batch; the same call succeeds once the batch has ended."""

    retryable = True


class BatchModel(Model):
    """A model that is asked in batches, and that remembers its requests and replies in a file.

    Args:
        model: The model at the server.
        journal: A store, or the path of one: requests and batches are recorded there before they are sent.
        wait: Whether `complete` waits for the batch. Otherwise it raises `ReplyPending`, and `advance` does the work.
        direct: Whether requests that a batch did not answer are sent by themselves, at the ordinary price.
        attempts: Batches that ask for one reply at most.
        poll: Seconds between two looks at the batches.
        lull: Seconds without a new request after which the recorded ones are submitted, with ``wait``.
        max_requests: Requests in one file at most.
        max_bytes: Bytes of one file at most.
        clock: Returns seconds since 1970.
        sleep: Waits for a number of seconds.
    """

    has_retries = True

    def __init__(
        self,
        model: OpenAIModel,
        *,
        journal: Store | Path | str,
        wait: bool = True,
        direct: bool = False,
        attempts: int = 3,
        poll: float = 30.0,
        lull: float = 5.0,
        max_requests: int = 50_000,
        max_bytes: int = 200_000_000,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.name, self.max_tokens, self.needs_reply_limit = model.name, model.max_tokens, model.needs_reply_limit

    async def complete(self, request: Request) -> Reply:
        """Return the reply from the journal, or record the request and wait for a batch."""
        raise NotImplementedError  # the next commit brings it

    async def advance(self, *, submit: bool = True) -> bool:
        """Submit recorded requests, look at the batches, and collect those that ended; return whether any is left."""
        raise NotImplementedError  # the next commit brings it
