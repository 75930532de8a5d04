"""Find noun phrases: the words that name a source, the subject of a verb, the heads."""

from itertools import pairwise, takewhile

from summarizer._patterns import compile_lazily
from summarizer.attribution.lexicon import MARKS, PREPOSITIONS, TIMES, TITLES, WORDS, classify_noun, word_set
from summarizer.attribution.name_words import status_start
from summarizer.attribution.tokens import Paragraph, Range

MAX_PHRASE = 60
"""In tokens, appositions included; keeps every search linear."""
_APPOSITION_ENDS = MARKS - {"-", "'", "’", "/", "(", ")"}
_PERSONAL_PRONOUNS, _CONTRACTIONS = WORDS["personal_pronouns"], WORDS["contractions"]
_ARTICLES = word_set("the a an") | WORDS["possessives"]


def phrase_before(paragraph: Paragraph, end: int, floor: int) -> Range | None:
    """Return the noun phrase that ends before the token ``end``, from ``floor`` on."""
    floor = max(floor, end - MAX_PHRASE, paragraph.dateline)
    tokens, lower = paragraph.tokens, paragraph.lower
    if end > floor and lower[end - 1] in _PERSONAL_PRONOUNS:
        return end - 1, end  # in "a fact she mentioned", "a fact" is not part of it
    start = end
    while start > floor and (tokens[start - 1].is_inner or not _ends_phrase(paragraph, start - 1, start, end)):
        start -= 1
    if floor + 1 < start < end - 1 and tokens[start - 1].is_modal:
        first = tokens[start]  # the verb of "can" or "would", no part of the phrase after it
        start += not (first.is_capitalised or first.is_determiner or first.is_pronoun)
    start = _skip_lead(paragraph, start, end)
    if floor < start < end and lower[start - 1] in ("only", "just") and tokens[start].text[0].isdigit():
        start -= 1  # "only 12 percent"
    if start - 2 >= floor and lower[start - 1] == "and" and lower[start - 2] in _PERSONAL_PRONOUNS:
        start -= 2  # "she and Mr Hill"
    if start + 1 == end and lower[start] in _ARTICLES:
        return None  # a noun follows that is also a verb: "the suspects"
    return (start, end) if start < end else None


def _ends_phrase(paragraph: Paragraph, word: int, after: int, end: int) -> bool:
    """Return whether ``word`` is outside the noun phrase that begins at ``after``, seen from its end."""
    token = paragraph.tokens[word]
    lower = token.lower
    if token.is_coordinator:
        is_neither = lower == "nor" and "neither" in paragraph.lower[max(0, word - 10) : word]
        return after == end or not (is_neither or (lower == "and" and _joins_nouns(paragraph, word)))
    if lower in WORDS["indefinite"] and after < end and not paragraph.tokens[after].is_preposition:
        return True  # "everything people say"
    if after < end and (
        (token.is_pronoun and lower != "one") or (lower == "even" and paragraph.tokens[after].is_preposition)
    ):
        return True
    if lower == "'" and word and paragraph.tokens[word - 1].is_mark:
        return True  # it closes a quotation; after a word it is a possessive
    if token.ends_noun_phrase:
        return not (_follows_initial(paragraph, word) if lower == "." else is_close_to(paragraph, word))
    cue = token.cue
    if cue is None or "past" not in cue.forms or cue.nouns or after == end:
        return False
    before = paragraph.tokens[word - 1] if word else None  # after a determiner or a preposition, it is an adjective
    return before is None or not (before.is_determiner or before.is_preposition)


def is_close_to(paragraph: Paragraph, word: int) -> bool:
    """Return whether a "to" is within a noun phrase: "aides to Ms Hill", "a note to Ms Hill"."""
    lower, tokens = paragraph.lower, paragraph.tokens
    if lower[word] != "to" or not 0 < word < len(tokens) - 1:
        return False
    if lower[word - 1] not in WORDS["to_nouns"] and "from" not in lower[max(0, word - MAX_ROLE) : word - 1]:
        return False
    return tokens[word + 1].is_capitalised or tokens[word + 1].is_determiner


def _follows_initial(paragraph: Paragraph, word: int) -> bool:
    """Return whether a full stop belongs to an initial that ended a false sentence."""
    return word > 0 and len(paragraph.tokens[word - 1].text) == 1 and not paragraph.begins_sentence(word + 1)


def _joins_nouns(paragraph: Paragraph, conjunction: int) -> bool:
    """Return whether an "and" joins two names or two plain plurals, not two clauses."""
    if conjunction < 1 or conjunction + 1 >= len(paragraph.tokens):
        return False
    before, after = paragraph.tokens[conjunction - 1], paragraph.tokens[conjunction + 1]
    if before.is_capitalised and (after.is_capitalised or after.is_determiner):
        return True
    return not after.is_determiner and before.lower.endswith("s") and not after.is_capitalised


def _skip_lead(paragraph: Paragraph, start: int, end: int) -> int:
    """Skip adverbs, and a fronted "on Tuesday", before the noun phrase proper."""
    tokens = paragraph.tokens
    while start < end and (tokens[start].is_coordinator or tokens[start].is_lead):
        start += 1
    if start + 1 < end and tokens[start].is_preposition and tokens[start].is_subordinator:
        return _skip_lead(paragraph, start + 1, end)  # "after Mr Hill" before his verb
    if start < end and tokens[start].is_preposition:
        return _after_preposition(paragraph, start, end)
    return start


def _after_preposition(paragraph: Paragraph, start: int, end: int) -> int:
    """Return where "the mayor" begins in "on Tuesday the mayor", or ``end`` if unknown."""
    tokens = paragraph.tokens
    if tokens[end - 1].is_pronoun:
        return end - 1
    for word in range(end - 1, start + 1, -1):
        before = tokens[word - 1]
        if (tokens[word].is_determiner and not before.is_preposition) or before.is_day or before.text.isdigit():
            return word
    return end


def phrase_after(paragraph: Paragraph, start: int, stop: int) -> Range | None:
    """Return the noun phrase that begins at ``start``, with its appositions: "Mr Hill, a judge"."""
    stop = min(stop, start + MAX_PHRASE)
    end = _simple_phrase_end(paragraph, start, stop)
    if end == start:
        return None
    is_named = paragraph.tokens[end - 1].is_capitalised
    end = _description_end(paragraph, end, stop)
    while is_named and (following := _list_end(paragraph, end, stop)) > end:
        end = _description_end(paragraph, following, stop)
    return start, end


def _description_end(paragraph: Paragraph, end: int, stop: int) -> int:
    """Return where the brackets and appositions end that describe a noun phrase before ``end``."""
    lower = paragraph.lower
    if end < stop and lower[end] == "(":
        closing = paragraph.find((")",), end, min(end + 8, stop))
        end = closing + 1 if closing < min(end + 8, stop) else end
    while end + 1 < stop and lower[end] == "," and opens_apposition(paragraph, end + 1):
        following = paragraph.find(_APPOSITION_ENDS, end + 1, stop)
        if following <= end + 1 or _is_clause(paragraph, end + 1, following):
            break
        end = following
    return end


def _is_clause(paragraph: Paragraph, start: int, end: int) -> bool:
    """Return whether a supposed apposition is a clause: "the mayor said, a man was hurt"."""
    inner = takewhile(lambda token: not (token.is_question_word or token.lower == "that"), paragraph.tokens[start:end])
    return any(token.is_verb for token in inner)


_NO_CONTINUATION = word_set("as after during before")


def _simple_phrase_end(paragraph: Paragraph, start: int, stop: int) -> int:
    """Return where the noun phrase at ``start`` ends, without its appositions."""
    tokens = paragraph.tokens
    if start < stop and tokens[start].is_pronoun and not _is_numeral(paragraph, start, stop):
        return start + 1
    end = start
    while end < stop:
        token = tokens[end]
        lower = token.lower
        is_first = end == start
        if token.is_preposition and end + 1 < stop and _is_time(paragraph, end + 1):
            break
        if not is_first and _is_time(paragraph, end):
            break
        is_inner_stop = lower == "." and _follows_initial(paragraph, end)
        if is_first or not (is_inner_stop or is_close_to(paragraph, end)):
            if token.ends_noun_phrase or lower in _NO_CONTINUATION or (token.is_adverb and not is_first):
                break
            if token.is_coordinator and (is_first or not _joins_nouns(paragraph, end)):
                break
        end += 1
    return end - (end > start + 1 and tokens[end - 1].is_preposition)  # "figures published in May"


def _is_numeral(paragraph: Paragraph, word: int, stop: int) -> bool:
    """Return whether a "one" counts the noun after it: "one survivor", "one of the survivors"."""
    if paragraph.lower[word] != "one" or word + 1 >= stop or not paragraph.tokens[word + 1].text[0].isalpha():
        return False
    return paragraph.lower[word + 1] == "of" or not paragraph.tokens[word + 1].ends_noun_phrase


def _is_time(paragraph: Paragraph, word: int) -> bool:
    token = paragraph.tokens[word]
    if token.is_day and token.is_capitalised:
        return True
    return token.lower in WORDS["periods"] and word + 1 < len(paragraph.lower) and paragraph.lower[word + 1] in TIMES


def opens_apposition(paragraph: Paragraph, word: int) -> bool:
    """Return whether a word after a comma begins an apposition: "a judge", "who …", "director of", "43"."""
    lower = paragraph.lower[word]
    if lower in WORDS["role_starts"] or lower.isdigit() or lower.startswith(("r-", "d-")):
        return True
    if lower == "mp" or (lower in WORDS["professions"] and not paragraph.tokens[word].is_capitalised):
        return True
    following = paragraph.lower[word + 1 : word + 2]
    return lower in TITLES and following in (("of",), ("for",), ("at",)) and not paragraph.tokens[word].is_capitalised


# Lists of names: "Ann Hill, Tom Day and Eve Ross", "Ann Hill (Labour) and Tom Day (Green)".

_AFTER_LIST = (MARKS | PREPOSITIONS) - {"-", "/", "'", "’"}
"""Words that can follow the last name of a list; another word would be the verb of a clause."""
_MAX_NAME = 8  # in tokens, titles included


def _list_end(paragraph: Paragraph, end: int, stop: int) -> int:
    """Return where the list ends that a name before ``end`` begins, or ``end`` if no "and" closes one."""
    word, lower = end, paragraph.lower
    while word < stop and lower[word] in (",", "and"):
        closing = lower[word] == "and"
        word += 1
        if not closing and word < stop and lower[word] == "and":
            closing, word = True, word + 1
        after = _name_end(paragraph, word, stop)
        if after == word:
            return end
        if closing:
            ends = after >= len(lower) or after == stop or lower[after] in _AFTER_LIST
            return after if ends else end
        word = after
    return end


def _name_end(paragraph: Paragraph, start: int, stop: int) -> int:
    tokens, end = paragraph.tokens, start
    limit = min(stop, start + _MAX_NAME)
    while end < limit and tokens[end].is_capitalised:
        end += 1
        follows_particle = end + 1 < min(limit, len(tokens)) and paragraph.lower[end] in WORDS["particles_in_phrases"]
        end += follows_particle and tokens[end + 1].is_capitalised
    return start if end > start and tokens[start].is_day else end


# Subjects: the noun phrase of a finite verb.

PLACES = WORDS["places"] | WORDS["governments"]
_MAX_BRACKETS = 6  # in tokens: brackets after a name
_PARTY = compile_lazily(r"[DRI]-[A-Z][\w.’'-]*")  # a party and a state or town: "R-Ohio"


def subject_before(paragraph: Paragraph, verb: int, floor: int) -> tuple[Range | None, int]:
    """Return the subject of a finite verb, and where its verb group begins.

    The subject is None if the verb has none of its own: "and said", ", saying".
    """
    floor = max(floor, verb - MAX_PHRASE)
    lower = paragraph.lower
    group = group_start(paragraph, verb, floor)
    if group < verb and lower[group] in _CONTRACTIONS:
        return (group, group + 1), group
    if group <= floor:
        return None, group
    if lower[group - 1] in (",", ")", "—", "–", "-", "--"):
        return _subject_before_pause(paragraph, group - 1, floor), group
    if lower[group - 1] in ("who", "which", "that", "what"):
        return (group - 1, group), group
    if (antecedent := _antecedent_start(paragraph, group, floor)) is not None:
        return (antecedent, group), group
    phrase = phrase_before(paragraph, group, floor)
    return phrase and (_list_start(paragraph, phrase, floor), group), group


def group_start(paragraph: Paragraph, verb: int, floor: int) -> int:
    """Return where the verb group of a finite verb begins, from ``floor`` on: at the "would" of "would say"."""
    tokens, group = paragraph.tokens, verb
    while group > floor and tokens[group - 1].may_be_in_verb_group:
        if tokens[group - 1].lower == "neither" and not (group > 1 and tokens[group - 2].is_helper):
            break
        group -= 1
        if tokens[group].lower in _CONTRACTIONS:
            return group
    return _skip_time(paragraph, group, floor)


def _skip_time(paragraph: Paragraph, end: int, floor: int) -> int:
    """Return where a time before a verb begins, or ``end``: "Mr Hill last week proposed", "Mr Hill on Friday said"."""
    lower = paragraph.lower
    if end - 2 <= floor:
        return end
    if paragraph.tokens[end - 1].is_day and lower[end - 2] == "on":
        return end - 2
    if lower[end - 1] not in TIMES or lower[end - 2] not in _PERIODS:
        return end
    return end - 2 - (lower[end - 3] in ("earlier", "late", "early"))


_PERIODS = WORDS["periods"] | {"past"}
_MAX_RELATIVE = 12  # in tokens: a clause that describes a subject


def _antecedent_start(paragraph: Paragraph, end: int, floor: int) -> int | None:
    """Return where the phrase begins whose clause ends before ``end``: "people who know", "the man accused of"."""
    tokens = paragraph.tokens
    for word in range(end - 2, max(floor, end - _MAX_RELATIVE), -1):
        token, before, following = tokens[word], tokens[word - 1], tokens[word + 1]
        if token.lower == "who":
            begins_clause = following.is_capitalised or following.is_determiner or following.is_pronoun
            antecedent = None if begins_clause or before.is_mark else phrase_before(paragraph, word, floor)
            return antecedent and antecedent[0]
        if token.is_mark or token.is_question_word or token.lower == "that":
            return None
        if token.is_subordinator and not token.is_preposition:
            return None
        is_participle = token.lower.endswith("ed") or token.lower in WORDS["participles_after_noun"]
        is_participle = is_participle and following.is_preposition
        if is_participle and token.text.islower() and classify_noun(before.text) == "person":
            antecedent = phrase_before(paragraph, word, floor)
            if antecedent and (tokens[antecedent[0]].is_determiner or before.lower.endswith("s")):
                return antecedent[0]
        if token.cue is not None and "clause" in token.cue.frames:
            return None
    return None


def _subject_before_pause(paragraph: Paragraph, pause: int, floor: int) -> Range | None:
    """Return the subject before a comma: "Mr Hill, a judge, said", "Ms Day (R-Ohio) said"."""
    floor = max(floor, pause - MAX_PHRASE)
    opening = "(" if paragraph.lower[pause] == ")" else paragraph.lower[pause]
    nearest: Range | None = None
    for word in range(pause - 1, floor, -1):
        if paragraph.lower[word] != opening:
            continue
        phrase = phrase_before(paragraph, _before_brackets(paragraph, word, floor), floor)
        if phrase is None or _is_description(paragraph, phrase, floor):
            continue  # "Ms Hill, 45, a lawyer"; "Ms Hill, head of the union, which"
        if opening == "(" or opens_apposition(paragraph, word + 1) or _is_name_of(paragraph, phrase, word + 1, pause):
            who = (at for at in range(word - 1, max(floor, word - _MAX_RELATIVE), -1) if paragraph.lower[at] == "who")
            described = phrase_before(paragraph, next(who, floor), floor)
            return _list_start(paragraph, described or phrase, floor), pause + (opening == "(")
        nearest = nearest or phrase
    return nearest


def _before_brackets(paragraph: Paragraph, end: int, floor: int) -> int:
    """Return where brackets before ``end`` begin, else ``end``: "Mr Day (pictured), who"."""
    if end <= floor or paragraph.lower[end - 1] != ")":
        return end
    opening = (word for word in range(end - 2, max(floor, end - 1 - _MAX_BRACKETS), -1) if paragraph.lower[word] == "(")
    return next(opening, end)


def _is_description(paragraph: Paragraph, phrase: Range, floor: int) -> bool:
    """Return whether a phrase only describes the name before its comma: an age, a party, an office."""
    start, lower, tokens = phrase[0], paragraph.lower, paragraph.tokens
    if lower[start].isdigit() or _PARTY.fullmatch(tokens[start].text) or lower[start].rstrip(".") in WORDS["degrees"]:
        return True
    if (
        lower[start - 1] == ","
        and " ".join(lower[start : phrase[1]]).rstrip(".") in PLACES
        and tokens[start - 2].is_capitalised
    ):
        return True  # "of Raleigh, N.C., who"
    if start - 2 < floor or lower[start - 1] != "," or not opens_apposition(paragraph, start):
        return False
    before = tokens[_before_brackets(paragraph, start - 1, floor) - 1]
    return before.is_capitalised and not tokens[start].is_determiner and not tokens[start].is_capitalised


def _is_name_of(paragraph: Paragraph, phrase: Range, start: int, end: int) -> bool:
    """Return whether the words between two commas name whom the phrase before them describes."""
    tokens = paragraph.tokens
    first = next((word + 1 for word in range(*phrase) if tokens[word].lower == "and"), phrase[0])
    is_description = tokens[first].is_determiner and not tokens[phrase[1] - 1].is_capitalised
    return is_description and all(token.is_capitalised or token.lower == "." for token in tokens[start:end])


def _list_start(paragraph: Paragraph, phrase: Range, floor: int) -> int:
    """Return where the subject begins that ``phrase`` ends: it can be the last of a list of names."""
    start, lower = phrase[0], paragraph.lower
    if start - 3 >= floor and lower[start - 2 : start] == (",", "and"):
        described = _subject_before_pause(paragraph, start - 2, floor)  # "Ms Hill, the mayor, and Mr Day"
        if described is not None and described[1] == start - 2:
            return described[0]
    is_name = paragraph.tokens[phrase[1] - 1].is_capitalised
    if not is_name or not ("and" in lower[start : phrase[1]] or lower[start - 1] == "and"):
        return start
    while start - 2 >= floor and (before := _name_before(paragraph, start, floor)) is not None:
        start = before
    return start


def _name_before(paragraph: Paragraph, start: int, floor: int) -> int | None:
    """Return where the name begins that a comma or an "and" joins to the name at ``start``."""
    end, lower, tokens = start, paragraph.lower, paragraph.tokens
    while end > floor and start - end < 2 and lower[end - 1] in (",", "and"):
        end -= 1
    if end > floor and end < start and lower[end - 1] == ")":
        end = next((word for word in range(end - 2, max(floor, end - _MAX_BRACKETS), -1) if lower[word] == "("), end)
    phrase = phrase_before(paragraph, end, floor) if floor < end < start else None
    if phrase is None or not (tokens[phrase[1] - 1].is_capitalised and tokens[phrase[0]].is_capitalised):
        return None
    opens = phrase[0] == floor or tokens[phrase[0] - 1].is_mark or paragraph.begins_sentence(phrase[0])
    return phrase[0] if opens else None


# Sources: the parts and the head of the phrase that names who says something.

_AFTER_HEAD = frozenset({",", "(", "—", "–", "-"}) | word_set(
    "and himself herself on in of who at also later then again"
)
GOVERNING = PREPOSITIONS | WORDS["governing"]
"""Words between a noun and the name of another person: "an adviser to Mr Hill"."""


def split_source(paragraph: Paragraph, source: Range) -> list[Range]:
    """Return the sources in "neither Ms Hill nor Mr Day", "she and Mr Day", "none of the four", "no one"."""
    start, lower = source[0], paragraph.lower
    source = start, (end := status_start(lower, source[1], start))
    if lower[start] in WORDS["nobody_phrases"]:
        return []
    if start + 2 < end and lower[start + 1] == "and" and paragraph.tokens[start].is_pronoun:
        return [(start, start + 1), (start + 2, end)]
    if lower[start] not in ("neither", "none"):
        return [source]
    if lower[start + 1 : start + 2] == ("of",):
        return [(start + 2, end)] if start + 2 < end else []
    edges = [start, *(word for word in range(start + 1, end) if lower[word] == "nor"), end]
    return [(left + 1, right) for left, right in pairwise(edges) if left + 1 < right]


def is_head(paragraph: Paragraph, source: Range, name: Range) -> bool:
    """Return whether a name is a head of the phrase: not "a friend of Mr Hill"."""
    start, end = name
    tokens, lower = paragraph.tokens, paragraph.lower
    if tokens[end - 1].owns and end < source[1]:
        return False
    first = start - (start > source[0] and tokens[start - 1].is_determiner)
    is_governed = _has_governing(paragraph, _item_start(paragraph, source, first), first)
    if is_governed or not {",", "who"}.isdisjoint(lower[source[0] : first]) or lower[first - 1 : first] == ("'",):
        return not is_governed and (lower[first - 1] == "and" or _is_listed(paragraph, source, (first, end)))
    if end < source[1] and lower[end] not in _AFTER_HEAD:
        return False
    before = tokens[start - 1] if start > source[0] else None
    return before is None or not (before.owns or before.is_possessive)


MAX_ROLE = 4
"""In tokens: the words between a preposition or an "and" and a name."""


def joins_head(paragraph: Paragraph, head: Range, name: Range) -> bool:
    """Return whether an "and" joins a name to a head with a complement, or with a description of the name.

    "Mr Hill of Leeds and Ms Day of Bath"; "Ms Hill and her husband, Tom Day".
    """
    lower, end = paragraph.lower, head[1]
    if lower[name[0] - 1] == "," and lower[end : end + 1] == ("and",) and paragraph.tokens[end + 1].is_determiner:
        between = paragraph.tokens[end + 2 : name[0] - 1]
        return 0 < len(between) <= MAX_ROLE
    return lower[name[0] - 1] == "and" and lower[end : end + 1] in (("of",), ("from",), ("at",))


def _item_start(paragraph: Paragraph, source: Range, first: int) -> int:
    """Return where the words that can govern a name begin: after an ", and" between heads."""
    is_joined = first - 2 >= source[0] and paragraph.lower[first - 2 : first] == (",", "and")
    if not is_joined or not paragraph.tokens[source[0]].is_capitalised:
        return source[0]
    return source[0] if _has_governing(paragraph, source[0], head_end(paragraph, source)) else first


def _has_governing(paragraph: Paragraph, start: int, end: int) -> bool:
    """Return whether a preposition is in a range, apart from that of a name such as "Union of Ferrymen"."""
    tokens = paragraph.tokens
    for word in range(start, end):
        if tokens[word].lower not in GOVERNING and not (word == end - 1 > start and takes_name(paragraph, word)):
            continue
        noun = tokens[word - 1].lower if word > start and tokens[word].lower == "of" else ""
        is_named = noun in WORDS["organisations"] or noun in TITLES  # "University of Leeds", "Secretary of State"
        is_state = noun == "secretary" and tokens[word + 1].lower == "state"
        if not is_state and not (is_named and tokens[word - 1].is_capitalised and tokens[word + 1].is_capitalised):
            return True
    return False


def takes_name(paragraph: Paragraph, word: int) -> bool:
    """Return whether a participle has the name after it as its object: "doctors treating Mr Hill"."""
    token, before = paragraph.tokens[word], paragraph.tokens[word - 1]
    is_participle = token.lower.endswith("ing") and not token.is_capitalised and token.lower not in TITLES
    is_in_name = before.is_capitalised and not paragraph.begins_sentence(word - 1)
    return is_participle and not (before.is_determiner or before.is_mark or is_in_name)


def _is_listed(paragraph: Paragraph, source: Range, name: Range) -> bool:
    """Return whether a name is within a list: "Mr Day" in "Ms Hill, Mr Day and Ms Ross"."""
    tokens, lower = paragraph.tokens, paragraph.lower
    if lower[name[0] - 1] != "," or not (tokens[name[0] - 2].is_capitalised and tokens[source[0]].is_capitalised):
        return False
    following = range(name[1], source[1] - 1)
    is_closed = any(lower[word] == "and" and tokens[word + 1].is_capitalised for word in following)
    return is_closed and lower[name[1]] in (",", "and")


def head_end(paragraph: Paragraph, source: Range) -> int:
    """Return where the phrase ends without its appositions."""
    return paragraph.find((",", "(", "—", "–", "--", "who", "which", "that"), source[0] + 1, source[1])
