"""Lazy exports."""

import sys
from json import JSONDecoder
from types import ModuleType

import pytest

from summarizer._lazy import import_extra, lazy_exports
from summarizer.errors import MissingExtra
from summarizer.usage import Usage


def test_name_is_imported_from_its_module() -> None:
    get, _ = lazy_exports("summarizer", {".usage": "Usage"})
    assert get("Usage") is Usage


def test_unknown_name_is_an_attribute_error_that_names_package_and_name() -> None:
    get, _ = lazy_exports("summarizer", {".usage": "Usage"})
    with pytest.raises(AttributeError, match="module 'summarizer' has no attribute 'Uasge'"):
        get("Uasge")


def test_directory_is_the_sorted_public_names(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("package_with_names")
    module.__all__ = ["b", "a"]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "package_with_names", module)
    _, directory = lazy_exports("package_with_names", {})
    assert directory() == ["a", "b"]


def test_missing_dependency_names_the_extra_that_installs_it() -> None:
    get, _ = lazy_exports("summarizer", {"no_such_package.part": "Thing"}, extra="testing")
    with pytest.raises(MissingExtra, match="needs the package no_such_package, which is not installed") as caught:
        get("Thing")
    assert caught.value.hint == "Install it: pip install 'articlebrief[testing]'"


@pytest.mark.parametrize(("home", "extra"), [("no_such_package", ""), (".no_such_module", "testing")])
def test_import_error_without_an_extra_to_name_is_passed_on(home: str, extra: str) -> None:
    get, _ = lazy_exports("summarizer", {home: "Thing"}, extra=extra)
    with pytest.raises(ModuleNotFoundError):
        get("Thing")


@pytest.mark.parametrize(("subject", "shown"), [("", "Web pages"), ("Feeds", "Feeds")])
def test_missing_module_of_an_extra_is_an_error_with_the_command_to_install_it(subject: str, shown: str) -> None:
    with pytest.raises(MissingExtra) as caught:
        import_extra("no_such_module.parser", "web", subject)
    assert caught.value.message == f"{shown} need the package no_such_module, which is not installed."
    assert caught.value.hint == "Install it: pip install 'articlebrief[web]'"


def test_module_of_an_extra_is_imported() -> None:
    assert import_extra("json.decoder", "web").JSONDecoder is JSONDecoder
