"""A server to record from, and helpers to record and play without pytest-recording."""

import gc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from vcr import VCR
from vcr.cassette import Cassette

from summarizer.models import Message, Request
from summarizer.testing import configure_vcr, vcr_config
from tests.models.conftest import Server

Open = Callable[..., AbstractContextManager[Cassette]]


@pytest.fixture
def request_() -> Request:
    return Request((Message("system", "Find the positions."), Message("user", "[1] It rains.")), "extraction", {})


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tape.yaml"


@pytest.fixture
def open_cassette(path: Path) -> Iterator[Open]:
    """Return a function that opens the cassette at ``path``; by default it plays.

    vcrpy undoes the patches of a cassette that failed to save only when it is collected: perhaps in another test.
    """

    def open_cassette(record_mode: str = "none", **options: Any) -> AbstractContextManager[Cassette]:
        recorder = configure_vcr(VCR(record_mode=record_mode))
        opened: AbstractContextManager[Cassette] = recorder.use_cassette(path, **vcr_config() | options)
        return opened

    yield open_cassette
    gc.collect()
