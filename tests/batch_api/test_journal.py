"""The journal keeps requests, answers and jobs, whatever becomes of the process."""

import os
import socket
import zlib
from collections.abc import Iterator
from pathlib import Path
from time import time

import pytest

from summarizer.batch_api import BatchModel, ReplyPending
from summarizer.batch_api.journal import FileLimits, Job, Journal
from summarizer.errors import ContextTooLong, RequestRefused, ServerFailed
from summarizer.models import Answer, Capabilities, Message, OpenAIModel, Rejection, Reply, Request
from summarizer.store import LeaseHeld, Store, insert
from summarizer.usage import Usage
from tests.batch_api.records import Trouble
from tests.batch_api.server import KEY, BatchServer
from tests.timing import HOLD

BODY = {"model": "tiny", "messages": []}
REQUEST = Request((Message("user", "S1 The bridge is unsafe."),), "support", {"type": "object"})
REPLY = Answer(Reply("{}", "length", Usage(prompt=5, completion=2), "tiny-2026"))
FAILURE = Answer(error=ServerFailed("It failed.", hint="Try again.", status=500))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "briefs.db") as store:
        yield store


@pytest.fixture
def journal(store: Store) -> Journal:
    return Journal(store, "model", "run")


def record(journal: Journal, *keys: str) -> None:
    for key in keys:
        journal.find_or_record(key, BODY, Capabilities())


def plan(journal: Journal, most: int = 100) -> Job:
    job = journal.plan("tiny", "http://server", FileLimits(most, 10_000), 0, first_only=False)
    assert job
    return job


def keys(store: Store) -> list[str]:
    """Return the keys of all recorded requests."""
    return [key for (key,) in store.database.query("SELECT key FROM batch_requests ORDER BY key")]


def expire_lease(store: Store) -> None:
    """Let the lease look like that of a process that stands still."""
    with store.database.transaction() as connection:
        connection.execute("UPDATE leases SET renewed = renewed - 60")


def answer(journal: Journal, key: str) -> Answer | None:
    return journal.find_or_record(key, BODY, Capabilities()).answer


@pytest.mark.parametrize(
    "saved",
    [
        REPLY,
        FAILURE,
        Answer(error=FAILURE.error, is_empty=True),
        Answer(error=ContextTooLong("Too long.", status=400), rejection=Rejection(400, "too long", "messages")),
    ],
)
def test_answer_comes_back_as_it_was_saved(journal: Journal, saved: Answer) -> None:
    record(journal, "a")
    journal.answer([("a", saved)])
    found = answer(journal, "a")
    assert found is not None
    assert (found.reply, found.rejection, found.is_empty) == (saved.reply, saved.rejection, saved.is_empty)
    assert repr(found.error) == repr(saved.error)
    assert getattr(found.error, "status", None) == getattr(saved.error, "status", None)


def test_reply_replaces_an_error_and_nothing_replaces_a_reply(journal: Journal) -> None:
    record(journal, "a")
    assert journal.answer([("a", FAILURE), ("a", REPLY), ("a", FAILURE)]) == (1, 1)
    found = answer(journal, "a")
    assert found is not None
    assert found.reply == REPLY.reply


def test_answer_to_another_job_or_to_nobody_changes_nothing(journal: Journal) -> None:
    record(journal, "a", "b")
    first, second = plan(journal, 1), plan(journal, 1)
    assert journal.answer([("b", REPLY), ("nobody", REPLY)], first) == (0, 0)
    assert journal.answer([("b", REPLY)], second) == (1, 0)


def test_request_is_in_one_job_at_a_time(journal: Journal) -> None:
    record(journal, "a", "b", "c")
    jobs = [plan(journal, 2), plan(journal, 2)]
    assert [journal.keys(job) for job in jobs] == [["a", "b"], ["c"]]
    assert journal.plan("tiny", "http://server", FileLimits(), 0, first_only=False) is None


def test_what_a_job_did_not_answer_is_new_again(journal: Journal) -> None:
    record(journal, "a", "b")
    job = plan(journal)
    journal.answer([("a", REPLY)], job)
    journal.close(job)
    assert (job.state, job.unanswered) == ("collected", 1)
    assert journal.keys(plan(journal)) == ["b"]


def test_requests_that_no_run_wants_any_more_are_not_submitted(store: Store, journal: Journal) -> None:
    record(journal, "a")
    later = Journal(store, "model", "later")
    record(later, "b")
    assert later.keys(plan(later)) == ["b"]
    record(later, "a")
    assert later.keys(plan(later)) == ["a"]


def test_only_answers_to_a_run_that_is_over_are_forgotten(store: Store, journal: Journal) -> None:
    record(journal, "a", "b", "c")
    journal.answer([("a", REPLY), ("b", REPLY), ("c", FAILURE)])
    journal.forget(saved_only=True)  # the table of replies has none
    assert keys(store) == ["a", "b", "c"]
    record(Journal(store, "model", "later"), "b")
    journal.forget()
    assert keys(store) == ["b"]


def test_saved_replies_leave_the_journal_even_after_a_kill(store: Store, journal: Journal) -> None:
    record(journal, "a", "b")
    journal.answer([("a", REPLY), ("b", REPLY)])
    with store.database.transaction() as connection:
        connection.execute("PRAGMA defer_foreign_keys = ON")
        insert(connection, "articles", dict.fromkeys(("key", "sha256", "first_seen", "text"), "x") | {"characters": 1})
        reply = dict.fromkeys(("prompts", "reply", "finish_reason", "output", "received"), "x")
        tokens = dict.fromkeys(("prompt", "cached", "completion", "reasoning"), 0)
        numbers = {f"{name}_tokens": 0 for name in tokens} | {"article": 1, "retries": 0, "waited": 0}
        insert(connection, "replies", {"key": "a"} | reply | numbers)
    Journal(store, "model", "later").forget(saved_only=True)
    assert keys(store) == ["b"]


def test_requests_that_no_run_has_needed_for_a_week_are_deleted(
    store: Store, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(journal, "a", "b")
    later = Journal(store, "model", "later")
    record(later, "b")
    later.forget(saved_only=True)
    assert keys(store) == ["a", "b"]
    monkeypatch.setattr("summarizer.batch_api.journal.time", lambda: time() + 8 * 86_400)
    later.forget(saved_only=True)
    assert keys(store) == ["b"]


async def test_steps_of_a_process_whose_lease_was_taken_over_change_nothing(
    store: Store, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("summarizer.store.leases.RENEWAL_INTERVAL", HOLD)
    record(journal, "a")
    with Store(store.path) as other_store:
        other = Journal(other_store, "model", "other")
        async with journal.lease():
            job = plan(journal)
            expire_lease(store)
            async with other.lease():
                for act in (
                    lambda: journal.save(job, state="done"),
                    lambda: journal.answer([("a", REPLY)], job),
                    lambda: journal.close(job),
                    lambda: plan(journal),
                ):
                    with pytest.raises(LeaseHeld, match="took over"):
                        act()
        assert [job.state for job in other.jobs()] == ["planned"]
        assert journal.keys(job) == ["a"]


def test_limit_of_the_queue_grows_until_it_is_that_of_a_file(journal: Journal) -> None:
    journal.note_model(requests=3)
    limits = []
    for _ in range(3):
        journal.raise_queue_limit(50)
        limits.append(journal.known()[1])
    assert limits == [12, 48, None]


async def test_one_process_at_a_time_has_the_lease(store: Store, journal: Journal) -> None:
    other = Journal(store, "another model")
    async with journal.lease():
        with pytest.raises(LeaseHeld, match="works on the batches"):
            async with other.lease():
                pass
    async with other.lease():
        pass


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")  # other tests have left threads
async def test_lease_of_a_killed_process_is_free(store: Store, journal: Journal) -> None:
    killed = os.fork()
    if not killed:
        os._exit(0)
    os.waitpid(killed, 0)
    row = {"key": "batches", "holder": "x", "host": socket.gethostname(), "pid": killed, "renewed": time()}
    with store.database.transaction() as connection:
        insert(connection, "leases", row)
    async with journal.lease():
        assert store.database.query("SELECT holder FROM leases")[0]["holder"] != "x"


async def test_keys_are_nowhere_in_the_journal(server: BatchServer, store: Store) -> None:
    secret = "sk-inner-9876543210fedcba"
    inner = OpenAIModel("tiny", base_url=server.url, api_key=KEY, extra_body={"api_key": secret})
    model = BatchModel(inner, journal=store, wait=False, poll=0.001)
    with pytest.raises(ReplyPending):
        await model.complete(REQUEST)
    await model.advance()
    await model.aclose()
    assert server.jobs.lines(server.jobs.all[0])[0]["body"]["api_key"] == secret
    rows = store.database.query("SELECT * FROM batch_requests")
    texts = [zlib.decompress(row["body"]).decode() for row in rows] + [str(tuple(row)) for row in rows]
    texts += [str(tuple(row)) for row in store.database.query("SELECT * FROM batch_jobs")]
    assert len(texts) == 3
    assert not any(key in text for text in texts for key in (KEY, secret))


async def test_cut_off_reply_stays_if_a_higher_limit_fails(store: Store) -> None:
    inner = OpenAIModel("tiny", base_url="http://127.0.0.1:9/v1", api_key=KEY, max_tokens=10)
    model = BatchModel(inner, journal=store, wait=False)
    with pytest.raises(ReplyPending):
        await model.complete(REQUEST)
    ((key,),) = store.database.query("SELECT key FROM batch_requests")
    journal = Journal(store)
    journal.answer([(key, REPLY)])
    with pytest.raises(ReplyPending):  # asked again with twice the limit
        await model.complete(REQUEST)
    journal.answer([(key, FAILURE)])
    reply = await model.complete(REQUEST)
    assert (reply.text, reply.finish_reason) == ("{}", "length")


async def test_failed_request_of_a_waiting_model_can_be_asked_again(server: BatchServer, store: Store) -> None:
    server.jobs.plan(Trouble(line_errors="content filter"))
    inner = OpenAIModel("tiny", base_url=server.url, api_key=KEY)
    model = BatchModel(inner, journal=store, poll=0.001, submit_after=0)
    with pytest.raises(RequestRefused, match="content management policy"):
        await model.complete(REQUEST)
    assert (await model.complete(REQUEST)).text
    await model.aclose()
