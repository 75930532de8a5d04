"""Find who says what: the analysis of reported speech."""

from summarizer._types import Certainty, Speech
from summarizer.attribution.analysis import Analysis, Attribution, analyse, attributions
from summarizer.attribution.entities import Entities, Entity
from summarizer.attribution.lexicon import Polarity
from summarizer.attribution.names import EntityKind
from summarizer.attribution.rules import RULES, Rule

__all__ = [
    "RULES",
    "Analysis",
    "Attribution",
    "Certainty",
    "Entities",
    "Entity",
    "EntityKind",
    "Polarity",
    "Rule",
    "Speech",
    "analyse",
    "attributions",
]
