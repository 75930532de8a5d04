"""A language model behind any server that speaks OpenAI's Chat Completions."""

import asyncio
import os
import threading
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, get_args

from summarizer.errors import ConfigurationError, ModelError
from summarizer.models.base import Model, Reply, Request, under_way
from summarizer.models.completion import Completion, read_completion
from summarizer.models.course import Course, OnEvent
from summarizer.models.dialect import Dialect
from summarizer.models.endpoint import Endpoint, azure_endpoint, endpoint, shown
from summarizer.models.negotiation import Asking, Memory, Output
from summarizer.models.options import Limits, Parameters
from summarizer.usage import Usage

if TYPE_CHECKING:
    import openai

    from summarizer.models.clients import HandedIn
    from summarizer.models.transport import Transport

UNNAMED = "default"
"""What a model without a name is called before its server was asked."""


class OpenAIModel(Model):
    """A model at OpenAI, at Azure, or at any server that speaks their Chat Completions.

    It can be used from several threads and event loops, and after `aclose` too.

    Args:
        name: the model's name there (at Azure, the deployment's); None means the only one that the
            server lists, which is asked at the first request.
        base_url: the server's address; left out, ``OPENAI_BASE_URL`` in ``environ``, else OpenAI's own.
        api_key: left out, ``OPENAI_API_KEY`` in ``environ``, whichever address it is for; a server other
            than OpenAI's may need none.
        organization: goes along with every request, and so do the ``default_headers``.
        output: the form in which replies are asked for. ``"auto"`` starts with a strict JSON schema,
            moves on when the server refuses a form or ignores it twice in a row (as `note_reply` is
            told), and remembers what it takes; ``"json_schema"``, ``"json_object"`` and ``"text"`` stay.
        timeout: seconds that one attempt may take, of which connecting takes 5 at most.
        attempts: how many are made in all where trying again can help.
        deadline: seconds that all attempts of a request may take, and the waits between them.
        concurrency: requests under way at once, of all event loops and threads; more wait their turn.
        requests_per_minute: how many are sent in a minute, evenly spread.
        tokens_per_minute: the tokens sent and received in a minute; those of a reply count when it is there.
        max_tokens: the tokens that a reply may have, thoughts included. Like ``temperature`` and ``seed``
            it is sent only when set, and exchanged or left out where a server does not know it. A reply
            that it cuts off is asked for once more with twice the limit, and so is all that follows if that
            was enough.
        extra_body: more keys of the request, as the server names them.
        api_version: the version of Azure's interface, which makes this a model at Azure: ``base_url``
            is then the resource's address (or ``AZURE_OPENAI_ENDPOINT``), the key's variable
            ``AZURE_OPENAI_API_KEY``, or ``AZURE_OPENAI_AD_TOKEN`` in its place.
        client: a ready ``openai.AsyncOpenAI`` (or ``AsyncAzureOpenAI``), for the asynchronous calls of
            one event loop; it brings address, key and headers, is not closed here, and reads answers of
            any length.
        on_event: called with an `CallEvent` for each attempt, retry and end of a request.
        environ: where the variables are looked up.

    Raises:
        ConfigurationError: an option that cannot work.
        AuthenticationFailed: there is no key for OpenAI's own server, or for Azure.
    """

    def __init__(
        self,
        name: str | None,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        organization: str | None = None,
        default_headers: Mapping[str, str] | None = None,
        output: Output = "auto",
        timeout: float = 120.0,
        attempts: int = 5,
        deadline: float = 600.0,
        concurrency: int = 16,
        requests_per_minute: float | None = None,
        tokens_per_minute: float | None = None,
        max_tokens: int | None = None,
        temperature: float | None = None,
        seed: int | None = None,
        extra_body: Mapping[str, Any] | None = None,
        api_version: str | None = None,
        client: "openai.AsyncOpenAI | None" = None,
        on_event: OnEvent | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        _check_name(name, api_version)
        if output not in get_args(Output):
            raise ConfigurationError(
                f"output cannot be {output!r}.", hint=f"It is one of {', '.join(get_args(Output))}."
            )
        self._limits = Limits(timeout, attempts, deadline, concurrency, requests_per_minute, tokens_per_minute)
        self._parameters = Parameters(max_tokens, temperature, seed, extra_body or {})
        place = {"base_url": base_url, "api_key": api_key, "organization": organization, "headers": default_headers}
        if client is not None:
            self.endpoint = _endpoint_of(client, **place, api_version=api_version)
        elif api_version is not None:
            self.endpoint = azure_endpoint(api_version, **place, environ=environ)  # type: ignore[arg-type]
        else:
            self.endpoint = endpoint(**place, environ=environ)  # type: ignore[arg-type]
        self._client = _handed_in(client) if client is not None else None
        self._on_event = on_event
        self._memory = _memory(output, self.endpoint)
        self._is_named = name is not None
        self.max_tokens = max_tokens
        self.name = name.strip() if name is not None else UNNAMED
        self._transport: Transport | None = None
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"OpenAIModel({self.name if self._is_named else None!r}, base_url={self.endpoint.shown!r})"

    async def resolved_name(self) -> str:
        """The model's name at the server, which is asked where none was given.

        Raises:
            ModelNotFound: the server lists no model, or several.
            ModelError: it cannot be asked.
        """
        if not self._is_named:
            self.name = await self._sender().only_model()
            self._is_named = True
        return self.name

    async def identity(self) -> dict[str, Any]:
        """What tells this model from others: server, name, and the parameters that are set.

        Raises:
            ModelError: the name has to be asked of the server, and cannot.
        """
        return {"server": self.endpoint.shown, "name": await self.resolved_name(), **asdict(self._parameters)}

    async def models(self) -> tuple[str, ...]:
        """The names of the models that the server lists, in its order.

        Raises:
            ModelError: it cannot be asked.
        """
        return await self._sender().models()

    async def complete(self, request: Request) -> Reply:
        """Answer ``request``; the reply's usage is that of all attempts, and so is an error's.

        Raises:
            ModelError: no completion could be had.
            ContextTooLong: the request is too long for the model; a shorter one may pass.
            ConfigurationError: a client was handed in that belongs to another event loop.
            StaleCassette: a cassette is played, and holds no reply to this.
        """
        told = under_way.set(request)
        try:
            return await self._complete(request)
        finally:
            under_way.reset(told)

    async def _complete(self, request: Request) -> Reply:
        name = await self.resolved_name()
        asking = Asking(name, request, self._parameters, self._memory)
        course = Course(name, asking.form, self._on_event)
        try:
            completion = await self._completion(asking, course)
        except BaseException as error:  # a cancelled request too leaves its line in the log
            if isinstance(error, asyncio.CancelledError):
                request.report_usage(course.usage)
            course.ended("failed" if isinstance(error, Exception) else "cancelled", self.endpoint.shown)
            raise
        course.ended("answered", self.endpoint.shown)
        return Reply(
            text=completion.text,
            finish_reason=completion.finish_reason,
            usage=course.usage,
            model=completion.model,
            retries=course.retries,
            output=asking.form,
            waited=round(course.waited, 3),
        )

    def note_reply(self, reply: Reply, *, fits: bool) -> bool:
        """Learn whether a reply was JSON that fits the schema; true if the next request asks in another form.

        With ``output="auto"``, two in a row that do not are taken for a server that ignores the form:
        the next request asks in the next one. Replies that were cut off or refused say nothing of it.
        """
        return reply.finish_reason in ("stop", "other") and self._memory.note(reply.output, fits=fits)

    async def aclose(self) -> None:
        """Close the connections that were opened in the running event loop."""
        if self._transport is not None:
            await self._transport.aclose()

    async def _completion(self, asking: Asking, course: Course) -> Completion:
        """A completion; one that ``max_tokens`` cut off is asked for once more, with twice the limit."""
        completion = await self._asked(asking, course)
        if completion.finish_reason != "length" or not asking.raises_limit():
            return completion
        course.goes_on(200, Usage(), 0.0)
        try:
            longer = await self._asked(asking, course)
        except ModelError:  # such as a limit that is now too high: what was cut off is better than nothing
            return completion
        if longer.finish_reason != "length":
            asking.keeps_limit()
        return longer

    async def _asked(self, asking: Asking, course: Course) -> Completion:
        answer = await self._sender().complete(asking, course)
        try:
            completion = read_completion(answer)
        except ModelError as error:
            course.usage += error.usage
            error.usage, error.attempts, error.waited = course.usage, course.attempts, course.waited
            raise
        course.usage += completion.usage
        self._sender().settle(asking, completion.usage)
        return completion

    def _sender(self) -> "Transport":
        """What does the sending, made at the first use: openai takes a second or two to import."""
        from summarizer.models.transport import Transport

        with self._lock:
            if self._transport is None:
                self._transport = Transport(self.endpoint, self._limits, self._client)
            return self._transport


def _check_name(name: str | None, api_version: str | None) -> None:
    if name is not None and not name.strip():
        raise ConfigurationError("The name of the model is empty.", hint="Name one, or leave it out.")
    if name is None and api_version is not None:
        raise ConfigurationError("At Azure a model has no name of its own.", hint="Give the deployment's name.")


def _endpoint_of(client: "openai.AsyncOpenAI", **options: object) -> Endpoint:
    """Where a ready client sends to; its key and headers stay with it."""
    given = sorted(name for name, value in options.items() if value is not None)
    if given:
        raise ConfigurationError(
            f"A client that is handed in brings its own {', '.join(given)}.",
            hint="Give either the client or these options.",
        )
    address = str(getattr(client, "base_url", ""))
    if not hasattr(client, "chat") or type(client).__name__ in ("OpenAI", "AzureOpenAI"):
        raise ConfigurationError(
            f"A {type(client).__name__} cannot be used as the client.", hint="Hand in an openai.AsyncOpenAI."
        )
    return Endpoint(base_url=address, shown=shown(address), api_version=getattr(client, "_api_version", None))


def _handed_in(client: "openai.AsyncOpenAI") -> "HandedIn":
    from summarizer.models.clients import HandedIn

    return HandedIn(client)  # here and now: it notes the event loop


def _memory(output: Output, place: Endpoint) -> Memory:
    """What is known of a server before it was asked."""
    return Memory(
        Dialect(
            form="json_schema" if output == "auto" else output,
            limit="max_completion_tokens" if place.is_openai else "max_tokens",
        ),
        auto=output == "auto",
    )
