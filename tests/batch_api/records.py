"""What the test server of a Batch API keeps: files, jobs and charges; and what goes wrong with jobs.

Statuses, objects and lines follow OpenAI's API reference.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from typing import Any, Literal

Body = Mapping[str, Any]
LineError = Literal["rate limit", "server error", "too long", "content filter", "quota", "timeout"]

DAY = 86_400.0
PATHS = ("/v1/chat/completions", "/chat/completions")
"""Accepted endpoints; the second one is Azure's."""
DONE = ("completed", "failed", "expired", "cancelled")
FIRST_TIME = 1_900_000_000.0  # the server's clock at its start

LINE_ERRORS: Mapping[str, tuple[int, str, str]] = {
    "rate limit": (429, "rate_limit_exceeded", "Rate limit reached for requests."),
    "quota": (429, "insufficient_quota", "You exceeded your current quota."),
    "server error": (500, "server_error", "The server had an error while processing your request."),
    "too long": (400, "context_length_exceeded", "This model's maximum context length is 8000 tokens."),
    "content filter": (400, "content_filter", "The prompt triggered the content management policy."),
}


class Refusal(Exception):
    """An answer with an error status."""

    def __init__(self, status: int, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body = error_body(message, code)


class RejectedLine(Exception):
    """Raised by a reply function to answer a request with status 400, which is not charged."""


def error_body(message: str, code: str | None = None) -> dict[str, Any]:
    """Return an error in the format of OpenAI's server."""
    return {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": code}}


@dataclass(frozen=True)
class Trouble:
    """What goes wrong with one job; by default nothing."""

    validating: float = 60.0
    """Seconds of validation."""
    running: float = 600.0
    """Seconds from validation until the last line is done. A job expires after a day, with the lines done by then."""
    failure: str | None = None
    """The code of a failed validation, such as ``token_limit_exceeded``."""
    failure_line: int | None = None
    """The line that it names, from 1."""
    cancelled_after: int | None = None
    """Someone else cancels the job after so many lines."""
    expires_after: int | None = None
    """The job expires after so many lines, at the end of its day."""
    line_errors: Mapping[int, LineError] | LineError = field(default_factory=dict)
    """Errors by the number of the line, from 0; or one for all lines."""
    shuffled: bool = False
    repeated: bool = False
    """Each line of the output comes twice."""
    missing: tuple[int, ...] = ()
    """Lines that are done and charged, but in neither file."""
    foreign: bool = False
    """The output has lines with the custom_id of nobody, without a custom_id, and without JSON."""
    forbidden: int = 0
    """So many downloads of its files are answered with 403."""


@dataclass
class File:
    """An uploaded or written file."""

    id: str
    filename: str
    purpose: str
    bytes: int
    created_at: int
    forbidden: int = 0

    def to_json(self) -> dict[str, Any]:
        shown = {name: getattr(self, name) for name in ("id", "filename", "purpose", "bytes", "created_at")}
        return {"object": "file", "status": "processed", "status_details": None} | shown


@dataclass
class Job:
    """A batch as the API shows it, and what the server alone knows."""

    shown: dict[str, Any]
    trouble: Trouble
    tokens: int = 0

    @property
    def status(self) -> str:
        status: str = self.shown["status"]
        return status

    @property
    def id(self) -> str:
        name: str = self.shown["id"]
        return name


@dataclass(frozen=True)
class Charge:
    """A reply that somebody pays for."""

    job: str | None
    """None for an ordinary request."""
    custom_id: str | None
    body: str
    """The hash of the request's body."""


@dataclass
class State:
    clock: float = FIRST_TIME
    numbers: int = 0
    files: dict[str, File] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    charges: list[Charge] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)


def page(items: list[dict[str, Any]], after: str | None, limit: int, max_limit: int) -> dict[str, Any]:
    """Return a page of a list, the newest first, in the form that the API has for files and batches."""
    if not 1 <= limit <= max_limit:
        raise Refusal(400, f"Invalid 'limit': {limit}.")
    newest = items[::-1]
    start = next((number for number, each in zip(count(1), newest, strict=False) if each["id"] == after), 0)
    if after is not None and not start:
        raise Refusal(404, f"No object found with id '{after}'.", "not_found")
    data = newest[start : start + limit]
    ends = {"first_id": data[0]["id"] if data else None, "last_id": data[-1]["id"] if data else None}
    return {"object": "list", "data": data, "has_more": start + limit < len(newest), **ends}


def hash_body(body: Body) -> str:
    """Return the hash of a request's body."""
    return sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
