"""The token ruler: o200k_base, for every model.

Exact for OpenAI's models, a ruler for others. The vocabulary lies beside this file (o200k_base.tiktoken,
its origin in o200k_base.md); nothing is downloaded, and no cache or environment variable is touched.
"""

import base64
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tiktoken import Encoding

RULER = "o200k_base"
"""The encoding's name, as provenance states it."""

_VOCABULARY = Path(__file__).with_name("o200k_base.tiktoken")

# How text is split before byte pairs are merged: part of the encoding's definition. Source:
# tiktoken_ext/openai_public.py of tiktoken 0.14 (MIT), function o200k_base.
_PATTERN = "|".join(
    (
        r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?""",
        r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?""",
        r"""\p{N}{1,3}""",
        r""" ?[^\s\p{L}\p{N}]+[\r\n/]*""",
        r"""\s*[\r\n]+""",
        r"""\s+(?!\S)""",
        r"""\s+""",
    )
)
_THREADS = 2  # the encoder lets go of the interpreter while it works, though not all the time
_WORTH_THREADS = 1_000_000  # characters


@cache
def ruler() -> "Encoding":
    """The encoding itself; built once, in about a quarter of a second."""
    import tiktoken  # only where something is to be measured

    rows = map(bytes.split, _VOCABULARY.read_bytes().splitlines())
    ranks = {base64.b64decode(token): int(rank) for token, rank in rows}
    return tiktoken.Encoding(RULER, pat_str=_PATTERN, mergeable_ranks=ranks, special_tokens={})


def count_tokens(text: str) -> int:
    """How many tokens ``text`` is. Markers of special tokens, such as ``<|endoftext|>``, are text."""
    return len(ruler().encode_ordinary(text))


def count_each(texts: Sequence[str]) -> list[int]:
    """How many tokens each of ``texts`` is."""
    if sum(map(len, texts)) < _WORTH_THREADS:
        return [count_tokens(text) for text in texts]
    ruler()  # before the threads, which would each build one
    share = -(-len(texts) // _THREADS)
    shares = [texts[start : start + share] for start in range(0, len(texts), share)]
    with ThreadPoolExecutor(_THREADS) as pool:
        return [count for counts in pool.map(lambda each: [*map(count_tokens, each)], shares) for count in counts]
