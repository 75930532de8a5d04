"""Output formats: fallbacks after rejections, and remembered capabilities."""

import asyncio
import json
import threading
from dataclasses import replace
from typing import Any

import pytest

from summarizer.errors import ConfigurationError, ContextTooLong, RequestRefused, ServerFailed
from summarizer.models import Message, Model, OpenAIModel, Reply, Request
from summarizer.models.openai.capabilities import Capabilities, Rejection, ServerCapabilities, simplify_schema

from ..timing import HOLD
from .conftest import ARTICLE, KEY, CannedResponse, ReceivedRequest, Server, completion, error

TAKEN = CannedResponse(completion())


def refusing(*, status: int = 400, words: str = "response_format is not supported", **limits: Any) -> Any:
    """Return a responder that rejects formats: all but ``only``, or the bodies for which ``when`` is true."""

    def respond(received: ReceivedRequest) -> CannedResponse:
        refused = received.form not in limits["only"] if "only" in limits else limits["when"](received.json)
        return CannedResponse(error(words), status) if refused else TAKEN

    return respond


def forms(server: Server) -> list[str]:
    return [received.form for received in server.completions]


async def test_accepted_json_schema_is_kept(server: Server, model: OpenAIModel, request_: Request) -> None:
    replies = [await model.complete(request_) for _ in range(2)]
    assert [reply.output for reply in replies] == ["json_schema"] * 2
    assert forms(server) == ["json_schema"] * 2


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."),
        (400, "'response_format.type' must be 'json_object' or 'text'"),
        (404, "No endpoints found that can handle the requested parameters."),
        (422, "body.response_format.type: Input should be 'text' or 'json_object'"),
        (500, "Unsupported response_format: json_schema"),
        (500, "failed to parse grammar"),
    ],
)
async def test_rejected_format_falls_back_without_a_wait(
    server: Server, model: OpenAIModel, request_: Request, waits: list[float], status: int, words: str
) -> None:
    server.respond = refusing(status=status, words=words, only={"json_object"})
    reply = await model.complete(request_)
    assert (reply.text, reply.output) == ("done", "json_object")
    assert forms(server) == ["json_schema", "json_schema", "json_object"]
    assert (reply.retries, waits) == (2, [])


async def test_json_object_is_sent_with_the_schema(server: Server, request_: Request) -> None:
    model = OpenAIModel("tiny", base_url=server.url, output="json_object")
    await model.complete(request_)
    await model.aclose()
    assert server.requests[0].json["response_format"] == {"type": "json_object", "schema": request_.schema}


async def test_rejected_schema_of_json_object_is_dropped(server: Server, request_: Request) -> None:
    words = "Unknown parameter: 'response_format.schema'."
    server.respond = refusing(words=words, when=lambda body: "schema" in body["response_format"])
    model = OpenAIModel("tiny", base_url=server.url, output="json_object")
    assert [(await model.complete(request_)).output for _ in range(2)] == ["json_object"] * 2
    await model.aclose()
    assert [len(received.json["response_format"]) for received in server.completions] == [2, 1, 1]


async def test_text_sends_no_response_format(server: Server, request_: Request) -> None:
    model = OpenAIModel("tiny", base_url=server.url, output="text")
    assert (await model.complete(request_)).output == "text"
    await model.aclose()
    assert set(server.requests[0].json) == {"model", "messages"}


async def test_server_without_formats_gets_plain_text_from_then_on(
    server: Server, model: OpenAIModel, request_: Request
) -> None:
    server.respond = refusing(only={"text"})
    first = await model.complete(request_)
    received = len(server.requests)
    second = await model.complete(request_)
    assert (first.output, second.output) == ("text", "text")
    assert (received, len(server.requests)) == (5, 6)
    assert second.retries == 0


async def test_rejected_schema_is_simplified(server: Server, model: OpenAIModel) -> None:
    schema = {
        "$defs": {"Name": {"type": "string", "pattern": "^[A-Z]", "minLength": 2}},
        "title": "Reply",
        "type": "object",
        "properties": {"names": {"type": "array", "items": {"$ref": "#/$defs/Name"}, "maxItems": 3}},
        "required": ["names"],
        "additionalProperties": False,
    }
    words = "Invalid schema for response_format 'extraction': 'pattern' is not permitted."
    server.respond = refusing(words=words, when=lambda body: "pattern" in json.dumps(body))
    reply = await model.complete(Request((), "extraction", schema))
    assert reply.output == "json_schema"
    assert server.requests[-1].json["response_format"]["json_schema"] == {
        "name": "extraction",
        "schema": {
            "type": "object",
            "properties": {"names": {"type": "array", "items": {"type": "string"}}},
            "required": ["names"],
        },
    }


@pytest.mark.parametrize(
    "words",
    [
        "response_format.json_schema.strict: Extra inputs are not permitted",
        "response_format.json_schema.strict must be false",
    ],
)
async def test_rejected_strict_simplifies_the_schema(
    server: Server, model: OpenAIModel, request_: Request, words: str
) -> None:
    server.respond = refusing(status=422, words=words, when=lambda body: "strict" in str(body["response_format"]))
    assert (await model.complete(request_)).output == "json_schema"
    sent = server.requests[-1].json["response_format"]["json_schema"]
    assert sent == {"name": "extraction", "schema": simplify_schema(request_.schema)}


async def test_fixed_format_is_not_replaced_after_a_rejection(server: Server, request_: Request) -> None:
    server.respond = refusing(only={"text"})
    model = OpenAIModel("tiny", base_url=server.url, output="json_schema")
    with pytest.raises(RequestRefused, match='output="auto"'):
        await model.complete(request_)
    await model.aclose()
    assert set(forms(server)) == {"json_schema"}


async def test_unsuccessful_fallbacks_are_reverted(server: Server, model: OpenAIModel, request_: Request) -> None:
    server.set_responses(CannedResponse(error("The schema of our database is being renewed."), 400))
    with pytest.raises(RequestRefused, match="being renewed"):
        await model.complete(request_)
    server.set_responses(TAKEN)
    assert (await model.complete(request_)).output == "json_schema"


@pytest.mark.parametrize("words", ["The prompt is too long: context_length_exceeded", "The messages must alternate."])
async def test_successful_fallback_is_kept_when_another_error_follows(
    server: Server, model: OpenAIModel, request_: Request, words: str
) -> None:
    def respond(received: ReceivedRequest) -> CannedResponse:
        if received.form == "json_schema":
            return CannedResponse(error("json_schema is not supported"), 400)
        return CannedResponse(error(words), 400)

    server.respond = respond
    with pytest.raises(RequestRefused):
        await model.complete(request_)
    server.respond, received = refusing(only={"json_object"}), len(server.requests)
    await model.complete(request_)
    assert forms(server)[received:] == ["json_object"]


async def test_too_long_request_is_not_changed_even_if_the_error_names_the_format(
    server: Server, model: OpenAIModel, request_: Request
) -> None:
    server.set_responses(CannedResponse(error("The context length is exceeded by messages and response_format."), 400))
    with pytest.raises(ContextTooLong):
        await model.complete(request_)
    assert len(server.requests) == 1


@pytest.mark.parametrize("words", ["Unknown parameter: 'strict'.", "strict: Extra inputs are not permitted"])
async def test_strict_is_dropped_if_the_error_names_it_alone(
    server: Server, model: OpenAIModel, request_: Request, words: str
) -> None:
    server.respond = refusing(words=words, when=lambda body: "strict" in str(body["response_format"]))
    await model.complete(request_)
    await model.complete(request_)
    assert forms(server) == ["json_schema"] * 3


async def test_text_request_is_not_repeated_after_a_rejection_of_strict(server: Server, request_: Request) -> None:
    server.set_responses(CannedResponse(error("Unknown parameter: strict"), 400))
    model = OpenAIModel("tiny", base_url=server.url, output="text")
    with pytest.raises(RequestRefused):
        await model.complete(request_)
    await model.aclose()
    assert len(server.requests) == 1


def test_late_rejection_returns_the_current_capabilities() -> None:
    memory, refused = ServerCapabilities(Capabilities(), auto=True), Rejection(400, "response_format is not supported")
    sent = frozenset({"response_format"})
    second = memory.learn(Capabilities(), refused, sent)
    assert second is not None
    third = memory.learn(second, refused, sent)
    assert third not in (None, second)
    assert memory.learn(Capabilities(), refused, sent) == third == memory.current


def test_replace_keeps_what_another_request_learned() -> None:
    memory, learned = ServerCapabilities(Capabilities(), auto=True), Capabilities(simple_schema=True)
    memory.replace(learned, Capabilities(form="text"))
    assert memory.current == Capabilities()


@pytest.mark.usefixtures("full_concurrency")
async def test_concurrent_rejections_cost_one_fallback(server: Server, model: OpenAIModel, request_: Request) -> None:
    barrier = threading.Barrier(2, timeout=HOLD)
    server.on_request = lambda: barrier.wait() if len(server.requests) <= 2 else None
    server.respond = refusing(words="strict is not supported", when=lambda body: "strict" in str(body))
    await asyncio.gather(*(model.complete(request_) for _ in range(2)))
    assert [("strict" in str(received.json), received.form) for received in server.completions[2:]] == [
        (False, "json_schema")
    ] * 2


async def test_matching_reply_resets_the_mismatch_count(server: Server, model: OpenAIModel, request_: Request) -> None:
    reply = await model.complete(request_)
    for fits in (False, True, False):
        assert not model.note_reply(reply, fits=fits)
    assert (await model.complete(request_)).output == "json_schema"
    assert model.note_reply(reply, fits=False)


async def test_unrelated_rejection_is_raised_at_once(server: Server, model: OpenAIModel, request_: Request) -> None:
    server.set_responses(CannedResponse(error("The messages must alternate."), 400))
    with pytest.raises(RequestRefused, match="must alternate"):
        await model.complete(request_)
    assert len(server.requests) == 1


async def test_server_error_is_retried_in_the_same_format(
    server: Server, model: OpenAIModel, request_: Request, waits: list[float]
) -> None:
    server.set_responses(CannedResponse(error("CUDA error"), 500), TAKEN)
    assert (await model.complete(request_)).output == "json_schema"
    assert len(waits) == 1


async def test_article_repeated_by_a_broken_server_changes_no_format(
    server: Server, model: OpenAIModel, request_: Request
) -> None:
    about = replace(request_, messages=(Message("user", f"{ARTICLE} The grammar of response_format is hard."),))
    server.set_responses(CannedResponse(error("Crashed on: The grammar of response_format is hard."), 500), TAKEN)
    assert (await model.complete(about)).output == "json_schema"


async def test_concurrent_requests_share_capabilities(server: Server, model: OpenAIModel, request_: Request) -> None:
    server.respond = refusing(only={"text"})
    replies = await asyncio.gather(*(model.complete(request_) for _ in range(8)))
    assert {reply.output for reply in replies} == {"text"}
    received = len(server.requests)
    await model.complete(request_)
    assert len(server.requests) == received + 1


async def test_event_loops_share_capabilities(server: Server, model: OpenAIModel, request_: Request) -> None:
    server.respond = refusing(only={"json_object"})
    await model.complete(request_)
    received = len(server.requests)

    async def elsewhere() -> None:
        await model.complete(request_)
        await model.aclose()

    await asyncio.to_thread(asyncio.run, elsewhere())
    assert forms(server)[received:] == ["json_object"]


async def test_format_that_is_ignored_twice_falls_back(server: Server, model: OpenAIModel, request_: Request) -> None:
    for fits in (False, True, False, False):
        model.note_reply(await model.complete(request_), fits=fits)
    assert (await model.complete(request_)).output == "json_object"


async def test_incomplete_and_late_replies_do_not_count_as_mismatches(
    server: Server, model: OpenAIModel, request_: Request
) -> None:
    for reason in ("length", "content_filter", "refusal"):
        for _ in range(2):
            model.note_reply(Reply("{", reason), fits=False)
    for form in ("json_object", "json_object", "text", "text"):
        model.note_reply(Reply("prose", output=form), fits=False)
    assert (await model.complete(request_)).output == "json_schema"


async def test_text_is_the_last_fallback(server: Server, model: OpenAIModel, request_: Request) -> None:
    for _ in range(9):
        model.note_reply(await model.complete(request_), fits=False)
    assert (await model.complete(request_)).output == "text"


async def test_fixed_format_is_kept_even_if_ignored(server: Server, request_: Request) -> None:
    model = OpenAIModel("tiny", base_url=server.url, output="json_schema")
    for _ in range(3):
        model.note_reply(await model.complete(request_), fits=False)
    assert (await model.complete(request_)).output == "json_schema"
    await model.aclose()


def test_note_reply_defaults_to_false() -> None:
    class Deaf(Model):
        name = "deaf"

        async def complete(self, _: Request) -> Reply:
            return Reply("{}")

    assert not Deaf().note_reply(Reply("{}"), fits=False)


def test_unknown_format_is_an_error_that_lists_the_formats() -> None:
    with pytest.raises(ConfigurationError, match=r"output cannot be 'xml'.*auto, json_schema, json_object, text"):
        OpenAIModel("tiny", base_url="http://localhost/v1", output="xml")  # type: ignore[arg-type]


async def test_error_after_a_fallback_counts_all_attempts(server: Server, request_: Request) -> None:
    spent = error("no json_schema here") | {"usage": {"prompt_tokens": 5}}
    server.set_responses(CannedResponse(spent, 400), CannedResponse(error("Down"), 503))
    model = OpenAIModel("tiny", base_url=server.url, api_key=KEY, attempts=1)
    with pytest.raises(ServerFailed) as caught:
        await model.complete(request_)
    await model.aclose()
    assert (caught.value.attempts, caught.value.usage.prompt) == (2, 5)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "This response_format type is unavailable now"),
        (422, "The parameter response_format with json_schema is not supported by this model"),
        (500, "Unknown response_format"),
    ],
)
async def test_format_falls_back_even_if_the_article_mentions_it(
    server: Server, model: OpenAIModel, request_: Request, status: int, words: str
) -> None:
    about = replace(request_, messages=(Message("user", f"The server said: {words if status < 500 else words[8:]}!"),))
    server.respond = refusing(status=status, words=words, only=["text"])
    assert (await model.complete(about)).output == "text"
