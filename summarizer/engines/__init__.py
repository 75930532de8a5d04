"""Engines that turn a reading into findings: the built-in rules, or a language model."""

from summarizer.engines.base import ChunkFailure, Engine, EngineResult, Event, OnEvent, ReplyCache
from summarizer.engines.builtin import BuiltinEngine
from summarizer.engines.llm import (
    DEFAULT_CHUNK_TOKENS,
    DEFAULT_REPAIRS,
    TOKEN_ENCODING,
    BudgetReached,
    Chunk,
    CustomModelError,
    ExtractionContext,
    LLMEngine,
    Prompt,
    count_tokens,
    first_request,
    line_tokens,
    load_prompts,
    load_schema,
    split_into_chunks,
)

__all__ = [
    "DEFAULT_CHUNK_TOKENS",
    "DEFAULT_REPAIRS",
    "TOKEN_ENCODING",
    "BudgetReached",
    "BuiltinEngine",
    "Chunk",
    "ChunkFailure",
    "CustomModelError",
    "Engine",
    "EngineResult",
    "Event",
    "ExtractionContext",
    "LLMEngine",
    "OnEvent",
    "Prompt",
    "ReplyCache",
    "count_tokens",
    "first_request",
    "line_tokens",
    "load_prompts",
    "load_schema",
    "split_into_chunks",
]
