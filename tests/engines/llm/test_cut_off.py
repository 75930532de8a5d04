"""What a cut-off reply holds is kept, and the rest is requested within limits."""

import asyncio
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from summarizer.article import Article, read
from summarizer.attribution import analyse
from summarizer.engines import EngineResult, ExtractionContext, LLMEngine, count_tokens, load_prompts
from summarizer.engines.llm.parsing import parse_cut_off
from summarizer.errors import ReplyCutOff
from summarizer.models import Reply, Request, UsageTracker
from summarizer.testing import CallbackModel, ScriptedModel
from summarizer.usage import Usage

SENTENCES = 60
ARTICLE = "Pier news\n\n" + "\n\n".join(
    f"“Pier {n} of the old bridge is unsafe and must be closed,” Anna Berg said." for n in range(1, SENTENCES)
)


@pytest.fixture(scope="module")
def piers() -> ExtractionContext:
    reading = read(Article.from_text(ARTICLE))
    return ExtractionContext(reading, analyse(reading))


def shown_numbers(request: Request) -> list[int]:
    text = request.messages[1].content
    return [int(number) for number in re.findall(r"^\[(\d+)\] “", text[text.rindex("<article-") :], re.MULTILINE)]


def complete_reply(numbers: list[int]) -> str:
    """Return a reply with a position for each sentence."""
    anna = {"id": "H1", "name": "Anna Berg", "kind": "person", "role": None, "affiliation": None}
    positions = [
        {
            "sentences": [number],
            "holders": ["H1"],
            "reported_by": None,
            "statement": f"Pier {number - 1} of the old bridge is unsafe and must be closed.",
            "issue": None,
            "stance": "unclear",
            "certainty": "asserted",
        }
        for number in numbers
    ]
    gist = {"sentences": numbers[:1], "text": "A bridge is unsafe."}
    return json.dumps({"holders": [anna], "issues": [], "positions": positions, "open_questions": [], "gist": gist})


def cut_after(characters: int, write: Callable[[list[int]], str] = complete_reply) -> CallbackModel:
    """Return a model whose replies end after this many characters."""

    def answer(request: Request) -> Reply:
        if request.schema_name != "extraction":
            return Reply("{}")
        text = write(shown_numbers(request))
        return Reply(text[:characters], "length" if len(text) > characters else "stop")

    return CallbackModel(answer)


async def run(piers: ExtractionContext, model: CallbackModel | ScriptedModel, **options: Any) -> EngineResult:
    engine = LLMEngine(model, load_prompts(), **{"repairs": 0, **options})
    return await engine.run(piers.reading, piers.analysis, UsageTracker())


def cited(result: EngineResult) -> list[int]:
    return sorted({evidence.sentence for position in result.findings.positions for evidence in position.evidence})


async def test_positions_of_cut_off_replies_are_kept_and_the_rest_is_requested(piers: ExtractionContext) -> None:
    model = cut_after(5_000)
    result = await run(piers, model)
    assert cited(result) == list(range(2, SENTENCES + 1))
    assert len(result.findings.positions) == SENTENCES - 1
    assert result.failures == ()
    firsts = [shown_numbers(request)[0] for request in model.requests if request.schema_name == "extraction"]
    assert firsts == sorted(firsts)
    assert 2 < len(firsts) <= 5
    assert result.notes[0] == "The reply about sentences 1 to 60 was cut off; the rest was requested again."


async def test_notes_follow_the_sentences_though_replies_come_in_another_order(piers: ExtractionContext) -> None:
    last_is_answered = asyncio.Event()
    model = cut_after(3_000)
    answer = model._function

    async def answer_last_first(request: Request) -> Any:
        if request.schema_name == "extraction" and SENTENCES in shown_numbers(request):
            last_is_answered.set()
        await last_is_answered.wait()
        return answer(request)

    firsts = []
    for function in (answer, answer_last_first):
        result = await run(piers, CallbackModel(function), chunk_tokens=500)
        firsts.append([int(note.split()[4]) for note in result.notes if "was cut off" in note])
    assert len(firsts[0]) > 2
    assert firsts[1] == firsts[0] == sorted(firsts[0])


async def test_sentence_of_the_position_that_was_cut_off_is_requested_again(piers: ExtractionContext) -> None:
    model = cut_after(5_000)
    await run(piers, model)
    first, second = (shown_numbers(request) for request in model.requests[:2])
    kept = complete_reply(first)[:5_000].count('"asserted"}')
    assert second[0] == first[kept]


async def test_sentences_without_a_position_are_requested_if_the_reply_has_another_order(
    piers: ExtractionContext,
) -> None:
    def write(numbers: list[int]) -> str:
        mixed = sorted(numbers, key=lambda number: number * 37 % 61)
        return complete_reply(mixed)

    model = cut_after(8_000, write)
    result = await run(piers, model)
    assert cited(result) == list(range(2, SENTENCES + 1))


@pytest.mark.parametrize("characters", [200, 900, 1_500, 3_000])
@pytest.mark.parametrize("repairs", [0, 1])
async def test_requests_and_tokens_about_one_chunk_are_bounded(
    piers: ExtractionContext, characters: int, repairs: int
) -> None:
    model = cut_after(characters)
    result = await run(piers, model, repairs=repairs)
    costs = [
        sum(count_tokens(message.content) for message in request.messages)
        + count_tokens(complete_reply(shown_numbers(request))[:characters])
        for request in model.requests
        if request.schema_name == "extraction"
    ]
    assert len(costs) <= 5
    assert sum(costs) <= 3.1 * costs[0]
    covered = {n for failure in result.failures for n in range(failure.first_sentence, failure.last_sentence + 1)}
    assert covered.union(cited(result), [1]) == set(range(1, SENTENCES + 1))
    assert all(type(failure.error) is ReplyCutOff for failure in result.failures)


@pytest.mark.parametrize("characters", [200, 1_500, 3_000])
async def test_requests_about_parts_of_a_whole_article_do_not_exceed_the_first(
    piers: ExtractionContext, characters: int
) -> None:
    model = cut_after(characters)
    await run(piers, model)
    sent = [request for request in model.requests if request.schema_name == "extraction"]
    first, *others = [sum(count_tokens(message.content) for message in request.messages) for request in sent]
    assert others
    assert max(others) < first


async def test_halves_that_are_cut_off_without_a_position_end_the_splitting(piers: ExtractionContext) -> None:
    model = CallbackModel(lambda _: Reply('{"holders": [' + '{"id": "H1", "name": ' * 200, "length"))
    result = await run(piers, model, chunk_tokens=600, chunk_concurrency=1)
    chunks = len(result.failures) - 1
    assert chunks > 2
    assert len(model.requests) == 3 + (chunks - 1)  # the first chunk and its halves, then each chunk once


async def test_full_context_is_named_as_the_reason(piers: ExtractionContext) -> None:
    model = CallbackModel(lambda _: Reply('{"holders": [', "length", Usage(3_000, 0, 1_090)))
    result = await run(piers, model, context=4_096)
    for failure in result.failures:
        assert str(failure.error).startswith("Prompt and reply filled the model's context of 4,096 tokens. Start the")
    result = await run(piers, model, context=9_000)
    assert "filled" not in str(result.failures[0].error)


async def test_reply_cut_off_after_its_positions_is_kept_with_a_note(piers: ExtractionContext) -> None:
    text = complete_reply(list(range(2, SENTENCES + 1)))
    model = ScriptedModel([Reply(text[: text.index('"gist"')], "length")])
    result = await run(piers, model)
    assert (len(result.findings.positions), result.failures, len(model.requests)) == (SENTENCES - 1, (), 1)
    assert "a gist may be missing" in result.notes[0]


async def test_reply_whose_json_ended_before_the_limit_is_complete(piers: ExtractionContext) -> None:
    text = complete_reply(list(range(2, SENTENCES + 1)))
    result = await run(piers, ScriptedModel([Reply(f"{text}\nI hope it helps. I hope", "length")]))
    assert (len(result.findings.positions), result.notes) == (SENTENCES - 1, ())


@pytest.mark.parametrize("around", ["{}", "Sure:\n```json\n{}", "<think>Hm {{1}}</think>{}", '{{"result": {}'])
@pytest.mark.parametrize("indent", [None, 1])
def test_complete_items_of_every_prefix_are_read(around: str, indent: int | None) -> None:
    text = json.dumps(json.loads(complete_reply([2, 3, 4])), indent=indent)
    ends = [match.end() for match in re.finditer(r'"asserted"\s*\}', text)]
    for length in range(0, len(text), 5):
        partial = parse_cut_off(around.format(text[:length]))
        kept = sum(end <= length for end in ends)
        assert (len(partial.extraction.positions) if partial else 0) == kept
        if partial:
            assert partial.problems == ()
            assert partial.next_sentence in (None, kept + 2)


@pytest.mark.parametrize(
    "text", ["", "{", "No.", '{"positions": [{', '{"positions": [{}, {}', "[" * 10_000, "{" * 10_000]
)
def test_cut_off_reply_without_a_position_holds_nothing(text: str) -> None:
    assert parse_cut_off(text) is None


def test_two_keys_of_one_name_are_not_read_from_a_cut_off_reply() -> None:
    text = complete_reply([2, 3]).replace('"certainty"', '"stance": "agrees", "certainty"')
    assert parse_cut_off(text[:-20]) is None
