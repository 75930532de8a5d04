"""What a server's faults leave of a brief: a real socket at one end, the call that users make at the other."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from summarizer import Brief, Budget, IncompleteBrief, OpenAIModel, Summarizer
from summarizer.errors import BudgetExceeded, ContextTooLong, RateLimited, ReplyCutOff, ReplyError, ServerFailed
from summarizer.testing import reply_for
from tests.models.conftest import Asked, Canned, Server, completion, error

TEXT = "Bridge must go\n\n“The bridge is unsafe,” Anna Berg said. Tomas Lind said that it would be repaired."
LONG = "Bridge must go\n\n" + "\n\n".join(f"“Pier {n} is unsafe,” Anna Berg said. Nobody answered." for n in range(60))
SOUND: dict[str, Any] = json.loads(reply_for(TEXT, [("Anna Berg", "The bridge is unsafe")]).model_dump_json())
NOTHING = json.dumps({"holders": [], "issues": [], "positions": [], "open_questions": [], "gist": None})
TOO_LONG = Canned(error("The maximum context length is 9 tokens.", code="context_length_exceeded"), 400)
CUT_OFF = Canned(completion("{", finish_reason="length"))


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


def brief(server: Server, text: str = TEXT, *, model: dict[str, Any] | None = None, **options: Any) -> Brief:
    with Summarizer(model=OpenAIModel("tiny", base_url=server.url, **(model or {})), **options) as summarizer:
        return summarizer.summarize(text)


def said(reply: object, **changes: Any) -> Canned:
    return Canned(completion(reply if isinstance(reply, str) else json.dumps(reply), **changes))


def with_position(**changes: Any) -> dict[str, Any]:
    return SOUND | {"positions": [SOUND["positions"][0] | changes]}


@pytest.mark.parametrize(
    "reply",
    [
        with_position(sentences=[10**30, -5, 0]),
        with_position(sentences=[]),
        with_position(statement="The bridge cost 17 trillion."),
        with_position(holders=["H9"]),
        with_position(phrase="x" * 1_000_000),
        SOUND | {"holders": [SOUND["holders"][0] | {"name": "Nobody " * 1000}]},
    ],
    ids=["sentences", "no sentence", "figure", "holder", "phrase", "name"],
)
def test_absurd_values_are_asked_about_once_and_then_reported_and_never_believed(server: Server, reply: object) -> None:
    server.answers(said(reply))
    made = brief(server)
    assert (made.provenance.calls, made.provenance.repairs, len(server.asked)) == (2, 1, 2)
    assert made.rejected
    assert all(len(each.text) <= 200 for each in made.rejected)
    assert "trillion" not in str([position.statement for position in made.positions])


def test_what_is_said_ten_thousand_times_counts_once(server: Server) -> None:
    server.answers(said(SOUND | {"positions": SOUND["positions"] * 1000, "holders": SOUND["holders"]}))
    assert len(brief(server).positions) == 1


@pytest.mark.parametrize("reply", ["I would rather not.", '{"answer": 42}', "[]", "", "{" * 1000])
def test_the_same_bad_answer_every_time_is_an_error_after_two_in_each_form(server: Server, reply: str) -> None:
    server.answers(said(reply))
    with pytest.raises(ReplyError, match="not what was asked for") as caught:
        brief(server)
    assert [asked.form for asked in server.asked] == ["json_schema"] * 2 + ["json_object"] * 2 + ["text"] * 2
    assert caught.value.usage.total == 6 * 107


def test_a_form_that_is_named_is_not_left_for_a_bad_answer(server: Server) -> None:
    server.answers(said("I would rather not."))
    with pytest.raises(ReplyError):
        brief(server, model={"output": "json_object"})
    assert [asked.form for asked in server.asked] == ["json_object"] * 2


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
def test_a_reply_with_one_reading_takes_one_request(server: Server, reply: str) -> None:
    server.answers(said(reply))
    assert len(brief(server).positions) == 1
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("fault", "kind", "hint"), [(TOO_LONG, ContextTooLong, "chunk_tokens"), (CUT_OFF, ReplyCutOff, "write more")]
)
def test_what_is_too_long_is_halved_down_to_a_floor_and_then_a_clear_error(
    server: Server, fault: Canned, kind: type[Exception], hint: str
) -> None:
    server.answers(fault)
    with pytest.raises(kind, match=hint) as caught:
        brief(server, LONG)
    assert "sentences 1 to" in str(caught.value)
    assert 3 <= len(server.asked) <= 30


@pytest.mark.parametrize("fault", [TOO_LONG, CUT_OFF])
def test_halves_that_fit_make_a_whole_brief(server: Server, fault: Canned) -> None:
    server.answers(fault, Canned(completion(NOTHING)))
    made = brief(server, LONG)
    assert (made.provenance.splits, made.coverage.failed) == (1, ())


def test_a_reply_that_a_limit_cut_off_is_asked_for_longer_before_anything_is_split(server: Server) -> None:
    server.answers(CUT_OFF, said(SOUND))
    made = brief(server, model={"max_tokens": 500})
    assert [asked.json["max_tokens"] for asked in server.asked] == [500, 1000]
    assert (made.provenance.splits, made.provenance.retries, made.provenance.usage.total) == (0, 1, 2 * 107)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"finish_reason": "content_filter"}, "content filter stopped"),
        ({"message": {"refusal": "I cannot.", "content": None}}, "refused to answer"),
    ],
)
def test_what_a_model_will_not_answer_is_told_and_not_asked_again(
    server: Server, changes: dict[str, Any], what: str
) -> None:
    server.answers(said("", **changes))
    with pytest.raises(ReplyError, match=what):
        brief(server)
    assert len(server.asked) == 1


def failing_in_the_middle(asked: Asked) -> Canned:
    return Canned(error("Out of memory."), 500) if "Pier 30 " in asked.body.decode() else Canned(completion(NOTHING))


def test_one_chunk_that_fails_costs_no_other(server: Server) -> None:
    server.answer = failing_in_the_middle
    one = {"attempts": 1}
    with pytest.raises(IncompleteBrief, match="1 of ") as caught:
        brief(server, LONG, model=one, chunk_tokens=300)
    (failed,) = caught.value.brief.coverage.failed
    assert "Out of memory" in failed.error
    assert caught.value.retryable
    kept = brief(server, LONG, model=one, chunk_tokens=300, on_failed_chunk="keep")
    assert kept.coverage.failed == (failed,)


def test_a_budget_counts_what_failed_too(server: Server) -> None:
    server.answers(Canned(error("Busy.") | {"usage": {"prompt_tokens": 600}}, 500), Canned(completion(NOTHING)))
    with pytest.raises(BudgetExceeded, match="500 tokens") as caught:
        brief(server, LONG, chunk_tokens=300, chunk_concurrency=1, budget=Budget(tokens=500))
    assert caught.value.usage.total >= 600
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Canned("<html>Sign in</html>"), ServerFailed),
        (Canned({"hello": "world"}), ServerFailed),
        (Canned(completion(None)), ServerFailed),
        (Canned({"choices": []}), ServerFailed),
        (Canned(error(code="insufficient_quota"), 429), RateLimited),
    ],
)
def test_what_no_second_try_mends_is_told_after_the_first(server: Server, fault: Canned, kind: type[Exception]) -> None:
    server.answers(fault)
    with pytest.raises(kind):
        brief(server)
    assert len(server.asked) == 1
