"""A dossier of two articles."""

import pytest

from summarizer import Article, Brief, Dossier, summarize

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
