"""A server's words without what it was sent: no key and no article may reach a message.

What is compared are letters and digits alone, in one case, after every escape is undone on both sides: neither
quotation marks, blanks, capitals nor the escapes of JSON, HTML and addresses hide an echo.
"""

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote

WINDOW = 12
"""Bytes of letters and digits in a row, shared with an article, that count as repeated: two words, or four
signs of Chinese."""
KEY_WINDOW = 8
"""The same for what the headers hold."""
SHORTEST = 6
"""Characters from which on a part of a header counts as a secret."""
LONGEST = 300
"""Characters of a server's words that a message shows."""
DEPTH = 5
"""Layers of escapes that are undone."""

_TOLD = frozenset({"model", "messages", "response_format"})
"""Keys of a body that hold nothing of the caller's own, or are seen to apart."""
_HARMLESS = re.compile(r"x-stainless-|accept|content-|user-agent$|host$|connection$", re.IGNORECASE)
_KEY_LIKE = re.compile(r"\b(?:sk|pk|key|org|proj)-[\w*.-]+|\b(?:Bearer|Basic)\s+\S+", re.IGNORECASE)
_OPAQUE = re.compile(r"[A-Za-z0-9+]{20,}")
"""Where there is a digit in it, no word of any language but a name or a code: nobody can tell of what."""
_MASKED = re.compile(r"[*•]{3}|\w(?:\.{3,}|…)\w")
"""In one word: something of which only the beginning and the end are shown."""
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})|((?:\\x[0-9a-f]{2})+)|\\([nrtbf])|\\(.)", re.IGNORECASE)
_NO_LETTER = re.compile(r"[\W_]+")


def redacted(
    words: str, *, sent: bytes, headers: Mapping[str, str], longest: int = LONGEST, window: int = WINDOW
) -> str:
    """``words`` on one line, cut to ``longest``, with `…` for keys, header values and what the body holds.

    ``sent`` is the body of the request, JSON in UTF-8, and ``window`` the bytes in a row that count as repeated
    from it. Escapes in ``words`` are undone.
    """
    line = plain(words[: 6 * longest])[: 2 * longest]
    line = " ".join("…" if _MASKED.search(word) else word for word in line.split(" "))
    line = _without_repeats(_without_headers(line, headers), _texts(sent), window)
    line = _OPAQUE.sub(lambda run: "…" if any(map(str.isdigit, run[0])) else run[0], _KEY_LIKE.sub("…", line))
    return line if len(line) <= longest else line[: longest - 1] + "…"


def repeats(words: str, *, headers: Mapping[str, str], sent: bytes = b"") -> bool:
    """Whether ``words``, such as the name of a model, hold a part of a header, or text of the body ``sent``."""
    line = plain(words)
    return _without_repeats(_without_headers(line, headers), _texts(sent), WINDOW) != line


def plain(words: str) -> str:
    """``words`` on one line, without escapes."""
    return one_line(_unescaped(words))


def one_line(words: str) -> str:
    """``words`` with each run of white space and control characters made one space."""
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())


def _without_headers(line: str, headers: Mapping[str, str]) -> str:
    secrets = _secrets(headers)
    for value in secrets:
        line = re.sub(re.escape(value), "…", line, flags=re.IGNORECASE)
    return _without_repeats(line, secrets, KEY_WINDOW)


def _secrets(headers: Mapping[str, str]) -> list[str]:
    """The header values worth hiding, longest first, and each part of them: a scheme is no secret."""
    values = [value for name, value in headers.items() if not _HARMLESS.match(name)]
    values += [_password(value) for value in values]
    parts = {part for value in values for part in (value, *value.split(), *value.split(":")) if len(part) >= SHORTEST}
    return sorted(parts, key=len, reverse=True)


def _password(value: str) -> str:
    """User and password out of ``value``, where it is a header that holds them."""
    scheme, _, coded = value.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(coded).decode()
    except ValueError:
        return ""


def _texts(sent: bytes) -> list[str]:
    """What nobody may repeat of a body: its texts, but for the names in it, which tell what is wrong."""
    try:
        body = json.loads(sent)
        told = [str(message["content"]) for message in body["messages"]]
        return told + [text for key, value in body.items() if key not in _TOLD for text in _strings(value)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return [sent.decode(errors="replace")]


def _strings(value: object) -> Iterator[str]:
    """The strings in a value of JSON; keys are names."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)


def _without_repeats(line: str, texts: Iterable[str], window: int) -> str:
    """``line`` with `…` for each run of ``window`` letters and digits that one of ``texts`` has, plain or coded.

    It takes a time in proportion to the texts.
    """
    by_char = [_letters(char) for char in line]
    at = [index for index, letters in enumerate(by_char) for _ in letters]
    windows = list(_windows(b"".join(by_char), window))
    if not windows:
        return line
    shared = set(windows).intersection(piece for form in _forms(texts) for piece in _windows(form, window))
    hidden = [False] * len(line)
    for start, letters in enumerate(windows):
        if letters in shared:
            first, end = at[start], at[start + window - 1] + 1
            hidden[first:end] = [True] * (end - first)
    shown = "".join("\0" if hide else char for char, hide in zip(line, hidden, strict=True))
    return re.sub("\0+", "…", shown)


def _forms(texts: Iterable[str]) -> Iterator[bytes]:
    """``texts`` as they are compared: without escapes, and in base64, which begins in one of three ways."""
    for text in texts:
        yield _letters(_unescaped(text))
        for before in range(3):
            coded = base64.b64encode(b" " * before + text.encode(errors="replace"))
            yield _letters(coded.decode())


def _windows(letters: bytes, window: int) -> Iterator[bytes]:
    return (letters[start : start + window] for start in range(len(letters) - window + 1))


def _letters(text: str) -> bytes:
    """The letters and digits of ``text`` in one case, in UTF-8."""
    return _NO_LETTER.sub("", text.casefold()).encode(errors="replace")


def _unescaped(text: str) -> str:
    """``text`` without the escapes of HTML, of addresses, and of JSON and its like, which may lie in layers."""
    for _ in range(DEPTH):
        undone = unquote(html.unescape(_ESCAPE.sub(_meant, text)))
        if undone == text:
            break
        text = undone
    return text


def _meant(escape: re.Match[str]) -> str:
    """What an escape with a backslash stands for."""
    code, octets, blank, char = escape.groups()
    if code:
        return chr(int(code, 16))
    if octets:
        held = bytes.fromhex(re.sub(r"\\x", "", octets, flags=re.IGNORECASE))
        try:
            return held.decode()
        except UnicodeDecodeError:  # characters, not bytes
            return held.decode("latin-1")
    return " " if blank else str(char)
