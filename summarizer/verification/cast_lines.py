"""Who is named in an article, as a model is told that reads a part of it."""

from collections.abc import Iterator

from summarizer.article import Reading
from summarizer.attribution import Actor
from summarizer.verification.speakers import Analysis

MOST_NAMED = 40
"""People and bodies that are listed at most: those who are named most often."""
_SHOWN, _BEFORE = 140, 30  # characters of a first mention, and how many of them stand before the name


def cast_lines(reading: Reading, analysis: Analysis) -> Iterator[str]:
    """A line for each of those who say something, or have a title or a role: name, role, first mention."""
    speaking = {(holder.name, holder.kind) for found in analysis.statements for holder in found.holders}
    told = [actor for actor in analysis.cast.actors if (actor.name, actor.kind) in speaking or _is_introduced(actor)]
    most = sorted(told, key=lambda actor: -len(actor.mentions))[:MOST_NAMED]
    for actor in sorted(most, key=lambda actor: actor.mentions[0].start):
        mention = _first_mention(reading, actor)
        role = f" ({actor.role})" if actor.role and actor.role not in mention else ""
        yield f"- {actor.name}{role}: {mention}"


def _is_introduced(actor: Actor) -> bool:
    return actor.kind == "person" and " " in actor.name and bool(actor.role or actor.aliases)


def _first_mention(reading: Reading, actor: Actor) -> str:
    """The words around it, on one line."""
    text, at = reading.article.text, actor.mentions[0].start
    start = text.rfind("\n", 0, at) + 1
    start = max(start, text.rfind(" ", start, at - _BEFORE) + 1) if at - start > _BEFORE else start
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    if end - start > _SHOWN:
        end = text.rfind(" ", at + 1, start + _SHOWN)
        end = start + _SHOWN if end < 0 else end
    return f"“…{text[start:end].strip()}…”"
