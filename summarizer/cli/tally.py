"""How far a batch is, and how it ended: for a person who waits."""

import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from summarizer.cli.messages import say
from summarizer.errors import ArticleError
from summarizer.usage import Usage

if TYPE_CHECKING:
    from summarizer.outcome import Outcome

EVERY = 30.0
"""Seconds between two lines where there is no terminal."""
NAMED = 3
"""Articles that are named for each reason why some failed."""
REASONS = 10
"""Reasons that are told at the end, those of most articles first."""


@dataclass
class Tally:
    """Counts outcomes."""

    total: int | None
    """How many sources there are; None: not known."""
    done: int = 0
    stored: int = 0
    """Those of ``done`` that had been made before."""
    usage: Usage = field(default_factory=Usage)
    failed: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """The sources that failed, by what they failed of."""
    told_again: int = 0
    """Those of the failures that were told again, as they were stored."""
    lasting: bool = False
    """Whether some failed of what does not go away by itself; what cannot be read is looked at again each time."""
    started: float = field(default_factory=time.monotonic)

    def add(self, outcome: "Outcome", name: str) -> None:
        """Count one more."""
        self.usage += outcome.usage
        if outcome.error is None:
            self.done += 1
            self.stored += outcome.stored
        else:
            self.failed[getattr(outcome.error, "message", str(outcome.error))].append(name)
            self.told_again += outcome.stored
            passing = isinstance(outcome.error, ArticleError) or getattr(outcome.error, "retryable", False)
            self.lasting |= not passing

    @property
    def failures(self) -> int:
        """How many failed."""
        return sum(map(len, list(self.failed.values())))

    @property
    def minutes(self) -> float:
        """Since it began."""
        return (time.monotonic() - self.started) / 60

    def __str__(self) -> str:
        rate = f"{self._made / self.minutes:,.0f} a minute" if self._made and self.minutes > 0 else ""
        return ", ".join(filter(None, [self.progress, rate, self._tokens, self._left]))

    @property
    def progress(self) -> str:
        """What is done, and what failed."""
        every = f" of {self.total:,}" if self.total is not None else ""
        before = f" ({self.stored:,} before)" if self.stored else ""
        return f"{self.done:,}{every} done{before}, {self.failures:,} failed"

    @property
    def _made(self) -> int:
        """Those that took any time: what a store held comes at once."""
        return self.done + self.failures - self.stored - self.told_again

    @property
    def _tokens(self) -> str:
        return f"{self.usage.total:,} tokens" if self.usage.total else ""

    @property
    def _left(self) -> str:
        if self.total is None or not self._made:
            return ""
        left = self.total - self.done - self.failures
        return f"{_spelled(left * self.minutes / self._made)} left" if left else ""

    def summary(self) -> Iterator[str]:
        """How it ended, a line at a time."""
        spent = f", {self.usage.prompt:,} tokens sent and {self.usage.completion:,} received" * bool(self.usage.total)
        yield f"{self.progress}{spent}, in {_spelled(self.minutes)}."
        reasons = sorted(self.failed.items(), key=lambda item: -len(item[1]))
        for reason, names in reasons[:REASONS]:
            more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
            yield f"{len(names):,} × {reason} ({', '.join(names[:NAMED])}{more})"
        if others := sum(len(names) for _, names in reasons[REASONS:]):
            yield f"{others:,} × other reasons."


def _spelled(minutes: float) -> str:
    if minutes < 2:
        return f"{minutes * 60:.0f} s"
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.1f} h"


@contextmanager
def shown(tally: Tally) -> Iterator[Callable[[], None]]:
    """Show how far it is, whenever what is yielded is called: a bar on a terminal, else a line every so often."""
    if not sys.stderr.isatty():
        with _told_every_so_often(tally):
            yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn
    from rich.table import Column

    console = Console(stderr=True)
    wrapped = TextColumn("{task.description}", markup=False, table_column=Column())  # else its end is cut off
    with Progress(BarColumn(min(30, console.width // 6)), wrapped, console=console, transient=True) as bar:
        task = bar.add_task("reading", total=tally.total)
        yield lambda: bar.update(task, completed=tally.done + tally.failures, description=str(tally))


@contextmanager
def _told_every_so_often(tally: Tally) -> Iterator[None]:
    """Say how far it is also where nothing comes to its end for a long time."""
    over = threading.Event()

    def tell() -> None:
        while not over.wait(EVERY):
            say(str(tally))

    thread = threading.Thread(target=tell, name="summarizer tells", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
