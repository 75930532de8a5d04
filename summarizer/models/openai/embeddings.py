"""Embeddings of short texts from any server with OpenAI's ``/v1/embeddings``."""

import os
from array import array
from collections.abc import Iterable, Mapping, Sequence
from math import hypot, inf
from typing import TYPE_CHECKING, Any

from summarizer.errors import ConfigurationError
from summarizer.models.openai.endpoint import LazyTransport, find_endpoint
from summarizer.models.retry import Limits, RequestLog

if TYPE_CHECKING:
    from summarizer.models.openai.client import Response

Vector = Sequence[float]

BATCH = 128
"""Texts in one request; servers take 256 and more."""
_MAX_CHARACTERS = 2000  # of a text; longer ones are cut, since small models take 512 tokens


class OpenAIEmbedder:
    """An embedding model at OpenAI, at Azure, or at any server with their Embeddings API.

    Args:
        name: The model's name at the server, such as "text-embedding-3-small" or "nomic-embed-text".
        base_url: The server's address; by default ``OPENAI_BASE_URL`` in ``environ``, else OpenAI's own.
        api_key: By default ``OPENAI_API_KEY`` in ``environ``. Servers other than OpenAI's may need none.
        default_headers: Further HTTP headers.
        timeout: Seconds for one attempt.
        attempts: Attempts in all, if retries can help.
        deadline: Seconds for all attempts of a request and the waits between them.
        api_version: The version of Azure's API.
        environ: The environment variables.

    Raises:
        ConfigurationError: An option cannot work.
        AuthenticationFailed: There is no key for OpenAI or Azure.
    """

    def __init__(
        self,
        name: str,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        default_headers: Mapping[str, str] | None = None,
        timeout: float = 120.0,
        attempts: int = 5,
        deadline: float = 600.0,
        api_version: str | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        if not name.strip():
            raise ConfigurationError("The name of the embedding model is empty.", hint="Name one that the server has.")
        self.name = name.strip()
        limits = Limits(timeout, attempts, deadline)
        self.endpoint = find_endpoint(
            base_url=base_url,
            api_key=api_key,
            default_headers=default_headers,
            api_version=api_version,
            environ=environ,
        )
        self._transport = LazyTransport(self.endpoint, self.endpoint.create_dispatcher(limits))

    def __repr__(self) -> str:
        return f"OpenAIEmbedder({self.name!r}, base_url={self.endpoint.shown!r})"

    @property
    def identity(self) -> str:
        """The server and the model: a store keys vectors by it."""
        return f"{self.endpoint.shown} {self.name}"

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """Return one vector for each text, in their order.

        Raises:
            ModelError: The server has no such model, does not embed, or fails.
        """
        found: list[Vector] = []
        for start in range(0, len(texts), BATCH):
            batch = [text[:_MAX_CHARACTERS] or " " for text in texts[start : start + BATCH]]
            log = RequestLog(self.name, self.endpoint.shown)
            try:
                found += await self._transport.open().embed(self.name, batch, log, read_vectors)
            except BaseException as error:
                log.aborted(error)
                raise
            log.end("answered")
        return found

    async def aclose(self) -> None:
        """Close the connections of the running event loop."""
        await self._transport.aclose()


def read_vectors(response: "Response", count: int) -> list[Vector]:
    """Return the vectors of a response in the order of the texts; anything else is a ServerFailed."""
    rows = response.data.get("data")
    items = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    vectors: dict[int, Any] = {}
    for place, row in enumerate(items):
        index = row.get("index")
        vectors[index if isinstance(index, int) else place] = row.get("embedding")
    if vectors.keys() != set(range(count)):
        raise response.failure(
            f"returned {len(items)} embeddings for {count} texts", "Is the model one for embeddings?", retryable=False
        )
    found = [_as_vector(vectors[place]) for place in range(count)]
    if not all(found) or len({len(vector) for vector in found}) > 1:
        raise response.failure(
            "returned embeddings that are not lists of numbers", "Is the model one for embeddings?", retryable=False
        )
    return found


def _as_vector(values: object) -> Vector:
    """Return a vector of length 1; an empty one if the values are not finite numbers."""
    if not isinstance(values, list) or any(type(value) not in (int, float) for value in values):
        return array("f")
    try:
        length = hypot(*values)
    except OverflowError:  # an integer with hundreds of digits
        return array("f")
    return array("f", (value / length for value in values)) if 0 < length < inf else array("f")


def center(vectors: Iterable[Sequence[float]]) -> list[Vector]:
    """Return vectors less their mean, with length 1: models place all texts of one language close together."""
    rows = list(vectors)
    if len(rows) < 2:
        return [array("f", row) for row in rows]
    means = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
    found: list[Vector] = []
    for row in rows:
        shifted = [value - mean for value, mean in zip(row, means, strict=True)]
        length = sum(value * value for value in shifted) ** 0.5 or 1.0
        found.append(array("f", (value / length for value in shifted)))
    return found
