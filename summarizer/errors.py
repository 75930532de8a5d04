"""The errors of the library.

    SummarizerError             what happened; .hint: what to do; .retryable: can trying again help;
    │                           .fatal: would every other article fail of it, too
    ├── ArticleError            the source cannot be read as an article
    ├── ConfigurationError      an option that cannot work
    │   ├── ChunkError          a token budget too small for one of the sentences
    │   └── PromptError         a prompt file that is missing or malformed
    ├── ModelError              the model, or the server it runs on, failed; .status, .request_id, .usage, .attempts
    │   ├── ConnectionFailed    no answer came
    │   ├── AuthenticationFailed  the key is missing or refused
    │   ├── ModelNotFound       the server does not have this model
    │   ├── RateLimited         the server asks to wait, or the quota is used up
    │   ├── RequestRefused      the server takes no such request (HTTP 4xx)
    │   │   └── ContextTooLong  the request holds more than the model can read at once
    │   └── ServerFailed        the server broke (HTTP 5xx), or its answer is no completion
    ├── ReplyError              a completion came that no brief can be made of
    │   └── ReplyCutOff         it ended at the model's limit
    ├── BriefError              a stored brief that cannot be read, or that is of another article
    ├── StoreError              the file that keeps briefs cannot be used as one
    ├── StaleCassette           a cassette and what is asked of it do not go together
    ├── NetworkBlocked          a connection was asked for where none may be made
    └── IncompleteBrief         some chunks failed; .brief: the brief of the rest
        └── BudgetExceeded      a limit was reached; .brief: what was done until then

Every message is a sentence. No key or header is ever part of one, nor text of an article: but for what
`summarizer.testing` raises: a StaleCassette shows a few lines of what has changed, `reply_for` the nearest sentence.
"""

from typing import Any, Generic, TypeVar

from summarizer.usage import Usage

BriefT = TypeVar("BriefT")


class SummarizerError(Exception):
    """Whatever this library raises on purpose.

    ``message`` says what happened, ``hint`` what to do (or is empty); ``str()`` joins the two.
    """

    retryable = False
    """Whether the same call can succeed later without a change."""

    fatal = False
    """Whether any other article would fail of it, too: a refused key, a used-up quota, a full disk."""

    where: str = ""
    """In which article, and in which part of it, where that is known: "a.txt, sentences 1 to 40"."""
    usage: Usage = Usage()
    """The tokens spent until it was raised, as far as servers said."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[Any, ...]:
        """What pickle needs, since a process pool hands errors on so: the arguments are no mere ``args``."""
        return _restored, (type(self), self.args, self.__dict__)

    def __str__(self) -> str:
        said = f"{self.message}{chr(10) if chr(10) in self.message else ' '}{self.hint}".rstrip()
        return f"{said} ({self.where})" if self.where else said


def _restored(kind: type[SummarizerError], args: tuple[Any, ...], state: dict[str, Any]) -> SummarizerError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class ArticleError(SummarizerError):
    """The source cannot be read as an article."""


class ConfigurationError(SummarizerError):
    """An option, or a set of them, that cannot work."""

    fatal = True


class ChunkError(ConfigurationError):
    """The token budget is too small for one of the sentences; the message says what is needed."""

    fatal = False


class PromptError(ConfigurationError):
    """A prompt is missing, has a malformed header, or its variables do not match."""


class ModelError(SummarizerError):
    """The model, or the server it runs on, failed.

    ``status`` is the HTTP status and ``request_id`` the server's name for the request, where there
    are any. ``usage`` is what all attempts at this request have cost, as far as the server said,
    ``attempts`` how many there were, and ``waited`` the seconds between them. The vendor's own
    exception is the ``__cause__``.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        status: int | None = None,
        request_id: str | None = None,
        usage: Usage = Usage(),
        attempts: int = 1,
        waited: float = 0.0,
    ) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.request_id = request_id
        self.usage = usage
        self.attempts = attempts
        self.waited = waited


class ConnectionFailed(ModelError):
    """No answer came: refused, unreachable, broken off, or too late."""

    retryable = True


class AuthenticationFailed(ModelError):
    """The key is missing, or the server refuses it (HTTP 401, 403)."""

    fatal = True


class ModelNotFound(ModelError):
    """The server does not have this model (HTTP 404), or it is not clear which one is meant."""

    fatal = True


class RateLimited(ModelError):
    """The server asks to wait (HTTP 429)."""

    retryable = True


class RequestRefused(ModelError):
    """The server takes no such request (any other HTTP 4xx)."""


class ContextTooLong(RequestRefused):
    """The request holds more tokens than the model can read at once; a shorter one may pass."""


class ServerFailed(ModelError):
    """The server broke (HTTP 5xx), or answered with something that is no completion."""

    retryable = True


class ReplyError(SummarizerError):
    """A completion came that no brief can be made of: refused, cut off, or not what was asked."""


class ReplyCutOff(ReplyError):
    """The reply ended at the model's limit, and what it was asked about cannot be cut smaller."""


class BriefError(SummarizerError):
    """A stored brief that cannot be read, or that does not fit the article that it is to be shown with."""


class StoreError(SummarizerError):
    """A store cannot be opened, read or written; what is in it stays as it was."""

    fatal = True


class StaleCassette(SummarizerError):
    """A request is not in the cassette, or a recorded one was not asked; the message says what has changed."""


class NetworkBlocked(SummarizerError):
    """A connection was asked for where none may be made: while a cassette is played."""


class IncompleteBrief(SummarizerError, Generic[BriefT]):
    """Some chunks of the article failed; ``brief`` holds what the others gave.

    Its ``coverage.failed`` names the chunks and why they failed.
    """

    def __init__(self, message: str, *, brief: BriefT, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.brief = brief


class BudgetExceeded(IncompleteBrief[BriefT]):
    """A limit of the budget was reached; ``brief`` holds what was done until then."""
