"""A model decides on holders that the rules leave in doubt, by ids alone."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from summarizer import Dossier
from summarizer.errors import ModelError, ServerFailed
from summarizer.models import CallbackModel, Request
from summarizer.store import Store
from tests.dossier.linking import fill, groups

ROWS = [
    ("2026-01-01", "Ann Hill spoke.", [{"name": "Ann Hill", "role": "engineer"}]),
    ("2026-02-01", "Tom Hill spoke.", ["Tom Hill"]),
    ("2026-03-01", "Hill praised the bridge.", ["Hill"]),
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "briefs.db") as store:
        fill(store, ROWS)
        yield store


def answering(*verdicts: str) -> CallbackModel:
    pairs = [{"id": f"D{number}", "verdict": verdict} for number, verdict in enumerate(verdicts, 1)]
    return CallbackModel(lambda _: {"pairs": pairs}, name="judge")


def test_answers_become_links_and_decisions_of_the_model(store: Store) -> None:
    dossier = Dossier.from_store(store, model=answering("same", "different"))
    assert groups(dossier)[0] == ["Ann Hill 01-01", "Hill 03-01"]
    made = [(each.verdict, each.reason) for each in dossier.decisions if each.made_by == "model"]
    assert made == [("same", "by judge"), ("different", "by judge")]


def test_the_model_sees_names_roles_dates_outlets_and_a_quotation(store: Store) -> None:
    model = answering("same", "different")
    Dossier.from_store(store, model=model)
    (request,) = model.requests
    text = request.messages[-1].content
    assert "D1\nA: Hill; 2026-03-01, The Courier; “Hill praised the bridge.”" in text
    assert "B: Ann Hill; as engineer (2026-01-01); 2026-01-01, The Courier; “Ann Hill spoke.”" in text
    assert "Text" not in text


def test_a_pair_is_asked_about_once(store: Store) -> None:
    model = answering("unsure", "unsure")
    for _ in range(2):
        Dossier.from_store(store, model=model)
    assert len(model.requests) == 1


def test_answers_survive_rebuilding_without_the_model(store: Store) -> None:
    Dossier.from_store(store, model=answering("same", "different"))
    dossier = Dossier.from_store(store)
    dossier.rebuild()
    assert groups(dossier)[0] == ["Ann Hill 01-01", "Hill 03-01"]


def test_a_person_overrules_the_model(store: Store) -> None:
    dossier = Dossier.from_store(store, model=answering("same", "different"))
    dossier.decide("Hill@2026-03-01", "Tom Hill", "same")
    dossier.decide("Hill@2026-03-01", "Ann Hill", "different")
    assert ["Tom Hill 02-01", "Hill 03-01"] in groups(dossier)


def test_a_withdrawn_answer_is_not_asked_for_again(store: Store) -> None:
    model = answering("same", "different")
    dossier = Dossier.from_store(store, model=model)
    dossier.undo(next(each.id for each in dossier.decisions if each.made_by == "model"))
    assert ["Hill 03-01"] in groups(Dossier.from_store(store, model=model))
    assert len(model.requests) == 1


def test_replies_are_kept_in_the_store(store: Store) -> None:
    Dossier.from_store(store, model=answering("same", "different"))
    (row,) = store.database.query("SELECT prompts FROM replies")
    assert json.loads(row["prompts"])[0]["name"] == "actors"


@pytest.mark.parametrize(
    "reply",
    [
        {"pairs": [{"id": "D7", "verdict": "same"}]},
        {"pairs": []},
        {"pairs": [{"id": "D1", "verdict": "contrary"}]},
        "I do not know.",
    ],
)
def test_unknown_ids_and_unreadable_answers_change_nothing(store: Store, reply: object) -> None:
    before = groups(Dossier.from_store(store))
    dossier = Dossier.from_store(store, model=CallbackModel(lambda _: reply))
    assert groups(dossier) == before
    assert {each.made_by for each in dossier.decisions} == {"rule"}


def test_after_a_failure_of_the_server_the_rules_links_stand(tmp_path: Path) -> None:
    def fail(_: Request) -> Exception:
        return ServerFailed("The server broke.")

    with Store(tmp_path / "new.db") as store:
        fill(store, ROWS)
        with pytest.raises(ModelError, match="The server broke"):
            Dossier.from_store(store, model=CallbackModel(fail))
        assert len(groups(Dossier.from_store(store))) == 3
