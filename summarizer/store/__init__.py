"""Store articles, briefs, failures, runs and model replies in one SQLite file."""

from summarizer.store.leases import Lease, LeaseHeld
from summarizer.store.store import EngineKey, RunState, Store, request_key

__all__ = ["EngineKey", "Lease", "LeaseHeld", "RunState", "Store", "request_key"]
