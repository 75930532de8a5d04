"""The words and phrases that the built-in engine looks for, from lexicon.toml and stances.toml."""

from summarizer._files import read_toml

_LISTS = {
    name: phrases.split() if isinstance(phrases, str) else phrases
    for file in ("lexicon.toml", "stances.toml")
    for name, phrases in read_toml(__file__, file).items()
}


def word_set(name: str) -> frozenset[str]:
    """Return a list as a set."""
    return frozenset(_LISTS[name])


def any_of(name: str) -> str:
    """Return a regular expression that matches one entry of a list."""
    return f"(?:{'|'.join(_LISTS[name])})"
