"""The opening of a dossier: it tells what it does, and an interrupted one is continued by the next."""

from collections.abc import Callable
from pathlib import Path

import pytest

from summarizer import Dossier, Store
from summarizer.dossier import DossierProgress
from tests.dossier.linking import make_article, make_brief

STAGES = ("briefs", "copies", "actors", "issues", "statements", "changes")
NAMES = ("Ann Hill", "Tom Hill", "Hill", "Mary Reed")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "briefs.db"
    with Store(path) as store:
        for month, name in enumerate(NAMES, 1):
            article = make_article(f"2026-0{month}-01", f"{name} spoke.")
            store.add(make_brief(article, name), article)
    return path


def interrupt_at(stage: str) -> Callable[[DossierProgress], None]:
    def interrupt(progress: DossierProgress) -> None:
        if progress.stage == stage and (progress.done or progress.total or stage not in ("copies", "statements")):
            raise KeyboardInterrupt

    return interrupt


def content(dossier: Dossier) -> list[object]:
    return [dossier.statements, dict(dossier.actors), dict(dossier.issues), dossier.changes]


def test_an_opening_names_its_stages_in_order_and_counts_articles(path: Path) -> None:
    seen: list[DossierProgress] = []
    with Store(path) as store:
        Dossier.from_store(store, on_progress=seen.append)
    assert tuple(dict.fromkeys(each.stage for each in seen)) == STAGES
    assert {each.stage: each.total for each in seen if each.total} == {"copies": 4, "issues": 4, "statements": 4}
    assert all(0 <= each.done <= (each.total or 0) for each in seen)


def test_a_dossier_of_briefs_and_a_rebuilding_tell_their_progress() -> None:
    seen: list[str] = []
    brief = make_brief(make_article("2026-01-01", "Ann Hill spoke."), "Ann Hill")
    dossier = Dossier([brief], on_progress=lambda progress: seen.append(progress.stage))
    assert tuple(dict.fromkeys(seen)) == STAGES
    seen.clear()
    dossier.rebuild(on_progress=lambda progress: seen.append(progress.stage))
    assert tuple(dict.fromkeys(seen)) == STAGES[1:]


@pytest.mark.parametrize("stage", STAGES)
def test_an_interrupted_opening_is_continued_by_the_next(path: Path, tmp_path: Path, stage: str) -> None:
    copy = tmp_path / "copy.db"
    with Store(path) as store:
        store.database.copy_to(copy)
        expected = content(Dossier.from_store(store))
    with Store(copy) as store, pytest.raises(KeyboardInterrupt):
        Dossier.from_store(store, on_progress=interrupt_at(stage))
    with Store(copy) as store:
        assert content(Dossier.from_store(store)) == expected
        assert store.database.query("SELECT * FROM linking") == []


def test_changes_are_found_after_an_interruption_that_lost_what_they_concern(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    concerned: list[set[str]] = []
    with Store(path) as store:
        with pytest.raises(KeyboardInterrupt):
            Dossier.from_store(store, on_progress=interrupt_at("statements"))
        monkeypatch.setattr(
            "summarizer.dossier.dossier.refresh_changes", lambda _, actors, *__: concerned.append(set(actors))
        )
        Dossier.from_store(store)
    assert concerned == [{"ann-hill", "tom-hill", "hill", "mary-reed"}]
