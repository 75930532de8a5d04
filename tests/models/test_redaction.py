"""What of a server's words a message shows, and what it never shows, however a server puts it."""

import base64
import html
import json
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.models.redaction import LONGEST, redacted, repeats

from .conftest import ARTICLE

SENT = json.dumps({"messages": [{"role": "user", "content": f"[1] “{ARTICLE}”"}]}).encode()
KEY = "AbCdEfGh-12345678_IjKlMnOp"
"""Of no form by which a key is known."""
HEADERS = {"Authorization": f"Bearer {KEY}", "X-Desk": "hush-hush", "Accept": "application/json"}


def in_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def in_numbers(text: str) -> str:
    return "".join(f"&#{ord(char)};" for char in text)


CODED: list[Callable[[str], str]] = [
    str.upper, in_base64, lambda text: in_base64(f"b{text}"), lambda text: in_base64(f"by{text}").replace("+", "-"),
    quote, lambda text: quote(quote(text)), lambda text: quote(quote(quote(quote(text)))), html.escape,
    lambda text: html.escape(html.escape(text)), in_numbers,
    json.dumps, lambda text: json.dumps(json.dumps(text)), repr, ascii, lambda text: repr(text.encode()),
    " ".join, "-".join, lambda text: text.replace(" ", "\n\t"),
]  # fmt: skip


def letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


@pytest.mark.parametrize("coded", CODED)
@pytest.mark.parametrize("secret", [f"“{ARTICLE}”", ARTICLE[20:60], KEY, "hush-hush"])
def test_no_form_of_what_was_sent_is_shown(secret: str, coded: Callable[[str], str]) -> None:
    shown = redacted(f"Bad input {coded(secret)}, sorry", sent=SENT, headers=HEADERS)
    assert shown.startswith("Bad input ")
    assert shown.endswith(", sorry")
    left = letters(shown.removeprefix("Bad input ").removesuffix(", sorry"))
    assert len(left) <= 6, shown


def test_what_nobody_can_read_is_not_shown() -> None:
    assert redacted(f"Bad {ARTICLE.encode().hex()} here", sent=SENT, headers=HEADERS) == "Bad … here"


def test_a_short_word_of_a_header_is_hidden_in_any_case() -> None:
    assert redacted("not for Policy", sent=b"{}", headers={"X-Desk": "policy"}) == "not for …"


@given(st.integers(0, len(KEY) - 10), st.integers(10, len(KEY)))
def test_no_eight_letters_of_a_key_are_shown(start: int, length: int) -> None:
    part = KEY[start : start + length]
    shown = redacted(f"no key like {part} here", sent=b"{}", headers=HEADERS)
    assert letters(part)[:8] not in letters(shown)


@pytest.mark.parametrize("masked", ["AbCd...MnOp", "AbCd…MnOp", "AbCd***MnOp", "AbCd****", "•••MnOp"])
def test_beginning_and_end_of_a_masked_key_are_not_shown(masked: str) -> None:
    assert redacted(f"Wrong key {masked} given", sent=b"{}", headers=HEADERS) == "Wrong key … given"


@pytest.mark.parametrize("key", ["sk-other", "proj-9", "org-AbC", "Bearer abc", "0123456789abcdefABCDE"])
def test_what_looks_like_a_key_is_not_shown_even_where_it_was_not_sent(key: str) -> None:
    assert redacted(f"No {key} here", sent=b"{}", headers={}) == "No … here"


def test_user_and_password_are_known_again_out_of_their_header() -> None:
    headers = {"Authorization": f"Basic {in_base64('berta:pass word!')}"}
    assert redacted("no pass word! here", sent=b"{}", headers=headers) == "no … here"


@pytest.mark.parametrize(
    "words",
    [
        "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        "Invalid schema: additionalProperties is required, see https://platform.openai.com/docs/structured-outputs",
        'response_format \'json_schema\' is unknown: {"loc": ["body", "response_format"]}',
        "This model's maximum context length is 131072 tokens, but 140000 were given (meta-llama/Llama-3.1-8B).",
        "Loading... try again at 2026-01-31T12:00:00Z.",
        "模型不支持这种格式。",
    ],
)
def test_what_a_server_finds_fault_with_is_shown_as_it_says_it(words: str) -> None:
    assert redacted(words, sent=SENT, headers=HEADERS) == words


def test_the_words_of_a_server_fit_on_a_line() -> None:
    words = redacted("one\r\ntwo\x1b[31m " + "three " * 200, sent=b"{}", headers={})
    assert words.startswith("one two [31m three")
    assert words.isprintable()
    assert len(words) == LONGEST


@pytest.mark.parametrize("coded", [str, json.dumps, quote, in_base64])
def test_four_signs_of_chinese_text_are_not_repeated(coded: Callable[[str], str]) -> None:
    text = "港务长说海堤撑不过下一个冬天。"
    sent = json.dumps({"messages": [{"content": text}]}, ensure_ascii=False).encode()
    assert letters(redacted(f"bad: {coded(text)}", sent=sent, headers={})) == "bad"
    assert redacted("说海堤撑", sent=sent, headers={}) == "…"


@given(st.text(), st.text(), st.text())
def test_nothing_that_a_server_says_breaks_it(words: str, content: str, value: str) -> None:
    sent = json.dumps({"messages": [{"content": content}]}).encode()
    assert len(redacted(words, sent=sent, headers={"X-Desk": value, "Authorization": f"Basic {value}"})) <= LONGEST


def test_values_of_keys_of_ones_own_are_not_repeated_and_names_are() -> None:
    body = {"model": "mixtral-large-instruct", "metadata": {"customer_name": ["Vandermolen, Harbour Street"]}}
    sent = json.dumps(body | {"messages": [], "response_format": {"type": "json_schema"}}).encode()
    said = "mixtral-large-instruct knows no json_schema, customer_name: %s"
    assert redacted(said % "VANDERMOLEN harbour", sent=sent, headers={}) == said % "…"


def test_a_name_that_repeats_a_header_is_known() -> None:
    assert repeats("model-hush-hush", headers=HEADERS)
    assert repeats(f"model/{KEY[3:15]}", headers=HEADERS)
    assert not repeats("org-mistral/application-json:8b", headers=HEADERS)
