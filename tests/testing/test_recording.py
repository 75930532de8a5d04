"""Contents of cassettes, removed secrets, and matching of requests."""

import asyncio
import base64
import gzip
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import parse_qs, quote, quote_plus, urlencode

import httpx2
import openai
import pytest
import yaml
from vcr.cassette import Cassette
from vcr.request import Request as VcrRequest

from summarizer import OpenAIModel, summarize
from summarizer._secrets import REMOVED
from summarizer.models import Message, Request
from summarizer.testing import StaleCassette, replies_for, vcr_config
from summarizer.verification import ReplyRecord
from tests.models.conftest import CannedResponse, ReceivedRequest, Server, completion, error
from tests.testing.conftest import Open

pytestmark = pytest.mark.slow

LONG = "Bridge must go\n\n" + "\n\n".join(f"“The council must meet {n} times,” Anna Berg said." for n in range(30))
SECRETS = {
    "key": "planted-key-7f3a9c51",
    "environment": "planted-env-0b64d2ee",
    "azure": "planted-azure-55aa90c1",
    "organization": "planted-org-c0ffee12",
    "project": "planted-project-8d1e77",
    "header": "planted-header-4be01a",
    "user": "planted-user-99e0",
    "password": 'planted-pass/w"örd-31',
    "query": "planted-query+a1b2/x",
    "cookie": "planted-cookie-6677aabb",
    "set-cookie": "planted-set-cookie-12ab",
    "answered-organization": "planted-answered-org-77",
}
FORM = "application/x-www-form-urlencoded"
KEY_LIKE = ["sk-proj-AbCdEf0123456789", "sk-ab******6789", "org-AbCdEfGh12345678", "Bearer abcdef0123456789abcdef"]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRETS["environment"])
    monkeypatch.setenv("OPENAI_ORG_ID", SECRETS["organization"])
    monkeypatch.setenv("OPENAI_PROJECT_ID", SECRETS["project"])
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", SECRETS["azure"])


# Secrets


def all_secrets() -> str:
    plain = [*SECRETS.values(), *KEY_LIKE]
    basic = base64.b64encode(f"{SECRETS['user']}:{SECRETS['password']}".encode()).decode()
    return " | ".join([*plain, *map(json.dumps, plain), *(quote(each, safe="") for each in plain), f"Basic {basic}"])


def echo(received: ReceivedRequest) -> CannedResponse:
    """Return a response that repeats the request and all secrets, in body and headers."""
    text = received.body.decode() + str(dict(received.headers)) + received.path + all_secrets()
    headers = {
        "set-cookie": f"session={SECRETS['set-cookie']}; Path=/",
        "openai-organization": SECRETS["answered-organization"],
        "openai-project": SECRETS["project"],
        "x-echo": SECRETS["key"],
    }
    if "as-text" in received.path:
        return CannedResponse(f"<html>{text}</html>", 400, headers | {"Content-Type": "text/html"})
    if "as-error" in received.path:
        return CannedResponse(error(f"Incorrect API key provided: {SECRETS['key']}. {text}"), 401, headers)
    return CannedResponse(completion(text), headers=headers)


def send_secrets(url: str) -> None:
    """Send requests with all secrets: by the library, by the SDK and by hand."""
    headers = {"X-Auth": SECRETS["header"], "Cookie": f"a={SECRETS['cookie']}; b=2", "api-key": SECRETS["azure"]}
    with_user = url.replace("//", f"//{quote(SECRETS['user'])}:{quote(SECRETS['password'], safe='')}@")

    async def use_library() -> None:
        model = OpenAIModel("m", base_url=with_user, default_headers=headers, organization=SECRETS["organization"])
        await model.complete(Request((Message("user", all_secrets()),), "extraction", {"title": SECRETS["key"]}))
        await model.aclose()

    asyncio.run(use_library())
    query = {"sig": SECRETS["query"], "api-version": "2026-01"}
    with openai.OpenAI(
        base_url=url, api_key=SECRETS["key"], default_headers=headers, default_query=query, max_retries=0
    ) as client:
        client.chat.completions.create(model="m", messages=[{"role": "user", "content": all_secrets()}])
    with httpx2.Client(headers=headers | {"Authorization": f"Bearer {SECRETS['key']}"}) as client:
        for path in ("as-text", "as-error"):
            client.post(f"{with_user}/{path}?key={quote(SECRETS['query'], safe='')}", content=all_secrets())


def found_secrets(text: str) -> list[str]:
    forms = {
        form: name
        for name, secret in SECRETS.items()
        for form in (secret, quote(secret, safe=""), json.dumps(secret)[1:-1])
    }
    return sorted({name for form, name in forms.items() if form in text} | {key for key in KEY_LIKE if key in text})


def test_no_secret_reaches_a_cassette(server: Server, path: Path, open_cassette: Open) -> None:
    server.respond = echo
    with open_cassette("all"):
        send_secrets(server.url)
    text = path.read_text(encoding="utf-8")
    assert found_secrets(text) == []
    assert text.count(REMOVED) > 50
    assert "127.0.0.1" not in str(yaml.safe_load(text)["interactions"][0]["request"]["uri"])


def test_only_a_few_harmless_headers_are_stored(server: Server, path: Path, open_cassette: Open) -> None:
    server.set_responses(
        CannedResponse(completion(), headers={"x-request-id": "req-1", "x-other": "1", "set-cookie": "a=b"})
    )
    with open_cassette("all"):
        httpx2.post(f"{server.url}/chat/completions", json={}, headers={"x-other": "1", "authorization": "Bearer x"})
    (interaction,) = yaml.safe_load(path.read_text(encoding="utf-8"))["interactions"]
    assert set(interaction["request"]["headers"]) == {"content-type"}
    assert set(interaction["response"]["headers"]) == {"content-type", "x-request-id"}


def test_filtered_requests_match_under_other_secrets(
    server: Server, open_cassette: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def send(url: str, key: str) -> None:
        body = {"messages": [{"role": "user", "content": f"The key is {key}."}]}
        httpx2.post(f"{url}/chat/completions", json=body, headers={"Authorization": f"Bearer {key}"})

    with open_cassette("all"):
        send(server.url, "first-1234567890")
    monkeypatch.delenv("OPENAI_API_KEY")
    with open_cassette() as cassette:
        send("http://a.example/v1", "second-1234567890")
    assert cassette.all_played


def test_late_secret_is_removed_from_earlier_recordings(server: Server, path: Path, open_cassette: Open) -> None:
    server.set_responses(CannedResponse({"data": "it will be late-secret-123"}))
    with open_cassette("all"):
        httpx2.post(f"{server.url}/first", json={})
        httpx2.post(f"{server.url}/second", json={}, headers={"x-session": "late-secret-123"})
    assert "late-secret" not in path.read_text(encoding="utf-8")


def clean_body(body: str, headers: dict[str, str] | None = None) -> str:
    request = VcrRequest("POST", "http://a.example/v1/models", body, headers or {})
    return str(vcr_config()["before_record_request"](request).body.decode())


@pytest.mark.parametrize(
    "name",
    [
        *("api_key", "client_secret", "password", "organization_id", "project", "cookie"),
        *("token", "access_token", "refresh_token", "id_token", "session_token", "accessToken", "x-auth-token"),
    ],
)
def test_fields_with_the_name_of_a_secret_are_removed(name: str) -> None:
    for value in ("plantedword", 'planted "word" 1'):
        assert json.loads(clean_body(json.dumps({name: value, "n": 1}))) == {name: REMOVED, "n": 1}
        for field in (name, f"user[{name}]"):
            body = clean_body(urlencode({"n": 1, field: value, "m": 2}), {"Content-Type": FORM})
            assert parse_qs(body) == {"n": ["1"], field: [REMOVED], "m": ["2"]}


@pytest.mark.parametrize("name", ["max_tokens", "prompt_tokens", "token_count", "tokenizer", "eos_token", "keywords"])
def test_fields_with_other_names_are_kept(name: str) -> None:
    assert clean_body(body := json.dumps({name: "ordinary"})) == body
    assert clean_body(body := urlencode({name: "ordinary"}), {"Content-Type": FORM}) == body


def test_tokens_of_log_probabilities_are_kept() -> None:
    body = json.dumps({"logprobs": {"content": [{"token": "Hamburg", "logprob": -0.1, "bytes": [72]}]}})
    assert clean_body(body) == body


def test_form_in_a_response_is_cleaned() -> None:
    response = {"status": {"code": 200}, "headers": {"Content-Type": [FORM]}, "body": {"string": b"token=word&n=1"}}
    assert vcr_config()["before_record_response"](response)["body"] == {"string": f"token={REMOVED}&n=1".encode()}


def test_values_of_dropped_headers_are_removed_wherever_they_occur(
    server: Server, path: Path, open_cassette: Open
) -> None:
    headers = {
        "Authorization": "Bearer plainkey",
        "x-api-key": "only words/in it",
        "x-team": "team-7f3a9c",
        "cookie": "a=b; view=plaincookie",
    }
    values = ["plainkey", "only words/in it", "team-7f3a9c", "plaincookie"]
    forms = [form for value in values for form in (value, quote(value), quote(value, safe=""), quote_plus(value))]
    server.respond = lambda received: CannedResponse(
        completion(" ".join(forms) + str(dict(received.headers))), headers={"x-request-id": "for-team-7f3a9c"}
    )
    with open_cassette("all"):
        httpx2.post(f"{server.url}/team-7f3a9c?team=team-7f3a9c", json={"text": " ".join(forms)}, headers=headers)
    text = path.read_text(encoding="utf-8")
    assert [form for form in forms if form in text] == []
    assert text.count(REMOVED) > len(forms)


def test_values_of_standard_headers_are_kept() -> None:
    headers = {
        "User-Agent": "newsdesk/1",
        "Accept": "application/json",
        "Connection": "keep-alive",
        "Content-Type": "application/json",
        "X-Stainless-Lang": "language: python",
        "anthropic-version": "2023-06-01",
    }
    body = json.dumps({"text": " ".join(headers.values())})
    assert clean_body(body, headers) == body


@pytest.mark.parametrize(
    "text",
    [
        "The key-holders and the org-wide review; a pro-European bearer of responsibilities.",
        "ask-a-question, risk-averse, desk-bound-2026, sk-learn, user-friendly, Basic instincts",
        "An org-approved plan, an org-transformation; **bold***italics*, user_interfaces, a project_manager",
        "[1] (title) “Sk-8er boys”: proj-ects and keys — 2026-01-02",
        "The production of oil at the harbour, says ollama.",
        json.dumps({"organization": "Greenpeace", "api_key": "a word of the article"}),
    ],
)
def test_ordinary_words_of_articles_are_kept(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "ollama")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "production")
    body = json.dumps({"messages": [{"role": "user", "content": text}]}, ensure_ascii=False)
    request = VcrRequest(
        "POST", "http://a.example/v1/models", body, {"Cookie": "view=harbour", "OpenAI-Project": "production"}
    )
    assert vcr_config()["before_record_request"](request).body.decode() == body


def test_replay_of_an_article_with_words_of_credentials_equals_the_recording(
    server: Server, open_cassette: Open
) -> None:
    said = "Password: Schwalbe2024 is weak. The secret: 30000000 accounts. Berg*****lind on the sk-8000-series."
    server.set_responses(CannedResponse(completion(said)))
    for mode in ("all", "none"):
        with open_cassette(mode):
            reply = httpx2.post(f"{server.url}/chat/completions", json={"messages": [said]}).json()
        assert reply["choices"][0]["message"]["content"] == said


@pytest.mark.parametrize(("status", "as_json"), [(400, True), (400, False), (200, True)])
def test_recorded_error_has_no_secret_of_others(
    server: Server, path: Path, open_cassette: Open, status: int, as_json: bool
) -> None:
    said = "cannot reach postgres%3A%2F%2Fuser%3Apa55%40db with bearer qwertyuiop and password: letmein"
    server.set_responses(CannedResponse(error(said) if as_json else said, status))
    with open_cassette("all"):
        httpx2.post(f"{server.url}/chat/completions", json={})
    text = path.read_text(encoding="utf-8")
    assert not [secret for secret in ("pa55", "qwertyuiop", "letmein") if secret in text]
    assert "cannot reach" in text


def test_log_of_the_recorder_shows_no_secret(
    server: Server, open_cassette: Open, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    with open_cassette("all"):
        httpx2.post(f"{server.url}/chat?key=planted-query-5d1c", json={}, headers={"x-api-key": "planted-header-77"})
    assert [record for record in caplog.records if record.name.startswith("vcr") and "planted" in record.message] == []


# Matching


def test_host_prefix_model_reply_limit_key_order_and_white_space_do_not_matter(
    server: Server, open_cassette: Open
) -> None:
    with open_cassette("all"):
        httpx2.post(f"{server.url}/chat/completions", json={"model": "a", "messages": [1], "n": 1, "max_tokens": 9})
    with open_cassette() as cassette:
        body = '{ "n": 1.0,\n "messages": [1], "model": "b" }'
        httpx2.post("https://b.example/openai/deployments/x/chat/completions?api-version=3", content=body)
    assert cassette.all_played


@pytest.mark.parametrize("changed", [{"messages": [2]}, {"messages": [1], "n": 1}, {}])
def test_any_other_difference_matters(server: Server, open_cassette: Open, changed: object) -> None:
    with open_cassette("all"):
        httpx2.post(f"{server.url}/chat/completions", json={"messages": [1]})
    with open_cassette(), pytest.raises(StaleCassette):
        httpx2.post(f"{server.url}/chat/completions", json=changed)


def test_parallel_chunks_get_their_own_replies(server: Server, open_cassette: Open) -> None:
    respond = replies_for(LONG)
    sent: dict[bytes, CannedResponse] = {}

    def reply(received: ReceivedRequest) -> CannedResponse:
        messages = tuple(Message(each["role"], each["content"]) for each in received.json["messages"])
        made = respond(Request(messages, received.json["response_format"]["json_schema"]["name"], {}))
        text = made.model_dump_json() if isinstance(made, ReplyRecord) else json.dumps(made)
        return sent.setdefault(received.body, CannedResponse(completion(text)))

    server.respond = reply
    options = {"chunk_tokens": 100, "chunk_concurrency": 8}
    with open_cassette("all"):
        recorded = summarize(LONG, model=OpenAIModel("m", base_url=server.url), **options)
    received = len(server.requests)
    for _ in range(3):
        with open_cassette() as cassette:
            played = summarize(LONG, model=OpenAIModel("m", base_url="http://a.example/v1"), **options)
        assert cassette.all_played
        assert (played.positions, played.rejected) == (recorded.positions, ())
    assert received == len(server.requests) > 5
    assert len(recorded.positions) == 30


def test_threads_share_an_open_cassette(server: Server, open_cassette: Open) -> None:
    server.respond = lambda received: CannedResponse(completion(str(received.json["n"])))

    def ask(number: int) -> str:
        reply = httpx2.post(f"{server.url}/chat/completions", json={"n": number}).json()
        return str(reply["choices"][0]["message"]["content"])

    for mode in ("all", "none"):
        with open_cassette(mode), ThreadPoolExecutor(4) as pool:
            assert list(pool.map(ask, range(12))) == [str(number) for number in range(12)]


# Files


def test_compressed_reply_is_stored_as_text(server: Server, path: Path, open_cassette: Open) -> None:
    packed = gzip.compress(json.dumps(completion("done")).encode())
    server.set_responses(
        CannedResponse(packed, headers={"content-encoding": "gzip", "content-type": "application/json"})
    )
    with open_cassette("all"):
        recorded = httpx2.post(f"{server.url}/chat/completions", json={}).json()
    assert "content: done" in path.read_text(encoding="utf-8")
    with open_cassette():
        assert httpx2.post(f"{server.url}/chat/completions", json={}).json() == recorded


def test_errors_that_are_retried_are_not_stored(server: Server, open_cassette: Open) -> None:
    server.set_responses(
        CannedResponse(error("Slow down."), 429, {"retry-after": "0"}),
        CannedResponse(error("Broken."), 503),
        CannedResponse(completion()),
    )
    with open_cassette("all") as cassette:
        for _ in range(3):
            httpx2.post(f"{server.url}/chat/completions", json={})
    assert [response["status"]["code"] for response in cassette.responses] == [200]


def record_one_and_interrupt(server: Server, opened: AbstractContextManager[Cassette]) -> None:
    with opened:
        httpx2.post(f"{server.url}/chat/completions", json={"n": 1})
        raise KeyboardInterrupt


def test_interrupted_recording_keeps_the_replies_so_far(server: Server, open_cassette: Open) -> None:
    with pytest.raises(KeyboardInterrupt):
        record_one_and_interrupt(server, open_cassette("new_episodes"))
    with open_cassette("new_episodes") as cassette:
        for number in (1, 2):
            httpx2.post(f"{server.url}/chat/completions", json={"n": number})
    assert (len(server.requests), cassette.play_count) == (2, 1)


def test_interrupted_rewrite_keeps_the_remaining_recordings(server: Server, open_cassette: Open) -> None:
    with open_cassette("all"):
        for number in (1, 2):
            httpx2.post(f"{server.url}/chat/completions", json={"n": number})
    with pytest.raises(KeyboardInterrupt):
        record_one_and_interrupt(server, open_cassette("all"))
    with open_cassette() as cassette:
        for number in (2, 1):
            httpx2.post(f"{server.url}/chat/completions", json={"n": number})
    assert cassette.all_played


def test_failed_write_leaves_the_cassette_unchanged(
    server: Server, path: Path, open_cassette: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_cassette("all"):
        httpx2.post(f"{server.url}/chat/completions", json={"n": 1})
    before = path.read_bytes()

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"), open_cassette("all"):
        httpx2.post(f"{server.url}/chat/completions", json={"n": 2})
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_importing_the_package_loads_neither_vcrpy_nor_yaml() -> None:
    modules = "summarizer.testing, summarizer.testing.plugin, summarizer.testing.staleness"
    code = f"import sys, {modules}; assert not {{'vcr', 'yaml', 'openai'}} & {{*sys.modules}}"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=300)
