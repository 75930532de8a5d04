"""The words and patterns that the built-in engine looks for, from lexicon.toml, stances.toml and patterns.toml."""

from summarizer._files import read_toml
from summarizer._patterns import fill_patterns

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
    """Return the regular expressions of a module, which may contain lists of words."""
    return fill_patterns(_PATTERNS[module], {name: any_of(name) for name in _LISTS})
