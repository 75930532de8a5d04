"""The layout of the package: sizes of files, borders of rooms, and names of modules.

A room is a folder of `summarizer`. Run this file as a script to list what violates the rules.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAX_FILES, MAX_LINES, MAX_LINES_OF_FILE = 120, 17_500, 500
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


@cache
def imports(module: str) -> frozenset[tuple[str, str]]:
    """Return the modules of the package that a module imports, each with the imported name ("" for itself)."""
    found = set()
    for node in ast.walk(ast.parse(modules()[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {(alias.name, "") for alias in node.names if alias.name in modules()}
        elif isinstance(node, ast.ImportFrom) and node.module in modules():
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add((inner, "") if inner in modules() else (node.module, alias.name))
    return frozenset(found)


def is_package(module: str) -> bool:
    return modules()[module].name == "__init__.py"


def room(module: str) -> str:
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


def imports_past_the_init_of_another_room() -> Iterator[str]:
    for module in modules():
        for target, name in sorted(imports(module)):
            if room(target) != room(module) and target.count(".") > 1 and not is_package(target):
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
    imports_past_the_init_of_another_room,
    modules_hidden_by_a_name_of_their_package,
    small_modules_with_one_importer,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_package_has_no(rule) -> None:
    assert list(rule()) == []


if __name__ == "__main__":
    for rule in RULES:
        print(f"\n{rule.__name__.replace('_', ' ')}:", *rule(), sep="\n  ")  # noqa: T201  # the script's output
