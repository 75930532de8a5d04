"""The parts of a dossier: actors, issues, statements, changes of position, open questions and decisions."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from summarizer.brief import Certainty, HolderKind, Record, Speech, Stance

DecisionKind = Literal["actor", "issue", "speaker", "placement", "change", "answer"]
"""What a decision is about: two actors, two issues, whose a statement is, its issue, a change, an answer."""
Verdict = Literal["same", "different", "contrary", "unsure"]
"""What a decision says of two actors or two issues."""
Judge = Literal["rule", "model", "person"]
MEANINGS: dict[str, tuple[DecisionKind, Verdict]] = {
    "by": ("speaker", "same"),
    "not_about": ("placement", "different"),
    "no_change": ("change", "different"),
    "no_answer": ("answer", "different"),
}
"""What a correction of a statement decides, by its name in files and options."""

Share = Annotated[float, Field(ge=0, le=1)]

TURNED: dict[str, Stance] = {"agrees": "disagrees", "disagrees": "agrees"}
"""The stance on a proposition, by the stance on its contrary. Other stances stay."""

PEOPLE = frozenset({"person", "author", "unnamed"})
"""The kinds of actors that speak for a body, if they do not speak for themselves."""


class Role(Record):
    """An office or affiliation of an actor, and when articles mention it."""

    role: str | None
    affiliation: str | None
    first: str | None
    """The date of the first article with it, in ISO 8601; null if none has a date."""
    last: str | None
    """The date of the last article with it."""


class Actor(Record):
    """A person or body that holds positions, in one or more articles."""

    id: str
    """Made of the name: "jane-hill"."""
    name: str
    """The fullest form in any article."""
    kind: HolderKind
    names: tuple[str, ...] = ()
    """Other forms of the name."""
    roles: tuple[Role, ...] = ()
    """Offices and affiliations, oldest first."""
    articles: int = 0
    statements: int = 0


class Wording(Record):
    """A proposition of one or more briefs that belongs to an issue of the dossier."""

    proposition: str
    contrary: bool
    """Whether it states the contrary of the issue."""
    briefs: int


class DossierIssue(Record):
    """A proposition in dispute, in one or more articles."""

    id: str
    """Made of the proposition, or the id of the codebook."""
    proposition: str
    given: bool = False
    """Whether it comes from a codebook."""
    found: bool = False
    """Whether no brief has it: statements of several articles speak of it."""
    wordings: tuple[Wording, ...] = ()
    articles: int = 0
    statements: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """A position of one actor in one article: the unit that a dossier counts.

    It holds no text, so that a dossier of 100,000 of them fits in memory; see `Dossier.details`.
    """

    position: int
    """The id of the position in the store."""
    actor: str
    issue: str | None
    stance: Stance
    """The stance on the proposition of the dossier's issue."""
    date: str | None
    """The date of the article, in ISO 8601."""
    article: int
    """The id of the article in the store."""
    source: str | None
    """The outlet: the site's name, or else the source of the article; null if that is a file or an address."""
    reported_by: str | None = None
    """The actor who relays it."""


class StatementDetails(Record):
    """The words of a statement and where they stand."""

    position: int
    statement: str
    quotation: str
    """The cited sentences."""
    sentences: tuple[int, ...]
    link: str | None
    """An address that opens at the quotation, or else at the article."""
    certainty: Certainty
    speech: Speech
    speaker: str
    """Result of the check of the speaker."""
    support: str
    """Result of the check of the support."""
    article: int
    title: str | None
    source: str | None
    also_in: tuple[str, ...] = ()
    """Other outlets with the same article."""
    author: str | None
    date: str | None


class Change(Record):
    """A change of position of an actor on an issue."""

    actor: str
    issue: str
    from_stance: Stance
    to_stance: Stance
    before: int
    """The id of the last position on the old side; of that in `after` if the store has none."""
    after: int
    """The id of the first position on the new side, or of the one that reports the change."""
    explicit: bool
    """Whether an article says that the actor changed position."""
    said: str | None = None
    """The sentence that says so."""
    confidence: Share
    """How sure it is; docs/changes.md has the rules."""


class Contradiction(Record):
    """Two statements that cannot both hold."""

    issue: str | None
    """The issue of the first statement; figures may have none."""
    one: int
    """The id of a position."""
    other: int
    actors: tuple[str, str]
    """The two actors; twice the same for a contradiction within one."""
    kind: Literal["stance", "figure"]
    """Opposite stances of one actor without a change between them, or different figures for one thing."""


LinkingStage = Literal["briefs", "copies", "actors", "issues", "statements", "changes"]


class DossierProgress(Record):
    """What the opening of a dossier is doing. The stages follow each other in this order."""

    stage: LinkingStage
    """What is read or linked: briefs, syndicated copies, actors, issues, statements without an issue, changes."""
    done: int = 0
    """Articles that are done in this stage."""
    total: int | None = None
    """Articles of this stage; null if it works on all at once."""


class Answer(Record):
    """A later position that may answer an open question."""

    position: int
    confidence: Share


class Question(Record):
    """An open question of an article, and later positions that may answer it."""

    question: str
    quotation: str
    """The sentences that ask or imply it."""
    link: str | None
    article: int
    date: str | None
    source: str | None
    answers: tuple[Answer, ...] = ()


class Decision(Record):
    """An entry of the log: whether two holders are one actor, two issues one matter, or a correction of a statement."""

    id: int
    kind: DecisionKind
    one: str
    """The key of the holder, issue, statement or question that was decided on."""
    other: str
    """The key of the one it was compared with."""
    verdict: Verdict
    made_by: Judge
    reason: str
    made: str
    """Date and time in UTC, in ISO 8601."""
    undone: str | None = None
    """The time at which a person withdrew it; null while it is in force."""
