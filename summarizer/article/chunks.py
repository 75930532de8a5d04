"""Chunks: runs of whole sentences within a token budget."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from summarizer.article.numbered import numbered_lines
from summarizer.article.reading import Reading, Sentence
from summarizer.article.sentences import LONGEST_SENTENCE
from summarizer.article.tokens import count_each, count_tokens
from summarizer.errors import ChunkError, ConfigurationError

DEFAULT_CHUNK_TOKENS = 6_000
"""Tokens: most news articles are one chunk, and its reply stays well within what models can write."""

_BLOCK = 8  # lines that are counted in one go; only where a chunk ends are they counted one by one
_PARAGRAPH_COST = 0.15  # the part of a chunk that may stay empty so that it ends with a paragraph


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of sentences, and the lines that they are sent as."""

    index: int
    """Its place among the chunks, from 0."""
    sentences: tuple[Sentence, ...]
    lines: tuple[str, ...]
    """One for each sentence."""

    @property
    def numbers(self) -> range:
        """The numbers of its sentences."""
        return range(self.sentences[0].number, self.sentences[-1].number + 1)

    @property
    def divisible(self) -> bool:
        """Whether it is worth cutting in two: longer than the longest sentence may be."""
        return len(self.lines) > 1 and sum(map(_bytes, self.lines)) > LONGEST_SENTENCE

    def halves(self) -> tuple["Chunk", "Chunk"]:
        """Two chunks of about the same length out of one that is divisible, cut at a paragraph where one ends near."""
        half = sum(map(len, self.lines)) / 2
        ends = list(accumulate(map(len, self.lines)))[:-1]
        paragraphs = [place for place, line in enumerate(self.lines[:-1]) if line.endswith("\n\n")]
        near = [place for place in paragraphs if half / 2 < ends[place] < half * 3 / 2]
        cut = 1 + min(near or range(len(ends)), key=lambda place: abs(ends[place] - half))
        first, second = (slice(None, cut), slice(cut, None))
        return (
            Chunk(self.index, self.sentences[first], self.lines[first]),
            Chunk(self.index, self.sentences[second], self.lines[second]),
        )


def cut_chunks(reading: Reading, *, chunk_tokens: int = DEFAULT_CHUNK_TOKENS, overlap: int = 0) -> tuple[Chunk, ...]:
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
    bounds = _bounds(lines, chunk_tokens, overlap) if sum(map(_bytes, lines)) > chunk_tokens else [(0, len(lines))]
    return tuple(
        Chunk(index, reading.sentences[start:end], tuple(lines[start:end])) for index, (start, end) in enumerate(bounds)
    )


def _bytes(line: str) -> int:
    """No text has more tokens than bytes: where the bytes fit, nothing needs to be counted."""
    return len(line.encode())


def _bounds(lines: list[str], budget: int, overlap: int) -> Iterator[tuple[int, int]]:
    costs = _Costs(lines)
    start = done = 0
    while done < len(lines):
        end = costs.furthest(start, budget)
        if end <= done:  # the repeated sentences leave no room for a new one, or there is none anyway
            start, end = done, costs.furthest(done, budget)
        if end == done:
            raise ChunkError(
                f"Sentence {done + 1} needs {costs.line(done)} tokens, and chunk_tokens is {budget}.",
                hint=f"Set chunk_tokens to {costs.line(done)} or more.",
            )
        if end < len(lines):
            end = _paragraph_end(lines, max(start, done), end)
        yield start, end
        start, done = max(end - overlap, 0), end


def _paragraph_end(lines: list[str], start: int, end: int) -> int:
    """The last end of a paragraph that leaves little of the chunk empty, else ``end``."""
    room = _PARAGRAPH_COST * sum(len(line) for line in lines[start:end])
    for last in range(end, start, -1):
        if lines[last - 1].endswith("\n\n"):
            return last
        room -= len(lines[last - 1])
        if room < 0:
            break
    return end


class _Costs:
    """The tokens of lines, counted no finer than is needed."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._blocks = count_each(["".join(lines[start : start + _BLOCK]) for start in range(0, len(lines), _BLOCK)])

    def line(self, index: int) -> int:
        """The tokens of one line."""
        return count_tokens(self._lines[index])

    def furthest(self, start: int, budget: int) -> int:
        """The furthest ``end`` for which the lines ``[start, end)`` fit the budget."""
        end = start
        while end < len(self._lines):
            block, place = divmod(end, _BLOCK)
            if place == 0 and self._blocks[block] <= budget:
                budget -= self._blocks[block]
                end = min(end + _BLOCK, len(self._lines))
                continue
            budget -= self.line(end)
            if budget < 0:
                break
            end += 1
        return end
