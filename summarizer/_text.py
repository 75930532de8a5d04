"""Folding: text brought to what counts when words are compared.

Case, accents, marks and white space do not count. Vowel signs of the scripts of India and South-East
Asia do: they are letters there, though Unicode calls them marks.
"""

import re
import unicodedata

_SIGNS = "\u0900-\u0963\u0966-\u0dff\u0e31-\u0e3a\u0e47-\u0eff\u0f18-\u109f\u1780-\u17d3"  # those scripts' blocks
_WORD = re.compile(rf"[\w{_SIGNS}]+")
_POSSESSIVE = re.compile(r"['’]s\b")
_VOWEL_SIGNS = frozenset({0, 7, 8, 9})  # combining classes of marks that are as good as letters


def normalized_words(text: str) -> list[str]:
    """The words of ``text``, without case, accents, marks and possessive endings."""
    plain = _POSSESSIVE.sub("", unicodedata.normalize("NFKD", text).casefold())
    if not plain.isascii():
        plain = "".join([letter for letter in plain if unicodedata.combining(letter) in _VOWEL_SIGNS])
    return _WORD.findall(plain.replace("_", " "))


def normalize(text: str) -> str:
    """The same as one string, one space between words."""
    return " ".join(normalized_words(text))


_LONGEST = 200  # characters of a model's own words that a rejection repeats


def well_formed(text: str) -> str:
    """``text`` with a mark in place of each lone surrogate: JSON can name them, and no UTF-8 can hold them."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def shortened(text: str) -> str:
    """``text`` on one line, and not longer than a line or two."""
    text = " ".join(well_formed(text).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
