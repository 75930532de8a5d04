"""Replies in PostgreSQL: identical, shared by workers, and never the reason why an article fails."""

import asyncio
import json
import logging
import os
import pickle
import signal
import subprocess
import sys
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from summarizer import Reply, Store, StoreError, Summarizer
from summarizer.engines import ReplyCache
from summarizer.errors import ConfigurationError
from summarizer.models import CallbackModel, FinishReason, Message, OutputForm
from summarizer.store import PostgresReplies, request_key
from summarizer.store.postgres import RepliesWarning
from summarizer.testing import reply_for
from summarizer.usage import Usage
from tests.store.conftest import TEXT
from tests.store.postgres_server import ENCODED_PASSWORD, PASSWORD, PostgresServer, postgres_server
from tests.store.test_replies import ANY_TEXT, REQUEST
from tests.timing import HOLD

slow = pytest.mark.slow
TINY = {"name": "tiny"}


@pytest.fixture(scope="module")
def running() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


@pytest.fixture
def server(running: PostgresServer) -> Iterator[PostgresServer]:
    yield running
    with psycopg.connect(running.url, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS summarizer_replies, summarizer_layout")


@pytest.fixture(scope="module")
def lasting(running: PostgresServer) -> Iterator[ReplyCache]:
    with PostgresReplies(running.url) as replies:
        yield replies.for_model({"name": "lasting"})


def rows(server: PostgresServer, sql: str) -> list[Any]:
    with psycopg.connect(server.url) as connection:
        return connection.execute(sql).fetchall()


def model(name: str = "tiny") -> CallbackModel:
    return CallbackModel(lambda _: reply_for(TEXT), name)


@slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    reply=st.builds(
        Reply,
        text=ANY_TEXT,
        finish_reason=st.sampled_from(get_args(FinishReason)),
        usage=st.builds(Usage, *[st.integers(0, 10**9)] * 4),
        model=st.none() | st.text(st.characters(exclude_characters="\0")),
        retries=st.integers(0, 5),
        output=st.sampled_from(get_args(OutputForm)),
        waited=st.floats(0, 600),
    )
)
async def test_reply_is_returned_unchanged(lasting: ReplyCache, reply: Reply) -> None:
    await lasting.put(REQUEST, reply)
    assert await lasting.get(REQUEST) == reply


@slow
async def test_reply_belongs_to_its_request_and_model(server: PostgresServer) -> None:
    with PostgresReplies(server.url) as replies, PostgresReplies(server.url) as other:
        await replies.for_model(TINY).put(REQUEST, Reply("{}"))
        assert await other.for_model(TINY).get(REQUEST) == Reply("{}")
        assert await other.for_model({"name": "huge"}).get(REQUEST) is None
        assert await other.for_model(TINY).get(replace(REQUEST, messages=(Message("user", "Who?"),))) is None
        await other.for_model(TINY).discard(REQUEST)
        assert await replies.for_model(TINY).get(REQUEST) is None


@slow
async def test_key_and_columns_are_those_of_the_store(server: PostgresServer) -> None:
    usage = Usage(prompt=5, cached=1, completion=7, reasoning=2)
    with PostgresReplies(server.url) as replies:
        await replies.for_model(TINY).put(REQUEST, Reply("{}", usage=usage, model="tiny-1"))
    columns = "key, reply, prompt_tokens, cached_tokens, completion_tokens, reasoning_tokens, model, prompts"
    [row] = rows(server, f"SELECT {columns} FROM summarizer_replies")
    assert row[:7] == (request_key(TINY, REQUEST), "{}", 5, 1, 7, 2, "tiny-1")
    assert [prompt["name"] for prompt in row[7]] == [prompt.name for prompt in REQUEST.prompts]


@slow
@pytest.mark.parametrize("has_store", [False, True])
def test_second_worker_pays_nothing(server: PostgresServer, tmp_path: Path, has_store: bool) -> None:
    briefs, models = [], [model(), model()]
    for number, each in enumerate(models):
        store = tmp_path / f"{number}.db" if has_store else None
        with Summarizer(model=each, store=store, replies=server.url) as summarizer:
            briefs.append(summarizer.summarize(TEXT))
    assert [len(each.requests) for each in models] == [1, 0]
    assert briefs[0].positions == briefs[1].positions
    if has_store:
        with Store(tmp_path / "1.db") as store:  # a later run needs no server
            assert store.database.query("SELECT count(*) FROM replies")[0][0] == 1


@slow
def test_estimate_counts_shared_replies_as_free(server: PostgresServer) -> None:
    with Summarizer(model=model(), replies=server.url) as summarizer:
        assert summarizer.estimate(TEXT).stored_replies == 0
        summarizer.summarize(TEXT)
        assert summarizer.estimate(TEXT).stored_replies == 1


@slow
def test_reply_that_was_cut_off_is_not_shared(server: PostgresServer) -> None:
    with Summarizer(model=CallbackModel(lambda _: Reply("{", "length")), replies=server.url) as summarizer:
        [outcome] = summarizer.summarize_many([TEXT])
    assert outcome.error
    assert rows(server, "SELECT count(*) FROM summarizer_replies") == [(0,)]


@slow
def test_unusable_reply_leaves_the_shared_ones(server: PostgresServer) -> None:
    with Summarizer(model=CallbackModel(lambda _: "no JSON"), repairs=0, replies=server.url) as summarizer:
        [outcome] = summarizer.summarize_many([TEXT])
    assert outcome.error
    assert rows(server, "SELECT count(*) FROM summarizer_replies") == [(0,)]


@slow
def test_many_workers_can_create_the_tables_at_once(server: PostgresServer) -> None:
    program = f"import sys; from summarizer.store import PostgresReplies; PostgresReplies({server.url!r}).close()"
    started = [subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE) for _ in range(4)]
    assert [(each.communicate()[1].decode(), each.returncode) for each in started] == [("", 0)] * 4
    assert rows(server, "SELECT version FROM summarizer_layout") == [(1,)]


@slow
def test_newer_layout_is_refused(server: PostgresServer) -> None:
    PostgresReplies(server.url).close()
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("UPDATE summarizer_layout SET version = 2")
    with pytest.raises(StoreError, match="have layout 2; this version of the library supports 1"):
        PostgresReplies(server.url)


@slow
def test_user_who_may_only_read_and_write_rows_can_share_replies(server: PostgresServer) -> None:
    PostgresReplies(server.url).close()
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS reader")
        connection.execute("CREATE ROLE reader LOGIN PASSWORD 'reader'")
        connection.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON summarizer_replies TO reader")
        connection.execute("GRANT SELECT ON summarizer_layout TO reader")
    with Summarizer(
        model=model(), replies=f"postgresql://reader:reader@127.0.0.1:{server.port}/postgres"
    ) as summarizer:
        assert summarizer.summarize(TEXT)
    assert rows(server, "SELECT count(*) FROM summarizer_replies") == [(1,)]
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("DROP OWNED BY reader; DROP ROLE reader")


async def put_all(replies: PostgresReplies, *saved: Reply) -> None:
    for reply in saved:
        await replies.put(replace(REQUEST, schema_name=reply.text), reply)


@slow
async def test_user_who_may_only_read_gets_replies_and_one_warning(server: PostgresServer) -> None:
    with PostgresReplies(server.url) as replies:
        await replies.put(REQUEST, Reply("{}"))
    url = server.url + "?options=-c%20default_transaction_read_only%3Don"
    replies = PostgresReplies(url)
    with pytest.warns(UserWarning, match=r"A reply cannot be saved .* read-only transaction") as warned:
        await put_all(replies, Reply("[1]"), Reply("[2]"))
    assert [warning.category.__module__ for warning in warned] == ["summarizer.store.postgres"]  # commands show it
    assert await replies.get(REQUEST) == Reply("{}")
    with pytest.warns(UserWarning, match=r"^Replies that were not saved at .*: 2\.$"):
        replies.close()


@slow
async def test_row_that_the_database_rejects_costs_no_other_row(server: PostgresServer) -> None:
    replies = PostgresReplies(server.url)
    server.stop()
    try:
        with pytest.warns(UserWarning, match="cannot be used now"):
            await put_all(replies, Reply("[1]"), Reply("[2]", retries=10**400), Reply("[3]"))
    finally:
        server.start()
    with pytest.warns(UserWarning, match=r"A reply cannot be saved|^Replies that were not saved at .*: 1\.$"):
        replies.close()
    assert rows(server, "SELECT reply FROM summarizer_replies ORDER BY 1") == [("[1]",), ("[3]",)]


@slow
def test_database_of_another_encoding_is_refused(server: PostgresServer) -> None:
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'")
    with pytest.raises(StoreError, match=r"encoding LATIN1.*Create one with the encoding UTF8"):
        PostgresReplies(server.url.replace("/postgres", "/latin"))
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("DROP DATABASE latin")


@slow
def test_articles_go_on_while_the_server_is_down_and_their_replies_are_saved_later(
    server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    replies, used = PostgresReplies(server.url, wait=HOLD), model()
    with Summarizer(model=used, replies=replies) as summarizer:
        assert summarizer.summarize(TEXT)
        server.stop()
        try:
            with pytest.warns(UserWarning, match=r"The replies at postgresql://desk@.* cannot be used now") as warned:
                assert all(outcome.brief for outcome in summarizer.summarize_many([f"{TEXT} {n}." for n in range(3)]))
            assert len(warned) == 1
            assert PASSWORD not in str(warned[0].message)
        finally:
            server.start()
        monkeypatch.setattr("summarizer.store.postgres.PAUSE", 0.0)
        replies._server._resume_at = 0.0
        assert summarizer.summarize(f"{TEXT} 4.")
        assert rows(server, "SELECT count(*) FROM summarizer_replies") == [(5,)]
    replies.close()


@slow
def test_restart_of_the_server_between_two_articles_costs_no_warning(server: PostgresServer) -> None:
    with warnings.catch_warnings(), Summarizer(model=model(), replies=server.url) as summarizer:
        warnings.simplefilter("error")
        summarizer.summarize(TEXT)
        server.stop()
        server.start()
        summarizer.summarize(f"{TEXT} More.")
    assert rows(server, "SELECT count(*) FROM summarizer_replies") == [(2,)]


@slow
async def test_locked_table_delays_an_article_only_for_the_wait(server: PostgresServer) -> None:
    with PostgresReplies(server.url, wait=3) as replies, psycopg.connect(server.url) as other:
        other.execute("LOCK TABLE summarizer_replies")
        with pytest.warns(UserWarning, match="statement timeout"):
            assert await replies.get(REQUEST) is None
        await replies.put(REQUEST, Reply("{}"))
        other.rollback()
        replies._server._resume_at = 0.0
        assert await replies.get(REQUEST) == Reply("{}")
    assert rows(server, "SELECT reply FROM summarizer_replies") == [("{}",)]


@slow
async def test_server_that_stands_still_is_given_up(server: PostgresServer) -> None:
    replies = PostgresReplies(server.url, wait=0.1)
    await replies.for_model(TINY).put(REQUEST, Reply("{}"))
    ((process,),) = rows(server, "SELECT pid FROM pg_stat_activity WHERE application_name = 'summarizer'")
    os.kill(process, signal.SIGSTOP)
    try:
        with pytest.warns(RepliesWarning, match="Articles go on without them"):
            assert await replies.for_model(TINY).get(REQUEST) is None
    finally:
        os.kill(process, signal.SIGCONT)
    replies.close()


@slow
async def test_close_tells_how_many_replies_were_not_saved(server: PostgresServer) -> None:
    replies = PostgresReplies(server.url, wait=HOLD)
    server.stop()
    try:
        with pytest.warns(UserWarning, match="cannot be used now"):
            await replies.put(REQUEST, Reply("{}"))
        with pytest.warns(UserWarning, match=r"^Replies that were not saved at postgresql://desk@127.*: 1\.$"):
            replies.close()
    finally:
        server.start()


@slow
async def test_reply_is_saved_though_the_caller_is_cancelled(server: PostgresServer) -> None:
    with PostgresReplies(server.url) as replies:
        task = asyncio.create_task(replies.put(REQUEST, Reply("{}")))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
    assert rows(server, "SELECT reply FROM summarizer_replies") == [("{}",)]


@slow
def test_failure_at_the_start_names_the_server_but_no_password(
    server: PostgresServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    bad = [
        server.url.replace(str(server.port), "1"),
        server.url.replace("desk:", "nobody:"),
        f"{server.url}_other",
        server.url.replace(ENCODED_PASSWORD, "not-the-password"),
    ]
    for url in bad:
        with pytest.raises(
            StoreError, match=r"^The replies at postgresql://(desk|nobody)@127\.0\.0\.1:\d+/postgres"
        ) as caught:
            PostgresReplies(url, wait=HOLD)
        shown = "".join(traceback.format_exception(caught.value)) + caplog.text
        assert not {secret for secret in (PASSWORD, ENCODED_PASSWORD, "not-the-password") if secret in shown}
        assert caught.value.retryable
        assert caught.value.fatal


@pytest.mark.parametrize(
    "url",
    [
        "briefs.db",
        "mysql://desk:hidden-word@db/briefs",
        "postgresql://desk:hidden-word/1@db/briefs",
        "postgresql://desk:hidden-word@x@db/briefs",
        "postgresql://desk:12/hidden-word@db/briefs",
        "postgresql://desk:hidden-word@db/briefs?no_such_option=1",
        "postgresql://desk:hidden-word@[::1/briefs",
        "",
    ],
)
def test_invalid_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ConfigurationError, match="address of replies") as caught:
        PostgresReplies(url)
    assert "hidden" not in "".join(traceback.format_exception(caught.value)).split("summarizer.errors")[-1]


@slow
def test_command_shares_replies_and_hides_the_password(server: PostgresServer, tmp_path: Path) -> None:
    article, out = tmp_path / "a.txt", tmp_path / "out.jsonl"
    article.write_text(TEXT)
    command = [sys.executable, "-m", "summarizer", "batch", str(article), "--out", str(out), "--model", "none"]
    command += ["--replies", server.url.replace(str(server.port), "1")]
    environment = os.environ | {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 1
    assert "postgresql://desk@127.0.0.1:1/postgres cannot be used" in done.stderr
    assert ENCODED_PASSWORD not in done.stderr + done.stdout


@slow
def test_objects_show_no_password(server: PostgresServer) -> None:
    with PostgresReplies(server.url) as replies:
        assert repr(replies) == f"PostgresReplies('postgresql://desk@127.0.0.1:{server.port}/postgres')"
        with pytest.raises(TypeError, match="holds a password"):
            pickle.dumps(replies)
        with Summarizer(model=model(), replies=replies) as summarizer:
            assert PASSWORD not in json.dumps(summarizer.summarize(TEXT).model_dump(mode="json"))


def test_own_cache_is_used_and_not_closed() -> None:
    class Memory:
        def __init__(self, saved: dict[str, Reply], identity: Any = None) -> None:
            self.saved, self.identity = saved, identity

        async def get(self, request: Any) -> Reply | None:
            return self.saved.get(request_key(self.identity, request))

        async def put(self, request: Any, reply: Reply) -> None:
            self.saved[request_key(self.identity, request)] = reply

        async def discard(self, request: Any) -> None:
            self.saved.pop(request_key(self.identity, request), None)

        def for_model(self, identity: Any) -> "Memory":
            return Memory(self.saved, identity)

    memory, models = Memory({}), [model(), model(), model("other")]
    for each in models:
        with Summarizer(model=each, replies=memory) as summarizer:
            summarizer.summarize(TEXT)
    assert [len(each.requests) for each in models] == [1, 0, 1]
    with pytest.raises(ConfigurationError, match="replies cannot be a dict"):
        Summarizer(model=model(), replies={})  # type: ignore[arg-type]


def test_builtin_engine_needs_no_replies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUMMARIZER_REPLIES", "postgresql://nobody@127.0.0.1:1/none")
    with Summarizer(model="builtin") as summarizer:
        assert summarizer.summarize(TEXT)
    with pytest.raises(StoreError, match="cannot be used"):
        Summarizer(model=model())
