"""The one crossing from what a model said to what the library vouches for."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from summarizer._text import shorten
from summarizer.article import Reading, Sentence
from summarizer.attribution import Analysis
from summarizer.brief import (
    Checks,
    Evidence,
    Gist,
    Holder,
    Issue,
    OpenQuestion,
    Phrase,
    Position,
)
from summarizer.spans import quote
from summarizer.verification.carriers import carrier
from summarizer.verification.figures import figures, has_digits
from summarizer.verification.findings import Findings, Problem
from summarizer.verification.reply_types import ExtractionReply, HolderReply, PositionReply, QuestionReply
from summarizer.verification.speakers import check_speaker, speech_of
from summarizer.verification.text_index import TextIndex

_QUESTION_MARK = re.compile("[?？؟\u037e՞]")


class _Item(NamedTuple):
    """Something that a model said, as its Problems name it."""

    what: str
    text: str


@dataclass(frozen=True)
class GroundingContext:
    """What replies about one article are held against."""

    reading: Reading
    analysis: Analysis
    words: TextIndex

    @classmethod
    def of(cls, reading: Reading, analysis: Analysis) -> Self:
        """Made once for an article, however many replies there are."""
        return cls(reading, analysis, TextIndex(reading))


def ground(extraction: ExtractionReply, chunk: Sequence[Sentence], given: GroundingContext) -> Findings:
    """Hold a reply against the article: what stands becomes findings, what does not a Problem each."""
    return _Grounding(given, chunk).run(extraction)


@dataclass
class _Grounding:
    given: GroundingContext
    chunk: Sequence[Sentence]
    problems: list[Problem] = field(default_factory=list)
    holders: dict[str, Holder] = field(default_factory=dict)
    issues: dict[str, Issue] = field(default_factory=dict)

    @property
    def numbers(self) -> range:
        return range(self.chunk[0].number, self.chunk[-1].number + 1)

    def run(self, extraction: ExtractionReply) -> Findings:
        for wire_holder in extraction.holders:
            if holder := self.holder(wire_holder):
                self.holders[holder.id] = holder
        for said in extraction.issues:
            if self.new("issue", said.id, self.issues):
                self.issues[said.id] = Issue(id=said.id, proposition=said.proposition, kind=said.kind)
        found = (self.position(number, wire) for number, wire in enumerate(extraction.positions, 1))
        positions = tuple(position for position in found if position)
        asked = (self.question(number, wire) for number, wire in enumerate(extraction.open_questions, 1))
        questions = tuple(question for question in asked if question)
        gist = self.gist(extraction)
        return Findings(
            tuple(self.holders.values()), tuple(self.issues.values()), positions, questions, gist, tuple(self.problems)
        )

    def problem(self, what: str, text: str, reason: str, *, kept: bool = False) -> None:
        self.problems.append(Problem(what, text, reason, kept))

    def new(self, what: str, name: str, known: dict[str, Holder] | dict[str, Issue]) -> bool:
        if name in known:
            self.problem(what, name, f"another {what} has this id already")
        return name not in known

    def holder(self, wire: HolderReply) -> Holder | None:
        """A holder whose name stands in the article; role and affiliation where they do too."""
        if not self.new("holder", wire.id, self.holders):
            return None
        nameless = wire.kind in ("author", "unnamed")
        name = wire.name or (None if wire.kind == "author" else wire.role)
        if name is None and not nameless:
            self.problem("holder", wire.id, "it has no name; copy the article's words for it, or say unnamed")
            return None
        if name is not None and not self.given.words.hold(name):
            self.problem("holder", name, "this name does not stand in the article")
            return None
        entity = self.given.analysis.entities.find(name) if name else None
        return Holder(
            id=wire.id,
            name=name,
            kind=wire.kind,
            role=self.standing("role", wire.role, name),
            affiliation=self.standing("affiliation", wire.affiliation, name),
            aliases=tuple(form for form in (entity.name, *entity.aliases) if form != name) if entity else (),
            mentions=entity.mentions if entity else (),
        )

    def standing(self, what: str, words: str | None, name: str | None) -> str | None:
        """``words`` if they stand in the article."""
        if words is None or self.given.words.hold(words):
            return words
        self.problem(what, words, f"these words, given for {name}, do not stand in the article; copy them, or use null")
        return None

    def position(self, number: int, wire: PositionReply) -> Position | None:
        """A position with sound evidence and holders, the figures of its statement accounted for."""
        item = _Item("position", wire.statement)
        cited = self.sentences(wire.sentences, item)
        holders = self.referred(wire.holders, self.holders, "holder", item, needed=True)
        if not (cited and holders and (sentences := self.carrying(item, cited))):
            return None
        issue = self.optional(wire.issue, self.issues, "issue", item)
        reporter = self.optional(wire.reported_by, self.holders, "holder", item)
        evidence = self.evidence(sentences, wire.phrase)
        numbers = [sentence.number for sentence in cited]
        names = [name for holder in holders if (name := self.holders[holder].name)]
        return Position(
            id=f"P{number}",
            holders=tuple(holders),
            reported_by=reporter,
            statement=wire.statement,
            issue=issue,
            stance=wire.stance if issue else "unclear",
            certainty=wire.certainty,
            speech=speech_of(self.given.analysis.attributions_by(names, numbers), (each.quote for each in evidence)),
            evidence=evidence,
            checks=self.checks(item, names, numbers, self.holders[reporter].name if reporter else None),
        )

    def carrying(self, item: _Item, cited: list[Sentence]) -> list[Sentence]:
        """The sentences that a position rests on: those cited, and those near them that carry its other figures."""
        if all(sentence.kind == "caption" for sentence in cited):
            self.problem(*item, "it rests on a picture's caption alone")
            return []
        carriers = set(cited)
        for figure in self.given.words.missing_figures(item.text, cited):
            found = carrier(figure, item.text, cited, self.chunk)
            if found is None:
                reason = f"the figure {figure} stands neither in the sentences cited nor in the title or date"
                self.problem(*item, reason)
                return []
            carriers.add(found)
        return sorted(carriers, key=lambda sentence: sentence.number)

    def checks(self, item: _Item, names: list[str], numbers: list[int], relayed_by: str | None) -> Checks:
        """What the analysis of reported speech, and the article's words, say to a position."""
        words = self.given.words
        speaker = check_speaker(self.given.analysis, names, numbers, relayed_by) if names else "unconfirmed"
        if speaker == "contradicted":
            self.problem(*item, f"the sentences cited quote somebody other than {' and '.join(names)}", kept=True)
        mentioned = words.names_in(item.text)
        return Checks(
            speaker=speaker,
            figures="confirmed" if figures(item.text) else "none",
            names=("confirmed" if words.hold_all(mentioned) else "unconfirmed") if mentioned else "none",
        )

    def question(self, number: int, wire: QuestionReply) -> OpenQuestion | None:
        """A question with sound evidence; one that none of its sentences asks is implied."""
        item = _Item("open question", wire.question)
        sentences = self.sentences(wire.sentences, item)
        if not sentences:
            return None
        return OpenQuestion(
            id=f"Q{number}",
            question=wire.question,
            origin=wire.origin if self.ask(sentences) else "implied",
            raised_by=tuple(self.referred(wire.raised_by, self.holders, "holder", item)),
            evidence=self.evidence(sentences, None),
        )

    def ask(self, sentences: list[Sentence]) -> bool:
        """Whether a question stands in one of them, or in one is asked indirectly."""
        if any(_QUESTION_MARK.search(sentence.text) for sentence in sentences):
            return True
        return any(
            found.act == "asked" for found in self.given.analysis.attributions_in(each.number for each in sentences)
        )

    def gist(self, extraction: ExtractionReply) -> Gist | None:
        """A gist that cites sentences, its figures those of the chunk."""
        wire = extraction.gist
        if wire is None:
            return None
        item = _Item("gist", wire.text)
        sentences = self.sentences(wire.sentences, item)
        if not sentences:
            return None
        missing = self.given.words.missing_figures(wire.text, self.chunk)
        if figure := next(filter(has_digits, missing), None):
            self.problem(*item, f"the figure {figure} does not stand in the article")
            return None
        return Gist(text=wire.text, evidence=self.evidence(sentences, None))

    def sentences(self, numbers: Iterable[int], item: _Item) -> list[Sentence]:
        """The sentences with these numbers, in order, those outside the chunk left out."""
        sound = [number for number in sorted(set(numbers)) if number in self.numbers]
        if wrong := sorted(set(numbers) - set(sound)):
            here, number = self.numbers, str(wrong[0])[:12]
            reason = f"there is no sentence {number} here: they are numbered {here[0]} to {here[-1]}"
            self.in_part(_Item("sentence number", number), item, reason, whole=not sound)
        elif not sound:
            self.problem(*item, "it cites no sentence")
        return [self.given.reading.sentence(number) for number in sound]

    def referred(
        self, names: Iterable[str], known: Mapping[str, Holder | Issue], kind: str, item: _Item, *, needed: bool = False
    ) -> list[str]:
        """Those ids that are known, each once; ``needed`` where there must be one."""
        wanted = list(dict.fromkeys(names))
        found = [name for name in wanted if name in known]
        for name in wanted:
            if name not in known:
                reason = f"there is no {kind} {name}, or it did not stand"
                self.in_part(_Item("reference", name), item, reason, whole=needed and not found)
        if needed and not wanted:
            self.problem(*item, f"it names no {kind}")
        return found

    def optional(self, name: str | None, known: Mapping[str, Holder | Issue], kind: str, item: _Item) -> str | None:
        """An id that need not be there, if it is known."""
        return next(iter(self.referred([name], known, kind, item)), None) if name else None

    def in_part(self, part: _Item, item: _Item, reason: str, *, whole: bool) -> None:
        """A Problem of a part of something, or of the ``whole`` of it, where nothing is left without the part."""
        if whole:
            self.problem(*item, reason)
        else:
            self.problem(*part, f"{reason}; it was given for the {item.what} “{shorten(item.text)}”")

    def evidence(self, sentences: list[Sentence], phrase: str | None) -> tuple[Evidence, ...]:
        """The sentences as evidence, the first that holds ``phrase`` with it."""
        text = self.given.reading.article.text
        found = []
        for sentence in sentences:
            spans = self.given.words.phrase(phrase, sentence) if phrase else ()
            lit = (Phrase(spans=spans, text=quote(text, spans)),) if spans else ()
            phrase = None if spans else phrase
            found.append(Evidence(sentence=sentence.number, spans=sentence.spans, quote=sentence.text, phrases=lit))
        if phrase:
            self.problem("phrase", phrase, "these words do not stand in the sentences cited; copy them, or use null")
        return tuple(found)
