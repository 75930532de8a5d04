"""HTML views: a page with the brief beside its article, and a compact view for notebooks."""

import base64
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count, pairwise
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from markupsafe import Markup

from summarizer._patterns import compile_lazily
from summarizer._text import one_line
from summarizer.article import Article
from summarizer.brief import Brief, Evidence, Stance, UncitedStatement, content_words, drop_absolute_links
from summarizer.errors import BriefError
from summarizer.render.highlight import Citations, HighlightedParagraph, highlight
from summarizer.render.reports import provenance_lines, source_name
from summarizer.render.short_view import word_budget
from summarizer.render.templating import ENVIRONMENT, TEMPLATES
from summarizer.render.text import enumerate_words, place_link, plural, position_keys, short_source, site_name, web_link
from summarizer.render.view_model import (
    NO_STANCE,
    SIGNS,
    BriefView,
    HolderView,
    PositionView,
    Section,
    ViewOptions,
    build_view,
)
from summarizer.spans import Span, quote

_SCRIPTS = ("contents", "selection", "lists", "overview", "copying", "corrections", "start")
_MAX_COLUMNS, _MAX_ROWS, _SHARE_OF_MATRIX = 12, 3, 0.25  # of the words of a short view; a larger matrix is folded
_MATRIX_WORDS, _WORDS_OF_HEADING = 9, 3  # "Who stands where"
_MIN_ROWS = 2  # issues of a matrix; of one issue the page shows the holders on each side
_PAGE_WORDS = 21  # of navigation and headings, beside those of the other views
_MIN_POSITIONS = 3  # that a page shows, even if it has more words than other views then
_MAX_NAMES = 2  # of holders in the title of a fold
_MAX_MARKS = 6  # of holders beside a sentence
_MAX_STORED = 2_000_000  # characters of the brief in a page
_LEGEND: tuple[tuple[Stance | None, str], ...] = (*SIGNS.items(), (None, NO_STANCE))
_WORD = compile_lazily(r"[^\W\d_]\w*")
_ARTICLE = compile_lazily(r"^(?:[Aa]n?|[Tt]he) ")
_QUOTATION_MARK = compile_lazily(r"[\"“”„«»]")
_LANGUAGE = compile_lazily(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")

ENVIRONMENT.globals |= {"signs": SIGNS, "plural": plural}


def asset(name: str) -> Markup:
    """Read a style or script of the library, which needs no escaping."""
    return Markup((TEMPLATES / name).read_text(encoding="utf-8"))  # noqa: S704  # a file of the library


def stylesheet(name: str) -> Markup:
    """Return a style of the library below the rules that all pages share."""
    return asset("base.css") + asset(name)


def to_html(brief: Brief, article: Article, *, home: str = "") -> str:
    """Render a brief beside its article as one self-contained HTML document.

    The page runs only the library's own script, loads nothing, and is complete without the script.

    Args:
        brief: The brief.
        article: The article that it was made from.
        home: The address of a page that lists several briefs; the page links to it.
    """
    check_article(brief, article)
    style, script = stylesheet("page.css"), Markup("\n").join(asset(f"page/{name}.js") for name in _SCRIPTS)
    template = ENVIRONMENT.get_template("page.html.j2")
    return template.render(
        _content(drop_absolute_links(brief), article),
        home=home,
        style=style,
        script=script,
        policy=content_policy(style, script),
    )


def render_page(template: str, **values: object) -> str:
    """Render a template of this folder as a self-contained page without scripts, in the style ``report.css``."""
    style = asset("report.css")
    return ENVIRONMENT.get_template(template).render(values, style=style, policy=content_policy(style, ""))


def check_article(brief: Brief, article: Article) -> None:
    """Raise a BriefError if a brief belongs to another text, or its quotations or sentence numbers differ."""
    actual, expected = hashlib.sha256(article.text.encode()).hexdigest(), brief.article.sha256
    if actual != expected:
        message = f"The brief belongs to another text: its SHA-256 is {expected}, and this article’s is {actual}."
        raise BriefError(message, hint="Use the exact text that the brief was made from, with the same line ends.")
    evidence = [item for _, items in _claims(brief) for item in items]
    for item in evidence:
        quotations = [(item.quote, item.spans), *((phrase.text, phrase.spans) for phrase in item.phrases)]
        for words, spans in quotations:
            is_inside = all(0 <= start < end <= len(article.text) for start, end in spans)
            if not is_inside or quote(article.text, spans) != words:
                raise _mismatch(f"the quotation of sentence {item.sentence} differs from the text at its spans")
    sentences = sorted({(item.sentence, item.spans) for item in evidence})
    for (number, spans), (next_number, next_spans) in pairwise(sentences):
        if number == next_number or not spans[:1] < next_spans[:1]:
            raise _mismatch(f"its sentence numbers do not follow the article’s order at {number} and {next_number}")


def _mismatch(difference: str) -> BriefError:
    return BriefError(
        f"The brief does not match its article: {difference}.",
        hint="The brief was changed after it was made; make it again.",
    )


def _claims(brief: Brief) -> Iterator[tuple[str, tuple[Evidence, ...]]]:
    """Yield the fragment in a page and the evidence of each claim."""
    keys = position_keys(brief)
    yield from ((keys[position.id], position.evidence) for position in brief.positions)
    yield from ((f"Q{number}", question.evidence) for number, question in enumerate(brief.open_questions, 1))
    if brief.gist:
        yield "gist", brief.gist.evidence


def to_notebook(brief: Brief) -> str:
    """Render a brief as an HTML fragment that inherits the colours and fonts of the notebook."""
    return ENVIRONMENT.get_template("notebook.html.j2").render(view=build_view(brief), style=asset("notebook.css"))


def list_briefs(entries: Sequence[Mapping[str, object]], title: str = "Briefs") -> str:
    """Render the index of a folder of pages: each entry has file, title, published, outlet and positions."""
    style = stylesheet("dossier.css")
    values = {"title": title, "entries": entries, "style": style, "script": Markup()}
    return ENVIRONMENT.get_template("pages.html.j2").render(values, policy=content_policy(style, ""))


def content_policy(style: str, script: str) -> str:
    """Return a Content-Security-Policy that allows this style and this script only."""
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (script, style)]
    directives = (f"script-src 'sha256-{hashes[0]}'", f"style-src 'sha256-{hashes[1]}'")
    return "; ".join(["default-src 'none'", *directives, "base-uri 'none'", "form-action 'none'"])


def _content(brief: Brief, article: Article) -> dict[str, Any]:
    """Return the variables of the page's template."""
    everything = build_view(brief, ViewOptions(limit=0))
    matrix = build_matrix(everything.sections)
    is_open = (
        matrix is not None and matrix.fits_screen and matrix.words <= _SHARE_OF_MATRIX * word_budget(brief.article)
    )
    folded = sum(len(line.split()) for line in provenance_lines(brief.provenance, full=False))
    view = build_view(brief, reserved=_PAGE_WORDS - folded + (matrix.words if matrix and is_open else 0))
    if sum(len(section.positions) for section in view.sections) < min(_MIN_POSITIONS, len(brief.positions)):
        view = build_view(brief, ViewOptions(limit=_MIN_POSITIONS))
    uncited = brief.coverage.uncited
    article = article.model_copy(update={"title": brief.article.title, "language": brief.article.language})
    citations = Citations()
    for claim, evidence in _claims(brief):
        if claim != "gist" or view.gist:
            citations.add(claim, evidence)
    paragraphs = highlight(article, citations, tuple(statement.spans for statement in uncited))
    marks = holder_marks(everything.holders)
    positions = [position for section in everything.sections for position in section.positions]
    language = brief.article.language or ""
    context = _context(brief)
    link = web_link(brief.article.source)
    return {
        "view": view,
        "link": link,
        "site": site_name(brief.article.source) if view.source and (link or not brief.article.site) else "",
        "language": language if _LANGUAGE.fullmatch(language) else "",  # empty: unknown
        "matrix": matrix,
        "is_matrix_open": is_open,
        "more": _describe_more(view),
        "marks": marks,
        "legend": _by_positions(positions),
        "context": context,
        "gist_sentences": dict.fromkeys(item.sentence for item in brief.gist.evidence) if brief.gist else (),
        "speakers": _speakers(positions, context),
        "max_marks": _MAX_MARKS,
        "stances": _stances(positions),
        "stored": _stored(brief),
        "indexes": {key: index for index, key in enumerate(position_keys(brief).values())},
        "paragraphs": [each for each in paragraphs if not _repeats_title(each, view.title)],
        "claims": citations.claims,
        "uncited": tuple(
            (fragment_id, source_name(statement), _words(article.text, statement.spans), place_link(statement.link))
            for fragment_id, statement in zip(_fragment_ids(paragraphs, uncited), uncited, strict=True)
        ),
        "made": brief.provenance.made,
        "sha256": one_line(brief.article.sha256),
        "prompts": tuple(one_line(f"{prompt.name} {prompt.version}") for prompt in brief.provenance.prompts),
    }


def holder_marks(holders: Sequence[HolderView]) -> dict[str, str]:
    """Return a mark of two to four characters for each holder by key: initials, that no other holder has.

    A single word has three letters, because two may read as a word or a title: "Us" of an usher, "Dr" of a driver.
    """
    marks: dict[str, str] = {}
    for holder in sorted(holders, key=lambda holder: int(holder.key)):
        words = _WORD.findall(_ARTICLE.sub("", holder.name)) or _WORD.findall(holder.name) or ["?"]
        capitalised = [word for word in words if word[0].isupper()]
        words = capitalised if len(capitalised) > 1 else words
        first, last = words[0][0].upper() + words[0][1:], words[-1]
        candidates = [first[0] + last[:1], first[0] + last[:2], first[:2] + last[:2]]
        candidates = candidates if len(words) > 1 else [first[:3], first[:4]]
        numbered = (f"{candidates[0]}{number}" for number in count(2))
        marks[holder.key] = next(mark for mark in chain(candidates, numbered) if mark not in marks.values())
    return marks


Speaker = tuple[HolderView, Stance | None, str, PositionView]
"""A holder, a stance with its sign, and the first position in which a sentence gives it."""


def _context(brief: Brief) -> Mapping[str, frozenset[int]]:
    """Return the sentences that each position cites without words of its holders; one sentence at least has such words.

    They only name a holder. Of a model's brief they also have no marked words where others have, or tell of another
    person without a quotation mark.
    """
    names = {who.id: content_words(" ".join([who.name or "", *who.aliases])) for who in brief.holders}
    persons = frozenset(chain.from_iterable(names[who.id] for who in brief.holders if who.kind == "person"))
    keys, context = position_keys(brief), {}
    for position in brief.positions:
        items = position.evidence
        own = [item for item in items if not item.only_names_speaker]
        if brief.provenance.engine == "model":
            speakers = filter(None, (*position.holders, position.reported_by))
            speaking = frozenset(chain.from_iterable(names[holder] for holder in speakers))
            own = [item for item in own if item.phrases] or own
            own = [item for item in own if not _tells_of_others(item.quote, persons, speaking)] or own
        context[keys[position.id]] = frozenset(item.sentence for item in items if item not in own)
    return context


def _tells_of_others(sentence: str, persons: frozenset[str], speaking: frozenset[str]) -> bool:
    """Return whether a sentence without direct speech names persons, and none of those who are ``speaking``."""
    words = content_words(sentence)
    return not _QUOTATION_MARK.search(sentence) and bool(words & persons) and not words & speaking


def _speakers(
    positions: Iterable[PositionView], context: Mapping[str, frozenset[int]]
) -> Mapping[int, Sequence[Speaker]]:
    """Return who holds what in each sentence that has words of it."""
    cited: defaultdict[int, list[PositionView]] = defaultdict(list)
    for position in positions:
        for sentence in position.quotation.sentences:
            cited[sentence] += [] if sentence in context[position.key] else [position]
    return {sentence: _stands(found) for sentence, found in cited.items()}


def _stands(positions: Iterable[PositionView]) -> tuple[Speaker, ...]:
    """Return who holds what, once; of a holder with a side, not what has none."""
    found: dict[tuple[str, Stance | None], Speaker] = {}
    for position in sorted(positions, key=lambda position: position.stance in (None, "unclear")):
        for holder in position.holders:
            has_side = any(key == holder.key for key, _ in found)
            if not has_side or position.stance not in (None, "unclear"):
                found.setdefault((holder.key, position.stance), (holder, position.stance, position.sign, position))
    return tuple(found.values())


def _describe_more(view: BriefView) -> str:
    """Describe a fold: "12 more positions on 3 issues, of Ann Lee, Bo Sand and 2 others"."""
    positions = [position for section in view.more for position in section.positions]
    issues = sum(section.key != "0" for section in view.more)
    counts = Counter(holder.name for position in positions for holder in position.holders)
    names = [name for name, _ in counts.most_common(_MAX_NAMES)]
    others = [plural(len(counts) - len(names), "other")] if len(counts) > len(names) else []
    on_issues = f" on {plural(issues, 'issue')}" if issues else ""
    return f"{plural(len(positions), 'more position')}{on_issues}, of {enumerate_words([*names, *others] or [''])}"


def _stored(brief: Brief) -> Markup | None:
    """Return the brief in JSON for a script element without absolute paths, or None if it is too large."""
    content = brief.model_dump(mode="json")
    source = brief.article.source or ""
    if PurePosixPath(source).is_absolute() or PureWindowsPath(source).is_absolute() or source.startswith("file:"):
        content["article"]["source"] = short_source(source)
    text = json.dumps(content, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text) if len(text) <= _MAX_STORED else None  # noqa: S704  # ASCII without markup


def _repeats_title(paragraph: HighlightedParagraph, title: str) -> bool:
    """Return whether a paragraph has only the title of the page, which no claim cites."""
    words = "".join(words for run in paragraph.runs for words, _ in run.segments)
    is_plain = not any(run.sentence or run.uncited for run in paragraph.runs)
    return paragraph.kind == "title" and is_plain and one_line(words) == title


def _fragment_ids(
    paragraphs: Iterable[HighlightedParagraph], uncited: Iterable[UncitedStatement]
) -> Iterator[str | None]:
    """Yield the place of each statement: its own mark, or the mark of a cited sentence."""
    runs = [run for paragraph in paragraphs for run in paragraph.runs]
    ids = {f"u{run.uncited}" for run in runs if run.uncited} | {f"s{run.sentence}" for run in runs if run.sentence}
    for number, statement in enumerate(uncited, 1):
        candidates = [f"u{number}", *(f"s{sentence}" for sentence in statement.sentences)]
        yield next((candidate for candidate in candidates if candidate in ids), None)


def _words(text: str, spans: Iterable[Span]) -> str:
    """Join the words at ``spans``, with a mark of omission between them."""
    words, previous_end = "", 0
    for start, end in spans:
        words += (" … " if words and text[previous_end:start].strip() else " ") + text[start:end]
        previous_end = end
    return one_line(words)


@dataclass(frozen=True, slots=True)
class Cell:
    """The positions of one holder on one issue."""

    holder: HolderView
    positions: Sequence[PositionView]

    @property
    def stances(self) -> tuple[tuple[Stance | None, str], ...]:
        """The stances with their signs, in the order of the legend."""
        return _stances(self.positions)

    @property
    def label(self) -> str:
        """The cell in words."""
        stances = ", ".join(stance or "no stance" for stance, _ in self.stances)
        return f"{self.holder.label}: {stances}, {plural(len(self.positions), 'position')}"


@dataclass(frozen=True, slots=True)
class Matrix:
    """Issues as rows; holders as columns, those with the most positions first."""

    holders: tuple[HolderView, ...]
    rows: tuple[tuple[Section, tuple[Cell, ...]], ...]
    stances: tuple[tuple[Stance | None, str], ...]
    """The stances that occur, with their signs."""

    @property
    def fits_screen(self) -> bool:
        """Return whether a screen has room for all of it."""
        return len(self.holders) <= _MAX_COLUMNS and len(self.rows) <= _MAX_ROWS

    @property
    def sides(self) -> Iterator[tuple[Stance | None, str, list[Speaker]]]:
        """If there is only one issue, who stands where on it; of a holder with a side, nothing else."""
        if len(self.rows) < _MIN_ROWS:
            speakers = [each for cell in self.rows[0][1] for each in _stands(cell.positions) if each[0] == cell.holder]
            for stance, sign in self.stances:
                if holders := [speaker for speaker in speakers if speaker[1] == stance]:
                    yield stance, sign, holders

    @property
    def words(self) -> int:
        """The number of words that it shows."""
        if sides := list(self.sides):
            names = [holder.label for _, _, speakers in sides for holder, *_ in speakers]
            return 2 * len(sides) + sum(1 + len(name.split()) for name in names) + _WORDS_OF_HEADING
        texts = [*(holder.label for holder in self.holders), *(f"1 {issue.proposition}" for issue, _ in self.rows)]
        signs = sum(len(cell.stances) for _, cells in self.rows for cell in cells)
        return signs + 3 * len(self.stances) + sum(len(text.split()) for text in texts) + _MATRIX_WORDS


def build_matrix(sections: Iterable[Section]) -> Matrix | None:
    """Return the matrix of ``sections``, or None if no position on an issue has a stance."""
    issues = [section for section in sections if section.key != "0"]
    cells: defaultdict[tuple[str, str], list[PositionView]] = defaultdict(list)
    stances: list[PositionView] = []
    for section in issues:
        stances += section.positions
        for position in section.positions:
            for holder in position.holders:
                cells[section.key, holder.key].append(position)
    if not any(position.stance for position in stances):
        return None
    holders = _by_positions(position for section in issues for position in section.positions)
    rows = tuple((issue, tuple(Cell(holder, cells[issue.key, holder.key]) for holder in holders)) for issue in issues)
    return Matrix(holders, rows, _stances(stances))


def _by_positions(positions: Iterable[PositionView]) -> tuple[HolderView, ...]:
    """Return the holders, those with the most positions first."""
    counts = Counter(holder for position in positions for holder in position.holders)
    return tuple(sorted(counts, key=lambda holder: (-counts[holder], int(holder.key))))


def _stances(positions: Iterable[PositionView]) -> tuple[tuple[Stance | None, str], ...]:
    """Return the stances of ``positions``, in the order of the legend."""
    stances = {position.stance for position in positions}
    return tuple((stance, sign) for stance, sign in _LEGEND if stance in stances)
