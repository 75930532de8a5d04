"""Compare two propositions: how much they share, and whether they want the same or the contrary.

A demand is read as a theme and what should be done with it: "phones" and "banned". A noun before another one ("phone
pouches"), places, dates and bodies weigh less than the theme, and a side is never taken of them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from summarizer._files import read_toml
from summarizer._patterns import compile_lazily
from summarizer._text import normalized_words
from summarizer.dossier.foreign import read_as
from summarizer.dossier.opposites import find_difference
from summarizer.dossier.types import Verdict
from summarizer.dossier.wording import (
    AS_IS,
    GOING,
    MODALS,
    NEGATIONS,
    STAYING,
    compared_term,
    is_actor_word,
    is_name,
    read_content,
    synonyms_of,
)
from summarizer.engines import CHANGE_NOUNS, CHANGES, SIDES, VERBS, Words, read_verdicts, stem
from summarizer.merging import negations_and_numbers
from summarizer.verification import missing_figures

_DATA = read_toml(__file__, "comparing.toml")
_FILLERS, _PREPOSITIONS, _CLAUSE_WORDS, _KEPT_IN, _DIRECTIONS = (
    frozenset(_DATA["words"][key].split())
    for key in ("fillers", "prepositions", "clause_starts", "after_kept", "directions")
)
_LEVEL_WORDS = frozenset(map(stem, _DATA["words"]["levels"].split()))
_MODIFIER, _SETTING, _ACTOR, _NAME = 0.6, 0.35, 0.4, 0.6
_FORECAST, _HAVE_TO = (compile_lazily(_DATA["patterns"][key]) for key in ("forecast", "have_to"))
_MEASURES = frozenset({"@vote", "@public_money", "@homes_taken"})  # measures, however a proposition words them


class Demand(NamedTuple):
    """What a proposition wants, or says."""

    weights: Mapping[str, float]
    """The terms, each with its share in what the proposition is about: 1 for the theme, less for a setting."""
    theme: frozenset[str]
    """The nouns that something is to be done with."""
    sides: Mapping[str, int]
    """What it wants (1) or does not want (-1)."""
    action: str
    """What should be done with the theme if that neither makes, keeps nor ends it: "flood"; "" for others."""
    keeps: bool
    """Whether all should stay as it is."""
    is_demand: bool
    level: str
    """Who should rule: "state", "national", "local", or ""."""
    aspects: frozenset[str]
    """What it speaks of besides the wish: the cost, an exception, a trial."""


class _Lists(NamedTuple):
    terms: Mapping[str, str]
    patterns: Sequence[tuple[str, re.Pattern[str]]]
    against: Sequence[tuple[str, re.Pattern[str]]]
    verbs: Mapping[str, frozenset[str]]
    settings: frozenset[str]
    setting_prepositions: frozenset[str]
    levels: Sequence[tuple[str, re.Pattern[str]]]
    aspects: Sequence[tuple[str, re.Pattern[str]]]


@cache
def _read_lists() -> _Lists:
    data, matters = _DATA, [(f"@{name}", entry) for name, entry in _DATA["matters"].items()]
    terms = {stem(word): name for name, entry in matters for word in entry["words"].split()}

    def compiled(pairs: Iterator[tuple[str, str]]) -> list[tuple[str, re.Pattern[str]]]:
        return [(name, re.compile(rf"\b(?:{text})")) for name, text in pairs]

    return _Lists(
        terms,
        compiled((name, text) for name, entry in matters for text in entry.get("phrases", ())),
        compiled((name, rf"(?:{text})\b") for name, entry in matters for text in entry.get("against", ())),
        {key: frozenset(text.split()) for key, text in data["verbs"].items()},
        frozenset(map(stem, data["settings"]["words"].split())),
        frozenset(data["settings"]["prepositions"].split()),
        compiled((name, text) for name, texts in data["levels"].items() for text in texts),
        compiled((name, rf"(?:{text})\b") for name, texts in data["aspects"].items() for text in texts),
    )


def stems_of(term: str) -> list[str]:
    """Return the stems of the words that a term of propositions may stand for."""
    return [*(own for own, name in _read_lists().terms.items() if name == term), *synonyms_of(term)]


@lru_cache(maxsize=20_000)
def read_demand(text: str) -> Demand:
    """Return what a proposition wants and what it is about."""
    plain_text, wording = read_as(text)
    content = read_content(text)
    if wording:
        named = {term: _NAME if term[0] == "=" else 1.0 for term in content.terms}
        wanted = {term: sign for term, sign in content.signs.items() if not wording.names_action(term)}
        return Demand(named, frozenset(wanted), wanted, "", keeps=False, is_demand=True, level="", aspects=frozenset())
    text = plain_text
    words, lists = Words(text), _read_lists()
    plain = " ".join(normalized_words(text))
    terms = [_normalize_term(words, at) for at in range(len(words.raw))]
    modal = next((at for at, word in enumerate(words.lower) if at and word in MODALS), None)
    if modal is None and (found := _HAVE_TO.search(words.plain)):
        modal = next((at for at, match in enumerate(words.matches) if match.start() >= found.end() - 2), None)
    level = next((name for name, pattern in lists.levels if pattern.search(plain)), "")
    aspects = {name for name, pattern in lists.aspects if pattern.search(plain)}
    weights: dict[str, float] = {}
    heads: set[str] = set()
    _weigh(words.lower, terms, weights, heads)
    for term, pattern in lists.patterns:
        if pattern.search(plain):
            weights[term] = 1.0
    said = {term: 1 if sign > 0 else -1 for term, sign in content.signs.items() if term[:1] == "@" and abs(sign) > 1}
    keeps = said.pop(AS_IS, 0) > 0
    if level:
        weights = {term: weight for term, weight in weights.items() if term not in _LEVEL_WORDS}
        weights[f"@level {level}"] = 1.0
    action = ""
    if modal is None:
        sides: dict[str, int] = {}
        for verdict in read_verdicts(words):
            sides |= _find_sides(words.lower, terms, (verdict.start, verdict.stop), verdict.value)[1]
        for term, pattern in lists.against:
            if pattern.search(plain):
                weights[term], sides[term] = 1.0, -1
        is_negated = any(word in NEGATIONS or word.endswith("n't") for word in words.lower)
        for term in weights.keys() & {"@harm"} - sides.keys():
            sides[term] = 1
        if is_negated and "@harm" in sides:
            sides["@harm"] *= -1
        theme = heads
    else:
        theme, sides, action = _read_demand(words.lower, terms, modal)
        values = set(sides.values())
        value = values.pop() if len(values) == 1 else _sign_of(words.lower, modal)
        sides |= dict.fromkeys(weights.keys() & _MEASURES, value)
    said = {term: sign for term, sign in said.items() if term != "@law"}
    weights |= dict.fromkeys(said, 1.0)
    sides = {} if keeps else said | sides
    return Demand(
        weights, frozenset(theme), sides, "" if keeps else action, keeps, modal is not None, level, frozenset(aspects)
    )


def _normalize_term(words: Words, at: int) -> str:
    """Return the term of a token; empty for words that say nothing of the matter."""
    word = words.lower[at]
    if is_name(words, at):
        return f"={stem(words.raw[at])}"
    if any(map(str.isdigit, word)):
        return ""
    term = compared_term(word)
    return _read_lists().terms.get(stem(word), term)


def _is_operator(word: str) -> bool:
    return word in CHANGES or word in SIDES


def _weigh(lower: Sequence[str], terms: Sequence[str], weights: dict[str, float], heads: set[str]) -> None:
    """Give each term its weight, and collect the heads of noun phrases."""
    lists = _read_lists()
    verbs = frozenset[str]().union(*lists.verbs.values())
    is_setting = False
    for at, (word, term) in enumerate(zip(lower, terms, strict=True)):
        if word in _PREPOSITIONS or word in MODALS or word in _CLAUSE_WORDS:
            is_setting = word in lists.setting_prepositions
        if not term or _is_operator(word) or _find_base_form(word) in verbs or _find_base_form(word) == "replace":
            continue
        weight = 1.0
        following = next((i for i in (at + 1, at + 2) if i < len(lower) and lower[i] not in ("'s", "’s")), at)
        is_before_noun = following == at + 1 and bool(terms[following]) and not _is_operator(lower[following])
        if is_actor_word(stem(word)):
            weight = _ACTOR
        elif stem(word) in lists.settings or word.endswith("wide"):
            weight = _SETTING
        elif term[0] == "=":
            weight = _NAME
        elif is_before_noun and terms[following][0] != "=" and _find_base_form(lower[following]) not in verbs:
            weight = _MODIFIER
        else:
            heads.add(term)
        weights[term] = max(weights.get(term, 0.0), weight * (0.5 if is_setting else 1))


@lru_cache(maxsize=20_000)
def _find_base_form(word: str) -> str:
    """Return the base form of a verb, or the word."""
    irregular = {"kept": "keep", "broken": "break", "held": "hold", "taken": "take", "given": "give", "put": "put"}
    irregular |= {
        "forbidden": "forbid",
        "shot": "shoot",
        "lies": "lie",
        "paid": "pay",
        "spent": "spend",
        "made": "make",
        "lain": "lie",
    }
    if word in VERBS:
        return VERBS[word]
    if word in irregular:
        return irregular[word]
    for verb in {
        each
        for group in ("ending", "making", "covering", "light", "neutral", "changing")
        for each in _read_lists().verbs[group]
    }:
        if word in (verb, f"{verb}s", f"{verb}ed", f"{verb}d", f"{verb}{verb[-1]}ed", f"{verb[:-1]}ied"):
            return verb
    return "replace" if word in ("replace", "replaced", "replaces") else word


def _sign_of(lower: Sequence[str], modal: int) -> int:
    near = lower[modal + 1 : modal + 3]
    is_negated = any(word in NEGATIONS or word.endswith("n't") for word in near)
    return -1 if is_negated != any(word in ("nobody", "no") for word in lower[: min(2, modal)]) else 1


class _Verb(NamedTuple):
    """The verb of a demand."""

    at: int
    stop: int
    """Where its clause ends."""
    base: str
    is_passive: bool
    is_forced: bool
    """Whether somebody should be made to do it."""


def _find_verb(lower: Sequence[str], modal: int) -> _Verb:
    lists = _read_lists().verbs
    stop = next((i for i in range(modal, len(lower)) if lower[i] in _CLAUSE_WORDS), len(lower))
    at, is_passive, is_forced = modal + 1, False, False
    while at < stop and (lower[at] in _FILLERS or lower[at] in NEGATIONS or lower[at].endswith(("n't", "ly"))):
        is_passive |= lower[at] in ("be", "been", "get")
        at += 1
    if at < stop and is_passive and (lower[at] in lists["enabling"] or lower[at] in lists["forcing"]):
        to = next((i for i in range(at, min(stop, at + 3)) if lower[i] == "to"), None)
        if to is not None:
            at, is_passive, is_forced = to + 1, False, lower[at] in lists["forcing"]
    return _Verb(at, stop, _find_base_form(lower[at]) if at < stop else "", is_passive, is_forced)


def _read_demand(lower: list[str], terms: list[str], modal: int) -> tuple[set[str], dict[str, int], str]:
    """Return the theme of a demand, the sides that it takes, and an action that takes none of the theme."""
    lists, sign, verb = _read_lists().verbs, _sign_of(lower, modal), _find_verb(lower, modal)
    at, stop = verb.at, verb.stop
    if at >= stop or verb.is_forced:
        return set(), {}, ""
    is_participle = lower[at] != verb.base or lower[at].endswith("ed")
    if verb.is_passive and not is_participle and verb.base not in ("put", "cut", "shut", "let", "split"):
        return _find_sides(lower, terms, (at, stop) if lower[0] in ("there", "it") else (0, modal), sign)
    if verb.base == "replace" or _moves_something(lower, at):
        return _read_replacement(lower, terms, verb, modal, sign)
    has_no_object = at + 1 >= stop or not terms[at + 1]
    if verb.base in STAYING and not verb.is_passive and has_no_object:
        return _find_sides(lower, terms, (0, modal), sign)
    if verb.base in GOING and not verb.is_passive and lower[at + 1 : at + 2] == ["ahead"]:
        return _find_sides(lower, terms, (0, modal), sign)
    if (
        verb.base in GOING - {"leave"}
        and not verb.is_passive
        and has_no_object
        and (verb.base != "go" or at + 1 >= stop)
    ):
        return _find_sides(lower, terms, (0, modal), -sign)
    is_subject = verb.is_passive or verb.base in lists["covering"]
    told = (0, modal) if is_subject else (at + 1, stop)
    if verb.base in lists["changing"]:
        return _find_sides(lower, terms, told, sign)[0], {verb.base: sign}, verb.base
    if change := _change(lower, verb):
        return _find_sides(lower, terms, told, sign * change)
    if verb.base in lists["light"] | lists["neutral"] or not terms[at] or _is_keeping_in(lower, at):
        return _find_sides(lower, terms, told, sign if not is_subject and verb.base in lists["light"] else 0)
    return _find_sides(lower, terms, told, sign)[0], {terms[at]: sign}, terms[at]


def _change(lower: Sequence[str], verb: _Verb) -> int:
    """Return 1 for a verb that makes, keeps or supports, -1 for one that ends or opposes, else 0."""
    lists, after = _read_lists().verbs, lower[verb.at + 1 : verb.at + 2]
    if _is_keeping_in(lower, verb.at):
        return 0
    if verb.base in lists["ending"] or (after and after[0] in lists["particles"]):
        return -1
    if verb.base == "leave" and not verb.is_passive and after:
        return -1
    change = CHANGES.get(lower[verb.at], 0) or SIDES.get(lower[verb.at], 0)
    change = change or int(verb.base in lists["making"] or verb.base in lists["covering"])
    return -1 if change and "out" in lower[verb.at + 1 : verb.at + 4] else change


def _is_keeping_in(lower: Sequence[str], at: int) -> bool:
    """Return whether a verb says where something is kept: "phones should be kept in pouches"."""
    return lower[at] in ("kept", "keep") and bool(lower[at + 1 : at + 2]) and lower[at + 1] in _KEPT_IN


def _moves_something(lower: Sequence[str], at: int) -> bool:
    rest = " ".join(lower[at : at + 9])
    return bool(
        re.match(r"(?:take|taking) the place of|(?:go|move|switch|return|change) (?:back )?(?:from|to)\b", rest)
    )


def _read_replacement(
    lower: list[str], terms: list[str], verb: _Verb, modal: int, sign: int
) -> tuple[set[str], dict[str, int], str]:
    """Return the sides of "tablets should be replaced by books" and "schools should go back from tablets to paper"."""
    at, stop = verb.at, verb.stop
    marks = {word: i for i, word in enumerate(lower) if i > at and word in ("by", "with", "from", "to", "of")}
    by = marks.get("by", marks.get("with"))
    if verb.is_passive:
        old, new = (0, modal), (by + 1 if by else stop, stop)
    elif _find_base_form(lower[at]) == "replace":
        old, new = (at + 1, by or stop), ((by + 1, stop) if by else (0, modal))
    elif "of" in marks:
        old, new = (marks["of"] + 1, stop), (0, modal)
    else:
        old = (marks["from"] + 1, marks.get("to", stop)) if "from" in marks else (stop, stop)
        new = (marks.get("to", at) + 1, stop)
    theme, sides, _ = _find_sides(lower, terms, new, sign)
    others, old_sides, _ = _find_sides(lower, terms, old, -sign)
    return theme | others, sides | old_sides, ""


def _find_sides(
    lower: Sequence[str], terms: Sequence[str], span: tuple[int, int], sign: int
) -> tuple[set[str], dict[str, int], str]:
    """Return the head of a noun phrase with a side: "phones" with the other sign for "a ban on phones"."""
    start, stop = span
    end = next((i for i in range(start, stop) if lower[i] in _PREPOSITIONS and i > start), stop)
    named = [i for i in range(start, end) if terms[i] or _is_operator(lower[i])]
    if not named:
        if end < stop:
            return _find_sides(lower, terms, (end + 1, stop), sign)
        return set(), {}, ""
    head = named[-1]
    if lower[head] in CHANGE_NOUNS:
        sign *= CHANGES[lower[head]]
        if len(named) > 1:
            head = named[-2]
        elif end < stop:
            return _find_sides(lower, terms, (end + 1, stop), sign)
    if (
        terms[head]
        and terms[head][0] == "="
        and len(named) > 1
        and (others := [i for i in named if terms[i][:1] != "="])
    ):
        head = others[-1]
    if not terms[head]:
        return set(), {}, ""
    return {terms[head]}, {terms[head]: sign} if sign and not is_actor_word(stem(lower[head])) else {}, ""


def compare_sides(one: str, other: str) -> Verdict:
    """Return whether two propositions on one matter say the same, the contrary, or something else."""
    verdict, _ = compare(one, other)
    ours, theirs = read_demand(one), read_demand(other)
    if verdict != "unsure" or ours.action or theirs.action or ours.level != theirs.level:
        return verdict
    is_wanted = set(ours.sides.values()) == set(theirs.sides.values()) == {1}
    found: Verdict = "same" if is_wanted and ours.is_demand and theirs.is_demand else "unsure"
    return _doubt(one, other, found, is_sided=True)[0]


def have_common_theme(ones: Iterable[str], others: Iterable[str]) -> bool:
    """Return whether some of two issues' propositions are about one thing."""
    themes = [{term for text in texts for term in read_demand(text).theme} for texts in (ones, others)]
    return not themes[0].isdisjoint(themes[1])


def _has_other_figures(one: str, other: str) -> bool:
    """Return whether both have figures, and no common one."""
    ours = missing_figures(one, [], None)
    theirs = missing_figures(other, [], None)
    return bool(ours and theirs) and len(missing_figures(one, [other], None)) == len(ours)


def compare(one: str, other: str) -> tuple[Verdict, bool]:
    """Return how two propositions stand to one another, and whether they take sides of a common theme."""
    verdict, is_sided = _compare_themes(one, other)
    return _doubt(one, other, verdict, is_sided=is_sided)


def _doubt(one: str, other: str, verdict: Verdict, *, is_sided: bool) -> tuple[Verdict, bool]:
    """Return a verdict after a look at what differs, which may turn the side or leave doubt."""
    (own, wording), (their, other_wording) = read_as(one), read_as(other)
    if wording := wording or other_wording:
        is_open = verdict == "same" and not is_sided and wording.differ(one, other)
        return ("unsure" if is_open else verdict), is_sided
    if verdict == "different":
        return verdict, is_sided
    difference = find_difference(own, their)
    if difference.turn:
        return ("contrary" if difference.turn < 0 else "same"), True
    if verdict != "same":
        return verdict, is_sided
    ours, theirs = read_demand(one), read_demand(other)
    is_told = is_sided and not {"@public_money", "@homes_taken"}.isdisjoint(ours.sides.keys() & theirs.sides.keys())
    is_unlike = difference.is_unlike and not is_told and ((ours.is_demand and theirs.is_demand) or not is_sided)
    if difference.has_opposites or is_unlike or (difference.is_worded_otherwise and not is_sided):
        return "unsure", False
    return verdict, is_sided


def _compare_themes(one: str, other: str) -> tuple[Verdict, bool]:
    """Return what the sides of a common theme say, and whether there is one."""
    ours, theirs = read_demand(one), read_demand(other)
    names = [{term for term in each.weights if term[0] == "="} for each in (ours, theirs)]
    if _has_other_figures(one, other) or (all(names) and names[0].isdisjoint(names[1])):
        return "different", False
    if ours.aspects != theirs.aspects:
        return "different", False
    if ours.level != theirs.level:
        if "" in (ours.level, theirs.level):
            return "unsure", False
        return ("contrary" if "local" in (ours.level, theirs.level) else "different"), False
    if ours.is_demand != theirs.is_demand and (_FORECAST.search(one) or _FORECAST.search(other)):
        return "unsure", False  # that wages should rise, and that it would cost jobs
    if ours.keeps != theirs.keeps:
        return _compare_change(*((theirs, ours) if ours.keeps else (ours, theirs)))
    if ours.action != theirs.action and (ours.action and theirs.action):
        return "unsure", False  # that the pier should be sold, and that it should be let
    agreement = sum(sign * theirs.sides.get(term, 0) for term, sign in ours.sides.items())
    if agreement:
        return ("same" if agreement > 0 else "contrary"), True
    if ours.level and ours.is_demand and theirs.is_demand:
        return "same", True
    return _compare_words(one, other), False


def _compare_change(changed: Demand, kept: Demand) -> tuple[Verdict, bool]:
    """Compare the wish that something should be done with the wish that all should stay as it is."""
    if changed.theme.isdisjoint(kept.theme):
        return "unsure", False
    if changed.action:
        return ("contrary" if changed.sides.get(changed.action, 0) > 0 else "same"), True
    return ("contrary" if min(changed.sides.values(), default=0) < 0 else "unsure"), True


def _compare_words(one: str, other: str) -> Verdict:
    """Compare propositions that take no side of a common theme."""
    ours, theirs = read_demand(one), read_demand(other)
    is_sided = ours.is_demand and (ours.sides or theirs.sides)
    if ours.is_demand != theirs.is_demand or ours.action != theirs.action or is_sided:
        return "unsure"
    words, others = normalized_words(one), normalized_words(other)
    if negations_and_numbers(words) != negations_and_numbers(others) or _DIRECTIONS & (set(words) ^ set(others)):
        return "unsure"
    return "same" if read_content(one).general * read_content(other).general >= 0 else "contrary"
