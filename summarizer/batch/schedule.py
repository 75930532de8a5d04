"""What to do next with many sources: when to take one on, and which outcome to hand out. It does nothing itself."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from summarizer.batch.outcome import Outcome

ROOM = 32
"""How many times ``concurrency`` sources may be taken on before the outcome of the earliest is handed out."""


@dataclass
class Schedule:
    """The course of a batch, for who carries it out.

    Args:
        concurrency: sources at work at once.
        ordered: whether outcomes are handed out in the order of the sources, or as they come.
    """

    concurrency: int
    ordered: bool
    aside: int = 0
    """Sources that were taken on and wait for somebody else, so that another can be worked on meanwhile."""
    _taken: int = 0
    _done: int = 0
    _given: int = 0
    _all_taken: bool = False
    _fatal: Outcome | None = None
    _held: dict[int, Outcome] = field(default_factory=dict)

    @property
    def wants_source(self) -> bool:
        """Whether there is room for another source."""
        if self._all_taken:
            return False
        at_work = self._taken - self._done - self.aside
        return at_work < self.concurrency and self._taken - self._given < ROOM * self.concurrency

    @property
    def stopped(self) -> bool:
        """Whether a fatal fault has ended it: nothing that is at work needs to go on."""
        return self._fatal is not None

    @property
    def over(self) -> bool:
        """Whether every outcome was handed out."""
        return self._all_taken and self._given == self._taken

    def take(self) -> int:
        """Count one more source; its index."""
        self._taken += 1
        return self._taken - 1

    def no_more(self) -> None:
        """Note that there are no more sources."""
        self._all_taken = True

    def note(self, outcomes: Iterable[Outcome], aside: int) -> None:
        """Note what is done, and how many sources wait for somebody else."""
        self.aside = aside
        for outcome in outcomes:
            self._done += 1
            if not outcome.fatal:
                self._held[outcome.index] = outcome
            elif not self._fatal:
                self._fatal = outcome

    def ready(self) -> list[Outcome]:
        """The outcomes that can be handed out now; after a fatal fault, all that there are, and it last."""
        if self._fatal:
            ready = [*(self._held[index] for index in sorted(self._held)), self._fatal]
            self._held.clear()
            self._all_taken, self._given = True, self._taken
            return ready
        ready = []
        for index in sorted(self._held):
            if self.ordered and index != self._given:
                break
            ready.append(self._held.pop(index))
            self._given += 1
        return ready
