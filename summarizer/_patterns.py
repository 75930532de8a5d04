"""Regular expressions that are compiled on first use: compiling all of them takes a third of a short run."""

import re
from typing import Any, AnyStr, cast


def compile_lazily(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return a stand-in for a compiled pattern, which compiles it when one of its methods is first looked up.

    Use it for the constants of a module. An error in the pattern is raised on first use.
    """
    return cast("re.Pattern[AnyStr]", LazyPattern(pattern, flags))


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
