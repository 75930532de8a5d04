"""Requests fit the model's context, and a context that is too small is named with the one that is needed."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import Article, Summarizer
from summarizer.article import read
from summarizer.attribution import analyse
from summarizer.engines import (
    ExtractionContext,
    LLMEngine,
    count_messages,
    count_tokens,
    first_request,
    load_prompts,
    load_schema,
)
from summarizer.engines.llm.fitting import SMALL_CONTEXT, STANDARD, Layout, fit_to_context, least_context
from summarizer.errors import ChunkError, ConfigurationError, ContextTooLong
from summarizer.models import Reply, Request, UsageTracker
from summarizer.testing import CallbackModel

PROMPTS = load_prompts()
NOTHING = json.dumps({"holders": [], "issues": [], "positions": [], "open_questions": [], "gist": None})


@pytest.fixture(scope="module")
def debate(seeds: Path) -> ExtractionContext:
    text = (seeds / "water-debate.txt").read_text(encoding="utf-8")
    reading = read(Article.from_text(text[:20_000]))
    return ExtractionContext(reading, analyse(reading))


def requests_at(context: ExtractionContext, tokens: int | None) -> list[Request]:
    engine = LLMEngine(CallbackModel(lambda _: NOTHING), PROMPTS, context=tokens)
    chunks, fit = engine.split(context.reading)
    return [first_request(chunk, context, PROMPTS, fit.layout) for chunk in chunks]


def test_short_prompt_brings_an_article_of_500_words_under_1500_tokens(seeds: Path) -> None:
    text = (seeds / "ukraine-nato-offer.txt").read_text(encoding="utf-8")
    reading = read(Article.from_text(text))
    assert 450 < len(reading.article.text.split()) < 520
    (request,) = requests_at(ExtractionContext(reading, analyse(reading)), 4_096)
    assert request.prompts[0].name == "extract-small"
    assert count_messages(request.messages) < 1_500


def test_short_prompt_describes_every_field_and_every_choice() -> None:
    prompt = "\n".join(template.template for _, template in PROMPTS["extract-small"].messages)

    def words(node: object) -> list[str]:
        if isinstance(node, dict):
            own = [*node.get("properties", ()), *node.get("enum", ())]
            return own + [word for value in node.values() for word in words(value)]
        return [word for value in node for word in words(value)] if isinstance(node, list) else []

    assert all(f'"{word}"' in prompt for word in words(dict(load_schema())))


@pytest.mark.parametrize("tokens", [None, 100_000])
def test_requests_in_a_large_or_unknown_context_are_the_standard_ones(
    debate: ExtractionContext, tokens: int | None
) -> None:
    engine = LLMEngine(CallbackModel(lambda _: NOTHING), PROMPTS, context=tokens)
    chunks, fit = engine.split(debate.reading)
    assert fit.layout == STANDARD
    assert fit.chunk_tokens == engine.chunk_tokens
    assert requests_at(debate, tokens) == [first_request(chunk, debate, PROMPTS) for chunk in chunks]


@pytest.mark.parametrize("tokens", [1_500, 2_048, 4_096, 8_191, 8_192, 16_384])
def test_prompt_and_expected_reply_fit_the_context(debate: ExtractionContext, tokens: int) -> None:
    for request in requests_at(debate, tokens):
        assert request.prompts[0].name == ("extract-small" if tokens < SMALL_CONTEXT else "extract")
        assert count_messages(request.messages) < 0.75 * tokens


def test_lead_and_cast_take_a_quarter_of_a_chunk_at_most(debate: ExtractionContext) -> None:
    engine = LLMEngine(CallbackModel(lambda _: NOTHING), PROMPTS, context=2_048)
    chunks, fit = engine.split(debate.reading)
    assert fit.layout.context_tokens is not None
    bare = Layout(is_small=True, context_tokens=0)
    for chunk in chunks:
        full, empty = (
            count_messages(first_request(chunk, debate, PROMPTS, each).messages) for each in (fit.layout, bare)
        )
        assert full - empty <= fit.layout.context_tokens + 40  # and the tags around them


def test_people_named_in_the_chunk_come_first(debate: ExtractionContext) -> None:
    chunks, _ = LLMEngine(CallbackModel(lambda _: NOTHING), PROMPTS, context=2_048).split(debate.reading)
    pairs = list(zip(debate.people, debate.listed, strict=True))
    chunk, named = next(
        (chunk, named)
        for chunk in chunks[1:]
        if (named := [line for line, entity in pairs if entity.name in "".join(chunk.lines)])
    )
    request = first_request(chunk, debate, PROMPTS, Layout(is_small=True, context_tokens=150))
    assert named[0] in request.messages[1].content


@given(
    context=st.integers(64, 40_000),
    lines=st.lists(st.integers(3, 400), min_size=1, max_size=60),
    chunk_tokens=st.integers(400, 8_000),
)
def test_every_context_gets_chunks_that_hold_each_sentence_or_the_least_context(
    context: int, lines: list[int], chunk_tokens: int
) -> None:
    try:
        fit = fit_to_context(context, lines, chunk_tokens, PROMPTS)
    except ChunkError:
        least = least_context(lines, PROMPTS)
        assert context < least
        assert fit_to_context(least, lines, chunk_tokens, PROMPTS).chunk_tokens >= max(lines)
    else:
        assert max(lines) <= fit.chunk_tokens <= chunk_tokens


def test_context_below_the_least_is_an_error_that_names_it(seeds: Path) -> None:
    text = (seeds / "ukraine-nato-offer.txt").read_text(encoding="utf-8")
    with (
        Summarizer(model=CallbackModel(lambda _: NOTHING), context=500) as summarizer,
        pytest.raises(ChunkError, match=r"The context of 500 tokens is too small .* needs 1,\d{3} or more"),
    ):
        summarizer.summarize(text)


def test_context_is_a_positive_number(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match="context"):
        Summarizer(model="builtin", context=0)
    monkeypatch.setenv("SUMMARIZER_CONTEXT", "many")
    with pytest.raises(ConfigurationError, match="SUMMARIZER_CONTEXT cannot be “many”"):
        Summarizer(model="builtin")


@pytest.mark.parametrize("given_by", ["argument", "variable", "model"])
def test_brief_names_the_short_prompt(seeds: Path, monkeypatch: pytest.MonkeyPatch, given_by: str) -> None:
    class Small(CallbackModel):
        async def context_length(self) -> int | None:
            return 4_096

    model = (Small if given_by == "model" else CallbackModel)(lambda _: NOTHING)
    if given_by == "variable":
        monkeypatch.setenv("SUMMARIZER_CONTEXT", "4096")
    with Summarizer(model=model, context=4_096 if given_by == "argument" else None) as summarizer:
        brief = summarizer.summarize((seeds / "ukraine-nato-offer.txt").read_text(encoding="utf-8"))
    names = {prompt.name for prompt in brief.provenance.prompts}
    assert "extract-small" in names
    assert "extract" not in names


def test_short_prompts_can_be_chosen_by_name(seeds: Path) -> None:
    model = CallbackModel(lambda _: NOTHING)
    with Summarizer(model=model, prompts="extract-small") as summarizer:
        summarizer.summarize((seeds / "ukraine-nato-offer.txt").read_text(encoding="utf-8"))
    assert [request.prompts[0].name for request in model.requests] == ["extract-small"]


def test_prompt_of_the_user_is_kept_in_a_small_context(tmp_path: Path, seeds: Path) -> None:
    own = (Path(__file__).parents[3] / "prompts" / "extract.md").read_text(encoding="utf-8")
    (tmp_path / "extract.md").write_text(own.replace("You are exact", "You are brisk"), encoding="utf-8")
    model = CallbackModel(lambda _: NOTHING)
    with Summarizer(model=model, prompts=tmp_path, context=6_000) as summarizer:
        summarizer.summarize((seeds / "reservoir-brief.txt").read_text(encoding="utf-8"))
    assert "You are brisk" in model.requests[0].messages[0].content


def rejecting(context: int, *, says: bool) -> CallbackModel:
    """Return a model that rejects requests above a context, and names it or not."""

    def answer(request: Request) -> Reply | Exception:
        if count_messages(request.messages) <= context:
            return Reply(NOTHING)
        error = ContextTooLong("Too long.", hint="Start it anew.")
        error.context = context if says else None
        return error

    return CallbackModel(answer)


@pytest.mark.parametrize("says", [True, False])
@pytest.mark.parametrize("context", [1_400, 2_048, 4_096])
async def test_rejected_article_is_requested_in_shorter_forms_only(
    debate: ExtractionContext, context: int, says: bool
) -> None:
    model = rejecting(context, says=says)
    result = await LLMEngine(model, PROMPTS).run(debate.reading, debate.analysis, UsageTracker())
    assert result.failures == ()
    sizes = [count_messages(request.messages) for request in model.requests if request.schema_name == "extraction"]
    rejected = [size for size in sizes if size > context]
    assert rejected == sorted(rejected, reverse=True)
    assert len(rejected) <= (1 if says else 6)


@pytest.mark.parametrize("says", [True, False])
async def test_context_too_small_for_a_sentence_is_reported_after_a_few_requests(
    debate: ExtractionContext, says: bool
) -> None:
    model = rejecting(400, says=says)
    result = await LLMEngine(model, PROMPTS).run(debate.reading, debate.analysis, UsageTracker())
    assert result.chunks == 0
    assert all("context" in str(failure.error) and "or more" in str(failure.error) for failure in result.failures)
    assert all("chunk_tokens" not in str(failure.error) for failure in result.failures)
    assert len(model.requests) <= 10


async def test_repair_that_exceeds_the_context_leaves_an_error_about_the_reply(debate: ExtractionContext) -> None:
    first: list[Request] = []

    def answer(request: Request) -> Reply | Exception:
        first.append(request)
        return ContextTooLong("Too long.") if len(request.messages) > 2 else Reply("I would rather not.")

    engine = LLMEngine(CallbackModel(answer), PROMPTS, context=100_000)
    result = await engine.run(debate.reading, debate.analysis, UsageTracker())
    assert "requested form" in str(result.failures[0].error)
    assert count_tokens(first[0].messages[0].content) > 1_000
