"""The article with highlights: cited sentences, their most important words, and uncited statements."""

from bisect import bisect_left, bisect_right
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
class TextRun:
    """A part of a paragraph: plain text, a cited sentence, or an uncited statement."""

    segments: tuple[tuple[str, tuple[str, ...]], ...]
    """The words in order; each part with the claims that have it as a phrase."""
    sentence: int | None = None
    uncited: int | None = None
    """The number of the statement in the brief's list, from 1."""
    first: bool = False
    """Whether the sentence or statement begins here; it may extend over several runs."""
    begins: int | None = None
    """The number of the sentence that begins here and is not cited."""


@dataclass(frozen=True, slots=True)
class HighlightedParagraph:
    """A paragraph of the article, or a line that the reading cut."""

    kind: ParagraphKind
    runs: tuple[TextRun, ...]


@dataclass(slots=True)
class Citations:
    """The sentences that the claims of a page cite. Each claim has its own fragment."""

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


class _Mark(NamedTuple):
    span: Span
    sentence: int | None
    uncited: int | None


def highlight(
    article: Article, citations: Citations, uncited: Sequence[tuple[Span, ...]] = ()
) -> list[HighlightedParagraph]:
    """Return the paragraphs of an article, with the citations and the uncited statements highlighted."""
    text = article.text
    sentences = [_Mark(span, number, None) for number, spans in citations.sentences.items() for span in spans]
    statements = [_Mark(span, None, number) for number, spans in enumerate(uncited, 1) for span in spans]
    marks: list[_Mark | None] = [None] * len(text)  # by offset; cited sentences take precedence, then earlier marks
    for mark in reversed(sorted(sentences) + sorted(statements)):
        start, end = max(mark.span.start, 0), min(max(mark.span.end, 0), len(text))
        marks[start:end] = [mark] * (end - start)
    blocks, begins = _blocks(article, citations)
    edges = sorted({*begins, *(edge for mark in (*sentences, *statements) for edge in mark.span)})
    starts = sorted(begins)
    seen: set[tuple[int | None, int | None]] = set()

    def mark_at(part: tuple[int, int]) -> tuple[_Mark | None, int]:
        """Return the mark of a part; plain text ends where a sentence begins."""
        mark = marks[part[0]]
        return mark, 0 if mark and mark.sentence else bisect_right(starts, part[0])

    def runs(spans: Iterable[Span]) -> Iterator[TextRun]:
        for start, end in spans:
            inner = edges[bisect_right(edges, start) : bisect_left(edges, end)]
            for (mark, _), group in groupby(pairwise((start, *inner, end)), key=mark_at):
                parts = list(group)
                span = Span(parts[0][0], parts[-1][1])
                number = begins.get(span.start) if not mark or not mark.sentence else None
                if not mark:
                    yield from (TextRun((segment,), begins=number) for segment in _segments(text, span, []))
                    continue
                phrases = citations.phrases.get(mark.sentence or 0, [])
                if segments := _segments(text, span, phrases):
                    key = (mark.sentence, mark.uncited)
                    yield TextRun(segments, *key, first=key not in seen, begins=number)
                    seen.add(key)

    return [HighlightedParagraph(kind, tuple(runs(spans))) for spans, kind in blocks]


def _blocks(
    article: Article, citations: Citations
) -> tuple[list[tuple[tuple[Span, ...], ParagraphKind]], dict[int, int]]:
    """Return the paragraphs and the lines that the reading cut, in order, and where other sentences begin.

    They hold all of the text except white space, markup and invisible characters. An interrupted paragraph is one.
    Sentences that no claim cites have no numbers if the brief numbers the others in another way.
    """
    try:
        reading = read(article)
    except ArticleError:  # cleaning left no text
        reading = read(article, clean=False)
    blocks: list[tuple[tuple[Span, ...], ParagraphKind]] = [
        ((cut.span,), "cut") for cut in reading.cuts if cut.reason not in ("invisible", "markup")
    ]
    for _, group in groupby(reading.sentences, key=lambda sentence: sentence.paragraph):
        sentences = list(group)
        blocks.append((tuple(_join_spans(article.text, sentences)), sentences[0].kind))
    begins = {sentence.number: sentence.spans[0].start for sentence in reading.sentences}
    is_numbered = all(begins.pop(number, None) == spans[0].start for number, spans in citations.sentences.items())
    return sorted(blocks), {start: number for number, start in begins.items()} if is_numbered else {}


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


def _segments(text: str, span: Span, phrases: list[tuple[Span, str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Split ``span`` at the edges of phrases; each segment has the claims whose phrases cover it."""
    inside = [(max(start, span.start), min(end, span.end), claim) for (start, end), claim in phrases]
    inside = [(start, end, claim) for start, end, claim in inside if start < end]
    edges = sorted({*span, *(edge for start, end, _ in inside for edge in (start, end))})
    segments = []
    for start, end in pairwise(edges):
        claims = dict.fromkeys(claim for first, last, claim in inside if first <= start and end <= last)
        if shown := fragment(text[start:end]):
            segments.append((shown, tuple(claims)))
    return tuple(segments)
