"""The article with highlights: cited sentences, their most important words, and uncited statements."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Literal, NamedTuple

from summarizer.article import Article, Sentence, read
from summarizer.brief import Evidence
from summarizer.errors import ArticleError
from summarizer.render.text import fragment
from summarizer.spans import Span

ParagraphKind = Literal["title", "caption", "prose", "cut"]


@dataclass(frozen=True, slots=True)
class Segment:
    """Words that belong to the same claims."""

    text: str
    exact: tuple[str, ...]
    """The claims that have these words as a phrase."""


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a paragraph: plain text, a cited sentence, or an uncited statement."""

    segments: tuple[Segment, ...]
    sentence: int | None = None
    uncited: int | None = None
    """The number of the statement in the brief's list, from 1."""
    first: bool = False
    """Whether the sentence or statement begins here; it may extend over several runs."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the article, or a line that the reading cut."""

    kind: ParagraphKind
    runs: tuple[Run, ...]


@dataclass(slots=True)
class Citations:
    """The sentences that the claims of a page cite. A claim has a fragment of its own."""

    sentences: dict[int, tuple[Span, ...]] = field(default_factory=dict)
    claims: defaultdict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    """The claims that cite each sentence."""
    phrases: defaultdict[int, list[tuple[Span, str]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, claim: str, evidence: Iterable[Evidence]) -> None:
        """Add the evidence of a claim."""
        for item in evidence:
            self.sentences.setdefault(item.sentence, item.spans)
            if claim not in self.claims[item.sentence]:
                self.claims[item.sentence].append(claim)
            self.phrases[item.sentence] += [(span, claim) for phrase in item.phrases for span in phrase.spans]


class _Block(NamedTuple):
    kind: ParagraphKind
    spans: tuple[Span, ...]


class _Mark(NamedTuple):
    span: Span
    sentence: int | None
    uncited: int | None


def highlight(article: Article, citations: Citations, uncited: Sequence[tuple[Span, ...]] = ()) -> list[Paragraph]:
    """Return the paragraphs of an article, with the citations and the uncited statements highlighted."""
    marks = _marks(citations, uncited)
    starts = [mark.span.start for mark in marks]
    seen: set[tuple[int | None, int | None]] = set()

    def runs(block: _Block) -> Iterator[Run]:
        for start, end in block.spans:
            position = start
            for mark in marks[max(0, bisect_right(starts, start) - 1) :]:
                if mark.span.start >= end:
                    break
                first, last = max(position, mark.span.start), min(end, mark.span.end)
                if first >= last:
                    continue
                yield from _plain(article.text[position:first])
                key = (mark.sentence, mark.uncited)
                phrases = citations.phrases.get(mark.sentence or 0, [])
                if segments := _segments(article.text, Span(first, last), phrases):
                    yield Run(segments, mark.sentence, mark.uncited, key not in seen)
                    seen.add(key)
                position = last
            yield from _plain(article.text[position:end])

    return [Paragraph(block.kind, tuple(runs(block))) for block in _blocks(article)]


def _blocks(article: Article) -> list[_Block]:
    """Return the paragraphs and the lines that the reading cut, in order.

    They hold all of the text except white space and invisible characters. An interrupted paragraph is one block.
    """
    try:
        reading = read(article)
    except ArticleError:  # cleaning left no text
        reading = read(article, clean=False)
    blocks = [_Block("cut", (cut.span,)) for cut in reading.cuts if cut.reason != "invisible"]
    for _, group in groupby(reading.sentences, key=lambda sentence: sentence.paragraph):
        sentences = list(group)
        blocks.append(_Block(sentences[0].kind, tuple(_join_spans(article.text, sentences))))
    return sorted(blocks, key=lambda block: block.spans[0])


def _join_spans(text: str, sentences: list[Sentence]) -> Iterator[Span]:
    """Join the spans of a paragraph's sentences across white space."""
    start = end = sentences[0].spans[0].start
    for sentence in sentences:
        gap = text[end : sentence.spans[0].start]
        for number, span in enumerate(sentence.spans):
            if span.start != end and (number or not gap.isspace()):
                yield Span(start, end)
                start = span.start
            end = span.end
    yield Span(start, end)


def _marks(citations: Citations, uncited: Sequence[tuple[Span, ...]]) -> list[_Mark]:
    """Return marks in order, without overlaps; cited sentences take precedence."""
    sentences = [_Mark(span, number, None) for number, spans in citations.sentences.items() for span in spans]
    statements = [_Mark(span, None, number) for number, spans in enumerate(uncited, 1) for span in spans]
    cited = list(_uncovered(sentences, []))
    return sorted([*cited, *_uncovered(statements, cited)], key=lambda mark: mark.span)


def _uncovered(marks: list[_Mark], covered: list[_Mark]) -> Iterator[_Mark]:
    """Yield the parts of ``marks`` that neither ``covered`` nor an earlier mark covers."""
    starts = [mark.span.start for mark in covered]
    position = 0
    for mark in sorted(marks, key=lambda mark: mark.span):
        position = max(position, mark.span.start)
        for other in covered[max(0, bisect_right(starts, position) - 1) :]:
            if other.span.start >= mark.span.end:
                break
            if position < other.span.start:
                yield mark._replace(span=Span(position, other.span.start))
            position = max(position, other.span.end)
        if position < mark.span.end:
            yield mark._replace(span=Span(position, mark.span.end))
            position = mark.span.end


def _plain(text: str) -> Iterator[Run]:
    if shown := fragment(text):
        yield Run((Segment(shown, ()),))


def _segments(text: str, span: Span, phrases: list[tuple[Span, str]]) -> tuple[Segment, ...]:
    """Split ``span`` at the edges of phrases; each segment has the claims whose phrases cover it."""
    inside = [(max(start, span.start), min(end, span.end), claim) for (start, end), claim in phrases]
    inside = [(start, end, claim) for start, end, claim in inside if start < end]
    edges = sorted({*span, *(edge for start, end, _ in inside for edge in (start, end))})
    segments = []
    for start, end in pairwise(edges):
        claims = dict.fromkeys(claim for first, last, claim in inside if first <= start and end <= last)
        if shown := fragment(text[start:end]):
            segments.append(Segment(shown, tuple(claims)))
    return tuple(segments)
