"""Make the briefs of a batch of rows: an Arrow table, a pandas frame or a dictionary of columns."""

import atexit
import hashlib
import json
import os
import pickle
import re
import shutil
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from summarizer._async import call_after_fork
from summarizer._patterns import compile_lazily
from summarizer._secrets import Redactor
from summarizer.article import Article
from summarizer.client import Summarizer, SummarizerOptions
from summarizer.codebook import as_codebook
from summarizer.errors import ArticleError, AuthenticationFailed, ConfigurationError, SummarizerError
from summarizer.models import BUILTIN, Model, OpenAIModel, resolve_model
from summarizer.outcome import Outcome
from summarizer.store import Store, is_running

BatchT = TypeVar("BatchT")
ModelDescription = str | Mapping[str, Any] | Model
"""A model's name; or a mapping of ``name`` and options of `OpenAIModel`; or a `Model` that can be pickled."""

RESULT_COLUMNS = ("brief", "error", "tokens", "seconds")
"""The columns that a batch gets."""
METADATA = ("title", "source", "author", "published", "language", "url", "site")
"""The optional columns of an article's metadata."""
_DEFAULT_COLUMNS = {name: name for name in ("text", "id", *METADATA)}
_LOCAL_OPTIONS = {"model", "store", "fetcher", "timeout", "deadline"}
_SECRETS = {"api_key": "OPENAI_API_KEY", "default_headers": "OPENAI_CUSTOM_HEADERS"}
"""Options that no pickle may hold, and the variables that workers read instead."""
_PASSWORD = compile_lazily(r"://[^@]*:[^@]*@|\b\w*(?:password|secret|token)\w*\s*=\s*[^&\s]", re.IGNORECASE)
"""The password of an address, before its host or in its query, or of libpq's form ``host=… password=…``."""
MAX_DEATHS = 2
"""Processes that died during a batch until its rows are tried one by one; then during a row until it is an error."""
_DEATHS = "summarizer-deaths-"
MAX_AGE = 7 * 24 * 3600.0
"""Seconds without an attempt after which the folder that counts a job's deaths is removed."""
_OBJECTS = ("client", "environ", "on_event")
DEFAULT_CONCURRENCY = 16
"""Articles at once in a worker, as many as the requests of an `OpenAIModel`."""
_summarizers: dict[tuple[int, str], Summarizer] = {}
"""The Summarizer of each BriefBatch in this process, by process id (a fork copies this) and key."""


class _Lock:
    """A lock that no thread of a parent process holds."""

    def __init__(self) -> None:
        self.reset_after_fork()
        call_after_fork(self)

    def reset_after_fork(self) -> None:
        self.lock = threading.Lock()


_opening = _Lock()


class BriefBatch:
    """A callable that makes the briefs of a batch of rows. Engines pickle it and call it in their workers.

        batch = BriefBatch(model={"name": "gpt-5.4-mini", "requests_per_minute": 300}, store="briefs.db")
        frame = batch(frame)

    It returns the batch with the columns ``brief`` (JSON), ``error``, ``tokens`` and ``seconds``. No row raises an
    exception: its error is in ``error``. A row with both columns has a brief of a part of its article. An error that
    concerns every article (a rejected key, an exhausted quota, a full disk) is raised, so that the engine stops.

    Each process has one `Summarizer`, created at the first row and closed at its exit.

    Args:
        model: The name of a model, or ``"builtin"``; or a mapping of ``name`` and options of `OpenAIModel`, such as
            ``base_url`` and ``requests_per_minute``, which is the limit of each process. Keys come from the
            environment of the workers. A `Model` object must be picklable.
        store: The path of a store on the machine of the worker. Its processes share it.
        concurrency: Articles in progress at once in one call.
        columns: Names of columns that differ, such as ``{"text": "body", "published": "day"}``. The fields are
            ``text``, ``id``, ``title``, ``source``, ``author``, ``published`` (by default also ``date``), ``language``,
            ``url`` and ``site``.
        max_characters: A longer text is an error of its row.
        retry_failed: Whether to retry articles whose failure is in the store, as in `Summarizer.summarize_many`.
        options: Further options of `Summarizer`, such as ``issues``, ``verify``, or ``replies`` for a cluster.

    Raises:
        ConfigurationError: An option has an invalid value, cannot be pickled, or holds a secret.
    """

    def __init__(
        self,
        *,
        model: ModelDescription,
        store: str | Path | None = None,
        concurrency: int = DEFAULT_CONCURRENCY,
        columns: Mapping[str, str] | None = None,
        max_characters: int = 1_000_000,
        retry_failed: bool = False,
        **options: Any,
    ) -> None:
        limits = {name: options.pop(name) for name in ("timeout", "deadline") if options.get(name) is not None}
        if unknown := sorted(set(options) - (set(SummarizerOptions.__annotations__) - _LOCAL_OPTIONS)):
            raise ConfigurationError(f"BriefBatch has no option {unknown[0]!r}.")
        if isinstance(store, Store):
            raise ConfigurationError("store cannot be a Store.", hint="Give its path: each worker opens it itself.")
        for name, number in (("concurrency", concurrency), ("max_characters", max_characters)):
            if not isinstance(number, int) or isinstance(number, bool) or number < 1:
                raise ConfigurationError(f"{name} must be at least 1, not {number!r}.")
        if unknown := sorted(set(columns or ()) - set(_DEFAULT_COLUMNS)):
            raise ConfigurationError(f"columns has an unknown field, {unknown[0]!r}.")
        limits["concurrency"] = max(DEFAULT_CONCURRENCY, concurrency)
        self._model = _describe(model, limits)
        if (issues := options.get("issues")) is not None:
            options["issues"] = as_codebook(issues)  # the workers may not have the file
        if isinstance(verifier := options.get("verify"), str | Mapping | Model):
            options["verify"] = _describe(verifier, limits)
        self._options = options
        self._store = None if store is None else str(Path(store).absolute())
        self._columns = dict(columns or {})
        self._max_characters, self._concurrency, self._retry_failed = max_characters, concurrency, retry_failed
        self._key = uuid.uuid4().hex
        for name, value in {"model": self._model, **options}.items():
            _check_picklable(name, value)
        with suppress(AuthenticationFailed):  # the key may be on the workers only
            self._create({name: value for name, value in options.items() if name != "replies"}).close()

    def __repr__(self) -> str:
        name = self._model.name if isinstance(self._model, Model) else self._model["name"]
        return f"BriefBatch(model={name!r}, store={self._store!r})"

    def __call__(self, batch: BatchT) -> BatchT:
        """Return the batch with the columns of the results. An empty batch asks no model.

        Raises:
            SummarizerError: It concerns every article. What was finished before it is in the store, if there is one.
            ConfigurationError: The batch has no column of texts, or some but not all columns of the results.
        """
        rows = list(_rows(self._read(batch)))
        outcomes: list[Outcome] = []
        if rows:
            with _count_deaths(self._key, (row["text"] for row in rows)) as deaths:
                outcomes = self._summarize(rows) if deaths < MAX_DEATHS else list(map(self._summarize_alone, rows))
        results: dict[str, list[Any]] = {
            "brief": [outcome.brief and outcome.brief.model_dump_json() for outcome in outcomes],
            "error": [outcome.error and describe_error(outcome.error) for outcome in outcomes],
            "tokens": [outcome.usage.total for outcome in outcomes],
            "seconds": [round(outcome.seconds, 3) for outcome in outcomes],
        }
        completed: BatchT = _add_columns(batch, results)
        return completed

    def close(self) -> None:
        """Close the Summarizer of this process, if there is one. A later call opens another."""
        with _opening.lock:
            summarizer = _summarizers.pop((os.getpid(), self._key), None)
        if summarizer:
            summarizer.close()

    def _summarize(self, rows: Iterable[Mapping[str, Any]]) -> list[Outcome]:
        """Return the outcome of each row, or raise an error that concerns every article."""
        outcomes = []
        for outcome in self._summarizer().summarize_many(
            map(self._article, rows), concurrency=self._concurrency, retry_failed=self._retry_failed
        ):
            if outcome.fatal:
                assert outcome.error
                raise outcome.error
            outcomes.append(outcome)
        return outcomes

    def _summarize_alone(self, row: Mapping[str, Any]) -> Outcome:
        """Return the outcome of a row, which is an error if it seems to end the worker process."""
        with _count_deaths(self._key, [row["text"], "alone"]) as deaths:
            if deaths < MAX_DEATHS:
                return self._summarize([row])[0]
        message = f"The worker process died {deaths} times while it worked on this row alone."
        return Outcome(error=ArticleError(message, hint="The logs of the engine may tell why."))

    def _summarizer(self) -> Summarizer:
        """Return the Summarizer of this process."""
        key = os.getpid(), self._key
        with _opening.lock:
            if key not in _summarizers:
                _summarizers[key] = self._create(self._options, self._store)
            return _summarizers[key]

    def _create(self, options: Mapping[str, Any], store: str | None = None) -> Summarizer:
        resolved = {"verify": _resolve(options["verify"])} if isinstance(options.get("verify"), Mapping) else {}
        return Summarizer(model=_resolve(self._model), store=store, **{**options, **resolved})

    def _read(self, batch: object) -> dict[str, Sequence[Any]]:
        """Return the columns of the known fields."""
        names, read = _column_reader(batch)
        names_of = {**_DEFAULT_COLUMNS, **self._columns}
        if names_of["published"] not in names and "published" not in self._columns:
            names_of["published"] = "date"
        if missing := [names_of[field] for field in ("text", *self._columns) if names_of[field] not in names]:
            raise ConfigurationError(
                f"The batch has no column {missing[0]!r}. Its columns are {', '.join(map(str, names))}.",
                hint='Name its columns: columns={"text": …}.',
            )
        if repeated := [name for name in names_of.values() if list(names).count(name) > 1]:
            raise ConfigurationError(f"The batch has several columns {repeated[0]!r}.", hint="Rename all but one.")
        present = [name for name in RESULT_COLUMNS if name in names]
        if present and len(present) < len(RESULT_COLUMNS):  # columns of the caller; all four are an earlier result
            raise ConfigurationError(
                f"The batch has a column {present[0]!r} already, which would be overwritten.", hint="Rename it."
            )
        columns = {field: read(name) for field, name in names_of.items() if name in names}
        if len(lengths := set(map(len, columns.values()))) > 1:
            found = " and ".join(map(str, sorted(lengths)))
            raise ConfigurationError(f"The columns of the batch have different lengths: {found} rows.")
        return columns

    def _article(self, row: Mapping[str, Any]) -> Article | ArticleError:
        """Return the article of a row, or the error in its place."""
        identifier = None if _is_missing(row.get("id")) else str(row["id"])
        try:
            if unread := [(field, value) for field, value in row.items() if isinstance(value, Exception)]:
                raise ArticleError("The {} of the row cannot be read: {}.".format(*unread[0]))
            text = row["text"]
            if _is_missing(text):
                raise ArticleError("The row has no text.")
            if isinstance(text, str) and len(text) > self._max_characters:
                message = f"The text has {len(text):,} characters, more than {self._max_characters:,}."
                raise ArticleError(message, hint="Set max_characters to allow it.")
            given = {field: row[field] for field in METADATA if not _is_missing(row.get(field))}
            metadata: dict[str, Any] = {"source": given.get("url") or identifier, **given}
            metadata |= {field: _to_text(field, value) for field, value in given.items()}
            text = str(text) if isinstance(text, str) else text  # an element of a numpy array is a subclass
            return Article.from_text(text, **metadata)
        except ArticleError as error:
            error.where = error.where or (f"row {identifier}" if identifier else "")
            return error
        except Exception as error:  # a row must not end the batch
            return ArticleError(f"The row cannot be read: {type(error).__name__}: {error}.")


@contextmanager
def _count_deaths(key: str, texts: Iterable[object]) -> Iterator[int]:
    """Yield how many processes of this machine died while they worked on ``texts``.

    Engines repeat such work without end. Each attempt has a file, which remains only if its process dies.
    """
    digest = hashlib.blake2b(digest_size=16)
    for text in texts:
        digest.update(repr(text).encode(errors="surrogatepass") + b"\0")
    folder = Path(tempfile.gettempdir(), f"{_DEATHS}{key}")
    files = [folder / f"{digest.hexdigest()}-{os.getpid()}-{uuid.uuid4().hex}"]
    with suppress(OSError):  # a full or a read-only disk
        with suppress(FileExistsError):
            folder.mkdir()
            _remove_old(folder)
        others = folder.glob(f"{digest.hexdigest()}-*")
        files += [file for file in others if not is_running(int(file.name.split("-")[1]))]
        files[0].touch()
    try:
        yield len(files) - 1
    finally:
        with suppress(OSError):
            for file in files:
                file.unlink(missing_ok=True)
            folder.rmdir()  # fails while another attempt is in progress


def _remove_old(current: Path) -> None:
    """Remove the folders of earlier jobs, whose processes were killed: no key is used by two jobs."""
    for folder in current.parent.glob(f"{_DEATHS}*"):
        with suppress(OSError):  # another process removes it, or it is another user's
            if folder != current and time.time() - folder.stat().st_mtime > MAX_AGE:
                shutil.rmtree(folder)


def describe_error(error: Exception) -> str:
    """Return the text of an error for the column ``error``: its class and its message."""
    return f"{type(error).__name__}: {error}"


@atexit.register
def _close_all() -> None:
    for key, summarizer in list(_summarizers.items()):
        if key[0] == os.getpid():
            with suppress(SummarizerError):
                summarizer.close()


def _describe(model: ModelDescription, limits: Mapping[str, Any]) -> dict[str, Any] | Model:
    """Return a checked description with the address of the server, which workers may not know."""
    if isinstance(model, Model):
        return model
    described: dict[str, Any] = {"name": model} if isinstance(model, str) else dict(model)
    if not isinstance(described.get("name"), str):
        raise ConfigurationError(
            "The description of the model has no name.", hint='Such as "builtin", or {"name": …, "base_url": …}.'
        )
    for option, variable in _SECRETS.items():
        if described.get(option):
            raise ConfigurationError(
                f"The description of a model cannot hold {option}: engines write it to disk and to logs.",
                hint=f"Set {variable} in the environment of the workers.",
            )
    if held := [option for option in _OBJECTS if described.get(option) is not None]:
        raise ConfigurationError(f"The description of a model cannot hold {held[0]}, an object of this process.")
    extra = json.dumps(described.get("extra_body"), default=str)
    if Redactor().redact_error(extra) != extra:
        raise ConfigurationError(
            "extra_body seems to hold a secret, which engines would write to disk and to logs.",
            hint="Set OPENAI_CUSTOM_HEADERS in the environment of the workers, if the server accepts it in a header.",
        )
    described = {**limits, **described}
    address = os.environ.get("OPENAI_BASE_URL", "").strip()
    if address and not _has_secret(address) and not {"base_url", "api_version"} & described.keys():
        with suppress(AuthenticationFailed):  # else texts would go to OpenAI from a worker without the variable
            if isinstance(_resolve(described), OpenAIModel):
                described["base_url"] = address
    if _has_secret(described.get("base_url") or ""):
        raise ConfigurationError(
            "The address of the model's server holds a user or a query, which engines write to disk and to logs.",
            hint="Leave it out, and set OPENAI_BASE_URL or OPENAI_CUSTOM_HEADERS in the environment of the workers.",
        )
    return described


def _has_secret(address: str) -> bool:
    """Return whether an address has a user, who may be a token, or a query, which may hold a key."""
    parts = urlsplit(address)
    return "@" in parts.netloc or bool(parts.query)


def _resolve(model: Mapping[str, Any] | Model) -> Model | str:
    """Return the model that a description means."""
    if isinstance(model, Model):
        return model
    options = dict(model)
    try:
        return resolve_model(options.pop("name"), **options) or BUILTIN
    except TypeError as error:  # an unknown option
        raise ConfigurationError(f"The description of the model is wrong: {error}.") from error


def _check_picklable(name: str, value: object) -> None:
    if isinstance(value, str) and _PASSWORD.search(unquote(value)):
        raise ConfigurationError(
            f"The address in {name} holds a password, which engines would write to disk and to logs.",
            hint="Leave it out, and set PGPASSWORD or SUMMARIZER_REPLIES in the environment of the workers.",
        )
    try:
        pickle.dumps(value)
    except Exception as error:
        kind = type(value).__name__
        hint = "Give its address." if name == "replies" else ""
        hint = f'Describe it: {name}={{"name": "…", "base_url": "…"}}.' if isinstance(value, Model) else hint
        raise ConfigurationError(
            f"{name} is a {kind} object that cannot be sent to workers: {error}.", hint=hint
        ) from error


def _column_reader(batch: Any) -> tuple[Sequence[str], Any]:
    """Return the names of a batch's columns, and a function that returns the values of one."""
    if _is_of("pyarrow", batch, "Table", "RecordBatch"):
        return batch.schema.names, lambda name: list(_cells(batch.column(name)))
    if _is_of("pandas", batch, "DataFrame"):
        return list(batch.columns), lambda name: batch[name].tolist()
    if isinstance(batch, Mapping):
        return list(batch), lambda name: list(batch[name])
    raise ConfigurationError(
        f"A {type(batch).__name__} is not a batch.",
        hint="Pass a table or record batch of pyarrow, a frame of pandas, or a dictionary of columns.",
    )


def _cells(column: Any) -> Iterator[Any]:
    """Yield the values of an Arrow column; the error for one that Python cannot hold, as a date after 9999."""
    for cell in column:
        try:
            yield cell.as_py()
        except (ValueError, OverflowError) as error:  # UnicodeDecodeError too
            yield error


def _add_columns(batch: Any, results: Mapping[str, list[Any]]) -> Any:
    """Return a batch of the same kind with the results; the types do not depend on the values."""
    if _is_of("pyarrow", batch, "Table", "RecordBatch"):
        arrow = sys.modules["pyarrow"]
        types = (arrow.string(), arrow.string(), arrow.int64(), arrow.float64())
        kept = [field for field in batch.schema if field.name not in results]
        arrays = [batch.column(field.name) for field in kept]
        arrays += [arrow.array(values, type_) for values, type_ in zip(results.values(), types, strict=True)]
        schema = arrow.schema([*kept, *zip(results, types, strict=True)], batch.schema.metadata)
        return type(batch).from_arrays(arrays, schema=schema)
    if _is_of("pandas", batch, "DataFrame"):
        pandas = sys.modules["pandas"]
        dtypes = ("string", "string", "int64", "float64")
        pairs = zip(results.items(), dtypes, strict=True)
        added = {name: pandas.Series(values, index=batch.index, dtype=dtype) for (name, values), dtype in pairs}
        return batch.assign(**added)
    return {**batch, **results}


def _is_of(module: str, value: object, *names: str) -> bool:
    """Return whether a value has one of these classes, without importing their module."""
    loaded = sys.modules.get(module)
    return loaded is not None and isinstance(value, tuple(getattr(loaded, name) for name in names))


def _rows(columns: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    for values in zip(*columns.values(), strict=True):
        yield dict(zip(columns, values, strict=True))


def _is_missing(value: Any) -> bool:
    """Return whether a value is None, NaN, NaT or pandas' NA."""
    if value is None:
        return True
    try:
        return bool(value != value)  # noqa: PLR0124  # NaN
    except Exception:  # an array has no truth value, nor has NA
        return type(value).__name__ == "NAType"


def _to_text(field: str, value: Any) -> str:
    """Return the text of a metadata value, for a date in ISO 8601."""
    if isinstance(value, str):
        return str(value)
    if field == "published" and isinstance(value, date):
        moment = value.isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()
        return moment.removesuffix("T00:00:00")
    if field == "published" and type(value).__name__ == "datetime64":
        return str(value)[:19].removesuffix("T00:00:00")
    label = "date" if field == "published" else field
    raise ArticleError(f"The {label} of the row is not text but has the type {type(value).__name__}.")
