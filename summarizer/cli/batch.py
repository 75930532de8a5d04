"""The command ``batch``: many articles, a store, a file of outcomes."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, nullcontext
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.lines import Lines, is_database
from summarizer.cli.messages import DONE, FAILED, INTERRUPTED, PARTLY, failures_told, say, warnings_told
from summarizer.cli.options import ChunkTokens, Clean, Debug, MaxCalls, MaxTokens, Prompts, Repairs, Stored
from summarizer.cli.tally import Tally, shown
from summarizer.errors import ConfigurationError

if TYPE_CHECKING:
    from summarizer.cli.sources import Listed
    from summarizer.errors import ArticleError
    from summarizer.models import Model
    from summarizer.outcome import Outcome
    from summarizer.sources import Source


def batch(
    sources: Annotated[
        list[str],
        typer.Argument(
            help="Files, folders, patterns, JSON Lines (*.jsonl), or - for a list on standard input.",
            show_default=False,
        ),
    ],
    *,
    store: Stored = None,
    out: Annotated[
        Path | None, typer.Option(help="Write an outcome a line to this file, as JSON, in the order of the sources.")
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            "-m",
            help="As for brief; left out, what the environment says, else 'builtin'.",
            show_default=False,
        ),
    ] = None,
    concurrency: Annotated[int, typer.Option(min=1, help="Articles at work at once.")] = 8,
    requests_per_minute: Annotated[
        float | None, typer.Option(min=0.001, help="Requests that are sent in a minute at most.", show_default=False)
    ] = None,
    tokens_per_minute: Annotated[
        float | None, typer.Option(min=1, help="Tokens sent and received in a minute at most.", show_default=False)
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Only the first so many sources.", show_default=False)
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Try again what failed in an earlier run.")
    ] = False,
    chunk_tokens: ChunkTokens = 6_000,
    repairs: Repairs = 1,
    prompts: Prompts = None,
    clean: Clean = True,
    max_calls: MaxCalls = None,
    max_tokens: MaxTokens = None,
    debug: Debug = False,
) -> None:
    """Read many articles: a bad one never stops the rest, and what was done is not done again.

    Exit status: 0 done; 1 stopped by what all would fail of; 2 wrong usage; 3 some failed; 130 interrupted.
    """
    if not store and not out:
        raise typer.BadParameter(
            "name a file that keeps the briefs, one that they are written to, or both", param_hint="--store, --out"
        )
    with failures_told(debug), warnings_told():
        from summarizer.cli.sources import listed
        from summarizer.client import Summarizer
        from summarizer.models.budget import Budget

        every = listed(sources)
        if out:
            _check_apart(out, store, every.files)
        total = every.total if limit is None or every.total is None else min(limit, every.total)
        tally, names = Tally(total), _Names(islice(every, limit))
        with (
            Lines(out) if out else nullcontext() as lines,
            Summarizer(
                model=_rated(model, requests_per_minute, tokens_per_minute),
                chunk_tokens=chunk_tokens,
                repairs=repairs,
                prompts=prompts,
                clean=clean,
                budget=Budget(calls=max_calls, tokens=max_tokens),
                store=store,
            ) as engine,
        ):
            outcomes = engine.summarize_many(names, concurrency=concurrency, ordered=False, retry_failed=retry_failed)
            status, why = _carried_out(outcomes, names, tally, lines)
        place = lines.finish(whole=status in (DONE, PARTLY)) if lines else None
        now = _what_now(why, lasting=tally.lasting, store=store, out=out, place=place)
        for line in (*tally.summary(), *now):
            say(line)
        raise typer.Exit(status)


def _check_apart(out: Path, store: Path | None, sources: Iterable[Path]) -> None:
    """See to it that the output takes the place of nothing else.

    Raises:
        ConfigurationError: it is the store, a database, or one of the sources.
    """
    if is_database(out) or (store and out.resolve() == store.resolve()):
        what = "a store"
    elif out.exists() and out.resolve() in {source.resolve() for source in sources}:
        what = "one of the sources"
    else:
        return
    raise ConfigurationError(f"{out} is {what}, which --out would replace.", hint="Name another file.")


def _rated(model: str | None, requests: float | None, tokens: float | None) -> "str | Model | None":
    """``model``, held to so many requests and tokens a minute."""
    if not requests and not tokens:
        return model
    from summarizer.models import resolve_model
    from summarizer.models.default import BUILTIN

    return resolve_model(model, requests_per_minute=requests, tokens_per_minute=tokens) or BUILTIN


class _Names:
    """The sources, and what each is called, for as long as it is at work."""

    def __init__(self, every: Iterator["Listed"]) -> None:
        self._every = enumerate(every)
        self._listed: dict[int, Listed] = {}

    def __iter__(self) -> Iterator["Source | ArticleError"]:
        for index, each in self._every:
            self._listed[index] = each
            yield each.source

    def of(self, outcome: "Outcome") -> dict[str, str | None]:
        """The source's id, if it has one, and where it is from."""
        each = self._listed.pop(outcome.index)
        named = {"id": each.id} if each.id is not None else {}
        return {**named, "source": each.place}


def _carried_out(
    outcomes: Generator["Outcome", None, None], names: _Names, tally: Tally, lines: Lines | None
) -> tuple[int, str]:
    """Take outcomes to their end: written, counted, shown. The exit status, and why it ended early if it did."""
    try:
        with closing(outcomes), shown(tally) as update:
            for outcome in outcomes:
                told = names.of(outcome)
                try:
                    if lines:
                        lines.write(outcome.to_json(**told), outcome.index)
                except ConfigurationError as error:
                    return FAILED, f"stopped: {error}"
                if outcome.fatal:
                    return FAILED, f"stopped: {outcome.error}"
                tally.add(outcome, told.get("id") or told["source"] or "")
                update()
    except KeyboardInterrupt:
        return INTERRUPTED, "interrupted."
    return PARTLY if tally.failed else DONE, ""


def _what_now(why: str, *, lasting: bool, store: Path | None, out: Path | None, place: Path | None) -> Iterator[str]:
    """What a person may want to know at the end."""
    if why:
        yield f"{why} {'The' if store else 'With --store the'} same command goes on from here."
    elif lasting and store:
        yield "--retry-failed tries again what failed."
    if place and place != out:
        yield f"{out} is as it was; what was done this time is in {place}."
