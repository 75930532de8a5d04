"""docs/testing.md is correct and complete: its commands print the shown output."""

import inspect
import re
import tomllib

import pytest

from summarizer import testing
from tests.testing_docs import DOCS, ROOT, with_outputs

TEXT = DOCS.read_text(encoding="utf-8")


@pytest.mark.slow
def test_commands_print_the_shown_output() -> None:
    assert with_outputs(TEXT) == TEXT, "python -m tests.testing_docs writes it anew"


def test_installed_extra_exists() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "pip install 'articlebrief[testing]'" in TEXT
    packages = {re.split("[>=]", name)[0] for name in project["optional-dependencies"]["testing"]}
    assert packages >= {"pytest", "pytest-recording", "vcrpy"}
    assert "entry-points" not in project


@pytest.mark.parametrize("name", sorted({*testing.__all__} - {"ScriptedReply"}))
def test_every_public_name_is_documented(name: str) -> None:
    assert f"`{name}" in TEXT or f"{name}(" in TEXT


@pytest.mark.parametrize("option", ["issue", "questions", "clean"])
def test_every_documented_option_exists(option: str) -> None:
    assert option in inspect.signature(testing.reply_for).parameters
    assert f"`{option}`" in TEXT


def test_page_has_at_most_1200_words() -> None:
    assert len(TEXT.split()) <= 1_200
