"""Words that are names here, and something else elsewhere: "Will Kerr", "Theresa May", “Bobby” in a name.

The classes of a word (modal, month, verb) would keep it out of a name. The words around it decide: a capital within a
sentence, a given name or a title before it, a surname after it.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from itertools import compress
from operator import attrgetter
from typing import TYPE_CHECKING

from summarizer._patterns import compile_lazily
from summarizer.attribution import lexicon
from summarizer.attribution.lexicon import CLOSING_MARKS, OPENING_MARKS, WORDS, classify_noun, word_set

if TYPE_CHECKING:
    from summarizer.attribution.names import Name
    from summarizer.attribution.tokens import Paragraph, Range, Token

_MONTHS = word_set("may april june august jan")
_NEVER = (
    lexicon.DETERMINERS
    | lexicon.PRONOUNS
    | lexicon.OBJECT_PRONOUNS
    | WORDS["weekdays"]
    | word_set("and or but nor that of")
)
"""Words that keep their class with a capital."""
_MAX_NICKNAME = 2  # in words
_OPENING = OPENING_MARKS | {"("}
_CLOSING = CLOSING_MARKS | {")"}

_may_begin = attrgetter("may_begin_name_words")  # faster than a loop over every token


def has_class(token: "Token") -> bool:
    """Return whether a capitalised word has a class that keeps it out of names."""
    if not token.is_capitalised or not token.text[1:].islower() or token.lower in _NEVER:
        return False
    has_other_class = token.ends_noun_phrase or token.is_day or token.is_adverb or token.is_preposition
    return has_other_class or token.cue is not None


def find_name_words(tokens: Sequence["Token"], first_words: Collection[int]) -> list[int]:
    """Return the places of words in names, whatever their class, and of marks around nicknames."""
    possible = list(compress(range(len(tokens)), map(_may_begin, tokens)))
    if not possible:
        return []
    firsts = frozenset(first_words)
    places = [
        word
        for word in possible
        if tokens[word].may_be_name and (_is_surname(tokens, word, firsts) or _is_given_name(tokens, word, firsts))
    ]
    for word in possible:
        if tokens[word].opens_nickname and (end := _nickname_end(tokens, word)):
            places += (word, end)
    return places


def _is_surname(tokens: Sequence["Token"], word: int, firsts: frozenset[int]) -> bool:
    """Return whether a given name, an initial or a title is before a word: "Theresa May", "Mrs May", "J. Down"."""
    if word in firsts or not word or not tokens[word - 1].is_capitalised:
        return False
    before, after = tokens[word - 1], tokens[word + 1 : word + 2]
    if after and (after[0].text[0].isdigit() or (after[0].is_capitalised and not after[0].owns)):
        return False  # "told Ann May 3"; a name would go on
    if tokens[word].text in ("Today", "Tonight"):
        return before.text.isalpha() and not before.is_day and before.lower not in _NEVER  # "USA Today"
    is_initial = len(before.text) == 2 and before.text[1] == "."
    given = before.lower in lexicon.GIVEN_NAMES and before.lower not in _MONTHS
    return is_initial or given or before.lower.rstrip(".") in WORDS["honorifics"]


def _is_given_name(tokens: Sequence["Token"], word: int, firsts: frozenset[int]) -> bool:
    """Return whether a surname follows a word, or whether it is a name alone: "May Hollis", "said Will"."""
    token, before = tokens[word], tokens[word - 1] if word else None
    if token.lower not in lexicon.GIVEN_NAMES:
        return False
    is_first = word in firsts or before is None or before.lower in _OPENING or before.lower == ":"
    if token.lower in _MONTHS and before and (before.lower in WORDS["before_month"] or before.text[0].isdigit()):
        return False
    following = tokens[word + 1] if word + 1 < len(tokens) and word + 1 not in firsts else None
    if following is None:
        return before is not None and before.lower in ("said", "says", "asked", "added", "replied")  # "said May"
    if following.is_capitalised and following.text[1:2].islower() | ("'" in following.lower[1:3]):
        other = following.lower in lexicon.GIVEN_NAMES and (token.lower in _MONTHS or is_first)
        return not (other or following.is_day) and following.lower not in _NEVER
    is_past = following.cue is not None and "past" in following.cue.forms and "base" not in following.cue.forms
    if token.lower in _MONTHS:
        return is_past or (before is not None and before.lower == following.lower == ",")
    return is_past if is_first else not following.text[0].isdigit()


def _nickname_end(tokens: Sequence["Token"], word: int) -> int:
    """Return the mark that closes a nickname within a name, or 0: "Robert “Bobby” Kane", "Robert (Bobby) Kane"."""
    if not word or not _is_plain_name(tokens[word - 1]):
        return 0
    for end in range(word + 2, min(word + 2 + _MAX_NICKNAME, len(tokens) - 1)):
        if tokens[end].lower in _CLOSING:
            inner = tokens[word + 1 : end]
            is_other = any(token.lower in lexicon.NATIONALITIES or token.lower in STATUSES for token in inner)
            return end if _is_plain_name(tokens[end + 1]) and not is_other else 0
        if not _is_plain_name(tokens[end - 1]):
            return 0
    return 0


STATUSES = word_set("retd retd. rtd ret ret. retired emeritus emerita")
_MAX_STATUS = 8  # in tokens


def status_start(lower: Sequence[str], end: int, floor: int = 0) -> int:
    """Return where brackets with a person's status before ``end`` begin, or ``end``: "(retd)", "(US Army, ret.)"."""
    if end < 1 or lower[end - 1] != ")":
        return end
    opening = next((word for word in range(end - 2, max(floor, end - _MAX_STATUS), -1) if lower[word] == "("), end)
    return opening if not STATUSES.isdisjoint(lower[opening:end]) else end


def _is_plain_name(token: "Token") -> bool:
    return token.is_capitalised and token.text[1:2].islower() and token.lower not in _NEVER and not token.owns


Joins = frozenset[tuple[str, str]]
"""The first and last words of names with "the" within, such as "Save the River"."""
_JOIN = compile_lazily(r" the (?=([A-Z][a-z]+))")
_BEFORE_JOIN = compile_lazily(r"(?<!\S)[A-Z][a-z]{1,19}$")
_MAX_BEFORE_JOIN = 21  # in characters, with the space before


def find_joins(text: str) -> Joins:
    """Return the names with "the" within that a text has twice at least, once within a sentence."""
    counted, within = Counter[tuple[str, str]](), set()
    for match in _JOIN.finditer(text):
        first = _BEFORE_JOIN.search(text[max(0, match.start() - _MAX_BEFORE_JOIN) : match.start()])
        if first is None:
            continue
        pair = (first[0].lower(), match[1].lower())
        counted[pair] += 1
        start = match.start() - len(first[0])
        before = text[max(0, start - 2) : start - 1]
        if before.islower() or before == ",":
            within.add(pair)  # elsewhere the capital may only begin a sentence
    return frozenset(pair for pair in within if counted[pair] > 1)


def is_compound_participle(text: str) -> bool:
    """Return whether a word is a participle after a name and a hyphen: "GOP-sponsored"."""
    last = text.rpartition("-")[2] if "-" in text else ""
    return last.islower() and last.endswith(("ed", "ing", "led", "born", "run", "area", "style", "wide", "era"))


_MAX_JOINED = 4
"""In tokens: the end of a name after its "and"."""


def joins_body(paragraph: "Paragraph", word: int) -> bool:
    """Return whether an "and" is in one name: "the Food and Grain Commission", not "the FBI and Board"."""
    tokens, first = paragraph.tokens, paragraph.tokens[word - 1]
    is_of_workers = len(tokens) > word + 4 and tokens[word + 3].text in ("'", "’") and tokens[word + 4].is_capitalised
    if first.text.isupper() or (first.lower in _ALONE and not is_of_workers):
        return False
    if paragraph.lower[word - 2] == "of":  # "the Office of Management and Budget"
        is_end = word + 2 == len(tokens) or not tokens[word + 2].is_capitalised
        are_people = tokens[word - 1].lower.endswith("s") and tokens[word + 1].lower.endswith("s")
        offices = _OFFICES | WORDS["unions"] if are_people else _OFFICES
        return is_end and paragraph.lower[word - 3] in offices and tokens[word + 1].lower not in _ALONE
    last = word + 4 if is_of_workers else word + 1  # "the Port and Canal Workers' Union"
    while last + 1 < min(word + _MAX_JOINED, len(tokens)) and tokens[last + 1].is_capitalised:
        last += 1
    if last == word + 1 or tokens[last].lower not in WORDS["joined_bodies"]:
        return False
    start = word - 1
    while (
        start > max(0, word - _MAX_JOINED) and tokens[start - 1].is_capitalised and not tokens[start - 1].is_determiner
    ):
        start -= 1
    return tokens[start - 1].is_determiner or tokens[last].lower in _SERVICES


_OFFICES = word_set("office department ministry bureau")
_SERVICES = word_set("protection enforcement")  # "Customs and Border Protection" needs no "the"
_ALONE = lexicon.ORGANISATIONS | lexicon.GOVERNMENTS | lexicon.NATIONALITIES | WORDS["places"]
"""Words that are names by themselves."""


def drop_participles(names: Sequence[list["Name"]]) -> list[list["Name"]]:
    """Return the names of each paragraph without a verb before a surname of the article: "Joining Reed"."""
    surnames = {name.key[-1] for here in names for name in here if not name.key[0].endswith("ing")}
    return [[_without_participle(name) if name.key[-1] in surnames else name for name in here] for here in names]


def _without_participle(name: "Name") -> "Name":
    (start, end), first = name.core, name.key[0]
    is_participle = len(name.key) == end - start > 1 and first.endswith("ing") and first not in lexicon.GIVEN_NAMES
    if not is_participle or name.titles or not lexicon.ORGANISATIONS.isdisjoint(name.key):
        return name
    return name._replace(whole=(start + 1, end), core=(start + 1, end), key=name.key[1:])


_SPEECH = frozenset({"said", "believed", "demanded", "promised", "denied"})
_MIN_LONE = 3  # in letters
_ENDS_OF_WORDS = ("ed", "ing", "ly", "rs", "ts", "ns", "ls", "ds", "es", "ks", "cs", "gs", "ms", "ps")


def is_speaking_name(paragraph: "Paragraph", words: "Range", paragraphs: Sequence["Paragraph"]) -> bool:
    """Return whether a verb of speech follows one unknown word that is no noun: "Kuleba said", not "Gossip said"."""
    (start, end), tokens = words, paragraph.tokens
    first, word = tokens[start], paragraph.lower[start]
    while end < len(tokens) and (tokens[end].is_adverb or tokens[end].lower in ("has", "had")):
        end += 1
    cue = tokens[end].cue if end < len(tokens) and tokens[end].is_finite else None
    if words[1] > start + 1 or cue is None or not any(sense.act in _SPEECH for sense in cue.senses):
        return False
    is_noun = word.endswith(_ENDS_OF_WORDS) or classify_noun(word) != "unknown" or first.cue is not None
    if is_noun or len(word) < _MIN_LONE or not word.isalpha():
        return False
    return not any(token.text == word for each in paragraphs if word in each.lower for token in each.tokens)
