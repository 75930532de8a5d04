"""The registry of input formats, and the functions that load content as an Article.

To add a format, add one entry to `LOADERS` and remove the format from `_UNSUPPORTED`.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from summarizer._async import EventLoopThread, run_in_thread
from summarizer.article import Article
from summarizer.errors import ArticleError
from summarizer.fetching import FetchedPage, Fetcher, default_fetcher, strip_credentials
from summarizer.sources.archives import entry_names, is_zip
from summarizer.sources.base import URL, Content, Loader
from summarizer.sources.docx import DOCX
from summarizer.sources.epub import EPUB
from summarizer.sources.html import HTML
from summarizer.sources.mail import EMAIL
from summarizer.sources.markdown import MARKDOWN
from summarizer.sources.pdf import PDF
from summarizer.sources.text import TEXT

LOADERS: list[Loader] = [PDF, DOCX, EPUB, EMAIL, HTML, MARKDOWN, TEXT]
"""The input formats. The first entry that recognizes the content loads it; otherwise suffix and media type decide."""

MAX_BYTES = 100_000_000
"""The size of a file at most."""
MAX_CHARACTERS = 10_000_000
"""The length of an article's text at most: some fifteen long novels."""

_AS_TEXT = "Save it as plain text first."
_AS_DOCX = "Save it as .docx or as plain text, without a password."


def _holds(*prefixes: str) -> Callable[[bytes], bool]:
    """Return a test for a zip file with an entry whose name begins with one of the prefixes."""
    return lambda data: any(name.startswith(prefixes) for name in entry_names(data))


# The format of a file, the test of its content, and a hint.
_UNSUPPORTED: tuple[tuple[str, Callable[[bytes], object], str], ...] = (
    ("an Excel workbook", _holds("xl/"), _AS_TEXT),
    ("a PowerPoint presentation", _holds("ppt/"), _AS_TEXT),
    ("an OpenDocument file", re.compile(rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis", re.DOTALL).match, _AS_DOCX),
    ("a Pages, Numbers or Keynote document", _holds("Index/", "Index.zip", "index.xml", "QuickLook/"), _AS_DOCX),
    ("a damaged zip archive", lambda data: is_zip(data) and not entry_names(data), "Get the file again."),
    ("a zip archive", is_zip, "Unpack it first."),
    ("an encrypted or old Office document", re.compile(rb"\xd0\xcf\x11\xe0").match, _AS_DOCX),
    ("a rich-text document", re.compile(rb"\{\\rtf").match, _AS_TEXT),
    ("a picture", re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8").match, "Convert it to text first."),
    ("a database", re.compile(rb"SQLite format 3\0").match, "A store is for summarizer show, search and dossier."),
    ("a brief", re.compile(rb'\s*\{\s*"schema_version":').match, "summarizer show displays it."),
    ("an XML file", re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|svg)[\s?>]", re.IGNORECASE).match, _AS_TEXT),
    ("a gzip archive", re.compile(rb"\x1f\x8b").match, "Unpack it first."),
)


def load_content(content: Content) -> Article:
    """Load an article from the content of a file or page; by its form first, then by its name."""
    data, name = content.data, content.name
    if not data:
        raise ArticleError(f"{name} is empty.")
    loader = next((loader for loader in LOADERS if loader.recognizes(data)), None)
    if not loader:
        from summarizer.sources.containers import reject_container  # containers load their articles with this module

        reject_container(content)
        for description, recognizes, hint in _UNSUPPORTED:
            if recognizes(data):
                raise ArticleError(f"{name} is {description}, not an article.", hint=hint)
        suffix, kind = content.suffix.lower(), content.media_type
        named = (entry for entry in LOADERS if suffix in entry.suffixes or kind in entry.media_types)
        loader = next(named, TEXT)
    article = loader.load(content)
    if content.url and article.url is None:
        article = article.model_copy(update={"url": content.url})
    if article.characters > MAX_CHARACTERS:
        hint = f"The limit is {MAX_CHARACTERS:,}. Split it into articles."
        raise ArticleError(f"{name} has {article.characters:,} characters.", hint=hint)
    return article


def read_limited(file: BinaryIO, name: str) -> bytes:
    """Read at most `MAX_BYTES` of a device or a pipe, which may have no end.

    Raises:
        ArticleError: It has more.
    """
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ArticleError(f"{name} is too large.", hint=f"The limit is {MAX_BYTES / 1e6:,.0f} MB.")
    return data


def load_file(path: Path) -> Article:
    """Load an article from a file."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ArticleError(f"{path} has {size / 1e6:,.0f} MB.", hint=f"The limit is {MAX_BYTES / 1e6:,.0f} MB.")
        if path.is_file() or path.is_dir():
            data = path.read_bytes()
        else:
            with path.open("rb") as file:
                data = read_limited(file, str(path))
    except IsADirectoryError as error:
        raise ArticleError(f"{path} is a directory.", hint="Name one of the files in it.") from error
    except (OSError, ValueError) as error:  # a name with a null character is a ValueError
        reason = getattr(error, "strerror", None) or error
        raise ArticleError(f"{path} cannot be read: {reason}.") from error
    name = str(path).encode(errors="replace").decode()  # file names may contain lone surrogates
    return load_content(Content(data, name, suffix=path.suffix)).with_metadata(source=name)


def load_url(url: URL | str, fetcher: Fetcher | None = None) -> Article:
    """Fetch the page at ``url`` and load it; see `fetch_article`."""
    thread = EventLoopThread()
    try:
        return thread.run(fetch_article(url, fetcher))
    finally:
        thread.close()


async def fetch_article(url: URL | str, fetcher: Fetcher | None = None) -> Article:
    """Fetch the page at ``url`` and load it as an Article. The metadata of a `URL` are added.

    Raises:
        FetchFailed: The address is refused, or cannot be fetched.
        ArticleError: The page is not an article.
    """
    url = URL(url) if isinstance(url, str) else url
    page = await (fetcher or default_fetcher()).fetch(url.address)
    return await run_in_thread(load_fetched, page, url)


def load_fetched(page: FetchedPage, url: URL) -> Article:
    """Load the answer of a server as an Article, with the metadata of its `URL`."""
    content = Content(
        page.data,
        page.name,
        suffix=Path(page.path).suffix,
        media_type=page.media_type,
        charset=page.charset,
        url=page.url,
    )
    article = load_content(content)
    source = strip_credentials(url.address.strip()).partition("#")[0]
    missing = {name: value for name, value in url.defaults.items() if not getattr(article, name)}
    return article.with_metadata(**{"source": source, **missing, **url.metadata})
