"""What a model is to answer, said in words of the article instead of numbers of sentences."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher, get_close_matches
from typing import Any, TypeVar, get_args

from pydantic import ValidationError

from summarizer._text import normalized_words
from summarizer.article import Chunk, Sentence
from summarizer.brief import Certainty, Stance
from summarizer.engines.builtin.statements import as_sentence
from summarizer.errors import ConfigurationError
from summarizer.testing.sound import problems
from summarizer.verification import GroundingContext
from summarizer.verification.reply_types import (
    ExtractionReply,
    GistReply,
    HolderReply,
    IssueReply,
    PositionReply,
    QuestionReply,
    ReplyRecord,
)

RecordT = TypeVar("RecordT", bound=ReplyRecord)


@dataclass(frozen=True, slots=True)
class Says:
    """A position that a model is to find."""

    holder: str | tuple[str, ...] | None
    """The name of who holds it, as it stands in the article; several names, if they hold it together;
    None for the author."""
    phrase: str
    """Words of the article, within one sentence. Of several sentences that have them, the first that the
    article attributes to the holder is taken, else the first."""
    stance: Stance = "unclear"
    issue: str | None = None
    """The proposition that the stance is taken to."""
    statement: str | None = None
    """The position in one sentence; the phrase, if left out."""
    certainty: Certainty = "asserted"
    reported_by: str | None = None
    """The name of who relays it, if that is somebody else than the article."""


Said = Says | tuple[Any, ...]
"""A `Says`, or a tuple of what it takes: ``("Anna Berg", "must go", "agrees")``."""


def said(
    given: GroundingContext,
    found: ExtractionReply,
    *,
    positions: Iterable[Said] | None = None,
    issue: str | None = None,
    questions: Iterable[str] | None = None,
    gist: str | None = None,
) -> ExtractionReply:
    """The reply that says this, and whatever ``found`` says where nothing is given.

    Raises:
        ConfigurationError: what is to be said does not stand in the article.
    """
    if positions is None and issue is not None:
        raise ConfigurationError("An issue is what positions are about; give the positions too.")
    if positions is None and questions is None and gist is None:
        return found
    saying = _Saying(given, found, issue)
    reply = ExtractionReply(
        positions=found.positions if positions is None else tuple(map(saying.position, _listed(positions))),
        open_questions=found.open_questions if questions is None else tuple(map(saying.question, _listed(questions))),
        gist=found.gist if gist is None else saying.gist(gist),
        holders=tuple(saying.holders.values()),
        issues=tuple(saying.issues.values()),
    )
    wrong = [each for each in problems(reply, Chunk(given.reading.sentences, ()), given) if not each.kept]
    if wrong:
        raise ConfigurationError(f"What the reply is to say does not stand: {wrong[0]}.")
    return reply


def _listed(items: Iterable[Any]) -> list[Any]:
    """``items``, unless it is a single one of them."""
    if isinstance(items, str | Says):
        raise ConfigurationError(f"Positions and questions are given as a list; this is one alone: {items!r}.")
    return list(items)


@dataclass
class _Saying:
    """A reply in the making. Holders and issues are those found, and those that are named on the way."""

    given: GroundingContext
    found: ExtractionReply
    default_issue: str | None
    holders: dict[str | None, HolderReply] = field(init=False)
    issues: dict[str, IssueReply] = field(init=False)

    def __post_init__(self) -> None:
        self.holders = {holder.name: holder for holder in self.found.holders}
        self.issues = {issue.proposition: issue for issue in self.found.issues}

    def position(self, item: Said) -> PositionReply:
        says = _says(item)
        names = says.holder if isinstance(says.holder, tuple) else (says.holder,)
        _among("stance", says.stance, get_args(Stance))
        _among("certainty", says.certainty, get_args(Certainty))
        holders = tuple(self.holder(name).id for name in names)
        return _record(
            PositionReply,
            sentences=(self.sentence(says.phrase, [name for name in names if name]).number,),
            phrase=says.phrase,
            holders=holders,
            reported_by=self.holder(says.reported_by).id if says.reported_by else None,
            statement=says.statement or as_sentence(says.phrase),
            issue=self.issue(says),
            stance=says.stance,
            certainty=says.certainty,
        )

    def holder(self, name: str | None) -> HolderReply:
        """Who is called ``name``, with kind, role and affiliation as the article has them; None is the author."""
        if name in self.holders:
            return self.holders[name]
        entity = None
        if name is not None:
            if not isinstance(name, str):
                raise ConfigurationError(f"A holder is named as in the article, not {name!r}.")
            if not self.given.words.hold(name):
                raise ConfigurationError(f"The name {name!r} does not stand in the article.", hint=self.named(name))
            entity = self.given.analysis.entities.find(name)

        def standing(words: str | None) -> str | None:
            return words if words and self.given.words.hold(words) else None

        kind = "author" if name is None else entity.kind if entity else "person"
        role, affiliation = (standing(entity.role), standing(entity.affiliation)) if entity else (None, None)
        number = f"H{len(self.holders) + 1}"
        made = _record(HolderReply, id=number, name=name, kind=kind, role=role, affiliation=affiliation)
        return self.holders.setdefault(name, made)

    def named(self, name: str) -> str:
        """Those whom the article names, the likest to ``name`` first."""
        names = [entity.name for entity in self.given.analysis.entities]
        near = get_close_matches(name, names, n=3, cutoff=0.5) or names[:5]
        return f"It names {', '.join(near)}." if near else "It names nobody."

    def issue(self, says: Says) -> str | None:
        """The id of the issue that a stance is taken to; none for a stance that is unclear and names none."""
        proposition = says.issue or (None if says.stance == "unclear" else self.default_issue or self.headline())
        if proposition is None:
            return None
        number = f"I{len(self.issues) + 1}"
        made = self.issues.get(proposition) or _record(IssueReply, id=number, proposition=proposition, kind="policy")
        return self.issues.setdefault(proposition, made).id

    def headline(self) -> str:
        """What the article as a whole is about: its headline, or its first sentence."""
        return next(iter(self.found.issues)).proposition if self.found.issues else self.lead()[0].text

    def lead(self) -> list[Sentence]:
        """The title and the first sentence under it; without prose, whatever comes first."""
        sentences = self.given.reading.sentences
        prose = next((sentence for sentence in sentences if sentence.kind == "prose"), None)
        lead = [*(each for each in sentences if each.kind == "title"), *([prose] if prose else [])]
        return lead or list(sentences[:1])

    def question(self, phrase: str) -> QuestionReply:
        if not isinstance(phrase, str):
            raise ConfigurationError(f"A question is given as words of the article, not {phrase!r}.")
        number = self.sentence(phrase, []).number
        for question in self.found.open_questions:
            if question.sentences == (number,):
                return question
        text = self.given.reading.sentence(number).text
        asked = "asked" if "?" in text else "implied"
        return _record(QuestionReply, sentences=(number,), question=text, origin=asked, raised_by=())

    def gist(self, text: str) -> GistReply:
        return _record(GistReply, sentences=tuple(sentence.number for sentence in self.lead()), text=text)

    def sentence(self, phrase: str, names: list[str]) -> Sentence:
        """The sentence that is meant by a phrase of somebody's."""
        if not isinstance(phrase, str) or not phrase.strip():
            raise ConfigurationError(f"A phrase is given as words of the article, not {phrase!r}.")
        having = [each for each in self.given.reading.sentences if self.given.words.phrase(phrase, each)]
        if not having:
            hint = f"The nearest is sentence {self.nearest(phrase)}"
            raise ConfigurationError(f"The words {phrase!r} stand in no sentence of the article.", hint=hint)
        return min(
            having,
            key=lambda each: (not self.given.analysis.attributions_by(names, [each.number]), each.kind != "prose"),
        )

    def nearest(self, phrase: str) -> str:
        """The sentence with most of the words of ``phrase`` in their order, as an error shows it."""
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(normalized_words(phrase))

        def shared(sentence: Sentence) -> int:
            matcher.set_seq1(normalized_words(sentence.text))
            return sum(block.size for block in matcher.get_matching_blocks())

        nearest = max(self.given.reading.sentences, key=shared)
        text = nearest.text if len(nearest.text) <= 200 else f"{nearest.text[:200]}…"
        return f"{nearest.number}: {text}"


def _says(item: Said) -> Says:
    if isinstance(item, Says):
        return item
    if not isinstance(item, tuple | list):
        raise ConfigurationError(f"A position is a Says or a tuple (holder, phrase, stance, issue), not {item!r}.")
    try:
        return Says(*item)
    except TypeError as error:
        message = f"A position takes holder, phrase, stance and issue; this does not fit: {item!r}."
        raise ConfigurationError(message) from error


def _among(what: str, value: object, values: tuple[str, ...]) -> None:
    if value not in values:
        raise ConfigurationError(f"There is no {what} {value!r}.", hint=f"It is one of {', '.join(values)}.")


def _record(record: type[RecordT], /, **values: Any) -> RecordT:
    """A part of the reply.

    Raises:
        ConfigurationError: a value cannot be sent: it is no text, or has nothing to be seen in it.
    """
    try:
        return record(**values)
    except ValidationError as error:
        name = error.errors(include_input=False, include_url=False)[0]["loc"][0]
        raise ConfigurationError(f"This cannot be the {name} of a reply: {values[str(name)]!r}.") from error
