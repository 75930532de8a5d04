"""What a model is told of the whole article with a part of it: how it begins, and who is named in it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from summarizer.article import Chunk, Reading, Sentence, delimited
from summarizer.attribution import Actor
from summarizer.extraction.prompts import Prompt
from summarizer.extraction.speakers import Analysis

if TYPE_CHECKING:
    from summarizer.extraction.grounding import Ground

MOST_NAMED = 40
"""People and bodies that are listed at most: those who are named most often."""
LEAD_SENTENCES = 3
_SHOWN, _BEFORE = 140, 30  # characters of a first mention, and how many of them stand before the name


def context(chunk: Chunk, given: "Ground", prompt: Prompt) -> str:
    """The text that goes before ``chunk``; nothing for a chunk that is the whole article."""
    sentences = given.reading.sentences
    if len(chunk.sentences) == len(sentences):
        return ""
    lead = [f"{sentence.text}\n" for sentence in _lead(sentences) if sentence.number not in chunk.numbers]
    if not lead and not given.cast:
        return ""
    (message,) = prompt.fill(
        lead="".join(lead).strip() or "(It begins with your part.)",
        cast="\n".join(given.cast) or "(No names were found.)",
    )
    return f"\n{delimited(given.reading.article, [message.content], 'context')}\n\n"


def _lead(sentences: tuple[Sentence, ...]) -> Iterator[Sentence]:
    """The title, and the first sentences under it."""
    yield from (sentence for sentence in sentences[:LEAD_SENTENCES] if sentence.kind == "title")
    prose = (sentence for sentence in sentences if sentence.kind == "prose")
    yield from (sentence for sentence, _ in zip(prose, range(LEAD_SENTENCES), strict=False))


def cast_lines(reading: Reading, analysis: Analysis) -> Iterator[str]:
    """A line for each of those who say something, and of the people with a title or a role."""
    speaking = {(holder.name, holder.kind) for found in analysis.statements for holder in found.holders}
    told = [actor for actor in analysis.cast.actors if (actor.name, actor.kind) in speaking or _is_introduced(actor)]
    most = sorted(told, key=lambda actor: -len(actor.mentions))[:MOST_NAMED]
    for actor in sorted(most, key=lambda actor: actor.mentions[0].start):
        yield f"- {actor.name}: {_first_mention(reading, actor)}"


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
