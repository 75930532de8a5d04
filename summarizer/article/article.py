"""The Article: a text and its metadata."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from summarizer.article.metadata import read_front_matter
from summarizer.errors import ArticleError


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
    encoding: str | None = None
    """The encoding of the file; None if the text was passed as a string."""
    characters: int
    """The length of the text in code points."""
    sha256: str
    """The SHA-256 of the text in UTF-8, in hexadecimal."""


class Article(ArticleInfo):
    """An article: its unchanged text and its metadata.

    Create one with `from_text` or `from_file`.
    """

    text: str = Field(repr=False)
    """The decoded text, unchanged: line ends, no-break spaces and invisible characters included."""

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
        encoding: str | None = None,
    ) -> Self:
        """Create an article from its text, which is never taken for a path or a URL.

        Title, author and date are read from the first lines of the text, unless you pass them.
        `ArticleInfo` describes the arguments.

        Raises:
            ArticleError: The text is blank, or the text or its metadata contains a lone surrogate.
        """
        if not text or text.isspace():
            raise ArticleError("The article is empty: it contains only white space.")
        front = read_front_matter(text)
        sha256 = hashlib.sha256(_utf8(text)).hexdigest()
        title, author, published = title or front.title, author or front.author, published or front.published
        metadata = _metadata(title=title, source=source, author=author, published=published, language=language)
        return cls(text=text, encoding=encoding, characters=len(text), sha256=sha256, **metadata)

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
        from summarizer.sources import load_file  # sources import this room

        article = load_file(Path(path))
        return cls(**dict(article)).with_metadata(title=title, author=author, published=published, language=language)

    def with_metadata(
        self,
        *,
        title: str | None = None,
        source: str | None = None,
        author: str | None = None,
        published: str | date | None = None,
        language: str | None = None,
    ) -> Self:
        """Return a copy with the given values; None and empty strings keep a value."""
        changes = _metadata(title=title, source=source, author=author, published=published, language=language)
        return type(self)(**{**dict(self), **changes})

    @property
    def info(self) -> ArticleInfo:
        """The metadata, without the text."""
        return ArticleInfo(**self.model_dump(exclude={"text"}))


def _metadata(**changes: str | date | None) -> dict[str, str]:
    """Drop empty values, write dates in ISO 8601, and reject lone surrogates."""
    values = {name: value.isoformat() if isinstance(value, date) else value for name, value in changes.items() if value}
    for name, value in values.items():
        _utf8(str(value), f"The article's {'date' if name == 'published' else name}")
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
