"""What was made and what was paid for, kept in one SQLite file: articles, briefs, runs, and the replies of models."""

from summarizer.store.keys import Engine
from summarizer.store.store import Claim, RunState, Store

__all__ = ["Claim", "Engine", "RunState", "Store"]
