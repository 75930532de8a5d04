"""A brief in a notebook: compact, in the notebook's own colours."""

from summarizer.brief import Brief
from summarizer.render.environment import asset, environment
from summarizer.render.outline import SIGNS, outline

OPEN = 12
"""So many positions are shown at once; where there are more, each issue opens when it is asked for."""


def to_notebook(brief: Brief) -> str:
    """``brief`` as a piece of HTML that takes its colours and its type from the page around it."""
    shown = outline(brief)
    positions = sum(len(section.entries) for section in shown.sections)
    return (
        environment()
        .get_template("notebook.html.j2")
        .render(outline=shown, signs=SIGNS, style=asset("notebook.css"), opened=positions <= OPEN, positions=positions)
    )
