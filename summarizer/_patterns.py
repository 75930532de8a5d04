"""Regular expressions that are compiled on first use: compiling all of them takes a third of a short run."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, AnyStr, cast


def compile_lazily(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return a stand-in for a compiled pattern, which compiles it when one of its methods is first looked up.

    Use it for the constants of a module. An error in the pattern is raised on first use.
    """
    return cast("re.Pattern[AnyStr]", LazyPattern(pattern, flags))


def fill_patterns(patterns: Mapping[str, str], lists: Mapping[str, str]) -> dict[str, str]:
    """Return patterns in which a name in braces means an earlier one or a list. Line ends do not count."""
    filled: dict[str, str] = {}
    for name, text in patterns.items():
        parts = re.split(r"\{([a-z_]+)\}", text.replace("\n", ""))  # text, name, text, …
        parts[1::2] = [filled[each] if each in filled else lists[each] for each in parts[1::2]]
        filled[name] = "".join(parts)
    return filled


_QUANTIFIER = r"(?:[?*+]|\{\d*,?\d*\})"
_PART = re.compile(
    rf"\((?:\?(?:P<\w+>|[\w-]*:|<?[!=]))?|\)(?P<closing>{_QUANTIFIER}?)|(?P<bar>\|)"
    rf"|(?P<literal>[\w ’'-])(?!{_QUANTIFIER})|(?P<other>(?:\[(?:\\.|[^]\\])*\]|\\x\w\w|\\?.){_QUANTIFIER}?)"
)


def required_literals(pattern: str) -> tuple[str, ...]:
    """Return strings one of which is in each match of ``pattern``; looking for them is cheaper than a search."""
    return _read_literals(_PART.finditer(pattern))


def _read_literals(parts: Iterator[re.Match[str]]) -> tuple[str, ...]:
    """Return the literals of the parts up to the end of a group: for each alternative those that are longest."""
    found: list[str] = []
    best: Sequence[str] = [""]
    run = ""
    for part in parts:
        if part["literal"]:
            run += part["literal"]
            continue
        best, run = max(best, [run], key=_shortest), ""
        if part[0][0] == "(":
            inner = _read_literals(parts)
            best = max(best, [] if "!" in part[0] or "=" in part[0] else inner, key=_shortest)
        elif part["bar"]:
            found += best
            best = [""]
        elif part[0][0] == ")":
            return ("",) if part["closing"] else (*found, *best)
    return (*found, *max(best, [run], key=_shortest))


def _shortest(literals: Sequence[str]) -> int:
    return min(map(len, literals), default=0)


class LazyPattern:
    """A regular expression that is not compiled until it is used.

    Looked-up methods are kept in the instance, so that later look-ups are as quick as those of ``re.Pattern``.
    """

    def __init__(self, pattern: str | bytes, flags: int = 0) -> None:
        self.pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = getattr(re.compile(self.pattern, self._flags), name)
        setattr(self, name, value)
        return value
