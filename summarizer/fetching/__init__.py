"""Fetching: web pages by address, safely and politely."""

from summarizer.fetching.addresses import strip_credentials
from summarizer.fetching.fetcher import FetchedPage, Fetcher, PageCache, default_fetcher

__all__ = ["FetchedPage", "Fetcher", "PageCache", "default_fetcher", "strip_credentials"]
