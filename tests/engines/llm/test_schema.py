"""The JSON schemas of replies match the reply types."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from summarizer.engines.llm.parsing import CombinedGistReply, GroupingReply
from summarizer.engines.llm.prompts import load_prompts, load_schema
from summarizer.verification import ExtractionReply, ReplyRecord


def strict_schema(record: type[ReplyRecord]) -> dict[str, Any]:
    """Return a record's JSON schema in the subset of strict structured output.

    The subset (platform.openai.com/docs/guides/structured-outputs) requires every property, closes objects and
    has no defaults. References and titles are left out as well: many servers know neither.
    """
    schema = record.model_json_schema()
    definitions = schema.pop("$defs", {})

    def plain(node: Any) -> Any:
        if isinstance(node, list):
            return [plain(item) for item in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            return plain(definitions[node["$ref"].rpartition("/")[2]])
        return {
            key: {name: plain(each) for name, each in value.items()} if key == "properties" else plain(value)
            for key, value in node.items()
            if key not in ("title", "description")
        }

    return dict(plain(schema))


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from nodes(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from nodes(value)


@pytest.mark.parametrize(
    ("name", "record"), [("extract", ExtractionReply), ("group", GroupingReply), ("gist", CombinedGistReply)]
)
def test_schema_files_are_those_of_the_wire_types(name: str, record: type[ReplyRecord]) -> None:
    assert load_schema(name) == strict_schema(record)


def test_schema_file_gives_the_fields_in_the_order_of_thought() -> None:
    assert json.dumps(load_schema()) == json.dumps(strict_schema(ExtractionReply))
    assert list(load_schema()["properties"]) == ["holders", "issues", "positions", "open_questions", "gist"]


def test_every_object_is_closed_and_requires_all_its_fields() -> None:
    objects = [node for node in nodes(load_schema()) if node.get("type") == "object"]
    assert objects
    for node in objects:
        assert node["additionalProperties"] is False
        assert node["required"] == list(node["properties"])


@pytest.mark.parametrize("keyword", ["$ref", "oneOf", "allOf", "default", "pattern", "minItems", "title", "$defs"])
def test_schema_uses_no_keyword_that_strict_servers_refuse(keyword: str) -> None:
    assert not [node for node in nodes(load_schema()) if keyword in node]


def test_sound_reply_fits_the_schema_and_the_wire_types(sound: dict[str, Any]) -> None:
    jsonschema.validate(sound, dict(load_schema()))
    ExtractionReply.model_validate(sound)


def test_prompt_tells_every_field_and_every_choice() -> None:
    prompt = "\n".join(template.template for _, template in load_prompts()["extract"].messages)
    for node in nodes(load_schema()):
        for name in (*node.get("properties", ()), *node.get("enum", ())):
            assert f'"{name}"' in prompt
