"""Outcomes of articles; with a store, nothing is made or paid for twice."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from summarizer import (
    Article,
    Brief,
    Budget,
    BudgetExceeded,
    IncompleteBrief,
    ModelError,
    Outcome,
    Reply,
    Request,
    Store,
    StoreError,
    Summarizer,
    asummarize_many,
    summarize,
    summarize_many,
)
from summarizer.article import read
from summarizer.errors import (
    ArticleError,
    AuthenticationFailed,
    ConfigurationError,
    RateLimited,
    ReplyError,
    ServerFailed,
)
from summarizer.models import RetryingModel
from summarizer.testing import CallbackModel, replies_for, reply_for
from summarizer.usage import Usage

ROOT = Path(__file__).parent.parent
TEXTS = [f"Bridge {n}\n\n“Bridge {n} is unsafe,” Anna Berg said. Tomas Lind said that it is not." for n in range(6)]
LONG = "Bridge must go\n\n" + "\n\n".join(
    f"The council met {n} times, Anna Berg said. Nobody else came." for n in range(40)
)


DISPUTED = "Bridge row\n\n" + "\n\n".join(
    f"Anna Berg said that bridge {n} must go. Tomas Lind denied that bridge {n} was unsafe." for n in range(40)
)
QUOTA = RateLimited("The quota is used up.")
QUOTA.retryable, QUOTA.fatal = False, True


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "briefs.db"


def answering(request: Request) -> Any:
    """Return a valid reply about one of the texts."""
    sent = request.messages[-1].content
    return reply_for(next(text for text in TEXTS if f"“{text[: text.index(chr(10))]} is" in sent))


def model(*, refuses: str = "never", with_error: Exception | None = None) -> CallbackModel:
    """Return a model that replies about all texts, except one that contains ``refuses``."""

    def answer(request: Request) -> Any:
        if refuses in request.messages[-1].content:
            return with_error or Reply("", finish_reason="refusal", usage=Usage(10, 0, 5))
        return Reply(answering(request).model_dump_json(), usage=Usage(100, 0, 20))

    return CallbackModel(answer)


def kinds(outcomes: list[Outcome]) -> list[str]:
    return [type(outcome.error).__name__ if outcome.error else "brief" for outcome in outcomes]


def without_times(brief: Brief | None) -> Brief:
    assert brief
    times = {"seconds": 0.0, "waited": 0.0, "made": brief.provenance.made.replace(year=2000)}
    kept = brief.provenance.model_copy(update=times).model_copy(update={"made": None})
    return brief.model_copy(update={"provenance": kept})


# Outcomes


def test_each_source_has_an_outcome_in_order(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXTS[0], encoding="utf-8")
    sources = [tmp_path / "a.txt", TEXTS[1], Article.from_text(TEXTS[2]), " ", tmp_path / "none.txt", 7]
    outcomes = list(summarize_many(sources, model="builtin"))  # type: ignore[arg-type]
    assert kinds(outcomes) == ["brief", "brief", "brief", "ArticleError", "ArticleError", "ArticleError"]
    assert [outcome.source for outcome in outcomes] == sources
    assert [outcome.brief.positions for outcome in outcomes if outcome.brief] == [
        summarize(text, model="builtin").positions for text in TEXTS[:3]
    ]


async def test_outcomes_can_be_awaited() -> None:
    outcomes = [outcome async for outcome in asummarize_many(TEXTS, model=model())]
    assert kinds(outcomes) == ["brief"] * 6


def test_outcome_reports_its_usage() -> None:
    outcomes = list(summarize_many(TEXTS[:2], model=model(refuses="Bridge 1 ")))
    assert [outcome.usage for outcome in outcomes] == [Usage(100, 0, 20), Usage(10, 0, 5)]
    assert outcomes[0].seconds > 0


def test_rejected_key_ends_the_batch() -> None:
    refused = AuthenticationFailed("The server refuses the key.")
    outcomes = list(summarize_many(TEXTS, model=model(refuses="Bridge 2 ", with_error=refused), concurrency=1))
    assert kinds(outcomes) == ["brief", "brief", "AuthenticationFailed"]
    assert [outcome.fatal for outcome in outcomes] == [False, False, True]


def test_server_error_for_one_article_does_not_stop_the_others() -> None:
    broken = ServerFailed("The server broke.")
    outcomes = list(summarize_many(TEXTS, model=model(refuses="Bridge 2 ", with_error=broken)))
    assert kinds(outcomes) == ["brief", "brief", "ServerFailed", "brief", "brief", "brief"]


@pytest.mark.parametrize("wrap", [lambda model: model, RetryingModel])
def test_error_object_of_a_model_is_not_changed(wrap: Callable[[Any], Any]) -> None:
    broken = AuthenticationFailed("The key is wrong.", usage=Usage(prompt=30))
    model = wrap(CallbackModel(lambda _: broken))
    for _ in range(2):
        with pytest.raises(AuthenticationFailed) as caught:
            summarize(Article.from_text(TEXTS[0], source="a.txt"), model=model)
        assert (caught.value.usage, caught.value.where) == (Usage(prompt=30), "a.txt")
    assert (broken.usage, broken.where) == (Usage(prompt=30), "")


def test_error_passed_as_a_source_is_not_changed() -> None:
    error = ArticleError("There is no such page.")
    (outcome,) = summarize_many([error], model="builtin")
    assert str(outcome.error) == str(error)
    assert "usage" not in vars(error)


def test_exception_of_a_model_object_is_that_articles_outcome() -> None:
    outcomes = list(summarize_many(TEXTS[:3], model=model(refuses="Bridge 1 ", with_error=KeyError("x"))))
    assert kinds(outcomes) == ["brief", "KeyError", "brief"]


@pytest.mark.parametrize("awaited", [False, True])
def test_cancellation_raised_by_a_model_is_that_articles_outcome(awaited: bool) -> None:
    def answer(request: Request) -> Any:
        if "Bridge 1 " in request.messages[-1].content:
            raise asyncio.CancelledError
        return answering(request)

    async def collect() -> list[Outcome]:
        return [outcome async for outcome in asummarize_many(TEXTS[:3], model=CallbackModel(answer))]

    used_model = CallbackModel(answer)
    outcomes = asyncio.run(collect()) if awaited else list(summarize_many(TEXTS[:3], model=used_model))
    assert kinds(outcomes) == ["brief", "SummarizerError", "brief"]
    assert "cancelled the request" in str(outcomes[1].error)


@pytest.mark.parametrize("source", ["A text.", Path("a.txt"), Article.from_text("A text.")])
def test_single_source_is_rejected(source: Any) -> None:
    for call in (summarize_many, asummarize_many):
        with pytest.raises(ConfigurationError, match="sources is a single"):
            call(source, model="builtin")


def test_partial_outcome_has_brief_and_error() -> None:
    (outcome,) = summarize_many([LONG], model=failing_once(), chunk_tokens=300)
    assert isinstance(outcome.error, IncompleteBrief)
    assert outcome.brief == outcome.error.brief
    assert outcome.brief.positions


def test_failed_chunk_is_no_error_if_partial_briefs_are_accepted() -> None:
    (outcome,) = summarize_many([LONG], model=failing_once(), chunk_tokens=300, on_failed_chunk="keep")
    assert outcome.error is None
    assert outcome.brief
    assert outcome.brief.coverage.failed


def test_invalid_options_are_rejected_before_sources_are_pulled() -> None:
    def sources() -> Any:
        raise AssertionError
        yield

    with pytest.raises(ConfigurationError, match="concurrency must be at least 1"):
        summarize_many(sources(), concurrency=0, model="builtin")
    with pytest.raises(ConfigurationError, match="store cannot be a int"):
        summarize_many(sources(), store=7, model="builtin")


def test_outcome_is_one_line_of_json() -> None:
    import json

    good, bad = summarize_many([TEXTS[0], " "], model="builtin")
    record = json.loads(good.to_json(id="7"))
    assert Brief.model_validate(record["brief"]) == good.brief
    assert (record["id"], record["status"], record["error"], record["stored"]) == ("7", "done", None, False)
    record = json.loads(bad.to_json())
    assert (record["brief"], record["status"], record["error"]["kind"]) == (None, "failed", "ArticleError")
    assert record["error"]["retryable"] is False
    assert "\n" not in good.to_json() + bad.to_json()


# With a store


def failing_once(after: int = 1) -> CallbackModel:
    """Reply about the chunks of LONG, and fail once after some requests."""
    answer = replies_for(LONG)
    requests: list[Request] = []

    def reply(request: Request) -> Any:
        requests.append(request)
        return ServerFailed("The server broke.") if len(requests) == after + 1 else answer(request)

    return CallbackModel(reply)


def test_stored_brief_is_not_requested_again(path: Path) -> None:
    first = list(summarize_many(TEXTS, model=model(), store=path))
    new_model = model()
    again = list(summarize_many(TEXTS, model=new_model, store=path))
    assert new_model.requests == []
    assert [outcome.brief for outcome in again] == [outcome.brief for outcome in first]
    assert {(outcome.stored, outcome.usage) for outcome in again} == {(True, Usage())}


def test_call_for_one_article_uses_the_store(path: Path) -> None:
    with Summarizer(model=model(), store=path) as summarizer:
        brief = summarizer.summarize(TEXTS[0])
    new_model = model()
    assert summarize(TEXTS[0], model=new_model, store=path) == brief
    assert new_model.requests == []


def test_repeated_text_is_requested_once(path: Path) -> None:
    new_model = model()
    outcomes = list(summarize_many([TEXTS[0]] * 4, model=new_model, store=path))
    assert kinds(outcomes) == ["brief"] * 4
    assert len(new_model.requests) == 1


def test_changed_prompt_makes_a_new_brief(path: Path, tmp_path: Path) -> None:
    list(summarize_many(TEXTS[:1], model=model(), store=path))
    changed = tmp_path / "extract.md"
    prompt = (ROOT / "prompts" / "extract.md").read_text(encoding="utf-8")
    changed.write_text(prompt.replace("## user\n", "## user\nBe brief.\n"), encoding="utf-8")
    new_model = model()
    (outcome,) = summarize_many(TEXTS[:1], model=new_model, store=path, prompts=changed)
    assert (len(new_model.requests), outcome.stored) == (1, False)


def test_different_model_makes_a_new_brief(path: Path) -> None:
    list(summarize_many(TEXTS[:1], model=model(), store=path))
    new_model = model()
    new_model.name = "another"
    list(summarize_many(TEXTS[:1], model=new_model, store=path))
    assert len(new_model.requests) == 1


def test_different_model_identity_makes_a_new_brief(path: Path) -> None:
    class Tuned(CallbackModel):
        temperature = 0.2

        async def identity(self) -> dict[str, Any]:
            return {"name": self.name, "temperature": self.temperature}

    new_model = Tuned(lambda request: Reply(answering(request).model_dump_json()))
    for new_model.temperature, requests in ((0.2, 1), (0.2, 1), (0.9, 2)):
        list(summarize_many(TEXTS[:1], model=new_model, store=path))
        assert len(new_model.requests) == requests


def test_only_the_failed_chunk_is_requested_again(path: Path) -> None:
    with pytest.raises(IncompleteBrief):
        summarize(LONG, model=failing_once(), store=path, chunk_tokens=300, chunk_concurrency=1)
    new_model = CallbackModel(replies_for(LONG))
    brief = summarize(LONG, model=new_model, store=path, chunk_tokens=300, chunk_concurrency=1)
    whole = summarize(LONG, model=CallbackModel(replies_for(LONG)), chunk_tokens=300, chunk_concurrency=1)
    assert brief.coverage.failed == ()
    assert without_times(brief) == without_times(whole)
    assert len(new_model.requests) == 1  # the chunk that failed
    assert brief.provenance.calls == whole.provenance.calls


def test_unusable_reply_is_not_stored(path: Path) -> None:
    (failed,) = summarize_many(TEXTS[:1], model=model(refuses="Bridge 0 "), store=path)
    assert kinds([failed]) == ["ReplyError"]
    (outcome,) = summarize_many(TEXTS[:1], model=model(), store=path, retry_failed=True)
    assert outcome.error is None


def test_cut_off_reply_is_requested_anew_after_it_made_the_article_fail(path: Path) -> None:
    cut_off = CallbackModel(lambda _: Reply('{"holders": [', "length"))
    (failed,) = summarize_many(TEXTS[:1], model=cut_off, store=path)
    assert kinds([failed]) == ["ReplyCutOff"]
    assert "reply_tokens=…" in str(failed.error)
    whole = model()
    (stored,) = summarize_many(TEXTS[:1], model=whole, store=path)
    assert (stored.stored, whole.requests) == (True, [])
    (outcome,) = summarize_many(TEXTS[:1], model=whole, store=path, retry_failed=True)
    assert (kinds([outcome]), len(whole.requests)) == (["brief"], 1)


def test_stored_failure_is_returned_unless_retry_failed_is_set(path: Path) -> None:
    list(summarize_many(TEXTS, model=model(refuses="Bridge 3 "), store=path))
    new_model = model()
    outcomes = list(summarize_many(TEXTS, model=new_model, store=path))
    assert kinds(outcomes) == ["brief", "brief", "brief", "ReplyError", "brief", "brief"]
    assert (new_model.requests, outcomes[3].stored) == ([], True)
    outcomes = list(summarize_many(TEXTS, model=new_model, store=path, retry_failed=True))
    assert kinds(outcomes) == ["brief"] * 6
    assert len(new_model.requests) == 1


@pytest.mark.parametrize("error", [ServerFailed("It broke."), RateLimited("Wait.")])
def test_retryable_failure_is_always_retried(path: Path, error: Exception) -> None:
    list(summarize_many(TEXTS[:1], model=model(refuses="Bridge 0 ", with_error=error), store=path))
    (outcome,) = summarize_many(TEXTS[:1], model=model(), store=path)
    assert outcome.error is None


def test_call_for_one_article_retries_a_failure(path: Path) -> None:
    with pytest.raises(ReplyError):
        summarize(TEXTS[0], model=model(refuses="Bridge 0 "), store=path)
    assert summarize(TEXTS[0], model=model(), store=path).positions


def test_rejected_key_is_not_stored_as_a_failure_of_the_article(path: Path) -> None:
    refused = AuthenticationFailed("The server refuses the key.")
    list(summarize_many(TEXTS, model=model(refuses="Bridge 0 ", with_error=refused), store=path))
    with Store(path) as store:
        assert [row["state"] for row in store.database.query("SELECT state FROM runs")] == ["stopped"]
    outcomes = list(summarize_many(TEXTS, model=model(), store=path))
    assert kinds(outcomes) == ["brief"] * 6


def test_larger_budget_continues_after_a_smaller_one(path: Path) -> None:
    with pytest.raises(BudgetExceeded):
        summarize(LONG, model=CallbackModel(replies_for(LONG)), store=path, chunk_tokens=300, budget=Budget(calls=1))
    new_model = CallbackModel(replies_for(LONG))
    brief = summarize(LONG, model=new_model, store=path, chunk_tokens=300)
    assert len(new_model.requests) == brief.provenance.calls - 1


def test_incomplete_brief_is_stored(path: Path) -> None:
    refused = Reply("", finish_reason="refusal")
    answer = replies_for(LONG)
    requests: list[Request] = []

    def one_refused(request: Request) -> Any:
        requests.append(request)
        return refused if len(requests) == 1 else answer(request)

    options: dict[str, Any] = {"store": path, "chunk_tokens": 300, "chunk_concurrency": 1}
    (first,) = summarize_many([LONG], model=CallbackModel(one_refused), **options)
    (again,) = summarize_many([LONG], model=CallbackModel(one_refused), **options)
    assert kinds([first, again]) == ["IncompleteBrief"] * 2
    assert (again.stored, again.brief) == (True, first.brief)
    (kept,) = summarize_many([LONG], model=CallbackModel(one_refused), on_failed_chunk="keep", **options)
    assert (kept.error, kept.brief) == (None, first.brief)


def grouping_model(answer_whole: Callable[[Request], Any]) -> CallbackModel:
    """Reply about each chunk of DISPUTED with an issue and a gist, and about the whole with ``answer_whole``."""

    def answer(request: Request) -> Any:
        found = re.findall(r"^\[(\d+)\] Anna Berg said that bridge (\d+)", request.messages[-1].content, re.MULTILINE)
        if request.schema_name != "extraction":
            return answer_whole(request)
        (number, bridge), *_ = found
        must_go = f"Bridge {bridge} must go."
        return {
            "holders": [{"id": "H1", "name": "Anna Berg", "kind": "person", "role": None, "affiliation": None}],
            "issues": [{"id": "I1", "proposition": must_go, "kind": "policy"}],
            "positions": [
                {
                    "sentences": [int(number)], "holders": ["H1"], "reported_by": None,
                    "statement": must_go, "issue": "I1", "stance": "agrees", "certainty": "asserted",
                }
            ],
            "open_questions": [],
            "gist": {"sentences": [int(number)], "text": "Anna Berg wants a bridge gone."},
        }  # fmt: skip

    return CallbackModel(answer)


def valid_reply(request: Request) -> Any:
    """Return a valid reply about the whole of DISPUTED."""
    if request.schema_name == "gist":
        return {"text": "Anna Berg wants bridges gone.", "rests_on": ["G1"]}
    ids = dict.fromkeys(re.findall(r"\bI\d+\b", request.messages[-1].content))
    issues = [{"keep": issue, "same": [], "opposite": []} for issue in ids]
    return {"issues": issues, "positions": [], "open_questions": []}


@pytest.mark.parametrize("error", [QUOTA, ServerFailed("The server broke.")], ids=["fatal", "passing"])
def test_brief_without_grouping_is_not_stored(path: Path, error: ModelError) -> None:
    options: dict[str, Any] = {"store": path, "chunk_tokens": 300}
    model = grouping_model(lambda _: error)
    (outcome,) = summarize_many([DISPUTED], model=model, **options)
    assert outcome.brief
    assert outcome.brief.provenance.notes
    assert outcome.fatal == error.fatal
    assert repr(outcome.error) == repr(error if error.fatal else None)
    assert len([request for request in model.requests if request.schema_name != "extraction"]) == (
        1 if error.fatal else 2
    )
    new_model = grouping_model(valid_reply)
    (again,) = summarize_many([DISPUTED], model=new_model, **options)
    assert again.brief
    assert (again.stored, again.brief.provenance.notes) == (False, ())
    assert {request.schema_name for request in new_model.requests} == {"group", "gist"}


def test_failure_in_another_run_is_not_retried_in_this_one(path: Path) -> None:
    with Store(path) as store:
        first = summarize_many(TEXTS, model=model(refuses="Bridge 5 "), store=store, concurrency=1, retry_failed=True)
        next(first)  # it has begun
        list(summarize_many(TEXTS[5:], model=model(refuses="Bridge 5 "), store=store))
        *_, last = first
    assert (kinds([last]), last.stored) == (["ReplyError"], True)


def test_failing_store_is_fatal(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StoreError("There is no room for the store: the disk is full.")

    monkeypatch.setattr(Store, "save", full)
    outcomes = list(summarize_many(TEXTS, model=model(), store=path, concurrency=1))
    assert kinds(outcomes) == ["StoreError"]
    assert outcomes[0].fatal


def test_store_passed_in_is_not_closed(path: Path) -> None:
    with Store(path) as store:
        list(summarize_many(TEXTS, model="builtin", store=store))
        assert len(store) == 6


def test_runs_are_recorded(path: Path) -> None:
    list(summarize_many([*TEXTS, TEXTS[0] + " ..."], model=model(refuses="Bridge 3 "), store=path))
    some = summarize_many(TEXTS, model=model(), store=path)
    next(some)
    some.close()
    with Store(path) as store:
        runs = store.database.query("SELECT state, done, failed, prompt_tokens FROM runs ORDER BY id")
    assert tuple(runs[0]) == ("done", 6, 1, 610)
    assert runs[1]["state"] == "stopped"


def test_abandoned_batch_holds_no_leases(path: Path) -> None:
    with Store(path) as store:
        some = summarize_many(TEXTS, model=model(), store=store)
        next(some)
        some.close()
        assert store.database.query("SELECT * FROM leases") == []


async def test_two_summarizers_share_a_store_without_repeating_work(path: Path) -> None:
    models = [model(), model()]

    async def run(used_model: CallbackModel) -> list[Outcome]:
        return [outcome async for outcome in asummarize_many(TEXTS, model=used_model, store=path, concurrency=2)]

    first, second = await asyncio.gather(*map(run, models))
    assert kinds(first) == kinds(second) == ["brief"] * 6
    assert sum(len(used.requests) for used in models) == 6


KILLED = """
import os, signal, sys
from tests.test_pipeline import LONG, answering, TEXTS
from summarizer import summarize_many
from summarizer.testing import CallbackModel, replies_for

log = open(sys.argv[2], "a")
ends_at = int(sys.argv[3])
long = replies_for(LONG)
requests = 0

def answer(request):
    global requests
    requests += 1
    if requests == ends_at:
        os.kill(os.getpid(), signal.SIGKILL)
    log.write(f"{hash(request.messages[-1].content)}\\n")
    log.flush()
    return answering(request) if "is unsafe" in request.messages[-1].content else long(request)

for outcome in summarize_many([*TEXTS, LONG], model=CallbackModel(answer), store=sys.argv[1], chunk_tokens=300,
                              concurrency=1, chunk_concurrency=1):
    assert outcome.error is None, outcome.error
print("done")
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("ends_at", [1, 3, 8])
def test_killed_run_resumes_without_repeating_a_request(path: Path, tmp_path: Path, ends_at: int) -> None:
    log = tmp_path / "log"

    def run(ends_at: int) -> int:
        environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"}
        command = [sys.executable, "-c", KILLED, str(path), str(log), str(ends_at)]
        return subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL).returncode

    assert run(ends_at) == -signal.SIGKILL
    assert run(0) == 0
    sent = log.read_text(encoding="utf-8").split()
    assert len(sent) == len(set(sent))
    whole = list(summarize_many([*TEXTS, LONG], model=model_for_both(), chunk_tokens=300, chunk_concurrency=1))
    with Store(path) as store:
        kept = {brief.article.sha256: without_times(brief) for brief in store.briefs()}
    assert kept == {outcome.brief.article.sha256: without_times(outcome.brief) for outcome in whole if outcome.brief}


def model_for_both() -> CallbackModel:
    long = replies_for(LONG)
    return CallbackModel(
        lambda request: answering(request) if "is unsafe" in request.messages[-1].content else long(request)
    )


def test_article_is_read_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    articles: list[Article] = []

    def read_and_record(article: Article, **options: Any) -> Any:
        articles.append(article)
        return read(article, **options)

    monkeypatch.setattr("summarizer.pipeline.read", read_and_record)
    for _ in range(2):
        list(summarize_many(TEXTS, model=model(), store=path))
    assert len(articles) == len(TEXTS)  # stored articles are not read
