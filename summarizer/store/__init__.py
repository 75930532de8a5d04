"""Store articles, briefs, failures, runs and model replies in one SQLite file."""

from summarizer.store.database import Database, insert
from summarizer.store.leases import Lease, LeaseHeld
from summarizer.store.search import SearchResult, fts_query
from summarizer.store.store import EngineKey, RunState, Store, request_key

__all__ = [
    "Database",
    "EngineKey",
    "Lease",
    "LeaseHeld",
    "RunState",
    "SearchResult",
    "Store",
    "fts_query",
    "insert",
    "request_key",
]
