"""A brief in a notebook: compact, in the notebook's own colours."""

from collections.abc import Iterator, Sequence

from summarizer.brief import Brief
from summarizer.render.environment import asset, environment
from summarizer.render.outline import SIGNS, Section, outline

AT_ONCE = 20
"""So many positions are shown at once; issues beyond them open when they are asked for."""


def to_notebook(brief: Brief) -> str:
    """``brief`` as a piece of HTML that takes its colours and its type from the page around it."""
    shown = outline(brief)
    return (
        environment()
        .get_template("notebook.html.j2")
        .render(
            outline=shown,
            sections=tuple(_opened(shown.sections)),
            signs=SIGNS,
            style=asset("notebook.css"),
        )
    )


def _opened(sections: Sequence[Section]) -> Iterator[tuple[Section, bool]]:
    """Each section, with whether it is open from the start."""
    before = 0
    for section in sections:
        before += len(section.entries)
        yield section, before <= AT_ONCE
