"""Merge the findings of several chunks into one set, by rules."""

from summarizer.merging.combining import apply_grouping, merge
from summarizer.merging.matching import cluster_names, has_enough_in_common, negations_and_numbers

__all__ = ["apply_grouping", "cluster_names", "has_enough_in_common", "merge", "negations_and_numbers"]
