"""The command ``show``: show a stored brief, or what is in a store."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer._text import one_line, shorten
from summarizer.cli.messages import report_problems
from summarizer.cli.options import (
    AllowPrivateOption,
    ArticleOptions,
    DebugOption,
    FormatOption,
    FullOption,
    IgnoreRobotsOption,
    LimitOption,
    OutputOption,
    QuietOption,
    create_fetcher,
    is_database,
    open_existing_store,
    read_brief,
    with_shared_options,
)
from summarizer.cli.output import (
    check_writable,
    choose_format,
    create_temporary_page,
    open_page,
    write_brief,
    write_lines,
)
from summarizer.errors import StoreError
from summarizer.render import FORMATS

if TYPE_CHECKING:
    from summarizer.article import Article
    from summarizer.brief import Brief
    from summarizer.fetching import Fetcher
    from summarizer.store import StoredArticle

_SOURCE, _TITLE = 20, 60
"""Characters of an outlet and of a title in a list."""


@with_shared_options
def show(
    brief: Annotated[
        Path, typer.Argument(help="A brief in JSON, - for standard input, or a store of briefs.", allow_dash=True)
    ],
    chosen: Annotated[
        str | None,
        typer.Argument(
            metavar="[ARTICLE]",
            help="The article in the store: its number, source, address, or words of its title. Without it, "
            "all are listed.",
        ),
    ] = None,
    *,
    article: Annotated[
        str | None,
        typer.Option(
            help="The article of a brief in JSON (a file, an address, -), which an HTML page shows beside it."
        ),
    ] = None,
    format: FormatOption = None,  # noqa: A002  # the option's name
    output: OutputOption = None,
    metadata: ArticleOptions,
    limit: LimitOption = None,
    full: FullOption = False,
    open: Annotated[bool, typer.Option("--open", help="Open the brief as a page in the browser.")] = False,  # noqa: A002
    allow_private: AllowPrivateOption = False,
    ignore_robots: IgnoreRobotsOption = False,
    quiet: QuietOption = False,  # noqa: ARG001  # as in all commands; this one shows no progress
    debug: DebugOption = False,
) -> None:
    """Show a brief that was stored as JSON or in a store, or list the articles in a store.

    Exit codes: 0 done; 1 failed; 2 wrong usage.
    """
    form = choose_format(output, format, FORMATS, "html" if open else "terminal")
    if open and form != "html":
        raise typer.BadParameter("only a page (html) opens in the browser", param_hint="--open")
    _check_arguments(brief, chosen, article, form)
    if metadata.given() and not article:
        raise typer.BadParameter(
            "only with --article, the article of the brief", param_hint=f"--{next(iter(metadata.given()))}"
        )
    with report_problems(debug=debug):
        if output:
            check_writable(output, brief, article)
        if not is_database(brief):
            fetcher = partial(create_fetcher, allow_private=allow_private, ignore_robots=ignore_robots)
            stored, source = _read_files(brief, article, metadata, fetcher)
        elif chosen:
            stored, source = _read_from_store(brief, chosen, form)
        else:
            write_lines(_list_store(brief, form), output)
            return
        page = output or (create_temporary_page() if open else None)
        write_brief(stored, form, page, source, limit=limit, full=full)
        if open and page:
            open_page(page)


def _check_arguments(brief: Path, chosen: str | None, article: str | None, form: str) -> None:
    if is_database(brief):
        if article:
            raise typer.BadParameter("the store has the articles; name one after it", param_hint="--article")
        if not chosen and form not in {"terminal", "json"}:
            raise typer.BadParameter(f"{form} shows one brief; name an article after the store", param_hint="ARTICLE")
    elif chosen:
        raise typer.BadParameter(f"{brief} is not a store; name the article with --article", param_hint="ARTICLE")
    elif FORMATS[form].needs_article and not article:
        raise typer.BadParameter("a page needs the article of the brief", param_hint="--article")
    elif brief == Path("-") and article == "-":
        raise typer.BadParameter("standard input holds the brief or the article, not both", param_hint="--article")


def _read_files(
    path: Path, name: str | None, metadata: ArticleOptions, fetcher: "Callable[[], Fetcher]"
) -> "tuple[Brief, Article | None]":
    from summarizer.cli.sources import load_argument
    from summarizer.render import check_article

    brief = read_brief(path)
    article = load_argument(name, metadata, fetcher=fetcher) if name else None
    if article:
        check_article(brief, article)
    return brief, article


def _read_from_store(path: Path, name: str, form: str) -> "tuple[Brief, Article | None]":
    with open_existing_store(path) as store:
        found = store.find_article(name)
        brief, article = store.read(found)
    if FORMATS[form].needs_article and not article:
        message = f"The store {path} has the brief of article {found.id} without the article's text."
        hint = f"Write the brief to a file with --format json, and show it with --format {form} --article …"
        raise StoreError(message, hint=hint)
    return brief, article


def _list_store(path: Path, form: str) -> Iterator[str]:
    """Yield a line for each article, and last their number; or a JSON object for each."""
    articles = positions = 0
    with open_existing_store(path) as store:
        for each in store.articles():
            articles += 1
            positions += 0 if each.copy_of else each.positions
            if form == "json":
                yield json.dumps(each.model_dump(mode="json"), ensure_ascii=False)
                continue
            date, source = (each.date or "")[:10], shorten(one_line(each.source or ""), _SOURCE)
            title = shorten(one_line(each.title or each.url or "no title"), _TITLE)
            yield f"{each.id:>6}  {date:10}  {source:{_SOURCE}}  {_state(each):>14}  {title}"
        if form != "json":
            yield f"{path}: {articles:,} articles, {len(store):,} briefs, {positions:,} positions."


def _state(article: "StoredArticle") -> str:
    if article.copy_of:
        return f"copy of {article.copy_of}"
    if article.briefs > article.unreadable:
        return f"{article.positions} positions" if article.positions != 1 else "1 position"
    return "unreadable" if article.unreadable else "failed" if article.failure else "no brief"
