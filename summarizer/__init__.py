"""Positions, holders and open questions of an article, every claim tied to the sentences that carry it.

from summarizer import summarize
brief = summarize(text)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from summarizer.article import Article
    from summarizer.attribution import Attribution, attributions
    from summarizer.brief import Brief
    from summarizer.client import Summarizer, asummarize, asummarize_many, summarize, summarize_many
    from summarizer.engines import Event
    from summarizer.errors import (
        ArticleError,
        BudgetExceeded,
        IncompleteBrief,
        ModelError,
        PromptError,
        StaleCassette,
        StoreError,
        SummarizerError,
    )
    from summarizer.estimate import Estimate, Prices
    from summarizer.models import Model, OpenAIModel, Reply, Request
    from summarizer.models.budget import Budget
    from summarizer.models.fake import ScriptedModel
    from summarizer.outcome import Outcome
    from summarizer.spans import Span
    from summarizer.store import Store
    from summarizer.usage import Usage

__version__ = "0.1.0"

_HOMES = {
    "Article": "article",
    "ArticleError": "errors",
    "Attribution": "attribution",
    "Brief": "brief",
    "Estimate": "estimate",
    "Event": "engines",
    "BudgetExceeded": "errors",
    "Budget": "models.budget",
    "IncompleteBrief": "errors",
    "Model": "models",
    "ModelError": "errors",
    "OpenAIModel": "models",
    "Outcome": "outcome",
    "Prices": "estimate",
    "PromptError": "errors",
    "Reply": "models",
    "Request": "models",
    "ScriptedModel": "models.fake",
    "Span": "spans",
    "StaleCassette": "errors",
    "Store": "store",
    "StoreError": "errors",
    "Summarizer": "client",
    "SummarizerError": "errors",
    "Usage": "usage",
    "asummarize": "client",
    "asummarize_many": "client",
    "attributions": "attribution",
    "summarize": "client",
    "summarize_many": "client",
}

__all__ = [
    "Article",
    "ArticleError",
    "Attribution",
    "Brief",
    "Budget",
    "BudgetExceeded",
    "Estimate",
    "Event",
    "IncompleteBrief",
    "Model",
    "ModelError",
    "OpenAIModel",
    "Outcome",
    "Prices",
    "PromptError",
    "Reply",
    "Request",
    "ScriptedModel",
    "Span",
    "StaleCassette",
    "Store",
    "StoreError",
    "Summarizer",
    "SummarizerError",
    "Usage",
    "__version__",
    "asummarize",
    "asummarize_many",
    "attributions",
    "summarize",
    "summarize_many",
]


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for, so that ``import summarizer`` costs next to nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
