"""The Article: what was given, to the letter."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from summarizer.article.front import front_matter
from summarizer.errors import ArticleError


class ArticleInfo(BaseModel):
    """All that is known of an article but its text."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    title: str | None = None
    source: str | None = None
    """Where it is from: a path, an address, or whatever the caller calls it."""
    author: str | None = None
    published: str | None = None
    """The date, or date and time, in ISO 8601."""
    language: str | None = None
    """A BCP 47 tag such as ``"en"``."""
    encoding: str | None = None
    """The encoding that a file was decoded from; none where the text was given as text."""
    characters: int
    """The length of the text in code points."""
    sha256: str
    """The hash of the text's UTF-8, in hexadecimal."""


class Article(ArticleInfo):
    """An article: its text as given, and what is known of it.

    Make one with `from_text` or `from_file`.
    """

    text: str = Field(repr=False)
    """What was given, decoded, to the letter: line ends, no-break spaces and all."""

    @classmethod
    def from_text(  # noqa: PLR0917 - in the order in which a card catalogue has them
        cls,
        text: str,
        title: str | None = None,
        source: str | None = None,
        author: str | None = None,
        published: str | date | None = None,
        language: str | None = None,
        *,
        encoding: str | None = None,
    ) -> Self:
        """Take ``text`` as an article; title, author and date that it plainly carries are read off it.

        Raises:
            ArticleError: the text is blank, or it or what is told of it holds a lone surrogate.
        """
        if not text or text.isspace():
            raise ArticleError("The article is empty: there is nothing in it but white space.")
        for name, told in (("title", title), ("author", author), ("language", language), ("date", published)):
            _utf8(str(told or ""), f"The article's {name}")
        front = front_matter(text)
        return cls(
            text=text,
            title=title or front.title,
            source=source,
            author=author or front.author,
            published=published.isoformat() if isinstance(published, date) else published or front.published,
            language=language,
            encoding=encoding,
            characters=len(text),
            sha256=hashlib.sha256(_utf8(text)).hexdigest(),
        )

    @classmethod
    def from_file(
        cls,
        path: str | Path,
        title: str | None = None,
        author: str | None = None,
        published: str | date | None = None,
        language: str | None = None,
    ) -> Self:
        """Read a text file: UTF-8 with or without BOM, UTF-16 with BOM, else the likeliest encoding.

        What is not given is read off the text, as `from_text` does.

        Raises:
            ArticleError: the file cannot be read, is empty, or is no text (a PDF, HTML, a picture …).
        """
        path = Path(path)
        try:
            data = path.read_bytes()
        except IsADirectoryError as error:
            raise ArticleError(f"{path} is a directory.", hint="Name one of the files in it.") from error
        except OSError as error:
            raise ArticleError(f"{path} cannot be read: {error.strerror or error}.") from error
        from summarizer.sources.decoding import decode  # a source is made of articles

        name = str(path).encode(errors="replace").decode()  # a file's name may be no text
        text, encoding = decode(data, name=name)
        return cls.from_text(text, title, name, author, published, language, encoding=encoding)

    @property
    def info(self) -> ArticleInfo:
        """All of it but the text."""
        return ArticleInfo(**self.model_dump(exclude={"text"}))


def _utf8(text: str, what: str = "The article") -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise ArticleError(
            f"{what} holds a lone surrogate (U+{ord(text[error.start]):04X}) at character {error.start}, "
            "which stands for no character.",
            hint="Decode its source with the right encoding, or with errors='replace'.",
        ) from error
