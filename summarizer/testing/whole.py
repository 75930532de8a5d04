"""Answers to the questions about a long article as a whole: nothing is joined, and the first part's gist stands."""

import re

from summarizer.merging.wire import CombinedGistReply, GroupingReply, WireIssues
from summarizer.models import Request

_ISSUE = re.compile(r"^(I\d+) \(\w+\) ", re.MULTILINE)
_PART = re.compile(r"^(G\d+): (.*)$", re.MULTILINE)


def ungrouped(request: Request) -> GroupingReply:
    """Each issue of the list in a group of its own."""
    found = _ISSUE.findall(request.messages[-1].content)
    return GroupingReply(
        issues=tuple(WireIssues(keep=each, same=(), opposite=()) for each in found), positions=(), open_questions=()
    )


def first_gist(request: Request) -> CombinedGistReply:
    """The gist of the first part, as that of the whole."""
    found = _PART.findall(request.messages[-1].content)
    return CombinedGistReply(text=found[0][1], rests_on=tuple(each for each, _ in found))
