"""The view model: a brief as all views show it, with its text made safe to show."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Self

from summarizer._text import one_line
from summarizer.article import ArticleInfo, web_address
from summarizer.brief import (
    Brief,
    Checks,
    Coverage,
    Evidence,
    Gist,
    Holder,
    OpenQuestion,
    Phrase,
    Position,
    Provenance,
    QuestionOrigin,
    Speech,
    Stance,
    UncitedStatement,
)
from summarizer.render.text import brackets, enumerate_words, fragment, place_link, plural, sentences, web_link

SIGNS: dict[Stance, str] = {"agrees": "+", "disagrees": "−", "mixed": "±", "neutral": "=", "unclear": "?"}
"""A sign for each stance, so that colour is never the only difference."""

NO_STANCE = "•"
"""The sign of a position without a stance."""

_SPEECHES: dict[Speech, str] = {"direct": "direct speech", "indirect": "indirect speech", "mixed": "partly quoted"}
_WORDING = {"speculated": "speculation", "fact": "question of fact"}  # "fact" alone would read as a verdict
_CONTRADICTIONS = {"speaker": "the quotation may be another speaker’s"}

_DATE_AND_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?")

_MAX_NAMES = 5  # of holders without a shown position
_MAX_STATEMENT = 120  # characters of an uncited statement


@dataclass(frozen=True, slots=True)
class QuotationView:
    """The sentences that a claim cites."""

    parts: tuple[tuple[str, bool], ...]
    """The words in order; each part with a flag for the most important words."""
    numbers: tuple[int, ...]
    links: tuple[str | None, ...]
    """For each number, a safe address that opens at the sentence in the source, if there is one."""

    @classmethod
    def from_evidence(cls, evidence: Sequence[Evidence]) -> Self:
        """Join ``evidence``, with a mark of omission between sentences that are not consecutive."""
        parts: list[tuple[str, bool]] = []
        for previous, item in zip((None, *evidence), evidence, strict=False):
            if previous:
                parts.append((" " if item.sentence == previous.sentence + 1 else " […] ", False))
            parts += [(words, is_key) for text, is_key in _split_phrases(item) if (words := fragment(text))]
        numbers, links = [item.sentence for item in evidence], [place_link(item.link) for item in evidence]
        return cls(tuple(parts), tuple(numbers), tuple(links))

    @property
    def text(self) -> str:
        """The words as one string."""
        return "".join(words for words, _ in self.parts)

    @property
    def brackets(self) -> str:
        """The sentence numbers: "[8, 9]"."""
        return brackets(self.numbers)

    @property
    def sentences(self) -> tuple[int, ...]:
        """The sentence numbers without repetitions."""
        return tuple(dict.fromkeys(self.numbers))

    @property
    def places(self) -> tuple[tuple[int, str], ...]:
        """The numbers and links of the sentences that have a link, without repetitions."""
        return tuple({number: link for number, link in zip(self.numbers, self.links, strict=True) if link}.items())


@dataclass(frozen=True, slots=True)
class HolderView:
    """A holder."""

    key: str
    """The number of the holder in the brief, from 1. Views never use the ids of a brief, which are untrusted."""
    name: str
    about: str
    """Role and affiliation."""
    label: str
    """The name in a list; holders who share a name also show the first sentence that cites them."""


@dataclass(frozen=True, slots=True)
class CheckView:
    """The result of one or more checks of a position."""

    tone: Literal["sound", "open", "doubt"]
    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class PositionView:
    """A position."""

    key: str
    """The fragment in a page: "P12" is the twelfth position of the brief."""
    holders: tuple[HolderView, ...]
    introductions: tuple[tuple[str, str], ...]
    """The holders' names, with role and affiliation at their first appearance."""
    relayed_by: HolderView | None
    statement: str | None
    """None from the built-in engine, which only rewords the highlighted words."""
    stance: Stance | None
    """None without an issue, and where the built-in engine found no stance."""
    certainty: str
    speech: str
    checks: tuple[CheckView, ...]
    marks: tuple[str, ...]
    """Remarks in a word or two: "speculation", "relayed by …", "speaker unconfirmed"."""
    quotation: QuotationView

    @property
    def sign(self) -> str:
        """The sign of the stance."""
        return SIGNS[self.stance] if self.stance else NO_STANCE


@dataclass(frozen=True, slots=True)
class Section:
    """The positions on one issue, or on none."""

    key: str
    """The number of the section, from 1; "0" without an issue."""
    proposition: str | None
    """None for positions without an issue, if no issue precedes them."""
    kind: str
    positions: tuple[PositionView, ...]

    @property
    def heading(self) -> str | None:
        """The proposition with the kind of its issue."""
        return f"{self.proposition} ({self.kind})" if self.kind else self.proposition


@dataclass(frozen=True, slots=True)
class QuestionView:
    """An open question."""

    key: str
    text: str
    origin: QuestionOrigin
    raised_by: tuple[HolderView, ...]
    quotation: QuotationView

    @property
    def is_verbatim(self) -> bool:
        """Return whether the quotation has the words of the question."""
        return self.text.rstrip(".?!") in self.quotation.text

    @property
    def origin_text(self) -> str:
        """The origin in words: "asked by Ann Lee", "implied in the article"."""
        raised_by = " and ".join(who.name for who in self.raised_by)
        return f"{self.origin} by {raised_by}" if raised_by else f"{self.origin} in the article"


@dataclass(frozen=True, slots=True)
class BriefView:
    """A brief, in the order in which views show it."""

    title: str
    address: str | None
    """The safe web address of the article."""
    byline: str
    """Author, date, site, section and form, if known."""
    source: str
    warnings: tuple[str, ...]
    """Doubts about the article as it was loaded."""
    gist: QuotationView | None
    gist_text: str
    holders: tuple[HolderView, ...]
    """The holders of a position, by name."""
    sections: tuple[Section, ...]
    omitted: str | None
    """A note on the positions beyond the limit."""
    questions: tuple[QuestionView, ...]
    coverage: tuple[str, ...]
    coverage_links: Mapping[str, str]
    """The safe address in the source of each line of `coverage` that quotes a statement with a place."""
    rejected: tuple[str, ...]
    provenance: tuple[str, ...]


def build_view(brief: Brief, limit: int | None = None, *, ranked: bool = True) -> BriefView:
    """Build the view model of a brief, with at most ``limit`` positions.

    ``ranked`` sorts the positions on an issue by importance and holder; otherwise they keep the order of the brief.
    """
    builder, article, top = _Builder(brief), brief.article, brief.top(limit)
    title = one_line(article.title or "") or "An untitled article"
    gist_text = _shorten_gist(brief.gist, title)
    return BriefView(
        title=title,
        address=web_link(web_address(article.url)),
        byline=_byline(article),
        source=one_line(article.source or ""),
        warnings=tuple(filter(None, map(one_line, brief.coverage.warnings))),
        gist=QuotationView.from_evidence(brief.gist.evidence) if brief.gist and gist_text else None,
        gist_text=gist_text,
        holders=builder.holders(),
        sections=tuple(builder.sections(top if ranked else brief.positions, ranked=ranked)),
        omitted=_omitted(brief, top),
        questions=tuple(builder.question(n, question) for n, question in enumerate(brief.open_questions, 1)),
        coverage=tuple(coverage_lines(brief.coverage, limit)),
        coverage_links={
            _uncited_line(statement): link
            for statement in brief.coverage.uncited
            if (link := place_link(statement.link))
        },
        rejected=tuple(
            f"{one_line(item.what)} “{one_line(item.text)}”: {one_line(item.reason)}" for item in brief.rejected
        ),
        provenance=tuple(_provenance_lines(brief.provenance)),
    )


def _byline(article: ArticleInfo) -> str:
    form = article.form.replace("-", " ") if article.form and article.form != "report" else None
    parts = (article.author, _date(article.published or ""), article.site, article.section, form)
    return " · ".join(dict.fromkeys(filter(None, (one_line(part or "") for part in parts))))


def _date(published: str) -> str:
    """Return a date for readers: a time without its seconds, UTC by its name; other forms unchanged."""
    match = _DATE_AND_TIME.fullmatch(published)
    if not match:
        return published
    day, time, zone = match.groups(default="")
    return " ".join(filter(None, [day, time, "UTC" if zone in {"Z", "+00:00", "+0000"} else zone]))


class _Builder:
    """Build the parts of a view that refer to holders."""

    def __init__(self, brief: Brief) -> None:
        self._brief = brief
        self._by_model = brief.provenance.engine == "model"
        self._numbers = {position.id: number for number, position in enumerate(brief.positions, 1)}
        self._first_sentences: dict[str, int] = {}
        for position in brief.positions:
            first = min(item.sentence for item in position.evidence)
            for holder_id in position.holders:
                self._first_sentences[holder_id] = min(first, self._first_sentences.get(holder_id, first))
        counts = Counter(map(_name, brief.holders))
        self._holders = {
            holder.id: self._holder(number, holder, is_shared=counts[_name(holder)] > 1)
            for number, holder in enumerate(brief.holders, 1)
        }

    def holders(self) -> tuple[HolderView, ...]:
        """Return the holders of a position, by name."""
        holders = (view for holder_id, view in self._holders.items() if holder_id in self._first_sentences)
        return tuple(sorted(holders, key=lambda who: (who.name.casefold(), int(who.key))))

    def sections(self, positions: Sequence[Position], *, ranked: bool) -> Iterator[Section]:
        """Yield the issues with a position, in order, then the positions without an issue."""
        introduced: set[str] = set()
        number = 0
        for issue in (*self._brief.issues, None):
            selected = [position for position in positions if position.issue == (issue.id if issue else None)]
            if not selected:
                continue
            views = tuple(self._position(item, introduced) for item in (_by_holder(selected) if ranked else selected))
            if issue:
                number += 1
                yield Section(str(number), one_line(issue.proposition), _WORDING.get(issue.kind, issue.kind), views)
            else:
                yield Section("0", "On no issue in particular" if number else None, "", views)

    def question(self, number: int, question: OpenQuestion) -> QuestionView:
        """Build the view of an open question."""
        return QuestionView(
            key=f"Q{number}",
            text=one_line(question.question),
            origin=question.origin,
            raised_by=tuple(self._holders[holder_id] for holder_id in question.raised_by),
            quotation=QuotationView.from_evidence(question.evidence),
        )

    def _holder(self, number: int, holder: Holder, *, is_shared: bool) -> HolderView:
        first = self._first_sentences.get(holder.id)
        label = f"{_name(holder)} {brackets([first])}" if is_shared and first else _name(holder)
        return HolderView(str(number), _name(holder), _about(holder), label)

    def _position(self, position: Position, introduced: set[str]) -> PositionView:
        """Build the view of a position, and add the keys of its holders to ``introduced``."""
        holders = tuple(self._holders[holder_id] for holder_id in position.holders)
        introductions = tuple((who.name, "" if who.key in introduced else who.about) for who in holders)
        introduced.update(who.key for who in holders)
        relayed_by = self._holders[position.reported_by] if position.reported_by else None
        certainty = _WORDING.get(position.certainty, position.certainty)
        marks = [] if certainty == "asserted" else [certainty]
        marks += [f"relayed by {relayed_by.name}"] if relayed_by else []
        is_decided = self._by_model or position.stance != "unclear"  # the built-in engine decides few stances
        return PositionView(
            key=f"P{self._numbers[position.id]}",
            holders=holders,
            introductions=introductions,
            relayed_by=relayed_by,
            statement=one_line(position.statement) if self._by_model else None,
            stance=position.stance if position.issue and is_decided else None,
            certainty=certainty,
            speech=_SPEECHES[position.speech],
            checks=tuple(_check_views(position.checks)),
            marks=(*marks, *_doubts(position.checks)),
            quotation=QuotationView.from_evidence(position.evidence),
        )


def _name(holder: Holder) -> str:
    return one_line(holder.name or "") or ("The author" if holder.kind == "author" else "Somebody unnamed")


def _about(holder: Holder) -> str:
    """Join role and affiliation, unless the role includes the affiliation."""
    role, affiliation = one_line(holder.role or ""), one_line(holder.affiliation or "")
    return role if affiliation in role else ", ".join(filter(None, [role, affiliation]))


def _by_holder(positions: Iterable[Position]) -> list[Position]:
    """Sort by the holders' most important position; keep a holder's positions together, in the article's order."""
    groups: dict[tuple[str, ...], list[Position]] = {}
    for position in positions:
        groups.setdefault(tuple(sorted(position.holders)), []).append(position)
    return [item for group in groups.values() for item in sorted(group, key=lambda item: item.evidence[0].sentence)]


def _check_results(checks: Checks) -> dict[str, object]:
    """Return the verdicts by name; a stored brief can have checks with any name."""
    return {one_line(name): verdict for name, verdict in checks.model_dump().items()}


def _check_views(checks: Checks) -> Iterator[CheckView]:
    """Yield the results of the checks: contradictions, doubts, then confirmations."""
    results = _check_results(checks)
    for name, result in results.items():
        if result == "contradicted":
            yield CheckView("doubt", "!", _CONTRADICTIONS.get(name, f"{name} contradicted"))
    if unconfirmed := [name for name, result in results.items() if result == "unconfirmed"]:
        yield CheckView("open", "?", f"{enumerate_words(unconfirmed)} unconfirmed")
    if confirmed := [name for name, result in results.items() if result == "confirmed"]:
        yield CheckView("sound", "✓", f"{enumerate_words(confirmed)} confirmed")


def _doubts(checks: Checks) -> Iterator[str]:
    for name, result in _check_results(checks).items():
        if result == "contradicted":
            yield _CONTRADICTIONS.get(name, f"{name} contradicted")
        elif result == "unconfirmed":
            yield f"{name} unconfirmed"


def _shorten_gist(gist: Gist | None, title: str) -> str:
    """Return the gist's text, without the title at its beginning."""
    text = one_line(gist.text) if gist else ""
    if re.match(re.escape(title) + r"[.!?…]*(?:\s|$)", text):
        text = text[len(title) :].lstrip(".!?… ")
    return text


def _omitted(brief: Brief, top: Sequence[Position]) -> str | None:
    """Return a note on the omitted positions, and on the holders who have no other."""
    if len(top) == len(brief.positions):
        return None
    shown = {holder_id for position in top for holder_id in position.holders}
    hidden = {holder_id for position in brief.positions for holder_id in position.holders} - shown
    silent = [_name(holder) for holder in brief.holders if holder.id in hidden and holder.kind != "unnamed"]
    more = f" and {len(silent) - _MAX_NAMES} more" if len(silent) > _MAX_NAMES else ""
    names = f" Holders not shown: {', '.join(silent[:_MAX_NAMES])}{more}." if silent else ""
    return (
        f"{len(top)} of {plural(len(brief.positions), 'position')}, the most important first; the JSON has all.{names}"
    )


def coverage_lines(coverage: Coverage, limit: int | None = None) -> Iterator[str]:
    """Yield notes on the coverage, with at most ``limit`` uncited statements; a limit of 0 omits them."""
    yield f"{plural(coverage.sentences, 'sentence')} read{_chunk_count(coverage)}."
    if coverage.statements:
        yield f"{coverage.cited} of {plural(coverage.statements, 'attributed statement')} cited."
    yield from map(_uncited_line, coverage.uncited[:limit])
    if hidden := len(coverage.uncited[limit:]) if limit else 0:
        yield f"{plural(hidden, 'more uncited statement')} in the JSON."
    for chunk in coverage.failed:
        yield f"Failed: {sentences((chunk.first_sentence, chunk.last_sentence), ' to ')}. {one_line(chunk.error)}"
    if coverage.suspicious:
        yield f"Looks like an instruction to a model: {sentences(coverage.suspicious)}."


def _uncited_line(statement: UncitedStatement) -> str:
    words = one_line(statement.quote)
    quote = f": {_quote_statement(words)}" if words else "."
    return f"Not cited: {sentences(statement.sentences)}, attributed to {source_name(statement)}{quote}"


def source_name(statement: UncitedStatement) -> str:
    """Return the speaker of a statement."""
    return one_line(statement.source or "") or "an unnamed source"


def _chunk_count(coverage: Coverage) -> str:
    chunks = coverage.chunks + len(coverage.failed)
    failed = f", of which {len(coverage.failed)} failed" if coverage.failed else ""
    return f" in {plural(chunks, 'chunk')}{failed}" if chunks > 1 else ""


def _quote_statement(words: str) -> str:
    """Put a statement in quotation marks, and shorten a long one."""
    words = words if len(words) <= _MAX_STATEMENT else words[: _MAX_STATEMENT - 1].rsplit(" ", 1)[0] + " …"
    return words if words[0] in '“"„«' else f"“{words}”"


def _provenance_lines(provenance: Provenance) -> Iterator[str]:
    """Yield the engine and its cost, then the notes for the reader."""
    engine = f"the model {one_line(provenance.model or '') or 'unknown'}"
    if provenance.engine == "builtin":
        engine = "the built-in engine"
    library, cost = one_line(provenance.library), _cost(provenance)
    yield f"Made by {engine}, summarizer {library}, in {provenance.seconds:.1f} s{cost}."
    yield from filter(None, map(one_line, provenance.notes))


def _cost(provenance: Provenance) -> str:
    if not provenance.calls:
        return ""
    repairs = f", {plural(provenance.repairs, 'repair')}" if provenance.repairs else ""
    tokens = f"{provenance.usage.prompt:,} tokens sent, {provenance.usage.completion:,} received"
    return f" with {plural(provenance.calls, 'call')} ({tokens}{repairs})"


def _split_phrases(item: Evidence) -> Iterator[tuple[str, bool]]:
    """Split a sentence at its phrases; each part with a flag for phrases."""
    start = 0
    for phrase in item.phrases:
        offset = _find_phrase(item, phrase, start)
        if offset is None:
            continue
        yield item.quote[start:offset], False
        start = offset + len(phrase.text)
        yield item.quote[offset:start], True
    yield item.quote[start:], False


def _find_phrase(item: Evidence, phrase: Phrase, start: int) -> int | None:
    """Return the offset of a phrase in its sentence; of several, the one nearest to its spans.

    The spans cannot give the offset: they count white space that the quotation has collapsed.
    """
    matches = re.compile(f"(?={re.escape(phrase.text)})").finditer(item.quote, start)
    phrase_start = phrase.spans[0].start if phrase.spans else 0
    wanted = sum(max(0, min(end, phrase_start) - begin) for begin, end in item.spans)
    return min((match.start() for match in matches), key=lambda offset: abs(offset - wanted), default=None)
