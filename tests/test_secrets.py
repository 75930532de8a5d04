"""Secrets are found in any spelling, and ordinary texts stay."""

import base64
import json
import random
import re
import string
import unicodedata
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from summarizer._secrets import PIECE, REMOVED, Redactor, header_secrets
from tests.timing import assert_linear

KEY = "sk-proj-Ab9dEf01Xy45_zQ-pLmNoPqRsTuVwXyZ0123abcdEFGH"
ALPHABETS = {
    "base64url": string.ascii_letters + string.digits + "-_",
    "base62": string.ascii_letters + string.digits,
    "hexadecimal": "0123456789abcdef",
}
SEEDS = Path(__file__).parent.parent / "seeds"


def keys() -> st.SearchStrategy[str]:
    def draw(seed: int, alphabet: str, length: int, prefix: str) -> str:
        source = random.Random(seed)
        return prefix + "".join(source.choice(ALPHABETS[alphabet]) for _ in range(length))

    prefixes = st.sampled_from(["", "sk-", "sk-proj-", "gsk_", "key-"])
    return st.builds(draw, st.integers(0, 2**40), st.sampled_from(sorted(ALPHABETS)), st.integers(28, 160), prefixes)


SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "upper case": str.upper,
    "lower case": str.lower,
    "backwards": lambda key: key[::-1],
    "with spaces": " ".join,
    "with hyphens": "-".join,
    "line by line": "\n".join,
    "backwards with spaces": lambda key: " ".join(key[::-1]),
    "in groups": lambda key: " ".join("".join(group) for group in _groups(key, 5)),
    "for URLs": lambda key: quote(key, safe=""),
    "every sign for URLs": lambda key: "".join(f"%{ord(sign):02X}" for sign in key),
    "twice for URLs": lambda key: "".join(f"%25{ord(sign):02x}" for sign in key),
    "for JSON": lambda key: "".join(f"\\u{ord(sign):04x}" for sign in key),
    "for HTML": lambda key: "".join(f"&#{ord(sign)};" for sign in key),
    "with invisible spaces": "\u200b".join,
    "with combining marks": "\u0332".join,
    "in wide letters": lambda key: "".join(chr(ord(sign) + 0xFEE0) for sign in key),
    "in mathematical letters": lambda key: "".join(map(_mathematical, key)),
    "in deep lines": ("\n" + 40 * " ").join,
    "in bold letters of HTML": lambda key: "".join(f"<b>{sign}</b>" for sign in key),
    "with invisible spaces, for JSON": lambda key: json.dumps("\u200b".join(key)),
    "with combining marks, for JSON": lambda key: json.dumps("\u0332".join(key)),
    "in wide letters, for JSON": lambda key: json.dumps("".join(chr(ord(sign) + 0xFEE0) for sign in key)),
    "in mathematical letters, for JSON": lambda key: json.dumps("".join(map(_mathematical, key))),
    "a list": lambda key: json.dumps(list(key)),
    "JSON in JSON": lambda key: json.dumps(json.dumps({"key": "\n".join(key)})),
}


def _mathematical(sign: str) -> str:
    if sign.isdigit():
        return chr(0x1D7CE + int(sign))
    return chr((0x1D400 - 65 if sign.isupper() else 0x1D41A - 97) + ord(sign)) if sign.isalpha() else sign


def plain_letters(text: str) -> str:
    """Return a text as a person reads it: with escapes of JSON and other shapes of letters resolved."""
    resolved = re.sub(r"(?:\\u[0-9a-f]{4})+", lambda match: str(json.loads(f'"{match[0]}"')), text)
    return re.sub(r"</?b>", "", unicodedata.normalize("NFKC", resolved))


def _groups(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


def squeeze(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower()


def pieces(text: str) -> set[str]:
    plain = squeeze(text)
    return {plain[start : start + PIECE] for start in range(len(plain) - PIECE + 1)}


@given(
    key=keys(),
    spelling=st.sampled_from(sorted(SPELLINGS)),
    bounds=st.tuples(st.integers(0, 100), st.integers(10, 160)),
    around=st.tuples(*2 * [st.sampled_from(["", "The bridge must go: ", '{"error": "', "\n\n", "é", " 2026 "])]),
)
def test_any_spelling_of_a_piece_of_a_key_is_removed(
    key: str, spelling: str, bounds: tuple[int, int], around: tuple[str, str]
) -> None:
    start = bounds[0] % (len(key) - 9)
    piece = key[start : start + bounds[1]]
    left = plain_letters(Redactor([key]).redact_learned(around[0] + SPELLINGS[spelling](piece) + around[1]))
    words = pieces("".join(part for part in key.split("-") if part in ("sk", "proj", "key")))
    assert pieces(left.replace(REMOVED, " ~ ")) & (pieces(key) | pieces(key[::-1])) <= words, left


@given(key=keys(), bounds=st.tuples(st.integers(0, 100), st.integers(12, 160)), before=st.binary(max_size=5))
def test_encoded_pieces_of_a_key_are_removed(key: str, bounds: tuple[int, int], before: bytes) -> None:
    start = bounds[0] % (len(key) - 11)
    piece = key[start : start + bounds[1]].encode()
    for text in (
        base64.b64encode(before + piece).decode(),
        base64.urlsafe_b64encode(before + piece).decode(),
        base64.b32encode(before + piece).decode(),
        (before + piece).hex(),
    ):
        left = Redactor([key]).redact_learned(text)
        assert REMOVED in left
        assert len(left.replace(REMOVED, "")) < 20 + len(before) * 2


VALUES = st.recursive(
    st.integers() | st.text(max_size=9), lambda part: st.lists(part) | st.dictionaries(st.text(), part)
)


@settings(max_examples=20)
@given(key=keys(), value=VALUES)
@example(key="a1b2c3d4" * 4, value={"a1b2": "c3d4", "n": 12345678})
@example(key="k12345678901234567890x", value=[1234567890, "k123", "4567"])
def test_json_stays_json(key: str, value: object) -> None:
    body = json.dumps([value, key, {key[:9]: key[9:18]}, list(key), int("0" + "".join(filter(str.isdigit, key)))])
    assert isinstance(json.loads(Redactor([key]).redact(body)), list)


@given(text=st.text(), key=keys())
def test_text_without_secrets_stays(text: str, key: str) -> None:
    assert Redactor([key]).redact_learned(text) == text


@pytest.mark.parametrize("path", sorted(SEEDS.rglob("*.txt")), ids=lambda path: path.stem)
def test_articles_stay(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    redactor = Redactor([KEY, "planted-production-key-7f3a9c51", "newsdesk-team-2026", "a" * 40, "8d1e77c0ffee12aa90"])
    assert redactor.redact(text) == text
    assert redactor.redact(json.dumps(text)) == json.dumps(text)


ORDINARY = [
    "gpt-4.1-mini-2025-04-14",
    "meta-llama/Llama-3.3-70B-Instruct-Turbo",
    "claude-sonnet-4-20250514",
    "hf.co/bartowski/SmolLM2-360M-Instruct-GGUF:Q4_K_M",
    "chatcmpl-AbC123dEf456GhI789jKl012MnO345",
    "req_011CQabcdef0123456789abc",
    "fp_44709d6fcb",
    "call_Zx81jK02nbvQ9sLm4Tg7Yh3P",
    "f47ac10b-58cc-4372-a567-0e02b2c3d479",
    "https://example.org/2026/01/12/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.html",
    "https://example.org:8080/@ann/113298473610982374?page=2#L10",
    "https://example.org/watch?v=dQw4w9WgXcQ&list=PL1234567890ABCDEF",
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "mailto:ann.berg@example.org or ann.berg@example.org:25",
    "He wrote to ann@example.org: “The password: a word of four syllables.”",
    "Cookie: the best recipe of 2026. Authorization: granted. The bearer of responsibilities.",
    "The token economy grew; the secret = 12 eggs; key: see page 12.",
    "Sessions, secrets and keys: 2026 was a year of passwords=none.",
    "A task-force, a desk-bound risk-averse sk-ipper, user-friendly, org-wide, proj-ects",
    "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIU\n-----END CERTIFICATE-----",
    "ISBN 978-3-16-148410-0, +44 20 7946 0958, IBAN DE89 3704 0044 0532 0130 00",
    "Donaudampfschifffahrtsgesellschaftskapitän, antidisestablishmentarianism",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_identifiers_and_sentences_stay(text: str) -> None:
    redactor = Redactor([KEY, "planted-production-key-7f3a9c51", "8d1e77c0ffee12aa90"])
    assert redactor.redact(text) == text
    assert redactor.redact(json.dumps({"text": text, "model": text})) == json.dumps({"text": text, "model": text})


FOREIGN = [
    ("aws_secret_access_key=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
    ("AWS_SECRET_ACCESS_KEY = wJalrXUtnFEMI/K7MDENG", "wJalrXUtnFEMI/K7MDENG"),
    ('{"aws_secret_access_key": "wJalrXUtnFEMIK7"}', "wJalrXUtnFEMIK7"),
    ('"{\\"client_secret\\": \\"Zx81jK02nbvQ\\"}"', "Zx81jK02nbvQ"),
    ("slack xoxb-2345-AbCdEfGhIj", "xoxb-2345-AbCdEfGhIj"),
    ("xoxp-111111111-abcdefgh", "xoxp-111111111-abcdefgh"),
    ("key AIzaSyA1234567890abcdefghijklmnopqrstuv", "AIzaSyA1234567890abcdefghijklmnopqrstuv"),
    ("password=hunter2", "hunter2"),
    ("user=ann&password=swordfish&n=1", "swordfish"),
    ("DB_PASSWORD='correct-horse'", "correct-horse"),
    ("password: hunter2hunter2", "hunter2hunter2"),
    ("Cookie: sid=abcdef; theme=dark", "abcdef"),
    ("Set-Cookie: session=Qm9vbQ; Path=/", "Qm9vbQ"),
    ('{"headers": {"Cookie": "sid=abcdefgh"}}', "sid=abcdefgh"),
    ("postgres://ann:pa55@db.example/news", "ann:pa55"),
    ("redis://:s3cr3t@cache:6379/0", "s3cr3t"),
    ("https://ann:p@ss@example.org/x", "p@ss"),
    ("Authorization: Bearer abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyz"),
    ("bearer AbCdEfGhIjKlMnOpQrStUv", "AbCdEfGhIjKlMnOpQrStUv"),
    ("{'authorization': 'Basic YW5uOnBhc3M='}", "YW5uOnBhc3M="),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVP", "eyJzdWIiOiIxMjM0In0"),
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIEow+/A=\nabcd\n-----END RSA PRIVATE KEY-----", "MIIEow"),
    ('"-----BEGIN PRIVATE KEY-----\\nMIIEow\\nabcd\\n-----END PRIVATE KEY-----\\n"', "MIIEow"),
    ("-----BEGIN EC PRIVATE KEY-----\nMIIEow\nabcdefgh", "abcdefgh"),
    ("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "ghp_abcdefghij"),
    ("sk-ant-api03-AbCdEf0123456789", "AbCdEf0123456789"),
    ("AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
    ("api_key=0123abcd", "0123abcd"),
]


@pytest.mark.parametrize(("text", "secret"), FOREIGN)
@pytest.mark.parametrize("wrap", [str, lambda text: f"error: {text}, see the log", json.dumps], ids=["", "in", "json"])
def test_secrets_of_others_are_removed(text: str, secret: str, wrap: Callable[[str], str]) -> None:
    left = Redactor().redact(wrap(text))
    assert secret not in left
    assert REMOVED in left


IN_ERRORS = [
    ("password: letmeinplease", "letmeinplease"),
    ("Password = hunter2", "hunter2"),
    ("password='let me in 42'", "me in 42"),
    ('"password": "let me in 42"', "me in 42"),
    ("x-api-key: 1f2e3d4c5b6a", "1f2e3d4c5b6a"),
    ("api-key: qwertyuiop", "qwertyuiop"),
    ("client_secret: abcdEFGH", "abcdEFGH"),
    ("DATABASE_PASS=topsecret", "topsecret"),
    ("credentials=abcd", "abcd"),
    ("Passwort=geheim", "geheim"),
    ("mot de passe : fleur", "fleur"),
    ("admin:pa55@db.internal:5432", "pa55"),
    ("curl -u admin:hunter22 http://x", "hunter22"),
    ("GOCSPX-abcdEFGHijklMNOPqrst", "abcdEFGH"),
    ("SG.abcdefghijklmnopqrstuv.ABCDEFGHIJKLMNOPQRSTUV", "abcdefghijkl"),
    ("whsec_abcdefghijklmnopqrstuvwxyz", "abcdefghijkl"),
    ("npm_abcdefghijklmnopqrstuvwxyz0123456789", "abcdefghijkl"),
    ("pypi-AgEIcHlwaS5vcmcCJGFiY2RlZmdoaWprbG1ub3A", "AgEIcHlwaS5v"),
    ("bearer abcdefghijklmnop", "abcdefghijklmnop"),
    ("BEARER ABCDEFGHIJKL", "ABCDEFGHIJKL"),
    ("LITELLM_MASTER_KEY=sk-abcdefgh", "sk-abcdefgh"),
    ("postgres%3A%2F%2Fuser%3Apa55%40db", "pa55"),
]


@pytest.mark.parametrize(("text", "secret"), [*FOREIGN, *IN_ERRORS])
def test_errors_of_servers_keep_no_secret_of_others(text: str, secret: str) -> None:
    body = json.dumps({"error": {"message": f"failed:\n{text} while calling", "code": None}})
    for left in (Redactor().redact(f"failed: {text}", "error"), Redactor().redact_error(body)):
        assert secret not in left
        assert REMOVED in left
    assert json.loads(Redactor().redact_error(body))["error"]["code"] is None


@pytest.mark.parametrize(
    "text",
    [
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        "This model's maximum context length is 8192 tokens; you requested 9000 tokens.",
        "Rate limit reached for gpt-4.1-mini on tokens per min (TPM): Limit 30000, Used 29800. Try again in 1.2s.",
        "Invalid API key. The token is no longer valid.",
    ],
)
def test_errors_keep_what_explains_them(text: str) -> None:
    body = json.dumps({"error": {"message": text}})
    assert Redactor([KEY]).redact(text, "error") == text
    assert Redactor([KEY]).redact_error(body) == body


IN_ARTICLES = [
    "“Password: Schwalbe2024 is a weak choice,” Anna Berg said.",
    "The secret: 30000000 accounts were open. His secret: 30000000-dollar yacht.",
    "password=hunter2 is a bad choice; api_key=9876fedc is no better.",
    "The sk-8000-series, the rk-3588-board, pk-12345 trains and sk-learn-1.4",
    "sk-telecommunications-conference-2024 and sk-model-v1.2, user-finetuned20240718, org-chart2024",
    "Basic education123456 for all; Authorization: Basic requirements",
    "Bearer of bad news: the 2024budget; bearer congratulations",
    "Cookie: sugar=200g; butter=100g; flour=300g",
    "Berg*****lind, a***** b, *****",
    "xoxo-from-grandmother-with-love, xoxb-kisses",
    "-----BEGIN PRIVATE KEY----- is how keys begin. The article goes on, for a long while",
    "hf_transformers_are_great_models_of_language",
    "token: 100000000 coins; Secret: 12345678 votes were cast",
]


@pytest.mark.parametrize("text", [*ORDINARY, *IN_ARTICLES])
def test_articles_keep_what_only_resembles_a_credential(text: str) -> None:
    redactor = Redactor([KEY])
    assert redactor.redact(text, "article") == text
    assert redactor.redact(body := json.dumps({"content": text}), "article") == body


UNMISTAKABLE = [
    "sk-ant-api03-AbCdEf0123456789",
    "sk-proj-AbCdEf0123456789",
    "sk-0123456789abcdef0123456789abcdef",
    "sk-ab******6789",
    "sk_live_0123456789ab",
    "org-AbCdEfGh12345678",
    "Bearer abcdef0123456789abcdef",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVP",
    "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
    "AKIAIOSFODNN7EXAMPLE",
    "AIzaSyA1234567890abcdefghijklmnopqrstuv",
    "xoxb-2345-AbCdEfGhIj",
    "GOCSPX-abcdEFGHijklMNOPqrst",
    "npm_abcdefghijklmnopqrstuvwxyz0123456789",
    "-----BEGIN PRIVATE KEY-----\nMIIEow\nabcd\n-----END PRIVATE KEY-----",
]


@pytest.mark.parametrize("key", UNMISTAKABLE)
@pytest.mark.parametrize("wrap", [str, lambda text: f"He wrote: “{text}”.", json.dumps], ids=["", "in", "json"])
def test_unmistakable_keys_are_removed_from_articles(key: str, wrap: Callable[[str], str]) -> None:
    left = Redactor().redact(wrap(key), "article")
    assert REMOVED in left
    assert key[8:] not in left


def test_secret_of_words_is_removed_as_a_whole_from_a_reply() -> None:
    key = "harbour-lantern-gravel-sunday"
    redactor = Redactor([key, "newsroom-desk"])
    for spelled in (key, key.upper(), " ".join(key), key[::-1], key.replace("-", " "), "-".join(key)):
        assert redactor.redact(f"The bridge: {spelled}.", "article", words=False) == f"The bridge: {REMOVED}."
    for text in ("A harbour lantern on gravel", "the Sunday harbour", "the newsroom-desk", "harbour-lantern"):
        assert redactor.redact(text, "article", words=False) == text


def test_words_in_a_secret_stay_but_not_with_the_signs_around_them() -> None:
    redactor = Redactor(["planted-production-key-7f3a9c51"])
    assert redactor.redact("The production of a planted key.") == "The production of a planted key."
    assert redactor.redact("It was planted-production, 7F3A9C51.") == f"It was {REMOVED}, {REMOVED}."
    assert redactor.redact("y e k - n o i t c u d o r p") == REMOVED


def test_secret_that_may_be_words_can_be_left_in_a_reply() -> None:
    redactor = Redactor(["newsroom", KEY])
    assert redactor.redact(f"newsroom {KEY}", words=False) == f"newsroom {REMOVED}"
    assert redactor.redact(f"newsroom {KEY}") == f"{REMOVED} {REMOVED}"


def test_secrets_are_read_from_headers() -> None:
    pair = base64.b64encode(b"ann:hush-hush").decode()
    headers = {"Authorization": f"Basic {pair}", "X-Team": "team-7f3a9c and more", "Accept": "application/json-2026"}
    found = header_secrets(headers)
    assert found >= {pair, "ann", "hush-hush", "team-7f3a9c"}
    assert not any("json" in secret or "more" in secret for secret in found)
    assert header_secrets({"Cookie": "a=b; view=plaincookie"}) == {"a=b; view=plaincookie", "b", "plaincookie"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "The bridge must go. ",
        "sk-",
        KEY + " ",
        KEY[:7] + " ",
        "password=",
        "a-",
        "\\u0073",
        "sk-a-",
        "a:",
        "<b>",
        "api_",
    ],
)
def test_time_grows_with_the_length(text: str) -> None:
    redactor = Redactor([KEY])
    assert_linear(lambda size: partial(redactor.redact, text * (size // len(text)), "error"), 20_000)
