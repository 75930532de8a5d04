"""Language models: their interface, retries and limits for any of them, and the OpenAI-compatible one.

Importing this package loads neither openai nor tenacity; the first request does.
"""

from summarizer._types import PromptId
from summarizer.models.base import FinishReason, Message, Model, OutputForm, Reply, Request, Role, request_reply
from summarizer.models.budget import Budget, UsageTracker
from summarizer.models.fake import CallbackModel, ScriptedModel, ScriptedReply
from summarizer.models.openai.batches import Answer, BatchClient, RemoteBatch, batch_body
from summarizer.models.openai.capabilities import Capabilities, PreparedRequest, Rejection
from summarizer.models.openai.embeddings import OpenAIEmbedder, center
from summarizer.models.openai.endpoint import CHOOSE_MODEL, join_names, nearest_names, server_address
from summarizer.models.openai.model import OpenAIModel
from summarizer.models.resolve import BUILTIN, DEFAULT_MODEL, NoModelWarning, read_number, resolve_model
from summarizer.models.retry import CallEvent, Limits, RetryingModel, check_number

__all__ = [
    "BUILTIN", "CHOOSE_MODEL", "DEFAULT_MODEL", "Answer", "BatchClient", "Budget", "CallEvent", "CallbackModel",
    "Capabilities", "FinishReason", "Limits", "Message", "Model", "NoModelWarning", "OpenAIEmbedder", "OpenAIModel",
    "OutputForm", "PreparedRequest", "PromptId", "Rejection", "RemoteBatch", "Reply", "Request", "RetryingModel",
    "Role", "ScriptedModel", "ScriptedReply", "UsageTracker", "batch_body", "center", "check_number", "join_names",
    "nearest_names", "read_number", "request_reply", "resolve_model", "server_address",
]  # fmt: skip
