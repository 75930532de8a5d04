"""The data of a page about itself: its article among the objects of schema.org, its address, the names of its site."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from summarizer._text import normalize
from summarizer.sources.html.addresses import host_of, is_name_of_host, is_web_address, may_be_canonical, resolve
from summarizer.sources.html.json_ld import Objects, flatten, is_article, read_json_ld, text_of, types_of
from summarizer.sources.html.page import TABLES, Node, blocks, element_text, read_microdata, read_page, similarity

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MAX_SITE = 80  # characters
_MAX_SITE_WORDS = 5
_MIN_SIMILARITY = 0.5  # of two wordings of a headline
_MANY_ARTICLES = 3  # that match no title: teasers
_NEAR_LINES = 10  # lines around the headline

META: dict[str, list[str]] = {name: names.split() for name, names in TABLES["meta"].items()}
"""The names of meta elements by what they tell, the most reliable first."""
_LEGAL_FORM = re.compile(
    r"\b(?:gmbh|ag|inc|ltd|llc|plc|s\.a\.?|s\.?p\.?a|s\.?r\.?l|b\.?v|e\. ?v|corp|limited|verlag)\b", re.IGNORECASE
)
BARS = re.compile(r"\s*[|¦]\s*|\s+(?:::|»|«|•|·|⋆)\s+")
"""The separators of a title that part the headline from the site."""


class PageData:
    """The sources of a page's metadata.

    Args:
        tree: The page.
        url: The address it was fetched from.
    """

    def __init__(self, tree: "HtmlElement", url: str | None) -> None:
        self.page = read_page(tree)
        self.url = url if is_web_address(url) and resolve(url) else None
        self.objects = Objects([*read_json_ld(self.page.scripts), *read_microdata(tree)])
        self.address = self._find_address()
        """The canonical address."""
        self.host = host_of(self.address)
        self.article = self._find_article()
        """The object of schema.org that describes the article."""
        pages = [node for node in self.objects.main if types_of(node) & {"webpage", "itempage", "newspage"}]
        self.nodes = [self.article, *pages] if self.article else pages
        """The objects that describe the article or its page."""
        self.sites = self._find_sites()
        """The names of the site, the best one first."""
        self.site_keys = frozenset(map(normalize, self.sites)) - {""}

    def meta(self, name: str) -> Iterator[str]:
        """Yield the contents of the meta elements that tell a title, a date, or another fact."""
        return self.page.values(*META[name])

    @property
    def types(self) -> frozenset[str]:
        """What the page says it is, in lower case: types of schema.org and og:type."""
        nodes = self.nodes if self.article else (node for node in self.objects.main if not is_article(node))
        kinds = {kind for node in nodes for kind in types_of(node)}
        return frozenset(kinds.union(self.page.value("og:type").lower().split()))

    @cached_property
    def lines(self) -> list[str]:
        """The visible text of the page by blocks."""
        body = self.page.tree.find(".//body")
        return list(blocks(self.page.tree if body is None else body))

    def lines_near(self, title: str | None) -> tuple[list[str], list[str]]:
        """Return the lines after the headline, and those before it, the nearest first."""
        words = squeeze(title or "")
        found = (index for index, line in enumerate(self.lines) if words and words in squeeze(line[:1_000]))
        index = next(found, -1)
        after = self.lines[index + 1 : index + 1 + _NEAR_LINES]
        return after, self.lines[max(0, index - 3) : max(0, index)][::-1]

    def is_site(self, text: str) -> bool:
        """Return whether a text is the name of the site."""
        return normalize(text) in self.site_keys or is_name_of_host(text, self.host)

    def _find_address(self) -> str | None:
        articles = self.objects.articles()
        candidates = [self.page.canonical, *self.page.values("og:url")]
        if len(articles) == 1:
            candidates += _addresses(articles[0], "url", "mainEntityOfPage")
        for candidate in candidates:
            found = resolve(candidate, self.url)
            if found and (not self.url or may_be_canonical(found, self.url)):
                return found
        return resolve(self.url)

    def _find_article(self) -> Node | None:
        """Return the article that the page is about, and not one that it links to."""
        articles = self.objects.articles()
        if len(articles) < 2:
            return articles[0] if articles else None
        titles = [*map(element_text, self.page.headings[:3]), *self.page.values("og:title"), self.page.title]
        addresses = {address.partition("#")[0] for address in (self.address, self.url) if address}

        def score(node: Node) -> int:
            given = _addresses(node, "url", "mainEntityOfPage", "@id")
            headline = self.objects.text(node, "headline", "name")
            is_here = any(resolve(address, self.url) in addresses for address in given)
            is_titled = any(similarity(headline, title) >= _MIN_SIMILARITY for title in titles if title)
            return 4 * is_here + 4 * is_titled + bool(headline) + ("datePublished" in node) + ("author" in node)

        scores = [score(node) for node in articles[:_MANY_ARTICLES]]
        scores += [score(node) for node in articles[_MANY_ARTICLES : 20 * _MANY_ARTICLES]]
        best = max(scores)
        headlines = {self.objects.text(node, "headline", "name") for node in articles}
        return None if len(headlines) >= _MANY_ARTICLES and best < 4 else articles[scores.index(best)]

    def _find_sites(self) -> list[str]:
        objects = self.objects
        names = [name for node in self.nodes for name, _ in objects.names(node, "publisher")]
        names += self.page.values("og:site_name")
        for kinds in ({"website"}, {"newsmediaorganization", "organization"}):
            names += [objects.text(node, "name") for node in objects.main if types_of(node) & kinds]
        names += self.meta("site")
        names += self._site_in_title()
        names += [part for part in re.split(r"\s+[-–—]\s+|:\s", self.page.title) if is_name_of_host(part, self.host)]
        found = [name for name in dict.fromkeys(names) if name and len(name) <= _MAX_SITE and "://" not in name]
        return sorted(found, key=lambda name: _LEGAL_FORM.search(name) is not None)

    def _site_in_title(self) -> list[str]:
        """Return the end of the page's title that is not the headline."""
        parts = BARS.split(self.page.title)
        if len(parts) < 2:
            return []
        headings = {squeeze(element_text(heading)) for heading in self.page.headings[:3]}
        first, last = parts[0], parts[-1]
        ends = [part for part in (last, first) if squeeze(part) not in headings]
        ends = [part for part in ends if 0 < len(part.split()) <= _MAX_SITE_WORDS]
        if len(ends) > 1 and len(last.split()) == _MAX_SITE_WORDS:
            ends.sort(key=len)
        return ends[:1]


def _addresses(node: Node, *keys: str) -> list[str]:
    found = [value for key in keys for value in flatten(node.get(key))]
    texts = (value if isinstance(value, str) else text_of(value.get("@id") or value.get("url"))
             for value in found if isinstance(value, str | dict))  # fmt: skip
    return [text for text in texts if text]


def squeeze(text: str) -> str:
    """Return the letters and digits of a text, to compare texts whose spaces and punctuation differ."""
    return normalize(text).replace(" ", "")
