"""The author's own words: who says "I think" in an article, outside of quotations, is the one who wrote it."""

from dataclasses import replace

from summarizer.article import Reading
from summarizer.attribution import Analysis, Attribution, Entity
from summarizer.engines.builtin.questions import is_interview
from summarizer.spans import quote

UNSIGNED = "The author"
"""What the author of an article without a name is called in a statement."""
_HELD = frozenset(
    "said believed speculated predicted suggested demanded promised denied rejected conceded agreed disagreed "
    "supported praised opposed criticised accused warned complained wanted hoped feared refused".split()
)
"""What is done when a position is taken; "I asked him" and "I remember" report."""
_FEWEST = 2
"""How often an author says so in a text that argues; a reporter's one "I" makes none."""


def own_words(reading: Reading, analysis: Analysis) -> list[Attribution]:
    """What an author says in the first person of what the article is about; nothing in an interview."""
    if is_interview(reading):
        return []
    who = (author(reading),)
    found = [replace(each, holders=who) for each in analysis.attributions if _is_own(reading, each)]
    return found if len(found) >= _FEWEST else []


def author(reading: Reading) -> Entity:
    """Who wrote an article, as the entity that `own_words` gives its attributions to."""
    return Entity(reading.article.author or UNSIGNED, "person", None, None, (), ())


def _is_own(reading: Reading, found: Attribution) -> bool:
    source = quote(reading.article.text, found.source)
    prose = all(reading.sentence(number).kind == "prose" for number in found.sentences)
    return prose and source == "I" and found.act in _HELD and not found.holders and not found.unsaid
