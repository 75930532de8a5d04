"""What a miss says: what has changed since it was recorded, and how to record it again."""

import asyncio
import contextlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest

from summarizer import ModelError, OpenAIModel, StaleCassette, Summarizer, asummarize, summarize
from summarizer.engines import load_prompts
from summarizer.errors import ConnectionFailed
from summarizer.testing import cassette
from tests.models.conftest import Canned, Server, completion

ROOT = Path(__file__).parent.parent.parent
EMPTY = json.dumps({"holders": [], "issues": [], "positions": [], "open_questions": [], "gist": None})
ARTICLE = "It rains.\n\nIt will rain on, said Anna Berg.\n\nNobody asked why.\n\n" + "\n\n".join(
    f"The council of district {number} met in its hall and postponed what it had meant to decide."
    for number in range(60)
)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    server.answers(Canned(completion(EMPTY)))
    yield server
    server.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tape.yaml"


@pytest.fixture
def recorded(path: Path, server: Server) -> Path:
    """One request for a brief of ARTICLE, by a model called "then"."""
    with cassette(path, "all"):
        brief(url=server.url, name="then")
    return path


def brief(text: str = ARTICLE, *, url: str | None = None, name: str = "then", **options: object) -> None:
    reads = {key: options.pop(key) for key in ("prompts", "chunk_tokens") if key in options}
    with Summarizer(model=OpenAIModel(name, base_url=url, **options), **reads) as summarizer:
        summarizer.summarize(text)


def stale(path: Path, text: str = ARTICLE, **options: object) -> str:
    """What the error says, in full."""
    with cassette(path, allow_unplayed=True), pytest.raises(StaleCassette) as caught:
        brief(text, **options)
    return str(caught.value)


def test_a_changed_article_is_shown_by_its_first_line_that_differs(recorded: Path) -> None:
    said = stale(recorded, ARTICLE.replace("rain on", "rain no more"))
    assert "- the article's text, from line" in said
    assert "    -[2] It will rain on, said Anna Berg.\n    +[2] It will rain no more, said Anna Berg.\n" in said
    assert not re.search("prompt|schema|parameter|model:|form of output", said)


def test_a_diff_is_short_however_much_has_changed(recorded: Path) -> None:
    said = stale(recorded, ARTICLE.replace("council", "board of " + "very " * 100 + "old men"))
    shown = [line for line in said.splitlines() if line.startswith("    ")]
    assert 2 <= len(shown) <= 6
    assert {line[4] for line in shown} >= {"-", "+"}
    assert max(map(len, said.splitlines()[1:-1])) < 120


def test_a_difference_far_inside_a_long_line_is_in_sight(path: Path, server: Server) -> None:
    long = "It rains, " + "and rains, " * 100
    with cassette(path, "all"):
        brief(f"{long}on Monday.", url=server.url)
    said = stale(path, f"{long}on Friday.")
    assert "on Monday." in said
    assert "on Friday." in said


def test_a_changed_prompt_is_named_with_version_and_hash_then_and_now(recorded: Path, tmp_path: Path) -> None:
    before = load_prompts()["extract"]
    text = (ROOT / "prompts" / "extract.md").read_text(encoding="utf-8")
    own = tmp_path / "extract.md"
    own.write_text(text.replace('version = "1"', 'version = "2"').replace("You read one", "You study one"), "utf-8")
    now = load_prompts(own)["extract"]
    said = stale(recorded, prompts=own)
    assert (
        f'- the prompt "extract": version {before.version} ({before.sha256[:8]}) then, version 2 ({now.sha256[:8]}) now'
    ) in said
    assert re.search("    -You read one.*\n    \\+You study one", said)
    assert "article's" not in said


def test_a_changed_schema_is_told_by_its_hashes(recorded: Path) -> None:
    text = recorded.read_text(encoding="utf-8")
    assert text.count("forecast, evaluation]") == 1
    recorded.write_text(text.replace("forecast, evaluation]", "evaluation]"), encoding="utf-8")
    said = stale(recorded)
    assert re.search(r"- the schema: [0-9a-f]{8} then, [0-9a-f]{8} now\n", said)
    assert said.count("\n- ") == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"temperature": 0.5}, "the parameter temperature: not there then, 0.5 now"),
        ({"extra_body": {"top_p": 1}}, "the parameter top_p: not there then, 1 now"),
        ({"output": "json_object"}, "the form of output: json_schema then, json_object now"),
        ({"output": "text"}, "the form of output: json_schema then, text now"),
    ],
)
def test_a_changed_option_is_named_with_its_values(recorded: Path, options: dict[str, object], said: str) -> None:
    assert re.findall("^- (.*)$", stale(recorded, **options), re.MULTILINE) == [said]


def test_another_model_is_named_beside_what_matters(recorded: Path) -> None:
    assert "the model: then then, now now; this alone would not" in stale(recorded, name="now", seed=1)


def test_what_was_played_as_often_as_it_was_recorded_is_said(recorded: Path) -> None:
    with cassette(recorded, allow_unplayed=True):
        brief()
        with pytest.raises(StaleCassette, match="it was recorded once, and asked for more often than that"):
            brief()


def test_an_endpoint_of_which_nothing_is_recorded_is_said_with_what_is_there(recorded: Path) -> None:
    said = stale(recorded, name=None)  # type: ignore[arg-type]
    assert 'no recording of GET models; it holds 1 × POST chat/completions with the prompt "extract".' in said


def test_a_request_of_another_client_is_not_held_against_those_of_the_library(recorded: Path) -> None:
    def by_another_client() -> None:
        with cassette(recorded), openai.OpenAI(max_retries=0) as client:
            client.chat.completions.create(model="m", messages=[{"role": "user", "content": "Hello."}])

    with pytest.raises(StaleCassette) as caught:
        by_another_client()
    said = str(caught.value)
    assert 'of POST chat/completions; it holds 1 × POST chat/completions with the prompt "extract".' in said
    assert "nearest" not in said


def test_under_pytest_the_command_names_the_test(recorded: Path) -> None:
    here = "tests/testing/test_staleness.py::test_under_pytest_the_command_names_the_test"
    assert stale(recorded, "Another.").endswith(f"\nTo record it again: pytest --cassettes=all {here}")


def test_the_command_works_where_pytest_was_started(recorded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "tests" / "recorded")
    here = "../testing/test_staleness.py::test_the_command_works_where_pytest_was_started"
    assert stale(recorded, "Another.").endswith(f"\nTo record it again: pytest --cassettes=all {here}")


def test_elsewhere_it_is_the_call(recorded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    assert stale(recorded, "Another.").endswith(f'\nTo record it again: cassette("{recorded}", record="all")')


def test_the_nearest_recording_is_the_one_of_the_same_chunk(path: Path, server: Server) -> None:
    with cassette(path, "all"):
        brief(url=server.url, chunk_tokens=300)
    assert len(server.completions) > 3
    first = ARTICLE.replace("district 0 met", "district 0 convened")
    (gone,) = re.findall("^    -(.*)$", stale(path, first, chunk_tokens=300), re.MULTILINE)
    assert "district 0 met" in gone


@pytest.mark.parametrize("number", [0, 30, 59])
def test_of_several_parts_the_one_that_has_changed_is_told_whichever_missed_first(
    path: Path, server: Server, number: int
) -> None:
    with cassette(path, "all"):
        brief(url=server.url, chunk_tokens=600)
    assert len(server.completions) == 3
    changed = ARTICLE.replace(f"district {number} met", f"district {number} convened")

    def plays() -> None:
        with cassette(path), Summarizer(model=OpenAIModel("then"), chunk_tokens=600) as summarizer:
            summarizer.summarize(ARTICLE)  # what a client does at its first request, it does in threads
            summarizer.summarize(changed)

    with pytest.raises(StaleCassette) as caught:
        plays()
    assert f"district {number} convened" in str(caught.value)


def test_what_was_left_out_of_the_article_is_told_as_no_part_of_it(recorded: Path) -> None:
    assert "the article's text, but not in the part that is asked about here" in stale(recorded, f"{ARTICLE}\u200b")


def test_a_miss_is_found_in_the_group_that_tasks_make_of_it(recorded: Path) -> None:
    async def side_by_side() -> None:
        async with asyncio.TaskGroup() as group:
            for text in ("Another.", "Another one."):
                group.create_task(asummarize(text, model=OpenAIModel("m")))

    def plays() -> None:
        with cassette(recorded):
            asyncio.run(side_by_side())

    with pytest.raises(StaleCassette, match="Another"):
        plays()


def test_with_several_chunks_side_by_side_it_is_raised_as_it_is_and_at_once(recorded: Path) -> None:
    with cassette(recorded, allow_unplayed=True), pytest.raises(StaleCassette) as caught:
        summarize(ARTICLE, model=OpenAIModel("m"), chunk_tokens=300, on_failed_chunk="keep")
    assert not isinstance(caught.value, ModelError)
    assert "differs from the nearest recording" in str(caught.value)


def test_a_miss_is_asked_for_once_and_no_more(recorded: Path) -> None:
    events: list[str] = []
    stale(recorded, "Another.", on_event=lambda event: events.append(event.kind))
    assert events == ["sent", "failed"]


def test_a_miss_that_another_client_takes_for_a_failed_connection_surfaces_all_the_same(recorded: Path) -> None:
    def by_another_client() -> None:
        with cassette(recorded), openai.OpenAI(max_retries=0) as client:
            client.chat.completions.create(model="m", messages=[{"role": "user", "content": "Hello."}])

    with pytest.raises(StaleCassette, match="no recording of POST chat/completions"):
        by_another_client()


def test_a_miss_that_is_swallowed_fails_the_block(recorded: Path) -> None:
    def swallowing() -> None:
        with cassette(recorded):
            brief()
            with contextlib.suppress(StaleCassette):
                brief("Another.")

    with pytest.raises(StaleCassette, match="Another"):
        swallowing()


def test_an_error_that_was_being_handled_when_the_line_broke_is_not_taken_for_its_cause() -> None:
    async def fails_in_the_course_of_another() -> None:
        model = OpenAIModel("m", base_url="http://127.0.0.1:9/v1", attempts=1)
        try:
            raise StaleCassette("an older one")
        except StaleCassette:
            await model.models()
        finally:
            await model.aclose()

    with pytest.raises(ConnectionFailed):
        asyncio.run(fails_in_the_course_of_another())
