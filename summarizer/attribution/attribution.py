"""What the analysis of reported speech finds: who is said to say what."""

from dataclasses import dataclass
from typing import Literal

from summarizer._types import Certainty, Speech
from summarizer.spans import Span

EntityKind = Literal["person", "organisation", "government", "group", "document", "unnamed"]
Polarity = Literal["for", "against"]


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody to whom the article attributes a statement, all the mentions taken together."""

    name: str
    """The fullest form in the article, without titles: "Justin Logan"; what an unnamed source is
    called ("two security experts")."""
    kind: EntityKind
    role: str | None
    """The office or profession, in the article's words: "director of defence studies"."""
    affiliation: str | None
    """The body it belongs to, in the article's words: "the Cato Institute"."""
    aliases: tuple[str, ...]
    """The other forms in the article, in order of appearance: "Mr Logan"."""
    mentions: tuple[Span, ...]
    """Where it is named, in order; pronouns are left out."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """One reported statement, thought or feeling: a source, a cue, a content.

    All spans are ranges of ``article.text``; each of the three may lie in several pieces.
    """

    source: tuple[Span, ...]
    """The words that name who says it; empty where nobody is named ("it is feared")."""
    cue: tuple[Span, ...]
    """The words that attribute: "said", "according to", "accused … of"."""
    content: tuple[Span, ...]
    """What is said, quotation marks included."""
    sentences: tuple[int, ...]
    """The numbers of the sentences that hold the content, in order."""
    holders: tuple[Entity, ...]
    """Who says it, resolved: pronouns and surnames stand for the fullest name; several in
    "said Mr Logan and Prof Michta", none where nobody is named."""
    speech: Speech
    """All in quotation marks, none, or some of it."""
    certainty: Certainty
    """The holder's own, as cue and content give it."""
    act: str
    """What the cue says was done: said, believed, asked, demanded, promised, denied, accused, …"""
    polarity: Polarity | None
    """Whether the cue itself takes sides ("backed", "opposed"), and which."""
    rule: str
    """The name of the rule that found it, as in docs/attribution.md."""
    denied: bool = False
    """The holder is said to deny, reject or refuse the content, or to hold the contrary: "denied that …",
    "did not think that …". Whoever reads the content as the holder's own gets it the wrong way round."""
    unsaid: bool = False
    """The content is said not to have been said, thought or confirmed: "did not say that …", "refused to
    say whether …", "nobody said that …". The holder is neither for it nor against it."""

    @property
    def statement_spans(self) -> tuple[Span, ...]:
        """The words that state the claim: the content, and the cue where it carries half of it ("opposed the plan").

        A denial includes the words before the cue, which may be the "did not" of "did not think".
        """
        if not self.denied and self.rule not in _CUE_TELLS:
            return self.content
        cue = list(self.cue)
        source_end = self.source[-1].end if self.source else cue[0].start
        if self.denied and 0 <= cue[0].start - source_end <= _FURTHEST_NEGATION:
            cue[0] = Span(source_end, cue[0].end)
        return tuple(sorted({*cue, *self.content}))


_CUE_TELLS = frozenset({"object", "preposition", "infinitive"})
_FURTHEST_NEGATION = 40
"""In characters: how far a source can be from a negated cue."""
