"""Shared fixtures of the command's tests."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from summarizer.cli import app
from summarizer.testing import CallbackModel

Answers = Callable[[Callable[..., Any]], CallbackModel]
Run = Callable[..., Result]


@contextmanager
def closed_port() -> Iterator[int]:
    """Reserve a port without listening on it."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs the command with arguments and standard input."""
    monkeypatch.setenv("TERM", "dumb")  # help and usage errors without colour

    def run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)

    return run


@pytest.fixture
def article(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Return a file with the TEXT of the module."""
    path = tmp_path / "article.txt"
    path.write_text(request.module.TEXT, encoding="utf-8")
    return path


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Return a function that makes every model name resolve to a model with the given callable."""

    def answers(reply: Callable[..., Any]) -> CallbackModel:
        model = CallbackModel(reply)
        monkeypatch.setattr("summarizer.client.resolve_model", lambda _: model)
        return model

    return answers
