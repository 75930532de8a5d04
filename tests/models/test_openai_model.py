"""Requests on the wire, replies, event loops and threads."""

import asyncio
import gc
import json
import subprocess
import sys
import threading
import traceback
import weakref
from dataclasses import replace
from types import MappingProxyType

import pytest

from summarizer.errors import AuthenticationFailed, ConfigurationError
from summarizer.models import Message, Model, OpenAIModel, Reply, Request
from summarizer.usage import Usage

from ..timing import HOLD, await_until, ends_early
from .conftest import ARTICLE, KEY, CannedResponse, Server, completion


async def test_completion_becomes_a_reply(server: Server, model: OpenAIModel, request_: Request) -> None:
    server.set_responses(CannedResponse(completion('{"zeta": "“yes”"}')))
    assert await model.complete(request_) == Reply(
        '{"zeta": "“yes”"}', "stop", Usage(prompt=100, cached=64, completion=7), model="tiny-2026", retries=0
    )


async def test_body_has_only_model_messages_and_schema(server: Server, model: OpenAIModel, request_: Request) -> None:
    await model.complete(request_)
    assert json.loads(server.requests[0].body) == {
        "model": "tiny",
        "messages": [{"role": m.role, "content": m.content} for m in request_.messages],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "extraction", "strict": True, "schema": request_.schema},
        },
    }


async def test_schema_keeps_its_order(server: Server, model: OpenAIModel, request_: Request) -> None:
    await model.complete(request_)
    assert server.requests[0].body.index(b"zeta") < server.requests[0].body.index(b"alpha")


async def test_same_request_gives_the_same_bytes(server: Server, model: OpenAIModel, request_: Request) -> None:
    other = OpenAIModel("tiny", base_url=server.url, attempts=1, timeout=60)
    await model.complete(request_)
    await model.complete(replace(request_, schema=MappingProxyType(dict(request_.schema))))
    await other.complete(request_)
    await other.aclose()
    assert len({received.body for received in server.requests}) == 1


async def test_lone_surrogate_is_replaced_and_an_emoji_is_not(
    server: Server, model: OpenAIModel, request_: Request
) -> None:
    await model.complete(replace(request_, messages=(Message("user", "a\ud800b 😀"),)))
    assert json.loads(server.requests[0].body)["messages"][0]["content"] == "a�b 😀"


@pytest.mark.usefixtures("waits")
async def test_key_organization_and_headers_are_sent(server: Server, request_: Request) -> None:
    model = OpenAIModel(
        "tiny", base_url=server.url, api_key=KEY, organization="org-1", default_headers={"X-Desk": "policy"}
    )
    await model.complete(request_)
    await model.aclose()
    sent = server.requests[0].headers
    assert sent["authorization"] == f"Bearer {KEY}"
    assert sent["openai-organization"] == "org-1"
    assert sent["x-desk"] == "policy"


async def test_address_and_key_come_from_the_environment(
    server: Server, request_: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    monkeypatch.setenv("OPENAI_API_KEY", f"{KEY}\n")
    model = OpenAIModel("tiny")
    await model.complete(request_)
    await model.aclose()
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


async def test_other_servers_need_no_key(server: Server, request_: Request) -> None:
    model = OpenAIModel("tiny", base_url=server.url)
    assert (await model.complete(request_)).text == "done"
    await model.aclose()


async def test_user_and_password_of_the_address_are_sent_as_a_header(server: Server, request_: Request) -> None:
    model = OpenAIModel("tiny", base_url=server.url.replace("//", "//ann:p%40ss@"), api_key=KEY)
    await model.complete(request_)
    await model.aclose()
    assert server.requests[0].headers["authorization"] == "Basic YW5uOnBAc3M="
    assert server.requests[0].path == "/v1/chat/completions"


def test_openai_without_a_key_is_an_error_at_once() -> None:
    with pytest.raises(AuthenticationFailed, match="OPENAI_API_KEY"):
        OpenAIModel("gpt-5.4-mini")


@pytest.mark.parametrize(
    "url", ["localhost:11434/v1", "ftp://host/v1", "http://", "http://host:port/v1", "http://☃.com/v1", "http://a b/v1"]
)
def test_invalid_base_url_is_an_error(url: str) -> None:
    with pytest.raises(ConfigurationError, match="base_url"):
        OpenAIModel("tiny", base_url=url)


@pytest.mark.parametrize("secret", ["sk-“curly”", "sk-two\nlines"])
def test_invalid_key_is_an_error_that_does_not_show_it(secret: str) -> None:
    with pytest.raises(ConfigurationError, match="The API key") as caught:
        OpenAIModel("tiny", base_url="http://localhost/v1", api_key=secret)
    assert "sk-" not in repr(caught.value)


def test_invalid_header_is_named_without_its_value() -> None:
    with pytest.raises(ConfigurationError, match="X-Desk") as caught:
        OpenAIModel("tiny", base_url="http://localhost/v1", default_headers={"X-Desk": "hush\r\nhush"})
    assert "hush" not in repr(caught.value)


def test_invalid_header_name_is_not_shown() -> None:
    with pytest.raises(ConfigurationError, match=r"A name in .*default_headers") as caught:
        OpenAIModel("tiny", base_url="http://localhost/v1", default_headers={"hush hush": "desk"})
    assert "hush" not in repr(caught.value)


@pytest.mark.parametrize("value", ["hush-“hush”", "hush\r\nhush", "hush\x7f"])
@pytest.mark.parametrize(
    ("variable", "form"),
    [
        ("OPENAI_ORG_ID", "{}"),
        ("OPENAI_PROJECT_ID", "{}"),
        ("OPENAI_CUSTOM_HEADERS", "X-Desk: {}:"),
        ("OPENAI_CUSTOM_HEADERS", "X-{}: desk"),
    ],
)
@pytest.mark.parametrize("azure", [False, True])
async def test_invalid_header_variable_is_named_without_its_value(
    server: Server,
    request_: Request,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    form: str,
    value: str,
    azure: bool,
) -> None:
    if variable == "OPENAI_CUSTOM_HEADERS":
        value = value.replace("\n", "")  # a line break would end the header
    monkeypatch.setenv(variable, form.format(value))
    model = OpenAIModel("tiny", base_url=server.url, api_key=KEY, api_version="2024-10-21" if azure else None)
    with pytest.raises(ConfigurationError, match=variable) as caught:
        await model.complete(request_)
    assert "hush" not in "".join(traceback.format_exception(caught.value))
    assert server.requests == []


@pytest.mark.parametrize(
    "option",
    [{"timeout": 0}, {"timeout": float("nan")}, {"attempts": 0}, {"attempts": 1.5}, {"concurrency": -1}],
)
def test_invalid_limit_is_named(option: dict[str, float]) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(option))):
        OpenAIModel("tiny", base_url="http://localhost/v1", **option)  # type: ignore[arg-type]


def test_empty_name_is_an_error() -> None:
    with pytest.raises(ConfigurationError, match="name"):
        OpenAIModel(" ", base_url="http://localhost/v1")


def test_openai_model_is_a_model() -> None:
    assert isinstance(OpenAIModel("tiny", base_url="http://localhost/v1"), Model)


def test_repr_shows_name_and_address_without_secrets() -> None:
    model = OpenAIModel(
        "tiny",
        base_url="http://ann:secret@localhost:1/v1",
        api_key=KEY,
        default_headers={"X-Desk": "secret"},
    )
    assert repr(model) == "OpenAIModel('tiny', base_url='http://localhost:1/v1')"
    assert "secret" not in repr(model.endpoint)
    assert KEY not in repr(model.endpoint)


def test_repr_of_requests_and_replies_shows_no_text() -> None:
    from summarizer.models.openai.client import Response
    from summarizer.models.openai.endpoint import Endpoint

    assert ARTICLE not in repr(Reply(ARTICLE))
    assert ARTICLE not in repr(Request((Message("user", ARTICLE),), "extraction", {}))
    assert ARTICLE not in repr(Response(ARTICLE.encode(), Endpoint("http://localhost/v1")))


def test_model_works_in_two_event_loops_in_turn(server: Server, request_: Request) -> None:
    model = OpenAIModel("tiny", base_url=server.url, attempts=1)

    async def ask() -> str:
        text = (await model.complete(request_)).text
        await model.aclose()
        return text

    assert [asyncio.run(ask()), asyncio.run(ask())] == ["done", "done"]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_closed_event_loop_is_released(server: Server, request_: Request) -> None:
    model = OpenAIModel("tiny", base_url=server.url, attempts=1)
    problems: list[dict[str, object]] = []
    loops: list[weakref.ref[asyncio.AbstractEventLoop]] = []

    async def ask(*, close: bool) -> str:
        loops.append(weakref.ref(asyncio.get_running_loop()))
        asyncio.get_running_loop().set_exception_handler(lambda _, context: problems.append(context))
        text = (await model.complete(request_)).text
        gc.collect()
        if close:
            await model.aclose()
        return text

    assert asyncio.run(ask(close=False)) == "done"
    assert asyncio.run(ask(close=True)) == "done"
    gc.collect()
    assert problems == []
    assert [loop() for loop in loops] == [None, None], "a closed loop is kept"


@pytest.mark.usefixtures("full_concurrency")
def test_model_works_in_two_threads_at_once(server: Server, request_: Request) -> None:
    model = OpenAIModel("tiny", base_url=server.url, attempts=1)
    both_there = threading.Barrier(2, timeout=HOLD)
    server.on_request = lambda: bool(both_there.wait())
    texts: list[str] = []

    async def ask() -> None:
        texts.append((await model.complete(request_)).text)
        await model.aclose()

    threads = [threading.Thread(target=asyncio.run, args=(ask(),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == ["done", "done"]


async def test_closed_model_opens_again(model: OpenAIModel, request_: Request) -> None:
    await model.complete(request_)
    await model.aclose()
    await model.aclose()
    assert (await model.complete(request_)).text == "done"


@pytest.mark.usefixtures("full_concurrency")
async def test_concurrency_limits_requests_in_progress(server: Server, request_: Request) -> None:
    model = OpenAIModel("tiny", base_url=server.url, attempts=1, concurrency=2)
    other = OpenAIModel("later", base_url=server.url, attempts=1)
    may_answer = threading.Event()
    server.on_request = lambda: may_answer.wait(HOLD)
    asked = [asyncio.create_task(model.complete(request_)) for _ in range(4)]
    await await_until(lambda: len(server.requests) >= 2)  # fails unless two requests run at once
    asked.append(asyncio.create_task(other.complete(request_)))
    await await_until(lambda: any(received.json["model"] == "later" for received in server.requests))
    received = len(server.requests)  # a third one would have been sent before that of the other model
    may_answer.set()
    replies = await asyncio.gather(*asked)
    await model.aclose()
    await other.aclose()
    assert ([reply.text for reply in replies], received) == (["done"] * 5, 3)


async def test_cancelled_request_ends_at_once(server: Server, model: OpenAIModel, request_: Request) -> None:
    server.set_responses(CannedResponse(stall=True))
    arrived = threading.Event()
    server.on_request = arrived.set
    task = asyncio.create_task(model.complete(request_))
    await asyncio.to_thread(arrived.wait, HOLD)
    task.cancel()
    with ends_early(), pytest.raises(asyncio.CancelledError):
        await task
    assert len(server.requests) == 1


def test_import_and_construction_load_nothing_heavy() -> None:
    code = (
        "import sys, summarizer.models\n"
        "heavy = {'openai', 'pydantic', 'httpx2'}\n"
        "assert not heavy & set(sys.modules), 'by the import'\n"
        "from summarizer.models import OpenAIModel, resolve_model\n"
        "resolve_model('tiny', {'OPENAI_BASE_URL': 'http://localhost/v1'})\n"
        "assert not heavy & set(sys.modules), 'by making one'\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


async def test_proxy_of_the_environment_is_used(
    server: Server, request_: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.url.removesuffix("/v1"))
    model = OpenAIModel("tiny", base_url="http://behind.the.proxy.invalid/v1")
    assert (await model.complete(request_)).text == "done"
    await model.aclose()
    assert server.requests[0].path == "http://behind.the.proxy.invalid/v1/chat/completions"


async def test_instrumentation_of_the_sdk_sees_each_attempt(
    server: Server, model: OpenAIModel, request_: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    from openai.resources.chat.completions import AsyncCompletions

    create = AsyncCompletions.create
    seen: list[object] = []

    async def traced(self: AsyncCompletions, **options: object) -> object:
        seen.append(options["model"])
        raw = await create(self, **options)  # type: ignore[call-overload]
        seen.append(raw.parse().usage.total_tokens)
        return raw

    monkeypatch.setattr(AsyncCompletions, "create", traced)
    server.set_responses(CannedResponse({}, 503), CannedResponse(completion()))
    await model.complete(request_)
    assert seen == ["tiny", "tiny", 107]


@pytest.mark.parametrize("options", [{}, {"temperature": 0.5, "seed": 3, "max_tokens": 9}, {"extra_body": {"z": [1]}}])
async def test_requests_are_the_same_bytes_with_and_without_the_sdks_own_method(
    server: Server, request_: Request, monkeypatch: pytest.MonkeyPatch, options: dict[str, object]
) -> None:
    from openai.resources.chat import completions

    model = OpenAIModel("tiny", base_url=server.url, **options)  # type: ignore[arg-type]
    await model.complete(request_)
    monkeypatch.delitem(sys.modules, completions.__name__)
    await model.complete(request_)
    await model.aclose()
    first, second = server.requests
    assert first.body == second.body
