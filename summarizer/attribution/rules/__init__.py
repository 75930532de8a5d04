"""The rules of reported speech, in order of precedence.

The first rule that matches at a place wins. Rules for whole paragraphs come first, then those for tags, which
bound the contents around them, then those for the remaining cues.
"""

from collections.abc import Sequence

from summarizer.attribution.lexicon import NO_CUE, Cue
from summarizer.attribution.rules import clauses, labels, passives, quotations, relays, tags
from summarizer.attribution.rules.base import ANY_VERB, Candidate, Context, Match, Rule, Subjects

__all__ = ["RULES", "SPEAKER_LABEL", "Candidate", "Context", "Match", "Rule", "Subjects", "find_rules"]

SPEAKER_LABEL = Rule(
    "speaker label", labels.match_label, place="paragraph", content="quotation", is_turn=True, decides=True
)  # fmt: skip
"""Also the rule of the turns that `find_turns` reads from transcripts."""

_PARTICIPLE = frozenset({"participle"})

RULES = (
    Rule("headline", labels.match_headline, place="paragraph", headline_claim=True),
    SPEAKER_LABEL,
    Rule("according to", tags.match_according_to, place="tag", accepts=lambda cue: cue is NO_CUE),
    Rule("relay", relays.match_relay, place="tag", accepts=relays.can_relay),
    Rule(
        "quotation before tag", tags.match_quotation_before_tag, place="tag", frames=frozenset({"tag"}),
        content="quotation", own_words=True, decides=True, accepts=lambda cue: cue.lemma != ANY_VERB,
    ),
    Rule(
        "quotation beside verb", tags.match_quotation_before_tag, place="tag", content="quotation", own_words=True,
        confirms=False, accepts=lambda cue: cue.lemma == ANY_VERB,
    ),
    Rule(
        "clause before tag", tags.match_clause_before_tag, place="tag", frames=tags.UNQUOTED, own_words=True,
        headline_claim=True,
    ),
    Rule(
        "passive question", passives.match_passive_question, forms=_PARTICIPLE, content="question", names_subject=False,
        is_salient=False, needs_cue="dependent clause", accepts=lambda cue: cue.lemma in passives.ASKING,
    ),
    Rule("passive addressee", passives.match_passive_addressee, forms=_PARTICIPLE),
    Rule(
        "by-agent", passives.match_agent, forms=_PARTICIPLE, content="phrase", encloses=False, names_subject=False,
        is_salient=False, needs_cue="always", needs_side=True,
    ),
    Rule("impression", passives.match_impression, accepts=passives.can_impress),
    Rule("addressee", clauses.match_addressee, frames=frozenset({"addressee"}), needs_cue="dependent clause"),
    Rule(
        "quotation after cue", clauses.match_quotation_after_cue, frames=clauses.CLAUSE_FRAMES | {"object"},
        content="quotation", own_words=True, decides=True,
    ),
    Rule(
        "clause after cue", clauses.match_clause_after_cue, frames=clauses.CLAUSE_FRAMES, headline_claim=True,
        needs_cue="dependent clause",
    ),
    Rule(
        "bare clause", clauses.match_bare_clause, frames=frozenset({"clause"}), headline_claim=True,
        needs_cue="dependent clause",
    ),
    Rule(
        "infinitive", clauses.match_infinitive, frames=frozenset({"to"}), content="infinitive",
        keeps_cue=True, needs_cue="always",
    ),
    Rule(
        "preposition", clauses.match_preposition, content="phrase",
        keeps_cue=True, needs_cue="always", accepts=lambda cue: bool(cue.prepositions),
    ),
    Rule(
        "object", clauses.match_object, frames=frozenset({"object"}), content="object",
        keeps_cue=True, needs_cue="always",
    ),
    Rule(
        "noun", clauses.match_noun, forms=frozenset({"noun"}), content="phrase", names_subject=False,
        needs_cue="always", cue_is_noun=True,
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

_FITTING: dict[tuple[str, int], list[Rule]] = {}
"""The rules for a place that a cue can match; the cues of the lexicon are compared by identity."""


def find_rules(rules: Sequence[Rule], place: str, cue: Cue) -> list[Rule]:
    """Return the rules for a place that a cue can match, in order."""
    key = place, id(cue)
    if rules is RULES and (known := _FITTING.get(key)) is not None:
        return known
    found = [rule for rule in rules if rule.place == place and rule.fits(cue)]
    return _FITTING.setdefault(key, found) if rules is RULES else found
