"""Positions and open questions, as the page shows them: each with all that is known of it."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from summarizer.brief import Brief, Certainty, Checks, Issue, OpenQuestion, Position, Speech, Stance
from summarizer.render.judged import stance, statement
from summarizer.render.outline import KINDS, SIGNS
from summarizer.render.people import about, name
from summarizer.render.quotation import Quotation
from summarizer.render.words import line, where

CERTAINTIES: dict[Certainty, str] = {
    "asserted": "asserted",
    "hedged": "hedged",
    "speculated": "speculation",
    "conditional": "conditional",
}
SPEECHES: dict[Speech, str] = {"direct": "direct speech", "indirect": "indirect speech", "mixed": "partly quoted"}

NO_STANCE = "•"
"""The sign of a position that takes no stance."""

Tone = Literal["sound", "open", "doubt"]


@dataclass(frozen=True, slots=True)
class Check:
    """What the independent analysis says of one side of a position."""

    tone: Tone
    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class Who:
    """A holder, as a page names it."""

    key: str
    """Its number in the brief, from 1: an id of the page's own, whatever the brief's are."""
    name: str
    about: str
    label: str
    """The name; of those who share one, with the first sentence cited: what tells them apart in a list."""


@dataclass(frozen=True, slots=True)
class Card:
    """A position."""

    key: str
    """Its fragment: "P12" is the twelfth position of the brief."""
    holders: tuple[Who, ...]
    relayed_by: Who | None
    statement: str | None
    """None from the built-in engine, whose statements are the words that the quotation lights."""
    stance: Stance | None
    sign: str
    certainty: str
    speech: str
    checks: tuple[Check, ...]
    quotation: Quotation
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The positions on one issue, or on none."""

    key: str
    """The issue's number, from 1; "0" where there is none."""
    heading: str
    kind: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """An open question."""

    key: str
    text: str
    origin: str
    raised_by: tuple[Who, ...]
    quotation: Quotation
    verbatim: bool
    """Whether the quotation says it in the same words."""
    sentences: tuple[int, ...]


class Cards:
    """What the page shows of ``brief``'s claims."""

    def __init__(self, brief: Brief) -> None:
        self._brief = brief
        first = _first_sentences(brief)
        shared = Counter(map(name, brief.holders))
        self.people: dict[str, Who] = {}
        for number, holder in enumerate(brief.holders, 1):
            called = name(holder)
            label = f"{called} {where(first[holder.id])}".strip() if shared[called] > 1 else called
            self.people[holder.id] = Who(str(number), called, about(holder), label)

    def holders(self) -> tuple[Who, ...]:
        """Those who hold a position, by name."""
        held = {holder for position in self._brief.positions for holder in position.holders}
        people = (who for holder, who in self.people.items() if holder in held)
        return tuple(sorted(people, key=lambda who: (who.name.casefold(), int(who.key))))

    def groups(self) -> tuple[Group, ...]:
        """Issues that somebody takes a position on, in their order; then what belongs to none."""
        cards = [(position.issue, self._card(n, position)) for n, position in enumerate(self._brief.positions, 1)]
        issues: list[Issue | None] = [*self._brief.issues, None]
        found: list[Group] = []
        for issue in issues:
            mine = tuple(card for key, card in cards if key == (issue.id if issue else None))
            if not mine:
                continue
            if issue:
                found.append(Group(str(len(found) + 1), line(issue.proposition), KINDS[issue.kind], mine))
            else:
                found.append(Group("0", "On no issue in particular" if found else "All positions", "", mine))
        return tuple(found)

    def questions(self) -> tuple[Question, ...]:
        """The open questions, in their order."""
        return tuple(self._question(n, question) for n, question in enumerate(self._brief.open_questions, 1))

    def _card(self, number: int, position: Position) -> Card:
        taken = stance(self._brief, position)
        return Card(
            key=f"P{number}",
            holders=tuple(self.people[holder] for holder in position.holders),
            relayed_by=self.people[position.reported_by] if position.reported_by else None,
            statement=statement(self._brief, position),
            stance=taken,
            sign=SIGNS[taken] if taken else NO_STANCE,
            certainty=CERTAINTIES[position.certainty],
            speech=SPEECHES[position.speech],
            checks=tuple(_checks(position.checks)),
            quotation=Quotation.of(position.evidence),
            sentences=tuple(dict.fromkeys(item.sentence for item in position.evidence)),
        )

    def _question(self, number: int, question: OpenQuestion) -> Question:
        text, quotation = line(question.question), Quotation.of(question.evidence)
        return Question(
            key=f"Q{number}",
            text=text,
            origin=question.origin,
            raised_by=tuple(self.people[holder] for holder in question.raised_by),
            quotation=quotation,
            verbatim=text.rstrip(".?!") in quotation.text,
            sentences=tuple(dict.fromkeys(item.sentence for item in question.evidence)),
        )


def _first_sentences(brief: Brief) -> defaultdict[str, list[int]]:
    """Of each holder the number of the first sentence cited, in a list; none of those who hold nothing."""
    first: defaultdict[str, list[int]] = defaultdict(list)
    for position in brief.positions:
        for holder in position.holders:
            first[holder] = [min([*first[holder], *(item.sentence for item in position.evidence)])]
    return first


def _checks(checks: Checks) -> Iterator[Check]:
    """What was checked, in a word or two: the doubts, then what is confirmed."""
    if checks.speaker == "contradicted":
        yield Check("doubt", "!", "the quotation may be somebody else’s")
    found = {"speaker": checks.speaker, "figures": checks.figures, "names": checks.names}
    if open_ := [what for what, result in found.items() if result == "unconfirmed"]:
        yield Check("open", "?", f"{_listed(open_)} unconfirmed")
    if sound := [what for what, result in found.items() if result == "confirmed"]:
        yield Check("sound", "✓", f"{_listed(sound)} confirmed")


def _listed(words: Sequence[str]) -> str:
    """Words in a row: "speaker, figures and names"."""
    *before, last = words
    return f"{', '.join(before)} and {last}" if before else last
