"""The result of one article: a brief, an error, or both; or the reason why it was left out."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from summarizer.article import Article
from summarizer.brief import Brief
from summarizer.errors import SummarizerError
from summarizer.usage import Usage

Status = Literal["done", "partial", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one article.

    Examples:
        >>> from summarizer import summarize_many
        >>> texts = ["“The bridge must go,” said Anna Berg.", " "]
        >>> [outcome.status for outcome in summarize_many(texts, model="builtin")]
        ['done', 'failed']
    """

    index: int = 0
    """Position among the sources, counted from 0."""
    source: Any = field(default=None, repr=False)
    """The text, path or Article that was passed in."""
    brief: Brief | None = field(default=None, repr=False)
    error: Exception | None = None
    """A `SummarizerError`; any other exception is a bug in this library or in a model object."""
    seconds: float = 0.0
    """Duration of the work on this article."""
    usage: Usage = Usage()
    """Tokens that this call spent. Stored briefs and replies cost nothing."""
    stored: bool = False
    """Whether the result comes from the store."""
    article: Article | None = field(default=None, repr=False, compare=False)
    """The article as it was read, which a page shows beside the brief; None if it could not be read."""
    reason: str = ""
    """Why the source was left out: "same text as a.txt"."""

    @property
    def status(self) -> Status:
        """``"done"``; ``"partial"`` for a brief with an error; ``"failed"`` without a brief; ``"skipped"``."""
        if self.reason:
            return "skipped"
        if self.brief is None:
            return "failed"
        return "partial" if self.error else "done"

    @property
    def fatal(self) -> bool:
        """Return whether every other article would fail for the same reason; a batch ends with this outcome."""
        return isinstance(self.error, SummarizerError) and self.error.fatal

    @property
    def retryable(self) -> bool:
        """Return whether a later run may succeed."""
        return isinstance(self.error, SummarizerError) and self.error.retryable

    def to_json(self, **extra: object) -> str:
        """Return everything but the source as one line of JSON, with ``extra`` fields first."""
        fields = {
            **extra,
            "status": self.status,
            "reason": self.reason or None,
            "error": None if self.error is None else _describe(self.error),
            "seconds": round(self.seconds, 3),
            "usage": asdict(self.usage),
            "stored": self.stored,
        }
        brief = self.brief.model_dump_json() if self.brief else "null"  # much faster than the json module
        return f'{json.dumps(fields, ensure_ascii=False)[:-1]}, "brief": {brief}}}'


def _describe(error: Exception) -> dict[str, object]:
    """Return an error as JSON values."""
    kind = type(error).__name__
    if isinstance(error, SummarizerError):
        details = {"message": error.message, "hint": error.hint, "where": error.where, "retryable": error.retryable}
        return {"kind": kind, **details}
    return {"kind": kind, "message": str(error), "hint": "", "where": "", "retryable": False}
