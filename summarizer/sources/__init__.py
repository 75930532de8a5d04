"""Sources: what users pass, loaded as an Article."""

from summarizer.sources.loaders import (
    INLINE_LIMIT,
    LOADERS,
    Loader,
    Source,
    load_article,
    load_bytes,
    load_file,
    to_article,
)

__all__ = ["INLINE_LIMIT", "LOADERS", "Loader", "Source", "load_article", "load_bytes", "load_file", "to_article"]
