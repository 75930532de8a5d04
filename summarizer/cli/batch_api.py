"""Batches of a server's Batch API: the option ``--batch-api``, and the commands below ``batches``."""

import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, TypeVar, cast

import typer

from summarizer._async import EventLoopThread
from summarizer.cli.batch import BatchPlan, BatchResult, ConcurrencyOption, RetryFailedOption, SourcesArgument
from summarizer.cli.command import Command, Group
from summarizer.cli.messages import ExitCode, describe_error, print_message, report_problems
from summarizer.cli.options import (
    DebugOption,
    EngineOptions,
    SinceOption,
    open_existing_store,
    open_store,
    with_shared_options,
)
from summarizer.cli.output import print_text
from summarizer.cli.progress import show_status_line
from summarizer.errors import ConfigurationError, ModelError, SummarizerError

if TYPE_CHECKING:
    from summarizer.batch_api import BatchModel, Job, JobRunner
    from summarizer.models import OpenAIModel
    from summarizer.store import Store

T = TypeVar("T")
app = typer.Typer(
    cls=Group,
    rich_markup_mode=None,
    help="Submit, look at, collect or cancel batches of a server's Batch API.",
    no_args_is_help=True,
)
StoreOption = Annotated[Path, typer.Option(help="The store that the batches were submitted from.")]


@dataclass(frozen=True, slots=True)
class BatchApiOptions:
    """How a command uses batches."""

    waits: bool
    """Whether it submits, and waits for the replies."""
    direct: bool = False
    """Whether what a batch did not answer is asked directly."""
    poll: float = 30.0
    write_requests: Path | None = None
    read_replies: Sequence[Path] = ()
    submits: bool = False
    """Whether it submits without waiting."""


def run_in_batches(
    plan: BatchPlan, store: "Store", options: BatchApiOptions, rates: Mapping[str, float | None]
) -> ExitCode:
    """Run rounds: make the briefs that the replies so far allow, and ask for what is missing."""
    if plan.out is not None and plan.out.exists() and not plan.out.is_file():
        hint = "Name one: it is written when all is done."
        raise ConfigurationError("With batches, the output is a regular file.", hint=hint)
    run = _BatchRun(plan, store, options, _open_models(plan.engine, store, options, rates))
    try:
        return run.run()
    except KeyboardInterrupt:
        print_message(f"interrupted. The batches go on. {run.continuation}")
        return ExitCode.INTERRUPTED
    except SummarizerError as error:
        if not isinstance(error, ConfigurationError):
            print_message(f"What was asked and answered is kept. {run.continuation}")
        raise
    finally:
        for model in run.models:
            run.loop.run(model.aclose())
        run.loop.close()


@dataclass
class _BatchRun:
    """A command that reads its sources again in each round."""

    plan: BatchPlan
    store: "Store"
    options: BatchApiOptions
    models: "Sequence[BatchModel]"
    """The model of the briefs and, if it is another one, that of the checks."""
    loop: EventLoopThread = field(default_factory=EventLoopThread)

    @property
    def continuation(self) -> str:
        """Return the sentence that says how to go on."""
        path = self.plan.engine.store
        return f"The same command continues; 'summarizer batches status --store {path}' looks at the batches."

    def run(self) -> ExitCode:
        """Run rounds until nothing is missing, or only one if the command does not wait."""
        from summarizer.batch_api import wait_for_batches

        models, options = self.models, self.options
        for model in models if self.plan.retry_failed else ():
            self.loop.run(model.forget_errors())
        for path in options.read_replies:
            counts = [self.loop.run(model.read_replies(path)) for model in models]
            print_message(f"{path}: {max(counts, key=lambda count: count.replies)}.")
        verifier = models[-1] if len(models) > 1 else None
        result: BatchResult | None = None
        with _repeatable_input(self.plan) as plan:
            for number in count(1):
                for model in models:
                    model.pending = 0
                latest = plan.run(self.store, models[0], verifier)
                if result is not None:
                    latest.progress.continue_from(result.progress)
                result = latest
                pending = sum(model.pending for model in models)
                if not (options.waits and pending and result.is_complete):
                    return self._finish(result, pending)
                with show_status_line(quiet=plan.engine.quiet) as show:
                    ended = self.loop.run(wait_for_batches(models, number, lambda progress: show(str(progress))))
                if not plan.engine.quiet:
                    print_message(f"{ended}.")
        raise AssertionError("the rounds end")

    def _finish(self, result: BatchResult, pending: int) -> ExitCode:
        """Report the last round, and hand over the requests that are still missing."""
        if result.is_complete and not pending:
            for model in self.models:
                self.loop.run(model.forget())
        self.plan.report(result, self.store)
        if result.is_complete and not pending and (self.options.waits or self.options.submits):
            self.loop.run(self._clean())
        if not result.is_complete or not pending:
            return result.code
        if self.options.write_requests:
            self._write(self.options.write_requests)
        elif self.options.submits:
            self.loop.run(self._submit())
        else:
            print_message("Some replies are missing. --write-requests FILE writes the requests; --batch-api asks them.")
            return ExitCode.PARTIAL
        return result.code

    async def _clean(self) -> None:
        """Delete the files that a killed run has left at the server."""
        for model in self.models:
            try:
                await model.advance(submit=False)
            except ModelError as error:
                print_message(describe_error(error))

    def _write(self, path: Path) -> None:
        """Write the missing requests, those of each model to a file of their own."""
        for model, target in zip(self.models, (path, path.with_stem(f"{path.stem}-verify")), strict=False):
            for file, requests in self.loop.run(model.write_requests(target)):
                print_message(f"Requests in {file}: {requests:,}. --read-replies FILE reads the replies.")

    async def _submit(self) -> None:
        """Submit the missing requests, and do not wait."""
        for model in self.models:
            await model.advance()
            if model.problem:
                print_message(f"Not possible now: {model.problem}")
            counts = await model.counts(model.now())
            print_message(f"Requests in open batches: {counts.requests:,} in {counts.batches:,}.")
        path = self.plan.engine.store
        print_message(f"'summarizer batches collect --store {path}' collects the replies of open batches.")
        print_message("Once they are collected, the same command goes on.")


def _open_models(
    engine: EngineOptions, store: "Store", options: BatchApiOptions, rates: Mapping[str, Any]
) -> "list[BatchModel]":
    """Return the model of the briefs and, if it is another one, that of the checks."""
    from summarizer.batch_api import BatchModel

    settings: dict[str, Any] = {"direct": options.direct, "poll": options.poll, "journal": store, "wait": False}
    models = []
    for name in [engine.model, *filter(None, [engine.verifier])]:
        limits = {**rates, "timeout": engine.timeout, "deadline": engine.deadline}
        needs_key = options.waits or options.submits
        model = _resolve(name, needs_key=needs_key, **limits)
        if model is None:
            raise ConfigurationError("The built-in engine asks no model.", hint="--model NAME names one.")
        models.append(BatchModel(cast("OpenAIModel", model), **settings))
    return models


def _resolve(name: str | None, *, needs_key: bool, **limits: Any) -> object:
    from summarizer.cli.estimate import resolve_without_key
    from summarizer.models import resolve_model

    return resolve_model(name, **limits) if needs_key else resolve_without_key(name)


@contextmanager
def _repeatable_input(plan: BatchPlan) -> Iterator[BatchPlan]:
    """Yield the plan with standard input in a file, so that each round can read it."""
    if "-" not in plan.sources:
        yield plan
        return
    with tempfile.TemporaryFile() as file:
        shutil.copyfileobj(sys.stdin.buffer, file)

        def lines() -> Iterable[bytes]:
            file.seek(0)
            return cast("BinaryIO", file)

        yield replace(plan, lines=lines)


@app.command(cls=Command)
@with_shared_options
def submit(
    sources: SourcesArgument,
    *,
    concurrency: ConcurrencyOption = 8,
    since: SinceOption = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Use only this many sources, from the first.")] = None,
    retry_failed: RetryFailedOption = False,
    engine: EngineOptions,
) -> None:
    """Make the briefs that the collected replies allow, submit batches of all other requests, and do not wait.

    Exit codes: 0 done or submitted; 1 failed; 2 wrong usage; 3 some articles failed; 130 interrupted.
    """
    if not engine.store:
        raise typer.BadParameter("batches need a store", param_hint="--store")
    with report_problems(debug=engine.debug), open_store(engine.store) as store:
        assert store is not None
        plan = BatchPlan(
            sources=sources,
            concurrency=concurrency,
            since=since.date() if since else None,
            limit=limit,
            retry_failed=retry_failed,
            engine=engine,
        )
        raise typer.Exit(run_in_batches(plan, store, BatchApiOptions(waits=False, submits=True), {}))


@app.command(cls=Command)
def status(*, store: StoreOption, debug: DebugOption = False) -> None:
    """Show the batches that are not done. Nothing is submitted or collected.

    Exit codes: 0 shown; 1 failed.
    """
    with report_problems(debug=debug), open_existing_store(store) as opened:
        for _, runner in _work(opened, lambda runner: runner.look()):
            print_text("".join(f"{_describe(job)}\n" for job in runner.journal.jobs()))


@app.command(cls=Command)
def collect(*, store: StoreOption, debug: DebugOption = False) -> None:
    """Save the replies of batches that have ended. Nothing is submitted.

    Exit codes: 0 done; 1 failed.
    """
    with report_problems(debug=debug), open_existing_store(store) as opened:
        for _, runner in _work(opened, lambda runner: runner.advance(submit=False)):
            print_message(f"collected: {runner.counts}. Open batches: {len(runner.open_jobs):,}.")
        again = "'summarizer batches submit SOURCES…' makes the briefs, and asks for what is missing"
        print_message(f"{again}; 'summarizer batch SOURCES…' asks for it directly, at the ordinary price.")


@app.command(cls=Command)
def cancel(*, store: StoreOption, debug: DebugOption = False) -> None:
    """Cancel the batches under way. What is done by then is charged, and can be collected.

    Exit codes: 0 done; 1 failed.
    """
    with report_problems(debug=debug), open_existing_store(store) as opened:
        for count, _ in _work(opened, lambda runner: runner.cancel()):
            print_message(f"Batches that are being cancelled: {count:,}.")


def _work(store: "Store", act: "Callable[[JobRunner], Awaitable[T]]") -> "Iterator[tuple[T, JobRunner]]":
    """Yield what works on the open batches of each model in a store, after it has acted, and the result of that.

    An error at one model is raised when the others had their turn.
    """
    from summarizer.batch_api import open_runners

    failure: SummarizerError | None = None

    runners = open_runners(store, lambda name: cast("OpenAIModel", _resolve(name, needs_key=True)), print_message)
    if not runners:
        print_message("No batch is open.")
    for runner in runners:

        async def run(runner: "JobRunner" = runner) -> "T":
            try:
                return await act(runner)
            finally:
                await runner.aclose()

        try:
            yield asyncio.run(run()), runner
        except SummarizerError as error:
            failure = failure or error
        if runner.problem:
            print_message(f"Not possible now: {runner.problem.message}")
    if failure:
        raise failure


def _describe(job: "Job") -> str:
    """Return the state of a batch as a line."""
    from summarizer.batch_api import format_seconds

    state = job.status if job.state == "running" else job.state
    since = f", {format_seconds(time.time() - job.submitted)} since submission" if job.submitted else ""
    return (
        f"{job.batch or job.id}: {state}, {job.completed:,} of {job.requests:,} requests done, "
        f"{job.failed:,} failed{since} ({job.name})"
    )
