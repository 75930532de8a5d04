"""Requests about the chunks of an article; a chunk that is too long is divided."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from summarizer._types import PromptId
from summarizer.engines.base import ChunkFailure, Event, EventKind, OnEvent
from summarizer.engines.llm.chunks import (
    Chunk,
    ExtractionContext,
    describe_codebook,
    first_request,
    layout_of_part,
    line_tokens,
    numbered_lines,
    read_cut_off,
    read_findings,
    split_lines,
)
from summarizer.engines.llm.fitting import (
    CONTEXT_SHARE,
    LONGER_CONTEXT,
    SMALL_CONTEXT,
    Layout,
    count_messages,
    fit_to_context,
    least_context,
)
from summarizer.engines.llm.session import BudgetReached, CutOff, ModelSession
from summarizer.engines.llm.tokens import count_tokens
from summarizer.errors import ChunkError, ContextTooLong, ModelError, ReplyCutOff, ReplyError, copy_error
from summarizer.models import Request
from summarizer.verification import Findings

MAX_REQUESTS = 5
"""Requests about one chunk, and about what is left of it after replies that were cut off."""
MAX_COST = 3
"""Tokens of these requests and replies, for each token of the first of them."""
MIN_SHRINKAGE = 0.1
"""The share of a rejected request's tokens that the next one must save."""
_FULL = 0.02  # the share of a context that a server may leave empty when a reply fills it

Result = tuple[Chunk, Findings] | ChunkFailure


@dataclass
class _Expenses:
    """The requests about one chunk and its parts, as far as replies were cut off."""

    requests: int = 0
    tokens: int = 0
    first: int = 0
    """The tokens of the first request and its reply."""
    last_reply: int = 0
    error: ReplyCutOff | None = None

    def add(self, prompt: int, reply: int, error: ReplyCutOff) -> None:
        self.error = error
        self.requests += 1
        self.tokens += prompt + reply
        self.first = self.first or prompt + reply
        self.last_reply = reply

    def allow(self, prompt: int) -> bool:
        """Return whether another request with a reply of the last one's length stays within the limits."""
        within_cost = not self.first or self.tokens + prompt + self.last_reply <= MAX_COST * self.first
        return self.requests < MAX_REQUESTS and within_cost


@dataclass
class Extraction:
    """The requests about the chunks of one article."""

    session: ModelSession
    context: ExtractionContext
    layout: Layout
    on_event: OnEvent | None
    chunks: int
    context_length: int | None = None
    """Tokens of the model's context, if they are known."""
    done: int = 0
    notes: list[tuple[int, str]] = field(default_factory=list)
    """Remarks for the reader of the brief, each with the first sentence that it is about."""
    prompts: list[PromptId] = field(default_factory=list)
    """The prompts of the requests, in order of first use."""
    too_long: ContextTooLong | None = None
    """The error of the shortest request that exceeded the model's context."""
    too_many_tokens: float = float("inf")
    """The tokens of that request."""
    do_halves_help: bool = True
    """Whether a chunk is halved if its reply is cut off before the first position."""

    async def run(self, chunk: Chunk) -> list[Result]:
        """Return the findings or the failure of a chunk, or of the parts that it is divided into."""
        return await self._extract(chunk, self.layout, _Expenses())

    async def _extract(
        self, chunk: Chunk, layout: Layout, expenses: _Expenses, *, is_half: bool = False
    ) -> list[Result]:
        request = first_request(chunk, self.context, self.session.prompts, layout)
        self.prompts += [prompt for prompt in request.prompts if prompt not in self.prompts]
        if self.too_long and count_messages(request.messages) > (1 - MIN_SHRINKAGE / 2) * self.too_many_tokens:
            return await self._divide(chunk, layout, expenses, self.too_long, request)
        if expenses.error and not expenses.allow(count_messages(request.messages)):
            return self._fail(chunk, expenses.error)
        try:
            async with self.session.slots:
                findings = await self.session.ask(
                    request,
                    lambda text: read_findings(text, chunk, self.context),
                    lambda stage: self.notify(stage, chunk.numbers),
                )
        except ContextTooLong as error:
            return await self._divide(chunk, layout, expenses, error, request)
        except CutOff as cut_off:
            return await self._complete(chunk, layout, expenses, cut_off, request, is_half=is_half)
        except (ModelError, ReplyError, BudgetReached) as error:
            return self._fail(chunk, error)
        return self._finish(chunk, findings)

    def _finish(self, chunk: Chunk, findings: Findings) -> list[Result]:
        self.done += 1
        self.notify("done", chunk.numbers)
        return [(chunk, findings)]

    def _fail(self, chunk: Chunk, error: ModelError | ReplyError | BudgetReached | ChunkError) -> list[Result]:
        self.done += 1
        self.notify("failed", chunk.numbers)
        return [ChunkFailure(chunk.numbers[0], chunk.numbers[-1], error)]

    def _note_division(self, chunk: Chunk, parts: int) -> None:
        self.session.tracker.splits += parts - 1
        self.chunks += parts - 1
        self.notify("split", chunk.numbers)

    # A reply that was cut off

    async def _complete(
        self, chunk: Chunk, layout: Layout, expenses: _Expenses, cut_off: CutOff, request: Request, *, is_half: bool
    ) -> list[Result]:
        """Keep the complete positions of a reply, and request the sentences after them; else halve the chunk once."""
        usage, text = cut_off.reply.usage, cut_off.reply.text
        error = ReplyCutOff(cut_off.message, hint=cut_off.hint)
        if self.context_length and usage.total >= (1 - _FULL) * self.context_length:  # a higher limit would not help
            full = f"Prompt and reply filled the model's context of {self.context_length:,} tokens."
            error = ReplyCutOff(full, hint=LONGER_CONTEXT)
        prompt = max(usage.prompt, count_messages(request.messages))  # servers may report none, or several attempts
        expenses.add(prompt, max(usage.completion, count_tokens(text)), error)
        if kept := read_cut_off(text, chunk, self.context):
            findings, rest = kept
            first, last = chunk.numbers[0], chunk.numbers[-1]
            what = "the rest was requested again" if rest else "open questions or a gist may be missing"
            self.notes.append((first, f"The reply about sentences {first} to {last} was cut off; {what}."))
            if rest is None:
                return self._finish(chunk, findings)
            self._note_division(chunk, 2)
            done = chunk.select(set(chunk.numbers) - set(rest.numbers)) or chunk
            self._finish(done, findings)
            layout = layout_of_part(rest, chunk, self.context, layout)
            return [(done, findings), *await self._extract(rest, layout, expenses, is_half=is_half)]
        if is_half or not (chunk.can_split and self.do_halves_help):
            return self._fail(chunk, error)
        halves = chunk.split()
        self._note_division(chunk, 2)
        layouts = [layout_of_part(half, chunk, self.context, layout) for half in halves]
        results = [
            await self._extract(half, layout, expenses, is_half=True)
            for half, layout in zip(halves, layouts, strict=True)
        ]
        failures = [result[0].error for result in results if isinstance(result[0], ChunkFailure)]
        if len(failures) == len(halves) and all(isinstance(failure, ReplyCutOff) for failure in failures):
            self.do_halves_help = False
        return list(chain.from_iterable(results))

    # A request that is too long

    async def _divide(
        self, chunk: Chunk, layout: Layout, expenses: _Expenses, error: ContextTooLong, request: Request
    ) -> list[Result]:
        """Request a chunk with a shorter prompt or in parts, as long as the requests become shorter."""
        tokens = count_messages(request.messages)
        if tokens < self.too_many_tokens:
            self.too_long, self.too_many_tokens = error, tokens
        prompts = self.session.prompts
        try:
            parts, layout = self._shorten(chunk, layout, error, tokens)
            requests = [first_request(part, self.context, prompts, layout) for part in parts]
            if max(count_messages(request.messages) for request in requests) > (1 - MIN_SHRINKAGE) * tokens:
                least = least_context(self.line_tokens, prompts, codebook=self.codebook_tokens)
                raise ChunkError(f"This article needs a context of {least:,} tokens or more.", hint=LONGER_CONTEXT)
        except ChunkError as too_small:
            return self._fail(chunk, copy_error(error, hint=str(too_small)))
        if len(parts) > 1:
            self._note_division(chunk, len(parts))
        results = [await self._extract(part, layout, expenses) for part in parts]
        return list(chain.from_iterable(results))

    def _shorten(
        self, chunk: Chunk, layout: Layout, error: ContextTooLong, tokens: int
    ) -> tuple[Sequence[Chunk], Layout]:
        """Return a chunk or its parts, and a layout for them, after a request with ``tokens`` tokens was too long."""
        own = sum(map(line_tokens, chunk.lines))
        if error.context is not None:
            prompts, codebook = self.session.prompts, self.codebook_tokens
            fit = fit_to_context(error.context, self.line_tokens, own, prompts, codebook=codebook)
            parts = split_lines(chunk.sentences, chunk.lines, fit.chunk_tokens)
            if len(parts) > 1 or fit.layout.is_small > layout.is_small:
                return parts, fit.layout
        if not layout.is_small and tokens < SMALL_CONTEXT:
            return (chunk,), Layout(is_small=True, context_tokens=int(CONTEXT_SHARE * own))
        halves = chunk.split() if len(chunk.lines) > 1 else (chunk,)
        return halves, Layout(layout.is_small, int(CONTEXT_SHARE * own / 2))

    @cached_property
    def line_tokens(self) -> tuple[int, ...]:
        """The tokens of each numbered line of the article."""
        return tuple(map(line_tokens, numbered_lines(self.context.reading)))

    @cached_property
    def codebook_tokens(self) -> int:
        """The tokens of the codebook in each request."""
        return count_tokens(describe_codebook(self.context.codebook, self.session.prompts["codebook"]))

    def notify(self, kind: EventKind, numbers: range) -> None:
        """Report an event about the sentences with these numbers."""
        if self.on_event:
            usage = self.session.tracker.usage
            self.on_event(Event(kind, numbers[0], numbers[-1], self.done, self.chunks, usage))
