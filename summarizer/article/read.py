"""From an Article to its Reading: what is to be read, and in which sentences."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from summarizer.article.article import Article
from summarizer.article.invisible import invisible
from summarizer.article.language import likely_language
from summarizer.article.paragraphs import Paragraph, column, paragraphs
from summarizer.article.reading import Cut, Reading, Sentence
from summarizer.article.sentences import sentences
from summarizer.article.sifting import all_lines, kept_lines, within
from summarizer.article.view import View
from summarizer.errors import ArticleError
from summarizer.spans import Span


def read(article: Article, *, clean: bool = True) -> Reading:
    """Read ``article``: cut what is no part of it, join what is torn, number the sentences.

    ``clean=False`` cuts nothing.

    Raises:
        ArticleError: nothing is left to read.
    """
    cuts: list[Cut] = []
    gaps = invisible(article.text) if clean else []
    kept = kept_lines(article, gaps, cuts) if clean else all_lines(article)
    found = tuple(_sentences(article, paragraphs(kept, column(article.text)), gaps, cuts))
    if not found:
        reasons = ", ".join(sorted({cut.reason for cut in cuts}))
        raise ArticleError(
            f"Nothing is left of the article to read: all of it was cut ({reasons}).",
            hint="clean=False (--no-clean) cuts nothing.",
        )
    return Reading(article, found, tuple(sorted(cuts)))


def _sentences(article: Article, found: Iterable[Paragraph], gaps: list[Span], cuts: list[Cut]) -> Iterator[Sentence]:
    """The sentences of the paragraphs ``found``, in order; invisible characters in them are added to ``cuts``."""
    text = article.text
    language = (article.language or likely_language(article.text)).partition("-")[0].lower()
    number = 0
    nearest = gaps[0].start if gaps else len(text)  # no paragraph that ends before it holds a gap
    for place, (pieces, kind) in enumerate(found):
        start, end = pieces[0].start, pieces[-1].end
        if len(pieces) == 1 and end <= nearest:  # nearly always: sentences lie in the text as in the paragraph
            for first, last, words in sentences(text[start:end], language):
                number += 1
                yield Sentence(number, words, (Span(start + first, start + last),), kind, place)
            continue
        inside = [gap for piece in pieces for gap in within(gaps, *piece)]
        following = bisect_left(gaps, (end,))
        nearest = gaps[following].start if following < len(gaps) else len(text)
        cuts += [Cut(gap, "invisible") for gap in inside]
        view = View(text, pieces, inside)
        for first, last, words in sentences(view.text, language):
            number += 1
            yield Sentence(number, words, view.spans(first, last), kind, place)
