"""The checks of a position against the article: its figures and words, a registry of checks, and its entries.

A check is a function that takes a `Claim` and a `GroundingContext` and returns a `CheckResult`. The decorator
`check` adds it to `CHECKS`; its verdict becomes a field of `Position.checks`.
"""

import re
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, partial
from typing import NamedTuple

from summarizer._patterns import compile_lazily
from summarizer._text import normalize, normalized_words
from summarizer.article import Reading, Sentence, looks_english
from summarizer.attribution import Analysis, Attribution, Entity
from summarizer.brief import Checks, Speech
from summarizer.errors import ConfigurationError
from summarizer.spans import Span, locate, quote

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
    """Return whether a figure is written in digits; a count in words, such as "two sides", may be the model's own."""
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
    if any("both" in normalized_words(text) for text in evidence):
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


_MARKS = str.maketrans("“”„‟«»″‘’‚‛‹›′`–—―‒‑−\u00a0", "\"\"\"\"\"\"\"''''''''------ ")
_MONTH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_NUMBERED = compile_lazily(rf"\b(?!{_MONTH})[A-Z][a-z]+ \d+\b(?![.,]\d)")
_UNSPACED = compile_lazily(
    "[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)  # scripts without spaces between words
_MIN_STEM = 4  # letters of a word that always count
_MAX_ENDING = 3  # letters
_WORD = compile_lazily("[^ ]+")
_BREAK = " | "  # between sentences: no name crosses it


@dataclass(frozen=True)
class TextIndex:
    """An index of the words of an article."""

    reading: Reading

    @cached_property
    def _normalized(self) -> str:
        article = self.reading.article
        texts = [article.title or "", article.author or "", *(sentence.text for sentence in self.reading.sentences)]
        return f" {_BREAK.join(map(normalize, texts))} "

    @cached_property
    def _places(self) -> Mapping[str, Sequence[int]]:
        """The offsets of each word. A scan of a long text for each name takes too long."""
        places: defaultdict[str, array[int]] = defaultdict(partial(array, "Q"))
        for match in _WORD.finditer(self._normalized):
            places[match[0]].append(match.start())
        return dict(places)

    @cached_property
    def _english(self) -> bool:
        return looks_english(self.reading)

    def contains(self, name: str) -> bool:
        """Return whether the words of ``name`` follow each other in one sentence of the article."""
        wanted = normalize(name)
        if not wanted:
            return False
        if self._contains_words(wanted.split()) or (_UNSPACED.search(wanted) and wanted in self._normalized):
            return True
        if self._english:
            return False
        stems = [re.escape(word[: max(_MIN_STEM, len(word) - _MAX_ENDING)]) for word in wanted.split()]
        inflected = " ".join(rf"{stem}\w{{0,{2 * _MAX_ENDING}}}" for stem in stems)
        return re.search(rf"(?<= ){inflected}(?= )", self._normalized) is not None

    def _contains_words(self, words: Sequence[str]) -> bool:
        """Return whether words follow each other, searched at the offsets of the rarest of them."""
        rarest = min(range(len(words)), key=lambda index: len(self._places.get(words[index], ())))
        before = sum(len(word) + 1 for word in words[:rarest]) + 1
        wanted = f" {' '.join(words)} "
        return any(self._normalized.startswith(wanted, place - before) for place in self._places.get(words[rarest], ()))

    def contains_all(self, names: Iterable[str]) -> bool:
        """Return whether the article contains all of ``names``."""
        return all(set(normalize(name).split()) <= self._places.keys() or self.contains(name) for name in names)

    def missing_figures(self, statement: str, evidence: Iterable[Sentence]) -> list[str]:
        """Return the figures of ``statement`` that are neither in its evidence nor in the title or date.

        A figure in a name, such as "Line 6", counts as present if the article has that name.
        """
        article = self.reading.article
        numbered = [name for name in _NUMBERED.findall(statement) if name in article.text]
        texts = [*(sentence.text for sentence in evidence), article.title or "", *numbered]
        return missing_figures(statement, texts, article.published)

    def locate_phrase(self, phrase: str, sentence: Sentence) -> tuple[Span, ...]:
        """Return the spans of ``phrase`` in ``sentence``; empty if the sentence does not contain it."""
        wanted = " ".join(phrase.translate(_MARKS).split()).strip('" .,;:')
        if not wanted:
            return ()
        text = sentence.text.translate(_MARKS)
        start = text.find(wanted)
        if start < 0 and len(text.lower()) == len(text):
            start = text.lower().find(wanted.lower())
        if start < 0:
            return ()
        return locate(self.reading.article.text, sentence.spans, start, start + len(wanted))


@dataclass(frozen=True)
class GroundingContext:
    """An article as replies and positions are checked against it."""

    reading: Reading
    analysis: Analysis

    @cached_property
    def index(self) -> TextIndex:
        """The words of the article."""
        return TextIndex(self.reading)


@dataclass(frozen=True, slots=True)
class Claim:
    """A position as the checks see it."""

    statement: str
    holders: tuple[str, ...]
    """The names of its holders; unnamed holders are left out."""
    sentences: tuple[int, ...]
    """The numbers of the cited sentences."""
    reported_by: str | None = None
    """The name of the holder who relays it."""


class CheckResult(NamedTuple):
    """The verdict of a check."""

    verdict: str
    """The value in `Position.checks`: "confirmed", "unconfirmed", "contradicted", or "none" if nothing applies."""
    problem: str = ""
    """A problem that causes a repair request; the position is kept if the problem remains."""


Check = Callable[[Claim, GroundingContext], CheckResult]
CHECKS: dict[str, Check] = {}
"""All checks by name, in the order in which they run."""


def check(name: str) -> Callable[[Check], Check]:
    """Return a decorator that adds a function to `CHECKS`, under a name that no other check has."""

    def register(function: Check) -> Check:
        if name in CHECKS:
            raise ConfigurationError(f"There already is a check {name!r}.", hint="Choose another name.")
        CHECKS[name] = function
        return function

    return register


def run_checks(
    claim: Claim, context: GroundingContext, *, known: Mapping[str, str] | None = None
) -> tuple[Checks, list[str]]:
    """Run all checks except those with a known verdict; return the verdicts and the problems."""
    verdicts = dict(known or {})
    problems = []
    for name, function in CHECKS.items():
        if name not in verdicts:
            result = function(claim, context)
            if not isinstance(result, CheckResult) or not isinstance(result.verdict, str):
                raise TypeError(f"The check {name!r} must return a CheckResult with a verdict, not {result!r}.")
            verdicts[name] = result.verdict
            problems += [result.problem] if result.problem else []
    return Checks.model_validate(verdicts), problems


@check("speaker")
def check_speaker(claim: Claim, context: GroundingContext) -> CheckResult:
    """Check whether the cited sentences are attributed to one of the holders.

    The verdict is "contradicted" only if every sentence is direct speech of other persons, each named right
    beside it. None of them may be the holder who relays it. A pronoun as source confirms and contradicts nothing.
    A doubtful attribution confirms nothing, but if it names one of the holders, nothing is contradicted.
    """
    analysis = context.analysis
    if claim.holders and analysis.attributions_by(claim.holders, claim.sentences):
        return CheckResult("confirmed")
    names = [*claim.holders, *([claim.reported_by] if claim.reported_by else [])]
    if not claim.holders or analysis.attributions_by(names, claim.sentences, min_confidence=0):
        return CheckResult("unconfirmed")
    others = analysis.attributions_in(claim.sentences)
    quoted = {number for attribution in others for number in attribution.sentences}
    text = context.reading.article.text
    if others and quoted.issuperset(claim.sentences) and all(is_decisive(text, other) for other in others):
        problem = f"the sentences cited quote somebody other than {' and '.join(claim.holders)}"
        return CheckResult("contradicted", problem)
    return CheckResult("unconfirmed")


@check("figures")
def check_figures(claim: Claim, context: GroundingContext) -> CheckResult:  # noqa: ARG001
    """Report whether the statement has figures; grounding rejects statements with wrong ones."""
    return CheckResult("confirmed" if figures(claim.statement) else "none")


_NAME = compile_lazily(r"(?<![.!?“\"'’\w-])(?<!^)\b[A-Z][\w’'-]+")
"""A capitalized word, except the first."""


@check("names")
def check_names(claim: Claim, context: GroundingContext) -> CheckResult:
    """Check whether the article contains the names in the statement."""
    names = _NAME.findall(claim.statement)
    if not names:
        return CheckResult("none")
    return CheckResult("confirmed" if context.index.contains_all(names) else "unconfirmed")


_MIN_WORDS = 3
_MIN_DECISIVE = 0.9
"""The least confidence of an attribution that contradicts."""
_READ_ALOUD = compile_lazily('[“"«„] ?[‘\'“"‹]')
"""The beginning of a quotation within a quotation: the speaker reads the words of somebody else."""
_AND_BEFORE = compile_lazily(r"(?:\band|&)\s*$")
_NAME_AFTER = compile_lazily(
    r"\s*(?:\([^()\n]{0,40}\)\s*)?"  # a party
    r"(?:,[^,.!?“”\"«»\n]{0,60})?"  # a description of the holder
    r"(?:,?\s*(?:\band|&)\s+(?:[a-z]+\s){0,3}[A-Z]|,\s+(?!\w+day\b)[A-Z])"
)
_LENGTH_BEFORE_SOURCE = 5  # characters


def is_decisive(text: str, found: Attribution) -> bool:
    """Return whether an attribution is sure enough to contradict a position.

    It must be direct speech of several words, found by its tag or label. Its holders must be named right beside
    it, without another name or an "and" around theirs: others may then say it too.
    """
    if found.speech != "direct" or not found.rule.decides or found.confidence < _MIN_DECISIVE or not found.holders:
        return False
    source, content = quote(text, found.source), quote(text, found.content)
    if not all(holder.kind == "person" and _is_named(holder, source) for holder in found.holders):
        return False
    return len(content.split()) >= _MIN_WORDS and not (_READ_ALOUD.match(content) or _has_company(text, found))


def _is_named(holder: Entity, source: str) -> bool:
    """Return whether a source has the holder's name, or a part of it; "the chairman" can mean somebody else."""
    names = {word for name in (holder.name, *holder.aliases) for word in name.split() if word[0].isupper()}
    return not names.isdisjoint(re.findall(r"[\w’'-]+", source.removesuffix("’s")))


def _has_company(text: str, found: Attribution) -> bool:
    """Return whether another person may be named beside the only holder."""
    if found.rule.is_turn:
        return False
    first, last = found.source[0], found.source[-1]
    listed = len(found.holders) == 1 and re.search(r"\band\b|&", quote(text, found.source))
    before = _AND_BEFORE.search(text[max(0, first.start - _LENGTH_BEFORE_SOURCE) : first.start])
    return bool(listed or before or _NAME_AFTER.match(text, last.end))


def detect_speech(attributions: Iterable[Attribution], quotes: Iterable[str]) -> Speech:
    """Return how evidence reports a statement: by its attributions, else by its quotation marks."""
    kinds = {attribution.speech for attribution in attributions}
    if kinds:
        return kinds.pop() if len(kinds) == 1 else "mixed"
    return "mixed" if any(mark in quote for quote in quotes for mark in '“”"«»„') else "indirect"
