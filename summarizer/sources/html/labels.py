"""The section of an article and its form, by the labels of the page: sections, kickers, breadcrumbs, the address."""

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import cast

from summarizer._patterns import compile_lazily
from summarizer._text import normalize
from summarizer.article import ArticleForm
from summarizer.sources.html.page import TABLES, element_text, is_elsewhere, similarity
from summarizer.sources.html.page_data import PageData, steps_of
from summarizer.sources.html.schema_org import flatten, text_of, types_of

_MAX_LABEL = 60  # characters
_MAX_STEPS = 10
_MAX_LABELS = 4  # over a headline
_MAIN = ("body", "main", "article")
_NAMING = ("class", "id", "itemtype", "data-type", "data-page-type")

_NO_SECTIONS = frozenset(TABLES["sections"]["excluded"].split("\n"))
_FORMS: dict[ArticleForm, frozenset[str]] = {
    form: frozenset(normalize(phrase) for phrase in phrases.split("\n") if phrase)
    for form, phrases in TABLES["forms"].items()
}
_AFFIX = "(?:page|template|type|is|node|post|single|story|article|entry|category|full|container|main|body|wrapper)"
_CLASSES: dict[ArticleForm, re.Pattern[str]] = {
    form: compile_lazily(rf"(?:{_AFFIX}[-_]{{0,2}})*(?:{pattern})(?:[-_]{{0,2}}{_AFFIX})*", re.IGNORECASE)
    for form, pattern in TABLES["classes"].items()
}
_INTERVIEW = compile_lazily(r"(?:the |das )?interview (?:with|mit|avec|con|met)\b", re.IGNORECASE)
_FIRST_PART = compile_lazily(r"([^:|.]{3,30}?)\s*(?:[:|]| [–—-] )")
_BEFORE_NAME = compile_lazily(
    r"(?:an? |eine? |un |une |una )?((?:[^\W\d_]+ )?[^\W\d_]{4,15})(?:\s*:| (?:by|von|par|por|di|door)) ", re.IGNORECASE
)


def read_labels(data: PageData, title: str | None) -> tuple[str | None, ArticleForm | None]:
    """Return the section of the article, and its form, each None if the page does not say."""
    declared = [
        text for node in data.nodes for value in flatten(node.get("articleSection")) if (text := text_of(value))
    ]
    trail = _breadcrumbs(data, title)
    candidates = [*declared, *data.meta("section"), *trail[::-1]]
    shown = [re.split(r"[;>|/,]", text)[0].strip() for text in candidates]
    section = next((text for text in shown if _is_section(text)), None) or _linked_section(data)
    section = section.capitalize() if section and section.islower() else section
    genres = [text_of(value) for node in data.nodes for value in flatten(node.get("genre"))]
    kickers = [*candidates, *genres, *_kickers(data)]
    return section, _form(data, title, [*kickers, section or ""])


def _is_section(text: str) -> bool:
    is_name = 0 < len(text) <= _MAX_LABEL and "://" not in text and not text.isdigit()
    return is_name and text.lower() not in _NO_SECTIONS


def _breadcrumbs(data: PageData, title: str | None) -> list[str]:
    """Return the steps to the page, without the home page and the page itself."""
    lists = [node for node in data.objects.main if "breadcrumblist" in types_of(node)]
    steps: list[str] = []
    for node in lists[:1]:
        items = [item for item in flatten(node.get("itemListElement")) if isinstance(item, dict)]
        steps = [text_of(item.get("name")) or text_of(item.get("item")) for item in items]
    if not steps:
        for element in data.page.in_role("trail")[:1]:
            items = [item for item in element.iter("li", "a") if item.tag == "li" or item.getparent().tag != "li"]
            steps = [element_text(item).strip("›»>/ ") for item in items[:_MAX_STEPS]]
    if steps and title and (similarity(steps[-1], title) > 0.8 or len(steps[-1]) > _MAX_LABEL):
        steps = steps[:-1]
    return [step for step in steps if _is_section(step) and not data.is_site(step)]


def _linked_section(data: PageData) -> str | None:
    """Return the text of a link to a section: over the headline, or the address's first step."""
    credit = set(data.page.in_role("credit"))
    marked = [element for element in data.page.in_role("kicker")[: 10 * _MAX_STEPS] if element not in credit]
    links = [element if element.tag == "a" else element.find("a") for element in marked]
    for link in [link for link in links if link is not None and link not in credit][:_MAX_STEPS]:
        text = element_text(link)
        if _is_section(text) and not data.is_site(text) and not is_elsewhere(link):
            return text
    for step in steps_of(data.address)[:1]:
        ends = (f"/{step}", f"/{step}/")
        for link in data.page.elements("a"):
            href = (link.get("href") or "").lower()
            if href in ends or (href.endswith(ends) and href.count("/") <= 4 and data.host in href):
                text = element_text(link)
                return text if link not in credit and _is_section(text) and not data.is_site(text) else None
    return None


def _form(data: PageData, title: str | None, labels: list[str]) -> ArticleForm | None:
    """Return the form that the page names: by its type, its labels, its classes, its address, its title."""
    kinds = types_of(data.article)
    for kind, form in TABLES["types"].items():
        if kind in kinds:
            return cast("ArticleForm", form)
    keys = set(map(normalize, [*labels, *_first_words(data, title)]))
    declared = {normalize(kind) for kind in data.meta("type")}
    classes = _main_classes(data)
    if declared & _FORMS["live-blog"] or any(map(_CLASSES["live-blog"].fullmatch, classes)):
        return "live-blog"  # its label may be that of a topic
    if not data.article and any(map(_is_release_note, chain(*data.lines_near(title)))):
        return "press-release"
    steps = {normalize(step) for step in steps_of(data.address)}
    for form, names in _FORMS.items():
        if (keys | steps) & names or (form in _CLASSES and any(map(_CLASSES[form].fullmatch, classes))):
            return form
    if title and _INTERVIEW.match(title):
        return "interview"
    return "report" if kinds & {"newsarticle", "reportagenewsarticle"} else None


def _is_release_note(line: str) -> bool:
    """Return whether a line is such as "Press release issued: 2 May 2025"."""
    key = normalize(line[: 2 * _MAX_LABEL])
    is_numbered = len(line) <= _MAX_LABEL and any(map(str.isdigit, line))
    return key in _FORMS["press-release"] or (is_numbered and key.startswith(tuple(_FORMS["press-release"])))


def _first_words(data: PageData, title: str | None) -> Iterator[str]:
    """Yield labels at the beginning of a text: "Interview: Ann Lee" in the title, the description, a credit."""
    for text in (title or "", data.page.title, data.page.value("description", "og:description")):
        if start := _FIRST_PART.match(text):
            yield start[1]
    lines = [] if data.article else [line for line in data.lines_near(title)[0][:3] if line[-1] not in ".!?…"]
    for line in [*map(element_text, data.page.in_role("credit")[:3]), *lines]:
        if start := _BEFORE_NAME.match(line[:_MAX_LABEL]):
            yield start[1]


def _kickers(data: PageData) -> Iterator[str]:
    """Yield the short texts in and directly before the headline."""
    for heading in data.page.elements("h1")[:2]:
        found = list(heading.iterchildren("span", "div", "strong", "small", "a"))[:3]
        above = heading.getparent()
        for element in (heading, above):
            before = islice(element.itersiblings(preceding=True), _MAX_LABELS) if element is not None else ()
            for sibling in before:
                if len(sibling) <= _MAX_LABELS:  # more are a menu
                    found += [sibling, *sibling.iterchildren("span", "div", "p", "a")]
            if element is heading and above is not None and (above.tag in {"body", "main"} or len(found) > 3):
                break
        for element in found:
            if element.tag not in {"nav", "script", "style", "header"}:
                text = element_text(element)
                if text and len(text) <= _MAX_LABEL:
                    yield text
                    yield from re.split(r"\s*[|/·•›>:,–—]\s*", text)


def _main_classes(data: PageData) -> list[str]:
    """Return the classes, ids and types of the main elements."""
    elements = [data.page.tree, *(element for tag in _MAIN for element in data.page.elements(tag)[:1])]
    names = [element.get(name) or "" for element in elements for name in _NAMING]
    return [name.rpartition("/")[2] for name in " ".join(names).split()]
