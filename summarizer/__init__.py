"""Find the positions in an article, who holds each, and which questions stay open.

Every claim cites the sentences that support it.

    from summarizer import summarize
    brief = summarize(text)
"""

from typing import TYPE_CHECKING

from summarizer._lazy import lazy_exports

if TYPE_CHECKING:
    from summarizer.article import Article
    from summarizer.attribution import Attribution, attributions
    from summarizer.brief import Brief
    from summarizer.client import Summarizer
    from summarizer.codebook import Codebook, load_codebook
    from summarizer.dossier import Dossier
    from summarizer.engines import Event
    from summarizer.errors import (
        ArticleError,
        BudgetExceeded,
        FetchFailed,
        IncompleteBrief,
        ModelError,
        PromptError,
        StoreError,
        SummarizerError,
    )
    from summarizer.estimate import Estimate, Prices
    from summarizer.evaluation import Gold, Report, aevaluate, evaluate
    from summarizer.fetching import Fetcher
    from summarizer.models import Budget, Model, OpenAIModel, Reply, Request, ScriptedModel
    from summarizer.outcome import Outcome
    from summarizer.shortcuts import asummarize, asummarize_many, summarize, summarize_many
    from summarizer.sources import URL, Skipped, articles_from_feed
    from summarizer.spans import Span
    from summarizer.store import Store
    from summarizer.usage import Usage
else:
    __getattr__, __dir__ = lazy_exports(
        __name__,
        {
            ".article": "Article",
            ".attribution": "Attribution attributions",
            ".brief": "Brief",
            ".codebook": "Codebook load_codebook",
            ".client": "Summarizer",
            ".dossier": "Dossier",
            ".engines": "Event",
            ".errors": "ArticleError BudgetExceeded FetchFailed IncompleteBrief ModelError PromptError "
            "StoreError SummarizerError",
            ".estimate": "Estimate Prices",
            ".evaluation": "Gold Report aevaluate evaluate",
            ".fetching": "Fetcher",
            ".models": "Budget Model OpenAIModel Reply Request ScriptedModel",
            ".outcome": "Outcome",
            ".shortcuts": "asummarize asummarize_many summarize summarize_many",
            ".sources": "URL Skipped articles_from_feed",
            ".spans": "Span",
            ".store": "Store",
            ".usage": "Usage",
        },
    )

__version__ = "0.1.0"
"""The version of the library."""

__all__ = [
    "URL",
    "Article",
    "ArticleError",
    "Attribution",
    "Brief",
    "Budget",
    "BudgetExceeded",
    "Codebook",
    "Dossier",
    "Estimate",
    "Event",
    "FetchFailed",
    "Fetcher",
    "Gold",
    "IncompleteBrief",
    "Model",
    "ModelError",
    "OpenAIModel",
    "Outcome",
    "Prices",
    "PromptError",
    "Reply",
    "Report",
    "Request",
    "ScriptedModel",
    "Skipped",
    "Span",
    "Store",
    "StoreError",
    "Summarizer",
    "SummarizerError",
    "Usage",
    "__version__",
    "aevaluate",
    "articles_from_feed",
    "asummarize",
    "asummarize_many",
    "attributions",
    "evaluate",
    "load_codebook",
    "summarize",
    "summarize_many",
]
