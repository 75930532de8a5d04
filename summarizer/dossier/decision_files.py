"""Files of people's decisions: their form, and what contradicts itself in one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from summarizer._text import shorten
from summarizer.dossier.types import MEANINGS, Decision, DecisionKind, Verdict
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


def check_agreement(wishes: Sequence[Wish], keys: Sequence[tuple[str, str]], decided: Iterable[Decision] = ()) -> None:
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
    _check_sides(wishes, keys, decided)


def _check_sides(wishes: Sequence[Wish], keys: Sequence[tuple[str, str]], decided: Iterable[Decision]) -> None:
    """Check that decisions on issues leave each of them on one side: the contrary of a contrary is the same.

    Args:
        wishes: The new decisions. One on two issues replaces an earlier one on these.
        keys: The keys of what each is about.
        decided: The decisions of people on issues that are in force, oldest first.

    Raises:
        ConfigurationError: By a chain of others, two issues stand on the other side than a new decision says.
    """
    links = {frozenset((each.one, each.other)): (each.verdict, f"decision {each.id}") for each in decided}
    new = [(wish, key) for wish, key in zip(wishes, keys, strict=True) if wish.kind == "issue"]
    links |= {frozenset(key): (wish.verdict, f"{wish.one}, {wish.other}: {wish.verdict}") for wish, key in new}
    near: defaultdict[str, list[tuple[str, Verdict, str]]] = defaultdict(list)
    for pair, (verdict, told) in links.items():
        if len(pair) > 1 and verdict in ("same", "contrary"):
            first, second = pair
            near[first].append((second, verdict, told))
            near[second].append((first, verdict, told))
    for wish, (one, other) in new:
        turn = {"same": 1, "contrary": -1}.get(wish.verdict, 0)
        reached: dict[str, tuple[int, list[str]]] = {one: (1, [])}
        queue = [one]
        for key in queue:
            side, path = reached[key]
            for following, verdict, told in near[key]:
                if following not in reached and {key, following} != {one, other}:
                    reached[following] = side if verdict == "same" else -side, [*path, told]
                    queue.append(following)
        side, path = reached.get(other, (turn, []))
        if turn and side != turn:
            stand = "on one side" if side == 1 else "on opposite sides"
            problem = f"“{shorten(wish.one)}” and “{shorten(wish.other)}” cannot be {wish.verdict}"
            raise ConfigurationError(
                f"{problem}: by other decisions, they stand {stand} ({'; '.join(path)}).",
                hint="Keep what is right; `--undo` withdraws a decision.",
            )
