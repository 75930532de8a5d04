"""The pytest plugin, in projects that enable it beside pytest-recording."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from summarizer.testing import reply_for
from tests.models.conftest import CannedResponse, Server, completion

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
TEXT = "Bridge must go\n\n“The bridge is unsafe,” Anna Berg said."
OTHER = "Bridge may stay\n\n“The bridge is safe,” Tomas Lind said."
HEAD = f"""
import pytest
from summarizer import asummarize, summarize
TEXT = {TEXT!r}
OTHER = {OTHER!r}
"""
ONE = """
@pytest.mark.vcr
def test_one():
    assert summarize(TEXT).positions
"""
CASSETTE = "cassettes/test_desk/test_one.yaml"

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(pytester: pytest.Pytester, server: Server) -> Run:
    """Return a function that runs a test module in a separate process, with the server's address for recording."""

    def reply(received: Any) -> CannedResponse:
        article = TEXT if "unsafe" in received.json["messages"][-1]["content"] else OTHER
        return CannedResponse(completion(reply_for(article).model_dump_json()))

    server.respond = reply
    pytester.makeini("[pytest]\naddopts = --strict-markers -p no:cacheprovider\n")
    pytester.makeconftest('pytest_plugins = ["summarizer.testing.plugin"]')

    def run(
        *options: str, tests: str | None = None, plugins: tuple[str, ...] = ("pytest_recording.plugin",)
    ) -> "subprocess.CompletedProcess[str]":
        if tests is not None:
            pytester.makepyfile(test_desk=HEAD + tests)
        environment = {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        if any("--record-mode" in option for option in options):
            environment |= {
                "OPENAI_BASE_URL": server.url,
                "OPENAI_API_KEY": "sk-planted-0123456789",
                "SUMMARIZER_MODEL": "tiny",
            }
        loaded = [part for plugin in plugins for part in ("-p", plugin)]
        return subprocess.run(
            [sys.executable, "-m", "pytest", *loaded, *options],
            cwd=pytester.path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return run


def test_test_is_recorded_once_and_then_played(run: Run, server: Server, pytester: pytest.Pytester) -> None:
    recording = run("--record-mode=once", tests=ONE)
    assert recording.returncode == 0, recording.stdout
    assert len(server.requests) == 1
    text = (pytester.path / CASSETTE).read_text(encoding="utf-8")
    assert "planted" not in text
    assert server.url not in text
    (interaction,) = yaml.safe_load(text)["interactions"]
    assert interaction["request"]["body"]["compact_json"]["model"] == "tiny"
    assert "[1] (title) Bridge must go" in text
    for _ in range(2):
        assert run("--block-network").returncode == 0
    assert len(server.requests) == 1


def test_test_without_a_recording_says_how_to_make_one(run: Run) -> None:
    done = run(tests=ONE)
    assert done.returncode == 1
    assert f"Nothing is recorded in {CASSETTE}." in done.stdout
    assert "To record it: pytest --record-mode=once test_desk.py::test_one" in done.stdout
    assert "Traceback" not in done.stdout
    assert "site-packages" not in done.stdout


def test_changed_article_is_reported_by_its_changed_line_and_recorded_again(run: Run, server: Server) -> None:
    run("--record-mode=once", tests=ONE)
    changed = "TEXT = TEXT.replace('said', 'said today')" + ONE
    done = run(tests=changed)
    assert (
        "- the article, from line 9 (- recorded, + sent):\n    -[2] “The bridge is unsafe,” Anna Berg said.\n"
        in done.stdout
    )
    assert "    +[2] “The bridge is unsafe,” Anna Berg said today.\n" in done.stdout
    assert "To record it: pytest --record-mode=rewrite test_desk.py::test_one" in done.stdout
    assert "site-packages" not in done.stdout
    assert run("--record-mode=rewrite", "test_desk.py::test_one").returncode == 0
    assert run().returncode == 0
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "body",
    [
        "@pytest.fixture\ndef brief():\n    summarize(OTHER)\n\n@pytest.mark.vcr\ndef test_one(brief):\n    pass",
        "@pytest.mark.vcr\ndef test_one():\n    import asyncio\n    asyncio.run(asummarize(OTHER))",
        "@pytest.mark.vcr\ndef test_one():\n    try:\n        summarize(OTHER)\n    except Exception:\n        pass",
    ],
    ids=["fixture", "async", "caught"],
)
def test_miss_is_reported_wherever_it_happens(run: Run, body: str) -> None:
    run("--record-mode=once", tests=ONE)
    done = run(tests=body)
    assert "To record it: pytest --record-mode=rewrite test_desk.py::test_one" in done.stdout
    assert "    +Title: Bridge may stay" in done.stdout


def test_interrupted_recording_keeps_its_replies(run: Run, server: Server) -> None:
    both = "\n@pytest.mark.vcr\ndef test_one():\n    summarize(TEXT)\n    {}\n    summarize(OTHER)\n"
    done = run("--record-mode=new_episodes", tests=both.format("raise KeyboardInterrupt"))
    assert done.returncode == pytest.ExitCode.INTERRUPTED
    assert run("--record-mode=new_episodes", tests=both.format("")).returncode == 0
    assert len(server.requests) == 2
    assert run().returncode == 0


def test_failing_test_keeps_its_recording(run: Run, server: Server) -> None:
    assert run("--record-mode=once", tests=ONE + "    assert False\n").returncode == 1
    assert run(tests=ONE).returncode == 0
    assert len(server.requests) == 1


def test_network_is_refused_while_a_test_plays(run: Run, server: Server) -> None:
    connect = f"""
@pytest.mark.vcr
@pytest.mark.block_network
def test_one():
    summarize(TEXT)
    import socket
    socket.create_connection(("127.0.0.1", {server.url.rpartition(":")[2].partition("/")[0]}))
"""
    run("--record-mode=once", tests=connect)
    done = run()
    assert done.returncode == 1
    assert "Network is disabled for host '127.0.0.1'" in done.stdout


def test_users_own_vcr_config_extends_ours(run: Run, pytester: pytest.Pytester) -> None:
    pytester.makeconftest("""
import pytest
from summarizer.testing import vcr_config as options
pytest_plugins = ["summarizer.testing.plugin"]

@pytest.fixture(scope="module")
def vcr_config():
    return {**options(), "allow_playback_repeats": True}
""")
    run("--record-mode=once", tests=ONE)
    assert run(tests=ONE + "    assert summarize(TEXT).positions\n").returncode == 0


def test_processes_play_side_by_side(run: Run) -> None:
    tests = """
@pytest.mark.vcr
@pytest.mark.parametrize("text", [TEXT, OTHER], ids="ab")
def test_one(text):
    summarize(text)
"""
    run("--record-mode=once", tests=tests)
    done = run("-n", "2", plugins=("pytest_recording.plugin", "xdist"))
    assert done.returncode == 0
    assert "2 passed" in done.stdout


def test_plugin_imports_nothing_without_marked_tests(run: Run) -> None:
    tests = (
        "def test_one():\n    import sys\n    assert not {'vcr', 'openai', 'yaml', 'pytest_recording'} & {*sys.modules}"
    )
    assert run(tests=tests, plugins=()).returncode == 0


def test_marked_test_without_pytest_recording_names_the_missing_package(run: Run) -> None:
    done = run("-o", "markers=vcr", tests=ONE, plugins=())
    assert "The mark vcr needs pytest-recording: pip install 'articlebrief[testing]'" in done.stdout
