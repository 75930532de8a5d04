"""Which model is meant: by the caller, by the environment, or by default."""

import os
import sys
import warnings
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from summarizer.errors import ConfigurationError
from summarizer.models.base import Model
from summarizer.models.openai_compatible import OpenAIModel

Make = Callable[[str | None], OpenAIModel]

DEFAULT_MODEL = "gpt-5.4-mini"
"""OpenAI's current small model, as the list in the openai SDK (3.54) has it."""

BUILTIN = "builtin"
"""The name of the built-in engine, which is no model."""

NO_MODEL = (
    "Neither OPENAI_API_KEY, OPENAI_BASE_URL nor SUMMARIZER_MODEL is set: the built-in engine reads the "
    'article. Say model="builtin" to silence this.'
)


class NoModelWarning(UserWarning):
    """No language model was named or configured, so the built-in engine does the work."""


def resolve_model(
    model: str | Model | None = None, environ: Mapping[str, str] = os.environ, **options: Any
) -> Model | None:
    """The model that ``model`` means; None is the built-in engine.

    ``model`` is ``"builtin"``, a model's name at an OpenAI-compatible server, or a model object.
    Where it is None, ``SUMMARIZER_MODEL`` in ``environ`` says it; else, where ``OPENAI_API_KEY`` or
    ``OPENAI_BASE_URL`` is set, it is `DEFAULT_MODEL` at OpenAI's own server and the only model listed
    at another, which is asked at the first request; else it is the built-in engine, with a
    `NoModelWarning`. ``options`` are those of the `OpenAIModel` that a name makes.

    Raises:
        ConfigurationError: ``model`` is none of these, or an address or key cannot work.
        AuthenticationFailed: a model at OpenAI's own server is meant, and there is no key.
    """
    make = partial(OpenAIModel, environ=environ, **options)
    if model is None:
        return _from_environment(environ, make)
    if isinstance(model, str):
        return _named(model, make)
    if isinstance(model, Model):
        return model
    raise ConfigurationError(
        f"A {type(model).__name__} is not a model: its class is not derived from summarizer.models.Model.",
        hint='Derive it, or give the name of a model or "builtin".',
    )


def _named(name: str, make: Make) -> Model | None:
    return None if name.strip() == BUILTIN else make(name)


def _from_environment(environ: Mapping[str, str], make: Make) -> Model | None:
    name = environ.get("SUMMARIZER_MODEL", "").strip()
    if name:
        return _named(name, make)
    if any(environ.get(variable, "").strip() for variable in ("OPENAI_API_KEY", "OPENAI_BASE_URL")):
        return _default(make)
    without_model()
    return None


def without_model() -> None:
    """Say that the built-in engine does the work."""
    warnings.warn(NO_MODEL, NoModelWarning, stacklevel=_frames_inside() + 1)


def _frames_inside() -> int:
    """How many of the innermost frames, from the caller's on, are this library's: the user's line is beyond them."""
    depth = 0
    frame = sys._getframe(1)
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] == "summarizer":
        depth, frame = depth + 1, frame.f_back
    return depth


def _default(make: Make) -> Model:
    model = make(None)
    return make(DEFAULT_MODEL) if model.endpoint.is_openai else model
