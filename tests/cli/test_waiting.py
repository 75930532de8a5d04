"""Limits of requests on the command line, and signs of life while a model is slow."""

import ast
import asyncio
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from summarizer import Summarizer
from summarizer.cli import messages, progress
from summarizer.cli.messages import name_options, options_of_command
from summarizer.errors import ConfigurationError
from summarizer.models import OpenAIModel, Request, resolve, resolve_model, retry
from summarizer.testing import replies_for
from tests.cli.conftest import Answers, Run
from tests.models.conftest import CannedResponse, Server, completion
from tests.timing import await_until, ends_early

pytestmark = pytest.mark.slow

TEXT = "“The bridge must go,” said Anna Berg, the town’s chief engineer."
NOTHING = '{"holders": [], "issues": [], "positions": [], "open_questions": [], "gist": null}'


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    server = Server()
    server.set_responses(CannedResponse(completion(NOTHING)))
    monkeypatch.setattr(retry, "MIN_WAIT", 0.01)
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    yield server
    server.close()


@pytest.fixture
def slow(answers: Answers, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let the model answer only after a line of progress; return the list of these lines."""
    shown: list[str] = []

    def show(line: str) -> None:
        messages.print_message(line)
        shown.append(line)

    async def reply(request: Request) -> Any:
        await await_until(lambda: any("waiting" in line for line in shown))
        return replies_for(TEXT)(request)

    monkeypatch.setattr(progress, "print_message", show)
    monkeypatch.setattr(progress, "INTERVAL", 0.1)
    monkeypatch.setattr(progress, "TICK", 0.1)
    monkeypatch.setattr(progress, "MIN_WAIT", 0.05)
    answers(reply)
    return shown


def test_log_of_a_brief_says_what_it_waits_for(run: Run, article: Path, slow: list[str]) -> None:
    lines = run("brief", article).stderr.splitlines()
    assert re.fullmatch(r"summarizer: waiting for the model: \d+ s, request 1 of 1 …", lines[-1])


def test_log_of_a_batch_says_how_long_it_waits(run: Run, article: Path, tmp_path: Path, slow: list[str]) -> None:
    lines = run("batch", article, "--out", tmp_path / "out.jsonl").stderr.splitlines()
    assert re.fullmatch(r"summarizer: 0 of 1 done, 0 failed, waiting for \d+ s", lines[0])


@pytest.mark.parametrize("command", ["brief", "batch"])
def test_quiet_command_shows_no_progress(
    run: Run, article: Path, tmp_path: Path, slow: list[str], answers: Answers, command: str
) -> None:
    async def reply(request: Request) -> Any:
        await asyncio.sleep(0.5)  # five intervals after the model was asked
        return replies_for(TEXT)(request)

    answers(reply)
    out = ["--out", tmp_path / "out.jsonl"] if command == "batch" else []
    assert "waiting" not in run(command, article, *out, "--quiet").stderr


def test_reply_tokens_limit_the_reply(run: Run, article: Path, server: Server) -> None:
    assert run("brief", article, "-m", "tiny", "--reply-tokens", "321").exit_code == 0
    assert server.completions[-1].json["max_tokens"] == 321


@pytest.mark.parametrize("option", ["--timeout", "--deadline"])
@pytest.mark.parametrize("as_variable", [False, True])
def test_slow_model_ends_in_time_and_the_hint_names_the_options(
    run: Run, article: Path, server: Server, monkeypatch: pytest.MonkeyPatch, option: str, as_variable: bool
) -> None:
    server.set_responses(CannedResponse(stall=True))
    if as_variable:
        monkeypatch.setenv(f"SUMMARIZER_{option[2:].upper()}", "0.2")
    with ends_early():
        result = run("brief", article, "-m", "tiny", *([] if as_variable else [option, "0.2"]))
    assert "0.2 s" in result.stderr
    assert option in result.stderr
    assert "--reply-tokens" in result.stderr
    assert ("after 2 attempts" in result.stderr) is (option == "--timeout")


def test_batch_shows_the_hint_of_its_failures(run: Run, article: Path, tmp_path: Path, server: Server) -> None:
    server.set_responses(CannedResponse(stall=True))
    result = run("batch", article, "-m", "tiny", "--out", tmp_path / "out.jsonl", "--timeout", "0.2")
    assert result.exit_code == 3
    assert "no answer within 0.2 s after 2 attempts. Set a longer timeout (--timeout)" in result.stderr


@pytest.mark.parametrize("value", ["soon", "0", "-1", "nan", "inf"])
@pytest.mark.parametrize("option", ["timeout", "deadline", "reply_tokens"])
def test_invalid_variable_is_an_error_that_names_it(monkeypatch: pytest.MonkeyPatch, option: str, value: str) -> None:
    variable = f"SUMMARIZER_{option.upper()}"
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigurationError, match=f"{variable} cannot be “{value}”"):
        Summarizer(model=OpenAIModel("tiny", base_url="http://localhost:1/v1") if option == "reply_tokens" else "tiny")


def test_parameters_set_the_limits_of_a_named_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:1/v1")
    monkeypatch.setenv("SUMMARIZER_TIMEOUT", "77")
    by_variable, by_parameter = resolve_model("tiny"), resolve_model("tiny", timeout=5.0, deadline=6.0)
    assert isinstance(by_variable, OpenAIModel)
    assert isinstance(by_parameter, OpenAIModel)
    assert by_variable._dispatcher.limits.timeout == 77
    assert (by_parameter._dispatcher.limits.timeout, by_parameter._dispatcher.limits.deadline) == (5, 6)


def test_limits_of_a_model_object_are_set_there() -> None:
    model = OpenAIModel("tiny", base_url="http://localhost:1/v1")
    with pytest.raises(ConfigurationError, match=r"own timeout\..*OpenAIModel\(timeout=…\)"):
        Summarizer(model=model, timeout=5)
    with pytest.raises(ConfigurationError, match="reply_tokens must be at least 1"):
        Summarizer(model=model, reply_tokens=0)


@pytest.mark.parametrize(
    ("hint", "shown"),
    [
        ("Set a longer timeout (timeout=…), or shorter replies (reply_tokens=…).",
         "Set a longer timeout (--timeout), or shorter replies (--reply-tokens)."),
        ("Set it there: OpenAIModel(timeout=…).", "Set it there: --timeout."),
        ("Set OPENAI_API_KEY, or pass OpenAIModel(api_key=…).", "Set OPENAI_API_KEY."),
        ("Wait, or send fewer at once: OpenAIModel(concurrency=…).", "Wait."),
        ("Limit it: OpenAIModel(max_tokens=…). OpenAIModel(output='text') is simple.", "Limit it: --reply-tokens."),
        ("Is base_url right?", "Is OPENAI_BASE_URL right?"),
        ("clean=False cuts nothing.", "--no-clean cuts nothing."),
        ("Pass OpenAIModel(seed=…), or try another model.", "Try another model."),
        ("Set chunk_tokens to 70 or more.", "Set --chunk-tokens to 70 or more."),
    ],
)  # fmt: skip
def test_hints_name_options_instead_of_parameters(hint: str, shown: str) -> None:
    names = ("timeout", "reply_tokens", "chunk_tokens")
    known = {name: (f"--{name.replace('_', '-')}", "") for name in names} | {"clean": ("--clean", "--no-clean")}
    token = options_of_command.set(known)
    try:
        assert name_options(hint) == shown
    finally:
        options_of_command.reset(token)


def test_hints_name_variables_where_the_command_has_no_option() -> None:
    assert name_options("Allow longer replies (reply_tokens=…).") == "Allow longer replies (SUMMARIZER_REPLY_TOKENS)."


def test_variables_of_hints_are_those_that_models_read() -> None:
    assert messages.VARIABLES.items() >= resolve.VARIABLES.items()


def test_batch_against_a_server_with_one_slot_is_done(run: Run, tmp_path: Path, server: Server) -> None:
    slot = threading.Lock()

    def write_one_after_another() -> None:  # also for clients that have hung up
        with slot:
            time.sleep(0.5)

    server.on_request = write_one_after_another
    for number in range(20):
        (tmp_path / f"{number}.txt").write_text(f"Bridge {number} must go, Anna Berg said.", encoding="utf-8")
    # All at once would take twice the timeout, and one alone a tenth of it.
    result = run("batch", tmp_path, "-m", "tiny", "--out", tmp_path / "out.jsonl", "--timeout", "5", "--repairs", "0")
    assert "20 of 20 done, 0 failed" in result.stderr


def strings_of_hints() -> Iterator[str]:
    """Yield the strings of the package that name a parameter, with "x" for their variable parts."""
    for path in Path(messages.__file__).parent.parent.glob("models/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            parts = node.values if isinstance(node, ast.JoinedStr) else [node]
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in parts)
            if "=…" in text or "OpenAIModel(" in text:
                yield text


def test_no_hint_of_a_model_shows_python_at_the_command_line() -> None:
    hints = [hint for hint in strings_of_hints() if "\n" not in hint and "=…" in hint]
    assert len(hints) >= 8
    assert not [hint for hint in hints if "=…" in (shown := name_options(hint)) or "OpenAIModel(" in shown]
