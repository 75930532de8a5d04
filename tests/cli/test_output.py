"""JSON Lines files: complete lines, sorted, replaced at the end, locked while written."""

import errno
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from summarizer.cli.output import JSONLinesWriter
from summarizer.errors import ConfigurationError
from tests.cli.conftest import Run


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "out.jsonl"


class Full:
    """A file on a disk that takes a limited number of bytes."""

    def __init__(self, file: Any, room: int) -> None:
        self._file, self._room = file, room

    def write(self, data: Any) -> int:
        if not self._room:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = self._file.write(data[: self._room])
        self._room -= written
        return int(written)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def test_full_disk_leaves_complete_lines_only(path: Path) -> None:
    with JSONLinesWriter(path) as lines:
        lines._file = Full(lines._file, room=10)  # type: ignore[assignment]
        lines.write("12345", 0)
        with pytest.raises(ConfigurationError, match="No space left on device"):
            lines.write("67890", 0)
        assert lines.finish(complete=False) == path
    assert path.read_text() == "12345\n"


def test_short_writes_are_continued(path: Path) -> None:
    class Slow(Full):
        def write(self, data: Any) -> int:
            return int(self._file.write(data[:3]))

    with JSONLinesWriter(path) as lines:
        lines._file = Slow(lines._file, 0)  # type: ignore[assignment]
        lines.write("0123456789", 0)
        lines.finish(complete=True)
    assert path.read_text() == "0123456789\n"


def test_earlier_file_is_replaced_at_the_end(path: Path) -> None:
    path.write_text("before\n")
    with JSONLinesWriter(path) as lines:
        lines.write("now", 0)
        assert path.read_text() == "before\n"
        lines.finish(complete=True)
    assert path.read_text() == "now\n"
    assert list(path.parent.iterdir()) == [path]


def test_leftover_of_a_killed_process_is_overwritten(path: Path) -> None:
    path.with_name("out.jsonl.part").write_text('{"half a li')
    with JSONLinesWriter(path) as lines:
        lines.write("{}", 0)
        lines.finish(complete=True)
    assert path.read_text() == "{}\n"


@pytest.mark.skipif(sys.platform == "win32", reason="the system itself keeps others out there")
def test_file_locked_by_another_process_is_an_error(path: Path) -> None:
    with JSONLinesWriter(path) as lines:
        lines.write("1", 0)
        with pytest.raises(ConfigurationError, match="another process"):
            JSONLinesWriter(path)
        lines.write("2", 0)
        lines.finish(complete=True)
    assert path.read_text() == "1\n2\n"


@pytest.mark.skipif(sys.platform == "win32", reason="links take a right there")
def test_symbolic_link_stays_a_link(path: Path) -> None:
    target = path.with_name("target.jsonl")
    path.symlink_to(target)
    with JSONLinesWriter(path) as lines:
        lines.write("1", 0)
        lines.finish(complete=True)
    assert path.is_symlink()
    assert target.read_text() == "1\n"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such pipes")
def test_named_pipe_is_written_in_place(path: Path) -> None:
    os.mkfifo(path)
    got: list[str] = []
    reading = threading.Thread(target=lambda: got.append(path.read_text()))
    reading.start()
    with JSONLinesWriter(path) as lines:
        lines.write("1", 0)
        lines.finish(complete=True)
    reading.join()
    assert got == ["1\n"]
    assert list(path.parent.iterdir()) == [path]


def test_lone_surrogate_is_escaped(path: Path) -> None:
    name = "caf\udce9.txt"
    with JSONLinesWriter(path) as lines:
        lines.write(json.dumps({"source": name}, ensure_ascii=False), 0)
        lines.finish(complete=True)
    assert json.loads(path.read_text(encoding="utf-8")) == {"source": name}


def test_lines_are_sorted_by_number(path: Path) -> None:
    with JSONLinesWriter(path) as lines:
        for number in (2, 0, 1):
            lines.write(f"line {number}", number)
        assert lines.part.read_text() == "line 2\nline 0\nline 1\n"
        lines.finish(complete=True)
    assert path.read_text() == "line 0\nline 1\nline 2\n"
    assert sorted(each.name for each in path.parent.iterdir()) == [path.name]


@pytest.mark.parametrize("command", ["brief", "show", "evaluate"])
def test_dash_stands_for_standard_output(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("article.txt").write_text("The bridge\n\n“It is too late,” said Anna Berg.", encoding="utf-8")
    run("brief", "article.txt", "--model", "builtin", "-o", "brief.json")
    brief = ("article.txt", "--model", "builtin")
    arguments = {"brief": brief, "show": ("brief.json",), "evaluate": ("--from", "brief.json")}[command]
    result = run(command, *arguments, "-o", "-")
    assert (result.exit_code, "too late" in result.stdout, Path("-").exists()) == (0, True, False), result.output


def test_batch_writes_no_file_called_dash(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("batch", "article.txt", "--model", "builtin", "-o", "-")
    assert (result.exit_code, "/dev/stdout is standard output" in result.stderr) == (2, True)


@pytest.mark.parametrize("command", ["show", "evaluate", "dossier"])
def test_advice_on_a_file_that_is_no_brief_names_it_and_a_command(run: Run, tmp_path: Path, command: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text("{}", encoding="utf-8")
    result = run(command, *(["--from"] if command == "evaluate" else []), path)
    assert (result.exit_code, str(path) in result.stderr) == (1, True)
    assert "Write briefs with summarizer brief --format json." in result.stderr
    assert "model_dump_json" not in result.stderr


@pytest.mark.parametrize("command", ["show", "search", "doctor", "schema"])
def test_all_commands_take_quiet(run: Run, command: str) -> None:
    assert "--quiet" in run(command, "--help").stdout


def test_quiet_doctor_shows_only_what_is_not_ok(run: Run) -> None:
    result = run("doctor", "--model", "builtin", "--quiet")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "NOT" in run("doctor", "--model", " ", "--quiet").stdout
