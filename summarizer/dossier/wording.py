"""Read what a proposition or statement speaks of, and which side it takes of what.

The words of a matter ("a ballot", "let the people decide") count as one term: see matters.toml. The words that take a
side are in wording.toml. A term is a matter's
name with a leading @, the stem of a word, or the stem of a name with a leading =. A sign is positive for what the text
wants or welcomes, and negative for the opposite.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from summarizer._files import read_toml
from summarizer._patterns import compile_lazily, required_literals
from summarizer._text import normalized_words
from summarizer.dossier.foreign import read_as
from summarizer.engines import (
    CHANGE_NOUNS,
    CHANGES,
    SIDES,
    VERBS,
    Words,
    asserted,
    is_old_or_forged,
    read_labels,
    read_verdicts,
    stem,
)

_LETTERS = 4  # at the beginning of a literal, by which patterns are looked up
_REACH = 9  # words after a verb or noun that takes a side
AS_IS = "@as_is"
_PRONOUN = "*"
_LISTS = read_toml(__file__, "wording.toml")
_WORDS = {key: frozenset(text.split()) for key, text in _LISTS["words"].items()}
MODALS, NEGATIONS, STAYING, GOING = (_WORDS[key] for key in ("modals", "negations", "staying", "going"))
_WANTING, _CLAUSE_ENDS, _EXCEPTING = _WORDS["wanting"], _WORDS["clause_ends"], _WORDS["excepting"]
_RESULTS: dict[str, int] = _LISTS["results"]
_AWAY, _ENDING = (frozenset(_LISTS["phrases"][key]) for key in ("away", "ending"))
_TAKEN_BACK, _LABELLING, _ANOTHER = map(compile_lazily, _LISTS["patterns"].values())


class Content(NamedTuple):
    """What a text speaks of."""

    terms: Counter[str]
    signs: Mapping[str, int]
    """The side that it takes of some terms: positive or negative; 0 if of both."""
    general: int
    """The side that it takes of something it does not name: "the plan is a folly"."""


class _Pattern(NamedTuple):
    """Patterns of a matter, the side that they take, and the strings one of which is in each match."""

    matter: str
    side: int
    expression: re.Pattern[str]
    literals: tuple[str, ...]

    def count(self, plain: str) -> int:
        """Return the number of matches in a normalized text."""
        for each in self.literals:
            if each in plain:
                return len(self.expression.findall(plain))
        return 0


@cache
def _patterns_by_letters() -> Mapping[str, set[int]]:
    """Return the numbers of the patterns by the first letters of their literals: by none for short literals."""
    found: dict[str, set[int]] = {}
    for number, pattern in enumerate(_lexicon()[1]):
        for literal in pattern.literals:
            for letters in range(1, _LETTERS + 1) if len(literal) >= _LETTERS else (0,):
                found.setdefault(literal[:letters], set()).add(number)
    return found


@lru_cache(maxsize=100_000)
def _patterns_of(word: str) -> frozenset[int]:
    """Return the numbers of the patterns a long literal of which may begin in a word, or before it."""
    known = _patterns_by_letters()
    starts = (f" {word} "[at:][:_LETTERS] for at in range(len(word) + 1))
    return frozenset().union(*(known[each] for each in starts if each in known))


def _count_patterns(words: list[str]) -> Iterator[tuple[_Pattern, int]]:
    """Yield the patterns that match normalized words, each with the number of its matches."""
    plain, patterns = " ".join(words), _lexicon()[1]
    for number in sorted(_patterns_by_letters().get("", set()).union(*map(_patterns_of, words))):
        if found := patterns[number].count(plain):
            yield patterns[number], found


@cache
def _lexicon() -> tuple[dict[str, str], list[_Pattern], frozenset[str], frozenset[str], frozenset[str]]:
    data = read_toml(__file__, "matters.toml")
    names: dict[str, str] = {}
    patterns = []
    for name, entry in data["matter"].items():
        names.update((stem(word), f"@{name}") for word in entry.get("words", "").split())
        for key, side in (("phrases", 0), ("for", 1), ("against", -1)):
            for text in entry.get(key, ()):
                patterns.append(_Pattern(f"@{name}", side, re.compile(rf"\b(?:{text})"), required_literals(text)))
    general, people = (frozenset(map(stem, data["general"][key].split())) for key in ("words", "people"))
    names |= dict.fromkeys(data["general"]["exact"].split(), "")
    synonyms = frozenset(f"@{name}" for name, entry in data["matter"].items() if entry.get("synonyms"))
    return names, patterns, general, people, synonyms


def is_actor_word(term: str) -> bool:
    """Return whether a term is a word for people or bodies: they act, but are not what is in dispute."""
    return term in _lexicon()[3]


@lru_cache(maxsize=100_000)
def _term(word: str) -> str:
    """Return the term of a lower-case word; empty for a general word."""
    names, _, general, *_ = _lexicon()
    own = word if word in names else stem(word)
    if own in names:
        return names[own]
    return "" if own in general or len(own) < 3 else own


@lru_cache(maxsize=100_000)
def compared_term(word: str) -> str:
    """Return the term of a lower-case word in a comparison: of a matter's words, only synonyms are one term."""
    term = _term(word)
    return term if not term or term in _lexicon()[4] else stem(word)


def synonyms_of(term: str) -> list[str]:
    """Return the stems of the words that a term of a comparison stands for."""
    return [own for own, name in _lexicon()[0].items() if name == term] if term[0] == "@" else [term.lstrip("=")]


@lru_cache(maxsize=20_000)
def read_content(text: str) -> Content:
    """Return the terms of a text, and the sides that it takes of them."""
    text, wording = read_as(text)
    if wording:
        return Content(*wording.read(text))
    words = Words(text)
    signs: Counter[str] = Counter()
    terms, at_term = _read_terms(words, signs)
    if (kept := asserted(text)) != text:
        words, signs = Words(kept), Counter()
        at_term = _read_terms(words, signs)[1]
    general = _read_sides(words, at_term, signs)
    return Content(terms, dict(signs), (general > 0) - (general < 0))


def read_statement(said: str, quotation: str) -> Content:
    """Return the content of a statement; the words around an infinitive tell its side: "rät, die Klinik zu bauen"."""
    content, wording = read_content(said), read_as(said).wording
    if wording and wording.is_infinitive(said):
        around = read_content(quotation).signs
        return content._replace(signs={term: sign for term, sign in around.items() if term in content.terms})
    return content


@lru_cache(maxsize=5_000)  # sentences are cited, and headlines count for all statements below them
def read_terms(text: str) -> Mapping[str, int]:
    """Return how often a text has each term."""
    text, wording = read_as(text)
    return wording.terms_of(text) if wording else _read_terms(Words(text), Counter())[0]


def read_headline(title: str) -> Mapping[str, int]:
    """Return the terms of a headline: of an English one in lower case, as capitals may be of its style."""
    return read_terms(title if read_as(title).wording else title.lower())


def read_wish(phrase: str) -> Content:
    """Return the content of a statement that somebody supports what a phrase names."""
    phrase, wording = read_as(phrase)
    return read_content((wording.support if wording else "They support {}").format(phrase))


def _read_terms(words: Words, signs: Counter[str]) -> tuple[Counter[str], list[str]]:
    """Return the terms of a text, and that of each token; add the sides that patterns take to the signs."""
    found: list[str] = []
    named, people = _named(words), _lexicon()[3]
    at_term = list(map(_term, words.lower))
    for at in named:
        at_term[at] = ""
    for at, (term, following) in enumerate(zip(at_term, [*at_term[1:], ""], strict=False)):
        if term and (following not in people or term in people):  # not in "the health board": it names a body
            found.append(term)
        elif at in named and len(own := stem(words.raw[at])) > 2:
            found.append(f"={own}")
    terms = Counter(found)
    for pattern, times in _count_patterns(normalized_words(words.text)):
        terms[pattern.matter] += times
        if pattern.side:
            signs[pattern.matter] += 2 * pattern.side * times
    return terms, at_term


def _read_sides(words: Words, terms: list[str], signs: Counter[str]) -> int:
    """Add the sides that a text takes on terms to their signs; return its side on unnamed things."""
    general = 0
    latest: set[str] = set()  # the terms that "it" may mean
    for start, stop in _clauses(words.lower):
        for term, sign in _read_clause(words.lower, terms, start, stop):
            if term != _PRONOUN:
                signs[term] += sign
            elif latest:
                signs.update(dict.fromkeys(latest, sign))
            else:
                general += sign
        latest = set(terms[start:stop]) - {""} or latest
    for start, stop, value in _verdicts(words):
        found = [each for each in _read_span(words.lower, terms, start, stop, value) if each[0] != _PRONOUN]
        for term, sign in found:
            signs[term] += sign
        general += 0 if found else value
    for old, new in _replacements(words.lower, terms):
        value = sum(signs[term] for term in old | new)
        value = (value > 0) - (value < 0)
        signs.update({term: value - signs[term] for term in new} | {term: -value - signs[term] for term in old})
    if _TAKEN_BACK.search(words.text):
        for term in signs:
            signs[term] = -signs[term]
    return general


def read_replacements(text: str) -> list[tuple[set[str], set[str]]]:
    """Return the terms of what a text wants or sees replaced, and of what takes its place."""
    text, wording = read_as(text)
    if wording:
        return []
    words = Words(text)
    named = _named(words)
    return list(_replacements(words.lower, ["" if at in named else _term(word) for at, word in enumerate(words.lower)]))


def _replacements(lower: list[str], terms: list[str]) -> Iterator[tuple[set[str], set[str]]]:
    """Yield the terms of what is replaced, and of what takes its place."""
    for start, stop in _clauses(lower):
        for at in range(start, stop):
            is_place = lower[at : at + 3] == ["the", "place", "of"]
            if not is_place and lower[at] not in _WORDS["replacing"] and lower[at] not in _WORDS["moving"]:
                continue
            after = range(at + 1, min(stop, at + 1 + _REACH))
            marks = [
                i for i in after if lower[i] in (_WORDS["to"] if lower[at] in _WORDS["moving"] else _WORDS["instead"])
            ]
            before = set(terms[max(start, at - _REACH) : at]) - {""}
            following = set(terms[at + 1 : after.stop]) - {""}
            if lower[at] in _WORDS["moving"]:
                origin = next((i for i in after if lower[i] == "from"), None)
                if origin is None or not marks or marks[0] < origin:
                    continue
                old, new = set(terms[origin : marks[0]]), set(terms[marks[0] : after.stop])
            elif is_place or not marks:
                old, new = following, before
            elif any(terms[at + 1 : marks[0]]):
                old, new = set(terms[at + 1 : marks[0]]), set(terms[marks[0] : after.stop])
            else:
                old, new = before, set(terms[marks[0] : after.stop])
            old, new = ({each for each in side if each and not is_actor_word(each)} for side in (old, new))
            if old - new and new - old:
                yield old - new, new - old
                break


def _verdicts(words: Words) -> Iterator[tuple[int, int, int]]:
    """Yield what a text values: where it starts and stops, and 1 or -1."""
    for verdict in read_verdicts(words):
        yield verdict.start, verdict.stop, verdict.value
    for match in _LABELLING.finditer(words.plain):
        labelled = words.between(bisect_right(words.matches, match.end(), key=re.Match.end), len(words.raw))
        for label in read_labels(labelled):
            shift = len(words.raw) - len(label.words.raw)
            yield label.start + shift, label.stop + shift, label.value


def names_another(text: str, holders: str) -> bool:
    """Return whether a text tells the side of another person than its holders: "Ann Hill opposes it"."""
    own, (text, wording) = set(normalized_words(holders)), read_as(text)
    pattern = wording.patterns["another"] if wording else _ANOTHER
    return any(own.isdisjoint(normalized_words(match["name"] or "")) for match in pattern.finditer(text))


def is_old(sentence: str, published: str | None) -> bool:
    """Return whether a sentence tells what somebody said in another year than the article, or never."""
    sentence, wording = read_as(sentence)
    if not wording:
        return is_old_or_forged(sentence, published)
    old = wording.patterns["old"].search(sentence)
    year = old and (old["year"] or old["first"])
    return bool(old and not (year and (published or "").startswith(year)))


def _named(words: Words) -> set[int]:
    """Return the indexes of capitalised words within sentences: they name somebody, not a matter."""
    return {
        at
        for at, word in enumerate(words.raw)
        if word[0].isupper()
        and (
            (at and words.raw[at - 1] not in '.!?:“"‘') or (at + 1 < len(words.raw) and words.raw[at + 1][0].isupper())
        )
    }


def is_name(words: Words, at: int) -> bool:
    """Return whether a token of a proposition is a name; "The" in "The Brennick" is none."""
    return at in _named(words) and (at > 0 or bool(_term(words.lower[0])))


def _clauses(lower: list[str]) -> Iterator[tuple[int, int]]:
    start = 0
    for at, word in enumerate(lower):
        if word in _CLAUSE_ENDS:
            if at > start:
                yield start, at
            start = at + 1
    if start < len(lower):
        yield start, len(lower)


def _operator(word: str) -> int:
    """Return the side that a word takes of what follows."""
    if word in CHANGES:
        return CHANGES[word]
    if word in SIDES:
        return SIDES[word]
    return 1 if word in _WANTING else -1 if word in _WORDS["against"] else 0


def _is_negated(lower: list[str], at: int, start: int) -> bool:
    return any(
        (word in NEGATIONS or word.endswith("n't")) and not (place and lower[place - 1] in _WORDS["wrong"])
        for place, word in enumerate(lower[max(start, at - 3) : at], max(start, at - 3))
    )


def _read_clause(lower: list[str], terms: list[str], start: int, stop: int) -> Iterator[tuple[str, int]]:
    """Yield the terms of a clause that it takes a side of."""
    at = start
    while at < stop:
        word = lower[at]
        is_modal = word in MODALS or (word in _WORDS["have_to"] and lower[at + 1 : at + 2] == ["to"])
        if at > start and (is_modal or word in _WORDS["future"]):
            found, at = _read_modal(lower, terms, start, at, stop, is_plain=is_modal)
            yield from found
            continue
        value = _operator(word) or _operator_at(lower, at, start)
        is_thing = word.endswith("ing") or word in CHANGE_NOUNS
        if value and word not in _AWAY and not (is_thing and word not in SIDES):
            before = lower[max(start, at - 2) : at]
            is_negated = _is_negated(lower, at, start) != (before[1:] == ["to"] and before[0] in _WORDS["wrong"])
            is_open = is_negated and value < 0 and word not in CHANGES and before[-1:] != ["longer"]
            value = 0 if is_open else -value if is_negated else value  # who does not oppose a thing may not want it
            until = next((i for i in range(at + 1, min(stop, at + 1 + _REACH)) if lower[i] in MODALS), stop)
            until = min(until, stop, at + 1 + _REACH)
            if any(each in _EXCEPTING for each in lower[at + 1 : stop]) and "would" in lower[start:at]:
                return  # "would oppose a ban without exceptions"
            if terms[at] and not is_open:
                yield terms[at], 1 if value > 0 or word in CHANGES else -1
            if (word in _WANTING or SIDES.get(word) == 1) and (done := _find_result(lower, at + 1, until)):
                yield from _read_span(lower, terms, at + 1, done[0], value * done[1])
                at = done[0] + 1
                continue
            yield from _read_span(lower, terms, at + 1, until, value)
            at = until
            continue
        at += 1


def _operator_at(lower: list[str], at: int, start: int) -> int:
    """Return the side that a word takes with its neighbours: "all for", "the case for", "leave it", "give up"."""
    word, before, after = lower[at], lower[at - 1] if at > start else "", lower[at + 1] if at + 1 < len(lower) else ""
    if word in ("for", "in") and before in (_WORDS["before_for"] if word == "for" else _WORDS["before_in"]):
        return 1
    if word in ("leave", "keep") and at == start:
        return 1
    return -1 if word in ("give", "giving", "gave") and after == "up" else 0


def _read_modal(
    lower: list[str], terms: list[str], start: int, at: int, stop: int, *, is_plain: bool
) -> tuple[list[tuple[str, int]], int]:
    """Return the sides of "the ward should be kept open", and where to read on.

    "Will" and "would" take a side only with a verb that makes, keeps or ends something.
    """
    base = -1 if any(word in NEGATIONS or word.endswith("n't") for word in lower[at + 1 : at + 3]) else 1
    if any(word in ("nobody", "no") for word in lower[start : start + 2]):
        base = -base
    verb_at = at + 1
    while verb_at < stop and (
        lower[verb_at] in _WORDS["fillers"] or lower[verb_at] in NEGATIONS or lower[verb_at].endswith(("ly", "n't"))
    ):
        verb_at += 1
    verb = lower[verb_at] if verb_at < stop else ""
    is_passive = bool({"be", "been"} & set(lower[at:verb_at]))
    change, root = CHANGES.get(verb) or SIDES.get(verb, 0), VERBS.get(verb, verb)
    after = lower[verb_at + 1 : verb_at + 2]
    if root in STAYING:
        is_passive, change = True, 1
    elif root == "come" and not is_passive and not any(terms[verb_at + 1 : stop]):
        is_passive = True
    elif root in GOING and not is_passive and (verb_at + 1 >= stop or not (terms[verb_at + 1] or after == ["the"])):
        is_passive, change = True, 1 if after == ["ahead"] else -1
    elif verb in _WORDS["killing"] or (after in (["out"], ["away"], ["off"], ["down"]) and is_passive):
        change = -1
    if not is_plain and (verb not in CHANGES and root not in STAYING | GOING):
        return [], at + 1
    found = [(terms[verb_at], base)] if verb_at < stop and terms[verb_at] else []
    if is_passive:
        return [*found, *_read_span(lower, terms, start, at, base * (change or 1))], verb_at + 1
    until = min(stop, verb_at + 1 + _REACH)
    value = base * (change or 1)
    return [*found, *_read_span(lower, terms, verb_at + 1, until, value)], until


def _read_span(lower: list[str], terms: list[str], start: int, stop: int, value: int) -> Iterator[tuple[str, int]]:
    """Yield the terms of something with a sign; what ends or opposes a thing turns it: "the ban on phones"."""
    found: list[tuple[str, int]] = []
    for at in range(start, stop):
        two, three = " ".join(lower[at : at + 2]), " ".join(lower[at : at + 3])
        if lower[at] in _AWAY or two in _AWAY or three in _AWAY:
            found += ((terms[i], -value) for i in range(at, min(stop, at + 5)) if terms[i])
            break
        if lower[at] == "away" or two == "out of":  # "taking tablets away"
            found = [(term, -sign) for term, sign in found]
        if terms[at]:
            found.append((terms[at], value))
        if lower[at] in NEGATIONS or lower[at].endswith("n't") or _operator(lower[at]) < 0 or two in _ENDING:
            value = -value
    if not found and _WORDS["pronouns"].intersection(lower[start : start + 2]):
        found.append((_PRONOUN, value))
    yield from found


def _find_result(lower: list[str], start: int, stop: int) -> tuple[int, int] | None:
    """Return where "closed" stands in "wants the ward closed", and its sign."""
    for at in range(start + 1, stop):
        if lower[at] in _RESULTS:
            return at, _RESULTS[lower[at]]
        if lower[at] in CHANGES and lower[at] in VERBS and lower[at][-1] in "dtn" and VERBS[lower[at]] != lower[at]:
            return at, -1 if lower[at + 1 : at + 2] in (["out"], ["away"], ["off"], ["down"]) else CHANGES[lower[at]]
    return None
