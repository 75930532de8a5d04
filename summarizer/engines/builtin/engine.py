"""The built-in engine: findings from the analysis of reported speech, without a model.

Its statements are clauses of the article; it does not rephrase. Many of its stances are unclear, because only
explicit wording decides. An author who writes "I think" outside quotations is a holder as well.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, Literal

from summarizer._async import run_fair, run_in_thread
from summarizer._patterns import compile_lazily
from summarizer._text import normalize, normalized_words
from summarizer._types import PromptId
from summarizer.article import Reading, posts_by_sentence
from summarizer.attribution import LISTED_CONFIDENCE, Analysis, Attribution, Entity, name_language
from summarizer.brief import Certainty, Evidence, Gist, Holder, Phrase, Position
from summarizer.codebook import NO_CODEBOOK, Codebook
from summarizer.engines.base import EngineResult, OnEvent, ReplyCache
from summarizer.engines.builtin.author import UNSIGNED, author_of, find_author_statements
from summarizer.engines.builtin.deduplication import StatementGroup, group_statements, is_paraphrase
from summarizer.engines.builtin.lexicon import any_of, read_patterns, word_set
from summarizer.engines.builtin.open_questions import find_open_questions, only_asks
from summarizer.engines.builtin.sides import Side, find_sides
from summarizer.engines.builtin.statements import as_sentence, build_statement, can_stand
from summarizer.merging import merge
from summarizer.models import UsageTracker
from summarizer.sources import INLINE_LIMIT
from summarizer.spans import Span, overlap, quote
from summarizer.verification import Claim, Findings, GroundingContext, detect_speech, has_digits, run_checks

_FOREIGN_NOTE = "Its rules for {} are simpler than those for English."
_UNKNOWN_NOTE = "It has no rules for the language of this article: it finds only quotations beside a name."
_CERTAINTIES: tuple[Certainty, ...] = ("asserted", "conditional", "hedged", "speculated")
_MIN_CONFIDENCE = 0.55  # of an English position without a side; the coverage lists those from one half on
_MIN_LEAD_WORDS = 6  # of a first sentence; fewer are a byline or a place
_PATTERNS = read_patterns("engine")
_GENERIC_SOURCE = compile_lazily(_PATTERNS["generic_source"], re.IGNORECASE)
"""A source without particular holders, "those who say", or pieces of two clauses."""
_UNRESOLVED = compile_lazily(rf"[Tt]he (?:.*\b[A-Z]|former\b|(?:[\w’'-]+ )*{any_of('role_nouns')}(?: for\b.*)?$)")
_NOT_A_NAME = compile_lazily(_PATTERNS["not_a_name"], re.IGNORECASE)
"""Words that are no name, although a rule finds one."""
_MAX_NAME_WORDS = 10
_BEFORE_COMPLEMENT = compile_lazily(
    r"[a-z]+ed|seen|[-–—]|" + "|".join("from by on for in about with at to like".split())
)
"""Words before which a long name is cut."""
_BARE_ROLES = word_set("bare_roles")
_CUT_ROLE = compile_lazily(r"[“”\"]|\s[-–—]|[a-z][A-Z]{3,}| (?:trying|familiar)$")
"""Signs of words that are not part of a role or of the name of a body."""
_MIN_BEARERS = 2  # of a surname that tells nobody
_REQUEST = compile_lazily(r"ask(?:s|ed|ing)?(?: for)?|sought|seek(?:s|ing)?", re.IGNORECASE)
_PROCEDURAL = compile_lazily(any_of("procedural"), re.IGNORECASE)
"""What is asked for in a procedure, without a position on the matter: "time", "researchers for their views"."""
_INSTRUCTION = compile_lazily(any_of("jury_instructions"), re.IGNORECASE)
"""The judge's instruction of a jury."""
_RESTRICTIVE = compile_lazily(r"\w (?:who|which|that) (?:\w+ )?$")
_MAX_RELATIVE = 30  # characters
_MULTIWORD_NAME = compile_lazily(r"[A-Z]\w+(?: (?:the|our|of|for))+")


class BuiltinEngine:
    """An engine that applies rules to the analysis of reported speech."""

    name: Literal["builtin"] = "builtin"
    prompts: tuple[PromptId, ...] = ()

    def __init__(self, codebook: Codebook = NO_CODEBOOK) -> None:
        self.codebook = codebook

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
        work = run_fair if len(reading.article.text) <= INLINE_LIMIT else run_in_thread
        return EngineResult(await work(self.extract, reading, analysis), notes=_notes(reading))

    def extract(self, reading: Reading, analysis: Analysis) -> Findings:
        """Return the positions, open questions and gist, in the order of the article."""
        groups = group_statements(reading, _name_holders(_statements(reading, analysis), analysis, self.codebook))
        holders = _Holders(reading, [attribution for group in groups for attribution in group.attributions])
        issues, sides = find_sides(reading, analysis, groups, self.codebook)
        context = GroundingContext(reading, analysis)
        positions = [
            _position(number, context, group, holders, side)
            for number, (group, side) in enumerate(zip(groups, sides, strict=True), 1)
        ]
        if reading.form == "live-blog":
            posts = posts_by_sentence(reading)
            positions = [
                position.model_copy(update={"posted": posts.get(position.evidence[0].sentence)})
                for position in positions
            ]
        findings = Findings(
            holders=holders.holders,
            issues=issues,
            positions=tuple(positions),
            open_questions=tuple(find_open_questions(reading, analysis, holders.ids)),
            gist=_gist(reading, analysis),
        )
        return merge([findings], self.codebook)

    async def aclose(self) -> None:
        """Do nothing: there is nothing to release."""


def _notes(reading: Reading) -> tuple[str, ...]:
    if reading.is_english:
        return ()
    language = name_language(reading)
    return (_FOREIGN_NOTE.format(language) if language else _UNKNOWN_NOTE,)


def _statements(reading: Reading, analysis: Analysis) -> list[Attribution]:
    """Return the attributions that make positions."""
    text = reading.article.text
    named = {who.name for each in analysis.attributions if not _names_they(text, each) for who in each.holders}
    known = [each for each in analysis.statements if not _names_they(text, each) or each.holders[0].name in named]
    sure = (each for each in known if each.polarity or each.confidence >= _MIN_CONFIDENCE)
    statements = [*(sure if reading.is_english else analysis.statements), *find_author_statements(reading, analysis)]
    positions = [statement for statement in statements if _takes_position(reading, statement)]
    return [*positions, *_find_sides(analysis, positions)]


def _names_they(text: str, found: Attribution) -> bool:
    """Return whether the source is "it" or "they" for a body whose name is not a source itself: a guess."""
    is_body = len(found.holders) == 1 and found.holders[0].kind in ("organisation", "government")
    return is_body and quote(text, found.source).lower() in ("it", "they")


def _name_holders(statements: list[Attribution], analysis: Analysis, codebook: Codebook) -> list[Attribution]:
    """Leave a surname without its bearer if two given holders and two people in the article have it: "Lind said"."""
    text = analysis.reading.article.text
    given, named = (
        Counter(words[-1] for each in names if len(words := normalized_words(each.name)) > 1)
        for names in (codebook.holders, analysis.entities)
    )
    surnames = given & named

    def name(found: Attribution) -> Attribution:
        source = quote(text, found.source)
        if surnames[normalize(source)] < _MIN_BEARERS or len(found.holders) != 1:
            return found
        return replace(found, holders=(Entity(source, "person", mentions=found.source),))

    return list(map(name, statements)) if surnames else statements


def _find_sides(analysis: Analysis, positions: Sequence[Attribution]) -> Iterator[Attribution]:
    """Yield what is too short or doubtful for a position, but says the side of another in its sentence.

    "Ms Hill opposes it, saying …": the other, sure position of the holder vouches for the source. So the confidence
    may be below one half, but not below that of what is listed.
    """
    by_holders = {(number, _names(found)): found for found in positions for number in found.sentences if found.holders}
    known, text = set(map(id, positions)), analysis.reading.article.text
    for found in analysis.attributions:
        if found.polarity is None or found.unsaid or id(found) in known or found.confidence < LISTED_CONFIDENCE:
            continue
        if _RESTRICTIVE.search(text, max(0, found.cue[0].start - _MAX_RELATIVE), found.cue[0].start):
            continue  # "said the man who attacked the mayor"
        keys = [(number, _names(found)) for number in found.sentences]
        other = next((by_holders[key] for key in keys if key in by_holders), None)
        if other and not overlap(found.statement_spans, other.statement_spans):
            yield found


def _names(found: Attribution) -> tuple[str, ...]:
    return tuple(holder.name for holder in found.holders)


def _takes_position(reading: Reading, found: Attribution) -> bool:
    if found.rule.needs_side and found.polarity is None:
        return False  # "a report written by the mayor" is not a position of the mayor
    if found.rule.content == "object" and found.act == "found":
        return False  # "the drawings show a dog"
    content = quote(reading.article.text, found.content)
    if _INSTRUCTION.match(content) or not can_stand(reading, found):
        return False
    if _REQUEST.fullmatch(quote(reading.article.text, found.cue)) and _PROCEDURAL.match(content):
        return False
    if found.rule.is_turn and found.act == "asked":
        return False  # an interviewer asks
    if all(_GENERIC_SOURCE.match(holder.name) or _is_unresolved(holder) for holder in found.holders):
        return False
    text = reading.article.text
    marks = (text[span.end : span.end + 1] if found.rule.is_turn else "" for span in found.content)
    return not all(only_asks(quote(text, [span]) + mark) for span, mark in zip(found.content, marks, strict=True))


def _is_unresolved(holder: Entity) -> bool:
    """Return whether a description means somebody whose name is elsewhere: "the Vermont senator"."""
    return holder.kind == "unnamed" and _UNRESOLVED.match(holder.name) is not None


class _Holders:
    """The holders of an article's positions, with ids."""

    def __init__(self, reading: Reading, attributions: Sequence[Attribution]) -> None:
        self._multiword_names = _multiword_names(reading, attributions)
        held = [entity for attribution in attributions for entity in attribution.holders]
        reporting = [entity for attribution in attributions for entity in attribution.reported_by]
        entities = {_key(entity): entity for entity in (*held, *reporting)}
        self._author = author_of(reading) if reading.form != "press-release" else None
        self._ids = {key: f"H{number}" for number, key in enumerate(entities, 1)}
        self.holders = tuple(map(self._holder, self._ids.values(), entities.values()))

    def ids(self, attributions: Iterable[Attribution]) -> tuple[str, ...]:
        """Return the ids of the holders of ``attributions`` who hold positions."""
        keys = (_key(entity) for attribution in attributions for entity in attribution.holders)
        return tuple(dict.fromkeys(self._ids[key] for key in keys if key in self._ids))

    def reporter(self, attributions: Iterable[Attribution]) -> str | None:
        """Return the id of the first body that reports ``attributions``."""
        keys = (_key(entity) for attribution in attributions for entity in attribution.reported_by)
        return next((self._ids[key] for key in keys if key in self._ids), None)

    def name(self, entity: Entity) -> str | None:
        """Return the name, or None if the analysis took other words for a name."""
        name = self._multiword_names.get(entity.name, entity.name)
        return None if _NOT_A_NAME.match(name) else _shorten(name)

    def _holder(self, holder_id: str, entity: Entity) -> Holder:
        if entity == self._author:
            return Holder(id=holder_id, name=None if entity.name == UNSIGNED else entity.name, kind="author")
        name, role = self.name(entity), entity.role or ""
        if name is None:
            return Holder(id=holder_id, name=None, kind="unnamed")
        return Holder(
            id=holder_id,
            name=name,
            kind="group" if entity.name in self._multiword_names else entity.kind,
            role=None if _CUT_ROLE.search(role) or (role in _BARE_ROLES and not entity.affiliation) else entity.role,
            affiliation=None if _CUT_ROLE.search(entity.affiliation or "") else entity.affiliation,
            aliases=entity.aliases,
            mentions=entity.mentions,
        )


def _shorten(name: str) -> str | None:
    """Return a long name without its last complements, or None: "a letter seen by …" is "a letter"."""
    words = name.split()
    ends = range(min(_MAX_NAME_WORDS, len(words) - 1), int(words[0].lower() in ("a", "an", "the")), -1)
    if len(words) <= _MAX_NAME_WORDS:
        return name
    fitting = (end for end in ends if _BEFORE_COMPLEMENT.fullmatch(words[end]))
    end = next((end for end in fitting if not _BEFORE_COMPLEMENT.fullmatch(words[end - 1])), 0)
    return " ".join(words[:end]) or None


def _multiword_names(reading: Reading, attributions: Iterable[Attribution]) -> dict[str, str]:
    """Return the full names of bodies such as Keep the Bay, whose last word the analysis takes for the name."""
    names: dict[str, str] = {}
    for attribution in attributions:
        words = quote(reading.article.text, attribution.source)
        for entity in attribution.holders:
            before = words.removesuffix(f" {entity.name}")
            if before != words and _MULTIWORD_NAME.fullmatch(before):
                names[entity.name] = words
    return names


def _key(entity: Entity) -> tuple[str, str, str | None, str | None]:
    """Return a key; an entity itself can have thousands of mentions and is slow to hash."""
    return entity.name, entity.kind, entity.role, entity.affiliation


def _position(number: int, context: GroundingContext, group: StatementGroup, holders: _Holders, side: Side) -> Position:
    reading = context.reading
    entities = {_key(entity): entity for entity in group.parts[0].holders}.values()
    names = [holders.name(entity) for entity in entities]
    statement = build_statement(reading, group, " and ".join(name or "Somebody unnamed" for name in names))
    by_sentence: dict[int, list[Attribution]] = {}
    for attribution in group.attributions:
        for sentence in attribution.sentences:
            by_sentence.setdefault(sentence, []).append(attribution)
    spans = {id(attribution): sorted(attribution.statement_spans) for attribution in group.attributions}
    asked = next((part.answers for part in group.parts if part.answers), None)
    checks, _ = run_checks(
        Claim(statement, tuple(filter(None, names)), tuple(sorted(by_sentence)), is_verbatim=True),
        context,
        known={
            "speaker": "unconfirmed",  # the analysis would only confirm itself
            "figures": "confirmed" if has_digits(statement) else "none",
            "names": "confirmed",
        },
    )
    return Position(
        id=f"P{number}",
        holders=holders.ids(group.parts[:1]),
        reported_by=holders.reporter(group.parts[:1]),
        statement=statement,
        issue=side.issue,
        stance=side.stance,
        certainty=max((part.certainty for part in group.parts), key=_CERTAINTIES.index),
        speech=detect_speech(group.parts, ()),
        evidence=tuple(
            _evidence(reading, sentence, [spans[id(attribution)] for attribution in by_sentence[sentence]])
            for sentence in sorted(by_sentence)
        ),
        answers=_evidence(reading, asked) if asked else None,
        checks=checks,
    )


def _evidence(reading: Reading, number: int, attributed: Iterable[Sequence[Span]] = ()) -> Evidence:
    """Return a sentence with the words that are attributed as phrases; overlapping words are one phrase.

    ``attributed`` has the sorted spans of each attribution; there can be thousands.
    """
    sentence = reading.sentence(number)
    first, last = sentence.spans[0].start, sentence.spans[-1].end
    spans: list[Span] = []
    for span in sorted({span for known in attributed for span in _spans_within(known, first, last)}):
        if spans and span.start < spans[-1].end:
            spans[-1] = Span(spans[-1].start, max(spans[-1].end, span.end))
        else:
            spans.append(span)
    phrases = tuple(Phrase(spans=(span,), text=quote(reading.article.text, [span])) for span in spans)
    return Evidence(sentence=number, spans=sentence.spans, quote=sentence.text, phrases=phrases)


def _spans_within(spans: Sequence[Span], start: int, end: int) -> Iterator[Span]:
    """Yield those of sorted spans that lie within a range of the text."""
    for span in islice(spans, bisect_left(spans, (start, start)), None):
        if span.start > end:
            break
        if span.end <= end:
            yield span


def _gist(reading: Reading, analysis: Analysis) -> Gist | None:
    """Return the first full sentence that does not repeat the title."""
    prose = [sentence for sentence in reading.sentences if sentence.kind == "prose"]
    prose = [sentence for sentence in prose if sentence.number not in analysis.questions] or prose
    full = [sentence for sentence in prose if len(sentence.text.split()) >= _MIN_LEAD_WORDS]
    title = " ".join(sentence.text for sentence in reading.sentences if sentence.kind == "title")
    lead = (full or prose)[:2]
    sentences = [sentence for sentence in lead if not is_paraphrase(sentence.text, title)][:1] or lead[:1]
    sentences = sentences or [sentence for sentence in reading.sentences if sentence.kind == "title"]
    text = " ".join(as_sentence(sentence.text) for sentence in sentences)
    evidence = tuple(_evidence(reading, sentence.number) for sentence in sentences)
    return Gist(text=text, evidence=evidence) if evidence else None
