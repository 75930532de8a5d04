"""Hold a statement against the words of its evidence, without a model: the check "support".

Negations, hedges, duties, amounts, conditions, opposites, tenses and figures are compared. A difference counts only
beside words that the statement restates, since a long sentence has other clauses. ``support.toml`` has the words.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache, reduce
from itertools import chain, takewhile
from typing import Any, NamedTuple

from summarizer._files import read_toml
from summarizer._patterns import compile_lazily
from summarizer._text import normalize, normalized_words
from summarizer.article import Sentence
from summarizer.attribution import Attribution
from summarizer.spans import clip, hull, quote
from summarizer.verification.checks import CheckResult, Claim, GroundingContext, check, is_named
from summarizer.verification.figures import find_sentence_with_figure
from summarizer.verification.text_index import UNSPACED

_TOKEN = compile_lazily(r"\d+(?:[.,]\d+)*|[^\W_]+(?:['-][^\W_]+)*|[^\w\s]")
_SIGNS = {"’": "'", "‘": "'", "%": " percent ", "$": " dollars ", "€": " euros ", "£": " pounds "}
_NEGATION = compile_lazily(r"\b(ca|wo|sha)n't\b|\b(can)not\b|n't\b")
_FULL_FORMS = {"ca": "can", "wo": "will", "sha": "shall"}
_MONTH = compile_lazily(r"(?<=[\w,] )May\b|\bMay(?= \d)")
_ELISION = compile_lazily(r"\b([cdjlmnst]|qu|jusqu|lorsqu|puisqu)'(?=\w)")
_ENDING = compile_lazily(r"(?<=\w{3})(?:ing|ed|es|er|en|et|s|e)$")
_ADVERB = compile_lazily(r"\w{3}(?<!p)ly$")  # no "apply"
_STEM = 6  # letters
_MARKS = '.,;:!?()"“”„«»–—… '
_STOPS = frozenset(_MARKS.strip())
_QUOTED = compile_lazily('[“"„«]([^“”"„«»]*)')
_PAST = compile_lazily(r"(?<!\bwho )\b(?:was|were) (?:an? )?(\w+)")
_PERFECT = compile_lazily(r"(?<!\bwho )\bhad been (?:an? )?(\w+)")
_PRESENT = compile_lazily(r"\b(?:is|are) (?:an? )?(\w+)")
_DIRECTIONS = frozenset({"from", "to", "by"})
_CURRENCIES = frozenset({"dollars", "euros", "pounds"})
# Kinds whose words stand before the content: "used to think", "suspected".
_BEFORE_CONTENT = frozenset({"past", "suspicion"})
# Kinds for which only cited sentences, not those beside them, answer.
_CITED = frozenset({"universal", "cause", "likelihood", "norm", "people"})
_MIN_SURE = 0.8  # confidence of an attribution that tells whose words a sentence has
_MIN_SHARED = 2  # content words of a long sentence that the statement restates
_MAX_REACH = 6  # tokens from a mark to the word that it governs
_NEAR = 4  # tokens between two words about the same thing
_MAX_CONDITION = 30  # characters from the end of a clause to that of the word that begins its condition
_MAX_CACHED = 1024  # texts
_MAX_WORDS = 8192  # whose lists are kept
_RUN = compile_lazily(r"[\w'-]+")
_FIRST = compile_lazily(r"(?:\(\?<[=!][^)]*\))?((?:(?!_)[\w'*-])*)")


@check("support")
def check_support(claim: Claim, context: GroundingContext) -> CheckResult:
    """Return "doubtful" with a reason if the statement and its evidence differ, else "unflagged".

    In a language without lists of words, nothing is flagged.
    """
    rules = _read_rules(context.reading.language)
    cited = (context.reading.sentence(number).text for number in claim.sentences)
    if rules and claim.sentences and normalize(claim.statement) not in map(normalize, cited):
        for reason in _Comparison(claim, context, rules).differences():
            return CheckResult("doubtful", reason=reason)
    return CheckResult("unflagged")


def content_stems(text: str, language: str) -> frozenset[str]:
    """Return the stems of the content words of a text; none in a language without lists of words."""
    read = read_text(text, language)
    return read.stems if read else frozenset()


class _Words:
    """A list of words and phrases. Only texts that have one of their first words are searched: most have none."""

    def __init__(self, words: str) -> None:
        self.pattern = _pattern(words)
        firsts = map(_FIRST.match, filter(None, re.split(r"[\s|]+", words)))
        self.firsts = {first[1] or "*" for first in firsts if first}

    def search(self, text: "ComparedText") -> re.Match[str] | None:
        return self.pattern.search(text.plain) if self in text.lists else None

    def finditer(self, text: "ComparedText") -> Iterable[re.Match[str]]:
        return self.pattern.finditer(text.plain) if self in text.lists else ()


class _Kind(NamedTuple):
    """Words of one kind: those that change a claim, and those that say the same in another way."""

    marks: _Words
    lost: _Words
    same: _Words


@dataclass(frozen=True, eq=False)
class _Rules:
    """The words of one language."""

    kinds: dict[str, _Kind]
    opposites: tuple[tuple[_Words, _Words], ...]
    units: tuple[re.Pattern[str], ...]
    left_out: re.Pattern[str]
    function_words: frozenset[str]
    around: bool

    @cached_property
    def by_first(self) -> dict[str, list[_Words]]:
        """The lists by the first words of their phrases."""
        lists: dict[str, list[_Words]] = {}
        for words in chain(*self.kinds.values(), *self.opposites):
            for first in words.firsts:
                lists.setdefault(first, []).append(words)
        return lists


@lru_cache(maxsize=_MAX_WORDS)
def _find_lists(word: str, rules: _Rules) -> frozenset[_Words]:
    """Return the lists that have a word or phrase beginning with ``word``."""
    parts = [(f"{word[:place]}*", f"*{word[place:]}") for place in range(len(word) + 1)]
    return frozenset(chain.from_iterable(rules.by_first.get(form, ()) for form in (word, *chain(*parts))))


def _pattern(words: str) -> re.Pattern[str]:
    """Compile a list of words: "_" is a space, "*" any ending or beginning."""
    forms = [word.replace("*", r"[\w'-]*").replace("_", " ") for word in re.split(r"[\s|]+", words) if word]
    return re.compile(rf"(?<![\w'-])(?:{'|'.join(forms) or '(?!)'})(?![\w'-])")


@cache
def _read_rules(language: str) -> _Rules | None:
    data: dict[str, Any] = read_toml(__file__, "support.toml").get(language, {})
    if not data:
        return None
    tables = {name: table for name, table in data.items() if isinstance(table, dict)}
    pairs = (line.split() for line in data["opposites"].splitlines() if line)
    return _Rules(
        {name: _Kind(*(_Words(table.get(key, "")) for key in _Kind._fields)) for name, table in tables.items()},
        tuple((_Words(one), _Words(other)) for one, other in pairs),
        tuple(map(_pattern, data.get("units", "").split())),
        _pattern(data["left_out"]),
        frozenset(data["function_words"].split()),
        data["around"],
    )


@dataclass(frozen=True, eq=False)
class ComparedText:
    """A text in lower case with whole negations, and its words."""

    plain: str
    rules: _Rules

    @cached_property
    def tokens(self) -> list[re.Match[str]]:
        """Its words and marks."""
        return list(_TOKEN.finditer(self.plain))

    @cached_property
    def lists(self) -> frozenset[_Words]:
        """The lists that its words may be in."""
        return frozenset().union(*(_find_lists(word, self.rules) for word in set(_RUN.findall(self.plain))))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its content words."""
        return frozenset(self._content(self.tokens))

    def _content(self, tokens: Sequence[re.Match[str]]) -> list[str]:
        """Return the stems of the content words among tokens; adverbs count as little as function words."""
        words = [token[0] for token in tokens if token[0] not in self.rules.function_words]
        return [_stem(word) for word in words if word.isdigit() or (word[1:] and not _ADVERB.search(word))]

    def governed(self, mark: re.Match[str], words: int | None = 1) -> list[str]:
        """Return the stems of the next content words of the clause; in some languages, of those before a mark, too."""
        after = [token for token in self.tokens if token.start() >= mark.end()]
        before = [token for token in self.tokens if token.end() <= mark.start()][::-1] if self.rules.around else []
        clauses = [takewhile(lambda token: token[0] not in _STOPS, side) for side in (after, before)]
        return [stem for clause in clauses for stem in self._content(list(clause)[:_MAX_REACH])[:words]]

    def near(self, mark: re.Match[str]) -> frozenset[str]:
        """Return the stems of the content words around a mark."""
        place = next(index for index, token in enumerate(self.tokens) if token.end() > mark.start())
        around = self.tokens[max(0, place - _NEAR) : place] + self.tokens[place + 1 : place + 1 + _NEAR]
        return frozenset(self._content(around))


def read_wording(text: str, language: str) -> tuple[frozenset[str], bool]:
    """Return the stems of the content words of a text, and whether it is negated: "not", "no", "nicht", "ne … pas".

    In a language without lists of words, all words count, and nothing is negated.
    """
    if (rules := _read_rules(language)) is None:
        return frozenset(normalized_words(text)), False
    plain, negations = rules.kinds["negation"].marks.pattern.subn("~", _read_text(text, rules).plain)
    return _read_text(plain, rules).stems, negations % 2 == 1


def shares_content(text: str, evidence: Iterable[str], language: str, *, without: Iterable[str] = ()) -> bool:
    """Return whether a text has a content word of its evidence, or none at all; the words ``without`` do not count."""
    own = read_wording(text, language)[0].difference(*(read_wording(words, language)[0] for words in without))
    return not own or bool(UNSPACED.search(text)) or any(own & read_wording(words, language)[0] for words in evidence)


def read_text(text: str, language: str) -> ComparedText | None:
    """Return a text as it is compared; None in a language without lists of words."""
    return _read_text(text, rules) if (rules := _read_rules(language)) else None


def _stem(word: str) -> str:
    return _ENDING.sub("", word)[:_STEM]


@lru_cache(maxsize=_MAX_CACHED)
def _read_text(text: str, rules: _Rules) -> ComparedText:
    plain = unicodedata.normalize("NFC", _MONTH.sub("Mai", text)).lower()
    for sign, word in _SIGNS.items():
        plain = plain.replace(sign, word)
    plain = _NEGATION.sub(lambda match: f"{_FULL_FORMS.get(match[1], match[2] or '')} not", plain)
    return ComparedText(rules.left_out.sub("~", " ".join(_ELISION.sub(r"\1 ", plain).split())), rules)


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
    rules: _Rules

    def read(self, sentences: Sequence[Sentence]) -> list[ComparedText]:
        return [_read_text(sentence.text, self.rules) for sentence in sentences]

    @cached_property
    def statement(self) -> ComparedText:
        return _read_text(self.claim.statement, self.rules)

    @cached_property
    def cited(self) -> list[Sentence]:
        return [self.context.reading.sentence(number) for number in sorted(set(self.claim.sentences))]

    @cached_property
    def whole(self) -> list[ComparedText]:
        """The cited sentences as texts."""
        return self.read(self.cited)

    def may_have(self, words: _Words, *others: ComparedText) -> bool:
        """Return whether the cited sentences or other texts can have one of the words."""
        return any(words in text.lists for text in (*self.whole, *others))

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
            restated = _read_text(_find_clauses(sentence.text, phrases, contents), self.rules)
            words = (_read_text(phrase, self.rules).plain for phrase in phrases)
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
        """Yield that the statement has no word of the cited sentences, nor of the one before: "The insurers agree."."""
        numbers = {self.cited[0].number - 1 or 1, *self.claim.sentences}
        evidence = [self.context.reading.sentence(number).text for number in numbers]
        if not shares_content(
            self.claim.statement, evidence, self.context.reading.language, without=self.claim.holders
        ):
            yield "The statement and its evidence have no word in common."

    def other_speaker(self) -> Iterator[str]:
        """Yield the person to whom the article attributes the cited sentences, if they name none of the holders."""
        claim, analysis = self.claim, self.context.analysis
        names = [*claim.holders, *([claim.reported_by] if claim.reported_by else [])]
        words = frozenset(chain.from_iterable(_read_text(name, self.rules).stems for name in names))
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

    def lost(self, name: str, kind: _Kind) -> Iterator[str]:
        """Yield the marks of the evidence beside a restated word, if the statement has nothing like them.

        The restated word itself does not count: in "did not rule out", "rule out" is negated.
        """
        if not self.may_have(kind.lost):
            return
        mine = {_stem(match[0].split()[0]) for match in kind.same.finditer(self.statement)}
        for part in self.parts if mine <= self.statement.stems else ():
            text = part.whole if name in _BEFORE_CONTENT else part.restated
            for mark in () if part.is_question else kind.lost.finditer(text):
                restated = self.statement.stems.intersection(text.governed(mark))
                if restated and mine <= restated and not (self.is_free(restated, kind) or self.is_reversed(kind)):
                    yield f"The evidence says “{mark[0]}”; the statement does not."

    def is_free(self, words: frozenset[str], kind: _Kind) -> bool:
        """Return whether a cited sentence has one of the words without anything of this kind."""
        return any(words & part.whole.stems and not kind.same.search(part.whole) for part in self.parts)

    def is_reversed(self, kind: _Kind) -> bool:
        """Return whether the statement puts a negation into an opposite: "lower" for "not higher"."""
        mine, theirs = self.statement, [part.restated for part in self.parts]
        return kind is self.rules.kinds["negation"] and any(
            one.search(mine) and any(map(other.search, theirs))
            for pair in self.rules.opposites
            for one, other in (pair, pair[::-1])
        )

    def added(self, name: str, kind: _Kind) -> Iterator[str]:
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

    def corrections(self, kind: _Kind) -> Iterator[str]:
        """Yield what the article says against the claim, outside of the words that the statement restates."""
        if self.may_have(kind.marks, *self.following) and not kind.same.search(self.statement):
            texts = [part.outside for part in self.parts]
            texts += [text.plain for text in self.following] if texts else []
            for mark in filter(None, map(kind.marks.pattern.search, texts)):
                yield f"The article says “{mark[0]}” of it; the statement does not."

    def lost_conditions(self, kind: _Kind) -> Iterator[str]:
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
            mine = said.search(statement) if self.may_have(opposite) else None
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
                after = takewhile(lambda word: word not in _STOPS and not word.isdigit(), words[place + 1 : place + 4])
                nouns = list(after)
                before = [other for other in words[max(0, place - 2) : place] if other not in _CURRENCIES]
                units = frozenset(n for n, unit in enumerate(self.rules.units) if any(map(unit.match, nouns)))
                yield word, units, "".join(before[-1:])


def _find_clauses(sentence: str, phrases: Sequence[str], contents: Sequence[str]) -> str:
    """Return the clauses of a sentence that hold the phrases, within their contents; without phrases, the sentence."""
    marked = _MONTH.sub("Mai", sentence)  # of the same length; only here, the words before "May" tell the month
    found = []
    for phrase in phrases:
        start = sentence.find(phrase)
        if start < 0:
            return sentence
        end = start + len(phrase)
        around = next((content for content in contents if phrase in content and content in sentence), sentence)
        first = sentence.find(around)
        while start > first and sentence[start - 1] not in _STOPS:
            start -= 1
        while end < first + len(around) and sentence[end] not in _STOPS:
            end += 1
        found.append(marked[start:end])
    return " … ".join(found) or sentence
