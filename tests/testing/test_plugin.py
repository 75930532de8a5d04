"""The pytest plugin: which tests play which cassette, what fails them, and what it costs the others."""

import json
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpcore2  # noqa: F401  loaded here, where it stays, and not anew by each of the nested runs
import openai  # noqa: F401
import pytest
import vcr  # noqa: F401
import yaml

from summarizer.testing import reply_for
from summarizer.testing.storing import load
from tests.models.conftest import Canned, Server, completion

ROOT = Path(__file__).parent.parent.parent
TEXT = "Bridge must go\n\n“The bridge is unsafe,” Anna Berg said."
OTHER = "Bridge may stay\n\n“The bridge is safe,” Tomas Lind said."
HEAD = f"""
import asyncio
import unittest
import pytest
from summarizer import asummarize, summarize
TEXT = {TEXT!r}
OTHER = {OTHER!r}
"""
ONE = """
@pytest.mark.cassette
def test_one():
    assert summarize(TEXT).positions
"""

Run = Callable[..., pytest.RunResult]


def reply(asked: Any) -> Canned:
    """What a model that read the article well would answer."""
    words = asked.json["messages"][-1]["content"]
    return Canned(completion(reply_for(TEXT if "unsafe" in words else OTHER).model_dump_json()))


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, server: Server) -> Run:
    """Run a module of tests in a project of its own: to record, at a server that is there."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", lambda *_, **__: None)  # slow, and nobody is trusted
    server.answer = reply
    pytester.makeini("[pytest]\naddopts = --strict-markers\n")

    def run(*options: str, tests: str | None = None, plugins: tuple[str, ...] = ()) -> pytest.RunResult:
        if tests is not None:
            pytester.makepyfile(test_desk=HEAD + tests)
        names = ("summarizer.testing.plugin", "no:cacheprovider", *plugins)
        with monkeypatch.context() as here:
            if any(option in ("--cassettes=all", "--cassettes=new") for option in options):
                here.setenv("OPENAI_BASE_URL", server.url)
                here.setenv("OPENAI_API_KEY", "sk-secret")
                here.setenv("SUMMARIZER_MODEL", "tiny")
            return pytester.runpytest_inprocess(*(part for name in names for part in ("-p", name)), *options)

    return run


def apart(pytester: pytest.Pytester, *options: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run the tests that are there in a process of their own, in which nothing is loaded yet."""
    command = [sys.executable, "-m", "pytest", "-p", "summarizer.testing.plugin", "-p", "no:cacheprovider", *options]
    environment = {"PATH": "", "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **variables}
    return subprocess.run(
        command, env=environment, cwd=pytester.path, capture_output=True, text=True, timeout=60, check=False
    )


def files(pytester: pytest.Pytester, folder: str = "cassettes") -> list[str]:
    return sorted(path.relative_to(pytester.path / folder).as_posix() for path in pytester.path.rglob("*.yaml"))


# Recording and playing


def test_a_marked_test_is_recorded_once_and_played_from_then_on(
    run: Run,
    pytester: pytest.Pytester,
    server: Server,
) -> None:
    run("--cassettes=all", tests=ONE).assert_outcomes(passed=1)
    assert files(pytester) == ["test_desk/test_one.yaml"]
    asked = len(server.asked)
    run().assert_outcomes(passed=1)
    assert len(server.asked) == asked == 1
    assert "sk-secret" not in (pytester.path / "cassettes/test_desk/test_one.yaml").read_text(encoding="utf-8")


def test_what_is_there_is_not_asked_for_again_by_new(run: Run, server: Server) -> None:
    run("--cassettes=new", tests=ONE).assert_outcomes(passed=1)
    run("--cassettes=new").assert_outcomes(passed=1)
    assert len(server.asked) == 1
    run("--cassettes=all").assert_outcomes(passed=1)
    assert len(server.asked) == 2


def test_that_a_server_is_asked_is_said_at_the_top(run: Run) -> None:
    run("--cassettes=all", tests=ONE).stdout.fnmatch_lines("cassettes: all")
    run().stdout.no_fnmatch_line("cassettes:*")


def test_without_a_recording_a_test_errs_with_the_command_that_makes_one(run: Run) -> None:
    result = run(tests=ONE)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines("*Nothing was recorded yet*pytest --cassettes=all test_desk.py::test_one*")


SHAPES = {
    "an asyncio test": (
        (
            "@pytest.mark.asyncio\n@pytest.mark.cassette\n"
            "async def test_it():\n    assert (await asummarize(TEXT)).positions\n"
        ),
        ("pytest_asyncio.plugin",),
        ["test_desk/test_it.yaml"],
    ),
    "an anyio test": (
        (
            "@pytest.fixture\ndef anyio_backend():\n    return 'asyncio'\n"
            "@pytest.mark.anyio\n@pytest.mark.cassette\n"
            "async def test_it():\n    assert (await asummarize(TEXT)).positions\n"
        ),
        ("anyio.pytest_plugin",),
        ["test_desk/test_it.yaml"],
    ),
    "a class": (
        (
            "@pytest.mark.cassette\nclass TestDesk:\n"
            "    def test_a(self):\n        assert summarize(TEXT).positions\n"
            "    def test_b(self):\n        assert summarize(OTHER).positions\n"
        ),
        (),
        ["test_desk/TestDesk.test_a.yaml", "test_desk/TestDesk.test_b.yaml"],
    ),
    "a parametrised test": (
        (
            "@pytest.mark.parametrize('text', [TEXT, OTHER], ids=['one', 'The: other?'])\n@pytest.mark.cassette\n"
            "def test_it(text):\n    assert summarize(text).positions\n"
        ),
        (),
        ["test_desk/test_it-one.yaml", "test_desk/test_it-the-other-1f0fd425.yaml"],
    ),
    "one parameter": (
        (
            "@pytest.mark.parametrize('n', [1, pytest.param(2, marks=pytest.mark.cassette)])\n"
            "def test_it(n):\n    assert n == 1 or summarize(TEXT).positions\n"
        ),
        (),
        ["test_desk/test_it-2.yaml"],
    ),
    "a TestCase": (
        (
            "@pytest.mark.cassette\nclass TestDesk(unittest.TestCase):\n"
            "    def setUp(self):\n        self.brief = summarize(TEXT)\n"
            "    def test_a(self):\n        self.assertTrue(self.brief.positions)\n"
        ),
        (),
        ["test_desk/TestDesk.test_a.yaml"],
    ),
    "an asynchronous TestCase": (
        (
            "@pytest.mark.cassette\nclass TestDesk(unittest.IsolatedAsyncioTestCase):\n"
            "    async def test_a(self):\n        self.assertTrue((await asummarize(TEXT)).positions)\n"
        ),
        (),
        ["test_desk/TestDesk.test_a.yaml"],
    ),
    "a fixture of the test's": (
        (
            "@pytest.fixture\ndef brief():\n    return summarize(TEXT)\n"
            "@pytest.mark.cassette\ndef test_it(brief):\n    assert brief.positions\n"
        ),
        (),
        ["test_desk/test_it.yaml"],
    ),
    "a module": (
        "pytestmark = pytest.mark.cassette\ndef test_it():\n    assert summarize(TEXT).positions\n",
        (),
        ["test_desk/test_it.yaml"],
    ),
    "a name": (
        "@pytest.mark.cassette('harbour/first')\ndef test_it():\n    assert summarize(TEXT).positions\n",
        (),
        ["harbour/first.yaml"],
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_tests_of_every_shape_play_files_of_their_own(
    run: Run,
    pytester: pytest.Pytester,
    server: Server,
    shape: str,
) -> None:
    tests, plugins, paths = SHAPES[shape]
    calm = ("-o", "asyncio_default_fixture_loop_scope=function")
    recorded = run("--cassettes=all", *calm, tests=tests, plugins=plugins)
    passed = recorded.parseoutcomes()["passed"]
    recorded.assert_outcomes(passed=passed)
    assert files(pytester) == paths
    asked = len(server.asked)
    run(*calm, plugins=plugins).assert_outcomes(passed=passed)
    assert len(server.asked) == asked == len(paths)


def test_tests_that_share_a_name_record_into_one_file(run: Run, pytester: pytest.Pytester) -> None:
    tests = """
@pytest.mark.cassette("shared", allow_unplayed=True)
def test_one():
    assert summarize(TEXT).positions

@pytest.mark.cassette("shared", allow_unplayed=True)
def test_two():
    assert summarize(OTHER).positions

@pytest.mark.cassette("shared")
def test_both():
    assert summarize(TEXT).positions
    assert summarize(OTHER).positions
"""
    run("--cassettes=all", tests=tests).assert_outcomes(passed=3)
    assert files(pytester) == ["shared.yaml"]
    run().assert_outcomes(passed=3)
    run("--cassettes=new").assert_outcomes(passed=3)
    run().assert_outcomes(passed=3)


SHARED = """
@pytest.mark.cassette("shared", allow_unplayed=True)
def test_one():
    assert summarize(TEXT).positions

@pytest.mark.cassette("shared", allow_unplayed=True)
def test_two():
    assert summarize(OTHER).positions
"""
BOTH = f"{ONE}    assert summarize(OTHER).positions\n"


def recorded(pytester: pytest.Pytester, name: str) -> int:
    """How many interactions a cassette holds."""
    found = load(pytester.path / "cassettes" / f"{name}.yaml")
    assert found
    return len(found.interactions)


def test_one_of_the_tests_that_share_a_file_records_anew_what_it_asks_and_leaves_the_others_theirs(
    run: Run, pytester: pytest.Pytester, server: Server
) -> None:
    run("--cassettes=all", tests=SHARED).assert_outcomes(passed=2)
    edited = SHARED.replace("TEXT", "TEXT + ' Nobody spoke.'")
    run(tests=edited).assert_outcomes(passed=1, failed=1)
    run("--cassettes=all", "test_desk.py::test_one").assert_outcomes(passed=1)
    run().assert_outcomes(passed=2)
    run("--cassettes=all", "test_desk.py::test_one").assert_outcomes(passed=1)
    assert len(server.asked) == 4
    assert recorded(pytester, "shared") == 3, "the reply to what is asked no more, and one to each of the two"


def test_each_of_them_asks_anew_for_what_another_left_in_the_file(run: Run, server: Server) -> None:
    for _ in range(2):
        run("--cassettes=all", tests=SHARED).assert_outcomes(passed=2)
    assert len(server.asked) == 4


@pytest.mark.parametrize("mark", ["'shared', allow_unplayed=True", "'shared'"])
def test_an_interrupt_between_two_tests_that_share_a_file_loses_nothing(
    run: Run, pytester: pytest.Pytester, mark: str
) -> None:
    tests = SHARED.replace('"shared", allow_unplayed=True', mark)
    run("--cassettes=all", tests=tests)
    held = recorded(pytester, "shared")
    stop = "\n@pytest.fixture(autouse=True)\ndef stop(request):\n    if request.node.name == 'test_two':\n"
    interrupted = f"{tests}{stop}        raise KeyboardInterrupt\n"
    pytester.makepyfile(test_desk=HEAD + interrupted)
    with pytest.raises(KeyboardInterrupt):
        run("--cassettes=all")
    assert recorded(pytester, "shared") == held
    run(tests=SHARED).assert_outcomes(passed=2)


def test_a_failure_of_the_server_at_one_of_them_leaves_its_recording(run: Run, server: Server) -> None:
    run("--cassettes=all", tests=SHARED).assert_outcomes(passed=2)
    server.answer = lambda asked: reply(asked) if b"unsafe" in asked.body else Canned("No such key.", 401)
    run("--cassettes=all").assert_outcomes(passed=1, failed=1)
    run().assert_outcomes(passed=2)


@pytest.mark.parametrize("between", ["assert 1 == 2", "pytest.fail('Timeout')", "raise TimeoutError"])
def test_a_test_that_ends_between_two_requests_keeps_the_recording_of_the_second(
    run: Run, pytester: pytest.Pytester, between: str
) -> None:
    run("--cassettes=all", tests=BOTH).assert_outcomes(passed=1)
    broken = BOTH.replace("    assert summarize(OTHER)", f"    {between}\n    assert summarize(OTHER)")
    run("--cassettes=all", tests=broken).assert_outcomes(failed=1)
    assert recorded(pytester, "test_desk/test_one") == 2
    run(tests=BOTH).assert_outcomes(passed=1)


def test_what_a_failing_claim_left_over_is_dropped_without_asking_again(run: Run, server: Server) -> None:
    run("--cassettes=all", tests=ONE).assert_outcomes(passed=1)
    edited = ONE.replace("TEXT", "TEXT + ' Nobody spoke.'")
    run("--cassettes=all", tests=edited.replace("positions", "positions == 5")).assert_outcomes(failed=1)
    result = run(tests=edited)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        "*1 of 2*not asked for*To drop what is not: pytest --cassettes=new test_desk.py::test_one*"
    )
    run("--cassettes=new").assert_outcomes(passed=1)
    run().assert_outcomes(passed=1)
    assert len(server.asked) == 2


@pytest.mark.parametrize("mode", ["all", "new"])
def test_what_no_test_of_a_run_used_is_dropped_at_its_end(run: Run, pytester: pytest.Pytester, mode: str) -> None:
    run("--cassettes=all", tests=BOTH).assert_outcomes(passed=1)
    run(f"--cassettes={mode}", tests=ONE).assert_outcomes(passed=1)
    assert recorded(pytester, "test_desk/test_one") == 1
    run().assert_outcomes(passed=1)


@pytest.mark.parametrize("mode", ["all", "new"])
def test_what_one_test_of_a_run_used_is_not_dropped_by_the_next(run: Run, pytester: pytest.Pytester, mode: str) -> None:
    tests = SHARED.replace(", allow_unplayed=True", "")
    for _ in range(2):
        run(f"--cassettes={mode}", tests=tests).assert_outcomes(passed=2)
        assert recorded(pytester, "shared") == 2


def test_nothing_is_dropped_by_a_run_that_stops_at_a_failure(run: Run, pytester: pytest.Pytester) -> None:
    tests = SHARED.replace(", allow_unplayed=True", "")
    run("--cassettes=all", tests=tests).assert_outcomes(passed=2)
    stops = tests.replace("def test_two", "def test_between():\n    assert 0\n\ndef test_two")
    run("--cassettes=all", "-x", tests=stops)
    assert recorded(pytester, "shared") == 2


# What fails a test


NETWORK = """
import socket

def ask():
    with socket.socket() as asking:
        asking.connect(("127.0.0.1", PORT))
"""


def test_a_marked_test_can_connect_to_nothing_and_an_unmarked_one_can(
    run: Run,
    server: Server,
) -> None:
    tests = f"{ONE}\n{NETWORK.replace('PORT', server.url.split(':')[2].removesuffix('/v1'))}\n"
    tests += """
@pytest.mark.cassette("test_desk/test_one", allow_unplayed=True)
def test_marked():
    with pytest.raises(Exception, match="No connection to 127.0.0.1"):
        ask()

@pytest.mark.cassette("test_desk/test_one", allow_unplayed=True)
def test_marked_and_asynchronous():
    async def main():
        with pytest.raises(Exception, match="No connection to 127.0.0.1"):
            await asyncio.open_connection("127.0.0.1", 80)
    asyncio.run(main())

def test_unmarked():
    ask()
"""
    run("--cassettes=all", "-k", "test_one", tests=tests).assert_outcomes(passed=1, deselected=3)
    run().assert_outcomes(passed=4)


def test_nor_can_its_own_fixtures_when_they_are_torn_down_and_those_of_a_wider_scope_can(
    run: Run, server: Server
) -> None:
    fixture = "@pytest.fixture{}\ndef {}():\n    yield\n    ask()\n"
    asks = NETWORK.replace("PORT", server.url.split(":")[2].removesuffix("/v1"))
    asks += fixture.format("", "own") + fixture.format("(scope='module')", "shared")
    run("--cassettes=all", tests=ONE).assert_outcomes(passed=1)
    run(tests=asks + ONE.replace("test_one()", "test_one(shared)")).assert_outcomes(passed=1)
    result = run(tests=asks + ONE.replace("test_one()", "test_one(own)"))
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines("*No connection to 127.0.0.1:* can be made in a test that plays the cassette*")
    run("--cassettes=all", tests=asks + ONE.replace("test_one()", "test_one(own)")).assert_outcomes(passed=1)


def test_after_a_test_whose_setup_failed_the_network_is_open_again(run: Run, server: Server) -> None:
    asks = NETWORK.replace("PORT", server.url.split(":")[2].removesuffix("/v1"))
    result = run(tests=f"{asks}{ONE}\ndef test_unmarked():\n    ask()\n")
    result.assert_outcomes(errors=1, passed=1)


def test_what_was_recorded_and_not_asked_for_fails_the_test(run: Run) -> None:
    run("--cassettes=all", tests=ONE)
    result = run(tests="@pytest.mark.cassette\ndef test_one():\n    pass\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines("*1 of 1 recordings of the cassette *test_one.yaml was not asked for*")


def test_a_test_of_unittest_is_failed_by_it_too(run: Run) -> None:
    case = "@pytest.mark.cassette('one')\nclass TestDesk(unittest.TestCase):\n    def test_one(self):\n        "
    run("--cassettes=all", tests=f"{case}summarize(TEXT)\n").assert_outcomes(passed=1)
    run(tests=f"{case}pass\n").assert_outcomes(failed=1)
    result = run(tests=f"{case}self.fail('for a reason of its own')\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines("*for a reason of its own*")
    result.stdout.no_fnmatch_line("*not asked for*")


def test_that_can_be_allowed(run: Run) -> None:
    run("--cassettes=all", tests=ONE)
    run(tests="@pytest.mark.cassette(allow_unplayed=True)\ndef test_one():\n    pass\n").assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("body", "outcome"), [("assert 1 == 2", "failed"), ("1 / 0", "failed"), ("pytest.skip('later')", "skipped")]
)
def test_a_test_that_ends_otherwise_is_not_also_told_of_it(run: Run, body: str, outcome: str) -> None:
    run("--cassettes=all", tests=ONE)
    result = run(tests=f"@pytest.mark.cassette\ndef test_one():\n    {body}\n")
    result.assert_outcomes(**{outcome: 1})
    result.stdout.no_fnmatch_line("*not asked for*")


def test_a_changed_article_is_told_as_what_it_is(run: Run) -> None:
    run("--cassettes=all", tests=ONE)
    result = run(tests=ONE.replace("TEXT", "TEXT.replace('unsafe', 'sound')"))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["The cassette *has no reply to a request*", "*-?2? *unsafe*", "*+?2? *sound*"])
    result.stdout.no_fnmatch_line("*httpx*")


def test_a_test_whose_fixture_fails_leaves_no_cassette_open_for_the_next(run: Run) -> None:
    broken = "@pytest.fixture\ndef broken():\n    1 / 0\n"
    tests = f"{broken}\n@pytest.mark.cassette('a')\ndef test_broken(broken):\n    pass\n{ONE}"
    run("--cassettes=all", tests=tests).assert_outcomes(errors=1, passed=1)


def test_replies_are_kept_where_they_are_not_what_the_test_claims(run: Run, pytester: pytest.Pytester) -> None:
    run("--cassettes=all", tests=ONE.replace("positions", "positions == 5")).assert_outcomes(failed=1)
    assert files(pytester) == ["test_desk/test_one.yaml"]


def test_a_recording_that_breaks_off_leaves_the_old_one(
    run: Run,
    pytester: pytest.Pytester,
    server: Server,
) -> None:
    run("--cassettes=all", tests=ONE).assert_outcomes(passed=1)
    path = pytester.path / "cassettes/test_desk/test_one.yaml"
    before = path.read_bytes()
    server.answer = lambda _: Canned({"error": {"message": "No such key."}}, 401)
    run("--cassettes=all").assert_outcomes(failed=1)
    assert path.read_bytes() == before


@pytest.mark.parametrize("mode", ["all", "new"])
def test_where_no_model_is_named_nothing_is_recorded_and_that_is_said(
    run: Run, pytester: pytest.Pytester, mode: str
) -> None:
    run("--cassettes=all", tests=ONE)
    before = (pytester.path / "cassettes/test_desk/test_one.yaml").read_bytes()
    result = pytester.runpytest_inprocess("-p", "summarizer.testing.plugin", f"--cassettes={mode}")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines("*There is no model to record: neither OPENAI_API_KEY, OPENAI_BASE_URL nor*")
    assert (pytester.path / "cassettes/test_desk/test_one.yaml").read_bytes() == before


@pytest.mark.parametrize("mode", ["all", "new"])
def test_a_claim_that_fails_before_anything_is_asked_leaves_the_old_file(
    run: Run, pytester: pytest.Pytester, mode: str
) -> None:
    run("--cassettes=all", tests=ONE)
    before = (pytester.path / "cassettes/test_desk/test_one.yaml").read_bytes()
    run(f"--cassettes={mode}", tests=ONE.replace("    assert", "    assert 1 == 2\n    assert")).assert_outcomes(
        failed=1
    )
    assert (pytester.path / "cassettes/test_desk/test_one.yaml").read_bytes() == before


def test_with_new_a_claim_that_fails_in_between_costs_no_recording(run: Run) -> None:
    both = f"{ONE}    assert summarize(OTHER).positions\n"
    run("--cassettes=all", tests=both)
    added = "    assert summarize(OTHER + ' “The bridge is safe,” Ida Holm said.').positions\n    assert 1 == 2\n"
    run("--cassettes=new", tests=f"{ONE}{added}").assert_outcomes(failed=1)
    result = run(tests=f"{both}{added.replace('1 == 2', 'True')}")
    result.assert_outcomes(passed=1)


SWALLOWING = """
@pytest.mark.cassette
def test_one():
    try:
        said = summarize(TEXT).positions
    except Exception as error:
        said = []
    assert said
"""


def test_a_miss_that_the_code_under_test_swallowed_is_told_beside_the_claim_that_failed(run: Run) -> None:
    run("--cassettes=all", tests=SWALLOWING).assert_outcomes(passed=1)
    result = run(tests=SWALLOWING.replace("TEXT", "TEXT.replace('unsafe', 'sound')"))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*assert said*", "*Captured cassette call*", "*-?2? *unsafe*", "*+?2? *sound*"])


@pytest.mark.parametrize(
    ("mark", "message"),
    [
        ("cassette(5)", "A cassette is named by a string, not 5."),
        ("cassette('../up')", "A cassette cannot be called '../up'."),
        ("cassette('a', 'b')", "*The mark cassette is cassette(name=None, *, allow_unplayed=False)*"),
        ("cassette(record='all')", "*The mark cassette is *unexpected keyword*"),
    ],
)
def test_a_mark_that_says_nothing_known_is_an_error(run: Run, mark: str, message: str) -> None:
    result = run(tests=f"@pytest.mark.{mark}\ndef test_one():\n    pass\n")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(f"*{message}*")


# Where the files are


def test_the_folder_can_be_another(run: Run, pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\ncassettes_folder = tests/replies\n")
    run("--cassettes=all", tests=ONE).assert_outcomes(passed=1)
    assert files(pytester, "tests/replies") == ["test_desk/test_one.yaml"]


def test_it_is_that_of_the_project_that_the_test_is_part_of(run: Run, pytester: pytest.Pytester) -> None:
    folder = pytester.path / "plugins" / "desk"
    (folder / "tests" / "unit").mkdir(parents=True)
    (folder / "pyproject.toml").write_text("[project]\nname = 'desk'\n")
    (folder / "tests" / "unit" / "test_inner.py").write_text(HEAD + ONE, encoding="utf-8")
    run("--cassettes=all", tests=ONE).assert_outcomes(passed=2)
    assert files(pytester, ".") == [
        "cassettes/test_desk/test_one.yaml",
        "plugins/desk/cassettes/unit/test_inner/test_one.yaml",
    ]


# The fixture


FIXTURE = """
@pytest.fixture(scope="module")
def brief(cassettes):
    with cassettes("bridge") as cassette:
        brief = summarize(TEXT)
        assert cassette.played or cassette.recorded
    return brief

def test_one(brief):
    assert brief.positions

@pytest.mark.cassette
def test_two(brief):
    assert brief.positions == summarize(TEXT).positions
"""


def test_a_fixture_of_a_module_opens_a_cassette_by_its_name(run: Run, pytester: pytest.Pytester) -> None:
    run("--cassettes=all", tests=FIXTURE).assert_outcomes(passed=2)
    assert files(pytester) == ["bridge.yaml", "test_desk/test_two.yaml"]
    run().assert_outcomes(passed=2)


def test_where_such_a_fixture_opens_none_the_recording_says_that_its_test_asked_nothing(run: Run) -> None:
    tests = """
@pytest.fixture(scope="module")
def brief():
    return summarize(TEXT)

@pytest.mark.cassette
def test_one(brief):
    assert brief.positions
"""
    result = run("--cassettes=all", "-W", "default", tests=tests)
    result.assert_outcomes(passed=1, warnings=1)
    result.stdout.fnmatch_lines("*PytestWarning: Nothing was asked in this test*with the fixture `cassettes`*")


def test_what_such_a_fixture_misses_is_told_without_the_way_there(run: Run) -> None:
    run("--cassettes=all", tests=FIXTURE)
    result = run("-k", "test_one", tests=FIXTURE.replace("summarize(TEXT)", "summarize(OTHER)"))
    result.assert_outcomes(errors=1, deselected=1)
    result.stdout.fnmatch_lines("The cassette *bridge.yaml has no reply to a request*")
    result.stdout.no_fnmatch_line("*httpx*")


def test_what_such_a_fixture_leaves_unplayed_is_an_error(run: Run) -> None:
    run("--cassettes=all", tests=FIXTURE)
    asks = "        brief = summarize(TEXT)\n        assert cassette.played or cassette.recorded\n    return brief"
    result = run("-k", "test_one", tests=FIXTURE.replace(asks, "        pass"))
    result.assert_outcomes(errors=1, deselected=1)
    result.stdout.fnmatch_lines("*was not asked for*")


# What it costs


def test_where_no_test_is_marked_it_takes_no_part_and_nothing_is_loaded(run: Run, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_plain="import sys\ndef test_plain(pytestconfig):\n"
        "    assert not pytestconfig.pluginmanager.has_plugin('summarizer-playing')\n"
        "    assert not {'vcr', 'yaml', 'openai', 'pydantic', 'asyncio', 'summarizer.models'} & set(sys.modules)\n"
    )
    done = apart(pytester)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("module", ["vcr", "yaml"])
def test_without_what_cassettes_need_a_marked_test_errs_with_what_to_install(
    pytester: pytest.Pytester, module: str
) -> None:
    pytester.makeconftest(f"import sys\nsys.modules[{module!r}] = None\n")
    pytester.makepyfile(test_desk=f"{HEAD}{ONE}\ndef test_two():\n    pass\n")
    stdout = apart(pytester).stdout
    assert "1 passed, 1 error" in stdout
    assert f"needs the Python package '{module}', which is not installed." in stdout
    assert "pip install 'articlebrief[testing]'" in stdout


def test_the_mark_and_the_options_say_what_they_are(run: Run) -> None:
    run("--markers").stdout.fnmatch_lines("@pytest.mark.cassette(name=None*): play the recorded replies*")
    run("--help").stdout.fnmatch_lines(["*--cassettes={none,new,all}*", "*cassettes_folder (string)*"])


def test_an_unknown_mode_is_refused(run: Run) -> None:
    assert run("--cassettes=some", tests=ONE).ret == pytest.ExitCode.USAGE_ERROR


# Several processes


def test_several_processes_play_side_by_side_and_one_records(
    run: Run, pytester: pytest.Pytester, server: Server
) -> None:
    pytest.importorskip("xdist")
    both = f"{ONE}\n{ONE.replace('test_one', 'test_two').replace('cassette', 'cassette(chr(97))')}"
    run("--cassettes=all", tests=both).assert_outcomes(passed=2)
    played = apart(pytester, "-p", "xdist.plugin", "-n2")
    assert "2 passed" in played.stdout, played.stdout
    for mode in ("all", "new"):
        options = ("-p", "xdist.plugin", "-n2", "--dist=worksteal", f"--cassettes={mode}")
        asked = {"OPENAI_BASE_URL": server.url, "SUMMARIZER_MODEL": "tiny"}
        recorded = apart(pytester, *options, **asked)
        assert "2 passed" in recorded.stdout, recorded.stdout
        assert "workers" not in recorded.stdout


def test_the_file_is_yaml_that_a_person_can_read(run: Run, pytester: pytest.Pytester) -> None:
    run("--cassettes=all", tests=ONE)
    text = (pytester.path / "cassettes/test_desk/test_one.yaml").read_text(encoding="utf-8")
    assert "“The bridge is unsafe,” Anna Berg said." in text
    assert json.dumps(yaml.safe_load(text))
