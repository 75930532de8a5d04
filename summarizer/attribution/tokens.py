"""Paragraphs as tokens with word classes, quotations and cues: the input of every rule.

A sentence splitter often separates a quotation from its tag (`"Is it?" she asked.`), so the rules work on
whole paragraphs. A Paragraph knows where its sentences begin, and maps ranges of its tokens to spans of
``article.text``.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import accumulate, chain, compress, groupby, islice, pairwise
from operator import attrgetter

from summarizer._patterns import compile_lazily
from summarizer.article import Reading, Sentence, SentenceKind
from summarizer.attribution import lexicon
from summarizer.attribution.lexicon import Cue
from summarizer.attribution.name_words import find_name_words, has_class
from summarizer.attribution.quotation_marks import Quotation, find_quotations
from summarizer.spans import Span, locate

Range = tuple[int, int]
"""A half-open range of tokens of one paragraph."""
Place = tuple[int, int]
"""A paragraph and a token in it."""
Piece = tuple[int, Range]
"""A range of tokens with the index of its paragraph."""

_BOUNDARIES = (
    lexicon.MARKS | lexicon.MODALS | lexicon.AUXILIARIES | lexicon.SUBORDINATORS | lexicon.QUESTION_WORDS
    | lexicon.COMMON_VERBS | {"that", "but", "yet", "not", "to"}
) - {"'", "-", "/", "’", "since", "before", "after"}  # fmt: skip
_SMALL_PREFIX = compile_lazily("(?:[ae]l-|d['’])[A-Z]")
"""The beginning of a name with a small prefix: "al-Noor", "d'Arcy"."""
_QUOTATION_MARKS = lexicon.CLOSING_MARKS | lexicon.OPENING_MARKS
_LEADS = lexicon.ADVERBS - {"both", "all", "first", "even", "long"}
_ROWS = (
    lexicon.PRONOUNS, lexicon.OBJECT_PRONOUNS, lexicon.WORDS["relatives"], lexicon.POSSESSIVES, lexicon.DETERMINERS,
    lexicon.PREPOSITIONS, lexicon.COORDINATORS, lexicon.SUBORDINATORS, lexicon.QUESTION_WORDS, lexicon.DAYS,
    lexicon.MARKS, lexicon.STOPS, lexicon.BE, lexicon.AUXILIARIES, lexicon.MODALS, _BOUNDARIES,
    lexicon.WORDS["nonfinite"], lexicon.COMMON_VERBS, lexicon.WORDS["indefinite"] | {"'"},
    lexicon.NEGATORS | lexicon.WORDS["withholding"],
)  # fmt: skip
"""The closed classes, in the order of `Token`."""
_NO_CLASS = (False,) * len(_ROWS)
_CLASSES = {word: tuple([word in row for row in _ROWS]) for word in frozenset().union(*_ROWS)}


class Token:
    """A word or a mark with its word classes. Equal words share one token."""

    __slots__ = tuple(  # the hottest objects of the analysis
        """
        text lower entry cue is_capitalised is_adverb is_lead is_pronoun is_object_pronoun is_relative
        is_possessive owns is_determiner is_preposition is_coordinator is_subordinator is_question_word
        is_day is_mark is_stop is_be is_auxiliary is_modal is_helper is_finite_helper
        is_verb is_finite may_negate may_be_in_verb_group ends_noun_phrase is_inner is_name may_be_name opens_nickname
        may_begin_name_words
        """.split()
    )

    def __init__(self, text: str, is_name: bool = False) -> None:
        self.text = text
        self.lower = lower = text.lower().replace("’", "'")
        self.is_name = is_name
        """Part of a name in spite of its class; it has no other class then: "Will" in "Will Kerr"."""
        self.entry = None if is_name else lexicon.CUES.get(lower)
        """The lexicon's entry, if the word can attribute."""
        self.cue = None if self.entry and self.entry.openings else self.entry
        """The entry, if the word attributes without an idiom."""
        self.is_capitalised = text[0].isupper() or (text[0] in "aed" and _SMALL_PREFIX.match(text) is not None)
        """Written like a name, or the first word of a sentence."""
        self.owns = lower.endswith("'s")
        """Ends in a possessive 's, or a contracted "is"."""
        self.opens_nickname = not is_name and (lower in lexicon.OPENING_MARKS or lower == "(")
        if is_name:
            lower = ""
        is_derived = lower.endswith("ly") and lower not in lexicon.WORDS["nouns_in_ly"]
        self.is_adverb = lower in lexicon.ADVERBS or (is_derived and len(lower) > 4)
        self.is_lead = lower in _LEADS or (is_derived and len(lower) > 6)
        """An adverb that can precede a noun phrase and is not part of it."""
        (
            self.is_pronoun, self.is_object_pronoun, self.is_relative, self.is_possessive, self.is_determiner,
            self.is_preposition, self.is_coordinator, self.is_subordinator, self.is_question_word, self.is_day,
            self.is_mark, self.is_stop, self.is_be, self.is_auxiliary, self.is_modal, self.ends_noun_phrase,
            is_nonfinite, is_common_verb, is_outside, is_negative,
        ) = _CLASSES.get(lower, _NO_CLASS)  # fmt: skip
        self.is_helper = self.is_auxiliary or self.is_modal
        self.is_finite_helper = self.is_helper and not is_nonfinite
        self.is_verb = self.is_helper or is_common_verb
        """A verb in any context."""
        self.is_finite = self.is_verb or (
            self.cue is not None and not self.cue.nouns and not self.cue.forms.isdisjoint(("past", "s"))
        )
        """A verb as above, or a past or s-form of a cue that is not a noun."""
        self.may_negate = is_negative or lower.endswith("n't")
        is_lower_adverb = self.is_adverb and not self.is_capitalised
        self.may_be_in_verb_group = self.is_helper or is_lower_adverb or lower in ("neither", "no")
        self.is_inner = not (self.cue or self.is_coordinator or self.is_pronoun or self.ends_noun_phrase or is_outside)
        """A word that never bounds a noun phrase; most words are."""
        self.may_be_name = has_class(self)
        self.may_begin_name_words = self.may_be_name or self.opens_nickname

    @property
    def is_have_or_do(self) -> bool:
        """Return whether it is a form of "have" or "do"."""
        return self.is_auxiliary and not self.is_be


class _Tokens(dict[str, Token]):
    """The tokens by their text; a dictionary is quicker than a cached function."""

    def __missing__(self, text: str) -> Token:
        if len(self) >= _MAX_TOKENS:
            self.clear()
        token = self[text] = Token(text)
        return token


_MAX_TOKENS = 50_000
_get_token = _Tokens().__getitem__
_make_name = lru_cache(maxsize=1_000)(partial(Token, is_name=True))
_get_lower, _get_entry = attrgetter("lower"), attrgetter("entry")  # faster than a loop over every token

_MIN_TITLE_WORDS = 3
_MAX_MINOR_WORD = 3
"""In letters: words that a title may write without a capital."""
_MIN_PLACE = 3
"""In characters: the place of a dateline."""
_MAX_DATELINE = 14
"""In tokens."""
_DATELINE_ENDS = lexicon.DASHES | {"-"}
_MAX_JOINED = 4
"""Quotations that can join sentences to one; more are no prose, and would cost time."""
_MAX_CUES = 40
"""Cues of one sentence that are looked at, for the same reason."""


@dataclass(slots=True, eq=False)
class Paragraph:
    """One paragraph as tokens, with its quotations and cues."""

    index: int
    text: str
    """Its sentences, joined by spaces; broken quotation marks are restored, without a change of length."""
    tokens: tuple[Token, ...]
    lower: tuple[str, ...]
    """The tokens in lower case, with straight apostrophes."""
    starts: Sequence[int]
    """The offset of each token in ``text``."""
    kind: SentenceKind
    """The kind of its first sentence."""
    sentences: tuple[Sentence, ...]
    offsets: tuple[int, ...]
    """The offset of each sentence in ``text``."""
    first_words: tuple[int, ...]
    """The first token of each sentence."""
    shift: int | None
    """The distance from an offset in ``text`` to the article's; None if the article's text differs."""
    quotations: tuple[Quotation, ...] = ()
    quotation_of: tuple[Quotation | None, ...] = ()
    """The quotation that holds each token."""
    cues: tuple[tuple[int, Cue], ...] = ()
    """The tokens outside quotations that are forms of a cue."""
    dateline: int = 0
    """The token after a dateline ("LEEDS, 3 May (Wire) - The …"), or 0."""
    has_title_case: bool = False
    """Its capitals mean nothing: a title, or words written like one."""

    def sentence_range(self, word: int) -> Range:
        """Return the tokens of the sentence that holds ``word``."""
        firsts = self.first_words
        following = bisect_right(firsts, word, 1)
        return firsts[following - 1], firsts[following] if following < len(firsts) else len(self.tokens)

    def begins_sentence(self, word: int) -> bool:
        """Return whether a token is the first of its sentence."""
        place = bisect_left(self.first_words, word)
        return place < len(self.first_words) and self.first_words[place] == word

    def sentence(self, word: int) -> Range:
        """Return the sentence around a token, joined with those that a quotation spans."""
        start, end = self.sentence_range(word)
        for _ in range(_MAX_JOINED if self.quotations else 0):
            before = start, end
            first, last = self.quotation_at(start), self.quotation_at(end - 1)
            if first and first.start < start:
                start = self.sentence_range(first.start)[0]
            if last and last.end > end:
                end = self.sentence_range(last.end - 1)[1]
            if (start, end) == before:
                break
        return start, end

    def quotation_at(self, word: int) -> Quotation | None:
        """Return the quotation that holds a token, if any."""
        return self.quotation_of[word] if self.quotations and 0 <= word < len(self.quotation_of) else None

    def quotation_from(self, word: int) -> Quotation | None:
        """Return the quotation that begins at a token, if any."""
        quotation = self.quotation_at(word)
        return quotation if quotation and quotation.start == word else None

    def inner(self, quotation: Quotation) -> Range:
        """Return the tokens between the marks of a quotation; either mark can be missing."""
        has_opening = self.lower[quotation.start] in lexicon.OPENING_MARKS
        has_closing = quotation.closed and self.lower[quotation.end - 1] in _QUOTATION_MARKS
        return quotation.start + has_opening, quotation.end - has_closing

    @property
    def is_aside(self) -> bool:
        """Return whether the paragraph is a remark in brackets: "[Laughter]"."""
        return self.text[0] in "([*" and self.text.rstrip(".")[-1:] in (")", "]", "*")

    def end(self, word: int) -> int:
        """Return the offset in ``text`` where a token ends."""
        return self.starts[word] + len(self.tokens[word].text)

    def quote(self, words: Range) -> str:
        """Return the text of a range of tokens."""
        return self.text[self.starts[words[0]] : self.end(words[1] - 1)]

    def find(self, words: Container[str], start: int, stop: int) -> int:
        """Return the first token of a range that is one of ``words``, or ``stop``."""
        for word in range(start, stop):
            if self.lower[word] in words:
                return word
        return stop

    def spans(self, article_text: str, words: Range) -> tuple[Span, ...]:
        """Return the spans of a range of tokens in the article."""
        last = words[1] - 1
        start, end = self.starts[words[0]], self.starts[last] + len(self.tokens[last].text)
        if self.shift is not None:
            return (Span(start + self.shift, end + self.shift),)
        here = slice(*self._sentence_indexes(words))
        parts = [
            _sentence_spans(article_text, sentence, max(start - offset, 0), min(end - offset, len(sentence.text)))
            for sentence, offset in zip(self.sentences[here], self.offsets[here], strict=True)
        ]
        return parts[0] if len(parts) == 1 else _join_spans(article_text, chain.from_iterable(parts))

    def sentence_numbers(self, words: Range) -> list[int]:
        """Return the numbers of the sentences that a range of tokens touches."""
        return [sentence.number for sentence in self.sentences[slice(*self._sentence_indexes(words))]]

    def _sentence_indexes(self, words: Range) -> Range:
        return bisect_right(self.first_words, words[0], 1) - 1, bisect_left(self.first_words, words[1], 1)


def _sentence_spans(article_text: str, sentence: Sentence, start: int, end: int) -> tuple[Span, ...]:
    """Return `locate`'s spans, without its work for sentences that only need a shift."""
    first = sentence.spans[0]
    if len(sentence.spans) == 1 and first.end - first.start == len(sentence.text):
        return (Span(first.start + start, first.start + end),)
    return locate(article_text, sentence.spans, start, end)


def _join_spans(article_text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for span in spans:
        if joined and not article_text[joined[-1].end : span.start].strip():
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return tuple(joined)


def read_paragraphs(reading: Reading) -> list[Paragraph]:
    """Return the paragraphs of a reading, in order.

    Titles, captions and lines that begin with their speaker are separate paragraphs.
    """
    text = reading.article.text
    paragraphs: list[Paragraph] = []
    is_open = False
    for (_, kind), sentences in groupby(reading.sentences, key=lambda sentence: (sentence.paragraph, sentence.kind)):
        for line in _split_lines(text, list(sentences)):
            paragraph = _tokenize(len(paragraphs), text, tuple(line), kind)
            _mark_names(paragraph)
            _mark_quotations(paragraph, is_open)
            paragraph.dateline = _find_dateline(paragraph)
            paragraph.cues = _find_cues(paragraph)
            is_open = bool(paragraph.quotations) and not paragraph.quotations[-1].closed and kind == "prose"
            paragraphs.append(paragraph)
    return paragraphs


_LABEL = compile_lazily(r"[A-Z][\w.’'-]*(?: (?:[A-Z][\w.’'-]*|de|da|del|van|von|of|the)){0,4}:(?=\s)")
"""A speaker and a colon, as a line of a transcript begins."""


def _split_lines(text: str, sentences: list[Sentence]) -> list[list[Sentence]]:
    """Split the sentences of a paragraph where a line begins with a speaker."""
    lines = [sentences[:1]]
    for sentence in sentences[1:]:
        start = sentence.spans[0].start
        _, newline, indent = text[max(0, start - 8) : start].rpartition("\n")
        if newline and not indent.strip() and _LABEL.match(sentence.text):
            lines.append([sentence])
        else:
            lines[-1].append(sentence)
    return lines


# One alternative for each kind of token, and none can begin inside another: no backtracking.
_TOKEN = compile_lazily(
    r"[A-Z]?[a-z]++(?=[ ,])"  # most words; the other alternatives would match them too, but slower
    r"|(?:[A-Z]\.){2,}|Ph\.?D\.|[DRI]-(?:[A-Z]\.)+"  # U.S., J.D.; a party and a state: D-N.Y.
    r"|(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Capt|Adm|Rev|Hon|St|Pres|Sens|Reps|Govs|Cllr|Ald|Atty|Supt|Insp"
    r"|Maj|Cmdr|Cpl|Amb|Det|Brig|Msgr|MR|MRS|MS|DR|SEN|REP|GOV|GEN|PROF)\."
    r"|(?:Jr|Sr|No|Ala|Ariz|Ark|Calif|Colo|Conn|Del|Fla|Ga|Ill|Ind|Kan|Ky|La|Mass|Md|Mich|Minn|Mo|Mont|Neb|Nev|Okla|Ore"
    r"|Pa|Tenn|Tex|Va|Vt|Wash|Wis|Wyo|Jan|Feb|Aug|Sept|Oct|Nov|Dec|vs)\.(?!$)"
    r"|[A-Z]\.(?= [A-Z](?:[a-z]|\. [A-Z]))(?<!\w..)"  # an initial
    r"|\d+(?:[.,]\d+)+"  # 4,200 and 3.5
    r"|[^\W_](?:[\w&]|[-’'](?=[^\W_]))*(?<!['’])"  # words, with their hyphens and apostrophes
    r"|''|``|--+|\.\.+|\S"
)


_SHORT = 12
"""In tokens: the beginning of a paragraph whose numbers a list holds in less memory."""
_share = lru_cache(maxsize=1_024)(tuple[int, ...])  # one tuple for all short lines with equal numbers


def _tokenize(index: int, article_text: str, sentences: tuple[Sentence, ...], kind: SentenceKind) -> Paragraph:
    tokens: list[Token] = []
    starts: array[int] | list[int] = array("I") if len(sentences) > 1 else []  # an array is lighter if it is long
    first_words: list[int] = []
    offsets: list[int] = []
    texts: list[str] = []
    is_restored = False
    offset = 0
    for sentence in sentences:
        offsets.append(offset)
        first_words.append(len(tokens))
        shown = sentence.text
        if "&" in shown or "â€" in shown:
            shown, is_restored = _restore_marks(shown), True
        texts.append(shown)
        _read_tokens(shown, offset, tokens, starts)
        offset += len(sentence.text) + 1
    text, begin = " ".join(texts), sentences[0].spans[0].start
    original = " ".join([sentence.text for sentence in sentences]) if is_restored else text
    return Paragraph(
        index,
        text,
        tuple(tokens),
        tuple(map(_get_lower, tokens)),
        starts if isinstance(starts, array) else _share(tuple(starts)) if len(starts) < _SHORT else array("I", starts),
        kind,
        sentences,
        _share(tuple(offsets)) if len(sentences) == 1 else tuple(offsets),
        _share(tuple(first_words)) if len(sentences) == 1 else tuple(first_words),
        begin if article_text.startswith(original, begin) else None,
    )


_BROKEN_MARK = compile_lazily(
    r"&(?:quot|[lr]dquo|#3[49]|#822[01]|#x201[cd]|#x22);|â€(?:œ|\x9d|\x9c|(?=[\s.,;:!?)]|$))", re.IGNORECASE
)


def _restore_marks(text: str) -> str:
    """Return a sentence of the same length with quotation marks for HTML entities and wrongly decoded marks."""

    def restore(match: re.Match[str]) -> str:
        is_opening = match.start() == 0 or text[match.start() - 1] in " (["
        padding = " " * (len(match.group()) - 1)
        return "“" + padding if is_opening else padding + "”"

    return _BROKEN_MARK.sub(restore, text)


_Chunk = tuple[tuple[Token, ...], tuple[int, ...]]
"""Tokens, and the distance from the start of each to that of the next; a space follows the last."""
_MAX_CHUNK = 40
"""In characters: longer chunks are not kept."""
_PLAIN = compile_lazily(r"([“\"(]?)([^\W_]++(?:[-’'][^\W_]++)*+)([,;:?!)”\"]*+\.?)")
"""A word with marks of one character around it, for which the words beside it do not matter."""


_UNKNOWN: _Chunk = ((), ())  # the words after the chunk decide


class _Chunks(dict[str, _Chunk]):
    """The tokens between two spaces by their text: most chunks of a text are frequent words."""

    def __missing__(self, text: str) -> _Chunk:
        if len(text) > _MAX_CHUNK:
            return _UNKNOWN
        if len(self) >= _MAX_TOKENS:
            self.clear()
        chunk = self[text] = ((_get_token(text),), (len(text) + 1,)) if text.isalpha() else _read_chunk(text)
        return chunk


def _read_chunk(text: str) -> _Chunk:
    plain = _PLAIN.fullmatch(text)
    if plain and (text[-1] != "." or len(plain[2]) > 5 or not (plain[2][0].isupper() or plain[2] == "vs")):
        words = [*plain[1], plain[2], *plain[3]]
        steps = [*map(len, words)]
    else:
        words = _TOKEN.findall(text)
        starts = [match.start() for match in _TOKEN.finditer(text)]
        if not words or starts[0]:
            return _UNKNOWN  # other white space
        if "." in text and any(_TOKEN.findall(f"{text} {after}")[:-1] != words for after in ("a", "Aa")):
            return _UNKNOWN
        steps = [end - start for start, end in pairwise([*starts, len(text)])]
    steps[-1] += 1
    return tuple(map(_get_token, words)), tuple(steps)


_get_chunk = _Chunks().__getitem__


def _read_tokens(text: str, offset: int, tokens: list[Token], starts: "array[int] | list[int]") -> None:
    """Add the tokens of a sentence, and where each starts: ``offset`` is that of the sentence."""
    chunks = list(map(_get_chunk, text.split(" ")))
    if _UNKNOWN in chunks:
        tokens += map(_get_token, _TOKEN.findall(text))
        starts.extend([offset + match.start() for match in _TOKEN.finditer(text)])
        return
    words, steps = zip(*chunks, strict=True)
    tokens += chain.from_iterable(words)
    starts.extend(accumulate(chain.from_iterable(steps), initial=offset))
    starts.pop()


def _mark_names(paragraph: Paragraph) -> None:
    """Take other classes from words that are names here, and from the marks of nicknames."""
    paragraph.has_title_case = paragraph.kind == "title" or _has_title_case(paragraph.tokens)
    places = find_name_words(paragraph.tokens, paragraph.first_words)
    if places and not paragraph.has_title_case:
        tokens = list(paragraph.tokens)
        for place in places:
            tokens[place] = _make_name(tokens[place].text)
        paragraph.tokens = tuple(tokens)


def _has_title_case(tokens: Iterable[Token]) -> bool:
    long = 0
    for token in tokens:
        if len(token.text) > _MAX_MINOR_WORD and token.text.isalpha():
            if not token.is_capitalised:
                return False
            long += 1
    return long > _MIN_TITLE_WORDS


def _find_dateline(paragraph: Paragraph) -> int:
    place = paragraph.tokens[0].text
    if not place.isupper() or len(place) < _MIN_PLACE:
        return 0
    stop = min(_MAX_DATELINE, len(paragraph.lower))
    dash = paragraph.find(_DATELINE_ENDS, 1, stop)
    return dash + 1 if dash < stop else 0


def _mark_quotations(paragraph: Paragraph, is_open: bool) -> None:
    """Find the quotations of a paragraph; ``is_open``: the paragraph before left one open."""
    quotations = find_quotations(paragraph, is_open)
    if not quotations:
        paragraph.quotation_of = _make_nothing(len(paragraph.tokens))
        return
    holders: list[Quotation | None] = [None] * len(paragraph.tokens)
    for quotation in quotations:
        holders[quotation.start : quotation.end] = [quotation] * (quotation.end - quotation.start)
    paragraph.quotations, paragraph.quotation_of = quotations, tuple(holders)


@lru_cache(maxsize=256)
def _make_nothing(length: int) -> tuple[None, ...]:
    """Return None for each token; paragraphs of equal length share it."""
    return (None,) * length


def _find_cues(paragraph: Paragraph) -> tuple[tuple[int, Cue], ...]:
    """Return the cues outside quotations; a capital within a sentence makes a name: "the United States"."""
    quoted = paragraph.quotation_of
    lower = paragraph.lower
    cues = [
        (word, token.entry)
        for word, token in compress(enumerate(paragraph.tokens), map(_get_entry, paragraph.tokens))
        if token.entry is not None and quoted[word] is None
        if not token.entry.openings or not token.entry.openings.isdisjoint(lower[word + 1 : word + 2])
    ]
    in_names = {
        word for word, _ in cues if paragraph.tokens[word].is_capitalised and not paragraph.begins_sentence(word)
    }
    if in_names and not paragraph.has_title_case:
        cues = [(word, cue) for word, cue in cues if word not in in_names]
    if len(cues) <= _MAX_CUES:
        return tuple(cues)
    by_sentence = groupby(cues, key=lambda cue: paragraph.sentence_range(cue[0]))
    return tuple(chain.from_iterable(islice(here, _MAX_CUES) for _, here in by_sentence))
