"""What stands between a person and a brief: server, key, models, a small article there and back."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

from summarizer.article import Article
from summarizer.client import Summarizer
from summarizer.errors import AuthenticationFailed, ConfigurationError, ConnectionFailed, SummarizerError
from summarizer.models import Model, OpenAIModel, resolve_model
from summarizer.models.endpoint import address
from summarizer.models.listing import CHOOSE, named, nearest_first

ARTICLE = "The bridge stays open\n\n“The bridge is safe,” said Anna Berg, the town’s engineer."
"""The article that is read: invented, and as short as one can be."""

LISTING_LIMIT, BRIEF_LIMIT = 10.0, 60.0
"""Seconds that the list of models, and the article there and back, may take: somebody waits for what is told."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    what: str
    ok: bool
    found: str
    """What was found, in a few words; no key is ever part of it."""
    hint: str = ""
    """What to do, where it is not ok."""
    open: bool = False
    """Whether it is not ok and may yet do: then the article there and back decides."""

    @property
    def fails(self) -> bool:
        """Whether no brief can be had because of it."""
        return not (self.ok or self.open)


async def diagnose(name: str | None, environ: Mapping[str, str] = os.environ) -> AsyncIterator[Check]:
    """Look at the model that ``name``, or without one ``environ``, means; up to the first thing that fails."""
    try:
        model = resolve_model(name, environ)
    except SummarizerError as error:
        for check in _before_any_request(error, name, environ):
            yield check
        return
    try:
        async for check in examine(model):
            yield check
    finally:
        if isinstance(model, OpenAIModel):
            await model.aclose()


async def examine(model: Model | None) -> AsyncIterator[Check]:
    """Look at one thing after the other, up to the first that fails; None is the built-in engine."""
    if isinstance(model, OpenAIModel):
        async for check in _server(model):
            yield check
            if check.fails:
                return
    async for check in _there_and_back(model):
        yield check


def _before_any_request(error: SummarizerError, name: str | None, environ: Mapping[str, str]) -> list[Check]:
    """What can be said where there is no model, since address, key or name cannot work."""
    if name is not None and not name.strip():
        return [Check("model", False, error.message, error.hint)]
    try:
        where = address(environ)
    except ConfigurationError as no_address:
        return [Check("server", False, no_address.message, no_address.hint)]
    found = f"none given for {where}" if isinstance(error, AuthenticationFailed) else error.message
    return [Check("key", False, found, error.hint)]


async def _server(model: OpenAIModel) -> AsyncIterator[Check]:
    """The server, ok when it has answered; the key, as far as it took it; and its models."""
    server, key = Check("server", True, model.endpoint.shown), "given" if model.endpoint.has_key else "none given"
    listed: Sequence[str] = ()
    try:
        async with asyncio.timeout(LISTING_LIMIT):
            listed = await model.models()
        models = Check("models", True, f"{len(listed)} listed" + (f": {named(listed)}" if listed else ""))
    except TimeoutError:
        found = f"{model.endpoint.shown} listed no models within {LISTING_LIMIT:g} s"
        server = Check("server", False, found, "It may be busy, or none; what follows shows it.", open=True)
        models = None
    except (ConnectionFailed, ConfigurationError) as error:
        yield Check("server", False, error.message, error.hint)
        return
    except AuthenticationFailed as error:
        if error.status != 403:  # a key may be good for completions alone
            yield server
            yield Check("key", False, error.message, error.hint)
            return
        models = Check("models", True, "this key may not list them")
    except SummarizerError:
        models = Check("models", True, "this server does not list them")
    yield server
    yield Check("key", True, key)
    if models:
        yield models
    yield await _name(model, listed)


async def _name(model: OpenAIModel, listed: Sequence[str]) -> Check:
    """Which model is asked; a server may know names that it does not list."""
    try:
        async with asyncio.timeout(LISTING_LIMIT):
            name = await model.resolved_name()
    except TimeoutError:
        return Check("model", False, "none is named, and the server lists none in time", CHOOSE)
    except SummarizerError as error:
        return Check("model", False, error.message, error.hint)
    if not listed or name in listed or model.endpoint.api_version is not None:  # Azure lists no deployments
        return Check("model", True, name)
    hint = f"It lists: {named(nearest_first(name, listed))}. Some servers take others too; what follows shows it."
    return Check("model", False, f"the server does not list “{name}”", hint, open=True)


async def _there_and_back(model: Model | None) -> AsyncIterator[Check]:
    """Read the article, with no repair, so that the first reply has to do."""
    try:
        async with asyncio.timeout(BRIEF_LIMIT), Summarizer(model=model or "builtin", repairs=0) as summarizer:
            brief = await summarizer.asummarize(Article.from_text(ARTICLE))
    except TimeoutError:
        hint = "A brief may take longer, up to OpenAIModel(deadline=…). Does the server still load the model?"
        yield Check("a brief", False, f"none came within {BRIEF_LIMIT:g} s", hint)
        return
    except SummarizerError as error:
        yield Check("a brief", False, error.message, error.hint)
        return
    made = brief.provenance
    if made.engine == "model":
        yield Check("output", True, f"{made.output} works")
    if not brief.positions:
        found = "the model found no position in a sentence that has one"
        yield Check("a brief", False, found, "It may be too small a model; try another.")
        return
    how = f", {made.usage.total} tokens" if made.engine == "model" else " by the built-in engine"
    yield Check("a brief", True, f"{len(brief.positions)} position{how}, {made.seconds:.1f} s")
