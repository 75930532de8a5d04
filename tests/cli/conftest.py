"""A model that answers for whichever the command is told to ask."""

from collections.abc import Callable
from typing import Any

import pytest

from summarizer.testing import CallbackModel

Answers = Callable[[Callable[..., Any]], CallbackModel]


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Have a model made of the given callable answer, whichever model is asked for."""

    def answers(reply: Callable[..., Any]) -> CallbackModel:
        model = CallbackModel(reply)
        monkeypatch.setattr("summarizer.client.resolve_model", lambda _: model)
        return model

    return answers
