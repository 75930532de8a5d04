"""Pronouns: which of those in the reader's mind a "she" or an "it" can mean."""

from typing import NamedTuple

from summarizer.attribution.attribution import Entity
from summarizer.attribution.grammar import PREPOSITIONS
from summarizer.attribution.namebook import Sex
from summarizer.attribution.names import bare
from summarizer.attribution.salience import Place
from summarizer.attribution.sources import is_person

_MALE, _FEMALE = (
    frozenset({"he", "his", "him", "himself", "he's", "he'd", "he'll"}),
    frozenset({"she", "her", "herself", "she's", "she'd", "she'll"}),
)
_PLURAL = frozenset({"they", "their", "them", "they're", "they've", "they'd", "they'll"})
_NEUTER = frozenset({"it", "its", "it's"})
PRONOUNS = _MALE | _FEMALE | _PLURAL | _NEUTER


class Salient(NamedTuple):
    """Somebody in the reader's mind, from a place in the article on."""

    place: Place
    entity: Entity
    sex: Sex


def fits(salient: Salient, pronoun: str) -> bool:
    """Whether a pronoun, in lower case, can mean somebody: by kind, number and sex."""
    kind = salient.entity.kind
    if pronoun in _MALE or pronoun in _FEMALE:
        if kind == "unnamed":
            return _is_human(salient.entity, "man" if pronoun in _MALE else "woman")
        return kind == "person" and salient.sex != ("f" if pronoun in _MALE else "m")
    if pronoun in _PLURAL:
        return kind in ("group", "organisation")
    return kind in ("organisation", "government", "document")


def _is_human(entity: Entity, ending: str) -> bool:
    """Whether an unnamed source is surely one person of this sex: "a spokesman", "the teacher"; not "the figure"."""
    words = [bare(word) for word in entity.name.split()]
    head = next((number for number, word in enumerate(words) if word in PREPOSITIONS), len(words)) - 1
    noun = words[max(head, 0)]
    if noun.endswith("man"):
        return noun.endswith("woman") == (ending == "woman")
    return is_person(noun)
