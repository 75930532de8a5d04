"""The callable for batches of rows."""

import json
import os
import pickle
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import Brief, OpenAIModel, ScriptedModel, Store
from summarizer.distributed import RESULT_COLUMNS, BriefBatch, brief_batch
from summarizer.errors import AuthenticationFailed, ConfigurationError, SummarizerError
from summarizer.models import CallbackModel, Reply, Request
from summarizer.store import request_key
from summarizer.testing import reply_for
from tests.models.conftest import CannedResponse, Server, completion, error
from tests.store.postgres_server import PASSWORD, postgres_server

ROOT = Path(__file__).parent.parent.parent
TEXT = "“The bridge must go,” said Anna Berg, the engineer."
OTHER = "“The ferry must stay,” said Tomas Lind, the captain."
POISON: list[Any] = [None, float("nan"), "", " \n", 7, b"bytes", ["list"], {"a": 1}, "\ud800", "x" * 2001, object()]


@pytest.fixture
def batch() -> Iterator[BriefBatch]:
    batch = BriefBatch(model="builtin", max_characters=2000)
    yield batch
    batch.close()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    server.set_responses(CannedResponse(completion(reply_for(TEXT).model_dump_json())))
    yield server
    server.close()


def speakers(column: list[str | None]) -> list[str | None]:
    return [Brief.from_json(text).holders[0].name if text else None for text in column]


def test_dictionary_of_columns_gets_briefs_and_errors_in_its_order(batch: BriefBatch) -> None:
    result = batch({"id": [1, 2, 3], "text": [TEXT, None, OTHER], "note": ["a", "b", "c"]})
    assert list(result) == ["id", "text", "note", *RESULT_COLUMNS]
    assert speakers(result["brief"]) == ["Anna Berg", None, "Tomas Lind"]
    assert result["error"] == [None, "ArticleError: The row has no text. (row 2)", None]
    assert result["tokens"] == [0, 0, 0]
    assert all(seconds >= 0 for seconds in result["seconds"])


@pytest.mark.parametrize("make", [pa.table, pa.RecordBatch.from_pydict])
def test_arrow_keeps_its_kind_and_has_types_that_do_not_depend_on_values(batch: BriefBatch, make: Any) -> None:
    for texts in ([TEXT, OTHER], [None, ""], []):
        given = make({"id": pa.array(range(len(texts))), "text": pa.array(texts, pa.string())})
        result = batch(given)
        assert type(result) is type(given)
        types = [str(result.schema.field(name).type) for name in RESULT_COLUMNS]
        assert types == ["string", "string", "int64", "double"]


@pytest.mark.slow  # the engines bring pandas
def test_pandas_keeps_its_index_and_has_types_that_do_not_depend_on_values(batch: BriefBatch) -> None:
    pandas = pytest.importorskip("pandas")
    for texts in ([TEXT, OTHER], [None, ""], []):
        result = batch(pandas.DataFrame({"text": pandas.Series(texts, dtype="string")}, index=range(9, 9 + len(texts))))
        assert list(result.index) == list(range(9, 9 + len(texts)))
        assert [str(result[name].dtype) for name in RESULT_COLUMNS] == ["string", "string", "int64", "float64"]


@given(st.lists(st.one_of(st.sampled_from([TEXT, OTHER, *POISON]), st.text(max_size=30)), max_size=6))
def test_no_value_of_a_row_raises_or_changes_its_neighbours(texts: list[Any]) -> None:
    result = BATCH({"text": texts})
    for text, brief, problem in zip(texts, result["brief"], result["error"], strict=True):
        assert (brief is None) != (problem is None)
        if isinstance(text, str) and text in (TEXT, OTHER):
            assert brief


BATCH = BriefBatch(model="builtin", max_characters=2000)


@pytest.fixture(autouse=True, scope="module")
def _close() -> Iterator[None]:
    yield
    BATCH.close()


@pytest.mark.slow
def test_missing_values_of_pandas_are_rows_without_a_text(batch: BriefBatch) -> None:
    pandas = pytest.importorskip("pandas")
    result = batch({"text": [pandas.NA, pandas.NaT], "title": [pandas.NaT, pandas.NA]})
    assert result["error"] == ["ArticleError: The row has no text."] * 2


def test_metadata_reaches_the_brief(batch: BriefBatch) -> None:
    row = {"title": "Bridge", "author": "Kim Oda", "language": "en", "url": "https://news.example/1", "site": "News"}
    result = batch({"text": [TEXT], "date": [datetime(2026, 11, 1)], **{name: [value] for name, value in row.items()}})
    article = Brief.from_json(result["brief"][0]).article
    assert {name: getattr(article, name) for name in row} == row
    assert (article.published, article.source) == ("2026-11-01", "https://news.example/1")


@pytest.mark.parametrize(
    ("value", "published"),
    [
        (date(2026, 11, 1), "2026-11-01"),
        (datetime(2026, 11, 1, 9, 30), "2026-11-01T09:30:00"),
        ("2026-11-01", "2026-11-01"),
        (None, None),
        (float("nan"), None),
    ],
)
def test_dates_of_all_kinds_are_read(batch: BriefBatch, value: object, published: str | None) -> None:
    result = batch({"text": [TEXT], "published": [value]})
    assert Brief.from_json(result["brief"][0]).article.published == published


@pytest.mark.slow
def test_dates_of_numpy_are_read(batch: BriefBatch) -> None:
    numpy = pytest.importorskip("numpy")
    days = numpy.array(["2026-11-01", "2026-11-02T10:00"], dtype="datetime64[ns]")
    result = batch({"text": numpy.array([TEXT, OTHER]), "date": days})
    assert [json.loads(text)["article"]["published"] for text in result["brief"]] == [
        "2026-11-01",
        "2026-11-02T10:00:00",
    ]


def test_metadata_of_another_type_is_an_error_of_the_row(batch: BriefBatch) -> None:
    result = batch({"text": [TEXT, OTHER], "title": [["a", "list"], "Ferry"]})
    assert result["error"] == ["ArticleError: The title of the row is not text but has the type list.", None]


def test_columns_can_have_other_names(batch: BriefBatch) -> None:
    renamed = BriefBatch(model="builtin", columns={"text": "body", "id": "key"})
    assert speakers(renamed({"body": [TEXT], "key": [4]})["brief"]) == ["Anna Berg"]
    with pytest.raises(ConfigurationError, match="no column 'body'"):
        renamed({"text": [TEXT]})
    with pytest.raises(ConfigurationError, match="unknown field, 'boddy'"):
        BriefBatch(model="builtin", columns={"boddy": "text"})
    renamed.close()


def test_arrow_keeps_the_metadata_of_the_schema_and_of_fields(batch: BriefBatch) -> None:
    field = pa.field("text", pa.string(), nullable=False, metadata={"unit": "article"})
    given = pa.table([pa.array([TEXT])], schema=pa.schema([field], metadata={"crawl": "7"}))
    result = batch(batch(given))
    assert result.schema.metadata == given.schema.metadata
    assert result.schema.field("text").equals(field, check_metadata=True)


@pytest.mark.parametrize(
    "cell",
    [
        {"date": pa.array([10**18, 0], pa.timestamp("s"))},
        {"text": pa.array([b"\xff\xfe", TEXT.encode()]).view(pa.string())},
    ],
)
def test_arrow_value_that_python_cannot_hold_is_an_error_of_its_row(batch: BriefBatch, cell: dict[str, Any]) -> None:
    result = batch(pa.table({"text": [TEXT, TEXT], **cell})).select(RESULT_COLUMNS).to_pydict()
    assert result["error"][0].startswith("ArticleError: The ")
    assert speakers(result["brief"]) == [None, "Anna Berg"]


def test_columns_of_one_name_or_of_different_lengths_are_refused(batch: BriefBatch) -> None:
    with pytest.raises(ConfigurationError, match=r"several columns 'text'\. Rename all but one"):
        batch(pa.Table.from_arrays([pa.array([TEXT])] * 2, names=["text", "text"]))
    with pytest.raises(ConfigurationError, match="different lengths: 1 and 2 rows"):
        batch({"id": [1], "text": [TEXT, OTHER]})


def test_earlier_results_are_replaced_but_a_column_of_the_caller_is_not(batch: BriefBatch) -> None:
    first = batch({"text": [TEXT, None]})
    assert list(batch(first | {"text": [TEXT, OTHER]})["error"]) == [None, None]
    with pytest.raises(ConfigurationError, match="has a column 'error' already"):
        batch({"text": [TEXT], "error": [1]})


def test_other_objects_are_no_batch(batch: BriefBatch) -> None:
    with pytest.raises(ConfigurationError, match="A list is not a batch"):
        batch([TEXT])


def test_copies_in_a_process_share_one_summarizer_which_is_closed(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    batch = BriefBatch(model="builtin", store=tmp_path / "briefs.db")
    copies = [pickle.loads(pickle.dumps(batch)) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda copy: copy({"text": [TEXT, OTHER]}), copies))
    assert all(result["error"] == [None, None] for result in results)
    held = [key for key in brief_batch._summarizers if key[1] == batch._key]
    assert held == [(os.getpid(), batch._key)]
    copies[0].close()
    assert not {key for key in brief_batch._summarizers if key[1] == batch._key}
    assert not {thread for thread in threading.enumerate() if thread.name == "summarizer store"} - before
    assert copies[1]({"text": [TEXT]})["error"] == [None]  # opened again
    batch.close()


def test_nothing_is_opened_before_the_first_row(tmp_path: Path) -> None:
    batch = BriefBatch(model="builtin", store=tmp_path / "briefs.db")
    assert batch({"text": []})["brief"] == []
    assert not (tmp_path / "briefs.db").exists()


@pytest.mark.slow
def test_summarizer_is_closed_at_the_exit_of_the_process(tmp_path: Path) -> None:
    program = (
        "import sys; from summarizer.distributed import BriefBatch; "
        "print(BriefBatch(model='builtin', store=sys.argv[1])({'text': [sys.argv[2]]})['error'])"
    )
    store = tmp_path / "briefs.db"
    command = [sys.executable, "-c", program, str(store), TEXT]
    done = subprocess.run(
        command, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("[None]\n", "")
    assert not store.with_name("briefs.db-wal").exists()


def test_model_is_asked_once_for_each_article_and_tokens_are_counted(server: Server, tmp_path: Path) -> None:
    model = {"name": "tiny", "base_url": server.url}
    batch = BriefBatch(model=model, store=tmp_path / "briefs.db")
    first = batch({"text": [TEXT]})
    assert (first["error"], first["tokens"]) == ([None], [107])
    batch.close()
    again = pickle.loads(pickle.dumps(BriefBatch(model=model, store=tmp_path / "briefs.db")))
    assert (again({"text": [TEXT]})["tokens"], len(server.completions)) == ([0], 1)
    again.close()


def test_pickle_holds_no_key_and_workers_use_their_own(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-the-key-of-the-driver")
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    pickled = pickle.dumps(BriefBatch(model="tiny"))
    assert b"sk-the" not in pickled
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-worker")
    monkeypatch.delenv("OPENAI_BASE_URL")  # the address is in the description: texts go to no other server
    worker = pickle.loads(pickled)
    assert worker({"text": [TEXT]})["error"] == [None]
    assert server.completions[0].headers["authorization"] == "Bearer sk-of-the-worker"
    worker.close()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"model": {"name": "m", "api_key": "sk-1"}}, "cannot hold api_key.*Set OPENAI_API_KEY in the env"),
        ({"model": {"name": "m", "default_headers": {"k": "v"}}}, "cannot hold default_headers"),
        ({"model": {"name": "m", "client": object()}}, "cannot hold client"),
        ({"model": {"name": "m", "base_url": "http://me:secret@h/v1"}}, "holds a user or a query"),
        ({"model": {"name": "m", "base_url": "http://secret@h/v1"}}, "holds a user or a query"),
        ({"model": {"name": "m", "extra_body": {"auth": {"api_key": "a-secret"}}}}, "extra_body seems to hold a sec"),
        ({"model": {"base_url": "http://h/v1"}}, "has no name"),
        ({"model": {"name": "m", "base_url": "http://h/v1", "speed": 3}}, "description of the model is wrong.*speed"),
        ({"model": "builtin", "fetcher": None}, "no option 'fetcher'"),
        ({"model": "builtin", "chunk_tokens": 0}, "chunk_tokens must be at least 1"),
        ({"model": "builtin", "concurrency": 0}, "concurrency must be at least 1"),
        ({"model": "builtin", "concurrency": True}, "concurrency must be at least 1"),
        ({"model": "builtin", "verify": True}, "does not work with the built-in engine"),
        ({"model": OpenAIModel("m", base_url="http://h/v1")}, 'OpenAIModel object that cannot be sent.*{"name"'),
        ({"model": CallbackModel(lambda _: "")}, "CallbackModel object that cannot be sent"),
    ],
)
def test_option_that_cannot_work_on_workers_is_refused_at_once(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=f"(?s){message}") as caught:
        BriefBatch(**options)
    assert not re.search("sk-1|me:secret|//secret|a-secret", str(caught.value))


def test_extra_body_without_a_secret_is_sent_by_the_workers(server: Server) -> None:
    extra = {"chat_template_kwargs": {"enable_thinking": False}, "top_k": 20, "stop_token_ids": [7]}
    model = {"name": "tiny", "base_url": server.url, "extra_body": extra}
    batch = pickle.loads(pickle.dumps(BriefBatch(model=model)))
    assert batch({"text": [TEXT]})["error"] == [None]
    assert server.completions[0].json.items() >= extra.items()
    batch.close()


def test_store_object_is_refused(tmp_path: Path) -> None:
    with Store(tmp_path / "briefs.db") as store, pytest.raises(ConfigurationError, match="Give its path"):
        BriefBatch(model="builtin", store=store)  # type: ignore[arg-type]


def test_model_object_that_can_be_pickled_is_used() -> None:
    batch = pickle.loads(pickle.dumps(BriefBatch(model=ScriptedModel(reply_for(TEXT)))))
    assert speakers(batch({"text": [TEXT]})["brief"]) == ["Anna Berg"]
    batch.close()


@dataclass(frozen=True)
class FolderReplies:
    """Replies that machines share in a folder."""

    folder: Path

    def for_model(self, identity: Mapping[str, Any]) -> "FolderReplies":
        return self

    async def get(self, request: Request) -> Reply | None:
        path = self.folder / request_key(None, request)
        return Reply(path.read_text(encoding="utf-8")) if path.exists() else None

    async def put(self, request: Request, reply: Reply) -> None:
        (self.folder / request_key(None, request)).write_text(reply.text, encoding="utf-8")

    async def discard(self, request: Request) -> None:
        (self.folder / request_key(None, request)).unlink()


def test_shared_replies_are_used_by_all_workers_without_a_store(server: Server, tmp_path: Path) -> None:
    tokens = []
    for _ in range(2):
        model = {"name": "tiny", "base_url": server.url}
        batch = pickle.loads(pickle.dumps(BriefBatch(model=model, replies=FolderReplies(tmp_path))))
        tokens += batch({"text": [TEXT]})["tokens"]
        batch.close()
    assert (tokens, len(server.completions)) == ([107, 0], 1)


@pytest.mark.slow
def test_replies_in_a_database_are_shared_with_the_password_of_the_worker(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("psycopg")
    tokens = []
    with postgres_server() as database:
        model, address = {"name": "tiny", "base_url": server.url}, f"desk@127.0.0.1:{database.port}/postgres"
        pickled = pickle.dumps(BriefBatch(model=model, replies=f"postgresql://{address}"))
        monkeypatch.setenv("PGPASSWORD", PASSWORD)
        for _ in range(2):
            batch = pickle.loads(pickled)
            tokens += batch({"text": [TEXT]})["tokens"]
            batch.close()
    assert (tokens, len(server.completions)) == ([107, 0], 1)


@pytest.mark.parametrize(
    ("replies", "message"),
    [
        ("postgresql://desk:secret@db.example/briefs", "address in replies holds a password.*PGPASSWORD"),
        ("postgresql://desk:se/secret@db.example/briefs", "address in replies holds a password"),
        ("postgresql://db.example/briefs?user=desk&password=secret", "address in replies holds a password"),
        ("host=db.example user=desk password = secret", "address in replies holds a password"),
        ("postgresql://db.example/briefs?pass%77ord=secret", "address in replies holds a password"),
        (threading.Lock(), "lock object that cannot be sent to workers.*Give its address"),
    ],
)
def test_replies_that_cannot_be_pickled_without_a_secret_are_refused(replies: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=f"(?s){message}") as caught:
        BriefBatch(model={"name": "tiny", "base_url": "http://127.0.0.1:1/v1"}, replies=replies)
    assert "secret" not in str(caught.value)


def test_address_of_shared_replies_is_opened_by_the_workers_only() -> None:
    model = {"name": "tiny", "base_url": "http://127.0.0.1:1/v1"}
    batch = BriefBatch(model=model, replies="postgresql://desk@127.0.0.1:1/briefs?sslmode=disable")
    with pytest.raises(SummarizerError):  # there is no such database
        batch({"text": [TEXT]})
    batch.close()


def test_error_of_one_request_stays_in_its_row(server: Server) -> None:
    ok = completion(reply_for(OTHER).model_dump_json())
    server.respond = lambda request: (
        CannedResponse(error("Bad words."), 400) if "Anna Berg" in request.body.decode() else CannedResponse(ok)
    )
    batch = BriefBatch(model={"name": "tiny", "base_url": server.url})
    result = batch({"text": [TEXT, OTHER]})
    assert speakers(result["brief"]) == [None, "Tomas Lind"]
    assert result["error"][0].startswith("RequestRefused: ")
    batch.close()


def test_error_of_every_article_is_raised_before_many_requests(server: Server) -> None:
    server.set_responses(CannedResponse(error("Wrong key."), 401))
    batch = BriefBatch(model={"name": "tiny", "base_url": server.url}, concurrency=4)
    with pytest.raises(AuthenticationFailed) as caught:
        batch({"text": [f"{TEXT} {number}." for number in range(200)]})
    assert len(server.completions) <= 4
    assert isinstance(pickle.loads(pickle.dumps(caught.value)), AuthenticationFailed)
    batch.close()


KILLER = """
import os, pickle, sys
from pathlib import Path
from summarizer.distributed import brief_batch
with open(sys.argv[1], "rb") as file:
    batch = pickle.load(file)
analyse = brief_batch.BriefBatch._article
def article(self, row):
    if "kill" in row["text"]:
        os._exit(9)
    return analyse(self, row)
brief_batch.BriefBatch._article = article
print(batch({"text": sys.argv[2:]})["error"])
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="whether a process runs cannot be told on Windows")
def test_row_that_ends_its_process_becomes_an_error_after_a_few_attempts(tmp_path: Path) -> None:
    pickled = tmp_path / "batch"
    pickled.write_bytes(pickle.dumps(BriefBatch(model="builtin")))
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", KILLER, str(pickled), TEXT, "kill", OTHER]
    codes = []
    for _ in range(6):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        codes.append(done.returncode)
        if not done.returncode:
            break
    assert codes == [9, 9, 9, 9, 0], done.stderr
    assert done.stdout.startswith("[None, 'ArticleError: The worker process died 2 times")
    assert done.stdout.endswith(", None]\n")
    assert list(tmp_path.iterdir()) == [pickled]


def test_count_of_deaths_leaves_no_file(batch: BriefBatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    batch({"text": [TEXT]})
    assert not list(tmp_path.iterdir())
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    assert batch({"text": [TEXT]})["error"] == [None]


def test_folders_of_killed_jobs_are_removed_after_a_week(
    batch: BriefBatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    old, new, foreign = (tmp_path / name for name in ("summarizer-deaths-1", "summarizer-deaths-2", "summarizer-x"))
    for folder, age in ((old, 8), (new, 6), (foreign, 8)):
        folder.mkdir()
        (folder / "attempt").touch()
        os.utime(folder, times=(time.time() - age * 86_400,) * 2)
    batch({"text": [TEXT]})
    assert sorted(tmp_path.iterdir()) == [new, foreign]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="This system has no fork.")
def test_fork_while_a_summarizer_is_created_blocks_no_call_in_the_child() -> None:
    program = f"""
import os, signal
from summarizer.distributed import BriefBatch, brief_batch
batch = BriefBatch(model="builtin")
with brief_batch._opening.lock:
    child = os.fork()
    if not child:
        signal.alarm(200)
        os._exit(batch({{"text": [{TEXT!r}]}})["error"] != [None])
print(os.waitpid(child, 0)[1])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.stdout == "0\n", done.stderr


def test_first_example_of_the_documentation_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    example = re.search(r"```python\n(.*?)```", (ROOT / "docs" / "scale.md").read_text(encoding="utf-8"), re.DOTALL)
    assert example
    names: dict[str, Any] = {}
    exec(compile(example[1], "scale.md", "exec"), names)
    names["batch"].close()
    printed = "[{'id': 'a', 'error': None}, {'id': 'b', 'error': 'ArticleError: The row has no text. (row b)'}]\n"
    assert capsys.readouterr().out == printed
