"""Hold what an engine claims against the article: grounding, figures, names, speakers."""

from summarizer.verification.coverage import coverage
from summarizer.verification.findings import Findings, Problem
from summarizer.verification.grounding import GroundingContext, ground

__all__ = ["Findings", "GroundingContext", "Problem", "coverage", "ground"]
