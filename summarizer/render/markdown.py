"""The Markdown view, safe to paste into a document or an issue."""

import re
import unicodedata

from summarizer._patterns import compile_lazily
from summarizer.brief import Brief
from summarizer.render.quotations import QuotationView
from summarizer.render.templating import ENVIRONMENT
from summarizer.render.text import web_link
from summarizer.render.view_model import SHORT, ViewOptions, build_view

_SPECIAL = compile_lazily(r"([\\`*_\[\]<>&|~$])")
_OPENING = compile_lazily(r"^(\s*\d*)([#+\-=:.)])")  # begins a heading, list, rule or table
_CLOSING = compile_lazily(r"(?<=\s)(#+)$")  # closes a heading
_GITHUB_LINK = compile_lazily(
    r"""
      (?<![^\W_]) (?: @(?=\w) | \#(?=\d) | GH-(?=\d) )       # @name, #7, GH-7
    | /[\w.-]+\#(?=\d)                                       # owner/name#7
    | @[0-9a-f](?=[0-9a-f]{6,39}(?!\.?\w))                   # owner/name@<commit>
    | (?<!\w)(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f](?=[0-9a-f]{6,39}(?!\w))  # <commit>
    | https?:(?=//(?:www\.)?github\.com/) | www\.(?=github\.com/)
    | :(?=[+-]1:|\w*[a-z][\w+-]*:) | (?<!\w):(?=\d+:)        # :+1:, :smile:, :100:
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BLANK_LINES = compile_lazily(r"\n{3,}")
_REFERENCE = compile_lazily(r"&(?=#?\w+;)")
_SEPARATOR = "\N{ZERO WIDTH SPACE}"
"""Stops GitHub from notifying a user, linking an issue or a commit, or showing an emoji; no escape does."""


def to_markdown(brief: Brief, options: ViewOptions = SHORT) -> str:
    """Render a brief as CommonMark; markup in its texts is escaped."""
    return render_markdown("brief.md.j2", view=build_view(brief, options))


def render_markdown(template: str, **values: object) -> str:
    """Render a Markdown template of this folder; its filters escape texts."""
    text = ENVIRONMENT.get_template(template).render(values)
    return _BLANK_LINES.sub("\n\n", text).rstrip() + "\n"


def escape_line(text: str) -> str:
    """Escape the Markdown and HTML in a line of text."""
    return _CLOSING.sub(r"\\\1", _OPENING.sub(r"\1\\\2", _escape(text)))


def format_source(source: str) -> str:
    """Format a source as a link if it is a web address, else as text."""
    return f"<{source}>" if web_link(source) and not set("<>") & set(source) else escape_line(source)


def format_quotation(quotation: QuotationView) -> str:
    """Format a quotation with its most important words in bold."""
    parts = (_bold(text) if is_key else _escape(text) for text, is_key in quotation.parts)
    return _OPENING.sub(r"\1\\\2", "".join(parts))


def format_numbers(quotation: QuotationView) -> str:
    """Format the sentence numbers of a quotation; a number with a place in the source links to it."""
    if not any(quotation.links):
        return escape_line(quotation.brackets)
    listed = ", ".join(f"[{number}](<{_destination(link)}>)" if link else number for number, link in quotation.ranges)
    return rf"\[{listed}\]"


def format_link(text: str, address: str | None) -> str:
    """Format a text as a link if there is an address."""
    return f"[{escape_line(text)}](<{_destination(address)}>)" if address else escape_line(text)


def _destination(link: str) -> str:
    """Escape what CommonMark would read as a character reference in the address of a link."""
    return _REFERENCE.sub("&amp;", link)


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", _GITHUB_LINK.sub(rf"\g<0>{_SEPARATOR}", text))


def _bold(text: str) -> str:
    """Format ``text`` in bold, except punctuation and spaces at its ends.

    CommonMark shows asterisks as they are between a letter and punctuation.
    """
    letters = [index for index, character in enumerate(text) if unicodedata.category(character)[0] not in "PSZC"]
    if not letters:
        return _escape(text)
    start, end = letters[0], letters[-1] + 1
    return f"{_escape(text[:start])}**{_escape(text[start:end])}**{_escape(text[end:])}"


ENVIRONMENT.filters |= {
    "md": escape_line,
    "inline": _escape,
    "quotation": format_quotation,
    "numbers": format_numbers,
    "link_to": format_link,
    "link": format_source,
}
