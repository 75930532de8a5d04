"""Where cassettes are kept: in which folder, and under which name."""

import hashlib
import re
from pathlib import Path
from typing import Protocol

from summarizer.errors import ConfigurationError

_PROJECT = ("pyproject.toml", "pytest.ini", "setup.cfg", "tox.ini")
_LONGEST = 200  # bytes of a file's name, ".yaml" and a hash aside: file systems take 255
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)  # devices of Windows
_FORBIDDEN = re.compile(r'[\\:*?"<>|\x00-\x1f\x7f]')


class Test(Protocol):
    """What is asked of a pytest item."""

    @property
    def nodeid(self) -> str:
        """Its file, classes, name and parameters, as pytest joins them."""

    @property
    def path(self) -> Path:
        """Its file."""


def project_folder(file: Path, otherwise: Path) -> Path:
    """The project that ``file`` is part of: the nearest folder above it that holds a project's file."""
    folders = (folder for folder in file.parents if any((folder / name).is_file() for name in _PROJECT))
    return next(folders, otherwise)


def own_file(folder: Path, test: Test, otherwise: Path) -> Path:
    """The file of a test that names none: ``MODULE/TEST.yaml`` in ``folder``, another for each test.

    MODULE is the path of the test's module in its project, a ``tests/`` before it left out.
    """
    try:
        module = test.path.relative_to(project_folder(test.path, otherwise)).with_suffix("")
    except ValueError:
        module = Path(test.path.stem)
    parts = module.parts[1:] if len(module.parts) > 1 and module.parts[0] in ("tests", "test") else module.parts
    return folder.joinpath(*parts, f"{_test_name(test.nodeid)}.yaml")


def named_file(folder: Path, name: str) -> Path:
    """The file of a cassette with a name of its own: ``NAME.yaml`` in ``folder``; "/" stands for folders.

    Raises:
        ConfigurationError: some system would not take the name, or it leads out of the folder.
    """
    if not isinstance(name, str):
        raise ConfigurationError(f"A cassette is named by a string, not {name!r}.")
    parts = name.removesuffix(".yaml").split("/")
    if not all(map(_is_file_name, parts)):
        raise ConfigurationError(
            f"A cassette cannot be called {name!r}.",
            hint="A name is one that files can have on all systems, with / between folders.",
        )
    return folder.joinpath(*parts[:-1], f"{parts[-1]}.yaml")


def _is_file_name(part: str) -> bool:
    fits = part.strip(". ") != "" and part == part.rstrip(". ").lstrip() and len(part.encode()) <= _LONGEST
    return fits and not _FORBIDDEN.search(part) and not _RESERVED.fullmatch(part)


def _test_name(nodeid: str) -> str:
    """A test's name as files can have it on all systems, those that do not tell capitals apart included.

    Whatever had to be changed for that is made up for by a part of a hash, so that two tests have two names.
    """
    whole = nodeid.partition("::")[2]
    qualified, bracket, parameters = whole.partition("[")
    name = qualified.replace("::", ".")
    plain = re.sub(r"[^\w.-]+", "-", name)
    if bracket:
        plain += "-" + re.sub(r"[^a-z0-9_.-]+", "-", parameters.removesuffix("]").lower())
    as_it_is = plain in (name, f"{name}-{parameters[:-1]}")
    if as_it_is and len(plain.encode()) <= _LONGEST and not _RESERVED.fullmatch(plain):
        return plain
    short = plain.encode()[:_LONGEST].decode(errors="ignore").rstrip(".-")
    return f"{short}-{hashlib.sha256(whole.encode()).hexdigest()[:8]}"
