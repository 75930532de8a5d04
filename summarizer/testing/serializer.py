"""Serialize cassettes as YAML that people can review: JSON as YAML, long text in blocks, plain UTF-8.

`summarizer.testing.configure_vcr` registers this module instead of vcrpy's "yaml". It also reads files in that format.
"""

import json
import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import yaml
from vcr.serializers import yamlserializer  # type: ignore[import-untyped]

from summarizer._records import PlainDumper

_LAYOUTS: Mapping[str, Callable[[Any], str]] = {
    "compact_json": partial(json.dumps, ensure_ascii=False, separators=(",", ":")),
    "spaced_json": partial(json.dumps, ensure_ascii=False),
    "compact_ascii_json": partial(json.dumps, separators=(",", ":")),
    "spaced_ascii_json": json.dumps,
}
"""Ways to write JSON on one line. Each is a key of the file, with the value below it."""
_MIN_CHARS = 80  # of JSON within JSON; shorter strings are readable as they are
_MAX_DEPTH = 50
_LINE_BREAKS = ("\r", "\x85", "\u2028", "\u2029")  # YAML would read them as "\n"


def serialize(cassette: Mapping[str, Any]) -> str:
    """Return the text of a cassette file; `deserialize` returns the bodies unchanged."""
    interactions = [_map_bodies(interaction, _unfold) for interaction in cassette["interactions"]]
    content = {**cassette, "interactions": interactions}
    text = yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=math.inf)
    if deserialize(text) != cassette:
        return str(yamlserializer.serialize(cassette))  # not readable, but exact
    return str(text)


def deserialize(text: str) -> Any:
    """Return the content of a cassette file as vcrpy expects it, with bodies as strings or bytes."""
    cassette = yamlserializer.deserialize(text)
    if isinstance(cassette, dict) and isinstance(cassette.get("interactions"), list):
        cassette["interactions"] = [_map_bodies(interaction, _fold) for interaction in cassette["interactions"]]
    return cassette


def _map_bodies(interaction: Mapping[str, Any], change: Callable[[Any], Any]) -> dict[str, Any]:
    """Return a copy of an interaction with ``change`` applied to its two bodies."""
    request, response = interaction["request"], interaction["response"]
    body = response["body"]
    if isinstance(body, dict) and "string" in body:
        body = body | {"string": change(body["string"])}
    request = request | {"body": change(request["body"])}
    return {**interaction, "request": request, "response": {**response, "body": body}}


def _unfold(value: Any, depth: int = 0) -> Any:
    """Replace JSON texts by ``{layout: value}``, within each other too."""
    if isinstance(value, str):
        if depth and len(value) < _MIN_CHARS:
            return value
        layout, parsed = _parse(value)
        return {layout: _unfold(parsed, depth + 1)} if layout else value
    if isinstance(value, dict):
        return {name: _unfold(member, depth + 1) for name, member in value.items()}
    if isinstance(value, list):
        return [_unfold(item, depth + 1) for item in value]
    return value


def _fold(value: Any) -> Any:
    """Undo `_unfold`."""
    if isinstance(value, dict):
        if len(value) == 1 and (layout := next(iter(value))) in _LAYOUTS:
            return _LAYOUTS[layout](_fold(value[layout]))
        return {name: _fold(member) for name, member in value.items()}
    return [_fold(item) for item in value] if isinstance(value, list) else value


def _parse(text: str) -> tuple[str | None, Any]:
    """Return the layout and the value of a JSON object or list; no layout if the text is anything else."""
    if text[:1] not in ("{", "["):
        return None, None
    try:
        value = json.loads(text)
        layout = next((name for name, write in _LAYOUTS.items() if write(value) == text), None)
        _LAYOUTS["compact_json"](value).encode()  # YAML has no lone surrogates
    except (ValueError, RecursionError):
        return None, None
    return (layout, value) if _is_plain(value) else (None, None)


def _is_plain(value: Any, depth: int = _MAX_DEPTH) -> bool:
    """Return whether all numbers are finite and the nesting is not deeper than ``depth``."""
    if isinstance(value, float):
        return math.isfinite(value)
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return depth > 0 and all(_is_plain(part, depth - 1) for part in parts)


class _Dumper(PlainDumper):
    """Write text of several lines in blocks, and short lists of scalars on one line."""


def _represent_str(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = '"' if any(mark in text for mark in _LINE_BREAKS) else "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _represent_list(dumper: yaml.SafeDumper, items: list[Any]) -> yaml.SequenceNode:
    is_short = not any(isinstance(item, dict | list) for item in items) and len(str(items)) < _MIN_CHARS
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=is_short)


_Dumper.add_representer(str, _represent_str)
_Dumper.add_representer(list, _represent_list)
