"""Merged stores: the newest brief of each article and engine, in whatever order and however often they are merged."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer import Article, Brief, Dossier, Reply, Store, StoreError, summarize
from summarizer.batch_api.journal import FileLimits, Journal
from summarizer.errors import ReplyError, ServerFailed
from summarizer.fetching import FetchedPage
from summarizer.models import Answer, Capabilities
from summarizer.outcome import Outcome
from summarizer.store import EngineKey
from tests.store.conftest import TEXT, engine
from tests.store.test_migration import briefs, old_path  # noqa: F401  # fixtures
from tests.store.test_replies import REQUEST

START = datetime(2026, 1, 1, tzinfo=UTC)
ARTICLES = [
    Article.from_text(f"{TEXT} The council has {n} members.", source=f"{n}.txt", site="Paper") for n in range(3)
]
BRIEFS = [summarize(article, model="builtin") for article in ARTICLES]


def brief_made(number: int, minute: int) -> Brief:
    brief = BRIEFS[number]
    made = brief.provenance.model_copy(update={"made": START + timedelta(minutes=minute), "seconds": float(minute)})
    return brief.model_copy(update={"provenance": made})


def save(store: Store, number: int, minute: int, key: EngineKey | None = None) -> None:
    article, key = ARTICLES[number], key or engine()
    with store.database.transaction() as connection:  # one that is stored already would be used
        connection.execute(
            "DELETE FROM briefs WHERE article IN (SELECT id FROM articles WHERE sha256 = ?) "
            "AND engine IN (SELECT id FROM engines WHERE key = ?)",
            (article.sha256, key.sha256),
        )
    store.save(store.acquire(article, key), Outcome(brief=brief_made(number, minute)))


def contents(store: Store) -> list[Any]:
    """Return what a store has, without its ids."""
    query = store.database.query
    rows: list[Any] = [tuple(row) for row in query("SELECT brief, indexed FROM briefs ORDER BY brief")]
    current = "SELECT brief FROM briefs WHERE id IN (SELECT brief FROM current_briefs) ORDER BY 1"
    rows += [tuple(row) for row in query(current)]
    rows += [tuple(row) for row in query("SELECT key, text FROM articles ORDER BY key")]
    rows += [tuple(row) for row in query("SELECT statement, holder_names, quotation FROM positions ORDER BY 1, 2, 3")]
    pairs = (
        "SELECT statement, holders.name, issues.proposition FROM positions "
        "JOIN position_holders ON position = positions.id JOIN holders ON holders.id = holder "
        "LEFT JOIN issues ON issues.id = issue ORDER BY 1, 2, 3"
    )
    rows += [tuple(row) for row in query(pairs)]
    rows += sorted((result.statement, result.source) for result in store.search("unsafe", limit=50))
    return rows


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [line for line in connection.iterdump() if "leases" not in line]


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[list[Store]]:
    opened = [Store(tmp_path / name) for name in ("a.db", "b.db", "all.db")]
    yield opened
    for store in opened:
        store.close()


def test_articles_and_briefs_of_all_stores_come_in(stores: list[Store]) -> None:
    first, second, whole = stores
    save(first, 0, 1)
    save(first, 1, 2)
    save(second, 1, 3)
    save(second, 2, 4, engine("huge"))
    progress: list[tuple[str, int, int]] = []
    merged = whole.merge([first.path, second.path], lambda path, done, total: progress.append((path.name, done, total)))
    assert (merged.articles, merged.briefs) == (3, 4)
    assert [brief.provenance.seconds for brief in whole.briefs()] == [1, 3, 4]
    assert progress[0] == ("a.db", 0, 2)
    assert progress[-1] == ("b.db", 2, 2)
    found = whole.find(ARTICLES[1], engine())
    assert found
    assert found.brief == brief_made(1, 3)
    assert {result.statement for result in whole.search("unsafe")} == {"The bridge is unsafe."}


def test_merging_twice_changes_nothing(stores: list[Store]) -> None:
    first, second, whole = stores
    for number in range(3):
        save(first, number, number)
        save(second, number, 3 - number)
    whole.merge([first.path, second.path])
    before = dump(whole.path)
    merged = whole.merge([first.path, second.path])
    assert not any(vars(merged).values())
    assert dump(whole.path) == before


def test_merging_leaves_the_sources_unchanged(stores: list[Store]) -> None:
    first, _, whole = stores
    save(first, 0, 1)
    first.close()
    before = first.path.read_bytes()
    whole.merge([first.path])
    assert first.path.read_bytes() == before


@pytest.mark.slow
@given(
    saved=st.lists(
        st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.sampled_from(["tiny", "huge"])), max_size=4),
        min_size=3,
        max_size=3,
    )
)
@settings(max_examples=8, deadline=None)
def test_the_order_of_stores_does_not_count(saved: list[list[tuple[int, int, str]]]) -> None:
    with TemporaryDirectory() as folder:
        paths = [Path(folder, f"{number}.db") for number in range(len(saved))]
        for path, rows in zip(paths, saved, strict=True):
            with Store(path) as store:
                for number, minute, name in rows:
                    save(store, number, minute, engine(name))
        found = []
        for order in (paths, [*reversed(paths)], [paths[1], paths[0], paths[2], paths[1]]):
            with Store.temporary() as whole:
                whole.merge(order)
                found.append(contents(whole))
        with Store.temporary() as half, Store.temporary() as whole:
            half.merge(paths[1:])
            whole.merge([half.path, paths[0]])
            found.append(contents(whole))
        assert all(each == found[0] for each in found)


def test_newest_brief_counts_though_an_older_one_of_another_engine_comes_later(stores: list[Store]) -> None:
    first, _, whole = stores
    save(whole, 0, 5, engine("huge"))
    save(first, 0, 1)
    whole.merge([first.path])
    [current] = whole.database.query("SELECT brief FROM briefs WHERE id IN (SELECT brief FROM current_briefs)")
    assert Brief.from_json(current["brief"]) == brief_made(0, 5)


def test_failure_yields_to_a_brief_and_to_a_newer_failure(stores: list[Store]) -> None:
    first, second, _ = stores
    save(first, 0, 1)
    for number in (0, 1):
        second.save(second.acquire(ARTICLES[number], engine()), Outcome(error=ReplyError("It was cut off.")))
    first.save(first.acquire(ARTICLES[1], engine()), Outcome(error=ReplyError("It was refused.")))
    for order in permutations([first.path, second.path]):
        with Store.temporary() as store:
            store.merge(order)
            found = store.find(ARTICLES[0], engine()), store.find(ARTICLES[1], engine())
            assert [outcome and outcome.status for outcome in found] == ["done", "failed"]
            assert "It was refused." in str(found[1] and found[1].error)
            assert store.database.query("SELECT count(*) FROM failures")[0][0] == 1


async def test_replies_runs_pages_and_outlets_come_in_once(stores: list[Store]) -> None:
    first, second, whole = stores
    for store, text in ((first, "{}"), (second, "[]")):
        run = store.start_run(engine())
        lease = store.acquire(ARTICLES[0], engine())
        await lease.replies.put(REQUEST, Reply(text))
        store.leases.release(lease)
        store.save_page("https://paper.example/a", FetchedPage(text.encode(), "https://paper.example/a"))
        store.finish_run(run, "done", 1, 0, BRIEFS[0].provenance.usage)
    other = ARTICLES[0].__class__.from_text(ARTICLES[0].text, site="Courier")
    assert second.add_outlet(other)
    for _ in range(2):
        whole.merge([second.path, first.path])
        assert [row["reply"] for row in whole.database.query("SELECT reply FROM replies")] == ["[]"]
        assert [row["state"] for row in whole.database.query("SELECT state FROM runs")] == ["done"] * 2
        assert [row["name"] for row in whole.database.query("SELECT name FROM outlets")] == ["Courier"]
        page = whole.find_page("https://paper.example/a")
        assert page
        assert page.data == b"[]"


def test_text_of_an_article_that_had_none_comes_in(stores: list[Store]) -> None:
    first, _, whole = stores
    whole.add(brief_made(0, 1))
    save(first, 0, 2)
    whole.merge([first.path])
    assert whole.database.query("SELECT text FROM articles")[0]["text"] == ARTICLES[0].text


def test_decisions_of_people_are_kept_and_the_last_one_counts(stores: list[Store]) -> None:
    first, second, _ = stores
    for store in (first, second):
        for number in range(2):
            save(store, number, number)
    for store, verdict in ((first, "different"), (second, "same")):
        dossier = Dossier.from_store(store)
        with store.database.transaction() as connection:
            sha = [row["sha256"][:12] for row in store.database.query("SELECT sha256 FROM articles ORDER BY id")]
            connection.execute(
                "INSERT INTO decisions (kind, one, other, verdict, made_by, reason, made) "
                "VALUES ('actor', ?, ?, ?, 'person', '', ?)",
                (f"{sha[0]}:x", f"{sha[1]}:x", verdict, f"2026-01-0{1 + (verdict == 'same')}"),
            )
        del dossier
    for order in permutations([first.path, second.path]):
        with Store.temporary() as store:
            store.merge(order)
            store.merge(order)
            rows = store.database.query(
                "SELECT verdict FROM decisions WHERE made_by = 'person' AND undone IS NULL ORDER BY id"
            )
            assert [row["verdict"] for row in rows][-1] == "same"
            assert len(store.database.query("SELECT 1 FROM decisions WHERE made_by = 'person'")) == 2
            assert not store.database.query("SELECT 1 FROM decisions WHERE made_by = 'rule'")
            assert Dossier.from_store(store).actors


def test_dossier_of_merged_stores_is_that_of_one_store(stores: list[Store]) -> None:
    first, second, whole = stores
    with Store.temporary() as single:
        for number in range(3):
            save(single, number, number)
            save((first, second)[number % 2], number, number)
        Dossier.from_store(first)  # its links do not count in the other store
        whole.merge([second.path, first.path])
        names = [sorted(actor.name for actor in Dossier.from_store(store).actors.values()) for store in (single, whole)]
    assert names[0] == names[1]


def test_store_of_an_older_layout_is_merged_and_stays_as_it_is(stores: list[Store], old_path: Path) -> None:  # noqa: F811
    before = old_path.read_bytes()
    merged = stores[2].merge([old_path])
    assert (merged.articles, merged.briefs, merged.runs) == (3, 3, 1)
    assert old_path.read_bytes() == before
    assert {row["indexed"] for row in stores[2].database.query("SELECT indexed FROM briefs")} == {1}


def test_store_in_use_is_merged_and_its_articles_in_progress_are_counted(stores: list[Store]) -> None:
    first, _, whole = stores
    save(first, 0, 1)
    lease = first.acquire(ARTICLES[1], engine())
    merged = whole.merge([first.path])
    assert (merged.briefs, merged.in_progress) == (1, 1)
    first.save(lease, Outcome(brief=brief_made(1, 1)))
    assert whole.merge([first.path]).briefs == 1
    assert len(whole) == 2


def batch_rows(store: Store) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in store.database.query("SELECT key, state, job, run FROM batch_requests ORDER BY key")]


def test_batches_under_way_and_replies_without_a_use_are_merged(stores: list[Store]) -> None:
    first, _, whole = stores
    journal = Journal(first, "model", "run")
    for key in ("sent", "unused", "wrong"):
        journal.find_or_record(key, {}, Capabilities())
    job = journal.plan("tiny", "http://server", FileLimits(), 0, first_only=False)
    assert job
    journal.answer([("unused", Answer(Reply("{}"))), ("wrong", Answer(error=ServerFailed("It failed.")))], job)
    journal.save(job, state="creating", file="file-1")
    with pytest.raises(StoreError, match=r"about to submit.*batches collect --store .*a\.db' finds that out"):
        whole.merge([first.path])
    with first.database.transaction() as connection:
        lease = first.leases.acquire(connection, "batches", "the batches")
    with pytest.raises(StoreError, match=r"A process submits batches from the store .*a\.db"):
        whole.merge([first.path])
    first.leases.release(lease)
    journal.save(job, state="running", batch="batch-1")
    for new in (1, 0):
        merged = whole.merge([first.path])
        assert (merged.batches, merged.replies) == (new, new)
        assert batch_rows(whole) == [("sent", "sent", job.id, "run"), ("unused", "answered", None, "run")]
    (copied,) = Journal(whole, "model").jobs()
    assert (copied.batch, copied.copied) == ("batch-1", True)


def test_answer_to_another_form_of_a_request_brings_what_is_known_of_this_form(stores: list[Store]) -> None:
    first, _, whole = stores
    cut_off = Answer(Reply("{", "length"))
    journals = Journal(first, "model", "run"), Journal(whole, "model", "later")
    for journal in journals:
        journal.find_or_record("a", {}, Capabilities())
    journals[0].answer([("a", cut_off)])
    journals[0].ask_again("a", {"max_tokens": 9}, Capabilities(form="text"), cut_off=cut_off)
    journals[0].answer([("a", Answer(Reply("{}")))])
    whole.merge([first.path])
    found, expected = (journal.find_or_record("a", {}, Capabilities()) for journal in reversed(journals))
    assert found == expected
    assert (found.forms, found.cut_off) == (1, cut_off)


@pytest.mark.parametrize("is_answered", [True, False])
def test_batch_that_the_other_store_has_collected_is_over_after_another_merge(
    stores: list[Store], is_answered: bool
) -> None:
    first, _, whole = stores
    journal = Journal(first, "model", "run")
    journal.find_or_record("a", {}, Capabilities())
    job = journal.plan("tiny", "http://server", FileLimits(), 0, first_only=False)
    assert job
    journal.save(job, state="running", batch="batch-1")
    whole.merge([first.path])
    if is_answered:
        journal.answer([("a", Answer(Reply("{}")))], job)
    journal.close(job)
    whole.merge([first.path])
    assert batch_rows(whole) == [("a", "answered" if is_answered else "new", None, "run")]
    assert Journal(whole, "model").jobs() == []


def test_source_that_cannot_be_merged_is_refused(stores: list[Store], tmp_path: Path) -> None:
    whole = stores[2]
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE t (a)")
    text, newer, link = tmp_path / "text.db", tmp_path / "newer.db", tmp_path / "link.db"
    text.write_text("No database at all, but more than a hundred bytes of text. " * 10)
    Store(newer).close()
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute("PRAGMA user_version = 99")
    link.symlink_to(whole.path)
    for path, message in (
        (tmp_path / "missing.db", "There is no store"),
        (other, "not a store|another program"),
        (text, "not a store"),
        (newer, "newer version of this library"),
        (whole.path, "into itself"),
        (link, "into itself"),
    ):
        with pytest.raises(StoreError, match=message):
            whole.merge([path])
    save(stores[0], 0, 1)
    assert whole.merge([stores[0].path]).briefs == 1  # nothing stays attached


def test_interrupted_merge_is_continued(stores: list[Store], monkeypatch: pytest.MonkeyPatch) -> None:
    first, _, whole = stores
    monkeypatch.setattr("summarizer.store.merging.ARTICLES_AT_ONCE", 1)
    for number in range(3):
        save(first, number, number)

    def interrupt(path: Path, done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        whole.merge([first.path], interrupt)
    assert len(whole) == 2
    assert whole.merge([first.path]).briefs == 1
    assert contents(whole) == contents(first)


def test_locked_store_is_an_error_and_later_merged(tmp_path: Path) -> None:
    with Store(tmp_path / "a.db") as first, Store(tmp_path / "all.db", wait=0.01) as whole:
        save(first, 0, 1)
        with closing(sqlite3.connect(whole.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match="locked by another program"):
                whole.merge([first.path])
        assert whole.merge([first.path]).briefs == 1


def test_store_on_a_read_only_mount_is_merged(stores: list[Store], tmp_path: Path) -> None:
    save(stores[0], 0, 1)
    stores[0].close()
    folder = tmp_path / "mount"
    folder.mkdir()
    shutil.copy(stores[0].path, folder / "a.db")
    (folder / "a.db").chmod(0o444)
    folder.chmod(0o555)
    try:
        assert stores[2].merge([folder / "a.db"]).briefs == 1
    finally:
        folder.chmod(0o755)
