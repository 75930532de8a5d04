"""Briefs with given positions, for dossiers."""

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256

from summarizer import Brief
from summarizer.article import ArticleInfo
from summarizer.brief import Coverage, Evidence, Holder, Issue, OpenQuestion, Position, Provenance, Stance
from summarizer.spans import Span

Held = tuple[str, str, Stance, str]
"""Holder, proposition ("" for none), stance and statement of a position."""


def make_brief(
    date: str | None,
    held: Sequence[Held],
    *,
    site: str | None = "The Courier",
    title: str | None = None,
    kinds: dict[str, str] | None = None,
    roles: dict[str, tuple[str | None, str | None]] | None = None,
    questions: Sequence[str] = (),
) -> Brief:
    """Return a brief of an article that consists of the statements, one a sentence."""
    title = title or f"Article of {date}"
    text = "\n".join(statement for *_, statement in held) + title + (site or "")
    names = list(dict.fromkeys(name for name, *_ in held))
    propositions = list(dict.fromkeys(proposition for _, proposition, *_ in held if proposition))
    return Brief(
        article=ArticleInfo(
            title=title,
            published=date,
            site=site,
            url=f"https://courier.example/{date}",
            characters=len(text),
            words=len(text.split()),
            sha256=sha256(text.encode()).hexdigest(),
        ),
        holders=tuple(
            Holder(
                id=f"H{number}",
                name=name,
                kind=(kinds or {}).get(name, "person"),
                role=(roles or {}).get(name, (None, None))[0],
                affiliation=(roles or {}).get(name, (None, None))[1],
            )
            for number, name in enumerate(names, 1)
        ),
        issues=tuple(
            Issue(id=f"I{number}", proposition=words, kind="policy") for number, words in enumerate(propositions, 1)
        ),
        positions=tuple(
            Position(
                id=f"P{number}",
                holders=(f"H{names.index(name) + 1}",),
                statement=statement,
                issue=f"I{propositions.index(proposition) + 1}" if proposition else None,
                stance=stance,
                evidence=(Evidence(sentence=number, spans=(Span(0, len(statement)),), quote=statement),),
            )
            for number, (name, proposition, stance, statement) in enumerate(held, 1)
        ),
        open_questions=tuple(
            OpenQuestion(
                id=f"Q{number}",
                question=words,
                origin="asked",
                evidence=(Evidence(sentence=len(held) + number, spans=(Span(0, 1),), quote=words),),
            )
            for number, words in enumerate(questions, 1)
        ),
        coverage=Coverage(sentences=len(held) + len(questions), chunks=1),
        provenance=Provenance(
            engine="builtin", library="1", ruler="o200k_base", seconds=0.1, made=datetime(2026, 11, 1, tzinfo=UTC)
        ),
    )
