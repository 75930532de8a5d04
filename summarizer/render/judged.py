"""What of a position is shown, and what its engine only puts where a model puts a judgement of its own.

The one place where the views look at a brief's engine, which its provenance names: the same word stands
for two things. A model that says "unclear" has looked; the built-in engine says so of all that its cues do
not decide, and its statements are the words that the quotation lights, turned into a sentence.
"""

from summarizer.brief import Brief, Position, Stance
from summarizer.render.words import line


def statement(brief: Brief, position: Position) -> str | None:
    """The statement, if it is a model's."""
    return line(position.statement) if _by_model(brief) else None


def stance(brief: Brief, position: Position) -> Stance | None:
    """The stance, if there is an issue to take one to; that it is unclear only from a model."""
    return position.stance if position.issue and (_by_model(brief) or position.stance != "unclear") else None


def _by_model(brief: Brief) -> bool:
    return brief.provenance.engine == "model"
