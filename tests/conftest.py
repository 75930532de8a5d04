"""What all tests share."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

from summarizer import OpenAIModel
from summarizer.testing import Cassette

# The checkout's plugin: the installed one is left out in pyproject.toml.
pytest_plugins = ["summarizer.testing.plugin", "pytester", "tests.sample_reply"]

ROOT = Path(__file__).parent.parent

settings.register_profile("suite", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("suite")


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Tests depend on no key, server or model that the person running them has set."""
    if request.config.getoption("--cassettes") == "none":
        for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "SUMMARIZER_MODEL"):
            monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def seeds() -> Path:
    return ROOT / "seeds"


@pytest.fixture(scope="session")
def recorded(
    cassettes: Callable[[str], AbstractContextManager[Cassette]],
) -> Callable[[str], AbstractContextManager[OpenAIModel]]:
    """A model that answers out of ``cassettes/NAME.yaml``, all of which must be played."""

    @contextmanager
    def play(name: str) -> Iterator[OpenAIModel]:
        with cassettes(name):
            yield OpenAIModel(os.environ.get("SUMMARIZER_MODEL", "recorded-model"), timeout=3_000)

    return play
