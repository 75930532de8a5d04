"""Find who says what: the analysis of reported speech."""

from summarizer._languages import add_language
from summarizer._types import Certainty, Speech
from summarizer.attribution.analysis import (
    LISTED_CONFIDENCE,
    MIN_CONFIDENCE,
    Analysis,
    Attribution,
    analyse,
    attributions,
)
from summarizer.attribution.entities import GIVEN_IN_FULL, Entities, Entity
from summarizer.attribution.languages import name_language, restore_statement_order
from summarizer.attribution.lexicon import GIVEN_NAMES, TITLES, Polarity, Sense
from summarizer.attribution.names import EntityKind
from summarizer.attribution.rules import RULES, Context, Match, Rule
from summarizer.attribution.tokens import Token

__all__ = [
    "GIVEN_IN_FULL",
    "GIVEN_NAMES",
    "LISTED_CONFIDENCE",
    "MIN_CONFIDENCE",
    "RULES",
    "TITLES",
    "Analysis",
    "Attribution",
    "Certainty",
    "Context",
    "Entities",
    "Entity",
    "EntityKind",
    "Match",
    "Polarity",
    "Rule",
    "Sense",
    "Speech",
    "Token",
    "add_language",
    "analyse",
    "attributions",
    "name_language",
    "restore_statement_order",
]
