"""Prices of tokens, as a person or a file gives them; none are built in, since they go stale."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from summarizer.errors import ConfigurationError
from summarizer.estimating.estimate import Cost

_MILLION = 1_000_000
_NAMES = {"in": "prompt", "out": "completion", "cached": "cached"}


@dataclass(frozen=True, slots=True)
class Prices:
    """What a million tokens cost, in whatever currency.

    Raises:
        ConfigurationError: a price is no number from 0 on.
    """

    prompt: float
    completion: float
    cached: float | None = None
    """For prompt tokens that the server had cached; None: the same as the others."""

    def __post_init__(self) -> None:
        for name in ("prompt", "completion", "cached"):
            price = getattr(self, name)
            if name == "cached" and price is None:
                continue
            if not isinstance(price, int | float) or isinstance(price, bool) or not 0 <= price < math.inf:
                raise ConfigurationError(f"A price cannot be {price!r}.", hint="Give a number from 0 on.")

    def of(self, cost: Cost) -> float:
        """What ``cost`` comes to."""
        cached = self.prompt if self.cached is None else self.cached
        whole = (cost.prompt - cost.cached) * self.prompt + cost.cached * cached + cost.completion * self.completion
        return whole / _MILLION


def read_prices(path: Path, model: str) -> Prices:
    """The prices for ``model`` in a TOML file that has a table for each model.

    A table is named as the model is, in quotation marks where the name has a dot, and holds ``in``,
    ``out`` and, if wanted, ``cached``: the price of a million tokens sent, received, or sent and cached.
    Such keys outside a table are the prices of every model without one.

    Raises:
        ConfigurationError: there is no such file, it is not TOML, or has no (whole) prices for ``model``.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigurationError(f"The price file {path} cannot be read: {error.strerror or error}.") from error
    except ValueError as error:  # of TOML as of UTF-8
        raise ConfigurationError(f"The price file {path} is not TOML: {error}.") from error
    own = found.get(model)
    table = own if isinstance(own, Mapping) else found
    prices = {name: value for name, value in table.items() if not isinstance(value, Mapping)}
    if not prices:
        models = ", ".join(found) or "none"
        raise ConfigurationError(
            f"The price file {path} has no prices for {model}.", hint=f"It has those for: {models}."
        )
    if wrong := sorted(prices.keys() ^ (prices.keys() & _NAMES.keys() | {"in", "out"})):
        raise ConfigurationError(
            f"The prices for {model} in {path} do not hold together: {', '.join(wrong)}.",
            hint="A model has in and out, cached if wanted, and no other.",
        )
    return Prices(**{_NAMES[name]: price for name, price in prices.items()})
