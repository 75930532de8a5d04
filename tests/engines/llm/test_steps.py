"""The loop of requests and repairs, driven by a list."""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from summarizer.engines import Chunk
from summarizer.engines.llm import extraction_steps, load_prompts
from summarizer.errors import ReplyError, ServerFailed
from summarizer.models import Reply, Request
from summarizer.verification import Findings, GroundingContext


def drive(
    chunk: Chunk, given: GroundingContext, replies: Iterable[str | Reply], repairs: int = 1
) -> tuple[Findings, list[Request]]:
    steps = extraction_steps(chunk, given, load_prompts(), repairs=repairs)
    requests = [next(steps)]
    for reply in replies:
        try:
            requests.append(steps.send(Reply(reply) if isinstance(reply, str) else reply))
        except StopIteration as stop:
            return stop.value, requests
    raise AssertionError("the steps ask for more replies than there are")


def broken(sound: dict[str, Any]) -> str:
    position = sound["positions"][0] | {"sentences": [99]}
    return json.dumps(sound | {"positions": [position, sound["positions"][1]]})


def test_a_sound_reply_takes_one_request(chunk: Chunk, given: GroundingContext, sound_text: str) -> None:
    findings, requests = drive(chunk, given, [sound_text])
    assert len(requests) == 1
    assert len(findings.positions) == 2


def test_the_request_holds_the_numbered_article_and_the_schema(
    chunk: Chunk, given: GroundingContext, sound_text: str
) -> None:
    _, (request,) = drive(chunk, given, [sound_text])
    system, user = request.messages
    assert (system.role, user.role) == ("system", "user")
    assert "[3] “The bridge must go,” said Ms Anna Berg" in user.content
    assert request.schema["properties"].keys() == {"holders", "issues", "positions", "open_questions", "gist"}


def test_the_same_chunk_gives_the_same_request(chunk: Chunk, given: GroundingContext, sound_text: str) -> None:
    assert drive(chunk, given, [sound_text])[1] == drive(chunk, given, [sound_text])[1]


def test_no_more_than_twenty_problems_are_listed(chunk: Chunk, given: GroundingContext, sound: dict[str, Any]) -> None:
    position = sound["positions"][0]
    many = [position | {"sentences": [100 + n]} for n in range(50)]
    text = json.dumps(sound | {"positions": many})
    _, requests = drive(chunk, given, [text, text])
    listed = [line for line in requests[1].messages[-1].content.splitlines() if line.startswith("- ")]
    assert len(listed) == 20


def test_the_servers_error_is_raised_where_no_reply_had_been_read(chunk: Chunk, given: GroundingContext) -> None:
    steps = extraction_steps(chunk, given, load_prompts(), repairs=1)
    next(steps)
    steps.send(Reply("not JSON"))
    with pytest.raises(ServerFailed, match="broke"):
        steps.throw(ServerFailed("The server broke."))


def test_a_problem_is_asked_about_once_with_the_reply_and_what_is_wrong(
    chunk: Chunk, given: GroundingContext, sound: dict[str, Any], sound_text: str
) -> None:
    findings, (first, repair) = drive(chunk, given, [broken(sound), sound_text])
    assert repair.messages[:2] == first.messages
    assert [message.role for message in repair.messages] == ["system", "user", "assistant", "user"]
    assert "there is no sentence 99" in repair.messages[-1].content
    assert findings.problems == ()


def test_repairs_do_not_grow(chunk: Chunk, given: GroundingContext, sound: dict[str, Any]) -> None:
    _, requests = drive(chunk, given, [broken(sound)] * 4, repairs=3)
    assert len({sum(len(message.content) for message in request.messages) for request in requests[1:]}) == 1


def test_without_repairs_what_does_not_stand_is_reported_at_once(
    chunk: Chunk, given: GroundingContext, sound: dict[str, Any]
) -> None:
    findings, requests = drive(chunk, given, [broken(sound)], repairs=0)
    assert len(requests) == 1
    assert (len(findings.positions), len(findings.problems)) == (1, 1)


def test_what_still_fails_is_reported_and_what_is_sound_is_kept(
    chunk: Chunk, given: GroundingContext, sound: dict[str, Any]
) -> None:
    findings, _ = drive(chunk, given, [broken(sound), broken(sound)])
    assert len(findings.positions) == 1
    assert "there is no sentence 99" in findings.problems[0].reason


def test_a_repair_that_loses_sound_positions_is_not_taken(
    chunk: Chunk, given: GroundingContext, sound: dict[str, Any]
) -> None:
    only_gist = json.dumps(sound | {"positions": [], "open_questions": []})
    findings, _ = drive(chunk, given, [broken(sound), only_gist])
    assert len(findings.positions) == 1


def test_an_unreadable_repair_leaves_the_first_reply_standing(
    chunk: Chunk, given: GroundingContext, sound: dict[str, Any]
) -> None:
    findings, _ = drive(chunk, given, [broken(sound), "Sorry, I cannot."])
    assert len(findings.positions) == 1


def test_a_repair_that_breaks_off_leaves_the_first_reply_standing(
    chunk: Chunk, given: GroundingContext, sound: dict[str, Any]
) -> None:
    findings, _ = drive(chunk, given, [broken(sound), Reply("{", finish_reason="length")])
    assert len(findings.positions) == 1


def test_an_unreadable_first_reply_is_repaired(chunk: Chunk, given: GroundingContext, sound_text: str) -> None:
    findings, (_, repair) = drive(chunk, given, ["Here you are!", sound_text])
    assert "not JSON" in repair.messages[-1].content
    assert len(findings.positions) == 2


def test_replies_that_cannot_be_read_are_an_error(chunk: Chunk, given: GroundingContext) -> None:
    with pytest.raises(ReplyError, match="not what was asked for"):
        drive(chunk, given, ["no", "no"])


@pytest.mark.parametrize(
    ("reason", "message"), [("length", "cut off"), ("refusal", "refused"), ("content_filter", "content filter")]
)
def test_a_reply_that_the_model_did_not_finish_is_an_error(
    chunk: Chunk, given: GroundingContext, reason: Any, message: str
) -> None:
    with pytest.raises(ReplyError, match=message):
        drive(chunk, given, [Reply("{}", finish_reason=reason)])


def test_an_article_without_positions_is_a_finding_too(
    chunk: Chunk, given: GroundingContext, sound: dict[str, Any]
) -> None:
    nothing = {"holders": [], "issues": [], "positions": [], "open_questions": [], "gist": sound["gist"]}
    findings, requests = drive(chunk, given, [json.dumps(nothing)])
    assert (findings.positions, len(requests)) == ((), 1)
