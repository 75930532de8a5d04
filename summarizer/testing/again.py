"""How a cassette is recorded again, as somebody types it where the test was run."""

import contextlib
import os
import shlex
from pathlib import Path


def record_again(path: Path, what: str = "To record it again:", mode: str = "all") -> str:
    """``what``, and the command that records so; without pytest, the call."""
    test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
    if test:
        return f"{what} pytest --cassettes={mode} {shlex.quote(_from_here(test))}"
    return f'{what} cassette("{path}", record="{mode}")'


def _from_here(test: str) -> str:
    """A test's name, which begins with its file as the root of its project has it, from where pytest was started."""
    file, colons, name = test.partition("::")
    with contextlib.suppress(OSError):  # a folder that is no more
        here = Path.cwd()
        for folder in (here, *here.parents):
            if (folder / file).is_file():
                return f"{os.path.relpath(folder / file)}{colons}{name}"
    return test
