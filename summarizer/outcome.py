"""The Outcome: what became of one source among many."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from summarizer.brief import Brief
from summarizer.errors import SummarizerError
from summarizer.usage import Usage


@dataclass(frozen=True, slots=True)
class Outcome:
    """A brief, or why there is none; both, where some parts of an article failed."""

    index: int
    """Its place among the sources, counted from 0."""
    source: Any = field(repr=False)
    """What was given: a text, a path, or an Article."""
    brief: Brief | None = field(default=None, repr=False)
    error: Exception | None = None
    """A `SummarizerError`; or whatever else was raised, which is a fault of this library or of a model object."""
    seconds: float = 0.0
    """From when it was taken on."""
    usage: Usage = Usage()
    """The tokens that were spent on it now: what a store held cost nothing."""
    stored: bool = False
    """Whether it comes from a store, and nothing was done."""

    @property
    def fatal(self) -> bool:
        """Whether the others would fail of the same, so that nothing more was asked: it is the last outcome."""
        return isinstance(self.error, SummarizerError) and self.error.fatal

    def to_json(self, **more: object) -> str:
        """All of it but the source as one line of JSON; ``more`` goes before."""
        told = {
            **more,
            "error": None if self.error is None else _told(self.error),
            "seconds": round(self.seconds, 3),
            "usage": asdict(self.usage),
            "stored": self.stored,
        }
        brief = self.brief.model_dump_json() if self.brief else "null"  # much faster than by way of json
        return f'{json.dumps(told, ensure_ascii=False)[:-1]}, "brief": {brief}}}'


def _told(error: Exception) -> dict[str, object]:
    kind = type(error).__name__
    if isinstance(error, SummarizerError):
        said = {"message": error.message, "hint": error.hint, "where": error.where, "retryable": error.retryable}
        return {"kind": kind, **said}
    return {"kind": kind, "message": str(error), "hint": "", "where": "", "retryable": False}
