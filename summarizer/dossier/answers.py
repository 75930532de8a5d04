"""Find later positions that may answer the open questions of articles.

An answer shares the weighty words of its question and says something of the kind that is asked for: a number for "how
many", a permission for "can", a reason for "why", somebody who does it for "who". A demand answers only a question
that asks for one.
"""

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from functools import lru_cache
from math import log
from typing import NamedTuple

from summarizer._patterns import compile_lazily
from summarizer._text import normalized_words
from summarizer.dossier.types import Answer, Question
from summarizer.dossier.wording import read_content
from summarizer.engines import VERBS, stem
from summarizer.store import Database, insert

_LEAST = 0.4
"""The share of a question's weight from which on a statement is shown as an answer."""
_KIND_BONUS, _ACTOR_BONUS = 0.1, 0.1
_MIN_COMMON = 2  # terms
_SURE_AT = 0.75  # shares of weight from which on the confidence does not rise
_MAX_ANSWERS = 2
_MIN_LETTERS = 3
_NUMBER = compile_lazily(
    r"\d|\b(?:none|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|"
    r"eighty|ninety|hundred|thousand|million|half|dozen)s?\b",
    re.IGNORECASE,
)
_ASKS_NUMBER = compile_lazily(
    r"\bhow (?:many|much|long|far|often|high|old|large)\b|\b(?:figure|number|price|cost)\b", re.I
)
_ASKS_COUNT = compile_lazily(r"\bhow many\b", re.I)
_SUM = compile_lazily(r"[£$€]\s?\d[\d.,]*\s?(?:m|bn|million|billion)?\b", re.I)
_ASKS_PERMISSION = compile_lazily(r"(?:^|\bbut |\band |\bwhether .{1,40}?)\b(?:can|may|could)\b", re.I)
_PERMISSION = compile_lazily(
    r"\b(?:entitled|allowed|permitted|lawful|legal|illegal|can|cannot|may|powers?|free to)\b", re.I
)
_ASKS_WHO = compile_lazily(r"\bwho (?:would|will|is to|has to|must|should) (\w+)", re.I)
_ASKS_ACTOR = compile_lazily(r"^\W*(?:(?:and|but|so) )?who\b", re.I)
_NO_ACTOR = compile_lazily(
    r"(?<!, )\bnot\b(?! (?:only|just)\b)|\b(?:never|no|nobody|none|neither|cannot|refus(?:e[sd]?|ing))\b|n[’']t\b|"
    r"\b(?:be|is|are|was|were|been|being) (?:\w+ly )?\w+(?:ed|id|en|lt|nt)\b"
    r"(?!.*\b(?:by|from|out of|through|with|of)\b)",  # a passive without an actor
    re.I,
)
_ASKS_REASON = compile_lazily(r"\bwhy\b", re.I)
_REASON = compile_lazily(
    r"\b(?:because|due to|owing to|thanks to|on account of|reasons?|in order to|so that|so as to|for fear|why|"
    r"causes?|caused|blam(?:e[sd]?|ing)|explain(?:s|ed)?|fear(?:s|ed)?|result of)\b",
    re.I,
)
_ASKS_WHEN = compile_lazily(r"\bwhen\b", re.I)
_TIME = compile_lazily(
    r"\b(?:\d{4}|january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|"
    r"autumn|fall|winter|week|month|year|monday|tuesday|wednesday|thursday|friday|saturday|sunday|tomorrow)s?\b",
    re.I,
)
_DEMAND = compile_lazily(
    r"\b(?:should|must|ought|wants?|wanted|urged?|demand(?:s|ed)?|oppos(?:e[sd]?|ed)|let|calls?|called)\b", re.I
)
_ASKS_DEMAND = compile_lazily(r"\b(?:should|must|ought|wants?|wanted|demands?)\b", re.I)
_NO_ANSWER = compile_lazily(
    r"\?\W*$|\b(?:would|could|did|does|do|will|can)(?:n[’']t| not) (?:say|tell|know|guess|comment|attribute)\b|"
    r"\b(?:unclear|unknown|not (?:yet )?known|no comment|nobody knows|remains to be seen|open question)\b",
    re.I,
)
_EMPTY = frozenset(
    """
    the and but not nor are was were been being has have had does did will would can could may might shall should must
    its this that these those there here she they you his her their your our who whom what which when where why how
    whether than then about into over under out also just still yet all any some each every more most much many such
    own said say says told tell asked asks ask question questions unanswered left answer known unknown unclear remain
    remains open them become becomes call nobody everybody people like want wants for from with without one two
    """.split()
)


class Candidate(NamedTuple):
    """A statement that may answer questions."""

    position: int
    date: str
    text: str
    names: str
    """Of its holders."""


class OpenQuestion(NamedTuple):
    """A question of an article."""

    id: int
    date: str
    text: str


class FoundAnswer(NamedTuple):
    """A statement that may answer a question, and how sure that is."""

    question: int
    position: int
    confidence: float


@lru_cache(maxsize=20_000)
def _stem_of(word: str) -> str:
    return stem(VERBS.get(word, word))


def _terms(text: str) -> frozenset[str]:
    words = (word for word in normalized_words(text) if len(word) >= _MIN_LETTERS and word not in _EMPTY)
    return frozenset(map(_stem_of, words)) | {term for term in read_content(text).terms if term[0] == "@"}


def find_answers(questions: Sequence[OpenQuestion], candidates: Sequence[Candidate]) -> Iterator[FoundAnswer]:
    """Yield the statements of later dates that may answer questions, the surest first for each."""
    if not questions:
        return
    terms = [_terms(each.text) for each in candidates]
    postings: defaultdict[str, list[int]] = defaultdict(list)
    for number, found in enumerate(terms):
        for term in found:
            postings[term].append(number)
    for question in questions:
        own = _terms(question.text)
        weights = {term: log(1 + len(candidates) / (1 + len(postings.get(term, ())))) for term in own}
        common = Counter(number for term in own for number in postings.get(term, ()))
        scores = {
            number: score
            for number, count in common.items()
            if count >= _MIN_COMMON and (score := _score(question, candidates[number], terms[number], weights))
        }
        best = max(scores.values(), default=0)
        ranked = sorted(scores, key=lambda number: (-scores[number], candidates[number].date, number))
        for number in ranked[:_MAX_ANSWERS]:
            if scores[number] >= max(_LEAST, 0.8 * best):
                confidence = min(1.0, scores[number] / _SURE_AT) * 0.9
                yield FoundAnswer(question.id, candidates[number].position, round(confidence, 2))


def _score(question: OpenQuestion, candidate: Candidate, terms: Collection[str], weights: Mapping[str, float]) -> float:
    """Return how well a statement answers a question; 0 if it cannot."""
    asked, text = question.text, candidate.text
    if not question.date or candidate.date[:10] <= question.date[:10] or _NO_ANSWER.search(text):
        return 0
    if _DEMAND.search(text) and not _ASKS_DEMAND.search(asked):
        return 0
    if _ASKS_NUMBER.search(asked) and not _NUMBER.search(_SUM.sub("", text) if _ASKS_COUNT.search(asked) else text):
        return 0
    if _ASKS_PERMISSION.search(asked) and not _PERMISSION.search(text):
        return 0
    if _ASKS_WHEN.match(asked) and not _TIME.search(text):
        return 0
    if (who := _ASKS_WHO.search(asked)) and _stem_of(who[1].lower()) not in terms:
        return 0  # another verb: who is to pay, not who wants it
    if _ASKS_ACTOR.search(asked) and _NO_ACTOR.search(text):
        return 0
    if _ASKS_REASON.search(asked) and not _REASON.search(text):
        return 0
    share = sum(weights.get(term, 0) for term in terms) / (sum(weights.values()) or 1)
    is_of_kind = (_ASKS_NUMBER.search(asked) or _ASKS_WHEN.match(asked)) or (
        _ASKS_PERMISSION.search(asked) and _PERMISSION.search(text)
    )
    names = {stem(word) for word in normalized_words(candidate.names)}
    is_asked = not names.isdisjoint(_stem_of(word) for word in normalized_words(asked) if len(word) > _MIN_LETTERS)
    return share + _KIND_BONUS * bool(is_of_kind) + _ACTOR_BONUS * is_asked


def refresh_answers(connection: sqlite3.Connection, dispute: int, candidates: Sequence[Candidate]) -> None:
    """Find the answers to the questions of a dispute anew."""
    rows = connection.execute(
        "SELECT questions.id, questions.question, published FROM article_disputes "
        "JOIN current_briefs USING (article) JOIN questions ON questions.brief = current_briefs.brief "
        "JOIN articles ON articles.id = current_briefs.article WHERE dispute = ?",
        (dispute,),
    )
    questions = [OpenQuestion(row["id"], row["published"] or "", row["question"]) for row in rows]
    connection.executemany("DELETE FROM answers WHERE question = ?", [(each.id,) for each in questions])
    for found in find_answers(questions, candidates):
        insert(connection, "answers", found._asdict())


def read_questions(database: Database, selected: Container[int] | None) -> tuple[Question, ...]:
    """Return the open questions of selected articles, oldest first, with later positions that may answer them."""
    answers: defaultdict[int, list[Answer]] = defaultdict(list)
    for row in database.query(
        "SELECT question, position, confidence FROM answers JOIN positions ON positions.id = position "
        "JOIN current_briefs USING (brief) ORDER BY confidence DESC, position"
    ):
        answers[row["question"]].append(Answer(position=row["position"], confidence=row["confidence"]))
    rows = database.query(
        "SELECT questions.id, question, quotation, coalesce(link, url) AS link, articles.id AS article, "
        "published AS date, coalesce(site, source) AS source FROM questions JOIN current_briefs USING (brief) "
        "JOIN articles ON articles.id = current_briefs.article ORDER BY date IS NULL, date, questions.id"
    )
    return tuple(
        Question(
            **{name: row[name] for name in Question.model_fields if name != "answers"},
            answers=tuple(answers[row["id"]]),
        )
        for row in rows
        if selected is None or row["article"] in selected
    )
