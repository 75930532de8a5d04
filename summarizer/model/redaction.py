"""A server's words without what it was sent: no key and no article may reach a message."""

import json
import re
from collections.abc import Iterable, Mapping

WINDOW = 12
"""Characters in a row, shared with what was sent, that count as repeated: two words or so."""
LONGEST = 300
"""Characters of a server's words that a message shows."""

_HARMLESS = re.compile(r"x-stainless-|accept|content-|user-agent$|host$|connection$", re.IGNORECASE)
_KEY_LIKE = re.compile(r"\b(?:sk|pk|key|org|proj)-[\w*.-]+|\b(?:Bearer|Basic)\s+\S+", re.IGNORECASE)


def redacted(words: str, *, sent: bytes, headers: Mapping[str, str], longest: int = LONGEST) -> str:
    """``words`` on one line, cut to ``longest``, with `…` for keys, header values and what the body holds.

    ``sent`` is the body of the request, JSON in UTF-8.
    """
    line = one_line(words)[: 2 * longest]
    for value in _secrets(headers):
        line = line.replace(value, "…")
    line = _without_repeats(_KEY_LIKE.sub("…", line), _as_echoed(sent))
    return line if len(line) <= longest else line[: longest - 1] + "…"


def one_line(words: str) -> str:
    """``words`` with each run of white space and control characters made one space."""
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())


def _secrets(headers: Mapping[str, str]) -> list[str]:
    """The header values worth hiding, longest first, and each part of them: a scheme is no secret."""
    values = [value for name, value in headers.items() if not _HARMLESS.match(name)]
    parts = {part for value in values for part in (value, *value.split()) if len(part) >= 6}
    return sorted(parts, key=len, reverse=True)


def _as_echoed(sent: bytes) -> str:
    """All the text of the messages in the forms in which servers repeat it: plain, escaped, as a repr."""
    try:
        body = json.loads(sent)
        texts = [str(message["content"]) for message in body["messages"]]
    except (ValueError, KeyError, TypeError):
        texts = [sent.decode(errors="replace")]
    forms: Iterable[str] = (form for text in texts for form in (text, json.dumps(text), repr(text)))
    return "\n".join(one_line(form) for form in forms).casefold()


def _without_repeats(line: str, sent: str) -> str:
    hidden = [False] * len(line)
    for start in range(len(line) - WINDOW + 1):
        if line[start : start + WINDOW].casefold() in sent:
            hidden[start : start + WINDOW] = [True] * WINDOW
    shown = "".join("\0" if hide else char for char, hide in zip(line, hidden, strict=True))
    return re.sub("\0+", "…", shown)
