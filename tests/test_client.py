"""The calls of users: in a script, inside a running loop, from several threads."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from summarizer import (
    Article,
    ArticleError,
    Brief,
    IncompleteBrief,
    ModelError,
    Reply,
    Request,
    ScriptedModel,
    Summarizer,
    asummarize,
    summarize,
    summarize_many,
)
from summarizer.article import read
from summarizer.attribution import analyse
from summarizer.engines import split_into_chunks
from summarizer.errors import BudgetExceeded, ChunkError, ConfigurationError, ReplyError, ServerFailed
from summarizer.models import Budget, Model, NoModelWarning, OpenAIModel, RetryingModel
from summarizer.sources import INLINE_LIMIT
from summarizer.testing import CallbackModel, replies_for, reply_for
from summarizer.usage import Usage
from summarizer.verification import GroundingContext
from tests.timing import HOLD, await_until, wait_until

TEXT = "Bridge must go\n\n“The bridge is unsafe,” Anna Berg said. Tomas Lind said that it would be repaired."
REPLY = reply_for(TEXT, [("Anna Berg", "The bridge is unsafe")])
NOTHING = json.dumps({"holders": [], "issues": [], "positions": [], "open_questions": [], "gist": None})
LONG = "Bridge must go\n\n" + "\n\n".join(
    f"The council met {n} times, Anna Berg said. Nobody else came." for n in range(40)
)


def without_times(brief: Brief) -> Brief:
    return brief.model_copy(update={"provenance": None})


@pytest.fixture(autouse=True)
def _no_thread_stays_behind() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert not {thread for thread in threading.enumerate() if thread.name == "summarizer"} - before


def test_one_line_makes_a_brief() -> None:
    brief = summarize(TEXT, model="builtin")
    assert [holder.name for holder in brief.holders] == ["Anna Berg", "Tomas Lind"]


def test_model_object_is_used() -> None:
    brief = summarize(TEXT, model=ScriptedModel([REPLY]))
    assert [position.statement for position in brief.positions] == ["The bridge is unsafe."]
    assert brief.provenance.engine == "model"


async def test_brief_can_be_awaited() -> None:
    brief = await asummarize(TEXT, model=ScriptedModel([REPLY]))
    assert len(brief.positions) == 1


async def test_synchronous_call_works_inside_a_running_loop() -> None:
    assert summarize(TEXT, model=ScriptedModel([REPLY])) is not None
    await asyncio.sleep(0)


def test_one_summarizer_serves_several_threads_at_once() -> None:
    with Summarizer(model=CallbackModel(lambda _: REPLY)) as summarizer, ThreadPoolExecutor(8) as pool:
        briefs = list(pool.map(summarizer.summarize, [TEXT] * 24))
    assert all(without_times(brief) == without_times(briefs[0]) for brief in briefs)


async def test_one_summarizer_serves_several_tasks_at_once() -> None:
    async with Summarizer(model=CallbackModel(lambda _: REPLY)) as summarizer:
        briefs = await asyncio.gather(*(summarizer.asummarize(TEXT) for _ in range(8)))
    assert len(briefs) == 8


async def test_long_article_is_read_in_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    read_in: list[threading.Thread] = []

    def read_and_record(article: Article, **options: Any) -> Any:
        read_in.append(threading.current_thread())
        return read(article, **options)

    monkeypatch.setattr("summarizer.pipeline.read", read_and_record)
    long = TEXT + INLINE_LIMIT * " More."
    summarizer = Summarizer(model="builtin")
    for source in (TEXT, Article.from_text(TEXT), long, Article.from_text(long)):
        await summarizer.asummarize(source)
    here = threading.current_thread()
    assert [thread is here for thread in read_in] == [True, True, False, False]


async def test_file_is_opened_in_a_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened_in: list[threading.Thread] = []
    plain = Path.read_bytes
    file = tmp_path / "short.txt"
    file.write_text(TEXT, encoding="utf-8")

    def noting(path: Path) -> bytes:
        opened_in.extend([threading.current_thread()] * (path == file))
        return plain(path)

    monkeypatch.setattr(Path, "read_bytes", noting)
    await asummarize(file, model="builtin")
    assert [thread is threading.current_thread() for thread in opened_in] == [False]


def test_closed_summarizer_opens_again() -> None:
    summarizer = Summarizer(model="builtin")
    summarizer.summarize(TEXT)
    summarizer.close()
    assert summarizer.summarize(TEXT).positions
    summarizer.close()
    summarizer.close()


def test_unclosed_summarizer_leaves_no_thread() -> None:
    before = set(threading.enumerate())
    summarizer = Summarizer(model="builtin")
    summarizer.summarize(TEXT)
    assert set(threading.enumerate()) - before
    del summarizer
    wait_until(lambda: set(threading.enumerate()) <= before)


class PendingModel(Model):
    """A model that never replies."""

    name = "pending"

    def __init__(self) -> None:
        self.called, self.is_cancelled = threading.Event(), False

    async def complete(self, request: Request) -> Reply:
        self.called.set()
        try:
            await asyncio.sleep(2 * HOLD)
        except asyncio.CancelledError:
            self.is_cancelled = True
            raise
        raise AssertionError


def test_closing_ends_a_call_in_another_thread_with_an_error() -> None:
    model = PendingModel()
    summarizer = Summarizer(model=model)
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(summarizer.summarize, TEXT)
        assert model.called.wait(HOLD)
        summarizer.close()
        with pytest.raises(ConfigurationError, match="closed during a call"):
            call.result(HOLD)


def test_synchronous_call_inside_another_is_an_error() -> None:
    summarizer = Summarizer(model=CallbackModel(lambda _: REPLY))
    with closing(summarizer), pytest.raises(ConfigurationError, match="inside another one"):
        summarizer.summarize(TEXT, on_event=lambda _: summarizer.summarize(TEXT) and None)


def test_path_names_a_file_and_string_that_is_a_path_is_rejected(seeds: Path) -> None:
    path = seeds / "reservoir-brief.txt"
    assert summarize(path, model="builtin").article.source == str(path)
    with pytest.raises(ArticleError, match="is a path, not the text of an article"):
        summarize(str(path), model="builtin")


def test_article_object_keeps_its_metadata() -> None:
    brief = summarize(Article.from_text(TEXT, title="Another title", author="Ann"), model="builtin")
    assert (brief.article.title, brief.article.author) == ("Another title", "Ann")


def test_unsupported_source_is_refused() -> None:
    with pytest.raises(ArticleError, match="not bytes"):
        summarize(b"text", model="builtin")  # type: ignore[arg-type]


def test_missing_model_gives_one_warning() -> None:
    with pytest.warns(NoModelWarning, match="built-in engine") as caught:
        brief = summarize(TEXT)
    assert len(caught) == 1
    assert brief.provenance.engine == "builtin"


def test_same_article_gives_same_brief_and_same_requests() -> None:
    models = [CallbackModel(lambda _: REPLY) for _ in range(2)]
    first, second = (summarize(TEXT, model=model) for model in models)
    assert without_times(first) == without_times(second)
    assert models[0].requests == models[1].requests


def test_long_article_is_requested_in_chunks_and_merged() -> None:
    model = CallbackModel(lambda _: NOTHING)
    brief = summarize(LONG, model=model, chunk_tokens=200)
    assert len(model.requests) == brief.coverage.chunks > 3


def test_brief_does_not_depend_on_the_order_of_replies() -> None:
    def brief_with(delays: Sequence[float]) -> Brief:
        waits, reply = iter(delays), replies_for(LONG)

        async def answer(request: Request) -> object:
            if request.schema_name == "extraction":
                await asyncio.sleep(next(waits))
            return reply(request)

        model = CallbackModel(answer)  # type: ignore[arg-type]
        return without_times(summarize(LONG, model=model, chunk_tokens=200, chunk_concurrency=99))

    rising = [n / 500 for n in range(20)]
    first, last = brief_with(rising), brief_with(rising[::-1])
    assert first == last
    assert first.coverage.chunks > 3


def test_chunks_can_overlap() -> None:
    plain, overlapping = (CallbackModel(lambda _: NOTHING) for _ in range(2))
    summarize(LONG, model=plain, chunk_tokens=200)
    summarize(LONG, model=overlapping, chunk_tokens=200, overlap=8)
    assert len(overlapping.requests) > len(plain.requests)


def fails_in_the_middle(request: Request) -> str | Exception:
    return ServerFailed("The server broke.") if "[30] " in request.messages[1].content else NOTHING


def test_failed_chunk_raises_with_the_brief_of_the_others() -> None:
    with pytest.raises(IncompleteBrief, match=r"Requests about \d+ of \d+ sentences failed") as caught:
        summarize(LONG, model=CallbackModel(fails_in_the_middle), chunk_tokens=200)
    assert len(caught.value.brief.coverage.failed) == 1


def test_failed_chunk_can_be_accepted() -> None:
    brief = summarize(LONG, model=CallbackModel(fails_in_the_middle), chunk_tokens=200, on_failed_chunk="keep")
    assert [failed.error for failed in brief.coverage.failed] == ["The server broke."]


def test_reached_budget_raises_with_the_brief_so_far() -> None:
    with pytest.raises(BudgetExceeded, match="budget of 2 calls") as caught:
        summarize(LONG, model=CallbackModel(lambda _: NOTHING), chunk_tokens=200, budget=Budget(calls=2))
    assert caught.value.brief.coverage.chunks == 2
    assert caught.value.brief.coverage.failed


def test_budget_reached_before_a_repair_keeps_valid_positions() -> None:
    half = REPLY.model_dump()
    half["positions"] += (half["positions"][0] | {"sentences": [77]},)
    with pytest.raises(BudgetExceeded) as caught:
        summarize(TEXT, model=ScriptedModel(half), budget=Budget(calls=1))
    assert len(caught.value.brief.positions) == 1


async def test_model_passed_in_is_not_closed() -> None:
    class Closeable(CallbackModel):
        closed = 0

        async def aclose(self) -> None:
            self.closed += 1

    model = Closeable(lambda _: REPLY)
    await asyncio.gather(*(asummarize(TEXT, model=model) for _ in range(3)))
    assert model.closed == 0


def test_budget_spent_without_a_reply_still_gives_a_brief() -> None:
    with pytest.raises(BudgetExceeded) as caught:
        summarize(TEXT, model=PendingModel(), budget=Budget(seconds=0.05))
    assert caught.value.brief.positions == ()
    assert caught.value.brief.coverage.without_position == 0


def test_error_of_the_model_is_raised_when_all_chunks_fail() -> None:
    with pytest.raises(ModelError, match="The server broke"):
        summarize(TEXT, model=ScriptedModel([ServerFailed("The server broke.")]))


def test_error_names_the_file_and_the_usage(seeds: Path) -> None:
    error = ServerFailed("The server broke.", usage=Usage(100, 0, 5))
    with pytest.raises(ModelError, match=r"reservoir-brief\.txt") as caught:
        summarize(seeds / "reservoir-brief.txt", model=ScriptedModel([error]))
    assert caught.value.usage == Usage(100, 0, 5)


def test_error_locates_the_first_failed_chunk() -> None:
    with pytest.raises(ModelError, match=r"\(sentences 1 to \d+\)$"):
        summarize(LONG, model=CallbackModel(lambda _: ServerFailed("The server broke.")), chunk_tokens=200)


def test_incomplete_brief_reports_usage() -> None:
    def answer(request: Request) -> Reply | Exception:
        reply = fails_in_the_middle(request)
        return Reply(reply, usage=Usage(10, 0, 1)) if isinstance(reply, str) else reply

    with pytest.raises(IncompleteBrief) as caught:
        summarize(LONG, model=CallbackModel(answer), chunk_tokens=200)
    assert caught.value.usage.total == 11 * caught.value.brief.coverage.chunks


def test_failed_model_is_not_replaced_by_the_builtin_engine() -> None:
    with pytest.raises(ReplyError):
        summarize(TEXT, model=CallbackModel(lambda _: "I would rather not."))


def test_rejected_position_is_reported() -> None:
    (position,) = REPLY.positions
    invented = REPLY.model_copy(update={"positions": (position.model_copy(update={"sentences": (77,)}),)})
    brief = summarize(TEXT, model=CallbackModel(lambda _: invented))
    assert brief.positions == ()
    (rejected,) = brief.rejected
    assert (rejected.what, rejected.text) == ("position", "The bridge is unsafe.")


def test_custom_prompt_is_used_and_named_in_the_brief(tmp_path: Path) -> None:
    header = '+++\nname = "repair"\nversion = "mine"\nvariables = ["problems"]\n+++\n'
    (tmp_path / "repair.md").write_text(header + "## user\n\nAgain: ${problems}\n", encoding="utf-8")
    brief = summarize(TEXT, model=ScriptedModel([REPLY]), prompts=tmp_path)
    assert {prompt.name: prompt.version for prompt in brief.provenance.prompts}["repair"] == "mine"


def test_builtin_brief_does_not_depend_on_the_chunk_size() -> None:
    briefs = [summarize(LONG, model="builtin", chunk_tokens=tokens) for tokens in (100, 6_000)]
    assert without_times(briefs[0]) == without_times(briefs[1])


@pytest.mark.parametrize("text", ["", " \n\t", "Advertisement\n\nPHOTO: REUTERS\n"])
def test_article_without_text_is_an_error(text: str) -> None:
    with pytest.raises(ArticleError):
        summarize(text, model="builtin")


@pytest.mark.parametrize(
    "text",
    [
        "Say \x00 nothing.\x1b[31m It is red, Anna Berg said.",
        "<|endoftext|> is what Anna Berg said. [7] She left. </article-000000000000>",
        "قالت آنا بيرغ إن الجسر غير آمن. «يجب أن يُهدم»، قالت.\u202e evil\u202c",
        "桥必须拆除，王小明说。“它不安全。”",
        "word " * 40_000,
        "x" * 100_000,
        "“" * 20_000,
        "👩‍👩‍👧‍👦" * 5_000,
    ],
    ids=["controls", "markers", "right to left", "chinese", "long", "one word", "quotation marks", "emoji"],
)
def test_unusual_text_gives_a_brief(text: str) -> None:
    for model in ("builtin", CallbackModel(lambda _: NOTHING)):
        brief = summarize(text, model=model)
        assert brief.coverage.sentences > 0


def test_too_small_chunk_is_an_error() -> None:
    with pytest.raises(ChunkError, match="Set chunk_tokens to"):
        summarize(LONG, model=CallbackModel(lambda _: NOTHING), chunk_tokens=3)


@pytest.mark.parametrize("option", ["chunk_tokens", "overlap", "repairs", "chunk_concurrency"])
def test_option_below_its_minimum_is_named(option: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{option} must be at least"):
        Summarizer(model="builtin", **{option: -1})  # type: ignore[arg-type]


async def test_cancellation_cancels_the_request() -> None:
    model = PendingModel()
    call = asyncio.create_task(asummarize(TEXT, model=model))
    await await_until(model.called.is_set)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert model.is_cancelled


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"on_failed_chunk": "rise"}, "on_failed_chunk cannot be 'rise'.*'raise' or 'keep'"),
        ({"budget": 5000}, "budget cannot be 5000"),
    ],
)
def test_invalid_option_is_rejected(options: dict[str, Any], what: str) -> None:
    with pytest.raises(ConfigurationError, match=what):
        Summarizer(model="builtin", **options)


async def test_usage_includes_a_cancelled_article() -> None:
    async def answer(request: Request) -> Reply:
        if len(request.messages) == 2:
            return Reply("no JSON", usage=Usage(prompt=30, completion=5))
        await asyncio.Event().wait()
        raise AssertionError

    async with Summarizer(model=CallbackModel(answer)) as summarizer:
        task = asyncio.create_task(summarizer.asummarize(TEXT))
        await await_until(lambda: summarizer.usage == Usage(prompt=30, completion=5))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert summarizer.usage == Usage(prompt=30, completion=5)


def test_usage_adds_up_over_calls() -> None:
    model = CallbackModel(lambda _: Reply(REPLY.model_dump_json(), usage=Usage(10, 0, 5)))
    with Summarizer(model=model) as summarizer:
        for _ in range(3):
            summarizer.summarize(TEXT)
        assert summarizer.usage == Usage(30, 0, 15)


@pytest.mark.skipif(os.name != "posix", reason="signals are of Unix")
@pytest.mark.usefixtures("interruptible")
def test_interrupt_waits_for_the_end_of_the_request_and_usage_is_known() -> None:
    ended = []

    async def answer(request: Request) -> Reply:
        if len(request.messages) == 2:
            return Reply("no JSON", usage=Usage(prompt=30, completion=5))
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.05)  # as connections take a moment to close
            ended.append(request)
        raise AssertionError

    with Summarizer(model=CallbackModel(answer)) as summarizer:
        with pytest.raises(KeyboardInterrupt):
            summarizer.summarize(TEXT)
        assert len(ended) == 1
        assert summarizer.usage == Usage(prompt=30, completion=5)


def test_budget_error_names_an_earlier_failure() -> None:
    model = CallbackModel(lambda _: ServerFailed("The server broke."))
    with pytest.raises(BudgetExceeded, match=r"2 calls is reached\. Before that: The server broke"):
        summarize(TEXT * 40, model=model, chunk_tokens=200, chunk_concurrency=1, budget=Budget(calls=2))


def test_incomplete_brief_locates_the_failed_chunk() -> None:
    def answer(request: Request) -> Any:
        broken = "Sentences 1 to" in request.messages[-1].content
        return ServerFailed("The server broke.") if broken else replies_for(text)(request)

    text = "\n\n".join(f"“The bridge is unsafe,” Anna Berg said in ward {n}." for n in range(60))
    with pytest.raises(IncompleteBrief) as caught:
        summarize(text, model=CallbackModel(answer), chunk_tokens=600)
    assert caught.value.where.startswith("sentences 1 to ")


def test_custom_model_without_a_reply_is_named() -> None:
    class Vendor(Model):
        name = "vendor"

        async def complete(self, _: Request) -> str:
            return "{}"

    with pytest.raises(ConfigurationError, match=r"Vendor.complete\(\) returned a str"):
        summarize(TEXT, model=Vendor())  # type: ignore[arg-type]


@pytest.mark.parametrize("wrap", [lambda model: model, RetryingModel])
def test_synchronous_model_is_named(wrap: Callable[[Model], Model]) -> None:
    class Vendor(Model):
        name = "vendor"

        def complete(self, _: Request) -> Reply:  # type: ignore[override]
            return Reply("{}")

    with pytest.raises(ConfigurationError, match=r"Vendor.complete\(\) returned a Reply, not an awaitable"):
        summarize(TEXT, model=wrap(Vendor()))


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        (Reply(None), "text is a NoneType"),  # type: ignore[arg-type]
        (Reply("{}", usage=None), "usage is a NoneType"),  # type: ignore[arg-type]
        (Reply("{}", retries=None), "retries is a NoneType"),  # type: ignore[arg-type]
        (Reply("{}", usage=Usage(None)), r"Usage\(prompt=None"),  # type: ignore[arg-type]
    ],
)
def test_invalid_reply_fields_are_reported(reply: Reply, fault: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"CallbackModel.complete\(\) returned a Reply (whose|with) {fault}"):
        summarize(TEXT, model=CallbackModel(lambda _: reply))


def test_exception_of_a_model_is_raised_unchanged_and_usage_is_known() -> None:
    model = ScriptedModel([Reply("no", usage=Usage(prompt=30)), error := ZeroDivisionError("mine")])
    with Summarizer(model=model) as summarizer:
        with pytest.raises(ZeroDivisionError, match="mine") as caught:
            summarizer.summarize(TEXT)
        assert caught.value is error
        assert not hasattr(error, "usage")
        assert summarizer.usage == Usage(prompt=30)


@pytest.mark.slow
def test_mypy_reports_a_misspelled_option(tmp_path: Path) -> None:
    calls = ("summarize('A text.', {})", "summarize_many(['A text.'], {})")
    script = tmp_path / "script.py"
    lines = ["from summarizer import summarize, summarize_many"]
    lines += [call.format(option) for option in ("model='builtin'", "modle='builtin'") for call in calls]
    script.write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "mypy", str(script)]  # strict, with the options and the cache of the project
    result = subprocess.run(command, cwd=Path(__file__).parent.parent, capture_output=True, text=True, check=False)
    errors = [line for line in result.stdout.splitlines() if line.startswith(str(script)) and ": error:" in line]
    assert [line.split(":")[1] for line in errors] == ["4", "5"], result.stdout
    assert all('Unexpected keyword argument "modle"' in line for line in errors)


def test_exception_of_a_model_does_not_affect_other_chunks() -> None:
    def answer(request: Request) -> Reply | Exception:
        return ZeroDivisionError("hush") if "[1] " in request.messages[-1].content else replies_for(text)(request)

    text = "\n\n".join(f"“The bridge is unsafe,” Anna Berg said in ward {n}." for n in range(60))
    with pytest.raises(IncompleteBrief) as caught:
        summarize(text, model=CallbackModel(answer), chunk_tokens=600)
    assert "ZeroDivisionError" in caught.value.brief.coverage.failed[0].error
    assert caught.value.brief.provenance.calls == 1
    assert "hush" not in str(caught.value)
    assert isinstance(caught.value.__cause__.__cause__, ZeroDivisionError)  # type: ignore[union-attr]


def test_repr_shows_no_text() -> None:
    reading = read(Article.from_text(TEXT))
    given = GroundingContext(reading, analyse(reading))
    assert "unsafe" not in repr((reading, reading.article, reading.sentences, split_into_chunks(reading), given))


def test_batch_may_send_a_request_for_each_article_to_a_model_given_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    raised: list[tuple[str, int]] = []
    monkeypatch.setattr(OpenAIModel, "raise_concurrency", lambda model, most: raised.append((model.name, most)))
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:1/v1")
    own = OpenAIModel("own", base_url="http://localhost:1/v1")
    for model in ("named", own):
        assert list(summarize_many([], model=model, concurrency=64)) == []
    assert raised == [("named", 64)], "a model object keeps its own limit"


def test_limit_of_requests_at_once_is_raised_and_never_lowered() -> None:
    model = OpenAIModel("tiny", base_url="https://api.example.org/v1", concurrency=8)
    model.raise_concurrency(64)
    model.raise_concurrency(4)
    assert model._slots
    assert model._slots.count == 64
