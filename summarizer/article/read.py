"""From an Article to its Reading: what is to be read, and in which sentences."""

from bisect import bisect_left

from summarizer.article.article import Article
from summarizer.article.boilerplate import agency_credit, boilerplate, ends_with_credit
from summarizer.article.front import front_matter
from summarizer.article.invisible import invisible, visible
from summarizer.article.lines import lines
from summarizer.article.paragraphs import Block, paragraphs
from summarizer.article.reading import Cut, Reading, Sentence
from summarizer.article.sentences import View, sentence_ranges
from summarizer.errors import ArticleError
from summarizer.spans import Span

_LONGEST_CAPTION = 400  # characters, of a caption that only the credit after it tells
_LANGUAGE = "en"


def read(article: Article, *, clean: bool = True) -> Reading:
    """Read ``article``: cut what is no part of it, join what is torn, number the sentences.

    ``clean=False`` cuts nothing.

    Raises:
        ArticleError: nothing is left to read.
    """
    gaps = invisible(article.text) if clean else []
    blocks, cuts = _blocks(article, gaps, clean)
    sentences: list[Sentence] = []
    language = (article.language or _LANGUAGE).partition("-")[0].lower()
    for number, paragraph in enumerate(paragraphs(article.text, blocks)):
        torn = _within(gaps, paragraph.pieces[0].start, paragraph.pieces[-1].end) if gaps else []
        cuts += [Cut(gap, "invisible") for gap in torn]
        view = View(article.text, paragraph.pieces, torn)
        for start, end in sentence_ranges(view.text, language):
            words = " ".join(view.text[start:end].split())
            sentences.append(Sentence(len(sentences) + 1, words, view.spans(start, end), paragraph.kind, number))
    if not sentences:
        reasons = ", ".join(sorted({cut.reason for cut in cuts}))
        raise ArticleError(
            f"Nothing is left of the article to read: all of it was cut ({reasons}).",
            hint="Cutting can be turned off: clean=False, or --no-clean.",
        )
    return Reading(article, tuple(sentences), tuple(sorted(cuts)))


def _blocks(article: Article, gaps: list[Span], clean: bool) -> tuple[list[Block], list[Cut]]:
    """The lines to be read, each with what it is, and what was cut between them."""
    text = article.text
    front = dict(front_matter(text).cuts)
    blocks: list[Block] = []
    cuts: list[Cut] = []
    title = article.title
    for line in lines(text):
        span = Span(line.start, line.end)
        words = text[line.start : line.end]
        if gaps and _within(gaps, line.start, line.end):
            words = visible(words)
        if title and title == " ".join(words.split()):
            blocks.append(Block(line, "title"))
            title = None
        elif clean and (reason := "invisible" if not words else front.get(span) or boilerplate(words)):
            if reason == "photo-credit" and blocks and _may_be_caption(blocks[-1]):
                blocks[-1] = Block(blocks[-1].line, "caption")
            cuts.append(Cut(span, reason))
        elif clean and (credit := agency_credit(text[line.start : line.end])):
            end = line.start + credit
            cuts.append(Cut(Span(end, line.end), "agency-credit"))
            blocks.append(Block(line._replace(end=end), "prose"))
        else:
            blocks.append(Block(line, "caption" if ends_with_credit(words) else "prose"))
    return blocks, cuts


def _may_be_caption(block: Block) -> bool:
    return block.kind == "prose" and block.line.end - block.line.start <= _LONGEST_CAPTION


def _within(gaps: list[Span], start: int, end: int) -> list[Span]:
    """Those of ``gaps``, which are in order, that lie in the range: none lies across the end of a line."""
    return gaps[bisect_left(gaps, (start,)) : bisect_left(gaps, (end,))]
