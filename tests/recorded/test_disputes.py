"""Dossiers of two disputes, from the recorded replies of a language model, against what their writers planted."""

import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from summarizer import Brief, Dossier, OpenAIModel, Store, Summarizer

DISPUTES = ("pumped-storage", "school-phones")
pytestmark = [pytest.mark.slow, pytest.mark.vcr, pytest.mark.parametrize("name", DISPUTES)]

MakeStore = Callable[[str], Path]


@pytest.fixture
def default_cassette_name(name: str) -> str:
    return f"dispute-{name}"


@pytest.fixture(scope="session")
def make_store(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> MakeStore:
    """Return a function that makes the store of a dispute, once."""

    @cache
    def make(name: str) -> Path:
        path = tmp_path_factory.mktemp("disputes") / f"{name}.db"
        model = OpenAIModel(os.environ["SUMMARIZER_MODEL"], timeout=3_000)
        with Store(path) as store, Summarizer(model=model, store=store) as summarizer:
            for article in sorted((seeds / "disputes" / name).glob("[0-9]*.md")):
                summarizer.summarize(article)
        return path

    return make


@pytest.fixture
def dossier(vcr: object, make_store: MakeStore, name: str) -> Iterator[Dossier]:  # opens the cassette
    with Store(make_store(name)) as store:
        yield Dossier.from_store(store)


@pytest.fixture
def grouped(dossier: Dossier, tmp_path: Path) -> Iterator[Dossier]:
    """Yield the dossier of the same briefs, whose issues the model has grouped."""
    with Store(tmp_path / "grouped.db") as store:
        for article in dossier.store.articles():
            store.add(*dossier.store.read(article))
        yield Dossier.from_store(store, model=OpenAIModel(os.environ["SUMMARIZER_MODEL"], timeout=3_000))


@pytest.fixture
def gold(seeds: Path, name: str) -> dict[str, Any]:
    return yaml.safe_load((seeds / "disputes" / name / "gold.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def names(gold: dict[str, Any]) -> dict[str, str]:
    """Return the names by ids, without what tells namesakes apart: "James Doyle (professor)"."""
    return {actor["id"]: actor["name"].partition(" (")[0] for actor in gold["actors"]}


def find_actors(dossier: Dossier, *forms: str) -> list[str]:
    """Return the actors that bear one of the names, those with the most statements first."""
    plain = {form.casefold() for form in forms}
    return [
        actor.id
        for actor in dossier.actors.values()
        if plain.intersection(each.casefold() for each in (actor.name, *actor.names))
    ]


def test_every_article_has_a_brief_with_positions(dossier: Dossier) -> None:
    briefs: list[Brief] = list(dossier.store.briefs())
    assert len(briefs) >= 34
    assert all(brief.positions for brief in briefs)


def test_a_syndicated_copy_counts_once(dossier: Dossier, gold: dict[str, Any]) -> None:
    articles = len(list(dossier.store.briefs()))
    assert len({statement.article for statement in dossier.statements}) == articles - len(gold["syndicated"])


def test_every_actor_of_the_gold_is_found_under_one_of_its_names(dossier: Dossier, gold: dict[str, Any]) -> None:
    speaking = {position["actor"] for position in gold["positions"]}
    actors = [actor for actor in gold["actors"] if actor["id"] in speaking]
    assert [each["name"] for each in actors if not find_actors(dossier, each["name"], *each["forms"])] == []


def test_namesakes_stay_two(dossier: Dossier, gold: dict[str, Any], names: dict[str, str]) -> None:
    for pair in gold["same_surname"]:
        first, second = (names[actor] for actor in pair)
        found = set(find_actors(dossier, first)[: 2 if first == second else 1] + find_actors(dossier, second)[:1])
        assert len(found) == 2, pair


def test_changes_that_articles_tell_of_are_found_and_no_planted_trap(
    dossier: Dossier, gold: dict[str, Any], names: dict[str, str]
) -> None:
    changed = {change.actor for change in dossier.changes}
    told = [change for change in gold["changes"] if change["explicit"]]
    assert all(changed.intersection(find_actors(dossier, names[change["actor"]])) for change in told)
    planted = {actor for change in gold["changes"] for actor in find_actors(dossier, names[change["actor"]])}
    assert len(changed - planted) <= 1


def test_a_model_groups_the_issues_of_all_articles(
    grouped: Dossier, gold: dict[str, Any], names: dict[str, str]
) -> None:
    by_model = [each for each in grouped.decisions if each.kind == "issue" and each.made_by == "model"]
    assert {each.verdict for each in by_model} == {"same", "contrary", "different"}
    found = {(change.actor, change.to_stance) for change in grouped.changes}
    planted = [
        {
            (actor, stance)
            for actor in find_actors(grouped, names[change["actor"]])
            for stance in ("agrees", "disagrees")
        }
        for change in gold["changes"]
    ]
    assert sum(bool(found & each) for each in planted) >= len(planted) - 1
