"""Verb phrases: how a cue is used, who its addressee is, and where its content ends.

English forms are ambiguous ("attacks", "support", "asked"), and there is no part-of-speech tagger. The words
around a form decide; if they do not, the form counts as no verb.
"""

from typing import Literal

from summarizer.attribution import lexicon
from summarizer.attribution.lexicon import DASHES, PREPOSITIONS, TIMES, WORDS, Cue, word_set
from summarizer.attribution.noun_phrases import group_start, phrase_after, subject_before
from summarizer.attribution.quotation_marks import Quotation
from summarizer.attribution.tokens import Paragraph, Range, Token

VerbUse = Literal["finite", "modal", "participle", "infinitive", "passive", "adjective", ""]
"""The use of a cue: "said", "may say", "saying", "to say", "was told", "is sure"; "" if it is not a verb."""

_DO = word_set("do does did don't doesn't didn't")


def analyse_verb(
    paragraph: Paragraph, word: int, cue: Cue, subject: tuple[Range | None, int], *, floor: int, known: Range | None
) -> tuple[VerbUse, Range | None]:
    """Return how the cue at ``word`` is used, and its source.

    ``subject`` is from `subject_before`; ``known`` is the source of the cue before: the subject of "and added".
    """
    source, group = subject
    tokens = paragraph.tokens
    before = tokens[group - 1] if group > floor else None
    has_be = any(token.is_be for token in tokens[group:word])
    if "adjective" in cue.forms:
        if before and before.lower in WORDS["copulas"]:
            has_be = True
            source, _ = subject_before(paragraph, group - 1, floor)
        is_before_to = paragraph.lower[word + 1 : word + 2] == ("to",)
        # "is opposed to it", "those opposed to it", but "opposed it"
        if has_be or is_before_to or "past" not in cue.forms:
            return ("adjective" if has_be and source else ""), source
    if "ing" in cue.forms and not cue.forms & {"past", "s", "base"}:
        if has_be:
            return ("finite" if source else ""), source
        is_governed = before and before.is_preposition and before.lower not in WORDS["before_participle"]
        if before and (is_governed or before.is_determiner or before.owns):
            return "", None
        return "participle", _described(paragraph, word, cue, source) or known or _main_subject(paragraph, word)
    if has_be:
        return ("passive" if "participle" in cue.forms else ""), source
    if before and before.lower == "to":
        return ("infinitive", known or _main_subject(paragraph, word)) if "base" in cue.forms else ("", None)
    if before and before.is_determiner and not _is_subject_determiner(paragraph, group, cue):
        return "", None
    if (before and before.is_preposition) or not agrees(paragraph, word, cue, source):
        return "", None
    if before and before.is_coordinator:
        return "finite", known or _main_subject(paragraph, word)
    is_modal = any(token.is_modal for token in tokens[group:word])
    return ("modal" if is_modal else "finite") if source else "", source


def _described(paragraph: Paragraph, word: int, cue: Cue, source: Range | None) -> Range | None:
    """Return the people whom a participle describes that takes sides: "a group backing the plan"."""
    if source is None or source[1] != word or not any(sense.polarity for sense in cue.senses):
        return None
    head = paragraph.lower[word - 1]
    return source if _is_plural(head) or head in lexicon.ORGANISATION_NOUNS else None


def _is_subject_determiner(paragraph: Paragraph, end: int, cue: Cue) -> bool:
    """Return whether a determiner is a whole subject: "no one", "Another said", "some say"; not "some claims"."""
    lower = paragraph.lower
    if end > 1 and lower[end - 1] == "one" and lower[end - 2] in ("no", "every", "any", "some"):
        return True
    if cue.nouns or cue.lemma in WORDS["noun_too"] or not cue.forms & {"past", "base"}:
        return False
    before = paragraph.tokens[end - 2] if end > 1 else None
    opens = before is None or before.is_mark or before.is_coordinator or before.lower == "that"
    return lower[end - 1] in WORDS["pronoun_determiners"] and (opens or paragraph.begins_sentence(end - 1))


def agrees(paragraph: Paragraph, word: int, cue: Cue, source: Range | None) -> bool:
    """Return whether a finite form agrees with the noun phrase that may be its subject."""
    if "past" in cue.forms:
        return True
    tokens, lower = paragraph.tokens, paragraph.lower
    after = tokens[word + 1].cue if word + 1 < len(tokens) else None
    if after and "s" in cue.forms and "past" in after.forms and "tag" in after.frames:
        return False  # a noun: "the suspects said"
    group = group_start(paragraph, word, max(0, word - 6))
    helped = any(token.is_modal or token.lower in _DO for token in tokens[group:word])
    if source is None:
        return helped or not cue.nouns
    last = paragraph.find((",",), source[0] + 1, source[1]) - 1
    head = lower[last]
    if not cue.nouns and cue.lemma not in WORDS["noun_too"]:
        return True
    if "base" in cue.forms:
        described = paragraph.find(_DESCRIBING, source[0] + 1, source[1]) - 1  # "people" in "people familiar with it"
        plural = _is_plural(head) or _is_plural(lower[described])
        return helped or _is_inverted(paragraph, source[0]) or plural or "and" in lower[source[0] : source[1]]
    if head in WORDS["singular_subjects"] or tokens[last].is_capitalised:
        return True
    if not tokens[source[0]].is_determiner or word + 1 >= len(tokens):
        return False
    following = tokens[word + 1]  # an object shows, after "the party fears", that it is a verb
    has_object = following.is_determiner or following.is_object_pronoun
    return has_object or (not cue.nouns and following.lower in ("that", "to"))


def _is_inverted(paragraph: Paragraph, subject: int) -> bool:
    """Return whether the auxiliary precedes the subject: "nor did the mayor say"."""
    is_fronted = subject > 1 and paragraph.lower[subject - 2] in ("nor", "neither", "never")
    return is_fronted and (paragraph.tokens[subject - 1].is_modal or paragraph.lower[subject - 1] in _DO)


def _is_plural(head: str) -> bool:
    return head in WORDS["plural"] or (head.endswith("s") and not head.endswith(("'s", "ss")))


_DESCRIBING = PREPOSITIONS | {"who", "which", "that", "familiar", "close"}

_MAX_ADJUNCT = 40
_MAX_SUBJECT = 25


def _main_subject(paragraph: Paragraph, word: int) -> Range | None:
    """Return the subject of the sentence: the first noun phrase before a verb."""
    tokens = paragraph.tokens
    start = max(paragraph.sentence(word)[0], paragraph.dateline)
    while start < word and (tokens[start].is_mark or tokens[start].is_coordinator):
        start += 1
    first = tokens[start]
    if first.lower in ("imagine", "suppose"):
        return None
    opens_adjunct = first.is_preposition or first.is_subordinator or first.lower.endswith("ing") or first.is_adverb
    if start < word and opens_adjunct:
        limit = min(word, start + _MAX_ADJUNCT)
        comma = paragraph.find((",",), start, limit)
        start = comma + 1 if comma < limit else _after_adjunct(paragraph, start, word)
    end = start
    while end < min(word, start + _MAX_SUBJECT) and not _is_main_verb(paragraph, end):
        end += 1
    return phrase_after(paragraph, start, end) if start < end else None


def _after_adjunct(paragraph: Paragraph, start: int, end: int) -> int:
    """Return where the subject begins after an adjunct without a comma: "In the end the minister"."""
    tokens = paragraph.tokens
    for word in range(start + 2, min(end, start + 8)):
        before = tokens[word - 1]
        if tokens[word].lower in WORDS["subject_starts"] and not (before.is_preposition or before.is_determiner):
            return word
    return start + 1


def _is_main_verb(paragraph: Paragraph, word: int) -> bool:
    """Return whether a token is a finite verb; one in -ed must follow a name or a title."""
    token = paragraph.tokens[word]
    if token.is_finite and not token.is_have_or_do:
        return True
    if not token.lower.endswith("ed") or not word or token.is_capitalised:
        return False
    return paragraph.tokens[word - 1].is_capitalised or paragraph.lower[word - 1] in lexicon.TITLES


# Verbs in a clause.

_MAX_CLAUSE_START = 16  # in tokens: how far into a clause its verb is looked for


def begins_verb(paragraph: Paragraph, word: int, stop: int) -> bool:
    """Return whether a finite verb with an earlier subject is at ``word``, after adverbs."""
    token = paragraph.tokens[_skip_adverbs(paragraph, word, stop)]
    return token.is_finite or token.lower.endswith("ed")


def has_verb(paragraph: Paragraph, start: int, stop: int) -> bool:
    """Return whether a finite verb shows that a clause begins at ``start``, not a noun phrase alone."""
    for word in range(start + 1, min(start + _MAX_CLAUSE_START, stop)):
        token = paragraph.tokens[word]
        if token.is_finite:
            return True
        if token.lower in (",", ";", "—"):
            return False
        if _is_past(paragraph, word, stop):
            return True
    return paragraph.tokens[start].is_pronoun


def _is_past(paragraph: Paragraph, word: int, stop: int) -> bool:
    """Return whether the words around an unlisted word in -ed make it a verb: "the nominee garnered more"."""
    token = paragraph.tokens[word]
    if not token.lower.endswith("ed") or word + 1 >= stop or token.is_capitalised:
        return False
    before, after = paragraph.tokens[word - 1], paragraph.tokens[word + 1]
    if before.is_determiner or before.is_preposition or before.is_coordinator or before.is_adverb:
        return False
    return after.is_determiner or (after.is_preposition and after.lower != "by") or after.lower in ("to", "that")


def _skip_adverbs(paragraph: Paragraph, word: int, stop: int) -> int:
    while word + 1 < stop and paragraph.tokens[word].is_adverb:
        word += 1
    return word


# Addressees between a cue and its content: "told the crowd in Leeds that …".

_ADDRESSEE_ENDS = lexicon.PRONOUNS | lexicon.DETERMINERS | lexicon.QUESTION_WORDS | PREPOSITIONS | {"that", "to"}
_MAX_ADDRESSEE = 6


def begins_addressee(paragraph: Paragraph, word: int) -> bool:
    """Return whether an addressee can begin at ``word``: "them", "reporters", "the crowd", "CNN"."""
    token = paragraph.tokens[word]
    return token.is_object_pronoun or token.is_determiner or token.is_capitalised or token.lower.endswith("s")


def addressee_end(paragraph: Paragraph, word: int, stop: int) -> int:
    """Return where the addressee ends: "the crowd in Ohio", "CNN's Jake Tapper", "them"."""
    tokens = paragraph.tokens
    if tokens[word].is_object_pronoun:
        return word + 1
    end = word + tokens[word].is_determiner
    if end < stop and tokens[end].is_capitalised:
        while end < stop and (tokens[end].is_capitalised or tokens[end].lower in ("of", "&", "/")):
            end += 1
        return end + (end < stop and paragraph.lower[end] in WORDS["media"])  # "the Herald newspaper"
    while end < min(stop, word + _MAX_ADDRESSEE) and not tokens[end].is_capitalised:
        if tokens[end].is_mark or paragraph.lower[end] in _ADDRESSEE_ENDS:
            break
        end += 1
    return end


# Ends of contents.

_MAX_SPEAKER = 20  # in tokens, the apposition included


_CLAUSE_BOUNDS = DASHES | lexicon.COORDINATORS | {",", "-", ";"}


def content_end(paragraph: Paragraph, start: int, stop: int, *, is_clause: bool) -> int:
    """Return where the content that begins at ``start`` ends, at ``stop`` at the latest.

    A clause extends over commas and phrases that end an object.
    """
    word, lower, has_quotations = start, paragraph.lower, bool(paragraph.quotations)
    while word < stop:
        if is_clause and lower[word] not in _CLAUSE_BOUNDS and not has_quotations:  # nearly always
            word += 1
            continue
        quotation = paragraph.quotation_from(word)
        if quotation and word + 1 < quotation.end:
            word = min(quotation.end, stop)
            if word < stop and _ends_with_quotation(paragraph, start, quotation, word):
                return word
            continue
        if lower[word] == ";" or (word > start and _ends_before(paragraph, word, stop, is_clause)):
            return word
        word += 1
    return trim_end(paragraph, start, stop)


def trim_end(paragraph: Paragraph, start: int, end: int) -> int:
    """Return ``end`` without the stops and pauses before it."""
    while end > start and paragraph.lower[end - 1] in _TRIMMED:
        end -= 1
    return end


_TRIMMED = DASHES | lexicon.STOPS | {",", ":", ";", "-"}


def _ends_with_quotation(paragraph: Paragraph, start: int, quotation: Quotation, word: int) -> bool:
    """Return whether the content ends with a quotation: "said, “Go,” but stayed"."""
    last = paragraph.tokens[quotation.end - 2]
    following = paragraph.tokens[word]
    if last.is_stop:
        is_whole = paragraph.quotation_from(word) is None and quotation.start == start
        return following.is_capitalised or is_whole
    if last.lower != ",":
        return False
    if _is_participle(paragraph, word):
        return True
    return quotation.start == start and (following.is_coordinator or following.lower in ("which", "who"))


def _ends_before(paragraph: Paragraph, word: int, stop: int, is_clause: bool) -> bool:
    if word + 1 >= stop:
        return False
    token, following = paragraph.tokens[word], paragraph.tokens[word + 1]
    lower = token.lower
    if lower in (",", "-") or lower in DASHES:
        if following.is_coordinator and word + 2 < stop:
            if following.lower == "but" and (not is_clause or paragraph.tokens[word + 2].is_pronoun):
                return True
            if not is_clause and (
                paragraph.tokens[word + 2].is_determiner or paragraph.tokens[word + 2].is_capitalised
            ):
                return True
            return _begins_statement(paragraph, word + 2, stop, is_clause)
        if lower == "," and (_is_participle(paragraph, word + 1) or following.lower == "according"):
            return True
        return not is_clause and (following.lower in WORDS["clause_starts"] or _begins_clause(following))
    if token.is_coordinator:
        return _begins_statement(paragraph, word + 1, stop, is_clause)
    if is_clause:
        return False
    if lower in _ADVERBIAL:
        return following.is_pronoun or (lower == "after" and following.is_determiner)
    return _is_occasion(paragraph, word, stop) or (lower == "so" and following.lower == "that")


_ADVERBIAL = word_set("as when because after")


def _begins_clause(token: Token) -> bool:
    """Return whether a word after a comma begins a clause or an apposition, not an item of a list."""
    return (
        token.is_pronoun
        or token.is_determiner
        or token.is_finite
        or token.text[0].isdigit()
        or token.lower.endswith("ing")
    )


def _is_participle(paragraph: Paragraph, word: int) -> bool:
    after_adverb = paragraph.tokens[word].is_adverb and word + 1 < len(paragraph.tokens)
    cue = paragraph.tokens[word + after_adverb].cue
    return cue is not None and "ing" in cue.forms


def _begins_statement(paragraph: Paragraph, word: int, stop: int, is_clause: bool) -> bool:
    """Return whether another verb of the same subject, or another speaker with a cue, begins at ``word``."""
    word = _skip_adverbs(paragraph, word, stop)
    token = paragraph.tokens[word]
    cue = token.cue
    if cue and cue.forms & {"past", "s"} and not (cue.nouns and is_clause):
        return True
    if not is_clause:
        return token.is_pronoun or (token.is_verb and not token.is_have_or_do) or token.lower.endswith("ing")
    if token.is_pronoun and paragraph.lower[word - 1] == "but":
        return True
    if token.is_pronoun or token.is_capitalised:
        for later in range(word + 1, min(word + 5, stop)):
            following = paragraph.tokens[later].cue
            if following and "tag" in following.frames and following.forms & {"past", "s", "base"}:
                return not following.nouns
    return paragraph.lower[word - 2] == "," and _begins_speaker(paragraph, word, stop)


def _begins_speaker(paragraph: Paragraph, word: int, stop: int) -> bool:
    """Return whether a described speaker with a cue begins at ``word``: ", and Ms Hill, a judge, said".

    After "has", any cue counts: what somebody said does not have the perfect of the present.
    """
    for later in range(word + 2, min(word + _MAX_SPEAKER, stop)):
        cue = paragraph.tokens[later].cue
        if cue and "past" in cue.forms and ("tag" in cue.frames or paragraph.lower[later - 1] in ("has", "have")):
            subject, _ = subject_before(paragraph, later, word)
            return subject is not None and subject[0] == word
    return False


def _is_occasion(paragraph: Paragraph, word: int, stop: int) -> bool:
    """Return whether "in an interview", "on Tuesday" or "during …" begins at ``word``."""
    lower, following = paragraph.lower, paragraph.tokens[word + 1]
    if lower[word] not in ("in", "on", "at") or following.is_day:
        return lower[word] in ("in", "on", "at", "during")
    return following.is_determiner and not WORDS["occasions"].isdisjoint(lower[word + 2 : min(word + 5, stop)])


# Adjuncts between a cue and its content, and after a tag.

_ADJUNCT_STARTS = word_set("in on at during after before from to about of via through with for as by over outside")
_ADJUNCT_ENDS = lexicon.STOPS | {"that", ":", ",", "—", "–"}
_MAX_ADJUNCT_PHRASE = 14
_TAG_TRAILERS = _ADJUNCT_STARTS | word_set("last this earlier late when while referring and but (")
_TAG_ENDS = lexicon.STOPS | DASHES | {",", ";", ":"}
_MAX_TAG = 30


def skip_adjuncts(paragraph: Paragraph, word: int, stop: int) -> int:
    """Skip adjuncts between a cue and its content: "on Tuesday", "in a statement", "to CNN"."""
    tokens, lower = paragraph.tokens, paragraph.lower
    while word < stop:
        token = tokens[word]
        if token.is_adverb or token.is_day or (token.lower in TIMES and tokens[word - 1].is_day):
            word += 1
        elif token.lower in ("last", "this", "earlier", "late") and word + 1 < stop and lower[word + 1] in TIMES:
            word += 2
        elif (end := _adjunct_end(paragraph, word, stop)) > word or (end := _aside_end(paragraph, word, stop)) > word:
            word = end
        else:
            break
    return word


_ASIDE_STARTS = _ADJUNCT_STARTS | word_set("if among like however though while when unless too without after yet")
_MAX_ASIDE = 10


def _aside_end(paragraph: Paragraph, comma: int, stop: int) -> int:
    """Return where an aside between commas ends, or ``comma``: "said, if elected, she would"."""
    limit = min(stop, comma + _MAX_ASIDE)
    if comma + 2 >= limit or paragraph.lower[comma] != "," or paragraph.lower[comma + 1] not in _ASIDE_STARTS:
        return comma
    closing = paragraph.find((",", "”", "“", '"', "''"), comma + 2, limit)
    return closing + 1 if closing + 1 < limit and paragraph.lower[closing] == "," else comma


def _adjunct_end(paragraph: Paragraph, start: int, stop: int) -> int:
    """Return where an adjunct after a preposition ends, or ``start`` if it seems to be none."""
    if paragraph.lower[start] not in _ADJUNCT_STARTS:
        return start
    for word in range(start + 1, min(start + _MAX_ADJUNCT_PHRASE, stop)):
        token = paragraph.tokens[word]
        is_subject = token.is_pronoun and word > start + 1
        if is_subject or token.lower in _ADJUNCT_ENDS or paragraph.quotation_from(word):
            return word
    return start


def tag_end(paragraph: Paragraph, word: int, stop: int) -> int:
    """Return the pause or stop that ends a tag after its last required token, or -1."""
    for place in range(word, min(word + _MAX_TAG, stop)):
        token = paragraph.tokens[place]
        if token.lower in _TAG_ENDS or paragraph.quotation_from(place):
            return place
        if place == word and not (token.is_adverb or token.is_day or token.lower in _TAG_TRAILERS):
            return -1
    return stop if word + _MAX_TAG > stop else -1
