"""Turn HTML and XHTML into blocks of text: paragraphs, headings, list items, rows of tables.

For documents whose markup is all content, such as e-mails and books. Web pages need an extractor: see `sources.html`.

The tokenizer follows the rules of browsers where they matter here. The standard library's `html.parser` takes
quadratic time for unclosed comments and tags before Python 3.13.6, and its rules differ between versions.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Literal, NamedTuple

from summarizer._patterns import compile_lazily
from summarizer._text import collapse_whitespace, strip_invisible

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary table tbody"
    " td tfoot th thead tr ul".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_RAW = frozenset("script style title textarea xmp iframe noembed noframes".split())
"""Elements whose content has no tags."""
_LEFT_OUT = frozenset(
    "head template noscript svg math object audio video canvas select datalist button rp rt del".split()
)
_NOTE_TYPES = frozenset(
    "noteref footnote footnotes endnote endnotes rearnote rearnotes"
    " doc-noteref doc-footnote doc-endnote doc-endnotes".split()
)
_PAGE_BREAKS = frozenset(("pagebreak", "doc-pagebreak"))

_OPEN = compile_lazily(r"<(?:(/?)([a-zA-Z][^\s/>]*)|(!--|!\[CDATA\[|[!?]))")
# A quotation mark protects ">" only after "=". Possessive, so that a tag without an end costs one pass.
_TAG_END = compile_lazily(r"""(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+>""")
_COMMENT_END = compile_lazily(r"--!?>")
_ATTRIBUTE = compile_lazily(r"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>]*))?""")
_RELEVANT = compile_lazily(r"hidden|style|type|role|class|lang", re.IGNORECASE)
_HIDDEN_STYLE = compile_lazily(
    r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)", re.IGNORECASE
)
_WHITE_SPACE = compile_lazily(r"\s+")
_NOTE_MARK = compile_lazily(r"[\[(]?(?:\d{1,3}|[ivx]{1,5}|[a-z]|[*†‡§]{1,3})[\])]?")  # if it is a link
_MARK_WITHOUT_LINK = compile_lazily(r"[*†‡§]{1,3}")
_SENTENCE_END = compile_lazily(r"[.!?…:;。！？][”\"’'»)\]]*$")
_MAX_TORN_TAG = 1_000  # characters
_MAX_ATTRIBUTES = 10_000  # characters
_MAX_NESTED_TABLES = 20
_MAX_ROW = 400  # characters; longer rows lay out text in columns


class Block(NamedTuple):
    """A paragraph, a heading, a list item or a row of a table."""

    text: str
    """The text on one line, unless the lines were to be kept."""
    level: int = 0
    """The level of a heading, 1 to 6; 0 for other blocks."""
    quotes: int = 0
    """The number of quotations of an earlier e-mail around the block."""


class Markup(NamedTuple):
    """The content of an HTML or XHTML document."""

    blocks: list[Block]
    title: str | None
    """The text of its ``<title>``."""
    language: str | None
    types: frozenset[str]
    """The ``epub:type`` and ``role`` values of the body or its first section."""
    has_notes: bool
    """True if footnotes or endnotes were left out."""


class Token(NamedTuple):
    """A tag or a text of a document."""

    kind: Literal["start", "end", "text", "raw"]
    """``raw`` is the content of an element such as ``<title>``."""
    value: str
    """The name of the element in lower case, or the text with its character references resolved."""
    attributes: str = ""
    """The unparsed attributes; of raw text, the name of its element."""


def read_markup(markup: str, *, keep_lines: bool = False) -> Markup:
    """Read the visible text of a document, in time proportional to its length.

    Args:
        markup: The document or a part of it. Any text is accepted.
        keep_lines: Keep line breaks (``<br>``) within blocks.
    """
    return _Reader(keep_lines=keep_lines).read(markup)


def join_blocks(blocks: list[Block]) -> str:
    """Return the text of an article that has these blocks."""
    return "\n\n".join([block.text for block in blocks])


def find_tokens(markup: str) -> Iterator[Token]:
    """Yield the tags and texts of a document. ``<a/>`` is a start and an end."""
    position = 0
    while found := _OPEN.search(markup, position):
        slash, name, other = found.groups()
        if found.start() > position:
            yield Token("text", unescape(markup[position : found.start()]))
        if other == "![CDATA[":
            end = markup.find("]]>", found.end())
            end = end if end >= 0 else len(markup)
            yield Token("text", markup[found.end() : end])
            position = end + 3
        elif other:
            position = _declaration_end(markup, found.end(), other)
        elif tag := _TAG_END.match(markup, found.end()):
            position = tag.end()
            name, attributes = name.lower(), markup[found.end() : position - 1]
            if slash:
                yield Token("end", name)
                continue
            yield Token("start", name, attributes)
            if attributes.endswith("/"):
                yield Token("end", name)
            elif name in _RAW:
                close = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(markup, position)
                end = close.start() if close else len(markup)
                yield Token("raw", unescape(markup[position:end]), name)
                position = end
        else:  # no ">" follows: a tag that was cut off, or "<" in a text
            if len(markup) - found.start() > _MAX_TORN_TAG:
                yield Token("text", unescape(markup[found.start() :]))
            position = len(markup)
    if position < len(markup):
        yield Token("text", unescape(markup[position:]))


def read_attributes(attributes: str) -> dict[str, str]:
    """Parse the attributes of a tag; names in lower case."""
    pairs = _ATTRIBUTE.findall(attributes[:_MAX_ATTRIBUTES])
    return {name.lower(): unescape(value.strip("\"'")) for name, value in reversed(pairs)}  # the first one counts


def _declaration_end(markup: str, start: int, opening: str) -> int:
    """Return the end of a comment, a DOCTYPE or a processing instruction, or of the document."""
    if opening == "!--":
        if markup.startswith((">", "->"), start):
            return markup.index(">", start) + 1
        comment = _COMMENT_END.search(markup, start)
        return comment.end() if comment else len(markup)
    end = markup.find(">", start)
    if opening == "!" and markup[start : start + 7].lower() == "doctype" and markup.find("[", start, end) >= 0:
        end = markup.find("]", start)  # its internal subset
        end = markup.find(">", end) if end >= 0 else -1
    return end + 1 if end >= 0 else len(markup)


class _Table:
    """An open table: its rows go to ``parent`` when they are complete."""

    def __init__(self, parent: list[Block]) -> None:
        self.parent = parent
        self.cells: list[list[Block]] = []


class _Reader:
    def __init__(self, *, keep_lines: bool) -> None:
        self._keep_lines = keep_lines
        self._blocks: list[Block] = []
        self._out = self._blocks  # the list that receives blocks: the document's, or that of a table cell
        self._buffer: list[str] = []
        self._level = self._quotes = self._pre = self._open_quotes = 0
        self._has_notes = False
        self._links = self._open_links = 0
        self._marks: list[tuple[int, int]] = []  # for each open <sup>: its place in the buffer, the links before
        self._quotations: list[bool] = []  # for each open blockquote
        self._tables: list[_Table] = []
        self._nested_tables = 0  # beyond the limit
        self._title: str | None = None
        self._language: str | None = None
        self._types: set[str] = set()
        self._left_out = ""  # the open element whose content is left out
        self._left_out_depth = 0

    def read(self, markup: str) -> Markup:
        for kind, value, attributes in find_tokens(markup):
            if kind == "raw":
                if attributes == "title" and self._title is None and self._left_out in {"", "head"}:
                    self._title = collapse_whitespace(value) or None
            elif self._left_out and self._continues_left_out(kind, value):
                pass
            elif kind == "text":
                self._add_text(value)
            elif kind == "start":
                self._start(value, attributes)
            else:
                self._end(value)
        self._flush()
        while self._tables:
            self._end_table()
        return Markup(self._blocks, self._title, self._language, frozenset(self._types), self._has_notes)

    def _continues_left_out(self, kind: str, name: str) -> bool:
        """Return whether a token belongs to the element that is left out."""
        if kind == "text":
            return True
        if self._left_out in {"p", "head"} and name in _BLOCKS and name != self._left_out:
            self._left_out = ""  # a block ends an open paragraph
            return kind == "end" and name == "p"
        if name == self._left_out == "p" and kind == "start":
            self._left_out = ""  # so does the next one
            return False
        if name == self._left_out and kind == "start":
            self._left_out_depth += 1
        elif name == self._left_out:
            self._left_out_depth -= 1
            if not self._left_out_depth:
                self._left_out = ""
        return True

    def _add_text(self, text: str) -> None:
        if self._pre:
            self._buffer.append(text.replace("\r\n", "\n"))
        else:
            self._buffer.append(_WHITE_SPACE.sub(" ", text))

    def _start(self, name: str, attributes: str) -> None:
        if name == "br":
            self._buffer.append("\n")
            return
        if name in VOID and name != "hr":
            return
        values = read_attributes(attributes) if _RELEVANT.search(attributes) else {}
        if name == "html":
            self._language = values.get("lang") or values.get("xml:lang") or self._language
        types = {*values.get("epub:type", "").split(), *values.get("role", "").split()}
        if name in {"body", "section"} and not self._types and not self._blocks:
            self._types = types
        if name in _BLOCKS:
            self._flush()
            self._level = _HEADINGS.get(name, 0)
        if self._is_left_out(name, values, types):
            self._left_out, self._left_out_depth = name, 1
            self._level = 0
        elif name == "a":
            self._links, self._open_links = self._links + 1, self._open_links + 1
        elif name == "blockquote":
            is_reply = values.get("type", "").lower() == "cite" or "gmail_quote" in values.get("class", "")
            self._quotations.append(is_reply)
            self._quotes += is_reply
        elif name == "pre":
            self._pre += 1
        elif name == "sup":
            self._marks.append((len(self._buffer), self._links))
        elif name == "q":
            self._open_quotes += 1
            self._buffer.append("“")
        elif name in {"table", "tr", "td", "th"}:
            self._start_table_part(name)

    def _is_left_out(self, name: str, values: dict[str, str], types: set[str]) -> bool:
        if types & _NOTE_TYPES:
            self._has_notes = True
            return True
        return (
            name in _LEFT_OUT
            or bool(types & _PAGE_BREAKS)
            or ("hidden" in values and name not in {"html", "body"})
            or _HIDDEN_STYLE.search(values.get("style", "")) is not None
        )

    def _end(self, name: str) -> None:
        if name in _BLOCKS:
            self._flush()
            self._level = 0
        if name == "blockquote" and self._quotations:
            self._quotes -= self._quotations.pop()
        elif name == "pre":
            self._pre = max(0, self._pre - 1)
        elif name == "sup" and self._marks:
            start, links = self._marks.pop()
            form = _NOTE_MARK if self._open_links or self._links > links else _MARK_WITHOUT_LINK
            if form.fullmatch("".join(self._buffer[start:]).strip()):
                del self._buffer[start:]
        elif name == "a":
            self._open_links = max(0, self._open_links - 1)
        elif name == "q" and self._open_quotes:
            self._open_quotes -= 1
            self._buffer.append("”")
        elif name == "table" and self._nested_tables:
            self._nested_tables -= 1
        elif name == "table" and self._tables:
            self._end_table()
        elif name == "tr" and self._tables and not self._nested_tables:
            self._end_row()

    def _start_table_part(self, name: str) -> None:
        if name == "table":
            if len(self._tables) >= _MAX_NESTED_TABLES:
                self._nested_tables += 1
            else:
                self._tables.append(_Table(self._out))
        elif self._tables and not self._nested_tables:
            if name == "tr":
                self._end_row()
            else:
                self._out = []
                self._tables[-1].cells.append(self._out)

    def _end_row(self) -> None:
        """Make one block of a row whose cells have one block each; otherwise keep the blocks of its cells."""
        table = self._tables[-1]
        blocks = [block for cell in table.cells for block in cell]
        is_data = len(blocks) > 1 and all(len(cell) <= 1 for cell in table.cells)
        if is_data and not self._keep_lines and sum(len(block.text) for block in blocks) <= _MAX_ROW:
            blocks = [Block(" | ".join([block.text for block in blocks]), quotes=blocks[0].quotes)]
        table.parent.extend(blocks)
        table.cells = []
        self._out = table.parent

    def _end_table(self) -> None:
        self._end_row()
        self._tables.pop()

    def _flush(self) -> None:
        """End a block: its text is complete."""
        if not self._buffer:
            return
        text = "".join(self._buffer)
        self._buffer.clear()
        self._marks.clear()
        lines = [collapse_whitespace(line) for line in text.split("\n")]
        if self._keep_lines:
            parts = ["\n".join(lines).strip("\n")]
        else:
            parts = [" ".join(lines).strip()] if self._level else join_lines(lines)
        for part in parts:
            if strip_invisible(part).strip():
                self._out.append(Block(part, self._level, self._quotes))


def join_lines(lines: list[str]) -> list[str]:
    """Join the lines of a block that a sentence runs through; others become blocks of their own."""
    parts: list[list[str]] = []
    was_blank = True
    for line in lines:
        if not line:
            was_blank = True
        elif was_blank or _SENTENCE_END.search(parts[-1][-1]) or not line[0].islower():
            parts.append([line])
            was_blank = False
        else:
            parts[-1].append(line)
    return [" ".join(part) for part in parts]
