"""Find who says what: the analysis of reported speech."""

from summarizer._types import Certainty, Speech
from summarizer.attribution.analysis import Analysis, analyse, attributions
from summarizer.attribution.attribution import Attribution, Entity, EntityKind, Polarity
from summarizer.attribution.cast import Entities

__all__ = [
    "Analysis",
    "Attribution",
    "Certainty",
    "Entities",
    "Entity",
    "EntityKind",
    "Polarity",
    "Speech",
    "analyse",
    "attributions",
]
