"""The names and addresses in a model's words, and which of them an article lacks."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import takewhile
from typing import Any, NamedTuple

from summarizer._files import read_toml
from summarizer._patterns import compile_lazily
from summarizer._text import normalize, normalized_words, strip_invisible
from summarizer.verification.text_index import TextIndex

_WORD = compile_lazily(r"[^\W\d_](?:[\w’'&.-]*[\w&])?")
_BEGINS_SENTENCE = compile_lazily(r"(?:^|[.!?:…“”\"‘«»„(—–]\s*|\n)$")
_CAPITALS_INSIDE = compile_lazily(r"[a-z][A-Z]|^[A-Z]{3,}$|\d")
_INITIALISM = compile_lazily(
    r"[A-Z][\w-]*(?:(?:[ -](?:of|and|for|the|de|la|du|des|der|für|y)\b){0,2}(?: ?&)?[ -][A-Z][\w-]*)+"
)
_DOMAINS = (
    "com|org|net|info|biz|io|app|dev|xyz|online|site|shop|club|edu|gov|example|test|co|me|ru|cn|eu|de|fr|uk|ch|nl"
)
_ADDRESS = compile_lazily(
    r"(?P<web>\b[a-z][a-z0-9+.-]{1,20}://[^\s<>“”\"]+|\bwww\.[^\s<>“”\"]+"
    r"|\b(?:javascript|data|mailto|https?|hxxps?|file):[^\s<>“”\"]+"
    r"|\b[\w-]{1,63}(?:\.[\w-]{1,63}){0,5}\.[a-z]{2,12}/[^\s<>“”\"]*|\b\d{1,3}(?:\.\d{1,3}){3}\b(?:[:/]\S*)?"
    rf"|\b(?=\w*[^\W\d])[\w-]{{2,63}}(?:\.[\w-]{{1,63}}){{0,4}}(?:\.|\[\.\])(?-i:{_DOMAINS})\b(?![\w’'-]|\.\w)"
    r"|\b[\w-]{2,63} dot (?:com|org|net|info|io)\b)"
    r"|(?P<mail>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})"
    r"|(?P<handle>(?<![\w.@/])@\w{2,40})"
    r"|(?P<phone>(?<![\w.,])(?:\+|\(?0|00|1-)[\d(][\d ()/.-]{5,20}\d|(?<![\w.,-])\d{3}-\d{4}\b(?!-))",
    re.IGNORECASE,
)
_ELIDED = compile_lazily(r"[CDJLMNSTQ]u?[’'][^\W\dA-ZÀ-Þ]")  # "L’édifice"
_MIXED = compile_lazily(r"\b(?=\w*[a-zA-Z])\w*[\u0400-\u04ff\u03bf]\w*")
_MIN_STEM, _MAX_ENDING = 4, 3  # letters of a name: "Britain" for "British"
_MAX_INITIALISM = 5  # letters
_POSSESSIVE = compile_lazily(r"['’]s?$")
_DOTS_OF_IP = 3
_MIN_DIGITS = 7  # of a phone number
_MIN_HEADLINE = 3  # words


class _Words(NamedTuple):
    """The words of `names.toml` for a language."""

    ordinary: frozenset[str]
    verbs: frozenset[str]
    endings: tuple[str, ...]
    finite: frozenset[str]
    nouns_have_capitals: bool


@cache
def _read_words(language: str) -> _Words:
    data = read_toml(__file__, "names.toml")
    table: Mapping[str, Any] = data.get(language, {})
    ordinary, verbs, finite = (frozenset(table.get(key, "").split()) for key in ("ordinary", "verbs", "finite"))
    endings = tuple(table.get("endings", "").split())
    return _Words(ordinary, verbs, endings, finite, table.get("nouns_have_capitals", False))


@cache
def read_question_words(language: str) -> frozenset[str]:
    """Return the words that begin a question about a detail: "who", "when"."""
    return frozenset(read_toml(__file__, "names.toml").get(language, {}).get("questions", "").split())


@cache
def _groups() -> Mapping[str, frozenset[str]]:
    groups = [frozenset(normalized_words(group)) for group in read_toml(__file__, "names.toml")["same"]]
    found: dict[str, frozenset[str]] = {}
    for group in groups:
        found |= {word: group | found.get(word, frozenset()) for word in group}
    return found


def other_names(word: str) -> frozenset[str]:
    """Return the words that name the same country or body: "kyiv" for "ukraine"."""
    return _groups().get(word, frozenset())


@cache
def _known_names() -> re.Pattern[str]:
    names = "|".join(map(re.escape, read_toml(__file__, "names.toml")["known"]))
    return re.compile(rf"\b(?:{names})(?:['’]s)?\b")


def find_addresses(text: str) -> list[str]:
    """Return the web and mail addresses, the phone numbers, and the handles such as "@name" in a text."""
    found = (match[0].rstrip(".,;:!?)'’") for match in _ADDRESS.finditer(text))
    return [each for each in found if not _is_number(each) or len(_digits(each)) >= _MIN_DIGITS]


def missing_addresses(text: str, evidence: Iterable[str]) -> list[str]:
    """Return the addresses of a text that its evidence does not have, and words of Latin and other letters.

    Letters are compared in their compatible form: a full stop of full width is one.
    """
    text = unicodedata.normalize("NFKC", strip_invisible(text))
    addresses = [*find_addresses(text), *_MIXED.findall(text)]
    if not addresses:
        return []
    given = unicodedata.normalize("NFKC", strip_invisible(" ".join(evidence))).casefold()
    numbers = _digits(given)

    def is_given(address: str) -> bool:
        if _is_number(address):
            return _digits(address) in numbers
        return re.sub(r"^(?:[a-z0-9+.-]+://)?(?:www\.)?|/$", "", address.casefold()) in given

    return [address for address in addresses if not is_given(address)]


def _is_number(address: str) -> bool:
    return (
        address.count(".") != _DOTS_OF_IP
        and address[0] in "+(0123456789"
        and not re.search("[a-z@]", address, re.IGNORECASE)
    )


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


@dataclass(frozen=True)
class NameIndex:
    """An index of the names of an article."""

    index: TextIndex

    @property
    def language(self) -> str:
        """The primary code of the article's language."""
        return self.index.reading.language

    @cached_property
    def _initials(self) -> str:
        """The initials of names of several words, separated by spaces: "eu" for the European Union."""
        names = _INITIALISM.findall(self.index.reading.article.text)
        return " ".join("".join(re.findall(r"\b[A-Z]", name)).casefold() for name in names)

    @cached_property
    def _capitalized(self) -> frozenset[str]:
        """The words that have a capital within a sentence."""
        text = self.index.reading.article.text
        inside = (match for match in _WORD.finditer(text) if match[0][0].isupper())
        return frozenset(normalize(word[0]) for word in inside if not _begins_sentence(text, word.start()))

    def find(self, text: str) -> list[tuple[str, ...]]:
        """Return the names in a text, each as its words.

        A first word counts if it is a name in the article, or if it cannot be an ordinary word: "Evilcorp is …". Where
        nouns have capitals, a name has two words, or capitals and digits inside.
        """
        words = _read_words(self.language)
        names: list[tuple[str, ...]] = []
        for run in () if text.isupper() else _capitalized_runs(text):
            first, *others = run
            is_first = _begins_sentence(text, first.start())
            parts = [word[0] for word in run]
            if words.nouns_have_capitals:
                inside = [(part,) for part in parts if _CAPITALS_INSIDE.search(part)]
                names += [tuple(parts)] if others and not is_first else inside
            elif is_first and not self._is_name_at_start(text, first, has_others=bool(others)):
                names += [tuple(parts[1:])] if others else []
            else:
                names.append(tuple(parts))
        kept = (tuple(part for part in name if normalize(part) not in words.ordinary) for name in names)
        return [name for name in kept if name]

    def missing(self, text: str) -> list[str]:
        """Return the names in a text that the article does not have under any form."""
        return [" ".join(name) for name in self.find(text) if not self._has(name)]

    def invented(self, text: str) -> list[str]:
        """Return the missing names, but for initialisms, countries, capitals and bynames: a paraphrase may use them."""
        plain = _known_names().sub(" ", text)
        missing = [name for name in self.find(plain) if not self._has(name)]
        return [" ".join(name) for name in missing if not all(map(self._is_usual, name))]

    def _is_usual(self, word: str) -> bool:
        plain = _POSSESSIVE.sub("", word)
        if plain.isupper() and len(plain.replace(".", "")) <= _MAX_INITIALISM:
            return True
        return self._has_word(word) or all(map(other_names, normalized_words(plain)))

    def _is_name_at_start(self, text: str, first: re.Match[str], *, has_others: bool) -> bool:
        words, lower = _read_words(self.language), normalize(first[0])
        if lower in self._capitalized or _CAPITALS_INSIDE.search(first[0]):
            return True
        if (
            _ELIDED.match(first[0])
            or has_others
            or self.index.contains(first[0])
            or lower.endswith(words.endings or ("\0",))
        ):
            return False
        following = normalized_words(text[first.end() : first.end() + 40])[:1]
        return len(lower) > 3 and bool(following) and following[0] in words.verbs and lower not in _FUNCTION_WORDS

    def _has(self, name: Sequence[str]) -> bool:
        """Return whether the article has all words of a name, or its initials; of German names, one word."""
        initials = "".join(word[0] for word in name).casefold()
        if len(name) > 1 and self.index.contains(initials):
            return True
        has = any if _read_words(self.language).nouns_have_capitals else all
        return has(map(self._has_word, name))

    def _has_word(self, word: str) -> bool:
        if self.index.contains_all([word]):
            return True
        word = _POSSESSIVE.sub("", word)
        initials = word.replace(".", "").casefold()
        if word.isupper() and len(initials) > 1 and initials in self._initials:
            return True
        for part in normalized_words(word.replace(".", "")):
            stem = part[: max(_MIN_STEM, len(part) - _MAX_ENDING)]
            others = other_names(part)
            if not (self.index.has_prefix(stem) or any(map(self.index.contains, others))):
                return False
        return True

    def is_headline(self, name: str) -> bool:
        """Return whether the name of a holder is a sentence, its predicate or a headline: "The bridge must go"."""
        parts = name.split()
        words = _read_words(self.language)
        if parts and name.islower() and parts[0] in words.finite and len(parts) > 1:
            return True
        if len(parts) < _MIN_HEADLINE:
            return False
        if any(part in words.finite for part in takewhile(lambda part: part.lower() not in _RELATIVE, parts)):
            return True
        article, wanted = self.index.reading.article, normalize(name)
        is_only = article.text.count(name) < 2
        is_title = wanted == normalize(article.title or "") and len(parts) > _MIN_HEADLINE
        return is_only and (is_title or (wanted in self._sentences and not name.istitle()))

    @cached_property
    def _sentences(self) -> frozenset[str]:
        """The normalized sentences with a full stop."""
        texts = (sentence.text for sentence in self.index.reading.sentences)
        return frozenset(normalize(text) for text in texts if text.endswith("."))


_RELATIVE = frozenset("who that which whom die der das qui que quienes".split())
_FUNCTION_WORDS = frozenset(
    "this that these those here there what which when where while with from they them their some many most such each "
    "both only even also then thus none neither either nobody nothing everyone everybody everything someone somebody "
    "nor but and yet for one two all any few more less much other others another".split()
)


def _begins_sentence(text: str, start: int) -> bool:
    return _BEGINS_SENTENCE.search(text, max(0, start - 3), start) is not None if start else True


def _capitalized_runs(text: str) -> Iterator[list[re.Match[str]]]:
    """Yield the runs of words with capitals that only spaces separate."""
    run: list[re.Match[str]] = []
    for word in _WORD.finditer(text):
        follows = bool(run) and text[run[-1].end() : word.start()] in (" ", "\u00a0")
        if run and not (follows and word[0][0].isupper()):
            yield run
            run = []
        if word[0][0].isupper():
            run.append(word)
    if run:
        yield run
