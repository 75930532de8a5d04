"""The words and phrases that the built-in engine looks for, from lexicon.toml."""

import tomllib
from pathlib import Path

_LISTS = {
    name: phrases.split() if isinstance(phrases, str) else phrases
    for name, phrases in tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")).items()
}


def word_set(name: str) -> frozenset[str]:
    """Return a list as a set."""
    return frozenset(_LISTS[name])


def any_of(name: str) -> str:
    """Return a regular expression that matches one entry of a list."""
    return f"(?:{'|'.join(_LISTS[name])})"
