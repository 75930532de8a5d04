"""Parse a reply: the one JSON value in its text, and the records in that value.

Models think aloud before they answer, fence their answer, repeat it, or leave a comma too many. Each of
these has one possible reading and is accepted. A text with two readings is an error. All of it takes time
in proportion to the reply's length.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar, get_args

from pydantic import ValidationError

from summarizer._patterns import compile_lazily
from summarizer.brief import first_error
from summarizer.verification import ExtractionReply, Problem, ReplyRecord, Text, normalize_keys

RecordT = TypeVar("RecordT", bound=ReplyRecord)

_KINDS: dict[str, type[ReplyRecord]] = {
    key: get_args(field.annotation)[0] for key, field in ExtractionReply.model_fields.items()
}
"""The record types of a reply by key."""
_LISTS = tuple(key for key in _KINDS if key != "gist")
_MAX_WRAPPERS = 3  # lists and objects around a reply
_THOUGHTS = compile_lazily(r"(?:\s*<(think|thinking|thought|reasoning)>.*?</\1>)+", re.DOTALL | re.IGNORECASE)
# The opening tag can be in the prompt's template.
_END_OF_THOUGHT = compile_lazily(r"</(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
_FENCED = compile_lazily(r"```[\w-]*[ \t]*\n(.*?)```", re.DOTALL)
# A string, which is kept, or a comment. "https://" begins no comment; an unclosed one ends with the text.
_COMMENT = compile_lazily(r'"(?:[^"\\]|\\.)*(?:"|\Z|\\\Z)|(?<![A-Za-z]:)//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
_COMMA = compile_lazily(r'"(?:[^"\\]|\\.)*(?:"|\Z|\\\Z)|,(?=\s*[}\]])', re.DOTALL)
_TOKEN = compile_lazily(r'"(?:[^"\\]|\\.)*(?:"|\Z|\\\Z)|[{}\[\]]', re.DOTALL)
_SENTENCES = compile_lazily(r'"sentences"\s*:\s*\[([^\]{}]*)\]')
_OBJECT_START = compile_lazily(r'\{\s*(?:"|\})')  # unlike braces in prose


class AmbiguousJSON(Exception):
    """The text holds no JSON value, or several; the message says which."""


class SameGroup(ReplyRecord):
    """Positions of one holder that make the same claim, or open questions that ask the same."""

    keep: Text
    same: tuple[Text, ...]


class IssueGroup(SameGroup):
    """Issues that are one matter."""

    opposite: tuple[Text, ...]
    """Issues that state the contrary: those who agree with them disagree with ``keep``."""


class GroupingReply(ReplyRecord):
    """A reply to the prompt "group"."""

    issues: tuple[IssueGroup, ...]
    positions: tuple[SameGroup, ...]
    open_questions: tuple[SameGroup, ...]


class CombinedGistReply(ReplyRecord):
    """A reply to the prompt "gist"."""

    text: Text
    rests_on: tuple[Text, ...]


def parse_extraction(text: str) -> tuple[ExtractionReply | None, tuple[Problem, ...]]:
    """Return the valid items of a reply, and a Problem for each invalid one.

    The first value is None if the reply is not a JSON object.
    """
    try:
        value = read_json(text)
    except AmbiguousJSON as error:
        return None, (Problem("reply", text, str(error)),)
    value = _unwrap(value, _KINDS)
    if not isinstance(value, dict):
        return None, (Problem("reply", text, "it must be one JSON object"),)
    value = normalize_keys(value, _KINDS)
    problems = _check_keys(value)
    value = {key: [] if item is None and key != "gist" else item for key, item in value.items()}
    records = {key: _parse_items(value.get(key), key, problems) for key in _KINDS}
    gist = next(iter(records.pop("gist")), None)
    return ExtractionReply.model_validate(records | {"gist": gist}), tuple(problems)


@dataclass(frozen=True, slots=True)
class PartialReply:
    """The complete items of a reply that was cut off."""

    extraction: ExtractionReply
    problems: tuple[Problem, ...]
    has_all_positions: bool
    """Whether the list of positions is complete; questions or gist may be missing."""
    next_sentence: int | None
    """The first sentence of the position that was cut off; None if it is not in the reply."""


def parse_cut_off(text: str) -> PartialReply | None:
    """Return what a reply holds that was cut off after some positions; None if it holds none."""
    bare = _strip_thoughts(text.lstrip("\ufeff"))
    start = _OBJECT_START.search(bare)
    if start is None:
        return None
    end, closing, has_all_positions = _last_complete_item(bare, start.start())
    complete = bare[start.start() : end] + closing
    try:
        value = _unwrap(_DECODER.decode(_strip_comments(complete)), _KINDS)
    except (ValueError, RecursionError, AmbiguousJSON):
        return None
    if not isinstance(value, dict):
        return None
    present = {key: item for key, item in normalize_keys(value, _KINDS).items() if key in _KINDS}
    extraction, problems = parse_extraction(json.dumps({key: [] for key in _LISTS} | present))
    if extraction is None or not extraction.positions:
        return None
    cut = None if has_all_positions else _SENTENCES.search(bare, end)
    numbers = [int(number) for number in re.findall(r"\d{1,6}", cut.group(1))] if cut else []
    return PartialReply(extraction, problems, has_all_positions, min(numbers, default=None))


def _last_complete_item(text: str, start: int) -> tuple[int, str, bool]:
    """Return the end of the last complete object or list of items, the brackets open there, and a third value.

    It is True if the list of positions ends before.
    """
    open_brackets: list[str] = []
    end, closing, has_all_positions, list_key = start, "", False, ""
    for match in _TOKEN.finditer(text, start):
        mark = match.group()
        if mark in "{[":
            open_brackets.append("}" if mark == "{" else "]")
            continue
        if mark not in "}]":
            list_key = list_key if "]" in open_brackets else mark.strip('"').casefold()
            continue
        if not open_brackets or open_brackets.pop() != mark:
            break
        is_list = mark == "]" and "]" not in open_brackets and list_key in _LISTS
        if mark == "}" or is_list:
            end, closing = match.end(), "".join(reversed(open_brackets))
            has_all_positions |= is_list and list_key == "positions"
        if not open_brackets:
            break
    return end, closing, has_all_positions


def parse_record(kind: type[RecordT], text: str) -> tuple[RecordT | None, str]:
    """Return the record that a reply holds, or None and the problem."""
    try:
        return kind.model_validate(_unwrap(read_json(text), kind.model_fields)), ""
    except AmbiguousJSON as error:
        return None, f"reply: {error}"
    except ValidationError as error:
        return None, ": ".join(filter(None, first_error(error)))


def _unwrap(value: Any, keys: Collection[str]) -> Any:
    """Return the object in a list of one, or under the only key that holds an object; else ``value`` itself."""
    for _ in range(_MAX_WRAPPERS):
        if isinstance(value, list) and len(value) == 1:
            inner = value
        elif isinstance(value, dict) and normalize_keys(value, keys).keys().isdisjoint(keys):
            inner = [item for item in value.values() if isinstance(item, dict | list)]
        else:
            break
        if len(inner) != 1:
            break
        value = inner[0]
    return value


def _check_keys(value: Mapping[str, Any]) -> list[Problem]:
    """Return a problem for each unknown key that may mean a missing one, or repeats a known one."""
    missing = [key for key in _LISTS if key not in value]
    names = {key.casefold() for key in _KINDS}
    return [
        Problem("reply", key, "this key is not asked for")
        for key in value
        if key not in _KINDS and (missing or key.casefold() in names)
    ]


def _parse_items(items: Any, key: str, problems: list[Problem]) -> tuple[ReplyRecord, ...]:
    """Return the valid items under a key, and add a Problem for each invalid one."""
    if key == "gist":
        items = [] if items is None else [items]
    elif not isinstance(items, list):
        problems.append(Problem("reply", key, "this key must be there, and hold a list"))
        return ()
    records = []
    for item in items:
        try:
            records.append(_KINDS[key].model_validate(item))
        except ValidationError as error:
            what, reason = key.removesuffix("s").replace("_", " "), ": ".join(filter(None, first_error(error)))
            problems.append(Problem(what, json.dumps(item, ensure_ascii=False), reason))
    return tuple(records)


def read_json(text: str) -> Any:
    """Return the JSON value that ``text`` holds, else raise AmbiguousJSON."""
    bare = _strip_thoughts(text.lstrip("\ufeff")).strip()
    values = _load(bare) or [
        *(value for block in _FENCED.findall(bare) for value in _load(block)),
        *_objects(_strip_comments(_FENCED.sub("", bare))),
    ]
    if not values:
        try:
            json.loads(bare, strict=False)
        except (ValueError, RecursionError) as error:
            raise AmbiguousJSON(_describe(error)) from None
    if len(values) > 1 and len({json.dumps(value, sort_keys=True) for value in values}) > 1:
        raise AmbiguousJSON("it holds several JSON values that differ")
    return values[0]


def _strip_thoughts(text: str) -> str:
    if match := _THOUGHTS.match(text):
        return text[match.end() :]
    end = None if text.lstrip()[:1] in ("{", "[") else _END_OF_THOUGHT.search(text)  # else the tag is in a string
    return text[end.end() :] if end else text


def _load(text: str) -> list[Any]:
    """Return the value if all of ``text`` is JSON, with or without comments and trailing commas; else an empty list."""
    for clean in (str, _strip_comments):
        with suppress(ValueError, RecursionError):
            return [_DECODER.decode(clean(text))]
    return []


def _objects(text: str) -> Iterator[Any]:
    """Yield the JSON objects in a text, with or without prose between them."""
    start = _OBJECT_START.search(text)
    while start:
        try:
            value, end = _DECODER.raw_decode(text, start.start())
        except (ValueError, RecursionError) as error:
            raise AmbiguousJSON(_describe(error)) from error
        yield value
        start = _OBJECT_START.search(text, end)


def _strip_comments(text: str) -> str:
    """Remove comments, and commas before closing brackets."""
    return _COMMA.sub(_keep_string, _COMMENT.sub(_keep_string, text))


def _keep_string(match: re.Match[str]) -> str:
    return match.group() if match.group().startswith('"') else ""


def _make_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        raise AmbiguousJSON("an object in it has one of its keys twice")
    return result


# Line feeds in strings should be escaped; unescaped ones are unambiguous.
_DECODER = json.JSONDecoder(object_pairs_hook=_make_object, strict=False)


def _describe(error: Exception) -> str:
    reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
    return f"it is not JSON ({reason})"
