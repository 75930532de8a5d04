"""A paragraph of another language as tokens, quotations and units: sentences that no quotation runs across."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from summarizer.article import Sentence
from summarizer.attribution.languages.language import Language
from summarizer.spans import Span, locate

Range = tuple[int, int]
"""A half-open range of tokens."""

STOPS = frozenset({".", "!", "?", "…", "..."})
DASHES = frozenset({"—", "–", "--", "-", "―"})
PAUSES = frozenset({",", ";", ":", "(", ")", "[", "]"}) | DASHES
_APOSTROPHES = "'’‘"
_MAX_NAME = 6  # in tokens: a full name
_PUNCTUATION = ".,;:!?"


@dataclass(slots=True)
class Text:
    """The tokens of a paragraph."""

    language: Language
    sentences: Sequence[Sentence]
    text: str = ""
    words: list[str] = field(default_factory=list)
    lower: list[str] = field(default_factory=list)
    capitals: list[bool] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)
    """The offset of each sentence."""
    quotations: list[Range] = field(default_factory=list)
    """With their marks; one without a closing mark runs to the end."""
    quotation_of: list[int] = field(default_factory=list)
    """The index of the quotation that holds each token, or -1."""
    units: list[Range] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Read tokens, quotations and units."""
        offset = 0
        for sentence in self.sentences:
            self.offsets.append(offset)
            offset += len(sentence.text) + 1
        self.text = " ".join(sentence.text for sentence in self.sentences)
        for match in self.language.token.finditer(self.text):
            self.words.append(match.group())
            self.starts.append(match.start())
        self.lower = list(map(self.language.fold, self.words))
        self.capitals = list(map(_has_capital, self.words))
        self.quotations = list(self._find_quotations())
        self.quotation_of = [-1] * len(self.words)
        for index, (start, end) in enumerate(self.quotations):
            self.quotation_of[start:end] = [index] * (end - start)
        self.units = list(self._find_units())

    def end(self, token: int) -> int:
        """Return the offset where a token ends."""
        return self.starts[token] + len(self.words[token])

    def quote(self, words: Range) -> str:
        """Return the text of a range of tokens."""
        return self.text[self.starts[words[0]] : self.end(words[1] - 1)] if words[0] < words[1] else ""

    def is_word(self, token: int) -> bool:
        """Return whether a token is a word or a number."""
        return self.words[token][0].isalnum()

    def find(self, marks: frozenset[str], start: int, stop: int) -> int:
        """Return the first token of a range that is one of ``marks`` or begins a quotation, or ``stop``."""
        for token in range(start, stop):
            if self.lower[token] in marks or self.quotation_of[token] >= 0:
                return token
        return stop

    def spans(self, article_text: str, words: Range) -> list[tuple[int, Span]]:
        """Return the spans of a range of tokens in the article, each with the number of its sentence."""
        start, end = self.starts[words[0]], self.end(words[1] - 1)
        found: list[tuple[int, Span]] = []
        first = bisect_right(self.offsets, start, 1) - 1
        for index in range(first, len(self.sentences)):
            sentence, offset = self.sentences[index], self.offsets[index]
            if offset >= end:
                break
            begin, stop = max(start - offset, 0), min(end - offset, len(sentence.text))
            spans = locate(article_text, sentence.spans, begin, stop) if begin < stop else ()
            found += [(sentence.number, span) for span in spans]
        return found

    def _find_quotations(self) -> Iterator[Range]:
        start = -1
        closers = self.language.closers
        marks = set("".join((*closers, *closers.values())))
        for token in (at for at, word in enumerate(self.words) if word in marks):
            word = self.words[token]
            before = self.text[self.starts[token] - 1 : self.starts[token]]
            after = self.text[self.end(token) : self.end(token) + 1]
            if start < 0:
                is_apostrophe = word in _APOSTROPHES and not after.isalpha()
                if word in closers and not (is_apostrophe or before.isalnum() or before in tuple(".,!?…")):
                    start = token
            elif word in closers[self.words[start]] and not (word in _APOSTROPHES and after.isalpha()):
                if token > start + 1:
                    yield start, token + 1
                start = -1
        if start >= 0 and self.words[start] not in _APOSTROPHES and start + 1 < len(self.words):
            yield start, len(self.words)

    def _find_units(self) -> Iterator[Range]:
        """Yield the sentences, joined where a quotation or a lower-case letter shows that they are one."""
        boundaries = set(self.offsets)
        start = 0
        quotation_of = self.quotation_of
        for token in range(1, len(self.words)):
            is_inside = quotation_of[token] < 0 and quotation_of[token - 1] < 0
            if is_inside and self.starts[token] not in boundaries:
                continue
            if self._is_boundary(token, boundaries):
                yield start, token
                start = token
        if self.words:
            yield start, len(self.words)

    def _is_boundary(self, token: int, boundaries: set[int]) -> bool:
        quotation = self.quotation_of[token]
        if quotation >= 0 and self.quotations[quotation][0] != token:
            return False
        if self.lower[token - 1] in self.language.abbreviations:
            return False
        first = token + (self.quotation_of[token] >= 0 or self.lower[token] in DASHES)
        if first >= len(self.words) or not (self.capitals[first] or self.words[first].isdigit()):
            return quotation >= 0 and self.starts[token] in boundaries and self.lower[token - 1] in STOPS
        if quotation >= 0 and self.lower[token - 1] in STOPS and len(self.words[max(token - 2, 0)]) > 1:
            return True
        ends_quotation = self.quotation_of[token - 1] >= 0 and self.lower[token - 2] in STOPS and token > 1
        return self.starts[token] in boundaries or (ends_quotation and self.lower[token] not in DASHES)


def _has_capital(word: str) -> bool:
    return word[0].isupper() or (word[0].isdigit() and "-" in word and not word.islower())  # "52-Jährige"


def find_full_names(texts: Sequence[Text], lang: Language) -> dict[str, str]:
    """Return the first full name in the article for each surname, in lower case."""
    names: dict[str, str] = {}
    for text in texts:
        for first, end in _capitalised_runs(text):
            start = first
            while start < end - 1 and (
                text.lower[start] in lang.titles or lang.noun_kind(text.lower[start])
                or any(text.lower[start] in lang.words(key) for key in _NO_NAMES)
            ):  # fmt: skip
                start += 1
            given = next((at for at in range(start, end - 1) if text.lower[at] in lang.given_names), None)
            while given is None and end - start > 2 and text.lower[start].endswith(tuple(lang.words("person_endings"))):
                start += 1
            start = start if given is None else given
            words = text.lower[start:end]
            is_given = words[0] in lang.given_names
            if 1 < len(words) <= _MAX_NAME and (is_given or not any(map(lang.noun_kind, words[:-1]))):
                names.setdefault(words[-1], text.quote((start, end)))
    return names


_NO_NAMES = ("no_names", "days", "function_words", "definite", "indefinite", "possessives", "adverbs", "leads", "links",
             "auxiliaries")  # fmt: skip


def _capitalised_runs(text: Text) -> Iterator[Range]:
    start, lower, lang = -1, text.lower, text.language
    particles = lang.words("name_particles")
    for token in range(len(text.words) + 1):
        inside = token < len(text.words) and text.capitals[token]
        follows = token + 1 < len(text.words) and (text.capitals[token + 1] or lower[token + 1] in particles)
        is_particle = follows and lower[token] in particles and lower[token] not in lang.words("definite")
        if inside and start < 0:
            start = token
        elif start >= 0 and not inside and (not is_particle or lang.noun_kind(lower[token - 1])):
            yield start, token
            start = -1


def restore_order(words: str, lang: Language) -> str:
    """Return a clause whose verb comes first ("fehlt noch Geld") with its next part before the verb.

    What came first names the source, as "Laut Berg", and is not part of the clause.
    """
    found = words.split()
    start = 1 + (len(found) > 1 and found[1] in lang.words("reflexives"))  # "haben sich die Preise verdoppelt"
    end = start + _length_of_part(found[start:], lang)
    is_verb_first = lang.nouns_capitalised and words[:1].islower() and start < end and found[0].isalpha()
    if not is_verb_first or words[-1] == "?":
        return words
    part = " ".join(found[start:end])
    bare = part.rstrip(_PUNCTUATION)
    verb = " ".join(found[:start]) + part[len(bare) :]
    return " ".join([bare[:1].upper() + bare[1:], verb, *found[end:]])


def _length_of_part(words: Sequence[str], lang: Language) -> int:
    """Return the number of words in the first part of a clause: a pronoun, an adverb or a noun phrase."""
    lower = lang.split(" ".join(words[:1]))[:1]
    keys = ("definite", "indefinite", "possessives", "quantifiers", "links", "prepositions_of_time")
    endings = tuple(lang.words("adjective_endings")) or ("\n",)
    if not lower or lower[0] in lang.pronouns or (words[0].islower() and lang.match("adverbs", lower, 0)):
        return len(lower)
    if words[0].islower() and not lower[0].endswith(endings) and not any(lang.match(key, lower, 0) for key in keys):
        return 1
    end, is_open, genitives = 0, True, lang.words("genitives")
    while is_open:
        noun = next((at for at in range(end, min(end + _MAX_NAME, len(words))) if _has_capital(words[at])), -1)
        if noun < 0 or any(word[-1] in _PUNCTUATION for word in words[end:noun]):
            break
        end = noun + 1
        while end < len(words) and words[end - 1][-1] not in _PUNCTUATION and _has_capital(words[end]):
            end += 1
        is_open = words[end - 1][-1] not in _PUNCTUATION and not genitives.isdisjoint(words[end : end + 1])
    return end
