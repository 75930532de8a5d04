"""Links of a brief: an address for every quotation, which opens its place in the page or the PDF."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote, unquote, urlsplit

from summarizer.article import Article
from summarizer.brief.brief import Brief
from summarizer.brief.types import Evidence, OpenQuestion, Position, UncitedStatement
from summarizer.spans import Span

_Cited = Evidence | UncitedStatement
_CitedT = TypeVar("_CitedT", Evidence, UncitedStatement)
_ClaimT = TypeVar("_ClaimT", Position, OpenQuestion)


def refer_to_article(brief: Brief, article: Article) -> Brief:
    """Return a brief with the metadata, the warnings and the links of an article.

    The article has the text that the brief was made from, but may come from another address.
    """
    links: dict[Span, str | None] = {}

    def link(item: _Cited) -> str | None:
        if not item.spans or not article.anchors:
            return None
        span = Span(item.spans[0].start, item.spans[-1].end)
        if span not in links:  # several claims may cite a sentence
            links[span] = article.link(span)
        return links[span]

    info = article.info.model_copy(update={"form": article.form or brief.article.form})
    coverage = brief.coverage.model_copy(update={"warnings": article.warnings})
    return _change_links(brief.model_copy(update={"article": info, "coverage": coverage}), link)


def make_links_relative_to(brief: Brief, folder: Path) -> Brief:
    """Return a brief whose links to local files are relative to ``folder``, not to the current directory.

    A browser follows a relative link from the folder of the page that has it. A page may be sent, so it tells no
    folders of this machine: it links to a file below its own folder, or if both are below the current directory.
    """
    here, folder = Path.cwd(), folder.resolve()

    def link(item: _Cited) -> str | None:
        if not item.link or (urlsplit(item.link).scheme and not _is_absolute(item.link)):
            return item.link
        path, _, place = item.link.partition("#")
        target = Path(unquote(path.removeprefix("file://"))).resolve()
        if not target.is_relative_to(folder) and not (target.is_relative_to(here) and folder.is_relative_to(here)):
            return None
        moved = Path(os.path.relpath(target, folder)).as_posix()
        return f"{quote(moved, safe='/')}#{place}"

    return _change_links(brief, link)


def drop_absolute_links(brief: Brief) -> Brief:
    """Return a brief without links that have an absolute path of this machine."""
    return _change_links(brief, lambda item: None if item.link and _is_absolute(item.link) else item.link)


def _is_absolute(link: str) -> bool:
    """Return whether a link has an absolute path; a scheme of one letter is a drive of Windows."""
    try:
        scheme = urlsplit(link).scheme
    except ValueError:
        return True  # it opens nothing
    return link.startswith("/") or scheme == "file" or len(scheme) == 1


def _change_links(brief: Brief, link: Callable[[_Cited], str | None]) -> Brief:
    """Return a brief in which each quotation has the link that a function returns for it."""

    def change(items: Sequence[_CitedT]) -> tuple[_CitedT, ...]:
        return tuple(item.model_copy(update={"link": link(item)}) for item in items)

    def change_claims(claims: Sequence[_ClaimT]) -> tuple[_ClaimT, ...]:
        return tuple(claim.model_copy(update={"evidence": change(claim.evidence)}) for claim in claims)

    gist, coverage = brief.gist, brief.coverage
    return brief.model_copy(
        update={
            "gist": gist.model_copy(update={"evidence": change(gist.evidence)}) if gist else None,
            "positions": change_claims(brief.positions),
            "open_questions": change_claims(brief.open_questions),
            "coverage": coverage.model_copy(update={"uncited": change(coverage.uncited)}),
        }
    )
