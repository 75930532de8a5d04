"""Briefs after errors of a server, over a real socket."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from summarizer import Brief, Budget, IncompleteBrief, OpenAIModel, Summarizer
from summarizer.errors import BudgetExceeded, ContextTooLong, RateLimited, ReplyCutOff, ReplyError, ServerFailed
from summarizer.testing import reply_for
from tests.models.conftest import CannedResponse, ReceivedRequest, Server, completion, error

pytestmark = pytest.mark.slow

TEXT = "Bridge must go\n\n“The bridge is unsafe,” Anna Berg said. Tomas Lind said that it would be repaired."
LONG = "Bridge must go\n\n" + "\n\n".join(f"“Pier {n} is unsafe,” Anna Berg said. Nobody answered." for n in range(60))
SOUND: dict[str, Any] = json.loads(reply_for(TEXT, [("Anna Berg", "The bridge is unsafe")]).model_dump_json())
NOTHING = json.dumps({"holders": [], "issues": [], "positions": [], "open_questions": [], "gist": None})
TOO_LONG = CannedResponse(error("The maximum context length is 4000 tokens.", code="context_length_exceeded"), 400)
CUT_OFF = CannedResponse(completion("{", finish_reason="length"))


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


def brief(server: Server, text: str = TEXT, *, model: dict[str, Any] | None = None, **options: Any) -> Brief:
    with Summarizer(model=OpenAIModel("tiny", base_url=server.url, **(model or {})), **options) as summarizer:
        return summarizer.summarize(text)


def completion_of(reply: object, **changes: Any) -> CannedResponse:
    return CannedResponse(completion(reply if isinstance(reply, str) else json.dumps(reply), **changes))


def with_position(**changes: Any) -> dict[str, Any]:
    return SOUND | {"positions": [SOUND["positions"][0] | changes]}


@pytest.mark.parametrize(
    "reply",
    [
        with_position(sentences=[10**30, -5, 0]),
        with_position(sentences=[]),
        with_position(statement="The bridge cost 17 trillion."),
        with_position(holders=["H9"]),
        with_position(issue="x" * 1_000_000),
        SOUND | {"holders": [SOUND["holders"][0] | {"name": "Nobody " * 1000}]},
    ],
    ids=["sentences", "no sentence", "figure", "holder", "issue", "name"],
)
def test_absurd_values_are_repaired_once_and_then_rejected(server: Server, reply: object) -> None:
    server.set_responses(completion_of(reply))
    made = brief(server)
    assert (made.provenance.calls, made.provenance.repairs, len(server.requests)) == (2, 1, 2)
    assert made.rejected
    assert all(len(each.text) <= 200 for each in made.rejected)
    assert "trillion" not in str([position.statement for position in made.positions])


def test_repeated_positions_count_once(server: Server) -> None:
    server.set_responses(completion_of(SOUND | {"positions": SOUND["positions"] * 1000, "holders": SOUND["holders"]}))
    assert len(brief(server).positions) == 1


@pytest.mark.parametrize("reply", ["I would rather not.", '{"answer": 42}', "[]", "{" * 1000])
def test_unusable_replies_are_an_error_after_two_requests_in_each_format(server: Server, reply: str) -> None:
    server.set_responses(completion_of(reply))
    with pytest.raises(ReplyError, match="not have the requested form") as caught:
        brief(server)
    assert [received.form for received in server.requests] == ["json_schema"] * 2 + ["json_object"] * 2 + ["text"] * 2
    assert caught.value.usage.total == 6 * 107


def test_chosen_output_format_is_kept_after_an_unusable_reply(server: Server) -> None:
    server.set_responses(completion_of("I would rather not."))
    with pytest.raises(ReplyError):
        brief(server, model={"output": "json_object"})
    assert [received.form for received in server.requests] == ["json_object"] * 2


@pytest.mark.parametrize(
    "reply",
    [
        f"<think>Who speaks?</think>{json.dumps(SOUND)}",
        f"Here it is:\n```json\n{json.dumps(SOUND, indent=2)}\n```\nI hope it helps.",
        json.dumps(SOUND) * 2,
        "\ufeff" + json.dumps(SOUND)[:-1] + ", // done\n}",
        json.dumps({key.upper(): value for key, value in SOUND.items()}),
    ],
    ids=["thoughts", "fence and prose", "twice", "mark, comma, comment", "upper case"],
)
def test_unambiguous_reply_takes_one_request(server: Server, reply: str) -> None:
    server.set_responses(completion_of(reply))
    assert len(brief(server).positions) == 1
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("fault", "kind", "hint"),
    [(TOO_LONG, ContextTooLong, "This article needs a context of"), (CUT_OFF, ReplyCutOff, "Request shorter parts")],
)
def test_too_long_chunk_is_split_to_a_minimum_and_then_an_error(
    server: Server, fault: CannedResponse, kind: type[Exception], hint: str
) -> None:
    server.set_responses(fault)
    with pytest.raises(kind, match=hint) as caught:
        brief(server, LONG)
    assert "sentences 1 to" in str(caught.value)
    assert 3 <= len(server.requests) <= 14


@pytest.mark.parametrize("faults", [[TOO_LONG] * 3, [CUT_OFF]], ids=["with a limit, a lower one, and none", "cut off"])
def test_split_chunk_makes_a_whole_brief(server: Server, faults: list[CannedResponse]) -> None:
    server.set_responses(*faults, CannedResponse(completion(NOTHING)))
    made = brief(server, LONG)
    assert (made.provenance.splits, made.coverage.failed) == (1, ())


def test_cut_off_reply_is_requested_with_a_higher_limit_before_a_split(server: Server) -> None:
    server.set_responses(CUT_OFF, completion_of(SOUND))
    made = brief(server, model={"max_tokens": 500})
    assert [received.json["max_tokens"] for received in server.requests] == [500, 1000]
    assert (made.provenance.splits, made.provenance.retries, made.provenance.usage.total) == (0, 1, 2 * 107)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"finish_reason": "content_filter"}, "content filter stopped"),
        ({"message": {"refusal": "I cannot.", "content": None}}, "refused to answer"),
    ],
)
def test_refusal_is_reported_and_not_retried(server: Server, changes: dict[str, Any], what: str) -> None:
    server.set_responses(completion_of("", **changes))
    with pytest.raises(ReplyError, match=what):
        brief(server)
    assert len(server.requests) == 1


def failing_in_the_middle(received: ReceivedRequest) -> CannedResponse:
    return (
        CannedResponse(error("Out of memory."), 500)
        if "Pier 30 " in received.body.decode()
        else CannedResponse(completion(NOTHING))
    )


def test_failed_chunk_does_not_affect_others(server: Server) -> None:
    server.respond = failing_in_the_middle
    one = {"attempts": 1}
    with pytest.raises(IncompleteBrief, match=r"30 of 121 sentences") as caught:
        brief(server, LONG, model=one, chunk_tokens=300)
    (failed,) = caught.value.brief.coverage.failed
    assert "Out of memory" in failed.error
    assert caught.value.retryable
    kept = brief(server, LONG, model=one, chunk_tokens=300, on_failed_chunk="keep")
    assert kept.coverage.failed == (failed,)


def test_budget_counts_failed_requests(server: Server) -> None:
    server.set_responses(
        CannedResponse(error("Busy.") | {"usage": {"prompt_tokens": 600}}, 500), CannedResponse(completion(NOTHING))
    )
    with pytest.raises(BudgetExceeded, match="500 tokens") as caught:
        brief(server, LONG, chunk_tokens=300, chunk_concurrency=1, budget=Budget(tokens=500))
    assert caught.value.usage.total >= 600
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (CannedResponse("<html>Sign in</html>"), ServerFailed),
        (CannedResponse({"hello": "world"}), ServerFailed),
        (CannedResponse(completion(None)), ServerFailed),
        (CannedResponse({"choices": []}), ServerFailed),
        (CannedResponse(error(code="insufficient_quota"), 429), RateLimited),
    ],
)
def test_permanent_error_is_not_retried(server: Server, fault: CannedResponse, kind: type[Exception]) -> None:
    server.set_responses(fault)
    with pytest.raises(kind):
        brief(server)
    assert len(server.requests) == 1
