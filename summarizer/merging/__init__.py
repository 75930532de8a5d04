"""Merge the findings of chunks to one set."""

from summarizer.merging.consolidate import Consolidation, Stage
from summarizer.merging.merge import merge

__all__ = ["Consolidation", "Stage", "merge"]
