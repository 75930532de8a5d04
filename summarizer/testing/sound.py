"""The part of a reply that stands: in the article, and in some of its sentences."""

from collections.abc import Iterable
from typing import Any, TypeVar

from pydantic import ValidationError

from summarizer.article import Chunk
from summarizer.verification import GroundingContext, Problem, ground
from summarizer.verification.reply_types import ExtractionReply, HolderReply, PositionReply, QuestionReply, ReplyRecord

RecordT = TypeVar("RecordT", bound=ReplyRecord)

EMPTY = ExtractionReply(holders=(), issues=(), positions=(), open_questions=(), gist=None)


def made(record: type[RecordT], /, **values: Any) -> RecordT | None:
    """A part of a reply; none where one of its words is nothing but invisible characters."""
    try:
        return record(**values)
    except ValidationError:
        return None


def problems(reply: ExtractionReply, chunk: Chunk, given: GroundingContext) -> tuple[Problem, ...]:
    """What of ``reply`` does not stand."""
    return ground(reply, chunk, given).problems


def sound(reply: ExtractionReply, chunk: Chunk, given: GroundingContext) -> ExtractionReply:
    """``reply`` without what does not stand."""
    if not problems(reply, chunk, given):
        return reply

    def stands(part: ExtractionReply) -> bool:
        return not problems(part, chunk, given)

    holders = tuple(filter(None, (_standing(holder, stands_as=stands) for holder in reply.holders)))
    base = EMPTY.model_copy(update={"issues": reply.issues})

    def alone(claim: PositionReply | QuestionReply, ids: Iterable[str], kind: str) -> bool:
        mine = tuple(holder for holder in holders if holder.id in ids)
        return stands(base.model_copy(update={"holders": mine, kind: (claim,)}))

    return ExtractionReply(
        holders=holders,
        issues=reply.issues,
        positions=tuple(each for each in reply.positions if alone(each, each.holders, "positions")),
        open_questions=tuple(each for each in reply.open_questions if alone(each, each.raised_by, "open_questions")),
        gist=reply.gist if stands(EMPTY.model_copy(update={"gist": reply.gist})) else None,
    )


def _standing(holder: HolderReply, *, stands_as: Any) -> HolderReply | None:
    """A holder without role and affiliation, if they do not stand; none, if the name does not."""
    bare = holder.model_copy(update={"role": None, "affiliation": None})
    for form in (holder, bare):
        if stands_as(EMPTY.model_copy(update={"holders": (form,)})):
            return form
    return None


def within(reply: ExtractionReply, chunk: Chunk, given: GroundingContext) -> ExtractionReply:
    """What of ``reply`` lies in the sentences of ``chunk``, and stands there; nobody else is named.

    What is doubtful rather than wrong stays.
    """
    here = set(chunk.numbers)
    part = _used(
        reply.model_copy(
            update={
                "positions": tuple(each for each in reply.positions if here.issuperset(each.sentences)),
                "open_questions": tuple(each for each in reply.open_questions if here.issuperset(each.sentences)),
                "gist": reply.gist if reply.gist and here.issuperset(reply.gist.sentences) else None,
            }
        )
    )
    wrong = [problem for problem in problems(part, chunk, given) if not problem.kept]
    return _used(sound(part, chunk, given)) if wrong else part


def _used(reply: ExtractionReply) -> ExtractionReply:
    """``reply`` without holders and issues that nothing refers to."""
    ids = {name for each in reply.positions for name in (*each.holders, each.reported_by, each.issue)}
    ids |= {name for each in reply.open_questions for name in each.raised_by}
    return reply.model_copy(
        update={
            "holders": tuple(holder for holder in reply.holders if holder.id in ids),
            "issues": tuple(issue for issue in reply.issues if issue.id in ids),
        }
    )
