"""Briefs that come in any order and in portions make the dossier that one opening of all makes."""

import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer import Article, Brief, Dossier, Store, summarize
from tests.dossier.briefs import Held, make_brief

TRAM, GARAGE = "The tram should be extended to Marlow.", "A garage should be built in Marlow."
SAID: list[list[Held]] = [
    [("Vera Lind", TRAM, "agrees", "The tram must come."), ("Owen Tarr", "", "unclear", "The tram is a folly.")],
    [("Lind", TRAM, "agrees", "I want the tram by 2028."), ("Owen Tarr", "", "unclear", "The garage must be built.")],
    [("the mayor", GARAGE, "agrees", "The garage is needed."), ("Owen Tarr", TRAM, "disagrees", "The tram must go.")],
    [("Vera Lind", TRAM, "disagrees", "The tram can wait."), ("Ruth Amsel", "", "unclear", "Build the garage now.")],
    [("Vera Lind", "The tram must not be extended to Marlow.", "agrees", "The tram would be a mistake.")],
    [("Ruth Amsel", "", "unclear", "The garage should never be built."), ("Kell Council", GARAGE, "mixed", "Perhaps.")],
    [("the council", "", "unclear", "The garage must not be built."), ("Ruth Amsel", TRAM, "agrees", "I back it.")],
]
ROLES = {"Vera Lind": ("mayor", "Kell Council")}
Briefs = Sequence[tuple[Brief, Article | None]]


@cache
def invented() -> Briefs:
    title = "Marlow argues: Lind, Tarr, Amsel"
    days = enumerate(SAID, 1)
    return [(make_brief(f"2026-0{1 + day // 3}-01", held, title=title, roles=ROLES), None) for day, held in days]


@cache
def built_in(folder: Path) -> Briefs:
    articles = [Article.from_file(path) for path in sorted(folder.glob("[0-9]*.md"))]
    return [(summarize(article, model="builtin"), article) for article in articles]


def content(dossier: Dossier) -> list[list[object]]:
    """Return what a dossier says, without the ids and numbers of its store."""
    details = dossier.details(each.position for each in dossier.statements)
    said = {position: f"{each.date} {each.quotation} {each.statement}" for position, each in details.items()}
    words = {issue: each.proposition for issue, each in dossier.issues.items()} | {None: ""}
    names = {actor: each.name for actor, each in dossier.actors.items()}
    actors = [(each.name, each.kind, each.names, each.roles) for each in dossier.actors.values()]
    return [
        sorted(map(repr, actors)),
        sorted((said[each.position], names[each.actor], words[each.issue], each.stance) for each in dossier.statements),
        sorted(
            (names[each.actor], words[each.issue], each.to_stance, said[each.before], said[each.after], each.confidence)
            for each in dossier.changes
        ),
        sorted((each.question, [said[answer.position] for answer in each.answers]) for each in dossier.questions),
    ]


def open_in_portions(briefs: Briefs, sizes: Sequence[int] = ()) -> list[list[object]]:
    """Return the content of a dossier that is opened after each portion of briefs, and after the rest."""
    left = list(briefs)
    with TemporaryDirectory() as folder, Store(Path(folder, "briefs.db")) as store:
        for size in (*sizes, len(left)):
            for brief, article in left[:size]:
                store.add(brief, article)
            del left[:size]
            dossier = Dossier.from_store(store)
        return content(dossier)


@cache
def at_once(folder: Path | None = None) -> list[list[object]]:
    return open_in_portions(built_in(folder) if folder else invented())


@settings(max_examples=10, deadline=None)
@given(order=st.permutations(range(len(SAID))), sizes=st.lists(st.integers(1, 3), max_size=2))
def test_order_and_portions_do_not_count(order: list[int], sizes: list[int]) -> None:
    assert open_in_portions([invented()[place] for place in order], sizes) == at_once()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["pumped-storage", "school-phones"])
@pytest.mark.parametrize("seed", range(4))
def test_order_and_portions_do_not_count_in_a_dispute(seeds: Path, name: str, seed: int) -> None:
    chance, folder = random.Random(seed), seeds / "disputes" / name
    briefs = list(built_in(folder))
    chance.shuffle(briefs)
    assert open_in_portions(briefs, chance.choices(range(1, 12), k=3)) == at_once(folder)
