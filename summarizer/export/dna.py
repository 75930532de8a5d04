"""Write a dossier for Discourse Network Analyzer (DNA) 3: as its database, or as its event list.

A statement of DNA has a person, an organisation, a concept and an agreement, and a place in the text of a document.
Only agreement and disagreement exist; statements with other stances, or without an issue, are left out and counted.
"""

import base64
import csv
import hashlib
import secrets
import shutil
import sqlite3
import tempfile
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from itertools import count, pairwise
from pathlib import Path
from typing import BinaryIO

from summarizer._text import DistinctNames, collapse_whitespace, shorten
from summarizer.brief import Evidence
from summarizer.dossier import PEOPLE, Actor, DossierIssue, Statement, affiliation_at, find_bodies, read_brief
from summarizer.export.cells import clean_text, escape_formula
from summarizer.export.tables import Row, Selection, article_rows, describe_role, statement_rows
from summarizer.export.tabular import open_text
from summarizer.merging import plain_words
from summarizer.spans import Span, hull, quote

PASSWORD = "admin"  # noqa: S105  # of a file that anybody can read without it
"""The password of the coder Admin in a database. DNA asks for one."""
AGREEMENT = {"agrees": 1, "disagrees": 0}
_MAX_CHARACTERS = 190
"""Characters of a title, a name or an attribute in DNA."""
ITERATIONS = 100_000
"""Times that DNA hashes a password."""
_COLUMNS = (
    *("statement_id", "time", "person", "organization", "concept", "agreement", "start_position", "stop_position"),
    *("text", "coder", "document_id", "document_title", "document_author", "document_source", "document_section"),
    "document_type",
)


@dataclass(frozen=True, slots=True)
class _Coded:
    """A statement as DNA has it. Start and stop count UTF-16 units in the text of its document."""

    number: int
    person: str
    organization: str
    concept: str
    agreement: int
    start: int
    stop: int
    text: str


@dataclass(frozen=True, slots=True)
class _Document:
    row: Row
    text: str
    time: datetime | None
    statements: Sequence[_Coded]


def write_dna(selection: Selection, file: BinaryIO, _network: object) -> list[str]:
    """Write a database of DNA 3, a file ending in .dna. Return what it leaves out or lacks."""
    coding = _Coding(selection)
    with tempfile.TemporaryDirectory(prefix="summarizer-") as folder:
        path = Path(folder, "export.dna")
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")  # of a temporary file
            connection.executescript(files("summarizer.export").joinpath("dna.sql").read_text(encoding="utf-8"))
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(
                "INSERT INTO CODERS (ID, Name, Red, Green, Password) VALUES (1, 'Admin', 255, 255, ?)",
                (hash_password(PASSWORD, secrets.token_bytes(16)),),
            )
            entities = _Entities(connection, coding)
            for document in coding.documents():
                _insert_document(connection, document)
                for coded in document.statements:
                    _insert_statement(connection, entities, coded, document.row["article_id"])
        with path.open("rb") as written:
            shutil.copyfileobj(written, file)
    return [*coding.notes(), f'DNA asks for a password: the coder is Admin, the password "{PASSWORD}".']


def write_event_list(selection: Selection, file: BinaryIO, _network: object) -> list[str]:
    """Write the event list of DNA 3: CSV with semicolons. Return what it leaves out or lacks."""
    coding = _Coding(selection)
    with open_text(file) as text:
        writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for document in coding.documents():
            title, author, source, section, form = map(escape_formula, _metadata(document.row))
            time = document.time.strftime("%Y-%m-%d %H:%M:%S") if document.time else ""
            for coded in document.statements:
                names = map(escape_formula, (coded.person, coded.organization, coded.concept))
                quotation = escape_formula(collapse_whitespace(coded.text))
                where = (coded.start, coded.stop, quotation, 1, document.row["article_id"])
                row = (coded.number, time, *names, coded.agreement, *where, title, author, source, section, form)
                writer.writerow(row)
    return coding.notes()


def hash_password(password: str, salt: bytes) -> str:
    """Return a password as DNA stores it: SHA-256, 100,000 times over salt and password, behind the salt, in base64."""
    digest = salt + unicodedata.normalize("NFC", password).encode()
    for _ in range(ITERATIONS):
        digest = hashlib.sha256(digest).digest()
    return base64.b64encode(salt + digest).decode()


def unit_counter(text: str) -> Callable[[int], int]:
    """Return a function that counts the UTF-16 units before a place in the text, given in code points."""
    pairs = [index for index, letter in enumerate(text) if ord(letter) > 0xFFFF]
    return lambda place: place + bisect_left(pairs, place)


class _Coding:
    """The documents and statements of a selection as DNA has them."""

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        self._by_article: defaultdict[int, list[Statement]] = defaultdict(list)
        self._left_out: Counter[str] = Counter()
        self._without_text = self._without_date = 0
        for statement in selection.statements:
            if not statement.issue:  # counted first, as in networks
                self._left_out["without an issue"] += 1
            elif statement.stance not in AGREEMENT:
                self._left_out[statement.stance] += 1
            else:
                self._by_article[statement.article].append(statement)
        self.actors = {name: actor for actor, name in self._names(selection.actors)}
        self.issues = {name: issue for issue, name in self._concepts(selection.issues)}
        self._name_of = {actor.id: name for name, actor in self.actors.items()}
        self._concept_of = {issue.id: name for name, issue in self.issues.items()}
        self._bodies = find_bodies(self.actors.values())

    def documents(self) -> Iterator[_Document]:
        """Yield the documents, oldest first, with their statements."""
        numbers = count(1)
        for row in article_rows(self._selection):
            number = row["article_id"]
            text, evidence = self._read(number)
            time = _parse_time(row["published"])
            self._without_date += time is None
            count_units = unit_counter(text)
            statements = list[_Coded]()
            for details in statement_rows(self._selection, self._by_article[number]):
                start, stop = evidence[details["position"]]
                person, organization = self._speaker(details)
                statements.append(
                    _Coded(
                        number=next(numbers),
                        person=person,
                        organization=organization,
                        concept=self._concept_of[details["issue_id"]],
                        agreement=AGREEMENT[details["stance"]],
                        start=count_units(start),
                        stop=count_units(stop),
                        text=text[start:stop],
                    )
                )
            yield _Document(row, text, time, statements)

    def notes(self) -> list[str]:
        """Return what the documents that were yielded leave out or lack, in sentences."""
        notes = []
        if self._left_out:
            kinds = ", ".join(f"{number} {kind}" for kind, number in self._left_out.most_common())
            total = f"{self._left_out.total():,} of {len(self._selection.statements):,} statements"
            notes.append(f"Left out, since DNA knows only agreement and disagreement on a concept: {total} ({kinds}).")
        if self._without_text:
            notes.append(
                f"Articles whose text is not in the store: {self._without_text:,}. "
                "Their documents hold the cited sentences only."
            )
        if self._without_date:
            notes.append(f"Articles without a date: {self._without_date:,}. DNA shows them on 1970-01-01.")
        return notes

    def _names(self, actors: Mapping[str, int]) -> Iterator[tuple[Actor, str]]:
        """Yield actors with different names."""
        names = _distinct_names()
        for key in actors:
            actor = self._selection.dossier.actors[key]
            yield actor, names.make(_short(actor.name))

    def _concepts(self, issues: Mapping[str, int]) -> Iterator[tuple[DossierIssue, str]]:
        names = _distinct_names()
        for key in issues:
            issue = self._selection.dossier.issues[key]
            yield issue, names.make(_short(issue.proposition))

    def _speaker(self, details: Row) -> tuple[str, str]:
        """Return the person and the organisation of a statement; either may be empty."""
        actor = self._selection.dossier.actors[details["actor_id"]]
        name = self._name_of[actor.id]
        if actor.kind not in PEOPLE:
            return "", name
        body = details["affiliation"] or affiliation_at(actor, details["published"]) or ""
        known = self._bodies.get(plain_words(body))
        return name, self._name_of[known] if known else _short(body)

    def _read(self, article: int) -> tuple[str, Mapping[str, Span]]:
        """Return the text of an article, and the range of the cited sentences of each position, by its key."""
        brief, text = read_brief(self._selection.dossier.store.database, article)
        cited = {each.id: _first_run(each.evidence) for each in brief.positions}
        if text and all(_has_quotations(text, evidence) for evidence in cited.values()):
            spans = {key: [span for each in evidence for span in each.spans] for key, evidence in cited.items()}
            return _clean_lines(text), {key: hull(each) for key, each in spans.items()}
        self._without_text += 1
        return _join_sentences(cited)


class _Entities:
    """The entities of a database: the values of its variables, by name."""

    def __init__(self, connection: sqlite3.Connection, coding: _Coding) -> None:
        self._connection, self._coding = connection, coding
        self._ids: dict[tuple[int, str], int] = {}

    def find(self, variable: int, value: str) -> int:
        """Return the id of an entity; a new one gets its attributes."""
        if (variable, value) not in self._ids:
            number = len(self._ids) + 1
            self._ids[variable, value] = number
            self._connection.execute(
                "INSERT INTO ENTITIES (ID, VariableId, Value) VALUES (?, ?, ?)", (number, variable, value)
            )
            self._connection.executemany(  # DNA expects a value for every attribute
                "INSERT INTO ATTRIBUTEVALUES (EntityId, AttributeVariableId, AttributeValue) VALUES (?, ?, ?)",
                [
                    (number, variable + 3 * offset, _short(attribute))
                    for offset, attribute in enumerate(self._attributes(variable, value))
                ],
            )
        return self._ids[variable, value]

    def _attributes(self, variable: int, value: str) -> tuple[str, str, str]:
        """Return the type, the aliases and the notes of an entity."""
        if variable == 3:
            issue = self._coding.issues[value]
            wordings = [each.proposition for each in issue.wordings if each.proposition != issue.proposition]
            return ("codebook" if issue.given else ""), "; ".join(wordings), issue.id
        actor = self._coding.actors.get(value)
        if actor is None:  # an affiliation that is not an actor itself
            return "", "", ""
        return actor.kind, "; ".join(actor.names), "; ".join(map(describe_role, actor.roles))


def _insert_document(connection: sqlite3.Connection, document: _Document) -> None:
    row, (title, author, source, section, form) = document.row, _metadata(document.row)
    seconds = int(document.time.replace(tzinfo=UTC).timestamp()) if document.time else 0
    made = f"{row['engine']} {row['model'] or ''}".strip()
    notes = "\n".join(filter(None, [row["url"], f"Coded by summarizer {row['library']}: {made}."]))
    connection.execute(
        "INSERT INTO DOCUMENTS (ID, Title, Text, Coder, Author, Source, Section, Notes, Type, Date) "
        "VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?)",
        (row["article_id"], title, document.text, author, source, section, notes, form, seconds),
    )


def _insert_statement(connection: sqlite3.Connection, entities: _Entities, coded: _Coded, document: object) -> None:
    connection.execute(
        "INSERT INTO STATEMENTS (ID, StatementTypeId, DocumentId, Start, Stop, Coder) VALUES (?, 1, ?, ?, ?, 1)",
        (coded.number, document, coded.start, coded.stop),
    )
    values = enumerate((coded.person, coded.organization, coded.concept), start=1)
    connection.executemany(
        "INSERT INTO DATASHORTTEXT (StatementId, VariableId, Entity) VALUES (?, ?, ?)",
        [(coded.number, variable, entities.find(variable, value)) for variable, value in values],
    )
    connection.execute(
        "INSERT INTO DATABOOLEAN (StatementId, VariableId, Value) VALUES (?, 4, ?)", (coded.number, coded.agreement)
    )


def _metadata(row: Row) -> tuple[str, str, str, str, str]:
    """Return title, author, source, section and type of a document; only the title is never empty."""
    title = row["title"] or f"{row['outlet'] or 'Article'} {row['date'] or row['article_id']}"
    title, author, source, section, form = (
        _short(str(value or "")) for value in (title, row["author"], row["outlet"], row["section"], row["form"])
    )
    return title, author, source, section, form


def _short(text: str) -> str:
    return shorten(clean_text(text), _MAX_CHARACTERS)


def _distinct_names() -> DistinctNames:
    return DistinctNames(add_number=lambda name, number: f"{shorten(name, _MAX_CHARACTERS - 8)} ({number})")


def _parse_time(published: object) -> datetime | None:
    """Return the date and time on the clock of the place, as DNA has no time zones."""
    try:
        return datetime.fromisoformat(str(published)).replace(tzinfo=None)
    except ValueError:
        return None


def _first_run(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the first cited sentence and those that follow it without a gap."""
    run = [evidence[0]]
    for before, after in pairwise(evidence):
        if after.sentence != before.sentence + 1:
            break
        run.append(after)
    return run


def _has_quotations(text: str, evidence: Sequence[Evidence]) -> bool:
    """Return whether the spans of cited sentences hold their words."""
    return all(quote(text, each.spans) == each.quote for each in evidence)


def _join_sentences(cited: Mapping[str, Sequence[Evidence]]) -> tuple[str, dict[str, Span]]:
    """Return a text of the cited sentences, and the range of each position in it."""
    sentences = {each.sentence: each.quote for evidence in cited.values() for each in evidence}
    text, places, previous = "", dict[int, Span](), 0
    for number in sorted(sentences):
        text += "" if not text else " " if number == previous + 1 else "\n[…]\n"
        places[number] = Span(len(text), len(text) + len(sentences[number]))
        text, previous = text + sentences[number], number
    return _clean_lines(text), {
        key: hull([places[each.sentence] for each in evidence]) for key, evidence in cited.items()
    }


def _clean_lines(text: str) -> str:
    """Replace control characters and line ends one by one, so that places stay. DNA counts CR LF as one character."""
    return clean_text(text).replace("\r\n", " \n").replace("\r", "\n")
