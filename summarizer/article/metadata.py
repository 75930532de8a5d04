"""Detect the headline, byline and date of a text."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from summarizer._files import read_toml
from summarizer._patterns import compile_lazily, required_literals
from summarizer._text import collapse_whitespace, strip_invisible
from summarizer.article.cleaning import boilerplate_rule, fill_in, find_markup
from summarizer.article.labels import parse_label
from summarizer.article.paragraphs import Line, LineRole, is_unfinished, split_lazily, split_lines
from summarizer.article.press_release import find_release

_FRONT = 5_000  # characters in which front matter is searched
_FRONT_LINES = 10
_BACK = 600  # characters in which the author's footer is searched
_MAX_TITLE = 200  # characters
_MAX_BYLINE = 150
_MAX_DATE = 80
_MAX_SENTENCE_TITLE = 14  # words of a headline with a full stop
_MAX_MINOR_WORD = 4  # letters of a word in small letters in a headline: "with"
_MAX_LABEL = 5  # words of a section or a publication above the headline

_MAX_PLAIN_LABEL = 3  # words of a section in title case
_MAX_LABELS = 3  # lines between the first label and the headline
_STANDFIRST_LINES = 6

_MAX_NAME = 3  # words of a columnist's name
_MIN_FIRST_PERSON = 2  # words of a columnist who writes about what "I" think
_FIRST_PERSON = compile_lazily(r"(?<![\w’'])(?:I|[Mm]y|[Ww]e|[Oo]ur)\b")

_PATTERNS = read_toml(__file__, "front_matter.toml")
_BYLINES = {name: compile_lazily(pattern) for name, pattern in fill_in(_PATTERNS["bylines"]).items()}
_STANDFIRST_LITERALS = required_literals(_BYLINES["standfirst"].pattern)
_NAMES = {kind: frozenset(words.split()) for kind, words in _PATTERNS["names"].items()}
_DATES = fill_in(_PATTERNS["dates"])
_DATE_FORMS = tuple(
    compile_lazily(_DATES[form], re.IGNORECASE) for form in ("iso", "slashes", "dots", "month_first", "day_first")
)
_DIGITS = frozenset("0123456789")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class FrontMatter(NamedTuple):
    """The metadata at the beginning of a text."""

    title: str | None
    author: str | None
    published: str | None
    """A date in ISO 8601."""
    roles: dict[int, LineRole]
    """Kickers, byline and date lines, by the offset at which they start."""


class _Facts(NamedTuple):
    author: str | None
    published: str | None
    is_certain: bool
    """True if the line is unambiguous at any place."""


@lru_cache(maxsize=4)
def read_front_matter(text: str) -> FrontMatter:
    """Read headline, byline and date from the first lines of ``text``."""
    title = author = published = None
    roles: dict[int, LineRole] = {}
    in_front = True  # only front matter came directly before
    release = find_release(text)
    furniture = release.furniture if release else ()
    lines = (line for line in _first_lines(text) if line.start not in furniture and not boilerplate_rule(line.text))
    top = list(islice(lines, _FRONT_LINES))
    for index, line in enumerate(top):
        rest = top[index + 1 :]
        facts = _facts(line.text, after_title=title is not None) or (_bare_byline(line, rest) if title else None)
        if line.text[:4].lower() in ("von ", "par ") and not (roles or _COLUMN.match(title or "")):
            facts = None  # as the recorded requests have it, only a column has such a byline
        if facts and (in_front or facts.is_certain):
            author, published = author or facts.author, published or facts.published
            roles[line.start] = "date" if facts.published and not facts.author else "byline"
            in_front = True
        elif in_front and author and not published and _BYLINES["only_role"].fullmatch(line.text):
            roles[line.start] = "byline"
        elif in_front and (_BYLINES["kicker"].fullmatch(line.text) or (not title and _is_label(line, rest))):
            roles[line.start] = "kicker"
            author = author or _author_in_kicker(line.text)
        elif in_front and not title and rest and _is_title(line.text, rest, is_labelled=bool(roles)):
            title = _as_title(line.text)
        else:
            in_front = False
    author = author or _author_in_standfirst(top) or _author_in_footer(text)
    named = _author_before_title(title, text) if title else None
    if title and named and author in (named, None):
        author, title = named, title.partition(": ")[2]
    published = published or _find_release_date(text, furniture) or _find_dateline_date(top)
    return FrontMatter(title, author, published, roles)


def _author_in_kicker(line: str) -> str | None:
    """Return the author after the kind of article: "OPINION | ANN LEE"."""
    match = _BYLINES["kicker_author"].fullmatch(line)
    return _as_name(match["author"]) if match and _are_names(match["author"]) else None


def _author_in_standfirst(lines: Iterable[Line]) -> str | None:
    """Return the author whom the standfirst names in capitals, or to whom a person told the story."""
    for line in islice(lines, _STANDFIRST_LINES):
        has_literal = any(literal in line.text for literal in _STANDFIRST_LITERALS)
        match = _BYLINES["standfirst"].search(line.text) if has_literal and not line.text.isupper() else None
        name = next(filter(None, match.groups())) if match else None
        if name and _are_names(name):
            return _as_name(name)
    return None


def _author_in_footer(text: str) -> str | None:
    """Return the person of the last line, who is named nowhere else: "Ann Lee writes about rivers."."""
    for line in list(split_lazily(text[-_BACK:]))[:-3:-1]:
        match = _BYLINES["footer"].fullmatch(strip_invisible(line.text).strip("*_ "))
        if match and text.count(match["author"].rpartition(" ")[2]) == line.text.count(match["author"]) == 1:
            return match["author"]
    return None


def _author_before_title(title: str, text: str) -> str | None:
    """Return the columnist before a title: "Ann Lee: Close the mine", if the text does not report what Lee says."""
    label = parse_label(title)
    if label is None or label.kind != "name" or " " not in label.name or label.content >= len(title):
        return None
    if not title[label.content].isalnum() or len(label.name.split()) > _MAX_NAME or not _are_names(label.name):
        return None
    surname = label.name.rpartition(" ")[2]
    body = [line.text for line in split_lines(text)]
    if any(surname in line and _as_title(line) != title and not _facts(line) for line in body[:-1]):
        return None
    first_person = islice(_FIRST_PERSON.finditer(text), _MIN_FIRST_PERSON)
    return label.name if len(list(first_person)) == _MIN_FIRST_PERSON else None


def _as_name(name: str) -> str:
    """Return a name in capitals as it is written in a sentence."""
    return name.title().replace("’S", "’s") if name.isupper() else name


def find_dateline(sentence: str) -> int:
    """Return the length of the dateline before a sentence, or 0: "LEEDS, 3 May 2026 — "."""
    match = _DATELINE.match(sentence) or _PLACE.match(sentence)
    return match.end() if match else 0


def _find_release_date(text: str, furniture: Collection[int]) -> str | None:
    """Return the date after "FOR IMMEDIATE RELEASE" in the same line."""
    for line in islice(_first_lines(text), _FRONT_LINES) if furniture else ():
        if line.start in furniture and (found := parse_date_line(_BYLINES["release"].sub("", line.text))):
            return found[0]
    return None


def _find_dateline_date(lines: Iterable[Line]) -> str | None:
    for line in lines:
        match = _DATELINE.match(line.text)
        if match and (found := parse_date_line(match["date"])):
            return found[0]
    return None


def find_metadata_lines(text: str, title: str | None) -> dict[int, str]:
    """Return the offsets of the byline, the date line and the line that is the ``title``."""
    release = find_release(text)
    roles: dict[int, str] = dict.fromkeys(release.furniture, "press-release") if release else {}
    roles |= read_front_matter(text).roles
    plain = _as_title(title or "")
    for line in _first_lines(text) if title else ():
        shown = _as_title(line.text)
        if plain == shown or plain == shown.partition(": ")[2]:
            roles[line.start] = "title"
            break
    return roles


def parse_date_line(line: str) -> tuple[str, bool] | None:
    """Parse a line that contains only a date, with or without weekday, time and label.

    Month names are English. The result is the date in ISO 8601, and True if a label such as "Published" precedes it.
    """
    if len(line) > _MAX_DATE or _DIGITS.isdisjoint(line):
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


def _first_lines(text: str) -> Iterator[Line]:
    """Yield the first lines of ``text`` without invisible characters."""
    for line in split_lazily(text[:_FRONT]):
        if shown := strip_invisible(line.text).strip():
            yield line if shown is line.text else line._replace(text=shown)


def _as_title(line: str) -> str:
    """Return a headline without the marks of Markdown."""
    shown = text = collapse_whitespace(line)
    for span in reversed(find_markup(text)):
        shown = shown[: span.start] + shown[span.end :]
    return (shown if shown.strip() else text).rstrip(" ;")


def _bare_byline(line: Line, rest: Sequence[Line]) -> _Facts | None:
    """Read a name without "By" after a title: with a place, or before a date."""
    text = _BYLINES["after_name"].sub("", line.text)
    names = _BYLINES["only_names"].fullmatch(text)
    if not names or not rest or " " not in text or not _are_names(text):
        return None
    facts = _facts(rest[0].text)
    before_date = facts is not None and facts.published is not None and not facts.author
    is_byline = before_date or " in " in line.text or _BYLINES["only_role"].fullmatch(rest[0].text)
    return _Facts(text, None, False) if is_byline else None


def _is_label(line: Line, rest: Sequence[Line]) -> bool:
    """Return whether a line above the headline names a section, a publication or an office."""
    size = _label_size(line.text)
    if not size:
        return False
    for index, other in enumerate(rest[:_MAX_LABELS]):
        if _facts(other.text):
            return False
        if not _label_size(other.text) and _is_title(other.text, rest[index + 1 :], is_labelled=True):
            return _is_marked(line.text) or len(other.text.split()) > size
    return False


def _label_size(line: str) -> int:
    """Return how many words a section, a publication or an office has; 0 if a line can be none."""
    if _BYLINES["podcast"].fullmatch(line):
        return 1
    words = [word for word in _BYLINES["word"].findall(line) if word not in _NAMES["in_labels"]]
    is_name = all(word[0].isupper() for word in words) and line[-1] not in '.,;:?!”"'
    return len(words) if is_name and len(words) <= (_MAX_LABEL if _is_marked(line) else _MAX_PLAIN_LABEL) else 0


def _is_marked(line: str) -> bool:
    return line.isupper() or any(_BYLINES[name].search(line) for name in ("label", "podcast"))


def _is_title(line: str, rest: Sequence[Line], *, is_labelled: bool = False) -> bool:
    """Return whether a line is short, ends its paragraph, and reads like a headline.

    Args:
        line: The line.
        rest: The lines after it.
        is_labelled: Whether a section or a kicker precedes, which a headline follows.
    """
    if not rest or len(line) > _MAX_TITLE or line[-1] in ",:" or (line.isascii() and " " not in line):
        return False
    following = rest[0]
    second = following.text
    is_byline = _facts(second, after_title=True) is not None or _bare_byline(following, rest[1:]) is not None
    if line[-1] == "." and not line.endswith("..."):
        is_headline = is_labelled or _is_title_case(line) or find_dateline(second) > 0
        is_short = len(line.split()) <= _MAX_SENTENCE_TITLE
        return is_short and (is_byline or (is_headline and following.starts_block and len(second) > len(line)))
    if _TO_YOU.search(line) and any(_TO_YOU.search(other.text) for other in rest[1:]):
        return False  # the first question of an interview
    if line[-1] == ";":
        return not following.starts_block and second[0].isupper()  # before a second headline
    if is_unfinished(line) or (second[0].islower() and not is_byline) or second[0] in ".,;:!?)":
        return False  # a sentence torn over two lines
    label = parse_label(line)
    answering = parse_label(second) if label and line[-1] in ".?!…" else None
    if label and (label.asks or label.name.isupper() or (answering and answering.name != label.name)):
        return False  # the first line of a transcript
    is_headline = _is_title_case(line) and not _is_title_case(second)
    return following.starts_block or len(second) > _MAX_TITLE / 2 or is_byline or is_headline


_COLUMN = compile_lazily(r"(?:meinung|kommentar|kolumne|éditorial|chronique|tribune)\b", re.IGNORECASE)
_TO_YOU = compile_lazily(r"\byour?\b.*\?$", re.IGNORECASE)


def _is_title_case(line: str) -> bool:
    """Return whether the long words of a line, at least three, begin with capitals."""
    words = [word for word in line.split() if len(word) > _MAX_MINOR_WORD and word[0].isalpha()]
    return len(words) >= _MAX_PLAIN_LABEL and not any(word[0].islower() for word in words)


_DATELINE = compile_lazily(
    r"(?:[A-ZÀ-Þ][\w.’'\-]*(?: [A-ZÀ-Þ(][\w.’'\-)]*){0,4}(?:, [A-Z][\w.]*(?: [A-Z][\w.]*)?)?[,:]? \(?)"
    r"(?P<date>(?:[A-Z][a-z]{2,8}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2} [A-Z][a-z]{2,8}\.? \d{4}))\)?"
    r"(?: ?[/(][^()]{2,60}[)/])? ?(?:--?|[–—:/]) ?(?=\S)"
)
"""The dateline before the first sentence; its date includes a year."""
_PLACE = compile_lazily(
    r"[A-ZÀ-Þ][A-ZÀ-Þ.’' -]{2,30}(?:, [A-Z][\w.]*(?: \d{1,2})?){0,2}(?: \([^()]{1,30}\))? ?(?:--|[–—-]) (?=\S)"
    r"|(?:[A-ZÀ-Þ][\w.’'-]+,? ){1,4}(?:\d{1,2} )?\([A-Z][\w ]{1,20}\) ?(?:--|[–—-]) (?=\S)"
)
"""A dateline without a date; of a place in small letters, with an agency: "Osby (AFP) – "."""


def _facts(line: str, *, after_title: bool = False) -> _Facts | None:
    """Parse a line that contains only author and date, such as "By Ann Lee | May 2, 2025".

    After a title, ``Interview: Ann Lee`` names the author, not the guest.
    """
    if len(line) > _MAX_BYLINE:
        return None
    if _BYLINES["unsigned"].fullmatch(line):
        return _Facts(None, None, True)
    if after_title:
        line = _BYLINES["spell"].sub("", _BYLINES["credit"].sub("By ", line))
    author = published = None
    is_certain = False
    line = _BYLINES["release"].sub("", line)
    parts = re.split(r"\s+[|•·–—/]\s+", line)
    if len(parts) == 1 and _DIGITS.isdisjoint(line) and "by" not in line.lower():  # nearly always
        return None
    for number, part in enumerate(parts):
        without_role = _BYLINES["lower_role"].sub("", _BYLINES["place"].sub("", part))
        byline = _BYLINES["byline"].match(without_role)
        if not byline and not number and parts[1:] and _BYLINES["only_role"].fullmatch(parts[1]):
            byline = _BYLINES["only_names"].fullmatch(part)  # "Ann Lee | Staff writer"
        rest = without_role[byline.end() :].strip(" ,") if byline else part
        day, has_label = parse_date_line(rest) or (None, False)
        if byline and not _are_names(byline["author"]):
            return None
        if author and not byline and not day:
            if not _BYLINES["beside"].fullmatch(part):
                return None
            continue
        if not day and not (byline and _BYLINES["after_byline"].fullmatch(rest)):
            return None
        author = author or (_BYLINES["role"].sub("", byline["author"]) if byline else None)
        published = published or day
        is_certain = is_certain or byline is not None or has_label
    return _Facts(author, published, is_certain)


def _are_names(author: str) -> bool:
    """Return whether ``author`` is written like names: "Ann Lee and Bo de Vries", not "all accounts"."""
    words = _BYLINES["word"].findall(author)
    first = words[0].lower()
    if first in _NAMES["excluded"] or (len(words) == 1 and first not in _NAMES["single"]):
        return False
    return all(word[0].isupper() or word in _NAMES["particles"] for word in words)
