"""Templates for HTML: what they are given is escaped, but for the library's own style and script."""

import base64
import hashlib
from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup

_TEMPLATES = Path(__file__).parent / "templates"


@cache
def environment() -> jinja2.Environment:
    """The environment of all HTML templates; every value is escaped."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )


@cache
def asset(name: str) -> Markup:
    """A style or script of the library's own, as it goes into a page."""
    return Markup((_TEMPLATES / name).read_text(encoding="utf-8"))  # noqa: S704  # a file of ours, no input


def policy(style: str, script: str) -> str:
    """A Content-Security-Policy under which this style and this script work, and nothing else does."""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {_source(script)}",
            f"style-src {_source(style)}",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _source(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
