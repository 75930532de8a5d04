"""The check that a brief and an article belong together."""

import hashlib
from collections.abc import Iterator
from itertools import pairwise

from summarizer.article import Article
from summarizer.brief import Brief, Evidence
from summarizer.errors import BriefError
from summarizer.spans import Span, quote


def check_article(brief: Brief, article: Article) -> None:
    """Raise a BriefError if a brief belongs to another text, or its quotations or sentence numbers differ."""
    actual, expected = hashlib.sha256(article.text.encode()).hexdigest(), brief.article.sha256
    if actual != expected:
        raise BriefError(
            f"The brief belongs to another text: its SHA-256 is {expected}, and this article’s is {actual}.",
            hint="Use the exact text that the brief was made from, with the same line ends.",
        )
    evidence = list(_evidence(brief))
    for item in evidence:
        quotations = [(item.quote, item.spans), *((phrase.text, phrase.spans) for phrase in item.phrases)]
        if not all(_matches(article.text, words, spans) for words, spans in quotations):
            raise _mismatch(f"the quotation of sentence {item.sentence} differs from the text at its spans")
    sentences = sorted({(item.sentence, item.spans) for item in evidence})
    for (number, spans), (next_number, next_spans) in pairwise(sentences):
        if number == next_number or not spans[:1] < next_spans[:1]:
            raise _mismatch(f"its sentence numbers do not follow the article’s order at {number} and {next_number}")


def _mismatch(difference: str) -> BriefError:
    return BriefError(
        f"The brief does not match its article: {difference}.",
        hint="The brief was changed after it was made; make it again.",
    )


def _evidence(brief: Brief) -> Iterator[Evidence]:
    if brief.gist:
        yield from brief.gist.evidence
    for position in brief.positions:
        yield from position.evidence
    for question in brief.open_questions:
        yield from question.evidence


def _matches(text: str, words: str, spans: tuple[Span, ...]) -> bool:
    return all(0 <= start < end <= len(text) for start, end in spans) and quote(text, spans) == words
