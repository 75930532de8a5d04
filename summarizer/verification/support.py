"""Hold a statement against the words of its evidence, without a model: the check "support".

Negations, hedges, duties, amounts, conditions, opposites, tenses and figures are compared. A difference counts only
beside words that the statement restates, since a long sentence has other clauses. ``support.toml`` has the words.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import chain, takewhile
from typing import NamedTuple

from summarizer._patterns import compile_lazily
from summarizer._text import normalize, shorten
from summarizer.article import Sentence
from summarizer.attribution import Attribution
from summarizer.spans import clip, hull, quote
from summarizer.verification.checks import CheckResult, Claim, GroundingContext, check, is_named
from summarizer.verification.figures import find_sentence_with_figure
from summarizer.verification.wording import (
    MONTH,
    STOPS,
    ComparedText,
    Kind,
    Rules,
    Words,
    content_keys,
    count_shared,
    read_rules,
    read_with_rules,
    stem,
)

_MARKS = '.,;:!?()"“”„«»–—… '
_QUOTED = compile_lazily('[“"„«]([^“”"„«»]*)')
_PAST = compile_lazily(r"(?<!\bwho )\b(?:was|were) (?:an? )?(\w+)")
_PERFECT = compile_lazily(r"(?<!\bwho )\bhad been (?:an? )?(\w+)")
_PRESENT = compile_lazily(r"\b(?:is|are) (?:an? )?(\w+)")
_DIRECTIONS = frozenset({"from", "to", "by"})
_CURRENCIES = frozenset({"dollars", "euros", "pounds"})
# Kinds whose words are before the content: "used to think", "suspected".
_BEFORE_CONTENT = frozenset({"past", "suspicion"})
# Kinds for which only cited sentences, not those beside them, answer.
_CITED = frozenset({"universal", "cause", "likelihood", "norm", "people"})
_PART_END = compile_lazily(r"(?<=[.!?;:])\s+")
_AROUND = 2  # sentences on each side of those cited
_MIN_CLAIM, _MIN_PART = 3, 2  # content words of a statement, and of a part of it, that share something
_MIN_SURE = 0.8  # confidence of an attribution that tells whose words a sentence has
_MIN_SHARED = 2  # content words of a long sentence that the statement restates
_MAX_CONDITION = 30  # characters from the end of a clause to that of the word that begins its condition


@check("support")
def check_support(claim: Claim, context: GroundingContext) -> CheckResult:
    """Return "doubtful" with a reason if the statement and its evidence differ, else "unflagged".

    In a language without lists of words, nothing is flagged.
    """
    rules = read_rules(context.reading.language)
    cited = (context.reading.sentence(number).text for number in claim.sentences)
    if rules and claim.sentences and normalize(claim.statement) not in map(normalize, cited):
        for reason in _Comparison(claim, context, rules).differences():
            return CheckResult("doubtful", reason=reason)
    return CheckResult("unflagged")


class _Part(NamedTuple):
    """A cited sentence: the clauses that the statement restates, and the whole."""

    restated: ComparedText
    whole: ComparedText
    outside: str
    """The sentence without the restated words; empty if it is restated as a whole."""
    is_question: bool


@dataclass(frozen=True)
class _Comparison:
    """A statement and its evidence."""

    claim: Claim
    context: GroundingContext
    rules: Rules

    def read(self, sentences: Sequence[Sentence]) -> list[ComparedText]:
        return [read_with_rules(sentence.text, self.rules) for sentence in sentences]

    @cached_property
    def statement(self) -> ComparedText:
        return read_with_rules(self.claim.statement, self.rules)

    @cached_property
    def cited(self) -> list[Sentence]:
        return [self.context.reading.sentence(number) for number in sorted(set(self.claim.sentences))]

    @cached_property
    def whole(self) -> list[ComparedText]:
        """The cited sentences as texts."""
        return self.read(self.cited)

    @cached_property
    def lists(self) -> frozenset[Words]:
        """The lists that words of the cited sentences may be in."""
        return frozenset().union(*(text.lists for text in self.whole))

    def may_have(self, words: Words, *others: ComparedText) -> bool:
        """Return whether the cited sentences or other texts can have one of the words."""
        return words in self.lists or any(words in text.lists for text in others)

    @cached_property
    def around(self) -> list[ComparedText]:
        """The cited sentences and those beside them."""
        numbers = {number + step for number in self.claim.sentences for step in (-1, 0, 1)}
        sentences = self.context.reading.sentences
        return self.read([sentences[number - 1] for number in sorted(numbers) if 0 < number <= len(sentences)])

    @cached_property
    def following(self) -> list[ComparedText]:
        """The sentence after the last cited one, in the same paragraph."""
        last = self.cited[-1]
        after = self.context.reading.sentences[last.number : last.number + 1]
        return self.read([sentence for sentence in after if sentence.paragraph == last.paragraph])

    @cached_property
    def parts(self) -> list[_Part]:
        """The cited sentences that the statement restates."""
        analysis, holders = self.context.analysis, self.claim.holders
        text, parts = self.context.reading.article.text, []
        for sentence, whole in zip(self.cited, self.whole, strict=True):
            here = [sentence.number]
            own = [hull(found.statement_spans) for found in analysis.attributions_by(holders, here)]
            others = [span for found in analysis.attributions_in(here) if not found.unsaid for span in found.content]
            inside = clip(own, hull(sentence.spans)) or clip(others, hull(sentence.spans))
            spans = self.context.index.find_phrase(self.claim.statement, sentence, inside) or inside
            phrases = [quote(text, [span]).strip(_MARKS) for span in spans]
            contents = [quote(text, [span]) for span in inside]
            restated = read_with_rules(_find_clauses(sentence.text, phrases, contents), self.rules)
            words = (read_with_rules(phrase, self.rules).plain for phrase in phrases)
            outside = reduce(lambda left, phrase: left.replace(phrase, " "), words, whole.plain) if phrases else ""
            shared = len(restated.stems & self.statement.stems)
            if shared >= _MIN_SHARED or 0 < len(restated.stems) <= 2 * shared:
                is_question = sentence.text.rstrip(_MARKS.replace("?", "")).endswith("?")
                parts.append(_Part(restated, whole, outside, is_question))
        return parts

    def differences(self) -> Iterator[str]:
        """Yield the differences, each as a sentence for readers.

        Words of the evidence can lack only a correction or a condition beside them.
        """
        is_verbatim = self.claim.is_verbatim
        if not is_verbatim:
            yield from self.other_words()
            yield from self.other_speaker()
        for name, kind in self.rules.kinds.items():
            if name == "correction":
                yield from self.corrections(kind)
            elif name == "condition":
                yield from self.lost_conditions(kind)
            elif not is_verbatim:
                yield from self.lost(name, kind)
                yield from self.added(name, kind)
        if not is_verbatim:
            yield from self.opposites()
            yield from self.changed_tense()
            yield from self.figures()

    def other_words(self) -> Iterator[str]:
        """Yield that the statement has no word of the sentences around, or a part of it none of the article.

        A short statement may paraphrase, and one of which the article has a third of the words; names do not count.
        """
        context, first, last = self.context, self.cited[0].number, self.cited[-1].number
        language, sentences = context.reading.language, context.reading.sentences
        near = sentences[max(0, first - 1 - _AROUND) : first + _AROUND] + sentences[last - 1 - _AROUND : last + _AROUND]
        texts = [*(sentence.text for sentence in (*near, *self.cited)), context.reading.article.title or ""]
        keys = frozenset(chain.from_iterable(content_keys(text, language) for text in texts))
        statement = self.claim.statement
        names = [*self.claim.holders, *map(" ".join, context.names.find(statement))]
        shared, words = count_shared(statement, keys, language, without=self.claim.holders)
        known, count = count_shared(statement, context.content, language, without=names)
        is_short = count < _MIN_CLAIM and len(statement.split()) >= _MIN_CLAIM
        if words and not shared and not is_short and (not count or 3 * known < count):
            yield "The statement and its evidence have no word in common."
        parts = _PART_END.split(statement)
        for part in parts if len(parts) > 1 else ():
            known, count = count_shared(part, context.content | keys, language)
            if count >= _MIN_PART and not known:
                yield f"The article has no word of “{shorten(part)}”."

    def other_speaker(self) -> Iterator[str]:
        """Yield the person to whom the article attributes the cited sentences, if they name none of the holders."""
        claim, analysis = self.claim, self.context.analysis
        names = [*claim.holders, *([claim.reported_by] if claim.reported_by else [])]
        words = frozenset(chain.from_iterable(read_with_rules(name, self.rules).stems for name in names))
        if not claim.holders or any(words & text.stems for text in self.whole):
            return
        if analysis.attributions_by(names, claim.sentences, min_confidence=0):
            return
        found = analysis.attributions_in(claim.sentences, min_confidence=_MIN_SURE)
        speakers = {holder.name for other in found for holder in other.holders}
        covered = {number for other in found for number in other.sentences}
        if len(speakers) == 1 and covered.issuperset(claim.sentences) and all(map(self.has_name, found)):
            yield f"The article attributes these words to {speakers.pop()}."

    def has_name(self, found: Attribution) -> bool:
        """Return whether an attribution names a person, or the sentence before it that person alone."""
        reading = self.context.reading
        holder = found.holders[0] if found.holders else None
        if holder is None or holder.kind != "person" or holder.name.split()[0].lower() in self.rules.function_words:
            return False
        if is_named(holder, quote(reading.article.text, found.source)):
            return True
        sentence = reading.sentence(found.sentences[0])
        before = reading.sentence(max(1, sentence.number - 1))
        first, last = before.spans[0].start, before.spans[-1].end
        people = [entity for entity in self.context.analysis.entities if entity.kind == "person"]
        named = {who.name for who in people if any(first <= mention.start < last for mention in who.mentions)}
        return before.paragraph == sentence.paragraph and named == {holder.name}

    def lost(self, name: str, kind: Kind) -> Iterator[str]:
        """Yield the marks of the evidence beside a restated word, if the statement has nothing like them.

        The restated word itself does not count: in "did not rule out", "rule out" is negated.
        """
        if not self.may_have(kind.lost):
            return
        mine = {stem(match[0].split()[0]) for match in kind.same.finditer(self.statement)}
        for part in self.parts if mine <= self.statement.stems else ():
            text = part.whole if name in _BEFORE_CONTENT else part.restated
            for mark in () if part.is_question else kind.lost.finditer(text):
                restated = self.statement.stems.intersection(text.governed(mark))
                if restated and mine <= restated and not (self.is_free(restated, kind) or self.is_reversed(kind)):
                    yield f"The evidence says “{mark[0]}”; the statement does not."

    def is_free(self, words: frozenset[str], kind: Kind) -> bool:
        """Return whether a cited sentence has one of the words without anything of this kind."""
        return any(words & part.whole.stems and not kind.same.search(part.whole) for part in self.parts)

    def is_reversed(self, kind: Kind) -> bool:
        """Return whether the statement puts a negation into an opposite: "lower" for "not higher"."""
        mine, theirs = self.statement, [part.restated for part in self.parts]
        return kind is self.rules.kinds["negation"] and any(
            one.search(mine) and any(map(other.search, theirs))
            for pair in self.rules.opposites
            for one, other in (pair, pair[::-1])
        )

    def added(self, name: str, kind: Kind) -> Iterator[str]:
        """Yield the marks of the statement if the evidence has nothing like them."""
        for mark in kind.marks.finditer(self.statement):
            if any(map(kind.marks.search, self.whole)):
                continue
            texts = self.whole if name in _CITED else self.around
            if name == "negation":
                words = self.statement.governed(mark)[:1]
                parts = [part for part in self.parts if not part.is_question]
                texts = [part.whole for part in parts if part.whole.stems.intersection(words)] or texts
            if not any(map(kind.same.search, texts)) and (name != "cause" or self.joins_sentences(mark)):
                yield f"The statement says “{mark[0]}”; the evidence does not."

    def joins_sentences(self, mark: re.Match[str]) -> bool:
        """Return whether the words before and after a mark of the statement come from different sentences."""
        plain, texts = self.statement.plain, self.whole
        sides = [ComparedText(words, self.rules).stems for words in (plain[: mark.start()], plain[mark.end() :])]
        shares = [[len(side & text.stems) for text in texts] for side in sides]
        places = [share.index(max(share)) for share in shares]
        return places[0] != places[1] and all(map(max, shares))

    def corrections(self, kind: Kind) -> Iterator[str]:
        """Yield what the article says against the claim, outside of the words that the statement restates."""
        if self.may_have(kind.marks, *self.following) and not kind.same.search(self.statement):
            texts = [part.outside for part in self.parts]
            texts += [text.plain for text in self.following] if texts else []
            for mark in filter(None, map(kind.marks.pattern.search, texts)):
                yield f"The article says “{mark[0]}” of it; the statement does not."

    def lost_conditions(self, kind: Kind) -> Iterator[str]:
        """Yield the conditions of restated sentences that the statement leaves out, and one that begins the next."""
        if not self.may_have(kind.lost, *self.following) or kind.same.search(self.statement):
            return
        stated = [part for part in self.parts if not part.is_question]
        clauses = [(part.whole, part.restated.plain) for part in stated]
        clauses += [(text, "") for text in self.following] if stated else []
        for text, clause in clauses:
            start = max(0, text.plain.find(clause))
            mark = kind.lost.pattern.search(text.plain, start, start + len(clause) + _MAX_CONDITION)
            if mark and self.statement.stems.isdisjoint(text.governed(mark, words=None)):
                yield f"The evidence adds “{mark[0]} …”; the statement does not."

    def opposites(self) -> Iterator[str]:
        """Yield the words of the statement whose opposite the evidence has beside the same words."""
        negation, statement = self.rules.kinds["negation"].marks, self.statement
        if negation.search(statement):
            return
        for said, opposite in chain.from_iterable((pair, pair[::-1]) for pair in self.rules.opposites):
            mine = said.search(statement) if opposite in self.lists else None
            if not mine or opposite.search(statement) or any(said.search(part.whole) for part in self.parts):
                continue
            for part in self.parts:
                other = opposite.search(part.restated)
                is_plain = other and not negation.search(part.restated)
                if other and is_plain and part.restated.near(other) & statement.near(mine):
                    yield f"The evidence says “{other[0]}”; the statement says “{mine[0]}”."

    def changed_tense(self) -> Iterator[str]:
        """Yield a past of a quotation, or one before that of a report, that the statement makes present."""
        present = {match[1]: match[0] for match in _PRESENT.finditer(self.statement.plain)}
        for part in self.parts if present else ():
            quoted = chain.from_iterable(map(_PAST.finditer, _QUOTED.findall(part.whole.plain)))
            for past in chain(quoted, _PERFECT.finditer(part.whole.plain)):
                now = present.get(past[1])
                if now and past[1] not in self.rules.function_words and now not in part.whole.plain:
                    yield f"The evidence says “{past[0]}”; the statement says “{now}”."

    def figures(self) -> Iterator[str]:
        """Yield the figures that the evidence does not have, or has with another unit or direction."""
        index, reading, statement = self.context.index, self.context.reading, self.claim.statement
        for figure in index.missing_figures(statement, self.cited):
            if not find_sentence_with_figure(figure, statement, self.cited, reading.sentences):
                yield f"The evidence does not have the figure {figure}."
        mine = list(self.find_figures(self.statement))
        theirs = [found for part in (self.parts if mine else ()) for found in self.find_figures(part.whole)]
        for figure, units, before in mine:
            same = [found for found in theirs if found[0] == figure]
            if same and all(units - other and other - units for _, other, _ in same):
                yield f"The evidence has the figure {figure} with another unit."
            elif before in _DIRECTIONS and same and all(other in _DIRECTIONS - {before} for _, _, other in same):
                yield f"The evidence says “{same[0][2]} {figure}”; the statement says “{before} {figure}”."

    def find_figures(self, text: ComparedText) -> Iterator[tuple[str, frozenset[int], str]]:
        """Yield the figures in digits, each with the numbers of its units and the word before it."""
        words = [token[0] for token in text.tokens]
        for place, word in enumerate(words):
            if word[0].isdigit():
                after = takewhile(lambda word: word not in STOPS and not word.isdigit(), words[place + 1 : place + 4])
                nouns = list(after)
                before = [other for other in words[max(0, place - 2) : place] if other not in _CURRENCIES]
                units = frozenset(n for n, unit in enumerate(self.rules.units) if any(map(unit.match, nouns)))
                yield word, units, "".join(before[-1:])


def _find_clauses(sentence: str, phrases: Sequence[str], contents: Sequence[str]) -> str:
    """Return the clauses of a sentence that hold the phrases, within their contents; without phrases, the sentence."""
    marked = MONTH.sub("Mai", sentence)  # of the same length; only here, the words before "May" tell the month
    found = []
    for phrase in phrases:
        start = sentence.find(phrase)
        if start < 0:
            return sentence
        end = start + len(phrase)
        around = next((content for content in contents if phrase in content and content in sentence), sentence)
        first = sentence.find(around)
        while start > first and sentence[start - 1] not in STOPS:
            start -= 1
        while end < first + len(around) and sentence[end] not in STOPS:
            end += 1
        found.append(marked[start:end])
    return " … ".join(found) or sentence
