"""Read JSON Lines: one article a line, as a JSON object."""

import codecs
import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from summarizer.article import Article
from summarizer.errors import ArticleError, describe_fault
from summarizer.sources.base import URL, Container, Entry, Skipped
from summarizer.sources.html import load_html

CONTENT_FIELDS = ("text", "html", "url")
"""Fields of a JSON object that hold the article. The first that is present counts."""
METADATA_FIELDS = ("title", "source", "author", "published", "language")
"""Other fields, beside ``id``. Unknown fields are ignored."""
_EXAMPLE = 'Example: {"text": "…", "id": "7"}, or "html" or "url" instead of "text".'


def read_json_lines(file: BinaryIO, name: str) -> Iterator[Entry]:
    """Yield the article of each line. A line that cannot be read becomes an error."""
    for number, line in enumerate(file, 1):
        text = line.removeprefix(codecs.BOM_UTF8 if number == 1 else b"").strip()
        if text:
            yield parse_json_line(text, f"{name}, line {number}")


def parse_json_line(line: bytes, where: str) -> Entry:
    """Parse one JSON object. ``where`` names the file and the line."""
    identifier = None
    try:
        row = _parse_object(line)
        identifier = None if row.get("id") is None else str(row["id"])
        if "brief" in row and "status" in row:
            return Entry(Skipped(where, "it is an outcome of an earlier batch, not an article"), where, identifier)
        source = _load(row, where)
        published = source.metadata.get("published") if isinstance(source, URL) else source.published
        return Entry(source, id=identifier, published=published)
    except ArticleError as error:
        error.where = where
        return Entry(error, where, identifier)


def _parse_object(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line.decode())
    except UnicodeDecodeError as error:
        raise ArticleError("The line is not UTF-8.") from error
    except (ValueError, RecursionError) as error:
        raise ArticleError(
            f"The line is not JSON: {describe_fault(error)[1]}.", hint="Each line is one object."
        ) from error
    if not isinstance(row, dict):
        raise ArticleError("The line is not a JSON object with a text, html or url.", hint=_EXAMPLE)
    return row


def _load(row: dict[str, Any], where: str) -> Article | URL:
    values = _strings(row)
    metadata = {name: values[name] for name in METADATA_FIELDS if name in values}
    url = values.get("url")
    if "text" in values:
        return Article.from_text(values["text"], url=url).with_metadata(**{"source": where, **metadata})
    if "html" in values:
        return load_html(values["html"], url).with_metadata(**{"source": url or where, **metadata})
    if url:
        return URL(url, metadata=metadata)
    raise ArticleError("The line is not a JSON object with a text, html or url.", hint=_EXAMPLE)


def _strings(row: dict[str, Any]) -> dict[str, str]:
    """Return the known fields, which must be strings."""
    known = {name: row[name] for name in (*CONTENT_FIELDS, *METADATA_FIELDS) if row.get(name) is not None}
    for name, value in known.items():
        if not isinstance(value, str):
            if name == "text":
                raise ArticleError("The line is not a JSON object with a text.", hint=_EXAMPLE)
            raise ArticleError(f"The {name} is not a string.")
    return known


def is_json_lines(head: bytes) -> bool:
    """Return whether the first line is a JSON object that holds an article."""
    line, end, _ = head.removeprefix(codecs.BOM_UTF8).lstrip().partition(b"\n")
    if not line.startswith(b"{"):
        return False
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):  # the line may be longer than the head
        return not end and line.startswith(b"{") and any(b'"%b":' % name.encode() in line for name in CONTENT_FIELDS)
    return isinstance(row, dict) and any(isinstance(row.get(name), str) for name in CONTENT_FIELDS)


JSON_LINES = Container(
    "JSON Lines",
    read_json_lines,
    suffixes=(".jsonl", ".ndjson"),
    media_types=("application/x-ndjson", "application/jsonl", "application/x-jsonlines"),
    recognizes=is_json_lines,
    count=lambda file: sum(1 for line in file if line.strip()),
)
