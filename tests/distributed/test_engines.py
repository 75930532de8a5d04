"""The same callable in Dask and in Daft."""

import json
from importlib.util import find_spec

import pytest

from tests.distributed.drivers import run_driver

pytestmark = pytest.mark.slow
HEAD = """
import json, sys
from summarizer.distributed import BriefBatch

if __name__ == "__main__":
    batch = BriefBatch(model="builtin", concurrency=4)
    texts = [f"\\u201cBridge {n} must go,\\u201d said Anna Berg, the engineer." for n in range(20)]
    texts[7] = None
    rows = {"id": list(range(20)), "text": texts}
"""
DASK = (
    HEAD
    + """
    import dask, dask.dataframe, pandas
    frame = dask.dataframe.from_pandas(pandas.DataFrame(rows), npartitions=5)
    briefs = frame.map_partitions(batch, meta=batch(frame._meta))
    with dask.config.set(scheduler=sys.argv[1], num_workers=2):
        result = briefs.compute()
    assert list(result.dtypes.astype(str)) == list(briefs.dtypes.astype(str))
    result = result.astype(object).where(result.notna(), None).to_dict("list")
    print(json.dumps([result["id"], result["brief"], result["error"]]))
"""
)
DAFT = (
    HEAD
    + """
    import daft
    from daft import DataType

    RESULT = DataType.struct({
        "brief": DataType.string(), "error": DataType.string(),
        "tokens": DataType.int64(), "seconds": DataType.float64(),
    })

    @daft.func.batch(return_dtype=RESULT, unnest=True, batch_size=4)
    def summarize(id: daft.Series, text: daft.Series):
        result = batch({"id": id.to_pylist(), "text": text.to_pylist()})
        return [{name: result[name][row] for name in ("brief", "error", "tokens", "seconds")} for row in range(len(id))]

    frame = daft.from_pydict(rows)
    result = frame.select("id", summarize(frame["id"], frame["text"])).sort("id").to_pydict()
    print(json.dumps([result["id"], result["brief"], result["error"]]))
"""
)


@pytest.mark.parametrize(
    ("program", "package", "arguments"),
    [
        pytest.param(DASK, "dask", ["threads"], id="dask-threads"),
        pytest.param(DASK, "dask", ["processes"], id="dask-processes"),
        pytest.param(DAFT, "daft", [], id="daft"),
    ],
)
def test_engine_makes_the_briefs_and_keeps_the_error_of_a_row(program: str, package: str, arguments: list[str]) -> None:
    if not find_spec(package):
        pytest.skip(f"{package} is not installed: pip install '.[{package}]'")
    with run_driver(program, *arguments) as driver:
        numbers, briefs, errors = json.loads(driver.wait().splitlines()[-1])
    assert numbers == list(range(20))
    assert [number for number, brief in enumerate(briefs) if brief is None] == [7]
    assert all(json.loads(brief)["holders"][0]["name"] == "Anna Berg" for brief in briefs if brief)
    assert [error for error in errors if error] == ["ArticleError: The row has no text. (row 7)"]
