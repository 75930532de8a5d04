"""The types of a model's reply to the prompt "extract"; its content is not verified.

The order of the fields guides the model: the holders, the issues, then for each position the sentences before the
statement. All fields are required, as strict schemas demand; a missing value is ``null`` or empty.
"""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from summarizer._text import replace_surrogates, strip_invisible
from summarizer.brief import Certainty, HolderKind, IssueKind, QuestionOrigin, Stance


def _stripped(value: object) -> object:
    """Clean a string: models add blanks, write "" for null, and split emoji."""
    return (strip_invisible(replace_surrogates(value)).strip() or None) if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(_stripped)]
OptionalText = Annotated[str | None, BeforeValidator(_stripped)]


class ReplyRecord(BaseModel):
    """Base class of all reply types: a closed object."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class HolderReply(ReplyRecord):
    """A holder of positions."""

    id: Text
    name: OptionalText
    kind: HolderKind
    role: OptionalText
    affiliation: OptionalText


class IssueReply(ReplyRecord):
    """A matter that holders take stances on."""

    id: Text
    proposition: Text
    kind: IssueKind


class PositionReply(ReplyRecord):
    """A position of one or more holders."""

    sentences: tuple[int, ...]
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
    """A parsed reply."""

    holders: tuple[HolderReply, ...]
    issues: tuple[IssueReply, ...]
    positions: tuple[PositionReply, ...]
    open_questions: tuple[QuestionReply, ...]
    gist: GistReply | None
