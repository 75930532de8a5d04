"""Try a real server with a small context: the setup check, the output forms, a batch with a store, a long article.

    python benchmarks/servers.py BASE_URL CONTEXT [--model NAME] [--output FORM] [--reply-tokens N]

``CONTEXT`` is the context that the server was started with, in tokens. Each trial ends in a brief, in a part of one, or
in one of the library's errors. Anything else is a fault: another exception, no end in time, a quotation that is not in
the article. The exit code is the number of faults, at most 1.
The model may be poor: no trial judges its findings.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from summarizer import Article, Brief, OpenAIModel, Summarizer
from summarizer.cli.doctor import check_model
from summarizer.engines import count_tokens
from summarizer.errors import IncompleteBrief, SummarizerError

SEEDS = Path(__file__).parent.parent / "seeds"
BRIDGE = """The bridge stays open

“The bridge is safe,” said Anna Berg, the town’s engineer.

Tomas Lind of the Friends of Mill Bridge doubts that. “Nobody has looked at the piers since 1998,” he said."""
FERRY = """A ferry for the island

The island needs a second ferry, the mayor, Ruth Adeyemi, said on Monday.

The shipping line expects losses. “We will not sail empty boats,” said its head, Per Holm."""
MEALS = """School meals

The council wants free meals in all schools.

Its treasurer, Jo Park, warns that the money may be gone by May. Parents at the meeting welcomed the plan."""
SHORT = (BRIDGE, FERRY, MEALS)
GRACE = 60.0  # seconds that a trial may take beyond the limits of its requests


@dataclass
class Trial:
    """The result of one trial."""

    name: str
    result: str = ""
    requests: int = 0
    tokens: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    def add(self, article: Article, brief: Brief) -> None:
        """Add a brief's numbers, and look for faults in it."""
        provenance = brief.provenance
        self.requests += provenance.calls
        self.tokens += provenance.usage.total
        evidence = [part for claim in (*brief.positions, *brief.open_questions) for part in claim.evidence]
        evidence += brief.gist.evidence if brief.gist else ()
        for part in evidence:
            if part.quote not in " ".join(article.text.split()):
                self.faults.append(f"not in the article: {part.quote[:60]!r}")

    @property
    def row(self) -> str:
        """The row of the table."""
        result = f"**{self.faults[0]}**" if self.faults else self.result
        return f"| {self.name} | {result} | {self.requests} | {self.tokens:,} | {self.seconds:.0f} |"


def describe(brief: Brief) -> str:
    """Return the size of a brief in words."""
    failed = brief.coverage.failed
    parts = f", {len(failed)} of {brief.coverage.chunks + len(failed)} parts failed" if failed else ""
    gist = "a gist" if brief.gist else "no gist"
    return f"{brief.provenance.output}: {len(brief.positions)} positions, {gist}{parts}"


async def run(name: str, limit: float, work: Callable[[Trial], Awaitable[None]]) -> Trial:
    """Run a trial, print its row, and return it."""
    trial, started = Trial(name), time.monotonic()
    try:
        async with asyncio.timeout(limit):
            await work(trial)
    except IncompleteBrief as error:
        trial.result = f"{describe(error.brief)} ({error.message[:160]})"
        trial.add(
            Article.from_text(""), error.brief.model_copy(update={"positions": (), "open_questions": (), "gist": None})
        )
    except SummarizerError as error:
        trial.result = f"{type(error).__name__}: {str(error)[:260]}"
        trial.tokens += error.usage.total
        if not error.hint and not error.where:
            trial.faults.append(f"error without a hint: {error}")
    except TimeoutError:
        trial.faults.append(f"no end within {limit:.0f} s")
    except Exception as error:  # this is what the trial looks for
        trial.faults.append(f"{type(error).__name__}: {error}")
    trial.seconds = time.monotonic() - started
    trial.result = trial.result.replace("|", "/").replace("\n", " ")
    print(trial.row, flush=True)
    return trial


async def try_doctor(trial: Trial, model: OpenAIModel) -> None:
    """Run the checks of ``summarizer doctor``."""
    checks = [check async for check in check_model(model)]
    last = checks[-1]
    trial.result = f"{last.subject}: {last.state}, {last.result}"
    if last.state != "ok" and not last.hint:
        trial.faults.append("a failed check without a hint")


async def try_brief(trial: Trial, model: OpenAIModel, article: Article, reply_tokens: int, repairs: int = 1) -> None:
    """Make one brief."""
    async with Summarizer(
        model=model, reply_tokens=reply_tokens, repairs=repairs, on_failed_chunk="keep"
    ) as summarizer:
        brief = await summarizer.asummarize(article)
    trial.add(article, brief)
    trial.result = describe(brief)


async def try_batch(trial: Trial, model: OpenAIModel, reply_tokens: int) -> None:
    """Make briefs of short articles with a store, twice: the second run repeats only what may succeed."""
    articles = [Article.from_text(text) for text in SHORT]
    with tempfile.TemporaryDirectory() as folder:
        done = []
        for _ in range(2):
            options = {"model": model, "reply_tokens": reply_tokens, "store": Path(folder) / "store.db"}
            async with Summarizer(**options) as summarizer:
                outcomes = [outcome async for outcome in summarizer.asummarize_many(articles, ordered=True)]
                trial.tokens += summarizer.usage.total
            done.append(sum(outcome.brief is not None for outcome in outcomes))
            for article, outcome in zip(articles, outcomes, strict=True):
                if outcome.brief and len(done) == 1:
                    tokens = trial.tokens
                    trial.add(article, outcome.brief)
                    trial.tokens = tokens
                if not isinstance(outcome.error, SummarizerError | None):
                    trial.faults.append(f"{type(outcome.error).__name__}: {outcome.error}")
        errors = {str(outcome.error)[:120] for outcome in outcomes if outcome.error}
        trial.result = f"{done[0]} of {len(articles)} done, {done[1]} after a second run {'; '.join(sorted(errors))}"


def long_article(context: int) -> Article:
    """Return the beginning of a long article, with about ``context`` tokens: too long with a prompt beside it."""
    text = (SEEDS / "water-debate.txt").read_text(encoding="utf-8")
    share = context / count_tokens(text)
    end = text.find("\n\n", int(share * len(text)))
    return Article.from_text(text[:end] if end > 0 else text)


async def try_server(options: argparse.Namespace) -> list[Trial]:
    """Run all trials, one after the other."""

    def create(output: str = options.output) -> OpenAIModel:
        return OpenAIModel(
            options.model,
            base_url=options.base_url,
            output=output,  # type: ignore[arg-type]
            timeout=options.timeout,
            deadline=2 * options.timeout,
        )

    told = await create().context_length()
    print(f"Context: {options.context:,} tokens; the server tells {told if told is None else f'{told:,}'}.\n")
    print("| trial | result | requests | tokens | s |\n|---|---|---|---|---|", flush=True)
    article = Article.from_text(SHORT[0])
    limit = 6 * options.timeout + GRACE
    trials = [await run("doctor", limit, lambda trial: try_doctor(trial, create("auto")))]
    for output in ("json_schema", "json_object", "text"):
        model = create(output)
        work = lambda trial, model=model: try_brief(trial, model, article, options.reply_tokens)  # noqa: E731
        trials.append(await run(output, limit, work))
    trials.append(await run("batch", 3 * limit, lambda trial: try_batch(trial, create(), options.reply_tokens)))
    text = long_article(options.context)
    name = f"{count_tokens(text.text):,} tokens"
    work = lambda trial: try_brief(trial, create(), text, options.reply_tokens, repairs=0)  # noqa: E731
    trials.append(await run(name, 10 * limit, work))
    return trials


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("base_url")
    parser.add_argument("context", type=int)
    parser.add_argument("--model", help="Default: the only one that the server lists.")
    parser.add_argument("--output", default="auto", help="The form for the batch and the long article.")
    parser.add_argument("--reply-tokens", type=int, default=300, help="A poor model writes up to this limit.")
    parser.add_argument("--timeout", type=float, default=120.0)
    trials = asyncio.run(try_server(parser.parse_args(arguments)))
    faults = [fault for trial in trials for fault in trial.faults]
    print(f"\n{len(faults)} faults.", *faults, sep="\n")
    return min(1, len(faults))


if __name__ == "__main__":
    sys.exit(main())
