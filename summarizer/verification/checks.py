"""The checks of a position against the article: a registry, and its entries.

A check is a function that takes a `Claim` and a `GroundingContext` and returns a `CheckResult`. The decorator
`check` adds it to `CHECKS`; its verdict becomes a field of `Position.checks`.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from summarizer._patterns import compile_lazily
from summarizer._text import normalized_words
from summarizer.article import Reading
from summarizer.attribution import Analysis, Attribution, Entity
from summarizer.brief import Checks, Speech
from summarizer.codebook import NO_CODEBOOK, Codebook
from summarizer.errors import ConfigurationError
from summarizer.spans import quote
from summarizer.verification.figures import figures
from summarizer.verification.instructions import find_instructions
from summarizer.verification.names import NameIndex
from summarizer.verification.text_index import UNSPACED, TextIndex
from summarizer.verification.wording import content_keys, count_shared

_MIN_PLANTED, _MIN_SHORT, _MIN_PREFIX, _MAX_ENDING, _MAX_STEM = 4, 3, 5, 3, 40
"""Letters of a word that can show that a claim obeys an instruction; of one with capitals; of its stem; of endings."""
_SPELLED = compile_lazily(r"\b(?:\w[ .-]){2,}\w\b")


@dataclass(frozen=True)
class GroundingContext:
    """An article as replies and positions are checked against it."""

    reading: Reading
    analysis: Analysis
    codebook: Codebook = NO_CODEBOOK

    @cached_property
    def index(self) -> TextIndex:
        """The words of the article."""
        return TextIndex(self.reading)

    @cached_property
    def suspicious(self) -> frozenset[int]:
        """The numbers of the sentences that look like instructions to a model."""
        return frozenset(find_instructions(self.reading.sentences))

    @cached_property
    def _planted(self) -> dict[str, int]:
        """Words that are only in sentences that look like instructions, each with the number of the first.

        The stems of long words count too, unless another sentence has a word with that beginning.
        """
        if not self.suspicious:
            return {}
        planted: dict[str, int] = {}
        others = set(normalized_words(self.reading.article.title or ""))
        for sentence in self.reading.sentences:
            if sentence.number in self.suspicious:
                names = set(normalized_words(" ".join(find_names(sentence.text))))
                words = [word for word in _words_in_full(sentence.text) if _is_telling(word, names)]
                planted = dict.fromkeys(words, sentence.number) | planted
            else:
                others.update(normalized_words(sentence.text))
        stems = {stem: number for word, number in planted.items() if (stem := _stem(word))}
        lengths = set(map(len, stems))
        beginnings = {word[:length] for word in others for length in lengths}
        kept = {f"{stem}*": number for stem, number in stems.items() if stem not in beginnings}
        return {word: number for word, number in planted.items() if word not in others} | kept

    def find_planted(self, *texts: str | None) -> set[int]:
        """Return the sentences that look like instructions and alone have some of the words of a claim."""
        planted = self._planted
        words = [word for text in texts if text for word in _words_in_full(text)] if planted else []
        forms = [
            form for word in words for form in (word, *(f"{word[:end]}*" for end in range(min(len(word), _MAX_STEM))))
        ]
        return {planted[form] for form in forms if form in planted}

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The sentences of the article that look like no instruction, its title and its author."""
        article = self.reading.article
        sentences = (sentence for sentence in self.reading.sentences if sentence.number not in self.suspicious)
        return (*(sentence.text for sentence in sentences), article.title or "", article.author or "")

    @cached_property
    def content(self) -> frozenset[str]:
        """The keys of the content words of the article, without sentences that look like instructions."""
        return frozenset(chain.from_iterable(content_keys(text, self.reading.language) for text in self.texts))

    def shares_content(self, text: str) -> bool:
        """Return whether a text has a relative of a content word of the article, or no content word at all."""
        shared, count = count_shared(text, self.content, self.reading.language)
        return not count or shared > 0 or bool(UNSPACED.search(text))

    @cached_property
    def names(self) -> NameIndex:
        """The names of the article."""
        return NameIndex(self.index)


def _words_in_full(text: str) -> list[str]:
    """Return the words of a text, with spelled-out ones ("V a n t o") joined as well."""
    joined = [re.sub(r"[ .-]", "", match[0]) for match in _SPELLED.finditer(text)]
    return normalized_words(f"{text} {' '.join(joined)} {text.replace('-', '') if '-' in text else ''}")


def _is_telling(word: str, names: Collection[str]) -> bool:
    return len(word) >= _MIN_PLANTED or (len(word) >= _MIN_SHORT and word in names)


def _stem(word: str) -> str:
    """Return the beginning of a long word that its other forms share; empty for a short word."""
    return word[: max(_MIN_PREFIX, len(word) - _MAX_ENDING)][: _MAX_STEM - 1] if len(word) > _MIN_PREFIX else ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A position as the checks see it."""

    statement: str
    holders: tuple[str, ...]
    """The names of its holders; unnamed holders are left out."""
    sentences: tuple[int, ...]
    """The numbers of the cited sentences."""
    reported_by: str | None = None
    """The name of the holder who relays it."""
    is_verbatim: bool = False
    """The statement consists of words of the cited sentences."""


class CheckResult(NamedTuple):
    """The verdict of a check."""

    verdict: str
    """The value in `Position.checks`: "confirmed", "unconfirmed", "contradicted", or "none" if nothing applies."""
    problem: str = ""
    """A problem that causes a repair request; the position is kept if the problem remains."""
    reason: str = ""
    """A sentence for readers; the field ``NAME_reason`` of `Position.checks`."""


Check = Callable[[Claim, GroundingContext], CheckResult]
CHECKS: dict[str, Check] = {}
"""All checks by name, in the order in which they run."""


def check(name: str) -> Callable[[Check], Check]:
    """Return a decorator that adds a function to `CHECKS`, under a name that no other check has."""

    def register(function: Check) -> Check:
        if name in CHECKS:
            raise ConfigurationError(f"There already is a check {name!r}.", hint="Choose another name.")
        CHECKS[name] = function
        return function

    return register


def run_checks(
    claim: Claim, context: GroundingContext, *, known: Mapping[str, str] | None = None
) -> tuple[Checks, list[str]]:
    """Run all checks except those with a known verdict; return the verdicts and the problems."""
    verdicts = dict(known or {})
    problems = []
    for name, function in CHECKS.items():
        if name not in verdicts:
            result = function(claim, context)
            if not isinstance(result, CheckResult) or not isinstance(result.verdict, str):
                raise TypeError(f"The check {name!r} must return a CheckResult with a verdict, not {result!r}.")
            verdicts[name] = result.verdict
            verdicts |= {f"{name}_reason": result.reason} if result.reason else {}
            problems += [result.problem] if result.problem else []
    return Checks.model_validate(verdicts), problems


@check("speaker")
def check_speaker(claim: Claim, context: GroundingContext) -> CheckResult:
    """Check whether the cited sentences are attributed to one of the holders.

    The verdict is "contradicted" only if every sentence is direct speech of other persons, each named right
    beside it. None of them may be the holder who relays it. A pronoun as source confirms and contradicts nothing.
    A doubtful attribution confirms nothing, but if it names one of the holders, nothing is contradicted.
    """
    analysis = context.analysis
    if claim.holders and analysis.attributions_by(claim.holders, claim.sentences):
        return CheckResult("confirmed")
    names = [*claim.holders, *([claim.reported_by] if claim.reported_by else [])]
    if not claim.holders or analysis.attributions_by(names, claim.sentences, min_confidence=0):
        return CheckResult("unconfirmed")
    others = analysis.attributions_in(claim.sentences)
    quoted = {number for attribution in others for number in attribution.sentences}
    text = context.reading.article.text
    if others and quoted.issuperset(claim.sentences) and all(is_decisive(text, other) for other in others):
        problem = f"the sentences cited quote somebody other than {' and '.join(claim.holders)}"
        return CheckResult("contradicted", problem)
    return CheckResult("unconfirmed")


@check("figures")
def check_figures(claim: Claim, context: GroundingContext) -> CheckResult:  # noqa: ARG001
    """Report whether the statement has figures; grounding rejects statements with wrong ones."""
    return CheckResult("confirmed" if figures(claim.statement) else "none")


_NAME = compile_lazily(r"(?<![.!?“\"'’\w-])(?<!^)\b[A-Z][\w’'-]+")
"""A capitalized word, except the first."""


def find_names(statement: str) -> list[str]:
    """Return the capitalized words of a statement, without the first."""
    return _NAME.findall(statement)


@check("names")
def check_names(claim: Claim, context: GroundingContext) -> CheckResult:
    """Check whether the article contains the names in the statement."""
    if not context.names.find(claim.statement):
        return CheckResult("none")
    return CheckResult("unconfirmed" if context.names.missing(claim.statement) else "confirmed")


_MIN_WORDS = 3
_MIN_DECISIVE = 0.9
"""The least confidence of an attribution that contradicts."""
_READ_ALOUD = compile_lazily('[“"«„] ?[‘\'“"‹]')
"""The beginning of a quotation within a quotation: the speaker reads the words of somebody else."""
_AND_BEFORE = compile_lazily(r"(?:\band|&)\s*$")
_NAME_AFTER = compile_lazily(
    r"\s*(?:\([^()\n]{0,40}\)\s*)?"  # a party
    r"(?:,[^,.!?“”\"«»\n]{0,60})?"  # a description of the holder
    r"(?:,?\s*(?:\band|&)\s+(?:[a-z]+\s){0,3}[A-Z]|,\s+(?!\w+day\b)[A-Z])"
)
_LENGTH_BEFORE_SOURCE = 5  # characters


def is_decisive(text: str, found: Attribution) -> bool:
    """Return whether an attribution is sure enough to contradict a position.

    It must be direct speech of several words, found by its tag or label. Its holders must be named right beside
    it, without another name or an "and" around theirs: others may then say it too.
    """
    if found.speech != "direct" or not found.rule.decides or found.confidence < _MIN_DECISIVE or not found.holders:
        return False
    source, content = quote(text, found.source), quote(text, found.content)
    if not all(holder.kind == "person" and is_named(holder, source) for holder in found.holders):
        return False
    return len(content.split()) >= _MIN_WORDS and not (_READ_ALOUD.match(content) or _has_company(text, found))


def is_named(holder: Entity, source: str) -> bool:
    """Return whether a source has the holder's name, or a part of it; "the chairman" can mean somebody else."""
    names = {word for name in (holder.name, *holder.aliases) for word in name.split() if word[0].isupper()}
    return not names.isdisjoint(re.findall(r"[\w’'-]+", source.removesuffix("’s")))


def _has_company(text: str, found: Attribution) -> bool:
    """Return whether another person may be named beside the only holder."""
    if found.rule.is_turn:
        return False
    first, last = found.source[0], found.source[-1]
    listed = len(found.holders) == 1 and re.search(r"\band\b|&", quote(text, found.source))
    before = _AND_BEFORE.search(text[max(0, first.start - _LENGTH_BEFORE_SOURCE) : first.start])
    return bool(listed or before or _NAME_AFTER.match(text, last.end))


def detect_speech(attributions: Iterable[Attribution], quotes: Iterable[str]) -> Speech:
    """Return how evidence reports a statement: by its attributions, else by its quotation marks."""
    kinds = {attribution.speech for attribution in attributions}
    if kinds:
        return kinds.pop() if len(kinds) == 1 else "mixed"
    return "mixed" if any(mark in quote for quote in quotes for mark in '“”"«»„') else "indirect"
