"""Prices: given by the caller or a file, and never guessed."""

from pathlib import Path
from typing import Any

import pytest

from summarizer import Prices
from summarizer.errors import ConfigurationError
from summarizer.estimate import Cost, read_prices

COST = Cost(calls=3, prompt=2_000_000, cached=500_000, completion=1_000_000)


def file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "prices.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_price_is_that_of_a_million_tokens() -> None:
    assert Prices(0.5, 4).of(COST) == 5.0


def test_cached_tokens_have_a_price_of_their_own_where_one_is_given() -> None:
    assert Prices(0.5, 4, 0.1).of(COST) == pytest.approx(0.75 + 0.05 + 4)


@pytest.mark.parametrize("price", [-1, float("nan"), float("inf"), True, "3"])
def test_what_is_no_price_is_refused(price: Any) -> None:
    for prices in ((price, 1), (1, price), (1, 1, price)):
        with pytest.raises(ConfigurationError, match="price"):
            Prices(*prices)


def test_a_file_has_a_table_for_each_model(tmp_path: Path) -> None:
    path = file(tmp_path, '["big-1.5"]\nin = 2\nout = 8\ncached = 0.5\n[small]\nin = 0.1\nout = 0.4\n')
    assert read_prices(path, "big-1.5") == Prices(2, 8, 0.5)
    assert read_prices(path, "small") == Prices(0.1, 0.4)


def test_prices_outside_a_table_are_those_of_every_model_without_one(tmp_path: Path) -> None:
    path = file(tmp_path, "in = 1\nout = 2\n[small]\nin = 0.1\nout = 0.4\n")
    assert read_prices(path, "other") == Prices(1, 2)
    assert read_prices(path, "small") == Prices(0.1, 0.4)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[small]\nin = 1\nout = 2\n", "no prices for big.*those for: small"),
        ("", "no prices for big"),
        ("[big]\nin = 1\n", "hold together: out"),
        ("[big]\nin = 1\nout = 2\nthoughts = 3\n", "thoughts"),
        ("big = 3\n", "hold together"),
        ('[big]\nin = "a"\nout = 2\n', "'a'"),
        ("[big\n", "not TOML"),
    ],
)
def test_a_file_that_does_not_serve_is_an_error_that_says_why(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        read_prices(file(tmp_path, text), "big")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"prices\.toml cannot be read"):
        read_prices(tmp_path / "prices.toml", "big")
    (tmp_path / "prices.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match="not TOML"):
        read_prices(tmp_path / "prices.toml", "big")
