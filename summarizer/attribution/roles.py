"""Roles and affiliations of the people named: "Mr Hill, director of studies at the Gale Institute"."""

from collections.abc import Sequence
from itertools import takewhile

from summarizer.attribution import lexicon
from summarizer.attribution.lexicon import (
    MARKS,
    PREPOSITIONS,
    WORDS,
    classify_noun,
    is_compound_role,
    is_person_noun,
    word_set,
)
from summarizer.attribution.name_words import status_start
from summarizer.attribution.names import Name, describes, lookup_form
from summarizer.attribution.noun_phrases import GOVERNING, opens_apposition
from summarizer.attribution.tokens import Paragraph, Range, Token

Role = tuple[str | None, str | None]
"""A role and an affiliation, in the article's words."""

_NO_ROLE: Role = (None, None)
_HONORIFICS = WORDS["honorifics"]
_ROLE_ENDS = MARKS - {"'", "’", "-", "/", "&"} | {"..", "...", "who", "which", "that", "whose", "where", "when"}
_BODY_ENDS = PREPOSITIONS - {"of", "for"} | {"who", "which", "that", "and", "but"}
_TITLES_OF_PEOPLE = (lexicon.TITLES.keys() | WORDS["professions"]) - WORDS["no_small_roles"]
_BEFORE_ROLE = frozenset({",", "—", "–", "("})
_AFFILIATING = word_set("of from at with")
_NOT_AFFILIATING = word_set("on about over against")
_AFTER_NAME = _BEFORE_ROLE | _AFFILIATING
_MAX_APPOSITION = 30  # in tokens
_MAX_UNKNOWN = 5  # in words: a longer role has a noun for a person


def role_after(paragraph: Paragraph, name: Name) -> Role:
    """Return the role in an apposition after a name."""
    tokens, lower, comma = paragraph.tokens, paragraph.lower, name.whole[1]
    following = lower[comma : comma + 2]
    if not following or not (following[0] in _AFTER_NAME or following[-1].isdigit()):
        return _NO_ROLE  # nearly always
    if body := _body_after(paragraph, comma):
        return None, body
    if lower[comma : comma + 3 : 2] == (",", ",") and lower[comma + 1].rstrip(".") in WORDS["degrees"]:
        comma += 2
    comma = _skip_party(paragraph, comma)
    if comma + 3 < len(lower) and lower[comma + 1].isdigit() and lower[comma + 2] == ",":
        comma += 2  # an age
    if comma + 2 >= len(lower) or lower[comma] not in _BEFORE_ROLE or not opens_apposition(paragraph, comma + 1):
        return _NO_ROLE
    start = comma + 1
    if lower[start] in WORDS["no_role_starts"] or lower[start].isdigit() or lower[start].startswith(("d-", "r-")):
        return _NO_ROLE
    end = paragraph.find(_ROLE_ENDS, start, min(start + _MAX_APPOSITION, len(lower)))
    if any(_names_another(paragraph, word) for word in range(start, end - 1)):
        return _NO_ROLE
    if tokens[start].is_determiner and any(token.is_helper or token.lower == "said" for token in tokens[start:end]):
        return _NO_ROLE  # a clause: "According to Mr Hill, the reason is …"
    is_owned = lower[start] in ("its", "their")
    if lower[start] in ("a", "an", "the") or is_owned:
        start += 1
    if start == end or (tokens[start].is_capitalised and _names_bearer(paragraph, (start, end))):
        return _NO_ROLE
    role, body = _split_role(paragraph, (start, end))
    noun = [*takewhile(lambda word: word not in GOVERNING, (role or "").split())][-1:]
    kind = classify_noun(noun[0]) if noun else "person"
    is_verb = kind != "person" and noun[0].islower() and noun[0].endswith(("ed", "s"))  # "a view echoed by", "it reeks"
    is_owner_only = is_owned and not (kind == "person" or (noun and noun[0] in WORDS["professions"]))
    is_thing = is_verb or "$" in (role or "") or (noun and noun[0].islower() and kind in ("none", "document"))
    is_thing = is_thing or is_owner_only
    words = (role or "").lower().split()
    is_scrap = len(words) > _MAX_UNKNOWN and not any(map(is_person_noun, words))
    is_adjective = kind == "unknown" and end == start + 1 and lower[end : end + 1] == (",",)
    is_none = is_thing or is_scrap or is_adjective or role in ("then", "now", "formerly", "currently")
    return _NO_ROLE if is_none else (role, body)


def _names_bearer(paragraph: Paragraph, words: Range) -> bool:
    """Return whether a title in an apposition has its own bearer: "Governor Day" in a list of names."""
    start, end = words
    start += paragraph.lower[start] in ("vice", "former") and start + 1 < end
    following = paragraph.tokens[start + 1 : end][:1]
    is_name = any(each.is_capitalised and not (each.owns or is_person_noun(each.lower)) for each in following)
    return is_name and lookup_form(paragraph.tokens[start].text) in _BEARABLE


_BEARABLE = WORDS["honorifics"] | word_set("governor senator representative mayor president judge gov sen rep")


_MAX_PARTY = 6  # in tokens


def _skip_party(paragraph: Paragraph, start: int) -> int:
    """Return where brackets with a party end: "(R-Ohio)", "(Lab)"; or ``start``."""
    lower = paragraph.lower
    if start + 2 >= len(lower) or lower[start] != "(":
        return start
    if opens_apposition(paragraph, start + 1) and not lower[start + 1].startswith(("d-", "r-")):
        return start
    closing = paragraph.find((")",), start, min(start + _MAX_PARTY, len(lower) - 1))
    return closing + 1 if lower[closing] == ")" else start


def _names_another(paragraph: Paragraph, word: int) -> bool:
    """Return whether a role has its own bearer right after it: "Mr Hill, senator Ann Day and others"."""
    token, following = paragraph.tokens[word], paragraph.tokens[word + 1 : word + 3]
    if token.is_capitalised or token.is_preposition or token.is_determiner or token.is_mark or token.lower == "and":
        return False
    if classify_noun(token.lower) == "body":
        return False  # "an analyst for the company Gale Norris Lund"
    if len(following) < 2 or not (following[0].is_capitalised and following[1].is_capitalised):
        return False
    first, second = lookup_form(following[0].text), lookup_form(following[1].text)
    return first in lexicon.GIVEN_NAMES or not (
        first in lexicon.ORGANISATIONS or second in lexicon.ORGANISATIONS or first in lexicon.NATIONALITIES
        or first in lexicon.GOVERNMENTS or f"{first} {second}" in lexicon.GOVERNMENTS
    )  # fmt: skip


_MAX_BODY = 12  # in tokens
_NO_BODY = lexicon.GOVERNMENTS | lexicon.DAYS | lexicon.TITLES.keys() | WORDS["places"]


def _body_after(paragraph: Paragraph, start: int) -> str | None:
    """Return the body after a name: "Greenpeace" in "Priya Nair of Greenpeace", not "Leeds" in "Ann Day, of Leeds"."""
    tokens, lower = paragraph.tokens, paragraph.lower
    start += lower[start : start + 1] == (",",)
    if start + 1 >= len(lower) or lower[start] not in _AFFILIATING:
        return None
    body = start + 1
    first = body + (lower[body] == "the")
    end = first
    while end < min(first + _MAX_BODY, len(lower)) and (
        tokens[end].is_capitalised or (end > first and lower[end] in ("of", "for", "&", "'", "-"))
    ):
        end += 1
    while end > first and not tokens[end - 1].is_capitalised:
        end -= 1
    words = [lookup_form(token.text) for token in tokens[first:end]]
    is_person = words[:1] and (words[0] in lexicon.TITLES or words[0] in lexicon.GIVEN_NAMES)
    if words and (words[-1] in WORDS["last_of_event"] or words[-1] in lexicon.NATIONALITIES):
        return None  # "Ann Day at the Gale Debate"
    if not words or is_person or " ".join(words) in _NO_BODY or paragraph.begins_sentence(first):
        return None
    is_body = first > body or not lexicon.ORGANISATIONS.isdisjoint(words) or tokens[first].text.isupper()
    is_own = lower[start] == "of" and lower[start - 1] != ","
    return paragraph.quote((body, end)) if is_body or is_own else None


def _split_role(paragraph: Paragraph, words: Range) -> Role:
    """Split "director of studies at the Gale Institute" into role and affiliation."""
    start, end = words
    tokens, lower = paragraph.tokens, paragraph.lower
    end = next((word for word in range(start + 1, end - 1) if _begins_participle(paragraph, word)), end)
    end = next((word for word in range(start + 1, end - 2) if _begins_clause(paragraph, word)), end)
    while end > start + 1 and (tokens[end - 1].is_preposition or tokens[end - 1].is_coordinator):
        end -= 1
    now = next((word for word in range(start + 1, end) if lower[word] == "now"), start)
    for word in range(now, end - 1):
        if not tokens[word].is_preposition or lower[word] in WORDS["time_prepositions"]:
            continue
        body = word + 1
        noun = body + tokens[body].is_determiner
        if noun >= end or not tokens[noun].is_capitalised:
            continue
        is_body = noun > body or not lexicon.ORGANISATIONS.isdisjoint(lower[noun:end]) or tokens[noun].text.isupper()
        if lower[word] in ("from", "in") and (lower[noun] in _NO_BODY or not is_body):
            return paragraph.quote((start, word)), None
        if lower[word] in _NOT_AFFILIATING:
            continue  # "an expert on Syria"
        is_place = lower[noun].rstrip(".") in WORDS["places"] and not any(
            token.is_capitalised for token in tokens[noun + 1 : min(noun + 2, end)]
        )
        if lower[word] == "of" and noun == body and is_place:
            return paragraph.quote((start, end)), None  # "Democrat of Ohio"
        first = lookup_form(tokens[body].text)
        if first in _HONORIFICS or first.removesuffix("s") in lexicon.TITLES or lower[body][0].isdigit():
            break
        if any(tokens[at].is_capitalised and lower[at - 1] in _TITLES_OF_PEOPLE for at in range(body + 1, end)):
            break  # "a friend of Harbour Trust Director Ann Day"
        ends = (
            place for place in range(body + 1, end)
            if (lower[place] in _BODY_ENDS and not _continues_body(paragraph, place, end)) or tokens[place].is_finite
        )  # fmt: skip
        body_end = next(ends, end)
        return paragraph.quote((start, end if now > start else word)), paragraph.quote((body, body_end))
    return paragraph.quote((start, end)), None


_ALONE = lexicon.TITLES.keys() | lexicon.ORGANISATIONS | lexicon.GOVERNMENTS


def _continues_body(paragraph: Paragraph, word: int, end: int) -> bool:
    """Return whether a preposition is within the name of a body: "the Project on Open Rivers"."""
    is_within = paragraph.lower[word] == "on" and word + 1 < end and paragraph.tokens[word + 1].is_capitalised
    if paragraph.lower[word] == "and" and paragraph.lower[word - 2] in ("for", "of", "on") and word + 1 < end:
        after = paragraph.tokens[word + 1]  # "the Centre for Strategic and International Studies"
        is_within = after.is_capitalised and not {after.lower, paragraph.lower[word - 1]} & _ALONE
    return is_within or paragraph.tokens[word].is_capitalised


def _begins_clause(paragraph: Paragraph, word: int) -> bool:
    """Return whether an "and" begins a second clause: "a historian and runs the archive", "a clerk and one of them"."""
    if paragraph.lower[word] != "and":
        return False
    verb, following = paragraph.tokens[word + 1 : word + 3]
    is_verb = verb.lower.endswith("s") and verb.text.islower() and following.is_determiner
    return is_verb or (verb.lower == "one" and following.lower == "of")


def _begins_participle(paragraph: Paragraph, word: int) -> bool:
    """Return whether the rest of a description is not a role: "an aide currently working for", "a man living in"."""
    token, after = paragraph.tokens[word], paragraph.tokens[word + 1]
    if (token.is_adverb and after.lower.endswith(("ing", "ed"))) or token.lower in ("called", "named", "by", "told"):
        return True
    return token.lower.endswith("ing") and after.is_preposition and after.lower != "of" and not token.is_capitalised


def role_before(paragraph: Paragraph, name: Name) -> Role:
    """Return the role in the words before a name: "US President Donald Trump", "party spokesman Sam Hill"."""
    start, core = name.whole[0], name.core[0]
    titles = [lookup_form(token.text) for token in paragraph.tokens[start:core]]
    if (bracket := status_start(paragraph.lower, start)) < start:  # "Brigadier (retd) Ola Fenn"
        first = bracket
        while first and lookup_form(paragraph.tokens[first - 1].text) in lexicon.TITLES:
            first -= 1
        return (paragraph.quote((first, bracket)) if first < bracket else None), None
    if all(title in _HONORIFICS for title in titles):
        core = start
        start = _lower_case_role(paragraph, start)
        if start < core and (body := _body_before(paragraph, start, core)):
            return paragraph.quote((max(start, body[1]), core)), paragraph.quote(body)
    else:
        while start < core and titles[0] in _HONORIFICS:
            start, titles = start + 1, titles[1:]
        if paragraph.lower[start - 1 : start] == ("former",):
            start -= 1
        if titles and titles[-1] in lexicon.ORGANISATIONS and "of" not in titles:
            return None, paragraph.quote((start, core))  # "Fox News Sean Hill"
    return (paragraph.quote((start, core)), None) if start < core else _role_set_off(paragraph, name.whole)


_MAX_SET_OFF = 7  # in tokens


def _role_set_off(paragraph: Paragraph, name: Range) -> Role:
    """Return the role before a name that is set off: "the mayor, Ann Poe,", "his deputy (Tom Day)"."""
    tokens, lower, mark = paragraph.tokens, paragraph.lower, name[0] - 1
    closing = {",": (",", "."), "(": (")",), "—": ("—", ","), "–": ("–", ",")}.get(lower[mark] if mark > 0 else "")
    if closing is None or lower[name[1] : name[1] + 1] not in [(mark,) for mark in closing]:
        return _NO_ROLE
    for start in range(mark - 1, max(-1, mark - _MAX_SET_OFF), -1):
        token = tokens[start]
        is_edge = token.owns or (token.is_determiner and not (start and tokens[start - 1].is_preposition))
        if not is_edge and paragraph.begins_sentence(start) and is_person_noun(token.lower):
            return _split_role(paragraph, (start, mark))  # "Counsel for the company, Ann Poe,"
        if is_edge and lower[start] == "one" and lower[start + 1] == "of":
            return _NO_ROLE  # "one of his advisers, Tad Devine,"
        if is_edge and start + 1 < mark:
            edge = find_inner_person(paragraph, start, mark)
            noun = lookup_form(lower[paragraph.find(GOVERNING, edge + 2, mark) - 1])
            role, body = _split_role(paragraph, (edge + 1, mark)) if classify_noun(noun) == "person" else _NO_ROLE
            return role, body or (_owner(paragraph, edge) if role and tokens[edge].owns else None)
        is_name = token.is_capitalised and start + 1 == mark and lower[start - 1] != "of"
        if token.is_mark or token.is_verb or is_name:
            break
    return _NO_ROLE


def find_inner_person(paragraph: Paragraph, start: int, end: int) -> int:
    """Return where the definite phrase for a person begins that ends a longer one, or ``start``.

    "The victim" in "the father of the victim": a name set off after it is the victim's.
    """
    tokens = paragraph.tokens
    for word in range(end - 1, start + 1, -1):
        if (tokens[word].is_determiner or tokens[word].owns) and paragraph.lower[word] not in ("a", "an"):
            before = next((at for at in (word - 1, word - 2) if at > start and paragraph.lower[at] in GOVERNING), None)
            return word if before is not None and is_person_noun(paragraph.lower[end - 1]) else start
    return start


def _owner(paragraph: Paragraph, last: int) -> str | None:
    """Return the body whose possessive ends at ``last``: "the Harbour Trust" in "the Harbour Trust's director"."""
    start = last
    while start and paragraph.tokens[start - 1].is_capitalised and not paragraph.tokens[start - 1].is_determiner:
        start -= 1
    words = [lookup_form(token.text) for token in paragraph.tokens[start : last + 1]]
    if lexicon.ORGANISATIONS.isdisjoint(words) and not paragraph.tokens[last].text[:-2].isupper():
        return None
    start -= start > 0 and paragraph.lower[start - 1] == "the"
    return paragraph.quote((start, last + 1))[:-2]


def _body_before(paragraph: Paragraph, start: int, end: int) -> Range | None:
    """Return the body before a role in small letters: "Harbour Trust" in "Harbour Trust director Tom Day"."""
    tokens = paragraph.tokens
    last = next((word for word in range(start, end) if not tokens[word].is_capitalised), end)
    first = last
    limit = max(0, last - _MAX_BODY)
    while first > limit and tokens[first - 1].is_capitalised and not paragraph.begins_sentence(first):
        first -= 1
    while first < last and _precedes_body(tokens[first]):
        first += 1
    words = [lookup_form(token.text) for token in tokens[first:last]]
    if last == end or not words or words[-1] in lexicon.NATIONALITIES or words[-1] in lexicon.GOVERNMENTS:
        return None
    is_long = len(words) > 1 and not lexicon.ORGANISATIONS.isdisjoint(words)
    is_body = is_long or (tokens[last - 1].text.isupper() and len(words[-1]) > 2)
    return (first, last) if is_body else None


def _precedes_body(token: Token) -> bool:
    """Return whether a capitalised word before a body is not part of its name: "As", "Former"."""
    is_small_word = token.is_determiner or token.is_preposition or token.is_subordinator
    return is_small_word or lookup_form(token.text) in WORDS["role_adjectives"]


def _lower_case_role(paragraph: Paragraph, end: int) -> int:
    """Return where a role in small letters before a name begins: "former party spokesman"."""
    tokens = paragraph.tokens
    if not end or tokens[end - 1].is_capitalised:
        return end
    noun = lookup_form(tokens[end - 1].text)
    is_title = noun in lexicon.TITLES and noun not in WORDS["no_small_roles"]
    if noun in WORDS["role_adjectives"]:  # "police chief"
        is_title &= end > 1 and lookup_form(tokens[end - 2].text) in WORDS["role_adjectives"]
    if not (is_title or noun in WORDS["professions"] or is_compound_role(noun)):
        return end
    start = end - 1
    while start and end - start < 6 and describes(paragraph, start - 1):
        start -= 1
    if start and paragraph.begins_sentence(start - 1) and tokens[start - 1].is_inner:
        start -= tokens[start - 1].lower not in WORDS["connectives"] and not tokens[start - 1].is_adverb
    return start  # "Medical director" at the beginning of a sentence


def is_office_of(paragraph: Paragraph, words: Range) -> bool:
    """Return whether a name is the office of somebody before it: "Ann Hill, president and CEO of Gale Foods"."""
    start = words[0]
    is_office = lookup_form(paragraph.lower[start]) in lexicon.TITLES and paragraph.lower[start + 1 : start + 2] == (
        "of",
    )
    return is_office and start > 0 and paragraph.lower[start - 1] in (",", "and")


_MAX_CAPITALS = 6  # letters of an acronym; a longer word in capitals is of a headline
_NO_LAST_WORDS = (_HONORIFICS | WORDS["no_role_starts"] | word_set("the a an and or of for former")) - {"lady"}
_NO_AFFILIATIONS = WORDS["places"] | lexicon.NATIONALITIES | {"gop", "united states", "new york city"}


def clean_role(role: str | None, affiliation: str | None) -> Role:
    """Return a role and an affiliation without a plural, a piece of a headline, or a place."""
    words = (role or "").split()
    is_title = bool(words) and words[-1][0].isupper() and lookup_form(words[-1]) in lexicon.TITLES
    if is_title and "and" in words and not lexicon.GIVEN_NAMES.keys().isdisjoint(map(str.lower, words)):
        words = words[len(words) - words[::-1].index("and") :]  # "Secretary of State Ann Hill and Sen."
    head = len([*takewhile(lambda word: word not in GOVERNING, words)])
    head -= head > 1 and words[head - 1] in ("now", "then")
    noun = lookup_form(words[head - 1]) if head else ""
    if noun.endswith("s") and noun[:-1] in lexicon.TITLES:  # "Sens. Tom Day and Ann Hill"
        last = words[head - 1]
        words[head - 1] = last.rstrip("s.") + "." * last.endswith(".")
    elif not head or _is_scrap(words, noun):
        words = []
    return " ".join(words) or None, affiliation if affiliation and _can_be_body(affiliation) else None


def _is_scrap(words: list[str], noun: str) -> bool:
    """Return whether the words of a role, with its noun, are no role: "Unlike Mr.", "Bill's attorneys", "then 44"."""
    is_noun = noun == "lady" or noun in lexicon.TITLES or noun in WORDS["professions"] or noun.endswith("ss")
    is_noun = is_noun or (noun in WORDS["companies"] and len(words) > 1)  # "a letter carrier"
    is_plural = noun.endswith("s") and (is_person_noun(noun[:-1]) or not is_person_noun(noun))
    is_thing = not is_noun and (is_plural or classify_noun(noun) in ("body", "document", "none"))
    is_headline = any(word.isupper() and word.isalpha() and len(word) > _MAX_CAPITALS for word in words)
    is_cut = not _NO_LAST_WORDS.isdisjoint((noun, lookup_form(words[-1])))
    return is_thing or is_headline or is_cut or noun.endswith("year-old") or noun[-1].isdigit() or "n't" in noun


def _can_be_body(name: str) -> bool:
    """Return whether an affiliation is more than a place, a noun alone ("the union") or a group of people."""
    words = name.split()
    words = words[words[0].lower() in ("the", "a", "an") :]
    forms = [lookup_form(word) for word in words]
    if not any(word[0].isupper() for word in words) or " ".join(forms) in _NO_AFFILIATIONS:
        return False
    is_people = is_person_noun(forms[-1]) or (forms[-1].endswith("s") and is_person_noun(forms[-1][:-1]))
    return not (is_people and words[-1].islower())


_RUNNING = ("candidate", "nominee", "runner")  # roles that count less than an office


def find_role(paragraphs: Sequence[Paragraph], cluster: Sequence[tuple[int, Name]]) -> Role:
    """Return the first role of several words in an apposition, else the longest before a name, else a single word."""
    single: str | None = None
    body: str | None = None
    for index, name in cluster:
        role, affiliation = clean_role(*role_after(paragraphs[index], name))
        if role and (affiliation or " " in role):
            return role, affiliation or body
        single, body = single or role, body or affiliation  # "Hill, the optimist"
    roles = [clean_role(*role_before(paragraphs[index], name)) for index, name in cluster]
    role, affiliation = max(
        roles, key=lambda role: (role[0] is not None and not role[0].endswith(_RUNNING), len(role[0] or ""))
    )
    return role or single, affiliation or body
