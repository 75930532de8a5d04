"""The word lists: closed classes of English (words.toml), cues (cues.toml) and words in names (names.toml)."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from summarizer._types import Certainty

Polarity = Literal["for", "against"]
Form = Literal["base", "s", "ing", "past", "participle", "noun", "adjective"]
Sex = Literal["m", "f", ""]


def word_set(words: str) -> frozenset[str]:
    """Return the words of a string that separates them by spaces."""
    return frozenset(words.split())


def _read_toml(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / name).read_text(encoding="utf-8"))


WORDS = {name: word_set(words) for name, words in _read_toml("words.toml").items()}

PRONOUNS = WORDS["pronouns"]
"""Pronouns that can be a subject."""
PERSONAL_PRONOUNS = WORDS["personal_pronouns"]
OBJECT_PRONOUNS = WORDS["object_pronouns"]
RELATIVES = WORDS["relatives"]
POSSESSIVES = WORDS["possessives"]
DETERMINERS = WORDS["determiners"] | POSSESSIVES
PREPOSITIONS = WORDS["prepositions"]
BE = WORDS["be"]
AUXILIARIES = BE | WORDS["have_do"]
MODALS = WORDS["modals"]
CONTRACTIONS = WORDS["contractions"]
"""Subject and auxiliary in one word."""
NONFINITE = WORDS["nonfinite"]
COMMON_VERBS = WORDS["common_verbs"]
"""Finite verbs that are not cues, and that end a noun phrase all the same."""
ADVERBS = WORDS["adverbs"]
"""Words that can separate a subject from its verb, besides those in -ly."""
SUBORDINATORS = WORDS["subordinators"]
COORDINATORS = WORDS["coordinators"]
QUESTION_WORDS = WORDS["question_words"]
DAYS = WORDS["days"]
PERIODS = WORDS["periods"]
"""Words that begin a time: "last week", "this month"."""
TIMES = WORDS["times"]
PAUSES = WORDS["pauses"]
DASHES = WORDS["dashes"]
STOPS = WORDS["stops"]
OPENING_MARKS = WORDS["opening_marks"]
CLOSING_MARKS = WORDS["closing_marks"]
MARKS = PAUSES | STOPS | OPENING_MARKS | CLOSING_MARKS


@dataclass(frozen=True, slots=True)
class Sense:
    """One way in which a word attributes: a group of cues.toml, for one of its words."""

    lemma: str
    act: str
    certainty: Certainty = "asserted"
    polarity: Polarity | None = None
    frames: frozenset[str] = frozenset()
    prepositions: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()
    """The only forms that attribute; empty if all do."""
    any_form: bool = False
    """Attributes in any form; other senses need a finite verb before an object or a preposition."""
    denies: bool = False
    """The holder is against the content: "denied that"."""
    neg_raising: bool = False
    """A negation of the cue negates the content: not to think that is to think that not."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A word form that attributes, with its senses in the order of cues.toml."""

    lemma: str
    forms: frozenset[Form]
    """What the form can be: "said" is past and participle, "claims" an s-form and a noun."""
    senses: tuple[Sense, ...]
    nouns: tuple[Sense, ...]
    """The senses of the same form as a noun: "the claims that"."""
    frames: frozenset[str]
    """The frames of all verb and adjective senses."""
    prepositions: frozenset[str]

    def sense(self, frame: str = "", preposition: str = "") -> Sense:
        """Return the first sense with this frame or this preposition, else the first."""
        senses = self.senses or self.nouns
        for sense in senses:
            if frame in sense.frames or preposition in sense.prepositions:
                return sense
        return senses[0]


NO_CUE = Cue("", frozenset(), (), (), frozenset(), frozenset())


@cache
def cues() -> Mapping[str, Cue]:
    """Return every form of every cue of cues.toml."""
    data = _read_toml("cues.toml")
    verbs: dict[str, list[Sense]] = {}
    nouns: dict[str, list[Sense]] = {}
    forms: dict[str, set[Form]] = {}
    for lemma, sense in _senses(data["verbs"]):
        for form, names in _verb_forms(lemma, data).items():
            if sense.forms and not names & sense.forms:
                continue
            verbs.setdefault(form, []).append(sense)
            forms.setdefault(form, set()).update(names)
    for lemma, sense in _senses(data["adjectives"]):
        verbs.setdefault(lemma, []).append(sense)
        forms.setdefault(lemma, set()).add("adjective")
    for lemma, sense in _senses(data["nouns"]):
        for form in (lemma, _with_s(lemma)):
            nouns.setdefault(form, []).append(sense)
            forms.setdefault(form, set()).add("noun")
    return {form: _cue(verbs.get(form, []), nouns.get(form, []), names) for form, names in forms.items()}


def _cue(verbs: list[Sense], nouns: list[Sense], forms: set[Form]) -> Cue:
    return Cue(
        (verbs or nouns)[0].lemma,
        frozenset(forms),
        tuple(verbs),
        tuple(nouns),
        frozenset().union(*(sense.frames for sense in verbs)),
        frozenset().union(*(sense.prepositions for sense in verbs)),
    )


_LISTS = ("frames", "prepositions", "forms")


def _senses(groups: list[dict[str, Any]]) -> Iterator[tuple[str, Sense]]:
    for group in groups:
        fields: dict[str, Any] = {
            key: frozenset(value) if key in _LISTS else value for key, value in group.items() if key != "words"
        }
        for word in group["words"]:
            yield word, Sense(word, **fields)


def _verb_forms(verb: str, data: dict[str, Any]) -> dict[str, set[Form]]:
    """Return the forms of a verb, by the rules of English spelling and the lists of cues.toml."""
    stem = verb + verb[-1] if verb in data["doubled"]["words"] else verb
    if verb.endswith("e"):
        ed, ing = verb + "d", (verb if verb.endswith("ee") else verb[:-1]) + "ing"
    elif verb.endswith("y") and verb[-2] not in "aeiou":
        ed, ing = verb[:-1] + "ied", verb + "ing"
    else:
        ed, ing = stem + "ed", stem + "ing"
    past, participle = data["irregular"].get(verb, (ed, ed))
    names: list[tuple[str, Form]] = [
        (verb, "base"),
        (_with_s(verb), "s"),
        (ing, "ing"),
        (past, "past"),
        (participle, "participle"),
    ]
    forms: dict[str, set[Form]] = {}
    for form, name in names:
        forms.setdefault(form, set()).add(name)
    return forms


def _with_s(word: str) -> str:
    """Return the plural of a noun, or the s-form of a verb."""
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")


@dataclass(frozen=True, slots=True)
class NameLists:
    """The word lists of names.toml; titles have no full stops."""

    titles: dict[str, Sex]
    given: dict[str, Sex]
    organisations: frozenset[str]
    organisation_nouns: frozenset[str]
    documents: frozenset[str]
    unnamed: frozenset[str]
    governments: frozenset[str]
    nationalities: frozenset[str]


@cache
def name_lists() -> NameLists:
    """Return the lists of names.toml."""
    data = _read_toml("names.toml")
    titles: dict[str, Sex] = dict.fromkeys(data["titles"]["either"], "")
    titles |= dict.fromkeys(data["titles"]["male"], "m") | dict.fromkeys(data["titles"]["female"], "f")
    given: dict[str, Sex] = dict.fromkeys(data["given"]["either"].split(), "")
    given |= dict.fromkeys(data["given"]["male"].split(), "m")
    given |= dict.fromkeys(data["given"]["female"].split(), "f")
    words, places = data["words"], data["places"]
    return NameLists(
        titles,
        given,
        frozenset(words["organisations"]),
        frozenset(words["organisation_nouns"]),
        frozenset(words["documents"]),
        frozenset(words["unnamed"]),
        frozenset(places["governments"]),
        frozenset(places["nationalities"]),
    )
