"""What stands between a person and a brief: server, key, models, a small article there and back."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from summarizer.article import Article
from summarizer.errors import ConnectionFailed, SummarizerError
from summarizer.model import Model, OpenAIModel
from summarizer.pipeline import Summarizer

ARTICLE = "The bridge stays open\n\n“The bridge is safe,” said Anna Berg, the town’s engineer."
"""The article that is read: invented, and as short as one can be."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    what: str
    ok: bool
    found: str
    """What was found, in a few words; no key is ever part of it."""
    hint: str = ""
    """What to do, where it is not ok."""


async def examine(model: Model | None) -> AsyncIterator[Check]:
    """Look at one thing after the other, up to the first that is not ok; None is the built-in engine."""
    if isinstance(model, OpenAIModel):
        async for check in _server(model):
            yield check
            if not check.ok:
                return
    yield await _there_and_back(model)


async def _server(model: OpenAIModel) -> AsyncIterator[Check]:
    yield Check("server", True, model.endpoint.shown)
    yield Check("key", True, "given" if model.endpoint.has_key else "none given")
    try:
        listed = await model.models()
        names = ", ".join(listed[:5]) + (" …" if len(listed) > 5 else "")
        yield Check("models", True, f"{len(listed)} listed: {names}")
    except ConnectionFailed as error:
        yield Check("models", False, error.message, error.hint)
        return
    except SummarizerError:
        yield Check("models", True, "this server does not list them")
    try:
        yield Check("model", True, await model.resolved_name())
    except SummarizerError as error:
        yield Check("model", False, error.message, error.hint)


async def _there_and_back(model: Model | None) -> Check:
    """Read the article, with no repair, so that the first reply has to do."""
    try:
        async with Summarizer(model=model or "builtin", repairs=0) as summarizer:
            brief = await summarizer.asummarize(Article.from_text(ARTICLE))
    except SummarizerError as error:
        return Check("a brief", False, error.message, error.hint)
    made = brief.provenance
    if not brief.positions:
        found = "the model found no position in a sentence that has one"
        return Check("a brief", False, found, "It may be too small a model; try another.")
    how = f" as {made.output}, {made.usage.total} tokens" if made.engine == "model" else " by the built-in engine"
    return Check("a brief", True, f"{len(brief.positions)} position{how}, {made.seconds:.1f} s")
