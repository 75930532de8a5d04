"""What a model is asked to write: compact, made for a strict schema, not to be believed.

The order of the fields is the order of thought: who speaks, on what, then position by position the
sentences before the words. Every field is required; what is not there is ``null`` or empty.
"""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from summarizer._text import replace_surrogates, strip_invisible
from summarizer.brief import Certainty, HolderKind, IssueKind, QuestionOrigin, Stance


def _stripped(value: object) -> object:
    """Models pad strings with blanks, write an empty one where null is meant, and cut emoji in two."""
    return (strip_invisible(replace_surrogates(value)).strip() or None) if isinstance(value, str) else value


Words = Annotated[str, BeforeValidator(_stripped)]
OptionalWords = Annotated[str | None, BeforeValidator(_stripped)]


class ReplyRecord(BaseModel):
    """What all wire types share: closed objects."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class HolderReply(ReplyRecord):
    """Somebody who holds positions."""

    id: Words
    name: OptionalWords
    kind: HolderKind
    role: OptionalWords
    affiliation: OptionalWords


class IssueReply(ReplyRecord):
    """A matter that the article's people take stances on."""

    id: Words
    proposition: Words
    kind: IssueKind


class PositionReply(ReplyRecord):
    """What somebody holds."""

    sentences: tuple[int, ...]
    phrase: OptionalWords
    holders: tuple[Words, ...]
    reported_by: OptionalWords
    statement: Words
    issue: OptionalWords
    stance: Stance
    certainty: Certainty


class QuestionReply(ReplyRecord):
    """A question that the article leaves open."""

    sentences: tuple[int, ...]
    question: Words
    origin: QuestionOrigin
    raised_by: tuple[Words, ...]


class GistReply(ReplyRecord):
    """The article in one to three sentences."""

    sentences: tuple[int, ...]
    text: Words


class ExtractionReply(ReplyRecord):
    """A model's reply, parsed."""

    holders: tuple[HolderReply, ...]
    issues: tuple[IssueReply, ...]
    positions: tuple[PositionReply, ...]
    open_questions: tuple[QuestionReply, ...]
    gist: GistReply | None


def strict_schema(record: type[ReplyRecord] = ExtractionReply) -> dict[str, Any]:
    """The JSON schema of a reply, in the subset that strict structured output knows.

    That subset (platform.openai.com/docs/guides/structured-outputs): every property required, objects
    closed, no defaults; beyond it, here, no ``$ref`` and no titles, since many servers know neither.
    The files prompts/*.schema.json are this, and a test keeps them so.
    """
    schema = record.model_json_schema()
    definitions = schema.pop("$defs", {})

    def plain(node: Any) -> Any:
        if isinstance(node, list):
            return [plain(item) for item in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            return plain(definitions[node["$ref"].rpartition("/")[2]])
        return {
            key: {name: plain(each) for name, each in value.items()} if key == "properties" else plain(value)
            for key, value in node.items()
            if key not in ("title", "description")
        }

    return dict(plain(schema))
