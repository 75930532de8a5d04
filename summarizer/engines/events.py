"""What a caller can watch while an article is read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from summarizer.usage import Usage

EventKind = Literal["asked", "answered", "repairing", "split", "failed", "done", "grouping", "gist"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a chunk, or to what all chunks gave."""

    kind: EventKind
    """Its first request goes out; a reply came; a better one is asked for; it was cut in two; it failed; it is done.
    At the end, of an article with several: their issues are grouped; their gist is asked for."""
    first_sentence: int
    last_sentence: int
    done: int
    """Chunks that are done or failed by now."""
    chunks: int
    """Chunks there are by now: a split adds one."""
    usage: Usage
    """Tokens spent on the article by now."""


OnEvent = Callable[[Event], None]
"""Called in the event loop's thread; it must be quick."""
