"""Error messages show the cause and hide secrets."""

import asyncio
import pickle
import socket
import time
import traceback

import openai
import pytest

from summarizer.errors import (
    AuthenticationFailed,
    ConnectionFailed,
    ModelError,
    ModelNotFound,
    RateLimited,
    RequestRefused,
    ServerFailed,
)
from summarizer.models import OpenAIModel, Request
from summarizer.models.openai import client

from ..timing import ends_early
from .conftest import ARTICLE, KEY, CannedResponse, Server, error, listing


async def failure(model: OpenAIModel, request: Request) -> ModelError:
    with pytest.raises(ModelError) as caught:
        await model.complete(request)
    return caught.value


async def test_rejected_key_names_the_variable(server: Server, model: OpenAIModel, request_: Request) -> None:
    server.set_responses(CannedResponse(error(f"Incorrect API key provided: {KEY[:7]}***cdef."), 401))
    failed = await failure(model, request_)
    assert isinstance(failed, AuthenticationFailed)
    assert "OPENAI_API_KEY" in failed.hint
    assert "sk-" not in str(failed)


async def test_missing_key_is_named(server: Server, request_: Request) -> None:
    server.set_responses(CannedResponse(error(), 401))
    model = OpenAIModel("tiny", base_url=server.url)
    failed = await failure(model, request_)
    await model.aclose()
    assert "requires a key" in failed.message


async def test_forbidden_request_shows_the_servers_words(server: Server, model: OpenAIModel, request_: Request) -> None:
    server.set_responses(CannedResponse(error("Country not supported"), 403))
    failed = await failure(model, request_)
    assert isinstance(failed, AuthenticationFailed)
    assert "Country not supported" in failed.message


async def test_missing_model_lists_the_most_similar_models(
    server: Server, model: OpenAIModel, request_: Request
) -> None:
    server.set_responses(CannedResponse(error("The model does not exist", code="model_not_found"), 404))
    server.models = CannedResponse(listing(*(f"other-{n:02}" for n in range(14)), "tiny-2"))
    failed = await failure(model, request_)
    assert isinstance(failed, ModelNotFound)
    assert 'no model "tiny"' in failed.message
    assert "It lists: tiny-2, other-" in failed.hint
    assert "and 5 more" in failed.hint


async def test_slow_model_list_delays_the_error_briefly(
    server: Server, model: OpenAIModel, request_: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "LISTING_TIMEOUT", 0.1)
    server.set_responses(CannedResponse(error("No such model", code="model_not_found"), 404))
    server.models = CannedResponse(stall=True)
    with ends_early():
        assert isinstance(await failure(model, request_), ModelNotFound)


@pytest.mark.usefixtures("full_concurrency")
async def test_model_lists_obey_the_concurrency_limit(server: Server, request_: Request) -> None:
    under_way: list[object] = []
    most = []

    def on_request() -> None:
        under_way.append(None)
        most.append(len(under_way))
        time.sleep(0.02)
        under_way.pop()

    server.set_responses(CannedResponse(error("The model does not exist", code="model_not_found"), 404))
    server.on_request, server.models = on_request, CannedResponse(listing("tiny-2"))
    model = OpenAIModel("tiny", base_url=server.url, concurrency=2)
    failed = await asyncio.gather(*(model.complete(request_) for _ in range(8)), return_exceptions=True)
    await model.aclose()
    assert all("It lists: tiny-2" in str(each) for each in failed)
    assert (max(most), len(server.requests)) == (2, 16)


async def test_missing_model_is_named_without_a_list(server: Server, model: OpenAIModel, request_: Request) -> None:
    server.set_responses(CannedResponse(error("No such model", code="model_not_found"), 404))
    assert isinstance(await failure(model, request_), ModelNotFound)


async def test_unknown_path_hints_at_the_base_url(server: Server, model: OpenAIModel, request_: Request) -> None:
    server.set_responses(CannedResponse("404 page not found", 404, {"Content-Type": "text/plain"}))
    failed = await failure(model, request_)
    assert isinstance(failed, RequestRefused)
    assert "/v1" in failed.hint


async def test_unknown_path_is_recognised_if_the_model_is_listed(
    server: Server, model: OpenAIModel, request_: Request
) -> None:
    server.set_responses(CannedResponse("404 page not found", 404, {"Content-Type": "text/plain"}))
    server.models = CannedResponse(listing("other", "tiny"))
    failed = await failure(model, request_)
    assert isinstance(failed, RequestRefused)
    assert "Check base_url" in failed.hint


@pytest.mark.parametrize("details", [{"code": "model_not_found"}, {"message": "The model is not loaded."}])
async def test_listed_model_that_is_missing_is_not_suggested(
    server: Server, model: OpenAIModel, request_: Request, details: dict[str, str]
) -> None:
    server.set_responses(CannedResponse(error(**details), 404))
    server.models = CannedResponse(listing("tiny"))
    failed = await failure(model, request_)
    assert isinstance(failed, ModelNotFound)
    assert failed.hint == "Check the name, and that it is loaded there."


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("http://ann:secret@elsewhere.invalid/v1?key=secret", "http://elsewhere.invalid/v1"),
        ("http://[", "an invalid address"),
        ("/login", "another address"),
    ],
)
async def test_redirect_is_an_error_and_is_not_followed(
    server: Server, model: OpenAIModel, request_: Request, location: str, told: str
) -> None:
    server.set_responses(CannedResponse("", 307, {"Location": location}))
    failed = await failure(model, request_)
    assert isinstance(failed, RequestRefused)
    assert f"It redirects to {told}: check base_url" in failed.hint
    assert "secret" not in str(failed)
    assert len(server.requests) == 1


@pytest.mark.parametrize("secret", [KEY, "hush-hush"])
@pytest.mark.usefixtures("waits")
async def test_redirect_target_is_shown_without_secrets(server: Server, request_: Request, secret: str) -> None:
    model = OpenAIModel("tiny", base_url=server.url, api_key=KEY, default_headers={"X-Desk": "hush-hush"})
    server.set_responses(CannedResponse("", 307, {"Location": f"http://elsewhere.invalid/{secret}"}))
    failed = await failure(model, request_)
    await model.aclose()
    assert "It redirects to http://elsewhere.invalid/…: check base_url" in failed.hint


async def test_rejected_request_shows_the_servers_words(server: Server, model: OpenAIModel, request_: Request) -> None:
    server.set_responses(CannedResponse(error("Invalid schema: 'zeta' lacks a type.\nSee the docs."), 400))
    failed = await failure(model, request_)
    assert isinstance(failed, RequestRefused)
    assert "Invalid schema: 'zeta' lacks a type. See the docs." in failed.message
    assert not failed.retryable


async def test_too_long_request_hints_at_the_context(server: Server, model: OpenAIModel, request_: Request) -> None:
    server.set_responses(CannedResponse(error("Too many tokens", code="context_length_exceeded"), 400))
    assert "longer context" in (await failure(model, request_)).hint


@pytest.mark.usefixtures("waits")
async def test_refused_connection_names_the_address(
    request_: Request,
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
    model = OpenAIModel("tiny", base_url=url.replace("//", "//ann:hush-hush@"))
    failed = await failure(model, request_)
    await model.aclose()
    assert isinstance(failed, ConnectionFailed)
    assert f"{url} refuses connections after 2 attempts" in failed.message
    assert "is the server running?" in failed.hint
    assert "hush-hush" not in "".join(traceback.format_exception(failed))
    assert failed.retryable


async def test_broken_connection_is_named(server: Server, model: OpenAIModel, request_: Request) -> None:
    server.set_responses(CannedResponse(drop=True))
    failed = await failure(model, request_)
    assert isinstance(failed, ConnectionFailed)
    assert "broke off" in failed.message


@pytest.mark.usefixtures("waits")
async def test_insecure_connection_is_named(server: Server, request_: Request) -> None:
    model = OpenAIModel("tiny", base_url=server.url.replace("http:", "https:"), attempts=1)
    failed = await failure(model, request_)
    await model.aclose()
    assert isinstance(failed, ConnectionFailed)
    assert "No secure connection" in failed.message


async def test_unknown_host_is_named(request_: Request, monkeypatch: pytest.MonkeyPatch) -> None:
    async def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", unknown, raising=False)
    model = OpenAIModel("tiny", base_url="http://no.such.host.invalid/v1", attempts=1)
    failed = await failure(model, request_)
    await model.aclose()
    assert "host of http://no.such.host.invalid/v1 cannot be found" in failed.message


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, RequestRefused), (401, AuthenticationFailed), (429, RateLimited), (500, ServerFailed)],
)
async def test_status_request_id_and_cause_are_kept(
    server: Server, model: OpenAIModel, request_: Request, status: int, kind: type[ModelError]
) -> None:
    server.set_responses(CannedResponse(error(), status))
    failed = await failure(model, request_)
    assert type(failed) is kind
    assert (failed.status, failed.request_id) == (status, "req-1")
    assert isinstance(failed.__cause__, openai.APIStatusError)


@pytest.mark.parametrize("status", [200, 400])
async def test_request_id_that_repeats_the_key_is_masked(
    server: Server, model: OpenAIModel, request_: Request, status: int
) -> None:
    server.set_responses(CannedResponse({}, status, {"x-request-id": KEY}))
    assert (await failure(model, request_)).request_id == "…"


@pytest.mark.parametrize("status", [307, 400, 401, 403, 404, 408, 422, 429, 500, 503])
@pytest.mark.parametrize("nested", [True, False])
@pytest.mark.usefixtures("waits")
async def test_errors_and_tracebacks_show_no_key_and_no_header(
    server: Server, request_: Request, status: int, nested: bool
) -> None:
    model = OpenAIModel("tiny", base_url=server.url, api_key=KEY, attempts=1, default_headers={"X-Desk": "hush-hush"})
    echo = f"Bad input with key {KEY} at hush-hush"
    said = error(echo, type=echo, code=echo, param=echo) if nested else echo
    server.set_responses(CannedResponse(said, status, {"x-request-id": KEY, "Location": f"http://h/{KEY}"}))
    failed = await failure(model, request_)
    await model.aclose()
    assert isinstance(failed.__cause__, openai.APIStatusError)
    shown = "".join(traceback.format_exception(failed)) + repr(vars(failed)) + repr(failed) + repr(failed.__cause__)
    shown += repr(pickle.dumps(failed))
    for secret in (KEY, "hush-hush"):
        assert secret not in shown


async def test_servers_words_are_cut_to_200_characters(server: Server, model: OpenAIModel, request_: Request) -> None:
    server.set_responses(CannedResponse(error("No. " * 200), 400))
    words = (await failure(model, request_)).message.partition('"')[2]
    assert 195 < len(words) < 205


async def test_cause_keeps_the_fields_of_the_servers_error(
    server: Server, model: OpenAIModel, request_: Request
) -> None:
    said = error("Unknown model", type="invalid_request_error", code="model_not_found", param="model")
    server.set_responses(
        CannedResponse(said, 400, {"x-request-id": "req_011CSHoEeqs5C35K2UUqR7Fy", "Retry-After": "7"})
    )
    failed = await failure(model, request_)
    cause = failed.__cause__
    assert isinstance(cause, openai.APIStatusError)
    assert failed.request_id == cause.request_id == "req_011CSHoEeqs5C35K2UUqR7Fy"
    assert (cause.type, cause.code, cause.param) == ("invalid_request_error", "model_not_found", "model")
    assert cause.body == said["error"]
    assert cause.response.headers["retry-after"] == "7"
    assert cause.request.content == server.requests[0].body


async def test_broken_response_is_not_quoted(server: Server, model: OpenAIModel, request_: Request) -> None:
    server.set_responses(CannedResponse(f'{{"choices": "{ARTICLE}'))
    failed = await failure(model, request_)
    assert "broken JSON" in failed.message
    assert failed.__cause__ is failed.__context__ is None


async def test_validation_errors_are_not_quoted_with_their_input(
    server: Server, model: OpenAIModel, request_: Request
) -> None:
    server.set_responses(CannedResponse({"detail": [{"type": "extra_forbidden", "input": ARTICLE}]}, 422))
    assert "harbour" not in "".join(traceback.format_exception(await failure(model, request_)))


async def test_web_page_with_an_error_status_is_not_quoted(
    server: Server, model: OpenAIModel, request_: Request
) -> None:
    server.set_responses(CannedResponse("<html><h1>Bad gateway</h1>", 502, {"Content-Type": "text/html"}))
    failed = await failure(model, request_)
    assert "502" in failed.message
    assert "<" not in "".join(str(failed) + str(failed.__cause__))
