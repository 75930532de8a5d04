"""Where the command puts a brief: on standard output, or in a file, whole or not at all."""

import os
import sys
import tempfile
import webbrowser
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer._files import replace_atomically
from summarizer.errors import ConfigurationError

if TYPE_CHECKING:
    from summarizer.article import Article
    from summarizer.brief import Brief


class Format(StrEnum):
    """How a brief is written."""

    terminal = "terminal"
    json = "json"
    markdown = "markdown"
    html = "html"


_ENDINGS = {
    ".html": Format.html,
    ".htm": Format.html,
    ".json": Format.json,
    ".md": Format.markdown,
    ".markdown": Format.markdown,
}


def format_named(output: Path | None) -> Format | None:
    """The format that the end of a file's name stands for; None where it stands for none, or nothing is named."""
    return _ENDINGS.get(output.suffix.lower()) if output else None


def put(brief: "Brief", form: Format, output: Path | None, article: "Article | None", limit: int | None = None) -> None:
    """Write ``brief`` to ``output``, or to standard output; HTML, and nothing else, needs the article.

    ``limit`` is the number of positions that terminal and Markdown show.

    Raises:
        BriefError: the brief is none of this article.
        ConfigurationError: ``output`` cannot be written.
    """
    if form is Format.terminal and not output:
        print_view(brief, limit)
    elif output:
        write_file(written(brief, form, article, limit), output)
    else:
        print_text(written(brief, form, article, limit))


def written(brief: "Brief", form: Format, article: "Article | None", limit: int | None = None) -> str:
    """``brief`` as text in the given format."""
    match form:
        case Format.json:
            return brief.model_dump_json(indent=2) + "\n"
        case Format.markdown:
            return brief.to_markdown(limit)
        case Format.html:
            assert article
            return brief.to_html(article)
    return plain_view(brief, limit)


def open_page(page: Path) -> bool:
    """Open a file in the browser; False where none is found."""
    return webbrowser.open(page.resolve().as_uri())


def page_file() -> Path:
    """A new file for a page, in the folder for temporary ones, that only its owner can read."""
    handle, name = tempfile.mkstemp(prefix="summarizer-", suffix=".html")
    os.close(handle)
    return Path(name)


def check_writable(path: Path) -> None:
    """Say that a file cannot be written before a brief is made for it.

    Raises:
        ConfigurationError: it is a directory, or its own does not exist or cannot be written to.
    """
    folder = path.resolve().parent
    if path.is_dir():
        raise ConfigurationError(f"{path} is a directory.", hint="Name a file in it.")
    if not folder.is_dir():
        raise ConfigurationError(f"{path} cannot be written: there is no directory {folder}.", hint="Make it first.")
    if not os.access(folder, os.W_OK):
        raise ConfigurationError(f"{path} cannot be written: {folder} is write-protected.", hint="Name another file.")


def write_file(text: str, path: Path) -> None:
    """Write ``text`` as UTF-8 to ``path``, which is replaced only when all of it is written.

    Raises:
        ConfigurationError: it cannot be written; what was there before still is.
    """
    target = path.resolve()
    try:
        if target.exists() and not target.is_file():  # a device or a pipe, which cannot be replaced
            target.write_bytes(text.encode())
        else:
            with replace_atomically(target) as file:
                file.write(text.encode())
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be written: {error.strerror or error}.", hint="Name another file."
        ) from error


def print_text(text: str) -> None:
    """Write ``text`` to standard output as UTF-8, whatever the terminal's encoding is: others read it."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def print_view(brief: "Brief", limit: int | None = None) -> None:
    """Show ``brief`` on standard output: in colour on a terminal, unless ``NO_COLOR`` is set."""
    plain = {"color_system": None} if os.environ.get("NO_COLOR") else {}
    _print(brief, limit, **plain)


def plain_view(brief: "Brief", limit: int | None = None) -> str:
    """What the terminal shows of ``brief``, without colour."""
    file = StringIO()
    _print(brief, limit, file=file, color_system=None, force_terminal=False, width=80)
    return file.getvalue()


def _print(brief: "Brief", limit: int | None, **options: Any) -> None:
    from rich.console import Console

    from summarizer.render import to_terminal

    Console(highlight=False, **options).print(to_terminal(brief, limit))
