"""Split an article into chunks: runs of numbered sentences within a token budget."""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from summarizer.article import MAX_SENTENCE_BYTES, Article, Reading, Sentence
from summarizer.engines.llm.tokens import count_words
from summarizer.errors import ChunkError, ConfigurationError

DEFAULT_CHUNK_TOKENS = 6_000
"""Tokens: most news articles are one chunk, and its reply stays well within what models can write."""

# What would be taken for a number or a delimiter at the beginning of a line, or for a delimiter anywhere.
_IMITATION = re.compile(r"^(?=\\*\[\d+\])|(?=</?article\b)", re.IGNORECASE)
_PARAGRAPH_COST = 0.15  # the part of a chunk that may stay empty so that it ends with a paragraph


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of sentences, and the lines that they are sent as."""

    sentences: tuple[Sentence, ...]
    lines: tuple[str, ...] = field(repr=False)
    """One for each sentence."""

    @property
    def numbers(self) -> range:
        """The numbers of its sentences."""
        return range(self.sentences[0].number, self.sentences[-1].number + 1)

    @property
    def can_split(self) -> bool:
        """Whether it is worth cutting in two: longer than the longest sentence may be."""
        return len(self.lines) > 1 and len("".join(self.lines).encode()) > MAX_SENTENCE_BYTES

    def split(self) -> tuple["Chunk", "Chunk"]:
        """Two chunks of about the same length out of one that is can_split, cut at a paragraph where one ends near."""
        half = sum(map(len, self.lines)) / 2
        ends = list(accumulate(map(len, self.lines)))[:-1]
        paragraphs = [place for place, line in enumerate(self.lines[:-1]) if line.endswith("\n\n")]
        near = [place for place in paragraphs if half / 2 < ends[place] < half * 3 / 2]
        cut = 1 + min(near or range(len(ends)), key=lambda place: abs(ends[place] - half))
        return (
            Chunk(self.sentences[:cut], self.lines[:cut]),
            Chunk(self.sentences[cut:], self.lines[cut:]),
        )


def split_into_chunks(
    reading: Reading, *, chunk_tokens: int = DEFAULT_CHUNK_TOKENS, overlap: int = 0
) -> tuple[Chunk, ...]:
    """Cut ``reading`` into chunks whose lines are at most ``chunk_tokens`` tokens long.

    A chunk ends with a paragraph where that leaves at most some 15 % of it empty. ``overlap`` is the
    number of sentences that a chunk repeats from the one before it, as far as they fit.

    Raises:
        ChunkError: a sentence needs more than ``chunk_tokens`` tokens; the message says how many.
        ConfigurationError: ``overlap`` is negative.
    """
    if overlap < 0:
        raise ConfigurationError(f"The overlap of chunks cannot be negative ({overlap}).")
    lines = numbered_lines(reading)
    bounds = [(0, len(lines))] if _surely_fit(lines, chunk_tokens) else _bounds(lines, chunk_tokens, overlap)
    return tuple(Chunk(reading.sentences[start:end], tuple(lines[start:end])) for start, end in bounds)


def _surely_fit(lines: list[str], budget: int) -> bool:
    """Whether ``lines`` have no more bytes than the budget, since no text has more tokens than bytes."""
    return sum(map(len, lines)) <= budget and len("".join(lines).encode()) <= budget


def _bounds(lines: list[str], budget: int, overlap: int) -> Iterator[tuple[int, int]]:
    before = array("q", accumulate(map(line_tokens, lines), initial=0))  # tokens of all lines before each
    start = done = 0
    while done < len(lines):
        end = bisect_right(before, before[start] + budget) - 1
        if end <= done:  # the repeated sentences leave no room for a new one, or there is none anyway
            start, end = done, bisect_right(before, before[done] + budget) - 1
        if end <= done:
            raise _too_long(done + 1, before[done + 1] - before[done], budget)
        if end < len(lines):
            end = _paragraph_end(lines, before, max(start, done), end)
        yield start, end
        start, done = max(end - overlap, 0), end


def _paragraph_end(lines: list[str], before: Sequence[int], start: int, end: int) -> int:
    """The last end of a paragraph that leaves little of the chunk empty, else ``end``."""
    fewest = before[end] - _PARAGRAPH_COST * (before[end] - before[start])
    last = end
    while last > start and before[last] >= fewest:
        if lines[last - 1].endswith("\n\n"):
            return last
        last -= 1
    return end


def _too_long(number: int, needed: int, budget: int) -> ChunkError:
    return ChunkError(
        f"Sentence {number} needs {needed} tokens, and chunk_tokens is {budget}.",
        hint=f"Set chunk_tokens to {needed} or more.",
    )


def numbered_line(sentence: Sentence, *, ends_paragraph: bool) -> str:
    """The line of ``sentence`` as it is sent; a blank line after it ends the paragraph.

    A line begins with its number and ends with a line feed, so that the tokens of several lines are
    the sum of the tokens of each.
    """
    number, words, _, kind, _ = sentence
    if words[0] in "[\\" or "<" in words:
        words = _IMITATION.sub(r"\\", words)
    label = "" if kind == "prose" else f"({kind}) "
    return f"[{number}] {label}{words}\n\n" if ends_paragraph else f"[{number}] {label}{words}\n"


def numbered_lines(reading: Reading) -> list[str]:
    """The lines of all sentences, in order."""
    following = [*(sentence.paragraph for sentence in reading.sentences[1:]), -1]
    return [
        numbered_line(sentence, ends_paragraph=sentence.paragraph != paragraph)
        for sentence, paragraph in zip(reading.sentences, following, strict=True)
    ]


def line_tokens(line: str) -> int:
    """How many tokens a numbered line is.

    Its number is two brackets, and a token for every three figures.
    """
    number, _, words = line.partition(" ")
    return 2 + len(number) // 3 + count_words(words)


def delimited(article: Article, lines: Iterable[str], name: str = "article") -> str:
    """``lines`` between delimiters that no article can imitate: they carry a part of its own hash."""
    name = f"{name}-{article.sha256[:12]}"
    return f"<{name}>\n{''.join(lines).rstrip()}\n</{name}>"
