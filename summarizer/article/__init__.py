"""Articles: what was given, how it reads, and how it is cut into chunks."""

from summarizer.article.article import Article, ArticleInfo
from summarizer.article.chunks import DEFAULT_CHUNK_TOKENS, Chunk, cut_chunks
from summarizer.article.numbered import delimited
from summarizer.article.read import read
from summarizer.article.reading import Cut, Reading, Sentence, SentenceKind
from summarizer.article.tokens import RULER, count_tokens

__all__ = [
    "DEFAULT_CHUNK_TOKENS",
    "RULER",
    "Article",
    "ArticleInfo",
    "Chunk",
    "Cut",
    "Reading",
    "Sentence",
    "SentenceKind",
    "count_tokens",
    "cut_chunks",
    "delimited",
    "read",
]
