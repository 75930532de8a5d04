"""Read RSS and Atom feeds: an entry is an address, or an article itself if it has no link."""

import html
import io
import os
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urljoin, urlsplit
from xml.parsers.expat import ExpatError, ParserCreate

from summarizer._async import EventLoopThread
from summarizer._lazy import import_extra
from summarizer._patterns import compile_lazily
from summarizer._text import shorten
from summarizer.article import Article
from summarizer.errors import ArticleError, ConfigurationError
from summarizer.fetching import Fetcher, default_fetcher
from summarizer.sources.base import URL, Container, Entry, Skipped
from summarizer.sources.encodings import detect_bom
from summarizer.sources.loaders import fetch_article
from summarizer.sources.markup import join_blocks, read_markup

MAX_BYTES = 10_000_000
"""Bytes of a feed at most. The parser takes five seconds and 60 MB for each million."""
MAX_DEPTH = 500
_MAX_ATTRIBUTES = 1_000  # of an element, and namespaces: the parser takes quadratic time for them
_MAX_LINE = 500  # characters of a title or a name
_HEAD = 4_000  # characters
# The root element of RSS, Atom or RSS 1.0, after an XML declaration, comments and a document type. The atomic group
# prevents exponential time.
_FEED = compile_lazily(
    r"[\ufeff\s]*+(?>(?:<\?.{0,1000}?\?>\s*|<!--.{0,2000}?-->\s*|<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?[^>]*>\s*)*)"
    r"<(?:rss\b|(?:\w+:)?feed\b[^>]*(?:Atom|atom)|rdf:RDF\b[^>]*rss)",
    re.IGNORECASE | re.DOTALL,
)
_TAG = compile_lazily(r"<[!/?a-zA-Z][^<>]*>")


def is_feed(head: bytes) -> bool:
    """Return whether a file begins as a feed."""
    text = head[: 4 * _HEAD].decode(detect_bom(head) or "utf-8", errors="replace").replace("\0", "")
    return _FEED.match(text[:_HEAD]) is not None


def read_feed(file: BinaryIO, name: str) -> Iterator[Entry]:
    """Yield the entries of a feed in its order.

    Args:
        file: The feed.
        name: Its path or address. Relative links are resolved against an address.

    Raises:
        ArticleError: The file is not a feed.
        MissingExtra: The extra ``web`` is not installed.
    """
    feed = _parse(file.read(MAX_BYTES + 1), name)
    entries = feed.entries
    if not feed.get("version") and not entries:
        raise ArticleError(f"{name} is not a feed.", hint="A feed is RSS or Atom.")
    base = next(filter(_is_web_address, (name, feed.feed.get("link", ""))), "")
    for number, entry in enumerate(entries, 1):
        yield _read_entry(dict(entry), f"{name}, entry {number}", base)
    if (problem := feed.get("bozo_exception")) and _is_syntax_error(problem):
        where = f" in line {problem.getLineNumber()}" if hasattr(problem, "getLineNumber") else ""
        count = f"{len(entries)} {'entry was' if len(entries) == 1 else 'entries were'} read; others may be missing"
        yield Entry(Skipped(name, f"its XML is broken{where}: {count}"))
    elif not entries:
        yield Entry(Skipped(name, "the feed has no entries"))


def articles_from_feed(
    source: str | bytes | Path | URL,
    *,
    since: date | str | None = None,
    limit: int | None = None,
    known: Collection[str | None] = (),
    fetcher: Fetcher | None = None,
) -> Iterator[Article | ArticleError]:
    """Yield the articles of a feed, each when the iteration reaches it; its page is fetched then.

    An entry that cannot be read is yielded as the error, which `summarize_many` takes as well.

    Args:
        source: The address of the feed, its bytes, or the path of a file.
        since: Entries with an earlier date are left out. A string is a date in ISO 8601.
        limit: The number of entries at most, from the first.
        known: Addresses of entries to leave out, such as the sources of stored briefs.
        fetcher: A `Fetcher` with options of your own.

    Raises:
        FetchFailed: The feed cannot be fetched.
        ArticleError: The source is not a feed.
        ConfigurationError: The extra ``web`` is not installed, or ``since`` is not a date.

    Examples:
        >>> from summarizer import articles_from_feed
        >>> feed = b"<rss><channel><item><title>Bridge</title><description>Old.</description></item></channel></rss>"
        >>> [article.title for article in articles_from_feed(feed)]
        ['Bridge']
    """
    first = parse_date(since) if since is not None else None
    if isinstance(source, str):
        if source.lstrip().startswith("<"):
            raise ArticleError("The feed is passed as a string, which is taken for an address.", hint="Pass its bytes.")
        if "://" not in source and os.path.exists(source):  # noqa: PTH110  # never raises
            raise ArticleError(f"“{shorten(source, 100)}” is a path, not an address.", hint="Pass pathlib.Path(…).")
        source = URL(source)
    return _iterate_articles(source, first, limit, known, fetcher)


def _iterate_articles(
    source: bytes | Path | URL,
    first: date | None,
    limit: int | None,
    known: Collection[str | None],
    fetcher: Fetcher | None,
) -> Iterator[Article | ArticleError]:
    thread, fetcher = EventLoopThread(), fetcher or default_fetcher()
    try:
        match source:
            case URL():
                page = thread.run(fetcher.fetch(source.address))
                data, name = page.data, page.name
            case Path():
                try:
                    with source.open("rb") as file:
                        data, name = file.read(MAX_BYTES + 1), str(source)
                except OSError as error:
                    raise ArticleError(f"{source} cannot be read: {error.strerror or error}.") from error
            case _:
                data, name = source, "The feed"
        count = 0
        for entry in read_feed(io.BytesIO(data), name):
            if limit is not None and count >= limit:
                return
            if isinstance(entry.source, Skipped):
                yield ArticleError(f"{entry.location}: {entry.source.reason}.")
                continue
            is_known = isinstance(entry.source, URL) and entry.location.partition("#")[0] in known
            if is_known or is_older(entry.published, first):
                continue
            count += 1
            if not isinstance(entry.source, URL):
                assert isinstance(entry.source, Article | ArticleError)
                yield entry.source
                continue
            try:
                yield thread.run(fetch_article(entry.source, fetcher))
            except ArticleError as error:
                error.where = error.where or entry.location
                yield error
    finally:
        thread.close()


def parse_date(value: date | str) -> date:
    """Return a date, which a string gives in ISO 8601.

    Raises:
        ConfigurationError: The string is not a date.
    """
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    try:
        return datetime.fromisoformat(value.strip()).date()
    except ValueError as error:
        raise ConfigurationError(f"{shorten(value, 40)} is not a date.", hint="Example: 2026-11-01.") from error


def is_older(published: str | None, first: date | None) -> bool:
    """Return whether a date in ISO 8601 is before ``first``; false if one of the two is unknown."""
    if not published or first is None:
        return False
    try:
        return date.fromisoformat(published[:10]) < first
    except ValueError:
        return False


def _parse(data: bytes, name: str) -> Any:
    """Parse a feed. Nothing is fetched: the parser gets bytes."""
    feedparser = import_extra("feedparser", "web", "Feeds")
    if len(data) > MAX_BYTES:
        message = f"{name} is larger than {MAX_BYTES // 1_000_000} MB, which is too much for a feed."
        raise ArticleError(message, hint="Divide it, or list the addresses of its pages.")
    if _is_too_complex(data):
        reason = (
            f"its elements are nested more than {MAX_DEPTH:,} deep, or have more than {_MAX_ATTRIBUTES:,} attributes"
        )
        raise ArticleError(f"{name} is damaged: {reason}.")
    headers = {"content-type": "application/xml"}  # otherwise it takes a feed without declaration for Latin-1
    if _is_web_address(name):
        headers["content-location"] = name
    return feedparser.parse(
        io.BytesIO(data), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )


def _is_too_complex(data: bytes) -> bool:
    """Return whether elements are so deep, or have so many attributes, that the feed's parser takes minutes."""
    parser, depth, namespaces = ParserCreate(), 0, set[tuple[str, str]]()

    def start(_: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        namespaces.update(pair for pair in attributes.items() if pair[0].startswith("xmlns"))
        if depth > MAX_DEPTH or len(attributes) > _MAX_ATTRIBUTES or len(namespaces) > _MAX_ATTRIBUTES:
            raise RecursionError

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(data)
    except RecursionError:
        return True
    except (ExpatError, ValueError, LookupError):  # broken XML, or an unknown encoding, which the feed's parser reads
        return False
    return False


def _is_syntax_error(problem: Exception) -> bool:
    from xml.sax import SAXParseException

    return isinstance(problem, SAXParseException)


def _is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme.lower() in ("http", "https") and bool(parts.netloc)


def _read_entry(entry: Mapping[str, Any], where: str, base: str) -> Entry:
    """Return an entry as an address with metadata, or as an article if it has no address."""
    published = next(filter(None, (_read_date(entry, name) for name in ("published", "updated", "created"))), None)
    title = entry.get("title_detail") or {}
    metadata = {
        "title": _to_line(entry.get("title", ""), is_html="html" in title.get("type", "")),
        "author": ", ".join(filter(None, (_to_line(each.get("name", "")) for each in entry.get("authors", ())))),
        "published": published or "",
    }
    metadata = {name: value for name, value in metadata.items() if value}
    link = entry.get("link") or ""
    try:
        link = urljoin(base, link) if link else ""
    except ValueError:
        link = ""
    if _is_web_address(link):
        return Entry(URL(link, defaults=metadata), published=published)
    contents = [*entry.get("content", ()), *filter(None, [entry.get("summary_detail")])]
    text = next(filter(None, map(_to_text, contents)), "")
    if not text:
        reason = "its link is not a web address" if link else "it has neither a link nor a text"
        return Entry(Skipped(where, reason), where, published=published)
    try:
        return Entry(Article.from_text(text, source=where).with_metadata(**metadata), where, published=published)
    except ArticleError as error:
        return Entry(error, where, published=published)


def _read_date(entry: Mapping[str, Any], name: str) -> str | None:
    """Return a date of an entry in ISO 8601, with the time zone that it gives."""
    text = (entry.get(name) or "").strip()
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            value = parse(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return text if len(text) == len("2026-11-01") else value.isoformat()
    moment = entry.get(f"{name}_parsed")
    try:
        return datetime(*moment[:6]).replace(tzinfo=UTC).isoformat() if moment else None
    except ValueError:
        return None


def _to_line(text: str, *, is_html: bool = False) -> str:
    """Return a title or a name on one line, without markup."""
    return shorten(html.unescape(_TAG.sub("", text)) if is_html else text, _MAX_LINE)


def _to_text(content: Mapping[str, Any]) -> str:
    """Return the paragraphs of an entry's content, which is a fragment of a page or plain text."""
    value = content.get("value") or ""
    if "html" not in content.get("type", ""):
        return str(value).strip()
    return join_blocks(read_markup(value).blocks)


FEED = Container(
    "a feed",
    read_feed,
    suffixes=(".rss", ".atom"),
    media_types=("application/rss+xml", "application/atom+xml", "application/rdf+xml"),
    recognizes=is_feed,
)
