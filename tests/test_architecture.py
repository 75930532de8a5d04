"""The layout of the package: sizes of files, borders of folders, and names of modules.

A folder is one of those in `summarizer`. Run this file as a script to list what violates the rules.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.util import resolve_name
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAX_FILES, MAX_LINES, MAX_LINES_OF_FILE = 308, 70_200, 500
MIN_LINES_FOR_ONE_IMPORTER = 80
PUBLIC_CONTRACTS = {
    "summarizer.engines.base",
    "summarizer.models.base",
}
"""Modules that may be small: others implement or document them."""


@cache
def modules() -> dict[str, Path]:
    """Return the path of each module of the package by its dotted name."""
    found = {}
    for path in sorted((ROOT / "summarizer").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports_in(module: str, source: str) -> Iterator[tuple[str, str]]:
    """Yield the modules of the package that a source imports, each with the imported name ("" for itself)."""
    package = module if is_package(module) else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names if alias.name in modules())
        elif isinstance(node, ast.ImportFrom):
            origin = resolve_name("." * node.level + (node.module or ""), package)
            for alias in node.names if origin in modules() else []:
                inner = f"{origin}.{alias.name}"
                yield (inner, "") if inner in modules() else (origin, alias.name)


@cache
def imports(module: str) -> frozenset[tuple[str, str]]:
    return frozenset(imports_in(module, modules()[module].read_text(encoding="utf-8")))


def is_package(module: str) -> bool:
    return modules()[module].name == "__init__.py"


def folder(module: str) -> str:
    return ".".join(module.split(".")[:2])


def lines(module: str) -> int:
    return len(modules()[module].read_text(encoding="utf-8").splitlines())


def oversized_package() -> Iterator[str]:
    total = sum(map(lines, modules()))
    if len(modules()) > MAX_FILES:
        yield f"{len(modules())} files, limit {MAX_FILES}"
    if total > MAX_LINES:
        yield f"{total} lines, limit {MAX_LINES}"


def oversized_files() -> Iterator[str]:
    for module in modules():
        if lines(module) > MAX_LINES_OF_FILE:
            yield f"{module} has {lines(module)} lines, limit {MAX_LINES_OF_FILE}"


def passes_the_init(module: str, target: str, name: str) -> bool:
    """Return whether an import takes a folder itself, or something below it, instead of a name of its `__init__`."""
    is_inner = target.count(".") > 1
    return folder(target) != folder(module) and (is_inner or (not name and is_package(target)))


def imports_past_the_init_of_another_folder() -> Iterator[str]:
    for module in modules():
        for target, name in sorted(imports(module)):
            if passes_the_init(module, target, name):
                yield f"{module} imports {name or 'the module'} from {target}"


def modules_hidden_by_a_name_of_their_package() -> Iterator[str]:
    for package in filter(is_package, modules()):
        for target, name in sorted(imports(package)):
            if target.startswith(f"{package}.") and f"{package}.{name}" in modules():
                yield f"{package}.{name} is a module and a name from {target}"


def small_modules_with_one_importer() -> Iterator[str]:
    importers = defaultdict(set)
    for module in modules():
        for target, _ in imports(module):
            importers[target].add(module)
    for module, users in importers.items():
        if len(users) == 1 and lines(module) < MIN_LINES_FOR_ONE_IMPORTER and module not in PUBLIC_CONTRACTS:
            (user,) = users
            if not is_package(module) and not is_package(user):
                yield f"{module} ({lines(module)} lines) is imported only by {user}"


RULES = [
    oversized_package,
    oversized_files,
    imports_past_the_init_of_another_folder,
    modules_hidden_by_a_name_of_their_package,
    small_modules_with_one_importer,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_package_has_no(rule) -> None:
    assert list(rule()) == []


@pytest.mark.parametrize(
    "source",
    [
        "from summarizer.models.throttle import Throttle",
        "from ..models.throttle import Throttle",
        "from ..models import throttle",
        "from .. import models",
        "from summarizer.models import throttle",
        "from summarizer.models import openai as o",
        "from summarizer.models.openai import OpenAIModel",
        "from summarizer import models",
        "import summarizer.models",
        "import summarizer.models.throttle as t",
        "import summarizer",
        "def f():\n    from summarizer.models import Model, throttle",
    ],
)
def test_import_past_the_init_is_found(source: str) -> None:
    module = "summarizer.engines.base"
    assert any(passes_the_init(module, *found) for found in imports_in(module, source))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("summarizer.engines.base", "from summarizer.models import Model"),
        ("summarizer.engines.base", "from ..models import Model"),
        ("summarizer.engines.base", "from summarizer import Brief, __version__"),
        ("summarizer.engines.base", "from summarizer.errors import BriefError"),
        ("summarizer.engines.base", "from summarizer import errors"),  # a module beside the folders
        ("summarizer.engines.base", "from summarizer.engines.llm.parsing import parse"),
        ("summarizer.models", "from . import throttle"),
        ("summarizer.models", "from summarizer.models.openai.model import OpenAIModel"),
        ("summarizer.engines.base", "import ast, openai"),
    ],
)
def test_other_imports_are_allowed(module: str, source: str) -> None:
    assert not any(passes_the_init(module, *found) for found in imports_in(module, source))


if __name__ == "__main__":
    for rule in RULES:
        print(f"\n{rule.__name__.replace('_', ' ')}:", *rule(), sep="\n  ")  # noqa: T201  # the script's output
