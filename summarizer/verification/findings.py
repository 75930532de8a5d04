"""The findings of an engine: verified claims, and the problems of rejected ones."""

from dataclasses import dataclass

from summarizer._text import shorten
from summarizer.brief import Gist, Holder, Issue, OpenQuestion, Position, Rejected


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of a reply that does not agree with the article or the schema."""

    what: str
    """The kind of part: "position", "holder", "sentence number", …"""
    text: str
    """The part as the model wrote it."""
    reason: str
    """A clause that a person, or the model, can act on."""
    is_warning: bool = False
    """Whether the part is doubtful, not wrong: it is repaired if possible, and otherwise kept and flagged."""

    def __str__(self) -> str:
        return f"{self.what} {shorten(self.text)!r}: {self.reason}"

    def to_rejected(self) -> Rejected:
        """Return the problem as the brief reports it."""
        return Rejected(what=self.what, text=shorten(self.text), reason=self.reason)


@dataclass(frozen=True, slots=True)
class Findings:
    """The claims found in one chunk, or in all of an article. Ids are unique, and all references resolve."""

    holders: tuple[Holder, ...] = ()
    issues: tuple[Issue, ...] = ()
    positions: tuple[Position, ...] = ()
    open_questions: tuple[OpenQuestion, ...] = ()
    gist: Gist | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def claims(self) -> tuple[Position | OpenQuestion, ...]:
        """The positions and open questions."""
        return self.positions + self.open_questions
