"""The rules of reported speech, in order of precedence.

The first rule that matches at a place wins. Rules for whole paragraphs come first, then those for tags, which
bound what stands around them, then those for the remaining cues.
"""

from summarizer.attribution.rules.base import Candidate, Context, Match, Rule
from summarizer.attribution.rules.clauses import (
    match_addressee,
    match_bare_clause,
    match_clause_after_cue,
    match_infinitive,
    match_noun,
    match_object,
    match_preposition,
    match_quotation_after_cue,
)
from summarizer.attribution.rules.labels import match_headline, match_label
from summarizer.attribution.rules.passives import match_agent, match_asked, match_impression, match_told
from summarizer.attribution.rules.tags import match_according_to, match_clause_before_tag, match_quotation_before_tag

__all__ = ["RULES", "SPEAKER_LABEL", "Candidate", "Context", "Match", "Rule"]

SPEAKER_LABEL = Rule(
    "speaker label", match_label, place="paragraph", content="quotation", is_turn=True, decides=True
)  # fmt: skip
"""Also the rule of the turns that `find_turns` reads from transcripts."""

RULES = (
    Rule("headline", match_headline, place="paragraph", headline_claim=True),
    SPEAKER_LABEL,
    Rule("according to", match_according_to, place="tag"),
    Rule(
        "quotation before tag", match_quotation_before_tag, place="tag", content="quotation", own_words=True,
        decides=True,
    ),
    Rule("clause before tag", match_clause_before_tag, place="tag", own_words=True, headline_claim=True),
    Rule(
        "asked", match_asked, content="question", names_subject=False, is_salient=False,
        needs_cue="dependent clause",
    ),
    Rule("told", match_told),
    Rule(
        "by-agent", match_agent, content="phrase", top_level_only=True, encloses=False, names_subject=False,
        is_salient=False, needs_cue="always", needs_side=True,
    ),
    Rule("impression", match_impression, top_level_only=True),
    Rule("addressee", match_addressee, needs_cue="dependent clause"),
    Rule("quotation after cue", match_quotation_after_cue, content="quotation", own_words=True, decides=True),
    Rule("clause after cue", match_clause_after_cue, headline_claim=True, needs_cue="dependent clause"),
    Rule("bare clause", match_bare_clause, top_level_only=True, headline_claim=True, needs_cue="dependent clause"),
    Rule(
        "infinitive", match_infinitive, content="infinitive", needs_finite=True, top_level_only=True, keeps_cue=True,
        needs_cue="always",
    ),
    Rule(
        "preposition", match_preposition, content="phrase", needs_finite=True, top_level_only=True, keeps_cue=True,
        needs_cue="always",
    ),
    Rule(
        "object", match_object, content="object", needs_finite=True, top_level_only=True, keeps_cue=True,
        needs_cue="always",
    ),
    Rule(
        "noun", match_noun, content="phrase", top_level_only=True, names_subject=False, needs_cue="always",
        cue_is_noun=True,
    ),
)  # fmt: skip
"""The order is the precedence."""
