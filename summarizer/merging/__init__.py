"""From the findings of chunks to one set, and what of the article it covers."""

from summarizer.merging.consolidate import Consolidation, Stage
from summarizer.merging.coverage import coverage
from summarizer.merging.merge import merge

__all__ = ["Consolidation", "Stage", "coverage", "merge"]
