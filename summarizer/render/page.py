"""A brief and its article as one HTML page that needs nothing but itself."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from summarizer.article import Article
from summarizer.brief import Brief, UncitedStatement
from summarizer.render.account import coverage_lines, made_lines
from summarizer.render.addresses import web_address
from summarizer.render.cards import Cards
from summarizer.render.environment import asset, environment, policy
from summarizer.render.fitting import check_fits
from summarizer.render.marking import Citations, Paragraph, marked
from summarizer.render.matrix import matrix
from summarizer.render.outline import SIGNS, outline
from summarizer.render.words import line, many
from summarizer.spans import Span

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")


def to_html(brief: Brief, article: Article) -> str:
    """``brief`` beside ``article``, with every cited sentence marked, as one self-contained HTML document.

    Nothing in it runs but the library's own script, and nothing is loaded; without the script it is
    a complete document still.

    Raises:
        BriefError: the brief was made of another text, or quotes what does not stand where it says.
    """
    check_fits(brief, article)
    style, script = asset("page.css"), asset("page.js")
    return (
        environment()
        .get_template("page.html.j2")
        .render(_content(brief, article), style=style, script=script, policy=policy(style, script))
    )


def _content(brief: Brief, article: Article) -> dict[str, Any]:
    """All that the template shows."""
    cards = Cards(brief)
    groups = cards.groups()
    uncited = brief.coverage.uncited
    as_made = article.model_copy(update={"title": brief.article.title, "language": brief.article.language})
    shown = outline(brief)
    citations = _citations(brief, with_gist=bool(shown.gist))
    paragraphs = marked(as_made, citations, tuple(statement.spans for statement in uncited))
    return {
        "title": shown.title,
        "byline": shown.byline,
        "source": shown.source,
        "address": web_address(brief.article.source),
        "language": _language(brief),
        "gist": shown.gist and {"text": shown.gist[0], "sentences": _gist_sentences(brief)},
        "groups": groups,
        "matrix": matrix(groups),
        "questions": cards.questions(),
        "people": cards.holders(),
        "signs": SIGNS,
        "many": many,
        "headline": _headline(as_made, paragraphs),
        "paragraphs": paragraphs,
        "claims": citations.claims,
        "coverage": tuple(coverage_lines(brief.coverage.model_copy(update={"uncited": ()}))),
        "uncited": tuple(
            (place, line(statement.source or "") or "nobody named", _words(article.text, statement.spans))
            for place, statement in zip(_places(paragraphs, uncited), uncited, strict=True)
        ),
        "rejected": shown.rejected,
        "made": tuple(made_lines(brief.provenance)),
        "when": brief.provenance.made,
        "sha256": line(brief.article.sha256),
        "prompts": tuple(line(f"{prompt.name} {prompt.version}") for prompt in brief.provenance.prompts),
    }


def _headline(article: Article, paragraphs: Iterable[Paragraph]) -> str:
    """The title that was given along with the text, or nothing where the text has it."""
    return "" if any(paragraph.kind == "title" for paragraph in paragraphs) else line(article.title or "")


def _citations(brief: Brief, *, with_gist: bool) -> Citations:
    citations = Citations()
    for number, position in enumerate(brief.positions, 1):
        citations.add(f"P{number}", position.evidence)
    for number, question in enumerate(brief.open_questions, 1):
        citations.add(f"Q{number}", question.evidence)
    if brief.gist and with_gist:
        citations.add("gist", brief.gist.evidence)
    return citations


def _places(paragraphs: Iterable[Paragraph], uncited: Iterable[UncitedStatement]) -> Iterator[str | None]:
    """Where each statement is found: at a mark of its own, or at a sentence that something else cites."""
    runs = [run for paragraph in paragraphs for run in paragraph.runs]
    ids = {f"u{run.uncited}" for run in runs if run.uncited} | {f"s{run.sentence}" for run in runs if run.sentence}
    for number, statement in enumerate(uncited, 1):
        places = [f"u{number}", *(f"s{sentence}" for sentence in statement.sentences)]
        yield next((place for place in places if place in ids), None)


def _gist_sentences(brief: Brief) -> tuple[int, ...]:
    return tuple(dict.fromkeys(item.sentence for item in brief.gist.evidence)) if brief.gist else ()


def _words(text: str, spans: Iterable[Span]) -> str:
    """The words at ``spans``, with a mark of omission where others stand between them."""
    shown, last = "", 0
    for start, end in spans:
        shown += (" … " if shown and text[last:start].strip() else " ") + text[start:end]
        last = end
    return line(shown)


def _language(brief: Brief) -> str:
    """The article's language, or nothing, which HTML takes for unknown."""
    language = brief.article.language or ""
    return language if _LANGUAGE.fullmatch(language) else ""
