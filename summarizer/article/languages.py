"""Decide which language an article is in."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from summarizer._files import read_toml
from summarizer._languages import cached, frequent_words, language_codes, own_words
from summarizer._patterns import compile_lazily

ENGLISH = "en"
_SAMPLE = 2_000  # characters
_MIN_SHARE = 0.08  # share of the words that must be frequent words of a language
_MIN_COUNT = 3  # frequent words
_MIN_WORDS = 40  # fewer words do not show the language against a given one
_MIN_DISTINCT = 3  # frequent words of a language against a given one, not the same few again and again
_MIN_CLEAR = 2  # words of one language that are not English, too
_WORD = compile_lazily(r"\w+(?:-\w+)*'?")
_CLEARLY = 2  # times as many words as those of the other language
_BEYOND_LATIN = compile_lazily("[\u0250-\U0010ffff]")  # the letters among them belong to other scripts
_FOREIGN_MARKS = "„«»"
_FREQUENT = {
    code: frozenset(words.split()) for code, words in read_toml(__file__, "languages.toml")["frequent"].items()
}
"""Frequent words of languages without a folder."""
LANGUAGE_NAMES: dict[str, str] = {
    name: code for code, names in read_toml(__file__, "languages.toml")["names"].items() for name in names.split()
}
"""Codes of two letters by the longer codes and the names of the same languages, in lower case."""


def shorten_language(tag: str) -> str:
    """Return a tag with a code of two letters for its language: "en-GB" for "eng-GB"."""
    primary, mark, rest = tag.partition("_" if "_" in tag else "-")
    return LANGUAGE_NAMES.get(primary.strip().casefold(), primary) + mark + rest


def guess_language(text: str, default: str = ENGLISH, *, least: int = _MIN_CLEAR) -> str:
    """Guess the language from its words, for example ``"de"``.

    The language decides how sentences are split: "14. Juni" is one sentence in German, and two in English.

    Args:
        text: The text, of which the beginning counts.
        default: The result if no language is clearly likelier than English.
        least: The words of one language that tell the language of a short text.
    """
    sample = text[:_SAMPLE]
    return _guess(sample, _words(sample), default, least)


def _guess(sample: str, words: Sequence[str], default: str, least: int = _MIN_CLEAR) -> str:
    shares = _shares(words)
    has_marks = any(mark in sample for mark in _FOREIGN_MARKS)
    if len(words) < _MIN_WORDS and (short := _guess_short(words, shares, 1 if has_marks else least)):
        return short
    best = max(shares, key=lambda code: shares[code])
    is_clear = best == ENGLISH or shares[best] > shares[ENGLISH]
    return best if is_clear and shares[best] >= max(_MIN_COUNT, _MIN_SHARE * len(words)) else default


def find_language_code(text: str, given: str | None) -> str:
    """Return the primary code of a text's language; empty if it is clearly none that the library knows.

    A given language decides, unless the text has 40 words and clearly is in another. Otherwise, its words decide.
    """
    sample = " ".join(text[: 2 * _SAMPLE].split())[:_SAMPLE]
    code, words = (given or "").partition("-")[0].lower(), _words(sample)
    if code:
        shares = _shares(words)
        best = max(shares, key=lambda other: shares[other])
        is_clear = shares[best] > max(_MIN_COUNT, _MIN_SHARE * len(words), _CLEARLY * shares.get(code, 0))
        is_clear = is_clear and _shares(set(words))[best] >= _MIN_DISTINCT
        return best if code in shares and len(words) >= _MIN_WORDS and is_clear else code
    beyond = sum(map(str.isalpha, _BEYOND_LATIN.findall(sample)))
    if beyond and 3 * beyond > sum(map(str.isalpha, sample)):
        return ""
    guessed = _guess(sample, words, default="")
    if guessed:
        return guessed
    english = sum(map(own_words(ENGLISH).__contains__, words))
    is_short = len(words) < _MIN_WORDS
    has_marks = any(mark in sample for mark in _FOREIGN_MARKS)
    is_foreign = not english and has_marks if is_short else english < len(words) / 30
    return "" if is_foreign else ENGLISH


def _words(sample: str) -> list[str]:
    return _WORD.findall(sample.lower().replace("’", "'"))


def _shares(words: Iterable[str]) -> dict[str, int]:
    """Return how many of the words are frequent words of each language."""
    languages = _languages_by_word()
    counts = dict.fromkeys([*_FREQUENT, *language_codes()], 0)
    counted = Counter(words)
    for word in counted.keys() & languages.keys():
        for code in languages[word]:
            counts[code] += counted[word]
    return counts


@cached
def _languages_by_word() -> Mapping[str, list[str]]:
    languages: dict[str, list[str]] = {}
    for code, words in (_FREQUENT | {code: frequent_words(code) for code in language_codes()}).items():
        for word in words:
            languages.setdefault(word, []).append(code)
    return languages


def _guess_short(words: Iterable[str], shares: dict[str, int], least: int) -> str:
    """Return the language that most words of a short text are in; empty if it is not clear."""
    counted = list(words)
    counts = shares | {
        code: shares[code] + sum(map(own_words(code).__contains__, counted)) for code in language_codes()
    }
    best, second = sorted(counts, key=lambda code: -counts[code])[:2]
    return best if counts[best] >= least and counts[best] > counts[second] else ""
