"""Coreference: from the words of a source to the entities that they mean.

A pronoun means the last speaker or subject before it that fits. A phrase without a name can mean the holder of an
office ("the minister") or a body ("the association"). Other phrases are unnamed sources ("two experts").
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice, takewhile

from summarizer.article import SPEAKER_ROLES, Reading
from summarizer.attribution.descriptions import Descriptions, Offices, noun_of
from summarizer.attribution.entities import Entities, Entity, Mention
from summarizer.attribution.introductions import (
    as_form,
    find_interviewee,
    find_next,
    find_owner,
    find_title_names,
    is_surely_person,
    join_sources,
    name_counted,
    name_described,
)
from summarizer.attribution.lexicon import (
    DOCUMENTS,
    ORGANISATION_NOUNS,
    PREPOSITIONS,
    WORDS,
    classify_noun,
    is_person_noun,
    word_set,
)
from summarizer.attribution.names import lookup_form
from summarizer.attribution.noun_phrases import head_end, is_head, joins_head, phrase_before, split_source
from summarizer.attribution.roles import find_inner_person, is_office_of
from summarizer.attribution.rules import Candidate, Match
from summarizer.attribution.speakers import (
    apposition_start,
    can_name_speaker,
    can_speak,
    described_end,
    disagrees,
    find_affiliation,
    find_head,
    find_last_body,
    kind_of_phrase,
    may_say,
    without_clause,
    without_time,
)
from summarizer.attribution.subjects import PRONOUNS, Salient, Subject, find_items, find_subjects, fits_pronoun
from summarizer.attribution.tokens import Paragraph, Place, Range
from summarizer.spans import Span

_ANSWERS = word_set("a answer")
_MAX_INITIALS = 3  # letters of a label
_SETTING_OFF = frozenset({",", "(", "—", "–"})  # marks before a name that is set off: "her brother, Tom Day"
_SURE_RULES = WORDS["sure_rules"]
"""Rules whose matches show a speaker by their form."""
_COLON_RULES = word_set("quotation_after_cue introduction")
_SAYING = word_set("say tell add reply")  # cues that only speakers have
_MAX_DISTANCE = 1  # in paragraphs: from the last mention of somebody to "the senator"
_MAX_SALIENT = 80  # how many earlier entities a pronoun looks back over


class HolderResolver:
    """Find the entities that the sources of an article mean."""

    def __init__(
        self, reading: Reading, paragraphs: Sequence[Paragraph], entities: Entities, first_turn: int = 0
    ) -> None:
        """Prepare the entities; ``first_turn`` is the paragraph at which an interview begins."""
        self._text = reading.article.text
        self._paragraphs, self._entities = paragraphs, entities
        self._salient: list[Salient] = []
        self._others: dict[str, Entity] = {}
        self._spans: dict[str, dict[Span, None]] = {}
        self._forms: dict[tuple[str, str], dict[str, dict[Span, None]]] = {}
        """By name and kind: the descriptions of an entity, with their places."""
        self._sexes = {entity.name: sex for entity, sex in zip(entities, entities.sexes, strict=True)}
        self._title_names = find_title_names(paragraphs[:first_turn])
        author = (reading.article.author or "").casefold()
        self._interviewee = find_interviewee(paragraphs, entities, first_turn, self._title_names, author)
        self._turns: dict[int, Entity] = {}
        self._items = find_items(paragraphs) if reading.form == "round-up" else {}
        self._offices = Offices(entities)
        self._descriptions = Descriptions(paragraphs, entities)
        self._owned: dict[tuple[str, ...], Entity] = {}
        """By owner and noun: "Ms Hill's campaign", "her campaign" and "the Hill campaign" are one."""
        self._same: Mapping[str, Entity] = {}
        self._unknown_offices: list[tuple[int, Range]] = []
        self._is_silent = False
        """The source that was resolved last names nobody who can speak."""

    def find_holders(self, candidates: Sequence[Candidate]) -> list[tuple[Entity, ...] | None]:
        """Return the holders of each candidate; pronouns look back on the sources before them in the text.

        They are None for a false match: its source cannot speak, and its content does not stand alone.
        """
        holders: list[tuple[Entity, ...]] = [()] * len(candidates)
        rejected: set[int] = set()
        matches = ((each.paragraph, each.match.source or each.match.cue) for each in candidates)
        places = [(index, min(start for start, _ in words)) for index, words in matches]
        subjects = chain.from_iterable(find_subjects(paragraph, self._entities) for paragraph in self._paragraphs)
        waiting = next(subjects, None)
        outer_end: Place = (-1, -1)
        source_end: Place = (-1, -1)
        for number in sorted(range(len(places)), key=places.__getitem__):
            candidate, place = candidates[number], places[number]
            while waiting is not None and waiting.place <= place:
                is_inner = waiting.place < source_end and waiting.is_person  # a person within a source
                if waiting.place < place and not is_inner:
                    self._pass_subject(waiting)
                waiting = next(subjects, None)
            self._is_silent = False
            named = [entity for source in candidate.match.source for entity in self._resolve(candidate, source)]
            if candidate.rule.is_turn and not candidate.match.source:
                named = self._take_turn(candidate, self._interviewee)
            holders[number] = tuple({entity.name: entity for entity in named}.values())
            if self._is_silent and not named and candidate.rule.needs_cue == "always":
                rejected.add(number)
            if holders[number] and candidate.match.source:
                source_end = (place[0], candidate.match.source[-1][1])
            if place >= outer_end and candidate.rule.is_salient:
                for entity in holders[number]:
                    self._add_salient(place, entity)
                paragraph, (start, end) = candidate.match.content[-1]
                if (paragraph, start) > place:
                    outer_end = max((paragraph, end), outer_end)
        holders = name_counted(self._text, self._paragraphs, places, holders)
        described = name_described(self._paragraphs, self._entities, places, holders)
        spoken = sorted(zip(places, holders, strict=True), key=lambda each: each[0])
        for index, words in self._unknown_offices:
            if person := find_next(self._paragraphs, self._entities, (index, words[0]), spoken):
                self._note(self._paragraphs[index], words, person)
        same = {**self._descriptions.same, **described}
        self._join({**join_sources(holders, same), **same})
        completed = self._complete_all(holders)
        return [None if number in rejected else held for number, held in enumerate(completed)]

    def find_reporters(self, candidates: Sequence[Candidate]) -> list[tuple[Entity, ...]]:
        """Return the bodies that report the statement of each candidate, after `find_holders`."""
        return self._complete_all([self._find_reporters(candidate) for candidate in candidates])

    def _find_reporters(self, candidate: Candidate) -> Sequence[Entity]:
        paragraph, words = self._paragraphs[candidate.paragraph], candidate.match.reporter
        if words is None or not may_say(paragraph, words):
            return ()
        return self._resolve_phrase(paragraph, words, is_sure=True)

    def _complete_all(self, found: Sequence[Sequence[Entity]]) -> list[tuple[Entity, ...]]:
        distinct = {id(entity): entity for entities in found for entity in entities}
        completed = {key: self._complete(self._meant(entity)) for key, entity in distinct.items()}
        every = ([completed[id(entity)] for entity in entities] for entities in found)
        return [tuple({entity.name: entity for entity in here}.values() if self._same else here) for here in every]

    def _join(self, same: Mapping[str, Entity]) -> None:
        """Record the sources without a name that are others, by name in lower case, with their forms."""
        self._same = same
        for entity in list(self._others.values()):
            if (meant := self._meant(entity)) is not entity:
                forms = self._forms.setdefault((meant.name, meant.kind), {})
                forms.setdefault(as_form(entity.name), {}).update(self._spans[_other_key(entity)])
                forms.update(self._forms.get((entity.name, entity.kind), {}))

    def _meant(self, entity: Entity) -> Entity:
        """Return the entity that a source without a name is."""
        while self._same and entity.kind != "person" and entity.name.lower() in self._same:
            entity = self._same[entity.name.lower()]
        return entity

    def _complete(self, entity: Entity) -> Entity:
        """Return an entity with the forms and the places that were found while sources were resolved."""
        is_other = entity is self._others.get(key := _other_key(entity))
        if not (forms := self._forms.get((entity.name, entity.kind), {})) and not is_other:
            return entity
        spans = {*(self._spans[key] if is_other else entity.mentions), *chain.from_iterable(forms.values())}
        name = entity.name
        if name.startswith(("his ", "her ", "His ", "Her ")):  # a form with the owner's name tells more
            name = next((form for form in forms if not form.islower()), name)
        aliases = [
            form for form in dict.fromkeys((entity.name, *entity.aliases, *forms)) if form.lower() != name.lower()
        ]
        return replace(entity, name=name, aliases=tuple(aliases), mentions=tuple(sorted(spans)))

    def _add_salient(self, place: Place, entity: Entity) -> None:
        self._salient.append(Salient(place, entity, self._sexes.get(entity.name, "")))

    def _pass_subject(self, subject: Subject) -> None:
        """Make a subject salient."""
        (index, word), entity = subject.place, subject.entity
        paragraph, words = self._paragraphs[index], (word, subject.end)
        if subject.kind == "pronoun":
            entity = self._resolve_pronoun(None, subject.place, paragraph.lower[word])
        elif subject.kind == "office":
            entity = self._find_office_holder(paragraph, words)
            if entity is None and is_person_noun(paragraph.lower[find_head(paragraph, words)]):
                self._unknown_offices.append((index, words))
        elif subject.kind == "document":
            name = paragraph.quote(words).removesuffix("'s").removesuffix("’s")
            entity = self._add_other(paragraph, words, Entity(name, "document"))
        if entity is not None:
            self._add_salient(subject.place, entity)

    def _resolve(self, candidate: Candidate, source: Range) -> list[Entity]:
        paragraph = self._paragraphs[candidate.paragraph]
        if candidate.rule.is_turn:
            return self._resolve_label(candidate, source)
        is_sure = candidate.rule.name in _SURE_RULES or (
            (candidate.rule.name in _COLON_RULES or candidate.match.sense.lemma in _SAYING)
            and may_say(paragraph, source)
        )
        parts = split_source(paragraph, source)
        if parts != [source]:
            return [entity for part in parts for entity in self._resolve(candidate, part)]
        start, word = source[0], paragraph.tokens[source[0]]
        if any(disagrees(paragraph, source, cue) for cue in candidate.match.cue):
            self._is_silent = True
            return []
        if source[1] - start > 1:
            return self._resolve_phrase(paragraph, source, is_sure=is_sure)
        if word.is_relative:
            return self._resolve_relative(paragraph, start)
        if word.lower in PRONOUNS:
            entity = self._resolve_pronoun(candidate.match, (candidate.paragraph, start), word.lower)
            return [entity] if entity else []
        if word.lower in WORDS["speaker_or_reader"]:
            return []
        return self._resolve_phrase(paragraph, source, is_sure=is_sure)

    def _resolve_relative(self, paragraph: Paragraph, word: int) -> list[Entity]:
        """Return whom a "who" refers to: the name or the phrase before it."""
        before = word - (paragraph.lower[word - 1] == ",") if word else 0
        latest = described = None
        first = paragraph.sentence_range(word)[0]
        for mention in self._entities.mentions[paragraph.index]:
            if mention.words[1] == before:
                is_of_person = (
                    latest is not None and paragraph.lower[word] == "who" and latest.words[1] == mention.words[0] - 1
                    and self._is_person(latest) and paragraph.lower[latest.words[1]] in ("of", "from")
                )  # fmt: skip
                is_owner = (
                    before < word and paragraph.lower[mention.words[0] - 1] == "of"
                )  # "a friend of Tom Reed, who"
                if described and paragraph.lower[word] == "who" and (is_owner or not self._is_person(mention)):
                    return [self._entities[described.entity]]  # "Ann Day, a driver from Gale, Mo., who"
                return [self._entities[(latest if latest and is_of_person else mention).entity]]
            latest = mention
            end = mention.words[1]
            is_set_off = end + 1 < word and paragraph.lower[end] == "," and paragraph.tokens[end + 1].is_determiner
            described = mention if is_set_off and mention.words[0] >= first and self._is_person(mention) else described
        antecedent = phrase_before(paragraph, before, first)
        if antecedent is None:
            return []
        start, end = antecedent
        nearest = next((at + 1 for at in range(end - 2, start, -1) if paragraph.tokens[at].is_preposition), start)
        if paragraph.lower[word] == "who" and not _names_people(paragraph, antecedent):
            start = nearest  # "a classroom by a teacher who said"
        return self._resolve_phrase(paragraph, (start, end), is_sure=True)

    def _resolve_label(self, candidate: Candidate, source: Range) -> list[Entity]:
        """Return the speaker of a label: a named entity, the interviewee, or a new entity."""
        paragraph = self._paragraphs[candidate.paragraph]
        label = paragraph.quote(source)
        plain = label.lower().rstrip("#.0123456789 ")
        if plain in _ANSWERS:
            return self._take_turn(candidate, self._interviewee)
        is_role = plain in SPEAKER_ROLES or lookup_form(plain.split()[-1]) in SPEAKER_ROLES
        entity = None if is_role else self._entities.find(label) or self._find_by_initials(label)
        if entity is None or entity.name.lower() in self._title_names:
            name = label.title() if label.isupper() else label
            name = self._title_names.get(lookup_form(name.split()[-1]), name)
            entity = self._add_other(paragraph, source, Entity(name, "unnamed" if is_role else "person"))
        return self._take_turn(candidate, entity)

    def _find_by_initials(self, label: str) -> Entity | None:
        """Return the one person with the initials of a label: "NF"."""
        if not label.isupper() or not 1 < len(label) <= _MAX_INITIALS:
            return None
        fitting = [one for one in self._entities if "".join(word[0] for word in one.name.split()) == label]
        return fitting[0] if len(fitting) == 1 and fitting[0].kind == "person" else None

    def _take_turn(self, candidate: Candidate, entity: Entity | None) -> list[Entity]:
        if entity is None:
            return []
        self._turns[candidate.match.content[0][0]] = entity
        return [entity]

    def _resolve_phrase(self, paragraph: Paragraph, source: Range, *, is_sure: bool) -> list[Entity]:
        """Return the entities that a noun phrase names: "Mr Hill and Ms Day", "two experts", "the party"."""
        source = without_clause(paragraph, source)
        mentions = self._entities.mentions[paragraph.index]
        first, last = (bisect_left(mentions, ((word, 0), 0)) for word in source)
        here = mentions[first:last]
        heads = [each for each in here if is_head(paragraph, source, each.words)]
        heads = [each for each in heads if not is_office_of(paragraph, each.words)]
        if heads and heads[0].words[0] == source[0]:
            people = filter(self._is_person, here)
            heads += [each for each in people if joins_head(paragraph, heads[0].words, each.words)]
        if heads:
            speaking = [each for each in heads if self._names_speaker(paragraph, each, is_sure=is_sure)]
            self._is_silent = not speaking
            return [self._entities[each.entity] for each in speaking]
        full = (source[0], head_end(paragraph, source))
        head = without_time(paragraph, full)
        known = self._find_set_off_name(paragraph, source, full[1]) or self._find_by_name(paragraph, head)
        known = known or self._find_apposed(paragraph, head)
        if known is not None:
            self._descriptions.describe(noun_of(paragraph, head), known, (paragraph.index, head[0]))
            return [known]
        owned = self._read_owned(paragraph, head, here)
        described = self._owned.get(owned) or (
            self._find_office_holder(paragraph, head)
            or self._find_body(paragraph, head)
            or self._find_handle(paragraph, head)
            or self._find_described(paragraph, head)
        )
        if described is not None:
            noun = find_head(paragraph, head)
            is_office = paragraph.lower[noun + 1 : noun + 2] in (("of",), ("for",))
            self._note(paragraph, head if is_office else (head[0], noun + 1), described)
            return [described]
        if not can_speak(paragraph, head, is_sure=is_sure):
            self._is_silent = True
            return []
        other = self._add_other(paragraph, head, self._describe(paragraph, head, here))
        if owned:
            self._owned[owned] = other
        self._descriptions.introduce(noun_of(paragraph, head), other, paragraph.index)
        return [other]

    def _read_owned(self, paragraph: Paragraph, words: Range, mentions: Sequence[Mention]) -> tuple[str, ...]:
        """Return the owner and the noun of "her campaign" or "the Hill campaign", or an empty tuple."""
        owner, noun = find_owner(paragraph, words, mentions)
        if isinstance(owner, Mention):
            is_owner = self._is_person(owner) or noun in DOCUMENTS
            return (self._entities[owner.entity].name, noun) if is_owner else ()
        if isinstance(owner, tuple):
            described = self._find_office_holder(paragraph, owner) or self._find_described(paragraph, owner)
            return (described.name, noun) if described is not None and described.kind == "person" else ()
        if not owner:
            return ()
        person = self._resolve_pronoun(None, (paragraph.index, words[0]), owner)
        others = (name for name, other in self._owned if other == noun and person is None)
        fitting = [name for name in others if self._sexes.get(name) in ("", "f" if owner == "her" else "m")]
        name = person.name if person else fitting[0] if len(fitting) == 1 else ""
        return (name, noun) if name else ()

    def _is_person(self, mention: Mention) -> bool:
        return self._entities[mention.entity].kind == "person"

    def _names_speaker(self, paragraph: Paragraph, mention: Mention, *, is_sure: bool) -> bool:
        entity = self._entities[mention.entity]
        is_in_title = entity.name in self._title_names.values()
        return can_name_speaker(paragraph, entity, mention.words[0], is_sure=is_sure, is_in_title=is_in_title)

    def _describe(self, paragraph: Paragraph, words: Range, mentions: Sequence[Mention]) -> Entity:
        """Return a source without a name. A person in its description belongs to its role."""
        kind, start = kind_of_phrase(paragraph, words), words[0]
        for mention in mentions:
            entity, (first, last) = self._entities[mention.entity], mention.words
            if not is_surely_person(entity) or entity.name.isupper() or last > words[1]:
                continue
            owns = paragraph.tokens[last - 1].owns
            if first == start and owns and last < words[1] and kind != "organisation":
                end = paragraph.find(PREPOSITIONS, last + 1, words[1])
                return Entity(paragraph.quote((last, end)), kind, paragraph.quote(words))
            end, opening = described_end(paragraph, words, mention.words), paragraph.tokens[start]
            if end == start + 1 and owns and last < words[1] and (opening.is_determiner or opening.is_pronoun):
                return Entity(paragraph.quote((last, words[1])), kind, paragraph.quote(words))  # "one of her aides"
            if end and lookup_form(paragraph.lower[end - 1]) in WORDS["partitives"]:
                continue  # "30 percent of Mr Hill's backers"
            if end:
                end = without_time(paragraph, (start, end))[1]
                role = paragraph.quote((start + opening.is_determiner, words[1]))
                return Entity(paragraph.quote((start, end)), kind, role if not owns or last < words[1] else None)
        body = find_affiliation(paragraph, words, self._entities) if kind == "unnamed" else None
        is_introduced = words[1] - start == 2 and paragraph.lower[start] in ("a", "an")
        if body is None and is_introduced and lookup_form(paragraph.lower[start + 1]).startswith("spokes"):
            body = find_last_body(paragraph, start, self._entities)
        return Entity(paragraph.quote(words), kind, affiliation=body)

    def _find_handle(self, paragraph: Paragraph, words: Range) -> Entity | None:
        """Return the person whose name a handle joins, "@annaberg" for Anna Berg, else an account of its own."""
        if not (handle := paragraph.quote(words)).startswith("@"):
            return None
        names = (entity for entity in self._entities if entity.name.lower().replace(" ", "") == handle[1:].lower())
        return next(names, None) or self._add_other(paragraph, words, Entity(handle, "unnamed"))

    def _find_set_off_name(self, paragraph: Paragraph, source: Range, head_end: int) -> Entity | None:
        """Return the name after a phrase or a possessive: "her brother, Tom Day", "the firm's Ann Hill"."""
        mentions, lower = self._entities.mentions[paragraph.index], paragraph.lower
        noun = noun_of(paragraph, (source[0], head_end))
        if lower[source[0] : source[0] + 2] == ("one", "of"):  # "one of her aides, Tom Day,"
            noun = noun_of(paragraph, (min(source[0] + 2, head_end - 1), head_end)).removesuffix("s")
        if lower[head_end : head_end + 1] == ("who",):
            head_end = paragraph.find((",",), head_end, source[1] - 1)
        place = bisect_left(mentions, ((head_end, 0), 0))
        first = head_end + 1 + (lower[head_end + 1 : head_end + 2] == ("the",))
        if place < len(mentions) and mentions[place].words[0] == first and lower[head_end] in _SETTING_OFF:
            end = mentions[place].words[1]
            is_closed = lower[end : end + 1] in ((), (",",), (".",), (")",), ("—",), ("–",)) or end == source[1]
            is_closed = is_closed and find_inner_person(paragraph, source[0], head_end) == source[0]
            entity = self._entities[mentions[place].entity]
            is_body = entity.kind == "organisation" and classify_noun(noun) == "body"
            if is_closed and (is_body or (entity.kind in ("person", "organisation") and is_person_noun(noun))):
                return entity
        before = mentions[place - 1] if place else None
        if before and before.words[1] == head_end and source[0] < before.words[0] < head_end:
            entity = self._entities[before.entity]
            if entity.kind == "person" and paragraph.tokens[before.words[0] - 1].owns:
                return entity
        return None

    def _find_apposed(self, paragraph: Paragraph, words: Range) -> Entity | None:
        """Return the name before a comma that a phrase describes: "Tom Day, chairman of the board, said"."""
        start = words[0]
        if start < 2 or paragraph.lower[start - 1] not in (",", "and") or not _names_people(paragraph, words):
            return None
        if paragraph.lower[start - 1] == "and":  # "Tom Day, owner of the mill and chairman of the board, said"
            is_bare = not (paragraph.tokens[start].is_determiner or noun_of(paragraph, words).endswith("s"))
            start = apposition_start(paragraph, start - 1) if is_bare else 0
        mentions = self._entities.mentions[paragraph.index]
        place = bisect_left(mentions, ((start, 0), 0))
        before = mentions[place - 1] if place else None
        entity = self._entities[before.entity] if before and before.words[1] == start - 1 else None
        return entity if entity and entity.kind == "person" else None

    def _find_by_name(self, paragraph: Paragraph, words: Range) -> Entity | None:
        """Return the entity of words outside mentions, as in a title or at the start of a sentence."""
        is_name = all(token.is_capitalised for token in paragraph.tokens[words[0] : words[1]])
        is_person = classify_noun(last := paragraph.lower[words[1] - 1]) == "person"  # "The Ohio Republican", not Ohio
        is_bare_plural = words[1] - words[0] == 1 and last.endswith("s")  # "Growers", not the Fruit Growers' League
        is_name = is_name and not (is_person and (is_bare_plural or paragraph.tokens[words[0]].is_determiner))
        return self._entities.find(paragraph.quote(words)) if is_name else None

    def _find_described(self, paragraph: Paragraph, words: Range) -> Entity | None:
        """Return the known entity that a phrase describes: "the network", "the Kremlin critic"."""
        first = max(paragraph.index - _MAX_DISTANCE, self._items.get(paragraph.index, 0))
        latest = takewhile(lambda each: each.place[0] >= first, reversed(self._salient))
        salient = [(each.place, each.entity) for each in islice(latest, _MAX_SALIENT)]
        return self._descriptions.find(paragraph, words, salient)

    def _note(self, paragraph: Paragraph, words: Range, entity: Entity) -> None:
        """Record a phrase as another form of an entity's name."""
        form = as_form(paragraph.quote(words).removesuffix("'s").removesuffix("’s"))
        spans = dict.fromkeys(paragraph.spans(self._text, words))
        self._forms.setdefault((entity.name, entity.kind), {}).setdefault(form, {}).update(spans)

    def _add_other(self, paragraph: Paragraph, words: Range, entity: Entity) -> Entity:
        """Return a source without a name, or the one already known by the same words; record the mention."""
        key = _other_key(entity)
        self._spans.setdefault(key, {}).update(dict.fromkeys(paragraph.spans(self._text, words)))
        return self._others.setdefault(key, entity)

    def _find_office_holder(self, paragraph: Paragraph, words: Range) -> Entity | None:
        spans = paragraph.spans(self._text, words)
        return self._offices.find_holder(paragraph, words, spans[0].start) if spans else None

    def _find_body(self, paragraph: Paragraph, words: Range) -> Entity | None:
        """Return the one body whose name has the noun of "the association"."""
        noun = lookup_form(paragraph.tokens[words[1] - 1].text)
        is_short = words[1] - words[0] == 2 and paragraph.lower[words[0]] == "the"
        body = self._entities.find(noun) if is_short and noun in ORGANISATION_NOUNS else None
        return body if body and body.kind == "organisation" else None

    def _resolve_pronoun(self, match: Match | None, place: Place, pronoun: str) -> Entity | None:
        """Return the last speaker or subject before a pronoun that fits, outside the content of its match."""
        speaker, after = self._turns.get(place[0]), {cue[1] for cue in match.cue} if match else set()
        here = self._entities.mentions[place[0]] if after else ()
        addressed = {self._entities[each.entity].name for each in here if each.words[0] in after}
        for salient in reversed(self._salient[-_MAX_SALIENT:]):
            at, word = salient.place
            if at < self._items.get(place[0], 0):
                break
            pieces = match.content if match else ()
            is_within = any(at == index and word in range(*piece) for index, piece in pieces)
            if salient.place >= place or is_within or salient.entity.name in addressed:
                continue  # "he told Ms Hill" is not about her
            if fits_pronoun(salient, pronoun) and salient.entity is not speaker:
                return salient.entity
            bearers = self._entities.find_all(self._paragraphs[at].tokens[word].text) if salient.sex else ()
            for index in bearers:  # "Cho denied it. … she said": another Cho
                other = Salient(salient.place, self._entities[index], self._entities.sexes[index])
                if other.sex and fits_pronoun(other, pronoun):
                    return other.entity
        return None


def _other_key(entity: Entity) -> str:
    """Return the words that a source without a name is known by: two men's critics, or two spokesmen, are two."""
    words = f"{entity.role or entity.name} {entity.affiliation or ''}".lower()
    first, _, others = words.partition(" ")
    return others if entity.kind == "group" and first in WORDS["quantifiers_of_people"] and others.strip() else words


def _names_people(paragraph: Paragraph, words: Range) -> bool:
    return classify_noun(noun_of(paragraph, words)) == "person"
