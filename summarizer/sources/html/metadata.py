"""Read the metadata of a web page: from its own data first, then from its text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit, urlunsplit

from summarizer._files import read_toml
from summarizer._text import normalize, normalized_words, one_line
from summarizer.article import ArticleForm
from summarizer.sources.html.bylines import Credits, credit_line, merge, read_credit, visible_credits
from summarizer.sources.html.dates import date_in_address, is_change, most_precise, parse_date
from summarizer.sources.html.json_ld import Objects, flatten, is_article, read_json_ld, text_of, types_of
from summarizer.sources.html.page import (
    Node,
    Page,
    blocks,
    clean,
    element_text,
    is_elsewhere,
    read_microdata,
    read_page,
    similarity,
    xpath,
)

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MAX_TITLE = 400  # characters
_MAX_SITE = 80
_MAX_SECTION = 60
_MAX_DATE_LINE = 120
_LINES_AROUND_TITLE = 10
_MIN_SIMILARITY = 0.5  # of two wordings of a headline
_MANY_ARTICLES = 3  # that match no title: teasers

_TABLES = read_toml(__file__, "metadata.toml")
_LANGUAGES: dict[str, str] = _TABLES["languages"]
_NO_SECTIONS = frozenset(_TABLES["sections"]["excluded"].split("\n"))
_FORMS: dict[ArticleForm, frozenset[str]] = {
    form: frozenset(map(normalize, filter(None, phrases.split("\n")))) for form, phrases in _TABLES["forms"].items()
}
_FORM_TYPES: dict[str, ArticleForm] = {
    "liveblogposting": "live-blog",
    "opinionnewsarticle": "opinion",
    "analysisnewsarticle": "analysis",
    "backgroundnewsarticle": "analysis",
    "interview": "interview",
    "pressrelease": "press-release",
}
_LIVE_MARKUP = re.compile(
    r"live-?(?:blog|ticker)(?:posting)?(?:[-_]{1,2}(?:page|container|main|article|template))?", re.IGNORECASE
)

_TITLE_META = ("og:title", "twitter:title", "citation_title", "parsely-title", "sailthru.title", "dc.title", "title")
_AUTHOR_META = (
    "author", "article:author", "og:article:author", "og:author", "byl", "byline", "authors", "parsely-author",
    "sailthru.author", "citation_author", "dc.creator", "dcterms.creator", "dc.contributor", "creator",
    "article:author_name", "article.author", "cxenseparse:author", "rbauthors", "twitter:data1",
)  # fmt: skip
_DATE_META = (
    "article:published_time", "og:published_time", "og:article:published_time", "article:published", "datepublished",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "rnews:datepublished", "pubdate",
    "publish-date", "publish_date", "published_date", "publication_date", "publishdate", "published_time", "published",
    "article.published", "article_date_original", "originalpublicationdate", "og:pubdate", "dc.date.issued",
    "dcterms.issued", "dcterms.created", "dc.date.created", "dcterms.date", "dc.date", "citation_publication_date",
    "citation_online_date", "citation_date", "prism.publicationdate", "date", "displaydate", "gsa:published_date",
    "article:post_date", "dc.issued",
)  # fmt: skip
_SECTION_META = ("article:section", "og:article:section", "og:section", "parsely-section", "section", "articlesection",
                 "cxenseparse:section", "dc.subject.section", "prism.section", "article.section")  # fmt: skip
_SITE_META = ("og:site_name", "application-name", "apple-mobile-web-app-title", "dc.publisher", "dcterms.publisher",
              "citation_journal_title", "al:ios:app_name", "publisher")  # fmt: skip
_LEGAL_FORM = re.compile(
    r"(?:\b(?:gmbh|ag|inc|ltd|llc|plc|s\.?a\.?|s\.?p\.?a|s\.?r\.?l|b\.?v|e\. ?v|corp|limited|verlag)\b\.?)",
    re.IGNORECASE,
)

_BARS = re.compile(r"\s+[|¦]\s*|\s*[|¦]\s+|\s+(?:::|»|«|•|·|⋆)\s+|\|")
_DASHES = re.compile(r"\s+[-–—]\s+")


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
    words: int | None = None
    """The number of words of the whole article, if the page declares it."""

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
    return _Reader(tree, url).read()


class _Reader:
    """The sources of a page's metadata, in their order: JSON-LD, meta elements, microdata, visible text."""

    def __init__(self, tree: "HtmlElement", url: str | None) -> None:
        self.page = page = read_page(tree)
        self.url = url if _is_web(url) else None
        self.objects = Objects([*read_json_ld(page.scripts), *read_microdata(tree)])
        self.address = self._canonical()
        self.article = self._main_article()
        self.nodes = [self.article] if self.article else []
        self.nodes += [node for node in self.objects.main if types_of(node) & {"webpage", "itempage", "newspage"}]
        self.sites = self._sites()
        self.keys = frozenset(normalize(name) for name in self.sites) - {""}
        self._lines: list[str] | None = None

    def read(self) -> PageMetadata:
        language = self._language()
        title = self._title()
        section, trail = self._section(title)
        article = self.article or {}
        kinds = {kind for node in self.nodes for kind in types_of(node)} if self.nodes else set()
        if not self.article:
            kinds |= {kind for node in self.objects.main for kind in types_of(node) if not is_article(node)}
        kinds.update(self.page.value("og:type").lower().split())
        free = [_boolean(value) for node in self.nodes for value in flatten(node.get("isAccessibleForFree"))]
        return PageMetadata(
            title=title,
            authors=self._authors(title),
            published=self._published(title, language),
            language=language,
            url=self.address,
            site=self.sites[0][:_MAX_SITE] if self.sites else None,
            section=section,
            form=self._form(title, section, trail, types_of(article)),
            types=frozenset(kinds),
            is_free=self._is_free(free),
            paid_parts=tuple(self._paid_parts()),
            words=_count(article.get("wordCount")),
        )

    def _canonical(self) -> str | None:
        nodes = self.objects.articles()
        candidates = [self.page.canonical, *self.page.values("og:url")]
        if len(nodes) == 1:
            candidates += [value for key in ("url", "mainEntityOfPage") for value in _addresses(nodes[0].get(key))]
        for candidate in candidates:
            found = _resolve(candidate, self.url)
            if found and (not self.url or _is_same_page(found, self.url)):
                return found
        return _resolve(self.url, None) if self.url else None

    def _main_article(self) -> Node | None:
        """Return the article that the page is about, and not one that it links to."""
        titles = [*map(element_text, self.page.headings[:3]), *self.page.values("og:title"), self.page.title]
        addresses = {address.partition("#")[0] for address in (self.address, self.url) if address}

        def score(node: Node) -> int:
            given = {address for key in ("url", "mainEntityOfPage", "@id") for address in _addresses(node.get(key))}
            headline = self.objects.text(node, "headline", "name")
            is_here = any(_resolve(address, self.url) in addresses for address in given)
            is_titled = any(similarity(headline, title) >= _MIN_SIMILARITY for title in titles if title)
            return 4 * is_here + 3 * is_titled + bool(headline) + ("datePublished" in node) + ("author" in node)

        articles = self.objects.articles()
        if not articles:
            return None
        best = max(articles, key=score)
        headlines = {self.objects.text(node, "headline", "name") for node in articles}
        return None if len(headlines) >= _MANY_ARTICLES and score(best) < _MANY_ARTICLES + 1 else best

    def _sites(self) -> list[str]:
        """Return the names of the site, the best one first."""
        objects = self.objects
        publishers = [name for node in self.nodes for name, _ in objects.names(node, "publisher")]
        others = [objects.text(node, "name") for node in objects.main if "website" in types_of(node)]
        organisations = [
            objects.text(node, "name")
            for node in objects.main
            if types_of(node) & {"newsmediaorganization", "organization"}
        ]
        names = [
            *publishers,
            *self.page.values("og:site_name"),
            *others,
            *organisations,
            *self.page.values(*_SITE_META),
        ]
        host = (urlsplit(self.address).hostname or "") if self.address else ""
        tail = next(reversed(_BARS.split(self.page.title)), "")
        names.append(tail if tail != self.page.title and _is_host(tail, host) else "")
        found = [name for name in dict.fromkeys(names) if name and len(name) <= _MAX_SITE and "://" not in name]
        return sorted(found, key=lambda name: _LEGAL_FORM.search(name) is not None)

    def _language(self) -> str | None:
        declared = [value for node in self.nodes for value in self.objects.values(node, "inLanguage")]
        names = [value if isinstance(value, str) else _code(value) for value in declared]
        meta = self.page.values("content-language", "dc.language", "dcterms.language", "language", "og:locale")
        return next((tag for name in (*names, self.page.language, *meta) if (tag := _language_tag(name))), None)

    def _title(self) -> str | None:
        own = self.objects.text(self.article, "headline", "name") if self.article else ""
        page_titles = [*self.page.values(*_TITLE_META), self.page.title]
        written = [title for text in (own, *page_titles) if (title := self._without_site(text))]
        headings = [heading for heading in map(_heading, self.page.headings[:5]) if self._is_headline(heading)]
        for heading in headings:
            for title in written:
                if _squeeze(heading) == _squeeze(title):  # the same words: some have better spaces or capitals
                    return heading if heading == title or not (heading.isupper() or " " in title) else title
            if any(similarity(heading, title) >= _MIN_SIMILARITY for title in written):
                return heading
        if own and self._is_headline(own):
            return self._without_site(own)
        is_single = len(headings) == 1 and len(normalized_words(headings[0])) >= 3
        return headings[0] if is_single or (headings and not written) else next(iter(written), None)

    def _is_headline(self, text: str) -> bool:
        return 0 < len(text) <= _MAX_TITLE and normalize(text) not in self.keys

    def _without_site(self, title: str) -> str:
        """Return a title without the site's name at its end or beginning."""
        if len(title) > 2 * _MAX_TITLE:
            return ""
        host = (urlsplit(self.address).hostname or "") if self.address else ""
        for separator in (_BARS, _DASHES):
            while len(parts := separator.split(title)) > 1:
                marks = [match[0] for match in separator.finditer(title)]
                if self._is_site(parts[-1], host) or (separator is _BARS and len(parts[-1]) <= len(parts[0])):
                    title = title[: -len(marks[-1] + parts[-1])]
                elif self._is_site(parts[0], host):
                    title = title[len(parts[0] + marks[0]) :]
                else:
                    break
        title = title.strip()
        return title if self._is_headline(title) else ""

    def _is_site(self, text: str, host: str) -> bool:
        return normalize(text) in self.keys or _is_host(text, host)

    def _authors(self, title: str | None) -> tuple[str, ...]:
        objects, keys = self.objects, self.keys
        in_data = merge(
            read_credit(name, keys, is_person=is_person)
            for node in self.nodes[:1]
            for key in ("author", "creator")
            for name, is_person in objects.names(node, key)
        )
        in_meta = merge(
            read_credit(text, keys) for text in self.page.values(*_AUTHOR_META) if not _is_reading_time(text)
        )
        found = in_data
        if not in_data.people or set(in_data.people) < set(in_meta.people):
            found = Credits(in_meta.people, in_data.organisations or in_meta.organisations)
        if not found.people:
            shown = visible_credits(self.page, keys)
            if not shown.people:
                line = credit_line(self._lines_after(title), keys)
                shown = Credits(line.people, shown.organisations or line.organisations)
            found = Credits(shown.people, found.organisations or shown.organisations)
        return found.people or found.organisations[:3]

    def _published(self, title: str | None, language: str | None) -> str | None:
        day_first = self._is_day_first(language)
        declared = [
            value
            for key in ("datePublished", "dateCreated", "uploadDate")
            for node in self.nodes
            for value in flatten(node.get(key))
            if key != "dateCreated" or "datePublished" not in node
        ]
        values = [text_of(value) if isinstance(value, dict) else value for value in declared]
        values += self.page.values(*_DATE_META)
        if found := most_precise(filter(None, (parse_date(value, day_first=day_first) for value in values))):
            return found
        for text in self._times():
            if found := parse_date(text, day_first=day_first):
                return found
        changed = None
        for line in self._lines_around(title):
            if len(line) <= _MAX_DATE_LINE and (found := parse_date(line, day_first=day_first)):
                if not is_change(line):
                    return found
                changed = changed or found
        return date_in_address(self.address or "") or changed or self._guess_date()

    def _times(self) -> Iterator[str]:
        """Yield the dates of time elements: first those that are marked as publication."""
        shown = [time for time in self.page.times[:100] if not is_elsewhere(time)]

        def rank(time: "HtmlElement") -> int:
            marks = " ".join(
                time.get(name) or "" for name in ("class", "itemprop", "pubdate", "data-testid", "id")
            ).lower()
            parent = time.getparent()
            before = element_text(parent) if parent is not None and len(parent) < 10 else ""
            if "publi" in marks or "pubdate" in marks or time.get("pubdate") is not None or "created" in marks:
                return 0
            return (
                2 if "updat" in marks or "modif" in marks or is_change(element_text(time)) or is_change(before) else 1
            )

        for time in sorted(shown[:20], key=rank):
            yield time.get("datetime") or element_text(time)

    def _guess_date(self) -> str | None:
        """Search all of the page, which is slow; pages without any other date are rare."""
        from htmldate import find_date

        if len(self.page.tree) == 0:
            return None
        try:
            found = find_date(self.page.tree, extensive_search=False, original_date=True)
        except Exception:  # noqa: BLE001  # it fails on odd markup in ways of its own
            return None
        return parse_date(found)

    def _is_day_first(self, language: str | None) -> bool:
        host = (urlsplit(self.address).hostname or "") if self.address else ""
        return language not in {"en-US", "en"} or (
            language == "en" and host.endswith((".uk", ".au", ".ie", ".in", ".nz", ".za"))
        )

    @property
    def lines(self) -> list[str]:
        """The visible text of the page by blocks."""
        if self._lines is None:
            body = self.page.tree.find(".//body")
            self._lines = list(blocks(self.page.tree if body is None else body))
        return self._lines

    def _title_line(self, title: str | None) -> int:
        words = _squeeze(title or "")
        return next((index for index, line in enumerate(self.lines) if words and words in _squeeze(line[:1_000])), -1)

    def _lines_after(self, title: str | None) -> list[str]:
        return self.lines[self._title_line(title) + 1 :]

    def _lines_around(self, title: str | None) -> list[str]:
        index = self._title_line(title)
        before = self.lines[max(0, index - 3) : max(0, index)]
        return self.lines[index + 1 : index + 1 + _LINES_AROUND_TITLE] + before[::-1]

    def _section(self, title: str | None) -> tuple[str | None, list[str]]:
        """Return the section, and everything that says where the page belongs."""
        declared = [
            text for node in self.nodes for key in ("articleSection", "genre") for value in flatten(node.get(key))
            if (text := text_of(value))
        ]  # fmt: skip
        sections = [
            text for node in self.nodes for value in flatten(node.get("articleSection")) if (text := text_of(value))
        ]
        trail = self._breadcrumbs(title)
        candidates = [*sections, *self.page.values(*_SECTION_META), *reversed(trail)]
        shown = [part.strip() for text in candidates for part in re.split(r"[;>|/,]", text)[:1]]
        section = next((text for text in shown if self._is_section(text)), None)
        return section, [*declared, *self.page.values(*_SECTION_META), *trail]

    def _is_section(self, text: str) -> bool:
        return (
            0 < len(text) <= _MAX_SECTION
            and text.lower() not in _NO_SECTIONS
            and "://" not in text
            and not text.isdigit()
        )

    def _breadcrumbs(self, title: str | None) -> list[str]:
        """Return the steps to the page, without the home page and the page itself."""
        steps: list[str] = []
        for node in self.objects.main:
            if "breadcrumblist" in types_of(node) and not steps:
                steps = [text_of(item.get("name")) or text_of(item.get("item")) for item in flatten(node.get("itemListElement")) if isinstance(item, dict)]  # fmt: skip
        for node in self.nodes:
            crumbs = self.objects.resolve(node.get("breadcrumb"))
            if isinstance(crumbs, dict) and not steps:
                steps = [text_of(item.get("name")) or text_of(item.get("item")) for item in flatten(crumbs.get("itemListElement")) if isinstance(item, dict)]  # fmt: skip
        if not steps:
            trails = xpath(
                ".//*[contains(@class, 'breadcrumb') or @aria-label='breadcrumb' or @aria-label='Breadcrumb']"
            )
            for element in trails(self.page.tree)[:1]:
                items = [item for item in element.iter("li", "a") if item.tag == "li" or item.getparent().tag != "li"][
                    :10
                ]
                steps = [element_text(item).strip("›»>/ ") for item in items]
        if steps and title and (similarity(steps[-1], title) > 0.8 or len(steps[-1]) > _MAX_SECTION):
            steps = steps[:-1]
        return [step for step in steps if self._is_section(step) and normalize(step) not in self.keys]

    def _form(self, title: str | None, section: str | None, trail: list[str], kinds: set[str]) -> ArticleForm | None:
        """Return the form that the page names: by its type, its labels, its address, its title."""
        for kind, form in _FORM_TYPES.items():
            if kind in kinds:
                return form
        if self._is_live():
            return "live-blog"
        labels = [*self._labels(), *trail, *([section] if section else [])]
        path = urlsplit(self.address).path.lower().split("/") if self.address else []
        steps = [step for step in path[:-1] if step]
        start = re.match(r"([^:|]{3,30})(?:[:|]| [–—-] )", title or "")
        labels += [*(step.replace("-", " ") for step in steps), *([start[1]] if start else [])]
        keys = set(map(normalize, labels))
        for form, names in _FORMS.items():
            if keys & names:
                return form
        if re.match(r"interview (?:with|mit|avec|con|met)\b", (title or "").lower()):
            return "interview"
        return "news" if kinds & {"newsarticle", "reportagenewsarticle"} else None

    def _labels(self) -> Iterator[str]:
        """Yield the short texts in and directly before the headline."""
        for heading in self.page.headings[:2]:
            inner = [
                element for element in heading.iter("span", "div", "strong", "small", "a") if element is not heading
            ]
            before = heading.getprevious()
            above = heading.getparent()
            outer = above.getprevious() if above is not None and above.tag != "body" and before is None else None
            for element in (*inner[:5], before, outer):
                if (
                    element is not None
                    and isinstance(element.tag, str)
                    and element.tag not in {"nav", "script", "style"}
                ):
                    text = element_text(element)
                    if text and len(text) <= _MAX_SECTION:
                        yield text
                        yield from re.split(r"\s*[|/·•›>:,–—]\s*", text)

    def _is_live(self) -> bool:
        body = self.page.tree.find(".//body")
        elements = [self.page.tree, body, *self.page.tree.iter("main", "article")]
        for element in elements[:4]:
            if element is not None:
                names = " ".join(
                    element.get(name) or "" for name in ("class", "id", "itemtype", "data-type", "data-page-type")
                )
                if any(_LIVE_MARKUP.fullmatch(name.rpartition("/")[2]) for name in names.split()):
                    return True
        kinds = self.page.values(
            "article:content_type", "content-type", "page-type", "pagetype", "article:type", "template"
        )
        return any(normalize(kind) in _FORMS["live-blog"] for kind in kinds)

    def _is_free(self, declared: list[bool | None]) -> bool | None:
        tier = self.page.value("article:content_tier", "content_tier").lower()
        if False in declared or tier in {"locked", "premium", "paid"}:
            return False
        return True if True in declared or tier == "free" else None

    def _paid_parts(self) -> Iterator[str]:
        for node in self.nodes[:1]:
            for part in flatten(node.get("hasPart")):
                if isinstance(part, dict) and _boolean(part.get("isAccessibleForFree")) is False:
                    yield from (selector for value in flatten(part.get("cssSelector")) if (selector := text_of(value)))


def _heading(element: "HtmlElement") -> str:
    """Return the headline in a heading; if it has only labels, those are the headline."""
    return element_text(element, without_labels=True) or element_text(element)


def _squeeze(text: str) -> str:
    """Return the letters and digits of a text, to compare texts whose spaces and punctuation differ."""
    return normalize(text).replace(" ", "")


def _is_host(text: str, host: str) -> bool:
    """Return whether a text is the name of a site as in its address: "The Daily Bugle", dailybugle.com."""
    letters = _squeeze(re.sub(r"^(?:the|der|die|das|le|la|el|il)\s+", "", text, flags=re.IGNORECASE))
    labels = [label.replace("-", "") for label in host.split(".")[:-1]]
    return len(letters) >= 2 and (letters in labels or letters == host.replace(".", "").removeprefix("www"))


def _is_reading_time(text: str) -> bool:
    return any(character.isdigit() for character in text)


def _boolean(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    text = text_of(value).rpartition("/")[2].lower()
    return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(text)


def _count(value: object) -> int | None:
    text = text_of(value).replace(",", "") if isinstance(value, str) else value
    if isinstance(text, str):
        return int(text) if text.isdecimal() and len(text) < 8 else None
    return text if isinstance(text, int) and not isinstance(text, bool) and 0 < text < 10**7 else None


def _code(value: object) -> str:
    return (
        next((text_of(value.get(key)) for key in ("alternateName", "name") if value.get(key)), "")
        if isinstance(value, dict)
        else ""
    )


def _language_tag(name: str) -> str | None:
    """Return a BCP 47 tag: "de-AT" for "de_at", "en" for "English"."""
    name = re.split(r"[,;\s]", one_line(name[:100]).lower())[0].replace("_", "-").partition(".")[0]
    first, *others = _LANGUAGES.get(name, name).split("-")
    first = _LANGUAGES.get(first, first)
    if not re.fullmatch(r"[a-z]{2,3}", first) or first in {"und", "mul", "zxx"} or len(others) > 3:
        return None
    written = {2: str.upper, 4: str.title}
    if not all(re.fullmatch(r"[a-z0-9]{2,8}", part) for part in others):
        return first
    return "-".join([first, *(written.get(len(part), str)(part) for part in others)])


def _addresses(value: object) -> Iterator[str]:
    for item in flatten(value):
        address = (
            item
            if isinstance(item, str)
            else text_of(item.get("@id") or item.get("url"))
            if isinstance(item, dict)
            else ""
        )
        if address:
            yield address


def _is_web(url: str | None) -> bool:
    return url is not None and url.lower().startswith(("http://", "https://"))


def _resolve(address: str | None, base: str | None) -> str | None:
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
    if (
        parts.scheme not in {"http", "https"}
        or not host
        or ("." not in host and host != "localhost" and ":" not in host)
    ):
        return None
    host = f"[{host}]" if ":" in host else host
    return urlunsplit((parts.scheme, host + port, parts.path or "/", parts.query, ""))


def _is_same_page(found: str, url: str) -> bool:
    """Return whether a canonical address may belong to a page: not another site, not the home page of an article."""
    one, other = urlsplit(found), urlsplit(url)
    is_home = one.path.strip("/") in {"", "index.html", "index.php"} and not one.query
    is_deep = other.path.strip("/") != ""
    return not (is_home and is_deep) and (
        _domain(one.hostname) == _domain(other.hostname) or (other.hostname or "").endswith(_CACHES)
    )


_CACHES = ("cdn.ampproject.org", "web.archive.org", "webcache.googleusercontent.com")


def _domain(host: str | None) -> str:
    """Return the part of a host that stands for the site: example.co.uk."""
    labels = (host or "").split(".")
    is_second = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3:] if is_second else labels[-2:])
