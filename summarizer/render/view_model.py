"""The view model: a brief as all views show it, with its text made safe to show."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from summarizer._text import one_line
from summarizer.article import ArticleInfo, web_address
from summarizer.brief import (
    Brief,
    Checks,
    Gist,
    Holder,
    OpenQuestion,
    Position,
    QuestionOrigin,
    Stance,
    rank_positions,
)
from summarizer.render.quotations import QuotationView, drop_names, shorten, shorten_question
from summarizer.render.reports import coverage_lines, provenance_lines, uncited_line
from summarizer.render.short_view import Candidate, choose_positions, count_questions, word_budget
from summarizer.render.text import brackets, enumerate_words, place_link, plural, web_link

SIGNS: dict[Stance, str] = {"agrees": "+", "disagrees": "−", "mixed": "±", "neutral": "=", "unclear": "?"}
"""A sign for each stance, so that colour is never the only difference."""

NO_STANCE = "•"
"""The sign of a position without a stance."""

_WORDING = {"speculated": "speculation", "fact": "question of fact"}  # "fact" alone would read as a verdict
_CONTRADICTIONS = {"speaker": "the quotation may be another speaker’s"}

_DATE_AND_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?")

_SIDES: dict[Stance | None, str] = {"agrees": "For", "disagrees": "Against"}
_MAX_NAMES = 2  # of holders without a shown position
_MAX_NAME_WORDS, _MAX_ROLE_WORDS = 6, 10
_END_OF_ROLE = re.compile(r"(?:, | and | who | which )(?=(?:now|who|which|currently|later|one of)\b)")
_MIN_GIST_WORDS, _MAX_GIST_WORDS = 20, 45
_SHARE_OF_GIST = 0.2  # of the words of a short view
_OTHER_WORDS = "## Positions ## Open questions ## Coverage --- 12 more positions, also of Ann Lee and Bo Hill: --full"


@dataclass(frozen=True, slots=True)
class HolderView:
    """A holder."""

    key: str
    """The number of the holder in the brief, from 1. Views never use the ids of a brief, which are untrusted."""
    name: str
    about: str
    """Role and affiliation."""
    short_about: str
    """Role and affiliation in a few words."""
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
    relayed_by: HolderView | None
    text: str
    """What is held: a model's statement, or the article's words, in quotation marks if they are direct speech."""
    is_verbatim: bool
    """Whether the text has the words of the article, so that a quotation adds only their context."""
    stance: Stance | None
    """None without an issue, and where the built-in engine found no stance."""
    certainty: str
    checks: tuple[CheckView, ...]
    marks: tuple[str, ...]
    """Remarks in a word or two: "speculation", "relayed by …", "speaker unconfirmed"."""
    asked: str
    """The question that it answers, or an empty string."""
    posted: str
    """The time of its post in a live blog, or an empty string."""
    quotation: QuotationView
    """The whole sentences."""
    excerpt: QuotationView | None
    """The most important words; None if the text has them."""

    @property
    def sign(self) -> str:
        """The sign of the stance."""
        return SIGNS[self.stance] if self.stance else NO_STANCE

    @property
    def words(self) -> int:
        """The number of words in a short view, with the sentence numbers."""
        texts = (self.text, self.asked, *self.marks, self.excerpt.text if self.excerpt else "")
        return sum(len(text.split()) for text in texts) + len(self.quotation.numbers) + bool(self.posted)


@dataclass(frozen=True, slots=True)
class HolderGroup:
    """The positions of the same holders with the same stance on one issue."""

    introductions: tuple[tuple[str, str], ...]
    """The holders' names, with role and affiliation at their first appearance."""
    stance: Stance | None
    positions: tuple[PositionView, ...]

    @property
    def holders(self) -> tuple[HolderView, ...]:
        """The holders."""
        return self.positions[0].holders

    @property
    def sign(self) -> str:
        """The sign of the stance."""
        return self.positions[0].sign

    @property
    def stance_mark(self) -> Stance | None:
        """The stance, if the heading of its side does not say it."""
        return None if self.stance in _SIDES else self.stance


@dataclass(frozen=True, slots=True)
class Side:
    """The positions for, against, or beside one issue."""

    name: str | None
    """ "For", "Against" or "Other"; None if nobody takes a side on the issue."""
    groups: tuple[HolderGroup, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The positions on one issue, or on none."""

    key: str
    """The number of the issue among those with positions, from 1; "0" without an issue."""
    proposition: str | None
    """None for positions without an issue, if no issue precedes them."""
    kind: str
    sides: tuple[Side, ...]

    @property
    def heading(self) -> str | None:
        """The proposition with the kind of its issue."""
        return f"{self.proposition} ({self.kind})" if self.kind else self.proposition

    @property
    def positions(self) -> tuple[PositionView, ...]:
        """The positions in the order of the view."""
        return tuple(position for side in self.sides for group in side.groups for position in group.positions)


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
        return self.text.rstrip(".?! …") in self.quotation.text

    @property
    def words(self) -> int:
        """The number of words in a short view."""
        return len(f"? {self.text} {self.origin_text}".split()) + len(self.quotation.numbers)

    @property
    def origin_text(self) -> str:
        """The origin in words: "asked by Ann Lee", "implied in the article"."""
        raised_by = " and ".join(shorten(who.name, _MAX_NAME_WORDS) for who in self.raised_by)
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
    more: tuple[Section, ...]
    """The positions that a short view leaves out."""
    omitted: str | None
    """A note on what is left out."""
    questions: tuple[QuestionView, ...]
    more_questions: tuple[QuestionView, ...]
    """The open questions that a short view leaves out."""
    coverage: tuple[str, ...]
    coverage_links: Mapping[str, str]
    """The safe address in the source of each line of `coverage` that quotes a statement with a place."""
    rejected: tuple[str, ...]
    provenance: tuple[str, ...]
    is_full: bool


@dataclass(frozen=True, slots=True)
class ViewOptions:
    """The options of a view."""

    limit: int | None = None
    """The number of positions, most important first; 0 for all. None: as many as the article's length allows."""
    full: bool = False
    """Show everything: all positions with their whole sentences, and all of the coverage."""


SHORT = ViewOptions()
"""The default: a view with less than 40 % of the words of the article."""


def build_view(brief: Brief, options: ViewOptions = SHORT, *, reserved: int = 0) -> BriefView:
    """Build the view model of a brief; ``reserved`` words of a short view are for what else it shows."""
    builder, article, full = _Builder(brief, full=options.full), brief.article, options.full
    title = one_line(article.title or "") or "An untitled article"
    budget = math.inf if full or options.limit is not None else word_budget(article) - reserved
    gist = _shorten_gist(brief.gist, title)
    gist = gist if full else shorten(gist, int(min(_MAX_GIST_WORDS, max(budget * _SHARE_OF_GIST, _MIN_GIST_WORDS))))
    questions = tuple(builder.question(n, question, full) for n, question in enumerate(brief.open_questions, 1))
    shown_questions = questions[: count_questions([question.words for question in questions], budget)]
    byline, source = _byline(article), one_line(article.source or "")
    warnings = tuple(filter(None, map(one_line, brief.coverage.warnings)))
    coverage = tuple(coverage_lines(brief, full=full))
    provenance = tuple(provenance_lines(brief.provenance, full=full))
    fixed = [title, byline, source, *warnings, gist, *coverage, *provenance, _OTHER_WORDS]
    budget -= sum(len(text.split()) for text in fixed)
    budget -= sum(question.words for question in shown_questions)
    chosen = brief.positions if full else builder.choose(options.limit, budget)
    ids = {position.id for position in chosen}
    rest = [position for position in brief.positions if position.id not in ids]
    return BriefView(
        title=title,
        address=web_link(web_address(article.url)),
        byline=byline,
        source=source,
        warnings=warnings,
        gist=QuotationView.from_evidence(brief.gist.evidence) if brief.gist and gist else None,
        gist_text=gist,
        holders=builder.holders(),
        sections=tuple(builder.sections(chosen)),
        more=tuple(builder.sections(rest)),
        omitted=_omitted(brief, chosen, len(questions) - len(shown_questions)),
        questions=shown_questions,
        more_questions=questions[len(shown_questions) :],
        coverage=coverage,
        coverage_links={
            uncited_line(statement): link
            for statement in brief.coverage.uncited
            if (link := place_link(statement.link))
        },
        rejected=tuple(
            f"{one_line(item.what)} “{one_line(item.text)}”: {one_line(item.reason)}" for item in brief.rejected
        ),
        provenance=provenance,
        is_full=full,
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

    def __init__(self, brief: Brief, *, full: bool) -> None:
        self._brief = brief
        self._full = full
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
        with_position = {position.issue for position in brief.positions}
        issues = [issue for issue in brief.issues if issue.id in with_position]
        self._keys = {str(number): issue for number, issue in enumerate(issues, 1)}
        propositions = {issue.id: one_line(issue.proposition) for issue in issues}
        self._propositions = propositions if full else {key: shorten(text) for key, text in propositions.items()}
        self._views = {position.id: self._position(position) for position in brief.positions}
        self._ranks = {position.id: rank for rank, position in enumerate(rank_positions(brief))}
        self._introduced: set[str] = set()

    def holders(self) -> tuple[HolderView, ...]:
        """Return the holders of a position, by name."""
        holders = (view for holder_id, view in self._holders.items() if holder_id in self._first_sentences)
        return tuple(sorted(holders, key=lambda who: (who.name.casefold(), int(who.key))))

    def choose(self, limit: int | None, budget: float) -> Sequence[Position]:
        """Return ``limit`` positions, the most important first, or those that fit into ``budget`` words."""
        ranked = rank_positions(self._brief)
        if limit is not None:
            return ranked[:limit] if limit else ranked
        candidates = (
            Candidate(
                position.id,
                view.text,
                view.words,
                position.holders,
                {who.key: len(f"{who.name} {who.short_about}".split()) for who in view.holders},
                position.issue,
                len(self._propositions.get(position.issue or "", "").split()),
            )
            for position in ranked
            for view in [self._views[position.id]]
        )
        keys = choose_positions(candidates, budget)
        return [position for position in ranked if position.id in keys]

    def sections(self, positions: Sequence[Position]) -> Iterator[Section]:
        """Yield the issues with a position, in order, then the positions without an issue."""
        for key, issue in [*self._keys.items(), ("0", None)]:
            selected = [position for position in positions if position.issue == (issue.id if issue else None)]
            if not selected:
                continue
            proposition = self._propositions[issue.id] if issue else "On no issue in particular" if self._keys else None
            kind = _WORDING.get(issue.kind, issue.kind) if issue else ""
            yield Section(key, proposition, kind, tuple(self._sides(selected)))

    def _sides(self, positions: Sequence[Position]) -> Iterator[Side]:
        views = [(position, self._views[position.id]) for position in positions]
        has_sides = any(view.stance in _SIDES for _, view in views)
        names = [*_SIDES.values(), "Other"] if has_sides else [None]
        for name in names:
            on_side = [item for item in views if not has_sides or _SIDES.get(item[1].stance, "Other") == name]
            groups: dict[tuple[Stance | None, tuple[str, ...]], list[PositionView]] = {}
            for position, view in sorted(on_side, key=lambda item: self._ranks[item[0].id]):
                groups.setdefault((view.stance, position.holders), []).append(view)
            if groups:
                yield Side(name, tuple(self._group(stance, group) for (stance, _), group in groups.items()))

    def _group(self, stance: Stance | None, positions: Sequence[PositionView]) -> HolderGroup:
        """Build a group, and remember that its holders have been introduced."""
        holders = positions[0].holders
        introductions = tuple((who.name, "" if who.key in self._introduced else who.short_about) for who in holders)
        self._introduced.update(who.key for who in holders)
        in_order = sorted(positions, key=lambda view: (min(view.quotation.numbers), int(view.key[1:])))
        return HolderGroup(introductions, stance, tuple(in_order))

    def question(self, number: int, question: OpenQuestion, full: bool) -> QuestionView:
        """Build the view of an open question."""
        text = one_line(question.question)
        return QuestionView(
            key=f"Q{number}",
            text=text if full else shorten(text),
            origin=question.origin,
            raised_by=tuple(self._holders[holder_id] for holder_id in question.raised_by),
            quotation=QuotationView.from_evidence(question.evidence),
        )

    def _holder(self, number: int, holder: Holder, *, is_shared: bool) -> HolderView:
        first = self._first_sentences.get(holder.id)
        label = f"{_name(holder)} {brackets([first])}" if is_shared and first else _name(holder)
        return HolderView(str(number), _name(holder), _about(holder), _about(holder, short=not self._full), label)

    def _position(self, position: Position) -> PositionView:
        holders = tuple(self._holders[holder_id] for holder_id in position.holders)
        relayed_by = self._holders[position.reported_by] if position.reported_by else None
        certainty = _WORDING.get(position.certainty, position.certainty)
        marks = [] if certainty == "asserted" else [certainty]
        marks += [f"relayed by {relayed_by.name}"] if relayed_by else []
        is_decided = self._by_model or position.stance != "unclear"  # the built-in engine decides few stances
        statement = one_line(position.statement)
        checks = {
            name: result for name, result in _check_results(position.checks).items() if self._is_told(name, result)
        }
        return PositionView(
            key=f"P{self._numbers[position.id]}",
            holders=holders,
            relayed_by=relayed_by,
            text=statement
            if self._by_model
            else shorten(drop_names(statement, " and ".join(who.name for who in holders), position.speech)),
            is_verbatim=not self._by_model,
            stance=position.stance if position.issue and is_decided else None,
            certainty=certainty,
            checks=tuple(_check_views(checks)),
            marks=(*marks, *_doubts(checks)),
            asked=shorten_question(position.answers),
            posted=one_line(position.posted or ""),
            quotation=QuotationView.from_evidence(position.evidence),
            excerpt=QuotationView.of_key_words(position.evidence) if self._by_model else None,
        )

    def _is_told(self, name: str, result: object) -> bool:
        """Return whether a check tells anything: the built-in engine cannot confirm its own findings."""
        return self._by_model or name not in Checks.model_fields or result == "contradicted"


def _name(holder: Holder) -> str:
    return one_line(holder.name or "") or ("The author" if holder.kind == "author" else "Somebody unnamed")


def _about(holder: Holder, *, short: bool = False) -> str:
    """Join role and affiliation, unless the role includes the affiliation."""
    role, affiliation = one_line(holder.role or ""), one_line(holder.affiliation or "")
    about = role if affiliation in role else ", ".join(filter(None, [role, affiliation]))
    if short and len(role.split()) > _MAX_ROLE_WORDS:
        return shorten(_END_OF_ROLE.split(role)[0], _MAX_ROLE_WORDS)
    return about


def _check_results(checks: Checks) -> dict[str, object]:
    """Return the verdicts by name; a stored brief can have checks with any name."""
    return {one_line(name): verdict for name, verdict in checks.model_dump().items()}


def _check_views(results: Mapping[str, object]) -> Iterator[CheckView]:
    """Yield the results of the checks: contradictions, doubts, then confirmations."""
    for name, result in results.items():
        if result == "contradicted":
            yield CheckView("doubt", "!", _CONTRADICTIONS.get(name, f"{name} contradicted"))
    if unconfirmed := [name for name, result in results.items() if result == "unconfirmed"]:
        yield CheckView("open", "?", f"{enumerate_words(unconfirmed)} unconfirmed")
    if confirmed := [name for name, result in results.items() if result == "confirmed"]:
        yield CheckView("sound", "✓", f"{enumerate_words(confirmed)} confirmed")


def _doubts(results: Mapping[str, object]) -> Iterator[str]:
    for name, result in results.items():
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


def _omitted(brief: Brief, shown: Sequence[Position], questions: int) -> str | None:
    """Return a note on the omitted positions and questions, and on the holders who have no other position."""
    hidden = len(brief.positions) - len(shown)
    counts = [plural(hidden, "more position")] if hidden else []
    if hidden:
        heard = {holder_id for position in shown for holder_id in position.holders}
        unheard = {holder_id for position in brief.positions for holder_id in position.holders} - heard
        by_rank = dict.fromkeys(holder_id for position in brief.top() for holder_id in position.holders)
        silent = [brief.holder(holder_id) for holder_id in by_rank if holder_id in unheard]
        names = [shorten(_name(holder), _MAX_NAME_WORDS) for holder in silent if holder.kind != "unnamed"]
        others = len(names) - _MAX_NAMES
        listed = [*names[:_MAX_NAMES], plural(others, "other")] if others > 0 else names
        counts[0] += f", also of {enumerate_words(listed)}" if listed else ""
    counts += [plural(questions, "more open question")] if questions else []
    return f"{'; '.join(counts)}: --full" if counts else None
