"""Find and compare the figures of texts, however they are written, and the sentence that a figure comes from.

A self-contained statement often has a figure from the sentences around its evidence. For example, "That was too much"
becomes "168 litres a day are too much", with the figure of the sentence before.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from summarizer._patterns import compile_lazily
from summarizer._text import normalized_words
from summarizer.article import Sentence

_SEPARATOR = ".,'’\u00a0\u202f "
_FIGURE = compile_lazily(rf"\d+(?:[{_SEPARATOR}]\d+)*")
_GROUPED = compile_lazily(rf"\d{{1,3}}(?:[{_SEPARATOR}]\d{{3}})+")
_SCALES = {"thousand": 3, "k": 3, "million": 6, "mn": 6, "m": 6, "billion": 9, "bn": 9, "trillion": 12}
_SCALED = compile_lazily(rf"(\d+(?:[.,]\d+)?)[ \u00a0-]?({'|'.join(_SCALES)})\b", re.IGNORECASE)
# Number words from two on: "one" is a pronoun as often as a number.
_UNITS = dict(zip("two three four five six seven eight nine".split(), range(2, 10), strict=True))
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
_WORDS = {"a": 1, "one": 1} | _UNITS | dict(zip(_TEENS.split(), range(10, 20), strict=True)) | _TENS
_BELOW_100 = rf"(?:(?:{'|'.join(_TENS)})(?: (?:one|{'|'.join(_UNITS)}))?|{'|'.join([*_TEENS.split(), *_UNITS])})"
_IN_WORDS = compile_lazily(
    rf"\b(?:(?P<hundreds>a|one|{'|'.join(_UNITS)}) hundred(?: (?:and )?(?P<rest>{_BELOW_100}|one)\b)?"
    rf"|(?P<small>{_BELOW_100}|one(?= and a half\b))(?P<half> and a half)?"
    r"|(?P<half_of>half )?(?P<single>a|one)(?= (?:thousand|million|billion|trillion)\b))"
    r"(?: (?P<scale>thousand|million|billion|trillion))?\b"
)
_TWO = frozenset({"both", "twice", "couple"})
_TENS_AND_UNIT = compile_lazily(rf"\b({'|'.join(_TENS)}) (one|{'|'.join(_UNITS)})\b")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DAY = compile_lazily(
    rf"\b(?:(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?({'|'.join(_MONTHS)})|({'|'.join(_MONTHS)})[a-z]*\.? (\d{{1,2}}))", re.I
)

_MAX_DISTANCE = 30  # sentences between a claim's evidence and the sentence that its figure comes from
_CLOSE = 3  # sentences within which a figure of two digits or more needs no common word beside it
_NO_CONTENT = frozenset("a an and as at by for from in is on or than that the to was with".split())
_YEAR = compile_lazily(r"(?:19|20)\d\d")

Readings = tuple[frozenset[str], ...]
"""The possible readings of one figure, each a set of plain numbers."""


def figures(text: str) -> list[tuple[str, Readings]]:
    """Return every figure of ``text`` as written, with its readings.

    "1,200" and "1 200" are 1200, and "4,5" is 4.5. "14 300" is 14300, or 14 and 300. "1.5 million" is 1.5 or
    1500000. "seventy-five" is 75, and "forty-eight thousand" is 48 or 48000.
    "half a million" is 500000.
    """
    scaled = {match.start(): match for match in _SCALED.finditer(text)}
    in_digits = [(match.group(), _readings(match, scaled.get(match.start()))) for match in _FIGURE.finditer(text)]
    return in_digits + list(_in_words(text))


def _readings(match: re.Match[str], scaled: re.Match[str] | None) -> Readings:
    figure = match.group()
    readings = [{number for part in re.split(r"[ '’\u00a0\u202f]", figure) for number in _plain(part)}]
    if _GROUPED.fullmatch(figure):
        readings.insert(0, {re.sub(r"\D", "", figure)})
    if scaled:
        readings.append({_scale(scaled.group(1), _SCALES[scaled.group(2).lower()])})
    return tuple(map(frozenset, readings))


def _plain(part: str) -> list[str]:
    """Return the numbers of a part without spaces: a grouped number, a decimal number, or a list."""
    if _GROUPED.fullmatch(part):
        return [re.sub(r"\D", "", part)]
    if part.count(".") + part.count(",") == 1:
        return [_scale(part)]
    return [str(int(number)) for number in re.split(r"[.,]", part) if number]


def _scale(number: str, power: int = 0) -> str:
    """Return a number times a power of ten, as a plain number without trailing zeros."""
    return f"{Decimal(number.replace(',', '.')).scaleb(power).normalize():f}"


def _in_words(text: str) -> Iterable[tuple[str, Readings]]:
    for match in _IN_WORDS.finditer(" ".join(normalized_words(text))):
        hundreds, rest = match["hundreds"], match["rest"] or match["small"] or match["single"] or ""
        number = Decimal(100 * _WORDS[hundreds] if hundreds else 0)
        number += sum(_WORDS[word] for word in rest.split())
        number += Decimal("0.5") * (bool(match["half"]) - bool(match["half_of"]))
        readings = [_scale(str(number))]
        if match["scale"]:
            readings.append(_scale(str(number), _SCALES[match["scale"]]))
        written = _TENS_AND_UNIT.sub(r"\1-\2", match.group())
        yield written, tuple(frozenset({reading}) for reading in readings)


def has_digits(figure: str) -> bool:
    """Return whether a text has a figure in digits; a count in words may be the model's own."""
    return any(map(str.isdigit, figure))


def missing_figures(statement: str, evidence: Sequence[str], published: str | None) -> list[str]:
    """Return the figures of ``statement``, as written, that neither ``evidence`` nor the ISO date contains.

    The year of the date counts anywhere, its day only beside its month.
    """
    wanted = figures(statement)
    if not wanted:
        return []
    have = {number for text in evidence for _, readings in figures(text) for reading in readings for number in reading}
    have |= _numbers_of_date(statement, published)
    if any(not _TWO.isdisjoint(normalized_words(text)) for text in evidence):
        have.add("2")
    return [figure for figure, readings in wanted if not any(reading <= have for reading in readings)]


def _numbers_of_date(statement: str, published: str | None) -> set[str]:
    try:
        day = date.fromisoformat((published or "")[:10])
    except ValueError:
        return set()
    named = {
        (int(match[1] or match[4]), _MONTHS.index((match[2] or match[3]).lower()) + 1)
        for match in _DAY.finditer(statement)
    }
    return {str(day.year)} | ({str(day.day)} if (day.day, day.month) in named else set())


def find_sentence_with_figure(
    figure: str, statement: str, cited: Sequence[Sentence], around: Iterable[Sentence]
) -> Sentence | None:
    """Return the nearest sentence with a figure about the same thing, such as "168 litres".

    The figure must have a common word before or after it. A year needs none, nor does a longer figure close to a
    cited sentence.
    """
    wanted = [readings for written, readings in figures(figure) if written == figure]
    is_year = _YEAR.fullmatch(figure) is not None
    is_long = len(figure) > 1 and figure.isdecimal()
    neighbours = _neighbours(figure, statement)

    def distance(sentence: Sentence) -> int:
        return min(abs(sentence.number - other.number) for other in cited)

    def has_figure(sentence: Sentence) -> bool:
        for written, readings in figures(sentence.text):
            is_same = any(one <= other for ways in wanted for one in ways for other in readings)
            needs_no_word = is_year or (is_long and distance(sentence) <= _CLOSE)
            if is_same and (needs_no_word or neighbours & _neighbours(written, sentence.text)):
                return True
        return False

    near = sorted((sentence for sentence in around if 0 < distance(sentence) <= _MAX_DISTANCE), key=distance)
    return next(filter(has_figure, near), None)


def _neighbours(figure: str, text: str) -> set[tuple[str, str]]:
    """Return the words next to a figure, each with its side."""
    match = re.search(rf"(?<!\w){re.escape(figure)}(?!\w)", text, re.IGNORECASE)
    if not match:
        return set()
    before, after = normalized_words(text[: match.start()])[-1:], normalized_words(text[match.end() :])[:1]
    words = {("before", word) for word in before} | {("after", word.removesuffix("s")) for word in after}
    return {(side, word) for side, word in words if word not in _NO_CONTENT}
