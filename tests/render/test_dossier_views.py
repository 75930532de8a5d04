"""Terminal and Markdown views of a dossier."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from summarizer import Article, Brief, Dossier, Store, summarize
from summarizer.brief import Stance
from summarizer.render import DossierOptions, dossier_to_markdown, dossier_to_terminal, dossier_to_text
from summarizer.render.dossier_view import SHORT_DOSSIER

from ..dossier.briefs import make_brief

STANCES = [(1, "agrees"), (2, "disagrees")]
TEXT = "Toll for the bridge\n\n“The toll is wrong,” said {name}, a councillor.\n\nJane Hill said she supports the toll."


def brief(name: str = "Tom Reed", date: str | None = "2026-01-05") -> Brief:
    article = Article.from_text(TEXT.format(name=name), published=date, site="The Courier")
    return summarize(article, model="builtin")


@pytest.fixture(scope="module")
def dossier() -> Dossier:
    return Dossier([brief(), brief("Ann Wood", "2026-02-01")])


def test_heading_counts_articles_and_names_the_period(dossier: Dossier) -> None:
    first, second, *_ = dossier_to_text(dossier).splitlines()
    assert first == "Dossier: 2 articles, 2026-01-05 to 2026-02-01"
    assert second.startswith("3 actors")


def test_each_actor_is_a_row(dossier: Dossier) -> None:
    text = dossier_to_text(dossier)
    assert all(name in text for name in ("Tom Reed", "Ann Wood", "Jane Hill"))


def test_limits_say_what_they_leave_out(dossier: Dossier) -> None:
    text = dossier_to_text(dossier, DossierOptions(actors=1))
    assert "2 actors more." in text
    assert "Ann Wood" not in text


def test_lines_have_at_most_80_columns(dossier: Dossier) -> None:
    assert max(map(len, dossier_to_text(dossier).splitlines())) <= 80


def printed(dossier: Dossier, columns: int, options: DossierOptions = SHORT_DOSSIER) -> list[str]:
    console = Console(file=StringIO(), width=columns, color_system=None)
    console.print(dossier_to_terminal(dossier, options, columns))
    return console.file.getvalue().splitlines()  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def wide() -> Dossier:
    """Return a dossier with 40 issues on which two people differ in two articles."""
    matters = [f"{first}{last}" for first in "BDFGKLMP" for last in ("oat", "ell", "ust", "ift", "arn")]
    issues = [f"The {matter} should be sold." for matter in matters]
    sides: list[tuple[str, Stance]] = [("Ann Day", "agrees"), ("Bo Fox", "disagrees")]
    rows = [(name, issue, stance, f"{name} on: {issue}") for issue in issues for name, stance in sides]
    return Dossier([make_brief(date, rows) for date in ("2026-01-01", "2026-02-01")])


@pytest.mark.parametrize("columns", [20, 40, 80, 120, 200])
def test_a_matrix_has_the_issues_that_fit(wide: Dossier, columns: int) -> None:
    assert len(wide.issues) == 40
    lines = printed(wide, columns)
    assert max(map(len, lines)) <= columns
    rows = [line for line in lines if line.startswith("Ann Day")]
    assert sum(row.count("+") for row in rows) == 8 + max(0, columns - 80) // 5
    assert len(rows) == 1 or columns < 80


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_a_full_matrix_continues_in_another_table(wide: Dossier, columns: int) -> None:
    lines = printed(wide, columns, DossierOptions(0, 0, 0, 0, 0))
    rows = [line for line in lines if line.startswith("Ann Day")]
    assert len(rows) > 1
    assert sum(row.count("+") for row in rows) == 40
    assert max(map(len, lines)) <= columns


def test_text_has_at_most_120_columns(dossier: Dossier) -> None:
    long = brief("Tom Reed, who has been the chair of the harbour board and of the council for many years now,")
    found = Dossier([long, brief("Ann Wood", "2026-02-01")])
    assert max(map(len, printed(found, 300))) <= 120
    assert dossier_to_text(dossier).splitlines() == printed(dossier, 80)


def test_markup_in_names_is_escaped(tmp_path: Path) -> None:
    with Store(tmp_path / "briefs.db") as store:
        made = brief()
        holders = [holder.model_copy(update={"name": "<b>*Tom*</b> | [x](y)"}) for holder in made.holders[:1]]
        store.add(made.model_copy(update={"holders": (*holders, *made.holders[1:])}))
        assert r"\<b\>\*Tom\*\</b\> \| \[x\](y)" in dossier_to_markdown(Dossier.from_store(store))


def test_a_dossier_without_positions_says_so() -> None:
    assert dossier_to_text(Dossier()).splitlines()[-1] == "No position was found."
    assert "No position was found." in dossier_to_markdown(Dossier())


def test_articles_without_a_date_are_counted() -> None:
    assert "1 article without a date" in dossier_to_text(Dossier([brief(date=None)]))


def test_answers_outside_of_the_selection_are_left_out(tmp_path: Path) -> None:
    asked = make_brief("2026-01-05", [("Tom Reed", "", "unclear", "The toll is coming.")], questions=["Who will pay?"])
    answer = "The drivers will pay for the toll, and nobody else will pay, she said."
    with Store(tmp_path / "briefs.db") as store:
        store.add(asked)
        store.add(make_brief("2026-02-05", [("Ann Wood", "", "unclear", answer)]))
        Dossier.from_store(store)
        with store.database.transaction() as connection:
            connection.execute("DELETE FROM answers")
            connection.execute(
                "INSERT INTO answers SELECT questions.id, max(positions.id), 0.9 FROM questions, positions"
            )
        assert "Perhaps answered" in dossier_to_text(Dossier.from_store(store))
        assert "Perhaps answered" not in dossier_to_text(Dossier.from_store(store, until="2026-01"))


def test_the_last_stance_is_that_of_the_last_dated_statement() -> None:
    held = [("2026-01-05", "agrees"), (None, "disagrees")]
    dossier = Dossier([make_brief(date, [("Tom Reed", "Pay.", stance, f"Words of {date}.")]) for date, stance in held])
    row = next(line for line in dossier_to_text(dossier).splitlines() if line.startswith("Tom Reed"))
    assert row.split()[2:] == ["+"]


def test_contradictions_show_both_sides() -> None:
    toll = "A toll should be charged on the bridge."
    costs = [("Tom Reed", "The lock will cost 40 million euros."), ("Ann Wood", "The lock will cost €75m.")]
    turned = [
        make_brief(f"2026-01-0{day}", [("Jane Hill", toll, stance, f"Hill spoke, {day}.")]) for day, stance in STANCES
    ]  # type: ignore[list-item]
    dossier = Dossier([*turned, make_brief("2026-03-01", [(name, "", "unclear", words) for name, words in costs])])
    text, markdown = dossier_to_text(dossier), dossier_to_markdown(dossier)
    assert "≠ Jane Hill · opposite stances, and no change was found" in text
    assert "≠ Tom Reed / Ann Wood · different figures" in text
    section = markdown.partition("## Possible contradictions")[2]
    assert all(words in section for words in ("Hill spoke, 1", "Hill spoke, 2", "40 million", "€75m"))
    assert "contradictions" not in dossier_to_text(Dossier(turned[:1]))
