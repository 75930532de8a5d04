"""Databases and event lists of Discourse Network Analyzer."""

import base64
import csv
import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import Dossier, Store
from summarizer.export.dna import PASSWORD, hash_password, unit_counter
from tests.export.conftest import BOARD, BRIEFS, HILL, REED, TOLL, make_brief

STATEMENTS = """
SELECT STATEMENTS.ID, DocumentId, Start, Stop, person.Value AS person, organization.Value AS organization,
       concept.Value AS concept, DATABOOLEAN.Value AS agreement, DOCUMENTS.Text
FROM STATEMENTS
JOIN DOCUMENTS ON DOCUMENTS.ID = DocumentId
JOIN DATABOOLEAN ON DATABOOLEAN.StatementId = STATEMENTS.ID AND DATABOOLEAN.VariableId = 4
JOIN DATASHORTTEXT AS p ON p.StatementId = STATEMENTS.ID AND p.VariableId = 1
JOIN ENTITIES AS person ON person.ID = p.Entity AND person.VariableId = 1
JOIN DATASHORTTEXT AS o ON o.StatementId = STATEMENTS.ID AND o.VariableId = 2
JOIN ENTITIES AS organization ON organization.ID = o.Entity AND organization.VariableId = 2
JOIN DATASHORTTEXT AS c ON c.StatementId = STATEMENTS.ID AND c.VariableId = 3
JOIN ENTITIES AS concept ON concept.ID = c.Entity AND concept.VariableId = 3
ORDER BY STATEMENTS.ID
"""
"""The statements as DNA reads them: each needs a value for all four variables."""


@pytest.fixture(autouse=True)
def quick_hash(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "password" not in request.node.name:
        monkeypatch.setattr("summarizer.export.dna.ITERATIONS", 1)


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        yield connection


def coded(row: sqlite3.Row) -> str:
    """Return the text of a statement as Java cuts it: by UTF-16 units."""
    units = row["Text"].encode("utf-16-le")
    return units[2 * row["Start"] : 2 * row["Stop"]].decode("utf-16-le")


def test_a_database_has_the_statements_of_agreement_and_disagreement(dossier: Dossier, tmp_path: Path) -> None:
    export = dossier.export(tmp_path / "out.dna")
    with opened(tmp_path / "out.dna") as connection:
        rows = connection.execute(STATEMENTS).fetchall()
    assert [(row["person"], row["organization"], row["agreement"]) for row in rows] == [
        ("Jane Hill", "Harbour Board", 1),
        ("Tom Reed", "", 0),
        ("", "Harbour Board", 1),
        ("Tom Reed", "", 1),
    ]
    assert {row["concept"] for row in rows} == {TOLL}
    assert "2 of 6 statements (1 mixed, 1 without an issue)" in export.notes[0]


def test_places_count_utf_16_units(dossier: Dossier, tmp_path: Path) -> None:
    dossier.export(tmp_path / "out.dna")
    with opened(tmp_path / "out.dna") as connection:
        rows = connection.execute(STATEMENTS).fetchall()
    assert [coded(row) for row in rows[:3]] == [
        "Jane Hill said the toll 🚢 is needed.",
        "Tom Reed called it a “tax on ferries” 🚢.",
        "The Harbour Board wants the toll to stay.",
    ]


@given(st.text(st.characters(codec="utf-8")), st.integers(0, 20))
def test_units_before_a_place_are_those_of_utf_16(text: str, place: int) -> None:
    assert unit_counter(text)(min(place, len(text))) == len(text[:place].encode("utf-16-le")) // 2


def test_documents_have_metadata_and_seconds_since_1970(dossier: Dossier, tmp_path: Path) -> None:
    dossier.export(tmp_path / "out.dna")
    with opened(tmp_path / "out.dna") as connection:
        first, second = connection.execute("SELECT * FROM DOCUMENTS ORDER BY Date").fetchall()
    assert (first["Title"], first["Source"], first["Author"], first["Coder"]) == ("Toll row", "The Courier", "", 1)
    assert (first["Date"], second["Date"]) == (1_767_571_200, 1_773_081_000)  # 18:30 on the clock of the place
    assert "https://courier.example/toll" in first["Notes"]
    assert first["Text"] == BRIEFS[0][1].text


def test_each_entity_has_all_attributes(dossier: Dossier, tmp_path: Path) -> None:
    dossier.export(tmp_path / "out.dna")
    query = (
        "SELECT Value, AttributeVariable, AttributeValue FROM ENTITIES "
        "JOIN ATTRIBUTEVARIABLES ON ATTRIBUTEVARIABLES.VariableId = ENTITIES.VariableId "
        "LEFT JOIN ATTRIBUTEVALUES ON EntityId = ENTITIES.ID AND AttributeVariableId = ATTRIBUTEVARIABLES.ID"
    )
    with opened(tmp_path / "out.dna") as connection:
        values = {(row[0], row[1]): row[2] for row in connection.execute(query)}
    assert None not in values.values()
    assert (values["Jane Hill", "Type"], values["Jane Hill", "Notes"]) == ("person", "chair, Harbour Board")


def test_two_actors_of_one_name_stay_two(own_dossier: Dossier, tmp_path: Path) -> None:
    with own_dossier.store.database.transaction() as connection:
        connection.execute("UPDATE actors SET name = 'Jane Hill' WHERE id = 'tom-reed'")
    own_dossier.export(tmp_path / "out.dna")
    with opened(tmp_path / "out.dna") as connection:
        people = {row["person"] for row in connection.execute(STATEMENTS)}
    assert people == {"", "Jane Hill", "Jane Hill (2)"}


def test_long_names_are_cut_and_stay_different(tmp_path: Path) -> None:
    long = "Council " * 40
    lines = [((f"{long}{name}", "organisation", None), TOLL, "agrees", f"{name} agrees.") for name in ("A", "B")]
    Dossier([make_brief(lines, title=long)[0]]).export(tmp_path / "out.dna")
    with opened(tmp_path / "out.dna") as connection:
        names = [row["organization"] for row in connection.execute(STATEMENTS)]
    assert len(set(names)) == 2
    assert all(len(name) <= 190 for name in names)


def test_articles_without_text_have_their_cited_sentences(tmp_path: Path) -> None:
    export = Dossier(brief for brief, _ in BRIEFS).export(tmp_path / "out.dna")
    with opened(tmp_path / "out.dna") as connection:
        rows = connection.execute(STATEMENTS).fetchall()
    positions = [*BRIEFS[0][0].positions, BRIEFS[1][0].positions[0]]
    assert [coded(row) for row in rows] == [each.evidence[0].quote for each in positions]
    assert any("Articles whose text is not in the store: 2." in note for note in export.notes)


def test_articles_without_a_date_are_counted(tmp_path: Path) -> None:
    brief, _ = make_brief([(HILL, TOLL, "agrees", "Hill agrees.")], date=None)
    export = Dossier([brief]).export(tmp_path / "out.dna")
    assert any("Articles without a date: 1." in note for note in export.notes)
    Dossier([brief]).export(tmp_path / "out.dna.csv")
    assert read_events(tmp_path / "out.dna.csv")[0]["time"] == ""


def test_the_password_is_checked_as_jasypt_does(dossier: Dossier, tmp_path: Path) -> None:
    export = dossier.export(tmp_path / "out.dna")
    with opened(tmp_path / "out.dna") as connection:
        ((name, stored),) = connection.execute("SELECT Name, Password FROM CODERS").fetchall()
    raw = base64.b64decode(stored)
    digest = hashlib.sha256(raw[:16] + PASSWORD.encode()).digest()
    for _ in range(99_999):
        digest = hashlib.sha256(digest).digest()
    assert (name, len(raw), raw[16:]) == ("Admin", 48, digest)
    assert PASSWORD in export.notes[-1]
    assert hash_password("a", b"0" * 16) != hash_password("b", b"0" * 16)


def test_the_layout_is_the_one_of_version_3(dossier: Dossier, tmp_path: Path) -> None:
    dossier.export(tmp_path / "out.dna")
    with opened(tmp_path / "out.dna") as connection:
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        settings = dict(map(tuple, connection.execute("SELECT * FROM SETTINGS")))
        variables = [tuple(row) for row in connection.execute("SELECT Variable, DataType FROM VARIABLES ORDER BY ID")]
    assert tables == {
        *("SETTINGS", "CODERS", "CODERRELATIONS", "DOCUMENTS", "STATEMENTTYPES", "VARIABLES", "VARIABLELINKS"),
        *("REGEXES", "STATEMENTS", "ENTITIES", "DATABOOLEAN", "DATAINTEGER", "DATASHORTTEXT", "DATALONGTEXT"),
        *("ATTRIBUTEVARIABLES", "ATTRIBUTEVALUES"),
    }
    assert settings["version"].startswith("3.0")
    text = "short text"
    assert variables == [("person", text), ("organization", text), ("concept", text), ("agreement", "boolean")]


def read_events(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_the_event_list_has_16_columns(dossier: Dossier, tmp_path: Path) -> None:
    dossier.export(tmp_path / "out.dna.csv")
    rows = read_events(tmp_path / "out.dna.csv")
    assert ";".join(rows[0]) == (
        "statement_id;time;person;organization;concept;agreement;start_position;stop_position;text;coder;document_id;"
        "document_title;document_author;document_source;document_section;document_type"
    )
    assert [row["agreement"] for row in rows] == ["1", "0", "1", "1"]
    assert (rows[0]["time"], rows[3]["time"]) == ("2026-01-05 00:00:00", "2026-03-09 18:30:00")
    assert (rows[0]["start_position"], rows[0]["stop_position"]) == ("0", "37")


def test_the_event_list_and_the_database_agree(dossier: Dossier, tmp_path: Path) -> None:
    dossier.export(tmp_path / "out.dna")
    dossier.export(tmp_path / "out.dna.csv")
    with opened(tmp_path / "out.dna") as connection:
        stored = connection.execute(STATEMENTS).fetchall()
    for row, event in zip(stored, read_events(tmp_path / "out.dna.csv"), strict=True):
        assert (str(row["ID"]), row["person"], row["organization"]) == (
            *(event["statement_id"], event["person"], event["organization"]),
        )
        assert coded(row) == event["text"]


def test_an_empty_dossier_is_an_empty_database(empty: Dossier, tmp_path: Path) -> None:
    empty.export(tmp_path / "out.dna")
    empty.export(tmp_path / "out.dna.csv")
    with opened(tmp_path / "out.dna") as connection:
        assert connection.execute(STATEMENTS).fetchall() == []
    assert read_events(tmp_path / "out.dna.csv") == []


def test_an_affiliation_is_the_actor_of_that_name(tmp_path: Path) -> None:
    hill = ("Jane Hill", "person", "harbour board")
    lines = [(hill, TOLL, "agrees", "Hill agrees."), (BOARD, TOLL, "agrees", "The board agrees.")]
    Dossier([make_brief(lines)[0]]).export(tmp_path / "out.dna")
    with opened(tmp_path / "out.dna") as connection:
        (name,) = {row["organization"] for row in connection.execute(STATEMENTS)}
    assert name.casefold() == "harbour board"


def test_an_affiliation_of_another_article_counts(tmp_path: Path) -> None:
    reed = ("Tom Reed", "person", "Ferry Union")
    briefs = [
        make_brief([(REED, TOLL, "agrees", "Reed agrees.")], date="2026-01-01")[0],
        make_brief([(reed, TOLL, "agrees", "Reed still agrees.")], date="2026-02-01", title="Second")[0],
        make_brief([(REED, TOLL, "agrees", "Reed agrees again.")], date="2026-03-01", title="Third")[0],
    ]
    Dossier(briefs).export(tmp_path / "out.dna")
    with opened(tmp_path / "out.dna") as connection:
        assert [row["organization"] for row in connection.execute(STATEMENTS)] == ["Ferry Union"] * 3


def test_windows_line_ends_keep_places(tmp_path: Path) -> None:
    brief, article = make_brief([(HILL, TOLL, "agrees", "Hill agrees.")])
    article = article.model_copy(update={"text": "A\r\nB\rC\r\nHill agrees."})
    moved = brief.positions[0].evidence[0].model_copy(update={"spans": ((8, 20),)})
    position = brief.positions[0].model_copy(update={"evidence": (moved,)})
    with Store(tmp_path / "a.db") as store:
        store.add(brief.model_copy(update={"positions": (position,)}), article)
        Dossier.from_store(store).export(tmp_path / "out.dna")
    with opened(tmp_path / "out.dna") as connection:
        (row,) = connection.execute(STATEMENTS)
    assert (coded(row), row["Text"]) == ("Hill agrees.", "A \nB\nC \nHill agrees.")
