"""Quotations in views: the sentences that a claim cites, their most important words, and shortened texts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

from summarizer._files import read_toml
from summarizer._patterns import compile_lazily, fill_patterns
from summarizer._text import one_line
from summarizer.article import parse_label
from summarizer.brief import Evidence, Phrase, Position, Speech, count_strong_words
from summarizer.render.text import fragment, place_link

MAX_WORDS = 30
"""The words of a statement or a question in a short view that has room."""
_MAX_EXCERPT_WORDS = 14
_MIN_SHARE = 0.3  # of the allowed words, in whole sentences
_MIN_SHARE_OF_CLAUSE = 0.7
_MIN_RANGE = 2  # sentences
_NESTED = compile_lazily(r"(?:said|says|thought|asked|like)[,:]? [‘'](?=[A-Z])")  # a quotation in a quotation
_MAX_STARTS = 4  # sentences of a quotation with which it may begin
_SUSPICIOUS = "cites what looks like an instruction to a model"
_MARKS = {"“": "”", "«": "»", "„": "“"}
_WORDS = {name: "|".join(words) for name, words in read_toml(__file__, "clauses.toml").items()}
_SENTENCE_END = compile_lazily(r"(?<![\d\W][A-Z\d][.])(?<!\d[.])(?<!\s[.])(?<=[.!?…])[”\"»’']*(?:\s+|$)(?=[^a-zß-ÿ]|$)")
_ABBREVIATION = compile_lazily(rf"\b(?:{_WORDS['abbreviations']})[.]\s*$")
_REFERENCE = compile_lazily(rf"[“\"„«‘']?(?:{_WORDS['pronouns']}|{_WORDS['connectives']})\b")
_CONTRAST = compile_lazily(rf"[“\"„«‘' ]*(?:{_WORDS['contrasts']})\b")
_DENIAL = compile_lazily(r"\b[Nn](?:ot|o|ever)\b|n[’']t\b")
_PATTERNS = fill_patterns(read_toml(__file__, "patterns.toml")["quotations"], _WORDS)
_ASSERTION = compile_lazily(_PATTERNS["assertion"])
_ELLIPSIS_AT_END = compile_lazily(r"(?:\s*…|\s[.](?:\s[.])+|\s?[.]{3,4})+$")
_CLAUSE_END = compile_lazily(rf"(?<=[,;:—–])\s|\s[–-]\s|\s(?=(?:{_WORDS['openers']})\s)")
_SUBJECT = compile_lazily(rf"(?:(?:{_WORDS['subjects']})|[A-Z][\w’-]+ (?:\w+ )?(?:{_WORDS['finite_verbs']}))\b")
_QUALIFIER = compile_lazily(rf"\b(?:{_WORDS['qualifiers']})\b")
_SHORT_NOT = compile_lazily(r"n[’']t\b")
_UNFINISHED = compile_lazily(rf"(?:\s(?:{_WORDS['openers']}|{_WORDS['function_words']}))+$")


def shorten_statement(text: str, max_words: float = MAX_WORDS, *, keeps_first: bool = False) -> str:
    """Cut a statement to its strongest sentences, or those from the first one; half a sentence says something else."""
    if len(text.split()) <= max_words:
        return text
    return _strongest_sentences(text, int(max_words), keeps_first=keeps_first) or text


def shorten(text: str, max_words: int = MAX_WORDS) -> str:
    """Cut a text to ``max_words``: to its strongest sentences, else at a clause. Its quotation marks stay paired."""
    words = text.split()
    if len(words) <= max_words:
        return text
    if passage := _strongest_sentences(text, max_words):
        return passage
    cut = " ".join(words[:max_words])
    ends = [match.start() for match in _CLAUSE_END.finditer(cut, int(len(cut) * _MIN_SHARE_OF_CLAUSE))]
    cut = _UNFINISHED.sub("", (cut[: ends[-1]] if ends else cut).rstrip(" ,;:—–-"))
    return _pair_marks(f"{cut}…")


def _strongest_sentences(text: str, max_words: int, *, keeps_first: bool = False) -> str | None:
    """Return the sentences in a row that fit and have the most strong words; of equals, the first."""
    ends = [0, *(match.end() for match in _SENTENCE_END.finditer(text) if not _ends_in_abbreviation(text, match))]
    last = {end: start for start, end in pairwise(ends)}
    passages: list[tuple[int, int]] = []
    for number, start in enumerate(ends):
        if start and (keeps_first or _turns(text, ends[number - 1], start)):
            continue
        fitting = [end for end in ends[number + 1 : number + max_words] if len(text[start:end].split()) <= max_words]
        fitting = [end for end in fitting if end == len(text) or not _turns(text, last[end], end)]
        if fitting and len(text[start : fitting[-1]].split()) >= max_words * _MIN_SHARE:
            passages.append((start, fitting[-1]))
    if not passages:
        return None
    clear = [passage for passage in passages if not passage[0] or not _REFERENCE.match(text, passage[0])]
    start, end = max(clear or passages, key=lambda passage: count_strong_words(text[slice(*passage)]))
    passage = _ELLIPSIS_AT_END.sub("", text[start:end].strip()) if end < len(text) else text[start:end]
    passage = f"{'… ' if start else ''}{passage}{' …' if end < len(text) else ''}"
    opened = [mark for mark, closing in _MARKS.items() if text.count(mark, 0, start) > text.count(closing, 0, start)]
    return _pair_marks("".join(opened[:1]) + '"' * (text.count('"', 0, start) % 2) + passage)


def passages(text: str, speech: Speech) -> Iterator[str]:
    """Yield a statement and, in direct speech, what follows its first sentences, where it neither turns nor answers."""
    yield text
    ends = [0, *(match.end() for match in _SENTENCE_END.finditer(text) if not _ends_in_abbreviation(text, match))]
    for before, start in pairwise(ends[:_MAX_STARTS] if speech == "direct" else ()):
        is_open = (
            _NESTED.search(text, 0, start) is not None
            or _turns(text, before, start)
            or _REFERENCE.match(text, start)
            or "?" in text[before:]
        )
        if start < len(text) and not is_open:
            yield f"“… {text[start:].lstrip('. ')}"


def _turns(text: str, before: int, start: int) -> bool:
    """Return whether the sentence at ``start`` contrasts with that at ``before``: "But …", "Not … It is …"."""
    is_denial = bool(_DENIAL.search(text, before, start)) and _ASSERTION.match(text, start) is not None
    return is_denial or _CONTRAST.match(text, start) is not None


def _ends_in_abbreviation(text: str, end: re.Match[str]) -> bool:
    """Return whether what looks like the end of a sentence is an abbreviation before another word."""
    return end.end() < len(text) and _ABBREVIATION.search(text, max(0, end.start() - 8), end.end()) is not None


def _pair_marks(cut: str) -> str:
    """Add the quotation marks whose partners were cut off."""
    for opening, closing in _MARKS.items():
        if cut.count(opening) > cut.count(closing):
            return cut + closing
    return cut + '"' * (cut.count('"') % 2)


def drop_names(statement: str, names: str, speech: Speech) -> str:
    """Return a statement of the built-in engine without the names of its holders, which the view shows before it."""
    name = re.escape(names.removeprefix("the "))
    if match := re.match(rf"(?:The )?{name}: (?P<words>.)", statement, re.IGNORECASE):
        statement = statement[match.start("words") :]
    elif match := re.match(rf"(?:The )?(?i:{name}) (?=[a-z]|[A-Z]\w+ed\b)", statement):
        return statement[match.end() :]
    return f"“{statement}”" if speech == "direct" and not set('“”"«»„') & set(statement) else statement


def drop_title(text: str, title: str) -> str:
    """Return a text without the title at its beginning."""
    match = re.match(re.escape(title) + r"(?:[.!?…]+ *| +|$)", text)
    return text[match.end() :].lstrip(".!?… ") if match else text


def quote_clause(position: Position) -> str | None:
    """Return the clause that a model marked in direct speech, if it keeps the subject, negations and hedges."""
    phrases = [one_line(phrase.text).strip("“”") for item in position.evidence for phrase in item.phrases]
    if position.speech != "direct" or len(phrases) != 1 or not _SUBJECT.match(phrases[0]):
        return None
    needed, kept = (
        set(_QUALIFIER.findall(_SHORT_NOT.sub(" not", text.lower()))) for text in (position.statement, phrases[0])
    )
    return f"“{phrases[0]}”" if needed <= kept else None


def shorten_question(evidence: Evidence | None) -> str:
    """Return the last question of a sentence without the label of its speaker, shortened."""
    text = one_line(evidence.quote) if evidence else ""
    label = parse_label(text, ("colon", "stop"))
    text = text[label.content :] if label else text
    return shorten(text if len(text.split()) <= MAX_WORDS else re.split(r"(?<=[.!?])\s+", text)[-1])


@dataclass(frozen=True, slots=True)
class QuotationView:
    """The sentences that a claim cites."""

    parts: tuple[tuple[str, bool], ...]
    """The words in order; each part with a flag for the most important words."""
    numbers: tuple[int, ...]
    links: tuple[str | None, ...]
    """For each number, a safe address that opens at the sentence in the source, if there is one."""
    mark: str = ""
    """The remark that a sentence looks like an instruction to a model, or an empty string."""

    @classmethod
    def from_evidence(cls, evidence: Sequence[Evidence], limit: int | None = None) -> Self:
        """Join ``evidence``, with a mark of omission between sentences that are not consecutive.

        Of more than ``limit`` sentences, the first are shown, and those that look like instructions before others.
        """
        if limit is not None and len(evidence) > limit:
            chosen = sorted(evidence, key=lambda item: not item.suspicious)[:limit]
            evidence = sorted(chosen, key=lambda item: item.sentence)
        parts: list[tuple[str, bool]] = []
        for previous, item in zip((None, *evidence), evidence, strict=False):
            if previous:
                parts.append((" " if item.sentence == previous.sentence + 1 else " […] ", False))
            parts += [(words, is_key) for text, is_key in _split_phrases(item) if (words := fragment(text))]
        numbers, links = [item.sentence for item in evidence], [place_link(item.link) for item in evidence]
        mark = _SUSPICIOUS if any(item.suspicious for item in evidence) else ""
        return cls(tuple(parts), tuple(numbers), tuple(links), mark)

    @classmethod
    def of_key_words(cls, evidence: Sequence[Evidence]) -> Self:
        """Join the most important words of ``evidence``; without such words, the beginning of its sentences."""
        texts = [text for item in evidence for phrase in item.phrases if (text := one_line(phrase.text))]
        texts = texts or [one_line(item.quote) for item in evidence]
        words = shorten(" … ".join(dict.fromkeys(texts)), _MAX_EXCERPT_WORDS)
        words = words if words[:1] in _MARKS or words[:1] == '"' else f"“{words}”"
        return cls(
            ((words, False),), tuple(item.sentence for item in evidence), tuple(place_link(e.link) for e in evidence)
        )

    @property
    def text(self) -> str:
        """The words as one string."""
        return "".join(words for words, _ in self.parts)

    @property
    def ranges(self) -> tuple[tuple[str, str | None], ...]:
        """The sentence numbers with their links, three or more in a row as "8–10" with the link of the first."""
        runs: list[list[tuple[int, str | None]]] = []
        for number, link in dict(zip(self.numbers, self.links, strict=True)).items():
            if runs and number == runs[-1][-1][0] + 1:
                runs[-1].append((number, link))
            else:
                runs.append([(number, link)])
        parts: list[tuple[str, str | None]] = []
        for run in runs:
            if len(run) >= _MIN_RANGE:
                parts.append((f"{run[0][0]}–{run[-1][0]}", run[0][1]))
            else:
                parts += [(str(number), link) for number, link in run]
        return tuple(parts)

    @property
    def words_beside(self) -> int:
        """The words that a view shows beside a text for the sentence numbers and the mark."""
        return len(self.ranges) + len(self.mark.split())

    @property
    def brackets(self) -> str:
        """The sentence numbers: "[8, 10–12]"."""
        listed = ", ".join(numbers for numbers, _ in self.ranges)
        return f"[{listed}]" if listed else ""

    @property
    def sentences(self) -> tuple[int, ...]:
        """The sentence numbers without repetitions."""
        return tuple(dict.fromkeys(self.numbers))

    @property
    def places(self) -> tuple[tuple[int, str], ...]:
        """The numbers and links of the sentences that have a link, without repetitions."""
        return tuple({number: link for number, link in zip(self.numbers, self.links, strict=True) if link}.items())


def _split_phrases(item: Evidence) -> Iterator[tuple[str, bool]]:
    """Split a sentence at its phrases; each part with a flag for phrases."""
    start = 0
    for phrase in item.phrases:
        offset = _find_phrase(item, phrase, start)
        if offset is None:
            continue
        yield item.quote[start:offset], False
        start = offset + len(phrase.text)
        yield item.quote[offset:start], True
    yield item.quote[start:], False


def _find_phrase(item: Evidence, phrase: Phrase, start: int) -> int | None:
    """Return the offset of a phrase in its sentence; of several, the one nearest to its spans.

    The spans cannot give the offset: they count white space that the quotation has collapsed.
    """
    matches = re.compile(f"(?={re.escape(phrase.text)})").finditer(item.quote, start)
    phrase_start = phrase.spans[0].start if phrase.spans else 0
    wanted = sum(max(0, min(end, phrase_start) - begin) for begin, end in item.spans)
    return min((match.start() for match in matches), key=lambda offset: abs(offset - wanted), default=None)
