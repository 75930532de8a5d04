"""Files of people's decisions: their form, and what contradicts itself in one."""

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from summarizer.dossier.types import MEANINGS, DecisionKind, Verdict
from summarizer.errors import ConfigurationError, describe_fault

_Names = Annotated[tuple[str, ...], Field(min_length=2)]
_FORM = (
    "Its form is “actors: {same: [[NAME, NAME]], different: [[NAME, NAME@ARTICLE]]}”, the same for issues, and "
    "“statements: {by: [[STATEMENT, NAME]]}”."
)


class Wish(NamedTuple):
    """A decision that a person wants, in words."""

    kind: DecisionKind
    one: str
    other: str
    verdict: Verdict
    line: int = 0
    """Of the file; 0 for none."""


class _DecisionFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    actors: dict[Literal["same", "different"], tuple[_Names, ...]] = {}
    issues: dict[Literal["same", "different", "contrary"], tuple[_Names, ...]] = {}
    statements: dict[Literal["by", "not_about", "no_change", "no_answer"], tuple[tuple[str, str], ...]] = {}


def read_decisions(path: Path) -> list[Wish]:
    """Return the decisions in a YAML file one by one. Of a list of different names, each differs from each other.

    Raises:
        ConfigurationError: It cannot be read, or it has another form.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        file = _DecisionFile.model_validate(yaml.safe_load(text) or {})
    except OSError as error:
        raise ConfigurationError(f"The decisions {path} cannot be read: {error.strerror or error}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        problem = describe_fault(error)[1]
        raise ConfigurationError(f"The decisions {path} are not YAML: {problem}.", hint=_FORM) from error
    except ValidationError as error:
        problem = " ".join(filter(None, describe_fault(error)))
        raise ConfigurationError(f"The decisions {path} are invalid: {problem}.", hint=_FORM) from error
    return [
        Wish(kind, one, other, verdict, line)
        for section, lists in file.model_dump().items()
        for name, entries in lists.items()
        for names, line in zip(entries, _lines(text, section, name), strict=True)
        for kind, verdict in [MEANINGS.get(name) or ("actor" if section == "actors" else "issue", name)]
        for one, other in (combinations(names, 2) if name == "different" else ((names[0], each) for each in names[1:]))
    ]


def _lines(text: str, *keys: str) -> list[int]:
    """Return the lines in which the items of a list begin, given by the keys that lead to it."""
    node = yaml.compose(text)
    for key in keys:
        node = next((value for name, value in node.value if name.value == key), None) if node else None
    return [item.start_mark.line + 1 for item in node.value] if node else []


def check_agreement(wishes: Sequence[Wish], keys: Sequence[tuple[str, str]]) -> None:
    """Check that decisions, with the keys of what they are about, do not contradict each other.

    Raises:
        ConfigurationError: Two of them do, or what several say to be one is said to be different.
    """
    told: dict[object, tuple[str, Wish]] = {}
    root: dict[str, str] = {}

    def find(key: str) -> str:
        return find(root[key]) if key in root else key

    pairs = list(zip(wishes, keys, strict=True))
    for wish, (one, other) in sorted(pairs, key=lambda pair: pair[0].verdict == "different"):
        is_speaker, is_link = wish.kind == "speaker", wish.kind in ("actor", "issue")
        about, said = (one, other) if is_speaker else (frozenset((one, other)), wish.verdict)
        known, earlier = told.setdefault((wish.kind, about), (said, wish))
        against = [] if known == said else [earlier]
        if is_link and find(one) == find(other) and wish.verdict == "different":
            against = [each for each, key in pairs if each.verdict != "different" and find(key[0]) == find(one)]
        elif is_link and find(one) != find(other) and wish.verdict != "different":
            root[find(one)] = find(other)
        if against:
            found = sorted([*against, wish], key=lambda each: each.line)
            told_in = "; ".join(f"line {each.line}, {each.verdict}: {each.one}, {each.other}" for each in found)
            raise ConfigurationError(f"The decisions contradict each other: {told_in}.", hint="Keep what is right.")
