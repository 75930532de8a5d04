"""The Article: a text and its metadata."""

import hashlib
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from summarizer._patterns import compile_lazily
from summarizer.article.anchors import Anchors, Place, TextAnchors, link_base
from summarizer.article.cleaning import Cut
from summarizer.article.languages import shorten_language
from summarizer.article.metadata import read_front_matter
from summarizer.errors import ArticleError
from summarizer.spans import Span

if TYPE_CHECKING:
    from summarizer.fetching import Fetcher

ArticleForm = Literal[
    "report", "interview", "transcript", "live-blog", "opinion", "analysis", "press-release", "round-up", "court-report"
]
"""The kind of text, as far as the article tells."""


_FOR_OTHERS = "For files, pages and addresses, use Article.from_file(…), from_html(…) or from_url(…)."


class ArticleInfo(BaseModel):
    """The metadata of an article."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    title: str | None = None
    source: str | None = None
    """Where the article is from: a path, a URL, or any other label of the caller."""
    author: str | None = None
    published: str | None = None
    """The date, or date and time, in ISO 8601."""
    language: str | None = None
    """A BCP 47 tag such as ``"en"``."""
    url: str | None = None
    """The canonical address of the page (http or https)."""
    site: str | None = None
    """The name of the site or publication."""
    section: str | None = None
    """The section of the site: "Politics"."""
    form: ArticleForm | None = None
    """The form; for an article, if its page says so; in a brief, as `Reading.form`."""
    encoding: str | None = None
    """The encoding of the file; None if the text was passed as a string."""
    characters: int
    """The length of the text in code points."""
    words: int = 0
    """The number of words between white space in the text; 0 if unknown."""
    sha256: str
    """The SHA-256 of the text in UTF-8, in hexadecimal."""


_PLACE = compile_lazily(
    r"\w+://.*|\.{0,2}[/\\].*|standard input\b.*|.*, line \d+|"
    r".*\.(?:te?xt|md|markdown|x?html?|pdf|do[ct][xm]?|epub|eml|mbox|json|jsonl|ndjson|rss|atom|xml|csv|w?arc|gz|zip)"
    r"(?:\W.*)?",
    re.IGNORECASE | re.DOTALL,
)


def outlet_of(site: str | None, source: str | None) -> str | None:
    """Return the outlet of an article: its site, or a source that is no file, line or address."""
    return site or (source if source and not _PLACE.fullmatch(source) else None)


class Article(ArticleInfo):
    """An article: its unchanged text and its metadata.

    Create one with `from_text` or `from_file`.

    Examples:
        >>> from summarizer import Article
        >>> article = Article.from_text("“The bridge must go,” said Anna Berg.", title="The bridge")
        >>> article.title, len(article.text)
        ('The bridge', 37)
    """

    text: str = Field(repr=False)
    """The text, as decoded or extracted: line ends, no-break spaces and invisible characters included."""
    warnings: tuple[str, ...] = ()
    """Doubts of the loader, each a sentence: a guessed encoding, a page that shows only a part of the article."""
    cuts: tuple[Cut, ...] = Field(default=(), repr=False, exclude=True)
    """Parts of the text that, by its layout, do not belong to the article, such as page numbers. `read` cuts them.

    Each is a whole line, or characters within a line.
    """
    anchors: Any = Field(default=None, repr=False, exclude=True)  # pydantic does not validate the protocol
    """The `Anchors` of the text; None for plain text."""

    @classmethod
    def from_text(
        cls,
        text: str,
        *,
        title: str | None = None,
        source: str | None = None,
        author: str | None = None,
        published: str | date | None = None,
        language: str | None = None,
        url: str | None = None,
        site: str | None = None,
        section: str | None = None,
        form: ArticleForm | None = None,
        encoding: str | None = None,
        warnings: Iterable[str] = (),
        cuts: Iterable[Cut] = (),
        anchors: Anchors | None = None,
    ) -> Self:
        """Create an article from its text, which is never taken for a path or a URL.

        Title, author and date are read from the first lines of the text, unless you pass them.
        `ArticleInfo` describes the arguments.

        Raises:
            ArticleError: The text is blank or no str, or the text or its metadata contains a lone surrogate.
        """
        if not isinstance(text, str):
            raise ArticleError(f"The text of an article must be a str, not {type(text).__name__}.", hint=_FOR_OTHERS)
        if not text or text.isspace():
            raise ArticleError("The article is empty: it contains only white space.")
        front = read_front_matter(text)
        sha256 = hashlib.sha256(_utf8(text)).hexdigest()
        metadata = _metadata(
            title=title or front.title,
            source=source,
            author=author or front.author,
            published=published or front.published,
            language=language,
            url=url,
            site=site,
            section=section,
        )
        return cls(
            text=text,
            form=form,
            encoding=encoding,
            characters=len(text),
            words=len(text.split()),
            sha256=sha256,
            warnings=tuple(warnings),
            cuts=tuple(cuts),
            anchors=anchors,
            **metadata,
        )

    @classmethod
    def from_file(
        cls,
        path: str | Path,
        *,
        title: str | None = None,
        author: str | None = None,
        published: str | date | None = None,
        language: str | None = None,
    ) -> Self:
        """Read an article from a file of any format in `summarizer.sources.LOADERS`.

        Text is decoded from UTF-8, from UTF-16 or UTF-32 with BOM, or from the most likely encoding.
        Metadata that you do not pass is read from the file.

        Raises:
            ArticleError: The file cannot be read, is empty, or has an unsupported format.
        """
        from summarizer.sources import load_file  # sources import this folder

        article = load_file(Path(path))
        return cls(**dict(article)).with_metadata(title=title, author=author, published=published, language=language)

    @classmethod
    def from_html(cls, html: str | bytes, url: str | None = None) -> Self:
        """Extract the article of a web page.

        Args:
            html: The page. Bytes are decoded as the page declares.
            url: The address of the page. Nothing is fetched.

        Raises:
            ArticleError: The page has no article: it is empty, an error page, a consent wall, an index page …
            MissingExtra: The extra ``web`` is not installed.
        """
        from summarizer.sources import load_html

        return cls(**dict(load_html(html, url)))

    @classmethod
    def from_url(cls, url: str, fetcher: "Fetcher | None" = None) -> Self:
        """Fetch a page or a file at an address (http or https) and read its article.

        Args:
            url: The address.
            fetcher: A `Fetcher` with options of your own.

        Raises:
            FetchFailed: The address is refused, or cannot be fetched.
            ArticleError: The page has no article, or the file has an unsupported format.
            MissingExtra: The extra ``web`` is not installed.
        """
        from summarizer.sources import load_url

        return cls(**dict(load_url(url, fetcher)))

    @classmethod
    def from_pdf(cls, path: str | Path) -> Self:
        """Read the article in a PDF file; see `from_file`."""
        return cls.from_file(path)

    def with_metadata(
        self,
        *,
        title: str | None = None,
        source: str | None = None,
        author: str | None = None,
        published: str | date | None = None,
        language: str | None = None,
        site: str | None = None,
        section: str | None = None,
    ) -> Self:
        """Return a copy with the given values; None and empty strings keep a value."""
        named = {"title": title, "source": source, "author": author, "published": published, "language": language}
        changes = _metadata(**named, site=site, section=section)
        return type(self)(**{**dict(self), **changes})

    def places(self, span: Span) -> tuple[Place, ...]:
        """Return the places of a range of the text in the page or the PDF; empty if they are unknown."""
        anchors: Anchors | None = self.anchors
        return anchors.places(Span(*span)) if anchors else ()

    def anchor(self, span: Span) -> dict[str, Any] | None:
        """Return the W3C Web Annotation selector of a range of the text, or None if its place is unknown.

        The selector refers to the page, the PDF or the text file; in a text without a source, to the text itself.
        """
        anchors: Anchors | None = self.anchors
        if anchors is None and self.source is None and self.url is None:
            anchors = TextAnchors(self.text)
        return anchors.selector(Span(*span)) if anchors else None

    def link(self, span: Span) -> str | None:
        """Return an address that opens at a range of the text, or None if its place is unknown.

        It is the web address of the page or the PDF, or else a reference to the local file, which is as relative as
        its path. A browser highlights the words of a page, and opens the page of a PDF.
        """
        anchors: Anchors | None = self.anchors
        fragment = anchors.fragment(Span(*span)) if anchors else None
        base = link_base(self.url, self.source) if fragment else None
        return f"{base}#{fragment}" if base else None

    @property
    def info(self) -> ArticleInfo:
        """The metadata, without the text."""
        return ArticleInfo(**self.model_dump(exclude={"text", "warnings"}))


def _metadata(**changes: str | date | None) -> dict[str, Any]:
    """Drop empty values, write dates in ISO 8601, and reject lone surrogates."""
    values = {name: value.isoformat() if isinstance(value, date) else value for name, value in changes.items() if value}
    for name, value in values.items():
        _utf8(str(value), f"The article's {'date' if name == 'published' else name}")
    if "language" in values:
        values["language"] = shorten_language(values["language"])
    return values


def _utf8(text: str, label: str = "The article") -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise ArticleError(
            f"{label} contains a lone surrogate (U+{ord(text[error.start]):04X}) at character {error.start}, "
            "which is not a character.",
            hint="Decode its source with the right encoding, or with errors='replace'.",
        ) from error
