"""The message of a request that is not in the cassette: the changes, and how to record again."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest

from summarizer import OpenAIModel, Summarizer, asummarize, summarize, summarize_many
from summarizer.testing import StaleCassette
from tests.models.conftest import CannedResponse, Server, completion
from tests.testing.conftest import Open

pytestmark = pytest.mark.slow  # each test records and plays

EMPTY = json.dumps({"holders": [], "issues": [], "positions": [], "open_questions": [], "gist": None})
ARTICLE = "It rains.\n\nIt will rain on, said Anna Berg.\n\nNobody asked why.\n\n" + "\n\n".join(
    f"The council of district {number} met in its hall and postponed what it had meant to decide."
    for number in range(60)
)
NOWHERE = "http://recorded.invalid/v1"


def read(text: str = ARTICLE, url: str = NOWHERE, name: str = "m", **options: Any) -> None:
    reading = {key: options.pop(key) for key in ("prompts", "chunk_tokens", "chunk_concurrency") if key in options}
    model = OpenAIModel(name, base_url=url, api_key="none", **options)
    with Summarizer(model=model, **reading) as summarizer:
        summarizer.summarize(text)


@pytest.fixture
def stale(server: Server, open_cassette: Open) -> Any:
    """Record the brief of ARTICLE; return a function that plays it with changes and returns the message."""
    server.set_responses(CannedResponse(completion(EMPTY)))
    with open_cassette("all"):
        read(url=server.url)

    def message(text: str = ARTICLE, **options: Any) -> str:
        with open_cassette(), pytest.raises(StaleCassette) as caught:
            read(text, **options)
        return str(caught.value)

    return message


def test_changed_article_is_shown_by_its_first_changed_line(stale: Any, path: Path) -> None:
    message = stale(ARTICLE.replace("Anna Berg", "Anna Borg"))
    assert message.splitlines()[1:-1] == [
        "- the article, from line 9 (- recorded, + sent):",
        "    -[2] It will rain on, said Anna Berg.",
        "    +[2] It will rain on, said Anna Borg.",
    ]
    assert f"{path.name} does not hold this POST /v1/chat/completions." in message


def test_diff_is_short_after_large_changes(stale: Any) -> None:
    message = stale(ARTICLE.replace("council", "committee of people who meet on every second day of the week"))
    lines = message.splitlines()
    assert len(lines) <= 10
    assert all(len(line) <= 120 for line in lines[1:-1])
    assert {line[4] for line in lines if line.startswith("    ")} == {"-", "+"}


def test_difference_far_into_a_long_line_is_shown(server: Server, open_cassette: Open) -> None:
    server.set_responses(CannedResponse(completion(EMPTY)))
    text = "It rains, " + "and rains, " * 60 + "said Anna Berg."
    with open_cassette("all"):
        read(text, url=server.url)
    with open_cassette(), pytest.raises(StaleCassette, match=r"    \+….*said Anna Borg\."):
        read(text.replace("Berg", "Borg"))


def test_changed_prompt_is_named(stale: Any, tmp_path: Path) -> None:
    for prompt in (Path(__file__).parents[2] / "prompts").iterdir():
        (tmp_path / prompt.name).write_bytes(prompt.read_bytes())
    changed = tmp_path / "extract.md"
    changed.write_text(changed.read_text().replace("You read one article", "You read an article"))
    message = stale(prompts=tmp_path)
    assert "- the system prompt, from line 1 (- recorded, + sent):" in message
    assert "    +You read an article" in message


def test_changed_schema_is_shown(stale: Any, server: Server, open_cassette: Open) -> None:
    (sent,) = server.completions
    body = json.loads(sent.body.decode().replace('"implied"', '"open"'))
    with open_cassette(), pytest.raises(StaleCassette, match=r'- the JSON schema, from line .*\n.*"implied"\n.*"open"'):
        httpx2.post(f"{NOWHERE}/chat/completions", json=body)


@pytest.mark.parametrize(
    ("options", "change"),
    [
        ({"temperature": 0.5}, r"- the parameter temperature: .* → 0\.5"),
        ({"seed": 4}, "- the parameter seed: absent → 4"),
        ({"output": "json_object"}, "- the output format: json_schema → json_object"),
    ],
)
def test_changed_option_is_named_with_its_values(stale: Any, options: dict[str, object], change: str) -> None:
    assert re.search(change, stale(**options))


def test_another_model_name_is_no_miss(stale: Any, open_cassette: Open) -> None:
    with open_cassette() as cassette:
        read(name="another")
    assert cassette.all_played


def test_repeated_request_is_reported_as_played(stale: Any, open_cassette: Open) -> None:
    with open_cassette():
        read()
        with pytest.raises(StaleCassette, match=r"has 1 of this POST .*, and all are played already\."):
            read()


def test_request_to_another_path_lists_the_recorded_ones(stale: Any, open_cassette: Open) -> None:
    with (
        open_cassette(),
        pytest.raises(StaleCassette, match=r"has no GET /v1/models; it holds 1 × POST /v1/chat/completions\."),
        openai.OpenAI(base_url=NOWHERE, api_key="none") as client,
    ):
        client.models.list()


def test_empty_cassette_says_how_to_record_it(open_cassette: Open) -> None:
    with (
        open_cassette(),
        pytest.raises(StaleCassette, match=r"Nothing is recorded in .*\n.*pytest --record-mode=once "),
    ):
        read()


def test_command_names_the_test(stale: Any) -> None:
    test = "tests/testing/test_staleness.py::test_command_names_the_test"
    assert stale("Another.").endswith(f"\nTo record it: pytest --record-mode=rewrite {test}")


def test_message_without_pytest_names_the_call(stale: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    assert stale("Another.").endswith('\nTo record it: use_cassette(…, record_mode="new_episodes")')


@pytest.mark.parametrize("number", [0, 30, 59])
def test_message_shows_the_changed_one_of_parallel_chunks(server: Server, open_cassette: Open, number: int) -> None:
    server.set_responses(CannedResponse(completion(EMPTY)))
    options = {"chunk_tokens": 600, "chunk_concurrency": 4}
    with open_cassette("all"):
        read(url=server.url, **options)
    assert len(server.completions) == 3
    changed = ARTICLE.replace(f"district {number} met", f"district {number} convened")
    with open_cassette(), pytest.raises(StaleCassette, match=f"district {number} convened"):
        read(changed, **options)


def test_change_outside_the_sentences_is_no_miss(stale: Any, open_cassette: Open) -> None:
    with open_cassette() as cassette:
        read(f"{ARTICLE}\u200b")
    assert cassette.all_played


def test_neither_retries_nor_partial_results_hide_a_miss(stale: Any, open_cassette: Open) -> None:
    events: list[str] = []
    model = OpenAIModel("m", base_url=NOWHERE, api_key="none", on_event=lambda event: events.append(event.kind))
    with open_cassette(), pytest.raises(StaleCassette):
        summarize(ARTICLE, model=model, chunk_tokens=300, on_failed_chunk="keep")
    assert "retrying" not in events


def test_batch_does_not_hide_a_miss(stale: Any, open_cassette: Open) -> None:
    model = OpenAIModel("m", base_url=NOWHERE, api_key="none")
    with open_cassette(), pytest.raises(StaleCassette):
        list(summarize_many(["It rains.", "It snows."], model=model))


def test_task_group_does_not_hide_a_miss(stale: Any, open_cassette: Open) -> None:
    async def run() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(asummarize("It snows.", model=OpenAIModel("m", base_url=NOWHERE, api_key="none")))

    with open_cassette(), pytest.raises(BaseExceptionGroup) as caught:
        asyncio.run(run())
    assert caught.group_contains(StaleCassette)


def test_miss_shows_no_secret(stale: Any, open_cassette: Open) -> None:
    key = "sk-planted-0123456789abcdef"
    body = {"messages": [{"role": "user", "content": f"The key is {key}."}]}
    with open_cassette(), pytest.raises(StaleCassette) as caught:
        httpx2.post(f"{NOWHERE}/chat/completions", json=body, headers={"Authorization": f"Bearer {key}"})
    assert "planted" not in str(caught.value)
    assert "The key is [removed]" in str(caught.value)
