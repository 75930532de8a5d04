"""Articles: text and metadata, and the Reading of an article in numbered sentences."""

from summarizer.article.article import Article, ArticleInfo
from summarizer.article.chunks import DEFAULT_CHUNK_TOKENS, Chunk, split_into_chunks
from summarizer.article.cleaning import Cut
from summarizer.article.metadata import looks_english
from summarizer.article.numbered import delimited
from summarizer.article.paragraphs import SentenceKind
from summarizer.article.reading import Reading, Sentence, read
from summarizer.article.sentences import MAX_SENTENCE_BYTES
from summarizer.article.tokens import TOKEN_ENCODING, count_tokens

__all__ = [
    "DEFAULT_CHUNK_TOKENS",
    "MAX_SENTENCE_BYTES",
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
    "looks_english",
    "read",
    "split_into_chunks",
]
