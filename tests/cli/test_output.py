"""A file of outcomes: whole lines, in its place at the end, and one process's at a time."""

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


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "out.jsonl"


class Full:
    """A file on a disk that is full after so many bytes: what fits is written, as disks do."""

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


def test_a_line_that_the_disk_has_no_room_for_leaves_whole_lines(path: Path) -> None:
    with JSONLinesWriter(path) as lines:
        lines._file = Full(lines._file, room=10)  # type: ignore[assignment]
        lines.write("12345", 0)
        with pytest.raises(ConfigurationError, match="No space left on device"):
            lines.write("67890", 0)
        assert lines.finish(complete=False) == path
    assert path.read_text() == "12345\n"


def test_what_is_written_in_pieces_is_written_whole(path: Path) -> None:
    class Slow(Full):
        def write(self, data: Any) -> int:
            return int(self._file.write(data[:3]))

    with JSONLinesWriter(path) as lines:
        lines._file = Slow(lines._file, 0)  # type: ignore[assignment]
        lines.write("0123456789", 0)
        lines.finish(complete=True)
    assert path.read_text() == "0123456789\n"


def test_what_was_written_before_is_replaced_at_the_end_and_not_before(path: Path) -> None:
    path.write_text("before\n")
    with JSONLinesWriter(path) as lines:
        lines.write("now", 0)
        assert path.read_text() == "before\n"
        lines.finish(complete=True)
    assert path.read_text() == "now\n"
    assert list(path.parent.iterdir()) == [path]


def test_what_a_killed_process_left_is_begun_anew(path: Path) -> None:
    path.with_name("out.jsonl.part").write_text('{"half a li')
    with JSONLinesWriter(path) as lines:
        lines.write("{}", 0)
        lines.finish(complete=True)
    assert path.read_text() == "{}\n"


@pytest.mark.skipif(sys.platform == "win32", reason="the system itself keeps others out there")
def test_a_file_that_somebody_else_is_writing_is_left_to_them(path: Path) -> None:
    with JSONLinesWriter(path) as lines:
        lines.write("1", 0)
        with pytest.raises(ConfigurationError, match="another process"):
            JSONLinesWriter(path)
        lines.write("2", 0)
        lines.finish(complete=True)
    assert path.read_text() == "1\n2\n"


@pytest.mark.skipif(sys.platform == "win32", reason="links take a right there")
def test_a_link_stays_a_link(path: Path) -> None:
    target = path.with_name("target.jsonl")
    path.symlink_to(target)
    with JSONLinesWriter(path) as lines:
        lines.write("1", 0)
        lines.finish(complete=True)
    assert path.is_symlink()
    assert target.read_text() == "1\n"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such pipes")
def test_a_pipe_is_written_to_as_it_is(path: Path) -> None:
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


def test_half_a_character_in_a_name_is_json_all_the_same(path: Path) -> None:
    name = "caf\udce9.txt"
    with JSONLinesWriter(path) as lines:
        lines.write(json.dumps({"source": name}, ensure_ascii=False), 0)
        lines.finish(complete=True)
    assert json.loads(path.read_text(encoding="utf-8")) == {"source": name}


def test_lines_that_came_in_another_order_stand_in_that_of_their_numbers(path: Path) -> None:
    with JSONLinesWriter(path) as lines:
        for number in (2, 0, 1):
            lines.write(f"line {number}", number)
        assert lines.part.read_text() == "line 2\nline 0\nline 1\n"
        lines.finish(complete=True)
    assert path.read_text() == "line 0\nline 1\nline 2\n"
    assert sorted(each.name for each in path.parent.iterdir()) == [path.name]
