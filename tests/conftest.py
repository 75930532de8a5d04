"""What all tests share."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

from summarizer import OpenAIModel

ROOT = Path(__file__).parent.parent

settings.register_profile("suite", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record", action="store_true", help="ask the server at OPENAI_BASE_URL and record its replies")


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Tests depend on no key, server or model that the person running them has set."""
    if not request.config.getoption("--record"):
        for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "SUMMARIZER_MODEL"):
            monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def seeds() -> Path:
    return ROOT / "seeds"


@pytest.fixture(scope="session")
def recorded(request: pytest.FixtureRequest) -> Callable[[str], AbstractContextManager[OpenAIModel]]:
    """A model that answers out of ``cassettes/NAME.yaml``, all of which must be played."""
    from tests.recording import recorder

    recording = request.config.getoption("--record")

    @contextmanager
    def play(name: str) -> Iterator[OpenAIModel]:
        path = ROOT / "cassettes" / f"{name}.yaml"
        if recording:
            model = OpenAIModel(os.environ.get("SUMMARIZER_MODEL", "recorded-model"), timeout=3_000, attempts=1)
        else:
            model = OpenAIModel("recorded-model", base_url="http://recorded.invalid/v1", attempts=1)
        with recorder("all" if recording else "none").use_cassette(str(path)) as cassette:
            yield model
            assert recording or cassette.all_played, "the cassette holds replies that nobody asked for"

    return play
