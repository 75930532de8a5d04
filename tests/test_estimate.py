"""Estimates: exact prompts, bounds that hold, and prices."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import Article, ArticleError, Budget, Estimate, Prices, Request, Summarizer
from summarizer.engines import count_tokens
from summarizer.errors import BudgetExceeded, ChunkError, ConfigurationError
from summarizer.estimate import Cost, estimate_article, read_prices
from summarizer.testing import CallbackModel, replies_for
from tests.article.texts import texts

TEXT = "Bridge must go\n\n“The bridge is unsafe,” Anna Berg said. Tomas Lind said that it would be repaired."
LONG = "Bridge must go\n\n" + "\n\n".join(
    f"The council met {n} times, Anna Berg said. Nobody else came." for n in range(40)
)
NAMES = ("calls", "repairs", "prompt", "completion")


class Limited(CallbackModel):
    """A model whose replies have a limit."""

    def __init__(self, max_tokens: int | None) -> None:
        super().__init__(lambda _: "")
        self.max_tokens = max_tokens


def estimate(text: str = TEXT, *, limit: int | None = None, **options: object) -> Estimate:
    with Summarizer(model=Limited(limit), **options) as summarizer:  # type: ignore[arg-type]
        return summarizer.estimate(text)


def estimate_for(summarizer: Summarizer, text: str, is_stored: Callable[[Request], bool]) -> Estimate:
    pipeline = summarizer._pipeline
    return estimate_article(pipeline.engine, *pipeline._read(Article.from_text(text)), is_stored=is_stored)


def figures(total: Estimate) -> list[float]:
    return [getattr(cost, name) for cost in (total.low, total.likely, total.at_most) for name in (*NAMES, "cached")]


@pytest.mark.parametrize(("text", "tokens"), [(TEXT, 6_000), (LONG, 200)])
def test_estimate_counts_the_requests_that_a_brief_sends(text: str, tokens: int) -> None:
    counted: list[Request] = []
    model = CallbackModel(replies_for(text))
    with Summarizer(model=model, chunk_tokens=tokens) as summarizer:
        estimate_for(summarizer, text, lambda request: bool(counted.append(request)))
        summarizer.summarize(text)
    assert {request.messages for request in counted} == {
        request.messages for request in model.requests if request.schema_name == "extraction"
    }


def test_prompt_has_the_tokens_of_its_messages_and_a_few_more() -> None:
    sent: list[Request] = []
    with Summarizer(model=Limited(None)) as summarizer:
        result = estimate_for(summarizer, TEXT, lambda request: bool(sent.append(request)))
    (request,) = sent
    messages = sum(count_tokens(message.content) for message in request.messages)
    assert messages < result.low.prompt == result.likely.prompt < messages + 20


def test_check_of_statements_adds_a_request_for_each_chunk_and_another_if_it_finds_faults() -> None:
    one, checked = estimate(), estimate(verify=True)
    assert (checked.low.calls, checked.likely.calls, checked.at_most.calls) == (2, 3, 10)
    assert one.low.prompt + 200 < checked.low.prompt < checked.likely.prompt < checked.at_most.prompt
    many = estimate(LONG, chunk_tokens=200)
    assert estimate(LONG, chunk_tokens=200, verify=True).low.calls == many.low.calls + many.chunks


def test_check_costs_no_more_than_estimated() -> None:
    model = CallbackModel(replies_for(LONG, positions=[("Anna Berg", "The council met 3 times", "agrees")]))
    with Summarizer(model=model, verify=True) as summarizer:
        most = summarizer.estimate(LONG).at_most
        summarizer.summarize(LONG)
    (request,) = [request for request in model.requests if request.schema_name == "support"]
    assert len(model.requests) == 2 <= most.calls
    assert (
        sum(count_tokens(message.content) for request in model.requests for message in request.messages) < most.prompt
    )
    assert count_tokens(request.messages[0].content) > 100


def test_unknown_context_is_named_in_a_note() -> None:
    assert any("A context shorter than a request" in note for note in estimate().notes)
    assert not any("A context shorter" in note for note in estimate(context=32_000).notes)


def test_second_model_that_checks_is_named_in_a_note() -> None:
    note = "The tokens of the model that checks the statements are included."
    assert note in estimate(verify=Limited(None)).notes
    assert note not in estimate(verify=True).notes


def test_no_request_is_sent() -> None:
    model = CallbackModel(lambda _: "")
    with Summarizer(model=model) as summarizer:
        summarizer.estimate(LONG)
    assert model.requests == []


def test_one_chunk_is_one_call_and_at_most_five_with_one_repair() -> None:
    result = estimate()
    assert (result.low.calls, result.likely.calls, result.at_most.calls) == (1, 1, 6)
    assert estimate(repairs=0).at_most.calls == 5


def test_grouping_and_gist_of_several_chunks_are_counted() -> None:
    result = estimate(LONG, chunk_tokens=400)
    assert result.chunks > 1
    assert result.low.calls == result.chunks + 2


def test_more_repairs_raise_at_most_but_not_low() -> None:
    few, many = estimate(repairs=1), estimate(repairs=3)
    assert few.low == many.low
    assert few.at_most.prompt < many.at_most.prompt
    assert (few.at_most.repairs, many.at_most.repairs) == (1, 3)


@given(
    text=texts,
    tokens=st.integers(300, 6_000),
    repairs=st.integers(0, 3),
    limit=st.none() | st.integers(1, 20_000),
    calls=st.none() | st.integers(1, 9),
    most=st.none() | st.integers(1, 9_000),
)
def test_low_likely_and_at_most_are_ordered(
    text: str, tokens: int, repairs: int, limit: int | None, calls: int | None, most: int | None
) -> None:
    try:
        result = estimate(
            text, limit=limit, chunk_tokens=tokens, repairs=repairs, budget=Budget(calls=calls, tokens=most)
        )
    except (ArticleError, ChunkError):
        return
    for less, more in ((result.low, result.likely), (result.likely, result.at_most)):
        assert all(getattr(less, name) <= getattr(more, name) + 1e-6 for name in NAMES)
    assert calls is None or result.at_most.calls <= calls
    assert all(cost.cached <= cost.prompt for cost in (result.low, result.likely, result.at_most))


def test_reply_limit_bounds_completion_tokens_over_two_attempts() -> None:
    assert estimate(limit=1_000, repairs=0).at_most.completion == 3 * 3_000
    assert estimate(limit=1_000).at_most.completion == 3 * 3_000 + 3_000


def test_rest_of_chunks_with_too_long_replies_is_counted() -> None:
    free, limited = estimate(LONG), estimate(LONG, limit=300)
    assert limited.low.calls > free.low.calls
    assert any("the rest is requested again" in note for note in limited.notes)
    assert not any("the rest is requested again" in note for note in free.notes)


def test_budget_of_calls_limits_all_figures() -> None:
    result = estimate(LONG, chunk_tokens=200, budget=Budget(calls=2))
    assert (result.low.calls, result.likely.calls, result.at_most.calls) == (2, 2, 2)
    assert result.at_most.prompt < estimate(LONG, chunk_tokens=200).at_most.prompt


def test_budget_of_tokens_limits_likely_and_at_most() -> None:
    result = estimate(LONG, chunk_tokens=200, chunk_concurrency=1, budget=Budget(tokens=4_000))
    assert 4_000 < result.likely.prompt + result.likely.completion < 6_500  # the request that reaches it is paid for
    free = estimate(LONG, chunk_tokens=200)
    assert result.at_most.prompt < free.at_most.prompt
    assert any("budget" in note for note in result.notes)


def test_stored_reply_costs_nothing() -> None:
    with Summarizer(model=Limited(None)) as summarizer:
        result = estimate_for(summarizer, TEXT, lambda _: True)
    assert (result.stored_replies, result.likely) == (1, Cost())
    assert (result.at_most.calls, result.at_most.repairs) == (1, 1)  # its repair may be missing


def test_only_chunks_without_stored_replies_are_counted() -> None:
    seen: list[Request] = []

    def every_other(request: Request) -> bool:
        seen.append(request)
        return len(seen) % 2 == 0

    with Summarizer(model=Limited(None), chunk_tokens=200) as summarizer:
        result, whole = estimate_for(summarizer, LONG, every_other), summarizer.estimate(LONG)
    assert result.stored_replies == len(seen) // 2
    assert result.low.calls == whole.low.calls - result.stored_replies


def test_stored_brief_costs_nothing(tmp_path: Path) -> None:
    budget = Budget(calls=2)
    model = CallbackModel(replies_for(LONG))
    options: dict[str, Any] = {"model": model, "store": tmp_path / "briefs.db", "chunk_tokens": 200}
    with Summarizer(**options) as summarizer:
        whole = summarizer.estimate(LONG)
    with Summarizer(**options, budget=budget) as summarizer, pytest.raises(BudgetExceeded):
        summarizer.summarize(LONG)
    with Summarizer(**options) as summarizer:
        result = summarizer.estimate(LONG)
        assert (result.stored_replies, result.low.calls) == (2, whole.low.calls - 2)
        summarizer.summarize(LONG)
        result = summarizer.estimate(LONG)
        assert (result.articles, result.stored, result.likely, result.at_most) == (1, 1, Cost(), Cost())


def test_builtin_engine_costs_nothing() -> None:
    with Summarizer(model="builtin") as summarizer:
        result = summarizer.estimate(TEXT)
    assert (result.articles, result.likely, result.at_most) == (1, Cost(), Cost())
    assert "costs nothing" in result.notes[0]


def test_estimates_add_up() -> None:
    one, other = estimate(TEXT), estimate(LONG, chunk_tokens=400)
    both = sum([one, other], Estimate())
    assert both.articles == 2
    assert both.chunks == one.chunks + other.chunks
    assert both.low.prompt == one.low.prompt + other.low.prompt
    assert both.at_most.completion == one.at_most.completion + other.at_most.completion
    assert both.notes == one.notes


@pytest.mark.slow
@given(sizes=st.lists(st.integers(1, 40), min_size=3, max_size=3))
def test_addition_is_associative(sizes: list[int]) -> None:
    a, b, c = (estimate(LONG[: 40 * size] + ".") for size in sizes)
    for one, other in zip(figures((a + b) + c), figures(a + (b + c)), strict=True):
        assert one == pytest.approx(other)
    assert Estimate() + a == a + Estimate() == a


def test_repairs_are_likely_from_half_an_expected_repair() -> None:
    one = estimate()
    assert one.likely.repairs == 0
    many = sum([one] * 110, Estimate())
    assert many.likely.repairs == pytest.approx(10)
    assert many.likely.calls == pytest.approx(120)


def test_shared_beginning_of_later_requests_counts_as_cached() -> None:
    one = estimate()
    assert one.likely.cached == 0
    assert 1_000 < (one + one).likely.cached == one.opening < one.likely.prompt
    assert (one + one).at_most.cached == 0


def test_unreadable_article_is_an_error() -> None:
    with pytest.raises(ArticleError):
        estimate("  \n ")
    with pytest.raises(ChunkError):
        estimate(LONG, chunk_tokens=3)


@pytest.mark.parametrize("repairs", [0, 1, 2])
def test_no_brief_takes_more_calls_than_at_most(repairs: int) -> None:
    model = CallbackModel(lambda _: json.dumps({"holders": []}))  # never valid
    with Summarizer(model=model, chunk_tokens=200, repairs=repairs, on_failed_chunk="keep") as summarizer:
        result = summarizer.estimate(LONG)
        with pytest.raises(Exception, match="not have the requested form"):
            summarizer.summarize(LONG)
    assert len(model.requests) <= result.at_most.calls


COST = Cost(calls=3, prompt=2_000_000, cached=500_000, completion=1_000_000)


def price_file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "prices.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_price_is_for_a_million_tokens() -> None:
    assert Prices(0.5, 4).price_of(COST) == 5.0


def test_cached_tokens_have_their_own_price() -> None:
    assert Prices(0.5, 4, 0.1).price_of(COST) == pytest.approx(0.75 + 0.05 + 4)


@pytest.mark.parametrize("price", [-1, float("nan"), float("inf"), True, "3"])
def test_invalid_price_is_rejected(price: Any) -> None:
    for prices in ((price, 1), (1, price), (1, 1, price)):
        with pytest.raises(ConfigurationError, match="price"):
            Prices(*prices)


@pytest.mark.parametrize("share", [-0.5, 1.01, 50])
def test_price_of_batches_is_a_share(share: float) -> None:
    with pytest.raises(ConfigurationError, match=r"share .*0\.5|price"):
        Prices(1, 1, batch=share)


def test_price_file_has_a_table_for_each_model(tmp_path: Path) -> None:
    path = price_file(tmp_path, '["big-1.5"]\nin = 2\nout = 8\ncached = 0.5\n[small]\nin = 0.1\nout = 0.4\n')
    assert read_prices(path, "big-1.5") == Prices(2, 8, 0.5)
    assert read_prices(path, "small") == Prices(0.1, 0.4)


def test_prices_outside_a_table_apply_to_other_models(tmp_path: Path) -> None:
    path = price_file(tmp_path, "in = 1\nout = 2\n[small]\nin = 0.1\nout = 0.4\n")
    assert read_prices(path, "other") == Prices(1, 2)
    assert read_prices(path, "small") == Prices(0.1, 0.4)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[small]\nin = 1\nout = 2\n", "no prices for big.*prices for: small"),
        ("", "no prices for big"),
        ("[big]\nin = 1\n", "lack: out"),
        ("[big]\nin = 1\nout = 2\nthoughts = 3\n", "unknown fields: thoughts"),
        ("big = 3\n", "lack: in, out"),
        ('[big]\nin = "a"\nout = 2\n', "'a'"),
        ("[big\n", "not TOML"),
    ],
)
def test_invalid_price_file_is_an_error_with_the_reason(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        read_prices(price_file(tmp_path, text), "big")


def test_missing_price_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"prices\.toml cannot be read"):
        read_prices(tmp_path / "prices.toml", "big")
    (tmp_path / "prices.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match="not TOML"):
        read_prices(tmp_path / "prices.toml", "big")
