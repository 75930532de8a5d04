"""What a program that plays a cassette finds around it: the environment of the recording, and no waits."""

import asyncio
import contextlib
import os
import threading
import time
from collections.abc import Iterator, Mapping
from unittest import mock
from urllib.parse import urlsplit

from summarizer.errors import ConfigurationError
from summarizer.models import resolve, retry, throttle

PLACEHOLDER = "recorded"
"""Stands where a key is wanted."""
NOWHERE = "http://recorded.invalid"
OPENAI = "https://api.openai.com/v1"
"""OpenAI's own server is asked otherwise than others; while a cassette is played it is no more reached than they."""


def is_at_openai(environ: Mapping[str, str]) -> bool:
    """Whether ``environ`` means OpenAI's own server."""
    address = environ.get("OPENAI_BASE_URL", "").strip()
    if not address:
        return bool(environ.get("OPENAI_API_KEY", "").strip())
    with contextlib.suppress(ValueError):
        host = urlsplit(address).hostname or ""
        return host == "api.openai.com" or host.endswith(".api.openai.com")
    return False


@contextlib.contextmanager
def as_recorded(model: str | None, *, at_openai: bool) -> Iterator[None]:
    """The environment variables as they were when it was recorded, keys and addresses aside; then as before."""
    variables = {
        "OPENAI_API_KEY": PLACEHOLDER,
        "OPENAI_BASE_URL": OPENAI if at_openai else f"{NOWHERE}/v1",
        "AZURE_OPENAI_API_KEY": PLACEHOLDER,
        "AZURE_OPENAI_ENDPOINT": NOWHERE,
    }
    with mock.patch.dict(os.environ, variables):
        if model is None:
            os.environ.pop("SUMMARIZER_MODEL", None)
        else:
            os.environ["SUMMARIZER_MODEL"] = model
        yield


@contextlib.contextmanager
def no_fallback() -> Iterator[None]:
    """Within it, a model must be named: of the built-in engine, which stands in for none, nothing is recorded."""

    def refused() -> None:
        raise ConfigurationError(
            "There is no model to record: neither OPENAI_API_KEY, OPENAI_BASE_URL nor SUMMARIZER_MODEL is set.",
            hint="Set them for the server that is to answer, such as OPENAI_BASE_URL=http://localhost:11434/v1 "
            "OPENAI_API_KEY=none SUMMARIZER_MODEL=its-model.",
        )

    with mock.patch.object(resolve, "warn_builtin", refused):
        yield


@contextlib.contextmanager
def no_waits() -> Iterator[None]:
    """Within it, the library's waits take no time: its clock goes on as if they had."""
    before = time.monotonic
    ahead = 0.0
    lock = threading.Lock()

    def now() -> float:
        return before() + ahead

    async def pause(seconds: float) -> None:
        nonlocal ahead
        until = now() + seconds
        await asyncio.sleep(0)
        with lock:  # those who wait at the same time wait together, not one after the other
            ahead = max(ahead, until - before())

    with contextlib.ExitStack() as stack:
        for module in (retry, throttle):
            stack.enter_context(mock.patch.object(module, "monotonic", now))
            stack.enter_context(mock.patch.object(module, "sleep", pause))
        yield
