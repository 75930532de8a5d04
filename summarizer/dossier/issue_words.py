"""The words of the issues of a dossier, by their beginnings: to find the issue that a sentence is about."""

from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from sys import intern

from summarizer._files import read_toml
from summarizer._text import normalized_words
from summarizer.store import Database

_BEGINNING = 5  # letters
_SHORT = 3  # letters of the shortest word that identifies an issue: "dam"
FUNCTION_WORDS = frozenset(read_toml(__file__, "contradictions.toml")["function_words"].split())


@dataclass(frozen=True)
class IssueWords:
    """The words of the issues of a dossier."""

    beginnings: Mapping[str, Set[str]] = field(default_factory=dict)
    """The beginnings of the words of each issue; see `beginnings_of`."""
    propositions: Mapping[str, str] = field(default_factory=dict)
    """The proposition of each issue."""

    def find_best(self, words: Set[str], least: int, *, without: Container[str]) -> str | None:
        """Return the first issue that shares most words, and at least some, without certain issues."""
        shared = Counter(place for word in words for place in self._places.get(word, ()))
        enough = (place for place, count in shared.items() if count >= least and place[1] not in without)
        best = max(enough, key=lambda place: (shared[place], -place[0]), default=None)
        return best and best[1]

    @cached_property
    def _places(self) -> Mapping[str, Sequence[tuple[int, str]]]:
        found: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        for number, (issue, words) in enumerate(self.beginnings.items()):
            for word in words:
                found[word].append((number, issue))
        return found


def read_issue_words(database: Database) -> IssueWords:
    """Return the words of all issues, from all their propositions."""
    propositions = dict(map(tuple, database.stream("SELECT id, proposition FROM dossier_issues")))
    found: dict[str, set[str]] = {}
    for issue, text in database.stream(
        "SELECT id, proposition FROM dossier_issues UNION "
        "SELECT dossier_issue, proposition FROM issues WHERE dossier_issue IS NOT NULL"
    ):
        found.setdefault(issue, set()).update(map(intern, beginnings_of(text)))
    order = sorted(found, key=lambda issue: (propositions.get(issue, ""), issue))  # ids tell which issue came first
    return IssueWords({issue: found[issue] for issue in order}, propositions)


def beginnings_of(text: str) -> set[str]:
    """Return the beginnings of the words of a text, without short words that are in any text."""
    return {word[:_BEGINNING] for word in normalized_words(text) if len(word) >= _SHORT and word not in FUNCTION_WORDS}
