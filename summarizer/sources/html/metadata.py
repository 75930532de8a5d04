"""Read the metadata of a web page: from its own data first, then from its text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summarizer._patterns import compile_lazily
from summarizer._text import normalize, normalized_words, one_line
from summarizer.article import ArticleForm
from summarizer.sources.html.bylines import Credits, bare_name, credit_line, merge, read_credit, visible_credits
from summarizer.sources.html.dates import date_in_address, is_change, most_precise, parse_date
from summarizer.sources.html.labels import read_labels
from summarizer.sources.html.page import TABLES, Page, element_text, is_elsewhere, similarity, squeeze
from summarizer.sources.html.page_data import BARS, PageData, is_name_of_host
from summarizer.sources.html.schema_org import flatten, text_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MAX_TITLE = 400  # characters
_MAX_DATE_LINE = 120
_MAX_ORGANISATIONS = 3
_MAX_TIMES = 20  # time elements
_MIN_SIMILARITY = 0.5  # of two wordings of a headline
_MIN_HEADLINE = 3  # words of a heading that no other title confirms

_LANGUAGES: dict[str, str] = TABLES["languages"]
_NO_LANGUAGES = frozenset({"und", "mul", "zxx", "mis"})
_MONTH_FIRST = frozenset({"en", "en-US"})
_DAY_FIRST_HOSTS = (".uk", ".au", ".ie", ".in", ".nz", ".za", ".eu")
_SEPARATORS = (BARS, compile_lazily(r"\s+[-–—]\s+|(?<=\S):\s"))
_PUBLISHED = compile_lazily(rf"\b(?:{'|'.join(TABLES['dates']['published'].split())})\b", re.IGNORECASE)
# The numbers of a wire story's versions: "UPDATE 2-Ministers agree".
_VERSION = compile_lazily(r"(?:UPDATE|WRAPUP|CORRECTED|REFILE|RPT)(?: \d+)?\s?-\s?(?=\w)")


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
    words: int | None = None
    """The number of words of the whole article, if the page declares it."""

    @property
    def author(self) -> str | None:
        """The authors in one line: "Ann Lee, Bo Day and Cy Fox"."""
        *others, last = self.authors or ("",)
        return (f"{', '.join(others)} and {last}" if others else last) or None


def read_metadata(page: Page, url: str | None = None) -> PageMetadata:
    """Read the metadata of a page.

    Args:
        page: The page.
        url: Its address.
    """
    data = PageData(page, url)
    title = _title(data)
    language = _language(data)
    section, form = read_labels(data, title)
    return PageMetadata(
        title=_VERSION.sub("", title, count=1) if title and _VERSION.match(title) else title,
        authors=_authors(data, title),
        published=_published(data, title, language),
        language=language,
        url=data.address,
        site=next(iter(data.sites), None),
        section=section,
        form=form,
        types=data.types,
        is_free=_is_free(data),
        words=_count((data.article or {}).get("wordCount")),
    )


def _title(data: PageData) -> str | None:
    """Return the headline: the heading that a title in the page's data confirms, or the best of these titles."""
    own = _without_site(data.objects.text(data.article, "headline", "name"), data) if data.article else ""
    others = [title for text in (*data.meta("title"), data.page.title) if (title := _without_site(text, data))]
    titles = [own, *others] if own else others
    headings = [text for heading in data.page.elements("h1")[:5] if _is_headline(text := _heading(heading), data)]
    for heading in headings:
        for title in titles:
            if squeeze(heading) == squeeze(title):  # one of them may have the better spaces or capitals
                return title if heading.isupper() or heading.count(" ") < title.count(" ") else heading
    for heading in headings:
        if any(similarity(heading, title) >= _MIN_SIMILARITY for title in titles):
            return heading
    if own:
        return own
    if not headings:  # old pages begin with h2
        headings = [
            text
            for heading in data.page.elements("h2")[:3]
            if any(squeeze(text := _heading(heading)) in squeeze(title) for title in titles)
        ]
    if len(headings) == 1 and len(normalized_words(headings[0])) >= _MIN_HEADLINE:
        return headings[0]
    return next(iter([*titles, *headings]), None)


def _heading(element: "HtmlElement") -> str:
    return element_text(element, without_labels=True) or element_text(element)


def _is_headline(text: str, data: PageData) -> bool:
    return 0 < len(text) <= _MAX_TITLE and normalize(text) not in data.site_keys


def _without_site(title: str, data: PageData) -> str:
    """Return a title without the site's name at its end or beginning."""
    if len(title) > 2 * _MAX_TITLE:
        return ""
    for separator in _SEPARATORS:
        while marks := list(separator.finditer(title)):
            first, last = title[: marks[0].start()], title[marks[-1].end() :]
            if data.is_site(last) or (separator is BARS and len(last) <= marks[-1].start()):
                title = title[: marks[-1].start()]
            elif data.is_site(first):
                title = title[marks[0].end() :]
            else:
                break
    title = title.strip()
    return title if _is_headline(title, data) else ""


def _authors(data: PageData, title: str | None) -> tuple[str, ...]:
    """Return the authors: of the page's data, else its meta elements, its marked bylines, a line near the headline.

    Organisations count only if no person is named anywhere.
    """
    sites = data.site_keys
    in_data = merge(
        read_credit(name, sites, is_person=is_person)
        for node in data.nodes[:1]
        for key in ("author", "creator")
        for name, is_person in data.objects.names(node, key)
    )
    declared = [text for text in data.meta("author") if not any(map(str.isdigit, text))]
    is_known = set(declared) <= set(in_data.people)
    in_meta = Credits() if is_known else merge(read_credit(text, sites) for text in declared)
    people = in_meta.people if set(in_data.people) < set(in_meta.people) else in_data.people
    organisations = in_data.organisations or in_meta.organisations
    if not people:
        shown = visible_credits(data.page, sites)
        if not shown.people:
            lines = data.lines_near(title)[0]
            line = credit_line(lines, sites)
            if not line.people and not (organisations or shown.organisations):
                line = bare_name(lines, data.page)
            shown = Credits(line.people, shown.organisations or line.organisations)
        people, organisations = shown.people, organisations or shown.organisations
    others = tuple(name for name in people if not is_name_of_host(name, data.host))
    if others or not data.has_declared_site:  # a site may bear the name of its only author
        people = others
    return people or organisations[:_MAX_ORGANISATIONS]


def _published(data: PageData, title: str | None, language: str | None) -> str | None:
    day_first = language not in _MONTH_FIRST or (language == "en" and data.host.endswith(_DAY_FIRST_HOSTS))

    def parse(value: object) -> str | None:
        return parse_date(text_of(value) if isinstance(value, dict) else value, day_first=day_first)

    for key in ("datePublished", "dateCreated", "uploadDate"):
        declared = [value for node in data.nodes for value in flatten(node.get(key))]
        if found := most_precise(filter(None, map(parse, [*declared, *data.meta("date")]))):
            return found if "T" in found else most_precise([found, *filter(None, map(parse, _times(data)))])
    if found := next(filter(None, map(parse, _times(data))), None):
        return found
    changed = None
    after, before = data.lines_near(title)
    for line in (*after, *before):
        if len(line) <= _MAX_DATE_LINE and (found := parse(line)):
            first = parse(_PUBLISHED.split(line, maxsplit=1)[-1]) if _PUBLISHED.search(line) else None
            if first or not is_change(line):
                return first or found
            changed = changed or found
    return date_in_address(data.address or "") or changed


def _times(data: PageData) -> Iterator[str]:
    """Yield the dates of time elements: first those that are marked as publication."""
    shown = [time for time in data.page.elements("time")[: 5 * _MAX_TIMES] if not is_elsewhere(time)]
    for time in sorted(shown[:_MAX_TIMES], key=_rank_of_time):
        yield time.get("datetime") or element_text(time)


def _rank_of_time(time: "HtmlElement") -> int:
    marks = " ".join(time.get(name) or "" for name in ("class", "itemprop", "data-testid", "id")).lower()
    if time.get("pubdate") is not None or any(mark in marks for mark in ("publi", "pubdate", "created")):
        return 0
    previous, parent = time.getprevious(), time.getparent()
    before = (parent.text if previous is None else previous.tail) or ""
    is_changed = "updat" in marks or "modif" in marks or is_change(before)
    return 2 if is_changed else 1


def _language(data: PageData) -> str | None:
    names: list[str] = []
    for node in data.nodes:
        for value in data.objects.values(node, "inLanguage"):
            names += (
                [text_of(value.get("alternateName")), text_of(value)] if isinstance(value, dict) else [text_of(value)]
            )
    names += [data.page.language, *data.meta("language")]
    return next(filter(None, map(_language_tag, names)), None)


def _language_tag(name: str) -> str | None:
    """Return a BCP 47 tag: "de-AT" for "de_at", "en" for "English"."""
    words = re.split(r"[,;\s]", one_line(name[:100]).lower())
    first, *others = words[0].replace("_", "-").partition(".")[0].split("-")
    first = _LANGUAGES.get(first, first)
    if not re.fullmatch(r"[a-z]{2,3}", first) or first in _NO_LANGUAGES:
        return None
    if len(others) > 3 or not all(re.fullmatch(r"[a-z0-9]{2,8}", part) for part in others):
        return first
    written = {2: str.upper, 4: str.title}
    return "-".join([first, *(written.get(len(part), str)(part) for part in others)])


def _is_free(data: PageData) -> bool | None:
    declared = [_boolean(value) for node in data.nodes for value in flatten(node.get("isAccessibleForFree"))]
    tier = data.page.value("article:content_tier", "content_tier").lower()
    if False in declared or tier in {"locked", "premium", "paid"}:
        return False
    return True if True in declared or tier == "free" else None


def _boolean(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    text = text_of(value).rpartition("/")[2].lower()
    return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(text)


def _count(value: object) -> int | None:
    if isinstance(value, str):
        digits = value.replace(",", "").strip()
        value = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 8 else 0
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**7 else None
