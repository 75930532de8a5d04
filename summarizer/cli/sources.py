"""Find the sources that command-line arguments name: files, folders, patterns, addresses, lists on standard input."""

import glob
import io
import os
import shlex
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

import typer

from summarizer._async import EventLoopThread
from summarizer._text import one_line, shorten
from summarizer.article import Article
from summarizer.cli.options import ArticleOptions
from summarizer.errors import ArticleError
from summarizer.fetching import Fetcher, default_fetcher
from summarizer.sources import (
    CONTAINERS,
    HEAD,
    LOADERS,
    URL,
    Container,
    Content,
    Entry,
    Skipped,
    find_container,
    is_address,
    is_older,
    load_content,
    load_fetched,
    load_url,
    parse_json_line,
    read_container,
    read_limited,
)

_FEED_PATHS = ("feed", "feeds", "rss", "atom")
_FEED_SUFFIXES = (".rss", ".atom", ".rdf", ".xml")


def check_single(arguments: Sequence[str], command: str) -> None:
    """Refuse several articles, a folder and a pattern where a command reads one article."""
    several = len(arguments) > 1
    first = arguments[0]
    is_pattern = any(mark in first for mark in "*?") and not os.path.lexists(first) and not find_address(first)
    if several or is_pattern or os.path.isdir(first):  # noqa: PTH112  # of any length
        quoted = " ".join(shlex.quote(one_line(each)) for each in arguments[:3]) + " …" * (len(arguments) > 3)
        named = (
            f"{len(arguments)} are named"
            if several
            else f"{one_line(first)} is a {'pattern' if is_pattern else 'folder'}"
        )
        hint = f"'summarizer batch {quoted} --out FILE' makes the briefs of many."
        hint = "Leave it out for several." if command.startswith("-") else hint
        raise typer.BadParameter(f"{command} takes one article, and {named}. {hint}", param_hint="ARTICLE")


def load_argument(source: str, options: ArticleOptions, *, fetcher: Callable[[], Fetcher]) -> Article:
    """Load the article in a file, at an address, or on standard input if ``source`` is "-"."""
    if source == "-":
        name = "Standard input"
        article = load_content(Content(read_limited(sys.stdin.buffer, name), name))
    elif address := find_address(source):
        article = load_url(address, fetcher())
    elif not os.path.lexists(source):  # the argument may be a whole text
        hint = "Name a file or an address (https://…), or - to read standard input."
        raise ArticleError(f"There is no file “{shorten(source, 100)}”.", hint=hint)
    else:
        article = Article.from_file(source)
    return article.with_metadata(**options.given())


def find_address(argument: str) -> str | None:
    """Return the address that an argument is, or None if it is none. One without scheme gets https."""
    if not is_address(argument) or os.path.lexists(argument):
        return None
    argument = argument.strip().removeprefix("<").removesuffix(">")
    return argument if "://" in argument else f"https://{argument}"


@dataclass(frozen=True, slots=True)
class Sources:
    """Sources in their order. Each is read when the iteration reaches it."""

    items: Iterable[Entry]
    total: int | None
    """The number of sources; None if standard input, a feed or the like names some."""
    files: frozenset[Path] = frozenset()
    """The files to read, except those that standard input names."""


def _combine(parts: Iterable[Sources]) -> Sources:
    parts = tuple(parts)
    totals = [part.total for part in parts]
    total = None if None in totals else sum(filter(None, totals))
    items = chain.from_iterable(part.items for part in parts)
    return Sources(items, total, frozenset().union(*(part.files for part in parts)))


@dataclass
class SourceFinder:
    """Finds the sources that arguments name. An address among them is fetched to see whether it is a feed."""

    excluded: Collection[Path] = ()
    """Files that a folder does not contribute, such as the output of the batch."""
    fetcher: Fetcher | None = None
    """To be set before the sources are iterated."""
    lines: Callable[[], Iterable[bytes]] | None = None
    """Returns the lines of standard input, by default those that are left there."""

    def find(self, arguments: Iterable[str]) -> Sources:
        """Find the sources that command-line arguments name.

        Each argument is a file, a pattern, an address, a file that holds several articles, or a folder: all files in it
        and below that can be read, sorted. ``-`` means standard input, with a name, an address or a JSON object on each
        line.
        """
        return _combine(map(self._expand, arguments))

    def _expand(self, argument: str, *, is_listed: bool = False) -> Sources:
        path = Path(argument)
        if argument == "-":
            return Sources(self._read_lines(), None)
        if address := find_address(argument):
            if is_listed and not _is_probably_feed(address):  # fetched later, several at once
                return Sources([Entry(URL(address))], 1)
            return Sources(self._fetch(address), None)
        if path.is_dir():
            return self._expand_folder(path)
        if path.exists():
            return _expand_file(path)
        if not glob.has_magic(argument):
            return Sources([Entry(path)], 1)  # loading it fails, and its outcome says so
        names = glob.glob(argument, recursive=True)  # noqa: PTH207  # Path.glob refuses absolute patterns
        paths = [match for match in map(Path, names) if match.is_file()]
        if not paths:
            raise ArticleError(f"No file matches {argument}.", hint="** matches folders within folders.")
        return _combine(map(_expand_file, sorted(paths)))

    def _expand_folder(self, folder: Path) -> Sources:
        excluded = {path.resolve() for path in self.excluded}
        errors, links, files = list[OSError](), list[Path](), list[Path]()
        for parent, folders, names in os.walk(folder, onerror=errors.append):
            links += [path for name in folders if (path := Path(parent, name)).is_symlink()]
            files += [Path(parent, name) for name in names]
        suffixes = {suffix for loader in LOADERS for suffix in loader.suffixes}
        parts = list[Sources]()
        others = [_skip(path, "links to folders are not followed") for path in sorted(links)]
        for path in sorted(files):
            suffix = path.suffix.lower()
            is_xml = suffix == ".xml" and path.is_file()
            container = _find_container(path) if is_xml else find_container(b"", path.name)
            if excluded and path.resolve() in excluded:
                continue
            if path.exists() and not path.is_file():
                others.append(_skip(path, "it is not a regular file"))
            elif container:
                parts.append(_expand_container(path, container))
            elif suffix in suffixes:
                parts.append(Sources([Entry(path)], 1, frozenset({path})))
            elif suffix == ".xml":
                others.append(_skip(path, "it is not a feed"))
            else:
                reason = f"files that end in {suffix} are not read" if suffix else "its name has no suffix"
                others.append(_skip(path, reason))
        for error in errors:
            failed = ArticleError(f"The folder {error.filename} cannot be read: {error.strerror}.")
            parts.append(Sources([Entry(failed, str(error.filename))], 1))
        if not parts:
            known = sorted(suffixes.union(*(container.suffixes for container in CONTAINERS)))
            hint = f"It needs files that end in {', '.join(known[:-1])} or {known[-1]}."
            raise ArticleError(f"There is no file in {folder} that can be read.", hint=hint)
        return _combine([*parts, Sources(others, 0)])

    def _read_lines(self) -> Iterator[Entry]:
        """Yield the sources that the lines of standard input name or hold."""
        for number, line in enumerate(self.lines() if self.lines else sys.stdin.buffer, 1):
            text = line.removeprefix(b"\xef\xbb\xbf" if number == 1 else b"").strip()
            where = f"standard input, line {number}"
            if text.startswith(b"{"):
                yield parse_json_line(text, where)
            elif text:
                try:
                    yield from self._expand(os.fsdecode(text), is_listed=True).items
                except ArticleError as error:
                    error.where = where
                    yield Entry(error, where)

    def _fetch(self, address: str) -> Iterator[Entry]:
        """Fetch an address, and yield the page or the entries of the feed there."""
        thread, url = EventLoopThread(), URL(address)
        try:
            page = thread.run((self.fetcher or default_fetcher()).fetch(address))
            container = find_container(page.data[:HEAD], page.path, page.media_type)
            if container:
                yield from container.read(io.BytesIO(page.data), page.name)
            else:
                yield Entry(load_fetched(page, url), str(url))
        except ArticleError as error:
            yield Entry(error, str(url))
        finally:
            thread.close()


def select(entries: Iterable[Entry], since: date | None = None, limit: int | None = None) -> Iterator[Entry]:
    """Yield at most ``limit`` sources. Those with an earlier date are skipped and do not count."""
    count = 0
    for entry in entries:
        if isinstance(entry.source, Skipped):
            yield entry
        elif is_older(entry.published, since):
            yield replace(entry, source=Skipped(entry.location, f"older than {since}"))
        else:
            count += 1
            yield entry
            if count == limit:  # without a look at the next source, which may be slow
                return


def _skip(path: Path, reason: str) -> Entry:
    return Entry(Skipped(str(path).encode(errors="replace").decode(), reason))


def _is_probably_feed(address: str) -> bool:
    try:
        path = urlsplit(address).path.lower().rstrip("/")
    except ValueError:
        return False
    return path.endswith(_FEED_SUFFIXES) or path.rpartition("/")[2] in _FEED_PATHS


def _expand_file(path: Path) -> Sources:
    container = _find_container(path) if path.is_file() else None  # a pipe can be read only once
    return _expand_container(path, container) if container else Sources([Entry(path)], 1, frozenset({path}))


def _expand_container(path: Path, container: Container) -> Sources:
    total = None
    if container.count:
        try:
            with path.open("rb") as file:
                total = container.count(file)
        except OSError:
            total = 1  # the error
    return Sources(read_container(path, container), total, frozenset({path}))


def _find_container(path: Path) -> Container | None:
    """Return the format of a file that holds several articles, by content and name."""
    try:
        with path.open("rb") as file:
            return find_container(file.read(HEAD), path.name)
    except OSError:
        return find_container(b"", path.name)
