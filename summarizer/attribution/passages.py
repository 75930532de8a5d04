"""Passages: the paragraphs of a Reading as words, the ground on which every rule walks.

A sentence splitter often parts a quotation from its tag (`"Is it?" she asked.`), so the rules look
at whole paragraphs. A Passage knows where its sentences begin, and takes a range of words back to
spans of ``article.text``.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from summarizer.article import Reading, Sentence, SentenceKind
from summarizer.spans import Span, locate

# One alternative a kind of word, and none can begin inside another: nothing to backtrack into.
_WORD = re.compile(
    r"[a-z]+(?=[ ,])"  # what most words are; the rest says nothing else of them, only slower
    r"|(?:[A-Z]\.){2,}"  # U.S., J.D.
    r"|(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Capt|Adm|Rev|Hon|St|Pres|Sens|Reps|Govs)\."
    r"|(?:Jr|Sr|No|Ala|Ariz|Ark|Calif|Colo|Conn|Del|Fla|Ga|Ill|Ind|Kan|Ky|La|Mass|Md|Mich|Minn|Mo|Mont|Neb|Nev|Okla|Ore"
    r"|Pa|Tenn|Tex|Va|Vt|Wash|Wis|Wyo|Jan|Feb|Aug|Sept|Oct|Nov|Dec|vs)\.(?!$)"
    r"|[A-Z]\.(?= [A-Z][a-z])(?<!\w..)"  # an initial
    r"|\d+(?:[.,]\d+)+"  # 4,200 and 3.5
    r"|[^\W_](?:[\w&]|[-’'](?=[^\W_]))*(?<!['’])"  # words, with their hyphens and apostrophes
    r"|''|``|--+|\.\.+|\S"
)

_ABBREVIATED = re.compile(r"[A-Z]\.|(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Lt|St|No|Miss|vs)\.")
"""The last word of what a sentence splitter took for a sentence, and is none: "Thomas E. / Hill"."""

_SMALL = 3
"""In letters, a word that has no capital in a title either; and the fewest words of a title but one."""

_DASHES = frozenset({"-", "—", "–", "--"})
_SHORTEST_PLACE = 3  # characters
_LONGEST_DATELINE = 14  # words

Range = tuple[int, int]
"""A half-open range of words of one passage."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph, in words."""

    text: str
    """Its sentences, joined by spaces."""
    words: tuple[str, ...]
    """Words and marks, as written."""
    lower: tuple[str, ...]
    """The same in lower case, curly apostrophes made straight."""
    starts: tuple[int, ...]
    """Where each word begins in ``text``."""
    kind: SentenceKind
    """What its first sentence is."""
    sentences: tuple[Sentence, ...]
    offsets: tuple[int, ...]
    """Where each sentence begins in ``text``."""
    first_words: tuple[int, ...]
    """The index of the first word of each sentence that begins after a full stop, not after an initial."""
    shift: int | None
    """What leads from an offset in ``text`` to one in the article; none where the article has it in another form."""

    def sentence_range(self, word: int) -> Range:
        """The words of the sentence that holds ``word``."""
        firsts = self.first_words
        following = bisect_right(firsts, word, 1)
        return firsts[following - 1], firsts[following] if following < len(firsts) else len(self.words)

    def begins_sentence(self, word: int) -> bool:
        """Whether a word is the first of its sentence."""
        at = bisect_left(self.first_words, word)
        return at < len(self.first_words) and self.first_words[at] == word

    @property
    def is_headline(self) -> bool:
        """Whether its capitals tell nothing: a title, or words that are written like one."""
        if self.kind == "title":
            return True
        long = [word for word in self.words if len(word) > _SMALL and word.isalpha()]
        return len(long) > _SMALL and all(word[0].isupper() for word in long)

    @property
    def dateline(self) -> int:
        """Where the news begins after a place in capitals and a dash: "LEEDS, 3 May (Wire) - The …"; 0 without."""
        if not self.words[0].isupper() or len(self.words[0]) < _SHORTEST_PLACE:
            return 0
        dashes = (word for word in range(1, min(_LONGEST_DATELINE, len(self.words))) if self.words[word] in _DASHES)
        return next(dashes, -1) + 1

    @property
    def is_aside(self) -> bool:
        """Whether it is nothing but a remark in brackets: "[Laughter]"."""
        return self.text[0] in "([*" and self.text.rstrip(".")[-1:] in (")", "]", "*")

    def end(self, word: int) -> int:
        """Where ``word`` ends in ``text``."""
        return self.starts[word] + len(self.words[word])

    def quote(self, words: Range) -> str:
        """The text of a range of words."""
        return self.text[self.starts[words[0]] : self.end(words[1] - 1)]

    def spans(self, article_text: str, words: Range) -> tuple[Span, ...]:
        """Where a range of words lies in the article."""
        start, end = self.starts[words[0]], self.end(words[1] - 1)
        if self.shift is not None:
            return (Span(start + self.shift, end + self.shift),)
        index = bisect_right(self.offsets, start, 1) - 1
        sentence, offset = self.sentences[index], self.offsets[index]
        if end - offset <= len(sentence.text):
            return _within(article_text, sentence, start - offset, end - offset)
        parts = [_within(article_text, *part) for part in self._parts(words)]
        return _joined(article_text, [span for spans in parts for span in spans])

    def numbers(self, words: Range) -> list[int]:
        """The numbers of the sentences that a range of words touches."""
        return [sentence.number for sentence, _, _ in self._parts(words)]

    def _parts(self, words: Range) -> Iterator[tuple[Sentence, int, int]]:
        """The sentences a range of words touches, each with the part of its text, in characters."""
        start, end = self.starts[words[0]], self.end(words[1] - 1)
        index = bisect_right(self.offsets, start, 1) - 1
        while index < len(self.sentences) and self.offsets[index] < end:
            sentence, offset = self.sentences[index], self.offsets[index]
            yield sentence, max(start - offset, 0), min(end - offset, len(sentence.text))
            index += 1


def _within(article_text: str, sentence: Sentence, start: int, end: int) -> tuple[Span, ...]:
    """`locate`, without its work for the sentences that only need a shift."""
    first = sentence.spans[0]
    if len(sentence.spans) == 1 and first.end - first.start == len(sentence.text):
        return (Span(first.start + start, first.start + end),)
    return locate(article_text, sentence.spans, start, end)


def _joined(article_text: str, spans: list[Span]) -> tuple[Span, ...]:
    """The spans, joined where nothing but white space keeps two sentences apart."""
    joined: list[Span] = []
    for span in spans:
        if joined and not article_text[joined[-1].end : span.start].strip():
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return tuple(joined)


_LABELLED = re.compile(r"[A-Z][\w.’'-]*(?: (?:[A-Z][\w.’'-]*|de|da|del|van|von|of|the)){0,4}:(?=\s)")
"""A speaker and a colon, as a line of a transcript begins."""


def passages(reading: Reading) -> list[Passage]:
    """The paragraphs of a reading, in order.

    A title and a caption are passages of their own, and so is a line that begins with its speaker.
    """
    text = reading.article.text
    return [
        _passage(text, tuple(line), kind)
        for (_, kind), sentences in groupby(reading.sentences, key=lambda each: (each.paragraph, each.kind))
        for line in _lines(text, list(sentences))
    ]


def _lines(text: str, sentences: list[Sentence]) -> list[list[Sentence]]:
    """The sentences of a paragraph, parted where a line begins with a speaker."""
    lines = [sentences[:1]]
    for sentence in sentences[1:]:
        if ":" in sentence.text and _begins_line(text, sentence) and _LABELLED.match(sentence.text):
            lines.append([sentence])
        else:
            lines[-1].append(sentence)
    return lines


def _begins_line(text: str, sentence: Sentence) -> bool:
    start = sentence.spans[0].start
    return "\n" in text[max(0, start - 8) : start] and not text[max(0, start - 8) : start].rpartition("\n")[2].strip()


def _passage(article_text: str, sentences: tuple[Sentence, ...], kind: SentenceKind) -> Passage:
    words: list[str] = []
    starts: list[int] = []
    first_words: list[int] = []
    offsets: list[int] = []
    offset = 0
    before = ""
    for sentence in sentences:
        offsets.append(offset)
        if not words or not _ABBREVIATED.fullmatch(before.rpartition(" ")[2]):
            first_words.append(len(words))
        found = _WORD.findall(sentence.text)
        words += found
        starts += _starts(sentence.text, found, offset)
        offset += len(sentence.text) + 1
        before = sentence.text
    text = " ".join([sentence.text for sentence in sentences])
    lower = " ".join(words).lower().replace("’", "'").split(" ")  # no word has a space in it
    begin = sentences[0].spans[0].start
    shift = begin if article_text.startswith(text, begin) else None
    return Passage(
        text, tuple(words), tuple(lower), tuple(starts), kind, sentences, tuple(offsets), tuple(first_words), shift
    )


def _starts(text: str, words: list[str], offset: int) -> list[int]:
    """Where each word begins: nothing but single spaces stands between them."""
    starts: list[int] = []
    position = 0
    for word in words:
        if text[position] == " ":
            position += 1
        starts.append(offset + position)
        position += len(word)
    return starts
