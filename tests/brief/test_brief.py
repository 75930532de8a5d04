"""The public result types: immutable, open to new fields, and unchanged by a round trip through JSON."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from pydantic import ValidationError

from summarizer.article import Article
from summarizer.brief import ROW_FIELDS, Brief, Checks, Coverage, Evidence, Position, Provenance, brief_schema
from summarizer.errors import BriefError
from summarizer.spans import Span
from summarizer.usage import Usage
from summarizer.verification import Findings
from tests.render.pages import CHEAP, SOURCE, bridge
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
def test_json_round_trip_keeps_every_brief(found: Findings) -> None:
    brief = brief_of(found)
    assert Brief.model_validate_json(brief.model_dump_json()) == brief
    assert Brief.from_json(brief.model_dump_json(indent=2)) == brief


VALIDATOR = jsonschema.Draft202012Validator(brief_schema())


@given(found=findings())
def test_json_of_every_brief_fits_the_published_schema(found: Findings) -> None:
    VALIDATOR.validate(json.loads(brief_of(found).model_dump_json()))


def test_published_schema_matches_the_types() -> None:
    published = json.loads((ROOT / "docs" / "brief.schema.json").read_text(encoding="utf-8"))
    assert published == brief_schema(), "Run: summarizer schema > docs/brief.schema.json"


def test_schema_has_the_descriptions_of_fields() -> None:
    position = brief_schema()["$defs"]["Position"]["properties"]
    assert "hedge" in position["statement"]["description"]


def test_brief_is_immutable() -> None:
    brief = brief_of(Findings())
    with pytest.raises(ValidationError):
        brief.positions = ()  # type: ignore[misc]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema_version": 99}, "schema_version"),
        (
            {"positions": [{"id": "P1", "holders": ["H9"], "statement": "x", "evidence": []}]},
            "positions, entry 1, evidence",
        ),
        ({"coverage": {"sentences": -1, "chunks": 1}}, "coverage, sentences"),
    ],
)
def test_error_for_invalid_json_names_the_field(change: dict[str, Any], message: str) -> None:
    data = json.loads(brief_of(Findings()).model_dump_json()) | change
    with pytest.raises(BriefError, match=message):
        Brief.from_json(json.dumps(data))


def test_reference_to_an_unknown_holder_is_refused() -> None:
    evidence = [{"sentence": 1, "spans": [[0, 3]], "quote": "The"}]
    data = json.loads(brief_of(Findings()).model_dump_json())
    data["positions"] = [{"id": "P1", "holders": ["H9"], "statement": "x", "evidence": evidence}]
    with pytest.raises(BriefError, match="no holder or issue has the id H9"):
        Brief.from_json(json.dumps(data))


def test_repeated_id_is_refused() -> None:
    data = json.loads(brief_of(Findings()).model_dump_json())
    data["holders"] = [{"id": "X", "name": "A", "kind": "person"}, {"id": "X", "name": "B", "kind": "person"}]
    with pytest.raises(BriefError, match="ids must be unique: X"):
        Brief.from_json(json.dumps(data))


def test_text_other_than_json_is_refused() -> None:
    with pytest.raises(BriefError, match="cannot be read: it is not JSON"):
        Brief.from_json("not json")


def with_unknown_fields(value: Any) -> Any:
    """Return JSON with one more field in every object except the checks, whose names are open."""
    if isinstance(value, dict):
        added = {} if "speaker" in value else {"added_later": {"x": [1]}}
        return {name: with_unknown_fields(item) for name, item in value.items()} | added
    return [with_unknown_fields(item) for item in value] if isinstance(value, list) else value


@given(found=findings())
def test_unknown_fields_at_every_level_are_ignored(found: Findings) -> None:
    brief = brief_of(found)
    newer = json.dumps(with_unknown_fields(json.loads(brief.model_dump_json())))
    assert Brief.from_json(newer) == brief


def test_published_schema_is_open_to_unknown_fields() -> None:
    assert '"additionalProperties": false' not in json.dumps(brief_schema())


def test_verdict_of_an_unknown_check_is_kept() -> None:
    evidence = (Evidence(sentence=1, spans=(Span(0, 1),), quote="x"),)
    position = Position(id="P1", holders=("H1",), statement="x", evidence=evidence)
    data = json.loads(position.model_dump_json())
    data["checks"]["length"] = "confirmed"
    assert json.loads(Position.model_validate(data).model_dump_json()) == data


@pytest.mark.parametrize("version", [1, 1.2, "1.10"])
def test_newer_minor_version_of_the_schema_is_read(version: object) -> None:
    brief = brief_of(Findings())
    data = json.loads(brief.model_dump_json()) | {"schema_version": version}
    assert Brief.from_json(json.dumps(data)) == brief
    jsonschema.validate(data | {"schema_version": 1.2}, brief_schema())


@pytest.mark.parametrize("version", [2, 2.1, "2.0", 0, "one", None, [1]])
def test_other_major_version_of_the_schema_is_refused_with_a_hint(version: object) -> None:
    data = json.loads(brief_of(Findings()).model_dump_json()) | {"schema_version": version}
    with pytest.raises(BriefError, match=r"schema_version.*upgrade"):
        Brief.from_json(json.dumps(data))


def test_schema_version_is_written_as_an_integer() -> None:
    assert brief_of(Findings()).model_dump_json().startswith('{"schema_version":1,')


def table(brief: Brief) -> list[dict[str, str]]:
    """Return the rows of a brief as CSV has them."""
    file = io.StringIO()
    writer = csv.DictWriter(file, ROW_FIELDS)
    writer.writeheader()
    writer.writerows(brief.rows())
    file.seek(0)
    return list(csv.DictReader(file))


def test_row_has_the_fields_of_its_position() -> None:
    brief, article = bridge()
    row = brief.rows()[3]
    assert row == {
        "position": "P4",
        "holders": "Tomas Lind",
        "role": "chairman",
        "affiliation": None,
        "reported_by": None,
        "issue": CHEAP,
        "issue_id": brief.positions[3].issue,
        "stance": "agrees",
        "certainty": "asserted",
        "speech": "indirect",
        "statement": "Statement 4.",
        "quotation": " ".join(item.quote for item in brief.positions[3].evidence),
        "sentences": "4, 5",
        "suspicious": None,
        "check_speaker": "confirmed",
        "check_figures": "confirmed",
        "check_names": "unconfirmed",
        "check_support": "unflagged",
        "check_support_reason": "",
        "title": "Council splits over the old bridge",
        "author": "Ann Lee",
        "published": "2026-01-01",
        "source": SOURCE,
        "link": None,
    }
    assert article.source == SOURCE


def test_every_row_ends_with_the_checks_that_a_program_added() -> None:
    brief, _ = bridge()
    checked = brief.positions[1].model_copy(update={"checks": Checks.model_validate({"length": "confirmed"})})
    rows = brief.model_copy(update={"positions": (brief.positions[0], checked)}).rows()
    assert [tuple(row) for row in rows] == [(*ROW_FIELDS, "check_length")] * 2
    assert [row["check_length"] for row in rows] == [None, "confirmed"]


def test_row_of_several_holders_keeps_their_order() -> None:
    brief, _ = bridge()
    shared = brief.positions[0].model_copy(update={"holders": ("silent", "berg"), "reported_by": "lind"})
    (row,) = brief.model_copy(update={"positions": (shared,)}).rows()
    assert (row["holders"], row["role"], row["affiliation"], row["reported_by"]) == (
        "Nobody Heard; Anna Berg", "; chief engineer", "; Riverton", "Tomas Lind",
    )  # fmt: skip


def test_row_marks_omissions_between_sentences() -> None:
    brief, _ = bridge()
    first, second = brief.positions[0].evidence[0], brief.positions[4].evidence[0]
    apart = brief.positions[0].model_copy(update={"evidence": (first, second)})
    (row,) = brief.model_copy(update={"positions": (apart,)}).rows()
    assert row["quotation"] == f"{first.quote} […] {second.quote}"


def test_row_names_holders_without_a_name_by_their_kind() -> None:
    brief, _ = bridge()
    holders = tuple(holder.model_copy(update={"name": None, "kind": "author"}) for holder in brief.holders)
    assert brief.model_copy(update={"holders": holders}).rows()[0]["holders"] == "author"


@given(found=findings())
def test_every_row_has_the_same_fields_and_goes_into_csv(found: Findings) -> None:
    brief = brief_of(found)
    assert [tuple(row) for row in brief.rows()] == [ROW_FIELDS] * len(brief.positions)
    assert len(table(brief)) == len(brief.positions)


def test_brief_without_positions_has_no_rows() -> None:
    brief = brief_of(Findings())
    assert brief.rows() == []
    assert table(brief) == []


def test_str_is_the_short_text_view() -> None:
    brief, _ = bridge()
    assert str(brief) == brief.render("terminal").rstrip("\n")
    assert "Council splits over the old bridge" in str(brief)
    assert "\x1b" not in str(brief)
    assert max(map(len, str(brief).splitlines())) <= 80


def test_str_shows_the_most_important_positions_only() -> None:
    brief, _ = bridge()
    many = tuple(brief.positions[0].model_copy(update={"id": f"X{number}"}) for number in range(40))
    assert "25 more positions" in str(brief.model_copy(update={"positions": many}))


def test_repr_is_short() -> None:
    brief, _ = bridge()
    assert repr(brief) == (
        "Brief(title='Council splits over the old bridge', issues=3, holders=3, positions=6, open_questions=1)"
    )
    info = brief.article.model_copy(update={"title": "word " * 1_000})
    assert len(repr(brief.model_copy(update={"article": info}))) < 160
