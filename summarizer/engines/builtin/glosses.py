"""Word texts of other languages in the English words of the rules: "ne soutient plus le péage" is against it.

A gloss is no translation. Only the words that take a side, join words or name common matters become English; each piece
knows its place in the text. A language has one if its folder has the table ``gloss``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from summarizer._languages import cached, read_language
from summarizer.article import Reading, guess_language
from summarizer.codebook import CodebookIssue
from summarizer.engines.builtin.phrases import VERBS, forms_of
from summarizer.spans import Span, quote

_ISSUE = re.compile(
    r"(?:[Tt]he |[Aa]n? )?(?P<thing>.+?) (?P<end>(?:is|are) right|should go ahead|deserves? support"
    r"|should stay(?: open)?|should be (?P<verb>\w+))\.|There should be an? (?P<wish>.+)\."
)
_PREPOSITION = re.compile(r"^(?:to|of) (?=the\b|an?\b)")  # "opposes | to the toll"
_MARKS = str.maketrans("’«»", "'“”")
_WORD_OR_MARK = r"\w+(?:[-’']\w+)*|."
_NEAR = 4  # characters before a word that tell whether it begins a sentence
_GROUP = re.compile(r"\{(\d)\}")
_SET = re.compile(r"@\w+")
_BEFORE_FIRST = re.compile(r"(?:^|[.!?:;“\"—–])\s*$")
_CAPITAL = re.compile(r"\s+[A-ZÀ-Þ]")


class Gloss(NamedTuple):
    """A text in the words of the rules."""

    text: str
    source: str
    places: tuple[tuple[int, int, int, int], ...]
    """For each piece, where it begins and ends here, and in the source."""

    def restore(self, start: int, end: int) -> str:
        """Return the words of the source for a part of the text."""
        found = [(first, last) for begin, stop, first, last in self.places if begin < end and stop > start]
        return self.source[found[0][0] : found[-1][1]].strip() if found else ""


class _Rules:
    """The words of a language."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        sets = {f"@{name}": f"(?:{words})" for name, words in data["sets"].items()}
        groups, self._phrases = 0, {}
        patterns = []
        for one, other in data["phrases"]:
            pattern = one
            while "@" in pattern:
                pattern = _SET.sub(lambda match: sets[match[0]], pattern)
            patterns.append(f"({pattern})")
            self._phrases[groups + 1] = other
            groups += re.compile(patterns[-1]).groups
        self._scan = re.compile("|".join((*patterns, _WORD_OR_MARK)), re.IGNORECASE | re.DOTALL)
        self._lists = [
            (english, re.compile(words.replace(" ", "|")), kind == "verbs")
            for kind in ("words", "verbs")
            for english, words in data[kind].items()
        ]
        self.infinitives = {verb: words.split()[0] for verb, words in data["verbs"].items()}
        self.issues: Mapping[str, str] = data["issues"]
        self.kinds = [(kind, re.compile(kind["before"], re.IGNORECASE)) for kind in data["kinds"]]
        self._empty = frozenset(data["empty"].split())
        self._forms = {name: re.compile(pattern) for name, pattern in data["forms"].items()}
        self._word = lru_cache(maxsize=50_000)(self._find_word)

    def _find_word(self, word: str) -> str:
        english, is_verb = next(((to, kind) for to, one, kind in self._lists if one.fullmatch(word)), (None, False))
        if english is None or not is_verb:
            return english.replace("_", " ") if english else "" if word in self._empty else word
        form = next((name for name, pattern in self._forms.items() if pattern.fullmatch(word)), "s")
        if form == "future":
            return f"will {english}"
        return "would" if form == "no_side" else forms_of(english)[form]

    def read(self, text: str, first: int = 0) -> Iterator[tuple[str, int, int]]:
        """Yield the pieces of a text, each with its place in the source."""
        for token in self._scan.finditer(text):
            begin, end, own = first + token.start(), first + token.end(), token[0]
            if (at := token.lastindex) is None:
                is_first = _BEFORE_FIRST.search(text[: token.start()][-_NEAR:])
                is_name = own[0].isupper() and not (is_first and not _CAPITAL.match(text, token.end()))
                yield own if is_name else self._word(own.lower()), begin, end
                continue
            for number, part in enumerate(_GROUP.split(self._phrases[at])):
                if number % 2:
                    yield from self.read(token[at + int(part)], first + token.start(at + int(part)))
                else:
                    yield part, begin, end


@cached
def _rules(language: str) -> _Rules | None:
    data = read_language(language).get("gloss")
    return _Rules(data) if data else None


def has_gloss(reading: Reading) -> bool:
    """Return whether the rules read an article by a gloss."""
    return _rules(reading.language) is not None


@lru_cache(maxsize=10_000)
def find_language(text: str) -> str:
    """Return the language of a short text: the one that its words tell, or English."""
    return guess_language(text)


@lru_cache(maxsize=5_000)
def gloss(text: str, language: str | None = None) -> Gloss:
    """Return a text in English words of the rules, unchanged if its language has no table ``gloss``.

    Without a language, the words of the text tell it.
    """
    rules = _rules(find_language(text) if language is None else language)
    if rules is None:
        return Gloss(text, text, ((0, len(text), 0, len(text)),))
    found: list[str] = []
    places: list[tuple[int, int, int, int]] = []
    size = 0
    for words, begin, end in rules.read(text.translate(_MARKS)):
        piece = words
        if not size or found[-1][-1] == " ":
            piece = piece.lstrip(" ")
        if piece and text[begin].isupper():
            piece = piece[0].upper() + piece[1:]
        if piece:
            found.append(piece)
            places.append((size, size + len(piece), begin, end))
            size += len(piece)
    return Gloss("".join(found), text, tuple(places))


def gloss_of(reading: Reading, spans: Sequence[Span]) -> str:
    """Return what an article says at some places, in the words of the rules."""
    text = quote(reading.article.text, spans)
    glossed = gloss(text, reading.language).text
    return glossed if glossed == text else _PREPOSITION.sub("", glossed)


def gloss_reading(reading: Reading) -> Reading:
    """Return a reading with its sentences in the words of the rules."""
    if not has_gloss(reading):
        return reading
    sentences = (each._replace(text=gloss(each.text, reading.language).text) for each in reading.sentences)
    return replace(reading, sentences=tuple(sentences))


def gloss_entry(entry: CodebookIssue) -> CodebookIssue:
    """Return an issue of a codebook in the words of the rules."""
    proposition, *aliases = texts = entry.proposition, *entry.aliases
    code = find_language(". ".join(texts))  # "l'incinérateur" alone does not tell it
    words = {"proposition": gloss(proposition, code).text, "aliases": tuple(gloss(each, code).text for each in aliases)}
    return entry.model_copy(update=words)


def word_issue(proposition: str, reading: Reading) -> str | None:
    """Return a proposition in the words of the rules in those of the article, or None if they do not tell it."""
    rules = _rules(reading.language)
    found = rules and _ISSUE.fullmatch(proposition)
    if rules is None or not found:
        return proposition if rules is None else None
    verb = VERBS.get(found["verb"] or "", "")
    template = rules.issues.get(found["end"] or "there should be", rules.issues["done"])
    template = template.replace("{done}", rules.infinitives.get(verb, "{done}"))
    thing = re.compile(rf"\b{re.escape(found['thing'] or found['wish'])}\b", re.IGNORECASE)
    for sentence in reading.sentences if "{done}" not in template else ():
        known = gloss(sentence.text, reading.language)
        if (match := thing.search(known.text)) and (words := known.restore(*match.span())):
            before = known.source[: known.source.find(words)].translate(_MARKS)
            kind = next(kind for kind, pattern in rules.kinds if pattern.search(f"{before}|{words}"))
            text = template.format(it=words, **kind)
            return text[0].upper() + text[1:]
    return None
