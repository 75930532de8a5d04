"""Lazy exports: a package imports the home of a public name on first use, so its own import is cheap."""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazy_exports(
    package: str, homes: Mapping[str, str], *, extra: str = ""
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return the ``__getattr__`` and ``__dir__`` of a package.

    Assign both in the ``else`` of ``if TYPE_CHECKING``. A type checker that sees them accepts every name.

    Args:
        package: Its ``__name__``.
        homes: Public names by the module that defines them, such as ``{".estimate": "Estimate Prices"}``.
            A leading dot makes the module relative to the package.
        extra: The extra of the distribution that installs what these modules import.
    """
    home_of = {name: home for home, names in homes.items() for name in names.split()}

    def __getattr__(name: str) -> Any:  # noqa: N807  # it becomes the package's own
        if name not in home_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        try:
            return getattr(import_module(home_of[name], package), name)
        except ModuleNotFoundError as error:
            missing = (error.name or "").partition(".")[0]
            if not extra or missing in {"", "summarizer"}:
                raise
            raise _missing_extra(f"{package}.{name} needs", missing, extra) from error

    def __dir__() -> list[str]:  # noqa: N807
        return sorted(sys.modules[package].__all__)

    return __getattr__, __dir__


_SUBJECTS = {"web": "Web pages", "pdf": "PDF files", "docx": "Word documents"}


def import_extra(module: str, extra: str, subject: str = "") -> Any:
    """Import a module that an extra of the distribution installs.

    Args:
        module: The name to import, such as ``"trafilatura"``.
        extra: The extra, such as ``"web"``.
        subject: What needs the module, in the plural; by default the subject of the extra.

    Raises:
        MissingExtra: The module is not installed.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        package = module.partition(".")[0]
        if error.name != package:  # a dependency of the module is missing
            raise
        raise _missing_extra(f"{subject or _SUBJECTS[extra]} need", package, extra) from error


def _missing_extra(who_needs: str, package: str, extra: str) -> Exception:
    from summarizer.errors import MissingExtra

    message = f"{who_needs} the package {package}, which is not installed."
    return MissingExtra(message, hint=f"Install it: pip install 'articlebrief[{extra}]'")
