"""What a model is told of the whole article with a part of it: how it begins, and who is named in it."""

from collections.abc import Iterator

from summarizer.article import Chunk, Sentence, delimited
from summarizer.engines.llm.prompts import Prompt
from summarizer.verification.grounding import GroundingContext

LEAD_SENTENCES = 3


def context(chunk: Chunk, given: GroundingContext, prompt: Prompt) -> str:
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
