"""Detect the headline, byline, date and language of a text."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from summarizer._text import collapse_whitespace, normalized_words, strip_invisible
from summarizer.article.cleaning import boilerplate_rule
from summarizer.article.paragraphs import Line, LineRole, is_unfinished, split_lines

if TYPE_CHECKING:
    from summarizer.article.reading import Reading

_FRONT = 5_000  # characters in which front matter is searched
_FRONT_LINES = 8
_MAX_TITLE = 200  # characters
_MAX_BYLINE = 150
_MAX_DATE = 80

_WORD = r"[^\W\d_][\w.'’\-]*"
_NAME = rf"{_WORD}(?: (?!and\b){_WORD}){{0,4}}"
_BYLINE = re.compile(
    rf"(?:(?:Written|Story|Text|Reported) by|By|BY)[:\s]\s*(?P<author>{_NAME}(?:(?:, | and | & ){_NAME}){{0,5}})"
)
_PLACE = re.compile(r"\s+in [A-Z][\w.’'\-]*(?:,? [A-Z][\w.’'\-]*){0,3}$")
_AFTER_BYLINE = re.compile(r"(?:\([A-Z][\w ./]{1,40}\)|@\w+|[0-9]{1,2} min(?:ute)? read)?")
_PARTICLES = frozenset(("and", "de", "van", "von", "der", "den", "bin", "al", "da", "di", "la", "le", "du", "dos"))
_SINGLE_NAMES = frozenset(("reuters", "afp", "ap", "bloomberg", "staff"))  # no other single word is a byline
_NOT_NAMES = re.compile(  # as in the headings "By Any Means" and "By Popular Demand"
    "(?:the|an?|all|any|some|no|new|christmas|easter|god|popular|design|land|sea|air|far|now|then|default|law|accident|chance|night|day|hand"
    "|monday|tuesday|wednesday|thursday|friday|saturday|sunday)",
    re.IGNORECASE,
)
_ROLE = re.compile(r"(?:, (?:\w+ ){0,3}(?:Writer|Reporter|Correspondent|Editor|Columnist|Chief|Staff|News|Press))+$")
_LOWER_ROLE = re.compile(r", (?:[\w'’\-]+ ){0,3}(?:correspondent|reporter|editor|columnist|writer)$")

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY, _YEAR, _NUMBER = r"(?P<day>[0-9]{1,2})", r"(?P<year>[0-9]{4})", r"(?P<month>[0-9]{1,2})"
_ORDINAL = r"(?:st|nd|rd|th)?"
_DATE_LABEL = r"(?P<label>(?:first )?(?:published|updated|posted|date|last updated|last modified)(?: on| at)?:?\s+)?"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_TIME = r"[0-9]{1,2}(?:[:.][0-9]{2}){0,2}(?:\.[0-9]+)?\s*(?:[ap]\.?m\b\.?)?"
_ZONE = r"(?:\s?(?:[+-][0-9]{2}:?[0-9]{2}|\(?[a-z]{1,5}\)?))?"
_CLOCK = rf"(?:at\s+)?{_TIME}{_ZONE}"

# Numeric dates must be unambiguous: 05/02/2025 is another day in London than in Boston.
_DATE_FORMS = tuple(
    re.compile(rf"{_DATE_LABEL}(?:{_CLOCK},?\s+)??{_WEEKDAY}{form}(?:(?:,?\s+|t){_CLOCK})?", re.IGNORECASE)
    for form in (
        rf"{_YEAR}-{_NUMBER}-{_DAY}",
        rf"{_YEAR}/{_NUMBER}/{_DAY}",
        rf"{_DAY}\.\s?{_NUMBER}\.\s?{_YEAR}",
        rf"{_MONTH} {_DAY}{_ORDINAL},? {_YEAR}",
        rf"{_DAY}{_ORDINAL} {_MONTH},? {_YEAR}",
    )
)

_ENGLISH = "en"
_LANGUAGE_SAMPLE = 4_000  # characters
_MIN_SHARE = 0.08  # share of the words that must be frequent words of a language
_MIN_COUNT = 3  # frequent words
_FREQUENT_WORDS: Mapping[str, frozenset[str]] = {
    code: frozenset(words.split())
    for code, words in {
        _ENGLISH: "the of and to in a is that for on was said with as it by",
        "de": "der die und das nicht ist ein eine mit den von sich auf dem im zu",
        "fr": "le les des et est une que dans pour qui pas du la un en au",
        "es": "el los las y que una por con para se del la en un no es",
        "it": "il di che e la per un non sono della gli del una con si i",
        "pt": "o os que e do da em um para não uma dos no na com as",
        "nl": "de het een en van dat niet is op zijn met voor te die in aan",
        "sv": "och att det som en på är av för den med inte har till i ett",
        "da": "og at det er en på til af for den med ikke har som i et",
        "pl": "i w na nie się z że do jest to o za od ale po jak",
    }.items()
}
_ONLY_ENGLISH = frozenset("the and to that with said from they this have by not it he you".split())
"""Frequent in English and in no similar language, unlike "in", "is", "was", "of", "on" and "as"."""
_ENGLISH_SAMPLE = 200  # sentences
_MIN_WORDS = 40  # fewer words do not show the language
_BEYOND_LATIN = "\u0250"  # letters from here on belong to other scripts


class FrontMatter(NamedTuple):
    """The metadata at the beginning of a text."""

    title: str | None
    author: str | None
    published: str | None
    """A date in ISO 8601."""
    roles: dict[int, LineRole]
    """Byline and date lines, by the offset at which they start."""


class _Facts(NamedTuple):
    author: str | None
    published: str | None
    is_certain: bool
    """True if the line is unambiguous at any place."""


def read_front_matter(text: str) -> FrontMatter:
    """Read headline, byline and date from the first lines of ``text``."""
    title = author = published = None
    roles: dict[int, LineRole] = {}
    in_front = True  # only front matter came directly before
    top = list(islice((line for line in _first_lines(text) if not boilerplate_rule(line.text)), _FRONT_LINES))
    for line, following in zip_longest(top, top[1:]):
        facts = _facts(line.text)
        if facts and (in_front or facts.is_certain):
            author, published = author or facts.author, published or facts.published
            roles[line.start] = "byline" if facts.author else "date"
            in_front = True
        elif in_front and not title and following and _is_title(line.text, following):
            title = collapse_whitespace(line.text)
        else:
            in_front = False
    return FrontMatter(title, author, published, roles)


def find_metadata_lines(text: str, title: str | None) -> dict[int, LineRole]:
    """Return the offsets of the byline, the date line and the line that is the ``title``."""
    roles = read_front_matter(text).roles
    for line in _first_lines(text):
        if title and collapse_whitespace(line.text) == title:
            roles[line.start] = "title"
            break
    return roles


def parse_date_line(line: str) -> tuple[str, bool] | None:
    """Parse a line that contains only a date, with or without weekday, time and label.

    Month names are English. The result is the date in ISO 8601, and True if a label such as "Published" precedes it.
    """
    if len(line) > _MAX_DATE or not any(character in "0123456789" for character in line):
        return None
    for form in _DATE_FORMS:
        if match := form.fullmatch(line.strip()):
            month = match["month"][:3].lower()
            number = _MONTHS.index(month) + 1 if month in _MONTHS else int(month)
            try:
                day = date(int(match["year"]), number, int(match["day"]))
            except ValueError:  # 31 February
                return None
            return day.isoformat(), match["label"] is not None
    return None


def guess_language(text: str) -> str:
    """Guess the language from frequent words, for example ``"de"``; English unless another is clearly likelier.

    The language decides how sentences are split: "14. Juni" is one sentence in German, and two in English.
    """
    words = [word.strip(".,;:!?()„“”\"'«»") for word in text[:_LANGUAGE_SAMPLE].lower().split()]
    shares = {code: sum(word in frequent for word in words) for code, frequent in _FREQUENT_WORDS.items()}
    best = max(shares, key=lambda code: shares[code])
    is_clear = shares[best] > shares[_ENGLISH] and shares[best] >= max(_MIN_COUNT, _MIN_SHARE * len(words))
    return best if is_clear else _ENGLISH


def looks_english(reading: "Reading") -> bool:
    """Return whether the article is in English, the language of the attribution rules.

    The declared language decides, otherwise the words. A short text in Latin script counts as English.
    """
    if language := reading.article.language:
        return language.lower().split("-")[0] == _ENGLISH
    sample = " ".join(sentence.text for sentence in reading.sentences[:_ENGLISH_SAMPLE])
    letters = [letter for letter in sample if letter.isalpha()]
    if 3 * sum(letter >= _BEYOND_LATIN for letter in letters) > len(letters):
        return False
    words = normalized_words(sample)
    return len(words) < _MIN_WORDS or sum(word in _ONLY_ENGLISH for word in words) >= len(words) / 30


def _first_lines(text: str) -> Iterator[Line]:
    """Yield the first lines of ``text`` without invisible characters."""
    for line in split_lines(text[:_FRONT]):
        if shown := strip_invisible(line.text).strip():
            yield line._replace(text=shown)


def _is_title(line: str, following: Line) -> bool:
    """Return whether a line is short, ends its paragraph, and does not end like a sentence."""
    if len(line) > _MAX_TITLE or line[-1] in ".,;:…" or (line.isascii() and " " not in line):
        return False
    second = following.text
    if is_unfinished(line) or second[0].islower() or second[0] in ".,;:!?)":
        return False  # a sentence torn over two lines
    return following.starts_block or len(second) > _MAX_TITLE / 2 or _facts(second) is not None


def _facts(line: str) -> _Facts | None:
    """Parse a line that contains only author and date, such as "By Ann Lee | May 2, 2025"."""
    if len(line) > _MAX_BYLINE:
        return None
    author = published = None
    is_certain = False
    for part in re.split(r"\s+[|•·–—]\s+", line):
        without_role = _LOWER_ROLE.sub("", _PLACE.sub("", part))
        byline = _BYLINE.match(without_role)
        rest = without_role[byline.end() :].strip(" ,") if byline else part
        day, has_label = parse_date_line(rest) or (None, False)
        if byline and not _are_names(byline["author"]):
            return None
        if not day and not (byline and _AFTER_BYLINE.fullmatch(rest)):
            return None
        author = author or (_ROLE.sub("", byline["author"]) if byline else None)
        published = published or day
        is_certain = is_certain or byline is not None or has_label
    return _Facts(author, published, is_certain)


def _are_names(author: str) -> bool:
    """Return whether ``author`` is written like names: "Ann Lee and Bo de Vries", not "all accounts"."""
    words = re.findall(_WORD, author)
    if _NOT_NAMES.fullmatch(words[0]) or (len(words) == 1 and words[0].lower() not in _SINGLE_NAMES):
        return False
    return all(word[0].isupper() or word in _PARTICLES for word in words)
