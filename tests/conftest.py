"""Fixtures and plugins of all tests."""

import gc
import os
import signal
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from pytest_recording.network import blocking_context

from summarizer.models import Model, OpenAIModel
from summarizer.store.database import Database
from tests.shortcuts import connect_to_a_copy, share_the_parser

pytest_plugins = ["summarizer.testing.plugin", "pytester", "tests.sample_reply"]

ROOT = Path(__file__).parent.parent

SLOW_MACHINE = [HealthCheck.too_slow]  # a busy machine is no failure
for name, examples in (("suite", 20), ("thorough", 60)):
    settings.register_profile(
        name, deadline=None, derandomize=True, max_examples=examples, suppress_health_check=SLOW_MACHINE
    )
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

# Without bytecode, which images of containers switch off, each command that a test starts would compile the library.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

share_the_parser()

PROXIES = [word for name in ("http", "https", "all", "no") for word in (f"{name}_proxy", f"{name}_proxy".upper())]
SETTINGS = [f"SUMMARIZER_{name}" for name in ("TIMEOUT", "DEADLINE", "REPLY_TOKENS", "CONTEXT")]
SERVERS = ["OPENAI_API_KEY", "OPENAI_BASE_URL", "SUMMARIZER_MODEL"]

# What pytest-recording and its plugin set up for each test takes longer than most tests, and most play no cassette.
OF_CASSETTES = {
    *("allowed_hosts", "block_network", "disable_recording", "pytestconfig", "record_mode"),
    *("recorded_environment", "vcr", "vcr_cassette_dir", "vcr_markers"),
}


OF_STORES = ROOT / "tests" / "store"


def plays_a_cassette(item: pytest.Item) -> bool:
    return item.get_closest_marker("vcr") is not None


def pytest_itemcollected(item: pytest.Item) -> None:
    """Leave out the fixtures of cassettes where there is none; the hook below blocks the network instead."""
    if isinstance(item, pytest.Function) and not plays_a_cassette(item):
        item.fixturenames[:] = [name for name in item.fixturenames if name not in OF_CASSETTES]


def pytest_collection_finish() -> None:
    """Keep collections of garbage from walking through all tests and modules again and again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, bool, bool]:
    """Hide the user's key, server, model and proxies, and block the network; recorded tests have fixtures for that.

    Models ask test servers for their context only in tests of that, and lay out new stores only in tests of stores.
    """
    recorded = plays_a_cassette(item)
    with pytest.MonkeyPatch.context() as patch:
        for name in (*PROXIES, *SETTINGS, *([] if recorded else SERVERS)):
            if name in os.environ:
                patch.delenv(name)
        if item.get_closest_marker("asks_for_context") is None:
            patch.setattr(OpenAIModel, "context_length", Model.context_length)
        if not item.path.is_relative_to(OF_STORES):
            patch.setattr(Database, "_connect", connect_to_a_copy)
        if recorded or not item.config.getoption("block_network"):
            return (yield)
        with blocking_context(item.config.getoption("allowed_hosts").split(",")):
            return (yield)


@pytest.fixture
def interruptible() -> Generator[None]:
    """Let Ctrl-C interrupt this process and those that it starts; a shell's background commands ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def seeds() -> Path:
    return ROOT / "seeds"
