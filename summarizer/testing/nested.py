"""JSON that stands as a text in JSON, as replies to a schema do: in a cassette it is shown as what it says."""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from summarizer.testing.readable import Whole

DEEPEST = 50
"""Levels of JSON that are kept as a value; deeper ones are kept as text."""
_SHORT = 80
"""Characters up to which a text of JSON reads well as it is."""
_LAYOUTS: Mapping[str, Callable[[Any], str]] = {
    "compact": partial(json.dumps, ensure_ascii=False, separators=(",", ":")),
    "spaced": partial(json.dumps, ensure_ascii=False),
    "compact ASCII": partial(json.dumps, separators=(",", ":")),
    "spaced ASCII": json.dumps,
}
"""How JSON is written on one line. What is written otherwise stays the text that it is."""


def unfolded(body: Any) -> tuple[Any, dict[str, str]]:
    """``body`` with the JSON objects in its texts as values, and where they stand: JSON pointers (RFC 6901), each with
    the layout that gives the same text back, to the letter.
    """
    found: dict[str, str] = {}

    def unfold(value: Any, pointer: str, depth: int) -> Any:
        if isinstance(value, str) and (layout := _layout(value, depth)):
            found[pointer] = layout
            return Whole(json.loads(value))
        if isinstance(value, dict):
            return {name: unfold(each, f"{pointer}/{_escaped(name)}", depth - 1) for name, each in value.items()}
        if isinstance(value, list):
            return [unfold(each, f"{pointer}/{number}", depth - 1) for number, each in enumerate(value)]
        return value

    return unfold(body, "", DEEPEST), found


def normalize(body: Any, layouts: Mapping[str, str]) -> Any:
    """What `unfolded` made ``body`` and ``layouts`` of.

    Raises:
        ValueError: it has made no such thing.
    """
    try:
        for pointer, layout in layouts.items():
            body = _changed(body, pointer.split("/")[1:], _LAYOUTS[layout])
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        raise ValueError(f"its texts of JSON are not where they are said to be ({error!r})") from error
    return body


def plain(value: object, depth: int = DEEPEST) -> bool:
    """Whether all numbers are finite, and no more than ``depth`` levels lie in one another."""
    if isinstance(value, float):
        return math.isfinite(value)
    return not isinstance(value, dict | list) or (depth > 0 and all(plain(each, depth - 1) for each in _parts(value)))


def _parts(value: dict[str, Any] | list[Any]) -> Iterator[Any]:
    yield from value.values() if isinstance(value, dict) else value


def _layout(text: str, depth: int) -> str | None:
    """The layout in which ``text`` is a JSON object; None where there is none, or where it is as well left a text."""
    if len(text) <= _SHORT or text[:1] != "{" or "\n" in text:
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not plain(value, depth):
        return None
    return next((name for name, write in _LAYOUTS.items() if write(value) == text), None)


def _changed(value: Any, path: list[str], change: Callable[[Any], Any]) -> Any:
    """``value`` with what ``change`` makes of its part at ``path``."""
    if not path:
        return change(value)
    step, *rest = path
    if isinstance(value, list):
        at = range(len(value))[int(step)]
        return [*value[:at], _changed(value[at], rest, change), *value[at + 1 :]]
    name = step.replace("~1", "/").replace("~0", "~")
    return {**value, name: _changed(value[name], rest, change)}


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
