"""Find later positions that may answer the open questions of articles.

An answer shares the weighty words of its question, itself or in the sentences before it, and says something of the
kind that is asked for: a number of the things for "how many", a permission for "can", a reason for "why", somebody who
does it for "who". It counts more if its article says that something is settled now. The words are in answers.toml.
"""

import re
import sqlite3
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import islice
from math import log
from typing import Any, NamedTuple

from summarizer._files import read_toml
from summarizer._languages import read_language
from summarizer._text import normalized_words
from summarizer.dossier.foreign import read_as, wording_of
from summarizer.dossier.types import Answer, Question
from summarizer.dossier.wording import compared_term
from summarizer.engines import VERBS, find_language, stem
from summarizer.store import Database, insert

_LEAST = 0.45
"""The score from which on a statement is shown as an answer."""
_KIND_BONUS, _SETTLED_BONUS = 0.1, 0.15
_MIN_COMMON = 2  # terms
_IN_CONTEXT = 0.5  # weight of a word that only the sentences before the statement have
_NAME_WEIGHT = 0.5
_OF_OTHERS = 0.7  # of the share, where the question has names and the answer none of them
_SURE_AT = 1.0  # score from which on the confidence does not rise
_MAX_ANSWERS, _MAX_COMPARED = 2, 40
_MAX_POSTINGS = 5000  # statements with one word: the first ones after the question
_MIN_LETTERS = 3
_REACH = 300  # characters before a statement
_START = 40  # characters by which a quotation is found
_CLAUSE_END = re.compile(r"[,;:]")
_SENTENCE = re.compile(r"(?<=[.!?”\"])\s+")


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


class _Kind(NamedTuple):
    name: str
    asks: re.Pattern[str]
    tells: re.Pattern[str] | None
    never: re.Pattern[str] | None


class _Lists(NamedTuple):
    patterns: Mapping[str, re.Pattern[str]]
    numbers: Mapping[str, str]
    kinds: Sequence[_Kind]
    empty: frozenset[str]
    synonyms: Mapping[str, str]
    phrases: Mapping[str, re.Pattern[str]]


@cache
def _lists(code: str = "en") -> _Lists:
    data = read_language(code).get("answers") or read_toml(__file__, "answers.toml")
    reading = data["reading"]

    def compiled(texts: Sequence[str]) -> re.Pattern[str]:
        anchored = (rf"(?<!\w)(?:{text})" if text[0].isalnum() or text[0] == "(" else text for text in texts)
        return re.compile("|".join(anchored), re.IGNORECASE)

    def kind(name: str, entry: Mapping[str, Any]) -> _Kind:
        told = (compiled(entry[key]) if key in entry else None for key in ("tells", "never"))
        return _Kind(name, compiled(entry["asks"]), *told)

    return _Lists(
        {key: compiled(reading[key]) for key in reading if isinstance(reading[key], list) and key != "synonyms"},
        data["numbers"],
        [kind(*item) for item in data["kind"].items()],
        frozenset(reading["empty"].split()),
        {stem(word): stem(line.split()[0]) for line in reading["synonyms"] for word in line.split()},
        {word: compiled([text]) for word, text in reading["phrases"].items()},
    )


@lru_cache(maxsize=20_000)
def _term(word: str) -> str:
    lists = _lists()
    if word in lists.empty or len(word) < _MIN_LETTERS:
        return word if word.isdigit() and len(word) > 1 else ""
    own, base = stem(word), stem(VERBS.get(word, word))
    known = lists.synonyms.get(own) or lists.synonyms.get(base)
    return known or (term if (term := compared_term(word))[:1] == "@" else base)


@lru_cache(maxsize=20_000)
def _terms(text: str, language: str = "") -> Mapping[str, bool]:
    """Return the terms of a text, and whether each is a name only; its words tell the language if it is not given."""
    text = _plain(text)
    if wording := wording_of(language) if language else read_as(text).wording:
        return {term: term[0] == "=" for term in wording.terms_of(text)}
    found: dict[str, bool] = {}
    names = {each for word in re.findall(r"(?<=[\w,;’'] )[A-Z][\w’'-]+", text) for each in normalized_words(word)}
    for word in normalized_words(text):
        if term := _term(word):
            found[term] = word in names and found.get(term, True)
    return found


def _plain(text: str) -> str:
    """Return a text with single words for phrases, and one kind of apostrophe."""
    text = read_as(text).text.replace("'", "’")
    for word, pattern in _lists().phrases.items():
        text = pattern.sub(f"{word} ", text)
    return text


class _Asked:
    """A question, read: its kind, its terms, and the verb that an answer must have."""

    def __init__(self, question: OpenQuestion) -> None:
        self.language = find_language(question.text)
        self.lists = lists = _lists(self.language)
        self.date = question.date
        self.text = lists.patterns["frames"].sub(" ", _plain(question.text)).strip() or question.text
        found = ((kind, kind.asks.search(self.text)) for kind in lists.kinds)
        kind, asked = next(((kind, match) for kind, match in found if match), (None, None))
        self.kind: _Kind | None = kind
        groups = asked.groupdict() if asked else {}
        self.verb = _term((groups.get("verb") or "").lower())
        self.things = {
            term for term, is_name in _terms(groups.get("thing") or "", self.language).items() if not is_name
        }
        self.alternatives = [_terms(groups.get(name) or "", self.language).keys() for name in ("one", "other")]
        self.terms = _terms(self.text)
        self.is_personal = bool(lists.patterns["personal"].search(self.text))
        self.wants_demand = bool(lists.patterns["asks_demand"].search(self.text))

    def may_be_answered(self, text: str) -> bool:
        """Return whether a statement says something of the kind that is asked for."""
        lists, kind, text = self.lists, self.kind, _plain(text)
        if lists.patterns["no_answer"].search(text):
            return False
        if not self.wants_demand and lists.patterns["demand"].search(text):
            return False
        if self.verb and _terms(text).get(self.verb, True):
            return False  # another verb: who is to pay, not who wants it
        if kind is None:
            return not lists.patterns["feeling"].search(text)
        if kind.name in ("count", "number"):
            return self._has_number(text, kind.name)
        if (
            kind.name == "alternative"
            and sum(not _terms(text).keys().isdisjoint(each) for each in self.alternatives) != 1
        ):
            return False
        if self.things and self.things.isdisjoint(_terms(text)):
            return False
        if kind.tells and not kind.tells.search(text):
            return False
        ends = (match.start() for match in _CLAUSE_END.finditer(text) if self.verb)
        until = next((end for end in ends if self.verb in _terms(text[:end])), len(text))
        return not (kind.never and kind.never.search(text[:until]))  # the rest denies another thing

    def _has_number(self, text: str, kind: str) -> bool:
        """Return whether a statement has a number: for "how many", of the things that are asked for."""
        numbers = self.lists.numbers
        if kind == "number":
            return bool(re.search(rf"(?<!\w)(?:{numbers['figure']})(?!\w)|{numbers['sum']}", text, re.IGNORECASE))
        text = re.sub(numbers["sum"], "", text)
        if re.search(rf"\b(?:{numbers['told']}) (?:about |some |only )?(?:{numbers['figure']})", text, re.IGNORECASE):
            return True
        for found in re.finditer(rf"(?<!\w)(?:{numbers['figure']})(?!\w)", text, re.IGNORECASE):
            following = " ".join(text[found.end() :].split()[:3])
            if self.things & _terms(following, self.language).keys():
                return True
        return False


def find_answers(
    questions: Sequence[OpenQuestion],
    candidates: Sequence[Candidate],
    read_context: Callable[[int], str] = lambda _: "",
) -> Iterator[FoundAnswer]:
    """Yield the statements of later dates that may answer questions, the surest first for each.

    The candidates are sorted by date, and read by their places in the sequence where they may be answers.
    ``read_context`` returns the headline and the sentences of a position, with those before them.
    """
    postings = {term: array("q") for question in questions for term in _Asked(question).terms}
    counts: Counter[str] = Counter()
    days: list[str] = []
    starts: list[int] = []  # the first statement of each day
    for number, candidate in enumerate(candidates if postings else ()):
        found = postings.keys() & _terms(candidate.text)
        counts.update(found)
        if day := candidate.date[:10]:
            if day not in days[-1:]:
                days.append(day)
                starts.append(number)
            for term in found:
                postings[term].append(number)
    for question in questions:
        asked = _Asked(question)
        if asked.is_personal or not asked.date:
            continue
        weights = {
            term: (_NAME_WEIGHT if is_name else 1) * log(1 + len(candidates) / (1 + (counts[term] or 1)))
            for term, is_name in asked.terms.items()
        }
        common: defaultdict[int, float] = defaultdict(float)
        start = [*starts, len(candidates)][bisect_right(days, asked.date[:10])]
        for term in (term for term, is_name in asked.terms.items() if not is_name):
            first = bisect_left(postings[term], start)
            for number in postings[term][first : first + _MAX_POSTINGS]:
                common[number] += weights[term]
        ranked = (candidates[number] for number in sorted(common, key=lambda each: (-common[each], each)))
        later = (each for each in ranked if asked.may_be_answered(each.text))
        near = [(each, read_context(each.position)) for each in islice(later, _MAX_COMPARED)]
        scored = [(_score(asked, each, weights, context), each, context) for each, context in near]
        scored.sort(key=lambda item: (-item[0], item[1].date))
        shown: set[str] = set()  # of two statements of one sentence, one is shown
        for score, candidate, context in scored:
            if score < max(_LEAST, 0.8 * scored[0][0]) or len(shown) == _MAX_ANSWERS:
                break
            if (context or candidate.text) not in shown:
                shown.add(context or candidate.text)
                confidence = round(min(1.0, score / _SURE_AT) * 0.9, 2)
                yield FoundAnswer(question.id, candidate.position, confidence)


def _score(asked: _Asked, candidate: Candidate, weights: Mapping[str, float], context: str) -> float:
    """Return how well a statement answers a question."""
    own, near = _terms(candidate.text), _terms(context)
    common = sum(
        weight * (1 if term in own else _IN_CONTEXT if term in near else 0) for term, weight in weights.items()
    )
    share = common / (sum(weights.values()) or 1)
    count = len(weights.keys() & (own.keys() | near.keys()))
    is_settled = bool(asked.lists.patterns["settled"].search(context))
    others = weights.keys() - {asked.verb}
    if (len(weights) == 1 and not asked.things) or (others and others.isdisjoint(own.keys() | near.keys())):
        return 0  # it shares nothing but what is done
    if count + is_settled + (len(weights) == 1) < _MIN_COMMON:
        return 0
    named = {term for term, is_name in asked.terms.items() if is_name}
    if named and named.isdisjoint(own.keys() | near.keys()):
        share *= _OF_OTHERS
    has_kind = asked.kind and (asked.kind.tells or asked.kind.name in ("count", "number"))
    return share + _KIND_BONUS * bool(has_kind) + _SETTLED_BONUS * is_settled


class _Stored(Sequence[Candidate]):
    """Statements of a store, which are read when they are needed."""

    def __init__(self, connection: sqlite3.Connection, ids: Sequence[int]) -> None:
        self._connection, self._ids = connection, ids

    def __len__(self) -> int:
        return len(self._ids)

    def __getitem__(self, number: Any) -> Any:
        sql = (
            "SELECT positions.id, coalesce(published, ''), statement, holder_names FROM positions "
            "JOIN briefs ON briefs.id = positions.brief JOIN articles ON articles.id = article WHERE positions.id = ?"
        )
        return Candidate(*self._connection.execute(sql, (self._ids[number],)).fetchone())


def refresh_answers(connection: sqlite3.Connection, dispute: int, positions: Sequence[int]) -> None:
    """Find the answers to the questions of a dispute anew, among its positions, which are sorted by date."""
    rows = connection.execute(
        "SELECT questions.id, published, question FROM article_disputes "
        "JOIN current_briefs USING (article) JOIN questions ON questions.brief = current_briefs.brief "
        "JOIN articles ON articles.id = current_briefs.article WHERE dispute = ?",
        (dispute,),
    )
    questions = [OpenQuestion(row["id"], row["published"] or "", row["question"]) for row in rows]
    connection.executemany("DELETE FROM answers WHERE question = ?", [(each.id,) for each in questions])

    @lru_cache(maxsize=1000)
    def read_context(position: int) -> str:
        row = connection.execute(
            "SELECT quotation, title, text FROM positions JOIN briefs ON briefs.id = positions.brief "
            "JOIN articles ON articles.id = briefs.article WHERE positions.id = ?",
            (position,),
        ).fetchone()
        text = str(row["text"] or "")
        start = text.find(row["quotation"][:_START])
        before = text[max(0, start - _REACH) : max(0, start)]
        before = before if start <= _REACH else (_SENTENCE.split(before, maxsplit=1)[1:] or [""])[0]
        return f"{row['title'] or ''}. {before} {row['quotation']}"

    for found in find_answers(questions, _Stored(connection, positions), read_context):
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
