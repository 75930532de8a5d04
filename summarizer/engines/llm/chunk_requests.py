"""Request the findings of one chunk, and read the reply.

The request about a part of an article repeats the article's first three sentences and lists its people.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

from summarizer.article import Reading
from summarizer.attribution import Entity
from summarizer.engines.llm.chunking import Chunk, delimited
from summarizer.engines.llm.parsing import parse_extraction
from summarizer.engines.llm.prompts import Prompt, load_schema
from summarizer.engines.llm.session import ReadReply
from summarizer.models import Request
from summarizer.verification import Findings, GroundingContext, ground

MAX_LISTED_NAMES = 40
"""People and bodies that the context of a chunk lists: those with the most mentions."""
_LEAD_SENTENCES = 3
_MENTION_LENGTH, _LENGTH_BEFORE_NAME = 140, 30  # characters of the words around a first mention


@dataclass(frozen=True)
class ExtractionContext(GroundingContext):
    """An article, and the parts of it that each request about a chunk repeats."""

    @cached_property
    def people(self) -> tuple[str, ...]:
        """A line with name, role and first mention for each speaker and each introduced person, in order."""
        statements = self.analysis.statements
        speakers = {(holder.name, holder.kind) for statement in statements for holder in statement.holders}

        def is_listed(entity: Entity) -> bool:
            is_introduced = entity.kind == "person" and " " in entity.name and (entity.role or entity.aliases)
            return bool(is_introduced) or (entity.name, entity.kind) in speakers

        listed = filter(is_listed, self.analysis.entities)
        most_mentioned = sorted(listed, key=lambda entity: -len(entity.mentions))[:MAX_LISTED_NAMES]
        in_order = sorted(most_mentioned, key=lambda entity: entity.mentions[0].start)
        return tuple(_describe_person(self.reading, entity) for entity in in_order)


def first_request(chunk: Chunk, context: ExtractionContext, prompts: Mapping[str, Prompt]) -> Request:
    """Return the first request about a chunk."""
    article = context.reading.article
    before = _context_block(chunk, context, prompts["context"])
    messages = prompts["extract"].fill(
        title=article.title or "(none)",
        author=article.author or "(none)",
        published=article.published or "(unknown)",
        first=str(chunk.numbers[0]),
        last=str(chunk.numbers[-1]),
        total=str(len(context.reading.sentences)),
        context=before,
        article=delimited(article, chunk.lines),
    )
    used = (prompts["extract"], prompts["context"]) if before else (prompts["extract"],)
    return Request(messages, "extraction", load_schema(), tuple(prompt.id for prompt in used))


def read_findings(text: str, chunk: Chunk, context: ExtractionContext) -> ReadReply[Findings]:
    """Parse a reply about a chunk, and ground it in the article."""
    extraction, problems = parse_extraction(text)
    if extraction is None:
        return ReadReply(None, problems, problems[0].reason, fits=False, quality=(0, 0, -1))
    grounded = ground(extraction, chunk.sentences, context)
    findings = replace(grounded, problems=(*problems, *grounded.problems))
    is_empty = findings == Findings(problems=findings.problems)
    return ReadReply(
        None if is_empty and any(problem.what == "reply" for problem in problems) else findings,
        findings.problems,
        findings.problems[0].reason if findings.problems else "",
        fits=not problems,
        quality=(len(findings.positions), len(findings.open_questions), -len(findings.problems)),
    )


def _context_block(chunk: Chunk, context: ExtractionContext, prompt: Prompt) -> str:
    """Return the lead and the people of the whole article; empty for a chunk that is the whole article."""
    sentences = context.reading.sentences
    if len(chunk.sentences) == len(sentences):
        return ""
    title = [sentence for sentence in sentences[:_LEAD_SENTENCES] if sentence.kind == "title"]
    prose = islice((sentence for sentence in sentences if sentence.kind == "prose"), _LEAD_SENTENCES)
    lead = [f"{sentence.text}\n" for sentence in (*title, *prose) if sentence.number not in chunk.numbers]
    if not lead and not context.people:
        return ""
    (message,) = prompt.fill(
        lead="".join(lead).strip() or "(It begins with your part.)",
        cast="\n".join(context.people) or "(No names were found.)",
    )
    return f"\n{delimited(context.reading.article, [message.content], 'context')}\n\n"


def _describe_person(reading: Reading, entity: Entity) -> str:
    """Return a line with the name, the role, and the words around the first mention."""
    text, at = reading.article.text, entity.mentions[0].start
    start = text.rfind("\n", 0, at) + 1
    if at - start > _LENGTH_BEFORE_NAME:
        start = max(start, text.rfind(" ", start, at - _LENGTH_BEFORE_NAME) + 1)
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    if end - start > _MENTION_LENGTH:
        end = text.rfind(" ", at + 1, start + _MENTION_LENGTH)
        end = start + _MENTION_LENGTH if end < 0 else end
    mention = f"“…{text[start:end].strip()}…”"
    role = f" ({entity.role})" if entity.role and entity.role not in mention else ""
    return f"- {entity.name}{role}: {mention}"
