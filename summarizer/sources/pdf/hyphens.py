"""Put words together that are divided at the end of a line.

A soft hyphen, which only divides the word, and a real one, as in "long-term", look alike. The form that stands
elsewhere in the text decides.
"""

import re
from collections import Counter
from itertools import chain, islice

from summarizer.article import guess_language
from summarizer.sources.pdf.layout import Column, Row

_PUNCTUATION = ".,;:!?…()[]{}“”„‘’‚'«»‹›\"–—/*"
_LAST = re.compile(r"[^\W_]+(?:[-‐'’][^\W_]+)*$")
_FIRST = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_UNSPACED = re.compile("[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]")  # Chinese and Japanese
_ADDRESS = re.compile(r".*(?:https?:|www\.|@)")
# Prefixes that mostly keep their hyphen, and words before the second half of a pair ("short- and long-term").
_KEEPING = frozenset("self ex quasi pseudo well cross anti pro non vice so".split())
_SHARING = frozenset("and or und oder bzw et ou y e o och og en of to bis".split())
# First parts of words that are one word, although both parts are words.
_CLOSED = frozenset(
    "after any back by down every fore hand head here in inter life more never not on out over some sub super there"
    " through to trans under up what when where who with work".split()
)
_MIN_PART = 3  # letters
_LANGUAGE_SAMPLE = 200  # rows
_SEPARATING = frozenset("en fr es it pt".split())  # languages that put a space or a hyphen between parts of compounds


class Words:
    """The words of a text, and how it writes compounds."""

    def __init__(self, columns: list[Column], language: str | None) -> None:
        """Take the ``columns`` of the text in reading order, and its declared language."""
        self._columns, self._language = columns, language
        self._counts: Counter[str] | None = None  # counted when the first word is divided

    def join(self, before: Row, row: Row) -> str:
        """Return what stands between two rows of a paragraph: a space, a hyphen or nothing."""
        last, first = before.pieces[-1], row.text
        if last.is_divided:
            return self._join_divided(last.text, first)
        if _UNSPACED.match(last.text[-1]) and _UNSPACED.match(first):
            return ""
        return "" if last.text[-1] in "—/" and last.text[-2:-1].isalnum() else " "

    def _join_divided(self, before: str, after: str) -> str:
        """Return what stands between the line ``before`` a hyphen and the line ``after`` it."""
        token = before.rsplit(maxsplit=1)[-1]
        if _ADDRESS.match(token):
            return "-"
        last, first = _LAST.search(token), _FIRST.match(after)
        if not last or not first:
            return "-"
        left, right = last[0], first[0]
        if right in _SHARING:
            return "- "
        closed = self._count(left + right)
        open_ = self._count(f"{left}-{right}")
        if closed != open_:
            return "" if closed > open_ else "-"
        return "-" if self._keeps_hyphen(left, right) else ""

    def _count(self, word: str) -> int:
        """Return how often the text has a word that is not divided."""
        if self._counts is None:
            whole: list[str] = []
            is_rest = False  # the row begins with the second half of a divided word
            for row in chain.from_iterable(self._columns):
                text = row.text
                if is_rest:
                    text = text.partition(" ")[2]
                is_rest = row.pieces[-1].is_divided
                whole.append(text.rpartition(" ")[0] if is_rest else text)
            self._counts = Counter()
            for token, count in Counter(" ".join(whole).casefold().replace("‐", "-").split()).items():
                self._counts[token.strip(_PUNCTUATION)] += count
        return self._counts[word.casefold().replace("‐", "-")]

    def _keeps_hyphen(self, left: str, right: str) -> bool:
        start = re.split("[-‐]", left)[-1]
        if right[0].isupper() or not (start + right).isalpha():
            return not start.isupper() or not right.isupper()  # a word in capitals is divided like others
        if len(start) == 1 or (start.isupper() and not right.isupper()):
            return True
        if start.casefold() in _KEEPING:
            return True
        if start.casefold() in _CLOSED or min(len(start), len(right)) < _MIN_PART:
            return False
        return self._count(start) > 0 and self._count(right) > 0 and not self._writes_compounds()

    def _writes_compounds(self) -> bool:
        """Return whether the language writes compounds as one word, like the German "Wasserpreise"."""
        if not self._language:
            rows = islice(chain.from_iterable(self._columns), _LANGUAGE_SAMPLE)
            self._language = guess_language(" ".join(row.text for row in rows))
        return self._language.partition("-")[0].lower() not in _SEPARATING
