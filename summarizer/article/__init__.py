"""Articles: text and metadata, and the Reading of an article in numbered sentences."""

from summarizer.article.anchors import Anchors, NodePlace, PagePlace, Place, TextAnchors, web_address
from summarizer.article.article import Article, ArticleForm, ArticleInfo, outlet_of
from summarizer.article.cleaning import Cut
from summarizer.article.forms import find_emphasised, posts_by_sentence, weigh_argument
from summarizer.article.labels import (
    SPEAKER_ROLES,
    SpeakerLabel,
    find_asking,
    find_interviewers,
    find_labels,
    parse_label,
)
from summarizer.article.languages import LANGUAGE_NAMES, guess_language
from summarizer.article.metadata import find_dateline
from summarizer.article.paragraphs import SentenceKind
from summarizer.article.press_release import find_release
from summarizer.article.reading import Reading, Sentence, read
from summarizer.article.sentences import MAX_SENTENCE_BYTES

__all__ = [
    "LANGUAGE_NAMES", "MAX_SENTENCE_BYTES", "SPEAKER_ROLES", "Anchors", "Article", "ArticleForm", "ArticleInfo",
    "Cut", "NodePlace", "PagePlace", "Place", "Reading", "Sentence", "SentenceKind", "SpeakerLabel", "TextAnchors",
    "find_asking", "find_dateline", "find_emphasised", "find_interviewers", "find_labels", "find_release",
    "guess_language", "outlet_of", "parse_label", "posts_by_sentence", "read", "web_address", "weigh_argument",
]  # fmt: skip
