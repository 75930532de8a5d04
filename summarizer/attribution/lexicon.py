"""The lexicon of cues: which words attribute, in which frames, and what they say of the holder."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from summarizer._types import Certainty
from summarizer.attribution.attribution import Polarity

Form = Literal["base", "s", "ing", "past", "participle", "noun", "adjective"]


@dataclass(frozen=True, slots=True)
class Sense:
    """One way in which a word attributes: a group of cues.toml, for one of its words."""

    lemma: str
    act: str
    certainty: Certainty
    polarity: Polarity | None
    frames: frozenset[str]
    prepositions: frozenset[str]
    only: frozenset[str] = frozenset()
    """The only forms that attribute, where not all do."""
    strong: bool = False
    """Whether it attributes in any form; others do not as "supporting …" or "to support …"."""
    denies: bool = False
    """Whether the holder is against the content: "denied that"."""
    raises: bool = False
    """Whether a negation means the contrary: not to think that is to think that not."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A form of a word that attributes, with its senses in the order of cues.toml."""

    lemma: str
    forms: frozenset[Form]
    """What the form can be: "said" is past and participle, "claims" an s-form and a noun."""
    senses: tuple[Sense, ...]
    nouns: tuple[Sense, ...]
    """The senses of the same form as a noun: "the claims that"."""
    frames: frozenset[str]
    """The frames of all the verb and adjective senses."""
    prepositions: frozenset[str]

    def sense(self, frame: str = "", preposition: str = "") -> Sense:
        """The first sense that has this frame, or takes this preposition; else the first."""
        senses = self.senses or self.nouns
        for sense in senses:
            if frame in sense.frames or preposition in sense.prepositions:
                return sense
        return senses[0]


@cache
def lexicon() -> Mapping[str, Cue]:
    """Every form of every cue, in lower case."""
    data = tomllib.loads((files(__package__) / "cues.toml").read_text(encoding="utf-8"))
    verbs: dict[str, list[Sense]] = {}
    nouns: dict[str, list[Sense]] = {}
    forms: dict[str, set[Form]] = {}
    for lemma, sense in _senses(data["verbs"]):
        for form, names in _verb_forms(lemma, data).items():
            if sense.only and not names & sense.only:
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


def _senses(groups: list[dict[str, Any]]) -> Iterator[tuple[str, Sense]]:
    for group in groups:
        for word in group["words"]:
            yield (
                word,
                Sense(
                    word,
                    group["act"],
                    group.get("certainty", "asserted"),
                    group.get("polarity"),
                    frozenset(group.get("frames", ())),
                    frozenset(group.get("prepositions", ())),
                    frozenset(group.get("forms", ())),
                    group.get("strong", False),
                    group.get("denies", False),
                    group.get("raises", False),
                ),
            )


def _verb_forms(verb: str, data: dict[str, Any]) -> dict[str, set[Form]]:
    """The forms of a verb, by the rules of English spelling and the lists of cues.toml."""
    stem = verb + verb[-1] if verb in data["doubled"]["words"] else verb
    if verb.endswith("e"):
        ed, ing = verb + "d", (verb if verb.endswith("ee") else verb[:-1]) + "ing"
    elif verb.endswith("y") and verb[-2] not in "aeiou":
        ed, ing = verb[:-1] + "ied", verb + "ing"
    else:
        ed, ing = stem + "ed", stem + "ing"
    past, participle = data["irregular"].get(verb, (ed, ed))
    forms: dict[str, set[Form]] = {}
    named: list[tuple[str, Form]] = [
        (verb, "base"),
        (_with_s(verb), "s"),
        (ing, "ing"),
        (past, "past"),
        (participle, "participle"),
    ]
    for form, name in named:
        forms.setdefault(form, set()).add(name)
    return forms


def _with_s(word: str) -> str:
    """The plural of a noun, or the s-form of a verb."""
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")
