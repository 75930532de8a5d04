"""The command ``demo``."""

from pathlib import Path

import pytest

from summarizer.cli import demo
from summarizer.errors import ConfigurationError
from summarizer.models import Message, Request
from tests.cli.conftest import Run


@pytest.fixture(scope="module")
def recording() -> demo.Recording:
    return demo.read_recording(demo._REPLIES)


def test_recording_names_the_model_and_the_day(recording: demo.Recording) -> None:
    assert (recording.model, recording.date) == ("recorded-model", "2026-11-30")
    assert len(recording.replies) >= len(list(demo._ARTICLES.glob("[0-9]*.md")))


async def test_request_without_a_recorded_reply_is_an_error(recording: demo.Recording) -> None:
    with pytest.raises(ConfigurationError, match="no reply to a request"):
        await recording.create_model().complete(Request((Message("user", "Hello."),), "extraction", {}))


@pytest.mark.slow
def test_demo_makes_pages_that_say_that_replies_were_recorded(run: Run, tmp_path: Path) -> None:
    result = run("demo", "--out", tmp_path / "pages")
    assert result.exit_code == 0, result.output
    said = "replies of the model “recorded-model”, recorded on 2026-11-30"
    assert said in result.stderr
    assert said in (tmp_path / "pages" / "index.html").read_text(encoding="utf-8")
    assert "a reply recorded on 2026-11-30" in result.stdout
    articles = list((tmp_path / "pages" / "articles").glob("*.html"))
    assert len(articles) > 30
    said = f"The dossier lists {len(articles)}; left out as a copy of another: Objectors file 212-page case against"
    assert said in result.stderr
    assert "Articles with the same text are listed once" in (tmp_path / "pages" / "index.html").read_text(
        encoding="utf-8"
    )
    assert all("a reply recorded on 2026-11-30" in page.read_text(encoding="utf-8") for page in articles)
    assert str(tmp_path / "pages" / "index.html") in result.stderr


def test_file_instead_of_a_folder_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    result = run("demo", "--out", tmp_path / "notes.txt")
    assert (result.exit_code, "is a file; name a folder" in " ".join(result.stderr.split())) == (2, True)
