"""The gist of a long article, out of those of its parts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest

from summarizer.article.tokens import count_tokens
from summarizer.brief import Evidence, Gist, Position, Stance
from summarizer.engines.llm import Prompt, Steps
from summarizer.merging.asked import asked_for
from summarizer.merging.wire import CombinedGistReply
from summarizer.verification import Findings
from summarizer.verification.figures import in_digits, missing_figures

MOST_EVIDENCE = 12
"""Sentences that a gist cites at most: of each part it rests on, the first come first."""
MOST_ISSUES = 12


def gist_parts(gists: Sequence[Gist], tokens: int) -> list[Sequence[Gist]]:
    """The gists in runs of at most so many ``tokens``, of two at least."""
    made: list[list[Gist]] = []
    room = 0
    for gist in gists:
        size = count_tokens(gist.text)
        if not made or (size > room and len(made[-1]) > 1):
            made.append([])
            room = tokens
        made[-1].append(gist)
        room -= size
    return list(made)


def gist_steps(
    gists: Sequence[Gist], findings: Findings, title: str, prompts: Mapping[str, Prompt], *, repairs: int
) -> Steps[Gist]:
    """Ask for one gist out of ``gists``, which are those of the parts.

    Raises:
        ReplyError: no reply has a gist whose parts and figures are among what was given.
    """
    ids = {f"G{number}": gist for number, gist in enumerate(gists, 1)}
    issues = _issues(findings)
    given = [title, *issues, *(gist.text for gist in gists)]

    def problems(reply: CombinedGistReply) -> list[str]:
        wrong = [f"part {each}: it is none of those given" for each in reply.rests_on if each not in ids]
        wrong += [] if reply.rests_on else ["rests_on: it names no part"]
        missing = filter(in_digits, missing_figures(reply.text, given, None))
        return wrong + [f"figure {each}: it stands in none of the parts" for each in missing]

    values = {
        "title": title,
        "parts": "\n".join(f"{each}: {gist.text}" for each, gist in ids.items()),
        "issues": "\n".join(f"- {line}" for line in issues) or "(none)",
    }
    reply = yield from asked_for(CombinedGistReply, "gist", values, prompts, problems, repairs=repairs)
    return Gist(text=reply.text, evidence=_evidence(ids[each] for each in dict.fromkeys(reply.rests_on)))


def _issues(findings: Findings) -> list[str]:
    """The issues on which most was said, with those who agree and disagree."""
    names = {holder.id: holder.name or "somebody unnamed" for holder in findings.holders}
    on: defaultdict[str | None, list[Position]] = defaultdict(list)
    for position in findings.positions:
        on[position.issue].append(position)

    def side(issue: str, stance: Stance) -> str:
        held = dict.fromkeys(
            names[each] for position in on[issue] if position.stance == stance for each in position.holders
        )
        return f"({stance}: {', '.join(held)})" if held else ""

    most = sorted(findings.issues, key=lambda issue: -len(on[issue.id]))[:MOST_ISSUES]
    return [f"{issue.proposition} {side(issue.id, 'agrees')} {side(issue.id, 'disagrees')}".strip() for issue in most]


def _evidence(gists: Iterable[Gist]) -> tuple[Evidence, ...]:
    ranks = zip_longest(*(gist.evidence for gist in gists))
    found = {item.sentence: item for rank in ranks for item in rank if item is not None}
    first = dict(list(found.items())[:MOST_EVIDENCE])
    return tuple(first[number] for number in sorted(first))
