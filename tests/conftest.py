"""Fixtures and plugins of all tests."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from summarizer.models import Model, OpenAIModel

pytest_plugins = ["summarizer.testing.plugin", "pytester", "tests.sample_reply"]

ROOT = Path(__file__).parent.parent

SLOW_MACHINE = [HealthCheck.too_slow]  # a busy machine is no failure
settings.register_profile("suite", deadline=None, derandomize=True, max_examples=60, suppress_health_check=SLOW_MACHINE)
settings.load_profile("suite")


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Hide the user's key, server, model and proxies from tests; recorded tests have another environment."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name in ("TIMEOUT", "DEADLINE", "REPLY_TOKENS", "CONTEXT"):
        monkeypatch.delenv(f"SUMMARIZER_{name}", raising=False)
    if request.node.get_closest_marker("vcr") is None:
        for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "SUMMARIZER_MODEL", "SUMMARIZER_CONTEXT"):
            monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _no_question_for_context(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Keep models from asking test servers for their context, except in tests of that."""
    if request.node.get_closest_marker("asks_for_context") is None:
        monkeypatch.setattr(OpenAIModel, "context_length", Model.context_length)


@pytest.fixture(scope="session")
def seeds() -> Path:
    return ROOT / "seeds"
