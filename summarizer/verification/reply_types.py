"""What a model is asked to write: compact, made for a strict schema, not to be believed.

The order of the fields is the order of thought: who speaks, on what, then position by position the
sentences before the words. Every field is required; what is not there is ``null`` or empty.
"""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from summarizer._text import replace_surrogates, strip_invisible
from summarizer.brief import Certainty, HolderKind, IssueKind, QuestionOrigin, Stance


def _stripped(value: object) -> object:
    """Models pad strings with blanks, write an empty one where null is meant, and cut emoji in two."""
    return (strip_invisible(replace_surrogates(value)).strip() or None) if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(_stripped)]
OptionalText = Annotated[str | None, BeforeValidator(_stripped)]


class ReplyRecord(BaseModel):
    """What all wire types share: closed objects."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class HolderReply(ReplyRecord):
    """Somebody who holds positions."""

    id: Text
    name: OptionalText
    kind: HolderKind
    role: OptionalText
    affiliation: OptionalText


class IssueReply(ReplyRecord):
    """A matter that the article's people take stances on."""

    id: Text
    proposition: Text
    kind: IssueKind


class PositionReply(ReplyRecord):
    """What somebody holds."""

    sentences: tuple[int, ...]
    phrase: OptionalText
    holders: tuple[Text, ...]
    reported_by: OptionalText
    statement: Text
    issue: OptionalText
    stance: Stance
    certainty: Certainty


class QuestionReply(ReplyRecord):
    """A question that the article leaves open."""

    sentences: tuple[int, ...]
    question: Text
    origin: QuestionOrigin
    raised_by: tuple[Text, ...]


class GistReply(ReplyRecord):
    """The article in one to three sentences."""

    sentences: tuple[int, ...]
    text: Text


class ExtractionReply(ReplyRecord):
    """A model's reply, parsed."""

    holders: tuple[HolderReply, ...]
    issues: tuple[IssueReply, ...]
    positions: tuple[PositionReply, ...]
    open_questions: tuple[QuestionReply, ...]
    gist: GistReply | None
