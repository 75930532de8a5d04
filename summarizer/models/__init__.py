"""The model layer: what is asked, what comes back, and who answers.

The one room that knows openai and tenacity; neither is loaded before an `OpenAIModel` makes its first call.
"""

from typing import TYPE_CHECKING

from summarizer._lazy import lazy_exports

if TYPE_CHECKING:
    from summarizer._types import PromptId
    from summarizer.models.base import (
        FinishReason,
        Message,
        Model,
        OutputForm,
        Reply,
        Request,
        Role,
    )
    from summarizer.models.budget import Budget, UsageTracker
    from summarizer.models.course import CallEvent
    from summarizer.models.default import DEFAULT_MODEL, NoModelWarning, resolve_model
    from summarizer.models.openai_compatible import OpenAIModel
else:
    __getattr__, __dir__ = lazy_exports(
        __name__,
        {
            "summarizer._types": ["PromptId"],
            ".base": [
                "FinishReason",
                "Message",
                "Model",
                "OutputForm",
                "Reply",
                "Request",
                "Role",
            ],
            ".budget": ["Budget", "UsageTracker"],
            ".course": ["CallEvent"],
            ".default": ["DEFAULT_MODEL", "NoModelWarning", "resolve_model"],
            ".openai_compatible": ["OpenAIModel"],
        },
    )

__all__ = [
    "DEFAULT_MODEL",
    "Budget",
    "CallEvent",
    "FinishReason",
    "Message",
    "Model",
    "NoModelWarning",
    "OpenAIModel",
    "OutputForm",
    "PromptId",
    "Reply",
    "Request",
    "Role",
    "UsageTracker",
    "resolve_model",
]
