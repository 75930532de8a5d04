"""Cassettes: what a server answered is recorded once, and played back from then on."""

import contextlib
import os
import threading
import warnings
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Literal, get_args

from summarizer.errors import ConfigurationError, StaleCassette
from summarizer.testing import storing
from summarizer.testing.holdings import Holdings
from summarizer.testing.network import no_network
from summarizer.testing.scrubbing import Scrubber
from summarizer.testing.staleness import missing, most_telling, nothing_recorded, unplayed
from summarizer.testing.surroundings import as_recorded, is_at_openai, no_fallback, no_waits
from summarizer.testing.tape import Tape

Record = Literal["none", "new", "all"]
"""``none``: play alone. ``new``: play what is there, record the rest. ``all``: record anew."""


class Cassette:
    """An open cassette."""

    def __init__(self, path: Path, record: Record, tape: Tape) -> None:
        self.path = path
        self.record = record
        self._tape = tape

    def __repr__(self) -> str:
        return f"Cassette({str(self.path)!r}, record={self.record!r}, played={self.played}, unplayed={self.unplayed})"

    @property
    def played(self) -> int:
        """How many of the recorded interactions were played."""
        return self._tape.shelf.played

    @property
    def unplayed(self) -> int:
        """How many of the recorded interactions were not played yet; with ``record="all"`` none is there to be."""
        return len(self._tape.shelf.left)

    @property
    def recorded(self) -> int:
        """How many answers of a server were recorded; they are written when the block ends."""
        return self._tape.recorded

    @property
    def missed(self) -> StaleCassette | None:
        """What was asked and not recorded, as the error says it that tells most; None where all was."""
        return most_telling(self._tape.missed) if self._tape.missed else None


def cassette(path: str | os.PathLike[str], record: Record = "none", *, allow_unplayed: bool = False) -> "Opening":
    """Play back, or record, what this process asks over HTTP, in a ``with`` or ``async with`` block.

    A recording is found by what was asked: the end of the path and the JSON body, the model's name, key order and
    white space aside. It is played as often as it was recorded, in the recorded order where the same was asked
    several times; requests may come side by side.

    The environment is that of the recording: no key is needed, ``SUMMARIZER_MODEL`` is what it was, and no other
    connection can be made. The library's own waits take no time; those of other clients, such as the retries of
    openai's SDK, do. A connection that broke off has no answer, and leaves nothing to be recorded.

    What is recorded holds no header but a few harmless ones, no host, and no value of a key, cookie or id that was
    sent. It is written when the block ends without an exception; after one, the old file stays as it was.

    Args:
        path: the YAML file; the folders it is in are made.
        record: ``"none"`` plays alone. ``"new"`` plays what is there, records the rest, and drops what was not
            played. ``"all"`` records all anew.
        allow_unplayed: with ``"none"``, whether recordings may be left when the block ends; with ``"new"`` and
            ``"all"``, whether those that were not asked for are kept.

    Raises:
        StaleCassette: with ``"none"``: something is asked that was not recorded (raised where it is asked, and once
            more at the end where another client took it for a failure of its connection, a group of tasks wrapped it,
            or that of another part says more); or, at the end, something was recorded and not asked.
        ConfigurationError: the file is no cassette; another one is open, in whatever thread: what is played or
            recorded holds for the whole process; or, in the block, no model is named that could be recorded.
    """
    if record not in get_args(Record):
        raise ConfigurationError(f"record cannot be {record!r}.", hint=f"It is one of {', '.join(get_args(Record))}.")
    return Opening(Path(path), record, allow_unplayed=allow_unplayed)


class Opening:
    """A cassette that is open for the time of a ``with`` or ``async with`` block."""

    _open_path: Path | None = None
    _only_one = threading.Lock()

    def __init__(self, path: Path, record: Record, *, allow_unplayed: bool, holdings: Holdings | None = None) -> None:
        """``holdings`` are those of a run that opens the same cassette several times to record it."""
        self._path, self._record, self._allow_unplayed, self._holdings = path, record, allow_unplayed, holdings
        self._stack = contextlib.ExitStack()
        self._tape: Tape | None = None

    def __enter__(self) -> Cassette:
        if not Opening._only_one.acquire(blocking=False):
            raise ConfigurationError(
                f"The cassette {self._path} cannot be opened while {Opening._open_path} is open in this process.",
                hint="Close that one first; one cassette can hold all that a test asks.",
            )
        with contextlib.ExitStack() as stack:
            stack.callback(Opening._only_one.release)
            Opening._open_path = self._path
            opened = self._opened(stack)
            self._stack = stack.pop_all()
        return opened

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        tape, self._tape = self._tape, None
        self._stack.close()
        if tape is not None and error is None:
            self._end(tape)
        elif tape is not None and isinstance(error, Exception) and _stems_from(error, tape.missed):
            telling = most_telling(tape.missed)
            if telling is not error:  # that of another part, or what a client or a group of tasks made of it
                raise telling from None

    async def __aenter__(self) -> Cassette:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, at)

    def _opened(self, stack: contextlib.ExitStack) -> Cassette:
        recording = self._to_play()
        self._scrubber = Scrubber(os.environ)
        self._model = os.environ.get("SUMMARIZER_MODEL")
        self._at_openai = is_at_openai(os.environ)
        tape = Tape(
            str(self._path),
            recording.interactions,
            records=self._record != "none",
            scrubber=self._scrubber,
            miss=lambda question, shelf: missing(question, shelf, self._path),
        )
        if self._record == "none":
            stack.enter_context(as_recorded(recording.model, at_openai=recording.at_openai))
            stack.enter_context(no_waits())
            stack.enter_context(no_network(f"while the cassette {self._path} is played"))
        else:
            stack.enter_context(no_fallback())
        stack.enter_context(Tape.use(path=str(self._path), tape=tape))
        self._tape = tape
        return Cassette(self._path, self._record, tape)

    def _to_play(self) -> storing.Recording:
        """What is there to be played."""
        if self._record == "none":
            found = storing.load(self._path)
            if found is None:
                raise nothing_recorded(self._path)
            return found
        if self._holdings is None:
            self._holdings = Holdings(self._path, plays_rest=self._record == "new")
        return storing.Recording(self._holdings.playable)

    def _end(self, tape: Tape) -> None:
        """Write what was recorded, or see that all was played."""
        if self._holdings is not None:
            model = None if self._model is None else self._scrubber.clean_text(self._model)
            self._holdings.take(tape, model=model, at_openai=self._at_openai)
            if not self._allow_unplayed:
                self._holdings.drop_rest()
            self._warn(tape)
        elif not self._allow_unplayed:
            if tape.missed:
                raise most_telling(tape.missed)
            if tape.shelf.left:
                raise unplayed(tape.shelf, self._path)

    def _warn(self, tape: Tape) -> None:
        """Say where what will be played is not what happened."""
        if taken_out := tape.taken_out:
            warnings.warn(
                f"The texts in the cassette {self._path} are not as they were sent: taken out of them was "
                f"{_listed(taken_out)}. Where that is no secret, call it otherwise while recording: what was taken out "
                "is missing in what is played.",
                stacklevel=4,
            )
        if unanswered := tape.unanswered:
            times = f"{len(unanswered)} requests" if len(unanswered) > 1 else "A request"
            warnings.warn(
                f"{times} got no answer, the first of {unanswered[0]}: the connection failed or was closed before one "
                f"came. The cassette {self._path} holds nothing of that, and cannot play it; a test of it can use "
                'ScriptedModel([ConnectionFailed("…")]).',
                stacklevel=4,
            )


def _listed(names: Iterable[str]) -> str:
    """``names`` in a sentence."""
    return " and ".join(sorted(names))


def _stems_from(error: BaseException, missed: list[StaleCassette]) -> bool:
    """Whether ``error`` is one of ``missed``, or was made of one."""
    if any(error is each for each in missed):
        return True
    if isinstance(error, BaseExceptionGroup):
        return any(_stems_from(each, missed) for each in error.exceptions)
    return error.__cause__ is not None and _stems_from(error.__cause__, missed)


__all__ = ["Cassette", "Record", "StaleCassette", "cassette"]
