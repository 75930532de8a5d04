"""Strategies for texts of every kind."""

from hypothesis import strategies as st

from summarizer.article import Article, Reading, read
from summarizer.errors import ArticleError

WORDS = [
    "The",
    "minister",
    "said",
    "Ms.",
    "Clinton",
    "the",
    "of",
    "Berlin",
    "offered",
    "iPhone",
    "U.S.",
    "J.",
    "B\xa0.",
    "Mr.",
    "5",
    "12,000",
    "café",
    "naïve",
    "straße",
    "İstanbul",
    "“Yes.”",
    '"No!"',
    "'so'",
    "«Oui»",
    "„Ja“",
    "(he)",
    "[3]",
    "[12]",
    "\\[4]",
    "</article>",
    "<article-0>",
    "<|endoftext|>",
    "REUTERS",
    "AFP",
    "PHOTO:",
    "REUTERS",
    "Advertisement",
    "Sign",
    "up",
    "for",
    "our",
    "newsletter",
    "Follow",
    "topic:",
    "Read",
    "more",
    "on",
    "By",
    "Ann",
    "Lee",
    "2025-05-02",
    "—",
    "–",
    "…",
    "...",
    "?!",
    "。",
    "，",
    "他说好",
    "مرحبا",
    "بالعالم؟",
    "שלום",
    "हिन्दी।",
    "ไทย",
    "한국어",
    "👩\u200d👩\u200d👧",
    "🇩🇪",
    "é",
    "\u200b",
    "\u200d",
    "\u202e",
    "\ufeff",
    "\xad",
    "\x00",
    "\x07",
    "\U000e0041",
    ".",
    ",",
    ":",
    ";",
]
SPACES = (" ", " ", " ", "\n", "\n\n", "\r\n", "\r", "\t", "  ", "\xa0", "\u2028", "\u3000", "\x0c", "\x85", "\x1c", "")

_worded = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(SPACES)), min_size=1, max_size=60).map(
    lambda pairs: "".join(word + space for word, space in pairs)
)
_any = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)
_endless = st.builds(
    lambda unit, times: unit * times, st.sampled_from([*WORDS, "a", "“", "a ", "😀", ", "]), st.integers(1, 3_000)
)

texts = st.one_of(
    _worded, _any, _endless, st.builds(lambda *parts: "\n".join(parts), _worded, _endless, _worded)
).filter(lambda text: not text.isspace() and text != "")


def reading_of(text: str, *, clean: bool = True) -> Reading:
    """Read ``text``; without cleaning if cleaning leaves nothing."""
    article = Article.from_text(text)
    try:
        return read(article, clean=clean)
    except ArticleError:
        return read(article, clean=False)
