"""The language-model engine: chunks, requests, replies, repairs."""

from summarizer.engines.llm.engine import ExtractionResult, Failure, extract
from summarizer.engines.llm.prompts import Prompt, load_prompts
from summarizer.engines.llm.session import BudgetReached, CustomModelError, ModelSession, ReplyCache, Steps
from summarizer.engines.llm.steps import DEFAULT_REPAIRS, extraction_steps, finished

__all__ = [
    "DEFAULT_REPAIRS",
    "BudgetReached",
    "CustomModelError",
    "ExtractionResult",
    "Failure",
    "ModelSession",
    "Prompt",
    "ReplyCache",
    "Steps",
    "extract",
    "extraction_steps",
    "finished",
    "load_prompts",
]
