"""Find syndicated copies: articles with the same text, perhaps shortened or under another headline.

Two texts are compared by their sequences of five words. The sequences with the smallest hashes are kept for each
article (a "bottom sketch"), so that only articles that share some of them are compared as a whole.
"""

import re
import sqlite3
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from heapq import nsmallest
from itertools import accumulate

from summarizer._text import normalized_words
from summarizer.dossier.windows import parse_day
from summarizer.store import Database

_SEQUENCE = 5
"""Words in a sequence."""
_KEPT = 32
"""Hashes that are kept for an article."""
_MIN_SHARED = 3
"""Kept hashes that two articles share before they are compared. Copies share 5 at the least on average."""
_MIN_CONTAINED = 0.6
"""The share of the shorter text that is in the longer one. Different reports of PolNeAR have up to 0.2 in common."""
_MIN_LENGTH = 0.4
"""The length of a shortened copy; what is shorter is a quotation."""
_MIN_WORDS = 40
"""Of shorter texts, only equal ones are copies: two notes may have the same words."""
_DAYS_APART, _MIN_WORDS_APART = 3, 20
"""Of short texts of different days, only those of at least so many words are copies, and at most so many days apart."""
_FULL_LENGTH = 0.9
"""A copy of this length counts as whole. Of the whole ones, the earliest is the original."""
_AT_ONCE = 500
"""Articles in one transaction, so that other processes can write in between."""
_CANDIDATES = 20
_SAME_SENTENCE = 0.7
"""The share of words from which on two sentences are versions of one."""
_WORD = re.compile(r"\w+(?:[’'-]\w+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?])[”\"’')]*\s+|\n+")
_NEGATION = re.compile(
    r"(?:not|no|never|none|nobody|nothing|neither|nor|cannot|without|\w+n[’']t|nicht|nie|niemals|kein\w*|ohne|"
    r"ne|pas|jamais|aucune?|sans|nunca|jamás|ningun[ao]s?|ningún|sin)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Content:
    """The words of an article."""

    article: int
    published: str | None
    text: str
    quotations: tuple[str, ...]
    """The sentences that the positions of its brief cite."""

    @cached_property
    def words(self) -> list[str]:
        return normalized_words(self.text)

    @cached_property
    def hashes(self) -> frozenset[int]:
        """The hashes of all sequences; of a text that is shorter than one, the hash of the text."""
        words = [word.encode() for word in self.words]
        data = b" ".join(words)
        starts = list(accumulate((len(word) + 1 for word in words[:-1]), initial=0))
        ends = [*(start - 1 for start in starts[_SEQUENCE:]), len(data)]
        return frozenset(zlib.crc32(data[start:end]) for start, end in zip(starts, ends, strict=False))

    def is_copy_of(self, other: "_Content") -> bool:
        """Return whether two articles have the same text, but for cuts and small changes."""
        shorter, longer = sorted((len(self.hashes), len(other.hashes)))
        if min(len(self.words), len(other.words)) < _MIN_WORDS:
            return self.words == other.words and self._is_near(other)
        shared = len(self.hashes & other.hashes)
        is_alike = shorter >= _MIN_LENGTH * longer and shared >= _MIN_CONTAINED * shorter
        return is_alike and not self.contradicts(other) and not other.contradicts(self)

    def _is_near(self, other: "_Content") -> bool:
        """Return whether a short text with the same words may be a copy by its date."""
        dates = {date[:10] for date in (self.published, other.published) if date}
        days = [day for date in dates if (day := parse_day(date))]
        is_near = len(days) == 2 == len(dates) and abs((days[0] - days[1]).days) <= _DAYS_APART
        return len(dates) < 2 or (is_near and len(self.words) >= _MIN_WORDS_APART)

    def contradicts(self, other: "_Content") -> bool:
        """Return whether the other article words a statement with another negation, number or name."""
        plain = f" {' '.join(other.words)} "
        cited = dict.fromkeys(sentence for each in self.quotations for sentence in _SENTENCE_END.split(each))
        changed = [sentence for sentence in cited if f" {' '.join(normalized_words(sentence))} " not in plain]
        theirs = [_WORD.findall(sentence) for sentence in _SENTENCE_END.split(other.text)] if changed else []
        return any(_differ(_WORD.findall(sentence), words) for sentence in changed for words in theirs)


def _differ(one: list[str], other: list[str]) -> bool:
    """Return whether two sentences are versions of one, but differ in a negation, a number or a name."""
    matcher = SequenceMatcher(None, [word.lower() for word in one], [word.lower() for word in other], autojunk=False)
    if any(ratio() < _SAME_SENTENCE for ratio in (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)):
        return False
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        parts = one[start:end], other[other_start:other_end]
        if kind != "equal" and any(map(_NEGATION.fullmatch, (*parts[0], *parts[1]))):
            return True
        if kind == "replace" and all(any(word[0].isdigit() for word in part) for part in parts):
            return True
        if kind == "replace" and start and all(any(word[0].isupper() for word in part) for part in parts):
            return True
    return False


def link_copies(database: Database, on_done: Callable[[int, int], None]) -> set[int]:
    """Link copies among articles that are new to the article that counts. Return the articles that changed.

    ``on_done`` is called with the number of articles that are done, and that of all.
    """
    touched: set[int] = set()
    new = (
        "FROM articles WHERE NOT compared AND EXISTS "
        "(SELECT 1 FROM briefs WHERE briefs.article = articles.id AND +indexed = 1)"
    )
    ((total,),), done = database.query(f"SELECT count(*) {new}"), 0
    while database.query(f"SELECT 1 {new} LIMIT 1"):
        on_done(done, total)
        with database.transaction() as connection:
            for (article,) in database.query(f"SELECT id {new} ORDER BY id LIMIT ?", _AT_ONCE):
                touched |= _compare(connection, article)
                done += 1
    return touched


def actors_in(database: Database, articles: Iterable[int]) -> set[str]:
    """Return the ids of the actors in articles."""
    sql = (
        "SELECT DISTINCT actor FROM holders JOIN briefs ON briefs.id = holders.brief "
        "WHERE article = ? AND actor IS NOT NULL"
    )
    return {actor for article in articles for (actor,) in database.query(sql, article)}


def _compare(connection: sqlite3.Connection, article: int) -> set[int]:
    content = _read_content(connection, article)
    kept = nsmallest(_KEPT, content.hashes)
    marks = ", ".join("?" * len(kept))
    candidates = connection.execute(
        f"SELECT article FROM fingerprints WHERE hash IN ({marks}) AND article <> ? "  # noqa: S608
        "GROUP BY article HAVING count(*) >= ? ORDER BY count(*) DESC LIMIT ?",
        (*kept, article, min(_MIN_SHARED, len(kept)), _CANDIDATES),
    ).fetchall()
    connection.executemany("INSERT OR IGNORE INTO fingerprints VALUES (?, ?)", [(each, article) for each in kept])
    connection.execute("UPDATE articles SET compared = 1 WHERE id = ?", (article,))
    for (candidate,) in candidates:
        if content.is_copy_of(_read_content(connection, candidate)):
            return _join_versions(connection, article, candidate)
    return set()


def _read_content(connection: sqlite3.Connection, article: int) -> _Content:
    """Return the text of an article; of one that is stored without its text, the sentences that its brief cites."""
    published, text = connection.execute("SELECT published, text FROM articles WHERE id = ?", (article,)).fetchone()
    rows = connection.execute(
        "SELECT DISTINCT quotation FROM positions WHERE brief = "
        "(SELECT max(id) FROM briefs WHERE article = ? AND +indexed = 1) ORDER BY positions.id",  # + as in the view
        (article,),
    )
    quotations = tuple(quotation for (quotation,) in rows)
    return _Content(article, published, text or "\n".join(quotations), quotations)


def _join_versions(connection: sqlite3.Connection, article: int, other: int) -> set[int]:
    """Make one group of two articles and their copies. Return those whose place in it changed."""
    group = connection.execute(
        "SELECT id, sha256, copy_of, published, characters FROM articles WHERE id IN (?1, ?2) OR copy_of IN "
        "(SELECT coalesce(copy_of, id) FROM articles WHERE id IN (?1, ?2)) "
        "OR id IN (SELECT copy_of FROM articles WHERE id IN (?1, ?2))",
        (article, other),
    ).fetchall()
    whole = _FULL_LENGTH * max(row["characters"] for row in group)
    original = min(
        (row for row in group if row["characters"] >= whole),
        key=lambda row: (row["published"] is None, row["published"], row["sha256"]),
    )
    changed = []
    for row in group:
        copied = None if row["id"] == original["id"] else original["id"]
        if copied != row["copy_of"]:
            changed.append((copied, row["id"]))
    connection.executemany("UPDATE articles SET copy_of = ? WHERE id = ?", changed)
    return {number for _, number in changed}
