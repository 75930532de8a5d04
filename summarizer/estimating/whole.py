"""The requests about a long article as a whole, which are made of replies that are not there yet."""

from collections.abc import Iterator, Mapping, Sequence
from math import ceil

from summarizer.article.tokens import count_tokens
from summarizer.engines.llm import Prompt
from summarizer.estimating.replies import ANSWER, CLAIMS, GIST, GIST_ISSUES, GIST_PART, ISSUES, Case


def about_the_whole(
    replies: Sequence[float], title: str, prompts: Mapping[str, Prompt], tokens: int, case: Case
) -> Iterator[tuple[str, float, float]]:
    """Name, tokens of the prompt and tokens of the reply of each; none for an article in one part.

    ``replies`` are the tokens of the replies about the parts; ``tokens`` how many of a list go into one request.
    """
    if len(replies) < 2:
        return
    issues, claims = ISSUES * sum(replies), CLAIMS * sum(replies)
    frame = _frame(prompts["group"], title)
    while True:  # in rounds, as `Consolidation` asks
        listed = issues + claims
        runs = max(1, ceil(listed / tokens))
        yield from [("group", frame + listed / runs, ANSWER * listed / runs)] * runs
        if runs == 1:
            break
        issues, claims = issues * case.kept, 0
    frame, parts = _frame(prompts["gist"], title), len(replies)
    most = max(2, int(tokens / (GIST_PART * case.length)))
    while parts > 1:
        runs = ceil(parts / most)
        each = parts / runs
        yield from [("gist", frame + (GIST_ISSUES + each * GIST_PART) * case.length, GIST * case.length)] * runs
        parts = runs


def _frame(prompt: Prompt, title: str) -> int:
    """Tokens of a request whose lists are empty."""
    empty = dict.fromkeys(prompt.variables, "") | {"title": title}
    return sum(count_tokens(message.content) for message in prompt.fill(**empty))
