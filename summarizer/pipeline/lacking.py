"""What is wrong where a brief is not whole, or none could be made: where that was, and what it cost."""

from summarizer.article import Reading
from summarizer.brief import Brief
from summarizer.engines.llm import BudgetReached, CustomModelError, ExtractionResult
from summarizer.errors import BudgetExceeded, IncompleteBrief


def lack(brief: Brief, extracted: ExtractionResult) -> IncompleteBrief[Brief] | None:
    """What the caller must know of a brief that is not whole."""
    error: IncompleteBrief[Brief]
    if limit := extracted.account.limit:
        others = [each.error for each in extracted.failures if not isinstance(each.error, BudgetReached)]
        error = BudgetExceeded(
            f"The budget of {limit} is reached.{f' Before that: {others[0].message}' if others else ''}",
            brief=brief,
            hint="The error's brief holds what was done until then.",
        )
    elif extracted.failures:
        every = len(extracted.findings) + len(extracted.failures)
        error = IncompleteBrief(
            f"{len(extracted.failures)} of {every} chunks failed, the first of this: {extracted.failures[0].error}",
            brief=brief,
            hint="The error's brief holds what the others gave; on_failed_chunk='keep' returns it.",
        )
    else:
        return None
    error.where, error.usage = _where(extracted, brief.article.source), extracted.account.spent
    error.retryable = any(failure.error.retryable for failure in extracted.failures)
    error.fatal = any(failure.error.fatal for failure in extracted.failures)
    error.__cause__ = extracted.failures[0].error if extracted.failures else None
    return error


def located(extracted: ExtractionResult, reading: Reading) -> Exception:
    """What the first chunk failed of, with where that was; what a model object raised on its own, as it is."""
    error = extracted.failures[0].error
    if isinstance(error, CustomModelError) and isinstance(error.__cause__, Exception):
        return error.__cause__
    error.where = _where(extracted, reading.article.source)
    return error


def _where(extracted: ExtractionResult, source: str | None) -> str:
    """The article, and of several chunks the first that failed."""
    several = len(extracted.failures) + len(extracted.findings) > 1
    numbers = [each.chunk.numbers for each in extracted.failures if several]
    part = f"sentences {numbers[0][0]} to {numbers[0][-1]}" if numbers else None
    return ", ".join(filter(None, [source, part]))
