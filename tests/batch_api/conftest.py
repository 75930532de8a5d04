"""Fixtures of tests of the Batch API: a server, and articles whose replies it knows."""

import ssl
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.batch_api.jobs import Jobs
from tests.batch_api.scripted import article, completions_for
from tests.batch_api.server import BatchServer

ARTICLES = tuple(map(article, range(6)))
OpenServer = Callable[..., BatchServer]


@pytest.fixture(scope="session")
def scripted() -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Return the completions about ARTICLES."""
    return completions_for(*ARTICLES)


@pytest.fixture
def open_server(tmp_path: Path, scripted: Callable[[Mapping[str, Any]], dict[str, Any]]) -> Iterator[OpenServer]:
    """Return a function that starts a server with options of `Jobs`."""
    servers: list[BatchServer] = []

    def open_server(reply: Callable[[Mapping[str, Any]], Mapping[str, Any]] = scripted, **options: Any) -> BatchServer:
        servers.append(BatchServer(Jobs(tmp_path / f"server{len(servers)}", reply, **options)))
        return servers[-1]

    yield open_server
    for server in servers:
        server.close()


@pytest.fixture
def server(open_server: OpenServer) -> BatchServer:
    return open_server()


@pytest.fixture(autouse=True)
def no_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Skip loading the certificate bundle, which takes longer than most tests."""
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", lambda *_, **__: None)
