"""The view model: a brief as all views show it, with its text made safe to show."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from summarizer._text import one_line
from summarizer.article import web_address
from summarizer.brief import (
    Brief,
    Checks,
    Holder,
    OpenQuestion,
    Position,
    QuestionOrigin,
    Stance,
    content_words,
    rank_positions,
)
from summarizer.render.clarity import is_clear_question, state_clearly
from summarizer.render.quotations import (
    MAX_WORDS,
    QuotationView,
    drop_names,
    drop_title,
    passages,
    quote_clause,
    shorten,
    shorten_question,
    shorten_statement,
)
from summarizer.render.reports import (
    CheckView,
    check_results,
    check_views,
    coverage_lines,
    coverage_links,
    describe_doubts,
    describe_omitted,
    format_byline,
    provenance_lines,
)
from summarizer.render.short_view import Candidate, Choice, choose_positions, count_questions, word_budget
from summarizer.render.text import brackets, describe_holder, holder_name, position_keys, short_source, web_link

SIGNS: dict[Stance, str] = {"agrees": "+", "disagrees": "−", "mixed": "±", "neutral": "=", "unclear": "?"}
"""A sign for each stance, so that colour is never the only difference."""

NO_STANCE = "•"
"""The sign of a position without a stance."""

_WORDING = {"speculated": "speculation", "fact": "question of fact"}  # "fact" alone would read as a verdict

_SIDES: dict[Stance | None, str] = {"agrees": "For", "disagrees": "Against"}
_NO_TITLE = "Brief"  # of a text without title and source
_NO_ISSUE = "On other matters"
_MAX_NAME_WORDS = 6
_SHARE_SAID = 0.6  # of the words of an excerpt, in a statement that needs no excerpt
_MAX_GIST_NUMBERS = 3  # of sentences, in a short view

_LENGTHS = ((MAX_WORDS, 35), (22, 35), (22, 16))
"""For views with less and less room: the words of a statement and those of the gist."""
_WORDS_OF_QUESTIONS = 3  # "## Open questions"
_MORE_POSITIONS, _MORE_QUESTIONS = "12 more positions on 3 issues: --full", " 12 more open questions;"


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
class PositionView:
    """A position."""

    key: str
    """The fragment in a page: "P12" is the position with this id, or the twelfth of the brief."""
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
        """The number of words in a short view, with the numbers of the position and its sentences."""
        texts = (self.key, self.text, self.asked, *self.marks)
        words = sum(len(text.split()) for text in texts) + len(self.quotation.ranges)
        return words + 2 * bool(self.posted) + 2 * bool(self.asked)


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
        return len(f"? {self.text} {self.origin_text}".split()) + len(self.quotation.ranges)

    @property
    def origin_text(self) -> str:
        """Return who asked, or how the article raises the question: "Ann Lee", "implied"."""
        origin = " and ".join(shorten(who.name, _MAX_NAME_WORDS) for who in self.raised_by) or self.origin
        return "; ".join(filter(None, [origin, self.quotation.mark]))


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
    article = brief.article
    if options.full or options.limit is not None or math.isinf(budget := word_budget(article) - reserved):
        return _compose(brief, options, _LENGTHS[0], math.inf)[1]
    composed: list[tuple[int, BriefView]] = []
    for lengths in _LENGTHS:
        composed.append(_compose(brief, options, lengths, budget))
        if not composed[-1][0]:
            break
    return min(composed, key=lambda missing_and_view: missing_and_view[0])[1]


def _compose(brief: Brief, options: ViewOptions, lengths: tuple[int, int], budget: float) -> tuple[int, BriefView]:
    """Build a view with texts of these ``lengths``; return how much of it is missing, and the view."""
    full, article = options.full, brief.article
    length, gist_length = lengths
    builder = _Builder(brief, math.inf if full else length, is_limited=budget < math.inf)
    byline, source = format_byline(article), short_source(article.source)
    title = one_line(article.title or "")
    title, source = (title, source) if title else (source or _NO_TITLE, "")
    gist = whole_gist = drop_title(one_line(brief.gist.text), title) if brief.gist else ""
    if not full:
        gist = shorten_statement(gist, gist_length).removesuffix(" …")
    questions = tuple(builder.question(n, question) for n, question in enumerate(brief.open_questions, 1))
    is_all = full or brief.provenance.engine == "model"
    clear = tuple(each for each in questions if is_all or is_clear_question(each.text, is_quoted=bool(each.raised_by)))
    questions = (*clear, *(each for each in questions if each not in clear))
    shown_questions = questions[: count_questions([question.words for question in clear], budget)]
    warnings = tuple(filter(None, map(one_line, brief.coverage.warnings)))
    coverage = tuple(coverage_lines(brief, full=full))
    provenance = tuple(provenance_lines(brief.provenance, full=full))
    reserved = _MORE_POSITIONS + _MORE_QUESTIONS * (len(questions) > len(shown_questions))
    fixed = [title, byline, source, *warnings, "! " * len(warnings), gist, *coverage, *provenance, "# ·", reserved]
    limit = None if full else _MAX_GIST_NUMBERS
    gist_quotation = QuotationView.from_evidence(brief.gist.evidence, limit) if brief.gist and gist else None
    budget -= sum(len(text.split()) for text in fixed) + (gist_quotation.words_beside if gist_quotation else 0)
    budget -= sum(question.words for question in shown_questions) + _WORDS_OF_QUESTIONS * bool(shown_questions)
    choice = builder.choose(options, budget, whole_gist)
    words_left = choice.words_left
    chosen = [position for position in rank_positions(brief) if position.id in choice.keys]
    omitted = describe_omitted(brief, chosen, len(questions) - len(shown_questions), words_left)
    if not full:
        words_left -= max(len((omitted or "").split()) - len(reserved.split()), 0)
        builder.fill(chosen, words_left)
    rest = [position for position in brief.positions if position.id not in choice.keys]
    return choice.missing, BriefView(
        title=title,
        address=web_link(web_address(article.url)),
        byline=byline,
        source=source,
        warnings=warnings,
        gist=gist_quotation,
        gist_text=gist,
        holders=builder.holders(),
        sections=tuple(builder.sections(chosen)),
        more=tuple(builder.sections(rest)),
        omitted=omitted,
        questions=shown_questions,
        more_questions=questions[len(shown_questions) :],
        coverage=coverage,
        coverage_links=coverage_links(brief.coverage),
        rejected=tuple(
            f"{one_line(item.what)} “{one_line(item.text)}”: {one_line(item.reason)}" for item in brief.rejected
        ),
        provenance=provenance,
        is_full=full,
    )


class _Builder:
    """Build the parts of a view that refer to holders."""

    def __init__(self, brief: Brief, length: float, *, is_limited: bool) -> None:
        self._brief = brief
        self._is_limited = is_limited
        self._length = length
        self._full = math.isinf(length)
        self._by_model = brief.provenance.engine == "model"
        self._position_keys = position_keys(brief)
        self._first_sentences: dict[str, int] = {}
        for position in brief.positions:
            first = min(item.sentence for item in position.evidence)
            for holder_id in position.holders:
                self._first_sentences[holder_id] = min(first, self._first_sentences.get(holder_id, first))
        counts = Counter(map(holder_name, brief.holders))
        self._holders = {
            holder.id: self._holder(number, holder, is_shared=counts[holder_name(holder)] > 1)
            for number, holder in enumerate(brief.holders, 1)
        }
        with_position = {position.issue for position in brief.positions}
        issues = [issue for issue in brief.issues if issue.id in with_position]
        self._keys = {str(number): issue for number, issue in enumerate(issues, 1)}
        self._propositions = {issue.id: one_line(issue.proposition) for issue in issues}
        self._topic = content_words(f"{brief.article.title or ''} {brief.gist.text if brief.gist else ''}")
        self._clear: set[str] = set()
        self._views = {position.id: self._position(position) for position in brief.positions}
        self._ranks = {position.id: rank for rank, position in enumerate(rank_positions(brief))}
        self._introduced: set[str] = set()

    def holders(self) -> tuple[HolderView, ...]:
        """Return the holders of a position, by name."""
        holders = (view for holder_id, view in self._holders.items() if holder_id in self._first_sentences)
        return tuple(sorted(holders, key=lambda who: (who.name.casefold(), int(who.key))))

    def choose(self, options: ViewOptions, budget: float, gist: str) -> Choice:
        """Choose all positions, the number in the options, or those that fit into ``budget`` words."""
        ranked = rank_positions(self._brief)
        if options.full or options.limit is not None:
            return Choice(frozenset(position.id for position in ranked[: options.limit or None]), math.inf, 0)
        candidates = [
            Candidate(
                position.id,
                view.text,
                view.words,
                position.holders,
                len(" and ".join(who.name for who in view.holders).split()),
                {holder: len(self._holders[holder].short_about.split()) for holder in position.holders},
                position.issue,
                len(self._propositions.get(position.issue or "", _NO_ISSUE).split()) + 1,
                view.stance,
                is_clear=position.id in self._clear,
            )
            for position in ranked
            for view in [self._views[position.id]]
        ]
        said = "" if self._by_model else gist  # which has the words of the article
        return choose_positions(candidates, budget, self._brief.article.words or 0, said)

    def fill(self, positions: Sequence[Position], words: float) -> None:
        """Show the most important words of the article that a model cites, as far as they fit."""
        for position in positions if self._by_model else ():
            excerpt = QuotationView.of_key_words(position.evidence)
            said = content_words(excerpt.text)
            if len(said & content_words(self._views[position.id].text)) >= _SHARE_SAID * len(said):
                continue  # the statement has these words
            words -= len(excerpt.text.split()) + 1
            if words >= 0:
                self._views[position.id] = replace(self._views[position.id], excerpt=excerpt)

    def sections(self, positions: Sequence[Position]) -> Iterator[Section]:
        """Yield the issues with a position, in order, then the positions without an issue."""
        for key, issue in [*self._keys.items(), ("0", None)]:
            selected = [position for position in positions if position.issue == (issue.id if issue else None)]
            if not selected:
                continue
            proposition = self._propositions[issue.id] if issue else _NO_ISSUE if self._keys else None
            kind = _WORDING.get(issue.kind, issue.kind) if issue and not self._is_limited else ""
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

    def question(self, number: int, question: OpenQuestion) -> QuestionView:
        """Build the view of an open question."""
        text = one_line(question.question)
        return QuestionView(
            key=f"Q{number}",
            text=shorten_statement(text, self._length),
            origin=question.origin,
            raised_by=tuple(self._holders[holder_id] for holder_id in question.raised_by),
            quotation=QuotationView.from_evidence(question.evidence),
        )

    def _holder(self, number: int, holder: Holder, *, is_shared: bool) -> HolderView:
        first = self._first_sentences.get(holder.id)
        label = f"{holder_name(holder)} {brackets([first])}" if is_shared and first else holder_name(holder)
        about, short_about = describe_holder(holder), describe_holder(holder, short=not self._full)
        return HolderView(str(number), holder_name(holder), about, short_about, label)

    def _position(self, position: Position) -> PositionView:
        holders = tuple(self._holders[holder_id] for holder_id in position.holders)
        relayed_by = self._holders[position.reported_by] if position.reported_by else None
        certainty = _WORDING.get(position.certainty, position.certainty)
        marks = [] if certainty == "asserted" else [certainty]
        marks += [f"relayed by {relayed_by.name}"] if relayed_by else []
        marks += ["corrected"] if position.corrected else []
        is_decided = self._by_model or position.stance != "unclear"  # the built-in engine decides few stances
        results = () if position.corrected else check_results(position.checks).items()
        checks = {name: result for name, result in results if self._is_told(name, result)}
        quotation = QuotationView.from_evidence(position.evidence)
        stance = position.stance if position.issue and is_decided else None
        asked = shorten_question(position.answers)
        return PositionView(
            key=self._position_keys[position.id],
            holders=holders,
            relayed_by=relayed_by,
            text=self._text(position, is_answer=bool(asked), has_issue=bool(stance)),
            is_verbatim=not (self._by_model or position.corrected),
            stance=stance,
            certainty=certainty,
            checks=tuple(check_views(checks, quotation.mark)),
            marks=(*marks, *describe_doubts(checks, quotation.mark)),
            asked=asked,
            posted=one_line(position.posted or ""),
            quotation=quotation,
            excerpt=None,
        )

    def _statement(self, position: Position) -> str:
        statement = one_line(position.statement)
        if self._by_model:
            words = quote_clause(position) if self._is_limited else None
            return words if words and len(words.split()) < len(statement.split()) else statement
        names = " and ".join(self._holders[holder_id].name for holder_id in position.holders)
        return drop_names(statement, names, position.speech)

    def _text(self, position: Position, *, is_answer: bool, has_issue: bool) -> str:
        """Return the statement in a view, and remember whether it is clear alone; a corrected one stays as it is."""
        if position.corrected:
            self._clear.add(position.id)
            return one_line(position.statement)
        found = passages(self._statement(position), position.speech)
        texts = [shorten_statement(text, self._length, keeps_first=not self._by_model) for text in found]
        people = list(map(self._brief.holder, position.holders))
        state = partial(state_clearly, position, holders=people, topic=self._topic)
        stated = (state(text, is_answer=is_answer, has_issue=has_issue) for text in texts)
        clear = texts[0] if self._by_model or self._full else next(filter(None, stated), None)
        self._clear.update([position.id] if clear else [])
        return clear or texts[0]

    def _is_told(self, name: str, result: object) -> bool:
        """Return whether a check is informative: the built-in engine cannot confirm its own findings."""
        is_doubt = result == "contradicted" or name in ("support", "support_reason")
        return self._by_model or name not in Checks.model_fields or is_doubt
