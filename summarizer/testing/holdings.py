"""What a cassette holds while it is recorded, in one block or in a run of several tests."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from summarizer.errors import ConfigurationError
from summarizer.testing import storing
from summarizer.testing.exchange import Interaction
from summarizer.testing.tape import Tape


class Holdings:
    """Two parts of a cassette: what was played or recorded since it was first opened, and the rest of the file.

    The rest stays in the file until `drop_rest`, so that whatever breaks off loses nothing.

    Raises:
        ConfigurationError: what is there is no cassette, and is to be played.
    """

    def __init__(self, path: Path, *, plays_rest: bool) -> None:
        self._path, self._plays_rest = path, plays_rest
        try:
            found = storing.load(path)
        except ConfigurationError:
            if plays_rest:
                raise
            found = None  # it is recorded anew, whatever it was
        self._file = found or storing.Recording()
        self._is_there = found is not None
        self.used: tuple[Interaction, ...] = ()
        self.rest = self._file.interactions

    @property
    def playable(self) -> tuple[Interaction, ...]:
        """What need not be asked for."""
        return self.used + (self.rest if self._plays_rest else ())

    def take(self, tape: Tape, *, model: str | None, at_openai: bool) -> None:
        """Add what was recorded on ``tape``, which played what was `playable`, and write the file if it is another.

        What was recorded anew takes the place of as many old recordings of the same request.
        """
        left = {id(each) for each in tape.shelf.left}
        taken = tape.interactions
        if self._plays_rest:
            self.rest = tuple(each for each in self.rest if id(each) in left)
        else:
            played = (each for each in self.used if id(each) not in left)
            self.rest = _without(self.rest, _asked(taken) - _asked(played))
        self.used = taken + tuple(each for each in self.used if id(each) in left)
        if tape.recorded or not self._plays_rest or not self._is_there:
            self._save(storing.Recording(self.used + self.rest, model=model, at_openai=at_openai))

    def drop_rest(self) -> None:
        """Leave nothing in the file but what was used."""
        if self.rest:
            self.rest = ()
            self._save(storing.Recording(self.used, model=self._file.model, at_openai=self._file.at_openai))

    def _save(self, recording: storing.Recording) -> None:
        storing.save(self._path, recording)
        self._file, self._is_there = recording, True


def _asked(interactions: Iterable[Interaction]) -> Counter[str]:
    """How often each request stands in ``interactions``."""
    return Counter(each.question.key for each in interactions)


def _without(interactions: Iterable[Interaction], replaced: Counter[str]) -> tuple[Interaction, ...]:
    """``interactions`` without the first so many of each request."""
    stay = []
    for each in interactions:
        if replaced[each.question.key] > 0:
            replaced[each.question.key] -= 1
        else:
            stay.append(each)
    return tuple(stay)
