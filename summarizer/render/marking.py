"""The article with what the brief cites marked in it: sentences, and the exact words within."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from summarizer.article import Article
from summarizer.brief import Evidence
from summarizer.render.layout import Block, BlockKind, layout
from summarizer.render.words import piece
from summarizer.spans import Span


@dataclass(frozen=True, slots=True)
class Segment:
    """Words that belong to the same claims."""

    text: str
    exact: tuple[str, ...]
    """The claims whose exact words they are."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of one block: plain, of one cited sentence, or of one statement that nothing cites."""

    segments: tuple[Segment, ...]
    sentence: int | None = None
    uncited: int | None = None
    """The place of the statement in the brief's list, from 1."""
    first: bool = False
    """Whether the sentence or statement begins here: it may be torn over several runs."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block of the article, marked."""

    kind: BlockKind
    runs: tuple[Run, ...]


@dataclass(slots=True)
class Citations:
    """Which claims cite what; a claim is whatever has a fragment of its own in the page."""

    sentences: dict[int, tuple[Span, ...]] = field(default_factory=dict)
    claims: defaultdict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    """The claims that cite each sentence."""
    phrases: defaultdict[int, list[tuple[Span, str]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, claim: str, evidence: Iterable[Evidence]) -> None:
        """Take note of what ``claim`` rests on."""
        for item in evidence:
            self.sentences.setdefault(item.sentence, item.spans)
            if claim not in self.claims[item.sentence]:
                self.claims[item.sentence].append(claim)
            self.phrases[item.sentence] += [(span, claim) for phrase in item.phrases for span in phrase.spans]


def marked(article: Article, citations: Citations, uncited: Sequence[tuple[Span, ...]] = ()) -> list[Paragraph]:
    """``article`` in paragraphs, with what ``citations`` and ``uncited`` point at marked."""
    marks = _marks(citations, uncited)
    starts = [mark.span.start for mark in marks]
    seen: set[tuple[int | None, int | None]] = set()

    def runs(block: Block) -> Iterator[Run]:
        for start, end in block.pieces:
            at = start
            for mark in marks[max(0, bisect_right(starts, start) - 1) :]:
                if mark.span.start >= end:
                    break
                first, last = max(at, mark.span.start), min(end, mark.span.end)
                if first >= last:
                    continue
                yield from _plain(article.text[at:first])
                key = (mark.sentence, mark.uncited)
                segments = _segments(article.text, Span(first, last), citations.phrases.get(mark.sentence or 0, []))
                if segments:
                    yield Run(segments, mark.sentence, mark.uncited, key not in seen)
                    seen.add(key)
                at = last
            yield from _plain(article.text[at:end])

    return [Paragraph(block.kind, tuple(runs(block))) for block in layout(article)]


@dataclass(frozen=True, slots=True)
class _Mark:
    span: Span
    sentence: int | None
    uncited: int | None


def _marks(citations: Citations, uncited: Sequence[tuple[Span, ...]]) -> list[_Mark]:
    """Marks in the order of the text, none of which overlaps another: cited sentences go before the rest."""
    found: list[_Mark] = []
    sentences = [_Mark(span, number, None) for number, spans in citations.sentences.items() for span in spans]
    rest = [_Mark(span, None, place) for place, spans in enumerate(uncited, 1) for span in spans]
    for mark in sorted(sentences, key=lambda mark: mark.span):
        start = max(mark.span.start, found[-1].span.end if found else 0)
        if start < mark.span.end:
            found.append(_Mark(Span(start, mark.span.end), mark.sentence, None))
    found += _beside(found, sorted(rest, key=lambda mark: mark.span))
    return sorted(found, key=lambda mark: mark.span)


def _beside(taken: list[_Mark], marks: list[_Mark]) -> Iterator[_Mark]:
    """The parts of ``marks`` that neither ``taken`` nor an earlier one of them covers."""
    starts = [mark.span.start for mark in taken]
    at = 0
    for mark in marks:
        at = max(at, mark.span.start)
        for other in taken[max(0, bisect_right(starts, at) - 1) :]:
            if other.span.start >= mark.span.end:
                break
            if at < other.span.start:
                yield _Mark(Span(at, other.span.start), None, mark.uncited)
            at = max(at, other.span.end)
        if at < mark.span.end:
            yield _Mark(Span(at, mark.span.end), None, mark.uncited)
            at = mark.span.end


def _plain(text: str) -> Iterator[Run]:
    if shown := piece(text):
        yield Run((Segment(shown, ()),))


def _segments(text: str, span: Span, phrases: list[tuple[Span, str]]) -> tuple[Segment, ...]:
    """``span`` of ``text`` in segments, each with the claims one of whose phrases covers it."""
    inside = [(max(start, span.start), min(end, span.end), claim) for (start, end), claim in phrases]
    inside = [item for item in inside if item[0] < item[1]]
    edges = sorted({*span, *(edge for start, end, _ in inside for edge in (start, end))})
    found = []
    for start, end in pairwise(edges):
        claims = dict.fromkeys(claim for first, last, claim in inside if first <= start and end <= last)
        if shown := piece(text[start:end]):
            found.append(Segment(shown, tuple(claims)))
    return tuple(found)
