"""One client for each event loop, whose connections live and die with it; and what the requests of all loops share."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import openai

from summarizer.models.options import Limits
from summarizer.models.pacing import Gate, Slots
from summarizer.models.rates import Rates


@dataclass(frozen=True, slots=True)
class Connection:
    """A client that belongs to one event loop."""

    client: openai.AsyncOpenAI
    naming: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while the server is asked which model it has."""


class Connections:
    """The connections of all event loops; callable from any thread.

    ``open_client`` is called in the loop that needs one; ``owned`` clients are closed by `aclose`.
    """

    def __init__(self, open_client: Callable[[], openai.AsyncOpenAI], limits: Limits, *, owned: bool = True) -> None:
        self.slots = Slots(limits.concurrency)
        """The requests that may be under way at once."""
        self.gate = Gate()
        """Shut for all while the server asks one of them to wait."""
        self.rates = Rates(limits.requests_per_minute, limits.tokens_per_minute)
        """What may go out in a minute."""
        self._open_client = open_client
        self._owned = owned
        self._by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, Connection] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def here(self) -> Connection:
        """The connection of the running loop, opened where there is none yet."""
        loop = asyncio.get_running_loop()
        with self._lock:
            connection = self._by_loop.get(loop)
            if connection is None:
                self._drop_closed_loops()
                connection = Connection(self._open_client())
                self._by_loop[loop] = connection
        return connection

    async def aclose(self) -> None:
        """Close the connection of the running loop, if it has one; the next request opens another."""
        with self._lock:
            connection = self._by_loop.pop(asyncio.get_running_loop(), None)
        if connection is not None and self._owned:
            await connection.client.close()

    def _drop_closed_loops(self) -> None:
        """Let go of clients whose loop was closed before they were: their sockets hold on to the loop,
        so that the weak keys alone would keep both for ever.
        """
        for loop in [loop for loop in self._by_loop if loop.is_closed()]:
            del self._by_loop[loop]
