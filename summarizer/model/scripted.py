"""A model that says what it was told to say: for tests, and for trying things out."""

from collections.abc import Callable, Iterable
from threading import Lock

from summarizer.model.request import Reply, Request

ScriptedReply = str | Reply | Exception
"""What a script holds: the text of a reply, a whole reply, or an error to raise."""


class ScriptedModel:
    """Answers requests out of a script, in order, and keeps them in ``requests``.

    ``fits`` keeps what `note_reply` tells it: for each reply, whether it had the right shape.

    ``replies`` is an iterable of replies, a single one, or a callable that makes one out of each
    request (which serves where several requests are under way and their order is open).

        model = ScriptedModel(['{"positions": []}', ServerFailed("The server broke.")])
    """

    def __init__(
        self,
        replies: ScriptedReply | Iterable[ScriptedReply] | Callable[[Request], ScriptedReply],
        name: str = "scripted",
    ) -> None:
        self.name = name
        self.requests: list[Request] = []
        self.fits: list[bool] = []
        self._lock = Lock()
        self._answer = replies if callable(replies) else self._from_script
        self._script = () if callable(replies) else _script(replies)

    def __repr__(self) -> str:
        return f"ScriptedModel(name={self.name!r}, requests={len(self.requests)})"

    async def complete(self, request: Request) -> Reply:
        """The next reply of the script.

        Raises:
            AssertionError: the script has come to its end.
            Exception: the error that the script holds here.
        """
        with self._lock:
            self.requests.append(request)
            reply = self._answer(request)
        if isinstance(reply, Exception):
            raise reply
        return Reply(reply, model=self.name) if isinstance(reply, str) else reply

    def note_reply(self, _: Reply, *, fits: bool) -> bool:
        """Keep in ``fits`` whether a reply fitted its schema."""
        self.fits.append(fits)
        return False

    def _from_script(self, _: Request) -> ScriptedReply:
        asked = len(self.requests)
        if asked > len(self._script):
            scripted = len(self._script)
            raise AssertionError(f"ScriptedModel {self.name!r} has {scripted} replies; request {asked} came.")
        return self._script[asked - 1]


def _script(replies: ScriptedReply | Iterable[ScriptedReply]) -> tuple[ScriptedReply, ...]:
    """The replies as a tuple; a lone string is one reply, not one for each of its letters."""
    return (replies,) if isinstance(replies, str | Reply | Exception) else tuple(replies)
