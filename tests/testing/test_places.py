"""Where cassettes are kept: names that are safe on all systems, and no two tests in one file."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.errors import ConfigurationError
from summarizer.testing.places import named_file, own_file

FOLDER = Path("cassettes")


def place(nodeid: str, folder: Path = Path("/nowhere")) -> str:
    """The file of a test, in the folder of cassettes."""
    path = folder / nodeid.partition("::")[0]
    return own_file(FOLDER, SimpleNamespace(nodeid=nodeid, path=path), folder).relative_to(FOLDER).as_posix()


@pytest.mark.parametrize(
    ("nodeid", "path"),
    [
        ("test_desk.py::test_one", "test_desk/test_one.yaml"),
        ("tests/test_desk.py::test_one", "test_desk/test_one.yaml"),
        ("tests/unit/test_desk.py::test_one", "unit/test_desk/test_one.yaml"),
        ("test_desk.py::TestDesk::TestInner::test_one", "test_desk/TestDesk.TestInner.test_one.yaml"),
        ("test_desk.py::test_one[en-1.5]", "test_desk/test_one-en-1.5.yaml"),
        ("test_desk.py::test_größe", "test_desk/test_größe.yaml"),
    ],
)
def test_a_file_is_called_as_its_test(tmp_path: Path, nodeid: str, path: str) -> None:
    (tmp_path / "pyproject.toml").touch()
    assert place(nodeid, tmp_path) == path


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("test_one[a]", "test_one[A]"),
        ("test_one[a b]", "test_one[a/b]"),
        ("test_one[a]", "test_one[a ]"),
        ("test_one[]", "test_one"),
        ("test_one[-]", "test_one[]"),
        ("test_one[:]", "test_one[?]"),
        (f"test_one[{'a' * 500}]", f"test_one[{'a' * 501}]"),
    ],
)
def test_two_tests_have_two_files_where_capitals_are_not_told_apart_too(one: str, other: str) -> None:
    assert place(f"test_desk.py::{one}").casefold() != place(f"test_desk.py::{other}").casefold()


def test_the_file_does_not_hang_on_where_pytest_was_started(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    path = tmp_path / "tests" / "test_desk.py"
    found = {
        own_file(FOLDER, SimpleNamespace(nodeid=f"{start}test_desk.py::test_one[A]", path=path), tmp_path)
        for start in ("", "tests/", "project/tests/")
    }
    assert len(found) == 1


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_whatever_the_parameters_the_name_is_safe_on_all_systems(identifier: str) -> None:
    path = place(f"test_desk.py::test_one[{identifier}]")
    name = path.removeprefix("test_desk/")
    assert not set(name) & set('\\/:*?"<>| \x00\n')
    assert name.isascii()
    assert len(name) < 255
    assert name.endswith(".yaml")


@pytest.mark.parametrize("name", ["morning", "desk/morning", "Käse & Brot", "morning.yaml", "a.b"])
def test_a_name_of_ones_own_is_a_file_in_the_folder(name: str) -> None:
    assert named_file(FOLDER, name) == FOLDER / f"{name.removesuffix('.yaml')}.yaml"


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".yaml",
        "/etc",
        "../up",
        "a/../b",
        "a//b",
        "a/",
        ".",
        "a\\b",
        "C:a",
        "a?",
        "a\nb",
        "nul",
        "COM1",
        "a.",
        "x" * 300,
    ],
)
def test_a_name_that_some_system_would_not_take_is_an_error(name: str) -> None:
    with pytest.raises(ConfigurationError, match="A cassette cannot be called"):
        named_file(FOLDER, name)
