"""One call uses few files and short stacks: this keeps the code easy to follow."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAX_FILES, MAX_DEPTH = 85, 26


def measurements() -> dict[str, tuple[int, int]]:
    """Return the files and the depth of a call, by model."""
    script = ROOT / "benchmarks" / "call_depth.py"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.run([sys.executable, script], env=environment, capture_output=True, text=True, check=True)
    table = process.stdout.split("\n\n")[0].splitlines()[1:]
    return {name: (int(files), int(depth)) for name, files, depth in map(str.split, table)}


@pytest.mark.slow
def test_call_uses_few_files_and_short_stacks() -> None:
    measured = measurements()
    assert measured.keys() >= {"builtin", "OpenAIModel"}
    assert max(files for files, _ in measured.values()) <= MAX_FILES
    assert max(depth for _, depth in measured.values()) <= MAX_DEPTH
