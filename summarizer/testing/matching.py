"""Which recording answers a request: by what is asked, each as often as it was recorded, in the recorded order."""

from collections import deque
from collections.abc import Iterable

from summarizer.testing.exchange import Interaction, Question
from summarizer.testing.scrubbing import REMOVED


class Shelf:
    """The recordings of a cassette; not safe to use from several threads at once."""

    def __init__(self, recorded: Iterable[Interaction]) -> None:
        self.recorded = tuple(recorded)
        self.left = list(self.recorded)
        """What was not played yet."""
        self._by_key: dict[str, deque[Interaction]] = {}
        self._scrubbed: dict[str, list[str]] = {}
        for interaction in self.recorded:
            key = interaction.question.key
            self._by_key.setdefault(key, deque()).append(interaction)
            if REMOVED in key:
                self._scrubbed[key] = key.split(REMOVED)

    @property
    def played(self) -> int:
        """How many recordings were taken."""
        return len(self.recorded) - len(self.left)

    def take(self, question: Question) -> Interaction | None:
        """The first recording of ``question`` that was not taken yet; None where there is none."""
        waiting = self._by_key.get(question.key) or self._with_secrets(question.key)
        if not waiting:
            return None
        found = waiting.popleft()
        self.left = [each for each in self.left if each is not found]
        return found

    def of(self, question: Question) -> tuple[Interaction, ...]:
        """All recordings of ``question``, those taken included."""
        return tuple(
            each
            for each in self.recorded
            if each.question.key == question.key or self._fits(each.question.key, question.key)
        )

    def _with_secrets(self, key: str) -> deque[Interaction] | None:
        """The recordings that differ from ``key`` in nothing but the secrets that were taken out of them."""
        return next(
            (self._by_key[each] for each in self._scrubbed if self._by_key[each] and self._fits(each, key)), None
        )

    def _fits(self, recorded: str, key: str) -> bool:
        return recorded in self._scrubbed and _has_parts(key, self._scrubbed[recorded])


def _has_parts(text: str, parts: list[str]) -> bool:
    """Whether ``text`` begins and ends with the first and the last of ``parts``, with the others between, in their
    order, and something between any two.
    """
    first, *between, last = parts
    if not (text.startswith(first) and text.endswith(last)):
        return False
    at = len(first)
    for part in between:
        found = text.find(part, at + 1)
        if found < 0:
            return False
        at = found + len(part)
    return at < len(text) - len(last)
