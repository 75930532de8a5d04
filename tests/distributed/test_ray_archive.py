"""The example that makes the briefs of an archive with Ray."""

from importlib.util import find_spec
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.distributed.drivers import ROOT, run_driver

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not find_spec("ray"), reason="Ray is not installed: pip install '.[ray]'"),
]
EXAMPLE = ROOT / "examples" / "ray_archive.py"
RUN = """
import os, runpy, sys
import ray
init = ray.init
ray.init = lambda **options: init(
    num_cpus=2, object_store_memory=100_000_000, _temp_dir=os.environ["RAY_FOLDER"], **options
)
sys.argv = sys.argv[1:]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
except SystemExit as error:
    sys.exit(error.code)
"""


def test_example_writes_parquet_and_a_store_and_opens_a_dossier(tmp_path: Path) -> None:
    with run_driver(RUN, EXAMPLE, tmp_path, "--articles", 60) as driver:
        lines = driver.wait().splitlines()
    assert lines[-4] == "60 articles, 0 failed"
    assert {line.partition(":")[0].strip() for line in lines[-3:]} == {"Anna Berg", "Tomas Lind", "Ines Moreau"}
    assert sum(pq.read_metadata(path).num_rows for path in (tmp_path / "briefs").glob("*.parquet")) == 60
