"""Progress on standard error: a spinner for one article, counts and a bar for a batch, stages for a dossier."""

import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from summarizer._patterns import compile_lazily
from summarizer.cli.messages import name_options, print_message
from summarizer.errors import ArticleError, ReplyPending, SummarizerError
from summarizer.usage import Usage

if TYPE_CHECKING:
    from summarizer.dossier import DossierProgress
    from summarizer.engines import Event, OnEvent
    from summarizer.outcome import Outcome

INTERVAL, LONG_INTERVAL = 30.0, 60.0
"""Seconds between two lines if standard error is not a terminal; the second one for waits of hours."""
TICK = 1.0
"""Seconds between two updates of a line on a terminal."""
MIN_WAIT = 5.0
"""Seconds without an outcome from which on the line of a batch says so, and of a step before its end is estimated."""
MIN_LONG = 2.0
"""Seconds from which on work by stages is shown on a terminal."""
MAX_NAMES = 3
"""Articles named for each reason of failure."""
MAX_REASONS = 10
"""Reasons of failure in the summary, the most frequent first."""


_VARYING = compile_lazily(r" after \d+ attempts|\bCome back in [^.]*")
"""Parts of a reason that differ between requests of one kind of failure."""
_STAGES = {"verifying": "checking the statements", "grouping": "merging the chunks", "gist": "requesting the gist"}


@dataclass
class Waiting:
    """What one article waits for, from the events of its chunks."""

    stage: str = ""
    """Empty before the first request."""
    request: str = ""
    tokens: int = 0
    since: float = field(default_factory=time.monotonic)

    def note(self, event: "Event") -> None:
        """Note an event. An event other than a request ends a wait."""
        if not self.stage or event.kind not in ("requested", "repairing"):
            self.since = time.monotonic()
        self.stage = _STAGES.get(event.kind, "waiting for the model")
        self.request = f"request {min(event.done + 1, event.chunks)} of {event.chunks}"
        self.tokens = event.usage.total

    def __str__(self) -> str:
        tokens = f", {self.tokens:,} tokens" * bool(self.tokens)
        seconds = f"{time.monotonic() - self.since:.0f} s"
        return f"{self.stage}: {seconds}, {self.request}{tokens} …" if self.stage else f"reading: {seconds} …"


@contextmanager
def show_spinner(*, quiet: bool = False) -> Iterator["OnEvent"]:
    """Show what an article waits for, and yield the callback for events; a log has a line at intervals."""
    waiting = Waiting()
    if quiet:
        yield lambda _: None
    elif not sys.stderr.isatty():
        with _repeat(lambda: print_message(str(waiting)), INTERVAL):
            yield waiting.note
    else:
        from rich.console import Console

        with Console(stderr=True).status("Reading …") as status, _repeat(lambda: status.update(str(waiting)), TICK):
            yield waiting.note


@contextmanager
def _repeat(function: Callable[[], object], interval: float) -> Iterator[None]:
    """Call ``function`` at each ``interval`` in seconds, in a thread that ends with the block."""
    is_over = threading.Event()

    def run() -> None:
        while not is_over.wait(interval):
            with suppress(OSError):  # standard error may be closed
                function()

    thread = threading.Thread(target=run, name="summarizer progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


@contextmanager
def show_status(text: str) -> Iterator[None]:
    """Show a text on a terminal while something takes time; an empty text shows nothing."""
    if not text or not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(text):
        yield


@contextmanager
def show_state(*, quiet: bool = False) -> Iterator[Callable[[object], None]]:
    """Yield a function that shows a state: in place on a terminal, else on a new line."""
    if quiet:
        yield lambda _: None
        return
    line, interval = _StateLine(), LONG_INTERVAL
    with ExitStack() as stack:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.text import Text

            status = stack.enter_context(Console(stderr=True).status(""))
            line.write, interval = (lambda text: status.update(Text(text))), TICK  # words of a server are no markup
        with _repeat(line.show_again, interval):
            yield line.show
    if interval == TICK:  # the line on the terminal is gone
        line.write = print_message
        line.show_again()


class _StateLine:
    """The latest state, and the function that writes its text."""

    def __init__(self) -> None:
        self.state: object = None
        self.write: Callable[[str], None] = print_message

    def show(self, state: object) -> None:
        """Write a state if it is another one."""
        is_new, self.state = state != self.state, state
        if is_new:
            self.show_again()

    def show_again(self) -> None:
        """Write the latest state, if there is one."""
        if self.state is not None:
            self.write(str(self.state))


_LINKING = {
    "briefs": "reading briefs",
    "copies": "finding copies",
    "actors": "joining actors",
    "issues": "joining issues",
    "statements": "placing statements",
    "changes": "finding changes of position",
}


@dataclass
class Stages:
    """What long work on a dossier is doing."""

    text: str = ""
    """Empty before the first stage."""
    unit: str = ""
    done: int = 0
    total: int | None = None
    started: float = field(default_factory=time.monotonic)
    counted: float = field(default_factory=time.monotonic)  # the time at which the step began

    def link(self, progress: "DossierProgress") -> None:
        """Note a stage of `Dossier.from_store`."""
        step = list(_LINKING).index(progress.stage) + 1
        text = f"{_LINKING[progress.stage]} (step {step} of {len(_LINKING)})"
        self._count(text, "articles", progress.done, progress.total)

    def write(self, done: int, total: int) -> None:
        """Note pages that were written."""
        self._count("writing", "pages", done, total)

    def _count(self, text: str, unit: str, done: int, total: int | None) -> None:
        if text != self.text or done < self.done:
            self.counted = time.monotonic()
        self.text, self.unit, self.done, self.total = text, unit, done, total

    def __str__(self) -> str:
        of_all = f" of {self.total:,}" if self.total else ""
        counts = f", {self.done:,}{of_all} {self.unit}" if self.done or self.total else ""
        left, spent = "", time.monotonic() - self.counted
        if self.done and self.total and spent >= MIN_WAIT:
            left = f", about {_format_minutes(spent / 60 * (self.total / self.done - 1))} left for this step"
        return f"{self.text}{counts}, {time.monotonic() - self.started:.0f} s{left} …"


@contextmanager
def show_stages(*, quiet: bool = False) -> Iterator[Stages]:
    """Show the stages of long work: a bar on a terminal, else a line at intervals."""
    stages = Stages()
    if quiet:
        yield stages
        return
    if not sys.stderr.isatty():
        with _repeat(lambda: print_message(str(stages)) if stages.text else None, INTERVAL):
            yield stages
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn
    from rich.table import Column

    console = Console(stderr=True)
    wrapped = TextColumn("{task.description}", markup=False, table_column=Column())
    bar = Progress(BarColumn(min(30, console.width // 6)), wrapped, console=console, transient=True)
    task = bar.add_task("")

    def update() -> None:
        if stages.text and time.monotonic() - stages.started >= MIN_LONG:
            bar.start()
            bar.update(task, completed=stages.done, total=stages.total or None, description=str(stages))

    try:
        with _repeat(update, TICK):
            yield stages
    finally:
        bar.stop()


@dataclass
class BatchProgress:
    """The counts of a batch."""

    total: int | None
    """Number of sources; None if unknown."""
    pulled: int = 0
    """Sources that were read or are being read, without those that are skipped at once."""
    done: int = 0
    stored: int = 0
    """Those of ``done`` that the store already had."""
    usage: Usage = field(default_factory=Usage)
    waiting: int = 0
    """Sources whose replies wait for a batch."""
    failed: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Failed sources by reason."""
    _reasons: dict[str, str] = field(default_factory=dict)
    """The first of the reasons that differ in times and numbers of attempts only."""
    skipped: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Skipped sources by reason."""
    stored_failures: int = 0
    """Failures that the store already had."""
    has_lasting_failure: bool = False
    """True after a permanent failure. Unreadable articles do not count, since every run reads them again."""
    started: float = field(default_factory=time.monotonic)
    latest: float = field(default_factory=time.monotonic)
    """The time of the latest outcome."""
    printed: float = field(default_factory=time.monotonic)
    """The time of the last line."""

    def add(self, outcome: "Outcome", name: str) -> None:
        """Count one outcome."""
        self.latest = time.monotonic()
        self.usage += outcome.usage
        if outcome.status == "skipped":
            self.skipped[outcome.reason].append(name)
            return
        error = outcome.error
        if error is None:
            self.done += 1
            self.stored += outcome.stored
            return
        if isinstance(error, ReplyPending):
            self.waiting += 1
            return
        reason = str(error)
        if isinstance(error, SummarizerError):
            reason = f"{error.message} {name_options(error.hint)}".rstrip()
        self.failed[self._reasons.setdefault(_VARYING.sub("", reason), reason)].append(name)
        self.stored_failures += outcome.stored
        self.has_lasting_failure |= not (outcome.retryable or isinstance(error, ArticleError))

    def continue_from(self, earlier: "BatchProgress") -> None:
        """Count from the start of an earlier pass over the same sources, with the tokens that it spent."""
        self.started, self.stored = earlier.started, min(self.done, earlier.stored)
        self.usage += earlier.usage

    @property
    def failures(self) -> int:
        """The number of failed sources."""
        return sum(map(len, self.failed.values()))

    @property
    def skips(self) -> int:
        """The number of skipped sources."""
        return sum(map(len, self.skipped.values()))

    @property
    def minutes(self) -> float:
        """The minutes since the start."""
        return (time.monotonic() - self.started) / 60

    def __str__(self) -> str:
        parts = [self.counts]
        worked_on = self.done + self.failures - self.stored - self.stored_failures  # sources in the store take no time
        if worked_on and self.minutes > 0:
            parts.append(f"{worked_on / self.minutes:,.0f} a minute")
        if self.usage.total:
            parts.append(f"{self.usage.total:,} tokens")
        if worked_on and self.total is not None and (left := self.total - self.done - self.failures):
            parts.append(f"{_format_minutes(left * self.minutes / worked_on)} left")
        if (waited := time.monotonic() - self.latest) >= MIN_WAIT:
            parts.append(f"waiting for {waited:.0f} s")
        return ", ".join(parts)

    @property
    def counts(self) -> str:
        """Return the numbers of finished and failed sources."""
        total = f" of {self.total:,}" if self.total is not None else ""
        before = f" ({self.stored:,} before)" if self.stored else ""
        skipped = f", {self.skips:,} skipped" if self.skips else ""
        waiting = f", {self.waiting:,} waiting for a batch" if self.waiting else ""
        return f"{self.done:,}{total} done{before}, {self.failures:,} failed{skipped}{waiting}"

    def summary(self) -> Iterator[str]:
        """Yield the lines of the final summary."""
        tokens = f", {self.usage.prompt:,} tokens sent and {self.usage.completion:,} received" * bool(self.usage.total)
        yield f"{self.counts}{tokens}, in {_format_minutes(self.minutes)}."
        yield from _list_reasons(self.failed)
        yield from (f"skipped: {line}" for line in _list_reasons(self.skipped))


def _list_reasons(names_by_reason: Mapping[str, list[str]]) -> Iterator[str]:
    reasons = sorted(names_by_reason.items(), key=lambda item: -len(item[1]))
    for reason, names in reasons[:MAX_REASONS]:
        more = f" and {len(names) - MAX_NAMES:,} more" if len(names) > MAX_NAMES else ""
        yield f"{len(names):,} × {reason} ({', '.join(names[:MAX_NAMES])}{more})"
    if others := sum(len(names) for _, names in reasons[MAX_REASONS:]):
        yield f"{others:,} × other reasons."


def _format_minutes(minutes: float) -> str:
    if minutes < 2:
        return f"{minutes * 60:.0f} s"
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.1f} h"


@contextmanager
def show_progress(progress: BatchProgress, *, quiet: bool = False) -> Iterator[Callable[[], None]]:
    """Show a bar on a terminal, else a line at intervals; yield the function that updates the bar."""
    if quiet:
        yield lambda: None
        return
    if not sys.stderr.isatty():
        show = partial(_print_at_intervals, progress)
        with _repeat(show, TICK):
            yield show
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn
    from rich.table import Column

    console = Console(stderr=True)
    wrapped = TextColumn("{task.description}", markup=False, table_column=Column())  # rich cuts off the end otherwise
    with Progress(BarColumn(min(30, console.width // 6)), wrapped, console=console, transient=True) as bar:
        task = bar.add_task("reading", total=progress.total)

        def update() -> None:
            bar.update(task, completed=progress.done + progress.failures, description=str(progress))

        with _repeat(update, TICK):
            yield update


def _print_at_intervals(progress: BatchProgress) -> None:
    if time.monotonic() - progress.printed >= INTERVAL:
        progress.printed = time.monotonic()
        print_message(str(progress))
