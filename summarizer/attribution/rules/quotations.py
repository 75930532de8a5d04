"""Rules for quotations whose speaker no listed cue names: tags with any verb, introductions, signatures, gestures."""

from bisect import bisect_left
from itertools import takewhile
from operator import itemgetter
from typing import NamedTuple

from summarizer.attribution.lexicon import GIVEN_NAMES, ORGANISATION_NOUNS, WORDS, Cue, Sense, is_person_noun, word_set
from summarizer.attribution.noun_phrases import phrase_after, subject_before
from summarizer.attribution.quotation_marks import Quotation
from summarizer.attribution.rules.base import ANY_VERB, Context, Match
from summarizer.attribution.rules.tags import ENDS_SPEECH, next_quotations
from summarizer.attribution.tokens import Paragraph, Range

_TAG_SENSE = Sense("", "said", frames=frozenset({"tag"}))
_TAG_CUE = Cue(ANY_VERB, frozenset({"past"}), (_TAG_SENSE,), (), _TAG_SENSE.frames, frozenset())
_MAX_NAME = 8  # in tokens: the name of a speaker, with titles
_NAME_PARTICLES = word_set(". - de der van von al")
_MAX_SPEAKER = 12  # in tokens: a described speaker, or an apposition
_MAX_PARTICLES = 2  # in tokens: words between a verb and the speaker after it: "chipped in", "told reporters"


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
            found[word] = _TAG_CUE
    return found


def _is_speech(paragraph: Paragraph, quotation: Quotation, end: int) -> bool:
    """Return whether a quotation ends like speech, and is neither a title nor part of a clause."""
    inner = paragraph.inner(quotation)
    if inner[1] <= inner[0] or is_title(paragraph, inner):
        return False
    if paragraph.lower[inner[1] - 1] in ENDS_SPEECH:
        return True
    return end > quotation.end and paragraph.begins_sentence(quotation.start)


def is_title(paragraph: Paragraph, words: Range) -> bool:
    """Return whether the words are written like the title of a work: "The Bridge of Sighs"."""
    plain = [token for token in paragraph.tokens[slice(*words)] if token.text[0].isalpha()]
    is_short = all(token.is_capitalised or len(token.text) < 4 for token in plain[1:])
    return len(plain) > 1 and is_short and sum(token.is_capitalised for token in plain) > len(plain) / 2


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
    is_particle = tokens[start].lower in WORDS["verb_particles"]
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
    has_particle = paragraph.lower[start + 1] in WORDS["verb_particles"]
    return is_described and name == start + 1 + has_particle and is_past(tokens[start].lower)


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
    if word < stop and not is_past(paragraph.lower[word]) and not _ends_tag(paragraph, word + 1):
        return _find_verb_after_description(paragraph, quotation, start)  # "United manager Carl Ode fumed"
    if word >= stop or not (_can_be_verb(paragraph, word) or paragraph.lower[word] in WORDS["verb_particles"]):
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
    while word < len(lower) and (lower[word] in WORDS["verb_particles"] or paragraph.tokens[word].is_adverb):
        word += 1
    if word >= len(lower) or paragraph.tokens[word].is_stop or paragraph.quotation_from(word):
        return True
    return lower[word] in (",", ";", ":", "—", "–", "at", "as", "with", "when", "after", "before")


def _can_be_verb(paragraph: Paragraph, word: int) -> bool:
    token = paragraph.tokens[word]
    is_other = token.is_preposition or token.is_subordinator or token.is_helper or token.lower.endswith("ing")
    return not is_other and _is_plain(paragraph, word)


def _is_plain(paragraph: Paragraph, word: int) -> bool:
    """Return whether a token is a lower-case word of no closed class but particles and adverbs."""
    token = paragraph.tokens[word]
    if token.lower in WORDS["verb_particles"]:
        return True
    return token.text.isalpha() and token.text.islower() and not (
        token.is_determiner or token.is_coordinator or token.is_preposition or token.is_pronoun
        or token.is_question_word or token.is_object_pronoun or token.lower in ("that", "to", "not")
    )  # fmt: skip


def is_past(word: str) -> bool:
    """Return whether a word has the form of a past tense."""
    return (word.endswith("ed") and len(word) > 3) or word in WORDS["irregular_pasts"]


# Quotations without a tag: the speaker is in an introduction, a signature or a gesture.

_INTRODUCTION = Sense(":", "said")
_MAX_INTRODUCTION = 40  # in tokens
_MAX_GESTURE = 14  # in tokens: a sentence with a gesture
_MAX_SIGNATURE = 16  # in tokens: the dash, the name and the role below a quotation
_SIGNATURE_MARKS = word_set("— – -- - ~ ― (")
_SPEAKING_PRONOUNS = word_set("he she they")


class _Place(NamedTuple):
    """A part of a paragraph that can name the speaker of a quotation."""

    paragraph: Paragraph
    begin: int
    end: int
    cue: Range


def match_introduction(context: Context) -> Match | None:
    """Match ``Tom Reed was blunt: “…”``, also in the paragraph before."""
    place = _find_introduction(context)
    source = None if place is None else _find_speaker(*place[:3])
    return None if place is None or source is None else _match(context, place, source)


def match_as(context: Context) -> Match | None:
    """Match ``As Tom Reed put it, “…”`` and ``“…,” as Tom Reed put it``."""
    paragraph, quotation = context.paragraph, context.paragraph.quotation_from(context.word)
    if quotation is None:
        return None
    lower, begin = paragraph.lower, paragraph.sentence_range(context.word)[0]
    if lower[begin] == "as" and context.word > begin and lower[context.word - 1] == ",":
        end = context.word - 1
    elif lower[quotation.end : quotation.end + 1] == ("as",):
        begin = quotation.end
        end = paragraph.find((",", ".", ";"), begin, min(len(lower), begin + _MAX_SPEAKER))
    else:
        return None
    source = phrase_after(paragraph, begin + 1, end)
    if source is not None:
        source = source[0], _find_verb_in(paragraph, source)
    if source is None or not _is_speaker(paragraph, source) or source[1] >= end:
        return None
    return _match(context, _Place(paragraph, begin, end, (begin, begin + 1)), source)


def match_signature(context: Context) -> Match | None:
    """Match ``“…” — Rosa Weller, chair``, also in the line after."""
    paragraph = context.paragraph
    quotation = paragraph.quotation_of[context.word]
    if quotation is None or not quotation.closed or quotation.words < _MIN_SIGNED:
        return None
    start, stop = quotation.end, len(paragraph.tokens)
    if start == stop and quotation.start == 0 and paragraph.index + 1 < len(context.paragraphs):
        paragraph = context.paragraphs[paragraph.index + 1]
        start, stop = 0, len(paragraph.tokens)
    if not 1 < stop - start <= _MAX_SIGNATURE:
        return None
    tokens, has_mark = paragraph.tokens, paragraph.lower[start] in _SIGNATURE_MARKS
    first = start + has_mark
    if any(token.is_verb or token.is_stop for token in tokens[first : stop - has_mark]) or tokens[first].is_day:
        return None
    if not tokens[first].is_capitalised or tokens[first].is_determiner:
        return None
    source = phrase_after(paragraph, first, stop)
    names = 0 if source is None else sum(token.is_capitalised for token in tokens[slice(*source)])
    if source is None or (not has_mark and (names < _MIN_NAMES or source[1] < stop)):
        return None
    first = first if has_mark else start + 1
    return _match(context, _Place(paragraph, start, stop, (start, first)), source)


_MIN_NAMES = 2  # in tokens: a name that signs without a dash
_MIN_SIGNED = 3  # in tokens: a quotation with a signature


def match_gesture(context: Context) -> Match | None:
    """Match ``Ms Pike shrugged. “…”`` and ``“….” Ms Pike smiled.``."""
    paragraph, word = context.paragraph, context.word
    quotation = paragraph.quotation_of[word]
    if quotation is None or not _is_whole(paragraph, quotation):
        return None
    places = []
    if word > 0:
        places.append((paragraph, *paragraph.sentence_range(word - 1)))
    elif paragraph.index:
        before = context.paragraphs[paragraph.index - 1]
        if not before.quotations and before.kind == "prose":
            places.append((before, 0, len(before.tokens)))
    if quotation.end < len(paragraph.tokens) and paragraph.begins_sentence(quotation.end):
        places.append((paragraph, *paragraph.sentence_range(quotation.end)))
    for at, begin, end in places:
        gesture = at.find(WORDS["gestures"], begin, min(end, begin + _MAX_GESTURE))
        if end - begin > _MAX_GESTURE or gesture >= end or any(at.quotation_of[begin:end]):
            continue
        source = _find_speaker(at, begin, end)
        if source is not None and source[1] <= gesture:
            return _match(context, _Place(at, begin, end, (gesture, gesture + 1)), source)
    return None


def match_sentence_before(context: Context) -> Match | None:
    """Match ``Ms Lund is not convinced. “…”``: a sentence about a person, and a quotation that ends the paragraph."""
    paragraph, word = context.paragraph, context.word
    quotation = paragraph.quotation_of[word]
    if quotation is None or not _is_whole(paragraph, quotation) or quotation.words < _MIN_WORDS:
        return None
    if quotation.end < len(paragraph.tokens) or (word == 0 and paragraph.index == 0):
        return None
    at = paragraph if word else context.paragraphs[paragraph.index - 1]
    begin, end = at.sentence_range(word - 1 if word else len(at.tokens) - 1)
    if end - begin > _MAX_INTRODUCTION or any(at.quotation_of[begin:end]) or (word == 0 and begin > 0):
        return None
    source = _find_subject(at, begin, end)
    if source is None or not _is_speaker(at, source) or source[0] != begin or source[1] >= end:
        return None
    return _match(context, _Place(at, begin, end, (source[1], source[1] + 1)), source)


_MIN_WORDS = 6  # in tokens: a quotation whose speaker only the sentence before it tells


def _is_whole(paragraph: Paragraph, quotation: Quotation) -> bool:
    """Return whether a quotation consists of sentences that stand alone."""
    last = paragraph.lower[paragraph.inner(quotation)[1] - 1]
    return quotation.closed and paragraph.begins_sentence(quotation.start) and last in (".", "?", "!", "…", "...")


def match_block(context: Context) -> Match | None:
    """Match ``Tom Reed wrote on X:`` and the paragraph after it, without quotation marks."""
    paragraph = context.paragraph
    place = _find_introduction(context)
    if place is None or paragraph.quotations or paragraph.kind != "prose" or place.paragraph is paragraph:
        return None
    cues = [cue for word, cue in place.paragraph.cues if place.begin <= word < place.end and "tag" in cue.frames]
    is_said = any(sense.act in ("said", "asked") for cue in cues for sense in cue.senses[:1])
    source = _find_speaker(*place[:3]) if is_said else None
    if source is None:
        return None
    is_listed = paragraph.lower[0] in _BULLETS
    following = context.paragraphs[paragraph.index + 1 :] if is_listed else ()
    items = (paragraph, *takewhile(lambda item: item.lower[0] == paragraph.lower[0], following))
    content = [(item.index, (0, len(item.tokens))) for item in items]
    return Match((source,), (place.cue,), tuple(content), _INTRODUCTION, place.paragraph.index)


_BULLETS = word_set("• * - – > ·")
_ANNOUNCING = (("the", "following"), ("to", "say"), ("as", "follows"))


def introduces_next(paragraph: Paragraph) -> bool:
    """Return whether the end of a paragraph introduces the next: a colon, "the following."."""
    lower = paragraph.lower
    return lower[-1] == ":" or (lower[-1] == "." and lower[-3:-1] in _ANNOUNCING)


def _find_introduction(context: Context) -> _Place | None:
    """Return the words before a colon that introduce the quotation or the paragraph at a place."""
    paragraph, word = context.paragraph, context.word
    mark = word - 1
    if word == 0:
        if not paragraph.index:
            return None
        paragraph = context.paragraphs[paragraph.index - 1]
        mark = len(paragraph.tokens) - 1
        if not introduces_next(paragraph):
            return None
    elif paragraph.lower[mark] == "?":
        return _find_asked(paragraph, mark)
    elif paragraph.lower[mark] != ":":
        return None
    begin = max(paragraph.sentence_range(mark)[0], mark - _MAX_INTRODUCTION)
    return _Place(paragraph, begin, mark, (mark, mark + 1)) if begin < mark else None


def _find_asked(paragraph: Paragraph, mark: int) -> _Place | None:
    """Return a noun phrase with a question mark: "Her message to the council?"."""
    begin = paragraph.sentence_range(mark)[0]
    tokens = paragraph.tokens[begin:mark]
    has_verb = any(token.is_verb or token.is_question_word for token in tokens)
    if has_verb or not 0 < len(tokens) < _MAX_SPEAKER or any(paragraph.quotation_of[begin:mark]):
        return None
    return _Place(paragraph, begin, mark, (mark, mark + 1)) if tokens[0].is_possessive else None


def _find_speaker(paragraph: Paragraph, begin: int, end: int) -> Range | None:
    """Return the noun phrase that names the speaker in an introduction."""
    for find in (_find_cue_subject, _find_sender, _find_owner, _find_subject):
        source = find(paragraph, begin, end)
        if source is not None and _is_speaker(paragraph, source):
            return source
    return None


def _find_cue_subject(paragraph: Paragraph, begin: int, end: int) -> Range | None:
    """Return the subject of the last verb of saying: "In a statement, Tom Reed said"."""
    first = bisect_left(paragraph.cues, begin, key=itemgetter(0))
    last = bisect_left(paragraph.cues, end, key=itemgetter(0))
    for word, cue in reversed(paragraph.cues[first:last]):
        if "tag" in cue.frames and not cue.forms.isdisjoint(("past", "s")) and not cue.nouns:
            source, _ = subject_before(paragraph, word, begin)
            return source if source is not None or word + 1 >= end else phrase_after(paragraph, word + 1, end)
    return None


def _find_sender(paragraph: Paragraph, begin: int, end: int) -> Range | None:
    """Return the name at the end of "The response from Tom Reed"."""
    for word in range(end - 2, max(begin - 1, end - _MAX_SPEAKER), -1):
        if paragraph.lower[word] in ("from", "by", "quote") and paragraph.tokens[word + 1].text[0].isalpha():
            source = phrase_after(paragraph, word + 1, end)
            return source if source is not None and source[1] == end else None
    return None


def _find_owner(paragraph: Paragraph, begin: int, end: int) -> Range | None:
    """Return the owner of "Tom Reed’s verdict" or "her message"."""
    has_pronoun = paragraph.lower[begin] in ("his", "her", "their")
    for word in range(begin, min(end - 1, begin + _MAX_NAME)):
        token = paragraph.tokens[word]
        if token.owns:
            return begin, word + 1
        if token.is_verb or token.is_mark:
            break
    return (begin, begin + 1) if has_pronoun else None


def _find_subject(paragraph: Paragraph, begin: int, end: int) -> Range | None:
    """Return the subject of an introduction, after a fronted "Asked about the delay,"."""
    first, tokens = begin, paragraph.tokens
    while first < end and (tokens[first].is_coordinator or tokens[first].is_lead or tokens[first].is_mark):
        first += 1
    if first >= end:
        return None
    is_fronted = tokens[first].is_preposition or tokens[first].is_subordinator
    if is_fronted or tokens[first].lower.endswith(("ed", "ing")):
        verb = next((word for word in range(end - 1, first, -1) if tokens[word].is_finite_helper), first)
        if is_fronted and verb > first and "," not in paragraph.lower[first:verb]:  # "On the toll she was blunt"
            return subject_before(paragraph, verb, first)[0]
        first = paragraph.find((",",), first, end) + 1
    source = phrase_after(paragraph, first, end) if first < end else None
    if source is None:
        return None
    source = source[0], _find_verb_in(paragraph, source)
    names = sum(token.is_capitalised for token in tokens[slice(*source)])
    is_sure = names > 1 or tokens[first].is_pronoun or tokens[first].is_determiner or first > begin
    following = tokens[source[1]] if source[1] < end else None
    has_verb = following is not None and (following.is_finite or is_past(following.lower) or following.lower[-1] == "s")
    return source if is_sure or has_verb else None


def _find_verb_in(paragraph: Paragraph, source: Range) -> int:
    """Return the verb of no list that a noun phrase took in, "Tom Reed shrugged", or its end."""
    tokens, (start, end) = paragraph.tokens, source
    pause = paragraph.find((",", "("), start, end)
    last = max((word for word in range(start, pause) if tokens[word].is_capitalised), default=start)
    for word in range(start + 1, pause):
        follows_name = word == last + 1 and tokens[start].is_capitalised and not tokens[start].is_determiner
        is_joined = tokens[word].is_preposition or tokens[word].is_coordinator or tokens[word - 1].is_determiner
        is_verb = word > start + 1 and (is_past(tokens[word].lower) or tokens[word].lower in WORDS["gestures"])
        is_cue = tokens[word].cue is not None and tokens[word - 1].is_capitalised
        is_word = tokens[word].text[0].isalpha() and tokens[word].text.islower()
        if is_word and not is_joined and (follows_name or is_verb or is_cue):
            return word
    return end


def _is_speaker(paragraph: Paragraph, source: Range) -> bool:
    """Return whether a noun phrase can name a speaker."""
    tokens = paragraph.tokens[slice(*source)]
    first = tokens[0]
    if first.is_pronoun or first.is_possessive:
        return first.lower in _SPEAKING_PRONOUNS or first.lower in ("his", "her", "their")
    if first.is_day or first.is_question_word or first.is_subordinator:
        return False
    head = paragraph.find((",", "(", "of", "for", "at"), source[0] + 1, source[1]) - 1
    lower = paragraph.lower[head]
    if is_person_noun(lower) or lower in ORGANISATION_NOUNS or lower.startswith("spokes"):
        return True
    named = [token for token in tokens if token.is_capitalised and not (token.is_determiner or token.is_day)]
    return bool(named) and not first.is_determiner


def _match(context: Context, place: _Place, source: Range) -> Match | None:
    paragraph = context.paragraph
    quotation = paragraph.quotation_from(context.word)
    if quotation is None:
        return None
    content = ((paragraph.index, quotation[:2]), *next_quotations(context.paragraphs, paragraph, quotation.end))
    return Match((source,), (place.cue,), content, _INTRODUCTION, place.paragraph.index)
