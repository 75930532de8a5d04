"""One question about merged findings: a request, its reply held to a shape and a check, and repairs."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from pydantic import ValidationError

from summarizer._types import PromptId
from summarizer.engines.llm import Prompt, Steps, finished
from summarizer.engines.llm.json_parsing import AmbiguousJSON, read_json
from summarizer.engines.llm.prompts import load_schema
from summarizer.errors import ReplyError
from summarizer.models.base import Message, Request
from summarizer.verification.reply_types import ReplyRecord

RecordT = TypeVar("RecordT", bound=ReplyRecord)

_MOST_PROBLEMS = 20


def asked_for(
    kind: type[RecordT],
    name: str,
    values: Mapping[str, str],
    prompts: Mapping[str, Prompt],
    problems_of: Callable[[RecordT], list[str]],
    *,
    repairs: int,
) -> Steps[RecordT]:
    """A reply to the prompt ``name``, filled with ``values``, that has no problems.

    Raises:
        ReplyError: none of the replies is without.
    """
    question = prompts[name].fill(**values)
    messages: tuple[Message, ...] = question
    used: tuple[PromptId, ...] = (prompts[name].id,)
    for left in range(repairs, -1, -1):
        text = finished((yield Request(messages, name, load_schema(name), used)))
        record, problem = read_as(kind, text)
        problems = problems_of(record) if record else [problem]
        if record and not problems:
            return record
        if left:
            listed = "\n".join(f"- {problem}" for problem in problems[:_MOST_PROBLEMS])
            messages = (*question, Message("assistant", text), *prompts["repair"].fill(problems=listed))
            used = (prompts[name].id, prompts["repair"].id)
    raise ReplyError(f"The model's reply is not what was asked for: {problems[0]}.")


def read_as(kind: type[RecordT], text: str) -> tuple[RecordT | None, str]:
    """``text`` as a record, or what is wrong with it."""
    try:
        return kind.model_validate(read_json(text)), ""
    except AmbiguousJSON as error:
        return None, f"reply: {error}"
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        return None, f"{'.'.join(map(str, first['loc']))}: {first['msg']}".lstrip(": ")
