"""Fit requests to a model's context: which prompt, how long a chunk, how much of lead and cast."""

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from summarizer.engines.llm.prompts import Prompt
from summarizer.engines.llm.tokens import count_tokens, predict_reply
from summarizer.errors import ChunkError
from summarizer.models import Message

SMALL_CONTEXT = 8_192
"""Tokens. A smaller context gets the short prompts, whose names end in "-small"."""
TOKEN_MARGIN = 1.15
"""Tokens of another vocabulary for each one of o200k_base, for English: SmolLM2's has 1.13, Llama 3's 1.02."""
CONTEXT_SHARE = 0.25
"""Tokens of lead and cast for each token of a chunk, in a context that the whole article does not fit."""
_LONGEST_REPLY = 1.28
MESSAGE_TOKENS = 4
"""Tokens that chat templates add around a message."""
REPLY_START_TOKENS = 3
"""Tokens that they add before the reply."""
_ROUNDING = 64  # tokens, to which the least context is rounded up

LONGER_CONTEXT = "Start the server with a longer context, or use a model that has one."


@dataclass(frozen=True, slots=True)
class Layout:
    """The form of requests about chunks."""

    is_small: bool = False
    """Whether the short prompts are used."""
    context_tokens: int | None = None
    """Tokens of lead and cast together at most; None means no limit."""

    @property
    def suffix(self) -> str:
        """The end of the names of the prompts."""
        return "-small" if self.is_small else ""


STANDARD = Layout()


@dataclass(frozen=True, slots=True)
class Fit:
    """A layout, and the length of a chunk, that fit a context."""

    layout: Layout
    chunk_tokens: int


def fit_to_context(
    context: int | None, lines: Sequence[int], chunk_tokens: int, prompts: Mapping[str, Prompt], *, codebook: int = 0
) -> Fit:
    """Return how to request an article whose sentences have ``lines`` tokens each.

    Args:
        context: the tokens of the model's context; None if it is not known.
        lines: the tokens of each numbered line.
        chunk_tokens: the tokens of a chunk at most.
        prompts: the prompts by name.
        codebook: the tokens of the codebook in each request.

    Raises:
        ChunkError: the context is too small for one of the sentences.
    """
    if context is None or not lines:
        return Fit(STANDARD, chunk_tokens)
    is_small, usable, total = context < SMALL_CONTEXT, int(context / TOKEN_MARGIN), sum(lines)
    frame = frame_tokens(prompts, Layout(is_small)) + codebook

    def needed(part: int) -> int:
        beside = 0 if part >= total else CONTEXT_SHARE * part
        return math.ceil(frame + part + beside + _LONGEST_REPLY * predict_reply(part, part * len(lines) / total))

    if total <= chunk_tokens and needed(total) <= usable:
        return Fit(Layout(is_small), chunk_tokens)
    part = bisect_right(range(1, min(chunk_tokens, total) + 1), usable, key=needed)
    if part == chunk_tokens and not is_small:
        return Fit(STANDARD, chunk_tokens)
    if part < max(lines):
        least = least_context(lines, prompts, codebook=codebook)
        if context < least:
            raise ChunkError(
                f"The context of {context:,} tokens is too small for this article, which needs {least:,} or more.",
                hint=LONGER_CONTEXT,
            )
        part = max(lines)
    return Fit(Layout(is_small, int(CONTEXT_SHARE * part)), min(part, chunk_tokens))


def least_context(lines: Sequence[int], prompts: Mapping[str, Prompt], *, codebook: int = 0) -> int:
    """Return the tokens of the smallest context in which each sentence can be requested and answered."""
    longest = max(lines)
    tokens = frame_tokens(prompts, Layout(is_small=True)) + codebook + longest + predict_reply(longest, 1)
    return math.ceil(tokens * TOKEN_MARGIN / _ROUNDING) * _ROUNDING


def frame_tokens(prompts: Mapping[str, Prompt], layout: Layout) -> int:
    """Return the tokens of a request about a chunk without its sentences."""
    return _count_frame(prompts[f"extract{layout.suffix}"])


@lru_cache(maxsize=16)
def _count_frame(prompt: Prompt) -> int:
    empty = dict.fromkeys(prompt.variables, "-" * 20)
    return REPLY_START_TOKENS + count_messages(prompt.fill(**empty))


def count_messages(messages: Iterable[Message]) -> int:
    """Count the tokens of messages, including what chat templates add."""
    return sum(map(_count_message, messages))


@lru_cache(maxsize=64)  # all articles share the system messages and the frame of a repair
def _count_message(message: Message) -> int:
    return MESSAGE_TOKENS + count_tokens(message.content)
