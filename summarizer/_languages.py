"""The languages by their folders of word lists (TOML), which hold all that the library knows of a language."""

import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

_ResultT = TypeVar("_ResultT")
_MAX_CACHED = 64
_BUILT_IN = Path(__file__).parent / "attribution" / "languages"
_added: dict[str, Path] = {}
_caches: list[Callable[[], None]] = []


def add_language(folder: str | Path) -> None:
    """Add a language, or replace one, by its folder.

    Args:
        folder: A folder with TOML files. Its name is the language's code, such as "es".

    Raises:
        FileNotFoundError: The folder has no TOML file.
    """
    path = Path(folder).resolve()
    if not any(path.glob("*.toml")):
        raise FileNotFoundError(f"{path} has no TOML file with the words of a language.")
    _added[path.name.lower()] = path
    for clear in _caches:
        clear()


def cached(function: Callable[..., _ResultT]) -> Callable[..., _ResultT]:
    """Cache the last results of a function until a language is added."""
    cached_function = lru_cache(maxsize=_MAX_CACHED)(function)
    _caches.append(cached_function.cache_clear)
    return cached_function


@cached
def language_codes() -> tuple[str, ...]:
    """Return the codes of the languages with a folder, in alphabetical order."""
    return tuple(sorted({*_added, *(path.name for path in _BUILT_IN.iterdir() if any(path.glob("*.toml")))}))


@cached
def read_language(code: str) -> dict[str, Any]:
    """Return the merged data of a language's files; empty if it has no folder."""
    folder = _added.get(code, _BUILT_IN / code)
    data: dict[str, Any] = {}
    for path in sorted(folder.glob("*.toml")) if code.isalnum() else ():
        data |= tomllib.loads(path.read_text(encoding="utf-8"))
    return data


@cached
def frequent_words(code: str) -> frozenset[str]:
    """Return the most frequent words of a language, of which each language has the same number."""
    return frozenset(read_language(code).get("frequent", "").split())


@cached
def own_words(code: str) -> frozenset[str]:
    """Return the words of a language's closed classes, and its cues, that are in no other language with a folder."""
    others = [_vocabulary(other, ("name", "particles", "endings")) for other in language_codes() if other != code]
    return _vocabulary(code, _OPEN_CLASSES).difference(*others)


_OPEN_CLASSES = """
name particles nouns endings descriptions titles organisations documents governments nationalities wording questions
answers
""".split()
"""Parts of the names of lists whose words do not tell the language."""


def _vocabulary(code: str, left_out: Iterable[str]) -> frozenset[str]:
    left_out = {*left_out, "gloss"}  # it has English words
    lists = [value for key, value in read_language(code).items() if not any(part in key for part in left_out)]
    words = {word for word in _words_in(lists) if word.rstrip("'").isalpha() and len(word) > 1}
    words |= {f"{word}'" for word in read_language(code).get("elisions", "").split()}
    for row in read_language(code).get("verbs", ()):
        words |= {stem + end for stem in row.get("stems", "").split() for end in row["endings"].split()}
    return frozenset(words)


def _words_in(value: Any) -> Iterator[str]:  # any TOML value
    if isinstance(value, str):
        yield from value.split()
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _words_in(inner)
