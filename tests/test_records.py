"""Records in YAML and JSON files."""

from pathlib import Path
from typing import Literal

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from summarizer._records import RecordFile, dump_yaml
from summarizer.errors import ConfigurationError


class Boat(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    hull: Literal["steel", "wood"] = "steel"
    seats: int = 0


class Fleet(BaseModel):
    language: str | None = None
    boats: tuple[Boat, ...] = ()


def parse(text: str, suffix: str = ".yaml") -> Fleet:
    return RecordFile(Path(f"fleet{suffix}"), text).parse(Fleet)


def test_words_of_yaml_are_strings() -> None:
    fleet = parse("language: no\nboats:\n- {name: 2026-11-01, seats: 12}\n")
    assert (fleet.language, fleet.boats[0].name, fleet.boats[0].seats) == ("no", "2026-11-01", 12)
    assert parse("language: null").language is None
    assert parse("language:").language is None


def test_json_keeps_characters_outside_of_the_basic_plane() -> None:
    assert parse('{"language": "\\ud83d\\udea2"}', ".json").language == "🚢"


@pytest.mark.parametrize(
    ("text", "suffix", "message"),
    [
        (
            "language: en\nboats:\n- name: Elsa\n- name: Ada\n  hull: glass\n",
            ".yaml",
            "line 5: boats, entry 2, hull: must be steel or wood.",
        ),
        ("boats:\n- hull: wood\n", ".yaml", "line 2: boats, entry 1, name: is missing."),
        ("boats:\n- name: Elsa\n  seat: 4\n", ".yaml", "line 3: boats, entry 1, seat: is not a known field."),
        ('{"boats": [\n{"name": "Elsa",\n"hull": 7}]}', ".json", "line 3: boats, entry 1, hull: must be"),
        (
            '{"boats": [\n\t{"name": 7}]}',
            ".json",
            "line 2: boats, entry 1, name: must be a text.",
        ),  # YAML allows no tabs
        ("boats: [\n", ".yaml", "line 2: not YAML: "),
        ('{"boats": \n', ".json", "line 2: not JSON: "),
        ("boats: []\nlanguage: en\nboats: []\n", ".yaml", "line 3: not YAML: boats is used twice"),
        ('{"boats": [{"name": "a",\n"name": "b"}]}', ".json", "fleet.json: not JSON: name is used twice."),
        ("? [a]\n: 1\n", ".yaml", "not YAML: character 3 does not fit"),
        ("a: !!python/object:os.system x\n", ".yaml", "line 1: not YAML: character 4 does not fit"),
        ("just words", ".yaml", "fleet.yaml: must have named fields."),
        ("", ".yaml", "fleet.yaml: the file is empty."),
        ("[" * 5_000, ".yaml", "nested too deeply"),
        ("[" * 100_000, ".json", "nested too deeply"),
        ("boats: &a [*a]\n", ".yaml", "boats, entry 1: must have named fields."),
    ],
)
def test_error_names_file_line_and_field(text: str, suffix: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse(text, suffix)
    assert message in caught.value.message
    assert caught.value.message.startswith(f"fleet{suffix}")
    assert caught.value.message.endswith(".")


def test_unreadable_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"missing\.yaml cannot be read: No such file"):
        RecordFile.read(tmp_path / "missing.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"name: \xe9t\xe9")
    with pytest.raises(ConfigurationError, match=r"latin\.yaml, line 1: not UTF-8"):
        RecordFile.read(tmp_path / "latin.yaml")


def test_unknown_field_has_the_nearest_one_as_hint() -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse("boats:\n- {nmae: Elsa}\n")
    assert caught.value.hint == "Did you mean “name”?"


@given(st.lists(st.dates() | st.lists(st.text())) | st.dictionaries(st.text(), st.dates()))
def test_yaml_has_a_repeated_value_again(value: object) -> None:
    text = dump_yaml({"one": value, "other": value, "both": [value, value]})
    assert all(token not in (yaml.AnchorToken, yaml.AliasToken) for token in map(type, yaml.scan(text)))
    assert yaml.safe_load(text) == {"one": value, "other": value, "both": [value, value]}
