"""Read an object such as "the plan to close the library": what it is about, and whether that is to be or to end."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from summarizer._text import normalized_words
from summarizer.engines.builtin.lexicon import word_set

_ENDING = re.compile(r"(?<=.{3})(?:ing|ies|ed|es|s|e|y)$")
_SHORT = re.compile(r"[^aeiou]*[aeiou][bdgkmnprt]|.+(?:mit|fer)")  # verbs that double their last letter
IRREGULAR = dict(pair.split(":") for pair in sorted(word_set("irregular")))
"""Past participles that the rules of spelling do not give."""
_TOKEN = re.compile(r"\w+(?:[-.’'&]\w+)*(?:(?<=s)[’'](?=\s\w))?|[^\w\s]")
_POSSESSIVE = re.compile(r"(?:['’]s|s['’])$")
_BEFORE_NOUN, _AFTER_NOUN = word_set("before_noun"), word_set("after_noun")
_DETERMINERS, _PRONOUNS = word_set("determiners"), word_set("object_pronouns")
_PERSONAL = frozenset({"he", "she", "him", "her"})
_DEMONSTRATIVES = frozenset({"it", "this", "that", "these"})
_COMPLEMENTS = frozenset({"of", "on", "for", "to", "against"})
_PARTICLES = frozenset({"out", "up", "down", "off", "back", "away", "over", "through"})
_OPENING = '“”"‘«'
_MAX_NESTED = 3  # of "the plan for the closure of the library"
_MAX_WORDS = 16  # that are read of an object
_MAX_COMPLEMENT = 8  # words after the noun that are shown


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


def _directions(name: str) -> dict[str, int]:
    """Return the forms of the verbs and nouns of two opposite lists, with 1 for the first, -1 for the second."""
    first, second = name.split()
    return {
        word: sign
        for kind, sign in ((first, 1), (second, -1))
        for word in (
            *(form for verb in word_set(f"{kind}_verbs") for form in forms_of(verb).values()),
            *word_set(f"{kind}_nouns"),
        )
    }


SIDES = _directions("for against")
"""Words that take a side: 1 is for, -1 against what follows."""
CHANGES = _directions("making ending")
"""Words that make or keep something (1), or end it (-1)."""
_PLAN_ADJECTIVES = word_set("plan_adjectives")
_CHANGE_NOUNS = word_set("making_nouns") | word_set("ending_nouns")
PLANS = frozenset(form for word in word_set("plan_words") for form in (word, re.sub("y$", "ie", word) + "s"))


@dataclass(frozen=True, slots=True)
class Topic:
    """What an object is about."""

    words: str
    """The object in the article's words, without words that take a side."""
    noun: str
    """Its noun phrase, with a complement."""
    verb: str
    """The verb directly before the noun phrase, as it stands there: "raising", "close"."""
    head: str
    """The stem of its noun; empty for "the plan", "the closure" and "it"."""
    stems: frozenset[str]
    """The stems of the noun phrase and of its possessor."""
    side: int
    """1 or -1, by the words before the noun that take a side: -1 for "refused to back the plan"."""
    change: int
    """1 or -1, by the words that make or end something: -1 for "the closure of the library"."""
    action: str
    """The stem of another verb before the noun ("raising the dam"), or an empty string."""
    is_plan: bool
    """Whether the words name a plan, or are a pronoun."""
    is_name: bool
    is_pronoun: bool
    is_person: bool
    """Whether the words are "him", "she" or the like."""
    end: int
    """The index of the token after the noun phrase."""


class Words:
    """A text as tokens."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.matches = list(_TOKEN.finditer(text))
        self.raw = [match.group() for match in self.matches]
        self.lower = [word.lower().replace("’", "'") for word in self.raw]

    def index_at(self, offset: int) -> int:
        """Return the index of the first token that ends after an offset of the text."""
        return bisect_right(self.matches, offset, key=re.Match.end)

    def between(self, start: int, end: int) -> str:
        """Return the text of the tokens from ``start`` to before ``end``."""
        if start >= end:
            return ""
        return " ".join(self.text[self.matches[start].start() : self.matches[end - 1].end()].split())


@lru_cache(maxsize=10_000)
def stem(word: str) -> str:
    """Return a word without endings, so that "raise" equals "raising" and "ferry" equals "ferries"."""
    (word,) = normalized_words(word)[:1] or [word]
    word = _ENDING.sub("", word)
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


def read_topic(words: Words, start: int, stop: int, *, is_infinitive: bool = False) -> Topic | None:
    """Return what the object that begins at token ``start`` is about, or None if it has no noun.

    Words that take a side or change something are counted: "opposes scrapping the ban" ends nothing.

    Args:
        words: The text.
        start: The first token of the object.
        stop: The token after the last that may belong to it.
        is_infinitive: Whether the object begins with a verb: "raise the dam".
    """
    return _Reader(words, min(stop, start + _MAX_WORDS), is_infinitive=is_infinitive).read(start)


class _Reader:
    """The state of reading one object."""

    def __init__(self, words: Words, stop: int, *, is_infinitive: bool) -> None:
        self._words, self._stop, self._is_infinitive = words, stop, is_infinitive
        self._side, self._change, self._action = 1, 1, ""
        self._is_plan = self._is_changed = self._is_pronoun = self._is_person = False
        self._begin = self._verb = -1
        self._owner: frozenset[str] = frozenset()

    def read(self, start: int) -> Topic | None:
        words = self._words
        for _ in range(_MAX_NESTED):
            noun = self._skip_operators(start)
            if self._is_pronoun or self._is_person or (noun < self._stop and words.lower[noun] in _PRONOUNS):
                is_clear = (self._is_pronoun or self._is_person) and not self._is_changed and not self._action
                return self._topic(noun, [], noun + 1) if is_clear else None
            end = noun
            while (
                end < self._stop
                and words.raw[end][0].isalnum()
                and (words.lower[end] not in _AFTER_NOUN or (end == noun and words.lower[end] in ("last", "next")))
            ):
                end += 1
            own = self._strip_plan(list(range(noun, end)))
            if own and _POSSESSIVE.search(words.raw[own[-1]]) and own[-1] + 1 < end:
                self._owner, own = frozenset(stem(words.raw[index]) for index in own), []
            if own:
                return self._topic(noun, own, end)
            if end == start or end >= self._stop or words.lower[end] not in _COMPLEMENTS:
                break
            start = end
        if not (self._is_plan or self._is_changed):
            return None
        return self._topic(start, [], end)

    def _skip_operators(self, at: int) -> int:
        """Return the index of the first word of the noun phrase, after counting the words before it."""
        words, start = self._words, at
        while at < self._stop:
            word, raw = words.lower[at], words.raw[at]
            following = words.lower[at + 1] if at + 1 < self._stop else "."
            is_verb = self._is_action(at, start) and word not in SIDES
            if self._begin < 0 and (word in CHANGES or word in PLANS or is_verb):
                self._begin = at - (at > start and words.lower[at - 1] in _DETERMINERS)
            is_alone = following in _AFTER_NOUN or not following[0].isalnum()
            if word in _PRONOUNS and is_alone:
                self._is_pronoun = word in _DEMONSTRATIVES
                self._is_person = word in _PERSONAL
                return at
            if word == "and" and following in SIDES and at > start and words.lower[at - 1] in SIDES:
                at += 2  # "support and endorse"
                continue
            if word in ("not", "never"):
                self._side = -self._side
            elif word in SIDES and raw.islower() and not self._is_plan:
                self._side *= SIDES[word]
            elif word in CHANGES and raw.islower():
                self._change *= CHANGES[word]
                self._is_changed = True
                is_noun = word in _CHANGE_NOUNS and not self._is_verb_place(at, start)
                self._verb = -1 if is_noun else at
            elif word in PLANS and (is_alone or following in _COMPLEMENTS):
                self._is_plan = True
                if is_alone and following not in _COMPLEMENTS:
                    return at + 1
            elif self._is_action(at, start):
                self._action, self._verb = stem(word), at
            elif word in _PARTICLES and self._action:
                pass
            elif word not in _BEFORE_NOUN and not word.endswith("ly") and word not in _OPENING:
                return at
            at += 1
        return at

    def _is_action(self, at: int, start: int) -> bool:
        """Return whether a word is the verb of "to raise the dam" or "raising the dam"."""
        word = self._words.lower[at]
        before = self._words.lower[at - 1] if at > start else ""
        is_verb = self._is_verb_place(at, start) or (word.endswith("ing") and before not in _DETERMINERS)
        return is_verb and not self._action and self._words.raw[at].islower() and word not in _BEFORE_NOUN

    def _is_verb_place(self, at: int, start: int) -> bool:
        return self._words.lower[at - 1] == "to" if at > start else self._is_infinitive

    def _strip_plan(self, own: list[int]) -> list[int]:
        """Return a noun phrase without the last words that name a plan or a change: "the ferry plan"."""
        while own:
            last = self._words.lower[own[-1]]
            if last in PLANS:
                self._is_plan = True
            elif last in CHANGES and self._words.raw[own[-1]].islower():
                self._change *= CHANGES[last]
                self._is_changed = True
            elif not last.endswith("ly"):
                break
            own = own[:-1]
        if self._is_plan and all(self._words.lower[index] in _PLAN_ADJECTIVES for index in own):
            return []  # "the final bill"
        return own

    def _topic(self, noun: int, own: list[int], end: int) -> Topic:
        words = self._words
        stems = self._owner | {stem(words.raw[index]) for index in own}
        verb_end = self._verb + 1 + (words.lower[self._verb + 1 : self._verb + 2] in [[each] for each in _PARTICLES])
        has_verb = (
            bool(own)
            and 0 <= self._verb < noun
            and all(word in _BEFORE_NOUN or word.endswith("ly") for word in words.lower[verb_end:noun])
        )
        first = verb_end if has_verb else noun - (noun > 0 and words.lower[noun - 1] in _DETERMINERS)
        is_name = bool(own) and words.raw[own[-1]][0].isupper()
        last = own[-1] + 1 if own and _is_past(words.lower[end - 1]) else end
        shown_to = last if is_name else _complement_end(words, last, self._stop)
        return Topic(
            words=words.between(
                self._begin if self._begin >= 0 and (not own or self._begin < first) else first, shown_to
            ),
            noun=words.between(first, shown_to),
            verb=words.between(self._verb, verb_end).lower() if has_verb else "",
            head=stem(words.raw[own[-1]]) if own else "",
            stems=stems,
            side=self._side,
            change=self._change,
            action=self._action,
            is_plan=self._is_plan,
            is_name=is_name,
            is_pronoun=self._is_pronoun,
            is_person=self._is_person,
            end=end,
        )


def _is_past(word: str) -> bool:
    return word in CHANGES and word.endswith(("ed", "pt", "lt"))


def _complement_end(words: Words, end: int, stop: int) -> int:
    """Return the end of the prepositional phrase after a noun: "the ferry across the Merle"."""
    if end + 1 >= stop or words.lower[end] not in ("of", "across", "for", "between", "on"):
        return end
    following = words.lower[end + 1]
    if following.endswith("ing"):
        return end  # "accused the president of politicizing it"
    if words.lower[end] == "for" and following not in ("the", "a", "an"):
        return end  # "for another reason"
    if words.lower[end] == "on" and (following in _DETERMINERS or not words.raw[end + 1].islower()):
        return end  # "on a flood plain", "on Monday"
    at = end + 1
    while at < min(stop, end + _MAX_COMPLEMENT) and (
        (words.raw[at][0].isalnum() and words.lower[at] not in _AFTER_NOUN) or words.lower[at] in _DETERMINERS
    ):
        at += 1
    return at if words.lower[at - 1] not in _AFTER_NOUN else end


IT = Topic(
    "it", "it", "", "", frozenset(), 1, 1, "", is_plan=False, is_name=False, is_pronoun=True, is_person=False, end=1
)
"""The topic of "it", also where a text leaves it out."""
