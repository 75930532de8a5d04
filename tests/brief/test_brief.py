"""The public result types: frozen, closed, and the same after a journey through JSON."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from pydantic import ValidationError

from summarizer.article import Article
from summarizer.brief import Brief, Coverage, Provenance, brief_schema
from summarizer.errors import BriefError
from summarizer.usage import Usage
from summarizer.verification import Findings
from tests.strategies import findings

ROOT = Path(__file__).parent.parent.parent


def brief_of(found: Findings) -> Brief:
    return Brief(
        article=Article.from_text("The council argued. It voted.", title="Bridge").info,
        gist=found.gist,
        issues=found.issues,
        holders=found.holders,
        positions=found.positions,
        open_questions=found.open_questions,
        coverage=Coverage(sentences=2, chunks=1),
        provenance=Provenance(
            engine="model",
            library="1",
            ruler="o200k_base",
            usage=Usage(10, 2, 3),
            seconds=0.5,
            made=datetime(2026, 1, 2, tzinfo=UTC),
        ),
    )


@given(found=findings())
def test_any_brief_comes_back_from_json_without_loss(found: Findings) -> None:
    brief = brief_of(found)
    assert Brief.model_validate_json(brief.model_dump_json()) == brief
    assert Brief.from_json(brief.model_dump_json(indent=2)) == brief


@given(found=findings())
def test_the_json_of_any_brief_fits_the_published_schema(found: Findings) -> None:
    jsonschema.validate(json.loads(brief_of(found).model_dump_json()), brief_schema())


def test_the_published_schema_is_that_of_the_types() -> None:
    published = json.loads((ROOT / "docs" / "brief.schema.json").read_text(encoding="utf-8"))
    assert published == brief_schema()


def test_every_public_field_that_needs_one_has_a_description_in_the_schema() -> None:
    position = brief_schema()["$defs"]["Position"]["properties"]
    assert "hedge" in position["statement"]["description"]


def test_a_brief_cannot_be_changed() -> None:
    brief = brief_of(Findings())
    with pytest.raises(ValidationError):
        brief.positions = ()  # type: ignore[misc]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema_version": 99}, "schema_version"),
        ({"positions": [{"id": "P1", "holders": ["H9"], "statement": "x", "evidence": []}]}, "positions.0.evidence"),
        ({"coverage": {"sentences": -1, "chunks": 1}}, "coverage.sentences"),
    ],
)
def test_a_brief_that_is_none_says_where_it_goes_wrong(change: dict[str, Any], message: str) -> None:
    data = json.loads(brief_of(Findings()).model_dump_json()) | change
    with pytest.raises(BriefError, match=message):
        Brief.from_json(json.dumps(data))


def test_a_reference_to_a_holder_who_is_not_there_is_refused() -> None:
    evidence = [{"sentence": 1, "spans": [[0, 3]], "quote": "The"}]
    data = json.loads(brief_of(Findings()).model_dump_json())
    data["positions"] = [{"id": "P1", "holders": ["H9"], "statement": "x", "evidence": evidence}]
    with pytest.raises(BriefError, match="no holder or issue has the id H9"):
        Brief.from_json(json.dumps(data))


def test_an_id_stands_for_one_thing_only() -> None:
    data = json.loads(brief_of(Findings()).model_dump_json())
    data["holders"] = [{"id": "X", "name": "A", "kind": "person"}, {"id": "X", "name": "B", "kind": "person"}]
    with pytest.raises(BriefError, match="ids must be unique: X"):
        Brief.from_json(json.dumps(data))


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(BriefError, match="cannot be read: at the top level"):
        Brief.from_json("not json")


def with_unknown_fields(value: Any) -> Any:
    """Return JSON with one more field in every object."""
    if isinstance(value, dict):
        return {name: with_unknown_fields(item) for name, item in value.items()} | {"added_later": {"x": [1]}}
    return [with_unknown_fields(item) for item in value] if isinstance(value, list) else value


@given(found=findings())
def test_unknown_fields_at_every_level_are_ignored(found: Findings) -> None:
    brief = brief_of(found)
    newer = json.dumps(with_unknown_fields(json.loads(brief.model_dump_json())))
    assert Brief.from_json(newer) == brief


def test_published_schema_is_open_to_unknown_fields() -> None:
    assert "additionalProperties" not in json.dumps(brief_schema())
