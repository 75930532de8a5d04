"""From chunks to findings: prompts, replies, what stands of them, and the built-in engine."""

from summarizer.extraction.asking import Answered, Asker, ForeignFault, OverBudget, Steps
from summarizer.extraction.budget import Account, Budget
from summarizer.extraction.builtin import builtin_findings, builtin_notes
from summarizer.extraction.engine import Extracted, Failure, extract
from summarizer.extraction.events import Event, OnEvent
from summarizer.extraction.findings import Findings, Problem
from summarizer.extraction.grounding import Ground, ground
from summarizer.extraction.prompts import Prompt, load_prompts
from summarizer.extraction.speakers import Analysis
from summarizer.extraction.steps import DEFAULT_REPAIRS, extraction_steps, finished

__all__ = [
    "DEFAULT_REPAIRS",
    "Account",
    "Analysis",
    "Answered",
    "Asker",
    "Budget",
    "Event",
    "Extracted",
    "Failure",
    "Findings",
    "ForeignFault",
    "Ground",
    "OnEvent",
    "OverBudget",
    "Problem",
    "Prompt",
    "Steps",
    "builtin_findings",
    "builtin_notes",
    "extract",
    "extraction_steps",
    "finished",
    "ground",
    "load_prompts",
]
