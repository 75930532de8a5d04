"""The types of the rules: Rule, its input Context and its result Match."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, TypeVar

from summarizer.attribution.lexicon import NO_CUE, Cue, Sense
from summarizer.attribution.noun_phrases import subject_before
from summarizer.attribution.tokens import Paragraph, Piece, Range
from summarizer.attribution.verb_phrases import VerbUse, analyse_verb

_ResultT = TypeVar("_ResultT")


ANY_VERB = "*"
"""The lemma of a verb of no list that makes a tag."""


class Match(NamedTuple):
    """An attribution found by a rule, in tokens of its paragraph."""

    source: tuple[Range, ...]
    cue: tuple[Range, ...]
    content: tuple[Piece, ...]
    """Each piece with the index of its paragraph: a quotation can run over several."""
    sense: Sense
    paragraph: int | None = None
    """The paragraph of source and cue, if not that of the place."""
    reporter: Range | None = None
    """The words for the body that reports the statement: "the paper" in "the paper quoted Ms Hill as saying"."""


class Candidate(NamedTuple):
    """A match with its rule and the paragraph of its source and cue."""

    rule: "Rule"
    paragraph: int
    match: Match

    @property
    def cue_start(self) -> int:
        """The first token of the cue."""
        return self.match.cue[0][0]


class Subjects:
    """The sources of the earlier cues in a sentence, from the outermost to that of the place."""

    def __init__(self) -> None:
        self._open: list[tuple[Range, int]] = []  # each with the end of its content

    def find(self, word: int) -> Range | None:
        """Return the subject of "and added" at a word: the outer one if its content has ended."""
        while len(self._open) > 1 and word >= self._open[-2][1]:
            self._open.pop()
        return self._open[-1][0] if self._open else None

    def add(self, candidate: Candidate) -> None:
        """Add the source of a match, after `find` at its cue."""
        if self._open and candidate.cue_start >= self._open[-1][1]:
            self._open.pop()
        index, (_, end) = candidate.match.content[-1]
        self._open.append((candidate.match.source[0], end if index == candidate.paragraph else candidate.cue_start))


class Context:
    """A place in a paragraph that a rule is tried at."""

    __slots__ = tuple("paragraphs paragraph word cue sentence floor start stop known _subject _results".split())

    def __init__(
        self, paragraphs: Sequence[Paragraph], paragraph: Paragraph, word: int, cue: Cue = NO_CUE, floor: int = 0
    ) -> None:
        self.paragraphs = paragraphs
        self.paragraph = paragraph
        self.word = word
        """The token of the cue."""
        self.cue = cue
        """Its entry in the lexicon; NO_CUE for "according to", "in a poll" and labels."""
        self.sentence: Range = paragraph.sentence(word)
        self.floor = floor
        """The first token that a match may use: where the tag before ends."""
        self.start = max(self.sentence[0], floor)
        """The first token of the sentence that a match may use."""
        self.stop = self.sentence[1]
        """One past the last token that the content may use: where the next tag begins."""
        self.known: Range | None = None
        """The source of the cue before in the same sentence: the subject of "and added"."""
        self._subject: tuple[Range | None, int] | None = None  # quicker than `once`: most rules need it
        self._results: dict[Callable[[Context], Any], Any] = {}

    def restart(self, cue: Cue) -> None:
        """Prepare the place for the rules at a cue, which the tag before does not bound."""
        self.cue, self.floor = cue, 0
        self._results.clear()
        if self.start != self.sentence[0]:
            self.start, self._subject = self.sentence[0], None

    def once(self, function: "Callable[[Context], _ResultT]") -> _ResultT:
        """Return ``function(self)``, computed once for all rules that share it."""
        result: _ResultT = self._results.get(function, self)
        if result is self:
            result = self._results[function] = function(self)
        return result

    @property
    def subject(self) -> tuple[Range | None, int]:
        """The noun phrase before the cue, and where the verb group begins."""
        if self._subject is None:
            self._subject = subject_before(self.paragraph, self.word, self.start)
        return self._subject

    @property
    def verb(self) -> tuple[VerbUse, Range | None]:
        """Return the use of the cue as a verb, and its source."""
        return self.once(_find_verb)

    @property
    def is_passive(self) -> bool:
        """Return whether the verb group has a form of "be"."""
        return any(token.is_be for token in self.paragraph.tokens[self.subject[1] : self.word])

    def match(self, source: Range | None, content: Sequence[Range], sense: Sense, cue_end: int | None = None) -> Match:
        """Return a match of the cue with content in its own paragraph."""
        cue = (self.word, self.word + 1 if cue_end is None else cue_end)
        pieces = tuple([(self.paragraph.index, piece) for piece in content])
        return Match(() if source is None else (source,), (cue,), pieces, sense)


def _find_verb(context: Context) -> tuple[VerbUse, Range | None]:
    paragraph, word, cue = context.paragraph, context.word, context.cue
    return analyse_verb(paragraph, word, cue, context.subject, floor=context.start, known=context.known)


def match_nothing(context: Context) -> None:
    """Match nowhere."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern of reported speech: how it is matched, and what follows from a match."""

    name: str
    """As in docs/attribution-rules.md."""
    match: Callable[[Context], Match | None] = field(default=match_nothing, repr=False, compare=False)
    """Return the attribution at a place, if any; by default none, for attributions that are found in another way."""
    place: Literal["paragraph", "tag", "cue", "quotation"] = "cue"
    """Where it is tried: at the beginning of a paragraph, at tags, at the cues that are in no tag, or at the
    quotations and introduced paragraphs that are in no other match."""
    frames: frozenset[str] = frozenset()
    """Frames of which the cue must have one; without any, every cue can match."""
    forms: frozenset[str] = frozenset()
    """The forms that the cue may have."""
    accepts: Callable[[Cue], bool] = field(default=bool, repr=False, compare=False)
    """Whether a cue can match otherwise."""
    content: Literal["clause", "quotation", "question", "infinitive", "phrase", "object"] = "clause"
    """The form of the content."""
    encloses: bool = True
    """Within its content, rules of the top level do not count."""
    names_subject: bool = True
    """Its source is the subject of the sentence: the source of a later "and added"."""
    is_salient: bool = True
    """A later pronoun can mean its source."""
    own_words: bool = False
    """The content is in the words of its holder, so that "denied" does not deny it."""
    is_turn: bool = False
    """The content is a speaker's turn in a transcript; the label before it is the source."""
    decides: bool = False
    """Sure enough to contradict a position that names another speaker."""
    confirms: bool = True
    """Sure enough to confirm the speaker of a position."""
    headline_claim: bool = False
    """In a headline, the content is a clause that states the issue."""
    keeps_cue: bool = False
    """The cue carries half of the statement: "opposed the plan"."""
    needs_cue: Literal["never", "always", "dependent clause"] = "never"
    """Whether the content needs its cue to stand alone: "asked whether …" does, "said that …" does not."""
    cue_is_noun: bool = False
    """The cue is a noun: "her criticism of …"."""
    needs_side: bool = False
    """States a position only if the cue takes sides: "a report written by the mayor" does not."""

    def fits(self, cue: Cue) -> bool:
        """Return whether a cue has a frame and a form that the rule needs, and is accepted."""
        has_frame = not self.frames or not self.frames.isdisjoint(cue.frames)
        return has_frame and (not self.forms or not self.forms.isdisjoint(cue.forms)) and self.accepts(cue)
