"""Link offices to those who hold them at the date of the article: "the energy minister"."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence

from summarizer.dossier.bodies import Bodies
from summarizer.dossier.clusters import Cluster, Linking, Texts
from summarizer.dossier.mentions import (
    DEFINITE,
    LEADS,
    OFFICES,
    VAGUE_LEADS,
    Mention,
    Office,
    Words,
    are_covered,
    sex_of,
)
from summarizer.dossier.people import Surnames
from summarizer.merging import name_words

_MAX_TEXTS = 40
"""Articles that are searched for who holds an office."""
_NAME = r"((?-i:[A-Z][\w’'-]+)(?: (?-i:[A-Z][\w’'-]+)){0,3})"
_BETWEEN = (
    r"(?:,? (?:who|the|a|an|is|was|has|had|been|became|becomes|named|appointed|sworn|in|as|new|made|their|its"
    r"|[\w-]+[’']s)){0,8}"
)
_NOT_NOW = r"(?<!former )(?<!ex-)(?<!shadow )(?<!deputy )(?<!next )"

Event = tuple[str, Cluster]


class OfficeHolders:
    """Who holds which office when, by the roles in briefs and by the texts of articles."""

    def __init__(self, linking: Linking, people: Surnames, bodies: Bodies, texts: Texts) -> None:
        self._linking, self._people, self._bodies, self._texts = linking, people, bodies, texts
        self._by_noun: defaultdict[str, dict[Cluster, None]] = defaultdict(dict)
        self._context: dict[Cluster, set[str]] = {}
        self._told: dict[Words, list[Event]] = {}
        for cluster in linking.clusters:
            for _, office in (*cluster.offices, *cluster.described):
                self._by_noun[office.noun][cluster] = None

    def find(self, mention: Mention) -> tuple[list[Cluster], str]:
        """Return whom an office means at the date of its article: one, several who may be meant, or none."""
        (office,) = mention.offices
        events = sorted([*self._events(office), *self._events_in_texts(mention)], key=lambda event: event[0])
        candidates = self._candidates(events, mention)
        named = self._named(candidates, mention)
        if office.noun not in OFFICES or office.is_past or not mention.date:
            told = [] if named else self._candidates(self._events_in_texts(mention), mention)
            return named or told, "The article names one with this work."
        if len(candidates) > 1:
            held = self._at_date(mention.date, [event for event in events if event[1] in candidates], office)
            if len(held) == 1 or not named:
                return held, "This person held the office at the date of the article."
        if len(named) == 1:
            return named, "The article names one who holds the office."
        if candidates:
            return candidates, "Only one person is known in this office."
        described = self._candidates(self._events(office, is_sure=False), mention)
        if len(described) == 1:
            return described, "One person is described so."
        loose = self._named(self._candidates(self._events(office, is_loose=True), mention), mention)
        return loose[: len(loose) == 1], "The article names one who holds a similar office."

    def _candidates(self, events: Iterable[Event], mention: Mention) -> list[Cluster]:
        found = dict.fromkeys(cluster for _, cluster in events)
        return [cluster for cluster in found if self._linking.allows(cluster, [mention])]

    def _named(self, candidates: Sequence[Cluster], mention: Mention) -> list[Cluster]:
        """Return those whom the article names; of several, the one whom it names last before the description."""
        named = [cluster for cluster in candidates if self._is_named(cluster, mention.article)]
        if len(named) > 1:
            surnames = {words[-1]: cluster for cluster in named for words in cluster.names if words}
            last = self._texts.last_before(mention.article, mention.words, surnames)
            return [surnames[last]] if last else named
        return named

    def _events(self, office: Office, *, is_sure: bool = True, is_loose: bool = False) -> list[Event]:
        """Return who has an office in which article, oldest first.

        Args:
            office: The office.
            is_sure: Whether it is their role, or else a description among the forms of their name.
            is_loose: Whether one word in common is enough.
        """
        nouns = LEADS if office.noun in VAGUE_LEADS else {office.noun}
        found: list[Event] = []
        for noun in nouns:
            for cluster in self._by_noun.get(noun, ()):
                found += [
                    (date, cluster)
                    for date, own in (cluster.offices if is_sure else cluster.described)
                    if own.noun == noun
                    and own.hard == office.hard
                    and own.is_past <= office.is_past
                    and self._fits(office, own, cluster, is_loose=is_loose)
                ]
        return sorted(found, key=lambda event: event[0])

    def _fits(self, office: Office, own: Office, cluster: Cluster, *, is_loose: bool) -> bool:
        words = own.words | self._words_of(cluster)
        if is_loose:
            return any(are_covered([word], words) for word in office.words)
        return are_covered(office.words, words)

    def _words_of(self, cluster: Cluster) -> set[str]:
        if cluster not in self._context:
            self._context[cluster] = self._bodies.expand(cluster.context)
        return self._context[cluster]

    def _at_date(self, date: str, events: Sequence[Event], office: Office) -> list[Cluster]:
        """Return who holds an office at a date, by the last article before it and the first one after it."""
        place = bisect_right(events, date, key=lambda event: event[0])
        before, after = events[:place][-1:], events[place:][:1]
        left = {
            cluster
            for _, cluster in events
            for day, own in cluster.offices
            if own.is_past and own.noun == office.noun and day <= date
        }
        held = dict.fromkeys(cluster for _, cluster in (*before, *after) if cluster not in left)
        if before and before[0][0] == date and before[0][1] in held:
            return [before[0][1]]
        return list(held)

    def _is_named(self, cluster: Cluster, article: int) -> bool:
        names = {words for words in cluster.names if len(words) > 1}
        names |= {words[-1:] for words in names} or {mention.words for mention in cluster.mentions[:1]}
        return any(self._texts.has(article, words) for words in names)

    def _events_in_texts(self, mention: Mention) -> list[Event]:
        """Return whom articles name together with an office: "the energy minister, Ann Day"."""
        words = mention.words[mention.words[0] in DEFINITE :]
        if len(words) < 2:
            return []
        if words not in self._told:
            phrases = {words}
            if "of" in words[1:-1]:
                place = words.index("of")
                owner = [word for word in words[place + 1 :] if word != "the"]
                phrases.add((*owner, *words[:place]))  # "opposition leader" for "leader of the opposition"
            else:
                phrases |= {(words[-1], "of", *words[:-1]), (words[-1], "of", "the", *words[:-1])}
            self._told[words] = [event for phrase in sorted(phrases) for event in self._search(phrase)]
        return self._told[words]

    def _search(self, words: Words) -> Iterable[Event]:
        phrase = r"(?:[’']s?)?[ -]".join(map(re.escape, words))
        patterns = [
            re.compile(rf"{_NOT_NOW}\b{phrase},? {_NAME}", re.IGNORECASE),
            re.compile(rf"{_NAME}{_BETWEEN},? {_NOT_NOW}{phrase}\b", re.IGNORECASE),
        ]
        for article, date in self._texts.naming(words, _MAX_TEXTS):
            text = self._texts.raw(article)
            for pattern in patterns:
                for found in pattern.finditer(text):
                    clusters = self._people.named(name_words(found[1]), sex_of(found[1]))
                    if len(clusters) == 1:
                        yield date, clusters[0]


def link_offices(linking: Linking, mentions: Sequence[Mention], holders: OfficeHolders) -> None:
    """Link offices to people. An office of which nobody is known is one actor, if it is a certain one."""
    known: dict[Office, Cluster] = {}
    for mention in mentions:
        (office,) = mention.offices
        found, reason = holders.find(mention)
        if len(found) == 1:
            linking.join(found[0], mention, reason)
            continue
        if not found and office.noun in OFFICES and (office.words or office.hard) and not office.is_past:
            if office in known and linking.allows(known[office], [mention]):
                linking.join(known[office], mention, "The offices are equal, and nobody is known in it.")
                continue
            known[office] = linking.create([mention])
            continue
        linking.create([mention])
        for cluster in found:
            linking.note(mention, cluster.first, "unsure", "Several people held the office.")
