"""openai's clients, opened for one event loop: for a server, for Azure, or one that was handed in."""

import asyncio
import contextlib
import json
import weakref
from collections.abc import AsyncIterator
from typing import Any

import openai

from summarizer._async import on_loop_thread
from summarizer.errors import ConfigurationError
from summarizer.models.completion import named_status
from summarizer.models.endpoint import Endpoint, check_header, check_header_name, no_address
from summarizer.models.environment import proxy_to, unusable
from summarizer.models.no_answer import CONNECT_TIMEOUT

LONGEST_ANSWER = 10_000_000
"""Bytes of an answer, unpacked, beyond which nothing more of it is read: some ten times the longest reply there is."""
LONGEST_ERROR = 65_536
"""Bytes that are read of an error's body; what lies beyond is left out."""
_FROM_ENVIRONMENT = {"OpenAI-Organization": "OPENAI_ORG_ID", "OpenAI-Project": "OPENAI_PROJECT_ID"}
"""The headers that the SDK takes out of variables of their own."""


class AnswerTooLong(Exception):  # not the library's own error: it is mapped to one
    """An answer was cut off at `LONGEST_ANSWER`."""


class CarefulHttpClient(openai.DefaultAsyncHttpxClient):
    """The SDK's HTTP client; it reads answers piece by piece, and no more of them than there can rightly be.

    A failure that a gateway passes on under the status 200 gets the status that it names, and so is treated as what
    it is: tried again, held back, put differently.
    """

    async def send(self, request: Any, **options: Any) -> Any:
        """Send ``request``, and read the answer whole.

        Raises:
            AnswerTooLong: it is longer than `LONGEST_ANSWER`.
        """
        response = await super().send(request, **(options | {"stream": True}))
        try:
            content = await _read(response.aiter_bytes(), is_error=response.is_error)
        finally:
            await response.aclose()
        # What was read is unpacked: the headers must not say otherwise.
        packing = ("content-encoding", "content-length", "transfer-encoding")
        headers = [(name, value) for name, value in response.headers.multi_items() if name.lower() not in packing]
        return type(response)(
            _status_within(content) if response.status_code == 200 else response.status_code,
            headers=headers,
            content=content,
            request=response.request,
            extensions=response.extensions,
        )


def _status_within(content: bytes) -> int:
    """The status of an answer with the status 200: that of the error that is all it holds, where it does."""
    if b'"error"' not in content:  # most answers are long, and this is all that is looked at
        return 200
    try:
        said = json.loads(content)
        status = named_status(said["error"]["code"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return 200
    return 200 if status is None or said.get("choices") else status


async def _read(pieces: AsyncIterator[bytes], *, is_error: bool) -> bytes:
    content = bytearray()
    async for piece in pieces:
        content += piece
        if is_error and len(content) >= LONGEST_ERROR:
            return bytes(content[:LONGEST_ERROR])
        if len(content) > LONGEST_ANSWER:
            raise AnswerTooLong
    return bytes(content)


def open_client(endpoint: Endpoint, timeout: float) -> openai.AsyncOpenAI:
    """A client for ``endpoint``, for the running event loop; ``timeout`` is in seconds.

    Raises:
        ConfigurationError: a proxy or the certificates that the environment names cannot be used, the address is
            none, or what the environment adds to the headers cannot be sent.
    """
    proxy_to(endpoint.base_url)  # some that cannot work fail only as they are used
    timeouts = openai.Timeout(timeout, connect=min(CONNECT_TIMEOUT, timeout))
    options: dict[str, Any] = {
        "base_url": endpoint.base_url,
        "organization": endpoint.organization,
        "default_headers": endpoint.headers,
        "timeout": timeouts,
        "max_retries": 0,  # tenacity is the one owner of retries
        # The SDK's own HTTP client, when collected, closes itself on whatever loop then runs. An article goes to
        # the server that was named: one that points elsewhere is an error, not a way there.
        "http_client": _http_client(timeouts),
    }
    return _checked(_client(endpoint, options))


def _http_client(timeouts: openai.Timeout) -> CarefulHttpClient:
    try:
        return CarefulHttpClient(timeout=timeouts, follow_redirects=False)
    except Exception as error:  # of many kinds: of the transport, of ssl, of the import of a package
        fault = unusable(error)
    raise fault  # out here: what was raised may quote a proxy's password


def _client(endpoint: Endpoint, options: dict[str, Any]) -> openai.AsyncOpenAI:
    key = {"api_key": endpoint.api_key} if endpoint.has_key else {"azure_ad_token": endpoint.token}
    try:
        if endpoint.api_version is None:
            return openai.AsyncOpenAI(api_key=endpoint.api_key, **options)
        return openai.AsyncAzureOpenAI(api_version=endpoint.api_version, **key, **options)
    except Exception as error:
        if type(error).__name__ != "InvalidURL":  # by name: the transport is the SDK's own affair
            raise
    raise no_address()


def _checked(client: openai.AsyncOpenAI) -> openai.AsyncOpenAI:
    """``client``, whose headers can all be sent: it takes some out of the environment on its own.

    Raises:
        ConfigurationError: one cannot be sent; its value is not repeated.
    """
    check_header("The API key", client.api_key)
    for name, value in client.default_headers.items():
        origin = _FROM_ENVIRONMENT.get(name, "OPENAI_CUSTOM_HEADERS")
        check_header_name(f"A name of a header, perhaps in {origin},", name)
        if isinstance(value, str):  # the SDK's marks of what is left out are none
            check_header(f"The header {name}, perhaps out of {origin},", value)
    return client


class HandedIn:
    """A client that was handed in. It works in one event loop: the one it was handed in, else the first to ask."""

    def __init__(self, client: openai.AsyncOpenAI) -> None:
        self._client = client
        self._loop: weakref.ref[asyncio.AbstractEventLoop] | None = None
        with contextlib.suppress(RuntimeError):  # outside of any loop; then the first to ask is the one
            self._loop = weakref.ref(asyncio.get_running_loop())

    def open(self) -> openai.AsyncOpenAI:
        """The client, without retries of its own.

        Raises:
            ConfigurationError: the running event loop is not the client's, or a header cannot be sent.
        """
        loop = asyncio.get_running_loop()
        if on_loop_thread():
            raise ConfigurationError(
                "A client that was handed in cannot serve synchronous calls: these run on an event loop of their "
                "own, and its connections belong to yours.",
                hint="Use asummarize(…), or give OpenAIModel the base_url and api_key in place of the client.",
            )
        if self._loop is None:
            self._loop = weakref.ref(loop)
        if self._loop() is not loop:
            raise ConfigurationError(
                "The client that was handed in belongs to another event loop.",
                hint="Make a client and a model in each loop, or give OpenAIModel base_url and api_key in its place.",
            )
        return _without_redirects(_checked(self._client.with_options(max_retries=0)))


def _without_redirects(client: openai.AsyncOpenAI) -> openai.AsyncOpenAI:
    """``client``, which is a copy of ours, so that an article goes to no server but the one that was named."""
    prepared = client._prepare_options

    async def prepare(options: Any) -> Any:
        options = await prepared(options)
        options.follow_redirects = False
        return options

    client._prepare_options = prepare  # type: ignore[method-assign]  # the SDK's hook: create() has no such argument
    return client
