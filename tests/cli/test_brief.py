"""The command ``brief``: sources, output, errors and exit codes."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.testing import Result

from summarizer import Brief, ModelError, __version__
from summarizer.errors import ServerFailed
from summarizer.models import Reply, Request
from summarizer.testing import CallbackModel, replies_for
from tests.cli.conftest import Run, closed_port
from tests.timing import HOLD, ends_early

ROOT = Path(__file__).parent.parent.parent
TEXT = "“The bridge must go,” said Ms Anna Berg, the town’s chief engineer. “Who will pay?” she asked.\n"
EMPTY_REPLY: dict[str, Any] = {"holders": [], "issues": [], "positions": [], "open_questions": [], "gist": None}
TWO_VOICES = "Bridge row\n\nThe bridge must go, Anna Berg said.\n\nA repair would do, Tomas Lind said.\n"
BUILTIN = ["--model", "builtin"]


def start(*arguments: str | Path, **options: Any) -> "subprocess.Popen[bytes]":
    """Start the command in a process."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "SUMMARIZER_"))}
    environment |= {"PYTHONPATH": str(ROOT)} | options.pop("env", {})
    program = options.pop("before", "") + "from summarizer.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        env=environment,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL} | options,
    )


def one_line(result: Result) -> str:
    """Return the only line on standard error of a failed command."""
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("summarizer: ")
    return line.removeprefix("summarizer: ")


# Sources


def test_brief_of_a_file_is_shown(run: Run, article: Path) -> None:
    result = run("brief", article, *BUILTIN)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Anna Berg (" in result.stdout
    assert "Open questions" in result.stdout


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("utf-16"), "utf-16"),
        ((TEXT * 5).encode("cp1252"), "cp1252"),
    ],
)
def test_standard_input_is_decoded_in_common_encodings(run: Run, data: bytes, encoding: str) -> None:
    result = run("brief", "-", "--format", "json", *BUILTIN, stdin=data)
    assert result.exit_code == 0, result.output
    brief = Brief.model_validate_json(result.stdout)
    assert "“The bridge must go,”" in brief.positions[0].evidence[0].quote
    assert brief.article.encoding == encoding or encoding == "cp1252"
    assert brief.article.source is None


def test_title_and_language_options_set_the_article(run: Run, article: Path) -> None:
    result = run("brief", article, "--title", "On the bridge", "--language", "en", "-f", "json", *BUILTIN)
    metadata = json.loads(result.stdout)["article"]
    assert (metadata["title"], metadata["language"], metadata["source"]) == ("On the bridge", "en", str(article))


# Output


def test_json_output_is_pure_while_warnings_go_to_standard_error(run: Run, article: Path) -> None:
    result = run("brief", article, "--format", "json")
    brief = Brief.model_validate_json(result.stdout)
    assert brief.provenance.engine == "builtin"
    assert result.stderr.startswith("summarizer: Neither OPENAI_API_KEY")


@pytest.mark.parametrize("form", ["terminal", "markdown"])
def test_limit_restricts_the_positions_shown(run: Run, article: Path, form: str) -> None:
    article.write_text(TWO_VOICES, encoding="utf-8")
    shown = run("brief", article, "-f", form, "--limit", "1", *BUILTIN).stdout
    assert "more position" in " ".join(shown.split())
    assert ": --full" in " ".join(shown.split())
    for option in (["--limit", "0"], ["--full"]):
        assert "--full" not in run("brief", article, "-f", form, *option, *BUILTIN).stdout


@pytest.mark.parametrize("form", ["terminal", "markdown"])
def test_brief_of_a_long_article_is_short_unless_it_is_asked_for_in_full(run: Run, article: Path, form: str) -> None:
    words = [f"“The bridge costs {n} millions and it must go at once,” said Ann Hill{n}." for n in range(100, 140)]
    article.write_text("\n\n".join(words), encoding="utf-8")
    short, full = (run("brief", article, "-f", form, *option, *BUILTIN).stdout for option in ([], ["--full"]))
    assert len(short.split()) < 0.4 * len(article.read_text(encoding="utf-8").split()) < len(full.split())
    assert " ".join(full.split()).count("said Ann Hill") >= 40


def test_json_ignores_the_limit(run: Run, article: Path) -> None:
    article.write_text(TWO_VOICES, encoding="utf-8")
    whole = Brief.model_validate_json(run("brief", article, "-f", "json", *BUILTIN).stdout)
    limited = Brief.model_validate_json(run("brief", article, "-f", "json", "--limit", "1", *BUILTIN).stdout)
    assert len(limited.positions) == len(whole.positions) > 1


def test_markdown_format_is_the_markdown_of_the_brief(run: Run, article: Path) -> None:
    result = run("brief", article, "--format", "markdown", *BUILTIN)
    assert result.stdout.startswith("# ")
    assert "article.txt\n\n" in result.stdout
    assert "- **Anna Berg** (" in result.stdout


@pytest.mark.parametrize("form", ["terminal", "json", "markdown", "html"])
def test_output_file_has_the_content_of_standard_output(run: Run, article: Path, form: str) -> None:
    output = article.with_name("brief.out")
    printed = run("brief", article, "-f", form, *BUILTIN).stdout
    result = run("brief", article, "-f", form, "-o", output, *BUILTIN)
    assert (result.exit_code, result.output) == (0, "")
    written = output.read_text(encoding="utf-8")
    assert [line for line in written.splitlines() if "seconds" not in line and "made" not in line.lower()] == [
        line for line in printed.splitlines() if "seconds" not in line and "made" not in line.lower()
    ]
    assert sorted(path.name for path in article.parent.iterdir()) == ["article.txt", "brief.out"]


@pytest.mark.parametrize(
    ("name", "begin"),
    [("brief.html", "<!DOCTYPE html>"), ("brief.json", "{\n"), ("brief.md", "# "), ("brief.txt", "article.txt\n")],
)
def test_suffix_of_the_output_selects_the_format(run: Run, article: Path, name: str, begin: str) -> None:
    output = article.parent / name
    assert run("brief", article, "-o", output, *BUILTIN).exit_code == 0
    assert output.read_text(encoding="utf-8").startswith(begin)


def test_replaced_file_keeps_its_permissions(run: Run, article: Path) -> None:
    output = article.with_name("brief.json")
    output.write_text("x" * 100_000)
    output.chmod(0o640)
    run("brief", article, "-f", "json", "-o", output, *BUILTIN)
    Brief.model_validate_json(output.read_bytes())
    assert output.stat().st_mode & 0o777 == 0o640


def test_symbolic_link_stays_a_link_to_the_written_file(run: Run, article: Path) -> None:
    target, link = article.with_name("target.md"), article.with_name("link.md")
    link.symlink_to(target)
    run("brief", article, "-f", "markdown", "-o", link, *BUILTIN)
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8").startswith("# ")


@pytest.mark.skipif(os.name != "posix", reason="named pipes are of Unix")
def test_named_pipe_is_written_directly(run: Run, article: Path) -> None:
    pipe = article.with_name("pipe")
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert run("brief", article, "-f", "markdown", "-o", pipe, *BUILTIN).exit_code == 0
    assert pipe.is_fifo()
    assert os.read(reader, 2) == b"# "
    os.close(reader)


def test_failed_write_keeps_the_previous_file(run: Run, article: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = article.with_name("brief.json")
    output.write_text("old")

    def full(_: Path, to: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    line = one_line(run("brief", article, "-f", "json", "-o", output, *BUILTIN))
    assert line == f"{output} cannot be written: No space left on device. Name another file."
    assert output.read_text() == "old"
    assert sorted(path.name for path in article.parent.iterdir()) == ["article.txt", "brief.json"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere/brief.md", "there is no directory"),
        ("article.txt/x", "there is no directory"),
    ],
)
def test_unwritable_output_is_an_error_before_any_request(
    run: Run, article: Path, answers: Callable[..., None], name: str, message: str
) -> None:
    answers(lambda _: pytest.fail("the model was asked"))
    assert message in one_line(run("brief", article, "-o", article.parent / name))


def test_printed_schema_validates_briefs(run: Run, article: Path) -> None:
    schema = json.loads(run("schema").stdout)
    brief = json.loads(run("brief", article, "-f", "json", *BUILTIN).stdout)
    jsonschema.Draft202012Validator(schema).validate(brief)


def test_version_option_prints_the_version(run: Run) -> None:
    result = run("--version")
    assert (result.exit_code, result.stdout) == (0, f"summarizer {__version__}\n")


# Messages


def test_help_is_shown_without_arguments(run: Run) -> None:
    result = run()
    assert "Usage:" in result.output
    assert "schema" in result.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("brief", "x.txt", "--bogus"),
        ("brief",),
        ("summarise",),
        ("brief", "x.txt", "--format", "html5"),
        ("brief", "x.txt", "--chunk-tokens", "0"),
        ("brief", "x.txt", "--repairs", "-1"),
    ],
)
def test_wrong_usage_exits_with_2(run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Usage:" in result.stderr
    assert result.stdout == ""


def test_missing_model_is_one_warning_that_names_the_option_to_silence_it(run: Run, article: Path) -> None:
    (line,) = run("brief", article).stderr.splitlines()
    assert line.endswith("the built-in engine is used. Set --model builtin to silence this warning.")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty."),
        (b" \n\t\n", "contains only white space"),
        (b"{\\rtf1 It sank.}", "is a rich-text document, not an article. Save it as plain text first"),
        (b"\x89PNG\r\n", "is a picture, not an article."),
        (b"SQLite format 3\0" + bytes(84), "is a database, not an article. A store is for summarizer show"),
        (b'{"schema_version":1,"article":{', "is a brief, not an article. summarizer show displays it."),
        (b'{\n  "schema_version": 1,', "is a brief, not an article."),
        (bytes(range(256)) * 4, "is binary, not text."),
        (b"Sign up for our newsletter.\n\nPHOTO: REUTERS\n", ""),
    ],
)
def test_file_without_an_article_is_a_one_line_error(run: Run, article: Path, data: bytes, message: str) -> None:
    article.write_bytes(data)
    assert message in one_line(run("brief", article, *BUILTIN))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            "missing.txt",
            "There is no file “missing.txt”. Name a file or an address (https://…), or - to read standard input.",
        ),
        ("He said that. " * 400, "…”. Name a file or an address (https://…), or - to read standard input."),
    ],
)
def test_source_that_is_not_a_file_is_a_one_line_error(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert message in one_line(run("brief", source, *BUILTIN))


def test_escape_sequences_in_names_do_not_reach_the_terminal(run: Run) -> None:
    assert one_line(run("brief", "a\x1b[31m\nb")).startswith("There is no file “a[31m b”.")


@pytest.mark.parametrize("name", ["nowhere", "empty", "other.md"])
def test_invalid_prompts_are_a_one_line_error(run: Run, article: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "other.md").write_text("+++\n+++\n")
    assert str(tmp_path / name) in one_line(run("brief", article, "--prompts", tmp_path / name, *BUILTIN))


def test_chunk_tokens_below_a_sentence_are_a_one_line_error(
    run: Run, article: Path, answers: Callable[..., None]
) -> None:
    answers(lambda _: json.dumps(EMPTY_REPLY))
    assert "token" in one_line(run("brief", article, "--chunk-tokens", "3"))


def test_missing_key_is_a_one_line_error(run: Run, article: Path) -> None:
    assert "OPENAI_API_KEY" in one_line(run("brief", article, "--model", "gpt-x"))


def test_refused_connection_is_a_one_line_error(run: Run, article: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def pause(_: float) -> None:
        pass

    monkeypatch.setattr("summarizer.models.retry.sleep", pause)
    with closed_port() as port:
        monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{port}/v1")
        line = one_line(run("brief", article, "--model", "tiny"))
    assert f"127.0.0.1:{port}/v1 refuses connections after 2 attempts" in line


def test_model_error_is_a_one_line_error(run: Run, article: Path, answers: Callable[..., None]) -> None:
    answers(lambda _: ModelError("The server\nis on fire.", hint="Call somebody."))
    assert one_line(run("brief", article)) == f"The server is on fire. Call somebody. ({article})"


def test_bug_in_the_library_is_a_one_line_error(run: Run, article: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("summarizer.pipeline.measure_coverage", broken)
    assert one_line(run("brief", article, *BUILTIN)) == (
        "ZeroDivisionError: oh. This is a bug in summarizer; --debug shows the traceback."
    )


def test_debug_shows_the_traceback() -> None:
    process = start("brief", "missing.txt", "--debug")
    _, error = process.communicate(timeout=HOLD)
    assert process.returncode == 1
    assert error.startswith(b"Traceback")
    assert b"ArticleError" in error


def test_partial_brief_is_shown_and_reported(run: Run, article: Path, answers: Callable[..., None]) -> None:
    article.write_text("\n\n".join(f"The town council met for the {number}th time, she said." for number in range(40)))
    replies = iter([ServerFailed("The server broke.")])
    answers(lambda _: next(replies, json.dumps(EMPTY_REPLY)))
    result = run("brief", article, "--chunk-tokens", "300", "-f", "json")
    assert result.exit_code == 3, result.output
    failed = Brief.model_validate_json(result.stdout).coverage.failed
    assert [chunk.error for chunk in failed] == ["The server broke."]
    (line,) = result.stderr.splitlines()
    assert line.startswith("summarizer: done in part: Requests about ")


def test_budget_reached_before_the_first_reply_is_a_failure(
    run: Run, article: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(CallbackModel):
        async def complete(self, request: Request) -> Reply:
            await asyncio.sleep(HOLD)
            return Reply("")

    monkeypatch.setattr("summarizer.client.resolve_model", lambda _: Slow(lambda _: Reply("")))
    result = run("brief", article, "--max-seconds", "0.01")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "The budget of 0.01 seconds is reached. No reply came before that" in result.stderr


# In a separate process


@pytest.mark.slow
@pytest.mark.parametrize("form", ["terminal", "json", "markdown", "html"])
def test_closed_standard_output_ends_the_command_quietly(article: Path, form: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = start("brief", article, "-f", form, *BUILTIN, stdout=writer)
    os.close(writer)
    _, error = process.communicate(timeout=HOLD)
    assert (process.returncode, error) == (1, b"")


@pytest.mark.slow
def test_output_has_no_colour_or_spinner_without_a_terminal(article: Path) -> None:
    output, error = start("brief", article).communicate(timeout=HOLD)
    assert b"\x1b" not in output + error
    assert len(error.splitlines()) == 1
    assert not any(line.endswith(b" ") for line in output.splitlines())


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are of Unix")
@pytest.mark.parametrize(("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_terminal_output_has_colour_unless_no_color_is_set(
    article: Path, environment: dict[str, str], coloured: bool
) -> None:
    master, slave = os.openpty()
    process = start("brief", article, *BUILTIN, stdout=slave, env={"TERM": "xterm", **environment})
    os.close(slave)
    output = everything(master)
    process.communicate(timeout=HOLD)
    assert b"Anna Berg" in output
    assert (b"\x1b" in output) is coloured


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are of Unix")
def test_spinner_on_standard_error_keeps_json_pure(article: Path) -> None:
    master, slave = os.openpty()
    process = start("brief", article, "-f", "json", *BUILTIN, stderr=slave, env={"TERM": "xterm"})
    os.close(slave)
    spinner = everything(master)
    output, _ = process.communicate(timeout=HOLD)
    assert "Reading …".encode() in spinner
    Brief.model_validate_json(output)


def everything(terminal: int) -> bytes:
    """Read a pseudo-terminal until its other side is closed."""
    pieces = []
    try:
        while piece := os.read(terminal, 1 << 16):
            pieces.append(piece)
    except OSError:  # raised by Linux when the other side is closed
        pass
    os.close(terminal)
    return b"".join(pieces)


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [("brief",), ("--help",), ("schema",)])
def test_ascii_output_replaces_other_characters(article: Path, arguments: tuple[str, ...]) -> None:
    metadata = (*arguments, article, *BUILTIN) if arguments == ("brief",) else arguments
    process = start(*metadata, env={"PYTHONIOENCODING": "ascii"})
    output, error = process.communicate(timeout=HOLD)
    assert (process.returncode, error) == (0, b"")
    if arguments == ("brief",):
        assert b'"The bridge must go," said Ms Anna Berg' in output


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals are of Unix")
@pytest.mark.usefixtures("interruptible")
def test_interrupt_ends_the_command_at_once_with_one_line(article: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(HOLD)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        process = start("brief", article, "--model", "tiny", env={"OPENAI_BASE_URL": url})
        connection, _ = server.accept()  # now it waits for an answer
        with connection:
            connection.recv(1 << 16)
            process.send_signal(signal.SIGINT)
            with ends_early():
                output, error = process.communicate(timeout=HOLD)
    assert (process.returncode, output, error.splitlines()) == (130, b"", [b"summarizer: interrupted."])


ENDLESS = """
import time, summarizer.pipeline
summarizer.pipeline.read = lambda *_, **__: (print("reading", flush=True), time.sleep(300))
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals are of Unix")
@pytest.mark.usefixtures("interruptible")
def test_interrupt_does_not_wait_for_a_long_article(article: Path) -> None:
    process = start("brief", article, *BUILTIN, before=ENDLESS)
    assert process.stdout is not None
    assert process.stdout.readline() == b"reading\n"
    process.send_signal(signal.SIGINT)
    with ends_early():
        _, error = process.communicate(timeout=HOLD)
    assert (process.returncode, error) == (130, b"summarizer: interrupted.\n")


# Check of the statements


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Return the names that models are resolved by; every name is one model of its own."""
    asked: list[object] = []

    def resolve(name: str | None, *_: object, **__: object) -> CallbackModel:
        asked.append(name)
        return CallbackModel(
            replies_for(TWO_VOICES, positions=[("Anna Berg", "must go", "agrees")]), name=name or "main"
        )

    monkeypatch.setattr("summarizer.client.resolve_model", resolve)
    return asked


@pytest.mark.parametrize(
    ("arguments", "verifier"),
    [
        (["{file}", "--verify"], "main"),
        (["--verify", "{file}"], "main"),
        (["{file}", "--verify", "--full"], "main"),
        (["{file}", "--verify", "large"], "large"),
        (["--verify=large", "{file}"], "large"),
        (["--verify", "large", "{file}"], "large"),
        (["{file}"], None),
    ],
)
def test_verify_names_a_model_or_uses_the_same(
    run: Run, article: Path, names: list[object], arguments: list[str], verifier: str | None
) -> None:
    article.write_text(TWO_VOICES, encoding="utf-8")
    result = run("brief", *(word.format(file=article) for word in arguments), "--format", "json")
    assert result.exit_code == 0, result.output
    brief = Brief.model_validate_json(result.stdout)
    assert brief.provenance.verified_by == verifier
    assert {position.checks.support for position in brief.positions} == {"supported" if verifier else "unflagged"}
    assert names == [None, verifier] if verifier == "large" else [None]


@pytest.mark.parametrize("command", ["brief", "estimate"])
def test_verify_with_the_builtin_engine_is_an_error_that_says_why(run: Run, article: Path, command: str) -> None:
    message = one_line(run(command, article, *BUILTIN, "--verify"))
    assert message.startswith(
        "Verification does not work with the built-in engine: its statements are the article's own words."
    )


def test_the_article_is_never_replaced_by_its_brief(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<p>“The bridge must go,” said Ann Berg.</p>", encoding="utf-8")
    result = run("brief", path, "--model", "builtin", "-o", path)
    assert result.exit_code == 1
    assert "would be replaced" in result.stderr
    assert path.read_text(encoding="utf-8").startswith("<p>")
