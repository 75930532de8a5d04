"""Files and jobs of a Batch API in a folder: the test server without HTTP.

Time is simulated: each poll of a job advances the clock.
"""

import json
import pickle
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from tests.batch_api.records import (
    DAY,
    DONE,
    LINE_ERRORS,
    PATHS,
    Body,
    Charge,
    File,
    Job,
    Refusal,
    RejectedLine,
    State,
    Trouble,
    error_body,
    hash_body,
    page,
)


class Jobs:
    """The files, jobs and charges of one account, kept in ``folder``.

    Args:
        folder: where files and state lie; a second object on it continues.
        reply: returns the chat completion for a request's body; it is charged.
        is_azure: jobs never expire, paths may lack ``/v1``, and lines have no id.
        max_requests: requests in a file.
        max_bytes: bytes of a file.
        max_files: files of the account; Azure keeps 500.
        token_limit: tokens of all unfinished jobs, of four bytes each.
        tick: seconds that pass with each poll.
        list_lag: seconds until the list shows a new job.
    """

    def __init__(
        self,
        folder: Path,
        reply: Callable[[Body], Mapping[str, Any]],
        *,
        is_azure: bool = False,
        max_requests: int = 50_000,
        max_bytes: int = 200_000_000,
        max_files: int = 10_000,
        token_limit: int | None = None,
        tick: float = 300.0,
        list_lag: float = 0.0,
    ) -> None:
        self.is_azure, self.max_requests, self.max_bytes = is_azure, max_requests, max_bytes
        self.max_files, self.token_limit, self.tick, self.list_lag = max_files, token_limit, tick, list_lag
        self._reply, self._folder, self._path = reply, folder, folder / "state.pickle"
        folder.mkdir(parents=True, exist_ok=True)
        self._state: State = pickle.loads(self._path.read_bytes()) if self._path.exists() else State()

    # What tests read and set

    @property
    def now(self) -> float:
        """The server's time in seconds since 1970."""
        return self._state.clock

    @property
    def all(self) -> list[Job]:
        """Return all jobs, the oldest first."""
        return list(self._state.jobs.values())

    @property
    def files(self) -> list[File]:
        """Return the files that are not deleted, the oldest first."""
        return list(self._state.files.values())

    @property
    def charges(self) -> list[Charge]:
        return list(self._state.charges)

    @property
    def charged(self) -> Counter[str | None]:
        """Return how often each custom_id was charged in batches."""
        return Counter(charge.custom_id for charge in self._state.charges if charge.job is not None)

    @property
    def charged_bodies(self) -> Counter[str]:
        """Return how often each request was charged, whatever its custom_id, in batches and alone."""
        return Counter(charge.body for charge in self._state.charges)

    def plan(self, *troubles: Trouble) -> None:
        """Give the next jobs these troubles, in order; later ones have none."""
        self._state.troubles += troubles
        self._save()

    def advance(self, seconds: float) -> None:
        """Let server time pass."""
        self._state.clock += seconds
        self._save()

    def lines(self, job: Job) -> list[dict[str, Any]]:
        """Return the requests of a job; its input file may be deleted."""
        return [json.loads(line) for line in self._content(job.shown["input_file_id"]).splitlines()]

    # Files

    def list_files(self, after: str | None, limit: int) -> dict[str, Any]:
        """Return a page of the files, the newest first."""
        return page([file.to_json() for file in self.files], after, limit, 10_000)

    def upload(self, filename: str, purpose: str | None, content: bytes) -> dict[str, Any]:
        if purpose != "batch":
            raise Refusal(400, f"'{purpose}' is not one of the purposes of this server: batch.", "invalid_purpose")
        if len(content) > self.max_bytes:
            raise Refusal(400, f"The file is larger than {self.max_bytes} bytes.", "file_too_large")
        if len(self._state.files) >= self.max_files:
            raise Refusal(400, f"The resource has reached its limit of {self.max_files} files.", "quotaExceeded")
        file = self._write("file", filename, purpose, content)
        self._save()
        return file.to_json()

    def file(self, key: str) -> File:
        if key not in self._state.files:
            raise Refusal(404, f"No such File object: {key}", "not_found")
        return self._state.files[key]

    def delete(self, key: str) -> dict[str, Any]:
        del self._state.files[self.file(key).id]  # the content stays for `lines`
        self._save()
        return {"id": key, "object": "file", "deleted": True}

    def content(self, key: str) -> bytes:
        file = self.file(key)
        if file.forbidden:
            file.forbidden -= 1
            self._save()
            raise Refusal(403, "Not allowed to download files of purpose: batch_output")
        return self._content(key)

    # Jobs

    def create(self, sent: Body) -> dict[str, Any]:
        """Start a job, which every answer to create calls valid."""
        for name in ("input_file_id", "endpoint", "completion_window"):
            if not isinstance(sent.get(name), str):
                raise Refusal(400, f"Missing required parameter: '{name}'.", "missing_required_parameter")
        file = self.file(sent["input_file_id"])
        if file.purpose != "batch":
            raise Refusal(400, f"The file {file.id} has the purpose {file.purpose}, not batch.")
        if sent["endpoint"] not in PATHS[: 1 + self.is_azure]:
            raise Refusal(400, f"Invalid value: '{sent['endpoint']}'. Supported values are: '{PATHS[0]}'.")
        if sent["completion_window"] != "24h":
            raise Refusal(400, f"Invalid value: '{sent['completion_window']}'. Supported values are: '24h'.")
        metadata = sent.get("metadata") or {}
        sizes = [(len(key), len(value)) if isinstance(value, str) else (0, 1 << 20) for key, value in metadata.items()]
        if len(sizes) > 16 or any(key > 64 or value > 512 for key, value in sizes):
            raise Refusal(400, "Metadata is at most 16 strings of 512 characters, with keys of 64.")
        times = "in_progress expires finalizing completed failed expired cancelling cancelled".split()
        now = int(self.now)
        shown = {"id": f"batch_{self._number():06}", "object": "batch", "status": "validating", "created_at": now}
        shown |= {name: sent[name] for name in ("input_file_id", "endpoint", "completion_window")}
        shown |= {f"{name}_at": None for name in times} | {"expires_at": now + int(DAY)}
        shown |= {"errors": None, "output_file_id": None, "error_file_id": None, "metadata": metadata or None}
        shown |= {"request_counts": {"total": 0, "completed": 0, "failed": 0}}
        troubles = self._state.troubles
        job = Job(shown, troubles.pop(0) if troubles else Trouble(), tokens=file.bytes // 4)
        self._state.jobs[job.id] = job
        self._save()
        return dict(shown)

    def retrieve(self, key: str) -> dict[str, Any]:
        """Return a job after a tick of the clock."""
        job = self._job(key)
        self._state.clock += self.tick
        self._settle()
        self._save()
        return dict(job.shown)

    def list(self, after: str | None, limit: int) -> dict[str, Any]:
        """Return a page of the jobs, the newest first."""
        self._settle()
        self._save()
        until = self.now - self.list_lag
        return page([job.shown for job in self.all if job.shown["created_at"] <= until], after, limit, 100)

    def cancel(self, key: str) -> dict[str, Any]:
        """Cancel a job; what is done by then is charged."""
        job = self._job(key)
        self._settle()
        if job.status in DONE:
            raise Refusal(409, f"Cannot cancel a batch with status '{job.status}'.")
        if job.status in ("validating", "in_progress"):
            job.shown |= {"status": "cancelling", "cancelling_at": int(self.now)}
        self._save()
        return dict(job.shown)

    def complete(self, body: Body) -> Mapping[str, Any]:
        """Answer an ordinary request."""
        try:
            completion = self._reply(body)
        except RejectedLine as rejected:
            raise Refusal(400, str(rejected)) from rejected
        self._state.charges.append(Charge(None, None, hash_body(body)))
        self._save()
        return completion

    # Progress

    def _settle(self) -> None:
        """Bring each job to the state that it has at this time."""
        for job in self._state.jobs.values():
            while self._step(job):
                pass

    def _step(self, job: Job) -> bool:
        """Move a job to its next status if it is time, and return whether it was."""
        shown, trouble, now = job.shown, job.trouble, self.now
        if job.status == "validating" and now >= shown["created_at"] + trouble.validating:
            self._validate(job)
            return True
        if job.status == "in_progress":
            return self._run(job)
        if job.status == "cancelling":
            return self._finish(job, "cancelled", self._progress(job))
        if job.status == "finalizing":
            shown |= {"status": "completed", "completed_at": int(now)}
            return True
        return False

    def _validate(self, job: Job) -> None:
        shown = job.shown
        errors = list(self._problems(job))
        if errors:
            shown |= {"status": "failed", "failed_at": int(self.now), "errors": {"object": "list", "data": errors}}
        else:
            shown |= {"status": "in_progress", "in_progress_at": int(shown["created_at"] + job.trouble.validating)}
            shown["request_counts"] |= {"total": len(self.lines(job))}

    def _problems(self, job: Job) -> Iterator[dict[str, Any]]:
        """Yield the errors of validation."""

        def problem(code: str, message: str, line: int | None = None) -> dict[str, Any]:
            return {"code": code, "message": message, "param": None, "line": line}

        if job.trouble.failure:
            message = f"The batch failed: {job.trouble.failure}."
            yield problem(job.trouble.failure, message, job.trouble.failure_line)
        others = sum(each.tokens for each in self.all if each.status in ("in_progress", "finalizing", "cancelling"))
        if self.token_limit is not None and others + job.tokens > self.token_limit:
            yield problem(
                "token_limit_exceeded",
                f"Enqueued token limit reached for tiny in organization org-test. Limit: {self.token_limit:,} "
                "enqueued tokens. Please try again once some in_progress batches have been completed.",
            )
        if job.shown["input_file_id"] not in self._state.files:
            yield problem("file_not_found", f"Cannot find file {job.shown['input_file_id']}.")
            return
        lines = self._content(job.shown["input_file_id"]).splitlines()
        if not lines:
            yield problem("empty_batch", "The batch has no requests.")
        if len(lines) > self.max_requests:
            yield problem("max_requests_exceeded", f"The batch has more than {self.max_requests} requests.")
        ids, models = set[str](), set[str]()
        for number, line in enumerate(lines, 1):
            try:
                sent = json.loads(line)
                custom_id, method, url, body = (sent[key] for key in ("custom_id", "method", "url", "body"))
                model, _ = body["model"], body["messages"][0]["content"]
            except (ValueError, KeyError, TypeError, IndexError) as error:
                yield problem("invalid_json_line", f"This line is not a request: {error}.", number)
                continue
            if not isinstance(custom_id, str) or not 0 < len(custom_id) <= 64:
                yield problem("invalid_custom_id", "A custom_id has 1 to 64 characters.", number)
            if custom_id in ids:
                yield problem("duplicate_custom_id", f"The custom_id {custom_id} is not unique.", number)
            if method != "POST" or url != job.shown["endpoint"]:
                yield problem("mismatched_url", f"{method} {url} is not the batch's endpoint.", number)
            if "extra_body" in body or body.get("stream"):
                yield problem("unknown_parameter", "The body has a parameter of no chat completion.", number)
            models.add(model)
            if len(models) > 1:
                yield problem("mismatched_model", f"The batch has several models: {sorted(models)}.", number)
            ids.add(custom_id)

    def _progress(self, job: Job) -> int:
        """Return how many lines are done at this time."""
        shown, trouble = job.shown, job.trouble
        if shown["in_progress_at"] is None:
            return 0
        until = min(self.now, float("inf") if self.is_azure else shown["expires_at"])
        share = (until - shown["in_progress_at"]) / trouble.running if trouble.running else 1.0
        limits = [limit for limit in (trouble.cancelled_after, trouble.expires_after) if limit is not None]
        return min(int(shown["request_counts"]["total"] * min(share, 1.0)), *limits, 1 << 30)

    def _run(self, job: Job) -> bool:
        """End a job that is done, expired or cancelled by someone else; otherwise count what is done."""
        shown, trouble, now = job.shown, job.trouble, self.now
        done = self._progress(job)
        is_late = not self.is_azure and now >= shown["expires_at"]
        if done == trouble.cancelled_after:
            shown["cancelling_at"] = int(now)
            return self._finish(job, "cancelled", done)
        if done == shown["request_counts"]["total"] and trouble.expires_after is None:
            return self._finish(job, "finalizing", done)
        if is_late:
            return self._finish(job, "expired", done)
        shown["request_counts"] |= {"completed": done}
        return False

    def _finish(self, job: Job, status: str, done: int) -> Literal[True]:
        """Charge the lines that are done, and write the files."""
        trouble, output, errors = job.trouble, list[Any](), list[Any]()
        lines = self.lines(job)
        for number, line in enumerate(lines):
            if number >= done:
                if status == "expired":
                    message = "This request could not be executed before the completion window expired."
                    errors.append(self._line(line, None, {"code": "batch_expired", "message": message}))
                continue
            kind = trouble.line_errors if isinstance(trouble.line_errors, str) else trouble.line_errors.get(number)
            if kind == "timeout":
                errors.append(self._line(line, None, {"code": "request_timeout", "message": "It took too long."}))
            elif kind is not None:
                code, name, message = LINE_ERRORS[kind]
                errors.append(self._line(line, (code, error_body(message, name)), None))
            else:
                try:
                    completion = self._reply(line["body"])
                except RejectedLine as rejected:
                    errors.append(self._line(line, (400, error_body(str(rejected))), None))
                    continue
                self._state.charges.append(Charge(job.id, line["custom_id"], hash_body(line["body"])))
                if number not in trouble.missing:
                    output.append(self._line(line, (200, completion), None))
        job.shown["request_counts"] |= {"completed": len(output), "failed": len(errors)}
        output *= 1 + trouble.repeated
        if trouble.foreign:
            nobody = {"custom_id": "f" * 64, "body": {}}
            output += [self._line(nobody, (200, self._reply(lines[0]["body"])), None), {"error": None}, "not an object"]
        if trouble.shuffled:
            random.Random(job.id).shuffle(output)
        for kind, written in (("output", output), ("error", errors)):
            if written:
                content = b"".join(json.dumps(each).encode() + b"\n" for each in written)
                content += b'{"custom_id": "cut o' * (trouble.foreign and kind == "output")
                file = self._write("file", f"{job.id}_{kind}.jsonl", "batch_output", content)
                file.forbidden = trouble.forbidden
                job.shown[f"{kind}_file_id"] = file.id
        job.shown |= {"status": status, f"{status}_at": int(self.now)}
        return True

    def _line(self, line: Body, answer: tuple[int, Body] | None, error: Body | None) -> dict[str, Any]:
        """Return a line of an output or error file."""
        response = answer and {"status_code": answer[0], "request_id": f"req_{self._number()}", "body": answer[1]}
        written = {} if self.is_azure else {"id": f"batch_req_{self._number()}"}
        return written | {"custom_id": line["custom_id"], "response": response, "error": error}

    # State

    def _job(self, key: str) -> Job:
        if key not in self._state.jobs:
            raise Refusal(404, f"No batch found with key '{key}'.", "not_found")
        return self._state.jobs[key]

    def _number(self) -> int:
        self._state.numbers += 1
        return self._state.numbers

    def _write(self, kind: str, filename: str, purpose: str, content: bytes) -> File:
        file = File(f"{kind}-{self._number():06}", filename, purpose, len(content), int(self.now))
        (self._folder / file.id).write_bytes(content)
        self._state.files[file.id] = file
        return file

    def _content(self, key: str) -> bytes:
        return (self._folder / key).read_bytes()

    def _save(self) -> None:
        part = self._path.with_suffix(f".{uuid4().hex}.part")  # the test's thread and the server's may save at once
        part.write_bytes(pickle.dumps(self._state))
        part.replace(self._path)
