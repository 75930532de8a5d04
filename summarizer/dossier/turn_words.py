"""The words that tell of a change of position, from turns.toml."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from summarizer._files import read_toml
from summarizer._languages import cached, read_language
from summarizer._patterns import required_literals
from summarizer.brief import Stance

TurnKind = Literal["turn", "now", "correction"]

CLAUSE_END = re.compile(r"[,;:.!?“”\"()—]")
_CLAUSE = 5  # words before a cue in which a negation blocks it
KINDS: tuple[tuple[str, TurnKind, Stance | None], ...] = (
    ("to_agrees", "turn", "agrees"),
    ("to_disagrees", "turn", "disagrees"),
    ("turn", "turn", None),
    ("first_person_agrees", "turn", "agrees"),
    ("first_person_disagrees", "turn", "disagrees"),
    ("first_person", "turn", None),
    ("first_person_now", "now", None),
    ("now", "now", None),
)
_ASIDES = ("condition", "beside", "then")
_AROUND_CUES = "blocked denied claimed past admits joke another earlier unnamed degree".split()


class TurnWords:
    """The patterns of a language."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        cues = [*(name for name, *_ in KINDS), "correction"]
        self.patterns = {name: _join(data.get(name, ())) for name in (*cues, *_ASIDES, *_AROUND_CUES)}
        self._literals = {
            name: {literal.lower() for line in data.get(name, ()) for literal in required_literals(line)}
            for name in (*cues, *_ASIDES)
        }
        self.people = frozenset(data.get("people", "").split())
        prepositions = map(re.escape, data.get("prepositions", "").split())
        articles = "the|die|der|das|la|le|les|el|los|las"
        self.after_preposition = _join([rf"(?:{'|'.join(prepositions) or '(?!)'})(?: (?:{articles}))?\s*$"])
        matters = {"matter": "(?!)"} | data.get("matters", {})
        self.matters = {name: re.compile(text, re.IGNORECASE) for name, text in matters.items()}
        self.pronoun = _join(map(re.escape, sorted(self.people.union(data.get("things", "").split()))))

    def may_tell(self, plain: str) -> bool:
        """Return whether a text in lower case has words that tell of a change, a correction or a condition."""
        return any(
            self.patterns[name].search(plain)
            for name, literals in self._literals.items()
            if any(literal in plain for literal in literals)
        )


def _join(lines: Iterable[str]) -> re.Pattern[str]:
    joined = "|".join(line.replace(" ", r"\s+") for line in lines) or "(?!)"  # which matches nothing
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE)


@cached
def read_turn_words(language: str) -> TurnWords | None:
    """Return the words of a language: those of this room, or the table ``turns`` of a language that was added."""
    data = read_toml(__file__, "turns.toml").get(language) or read_language(language).get("turns")
    return TurnWords(data) if data else None


def find_cue(pattern: re.Pattern[str], text: str, *, is_last: bool) -> re.Match[str] | None:
    """Return the first or the last match of a cue: "now backs" tells more than "once a critic"."""
    found = list(pattern.finditer(text))
    return found[-1 if is_last else 0] if found else None


def with_apostrophes(text: str) -> str:
    """Return a text with one kind of apostrophe."""
    return text.replace("'", "’")


def is_blocked(before: str, words: TurnWords) -> bool:
    """Return whether the last words of the clause before a cue negate it."""
    clause = CLAUSE_END.split(before)[-1]
    return bool(words.patterns["blocked"].search(" ".join(clause.split()[-_CLAUSE:])))
