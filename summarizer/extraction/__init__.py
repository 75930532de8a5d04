"""From chunks to findings: prompts, replies, what stands of them, and the built-in engine."""

from summarizer.extraction.builtin import builtin_findings, builtin_notes
from summarizer.extraction.engine import Account, Extracted, Progress, extract
from summarizer.extraction.findings import Findings, Problem
from summarizer.extraction.grounding import Ground, ground
from summarizer.extraction.prompts import Prompt, load_prompts
from summarizer.extraction.speakers import Analysis
from summarizer.extraction.steps import DEFAULT_REPAIRS, extraction_steps

__all__ = [
    "DEFAULT_REPAIRS",
    "Account",
    "Analysis",
    "Extracted",
    "Findings",
    "Ground",
    "Problem",
    "Progress",
    "Prompt",
    "builtin_findings",
    "builtin_notes",
    "extract",
    "extraction_steps",
    "ground",
    "load_prompts",
]
