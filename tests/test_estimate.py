"""What a brief would cost: the requests that would be sent, within bounds that hold."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import Article, ArticleError, Budget, Estimate, Request, Summarizer
from summarizer.engines import count_tokens
from summarizer.errors import BudgetExceeded, ChunkError
from summarizer.estimate import Cost
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


def figures(told: Estimate) -> list[float]:
    return [getattr(cost, name) for cost in (told.low, told.likely, told.at_most) for name in (*NAMES, "cached")]


@pytest.mark.parametrize(("text", "tokens"), [(TEXT, 6_000), (LONG, 200)])
def test_it_counts_the_very_requests_that_a_brief_sends_first(text: str, tokens: int) -> None:
    counted: list[Request] = []
    model = CallbackModel(replies_for(text))
    with Summarizer(model=model, chunk_tokens=tokens) as summarizer:
        summarizer._stages.estimate(Article.from_text(text), lambda request: bool(counted.append(request)))
        summarizer.summarize(text)
    assert {request.messages for request in counted} == {
        request.messages for request in model.requests if request.schema_name == "extraction"
    }


def test_a_prompt_has_the_tokens_of_its_messages_and_a_few_around_them() -> None:
    sent: list[Request] = []
    with Summarizer(model=Limited(None)) as summarizer:
        told = summarizer._stages.estimate(Article.from_text(TEXT), lambda request: bool(sent.append(request)))
    (request,) = sent
    messages = sum(count_tokens(message.content) for message in request.messages)
    assert messages < told.low.prompt == told.likely.prompt < messages + 20


def test_nothing_is_asked() -> None:
    model = CallbackModel(lambda _: "")
    with Summarizer(model=model) as summarizer:
        summarizer.estimate(LONG)
    assert model.requests == []


def test_an_article_in_one_chunk_is_one_call_and_at_most_a_repair_more() -> None:
    told = estimate()
    assert (told.low.calls, told.likely.calls, told.at_most.calls) == (1, 1, 2)
    assert estimate(repairs=0).at_most.calls == 1


def test_of_several_chunks_the_grouping_and_the_gist_are_counted_too() -> None:
    told = estimate(LONG, chunk_tokens=400)
    assert told.chunks > 1
    assert told.low.calls == told.chunks + 2


def test_more_repairs_raise_the_most_and_never_the_low() -> None:
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
def test_low_is_never_more_than_likely_nor_that_than_the_most(
    text: str, tokens: int, repairs: int, limit: int | None, calls: int | None, most: int | None
) -> None:
    try:
        told = estimate(
            text, limit=limit, chunk_tokens=tokens, repairs=repairs, budget=Budget(calls=calls, tokens=most)
        )
    except (ArticleError, ChunkError):
        return
    for less, more in ((told.low, told.likely), (told.likely, told.at_most)):
        assert all(getattr(less, name) <= getattr(more, name) + 1e-6 for name in NAMES)
    assert calls is None or told.at_most.calls <= calls
    assert all(cost.cached <= cost.prompt for cost in (told.low, told.likely, told.at_most))


def test_with_a_limit_of_tokens_the_most_is_that_and_twice_that_in_a_second_attempt_for_each_reply() -> None:
    assert estimate(limit=1_000, repairs=0).at_most.completion == 3_000
    assert estimate(limit=1_000).at_most.completion == 6_000


def test_replies_that_are_likely_too_long_for_their_limit_have_their_chunks_cut_in_two() -> None:
    free, limited = estimate(LONG), estimate(LONG, limit=300)
    assert limited.low.calls > free.low.calls
    assert any("cut in two" in note for note in limited.notes)
    assert not any("cut in two" in note for note in free.notes)


def test_a_budget_of_calls_caps_all_figures() -> None:
    told = estimate(LONG, chunk_tokens=200, budget=Budget(calls=2))
    assert (told.low.calls, told.likely.calls, told.at_most.calls) == (2, 2, 2)
    assert told.at_most.prompt < estimate(LONG, chunk_tokens=200).at_most.prompt


def test_a_budget_of_tokens_caps_what_is_likely_and_the_most_by_what_may_be_under_way() -> None:
    told = estimate(LONG, chunk_tokens=200, chunk_concurrency=1, budget=Budget(tokens=4_000))
    assert 4_000 < told.likely.prompt + told.likely.completion < 6_500  # the request that reaches it is paid for
    free = estimate(LONG, chunk_tokens=200)
    assert told.at_most.prompt < free.at_most.prompt
    assert any("budget" in note for note in told.notes)


def test_what_is_answered_already_costs_nothing() -> None:
    with Summarizer(model=Limited(None)) as summarizer:
        told = summarizer._stages.estimate(Article.from_text(TEXT), lambda _: True)
    assert (told.answered, told.likely) == (1, Cost())
    assert (told.at_most.calls, told.at_most.repairs) == (1, 1)  # the repair of a reply that is at hand may be missing


def test_only_the_chunks_that_are_not_answered_are_counted() -> None:
    seen: list[Request] = []

    def every_other(request: Request) -> bool:
        seen.append(request)
        return len(seen) % 2 == 0

    with Summarizer(model=Limited(None), chunk_tokens=200) as summarizer:
        told, whole = summarizer._stages.estimate(Article.from_text(LONG), every_other), summarizer.estimate(LONG)
    assert told.answered == len(seen) // 2
    assert told.low.calls == whole.low.calls - told.answered


def test_what_a_store_holds_costs_nothing(tmp_path: Path) -> None:
    budget = Budget(calls=2)
    model = CallbackModel(replies_for(LONG))
    options: dict[str, Any] = {"model": model, "store": tmp_path / "briefs.db", "chunk_tokens": 200}
    with Summarizer(**options) as summarizer:
        whole = summarizer.estimate(LONG)
    with Summarizer(**options, budget=budget) as summarizer, pytest.raises(BudgetExceeded):
        summarizer.summarize(LONG)
    with Summarizer(**options) as summarizer:
        told = summarizer.estimate(LONG)
        assert (told.answered, told.low.calls) == (2, whole.low.calls - 2)
        summarizer.summarize(LONG)
        told = summarizer.estimate(LONG)
        assert (told.articles, told.made, told.likely, told.at_most) == (1, 1, Cost(), Cost())


def test_the_built_in_engine_costs_nothing_and_says_so() -> None:
    with Summarizer(model="builtin") as summarizer:
        told = summarizer.estimate(TEXT)
    assert (told.articles, told.likely, told.at_most) == (1, Cost(), Cost())
    assert "costs nothing" in told.notes[0]


def test_estimates_add_up() -> None:
    one, other = estimate(TEXT), estimate(LONG, chunk_tokens=400)
    both = sum([one, other], Estimate())
    assert both.articles == 2
    assert both.chunks == one.chunks + other.chunks
    assert both.low.prompt == one.low.prompt + other.low.prompt
    assert both.at_most.completion == one.at_most.completion + other.at_most.completion
    assert both.notes == one.notes


@given(sizes=st.lists(st.integers(1, 40), min_size=3, max_size=3))
def test_how_they_are_bracketed_makes_no_difference(sizes: list[int]) -> None:
    a, b, c = (estimate(LONG[: 40 * size] + ".") for size in sizes)
    for one, other in zip(figures((a + b) + c), figures(a + (b + c)), strict=True):
        assert one == pytest.approx(other)
    assert Estimate() + a == a + Estimate() == a


def test_repairs_are_likely_once_half_of_one_is_to_be_expected() -> None:
    one = estimate()
    assert one.likely.repairs == 0
    many = sum([one] * 110, Estimate())
    assert many.likely.repairs == pytest.approx(20)
    assert many.likely.calls == pytest.approx(130)


def test_the_shared_beginning_of_later_requests_counts_as_cached() -> None:
    one = estimate()
    assert one.likely.cached == 0
    assert 1_000 < (one + one).likely.cached == one.opening < one.likely.prompt
    assert (one + one).at_most.cached == 0


def test_what_cannot_be_read_is_an_error() -> None:
    with pytest.raises(ArticleError):
        estimate("  \n ")
    with pytest.raises(ChunkError):
        estimate(LONG, chunk_tokens=3)


@pytest.mark.parametrize("repairs", [0, 1, 2])
def test_no_brief_takes_more_calls_than_the_most(repairs: int) -> None:
    model = CallbackModel(lambda _: json.dumps({"holders": []}))  # never what was asked for
    with Summarizer(model=model, chunk_tokens=200, repairs=repairs, on_failed_chunk="keep") as summarizer:
        told = summarizer.estimate(LONG)
        with pytest.raises(Exception, match="not what was asked for"):
            summarizer.summarize(LONG)
    assert len(model.requests) <= told.at_most.calls
