"""The review of stored briefs in the terminal."""

import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from summarizer import evaluate
from summarizer.evaluation import load_gold
from summarizer.testing import reply_for
from tests.cli.conftest import Answers, Run
from tests.timing import HOLD

SAMPLES = Path(__file__).parents[1] / "evaluation" / "gold"
Review = Callable[[str], Result]


@pytest.fixture
def store(run: Run, answers: Answers, tmp_path: Path) -> Path:
    """Return a store with the brief of one article: three positions on an issue, and a question."""
    said = [
        ("Ines Vogt", "The kiln must be replaced", "agrees"),
        ("Ines Vogt", "It burns 900 crowns of gas a month", "agrees"),
        ("Dario Pell", "An electric kiln would ruin his glazes", "disagrees"),
    ]
    answers(
        lambda _: reply_for(SAMPLES / "kiln.txt", said, issue="The gas kiln should go.", questions=["Who will teach"])
    )
    shutil.copy(SAMPLES / "kiln.txt", tmp_path / "kiln.txt")
    path = tmp_path / "briefs.db"
    assert run("brief", tmp_path / "kiln.txt", "-m", "small", "--store", path).exit_code == 0
    return path


@pytest.fixture
def review(run: Run, store: Path, monkeypatch: pytest.MonkeyPatch) -> Review:
    """Return a function that reviews the store with the given keys and lines."""
    monkeypatch.setattr("summarizer.cli.review._is_terminal", lambda: True)
    return lambda keys: run("evaluate", "--review", store, stdin=keys.encode())


def verdicts(store: Path) -> list[str]:
    lines = store.with_name("briefs.db.verdicts.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["verdict"] for line in lines]


def test_position_is_shown_with_holder_stance_and_evidence(review: Review) -> None:
    done = review("q")
    assert done.exit_code == 0
    shown = done.stdout.splitlines()
    assert shown[1].endswith("(1 of 3)")
    assert shown[2:5] == ["Ines Vogt", "  The kiln must be replaced.", "  agrees: The gas kiln should go."]
    assert shown[5].startswith("  [3] ")
    assert "Positions left: 3." in done.stderr


def test_review_resumes_where_it_stopped_and_writes_gold_at_the_end(review: Review, store: Path) -> None:
    review("wq")
    assert verdicts(store) == ["wrong"]
    assert not store.with_name("briefs.db.gold").exists()
    done = review("rs")
    assert "(1 of 2)" in done.stdout
    assert verdicts(store) == ["wrong", "right", "skipped"]
    assert "briefs.db.gold: 1. Add what" in done.stderr
    (gold,) = load_gold(store.with_name("briefs.db.gold"))
    assert [position.optional for position in gold.positions] == [False, True]
    assert [question.optional for question in gold.questions] == [True]
    assert evaluate(gold, model="builtin").tallies["positions"].gold == 1


def test_corrections_are_in_gold(review: Review, store: Path) -> None:
    review("eThe kiln has to go.\nhDario Pell; Ada Lindt\nrrr")
    (gold,) = load_gold(store.with_name("briefs.db.gold"))
    names = {holder.id: holder.name for holder in gold.holders}
    assert gold.positions[0].statement == "The kiln has to go."
    assert [names[holder] for holder in gold.positions[0].holders] == ["Dario Pell", "Ada Lindt"]


def test_stance_is_corrected_to_one_that_exists(review: Review, store: Path) -> None:
    done = review("tperhaps\ntmixed\nrrr")
    (gold,) = load_gold(store.with_name("briefs.db.gold"))
    assert "perhaps is not a stance." in done.stdout
    assert gold.positions[0].stance == "mixed"


def test_gold_that_exists_is_not_replaced(review: Review, store: Path) -> None:
    review("rrr")
    (path,) = store.with_name("briefs.db.gold").iterdir()
    path.write_text("mine", encoding="utf-8")
    assert "Positions left: 0." in review("").stderr
    assert path.read_text(encoding="utf-8") == "mine"


def test_end_of_input_keeps_the_verdicts(review: Review, store: Path) -> None:
    assert review("r").exit_code == 0
    assert verdicts(store) == ["right"]


def test_unknown_key_asks_again(review: Review, store: Path) -> None:
    assert review("xyrq").stdout.count("(1 of 3)") == 3
    assert verdicts(store) == ["right"]


def test_article_that_has_moved_makes_no_gold_and_keeps_the_verdicts(review: Review, store: Path) -> None:
    (store.parent / "kiln.txt").unlink()
    done = review("rrr")
    assert "is not written: The article of the brief is not found" in done.stderr
    assert len(verdicts(store)) == 3


def test_broken_line_of_the_verdicts_is_named(review: Review, store: Path) -> None:
    review("rq")
    with store.with_name("briefs.db.verdicts.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"key": "a"\n')
    done = review("r")
    assert done.exit_code == 1
    assert "line 2: not a verdict" in done.stderr


def test_review_without_a_terminal_says_so(run: Run, store: Path) -> None:
    done = run("evaluate", "--review", store, stdin=b"r")
    assert done.exit_code == 1
    assert done.stderr.startswith("summarizer: A review needs a terminal.")
    assert not store.with_name("briefs.db.verdicts.jsonl").exists()


def test_store_that_does_not_exist_is_not_created(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.cli.review._is_terminal", lambda: True)
    done = run("evaluate", "--review", tmp_path / "none.db")
    assert done.exit_code == 1
    assert "There is no store" in done.stderr
    assert not (tmp_path / "none.db").exists()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="has no pseudo-terminals")
def test_keys_and_prefilled_lines_work_in_a_real_terminal(store: Path) -> None:
    import pty

    keyboard, terminal = pty.openpty()
    command = [sys.executable, "-m", "summarizer", "evaluate", "--review", str(store)]
    with subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal) as process:
        os.close(terminal)
        try:
            steps = (("e", b"Statement: "), ("!!\n", b"!!"), ("r", b"(2 of 3)"), ("q", b"Positions left: 2"))
            for keys, answer in steps:
                shown, deadline = b"", time.monotonic() + HOLD
                while answer not in shown:
                    assert time.monotonic() < deadline, shown
                    if not select.select([keyboard], [], [], 1)[0]:  # it waits; keys before that would be lost
                        os.write(keyboard, keys.encode())
                    else:
                        shown += os.read(keyboard, 4096)
        finally:
            process.kill()
            os.close(keyboard)
    (line,) = store.with_name("briefs.db.verdicts.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["correction"]["statement"] == "The kiln must be replaced.!!"


def test_verdicts_on_a_store_in_a_write_protected_folder_are_kept_with_the_gold(
    run: Run, store: Path, review: Review, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "access", lambda _, mode: mode != os.W_OK)
    refused = review("r")
    assert refused.exit_code == 1
    assert "Name a folder for verdicts and gold with --out" in refused.stderr
    done = run("evaluate", "--review", store, "--out", tmp_path / "mine", stdin=b"rq")
    assert done.exit_code == 0
    assert (tmp_path / "mine" / "briefs.db.verdicts.jsonl").exists()
    assert not store.with_name("briefs.db.verdicts.jsonl").exists()
