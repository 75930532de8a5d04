"""Attribute quotations in articles of other languages, by the name beside them and without word lists."""

import re
from collections.abc import Iterator
from itertools import groupby, zip_longest

from summarizer.article import Reading, Sentence
from summarizer.attribution import Attribution, Entities, Entity, Rule
from summarizer.spans import Span, locate

_QUOTATION = re.compile(r"„[^“”„]+[“”]|“[^“”]+”|«[^«»]+»|»[^«»]+«|\"[^\"]+\"|「[^「」]+」|”[^“”„]+”")
_MIN_WORDS = 3  # of a quotation; fewer are a title or a scare quote
_TAG = re.compile(r"(?:\s*\S+){1,6}")  # after a quotation, with the speaker's name
_LOWERCASE = "".join(letter for letter in map(chr, range(0x530)) if letter.islower())  # Latin, Greek, Cyrillic
_NAME = re.compile(
    rf"(?<!\w)[^\W\d_{_LOWERCASE}][\w’'-]+"
    rf"(?: (?:d[aeiou]s? |van |von |der |den )*[^\W\d_{_LOWERCASE}][\w’'-]+)*"  # Mark de Vries
)
_SENTENCE_END = re.compile(r"[.!?]\s|[.!?]$|[;:]")

RULE = Rule("quotation beside a name", content="quotation", own_words=True, confirms=False)
"""The rule of these attributions."""


def find_foreign_quotes(reading: Reading, entities: Entities) -> list[Attribution]:
    """Return attributions for the quotations beside a name.

    The name follows the quotation in a lower-case tag after a comma (“…”, sagte Anna Berg), or precedes it with
    a colon. A quotation without a tag belongs to the quotation before it in the paragraph.
    """
    prose = [sentence for sentence in reading.sentences if sentence.kind == "prose"]
    paragraphs = groupby(prose, key=lambda sentence: sentence.paragraph)
    return [found for _, group in paragraphs for found in _find_in_paragraph(reading, entities, list(group))]


def _find_in_paragraph(reading: Reading, entities: Entities, sentences: list[Sentence]) -> Iterator[Attribution]:
    text = " ".join(sentence.text for sentence in sentences)
    quoted: list[tuple[Entity, tuple[Span, ...], list[tuple[int, Span]]]] = []  # holder, source, content
    marks = [match for match in _QUOTATION.finditer(text) if len(match.group().split()) >= _MIN_WORDS]
    for match, following in zip_longest(marks, marks[1:]):
        if named := _find_name(text, match, following.start() if following else len(text)):
            source = tuple(span for _, span in _spans(reading, sentences, named.start(), named.end()))
            quoted.append((_find_entity(entities, named.group()), source, []))
        if quoted:
            quoted[-1][2].extend(_spans(reading, sentences, match.start(), match.end()))
    for holder, source, content in quoted:
        yield Attribution(
            source=source,
            cue=(),
            content=tuple(span for _, span in content),
            sentences=tuple(dict.fromkeys(number for number, _ in content)),
            holders=(holder,),
            speech="direct",
            certainty="asserted",
            act="said",
            polarity=None,
            rule=RULE,
        )


def _find_name(text: str, quotation: re.Match[str], end: int) -> re.Match[str] | None:
    """Return the name in the tag after a quotation, or before it and a colon."""
    after = text[quotation.end() : end]
    broken_off = after[:1] == "," or quotation.group()[-2] in ",.!?…"
    if broken_off and after.lstrip(", ")[:1].islower() and (tag := _TAG.match(text, quotation.end(), end)):
        sentence_end = _SENTENCE_END.search(after)
        tag_end = min(tag.end(), quotation.end() + sentence_end.start() if sentence_end else end)
        return _NAME.search(text, quotation.end(), tag_end)
    before = text[: quotation.start()].rstrip()
    if before.endswith(":"):
        return _NAME.search(text, max(before.rfind(mark) for mark in ".!?“”»«") + 1, len(before))
    return None


def _find_entity(entities: Entities, name: str) -> Entity:
    """Return the known entity with this surname and a full name, else a new one."""
    known = entities.find(name)
    words = known.name.split() if known else []
    if known and words[-1:] == name.split()[-1:] and all(word[:1].isupper() for word in words):
        return known
    return Entity(name, "person" if " " in name else "unnamed", None, None, (), ())


def _spans(reading: Reading, sentences: list[Sentence], start: int, end: int) -> list[tuple[int, Span]]:
    """Return the spans of a range of a paragraph, each with the number of its sentence."""
    found: list[tuple[int, Span]] = []
    offset = 0
    for sentence in sentences:
        first, last = max(start - offset, 0), min(end - offset, len(sentence.text))
        if first < last and sentence.text[first:last].strip():
            spans = locate(reading.article.text, sentence.spans, first, last)
            found += [(sentence.number, span) for span in spans]
        offset += len(sentence.text) + 1
    return found
