"""The data of a page about itself: its article in schema.org's terms, its address, its site."""

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urljoin, urlsplit, urlunsplit

from summarizer._patterns import compile_lazily
from summarizer._text import normalize
from summarizer.sources.html.page import TABLES, Page, clean, similarity, squeeze
from summarizer.sources.html.schema_org import (
    Node,
    Objects,
    flatten,
    is_article,
    read_json_ld,
    read_microdata,
    text_of,
    types_of,
)

_MAX_SITE = 80  # characters
_MAX_SITE_WORDS = 5
_MIN_HEADLINE, _MIN_SHOWN_HEADLINE = 5, 3  # words of a headline that nothing confirms, or only a line of the page
_FIRST_LINES = 60  # lines of a page among which its headline stands
_MIN_SIMILARITY = 0.5  # of two wordings of a headline
_MANY_ARTICLES = 3  # that match no title: teasers
_NEAR_LINES = 10  # lines around the headline

_TRACKING = compile_lazily(r"(?:^|&)(?:utm_\w+|fbclid|gclid|cmp|ref)=[^&]*")
_ARTICLE = compile_lazily(r"^(?:the|der|die|das|le|la|les|el|il|lo|de|het|o|a)\s+", re.IGNORECASE)
META: dict[str, list[str]] = {name: names.split() for name, names in TABLES["meta"].items()}
"""The names of meta elements by what they tell, the most reliable first."""
_LEGAL_FORM = compile_lazily(
    r"\b(?:gmbh|ag|inc|ltd|llc|plc|s\.a\.?|s\.?p\.?a|s\.?r\.?l|b\.?v|e\. ?v|corp|limited|verlag)\b", re.IGNORECASE
)
_DASHES = compile_lazily(r"\s+[-–—]\s+")
BARS = compile_lazily(r"\s*[|¦]\s*|\s+(?:::|»|«|•|·|⋆)\s+")
"""The separators of a title that part the headline from the site."""


class PageData:
    """The sources of a page's metadata.

    Args:
        page: The page.
        url: The address it was fetched from.
    """

    def __init__(self, page: Page, url: str | None) -> None:
        self.page = page
        self.url = url if resolve(url) else None
        self.objects = Objects([*read_json_ld(page.scripts), *read_microdata(page.described)])
        self.address = self._find_address()
        """The canonical address."""
        self.host = host_of(self.address)
        self.article = self._find_article()
        """The object of schema.org that describes the article."""
        pages = [node for node in self.objects.main if types_of(node) & {"webpage", "itempage", "newspage"}]
        self.nodes = [self.article, *pages] if self.article else pages
        """The objects that describe the article or its page."""
        self.has_declared_site = False
        """Whether the page's data, not its title, name the site."""
        self.sites = self._find_sites()
        """The names of the site, the best one first."""
        self.site_keys = frozenset(map(normalize, self.sites)) - {""}

    def meta(self, name: str) -> Iterator[str]:
        """Yield the contents of the meta elements that tell a title, a date, or another fact."""
        return self.page.values(*META[name])

    @property
    def types(self) -> frozenset[str]:
        """The types that the page gives itself, in lower case: those of schema.org and og:type."""
        nodes = self.nodes if self.article else (node for node in self.objects.main if not is_article(node))
        kinds = {kind for node in nodes for kind in types_of(node)}
        return frozenset(kinds.union(self.page.value("og:type").lower().split()))

    def lines_near(self, title: str | None) -> tuple[list[str], list[str]]:
        """Return the lines after the headline, and those before it, the nearest first."""
        words = squeeze(title or "")
        lines = [line for line, _ in self.page.lines]
        found = (at for at, line in enumerate(lines) if len(line) >= len(words) and words in squeeze(line[:1_000]))
        index = next(found, -1) if words else -1
        return lines[index + 1 : index + 1 + _NEAR_LINES], lines[max(0, index - 3) : max(0, index)][::-1]

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
            if found and (not self.url or _may_be_canonical(found, self.url)):
                return found
        return resolve(self.url)

    def _find_article(self) -> Node | None:
        """Return the article that the page is about, and not one that it links to."""
        articles = self.objects.articles()
        if len(articles) < 2:
            return articles[0] if articles else None
        titles = [*self.page.headings[:3], *self.page.values("og:title"), self.page.title]
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
        self.has_declared_site = any(names)
        names += self._site_in_title()
        names += [part for part in re.split(r"\s+[-–—]\s+|:\s", self.page.title) if is_name_of_host(part, self.host)]
        found = [
            name
            for name in dict.fromkeys(names)
            if name and len(name) <= _MAX_SITE and "://" not in name and name[0] != "#"
        ]
        return sorted(found, key=lambda name: _LEGAL_FORM.search(name) is not None)

    def _site_in_title(self) -> list[str]:
        """Return the end of the page's title that is not the headline."""
        parts = BARS.split(self.page.title)
        headings = set(map(squeeze, self.page.headings[:3]))
        if not headings:  # the headline is a line of the page, or the much longer part
            shown = {squeeze(line) for line, _ in self.page.lines[:_FIRST_LINES]}
            has_dash = len(parts) < 2 and squeeze(self.page.title) not in shown and not any(self.meta("title"))
            parts = _DASHES.split(self.page.title) if has_dash else parts
            longest = max(parts, key=lambda part: len(part.split()))
            is_shown = [part for part in parts if squeeze(part) in shown] == [longest]
            if len(longest.split()) >= (_MIN_SHOWN_HEADLINE if is_shown else _MIN_HEADLINE):
                headings = {squeeze(longest)}
            elif has_dash:
                return []
        if len(parts) < 2:
            return []
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


def resolve(address: str | None, base: str | None = None) -> str | None:
    """Return an absolute address on the web without fragment and credentials, or None."""
    address = clean(address or "")
    if not address or any(character.isspace() or character in '<>"\\' for character in address):
        return None
    try:
        parts = urlsplit(urljoin(base, address) if base else address)
        port = f":{parts.port}" if parts.port is not None else ""
        host = parts.hostname
    except ValueError:
        return None
    is_host = host and ("." in host or ":" in host or host == "localhost")
    if parts.scheme not in {"http", "https"} or not host or not is_host:
        return None
    host = f"[{host}]" if ":" in host else host
    return urlunsplit((parts.scheme, host + port, parts.path or "/", parts.query, ""))


def is_home(address: str) -> bool:
    """Return whether an address is the front page of a site."""
    parts = urlsplit(address)
    is_root = parts.path.strip("/").lower() in {"", "index.html", "index.htm", "index.php"}
    return is_root and not _TRACKING.sub("", parts.query)


def _may_be_canonical(address: str, url: str) -> bool:
    """Return whether an address can be that of the page at ``url``: same site, no front page."""
    host = host_of(url)
    is_same_site = _site(host_of(address)) == _site(host)
    return is_same_site and (is_home(url) or not is_home(address))


def host_of(address: str | None) -> str:
    """Return the host of an absolute address, or an empty string."""
    return (urlsplit(address).hostname or "") if address else ""


def steps_of(address: str | None) -> list[str]:
    """Return the folders in the path of an address: ["world", "europe"]."""
    return [step for step in urlsplit(address).path.lower().split("/")[:-1] if step] if address else []


def _site(host: str) -> str:
    """Return the part of a host that names the site: example.co.uk."""
    labels = host.split(".")
    is_second_level = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3:] if is_second_level else labels[-2:])


@lru_cache(maxsize=1_000)
def is_name_of_host(text: str, host: str) -> bool:
    """Return whether a text is the name of a site as in its host: "The Daily Bugle" in dailybugle.com."""
    labels = {label.replace("-", "") for label in host.split(".")[:-1]} | {host.replace(".", "").removeprefix("www")}
    names = (normalize(name).replace(" ", "") for name in (text, _ARTICLE.sub("", text.strip())))
    return any(len(name) >= 2 and name in labels for name in names)
