"""Split an article into chunks: runs of numbered sentences within a token budget."""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, takewhile

from summarizer._patterns import compile_lazily
from summarizer.article import MAX_SENTENCE_BYTES, Article, Reading, Sentence
from summarizer.engines.llm.tokens import count_words
from summarizer.errors import ChunkError, ConfigurationError

DEFAULT_CHUNK_TOKENS = 6_000
"""Tokens. Most news articles are one chunk, and its reply stays below the limits of models."""

# Text that imitates a number at the start of a line, or a delimiter anywhere.
_IMITATION = compile_lazily(r"^(?=\\*\[\d+\])|(?=</?article\b)", re.IGNORECASE)
_PARAGRAPH_COST = 0.15  # the share of a chunk that may stay empty so that it ends with a paragraph


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of sentences, and their lines in a request."""

    sentences: tuple[Sentence, ...]
    lines: tuple[str, ...] = field(repr=False)
    """One line a sentence."""

    @property
    def numbers(self) -> range:
        """The numbers of the sentences."""
        return range(self.sentences[0].number, self.sentences[-1].number + 1)

    @property
    def can_split(self) -> bool:
        """Return whether the chunk is longer than the longest possible sentence, so that a split helps."""
        return len(self.lines) > 1 and len("".join(self.lines).encode()) > MAX_SENTENCE_BYTES

    def split(self) -> tuple["Chunk", "Chunk"]:
        """Return two chunks of similar length, split at the end of a paragraph if there is one near the middle."""
        *ends, length = accumulate(map(len, self.lines))
        half = length / 2
        paragraphs = [place for place, line in enumerate(self.lines[:-1]) if line.endswith("\n\n")]
        near = [place for place in paragraphs if half / 2 < ends[place] < half * 3 / 2]
        cut = 1 + min(near or range(len(ends)), key=lambda place: abs(ends[place] - half))
        return Chunk(self.sentences[:cut], self.lines[:cut]), Chunk(self.sentences[cut:], self.lines[cut:])


def split_into_chunks(
    reading: Reading, *, chunk_tokens: int = DEFAULT_CHUNK_TOKENS, overlap: int = 0
) -> tuple[Chunk, ...]:
    """Split an article into chunks of at most ``chunk_tokens`` tokens.

    A chunk repeats ``overlap`` sentences of the one before it, as far as they fit. It ends with a paragraph if that
    leaves at most 15 % of it empty.

    Raises:
        ChunkError: a sentence has more than ``chunk_tokens`` tokens.
    """
    if overlap < 0:
        raise ConfigurationError(f"The overlap of chunks cannot be negative ({overlap}).")
    lines = numbered_lines(reading)
    surely_fits = len("".join(lines).encode()) <= chunk_tokens  # no text has more tokens than bytes
    bounds = [(0, len(lines))] if surely_fits else _bounds(lines, chunk_tokens, overlap)
    return tuple(Chunk(reading.sentences[start:end], tuple(lines[start:end])) for start, end in bounds)


def _bounds(lines: list[str], budget: int, overlap: int) -> Iterator[tuple[int, int]]:
    before = array("q", accumulate(map(line_tokens, lines), initial=0))  # tokens before each line
    start = done = 0
    while done < len(lines):
        end = bisect_right(before, before[start] + budget) - 1
        if end <= done:  # no room for a new sentence after the repeated ones
            start, end = done, bisect_right(before, before[done] + budget) - 1
        if end <= done:
            needed = before[done + 1] - before[done]
            hint = f"Set chunk_tokens to {needed} or more."
            raise ChunkError(f"Sentence {done + 1} needs {needed} tokens, and chunk_tokens is {budget}.", hint=hint)
        if end < len(lines):
            end = _paragraph_end(lines, before, max(start, done), end)
        yield start, end
        start, done = max(end - overlap, 0), end


def _paragraph_end(lines: list[str], before: Sequence[int], start: int, end: int) -> int:
    """Return the last end of a paragraph that leaves little of the chunk empty, else ``end``."""
    fewest = before[end] - _PARAGRAPH_COST * (before[end] - before[start])
    candidates = takewhile(lambda last: before[last] >= fewest, range(end, start, -1))
    return next((last for last in candidates if lines[last - 1].endswith("\n\n")), end)


def numbered_lines(reading: Reading) -> list[str]:
    """Return the line of each sentence; a blank line after it ends the paragraph.

    A line begins with its number and ends with a line feed. Therefore the tokens of several lines are the sum of
    the tokens of each.
    """
    lines = []
    following = [*(sentence.paragraph for sentence in reading.sentences[1:]), -1]
    for (number, text, _, kind, paragraph), next_paragraph in zip(reading.sentences, following, strict=True):
        words = _IMITATION.sub(r"\\", text) if text[0] in "[\\" or "<" in text else text
        label = "" if kind == "prose" else f"({kind}) "
        end = "\n" if paragraph == next_paragraph else "\n\n"
        lines.append(f"[{number}] {label}{words}{end}")
    return lines


def line_tokens(line: str) -> int:
    """Count the tokens of a numbered line.

    The number has two brackets, and a token for three digits.
    """
    number, _, words = line.partition(" ")
    return 2 + len(number) // 3 + count_words(words)


def delimited(article: Article, lines: Iterable[str], name: str = "article") -> str:
    """Return ``lines`` between delimiters with a part of the article's hash, which no article can imitate."""
    name = f"{name}-{article.sha256[:12]}"
    return f"<{name}>\n{''.join(lines).rstrip()}\n</{name}>"
