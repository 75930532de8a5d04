"""Files of requests and replies: a JSON object a line, as the Batch API and ``vllm run-batch`` use them."""

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import Any, BinaryIO

from summarizer._files import replace_atomically
from summarizer.batch_api.journal import FileLimits, Job, Journal
from summarizer.errors import ConfigurationError
from summarizer.models import Answer

AT_ONCE = 500
"""Answers that are saved in one transaction."""


@dataclass(slots=True)
class LineCounts:
    """What was in a file of replies."""

    replies: int = 0
    errors: int = 0
    foreign: int = 0
    """Lines about other requests, or about requests that were answered before."""
    unreadable: int = 0

    def __str__(self) -> str:
        kinds = (
            f"{self.replies:,} repl{'y' if self.replies == 1 else 'ies'}",
            f"{self.errors:,} error{'s' * (self.errors != 1)}" * bool(self.errors),
            f"{self.foreign:,} line{'s' * (self.foreign != 1)} about other or answered requests" * bool(self.foreign),
            f"{self.unreadable:,} unreadable line{'s' * (self.unreadable != 1)}" * bool(self.unreadable),
        )
        return ", ".join(filter(None, kinds))


def request_line(key: str, body: bytes, url: str, extra: Mapping[str, Any]) -> bytes:
    """Return the line of a request. ``extra`` goes into its body."""
    if extra:
        body = body[:-1] + b", " + json.dumps(extra, ensure_ascii=False).encode()[1:]
    return b'{"custom_id": "%s", "method": "POST", "url": "%s", "body": %s}\n' % (key.encode(), url.encode(), body)


def line_overhead(url: str, extra: Mapping[str, Any]) -> int:
    """Return the bytes of a line beside the body that the journal has."""
    return len(request_line("0" * 64, b"", url, {})) + len(json.dumps(extra, ensure_ascii=False).encode())


def write_request_files(
    path: Path, bodies: Iterable[tuple[str, bytes]], url: str, extra: Mapping[str, Any], limits: FileLimits
) -> list[tuple[Path, int]]:
    """Write requests to ``path``, and what exceeds the limits of a file to ``NAME-2``, ``NAME-3`` and so on.

    Returns:
        The files, each with the number of its requests.

    Raises:
        ConfigurationError: A file cannot be written.
    """
    number = count = size = 0

    def place(line: bytes) -> int:
        """Return the number of the file for the next line, from 0."""
        nonlocal number, count, size
        if count == limits.requests or (count and size + len(line) > limits.bytes):
            number, count, size = number + 1, 0, 0
        count, size = count + 1, size + len(line)
        return number

    written: list[tuple[Path, int]] = []
    for file_number, lines in groupby((request_line(key, body, url, extra) for key, body in bodies), place):
        target = path.with_name(f"{path.stem}-{file_number + 1}{path.suffix}") if file_number else path
        try:
            with replace_atomically(target) as file:
                written.append((target, sum(1 for line in lines if file.write(line))))
        except OSError as error:
            message = f"{target} cannot be written: {error.strerror or error}."
            raise ConfigurationError(message, hint="Name another file.") from error
    return written


def read_replies(
    path: Path,
    journal: Journal,
    read_line: Callable[[Mapping[str, Any]], Answer],
    counts: LineCounts,
    *,
    job: Job | None = None,
    retry_below: float = math.inf,
) -> None:
    """Save the answers in a file; its lines may be in any order, doubled, or about other requests.

    Args:
        path: The file.
        journal: Where the requests are recorded.
        read_line: Returns the answer in a line.
        counts: Where the lines are counted.
        job: Only answers to its requests count; without it, those to any request.
        retry_below: See `Journal.answer`.

    Raises:
        ConfigurationError: The file cannot be read.
    """
    try:
        with path.open("rb") as file:
            found = _objects(file, counts)
            while lines := list(islice(found, AT_ONCE)):
                answers = [(line["custom_id"], read_line(line)) for line in lines]
                replies, errors = journal.answer(answers, job, retry_below=retry_below)
                counts.replies += replies
                counts.errors += errors
                counts.foreign += len(answers) - replies - errors
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror or error}.") from error


def _objects(file: BinaryIO, counts: LineCounts) -> Iterator[dict[str, Any]]:
    """Yield the lines that are objects with a ``custom_id``, and count the others."""
    for line in file:
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict) and isinstance(found.get("custom_id"), str):
            yield found
        else:
            counts.unreadable += 1
