"""What users pass as an article, and its loading. A string is always text, never a path or an address."""

import os
import re
from pathlib import Path

from summarizer._async import run_in_thread
from summarizer._patterns import compile_lazily
from summarizer._text import hide_queries, one_line, shorten
from summarizer.article import Article
from summarizer.errors import ArticleError
from summarizer.fetching import Fetcher, strip_credentials
from summarizer.sources.base import URL, Source
from summarizer.sources.loaders import LOADERS, fetch_article, load_file, load_url

INLINE_LIMIT = 3_000
"""Characters. A longer text is read in a thread, so that it does not block the event loop."""

_URL = compile_lazily(r"<?(?:[a-z][a-z0-9+.-]*://|www\.)[^\s。！？，、；]+", re.IGNORECASE)
_PATH_START = compile_lazily(r"~[\w-]*[/\\]|\.{0,2}/|\.{1,2}\\|\\\\|[a-z]:[/\\]|file:/", re.IGNORECASE)
_FILE_SUFFIXES = frozenset(
    ".txt .text .md .rst .html .htm .xhtml .xml .json .jsonl .ndjson .csv .tsv .pdf .doc .docx .odt .rtf .epub .eml"
    " .zip .gz".split()
)
_MAX_PATH = 4_096  # characters


def to_article(source: Source | ArticleError) -> Article:
    """Load a source as an Article. An ArticleError is raised again: the caller could not read the source."""
    match source:
        case Article():
            return source
        case Path():
            return load_file(source)
        case URL():
            return load_url(source)
        case str():
            _reject_path_or_url(source.strip())
            return Article.from_text(source)
        case ArticleError():
            raise source
    raise ArticleError(f"A source must be a str, a pathlib.Path, a URL or an Article, not {type(source).__name__}.")


def is_address(text: str) -> bool:
    """Return whether a text is nothing but an address, such as a command-line argument."""
    return len(text) <= _MAX_PATH and _URL.fullmatch(text.strip()) is not None


async def load_article(source: Source | ArticleError, fetcher: Fetcher | None = None) -> Article:
    """Load ``source`` without blocking the event loop; see `to_article`.

    Args:
        source: The source, or the error in its place.
        fetcher: Fetches addresses; by default a new `Fetcher`.
    """
    if isinstance(source, URL):
        return await fetch_article(source, fetcher)
    if isinstance(source, Path) or (isinstance(source, str) and len(source) > INLINE_LIMIT):
        return await run_in_thread(to_article, source)
    return to_article(source)


def _reject_path_or_url(text: str) -> None:
    """Refuse a line that is a URL, that names a file, or that is an existing file or directory."""
    if len(text) > _MAX_PATH or len(text.splitlines()) != 1:
        return
    shown = shorten(hide_queries(strip_credentials(one_line(text))), 100)
    if _URL.fullmatch(text):
        hint = 'To fetch the page: summarize(URL("https://…")).'
        raise ArticleError(f"“{shown}” is a URL, not the text of an article.", hint=hint)
    suffixes = _FILE_SUFFIXES.union(*(loader.suffixes for loader in LOADERS))
    first, *others = (Path(re.sub(r"[?#]\w.*", "", word)).suffix.lower() in suffixes for word in text.split())
    starts_path = _PATH_START.match(text) is not None
    if others:  # a path with spaces ends with its only suffix; a sentence before it makes it a text
        is_last = others[-1] and not any([first, *others[:-1]])
        names_file = starts_path and is_last and not re.search(r"[.!?…:;]\W*\s", text)
    else:
        names_file = (first or starts_path) and not re.search("[。！？，、；]", text)
    # Unlike Path.exists, os.path.exists never raises.
    if names_file or ((not others or others[-1] or starts_path) and os.path.exists(text)):  # noqa: PTH110
        hint = "Pass pathlib.Path(…) to read the file."
        raise ArticleError(f"“{shown}” is a path, not the text of an article.", hint=hint)
