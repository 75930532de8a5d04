"""The pytest plugin: pytest-recording with safe, readable cassettes of language models.

Enable it in the topmost conftest.py:

    pytest_plugins = ["summarizer.testing.plugin"]

It imports vcrpy only for tests with the mark ``vcr``, and openai never.
"""

import json
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from summarizer.testing.staleness import StaleCassette


@pytest.hookimpl(optionalhook=True)
def pytest_recording_configure(config: pytest.Config, vcr: Any) -> None:  # noqa: ARG001  # the hook's signature
    """Register matcher and serializer with the VCR of a test."""
    from summarizer.testing.recording import configure_vcr

    configure_vcr(vcr)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Report a StaleCassette by its message; the traceback leads through HTTP clients."""
    report = yield
    if call.excinfo is not None and (stale := _find_stale(call.excinfo.value)):
        report.longrepr = str(stale)
    return report


@pytest.fixture(scope="session")
def vcr_config() -> dict[str, Any]:
    """Return the options of vcrpy; override it to add your own."""
    from summarizer.testing.recording import vcr_config as options

    return options()


@pytest.fixture(autouse=True)
def recorded_environment(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the environment variables of the library to the recorded server, in tests that play a cassette.

    The key is a dummy. Model and server are those of the first recorded request.
    """
    if request.node.get_closest_marker("vcr") is None:
        return
    if not hasattr(request.config.option, "record_mode"):
        pytest.fail("The mark vcr needs pytest-recording: pip install 'articlebrief[testing]'", pytrace=False)
    cassette = request.getfixturevalue("vcr")
    if cassette is None or getattr(cassette.record_mode, "value", cassette.record_mode) != "none":
        return
    from summarizer.testing.recording import PLACEHOLDER_HOST

    chats = [recorded for recorded in cassette.requests if recorded.path.endswith("/chat/completions")]
    url = chats[0].uri.removesuffix("/chat/completions") if chats else f"http://{PLACEHOLDER_HOST}/v1"
    monkeypatch.setenv("OPENAI_BASE_URL", url)
    monkeypatch.setenv("SUMMARIZER_MODEL", json.loads(chats[0].body)["model"] if chats else "recorded")
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", f"http://{PLACEHOLDER_HOST}")
    for name in ("OPENAI_API_KEY", "AZURE_OPENAI_API_KEY"):
        monkeypatch.setenv(name, "recorded")


def _find_stale(error: BaseException) -> "StaleCassette | None":
    """Return the StaleCassette that ``error`` is or groups."""
    from summarizer.testing.staleness import StaleCassette

    if isinstance(error, BaseExceptionGroup):
        return next(filter(None, map(_find_stale, error.exceptions)), None)
    return error if isinstance(error, StaleCassette) else None
