"""Who is said to say what: the analysis of reported speech."""

from summarizer.attribution.attribute import analysed, attribute, attributions
from summarizer.attribution.attribution import (
    Actor,
    ActorKind,
    Attribution,
    Certainty,
    Polarity,
    Speech,
)
from summarizer.attribution.cast import Cast, cast

__all__ = [
    "Actor",
    "ActorKind",
    "Attribution",
    "Cast",
    "Certainty",
    "Polarity",
    "Speech",
    "analysed",
    "attribute",
    "attributions",
    "cast",
]
