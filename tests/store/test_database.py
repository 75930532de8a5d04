"""Files that are no stores, or cannot be used: a clear error, and nothing of them is changed."""

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from summarizer import Article, Brief, Store, StoreError
from summarizer.store import database
from tests.store.conftest import engine

ROOT = Path(__file__).parent.parent.parent


def text_file(path: Path) -> None:
    path.write_text("These are my notes.\n" * 100, encoding="utf-8")


def somebody_elses(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()


def another_application(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA application_id = 7")
    connection.close()


def newer(path: Path) -> None:
    Store(path).close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA user_version = 99")
    connection.close()


def damaged(path: Path) -> None:
    with Store(path) as store:
        store.claim(Article.from_text("A text. " * 5_000), engine())
    data = bytearray(path.read_bytes())
    data[100:120] = b"\xff" * 20  # how its first page is laid out
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (text_file, "is no store"),
        (somebody_elses, "a database of something else"),
        (another_application, "a database of something else"),
        (newer, "newer version of this library"),
        (damaged, "is damaged"),
    ],
)
def test_what_is_no_store_is_left_as_it_is(path: Path, make: Callable[[Path], None], says: str) -> None:
    make(path)
    before = path.read_bytes()
    with pytest.raises(StoreError, match=says):
        Store(path)
    assert path.read_bytes() == before


def test_what_cannot_be_the_name_of_a_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        Store(tmp_path / ("long" * 1_000))
    with pytest.raises(StoreError, match="A store is a file"):
        Store(":memory:")


def test_a_directory_and_a_missing_one_are_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is a directory"):
        Store(tmp_path)
    with pytest.raises(StoreError, match="there is no directory"):
        Store(tmp_path / "none" / "briefs.db")


def test_an_empty_file_becomes_a_store(path: Path) -> None:
    path.touch()
    with Store(path) as store:
        assert len(store) == 0


def test_a_store_that_another_program_is_writing_to_is_waited_for_and_then_told(path: Path, article: Article) -> None:
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    with Store(path, wait=0.05) as store:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked by another program") as told:
            store.claim(article, engine())
        assert told.value.retryable
        other.execute("ROLLBACK")
        assert store.claim(article, engine())
    other.close()


@pytest.mark.parametrize(("refusals", "opens"), [(3, True), (10**9, False)])
def test_who_opens_the_file_while_it_becomes_a_store_is_waited_for(
    path: Path, monkeypatch: pytest.MonkeyPatch, refusals: int, opens: bool
) -> None:
    left = iter(range(refusals))

    class Hasty(sqlite3.Connection):
        """Refuses at once to switch, as SQLite does while another process opens the file."""

        def execute(self, query: str, *values: Any) -> sqlite3.Cursor:
            if query == "PRAGMA journal_mode = WAL" and next(left, None) is not None:
                refused = sqlite3.OperationalError("database is locked")
                refused.sqlite_errorcode = sqlite3.SQLITE_BUSY
                raise refused
            return super().execute(query, *values)

    monkeypatch.setattr(database.sqlite3, "connect", partial(sqlite3.connect, factory=Hasty))
    if opens:
        Store(path).close()
    else:
        with pytest.raises(StoreError, match="locked by another program"):
            Store(path, wait=0.02)


def test_who_has_waited_in_vain_does_not_wait_again_before_it_is_free(path: Path, article: Article) -> None:
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    with Store(path, wait=0.5) as store:
        other.execute("BEGIN IMMEDIATE")
        waits = []
        for _ in range(2):
            started = time.monotonic()
            with pytest.raises(StoreError, match="locked"):
                store.claim(article, engine())
            waits.append(time.monotonic() - started)
        assert waits[0] > 0.4 > waits[1]
        other.execute("ROLLBACK")
        claim = store.claim(article, engine())
        assert claim
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(0.1, other.execute, ["ROLLBACK"]).start()
        store.release(claim)
    other.close()


def test_who_writes_for_less_than_the_wait_is_waited_for(path: Path, article: Article) -> None:
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    with Store(path) as store:
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(0.2, other.execute, ["ROLLBACK"]).start()
        assert store.claim(article, engine())
    other.close()


def test_a_full_disk_is_told_and_costs_nothing_that_was_kept(path: Path, article: Article, brief: Brief) -> None:
    with Store(path) as store:
        claim = store.claim(article, engine())
        assert claim
        store.keep(claim, brief)
        (pages,) = store._database.rows("PRAGMA page_count")[0]
        store._database.rows(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreError, match="the disk is full"):
            store.claim(Article.from_text("A text. " * 100_000), engine())
        store._database.rows(f"PRAGMA max_page_count = {pages + 10_000}")
        assert store.brief(article, engine()) == brief
        assert store._database.rows("PRAGMA integrity_check")[0][0] == "ok"
        assert store.claim(Article.from_text("A text. " * 100_000), engine())


@pytest.mark.skipif(sys.platform == "win32", reason="a file that is open stays where it is there")
@pytest.mark.parametrize("moved", [Path.unlink, lambda path: path.rename(path.with_name("moved.db"))])
def test_a_store_that_is_taken_away_while_it_is_used_is_told_before_more_is_lost(
    path: Path, article: Article, moved: Callable[[Path], object]
) -> None:
    with Store(path) as store:
        moved(path)
        with pytest.raises(StoreError, match="was deleted, moved or replaced"):
            store.claim(article, engine())
        Store(path).close()  # another one in its place is another one
        with pytest.raises(StoreError, match="was deleted, moved or replaced"):
            store.claim(article, engine())
        store.close()
        assert store.claim(article, engine())


def test_what_is_too_long_for_it_is_told_and_says_nothing_of_others(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.claim(Article.from_text("A text."), engine())
    store._database._opened().setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 10_000)
    with pytest.raises(StoreError, match="longer than the store") as told:
        store.claim(Article.from_text("A text. " * 10_000), engine())
    assert not told.value.fatal
    assert store.claim(Article.from_text("Another text."), engine())


READ_ONLY = """
import os, sys
from summarizer import Store, StoreError
if os.getuid() == 0:
    os.setgid(65534); os.setuid(65534)
try:
    Store(sys.argv[1])
except StoreError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are others there")
@pytest.mark.parametrize("protected", ["file", "directory"])
def test_a_write_protected_store_is_told(tmp_path: Path, protected: str) -> None:
    tmp_path.chmod(0o755)
    for parent in tmp_path.parents:
        if parent.owner() == tmp_path.owner() and parent != parent.parent and "pytest" in str(parent):
            parent.chmod(0o755)
    path = tmp_path / "briefs.db"
    if protected == "file":
        Store(path).close()
        path.chmod(0o444)
    else:
        tmp_path.chmod(0o555)
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    said = subprocess.run(
        [sys.executable, "-c", READ_ONLY, str(path)], env=environment, capture_output=True, text=True, check=False
    )
    tmp_path.chmod(0o755)
    assert "write-protected" in said.stdout, said.stderr
    assert str(path) in said.stdout


def test_a_layout_of_before_is_brought_up_to_date(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store(path).close()
    monkeypatch.setattr(database, "VERSION", 2)
    plain = database.script

    def script(number: int) -> str:
        return "ALTER TABLE articles ADD COLUMN words INTEGER;" if number == 2 else plain(number)

    monkeypatch.setattr(database, "script", script)
    with Store(path) as store:
        assert store._database.rows("SELECT words FROM articles") == []
        assert store._database.rows("PRAGMA user_version")[0][0] == 2


def test_a_step_that_fails_leaves_the_layout_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store(path).close()
    plain = database.script
    with monkeypatch.context() as patched:
        patched.setattr(database, "VERSION", 2)
        broken = "ALTER TABLE articles ADD COLUMN words INTEGER;\nALTER TABLE none ADD COLUMN x INTEGER;\n"
        patched.setattr(database, "script", lambda number: broken if number == 2 else plain(number))
        with pytest.raises(StoreError, match="no such table"):
            Store(path)
    with Store(path) as store:
        columns = [row["name"] for row in store._database.rows("PRAGMA table_info(articles)")]
        assert "words" not in columns
        assert store._database.rows("PRAGMA user_version")[0][0] == 1


def test_many_threads_can_open_and_use_one_file_at_once(path: Path) -> None:
    faults: list[BaseException] = []

    def use(number: int) -> None:
        try:
            with Store(path) as store:
                for n in range(5):
                    assert store.claim(Article.from_text(f"Text {number} {n}."), engine())
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=use, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with Store(path) as store:
        assert store._database.rows("SELECT count(*) FROM articles")[0][0] == 30
        assert store._database.rows("SELECT count(*) FROM workers")[0][0] == 0
