"""The pytest plugin: tests marked with ``cassette`` play their own, and ``--cassettes`` records it.

pytest finds it by its entry point. It imports nothing but pytest before a marked test is set up, and
where no test is marked it does no more than look.
"""

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from summarizer.errors import StaleCassette, SummarizerError
from summarizer.testing.places import named_file, own_file, project_folder

if TYPE_CHECKING:
    from summarizer.testing.cassettes import Cassette, Opening
    from summarizer.testing.holdings import Holdings

_MARK = "cassette"
_FOLDER = "cassettes_folder"
_NOTHING_ASKED = (
    "Nothing was asked in this test, so its cassette is empty. What a fixture of a wider scope asks is asked outside "
    "of it: with the fixture `cassettes`, that has a cassette of its own."
)
_RECORDED = pytest.StashKey["dict[Path, _Recorded]"]()
"""The cassettes that this run records."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--cassettes``, and where they are kept."""
    parser.getgroup("summarizer").addoption(
        "--cassettes",
        choices=("none", "new", "all"),
        default="none",
        help="whether tests marked with cassette ask a server: none (default): they play what is recorded; "
        "new: they play what is there and record the rest; all: they record anew",
    )
    parser.addini(_FOLDER, "the folder of cassettes, within the project that a test is part of", default="cassettes")


@pytest.hookimpl(wrapper=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, object, object]:
    """Record in one process, where pytest-xdist would spread the tests over several: each cassette is one file."""
    if _mode(config) != "none" and config.getoption("numprocesses", None):
        config.option.numprocesses, config.option.dist, config.option.tx = 0, "no", []
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line(
        "markers",
        f"{_MARK}(name=None, *, allow_unplayed=False): play the recorded replies of cassettes/NAME.yaml, or of a file "
        "called after the test; no connection can be made. Recorded with --cassettes.",
    )
    config.stash[_RECORDED] = {}


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say that a server is asked, if it is."""
    return [f"cassettes: {_mode(config)}"] if _mode(config) != "none" else []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take part in the tests only where one of them is marked."""
    if any(item.get_closest_marker(_MARK) for item in items) and not config.pluginmanager.has_plugin(_Playing.NAME):
        config.pluginmanager.register(_Playing(config), _Playing.NAME)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Drop the recordings that no test used, if the tests that could have used them were run to their end."""
    if exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) and not (
        session.shouldstop or session.shouldfail
    ):
        for recorded in session.config.stash[_RECORDED].values():
            if recorded.all_passed and not recorded.allow_unplayed:
                recorded.holdings.drop_rest()


@pytest.fixture(scope="session")
def cassettes(pytestconfig: pytest.Config) -> "Callable[..., AbstractContextManager[Cassette]]":
    """A function that opens a cassette by its name, as ``--cassettes`` wants it.

        with cassettes("name"):
            …

    For fixtures of a wider scope than a test's, whose work is done before a marked test's cassette opens.
    """

    @contextmanager
    def open_cassette(name: str, *, allow_unplayed: bool = False) -> "Iterator[Cassette]":
        path = named_file(_folder(pytestconfig, _current_file(pytestconfig)), name)
        try:
            with _opening(pytestconfig, path, allow_unplayed=allow_unplayed) as opened:
                yield opened
        except StaleCassette as error:
            _fail(error)
        except BaseException:
            _broke_off(pytestconfig, path)
            raise

    return open_cassette


class _Playing:
    """Opens the cassette of a marked test before its own fixtures, and closes it when the test is done.

    Fixtures of a wider scope, which other tests share, are set up outside of it.
    """

    NAME = "summarizer-playing"

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._open: tuple[pytest.Item, Opening, Cassette] | None = None

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, request: pytest.FixtureRequest) -> Generator[None, object, object]:
        if request.scope == "function":
            self._begin(request.node)
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, object, object]:
        result = yield
        self._begin(item)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        try:
            result = yield
        except StaleCassette as error:
            self._end(error)
            _fail(error)  # it says what it has to; the way there leads through the insides of HTTP clients
        except BaseException as error:
            self._end(error)
            raise
        self._end(_unittest_error(item))
        return result

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self) -> Generator[None, object, object]:
        if self._open:  # its setup failed
            self._end(RuntimeError("The test was not run."))
        return (yield)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        self._end(KeyboardInterrupt())  # during its setup, after which nothing is torn down

    def _begin(self, item: Any) -> None:
        """Open the cassette of ``item``, if it is marked and none is open."""
        mark = item.get_closest_marker(_MARK)
        if mark is None or self._open:
            return
        name, allow_unplayed = _read(mark)
        folder = _folder(self._config, item.path)
        try:
            path = own_file(folder, item, self._config.rootpath) if name is None else named_file(folder, name)
            opening = _opening(self._config, path, allow_unplayed=allow_unplayed)
            if _mode(self._config) == "none":
                self._close_network(item, path)
            self._open = item, opening, opening.__enter__()
        except SummarizerError as error:
            _fail(error)

    def _close_network(self, item: Any, path: Path) -> None:
        """Until all of the test's own fixtures are torn down: the cassette is closed before."""
        from summarizer.testing.network import no_network

        closed = no_network(f"in a test that plays the cassette {path}")
        closed.__enter__()
        item.addfinalizer(lambda: closed.__exit__(None, None, None))

    def _end(self, error: BaseException | None) -> None:
        """Close the cassette that is open; ``error`` is what the test ended with."""
        if self._open is None:
            return
        (item, opening, cassette), self._open = self._open, None
        if error is not None:
            _broke_off(self._config, cassette.path)
        if cassette.recorded and isinstance(error, AssertionError | pytest.fail.Exception):
            error = None  # the replies are there; that they are not what the test claims is to be seen in them
        try:
            opening.__exit__(type(error) if error else None, error, None)
        except SummarizerError as stale:
            _fail(stale)
        if error is None:
            if _mode(self._config) != "none" and not cassette.recorded + cassette.played:
                item.warn(pytest.PytestWarning(_NOTHING_ASKED))
        elif cassette.missed and cassette.missed is not error:  # whoever asked has swallowed it
            item.add_report_section("call", "cassette", str(cassette.missed))


@dataclass
class _Recorded:
    """A cassette that this run records, for one test after the other."""

    holdings: "Holdings"
    allow_unplayed: bool = True
    """Whether all of the tests do."""
    all_passed: bool = True


def _mode(config: pytest.Config) -> Any:
    return config.getoption("--cassettes")


def _opening(config: pytest.Config, path: Path, *, allow_unplayed: bool) -> "Opening":
    """The cassette at ``path``, as ``--cassettes`` wants it.

    Several tests may record one: what the one has recorded the next one plays, and what none of them used is dropped
    when all have been run.
    """
    from summarizer.testing import cassette  # says what to install, where that is missing

    if _mode(config) == "none":
        return cassette(path, allow_unplayed=allow_unplayed)
    from summarizer.testing.cassettes import Opening
    from summarizer.testing.holdings import Holdings

    runs = config.stash[_RECORDED]
    if path not in runs:
        runs[path] = _Recorded(Holdings(path, plays_rest=_mode(config) == "new"))
    runs[path].allow_unplayed &= allow_unplayed
    return Opening(path, _mode(config), allow_unplayed=True, holdings=runs[path].holdings)


def _broke_off(config: pytest.Config, path: Path) -> None:
    """Note that a test, or a fixture, may have ended before it asked for all that it needs."""
    if path in config.stash[_RECORDED]:
        config.stash[_RECORDED][path].all_passed = False


def _read(mark: pytest.Mark) -> tuple[str | None, bool]:
    """The name that a mark gives, and whether recordings may be left unplayed."""

    def read(name: str | None = None, *, allow_unplayed: bool = False) -> tuple[str | None, bool]:
        return name, allow_unplayed

    try:
        return read(*mark.args, **mark.kwargs)
    except TypeError as error:
        said = str(error).partition(") ")[2] or str(error)
        pytest.fail(f"The mark cassette is cassette(name=None, *, allow_unplayed=False); it {said}.", pytrace=False)


def _folder(config: pytest.Config, file: Path) -> Path:
    return project_folder(file, config.rootpath) / str(config.getini(_FOLDER))


def _current_file(config: pytest.Config) -> Path:
    """The file of the test for which something is set up now."""
    node = os.environ.get("PYTEST_CURRENT_TEST", "").partition("::")[0]
    return config.rootpath / node


def _unittest_error(item: pytest.Item) -> BaseException | None:
    """What a test of unittest's ended with, which pytest keeps aside instead of raising it."""
    kept = getattr(item, "_excinfo", None)
    return kept[-1].value if kept else None


def _fail(error: SummarizerError) -> NoReturn:
    """Fail with a message that needs no traceback."""
    raise pytest.fail.Exception(str(error), pytrace=False) from None
