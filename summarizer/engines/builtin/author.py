"""Find what the author of an article states: "I think" in any article, and the argument of an opinion piece.

A press release has the body that issues it as author, and states its announcements.
"""

from collections.abc import Iterator
from dataclasses import replace

from summarizer._patterns import compile_lazily
from summarizer.article import Reading, Sentence, find_dateline, find_release, weigh_argument
from summarizer.attribution import MIN_CONFIDENCE, Analysis, Attribution, Entity, Rule
from summarizer.engines.builtin.lexicon import read_patterns, word_set
from summarizer.spans import Span, quote

UNSIGNED = "The author"
"""The name in statements of an author whose name is unknown."""
RULE = Rule("statement of the author", own_words=True, confirms=False)
"""The rule of statements without a cue."""
_POSITION_ACTS = word_set("position_acts")
_MIN_FIRST_PERSON = 2  # of an author who argues; a reporter's single "I" does not count
_MIN_WORDS = 5  # of a sentence of a press release
_MIN_ARGUMENT_WORDS = 3  # "Keep the train."
_MIN_WEIGHT = 2  # of an argument
_SHARE = 5  # sentences for each argument, so that a brief is not a copy
_MIN_ARGUMENTS, _MAX_ARGUMENTS = 4, 12
_QUOTED = compile_lazily(r"[“\"«„][^“”\"«»„]*(?:[”\"»]|$)")
_MAX_QUOTED = 0.4  # of the characters of a sentence in the author's own words
_MAX_REPORTED = 0.5  # of the characters of a sentence that is the author's all the same
_PATTERNS = read_patterns("author")
_ANNOUNCED = compile_lazily(_PATTERNS["announced"])
_FIRST_PERSON = compile_lazily(r"\b(?:I|[Mm]y|we|We|our|Our)\b")


def author_of(reading: Reading, analysis: Analysis | None = None) -> Entity:
    """Return the author; for a press release, the body that issues it."""
    name = reading.article.author
    if reading.form != "press-release":
        return Entity(name or UNSIGNED, "person")
    release = find_release(reading.article.text)
    name = (release.issuer if release else None) or name or UNSIGNED
    known = analysis.entities.find(name) if analysis and reading.is_english else None
    return known or Entity(name[0].upper() + name[1:], "organisation")


def find_author_statements(reading: Reading, analysis: Analysis) -> list[Attribution]:
    """Return what the author states: in the first person, as an argument, or as an announcement."""
    if reading.form in ("interview", "transcript"):
        return []
    if reading.form == "press-release":
        return _find_announcements(reading, analysis)
    author = author_of(reading)
    own = [attribution for attribution in analysis.attributions if _is_first_person(reading, attribution)]
    if reading.form != "opinion":
        return [replace(found, holders=(author,)) for found in own] if len(own) >= _MIN_FIRST_PERSON else []
    cited = {number for found in own for number in found.sentences}
    arguments = [found for found in _find_arguments(reading, analysis, author) if cited.isdisjoint(found.sentences)]
    return [*(replace(found, holders=(author,)) for found in own), *arguments]


def _is_first_person(reading: Reading, found: Attribution) -> bool:
    is_prose = all(reading.sentence(number).kind == "prose" for number in found.sentences)
    is_sure = found.confidence >= MIN_CONFIDENCE and found.act in _POSITION_ACTS and not found.unsaid
    return is_prose and is_sure and not found.holders and quote(reading.article.text, found.source) == "I"


def _find_arguments(reading: Reading, analysis: Analysis, author: Entity) -> Iterator[Attribution]:
    """Yield the weightiest sentences of an opinion piece that are nobody else's, in the order of the article."""
    prose = [sentence for sentence in reading.sentences if sentence.kind == "prose"] or reading.sentences
    ends = {prose[0].paragraph, prose[-1].paragraph}
    weights = {
        sentence.number: weight
        for sentence in _own_sentences(reading, analysis)
        if (weight := _weigh(sentence, is_end=sentence.paragraph in ends)) >= _MIN_WEIGHT
    }
    count = min(max(_MIN_ARGUMENTS, len(prose) // _SHARE), _MAX_ARGUMENTS)
    heaviest = sorted(sorted(weights), key=lambda number: -weights[number])[:count]
    for number in sorted(heaviest):
        yield _state(reading.sentence(number), author)


def _weigh(sentence: Sentence, *, is_end: bool) -> int:
    """Return how clearly a sentence argues; the first and the last paragraph say what a piece is about."""
    weight = weigh_argument(_QUOTED.sub(" ", sentence.text))
    return weight and weight + is_end + bool(_FIRST_PERSON.search(sentence.text))


def _find_announcements(reading: Reading, analysis: Analysis) -> list[Attribution]:
    """Return the lead of a press release, and what the release says will be."""
    issuer = author_of(reading, analysis)
    if issuer.name == UNSIGNED:
        return []
    own = list(_own_sentences(reading, analysis))
    prose = (sentence for sentence in reading.sentences if sentence.kind == "prose" and sentence.text[-1] == ".")
    lead = [sentence for sentence in prose if len(sentence.text.split()) >= _MIN_WORDS][:1]
    announced = [sentence for sentence in own if sentence in lead or _ANNOUNCED.search(sentence.text)]
    return [_state(sentence, issuer) for sentence in announced[:_MIN_ARGUMENTS]]


def _own_sentences(reading: Reading, analysis: Analysis) -> Iterator[Sentence]:
    """Yield the sentences of prose that ask nothing, and that nobody else says."""
    for sentence in reading.sentences:
        text = sentence.text
        quoted = sum(len(match.group()) for match in _QUOTED.finditer(text))
        is_own = sentence.kind == "prose" and quoted <= _MAX_QUOTED * len(text) and text[-1] in ".!"
        if is_own and len(text.split()) >= _MIN_ARGUMENT_WORDS and not _is_reported(sentence, analysis):
            yield sentence


def _is_reported(sentence: Sentence, analysis: Analysis) -> bool:
    """Return whether what others say is most of a sentence."""
    first, last = sentence.spans[0].start, sentence.spans[-1].end
    for found in analysis.attributions_in([sentence.number]):
        if found.unsaid or not found.source:
            continue
        spans = [*found.source, *found.cue, *found.content]
        start, end = max(first, min(spans).start), min(last, max(span.end for span in spans))
        if end - start > _MAX_REPORTED * (last - first):
            return True
    return False


def _state(sentence: Sentence, author: Entity) -> Attribution:
    first, *others = sentence.spans
    content = (Span(first.start + find_dateline(sentence.text), first.end), *others)
    return Attribution(
        source=(),
        cue=(),
        content=content,
        sentences=(sentence.number,),
        holders=(author,),
        speech="indirect",
        certainty="asserted",
        act="said",
        polarity=None,
        rule=RULE,
    )
