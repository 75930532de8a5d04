"""The types of a model's reply to the prompt "extract"; its content is not verified.

The order of the fields guides the model: the holders, the issues, then for each position the sentences before the
statement. All fields are required, as strict schemas demand; a missing value is ``null`` or empty.
"""

import re
from collections.abc import Collection, Mapping
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from summarizer._text import replace_surrogates, strip_invisible
from summarizer.brief import Certainty, HolderKind, IssueKind, QuestionOrigin, Stance


def _stripped(value: object) -> object:
    """Clean a string: models add blanks, write "" for null, and split emoji."""
    return (strip_invisible(replace_surrogates(value)).strip() or None) if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(_stripped)]
"""A cleaned text."""
OptionalText = Annotated[str | None, BeforeValidator(_stripped)]
"""A cleaned text, or null."""


MAX_RANGE = 20
"""Sentences that one string such as "3-5" can name."""


class ReplyRecord(BaseModel):
    """Base class of all reply types: a closed object.

    What has one reading only is accepted: a key or a choice in other case, a number as a string, one item without its
    list. A missing value that can be null is null. A key too many is left out if no other key is missing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _read_leniently(cls, value: Any) -> Any:
        return cls._normalize(normalize_keys(value, cls.model_fields)) if isinstance(value, dict) else value

    @classmethod
    def _normalize(cls, value: Mapping[str, Any]) -> dict[str, Any]:
        fields = _types_of(cls)
        known = {name: _read_value(item, *fields[name]) for name, item in value.items() if name in fields}
        unknown = {name: item for name, item in value.items() if name not in fields}
        absent = [name for name in fields if name not in known]
        if any(_plain(name) in map(_plain, fields) for name in unknown):
            return known | unknown  # one key twice, in two spellings
        if unknown and absent:
            return known | unknown  # one of them may be meant by the other
        return known | dict.fromkeys((name for name in absent if type(None) in fields[name][1]), None)


def normalize_keys(value: Mapping[str, Any], known: Collection[str]) -> dict[str, Any]:
    """Replace keys that differ from known ones in case and punctuation only."""
    if value.keys() <= set(known):
        return dict(value)
    names = {_plain(name): name for name in known}
    renamed = {key: names.get(_plain(key), key) for key in value}
    if len(set(renamed.values())) < len(renamed):
        return dict(value)  # two keys would become one, and neither has precedence
    return {renamed[key]: item for key, item in value.items()}


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name).casefold()


@cache
def _types_of(record: type[ReplyRecord]) -> dict[str, tuple[Any, tuple[Any, ...]]]:
    """Return the origin and the arguments of the type of each field."""
    types = {name: field.annotation for name, field in record.model_fields.items()}
    return {name: (get_origin(annotation), get_args(annotation)) for name, annotation in types.items()}


def _read_value(value: Any, kind: Any, arguments: tuple[Any, ...]) -> Any:
    """Return a value in the form that its field's type has, if there is one reading only."""
    if kind is Literal and isinstance(value, str):
        return next((choice for choice in arguments if _choice(choice) == _choice(value)), value)
    if kind is not tuple:
        return value
    if value is None:
        return []
    items = value if isinstance(value, list | tuple) else [value]
    return [number for item in items for number in _read_numbers(item)] if arguments[0] is int else items


def _choice(word: str) -> str:
    """Return a choice without case, punctuation, American spelling, and the ending of a verb."""
    return _plain(word).replace("z", "s").removesuffix("s")


def _read_numbers(value: Any) -> list[Any]:
    """Return the numbers in a string such as "[2]", "2, 3" or "2-4"; another value as it is."""
    if isinstance(value, bool):
        return [str(value)]  # no number, and pydantic would take it for one
    if not isinstance(value, str):
        return [value]
    if found := re.fullmatch(r"\[?(\d{1,6})\]?\s*[-\u2013]\s*\[?(\d{1,6})\]?", value.strip()):
        first, last = map(int, found.groups())
        return list(range(first, last + 1)) if first <= last < first + MAX_RANGE else [value]
    parts = re.split(r"\s*,\s*", value.strip().strip("[]"))
    return [int(part) for part in parts] if all(re.fullmatch(r"\d{1,6}", part) for part in parts) else [value]


class HolderReply(ReplyRecord):
    """A holder of positions."""

    id: Text
    name: OptionalText
    kind: HolderKind
    role: OptionalText
    affiliation: OptionalText


class IssueReply(ReplyRecord):
    """A matter that holders take stances on."""

    id: Text
    proposition: Text
    kind: IssueKind


class PositionReply(ReplyRecord):
    """A position of one or more holders."""

    sentences: tuple[int, ...]
    holders: tuple[Text, ...]
    reported_by: OptionalText
    statement: Text
    issue: OptionalText
    stance: Stance
    certainty: Certainty


class QuestionReply(ReplyRecord):
    """A question that the article leaves open."""

    sentences: tuple[int, ...]
    question: Text
    origin: QuestionOrigin
    raised_by: tuple[Text, ...]


class GistReply(ReplyRecord):
    """The article in one to three sentences."""

    sentences: tuple[int, ...]
    text: Text


class ExtractionReply(ReplyRecord):
    """A parsed reply."""

    holders: tuple[HolderReply, ...]
    issues: tuple[IssueReply, ...]
    positions: tuple[PositionReply, ...]
    open_questions: tuple[QuestionReply, ...]
    gist: GistReply | None
