"""What docs/testing.md says is true: its files are written, its commands run, its outputs those that come."""

import inspect
import re
import tomllib
from pathlib import Path

import pytest

from summarizer import testing
from tests.testing_docs import DOCS, ROOT, made

TEXT = DOCS.read_text(encoding="utf-8")


def test_following_it_to_the_letter_gives_what_it_shows() -> None:
    assert made(TEXT) == TEXT, "python -m tests.testing_docs writes it anew"


def test_what_it_installs_is_there_to_be_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "pip install 'articlebrief[testing]'" in TEXT
    assert {re.split("[>=]", name)[0] for name in project["optional-dependencies"]["testing"]} >= {"pytest", "vcrpy"}
    assert project["entry-points"]["pytest11"] == {"summarizer": "summarizer.testing.plugin"}


@pytest.mark.parametrize("name", sorted({*testing.__all__} - {"Cassette", "ScriptedReply"}))
def test_every_name_that_users_need_is_in_it(name: str) -> None:
    assert f"`{name}" in TEXT or f"{name}(" in TEXT


@pytest.mark.parametrize("option", ["issue", "questions", "clean"])
def test_the_options_it_names_are_those_there_are(option: str) -> None:
    assert option in inspect.signature(testing.reply_for).parameters
    assert f"`{option}`" in TEXT


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(([\w./-]+)\)", TEXT))))
def test_every_file_that_it_links_is_there(path: str) -> None:
    assert (Path(DOCS).parent / path).exists()
