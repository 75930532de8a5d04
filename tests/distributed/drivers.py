"""Programs that use an engine, in processes of their own, which can be killed."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.timing import HOLD, wait_until

ROOT = Path(__file__).parent.parent.parent
QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_DEDUP_LOGS": "0",
    "DO_NOT_TRACK": "1",  # Daft
    "PYTHONPATH": str(ROOT),
    "OPENAI_API_KEY": "none",
    "PYTHONWARNINGS": "ignore",
}
START_RAY = """
import os, sys
import ray
ray.init(num_cpus=2, include_dashboard=False, object_store_memory=100_000_000, _temp_dir=os.environ["RAY_FOLDER"],
         configure_logging=False, log_to_driver=False)
from ray.data import DataContext
DataContext.get_current().enable_progress_bars = False
from summarizer.distributed.ray import summarize_dataset
"""


class Driver:
    """A running program."""

    def __init__(self, program: str, arguments: Sequence[object], folder: Path) -> None:
        self.folder, self.is_killed = folder, False
        home = folder / "home"  # Ray writes a token there
        home.mkdir(exist_ok=True)
        places = {"RAY_FOLDER": str(folder / "ray"), "HOME": str(home), "TMPDIR": str(folder)}
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("RAY_", "COV_"))}
        self.process = subprocess.Popen(
            [sys.executable, "-c", program, *map(str, arguments)],
            env=environment | QUIET | places,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def wait(self, timeout: float = HOLD) -> str:
        """Return the output at the end, which must be a success."""
        output, errors = self.process.communicate(timeout=timeout)
        assert self.process.returncode == 0, errors[-5000:]
        return output

    def kill(self) -> None:
        """Kill the program, and wait for the end of its actors. Ray's own agents may take a minute to notice."""
        self.is_killed = True
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate(timeout=HOLD)
        wait_until(lambda: not worker_processes(self.folder), interval=0.1)


@contextmanager
def run_driver(program: str, *arguments: object) -> Iterator[Driver]:
    """Start a program; at the end, check that it left no process, and end what remains of a killed one."""
    folder = Path(tempfile.mkdtemp(prefix="ray-", dir="/tmp" if os.name == "posix" else None))  # sockets: short paths
    driver = Driver(program, arguments, folder)
    try:
        yield driver
        wait_until(lambda: driver.is_killed or not processes_of(folder), interval=0.2)
    finally:
        driver.process.kill()
        driver.process.wait()
        kill_processes(folder)
        shutil.rmtree(folder, ignore_errors=True)


def kill_processes(folder: Path) -> None:
    """Kill the processes of the programs in a folder, and those that Ray starts meanwhile, until none is left."""
    while left := processes_of(folder):
        for number in left:
            with suppress(ProcessLookupError):  # it has just ended
                os.kill(number, signal.SIGKILL)
        time.sleep(0.05)


def processes_of(folder: Path) -> dict[int, str]:
    """Return the processes of the programs in a folder that still run, with their commands."""
    found = {}
    for status in Path("/proc").glob("[0-9]*"):
        try:
            command = (status / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            environment = (status / "environ").read_bytes()
        except OSError:  # it has ended, or belongs to another user
            continue
        if f"RAY_FOLDER={folder}".encode() in environment and command:
            found[int(status.name)] = command[:200]
    return found


def worker_processes(folder: Path) -> list[int]:
    """Return the actors of a program that make briefs."""
    return [number for number, command in processes_of(folder).items() if "MapWorker" in command]


def wait_while_it_runs(is_true: Callable[[], object], driver: Driver) -> None:
    """Wait until a condition holds while the program runs."""
    wait_until(lambda: is_true() or driver.process.poll() is not None)
    assert driver.process.poll() is None, driver.process.communicate()[1][-5000:]
