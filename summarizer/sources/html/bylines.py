"""Read the names of authors from credits: without "By", jobs, addresses and the name of the site."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from summarizer._patterns import compile_lazily
from summarizer._text import collapse_whitespace, normalize, normalized_words
from summarizer.sources.html.dates import is_month, parse_date
from summarizer.sources.html.page import TABLES, Page, alternatives, clean, element_text, is_elsewhere, is_never_shown

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MAX_CREDIT = 250  # characters; a longer text describes its author
_MAX_NAME = 60
_MAX_PROFILES = 3
_MAX_INSTITUTION = 120
_MAX_WORDS = 6
_MAX_CANDIDATES = 60  # elements
_MAX_LEVELS = 12
_LINES_AFTER_TITLE = 12
_MAX_DATED = 120  # characters of a line with date and names
_LINES_OF_BYLINE = 3
_MAX_ITEMS = 10  # names in a list or links of a byline
_MAX_WORDS_BEFORE_TEXT = 40  # a longer sentence is not a standfirst

_LISTS = TABLES["authors"]


def _words(name: str) -> frozenset[str]:
    return frozenset(_LISTS[name].split())


_NEWSROOM, _ROLE_WORDS, _NOBODY = _words("roles"), _words("role_words"), _words("nobody")
_ROLES = _NEWSROOM | _words("experts")
_INSTITUTIONS, _DESKS, _PARTICLES = _words("institutions"), _words("desks"), _words("particles")
_NO_NAMES = _NOBODY | _ROLES | _ROLE_WORDS | _INSTITUTIONS | _words("no_names")
_AGENCIES = frozenset(normalize(name) for name in _LISTS["agencies"].split("\n") if name)
_BEFORE_NAMES, _LABELS = alternatives(_LISTS["before"]), alternatives(_LISTS["labels"])
_BEFORE = compile_lazily(rf"\W*(?:{_BEFORE_NAMES})(?:\s+|(?<=:)\s*|\s*:\s*)", re.IGNORECASE)
_AFTER_DATE = compile_lazily(rf"[\s|·•–—-](?:{_BEFORE_NAMES})(?:\s*:\s*|\s+)(?=[^\W\d_])", re.IGNORECASE)
_LINE = compile_lazily(rf"(?:{_BEFORE_NAMES})(?:\s*:\s*|\s+)(?=[^\W\d_])", re.IGNORECASE)

_ADDRESSES = compile_lazily(
    r"\S+@\S+\.\w+|(?:https?:|www\.)\S*|@\w+|\S+\.(?:com|org|net|co\.uk|de|fr|es|it|pl|nl)(?:/\S*)?(?=$|\s)"
)
_BRACKETS = compile_lazily(r"\([^()]*\)|\[[^\[\]]*\]")
_PARTS = compile_lazily(r"\s*[;|/•·▪\n&+]\s*|\s+[–—-]+\s+")
_PARTS_OF_DATED = compile_lazily(r"\s*[|·•,]\s+|\.\s+|\s+[–—-]\s+")
_JOINTS = compile_lazily(rf"\s+(?:{'|'.join(_LISTS['joints'].split())})\s+")
_AFTER_NAME = compile_lazily(
    rf"\s+(?:{'|'.join(_LISTS['prepositions'].split())})\s+.*$|\s*\d.*$|\s+(?:am|on|le|el|il|op)$"
)
_LABEL = compile_lazily(rf"(?:^|\s+)(?:{_LABELS})\b.*$", re.IGNORECASE)
_SUFFIX = compile_lazily(
    r",?\s+(?:ph\.?d\.?|m\.?d\.?|m\.?a\.?|esq\.?|mba|cfa|rn|mp|mep|mdb)$|^(?:dr|prof|mr|mrs|ms)\.?\s+", re.IGNORECASE
)
_ACRONYM = compile_lazily(r"[BCDFGHJ-NP-TVWXZ]{3,5}")
_GENERATION = compile_lazily(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)
_FORBIDDEN = compile_lazily(r"[<>{}@#$%^*_=\\:!?…\"“”„«»\d\x00-\x1f]")

_PROFILE = compile_lazily(rf"/(?:{'|'.join(_LISTS['profiles'].split())})/", re.IGNORECASE)


class Credits(NamedTuple):
    """The names in one or several credits."""

    people: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    """Agencies and institutions, which count if no person is named."""


def read_credit(text: str, sites: frozenset[str] = frozenset(), *, is_person: bool = True) -> Credits:
    """Return the names in a credit such as "By Ann Lee, Political Editor, and Bo Day in Kyiv".

    Args:
        text: The credit; it may have several names.
        sites: Normalized names of the site, which are not authors.
        is_person: False if the page says that it is an organisation.
    """
    text = _strip(text)
    if not text or len(text) > _MAX_CREDIT:
        return Credits()
    words = normalize(text).split()
    if not is_person or not _INSTITUTIONS.isdisjoint(text.lower().split()):
        is_name = len(text) <= _MAX_INSTITUTION and normalize(text) not in sites and not _is_nobody(words, sites)
        return Credits(organisations=(text[0].upper() + text[1:] if " " in text else text,) if is_name else ())
    people: list[str] = []
    organisations: list[str] = []
    parts = list(_split(text))
    for part in parts:
        name = _cut(part)
        key = normalize(name)
        words = key.split()
        agency = " ".join(word for word in words if word not in _DESKS)  # "Reuters Staff"
        if key in _AGENCIES:
            organisations.append(name)
        elif agency in _AGENCIES:
            organisations.append(" ".join(word for word in name.split() if normalize(word) not in _DESKS))
        elif not words or key in sites or _is_nobody(words, sites):
            continue
        elif not _DESKS.isdisjoint(words):
            organisations.append(name)
        elif person := _person(name):
            people.append(person)
    if len(parts) > 1:  # "Ann Lee / Madrid"
        people = [name for name in people if " " in name or not name.isascii()]
    return Credits(tuple(dict.fromkeys(people)), tuple(dict.fromkeys(organisations)))


def merge(several: Iterable[Credits]) -> Credits:
    """Join credits; a name that another one contains is left out."""
    people: dict[str, str] = {}
    organisations: dict[str, str] = {}
    for found in several:
        for name in found.people:
            people.setdefault(normalize(name), name)
        for name in found.organisations:
            organisations.setdefault(normalize(name), name)
    keys = {key: set(key.split()) for key in people}
    kept = [name for key, name in people.items() if not any(keys[key] < other for other in keys.values())]
    return Credits(tuple(kept), tuple(organisations.values()))


def _cut(part: str) -> str:
    """Return a credit without what follows the name: a place, a medium, a date."""
    name = part.strip(" ,-–—'’")
    if not _GENERATION.fullmatch(name.rpartition(" ")[2]):
        name = _AFTER_NAME.sub("", _LABEL.sub("", name)).strip(" ,.-–—'’")
    if name != part and any(character.isdigit() for character in part):
        while is_month(name.rpartition(" ")[2]):
            name = name.rpartition(" ")[0]
    return name


def _strip(text: str) -> str:
    text = _BRACKETS.sub(" ", _ADDRESSES.sub(" ", clean(text[: 4 * _MAX_CREDIT])))
    for _ in range(2):  # "Interview: by Ann Lee"
        match = _BEFORE.match(text)
        if (
            match
            and len(text) > match.end()
            and (":" in match[0] or " " in text[match.end() :].strip() or match[0][:2].lower() == "by")
        ):
            text = text[match.end() :]
    return collapse_whitespace(text).strip(" ,;|/-–—·•:")


def _split(text: str) -> Iterator[str]:
    """Yield the names of a credit, with what belongs to each."""
    for piece in _PARTS.split(text):
        parts = [part.strip() for part in piece.split(",") if part.strip()]
        if len(parts) == 2 and _is_inverted(*parts):
            yield f"{parts[1]} {parts[0]}"
            continue
        for part, following in zip_longest(parts, parts[1:], fillvalue=""):
            if _GENERATION.fullmatch(following):
                yield f"{part} {following}"
            elif not _GENERATION.fullmatch(part):
                yield from _unjoin(part)


def _unjoin(text: str) -> Iterator[str]:
    text = re.sub(rf"^(?:{'|'.join(_LISTS['joints'].split())})\s+", "", text)
    start = 0
    for match in _JOINTS.finditer(text):
        left, right = text[start : match.start()], text[match.end() :]
        is_safe = match[0].strip() in {"and", "und", "with", "mit", "avec"} or (
            " " in left.strip() and " " in right.strip()
        )
        if is_safe:
            yield left
            start = match.end()
    yield text[start:]


def _is_inverted(family: str, given: str) -> bool:
    """Return whether two parts are "Lee, Ann" or "de Vries, Bo"."""
    words = [word for word in family.split() if word not in _PARTICLES]
    keys = normalize(f"{family} {given}").split()
    return (
        len(words) == 1
        and len(given.split()) <= 2
        and words[0][0].isupper()
        and given[0].isupper()
        and not _GENERATION.fullmatch(given)
        and _AGENCIES.isdisjoint({normalize(family), normalize(given)})
        and (_ROLES | _NOBODY).isdisjoint(keys)
    )


def _is_nobody(words: list[str], sites: frozenset[str]) -> bool:
    """Return whether all words name a site, a desk or nobody: "Example Staff"."""
    names = {word for site in sites for word in site.split()}
    return all(word in _NOBODY or word in names or word in {"the", "die", "la", "of"} for word in words) and not (
        names and len(words) > 1 and not _NOBODY.intersection(words) and set(words) < names
    )


def _person(name: str) -> str | None:
    """Return the name of a person without titles and jobs, or None if it does not look like one."""
    words = _SUFFIX.sub("", name).split()
    if any(word.lower().strip(",.") in _ROLES for word in words):
        words = [word for word in words if word.lower().strip(",.") not in _ROLES | _ROLE_WORDS]
        if len(words) < 2:
            return None
    name = " ".join(words)
    if not words or len(words) > _MAX_WORDS or len(name) > _MAX_NAME or _FORBIDDEN.search(name):
        return None
    if len(words) > 1 and name.islower() and name.isascii() and min(map(len, words)) > 2:
        return name.title()
    if len(words) > 1 and name.isupper():
        return re.sub(r"[^\W\d_]{2,}", lambda match: match[0].capitalize(), name)
    if len(words) == 1 and (
        len(name) < 2 or (name.isascii() and (len(name) < 3 or name.isupper() or not name.isalpha()))
    ):
        return None
    if len(words) > 1 and _ACRONYM.fullmatch(words[0]) and not name.isupper():  # "CNN Business"
        return None
    is_name = all(_is_capitalized(word) or word.lower() in _PARTICLES for word in words)
    return name if is_name and any(map(_is_capitalized, words)) else None


def _is_capitalized(word: str) -> bool:
    letters = word.lstrip("'’`´-(")
    first = letters[:1]
    # "al-Sayed", "d'Arc"; letters without case in other scripts
    return first.isalpha() and (not first.islower() or re.match(r"[a-z]{1,3}['’-][A-Z]", letters) is not None)


def visible_credits(page: Page, sites: frozenset[str]) -> Credits:
    """Return the names in elements marked as a byline or an author, or else in links to authors."""
    found: list[Credits] = []
    place: set[HtmlElement] = set()
    done: HtmlElement | None = None

    def candidates() -> Iterator["HtmlElement"]:
        yield from page.in_role("credit")[:_MAX_CANDIDATES]
        if not found:
            links = [link for link in page.elements("a") if _PROFILE.search(link.get("href") or "")]
            if len({link.get("href") for link in links}) <= _MAX_PROFILES:  # more belong to other articles
                yield from links[:_MAX_CANDIDATES]

    for element in candidates():
        above = list(islice(element.iterancestors(), _MAX_LEVELS))
        if is_never_shown(element) or (done is not None and done in above) or is_elsewhere(element):
            continue
        if found and place.isdisjoint(above[:2]):
            break
        own = _credits_of(element, sites)
        if own.people or (own.organisations and not found):
            found.append(own)
            place.update(above[:2])
            done = element
    return merge(found)


def _credits_of(element: "HtmlElement", sites: frozenset[str]) -> Credits:
    items = list(islice(element.iter("li"), _MAX_ITEMS))
    if len(items) > 1:
        return merge(read_credit(element_text(item), sites) for item in items)
    links = list(islice(element.iter("a"), _MAX_ITEMS)) if element.tag != "a" else []
    profiles = [link for link in links if link.get("rel") == "author" or _PROFILE.search(link.get("href") or "")]
    linked = merge(read_credit(element_text(link), sites) for link in profiles or links)
    if linked.people and (profiles or all(" " in name for name in linked.people)):
        whole = read_credit(element_text(element), sites)  # some names may have no link
        return whole if set(linked.people) < set(whole.people) else linked
    return read_credit(element_text(element), sites)


def credit_line(lines: list[str], sites: frozenset[str]) -> Credits:
    """Return the names in a line such as "By Ann Lee" between the title and the running text."""
    for line in lines[:_LINES_AFTER_TITLE]:
        is_sentence = line.endswith((".", "!", "?", "…", ":")) and not _GENERATION.fullmatch(line.split()[-1])
        if is_sentence and len(line.split()) > _MAX_WORDS_BEFORE_TEXT:
            break
        match = None if is_sentence or len(line) > _MAX_CREDIT else _LINE.match(line)
        if not match and not is_sentence and len(line) <= _MAX_DATED and any(map(str.isdigit, line)):
            match = _AFTER_DATE.search(line)  # "2 May 2025 - By Ann Lee"
        start = match.start() if match else 0
        names_role = not is_sentence and len(line) <= _MAX_DATED and not _NEWSROOM.isdisjoint(normalized_words(line))
        found = read_credit(line[start:].strip(" -–—|·•"), sites) if match or names_role else Credits()
        if any(" " in name and (name in line or name.upper() in line) for name in found.people):
            return found
    return Credits()


def bare_name(lines: list[str], page: Page) -> Credits:
    """Return the name alone between the headline and the date, or beside the date in its line.

    A name that the page repeats or links is rather that of a place or a section.
    """
    for line, following in pairwise([*lines[:_LINES_OF_BYLINE], ""]):
        if len(line) > _MAX_DATED:
            break
        is_dated = parse_date(line) is not None
        parts = _PARTS_OF_DATED.split(line) if is_dated else [line]
        if is_dated or parse_date(following[:_MAX_DATED]):
            names = [part for part in parts if " " in part and read_credit(part).people == (part,)]
            names = [name for name in names if len(name.split()) <= 3 and _NO_NAMES.isdisjoint(name.lower().split())]
            if len(names) == 1 and sum(names[0] in text for text, _ in page.lines) == 1:
                is_linked = any(element_text(link) == names[0] for link in page.elements("a"))
                return Credits() if is_linked else Credits((names[0],))
    return Credits()
