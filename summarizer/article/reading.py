"""The Reading: an article in numbered sentences, without boilerplate, and its language."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from summarizer._files import read_toml
from summarizer._languages import cached, frequent_words, language_codes, own_words
from summarizer._patterns import compile_lazily
from summarizer.article.article import Article, ArticleForm
from summarizer.article.cleaning import Cut, clean_lines, find_invisible, find_markup, with_kind
from summarizer.article.forms import find_form
from summarizer.article.metadata import find_metadata_lines
from summarizer.article.sentences import (
    JoinedText,
    ParagraphSpans,
    SentenceKind,
    join_lines,
    spans_within,
    split_lines,
    split_sentences,
    wrap_width,
)
from summarizer.errors import ArticleError
from summarizer.spans import Span


class Sentence(NamedTuple):
    """One sentence of the article."""

    number: int
    """The position in the article, from 1."""
    text: str
    """The words: ``quote(article.text, spans)``."""
    spans: tuple[Span, ...]
    """The place in ``article.text``: one span, or several if the sentence is torn."""
    kind: SentenceKind
    """``"title"``, ``"caption"`` of a picture, or ``"prose"``."""
    paragraph: int
    """The index of its paragraph, from 0."""

    def __repr__(self) -> str:
        """Show the place without the words, which may be confidential."""
        return f"Sentence(number={self.number}, kind={self.kind!r}, characters={len(self.text)})"


@dataclass(frozen=True, slots=True)
class Reading:
    """An article, its sentences in order, and its cuts."""

    article: Article
    sentences: tuple[Sentence, ...]
    cuts: tuple[Cut, ...]
    form: ArticleForm = "report"
    """The form that the article declares, or that its text shows."""

    def sentence(self, number: int) -> Sentence:
        """Return the sentence with this number, or raise IndexError."""
        if number < 1:
            raise IndexError(number)
        return self.sentences[number - 1]


def read(article: Article, *, clean: bool = True) -> Reading:
    """Cut boilerplate, join torn lines, and number the sentences of ``article``.

    With ``clean=False``, nothing is cut. If nothing is left to read, an ArticleError says why.
    """
    if not isinstance(article, Article):
        raise ArticleError(f"Pass an Article, such as Article.from_text(…), not {type(article).__name__}.")
    text = article.text
    cuts: list[Cut] = []
    roles = find_metadata_lines(text, article.title)
    hidden = _find_hidden(text) if clean else {}
    if clean:
        if article.cuts:
            roles, hidden = _add_cuts(article, roles, hidden)
        lines = clean_lines(text, roles, list(hidden), cuts)
    else:
        lines = (with_kind(line, roles.get(line.start)) for line in split_lines(text))
    sentences = tuple(_sentences(article, join_lines(lines, wrap_width(text)), hidden, cuts))
    if not sentences:
        reasons = ", ".join(sorted({cut.reason for cut in cuts}))
        hint = "clean=False (--no-clean) cuts nothing."
        raise ArticleError(f"Nothing of the article is left to read: all of it was cut ({reasons}).", hint=hint)
    return Reading(article, sentences, tuple(sorted(cuts)), find_form(article, sentences))


def _find_hidden(text: str) -> dict[Span, str]:
    """Return the characters of the text that are not read, with the reasons."""
    hidden = dict.fromkeys(find_invisible(text), "invisible")
    if markup := find_markup(text):
        taken = {offset for span in hidden for offset in range(*span)}
        hidden |= {span: "markup" for span in markup if taken.isdisjoint(range(*span))}
    return dict(sorted(hidden.items()))


def _add_cuts(
    article: Article, roles: dict[int, str], hidden: dict[Span, str]
) -> tuple[dict[int, str], dict[Span, str]]:
    """Add the article's own cuts: whole lines to ``roles``, characters within a line to ``hidden``."""
    ends = {line.start: line.end for line in split_lines(article.text)}
    lines = {span.start: reason for span, reason in article.cuts if ends.get(span.start) == span.end}
    inner = {span: reason for span, reason in article.cuts if ends.get(span.start) != span.end}
    offsets = {offset for span in inner for offset in range(*span)}
    others = {span: reason for span, reason in hidden.items() if offsets.isdisjoint(range(*span))}
    return roles | lines, dict(sorted((others | inner).items()))


def _sentences(
    article: Article, paragraphs: Iterable[ParagraphSpans], hidden: dict[Span, str], cuts: list[Cut]
) -> Iterator[Sentence]:
    """Yield the sentences of ``paragraphs``; ``hidden`` characters in them are added to ``cuts`` with their reasons."""
    gaps = list(hidden)
    text = article.text
    language = find_language_code(text, article.language) or ENGLISH
    number = 0
    for index, (spans, kind) in enumerate(paragraphs):
        inside = [gap for span in spans for gap in spans_within(gaps, *span)] if gaps else []
        if len(spans) == 1 and not inside:  # nearly always: offsets only need a shift
            start, end = spans[0]
            for first, last, words in split_sentences(text[start:end], language):
                number += 1
                yield Sentence(number, words, (Span(start + first, start + last),), kind, index)
            continue
        cuts += [Cut(gap, hidden[gap]) for gap in inside]
        joined = JoinedText(text, spans, inside)
        for first, last, words in split_sentences(joined.text, language):
            number += 1
            yield Sentence(number, words, joined.to_spans(first, last), kind, index)


ENGLISH = "en"
_SAMPLE = 2_000  # characters
_MIN_SHARE = 0.08  # share of the words that must be frequent words of a language
_MIN_COUNT = 3  # frequent words
_MIN_WORDS = 40  # fewer words do not show the language against a given one
_MIN_DISTINCT = 3  # frequent words of a language against a given one, not the same few again and again
_MIN_CLEAR = 2  # words of one language that are no words of English
_WORD = compile_lazily(r"\w+(?:-\w+)*'?")
_CLEARLY = 2  # times as many words as those of the other language
_BEYOND_LATIN = compile_lazily("[\u0250-\U0010ffff]")  # the letters among them belong to other scripts
_FOREIGN_MARKS = "„«»"
_FREQUENT = {
    code: frozenset(words.split()) for code, words in read_toml(__file__, "languages.toml")["frequent"].items()
}
"""Frequent words of languages without a folder."""


def guess_language(text: str, default: str = ENGLISH) -> str:
    """Guess the language from its words, for example ``"de"``.

    The language decides how sentences are split: "14. Juni" is one sentence in German, and two in English.

    Args:
        text: The text, of which the beginning counts.
        default: The result if no language is clearly likelier than English.
    """
    sample = text[:_SAMPLE]
    return _guess(sample, _words(sample), default)


def _guess(sample: str, words: Sequence[str], default: str) -> str:
    shares = _shares(words)
    has_marks = any(mark in sample for mark in _FOREIGN_MARKS)
    if len(words) < _MIN_WORDS and (short := _guess_short(words, shares, 1 if has_marks else _MIN_CLEAR)):
        return short
    best = max(shares, key=lambda code: shares[code])
    is_clear = best == ENGLISH or shares[best] > shares[ENGLISH]
    return best if is_clear and shares[best] >= max(_MIN_COUNT, _MIN_SHARE * len(words)) else default


def find_language_code(text: str, given: str | None) -> str:
    """Return the primary code of a text's language; empty if it is clearly none that the library knows.

    A given language decides, unless the text has 40 words and clearly is in another. Otherwise, its words decide.
    """
    return _find_code(text[:_SAMPLE], (given or "").partition("-")[0].lower())


@cached
def _find_code(sample: str, code: str) -> str:
    words = _words(sample)
    if code:
        shares = _shares(words)
        best = max(shares, key=lambda other: shares[other])
        is_clear = shares[best] > max(_MIN_COUNT, _MIN_SHARE * len(words), _CLEARLY * shares.get(code, 0))
        is_clear = is_clear and _shares(set(words))[best] >= _MIN_DISTINCT
        return best if code in shares and len(words) >= _MIN_WORDS and is_clear else code
    beyond = sum(map(str.isalpha, _BEYOND_LATIN.findall(sample)))
    if beyond and 3 * beyond > sum(map(str.isalpha, sample)):
        return ""
    guessed = _guess(sample, words, default="")
    if guessed:
        return guessed
    english = sum(map(own_words(ENGLISH).__contains__, words))
    is_short = len(words) < _MIN_WORDS
    has_marks = any(mark in sample for mark in _FOREIGN_MARKS)
    is_foreign = not english and has_marks if is_short else english < len(words) / 30
    return "" if is_foreign else ENGLISH


def language_of(reading: Reading) -> str:
    """Return the primary code of an article's language; empty if it is clearly none that the library knows."""
    sample = " ".join([sentence.text for sentence in reading.sentences[:200]])
    return find_language_code(sample, reading.article.language)


def looks_english(reading: Reading) -> bool:
    """Return whether an article is in English. A short text in Latin script counts as English."""
    return language_of(reading) == ENGLISH


def _words(sample: str) -> list[str]:
    return _WORD.findall(sample.lower().replace("’", "'"))


def _shares(words: Iterable[str]) -> dict[str, int]:
    """Return how many of the words are frequent words of each language."""
    languages = _languages_by_word()
    counts = dict.fromkeys([*_FREQUENT, *language_codes()], 0)
    counted = Counter(words)
    for word in counted.keys() & languages.keys():
        for code in languages[word]:
            counts[code] += counted[word]
    return counts


@cached
def _languages_by_word() -> Mapping[str, list[str]]:
    languages: dict[str, list[str]] = {}
    for code, words in (_FREQUENT | {code: frequent_words(code) for code in language_codes()}).items():
        for word in words:
            languages.setdefault(word, []).append(code)
    return languages


def _guess_short(words: Iterable[str], shares: dict[str, int], least: int) -> str:
    """Return the language that most words of a short text are in; empty if it is not clear."""
    counted = list(words)
    counts = shares | {
        code: shares[code] + sum(map(own_words(code).__contains__, counted)) for code in language_codes()
    }
    best, second = sorted(counts, key=lambda code: -counts[code])[:2]
    return best if counts[best] >= least and counts[best] > counts[second] else ""
