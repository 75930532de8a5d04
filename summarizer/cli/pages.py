"""A folder with a file for each brief of a batch, and an index: ``batch --format html --out FOLDER``."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Self

from summarizer._files import replace_atomically
from summarizer._text import normalized_words, one_line
from summarizer.errors import ConfigurationError

if TYPE_CHECKING:
    from summarizer.outcome import Outcome

ENDINGS = {"html": "html", "markdown": "md", "json": "json"}
"""The ending of the files by the format of the briefs."""
_MANIFEST = ".summarizer-pages"
"""A file that lists the files that batches wrote into the folder."""


class PageFolder:
    """Writes briefs into a folder as they are made, and at the end an index. It replaces only files of its own.

    Raises:
        ConfigurationError: The folder has files, and no batch wrote them.
    """

    def __init__(self, folder: Path, format: str) -> None:  # noqa: A002  # the option's name
        self.path, self._format = folder, format
        self._entries: dict[int, dict[str, str | int]] = {}
        self._index = f"index.{ENDINGS[format]}"
        manifest = folder / _MANIFEST
        if folder.exists() and not folder.is_dir():
            raise ConfigurationError(f"{folder} is a file; {format} needs a folder.", hint="Name another one.")
        if folder.is_dir() and not manifest.is_file() and any(folder.iterdir()):
            hint = "Name an empty folder, or one that does not exist."
            raise ConfigurationError(f"The folder {folder} has files that no batch wrote.", hint=hint)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lines = manifest.read_text(encoding="utf-8").splitlines() if manifest.is_file() else []
            self._own = {name for name in lines if name == Path(name).name}
            self._register(self._index)
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
        self._write(name, html or linked.render(self._format))
        self._entries[outcome.index] = {
            "file": name,
            "title": one_line(brief.article.title or "Article without a title"),
            "published": (brief.article.published or "")[:10],
            "outlet": one_line(brief.article.site or ""),
            "positions": len(brief.positions),
        }

    def finish(self, *, complete: bool) -> Path:
        """Write the index and return the folder. After a complete batch, pages of earlier ones are deleted."""
        entries = [entry for _, entry in sorted(self._entries.items())]
        if complete:
            current = {self._index, *(str(entry["file"]) for entry in entries)}
            for name in self._own - current:
                (self.path / name).unlink(missing_ok=True)
            self._own = current
            (self.path / _MANIFEST).write_text("".join(f"{name}\n" for name in sorted(current)), encoding="utf-8")
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

    def _register(self, name: str) -> None:
        """Note a name before its file is written, so that an interrupted batch knows its files."""
        if name in self._own:
            return
        if (self.path / name).exists():
            hint = "Name another folder."
            raise ConfigurationError(f"{self.path / name} exists, and no batch wrote it.", hint=hint)
        with (self.path / _MANIFEST).open("a", encoding="utf-8") as file:
            file.write(f"{name}\n")
        self._own.add(name)

    def _write(self, name: str, text: str) -> None:
        try:
            self._register(name)
            with replace_atomically(self.path / name) as file:
                file.write(text.encode(errors="replace"))
        except OSError as error:
            raise _write_error(self.path / name, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the files as they are."""


_ESCAPES = {ord(mark): f"\\{mark}" for mark in "\\`*_[]<>"}


def _write_error(path: Path, error: OSError) -> ConfigurationError:
    return ConfigurationError(f"{path} cannot be written: {error.strerror or error}.", hint="Name another folder.")
