"""Briefs with matching articles, for pages."""

from datetime import UTC, datetime
from typing import Any

from summarizer import Article, Brief
from summarizer.article import read
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
    PromptId,
    Provenance,
    Rejected,
    UncitedStatement,
)
from summarizer.spans import Span, locate, quote

TEXT = """Council splits over the old bridge

By Ann Lee

The council of Riverton argued for five hours on Monday. “The bridge must go, and the sooner it goes the better,” said
Anna Berg, the town’s chief engineer.

“A repair is cheaper,” said Tomas Lind, chairman of the Friends of the Bridge. He doubted that anyone

had counted

. “Who pays?” he asked.

Berg said that a repair costs 4 million & that it lasts ten years. The mayor said nothing was decided.

Sign up now: Get our newsletters delivered to your inbox
""".replace("said\nAnna", "said Anna")
SOURCE = "https://news.example/bridge?a=1&b=2"
TEAR_DOWN = "The bridge should be torn down."
CHEAP = "A repair is cheap."


def cited(article: Article, words: str, *phrases: str) -> Evidence:
    """Return the sentence of ``article`` that contains ``words``, with these phrases."""
    sentence = next(sentence for sentence in read(article).sentences if words in sentence.text)
    marked = []
    for phrase in phrases:
        start = sentence.text.index(phrase)
        spans = locate(article.text, sentence.spans, start, start + len(phrase))
        marked.append(Phrase(spans=spans, text=phrase))
    return Evidence(sentence=sentence.number, spans=sentence.spans, quote=sentence.text, phrases=tuple(marked))


def provenance(**changes: Any) -> Provenance:
    given: dict[str, Any] = {
        "engine": "model",
        "model": "tiny-2026",
        "prompts": (PromptId(name="extract", version="1", sha256="0"),),
        "library": "9.9",
        "ruler": "o200k_base",
        "calls": 1,
        "seconds": 2,
        "made": datetime(2026, 1, 2, tzinfo=UTC),
    }
    return Provenance(**given | changes)


def bridge(**changes: Any) -> tuple[Brief, Article]:
    """Return a brief with every kind of part, and its article."""
    article = Article.from_text(TEXT, source=SOURCE, published="2026-01-01", language="en")
    go = "The bridge must go"
    uncited = article.text.index("nothing was decided")
    given: dict[str, Any] = {
        "article": article.info,
        "gist": Gist(text="A council argues over a bridge.", evidence=(cited(article, "The council"),)),
        "issues": (
            Issue(id="tear", proposition=TEAR_DOWN, kind="policy"),
            Issue(id="untouched", proposition="Nobody takes a stance on this.", kind="fact"),
            Issue(id="cheap", proposition=CHEAP, kind="fact"),
        ),
        "holders": (
            Holder(id="berg", name="Anna Berg", kind="person", role="chief engineer", affiliation="Riverton"),
            Holder(id="lind", name="Tomas Lind", kind="person", role="chairman"),
            Holder(id="silent", name="Nobody Heard", kind="person"),
        ),
        "positions": (
            _position(1, "berg", "tear", "agrees", cited(article, go, go), certainty="hedged", speech="direct"),
            _position(2, "berg", "tear", "mixed", cited(article, go, "go, and the sooner"), reported_by="lind"),
            _position(3, "lind", "tear", "disagrees", cited(article, "A repair is cheaper")),
            _position(4, "lind", "cheap", "agrees", cited(article, "A repair"), cited(article, "He doubted")),
            _position(5, "berg", "cheap", "disagrees", cited(article, "Berg said", "costs 4 million & that")),
            _position(6, "lind", None, "unclear", cited(article, "He doubted", "anyone had counted")),
        ),
        "open_questions": (
            OpenQuestion(
                id="Q1", question="Who pays?", origin="asked", raised_by=("lind",), evidence=(cited(article, "Who"),)
            ),
        ),
        "coverage": Coverage(
            sentences=9,
            chunks=1,
            statements=6,
            cited=5,
            failed=(FailedChunk(first_sentence=7, last_sentence=9, error="The server broke."),),
            uncited=(UncitedStatement(sentences=(8,), spans=(Span(uncited, uncited + 19),), source="The mayor"),),
            suspicious=(9,),
        ),
        "rejected": (Rejected(what="position", text="The mayor resigns.", reason="sentence 99 does not exist"),),
        "provenance": provenance(),
    }
    return Brief(**given | changes), article


def _position(number: int, holder: str, issue: str | None, stance: Any, *evidence: Evidence, **more: Any) -> Position:
    return Position(
        id=f"P{number}",
        holders=(holder,),
        statement=f"Statement {number}.",
        issue=issue,
        stance=stance,
        evidence=evidence,
        **{"checks": Checks(speaker="confirmed", figures="confirmed", names="unconfirmed")} | more,
    )


def everywhere(text: str) -> tuple[Brief, Article]:
    """Return a brief and an article with ``text`` in every place that an article, a model or a file controls."""
    article = Article.from_text(
        "\n\n".join(
            [
                "A quiet headline",
                f"He said {text} and left.",
                f"Then {text} was heard.",
                f"Who knows why {text} was said.",
                "*a*," * 600,  # so many marks that the reading leaves all markup in the text
            ]
        ),
        title=text,
        source=text,
        author=text,
        published=text,
        language=text,
    )
    lines = [span for span in _lines(article.text) if text in article.text[span.start : span.end]]

    def at(number: int) -> Evidence:
        span = lines[number]
        start = article.text.index(text, span.start)
        marked = Span(start, start + len(text))
        return Evidence(
            sentence=number + 2,
            spans=(span,),
            quote=quote(article.text, [span]),
            phrases=(Phrase(spans=(marked,), text=quote(article.text, [marked])),),
        )

    who = Holder(id=f"{text}h", name=text, kind="person", role=text, affiliation=text, aliases=(text,))
    brief = Brief(
        article=article.info,
        gist=Gist(text=f"Then: {text}", evidence=(at(0),)),
        issues=tuple(Issue(id=f"{text}{name}", proposition=text, kind="policy") for name in ("i", "j")),
        holders=(who,),
        positions=(
            Position(
                id=f"{text}p",
                holders=(who.id,),
                reported_by=who.id,
                statement=text,
                issue=f"{text}i",
                stance="agrees",
                evidence=(at(0), at(1)),
            ),
            Position(id=f"{text}p2", holders=(who.id,), statement=text, evidence=(at(1),)),
            Position(id=f"{text}p3", holders=(who.id,), statement=text, issue=f"{text}j", evidence=(at(1),)),
        ),
        open_questions=(
            OpenQuestion(id=f"{text}q", question=text, origin="implied", raised_by=(who.id,), evidence=(at(0),)),
        ),
        coverage=Coverage(
            sentences=3,
            chunks=1,
            failed=(FailedChunk(first_sentence=1, last_sentence=2, error=text),),
            uncited=(UncitedStatement(sentences=(4,), spans=(lines[2],), source=text),),
        ),
        rejected=(Rejected(what=text, text=text, reason=text),),
        provenance=provenance(
            model=text,
            output=text,
            library=text,
            notes=(text,),
            prompts=(PromptId(name=text, version=text, sha256=text),),
        ),
    )
    return brief, article


def _lines(text: str) -> list[Span]:
    spans, at = [], 0
    for line in text.split("\n"):
        spans.append(Span(at, at + len(line)))
        at += len(line) + 1
    return spans
