"""An article as it was given, laid out to be read: its paragraphs, and what the reading cut."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from summarizer.article import Article, Sentence, read
from summarizer.errors import ArticleError
from summarizer.spans import Span

BlockKind = Literal["title", "caption", "prose", "cut"]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a line that is no part of what a person reads."""

    kind: BlockKind
    pieces: tuple[Span, ...]
    """What of the text it shows, in order."""


def layout(article: Article) -> list[Block]:
    """All of ``article`` but white space and invisible characters, in blocks, in order.

    A paragraph that a page's markup tore is whole again; a line that the reading cuts is a block of
    its own.
    """
    try:
        reading = read(article)
    except ArticleError:  # nothing would be left to read
        reading = read(article, clean=False)
    blocks = [
        Block(found[0].kind, tuple(_pieces(article.text, found)))
        for _, group in groupby(reading.sentences, key=lambda sentence: sentence.paragraph)
        if (found := list(group))
    ]
    blocks += [Block("cut", (cut.span,)) for cut in reading.cuts if cut.reason != "invisible"]
    return sorted(blocks, key=lambda block: block.pieces[0])


def _pieces(text: str, sentences: list[Sentence]) -> Iterator[Span]:
    """Where the sentences of a paragraph lie, with the white space between them, in as few spans as may be."""
    start = end = sentences[0].spans[0].start
    for sentence in sentences:
        between = text[end : sentence.spans[0].start]
        for number, span in enumerate(sentence.spans):
            if span.start != end and (number or not between.isspace()):
                yield Span(start, end)
                start = span.start
            end = span.end
    yield Span(start, end)
