"""Read words, noun phrases and actions: "the ban on phones", "close the library to cars"."""

import re
from functools import cached_property, lru_cache
from typing import NamedTuple

from summarizer._patterns import compile_lazily
from summarizer._text import normalized_words
from summarizer.engines.builtin.lexicon import word_set

_ENDING = compile_lazily(r"(?<=.{3})(?:ing|ies|ed|es|s|e|y)$")
_SHORT = compile_lazily(r"[^aeiou]*[aeiou][bdgkmnprt]|.+(?:mit|[^f]fer)")  # verbs that double their last letter
IRREGULAR = dict(pair.split(":") for pair in sorted(word_set("irregular")))
"""Past participles that the rules of spelling do not give."""
_TOKEN = compile_lazily(r"[€£$]?\w+(?:[-.,’'&]\w+)*%?(?:(?<=s)[’'](?=\s\w))?|[^\w\s]")
DETERMINERS = word_set("determiners")
_AFTER_NOUN, _FUNCTION = word_set("after_noun"), DETERMINERS | word_set("object_pronouns")
_OWN = frozenset("his her its their my our your this that these those".split())
_QUANTIFIERS = frozenset("any some no such all each every".split())
_COMPLEMENTS = frozenset({"of", "on", "for", "across"})
_ADJUNCTS = frozenset({"to", "from", "by", "off", "into", "with", "until", "on", "of", "for"})
_PARTICLES = frozenset({"out", "up", "down", "off", "back", "away", "over"})
_IRREGULAR_PLURALS = frozenset("people children men women police cattle sheep lynx deer".split())
_SINGULAR = compile_lazily(r"(?:[suiy]s|[’']s?|news|series|Wales|Texas|States|Nations|Netherlands)$")
_NO_ACTIONS = word_set("no_actions")
_MAX_PHRASE = 8  # words of a noun phrase without its complement
_MAX_COMPLEMENT = 5
_TIMES = frozenset("anyone everyone all time times year years month months week weeks day days".split())
_DATES = word_set("dates")


def forms_of(verb: str) -> dict[str, str]:
    """Return the forms of a verb by the name of each: base, s, ing, past."""
    stem = verb + verb[-1] if _SHORT.fullmatch(verb) else verb
    if verb.endswith("e"):
        past, ing = verb + "d", verb[:-1] + "ing"
    elif verb.endswith("y") and verb[-2] not in "aeiou":
        past, ing = verb[:-1] + "ied", verb + "ing"
    else:
        past, ing = stem + "ed", stem + "ing"
    third = past[:-1] + "s" if past.endswith("ied") else verb + ("es" if verb[-1] in "sxzh" else "s")
    return {"base": verb, "s": third, "ing": ing, "past": IRREGULAR.get(verb, past)}


def all_forms(name: str) -> frozenset[str]:
    """Return all forms of the verbs of a list."""
    return frozenset(form for verb in word_set(name) for form in forms_of(verb).values())


_MAKING, _ENDING_WORDS = all_forms("making_verbs"), all_forms("ending_verbs")
CHANGES = {
    **dict.fromkeys(_MAKING | word_set("making_nouns"), 1),
    **dict.fromkeys(_ENDING_WORDS | word_set("ending_nouns"), -1),
}
"""Words that make or keep something (1), or end it (-1)."""
CHANGE_NOUNS = word_set("making_nouns") | word_set("ending_nouns")
"""Nouns that name the making or the ending of a thing."""
VERBS = {
    form: verb
    for kind in ("making_verbs", "ending_verbs", "not_passive", "other_actions", "going", "staying")
    for verb in word_set(kind)
    for form in forms_of(verb).values()
}
"""The verbs of proposals by each of their forms."""
FINITE = frozenset(
    form for verb in word_set("headline_verbs") for form in (forms_of(verb)["s"], forms_of(verb)["past"])
)
"""Verbs of headlines in the forms that end a noun phrase."""
_BASES = word_set("headline_verbs")
_NOT_PASSIVE, _GOING = word_set("not_passive"), word_set("going") | word_set("staying") | {"rise"}


def lower_case(text: str) -> str:
    """Return a text in lower case, or unchanged if that has another length; searches in it are quicker."""
    plain = text.lower()
    return plain if len(plain) == len(text) else text


class Words:
    """A text as tokens."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain = lower_case(text)
        self.raw: list[str] = _TOKEN.findall(text)
        self.lower = list(map(str.lower, self.raw)) if self.plain is not text else self.raw
        if "’" in text:
            self.lower = [word.replace("’", "'") for word in self.lower]

    @cached_property
    def matches(self) -> list[re.Match[str]]:
        """The places of the tokens."""
        return list(_TOKEN.finditer(self.text))

    def between(self, start: int, end: int) -> str:
        """Return the text of the tokens from ``start`` to before ``end``."""
        if start >= end:
            return ""
        return " ".join(self.text[self.matches[start].start() : self.matches[end - 1].end()].split())


@lru_cache(maxsize=10_000)
def stem(word: str) -> str:
    """Return a word without endings, so that "raise" equals "raising" and "ferry" equals "ferries"."""
    (word,) = normalized_words(word)[:1] or [word]
    word = _ENDING.sub("", word.lower())
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


def stems_of(text: str) -> frozenset[str]:
    """Return the stems of the words of a text."""
    return frozenset(map(stem, normalized_words(text)))


class NounPhrase(NamedTuple):
    """A noun phrase as indexes of tokens."""

    start: int
    head: int
    end: int
    """The token after its complement."""


def read_noun_phrase(words: Words, start: int, stop: int) -> NounPhrase | None:
    """Return the noun phrase that begins at a token: determiner, up to eight words, and one complement."""
    head = _noun_end(words, start, min(stop, start + _MAX_PHRASE)) - 1
    if head < start or words.lower[head] in DETERMINERS:
        return None
    end = head + 1
    if (
        end + 1 < stop
        and (words.lower[end] in _COMPLEMENTS or (words.lower[end] in ("at", "in") and words.raw[end + 1][0].isupper()))
        and words.lower[end + 1] not in _OWN | _DATES
    ):
        if words.lower[end] == "on" and words.lower[end + 1] in DETERMINERS:
            return NounPhrase(start, head, end)  # "on a flood plain"
        complement = _noun_end(words, end + 1, min(stop, end + 1 + _MAX_COMPLEMENT))
        if words.lower[end] in ("at", "in"):
            complement = next((at for at in range(end + 2, complement) if words.lower[at] in _BASES), complement)
        last = words.lower[complement - 1]
        is_whole = last not in _TIMES | DETERMINERS and not last.endswith("ing")
        if complement > end + 1 and is_whole and words.lower[complement : complement + 1] not in (["of"], ["'"]):
            end = complement
    return NounPhrase(start, head, end)


def _noun_end(words: Words, start: int, stop: int) -> int:
    """Return the token after the head of the noun phrase that begins at a token."""
    at = start
    while at < stop and words.lower[at] in DETERMINERS:
        at += 1
    first = at
    while at < stop:
        word = words.lower[at]
        if not (word[0].isalnum() or (word[0] in "€£$" and at == first)) or word in _FUNCTION | _DATES:
            break
        if word in _AFTER_NOUN and not (at == first and word in ("last", "next")):
            break
        if at > first and (_is_finite(words, at) or re.fullmatch(r"\d{4}", words.lower[at - 1])):
            break
        at += 1
    while at > first and words.lower[at - 1].endswith("ly") and at - 1 > first:
        at -= 1
    return at


def _is_finite(words: Words, at: int) -> bool:
    """Return whether a word in a noun phrase is rather the verb after it: "the street cleared its hurdle"."""
    word = words.lower[at]
    is_past = word.endswith("ed") and len(word) > 4 and not words.lower[at - 1].endswith("ly")
    is_base = word in _BASES and words.lower[at - 1].endswith("s")  # "night flights get go-ahead"
    return words.raw[at].islower() and (word in FINITE or is_past or is_base)


def is_plural(words: Words, phrase: NounPhrase) -> bool:
    """Return whether the head of a noun phrase looks like a plural."""
    head = words.raw[phrase.head]
    return head.lower() in _IRREGULAR_PLURALS or (head.endswith("s") and not _SINGULAR.search(head))


def write_noun_phrase(words: Words, phrase: NounPhrase, *, keeps_article: bool = False) -> str | None:
    """Return a noun phrase with the article that a headline leaves out; None if it means something else elsewhere."""
    first, text = words.lower[phrase.start], words.between(phrase.start, phrase.end)
    if first in ("its", "their"):
        return f"the {words.between(phrase.start + 1, phrase.end)}"
    if first in _OWN | _QUANTIFIERS or re.search(r"[“”\"‘«]|^\d", text):
        return None
    if first in ("a", "an"):
        return text if keeps_article else f"the {words.between(phrase.start + 1, phrase.end)}"
    if phrase.start == phrase.head == 0 and not is_plural(words, phrase):
        return f"the {text[0].lower()}{text[1:]}"  # "Verdict in Harlan case"
    is_name = words.raw[phrase.start][0].isupper() and words.lower[phrase.start] not in DETERMINERS
    return text if first == "the" or is_name or is_plural(words, phrase) else f"the {text}"


class Action(NamedTuple):
    """A proposal: "close Marrow Street to cars"."""

    verb: str
    """The infinitive."""
    noun: str
    """The stem of the head of its object."""
    stems: frozenset[str]
    """The stems of its object."""
    proposition: str


def read_action(words: Words, start: int, stop: int) -> Action | None:
    """Return the proposal that begins with the verb at a token, if its object is complete.

    An unknown verb counts if a determiner or a name follows, so that it has an object.
    """
    at = start + 1
    if at >= stop or words.lower[start] in _NO_ACTIONS:
        return None
    is_object = words.lower[at] in DETERMINERS or words.raw[at][0].isupper()
    verb = VERBS.get(words.lower[start]) or (words.lower[start] if is_object and words.raw[start].isalpha() else None)
    if verb is None or (verb.endswith("ing") and verb not in VERBS):
        return None
    particle = f" {words.lower[at]}" if at < stop and words.lower[at] in _PARTICLES else ""
    phrase = read_noun_phrase(words, at + bool(particle), stop)
    if phrase is None:
        return None
    noun = write_noun_phrase(words, phrase, keeps_article=True)
    is_bare = words.lower[phrase.start] not in DETERMINERS and phrase.end - phrase.start == 1
    if noun is None or (is_bare and noun[:4] == "the "):
        return None  # "to compete hard"
    end = phrase.end
    is_particle = not particle and end < stop and words.lower[end] in _PARTICLES
    if is_particle and words.lower[end + 1 : end + 2] in ([], ["of"], ["to"]):
        particle, end = f" {words.lower[end]}", end + 1
    adjunct_end = _adjunct_end(words, end, stop)
    if adjunct_end == end and words.lower[end : end + 1] == ["to"]:
        return None  # "allow parents to deduct the fees"
    rest = words.between(end, adjunct_end)
    rest = f"{particle} {rest}".rstrip()
    if verb in _NOT_PASSIVE:
        proposition = f"it is right to {verb} {noun}{rest}"
    elif verb in _GOING:
        proposition = f"{noun} should {verb}{rest}"
    else:
        proposition = f"{noun} should be {forms_of(verb)['past']}{rest}"
    stems = frozenset(stem(word) for word in words.raw[phrase.start : phrase.end])
    return Action(verb, stem(words.raw[phrase.head]), stems, proposition)


def _adjunct_end(words: Words, at: int, stop: int) -> int:
    """Return the end of the phrases with prepositions after an object: "to cars", "from 35% to 10%"."""
    for _ in range(2):
        if at + 1 >= stop or words.lower[at] not in _ADJUNCTS or words.lower[at + 1] in _OWN | _DATES - {"may"}:
            break
        end = _noun_end(words, at + 1, min(stop, at + 1 + _MAX_COMPLEMENT))
        is_place = (
            words.lower[at + 1] in DETERMINERS or not words.raw[at + 1].islower() or words.lower[end - 1][-1] == "s"
        )
        if words.lower[at] == "to" and not is_place:
            break  # "to combat crime"
        if words.lower[at + 1] == "may":
            end = at + 2
        if end == at + 1:
            break
        at = end
    return at
