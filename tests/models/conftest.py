"""A chat completion server on loopback with prepared answers."""

import asyncio
import json
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from typing import Any

import pytest

from summarizer.models import Message, OpenAIModel, Request, concurrency, retry, throttle

from ..timing import HOLD, clock_ahead

KEY = "sk-test-0123456789abcdef"
ARTICLE = "The harbour master Ilse Vandermolen said that the seawall would not outlast another winter."


@dataclass(frozen=True)
class CannedResponse:
    """A prepared response: its body (JSON unless it is text or bytes), and how it is sent."""

    body: object = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False
    """Close the connection without a response."""
    stall: bool = False
    """Keep the connection open without a response, until the test ends."""
    pieces: tuple[bytes, ...] = ()
    """Send these instead of the body, with a pause of ``pause`` seconds before each."""
    pause: float = 0.0
    drip: bool = False
    """Send one byte of the body every 20 ms."""
    length: int | None = None
    """A wrong value of the Content-Length header."""
    hang_up: bool = False
    """Close the connection after the body, without announcing it."""


@dataclass(frozen=True)
class ReceivedRequest:
    """A request as it reached the server."""

    path: str
    headers: Mapping[str, str]
    """The headers, by names in lower case."""
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        sent: dict[str, Any] = json.loads(self.body)
        return sent

    @property
    def form(self) -> str:
        """Return the requested output format."""
        kind: str = self.json.get("response_format", {"type": "text"})["type"]
        return kind


def completion(text: str | None = "done", **changes: Any) -> dict[str, Any]:
    """Return a complete chat completion; ``changes`` replace keys of its choice."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    usage = {
        "prompt_tokens": 100,
        "completion_tokens": 7,
        "total_tokens": 107,
        "prompt_tokens_details": {"cached_tokens": 64},
    }
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "tiny-2026",
        "choices": [choice | changes],
        "usage": usage,
    }


def error(message: str = "No.", **details: Any) -> dict[str, Any]:
    """Return the body of an error in the format of OpenAI's server."""
    return {"error": {"message": message, "type": "some_error", "param": None, "code": None} | details}


def listing(*names: str) -> dict[str, Any]:
    """Return a list of models."""
    return {"object": "list", "data": [{"id": name, "object": "model"} for name in names]}


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64  # by default, the sixth simultaneous connection waits a second

    def handle_error(self, *_: object) -> None:
        """Ignore clients that disconnect early, as some tests do."""


class Server:
    """A server that sends ``responses`` in order and repeats the last one, or calls ``respond`` if it is set.

    ``GET /v1/models`` returns ``models``, or 404 without it.
    """

    def __init__(self, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.responses: list[CannedResponse] = [CannedResponse(completion())]
        self.models: CannedResponse | None = None
        self.respond: Callable[[ReceivedRequest], CannedResponse] | None = None
        self.requests: list[ReceivedRequest] = []
        self.closed = threading.Event()
        self.on_request: Callable[[], object] = lambda: None
        self._lock = threading.Lock()
        self._http = _Http(("127.0.0.1", port), self._handler())
        if tls is not None:
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    @property
    def completions(self) -> list[ReceivedRequest]:
        """Return the requests for a completion."""
        return [received for received in self.requests if received.path.endswith("/chat/completions")]

    def set_responses(self, *responses: CannedResponse) -> None:
        self.responses = list(responses)

    def close(self) -> None:
        self.closed.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def next(self, received: ReceivedRequest) -> CannedResponse:
        with self._lock:
            self.requests.append(received)
            if received.path.endswith("/models"):
                return self.models or CannedResponse(error("Nothing here."), 404)
            if self.respond:
                return self.respond(received)
            return self.responses[min(len(self.completions), len(self.responses)) - 1]

    def _handler(server: "Server") -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 1 << 16  # head and body in one packet; the second would wait 40 ms for an acknowledgement

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                self._answer(server.next(ReceivedRequest(self.path, headers, body)))

            do_GET = do_POST  # noqa: N815  # the name that http.server calls

            def _answer(self, response: CannedResponse) -> None:
                server.on_request()
                if response.stall:
                    server.closed.wait()
                if response.pieces:
                    self._send_pieces(response)
                    return
                if response.drop or response.stall:
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                self._send(response)

            def _send(self, response: CannedResponse) -> None:
                body = response.body
                if not isinstance(body, str | bytes):
                    body = json.dumps(body)
                payload = body.encode() if isinstance(body, str) else body
                self.send_response(response.status)
                headers = {"Content-Type": "application/json", "x-request-id": "req-1"} | dict(response.headers)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(payload) if response.length is None else response.length))
                self.end_headers()
                for piece in [payload[n : n + 1] for n in range(len(payload))] if response.drip else [payload]:
                    self.wfile.write(piece)
                    if response.drip:
                        self.wfile.flush()
                        server.closed.wait(0.02)
                self.close_connection = response.hang_up or response.length is not None

            def _send_pieces(self, response: CannedResponse) -> None:
                self.close_connection = True
                self.send_response(response.status)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Connection", "close")
                self.end_headers()
                for piece in response.pieces:
                    server.closed.wait(response.pause)
                    self.wfile.write(piece)
                    self.wfile.flush()

            def log_message(self, *_: object) -> None:
                pass

        return Handler


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def request_() -> Request:
    schema = {
        "type": "object",
        "properties": {"zeta": {"type": "string"}, "alpha": {"type": "integer"}},
        "required": ["zeta", "alpha"],
        "additionalProperties": False,
    }
    messages = (Message("system", "Find the positions."), Message("user", f"[1] “{ARTICLE}”"))
    return Request(messages, "extraction", schema)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Replace waits by jumps of the clock, and return the list of waits in seconds."""
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        await asyncio.sleep(0)

    replace_clock(monkeypatch, lambda: monotonic() + sum(waited), sleep)
    return waited


def replace_clock(
    monkeypatch: pytest.MonkeyPatch, now: Callable[[], float], sleep: Callable[[float], Awaitable[None]]
) -> None:
    """Replace the clock and the waits of the model layer."""
    for module in (retry, throttle, concurrency):
        monkeypatch.setattr(module, "monotonic", now)
        monkeypatch.setattr(module, "sleep", sleep, raising=False)


@pytest.fixture
async def jump(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], object]:
    """Return a function that moves the clocks of the model layer and of the event loop ahead by some seconds."""
    move = clock_ahead(monkeypatch)
    replace_clock(monkeypatch, asyncio.get_running_loop().time, asyncio.sleep)
    return move


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the environment variables that configure models."""
    for name in (
        "OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_CUSTOM_HEADERS",
        "OPENAI_ADMIN_KEY", "SUMMARIZER_MODEL", "AZURE_OPENAI_API_KEY", "AZURE_OPENAI_ENDPOINT",
        "AZURE_OPENAI_AD_TOKEN", "OPENAI_API_VERSION", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY",
        "http_proxy", "https_proxy", "all_proxy",
    ):  # fmt: skip
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def no_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Skip loading the certificate bundle, which takes longer than most tests."""
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", lambda *_, **__: None)


@pytest.fixture
async def model(server: Server, waits: list[float]) -> AsyncIterator[OpenAIModel]:
    """Return a model on the server, with a key and without waits between attempts."""
    model = OpenAIModel("tiny", base_url=server.url, api_key=KEY, timeout=HOLD)
    yield model
    await model.aclose()


@pytest.fixture
def full_concurrency(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start with as many requests at once as a distant server gets."""
    monkeypatch.setattr(retry, "LOCAL_START", 16)
