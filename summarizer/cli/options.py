"""Options that several commands share."""

import inspect
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from functools import wraps
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from summarizer._patterns import compile_lazily
from summarizer._text import did_you_mean
from summarizer.cli.command import FOLDERS, MAIN_MODEL
from summarizer.cli.messages import ExitCode, describe_error, print_message
from summarizer.cli.progress import show_stages
from summarizer.errors import BriefError, ConfigurationError, StoreError, copy_error, describe_fault
from summarizer.render import FORMATS

if TYPE_CHECKING:
    from summarizer.brief import Brief
    from summarizer.client import Summarizer, SummarizerOptions
    from summarizer.dossier import Dossier, OnProgress
    from summarizer.fetching import Fetcher
    from summarizer.models import Model
    from summarizer.store import Store

    _FormatName = str
else:  # typer needs an enumeration
    _FormatName = StrEnum("FormatName", {name: name for name in FORMATS})

FormatOption = Annotated[
    _FormatName | None,
    typer.Option(
        "--format",
        "-f",
        help="Format of the brief. Default: from the output's suffix (.html, .json, .md), else terminal.",
    ),
]


def standard_output_as_none(path: Path | None) -> Path | None:
    """Return no path for ``-``, which stands for standard output."""
    return None if path == Path("-") else path


def names_folder(ctx: typer.Context, path: Path) -> bool:
    """Return whether a path is a folder, or ends in a slash on the command line."""
    return path.is_dir() or path in ctx.meta.get(FOLDERS, ())


def _check_file(ctx: typer.Context, path: Path | None) -> Path | None:
    """Refuse the name of a folder, and return no path for ``-``."""
    if path and names_folder(ctx, path):
        raise typer.BadParameter(f"{path} is a folder; name a file in it.")
    return standard_output_as_none(path)


def _check_day(text: str | None) -> str | None:
    """Refuse a text that is not a day, month or year."""
    if text:
        from summarizer.store import Conditions

        try:
            Conditions(since=text)
        except ConfigurationError as error:
            raise typer.BadParameter(describe_error(error)) from error
    return text


OutputOption = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", callback=_check_file, help="Write to this file instead of the terminal; -: standard output."
    ),
]
LimitOption = Annotated[
    int | None,
    typer.Option(
        min=0,
        help="Show this many positions, the most important first; 0: all. Default: as many as keep the brief under "
        "40 % of the article's words. JSON has all.",
    ),
]
FullOption = Annotated[bool, typer.Option("--full", help="Show everything: all positions, with their whole sentences.")]
AllowPrivateOption = Annotated[bool, typer.Option("--allow-private", help="Fetch addresses in private networks, too.")]
IgnoreRobotsOption = Annotated[
    bool, typer.Option("--ignore-robots", help="Fetch pages that a site's robots.txt forbids, too.")
]
SinceOption = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Skip articles with an earlier date, such as 2026-11-01."),
]
QuietOption = Annotated[bool, typer.Option("--quiet", help="Show no progress; errors and summaries are shown.")]
DebugOption = Annotated[bool, typer.Option("--debug", help="Show a traceback when the command fails.")]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        "-m",
        help="A model at an OpenAI-compatible server, or 'builtin'. "
        "Default: from SUMMARIZER_MODEL, OPENAI_API_KEY and OPENAI_BASE_URL, else 'builtin'.",
    ),
]
BriefsArgument = Annotated[
    list[Path], typer.Argument(metavar="STORE|BRIEFS...", help="A store, or briefs as JSON or JSON Lines.")
]
FirstDateOption = Annotated[
    str | None,
    typer.Option(
        metavar="DATE", callback=_check_day, help="Only articles of this date or later: 2026-11-01, 2026-11 or 2026."
    ),
]
LastDateOption = Annotated[
    str | None, typer.Option(metavar="DATE", callback=_check_day, help="Only articles up to this date.")
]

_MANY = 500
"""New articles that take several seconds."""
_LANGUAGE = compile_lazily(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


def _check_date(text: str | None) -> str | None:
    try:
        datetime.fromisoformat(text or "2026-11-01")
    except ValueError as error:
        raise typer.BadParameter(f"“{text}” is not a date like 2026-11-01.") from error
    return text


def _check_language(code: str | None) -> str | None:
    from summarizer.article import LANGUAGE_NAMES

    if code and not _LANGUAGE.fullmatch(code) and code.casefold() not in LANGUAGE_NAMES:
        raise typer.BadParameter(f"“{code}” is not a code like en or de.{did_you_mean(code, LANGUAGE_NAMES)}")
    return code


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleOptions:
    """The options of commands that read one article: metadata that replaces its own."""

    title: Annotated[str | None, typer.Option(help="Title of the article, instead of its own.")] = None
    author: Annotated[str | None, typer.Option(metavar="NAME", help="Author of the article.")] = None
    published: Annotated[
        str | None,
        typer.Option(metavar="DATE", callback=_check_date, help="Date of the article, with or without a time."),
    ] = None
    language: Annotated[
        str | None, typer.Option(metavar="CODE", callback=_check_language, help="Language of the article: en, de, …")
    ] = None
    source: Annotated[
        str | None, typer.Option(metavar="LABEL", help="Where the article is from, instead of its path or address.")
    ] = None

    def given(self) -> dict[str, str]:
        """Return the metadata that options give."""
        return {name: value for name in self.__slots__ if (value := getattr(self, name))}


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierOptions:
    """The options of commands that open a dossier: its articles, and the issues that are given."""

    words: Annotated[str | None, typer.Option(help="Only articles with these words.")] = None
    since: FirstDateOption = None
    until: LastDateOption = None
    source: Annotated[
        list[str] | None, typer.Option(metavar="OUTLET", help="Only articles of this outlet; repeatable.")
    ] = None
    codebook: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Given issues; those of the briefs are matched to them.")
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineOptions:
    """The options of commands that make briefs, which configure a Summarizer."""

    model: ModelOption = None
    store: Annotated[
        Path | None,
        typer.Option(help="A file that stores briefs and replies, so that nothing is made or paid for twice."),
    ] = None
    chunk_tokens: Annotated[int, typer.Option(min=1, help="Maximum tokens of the article in one request.")] = 6_000
    context: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Tokens of the model's context, prompt and reply together. Default: SUMMARIZER_CONTEXT, or what a "
            "server in the own network tells.",
        ),
    ] = None
    repairs: Annotated[int, typer.Option(min=0, help="Maximum repair requests for a reply with problems.")] = 1
    prompts: Annotated[
        Path | None,
        typer.Option(
            help="A prompt file, or a folder of them, that replaces the built-in prompts. "
            "'extract-small' stands for the short ones."
        ),
    ] = None
    issues: Annotated[
        Path | None, typer.Option(help="A codebook: a YAML or JSON file with the issues and holders to code against.")
    ] = None
    verify: Annotated[
        str | None,
        typer.Option(
            metavar="[MODEL]",
            help="Have the model, or another one named here, check the statements against their evidence.",
        ),
    ] = None
    clean: Annotated[bool, typer.Option(help="Remove boilerplate such as photo credits.")] = True
    timeout: Annotated[
        float | None,
        typer.Option(min=0.001, help="Seconds for one attempt of a request. Default: SUMMARIZER_TIMEOUT, else 120."),
    ] = None
    deadline: Annotated[
        float | None,
        typer.Option(min=0.001, help="Seconds for all attempts of one. Default: SUMMARIZER_DEADLINE, else 600."),
    ] = None
    reply_tokens: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Maximum tokens of a reply. Default: SUMMARIZER_REPLY_TOKENS, else three times the expected length.",
        ),
    ] = None
    replies: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Replies that machines share, in PostgreSQL: postgresql://USER@HOST/DATABASE. "
            "Default: SUMMARIZER_REPLIES, else none.",
        ),
    ] = None
    max_calls: Annotated[int | None, typer.Option(min=1, help="Maximum requests for one article.")] = None
    max_tokens: Annotated[
        int | None, typer.Option(min=1, help="Maximum tokens for one article, sent and received.")
    ] = None
    allow_private: AllowPrivateOption = False
    ignore_robots: IgnoreRobotsOption = False
    quiet: QuietOption = False
    debug: DebugOption = False

    def create_summarizer(self, **given: Any) -> "Summarizer":
        """Create the Summarizer that the options describe, with what `summarizer_options` is given."""
        from summarizer.client import Summarizer

        summarizer = Summarizer(**self.summarizer_options(**given))
        names = "prompts", "max_calls", "max_tokens", "chunk_tokens", "context", "reply_tokens", "replies"
        given_fields = (each for each in fields(self) if getattr(self, each.name) != each.default)
        unused = [f"--{each.name.replace('_', '-')}" for each in given_fields if each.name in names]
        if unused and not (summarizer.has_model or self.quiet):
            print_message(f"without effect: {', '.join(unused)}. The built-in engine makes no requests.")
        return summarizer

    def summarizer_options(
        self,
        *,
        model: "str | Model | None",
        store: "Store | Path | None",
        fetcher: "Fetcher | None" = None,
        max_seconds: float | None = None,
        verifier: "str | Model | None" = None,
    ) -> "SummarizerOptions":
        """Return the arguments of `Summarizer` that the options describe."""
        from summarizer.models import Budget, Model

        same = ("chunk_tokens", "context", "repairs", "prompts", "clean", "issues", "reply_tokens", "replies")
        own_limits = () if isinstance(model, Model) else ("timeout", "deadline")
        options: dict[str, Any] = {name: getattr(self, name) for name in (*same, *own_limits)}
        budget = Budget(calls=self.max_calls, tokens=self.max_tokens, seconds=max_seconds)
        options |= {"model": model, "budget": budget, "store": store, "fetcher": fetcher}
        options["verify"] = verifier or self.verifier or self.verify is not None
        return cast("SummarizerOptions", options)

    @property
    def verifier(self) -> str | None:
        """The name of another model that checks the statements."""
        return None if self.verify == MAIN_MODEL else self.verify

    def create_fetcher(self, store: "Store | None") -> "Fetcher":
        """Create the Fetcher that the options describe; see `create_fetcher`."""
        return create_fetcher(store, allow_private=self.allow_private, ignore_robots=self.ignore_robots)


def open_store(path: Path | None) -> "AbstractContextManager[Store | None]":
    """Open a store, if there is one."""
    from summarizer.store import Store

    return Store(path) if path else nullcontext()


def open_existing_store(path: Path) -> "Store":
    """Open a store that must exist: the name may be wrong, so none is created."""
    from summarizer.store import Store

    if not path.exists() or not path.stat().st_size:
        message = f"{path} is empty." if path.exists() else f"There is no store {path}."
        raise StoreError(message, hint="summarizer batch … --store FILE makes a store.")
    return Store(path)


def is_database(path: Path) -> bool:
    """Return whether a file is one of SQLite, which begin with the same bytes."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return file.read(16) == b"SQLite format 3\0"
    except OSError:  # reading it as briefs gives the reason
        return False


@contextmanager
def open_dossier(
    paths: Sequence[Path], selection: DossierOptions, *, quiet: bool, **others: Any
) -> Iterator["Dossier"]:
    """Open the dossier of a store, or of files with briefs; ``others`` are options of `Dossier.from_store`."""
    from summarizer.dossier import Dossier
    from summarizer.store import Store

    options = {**others, "words": selection.words, "since": selection.since, "until": selection.until}
    options |= {"sources": selection.source or (), "codebook": selection.codebook}
    is_store = [is_database(path) for path in paths]
    if is_store == [True]:
        with Store(paths[0]) as store:
            dossier = link(store, quiet=quiet, **options)
            if dossier.unreadable:
                shown = f"summarizer show {paths[0]} lists them"
                print_message(f"briefs that cannot be read and are left out: {dossier.unreadable}; {shown}.")
            yield dossier
        return
    if any(is_store):
        raise ConfigurationError("A dossier has one store, or briefs from files.", hint="Name one store alone.")
    left_out: list[BriefError] = []
    with show_stages(quiet=quiet) as stages:
        briefs = (brief for path in paths for brief in _read_briefs(path, left_out))
        dossier = Dossier(briefs, on_progress=stages.link)
        if left_out and not dossier.readable:
            raise left_out[0]
        if any(options.values()):
            dossier = Dossier.from_store(dossier.store, **options, on_progress=stages.link)
    if left_out:
        print_message(f"briefs of another version, left out: {len(left_out)}; the first is {left_out[0].where}.")
    yield dossier


def link(store: "Store", *, quiet: bool, **options: Any) -> "Dossier":
    """Return the dossier of a store; show how what is new is linked. ``options`` are those of `Dossier.from_store`."""
    from summarizer.dossier import Dossier

    if not quiet and (new := store.count_new_articles()) >= _MANY:
        print_message(f"linking {new:,} new articles; the next opening is quick.")
    with report_linking(quiet=quiet) as on_progress:
        return Dossier.from_store(store, **options, on_progress=on_progress)


def tell_if_empty(dossier: "Dossier", selection: DossierOptions) -> None:
    """Tell that a dossier has no statement, and what to do."""
    if not dossier.statements:
        is_selected = selection.words or selection.since or selection.until or selection.source
        others = "articles; summarizer batch ARTICLES --store FILE makes briefs"
        known = dossier.store.database.query("SELECT DISTINCT coalesce(site, source) FROM articles LIMIT 10")
        outlets = ", ".join(outlet for (outlet,) in known if outlet and selection.source)
        hint = f"select others{outlets and f'; outlets are {outlets}'}"
        print_message(f"there is no position in the {f'selected articles; {hint}' if is_selected else others}.")


@contextmanager
def report_linking(*, quiet: bool = False) -> Iterator["OnProgress"]:
    """Show how the linking of a store proceeds, and yield the callback for it. Ctrl-C ends the command."""
    try:
        with show_stages(quiet=quiet) as stages:
            yield stages.link
    except KeyboardInterrupt:
        print_message("interrupted. What was linked is kept, and the next opening continues.")
        raise typer.Exit(ExitCode.INTERRUPTED) from None


def _read_briefs(path: Path, left_out: list[BriefError]) -> Iterator["Brief"]:
    """Yield the briefs in a JSON file, in JSON Lines, or in the JSON files of a folder.

    The errors for briefs of other versions are added to ``left_out``.
    """
    from summarizer.brief import Brief

    if path.is_dir():
        files = sorted(each for each in path.rglob("*.json") if each.name != "index.json")  # that of batch
        if not files:
            hint = "Name a store, or briefs as JSON. summarizer batch ARTICLES --store FILE makes a store of articles."
            raise BriefError(f"The folder {path} has no briefs.", hint=hint)
        for file in files:
            yield from _read_briefs(file, left_out)
        return
    for place, text in _json_objects(path):
        try:
            values = json.loads(text)
        except ValueError as error:
            problem = f"is not JSON: {describe_fault(error)[1]}" if text.strip() else "is empty"
            hint = "Name a store, or briefs as JSON."
            if place != str(path):
                problem, hint = "is no whole JSON object", "The file may be cut off there. Write it again."
            raise BriefError(f"{place} {problem}.", hint=hint) from error
        is_outcome = isinstance(values, dict) and "brief" in values  # of a batch; failed ones have no brief
        brief = values["brief"] if is_outcome else values
        known = brief.keys() if isinstance(brief, dict) else set[str]()
        if known & {"text", "html"} and not known & {"article", "schema_version"}:
            hint = "summarizer batch ARTICLES --store FILE makes a store of articles."
            raise BriefError(f"{place} is an article, not a brief.", hint=hint)
        try:
            if not is_outcome or brief:
                yield Brief.from_json(json.dumps(brief) if is_outcome else text)
        except BriefError as error:
            fault = copy_error(error, where=place)
            current = Brief.model_fields["schema_version"].default
            if "schema_version" not in known or brief["schema_version"] == current:
                raise fault from error
            left_out.append(fault)


def read_brief(path: Path) -> "Brief":
    """Read a brief in JSON from a file, or from standard input if the path is ``-``."""
    from summarizer.brief import Brief

    is_input = path == Path("-")
    try:
        return Brief.from_json(sys.stdin.buffer.read() if is_input else path.read_bytes())
    except BriefError as error:
        if path.suffix.lower() in {".jsonl", ".ndjson"}:
            message = f"{path} has a line for each article, and not one brief."
            raise BriefError(message, hint="summarizer dossier and summarizer export read such files.") from error
        raise copy_error(error, where="standard input" if is_input else str(path)) from error


def _json_objects(path: Path) -> Iterator[tuple[str, str]]:
    """Yield a whole file, or its lines if the first one is an object by itself; before each, its place."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            first = file.readline()
            try:
                json.loads(first)
            except ValueError:
                yield str(path), first + file.read()
                return
            for number, line in enumerate(chain([first], file), 1):
                if line.strip():
                    yield str(path) if path.suffix == ".json" else f"{path}, line {number}", line
    except UnicodeDecodeError as error:
        raise BriefError(f"{path} is not text in UTF-8.", hint="Name a store, or briefs as JSON.") from error


def create_fetcher(store: "Store | None" = None, *, allow_private: bool, ignore_robots: bool) -> "Fetcher":
    """Create the Fetcher that the options describe. It remembers pages in the store."""
    from summarizer.fetching import Fetcher

    return Fetcher(allow_private=allow_private, respect_robots=not ignore_robots, cache=store)


def with_shared_options(command: Callable[..., None]) -> Callable[..., None]:
    """Replace each parameter of a command that is a dataclass, as `EngineOptions`, with one option for each field."""
    own = inspect.signature(command).parameters
    groups: dict[str, Any] = {name: each.annotation for name, each in own.items() if is_dataclass(each.annotation)}
    fields = {name: inspect.signature(group).parameters for name, group in groups.items()}
    parameters = [each for name, one in own.items() for each in (fields[name].values() if name in groups else [one])]

    @wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> None:
        shared = {name: groups[name](**{field: kwargs.pop(field) for field in fields[name]}) for name in groups}
        command(*args, **shared, **kwargs)

    wrapper.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    wrapper.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return wrapper
