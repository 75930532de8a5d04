"""Language models: their interface, retries and limits for any of them, and the OpenAI-compatible one.

Importing this package loads neither openai nor tenacity; the first request does.
"""

from summarizer._types import PromptId
from summarizer.models.base import FinishReason, Message, Model, OutputForm, Reply, Request, Role, request_reply
from summarizer.models.budget import Budget, UsageTracker
from summarizer.models.fake import CallbackModel, ScriptedModel, ScriptedReply
from summarizer.models.openai.embeddings import OpenAIEmbedder, center
from summarizer.models.openai.model import CHOOSE_MODEL, OpenAIModel, join_names, nearest_names, server_address
from summarizer.models.resolve import BUILTIN, DEFAULT_MODEL, NoModelWarning, read_number, resolve_model
from summarizer.models.retry import CallEvent, Limits, RetryingModel

__all__ = [
    "BUILTIN",
    "CHOOSE_MODEL",
    "DEFAULT_MODEL",
    "Budget",
    "CallEvent",
    "CallbackModel",
    "FinishReason",
    "Limits",
    "Message",
    "Model",
    "NoModelWarning",
    "OpenAIEmbedder",
    "OpenAIModel",
    "OutputForm",
    "PromptId",
    "Reply",
    "Request",
    "RetryingModel",
    "Role",
    "ScriptedModel",
    "ScriptedReply",
    "UsageTracker",
    "center",
    "join_names",
    "nearest_names",
    "read_number",
    "request_reply",
    "resolve_model",
    "server_address",
]
