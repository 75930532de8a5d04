"""Confidence: how probable it is that a reader would name the same source for the same content.

A logistic model over named features of a match: its rule, its cue, and the forms of its source and its content. The
weights are in languages/en/confidence.toml, which `benchmarks/fit_confidence.py` writes. Rules that are too rare in
the training data have a fixed confidence, in the same file.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from itertools import chain
from math import exp

from summarizer._files import read_toml
from summarizer.attribution.lexicon import DOCUMENTS, ORGANISATION_NOUNS, PREPOSITIONS, TITLES, WORDS
from summarizer.attribution.rules import Candidate
from summarizer.attribution.tokens import Paragraph, Range, Token
from summarizer.attribution.verb_phrases import has_verb

Feature = tuple[str, str]
"""A group and a name in it, such as ("rule", "infinitive")."""
_WEIGHTS: Mapping[str, Mapping[str, float]] = read_toml(__file__, "languages/en/confidence.toml")
FIXED = _WEIGHTS["fixed"]
"""The confidence of the rules and sources that the model was not fitted for; "other" means all other rules."""
_FITTED = _WEIGHTS["rule"]
_WEIGHT_OF = {(group, name): weight for group, weights in _WEIGHTS.items() for name, weight in weights.items()}
_FIRST_PERSON = "first person"
_WITHIN: Feature = ("place", "within another content")
_MAIN_CLAUSE = frozenset({"start", ",", ";", ":", "—", "and", "but", "so", "yet"})
"""Words before a source in a main clause: not "when I say"."""


def find_confidences(paragraphs: Sequence[Paragraph], candidates: Sequence[Candidate]) -> list[float]:
    """Return the confidence of each candidate, from 0 to 1."""
    return [
        _weigh(features) if fixed is None else fixed
        for features in find_features(paragraphs, candidates)
        for fixed in [find_fixed(features)]
    ]


def find_fixed(features: Sequence[Feature], fitted: Container[str] = _FITTED) -> float | None:
    """Return the confidence that is chosen, not fitted, for some features; None for others.

    Args:
        features: The features of a candidate, the rule first.
        fitted: The rules of the model.
    """
    (_, rule), *_ = features
    if rule not in fitted:
        return FIXED.get(rule, FIXED["other"])
    if ("source", _FIRST_PERSON) not in features or _WITHIN in features:
        return None
    return FIXED[_FIRST_PERSON] if dict(features)["before source"] in _MAIN_CLAUSE else None


def _weigh(features: Sequence[Feature]) -> float:
    score = sum([_WEIGHT_OF.get(feature, 0.0) for feature in features])
    return round(1 / (1 + exp(-score)), 3)


def find_features(paragraphs: Sequence[Paragraph], candidates: Sequence[Candidate]) -> Iterator[list[Feature]]:
    """Yield the features of each candidate, the rule first."""
    nested = find_nested(candidates)
    cues: dict[int, list[int]] = {}
    for index, start in sorted((candidate.paragraph, candidate.cue_start) for candidate in candidates):
        cues.setdefault(index, []).append(start)
    heads = Counter(filter(None, (_find_head(paragraphs, candidate) for candidate in candidates)))
    for candidate, is_nested in zip(candidates, nested, strict=True):
        paragraph, match = paragraphs[candidate.paragraph], candidate.match
        features = [("rule", candidate.rule.name), *_describe_content(paragraphs, candidate)]
        features += _describe_cue(paragraph, candidate, cues[candidate.paragraph])
        if match.source:
            features += _describe_source_of(paragraph, candidate, heads[_find_head(paragraphs, candidate)])
        else:
            features.append(("source", "none"))
        if is_nested and not match.reporter:  # "Reuters reported that Ms Hill had said" is hers
            features.append(_WITHIN)
        if any(_count(cues.get(at, ()), words) for at, words in match.content):
            features.append(("place", "another cue in the content"))
        yield features


def _find_head(paragraphs: Sequence[Paragraph], candidate: Candidate) -> str:
    """Return the last word of the source."""
    source = candidate.match.source
    return paragraphs[candidate.paragraph].lower[source[0][1] - 1] if source else ""


def _count(places: Sequence[int], words: Range) -> int:
    return bisect_left(places, words[1]) - bisect_left(places, words[0])


def find_nested(candidates: Sequence[Candidate]) -> list[bool]:
    """Return for each candidate whether its cue lies within the content of another."""
    changes: dict[int, dict[int, int]] = {}
    for candidate in candidates:
        is_outer = candidate.rule.encloses and not candidate.rule.is_turn
        for index, (start, end) in candidate.match.content if is_outer else ():
            here = changes.setdefault(index, {})
            here[start] = here.get(start, 0) + 1
            here[end] = here.get(end, 0) - 1
    enclosed: dict[int, set[int]] = {}
    for index, here in changes.items():
        within = enclosed.setdefault(index, set())
        depth, before = 0, 0
        for place in sorted(here):
            if depth:
                within.update(range(before, place))
            depth, before = depth + here[place], place
    return [candidate.cue_start in enclosed.get(candidate.paragraph, ()) for candidate in candidates]


_FAR_CONTENT = 6  # in tokens: from a cue to a content that may not be its own


def _describe_content(paragraphs: Sequence[Paragraph], candidate: Candidate) -> Iterator[Feature]:
    match = candidate.match
    at, content = match.content[0]
    last_at, last = match.content[-1]
    home = paragraphs[at]
    quoted = _describe_quotation(home, content)
    gap = content[0] - match.cue[0][1] if at == candidate.paragraph else -1
    yield "content", _describe_begin(home, content[0])
    yield "after content", _describe_end(paragraphs[last_at], last[1])
    yield "length", _describe_length(sum(end - start for _, (start, end) in match.content))
    yield "quoted", quoted
    if gap == 0 or gap >= _FAR_CONTENT:
        yield "place", "content at the cue" if gap == 0 else "content far from the cue"
    if len(match.content) > 1:
        yield "place", "content in pieces"
    if quoted == "none" and candidate.rule.content != "infinitive" and has_verb(
        home, max(content[0] - 1, 0), content[1]
    ):  # fmt: skip
        yield "place", "verb in the content"


def _describe_cue(paragraph: Paragraph, candidate: Candidate, cues: Sequence[int]) -> Iterator[Feature]:
    """Yield the features of a cue; ``cues`` are the places of all cues of the paragraph."""
    sense, start = candidate.match.sense, candidate.cue_start
    yield "act", sense.act
    yield "cue", sense.lemma
    yield "form", _describe_form(paragraph, start)
    if before := _count(cues, (paragraph.sentence(start)[0], start)):
        yield "place", "second cue" if before == 1 else "later cue"


def _describe_source_of(paragraph: Paragraph, candidate: Candidate, count: int) -> Iterator[Feature]:
    """Yield the features of a source whose last word is that of ``count`` sources in the article."""
    match = candidate.match
    source, cue = match.source[0], match.cue[0]
    yield "source", _describe_source(paragraph, source)
    before = "reporter" if match.reporter else _describe_before(paragraph, source[0])
    if before == "what" and candidate.rule.content == "quotation":  # "what Ms Hill calls “a farce”"
        before = "start"
    yield "before source", before
    yield "before source of a rule", f"{candidate.rule.name}: {before}"
    yield "distance", _describe_distance(source, cue)
    if count <= len(_TIMES):
        yield "place", f"source named {_TIMES[count - 1]}"
    if any(token.is_verb for token in paragraph.tokens[source[1] : min(cue[0], source[1] + _FAR)]):
        yield "place", "verb between source and cue"


_TIMES = ("once", "twice")


_LENGTHS = tuple(chain.from_iterable([name] * count for name, count in (
    ("0", 1), ("1", 1), ("2", 1), ("3-4", 2), ("5-7", 3), ("8-12", 5), ("13-20", 8), ("21-40", 20),
)))  # fmt: skip
"""The name of each number of tokens."""


def _describe_length(tokens: int) -> str:
    return _LENGTHS[tokens] if tokens < len(_LENGTHS) else "41-"


_FORMS = ("past", "participle", "ing", "adjective", "base", "s", "noun")
_MAX_GROUP = 4  # in tokens: how far before a cue the verb is that governs it


def _describe_form(paragraph: Paragraph, word: int) -> str:
    """Return the form of the cue, after the verb or the "to" that governs it: "to base", "be participle"."""
    cue = paragraph.tokens[word].entry
    if cue is None:
        return "none"
    form: str = next(name for name in _FORMS if name in cue.forms)
    if cue.nouns and form != "noun":
        form += " or noun"
    for place in range(word - 1, max(-1, word - 1 - _MAX_GROUP), -1):
        token = paragraph.tokens[place]
        if not token.is_adverb:
            return _describe_helper(token) + form
    return form


def _describe_helper(token: Token) -> str:
    if token.lower == "to":
        return "to "
    if token.is_be:
        return "be "
    if token.is_have_or_do:
        return "have " if token.lower.startswith("ha") else "do "
    return "modal " if token.is_modal else ""


_HEAD_ENDS = frozenset({",", "(", "—", "–", "who", "which", "that"})


def _describe_source(paragraph: Paragraph, source: Range) -> str:
    """Return the kind of the source: "he", "title", "name", "the name", "document", "plural", "the noun"."""
    start, end = source
    tokens = paragraph.tokens
    first = tokens[start]
    if end - start == 1:
        if first.is_relative or first.lower in ("it", "they"):
            return first.lower
        if first.lower in ("he", "she"):
            return "he"
        if first.lower in ("i", "we", "you"):
            is_own = first.lower != "you" and paragraph.quotation_of[start] is None
            return _FIRST_PERSON if is_own else "first person in a quotation"
        if first.is_possessive:
            return "possessive"
        if first.is_pronoun:
            return "pronoun"
    if first.lower in TITLES:
        return "title"
    last = paragraph.find(_HEAD_ENDS, start + 1, end)
    head = paragraph.find(PREPOSITIONS, start + 1, last) - 1
    noun = tokens[head]
    if noun.is_capitalised and not (head == start and paragraph.begins_sentence(start)):
        if not ORGANISATION_NOUNS.isdisjoint(paragraph.lower[start:last]):
            return "body"
        return "the name" if first.is_determiner else "full name" if last - start > 1 else "name"
    return _describe_noun(noun, first)


def _describe_noun(noun: Token, first: Token) -> str:
    word = noun.lower
    if word in DOCUMENTS:
        return "document"
    if word in WORDS["person_nouns"] or word in ORGANISATION_NOUNS:
        return "person or body"
    if word[0].isdigit():
        return "number"
    if word in WORDS["plural"] or (word.endswith("s") and not word.endswith(("'s", "ss"))):
        return "plural"
    return "first word" if noun is first and noun.is_capitalised else "the noun" if first.is_determiner else "noun"


_NAMED = frozenset(", ; — ( : so yet that and but if as what when while because to of than where how who".split())
"""Words before a source, or after a content, that are features of their own."""


def _describe_before(paragraph: Paragraph, word: int) -> str:
    """Return the word before a source."""
    if word == 0 or paragraph.begins_sentence(word):
        return "start"
    before = paragraph.lower[word - 1]
    if before in _NAMED:
        return before
    return "quotation" if paragraph.quotation_of[word - 1] else "word"


_FAR = 9  # in tokens: a longer distance is a feature of its own


def _describe_distance(source: Range, cue: Range) -> str:
    """Return the distance from the source to its cue: "0", "3-8" tokens, or "after" for a source after the cue."""
    gap = cue[0] - source[1]
    if gap < 0:
        return "after" if source[0] <= cue[1] else "far after"
    return str(gap) if gap < 3 else "3-8" if gap < _FAR else "far"


_OPENING = frozenset("that to as it for about on against of with".split())


def _describe_begin(paragraph: Paragraph, word: int) -> str:
    """Return the class of the first word of the content."""
    token = paragraph.tokens[word]
    if token.lower in _OPENING:
        return token.lower
    if paragraph.quotation_of[word]:
        return "quotation"
    if token.is_question_word:
        return "question"
    if token.is_pronoun or token.is_object_pronoun:
        return "pronoun"
    if token.is_possessive:
        return "possessive"
    if token.is_determiner:
        return "determiner"
    if token.is_preposition:
        return "preposition"
    if token.lower.endswith("ing"):
        return "ing"
    if token.is_verb or token.is_subordinator or token.is_coordinator:
        return "function word"
    if token.is_mark:
        return "mark"
    return "name" if token.is_capitalised else "plural" if token.lower.endswith("s") else "word"


_ENDING = frozenset(", and but by in on — ; : or at during".split())


def _describe_end(paragraph: Paragraph, end: int) -> str:
    """Return what follows the content."""
    if end >= len(paragraph.tokens) or paragraph.begins_sentence(end):
        return "end"
    token = paragraph.tokens[end]
    if token.is_stop:
        return "end"
    if token.lower in _ENDING:
        return token.lower
    if paragraph.quotation_of[end]:
        return "quotation"
    return "verb" if token.is_verb or token.cue else "word"


def _describe_quotation(paragraph: Paragraph, content: Range) -> str:
    """Return whether the content is in quotation marks: "all", "part", "none"."""
    if not paragraph.quotations:
        return "none"
    outside = paragraph.quotation_of[slice(*content)].count(None)
    return "all" if not outside else "part" if outside < content[1] - content[0] else "none"
