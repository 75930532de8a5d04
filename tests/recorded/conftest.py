"""Briefs that a language model made, from its recorded replies, and ways to ask for what they claim."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path

import pytest

from summarizer import Brief, OpenAIModel, Summarizer
from summarizer.brief import Position

Briefs = Callable[[str], Brief]


@pytest.fixture(scope="session")
def briefs(recorded: Callable[[str], AbstractContextManager[OpenAIModel]], seeds: Path) -> Briefs:
    """The brief of ``seeds/NAME.txt``, made once."""

    @cache
    def of(name: str) -> Brief:
        with recorded(name) as model, Summarizer(model=model) as summarizer:
            return summarizer.summarize(seeds / f"{name}.txt")

    return of


def on(brief: Brief, name: str, sentence: int) -> list[Position]:
    """The positions of somebody that cite a sentence."""
    return [position for position in brief.positions_of(name) if sentence in cited(position)]


def cited(position: Position) -> list[int]:
    """The numbers of the sentences that a position rests on."""
    return [evidence.sentence for evidence in position.evidence]


def names(brief: Brief, position: Position) -> list[str | None]:
    """Who holds a position."""
    return [brief.holder(holder).name for holder in position.holders]


def about(brief: Brief, words: str, name: str | None = None) -> list[Position]:
    """The positions, of somebody or of all, on the one issue whose proposition has these words."""
    (issue,) = [issue for issue in brief.issues if words in issue.proposition]
    return [each for each in (brief.positions_of(name) if name else brief.positions) if each.issue == issue.id]


def stances(brief: Brief, words: str, name: str) -> set[str]:
    """The stances that somebody takes on the issue whose proposition has these words."""
    return {position.stance for position in about(brief, words, name)}
