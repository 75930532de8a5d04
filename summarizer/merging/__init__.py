"""Merge the findings of several chunks into one set, by rules."""

from summarizer.merging.combining import apply_grouping, merge
from summarizer.merging.matching import (
    FullNames,
    cluster_names,
    has_enough_in_common,
    name_words,
    negations_and_numbers,
    plain_words,
)

__all__ = [
    "FullNames", "apply_grouping", "cluster_names", "has_enough_in_common", "merge", "name_words",
    "negations_and_numbers", "plain_words",
]  # fmt: skip
