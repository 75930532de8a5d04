"""The word lists: closed classes of English (words.toml), cues (cues.toml) and words in names (names.toml)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any, Literal

from summarizer._files import read_toml
from summarizer._types import Certainty

Polarity = Literal["for", "against"]
"""The side that a word takes."""
Form = Literal["base", "s", "ing", "past", "participle", "noun", "adjective"]
Sex = Literal["m", "f", ""]
NounClass = Literal["person", "body", "document", "none", "unknown"]


def word_set(words: str) -> frozenset[str]:
    """Return the words of a string that separates them by spaces; "_" means a space within a name."""
    return frozenset(word.replace("_", " ") for word in words.split())


_LISTS: dict[str, str] = {}
for _file in ("words", "names", "speakers"):
    _LISTS |= read_toml(__file__, f"languages/en/{_file}.toml")
WORDS = {name: word_set(words) for name, words in _LISTS.items()}


def _read_sexes(kind: str) -> dict[str, Sex]:
    sexes: dict[str, Sex] = dict.fromkeys(WORDS[f"other_{kind}"], "")
    return sexes | dict.fromkeys(WORDS[f"male_{kind}"], "m") | dict.fromkeys(WORDS[f"female_{kind}"], "f")


PRONOUNS = WORDS["pronouns"]
"""Pronouns that can be a subject."""
OBJECT_PRONOUNS = WORDS["object_pronouns"]
POSSESSIVES = WORDS["possessives"]
DETERMINERS = WORDS["determiners"] | POSSESSIVES
PREPOSITIONS = WORDS["prepositions"]
BE = WORDS["be"]
AUXILIARIES = BE | WORDS["have_do"]
MODALS = WORDS["modals"]
COMMON_VERBS = WORDS["common_verbs"]
"""Finite verbs that are not cues, and that end a noun phrase all the same."""
NEGATORS = word_set("not never cannot neither nor hardly scarcely yet nobody nothing nowhere no")
ADVERBS = WORDS["adverbs"]
"""Words that can separate a subject from its verb, besides those in -ly."""
SUBORDINATORS = WORDS["subordinators"]
COORDINATORS = WORDS["coordinators"]
QUESTION_WORDS = WORDS["question_words"]
DAYS = WORDS["days"]
TIMES = WORDS["times"]
PAUSES = WORDS["pauses"]
DASHES = WORDS["dashes"]
STOPS = WORDS["stops"]
OPENING_MARKS = WORDS["opening_marks"]
CLOSING_MARKS = WORDS["closing_marks"]
MARKS = PAUSES | STOPS | OPENING_MARKS | CLOSING_MARKS
TITLES = _read_sexes("titles")
"""Titles before a name, with the sex that they tell, if any."""
GIVEN_NAMES = _read_sexes("names")
"""Given names, with the sex that they tell, if any."""
ORGANISATIONS = WORDS["organisations"]
"""Words in the names of bodies."""
ORGANISATION_NOUNS = WORDS["organisation_nouns"]
DOCUMENTS = WORDS["documents"]
GOVERNMENTS = WORDS["governments"]
"""Countries, capitals and seats of governments."""
NATIONALITIES = WORDS["nationalities"]


_PERSONAL = ("man", "er", "or", "ist", "ian", "herd", "hand")
_ABSTRACT = tuple(WORDS["abstract_endings"])
_NOUN_CLASSES: dict[str, NounClass] = {}
_CLASSES: tuple[tuple[NounClass, tuple[Iterable[str], ...]], ...] = (
    ("none", (WORDS["nonspeakers"], TIMES)),
    ("document", (DOCUMENTS, WORDS["other_documents"])),
    ("body", (ORGANISATION_NOUNS, WORDS["bodies"], ORGANISATIONS)),
    ("person", (WORDS["people"], WORDS["unnamed"], NATIONALITIES, TITLES, WORDS["person_nouns"])),
)
for _class, _rows in _CLASSES:
    _NOUN_CLASSES = dict.fromkeys(chain(*_rows), _class) | _NOUN_CLASSES  # the first class of a word counts


@lru_cache(maxsize=8192)
def classify_noun(noun: str) -> NounClass:
    """Return what a noun names: "person" for one or many people, "none" for what cannot speak."""
    if noun.endswith(("year-old", "year-olds")):
        return "person"
    last = (noun.rpartition("-")[2] or noun) if "-" in noun else noun
    singular = _singular_forms(noun)
    for form in (noun, *singular) if last is noun else (noun, *singular, last, *_singular_forms(last)):
        if form in _NOUN_CLASSES:
            return _NOUN_CLASSES[form]
        if form.endswith(_PERSONAL):
            return "person"
    return "none" if any(form.endswith(_ABSTRACT) for form in singular or (noun,)) else "unknown"


def _singular_forms(noun: str) -> tuple[str, ...]:
    """Return what a noun can be the plural of."""
    if noun.endswith(("men", "women")):
        return (noun[:-2] + "an",)
    if not noun.endswith("s") or noun.endswith("ss"):
        return ()
    if noun.endswith("ies"):
        return (noun[:-3] + "y",)
    return (noun[:-1], noun[:-2]) if noun.endswith("es") else (noun[:-1],)


@lru_cache(maxsize=8192)
def is_person_noun(noun: str) -> bool:
    """Return whether a noun surely describes one person: "brother", "teacher", "spokeswoman"."""
    is_plural = (noun.endswith("s") and not noun.endswith("ss")) or noun.endswith("men")
    is_listed = noun in TITLES or noun in WORDS["person_nouns"]
    return noun not in DETERMINERS and not is_plural and (is_listed or classify_noun(noun) == "person")


def is_compound_role(word: str) -> bool:
    """Return whether a word with a hyphen is a role: "co-author", "governor-elect", "mother-of-two"."""
    first, hyphen, last = word.partition("-")
    if not hyphen:
        return False
    if first in ("co", "ex", "then", "vice", "former", "non"):
        return last in TITLES or last in WORDS["professions"] or last in WORDS["people"]
    return (last == "elect" or last.startswith(("of-", "in-"))) and (first in TITLES or first in WORDS["people"])


@dataclass(frozen=True, slots=True)
class Sense:
    """One way in which a word attributes: a row of cues.toml, for one of its words."""

    lemma: str
    act: str
    certainty: Certainty = "asserted"
    polarity: Polarity | None = None
    frames: frozenset[str] = frozenset()
    prepositions: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()
    """The only forms that attribute; empty if all do."""
    denies: bool = False
    """The holder is against the content: "denied that"."""
    neg_raising: bool = False
    """A negation of the cue negates the content: not to think that is to think that not."""


_MAX_PREPOSITION = 4  # in words: "out in favour of"


@dataclass(frozen=True, slots=True)
class Cue:
    """A word form that attributes, with its senses in the order of cues.toml."""

    lemma: str
    forms: frozenset[Form]
    """The possible uses of the form: "said" is past and participle, "claims" an s-form and a noun."""
    senses: tuple[Sense, ...]
    nouns: tuple[Sense, ...]
    """The senses of the same form as a noun: "the claims that"."""
    frames: frozenset[str]
    """The frames of all verb and adjective senses."""
    prepositions: frozenset[str]

    openings: frozenset[str] = frozenset()
    """The words after it, if it attributes in idioms only: "issue" for "took issue with"."""

    def preposition_at(self, lower: Sequence[str], word: int) -> str:
        """Return the preposition of the cue that begins at a word, "" if none does."""
        for size in range(1, _MAX_PREPOSITION + 1) if self.prepositions else ():
            if (phrase := " ".join(lower[word : word + size])) in self.prepositions:
                return phrase
        return ""

    def sense(self, frame: str = "", preposition: str = "") -> Sense:
        """Return the first sense with this frame or this preposition, else the first."""
        senses = self.senses or self.nouns
        for sense in senses:
            if frame in sense.frames or preposition in sense.prepositions:
                return sense
        return senses[0]


NO_CUE = Cue("", frozenset(), (), (), frozenset(), frozenset())


def read_cues(data: Mapping[str, Any]) -> dict[str, Cue]:
    """Return every form of every cue in the tables of cues.toml."""
    verbs: dict[str, list[Sense]] = defaultdict(list)
    nouns: dict[str, list[Sense]] = defaultdict(list)
    forms: dict[str, set[Form]] = defaultdict(set)
    for lemma, sense in _senses(data["verbs"]):
        for form, names in _verb_forms(lemma, data).items():
            if not sense.forms or names & sense.forms:
                verbs[form].append(sense)
                forms[form] |= names
    for lemma, sense in _senses(data["adjectives"]):
        verbs[lemma].append(sense)
        forms[lemma].add("adjective")
    for lemma, sense in _senses(data["nouns"]):
        for form in (lemma, _with_s(lemma)):
            nouns[form].append(sense)
            forms[form].add("noun")
    return {form: _cue(verbs.get(form, []), nouns.get(form, []), names) for form, names in forms.items()}


def _cue(verbs: list[Sense], nouns: list[Sense], forms: set[Form]) -> Cue:
    prepositions = frozenset().union(*(sense.prepositions for sense in verbs))
    is_idiom = (
        bool(verbs)
        and not nouns
        and all(sense.prepositions and all(" " in preposition for preposition in sense.prepositions) for sense in verbs)
    )
    return Cue(
        (verbs or nouns)[0].lemma,
        frozenset(forms),
        tuple(verbs),
        tuple(nouns),
        frozenset().union(*(sense.frames for sense in verbs)),
        prepositions,
        frozenset(preposition.partition(" ")[0] for preposition in prepositions) if is_idiom else frozenset(),
    )


def _senses(rows: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Sense]]:
    for row in rows:
        fields: dict[str, Any] = {
            key: word_set(row[key]) if key in ("frames", "prepositions", "forms") else row[key] for key in row
        }
        for word in fields.pop("words").split():
            yield word, Sense(word, **fields)


def _verb_forms(verb: str, data: Mapping[str, Any]) -> dict[str, set[Form]]:
    """Return the forms of a verb, by the rules of English spelling and the lists of cues.toml."""
    stem = verb + verb[-1] if verb in data["doubled"].split() else verb
    if verb.endswith("e"):
        ed, ing = verb + "d", (verb if verb.endswith("ee") else verb[:-1]) + "ing"
    elif verb.endswith("y") and verb[-2] not in "aeiou":
        ed, ing = verb[:-1] + "ied", verb + "ing"
    else:
        ed, ing = stem + "ed", stem + "ing"
    past, *participle = data["irregular"].get(verb, ed).split()
    forms: dict[str, set[Form]] = defaultdict(set)
    forms[verb].add("base")
    forms[_with_s(verb)].add("s")
    forms[ing].add("ing")
    forms[past].add("past")
    forms[participle[0] if participle else past].add("participle")
    return forms


def _with_s(word: str) -> str:
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")


CUES = read_cues(read_toml(__file__, "languages/en/cues.toml"))
