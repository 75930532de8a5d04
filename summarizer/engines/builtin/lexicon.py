"""The words and patterns that the built-in engine looks for, from lexicon.toml, stances.toml and patterns.toml."""

import re

from summarizer._files import read_toml

_LISTS = {
    name: phrases.split() if isinstance(phrases, str) else phrases
    for file in ("lexicon.toml", "stances.toml")
    for name, phrases in read_toml(__file__, file).items()
}
_PATTERNS = read_toml(__file__, "patterns.toml")


def word_set(name: str) -> frozenset[str]:
    """Return a list as a set."""
    return frozenset(_LISTS[name])


def any_of(name: str) -> str:
    """Return a regular expression that matches one entry of a list."""
    return f"(?:{'|'.join(_LISTS[name])})"


def read_patterns(module: str) -> dict[str, str]:
    """Return the regular expressions of a module, which may contain earlier ones and lists of words."""
    found: dict[str, str] = {}
    for name, text in _PATTERNS[module].items():
        plain = text.replace("\n", "")
        found[name] = re.sub(r"\{([a-z_]+)\}", lambda part: found.get(part[1]) or any_of(part[1]), plain)
    return found
