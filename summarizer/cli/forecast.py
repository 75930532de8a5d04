"""What the command ``estimate`` reads and shows: the estimates of several articles, added up."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.article import TOKEN_ENCODING
from summarizer.cli.sources import Listed
from summarizer.errors import ArticleError, ChunkError, ConfigurationError
from summarizer.estimate import Cost, Estimate, Prices, read_prices
from summarizer.models import Model, resolve_model

if TYPE_CHECKING:
    from summarizer.client import Summarizer


@dataclass
class Forecast:
    """The estimates of several articles together, and the articles that cannot be read."""

    estimate: Estimate = field(default_factory=Estimate)
    failed: list[tuple[str, str]] = field(default_factory=list)
    """Sources, and what is wrong with each."""


def stand_in(model: str | None, environ: Mapping[str, str] = os.environ) -> Model | None:
    """The model that ``model``, or without it ``environ``, names; no key is needed. None is the built-in engine."""
    name = (model or environ.get("SUMMARIZER_MODEL", "")).strip() or None
    if name is None and resolve_model(None, environ) is None:
        return None
    return resolve_model(name, {"OPENAI_API_KEY": "none"} | {key: value for key, value in environ.items() if value})


def forecast(sources: Iterable[Listed], summarizer: "Summarizer") -> Forecast:
    """What the briefs of all ``sources`` would cost; one that cannot be read costs no other."""
    made = Forecast()
    for each in sources:
        try:
            made.estimate += summarizer.estimate(each.source)
        except (ArticleError, ChunkError) as error:
            made.failed.append((each.place, str(error)))
    return made


def prices(
    sent: float | None, received: float | None, cached: float | None, file: Path | None, model: Model | None
) -> Prices | None:
    """The prices for ``model`` that the options give, if they do.

    Raises:
        ConfigurationError: some are missing, or are given twice.
    """
    own = {"--price-in": sent, "--price-out": received, "--price-cached": cached}
    given = [name for name, price in own.items() if price is not None]
    if file and given:
        raise ConfigurationError(f"{given[0]} and --prices both give prices.", hint="Give one of the two.")
    if file:
        return read_prices(file, model.name) if model else None
    if not given:
        return None
    if sent is None or received is None:
        missing = "--price-in" if sent is None else "--price-out"
        raise ConfigurationError(f"{given[0]} is given without {missing}.", hint="A figure in money takes both.")
    return Prices(sent, received, cached)


def as_table(made: Forecast, priced: Prices | None) -> str:
    """What a person reads."""
    return "\n".join(_lines(made.estimate, priced)) + "\n"


def as_json(made: Forecast, priced: Prices | None) -> str:
    """The same, and the articles that failed, for machines; figures are whole, and money is as the prices are."""
    return json.dumps(_record(made, priced), indent=2, ensure_ascii=False) + "\n"


def _columns(estimate: Estimate) -> dict[str, Cost]:
    return {"low": estimate.low, "likely": estimate.likely, "at_most": estimate.at_most}


def _record(made: Forecast, priced: Prices | None) -> dict[str, Any]:
    estimate = made.estimate

    def rounded(cost: Cost) -> dict[str, float]:
        tokens: dict[str, float] = {name: round(value) for name, value in asdict(cost).items()}
        return tokens | ({"money": round(priced.of(cost), 6)} if priced else {})

    return {
        "articles": estimate.articles,
        "made": estimate.made,
        "chunks": estimate.chunks,
        "answered": estimate.answered,
        "ruler": TOKEN_ENCODING,
        **{name: rounded(cost) for name, cost in _columns(estimate).items()},
        "notes": list(estimate.notes),
        "failed": [{"source": source, "error": error} for source, error in made.failed],
    }


def _lines(estimate: Estimate, priced: Prices | None) -> Iterator[str]:
    columns = _columns(estimate)
    if estimate.articles > estimate.made:
        yield f"{_some(estimate.articles - estimate.made, 'article')} in {_some(estimate.chunks, 'chunk')}"
    if estimate.made:
        yield f"{_some(estimate.made, 'article')} done already, or failed for good"
    if estimate.answered:
        yield f"{_some(estimate.answered, 'request')} answered already"
    yield ""
    if estimate.at_most.calls:
        yield f"{'':18}" + "".join(f"{name.replace('_', ' '):>16}" for name in columns)
        for label, name in (("calls", "calls"), ("prompt tokens", "prompt"), ("completion tokens", "completion")):
            yield f"{label:18}" + "".join(f"{round(getattr(cost, name)):16,}" for cost in columns.values())
        if priced:
            yield f"{'money':18}" + "".join(f"{_money(priced.of(cost)):>16}" for cost in columns.values())
        yield ""
        yield f"Tokens are counted by {TOKEN_ENCODING}; of the messages only. Likely is what recordings show."
    yield from estimate.notes
    if not (estimate.at_most.calls or estimate.answered or estimate.made):
        yield "With --model NAME it is said what that model would cost; no key is needed for it."


def _some(number: int, what: str) -> str:
    return f"{number:,} {what}" + "s" * (number != 1)


def _money(value: float) -> str:
    return f"{value:,.2f}" if value >= 1 else f"{value:.4f}"
