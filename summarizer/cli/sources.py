"""The sources that a command is given: files, folders, patterns, lists on standard input, JSON Lines."""

import codecs
import glob
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from summarizer.article import Article
from summarizer.cli.input import check_no_address
from summarizer.errors import ArticleError
from summarizer.sources import Source

TEXTS = (".txt", ".text")
"""The names' ends of the files that are taken out of a folder; others can be named, or meant by a pattern."""
LINES = (".jsonl", ".ndjson")
"""The names' ends of files that hold an article a line, as a JSON object."""
FIELDS = ("text", "title", "source", "author", "published", "language")
"""What a JSON object says of an article, beside its ``id``; only ``text`` must be there, and more is left alone."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A source, and what it is called."""

    source: Source | ArticleError = field(repr=False)
    """The error is that of a source that cannot be had."""
    id: str | None = None
    """As a line of JSON Lines gives it."""

    @property
    def place(self) -> str:
        """Where it is from."""
        match self.source:
            case Article(source=str(place)):
                return place
            case ArticleError(where=place):
                return place
        return str(self.source)


@dataclass(frozen=True, slots=True)
class Sources:
    """What arguments name, in their order; each is read when it is come to."""

    parts: tuple["_Part", ...]

    def __iter__(self) -> Iterator[Listed]:
        return chain.from_iterable(part.sources for part in self.parts)

    @property
    def files(self) -> frozenset[Path]:
        """The files that are read, as far as they are known beforehand."""
        return frozenset().union(*(part.files for part in self.parts))

    @property
    def total(self) -> int | None:
        """How many there are; None where standard input has yet to tell."""
        counts = [part.count for part in self.parts]
        return None if None in counts else sum(filter(None, counts))


@dataclass(frozen=True, slots=True)
class _Part:
    sources: Iterable[Listed]
    count: int | None
    files: frozenset[Path] = frozenset()


def listed(arguments: Iterable[str], stdin: BinaryIO | None = None) -> Sources:
    """The sources that ``arguments`` name.

    An argument is a file, a folder (every text file in it and below, by name), a pattern, a file of JSON
    Lines, or ``-`` for standard input: a name, or a JSON object, on each line.

    Raises:
        ArticleError: a folder or a pattern holds nothing, or it is an address.
    """
    return Sources(tuple(_part(argument, stdin or sys.stdin.buffer) for argument in arguments))


def _part(argument: str, stdin: BinaryIO) -> _Part:
    path = Path(argument)
    if argument == "-":
        return _Part(_lines(stdin, "standard input", names=True), None)
    if path.is_dir():
        every = (Path(folder, name) for folder, _, names in os.walk(path) for name in names)
        texts = [each for each in every if each.suffix.lower() in TEXTS]
        return _files(texts, f"There is no text in {argument}.", f"Files are taken whose names end in {_or(TEXTS)}.")
    if path.exists():
        return _file(path)
    check_no_address(argument)
    if glob.has_magic(argument):
        names = glob.glob(argument, recursive=True)  # noqa: PTH207  # Path.glob takes no pattern with a root
        found = [each for name in names if (each := Path(name)).is_file()]
        return _files(found, f"No file is called {argument}.", "** stands for folders within folders.")
    return _Part([Listed(path)], 1)  # its outcome says that it is missing, and stops no others


def _files(paths: Sequence[Path], nothing: str, hint: str) -> _Part:
    if not paths:
        raise ArticleError(nothing, hint=hint)
    together = Sources(tuple(map(_file, sorted(paths))))
    return _Part(together, together.total, together.files)


def _file(path: Path) -> _Part:
    if path.suffix.lower() not in LINES:
        return _Part([Listed(path)], 1, frozenset({path}))
    try:
        with path.open("rb") as file:
            return _Part(_lines_of(path), sum(1 for line in file if line.strip()), frozenset({path}))
    except OSError as error:
        return _Part([Listed(ArticleError(f"{path} cannot be read: {error.strerror or error}."))], 1)


def _lines_of(path: Path) -> Iterator[Listed]:
    with path.open("rb") as file:
        yield from _lines(file, str(path))


def _lines(lines: BinaryIO, name: str, *, names: bool = False) -> Iterator[Listed]:
    """The articles of JSON Lines; with ``names``, a line that is no JSON object names a file."""
    for number, line in enumerate(lines, 1):
        text = line.removeprefix(codecs.BOM_UTF8 if number == 1 else b"").strip()
        where = f"{name}, line {number}"
        try:
            if names and text and not text.startswith(b"{"):
                yield from _part(os.fsdecode(text), lines).sources
            elif text:
                yield _article(json.loads(text.decode()), where)
        except UnicodeDecodeError as error:
            yield Listed(_located(ArticleError(f"It is no JSON in UTF-8: {error}."), where))
        except (ValueError, RecursionError) as error:
            yield Listed(_located(ArticleError(f"It is no JSON: {error}.", hint="Each line is one object."), where))
        except ArticleError as error:
            yield Listed(_located(error, where))


def _article(row: object, where: str) -> Listed:
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise ArticleError("It is no JSON object with a text.", hint='One looks like this: {"text": "…", "id": "7"}.')
    told: dict[str, str] = {"source": where}
    for name in FIELDS:
        if (value := row.get(name)) is not None:
            if not isinstance(value, str):
                raise ArticleError(f"Its {name} is no text.")
            told[name] = value
    named = row.get("id")
    return Listed(Article.from_text(**told), None if named is None else str(named))


def _located(error: ArticleError, where: str) -> ArticleError:
    error.where = where
    return error


def _or(words: Iterable[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}"
