"""Rules for quotations whose speaker no listed cue names: tags with any verb, introductions, signatures, gestures."""

from summarizer.attribution.lexicon import GIVEN_NAMES, WORDS, Cue, Sense, word_set
from summarizer.attribution.quotation_marks import Quotation
from summarizer.attribution.rules.base import ANY_VERB
from summarizer.attribution.tokens import Paragraph, Range

_ENDS_SPEECH = frozenset({",", "?", "!", "—", "–", "-", "…", "...", "."})
_TAG_SENSE = Sense("", "said", frames=frozenset({"tag"}))
_MAX_NAME = 8
"""In tokens: the name of a speaker, with titles."""
_NAME_PARTICLES = word_set(". - de der van von al")
_MAX_SPEAKER = 12
"""In tokens: a described speaker, or an apposition."""
_MAX_PARTICLES = 2
"""In tokens: words between a verb and the speaker after it: "chipped in", "told reporters"."""


def find_tag_verbs(paragraph: Paragraph) -> dict[int, Cue]:
    """Return the verbs beside a quotation that make a tag, though no list says so: “…,” fumed Ms Hill."""
    found: dict[int, Cue] = {}
    for quotation in paragraph.quotations:
        end = quotation.end
        while end < quotation.end + 2 and paragraph.lower[end : end + 1] in ((",",), ("—",), ("–",)):
            end += 1
        if not quotation.closed or end >= len(paragraph.tokens) - 1 or not _is_speech(paragraph, quotation, end):
            continue
        word = _find_verb(paragraph, quotation, end)
        cue = paragraph.tokens[word].cue if word > 0 else None
        if word > 0 and (cue is None or "tag" not in cue.frames or not cue.forms & {"past", "s", "base"}):
            found[word] = Cue(ANY_VERB, frozenset({"past"}), (_TAG_SENSE,), (), _TAG_SENSE.frames, frozenset())
    return found


def _is_speech(paragraph: Paragraph, quotation: Quotation, end: int) -> bool:
    """Return whether a quotation ends like speech, and is neither a title nor part of a clause."""
    inner = paragraph.inner(quotation)
    if inner[1] <= inner[0] or is_title(paragraph, inner):
        return False
    if paragraph.lower[inner[1] - 1] in _ENDS_SPEECH:
        return True
    return end > quotation.end and paragraph.begins_sentence(quotation.start)


def is_title(paragraph: Paragraph, words: Range) -> bool:
    """Return whether the words are written like the title of a work: "The Bridge of Sighs"."""
    plain = [token for token in paragraph.tokens[slice(*words)] if token.text[0].isalpha()]
    return (
        len(plain) > 1
        and all(token.is_capitalised or len(token.text) < 4 for token in plain[1:])
        and (sum(token.is_capitalised for token in plain) > len(plain) / 2)
    )


def _find_verb(paragraph: Paragraph, quotation: Quotation, start: int) -> int:
    """Return the verb of a tag that begins at ``start``, or -1."""
    first = paragraph.tokens[start]
    if first.is_capitalised and not first.is_day and not first.is_pronoun:
        return _find_verb_after_name(paragraph, quotation, start)
    if first.is_pronoun or first.is_determiner:
        return _find_verb_after_description(paragraph, quotation, start)
    return start if _is_inverted(paragraph, quotation, start) else -1


def _is_inverted(paragraph: Paragraph, quotation: Quotation, start: int) -> bool:
    """Return whether a verb and its speaker begin at ``start``: "fumed Ms Hill", "fumed the mayor"."""
    tokens = paragraph.tokens
    is_particle = tokens[start].lower in WORDS["particles"]
    if not (is_particle or _can_be_verb(paragraph, start)):
        return False
    name = start + 1
    while name < min(len(tokens), start + 2 + _MAX_PARTICLES) and _is_plain(paragraph, name):
        name += 1
    if name >= len(tokens) or (name > start + 1 and quotation.words < 3):
        return False
    if tokens[name].is_capitalised and not tokens[name].is_day:
        return not is_particle or tokens[name].lower in GIVEN_NAMES
    is_described = tokens[name].is_determiner and tokens[name].lower in ("the", "a", "an", "his", "her", "one")
    return is_described and name == start + 1 and is_past(tokens[start].lower)


def _find_verb_after_name(paragraph: Paragraph, quotation: Quotation, start: int) -> int:
    tokens, stop = paragraph.tokens, min(len(paragraph.tokens) - 1, start + _MAX_NAME)
    word = start
    while word < stop and (tokens[word].is_capitalised or paragraph.lower[word] in _NAME_PARTICLES):
        word += 1
    if word < stop and paragraph.lower[word] == "," and not paragraph.begins_sentence(word + 1):
        word = _after_apposition(paragraph, word)
        return word if word > 0 and is_past(paragraph.lower[word]) and _ends_tag(paragraph, word + 1) else -1
    while word < stop and tokens[word].is_adverb:
        word += 1
    if word >= stop or not (_can_be_verb(paragraph, word) or paragraph.lower[word] in WORDS["particles"]):
        return -1
    if _ends_tag(paragraph, word + 1):
        return word
    ends_with_comma = paragraph.lower[paragraph.inner(quotation)[1] - 1] == ","
    return word if ends_with_comma and is_past(paragraph.lower[word]) else -1


def _after_apposition(paragraph: Paragraph, comma: int) -> int:
    """Return the token after the comma that closes an apposition, or -1."""
    stop = min(len(paragraph.tokens) - 2, comma + _MAX_SPEAKER)
    closing = paragraph.find((",", ".", "?", "!"), comma + 1, stop)
    return closing + 1 if closing < stop and paragraph.lower[closing] == "," else -1


def _find_verb_after_description(paragraph: Paragraph, quotation: Quotation, start: int) -> int:
    """Return the verb after "the mayor" or "she" that ends a tag, or -1."""
    ends_with_comma = paragraph.lower[paragraph.inner(quotation)[1] - 1] == ","
    for word in range(start + 1, min(start + _MAX_SPEAKER, len(paragraph.tokens))):
        token = paragraph.tokens[word]
        if token.is_mark or token.is_helper or token.is_relative:
            return -1
        if _can_be_verb(paragraph, word) and is_past(token.lower):
            is_sure = ends_with_comma and paragraph.tokens[start].is_pronoun
            return word if is_sure or _ends_tag(paragraph, word + 1) else -1
    return -1


def _ends_tag(paragraph: Paragraph, word: int) -> bool:
    """Return whether a tag can end before ``word``, but for a particle or an adverb: "she shot back."."""
    lower = paragraph.lower
    while word < len(lower) and (lower[word] in WORDS["particles"] or paragraph.tokens[word].is_adverb):
        word += 1
    if word >= len(lower) or paragraph.tokens[word].is_stop or paragraph.quotation_from(word):
        return True
    return lower[word] in (",", ";", ":", "—", "–", "at", "as", "with", "when", "after", "before")


def _can_be_verb(paragraph: Paragraph, word: int) -> bool:
    token = paragraph.tokens[word]
    return (
        _is_plain(paragraph, word)
        and not (token.is_preposition or token.is_subordinator or token.is_helper or token.is_possessive)
        and not token.lower.endswith("ing")
    )


def _is_plain(paragraph: Paragraph, word: int) -> bool:
    """Return whether a token is a lower-case word of no closed class but particles and adverbs."""
    token = paragraph.tokens[word]
    if token.lower in WORDS["particles"]:
        return True
    return token.text.isalpha() and token.text.islower() and not (
        token.is_determiner or token.is_coordinator or token.is_preposition or token.is_pronoun
        or token.is_question_word or token.is_object_pronoun or token.lower in ("that", "to", "not")
    )  # fmt: skip


def is_past(word: str) -> bool:
    """Return whether a word has the form of a past tense."""
    return (word.endswith("ed") and len(word) > 3) or word in WORDS["irregular_pasts"]
