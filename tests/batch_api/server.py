"""A server with the endpoints of OpenAI's and Azure's Batch API on loopback, and faults of the network."""

import json
import re
import socket
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from urllib.parse import parse_qs, urlsplit

from tests.batch_api.jobs import Jobs
from tests.batch_api.records import Refusal, error_body

KEY = "sk-batch-q7ZrTnLwXcVbHs"  # replies keep runs of digits only if they are not in the key
Endpoint = Literal[
    "upload", "files", "file", "content", "delete", "create", "list", "retrieve", "cancel", "completion", "other"
]
Stage = Literal["received", "done", "answered"]
"""Moments of a request: before it has an effect, after that, and after its answer."""

_ROUTES: tuple[tuple[Endpoint, str, str], ...] = (
    ("upload", "POST", r"/files"),
    ("files", "GET", r"/files"),
    ("file", "GET", r"/files/([^/]+)"),
    ("delete", "DELETE", r"/files/([^/]+)"),
    ("content", "GET", r"/files/([^/]+)/content"),
    ("create", "POST", r"/batches"),
    ("list", "GET", r"/batches"),
    ("retrieve", "GET", r"/batches/([^/]+)"),
    ("cancel", "POST", r"/batches/([^/]+)/cancel"),
    ("completion", "POST", r"(?:/deployments/[^/]+)?/chat/completions"),
)


@dataclass
class Fault:
    """An answer other than the real one, to some requests of an endpoint."""

    endpoint: Endpoint
    times: int = 1
    skip: int = 0
    """Requests that are answered well before."""
    status: int | None = 503
    """None drops the connection."""
    is_late: bool = False
    """Whether the request has its effect, and only the answer is replaced."""
    body: object = field(default_factory=lambda: error_body("The server is overloaded."))
    headers: Mapping[str, str] = field(default_factory=dict)

    def strikes(self) -> bool:
        """Return whether the fault hits this request, and count it."""
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return self.times >= 0


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        """Ignore clients that are killed."""


class BatchServer:
    """Serves ``jobs`` over HTTP.

    ``on_stage`` is called at each stage of each request, in the thread that answers it.
    """

    def __init__(self, jobs: Jobs) -> None:
        self.jobs = jobs
        self.faults: list[Fault] = []
        self.requests: Counter[Endpoint] = Counter()
        self.on_stage: Callable[[Endpoint, Stage], object] = lambda *_: None
        self._lock = threading.Lock()
        self._http = _Http(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """The address without a path, as Azure's clients take it."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def url(self) -> str:
        return f"{self.address}/v1"

    def inject(self, endpoint: Endpoint, **options: object) -> None:
        """Add a `Fault`."""
        self.faults.append(Fault(endpoint, **options))  # type: ignore[arg-type]

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def _route(self, method: str, path: str) -> tuple[Endpoint, str]:
        """Return the endpoint and the id in a path."""
        prefixes = ("/openai/v1", "/openai") if self.jobs.is_azure else ("/v1",)
        for prefix in prefixes:
            for endpoint, verb, pattern in _ROUTES:
                found = re.fullmatch(re.escape(prefix) + pattern, path)
                if found and verb == method:
                    return endpoint, found[1] if found.groups() else ""
        return "other", ""

    def _act(self, endpoint: Endpoint, key: str, query: Mapping[str, str], body: bytes, kind: str) -> object:
        """Return the answer to a request: JSON, or bytes."""
        jobs, after, limit = self.jobs, query.get("after"), int(query.get("limit", 20))
        match endpoint:
            case "upload":
                return jobs.upload(*read_form(kind, body))
            case "files":
                return jobs.list_files(after, limit)
            case "file":
                return jobs.file(key).to_json()
            case "content":
                return jobs.content(key)
            case "delete":
                return jobs.delete(key)
            case "create":
                return jobs.create(json.loads(body))
            case "list":
                return jobs.list(after, limit)
            case "retrieve":
                return jobs.retrieve(key)
            case "cancel":
                return jobs.cancel(key)
            case "completion":
                return jobs.complete(json.loads(body))
        raise Refusal(404, "Unknown request URL.")

    def _handler(server: "BatchServer") -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 1 << 16  # head and body in one packet; the second would wait 40 ms for an acknowledgement

            def do_POST(self) -> None:
                sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                address = urlsplit(self.path)
                endpoint, key = server._route(self.command, address.path)
                query = {name: values[0] for name, values in parse_qs(address.query).items()}
                server.on_stage(endpoint, "received")
                with server._lock:
                    server.requests[endpoint] += 1
                    fault = next((each for each in server.faults if each.endpoint == endpoint and each.strikes()), None)
                    status, body = 200, object()
                    if fault is None or fault.is_late:
                        status, body = self._respond(endpoint, key, query, sent)
                server.on_stage(endpoint, "done")
                headers: Mapping[str, str] = {}
                if fault is not None:
                    if fault.status is None:
                        self.close_connection = True
                        self.connection.shutdown(socket.SHUT_RDWR)
                        return
                    status, body, headers = fault.status, fault.body, fault.headers
                self._send(status, body, headers)
                server.on_stage(endpoint, "answered")

            do_GET = do_DELETE = do_POST  # noqa: N815  # the names that http.server calls

            def _respond(
                self,
                endpoint: Endpoint,
                key: str,
                query: Mapping[str, str],
                sent: bytes,
            ) -> tuple[int, object]:
                keys = self.headers.get("Authorization", "").removeprefix("Bearer "), self.headers.get("api-key")
                try:
                    if keys[server.jobs.is_azure] != KEY:
                        raise Refusal(401, "Incorrect API key provided.", "invalid_api_key")
                    if server.jobs.is_azure and "api-version" not in query and not self.path.startswith("/openai/v1/"):
                        raise Refusal(404, "Resource not found")
                    return 200, server._act(endpoint, key, query, sent, self.headers.get("Content-Type", ""))
                except Refusal as refusal:
                    return refusal.status, refusal.body
                except ValueError as error:
                    return 400, error_body(f"The request cannot be read: {error}.")

            def _send(self, status: int, body: object, headers: Mapping[str, str]) -> None:
                payload = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
                for name, value in ({"Content-Type": kind, "x-request-id": "req-1"} | dict(headers)).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)
                self.wfile.flush()

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def read_form(kind: str, body: bytes) -> tuple[str, str | None, bytes]:
    """Return filename, purpose and content of an upload; a ValueError says that it is no multipart form."""
    boundary = re.search(r'multipart/form-data;.*boundary="?([^";]+)', kind)
    if not boundary:
        raise ValueError("it is no multipart form")
    filename = purpose = content = None
    for part in body.split(b"--" + boundary[1].encode())[1:-1]:
        head, _, value = part.partition(b"\r\n\r\n")
        value = value.removesuffix(b"\r\n")
        name = re.search(rb'[; ]name="([^"]*)"', head)
        if name and name[1] == b"purpose":
            purpose = value.decode()
        elif name and name[1] == b"file":
            found = re.search(rb'filename="([^"]*)"', head)
            filename, content = found[1].decode() if found else None, value
    if content is None or filename is None:
        raise ValueError("it has no file with a name")
    return filename, purpose, content
