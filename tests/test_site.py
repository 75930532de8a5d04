"""The documentation site: its navigation, its reference, and its examples."""

import doctest
import importlib
import inspect
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, get_args
from urllib.parse import unquote, urlsplit

import pytest
import yaml

import summarizer
from summarizer import errors
from summarizer.cli.messages import ExitCode
from summarizer.engines import Event
from summarizer.errors import SummarizerError
from summarizer.models import CallEvent
from tests.built_site import build_site
from tests.command_reference import FOLDER, pages
from tests.site_examples import PAGES, outputs

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
FOLDERS = [path.parent.name for path in (ROOT / "summarizer").glob("*/__init__.py")]
PACKAGES = sorted(f"summarizer.{name}" for name in FOLDERS if name != "cli")
NAMES = [name for name in summarizer.__all__ if name != "__version__"]
ERRORS = [each for each in vars(errors).values() if inspect.isclass(each) and issubclass(each, SummarizerError)]


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def first_cells(text: str) -> list[str]:
    """Return the words in backticks of the first cells of all tables."""
    cells = re.findall(r"^\| (`[^|]*) \|", text, re.MULTILINE)
    return [word for cell in cells for word in re.findall(r"`(\w+)`", cell)]


def entries(navigation: Any) -> Iterator[str]:
    for entry in navigation:
        for target in [entry] if isinstance(entry, str) else entry.values():
            yield from [target] if isinstance(target, str) else entries(target)


NAVIGATION = list(entries(yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]))


def test_each_page_is_in_the_navigation_of_mkdocs_yml_once() -> None:
    assert sorted(NAVIGATION) == sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))


def test_links_of_llms_txt_lead_to_pages() -> None:
    links = re.findall(r"\]\(([^)]+)\.html\)", page("llms.txt"))
    assert links
    assert {f"{link}.md" for link in links} <= set(NAVIGATION)


@pytest.mark.parametrize(("name", "text"), pages().items(), ids=list(pages()))
def test_reference_of_the_command_line_agrees_with_its_help(name: str, text: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == text, "python -m tests.command_reference writes it anew"


def test_each_page_of_a_command_belongs_to_a_command() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(pages())


@pytest.mark.parametrize("name", PAGES)
def test_outputs_of_examples_are_current(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for output in outputs(page(name), tmp_path):
        assert output.shown == output.made, "python -m tests.site_examples writes it anew"


API = "\n".join(path.read_text(encoding="utf-8") for path in (DOCS / "api").glob("*.md")) + page("errors.md")
IN_API = re.findall(r"^::: ([\w.]+)$", API, re.MULTILINE)


def test_each_name_of_the_library_is_in_the_reference() -> None:
    documented = {name.removeprefix("summarizer.") for name in IN_API} | {error.__name__ for error in ERRORS}
    assert set(NAMES) - documented == set()


def test_each_package_is_in_the_reference() -> None:
    assert set(PACKAGES) - set(IN_API) == set()


def examples_of(name: str) -> list[doctest.DocTest]:
    found = doctest.DocTestFinder(recurse=True).find(getattr(summarizer, name), name, globs={})
    return [test for test in found if test.examples]


@pytest.mark.parametrize("name", NAMES)
def test_each_name_has_an_example_that_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = examples_of(name)
    assert found, f"summarizer.{name} needs an example in its docstring"
    for test in found:
        report: list[str] = []
        doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=report.append)
        assert report == []


def own_parameters(function: Any) -> set[str]:
    return {name for name in inspect.signature(function).parameters if name not in {"self", "args", "kwargs"}}


@pytest.mark.parametrize("name", [name for name in NAMES if inspect.isfunction(getattr(summarizer, name))])
def test_each_function_names_arguments_and_errors_or_where_they_are(name: str) -> None:
    docstring = inspect.getdoc(getattr(summarizer, name)) or ""
    has_both = "Raises:" in docstring and "Args:" in docstring
    assert has_both or "see `" in docstring or len(own_parameters(getattr(summarizer, name))) <= 2


def test_table_of_errors_agrees_with_the_classes() -> None:
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| (yes|no|depends) \| (yes|no) \|$", page("errors.md"), re.MULTILINE)
    expected = {each.__name__: (each.retryable, each.fatal) for each in ERRORS if each is not SummarizerError}
    assert {name: (retryable == "yes", fatal == "yes") for name, retryable, fatal in rows} == expected


def test_table_of_exit_codes_is_complete() -> None:
    codes = re.findall(r"^\| (\d+) \|", page("exit-codes.md"), re.MULTILINE)
    assert [int(code) for code in codes] == sorted(ExitCode)


@pytest.mark.parametrize("event", [Event, CallEvent])
def test_tables_of_events_have_each_kind(event: Any) -> None:
    kinds = get_args(inspect.get_annotations(event)["kind"])
    section = page("events.md").split(f"`{event.__name__}.kind`")[1].split("\n\n")[0]
    assert sorted(first_cells(section)) == sorted(kinds)


READ_VARIABLE = re.compile(
    r"environ(?:\.get\(|\[)\s*\"([A-Z_]+)\"|\b((?:SUMMARIZER|OPENAI|AZURE_OPENAI)_[A-Z_]+[A-Z])\b"
)
NOT_VARIABLES = {"OPENAI_URL", "OPENAI_LIMITS"}
READ_BY_LIBRARIES = {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"}


def test_table_of_environment_variables_has_those_that_the_code_reads() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "summarizer").rglob("*.py"))
    read = {first or second for first, second in READ_VARIABLE.findall(code)} - NOT_VARIABLES
    assert {"SUMMARIZER_MODEL", "NO_COLOR"} < read
    assert set(first_cells(page("environment.md"))) == read | READ_BY_LIBRARIES


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_site(tmp_path_factory.mktemp("documentation"))


class Links(HTMLParser):
    """The anchors of a page, where its links lead, and what it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = {"", "__skip"}
        self.targets: list[str] = []
        self.loaded: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.anchors |= {values[name] for name in ("id", "name") if name in values}
        target = values.get("href" if tag in {"a", "link"} else "src")
        if target is not None:
            (self.targets if tag == "a" else self.loaded).append(target)


@pytest.mark.slow
def test_links_and_anchors_of_the_built_pages_exist(built: Path) -> None:
    pages = {path: Links(path.read_text(encoding="utf-8")) for path in built.rglob("*.html") if path.name != "404.html"}
    assert len(pages) == len(NAVIGATION)
    dead = []
    for path, links in pages.items():
        for target in (*links.targets, *links.loaded):
            url = urlsplit(target)
            if url.scheme or url.netloc:
                continue
            place = (path.parent / unquote(url.path)).resolve() if url.path else path
            place = place / "index.html" if place.is_dir() else place
            is_dead = not place.is_file() or (place in pages and unquote(url.fragment) not in pages[place].anchors)
            dead += [f"{path.name}: {target}"] if is_dead else []
    assert dead == []


@pytest.mark.slow
def test_built_pages_load_nothing_from_elsewhere(built: Path) -> None:
    loaded = {
        target
        for path in built.rglob("*.html")
        for target in Links(path.read_text(encoding="utf-8")).loaded
        if urlsplit(target).netloc
    }
    styles = "".join(path.read_text(encoding="utf-8") for path in built.rglob("*.css"))
    assert (loaded, re.findall(r"(?:@import|url\()\s*[\"']?(?:https?:)?//[^)\"' ]+", styles)) == (set(), [])


@pytest.mark.slow
def test_built_reference_has_each_name_of_each_package(built: Path) -> None:
    anchors = {anchor for path in built.rglob("*.html") for anchor in Links(path.read_text(encoding="utf-8")).anchors}
    expected = {f"{package}.{name}" for package in PACKAGES for name in importlib.import_module(package).__all__}
    homes = {name: "errors." if vars(errors).get(name) in ERRORS else "" for name in NAMES}
    expected |= {f"summarizer.{homes[name]}{name}" for name in NAMES}
    assert sorted(expected - anchors) == []
