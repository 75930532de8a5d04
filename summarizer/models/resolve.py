"""Choose the model that a name, an object or the environment means."""

import os
import sys
import warnings
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from summarizer._text import did_you_mean
from summarizer.errors import ConfigurationError, SummarizerError
from summarizer.models.base import Model
from summarizer.models.openai.model import OpenAIModel
from summarizer.models.retry import Limits, RetryingModel, check_number

DEFAULT_MODEL = "gpt-5.4-mini"
"""OpenAI's current small model, as listed in the openai SDK (3.54)."""
BUILTIN = "builtin"
"""The name of the built-in engine, which is not a model."""
VARIABLES = {
    "timeout": "SUMMARIZER_TIMEOUT",
    "deadline": "SUMMARIZER_DEADLINE",
    "reply_tokens": "SUMMARIZER_REPLY_TOKENS",
    "context": "SUMMARIZER_CONTEXT",
}
"""The environment variables of options; those of `resolve_model` apply to models that are given by name."""
PROVIDERS = "summarizer.models"
"""The entry point group of providers: a name, and a callable that takes the model's name and returns a `Model`."""


class NoModelWarning(UserWarning):
    """No language model is named or configured, so the built-in engine is used."""


def resolve_model(
    model: str | Model | None = None, environ: Mapping[str, str] = os.environ, **options: Any
) -> Model | None:
    """Return the model that ``model`` means; None is the built-in engine.

    Without ``model``, the variable ``SUMMARIZER_MODEL`` names it. If that is not set either, ``OPENAI_API_KEY`` or
    ``OPENAI_BASE_URL`` select an `OpenAIModel`: `DEFAULT_MODEL` at OpenAI, the only listed model at another server.
    If nothing is set, the built-in engine is used, with a `NoModelWarning`. ``SUMMARIZER_TIMEOUT`` and
    ``SUMMARIZER_DEADLINE`` set the limits of a model that is given by name. ``AZURE_OPENAI_ENDPOINT`` together with
    ``OPENAI_API_VERSION`` makes it a deployment at Azure, unless ``OPENAI_BASE_URL`` names another server.

    Args:
        model: ``"builtin"``, a model's name at an OpenAI-compatible server, ``"provider:name"`` for an installed
            provider, or a model object.
        environ: The environment variables.
        options: Options of the `OpenAIModel`. Those of `Limits` apply to other providers, too. None is the default.

    Raises:
        ConfigurationError: ``model`` or one of the options cannot work.
        AuthenticationFailed: A model at OpenAI is meant, and there is no key.
    """
    if isinstance(model, Model):
        return _check_name(model)
    limits = {option: read_number(option, environ) for option in ("timeout", "deadline")}
    given = {option: value for option, value in options.items() if value is not None}
    options = {option: value for option, value in limits.items() if value is not None} | given
    name = environ.get("SUMMARIZER_MODEL", "").strip() or None if model is None else model
    if name is None:
        if not any(environ.get(variable, "").strip() for variable in ("OPENAI_API_KEY", "OPENAI_BASE_URL")):
            warn_builtin()
            return None
        unnamed = OpenAIModel(None, environ=environ, **options)
        return OpenAIModel(DEFAULT_MODEL, environ=environ, **options) if unnamed.endpoint.is_openai else unnamed
    if not isinstance(name, str):
        raise ConfigurationError(
            f"A {type(name).__name__} is not a model: its class is not derived from summarizer.models.Model.",
            hint='Derive it, or give the name of a model or "builtin".',
        )
    if name.strip() == BUILTIN:
        return None
    if (model := _from_provider(name, options)) is not None:
        return model
    given = _azure_version(environ) | options
    at_openai = not (given.keys() & {"api_version", "base_url", "client"} or environ.get("OPENAI_BASE_URL", "").strip())
    _check_spelling(name.strip(), at_openai=at_openai)
    return OpenAIModel(name, environ=environ, **given)


def _check_spelling(name: str, *, at_openai: bool) -> None:
    """Refuse a name that is likely a misspelt one; servers other than OpenAI's may have models of any name."""
    from importlib.metadata import entry_points  # slow to import

    plain = name.casefold().replace("-", "").replace("_", "").replace(" ", "")
    if plain == BUILTIN or (at_openai and did_you_mean(plain, [BUILTIN])):
        hint = f'Set model="{BUILTIN}", or give the name of a model at a server.'
        raise ConfigurationError(f"The built-in engine is called “{BUILTIN}”, not “{name}”.", hint=hint)
    provider, colon, _ = name.partition(":")
    if colon and at_openai and provider != "ft":  # a fine-tuned model
        near = did_you_mean(provider, entry_points(group=PROVIDERS).names)
        hint = "OpenAI's models have no prefix. For a model at another server, set OPENAI_BASE_URL."
        raise ConfigurationError(f"No provider “{provider}” is installed.{near}", hint=hint)


def _azure_version(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return the version of Azure's API if the variables of the SDK name a resource, and no other server."""
    names = ("OPENAI_BASE_URL", "AZURE_OPENAI_ENDPOINT", "OPENAI_API_VERSION")
    other, resource, version = (environ.get(name, "").strip() for name in names)
    return {"api_version": version} if resource and version and not other else {}


def read_number(option: str, environ: Mapping[str, str] = os.environ) -> float | None:
    """Return the number in the environment variable of an option; None if it is not set."""
    variable = VARIABLES[option]
    if not (text := environ.get(variable, "").strip()):
        return None
    whole = option in ("reply_tokens", "context")
    try:
        number: float = int(text) if whole else float(text)
    except ValueError:
        number = 0
    wanted = f"a {'whole ' * whole}number above 0"
    try:
        check_number(variable, number, wanted)
    except ConfigurationError as error:
        raise ConfigurationError(f"{variable} cannot be “{text}”.", hint=f"Set it to {wanted}.") from error
    return number


def _from_provider(name: str, options: Mapping[str, Any]) -> Model | None:
    """Return the model of an installed provider, or None: names such as ``qwen3:8b`` have colons, too."""
    from importlib.metadata import entry_points  # slow to import

    provider, colon, model_name = name.strip().partition(":")
    providers = [*entry_points(group=PROVIDERS, name=provider)] if colon else []
    if not providers:
        return None
    unknown = sorted(set(options) - {field.name for field in fields(Limits)})
    if unknown:
        raise ConfigurationError(f"The provider {provider!r} has no option {unknown[0]!r}.")
    limits = Limits(**options)
    try:
        model = providers[0].load()(model_name)
    except SummarizerError:
        raise
    except Exception as error:
        message = f"The provider {provider!r} cannot be loaded: {type(error).__name__}: {error}."
        raise ConfigurationError(message, hint=f"It is {providers[0].value}.") from error
    if not isinstance(model, Model):
        raise ConfigurationError(f"The provider {provider!r} returned a {type(model).__name__} instead of a Model.")
    return _check_name(model) if model.has_retries else RetryingModel(_check_name(model), limits)


def _check_name(model: Model) -> Model:
    if not isinstance(getattr(model, "name", None), str):
        raise ConfigurationError(f"A {type(model).__name__} has no name.", hint="Set its attribute name to a string.")
    return model


def warn_builtin() -> None:
    """Warn the user, at the line outside of this library, that the built-in engine is used."""
    depth, frame = 1, sys._getframe()
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] == "summarizer":
        depth, frame = depth + 1, frame.f_back
    warnings.warn(
        "Neither OPENAI_API_KEY, OPENAI_BASE_URL nor SUMMARIZER_MODEL is set: the built-in engine is used. "
        'Set model="builtin" to silence this warning.',
        NoModelWarning,
        stacklevel=depth,
    )
