"""Builders of briefs, and one brief with every kind of part."""

from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from rich.console import Console
from selectolax.lexbor import LexborHTMLParser

from summarizer import Brief
from summarizer.article import ArticleInfo
from summarizer.brief import (
    Checks,
    Coverage,
    Evidence,
    FailedChunk,
    Gist,
    Holder,
    Issue,
    OpenQuestion,
    Phrase,
    Position,
    Provenance,
    Rejected,
    UncitedStatement,
)
from summarizer.render import ViewOptions, to_terminal
from summarizer.spans import Span
from summarizer.usage import Usage

from .pages import bridge
from .parsing import parsed

CONFIRMED, CONTRADICTED = Checks(speaker="confirmed"), Checks(speaker="contradicted")


def evidence(number: int, quote: str, *marked: str) -> Evidence:
    """Return a sentence that begins 1,000 characters after the previous one."""
    start = 1_000 * number
    phrases = [
        Phrase(spans=(Span(start + quote.find(words), start + quote.find(words) + len(words)),), text=words)
        for words in marked
    ]
    return Evidence(sentence=number, spans=(Span(start, start + len(quote)),), quote=quote, phrases=tuple(phrases))


def position(number: int, *holders: str, **changes: Any) -> Position:
    given: dict[str, Any] = {
        "id": f"p{number}",
        "holders": holders or ("berg",),
        "statement": f"Statement {number}.",
        "evidence": (evidence(number, f"Quotation {number}."),),
        "checks": CONFIRMED,
    }
    return Position(**given | changes)


def question(number: int, text: str, **changes: Any) -> OpenQuestion:
    given: dict[str, Any] = {
        "id": f"Q{number}",
        "question": text,
        "origin": "asked",
        "evidence": (evidence(number, f"“{text}”"),),
    }
    return OpenQuestion(**given | changes)


def provenance(**changes: Any) -> Provenance:
    given: dict[str, Any] = {
        "engine": "model",
        "model": "tiny-2026",
        "library": "9.9",
        "ruler": "o200k_base",
        "calls": 1,
        "usage": Usage(1_234, 0, 56),
        "seconds": 2.04,
        "made": datetime(2026, 1, 2, tzinfo=UTC),
    }
    return Provenance(**given | changes)


BERG = Holder(id="berg", name="Anna Berg", kind="person", role="chief engineer", affiliation="Riverton")
LIND = Holder(id="lind", name="Tomas Lind", kind="person", role="chairman of the Friends", affiliation="the Friends")
AUTHOR = Holder(id="author", name=None, kind="author")
TEAR_DOWN = Issue(id="tear", proposition="The bridge should be torn down.", kind="policy")
CHEAP = Issue(id="cheap", proposition="A repair is cheap.", kind="fact")
UNTOUCHED = Issue(id="untouched", proposition="Nobody takes a stance on this.", kind="forecast")
READ = Coverage(sentences=40, chunks=1)


def brief(*positions: Position, **changes: Any) -> Brief:
    given: dict[str, Any] = {
        "article": ArticleInfo(title="Council splits over the bridge", characters=1, sha256="0"),
        "issues": (TEAR_DOWN, UNTOUCHED, CHEAP),
        "holders": (BERG, LIND, AUTHOR),
        "positions": positions,
        "coverage": READ,
        "provenance": provenance(),
    }
    return Brief(**given | changes)


@pytest.fixture
def whole() -> Brief:
    """Return a brief with every kind of part."""
    return brief(
        position(3, "lind", issue="cheap", stance="agrees", certainty="hedged"),
        position(4, issue="tear", stance="agrees", evidence=(evidence(4, "“It must go,” she said.", "must go"),)),
        position(5, "lind", "berg", issue="tear", stance="mixed", certainty="conditional"),
        position(6, "lind", issue="tear", stance="disagrees", reported_by="berg", checks=CONTRADICTED),
        position(7, "author", certainty="speculated", checks=Checks(speaker="unconfirmed", names="unconfirmed")),
        gist=Gist(text="A council argues.", evidence=(evidence(1, "The council argued."), evidence(2, "It split."))),
        open_questions=(
            question(8, "Who pays?", raised_by=("lind", "berg")),
            question(9, "When is the vote?", origin="implied", evidence=(evidence(9, "No date is set."),)),
        ),
        coverage=Coverage(
            sentences=40,
            chunks=2,
            failed=(FailedChunk(first_sentence=20, last_sentence=30, error="The server broke."),),
            statements=12,
            cited=10,
            uncited=(
                UncitedStatement(sentences=(10, 11), spans=(Span(0, 5),), source="the mayor"),
                UncitedStatement(sentences=(12,), spans=(), source=None),
            ),
            suspicious=(13,),
        ),
        rejected=(Rejected(what="position", text="The mayor resigns.", reason="sentence 99 does not exist"),),
        provenance=provenance(repairs=2, calls=3, notes=("A note to the reader.",)),
    )


def shown(made: Brief, *, width: int = 80, full: bool = False, **options: Any) -> str:
    """Return the terminal view; plain, unless ``force_terminal`` is set."""
    file = StringIO()
    Console(file=file, width=width, **options).print(to_terminal(made, ViewOptions(full=full)))
    return file.getvalue()


@pytest.fixture
def page() -> LexborHTMLParser:
    return parsed(*bridge())
