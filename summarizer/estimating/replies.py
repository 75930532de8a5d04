"""How long replies will be: simple rules, with the recordings that they were fitted to.

The recordings are those in cassettes/ and examples/newsdesk/cassettes/ as of 2026-11-26: eleven first requests about
chunks of nine articles, 8 to 232 sentences long, two of which were repaired; and one long article's requests about the
whole. ``python benchmarks/estimate.py`` shows each beside its estimate, with the rule fitted to the others alone.
"""

from dataclasses import dataclass
from math import sqrt

FIXED, PER_ROOT = 400, 12.3
"""A reply about a chunk has ``FIXED + PER_ROOT * sqrt(tokens * sentences)`` tokens.

Fitted to relative errors. Of the rules that were tried it was the nearest to articles that it was not fitted
to: at most 17 % off, against 21 % by sentences and 31 % by tokens alone. How many attributed statements the
analysis finds adds nothing to that, since replies list what is said without a cue, too.
"""

REPAIRED = 2 / 11
"""The part of the replies that was asked for again in the recordings."""
PROBLEM = 40
"""Tokens of one problem that a repair lists; two had 74."""

ISSUES, CLAIMS = 0.026, 0.060
"""Of a long article: tokens of the list of issues, and of that of claims, for each token of the replies."""
ANSWER = 0.16
"""Tokens of the answer for each token of these lists."""
GIST_PART, GIST_ISSUES, GIST = 154, 622, 238
"""Tokens of one part's gist in the request for that of the whole, of the issues there, and of the answer."""


def reply_tokens(tokens: int, sentences: int) -> float:
    """Tokens of a reply about a chunk of so many sentences with so many tokens."""
    return FIXED + PER_ROOT * sqrt(tokens * sentences)


@dataclass(frozen=True, slots=True)
class Case:
    """Of what a figure is made."""

    length: float
    """Of a reply, as a part of the likely one; those that were recorded had from 0.86 to 1.18 of it."""
    problems: int = 1
    """Those that a repair lists."""
    kept: float = 0.8
    """The part of the issues that a round of grouping leaves: 41 of 51 in the recording."""
    highest: bool = False
    """Whether replies go up to their limit, nothing is cached, and the schema counts."""


LOW, LIKELY, MOST = Case(0.7), Case(1.0), Case(2.0, problems=20, kept=0.9, highest=True)
"""A repair lists at most 20 problems, and a round of grouping is the last unless it joins a tenth of the issues."""
