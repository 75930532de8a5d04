"""Read what a statement says of people: whom "him" means, and praise or blame beside a name."""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace

from summarizer.article import Reading
from summarizer.attribution import Analysis, Attribution
from summarizer.engines.builtin.issues import NO_TOPICS
from summarizer.engines.builtin.lexicon import word_set
from summarizer.engines.builtin.phrases import IT, Topic, Words, stem
from summarizer.engines.builtin.stances import Sign, judge
from summarizer.spans import quote

_CLAUSES = re.compile(r"[^.;!?:—–]*\?|[.;!?:—–]|,? (?:but|and|while|because) ")
_VIEW = re.compile(
    r"(?:perceptions?|claims?|notions?|suggestions?|ideas?|accusations?|allegations?|charges?|says?|thinks?) that\b"
    r"|unfounded|unfair|false|want to believe",
    re.IGNORECASE,
)
"""A view of others that a clause reports: "the notion that he is reckless"."""
_OWN = re.compile(r"(?:his|her)\b", re.IGNORECASE)
_FOLLOWERS = word_set("opponents") | word_set("supporters") | word_set("followers")
_COPULAS = frozenset("is was are were be been isn't remains seems".split())
_MAX_PREDICATE = 8  # words after a name
_MAX_EPITHET = 2  # words before a name: "crooked"
_TITLES = frozenset("mr ms mrs dr president secretary sen senator gov governor rep . donald former".split())
_AFTER_PREPOSITION = frozenset("of for on against with by to at about from than like in".split())
_HE = frozenset({"he", "she", "him", "her", "his", "he's", "she's"})
_HIM = replace(IT, is_pronoun=False, is_person=True)
_PERSON_REACH = 2  # sentences back to which "him" refers
_PERSON_NOUNS = frozenset(map(stem, word_set("person_nouns")))


class Persons:
    """The people named in an article, by sentence, to resolve "him" and "Mr Hill's remarks"."""

    def __init__(self, reading: Reading, analysis: Analysis) -> None:
        self._reading = reading
        starts = [sentence.spans[0].start for sentence in reading.sentences]
        self._named: dict[int, set[str]] = defaultdict(set)
        for entity in analysis.entities:
            if entity.kind == "person" and " " in entity.name:
                for span in entity.mentions:
                    self._named[bisect_right(starts, span.start)].add(entity.name)

        self._times = Counter(name for names in self._named.values() for name in names)

    def resolve(self, part: Attribution, topic: Topic) -> Topic:
        """Return the topic of a person for "him", "Hill" and "Mr Hill's remarks"; else the same."""
        is_own = part.act == "supported" and _OWN.match(topic.noun) and topic.head in _PERSON_NOUNS
        if is_own and len(part.holders) == 1 and part.holders[0].kind == "person":
            return _topic_of(topic, part.holders[0].name)  # "defended her record"
        if topic.is_person:
            speakers = {holder.name for holder in part.holders}
            reach = range(max(0, part.sentences[0] - _PERSON_REACH), part.sentences[-1] + 1)
            named = {name for number in reach for name in self._named[number]} - speakers
            if len(named) == 1 and self._times[next(iter(named))] > 1:
                return _topic_of(topic, *named)
        elif topic.is_name or topic.head in NO_TOPICS or topic.head in _PERSON_NOUNS:
            stems = {topic.head} if topic.is_name else set(map(stem, topic.noun.split()))
            here = [name for number in part.sentences for name in self._named[number]]
            meant = {name for name in here if stems & {stem(word) for word in name.split()}}
            if len(meant) == 1:
                return _topic_of(topic, *meant)
        return topic

    def find_attitudes(self, part: Attribution) -> Iterator[Sign]:
        """Yield the praise and blame of a statement for the only person whom a clause of it names."""
        if part.denied or part.unsaid or part.act == "asked" or part.rule.needs_cue == "always":
            return
        here = {name for number in part.sentences for name in self._named[number]}
        speakers = {holder.name for holder in part.holders}
        latest: str | None = None
        for clause in _CLAUSES.split(quote(self._reading.article.text, part.content)):
            words = Words(clause)
            places = {
                name: at
                for name in here
                for at, raw in enumerate(words.raw)
                if raw[0].isupper() and stem(raw) in {stem(word) for word in name.split()}
            }
            he = next((at for at, word in enumerate(words.lower) if word in _HE), None)
            has_other_name = any(raw[0].isupper() and at and raw != "I" for at, raw in enumerate(words.raw))
            if not places and not has_other_name and part.speech == "direct" and he is not None:
                topic = self.resolve(part, _HIM) if latest is None else _topic_of(IT, latest)
                places = {topic.words: he} if topic.is_name else {}
            latest = next(iter(places)) if len(places) == 1 else None
            is_quoted_view = bool(_VIEW.search(clause))
            if (
                latest
                and latest not in speakers
                and not is_quoted_view
                and (value := _tone_towards(words, places[latest], latest))
            ):
                yield Sign(_topic_of(IT, latest), value, "tone")


def _tone_towards(words: Words, last: int, name: str) -> int:
    """Return the tone of a clause towards a person, if the words of praise or blame go with the name."""
    first = last
    stems = {stem(word) for word in name.split()}
    while first and (stem(words.raw[first - 1]) in stems or words.lower[first - 1] in _TITLES):
        first -= 1
    before, after = words.lower[max(0, first - 1) : first], words.lower[last + 1 : last + 2]
    if _AFTER_PREPOSITION.intersection(before) or _FOLLOWERS.intersection(after):
        return 0
    if judge(words.lower) == 0:
        return 0
    predicate = words.lower[last + 1 : last + 1 + _MAX_PREDICATE]
    said_of = predicate if _COPULAS.intersection(predicate) else predicate[:_MAX_EPITHET]
    return judge(said_of) or judge(words.lower[max(0, first - _MAX_EPITHET) : first])


def _topic_of(topic: Topic, name: str) -> Topic:
    stems = frozenset(map(stem, name.split()))
    return replace(
        topic,
        is_pronoun=False,
        words=name,
        noun=name,
        head=stem(name.rsplit(maxsplit=1)[-1]),
        stems=stems,
        is_name=True,
        is_person=False,
    )
