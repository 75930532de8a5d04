"""Names: the runs of capitalised words that name people and bodies, their titles taken off."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import compress
from operator import ne
from typing import NamedTuple

from summarizer.attribution.grammar import (
    ADVERBS,
    AUXILIARIES,
    COORDINATORS,
    DAYS,
    DETERMINERS,
    MODALS,
    OBJECT_PRONOUNS,
    OPENING,
    PREPOSITIONS,
    PRONOUNS,
    QUESTIONS,
    STOPS,
    SUBORDINATORS,
    word_set,
)  # fmt: skip
from summarizer.attribution.namebook import Sex, namebook
from summarizer.attribution.passages import Passage, Range

_PARTICLES = word_set("de da di del della der den van von bin ibn al el la le du dos ben")
_NO_NAMES = (
    ADVERBS | AUXILIARIES | COORDINATORS | DAYS | DETERMINERS | MODALS | OBJECT_PRONOUNS | PREPOSITIONS | PRONOUNS
    | QUESTIONS | SUBORDINATORS
    | word_set("i. yes well oh ok there here that neither none to dear whoever whatever whichever")
)  # fmt: skip
_BEFORE_CAPITAL = OPENING | STOPS | {":"}
_LONGEST = 12
"""In words; a longer run of capitals is a headline, or shouting."""


class Name(NamedTuple):
    """One name in one passage."""

    whole: Range
    """Its words, titles included: "Ukrainian President Volodymyr Zelensky"."""
    core: Range
    """Its words without titles: "Volodymyr Zelensky"."""
    key: tuple[str, ...]
    """The words of the core in lower case, a possessive 's taken off."""
    titles: tuple[str, ...]
    """The words before the core, in lower case and without full stops."""
    titled_sex: Sex
    """What the title says: "m" for "Mr"."""
    sex: Sex
    """What the title says, else the given name."""


@lru_cache(maxsize=8192)
def bare(word: str) -> str:
    """A word in lower case without a possessive 's and without full stops: for look-up."""
    word = word.lower().replace("’", "'")
    if word.endswith("'s"):
        word = word[:-2]
    return word if "." in word[:-1] else word.rstrip(".")


_THE = re.compile(r" the ([A-Z][a-z]+)")
_REACH = 20
"""In characters: how long the first word of a joined name can be."""


def joined(text: str) -> frozenset[tuple[str, str]]:
    """The first and last words, in lower case, of names such as "Save the River", which a text has twice at least."""
    counted, within = Counter[tuple[str, str]](), set()
    for found in _THE.finditer(text):
        end = found.start()
        start = text.rfind(" ", max(0, end - _REACH), end) + 1
        first = text[start:end]
        if start and first[:1].isupper() and first.isalpha():
            pair = (first.lower(), found[1].lower())
            counted[pair] += 1
            if text[start - 2].islower() or text[start - 2] == ",":
                within.add(pair)  # elsewhere the capital may only begin a sentence
    return frozenset(pair for pair in within if counted[pair] > 1)


def names(passages: Sequence[Passage], joins: frozenset[tuple[str, str]]) -> list[list[Name]]:
    """The names in each passage, in order; ``joins`` as `joined` gives them.

    A single word where every word is capitalised, since it begins a sentence or a quotation, counts only where
    something else in the article, or the word itself, bears out that it is a name.
    """
    found = [_candidates(passage, joins) for passage in passages]
    book = namebook()
    known = {word for here in found for each in here if isinstance(each, Name) for word in each.key}
    known.update(book.given, book.governments)
    return [
        [name for each in here for name in _borne_out(passage, each, known)]
        for passage, here in zip(passages, found, strict=True)
    ]


def _borne_out(passage: Passage, candidate: Name | int, known: set[str]) -> tuple[Name, ...]:
    if isinstance(candidate, Name):
        return (candidate,)
    return _name(passage, (candidate, candidate + 1)) if bare(passage.words[candidate]) in known else ()


def _candidates(passage: Passage, joins: frozenset[tuple[str, str]]) -> list[Name | int]:
    """The names in a passage, and the words that are doubtful ones."""
    if passage.kind == "title" or passage.is_aside:
        return []
    found: list[Name | int] = []
    for start, end in _runs(passage, joins):
        if end > start + 2:
            found += _split(passage, (start, end))
        elif end == start + 1 and (passage.begins_sentence(start) or passage.words[start - 1] in _BEFORE_CAPITAL):
            found.append(start)
        else:
            found += _name(passage, (start, end))
    return found


def _runs(passage: Passage, joins: frozenset[tuple[str, str]]) -> Iterator[Range]:
    words, lower = passage.words, passage.lower
    done = 0
    # what is not written as in lower case is found fast, and has nearly every time a capital first
    for word in compress(range(len(words)), map(ne, words, lower)):
        if word < done or not words[word][0].isupper() or not _begins(passage, word):
            continue
        end = word + 1
        while end < len(words) and not lower[end - 1].endswith("'s") and (step := _goes_on(passage, end, joins)):
            end += step
        if end - word <= _LONGEST:
            yield word, end
        done = end


def _begins(passage: Passage, word: int) -> bool:
    """Whether a capitalised word can begin a name: not "The", but "US", which is no pronoun in capitals."""
    lower = passage.lower[word]
    if word and passage.lower[word - 1] == "[" and passage.lower[word + 1 : word + 2] == ("]",):
        return False  # the number of a note: "[S2]"
    if lower not in _NO_NAMES and lower.partition("'")[0] not in _NO_NAMES:
        return True
    return lower in ("us", "who") and passage.words[word].isupper() and not passage.begins_sentence(word)


def _capital(word: str) -> bool:
    return word[0].isupper()


def _goes_on(passage: Passage, word: int, joins: frozenset[tuple[str, str]]) -> int:
    """How many words the run takes from ``word`` on: 0 where it ends before."""
    words = passage.words
    if passage.starts[word] > passage.end(word - 1) + 1:
        return 0
    if _capital(words[word]):
        small = passage.lower[word] in _NO_NAMES and (not words[word].isupper() or len(words[word]) == 1)
        return 0 if small else 1
    if words[word] in "'’" and passage.starts[word] == passage.end(word - 1):
        following = passage.lower[word + 1 : word + 2]
        return 2 if following and following[0] in namebook().organisations and _capital(words[word + 1]) else 0
    if words[word] == "the":
        return 2 if (passage.lower[word - 1], *map(bare, words[word + 1 : word + 2])) in joins else 0
    joins_on = words[word] in _PARTICLES or words[word] in ("of", "&")
    return 2 if joins_on and word + 1 < len(words) and _capital(words[word + 1]) else 0


def _split(passage: Passage, run: Range) -> Iterator[Name]:
    """A run as one name, or as two where "of" joins a person and a place: "Ms Day of Ohio"."""
    start, end = run
    book = namebook()
    for word in range(start + 1, end - 1):
        before = bare(passage.words[word - 1])
        if passage.words[word] == "of" and before not in book.titles and before not in book.organisations:
            yield from _name(passage, (start, word))
            yield from _name(passage, (word + 1, end))
            return
    yield from _name(passage, run)


def _name(passage: Passage, run: Range) -> tuple[Name, ...]:
    """The name that a run is; none where it is nothing but titles."""
    start, end = run
    key, titles, titled_sex, sex = _parts(tuple(map(bare, passage.words[start:end])))
    return (Name(run, (start + len(titles), end), key, titles, titled_sex, sex),) if key else ()


@lru_cache(maxsize=4096)
def _parts(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...], Sex, Sex]:
    """The key and the titles of a name, and what the titles, and the given name else, say of the sex."""
    core = _core(words)
    key, titles, book = words[core:], words[:core], namebook()
    titled: Sex = next((book.titles[title] for title in titles if book.titles.get(title)), "")
    return key, titles, titled, titled or (book.given.get(key[0], "") if len(key) > 1 else "")


def _core(words: tuple[str, ...]) -> int:
    """Where the titles before a name end; the number of words where there is nothing but titles."""
    book = namebook()
    core = 0
    if words[-1] not in book.organisations and " ".join(words) not in book.governments:
        core = max((i + 1 for i, word in enumerate(words) if word in book.titles), default=0)
        while core + 1 < len(words) and (words[core] in book.nationalities or _is_place(words, core)):
            core += 1
    rest = words[core:]
    return len(words) if not rest or rest[0] == "of" or all(word in book.nationalities for word in rest) else core


def _is_place(words: Sequence[str], word: int) -> bool:
    """Whether a word belongs to the name of a place right before a person's: "Middle East Sam Hill"."""
    book = namebook()
    if word + 2 < len(words) and " ".join(words[word : word + 2]) in book.governments:
        return words[word + 2] in book.given
    place = words[word] in book.governments or " ".join(words[word - 1 : word + 1]) in book.governments
    return place and words[word + 1] in book.given
