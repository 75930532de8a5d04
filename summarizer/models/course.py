"""How one request goes: counted, timed, written to the log and told to whoever listens."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from summarizer.models.base import OutputForm
from summarizer.usage import Usage

EventKind = Literal["sent", "retry", "answered", "failed", "cancelled"]

_log = logging.getLogger("summarizer")


@dataclass(frozen=True, slots=True)
class CallEvent:
    """Something that happened to one request. None of it is text of an article, or a secret."""

    kind: EventKind
    """An attempt was ``sent``; another follows (``retry``); or how the request ended."""
    model: str
    form: OutputForm | None
    """The form of output that was asked for; None for a list of models."""
    attempt: int
    """Attempts so far."""
    status: int | None = None
    """The HTTP status of the latest answer, where there was one."""
    wait: float = 0.0
    """Seconds until the next attempt (``retry``)."""
    seconds: float = 0.0
    """Seconds since the request was asked for."""
    usage: Usage = Usage()
    """The tokens of all attempts, as far as the server said."""


OnEvent = Callable[[CallEvent], object]
"""Called in the event loop that asks, which waits for it: it should be quick, and raise nothing."""


@dataclass
class Course:
    """What became of one request so far."""

    model: str = ""
    form: OutputForm | None = None
    on_event: OnEvent | None = None
    attempts: int = 0
    status: int | None = None
    failed: int = 0
    """Attempts that failed, and were made again as they were."""
    ends: float | None = None
    """When its time is over, on the clock of `pacing.now`; None before the first attempt."""
    waited: float = 0.0
    """Seconds."""
    usage: Usage = field(default_factory=Usage)
    """Of the attempts that failed, and of the last one once that is known."""
    started: float = field(default_factory=time.monotonic)

    @property
    def retries(self) -> int:
        """Attempts that another one followed."""
        return max(self.attempts - 1, 0)

    def sent(self) -> None:
        """An attempt is about to be sent."""
        self.attempts += 1
        self._tell("sent")

    def goes_on(self, status: int | None, usage: Usage, wait: float) -> None:
        """An attempt failed, and another follows after ``wait`` seconds."""
        self.status = status
        self.usage += usage
        self.waited += wait
        _log.debug("attempt %d failed (%s); another in %.1f s", self.attempts, _status(status), wait)
        self._tell("retry", wait)

    def ended(self, kind: EventKind, where: str) -> None:
        """The request came to its end; one line in the log says how."""
        _log.info(
            "%s: model %s at %s, output %s, %s, %d attempts, %d + %d tokens, %.2f s",
            kind, self.model or "(none)", where, self.form or "(none)", _status(self.status), self.attempts,
            self.usage.prompt, self.usage.completion, time.monotonic() - self.started,
        )  # fmt: skip
        self._tell(kind)

    def _tell(self, kind: EventKind, wait: float = 0.0) -> None:
        if self.on_event is not None:
            seconds = time.monotonic() - self.started
            self.on_event(CallEvent(kind, self.model, self.form, self.attempts, self.status, wait, seconds, self.usage))


def _status(status: int | None) -> str:
    return "no answer" if status is None else f"HTTP {status}"
