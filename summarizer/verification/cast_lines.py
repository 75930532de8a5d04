"""Who is named in an article, as a model is told that reads a part of it."""

from collections.abc import Iterator

from summarizer.article import Reading
from summarizer.attribution import Analysis, Entity

MOST_NAMED = 40
"""People and bodies that are listed at most: those who are named most often."""
_SHOWN, _BEFORE = 140, 30  # characters of a first mention, and how many of them stand before the name


def cast_lines(reading: Reading, analysis: Analysis) -> Iterator[str]:
    """A line for each of those who say something, or have a title or a role: name, role, first mention."""
    speaking = {(holder.name, holder.kind) for found in analysis.statements for holder in found.holders}
    told = [entity for entity in analysis.entities if (entity.name, entity.kind) in speaking or _is_introduced(entity)]
    most = sorted(told, key=lambda entity: -len(entity.mentions))[:MOST_NAMED]
    for entity in sorted(most, key=lambda entity: entity.mentions[0].start):
        mention = _first_mention(reading, entity)
        role = f" ({entity.role})" if entity.role and entity.role not in mention else ""
        yield f"- {entity.name}{role}: {mention}"


def _is_introduced(entity: Entity) -> bool:
    return entity.kind == "person" and " " in entity.name and bool(entity.role or entity.aliases)


def _first_mention(reading: Reading, entity: Entity) -> str:
    """The words around it, on one line."""
    text, at = reading.article.text, entity.mentions[0].start
    start = text.rfind("\n", 0, at) + 1
    start = max(start, text.rfind(" ", start, at - _BEFORE) + 1) if at - start > _BEFORE else start
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    if end - start > _SHOWN:
        end = text.rfind(" ", at + 1, start + _SHOWN)
        end = start + _SHOWN if end < 0 else end
    return f"“…{text[start:end].strip()}…”"
