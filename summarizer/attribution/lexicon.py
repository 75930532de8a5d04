"""The word lists: closed classes of English, reporting cues (cues.toml) and words in names (names.toml).

All words are in lower case, with straight apostrophes.
"""

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


PRONOUNS = word_set("he she it they we i you someone somebody everyone everybody nobody one")
"""Pronouns that can be a subject."""
PERSONAL_PRONOUNS = word_set("he she they we i")
OBJECT_PRONOUNS = word_set("him her them me us himself herself themselves itself")
RELATIVES = word_set("who which that whom what")
POSSESSIVES = word_set("his her its their my our your whose")
DETERMINERS = (
    word_set(
        "the a an this that these those some any no every each all both many several few most more another other "
        "such half one two three four five six seven eight nine ten dozens hundreds thousands"
    )
    | POSSESSIVES
)
PREPOSITIONS = word_set(
    "of in on at for from with by about against over into as through during after before between among under "
    "toward towards within without since until till via amid despite upon outside inside behind near like "
    "including around across per besides alongside following regarding throughout"
)
BE = word_set("is are was were be been being am isn't aren't wasn't weren't he's she's it's they're we're i'm you're")
AUXILIARIES = BE | word_set(
    "has have had do does did hasn't haven't hadn't doesn't don't didn't they've we've i've you've"
)
MODALS = word_set(
    "will would can could may might must shall should won't wouldn't can't cannot couldn't shouldn't mustn't "
    "he'll she'll they'll we'll i'll he'd she'd they'd we'd i'd it'll"
)
CONTRACTIONS = word_set(
    "he's she's it's they've they're we've we're i've i'm you've you're he'll she'll they'll we'll i'll he'd "
    "she'd they'd we'd i'd it'll"
)
"""Subject and auxiliary in one word."""
NONFINITE = word_set("be been being")
COMMON_VERBS = word_set(
    "went made took got came ran won lost gave left held met sent spent led kept fell rose drew grew stood "
    "broke became brought bought built caught chose fought paid sold taught wore beat cut let set goes makes "
    "takes gets comes runs wins loses gives leaves holds meets sends spends leads keeps falls rises draws grows "
    "stands breaks becomes brings builds remains seems used needs wants knew knows thinks began begins"
)
"""Finite verbs that are not cues, and that end a noun phrase all the same."""
ADVERBS = word_set(
    "also later then now still often never not even once again just already recently previously repeatedly too "
    "earlier always ever further soon today yesterday instead himself herself itself themselves both all only "
    "long first twice sometimes since so quickly simply actually initially reportedly well rather almost"
)
"""Words that can separate a subject from its verb, besides those in -ly."""
SUBORDINATORS = word_set(
    "because if when while although though unless whether where why how whereas once since until after before "
    "as so than lest wherever whenever"
)
COORDINATORS = word_set("and but or yet nor")
QUESTION_WORDS = word_set("whether if how why what who when where which whose")
DAYS = word_set(
    "monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow tonight jan feb mar apr "
    "jun jul aug sep sept oct nov dec january february march april june july august september october november "
    "december"
)
PERIODS = word_set("last this earlier next late early")
"""Words that begin a time: "last week", "this month"."""
TIMES = word_set(
    "week month year weekend morning afternoon evening night day hour moment summer winter spring autumn fall "
    "monday tuesday wednesday thursday friday saturday sunday decade weeks months years days ago"
)
PAUSES = word_set(", ; : — – - -- ( ) [ ] … ... | /")
DASHES = word_set("— – --")
STOPS = word_set(". ? !")
OPENING_MARKS = word_set("“ \" '' « „ `` ‘ '")
CLOSING_MARKS = word_set("” \" '' » ’ '")
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


@cache
def cues() -> Mapping[str, Cue]:
    """Return every form of every cue of cues.toml."""
    data = tomllib.loads((files(__package__) / "cues.toml").read_text(encoding="utf-8"))
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
    data = tomllib.loads((files(__package__) / "names.toml").read_text(encoding="utf-8"))
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
