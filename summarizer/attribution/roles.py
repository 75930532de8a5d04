"""Roles: what an apposition or the words before a name say of its bearer."""

from summarizer.attribution.grammar import AUXILIARIES, DETERMINERS, MARKS, MODALS, PREPOSITIONS, word_set
from summarizer.attribution.lists import is_name
from summarizer.attribution.namebook import namebook
from summarizer.attribution.names import Name, bare
from summarizer.attribution.passages import Passage, Range
from summarizer.attribution.phrases import opens_apposition

Role = tuple[str | None, str | None]
"""A role and an affiliation, in the article's words."""

_HONORIFICS = word_set("mr mrs ms miss dr sir lord lady dame madame mme")
_NO_ROLES = word_set("who whose which he she they his her one himself herself")
_PAUSES = MARKS - {"'", "’", "-", "/", "&"}
_NO_TITLES = PREPOSITIONS | DETERMINERS | MARKS | {"and", "of"}
_AFTER_BODY = PREPOSITIONS - {"of", "for"} | {"who", "which", "that", "and", "but"}
_LONGEST = 30
"""In words: how long an apposition can be."""


def role_after(passage: Passage, name: Name) -> Role:
    """The role in an apposition: "Mr Hill, director of studies at the Gale Institute"."""
    word = name.core[1]
    lower = passage.lower
    if word + 2 >= len(lower) or lower[word] not in (",", "—", "–") or not opens_apposition(passage, word + 1):
        return None, None
    start = word + 1
    if lower[start] in _NO_ROLES or lower[start].isdigit():
        return None, None
    end = start
    while end < min(start + _LONGEST, len(lower)) and lower[end] not in _PAUSES:
        end += 1
    if any(_names_another(passage, each) for each in range(start, end - 1)) or _states(passage, start, end):
        return None, None
    if lower[start] in ("a", "an", "the"):
        start += 1
    return _parted(passage, (start, end)) if start < end else (None, None)


def _states(passage: Passage, start: int, end: int) -> bool:
    """Whether what follows on a comma is a clause, no role: "According to Mr Hill, the reason is …"."""
    if passage.lower[start] not in DETERMINERS:
        return False
    return any(passage.lower[word] in AUXILIARIES or passage.lower[word] in MODALS for word in range(start, end))


def _names_another(passage: Passage, word: int) -> bool:
    """Whether a role has its own bearer right after it: "Mr Hill, senator Ann Day and others"."""
    lower = passage.lower[word]
    if is_name(passage, word) or lower in _NO_TITLES:
        return False
    following = [bare(each) for each in passage.words[word + 1 : word + 3]]
    if len(following) < 2 or not (is_name(passage, word + 1) and is_name(passage, word + 2)):
        return False
    book = namebook()
    return following[0] in book.given or not (
        set(following) & book.organisations or following[0] in book.nationalities | book.governments
        or " ".join(following) in book.governments
    )  # fmt: skip


def _parted(passage: Passage, words: Range) -> Role:
    """Role and affiliation of "director of studies at the Gale Institute"."""
    start, end = words
    lower = passage.lower
    now = next((word for word in range(start + 1, end) if lower[word] == "now"), start)
    for word in range(now, end - 1):
        if lower[word] not in PREPOSITIONS or lower[word] in ("as", "before", "after", "since", "until", "during"):
            continue
        body = word + 1
        noun = body + (lower[body] in DETERMINERS)
        if noun >= end or not is_name(passage, noun):
            continue
        if bare(passage.words[body]) in _HONORIFICS or lower[body][0].isdigit():
            break
        role = (start, end if now > start else word)
        return passage.quote(role), passage.quote((body, _body_end(passage, body, end)))
    return passage.quote(words), None


def _body_end(passage: Passage, start: int, end: int) -> int:
    """Where the name of a body ends: before a relative clause or a preposition, "of" aside."""
    word = start + 1
    while word < end and passage.lower[word] not in _AFTER_BODY:
        word += 1
    return word


def role_before(passage: Passage, name: Name) -> Role:
    """The role in the words before a name: "US President Donald Trump", "party spokesman Sam Hill"."""
    start, core = name.whole[0], name.core[0]
    titles = [bare(word) for word in passage.words[start:core]]
    if start == core or all(title in _HONORIFICS for title in titles):
        start = _back(passage, core if start == core else start)
        core = core if not titles else name.whole[0]
    else:
        while start < core and titles[0] in _HONORIFICS:
            start, titles = start + 1, titles[1:]
        if passage.lower[start - 1 : start] == ("former",):
            start -= 1
    return (passage.quote((start, core)), None) if start < core else (None, None)


def _back(passage: Passage, end: int) -> int:
    """Where a role in small letters before a name begins: "former party spokesman"."""
    if not end or bare(passage.words[end - 1]) not in namebook().titles or is_name(passage, end - 1):
        return end
    start = end - 1
    while start and end - start < 6 and _describes(passage, start - 1):
        start -= 1
    return start


def _describes(passage: Passage, word: int) -> bool:
    lower = passage.lower[word]
    return lower not in MARKS and lower not in DETERMINERS and lower not in PREPOSITIONS and (
        (is_name(passage, word) and not passage.begins_sentence(word)) or lower in namebook().titles
        or lower in ("former", "senior", "chief", "longtime", "campaign", "party", "foreign", "then")
    )  # fmt: skip
