"""People's decisions on who is who and which issues are one: what they mean by names in words."""

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial

from summarizer._text import normalize, shorten
from summarizer.dossier.decision_log import DecisionLog
from summarizer.dossier.identifiers import HASH_DIGITS, decision_key
from summarizer.dossier.issues import issue_key, join_issues
from summarizer.dossier.mentions import classify_name
from summarizer.dossier.types import Decision, DecisionKind, Verdict
from summarizer.errors import ConfigurationError
from summarizer.store import Database

_HOLDERS = (
    "SELECT holders.id, holders.actor, holders.kind, holders.aliases, coalesce(holders.name, role, holders.kind) "
    "AS words, articles.id AS article, sha256 FROM holders "
    "JOIN briefs ON briefs.id = holders.brief JOIN articles ON articles.id = briefs.article "
)
_ORDER = " ORDER BY published IS NULL, published, holders.id"
_MAX_LISTED = 8
_DATE = re.compile(r"\d{4}(-\d{2}){0,2}")


@dataclass(frozen=True)
class Choice:
    """The holders that a person means by a name."""

    rows: Sequence[sqlite3.Row]
    """At least one, oldest first."""
    is_one: bool
    """Whether it is a single holder: NAME@ARTICLE."""

    @property
    def key(self) -> str:
        """The key of the first holder."""
        return _key(self.rows[0])


def choose_holders(database: Database, text: str) -> Choice:
    """Return the holders that a text means: the id or a name of an actor, or NAME@ARTICLE.

    ARTICLE is the article's number in the store, its address, its title or its date.

    Raises:
        ConfigurationError: It means nobody, or several actors.
    """
    if rows := database.query(f"{_HOLDERS} WHERE actor = ?{_ORDER}", text):
        return Choice(rows, is_one=False)
    at = [
        place for place, sign in enumerate(text) if sign == "@" and text[:place].strip() and text[place + 1 :].strip()
    ]
    plain = normalize(text)
    rows = [row for row in _holders_with_words(database, text, may_read_all=not at) if plain in _forms(row)]
    if at:
        rows = [row for row in rows if "@" in row["words"] + row["aliases"]]
    by_actor: defaultdict[str, list[sqlite3.Row]] = defaultdict(list)
    for row in rows:
        by_actor[row["actor"]].append(row)
    actors = () if at else database.query("SELECT id, name FROM actors")
    named = [row["id"] for row in actors if normalize(row["name"]) == plain]
    chosen = named or list(by_actor)
    if not chosen and at:  # "A@B Corp@2"; an address may have the sign, too
        place = next((place for place in reversed(at) if _find_articles(database, text[place + 1 :])), at[-1])
        return Choice(_choose_in_article(database, text[:place], text[place + 1 :].strip()), is_one=True)
    if named and len(named) == 1:
        return Choice(database.query(f"{_HOLDERS} WHERE actor = ?{_ORDER}", named[0]), is_one=False)
    if len(chosen) == 1:
        return Choice(by_actor[chosen[0]], is_one=False)
    if chosen:
        listed = ", ".join(sorted(chosen)[:_MAX_LISTED])
        hint = f"Name one by its id ({listed}), or a holder as NAME@ARTICLE."
        raise ConfigurationError(f"{len(chosen)} actors have the name “{text}”.", hint=hint)
    names = [row[0] for row in database.query("SELECT name FROM actors")]
    raise ConfigurationError(f"No actor has the name or the id “{text}”.", hint=_suggest(text, names))


def _holders_with_words(database: Database, text: str, *, may_read_all: bool) -> list[sqlite3.Row]:
    """Return the holders with a text's words in a name or role, and unnamed ones; if none fits, all on request."""
    words = re.findall(r"\w+", text)
    sql = "SELECT rowid FROM holders_fts WHERE holders_fts MATCH ? UNION ALL SELECT id FROM holders WHERE name IS NULL"
    query = " AND ".join(f'"{word}"' for word in words) or '""'
    rows = database.query(f"{_HOLDERS} WHERE holders.id IN ({sql}){_ORDER}", query)
    if not may_read_all or any(normalize(text) in _forms(row) for row in rows):
        return rows
    return database.query(_HOLDERS + _ORDER)


def choose_articles(database: Database, place: str) -> list[int]:
    """Return the articles that a text means: a number, an address, a title, a source or a date.

    Raises:
        ConfigurationError: It means none.
    """
    if articles := _find_articles(database, place):
        return articles
    hint = "Write NAME@ARTICLE with an article’s number (summarizer show STORE), address, source, title or date."
    raise ConfigurationError(f"No article in the store is “{place}”.", hint=hint)


def _find_articles(database: Database, place: str) -> list[int]:
    """Return the articles with a number; else those with an address, title or source; else those of a date."""
    place = place.strip()
    tried = (
        ("CAST(id AS TEXT) = ?", place),
        ("? IN (url, title, source)", place),
        ("published = ?", place),
        ("substr(published, 1, length(?1)) = ?1", place if _DATE.fullmatch(place) else None),
    )
    rows = (database.query(f"SELECT id FROM articles WHERE {condition}", value) for condition, value in tried)  # noqa: S608
    return [row["id"] for row in next(filter(None, rows), [])]


def _choose_in_article(database: Database, name: str, place: str) -> list[sqlite3.Row]:
    articles = choose_articles(database, place)
    rows = [row for article in articles for row in database.query(f"{_HOLDERS} WHERE articles.id = ?", article)]
    found = [row for row in rows if normalize(name) in _forms(row)]
    if len({row["article"] for row in found}) > 1:
        raise ConfigurationError(f"Several articles of “{place}” name “{name}”.", hint="Name one by its number.")
    if not found:
        names = [row["words"] for row in rows]
        raise ConfigurationError(f"The article “{place}” has no holder “{name}”.", hint=_suggest(name, names))
    return found


def choose_issue(database: Database, text: str) -> str:
    """Return the key of the issue that a text means: its id, or a proposition of it.

    Raises:
        ConfigurationError: It means none.
    """
    plain = normalize(text)
    issues = database.query("SELECT id, proposition, given OR found AS is_kept FROM dossier_issues")
    rows = database.query(
        "SELECT dossier_issue, proposition, sha256 FROM issues JOIN briefs ON briefs.id = issues.brief "
        "JOIN articles ON articles.id = briefs.article ORDER BY published IS NULL, published, issues.id"
    )
    for row in issues:
        if row["id"] == text or normalize(row["proposition"]) == plain:
            if row["is_kept"]:
                return issue_key(row["id"])
            rows = [each for each in rows if each["dossier_issue"] == row["id"]]
            return decision_key(rows[0]["sha256"], rows[0]["proposition"])
    for row in rows:
        if normalize(row["proposition"]) == plain:
            return decision_key(row["sha256"], row["proposition"])
    hint = _suggest(text, [row["proposition"] for row in issues])
    raise ConfigurationError(f"No issue has the id or the proposition “{shorten(text)}”.", hint=hint)


def find_keys(database: Database, kind: DecisionKind, one: str, other: str, verdict: Verdict) -> tuple[str, str]:
    """Return the keys of two actors, holders or issues; the one that is decided on is first.

    Raises:
        ConfigurationError: A text means none or several, the two are the same, or people cannot give the verdict.
    """
    if verdict == "unsure" or (verdict == "contrary" and kind == "actor"):
        raise ConfigurationError(f"Two {kind}s cannot be {verdict}.", hint="A person decides: same or different.")
    if kind == "issue":
        keys = choose_issue(database, one), choose_issue(database, other)
        if keys[0] == keys[1]:
            raise ConfigurationError(f"“{shorten(one)}” and “{shorten(other)}” are one wording.")
        given = {issue_key(row["id"]) for row in database.query("SELECT id FROM dossier_issues WHERE given")}
        if verdict != "different" and given.issuperset(keys):
            hint = "Make them one issue in the codebook, and make the briefs anew."
            raise ConfigurationError(f"“{one}” and “{other}” are issues of a codebook, which stay apart.", hint=hint)
        return keys
    first, second = choose_holders(database, one), choose_holders(database, other)
    if second.is_one and not first.is_one:
        first, second = second, first
    for narrow, wide in ((first, second), (second, first)):
        ids = {row["id"] for row in narrow.rows}
        if others := [row for row in wide.rows if row["id"] not in ids and _key(row) != narrow.key]:
            is_odd = narrow.is_one and verdict == "different"
            return narrow.key, _key(min(others, key=partial(_kinship, narrow.rows[0])) if is_odd else others[0])
    hint = "Name one holder of them as NAME@ARTICLE." if verdict == "different" else ""
    raise ConfigurationError(f"“{one}” and “{other}” are the same holders.", hint=hint)


def _kinship(one: sqlite3.Row, other: sqlite3.Row) -> tuple[object, ...]:
    """Return what is least for the holder from whom one is told apart: whoever has the same name holds the others."""
    words, others = (normalize(row["words"]).split() for row in (one, other))
    is_weak = classify_name(other["words"], other["kind"])[0] in ("surname", "office", "unnamed")
    return is_weak, words != others, -len({*words} & {*others}), -len(others)


def join_decided_issues(database: Database) -> set[str]:
    """Join the issues that people declared to be one, and return the ids of those that gain wordings."""
    decisions = {frozenset((each.one, each.other)): each for each in DecisionLog(database).by_people("issue")}
    if all(each.verdict == "different" for each in decisions.values()):
        return set()
    touched = set()
    with database.transaction() as connection:
        given = {issue for (issue,) in connection.execute("SELECT id FROM dossier_issues WHERE given")}
        for each in sorted(decisions.values(), key=lambda each: each.id):
            target, issue = find_issue(connection, each.one), find_issue(connection, each.other)
            if each.verdict == "different" or not target or not issue or target[0] == issue[0]:
                continue
            if issue[0] in given:
                target, issue = issue, target
            if issue[0] in given or _are_kept_apart(connection, decisions.values(), target[0], issue[0], each.id):
                continue
            is_contrary = issue[1] ^ target[1] ^ (each.verdict == "contrary")
            join_issues(connection, issue[0], target[0], is_contrary=is_contrary)
            touched.add(target[0])
    return touched


def find_issue(connection: sqlite3.Connection, key: str) -> tuple[str, bool] | None:
    """Return the dossier's issue for a key of the log, and whether the key's wording is contrary to it."""
    start, _, words = key.partition(":")
    if start == "issue":
        row = connection.execute("SELECT id FROM dossier_issues WHERE id = ?", (words,)).fetchone()
        return (row["id"], False) if row else None
    sql = (
        "SELECT dossier_issue, contrary, proposition FROM issues JOIN briefs ON briefs.id = issues.brief "
        "JOIN articles ON articles.id = briefs.article WHERE substr(sha256, 1, ?) = ? AND dossier_issue IS NOT NULL"
    )
    for row in connection.execute(sql, (HASH_DIGITS, start)):
        if normalize(row["proposition"]) == words:
            return row["dossier_issue"], bool(row["contrary"])
    return None


def _are_kept_apart(
    connection: sqlite3.Connection, decisions: Iterable[Decision], one: str, other: str, after: int
) -> bool:
    """Return whether a person held wordings of two issues for different ones, after a decision with a number."""
    return any(
        {found[0] for key in (each.one, each.other) if (found := find_issue(connection, key))} == {one, other}
        for each in decisions
        if each.verdict == "different" and each.id > after
    )


def holders_with_key(database: Database, key: str) -> list[sqlite3.Row]:
    """Return the holders that a key of the log means; several engines may have read one article."""
    return [row for row in _holders_of(database, key.partition(":")[0]) if _key(row) == key]


def _holders_of(database: Database, digits: str) -> list[sqlite3.Row]:
    """Return the holders of the articles whose hashes begin with some digits; "" for all."""
    return database.query(f"{_HOLDERS} WHERE sha256 >= ?1 AND sha256 < ?1 || 'g'", digits)


def holders_concerned(database: Database, keys: Iterable[str]) -> set[int]:
    """Return the ids of all holders of the actors to whom the holders with some keys belong."""
    actors = {row["actor"] for key in set(keys) for row in holders_with_key(database, key)}
    sql = "SELECT id FROM holders WHERE actor = ?"
    return {row["id"] for actor in actors for row in database.query(sql, actor)}


def describe_decisions(database: Database, decisions: Sequence[Decision]) -> Iterator[tuple[str, str]]:
    """Yield the two that each decision is about, in words: "Jane Hill (2026-03-01, Toll backed)"."""
    keys = {key for each in decisions for key in (each.one, each.other)}
    digits = [key.partition(":")[0] for key in keys] if len(keys) <= _MAX_LISTED else [""]
    names = {_key(row): row["words"] for start in digits for row in _holders_of(database, start)}
    articles = {
        decision_key(row["sha256"], ""): ", ".join(filter(None, [row["published"], row["title"]]))
        for row in database.query("SELECT sha256, published, title FROM articles")
    }

    def describe(key: str) -> str:
        start, _, words = key.partition(":")
        place = articles.get(f"{start}:")
        return f"{names.get(key, words)} ({shorten(place, 60)})" if place else words or key

    for each in decisions:
        yield describe(each.one), describe(each.other)


def _key(row: sqlite3.Row) -> str:
    return decision_key(row["sha256"], row["words"])


def _forms(row: sqlite3.Row) -> set[str]:
    aliases = json.loads(row["aliases"]) if row["aliases"] != "[]" else []
    return {normalize(form) for form in (row["words"], *aliases)}


def _suggest(text: str, names: Sequence[str]) -> str:
    by_plain = {normalize(name): name for name in names}
    near = get_close_matches(normalize(text), by_plain, n=3, cutoff=0.6)
    return (
        f"Near: {', '.join(by_plain[each].rstrip('.') for each in near)}."
        if near
        else "summarizer dossier lists the actors."
    )
