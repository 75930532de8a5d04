"""Lists of names: "Ann Hill, Tom Day and Eve Ross", "Ann Hill (Labour) and Tom Day (Green)"."""

from summarizer.attribution.grammar import DAYS, MARKS, PREPOSITIONS, word_set
from summarizer.attribution.passages import Passage

_FOLLOWING = (MARKS | PREPOSITIONS) - {"-", "/", "'", "’"}
"""What can follow on the last name of a list; another word would be the verb of a clause."""
_WITHIN = word_set(". de del der di du la le van von al bin -")
_LONGEST = 8
"""In words: a name with its titles."""


def is_name(passage: Passage, word: int) -> bool:
    """Whether a word is written like a name or a part of one."""
    return passage.words[word][0].isupper()


def list_end(passage: Passage, end: int, ceiling: int) -> int:
    """Where the list ends that a name before ``end`` begins; ``end`` where an "and" closes none."""
    word = end
    while word < ceiling and passage.lower[word] in (",", "and"):
        closing = passage.lower[word] == "and"
        word += 1
        if not closing and word < ceiling and passage.lower[word] == "and":
            closing, word = True, word + 1
        after = _name_end(passage, word, ceiling)
        if after == word:
            return end
        if closing:
            ends = after >= len(passage.words) or after == ceiling or passage.lower[after] in _FOLLOWING
            return after if ends else end
        word = after
    return end


def _name_end(passage: Passage, start: int, ceiling: int) -> int:
    """Where the name ends that begins at ``start``."""
    end = start
    while end < min(ceiling, start + _LONGEST) and (is_name(passage, end) or _is_inner(passage, start, end)):
        end += 1
    return start if end > start and passage.lower[start] in DAYS else end


def _is_inner(passage: Passage, start: int, word: int) -> bool:
    """Whether a word in small letters, or a full stop, stands between the words of a name."""
    inner = start < word < len(passage.words) - 1 and passage.lower[word] in _WITHIN
    return inner and is_name(passage, word + 1) and not passage.begins_sentence(word + 1)
