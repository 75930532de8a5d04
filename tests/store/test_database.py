"""Files that are not stores, or cannot be used: a clear error, and the file is unchanged."""

import gc
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from summarizer import Article, Brief, Dossier, Store, StoreError, summarize
from summarizer.outcome import Outcome
from summarizer.store import database
from tests.store.conftest import engine
from tests.timing import HOLD, ends_early

ROOT = Path(__file__).parent.parent.parent


def text_file(path: Path) -> None:
    path.write_text("These are my notes.\n" * 100, encoding="utf-8")


def other_database(path: Path) -> None:
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
        store.acquire(Article.from_text("A text. " * 5_000), engine())
    data = bytearray(path.read_bytes())
    data[100:120] = b"\xff" * 20  # how its first page is laid out
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (text_file, "is not a store"),
        (other_database, "a database of another program"),
        (another_application, "a database of another program"),
        (newer, "newer version of this library"),
        (damaged, "is damaged"),
    ],
)
def test_file_that_is_not_a_store_is_unchanged(path: Path, make: Callable[[Path], None], says: str) -> None:
    make(path)
    before = path.read_bytes()
    with pytest.raises(StoreError, match=says):
        Store(path)
    assert path.read_bytes() == before


def test_invalid_path_is_reported(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        Store(tmp_path / ("long" * 1_000))
    with pytest.raises(StoreError, match="A store is a file"):
        Store(":memory:")


def test_directory_and_missing_directory_are_reported(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is a directory"):
        Store(tmp_path)
    with pytest.raises(StoreError, match="there is no directory"):
        Store(tmp_path / "none" / "briefs.db")


def test_empty_file_becomes_a_store(path: Path) -> None:
    path.touch()
    with Store(path) as store:
        assert len(store) == 0


def test_lock_of_another_program_is_reported_after_the_wait(path: Path, article: Article) -> None:
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    with Store(path, wait=0.05) as store:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked by another program") as caught:
            store.acquire(article, engine())
        assert caught.value.retryable
        other.execute("ROLLBACK")
        assert store.acquire(article, engine())
    other.close()


def stored(path: Path) -> Store:
    return Store(path)


def stored_with_a_lease(path: Path) -> Store:
    store = Store(path)
    store.acquire(Article.from_text("A text."), engine())
    return store


def opened_again(path: Path) -> Store:
    store = Store(path)
    store.close()
    assert len(store) == 0
    return store


def dossier_of_briefs(path: Path) -> Dossier:
    return Dossier([summarize("Anna Berg said the bridge was old.", model="builtin")])


def dossier_of_a_store(path: Path) -> Dossier:
    return Dossier.from_store(Store(path))


def write_protected_with_an_older_layout(path: Path) -> Store:
    with Store(path) as store:
        store.database.query("PRAGMA user_version = 2")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "access", lambda *_: False)
        patch.setattr(database, "layout_script", lambda name: "")
        return Store(path)


@pytest.mark.parametrize(
    "make",
    [
        stored,
        stored_with_a_lease,
        opened_again,
        dossier_of_briefs,
        dossier_of_a_store,
        write_protected_with_an_older_layout,
    ],
)
def test_dropped_store_or_dossier_closes_its_connection(path: Path, make: Callable[[Path], Store | Dossier]) -> None:
    owner = make(path)
    connection = (owner.store if isinstance(owner, Dossier) else owner).database._open()
    assert connection.execute("SELECT 1").fetchone()[0] == 1
    del owner
    gc.collect()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked there")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")  # other tests have left threads
def test_drop_in_a_forked_process_leaves_the_connection_of_the_parent_alone(path: Path) -> None:
    store = Store(path)
    connection = store.database._open()
    if child := os.fork():
        assert os.waitpid(child, 0)[1] == 0
        assert len(store) == 0
        return
    try:
        del store
        connection.execute("SELECT 1")
    except BaseException:
        os._exit(1)
    os._exit(0)


@pytest.mark.parametrize(("refusals", "opens"), [(3, True), (10**9, False)])
def test_opening_waits_while_another_process_creates_the_store(
    path: Path, monkeypatch: pytest.MonkeyPatch, refusals: int, opens: bool
) -> None:
    left = iter(range(refusals))

    class Hasty(sqlite3.Connection):
        """Refuses to switch the journal mode, as SQLite does while another process opens the file."""

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


def test_failed_wait_is_not_repeated_until_the_file_is_free(path: Path, article: Article) -> None:
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    with Store(path, wait=0.05) as store:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked"):
            store.acquire(article, engine())
        store.database.wait = HOLD
        with ends_early(), pytest.raises(StoreError, match="locked"):
            store.acquire(article, engine())
        other.execute("ROLLBACK")
        lease = store.acquire(article, engine())
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(0.1, other.execute, ["ROLLBACK"]).start()
        store.leases.release(lease)
    other.close()


def test_short_lock_of_another_program_is_waited_for(path: Path, article: Article) -> None:
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    with Store(path, wait=HOLD) as store:
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(0.2, other.execute, ["ROLLBACK"]).start()
        assert store.acquire(article, engine())
    other.close()


def test_full_disk_is_reported_and_stored_data_stays(path: Path, article: Article, brief: Brief) -> None:
    with Store(path) as store:
        store.save(store.acquire(article, engine()), Outcome(brief=brief))
        (pages,) = store.database.query("PRAGMA page_count")[0]
        store.database.query(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreError, match="the disk is full"):
            store.acquire(Article.from_text("A text. " * 100_000), engine())
        store.database.query(f"PRAGMA max_page_count = {pages + 10_000}")
        assert store.find(article, engine()) == Outcome(brief=brief, stored=True)
        assert store.database.query("PRAGMA integrity_check")[0][0] == "ok"
        assert store.acquire(Article.from_text("A text. " * 100_000), engine())


@pytest.mark.skipif(sys.platform == "win32", reason="a file that is open stays where it is there")
@pytest.mark.parametrize("moved", [Path.unlink, lambda path: path.rename(path.with_name("moved.db"))])
def test_moved_or_deleted_store_is_reported(path: Path, article: Article, moved: Callable[[Path], object]) -> None:
    with Store(path) as store:
        moved(path)
        with pytest.raises(StoreError, match="was deleted, moved or replaced"):
            store.acquire(article, engine())
        Store(path).close()  # a new file in its place does not count
        with pytest.raises(StoreError, match="was deleted, moved or replaced"):
            store.acquire(article, engine())
        store.close()
        assert store.acquire(article, engine())


def test_text_beyond_the_size_limit_is_not_a_fatal_error(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.acquire(Article.from_text("A text."), engine())
    store.database._open().setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 10_000)
    with pytest.raises(StoreError, match="longer than the store") as caught:
        store.acquire(Article.from_text("A text. " * 10_000), engine())
    assert not caught.value.fatal
    assert store.acquire(Article.from_text("Another text."), engine())


READ_ONLY = """
import os, sys
from summarizer import Store, StoreError, summarize
if os.getuid() == 0:
    os.setgid(65534); os.setuid(65534)
try:
    with Store(sys.argv[1]) as store:
        print(len(store), "stored", len(list(store.briefs())), "read")
        print(summarize("Anna Berg said the bridge was old.", model="builtin", store=store).provenance.engine)
        summarize("Anna Berg said the bridge was new.", model="builtin", store=store)
except StoreError as error:
    print(error, error.fatal)
"""


def use_read_only(path: Path) -> str:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.run(
        [sys.executable, "-c", READ_ONLY, str(path)], env=environment, capture_output=True, text=True, check=False
    )
    return process.stdout or process.stderr


@pytest.fixture
def public_directory() -> Iterator[Path]:
    """Return a directory that every user can enter. Each start of pytest makes the parents of tmp_path private."""
    with TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are others there")
@pytest.mark.parametrize("protected", ["file", "directory", "both", "unfinished log"])
@pytest.mark.slow
def test_write_protected_store_can_be_read(public_directory: Path, tmp_path: Path, protected: str) -> None:
    path = public_directory / "briefs.db"
    with Store(tmp_path / "briefs.db") as store:
        summarize("Anna Berg said the bridge was old.", model="builtin", store=store)
        if protected == "unfinished log":  # as after a crash
            for name in ("briefs.db", "briefs.db-wal"):
                shutil.copy(tmp_path / name, public_directory)
    if not path.exists():
        shutil.copy(tmp_path / "briefs.db", path)
    for file in public_directory.iterdir():
        file.chmod(0o644 if protected == "directory" else 0o444)
    public_directory.chmod(0o755 if protected == "file" else 0o555)
    said = use_read_only(path)
    public_directory.chmod(0o755)
    assert said.startswith("1 stored 1 read\nbuiltin\n")
    assert f"The store {path} is write-protected, and it has no brief of this article" in said
    assert said.endswith("False\n")


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are others there")
@pytest.mark.slow
def test_store_is_not_created_in_a_write_protected_directory(public_directory: Path) -> None:
    public_directory.chmod(0o555)
    said = use_read_only(public_directory / "briefs.db")
    public_directory.chmod(0o755)
    assert "write-protected" in said
    assert str(public_directory / "briefs.db") in said


def test_empty_file_that_cannot_be_written_is_no_store(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.touch()
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(StoreError, match="write-protected"):
        Store(path)


def test_many_threads_can_use_one_file(path: Path) -> None:
    faults: list[BaseException] = []

    def use(number: int) -> None:
        try:
            with Store(path) as store:
                for n in range(5):
                    assert store.acquire(Article.from_text(f"Text {number} {n}."), engine())
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=use, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with Store(path) as store:
        assert store.database.query("SELECT count(*) FROM articles")[0][0] == 30
        assert store.database.query("SELECT count(*) FROM leases")[0][0] == 0
