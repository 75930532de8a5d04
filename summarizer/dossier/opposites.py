"""Find out whether what differs between two propositions turns their side.

Words that weigh nothing in a matter, such as "open" and "accept", can decide the side. So a proposition's predicate is
compared apart: "should close" and "must stay open", "is legal" and "is not legal". Unknown predicates leave doubt.
"""

import re
from collections.abc import Collection
from functools import cache, lru_cache
from typing import NamedTuple

from summarizer._files import read_toml
from summarizer.dossier.wording import GOING, MODALS, NEGATIONS, STAYING, compared_term
from summarizer.engines import CHANGES, SIDES, VERBS, stem

_LISTS = read_toml(__file__, "comparing.toml")
_DATA = _LISTS["opposites"]
_COPULAS, _PASSED, _LIGHT, _AMOUNTS, _CLAUSES = (
    frozenset(_DATA[key].split()) for key in ("copulas", "passed", "light", "amounts", "clauses")
)
_VAGUE = frozenset(f"{_LISTS['verbs']['light']} {_LISTS['verbs']['neutral']}".split())
_KNOWN = STAYING | GOING | frozenset({"replace"})
_KNOWN |= frozenset(" ".join(text for key, text in _LISTS["verbs"].items() if key != "changing").split())
_TOKEN = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
_PARTICLES = frozenset(_LISTS["verbs"]["particles"].split())
_MIN_DOUBLED = 3
_ENDINGS = (("ied", "y"), ("ies", "y"), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("es", ""), ("s", ""))
_PREFIX = re.compile(r"(?:un|in|im|il|ir|non-?|dis)(?=\w{3})")


class _Parts(NamedTuple):
    """The words of a proposition."""

    predicate: tuple[str, ...]
    """From the modal verb or copula to the first word that says something: "must stay open"."""
    others: tuple[str, ...]
    """The other words of the main clause."""
    clause: tuple[str, ...]
    """Those of the clauses that depend on it."""
    negations: int
    """Of the main clause."""
    has_predicate: bool


class Difference(NamedTuple):
    """What differs between two propositions."""

    turn: int
    """-1 if they differ in nothing but what turns the side, 1 if in nothing that counts, else 0."""
    has_opposites: bool
    """Whether opposites differ that may turn the side."""
    is_unlike: bool
    """Whether their predicates differ, and one is of no known side, or common predicates leave the side to others."""
    is_worded_otherwise: bool
    """Whether both have words that the other one lacks."""


@cache
def _read_poles() -> tuple[dict[str, list[tuple[int, int]]], dict[str, str]]:
    """Return the pairs and poles of words, and the words that stand for another one."""
    poles: dict[str, list[tuple[int, int]]] = {}
    for number, pair in enumerate(_DATA["pairs"]):
        for pole, words in enumerate(pair.split(" / ")):
            for word in words.split():
                poles.setdefault(word, []).append((number, pole))
    return poles, {form: base for base, forms in _DATA["forms"].items() for form in forms.split()}


@lru_cache(maxsize=20_000)
def _base(word: str) -> str:
    """Return the form of a word under which the lists have it."""
    poles, forms = _read_poles()
    found = [word, forms.get(word, word), VERBS.get(word, word)]
    found += (word[: -len(end)] + put for end, put in _ENDINGS if word.endswith(end) and len(word) > len(end) + 1)
    found += [each[:-1] for each in found if len(each) > _MIN_DOUBLED and each[-1] == each[-2]]
    return next((each for listed in (poles, _KNOWN) for each in found if each in listed), word)


@lru_cache(maxsize=20_000)
def _read_parts(text: str) -> _Parts:
    words = [word.replace("’", "'") for word in _TOKEN.findall(text.lower().replace("no longer", "not"))]
    main = next((at for at, word in enumerate(words) if at and word in _CLAUSES), len(words))
    start = next((at for at in range(main) if words[at] in MODALS), None)
    if start is None:
        start = next((at for at in range(main) if at and words[at].removesuffix("n't") in _COPULAS), main)
    stop = start + 1
    while stop < main and (_is_negation(words[stop]) or words[stop] in _PASSED or words[stop].endswith("ly")):
        stop += 1
    said = [word for word in words[:main] if not _is_negation(word)]
    stop += 1 if words[stop + 1 : stop + 2] and words[stop + 1] in _PARTICLES else 0
    predicate = tuple(word for word in words[start : min(stop + 1, main)] if not _is_negation(word))
    others = list(said)
    for word in predicate:
        others.remove(word)
    negations = sum(map(_is_negation, words[:main])) - ("not" in words and "only" in words)
    return _Parts(predicate, tuple(others), tuple(words[main:]), negations, start < main)


def _is_negation(word: str) -> bool:
    return word in NEGATIONS or word.endswith("n't")


@lru_cache(maxsize=20_000)
def _key(word: str) -> str:
    """Return what a word stands for in a comparison; empty for a light one."""
    if word in _LIGHT or word in MODALS or word.removesuffix("n't") in _COPULAS:
        return ""
    return compared_term(word) or stem(word)


def _are_opposite(one: str, other: str) -> bool:
    """Return whether two words are opposites: by the lists, or by a prefix."""
    poles, _ = _read_poles()
    first, second = _base(one), _base(other)
    theirs = dict(poles.get(second, ()))
    if any(theirs.get(number, pole) != pole for number, pole in poles.get(first, ())):
        return True
    short, long = sorted((one, other), key=len)
    match = _PREFIX.match(long)
    return bool(match) and long[match.end() :] == short if match else False


def _take_opposites(ours: list[str], theirs: list[str], among: Collection[str] = ()) -> int:
    """Take the pairs of opposites out of two lists of words, or those of some words, and return their number."""
    found = 0
    for one in list(ours):
        other = next((each for each in theirs if _are_opposite(one, each)), None)
        if other is not None and (not among or {one, other} <= set(among)):
            ours.remove(one)
            theirs.remove(other)
            found += 1
    return found


def _left(words: Collection[str], others: Collection[str]) -> list[str]:
    """Return the words that say something that others do not say."""
    said = set(others).union(*map(_meanings, others))
    return [word for word in words if word not in said and said.isdisjoint(_meanings(word))]


@lru_cache(maxsize=20_000)
def _meanings(word: str) -> frozenset[str | tuple[int, int]]:
    """Return the poles on which a word is, or what it stands for."""
    return frozenset(_read_poles()[0].get(_base(word), ())) or frozenset(filter(None, [_key(word)]))


@lru_cache(maxsize=20_000)
def find_difference(one: str, other: str) -> Difference:
    """Return what differs between two English propositions."""
    ours, theirs = _read_parts(one), _read_parts(other)
    all_ours, all_theirs = (part.predicate + part.others + part.clause for part in (ours, theirs))
    heads = _left(ours.predicate, all_theirs), _left(theirs.predicate, all_ours)
    turns = _take_opposites(*heads)
    rest = _left(ours.others, all_theirs), _left(theirs.others, all_ours)
    turns += _take_opposites(*rest, _AMOUNTS)
    rest[0].extend(_left(ours.clause, all_theirs))
    rest[1].extend(_left(theirs.clause, all_ours))
    is_open = bool(_take_opposites(*rest)) or ours.clause.count("not") != theirs.clause.count("not")
    said = [[word for word in each if _key(word)] for each in (heads[0] + rest[0], heads[1] + rest[1])]
    negations = ours.negations - theirs.negations
    is_odd = (turns + negations) % 2 == 1
    is_equal = not any(said) and not is_open and turns < 2
    first, second = ([word for word in each if _key(word)] for each in heads)
    is_worded_otherwise = bool(said[0] and said[1])
    done = [word for word in ours.predicate + theirs.predicate if _key(word)]
    is_bare = any(part.has_predicate and MODALS.union(["be"]).issuperset(part.predicate) for part in (ours, theirs))
    is_vague = not any(_has_side([word]) and _base(word) not in _VAGUE for word in done)
    return Difference(
        0 if not is_equal else -1 if is_odd else 1,
        has_opposites=is_open or turns > 1 or (turns == 1 and is_odd),
        is_unlike=(bool(first and second) and not (_has_side(first) and _has_side(second)))
        or (is_vague and is_worded_otherwise)
        or (is_bare and bool(first or second)),  # a translation has lost the word
        is_worded_otherwise=is_worded_otherwise,
    )


def _has_side(words: Collection[str]) -> bool:
    """Return whether the side of a predicate is known: "be kept", "be torn down"."""
    is_known = all(word in CHANGES or word in SIDES or _base(word) in _KNOWN for word in words)
    return is_known or not _PARTICLES.isdisjoint(words)
