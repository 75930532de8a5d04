"""Codebooks: files, their errors and their schema."""

import json
import os
import re
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import Codebook, Summarizer, load_codebook
from summarizer.codebook import codebook_schema
from summarizer.errors import ConfigurationError, SummarizerError

ROOT = Path(__file__).parent.parent
TOLL = "issues:\n- id: toll\n  proposition: The toll should rise.\n"
FULL = """closed: true
issues:
- id: toll
  proposition: The toll should rise.
  kind: policy
  aliases: [a higher toll]
  notes: The bridge only.
- {id: 1.0, proposition: Ferries are safe., kind: fact}
holders:
- {id: okafor, name: Grace Okafor, kind: person, aliases: [the mayor]}
"""


def load(tmp_path: Path, text: str | bytes, name: str = "codebook.yaml") -> Codebook:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return load_codebook(path)


def test_file_gives_issues_holders_and_whether_others_are_allowed(tmp_path: Path) -> None:
    codebook = load(tmp_path, FULL)
    assert codebook.closed
    assert [(entry.id, entry.kind, entry.aliases, entry.notes) for entry in codebook.issues] == [
        ("toll", "policy", ("a higher toll",), "The bridge only."),
        ("1.0", "fact", (), ""),
    ]
    assert codebook.holders[0].aliases == ("the mayor",)


def test_only_id_and_proposition_are_required(tmp_path: Path) -> None:
    codebook = load(tmp_path, TOLL)
    assert (codebook.closed, codebook.holders, codebook.issues[0].kind) == (False, (), "policy")


def test_field_left_empty_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    holder = "holders:\n- {id: okafor, name: Grace Okafor, kind: , aliases: }\nclosed:\n"
    codebook = load(tmp_path, f"{TOLL}  kind:\n  aliases:\n  notes:\n{holder}")
    assert codebook == load(tmp_path, f"{TOLL}holders:\n- {{id: okafor, name: Grace Okafor}}\n")


@pytest.mark.parametrize("proposition", ["The toll", "toll", "Die Maut", "Le péage.", "A by-pass"])
def test_noun_alone_is_no_proposition(tmp_path: Path, proposition: str) -> None:
    with pytest.raises(
        ConfigurationError, match=r"line 3: issues, entry 1, proposition: .* is a topic; write a statement"
    ):
        load(tmp_path, f"issues:\n- id: toll\n  proposition: {proposition}\n")


@pytest.mark.parametrize("proposition", ["Ferries sink", "应该提高通行费", "The toll hurts", "Пошлина"])
def test_short_statement_and_other_scripts_are_propositions(tmp_path: Path, proposition: str) -> None:
    assert load(tmp_path, f"issues:\n- id: toll\n  proposition: {proposition}\n").issues[0].proposition == proposition


@pytest.mark.parametrize(
    ("field", "value"), [("proposition", "a\0b is c"), ("aliases", ["x", "a\0"]), ("notes", "\0"), ("id", "a\0")]
)
def test_nul_is_an_error(tmp_path: Path, field: str, value: object) -> None:
    text = json.dumps({"issues": [{"id": "toll", "proposition": "The toll should rise.", field: value}]})
    with pytest.raises(ConfigurationError, match=rf"issues, entry 1, {field}"):
        load(tmp_path, text, "codebook.json")


def test_wording_or_id_in_another_case_names_an_issue(tmp_path: Path) -> None:
    codebook = load(tmp_path, FULL)
    for words in ("toll", "TOLL ", "the toll should rise", "A higher toll"):
        assert codebook.find_issue(words) == "toll"
    assert codebook.find_issue("fee") is None


def test_name_of_two_issues_names_none() -> None:
    issues = [{"id": "toll", "proposition": "The toll should rise."}, {"id": "TOLL", "proposition": "Tolls are old."}]
    assert Codebook.model_validate({"issues": issues}).find_issue("Toll") is None


def test_json_gives_the_same_codebook_as_yaml(tmp_path: Path) -> None:
    codebook = load(tmp_path, FULL)
    text = json.dumps(json.loads(codebook.model_dump_json()), indent="\t")
    assert load(tmp_path, text, "codebook.json") == codebook


def test_number_is_an_id_in_json_too(tmp_path: Path) -> None:
    text = '{"issues": [{"id": 503, "proposition": "Equality is good."}]}'
    assert load(tmp_path, text, "codebook.json").issues[0].id == "503"


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("", "codebook.yaml: the file is empty.", ""),
        ("# nothing yet\n", "codebook.yaml: the file is empty.", ""),
        ("toll\n", "codebook.yaml: must have named fields.", ""),
        (b"issues:\n- id: \xff\n", "line 2: not UTF-8.", "encoding"),
        ("issues: []\n", "codebook.yaml: there are no issues and no holders.", ""),
        ("closed: true\nholders:\n- {id: okafor, name: Grace Okafor}\n", "line 1: closed: there are no issues.", ""),
        ("issue:\n- id: toll\n", "line 1: issue: is not a known field.", "“issues”"),
        (
            "issues:\n- id: toll\n  propositon: x\n",
            "line 3: issues, entry 1, propositon: is not a known field.",
            "“proposition”",
        ),
        ("issues:\n- id: toll\n", "line 2: issues, entry 1, proposition: is missing.", ""),
        ("issues:\n- id: toll\n  proposition: ' '\n", "line 3: issues, entry 1, proposition: is empty.", ""),
        ("issues:\n- id: toll\n  proposition: '?!'\n", "line 3: issues, entry 1, proposition: “?!” has no word.", ""),
        (f"{TOLL}- id: toll\n  proposition: y\n", "line 4: issues, entry 2, id: the id “toll” is used twice.", ""),
        (f"{TOLL}holders:\n- id: toll\n  name: y\n", "line 5: holders, entry 1, id: the id “toll” is used twice.", ""),
        (
            "issues:\n- id: I1\n  proposition: x\n",
            "line 2: issues, entry 1, id: the id “I1” looks like one that the",
            "",
        ),
        (
            "issues:\n- id: H12\n  proposition: x\n",
            "line 2: issues, entry 1, id: the id “H12” looks like one that the",
            "",
        ),
        ("issues:\n- id: a b\n  proposition: x\n", "line 2: issues, entry 1, id: use up to 64 letters", ""),
        (f"{TOLL}  kind: polcy\n", "line 4: issues, entry 1, kind: must be policy, fact, forecast or evaluation.", ""),
        (f"{TOLL}  aliases: a fee\n", "line 4: issues, entry 1, aliases: must be a list.", ""),
        (
            f"{TOLL}- id: fee\n  proposition: the toll should rise\n",
            "line 5: issues, entry 2, proposition: “the toll",
            "",
        ),
        (f"{TOLL}closed: perhaps\n", "line 4: closed: must be true or false.", ""),
        (f"{TOLL}  id: fee\n", "line 4: not YAML: id is used twice.", ""),
        ("issues: [\n", "line 2: not YAML: ", ""),
        ("issues: &all [*all]\n", "line 1: issues, entry 1: must have named fields.", ""),
    ],
)
def test_error_names_file_line_and_field(tmp_path: Path, text: str | bytes, message: str, hint: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, text)
    assert message in caught.value.message
    assert caught.value.message.startswith(str(tmp_path / "codebook.yaml"))
    assert hint in caught.value.hint


def test_missing_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"none\.yaml cannot be read: No such file"):
        Summarizer(model="builtin", issues=tmp_path / "none.yaml")


@pytest.mark.parametrize("option", [{"issues": []}, ["toll"], 3])
def test_other_option_than_a_codebook_or_a_path_is_an_error(option: object) -> None:
    with pytest.raises(ConfigurationError, match="issues cannot be a"):
        Summarizer(model="builtin", issues=option)  # type: ignore[arg-type]


@given(st.text(max_size=60) | st.text("issued: -[]{}&*\n\t'\"#!|>ptolrk0", max_size=60))
def test_any_text_is_a_codebook_or_an_error_of_the_library(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / f"any-{os.getpid()}.yaml"
    path.write_text(text, encoding="utf-8", errors="replace")
    with pytest.raises(SummarizerError):
        load_codebook(path)


def test_hash_depends_on_the_content_alone(tmp_path: Path) -> None:
    one = load(tmp_path, TOLL)
    assert one.sha256 == load(tmp_path, f"# a comment\n{TOLL}closed: false\n").sha256
    assert one.sha256 != load(tmp_path, f"{TOLL}closed: true\n").sha256
    assert one.sha256 != load(tmp_path, f"{TOLL}  notes: The bridge only.\n").sha256


def test_published_schema_is_current() -> None:
    published = json.loads((ROOT / "docs" / "codebook.schema.json").read_text(encoding="utf-8"))
    assert published == codebook_schema(), "Run: summarizer schema codebook > docs/codebook.schema.json"


def test_codebook_fits_the_published_schema(tmp_path: Path) -> None:
    jsonschema.validate(json.loads(load(tmp_path, FULL).model_dump_json()), codebook_schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"issues": [{"id": "a b", "proposition": "x"}]}, codebook_schema())


def test_examples_of_the_documentation_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (ROOT / "docs" / "codebook.md").read_text(encoding="utf-8")
    blocks = {kind: re.findall(rf"```{kind}\n(.*?)```", page, re.DOTALL) for kind in ("yaml", "python", "text")}
    monkeypatch.chdir(tmp_path)
    (tmp_path / "codebook.yaml").write_text(blocks["yaml"][0], encoding="utf-8")
    exec(compile("\n".join(blocks["python"]), "codebook.md", "exec"), {})
    assert capsys.readouterr().out == blocks["text"][0]
