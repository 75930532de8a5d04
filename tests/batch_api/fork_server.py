"""Start the command many times without loading Python again: each run is a fork of one warm process."""

import importlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from signal import SIGCONT, SIGKILL

ROOT = Path(__file__).parent.parent.parent
LOADED = (
    "openai.resources.batches",
    "openai.resources.chat.completions",
    "openai.resources.files",
    "summarizer.batch_api.model",
    "summarizer.cli.batch",
    "summarizer.cli.sources",
    "summarizer.models.openai.batches",
    "summarizer.models.openai.client",
)


class ForkServer:
    """A process that has loaded everything, and forks for each run of the command."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.batch_api.fork_server", str(log)],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT), "TERM": "dumb"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, *arguments: object, environment: Mapping[str, str], last_line: int | None = None) -> "Run":
        """Start the command, after the last one has ended.

        With ``last_line``, it is killed at this line of the code that keeps the journal.
        """
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([last_line, dict(environment), list(map(str, arguments))]) + "\n")
        self._process.stdin.flush()
        return Run(int(self._process.stdout.readline()), self._process.stdout.readline)

    def close(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


class Run:
    """One run of the command."""

    def __init__(self, pid: int, read: Callable[[], str]) -> None:
        self.pid = pid
        self._read = read

    def kill(self) -> None:
        """Kill the process, unless it has ended."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, SIGKILL)

    def proceed(self) -> None:
        """Let the process go on after it was stopped."""
        os.kill(self.pid, SIGCONT)

    def wait(self) -> int:
        """Return the exit code, which is negative after a signal."""
        return os.waitstatus_to_exitcode(int(self._read()))


def _trace_lines(last_line: int) -> None:
    """Kill this process at the given line among those of the batches and of the store."""
    rooms = tuple(str(ROOT / "summarizer" / room) for room in ("batch_api", "store", "models/openai/batches"))
    seen = 0

    def trace_line(*_: object) -> object:
        nonlocal seen
        seen += 1
        if seen == last_line:
            os.kill(os.getpid(), SIGKILL)
        return trace_line

    def trace(frame: object, *_: object) -> object:
        return trace_line if frame.f_code.co_filename.startswith(rooms) else None  # type: ignore[attr-defined]

    threading.settrace(trace)  # type: ignore[arg-type]
    sys.settrace(trace)  # type: ignore[arg-type]


def _run(arguments: list[str], log: Path) -> int:
    from summarizer.cli import main

    with log.open("a", encoding="utf-8") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    sys.argv = ["summarizer", *arguments]
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    return 0


def _warm_up() -> None:
    """Load the lexicons, tables and packages that a brief takes. No thread is left that a fork would lack."""
    import asyncio

    from summarizer import Summarizer
    from summarizer.testing import CallbackModel, replies_for
    from tests.batch_api.scripted import long_article

    text = long_article(99, 12)
    asyncio.run(Summarizer(model=CallbackModel(replies_for(text)), context=4096, chunk_tokens=200).asummarize(text))
    assert threading.active_count() == 1


def _serve(log: Path) -> None:
    for name in LOADED:
        importlib.import_module(name)
    _warm_up()
    sys.modules["summarizer.batch_api.jobs"].LIST_DELAY = 0.0  # type: ignore[attr-defined]  # the server's list is exact
    for line in sys.stdin:
        last_line, environment, arguments = json.loads(line)
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                os.environ |= environment
                if last_line is not None:
                    _trace_lines(last_line)
                code = _run(arguments, log)
                sys.stdout.flush()
                sys.stderr.flush()
            finally:
                os._exit(code)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
        _, status = os.waitpid(pid, 0)
        sys.stdout.write(f"{status}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
