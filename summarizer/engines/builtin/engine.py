"""The built-in engine: findings out of the analysis of reported speech, without a model.

It points at what the article attributes to whom, in the article's own words; it does not rephrase,
and takes a stance for plain only where the wording is. So its statements are clauses of the article,
and most of its stances are unclear.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from summarizer._async import run_fair, run_in_thread
from summarizer._types import PromptId
from summarizer.article import Reading, Sentence, looks_english
from summarizer.attribution import Analysis, Attribution, Entity
from summarizer.brief import Certainty, Checks, Evidence, Gist, Holder, Phrase, Position
from summarizer.engines.base import EngineResult, OnEvent, ReplyCache
from summarizer.engines.builtin.deduplication import Claim, claims
from summarizer.engines.builtin.first_person import UNSIGNED, author, own_words
from summarizer.engines.builtin.foreign_quotes import quoted
from summarizer.engines.builtin.issues import Matter, matter, stance
from summarizer.engines.builtin.questions import only_asks, open_questions
from summarizer.engines.builtin.statements import as_sentence, statement
from summarizer.merging import merge
from summarizer.models import UsageTracker
from summarizer.spans import Span, quote
from summarizer.verification import Findings

_SURENESS: tuple[Certainty, ...] = ("asserted", "conditional", "hedged", "speculated")
_FEWEST_LEAD_WORDS = 6  # of a first sentence; fewer are a byline or a place
_ANYBODY = re.compile(r"(?:those|these|this|that|such)\b", re.IGNORECASE)
"""What a source begins with that stands for nobody in particular: "those who say"."""
_NO_NAME = re.compile(
    r"(?:quite|having|there|who|which|what|how|when|where|in|at|on|to)\b"
    r"|.*\b(?:he|she|it|they|we|you|i)$|[\W\d_]*$|.*['’]s$",
    re.IGNORECASE,
)
"""What no name and no description of somebody looks like, though a rule took it for one."""
_INLINE_LIMIT = 3_000  # characters of an article that is worked on without a thread
_LONGEST_NAME = 10  # words
_MOTTO = re.compile(r"[A-Z]\w+(?: (?:the|our|of|for))+")
"""What stands before the last word of a name such as "Keep the Bay"."""


class BuiltinEngine:
    """An engine that applies rules to the analysis of reported speech."""

    name: Literal["builtin"] = "builtin"
    prompts: tuple[PromptId, ...] = ()

    async def identity(self) -> Mapping[str, Any] | None:
        """Return None: there is one set of rules."""
        return None

    async def run(
        self,
        reading: Reading,
        analysis: Analysis,
        tracker: UsageTracker,  # noqa: ARG002
        *,
        cache: ReplyCache | None = None,  # noqa: ARG002
        on_event: OnEvent | None = None,  # noqa: ARG002
    ) -> EngineResult:
        """Return the findings of an article; see `Engine.run`. Nothing is requested."""
        work = run_fair if len(reading.article.text) <= _INLINE_LIMIT else run_in_thread
        return EngineResult(await work(self.extract, reading, analysis), notes=_notes(reading))

    def extract(self, reading: Reading, analysis: Analysis) -> Findings:
        """Return the positions, open questions and gist, in the order of the article."""
        groups = claims(reading, _statements(reading, analysis))
        holders = _Holders(reading, [attribution for claim in groups for attribution in claim.every])
        about = matter(reading, analysis)
        positions = [_position(f"P{number}", reading, claim, holders, about) for number, claim in enumerate(groups, 1)]
        findings = Findings(
            holders=holders.every,
            issues=(about.issue,) if about and positions else (),
            positions=tuple(positions),
            open_questions=tuple(open_questions(reading, analysis, holders.known)),
            gist=_gist(reading),
        )
        return merge([findings])

    async def aclose(self) -> None:
        """Do nothing: there is nothing to release."""


def _notes(reading: Reading) -> tuple[str, ...]:
    """Return remarks for the reader of the brief."""
    note = "The built-in engine quotes and points; it does not rephrase, and gives a stance only where it is plain."
    foreign = "Its rules are made for English, which this article does not seem to be in."
    return (note,) if looks_english(reading) else (note, foreign)


def _statements(reading: Reading, analysis: Analysis) -> list[Attribution]:
    """What makes positions: the statements of the analysis that do more than ask, in other languages quotations too."""
    own = own_words(reading, analysis)
    every = sorted([*analysis.statements, *own], key=lambda each: each.content[0]) if own else analysis.statements
    found = [each for each in every if _takes_a_position(reading, each)]
    if looks_english(reading):
        return found
    cited = {number for each in found for number in each.sentences}
    return found + [each for each in quoted(reading, analysis.entities) if not cited.intersection(each.sentences)]


def _takes_a_position(reading: Reading, found: Attribution) -> bool:
    if found.rule.needs_side and found.polarity is None:
        return False  # "a report written by the mayor" says nothing of what the mayor holds
    if found.rule.content == "object" and found.act == "found":
        return False  # "the drawings show a dog"
    if all(_ANYBODY.match(holder.name) for holder in found.holders):
        return False
    return not all(only_asks(quote(reading.article.text, [span])) for span in found.content)


class _Holders:
    """The holders of an article's positions, each with an id."""

    def __init__(self, reading: Reading, attributions: Sequence[Attribution]) -> None:
        self._mottoes = _mottoes(reading, attributions)
        entities = {_key(entity): entity for found in attributions for entity in found.holders}
        self._ids = {key: f"H{number}" for number, key in enumerate(entities, 1)}
        wrote = author(reading)
        self.every = tuple(
            _author(self._ids[key], entity) if entity == wrote else _holder(self._ids[key], entity, self.name(entity))
            for key, entity in entities.items()
        )

    def known(self, attributions: Iterable[Attribution]) -> tuple[str, ...]:
        """The ids of those holders of ``attributions`` who hold positions."""
        keys = (_key(entity) for found in attributions for entity in found.holders)
        return tuple(dict.fromkeys(self._ids[key] for key in keys if key in self._ids))

    def name(self, entity: Entity) -> str | None:
        """What somebody is called, or None where the analysis took something else for a name."""
        name = self._mottoes.get(entity.name, entity.name)
        return None if _NO_NAME.match(name) or len(name.split()) > _LONGEST_NAME else name


def _mottoes(reading: Reading, attributions: Iterable[Attribution]) -> dict[str, str]:
    """The full names of bodies such as Keep the Bay, of which the analysis takes the last word for a name."""
    full: dict[str, str] = {}
    for found in attributions:
        words = quote(reading.article.text, found.source)
        for entity in found.holders:
            if words.endswith(f" {entity.name}") and _MOTTO.fullmatch(words.removesuffix(f" {entity.name}")):
                full[entity.name] = words
    return full


def _key(entity: Entity) -> tuple[str, str]:
    """What tells entities apart; their mentions, which can be thousands, make them slow to hash."""
    return entity.name, entity.kind


def _author(holder_id: str, entity: Entity) -> Holder:
    return Holder(id=holder_id, name=None if entity.name == UNSIGNED else entity.name, kind="author")


def _holder(holder_id: str, entity: Entity, name: str | None) -> Holder:
    if name is None:
        return Holder(id=holder_id, name=None, kind="unnamed")
    return Holder(
        id=holder_id,
        name=name,
        kind="group" if name != entity.name else entity.kind,
        role=entity.role,
        affiliation=entity.affiliation,
        aliases=entity.aliases,
        mentions=entity.mentions,
    )


def _position(position_id: str, reading: Reading, claim: Claim, holders: _Holders, about: Matter | None) -> Position:
    entities = {_key(entity): entity for entity in claim.parts[0].holders}.values()
    words = statement(reading, claim, " and ".join(holders.name(entity) or "Somebody unnamed" for entity in entities))
    by_sentence: dict[int, list[Attribution]] = {}
    for found in claim.every:
        for number in found.sentences:
            by_sentence.setdefault(number, []).append(found)
    evidence = tuple(_evidence(reading, number, by_sentence[number]) for number in sorted(by_sentence))
    sure = all(found.rule.confirms for found in claim.every)
    return Position(
        id=position_id,
        holders=holders.known(claim.parts[:1]),
        statement=words,
        issue=about.issue.id if about else None,
        stance=stance(reading, claim, about),
        certainty=max((found.certainty for found in claim.parts), key=_SURENESS.index),
        speech=speech_of(claim.parts, ()),
        evidence=evidence,
        checks=Checks(
            speaker="confirmed" if sure else "unconfirmed",
            figures="confirmed" if any(map(str.isdigit, words)) else "none",
            names="confirmed",
        ),
    )


def _evidence(reading: Reading, number: int, attributions: Iterable[Attribution] = ()) -> Evidence:
    """A sentence, and which of its words are the content; words that two contents share are one phrase."""
    sentence = reading.sentence(number)
    first, last = sentence.spans[0].start, sentence.spans[-1].end
    words: list[Span] = []
    for span in sorted({span for found in attributions for span in found.statement_spans}):
        if not (first <= span.start and span.end <= last):
            continue
        if words and span.start < words[-1].end:
            words[-1] = Span(words[-1].start, max(words[-1].end, span.end))
        else:
            words.append(span)
    phrases = tuple(Phrase(spans=(span,), text=quote(reading.article.text, [span])) for span in words)
    return Evidence(sentence=number, spans=sentence.spans, quote=sentence.text, phrases=phrases)


def _gist(reading: Reading) -> Gist | None:
    """The title and the first sentence under it that is one."""
    prose = [sentence for sentence in reading.sentences if sentence.kind == "prose"]
    long = (sentence for sentence in prose if len(sentence.text.split()) >= _FEWEST_LEAD_WORDS)
    lead = next(long, None) or next(iter(prose), None)
    title: list[Sentence] = [sentence for sentence in reading.sentences if sentence.kind == "title"]
    sentences = [*title, *([lead] if lead else [])]
    text = " ".join(as_sentence(sentence.text) for sentence in sentences)
    evidence = tuple(_evidence(reading, sentence.number) for sentence in sentences)
    return Gist(text=text, evidence=evidence) if evidence else None
