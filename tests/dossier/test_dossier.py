"""A dossier of two articles."""

from dataclasses import replace
from pathlib import Path

import pytest

from summarizer import Article, Brief, Dossier, Store, StoreError, summarize
from tests.dossier.briefs import make_brief

TEXTS = {
    "2026-01-05": "“The toll is needed,” Jane Hill said.\n\nTom Reed said that he opposes the toll.",
    "2026-03-09": "Jane Hill said that the toll must come.\n\n“The bridge is safe,” said Ann Wood, an engineer.",
}


@pytest.fixture(scope="module")
def briefs() -> list[Brief]:
    articles = [Article.from_text(text, published=date, site="The Courier") for date, text in TEXTS.items()]
    return [summarize(article, model="builtin") for article in articles]


def test_a_holder_of_two_articles_is_one_actor(briefs: list[Brief]) -> None:
    dossier = Dossier(briefs)
    assert dossier.actors["jane-hill"].articles == 2
    assert {"tom-reed", "ann-wood"} < set(dossier.actors)


def test_statements_are_in_the_order_of_dates(briefs: list[Brief]) -> None:
    dossier = Dossier(reversed(briefs))
    assert [each.date for each in dossier.timeline(actor="jane-hill")] == list(TEXTS)


def test_details_have_words_and_source(briefs: list[Brief]) -> None:
    dossier = Dossier(briefs)
    (statement,) = dossier.timeline(actor="ann-wood")
    details = dossier.details([statement.position])[statement.position]
    assert details.quotation == "“The bridge is safe,” said Ann Wood, an engineer."
    assert (details.source, details.date) == ("The Courier", "2026-03-09")


def test_a_dossier_of_no_brief_is_empty() -> None:
    dossier = Dossier([])
    assert (dossier.statements, dict(dossier.actors), dict(dossier.issues)) == ((), {}, {})


def test_a_store_that_another_process_links_anew_meanwhile_is_named(tmp_path: Path) -> None:
    held = [("Jane Hill", "The toll should go.", "agrees", "The toll is unfair.")]
    with Store(tmp_path / "briefs.db") as store:
        store.add(make_brief("2026-01-01", held))
        dossier = Dossier.from_store(store)
        statements = dossier.statements
        old = tuple(replace(each, actor="tom-reed") for each in statements)
        with store.database.transaction() as connection:
            connection.execute("INSERT INTO actors VALUES ('j-hill', 'J. Hill', 'person')")
            connection.execute("UPDATE holders SET actor = 'j-hill'")
            connection.execute("DELETE FROM actors WHERE id = 'jane-hill'")
        with pytest.raises(StoreError, match="changed while its dossier was read"):
            _ = dossier.actors
        with store.database.transaction() as connection:
            connection.execute("UPDATE issues SET dossier_issue = NULL")
            connection.execute("DELETE FROM dossier_issues")
        with pytest.raises(StoreError, match="changed while"):
            _ = dossier.issues
        with pytest.raises(StoreError, match="changed while"):
            Dossier.from_store(store).network(organisations=True, statements=old)
        with store.database.transaction() as connection:
            connection.execute("DELETE FROM briefs")
        with pytest.raises(StoreError, match="changed while"):
            dossier.details([statements[0].position])


def test_briefs_that_are_added_after_the_opening_are_left_out(tmp_path: Path) -> None:
    with Store(tmp_path / "briefs.db") as store:
        store.add(make_brief("2026-01-01", [("Jane Hill", "", "unclear", "The toll is unfair.")]))
        dossier = Dossier.from_store(store)
        store.add(make_brief("2026-01-02", [("Tom Reed", "", "unclear", "The toll is fair.")]))
        assert set(dossier.actors) == {"jane-hill"}


def test_one_outlet_may_be_a_string(briefs: list[Brief], tmp_path: Path) -> None:
    with Store(tmp_path / "briefs.db") as store:
        for brief in briefs:
            store.add(brief)
        assert len(Dossier.from_store(store, sources="Courier").statements) == 4
        assert Dossier.from_store(store, sources="Herald").statements == ()
