"""The command ``estimate``: table, JSON and prices."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from summarizer import OpenAIModel, ScriptedModel, summarize
from summarizer.cli import app
from summarizer.testing import reply_for

TEXT = "“The bridge must go,” said Ms Anna Berg, the town’s chief engineer. “Who will pay?” she asked.\n"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("TERM", "dumb")
    return lambda *arguments, stdin=None: CliRunner().invoke(app, ["estimate", *map(str, arguments)], input=stdin)


def figures(result: Result) -> dict[str, list[float]]:
    """Return the rows of the table."""
    rows = [line.rsplit(None, 3) for line in result.stdout.splitlines()]
    numbers = [row for row in rows if len(row) == 4 and all(value[-1].isdigit() for value in row[1:])]
    return {row[0].strip(): [float(value.replace(",", "")) for value in row[1:]] for row in numbers}


def test_table_has_calls_and_tokens_without_a_key(run: Callable[..., Result], article: Path) -> None:
    result = run(article, "--model", "some-model")
    assert result.exit_code == 0
    table = figures(result)
    assert table["calls"] == [1, 1, 6]
    assert table["prompt tokens"][0] > 1_000
    assert "1 article in 1 chunk" in result.stdout
    assert "money" not in result.stdout


def test_estimates_of_several_articles_add_up(run: Callable[..., Result], article: Path) -> None:
    one, two = (figures(run(*value, "-m", "x")) for value in ([article], [article, article]))
    assert two["prompt tokens"][0] == 2 * one["prompt tokens"][0]


def test_sources_are_those_of_batch(run: Callable[..., Result], article: Path) -> None:
    listed = f"{article}\n{json.dumps({'text': TEXT})}\n".encode()
    assert "2 articles in 2 chunks" in run("-", "-m", "x", stdin=listed).stdout
    assert "1 article in 1 chunk" in run(article.parent, "-m", "x").stdout


def test_stored_briefs_are_counted_and_cost_nothing(
    run: Callable[..., Result], article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "briefs.db"
    before = run(article, "-m", "x", "--store", store)
    assert (before.exit_code, store.exists()) == (0, False)
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    model = OpenAIModel("x")
    monkeypatch.setattr(OpenAIModel, "complete", ScriptedModel(reply_for(TEXT)).complete)
    summarize(article, model=model, store=store)
    result = run(article, "-m", "x", "--store", store)
    assert "1 article already stored" in result.stdout
    assert json.loads(run(article, "-m", "x", "--store", store, "-f", "json").stdout)["likely"]["calls"] == 0
    assert "already stored" not in run(article, "-m", "y", "--store", store).stdout


def test_prices_add_a_row_of_money(run: Callable[..., Result], article: Path) -> None:
    prices = ["--price-in", "1", "--price-out", "10"]
    estimate = json.loads(run(article, "-m", "x", *prices, "-f", "json").stdout)
    for name in ("low", "likely", "at_most"):
        cost = estimate[name]
        assert cost["money"] == pytest.approx((cost["prompt"] + 10 * cost["completion"]) / 1e6, abs=2e-5)
    assert "money" in run(article, "-m", "x", *prices).stdout


def test_estimate_of_batches_says_that_its_money_is_at_their_price(run: Callable[..., Result], article: Path) -> None:
    options = ("-m", "x", "--batch-api")
    assert "there are no prices: --price-in" in run(article, *options).stderr
    estimate = json.loads(run(article, *options, "--price-in", "1", "--price-out", "10", "-f", "json").stdout)
    assert "Money is at the price of batches" in estimate["notes"][-1]


def test_price_file_is_looked_up_by_model(run: Callable[..., Result], article: Path, tmp_path: Path) -> None:
    file = tmp_path / "prices.toml"
    file.write_text("[x]\nin = 1\nout = 10\n")
    assert "money" in run(article, "-m", "x", "--prices", file).stdout
    result = run(article, "-m", "y", "--prices", file)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no prices for y" in result.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--price-in", "1"], "--price-in and --price-out need each other"),
        (["--price-cached", "1"], "--price-in and --price-out need each other"),
        (["--price-in", "1", "--price-out", "1", "--prices", "p.toml"], "--prices gives prices, too; use one"),
    ],
)
def test_incomplete_prices_are_an_error_that_names_the_missing_one(
    run: Callable[..., Result], article: Path, options: list[str], message: str
) -> None:
    result = run(article, "-m", "x", *options)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())


def test_unreadable_article_is_reported_and_the_others_are_counted(
    run: Callable[..., Result], article: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty.txt").write_text(" \n")
    result = run(article, tmp_path / "empty.txt", tmp_path / "nothing.txt", "-m", "x", "-f", "json")
    assert result.exit_code == 3
    estimate = json.loads(result.stdout)
    assert estimate["articles"] == 1
    assert [Path(value["source"]).name for value in estimate["failed"]] == ["empty.txt", "nothing.txt"]
    assert len(result.stderr.splitlines()) == 2


def test_only_unreadable_articles_exit_with_1(run: Callable[..., Result], tmp_path: Path) -> None:
    result = run(tmp_path / "nothing.txt", "-m", "x")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "cannot be read" in result.stderr


@pytest.mark.parametrize("verify", [["--verify"], ["--verify", "large-model"]])
def test_check_of_statements_is_included(run: Callable[..., Result], article: Path, verify: list[str]) -> None:
    assert figures(run(article, "-m", "x", *verify))["calls"] == [2, 3, 10]


def test_built_in_engine_costs_nothing(run: Callable[..., Result], article: Path) -> None:
    for options in ([], ["-m", "builtin"]):
        result = run(article, *options)
        assert result.exit_code == 0
        assert "costs nothing" in result.stdout
        assert "--model NAME" in result.stdout


def test_model_comes_from_the_environment(
    run: Callable[..., Result], article: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUMMARIZER_MODEL", "some-model")
    assert figures(run(article))["calls"] == [1, 1, 6]
    monkeypatch.setenv("SUMMARIZER_MODEL", "")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:1/v1")
    assert figures(run(article))["calls"] == [1, 1, 6]


def test_repairs_and_budget_change_the_estimate(run: Callable[..., Result], article: Path) -> None:
    assert figures(run(article, "-m", "x", "--repairs", "3"))["calls"] == [1, 1, 8]
    assert figures(run(article, "-m", "x", "--max-calls", "1"))["calls"] == [1, 1, 1]


def test_source_is_required(run: Callable[..., Result]) -> None:
    assert run().exit_code == 2
