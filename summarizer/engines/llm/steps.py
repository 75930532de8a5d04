"""The steps of an extraction: requests out, replies in, and no I/O between."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from summarizer.article import Chunk, delimited
from summarizer.engines.llm.context import context
from summarizer.engines.llm.parsing import parse
from summarizer.engines.llm.prompts import Prompt, load_schema
from summarizer.engines.llm.session import Steps
from summarizer.errors import ReplyCutOff, ReplyError, SummarizerError
from summarizer.models.base import Message, Reply, Request
from summarizer.verification.findings import Findings
from summarizer.verification.grounding import GroundingContext, ground

DEFAULT_REPAIRS = 1
"""How often a reply with problems is asked for again."""

_LONGEST_REPLY = 100_000  # characters of a reply that a repair repeats
_MOST_PROBLEMS = 20  # that one repair request lists: a reply with more is beyond repair by a list
_ENDS: dict[str, ReplyError] = {
    "refusal": ReplyError("The model refused to answer.", hint="Try another model."),
    "content_filter": ReplyError("The server's content filter stopped the reply.", hint="Try another model or server."),
    "length": ReplyCutOff("The reply was cut off at the model's limit.", hint="Try a model that can write more."),
}


def extraction_steps(
    chunk: Chunk, given: GroundingContext, prompts: Mapping[str, Prompt], *, repairs: int = DEFAULT_REPAIRS
) -> Steps[Findings]:
    """Ask for a chunk's findings, then, at most ``repairs`` times, for what did not stand.

    Yields each Request and is sent its Reply. A repair holds the chunk, the latest reply and its
    problems, and so does not grow from one to the next. Returns the findings of the best reply: a
    repair that loses sound positions is not taken.

    A driver throws in the error that a request ended with.

    Raises:
        ReplyError: none of the replies could be read.
        ReplyCutOff: the first ended at the model's limit.
        SummarizerError: as thrown in, where no reply had been read before.
    """
    question, used = _question(chunk, given, prompts)
    reply = yield _request(question, *used)
    latest = best = _read(reply, chunk, given)
    for _ in range(repairs):
        if not latest.problems:
            break
        problems = "\n".join(f"- {problem}" for problem in latest.problems[:_MOST_PROBLEMS])
        repair = (
            *question,
            Message("assistant", reply.text[:_LONGEST_REPLY]),
            *prompts["repair"].fill(problems=problems),
        )
        try:
            reply = yield _request(repair, *used, prompts["repair"])
            latest = _read(reply, chunk, given)
        except SummarizerError:
            if _unreadable(best):
                raise
            break  # what the first reply gave is not lost by a repair that fails
        best = max(latest, best, key=_worth)
    if _unreadable(best):
        raise ReplyError(f"The model's reply is not what was asked for: {best.problems[0].reason}.")
    return best


def _unreadable(findings: Findings) -> bool:
    return findings == Findings(problems=findings.problems) and any(each.what == "reply" for each in findings.problems)


def _worth(findings: Findings) -> tuple[int, int, int]:
    """By what two readings of a chunk are compared: sound positions, sound questions, few problems."""
    return len(findings.positions), len(findings.open_questions), -len(findings.problems)


def _question(
    chunk: Chunk, given: GroundingContext, prompts: Mapping[str, Prompt]
) -> tuple[tuple[Message, ...], tuple[Prompt, ...]]:
    """The messages that ask for a chunk's findings, and the prompts that they are made of."""
    article = given.reading.article
    before = context(chunk, given, prompts["context"])
    question = prompts["extract"].fill(
        title=article.title or "(none)",
        author=article.author or "(none)",
        published=article.published or "(unknown)",
        first=str(chunk.numbers[0]),
        last=str(chunk.numbers[-1]),
        total=str(len(given.reading.sentences)),
        context=before,
        article=delimited(article, chunk.lines),
    )
    return question, (prompts["extract"], *([prompts["context"]] if before else []))


def _request(messages: Iterable[Message], *prompts: Prompt) -> Request:
    return Request(tuple(messages), "extraction", load_schema(), tuple(prompt.id for prompt in prompts))


def finished(reply: Reply) -> str:
    """The text of a reply that came to its end.

    Raises:
        ReplyError: the model did not finish it, or refused.
    """
    if end := _ENDS.get(reply.finish_reason):
        raise type(end)(end.message, hint=end.hint)
    return reply.text


def _read(reply: Reply, chunk: Chunk, given: GroundingContext) -> Findings:
    """A reply's findings and problems.

    Raises:
        ReplyError: the model did not finish it.
    """
    finished(reply)
    extraction, problems = parse(reply.text)
    if extraction is None:
        return Findings(problems=problems)
    findings = ground(extraction, chunk, given)
    return replace(findings, problems=(*problems, *findings.problems))
