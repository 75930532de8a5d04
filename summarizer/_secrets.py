"""Find and remove secrets in texts: keys in use in any spelling, and texts that look like a credential."""

import base64
import json
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Literal, NamedTuple
from unicodedata import normalize
from urllib.parse import quote, quote_plus, unquote

from summarizer._files import read_toml
from summarizer._patterns import compile_lazily, required_literals

REMOVED = "[removed]"
"""Replaces a secret."""
SECRETS = read_toml(__file__, "secrets.toml")
"""The patterns of credentials."""
TextKind = Literal["article", "other", "error"]
PIECE = 8
"""Characters. A shorter piece of a key tells nothing."""

_LOOKED_UP, _STEP = 4, 5  # characters; any piece has a group of 4 that begins at a multiple of 5
_MIN_MIXED, _MIN_LETTERS = 6, 16  # characters of a part that is surely no word
_MIN_BREAKS = 2  # between the words of a secret, which no sentence has by chance
_MIN_DISTINCT = 4  # characters of a piece
_MAX_GAP = 100  # characters between two characters of a key that is written with spaces
_SPACED = 0.6  # the share of characters that are set apart where a key is spelled out
_ESCAPED = (
    r"%(?:25)*(?P<percent>[0-9A-Fa-f]{2})"
    r"|\\+(?:u(?P<pair>[dD][89abAB][0-9A-Fa-f]{2}\\+u[dD][c-fC-F][0-9A-Fa-f]{2})|u(?P<unicode>[0-9A-Fa-f]{4})"
    r"|x(?P<byte>[0-9A-Fa-f]{2})|[bfnrt])"
    r"|&#(?:x(?P<hex>[0-9A-Fa-f]{1,5})|(?P<decimal>\d{1,6}));"
    r"|</?(?:b|i|u|s|em|strong|span|code|tt|p|li|td|sub|sup|mark|div)>|<br ?/?>"
    r"|(?P<variant>[\u24b6-\u24e9\uff10-\uff5a\U0001d400-\U0001d7ff])"
)
_TOKEN = compile_lazily(rf"[A-Za-z0-9]+|{_ESCAPED}|(?P<border>[{{}}]|\"\s*:)")
_ESCAPE = compile_lazily(_ESCAPED)
_SEPARATOR = compile_lazily("[^A-Za-z0-9]+")
_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum())
_JSON_STRING = compile_lazily(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_IRREGULAR = compile_lazily("[a-z][A-Z]|[A-Z]{2}[a-z]|[^AEIOUYaeiouy]{5}")
_BORDER = "\n"
_RANDOM = compile_lazily(r"(?=.*\d)(?=.*[^\W\d_])\S{8,}")
_CREDENTIAL_HEADER = compile_lazily(SECRETS["credential_header"], re.IGNORECASE)
_HARMLESS_HEADER = compile_lazily("|".join(SECRETS["harmless_headers"]), re.IGNORECASE)
_SCHEME = compile_lazily(r"(?:basic|bearer|[\w-]*(?:key|token))\s+", re.IGNORECASE)
_MEMBER = compile_lazily(
    rf'(?P<kept>"(?:{"|".join(SECRETS["fields"])})"\s*:\s*")(?:[^"\\]|\\.){{6,}}(?="(?!\s*,\s*"(?:logprob|bytes)"))',
    re.IGNORECASE,
)
"""A member of a JSON body, outside of the texts of messages. With a probability, a token is a piece of text."""


def random_parts(value: str) -> list[str]:
    """Return the parts of a value that mix letters and digits: keys, rather than words that articles may contain."""
    return list(filter(_RANDOM.fullmatch, re.split(r"[\s;,=:]+", value)))


def header_secrets(headers: Mapping[str, str]) -> set[str]:
    """Return the secrets in headers of a request.

    A credential counts without its scheme, and so does each cookie or parameter in it. Of the other headers, except
    those with standard values, the parts that look random count.
    """
    secrets: set[str] = set()
    for name, value in headers.items():
        if _HARMLESS_HEADER.fullmatch(name):
            continue
        secrets.update(random_parts(str(value)))
        if _CREDENTIAL_HEADER.search(name):
            credential = _SCHEME.sub("", str(value).strip())
            secrets.update([credential, *re.findall(r"=([^;,\s]+)", credential)])
            with suppress(ValueError):  # a user and a password
                pair = base64.b64decode(credential, validate=True).decode()
                secrets.update(pair.split(":", 1) if pair.isprintable() and ":" in pair else ())
    return secrets


class Redactor:
    """Removes the secrets that it has learned, and texts that look like a credential.

    A learned secret is found in upper and lower case, in other shapes of its letters, spelled with spaces or other
    signs between them, backwards, escaped for URLs, JSON or HTML, in base64, in base32 and in hexadecimal. So are
    pieces of `PIECE` characters; words in a secret, such as "production", count only together with the signs around
    them.

    Args:
        secrets: The secrets to learn.
        mark: Replaces each secret.
        min_length: Characters of a secret at least.
    """

    def __init__(self, secrets: Iterable[str] = (), *, mark: str = REMOVED, min_length: int = PIECE) -> None:
        self._mark, self._min_length = mark, min_length
        self._learned: set[str] = set()
        self._verbatim: tuple[str, ...] = ()
        self._places: defaultdict[str, list[tuple[_Form, int]]] = defaultdict(list)
        self._starts: set[str] = set()
        for secret in secrets:
            self.learn(secret)

    def learn(self, secret: str) -> None:
        """Learn a secret, unless it is too short."""
        if len(secret) < self._min_length or secret in self._learned:
            return
        self._learned.add(secret)
        if len(_SEPARATOR.sub("", secret)) < PIECE:
            forms = {*self._verbatim, *_escaped_forms(secret)}
            self._verbatim = tuple(sorted(forms, key=len, reverse=True))
        for form in _forms(secret):
            for place in range(len(form.text) - PIECE + 1):
                piece = form.text[place : place + PIECE]
                if len(set(piece)) >= _MIN_DISTINCT or len(form.text) < 2 * PIECE:
                    self._places[piece].append((form, place))
                    self._starts.update(piece[n : n + _LOOKED_UP] for n in range(_STEP))

    def redact(self, text: str, kind: TextKind = "other", *, words: bool = True) -> str:
        """Return a text without secrets.

        Args:
            text: The text; JSON stays JSON.
            kind: ``"article"`` if it may have words of an article: there only learned secrets and unmistakable keys
                count. More looks like a credential in ``"other"`` texts, and most in an ``"error"`` of a server.
            words: Whether parts of learned secrets count that may be ordinary words.
        """
        if kind == "error" and "%" in text and (plain := unquote(text)) != self.redact(plain, kind, words=words):
            text = plain  # a header may hold a secret in the escapes of URLs
        for pattern, literals in _patterns(kind):
            if any(literal in text for literal in literals):
                text = pattern.sub(self._replace, text)
        return self.redact_learned(_MEMBER.sub(self._replace, text), words=words)

    def redact_error(self, body: str) -> str:
        """Return the body of a server's error without secrets. In JSON each string counts as a text of its own."""
        try:
            value = json.loads(body)
            cleaned = self._redact_strings(value)
        except (ValueError, RecursionError):
            return self.redact(body, "error")
        return self.redact(body if cleaned == value else json.dumps(cleaned))

    def _redact_strings(self, value: object) -> object:
        if isinstance(value, str):
            return self.redact(value, "error")
        if isinstance(value, dict):
            return {name: self._redact_strings(member) for name, member in value.items()}
        return list(map(self._redact_strings, value)) if isinstance(value, list) else value

    def redact_learned(self, text: str, *, words: bool = True) -> str:
        """Return a text without the learned secrets."""
        spans = list(self._find(text, words=words)) if self._may_have_pieces(text) else []
        redacted = self._cut(text, spans)
        if spans and text.lstrip()[:1] in ("{", "[") and _is_json(text) and not _is_json(redacted):
            # A secret goes across several values, or has the digits of a number.
            redacted = _JSON_STRING.sub(lambda string: self._cut(string[0], self._find(string[0], words=words)), text)
        for secret in self._verbatim if words else ():
            redacted = redacted.replace(secret, self._mark)
        return redacted

    def _replace(self, match: re.Match[str]) -> str:
        return (match.groupdict().get("kept") or "") + self._mark

    def _cut(self, text: str, spans: Iterable[tuple[int, int]]) -> str:
        parts, done = [], 0
        for start, end in spans:
            parts += [text[done:start], self._mark]
            done = end
        return "".join([*parts, text[done:]])

    def _may_have_pieces(self, text: str) -> bool:
        """Return whether there may be something to find, which takes a tenth of the time of finding it."""
        if not self._places:
            return False
        if not text.isascii() or any(sign in text for sign in ("%", "\\", "&#", "<")):
            text = _ESCAPE.sub(_decode, text)
        plain = text.encode("ascii", "ignore").translate(None, _SIGNS).decode().lower()
        groups = (place for place in range(0, len(plain), _STEP) if plain[place : place + _LOOKED_UP] in self._starts)
        near = (start for place in groups for start in range(max(0, place - _STEP + 1), place + 1))
        return any(plain[start : start + PIECE] in self._places for start in near)

    def _find(self, text: str, *, words: bool) -> Iterator[tuple[int, int]]:
        """Yield the start and the end of each learned secret, and of each piece, in order."""
        squeezed = _squeeze(text)
        plain, starts, done = squeezed.text, self._starts, 0
        for looked_up in range(0, len(plain), _STEP):
            if plain[looked_up : looked_up + _LOOKED_UP] not in starts:
                continue
            for start in range(max(done, looked_up - _STEP + 1), looked_up + 1):
                if start < done:
                    break
                for form, place in self._places.get(plain[start : start + PIECE], ()):
                    first, last = form.extend(plain, start, place, done)
                    place_of_first, length = place - (start - first), last - first
                    if form.is_random(place_of_first, length) or (
                        (words or (length == len(form.text) and form.is_long))
                        and form.is_set_apart(place_of_first, length, squeezed.gaps(first, last))
                    ):
                        yield squeezed.locate(first, last)
                        done = last
                        break


@dataclass(frozen=True, eq=False)
class _Form:
    """A spelling of a secret: its letters and digits in lower case."""

    text: str
    breaks: frozenset[int]
    """The places of characters with another sign before them."""
    mixed: tuple[int, ...]
    """For each character 2 if it is in a part that is surely no word, 1 if that is likely, else 0."""

    @cached_property
    def is_rich(self) -> bool:
        """Return whether most of it is not a word."""
        return sum(map(bool, self.mixed)) >= max(12, len(self.text) / 2)

    @property
    def is_long(self) -> bool:
        """Return whether only a text that quotes the secret has it as a whole; each part may be a word."""
        return len(self.text) >= _MIN_LETTERS and len(self.breaks) >= _MIN_BREAKS

    def extend(self, plain: str, start: int, place: int, done: int) -> tuple[int, int]:
        """Return the range around a piece within which ``plain`` has the same characters."""
        first, last, shift = start, start + PIECE, place - start
        while first > done and first + shift > 0 and plain[first - 1] == self.text[first - 1 + shift]:
            first -= 1
        while last < len(plain) and last + shift < len(self.text) and plain[last] == self.text[last + shift]:
            last += 1
        return first, last

    def is_random(self, place: int, length: int) -> bool:
        """Return whether a run of its characters is surely no word."""
        mixed = self.mixed[place : place + length]
        has_digit = not self.text[place : place + length].isalpha()
        return mixed.count(2) >= PIECE // 2 or (self.is_rich and (any(mixed) or has_digit))

    def is_set_apart(self, place: int, length: int, gaps: Sequence[int]) -> bool:
        """Return whether a run of its characters, which may be words, is spelled out or has its own signs between.

        Args:
            place: The place of its first character.
            length: Its length.
            gaps: The places in the run, from 1, before which the text has other signs.
        """
        if any(place + gap not in self.breaks for gap in gaps):
            return len(gaps) >= _SPACED * (length - 1)
        return length == len(self.text) or any(place + gap in self.breaks for gap in gaps)


class _Squeezed(NamedTuple):
    """The letters and digits of a text in lower case, and where they come from."""

    text: str
    offsets: list[int]
    """The places of the tokens in ``text``."""
    spans: list[tuple[int, int]]
    """The places of the tokens in the whole text."""

    def gaps(self, first: int, last: int) -> list[int]:
        """Return the places in a range, counted from its start, before which other signs stand."""
        tokens = range(bisect_right(self.offsets, first), bisect_right(self.offsets, last - 1))
        return [self.offsets[token] - first for token in tokens if self.spans[token][0] > self.spans[token - 1][1]]

    def locate(self, first: int, last: int) -> tuple[int, int]:
        """Return the range in the whole text; an escaped character is in it as a whole."""
        token, end = bisect_right(self.offsets, first) - 1, bisect_right(self.offsets, last - 1) - 1
        return self._place(token, first), self._place(end, last)

    def _place(self, token: int, offset: int) -> int:
        start, end = self.spans[token]
        inside = offset - self.offsets[token]
        length = (self.offsets[token + 1] if token + 1 < len(self.offsets) else len(self.text)) - self.offsets[token]
        return start + inside if end - start == length else (end if inside else start)


def _squeeze(text: str) -> _Squeezed:
    parts: list[str] = []
    offsets: list[int] = []
    spans: list[tuple[int, int]] = []
    offset = before = 0
    for token in _TOKEN.finditer(text):
        start, end = token.span()
        part = token[0] if token.lastgroup is None and text[start] not in "\\%&<" else _decode(token)
        if not part:
            continue
        if start - before > _MAX_GAP:
            part = _BORDER + part
            offsets += [offset, offset + 1]
            spans += [(before, start), (start, end)]
        else:
            offsets.append(offset)
            spans.append((start, end))
        parts.append(part)
        offset += len(part)
        before = end
    return _Squeezed("".join(parts).lower(), offsets, spans)


def _decode(token: re.Match[str]) -> str:
    """Return the letter or digit of an escape sequence, or the mark of a border."""
    kind = token.lastgroup
    if kind is None:
        return ""
    if kind == "border":
        return _BORDER
    if kind == "variant":
        letter = token[0]
    elif kind == "pair":
        high, low = int(token[kind][:4], 16), int(token[kind][-4:], 16)
        letter = chr(0x10000 + (high - 0xD800) * 0x400 + low - 0xDC00)
    else:
        letter = chr(int(token[kind], 10 if kind == "decimal" else 16) % 0x110000)
    letter = normalize("NFKC", letter)
    return letter if letter.isascii() and letter.isalnum() else ""


def _forms(secret: str) -> Iterator[_Form]:
    """Yield a secret forwards and backwards, in base64 and base32 at each offset, and in hexadecimal."""
    for text in (secret, secret[::-1]):
        parts = [part for part in _SEPARATOR.split(text) if part]
        breaks = frozenset(sum(map(len, parts[:number])) for number in range(1, len(parts)))
        mixed = tuple(degree for part in parts for degree in [_mixture(part)] * len(part))
        yield _Form("".join(parts).lower(), breaks, mixed)
    data = secret.encode()
    shifted = (base64.b64encode(bytes(shift) + data)[-(-shift * 8 // 6) :].decode().rstrip("=") for shift in range(3))
    shifted32 = (base64.b32encode(bytes(shift) + data)[-(-shift * 8 // 5) :].decode().rstrip("=") for shift in range(5))
    for text in (*shifted, *shifted32, data.hex()):
        plain = _SEPARATOR.sub("", text).lower()
        yield _Form(plain, frozenset(), (2,) * len(plain))


def _mixture(part: str) -> int:
    """Return 2 for a part that cannot be from an article, 1 if that is likely, else 0."""
    if part.isdigit():
        return 2 if len(part) >= _MIN_LETTERS else 0
    irregular = len(_IRREGULAR.findall(part)) if part.isalpha() else 2
    if len(part) >= _MIN_LETTERS or (irregular > 1 and len(part) >= _MIN_MIXED):
        return 2
    return 1 if irregular else 0


def _escaped_forms(secret: str) -> set[str]:
    """Return the forms of a short secret in URLs, in JSON, and in JSON within JSON."""
    forms = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret)}
    for _ in range(2):
        forms |= {json.dumps(form, ensure_ascii=is_ascii)[1:-1] for form in forms for is_ascii in (True, False)}
    return forms


@cache
def _patterns(kind: TextKind) -> list[tuple[re.Pattern[str], Sequence[str]]]:
    """Return the patterns of credentials, each with strings one of which is in all that it matches."""
    texts = [*SECRETS["keys"], *(SECRETS["texts"] if kind != "article" else ())]
    patterns: list[tuple[re.Pattern[str], Sequence[str]]]
    patterns = [(re.compile(text), required_literals(text)) for text in texts]
    in_errors = SECRETS["in_errors"] if kind == "error" else ()
    return patterns + [(re.compile(text, re.IGNORECASE), ("",)) for text in in_errors]


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
