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

from summarizer.models import Message, OpenAIModel, Request, retry, throttle

KEY = "sk-test-0123456789abcdef"
ARTICLE = "The harbour master Ilse Vandermolen said that the seawall would not outlast another winter."


@dataclass(frozen=True)
class Canned:
    """An answer: its body (JSON unless it is text or bytes), and how it is given."""

    body: object = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False
    """Close the connection without an answer."""
    stall: bool = False
    """Keep the connection open without an answer, until the test ends."""
    drip: bool = False
    """Give the body a byte at a time, one in 20 ms."""
    length: int | None = None
    """What the header says of the body's length, if not the truth."""
    hang_up: bool = False
    """Close the connection after the body, without a word that it will be."""


@dataclass(frozen=True)
class Asked:
    """A request as it reached the server."""

    path: str
    headers: Mapping[str, str]
    """By names in lower case."""
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        sent: dict[str, Any] = json.loads(self.body)
        return sent

    @property
    def form(self) -> str:
        """The form of output that is asked for."""
        kind: str = self.json.get("response_format", {"type": "text"})["type"]
        return kind


def completion(text: str | None = "done", **changes: Any) -> dict[str, Any]:
    """A whole chat completion; ``changes`` replace keys of its choice."""
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
    """The body of an error as OpenAI's server gives it."""
    return {"error": {"message": message, "type": "some_error", "param": None, "code": None} | details}


def listing(*names: str) -> dict[str, Any]:
    """A list of models."""
    return {"object": "list", "data": [{"id": name, "object": "model"} for name in names]}


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64  # else the sixth connection at once waits a second

    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that go away before their answer was read: tests let them."""


class Server:
    """Gives the answers of ``script`` in order, the last one again and again, or what ``answer`` makes of
    each request, if there is one; ``GET /v1/models`` gives
    ``models``, or 404 where that is None."""

    def __init__(self, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.script: list[Canned] = [Canned(completion())]
        self.models: Canned | None = None
        self.answer: Callable[[Asked], Canned] | None = None
        self.asked: list[Asked] = []
        self.over = threading.Event()
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
    def completions(self) -> list[Asked]:
        """The requests for a completion."""
        return [asked for asked in self.asked if asked.path.endswith("/chat/completions")]

    def answers(self, *script: Canned) -> None:
        self.script = list(script)

    def close(self) -> None:
        self.over.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def next(self, asked: Asked) -> Canned:
        with self._lock:
            self.asked.append(asked)
            if asked.path.endswith("/models"):
                return self.models or Canned(error("Nothing here."), 404)
            if self.answer:
                return self.answer(asked)
            return self.script[min(len(self.completions), len(self.script)) - 1]

    def _handler(server: "Server") -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 1 << 16  # head and body in one packet: two wait 40 ms for an acknowledgement

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                self._answer(server.next(Asked(self.path, headers, body)))

            do_GET = do_POST  # noqa: N815  # the name that http.server calls

            def _answer(self, canned: Canned) -> None:
                server.on_request()
                if canned.stall:
                    server.over.wait(5)
                if canned.drop or canned.stall:
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                self._send(canned)

            def _send(self, canned: Canned) -> None:
                body = canned.body
                if not isinstance(body, str | bytes):
                    body = json.dumps(body)
                payload = body.encode() if isinstance(body, str) else body
                self.send_response(canned.status)
                headers = {"Content-Type": "application/json", "x-request-id": "req-1"} | dict(canned.headers)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(payload) if canned.length is None else canned.length))
                self.end_headers()
                for piece in [payload[n : n + 1] for n in range(len(payload))] if canned.drip else [payload]:
                    self.wfile.write(piece)
                    if canned.drip:
                        self.wfile.flush()
                        server.over.wait(0.02)
                self.close_connection = canned.hang_up or canned.length is not None

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
    """The seconds that would have been waited; nobody waits, but the clock goes on as if."""
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
    for module in (retry, throttle):
        monkeypatch.setattr(module, "monotonic", now)
        monkeypatch.setattr(module, "sleep", sleep)


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the machine that runs the tests has a say in them."""
    for name in (
        "OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_CUSTOM_HEADERS",
        "OPENAI_ADMIN_KEY", "SUMMARIZER_MODEL", "AZURE_OPENAI_API_KEY", "AZURE_OPENAI_ENDPOINT",
        "AZURE_OPENAI_AD_TOKEN", "OPENAI_API_VERSION", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY",
        "http_proxy", "https_proxy", "all_proxy",
    ):  # fmt: skip
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def no_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test trusts anybody: to read the bundle takes longer than most of them."""
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", lambda *_, **__: None)


@pytest.fixture
async def model(server: Server, waits: list[float]) -> AsyncIterator[OpenAIModel]:
    """A model on the server, with a key; nothing waits between its attempts."""
    model = OpenAIModel("tiny", base_url=server.url, api_key=KEY, timeout=5)
    yield model
    await model.aclose()
