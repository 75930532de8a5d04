"""Find the sources that command-line arguments name: files, folders, patterns, lists on standard input, JSON Lines."""

import codecs
import glob
import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from summarizer._text import shorten
from summarizer.article import Article
from summarizer.errors import ArticleError
from summarizer.sources import LOADERS, Content, Source, load_content

JSON_LINES_SUFFIXES = (".jsonl", ".ndjson")
"""Suffixes of files with one article a line, as a JSON object."""
FIELDS = ("text", "title", "source", "author", "published", "language")
"""Fields of such a JSON object, beside ``id``. Only ``text`` is required; other fields are ignored."""


def load_argument(source: str, title: str | None = None, language: str | None = None) -> Article:
    """Load the article in a file, or on standard input if ``source`` is "-"."""
    if source == "-":
        article = load_content(Content(sys.stdin.buffer.read(), "Standard input"))
        return article.with_metadata(title=title, language=language)
    _reject_url(source)
    if not os.path.lexists(source):  # the argument may be a whole text
        hint = "Name a text file, or - to read standard input."
        raise ArticleError(f"There is no file “{shorten(source, 100)}”.", hint=hint)
    return Article.from_file(source, title=title, language=language)


def _reject_url(source: str) -> None:
    if "://" in source or (source.startswith("www.") and not os.path.lexists(source)):
        hint = "Save the article's text to a file and name the file."
        raise ArticleError(f"{source} is a URL, and URLs are not supported yet.", hint=hint)


@dataclass(frozen=True, slots=True)
class NamedSource:
    """A source with its name."""

    source: Source | ArticleError = field(repr=False)
    """The source, or an error if it cannot be read."""
    id: str | None = None
    """The ``id`` of a line of JSON Lines."""

    @property
    def location(self) -> str:
        """The path, the URL, or the file and line of the source."""
        match self.source:
            case Article(source=str(location)):
                return location
            case ArticleError(where=location):
                return location
        return str(self.source)


@dataclass(frozen=True, slots=True)
class Sources:
    """Sources in their order. Each is read when the iteration reaches it."""

    items: Iterable[NamedSource]
    total: int | None
    """The number of sources; None if standard input names some."""
    files: frozenset[Path] = frozenset()
    """The files to read, except those that standard input names."""


def _combine(parts: Iterable[Sources]) -> Sources:
    parts = tuple(parts)
    totals = [part.total for part in parts]
    total = None if None in totals else sum(filter(None, totals))
    items = chain.from_iterable(part.items for part in parts)
    return Sources(items, total, frozenset().union(*(part.files for part in parts)))


def find_sources(arguments: Iterable[str]) -> Sources:
    """Find the sources that command-line arguments name.

    Each argument is a file, a pattern, a JSON Lines file, or a folder: all text files in it and below, sorted.
    ``-`` means standard input, with a name or a JSON object on each line.
    """
    return _combine(map(_expand, arguments))


def _expand(argument: str) -> Sources:
    path = Path(argument)
    if argument == "-":
        return Sources(_parse_lines(sys.stdin.buffer, "standard input", allow_names=True), None)
    if path.is_dir():
        files = (Path(folder, name) for folder, _, names in os.walk(path) for name in names)
        suffixes = [suffix for loader in LOADERS for suffix in loader.suffixes]
        paths = [file for file in files if file.suffix.lower() in suffixes]
        message, hint = f"There is no text file in {argument}.", f"It needs files that end in {' or '.join(suffixes)}."
    elif path.exists():
        return _expand_file(path)
    else:
        _reject_url(argument)
        if not glob.has_magic(argument):
            return Sources([NamedSource(path)], 1)  # loading it fails, and its outcome says so
        names = glob.glob(argument, recursive=True)  # noqa: PTH207  # Path.glob refuses absolute patterns
        paths = [match for match in map(Path, names) if match.is_file()]
        message, hint = f"No file matches {argument}.", "** matches folders within folders."
    if not paths:
        raise ArticleError(message, hint=hint)
    return _combine(map(_expand_file, sorted(paths)))


def _expand_file(path: Path) -> Sources:
    if path.suffix.lower() not in JSON_LINES_SUFFIXES:
        return Sources([NamedSource(path)], 1, frozenset({path}))
    try:
        with path.open("rb") as file:
            return Sources(_read_json_lines(path), sum(1 for line in file if line.strip()), frozenset({path}))
    except OSError as error:
        return Sources([NamedSource(ArticleError(f"{path} cannot be read: {error.strerror or error}."))], 1)


def _read_json_lines(path: Path) -> Iterator[NamedSource]:
    with path.open("rb") as file:
        yield from _parse_lines(file, str(path))


def _parse_lines(lines: BinaryIO, name: str, *, allow_names: bool = False) -> Iterator[NamedSource]:
    """Parse JSON Lines; with ``allow_names``, a line that is not a JSON object names a file."""
    for number, line in enumerate(lines, 1):
        text = line.removeprefix(codecs.BOM_UTF8 if number == 1 else b"").strip()
        where = f"{name}, line {number}"
        try:
            if allow_names and text and not text.startswith(b"{"):
                yield from _expand(os.fsdecode(text)).items
            elif text:
                yield _parse_article(text, where)
        except ArticleError as error:
            error.where = where
            yield NamedSource(error)


def _parse_article(line: bytes, where: str) -> NamedSource:
    try:
        row = json.loads(line.decode())
    except UnicodeDecodeError as error:
        raise ArticleError(f"The line is not UTF-8: {error}.") from error
    except (ValueError, RecursionError) as error:
        raise ArticleError(f"The line is not JSON: {error}.", hint="Each line is one object.") from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise ArticleError("The line is not a JSON object with a text.", hint='Example: {"text": "…", "id": "7"}.')
    values: dict[str, str] = {"source": where}
    for name in FIELDS:
        if (value := row.get(name)) is not None:
            if not isinstance(value, str):
                raise ArticleError(f"The {name} is not a string.")
            values[name] = value
    identifier = row.get("id")
    return NamedSource(Article.from_text(**values), None if identifier is None else str(identifier))
