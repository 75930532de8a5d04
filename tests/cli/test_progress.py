"""The counts and the bar of a batch."""

import io
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from summarizer import ModelError, Outcome
from summarizer.cli import progress
from summarizer.cli.progress import MAX_REASONS, BatchProgress, show_state
from summarizer.usage import Usage

ROOT = Path(__file__).parent.parent.parent


def test_progress_line_has_counts_rate_tokens_and_time_left() -> None:
    counts = BatchProgress(total=10, started=time.monotonic() - 60)
    counts.add(Outcome(0, "a", usage=Usage(900, 0, 100)), "a.txt")
    counts.add(Outcome(1, "b", stored=True), "b.txt")
    counts.add(Outcome(2, "c", error=ModelError("It broke.")), "c.txt")
    assert str(counts) == "2 of 10 done (1 before), 1 failed, 2 a minute, 1,000 tokens, 4 min left"


def test_summary_lists_the_most_frequent_reasons_of_failure() -> None:
    counts = BatchProgress(total=None)
    for n in range(50):
        counts.add(Outcome(n, "", error=ModelError(f"{n} cannot be read.")), f"{n}.txt")
        counts.add(Outcome(n, "", error=ModelError("It broke.")), f"{n}.md")
    output = list(counts.summary())
    assert output[1] == "50 × It broke. (0.md, 1.md, 2.md and 47 more)"
    assert (len(output), output[-1]) == (2 + MAX_REASONS, "41 × other reasons.")


def test_state_is_printed_at_each_change_and_each_minute_without_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repeated = []

    @contextmanager
    def repeat(function: Callable[[], object], interval: float) -> Iterator[None]:
        repeated.append((function, interval))
        yield

    monkeypatch.setattr(progress, "_repeat", repeat)
    with show_state() as show:
        ((tick, interval),) = repeated
        tick()
        for state in ("1 of 3 done", "1 of 3 done", "2 of 3 done"):
            show(state)
        tick()
    assert interval == 60
    assert capsys.readouterr().err.splitlines() == [f"summarizer: {n} of 3 done" for n in (1, 2, 2)]


def test_words_of_a_server_are_no_markup_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.StringIO()
    monkeypatch.setattr(shown, "isatty", lambda: True)
    monkeypatch.setattr("sys.stderr", shown)
    monkeypatch.setenv("TERM", "xterm")
    with show_state() as show:
        show("[Errno 111] from [/v1/files]")
    assert "[Errno 111] from [/v1/files]" in shown.getvalue()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
@pytest.mark.parametrize("columns", [40, 80])
def test_progress_bar_is_complete_on_narrow_terminals(columns: int) -> None:
    import pty

    main, other = pty.openpty()
    command = [sys.executable, "-c", PROGRAM, str(columns)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": str(columns)}
    with subprocess.Popen(command, env=environment, stderr=other) as running:
        os.close(other)
        output = b""
        try:
            while more := os.read(main, 10_000):
                output += more
        except OSError:  # raised by some systems at the end
            pass
    os.close(main)
    assert running.returncode == 0, output
    shown = " ".join(re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", output).decode().split())
    for part in ("12 failed", "tokens", "left"):
        assert part in shown


PROGRAM = """
import time
from summarizer.cli.progress import BatchProgress, show_progress
from summarizer.usage import Usage
usage = Usage(12_345_678, 0, 0)
progress = BatchProgress(total=10_000, done=1204, stored=306, usage=usage, started=time.monotonic() - 60)
progress.failed["It broke."] = ["a.txt"] * 12
with show_progress(progress) as update:
    update()
"""
