"""The number of requests at once, adapted to what a server can handle.

A server with one slot queues what it gets, so that later requests time out behind earlier ones. Some servers do not
notice that a client has hung up, and still write the reply that nobody reads. So the number starts low for local
servers, grows only where no reply would come near the timeout, and falls with timeouts, slow replies and refusals.
"""

import threading
from asyncio import Future, get_running_loop
from collections import deque
from dataclasses import dataclass
from time import monotonic

from summarizer.models.base import Reply

PROMPT_WORK = 0.1  # work of a token that is read, in tokens that are written
BASE_WORK = 20  # of a request, in tokens that are written
SAFE_SHARE = 0.6  # of the timeout, that a reply may be expected to take at a higher number
UNTRIED_SHARE = 0.2  # of the timeout, that a server with one slot may take for all requests at a number without trial
MEMORY = 0.98  # of the longest time of a reply, that each later reply leaves
SLOW_SHARE, SLOWDOWN = 0.7, 2.0
"""A reply is slow if it took this share of the timeout, and so many times as long as the fastest for its length."""


class Slots:
    """A semaphore that works across event loops and threads, which asyncio's does not, and whose count may change.

    The longest wait is served first, retries before new requests. A loop that is closed while its tasks hold or
    await a slot does not keep it.
    """

    def __init__(self, count: int) -> None:
        self.count, self.used = count, 0
        self._queue: deque[Future[None]] = deque()
        self._lock = threading.Lock()

    async def acquire(self, *, first: bool = False) -> None:
        """Wait for a slot and take it; ``first`` goes to the head of the queue."""
        with self._lock:
            if self.used < self.count:
                self.used += 1
                return
            turn = get_running_loop().create_future()
            (self._queue.appendleft if first else self._queue.append)(turn)
        try:
            await turn
        except BaseException:  # GeneratorExit as well, when the loop is closed
            with self._lock:
                has_slot = turn not in self._queue
                if not has_slot:
                    self._queue.remove(turn)
            if has_slot:
                self.release()
            raise

    async def __aenter__(self) -> None:
        await self.acquire()

    async def __aexit__(self, *_: object) -> None:
        self.release()

    def release(self) -> None:
        """Give a slot back, or hand it to the next in the queue."""
        with self._lock:
            self.used -= 1
            self._serve()

    def resize(self, count: int) -> None:
        """Change the number of slots; those in use above it are not handed on."""
        with self._lock:
            self.count = count
            self._serve()

    def _serve(self) -> None:
        while self._queue and self.used < self.count:
            turn = self._queue.popleft()
            try:
                turn.get_loop().call_soon_threadsafe(_resolve, turn)
            except RuntimeError:  # the loop is closed
                continue
            self.used += 1


def _resolve(turn: Future[None]) -> None:
    if not turn.done():
        turn.set_result(None)


@dataclass
class Sent:
    """An attempt in progress."""

    place: int
    """Attempts in progress when it was sent, with itself."""
    at: float
    """The time on the clock `time.monotonic`."""


class AdaptiveSlots(Slots):
    """Slots whose number grows by one and is halved (AIMD), between one and ``most``.

    Args:
        most: The highest number.
        first: The number at the start.
        timeout: Seconds for one attempt.
    """

    def __init__(self, most: int, first: int, timeout: float) -> None:
        super().__init__(min(first, most))
        self._most, self._timeout = most, timeout
        self._exact = float(self.count)
        self._fastest = float("inf")  # seconds for a token of work
        self._sharing = 1.0  # by how much of its own time a reply is later for each one before it; 1: one after another
        self._longest = 0.0  # seconds of a recent reply, without the delay by others
        self._last_cut = self._idle_at = float("-inf")
        self._is_starting = True

    def allow(self, most: int) -> None:
        """Raise the highest number to at least ``most``. A number that has not been lowered is raised with it."""
        is_at_most, self._most = self._exact >= self._most, max(most, self._most)
        self._set_count(self._most if is_at_most else self._exact)

    @property
    def busy(self) -> float:
        """Seconds that the server may still write replies that timed out."""
        return max(0.0, self._idle_at - monotonic())

    def send(self) -> Sent:
        """Note that the holder of a slot sends an attempt."""
        return Sent(self.used, monotonic())

    def note_reply(self, sent: Sent, reply: Reply) -> None:
        """Adapt to a reply: more at once if it was fast, fewer if the others delay it too much."""
        seconds = monotonic() - sent.at
        work = BASE_WORK + (reply.usage.completion or len(reply.text) / 4) + PROMPT_WORK * reply.usage.prompt
        self._fastest = min(self._fastest, seconds / work)
        slowdown = seconds / work / self._fastest if self._fastest else 1.0
        self._longest = max(MEMORY * self._longest, seconds / slowdown)
        if sent.place > 1:
            self._sharing = (self._sharing + min((slowdown - 1) / (sent.place - 1), 1.0)) / 2
            if slowdown >= SLOWDOWN and seconds > SLOW_SHARE * self._timeout:
                self._cut(sent, self.used)
                return
        if sent.at >= self._last_cut and self.count + 1 <= self._fitting:
            grown = self._exact + (1 if self._is_starting else 1 / self.count)
            self._set_count(max(grown, self._untried) if self._is_starting else grown)

    def note_refusal(self, sent: Sent) -> None:
        """Adapt to a server that asks for fewer requests."""
        self._cut(sent, self.count)

    def note_timeout(self, sent: Sent) -> bool:
        """Adapt to an attempt that timed out, and return whether others in progress may have delayed it."""
        is_shared = max(sent.place, self.used) > 1
        self._cut(sent, self.used)
        if is_shared:
            self._set_count(min(self._exact, max(self._fitting, 1)))
            self._idle_at = max(self._idle_at, monotonic()) + self._longest * self._sharing
        return is_shared

    @property
    def _fitting(self) -> float:
        """The number of requests at once, the last of which takes the safe share of the timeout."""
        room = SAFE_SHARE * self._timeout - self._longest  # for the delay by others
        delay = self._longest * self._sharing
        return 1 + room / delay if delay > 0 else self._most

    @property
    def _untried(self) -> float:
        """The number that needs no trial: even a server with one slot is soon done with so many requests."""
        return UNTRIED_SHARE * self._timeout / self._longest if self._longest > 0 else self._most

    def _cut(self, sent: Sent, number: int) -> None:
        """Halve ``number``, once for all requests that were sent before."""
        self._is_starting = False
        if sent.at >= self._last_cut:
            self._last_cut = monotonic()
            self._set_count(min(self.count, number) // 2)

    def _set_count(self, exact: float) -> None:
        self._exact = min(max(exact, 1.0), self._most)
        self.resize(int(self._exact))
