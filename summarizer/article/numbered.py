"""The article as a model is shown it: one numbered line a sentence, between delimiters."""

import re
from collections.abc import Iterable

from summarizer.article.article import Article
from summarizer.article.reading import Reading, Sentence
from summarizer.article.tokens import count_words

# What would be taken for a number or a delimiter at the beginning of a line, or for a delimiter anywhere.
_IMITATION = re.compile(r"^(?=\\*\[\d+\])|(?=</?article\b)", re.IGNORECASE)


def numbered_line(sentence: Sentence, *, ends_paragraph: bool) -> str:
    """The line of ``sentence`` as it is sent; a blank line after it ends the paragraph.

    A line begins with its number and ends with a line feed, so that the tokens of several lines are
    the sum of the tokens of each.
    """
    number, words, _, kind, _ = sentence
    if words[0] in "[\\" or "<" in words:
        words = _IMITATION.sub(r"\\", words)
    label = "" if kind == "prose" else f"({kind}) "
    return f"[{number}] {label}{words}\n\n" if ends_paragraph else f"[{number}] {label}{words}\n"


def numbered_lines(reading: Reading) -> list[str]:
    """The lines of all sentences, in order."""
    following = [*(sentence.paragraph for sentence in reading.sentences[1:]), -1]
    return [
        numbered_line(sentence, ends_paragraph=sentence.paragraph != paragraph)
        for sentence, paragraph in zip(reading.sentences, following, strict=True)
    ]


def line_tokens(line: str) -> int:
    """How many tokens a numbered line is.

    Its number is two brackets, and a token for every three figures.
    """
    number, _, words = line.partition(" ")
    return 2 + len(number) // 3 + count_words(words)


def delimited(article: Article, lines: Iterable[str], name: str = "article") -> str:
    """``lines`` between delimiters that no article can imitate: they carry a part of its own hash."""
    name = f"{name}-{article.sha256[:12]}"
    return f"<{name}>\n{''.join(lines).rstrip()}\n</{name}>"
