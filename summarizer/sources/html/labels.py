"""The section of an article and its form, by the labels of the page: sections, kickers, breadcrumbs, the address."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from summarizer._text import normalize
from summarizer.article import ArticleForm
from summarizer.sources.html.page import TABLES, element_text, is_elsewhere, similarity
from summarizer.sources.html.page_data import PageData, steps_of
from summarizer.sources.html.schema_org import flatten, text_of, types_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MAX_LABEL = 60  # characters
_MAX_STEPS = 10
_MAX_LABELS = 4  # over a headline

_NO_SECTIONS = frozenset(TABLES["sections"]["excluded"].split("\n"))
_FORMS: dict[ArticleForm, frozenset[str]] = {
    form: frozenset(normalize(phrase) for phrase in phrases.split("\n") if phrase)
    for form, phrases in TABLES["forms"].items()
}
_FORM_TYPES: dict[str, ArticleForm] = {
    "liveblogposting": "live-blog",
    "opinionnewsarticle": "opinion",
    "analysisnewsarticle": "analysis",
    "backgroundnewsarticle": "analysis",
    "interview": "interview",
    "pressrelease": "press-release",
}
_LIVE = re.compile(
    r"(?:page|template|type|is|single|story|article)?[-_]{0,2}live[-_]?(?:blog|ticker)(?:posting)?"
    r"(?:[-_]{1,2}(?:page|container|main|article|template|story|body|wrapper))?",
    re.IGNORECASE,
)
_INTERVIEW = re.compile(r"(?:the |das )?interview (?:with|mit|avec|con|met)\b", re.IGNORECASE)
_FIRST_PART = re.compile(r"([^:|]{3,30}?)\s*(?:[:|]| [–—-] )")


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
    lists += [node for page in data.nodes for node in data.objects.values(page, "breadcrumb") if isinstance(node, dict)]
    steps: list[str] = []
    for node in lists[:1]:
        items = [item for item in flatten(node.get("itemListElement")) if isinstance(item, dict)]
        steps = [text_of(item.get("name")) or text_of(item.get("item")) for item in items]
    if not steps:
        for element in data.page.in_role("trail")[:1]:
            items = [item for item in element.iter("li", "a") if item.tag == "li" or item.getparent().tag != "li"]
            steps = [element_text(item).strip("›»>/ ") for item in items[:_MAX_STEPS]]
            steps = steps or re.split(r"\s*[›»>/]\s*", element_text(element)[:200])
    if steps and title and (similarity(steps[-1], title) > 0.8 or len(steps[-1]) > _MAX_LABEL):
        steps = steps[:-1]
    return [step for step in steps if _is_section(step) and not data.is_site(step)]


def _linked_section(data: PageData) -> str | None:
    """Return the text of a link to a section: over the headline, or to the first step of the page's address."""
    marked = data.page.in_role("kicker")[: 10 * _MAX_STEPS]
    links = [element if element.tag == "a" else element.find("a") for element in marked]
    for link in [link for link in links if link is not None][:_MAX_STEPS]:
        text = element_text(link)
        if _is_section(text) and not data.is_site(text) and not is_elsewhere(link):
            return text
    for step in steps_of(data.address)[:1]:
        ends = (f"/{step}", f"/{step}/")
        for link in data.page.elements("a"):
            href = (link.get("href") or "").lower()
            if href in ends or (href.endswith(ends) and href.count("/") <= 4 and data.host in href):
                text = element_text(link)
                return text if _is_section(text) and not data.is_site(text) else None
    return None


def _form(data: PageData, title: str | None, labels: list[str]) -> ArticleForm | None:
    """Return the form that the page names: by its type, its labels, its address, its title."""
    kinds = types_of(data.article)
    for kind, form in _FORM_TYPES.items():
        if kind in kinds:
            return form
    if _is_live(data):
        return "live-blog"
    start = _FIRST_PART.match(title or "")
    labels += [*(step.replace("-", " ") for step in steps_of(data.address)), *([start[1]] if start else [])]
    keys = set(map(normalize, labels))
    for form, names in _FORMS.items():
        if keys & names:
            return form
    if title and _INTERVIEW.match(title):
        return "interview"
    return "news" if kinds & {"newsarticle", "reportagenewsarticle"} else None


def _kickers(data: PageData) -> Iterator[str]:
    """Yield the short texts in and directly before the headline."""
    for heading in data.page.elements("h1")[:2]:
        before, above = heading.getprevious(), heading.getparent()
        if before is None and above is not None and above.tag not in {"body", "main"}:
            before = above.getprevious()
        inner = list(heading.iterchildren("span", "div", "strong", "small", "a"))[:3]
        before = None if before is None or len(before) > _MAX_LABELS else before  # a menu
        beside = before.iterchildren("span", "div", "p", "a") if before is not None else ()
        for element in (*inner, before, *beside):
            if element is not None and element.tag not in {"nav", "script", "style", "header"}:
                text = element_text(element)
                if text and len(text) <= _MAX_LABEL:
                    yield text
                    yield from re.split(r"\s*[|/·•›>:,–—]\s*", text)


def _is_live(data: PageData) -> bool:
    """Return whether the main elements or the page's own type say that it is a live blog."""
    tree = data.page.tree
    elements: list[HtmlElement | None] = [tree, tree.find(".//body"), tree.find(".//main"), tree.find(".//article")]
    for element in elements:
        if element is not None:
            names = [element.get(name) or "" for name in ("class", "id", "itemtype", "data-type", "data-page-type")]
            if any(_LIVE.fullmatch(name.rpartition("/")[2]) for name in " ".join(names).split()):
                return True
    return any(normalize(kind) in _FORMS["live-blog"] for kind in data.meta("type"))
