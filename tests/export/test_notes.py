"""Notes for Obsidian: links, front matter, names of files, and what stays in a folder."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from summarizer import Dossier
from summarizer.errors import ConfigurationError
from summarizer.export.cells import FileNames
from tests.export.conftest import make_brief

LINK = re.compile(r"\[\[([^\]|]+)\|[^\]]*\]\]")


def notes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.md"))
    }


def front_matter(text: str) -> dict[str, Any]:
    return yaml.safe_load(text.split("---\n")[1])


@pytest.fixture
def vault(dossier: Dossier, tmp_path: Path) -> Path:
    dossier.export(tmp_path / "vault", "markdown")
    return tmp_path / "vault"


def test_each_actor_issue_and_article_has_a_note(vault: Path) -> None:
    assert list(notes(vault)) == [
        "actors/Harbour Board.md",
        "actors/Jane Hill.md",
        "actors/Tom Reed.md",
        "articles/2026-01-05 Toll row.md",
        "articles/2026-03-09 Reed turns.md",
        "issues/The school should close.md",
        "issues/The toll should stay.md",
    ]


def test_every_link_leads_to_a_note(vault: Path) -> None:
    found = notes(vault)
    links = {target for text in found.values() for target in LINK.findall(text)}
    assert {f"{link}.md" for link in links} == set(found)


def test_front_matter_is_yaml(vault: Path) -> None:
    head = front_matter(notes(vault)["actors/Jane Hill.md"])
    assert (head["kind"], head["statements"], head["tags"]) == ("person", 2, ["actor"])
    assert (str(head["first"]), str(head["last"])) == ("2026-01-05", "2026-03-09")
    assert head["roles"] == ["chair, Harbour Board"]
    assert front_matter(notes(vault)["articles/2026-01-05 Toll row.md"])["outlet"] == "The Courier"


def test_notes_have_no_anchors_of_yaml(vault: Path) -> None:
    """The actor spoke on one day, so the first date is the last one, too: Obsidian shows no aliases."""
    head = notes(vault)["actors/Tom Reed.md"].split("---\n")[1]
    dates = re.findall(r"^(?:first|last): (.*)$", head, re.MULTILINE)
    assert len(dates) == 2
    assert not any(re.search(r"[&*]id\d", text) for text in notes(vault).values())


def test_a_statement_has_stance_quotation_and_source(vault: Path) -> None:
    text = notes(vault)["actors/Jane Hill.md"]
    assert "- 2026-01-05 · **agrees**: Jane Hill said the toll 🚢 is needed." in text
    assert "[[articles/2026-01-05 Toll row|The Courier]]" in text
    assert "[source](<https://courier.example/toll>)" in text


def test_open_questions_stand_in_the_note_of_their_article(vault: Path) -> None:
    assert "## Open questions\n\n- Who pays?" in notes(vault)["articles/2026-01-05 Toll row.md"]


def test_changes_stand_in_the_notes_of_actor_and_issue(vault: Path) -> None:
    for name in ("actors/Tom Reed.md", "issues/The toll should stay.md"):
        assert "from **disagrees** to **agrees** (an article says so)" in notes(vault)[name]
    assert "Changes" not in notes(vault)["actors/Jane Hill.md"]


def test_markup_of_articles_is_no_markup_of_notes(tmp_path: Path) -> None:
    line = ("[[Evil]] #tag <b>", "person", None), "%%Hidden%% | x", "agrees", "Hill agrees."
    Dossier([make_brief([line], title="[[x|y]]\n# z\n---", url="https://x.example/>)[[a]]")[0]]).export(
        tmp_path / "vault", "markdown"
    )
    found = notes(tmp_path / "vault")
    assert {f"{link}.md" for text in found.values() for link in LINK.findall(text)} == set(found)
    plain = [LINK.sub("", text.split("---\n", 2)[2]) for text in found.values()]
    assert not any(re.search(r"(?<!\\)(#tag|<b>|%%)", text) for text in plain)


def test_files_of_others_are_never_overwritten(dossier: Dossier, tmp_path: Path) -> None:
    mine = tmp_path / "vault" / "actors" / "Jane Hill.md"
    mine.parent.mkdir(parents=True)
    mine.write_text("My own note.", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"exists, and is not a note of an export\. Move it"):
        dossier.export(tmp_path / "vault", "markdown")
    assert notes(tmp_path / "vault") == {"actors/Jane Hill.md": "My own note."}


def test_a_second_export_replaces_its_notes_and_keeps_all_other_files(dossier: Dossier, vault: Path) -> None:
    (vault / "Mine.md").write_text("Mine.", encoding="utf-8")
    (vault / "actors" / "Mine.md").write_text("Mine, too.", encoding="utf-8")
    export = dossier.export(vault, "markdown", holders=["Jane Hill"])
    assert export.notes == ()
    assert [name for name in notes(vault) if name.startswith("actors/")] == ["actors/Jane Hill.md", "actors/Mine.md"]
    assert notes(vault)["Mine.md"] == "Mine."


def test_a_note_that_somebody_changed_stays(dossier: Dossier, vault: Path) -> None:
    note = vault / "actors" / "Jane Hill.md"
    note.write_text(note.read_text(encoding="utf-8") + "\nMy thoughts.\n", encoding="utf-8")
    first = dossier.export(vault, "markdown")
    again = dossier.export(vault, "markdown")
    assert first.notes == again.notes == ("Notes that were changed since the last export stay as they are: 1.",)
    assert note.read_text(encoding="utf-8").endswith("My thoughts.\n")


def test_a_manifest_cannot_make_an_export_delete_other_files(dossier: Dossier, tmp_path: Path) -> None:
    (tmp_path / "vault").mkdir()
    (tmp_path / "precious.md").write_text("x", encoding="utf-8")
    (tmp_path / "vault" / ".summarizer-export.json").write_text(
        '{"notes": {"../precious.md": null, "actors/../../precious.md": null}}', encoding="utf-8"
    )
    dossier.export(tmp_path / "vault", "markdown")
    assert (tmp_path / "precious.md").exists()


def test_an_interrupted_export_can_be_repeated(
    dossier: Dossier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("summarizer.export.notes._Vault._article_note", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            dossier.export(tmp_path / "vault", "markdown")
    dossier.export(tmp_path / "vault", "markdown")
    assert len(notes(tmp_path / "vault")) == 7


def test_a_dossier_without_statements_is_an_empty_vault(empty: Dossier, tmp_path: Path) -> None:
    empty.export(tmp_path / "vault", "markdown")
    assert notes(tmp_path / "vault") == {}


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Who pays? <All>: a/b\\c", "Who pays All a b c"),
        ("CON", "CON_"),
        ("nul.txt", "nul.txt_"),
        ("...", "Unnamed"),
        ("", "Unnamed"),
        ("A#b^[c]|d", "A b c d"),
        ("Ends with a dot.", "Ends with a dot"),
        ("Zoë", "Zoë"),
        ("a\u202eb\x00c", "ab c"),
    ],
)
def test_names_of_files_are_safe(title: str, name: str) -> None:
    assert FileNames().make(title).replace("\ufffd", " ") == name


def test_names_differ_where_case_and_accents_do_not_count() -> None:
    names = FileNames()
    assert [names.make(title) for title in ("Jane", "JANE", "Zoe\u0308", "Zo\u00eb", "Jane (2)")] == [
        *("Jane", "JANE (2)", "Zoë", "Zoë (2)", "Jane (2) (2)"),
    ]


@given(st.lists(st.text(), max_size=6))
def test_any_titles_make_different_names_that_every_system_holds(titles: list[str]) -> None:
    made = [FileNames.make(names, title) for names in [FileNames()] for title in titles]
    assert len({name.casefold() for name in made}) == len(titles)
    for name in made:
        assert name == name.strip(" .") != ""
        assert not set('<>:"/\\|?*#^[]') & set(name)
        assert len(f"{name}.md".encode()) < 200
