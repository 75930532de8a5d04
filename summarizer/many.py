"""One run over many sources: an outcome of each, and an account of all."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Iterable, Iterator
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from summarizer.article import Article
from summarizer.background import BackgroundLoop
from summarizer.batch import Outcome, aoutcomes, outcomes
from summarizer.errors import IncompleteBrief, StoreError, SummarizerError
from summarizer.keeping import Keeping
from summarizer.stages import Made, article_of
from summarizer.store import RunState
from summarizer.usage import Usage


class Make(Protocol):
    """Makes the brief of an article, for a run."""

    def __call__(self, article: Article, *, run: int | None) -> Awaitable[Made | SummarizerError | None]:
        """The brief; an error that is to be told; None: not now, since another process, or another call, is at it."""


@dataclass
class Run:
    """Makes outcomes of sources. With a ``keeping``, what became of the run is noted in its store."""

    make: Make
    keeping: Keeping | None = None
    _number: int | None = None
    _begun: asyncio.Lock = field(default_factory=asyncio.Lock)
    _done: int = 0
    _failed: int = 0
    _usage: Usage = field(default_factory=Usage)
    _state: RunState = "stopped"

    async def _outcome(index: int, source: Any, made: Made | Exception, *, stored: bool = False) -> Outcome:
    if isinstance(made, Made):
        return Outcome(index, source, made.brief, made.error, usage=made.usage, stored=made.stored)
    brief = made.brief if isinstance(made, IncompleteBrief) else None
    return Outcome(index, source, brief, made, usage=getattr(made, "usage", Usage()), stored=stored)
