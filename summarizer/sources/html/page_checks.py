"""Recognize pages that are no article, or that show only a part of one."""

import re
import unicodedata
from functools import cache, cached_property
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from summarizer._files import read_toml
from summarizer._text import collapse_whitespace, normalize
from summarizer.errors import ArticleError
from summarizer.sources.html.addresses import is_home, steps_of
from summarizer.sources.html.metadata import PageMetadata
from summarizer.sources.html.page import blocks, clean, element_text, is_hidden, xpath

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LITTLE_TEXT = 150  # words; an error page or a wall has seldom more of its own
_NO_TEXT = 25  # words; the length of a standfirst
_SHORT_ARTICLE = 60  # words; a news item in brief
_MUCH_TEXT = 400  # words; with so many, a page with the title of an error is an article
_TEASER = 300  # words; previews of paid articles are shorter
_PREVIEW = 200  # words; without any other sign of a paywall
_MAX_INVITATION = 30  # words of a line that asks to subscribe
_MAX_START = 8  # characters before the invitation in a paragraph …
_SENTENCE = 12  # … of more words
_SHOWN_SHARE = 0.6  # of the declared words: below, a part is missing
_CONSENT_SHARE = 0.5  # of the text, in paragraphs that ask for consent
_LONG_LINE = 30  # words; standfirsts in lists are shorter
_MANY_TEASERS = 6
_MAX_LINKS = 1_000
_MAX_HEADINGS = 200
_TEASER_SHARE = 0.3  # of the text, in headlines and standfirsts of other pages
_MAX_LINES = 20_000  # characters of the page's visible text
_MAX_TEXT = 20_000  # characters of the article in which consent is searched

_STATUS = re.compile(
    r"\b(?:http )?(?:error |erreur |fehler |errore |erro |błąd |fout |code )?[45][0-9]{2}\b(?: error)?"
)
# Words before the message: "Sorry, this page does not exist".
_OPENING = re.compile(
    r"^(?:(?:we re |we are |es |oh |uh )?(?:sorry|oops|whoops|ups|oh|hoppla|oups|vaya|desole|lo sentimos|leider|the"
    r"|this|that|your|die|diese|der|dieser|la|le|cette|cet|esta|este|el|questa|il|a|o|ta|ten|de|deze|dit)\b ?)+"
)
_TITLE_PARTS = re.compile(r"\s*[|¦»«•·!.…:]+(?:\s+|$)|\s+[-–—]\s+")
_STATUS_FIRST = re.compile(r"(?:http |error )?[45][0-9]{2}\s*(?:[:|–—-]|$)", re.IGNORECASE)
_CHALLENGE = (
    ".//*[@id='challenge-form' or @id='challenge-running' or @id='cf-challenge' or @id='px-captcha'"
    " or @id='captcha-container' or contains(@class, 'g-recaptcha') or contains(@class, 'h-captcha')"
    " or contains(@class, 'cf-turnstile') or contains(@src, 'captcha-delivery.com')"
    " or contains(@src, '/cdn-cgi/challenge-platform/')]"
)
_WALL = re.compile(
    r"pay-?wall|reg-?wall|meter-?wall|subscri(?:be|ption)-?wall|piano-?(?:offer|container)|paid-?content|premium-?wall",
    re.I,
)
_WALLS = ".//*[(@class or @id) and ({})]".format(
    " or ".join(f"contains(concat(@class, ' ', @id), '{word}')" for word in ("wall", "Wall", "piano", "paid", "remium"))
)
_REFUSED = ("401", "403", "429", "451")  # statuses
_MAX_SITE = 4  # words of a site's name that is not known
_QUOTATION_MARKS = frozenset('"“”„«»‘‹›')
_LIST_TYPES = frozenset({"collectionpage", "searchresultspage", "itemlist", "profilepage"})

_MESSAGES = {
    "robots": "The page is a check for robots, not an article.",
    "refused": "The page says that access is denied.",
    "missing": "The page is an error page, not an article.",
}
_NAME_ARTICLES = "Name the addresses of the articles."
_BROWSER = "Save the page from a browser, and read the file."


def check_page(tree: "HtmlElement", metadata: PageMetadata, text: str) -> list[str]:
    """Return warnings about a page, each a sentence: only a part of the article is shown.

    Args:
        tree: The page as parsed, with its scripts and overlays. It is not changed.
        metadata: Its metadata.
        text: The extracted text of the article; it may be empty.

    Raises:
        ArticleError: The page is no article: an error page, a consent wall, an index page, or a paywall.
    """
    checks = _Checks(tree, metadata, text)
    checks.reject_errors()
    checks.reject_consent()
    warnings = checks.check_paywall()
    checks.reject_scripts()
    return warnings + checks.check_index()


class _Checks:
    """The checks of one page."""

    def __init__(self, tree: "HtmlElement", metadata: PageMetadata, text: str) -> None:
        self.tree, self.metadata, self.text = tree, metadata, text
        self.words = count_words(text)
        kinds = metadata.types
        self.is_article = any(kind.endswith(("newsarticle", "posting")) for kind in kinds) or (
            "article" in kinds and metadata.published is not None
        )
        """True if the page says that it is an article."""

    @cached_property
    def lines(self) -> list[str]:
        """The visible text of the page by blocks."""
        body = self.tree.find(".//body")
        return list(blocks(self.tree if body is None else body, _MAX_LINES))

    @cached_property
    def keys(self) -> list[str]:
        """The normalized lines."""
        return list(map(normalize, self.lines))

    @cached_property
    def visible(self) -> str:
        """The normalized visible text."""
        return " ".join(self.keys)

    @cached_property
    def headings(self) -> list[str]:
        return [element_text(heading) for heading in list(self.tree.iter("h1"))[:20]]

    def reject_errors(self) -> None:
        """Raise an error for error pages, refusals and checks for robots."""
        page_title = clean(self.tree.findtext(".//title") or "")
        in_title, in_heading = _error_in(page_title, self.metadata.site, self.words), None
        for heading in self.headings[:2]:
            in_heading = in_heading or _error_in(heading, self.metadata.site, self.words)
        limit = _SHORT_ARTICLE if self.is_article else (_MUCH_TEXT if in_title and in_heading else _LITTLE_TEXT)
        kind = in_title or in_heading
        if kind and self.words < limit:
            raise ArticleError(_MESSAGES[kind], hint=_BROWSER if kind == "robots" else "Check its address.")
        if self.words >= _SHORT_ARTICLE or self.visible.count(" ") >= _LITTLE_TEXT:
            return
        shown = self.visible if self.is_article else f"{normalize(page_title)} {self.visible}"
        is_login = _core(normalize(self.headings[0] if self.headings else page_title)) in _phrases("login", "titles")
        if is_login and xpath(".//input[@type='password' or @type='email']")(self.tree):
            raise ArticleError("The page asks to log in.", hint=_BROWSER)
        if xpath(_CHALLENGE)(self.tree):
            raise ArticleError(_MESSAGES["robots"], hint=_BROWSER)
        for kind in ("robots", "refused", "missing"):
            has_pattern = kind == "missing" and any(pattern.search(shown) for pattern in _patterns(kind))
            if _find_phrases(kind, shown) or has_pattern:
                raise ArticleError(_MESSAGES[kind], hint=_BROWSER if kind == "robots" else "Check its address.")

    def reject_consent(self) -> None:
        """Raise an error if the text, or a page with little text, asks for consent to cookies or advertising."""
        paragraphs = [paragraph for paragraph in map(normalize, self.text[:_MAX_TEXT].split("\n")) if paragraph]
        found = _consent_in(" ".join(paragraphs))
        asking = sum(len(paragraph) for paragraph in paragraphs if any(match in paragraph for match in found))
        share = asking / (sum(map(len, paragraphs)) or 1)
        is_wall = len(found) >= (4 if self.is_article else 2) and share >= _CONSENT_SHARE
        if not is_wall and found and share >= _CONSENT_SHARE / 2 and self.words < _LITTLE_TEXT and not self.is_article:
            is_wall = len(_consent_in(self.visible)) >= 3  # with the buttons
        if not is_wall and self.words < _SHORT_ARTICLE and (found or self.words < _NO_TEXT):
            is_short = self.visible.count(" ") < 4 * _LITTLE_TEXT
            wordings = len(_consent_in(self.visible)) + (self._asks_by_buttons() if not self.is_article else 0)
            is_wall = wordings >= (2 if is_short and not self.is_article else 3)
            is_wall = is_wall and (is_short or self.words < _NO_TEXT) and self.teasers < _MANY_TEASERS
        if is_wall:
            raise ArticleError("The page asks for consent to cookies and shows no article.", hint=_BROWSER)

    def _asks_by_buttons(self) -> bool:
        names = {normalize(element_text(button)) for button in islice(self.tree.iter("button"), 50)}
        return not names.isdisjoint(_phrases("buttons", "consent"))

    def check_paywall(self) -> list[str]:
        """Return a warning if a paywall cuts the article off; raise an error if there is practically no text."""
        is_paid = self.metadata.is_free is False
        is_walled = is_paid or self._has_wall() or self.text.rstrip(" ]").endswith(("…", "..."))
        if is_walled or self.words < _TEASER:
            invitation = self._has_invitation(with_labels=is_walled)
        else:
            invitation = any(
                _is_invitation(line, normalize(line), with_labels=True, is_prose=True) for line in self._last_lines()
            )
        missing = self.metadata.words is not None and self.words < _SHOWN_SHARE * self.metadata.words
        is_complete = self.metadata.words is not None and not missing
        if not invitation and not (is_paid and (missing or (self.words < _PREVIEW and not is_complete))):
            return []
        if self.metadata.is_free and self.words >= _LITTLE_TEXT:
            return []
        if self.words < _NO_TEXT:
            message = "The page has no article text: the article is for subscribers."
            raise ArticleError(message, hint="Save the page from a browser in which you are logged in.")
        return ["The page shows only a part of the article: the rest is for subscribers or registered readers."]

    def _has_wall(self) -> bool:
        """Return whether elements that are shown are named as a paywall."""
        for element in xpath(_WALLS)(self.tree)[:50]:
            name = f"{element.get('class') or ''} {element.get('id') or ''}"
            if element.tag not in {"body", "html"} and _WALL.search(name) and not is_hidden(element):
                return True
        return False

    def _has_invitation(self, *, with_labels: bool) -> bool:
        """Return whether a line of the page, not of the running text, asks to subscribe, register or log in."""
        last = set(map(normalize, self._last_lines()))
        running = set(map(normalize, self.text.split("\n"))) - last
        return any(
            _is_invitation(line, key, with_labels=with_labels, is_prose=key in last) and key not in running
            for line, key in zip(self.lines, self.keys, strict=True)
        )

    def _last_lines(self) -> list[str]:
        return self.text.rstrip().split("\n")[-3:]

    def reject_scripts(self) -> None:
        """Raise an error if a script has to put the text into the page."""
        if self.words >= _SHORT_ARTICLE or self.visible.count(" ") >= _LITTLE_TEXT:
            return
        notes = " ".join(normalize(element.text_content()[:2_000]) for element in list(self.tree.iter("noscript"))[:20])
        has_note = bool(_find_phrases("script", f"{self.visible} {notes}"))
        is_empty = self.visible.count(" ") < _NO_TEXT and next(self.tree.iter("script"), None) is not None
        if (self.words < _NO_TEXT and (is_empty or (has_note and not self.words) or self._has_empty_root())) or (
            has_note and self.visible.count(" ") < _SHORT_ARTICLE and not self.is_article
        ):
            raise ArticleError("The page has no article text without a script: it needs JavaScript.", hint=_BROWSER)

    def _has_empty_root(self) -> bool:
        return any(
            element.get("id") in _tables()["script"]["roots"].split() and not element_text(element)[:100]
            for element in xpath(".//body/*[@id]")(self.tree)
        )

    def check_index(self) -> list[str]:
        """Raise an error for lists of articles: front pages, sections, topics, searches; warn in doubt."""
        if any(kind.endswith(("newsarticle", "posting")) for kind in self.metadata.types):
            return []
        lines = self.text.split("\n")
        long_lines = sum(count_words(line) >= _LONG_LINE for line in lines)
        if long_lines >= 2 * _MANY_TEASERS or not self.teasers:
            return []
        url = self.metadata.url or ""
        is_declared = not self.metadata.types.isdisjoint(_LIST_TYPES)
        is_list = is_declared or not set(_phrases("index", "steps")).isdisjoint(steps_of(f"{url}/")[-2:])
        has_headline = 1 <= sum(count_words(heading) >= 4 for heading in self.headings) <= 2
        has_teasers = self.words < _SHORT_ARTICLE or self._has_teasers(lines)
        is_short = long_lines < 3
        if self._is_search(url) and self.teasers >= 2 and (has_teasers or is_short):
            raise ArticleError("The page shows the results of a search, not an article.", hint=_NAME_ARTICLES)
        is_front = bool(url) and is_home(url)
        if self.is_article and (has_headline or not is_front):
            return []
        if is_front and self.teasers >= 4 and (has_teasers or is_short) and (not has_headline or self.teasers >= 10):
            raise ArticleError("The page is the front page of a site, not an article.", hint=_NAME_ARTICLES)
        if has_headline and not (is_declared and is_short):
            return []
        is_many = self.teasers >= _MANY_TEASERS or (self.teasers >= 3 and (is_list or "website" in self.metadata.types))
        if is_many and has_teasers and (is_short or is_declared):
            raise ArticleError("The page is a list of articles, not an article.", hint=_NAME_ARTICLES)
        if has_teasers and self.teasers >= max(2 * long_lines, _MANY_TEASERS):
            return ["The page may be a list of articles: it has many headlines and little text."]
        return []

    def _linked_headings(self) -> list["HtmlElement"]:
        """Return the headings that have a link or stand in one."""
        headings = list(islice(self.tree.iter("h1", "h2", "h3", "h4"), _MAX_HEADINGS))
        return [
            heading
            for heading in headings
            if heading.find(".//a") is not None or any(above.tag == "a" for above in islice(heading.iterancestors(), 2))
        ]

    def _has_teasers(self, lines: list[str]) -> bool:
        """Return whether a part of the text consists of headlines that lead to other pages, and their standfirsts."""
        links = xpath(".//a[not(ancestor::p)]")(self.tree)[:_MAX_LINKS]
        texts = {element_text(link) for link in links}
        for heading in self._linked_headings():
            block = heading if heading.getnext() is not None else heading.getparent()
            texts.update(element_text(element) for element in islice(block.itersiblings(), 3))
        found = [line for line in lines if count_words(line) >= 3 and collapse_whitespace(line) in texts]
        return len(found) >= 2 and sum(map(len, found)) >= _TEASER_SHARE * len(self.text)

    def _is_search(self, url: str) -> bool:
        titles = [self.metadata.title or "", *self.headings[:1]]
        query = urlsplit(url)
        asks = "search" in query.path.lower() or not {"q", "s", "query", "search"}.isdisjoint(parse_qs(query.query))
        named = any(normalize(title).startswith(tuple(_phrases("index", "searches"))) for title in titles)
        return "searchresultspage" in self.metadata.types or (asks and named)

    @cached_property
    def teasers(self) -> int:
        """How many headlines are links, and so lead to other pages."""
        count = sum(count_words(element_text(heading)) >= 3 for heading in self._linked_headings())
        if count < _MANY_TEASERS:  # headlines in lists without headings
            links = xpath(".//li//a")(self.tree)[:300]
            long_links = sum(count_words(element_text(link)) >= 5 for link in links)
            count = max(count, long_links if long_links >= 2 * _MANY_TEASERS else 0)
        return count


def count_words(text: str) -> int:
    """Return the number of words; scripts without spaces count two characters as one word."""
    ideographs = 0 if text.isascii() or max(text) < "\u3040" else sum("\u3040" <= letter <= "\u9fff" for letter in text)
    return text.count(" ") + text.count("\n") + bool(text) + ideographs // 2


@cache
def _tables() -> dict[str, dict[str, str]]:
    return read_toml(__file__, "page_checks.toml")


@cache
def _phrases(kind: str, key: str = "phrases") -> list[str]:
    """Return the phrases of a list, normalized."""
    return [normalize(line) for line in _tables()[kind][key].split("\n") if line]


@cache
def _patterns(kind: str) -> list[re.Pattern[str]]:
    """Return the patterns of a list, for normalized text."""
    decomposed = unicodedata.normalize("NFKD", _tables()[kind]["patterns"])
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return [re.compile(rf"\b{line}\b") for line in plain.split("\n") if line]


@cache
def _titles() -> dict[str, frozenset[str]]:
    """Return the titles of errors by their kind."""
    kinds = ("robots", "refused", "missing")
    return {kind: frozenset(filter(None, map(_core, _phrases(kind, "titles")))) for kind in kinds}


def _core(part: str) -> str:
    """Return a normalized title without the words before its message, statuses and other numbers."""
    return _OPENING.sub("", re.sub(r"\s+", " ", re.sub(r"\b[0-9]+\b", "", _STATUS.sub("", part))).strip())


def _error_in(title: str, site: str | None, words: int) -> str | None:
    """Return the kind of error that a title names, alone or beside the name of a site."""
    parts = list(dict.fromkeys(filter(None, map(normalize, _TITLE_PARTS.split(title)))))
    kinds = [_kind_of(part) for part in parts]
    kind = _kind_of(normalize(title)) or next(filter(None, kinds), None)
    others = [part for part, named in zip(parts, kinds, strict=True) if not named and part != normalize(site or "")]
    others = [part for part in others if _core(part) and not _find_phrases("missing", part)]
    is_error = sum(len(part.split()) for part in others) <= _MAX_SITE
    return kind if is_error or (_STATUS_FIRST.match(title) and words < _SHORT_ARTICLE) else None


def _kind_of(part: str) -> str | None:
    """Return the kind of error that a normalized title names."""
    if _STATUS.fullmatch(part):
        return "refused" if part.endswith(_REFUSED) else "missing"
    core = _core(part)
    return next((kind for kind, titles in _titles().items() if core in titles), None)


def _find_phrases(kind: str, text: str, key: str = "phrases") -> list[str]:
    """Return the phrases of a list that a normalized text has."""
    text = f" {text} "
    return [phrase for phrase in _phrases(kind, key) if phrase in text and f" {phrase} " in text]


def _consent_in(text: str) -> set[str]:
    """Return the wordings in a normalized text that ask for consent."""
    if "cookie" not in text and sum(stem in text for stem in _phrases("consent", "stems")) < 2:
        return set()
    return {
        *_find_phrases("consent", text),
        *(match[0] for pattern in _patterns("consent") for match in pattern.finditer(text)),
    }


def _is_invitation(line: str, key: str, *, with_labels: bool, is_prose: bool) -> bool:
    """Return whether a short line asks to subscribe, register or log in, and does not quote that.

    Args:
        line: The line.
        key: The line, normalized.
        with_labels: Also look for labels of paid articles.
        is_prose: The line is a part of the extracted text: only the beginning of a sentence may invite.
    """
    if not 2 <= count_words(line) <= _MAX_INVITATION or not any(stem in key for stem in _phrases("paywall", "stems")):
        return False
    found = _find_phrases("paywall", key) + (_find_phrases("paywall", key, "labels") if with_labels else [])
    limit = _MAX_START if count_words(line) > _SENTENCE else len(key)
    matches = filter(None, (pattern.search(key) for pattern in _patterns("paywall")))
    found += [match[0] for match in matches if not is_prose or match.start() <= limit]
    is_quoted = not _QUOTATION_MARKS.isdisjoint(line) and not any(map(key.startswith, found))
    return bool(found) and not is_quoted and "newsletter" not in key
