"""Briefs with given holders, for tests of their linking."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from summarizer import Article, Brief, Dossier
from summarizer.brief import Coverage, Evidence, Holder, Position, Provenance
from summarizer.spans import Span
from summarizer.store import Store

HolderSpec = str | Mapping[str, Any]
"""A name, or the fields of a holder."""


def make_article(date: str | None, text: str, title: str = "") -> Article:
    return Article.from_text(text, published=date, title=title or f"News of {date}", site="The Courier")


def make_brief(article: Article, *holders: HolderSpec) -> Brief:
    """Return a brief in which each holder has a position on the first sentence."""
    fields: list[dict[str, Any]] = [{"name": each} if isinstance(each, str) else dict(each) for each in holders]
    made = [Holder(**({"id": f"H{place}", "kind": "person"} | each)) for place, each in enumerate(fields, 1)]
    quote = article.text.split("\n")[0]
    evidence = (Evidence(sentence=1, spans=(Span(0, len(quote)),), quote=quote),)
    return Brief(
        article=article.info,
        holders=tuple(made),
        positions=tuple(
            Position(id=f"P{place}", holders=(holder.id,), statement="The toll is right.", evidence=evidence)
            for place, holder in enumerate(made, 1)
        ),
        coverage=Coverage(sentences=1, chunks=1),
        provenance=Provenance(
            engine="model", library="0", ruler="none", seconds=0, made=datetime(2026, 1, 1, tzinfo=UTC)
        ),
    )


def fill(store: Store, articles: Sequence[tuple[str | None, str, Sequence[HolderSpec]]]) -> Dossier:
    """Add articles, each a date, a text and its holders, to a store, and return its dossier."""
    for date, text, holders in articles:
        article = make_article(date, text)
        store.add(make_brief(article, *holders), article)
    return Dossier.from_store(store)


def groups(dossier: Dossier) -> list[list[str]]:
    """Return the names of the holders by actor, each with its month and day, the largest first."""
    found: dict[str, list[str]] = {}
    for row in dossier.store.database.query(
        "SELECT actor, coalesce(holders.name, role, holders.kind) AS words, published FROM holders "
        "JOIN briefs ON briefs.id = holders.brief JOIN articles ON articles.id = briefs.article "
        "ORDER BY published, holders.id"
    ):
        found.setdefault(row["actor"], []).append(f"{row['words']} {(row['published'] or '')[5:]}".strip())
    return sorted(found.values(), key=lambda names: (-len(names), names))
