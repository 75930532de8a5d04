"""How a server is spoken to: what it takes of what a request could hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from summarizer._text import replace_surrogates
from summarizer.models.base import OutputForm, Request
from summarizer.models.options import Parameters

FORMS: tuple[OutputForm, ...] = get_args(OutputForm)
"""The forms of output, the strictest first."""
LimitName = Literal["max_tokens", "max_completion_tokens"]

_PLAIN = frozenset({"type", "description", "enum", "required"})
"""Keywords that a plain schema keeps as they are; those that hold schemas are seen to one by one."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a server was found to take. It starts with all that there is; refusals take from it."""

    form: OutputForm = "json_schema"
    strict: bool = True
    """Whether ``strict`` stands in the form json_schema."""
    plain: bool = False
    """Whether the schema is sent in its plainest form."""
    beside: bool = True
    """Whether the schema stands beside the type in the form json_object."""
    limit: LimitName = "max_tokens"
    """What the server calls the limit of a reply's tokens."""
    limit_exchanged: bool = False
    """Whether ``limit`` is already the other name."""
    unused: frozenset[str] = frozenset()
    """Parameters that are left out, by the names of `Parameters`."""


def request_body(
    model: str, request: Request, dialect: Dialect = Dialect(), parameters: Parameters = Parameters()
) -> dict[str, Any]:
    """The keywords of a chat completion; the same, to the byte, for the same arguments.

    Without parameters there is neither a temperature nor a limit of tokens in it: reasoning models
    refuse the one, and servers differ in what they call the other.
    """
    body: dict[str, Any] = {
        "model": model,
        "messages": [{"role": m.role, "content": replace_surrogates(m.content)} for m in request.messages],
    }
    form = _response_format(request, dialect)
    if form is not None:
        body["response_format"] = form
    return body | _parameters(dialect, parameters)


def _response_format(request: Request, dialect: Dialect) -> dict[str, Any] | None:
    schema = plain_schema(request.schema) if dialect.plain else dict(request.schema)
    match dialect.form:
        case "json_schema":
            # Strict means closed objects, which a plain schema has not: OpenAI would refuse the two together.
            strict = {"strict": True} if dialect.strict and not dialect.plain else {}
            return {"type": "json_schema", "json_schema": {"name": request.schema_name, **strict, "schema": schema}}
        case "json_object":
            return {"type": "json_object"} | ({"schema": schema} if dialect.beside else {})
        case "text":
            return None


def _parameters(dialect: Dialect, parameters: Parameters) -> dict[str, Any]:
    given: dict[str, Any] = {"temperature": parameters.temperature, "seed": parameters.seed}
    if "max_tokens" not in dialect.unused:
        given[dialect.limit] = parameters.max_tokens
    body = {name: value for name, value in given.items() if value is not None and name not in dialect.unused}
    extra = {name: value for name, value in parameters.extra_body.items() if name not in dialect.unused}
    return body | ({"extra_body": extra} if extra else {})


def plain_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """``schema`` with nothing but types, properties, items, choices and what is required.

    References are put in place (one that leads back to itself becomes a schema that takes anything);
    patterns, bounds, formats, closedness and titles go.
    """
    return _plain(schema, {**schema.get("$defs", {}), **schema.get("definitions", {})}, ())


def _plain(schema: object, named: Mapping[str, Any], within: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(schema, Mapping):  # true and false are schemas too
        return {}
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        return {} if name in within else _plain(named.get(name), named, (*within, name))
    plain: dict[str, Any] = {}
    for key, value in schema.items():
        if key in _PLAIN:
            plain[key] = value
        elif key == "const":
            plain["enum"] = [value]
        elif key == "properties":
            plain[key] = {name: _plain(each, named, within) for name, each in value.items()}
        elif key == "items":
            plain[key] = _plain(value, named, within)
        elif key in ("anyOf", "oneOf"):
            plain["anyOf"] = [_plain(each, named, within) for each in value]
    return plain
