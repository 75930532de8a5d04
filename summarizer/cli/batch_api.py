"""Batches of a server's Batch API: the option ``--batch-api``, and the commands below ``batches``."""

import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import KW_ONLY, dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, cast

import typer

from summarizer._async import EventLoopThread
from summarizer.cli.batch import (
    BatchPlan,
    BatchResult,
    RequestOptions,
    SelectionOptions,
    SourcesArgument,
    UnansweredOption,
)
from summarizer.cli.command import Command, Group
from summarizer.cli.messages import ExitCode, print_message, report_problems
from summarizer.cli.options import DebugOption, EngineOptions, open_existing_store, open_store, with_shared_options
from summarizer.cli.output import print_text
from summarizer.cli.progress import show_state
from summarizer.errors import ConfigurationError, SummarizerError

if TYPE_CHECKING:
    from summarizer.batch_api import BatchModel, Job, JobRunner
    from summarizer.cli.sources import SourceFinder, Sources
    from summarizer.models import OpenAIModel
    from summarizer.store import Store

app = typer.Typer(
    cls=Group,
    rich_markup_mode=None,
    help="Submit, look at, collect or cancel batches of a server's Batch API.",
    no_args_is_help=True,
)
StoreOption = Annotated[Path, typer.Option(help="The store that the batches were submitted from.")]


def _resolve(name: str | None, *, needs_key: bool, **limits: Any) -> object:
    from summarizer.cli.estimate import resolve_without_key
    from summarizer.models import resolve_model

    return resolve_model(name, **limits) if needs_key else resolve_without_key(name)


@dataclass
class BatchRun:
    """A command that reads its sources again in each round."""

    plan: BatchPlan
    store: "Store"
    requests: RequestOptions
    _: KW_ONLY
    waits: bool = False
    """Whether it waits for the replies."""
    models: "list[BatchModel]" = field(default_factory=list)
    """The model of the briefs and, if it is another one, that of the checks."""
    loop: EventLoopThread = field(default_factory=EventLoopThread)

    def run(self, found: "tuple[SourceFinder, Sources]") -> ExitCode:
        """Make the briefs of the sources that were found, as far as replies allow, and ask for what is missing."""
        if self.plan.out is not None and self.plan.out.exists() and not self.plan.out.is_file():
            hint = "Name one: it is written when all is done."
            raise ConfigurationError("With batches, the output is a regular file.", hint=hint)
        status = f"'summarizer batches status --store {self.plan.engine.store}' looks at the batches"
        try:
            self._open_models()
            return self._run_rounds(found)
        except KeyboardInterrupt:
            print_message(f"interrupted. The batches go on. The same command continues; {status}.")
            return ExitCode.INTERRUPTED
        except SummarizerError as error:
            if not isinstance(error, ConfigurationError):
                print_message(f"What was asked and answered is kept. The same command continues; {status}.")
            raise
        finally:
            for model in self.models:
                self.loop.run(model.aclose())
            self.loop.close()

    def _open_models(self) -> None:
        from summarizer.batch_api import BatchModel

        engine = self.plan.engine
        requests = self.requests
        options: dict[str, Any] = {"unanswered": requests.unanswered or "batch", "poll": requests.poll or 30.0}
        for name in [engine.model, *filter(None, [engine.verifier])]:
            limits = {**requests.rates, "timeout": engine.timeout, "deadline": engine.deadline}
            model = cast("OpenAIModel | None", _resolve(name, needs_key=requests.batch_api, **limits))
            if model is None:
                raise ConfigurationError("The built-in engine asks no model.", hint="--model NAME names one.")
            self.models.append(BatchModel(model, journal=self.store, wait=False, **options))

    def _run_rounds(self, found: "tuple[SourceFinder, Sources] | None") -> ExitCode:
        """Run rounds until nothing is missing, or only one if the command does not wait."""
        from summarizer.batch_api import wait_for_batches

        models, quiet = self.models, self.plan.engine.quiet
        for model in models if self.plan.selection.retry_failed else ():
            self.loop.run(model.forget(errors_only=True))
        if self.requests.batch_api:
            self.loop.run(self._collect())
        for path in self.requests.read_replies or ():
            counts = [self.loop.run(model.read_replies(path)) for model in models]
            best = max(counts, key=lambda each: each.replies + each.errors)
            is_other = not best.replies and not best.errors
            print_message(f"{path}: {best}." + " Is it about this model and server?" * is_other)
        verifier = models[-1] if len(models) > 1 else None
        result: BatchResult | None = None
        with _repeatable_input(self.plan) as plan:
            for number in count(1):
                for model in models:
                    model.pending = 0
                latest = plan.run(self.store, models[0], verifier, found if plan is self.plan else None)
                found = None
                if result is not None:
                    latest.progress.continue_from(result.progress)
                result = latest
                pending = sum(model.pending for model in models)
                if not (self.waits and pending and result.is_complete):
                    return self._finish(result, pending)
                with show_state(quiet=quiet) as show:
                    self.loop.run(wait_for_batches(models, number, show))
        raise AssertionError("the rounds end")

    def _finish(self, result: BatchResult, pending: int) -> ExitCode:
        """Report the last round, and hand over the requests that are still missing."""
        is_done = result.is_complete and not pending
        for model in self.models if is_done else ():
            self.loop.run(model.forget())
        self.plan.report(result, self.store)
        if is_done or not result.is_complete:
            return result.code
        if path := self.requests.write_requests:
            self._write(path)
        elif self.requests.batch_api:
            return self.loop.run(self._submit()) or result.code
        else:
            print_message("Some replies are missing. --write-requests FILE writes the requests; --batch-api asks them.")
            return ExitCode.PARTIAL
        return result.code

    async def _collect(self) -> None:
        """Collect what earlier runs have submitted."""
        for model in self.models:
            await model.advance(submit=False)
            if model.problem:
                print_message(f"Not possible now: {model.problem}")

    def _write(self, path: Path) -> None:
        """Write the missing requests, those of each model to a file of their own."""
        for model, target in zip(self.models, (path, path.with_stem(f"{path.stem}-verify")), strict=False):
            for file, requests in self.loop.run(model.write_requests(target)):
                print_message(f"Requests in {file}: {requests:,}. --read-replies FILE reads the replies.")

    async def _submit(self) -> ExitCode:
        """Submit the missing requests, and do not wait."""
        code, is_open = ExitCode.DONE, False
        for model in self.models:
            await model.advance()
            if model.problem:
                code = ExitCode.FAILED
                print_message(f"Not possible now: {model.problem}")
            jobs = [job for job in await model.jobs() if job.is_open]
            is_open = is_open or bool(jobs)
            print_message(f"Requests in open batches: {sum(job.requests for job in jobs):,} in {len(jobs):,}.")
        path = self.plan.engine.store
        collect = f"'summarizer batches collect --store {path}' collects their replies. Then repeat the same command."
        print_message(collect if is_open else "Repeat the same command.")
        return code


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
    sources: SourcesArgument, *, selection: SelectionOptions, unanswered: UnansweredOption = None, engine: EngineOptions
) -> None:
    """Make the briefs that the collected replies allow, submit batches of all other requests, and do not wait.

    Exit codes: 0 done or submitted; 1 failed; 2 wrong usage; 3 some articles failed; 130 interrupted.
    """
    if not engine.store:
        raise typer.BadParameter("batches need a store", param_hint="--store")
    with report_problems(debug=engine.debug), open_store(engine.store) as store:
        assert store is not None
        plan = BatchPlan(sources=sources, selection=selection, engine=engine)
        requests = RequestOptions(batch_api=True, unanswered=unanswered)
        raise typer.Exit(BatchRun(plan, store, requests).run(plan.find()))


@app.command(cls=Command)
def status(*, store: StoreOption, debug: DebugOption = False) -> None:
    """Show the batches that are not done. Nothing is submitted or collected.

    Exit codes: 0 shown; 1 failed.
    """

    async def look(runner: "JobRunner") -> None:
        await runner.look()
        print_text("".join(f"{_describe(job)}\n" for job in await runner.jobs()))

    _run_for_each_model(store, look, debug=debug)


@app.command(cls=Command)
def collect(*, store: StoreOption, debug: DebugOption = False) -> None:
    """Save the replies of batches that have ended. Nothing is submitted.

    Exit codes: 0 done; 1 failed.
    """
    still_open = 0

    async def advance(runner: "JobRunner") -> None:
        nonlocal still_open
        await runner.advance(submit=False)
        count = sum(job.is_open for job in await runner.jobs())
        still_open += count
        print_message(f"collected: {runner.counts}. Open batches: {count:,}.")

    if _run_for_each_model(store, advance, debug=debug) and not still_open:
        again = "'summarizer batches submit SOURCES…' makes the briefs, and asks for what is missing"
        print_message(f"{again}; 'summarizer batch SOURCES…' asks for it directly, at the ordinary price.")


@app.command(cls=Command)
def cancel(*, store: StoreOption, debug: DebugOption = False) -> None:
    """Cancel the batches under way. What is done by then is charged, and can be collected.

    Exit codes: 0 done; 1 failed.
    """

    async def cancel(runner: "JobRunner") -> None:
        print_message(f"Batches that are being cancelled: {await runner.cancel():,}.")

    _run_for_each_model(store, cancel, debug=debug)


def _run_for_each_model(path: Path, act: "Callable[[JobRunner], Awaitable[None]]", *, debug: bool) -> bool:
    """Act on the batches of each model in a store that are not done, and return whether there are any.

    An error at one model is raised when the others had their turn.
    """
    from summarizer.batch_api import JobRunner, Journal

    failure: SummarizerError | None = None
    elsewhere, done = dict[str, ConfigurationError](), set[str]()

    async def run(model: "OpenAIModel", runner: JobRunner) -> None:
        try:
            await act(runner)
        finally:
            await model.aclose()

    with report_problems(debug=debug), open_existing_store(path) as store:
        for job in Journal(store).jobs():
            model = cast("OpenAIModel", _resolve(job.name, needs_key=True))
            if model.endpoint.shown == job.server and job.model not in done:
                done.add(job.model)
                runner = JobRunner(model, Journal(store, job.model))
                try:
                    asyncio.run(run(model, runner))
                except SummarizerError as error:
                    failure = failure or error
                if runner.problem:
                    print_message(f"Not possible now: {runner.problem.message}")
            elif model.endpoint.shown != job.server and job.file:  # the server was reached once
                message = f"Batches are at {job.server}, and the environment names {model.endpoint.shown}."
                hint = f"Set OPENAI_BASE_URL or AZURE_OPENAI_ENDPOINT to {job.server}."
                elsewhere[job.server] = ConfigurationError(message, hint=hint)
        for other in elsewhere.values():
            if not done:
                raise other
            print_message(str(other))
        if failure:
            raise failure
        if not done:
            print_message("No batch is open.")
    return bool(done)


def _describe(job: "Job") -> str:
    """Return the state of a batch as a line."""
    from summarizer.batch_api import format_seconds

    if not job.batch:
        return f"{job.id}: not submitted yet, {job.requests:,} requests ({job.name})"
    counts = f"{job.completed:,} of {job.requests:,} requests done, {job.failed:,} failed"
    notes = {"ended": ", not collected yet", "collected": ", collected; the server still has its files"}
    since = f", {format_seconds(time.time() - job.submitted)} since submission" if job.submitted else ""
    return f"{job.batch}: {job.status}{notes.get(job.state, '')}, {counts}{since} ({job.name})"
