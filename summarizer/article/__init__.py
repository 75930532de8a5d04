"""Articles: what was given, how it reads, and how it is cut into chunks."""

from summarizer.article.article import Article, ArticleInfo
from summarizer.article.chunks import DEFAULT_CHUNK_TOKENS, Chunk, split_into_chunks
from summarizer.article.numbered import delimited
from summarizer.article.read import read
from summarizer.article.reading import Cut, Reading, Sentence, SentenceKind
from summarizer.article.tokens import TOKEN_ENCODING, count_tokens

__all__ = [
    "DEFAULT_CHUNK_TOKENS",
    "TOKEN_ENCODING",
    "Article",
    "ArticleInfo",
    "Chunk",
    "Cut",
    "Reading",
    "Sentence",
    "SentenceKind",
    "count_tokens",
    "delimited",
    "read",
    "split_into_chunks",
]
