"""What briefs will cost, before anything is asked."""

from summarizer.estimating.estimate import Cost, Estimate
from summarizer.estimating.planning import AlreadyAnswered, Plan, estimated
from summarizer.estimating.prices import Prices, read_prices

__all__ = ["AlreadyAnswered", "Cost", "Estimate", "Plan", "Prices", "estimated", "read_prices"]
