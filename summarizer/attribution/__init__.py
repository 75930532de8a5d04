"""Find who says what: the analysis of reported speech."""

from summarizer._languages import add_language
from summarizer.attribution.analysis import (
    LISTED_CONFIDENCE,
    MIN_CONFIDENCE,
    Analysis,
    Attribution,
    analyse,
    attributions,
)
from summarizer.attribution.entities import Entities, Entity
from summarizer.attribution.languages import name_language, restore_statement_order
from summarizer.attribution.lexicon import GIVEN_NAMES, TITLES, Sense
from summarizer.attribution.namesakes import FIELDS, GIVEN_IN_FULL, are_apart, conflict, fields_of, work_noun
from summarizer.attribution.rules import RULES, Context, Match, Rule
from summarizer.attribution.tokens import Token

__all__ = [
    "FIELDS", "GIVEN_IN_FULL", "GIVEN_NAMES", "LISTED_CONFIDENCE", "MIN_CONFIDENCE", "RULES", "TITLES", "Analysis",
    "Attribution", "Context", "Entities", "Entity", "Match", "Rule", "Sense", "Token", "add_language", "analyse",
    "are_apart", "attributions", "conflict", "fields_of", "name_language", "restore_statement_order", "work_noun",
]  # fmt: skip
