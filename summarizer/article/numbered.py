"""The article as a model is shown it: one numbered line a sentence, between delimiters."""

import re
from collections.abc import Iterable

from summarizer.article.article import Article
from summarizer.article.reading import Reading, Sentence

# What would be taken for a number or a delimiter at the beginning of a line, or for a delimiter anywhere.
_IMITATION = re.compile(r"^(?=\\*\[\d+\])|(?=</?article\b)", re.IGNORECASE)


def numbered_line(sentence: Sentence, *, ends_paragraph: bool) -> str:
    """The line of ``sentence`` as it is sent; a blank line after it ends the paragraph.

    A line begins with its number and ends with a line feed, so that the tokens of several lines are
    the sum of the tokens of each.
    """
    kind = "" if sentence.kind == "prose" else f"({sentence.kind}) "
    words = sentence.text
    if words[0] in "[\\" or "<" in words:
        words = _IMITATION.sub(r"\\", words)
    return f"[{sentence.number}] {kind}{words}\n" + ("\n" if ends_paragraph else "")


def numbered_lines(reading: Reading) -> list[str]:
    """The lines of all sentences, in order."""
    following = [*(sentence.paragraph for sentence in reading.sentences[1:]), -1]
    return [
        numbered_line(sentence, ends_paragraph=sentence.paragraph != paragraph)
        for sentence, paragraph in zip(reading.sentences, following, strict=True)
    ]


def delimited(article: Article, lines: Iterable[str]) -> str:
    """``lines`` between delimiters that no article can imitate: they carry a part of its own hash."""
    name = f"article-{article.sha256[:12]}"
    return f"<{name}>\n{''.join(lines).rstrip()}\n</{name}>"
