"""Hold what an engine claims against the article: grounding, figures, names, speakers."""

from summarizer.verification.coverage import coverage
from summarizer.verification.findings import Findings, Problem
from summarizer.verification.grounding import GroundingContext, ground
from summarizer.verification.speakers import Analysis

__all__ = ["Analysis", "Findings", "GroundingContext", "Problem", "coverage", "ground"]
