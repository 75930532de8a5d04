"""The exceptions of the library.

Messages are sentences without API keys or headers. A server's own words, up to 200 characters, may repeat an article.
`summarizer.testing.reply_for` is the exception: its errors show the nearest sentence.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from typing import Any, Generic, TypeVar

from summarizer._patterns import compile_lazily
from summarizer._text import hide_queries
from summarizer.usage import Usage

BriefT = TypeVar("BriefT")
ErrorT = TypeVar("ErrorT", bound="SummarizerError")


class SummarizerError(Exception):
    """The base class of all errors that this library raises on purpose.

    ``message`` says what happened. ``hint`` says what to do; it can be empty. ``str()`` joins the two.

    Examples:
        >>> from summarizer import SummarizerError, summarize
        >>> try:
        ...     summarize(" ", model="builtin")
        ... except SummarizerError as error:
        ...     print(error.retryable, error.fatal)
        False False
    """

    retryable: bool = False
    """True if the same call may succeed later without a change."""
    fatal: bool = False
    """True if every other article would fail in the same way: an invalid key, an exhausted quota, a full disk."""
    where: str = ""
    """The article and the part of it, if known: "a.txt, sentences 1 to 40"."""
    usage: Usage = Usage()
    """The tokens spent before the error, as reported by servers."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[Any, ...]:
        """Support pickling, which process pools need, although ``__init__`` has keyword-only arguments."""
        return type(self).__new__, (type(self), *self.args), self.__dict__

    def __str__(self) -> str:
        separator = "\n" if "\n" in self.message else " "
        text = f"{self.message}{separator}{self.hint}".rstrip()
        return f"{text} ({hide_queries(self.where)})" if self.where else text


_FAULTS = {
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "extra_forbidden": "is not a known field",
    "int_from_float": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "dict_type": "must have named fields",
    "missing": "is missing",
    "model_type": "must have named fields",
    "string_too_short": "is empty",
    "string_type": "must be a text",
    "too_short": "is empty",
    "tuple_type": "must be a list",
}
"""Messages on values in files by pydantic's type of an error."""
_PLACE = compile_lazily(r"line (\d+),? column (\d+)")
_SUBJECT = compile_lazily(r"^Value error, |^\w+ should ")


def describe_fault(error: Exception) -> tuple[str, str]:
    """Return the field of a fault in a file, if known, and a clause that says what is wrong.

    Args:
        error: An error of pydantic, json, yaml, tomllib or of decoding, whose own words a reader need not know.
    """
    if isinstance(error, UnicodeDecodeError):
        return "", "it is not UTF-8"
    if callable(list_errors := getattr(error, "errors", None)):
        first = list_errors(include_input=False, include_url=False)[0]
        if first["type"] != "json_invalid":
            return name_field(first["loc"]), describe_value(first)
    places = _PLACE.findall(str(error))
    return "", "line {}, character {} does not fit".format(*places[-1]) if places else "its end is missing"


def name_field(path: Iterable[str | int]) -> str:
    """Return the place of a value in a file: its fields, and the numbers of entries in lists, from 1."""
    return ", ".join(f"entry {part + 1}" if isinstance(part, int) else part for part in path)


def describe_value(error: Mapping[str, Any]) -> str:
    """Return what is wrong with a value, from an entry of pydantic's list of errors."""
    if error["type"] in {"literal_error", "enum"}:
        return f"must be {error['ctx']['expected']}".replace("'", "")
    return _FAULTS.get(error["type"]) or str(_SUBJECT.sub(_must, error["msg"]))


def _must(subject: re.Match[str]) -> str:
    return "" if subject[0].startswith("Value") else "must "


def causes_of(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and the errors that led to it, with the members of groups."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for member in error.exceptions:
                yield from causes_of(member)
        error = error.__cause__ or error.__context__


def copy_error(error: ErrorT, **attributes: Any) -> ErrorT:
    """Return a copy of an error with changed attributes: its owner may raise the same object again."""
    copied = copy(error)
    vars(copied).update(attributes)
    copied.__cause__, copied.__context__ = error.__cause__, error.__context__
    copied.__suppress_context__ = error.__suppress_context__
    return copied.with_traceback(error.__traceback__)


class ArticleError(SummarizerError):
    """The source cannot be read as an article.

    Examples:
        >>> from summarizer import ArticleError, summarize
        >>> try:
        ...     summarize(" ", model="builtin")
        ... except ArticleError as error:
        ...     print(error)
        The article is empty: it contains only white space.
    """


class FetchFailed(ArticleError):
    """An address is refused, or its page cannot be fetched.

    Args:
        message: What happened.
        hint: What to do.
        status: The HTTP status, if the server answered.
        retryable: Whether the same call may succeed later.

    Examples:
        >>> from summarizer import URL, FetchFailed, summarize
        >>> try:
        ...     summarize(URL("http://127.0.0.1/"), model="builtin")
        ... except FetchFailed as error:
        ...     print(error.retryable)
        False
    """

    def __init__(self, message: str, *, hint: str = "", status: int | None = None, retryable: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.retryable = retryable


class ConfigurationError(SummarizerError):
    """An option, or a combination of options, is invalid."""

    fatal = True


class ChunkError(ConfigurationError):
    """The token limit is too small for one of the sentences; the message says which limit is needed."""

    fatal = False


class MissingExtra(ConfigurationError, ArticleError):
    """A format needs an optional package that is not installed; articles in other formats can be read."""

    fatal = False


class PromptError(ConfigurationError):
    """A prompt file is missing, malformed, or uses unknown variables.

    Examples:
        >>> from summarizer import PromptError, ScriptedModel, Summarizer
        >>> try:
        ...     Summarizer(model=ScriptedModel([]), prompts="missing.md")
        ... except PromptError as error:
        ...     print(error.fatal)
        True
    """


class ModelError(SummarizerError):
    """The model, or the server that runs it, failed.

    Args:
        message: What happened.
        hint: What to do.
        status: The HTTP status, if the server answered.
        request_id: The server's identifier of the request.
        usage: The tokens of all attempts at this request, as reported by the server.
        attempts: The number of attempts.
        waited: The seconds spent waiting between attempts.
        retry_after: The seconds that the server asks to wait before the next request.

    The ``__cause__`` is the exception of the vendor's SDK.

    Examples:
        >>> from summarizer import ModelError, OpenAIModel
        >>> try:
        ...     OpenAIModel("some-model", environ={})
        ... except ModelError as error:
        ...     print(type(error).__name__, error.fatal)
        AuthenticationFailed True
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
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.request_id = request_id
        self.usage = usage
        self.attempts = attempts
        self.waited = waited
        self.retry_after = retry_after
        self.max_attempts: int | None = None
        """The number of attempts above which an immediate retry is pointless; None leaves it to the limits."""
        self.is_loading = False
        """Whether the server still loads the model; attempts until then do not count."""


class ConnectionFailed(ModelError):
    """There was no response: connection refused, host unreachable, connection lost, or timeout."""

    retryable = True


class AuthenticationFailed(ModelError):
    """The key is missing, or the server rejects it (HTTP 401 or 403)."""

    fatal = True


class ModelNotFound(ModelError):
    """The server does not have the model (HTTP 404), or the model to use is ambiguous."""

    fatal = True


class RateLimited(ModelError):
    """The rate limit or the quota is exceeded (HTTP 429)."""

    retryable = True


class RequestRefused(ModelError):
    """The server rejected the request (any other HTTP 4xx)."""


class ContextTooLong(RequestRefused):
    """The request exceeds the model's context window; a shorter request may succeed."""

    context: int | None = None
    """The tokens of the context, if the server's error names them."""


class ServerFailed(ModelError):
    """The server failed (HTTP 5xx), or sent something that is not a completion."""

    retryable = True


class ReplyPending(SummarizerError):
    """The reply waits for a batch at the server; the same call succeeds once the batch has ended.

    It ends the work on an article at the point that it has reached: no request is made from a part of the replies.
    """

    retryable = True


class ReplyError(SummarizerError):
    """The completion is unusable: refused, cut off, or not in the requested form."""


class ReplyCutOff(ReplyError):
    """The completion ended at the output limit, and the chunk cannot be split further."""


class BriefError(SummarizerError):
    """A stored brief is unreadable, or belongs to another article."""


class StoreError(SummarizerError):
    """A store cannot be opened, read or written; its content is unchanged.

    Examples:
        >>> from pathlib import Path
        >>> from summarizer import Store, StoreError
        >>> _ = Path("notes.txt").write_text("This is not a database.")
        >>> try:
        ...     Store("notes.txt")
        ... except StoreError as error:
        ...     print(error.fatal)
        True
    """

    fatal = True


class IncompleteBrief(SummarizerError, Generic[BriefT]):
    r"""Some chunks of the article failed; ``brief`` has the results of the others.

    ``brief.coverage.failed`` lists the failed chunks with the reasons.

    Examples:
        >>> from summarizer import IncompleteBrief, ScriptedModel, summarize
        >>> from summarizer.errors import ServerFailed
        >>> from summarizer.testing import reply_for
        >>> texts = ["“The bridge must go,” said Anna Berg.", "“A repair is cheaper,” said Tomas Lind."]
        >>> model = ScriptedModel([reply_for(texts[0]), ServerFailed("It broke.")])
        >>> try:
        ...     summarize("\n\n".join(texts), model=model, chunk_tokens=20)
        ... except IncompleteBrief as error:
        ...     print(error.brief.coverage.failed[0].error)
        It broke.
    """

    def __init__(self, message: str, *, brief: BriefT, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.brief = brief


class BudgetExceeded(IncompleteBrief[BriefT]):
    r"""A budget limit was reached; ``brief`` has the results so far.

    Examples:
        >>> from summarizer import Budget, BudgetExceeded, summarize
        >>> from summarizer.testing import CallbackModel, replies_for
        >>> text = "“The bridge must go,” said Anna Berg.\n\n“A repair is cheaper,” said Tomas Lind."
        >>> try:
        ...     summarize(text, model=CallbackModel(replies_for(text)), chunk_tokens=20, budget=Budget(calls=1))
        ... except BudgetExceeded as error:
        ...     print(len(error.brief.positions))
        1
    """
