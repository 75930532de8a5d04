"""Rules for passives and impressions: the holder follows "by", or is not named.

``was asked by reporters about …``, ``a plan endorsed by the union``, ``is expected to …``, ``seems to …``
"""

from summarizer.attribution.lexicon import MARKS, PREPOSITIONS, QUESTION_WORDS, WORDS, Cue
from summarizer.attribution.noun_phrases import phrase_after, phrase_before
from summarizer.attribution.rules.base import Context, Match
from summarizer.attribution.tokens import Paragraph, Range
from summarizer.attribution.verb_phrases import content_end, has_verb, trim_end

ASKING = frozenset({"ask", "press", "question", "quiz"})
_OPENS_QUESTION = QUESTION_WORDS | {"about", "to"}
_MAX_QUESTION_DISTANCE = 8


def match_passive_question(context: Context) -> Match | None:
    """Match ``when asked by CNN about the plan, …``."""
    cue, paragraph, word = context.cue, context.paragraph, context.word
    tokens, stop = paragraph.tokens, context.stop
    subject, group = context.subject
    before = tokens[group - 1] if group > context.start else None
    opens = before is None or before.is_mark or before.is_subordinator or before.is_coordinator
    if not context.is_passive and not opens:
        return None
    if subject is not None and subject[1] == group - 1 and before is not None and before.lower == ",":
        return None  # "Mr Hill, a judge, asked"
    begin = word + 1
    source: Range | None = None
    if begin + 1 < stop and tokens[begin].lower == "by":
        agent = phrase_after(paragraph, begin + 1, stop)
        if agent:
            begin = paragraph.find(_OPENS_QUESTION, *agent)
            source = (agent[0], begin)
    limit = min(begin + _MAX_QUESTION_DISTANCE, stop)
    begin = paragraph.find(_OPENS_QUESTION, begin, limit)
    if begin == limit:
        return None
    end = min(content_end(paragraph, begin, stop, is_clause=False), paragraph.find((",",), begin, stop))
    return context.match(source, [(begin, end)], cue.sense()) if end - begin > 1 else None


def match_passive_addressee(context: Context) -> Match | None:
    """Match ``was told (by the mayor) that …`` and ``were urged to …``."""
    cue, paragraph, stop = context.cue, context.paragraph, context.stop
    is_said = "addressee" in cue.frames and cue.sense("addressee").act == "said"
    if not (is_said or cue.lemma in WORDS["commanding_verbs"]) or not context.is_passive:
        return None
    begin = context.word + 1
    source: Range | None = None
    if begin + 1 < stop and paragraph.lower[begin] == "by":
        source = phrase_after(paragraph, begin + 1, stop)
        if source is None:
            return None
        begin = source[1]
    if begin + 1 >= stop:
        return None
    first = paragraph.tokens[begin]
    opens_order = first.lower in ("that", "to", "not") or first.is_question_word
    if not opens_order and not (is_said and source is None and _opens_clause(paragraph, begin, stop)):
        return None
    end = content_end(paragraph, begin, stop, is_clause=True)
    return context.match(source, [(begin, end)], cue.sense("addressee"))


def _opens_clause(paragraph: Paragraph, start: int, stop: int) -> bool:
    """Return whether a clause begins at ``start``, with "that" or bare: "is believed the mayor knew"."""
    tokens = paragraph.tokens
    first = tokens[start]
    if first.lower == "that":
        return True
    opens = first.is_determiner or first.is_pronoun or first.is_capitalised
    end = next((place for place in range(start, stop) if tokens[place].is_relative or tokens[place].is_mark), stop)
    return opens and has_verb(paragraph, start, end)


_COMPLEMENTS = frozenset({"as", "of", "for", "a", "an"})
_HAVE = frozenset({"has", "have", "had"})
_MAX_AGENT_DISTANCE = 12  # in tokens: from a participle to its "by"


def match_agent(context: Context) -> Match | None:
    """Match ``was criticised by the union`` and ``a plan backed by the mayor``: the content precedes the cue."""
    cue, paragraph, word, floor = context.cue, context.paragraph, context.word, context.start
    lower = paragraph.lower
    agent = _find_agent(context)
    if agent < 0 or agent + 1 >= context.stop:
        return None
    tokens = paragraph.tokens
    source = phrase_after(paragraph, agent + 1, context.stop)
    group = word
    while group > floor and (tokens[group - 1].is_be or tokens[group - 1].is_adverb or lower[group - 1] in _HAVE):
        group -= 1
    end = trim_end(paragraph, floor, group)
    if end > floor and tokens[end - 1].is_relative:
        end = trim_end(paragraph, floor, end - 1)
    content = phrase_before(paragraph, end, floor)
    if source is None or content is None or tokens[source[0]].lower.endswith("ing"):
        return None
    if content[0] > floor and tokens[content[0] - 1].is_be:
        content = (floor, content[1])  # "the claim that it is safe was rejected by"
    pieces = [piece for piece in (content, (word + 1, agent)) if piece[0] < piece[1]]
    return context.match(source, pieces, cue.sense("object"))


def _find_agent(context: Context) -> int:
    """Return the "by" after the participle or after its complement ("accused of lying by"), or -1."""
    cue, paragraph, word, stop = context.cue, context.paragraph, context.word, context.stop
    lower = paragraph.lower
    if word + 1 < stop and lower[word + 1] == "by":
        return word + 1
    if word + 1 >= stop or not paragraph.tokens[word - 1].is_be:
        return -1
    if lower[word + 1] not in _COMPLEMENTS and not paragraph.quotation_from(word + 1):
        return -1
    if not any("object" in sense.frames for sense in cue.senses):
        return -1
    search = range(word + 2, min(stop, word + _MAX_AGENT_DISTANCE))
    return next((place for place in search if lower[place] == "by" and paragraph.quotation_of[place] is None), -1)


_NO_IMPRESSIONS = PREPOSITIONS - {"like", "as"} | MARKS
_IMPERSONAL = ("it", "it's")


def can_impress(cue: Cue) -> bool:
    """Return whether a cue is a verb such as "seem", or can be passive."""
    return "seem" in cue.frames or "participle" in cue.forms


def match_impression(context: Context) -> Match | None:
    """Match ``Mr Hill seems to …``, ``is expected to …`` and ``it is feared that …``: nobody is named."""
    cue, paragraph, word, stop = context.cue, context.paragraph, context.word, context.stop
    if word + 2 >= stop:
        return None
    subject, lower = context.subject[0], paragraph.lower
    if subject is None:
        return None
    first = lower[subject[0]]
    if "seem" in cue.frames:
        if lower[word + 1] in _NO_IMPRESSIONS:
            return None
    elif not context.is_passive or not (
        (cue.lemma in WORDS["verbs_without_holder"] and lower[word + 1] == "to")
        or (first in _IMPERSONAL and _opens_clause(paragraph, word + 1, stop))
    ):
        return None
    end = content_end(paragraph, word + 1, stop, is_clause=True)
    has_subject = first not in _IMPERSONAL and first != "there"
    pieces = [subject, (word + 1, end)] if has_subject else [(word + 1, end)]
    return context.match(None, [piece for piece in pieces if piece[0] < piece[1]], cue.sense("seem"))
