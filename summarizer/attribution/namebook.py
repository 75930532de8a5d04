"""The name book: what words say of the names they stand in. Read off names.toml."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Sex = Literal["m", "f", ""]


@dataclass(frozen=True, slots=True)
class NameBook:
    """The word lists of names.toml, in lower case, titles without their full stops."""

    titles: dict[str, Sex]
    given: dict[str, Sex]
    organisations: frozenset[str]
    organisation_nouns: frozenset[str]
    documents: frozenset[str]
    unnamed: frozenset[str]
    governments: frozenset[str]
    nationalities: frozenset[str]


@cache
def namebook() -> NameBook:
    """The lists, read once."""
    data = tomllib.loads((files(__package__) / "names.toml").read_text(encoding="utf-8"))
    titles: dict[str, Sex] = dict.fromkeys(data["titles"]["either"], "")
    titles |= dict.fromkeys(data["titles"]["male"], "m") | dict.fromkeys(data["titles"]["female"], "f")
    given: dict[str, Sex] = dict.fromkeys(data["given"]["either"].split(), "")
    given |= dict.fromkeys(data["given"]["male"].split(), "m")
    given |= dict.fromkeys(data["given"]["female"].split(), "f")
    words, places = data["words"], data["places"]
    return NameBook(
        titles,
        given,
        frozenset(words["organisations"]),
        frozenset(words["organisation_nouns"]),
        frozenset(words["documents"]),
        frozenset(words["unnamed"]),
        frozenset(places["governments"]),
        frozenset(places["nationalities"]),
    )
