"""The one JSON value that a reply holds, where it can be read in one way only.

Models think aloud before they answer, fence their answer, say it twice, or leave a comma too many.
Each of these has one possible reading, and is read so; whatever has two is an error. All of it takes
time in proportion to the reply's length.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

_THOUGHTS = re.compile(r"(?:\s*<(think|thinking|thought|reasoning)>.*?</\1>)+", re.DOTALL | re.IGNORECASE)
# Its beginning is in the prompt's template.
_LAST_THOUGHT = re.compile(r"</(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
_FENCED = re.compile(r"```[\w-]*[ \t]*\n(.*?)```", re.DOTALL)
# A string, which is left alone, or a comment, which an address in the prose is not; what does not end, ends with
# the text.
_COMMENT = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z|\\\Z)|(?<![A-Za-z]:)//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
_COMMA = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z|\\\Z)|,(?=\s*[}\]])', re.DOTALL)
_BEGINNING = re.compile(r'\{\s*(?:"|\})')  # of a JSON object, unlike braces in prose


class AmbiguousJSON(ValueError):
    """The text holds no JSON value, or more than one; the message says which."""


def read_json(text: str) -> Any:
    """The JSON value that ``text`` holds.

    Raises:
        NotOneValue: there is none, several that differ, or an object with a key twice.
    """
    bare = _without_thoughts(text.lstrip("\ufeff")).strip()
    values = list(_values(bare))
    if not values:
        raise AmbiguousJSON(_why_not(bare))
    if len(values) > 1 and len({json.dumps(value, sort_keys=True) for value in values}) > 1:
        raise AmbiguousJSON("it holds several JSON values that differ")
    return values[0]


def _without_thoughts(text: str) -> str:
    if match := _THOUGHTS.match(text):
        return text[match.end() :]
    end = None if text.lstrip()[:1] in ("{", "[") else _LAST_THOUGHT.search(text)  # else it stands in a string
    return text[end.end() :] if end else text


_NOTHING = object()


def _values(text: str) -> Iterator[Any]:
    """The whole text if it is JSON; else what its fences hold, and the objects that stand in the rest of it."""
    whole = _loaded(text)
    if whole is not _NOTHING:
        yield whole
        return
    yield from (value for block in _FENCED.findall(text) if (value := _loaded(block)) is not _NOTHING)
    yield from _objects(_without_strays(_FENCED.sub("", text)))


def _loaded(text: str) -> Any:
    """The value that is all of ``text``, with or without what strays in it."""
    for each in (text, _without_strays(text)):
        try:
            return _DECODER.decode(each)
        except AmbiguousJSON:
            raise
        except (ValueError, RecursionError):
            continue
    return _NOTHING


def _objects(text: str) -> Iterator[Any]:
    """The JSON objects in a text, one after the other, whatever prose stands between them.

    Raises:
        NotOneValue: one begins that does not end, or is broken within.
    """
    beginning = _BEGINNING.search(text)
    while beginning:
        try:
            value, end = _DECODER.raw_decode(text, beginning.start())
        except AmbiguousJSON:
            raise
        except (ValueError, RecursionError) as error:
            raise AmbiguousJSON(f"it is not JSON ({_told(error)})") from error
        yield value
        beginning = _BEGINNING.search(text, end)


def _without_strays(text: str) -> str:
    """``text`` without comments, and without commas before closing brackets."""
    return _COMMA.sub(_kept, _COMMENT.sub(_kept, text))


def _kept(match: re.Match[str]) -> str:
    return match.group() if match.group().startswith('"') else ""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise AmbiguousJSON("an object in it has one of its keys twice")
    return made


# Line feeds in strings ought to be escaped; where they are not, it is still plain what is meant.
_DECODER = json.JSONDecoder(object_pairs_hook=_object, strict=False)


def _why_not(text: str) -> str:
    try:
        json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        return f"it is not JSON ({_told(error)})"
    return "it is not JSON"


def _told(error: Exception) -> str:
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
