"""Hold a statement against the words of its evidence, without a model: the check "support".

Negations, hedges, duties, amounts, conditions, opposites and figures are compared. A difference counts only beside
words that the statement restates, since a long sentence has other clauses. The lists of words are in ``support.toml``.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import takewhile
from typing import Any

from summarizer._files import read_toml
from summarizer._patterns import compile_lazily
from summarizer.article import Sentence, language_of
from summarizer.spans import quote
from summarizer.verification.checks import CheckResult, Claim, GroundingContext, check
from summarizer.verification.figures import find_sentence_with_figure
from summarizer.verification.text_index import stem

_TOKEN = compile_lazily(r"[^\W_]+(?:['-][^\W_]+)*|[^\w\s]")
_FULL_NEGATIONS = {"can't": "can not", "cannot": "can not", "won't": "will not", "shan't": "shall not", "n't": " not"}
_NEGATION = compile_lazily(r"\b(?:can't|cannot|won't|shan't)\b|n't\b")
_MONTH = compile_lazily(r"(?<=[\w,] )May\b|\bMay(?= \d)")
_SIGNS = {"’": "'", "‘": "'", "%": " percent ", "$": " dollars ", "€": " euros ", "£": " pounds "}
_ELISION = compile_lazily(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)'(?=\w)")
_STOPS = frozenset('.,;:!?()"“”„«»–—…')
_FIGURE = compile_lazily(r"\d+(?:[.,]\d+)*")
_DIRECTIONS = frozenset({"from", "to", "by"})
_QUOTED_PAST = compile_lazily(r"\b(?:was|were) ((?:not )?\w+)")
_PRESENT = compile_lazily(r"\b(?:is|are) ((?:not )?\w+)")
_MAX_GOVERNED = 2  # content words beside a mark that it may govern
_MAX_REACH = 6  # tokens from a mark to the words that it governs
_MIN_SHARED = 2  # content words of a sentence; with fewer, the statement does not restate it


@check("support")
def check_support(claim: Claim, context: GroundingContext) -> CheckResult:
    """Return "doubtful" with a reason if the statement and its evidence differ, else "unflagged".

    In a language without lists of words, nothing is flagged.
    """
    rules = _read_rules(language_of(context.reading))
    if rules is None or not claim.sentences:
        return CheckResult("unflagged")
    comparison = _Comparison(claim, context, rules)
    return next(
        (CheckResult("doubtful", reason=reason) for reason in comparison.differences()), CheckResult("unflagged")
    )


@dataclass(frozen=True)
class _Kind:
    """Words of one kind: those that change a claim, and those that say it in another way."""

    added: re.Pattern[str]
    lost: re.Pattern[str]
    same: re.Pattern[str]
    said: str


@dataclass(frozen=True)
class _Rules:
    """The lists of words of one language."""

    kinds: dict[str, _Kind]
    opposites: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    units: tuple[re.Pattern[str], ...]
    limits: re.Pattern[str]
    left_out: re.Pattern[str]
    function_words: frozenset[str]
    around: bool


_NOTHING = re.compile(r"(?!)")


def _pattern(words: str) -> re.Pattern[str]:
    """Compile a list of words: "_" is a space, "*" any ending or beginning."""
    forms = [word.replace("*", r"[\w'-]*").replace("_", " ") for word in re.split(r"[\s|]+", words) if word]
    return re.compile(rf"(?<![\w'-])(?:{'|'.join(forms)})(?![\w'-])") if forms else _NOTHING


@cache
def _read_rules(language: str) -> _Rules | None:
    data: dict[str, Any] = read_toml(__file__, "support.toml").get(language, {})
    if not data:
        return None
    lists = {name: table for name, table in data.items() if isinstance(table, dict) and "same" in table}
    pairs = [line.split() for line in data.get("opposites", {}).get("pairs", "").splitlines() if line.strip()]
    units = data.get("units", {})
    return _Rules(
        {
            name: _Kind(
                _pattern(table.get("marks", "")),
                _pattern(table.get("lost", "")),
                _pattern(table["same"]),
                table.get("said", ""),
            )
            for name, table in lists.items()
        },
        tuple((_pattern(one), _pattern(other)) for one, other in pairs),
        tuple(map(_pattern, units.get("groups", "").split())),
        _pattern(units.get("limits", "")),
        _pattern(data.get("left_out", "")),
        frozenset(data["function_words"].split()),
        data["around"],
    )


@dataclass(frozen=True)
class _Text:
    """A text in lower case with whole negations, and its words."""

    plain: str
    rules: _Rules

    @classmethod
    def of(cls, text: str, rules: _Rules) -> "_Text":
        text = _MONTH.sub("Mai", unicodedata.normalize("NFC", text)).lower()
        for sign, word in _SIGNS.items():
            text = text.replace(sign, word)
        text = _ELISION.sub(lambda match: f"{match[0][:-1]} ", _NEGATION.sub(lambda match: _FULL_NEGATIONS[match[0]], text))
        return cls(rules.left_out.sub("~", " ".join(text.split())), rules)

    @cached_property
    def tokens(self) -> list[re.Match[str]]:
        return list(_TOKEN.finditer(self.plain))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its content words."""
        return frozenset(stem(token[0]) for token in self.tokens if self._is_content(token[0]))

    def _is_content(self, word: str) -> bool:
        return (len(word) > 1 or word.isdigit()) and word[0].isalnum() and word not in self.rules.function_words

    def governed(self, mark: re.Match[str]) -> list[str]:
        """Return the stems of the content words that a mark governs, within its clause."""
        after = [token for token in self.tokens if token.start() >= mark.end()]
        found = self._nearest(after)
        if self.rules.around:
            found += self._nearest([token for token in self.tokens if token.end() <= mark.start()][::-1])
        return found

    def _nearest(self, tokens: Sequence[re.Match[str]]) -> list[str]:
        clause = takewhile(lambda token: token[0] not in _STOPS, tokens[:_MAX_REACH])
        return [stem(token[0]) for token in clause if self._is_content(token[0])][:_MAX_GOVERNED]

    def clause_after(self, mark: re.Match[str]) -> frozenset[str]:
        """Return the stems of the content words between a mark and the next stop."""
        after = [token for token in self.tokens if token.start() >= mark.end()]
        clause = takewhile(lambda token: token[0] not in _STOPS, after)
        return frozenset(stem(token[0]) for token in clause if self._is_content(token[0]))

    def around(self, mark: re.Match[str], reach: int = 4) -> frozenset[str]:
        """Return the stems of the content words near a mark."""
        place = next((index for index, token in enumerate(self.tokens) if token.start() >= mark.start()), 0)
        near = self.tokens[max(0, place - reach) : place + reach + 1]
        return frozenset(stem(token[0]) for token in near if self._is_content(token[0])) - {stem(mark[0])}


@dataclass(frozen=True)
class _Part:
    """A cited sentence: the words that the statement restates, and the whole."""

    sentence: Sentence
    restated: _Text
    whole: _Text
    has_content: bool
    """Whether the words of a holder in it are known."""

    @property
    def is_question(self) -> bool:
        return self.sentence.text.rstrip("”\"’' ").endswith("?")


@dataclass(frozen=True)
class _Comparison:
    """A statement and its evidence."""

    claim: Claim
    context: GroundingContext
    rules: _Rules

    @cached_property
    def statement(self) -> _Text:
        return _Text.of(self.claim.statement, self.rules)

    @cached_property
    def cited(self) -> list[Sentence]:
        return [self.context.reading.sentence(number) for number in sorted(set(self.claim.sentences))]

    @cached_property
    def around(self) -> str:
        """The cited sentences and those beside them."""
        sentences = self.context.reading.sentences
        numbers = {number + step for number in self.claim.sentences for step in (-1, 0, 1)}
        texts = [sentence.text for sentence in sentences if sentence.number in numbers]
        return _Text.of(" ".join(texts), self.rules).plain

    @cached_property
    def parts(self) -> list[_Part]:
        """The cited sentences that the statement restates."""
        found = self.context.analysis.attributions_by(self.claim.holders, self.claim.sentences)
        contents = [span for attribution in found for span in attribution.statement_spans]
        text = self.context.reading.article.text
        parts = []
        for sentence in self.cited:
            inside = [span for span in contents if sentence.spans[0].start <= span.start < sentence.spans[-1].end]
            spans = self.context.index.find_phrase(self.claim.statement, sentence, inside) or inside
            words = _clause(sentence.text, [quote(text, [span]) for span in spans])
            part = _Part(sentence, _Text.of(words, self.rules), _Text.of(sentence.text, self.rules), bool(inside))
            if len(part.restated.stems & self.statement.stems) >= _MIN_SHARED:
                parts.append(part)
        return parts

    def differences(self) -> Iterator[str]:
        """Yield the differences as sentences for readers."""
        for name, kind in self.rules.kinds.items():
            if name == "correction":
                yield from self.corrections(kind)
            elif name == "condition":
                yield from self.lost_conditions(kind)
            else:
                yield from self.lost(name, kind)
                yield from self.added(name, kind)
        yield from self.opposites()
        yield from self.changed_tense()
        yield from self.figures()

    def lost(self, name: str, kind: _Kind) -> Iterator[str]:
        """Yield the marks of the evidence beside restated words, if the statement has nothing like them."""
        if kind.same.search(self.statement.plain):
            return
        for part in self.parts:
            for mark in () if part.is_question else kind.lost.finditer(part.restated.plain):
                restated = [word for word in part.restated.governed(mark) if word in self.statement.stems]
                if restated and not self._is_free(restated[0], kind):
                    yield f"The evidence says “{kind.said or mark[0]}”; the statement does not."

    def _is_free(self, word: str, kind: _Kind) -> bool:
        """Return whether a cited sentence has a word without a mark of this kind."""
        return any(word in part.whole.stems and not kind.same.search(part.whole.plain) for part in self.parts)

    def added(self, name: str, kind: _Kind) -> Iterator[str]:
        """Yield the marks of the statement if the evidence has nothing like them."""
        for mark in kind.added.finditer(self.statement.plain):
            if name == "negation" and (local := self._evidence_on(self.statement.governed(mark))):
                has_same = any(kind.same.search(text) for text in local)
            else:
                has_same = kind.same.search(self.around) is not None
            if not has_same:
                yield f"The statement says “{kind.said or mark[0]}”; the evidence does not."

    def _evidence_on(self, words: Sequence[str]) -> list[str]:
        return [part.whole.plain for part in self.parts if not part.is_question and part.whole.stems.intersection(words[:1])]

    def corrections(self, kind: _Kind) -> Iterator[str]:
        """Yield what the article says against the claim, outside the words that the statement restates."""
        if kind.same.search(self.statement.plain) or not self.parts:
            return
        texts = [part.whole.plain.replace(part.restated.plain, " ") for part in self.parts]
        texts += [_Text.of(sentence.text, self.rules).plain for sentence in self._after()]
        for mark in filter(None, map(kind.added.search, texts)):
            yield f"The article says “{mark[0]}” of it; the statement does not."

    def _after(self) -> list[Sentence]:
        """Return the sentence after the last cited one, if it is in the same paragraph."""
        last = self.cited[-1]
        following = self.context.reading.sentences[last.number : last.number + 1]
        return [sentence for sentence in following if sentence.paragraph == last.paragraph]

    def lost_conditions(self, kind: _Kind) -> Iterator[str]:
        """Yield the conditions after restated words that the statement leaves out, or those that begin the next sentence."""
        if kind.same.search(self.statement.plain) or not self.parts:
            return
        last = self.parts[-1]
        texts = [part.whole for part in self.parts if not part.is_question]
        texts += [_Text.of(sentence.text, self.rules) for sentence in self._after() if last.sentence == self.cited[-1]]
        for index, text in enumerate(texts):
            for mark in kind.lost.finditer(text.plain):
                is_next = index >= len(self.parts)
                if is_next and mark.start() > 1:
                    continue
                before = self.parts[-1 if is_next else index].restated
                if text.clause_after(mark).isdisjoint(self.statement.stems) and before.stems:
                    yield f"The evidence adds “{mark[0]} …”; the statement does not."

    def opposites(self) -> Iterator[str]:
        """Yield the words of the statement whose opposite the evidence has beside the same words."""
        negation = self.rules.kinds["negation"].added
        if negation.search(self.statement.plain):
            return
        whole = " ".join(part.whole.plain for part in self.parts)
        for pair in self.rules.opposites:
            for said, opposite in (pair, pair[::-1]):
                mine = said.search(self.statement.plain)
                if not mine or opposite.search(self.statement.plain) or said.search(whole):
                    continue
                for part in self.parts:
                    other = opposite.search(part.restated.plain)
                    if other and not negation.search(part.restated.plain) and (
                        part.restated.around(other) & self.statement.around(mine)
                    ):
                        yield f"The evidence says “{other[0]}”; the statement says “{mine[0]}”."

    def changed_tense(self) -> Iterator[str]:
        """Yield a past of a quotation that the statement makes present."""
        if self.rules.kinds.get("past", None) is None:
            return
        present = {match[1]: match for match in _PRESENT.finditer(self.statement.plain)}
        for part in self.parts:
            if '"' in part.restated.plain or "“" in part.restated.plain:
                for past in _QUOTED_PAST.finditer(part.restated.plain):
                    if past[1] in present and past[1] not in self.rules.function_words:
                        yield f"The evidence says “{past[0]}”; the statement says “{present[past[1]][0]}”."

    def figures(self) -> Iterator[str]:
        """Yield the figures that the evidence does not have, or has with another unit or direction."""
        index, reading = self.context.index, self.context.reading
        for figure in index.missing_figures(self.claim.statement, self.cited):
            if not find_sentence_with_figure(figure, self.claim.statement, self.cited, reading.sentences):
                yield f"The evidence does not have the figure {figure}."
        mine = self._described(self.statement)
        others: dict[str, list[tuple[frozenset[int], str]]] = {}
        for part in self.parts:
            for figure, about in self._described(part.whole):
                others.setdefault(figure, []).append(about)
        for figure, (units, before) in mine:
            same = others.get(figure, [])
            if units and same and all(other and other.isdisjoint(units) for other, _ in same):
                yield f"The evidence has the figure {figure} with another unit."
            elif before in _DIRECTIONS and same and all(other in _DIRECTIONS - {before} for _, other in same):
                yield f"The evidence says “{same[0][1]} {figure}”; the statement says “{before} {figure}”."

    def _described(self, text: _Text) -> list[tuple[str, tuple[frozenset[int], str]]]:
        """Return the figures with the numbers of their units, and the word before each."""
        found = []
        for number, token in enumerate(text.tokens):
            if _FIGURE.match(token[0]):
                near = " ".join(other[0] for other in text.tokens[number + 1 : number + 2])
                units = frozenset(index for index, unit in enumerate(self.rules.units) if unit.search(near))
                before = [other[0] for other in text.tokens[max(0, number - 2) : number] if other[0] not in ("dollars", "euros", "pounds")]
                found.append((token[0], (units, before[-1] if before else "")))
        return found


def _clause(sentence: str, phrases: Sequence[str]) -> str:
    """Return the phrases of a sentence, each with the words before and after it in its clause; else the sentence."""
    found = []
    for phrase in phrases:
        start = sentence.find(phrase)
        if start < 0:
            return sentence
        end = start + len(phrase)
        while start > 0 and sentence[start - 1] not in _STOPS:
            start -= 1
        while end < len(sentence) and sentence[end] not in _STOPS:
            end += 1
        found.append(sentence[start:end])
    return " … ".join(found) or sentence
