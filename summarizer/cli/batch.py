"""The command ``batch``: make the briefs of many articles."""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from summarizer.cli.messages import ExitCode, describe_error, print_message, report_problems
from summarizer.cli.options import EngineOptions, SinceOption, link, names_folder, open_store, with_shared_options
from summarizer.cli.output import FileFormat, JSONLinesWriter, choose_format
from summarizer.cli.pages import ENDINGS, PageFolder
from summarizer.cli.progress import BatchProgress, show_progress
from summarizer.errors import ConfigurationError, SummarizerError

if TYPE_CHECKING:
    from summarizer.cli.sources import SourceFinder, Sources
    from summarizer.errors import ArticleError
    from summarizer.models import Model
    from summarizer.outcome import Outcome
    from summarizer.sources import Entry, Skipped, Source
    from summarizer.store import Store

    Writer = JSONLinesWriter | PageFolder

SourcesArgument = Annotated[
    list[str],
    typer.Argument(help="Files, folders, patterns, addresses, feeds, JSON Lines, WARC files, or - for a list."),
]
UnansweredOption = Annotated[
    Literal["batch", "direct"] | None,
    typer.Option(
        "--unanswered",
        "--then",
        help="Ask requests that a batch did not answer in another batch, or directly at the full price. "
        "Default: batch.",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionOptions:
    """The options of commands that process many sources."""

    concurrency: Annotated[int, typer.Option(min=1, help="Articles processed at the same time.")] = 8
    since: SinceOption = None
    limit: Annotated[int | None, typer.Option(min=1, help="Use only this many sources, from the first.")] = None
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Retry articles that failed in an earlier run.")
    ] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestOptions:
    """The options that say how fast requests are sent, or that batches of the server answer them."""

    requests_per_minute: Annotated[float | None, typer.Option(min=0.001, help="Maximum requests a minute.")] = None
    tokens_per_minute: Annotated[
        float | None, typer.Option(min=1, help="Maximum tokens a minute, sent and received.")
    ] = None
    batch_api: Annotated[
        bool, typer.Option("--batch-api", help="Ask in batches of the server's Batch API, and wait for them.")
    ] = False
    unanswered: UnansweredOption = None
    poll: Annotated[
        float | None, typer.Option(min=0.01, help="Seconds between two looks at the batches. Default: 30.")
    ] = None
    write_requests: Annotated[
        Path | None, typer.Option(help="Write the missing requests to this file, and send none. No key is needed.")
    ] = None
    read_replies: Annotated[
        list[Path] | None, typer.Option(help="Read the replies of a batch from this file first.")
    ] = None

    @property
    def in_batches(self) -> bool:
        """Return whether batches answer the requests, sent by this command or as files."""
        return bool(self.batch_api or self.write_requests or self.read_replies)

    @property
    def rates(self) -> Mapping[str, float | None]:
        """Limits of requests and tokens a minute, as `resolve_model` takes them."""
        return {"requests_per_minute": self.requests_per_minute, "tokens_per_minute": self.tokens_per_minute}


@dataclass(frozen=True, kw_only=True)
class BatchPlan:
    """The sources of a batch, and how their briefs are made and written."""

    sources: Sequence[str]
    selection: SelectionOptions
    engine: EngineOptions
    out: Path | None = None
    format: str = "jsonl"
    """The format of the output: lines in a file, or a folder of briefs."""
    lines: Callable[[], Iterable[bytes]] | None = None
    """Returns the lines of standard input; they can be read only once without it."""

    def find(self) -> "tuple[SourceFinder, Sources]":
        """Find the sources, and check that the output replaces none of them."""
        from summarizer.cli.sources import SourceFinder

        finder = SourceFinder(_own_files(self.out, self.engine.store), lines=self.lines)
        found = finder.find(self.sources)
        if self.out:
            _check_replaceable(self.out, self.engine.store, found.files, "--out")
        return finder, found

    def run(
        self,
        store: "Store | None",
        model: "str | Model | None",
        verifier: "str | Model | None",
        sources: "tuple[SourceFinder, Sources] | None" = None,
    ) -> "BatchResult":
        """Make the briefs of all sources, as far as that is possible now."""
        from summarizer.cli.sources import select
        from summarizer.sources import Entry

        engine, selection = self.engine, self.selection
        first, limit = selection.since.date() if selection.since else None, selection.limit
        finder, found = sources or self.find()
        total = found.total if limit is None or found.total is None else min(limit, found.total)
        progress, in_progress = BatchProgress(total), dict[int, Entry]()
        with (
            self._open_writer() as writer,
            engine.create_summarizer(
                model=model, verifier=verifier, store=store, fetcher=(fetcher := engine.create_fetcher(store))
            ) as summarizer,
        ):
            finder.fetcher = fetcher
            outcomes = summarizer.summarize_many(
                _track(select(found.items, first, limit), in_progress, progress),
                concurrency=selection.concurrency,
                ordered=False,
                retry_failed=selection.retry_failed,
                since=first,
                skip_repeated=True,
            )
            code, reason = _process(outcomes, in_progress, progress, writer, quiet=engine.quiet)
        is_limited = progress.pulled == limit and (found.total is None or found.total > limit)
        return BatchResult(code, reason, progress, writer, is_limited=is_limited)

    def _open_writer(self) -> "AbstractContextManager[Writer | None]":
        if self.out is None:
            return nullcontext()
        return JSONLinesWriter(self.out) if self.format == "jsonl" else PageFolder(self.out, self.format)

    def report(self, result: "BatchResult", store: "Store | None") -> None:
        """Write the output file, and print the summary of a batch that has ended."""
        path = result.writer.finish(complete=result.is_complete) if result.writer else None
        for line in result.progress.summary():
            print_message(line)
        if result.is_limited:
            print_message(f"--limit {self.selection.limit}: later sources were not read.")
        if result.reason:
            again = "With --store, the" if store is None else "The"  # an empty store is false
            print_message(f"{result.reason} {again} same command resumes from here.")
        elif (
            result.progress.has_lasting_failure
            and not self.selection.retry_failed
            and not (store is None or store.is_read_only)
        ):
            print_message("--retry-failed retries failed articles.")
        if path and path != self.out:
            print_message(f"{self.out} is unchanged; the outcomes of this run are in {path}.")
        elif isinstance(result.writer, PageFolder):
            for line in result.writer.summary():
                print_message(line)


@dataclass(frozen=True)
class BatchResult:
    """How a pass over the sources of a batch ended."""

    code: ExitCode
    reason: str
    """Of an early end."""
    progress: BatchProgress
    writer: "Writer | None"
    is_limited: bool
    """Whether there are sources beyond the limit."""

    @property
    def is_complete(self) -> bool:
        """Return whether all sources have an outcome."""
        return self.code in (ExitCode.DONE, ExitCode.PARTIAL)


@with_shared_options
def batch(
    ctx: typer.Context,
    sources: SourcesArgument,
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "--output",
            "-o",
            help="Write one outcome a line to this file, as JSON, in the order of the sources; or briefs to this "
            "folder, with --format.",
        ),
    ] = None,
    format: Annotated[  # noqa: A002  # the option's name
        Literal["jsonl", "html", "markdown", "json"] | None,
        typer.Option("--format", "-f", help="jsonl: a file. Others: a folder with a brief an article, and an index."),
    ] = None,
    selection: SelectionOptions,
    requests: RequestOptions,
    links: Annotated[
        bool, typer.Option("--link", help="Link the briefs of the store for dossiers when all are made.")
    ] = False,
    engine: EngineOptions,
) -> None:
    """Make the briefs of many articles. A failed article does not stop the others.

    With --store, a second run skips finished articles.

    Exit codes: 0 done; 1 aborted by an error that affects every article; 2 wrong usage; 3 some failed; 130 interrupted.
    """
    _refuse_misfits(ctx, out, format, engine.store, requests)
    if links and not engine.store:
        raise typer.BadParameter("links are kept in a store", param_hint="--store")
    chosen = choose_format(out, format, {"jsonl": FileFormat((".jsonl", ".ndjson"))}, "jsonl", "--out")
    with report_problems(debug=engine.debug):
        plan = BatchPlan(sources=sources, selection=selection, engine=engine, out=out, format=chosen)
        found = plan.find()
        if file := requests.write_requests:
            protected = [*found[1].files, *(requests.read_replies or ())]
            _check_replaceable(file, engine.store, protected, "--write-requests")
        with open_store(engine.store) as opened:
            if opened is not None and requests.in_batches:
                from summarizer.cli.batch_api import BatchRun

                code = BatchRun(plan, opened, requests, waits=requests.batch_api).run(found)
            else:
                model = _limit_rate(engine.model, requests.rates, engine, selection.concurrency)
                verifier = engine.verifier and _limit_rate(
                    engine.verifier, requests.rates, engine, selection.concurrency
                )
                result = plan.run(opened, model, verifier, found)
                plan.report(result, opened)
                code = result.code
            if links and opened is not None and code in (ExitCode.DONE, ExitCode.PARTIAL):
                _link(opened, quiet=engine.quiet)
        raise typer.Exit(code)


def _link(store: "Store", *, quiet: bool) -> None:
    """Link the briefs of a store. An error does not concern the batch: its briefs are saved."""
    try:
        link(store, quiet=quiet)
    except SummarizerError as error:
        print_message(f"not linked: {describe_error(error)} The briefs are saved; opening a dossier links them.")


def _refuse_misfits(
    ctx: typer.Context, out: Path | None, form: str | None, store: Path | None, requests: RequestOptions
) -> None:
    """Refuse options that contradict each other or need another one."""
    if not store and not out:
        raise typer.BadParameter("name a store, an output file, or both", param_hint="--store, --out")
    if requests.in_batches and not store:
        raise typer.BadParameter("batches need a store", param_hint="--store")
    if requests.batch_api and requests.write_requests:
        raise typer.BadParameter("it sends requests, and --write-requests sends none", param_hint="--batch-api")
    for option, value in (("--unanswered, --then", requests.unanswered), ("--poll", requests.poll)):
        if value is not None and not requests.batch_api:
            raise typer.BadParameter("it has a meaning only with --batch-api", param_hint=option)
    if form and form != "jsonl" and not out:
        raise typer.BadParameter(f"{form} needs a folder: --out FOLDER", param_hint="--format")
    if out == Path("-"):
        raise typer.BadParameter("name a file or a folder; /dev/stdout is standard output", param_hint="--out")
    pages = {f".{ending}": name for name, ending in ENDINGS.items()}
    if out and not form and not out.exists() and (name := pages.get(out.suffix.lower())):
        message = f"lines go to FILE.jsonl, and briefs to a folder: --format {name} --out FOLDER"
        raise typer.BadParameter(message, param_hint="--out")
    if out and names_folder(ctx, out) and not form:
        raise typer.BadParameter(f"{out} is a folder: name a --format, html, markdown or json", param_hint="--out")


def _own_files(out: Path | None, store: Path | None) -> list[Path]:
    """Return the files that the batch writes, which are no sources if they are in one of the folders."""
    files = [out, out.with_name(f"{out.name}.part")] if out and _has_outcomes(out) else []
    files += out.iterdir() if out and out.is_dir() else []
    return [*files, *(store.with_name(store.name + end) for end in ("", "-wal", "-shm"))] if store else files


def _has_outcomes(out: Path) -> bool:
    """Return whether a file is missing or empty, or has outcomes of an earlier batch."""
    if not out.is_file():
        return True
    with out.open("rb") as file:
        line = file.readline(10_000)
    return not line or (line.startswith(b"{") and b'"status": "' in line)


def _check_replaceable(out: Path, store: Path | None, sources: Iterable[Path], option: str) -> None:
    """Refuse an output file that would replace the store or one of the sources."""
    protected = [*([store] if store else []), *(sources if out.exists() else [])]
    if out.resolve() in map(Path.resolve, protected):
        message = f"{out} is the store or one of the sources, which {option} would replace."
        raise ConfigurationError(message, hint="Name another file.")


def _limit_rate(
    model: str | None, rates: Mapping[str, Any], engine: EngineOptions, concurrency: int
) -> "str | Model | None":
    """Return ``model`` with a limit of requests and tokens a minute."""
    if not any(rates.values()):
        return model
    from summarizer.models import BUILTIN, Limits, resolve_model

    limits: dict[str, Any] = {"timeout": engine.timeout, "deadline": engine.deadline}
    limits["concurrency"] = max(Limits().concurrency, concurrency)
    return resolve_model(model, **rates, **limits) or BUILTIN


def _track(
    sources: Iterable["Entry"], in_progress: dict[int, "Entry"], progress: BatchProgress
) -> Iterator["Source | ArticleError | Skipped"]:
    """Yield the sources, record each under its index, and count those that are read."""
    from summarizer.sources import Skipped

    for index, named in enumerate(sources):
        in_progress[index] = named
        progress.pulled += not isinstance(named.source, Skipped)
        yield named.source


def _process(
    outcomes: Generator["Outcome", None, None],
    in_progress: dict[int, "Entry"],
    progress: BatchProgress,
    writer: "Writer | None",
    *,
    quiet: bool,
) -> tuple[ExitCode, str]:
    """Write, count and show all outcomes; return the exit code and the reason of an early end."""
    try:
        with closing(outcomes), show_progress(progress, quiet=quiet) as update:
            for outcome in outcomes:
                named = in_progress.pop(outcome.index)
                name = {} if named.id is None else {"id": named.id}
                try:
                    if isinstance(writer, PageFolder):
                        writer.write(outcome)
                    elif writer:
                        writer.write(outcome.to_json(**name, source=named.location), outcome.index)
                except ConfigurationError as error:
                    return ExitCode.FAILED, f"stopped: {describe_error(error)}"
                if outcome.fatal:
                    return (
                        ExitCode.FAILED,
                        f"stopped: {describe_error(outcome.error) if outcome.error else outcome.error}",
                    )
                progress.add(outcome, named.id or named.location)
                update()
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED, "interrupted."
    return (ExitCode.PARTIAL if progress.failed else ExitCode.DONE), ""
