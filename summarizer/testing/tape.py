"""What vcrpy plays from and records to: its Cassette, with the library's own way to match, keep and miss."""

import itertools
import threading
from collections.abc import Callable, Iterable
from typing import Any

from vcr.cassette import Cassette as VcrCassette  # type: ignore[import-untyped]
from vcr.filters import decode_response  # type: ignore[import-untyped]
from vcr.record_mode import RecordMode  # type: ignore[import-untyped]

from summarizer.errors import StaleCassette
from summarizer.testing.exchange import Answer, Interaction, Question, endpoint_of, kept_query, read_body
from summarizer.testing.exchange import body_bytes as as_bytes
from summarizer.testing.matching import Shelf
from summarizer.testing.scrubbing import Scrubber, kept_headers

Miss = Callable[[Question, Shelf], StaleCassette]
"""Makes the error for a request that is not on the shelf."""


class Tape(VcrCassette):  # type: ignore[misc]  # vcrpy has no types
    """Plays what is on the shelf and keeps what is new; what vcrpy's patches call, nothing more.

    It writes no file: `interactions` is what the file is to hold.
    """

    def __init__(
        self, path: str, recorded: Iterable[Interaction], *, records: bool, scrubber: Scrubber, miss: Miss
    ) -> None:
        super().__init__(path, record_mode=RecordMode.NEW_EPISODES if records else RecordMode.NONE)
        self.shelf = Shelf(recorded)
        self.missed: list[StaleCassette] = []
        self._records, self._scrubber, self._miss = records, scrubber, miss
        self._turns = itertools.count()
        self._kept: list[tuple[int, Interaction]] = []
        self._waiting: dict[int, Question] = {}
        self._lock = threading.Lock()

    @classmethod
    def load(cls, **given: Any) -> "Tape":
        """The tape that was made beforehand: vcrpy would read the file here."""
        tape: Tape = given["tape"]
        return tape

    @property
    def interactions(self) -> tuple[Interaction, ...]:
        """What was played or recorded, in the order in which it was asked; free of every secret seen by now."""
        with self._lock:
            kept = sorted(self._kept, key=lambda each: each[0])
        return tuple(self._scrubber.clean(interaction) for _, interaction in kept)

    @property
    def unanswered(self) -> tuple[Question, ...]:
        """What was asked of a server and got no answer, or none yet."""
        return tuple(self._waiting.values())

    @property
    def taken_out(self) -> set[str]:
        """What the secrets were that stood in what was said to a model, or in what it said."""
        return {name for _, each in self._kept for name in self._scrubber.taken_out(each)}

    @property
    def recorded(self) -> int:
        """How many answers of a server were recorded."""
        return len(self._kept) - self.shelf.played

    def can_play_response_for(self, request: Any) -> bool:
        """Whether the answer to ``request`` is at hand; it is then reserved for it.

        Raises:
            StaleCassette: it is not, and nothing may be asked.
        """
        if not hasattr(request, "turn"):
            request.turn = next(self._turns)
            request.question = self._question(request)
            request.found = self._found(request)
        return request.found is not None

    def play_response(self, request: Any) -> dict[str, Any]:
        """The answer to ``request``, as vcrpy wants it.

        Raises:
            StaleCassette: there is none.
        """
        if not self.can_play_response_for(request):  # as when an answer sends the client elsewhere
            raise self._missing(request.question)
        answer: Answer = request.found.answer
        return {
            "status": {"code": answer.status, "message": ""},
            "headers": {name: [value] for name, value in answer.headers.items()},
            "body": {"string": as_bytes(answer.body)},
        }

    def append(self, request: Any, response: dict[str, Any]) -> None:
        """Keep what a server answered."""
        if not hasattr(request, "turn"):
            request.turn, request.question = next(self._turns), self._question(request)
        self._scrubber.learn_from_answer(response["headers"])
        unpacked = _unpacked(response)
        headers = kept_headers(unpacked["headers"])
        answer = Answer(unpacked["status"]["code"], headers, read_body(unpacked["body"]["string"]))
        self._scrubber.learn_from_body(answer.body)
        with self._lock:
            self._kept.append((request.turn, Interaction(request.question, answer)))
            self._waiting.pop(request.turn, None)

    def _question(self, request: Any) -> Question:
        self._scrubber.learn_from_request(request.uri, request.headers)
        body = read_body(request.body if isinstance(request.body, bytes | str | None) else b"".join(request.body))
        self._scrubber.learn_from_body(body)
        return Question(
            method=request.method,
            endpoint=endpoint_of(request.uri),
            body=body,
            query=kept_query(request.uri),
            prompts=(),
        )

    def _found(self, request: Any) -> Interaction | None:
        """What is played to ``request``, taken off the shelf; None where it is to be asked."""
        question = self._scrubber.clean_question(request.question)
        with self._lock:
            found = self.shelf.take(question)
            if found is not None:
                self._kept.append((request.turn, found))
            elif self._records:
                self._waiting[request.turn] = request.question
        if found is None and not self._records:
            raise self._missing(question)
        return found

    def _missing(self, question: Question) -> StaleCassette:
        error = self._miss(question, self.shelf)
        self.missed.append(error)
        return error


def _unpacked(response: dict[str, Any]) -> dict[str, Any]:
    """``response`` without the compression that it came in; as it came where that is broken."""
    try:
        unpacked: dict[str, Any] = decode_response(response)
    except Exception:  # whatever the decompressors raise: what was wrong then is to be wrong again
        return response
    return unpacked if unpacked["body"]["string"] != response["body"]["string"] else response
