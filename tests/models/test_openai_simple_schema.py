"""A simplified schema keeps the shape of a reply."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from summarizer.models.openai.capabilities import simplify_schema

PLAIN = {"type", "description", "enum", "required", "properties", "items", "anyOf"}
leaves = st.fixed_dictionaries(
    {"type": st.sampled_from(["string", "integer", "boolean", "null"])},
    optional={"pattern": st.just("^a"), "minimum": st.just(1), "format": st.just("date"), "title": st.just("T")},
)
schemas = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(lambda of: {"type": "array", "items": of, "minItems": 1, "uniqueItems": True}, inner),
        st.builds(lambda of: {"oneOf": of}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(
            lambda of: {"type": "object", "properties": of, "required": [*of], "additionalProperties": False},
            st.dictionaries(st.sampled_from(["pattern", "title", "items", "name"]), inner, max_size=3),
        ),
    ),
    max_leaves=8,
)


def keywords(schema: dict[str, Any]) -> set[str]:
    """Return the keywords of a schema and its subschemas, without the names of properties."""
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", ())]
    inner += [schema["items"]] if "items" in schema else []
    return set(schema).union(*map(keywords, inner))


@given(schemas)
def test_only_basic_keywords_remain(schema: dict[str, Any]) -> None:
    assert keywords(simplify_schema(schema)) <= PLAIN


@given(schemas)
def test_simplification_is_idempotent_and_pure(schema: dict[str, Any]) -> None:
    before = json.dumps(schema)
    plain = simplify_schema(schema)
    assert simplify_schema(plain) == plain
    assert json.dumps(schema) == before


def test_properties_named_like_keywords_are_kept() -> None:
    schema = {"type": "object", "properties": {"pattern": {"type": "string", "pattern": "x"}}}
    assert simplify_schema(schema) == {"type": "object", "properties": {"pattern": {"type": "string"}}}


def test_const_becomes_enum() -> None:
    assert simplify_schema({"const": 1}) == {"enum": [1]}


def test_recursive_schema_terminates() -> None:
    tree = {"$defs": {"T": {"type": "array", "items": {"$ref": "#/$defs/T"}}}, "$ref": "#/$defs/T"}
    assert simplify_schema(tree) == {"type": "array", "items": {}}


def test_dangling_reference_accepts_anything() -> None:
    assert simplify_schema({"properties": {"a": {"$ref": "#/$defs/Gone"}, "b": True}}) == {
        "properties": {"a": {}, "b": {}}
    }
