"""Store articles, briefs, failures, runs and model replies in one SQLite file, and share replies in PostgreSQL."""

from summarizer.store.articles import StoredArticle
from summarizer.store.database import Database, insert
from summarizer.store.leases import ArticleLease, Lease, LeaseHeld, is_running
from summarizer.store.merging import Merged, check_sources
from summarizer.store.postgres import PostgresReplies
from summarizer.store.replies import SharedReplies, StoredReplies, hash_json, pack_reply, request_key, unpack_reply
from summarizer.store.search import Conditions, SearchResult, fts_query, select_articles
from summarizer.store.store import EngineKey, RunState, Store

__all__ = [
    "ArticleLease", "Conditions", "Database", "EngineKey", "Lease", "LeaseHeld", "Merged", "PostgresReplies",
    "RunState", "SearchResult", "SharedReplies", "Store", "StoredArticle", "StoredReplies", "check_sources",
    "fts_query", "hash_json", "insert", "is_running", "pack_reply", "request_key", "select_articles", "unpack_reply",
]  # fmt: skip
