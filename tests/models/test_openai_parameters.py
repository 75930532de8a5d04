"""Parameters: sent only when set, dropped or renamed where a server does not support them."""

from dataclasses import replace
from typing import Any

import pytest

from summarizer.errors import ConfigurationError, RequestRefused
from summarizer.models import Message, OpenAIModel, Request

from .conftest import CannedResponse, ReceivedRequest, Server, completion, error


def refusing(name: str, words: str, status: int = 400, **details: Any) -> Any:
    def respond(received: ReceivedRequest) -> CannedResponse:
        return (
            CannedResponse(error(words, **details), status) if name in received.json else CannedResponse(completion())
        )

    return respond


def sent(server: Server) -> list[dict[str, Any]]:
    """Return the optional parameters of each request."""
    question = {"model", "messages", "response_format"}
    return [
        {name: value for name, value in received.json.items() if name not in question}
        for received in server.completions
    ]


async def ask(server: Server, request: Request, times: int = 2, **options: Any) -> list[dict[str, Any]]:
    model = OpenAIModel("tiny", base_url=server.url, **options)
    try:
        for _ in range(times):
            await model.complete(request)
    finally:
        await model.aclose()
    return sent(server)


async def test_set_parameters_are_sent(server: Server, request_: Request) -> None:
    options = {"max_tokens": 900, "temperature": 0, "seed": 7, "extra_body": {"top_k": 1, "store": False}}
    (first,) = await ask(server, request_, 1, **options)
    assert first == {"max_tokens": 900, "temperature": 0, "seed": 7, "top_k": 1, "store": False}


@pytest.mark.parametrize(
    ("options", "words", "status"),
    [
        ({"temperature": 0.2}, "'temperature' does not support 0.2. Only the default (1) value is.", 400),
        ({"temperature": 0.2}, "`temperature` is deprecated for this model.", 400),
        ({"temperature": 0.2}, "invalid temperature: only 1 is allowed for this model", 400),
        ({"temperature": 0.2}, "`temperature` may only be set to 1 when thinking is enabled.", 400),
        ({"temperature": 0.2}, "Model does not accept temperature", 400),
        ({"seed": 7}, "seed parameter not accepted", 400),
        ({"seed": 7}, "body.seed: Extra inputs are not permitted", 422),
        ({"seed": 7}, "Unrecognized request argument supplied: seed", 400),
        ({"extra_body": {"store": False}}, "Unknown parameter: 'store'.", 400),
    ],
)  # fmt: skip
async def test_unsupported_parameter_is_dropped_from_then_on(
    server: Server, request_: Request, options: dict[str, Any], words: str, status: int
) -> None:
    (name,) = options.get("extra_body", options)
    server.respond = refusing(name, words, status)
    assert [name in each for each in await ask(server, request_, **options)] == [True, False, False]


async def test_parameter_is_dropped_even_if_the_article_quotes_the_error(server: Server, request_: Request) -> None:
    words = "Unsupported parameter: 'temperature' is not supported with this model."
    server.respond = refusing("temperature", words)
    about = replace(request_, messages=(Message("user", f"It said: {words}"),))
    assert await ask(server, about, 1, temperature=0.2) == [{"temperature": 0.2}, {}]


async def test_parameter_in_the_param_field_is_dropped(server: Server, request_: Request) -> None:
    server.respond = refusing("seed", "Unsupported parameter.", param="seed")
    assert await ask(server, request_, 1, seed=7) == [{"seed": 7}, {}]


@pytest.mark.parametrize(
    "words",
    [
        "Invalid 'temperature': expected a value <= 2, but got 3.",
        "This model does not accept a temperature above 2",
        "temperature can only be between 0 and 2",
    ],
)
async def test_value_out_of_range_is_an_error(server: Server, request_: Request, words: str) -> None:
    server.respond = refusing("temperature", words)
    with pytest.raises(RequestRefused, match="temperature"):
        await ask(server, request_, temperature=3)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("words", "details"),
    [
        ("Unknown parameter: 'top_k'. Known parameters are: temperature, seed.", {}),
        ("unknown field `top_k`, expected one of `temperature`, `seed`, `messages`", {}),
        ('[{"loc": ["top_k"], "msg": "Extra inputs are not permitted"}, {"loc": ["seed"], "msg": "is negative"}]', {}),
        ("Unsupported parameter; see temperature and seed in our documentation.", {"param": "top_k"}),
    ],
)
async def test_errors_about_another_parameter_drop_nothing(
    server: Server, request_: Request, words: str, details: dict[str, Any]
) -> None:
    server.respond = refusing("top_k", words, **details)
    options = {"seed": -1, "temperature": 0.3, "extra_body": {"top_k": 1}}
    with pytest.raises(RequestRefused):
        await ask(server, request_, 1, **options)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "words",
    [
        "max_tokens is too large: 100000. This model supports at most 4096 completion tokens.",
        "Invalid parameter: max_tokens must be at most 4096",
    ],
)
async def test_too_high_token_limit_is_an_error(server: Server, request_: Request, words: str) -> None:
    server.respond = refusing("max_tokens", words, param="max_tokens")
    with pytest.raises(RequestRefused, match="4096"):
        await ask(server, request_, 1, max_tokens=100_000)
    assert sent(server) == [{"max_tokens": 100_000}]


async def test_doubled_token_limit_is_kept(server: Server, request_: Request) -> None:
    server.respond = lambda received: CUT if received.json["max_tokens"] < 60 else CannedResponse(completion())
    assert await ask(server, request_, max_tokens=50) == [{"max_tokens": limit} for limit in (50, 100, 100)]


async def test_parameter_that_was_not_sent_changes_nothing(server: Server, request_: Request) -> None:
    server.set_responses(CannedResponse(error("Unsupported parameter: seed"), 400))
    with pytest.raises(RequestRefused):
        await ask(server, request_)
    assert len(server.requests) == 1


async def test_rejected_extra_key_is_an_error(server: Server, request_: Request) -> None:
    server.respond = refusing("top_k", "Unknown parameter: top_k")
    with pytest.raises(RequestRefused, match="top_k"):
        await ask(server, request_, extra_body={"top_k": 1})


@pytest.mark.parametrize(
    "words",
    [
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        "max_tokens: Extra inputs are not permitted",
    ],
)
async def test_token_limit_is_sent_under_its_other_name(server: Server, request_: Request, words: str) -> None:
    server.respond = refusing("max_tokens", words)
    assert await ask(server, request_, max_tokens=9) == [
        {"max_tokens": 9}, {"max_completion_tokens": 9}, {"max_completion_tokens": 9},
    ]  # fmt: skip


async def test_token_limit_unknown_under_both_names_is_dropped(server: Server, request_: Request) -> None:
    def respond(received: ReceivedRequest) -> CannedResponse:
        named = [name for name in received.json if name.startswith("max_")]
        return CannedResponse(error(f"Unknown field: {named[0]}"), 400) if named else CannedResponse(completion())

    server.respond = respond
    assert [len(each) for each in await ask(server, request_, max_tokens=9)] == [1, 1, 0, 0]


CUT = CannedResponse(completion('{"zeta":', finish_reason="length"))


async def test_cut_off_reply_is_requested_with_twice_the_limit(server: Server, request_: Request) -> None:
    server.set_responses(CUT, CannedResponse(completion("whole")))
    model = OpenAIModel("tiny", base_url=server.url, max_tokens=50)
    reply = await model.complete(request_)
    await model.aclose()
    assert (reply.text, reply.retries, reply.usage.completion) == ("whole", 1, 14)
    assert sent(server) == [{"max_tokens": 50}, {"max_tokens": 100}]


async def test_dropped_token_limit_is_not_doubled(server: Server, request_: Request) -> None:
    def respond(received: ReceivedRequest) -> CannedResponse:
        named = [name for name in received.json if name.startswith("max_")]
        return CannedResponse(error(f"Unknown field: {named[0]}"), 400) if named else CUT

    server.respond = respond
    assert len(await ask(server, request_, max_tokens=9)) == 4


@pytest.mark.parametrize(
    "second", [CUT, CannedResponse(error("max_tokens must be at most 64"), 400)], ids=["cut", "refused"]
)
async def test_reply_stays_cut_off_if_the_longer_request_fails(
    server: Server, request_: Request, second: CannedResponse
) -> None:
    server.set_responses(CUT, second)
    model = OpenAIModel("tiny", base_url=server.url, max_tokens=50)
    reply = await model.complete(request_)
    await model.aclose()
    assert (reply.finish_reason, len(server.requests)) == ("length", 2)


async def test_cut_off_reply_without_a_limit_is_not_repeated(server: Server, request_: Request) -> None:
    server.set_responses(CUT)
    assert await ask(server, request_, 1) == [{}]


def test_openai_gets_max_completion_tokens() -> None:
    from summarizer.models.openai.capabilities import Parameters, request_body

    model = OpenAIModel("gpt-5.4-mini", api_key="sk-x")
    body = request_body("gpt-5.4-mini", Request((), "x", {}), model.capabilities.current, Parameters(max_tokens=9))
    assert body["max_completion_tokens"] == 9


async def test_several_unsupported_parameters_are_dropped_in_turn(server: Server, request_: Request) -> None:
    def respond(received: ReceivedRequest) -> CannedResponse:
        for name in ("seed", "temperature", "max_tokens"):
            if name in received.json:
                return CannedResponse(error(f"Unsupported parameter: {name}"), 400)
        return CannedResponse(completion())

    server.respond = respond
    kept = await ask(server, request_, 1, seed=1, temperature=0.5, max_tokens=9)
    assert kept[-1] == {"max_completion_tokens": 9}
    assert len(kept) == 4


@pytest.mark.parametrize(
    ("option", "what"),
    [
        ({"max_tokens": 0}, "max_tokens cannot be 0.*whole number above 0"),
        ({"max_tokens": True}, "max_tokens"),
        ({"temperature": -1}, "temperature cannot be -1"),
        ({"temperature": float("nan")}, "temperature"),
        ({"seed": 1.5}, "seed cannot be 1.5"),
        ({"deadline": 0}, "deadline cannot be 0.*number above 0"),
        ({"extra_body": {"stream": True}}, "extra_body cannot contain 'stream'"),
        ({"extra_body": {"response_format": {}}}, "extra_body cannot contain 'response_format'"),
        ({"extra_body": {"x": object()}}, "not valid JSON"),
    ],
)
def test_invalid_option_is_named(option: dict[str, Any], what: str) -> None:
    with pytest.raises(ConfigurationError, match=what):
        OpenAIModel("tiny", base_url="http://localhost/v1", **option)


async def test_extra_body_is_copied(server: Server, request_: Request) -> None:
    extra: dict[str, Any] = {"options": {"num_ctx": 8192}}
    model = OpenAIModel("tiny", base_url=server.url, extra_body=extra)
    extra["options"]["num_ctx"] = 1
    await model.complete(request_)
    await model.aclose()
    assert sent(server) == [{"options": {"num_ctx": 8192}}]
