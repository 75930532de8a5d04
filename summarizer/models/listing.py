"""The models that a server lists, and which of them is meant."""

import difflib
from collections.abc import Sequence

from summarizer.errors import ModelNotFound, ServerFailed
from summarizer.models.completion import Answer, read_json
from summarizer.models.redaction import one_line

MOST_NAMED = 10
"""Models that a message names before it says how many more there are."""
CHOOSE = "Choose one with --model, SUMMARIZER_MODEL or OpenAIModel(…)."


def read_listing(answer: Answer) -> tuple[str, ...]:
    """The names in an answer to ``GET /models``, in the server's order.

    One that repeats a key or a header is left out: names reach messages and logs.

    Raises:
        ServerFailed: the answer is no list of models.
    """
    data = read_json(answer)
    rows = data.get("data") or []  # a server without a model may say null
    if "data" not in data or not isinstance(rows, list):
        raise ServerFailed(
            f"The server at {answer.where} does not list its models.",
            hint=CHOOSE,
            request_id=answer.request_id,
        )
    names = (row.get("id") for row in rows if isinstance(row, dict))
    return tuple(name for name in names if isinstance(name, str) and name and not answer.repeats(name))


def only_one(listed: Sequence[str], where: str) -> str:
    """The one model in ``listed``.

    Raises:
        ModelNotFound: there is none, or more than one.
    """
    if not listed:
        raise ModelNotFound(
            f"The server at {where} lists no model.",
            hint="Load one there, or name one with --model or SUMMARIZER_MODEL.",
        )
    if len(listed) > 1:
        raise ModelNotFound(f"The server at {where} lists {len(listed)} models: {named(listed)}.", hint=CHOOSE)
    return listed[0]


def named(listed: Sequence[str]) -> str:
    """The names in ``listed`` for a message, at most `MOST_NAMED` of them."""
    more = len(listed) - MOST_NAMED
    shown = ", ".join(one_line(name)[:100] for name in listed[:MOST_NAMED])
    return f"{shown} and {more} more" if more > 0 else shown


def nearest_first(name: str, listed: Sequence[str]) -> list[str]:
    """``listed``, the names most like ``name`` first."""
    matcher = difflib.SequenceMatcher(b=name.casefold())

    def likeness(other: str) -> float:
        matcher.set_seq1(other.casefold())
        return matcher.ratio()

    return sorted(listed, key=likeness, reverse=True)
