"""Read a text as the words by which a claim and its evidence are compared: content words, negations, word lists."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import chain, takewhile
from typing import Any, NamedTuple

from summarizer._files import read_toml
from summarizer._patterns import compile_lazily
from summarizer._text import normalized_words
from summarizer.verification.names import other_names

_TOKEN = compile_lazily(r"\d+(?:[.,]\d+)*|[^\W_]+(?:['-][^\W_]+)*|[^\w\s]")
_SIGNS = {"’": "'", "‘": "'", "%": " percent ", "$": " dollars ", "€": " euros ", "£": " pounds "}
_NEGATION = compile_lazily(r"\b(ca|wo|sha)n't\b|\b(can)not\b|n't\b")
_FULL_FORMS = {"ca": "can", "wo": "will", "sha": "shall"}
_ELISION = compile_lazily(r"\b([cdjlmnst]|qu|jusqu|lorsqu|puisqu)'(?=\w)")
_ENDING = compile_lazily(r"(?<=\w{3})(?:ing|ed|es|er|en|et|s|e)$")
_ADVERB = compile_lazily(r"\w{3}(?<!p)ly$")  # no "apply"
_STEM = 6  # letters
_MAX_REACH = 6  # tokens from a mark to the word that it governs
_NEAR = 4  # tokens between two words about the same thing
_MAX_CACHED = 1024  # texts
_MAX_WORDS = 8192  # whose lists are kept
_AMERICA = compile_lazily(r"\bUSA?\b|\bU\.S\.(?:A\.)?")  # in lower case, "us" is a pronoun
_POSSESSIVE = compile_lazily(r"(?<=\w)'s?$")
_MIN_BEGINNING = 5  # letters that words in common begin with
_BEGINNING = {"de": 4}
_MAX_WORD = 60  # letters that are compared
_MIN_ROOT = 4  # letters of a stem that begins another word: "close", "closure"
_PREFIXES = ("un", "dis", "non", "re", "in", "im", "ge")
_RUN = compile_lazily(r"[\w'-]+")
_FIRST = compile_lazily(r"(?:\(\?<[=!][^)]*\))?((?:(?!_)[\w'*-])*)")
MONTH = compile_lazily(r"(?<=[\w,] )May\b|\bMay(?= \d)")
STOPS = frozenset('.,;:!?()"“”„«»–—…')


def content_stems(text: str, language: str) -> frozenset[str]:
    """Return the stems of the content words of a text; none in a language without lists of words."""
    read = read_text(text, language)
    return read.stems if read else frozenset()


class Words:
    """A list of words and phrases. Only texts with one of their first words are searched: most have none."""

    def __init__(self, words: str) -> None:
        self.pattern = _pattern(words)
        firsts = map(_FIRST.match, filter(None, re.split(r"[\s|]+", words)))
        self.firsts = {first[1] or "*" for first in firsts if first}

    def search(self, text: "ComparedText") -> re.Match[str] | None:
        """Return the first word of the list in a text."""
        return self.pattern.search(text.plain) if self in text.lists else None

    def finditer(self, text: "ComparedText") -> Iterable[re.Match[str]]:
        """Return the words of the list in a text."""
        return self.pattern.finditer(text.plain) if self in text.lists else ()


class Kind(NamedTuple):
    """Words of one kind: those that change a claim, and those that say the same in another way."""

    marks: Words
    lost: Words
    same: Words


@dataclass(frozen=True, eq=False)
class Rules:
    """The words of one language."""

    kinds: dict[str, Kind]
    opposites: tuple[tuple[Words, Words], ...]
    units: tuple[re.Pattern[str], ...]
    left_out: re.Pattern[str]
    function_words: frozenset[str]
    around: bool

    @cached_property
    def by_first(self) -> dict[str, list[Words]]:
        """The lists by the first words of their phrases."""
        lists: dict[str, list[Words]] = {}
        for words in chain(*self.kinds.values(), *self.opposites):
            for first in words.firsts:
                lists.setdefault(first, []).append(words)
        return lists


@lru_cache(maxsize=_MAX_WORDS)
def _find_lists(word: str, rules: Rules) -> frozenset[Words]:
    """Return the lists that have a word or phrase beginning with ``word``."""
    parts = [(f"{word[:place]}*", f"*{word[place:]}") for place in range(len(word) + 1)]
    return frozenset(chain.from_iterable(rules.by_first.get(form, ()) for form in (word, *chain(*parts))))


def _pattern(words: str) -> re.Pattern[str]:
    """Compile a list of words: "_" is a space, "*" any ending or beginning."""
    forms = [word.replace("*", r"[\w'-]*").replace("_", " ") for word in re.split(r"[\s|]+", words) if word]
    return re.compile(rf"(?<![\w'-])(?:{'|'.join(forms) or '(?!)'})(?![\w'-])")


@cache
def read_rules(language: str) -> Rules | None:
    """Return the rules of a language; None without lists of words."""
    data: dict[str, Any] = read_toml(__file__, "support.toml").get(language, {})
    if not data:
        return None
    tables = {name: table for name, table in data.items() if isinstance(table, dict)}
    pairs = (line.split() for line in data["opposites"].splitlines() if line)
    return Rules(
        {name: Kind(*(Words(table.get(key, "")) for key in Kind._fields)) for name, table in tables.items()},
        tuple((Words(one), Words(other)) for one, other in pairs),
        tuple(map(_pattern, data.get("units", "").split())),
        _pattern(data["left_out"]),
        frozenset(data["function_words"].split()),
        data["around"],
    )


@dataclass(frozen=True, eq=False)
class ComparedText:
    """A text in lower case with whole negations, and its words."""

    plain: str
    rules: Rules

    @cached_property
    def tokens(self) -> list[re.Match[str]]:
        """Its words and marks."""
        return list(_TOKEN.finditer(self.plain))

    @cached_property
    def lists(self) -> frozenset[Words]:
        """The lists that its words may be in."""
        return frozenset().union(*(_find_lists(word, self.rules) for word in set(_RUN.findall(self.plain))))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its content words."""
        return frozenset(self._content(self.tokens))

    def content(self, tokens: Sequence[re.Match[str]]) -> list[str]:
        """Return the content words among tokens; adverbs count as little as function words."""
        words = [_POSSESSIVE.sub("", token[0]) for token in tokens]
        words = [word for word in words if word not in self.rules.function_words]
        return [word for word in words if word.isdigit() or (word[1:] and not _ADVERB.search(word))]

    def _content(self, tokens: Sequence[re.Match[str]]) -> list[str]:
        return list(map(stem, self.content(tokens)))

    def governed(self, mark: re.Match[str], words: int | None = 1) -> list[str]:
        """Return the stems of the next content words of the clause; in some languages, of those before a mark, too."""
        after = [token for token in self.tokens if token.start() >= mark.end()]
        before = [token for token in self.tokens if token.end() <= mark.start()][::-1] if self.rules.around else []
        clauses = [takewhile(lambda token: token[0] not in STOPS, side) for side in (after, before)]
        return [stem for clause in clauses for stem in self._content(list(clause)[:_MAX_REACH])[:words]]

    def near(self, mark: re.Match[str]) -> frozenset[str]:
        """Return the stems of the content words around a mark."""
        place = next(index for index, token in enumerate(self.tokens) if token.end() > mark.start())
        around = self.tokens[max(0, place - _NEAR) : place] + self.tokens[place + 1 : place + 1 + _NEAR]
        return frozenset(self._content(around))


def read_wording(text: str, language: str) -> tuple[frozenset[str], bool]:
    """Return the stems of the content words of a text, and whether it is negated.

    Negations are words such as "not", "nicht", "ne … pas". In a language without lists of words, all words count, and
    nothing is negated.
    """
    if (rules := read_rules(language)) is None:
        return frozenset(normalized_words(text)), False
    plain, negations = rules.kinds["negation"].marks.pattern.subn("~", read_with_rules(text, rules).plain)
    return read_with_rules(plain, rules).stems, negations % 2 == 1


def count_shared(text: str, keys: Collection[str], language: str, *, without: Iterable[str] = ()) -> tuple[int, int]:
    """Return how many content words of a text have a relative among the `content_keys` of others, and of how many.

    Relatives have a stem or a beginning in common, in German also a part of a compound, or name the same country.

    Args:
        text: The text.
        keys: The keys of the other texts.
        language: The primary code of the language of all texts.
        without: Texts whose words do not count, such as the names of holders.
    """
    left_out = frozenset(chain.from_iterable(_content_words(words, language) for words in without))
    words = [word for word in _content_words(text, language) if word not in left_out]
    return sum(not _keys(word, language, "<", ">").isdisjoint(keys) for word in words), len(words)


@lru_cache(maxsize=_MAX_CACHED)
def content_keys(text: str, language: str) -> frozenset[str]:
    """Return what the content words of a text are found by: their stems, beginnings, ends and other names."""
    return frozenset(chain.from_iterable(_keys(word, language, ">", "<") for word in _content_words(text, language)))


@lru_cache(maxsize=_MAX_WORDS)
def _keys(word: str, language: str, whole: str, end: str) -> frozenset[str]:
    """Return the keys of a word; its ends match whole words only, and the whole word matches ends only."""
    letters = _BEGINNING.get(language, _MIN_BEGINNING)
    forms = {word, *(word[len(mark) :] for mark in _PREFIXES if word.startswith(mark) and len(word) > len(mark) + 3)}
    keys = {f"={stem(form)}" for form in forms} | {f"^{form[:letters]}" for form in forms if len(form) >= letters}
    keys.update(f"={other}" for other in other_names(word))
    root = stem(word)
    keys |= {f"{whole}|{root}"} if len(root) >= _MIN_ROOT else set()
    keys.update(f"{end}|{word[:place]}" for place in range(_MIN_ROOT, len(word)))
    if language == "de":
        bases = {base for base in (word, _ENDING.sub("", word)) if len(base) >= letters}
        keys.update(whole + base for base in bases)
        keys.update(end + base[place:] for base in bases for place in range(1, len(base) - letters + 1))
    return frozenset(keys)


@lru_cache(maxsize=_MAX_CACHED)
def _content_words(text: str, language: str) -> tuple[str, ...]:
    """Return the content words of a text in lower case, without accents and possessive endings."""
    rules = read_rules(language)
    if rules is None:
        return tuple(dict.fromkeys(word[:_MAX_WORD] for word in normalized_words(text)))
    read = read_with_rules(_AMERICA.sub("America", text).replace("-", " "), rules)
    words = chain.from_iterable(normalized_words(word) for word in read.content(read.tokens))
    return tuple(dict.fromkeys(word[:_MAX_WORD] for word in words))


def read_text(text: str, language: str) -> ComparedText | None:
    """Return a text as it is compared; None in a language without lists of words."""
    return read_with_rules(text, rules) if (rules := read_rules(language)) else None


def stem(word: str) -> str:
    """Return the beginning of a word without its ending."""
    return _ENDING.sub("", word)[:_STEM]


@lru_cache(maxsize=_MAX_CACHED)
def read_with_rules(text: str, rules: Rules) -> ComparedText:
    """Return a text as it is compared by the rules of its language."""
    plain = unicodedata.normalize("NFC", MONTH.sub("Mai", text)).lower()
    for sign, word in _SIGNS.items():
        plain = plain.replace(sign, word)
    plain = _NEGATION.sub(lambda match: f"{_FULL_FORMS.get(match[1], match[2] or '')} not", plain)
    return ComparedText(rules.left_out.sub("~", " ".join(_ELISION.sub(r"\1 ", plain).split())), rules)
