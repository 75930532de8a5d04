"""What an engine hands on: findings that stood the checks, and the problems of what did not."""

from dataclasses import dataclass

from summarizer._text import shorten
from summarizer.brief import Gist, Holder, Issue, OpenQuestion, Position, Rejected


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a reply that does not stand."""

    what: str
    """What it is: "position", "holder", "phrase", …"""
    text: str
    """What the model wrote."""
    reason: str
    """Why it does not stand: a clause that a person, or the model, can act on."""
    kept: bool = False
    """Whether it is doubtful rather than wrong: asked about once, then kept and flagged."""

    def __str__(self) -> str:
        return f"{self.what} {shorten(self.text)!r}: {self.reason}"

    def rejected(self) -> Rejected:
        """As the brief reports it."""
        return Rejected(what=self.what, text=shorten(self.text), reason=self.reason)


@dataclass(frozen=True, slots=True)
class Findings:
    """What one chunk gave. Ids are unique within, and all references are to what is there."""

    holders: tuple[Holder, ...] = ()
    issues: tuple[Issue, ...] = ()
    positions: tuple[Position, ...] = ()
    open_questions: tuple[OpenQuestion, ...] = ()
    gist: Gist | None = None
    problems: tuple[Problem, ...] = ()
