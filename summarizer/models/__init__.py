"""The model layer: what is asked, what comes back, and who answers.

The one room that knows openai and tenacity; neither is loaded before an `OpenAIModel` makes its first call.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from summarizer.models.base import (
        FinishReason,
        Message,
        Model,
        OutputForm,
        PromptId,
        Reply,
        Request,
        Role,
        identity_of,
        note_reply,
        reply_limit,
    )
    from summarizer.models.course import CallEvent
    from summarizer.models.default import DEFAULT_MODEL, NoModelWarning, resolve_model
    from summarizer.models.openai_compatible import OpenAIModel

__all__ = [
    "DEFAULT_MODEL",
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
    "identity_of",
    "note_reply",
    "reply_limit",
    "resolve_model",
]

_HOMES = {
    "DEFAULT_MODEL": "default",
    "CallEvent": "course",
    "NoModelWarning": "default",
    "resolve_model": "default",
    "OpenAIModel": "openai_compatible",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES.get(name, 'base')}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
