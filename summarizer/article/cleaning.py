"""Find the lines of a text that are not part of the article: boilerplate, credits, hidden characters.

A boilerplate rule is a name and a few patterns, one of which must match a whole line: see boilerplate.toml.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from summarizer._files import read_toml
from summarizer._patterns import compile_lazily, required_literals
from summarizer._text import INVISIBLE, MAYBE_INVISIBLE, strip_invisible
from summarizer.article.paragraphs import Line, split_lines
from summarizer.spans import Span

_MAX_BOILERPLATE = 160  # characters; a longer line is prose
_MAX_CAPTION = 400  # characters of a caption that is recognized only by the credit after it
_CREDIT_REACH = 120  # characters from the end of a line in which credits are searched
_REPORTS = compile_lazily(
    r"[“\"«„‘'](?:\S+ ){3,60}\S*[”\"»“’']|\b(?:said|says|told|tells|[Aa]ccording to|warned|argued|called for)\b"
)
"""The words of a line that reports what somebody says: it is not a caption."""
_PLAIN = bytes([*range(9, 14), *range(32, 127)])  # ASCII without the controls
_SENTENCE_ENDS = frozenset('.?!”"')  # no credit ends with one


def fill_in(patterns: Mapping[str, str | list[str]]) -> dict[str, str]:
    """Replace the names of earlier patterns in each pattern; a list means alternatives."""
    filled: dict[str, str] = {}
    for name, pattern in patterns.items():
        filled[name] = (pattern if isinstance(pattern, str) else "|".join(pattern)) % filled
    return filled


_DATA = read_toml(__file__, "boilerplate.toml")
_PARTS, _CREDITS = fill_in(_DATA["parts"]), fill_in(_DATA["credits"])
_PATTERNS = {name: "|".join(patterns) % _PARTS for name, patterns in _DATA["rules"].items()}
_RULES: dict[str, tuple[re.Pattern[str], tuple[str, ...]]] = {
    name: (compile_lazily(pattern, re.IGNORECASE), required_literals(pattern.lower()))
    for name, pattern in _PATTERNS.items()
}
_BEGINNINGS = frozenset(word[:3] for word in _DATA["beginnings"]["words"].split())
_FIRST_CHARACTERS = frozenset(_DATA["beginnings"]["characters"])
_AGENCY_CREDIT = compile_lazily(_CREDITS["agency_credit"])
_PICTURE_CREDIT = compile_lazily(_CREDITS["picture_credit"])
_PICTURE_SIGN = compile_lazily("|".join(required_literals(_CREDITS["picture_credit"])))


class Cut(NamedTuple):
    """A part of the text that is not read."""

    span: Span
    reason: str
    """The name of the rule, as in ``docs/cuts.md``: ``"newsletter"``, …"""


def clean_lines(text: str, roles: Mapping[int, str], hidden: list[Span], cuts: list[Cut]) -> Iterator[Line]:
    """Yield the lines to read, and add the others to ``cuts``.

    The front matter, and lines that the loader cuts, have ``roles`` by the offset of a line.
    Rules match the visible text, without ``hidden``.
    """
    remaining = iter(hidden)
    gap = next(remaining, None)
    pending: Line | None = None  # waits for the next line: a credit there makes it a caption
    after_cut = False
    for line in split_lines(text):
        start, end, shown, starts_block, _ = line
        if gap and gap.start < end:
            within = [gap]
            while (gap := next(remaining, None)) and gap.start < end:
                within.append(gap)
            shown = _without(text, start, end, within)
        role = roles.get(start)
        reason = role or (boilerplate_rule(shown) if shown else "invisible")
        if reason and reason != "title":
            cuts.append(Cut(Span(start, end), reason))
            is_before_credit = reason == "photo-credit" and pending and pending.kind == "prose"
            if pending and is_before_credit and len(pending.text) <= _MAX_CAPTION and not _REPORTS.search(pending.text):
                pending = pending._replace(kind="caption")  # the line is short, and reports no speech
            after_cut = True
            continue
        if pending:
            yield pending
        if shown is line.text and not role and not after_cut and shown[-1] in _SENTENCE_ENDS:  # nearly always
            pending = line
        else:
            is_unchanged = shown is line.text and not after_cut
            changed = line if is_unchanged else line._replace(text=shown, starts_block=starts_block or after_cut)
            pending = with_kind(changed, role) if role else _without_credit(text, changed, cuts)
            after_cut = pending.end < end
    if pending:
        yield pending


def _without(text: str, start: int, end: int, gaps: Iterable[Span]) -> str:
    """Return the visible characters of a line that has ``gaps``."""
    parts = []
    for gap in gaps:
        parts.append(text[start : gap.start])
        start = max(start, gap.end)
    return "".join([*parts, text[start:end]]).strip()


def find_invisible(text: str) -> list[Span]:
    """Return the runs of invisible characters in ``text``, in order."""
    special = set(text.encode().translate(None, _PLAIN).decode())  # cheaper than a search of the whole text
    rare = "".join(filter(MAYBE_INVISIBLE.match, special))
    if not rare:  # nearly always
        return []
    first, last = min(map(text.find, rare)), max(map(text.rfind, rare))
    runs = re.compile(f"[{re.escape(rare)}]+").finditer(text, first, last + 1)
    return [Span(*run.span()) for near in runs for run in INVISIBLE.finditer(text, near.start(), near.end() + 1)]


_TAGS = (
    "a|abbr|b|blockquote|br|cite|div|em|figcaption|font|h[1-6]|hr|i|img|li|mark|ol|p|q|small|span|strong|su[bp]|u|ul"
)
_MARKUP = compile_lazily(
    rf"</?(?:{_TAGS})(?:\s[^<>\n]{{0,300}})?/?>"  # a tag
    r"|!\[[^\[\]\n]{0,200}\]\([^()\s]{1,500}\)"  # a picture
    r"|\[(?=[^\[\]\n]{1,200}\](?:\([^()\s]{1,500}\)|\[\w{0,20}\]))"  # before the text of a link
    r"|(?<=[^\[\n])\](?:\([^()\s]{1,500}\)|\[\w{0,20}\])"  # after it
    r"|(?<=[\w.,”\"’!?;:)])\[\d{1,3}\](?=[\s.,;:!?)]|\Z)"  # a note
    r"|(?<![\w*_])(?P<opening>\*{1,3}|_{1,3})(?=[^\s*_])"
    r"|(?<=[^\s*_])(?P<closing>\*{1,3}|_{1,3})(?![\w*_])"
    r"|\\(?=[\"'*_])"  # an escape
    r"|(?<![^\n])#{1,6} (?=[\w“\"‘'*\[(])"  # a heading
)
_IDENTIFIER = compile_lazily(r"[a-z]\w*")  # of a program: __init__
_MAX_MARKS, _MARK_DISTANCE = 1_000, 20
"""A text with more marks than 1,000 and than one in 20 characters is not prose, and its marks stay."""
_MARKUP_SIGNS = compile_lazily(r"[\[\]<*_\\!#](?:(?<![!#])|(?<=!)(?=\[)|(?<![^\n]#)(?<=#))")
"""The beginnings of marks."""


def find_markup(text: str) -> list[Span]:
    """Return the marks of Markdown and HTML in a text: tags, links, numbers of notes, emphasis, headings, escapes."""
    if not any(sign in text for sign in "<[*_\\#"):  # nearly always
        return []
    spans: list[Span] = []
    opening: re.Match[str] | None = None
    end = 0
    for sign in _MARKUP_SIGNS.finditer(text):  # quicker than a search for the marks
        match = _MARKUP.match(text, sign.start()) if sign.start() >= end else None
        if not match:
            continue
        end = match.end()
        if match["opening"]:
            opening = match
        elif not match["closing"]:
            spans.append(Span(*match.span()))
        elif opening and opening["opening"] == match["closing"]:
            inner = text[opening.end() : match.start()]
            if "\n" not in inner and not (match["closing"] == "__" and _IDENTIFIER.fullmatch(inner)):
                spans += [Span(*opening.span()), Span(*match.span())]
            opening = None
    return sorted(spans) if len(spans) < max(_MAX_MARKS, len(text) // _MARK_DISTANCE) else []


def boilerplate_rule(line: str) -> str | None:
    """Return the name of the rule that matches the whole ``line``, or None for prose."""
    if len(line) > _MAX_BOILERPLATE or (
        line[:3].casefold().rstrip() not in _BEGINNINGS and line[0] not in _FIRST_CHARACTERS
    ):
        return None
    lower = line.casefold()
    for rule, (pattern, literals) in _RULES.items():
        if any(literal in lower for literal in literals) and pattern.fullmatch(line):
            return rule
    return None


def _without_credit(text: str, line: Line, cuts: list[Cut]) -> Line:
    """Cut the name of an agency from the end of ``line``."""
    original = text[line.start : line.end]
    credit = None
    if original[-2:].strip(")").isalpha():
        credit = _AGENCY_CREDIT.search(original, max(0, len(original) - _CREDIT_REACH))
    if not credit or (credit["dash"] and original[0] in "“\"'‘«"):  # “It works.” – Reuters: the speaker
        return with_kind(line, None)
    end = line.start + credit.start()
    cuts.append(Cut(Span(end, line.end), "agency-credit"))
    return line._replace(end=end, text=strip_invisible(text[line.start : end]).strip())


def with_kind(line: Line, role: str | None) -> Line:
    """Mark a title or a caption, which ends with the credit of a picture."""
    if role == "title":
        return line._replace(kind="title")
    if line.text[-1] in _SENTENCE_ENDS:
        return line
    sign = _PICTURE_SIGN.search(line.text, max(0, len(line.text) - _CREDIT_REACH))  # quicker than the whole pattern
    has_credit = sign and _PICTURE_CREDIT.search(line.text, max(0, len(line.text) - _CREDIT_REACH))
    return line._replace(kind="caption") if has_credit else line
