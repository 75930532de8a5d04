"""Make the briefs of a dataset of Ray Data, in actors that can be killed at any moment."""

import hashlib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer._lazy import import_extra
from summarizer.distributed.brief_batch import RESULT_COLUMNS, BriefBatch, ModelDescription
from summarizer.errors import ConfigurationError
from summarizer.models import Model, check_number

if TYPE_CHECKING:
    from ray.data import Dataset

_import = partial(import_extra, extra="ray", subject="Datasets of Ray")
ray = _import("ray")
_import("ray.data")

ROWS_PER_SLOT = 8
"""The default rows of a batch for each article in progress at once."""
CALLS_AT_ONCE = 2
"""Batches that an actor works on, so that the last articles of one do not leave the model idle."""
_RESERVED = {"num_cpus", "compute", "batch_size", "batch_format", "fn_constructor_args", "concurrency"}
READING_CPUS = 1.0
"""The CPUs of a task that reads or writes. If actors hold all of them, Ray waits forever (its issue 44687)."""
DIGEST_BYTES, _DIGESTS = 16, "S16"
"""The length of an id's hash: two of 100 million ids are the same with a probability of 10⁻²³."""
FILES_AT_ONCE = 4  # each may be in memory as a whole
UNREADABLE = "_unreadable-"
"""The prefix of a file that a killed writer left unfinished. Readers of Parquet folders skip the underscore."""


def summarize_dataset(
    dataset: "Dataset",
    *,
    model: ModelDescription,
    store: str | Path | None = None,
    done: str | Path | None = None,
    workers: int | tuple[int, int] | None = None,
    cpus: float = 0.5,
    concurrency: int = 16,
    batch_size: int | None = None,
    requests_per_minute: float | None = None,
    tokens_per_minute: float | None = None,
    ray_options: Mapping[str, Any] | None = None,
    **options: Any,
) -> "Dataset":
    """Add the columns of `BriefBatch` to a dataset. It is lazy: the work starts when its rows are used.

        articles = ray.data.read_parquet("articles")
        briefs = summarize_dataset(articles, model="gpt-5.4-mini", store="briefs.db", done="briefs")
        briefs.write_parquet("briefs")

    Run again after a kill, this continues: rows in the folder are left out, and stored briefs and replies are used.

    Args:
        dataset: Rows with the columns that `BriefBatch` describes.
        model: As in `BriefBatch`. The limits of a description apply to each worker.
        store: The path of a store on each machine. The workers of a machine share it.
        done: A folder of Parquet files with earlier results. Its rows are left out of the dataset by their id. Rows
            that failed are removed from its files now, and done again. An unfinished file is renamed.
        workers: The number of actors, or the smallest and the largest number for a cluster that grows. By default
            they take half of the CPUs.
        cpus: The CPUs that an actor reserves.
        concurrency: Articles in progress at once in a batch, and requests at once in a worker (at least 16). A worker
            has two batches at once.
        batch_size: Rows of a batch, by default 8 times ``concurrency``. If a worker dies without a store, the rows of
            its two batches are done again.
        requests_per_minute: The limit of all workers together; each has an equal part.
        tokens_per_minute: Like ``requests_per_minute``.
        ray_options: Further arguments of ``Dataset.map_batches``, such as ``resources`` or ``memory``.
        options: Further options of `BriefBatch`.

    Raises:
        ConfigurationError: An option has an invalid value, or the actors would leave no CPU to read rows.
    """
    check_number("cpus", cpus, "a number from 0 on, such as 0.5", least=0)
    least, most = _pool_size(workers, cpus)
    if batch_size is not None:
        check_number("batch_size", batch_size, "a whole number from 1 on", whole=True, least=1)
    if reserved := sorted(_RESERVED & set(ray_options or ())):
        raise ConfigurationError(
            f"ray_options cannot hold {reserved[0]}.", hint="cpus is the argument for it; the others are set here."
        )
    limits = {"requests_per_minute": requests_per_minute, "tokens_per_minute": tokens_per_minute}
    batch = BriefBatch(model=_divide(model, limits, most), store=store, concurrency=concurrency, **options)
    rows: Dataset = dataset
    if done is not None:
        column = (options.get("columns") or {}).get("id", "id")
        rows = rows.map_batches(_left_out(_read_done(done, column), column), batch_format="pyarrow", batch_size=None)
    rows = rows.repartition(target_num_rows_per_block=batch_size or ROWS_PER_SLOT * concurrency)
    return _map_in_actors(rows, batch, (least, most), num_cpus=cpus, **(ray_options or {}))


def _map_in_actors(rows: "Dataset", batch: BriefBatch, numbers: tuple[int, int], **options: Any) -> "Dataset":
    """Return the rows with their briefs, which a number of actors between two make, a block at a time."""
    pool = ray.data.ActorPoolStrategy(
        min_size=numbers[0],
        max_size=numbers[1],
        max_tasks_in_flight_per_actor=2 * CALLS_AT_ONCE,
        max_concurrent_calls_per_actor=CALLS_AT_ONCE,
        enable_true_multi_threading=True,
    )
    briefs: Dataset = rows.map_batches(
        _Worker, fn_constructor_args=(batch,), batch_format="pyarrow", batch_size=None, compute=pool, **options
    )
    return briefs


class _Worker:
    """The state of an actor."""

    def __init__(self, batch: BriefBatch) -> None:
        self._batch = batch

    def __call__(self, table: Any) -> Any:
        return self._batch(table)

    def __del__(self) -> None:  # Ray Data deletes it when the dataset is done
        with suppress(Exception):
            self._batch.close()


def _pool_size(workers: int | tuple[int, int] | None, cpus: float) -> tuple[int, int]:
    """Return the smallest and the largest number of actors."""
    nodes = [node for node in ray.nodes() if node["Alive"]] if ray.is_initialized() else []
    total = sum(node["Resources"].get("CPU", 0.0) for node in nodes)
    if workers is None:
        workers = max(1, int(total / 2 / cpus)) if cpus and total else 2
    numbers = workers if isinstance(workers, tuple) else (workers, workers)
    if len(numbers) != 2 or not all(type(number) is int for number in numbers) or not 1 <= numbers[0] <= numbers[1]:
        raise ConfigurationError(f"workers cannot be {workers!r}.", hint="Give a number, or two in order: (2, 50).")
    least, most = numbers
    if len(nodes) == 1 and total - least * cpus < READING_CPUS:
        raise ConfigurationError(
            f"{least} workers with {cpus:g} CPUs each leave less than one of {total:g} CPUs to read and write rows; "
            "Ray would wait forever.",
            hint="Set workers or cpus lower.",
        )
    return least, most


def _divide(model: ModelDescription, limits: Mapping[str, float | None], workers: int) -> ModelDescription:
    """Return a description of the model with each worker's part of the limits of all."""
    parts = {name: limit / workers for name, limit in limits.items() if limit is not None}
    if not parts:
        return model
    if isinstance(model, Model):
        name = min(parts)
        raise ConfigurationError(f"{name} has no effect on a model object.", hint='Describe the model: {"name": …}.')
    described = {"name": model} if isinstance(model, str) else dict(model)
    return described | {name: min(part, described.get(name) or part) for name, part in parts.items()}


def _left_out(done: Any, column: str) -> Any:
    """Return a function that leaves the rows with these ids out of a table. Workers share the hashes in memory."""
    reference = ray.put(done)

    def leave_out(table: Any) -> Any:
        numpy = _import("numpy")
        if column not in table.column_names:
            raise ConfigurationError(
                f"The dataset has no column {column!r}, which done= needs.", hint='Name it: columns={"id": …}.'
            )
        known, ids = ray.get(reference), table.column(column).to_pylist()
        if None in ids:
            raise ConfigurationError(
                f"A row has no {column}, so done= cannot tell whether it is done.", hint="Give each row an id."
            )
        if not len(known) or not ids:
            return table
        digests = numpy.array(list(map(_digest, ids)), dtype=known.dtype)
        places = numpy.minimum(numpy.searchsorted(known, digests), len(known) - 1)
        return table.filter(known[places] != digests)

    return leave_out


def _digest(identifier: object) -> bytes:
    return hashlib.blake2b(str(identifier).encode(errors="surrogatepass"), digest_size=DIGEST_BYTES).digest()


def _read_done(folder: str | Path, column: str) -> Any:
    """Return the sorted hashes of the ids in a folder of results, after its failed rows were removed."""
    numpy = _import("numpy")
    filesystem, path = _open_filesystem(folder)
    with ThreadPoolExecutor(FILES_AT_ONCE) as pool:
        read = partial(_read_file, filesystem, column)
        parts = list(pool.map(read, _parquet_files(filesystem, path)))
    return numpy.sort(numpy.concatenate([numpy.array([], _DIGESTS), *parts]))


def _open_filesystem(folder: str | Path) -> tuple[Any, str]:
    """Return the file system of a path or an address, and the path in it."""
    fs = _import("pyarrow.fs")
    if "://" in str(folder):
        filesystem, path = fs.FileSystem.from_uri(str(folder))
        return filesystem, path
    return fs.LocalFileSystem(), str(Path(folder).absolute())


def _parquet_files(filesystem: Any, folder: str) -> Iterator[str]:
    fs = _import("pyarrow.fs")
    for info in filesystem.get_file_info(fs.FileSelector(folder, recursive=True, allow_not_found=True)):
        if info.is_file and info.extension == "parquet" and not info.base_name.startswith(("_", ".")):
            yield info.path


def _read_file(filesystem: Any, column: str, path: str) -> Any:
    """Return an array of the hashes of the ids in a file after its failed rows were removed."""
    numpy, arrow, compute = _import("numpy"), _import("pyarrow"), _import("pyarrow.compute")
    parquet = _import("pyarrow.parquet")
    folder, _, name = path.rpartition("/")
    try:
        with parquet.ParquetFile(path, filesystem=filesystem) as file:
            missing = [each for each in (column, *RESULT_COLUMNS) if each not in file.schema_arrow.names]
            if missing:
                raise ConfigurationError(
                    f"{path} has no column {missing[0]!r}, so the folder does not hold results.",
                    hint="done= is the folder that the results are written to, not that of the articles.",
                )
            rows = file.read(columns=[column, "error"])
            failed = rows.column("error").is_valid()
            if rows.num_rows and compute.any(failed).as_py():
                kept = file.read().filter(compute.invert(failed))
                _replace(filesystem, path, f"{folder}/_{name}", kept)
                rows = kept
    except arrow.ArrowInvalid:  # no footer: its writer was killed
        filesystem.move(path, f"{folder}/{UNREADABLE}{name}")
        return numpy.array([], _DIGESTS)
    ids = rows.column(column).to_pylist()
    return numpy.array([_digest(identifier) for identifier in ids if identifier is not None], _DIGESTS)


def _replace(filesystem: Any, path: str, temporary: str, table: Any) -> None:
    """Replace a file by the rows of a table, or delete it if there are none."""
    if not table.num_rows:
        filesystem.delete_file(path)
        return
    _import("pyarrow.parquet").write_table(table, temporary, filesystem=filesystem)
    filesystem.move(temporary, path)
