"""A dossier of invented articles for the tests of exports."""

from collections.abc import Iterator
from typing import Any

import pytest

from summarizer import Article, Brief, Dossier, Store
from summarizer.brief import Coverage, Gist, Holder, Issue, OpenQuestion, Position
from tests.render.pages import cited, provenance

TOLL, SCHOOL = "The toll should stay.", "The school should close."
HILL, REED = ("Jane Hill", "person", "Harbour Board"), ("Tom Reed", "person", None)
BOARD = ("Harbour Board", "organisation", None)

Line = tuple[tuple[str, str, str | None], str | None, Any, str]
"""Holder, proposition, stance and sentence."""


def make_brief(
    lines: list[Line], date: str | None = "2026-01-05", title: str = "Toll row", **metadata: Any
) -> tuple[Brief, Article]:
    """Return a brief with a position for each line, and its article."""
    given = {"site": "The Courier", "url": "https://courier.example/toll"} | metadata
    text = "\n\n".join(line[3] for line in lines)
    article = Article.from_text(text, title=title, published=date, **given)
    names = list(dict.fromkeys(line[0] for line in lines))
    propositions = list(dict.fromkeys(line[1] for line in lines if line[1]))
    brief = Brief(
        article=article.info,
        gist=Gist(text="A dispute."),
        issues=tuple(Issue(id=f"I{n}", proposition=words, kind="policy") for n, words in enumerate(propositions)),
        holders=tuple(
            Holder(id=f"H{n}", name=name, kind=kind, affiliation=body, role=body and "chair")
            for n, (name, kind, body) in enumerate(names)
        ),
        positions=tuple(
            Position(
                id=f"P{n}",
                holders=(f"H{names.index(holder)}",),
                statement=sentence,
                issue=proposition and f"I{propositions.index(proposition)}",
                stance=stance,
                evidence=(cited(article, sentence),),
            )
            for n, (holder, proposition, stance, sentence) in enumerate(lines)
        ),
        open_questions=(
            OpenQuestion(id="Q1", question="Who pays?", origin="asked", evidence=(cited(article, lines[0][3]),)),
        )
        if lines
        else (),
        coverage=Coverage(sentences=len(lines), chunks=1),
        provenance=provenance(),
    )
    return brief, article


BRIEFS = [
    make_brief(
        [
            (HILL, TOLL, "agrees", "Jane Hill said the toll 🚢 is needed."),
            (REED, TOLL, "disagrees", "Tom Reed called it a “tax on ferries” 🚢."),
            (BOARD, TOLL, "agrees", "The Harbour Board wants the toll to stay."),
        ]
    ),
    make_brief(
        [
            (REED, TOLL, "agrees", "Tom Reed now says that the toll may stay."),
            (HILL, SCHOOL, "mixed", "Jane Hill sees two sides of the school."),
            (REED, None, "unclear", "Tom Reed spoke of the weather."),
        ],
        date="2026-03-09T18:30:00+01:00",
        title="Reed turns",
        url="https://courier.example/reed",
    ),
]


@pytest.fixture(scope="package")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store(tmp_path_factory.mktemp("store") / "briefs.db") as opened:
        for brief, article in BRIEFS:
            opened.add(brief, article)
        yield opened


@pytest.fixture(scope="package")
def dossier(store: Store) -> Dossier:
    return Dossier.from_store(store)


@pytest.fixture
def own_dossier() -> Dossier:
    """Return a dossier that the test may change."""
    return Dossier(brief for brief, _ in BRIEFS)


@pytest.fixture(scope="package")
def empty() -> Dossier:
    return Dossier([])
