"""Call a server's Chat Completions API, and read and validate its responses."""

import asyncio
import contextlib
import json
import re
import sys
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from time import monotonic
from typing import Any, TypeGuard, TypeVar
from weakref import WeakKeyDictionary, ref

import httpx2
import openai

from summarizer._async import on_loop_thread
from summarizer._secrets import header_secrets
from summarizer.errors import ConfigurationError, ModelError, ModelNotFound, ServerFailed
from summarizer.models.base import FinishReason, Reply
from summarizer.models.openai.capabilities import PreparedRequest, as_mapping, read_rejection
from summarizer.models.openai.context import find_context
from summarizer.models.openai.endpoint import CHOOSE_MODEL, Endpoint, check_header, check_header_value, join_names
from summarizer.models.openai.errors import (
    WRONG_ADDRESS,
    ErrorResponse,
    connection_error,
    is_loading,
    mask,
    status_error,
)
from summarizer.models.retry import Dispatcher, RequestLog
from summarizer.usage import Usage

T = TypeVar("T")

FINISH_REASONS: Mapping[str, FinishReason] = {"stop": "stop", "length": "length", "content_filter": "content_filter"}
COMPLETIONS = "openai.resources.chat.completions"  # OpenTelemetry's instrumentation loads and changes it
MAX_OBJECTS = 100  # braces in reasoning at which an object is looked for
PROBE, PROBE_TOKENS = "Count from one to ten, in words.", 16  # the request that measures the speed
MAX_TOKENS = 10**9  # a token count above this is taken for an error of the server


@dataclass(frozen=True)
class Response:
    """A response with HTTP status 200."""

    content: bytes = field(repr=False)
    endpoint: Endpoint
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @cached_property
    def data(self) -> Mapping[str, Any]:
        """The JSON object in the response; anything else raises a ServerFailed."""
        text = self.content.decode("utf-8-sig", errors="replace")
        if text.lstrip()[:1] == "<":
            raise self.failure("returned a web page", WRONG_ADDRESS, retryable=False)
        data: Any = ...
        with contextlib.suppress(ValueError, RecursionError):  # not as the cause, which holds the whole text
            data = json.loads(text)
        if data is ...:
            raise self.failure("returned broken JSON", "Try again.")
        if isinstance(data, list) and data and as_mapping(data[0]).get("error"):  # Gemini
            data = data[0]
        if not isinstance(data, dict):
            raise self.failure("returned JSON that is not a completion", "Check base_url.")
        return data

    def error(self, model: str, tries: str) -> ErrorResponse | None:
        """Return the error that a gateway sends with status 200 instead of a completion, or None."""
        error = None if self.data.get("choices") else self.data.get("error")
        code = str(as_mapping(error).get("code"))
        status = int(code) if re.fullmatch("[45][0-9]{2}", code) else 200
        usage = read_usage(self.data)
        return ErrorResponse(self.endpoint, status, self.headers, error, usage, model, tries) if error else None

    def failure(self, what: str, hint: str, *, usage: Usage = Usage(), retryable: bool = True) -> ServerFailed:
        """Return the error of a response that cannot be used."""
        request_id = mask(self.headers.get("x-request-id", ""), self.endpoint) or None
        failed = ServerFailed(
            f"The server at {self.endpoint.shown} {what}.", hint=hint, status=200, request_id=request_id, usage=usage
        )
        failed.retryable, failed.max_attempts = retryable, 1  # a completion is paid for
        return failed


def read_completion(response: Response) -> Reply:
    """Return the reply in a chat completion; without text it is a ServerFailed, which reports the tokens."""
    choices = response.data.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    usage = read_usage(response.data)
    if not isinstance(choice, dict):
        raise response.failure("returned a completion without choices", "Try again, or another model.", usage=usage)
    text, reason = _read_message(as_mapping(choice.get("message")), choice.get("finish_reason"))
    if text is None:
        raise response.failure("returned a completion without content", "Try again, or another model.", usage=usage)
    text = response.endpoint.redactor.redact_learned(text, words=False)  # stores keep replies as they are
    model = response.data.get("model")
    return Reply(text, reason, usage, model if _is_name(model, response.endpoint) else None)


def read_model_list(response: Response) -> tuple[str, ...]:
    """Return the names of the models in a response to ``GET /models``."""
    rows = response.data.get("data") or []  # null at a server without models
    if "data" not in response.data or not isinstance(rows, list):
        raise response.failure("does not list its models", CHOOSE_MODEL)
    names = (row.get("id") for row in rows if isinstance(row, dict))
    return tuple(name for name in names if _is_name(name, response.endpoint))


def _is_name(value: object, endpoint: Endpoint) -> TypeGuard[str]:
    """Return whether a server gives a model's name, and no secret in its place."""
    return isinstance(value, str) and value != "" and endpoint.redactor.redact(value, "article", words=False) == value


def read_usage(data: object) -> Usage:
    """Return the tokens that a completion or an error reports, by default zeros."""
    usage = as_mapping(as_mapping(data).get("usage"))
    prompt, completion = _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens"))
    cached = _count(as_mapping(usage.get("prompt_tokens_details")).get("cached_tokens"))
    reasoning = _count(as_mapping(usage.get("completion_tokens_details")).get("reasoning_tokens"))
    hidden = _count(usage.get("total_tokens")) - prompt - completion
    if hidden > 0 and not reasoning and not cached:  # Gemini counts thoughts in the total only
        completion, reasoning = completion + hidden, hidden
    return Usage(prompt=prompt, cached=cached, completion=completion, reasoning=reasoning)


def _read_message(message: Mapping[str, Any], finish: object) -> tuple[str | None, FinishReason]:
    content = message.get("content")
    refusal = message.get("refusal") or _join_parts(content, "refusal")
    if isinstance(refusal, str) and refusal:
        return refusal, "refusal"
    reason = FINISH_REASONS.get(finish, "other") if isinstance(finish, str) else "other"
    text = content if isinstance(content, str) else _join_parts(content, "text")
    if thoughts := _read_thoughts(message, text):
        return ("" if reason == "length" else _find_object(thoughts)), reason
    # Filters return no content, and so do reasoning models that reach their limit while reasoning.
    return "" if text is None and reason in ("length", "content_filter") else text, reason


def _read_thoughts(message: Mapping[str, Any], text: str | None) -> str:
    """Return the reasoning of a message that has nothing else; empty for any other message."""
    opening, mark, rest = (text or "").partition("<think>")
    thoughts, _, answer = rest.partition("</think>")
    if opening.strip() or answer.strip():
        return ""
    fields = (message.get(name) for name in ("reasoning_content", "reasoning", "thinking"))
    return thoughts if mark else next((field for field in fields if isinstance(field, str) and field.strip()), "")


def _find_object(text: str) -> str:
    """Return the last JSON object in ``text``: some servers take the whole reply for reasoning; empty without one."""
    found, start, decoder = "", text.find("{"), json.JSONDecoder()
    for _ in range(MAX_OBJECTS):
        if start < 0:
            break
        end = start + 1
        with contextlib.suppress(ValueError, RecursionError):
            _, end = decoder.raw_decode(text, start)
            found = text[start:end]
        start = text.find("{", end)
    return found


def empty_reply(response: Response, reply: Reply) -> ServerFailed:
    """Return the error of a reply without text."""
    message = as_mapping(response.data["choices"][0].get("message"))
    thoughts = _read_thoughts(message, message.get("content") if isinstance(message.get("content"), str) else None)
    what = "returned an empty reply"
    hint = "Does the chat template fit the model, and is the context long enough? Else try another model."
    if thoughts:
        what = f"returned {len(thoughts):,} characters of reasoning and no reply"
        hint = (
            "Turn the reasoning off at the server, or use another model, or pass "
            'OpenAIModel(extra_body={"reasoning_effort": "none"}).'
        )
    return response.failure(what, hint, usage=reply.usage, retryable=False)


def _join_parts(content: object, kind: str) -> str | None:
    """Return the text of the parts of one kind; reasoning is a separate kind."""
    parts = [part for part in content if isinstance(part, dict)] if isinstance(content, list) else []
    texts = [part[kind] for part in parts if part.get("type") == kind and isinstance(part.get(kind), str)]
    return "".join(texts) if texts else None


def _count(value: object) -> int:
    return value if isinstance(value, int) and 0 < value <= MAX_TOKENS and not isinstance(value, bool) else 0


CONNECT_TIMEOUT = 5.0  # seconds to wait for a connection
LISTING_TIMEOUT = 5.0  # seconds to wait for a list of models that only improves an error message
MAX_RESPONSE = 10_000_000  # bytes of a response, unpacked, that are read: some ten times the longest reply

_arrivals: ContextVar["Arrivals | None"] = ContextVar("arrivals", default=None)


@dataclass
class Arrivals:
    """The parts of a streamed reply, and the seconds after which each arrived."""

    started: float = field(default_factory=monotonic)
    times: list[float] = field(default_factory=list)
    content: bytearray = field(default_factory=bytearray)

    def add(self, part: bytes) -> None:
        """Add a part of the response."""
        self.times.append(monotonic() - self.started)
        self.content += part


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast a model began and wrote a short reply."""

    first: float | None
    """Seconds to the first byte; None if none came in time."""
    rate: float | None
    """Tokens a second after the first; None if there were too few."""

    def __str__(self) -> str:
        rate = "" if self.rate is None else f", {self.rate:.1f} tokens a second"
        return "no byte came" if self.first is None else f"{self.first:.1f} s to the first byte{rate}"


class BoundedHttpClient(openai.DefaultAsyncHttpxClient):
    """The SDK's HTTP client with a limit on the length of responses."""

    async def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        """Send ``request`` and read the whole response, unless the caller streams it, as files are."""
        if options.get("stream"):
            return await super().send(request, **options)
        response = await super().send(request, **(options | {"stream": True}))
        content, arrivals = bytearray(), _arrivals.get()
        try:
            async for part in response.aiter_bytes():
                content += part
                if arrivals is not None:
                    arrivals.add(part)
                if len(content) > MAX_RESPONSE:
                    failed = ServerFailed(
                        f"The server {response.url.host} sent more than {MAX_RESPONSE // 10**6} MB, which was cut off.",
                        hint="Is it a chat completion server? If so, limit its replies (max_tokens=…).",
                        status=response.status_code,
                    )
                    failed.retryable = False
                    raise failed
        finally:
            await response.aclose()
        response.headers.pop("content-encoding", None)  # the content is unpacked
        return httpx2.Response(
            response.status_code,
            headers=response.headers,
            content=bytes(content),
            request=response.request,
            extensions=response.extensions,
        )


def open_client(endpoint: Endpoint, timeout: float) -> openai.AsyncOpenAI:
    """Open a client for the running event loop."""
    timeouts = openai.Timeout(timeout, connect=min(CONNECT_TIMEOUT, timeout))
    try:
        # Redirects are off: an article goes to the server that was named, and nowhere else.
        http_client = BoundedHttpClient(timeout=timeouts, follow_redirects=False)
    except (OSError, ImportError, ValueError, httpx2.InvalidURL) as error:
        # Other errors may quote the password of a proxy.
        reason = error.strerror if isinstance(error, OSError) else str(error) if isinstance(error, ImportError) else ""
        raise ConfigurationError(
            f"A proxy or certificate setting of the environment cannot be used: {reason or type(error).__name__}.",
            hint="Check HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, SSL_CERT_FILE and SSL_CERT_DIR.",
        ) from None
    options: dict[str, Any] = {
        "base_url": endpoint.base_url,
        "organization": endpoint.organization,
        "default_headers": endpoint.headers,
        "timeout": timeouts,
        "max_retries": 0,  # the Dispatcher retries
        "http_client": http_client,
    }
    if endpoint.api_version is None:
        return openai.AsyncOpenAI(api_key=endpoint.api_key, **options)
    key = {"api_key": endpoint.api_key} if endpoint.has_key else {"azure_ad_token": endpoint.token}
    return openai.AsyncAzureOpenAI(api_version=endpoint.api_version, **key, **options)


def _check_headers(client: openai.AsyncOpenAI) -> None:
    """Check the headers of ``client``, which the SDK reads from the environment as well."""
    check_header_value("The API key", client.api_key)
    for name, value in client.default_headers.items():
        if isinstance(value, str):  # others are the SDK's marks for headers that it leaves out
            check_header(name, value)


class Transport:
    """Sends requests to one endpoint, from any event loop, or from one with the user's own client."""

    def __init__(self, endpoint: Endpoint, dispatcher: Dispatcher, client: openai.AsyncOpenAI | None = None) -> None:
        self._endpoint, self._dispatcher, self._user_client = endpoint, dispatcher, client
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, openai.AsyncOpenAI] = WeakKeyDictionary()
        self._user_loop: ref[asyncio.AbstractEventLoop] | None = None
        self._lock = threading.Lock()

    async def complete(self, prepared: PreparedRequest, log: RequestLog) -> Reply:
        """Return the reply to a request, after retries and changes of its form where necessary."""

        async def attempt() -> Reply:
            log.form = prepared.form
            response = await self.call(self._create(prepared.body), log, prepared)
            reply = read_completion(response)
            if not reply.text.strip() and reply.finish_reason in ("stop", "other"):
                prepared.is_empty = True
                raise empty_reply(response, reply)
            return reply

        reply = await self._dispatcher.send(attempt, log, tokens=prepared.tokens, adapt=prepared.adapt)
        prepared.confirm()
        log.usage += reply.usage
        self._dispatcher.throttle.settle(prepared.tokens, reply.usage.total)
        return reply

    async def embed(self, model: str, texts: Sequence[str], log: RequestLog, read: Callable[[Response, int], T]) -> T:
        """Return what ``read`` finds in the response to a request for embeddings."""

        async def attempt() -> T:
            body = {"input": list(texts), "model": model, "encoding_format": "float"}
            response = await self.call(self._post("/embeddings", body), log)
            return read(response, len(texts))

        return await self._dispatcher.send(attempt, log, tokens=sum(map(len, texts)) / 4)

    async def models(self) -> tuple[str, ...]:
        """Return the names of the models that the server lists."""
        log = RequestLog()
        return await self._dispatcher.send(lambda: self._list_models(log), log)

    async def _list_models(self, log: RequestLog) -> tuple[str, ...]:
        return read_model_list(await self.call(self._get_models(), log))

    async def _create(self, body: Mapping[str, Any]) -> httpx2.Response:
        """Send one request for a completion.

        The SDK's own method loads hundreds of types. It is called only if it is loaded: it may be instrumented.
        """
        if COMPLETIONS in sys.modules:
            create: Any = self.client().chat.completions.with_raw_response.create
            return (await create(**body)).http_response  # type: ignore[no-any-return]
        own = {name: value for name, value in body.items() if name != "extra_body"}
        return await self._post("/chat/completions", own, extra_json=body.get("extra_body", {}))

    async def _post(self, path: str, body: object, **options: Any) -> httpx2.Response:
        own: Any = {"security": {"bearer_auth": True}, **options}
        return await self.client().post(path, cast_to=httpx2.Response, body=body, options=own)

    async def _get_models(self) -> httpx2.Response:
        return await self.client().get("/models", cast_to=httpx2.Response, options={"security": {"bearer_auth": True}})

    async def single_model(self) -> str:
        """Return the only model that the server lists."""
        names = await self.models()
        if len(names) != 1:
            listed = f"{len(names)} models: {join_names(names)}" if names else "no model"
            raise ModelNotFound(f"The server at {self._endpoint.shown} lists {listed}.", hint=CHOOSE_MODEL)
        return names[0]

    async def context_length(self, name: str) -> tuple[int | None, bool]:
        """Return the context that the server reports for a model, and whether another answer can come later.

        Ollama reports the context of a loaded model, and loads it with the first request.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LISTING_TIMEOUT):
                return await find_context(self.client().with_options(max_retries=0), self._endpoint.base_url, name)
        return None, False

    async def is_loading(self) -> bool:
        """Return whether the server says that it still loads the model, as llama.cpp does."""
        try:
            await self._get_models()
        except openai.APIStatusError as error:
            return is_loading(error.status_code, error.body)
        except (openai.OpenAIError, ExceptionGroup):
            pass  # other checks report it
        return False

    async def measure_speed(self, model: str, seconds: float) -> Speed | None:
        """Stream a short reply for at most ``seconds``; None if the server refuses the request."""
        limit = {"max_completion_tokens" if self._endpoint.is_hosted else "max_tokens": PROBE_TOKENS}
        arrivals = Arrivals()
        token = _arrivals.set(arrivals)
        body = {"messages": [{"role": "user", "content": PROBE}], "model": model, "stream": True} | limit
        try:
            async with asyncio.timeout(seconds):
                await self._post("/chat/completions", body, timeout=seconds)
        except (TimeoutError, openai.APITimeoutError):
            pass
        except (openai.OpenAIError, ExceptionGroup):
            return None
        finally:
            _arrivals.reset(token)
        if not arrivals.times:
            return Speed(None, None)
        first, last = arrivals.times[0], arrivals.times[-1]
        tokens = arrivals.content.count(b"data: {") - 1
        return Speed(first, tokens / (last - first) if tokens > 0 and last > first else None)

    async def aclose(self) -> None:
        """Close the client of the running event loop; the next request opens another."""
        with self._lock:
            client = self._clients.pop(asyncio.get_running_loop(), None)
        if client is not None and self._user_client is None:
            await client.close()

    def client(self) -> openai.AsyncOpenAI:
        """Return the client of the running event loop, and open it if necessary."""
        loop = asyncio.get_running_loop()
        with self._lock:
            if loop not in self._clients:
                for closed in [other for other in self._clients if other.is_closed()]:
                    del self._clients[closed]  # sockets refer to their loop, so weak keys alone keep both
                if self._user_client is None:
                    client = open_client(self._endpoint, self._dispatcher.limits.timeout)
                else:
                    client = self._bind_user_client(self._user_client, loop)
                _check_headers(client)
                self._clients[loop] = client
            return self._clients[loop]

    def _bind_user_client(self, client: openai.AsyncOpenAI, loop: asyncio.AbstractEventLoop) -> openai.AsyncOpenAI:
        """Return the user's own client without its retries; it belongs to the first event loop that uses it."""
        if on_loop_thread():
            raise ConfigurationError(
                "A client of your own cannot serve synchronous calls, which use a separate event loop.",
                hint="Use asummarize(…), or give OpenAIModel base_url and api_key instead of the client.",
            )
        if self._user_loop is None:
            self._user_loop = ref(loop)
        if self._user_loop() is not loop:
            hint = "Create a client and a model in each loop, or give OpenAIModel base_url and api_key instead."
            raise ConfigurationError("The client belongs to another event loop.", hint=hint)
        return client.with_options(max_retries=0)

    async def convert_errors(self, call: Awaitable[T], log: RequestLog, prepared: PreparedRequest | None = None) -> T:
        """Return the result of one call of the SDK, or raise the library's error."""
        try:
            return await call
        except openai.APIStatusError as error:
            self._learn_secrets(error.response.request.headers)
            data: object = None
            with contextlib.suppress(ValueError, RecursionError):
                data = error.response.json()
            status, headers, usage = error.status_code, error.response.headers, read_usage(data)
            form = prepared.form if prepared else None
            problem = ErrorResponse(self._endpoint, status, headers, error.body, usage, log.model, log.tries, form)
            error.message = f"HTTP {status}{problem.quote}"  # the SDK's own holds the whole body for tracebacks
            error.args = (error.message,)
            raise await self._status_error(problem, prepared) from error
        except (openai.OpenAIError, httpx2.HTTPError, ExceptionGroup) as error:
            failure = connection_error(error, self._endpoint, log.tries)
        raise failure  # outside of the handler, since it may be the cause of the handled exception

    async def call(self, call: Awaitable[Any], log: RequestLog, prepared: PreparedRequest | None = None) -> Response:
        """Return the response of one call of the SDK, of a typed method with its raw response or of another."""
        raw = await self.convert_errors(call, log, prepared)
        response: httpx2.Response = getattr(raw, "http_response", raw)
        self._learn_secrets(response.request.headers)
        log.status = response.status_code
        answer = Response(response.content, self._endpoint, response.headers)
        if (problem := answer.error(log.model, log.tries)) is not None:
            raise await self._status_error(problem, prepared)
        return answer

    def _learn_secrets(self, headers: Mapping[str, str]) -> None:
        """Learn the secrets in the headers of a request: a client or a plugin may have added some."""
        for secret in header_secrets(headers):
            self._endpoint.redactor.learn(secret)

    async def _status_error(self, response: ErrorResponse, prepared: PreparedRequest | None) -> ModelError:
        """Return the error of an error response, after telling the request why it was rejected."""
        if prepared is not None:
            prepared.rejection = read_rejection(response.status, response.body)
        listed = await self._list_for_hint() if response.status == 404 and response.model else ()
        return status_error(response, listed)

    async def _list_for_hint(self) -> tuple[str, ...]:
        """Return the server's models for a hint, or nothing if that takes long or fails."""
        if self._endpoint.api_version is not None:
            return ()  # Azure lists the models that it sells, not the deployments
        with contextlib.suppress(TimeoutError, ModelError):
            async with asyncio.timeout(LISTING_TIMEOUT):
                return await self._list_models(RequestLog())
        return ()
