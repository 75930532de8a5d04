"""A schema in its plainest form keeps what a reply must look like, and nothing else."""

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
    """The keywords in a schema and those within it, the names of properties not counted."""
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", ())]
    inner += [schema["items"]] if "items" in schema else []
    return set(schema).union(*(keywords(each) for each in inner))


@given(schemas)
def test_nothing_but_the_plainest_keywords_is_left(schema: dict[str, Any]) -> None:
    assert keywords(simplify_schema(schema)) <= PLAIN


@given(schemas)
def test_making_it_plain_again_changes_nothing_and_the_given_one_stays(schema: dict[str, Any]) -> None:
    before = json.dumps(schema)
    plain = simplify_schema(schema)
    assert simplify_schema(plain) == plain
    assert json.dumps(schema) == before


def test_properties_that_are_called_like_keywords_are_kept() -> None:
    schema = {"type": "object", "properties": {"pattern": {"type": "string", "pattern": "x"}}}
    assert simplify_schema(schema) == {"type": "object", "properties": {"pattern": {"type": "string"}}}


def test_a_constant_is_a_choice_of_one() -> None:
    assert simplify_schema({"const": 1}) == {"enum": [1]}


def test_a_schema_that_leads_back_to_itself_comes_to_an_end() -> None:
    tree = {"$defs": {"T": {"type": "array", "items": {"$ref": "#/$defs/T"}}}, "$ref": "#/$defs/T"}
    assert simplify_schema(tree) == {"type": "array", "items": {}}


def test_a_reference_that_leads_nowhere_takes_anything() -> None:
    assert simplify_schema({"properties": {"a": {"$ref": "#/$defs/Gone"}, "b": True}}) == {
        "properties": {"a": {}, "b": {}}
    }
