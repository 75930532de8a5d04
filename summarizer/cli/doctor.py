"""The command ``doctor``: check the server, the key, the model, and a brief of a small article."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from summarizer._text import strip_invisible
from summarizer.cli.messages import ExitCode, name_options, report_problems
from summarizer.cli.options import DebugOption, ModelOption
from summarizer.errors import AuthenticationFailed, ConfigurationError, ConnectionFailed, ReplyCutOff, SummarizerError

if TYPE_CHECKING:
    from summarizer.models import Model, OpenAIModel

TEST_ARTICLE = "The bridge stays open\n\n“The bridge is safe,” said Anna Berg, the town’s engineer."
LISTING_TIMEOUT = 10.0
"""Seconds to wait for the list of models."""
DEFAULT_WAIT = 60.0
"""Seconds to wait for a model that loads, for its first byte, and for the brief of the test article."""
POLL_INTERVAL = 1.0
"""Seconds between two questions whether the server still loads the model."""
REPLY_TOKENS = 800
"""Tokens of the reply about the test article at most, nearly twice the expected ones."""
FULL_SHARE = 0.9
"""Share of the limit from which on a cut-off reply has reached it."""
SLOW_SHARE = 0.25
"""Share of the default timeout from which on the brief of the test article is too slow for longer ones."""
_MARKS = {"ok": "ok ", "failed": "NOT", "uncertain": " ? "}


def doctor(
    model: ModelOption = None,
    wait: Annotated[
        float, typer.Option(min=0.1, help="Seconds to wait for the model to load, to begin, and to make the brief.")
    ] = DEFAULT_WAIT,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show only checks that are not ok.")] = False,
    debug: DebugOption = False,
) -> None:
    """Check the server, the key, the model, and a brief of a small article.

    Exit codes: 0 briefs work; 1 they do not; 2 wrong usage.
    """
    with report_problems(debug=debug):
        if not asyncio.run(_print_checks(model, wait, quiet=quiet)):
            raise typer.Exit(ExitCode.FAILED)


async def _print_checks(model: str | None, wait: float, *, quiet: bool) -> bool:
    """Print each check as it ends, or with ``quiet`` only those that are not ok; return True if none failed."""
    passed = True
    async for check in diagnose(model, wait=wait):
        if check.state == "ok" and quiet:
            continue
        typer.echo(strip_invisible(f"{_MARKS[check.state]}  {check.subject:8}{check.result}"))
        if check.state != "ok":
            typer.echo(strip_invisible(f"     {'':8}{name_options(check.hint)}"))
        passed = passed and check.state != "failed"
    return passed


@dataclass(frozen=True, slots=True)
class SetupCheck:
    """The result of one check."""

    subject: str
    state: Literal["ok", "failed", "uncertain"]
    """After a failure, no brief is possible; otherwise the test article may still succeed."""
    result: str
    """The result in a few words, without keys."""
    hint: str = ""
    """What to do if it is not ok."""


async def diagnose(
    name: str | None, environ: Mapping[str, str] = os.environ, *, wait: float = DEFAULT_WAIT
) -> AsyncIterator[SetupCheck]:
    """Check the model that a name or the environment selects, up to the first failure."""
    from summarizer.models import resolve_model

    try:
        limits = {option: max(wait, _time_limit(option, environ)) for option in ("timeout", "deadline")}
        model = resolve_model(name, environ, **limits)
    except SummarizerError as error:
        yield _check_configuration(error, name, environ)
        return
    try:
        async for check in check_model(model, wait, environ):
            yield check
    finally:
        if model:
            await model.aclose()


def _time_limit(option: Literal["timeout", "deadline"], environ: Mapping[str, str]) -> float:
    """Return the limit that commands without the option use, in seconds."""
    from summarizer.models import Limits, read_number

    return read_number(option, environ) or getattr(Limits(), option)


async def check_model(
    model: "Model | None", wait: float = DEFAULT_WAIT, environ: Mapping[str, str] = os.environ
) -> AsyncIterator[SetupCheck]:
    """Check a model, or the built-in engine if it is None, up to the first failure."""
    from summarizer.models import OpenAIModel

    if isinstance(model, OpenAIModel):
        async for check in _check_server(model, wait):
            yield check
            if check.state == "failed":
                return
    async for check in _check_brief(model, wait, environ):
        yield check


def _check_configuration(error: SummarizerError, name: str | None, environ: Mapping[str, str]) -> SetupCheck:
    """Return the failed check for a name, an address or a key that cannot be used."""
    from summarizer.models import server_address

    if name is not None and not name.strip():
        return SetupCheck("model", "failed", error.message, error.hint)
    try:
        url = server_address(environ)
    except ConfigurationError as invalid:
        return SetupCheck("server", "failed", invalid.message, invalid.hint)
    if isinstance(error, AuthenticationFailed):
        return SetupCheck("key", "failed", f"none given for {url}", error.hint)
    chosen = name or environ.get("SUMMARIZER_MODEL")
    subject = "model" if chosen and chosen in error.message else "key" if "key" in error.message else "setting"
    return SetupCheck(subject, "failed", error.message, error.hint)


async def _check_server(model: "OpenAIModel", wait: float) -> AsyncIterator[SetupCheck]:
    """Check the server, the key, the list of models, the model's name, and its speed."""
    from summarizer.models import join_names

    url, key = model.endpoint.shown, "given" if model.endpoint.has_key else "none given"
    server, models = SetupCheck("server", "ok", url), None
    listed: Sequence[str] = ()
    longest = min(LISTING_TIMEOUT, wait)
    if await _is_still_loading(model, wait):
        hint = f"Wait for it, or give it longer: --wait {10 * wait:g}."
        yield SetupCheck("server", "failed", f"{url} still loads the model after {wait:g} s", hint)
        return
    try:
        async with asyncio.timeout(longest):
            listed = await model.models()
        models = SetupCheck("models", "ok", f"{len(listed)} listed" + (f": {join_names(listed)}" if listed else ""))
    except TimeoutError:
        result = f"{url} listed no models within {longest:g} s"
        server = SetupCheck("server", "uncertain", result, "It may be busy or missing; the next checks show it.")
    except (ConnectionFailed, ConfigurationError) as error:
        yield SetupCheck("server", "failed", error.message, error.hint)
        return
    except AuthenticationFailed as error:
        if error.status != 403:  # a key may be valid for completions only
            yield server
            yield SetupCheck("key", "failed", error.message, error.hint)
            return
        models = SetupCheck("models", "ok", "this key may not list them")
    except SummarizerError:
        models = SetupCheck("models", "ok", "this server does not list them")
    yield server
    yield SetupCheck("key", "ok", key)
    if models:
        yield models
    name = await _check_name(model, listed, longest)
    yield name
    if name.state != "failed" and (speed := await model.measure_speed(wait)):
        if speed.first is None:
            result = f"the server took the request and sent no byte within {wait:g} s"
            hint = "It loads the model, works on other requests, or reads very slowly. "
            hint += f"Look at its log, or wait longer (--wait {10 * wait:g})."
            yield SetupCheck("speed", "failed", result, hint)
        else:
            yield SetupCheck("speed", "ok", str(speed))


async def _is_still_loading(model: "OpenAIModel", wait: float) -> bool:
    """Wait until the server has loaded the model, and return whether it still loads at the end."""
    is_loading, ends = False, monotonic() + wait
    while True:
        with suppress(TimeoutError, SummarizerError):  # the next check reports it; a busy server may still load
            async with asyncio.timeout(min(LISTING_TIMEOUT, wait)):
                is_loading = await model.is_loading()
        if not is_loading or monotonic() + POLL_INTERVAL > ends:
            return is_loading
        await asyncio.sleep(POLL_INTERVAL)


async def _check_name(model: "OpenAIModel", listed: Sequence[str], longest: float) -> SetupCheck:
    """Check that the model has a name; a server may know names that it does not list."""
    from summarizer.models import CHOOSE_MODEL, join_names, nearest_names

    try:
        async with asyncio.timeout(longest):
            name = await model.resolved_name()
    except TimeoutError:
        return SetupCheck("model", "failed", "none is named, and the server lists none in time", CHOOSE_MODEL)
    except SummarizerError as error:
        return SetupCheck("model", "failed", error.message, error.hint)
    if not listed or name in listed or model.endpoint.api_version is not None:  # Azure does not list deployments
        return SetupCheck("model", "ok", name)
    hint = f"It lists: {join_names(nearest_names(name, listed))}. Some servers accept others; the next check shows it."
    return SetupCheck("model", "uncertain", f"the server does not list “{name}”", hint)


async def _check_brief(model: "Model | None", wait: float, environ: Mapping[str, str]) -> AsyncIterator[SetupCheck]:
    """Make the brief of the test article without repairs: the first reply must be usable."""
    from summarizer.article import Article
    from summarizer.client import Summarizer
    from summarizer.models import read_number

    limit = int(read_number("reply_tokens", environ) or REPLY_TOKENS) if model and model.needs_reply_limit else None
    summarizer = Summarizer(model=model or "builtin", repairs=0, reply_tokens=limit)
    try:
        async with asyncio.timeout(wait), summarizer:
            brief = await summarizer.asummarize(Article.from_text(TEST_ARTICLE))
    except TimeoutError:
        result = f"none came within {wait:g} s: the model answers slowly, or without end"
        hint = f"Give it longer (--wait {10 * wait:g}), then the others with --timeout, or use a smaller model."
        yield SetupCheck("a brief", "failed", result, hint)
        return
    except ReplyCutOff as error:
        result, hint = error.message, error.hint
        if limit and summarizer.usage.completion >= FULL_SHARE * limit:
            result = f"the model answers without end, or far too long: its reply was cut off at {limit:,} tokens"
            hint += " Does the chat template fit the model?"
        yield SetupCheck("a brief", "failed", result, hint)
        return
    except SummarizerError as error:
        yield SetupCheck("a brief", "failed", error.message, error.hint)
        return
    provenance = brief.provenance
    uses_model = provenance.engine == "model"
    if uses_model:
        yield SetupCheck("output", "ok", f"{provenance.output} works")
    if not brief.positions:
        result = "the model found no position in a sentence that has one"
        yield SetupCheck("a brief", "failed", result, "The model may be too small; try another.")
        return
    timeout = _time_limit("timeout", environ)
    if uses_model and provenance.seconds > SLOW_SHARE * timeout:
        hint = f"Longer articles take longer than the timeout of {timeout:g} s: give commands a higher --timeout."
        yield SetupCheck("a brief", "uncertain", f"it took {provenance.seconds:.0f} s", hint)
        return
    how = f", {provenance.usage.total} tokens" if uses_model else " by the built-in engine"
    yield SetupCheck(
        "a brief",
        "ok",
        f"{len(brief.positions)} position{'s' * (len(brief.positions) != 1)}{how}, {provenance.seconds:.1f} s",
    )
