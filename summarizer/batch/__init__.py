"""Many sources: at work side by side, one outcome each, and none of them stops the rest."""

from summarizer.batch.crew import AGAIN
from summarizer.batch.outcome import Outcome
from summarizer.batch.running import aoutcomes, outcomes

__all__ = ["AGAIN", "Outcome", "aoutcomes", "outcomes"]
