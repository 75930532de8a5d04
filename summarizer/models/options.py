"""The options of a model, checked: an error at once is better than one after the first article."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from summarizer.errors import ConfigurationError

OWN_KEYS = {
    "model": "the name of the model",
    "messages": "the prompts",
    "response_format": "output=…",
    "stream": "nothing: replies are read whole",
    "n": "nothing: one reply is read",
}
"""Keys of a request that ``extra_body`` may not hold, and what decides on each."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a request may take, how often it is sent, and how many go out at once and in a minute."""

    timeout: float = 120.0
    """Seconds for one attempt."""
    attempts: int = 5
    deadline: float = 600.0
    """Seconds for all attempts of a request and the waits between, from when the first is sent."""
    concurrency: int = 16
    """Requests under way at once."""
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    """Sent and received."""

    def __post_init__(self) -> None:
        for name in ("timeout", "deadline"):
            _check_number(name, getattr(self, name), "seconds above 0")
        for name in ("requests_per_minute", "tokens_per_minute"):
            if getattr(self, name) is not None:
                _check_number(name, getattr(self, name), "a number above 0")
        for name in ("attempts", "concurrency"):
            _check_number(name, getattr(self, name), "a whole number above 0", whole=True)


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a request says beside the question; nothing of it is sent unless it is set."""

    max_tokens: int | None = None
    """Tokens that a reply may have, thoughts included."""
    temperature: float | None = None
    seed: int | None = None
    extra_body: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """More keys of the request, as the server names them."""

    def __post_init__(self) -> None:
        for name in ("max_tokens", "seed"):
            if (value := getattr(self, name)) is not None:
                least = 1 if name == "max_tokens" else None
                _check_number(name, value, "a whole number" + " above 0" * bool(least), whole=True, least=least)
        if self.temperature is not None:
            _check_number("temperature", self.temperature, "a number from 0 on", least=0)
        object.__setattr__(self, "extra_body", _checked_body(self.extra_body))


def _check_number(
    name: str, value: object, wanted: str, *, whole: bool = False, least: float | None = math.ulp(0)
) -> None:
    """That ``value`` is a number from ``least`` on: by default, the smallest above 0."""
    number = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
    if not (number and (-math.inf if least is None else least) <= value < math.inf):  # type: ignore[operator]
        raise ConfigurationError(f"{name} cannot be {value!r}.", hint=f"Give {wanted}.")


def _checked_body(extra: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of ``extra``, which nobody changes behind the model's back."""
    for key in extra:
        if key in OWN_KEYS:
            raise ConfigurationError(f"extra_body cannot hold {key!r}.", hint=f"It is set by {OWN_KEYS[key]}.")
    try:
        copy: dict[str, Any] = json.loads(json.dumps(dict(extra), allow_nan=False))
    except (TypeError, ValueError) as error:
        raise ConfigurationError("extra_body is nothing that JSON can hold.", hint=f"{error}.") from error
    return copy
