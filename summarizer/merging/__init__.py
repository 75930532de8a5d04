"""From the findings of many chunks to one set, and what that set covers."""

from summarizer.merging.coverage import coverage
from summarizer.merging.merge import merge

__all__ = ["coverage", "merge"]
