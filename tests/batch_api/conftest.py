"""Fixtures of tests of the Batch API: a server, articles whose replies it knows, and models that ask it."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from summarizer.batch_api import BatchModel, ReplyPending, wait_for_batches
from summarizer.errors import SummarizerError
from summarizer.models import Message, OpenAIModel, Reply, Request
from tests.batch_api.jobs import Jobs
from tests.batch_api.scripted import article, completions_for
from tests.batch_api.server import KEY, BatchServer
from tests.models.conftest import replace_clock
from tests.timing import HOLD

ARTICLES = tuple(map(article, range(6)))
OpenServer = Callable[..., BatchServer]
OpenModel = Callable[..., BatchModel]
Scripted = Callable[[Mapping[str, Any]], dict[str, Any]]


@pytest.fixture(scope="session")
def scripted() -> Scripted:
    """Return the completions about ARTICLES."""
    return completions_for(*ARTICLES)


@pytest.fixture
def open_server(tmp_path: Path, scripted: Scripted) -> Iterator[OpenServer]:
    """Return a function that starts a server with options of `Jobs`."""
    servers: list[BatchServer] = []

    def open_server(reply: Scripted = scripted, **options: Any) -> BatchServer:
        servers.append(BatchServer(Jobs(tmp_path / f"server{len(servers)}", reply, **options)))
        return servers[-1]

    yield open_server
    for server in servers:
        server.close()


@pytest.fixture
def server(open_server: OpenServer) -> BatchServer:
    return open_server()


@pytest.fixture
async def open_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[OpenModel]:
    """Return a function that opens a model at a server; waiting takes the server's time only.

    Its option ``plain`` holds options of the model in it.
    """
    models: list[BatchModel] = []
    waited: list[float] = []

    def open_model(server: BatchServer, plain: Mapping[str, Any] | None = None, **options: Any) -> BatchModel:
        async def sleep(seconds: float) -> None:
            waited.append(seconds)
            server.jobs.advance(seconds)
            await asyncio.sleep(0)

        replace_clock(monkeypatch, lambda: monotonic() + sum(waited), sleep)
        azure = {"api_version": "2025-04-01-preview"} if server.jobs.is_azure else {}
        address = server.address if server.jobs.is_azure else server.url
        model = OpenAIModel("tiny", base_url=address, api_key=KEY, **azure, **(plain or {}))
        defaults = {"journal": tmp_path / "journal.db", "wait": False, "clock": lambda: server.jobs.now, "sleep": sleep}
        models.append(BatchModel(model, **(defaults | options)))
        return models[-1]

    yield open_model
    for model in models:
        await model.aclose()


@pytest.fixture(autouse=True)
def no_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Skip loading the certificate bundle, which takes longer than most tests."""
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", lambda *_, **__: None)


def support_request(number: int) -> Request:
    """Return a request that the scripted model answers without an article."""
    text = f"S{number} The bridge is unsafe.\n{'Nobody answered. ' * 20}"
    return Request((Message("user", text),), "support", {"type": "object"})


async def ask(model: BatchModel, count: int = 4) -> list[Reply | SummarizerError]:
    """Return the replies or errors of ``count`` requests, after as many rounds as they take."""
    async with asyncio.timeout(HOLD):
        for number in range(1, 20):
            answers = await ask_once(model, count)
            if not any(isinstance(answer, ReplyPending) for answer in answers):
                return answers
            await wait_for_batches([model], number)
    raise AssertionError("The replies do not come.")


async def ask_once(model: BatchModel, count: int = 4) -> list[Reply | SummarizerError]:
    """Return what a model has for ``count`` requests at once."""
    calls = (model.complete(support_request(number)) for number in range(count))
    answers = await asyncio.gather(*calls, return_exceptions=True)
    assert all(isinstance(answer, Reply | SummarizerError) for answer in answers), answers
    return answers  # type: ignore[return-value]
