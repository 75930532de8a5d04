"""The command ``evaluate``: measure briefs against gold."""

from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from summarizer.cli.estimate import resolve_without_key
from summarizer.cli.messages import ExitCode, print_message, report_problems
from summarizer.cli.options import (
    ArticleOptions,
    EngineOptions,
    names_folder,
    open_store,
    read_brief,
    standard_output_as_none,
    with_shared_options,
)
from summarizer.cli.output import FileFormat, check_writable, choose_format, write_text
from summarizer.cli.progress import BatchProgress, show_progress
from summarizer.cli.review import review_store
from summarizer.errors import ConfigurationError
from summarizer.render import FORMATS

if TYPE_CHECKING:
    from summarizer.estimate import Prices
    from summarizer.evaluation import Report
    from summarizer.outcome import Outcome

_FORMATS = {name: FORMATS[name] for name in ("json", "markdown", "html")}
_GOLD_FORMATS = {"json": FileFormat((".json",)), "yaml": FileFormat((".yaml", ".yml"))}


@with_shared_options
def evaluate(
    ctx: typer.Context,
    gold: Annotated[Path | None, typer.Argument(help="A folder of gold files, or one file (YAML or JSON).")] = None,
    *,
    from_: Annotated[
        Path | None, typer.Option("--from", metavar="BRIEF", help="Write gold: the content of a corrected brief.")
    ] = None,
    article_of_brief: Annotated[
        str | None,
        typer.Option("--article", help="The article of the brief, with --from. Default: the source in the brief."),
    ] = None,
    review: Annotated[
        Path | None,
        typer.Option(metavar="STORE", help="Review the positions of stored briefs in the terminal, and write gold."),
    ] = None,
    against: Annotated[Path | None, typer.Option(help="Compare with an earlier run: a report in JSON.")] = None,
    fail_under: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="Exit with code 3 if a measure is lower, such as F1=0.6; repeatable."),
    ] = None,
    format: Annotated[  # noqa: A002  # the option's name
        Literal["json", "markdown", "html"] | None,
        typer.Option("--format", "-f", help="Format of the report. Default: from the file's ending, else Markdown."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "--output",
            "-o",
            callback=standard_output_as_none,
            help="Write the report or the gold to this file; with --review, gold to this folder.",
        ),
    ] = None,
    prices: Annotated[
        Path | None, typer.Option(help="A TOML file with a table of prices (in, out, cached) for each model.")
    ] = None,
    article: ArticleOptions,
    concurrency: Annotated[int, typer.Option(min=1, help="Articles processed at the same time.")] = 8,
    engine: EngineOptions,
) -> None:
    """Make the briefs of articles, and compare them with gold: what readers found in the same articles.

    Exit codes: 0 done; 1 failed; 2 wrong usage; 3 a measure is too low, or some articles failed; 130 interrupted.
    """
    if out and not review and names_folder(ctx, out):
        raise typer.BadParameter(f"{out} is a folder; name a file in it", param_hint="--out")
    if sum(map(bool, (gold, from_, review))) != 1:
        raise typer.BadParameter("name gold, or make gold with --from or --review", param_hint="GOLD")
    if article_of_brief and not from_:
        raise typer.BadParameter("only with --from, a corrected brief", param_hint="--article")
    if not gold:
        _refuse_options(ctx, allowed={"from_", "article_of_brief", "review", "out", "quiet", "debug"})
    if review:
        with report_problems(debug=engine.debug):
            review_store(review, out)
    elif from_:
        chosen = choose_format(out, format, _GOLD_FORMATS, "yaml", "--out")
        with report_problems(debug=engine.debug):
            _write_gold(from_, article_of_brief, out, as_json=chosen == "json")
    elif gold:
        chosen = choose_format(out, format, _FORMATS, "markdown", "--out")
        gates = dict(map(_parse_gate, fail_under or ()))
        with report_problems(debug=engine.debug):
            if out:
                check_writable(out, gold, engine.store)
            options = {"fail_under": gates, "prices": _read_prices(prices, engine.model), "against": against}
            report = _measure(gold, engine, concurrency=concurrency, metadata=article.given(), **options)
            _show_report(report, chosen, out)
            raise typer.Exit(ExitCode.DONE if report.passes() and not report.failed else ExitCode.PARTIAL)


def _measure(gold: Path, engine: EngineOptions, **options: Any) -> "Report":
    """Make the briefs with a display of progress, and return the report; ``options`` are those of `evaluate`."""
    from summarizer.evaluation import evaluate as run

    progress = BatchProgress(None)
    try:
        with open_store(engine.store) as opened, show_progress(progress, quiet=engine.quiet) as update:
            options |= engine.summarizer_options(
                model=engine.model, store=opened, fetcher=engine.create_fetcher(opened)
            )
            report = run(gold, on_outcome=partial(_count, progress, update), **options)
    except KeyboardInterrupt:
        again = "The" if engine.store else "With --store, the"
        print_message(f"interrupted. {again} same command resumes from here.")
        raise typer.Exit(ExitCode.INTERRUPTED) from None
    for line in progress.summary():
        print_message(line)
    return report


def _show_report(report: "Report", form: str, out: Path | None) -> None:
    """Write the report, and print what was not checked and which measures are too low."""
    if report.unchecked:
        print_message(report.unchecked)
    views = {"json": report.to_json, "markdown": report.to_markdown, "html": report.to_html}
    write_text(views[form](), out)
    for name, gate in report.below().items():
        value = report.measures[name].value
        print_message(f"{name} is {'without a value' if value is None else f'{value:.3f}'}, under {gate:g}.")


def _refuse_options(ctx: typer.Context, allowed: Collection[str]) -> None:
    """Refuse other options on the command line, which would be ignored."""
    for parameter in ctx.command.params:
        source = ctx.get_parameter_source(str(parameter.name))
        if source and source.name == "COMMANDLINE" and parameter.name not in allowed:
            option = max(parameter.opts, key=len)
            raise typer.BadParameter(
                f"--from and --review make no brief and no report; they do not take {option}", param_hint="GOLD"
            )


def _write_gold(brief: Path, source: str | None, out: Path | None, *, as_json: bool) -> None:
    """Write the content of a brief as gold, in YAML or, to a file ``*.json``, in JSON."""
    from summarizer.article import Article
    from summarizer.evaluation import gold_from_brief, path_of_article
    from summarizer.sources import is_address

    if out:
        check_writable(out, brief)
    stored = read_brief(brief)
    source = source or stored.article.source or ""
    gold = gold_from_brief(stored, path_of_article(stored, out.parent if out else Path(), source))
    if not is_address(source):
        article = Article.from_file(source)
        if article.sha256 != gold.sha256:
            raise ConfigurationError(f"The brief was made from another text than {source} has.")
        for name in gold.names_not_in(article):
            hint = "Correct the holder in the brief: gold has the names that the article has."
            raise ConfigurationError(f"{name} is not in the article {source}.", hint=hint)
    write_text(gold.model_dump_json(indent=2, exclude_defaults=True) + "\n" if as_json else gold.to_yaml(), out)


def _count(progress: BatchProgress, update: Callable[[], None], outcome: "Outcome", name: str, total: int) -> None:
    progress.total = total
    progress.add(outcome, name)
    update()


def _parse_gate(text: str) -> tuple[str, float]:
    from summarizer.evaluation import check_gates

    name, _, value = text.partition("=")
    try:
        return next(iter(check_gates({name.strip(): float(value)}).items()))
    except ConfigurationError as error:
        raise typer.BadParameter(str(error), param_hint="--fail-under") from error
    except ValueError as error:
        raise typer.BadParameter(f"{text} is not like F1=0.6", param_hint="--fail-under") from error


def _read_prices(path: Path | None, name: str | None) -> "Prices | None":
    """Return the prices of the chosen model; the built-in engine has none."""
    from summarizer.estimate import read_prices

    model = resolve_without_key(name) if path else None
    return read_prices(path, model.name if model else None) if path else None
