"""A dossier as a folder of static pages: an index, a page for each actor and article, and a search."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from markupsafe import Markup

from summarizer._files import replace_atomically
from summarizer._patterns import compile_lazily
from summarizer._text import one_line
from summarizer.article import Article
from summarizer.dossier import Dossier, read_article_rows, read_brief
from summarizer.errors import ConfigurationError
from summarizer.render.dossier_page import ActorSection, DossierPage, StatementView, build_page
from summarizer.render.html import asset, content_policy, stylesheet, to_html
from summarizer.render.templating import ENVIRONMENT
from summarizer.render.text import place_link

_MANIFEST = ".summarizer-site"
"""A file that lists the pages, so that those of a removed actor or article are deleted the next time."""
_OWN_FILE = compile_lazily(r"(?:index|search)\.html|actors/actor-[^/\\]+\.html|articles/[0-9]+\.html")
_MAX_SEARCHED = 20_000
"""Statements in the search: more would take too long to load."""


@dataclass(frozen=True, slots=True)
class ArticleEntry:
    """An article in the lists of a site."""

    id: int
    title: str
    date: str
    outlet: str
    link: str | None
    statements: int
    copies: str
    """Other outlets with the same text."""


def write_site(
    dossier: Dossier, folder: Path, *, title: str = "Dossier", on_page: Callable[[int, int], None] | None = None
) -> int:
    """Write the pages of a dossier into a folder, and return their number.

    A host or an intranet serves the folder as it is, and it opens from a disk. Pages that an earlier call wrote and
    that are no longer needed are deleted; other files stay.

    Args:
        dossier: The dossier.
        folder: The folder; it is created if it does not exist.
        title: The heading of all pages.
        on_page: Called with the number of pages written and the number of all.

    Raises:
        ConfigurationError: The folder holds files, and no earlier call wrote them.
        OSError: A file cannot be written.
    """
    old = _read_manifest(folder)
    page = build_page(dossier, title)
    held: defaultdict[int, list[tuple[ActorSection, StatementView]]] = defaultdict(list)
    for actor, each in page.statements():
        held[each.article].append((actor, each))
    articles = _articles(dossier, {article: len(own) for article, own in held.items()})
    pages: dict[str, Callable[[], str]] = {
        "index.html": partial(_index, page, articles),
        "search.html": partial(_search, page),
        **{_actor_file(actor.id): partial(_actor, page, actor) for actor in page.actors},
        **{f"articles/{each.id}.html": partial(_article, page, dossier, each, held[each.id]) for each in articles},
    }
    folder.mkdir(parents=True, exist_ok=True)
    names = dict.fromkeys([*old, *pages])  # if it is interrupted
    (folder / _MANIFEST).write_text("\n".join(names), encoding="utf-8")
    for number, (name, render) in enumerate(pages.items(), 1):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with replace_atomically(path) as file:
            file.write(render().encode())
        if on_page:
            on_page(number, len(pages))
    for name in old.difference(pages):
        (folder / name).unlink(missing_ok=True)
    (folder / _MANIFEST).write_text("\n".join(pages), encoding="utf-8")
    return len(pages)


def _read_manifest(folder: Path) -> set[str]:
    """Return the names of the pages that an earlier call wrote."""
    manifest = folder / _MANIFEST
    if manifest.is_file():
        names = manifest.read_text(encoding="utf-8").splitlines()
        return {name for name in names if _OWN_FILE.fullmatch(name)}
    if folder.is_dir() and any(folder.iterdir()):
        hint = "Name an empty folder, or one that does not exist."
        raise ConfigurationError(
            f"The folder {folder} holds files that do not belong to a site of a dossier.", hint=hint
        )
    return set()


def _actor_file(actor: str) -> str:
    return f"actors/actor-{actor}.html"


def _render(template: str, script: str = "", **values: Any) -> str:
    style, code = stylesheet("dossier.css"), asset(script) if script else Markup()
    policy = content_policy(style, code)
    return ENVIRONMENT.get_template(template).render(values, style=style, script=code, policy=policy)


def _index(page: DossierPage, articles: Iterable[ArticleEntry]) -> str:
    return _render(
        "site_index.html.j2",
        page=page,
        articles=articles,
        actor_link=_actor_file,
        statement_link=_statement_links(page, "actors/"),
    )


def _actor(page: DossierPage, actor: ActorSection) -> str:
    return _render("site_actor.html.j2", page=page, actor=actor)


def _article(
    page: DossierPage, dossier: Dossier, article: ArticleEntry, held: Iterable[tuple[ActorSection, StatementView]]
) -> str:
    """Return the page of a brief beside its article, or its statements if the store has no text."""
    brief, text = read_brief(dossier.store.database, article.id)
    if text:
        return to_html(brief, Article(**brief.article.model_dump(), text=text), home="../index.html")
    return _render("site_article.html.j2", page=page, article=article, held=held)


def _search(page: DossierPage) -> str:
    statements = sorted(page.statements(), key=lambda pair: pair[1].date, reverse=True)
    newest, link = statements[:_MAX_SEARCHED], _statement_links(page, "actors/")
    rows = [
        [actor.name, each.stance or "", each.date, each.outlet, each.text, each.quotation, link(each)]
        for actor, each in newest
    ]
    data = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    omitted = len(statements) - len(newest)
    return _render("site_search.html.j2", "site_search.js", page=page, data=Markup(data), omitted=omitted)  # noqa: S704


def _statement_links(page: DossierPage, folder: str) -> Callable[[StatementView], str]:
    """Return a function that returns the address of a statement on the page of its actor."""
    files = {each.number: Path(_actor_file(actor.id)).name for actor, each in page.statements()}
    return lambda statement: f"{folder}{files[statement.number]}#s{statement.number}"


def _articles(dossier: Dossier, counts: Mapping[int, int]) -> list[ArticleEntry]:
    """Return the articles with statements, oldest first, given the number of statements of each."""
    rows = list(read_article_rows(dossier.store.database, list(counts)))
    rows.sort(key=lambda row: (row["published"] is None, row["published"] or "", row["article_id"]))
    return [
        ArticleEntry(
            row["article_id"],
            one_line(row["title"] or "Article without a title"),
            (row["published"] or "")[:10],
            one_line(row["outlet"] or ""),
            place_link(row["url"]),
            counts[row["article_id"]],
            ", ".join(map(one_line, dossier.copies.get(row["article_id"], ()))),
        )
        for row in rows
    ]
