"""Actors of invented disputes are found, measured by B³."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from summarizer._files import read_toml
from summarizer.attribution import conflict, namesakes
from summarizer.dossier import people
from summarizer.evaluation import b_cubed
from summarizer.store import Store
from tests.dossier.linking import fill

SETS: dict[str, list[dict[str, Any]]] = yaml.safe_load(Path(__file__).with_name("names.yaml").read_text("utf-8"))


def read(line: str) -> tuple[dict[str, Any], str]:
    """Return the fields of a holder and the actor that is meant."""
    fields, _, actor = line.rpartition("=")
    name, kind, role, affiliation, aliases = ([part.strip() for part in fields.split("|")] + [""] * 4)[:5]
    holder = {"name": name, "kind": kind or "person", "role": role or None, "affiliation": affiliation or None}
    return holder | {"aliases": tuple(filter(None, aliases.split(";")))}, actor.strip()


def linked(name: str, store: Store) -> Iterator[tuple[str, str, str]]:
    """Yield the name, the actor and the true actor of each holder."""
    rows = [(str(row["date"]), row["text"], [read(line) for line in row["holders"]]) for row in SETS[name]]
    fill(store, [(date, text, [holder for holder, _ in holders]) for date, text, holders in rows])
    true = [actor for _, _, holders in rows for _, actor in holders]
    found = store.database.query("SELECT name, actor FROM holders ORDER BY id")
    yield from ((row["name"], row["actor"], actor) for row, actor in zip(found, true, strict=True))


@pytest.mark.parametrize("name", SETS)
def test_actors_of_a_dispute_are_found(name: str) -> None:
    with Store.temporary() as store:
        links = list(enumerate(linked(name, store)))
    score = b_cubed({place: link[1] for place, link in links}, {place: link[2] for place, link in links})
    assert score.precision >= 0.97, links
    assert score.f1 >= 0.95, links


def test_fields_of_work_go_together_in_any_order() -> None:
    fields = [frozenset({name}) for name in read_toml(namesakes.__file__, "languages/en/work.toml")["fields"]]
    assert {conflict(one, other) for one in fields for other in fields} == {True, False}
    assert all(conflict(one, other) == conflict(other, one) for one in fields for other in fields)
    assert not conflict(frozenset({"police"}), frozenset({"politics"}))


def test_each_field_that_goes_with_others_is_one() -> None:
    lists = read_toml(namesakes.__file__, "languages/en/work.toml")
    assert {name for names in lists["joined"].values() for name in names.split()} <= lists["fields"].keys()


def test_namesakes_are_compared_with_one_list_of_samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    real = people._samples
    monkeypatch.setattr(people, "_samples", lambda mentions: calls.append(0) or real(mentions))
    with Store(tmp_path / "briefs.db") as store:
        roles = ["judge", "striker"] * 5
        fill(
            store,
            [(f"2026-01-{n:02}", f"Text {n}.", [{"name": "Ann Hill", "role": r}]) for n, r in enumerate(roles, 1)],
        )
        calls.clear()
        fill(store, [("2026-02-01", "Ann Hill spoke.", ["Ann Hill"])])
    assert len(calls) == 1
