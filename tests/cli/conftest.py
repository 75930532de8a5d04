"""Shared fixtures of the command's tests."""

from collections.abc import Callable
from typing import Any

import pytest

from summarizer.testing import CallbackModel

Answers = Callable[[Callable[..., Any]], CallbackModel]


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Return a function that makes every model name resolve to a model with the given callable."""

    def answers(reply: Callable[..., Any]) -> CallbackModel:
        model = CallbackModel(reply)
        monkeypatch.setattr("summarizer.client.resolve_model", lambda _: model)
        return model

    return answers
