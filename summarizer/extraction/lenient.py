"""The one JSON value that a reply holds, where it can be read in one way only.

Models think aloud before they answer, fence their answer, say it twice, or leave a comma too many.
Each of these has one possible reading, and is read so; whatever has two is an error.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

_THOUGHT = re.compile(r"^\s*<(think|thinking|reasoning)>.*?</\1>", re.DOTALL)
_FENCED = re.compile(r"```[\w-]*\s*\n(.*?)```", re.DOTALL)
# A string, which is left alone, or what JSON does not know: a comment, a comma before a closing bracket.
_STRAY = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*|/\*.*?\*/|,(?=\s*(?:(?://[^\n]*|/\*.*?\*/)\s*)*[}\]])', re.DOTALL)


class NotOneValue(ValueError):
    """The text holds no JSON value, or more than one; the message says which."""


def read_json(text: str) -> Any:
    """The JSON value that ``text`` holds.

    Raises:
        NotOneValue: there is none, several that differ, or an object with a key twice.
    """
    bare = _THOUGHT.sub("", text.lstrip("\ufeff")).strip()
    values = list(_values(bare))
    if not values:
        raise NotOneValue(_why_not(bare))
    if any(value != values[0] for value in values[1:]):
        raise NotOneValue("it holds several JSON values that differ")
    return values[0]


def _values(text: str) -> Iterator[Any]:
    """The whole text if it is JSON; else what its fences hold; else the objects that stand in it."""
    whole = _loaded(text)
    if whole is not _NOTHING:
        yield whole
        return
    fenced = [value for block in _FENCED.findall(text) if (value := _loaded(block)) is not _NOTHING]
    yield from fenced or _objects(_without_strays(text))


_NOTHING = object()


def _loaded(text: str) -> Any:
    for attempt in (text, _without_strays(text)):
        try:
            return json.loads(attempt, object_pairs_hook=_object)
        except NotOneValue:
            raise
        except (ValueError, RecursionError):
            continue
    return _NOTHING


def _objects(text: str) -> Iterator[Any]:
    """The JSON objects in a text, one after the other, whatever stands between them."""
    decoder = json.JSONDecoder(object_pairs_hook=_object)
    at = text.find("{")
    while at >= 0:
        try:
            value, end = decoder.raw_decode(text, at)
        except NotOneValue:
            raise
        except (ValueError, RecursionError):
            return  # cut off, or broken within: what lies deeper is not what was asked for
        yield value
        at = text.find("{", end)


def _without_strays(text: str) -> str:
    return _STRAY.sub(lambda match: match.group() if match.group().startswith('"') else "", text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise NotOneValue(f"the key {twice!r} stands twice in one object")
    return made


def _why_not(text: str) -> str:
    try:
        json.loads(text)
    except (ValueError, RecursionError) as error:
        return f"it is not JSON ({error})"
    return "it is not JSON"
