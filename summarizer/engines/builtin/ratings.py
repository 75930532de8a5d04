"""Find whom and what single statements praise, blame, support or oppose: "attacked Ann Hill", "hails the freeze"."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from summarizer._patterns import compile_lazily
from summarizer.article import Reading
from summarizer.attribution import Analysis, Attribution, Entity
from summarizer.brief import IssueKind
from summarizer.engines.builtin.deduplication import content_words
from summarizer.engines.builtin.disputes import PLANS, is_clean, topic_of
from summarizer.engines.builtin.issues import TEMPLATES
from summarizer.engines.builtin.lexicon import any_of, read_patterns, word_set
from summarizer.engines.builtin.phrases import (
    DETERMINERS,
    Words,
    is_plural,
    read_noun_phrase,
    stem,
    stems_of,
    write_noun_phrase,
)
from summarizer.engines.builtin.stances import SIDES, Sign
from summarizer.engines.builtin.statements import as_sentence
from summarizer.spans import locate, quote

GENERIC = frozenset(map(stem, word_set("generic_nouns") | word_set("no_topics")))
LOOSE = compile_lazily(rf"\b{any_of('loose_words')}\b|[“”\"«»‘]|\.\.\.|…", re.IGNORECASE)
"""Words that mean something only beside others: "it", "our", "here"."""
HYPOTHETICAL = compile_lazily(rf"\b{any_of('hypothetical')}(?: not)?(?: have)?(?: \w+ly)? $")
"""The words before a verb of what did not happen, or not now: "could have backed", "once backed"."""
_RATING_ACTS = frozenset("criticised accused praised rejected opposed supported".split())
_FEELING_ACTS = frozenset("felt complained".split())
_BLAMING_ACTS = _FEELING_ACTS | {"criticised"}
_POLARITIES = {"for": 1, "against": -1}
_LEAD_SENTENCES = 3
_MAX_THING = 9  # words of a phrase
_MAX_BEFORE = 60  # characters before a verb or a name
_REACH = 2  # sentences back to which a pronoun in a quotation refers
_PREMODIFIERS, _FUNCTION = word_set("person_premodifiers"), word_set("after_noun")
_AFTER_THING = frozenset("and but because since when while as after yesterday today earlier last".split())
"""Words after a whole noun phrase: no "plan to build", "story about"."""
_NAME_END = compile_lazily(rf"\s*(?:$|[.,;:!?—–()”…]|-\s)|\s+(?:{'|'.join(sorted(_FUNCTION))})\b")
_PATTERNS = read_patterns("ratings")
_PRONOUN = compile_lazily(_PATTERNS["pronoun"], re.IGNORECASE)
_REFUSED = compile_lazily(r"\b(?:not|never|no longer|refus\w+)\b|n[’']t\b", re.IGNORECASE)
_OWN_START = compile_lazily(r"[“\"‘ ]*(?:that )?(?:I|he|she|they|it|we)\b", re.IGNORECASE)
_DEFENDING = compile_lazily(r"defend|applau|acknowledg|congratulat|thank|credit", re.IGNORECASE)
_REGRET = compile_lazily(r"bemoan|lament|regret|rue|prefer", re.IGNORECASE)
_PRAISING = compile_lazily(r"\b(?:commend|applaud|prais|thank|salut|congratulat)\w*\W+$")
_CONDITIONAL = compile_lazily(r"\b(?:[Ii]f|[Ww]hether|[Uu]nless)\b[^.;!?]*$")


class Matter(NamedTuple):
    """The side that a statement takes on something that it names itself."""

    key: str
    """Equal for statements on the same matter: a proposition, or whom or what they rate."""
    value: int
    """1 if the holder is for it, -1 if against it."""
    is_rating: bool = False
    """Whether the key is somebody or something to support; else it is a proposition."""
    kind: IssueKind = "policy"
    noun: str = ""
    """The topic of the thing, if other statements may name it."""
    verb: str = ""
    change: int = 1
    """1 if the noun is to be, -1 if it is to end; see `Dispute`."""


def is_object(part: Attribution) -> bool:
    """Return whether the content of an attribution is the object of its verb, no clause."""
    return part.rule.content in ("object", "phrase", "infinitive")


class RatingReader:
    """The ratings of people and things in the attributions of one article."""

    def __init__(
        self, reading: Reading, analysis: Analysis, signs: Mapping[int, list[Sign]], verdicts: Mapping[int, list[Sign]]
    ) -> None:
        self._signs, self._verdicts = signs, verdicts
        self._reading, self._analysis, self._text = reading, analysis, reading.article.text
        entities = enumerate(analysis.entities)
        self._places = sorted((span.start, span.end, index) for index, each in entities for span in each.mentions)
        self._starts = [start for start, _, _ in self._places]
        prose = [each.text for each in reading.sentences if each.kind == "prose"][:_LEAD_SENTENCES]
        title = [each.text for each in reading.sentences if each.kind == "title"]
        self.prominent = stems_of(" ".join((*title, *prose)))
        """The stems of the words of headline and lead."""

    def read(self, part: Attribution) -> Iterator[Matter]:
        """Yield whom and what an attribution rates."""
        verdicts = (self._rate_thing(part, sign, is_verdict=True) for sign in self._verdicts[id(part)])
        yield from (*self._read_signs(part), *filter(None, verdicts))

    def _read_signs(self, part: Attribution) -> Iterator[Matter]:
        """Yield the targets of verbs and nouns that take a side: "attacked Ann Hill", "I support her"."""
        is_own, cue = not is_object(part), quote(self._text, part.cue)
        before = self._text[max(0, part.cue[0].start - _MAX_BEFORE) : part.cue[0].end] if part.cue else ""
        if is_own:
            if part.speech != "direct" and not _OWN_START.match(quote(self._text, part.content)):
                return  # "the book says that he opposed the war"
        elif HYPOTHETICAL.search(before.removesuffix(cue)) or (part.denied and not _REFUSED.search(before)):
            return
        signs = [sign for sign in self._signs[id(part)] if not sign.verb and not sign.change]
        if not signs and not is_own and not part.denied and part.act in _FEELING_ACTS and part.polarity:
            words = Words(quote(self._text, part.content))
            signs = [Sign(_POLARITIES[part.polarity], words, 0, len(words.raw), is_explicit=True)]
        wanted = 0 if is_own or part.denied else _POLARITIES.get(part.polarity or "", 0)
        for sign in signs if part.act not in ("demanded", "wanted", "intended") else ():
            if wanted * sign.value < 0:
                continue  # "slammed the bank for ignoring a success"
            if thing := self._rate_thing(part, sign, is_verdict=False):
                yield thing
            if person := self._rate_person(part, sign, cue):
                yield person

    def _rate_thing(self, part: Attribution, sign: Sign, *, is_verdict: bool) -> Matter | None:
        """Return the rating of a thing that a specific noun phrase names: "the school's timetable"."""
        words, stop, is_own = sign.words, min(sign.stop, len(sign.words.raw)), not is_object(part)
        phrase = None if sign.is_weight else read_noun_phrase(words, sign.start, stop)
        if phrase is None or not (is_verdict or (sign.is_explicit and (is_own or part.act in _RATING_ACTS))):
            return None
        if words.lower[phrase.head + 1 : phrase.head + 2] == ["for"]:
            phrase = phrase._replace(end=phrase.head + 1)
        head, first, cue = words.lower[phrase.head], words.lower[phrase.start], quote(self._text, part.cue)
        is_whole = phrase.end == stop or (not is_verdict and words.lower[phrase.end] in _AFTER_THING)
        is_bad = first in SIDES or first in ("a", "an") or first.endswith("ing") or words.raw[phrase.head][0].isupper()
        if is_bad or not is_whole or part.act == "accused" or words.lower[phrase.end - 1].endswith("ing"):
            return None
        is_bare = first not in DETERMINERS and (phrase.start or words.raw[phrase.start].islower())
        text = words.between(phrase.start, phrase.end) if is_bare else write_noun_phrase(words, phrase)
        size = len(text.split()) if text else 0
        is_vague = topic_of(head) in PLANS and phrase.end == phrase.head + 1 and size < _MAX_THING // 3
        if not text or is_vague or size > _MAX_THING or len(content_words(text)) < 2 or LOOSE.search(text):
            return None
        surnames = {holder.name.rsplit(maxsplit=1)[-1] for holder in part.holders}
        is_own_thing = not surnames.isdisjoint(re.findall(r"\w+(?=[’'])", text))
        is_hidden = is_verdict and stem(head) not in self.prominent
        is_open = text.startswith(("each ", "every ", "all ", "no ")) or text.endswith((" whether", " how"))
        if stem(head) in GENERIC or head in _PREMODIFIERS or is_own_thing or is_hidden or is_open or _REGRET.match(cue):
            return None
        if head in TEMPLATES and "support" not in TEMPLATES[head]:
            verb = TEMPLATES[head].format(**{"is": "are" if is_plural(words, phrase) else "is"})
            sentence = as_sentence(f"{text} {verb}")
            return Matter(sentence, sign.value, noun=topic_of(head)) if is_clean(sentence) else None
        is_attack = sign.value < 0 and part.act in _BLAMING_ACTS
        return None if is_attack or is_verdict or is_plural(words, phrase) else Matter(text, sign.value, True)

    def _rate_person(self, part: Attribution, sign: Sign, cue: str) -> Matter | None:
        words, is_own = sign.words, not is_object(part)
        if sign.start >= min(sign.stop, len(words.raw)) or words.text != quote(self._text, part.content):
            return None
        start = words.matches[sign.start].start()
        place = locate(self._text, part.content, start, start + 1)[0].start
        found = self._person_at(part, place)
        if (
            found is None
            or _PRAISING.search(words.plain[:start])
            or _CONDITIONAL.search(self._text[max(0, place - _MAX_BEFORE) : place])
        ):
            return None
        entity, end = found
        if not _NAME_END.match(self._text, end):
            return None  # what he did or said is rated
        is_person = entity.kind == "person" and (" " in entity.name or bool(entity.role))
        is_listed = self._text.startswith((" and ", " or "), end)
        is_body = entity.kind == "organisation" and sign.is_explicit and not (is_own or is_listed)
        is_invited = self._text.startswith(" to ", end)  # "welcomed Ann Hill to visit the port"
        if not (is_person or is_body) or (sign.value > 0 and is_invited):
            return None
        is_support = sign.is_explicit and (is_own or part.act in ("supported", "voted", "refused"))
        return Matter(entity.name, sign.value, True) if is_support and not _DEFENDING.match(cue) else None

    def _person_at(self, part: Attribution, place: int) -> tuple[Entity, int] | None:
        """Return whom the words at a place name, and where the name ends: "former mayor Ann Hill", "him"."""
        limit = max(span.end for span in part.content)
        if match := _PRONOUN.match(self._text, place, limit):
            other = self._find_antecedent(part, place, "m" if match[1] else "f")
            return (other, match.end()) if other else None
        first, end, index = next(iter(self._between(place, min(limit, place + _MAX_BEFORE))), (0, 0, 0))
        entity = self._analysis.entities[index] if end else None
        if entity is None or entity.kind not in ("person", "organisation", "government"):
            return None
        if len(self._analysis.entities.find_all(self._text[first:end])) > 1:
            return None  # a surname of two people
        before = self._text[place:first].split()
        if any(word.lower().strip(".") not in _PREMODIFIERS and not word[0].isupper() for word in before):
            return None
        return entity, end - 2 * (self._text[end - 2 : end] in ("’s", "'s"))

    def _between(self, start: int, stop: int) -> list[tuple[int, int, int]]:
        """Return the names that begin in a range of the text."""
        return self._places[bisect_left(self._starts, start) : bisect_left(self._starts, stop)]

    def _find_antecedent(self, part: Attribution, place: int, sex: str) -> Entity | None:
        """Return the only other person of that sex whom the sentences up to a pronoun name."""
        near = range(part.sentences[0] - _REACH, part.sentences[0] + 1)
        names = {holder.name for found in self._analysis.attributions_in(near) for holder in found.holders}
        names |= {holder.name for holder in part.holders}
        first = self._reading.sentence(max(1, near.start)).spans[0].start
        entities = self._analysis.entities
        found = {index for _, _, index in self._between(first, place) if entities[index].kind == "person"}
        found = {index for index in found if entities[index].name not in names}
        fitting = [index for index in found if entities.sexes[index] == sex]
        is_known = all(entities.sexes[index] for index in found)
        return entities[fitting[0]] if len(fitting) == 1 and is_known else None
