"""Insert articles in a store, list them, and read one of them with its brief."""

import sqlite3
from collections.abc import Iterator

from summarizer._text import normalize, replace_surrogates
from summarizer.article import Article, ArticleInfo, outlet_of
from summarizer.brief import Brief, Record
from summarizer.errors import BriefError, StoreError
from summarizer.store.database import Database, id_of
from summarizer.store.replies import hash_json, now

_METADATA = ("title", "author", "published", "language", "source", "url", "site", "section", "form")
_AT_ONCE = 500
_SHOWN = 5
"""Articles that an error names."""


class StoredArticle(Record):
    """An article in a store, and what became of it."""

    id: int
    title: str | None
    author: str | None
    date: str | None
    """In ISO 8601."""
    source: str | None
    """The outlet: the site's name, or else where the article was read from."""
    url: str | None
    characters: int
    copy_of: int | None
    """The article with the same text that counts in a dossier instead."""
    briefs: int
    """Briefs of different engines; the newest counts."""
    positions: int
    """Positions in the newest brief."""
    unreadable: int
    """Briefs of other versions, or damaged ones."""
    failure: str | None
    """The last error, if there is one."""


_LIST = """
SELECT articles.id, title, author, published AS date, coalesce(site, source) AS source, url, characters, copy_of,
    (SELECT count(*) FROM briefs WHERE article = articles.id) AS briefs,
    (SELECT count(*) FROM positions WHERE brief =
        (SELECT max(id) FROM briefs WHERE article = articles.id AND +indexed = 1)) AS positions,
    (SELECT count(*) FROM briefs WHERE article = articles.id AND +indexed = 0) AS unreadable,
    (SELECT message FROM failures WHERE article = articles.id ORDER BY failed DESC LIMIT 1) AS failure
FROM articles WHERE """


def list_articles(database: Database) -> Iterator[StoredArticle]:
    """Yield the articles in the order in which they were stored."""
    last = 0
    while rows := database.query(f"{_LIST} id > ? ORDER BY id LIMIT ?", last, _AT_ONCE):
        yield from (StoredArticle.model_validate(dict(row)) for row in rows)
        last = rows[-1]["id"]


def find_article(database: Database, name: str) -> StoredArticle:
    """Return the article with this id, source, address or title, or else the one whose title has these words.

    Raises:
        StoreError: There is no such article, or more than one.
    """
    sql = f"{_LIST} id = ? OR ? IN (source, url, title) ORDER BY id"
    number = int(name) if name.isascii() and name.isdigit() and len(name) < 19 else None  # as SQLite's integers
    found = [StoredArticle.model_validate(dict(row)) for row in database.query(sql, number, name)]
    if number is not None and any(article.id == number for article in found):
        found = [article for article in found if article.id == number]
    words = f" {normalize(name)} "
    if not found and words.strip():
        found = [each for each in list_articles(database) if words in f" {normalize(each.title or '')} "]
    match found:
        case [article]:
            return article
        case []:
            message = f"The store {database.path} has no article “{name}”."
            hint = "Name its number, source or address, or words of its title; without a name, all are listed."
        case _:
            shown = [f"{each.id} ({each.title or each.source or 'no title'})" for each in found[:_SHOWN]]
            message = f"{len(found)} articles match “{name}”: {', '.join(shown)}{', …' if len(found) > _SHOWN else ''}."
            hint = "Name the number of one."
    raise StoreError(message, hint=hint)


def read_article(database: Database, article: int) -> Article | None:
    """Return an article with its text, or None if only its brief is stored."""
    (row,) = database.query(f"SELECT text, {', '.join(_METADATA)} FROM articles WHERE id = ?", article)  # noqa: S608
    return Article.from_text(**dict(row)) if row["text"] else None


def read_brief(database: Database, article: StoredArticle) -> Brief:
    """Return the newest brief of an article that can be read.

    Raises:
        StoreError: There is none.
    """
    problem: BriefError | None = None
    for (text,) in database.query("SELECT brief FROM briefs WHERE article = ? ORDER BY id DESC", article.id):
        try:
            return Brief.from_json(text)
        except BriefError as error:
            problem = error
    if problem:
        message = f"The brief of article {article.id} in the store {database.path} cannot be read: {problem.message}"
        raise StoreError(message, hint=problem.hint) from problem
    if article.failure:
        hint = "summarizer batch … --retry-failed tries again."
        raise StoreError(f"Article {article.id} has no brief, because it failed: {article.failure}", hint=hint)
    raise StoreError(f"Article {article.id} has no brief yet.", hint="summarizer batch … makes one.")


def article_key(article: ArticleInfo) -> str:
    """Return the hash of an article's text and of the metadata in prompts; where it comes from does not count."""
    return hash_json([article.sha256, article.title, article.author, article.published, article.language])


def article_id(connection: sqlite3.Connection, article: ArticleInfo) -> int:
    """Return the id of an article, and insert it if it is new."""
    row = {
        "key": article_key(article),
        "sha256": article.sha256,
        **{name: getattr(article, name) for name in _METADATA},
        "characters": article.characters,
        "text": article.text if isinstance(article, Article) else "",
        "first_seen": now(),
    }
    number = id_of(connection, "articles", row)
    insert_outlet(connection, number, article)
    if row["text"]:  # the article of a brief that was added without its text
        sql = "UPDATE articles SET text = ?, compared = 0 WHERE id = ? AND text = ''"
        connection.execute(sql, (row["text"], number))
    return number


def insert_outlet(connection: sqlite3.Connection, number: int, article: ArticleInfo) -> None:
    """Note another outlet of an article, or the first one that is known."""
    known = outlet_of(*connection.execute("SELECT site, source FROM articles WHERE id = ?", (number,)).fetchone())
    if name := outlet_of(article.site, article.source):
        values = replace_surrogates(name), article.url and replace_surrogates(article.url), number
        if known is None:
            connection.execute("UPDATE articles SET site = ?, url = coalesce(url, ?) WHERE id = ?", values)
        elif known != values[0]:
            connection.execute("INSERT OR IGNORE INTO outlets (name, url, article) VALUES (?, ?, ?)", values)
