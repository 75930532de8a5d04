"""Read the metadata of a web page: from its own data first, then from its text."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from summarizer.article import ArticleForm

if TYPE_CHECKING:
    from lxml.html import HtmlElement


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """The metadata of a page."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    """The date, or date and time, in ISO 8601."""
    language: str | None = None
    """A BCP 47 tag."""
    url: str | None = None
    """The canonical address."""
    site: str | None = None
    section: str | None = None
    form: ArticleForm | None = None
    types: frozenset[str] = frozenset()
    """What the page says it is, in lower case: types of schema.org and og:type."""
    is_free: bool | None = None
    """False if the page declares a paywall."""
    paid_parts: tuple[str, ...] = ()
    """CSS selectors of the parts behind the paywall."""

    @property
    def author(self) -> str | None:
        """The authors in one line: "Ann Lee, Bo Day and Cy Fox"."""
        *others, last = self.authors or ("",)
        return (f"{', '.join(others)} and {last}" if others else last) or None


def read_metadata(tree: "HtmlElement", url: str | None = None) -> PageMetadata:
    """Read the metadata of a page.

    Args:
        tree: The page, with its head. It is not changed.
        url: The address of the page.
    """
    title = tree.findtext(".//title")
    return PageMetadata(title=title, url=url)
