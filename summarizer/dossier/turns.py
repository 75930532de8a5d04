"""Find the sentences that say that somebody changed position, or that take back what was reported.

Their words are in turns.toml.
"""

import json
import re
import sqlite3
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from summarizer._text import collapse_whitespace
from summarizer.article import Article, guess_language, read
from summarizer.brief import Stance
from summarizer.dossier.foreign import read_as
from summarizer.dossier.tables import is_small
from summarizer.dossier.told_matters import read_former
from summarizer.dossier.turn_words import (
    CLAUSE_END,
    KINDS,
    TurnKind,
    TurnWords,
    find_cue,
    is_blocked,
    read_turn_words,
    with_apostrophes,
)
from summarizer.dossier.types import PEOPLE, TURNED
from summarizer.errors import ArticleError
from summarizer.store import Database, insert

_BATCH = 100
_TELLS_NOTHING = 1  # the mark of an article without words of a change, whoever else is known
_AROUND = 2  # sentences around a correction in which it may name those whom it concerns
_CAPITALISED = re.compile(r"(?<!\w)[^\W\d_a-z][\w-]+")
_FULL_NAME = re.compile(r"(?<!\w)[^\W\d_a-z][\w’'-]+ [^\W\d_a-z][\w’'-]+")
_BODY_NAME = re.compile(r"(?<!\w)[A-Z][\w’'-]+(?: (?:of (?:the )?|for (?:the )?|and |to )?[A-Z][\w’'-]+)+")
_MAX_NAMES = 50  # of people that an article names and its brief does not have
_OPENERS = frozenset("the but and now so that he she it they yes no today yesterday even a an then since if".split())
_LATER = re.compile(r"[;:]|\b(?:but|now|today)\b", re.IGNORECASE)


class Sentence(NamedTuple):
    """A sentence of an article."""

    number: int
    text: str
    paragraph: int


@dataclass(frozen=True)
class HolderForms:
    """A holder of a brief and the forms of its name in the article."""

    holder: int
    """The row of the holder."""
    kind: str
    forms: tuple[str, ...]


@dataclass(frozen=True)
class Citing:
    """A position and the sentences that it cites."""

    position: int
    holders: tuple[int, ...]
    sentences: frozenset[int]


@dataclass(frozen=True)
class Turn:
    """A sentence that tells of a change of position, or of a correction."""

    holder: int
    kind: TurnKind
    to_stance: Stance | None
    quotation: str
    context: str
    position: int | None


def is_conditional(text: str, language: str) -> bool:
    """Return whether a statement holds only under a condition, or is a joke."""
    words = read_turn_words(language)
    return bool(words and words.patterns["condition"].search(with_apostrophes(text)))


def find_turns(
    sentences: Sequence[Sentence],
    holders: Sequence[HolderForms],
    citing: Sequence[Citing],
    language: str,
    year: int = 0,
) -> Iterator[Turn]:
    """Yield the sentences of an article that tell of a change of position of a holder, or of a correction.

    A change of an earlier year than that of the article is none: its day is unknown.
    """
    words = read_turn_words(language)
    if not words:
        return
    names = _Names(holders, words)
    texts = [with_apostrophes(sentence.text) for sentence in sentences]
    for index, sentence in enumerate(sentences):
        text = texts[index]
        if words.patterns["correction"].search(text):
            near = range(max(0, index - _AROUND), min(len(texts), index + _AROUND + 1))
            for holder in dict.fromkeys(mention.holder for other in near for mention in names.find(texts[other])):
                yield Turn(holder, "correction", None, sentence.text, sentence.text, None)
        for cue, kind, stance in KINDS:
            match = find_cue(words.patterns[cue], text, is_last=kind == "now")
            if not match or is_blocked(text[: match.start()], words):
                continue
            tells_both = kind == "now" and words.patterns["earlier"].search(text[: match.start()])
            if any(words.patterns["joke"].search(other) for other in texts[index : index + 3]):
                continue
            if _is_denied(texts[index : index + 3], match, words) or _is_past(text, match, words, year):
                continue
            is_first_person = cue.startswith("first_person")
            cited = [each for each in citing if sentence.number in each.sentences]
            subject = names.subject(text, match.start(), cited, first_person=is_first_person)
            if subject is None and not is_first_person:  # "Once a critic of the dam, Berg has come round"
                last = find_cue(words.patterns[cue], text, is_last=True) or match
                subject = names.subject(text, last.start(), cited, first_person=False)
            following = texts[index + 1] if index + 1 < len(texts) else ""
            if not is_first_person and words.patterns["unnamed"].match(text):
                subject = names.first(following) or subject
            if subject is None and not is_first_person and index and words.pronoun.search(text[: match.end()]):
                subject = names.first(texts[index - 1])
            if subject is not None:
                position = next((each.position for each in cited if subject in each.holders), None)
                is_claim = not is_first_person and names.is_claim(text, match.start(), subject, cited)
                weight: TurnKind = "now" if is_claim else "turn" if tells_both else kind
                around = " ".join(each.text for each in sentences[max(0, index - 1) : index + 2])
                former = None if stance or kind != "turn" or is_first_person else read_former(text, match.end())
                side = TURNED[former[1]] if former else stance
                yield Turn(subject, weight, side, sentence.text, around, position)
                break


def _is_denied(texts: Sequence[str], cue: re.Match[str], words: TurnWords) -> bool:
    """Return whether the words after a cue, or the next two sentences, deny what it tells."""
    return any(words.patterns["denied"].search(text) for text in (texts[0][cue.end() :], *texts[1:]))


def _is_past(text: str, cue: re.Match[str], words: TurnWords, year: int) -> bool:
    """Return whether a change is of an earlier year, by its clause or the beginning of the sentence."""
    admits = bool(words.patterns["admits"].search(cue.group()))
    for match in words.patterns["past"].finditer(text):
        between = text[match.end() : cue.start()] if match.end() <= cue.start() else text[cue.end() : match.start()]
        is_near = not re.search(r"\w", text[: match.start()]) or not (admits or CLAUSE_END.search(between))
        if is_near and _is_earlier(match, year) and not _LATER.search(between):
            return True
    return False


def _is_earlier(match: re.Match[str], year: int) -> bool:
    """Return whether words like "in 2019" or "ten years ago" are of an earlier year than an article."""
    return int(match.groupdict().get("year") or -1) < year


def is_of_degree(text: str) -> bool:
    """Return whether an English statement is about more or less of a thing: "should not be raised"."""
    words = read_turn_words("en")
    return bool(words and words.patterns["degree"].search(with_apostrophes(read_as(text).text)))


def find_positions_without_side(
    sentences: Sequence[Sentence],
    holders: Sequence[HolderForms],
    citing: Sequence[Citing],
    language: str,
    year: int = 0,
) -> Iterator[int]:
    """Yield the positions that are in jest, under a condition, of an earlier year, or of somebody else.

    A denied change is one too: "denied that she had dropped her opposition" does not say what she holds now.
    """
    words = read_turn_words(language)
    if not words:
        return
    names = _Names(holders, words)
    texts = {each.number: with_apostrophes(each.text) for each in sentences}
    for position in citing:
        cited = [texts[number] for number in sorted(position.sentences) if number in texts]
        joined = " ".join(cited)
        is_old = any(_is_earlier(match, year) for match in words.patterns["then"].finditer(joined))
        is_aside = is_conditional(joined, language) or words.patterns["beside"].search(joined)
        if is_old or is_aside or any(_is_of_another(each, position, names, words) for each in cited):
            yield position.position


def _is_of_another(text: str, position: Citing, names: "_Names", words: TurnWords) -> bool:
    """Return whether a sentence denies a change of position, or tells of one of somebody else than its speaker."""
    match = next(filter(None, (words.patterns[cue].search(text) for cue, _, to_stance in KINDS if to_stance)), None)
    if not match:
        return False
    before = text[: match.start()]
    if is_blocked(before, words):
        return True
    subject = names.subject(text, match.start(), [position], first_person=False)
    if subject is not None and subject not in position.holders:
        return True
    return names.names_another(before, position.holders)


class _Mention(NamedTuple):
    start: int
    end: int
    holder: int


class _Names:
    """The names of the holders of an article."""

    def __init__(self, holders: Sequence[HolderForms], words: TurnWords) -> None:
        self._words = words
        self._kinds = {each.holder: each.kind for each in holders}
        self._forms = {each.holder: each.forms for each in holders}
        owners: dict[str, set[int]] = defaultdict(set)
        for each in holders:
            for form in filter(str.strip, each.forms):
                owners[with_apostrophes(form)].add(each.holder)
                last = form.split()[-1]
                if each.kind == "person" and last[:1].isupper():
                    owners[with_apostrophes(last)].add(each.holder)
        self._owners = {form: next(iter(found)) for form, found in owners.items() if len(found) == 1}
        forms = "|".join(re.escape(form) for form in sorted(self._owners, key=len, reverse=True))
        self._pattern = re.compile(rf"(?<!\w)(?:{forms})(?!\w)") if forms else None

    def find(self, text: str) -> list[_Mention]:
        found = self._pattern.finditer(text) if self._pattern else ()
        return [_Mention(match.start(), match.end(), self._owners[match.group()]) for match in found]

    def names_another(self, before: str, holders: Iterable[int]) -> bool:
        """Return whether the clause before a cue names somebody, but none of some holders."""
        own = {word for each in holders for form in self._forms[each] for word in with_apostrophes(form).split()}
        clause = CLAUSE_END.split(before)[-1]
        named = {word for word in _CAPITALISED.findall(clause) if word.lower() not in _OPENERS}
        return bool(named) and own.isdisjoint(named)

    def first(self, text: str) -> int | None:
        """Return the first holder that a sentence names as a subject."""
        return next((mention.holder for mention in self.find(text) if self._can_be_subject(text, mention)), None)

    def subject(self, text: str, cue: int, cited: Sequence[Citing], *, first_person: bool) -> int | None:
        """Return the holder of whom the words from ``cue`` on tell."""
        speakers = {holder for each in cited for holder in each.holders}
        speaker = next(iter(speakers)) if len(speakers) == 1 else None
        if first_person:
            authors = [holder for holder, kind in self._kinds.items() if kind == "author"]
            return speaker if speaker is not None or speakers else next(iter(authors), None)
        named = self.find(text[:cue])
        mentions = [mention for mention in named if self._can_be_subject(text, mention)]
        pronouns = list(self._words.pronoun.finditer(text[:cue]))
        if mentions and self._words.patterns["another"].search(text[mentions[-1].end : cue].rstrip()):
            return None
        if mentions and (not pronouns or pronouns[-1].start() < mentions[-1].start):
            return mentions[-1].holder
        if pronouns and mentions and speaker is None:
            return mentions[-1].holder
        if speaker is None or not pronouns:
            is_other = named or (speaker is not None and self.names_another(text[:cue], (speaker,)))
            return None if is_other else speaker  # somebody else is the subject: "the chair of …"
        is_person = self._kinds[speaker] in PEOPLE
        return speaker if is_person == (pronouns[-1].group().lower() in self._words.people) else None

    def is_claim(self, text: str, cue: int, subject: int, cited: Sequence[Citing]) -> bool:
        """Return whether others say what a sentence tells of a holder: "Rivals say that Falk has dropped out"."""
        if any(subject in each.holders for each in cited):
            return False
        start = min((each.start for each in self.find(text[:cue]) if each.holder == subject), default=0)
        claims = self._words.patterns["claimed"].finditer(text)
        return any(
            each.end() <= start or re.search(r"[,”\"](?: [\w’-]+){0,3}\s*$", text[cue : each.start()])
            for each in claims
        )

    def _can_be_subject(self, text: str, mention: _Mention) -> bool:
        return not text[mention.end :].startswith("’s") and not self._words.after_preposition.search(
            text[: mention.start]
        )


def search_turns(database: Database, on_done: Callable[[int, int], None]) -> None:
    """Search the articles of new briefs for turns, store them, and find positions without a side.

    Articles that name other people of the dossier than before are searched again, if the store is small.
    ``on_done`` is called with the number of articles that are done, and that of all.
    """
    if not database.is_read_only and is_small(database):
        _forget_changed(database)
    new = "FROM briefs JOIN articles ON articles.id = briefs.article WHERE briefs.searched IS NULL AND +indexed = 1"
    ((total,),), done = database.query(f"SELECT count(*) {new}"), 0
    while database.query(f"SELECT 1 {new} LIMIT 1"):
        on_done(done, total)
        with database.transaction() as connection:
            for row in database.query(f"SELECT briefs.id, text, language, published {new} LIMIT ?", _BATCH):
                turns, without_side, mark = _search(database, row)
                for turn in turns:
                    insert(connection, "turns", vars(turn) | {"brief": row["id"]})
                for position in without_side:
                    connection.execute("UPDATE positions SET no_side = 1 WHERE id = ?", (position,))
                connection.execute("UPDATE briefs SET searched = ? WHERE id = ?", (mark, row["id"]))
                done += 1


def _forget_changed(database: Database) -> None:
    """Let articles be searched again that name other people and bodies of the dossier than before."""
    sql = "SELECT briefs.id, text, searched FROM briefs JOIN articles ON articles.id = article WHERE searched > ?"
    for row in database.query(sql, _TELLS_NOTHING):
        _, sample = _sample(database, row)
        if row["searched"] != _mark(_known_people(database, sample, _holders(database, row["id"]))):
            with database.transaction() as connection:
                connection.execute("DELETE FROM turns WHERE brief = ?", (row["id"],))
                sql = "UPDATE positions SET no_side = certainty = 'conditional' WHERE brief = ?"
                connection.execute(sql, (row["id"],))
                connection.execute("UPDATE briefs SET searched = NULL WHERE id = ?", (row["id"],))


def _mark(people: Iterable[HolderForms]) -> int:
    """Return a number for the people and bodies of other articles that an article names."""
    return 1 + _TELLS_NOTHING + zlib.crc32(repr([each.holder for each in people]).encode())


def _sample(database: Database, row: sqlite3.Row) -> tuple[list[sqlite3.Row], str]:
    """Return the text of a brief's article; of one that is stored without its text, positions and their quotations."""
    positions = [] if row["text"] else _positions(database, row["id"])
    return positions, row["text"] or "\n".join(position["quotation"] for position in positions)


def _holders(database: Database, brief: int) -> list[HolderForms]:
    sql = "SELECT id, kind, name, aliases, role FROM holders WHERE brief = ?"
    return [HolderForms(each["id"], each["kind"], tuple(_forms(each))) for each in database.query(sql, brief)]


def _search(database: Database, row: sqlite3.Row) -> tuple[list[Turn], list[int], int]:
    """Return the sentences of an article that tell of changes, the positions on no side, and the mark."""
    text = row["text"]
    positions, sample = _sample(database, row)
    language = (row["language"] or "").partition("-")[0].lower()
    words = read_turn_words(language) or read_turn_words(language := guess_language(sample))
    plain = with_apostrophes(collapse_whitespace(sample).lower())
    if not words or not words.may_tell(plain):
        return [], [], _TELLS_NOTHING
    positions = positions or _positions(database, row["id"])
    holders = _holders(database, row["id"])
    known = _known_people(database, sample, holders)
    citing = [
        Citing(each["id"], tuple(map(int, each["holders"].split(","))), frozenset(json.loads(each["sentences"])))
        for each in positions
    ]
    year = int((row["published"] or "0")[:4])
    content = _sentences(text, positions, language), [*holders, *known], citing, language, year
    return list(find_turns(*content)), list(find_positions_without_side(*content)), _mark(known)


def _known_people(database: Database, text: str, holders: Iterable[HolderForms]) -> list[HolderForms]:
    """Return the people and bodies of other articles that a text names, and its brief does not: the first holders."""
    forms = {form for holder in holders for form in holder.forms}
    named = {name.removeprefix("The ") for name in _BODY_NAME.findall(text)}
    names = sorted(named.union(_FULL_NAME.findall(text)) - forms)[:_MAX_NAMES]
    if not names:
        return []
    phrases = " OR ".join(f'"{name}"' for name in names)
    rows = database.query(
        "SELECT min(coalesce(published, '') || sha256 || printf('%012d', holders.id)), holders.id, kind, name FROM "
        "holders JOIN briefs ON briefs.id = holders.brief JOIN articles ON articles.id = article WHERE kind IN "
        "('person', 'organisation') AND actor IS NOT NULL AND holders.id IN (SELECT rowid FROM holders_fts WHERE "
        "holders_fts MATCH ?1) AND name IN (SELECT value FROM json_each(?2)) GROUP BY name "
        "HAVING count(DISTINCT actor) = 1",
        f"name : ({phrases})",
        json.dumps(names),
    )
    own = {form.split()[-1] for form in forms if form}
    return [
        HolderForms(row["id"], row["kind"], (row["name"],))
        for row in rows
        if row["kind"] != "person" or row["name"].split()[-1] not in own
    ]


def _forms(holder: sqlite3.Row) -> Iterator[str]:
    """Yield the names of a holder, and the office as a description: "the opposition leader"."""
    office = f"the {holder['role']}" if holder["role"] else None
    for form in filter(None, (holder["name"], *json.loads(holder["aliases"]), office)):
        yield form
        if form[:4] in {"the ", "The "}:
            yield form[0].swapcase() + form[1:]


def _positions(database: Database, brief: int) -> list[sqlite3.Row]:
    return database.query(
        "SELECT id, sentences, quotation, group_concat(holder) AS holders FROM positions "
        "JOIN position_holders ON position = id WHERE brief = ? GROUP BY id",
        brief,
    )


def _sentences(text: str | None, positions: Sequence[sqlite3.Row], language: str) -> list[Sentence]:
    """Return the sentences of an article, or without its text those that positions cite."""
    if text:
        try:
            reading = read(Article.from_text(text, language=language))
        except ArticleError:
            return []
        return [Sentence(each.number, each.text, each.paragraph) for each in reading.sentences]
    quotations = {number: each["quotation"] for each in positions for number in json.loads(each["sentences"])[:1]}
    return [Sentence(number, quotations[number], number) for number in sorted(quotations)]
