"""Search the statements and the articles of a store by their words."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from summarizer._patterns import compile_lazily
from summarizer._text import letter_variants, replace_surrogates
from summarizer.brief import Record, Stance
from summarizer.errors import ConfigurationError
from summarizer.spans import Span
from summarizer.store.database import Database

_MANY = 5_000
"""Matches from which on the newest come first: a word of so many statements does not distinguish them."""
_MANY_ARTICLES = 10_000
"""Articles of a time from which on listing them takes longer than looking at the date of each match."""
_SNIPPET_WORDS = 24
_MAX_TERMS = 32
"""Different words and phrases in a search: snippets take time with the square of their number."""
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
"""Marks around matches in a snippet: code points that Unicode keeps out of texts."""

_QUOTATION_MARKS = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
_TERM = compile_lazily(r'"([^"]*)"(\*?)|([^\s"]+)')
_DATE = compile_lazily(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T.*)?)?)?")

Condition = tuple[str, tuple[object, ...]]
"""SQL on a row, and the values for its marks."""


class SearchResult(Record):
    """A statement or an article that has the words of a search."""

    kind: Literal["statement", "article"]
    position: int | None = None
    """The id of the position in the store; null for an article."""
    article: int
    """The id of the article in the store."""
    title: str | None
    source: str | None
    """The outlet: the site's name, or else the source of the article."""
    also_in: tuple[str, ...] = ()
    """Other outlets with the same article."""
    date: str | None
    """The date of the article, in ISO 8601."""
    holders: tuple[str, ...] = ()
    """Names, or else roles or kinds."""
    issue: str | None = None
    """The proposition that the stance is on."""
    stance: Stance | None = None
    statement: str | None = None
    quotation: str | None = None
    """The cited sentences."""
    snippet: str
    """The part of the quotation, or of the article, that has the most matches."""
    matches: tuple[Span, ...] = ()
    """The places of the matches in the snippet."""
    link: str | None
    """An address that opens at the quotation, or else at the article."""


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """Conditions for statements and articles; see `Store.search`."""

    holder: str | None = None
    issue: str | None = None
    stance: str | None = None
    since: str | None = None
    until: str | None = None
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check values that nothing can meet."""
        if self.stance is not None and self.stance not in get_args(Stance):
            known = ", ".join(get_args(Stance))
            raise ConfigurationError(f"There is no stance “{self.stance}”.", hint=f"The stances are {known}.")
        for value in filter(None, (self.since, self.until)):
            if not _is_date(value):
                hint = "Write a day, a month or a year, such as 2026-11-01, 2026-11 or 2026."
                raise ConfigurationError(f"“{value}” is not a date in ISO 8601.", hint=hint)
        if self.since and self.until:
            length = min(len(self.since), len(self.until))
            if self.since[:length] > self.until[:length]:
                hint = "Swap the two dates."
                raise ConfigurationError(
                    f"The first date, {self.since}, is after the last one, {self.until}.", hint=hint
                )

    @property
    def are_for_statements(self) -> bool:
        """Return whether a condition is about statements, which no article as a whole can meet."""
        return bool(self.holder or self.issue or self.stance)

    def on_statements(self) -> Iterator[Condition]:
        """Yield the conditions on a position with its issue and article."""
        if self.holder:
            words = fts_query(self.holder)
            yield _HOLDER, (self.holder, f"{{name aliases}} : ({words})", words)
        if self.issue:
            words = fts_query(self.issue)
            said = f"{{statement quotation}} : ({words})"
            yield _ISSUE, (said, self.issue, words, f"%{self.issue}%", words)
        if self.stance:
            yield f"{_STANCE} = ?", (self.stance,)
        yield from self.on_articles()

    def on_articles(self) -> Iterator[Condition]:
        """Yield the conditions on an article."""
        yield from self.on_dates()
        if self.sources:
            patterns = ["%" + re.sub(r"([%_^])", r"^\1", source) + "%" for source in self.sources]
            own = " OR ".join(
                ["coalesce(articles.site, articles.source, articles.url) LIKE ? ESCAPE '^'"] * len(patterns)
            )
            other = " OR ".join(["outlet LIKE ? ESCAPE '^'"] * len(patterns))
            copies = f"SELECT article FROM copies_view WHERE {other}"  # noqa: S608  # marks only
            yield f"({own} OR articles.id IN ({copies}))", (*patterns, *patterns)

    def on_dates(self) -> Iterator[Condition]:
        """Yield the conditions on the date of an article."""
        if self.since:
            yield "articles.published >= ?", (self.since,)
        if self.until:
            yield "articles.published <= ?", (self.until + _LAST,)  # a month ends after its last day


def _is_date(value: str) -> bool:
    """Return whether this is a day, a month or a year that there is."""
    try:
        return bool(_DATE.fullmatch(value) and date.fromisoformat(f"{value}-01-01"[:10]))
    except ValueError:
        return False


_LAST = "\U0010ffff"
"""Sorts after all characters that can follow a date."""
_BRIEFS = (
    "positions.brief IN (SELECT briefs.id FROM articles CROSS JOIN briefs ON briefs.article = articles.id WHERE {})"
)
_PLACE = (
    "SELECT min(positions.id), max(positions.id) FROM articles CROSS JOIN briefs ON briefs.article = articles.id "
    "CROSS JOIN positions ON positions.brief = briefs.id WHERE {}"
)
_ROWS = "+articles_fts.rowid IN (SELECT id FROM articles WHERE {})"  # + keeps from one search for each id
_HOLDER = """positions.id IN (
    SELECT position FROM position_holders WHERE holder IN (
        SELECT id FROM holders WHERE actor = ?
        UNION SELECT id FROM holders WHERE actor IN (
            SELECT actor FROM holders WHERE id IN (SELECT rowid FROM holders_fts WHERE holders_fts MATCH ?))
        UNION SELECT rowid FROM holders_fts WHERE holders_fts MATCH ?))"""
_ISSUE = """positions.id IN (
    WITH said(issue, statements) AS (
        SELECT coalesce(placements.dossier_issue, issues.dossier_issue) AS issue, count(*) FROM positions_fts
        CROSS JOIN positions ON positions.id = positions_fts.rowid LEFT JOIN issues ON issues.id = positions.issue
        LEFT JOIN placements ON placements.position = positions.id WHERE positions_fts MATCH ? GROUP BY 1
    ), same(id) AS (
        SELECT ?
        UNION SELECT dossier_issue FROM issues WHERE id IN (SELECT rowid FROM issues_fts WHERE issues_fts MATCH ?)
        UNION SELECT id FROM dossier_issues WHERE found AND proposition LIKE ?
        UNION SELECT issue FROM said WHERE statements > 1 AND 2 * statements >= (
            SELECT count(*) FROM placements WHERE dossier_issue = said.issue) + (
            SELECT count(*) FROM issues JOIN positions ON positions.issue = issues.id
            WHERE dossier_issue = said.issue AND positions.id NOT IN (SELECT position FROM placements)))
    SELECT id FROM positions WHERE issue IN (SELECT rowid FROM issues_fts WHERE issues_fts MATCH ?)
    UNION SELECT positions.id FROM issues JOIN positions ON positions.issue = issues.id WHERE dossier_issue IN same
    EXCEPT SELECT position FROM placements
    UNION SELECT position FROM placements WHERE dossier_issue IN same)"""
_STANCE = (
    "CASE WHEN positions.no_side THEN 'unclear' WHEN placements.stance IS NOT NULL THEN placements.stance "
    "WHEN issues.contrary AND positions.stance = 'agrees' THEN 'disagrees' "
    "WHEN issues.contrary AND positions.stance = 'disagrees' THEN 'agrees' ELSE positions.stance END"
)

_STATEMENTS = f"""
    positions.id AS position, articles.id AS article, title, coalesce(site, source) AS source, published AS date,
    coalesce(dossier_issues.proposition, issues.proposition) AS issue, {_STANCE} AS stance,
    positions.statement, positions.quotation, coalesce(positions.link, articles.url) AS link"""
_JOINS = """
    JOIN current_briefs ON current_briefs.brief = positions.brief
    JOIN articles ON articles.id = current_briefs.article
    LEFT JOIN issues ON issues.id = positions.issue
    LEFT JOIN placements ON placements.position = positions.id
    LEFT JOIN dossier_issues ON dossier_issues.id = coalesce(placements.dossier_issue, issues.dossier_issue)"""
_SNIPPET = "snippet({}, {}, ?, ?, '…', ?) AS snippet"
_ARTICLES = "articles.id AS article, articles.title, coalesce(site, source) AS source, published AS date, url AS link"


def search_statements(database: Database, words: str, conditions: Conditions, limit: int) -> list[SearchResult]:
    """Return statements with these words that meet the conditions, the best first; without words, the newest."""
    on_time = list(_on_time(database, conditions, _BRIEFS))
    condition = where, values = _join([*on_time, *conditions.on_statements()])
    if words:
        columns = f"{_STATEMENTS}, {_SNIPPET.format('positions_fts', 1)}"
        joins = f"CROSS JOIN positions ON positions.id = positions_fts.rowid {_JOINS}"
        place = (_PLACE.format(_join(conditions.on_dates())[0]), on_time[0][1]) if on_time else None
        found = _search(database, "positions_fts", columns, joins, condition, words=words, limit=limit, place=place)
    else:
        newest = "ORDER BY articles.published DESC, positions.id LIMIT ?"
        sql = f"SELECT {_STATEMENTS}, positions.quotation AS snippet FROM positions {_JOINS} WHERE {where} {newest}"  # noqa: S608
        found = list(map(dict, database.query(sql, *values, limit)))
    holders: dict[int, list[str]] = {}
    for position, name in _query_for(
        database,
        "SELECT position, coalesce(actors.name, holders.name, holders.role, holders.kind) FROM position_holders "
        "JOIN holders ON holders.id = holder LEFT JOIN actors ON actors.id = actor WHERE position IN ({})",
        [row["position"] for row in found],
    ):
        holders.setdefault(position, []).append(name)
    others = _other_outlets(database, found)
    return [
        _result("statement", row, holders=tuple(holders[row["position"]]), also_in=others.get(row["article"], ()))
        for row in found
    ]


def search_articles(
    database: Database, words: str, conditions: Conditions, limit: int, *, without: Collection[int]
) -> list[SearchResult]:
    """Return articles with these words in title or text that meet the conditions, the best first, without some."""
    others = f"copy_of IS NULL AND articles.id NOT IN ({', '.join('?' * len(without))})", tuple(without)
    condition = _join([*_on_time(database, conditions, _ROWS), others, *conditions.on_articles()])
    columns = f"{_ARTICLES}, {_SNIPPET.format('articles_fts', -1)}"
    joins = "CROSS JOIN articles ON articles.id = articles_fts.rowid"
    found = _search(database, "articles_fts", columns, joins, condition, words=words, limit=limit)
    outlets = _other_outlets(database, found)
    return [_result("article", row, also_in=outlets.get(row["article"], ())) for row in found]


def select_articles(database: Database, words: str, conditions: Conditions) -> frozenset[int]:
    """Return the ids of the articles that have these words, if there are any, and meet the conditions."""
    where, values = _join([("copy_of IS NULL", ()), *conditions.on_articles()])
    if words:
        where += " AND id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?)"
        values += (fts_query(words),)
    sql = f"SELECT id FROM articles WHERE {where}"  # noqa: S608  # conditions of our own
    return frozenset(article for (article,) in database.query(sql, *values))


def _on_time(database: Database, conditions: Conditions, condition: str) -> Iterator[Condition]:
    """Yield a condition that needs no reading of each match's article, if the articles of a time are few."""
    where, values = _join(conditions.on_dates())
    few = f"SELECT 1 FROM articles WHERE {where} LIMIT {_MANY_ARTICLES}"  # noqa: S608  # conditions of our own
    if values and database.query(f"SELECT count(*) FROM ({few})", *values)[0][0] < _MANY_ARTICLES:  # noqa: S608
        yield condition.format(where), values


def _search(
    database: Database,
    table: str,
    columns: str,
    joins: str,
    condition: Condition,
    *,
    words: str,
    limit: int,
    place: Condition | None = None,
) -> list[dict[str, Any]]:
    """Search a table of full text: the best matches first, or the newest first if there are very many.

    ``place`` selects the lowest and the highest id that can meet the condition: very many matches are not looked at.
    """
    query = fts_query(words)
    few = f"SELECT 1 FROM {table} WHERE {table} MATCH ? LIMIT {_MANY}"  # noqa: S608  # names of our own
    ((count,),) = database.query(f"SELECT count(*) FROM ({few})", query)  # noqa: S608
    ranked, order = (f"rank MATCH '{_WEIGHTS[table]}'", "rank") if count < _MANY else ("TRUE", f"{table}.rowid DESC")
    if place and count >= _MANY:
        bounds = tuple(database.query(place[0], *place[1])[0])
        condition = f"{table}.rowid BETWEEN ? AND ? AND {condition[0]}", (*bounds, *condition[1])
    where = f"{table} MATCH ? AND {ranked} AND {condition[0]}"
    sql = f"SELECT {columns} FROM {table} {joins} WHERE {where} ORDER BY {order} LIMIT ?"  # noqa: S608
    return [dict(row) for row in database.query(sql, _OPEN, _CLOSE, _SNIPPET_WORDS, query, *condition[1], limit)]


_WEIGHTS = {"positions_fts": "bm25(2.0, 1.0, 1.0)", "articles_fts": "bm25(4.0, 1.0)"}
"""Statements count more than quotations and names, and titles more than texts."""


def _join(conditions: Iterable[Condition]) -> Condition:
    """Join conditions into one that holds if all do."""
    found = list(conditions)
    return " AND ".join(["TRUE", *(sql for sql, _ in found)]), tuple(value for _, values in found for value in values)


def _query_for(database: Database, sql: str, ids: Iterable[int]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query about these ids, whose marks go into the braces."""
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        yield from map(tuple, database.query(sql.format(", ".join("?" * len(part))), *part))


def _other_outlets(database: Database, found: Iterable[dict[str, Any]]) -> dict[int, tuple[str, ...]]:
    sql = "SELECT article, outlet FROM copies_view WHERE article IN ({}) ORDER BY date, copy"
    outlets: dict[int, dict[str, None]] = {}
    for article, outlet in _query_for(database, sql, (row["article"] for row in found)):
        outlets.setdefault(article, {})[outlet] = None
    return {article: tuple(names) for article, names in outlets.items()}


def _result(kind: str, row: dict[str, Any], **more: object) -> SearchResult:
    """Return a row as a result, with the places of the matches in its snippet instead of marks."""
    plain, matches = "", []
    for number, part in enumerate(re.split(f"[{_OPEN}{_CLOSE}]", " ".join(row["snippet"].split()))):
        if number % 2:
            matches.append(Span(len(plain), len(plain) + len(part)))
        plain += part
    return SearchResult.model_validate({**row, "kind": kind, "snippet": plain, "matches": tuple(matches), **more})


def fts_query(words: str) -> str:
    """Return a query for FTS5 that finds all of the words, "phrases" and beginnings* of a text.

    Raises:
        ConfigurationError: A phrase has no end, there are too many words, or there is nothing to search for.
    """
    plain = "".join(character for character in replace_surrogates(words) if character >= " " or character.isspace())
    plain = plain.translate(_QUOTATION_MARKS)
    if plain.count('"') % 2:
        hint = "Close the phrase with another mark, or leave the mark out."
        raise ConfigurationError(f"A quotation mark in the search “{words}” has no partner.", hint=hint)
    terms: dict[str, None] = {}  # a repeated word would make a search slower, and change nothing
    for phrase, phrase_star, word in _TERM.findall(plain):
        text, is_beginning = (word.rstrip("*"), word.endswith("*")) if word else (phrase, bool(phrase_star))
        if any(map(str.isalnum, text)):
            spelt = [f'"{form}"*' if is_beginning else f'"{form}"' for form in letter_variants(text)]
            terms[f"({' OR '.join(spelt)})" if len(spelt) > 1 else spelt[0]] = None
    if len(terms) > _MAX_TERMS:
        hint = "Name the words that matter, or a short phrase in quotation marks."
        raise ConfigurationError(f"The search has {len(terms)} different words; {_MAX_TERMS} are allowed.", hint=hint)
    if not terms:
        hint = 'Name words, a "phrase" or the beginning of a word, such as bridg*.'
        raise ConfigurationError(f"The search “{words}” has no word to look for.", hint=hint)
    return " AND ".join(terms)
