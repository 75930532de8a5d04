"""A folder with a file for each brief of a batch, and an index: ``batch --format html --out FOLDER``."""

import json
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from summarizer._files import replace_atomically
from summarizer._text import normalized_words, one_line
from summarizer.errors import ConfigurationError

if TYPE_CHECKING:
    from summarizer.outcome import Outcome

ENDINGS = {"html": "html", "markdown": "md", "json": "json"}
"""The ending of the files by the format of the briefs."""
_MANIFEST = ".summarizer-pages"
"""A file with a line for each file that batches wrote into the folder: its name, its hash, its entry in the index."""


class PageFolder:
    """Writes briefs into a folder as they are made, and at the end an index of these and earlier ones.

    Nothing is deleted, and a page that somebody changed is kept as it is.

    Raises:
        ConfigurationError: The folder has files, and no batch wrote them; or its index was changed.
    """

    def __init__(self, folder: Path, format: str) -> None:  # noqa: A002  # the option's name
        self.path, self._format = folder, format
        self._current: dict[int, str] = {}
        """The pages of this batch by the place of their article."""
        self._kept: list[str] = []
        self._replaced: list[str] = []
        self._index = f"index.{ENDINGS[format]}"
        self._manifest = folder / _MANIFEST
        if folder.exists() and not folder.is_dir():
            raise ConfigurationError(f"{folder} is a file; {format} needs a folder.", hint="Name another one.")
        if folder.is_dir() and not self._manifest.is_file() and any(folder.iterdir()):
            hint = "Name an empty folder, or one that does not exist."
            raise ConfigurationError(f"The folder {folder} has files that no batch wrote.", hint=hint)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._manifest.touch()
            self._read_manifest()
            self._check_index()
        except OSError as error:
            raise _write_error(folder, error) from error

    def write(self, outcome: "Outcome") -> None:
        """Write the brief of an outcome, if it has one."""
        brief, article = outcome.brief, outcome.article
        if brief is None or (article is None and self._format == "html"):
            return
        from summarizer.brief import make_links_relative_to
        from summarizer.render import to_html

        words = "-".join(normalized_words(brief.article.title or "article")[:6])
        name = f"{words}-{brief.article.sha256[:8]}.{ENDINGS[self._format]}"
        linked = brief if self._format == "json" else make_links_relative_to(brief, self.path)
        html = to_html(linked, article, home=self._index) if article and self._format == "html" else None
        entry = {
            "file": name,
            "title": one_line(brief.article.title or "Article without a title"),
            "published": (brief.article.published or "")[:10],
            "outlet": one_line(brief.article.site or ""),
            "positions": len(brief.positions),
        }
        self._write(name, html or linked.render(self._format), entry)
        self._current[outcome.index] = name

    def finish(self, *, complete: bool) -> Path:  # noqa: ARG002  # pages stay, whether or not the batch is complete
        """Write the index of all pages in the folder, those of this batch first, and return the folder."""
        self._read_manifest()  # another batch may have written meanwhile
        names = dict.fromkeys([*(name for _, name in sorted(self._current.items())), *self._entries])
        ending = f".{ENDINGS[self._format]}"
        entries = [self._entries[name] for name in names if name.endswith(ending) and (self.path / name).is_file()]
        if self._format == "json":
            text = json.dumps(entries, indent=2, ensure_ascii=False) + "\n"
        elif self._format == "html":
            from summarizer.render import list_briefs

            text = list_briefs(entries)
        else:
            lines = (f"- [{str(each['title']).translate(_ESCAPES)}]({each['file']})" for each in entries)
            text = "# Briefs\n\n" + "".join(f"{line}\n" for line in lines)
        self._write(self._index, text)
        return self.path

    def summary(self) -> Iterator[str]:
        """Yield what became of the pages of earlier batches, and where the index is."""
        from summarizer.models import join_names

        if self._kept:
            remedy = "To have them made anew, delete or rename them."
            yield f"Kept, because they were changed after a batch wrote them: {join_names(self._kept)}. {remedy}"
        if self._replaced:
            yield f"Replaced by new briefs of their articles: {join_names(self._replaced)}."
        if earlier := len(self._entries.keys() - self._current.values()):
            yield f"Pages of earlier batches that stay: {earlier}."
        yield f"The briefs are in {self.path}; {self._index} lists them."

    def _read_manifest(self) -> None:
        """Read the entries of pages, and the hashes of all files that batches wrote or were about to write."""
        self._entries: dict[str, dict[str, Any]] = {}
        self._hashes: set[tuple[str, str]] = set()
        for line in self._manifest.read_text(encoding="utf-8").splitlines():
            with suppress(ValueError, KeyError, TypeError):  # a line that was cut off
                row = json.loads(line)
                name = row["file"]
                self._hashes.add((name, row["sha256"]))
                if row["entry"] and name == Path(name).name:
                    self._entries[name] = row["entry"]

    def _check_index(self) -> None:
        if (index := self.path / self._index).exists() and (self._index, _hash(index.read_bytes())) not in self._hashes:
            hint = "Rename it, or name another folder."
            raise ConfigurationError(f"{index} was changed after a batch wrote it.", hint=hint)

    def _write(self, name: str, text: str, entry: dict[str, Any] | None = None) -> None:
        """Write a file unless somebody changed it. Its hash is noted first: an interrupted batch knows its files."""
        path, data = self.path / name, text.encode(errors="replace")
        try:
            digest = _hash(data)
            earlier = path.read_bytes() if path.exists() else None
            is_own = earlier is None or (name, _hash(earlier)) in self._hashes
            with self._manifest.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"file": name, "sha256": digest, "entry": entry}) + "\n")
            self._hashes.add((name, digest))
            if entry:
                self._entries[name] = entry
            if earlier == data:
                return
            if not is_own:
                self._kept.append(name)
                return
            if entry and earlier is not None and name not in self._current.values():
                self._replaced.append(name)
            with replace_atomically(path) as target:
                target.write(data)
        except OSError as error:
            raise _write_error(path, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the files as they are."""


_ESCAPES = {ord(mark): f"\\{mark}" for mark in "\\`*_[]<>"}


def _hash(data: bytes) -> str:
    return sha256(data).hexdigest()


def _write_error(path: Path, error: OSError) -> ConfigurationError:
    return ConfigurationError(f"{path} cannot be written: {error.strerror or error}.", hint="Name another folder.")
