"""A language model behind any server that speaks OpenAI's Chat Completions."""

import os
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from summarizer.errors import ConfigurationError
from summarizer.model.completion import read_completion
from summarizer.model.endpoint import endpoint
from summarizer.model.request import Reply, Request
from summarizer.usage import Usage

if TYPE_CHECKING:
    from summarizer.model.transport import Transport

UNNAMED = "default"
"""What a model without a name is called before its server was asked."""


class OpenAIModel:
    """A model at OpenAI, or at any server that speaks its Chat Completions.

    ``name`` is the model's name there; None means the only one that the server lists, which is asked
    at the first request. ``base_url`` and ``api_key`` default to ``OPENAI_BASE_URL`` and
    ``OPENAI_API_KEY`` in ``environ``, whichever address the key is for; without an address it is
    OpenAI's own server, and at any other a key may be missing. ``organization`` and
    ``default_headers`` go along with every request. One attempt may take ``timeout`` seconds, of which
    connecting takes 5 at most; ``attempts`` are made in all where trying again can help;
    ``concurrency`` requests are under way at once in each event loop, and more wait their turn.

    It can be used from several threads and event loops, and after `aclose` too.

    Raises:
        ConfigurationError: an option that cannot work.
        AuthenticationFailed: there is no key for OpenAI's own server.
    """

    def __init__(
        self,
        name: str | None,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        organization: str | None = None,
        default_headers: Mapping[str, str] | None = None,
        timeout: float = 120.0,
        attempts: int = 5,
        concurrency: int = 16,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        if name is not None and not name.strip():
            raise ConfigurationError("The name of the model is empty.", hint="Name one, or leave it out.")
        _check_positive(timeout=timeout, attempts=attempts, concurrency=concurrency)
        self.endpoint = endpoint(
            base_url=base_url,
            api_key=api_key,
            organization=organization,
            headers=default_headers,
            environ=environ,
        )
        self._given_name = name.strip() if name is not None else None
        self._found_name: str | None = None
        self._timeout, self._attempts, self._concurrency = timeout, attempts, concurrency
        self._transport: Transport | None = None
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"OpenAIModel({self._given_name!r}, base_url={self.endpoint.shown!r})"

    @property
    def name(self) -> str:
        """The model's name at the server; `UNNAMED` where that is still to be asked."""
        return self._given_name or self._found_name or UNNAMED

    async def resolved_name(self) -> str:
        """The model's name at the server, which is asked where none was given.

        Raises:
            ModelNotFound: the server lists no model, or several.
            ModelError: it cannot be asked.
        """
        if self._given_name is None and self._found_name is None:
            self._found_name = await self._sender().only_model()
        return self.name

    async def models(self) -> tuple[str, ...]:
        """The names of the models that the server lists, in its order.

        Raises:
            ModelError: it cannot be asked.
        """
        return await self._sender().models()

    async def complete(self, request: Request) -> Reply:
        """Answer ``request``; the reply's usage is that of all attempts.

        Raises:
            ModelError: no completion could be had.
        """
        answer = await self._sender().complete(request_body(await self.resolved_name(), request))
        completion = read_completion(answer)
        return Reply(
            text=completion.text,
            finish_reason=completion.finish_reason,
            usage=sum(answer.failed, start=Usage()) + completion.usage,
            model=completion.model,
            retries=len(answer.failed),
        )

    async def aclose(self) -> None:
        """Close the connections that were opened in the running event loop."""
        if self._transport is not None:
            await self._transport.aclose()

    def _sender(self) -> "Transport":
        """What does the sending, made at the first use: openai takes a second or two to import."""
        from summarizer.model.transport import Transport

        with self._lock:
            if self._transport is None:
                self._transport = Transport(
                    self.endpoint,
                    timeout=self._timeout,
                    attempts=self._attempts,
                    concurrency=self._concurrency,
                )
            return self._transport


def request_body(model: str, request: Request) -> dict[str, Any]:
    """The body of a chat completion; the same, to the byte, for the same model and request.

    Neither ``temperature`` nor a limit of tokens is in it: reasoning models refuse the one, and
    servers differ in what they call the other.
    """
    return {
        "model": model,
        "messages": [{"role": m.role, "content": _encodable(m.content)} for m in request.messages],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": request.schema_name, "strict": True, "schema": dict(request.schema)},
        },
    }


def _encodable(text: str) -> str:
    """``text`` with lone surrogates replaced: no UTF-8 holds them, and the error would quote the text."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _check_positive(**options: float) -> None:
    for name, value in options.items():
        whole = name == "timeout" or isinstance(value, int)
        if not (whole and 0 < value < float("inf")):
            kind = "seconds above 0" if name == "timeout" else "a whole number above 0"
            raise ConfigurationError(f"{name} cannot be {value!r}.", hint=f"Give {kind}.")
