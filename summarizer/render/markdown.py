"""A brief as Markdown, fit for pasting into a document or an issue."""

import re
import unicodedata
from functools import cache
from pathlib import Path

import jinja2

from summarizer.brief import Brief
from summarizer.render.addresses import web_address
from summarizer.render.outline import SIGNS, outline
from summarizer.render.quotation import Quotation

_TEMPLATES = Path(__file__).parent / "templates"
_SPECIAL = re.compile(r"([\\`*_\[\]<>&|~$])")
_OPENING = re.compile(r"^(\s*\d*)([#+\-=:.)])")  # what makes a heading, list, rule or table of a line
_CLOSING = re.compile(r"(?<=\s)(#+)$")  # what a heading loses at its end
_CALLING = re.compile(
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
_APART = "\N{ZERO WIDTH SPACE}"
"""Stands between "@" and a name: no escape keeps GitHub from calling its owner, nor from linking an issue, a commit
or an address of its own, nor from making a picture of ":+1:"."""


def to_markdown(brief: Brief, limit: int | None = None) -> str:
    """``brief`` as Markdown (CommonMark); whatever its texts hold is shown as it stands.

    With a ``limit``, so many positions at most, those that weigh most (`Brief.top`).
    """
    return _environment().get_template("brief.md.j2").render(outline=outline(brief, limit), signs=SIGNS)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=False,  # noqa: S701  # it is Markdown: the filter below escapes
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters["md"] = escaped
    environment.filters["quoted"] = quoted
    environment.filters["address"] = address
    return environment


def escaped(text: str) -> str:
    """A line of text with whatever Markdown or HTML would take for its own escaped."""
    return _CLOSING.sub(r"\\\1", _OPENING.sub(r"\1\\\2", _inline(text)))


def address(source: str) -> str:
    """A source as a link if it is the address of a page on the web, to the letter; else as text."""
    return f"<{source}>" if web_address(source) and not set("<>") & set(source) else escaped(source)


def quoted(quotation: Quotation) -> str:
    """A quotation with the words that matter most in bold."""
    pieces = (_bold(text) if lit else _inline(text) for text, lit in quotation.parts)
    return _OPENING.sub(r"\1\\\2", "".join(pieces))


def _inline(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", _CALLING.sub(rf"\g<0>{_APART}", text))


def _bold(text: str) -> str:
    """``text`` in bold, but for marks and spaces at its ends.

    CommonMark takes asterisks beside them for what they are where a letter stands on the other side.
    """
    solid = [place for place, character in enumerate(text) if unicodedata.category(character)[0] not in "PSZC"]
    if not solid:
        return _inline(text)
    start, end = solid[0], solid[-1] + 1
    return f"{_inline(text[:start])}**{_inline(text[start:end])}**{_inline(text[end:])}"
