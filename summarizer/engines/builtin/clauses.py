"""Whether words of an article are a clause, as far as the forms of words tell: there is no tagger."""

import re
from functools import lru_cache
from itertools import pairwise

from summarizer._patterns import compile_lazily
from summarizer.attribution import Token
from summarizer.engines.builtin.lexicon import read_patterns, word_set
from summarizer.engines.builtin.phrases import forms_of

CLAUSE_OPENERS = word_set("clause_openers")
_SUBORDINATORS = CLAUSE_OPENERS | {"as", "after", "before", "until", "unless"}
_SUBJECT_PRONOUNS = frozenset({"he", "she", "it", "they", "we", "i"})
_PATTERNS = read_patterns("clauses")
_CLAUSE_BEFORE = compile_lazily(_PATTERNS["clause_before"], re.IGNORECASE)
_RELATIVE_CLAUSE = compile_lazily(r", (?:who|which|whose|where)\b[^,]*(?:,|$)")
_AFTER_PARTICIPLE = frozenset({"at", "by", "with", "for"})  # "policies aimed at"
_PAST = word_set("irregular_pasts")
_AFTER_VERB = frozenset("the a an that his her its their him them it".split())
_BEFORE_MONTH = frozenset({"late", "early", "last", "next", "of"})
_NUMBERS = frozenset("two three four five six seven eight nine ten dozen hundred thousand million".split())
_AFTER_PLURAL = frozenset({"", "next", "last", "this", "of", "in", "on", "and", "or"})  # "rate rises next year"
_NONFINITE = frozenset({"be", "been", "being"})
_NAME_AND_PARTICIPLE = compile_lazily(_PATTERNS["name_and_participle"])
"""Words without a finite verb: the "Ann Hill leading by two points" of "found Ann Hill leading"."""
NO_SUBJECTS = word_set("object_words")
_PLAIN_VERBS = frozenset(form for verb in word_set("plain_verbs") for form in (verb, forms_of(verb)["s"]))
_WORDS = compile_lazily(r"\w[\w’'-]*")


def is_clause(words: str) -> bool:
    """Return whether words have a subject and its finite verb, as far as their form tells."""
    words = _CLAUSE_BEFORE.sub("", words.removeprefix("that "), count=1)
    tokens = tokens_of(_RELATIVE_CLAUSE.sub(" ", words))
    if not tokens or tokens[0].text in NO_SUBJECTS:
        return False
    if is_pronoun(tokens[0]) or tokens[0].lower == "there's":
        return True
    if (tokens[0].is_finite and tokens[0].text.islower()) or _NAME_AND_PARTICIPLE.match(words):
        return False
    verbs = find_verbs(tokens)
    openers = [place for place in range(1, len(tokens)) if _opens_clause(tokens[place - 1], tokens[place])]
    return bool(verbs) and (len(verbs) > len(openers) or verbs[0] < openers[0])


def _opens_clause(before: Token, one: Token) -> bool:
    """Return whether a word opens a subordinate clause, as the "it" of "the number of requests it has received"."""
    is_contact = one.lower in _SUBJECT_PRONOUNS and not (before.is_coordinator or before.lower in _SUBORDINATORS)
    return one.lower in _SUBORDINATORS or (is_contact and not before.is_adverb)


def is_pronoun(token: Token) -> bool:
    """Return whether a token is a pronoun, also in "they'd"."""
    return token_of(token.lower.split("'")[0] or "'").is_pronoun


def find_verbs(tokens: list[Token]) -> list[int]:
    """Return the places where a group of words may be a finite verb, as far as their form tells."""
    places, is_group = [], False
    for place, (before, one) in enumerate(pairwise(tokens), 1):
        following = tokens[place + 1].lower if place + 1 < len(tokens) else ""
        is_verb = before.lower != "to" and _may_be_finite(before, one, following)
        is_next = one.is_finite_helper and not before.is_helper  # "states he won should flip"
        places += [place] if is_verb and (is_next or not is_group) else []
        is_group = is_verb or (is_group and one.is_adverb)
    return places


def _may_be_finite(before: Token, one: Token, following: str) -> bool:
    """Return whether a word after ``before`` may be a finite verb: "raised", not the "raised" of "the raised toll"."""
    word = one.lower
    is_attribute = before.is_preposition or before.owns or before.is_possessive or before.lower in _NUMBERS
    is_attribute = is_attribute or (before.is_determiner and not before.is_relative)
    if word in _SUBORDINATORS or (one.text == "May" and (is_attribute or before.lower in _BEFORE_MONTH)):
        return False
    if word.endswith("ed") and not before.is_finite_helper:
        return not is_attribute and "-" not in word and following not in _AFTER_PARTICIPLE
    if one.is_helper:
        return word not in _NONFINITE
    if one.is_finite or word in _PLAIN_VERBS:
        return not is_attribute and not (word.endswith("s") and following in _AFTER_PLURAL)
    if word in _PAST or (word.endswith("s") and following in _AFTER_VERB):
        return not is_attribute
    is_third = word.endswith("s") and (before.is_pronoun or before.is_relative or before.is_adverb)
    return is_third or "'" in word[1:].removesuffix("'s") or (word.endswith("'s") and is_pronoun(one))


def tokens_of(words: str) -> list[Token]:
    """Return the words of a text as tokens, without its marks."""
    return [token_of(word) for word in _WORDS.findall(words)]


@lru_cache(4096)
def token_of(word: str) -> Token:
    """Return a word as a token."""
    return Token(word)
