"""The last look at a long article's findings: a model says what belongs together, and what the whole is about."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Literal, TypeVar

from summarizer.brief import Gist
from summarizer.engines.llm import BudgetReached, ModelSession, Prompt, Steps
from summarizer.errors import ModelError, ReplyError
from summarizer.merging.asked import read_as
from summarizer.merging.gist import gist_parts, gist_steps
from summarizer.merging.grouping import grouping_steps, parts
from summarizer.merging.regroup import regrouped
from summarizer.merging.wire import CombinedGistReply, GroupingReply
from summarizer.verification import Findings
from summarizer.verification.reply_types import ReplyRecord

T = TypeVar("T")
Stage = Literal["grouping", "gist"]
FEWEST_JOINED = 0.1
"""The part of the issues that a round of grouping joins if another is to follow."""

_Failed = ModelError | ReplyError | BudgetReached


class Consolidation:
    """Questions about the merged findings of several chunks, each list in parts of at most ``tokens``.

    What fails leaves of the findings as they were what it was asked about, and a note.
    """

    def __init__(
        self,
        asker: ModelSession,
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
        self.failed: list[_Failed] = []
        """What kept the model from answering."""

    async def run(self, findings: Findings, gists: Sequence[Gist]) -> Findings:
        """``findings`` with their issues and repetitions brought together, and the gist of all ``gists``."""
        self._tell("grouping")
        merged = findings
        findings, failed = await self._grouped(merged)
        if failed:
            some = "not" if findings == merged else "not all"
            self.notes.append(f"The issues of the article's parts were {some} brought together: {failed[0].message}")
        fatal = [error for error in failed if error.fatal]  # then nothing more is asked
        if not fatal:
            self._tell("gist")
        gist, no_gist = (None, fatal) if fatal else await self._gist(findings, gists)
        self.failed = [*failed, *no_gist]
        if no_gist:
            self.notes.append(f"The gist is that of the article's first part: {no_gist[0].message}")
            return findings
        return replace(findings, gist=gist)

    async def _grouped(self, findings: Findings) -> tuple[Findings, list[_Failed]]:
        """Grouped in rounds, the issues kept in one being listed in the next, and what failed.

        A round is the last when one part held them all, when a part of it failed, or when it joined so few
        of them that rounds would not end for a long time: the cost is linear in the length of the lists.
        """
        first = True
        while True:
            asked = parts(findings, self._tokens, claims=first)
            groupings, failed = await self._side_by_side(
                (
                    partial(grouping_steps, part, self._title, self._prompts, repairs=self._repairs)
                    for part in asked
                    if len(part.issues) > 1 or part.positions or len(part.questions) > 1
                ),
                GroupingReply,
            )
            before = len(findings.issues)
            findings = regrouped(findings, groupings)
            if failed or len(asked) < 2 or len(findings.issues) > (1 - FEWEST_JOINED) * before:
                return findings, failed
            first = False

    async def _gist(self, findings: Findings, gists: Sequence[Gist]) -> tuple[Gist | None, list[_Failed]]:
        """Out of the gists of parts, in rounds, until one part holds them all; or what failed."""
        while len(gists) > 1:
            runs = gist_parts(gists, self._tokens)
            made, failed = await self._side_by_side(
                (
                    partial(gist_steps, run, findings, self._title, self._prompts, repairs=self._repairs)
                    for run in runs
                    if len(run) > 1
                ),
                CombinedGistReply,
            )
            if failed:
                return None, failed
            gists = [*made, *(run[0] for run in runs if len(run) == 1)]
        return (gists[0] if gists else findings.gist), []

    async def _side_by_side(
        self, questions: Iterable[Callable[[], Steps[T]]], kind: type[ReplyRecord]
    ) -> tuple[list[T], list[_Failed]]:
        """What the model answers to each, in order, and what came instead of an answer."""

        async def ask(begin: Callable[[], Steps[T]]) -> tuple[T | None, _Failed | None]:
            try:
                async with self._gate:
                    return await self._asker.drive(begin, lambda text: read_as(kind, text)[0] is not None), None
            except (ModelError, ReplyError, BudgetReached) as error:
                return None, error

        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(ask(begin)) for begin in questions]
        except BaseExceptionGroup as faults:
            raise faults.exceptions[0] from None
        results = [task.result() for task in tasks]
        answers = [answer for answer, _ in results if answer is not None]
        return answers, [error for _, error in results if error is not None]
