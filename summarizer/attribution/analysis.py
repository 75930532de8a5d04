"""The analysis of one article: apply the rules, resolve the holders, and look attributions up."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress, islice, takewhile
from operator import attrgetter
from typing import NamedTuple

from summarizer._patterns import compile_lazily
from summarizer._types import Certainty, Speech
from summarizer.article import Article, Reading, find_emphasised, parse_label, read
from summarizer.attribution.certainty import find_certainty, find_negation
from summarizer.attribution.confidence import find_confidences
from summarizer.attribution.coreference import HolderResolver
from summarizer.attribution.entities import Entities, Entity, find_entities
from summarizer.attribution.languages import find_reports
from summarizer.attribution.lexicon import NO_CUE, WORDS, Polarity
from summarizer.attribution.rules import RULES, SPEAKER_LABEL, Candidate, Context, Match, Rule, Subjects, find_rules
from summarizer.attribution.rules.labels import Turn, find_turns, is_own_cue
from summarizer.attribution.rules.quotations import find_tag_verbs, introduces_next
from summarizer.attribution.rules.relays import add_reporters
from summarizer.attribution.rules.tags import find_according
from summarizer.attribution.speakers import has_capitals_only
from summarizer.attribution.tokens import Paragraph, Piece, read_paragraphs
from summarizer.spans import Span, quote

MIN_CONFIDENCE = 0.5
"""The least confidence of an attribution that counts as somebody's position."""
LISTED_CONFIDENCE = 0.44
"""The least confidence of what `attributions` returns; on the corpus, precision and recall balance best there."""
_MIN_QUOTED = 4  # words of a quotation; fewer are a title or a term, unless somebody says them
_MAX_NEGATION_DISTANCE = 40  # in characters: from a source to a negated cue


@dataclass(frozen=True, slots=True)
class Attribution:
    """One reported statement, thought or feeling: a source, a cue, a content.

    All spans are ranges of ``article.text``; each of the three may consist of several pieces.

    Examples:
        >>> from summarizer import Article, attributions
        >>> (found,) = attributions(Article.from_text("“The bridge must go,” said Anna Berg."))
        >>> found.speech, found.certainty, found.act
        ('direct', 'asserted', 'said')
    """

    source: tuple[Span, ...]
    """The words that name the holder; empty without a name ("it is feared")."""
    cue: tuple[Span, ...]
    """The words that attribute: "said", "according to", "accused … of"."""
    content: tuple[Span, ...]
    """The statement, quotation marks included."""
    sentences: tuple[int, ...]
    """The numbers of the sentences that hold the content, in order."""
    holders: tuple[Entity, ...]
    """The entities that the source means: two in "said Mr Logan and Prof Michta", none without a name."""
    speech: Speech
    """Whether all of the content is in quotation marks, none, or a part."""
    certainty: Certainty
    """The holder's certainty, by cue and content."""
    act: str
    """The act that the cue names: said, believed, asked, demanded, promised, denied, accused, …"""
    polarity: Polarity | None
    """The side that the cue itself takes ("backed", "opposed"), if any."""
    rule: Rule
    """The rule that found it."""
    confidence: float = 1.0
    """The probability, from 0 to 1, that a reader would name the same source for this content."""
    reported_by: tuple[Entity, ...] = ()
    """The bodies that report the statement: the paper in "the paper quoted Ms Hill as saying"."""
    denied: bool = False
    """The holder denies, rejects or refuses the content: "denied that …", "did not think that …"."""
    unsaid: bool = False
    """The content is reported as not said, thought or confirmed: "did not say that …", "nobody said that …".
    The holder is neither for it nor against it."""
    answers: int | None = None
    """The number of the sentence with the question that a turn answers."""

    @property
    def statement_spans(self) -> tuple[Span, ...]:
        """The words that state the claim: the content, and the cue if it carries half of it ("opposed the plan").

        A denial includes the words before the cue, which may be the "did not" of "did not think".
        """
        if not self.denied and not self.rule.keeps_cue:
            return self.content
        cue = list(self.cue)
        source_end = self.source[-1].end if self.source else cue[0].start
        if self.denied and 0 <= cue[0].start - source_end <= _MAX_NEGATION_DISTANCE:
            cue[0] = Span(source_end, cue[0].end)
        return tuple(sorted({*cue, *self.content}))


@dataclass(frozen=True)
class Analysis:
    """The reported speech of one article."""

    reading: Reading
    attributions: tuple[Attribution, ...]
    """In the order of the text."""
    entities: Entities
    """The people and bodies that the article names."""
    quotations: tuple[tuple[Span, ...], ...] = ()
    """The quotations in prose of several words, or with a speaker; the next paragraphs of one are not listed."""
    questions: frozenset[int] = frozenset()
    """The numbers of the sentences in an interviewer's turns."""

    @cached_property
    def statements(self) -> tuple[Attribution, ...]:
        """Return the attributions that state a position, and are sure enough to be shown as somebody's."""
        return tuple(found for found in self._all_statements if found.confidence >= MIN_CONFIDENCE)

    @cached_property
    def doubtful(self) -> tuple[Attribution, ...]:
        """Return the attributions that would state a position, but whose confidence is below `MIN_CONFIDENCE`."""
        return tuple(found for found in self._all_statements if found.confidence < MIN_CONFIDENCE)

    @cached_property
    def _all_statements(self) -> tuple[Attribution, ...]:
        """The attributions in prose that have a holder and lie in no other attribution."""
        inner = _find_nested(self.attributions)
        outer = (each for index, each in enumerate(self.attributions) if index not in inner)
        return tuple(each for each in outer if _is_statement(self.reading, each))

    @cached_property
    def _by_sentence(self) -> dict[int, list[int]]:
        """The indexes of the attributions of each sentence; attributions themselves are slow to hash."""
        indexes: dict[int, list[int]] = defaultdict(list)
        for index, attribution in enumerate(self.attributions):
            for number in attribution.sentences:
                indexes[number].append(index)
        return indexes

    def attributions_in(self, sentences: Iterable[int], *, min_confidence: float = MIN_CONFIDENCE) -> list[Attribution]:
        """Return the attributions whose content touches these sentences."""
        indexes = dict.fromkeys(index for number in sentences for index in self._by_sentence.get(number, ()))
        found = [self.attributions[index] for index in indexes]
        return [attribution for attribution in found if attribution.confidence >= min_confidence]

    def attributions_by(
        self, names: Iterable[str], sentences: Iterable[int], *, min_confidence: float = MIN_CONFIDENCE
    ) -> list[Attribution]:
        """Return the attributions in these sentences that one of ``names`` holds or denies."""
        known = [(name.casefold(), self.entities.find(name)) for name in names]
        return [
            attribution
            for attribution in self.attributions_in(sentences, min_confidence=min_confidence)
            if not attribution.unsaid
            and any(
                entity.name == holder.name if entity else name in map(str.casefold, (holder.name, *holder.aliases))
                for name, entity in known
                for holder in attribution.holders
            )
        ]


def analyse(reading: Reading, *, rules: Sequence[Rule] = RULES) -> Analysis:
    """Find the attributions and the entities of an article.

    Args:
        reading: The article, read into sentences.
        rules: The rules to apply, in order of precedence.
    """
    if (foreign := find_reports(reading)) is not None:
        found = tuple(Attribution(**each) for each in foreign.reports)
        return Analysis(reading, found, foreign.entities, tuple(foreign.quotations), foreign.asked)
    paragraphs = read_paragraphs(reading)
    emphasised = find_emphasised(reading.article.text, reading.sentences)
    turns = find_turns(paragraphs, is_interview=reading.form == "interview", emphasised=emphasised)
    entities = find_entities(reading, paragraphs)
    matches = find_matches(reading, paragraphs, entities, turns, rules)
    confidences = find_confidences(paragraphs, [found.candidate for found in matches])
    matches.reverse()  # each is freed when its attribution is made
    attributions = [
        _make_attribution(reading, paragraphs, matches.pop(), confidence=confidence, turns=turns)
        for confidence in confidences
    ]
    asked = [sentence.number for index, turn in turns.items() if turn.asks for sentence in paragraphs[index].sentences]
    quotations = tuple(_find_quotations(reading, paragraphs, attributions))
    return Analysis(reading, tuple(attributions), entities, quotations, frozenset(asked))


def _find_quotations(
    reading: Reading, paragraphs: Iterable[Paragraph], attributions: Iterable[Attribution]
) -> Iterator[tuple[Span, ...]]:
    said = {span for found in attributions if found.rule.content == "quotation" for span in found.content}
    for paragraph in paragraphs:
        for quotation in paragraph.quotations if paragraph.kind == "prose" else ():
            spans = paragraph.spans(reading.article.text, (quotation.start, quotation.end))
            if not quotation.continues and (quotation.words >= _MIN_QUOTED or not said.isdisjoint(spans)):
                yield spans


def attributions(article: Article, *, min_confidence: float = LISTED_CONFIDENCE) -> list[Attribution]:
    """Return the attributions of an article, in the order of the text.

    Args:
        article: The article.
        min_confidence: The least confidence, from 0 to 1. 0 returns the doubtful ones, too.

    Examples:
        >>> from summarizer import Article, attributions
        >>> attributions(Article.from_text("“The bridge must go,” said Anna Berg."))[0].holders[0].name
        'Anna Berg'
    """
    return [found for found in analyse(read(article)).attributions if found.confidence >= min_confidence]


_NO_STATEMENT = compile_lazily(
    r"(?:to (?:comment|respond|reply|elaborate|speak|say|answer|be (?:named|identified|interviewed))"
    r"|(?:to )?an interview)\b"
)
_MIN_WORDS = 3  # of a statement; "he praised Smith" states nothing
_SHORT_SENTENCE = compile_lazily(
    r"(?i)\W*(?:(?:I|you|s?he|it|we|they|that|there|what|who)[’'][a-z]+|I|s?he|it|we|they|nobody|everybody) \w+\W*"
)
"""A quotation of two words that is a sentence: "It's chaos"."""


def _is_statement(reading: Reading, attribution: Attribution) -> bool:
    if attribution.unsaid or _NO_STATEMENT.match(quote(reading.article.text, attribution.content)):
        return False
    words = [word for span in attribution.statement_spans for word in quote(reading.article.text, [span]).split()]
    is_prose = all(reading.sentence(number).kind == "prose" for number in attribution.sentences)
    has_holder = any(holder.name.casefold() not in WORDS["everybody_or_nobody"] for holder in attribution.holders)
    is_sentence = attribution.rule.content == "quotation" and _SHORT_SENTENCE.fullmatch(" ".join(words)) is not None
    return is_prose and has_holder and (len(words) >= _MIN_WORDS or is_sentence)


def _find_nested(attributions: Sequence[Attribution]) -> set[int]:
    """Return the indexes of the attributions whose cue lies within the content of another that is sure.

    If the other only reports the statement, it is the one left out: "Reuters reported that Ms Hill had said".
    """
    nested: set[int] = set()
    outer: list[tuple[int, Attribution]] = []
    by_place = sorted(enumerate(attributions), key=lambda item: (item[1].content[0].start, -item[1].content[-1].end))
    for index, attribution in by_place:
        start = attribution.content[0].start
        outer = [(number, other) for number, other in outer if other.content[-1].end > start]
        around = {
            number
            for number, other in outer
            if any(span.start <= mark.start < span.end for span in other.content for mark in attribution.cue)
        }
        relaying = {number for number in around if attributions[number].holders == attribution.reported_by}
        nested |= relaying or ({index} if around else set())
        if attribution.confidence >= MIN_CONFIDENCE:
            outer.append((index, attribution))
    return nested


class HeldMatch(NamedTuple):
    """A match of a rule, with the entities that its source means."""

    candidate: Candidate
    holders: tuple[Entity, ...]
    reported_by: tuple[Entity, ...]


def find_matches(
    reading: Reading,
    paragraphs: Sequence[Paragraph],
    entities: Entities,
    turns: Mapping[int, Turn],
    rules: Sequence[Rule] = RULES,
) -> list[HeldMatch]:
    """Return the matches of the rules whose source can speak, in the order of their contents."""
    candidates = _match_rules(paragraphs, rules, turns)
    resolver = HolderResolver(reading, paragraphs, entities, min(turns, default=0))
    holders = resolver.find_holders(candidates)
    found = zip(candidates, holders, resolver.find_reporters(candidates), strict=True)
    prose = " ".join(each.text for each in reading.sentences if each.kind != "title")
    titles = {paragraph.index for paragraph in paragraphs if paragraph.kind == "title"}
    return [
        HeldMatch(candidate, held, reporters)
        for candidate, held, reporters in found
        if held is not None
        and not (candidate.paragraph in titles and candidate.rule.place != "tag" and has_capitals_only(held, prose))
    ]


def _match_rules(paragraphs: Sequence[Paragraph], rules: Sequence[Rule], turns: Mapping[int, Turn]) -> list[Candidate]:
    """Return the matches of the rules, in the order of their contents."""
    paragraph_rules = [rule for rule in rules if rule.place == "paragraph"]
    finder = _CueFinder(paragraphs, rules)
    candidates: list[Candidate] = []
    for paragraph in paragraphs:
        if paragraph.index in turns:
            candidates += _find_in_turn(paragraph, turns[paragraph.index], finder)
            continue
        if rules is not RULES or parse_label(paragraph.text):  # an added rule can match without a label
            label = _first_match(paragraph_rules, Context(paragraphs, paragraph, 0))
            candidates += [label] if label else []
        candidates += finder.find(paragraph)
    candidates += _find_untagged(paragraphs, rules, candidates, turns)
    candidates = _extend_last(paragraphs, candidates, turns)
    candidates = add_reporters(paragraphs, _drop_repeated(candidates))
    return sorted(candidates, key=lambda candidate: candidate.match.content[0])


def _find_in_turn(paragraph: Paragraph, turn: Turn, finder: "_CueFinder") -> list[Candidate]:
    """Return the turn of a transcript, and what its speaker reports of others."""
    others = []
    for each in finder.find(paragraph):
        source = tuple([(max(start, turn.start), end) for start, end in each.match.source if end > turn.start])
        if len(source) == len(each.match.source) and not is_own_cue(paragraph, source):
            others.append(each._replace(match=each.match._replace(source=source)))
    own = [Candidate(SPEAKER_LABEL, turn.speaker, turn.match)] if turn.match else []
    return [*own, *others]


def _first_match(rules: Iterable[Rule], context: Context) -> Candidate | None:
    for rule in rules:
        match = rule.match(context)
        if match is not None:
            return Candidate(rule, context.paragraph.index if match.paragraph is None else match.paragraph, match)
    return None


def _find_untagged(
    paragraphs: Sequence[Paragraph], rules: Sequence[Rule], candidates: Sequence[Candidate], turns: Mapping[int, Turn]
) -> list[Candidate]:
    """Return the matches of the rules for quotations and introduced paragraphs that are in no other match."""
    quotation_rules = [rule for rule in rules if rule.place == "quotation"]
    covered = _find_covered(paragraphs, [piece for candidate in candidates for piece in candidate.match.content])
    touched = {index for candidate in candidates for index, _ in candidate.match.content}
    found: list[Candidate] = []
    for paragraph in paragraphs:
        if paragraph.index in turns or paragraph.kind not in ("prose", "title"):
            continue
        places = [each.start for each in paragraph.quotations if (paragraph.index, each.start) not in covered]
        if not paragraph.quotations and paragraph.index and paragraph.index not in touched:
            places = [0] if introduces_next(paragraphs[paragraph.index - 1]) else []
        contexts = (Context(paragraphs, paragraph, word) for word in places)
        found += [each for context in contexts if (each := _first_match(quotation_rules, context))]
    return found


def _find_covered(paragraphs: Sequence[Paragraph], content: Iterable[Piece]) -> set[tuple[int, int]]:
    """Return the paragraph and the first token of each quotation that is in a content."""
    covered = set()
    for index, (start, end) in content:
        quotations = paragraphs[index].quotations
        first = bisect_left(quotations, start, key=attrgetter("end"))
        for quotation in islice(quotations, first, None):
            if quotation.start >= end:
                break
            covered.add((index, quotation.start))
    return covered


class _CueFinder:
    """Apply the rules to the cues of a paragraph: first those for tags, which bound the contents around them."""

    def __init__(self, paragraphs: Sequence[Paragraph], rules: Sequence[Rule]) -> None:
        self._paragraphs = paragraphs
        self._rules = rules

    def find(self, paragraph: Paragraph) -> Iterator[Candidate]:
        """Yield the matches of a paragraph, those for tags last."""
        contexts: dict[int, Context] = {}
        tags = {candidate.cue_start: candidate for candidate in self._find_tags(paragraph, contexts)}
        if not contexts:
            return
        matches = [candidate.match for candidate in tags.values()]
        edges = sorted(min(start for start, _ in match.source + match.cue) for match in matches)
        subjects = Subjects()
        sentence = (-1, -1)
        for word, cue in paragraph.cues:
            context = contexts[word]
            if context.sentence != sentence:
                sentence, subjects = context.sentence, Subjects()
            candidate = tags.get(word)
            if candidate is None:
                context.restart(cue)
                edge = bisect_right(edges, word)
                if edge < len(edges):
                    context.stop = min(edges[edge], context.stop)
                context.known = subjects.find(word)
                candidate = _first_match(find_rules(self._rules, "cue", cue), context)
                if candidate is None:
                    continue
                yield candidate
            if candidate.match.source and candidate.rule.names_subject:
                subjects.add(candidate)
        yield from tags.values()

    def _find_tags(self, paragraph: Paragraph, contexts: dict[int, Context]) -> Iterator[Candidate]:
        """Yield the matches of the rules for tags, and collect the contexts of their places."""
        floor = 0
        according = dict.fromkeys(find_according(paragraph), NO_CUE)
        places = {**dict(paragraph.cues), **find_tag_verbs(paragraph), **according}
        for word in sorted(places):
            contexts[word] = Context(self._paragraphs, paragraph, word, places[word], floor)
            candidate = _first_match(find_rules(self._rules, "tag", places[word]), contexts[word])
            if candidate is not None:
                floor = max(end for _, end in candidate.match.source + candidate.match.cue)
                yield candidate


def _extend_last(
    paragraphs: Sequence[Paragraph], candidates: Sequence[Candidate], turns: Mapping[int, Turn]
) -> list[Candidate]:
    """Add the paragraphs that are one quotation, and name no other speaker, to the last match before them."""
    owned = {candidate.match.content[0][0] for candidate in candidates}
    last: dict[int, int] = {}
    for number, candidate in enumerate(candidates):
        index = candidate.match.content[-1][0]
        if index not in turns and (
            index not in last or candidate.match.content[-1] >= candidates[last[index]].match.content[-1]
        ):
            last[index] = number
    extended = list(candidates)
    for index, number in last.items():
        content = candidates[number].match.content
        quotation = paragraphs[index].quotation_at(content[-1][1][1] - 1)
        is_question = candidates[number].match.sense.act == "asked" and quotation is not None and quotation.closed
        if quotation is None or (is_question and paragraphs[index].lower[quotation.end - 2] == "?"):
            continue  # somebody else answers
        following = takewhile(_is_quotation, map(paragraphs.__getitem__, range(index + 1, len(paragraphs))))
        unowned = takewhile(lambda paragraph: paragraph.index not in owned, following)
        pieces = [(paragraph.index, paragraph.quotations[0][:2]) for paragraph in unowned]
        if pieces:
            extended[number] = _with_content(candidates[number], (*content, *pieces))
    return extended


def _is_quotation(paragraph: Paragraph) -> bool:
    if len(paragraph.quotations) != 1 or paragraph.cues or paragraph.kind != "prose":
        return False
    only = paragraph.quotations[0]
    return only.start == 0 and only.end >= len(paragraph.tokens) - 1 and (only.continues or only.words > 4)


def _drop_repeated(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Drop the quotations from a content that belong to a later tag."""
    taken = {piece for each in candidates for piece in each.match.content if _is_before(piece, each)}
    kept = []
    for candidate in candidates:
        content = candidate.match.content
        own = tuple([piece for piece in content if _is_before(piece, candidate) or piece not in taken])
        kept.append(candidate if own in ((), content) else _with_content(candidate, own))
    return kept


def _is_before(piece: Piece, candidate: Candidate) -> bool:
    """Return whether a piece of a content precedes the cue."""
    index, (_, end) = piece
    return (index, end) <= (candidate.paragraph, candidate.cue_start)


def _with_content(candidate: Candidate, content: tuple[Piece, ...]) -> Candidate:
    return candidate._replace(match=candidate.match._replace(content=content))


def _make_attribution(
    reading: Reading, paragraphs: Sequence[Paragraph], found: HeldMatch, *, confidence: float, turns: Mapping[int, Turn]
) -> Attribution:
    rule, index, match = found.candidate
    paragraph, text = paragraphs[index], reading.article.text
    denied, unsaid = find_negation(paragraphs, paragraph, rule, match)
    numbers = {number for at, words in match.content for number in paragraphs[at].sentence_numbers(words)}
    return Attribution(
        source=tuple([span for words in match.source for span in paragraph.spans(text, words)]),
        cue=tuple([span for words in match.cue for span in paragraph.spans(text, words)]),
        content=tuple([span for at, words in match.content for span in paragraphs[at].spans(text, words)]),
        sentences=tuple(sorted(numbers)),
        holders=found.holders,
        speech=_find_speech(paragraphs, rule, match),
        certainty=find_certainty(paragraphs, rule, match),
        act=match.sense.act,
        polarity=match.sense.polarity,
        rule=rule,
        confidence=confidence,
        denied=denied,
        unsaid=unsaid,
        answers=turns[match.content[0][0]].question if rule.is_turn and match.content[0][0] in turns else None,
        reported_by=found.reported_by,
    )


def _find_speech(paragraphs: Sequence[Paragraph], rule: Rule, match: Match) -> Speech:
    """Return whether the words of the content are in quotation marks; a turn needs none."""
    if rule.is_turn:
        return "direct"
    is_quoted, is_plain = False, False
    for index, (start, end) in match.content:
        quotations = paragraphs[index].quotation_of[start:end]
        words = compress(paragraphs[index].tokens[start:end], [quotation is None for quotation in quotations])
        is_quoted = is_quoted or any(quotations)
        is_plain = is_plain or not any(quotations) or any(token.text[0].isalnum() for token in words)
    if not is_quoted:
        return "indirect"
    return "mixed" if is_plain else "direct"
