"""Whether a brief and an article belong together."""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import pairwise

from summarizer.article import Article
from summarizer.brief import Brief, Evidence
from summarizer.errors import BriefError
from summarizer.spans import Span, quote


def check_fits(brief: Brief, article: Article) -> None:
    """Hold ``brief`` against the article that it is to be shown with.

    Raises:
        BriefError: it was made of another text, or quotes what does not stand where it says, or numbers its
            sentences in another order than the article's.
    """
    found, wanted = hashlib.sha256(article.text.encode()).hexdigest(), brief.article.sha256
    if found != wanted:
        raise BriefError(
            f"The brief was made of another text: of one with the SHA-256 {wanted}, while this article’s is {found}.",
            hint="Give the article that the brief was made of, to the letter: line ends count, too.",
        )
    for item in cited(brief):
        quotations = [(item.quote, item.spans), *((phrase.text, phrase.spans) for phrase in item.phrases)]
        if not all(_stands(article.text, words, spans) for words, spans in quotations):
            raise BriefError(
                f"The brief does not fit its article: what it quotes as sentence {item.sentence} "
                "does not stand where it says.",
                hint="The brief was changed after it was made; make it anew.",
            )
    _check_numbers(cited(brief))


def _check_numbers(evidence: Iterable[Evidence]) -> None:
    """Each number is of one sentence, and they count in the order of the article."""
    places = sorted({(item.sentence, item.spans) for item in evidence})
    for (number, spans), (following, later) in pairwise(places):
        if number == following or not spans[:1] < later[:1]:
            raise BriefError(
                "The brief does not fit its article: the numbers of its sentences are not in the article’s order "
                f"at {number} and {following}.",
                hint="The brief was changed after it was made; make it anew.",
            )


def cited(brief: Brief) -> Iterator[Evidence]:
    """All the evidence of ``brief``."""
    if brief.gist:
        yield from brief.gist.evidence
    for position in brief.positions:
        yield from position.evidence
    for question in brief.open_questions:
        yield from question.evidence


def _stands(text: str, words: str, spans: Iterable[Span]) -> bool:
    spans = tuple(spans)
    return all(0 <= start < end <= len(text) for start, end in spans) and quote(text, spans) == words
