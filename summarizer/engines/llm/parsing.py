"""From a reply's text to an Extraction: item by item, so that one bad item costs no other."""

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import ValidationError

from summarizer.engines.llm.json_parsing import AmbiguousJSON, read_json
from summarizer.verification.findings import Problem
from summarizer.verification.reply_types import (
    ExtractionReply,
    GistReply,
    HolderReply,
    IssueReply,
    PositionReply,
    QuestionReply,
    ReplyRecord,
)

RecordT = TypeVar("RecordT", bound=ReplyRecord)

_KEYS = frozenset(
    name
    for record in (ExtractionReply, GistReply, HolderReply, IssueReply, PositionReply, QuestionReply)
    for name in record.model_fields
)


@lru_cache(maxsize=8)  # a reply is looked at twice: for its shape, and for what it claims
def parse(text: str) -> tuple[ExtractionReply | None, tuple[Problem, ...]]:
    """What a reply says, as far as it fits the schema, and a Problem for whatever does not.

    Nothing at all comes of a reply that is no JSON object: the Extraction is then none.
    """
    try:
        value = read_json(text)
    except AmbiguousJSON as error:
        return None, (Problem("reply", text, str(error)),)
    if not isinstance(value, dict):
        return None, (Problem("reply", text, "it must be one JSON object"),)
    value = _keys_as_asked(value)
    problems = [
        Problem("reply", name, "this key is not asked for") for name in value.keys() - ExtractionReply.model_fields
    ]
    extraction = ExtractionReply(
        holders=tuple(_items(value, "holders", HolderReply, problems)),
        issues=tuple(_items(value, "issues", IssueReply, problems)),
        positions=tuple(_items(value, "positions", PositionReply, problems)),
        open_questions=tuple(_items(value, "open_questions", QuestionReply, problems)),
        gist=None if value.get("gist") is None else _item(value["gist"], "gist", GistReply, problems),
    )
    return extraction, tuple(problems)


def fits(text: str) -> bool:
    """Whether a reply is JSON of the shape that was asked for, whatever it claims."""
    extraction, problems = parse(text)
    return extraction is not None and not problems


def _keys_as_asked(value: dict[str, Any]) -> dict[str, Any]:
    """The same with keys that differ from the schema's in case or hyphens only written as asked."""
    if value.keys() <= _KEYS:
        return value
    plain = {key: re.sub(r"[\s-]", "_", key).lower() for key in value}
    renamed = {key: name if name in _KEYS else key for key, name in plain.items()}
    if len(set(renamed.values())) < len(renamed):
        return value  # two keys would become one: which of them is meant?
    return {renamed[key]: item for key, item in value.items()}


def _items(value: dict[str, Any], key: str, kind: type[RecordT], problems: list[Problem]) -> Iterable[RecordT]:
    items = value.get(key)
    if not isinstance(items, list):
        problems.append(Problem("reply", key, "this key must be there, and hold a list"))
        return
    for item in items:
        if record := _item(item, key.removesuffix("s").replace("_", " "), kind, problems):
            yield record


def _item(item: Any, what: str, kind: type[RecordT], problems: list[Problem]) -> RecordT | None:
    try:
        return kind.model_validate(_keys_as_asked(item) if isinstance(item, dict) else item)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        problems.append(Problem(what, json.dumps(item, ensure_ascii=False), f"{where}: {first['msg']}".lstrip(": ")))
        return None
