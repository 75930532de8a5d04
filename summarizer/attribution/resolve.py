"""Resolution: from the words that name a source to the Actors they mean."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from summarizer.article import Reading
from summarizer.attribution.attribution import Entity, EntityKind
from summarizer.attribution.cast import Entities
from summarizer.attribution.grammar import PREPOSITIONS, word_set
from summarizer.attribution.namebook import namebook
from summarizer.attribution.names import bare
from summarizer.attribution.offices import Offices
from summarizer.attribution.passages import Passage, Range
from summarizer.attribution.phrases import phrase_before
from summarizer.attribution.pronouns import PRONOUNS, Salient, fits
from summarizer.attribution.salience import Place, Subject, subjects_of
from summarizer.attribution.scene import Draft, Scene
from summarizer.attribution.sources import head_end, is_head, is_person, kind_of_source, parts
from summarizer.attribution.transcripts import ANSWERS, ASKS, interviewee
from summarizer.spans import Span

_SPEAKERS = word_set("i we you my our your me us i'm i've we're we've one i'd we'd i'll we'll you're")
_PARTS = word_set(
    "host moderator interviewer audience caller reporter reporters man woman male female unidentified announcer "
    "narrator anchor correspondent question voice crowd chorus all member speaker chair chairman operator participant"
)
"""What a speaker in a transcript is called who has no name there."""
_NO_SUBJECTS = frozenset({"asked", "by-agent"})
"""Rules whose source is not whom the sentence is about: "she was asked by a member"."""
_BACK = 40
"""How many earlier entities a pronoun looks back over."""


def resolve(
    reading: Reading, stage: Sequence[Scene], drafts: Sequence[Draft], cast: Entities
) -> list[tuple[Entity, ...]]:
    """The holders of each draft, in the order of the drafts."""
    return _Resolver(reading, stage, drafts, cast).holders()


class _Resolver:
    def __init__(self, reading: Reading, stage: Sequence[Scene], drafts: Sequence[Draft], cast: Entities) -> None:
        self._reading, self._stage, self._drafts, self._cast = reading, stage, drafts, cast
        self._salient: list[Salient] = []
        self._others: dict[str, Entity] = {}
        self._places: dict[str, dict[Span, None]] = {}
        self._sexes = {entity.name: sex for entity, sex in zip(cast.members, cast.sexes, strict=True)}
        self._interviewee = interviewee(stage, cast)
        self._speakers: dict[int, Entity] = {}
        self._offices = Offices(cast)

    def holders(self) -> list[tuple[Entity, ...]]:
        """Walk the drafts in the order of their sources, so that pronouns look back on what was found."""
        found: list[tuple[Entity, ...]] = [()] * len(self._drafts)
        order = sorted(range(len(self._drafts)), key=lambda each: self._place(self._drafts[each]))
        subjects = chain.from_iterable(subjects_of(scene, self._cast) for scene in self._stage)
        waiting = next(subjects, None)
        outer_end: Place = (-1, -1)
        for number in order:
            draft = self._drafts[number]
            place = self._place(draft)
            while waiting is not None and waiting.place <= place:
                if waiting.place < place or waiting.kind == "told":
                    self._pass(waiting)
                waiting = next(subjects, None)
            named = [entity for source in draft.source for entity in self._actors(draft, source)]
            entities = tuple({entity.name: entity for entity in named}.values())
            found[number] = entities
            if place >= outer_end and draft.rule not in _NO_SUBJECTS:
                self._salient += [Salient(place, entity, self._sexes.get(entity.name, "")) for entity in entities]
                last_passage, last = draft.content[-1]
                outer_end = max((last_passage, last[1]), outer_end) if (last_passage, last[0]) > place else outer_end
        whole = {name: replace(entity, mentions=tuple(self._places[name])) for name, entity in self._others.items()}
        return [
            tuple(whole[entity.name.lower()] if self._is_other(entity) else entity for entity in entities)
            for entities in found
        ]

    def _pass(self, subject: Subject) -> None:
        """Walk past a subject: from here on it is in the reader's mind."""
        index, word = subject.place
        if subject.kind == "told":
            start = self._stage[index].passage.sentence_range(word)[0]
            latest = self._salient[-1] if self._salient and self._salient[-1].place >= (index, start) else None
            self._offices.learn(self._stage[index], word, latest.entity if latest else None)
            return
        passage = self._stage[index].passage
        entity = subject.entity
        if subject.kind == "pronoun":
            entity = self._meant(None, subject.place, passage.lower[word])
        elif subject.kind == "office":
            entity = self._by_office(index, (word, subject.end))
        elif subject.kind == "document":
            name = passage.quote((word, subject.end)).removesuffix("'s").removesuffix("’s")
            entity = self._add(passage, (word, subject.end), Entity(name, "document", None, None, (), ()))
        if entity is not None:
            self._salient.append(Salient(subject.place, entity, self._sexes.get(entity.name, "")))

    def _is_other(self, entity: Entity) -> bool:
        return entity is self._others.get(entity.name.lower())

    def _place(self, draft: Draft) -> Place:
        return draft.passage, min(part[0] for part in draft.source or draft.cue)

    def _actors(self, draft: Draft, source: Range) -> list[Entity]:
        passage = self._stage[draft.passage].passage
        each_of = parts(passage, source)
        if draft.rule == "speaker label":
            return self._labelled(draft, source)
        if each_of != [source]:
            return [entity for part in each_of for entity in self._actors(draft, part)]
        first = passage.lower[source[0]]
        if source[1] - source[0] == 1:
            if first in ("who", "which", "that", "whom", "what"):
                before = source[0] - (passage.lower[source[0] - 1] == ",") if source[0] else 0
                named = [each for each in self._cast.mentions[draft.passage] if each.words[1] == before]
                if named:
                    return [self._cast.members[named[0].entity]]
                antecedent = phrase_before(passage, before, passage.sentence_range(source[0])[0])
                return self._named(draft.passage, antecedent) if antecedent else []
            if first in _SPEAKERS or first in ("q", "a"):
                return []
            if first in PRONOUNS:
                entity = self._meant(draft, (draft.passage, source[0]), first)
                return [entity] if entity else []
        return self._named(draft.passage, source)

    def _labelled(self, draft: Draft, source: Range) -> list[Entity]:
        """Who speaks, by a label: one of the cast, the one interviewed, or nobody the article tells more of."""
        passage = self._stage[draft.passage].passage
        name = passage.quote(source)
        if name.lower() in ASKS:
            return []
        if name.lower() in ANSWERS:
            entity = None if self._interviewee is None else self._cast.members[self._interviewee]
        else:
            entity = self._cast.find(name) or self._introduced(passage, source, name)
        if entity is not None:
            self._speakers[draft.content[0][0]] = entity
        return [entity] if entity else []

    def _introduced(self, passage: Passage, source: Range, name: str) -> Entity:
        """The entity of a label that is no name in the cast: "HOST" is Host."""
        name = name.title() if name.isupper() else name
        kind: EntityKind = "unnamed" if bare(passage.words[source[1] - 1]) in _PARTS else "person"
        return self._add(passage, source, Entity(name, kind, None, None, (), ()))

    def _named(self, index: int, source: Range) -> list[Entity]:
        """The entities that a noun phrase names: "Mr Hill and Ms Day", "two experts", "the party"."""
        passage = self._stage[index].passage
        mentions = self._cast.mentions[index]
        first = bisect_left(mentions, source[0], key=lambda each: each.words[0])
        last = bisect_left(mentions, source[1], key=lambda each: each.words[0])
        inside = mentions[first:last]
        head = head_end(passage, source)
        heads = [self._cast.members[each.entity] for each in inside if is_head(passage, source, each)]
        if heads:
            return heads
        if (named := self._set_off(index, source, head)) is not None:
            return [named]
        return [self._other(index, (source[0], head))] if source[0] < head else []

    def _set_off(self, index: int, source: Range, head: int) -> Entity | None:
        """Whose name stands after a phrase, a comma or a possessive: "her brother, Tom Day", "the firm's Ann Hill"."""
        passage, mentions = self._stage[index].passage, self._cast.mentions[index]
        place = bisect_left(mentions, head, key=lambda each: each.words[0])
        if place < len(mentions) and mentions[place].words[0] == head + 1 and passage.lower[head] == ",":
            end = mentions[place].words[1]
            closed = passage.lower[end : end + 1] in ((), (",",), (".",)) or end == source[1]
            noun = next((word for word in range(source[0] + 1, head) if passage.lower[word] in PREPOSITIONS), head) - 1
            entity = self._cast.members[mentions[place].entity]
            if closed and entity.kind == "person" and is_person(bare(passage.words[noun])):
                return entity
        last = mentions[place - 1] if place else None
        if last and last.words[1] == head and source[0] < last.words[0] < head:
            entity = self._cast.members[last.entity]
            if entity.kind == "person" and passage.lower[last.words[0] - 1].endswith("'s"):
                return entity
        return None

    def _other(self, index: int, words: Range) -> Entity:
        """The entity that a noun phrase without a name of its own means."""
        passage = self._stage[index].passage
        known = self._by_office(index, words) or self._by_body(passage, words)
        if known is not None:
            return known
        return self._add(
            passage, words, Entity(passage.quote(words), kind_of_source(passage, words), None, None, (), ())
        )

    def _add(self, passage: Passage, words: Range, entity: Entity) -> Entity:
        """An entity that is not in the cast, or the one known by the same name; it is mentioned here."""
        key = entity.name.lower()
        spans = passage.spans(self._reading.article.text, words)
        self._places.setdefault(key, {}).update(dict.fromkeys(spans))
        return self._others.setdefault(key, entity)

    def _by_office(self, index: int, words: Range) -> Entity | None:
        """The one person who holds the office of "the senator", as far as the article has told."""
        passage = self._stage[index].passage
        spans = passage.spans(self._reading.article.text, words)
        return self._offices.holder(index, passage, words, spans[0].start) if spans else None

    def _by_body(self, passage: Passage, words: Range) -> Entity | None:
        """The one body whose name says that it is what "the association" is called."""
        noun = bare(passage.words[words[1] - 1])
        if words[1] - words[0] != 2 or passage.lower[words[0]] != "the" or noun not in namebook().organisation_nouns:
            return None
        bodies = [self._cast.members[index] for index in self._cast.fitting(noun)]
        return bodies[0] if len(bodies) == 1 and bodies[0].kind == "organisation" else None

    def _meant(self, draft: Draft | None, place: Place, pronoun: str) -> Entity | None:
        """The entity that a pronoun means: the last that fits among the speakers and subjects before it."""
        speaker = self._speakers.get(place[0])
        for salient in reversed(self._salient[-2 * _BACK :]):
            if salient.place >= place or (draft is not None and _within(draft, salient.place)):
                continue
            if fits(salient, pronoun) and salient.entity is not speaker:
                return salient.entity
        return None


def _within(draft: Draft, place: Place) -> bool:
    return any(index == place[0] and start <= place[1] < end for index, (start, end) in draft.content)
