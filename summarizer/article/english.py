"""Whether an article is in English, for which the analysis of reported speech is made."""

from summarizer._text import normalized_words
from summarizer.article import Reading

_SAMPLE = 200  # sentences that tell the language
_TELLING = 40  # words that it takes to tell
_COMMON = frozenset("the and to that with said from they this have by not it he you".split())
"""Frequent in English, and in no neighbour of it, as "in", "is", "was", "of", "on" and "as" are."""
_BEYOND_LATIN = "\u0250"  # letters from here on are of other scripts


def looks_english(reading: Reading) -> bool:
    """What the article's language says; without one, what its words do. A few Latin words say nothing: yes."""
    if language := reading.article.language:
        return language.lower().split("-")[0] == "en"
    sample = " ".join(sentence.text for sentence in reading.sentences[:_SAMPLE])
    letters = [letter for letter in sample if letter.isalpha()]
    if 3 * sum(letter >= _BEYOND_LATIN for letter in letters) > len(letters):
        return False
    words = normalized_words(sample)
    return len(words) < _TELLING or sum(word in _COMMON for word in words) >= len(words) / 30
