"""Word the matters that statements argue about, with a neutral sentence or a frequent noun phrase.

A neutral sentence names no holder and has no verb of saying or of taking sides. The words are in propositions.toml.
"""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from summarizer._files import read_toml
from summarizer._text import normalized_words
from summarizer.dossier.foreign import Wording, read_as
from summarizer.dossier.grouping import Group, Grouping, Unit
from summarizer.dossier.wording import Content, compared_term, read_content

_MAX_WORDS, _MIN_WORDS = 22, 4  # of a sentence that can be a proposition
_MAX_PHRASE = 4  # words of a noun phrase
_MIN_ARTICLES = 2  # that have it
_SPEAKER = re.compile(r"^[^:]{1,60}: ")
_WORD = re.compile(r"[^\W\d_][\w’'-]*|[^\s\w]")


class _Lists(NamedTuple):
    patterns: Mapping[str, re.Pattern[str]]
    boundaries: frozenset[str]


@cache
def _read_lists(wording: Wording | None = None) -> _Lists:
    data = wording.propositions if wording else read_toml(__file__, "propositions.toml")
    patterns = {
        key: re.compile("|".join(map(_anchored, texts)), re.I) for key, texts in data.items() if key != "boundaries"
    }
    return _Lists(patterns, frozenset(data["boundaries"].split()))


def _anchored(text: str) -> str:
    return rf"\b(?:{text})" if text[0] in "(\\" or text[0].isalpha() else text


def choose_proposition(
    grouping: Grouping, group: Group, members: Sequence[Unit], names: Iterable[str]
) -> tuple[str, int] | None:
    """Return the sentence or noun phrase that words a group's matter best, and its side; None if there is none.

    Args:
        grouping: The groups of the dispute.
        group: One of them.
        members: Its statements.
        names: The names of all holders of the dispute.
    """
    best = 0.0, "", 0
    known = {each for name in names for each in (name, *name.split()[-1:]) if each[:1].isupper()}
    for member in members:
        side = group.side(member.content)
        for spoken in re.split(r"(?<=[.!?]) +", _SPEAKER.sub("", member.text).strip()) if side else ():
            wording = read_as(spoken).wording
            pointing = _read_lists(wording).patterns["pointing"]
            sentence = wording.state(spoken) if wording else pointing.sub("The ", spoken)
            content = read_content(sentence)
            if (
                not is_neutral(sentence, known)
                or group.side(content) != side
                or group.terms.keys().isdisjoint(content.terms)
            ):
                continue
            found, confidence = grouping.find(content)
            score = _clarity(sentence, content, group) + 2 * confidence
            if found is group and (not best[1] or score > best[0]):
                best = score, sentence, side
    if best[1]:
        return best[1][0].upper() + best[1][1:].rstrip(".,") + ".", best[2]
    return _find_phrase(grouping, group)


def is_neutral(sentence: str, names: Iterable[str]) -> bool:
    """Return whether a sentence states something of a matter, without a holder and a verb of saying."""
    plain = sentence.replace("'", "’")
    patterns = _read_lists(read_as(sentence).wording).patterns
    if patterns["unfit"].search(plain) or patterns["saying"].search(plain) or not patterns["finite"].search(plain):
        return False
    if not _MIN_WORDS <= len(plain.split()) <= _MAX_WORDS:
        return False
    return not any(re.search(rf"\b{re.escape(name)}\b", sentence) for name in names)


def is_clause(text: str) -> bool:
    """Return whether a proposition has a finite verb."""
    return bool(_read_lists(read_as(text).wording).patterns["finite"].search(text))


def heading_side(group: Group, content: Content) -> int:
    """Return the side of a noun phrase: of those who want what it names."""
    total = sum(group.orientation.get(term, 0) for term in content.terms if term in group.terms)
    return (total > 0) - (total < 0)


def has_phrase(grouping: Grouping, group: Group, phrase: str) -> bool:
    """Return whether articles name a group's matter by a noun phrase, in lower case."""
    is_short = len(phrase.split()) <= _MAX_PHRASE
    return is_short and any(f" {phrase}" in text.lower() for _, text in _sentences(grouping, group))


def _sentences(grouping: Grouping, group: Group) -> Iterator[tuple[int, str]]:
    """Yield the sentences of articles that have words of a group's matter."""
    for article, sentences in grouping.passages.items():
        yield from ((article, each.text) for each in sentences if not group.terms.keys().isdisjoint(each.terms))


def _find_phrase(grouping: Grouping, group: Group) -> tuple[str, int] | None:
    """Return the noun phrase on a matter that most articles have, if possible of two or more words."""
    lists = _read_lists()
    articles: defaultdict[str, set[int]] = defaultdict(set)
    for article, text in _sentences(grouping, group):
        wording = read_as(text).wording
        for phrase in wording.nouns(text) if wording else _phrases(_WORD.findall(text)):
            articles[phrase].add(article)
    ranked = sorted(articles, key=lambda text: (" " not in text, -len(articles[text]), len(text), text))
    for text in (each for each in ranked if len(articles[each]) >= _MIN_ARTICLES):
        named = text if read_as(text).wording else f"the {text}"
        side = heading_side(group, read_content(named)) or not group.orientation
        if side and not lists.patterns["no_noun"].search(text) and not lists.patterns["saying"].search(text):
            return text[0].upper() + text[1:], int(side)
    return None


def _phrases(words: Sequence[str]) -> Iterator[str]:
    """Yield the runs of words that can be a noun phrase."""
    run: list[str] = []
    for word in [*words, "."]:
        if word.islower() and word[0].isalpha() and word not in _read_lists().boundaries:
            run.append(word)
            continue
        for stop in range(1, len(run) + 1):
            yield from (" ".join(run[start:stop]) for start in range(max(0, stop - _MAX_PHRASE), stop))
        run = []


def _clarity(sentence: str, content: Content, group: Group) -> float:
    """Return how well a sentence words a matter: a short demand without names, other clauses and negation."""
    patterns, plain = _read_lists(read_as(sentence).wording).patterns, sentence.replace("'", "’")
    return (
        sum(group.terms[term] for term in content.terms if term in group.terms)
        + 4.0 * bool(patterns["demand"].search(plain))
        + 2.0 * bool(patterns["forecast"].search(plain))
        - 1.5 * bool(patterns["negated"].search(plain))
        - 0.15 * len(plain.split())
        - 1.2 * len(patterns["clause"].findall(plain))
        - 0.5 * sum(term[0] == "=" for term in content.terms)
    )


def words_of_issue(connection: sqlite3.Connection, issue: str) -> set[str]:
    """Return the words of the propositions of an issue, as `compared_words`."""
    sql = "SELECT proposition FROM dossier_issues WHERE id = ?1 UNION SELECT proposition FROM issues WHERE "
    propositions = connection.execute(f"{sql} dossier_issue = ?1", (issue,))
    return {word for (text,) in propositions for word in compared_words(text)}


def compared_words(text: str) -> set[str]:
    """Return the terms of the words of a text, of which only synonyms are one."""
    if wording := read_as(text).wording:
        return set(wording.terms_of(text))
    return {term for word in normalized_words(text) if (term := compared_term(word))}
