"""Read JSON Lines: one article a line, as a JSON object."""

import codecs
import json
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from summarizer._files import read_toml
from summarizer.article import Article
from summarizer.errors import ArticleError, describe_fault
from summarizer.sources.base import URL, Container, Entry, Skipped
from summarizer.sources.html import load_html

_NAMES = read_toml(__file__, "json_lines.toml")
_CONTENT, _METADATA = ({field: names.split() for field, names in _NAMES[kind].items()} for kind in _NAMES)
"""The names of fields beside ``id`` by what they hold: of content, the first that is present counts."""
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
        hint = "Each line is one object."
        raise ArticleError(f"The line is not JSON: {describe_fault(error)[1]}.", hint=hint) from error
    if not isinstance(row, dict):
        raise ArticleError("The line is not a JSON object with a text, html or url.", hint=_EXAMPLE)
    return row


def _load(row: dict[str, Any], where: str) -> Article | URL:
    content, metadata = _texts(row, _CONTENT), _texts(row, _METADATA)
    url = content.get("url")
    if "text" in content:
        return Article.from_text(content["text"], url=url).with_metadata(**{"source": where, **metadata})
    if "html" in content:
        return load_html(content["html"], url).with_metadata(**{"source": url or where, **metadata})
    if url:
        return URL(url, metadata=metadata)
    raise ArticleError("The line is not a JSON object with a text, html or url.", hint=_EXAMPLE)


def _texts(row: dict[str, Any], fields: dict[str, list[str]]) -> dict[str, str]:
    """Return the texts of the known fields; the one under a field's first name must be a text."""
    read: Callable[[Any], Any] = _join_names if fields is _METADATA else lambda value: value
    plain = {name.casefold().replace("_", "").replace("-", ""): read(value) for name, value in row.items()}
    found = dict[str, str]()
    for field, names in fields.items():
        if not isinstance(plain.get(field), str | None):
            raise ArticleError(f"The {field} is not a string.", hint=_EXAMPLE if field == "text" else "")
        if text := next((plain[name] for name in names if isinstance(plain.get(name), str) and plain[name]), ""):
            found[field] = text
    return found


def _join_names(value: Any) -> Any:
    """Return the name of an object, such as an author, and the names in a list as one text."""
    value = value.get("name") if isinstance(value, dict) else value
    names = [_join_names(each) for each in value] if isinstance(value, list) else []
    return ", ".join(filter(None, map(str, names))) if names and all(isinstance(each, str) for each in names) else value


def is_json_lines(head: bytes) -> bool:
    """Return whether the first line is a JSON object that holds an article."""
    line, end, _ = head.removeprefix(codecs.BOM_UTF8).lstrip().partition(b"\n")
    if not line.startswith(b"{"):
        return False
    names = [name for each in _CONTENT.values() for name in each]
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):  # the line may be longer than the head
        return not end and any(b'"%b":' % name.encode() in line for name in names)
    return isinstance(row, dict) and any(isinstance(row.get(name), str) for name in names)


JSON_LINES = Container(
    "JSON Lines",
    read_json_lines,
    suffixes=(".jsonl", ".ndjson"),
    media_types=("application/x-ndjson", "application/jsonl", "application/x-jsonlines"),
    recognizes=is_json_lines,
    count=lambda file: sum(1 for line in file if line.strip()),
)
