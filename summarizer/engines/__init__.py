"""Engines that turn a reading into findings: the built-in rules, or a language model."""

from typing import TYPE_CHECKING

from summarizer._lazy import lazy_exports
from summarizer.engines.base import Engine, EngineResult, Event, OnEvent, ReplyCache
from summarizer.engines.llm.chunks import (
    DEFAULT_CHUNK_TOKENS,
    Chunk,
    ExtractionContext,
    first_request,
    layout_of_part,
    line_tokens,
    split_into_chunks,
)
from summarizer.engines.llm.engine import LLMEngine
from summarizer.engines.llm.extraction import MAX_COST, MAX_REQUESTS
from summarizer.engines.llm.fitting import MESSAGE_TOKENS, REPLY_START_TOKENS, Layout, count_messages
from summarizer.engines.llm.parsing import IssueGroup, parse_record
from summarizer.engines.llm.prompts import VERIFYING_PROMPTS, Prompt, load_prompt, load_prompts, load_schema
from summarizer.engines.llm.session import DEFAULT_REPAIRS, BudgetReached, CustomModelError, ModelSession, ReadReply
from summarizer.engines.llm.tokens import TOKEN_ENCODING, count_tokens, predict_reply

if TYPE_CHECKING:
    from summarizer.engines.builtin.engine import BuiltinEngine
    from summarizer.engines.builtin.glosses import find_language, gloss
    from summarizer.engines.builtin.phrases import CHANGE_NOUNS, CHANGES, VERBS, Words, stem
    from summarizer.engines.builtin.stances import SIDES, asserted, is_old_or_forged, read_labels, read_verdicts
else:  # a tenth of a second of CPU, which models do not need
    _BUILTIN = {
        ".builtin.engine": "BuiltinEngine",
        ".builtin.glosses": "find_language gloss",
        ".builtin.phrases": "CHANGES CHANGE_NOUNS VERBS Words stem",
        ".builtin.stances": "SIDES asserted is_old_or_forged read_labels read_verdicts",
    }
    __getattr__, __dir__ = lazy_exports(__name__, _BUILTIN)

__all__ = [
    "CHANGES", "CHANGE_NOUNS", "DEFAULT_CHUNK_TOKENS", "DEFAULT_REPAIRS", "MAX_COST", "MAX_REQUESTS", "MESSAGE_TOKENS",
    "REPLY_START_TOKENS", "SIDES", "TOKEN_ENCODING", "VERBS", "VERIFYING_PROMPTS", "BudgetReached", "BuiltinEngine",
    "Chunk", "CustomModelError", "Engine", "EngineResult", "Event", "ExtractionContext", "IssueGroup", "LLMEngine",
    "Layout", "ModelSession", "OnEvent", "Prompt", "ReadReply", "ReplyCache", "Words", "asserted", "count_messages",
    "count_tokens", "find_language", "first_request", "gloss", "is_old_or_forged", "layout_of_part", "line_tokens",
    "load_prompt", "load_prompts", "load_schema", "parse_record", "predict_reply", "read_labels", "read_verdicts",
    "split_into_chunks", "stem",
]  # fmt: skip
