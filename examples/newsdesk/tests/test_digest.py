"""Test the digest with fake models: no key, no network, no recording."""

from pathlib import Path

import pytest

from newsdesk.digest import digest
from summarizer import ScriptedModel, Summarizer
from summarizer.errors import ServerFailed
from summarizer.testing import CallbackModel, replies_for, reply_for

ARTICLES = Path(__file__).parent.parent / "articles"
FERRY = ARTICLES / "ferry.txt"
LIBRARY = ARTICLES / "library.txt"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Return a folder with one article."""
    (tmp_path / "ferry.txt").write_bytes(FERRY.read_bytes())
    return tmp_path


def test_articles_are_sections_in_the_order_of_the_files() -> None:
    text = digest(ARTICLES, Summarizer(model=CallbackModel(replies_for(FERRY, LIBRARY))))
    headings = [line for line in text.splitlines() if line.startswith("## ")]
    assert headings == [
        "## Island ferry may lose its winter timetable",
        "## Librarians and mayor at odds over night opening",
    ]


def test_positions_are_listed_by_issue_with_holder_stance_and_sentence(desk: Path) -> None:
    reply = reply_for(
        FERRY,
        [
            ("Ilse Brandvold", "Forty empty crossings a week are not a service", "agrees"),
            ("Peder Quist", "no doctor, no post and no school", "disagrees"),
            ("Amina Farr", "move her practice to the mainland"),
        ],
        issue="The ferry should stop in winter.",
        questions=["who would pay for raising the causeway"],
    )
    text = digest(desk, Summarizer(model=ScriptedModel(reply)))
    assert text.split("\n\n", 2)[2] == (
        "### The ferry should stop in winter.\n\n"
        "- **Ilse Brandvold** (agrees): Forty empty crossings a week are not a service. [3]\n"
        "- **Peder Quist** (disagrees): No doctor, no post and no school. [6, 7]\n\n"
        "### Also said\n\n"
        "- **Amina Farr**: Move her practice to the mainland. [9]\n\n"
        "### Open\n\n"
        "- It remains unclear who would pay for raising the causeway.\n"
    )


def test_position_of_the_wrong_speaker_is_marked(desk: Path) -> None:
    wrong = replies_for(FERRY, positions=[("Peder Quist", "Forty empty crossings")])
    text = digest(desk, Summarizer(model=CallbackModel(wrong)))
    assert "- **Peder Quist**: Forty empty crossings. [3] — **check the speaker**" in text


def test_failed_article_is_named_and_the_others_are_kept() -> None:
    answers = [ServerFailed("The server broke."), reply_for(LIBRARY)]
    text = digest(ARTICLES, Summarizer(model=ScriptedModel(answers)))
    assert "## ferry.txt\n\n*Not read: The server broke.*" in text
    assert "## Librarians and mayor at odds over night opening" in text


def test_empty_folder_gives_an_empty_digest(tmp_path: Path) -> None:
    assert digest(tmp_path, Summarizer(model="builtin")) == "# Digest\n"
