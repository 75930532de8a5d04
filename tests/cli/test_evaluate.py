"""The command evaluate."""

import json
import os
import shutil
from pathlib import Path

import pytest
import yaml

from summarizer.evaluation import MEASURES, load_gold
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


@pytest.mark.parametrize("arguments", [["--out", "run.html"], ["--format", "html", "--out", "run"]])
def test_report_can_be_a_page(run: Run, tmp_path: Path, arguments: list[str]) -> None:
    *options, name = arguments
    assert run("evaluate", GOLD, "-m", "builtin", *options, tmp_path / name).exit_code == 0
    assert (tmp_path / name).read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


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


def test_unknown_measure_is_answered_with_all_names(run: Run) -> None:
    stderr = run("evaluate", GOLD, "-m", "builtin", "--fail-under", "F3=0.5").stderr
    assert all(name in stderr for name in (*MEASURES, "F1", "alpha", "stances"))


def test_failed_article_gives_exit_code_3(run: Run, answers: Answers) -> None:
    answers(
        lambda request: reply_for(GOLD / "kiln.txt") if "apprentices" in request.messages[-1].content else "no JSON"
    )
    done = run("evaluate", GOLD, "-m", "small")
    assert done.exit_code == 3
    assert "1 of 2 done, 1 failed" in done.stderr


def test_failed_check_of_statements_is_told_on_standard_error(run: Run, answers: Answers) -> None:
    answers(lambda request: reply_for(GOLD / "kiln.txt") if request.schema_name == "extraction" else "no JSON")
    done = run("evaluate", GOLD / "kiln.yaml", "-m", "small", "--verify")
    assert done.exit_code == 0
    assert "summarizer: 1 of 1 articles were not checked, or not in full: " in done.stderr


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


def test_write_protected_store_gives_its_briefs(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ["evaluate", GOLD, "--store", tmp_path / "briefs.db", "--model", "builtin"]
    first = run(*arguments)
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK or Path(path).suffix != ".db")
    again = run(*arguments)
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "2 of 2 done (2 before), 0 failed" in again.stderr


def test_prices_of_the_model_give_the_cost(run: Run, answers: Answers, tmp_path: Path) -> None:
    answers(lambda _: reply_for(GOLD / "kiln.txt"))
    (tmp_path / "prices.toml").write_text("[small]\nin = 1\nout = 2\n", encoding="utf-8")
    done = run("evaluate", GOLD / "kiln.yaml", "-m", "small", "--prices", tmp_path / "prices.toml")
    assert done.exit_code == 0, done.stderr
    assert "| cost | 0.0000 |" in done.stdout


def test_schema_of_gold_is_printed(run: Run) -> None:
    assert json.loads(run("schema", "gold").stdout)["title"] == "Gold"


@pytest.fixture
def corrected(run: Run, tmp_path: Path) -> Path:
    """Return the brief of an article in its folder, in which an editor corrected a statement and deleted a position."""
    shutil.copy(GOLD / "kiln.txt", tmp_path / "kiln.txt")
    made = run("brief", tmp_path / "kiln.txt", "-m", "builtin", "--format", "json")
    brief = json.loads(made.stdout)
    brief["positions"][0]["statement"] = "The gas kiln has to go."
    del brief["positions"][-1]
    path = tmp_path / "brief.json"
    path.write_text(json.dumps(brief), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["kiln.yaml", "kiln.json"])
def test_corrected_brief_becomes_gold(run: Run, corrected: Path, name: str) -> None:
    folder = corrected.parent / "gold"
    folder.mkdir()
    assert run("evaluate", "--from", corrected, "--out", folder / name).exit_code == 0
    (gold,) = load_gold(folder)
    assert (gold.article, gold.positions[0].statement) == ("../kiln.txt", "The gas kiln has to go.")
    done = run("evaluate", folder, "-m", "builtin", "--format", "json")
    assert json.loads(done.stdout)["tallies"]["positions"] == {
        "right": len(gold.positions),
        "found": len(gold.positions) + 1,
        "gold": len(gold.positions),
    }


def test_gold_goes_to_standard_output_without_a_file(run: Run, corrected: Path) -> None:
    assert yaml.safe_load(run("evaluate", "--from", corrected).stdout)["positions"][0]["statement"].startswith(
        "The gas"
    )


@pytest.mark.parametrize(
    ("source", "problem"), [(None, "it has no source"), ("Standard input", "is not found: Standard input")]
)
def test_brief_without_a_readable_article_makes_no_gold(
    run: Run, corrected: Path, source: str | None, problem: str
) -> None:
    brief = json.loads(corrected.read_bytes())
    brief["article"]["source"] = source
    corrected.write_text(json.dumps(brief), encoding="utf-8")
    done = run("evaluate", "--from", corrected)
    assert done.exit_code == 1
    assert problem in done.stderr
    assert not done.stdout


@pytest.mark.parametrize("source", [None, "Standard input", "My label"])
def test_article_of_a_corrected_brief_can_be_named(run: Run, corrected: Path, source: str | None) -> None:
    brief = json.loads(corrected.read_bytes())
    brief["article"]["source"] = source
    corrected.write_text(json.dumps(brief), encoding="utf-8")
    other = corrected.parent / "elsewhere"
    other.mkdir()
    (corrected.parent / "kiln.txt").rename(other / "kiln.txt")
    assert "--article FILE" in run("evaluate", "--from", corrected).stderr
    out = corrected.parent / "kiln.yaml"
    done = run("evaluate", "--from", corrected, "--article", other / "kiln.txt", "--out", out)
    assert done.exit_code == 0, done.stderr
    assert load_gold(out)[0].article == "elsewhere/kiln.txt"
    assert run("evaluate", out, "-m", "builtin").exit_code == 0


def test_holder_who_is_not_in_the_article_makes_no_gold(run: Run, corrected: Path) -> None:
    brief = json.loads(corrected.read_bytes())
    brief["holders"].append({"id": "R1", "name": "Jane Newcomer", "kind": "person"})
    brief["positions"][0]["holders"] = ["R1"]
    corrected.write_text(json.dumps(brief), encoding="utf-8")
    done = run("evaluate", "--from", corrected, "--out", corrected.parent / "kiln.yaml")
    assert done.exit_code == 1
    assert "Jane Newcomer is not in the article" in done.stderr
    assert not (corrected.parent / "kiln.yaml").exists()


def test_other_article_than_that_of_the_brief_makes_no_gold(run: Run, corrected: Path) -> None:
    (corrected.parent / "other.txt").write_text("Another text.", encoding="utf-8")
    done = run("evaluate", "--from", corrected, "--article", corrected.parent / "other.txt")
    assert done.exit_code == 1
    assert "another text" in done.stderr


def test_article_is_named_only_with_a_corrected_brief(run: Run) -> None:
    assert run("evaluate", GOLD, "--article", GOLD / "kiln.txt").exit_code == 2


@pytest.mark.parametrize("arguments", [[], [GOLD, "--from", GOLD / "kiln.yaml"]])
def test_command_needs_gold_or_a_brief(run: Run, arguments: list[str | Path]) -> None:
    assert run("evaluate", *arguments).exit_code == 2


@pytest.mark.parametrize("making", ["--from", "--review"])
@pytest.mark.parametrize(
    "option",
    [["--fail-under", "F1=0.5"], ["--format", "json"], ["--against", GOLD], ["--model", "builtin"], ["--verify"]],
)
def test_options_of_a_brief_or_report_are_wrong_where_gold_is_made(
    run: Run, making: str, option: list[str | Path]
) -> None:
    done = run("evaluate", making, GOLD / "kiln.yaml", *option)
    assert done.exit_code == 2
    assert f"not take {option[0]}" in " ".join(done.stderr.replace("│", " ").split())


def test_model_of_the_environment_is_not_needed_to_make_gold(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUMMARIZER_MODEL", "some-model")
    assert "The brief cannot be read" in run("evaluate", "--from", GOLD / "kiln.yaml").stderr


def test_other_file_than_a_brief_makes_no_gold(run: Run) -> None:
    done = run("evaluate", "--from", GOLD / "kiln.yaml")
    assert done.exit_code == 1
    assert "The brief cannot be read" in done.stderr
