"""The token ruler: o200k_base, for every model.

Exact for OpenAI's models, a ruler for others. The vocabulary lies beside this file (o200k_base.tiktoken,
its origin in o200k_base.md); nothing is downloaded, and no cache or environment variable is touched.
"""

import base64
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tiktoken import Encoding

TOKEN_ENCODING = "o200k_base"  # noqa: S105 - no secret
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
_MOST_WORDS = 100_000  # remembered: some 10 MB at most, and more than the words of a shelf of books
_LONGEST_WORD = 24  # characters


@cache
def ruler() -> "Encoding":
    """The encoding itself; built once, in about a quarter of a second."""
    import tiktoken  # only where something is to be measured

    rows = map(bytes.split, _VOCABULARY.read_bytes().splitlines())
    ranks = {base64.b64decode(token): int(rank) for token, rank in rows}
    return tiktoken.Encoding(TOKEN_ENCODING, pat_str=_PATTERN, mergeable_ranks=ranks, special_tokens={})


def count_tokens(text: str) -> int:
    """How many tokens ``text`` is. Markers of special tokens, such as ``<|endoftext|>``, are text."""
    return len(ruler().encode_ordinary(text))


def count_words(line: str) -> int:
    """The same as ``count_tokens(" " + line)``, four times as fast, for words with one space between each two.

    No token of such a line goes on beyond a space (the pattern takes one only at the beginning of a
    piece), so that its tokens are those of its words, each with the space before it; and most words are known.
    """
    return sum(map(_WORDS.__getitem__, line.split(" ")))


class _Words(dict[str, int]):
    """How many tokens a word is, with the space before it."""

    def __missing__(self, word: str) -> int:
        count = count_tokens(" " + word)
        if len(word) <= _LONGEST_WORD and len(self) < _MOST_WORDS:
            self[word] = count
        return count


_WORDS = _Words()
