"""Statements that cannot both hold.

They are opposite stances of one actor that no change explains, or different figures of two actors for one thing.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from math import log, sqrt

from summarizer._files import read_toml
from summarizer._languages import frequent_words, language_codes
from summarizer._text import normalized_words
from summarizer.dossier.changes import corrected_positions, unusable_positions
from summarizer.dossier.issue_words import FUNCTION_WORDS
from summarizer.dossier.types import TURNED, Change, Contradiction, Statement
from summarizer.engines import stem
from summarizer.store import Database

_LEAST_ALIKE = 0.3  # cosine of the words around two figures, weighted by rarity
_LEAST_SHARED = 2  # words that both sentences share
_MANY_SHARED, _LEAST_WITH_MANY = 3, 0.15  # amounts and shares whose sentences share more words may be less alike
_BEGINNING = 5  # letters
_SHORT = 3  # letters of the shortest word that shows what a figure is about: "dam"
_NOUN = 3  # words after a number among which is what it counts
_MAX_WORDS = 12  # words on each side of a figure that show what it is about
_MAX_CHARACTERS = 300  # characters on each side in which these words are
_MAX_SHARERS = 50  # figures that share a word; a more frequent word shows nothing
_DATA = read_toml(__file__, "contradictions.toml")
_SCALES: dict[str, int] = {name: 10 ** int(power) for power, names in _DATA["scales"].items() for name in names.split()}
_FIGURE = re.compile(
    r"(?P<sign>[£$€] ?)?(?<![\w.,])(?P<number>\d+(?:[.,\u00a0\u202f]\d+){0,8})"
    rf"(?:[ -]?(?P<scale>{'|'.join(sorted(_SCALES, key=len, reverse=True))})\b\.?)?"
    r"(?P<share> ?%| ?(?:percent|per cent|prozent|pour cent|por ciento)\b)?"
    r"(?P<currency> ?(?:(?:de |d’)?(?:euros?|pounds?|dollars?|francs?|franken)\b|[£$€]))?",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_PRICED, _OTHER_WORK, _RATE = (
    re.compile(_DATA["patterns"][name], re.IGNORECASE) for name in ("priced", "other_work", "rate")
)
_SENTENCE_END = re.compile(r"[.!?]\W*\s|\n")


def find_contradictions(
    database: Database, statements: Sequence[Statement], changes: Iterable[Change]
) -> tuple[Contradiction, ...]:
    """Return the pairs of statements that cannot both hold: those of one actor first, then those of two."""
    return (*_within_actors(database, statements, changes), *_between_actors(database, statements))


def _within_actors(
    database: Database, statements: Iterable[Statement], changes: Iterable[Change]
) -> Iterator[Contradiction]:
    """Yield the statements on the other side than the actor's statement before, if no change explains them."""
    pairs: defaultdict[tuple[str, str], list[Statement]] = defaultdict(list)
    for each in statements:
        if each.issue and each.date and each.stance in TURNED:
            pairs[each.actor, each.issue].append(each)
    pairs = defaultdict(list, {key: found for key, found in pairs.items() if len({one.stance for one in found}) > 1})
    hashes = dict(map(tuple, database.stream("SELECT id, sha256 FROM articles"))) if pairs else {}
    unusable = unusable_positions(database, [each.position for found in pairs.values() for each in found])
    unusable |= corrected_positions(database, {actor for actor, _ in pairs})
    explained: defaultdict[tuple[str, str], list[Change]] = defaultdict(list)
    for change in changes:
        explained[change.actor, change.issue].append(change)
    for (actor, issue), found in pairs.items():
        found.sort(key=lambda each: (each.date or "", hashes.get(each.article, ""), each.position))
        days = {each.position: each.date or "" for each in found}
        held: Statement | None = None
        last: Statement | None = None
        for each in found:
            if each.position in unusable:
                continue
            if held is None or each.stance == held.stance or _is_explained(held, each, explained[actor, issue], days):
                held = each
            elif last and last.stance == held.stance and not _is_one_quotation(database, held, each):
                yield Contradiction(
                    issue=issue, one=held.position, other=each.position, actors=(actor, actor), kind="stance"
                )
            last = each  # several statements in a row contradict once


def _is_one_quotation(database: Database, one: Statement, other: Statement) -> bool:
    """Return whether two statements cite the same sentences, as where a sentence has a "but"."""
    sql = "SELECT count(DISTINCT quotation) FROM positions WHERE id IN (?, ?)"
    return one.article == other.article and database.query(sql, one.position, other.position)[0][0] == 1


def _is_explained(held: Statement, new: Statement, changes: Iterable[Change], days: Mapping[int, str]) -> bool:
    """Return whether a change of position lies between two statements."""
    start, end = held.date or "", new.date or ""
    return any(change.to_stance == new.stance and start <= days.get(change.after, start) <= end for change in changes)


@dataclass(frozen=True)
class _Figures:
    """The figures of one kind in a statement, and the words around them."""

    statement: Statement
    values: frozenset[Decimal]
    counted: frozenset[str]
    """The beginnings of the words for what is counted; empty for money and shares."""
    around: frozenset[str]
    priced: frozenset[str] = frozenset()
    """The beginnings of what costs a sum of money, where the words say so."""


def _between_actors(database: Database, statements: Iterable[Statement]) -> Iterator[Contradiction]:
    """Yield the pairs of statements of two actors with different figures for one thing.

    Both are amounts of money, both shares, or both numbers of one noun, and the words around them are alike.
    """
    known = {each.position: each for each in statements}
    groups: defaultdict[str, list[_Figures]] = defaultdict(list)
    for position, quotation in database.stream(
        "SELECT positions.id, quotation FROM positions JOIN current_briefs USING (brief) JOIN articles ON "
        "articles.id = current_briefs.article WHERE quotation GLOB '*[0-9]*' ORDER BY published, sha256, positions.id"
    ):
        if position in known:
            for kind, found in read_figures(known[position], quotation):
                groups[kind].append(found)
    for group in groups.values():
        common = Counter(beginning for each in group for beginning in each.around)
        weights = {beginning: log(1 + len(group) / number) for beginning, number in common.items()}
        sharers: defaultdict[str, list[int]] = defaultdict(list)
        for index, each in enumerate(group):
            for beginning in each.around:
                if common[beginning] <= _MAX_SHARERS:
                    sharers[beginning].append(index)
        seen: set[tuple[str, str, frozenset[Decimal], frozenset[Decimal]]] = set()
        for first, second in _pairs(group, sharers):
            actors = first.statement.actor, second.statement.actor
            if _contradict(first, second, weights) and (key := (*actors, first.values, second.values)) not in seen:
                seen.add(key)
                yield Contradiction(
                    issue=first.statement.issue or second.statement.issue,
                    one=first.statement.position,
                    other=second.statement.position,
                    actors=actors,
                    kind="figure",
                )


def _pairs(group: Sequence[_Figures], sharers: Mapping[str, Sequence[int]]) -> Iterator[tuple[_Figures, _Figures]]:
    """Yield the pairs of figures that share a word, in the order of the group."""
    for place, each in enumerate(group):
        others = {other for beginning in each.around for other in sharers.get(beginning, ()) if other > place}
        yield from ((each, group[other]) for other in sorted(others))


def _contradict(first: _Figures, second: _Figures, weights: Mapping[str, float]) -> bool:
    shared = first.around & second.around
    if (
        first.statement.actor == second.statement.actor
        or first.values & second.values
        or (first.counted and not first.counted & second.counted)
    ):
        return False
    if first.priced and second.priced:
        return not first.priced.isdisjoint(second.priced)
    if len(shared) < _LEAST_SHARED:
        return False
    least = _LEAST_ALIKE if first.counted or len(shared) < _MANY_SHARED else _LEAST_WITH_MANY
    lengths = [sqrt(sum(weights[beginning] ** 2 for beginning in each.around)) for each in (first, second)]
    return sum(weights[beginning] ** 2 for beginning in shared) / (lengths[0] * lengths[1]) >= least


def read_figures(statement: Statement, quotation: str) -> Iterator[tuple[str, _Figures]]:
    """Yield the figures in a quotation by kind: money, rate, share, count. Years and times count nothing."""
    values: defaultdict[str, set[Decimal]] = defaultdict(set)
    around: defaultdict[str, set[str]] = defaultdict(set)
    priced: set[str] = set()
    counted: set[str] = set()
    for match in _FIGURE.finditer(quotation):
        before = quotation[max(0, match.start() - _MAX_CHARACTERS) : match.start()]
        sentence = (
            _SENTENCE_END.split(before)[-1],
            _SENTENCE_END.split(quotation[match.end() : match.end() + _MAX_CHARACTERS])[0],
        )
        kind = "money" if match["sign"] or match["currency"] else "share" if match["share"] else "count"
        if kind == "money" and _RATE.match(sentence[1]):
            kind = "rate"
        after = normalized_words(sentence[1])
        if kind == "count":
            nouns = _beginnings(after[:_NOUN])
            if _YEAR.fullmatch(match["number"]) or not nouns or sentence[1][:1] in {":", "-"}:
                continue
            counted |= nouns
        if kind == "money":
            priced.update(*map(_priced, sentence))
        values[kind].add(_value(match))
        words = [*normalized_words(sentence[0])[-_MAX_WORDS:], *after[:_MAX_WORDS]]
        around[kind] |= _beginnings(word for word in words if not word[0].isdigit())
    for kind, found in values.items():
        nouns_of_kind = frozenset(counted) if kind == "count" else frozenset()
        things = frozenset(priced) if kind == "money" else frozenset()
        yield kind, _Figures(statement, frozenset(found), nouns_of_kind, frozenset(around[kind]), things)


def _priced(text: str) -> Iterator[str]:
    """Yield the beginnings of the nouns for which a part of a sentence gives a price, with work on them."""
    for match in _PRICED.finditer(text):
        noun = match.lastindex or 0
        work = _OTHER_WORK.search(text[: match.start(noun)])
        for beginning in _beginnings([match[noun].lower()]):
            yield f"{stem(work[1].lower())} {beginning}" if work else beginning


def _beginnings(words: Iterable[str]) -> set[str]:
    """Return the beginnings of words that show what a figure is about."""
    telling = (word for word in words if len(word) >= _SHORT and word not in _frequent())
    return {stem(word)[:_BEGINNING] for word in telling}


@cache
def _frequent() -> frozenset[str]:
    """Return the most frequent words of all languages that the library knows, and verbs of speech."""
    return FUNCTION_WORDS.union(_DATA["saying"].split(), *map(frequent_words, language_codes()))


def _value(match: re.Match[str]) -> Decimal:
    digits = re.sub(r"[\u00a0\u202f]", "", match["number"])
    if _GROUPED.fullmatch(digits):
        digits = re.sub(r"\D", "", digits)
    number = Decimal(re.sub(r"[.,](?=.*[.,])", "", digits).replace(",", "."))
    return number * _SCALES.get((match["scale"] or "").lower(), 1)
