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


def folded_words(text: str) -> list[str]:
    """The words of ``text``, without case, accents, marks and possessive endings."""
    plain = _POSSESSIVE.sub("", unicodedata.normalize("NFKD", text).casefold())
    if not plain.isascii():
        plain = "".join([letter for letter in plain if unicodedata.combining(letter) in _VOWEL_SIGNS])
    return _WORD.findall(plain.replace("_", " "))


def folded(text: str) -> str:
    """The same as one string, one space between words."""
    return " ".join(folded_words(text))
