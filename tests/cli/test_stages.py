"""The stages of long work on a dossier, on standard error."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from summarizer import Store
from summarizer.cli import progress
from summarizer.dossier import DossierProgress
from summarizer.dossier.types import LinkingStage
from tests.cli.conftest import Run
from tests.dossier.linking import make_article, make_brief
from tests.timing import HOLD, wait_until

STAGES: tuple[LinkingStage, ...] = ("copies", "statements")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "briefs.db"
    with Store(path) as store:
        for month, name in enumerate(("Ann Hill", "Mary Reed"), 1):
            article = make_article(f"2026-0{month}-01", f"{name} spoke.")
            store.add(make_brief(article, name), article)
    return path


@pytest.mark.parametrize("command", ["dossier", "export"])
def test_ctrl_c_while_linking_prints_one_line(
    run: Run, path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("summarizer.dossier.dossier.place_statements", interrupt)
        result = run(command, path, *(["--format", "csv"] if command == "export" else []))
    assert (result.exit_code, result.stdout) == (130, "")
    assert result.stderr == "summarizer: interrupted. What was linked is kept, and the next opening continues.\n"
    found = json.loads(run("dossier", path, "--json").stdout)
    assert len(found["actors"]) == 2


def test_long_linking_prints_lines_and_quick_linking_nothing(
    run: Run, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(progress, "INTERVAL", HOLD)  # a busy machine links slowly
        quick = run("dossier", path, "--json")
    assert quick.stderr == ""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE articles SET compared = 0")
    monkeypatch.setattr(progress, "INTERVAL", 0.01)
    shown: list[str] = []

    def place(*_: object) -> set[object]:
        wait_until(lambda: any("placing" in line for line in shown))
        return set()

    monkeypatch.setattr(progress, "print_message", shown.append)
    monkeypatch.setattr("summarizer.dossier.dossier.place_statements", place)
    assert run("dossier", path, "--json").exit_code == 0
    assert any(re.fullmatch(r"placing statements \(step 5 of 6\), \d+ s …", line) for line in shown)


def test_a_stage_is_told_with_its_counts() -> None:
    stages = progress.Stages()
    stages.link(DossierProgress(stage="copies", done=3_000, total=10_000))
    assert re.fullmatch(r"finding copies \(step 2 of 6\), 3,000 of 10,000 articles, \d+ s …", str(stages))
    stages.write(5, 20)
    assert re.fullmatch(r"writing, 5 of 20 pages, \d+ s …", str(stages))


def test_a_long_stage_tells_how_much_time_is_left_from_its_own_start() -> None:
    stages = progress.Stages()
    for stage in STAGES:
        for done in (0, 2_500):
            stages.link(DossierProgress(stage=stage, done=done, total=10_000))
        assert "left" not in str(stages)  # too early to tell
        stages.counted -= 600
        assert "2,500 of 10,000 articles" in str(stages)
        assert "about 30 min left for this step" in str(stages)
