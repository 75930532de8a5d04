"""The Reading: an article in numbered sentences, without boilerplate."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from summarizer.article.article import Article, ArticleForm
from summarizer.article.cleaning import Cut, clean_lines, find_invisible, find_markup, with_kind
from summarizer.article.forms import find_form
from summarizer.article.languages import ENGLISH, find_language_code
from summarizer.article.metadata import find_metadata_lines
from summarizer.article.paragraphs import (
    JoinedText,
    ParagraphSpans,
    SentenceKind,
    join_lines,
    spans_within,
    split_lines,
    split_run_in,
    wrap_width,
)
from summarizer.article.sentences import split_sentences
from summarizer.errors import ArticleError
from summarizer.spans import Span


class Sentence(NamedTuple):
    """One sentence of the article."""

    number: int
    """The position in the article, from 1."""
    text: str
    """The words: ``quote(article.text, spans)``."""
    spans: tuple[Span, ...]
    """The place in ``article.text``: one span, or several if the sentence is torn."""
    kind: SentenceKind
    """``"title"``, ``"caption"`` of a picture, or ``"prose"``."""
    paragraph: int
    """The index of its paragraph, from 0."""

    def __repr__(self) -> str:
        """Show the place without the words, which may be confidential."""
        return f"Sentence(number={self.number}, kind={self.kind!r}, characters={len(self.text)})"


@dataclass(frozen=True, slots=True)
class Reading:
    """An article, its sentences in order, and its cuts."""

    article: Article
    sentences: tuple[Sentence, ...]
    cuts: tuple[Cut, ...]
    form: ArticleForm = "report"
    """The form that the article declares, or that its text shows."""
    language: str = ENGLISH
    """The primary code of the language that the text is in; empty if it is clearly none that the library knows."""

    @property
    def is_english(self) -> bool:
        """Return whether the article is in English. A short text in Latin script counts as English."""
        return self.language == ENGLISH

    def sentence(self, number: int) -> Sentence:
        """Return the sentence with this number, or raise IndexError."""
        if number < 1:
            raise IndexError(number)
        return self.sentences[number - 1]


def read(article: Article, *, clean: bool = True) -> Reading:
    """Cut boilerplate, join torn lines, and number the sentences of ``article``.

    With ``clean=False``, nothing is cut. If nothing is left to read, an ArticleError says why.
    """
    if not isinstance(article, Article):
        raise ArticleError(f"Pass an Article, such as Article.from_text(…), not {type(article).__name__}.")
    text = article.text
    cuts: list[Cut] = []
    roles = find_metadata_lines(text, article.title)
    hidden = _find_hidden(text) if clean else {}
    if clean:
        if article.cuts:
            roles, hidden = _add_cuts(article, roles, hidden)
        lines = clean_lines(text, roles, list(hidden), cuts)
    else:
        lines = (with_kind(line, roles.get(line.start)) for line in split_lines(text))
    language = find_language_code(text, article.language)
    paragraphs = split_run_in(text, join_lines(lines, wrap_width(text)))
    sentences = tuple(_sentences(text, language or ENGLISH, paragraphs, hidden, cuts))
    if not sentences:
        reasons = ", ".join(sorted({cut.reason for cut in cuts}))
        hint = "clean=False cuts nothing."
        raise ArticleError(f"Nothing of the article is left to read: all of it was cut ({reasons}).", hint=hint)
    return Reading(article, sentences, tuple(sorted(cuts)), find_form(article, sentences), language)


def _find_hidden(text: str) -> dict[Span, str]:
    """Return the characters of the text that are not read, with the reasons."""
    hidden = dict.fromkeys(find_invisible(text), "invisible")
    if markup := find_markup(text):
        taken = {offset for span in hidden for offset in range(*span)}
        hidden |= {span: "markup" for span in markup if taken.isdisjoint(range(*span))}
    return dict(sorted(hidden.items()))


def _add_cuts(
    article: Article, roles: dict[int, str], hidden: dict[Span, str]
) -> tuple[dict[int, str], dict[Span, str]]:
    """Add the article's own cuts: whole lines to ``roles``, characters within a line to ``hidden``."""
    ends = {line.start: line.end for line in split_lines(article.text)}
    lines = {span.start: reason for span, reason in article.cuts if ends.get(span.start) == span.end}
    inner = {span: reason for span, reason in article.cuts if ends.get(span.start) != span.end}
    offsets = {offset for span in inner for offset in range(*span)}
    others = {span: reason for span, reason in hidden.items() if offsets.isdisjoint(range(*span))}
    return roles | lines, dict(sorted((others | inner).items()))


def _sentences(
    text: str, language: str, paragraphs: Iterable[ParagraphSpans], hidden: dict[Span, str], cuts: list[Cut]
) -> Iterator[Sentence]:
    """Yield the sentences of ``paragraphs``; ``hidden`` characters in them are added to ``cuts`` with their reasons."""
    gaps = list(hidden)
    number = 0
    for index, (spans, kind) in enumerate(paragraphs):
        inside = [gap for span in spans for gap in spans_within(gaps, *span)] if gaps else []
        if len(spans) == 1 and not inside:  # nearly always: offsets only need a shift
            start, end = spans[0]
            for first, last, words in split_sentences(text[start:end], language):
                number += 1
                yield Sentence(number, words, (Span(start + first, start + last),), kind, index)
            continue
        cuts += [Cut(gap, hidden[gap]) for gap in inside]
        joined = JoinedText(text, spans, inside)
        for first, last, words in split_sentences(joined.text, language):
            number += 1
            yield Sentence(number, words, joined.to_spans(first, last), kind, index)
