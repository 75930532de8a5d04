"""String helpers: normalize for comparison, clean for display, make safe for UTF-8, make names different."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import lru_cache
from itertools import count, product

from summarizer._patterns import compile_lazily

# Vowel signs of the scripts of India and South-East Asia are letters there, though Unicode calls them marks.
_SIGNS = "\u0900-\u0963\u0966-\u0dff\u0e31-\u0e3a\u0e47-\u0eff\u0f18-\u109f\u1780-\u17d3"  # blocks of those scripts
_VOWEL_SIGNS = frozenset({0, 7, 8, 9})  # combining classes of marks that act as letters
_WORD = compile_lazily(rf"[\w{_SIGNS}]+")
_POSSESSIVE = compile_lazily(r"['’]s\b")
_TRANSLITERATED = compile_lazily(r"(?:iy|ij|yi|yy|ii|yj)$")
_QUERY = compile_lazily(r"(https?://[^\s?#]*\?)\S+?(?=[.,:;!?”\")]*(?:\s|$))", re.IGNORECASE)

_ALWAYS = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # controls, except white space
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # zero-width, bidirectional
    "\U000e0000-\U000e007f"  # tags, which can spell out hidden text
)
_JOINERS = "\u200c\u200d"
_SELECTORS = "\U000e0100-\U000e01ef"
_IDEOGRAPHS = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"

_ANY_SELECTOR = compile_lazily(f"[{_SELECTORS}]")
MAYBE_INVISIBLE = compile_lazily(f"[{_ALWAYS}{_JOINERS}{_SELECTORS}]")
"""One character that is invisible, or may be: joiners and selectors depend on their neighbours."""

INVISIBLE = compile_lazily(
    f"(?:[{_ALWAYS}]"
    f"|(?<![^\x00-\x7f{_ALWAYS}])[{_JOINERS}]|[{_JOINERS}](?![^\x00-\x7f{_ALWAYS}])"  # that join nothing
    f"|(?<![{_IDEOGRAPHS}])[{_SELECTORS}])+"  # that vary nothing
)
"""A run of controls, zero-width and bidirectional marks.

They split words, hide text or reverse its order, so a model would read text that is invisible to people.
Joiners stay where they join: in emoji, in Persian, in the scripts of India.
"""


def normalized_words(text: str) -> list[str]:
    """Return the words of ``text`` without case, accents, marks and possessive endings."""
    plain = (text if text.isascii() else unicodedata.normalize("NFKD", text)).casefold()
    if "'s" in plain or "’s" in plain:
        plain = _POSSESSIVE.sub("", plain)
    if not plain.isascii():
        letters = (letter for letter in set(plain) if not letter.isascii())
        for mark in [letter for letter in letters if unicodedata.combining(letter) not in _VOWEL_SIGNS]:
            plain = plain.replace(mark, "")
    return _WORD.findall(plain.replace("_", " "))


@lru_cache(maxsize=4096)
def fold_transliteration(word: str) -> str:
    """Return one spelling of a transliterated ending: Zelensky for Zelenskiy, Zelenskij and Zelenskyy."""
    return _TRANSLITERATED.sub("y", word)


@lru_cache(maxsize=4096)
def letter_variants(text: str) -> tuple[str, ...]:
    """Return a text in small letters, with base letters, and in other spellings: "lodz" and "łodz"."""
    plain = text.lower().translate(FOLDED_LETTERS)
    found = dict.fromkeys((text.lower(), plain))
    for pattern, letters in _SPELLINGS:
        parts = pattern.split(plain)  # each second part is a match
        if len(parts) <= 2 * _MAX_SPELT:
            options = [(part, letters[part]) if place % 2 else (part,) for place, part in enumerate(parts)]
            found.update(dict.fromkeys(map("".join, product(*options))))
    return tuple(found)


FOLDED_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d", "ß": "ss", "ħ": "h"}
)
"""Letters that Unicode does not decompose, with the base letters that people write for them."""
_MAX_SPELT = 6  # letters of one text; more would make too many spellings
_SPELLINGS = [  # one word has the letters of one language
    (re.compile(f"({'|'.join(letters)})"), letters)
    for letters in (
        {"ae": "æ", "o": "ø"},
        {"th": "þ", "ae": "æ", "d": "ð"},
        {"oe": "œ", "ae": "æ"},
        *({base: letter} for base, letter in (("l", "ł"), ("d", "đ"), ("i", "ı"), ("ss", "ß"), ("h", "ħ"))),
    )
]


def normalize(text: str) -> str:
    """Join the normalized words of ``text`` with single spaces."""
    return " ".join(normalized_words(text))


def collapse_whitespace(text: str) -> str:
    """Replace each run of white space by one space, and strip both ends."""
    text = text.strip()
    if "  " not in text and text.isprintable():  # the space is the only white space that is printable
        return text
    return " ".join(text.split())


def strip_invisible(text: str) -> str:
    """Remove invisible characters."""
    if text.isprintable() and (text.isascii() or not _ANY_SELECTOR.search(text)):
        return text  # nearly always; only selectors are printable
    return INVISIBLE.sub("", text) if MAYBE_INVISIBLE.search(text) else text


def replace_surrogates(text: str) -> str:
    """Replace lone surrogates, which JSON can name and UTF-8 cannot hold."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def one_line(text: str) -> str:
    """Make ``text`` safe to show on one line: no invisible characters, no lone surrogates."""
    return collapse_whitespace(replace_surrogates(strip_invisible(text)))


def hide_queries(text: str) -> str:
    """Leave out the queries of the addresses in a message, since they may hold tokens."""
    return _QUERY.sub(r"\1…", text) if "?" in text else text


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Return a question that names the choice most like a word, after a space; empty if none is like it."""
    near = get_close_matches(word.casefold(), choices, n=1)
    return f" Did you mean {near[0]}?" if near else ""


def shorten(text: str, limit: int = 200) -> str:
    """Put ``text`` on one line of at most ``limit`` characters."""
    text = collapse_whitespace(replace_surrogates(text))
    return text if len(text) <= limit else text[: limit - 1] + "…"


class DistinctNames:
    """Makes names different by numbers: "Ann Lee", then "Ann Lee (2)".

    Args:
        taken: Names that exist.
        fold: Returns what of a name counts where two are compared.
        add_number: Returns a name with a number.
    """

    def __init__(
        self,
        taken: Iterable[str] = (),
        *,
        fold: Callable[[str], str] = str,
        add_number: Callable[[str, int], str] = "{} ({})".format,
    ) -> None:
        self._fold, self._add_number = fold, add_number
        self._taken = set(map(fold, taken))
        self._next: dict[str, int] = {}

    def make(self, name: str) -> str:
        """Return a name that was not taken, and take it."""
        start = self._fold(name)
        for number in count(self._next.get(start, 1)):
            made = self._add_number(name, number) if number > 1 else name
            if (key := self._fold(made)) not in self._taken:
                break
        self._taken.add(key)
        self._next[start] = number + 1
        return made
