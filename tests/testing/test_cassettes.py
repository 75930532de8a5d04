"""What is recorded once is played back: with no key, no network and no waits, as it happened."""

import asyncio
import gzip
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import openai
import pytest

from summarizer import ModelError, OpenAIModel, StaleCassette, Summarizer, summarize
from summarizer.errors import ConfigurationError, ConnectionFailed, RateLimited, ServerFailed
from summarizer.models import Message, Reply, Request
from summarizer.testing import cassette, reply_for
from summarizer.testing.storing import load
from tests.models.conftest import Asked, Canned, Server, completion, error, listing

ROOT = Path(__file__).parent.parent.parent
KEY = "sk-test-0123456789abcdef"
SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False}


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deeper" / "down" / "tape.yaml"


def question(text: str = "Who says what?") -> Request:
    return Request((Message("system", "Find the positions."), Message("user", text)), "extraction", SCHEMA)


def ask(*texts: str, url: str = "http://recorded.invalid/v1", name: str = "tiny", **options: object) -> list[Reply]:
    """The replies to questions asked side by side."""

    async def asked() -> list[Reply]:
        model = OpenAIModel(name, base_url=url, api_key=KEY, **options)
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(model.complete(question(text))) for text in texts]
        except BaseExceptionGroup as failed:
            raise failed.exceptions[0] from None
        finally:
            await model.aclose()
        return [task.result() for task in tasks]

    return asyncio.run(asked())


def texts(replies: list[Reply]) -> list[str]:
    return [reply.text for reply in replies]


def echo(asked: Asked) -> Canned:
    return Canned(completion(f"about {asked.json['messages'][-1]['content']}"))


def test_what_was_recorded_is_played_without_a_server(server: Server, path: Path) -> None:
    with cassette(path, "all") as recording:
        first = ask("a", url=server.url)
        assert (recording.played, recording.unplayed, recording.recorded) == (0, 0, 1)
    server.close()
    with cassette(path) as playing:
        assert ask("a") == first
        assert (playing.path, playing.record, playing.played, playing.unplayed) == (path, "none", 1, 0)


async def test_it_opens_with_async_with_too(server: Server, path: Path) -> None:
    for record in ("all", "none"):
        async with cassette(path, record) as played:  # type: ignore[arg-type]
            model = OpenAIModel("tiny", base_url=server.url, api_key=KEY)
            assert (await model.complete(question())).text == "done"
            await model.aclose()
    assert played.played == len(server.asked) == 1


def test_what_was_configured_by_the_environment_plays_with_none(
    server: Server, path: Path, monkeypatch: pytest.MonkeyPatch, seeds: Path
) -> None:
    reply = {"holders": [], "issues": [], "positions": [], "open_questions": [], "gist": None}
    server.answers(Canned(completion(json.dumps(reply))))
    monkeypatch.setenv("SUMMARIZER_MODEL", "my-model")
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    with cassette(path, "all"):
        first = summarize(seeds / "reservoir-brief.txt")
    monkeypatch.setenv("SUMMARIZER_MODEL", "another")
    monkeypatch.delenv("OPENAI_BASE_URL")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with cassette(path):
        assert (os.environ["SUMMARIZER_MODEL"], os.environ["OPENAI_BASE_URL"]) == (
            "my-model",
            "http://recorded.invalid/v1",
        )
        assert KEY not in os.environ.values()
        again = summarize(seeds / "reservoir-brief.txt")
    assert (os.environ["SUMMARIZER_MODEL"], os.environ["OPENAI_API_KEY"]) == ("another", KEY)
    assert "OPENAI_BASE_URL" not in os.environ
    assert again.model_copy(update={"provenance": first.provenance}) == first


def test_the_only_model_of_a_server_is_asked_for_again(
    server: Server, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.models = Canned(listing("the-only-one"))

    async def listed(url: str | None = None) -> tuple[str, ...]:
        model = OpenAIModel(None, base_url=url)
        try:
            return await model.models()
        finally:
            await model.aclose()

    with cassette(path, "all"):
        assert asyncio.run(listed(server.url)) == ("the-only-one",)
    with cassette(path):
        assert asyncio.run(listed()) == ("the-only-one",)


def test_requests_side_by_side_get_each_its_own_reply_in_any_order(server: Server, path: Path) -> None:
    server.answer = echo
    names = [f"sentence {number}" for number in range(12)]
    with cassette(path, "all"):
        ask(*names, url=server.url)
    with cassette(path):
        assert texts(ask(*reversed(names))) == [f"about {name}" for name in reversed(names)]


def test_they_stand_in_the_file_in_the_order_in_which_they_were_asked(server: Server, path: Path) -> None:
    def slow_first(asked: Asked) -> Canned:
        time.sleep(0.1 if b"first" in asked.body else 0)
        return echo(asked)

    server.answer = slow_first
    with cassette(path, "all"):
        ask("first", "second", url=server.url)
    text = path.read_text(encoding="utf-8")
    assert text.index("about first") < text.index("about second")


def test_the_same_request_is_played_as_often_as_it_was_recorded_and_in_that_order(server: Server, path: Path) -> None:
    server.answers(Canned(completion("one")), Canned(completion("two")))
    with cassette(path, "all"):
        ask("a", url=server.url), ask("a", url=server.url)
    with cassette(path, allow_unplayed=True):
        assert texts(ask("a") + ask("a")) == ["one", "two"]
        with pytest.raises(StaleCassette, match="was recorded 2 times, and asked for more often"):
            ask("a")


def test_neither_host_path_before_the_endpoint_key_order_blanks_nor_the_model_count(server: Server, path: Path) -> None:
    with cassette(path, "all"):
        ask("a", url=server.url)
    assert not re.search("127|/v1|stainless", path.read_text(encoding="utf-8"))
    body = json.loads(server.completions[0].body)
    body = dict(reversed(body.items())) | {"model": "another"}
    with cassette(path), httpx2.Client() as client:
        address = "https://elsewhere.example:99/deployments/x/chat/completions?api-version=2"
        answer = client.post(address, content=json.dumps(body, indent=3), headers={"user-agent": "other"})
    assert answer.json()["choices"][0]["message"]["content"] == "done"


def test_a_wait_and_its_retry_play_as_they_happened_and_take_no_time(server: Server, path: Path) -> None:
    server.answers(
        Canned(error(), 429, {"Retry-After": "1"}),
        Canned(error(), 503, {"retry-after-ms": "300"}),
        Canned(completion()),
    )
    with cassette(path, "all"):
        (first,) = ask("a", url=server.url)
    started = time.monotonic()
    with cassette(path):
        (again,) = ask("a")
    assert time.monotonic() - started < 0.9
    assert (again.retries, again.text) == (first.retries, first.text) == (2, "done")
    assert 1.3 <= again.waited < 3


def test_chunks_that_wait_side_by_side_do_not_run_out_of_time(server: Server, path: Path) -> None:
    asked: set[bytes] = set()

    def busy_at_first(question: Asked) -> Canned:
        first = question.body not in asked
        asked.add(question.body)
        return Canned(error(), 429, {"Retry-After": "0.3"}) if first else echo(question)

    server.answer = busy_at_first
    names = [f"sentence {number}" for number in range(10)]
    with cassette(path, "all"):
        ask(*names, url=server.url)
    with cassette(path):
        assert len(ask(*names, deadline=2.5)) == 10


@pytest.mark.parametrize(
    ("canned", "kind", "said"),
    [
        (Canned(error("Busy."), 429, {"Retry-After": "3600"}), RateLimited, "Come back in 60 minutes"),
        (Canned("<html>Bad “gateway”</html>", 502, {"Content-Type": "text/html"}), ServerFailed, "HTTP 502"),
        (Canned(b"\xff\xfe\x00 no text"), ServerFailed, "broken JSON"),
        (Canned('{"choices": [{"mess'), ServerFailed, "broken JSON"),
        (Canned(b"no gzip at all", headers={"Content-Encoding": "gzip"}), ModelError, "broke off"),
        (Canned("", 500), ServerFailed, "HTTP 500"),
    ],
)
def test_a_failure_plays_as_the_same_failure(
    server: Server, path: Path, canned: Canned, kind: type[ModelError], said: str
) -> None:
    server.answers(canned)
    with cassette(path, "all"), pytest.raises(kind, match=said):
        ask("a", url=server.url, attempts=1)
    with cassette(path) as played, pytest.raises(kind, match=said):
        ask("a", attempts=1)
    assert played.unplayed == 0


def test_of_a_connection_that_fails_the_recording_says_that_it_cannot_be_played(server: Server, path: Path) -> None:
    def records() -> None:
        with cassette(path, "all"):
            with pytest.raises(ConnectionFailed):
                ask("a", url="http://127.0.0.1:9/v1", attempts=1)
            ask("a", url=server.url)

    with pytest.warns(UserWarning, match="^A request got no answer, the first of POST chat/completions: .*ScriptedMod"):
        records()
    with cassette(path) as played:
        ask("a")
    assert (played.played, played.unplayed) == (1, 0)


@pytest.mark.parametrize("record", ["all", "new"])
def test_where_all_was_answered_nothing_is_said_of_it(server: Server, path: Path, record: str) -> None:
    server.answers(Canned(error(), 503, {"retry-after-ms": "1"}), Canned(completion()))
    for _ in range(2):
        with cassette(path, record):  # type: ignore[arg-type]  # a warning is an error here
            ask("a", url=server.url)


def test_a_packed_reply_stands_in_the_file_as_text(server: Server, path: Path) -> None:
    packed = gzip.compress(json.dumps(completion("“Curly” 😀\nand more")).encode())
    server.answers(Canned(packed, headers={"Content-Encoding": "gzip"}))
    with cassette(path, "all"):
        ask("a", url=server.url)
    assert "            “Curly” 😀\n            and more\n" in path.read_text(encoding="utf-8")
    with cassette(path):
        assert texts(ask("a")) == ["“Curly” 😀\nand more"]


def test_a_stream_of_another_client_plays_piece_by_piece(server: Server, path: Path) -> None:
    pieces = [{"id": "1", "choices": [{"index": 0, "delta": {"content": word}}]} for word in ("“So ", "it\u0085is”")]
    stream = "".join(f"data: {json.dumps(piece, ensure_ascii=False)}\n\n" for piece in pieces) + "data: [DONE]\n\n"
    server.answers(Canned(stream, headers={"Content-Type": "text/event-stream"}))
    messages = [{"role": "user", "content": "a"}]
    read = []
    for record in ("all", "none"):
        with cassette(path, record), openai.OpenAI(base_url=server.url, api_key=KEY) as client:  # type: ignore[arg-type]
            events = client.chat.completions.create(model="m", messages=messages, stream=True)  # type: ignore[arg-type]
            read.append([event.choices[0].delta.content for event in events])
    assert read == [["“So ", "it\u0085is”"]] * 2
    assert len(server.asked) == 1


def test_new_plays_what_is_there_asks_the_rest_and_drops_what_was_not_played(server: Server, path: Path) -> None:
    server.answer = echo
    with cassette(path, "all"):
        ask("kept", "dropped", url=server.url)
    with cassette(path, "new") as recording:
        ask("added", "kept", "kept", url=server.url)
        assert (recording.played, recording.recorded) == (1, 2)
    assert len(server.asked) == 4
    with cassette(path) as played:
        ask("kept", "kept", "added")
    assert played.played == 3


def test_new_leaves_a_file_alone_that_has_it_all(server: Server, path: Path) -> None:
    with cassette(path, "new"):
        ask("a", url=server.url)
    before = path.stat()
    with cassette(path, "new"):
        ask("a", url=server.url)
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_all_asks_everything_anew(server: Server, path: Path) -> None:
    server.answers(Canned(completion("one")), Canned(completion("two")))
    for _ in range(2):
        with cassette(path, "all"):
            ask("a", url=server.url)
    with cassette(path):
        assert texts(ask("a")) == ["two"]


@pytest.mark.parametrize("record", ["new", "all"])
def test_what_is_not_asked_for_again_stays_if_that_is_allowed(server: Server, path: Path, record: str) -> None:
    server.answer = echo
    with cassette(path, "all"):
        ask("a", "b", "b", url=server.url)
    with cassette(path, record, allow_unplayed=True):  # type: ignore[arg-type]
        ask("b", "c", url=server.url)
    with cassette(path) as played:
        ask("a", "b", "b", "c")
    assert played.played == 4


@pytest.mark.parametrize("record", ["new", "all"])
def test_a_session_that_breaks_off_leaves_the_old_file_byte_for_byte(server: Server, path: Path, record: str) -> None:
    with cassette(path, "all"):
        ask("a", url=server.url)
    before = path.read_bytes()

    def breaks_off() -> None:
        with cassette(path, record):  # type: ignore[arg-type]
            ask("b", url=server.url)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        breaks_off()
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_file_that_cannot_be_written_leaves_the_old_one(
    server: Server, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with cassette(path, "all"):
        ask("a", url=server.url)
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)

    def records() -> None:
        with cassette(path, "all"):
            ask("b", url=server.url)

    with pytest.raises(OSError, match="No space"):
        records()
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_what_was_recorded_but_not_asked_for_fails_the_block(server: Server, path: Path) -> None:
    server.answer = echo
    with cassette(path, "all"):
        ask("a", "the second question", url=server.url)

    def plays(**options: bool) -> None:
        with cassette(path, **options):
            ask("a")

    with pytest.raises(StaleCassette, match=r"1 of 2 recordings .*not asked for.*the second question.*allow_unplayed"):
        plays()
    plays(allow_unplayed=True)


def test_an_error_in_the_block_is_not_hidden_by_what_was_not_played(server: Server, path: Path) -> None:
    with cassette(path, "all"):
        ask("a", url=server.url)

    def fails() -> None:
        with cassette(path):
            raise LookupError

    with pytest.raises(LookupError):
        fails()


def test_a_missing_file_says_how_to_record_it(path: Path) -> None:
    with pytest.raises(StaleCassette, match=r"Nothing was recorded yet.*tape.yaml.*pytest --cassettes=all .*::"):
        cassette(path).__enter__()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"version: 1\ninteractions: []\n", "is no cassette"),
        (b"", "is no cassette"),
        (b"- a\n- b\n", "is no cassette"),
        (b"cassette: [", "is not YAML"),
        (b"\xff\xfe", "not UTF-8"),
        (b"cassette: 9\n", "version 9"),
        (b"cassette: 1\ninteractions:\n- request: {method: GET}\n", "malformed"),
        (b"cassette: 1\ninteractions: 5\n", "malformed"),
        (b"cassette: 1\nx: !!python/object/apply:os.system [true]\n", "is not YAML"),
    ],
)
def test_a_file_that_is_no_cassette_is_named(path: Path, content: bytes, said: str) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    for record in ("none", "new"):
        with pytest.raises(ConfigurationError, match=f"tape.yaml.*{said}"):
            cassette(path, record).__enter__()  # type: ignore[arg-type]
    assert path.read_bytes() == content


def test_a_second_cassette_is_refused_while_one_is_open_in_whatever_thread(server: Server, path: Path) -> None:
    caught: list[BaseException] = []

    def open_another() -> None:
        try:
            cassette(path.with_name("other.yaml"), "new").__enter__()
        except ConfigurationError as refused:
            caught.append(refused)

    with cassette(path, "all"):
        thread = threading.Thread(target=open_another)
        thread.start()
        thread.join()
        open_another()
        ask("a", url=server.url)
    assert len(caught) == 2
    assert "tape.yaml is open" in str(caught[0])
    with cassette(path):
        ask("a")


def test_one_that_could_not_be_opened_is_not_open(path: Path, server: Server) -> None:
    with pytest.raises(StaleCassette):
        cassette(path).__enter__()
    with cassette(path, "new"):
        ask("a", url=server.url)


def test_a_record_mode_that_is_none_is_refused_at_once(path: Path) -> None:
    with pytest.raises(ConfigurationError, match="none, new, all"):
        cassette(path, "once")  # type: ignore[arg-type]


def test_while_it_plays_nothing_else_is_reached(server: Server, path: Path) -> None:
    with cassette(path, "all"):
        ask("a", url=server.url)
    with cassette(path):
        with socket.socket() as other, pytest.raises(Exception, match=r"127\.0\.0\.1:9.*while the cassette .*tape"):
            other.connect(("127.0.0.1", 9))
        ask("a")
    with socket.create_connection(("127.0.0.1", int(server.url.rsplit(":")[-1].partition("/")[0]))):
        pass


def test_importing_the_library_or_its_testing_loads_neither_vcrpy_nor_yaml() -> None:
    program = "import sys, summarizer, summarizer.testing; assert not {'vcr', 'yaml'} & set(sys.modules)"
    subprocess.run(
        [sys.executable, "-c", program], check=True, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    )


def test_a_file_whose_lines_end_as_on_windows_is_the_same(path: Path, seeds: Path) -> None:
    file = seeds.parent / "cassettes" / "leaflet-dispute.yaml"
    path.parent.mkdir(parents=True)
    path.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert load(path) == load(file)


def carried(path: Path) -> int:
    """The bytes of text that a cassette carries: replies, and whatever is asked, once where it is asked again."""
    recording = load(path)
    assert recording
    answers = [json.dumps(each.answer.body, ensure_ascii=False) for each in recording.interactions]
    bodies = [each.question.body for each in recording.interactions if isinstance(each.question.body, dict)]
    parts = [each for body in bodies for each in (*body["messages"], body | {"messages": []})]
    asked = {json.dumps(each, ensure_ascii=False) for each in parts}
    return sum(len(text.encode()) for text in (*answers, *asked))


CASSETTES = [*(ROOT / "cassettes").glob("*.yaml"), *(ROOT / "examples").glob("*/cassettes/*.yaml")]


@pytest.mark.parametrize("path", CASSETTES, ids=lambda path: path.stem)
def test_a_file_is_at_most_twice_the_text_that_it_carries(path: Path) -> None:
    assert path.stat().st_size <= 2 * carried(path)


def test_so_is_one_whose_replies_come_on_one_line_and_need_a_repair(server: Server, path: Path, seeds: Path) -> None:
    article = seeds / "harbour-interview.txt"
    right = reply_for(article).model_dump(mode="json")
    wrong = right | {"holders": [each | {"name": "Nobody Atall"} for each in right["holders"]]}
    server.answers(*(Canned(completion(json.dumps(each, separators=(",", ":")))) for each in (wrong, right)))
    with cassette(path, "all"), Summarizer(model=OpenAIModel("tiny", base_url=server.url, api_key=KEY)) as summarizer:
        assert summarizer.summarize(article).provenance.repairs == 1
    assert path.stat().st_size <= 2 * carried(path)
    assert max(map(len, path.read_text(encoding="utf-8").splitlines())) < 1_000


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        ({"OPENAI_API_KEY": KEY}, "https://api.openai.com/v1"),
        ({"OPENAI_BASE_URL": "https://eu.api.openai.com/v1"}, "https://api.openai.com/v1"),
        ({"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "http://localhost:1/v1"}, "http://recorded.invalid/v1"),
        ({}, "http://recorded.invalid/v1"),
    ],
)
def test_what_was_recorded_at_openai_is_asked_as_openai_is_and_no_more_reached(
    path: Path, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], url: str
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    with cassette(path, "all"):
        pass
    with cassette(path, allow_unplayed=True):
        assert os.environ["OPENAI_BASE_URL"] == url
        with pytest.raises(StaleCassette, match="it holds nothing"):
            ask("a", url=url)
