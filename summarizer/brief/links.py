"""Links of a brief: an address for every quotation, which opens its place in the page or the PDF."""

from collections.abc import Sequence
from typing import TypeVar

from summarizer.article import Article
from summarizer.brief.brief import Brief
from summarizer.brief.types import Evidence, OpenQuestion, Position, UncitedStatement
from summarizer.spans import Span

_CitedT = TypeVar("_CitedT", Evidence, UncitedStatement)
_ClaimT = TypeVar("_ClaimT", Position, OpenQuestion)


def refer_to_article(brief: Brief, article: Article) -> Brief:
    """Return a brief with the metadata, the warnings and the links of an article.

    The article has the text that the brief was made from, but may come from another address.
    """
    links = _Links(article)
    coverage = brief.coverage
    return brief.model_copy(
        update={
            "article": article.info,
            "gist": brief.gist.model_copy(update={"evidence": links.add(brief.gist.evidence)}) if brief.gist else None,
            "positions": links.add_to_claims(brief.positions),
            "open_questions": links.add_to_claims(brief.open_questions),
            "coverage": coverage.model_copy(
                update={"warnings": article.warnings, "uncited": links.add(coverage.uncited)}
            ),
        }
    )


class _Links:
    """The links to an article. Each is made once, however many claims cite the sentence."""

    def __init__(self, article: Article) -> None:
        self._article = article
        self._made: dict[Span, str | None] = {}

    def add_to_claims(self, claims: Sequence[_ClaimT]) -> tuple[_ClaimT, ...]:
        return tuple(claim.model_copy(update={"evidence": self.add(claim.evidence)}) for claim in claims)

    def add(self, items: Sequence[_CitedT]) -> tuple[_CitedT, ...]:
        return tuple(item.model_copy(update={"link": self._link(item.spans)}) for item in items)

    def _link(self, spans: Sequence[Span]) -> str | None:
        """Return the link to the text from the first start to the last end."""
        if not spans or not self._article.anchors:
            return None
        span = Span(spans[0].start, spans[-1].end)
        if span not in self._made:
            self._made[span] = self._article.link(span)
        return self._made[span]
