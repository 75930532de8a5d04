"""The rules of reported speech, in order of precedence.

The first rule that matches at a place wins. Rules for whole paragraphs come first, then those for tags, which
bound the contents around them, then those for the remaining cues.
"""

from summarizer.attribution.rules import clauses, labels, passives, quotations, relays, tags
from summarizer.attribution.rules.base import Candidate, Context, Match, Rule, Subjects

__all__ = ["RULES", "SPEAKER_LABEL", "Candidate", "Context", "Match", "Rule", "Subjects"]

SPEAKER_LABEL = Rule(
    "speaker label", labels.match_label, place="paragraph", content="quotation", is_turn=True, decides=True
)  # fmt: skip
"""Also the rule of the turns that `find_turns` reads from transcripts."""

RULES = (
    Rule("headline", labels.match_headline, place="paragraph", headline_claim=True),
    SPEAKER_LABEL,
    Rule("according to", tags.match_according_to, place="tag"),
    Rule("relay", relays.match_relay, place="tag"),
    Rule(
        "quotation before tag", tags.match_quotation_before_tag, place="tag", content="quotation", own_words=True,
        decides=True,
    ),
    Rule(
        "quotation beside verb", tags.match_quotation_beside_verb, place="tag", content="quotation", own_words=True,
        confirms=False,
    ),
    Rule("clause before tag", tags.match_clause_before_tag, place="tag", own_words=True, headline_claim=True),
    Rule(
        "passive question", passives.match_passive_question, content="question", names_subject=False, is_salient=False,
        needs_cue="dependent clause",
    ),
    Rule("passive addressee", passives.match_passive_addressee),
    Rule(
        "by-agent", passives.match_agent, content="phrase", encloses=False, names_subject=False,
        is_salient=False, needs_cue="always", needs_side=True,
    ),
    Rule("impression", passives.match_impression),
    Rule("addressee", clauses.match_addressee, needs_cue="dependent clause"),
    Rule("quotation after cue", clauses.match_quotation_after_cue, content="quotation", own_words=True, decides=True),
    Rule("clause after cue", clauses.match_clause_after_cue, headline_claim=True, needs_cue="dependent clause"),
    Rule(
        "bare clause", clauses.match_bare_clause, headline_claim=True,
        needs_cue="dependent clause",
    ),
    Rule(
        "infinitive", clauses.match_infinitive, content="infinitive",
        keeps_cue=True, needs_cue="always",
    ),
    Rule(
        "preposition", clauses.match_preposition, content="phrase",
        keeps_cue=True, needs_cue="always",
    ),
    Rule(
        "object", clauses.match_object, content="object",
        keeps_cue=True, needs_cue="always",
    ),
    Rule(
        "noun", clauses.match_noun, content="phrase", names_subject=False, needs_cue="always",
        cue_is_noun=True,
    ),
    Rule("signature", quotations.match_signature, place="quotation", content="quotation", own_words=True),
    Rule("introduction", quotations.match_introduction, place="quotation", content="quotation", own_words=True),
    Rule("as put", quotations.match_as, place="quotation", content="quotation", own_words=True),
    Rule("gesture", quotations.match_gesture, place="quotation", content="quotation", own_words=True, confirms=False),
    Rule(
        "sentence before", quotations.match_sentence_before, place="quotation", content="quotation", own_words=True,
        confirms=False,
    ),
    Rule("block", quotations.match_block, place="quotation", own_words=True, confirms=False),
)  # fmt: skip
"""The order is the precedence."""
