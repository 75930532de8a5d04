"""The last look at a long article's findings: a model says what belongs together, and what the whole is about."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Literal, TypeVar

from summarizer.brief import Gist
from summarizer.errors import ModelError, ReplyError
from summarizer.extraction import Asker, Findings, OverBudget, Prompt, Steps
from summarizer.extraction.wire import WireRecord
from summarizer.merging.asked import read_as
from summarizer.merging.gist import gist_parts, gist_steps
from summarizer.merging.grouping import grouping_steps, parts
from summarizer.merging.regroup import regrouped
from summarizer.merging.wire import Grouping, WholeGist

T = TypeVar("T")
Stage = Literal["grouping", "gist"]


class Consolidation:
    """Questions about the merged findings of several chunks, each list in parts of at most ``tokens``.

    What fails leaves the findings as they were, and a note.
    """

    def __init__(
        self,
        asker: Asker,
        prompts: Mapping[str, Prompt],
        title: str,
        *,
        tokens: int,
        repairs: int,
        concurrency: int,
        tell: Callable[[Stage], None] = lambda _: None,
    ) -> None:
        self._asker, self._prompts, self._title = asker, prompts, title
        self._tokens, self._repairs = tokens, repairs
        self._gate = asyncio.Semaphore(concurrency)
        self._tell = tell
        self.notes: list[str] = []

    async def run(self, findings: Findings, gists: Sequence[Gist]) -> Findings:
        """``findings`` with their issues and repetitions brought together, and the gist of all ``gists``."""
        try:
            self._tell("grouping")
            findings = await self._grouped(findings)
        except (ModelError, ReplyError, OverBudget) as error:
            self.notes.append(f"The issues of the article's parts were not brought together: {error.message}")
        try:
            self._tell("gist")
            return replace(findings, gist=await self._gist(findings, gists))
        except (ModelError, ReplyError, OverBudget) as error:
            self.notes.append(f"The gist is that of the article's first part: {error.message}")
        return findings

    async def _grouped(self, findings: Findings) -> Findings:
        """Grouped in rounds, the issues kept in one being listed in the next, until one part holds them all."""
        first = True
        while True:
            asked = parts(findings, self._tokens, claims=first)
            groupings = await self._side_by_side(
                (
                    partial(grouping_steps, part, self._title, self._prompts, repairs=self._repairs)
                    for part in asked
                    if len(part.issues) > 1 or part.positions or len(part.questions) > 1
                ),
                Grouping,
            )
            before = len(findings.issues)
            findings = regrouped(findings, groupings)
            if len(asked) < 2 or len(findings.issues) == before:
                return findings
            first = False

    async def _gist(self, findings: Findings, gists: Sequence[Gist]) -> Gist | None:
        """Out of the gists of parts, in rounds, until one part holds them all."""
        while len(gists) > 1:
            runs = gist_parts(gists, self._tokens)
            made = await self._side_by_side(
                (
                    partial(gist_steps, run, findings, self._title, self._prompts, repairs=self._repairs)
                    for run in runs
                    if len(run) > 1
                ),
                WholeGist,
            )
            gists = [*made, *(run[0] for run in runs if len(run) == 1)]
        return gists[0] if gists else findings.gist

    async def _side_by_side(self, questions: Iterable[Callable[[], Steps[T]]], kind: type[WireRecord]) -> list[T]:
        """What the model answers to each, in order; the first failure ends them all."""

        async def ask(begin: Callable[[], Steps[T]]) -> T:
            async with self._gate:
                return await self._asker.drive(begin, lambda text: read_as(kind, text)[0] is not None)

        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(ask(begin)) for begin in questions]
        except BaseExceptionGroup as faults:
            raise faults.exceptions[0] from None
        return [task.result() for task in tasks]
