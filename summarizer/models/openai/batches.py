"""Files and batches of OpenAI's Batch API, and the lines of their requests and replies.

Source of statuses, fields and limits: https://developers.openai.com/api/reference/resources/batches
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.errors import ContextTooLong, ModelError, RequestRefused, ServerFailed, copy_error
from summarizer.models.base import Reply
from summarizer.models.openai.capabilities import PreparedRequest, Rejection, as_mapping, read_rejection
from summarizer.models.openai.endpoint import Endpoint
from summarizer.models.retry import Dispatcher, Limits, RequestLog

if TYPE_CHECKING:
    import openai

    from summarizer.models.openai.client import Response, Transport

METADATA_KEY = "summarizer"
"""The key of a batch's metadata that holds the id of our job."""
ENDED = frozenset({"completed", "failed", "expired", "cancelled"})
LIMITS = Limits(timeout=3600.0, attempts=6, deadline=7200.0, concurrency=4)
"""Limits of one call: a file of 200 MB takes an hour at 0.5 Mbit/s."""
PAGE = 100
"""Rows of a list that are asked for at once; the most that the server returns."""
MAX_LISTED = 10_000
"""Rows of a list that are looked through, the newest first."""
MAX_DOWNLOAD = 2_000_000_000
"""Bytes of a file of replies: 40 kB for each of 50,000 requests."""
MISSING_FILE = (400, 404)  # the statuses of a batch whose file was uploaded a moment ago
MISSING_WORDS = ("find", "found", "not ready", "processed")
NOT_READY = (403, 404)  # the statuses of an output file just after its batch has ended
NO_BATCHES = (404, 405, 501)
REFUSED_CODES = ("content_filter", "invalid_request_error", "context_length_exceeded", "string_above_max_length")
"""Codes of errors in single lines that another attempt does not cure."""


@dataclass(frozen=True, slots=True)
class BatchProblem:
    """A reason why the server refused a batch."""

    code: str
    message: str
    line: int | None = None
    """The number of a line in the file, counted from 1."""


@dataclass(frozen=True, slots=True)
class RemoteBatch:
    """A batch as the server describes it."""

    id: str
    status: str
    job: str | None
    """The id of our job, from the metadata."""
    input_file: str | None
    output_file: str | None
    error_file: str | None
    completed: int
    failed: int
    problems: tuple[BatchProblem, ...]

    @property
    def is_ended(self) -> bool:
        """Return whether the status is final."""
        return self.status in ENDED


@dataclass(frozen=True, slots=True)
class Answer:
    """What a line says about one request: a reply, or an error."""

    reply: Reply | None = None
    error: ModelError | None = None
    rejection: Rejection | None = None
    """Why the server rejected the request: another form of it may pass."""
    is_empty: bool = False
    """Whether the reply had no text."""

    @property
    def may_pass(self) -> bool:
        """Return whether another batch may answer; an unusable completion was paid for, and is not asked again."""
        error = self.error
        return error is not None and error.retryable and error.max_attempts is None and not self.is_empty


class BatchClient:
    """The files and batches of one server.

    Every method raises a ModelError. Calls are sent again where that is safe and may help.
    """

    def __init__(self, transport: "Transport", endpoint: Endpoint) -> None:
        self._transport, self._endpoint = transport, endpoint
        self._dispatcher = Dispatcher(LIMITS, f"The server at {endpoint.shown}")
        is_azure = endpoint.api_version is not None
        self.url = "/chat/completions" if is_azure else "/v1/chat/completions"
        """The endpoint that the lines of a file and the batch name."""

    async def upload(self, path: Path, name: str) -> str:
        """Upload a file of requests and return its id."""
        tries = 0

        async def send(client: "openai.AsyncOpenAI") -> Any:
            nonlocal tries
            tries += 1
            with path.open("rb") as file:
                create = client.files.with_raw_response.create
                return await create(file=(name, file, "application/jsonl"), purpose="batch")

        uploaded = _text(await self._send(send, is_first=True), "id")
        if tries > 1:  # the server may have stored a file without an answer
            with suppress(ModelError):
                async for file in self._find_files(name):
                    if file != uploaded:
                        await self.delete(file)
        return uploaded

    async def find_file(self, name: str) -> str | None:
        """Return the id of the newest uploaded file with this name, or None."""
        try:
            async for file in self._find_files(name):
                return file
        except ModelError as error:
            if error.status not in NO_BATCHES:  # a server that lists no files; uploading one twice costs nothing
                raise
        return None

    async def _find_files(self, name: str) -> AsyncIterator[str]:
        async for row in self._list(attrgetter("files.with_raw_response.list"), purpose="batch", order="desc"):
            if row.get("filename") == name and row.get("status") not in ("error", "deleted"):
                yield _text(row, "id")

    async def create(self, file: str, job: str) -> RemoteBatch:
        """Create a batch of an uploaded file.

        After an error that leaves open whether it was created, nothing is sent again: look for it in the list.
        """

        async def send(client: "openai.AsyncOpenAI") -> Any:
            options: dict[str, Any] = {"endpoint": self.url, "metadata": {METADATA_KEY: job}}
            create = client.batches.with_raw_response.create
            return await create(input_file_id=file, completion_window="24h", **options)

        def refine(error: ModelError) -> ModelError:
            words = f"{error.message} {error.__cause__}".casefold()
            is_missing = "file" in words and any(word in words for word in MISSING_WORDS)
            if error.status in MISSING_FILE and is_missing:
                return copy_error(error, retryable=True)
            return copy_error(error, max_attempts=None if error.status == 429 else 1)

        return _read_batch(await self._send(send, refine, is_first=True))

    async def find(self, job: str, file: str) -> RemoteBatch | None:
        """Return the batch of one of our jobs, by its metadata or its file, or None."""
        async for row in self._list(attrgetter("batches.with_raw_response.list")):
            batch = _read_batch(row)
            if batch.job == job or (batch.job is None and batch.input_file == file):
                return batch
        return None

    async def retrieve(self, batch: str) -> RemoteBatch:
        """Return the present state of a batch."""
        return _read_batch(await self._send(lambda client: client.batches.with_raw_response.retrieve(batch)))

    async def cancel(self, batch: str) -> None:
        """Cancel a batch. What is done is returned and charged."""
        await self._send(lambda client: client.batches.with_raw_response.cancel(batch))

    async def download(self, file: str, path: Path) -> None:
        """Write the content of a file to ``path``. Just after a batch, the server may refuse it."""

        async def receive(client: "openai.AsyncOpenAI") -> None:
            async with client.files.with_streaming_response.content(file) as response:
                with path.open("wb") as output:
                    async for part in response.iter_bytes(1 << 20):
                        if output.tell() + len(part) > MAX_DOWNLOAD:
                            message = f"The server sends more than {MAX_DOWNLOAD:,} bytes of replies."
                            raise RequestRefused(message, hint="Check base_url.")
                        output.write(part)

        def refine(error: ModelError) -> ModelError:
            return copy_error(error, retryable=error.retryable or error.status in NOT_READY)

        try:
            await self._send(receive, refine, convert=self._transport.convert_errors)
        except ModelError as error:
            error.retryable = error.retryable and error.status not in NOT_READY
            raise

    async def delete(self, file: str) -> None:
        """Delete a file, if the server still has it."""
        try:
            await self._send(lambda client: client.files.with_raw_response.delete(file))
        except ModelError as error:
            if error.status not in NO_BATCHES:
                raise

    def read_line(self, line: Mapping[str, Any]) -> Answer:
        """Return what a line of an output or error file says about its request, without secrets."""
        from summarizer.models.openai.client import Response, empty_reply, read_completion

        answer = as_mapping(line.get("response"))
        status, body, problem = _number(answer.get("status_code")), answer.get("body"), line.get("error")
        headers = {"x-request-id": str(answer.get("request_id") or "")}
        if status == 200 and isinstance(body, dict):
            response = Response(json.dumps(body).encode(), self._endpoint, headers)
            failed = response.error("", "")
            if failed is None:
                try:
                    reply = read_completion(response)
                except ModelError as error:
                    return Answer(error=error)
                if reply.text.strip() or reply.finish_reason not in ("stop", "other"):
                    return Answer(reply)
                return Answer(error=empty_reply(response, reply), is_empty=True)
            status = failed.status
        return self._read_error(status, body, problem, headers)

    def mask(self, words: str) -> str:
        """Return a server's words for a message, without secrets."""
        from summarizer.models.openai.errors import mask

        return mask(words, self._endpoint)

    def _read_error(self, status: int | None, body: object, problem: object, headers: Mapping[str, str]) -> Answer:
        from summarizer.models.openai.errors import ErrorResponse, status_error

        found = as_mapping(body).get("error") or body or problem
        found = as_mapping(found).get("error") or found
        code = str(as_mapping(found).get("code") or as_mapping(problem).get("code") or "")
        response = ErrorResponse(self._endpoint, status or 400, headers, {"error": found} if found else "")
        rejection = read_rejection(status or 400, found)
        words = json.dumps(found, ensure_ascii=False, default=str)
        rejection = replace(rejection, words=self._endpoint.redactor.redact(words, "error")[:2000].casefold())
        error = status_error(response)
        is_refused = code in REFUSED_CODES or isinstance(error, ContextTooLong)
        if status is None and not is_refused:
            what = f" ({self.mask(code)})" if code else ""
            message = f"{response.server} did not answer the request in its batch{what}.{response.quote}"
            return Answer(error=ServerFailed(message, hint="Run it again, or ask directly: unanswered='direct'."))
        return Answer(error=error, rejection=rejection)

    async def _send(
        self,
        send: "Callable[[openai.AsyncOpenAI], Awaitable[Any]]",
        refine: Callable[[ModelError], ModelError] = lambda error: error,
        *,
        is_first: bool = False,
        convert: Callable[..., Awaitable[Any]] | None = None,
    ) -> Any:
        """Return the response to a call of the SDK. ``is_first`` marks calls that a server without batches refuses."""

        async def attempt() -> Any:
            try:
                return await (convert or self._transport.call)(send(self._transport.client()), RequestLog())
            except ModelError as error:
                raise refine(error) from error.__cause__

        try:
            return await self._dispatcher.send(attempt, RequestLog())
        except ModelError as error:
            if not is_first or error.status not in NO_BATCHES or error.retryable:
                raise
            message = f"The server at {self._endpoint.shown} has no Batch API (HTTP {error.status})."
            hint = "Ask it directly, without batches, or write the requests to a file for its batch command."
            raise copy_error(RequestRefused(message, hint=hint, status=error.status), fatal=True) from error

    async def _list(
        self, method: "Callable[[openai.AsyncOpenAI], Callable[..., Awaitable[Any]]]", **options: str
    ) -> AsyncIterator[Mapping[str, Any]]:
        """Yield the rows of a list, page by page."""
        page: dict[str, Any] = {"limit": PAGE, **options}
        for _ in range(0, MAX_LISTED, PAGE):
            response = await self._send(lambda client: method(client)(**page))
            found = response.data.get("data")
            rows = [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
            for row in rows:
                yield row
            last = rows[-1].get("id") if rows else None
            if not response.data.get("has_more") or not isinstance(last, str) or page.get("after") == last:
                return
            page["after"] = last


def batch_body(prepared: PreparedRequest) -> dict[str, Any]:
    """Return the body of a request without the ``extra_body`` of the model, which may hold a secret."""
    return {name: value for name, value in prepared.body.items() if name != "extra_body"}


def _read_batch(source: "Response | Mapping[str, Any]") -> RemoteBatch:
    data = source if isinstance(source, Mapping) else source.data
    counts, metadata = as_mapping(data.get("request_counts")), as_mapping(data.get("metadata"))
    rows = as_mapping(data.get("errors")).get("data")
    problems = [
        BatchProblem(str(row.get("code") or ""), str(row.get("message") or ""), _number(row.get("line")))
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, dict)
    ]
    return RemoteBatch(
        id=_text(source, "id"),
        status=str(data.get("status")),
        job=_optional(metadata.get(METADATA_KEY)),
        input_file=_optional(data.get("input_file_id")),
        output_file=_optional(data.get("output_file_id")),
        error_file=_optional(data.get("error_file_id")),
        completed=_number(counts.get("completed")) or 0,
        failed=_number(counts.get("failed")) or 0,
        problems=tuple(problems),
    )


def _text(source: "Response | Mapping[str, Any]", key: str) -> str:
    data = source if isinstance(source, Mapping) else source.data
    value = data.get(key)
    if isinstance(value, str) and value:
        return value
    raise ServerFailed(f"The server's answer about a file or a batch has no {key}.", hint="Check base_url.")


def _optional(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
