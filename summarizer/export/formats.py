"""The registry of export formats, and the export of a dossier in one of them."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, TypeVar, get_args

from summarizer._files import replace_atomically
from summarizer.errors import ConfigurationError

if TYPE_CHECKING:
    from summarizer.dossier import Dossier
    from summarizer.export.tables import Selection

    TargetT = TypeVar("TargetT")
    Writer = Callable[[Selection, TargetT, "NetworkOptions"], Sequence[str] | None]

Mode = Literal["one-mode", "two-mode"]
Tie = Literal["congruence", "conflict", "subtract"]
Divisor = Literal["none", "average", "jaccard", "cosine"]


@dataclass(frozen=True, slots=True)
class NetworkOptions:
    """What the network of an export ties, and how ties are counted; docs/networks.md has the formulas."""

    mode: Mode = "one-mode"
    """Actors with actors, or actors with issues."""
    tie: Tie = "congruence"
    """What ties two actors: equal stances, opposite ones, or the difference."""
    normalise: Divisor = "none"
    """The divisor of a tie between two actors."""
    organisations: bool = False
    """Whether a person counts as the body that he or she spoke for."""

    def __post_init__(self) -> None:
        """Check the values.

        Raises:
            ConfigurationError: A value is unknown, or a two-mode network has options of one-mode networks.
        """
        for name, values in (("mode", Mode), ("tie", Tie), ("normalise", Divisor)):
            if getattr(self, name) not in get_args(values):
                message = f"A network of an export has no {name} “{getattr(self, name)}”."
                raise ConfigurationError(message, hint=f"Use one of {', '.join(get_args(values))}.")
        if self.mode == "two-mode" and (self.tie, self.normalise) != ("congruence", "none"):
            message = "A two-mode network counts the statements of an actor on an issue."
            raise ConfigurationError(message, hint="Leave out tie=… and normalise=….")


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format that dossiers are exported in: as a file, or as a folder.

    Writers return sentences about what they leave out.
    """

    write: "Writer[BinaryIO] | None" = None
    """Write the statements to a file that is open for writing."""
    write_folder: "Writer[Path] | None" = None
    """Write them to a folder instead."""
    suffixes: tuple[str, ...] = ()
    """Endings of the names of its files: ".csv"."""
    is_binary: bool = False
    """Whether a terminal cannot show it."""
    is_network: bool = False


@dataclass(frozen=True, slots=True)
class Export:
    """The result of an export."""

    format: str
    statements: int
    """The number of statements selected."""
    notes: tuple[str, ...] = ()
    """What the format leaves out, in sentences."""


def _writer(module: str, name: str) -> "Writer[Any]":
    """Return a writer of a module beside this one, which is imported on its first use."""

    def write(selection: "Selection", target: Any, network: NetworkOptions) -> Sequence[str] | None:
        write_to = getattr(import_module(f"summarizer.export.{module}"), name)
        notes: Sequence[str] | None = write_to(selection, target, network)
        return notes

    return write


EXPORT_FORMATS = {
    "csv": ExportFormat(_writer("tabular", "write_csv"), suffixes=(".csv",)),
    "jsonl": ExportFormat(_writer("tabular", "write_json_lines"), suffixes=(".jsonl", ".ndjson")),
    "parquet": ExportFormat(_writer("tabular", "write_parquet"), suffixes=(".parquet",), is_binary=True),
    "xlsx": ExportFormat(_writer("tabular", "write_workbook"), suffixes=(".xlsx",), is_binary=True),
    "graphml": ExportFormat(_writer("graphs", "write_graphml"), suffixes=(".graphml",), is_network=True),
    "gexf": ExportFormat(_writer("graphs", "write_gexf"), suffixes=(".gexf",), is_network=True),
    "dl": ExportFormat(_writer("graphs", "write_dl"), suffixes=(".dl",), is_network=True),
    "dna": ExportFormat(_writer("dna", "write_dna"), suffixes=(".dna",), is_binary=True),
    "dna-csv": ExportFormat(_writer("dna", "write_event_list"), suffixes=(".dna.csv",)),
    "markdown": ExportFormat(write_folder=_writer("notes", "write_notes")),
}
"""The export formats by name. `Dossier.export` and the command offer every entry."""


def export_format_for(path: Path | None, name: str | None = None) -> str:
    """Return the name of a format: the given one, or else the one for the ending of a file's name.

    Raises:
        ConfigurationError: There is no such format, or none with this ending.
    """
    known = ", ".join(EXPORT_FORMATS)
    if name is not None:
        if name not in EXPORT_FORMATS:
            raise ConfigurationError(f"There is no export format “{name}”.", hint=f"Use one of {known}.")
        return name
    if path is None:
        raise ConfigurationError("An export needs a format.", hint=f"Set format=… to one of {known}.")
    endings = [(ending, each) for each, entry in EXPORT_FORMATS.items() for ending in entry.suffixes]
    for ending, each in sorted(endings, key=lambda pair: -len(pair[0])):  # .dna.csv before .csv
        if path.name.lower().endswith(ending):
            return each
    message = f"The ending of {path} belongs to no export format."
    raise ConfigurationError(
        message, hint=f"Use one of {', '.join(ending for ending, _ in endings)}, or set format=… to one of {known}."
    )


def export_dossier(
    dossier: "Dossier",
    target: Path | BinaryIO,
    format: str | None = None,  # noqa: A002  # as in `Dossier.export`
    *,
    holders: Iterable[str] = (),
    issues: Iterable[str] = (),
    network: NetworkOptions | Mode | None = None,
) -> Export:
    """Export a dossier; see `Dossier.export`. The target may also be a file that is open for writing."""
    path = target if isinstance(target, Path) else None
    name = export_format_for(path, format)
    entry = EXPORT_FORMATS[name]
    if network and not entry.is_network:
        known = ", ".join(each for each, other in EXPORT_FORMATS.items() if other.is_network)
        raise ConfigurationError(f"The format {name} has no options for networks.", hint=f"Networks are: {known}.")
    if not isinstance(network, NetworkOptions):
        network = NetworkOptions(network or "one-mode")
    from summarizer.export.tables import select_statements  # with the dossier, which not every command needs

    selection = select_statements(dossier, holders, issues)
    if path is None or entry.write_folder is None:
        if entry.write is None:
            raise ConfigurationError(f"The format {name} is a folder of files.", hint="Name a folder.")
        notes = _write_file(selection, target, entry.write, network)
    else:
        notes = entry.write_folder(selection, path, network)
    return Export(name, len(selection.statements), tuple(notes or ()))


def _write_file(
    selection: "Selection", target: Path | BinaryIO, write: "Writer[BinaryIO]", network: NetworkOptions
) -> Sequence[str] | None:
    if not isinstance(target, Path):
        return write(selection, target, network)
    store = selection.dossier.store.path
    if target.exists() and store.exists() and target.samefile(store):
        raise ConfigurationError(f"{target} is the store itself.", hint="Name another file for the export.")
    if target.is_dir():
        raise ConfigurationError(f"{target} is a directory.", hint="Name a file in it.")
    if not target.resolve().parent.is_dir():
        message = f"{target} cannot be written: there is no directory {target.resolve().parent}."
        raise ConfigurationError(message, hint="Create it first.")
    try:
        if target.exists() and not target.is_file():  # a device or a pipe cannot be replaced
            with target.open("wb") as file:
                return write(selection, file, network)
        with replace_atomically(target) as file:
            return write(selection, file, network)
    except (OSError, sqlite3.Error) as error:
        message = f"{target} cannot be written: {getattr(error, 'strerror', None) or error}."
        raise ConfigurationError(message, hint="Name another file.") from error
