"""The command evaluate."""

import json
from pathlib import Path

import pytest

from summarizer.testing import reply_for
from tests.cli.conftest import Answers, Run

GOLD = Path(__file__).parents[1] / "evaluation" / "gold"


def test_report_goes_to_standard_output_as_markdown_and_progress_to_standard_error(run: Run) -> None:
    done = run("evaluate", GOLD, "--model", "builtin")
    assert done.exit_code == 0
    assert done.stdout.startswith("# Evaluation of builtin\n")
    assert "summarizer: 2 of 2 done, 0 failed" in done.stderr


def test_suffix_of_the_output_chooses_json(run: Run, tmp_path: Path) -> None:
    assert run("evaluate", GOLD, "-m", "builtin", "--out", tmp_path / "run.json").exit_code == 0
    assert json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))["engine"] == "builtin"
    done = run("evaluate", GOLD, "-m", "builtin", "--against", tmp_path / "run.json", "--format", "json")
    assert json.loads(done.stdout)["comparison"]["articles"] == 2


def test_measure_under_its_gate_gives_exit_code_3_and_the_report(run: Run) -> None:
    done = run("evaluate", GOLD, "-m", "builtin", "--fail-under", "F1=0.1", "--fail-under", "stances_accuracy=0.99")
    assert done.exit_code == 3
    assert "summarizer: stances_accuracy is 0.000, under 0.99." in done.stderr
    assert "positions_f1 is" not in done.stderr
    assert done.stdout.startswith("# Evaluation")


@pytest.mark.parametrize("gate", ["F1", "F1=high", "F3=0.5", "F1=60", "=0.5"])
def test_wrong_gate_is_wrong_usage(run: Run, gate: str) -> None:
    done = run("evaluate", GOLD, "-m", "builtin", "--fail-under", gate)
    assert done.exit_code == 2
    assert "--fail-under" in done.stderr


def test_failed_article_gives_exit_code_3(run: Run, answers: Answers) -> None:
    answers(
        lambda request: reply_for(GOLD / "kiln.txt") if "apprentices" in request.messages[-1].content else "no JSON"
    )
    done = run("evaluate", GOLD, "-m", "small")
    assert done.exit_code == 3
    assert "1 of 2 done, 1 failed" in done.stderr


@pytest.mark.parametrize(
    "arguments", [["nowhere"], [GOLD, "--against", "nowhere.json"], [GOLD, "--out", "no/where.md"]]
)
def test_unusable_file_is_an_error_in_one_line(run: Run, arguments: list[str | Path]) -> None:
    done = run("evaluate", *arguments, "-m", "builtin")
    assert done.exit_code == 1
    assert "where" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_finished_briefs_are_not_made_again_with_a_store(run: Run, answers: Answers, tmp_path: Path) -> None:
    model = answers(
        lambda request: reply_for(
            GOLD / ("kiln.txt" if "apprentices" in request.messages[-1].content else "orchard.txt")
        )
    )
    for _ in range(2):
        assert run("evaluate", GOLD, "-m", "small", "--store", tmp_path / "briefs.db").exit_code == 0
    assert len(model.requests) == 2


def test_prices_of_the_model_give_the_cost(run: Run, answers: Answers, tmp_path: Path) -> None:
    answers(lambda _: reply_for(GOLD / "kiln.txt"))
    (tmp_path / "prices.toml").write_text("[small]\nin = 1\nout = 2\n", encoding="utf-8")
    done = run("evaluate", GOLD / "kiln.yaml", "-m", "small", "--prices", tmp_path / "prices.toml")
    assert done.exit_code == 0, done.stderr
    assert "| cost | 0.0000 |" in done.stdout


def test_schema_of_gold_is_printed(run: Run) -> None:
    assert json.loads(run("schema", "gold").stdout)["title"] == "Gold"
