"""Sources: what the words that name who says something are made of."""

from itertools import pairwise

from summarizer.attribution.attribution import EntityKind
from summarizer.attribution.cast import Mention
from summarizer.attribution.grammar import DETERMINERS, POSSESSIVES, PREPOSITIONS, PRONOUNS, word_set
from summarizer.attribution.lists import is_name
from summarizer.attribution.namebook import namebook
from summarizer.attribution.names import bare
from summarizer.attribution.passages import Passage, Range


def parts(passage: Passage, source: Range) -> list[Range]:
    """The sources in "neither Ms Hill nor Mr Day", "she and Mr Day", "none of the four"; nobody in "no one", "few"."""
    start, end = source
    lower = passage.lower
    if lower[start] in ("nobody", "no-one", "no", "few", "hardly", "scarcely"):
        return []
    if start + 2 < end and lower[start + 1] == "and" and lower[start] in PRONOUNS:
        return [(start, start + 1), (start + 2, end)]
    if lower[start] not in ("neither", "none"):
        return [source]
    if lower[start + 1 : start + 2] == ("of",):
        return [(start + 2, end)] if start + 2 < end else []
    edges = [start, *(word for word in range(start + 1, end) if lower[word] == "nor"), end]
    parts = [(left + 1, right) for left, right in pairwise(edges)]
    return [part for part in parts if part[0] < part[1]]


def is_head(passage: Passage, source: Range, mention: Mention) -> bool:
    """Whether a name heads the phrase, or is one of several that do: not "a friend of Mr Hill"."""
    start, end = mention.words
    if passage.lower[end - 1].endswith("'s") and end < source[1]:
        return False
    first = start - (start > source[0] and passage.lower[start - 1] in DETERMINERS)
    between = range(_item_start(passage, source, first), first)
    governed = any(_governs(passage, word) for word in between)
    if governed or any(passage.lower[word] in (",", "'", "who") for word in range(source[0], first)):
        joined = passage.lower[first - 1] == "and" or _is_listed(passage, source, (first, end))
        return joined and not governed
    before = passage.lower[start - 1] if start > source[0] else ""
    after = passage.lower[end] if end < source[1] else ""
    if after and after not in (",", "and", "(", "himself", "herself", "—", "-", "on", "in", "of", "who", "at", "also"):
        return False
    return not before.endswith("'s") and before not in POSSESSIVES


def _item_start(passage: Passage, source: Range, first: int) -> int:
    """Where what can govern a name begins: after the ", and" right before it, where another name heads the phrase."""
    lower = passage.lower
    if first - 2 < source[0] or lower[first - 2 : first] != (",", "and") or not is_name(passage, source[0]):
        return source[0]
    ends = head_end(passage, source)
    return source[0] if any(_governs(passage, word) for word in range(source[0], ends)) else first


def _is_listed(passage: Passage, source: Range, name: Range) -> bool:
    """Whether a name is neither the first nor the last of a list: "Mr Day" in "Ms Hill, Mr Day and Ms Ross"."""
    lower = passage.lower
    if lower[name[0] - 1] != "," or not is_name(passage, name[0] - 2) or not is_name(passage, source[0]):
        return False
    following = range(name[1], source[1] - 1)
    closed = any(lower[word] == "and" and is_name(passage, word + 1) for word in following)
    return closed and lower[name[1]] in (",", "and")


GOVERNING = PREPOSITIONS | word_set(
    "to representing advising defending supporting backing assisting prosecuting opposing investigating"
)
"""What stands between a noun and the name of somebody else: "an adviser to Mr Hill"."""


def _governs(passage: Passage, word: int) -> bool:
    """Whether a word is a preposition, and no part of a name such as "Union of Ferrymen"."""
    named = passage.lower[word] == "of" and is_name(passage, word - 1) and is_name(passage, word + 1)
    return passage.lower[word] in GOVERNING and not named


def is_person(noun: str) -> bool:
    """Whether a noun, in lower case, is surely what one person is called: "brother", "teacher", "spokeswoman"."""
    if noun in DETERMINERS:
        return False
    return noun in namebook().titles or noun in _PEOPLE or noun.endswith(("man", "er", "or", "ist", "ian"))


_PEOPLE = word_set(
    "official source person mother father wife husband friend boy girl student resident patient aide mp son daughter "
    "uncle aunt cousin neighbour neighbor colleague nurse clerk chief spokesperson guide cook pilot coroner "
    "executive diplomat attorney deputy boss expert candidate nominee envoy delegate strategist analyst critic "
    "opponent assistant consultant correspondent architect priest surgeon"
)


def head_end(passage: Passage, source: Range) -> int:
    """Where the phrase ends, its appositions left out."""
    for word in range(source[0] + 1, source[1]):
        if passage.lower[word] in (",", "(", "—", "–", "who", "which", "that"):
            return word
    return source[1]


_MANY = word_set("some many others several most few both all those these two three four five six critics")


def kind_of_source(passage: Passage, words: Range) -> EntityKind:
    """What kind of source a phrase without a name is, by its first noun head."""
    book = namebook()
    end = next((word for word in range(words[0] + 1, words[1]) if passage.lower[word] in GOVERNING), words[1])
    end -= passage.lower[end - 1] == "close" and end - 1 > words[0]
    head = bare(passage.words[end - 1])
    if head in book.documents:
        return "document"
    if head in book.organisation_nouns or head in book.organisations:
        return "organisation"
    plural = (head.endswith("s") and not head.endswith("ss")) or head in ("people", "men", "women", "police")
    if plural or passage.lower[words[0]] in _MANY:
        return "unnamed" if head in book.unnamed and passage.lower[words[0]] not in DETERMINERS else "group"
    return "unnamed"
