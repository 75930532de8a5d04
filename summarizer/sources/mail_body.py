"""Tell the text of an e-mail from quotations of earlier e-mails, forwarded e-mails, and signatures.

Forwarded e-mails are kept: newsrooms receive statements in them. Earlier e-mails below an answer are left out.
"""

import re
from typing import NamedTuple

from summarizer._files import read_toml
from summarizer._patterns import compile_lazily
from summarizer._text import collapse_whitespace
from summarizer.sources.markup import join_lines

_WORDS = read_toml(__file__, "mail.toml")
_HEADERS, _PREFIX = _WORDS["headers"], _WORDS["prefixes"]


def _compile(pattern: str) -> re.Pattern[str]:
    return compile_lazily(pattern, re.IGNORECASE)


_FORWARDED = _compile(rf"[\s>*_-]*(?:{'|'.join(_WORDS['forwarded'])})\s*:?[\s>*_-]*")
_ORIGINAL = _compile(rf"\s*-{{2,}}\s*(?:{'|'.join(_WORDS['original'])})\s*:?\s*-{{2,}}\s*")
_WROTE = _compile(rf"\s*(?:{'|'.join(_WORDS['wrote'])})\s*:\s*")
_FROM = _compile(rf"\*?(?:{_HEADERS['from']})\s*:\*?\s*\S.*")
_HEADER = _compile(rf"\*?(?P<name>{_HEADERS['from']}|{_HEADERS['other']})\s*:\*?(?P<value>.*)")
_FIELDS = {name: _compile(_HEADERS[name]) for name in ("from", "subject", "date")}
_FORWARD_PREFIX = _compile(rf"\s*(?:{_PREFIX['forward']})\s*:")
_PREFIXES = _compile(
    rf"(?:\s*\[(?:external|extern|ext)\]:?|\s*(?:{_PREFIX['forward']}|{_PREFIX['reply']})(?:\[\d+\])?\s?:)+"
)
_COVER_NOTE = _compile(rf"\b(?:{_WORDS['notes']['cover']})(?!\w)")
_LAST_LINE = _compile(rf"(?:{_WORDS['signatures']['last']})")
_QUOTE = compile_lazily(r"(?:[ ]?>)+[ ]?")
_LIST_ITEM = compile_lazily(r"(?:[-*•–·]|\d{1,3}[.)])\s")
_CLUTTER = compile_lazily(r"\s?<(?:https?://|mailto:)[^<>\s]*>|\[(?:cid|image):[^\[\]]*\]")  # beside the text of links
_EARLIER = "Quoted earlier e-mails were left out."
_NOTE = "The note above the forwarded e-mail was left out."
_MAX_SIGNATURE = 12  # lines after "--" without a space, which may also divide a text
_MAX_COVER_NOTE = 200  # characters above a forwarded e-mail
_MAX_HEADERS = 40  # lines in which the headers of a forwarded e-mail end
_MAX_MARKER = 300  # characters; longer lines are not markers
_MIN_COLUMN, _MAX_COLUMN = 50, 90  # characters of lines that an e-mail program wrapped
_MAX_FORWARDS = 20  # one within the other


class MailLine(NamedTuple):
    """A line of an e-mail."""

    text: str
    """The line without the marks of quotation."""
    quotes: int = 0
    """The number of quotations around it."""
    is_flowed: bool = False
    """True if the paragraph continues on the next line (RFC 3676)."""


class MailBody(NamedTuple):
    """The text of an e-mail."""

    blocks: list[str]
    headers: dict[str, str]
    """The fields "from", "subject" and "date" of the forwarded e-mail, if it is the whole text."""
    warnings: list[str]


def plain_lines(text: str, *, is_flowed: bool = False, deletes_space: bool = False) -> list[MailLine]:
    """Split a plain text into lines. The options are those of RFC 3676 (format=flowed, delsp=yes)."""
    lines = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line.startswith(">From "):  # how mailboxes write a line that begins with "From"
            lines.append(MailLine(line[1:]))
            continue
        mark = _QUOTE.match(line)
        content = line[mark.end() :] if mark else line
        if is_flowed and not mark:
            content = content.removeprefix(" ")
        flows = is_flowed and content.endswith(" ") and content != "-- "
        if flows and deletes_space:
            content = content[:-1]
        lines.append(MailLine(content, mark[0].count(">") if mark else 0, flows))
    return lines


def read_body(lines: list[MailLine], subject: str | None) -> MailBody:
    """Return the text of an e-mail: its own, and that of an e-mail it forwards.

    Args:
        lines: The lines of its body.
        subject: Its subject, whose prefix tells an answer ("Re:") from a forwarded e-mail ("Fwd:").
    """
    warnings: dict[str, None] = {}  # in order, each once
    column = _find_column(lines)
    headers: dict[str, str] = {}
    sections: list[tuple[list[str], dict[str, str]]] = []
    rest: list[MailLine] | None = lines
    while rest is not None:
        own, rest, next_headers = (
            _split_forwarded(rest, subject or "", warnings) if len(sections) < _MAX_FORWARDS else (rest, None, {})
        )
        sections.append((_read_section(own, column, warnings), headers))
        headers, subject = next_headers, next_headers.get("subject")
    while len(sections) > 1 and is_cover_note(sections[0][0]) and any(blocks for blocks, _ in sections[1:]):
        note, _ = sections.pop(0)
        if note:
            warnings[_NOTE] = None
    return MailBody([block for blocks, _ in sections for block in blocks], sections[0][1], list(warnings))


def is_cover_note(blocks: list[str]) -> bool:
    """Return whether a text is empty, or only introduces a forwarded e-mail, as "FYI" does."""
    text = " ".join(blocks)
    return len(text) <= _MAX_COVER_NOTE and (not text.strip() or _COVER_NOTE.search(text) is not None)


def strip_prefixes(subject: str) -> str:
    """Remove prefixes such as "Re:", "Fwd:" and "[EXTERNAL]" from a subject."""
    prefixes = _PREFIXES.match(subject)
    return subject[prefixes.end() :].strip() if prefixes else subject


def _split_forwarded(
    lines: list[MailLine], subject: str, warnings: dict[str, None]
) -> tuple[list[MailLine], list[MailLine] | None, dict[str, str]]:
    """Split an e-mail at the first e-mail that it forwards or answers.

    Returns:
        Its own lines; the lines of the forwarded e-mail, None without one; and the headers of that e-mail.
    """
    for position, line in enumerate(lines):
        if not 3 < len(line.text) <= _MAX_MARKER:
            continue
        is_forward = _FORWARDED.fullmatch(line.text) is not None
        is_original = _ORIGINAL.fullmatch(line.text) is not None
        if not is_forward and not is_original and not _begins_headers(lines, position):
            continue
        headers, end = _read_headers(lines, position + (is_forward or is_original))
        if is_forward and not headers and not _is_quoted(lines, end):
            continue  # a heading
        own, rest = lines[:position], lines[end:]
        if is_forward or _is_forwarded(own, subject):
            base = next((line.quotes for line in rest if line.text.strip()), 0)
            if base:
                rest = [line._replace(quotes=max(0, line.quotes - base)) for line in rest]
            return own, rest, headers
        warnings[_EARLIER] = None
        return own, None, {}
    return lines, None, {}


def _is_forwarded(own: list[MailLine], subject: str) -> bool:
    """Return whether the e-mail below is forwarded, not answered, if no line says so."""
    is_answer = _PREFIXES.match(subject) and not _FORWARD_PREFIX.match(subject)
    return not is_answer or is_cover_note([line.text for line in own if line.text.strip("_- ") and not line.quotes])


def _begins_headers(lines: list[MailLine], position: int) -> bool:
    """Return whether the headers of another e-mail begin at a line: "From: …", "Sent: …", "Subject: …"."""
    if not _FROM.fullmatch(lines[position].text.strip()):
        return False
    following = [line.text.strip() for line in lines[position + 1 : position + 10] if line.text.strip()]
    return sum(_HEADER.fullmatch(text) is not None for text in following[:4]) >= 2


def _is_quoted(lines: list[MailLine], position: int) -> bool:
    return next((line.quotes > 0 for line in lines[position:] if line.text.strip()), False)


def _read_headers(lines: list[MailLine], position: int) -> tuple[dict[str, str], int]:
    """Read header lines in a text; return the fields of `MailBody.headers`, and where the text begins."""
    headers: dict[str, str] = {}
    seen: set[str] = set()
    end = position
    continues = False  # the line before is a header
    for index in range(position, min(len(lines), position + _MAX_HEADERS)):
        text = lines[index].text.strip()
        match = _HEADER.fullmatch(text)
        if not text or set(text) <= {"_", "-"}:
            continues = False
        elif match and match["name"].lower() not in seen:
            seen.add(match["name"].lower())
            for name, form in _FIELDS.items():
                if form.fullmatch(match["name"]) and match["value"].strip():
                    headers.setdefault(name, match["value"].strip("* "))
            continues, end = True, index + 1
        elif continues:
            end = index + 1  # a long list of recipients
        else:
            break
    return headers, end


def _read_section(lines: list[MailLine], column: int | None, warnings: dict[str, None]) -> list[str]:
    """Return the blocks of an e-mail without quotations and signature."""
    own = [line for line in _without_attributions(lines) if not line.quotes]
    blocks = _join_lines(_without_signature(own), column)
    if len(blocks) > 1 and not blocks[-1].endswith(".") and _LAST_LINE.fullmatch(blocks[-1]):
        blocks.pop()
    if any(line.quotes and line.text.strip() for line in lines):
        if is_cover_note(blocks):  # forwarded as a quotation
            return _join_lines([line for line in lines if line.quotes == 1 or not line.text], column)
        warnings[_EARLIER] = None
    return blocks


def _without_attributions(lines: list[MailLine]) -> list[MailLine]:
    """Drop lines such as "On Monday, Ann Lee wrote:" before a quotation; they may be wrapped."""
    dropped: set[int] = set()
    before: list[int] = []  # the last lines of the paragraph before
    after_blank = False
    for index, line in enumerate(lines):
        is_blank = not line.text.strip()
        if line.quotes:
            for count in range(1, len(before) + 1):
                text = " ".join([lines[number].text.strip() for number in before[-count:]])
                if len(text) <= _MAX_MARKER and _WROTE.fullmatch(text):
                    dropped.update(before[-count:])
                    break
            before = []
        elif not is_blank:
            before = [index] if after_blank else [*before[-2:], index]
        after_blank = is_blank
    return [line for index, line in enumerate(lines) if index not in dropped]


def _without_signature(lines: list[MailLine]) -> list[MailLine]:
    for index, line in enumerate(lines):
        if line.text == "-- " or (line.text.strip() == "--" and len(lines) - index <= _MAX_SIGNATURE):
            return lines[:index]
    return lines


def _find_column(lines: list[MailLine]) -> int | None:
    """Return the width at which an e-mail program wrapped the lines, or None if it did not."""
    lengths = [len(line.text.rstrip()) for line in lines if " " in line.text.strip()]
    short = [length for length in lengths if length <= _MAX_COLUMN]
    if not short or len(short) < 0.9 * len(lengths) or max(short) < _MIN_COLUMN:
        return None
    return max(short)


def _join_lines(lines: list[MailLine], column: int | None) -> list[str]:
    """Return the blocks of the text: lines that were wrapped are joined."""
    blocks: list[str] = []
    paragraph: list[list[str]] = []  # the pieces of each of its lines
    last: MailLine | None = None
    for line in [*lines, MailLine("")]:
        text = line.text.strip()
        if last and text and _is_wrapped(last, text, column):
            paragraph[-1].append(text if last.is_flowed and not last.text.endswith(" ") else f" {text}")
        elif text:
            paragraph.append([text])
        elif paragraph:
            cleaned = [collapse_whitespace(_CLUTTER.sub("", "".join(pieces))) for pieces in paragraph]
            blocks += [part for part in join_lines(cleaned) if any(map(str.isalnum, part))]
            paragraph = []
        last = line if text else None
    return blocks


def _is_wrapped(line: MailLine, following: str, column: int | None) -> bool:
    """Return whether the first word of the following line would not have fitted into the line."""
    if line.is_flowed:
        return True
    length = len(line.text.rstrip()) + 1 + len(following.split(maxsplit=1)[0])
    return column is not None and length > column and not _LIST_ITEM.match(following)
