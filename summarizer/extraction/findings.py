"""What an engine hands on: findings that stood the checks, and the problems of what did not."""

from dataclasses import dataclass

from summarizer.brief import Gist, Holder, Issue, OpenQuestion, Position, Rejected

_LONGEST = 200  # characters of a model's own words that a rejection repeats


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
        return f"{self.what} {shortened(self.text)!r}: {self.reason}"

    def rejected(self) -> Rejected:
        """As the brief reports it."""
        return Rejected(what=self.what, text=shortened(self.text), reason=self.reason)


@dataclass(frozen=True, slots=True)
class Findings:
    """What one chunk gave. Ids are unique within, and all references are to what is there."""

    holders: tuple[Holder, ...] = ()
    issues: tuple[Issue, ...] = ()
    positions: tuple[Position, ...] = ()
    open_questions: tuple[OpenQuestion, ...] = ()
    gist: Gist | None = None
    problems: tuple[Problem, ...] = ()


def well_formed(text: str) -> str:
    """``text`` with a mark in place of each lone surrogate: JSON can name them, and no UTF-8 can hold them."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def shortened(text: str) -> str:
    """``text`` on one line, and not longer than a line or two."""
    text = " ".join(well_formed(text).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
