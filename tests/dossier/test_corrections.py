"""People correct single statements, and their corrections survive rebuilding."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from summarizer import Article, Dossier, summarize
from summarizer.errors import ConfigurationError
from summarizer.store import Store
from tests.dossier.briefs import Held, make_brief

TEXTS = [
    ("2026-01-05", "Ann Hill, a nurse, said that she supports the toll."),
    ("2026-01-12", "Ann Hill, a nurse, said that she supports the toll on the bridge."),
    ("2026-02-02", "Ann Hill said that she opposes the toll. Tom Reed said that he supports the toll."),
    ("2026-02-09", "Ann Hill said that she is against the toll on the bridge."),
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "briefs.db") as store:
        for date, text in TEXTS:
            article = Article.from_text(text, published=date, title="The toll", site="The Courier")
            store.add(summarize(article, model="builtin"), article)
        yield store


def state(dossier: Dossier) -> dict[str, object]:
    """Return all that corrections may change."""
    return {
        "statements": sorted((each.position, each.actor, each.issue, each.stance) for each in dossier.statements),
        "changes": [(each.actor, each.issue, each.after) for each in dossier.changes],
        "answers": [(each.question, [answer.position for answer in each.answers]) for each in dossier.questions],
    }


def said(dossier: Dossier, words: str) -> tuple[str, str | None]:
    """Return the actor and the issue of the statement with some words."""
    found = dossier.details(each.position for each in dossier.statements)
    return next((each.actor, each.issue) for each in dossier.statements if words in found[each.position].quotation)


CASES = [
    ("speaker", "opposes the toll@2026-02-02", "Tom Reed", "same"),
    ("placement", "supports the toll@2026-01-05", "The toll is right.", "different"),
    ("change", "Ann Hill", "opposes the toll@2026-02-02", "different"),
]


@pytest.mark.parametrize(("kind", "one", "other", "verdict"), CASES)
def test_a_correction_holds_and_can_be_withdrawn(
    store: Store, tmp_path: Path, kind: str, one: str, other: str, verdict: str
) -> None:
    dossier = Dossier.from_store(store)
    before = state(dossier)
    decision = dossier.decide(one, other, verdict, kind=kind)  # type: ignore[arg-type]
    assert (decision.kind, decision.made_by) == (kind, "person")
    corrected = state(dossier)
    assert corrected != before
    assert dossier.decide(one, other, verdict, kind=kind) == decision  # type: ignore[arg-type]
    assert state(Dossier.from_store(store)) == corrected
    dossier.rebuild()
    assert state(dossier) == corrected
    with Store(tmp_path / "merged.db") as merged:
        merged.merge([store.path])
        found = Dossier.from_store(merged)
        assert {key: len(value) for key, value in state(found).items()} == {  # type: ignore[arg-type]
            key: len(value)  # type: ignore[arg-type]
            for key, value in corrected.items()
        }
    dossier.undo(decision.id)
    assert state(dossier) == before
    assert state(Dossier.from_store(store)) == before


def test_a_statement_is_given_to_another_actor(store: Store) -> None:
    dossier = Dossier.from_store(store)
    dossier.decide("opposes the toll@2026-02-02", "Tom Reed", "same", kind="speaker")
    assert said(dossier, "opposes the toll")[0] == "tom-reed"
    assert not dossier.changes


def test_a_statement_of_a_namesake_goes_to_the_one_of_another_article(store: Store) -> None:
    dossier = Dossier.from_store(store)
    dossier.decide("Ann Hill@2026-02-09", "Ann Hill@2026-01-05", "different")
    other = said(dossier, "is against the toll")[0]
    dossier.decide("opposes the toll@2026-02-02", other, "same", kind="speaker")
    assert said(dossier, "opposes the toll")[0] == other
    assert said(dossier, "supports the toll")[0] != other


def test_an_answer_that_is_none_is_left_out() -> None:
    names: list[Held] = [("Ann Reed", "", "unclear", "Marlow talks of Ann Reed.")]
    asked = make_brief("2026-01-01", names, questions=["Who will pay for the dam?"])
    told = make_brief("2026-03-01", [*names, ("Ann Reed", "", "unclear", "The state will pay for the dam.")])
    dossier = Dossier([asked, told])
    before = state(dossier)
    assert [len(each.answers) for each in dossier.questions] == [1]
    decision = dossier.decide("pay@2026-01-01", "pay@2026-03-01", "different", kind="answer")
    assert [len(each.answers) for each in dossier.questions] == [0]
    dossier.rebuild()
    assert [len(each.answers) for each in dossier.questions] == [0]
    dossier.undo(decision.id)
    assert state(dossier) == before


def test_a_file_corrects_statements_once(store: Store, tmp_path: Path) -> None:
    dossier = Dossier.from_store(store)
    path = tmp_path / "who.yaml"
    number = next(each.position for each in dossier.statements if each.date == "2026-02-02")
    path.write_text(
        f"statements:\n  by:\n    - [{number}, Tom Reed]\n  not_about: [[opposes@3, The toll is right.]]\n"
        "  no_change:\n    - [Ann Hill, opposes@3]\n",
        encoding="utf-8",
    )
    made = dossier.apply_decisions(path)
    assert [each.kind for each in made] == ["speaker", "placement", "change"]
    entries = len(list(dossier.decisions))
    assert dossier.apply_decisions(path) == made
    assert len(list(dossier.decisions)) == entries


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("actors:\n  same:\n    - [Ann Hill, Tom Reed]\n  different:\n    - [Tom Reed, Ann Hill]\n", (3, 5)),
        ("statements:\n  by:\n    - [opposes@3, Tom Reed]\n    - [opposes@3, Ann Hill]\n", (3, 4)),
        (
            "actors:\n  different: [[Ann Hill, Tom Reed]]\n  same:\n    - [ann-hill, Tom Reed]\n",
            (2, 4),
        ),
    ],
)
def test_a_file_that_contradicts_itself_is_refused_with_its_lines(
    store: Store, tmp_path: Path, text: str, lines: tuple[int, ...]
) -> None:
    dossier = Dossier.from_store(store)
    path = tmp_path / "who.yaml"
    path.write_text(text, encoding="utf-8")
    before = list(dossier.decisions)
    with pytest.raises(ConfigurationError) as caught:
        dossier.apply_decisions(path)
    assert all(f"line {line}," in str(caught.value) for line in lines)
    assert list(dossier.decisions) == before


@pytest.mark.parametrize(
    ("kind", "one", "other", "message"),
    [
        ("speaker", "the toll@3", "Tom Reed", "Several statements fit"),
        ("speaker", "the ferry@3", "Tom Reed", "No statement fits"),
        ("speaker", "the toll", "Tom Reed", "names no statement"),
        ("answer", "why@3", "opposes@3", "No question fits"),
        ("placement", "opposes@3", "The ferry is right.", "No issue"),
    ],
)
def test_words_that_mean_no_statement_are_an_error(store: Store, kind: str, one: str, other: str, message: str) -> None:
    dossier = Dossier.from_store(store)
    with pytest.raises(ConfigurationError, match=message):
        dossier.decide(one, other, "same" if kind == "speaker" else "different", kind=kind)  # type: ignore[arg-type]
