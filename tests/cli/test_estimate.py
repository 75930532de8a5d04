"""The command ``estimate``: what briefs would cost, before a cent is spent."""

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


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def figures(result: Result) -> dict[str, list[float]]:
    """The rows of the table."""
    rows = [line.rsplit(None, 3) for line in result.stdout.splitlines()]
    numbers = [row for row in rows if len(row) == 4 and all(each[-1].isdigit() for each in row[1:])]
    return {row[0].strip(): [float(each.replace(",", "")) for each in row[1:]] for row in numbers}


def test_it_tells_calls_and_tokens_of_a_model_without_a_key(run: Callable[..., Result], article: Path) -> None:
    result = run(article, "--model", "some-model")
    assert result.exit_code == 0
    table = figures(result)
    assert table["calls"] == [1, 1, 2]
    assert table["prompt tokens"][0] > 1_000
    assert "1 article in 1 chunk" in result.stdout
    assert "money" not in result.stdout


def test_several_articles_are_added_up(run: Callable[..., Result], article: Path) -> None:
    one, two = (figures(run(*each, "-m", "x")) for each in ([article], [article, article]))
    assert two["prompt tokens"][0] == 2 * one["prompt tokens"][0]


def test_sources_are_named_as_for_batch(run: Callable[..., Result], article: Path) -> None:
    listed = f"{article}\n{json.dumps({'text': TEXT})}\n".encode()
    assert "2 articles in 2 chunks" in run("-", "-m", "x", stdin=listed).stdout
    assert "1 article in 1 chunk" in run(article.parent, "-m", "x").stdout


def test_what_a_store_holds_is_told_and_costs_nothing(
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
    assert "1 article done already" in result.stdout
    assert json.loads(run(article, "-m", "x", "--store", store, "-f", "json").stdout)["likely"]["calls"] == 0
    assert "done already" not in run(article, "-m", "y", "--store", store).stdout


def test_money_comes_of_the_prices_that_are_given(run: Callable[..., Result], article: Path) -> None:
    prices = ["--price-in", "1", "--price-out", "10"]
    told = json.loads(run(article, "-m", "x", *prices, "-f", "json").stdout)
    for name in ("low", "likely", "at_most"):
        cost = told[name]
        assert cost["money"] == pytest.approx((cost["prompt"] + 10 * cost["completion"]) / 1e6, abs=2e-5)
    assert "money" in run(article, "-m", "x", *prices).stdout


def test_a_price_file_has_the_price_of_the_model_that_is_named(
    run: Callable[..., Result], article: Path, tmp_path: Path
) -> None:
    file = tmp_path / "prices.toml"
    file.write_text("[x]\nin = 1\nout = 10\n")
    assert "money" in run(article, "-m", "x", "--prices", file).stdout
    result = run(article, "-m", "y", "--prices", file)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no prices for y" in result.stderr


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--price-in", "1"], "--price-in is given without --price-out"),
        (["--price-cached", "1"], "without --price-in"),
        (["--price-in", "1", "--price-out", "1", "--prices", "p.toml"], "both give prices"),
    ],
)
def test_half_a_price_is_an_error_that_says_what_is_missing(
    run: Callable[..., Result], article: Path, options: list[str], says: str
) -> None:
    result = run(article, "-m", "x", *options)
    assert result.exit_code == 1
    assert says in result.stderr


def test_an_article_that_cannot_be_read_is_named_and_the_others_are_counted(
    run: Callable[..., Result], article: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty.txt").write_text(" \n")
    result = run(article, tmp_path / "empty.txt", tmp_path / "nothing.txt", "-m", "x", "-f", "json")
    assert result.exit_code == 3
    told = json.loads(result.stdout)
    assert told["articles"] == 1
    assert [Path(each["source"]).name for each in told["failed"]] == ["empty.txt", "nothing.txt"]
    assert len(result.stderr.splitlines()) == 2


def test_where_none_can_be_read_it_fails(run: Callable[..., Result], tmp_path: Path) -> None:
    result = run(tmp_path / "nothing.txt", "-m", "x")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "cannot be read" in result.stderr


def test_without_a_model_it_says_that_the_built_in_engine_costs_nothing(
    run: Callable[..., Result], article: Path
) -> None:
    for options in ([], ["-m", "builtin"]):
        result = run(article, *options)
        assert result.exit_code == 0
        assert "costs nothing" in result.stdout
        assert "--model NAME" in result.stdout


def test_the_environment_names_the_model(
    run: Callable[..., Result], article: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUMMARIZER_MODEL", "some-model")
    assert figures(run(article))["calls"] == [1, 1, 2]
    monkeypatch.setenv("SUMMARIZER_MODEL", "")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:1/v1")
    assert figures(run(article))["calls"] == [1, 1, 2]


def test_the_options_of_a_brief_count(run: Callable[..., Result], article: Path) -> None:
    assert figures(run(article, "-m", "x", "--repairs", "3"))["calls"] == [1, 1, 4]
    assert figures(run(article, "-m", "x", "--max-calls", "1"))["calls"] == [1, 1, 1]


def test_a_source_is_needed(run: Callable[..., Result]) -> None:
    assert run().exit_code == 2
