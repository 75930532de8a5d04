"""Recognize pages that are not an article, or that show only a part of one."""

import re
import unicodedata
from functools import cache, cached_property
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from summarizer._files import read_toml
from summarizer._patterns import compile_lazily
from summarizer._text import collapse_whitespace, normalize
from summarizer.errors import ArticleError
from summarizer.sources.html.metadata import PageMetadata
from summarizer.sources.html.page import Page, element_text, is_never_shown
from summarizer.sources.html.page_data import is_home, steps_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LITTLE_TEXT = 150  # words; an error page or a wall rarely has more of its own
_NO_TEXT = 25  # words; the length of a standfirst
_SHORT_ARTICLE = 60  # words; a news item in brief
_MUCH_TEXT = 400  # words; with so many, a page with the title of an error is an article
_TEASER = 300  # words; previews of paid articles are shorter
_PREVIEW = 200  # words; without any other sign of a paywall
_MAX_INVITATION = 30  # words of a line that asks to subscribe
_MAX_START = 8  # characters before the invitation in a paragraph …
_SENTENCE = 10  # … of more words
_SHOWN_SHARE = 0.6  # of the declared words: below, a part is missing
_CONSENT_SHARE = 0.5  # of the text, in paragraphs that ask for consent
_WORDS_PER_WORDING = 15  # of consent; an article about it has more
_MAX_BUTTON = 4  # words
_LONG_LINE = 30  # words; standfirsts in lists are shorter
_MANY_TEASERS = 6
_MAX_LINKS = 1_000
_MAX_HEADINGS = 200
_TEASER_SHARE = 0.3  # of the text, in headlines and standfirsts of other pages
_MAX_START_OF_TEXT = 1_500  # characters in which the words of a question for consent are looked for first
_MAX_TEXT = 20_000  # characters of the article in which consent is searched

_TITLE_PARTS = compile_lazily(r"\s*[|¦»«•·!.…:]+(?:\s+|$)|\s+[-–—]\s+")
_REFUSED = ("401", "403", "429", "451")  # statuses
_MAX_LOGIN_TITLE = 8  # words
_NEAR_LINES = 4  # lines after the text in which a label speaks of it
_NEAR_LEVELS = 12  # levels above an element that say whether it is shown
_HEADLINE = 3  # words of a link
_MAX_SITE = 4  # words of a site's name that is not known
_UNSPACED = compile_lazily(r"[\u3040-\u9fff]{2}|[\u0e00-\u109f\u1780-\u17ff]{4}")
_QUOTED = compile_lazily(r"[“\"„«»‘‹][^“”\"„«»\n]{1,80}[”“\"»]")
_QUOTATION_MARKS = frozenset('"“”„«»‘‹›')
_LIST_TYPES = frozenset({"collectionpage", "searchresultspage", "itemlist", "profilepage"})

_MESSAGES = {
    "robots": "is a check for robots, not an article",
    "refused": "says that access is denied",
    "missing": "is an error page, not an article",
}
_NAME_ARTICLES = "Name the addresses of the articles."
_BROWSER = "Save the page from a browser, and read the file."


def check_page(page: Page, metadata: PageMetadata, text: str, name: str = "The page") -> list[str]:
    """Return warnings about a page, each a sentence: only a part of the article is shown.

    Args:
        page: The page, with its scripts and overlays.
        metadata: Its metadata.
        text: The extracted text of the article; it may be empty.
        name: The file or address, for messages.

    Raises:
        ArticleError: The page is not an article: an error page, a consent wall, an index page, or a paywall.
    """
    checks = _Checks(page, metadata, text, name)
    checks.reject_errors()
    checks.reject_consent()
    warnings = checks.check_paywall()
    checks.reject_scripts()
    warnings += checks.check_index()
    if text and not warnings and checks.words < _NO_TEXT:
        warnings.append(f"The page has hardly any text: {len(text)} characters.")
    return warnings


class _Checks:
    """The checks of one page."""

    def __init__(self, page: Page, metadata: PageMetadata, text: str, name: str) -> None:
        self.page, self.metadata, self.text, self.name = page, metadata, text, name
        self.words = count_words(text)
        self.lines = [collapse_whitespace(line) for line in text.rstrip().split("\n")]
        kinds = metadata.types
        self.is_article = any(kind.endswith(("newsarticle", "posting")) for kind in kinds) or (
            "article" in kinds and metadata.published is not None
        )
        """True if the page says that it is an article."""

    def error(self, message: str, hint: str = _BROWSER) -> ArticleError:
        return ArticleError(f"{self.name} {message}.", hint=hint)

    @cached_property
    def keys(self) -> list[str]:
        """The lines of the page without case and accents."""
        return _plain("\n".join(line for line, _ in self.page.lines)).split("\n")

    @cached_property
    def visible(self) -> str:
        """The normalized visible text."""
        return normalize(" ".join(line for line, _ in self.page.lines))

    def reject_errors(self) -> None:
        """Raise an error for error pages, refusals and checks for robots."""
        if self.words >= _MUCH_TEXT:
            return
        title, headings = self.page.title, self.page.headings
        kind = self._error_in(title)
        if not kind and self.words >= _LITTLE_TEXT:
            return
        in_headings = list(filter(None, map(self._error_in, headings[:2])))
        limit = _SHORT_ARTICLE if self.is_article else (_MUCH_TEXT if kind and in_headings else _LITTLE_TEXT)
        kind = kind or next(iter(in_headings), None)
        if kind and self.words < limit:
            raise self.error(_MESSAGES[kind], _BROWSER if kind == "robots" else "Check its address.")
        if self.words >= _SHORT_ARTICLE or self.visible.count(" ") >= _LITTLE_TEXT:
            return
        heading = normalize(headings[0] if headings else title)
        inputs = {(entry.get("type") or "").lower() for entry in self.page.elements("input")}
        is_login = heading in _phrases("login", "titles") and "email" in inputs
        names_login = heading.startswith(_phrases("login", "titles")) and len(heading.split()) <= _MAX_LOGIN_TITLE
        if is_login or (names_login and "password" in inputs):
            raise self.error("asks to log in")
        sources = " ".join(element.get("src") or "" for element in self.page.elements("iframe", "script"))
        if self.page.in_role("challenge") or "captcha-delivery.com" in sources or "/challenge-platform/" in sources:
            raise self.error(_MESSAGES["robots"])
        shown = self.visible if self.is_article else f"{normalize(title)} {self.visible}"
        for kind in ("robots", "refused", "missing"):
            has_pattern = kind != "robots" and any(pattern.search(shown) for pattern in _patterns(kind))
            if has_pattern or _find_phrases(kind, shown):
                raise self.error(_MESSAGES[kind], _BROWSER if kind == "robots" else "Check its address.")

    def _error_in(self, title: str) -> str | None:
        """Return the kind of error that a title names, alone or beside the name of a site."""
        parts = list(dict.fromkeys(filter(None, map(normalize, _TITLE_PARTS.split(title)))))
        kinds = [_kind_of(part) for part in parts]
        kind = next(filter(None, kinds), None) or _kind_of(normalize(title))
        if not kind:
            return None
        site = normalize(self.metadata.site or "")
        others = [part for part, named in zip(parts, kinds, strict=True) if not named and part != site]
        others = [part for part in others if _core(part) and not _find_phrases("missing", part)]
        is_error = sum(len(part.split()) for part in others) <= _MAX_SITE
        return kind if is_error else None

    def reject_consent(self) -> None:
        """Raise an error if the text, or a page with little text, asks for consent to cookies or advertising."""
        text = self.text[:_MAX_TEXT]
        quotes_sentences = any(count_words(quotation) > _MAX_BUTTON for quotation in _QUOTED.findall(text))
        if self.is_article or quotes_sentences:  # walls quote only their buttons
            text = _QUOTED.sub(" ", text)  # it may quote a banner
        may_ask = (
            "cookie" in (plain := _plain(text[:_MAX_START_OF_TEXT]))
            or sum(stem in plain for stem in _phrases("consent", "stems")) > 1
        )
        paragraphs = [paragraph for paragraph in map(normalize, text.split("\n")) if paragraph] if may_ask else []
        found = _consent_in(" ".join(paragraphs))
        asking = sum(len(paragraph) for paragraph in paragraphs if any(match in paragraph for match in found))
        share = asking / (sum(map(len, paragraphs)) or 1)
        is_dense = not self.is_article or (len(found) >= 4 and self.words <= _WORDS_PER_WORDING * len(found))
        is_wall = len(found) >= 2 and _has_address(paragraphs) and is_dense and share >= _CONSENT_SHARE
        if not is_wall and self.words < _SHORT_ARTICLE and (may_ask or self.words < _NO_TEXT):
            is_short = self.visible.count(" ") < 4 * _LITTLE_TEXT
            buttons = {normalize(element_text(button)) for button in self.page.elements("button")[:50]}
            asks = not self.is_article and not buttons.isdisjoint(_phrases("buttons", "consent"))
            wordings = len(_consent_in(self.visible)) + asks
            is_wall = wordings >= (2 if is_short and not self.is_article else 3)
            is_wall = is_wall and (is_short or self.words < _NO_TEXT) and self.teasers < _MANY_TEASERS
            is_wall = is_wall and (asks or _has_address([self.visible]))
        if is_wall:
            raise self.error("asks for consent to cookies and shows no article")

    def check_paywall(self) -> list[str]:
        """Return a warning if a paywall cuts the article off; raise an error if there is practically no text."""
        is_paid = self.metadata.is_free is False
        is_walled = is_paid or bool(self._walls) or self.text.rstrip(" ]").endswith(("…", "..."))
        if self.metadata.is_free and self.words >= _LITTLE_TEXT:
            return []
        if is_walled or self.words < _TEASER:
            invitation = self._find_invitation(with_labels=is_walled)
        else:
            invitation = any(_is_invitation(line, with_labels=True, is_prose=True) for line in self.lines[-3:])
        missing = self.metadata.words is not None and self.words < _SHOWN_SHARE * self.metadata.words
        is_complete = self.metadata.words is not None and not missing
        if not invitation and not (is_paid and (missing or (self.words < _PREVIEW and not is_complete))):
            return []
        if self._words_outside_walls() < _NO_TEXT:
            raise self.error(
                "has no article text: the article is for subscribers",
                "Save the page from a browser in which you are logged in.",
            )
        return ["The page shows only a part of the article: the rest is for subscribers or registered readers."]

    def _words_outside_walls(self) -> int:
        """Return how many words of the extracted text are not in a paywall."""
        walled = {line for line, element in self.page.lines if self._is_in_wall(element)} if self._walls else ()
        return sum(count_words(line) for line in self.lines if line not in walled)

    def _find_invitation(self, *, with_labels: bool) -> bool:
        """Return whether a line of the page, not of the running text, asks to subscribe, register or log in."""
        last = set(self.lines[-3:])
        running = set(self.lines) - last
        whole = "\n".join(self.keys)
        stems = [stem for stem in _phrases("paywall", "stems") if stem in whole]
        half = sum(map(len, running)) / 2
        passed = lines_after = 0
        for (line, element), key in zip(self.page.lines, self.keys, strict=False):
            is_running = line in running
            if is_running:
                passed, lines_after = passed + len(line), 0
            else:
                lines_after += line not in last
            if not any(stem in key for stem in stems) or (is_running and not self._is_in_wall(element)):
                continue
            is_inside = 0 < passed < half  # the text goes on: a label of another article
            if (
                not is_inside
                and _is_invitation(line, with_labels=with_labels and lines_after <= _NEAR_LINES, is_prose=line in last)
                and not _is_in_hidden(element)
            ):
                return True
        return False

    def _is_in_wall(self, element: "HtmlElement") -> bool:
        return not self._walls.isdisjoint([element, *islice(element.iterancestors(), _NEAR_LEVELS)])

    @cached_property
    def _walls(self) -> set["HtmlElement"]:
        """The elements that are shown and named as a paywall."""
        walls = [wall for wall in self.page.in_role("wall")[:50] if wall.tag not in {"body", "html"}]
        return {wall for wall in walls if not _is_in_hidden(wall)}

    def reject_scripts(self) -> None:
        """Raise an error if a script has to put the text into the page."""
        if self.words >= _SHORT_ARTICLE or self.visible.count(" ") >= _LITTLE_TEXT:
            return
        notes = " ".join(normalize(note.text_content()[:2_000]) for note in self.page.elements("noscript")[:20])
        has_note = bool(_find_phrases("script", f"{self.visible} {notes}"))
        is_empty = self.visible.count(" ") < _NO_TEXT and bool(self.page.elements("script"))
        roots = [
            root for root in self.page.in_role("root") if normalize(root.get("id") or "") in _phrases("script", "roots")
        ]
        is_empty = is_empty or not all(map(element_text, roots))
        if (self.words < _NO_TEXT and (is_empty or (has_note and not self.words))) or (
            has_note and self.visible.count(" ") < _SHORT_ARTICLE and not self.is_article
        ):
            raise self.error("has no article text without a script: it needs JavaScript")

    def check_index(self) -> list[str]:
        """Raise an error for lists of articles: front pages, sections, topics, searches; warn in doubt."""
        if any(kind.endswith(("newsarticle", "posting")) for kind in self.metadata.types):
            return []
        long_lines = sum(count_words(line) >= _LONG_LINE for line in self.lines)
        is_short = long_lines < 3
        url = self.metadata.url or ""
        is_declared = not self.metadata.types.isdisjoint(_LIST_TYPES)
        has_headline = 1 <= sum(count_words(heading) >= 4 for heading in self.page.headings) <= 2
        is_front = bool(url) and is_home(url)
        search_titles = self._search_titles()
        if long_lines >= 2 * _MANY_TEASERS or (
            has_headline and not (is_front or search_titles or (is_declared and is_short))
        ):
            return []
        has_teasers = self.words < _NO_TEXT or self._has_teasers()
        is_search = (search_titles and self._is_search_address(url)) or (
            search_titles == 2 and has_teasers and not self.is_article
        )
        if (
            (is_search or "searchresultspage" in self.metadata.types)
            and self.teasers >= 2
            and (has_teasers or is_short)
        ):
            raise self.error("shows the results of a search, not an article", _NAME_ARTICLES)
        if not self.teasers or (self.is_article and (has_headline or not is_front)):
            return []
        if is_front and self.teasers >= 4 and (has_teasers or is_short) and (not has_headline or self.teasers >= 10):
            raise self.error("is the front page of a site, not an article", _NAME_ARTICLES)
        if has_headline and not (is_declared and is_short):
            return []
        is_list = is_declared or not set(_phrases("index", "steps")).isdisjoint(steps_of(f"{url}/")[-2:])
        is_many = self.teasers >= _MANY_TEASERS or (self.teasers >= 3 and (is_list or "website" in self.metadata.types))
        if is_many and has_teasers and (is_short or is_declared):
            raise self.error("is a list of articles, not an article", _NAME_ARTICLES)
        if has_teasers and self.teasers >= max(2 * long_lines, _MANY_TEASERS):
            return ["The page may be a list of articles: it has many headlines and little text."]
        return []

    @cached_property
    def _linked_headings(self) -> list[tuple["HtmlElement", str]]:
        """The headings that have a link or are in one, with their texts."""
        headings = self.page.elements("h1", "h2", "h3", "h4")[:_MAX_HEADINGS]
        return [
            (heading, element_text(heading))
            for heading in headings
            if heading.find(".//a") is not None or any(above.tag == "a" for above in islice(heading.iterancestors(), 2))
        ]

    def _has_teasers(self) -> bool:
        """Return whether a part of the text consists of headlines that lead to other pages, and their standfirsts."""
        texts = {text for _, text in self._links}
        for heading, _ in self._linked_headings:
            block = heading if heading.getnext() is not None else heading.getparent()
            texts.update(element_text(element) for element in islice(block.itersiblings(), 3))
        for link, _ in self._links if len(texts) >= _MANY_TEASERS else ():
            texts.update(element_text(element) for element in islice(link.itersiblings("p"), 2))
        found = [line for line in self.lines if count_words(line) >= 3 and line in texts]
        return len(found) >= 2 and sum(map(len, found)) >= _TEASER_SHARE * len(self.text)

    def _search_titles(self) -> int:
        """Return how many of the page's titles name a search."""
        titles = [self.page.title or self.metadata.title or "", *self.page.headings[:1]]
        return sum(normalize(title).startswith(_phrases("index", "searches")) for title in titles)

    def _is_search_address(self, url: str) -> bool:
        query = urlsplit(url)
        return "search" in query.path.lower() or not {"q", "s", "query", "search"}.isdisjoint(parse_qs(query.query))

    @cached_property
    def teasers(self) -> int:
        """The number of headlines that are links, and so lead to other pages."""
        count = sum(count_words(text) >= 3 for _, text in self._linked_headings)
        if count < _MANY_TEASERS:  # headlines without headings
            long_links = sum(count_words(text) >= _HEADLINE for _, text in self._links)
            count = max(count, long_links if long_links >= _MANY_TEASERS else 0)
        return count

    @cached_property
    def _links(self) -> list[tuple["HtmlElement", str]]:
        """The links that are not in a paragraph, with their texts."""
        return [
            (link, element_text(link))
            for link in self.page.elements("a")[:_MAX_LINKS]
            if not any(above.tag == "p" for above in islice(link.iterancestors(), _NEAR_LEVELS))
        ]


def count_words(text: str) -> int:
    """Return the number of words; in scripts without spaces, two characters of Chinese or four of Thai are a word."""
    has_unspaced = len(text.encode(errors="replace")) > 1.5 * len(text)
    return text.count(" ") + text.count("\n") + bool(text) + (len(_UNSPACED.findall(text)) if has_unspaced else 0)


def _is_in_hidden(element: "HtmlElement") -> bool:
    return is_never_shown(element) or any(map(is_never_shown, islice(element.iterancestors(), _NEAR_LEVELS)))


@cache
def _tables() -> dict[str, dict[str, str]]:
    return read_toml(__file__, "page_checks.toml")


@cache
def _phrases(kind: str, key: str = "phrases") -> tuple[str, ...]:
    """Return the phrases of a list, normalized."""
    return tuple(normalize(line) for line in _tables()[kind][key].split("\n") if line)


@cache
def _patterns(kind: str) -> list[re.Pattern[str]]:
    """Return the patterns of a list, for normalized text."""
    plain = _plain(_tables()[kind]["patterns"], fold=False)
    return [re.compile(rf"\b{line}\b") for line in plain.split("\n") if line]


@cache
def _titles() -> dict[str, frozenset[str]]:
    """Return the titles of errors by their kind."""
    kinds = ("robots", "refused", "missing")
    return {kind: frozenset(filter(None, map(_core, _phrases(kind, "titles")))) for kind in kinds}


@cache
def _status() -> re.Pattern[str]:
    words = "|".join(_phrases("missing", "before_status"))
    return re.compile(rf"\b(?:http )?(?:(?:{words}) )?[45][0-9]{{2}}\b(?: error)?")


@cache
def _opening() -> re.Pattern[str]:
    return re.compile(rf"^(?:(?:we re |we are |es |oh |uh )?(?:{'|'.join(_phrases('missing', 'openings'))})\b ?)+")


def _core(part: str) -> str:
    """Return a normalized title without the words before its message, statuses and other numbers."""
    return _opening().sub("", re.sub(r"\s+", " ", re.sub(r"\b[0-9]+\b", "", _status().sub("", part))).strip())


def _kind_of(part: str) -> str | None:
    """Return the kind of error that a normalized title names."""
    if _status().fullmatch(part):
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


def _has_address(texts: list[str]) -> bool:
    """Return whether normalized texts speak of the site or to the reader: "we", "your"."""
    return not set(" ".join(texts).split()).isdisjoint(_phrases("consent", "address"))


def _is_invitation(line: str, *, with_labels: bool, is_prose: bool) -> bool:
    """Return whether a short line asks to subscribe, register or log in, and does not quote that.

    Args:
        line: The line.
        with_labels: Also look for labels of paid articles.
        is_prose: The line is a part of the extracted text: only the beginning of a sentence may invite.
    """
    words = count_words(line)
    if not 2 <= words <= _MAX_INVITATION:
        return False
    key = normalize(line)
    if _find_phrases("paywall", key, "appeals") or not any(stem in key for stem in _phrases("paywall", "stems")):
        return False
    found = _find_phrases("paywall", key) + (_find_phrases("paywall", key, "labels") if with_labels else [])
    found += [match[0] for match in (pattern.search(key) for pattern in _patterns("paywall")) if match]
    if is_prose:
        sentences = list(map(normalize, re.split(r"(?<=[.!?])\s+", line)))
        found = [wording for wording in found if any(_begins(sentence, wording) for sentence in sentences)]
    is_quoted = not _QUOTATION_MARKS.isdisjoint(line) and not any(map(key.startswith, found))
    return bool(found) and not is_quoted


def _begins(sentence: str, wording: str) -> bool:
    """Return whether a sentence begins with a wording, or is short and has it."""
    at = sentence.find(wording)
    return at >= 0 and (at <= _MAX_START or len(sentence.split()) <= _SENTENCE)


def _plain(text: str, *, fold: bool = True) -> str:
    """Return a text without accents, by default without case."""
    plain = unicodedata.normalize("NFKD", text.casefold() if fold else text)
    for mark in filter(unicodedata.combining, set(plain)):
        plain = plain.replace(mark, "")
    return plain
