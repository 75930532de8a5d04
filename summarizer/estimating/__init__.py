"""What briefs will cost, before anything is asked."""

from summarizer.estimating.estimate import Cost, Estimate
from summarizer.estimating.planning import Answered, Plan, estimated
from summarizer.estimating.prices import Prices, read_prices

__all__ = ["Answered", "Cost", "Estimate", "Plan", "Prices", "estimated", "read_prices"]
