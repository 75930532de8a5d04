"""Split an article into chunks within a token budget, and request the findings of each.

The request about a part of an article repeats the article's first three sentences and lists its people.
"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate, chain, islice, pairwise, takewhile

from summarizer._patterns import compile_lazily
from summarizer._text import one_line
from summarizer.article import MAX_SENTENCE_BYTES, Article, Reading, Sentence
from summarizer.attribution import Entity
from summarizer.codebook import Codebook, CodebookHolder, CodebookIssue
from summarizer.engines.llm.fitting import STANDARD, Layout
from summarizer.engines.llm.parsing import PartialReply, parse_cut_off, parse_extraction
from summarizer.engines.llm.prompts import Prompt, load_schema
from summarizer.engines.llm.session import ReadReply
from summarizer.engines.llm.tokens import count_tokens, count_words, limit_reply
from summarizer.errors import ChunkError, ConfigurationError
from summarizer.models import Message, Request
from summarizer.verification import Findings, GroundingContext, ground

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

    def select(self, numbers: Container[int]) -> "Chunk | None":
        """Return the sentences with these numbers; None if there are none."""
        kept = [pair for pair in zip(self.sentences, self.lines, strict=True) if pair[0].number in numbers]
        return Chunk(*map(tuple, zip(*kept, strict=True))) if kept else None


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
    return split_lines(reading.sentences, lines, chunk_tokens, overlap)


def split_lines(
    sentences: tuple[Sentence, ...], lines: Sequence[str], chunk_tokens: int, overlap: int = 0
) -> tuple[Chunk, ...]:
    """Split sentences with their numbered lines into chunks; see `split_into_chunks`."""
    surely_fits = len("".join(lines).encode()) <= chunk_tokens  # no text has more tokens than bytes
    bounds = [(0, len(lines))] if surely_fits else _bounds(lines, chunk_tokens, overlap)
    return tuple(Chunk(sentences[start:end], tuple(lines[start:end])) for start, end in bounds)


def _bounds(lines: Sequence[str], budget: int, overlap: int) -> Iterator[tuple[int, int]]:
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


def _paragraph_end(lines: Sequence[str], before: Sequence[int], start: int, end: int) -> int:
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


MAX_LISTED_NAMES = 40
"""People and bodies that the context of a chunk lists: those with the most mentions."""
_LEAD_SENTENCES = 3
_DELIMITER_TOKENS = 32  # of the two delimiters around lead and cast
_MAX_TURNS = 0.3  # the share of positions that may be before the previous one, in a reply in the article's order
_MENTION_LENGTH, _LENGTH_BEFORE_NAME = 140, 30  # characters of the words around a first mention


@dataclass(frozen=True)
class ExtractionContext(GroundingContext):
    """An article, and the parts of it that each request about a chunk repeats."""

    @cached_property
    def listed(self) -> tuple[Entity, ...]:
        """Each speaker and each introduced person, in order; those with the most mentions if there are many."""
        statements = self.analysis.statements
        speakers = {(holder.name, holder.kind) for statement in statements for holder in statement.holders}

        def is_listed(entity: Entity) -> bool:
            is_introduced = entity.kind == "person" and " " in entity.name and (entity.role or entity.aliases)
            return bool(is_introduced) or (entity.name, entity.kind) in speakers

        listed = filter(is_listed, self.analysis.entities)
        most_mentioned = sorted(listed, key=lambda entity: -len(entity.mentions))[:MAX_LISTED_NAMES]
        return tuple(sorted(most_mentioned, key=lambda entity: entity.mentions[0].start))

    @cached_property
    def people(self) -> tuple[str, ...]:
        """A line with name, role and first mention for each of those listed."""
        return tuple(_describe_person(self.reading, entity) for entity in self.listed)


def first_request(
    chunk: Chunk, context: ExtractionContext, prompts: Mapping[str, Prompt], layout: Layout = STANDARD
) -> Request:
    """Return the first request about a chunk."""
    article = context.reading.article
    extract, beside = prompts[f"extract{layout.suffix}"], prompts[f"context{layout.suffix}"]
    before = _context_block(chunk, context, beside, layout.context_tokens)
    messages = extract.fill(
        title=article.title or "(none)",
        author=article.author or "(none)",
        published=article.published or "(unknown)",
        first=str(chunk.numbers[0]),
        last=str(chunk.numbers[-1]),
        total=str(len(context.reading.sentences)),
        context=before,
        article=delimited(article, chunk.lines),
    )
    used = [extract, *([beside] if before else [])]
    if context.codebook:
        first, *others = messages  # all articles share the first one, so that servers can cache it
        block = describe_codebook(context.codebook, prompts["codebook"])
        messages = (Message(first.role, f"{first.content}\n\n{block}"), *others)
        used.append(prompts["codebook"])
    limit = limit_reply("".join(chunk.lines), len(chunk.lines))
    return Request(messages, "extraction", load_schema(), tuple(prompt.id for prompt in used), max_reply_tokens=limit)


def layout_of_part(part: Chunk, whole: Chunk, context: ExtractionContext, layout: Layout) -> Layout:
    """Return the layout of a request about the rest of a chunk, which must not exceed that about the chunk.

    If that chunk is the whole article, lead and cast are new. They get the tokens of the sentences that are left out.
    """
    if layout.context_tokens is not None or len(whole.sentences) < len(context.reading.sentences):
        return layout
    saved = sum(map(line_tokens, whole.lines)) - sum(map(line_tokens, part.lines))
    return replace(layout, context_tokens=max(saved - _DELIMITER_TOKENS, 0))


_CLOSED = (
    "These are all the issues that there are. `issues` is an empty list, and the issue of a position on another matter "
    "is null."
)
_OPEN = (
    "Other matters on which the article shows people at odds are issues of your own, with ids such as I1. Do not state "
    "a given issue, or its contrary, in other words."
)


def describe_codebook(codebook: Codebook, prompt: Prompt) -> str:
    """Return the part of a request with the codebook, one line an entry; empty without entries."""
    if not codebook:
        return ""

    def line(entry: CodebookIssue | CodebookHolder, words: str, notes: str = "") -> str:
        also = f" Also: {'; '.join(entry.aliases)}." if entry.aliases else ""
        return one_line(f"- {entry.id}: {words}{also}{f' Notes: {notes}' if notes else ''}")

    (message,) = prompt.fill(
        issues="\n".join(line(entry, entry.proposition, entry.notes) for entry in codebook.issues) or "(none)",
        holders="\n".join(line(entry, f"{entry.name}.") for entry in codebook.holders) or "(none)",
        closed=_CLOSED if codebook.closed else _OPEN,
    )
    return message.content


def read_findings(text: str, chunk: Chunk, context: ExtractionContext) -> ReadReply[Findings]:
    """Parse a reply about a chunk, and ground it in the article."""
    extraction, problems = parse_extraction(text)
    if extraction is None:
        return ReadReply(None, problems, problems[0].reason, fits=False, quality=(0, 0, -1))
    grounded = ground(extraction, chunk.sentences, context)
    findings = replace(grounded, problems=(*problems, *grounded.problems))
    is_empty = findings == Findings(problems=findings.problems)
    return ReadReply(
        None if is_empty and any(problem.what == "reply" for problem in problems) else findings,
        findings.problems,
        findings.problems[0].reason if findings.problems else "",
        fits=not problems,
        quality=(len(findings.positions), len(findings.open_questions), -len(findings.problems)),
    )


def read_cut_off(text: str, chunk: Chunk, context: ExtractionContext) -> tuple[Findings, Chunk | None] | None:
    """Return the findings of a reply that was cut off, and the sentences to request again; None without a position.

    Positions follow the article's order, or that of the holders. In the second case, all sentences without a position
    are left.
    """
    partial = parse_cut_off(text)
    if partial is None:
        return None
    grounded = ground(partial.extraction, chunk.sentences, context)
    if not grounded.positions:
        return None
    findings = replace(grounded, problems=(*partial.problems, *grounded.problems))
    return findings, None if partial.has_all_positions else chunk.select(_sentences_left(partial, chunk))


def _sentences_left(partial: PartialReply, chunk: Chunk) -> Container[int]:
    positions = [position.sentences for position in partial.extraction.positions if position.sentences]
    starts = [min(sentences) for sentences in positions]
    cited = set(chain.from_iterable(positions))
    turns = sum(after < before for before, after in pairwise(starts))
    if turns > _MAX_TURNS * len(starts):
        return set(chunk.numbers) - cited
    following = max(cited) + 1
    if partial.next_sentence is not None and starts[-1] <= partial.next_sentence < following:
        following = partial.next_sentence
    return range(max(following, chunk.numbers[0] + 1), chunk.numbers[-1] + 1)


def _context_block(chunk: Chunk, context: ExtractionContext, prompt: Prompt, limit: int | None) -> str:
    """Return the lead and the people of the whole article; empty for a chunk that is the whole article.

    With a limit of tokens, people in the chunk come first, and the lead gets what they leave.
    """
    sentences = context.reading.sentences
    if len(chunk.sentences) == len(sentences):
        return ""
    title = [sentence for sentence in sentences[:_LEAD_SENTENCES] if sentence.kind == "title"]
    prose = islice((sentence for sentence in sentences if sentence.kind == "prose"), _LEAD_SENTENCES)
    lead = [f"{sentence.text}\n" for sentence in (*title, *prose) if sentence.number not in chunk.numbers]
    people: Sequence[str] = context.people
    if limit is not None:
        left = limit - sum(count_tokens(message.content) for message in prompt.fill(lead="", cast=""))
        people = _people_within(left, chunk, context)
        left -= sum(map(count_tokens, people))
        lead = list(_within(left, lead))
    if not lead and not people:
        return ""
    (message,) = prompt.fill(
        lead="".join(lead).strip() or "(It begins with your part.)", cast="\n".join(people) or "(No names were found.)"
    )
    return f"\n{delimited(context.reading.article, [message.content], 'context')}\n\n"


def _people_within(limit: int, chunk: Chunk, context: ExtractionContext) -> list[str]:
    """Return the lines about people that fit, in order: first those who are named in the chunk."""
    start, end = chunk.sentences[0].spans[0].start, chunk.sentences[-1].spans[-1].end
    named = [any(start <= mention.start < end for mention in entity.mentions) for entity in context.listed]
    pairs = sorted(zip(context.people, named, strict=True), key=lambda pair: not pair[1])
    fitting = set(_within(limit, [person for person, _ in pairs]))
    return [person for person in context.people if person in fitting]


def _within(limit: int, lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines before the first that exceeds ``limit`` tokens in all."""
    for line in lines:
        limit -= count_tokens(line)
        if limit < 0:
            return
        yield line


def _describe_person(reading: Reading, entity: Entity) -> str:
    """Return a line with the name, the role, and the words around the first mention."""
    text, at = reading.article.text, entity.mentions[0].start
    start = text.rfind("\n", 0, at) + 1
    if at - start > _LENGTH_BEFORE_NAME:
        start = max(start, text.rfind(" ", start, at - _LENGTH_BEFORE_NAME) + 1)
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    if end - start > _MENTION_LENGTH:
        end = text.rfind(" ", at + 1, start + _MENTION_LENGTH)
        end = start + _MENTION_LENGTH if end < 0 else end
    mention = f"“…{text[start:end].strip()}…”"
    role = f" ({entity.role})" if entity.role and entity.role not in mention else ""
    return f"- {entity.name}{role}: {mention}"
