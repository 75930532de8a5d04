"""No secret reaches a cassette, wherever it stood."""

import asyncio
import base64
import html
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import httpx2
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import OpenAIModel, StaleCassette, summarize
from summarizer.models import Message, Request
from summarizer.testing import cassette
from summarizer.testing.exchange import Question
from summarizer.testing.scrubbing import REMOVED, Scrubber
from summarizer.testing.secrecy import may_be_word
from tests.models.conftest import Asked, Canned, Server, completion, error

SECRETS = {
    "key": "planted-key-7f3a9c51",
    "environment": "planted-env-0b64d2ee",
    "azure": "planted-azure-55aa90c1",
    "organization": "planted-org-c0ffee12",
    "project": "planted-project-8d1e77",
    "header": "planted-header-4be01a",
    "user": "planted-user-99e0",
    "password": 'planted-pass/w"örd-31',
    "query": "planted-query+a1b2/==",
    "cookie": "planted-cookie-6677aabb",
    "set-cookie": "planted-set-cookie-12ab",
    "answered-organization": "planted-answered-org-77",
    "endpoint": "planted-resource",
}
LIKE_KEYS = ["sk-proj-AbCdEf0123456789", "sk-ab******6789", "org-AbCdEfGh12345678", "Bearer abcdef0123456789abcdef"]
URL_PARTS = f"{quote(SECRETS['user'])}:{quote(SECRETS['password'], safe='')}@"


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tape.yaml"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRETS["environment"])
    monkeypatch.setenv("OPENAI_ORG_ID", SECRETS["organization"])
    monkeypatch.setenv("OPENAI_PROJECT_ID", SECRETS["project"])
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", SECRETS["azure"])
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", f"https://{SECRETS['endpoint']}.openai.azure.com")


def everything() -> str:
    """A text in which all the secrets stand, in every way of writing them."""
    basic = base64.b64encode(f"{SECRETS['user']}:{SECRETS['password']}".encode()).decode()
    plain = [*SECRETS.values(), *LIKE_KEYS]
    plain.remove(SECRETS["endpoint"])
    plain.append(SECRETS["endpoint"] + ".openai.azure.com")
    return " | ".join([*plain, *map(json.dumps, plain), *(quote(each, safe="") for each in plain), f"Basic {basic}"])


def echoing(asked: Asked) -> Canned:
    """Whatever it was asked, and all the secrets, in the body and in the headers."""
    said = asked.body.decode() + str(dict(asked.headers)) + asked.path + everything()
    headers = {
        "set-cookie": f"session={SECRETS['set-cookie']}; Path=/",
        "openai-organization": SECRETS["answered-organization"],
        "openai-project": SECRETS["project"],
        "x-request-id": f"req-{SECRETS['key']}",
        "x-echo": SECRETS["key"],
    }
    if "as-text" in asked.path:
        return Canned(f"<html>{said}</html>", 502, headers | {"Content-Type": "text/html"})
    if "as-bytes" in asked.path:
        return Canned(b"\xff\xfe" + said.encode(), 200, headers)
    if "as-error" in asked.path:
        return Canned(error(f"Incorrect API key provided: {SECRETS['key']}. {said}"), 401, headers)
    return Canned(completion(said) | {SECRETS["key"]: [{"deep": said}]}, headers=headers)


def found(text: str) -> list[str]:
    """The secrets that stand in a text, in any form."""
    forms = {
        form: name
        for name, secret in SECRETS.items()
        for form in (
            secret, quote(secret, safe=""), json.dumps(secret)[1:-1], base64.b64encode(secret.encode()).decode()
        )
    }  # fmt: skip
    text += "".join(_decoded(line.strip().rpartition(" ")[2]) for line in text.splitlines() if "base64:" in line)
    return sorted({name for form, name in forms.items() if form in text} | {each for each in LIKE_KEYS if each in text})


def _decoded(line: str) -> str:
    return base64.b64decode(line + "==").decode("utf-8", "replace") if line else ""


def ask_everywhere(url: str) -> None:
    """Requests that bear all of the secrets, by the library, by openai's client and by hand."""
    headers = {"X-Own": SECRETS["header"], "Cookie": f"a={SECRETS['cookie']}; b=2", "api-key": SECRETS["azure"]}
    request = Request((Message("user", everything()),), "extraction", {"title": SECRETS["key"]})

    async def by_the_library() -> None:
        address = url.replace("//", "//" + URL_PARTS)
        model = OpenAIModel("m", base_url=address, default_headers=headers, organization=SECRETS["organization"])
        await model.complete(request)
        await model.aclose()

    asyncio.run(by_the_library())
    with openai.OpenAI(
        base_url=url, api_key=SECRETS["key"], default_headers=headers, max_retries=0,
        default_query={"sig": SECRETS["query"], "api-version": "2026-01"},
    ) as client:  # fmt: skip
        client.chat.completions.create(model="m", messages=[{"role": "user", "content": everything()}])
    with httpx2.Client(headers=headers | {"Authorization": f"Bearer {SECRETS['key']}"}) as by_hand:
        for form in ("as-text", "as-bytes", "as-error"):
            address = f"{url}/{form}?key={quote(SECRETS['query'], safe='')}"
            by_hand.post(address.replace("//", "//" + URL_PARTS), content=everything())


@pytest.mark.filterwarnings("ignore:The texts in the cassette")
def test_secrets_planted_everywhere_are_nowhere_in_the_file(server: Server, path: Path) -> None:
    server.answer = echoing
    with cassette(path, "all"):
        ask_everywhere(server.url)
    text = path.read_text(encoding="utf-8")
    assert found(text) == []
    assert text.count(REMOVED) > 50
    assert "2026-01" in text


@pytest.mark.filterwarnings("ignore:The texts in the cassette")
def test_what_was_scrubbed_is_found_again_whatever_the_secrets_are_by_then(
    server: Server, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answer = echoing
    with cassette(path, "all"):
        ask_everywhere(server.url)
    asked = len(server.asked)
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "AZURE_OPENAI_API_KEY"):
        monkeypatch.delenv(name)
    for name in SECRETS:
        monkeypatch.setitem(SECRETS, name, f"another-{name}-1")
    with cassette(path) as played:
        ask_everywhere("http://elsewhere.example/v1")
    assert played.played == asked == len(server.asked)


WAYS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON in JSON": lambda text: json.dumps(json.dumps(text))[3:-3],
    "JSON with slashes escaped": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "JSON with letters kept": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "JSON by numbers": lambda text: "".join(c if c.isalnum() and c.isascii() else json_number(c) for c in text),
    "percent": lambda text: quote(text, safe=""),
    "percent in small letters": lambda text: "".join(
        c if c.isalnum() and c.isascii() else "".join(f"%{octet:02x}" for octet in c.encode()) for c in text
    ),
    "percent twice": lambda text: quote(quote(text, safe=""), safe=""),
    "a form": quote_plus,
    "HTML": html.escape,
    "HTML by numbers": lambda text: "".join(c if c.isalnum() and c.isascii() else f"&#{ord(c)};" for c in text),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 without its padding": lambda text: base64.b64encode(text.encode()).decode().rstrip("="),
    "base64 for addresses": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "base64 of a header": lambda text: base64.b64encode(f"Bearer {text}".encode()).decode(),
    "base64 of a user's password": lambda text: base64.b64encode(f"ada1:{text}\n".encode()).decode(),
    "base64 of JSON": lambda text: base64.b64encode(json.dumps({"the-key": text}).encode()).decode(),
    "hexadecimal": lambda text: text.encode().hex(),
    "hexadecimal in capitals": lambda text: text.encode().hex().upper(),
}


def json_number(char: str) -> str:
    """How JSON can write any character."""
    units = char.encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


@pytest.mark.parametrize("way", WAYS)
@given(
    secret=st.text(st.characters(exclude_categories=["Cs"]), min_size=8, max_size=40).filter(
        lambda text: not may_be_word(text)
    ),
    text=st.text(),
)
def test_a_secret_is_taken_out_however_it_is_written(way: str, secret: str, text: str) -> None:
    scrubber = Scrubber({})
    scrubber.learn_from_request("http://a.example/", {"api-key": secret})
    written = WAYS[way](secret)
    kept = scrubber.clean_question(Question("POST", "models", f"{text} “{written}” {text}")).body
    assert isinstance(kept, str)
    assert REMOVED in kept
    assert written not in kept or written in text


def test_the_limits_that_a_server_tells_are_no_secrets(server: Server, path: Path) -> None:
    limits = {"x-ratelimit-limit-tokens": "2000000", "x-ratelimit-remaining-tokens": "149984"}
    server.answers(Canned(completion("A repair would cost 2000000 crowns, and not 149984."), headers=limits))
    with cassette(path, "all"):
        httpx2.post(f"{server.url}/chat/completions", json={"says": "2000000 crowns"})
    assert REMOVED not in path.read_text(encoding="utf-8")


def test_an_organisation_in_the_name_of_the_model_is_taken_out_and_it_plays_all_the_same(
    server: Server, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply = {"holders": [], "issues": [], "positions": [], "open_questions": [], "gist": None}
    server.answers(Canned(completion(json.dumps(reply))))
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    monkeypatch.setenv("SUMMARIZER_MODEL", f"ft:small:{SECRETS['organization']}::a1")
    with cassette(path, "all"):
        summarize("It rains. It will rain, said Anna Berg.")
    assert SECRETS["organization"] not in path.read_text(encoding="utf-8")
    with cassette(path):
        summarize("It rains. It will rain, said Anna Berg.")


def test_keys_in_bodies_are_known_by_their_names(server: Server, path: Path) -> None:
    server.answers(
        Canned({"access_token": "planted-opaque-1", "list": [{"token": "a-bridge-1"}], "secretary": "Anna Berg"})
    )
    with cassette(path, "all"):
        httpx2.post(f"{server.url}/a", json={"vertex": {"api_key": "planted-gateway-1"}, "says": "planted-gateway-1"})
        httpx2.post(f"{server.url}/b", data={"client_secret": "planted-form-1", "grant_type": "client"})
    text = path.read_text(encoding="utf-8")
    assert "planted" not in text
    assert "grant_type=client" in text
    assert "a-bridge-1" in text
    assert "Anna Berg" in text


def test_ids_and_cookies_in_bodies_are_known_by_their_names(server: Server, path: Path) -> None:
    names = ("organization", "organization_id", "project_id", "project", "cookie", "set-cookie", "organisationId")
    server.answers(Canned({name: f"answered{name.title()}" for name in names} | {"list": [{"project": "planted-1"}]}))
    with cassette(path, "all"):
        httpx2.post(f"{server.url}/a", json={"metadata": {name: f"planted-{name}" for name in names}})
        httpx2.post(f"{server.url}/b", json={"project": None, "organization": "", "says": "The project: a bridge"})
    text = path.read_text(encoding="utf-8")
    assert "planted" not in text
    assert "answered" not in text
    assert "The project: a bridge" in text
    with cassette(path):
        httpx2.post("http://a.example/v1/a", json={"metadata": {name: f"another-{name}" for name in names}})
        httpx2.post(
            "http://a.example/v1/b", json={"project": None, "organization": "", "says": "The project: a bridge"}
        )


@pytest.mark.parametrize(
    "secret",
    [
        "org-AbCdEfGhIjKl", "proj_abcdefghijklmnop", "org-abcdefghijklmnopqrstuvwx", "proj-a1b2c3d4",
        "plantedk***********9abc", "gateway-ke****f9",
    ],
)  # fmt: skip
def test_ids_and_masked_keys_in_a_message_are_known_by_their_shape(secret: str) -> None:
    said = f"Rate limit reached in organization {secret} on requests."
    assert Scrubber({}).clean_question(Question("POST", "models", said)).body == (
        f"Rate limit reached in organization {REMOVED} on requests."
    )


@pytest.mark.parametrize(
    ("variables", "headers"),
    [
        ({}, {"X-Environment": "production"}),
        ({}, {"X-Site": "The Harbour News"}),
        ({"OPENAI_PROJECT_ID": "production"}, {"OpenAI-Project": "production"}),
        ({"AZURE_OPENAI_API_VERSION": "2024-10-21", "AZURE_LOCATION": "harbour"}, {"api-version": "2024-10-21"}),
        ({}, {"Cookie": "view=production"}),
    ],
)
def test_what_articles_may_hold_stays_in_them(variables: dict[str, str], headers: dict[str, str]) -> None:
    said = "The production of oil rose on 2024-10-21, writes The Harbour News at the harbour."
    scrubber = Scrubber(variables)
    scrubber.learn_from_request("http://a.example/", headers)
    assert scrubber.clean_question(Question("POST", "models", said)).body == said


def test_even_a_project_that_is_called_as_a_word_is_taken_out_of_addresses_and_headers() -> None:
    scrubber = Scrubber({"OPENAI_PROJECT_ID": "harbour"})
    question = Question("GET", "projects/harbour/models", query={"api-version": "harbour"})
    assert scrubber.clean_question(question).endpoint == f"projects/{REMOVED}/models"
    assert scrubber.clean_text("req-harbour") == f"req-{REMOVED}"


def test_what_is_taken_out_of_an_article_is_told_by_the_name_that_it_went_by(server: Server, path: Path) -> None:
    body = {"messages": [{"role": "user", "content": "They meet at pier-9-north."}]}
    server.answers(Canned(completion("At pier-9-north, with org-AbCdEfGhIjKl.")))
    recording = cassette(path, "all")
    said = "tape.yaml are not as they were sent: .*the header x-place and what looks like a key.*"
    with pytest.warns(UserWarning, match=said) as warned, recording:
        httpx2.post(f"{server.url}/chat/completions", json=body, headers={"X-Place": "pier-9-north"})
    assert not [each for each in warned if "pier-9" in str(each.message)]
    with cassette(path):
        httpx2.post("http://a.example/v1/chat/completions", json=body)


def test_of_what_is_taken_out_elsewhere_nothing_is_said(server: Server, path: Path) -> None:
    with cassette(path, "all"):
        httpx2.post(f"{server.url}/chat/completions", json={"user": SECRETS["environment"]})
    assert REMOVED in path.read_text(encoding="utf-8")


def test_a_secret_that_is_seen_late_is_taken_out_of_what_came_before(server: Server, path: Path) -> None:
    server.answers(Canned({"data": "it will be late-secret-123"}))
    with cassette(path, "all"), httpx2.Client() as client:
        client.post(f"{server.url}/first", json={})
        client.post(f"{server.url}/second", json={}, headers={"x-session": "late-secret-123"})
    assert "late-secret" not in path.read_text(encoding="utf-8")


@pytest.mark.filterwarnings("ignore:The texts in the cassette")
def test_the_error_of_a_miss_shows_no_secret(server: Server, path: Path) -> None:
    server.answer = echoing
    with cassette(path, "all"):
        ask_everywhere(server.url)
    headers = {"Authorization": f"Bearer {SECRETS['key']}"}
    body = {"model": "m", "messages": [{"role": "user", "content": f"{SECRETS['key']} and {LIKE_KEYS[0]}"}]}
    with cassette(path, allow_unplayed=True), pytest.raises(StaleCassette, match="- then") as caught:
        httpx2.post(f"{server.url}/chat/completions", json=body, headers=headers)
    assert found(str(caught.value)) == []


@pytest.mark.parametrize(
    "text",
    [
        "The key-holders and the org-wide review; a pro-European bearer of responsibilities.",
        "ask-a-question, risk-averse, desk-bound-2026, sk-learn, user-friendly, Basic instincts",
        "An org-approved plan, an org-transformation; **bold***italics*, f***ing, user_interfaces, a project_manager",
        "[1] (title) “Sk-8er boys”: proj-ects and keys — 2026-01-02",
    ],
)
def test_the_words_of_articles_are_no_keys(text: str) -> None:
    scrubbed = Scrubber({"OPENAI_API_KEY": "ollama"}).clean_question(Question("POST", "models", f"{text} ollama"))
    assert scrubbed.body == f"{text} ollama"


def test_what_a_client_says_of_itself_is_no_secret(server: Server, path: Path) -> None:
    with cassette(path, "all"), httpx2.Client() as client:
        headers = {"X-Title": "The Harbour News", "User-Agent": "The Harbour News"}
        client.post(f"{server.url}/chat/completions", json={"says": "The Harbour News"}, headers=headers)
    assert "The Harbour News" in path.read_text(encoding="utf-8")


def test_replaying_needs_no_key(path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    reply = {"holders": [], "issues": [], "positions": [], "open_questions": [], "gist": None}
    server.answers(Canned(completion(json.dumps(reply))))
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    monkeypatch.setenv("SUMMARIZER_MODEL", "m")
    with cassette(path, "all"):
        summarize("It rains. It will rain, said Anna Berg.")
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "SUMMARIZER_MODEL"):
        monkeypatch.delenv(name)
    with cassette(path):
        summarize("It rains. It will rain, said Anna Berg.")
