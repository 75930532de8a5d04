"""No key reaches a reply, a model's name, an error or an identity, whatever the server echoes."""

import json
import logging
from typing import Any

import openai
import pytest

from summarizer.errors import ModelError
from summarizer.models import CallEvent, OpenAIModel, Request
from tests.models.conftest import CannedResponse, Server, completion, error, listing

KEY = "sk-proj-Ab9dEf01Xy45_zQ-pLmNoPqRsTuVwXyZ0123abcdEFGH"
ECHOES = [KEY, KEY[::-1], " ".join(KEY), KEY.upper(), KEY[10:20], KEY[:15] + "…" + KEY[-10:]]


def has_piece(text: str) -> bool:
    plain = "".join(filter(str.isalnum, text)).lower()
    key = "".join(filter(str.isalnum, KEY)).lower()
    pieces = {way[start : start + 8] for way in (key, key[::-1]) for start in range(len(key) - 7)} - {"skprojab"}
    return any(piece in plain for piece in pieces)


@pytest.fixture
def events() -> list[CallEvent]:
    return []


@pytest.fixture
def secretive(server: Server, events: list[CallEvent]) -> OpenAIModel:
    return OpenAIModel("tiny", base_url=server.url, api_key=KEY, attempts=1, on_event=events.append)


@pytest.mark.parametrize("echo", ECHOES)
async def test_reply_and_its_model_hold_no_key(
    server: Server, secretive: OpenAIModel, request_: Request, echo: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="summarizer")
    text = json.dumps({"text": f"The bridge must go {echo}."}, ensure_ascii=False)
    server.set_responses(CannedResponse(completion(text) | {"model": echo}))
    reply = await secretive.complete(request_)
    await secretive.aclose()
    assert reply.model is None
    assert json.loads(reply.text)["text"].startswith("The bridge must go ")
    assert not has_piece(reply.text + repr(secretive) + repr(secretive.endpoint))
    assert not has_piece(" ".join(record.getMessage() for record in caplog.records if record.name == "summarizer"))


@pytest.mark.parametrize("name", ["gpt-4.1-mini-2025-04-14", "meta-llama/Llama-3.3-70B-Instruct", "sk-learn-model"])
async def test_ordinary_names_of_models_stay(
    server: Server, secretive: OpenAIModel, request_: Request, name: str
) -> None:
    server.set_responses(CannedResponse(completion() | {"model": name}))
    assert (await secretive.complete(request_)).model == name
    await secretive.aclose()


async def test_words_of_a_reply_stay_though_they_are_in_a_header(server: Server, request_: Request) -> None:
    model = OpenAIModel("tiny", base_url=server.url, api_key="newsroom", default_headers={"X-Team": "production"})
    server.set_responses(CannedResponse(completion("The newsroom is in production.")))
    assert (await model.complete(request_)).text == "The newsroom is in production."
    await model.aclose()


@pytest.mark.parametrize("echo", ECHOES)
async def test_listed_names_hold_no_key(server: Server, secretive: OpenAIModel, request_: Request, echo: str) -> None:
    server.models = CannedResponse(listing("tiny-2", echo))
    server.set_responses(CannedResponse(error("No such model", code="model_not_found"), 404))
    with pytest.raises(ModelError) as caught:
        await secretive.complete(request_)
    assert await secretive.models() == ("tiny-2",)
    await secretive.aclose()
    assert "tiny-2" in str(caught.value)
    assert not has_piece(str(caught.value))


@pytest.mark.parametrize("echo", ECHOES)
@pytest.mark.parametrize("status", [400, 403, 404, 422, 500])
async def test_errors_hold_no_piece_of_a_key(
    server: Server, secretive: OpenAIModel, request_: Request, events: list[CallEvent], echo: str, status: int
) -> None:
    server.set_responses(CannedResponse(error(f"Not allowed with {echo}."), status))
    with pytest.raises(ModelError, match=r"Not allowed with|HTTP 404") as caught:
        await secretive.complete(request_)
    await secretive.aclose()
    assert not has_piece(str(caught.value) + repr(vars(caught.value)) + repr(events))


SECRETS_OF_OTHERS = [
    ("aws_secret_access_key=wJalrXUtnFEMI/K7MDENG", "wJalr"),
    ("xoxb-2345-AbCdEfGhIj", "AbCd"),
    ("AIzaSyA1234567890abcdefghijklmnopqrstuv", "SyA12"),
    ("password=hunter2", "hunter2"),
    ("Cookie: sid=Qm9vbQ; theme=dark", "Qm9v"),
    ("postgres://ann:pa55@db.example/news", "pa55"),
    ("Authorization: Bearer abcdefghijklmnop", "abcdefghij"),
    ("-----BEGIN PRIVATE KEY-----\nMIIEow\n-----END PRIVATE KEY-----", "MIIE"),
]


@pytest.mark.parametrize(("words", "secret"), SECRETS_OF_OTHERS)
async def test_errors_hold_no_secrets_of_others(
    server: Server, secretive: OpenAIModel, request_: Request, words: str, secret: str
) -> None:
    server.set_responses(CannedResponse(error(f"Upstream said: {words}"), 400))
    with pytest.raises(ModelError) as caught:
        await secretive.complete(request_)
    await secretive.aclose()
    assert "Upstream said: " in str(caught.value)
    assert secret not in str(caught.value)


async def test_headers_of_a_client_of_ones_own_are_secrets(server: Server, request_: Request) -> None:
    headers = {"X-Gateway-Key": "gw-7f3a9c51d2e4b6a8"}
    async with openai.AsyncOpenAI(api_key="x", base_url=server.url, default_headers=headers) as client:
        server.set_responses(CannedResponse(error("You sent gw-7f3a9c51d2e4b6a8."), 400))
        with pytest.raises(ModelError) as caught:
            await OpenAIModel("tiny", client=client).complete(request_)
    assert "You sent …." in str(caught.value)


async def test_identity_which_stores_keep_holds_no_secret(server: Server) -> None:
    extra: dict[str, Any] = {"api_key": "upstream-key", "user": f"for {KEY}", "top_k": 4}
    model = OpenAIModel("tiny", base_url=server.url, api_key=KEY, extra_body=extra)
    identity = await model.identity()
    assert identity["extra_body"]["top_k"] == 4
    assert not has_piece(str(identity))
    assert "upstream-key" not in str(identity)
