"""One call uses few files and short stacks: this keeps the code easy to follow."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAX_FILES, MAX_DEPTH = 84, 26


@cache
def measurements() -> dict[str, tuple[int, int]]:
    """Return the files and the depth of a call, by model."""
    script = ROOT / "benchmarks" / "call_depth.py"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.run([sys.executable, script], env=environment, capture_output=True, text=True, check=True)
    table = process.stdout.split("\n\n")[0].splitlines()[1:]
    return {name: (int(files), int(depth)) for name, files, depth in map(str.split, table)}


@pytest.mark.slow
@pytest.mark.parametrize("model", ["builtin", "OpenAIModel"])
def test_call_uses_few_files(model: str) -> None:
    assert measurements()[model][0] <= MAX_FILES


@pytest.mark.slow
@pytest.mark.parametrize("model", ["builtin", "OpenAIModel"])
def test_call_has_short_stacks(model: str) -> None:
    assert measurements()[model][1] <= MAX_DEPTH
