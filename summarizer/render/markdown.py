"""A brief as Markdown, fit for pasting into a document or an issue."""

import re
from functools import cache
from pathlib import Path

import jinja2

from summarizer.brief import Brief
from summarizer.render.outline import SIGNS, Quotation, outline

_TEMPLATES = Path(__file__).parent / "templates"
_SPACE = re.compile(r"\s+")
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~$]|^\s*(?:[#+-]|\d+[.)])(?=\s))")


def to_markdown(brief: Brief) -> str:
    """``brief`` as Markdown (CommonMark); whatever its texts hold is shown as it stands."""
    return _environment().get_template("brief.md.j2").render(outline=outline(brief), signs=SIGNS)


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
    return environment


def escaped(text: str) -> str:
    """``text`` on one line, with whatever Markdown or HTML would take for its own escaped."""
    return _SPECIAL.sub(r"\\\1", _SPACE.sub(" ", text)).replace("&", "&amp;")


def quoted(quotation: Quotation) -> str:
    """A quotation with the words that matter most in bold."""
    return "".join(_bold(text) if lit else escaped(text) for text, lit in quotation.parts)


def _bold(text: str) -> str:
    return f"**{escaped(text)}**"
