"""Which lines of an article are to be read, and as what; which are cut, and why."""

from bisect import bisect_left
from collections.abc import Iterator

from summarizer._text import strip_invisible
from summarizer.article.article import Article
from summarizer.article.boilerplate import LONGEST, boilerplate
from summarizer.article.credits import agency_credit, ends_with_credit
from summarizer.article.front import Landmark, landmarks
from summarizer.article.lines import Line, lines
from summarizer.article.reading import Cut
from summarizer.spans import Span

_SENTENCE_ENDS = frozenset('.?!”"')  # no credit ends with one
_LONGEST_CAPTION = 400  # characters, of a caption that only the credit after it tells


def all_lines(article: Article) -> Iterator[Line]:
    """Every line of ``article``, nothing being cut."""
    marks = landmarks(article.text, article.title)
    for line in lines(article.text):
        yield _as_marked(line, marks.get(line.start))


def kept_lines(article: Article, gaps: list[Span], cuts: list[Cut]) -> Iterator[Line]:
    """The lines of ``article`` to be read; what is cut is added to ``cuts``.

    ``gaps`` are the invisible characters of its text, in order: rules see what a person sees.
    """
    marks = landmarks(article.text, article.title)
    rest = iter(gaps)
    gap = next(rest, None)
    pending: Line | None = None  # until it is known that no credit makes a caption of it
    after_cut = False
    for line in lines(article.text):
        start, end, words, apart, _ = line
        if gap and gap.start < end:
            words = strip_invisible(words).strip()
            gap = next((each for each in rest if each.start >= end), None)
        mark = marks.get(start)
        if (mark or len(words) <= LONGEST) and (reason := _reason(words, mark)):
            cuts.append(Cut(Span(start, end), reason))
            if reason == "photo-credit" and pending:
                pending = _as_caption(pending)
            after_cut = True
            continue
        if pending:
            yield pending
        if words is line.words and not mark and not after_cut and words[-1] in _SENTENCE_ENDS:  # nearly always
            pending = line
        else:
            seen = line._replace(words=words, apart=apart or after_cut)
            pending = _as_marked(seen, mark) if mark else _without_credit(article.text, seen, cuts)
            after_cut = pending.end < end
    if pending:
        yield pending


def within(gaps: list[Span], start: int, end: int) -> list[Span]:
    """Those of ``gaps``, which are in order, that lie in the range: none lies across the end of a line."""
    first = bisect_left(gaps, (start,))
    return gaps[first : bisect_left(gaps, (end,), first)] if first < len(gaps) and gaps[first].start < end else []


def _reason(words: str, mark: Landmark | None) -> str | None:
    """Why a line is cut, or none where it is to be read."""
    if mark:
        return None if mark == "title" else mark
    return boilerplate(words) if words else "invisible"


def _without_credit(text: str, line: Line, cuts: list[Cut]) -> Line:
    """``line`` without the agency's name at its end, which is added to ``cuts``."""
    written = text[line.start : line.end]
    credit = agency_credit(written)
    if credit is None:
        return _as_marked(line, None)
    end = line.start + credit
    cuts.append(Cut(Span(end, line.end), "agency-credit"))
    return line._replace(end=end, words=strip_invisible(written[:credit]).strip())


def _as_marked(line: Line, mark: Landmark | None) -> Line:
    if mark == "title":
        return line._replace(kind="title")
    return line._replace(kind="caption") if ends_with_credit(line.words) else line


def _as_caption(line: Line) -> Line:
    short = line.end - line.start <= _LONGEST_CAPTION
    return line._replace(kind="caption") if short and line.kind == "prose" else line
