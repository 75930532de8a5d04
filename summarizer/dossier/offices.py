"""Link offices to those who hold them at the date of the article: "the energy minister"."""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Literal

from summarizer._files import read_toml
from summarizer._text import normalized_words
from summarizer.dossier.bodies import Bodies
from summarizer.dossier.clusters import Cluster, Linking, Texts
from summarizer.dossier.mentions import (
    DEFINITE,
    GENERIC_BODIES,
    LEADS,
    OFFICES,
    PAST,
    VAGUE_LEADS,
    Mention,
    Office,
    Words,
    are_covered,
    are_kin,
    classify_name,
    parse_office,
    sex_of,
    sex_of_role,
    singular,
)
from summarizer.dossier.people import Surnames

_MAX_TEXTS = 40
"""Articles that are searched for who holds an office."""
_MAX_HOLDERS, _MAX_KNOWN = 5, 20
"""People who may be meant by "the president", without a body; where more are known, the text must name one."""
_MAX_APPOINTMENTS = 500  # articles that are searched for who takes an office
_NAME = r"((?-i:[A-Z][\w’'-]+)(?: (?-i:[A-Z][\w’'-]+)){0,3})"
_LISTS = read_toml(__file__, "offices.toml")
_STATE_OFFICES, _NO_STATES, _ACTING, _NEW = (
    frozenset(_LISTS[key].split()) for key in ("state_offices", "no_states", "acting", "new")
)
_BETWEEN = rf"(?:,? (?:{'|'.join(_LISTS['between'].split())}|[\w-]+[’']s)){{0,8}}"
_NOT_NOW = "".join(rf"(?<!{re.escape(each)})" for each in _LISTS["not_now"])
_APPOINTED, _SUCCEEDS = ("|".join(_LISTS[name]) for name in ("appointed", "succeeds"))
_UNREAL = "|".join(_LISTS["unreal"].split())
_WITHIN = rf"(?:(?!\b(?:{_UNREAL})\b|(?-i:[A-Z][\w’'-]+ [A-Z]))[^.;:“”\"\n])"  # in a sentence, without another name
_OFFICE = rf"((?: [\w’'-]+){{0,3}} (?:{'|'.join(sorted(OFFICES))})\b(?: of(?: [\w’'-]+){{1,4}})?)"
_OFFICE = rf"(?: (?:{'|'.join(_LISTS['before_office'].split())}))*{_OFFICE}"
_APPOINTMENT = re.compile(rf"{_NAME}{_WITHIN}{{0,60}}? (?:{_APPOINTED})\b{_OFFICE}", re.IGNORECASE)
_SUCCESSION = re.compile(
    rf"{_NAME}{_WITHIN}{{0,60}}?\b(?:{_SUCCEEDS}) (?:(?:her|him|them)\b|{_NAME})(?:{_OFFICE})?", re.IGNORECASE
)
_ADJECTIVE = r"(?:,? (?-i:[A-Z])[\w-]+)?"  # "Ann Day, the Norvian energy minister"
_NO_LONGER = r"(?! (?:from|until|till|between)\b)"
_APART = GENERIC_BODIES - frozenset(_LISTS["state_bodies"].split())
"""Bodies whose president is not the one of the state in their names: "Norvian Fishing Federation"."""

Event = tuple[str, Cluster]
_How = Literal["sure", "told", "described", "general", "loose"]


class _Bearers:
    """Those who hold an office, or are said to: when, and under which surnames."""

    def __init__(self, events: Iterable[Event], noun: str) -> None:
        self._events = sorted(events, key=lambda event: event[0])
        self.dates = [date for date, _ in self._events]
        self._begins = {cluster: date for date, cluster in reversed(self._events)}
        self.clusters = list(dict.fromkeys(cluster for _, cluster in self._events))
        self._by_name: defaultdict[str, dict[Cluster, None]] = defaultdict(dict)
        self._left: dict[Cluster, str] = {}
        for cluster in self.clusters:
            for words in cluster.names or {cluster.first.words}:
                self._by_name[words[-1]][cluster] = None
            left = [day for day, office in cluster.offices if office.is_past and office.noun == noun and day]
            if left:
                self._left[cluster] = min(left)

    @property
    def begin(self) -> str:
        """The date of the first article with a bearer; after all dates if no article has one."""
        return self._events[0][0] if self._events else "9999"

    def named(self, mention: Mention, texts: Texts) -> list[Cluster]:
        """Return those whom the article names; of several, the one whom it names last before the description."""
        names = self._by_name.keys() & texts.words(mention.article)
        named = list(dict.fromkeys(cluster for name in sorted(names) for cluster in self._by_name[name]))
        named = [cluster for cluster in named if not self._has_other_office(cluster, mention)]
        if len(named) > 1:
            last = texts.last_before(mention.article, mention.words, sorted(names))
            return [cluster for cluster in named if cluster in self._by_name[last]] if last else named
        return named

    def _has_other_office(self, cluster: Cluster, mention: Mention) -> bool:
        """Return whether an article gives a later bearer another office: the ambassador who will be minister."""
        here = {own.noun for each in cluster.mentions if each.article == mention.article for own in each.offices}
        nouns = {office.noun for office in mention.offices}
        return self._begins[cluster] > mention.date and bool(here & OFFICES) and not here & nouns

    def at_date(self, date: str, named: Sequence[Cluster] = ()) -> list[Cluster]:
        """Return who holds the office at a date, by the last article before it and the first one after it.

        Between two of them it is the one whom the article of that date names.
        """
        place = bisect_right(self._events, date, key=lambda event: event[0])
        before, after = self._events[:place][-1:], self._events[place:][:1]
        held = [each for _, each in (*before, *after) if not (each in self._left and self._left[each] <= date)]
        if len(named) == 1 and named[0] in held and not (before and before[0][0] == date):
            return list(named)
        is_told = before and (before[0][0] == date or before[0][1] in self._left)
        return held[:1] if is_told and before[0][1] in held else list(dict.fromkeys(held))


class OfficeHolders:
    """Who holds which office when, by the roles in briefs and by the texts of articles."""

    def __init__(
        self, linking: Linking, people: Surnames, bodies: Bodies, texts: Texts, described: Iterable[Office]
    ) -> None:
        self._linking, self._people, self._bodies, self._texts = linking, people, bodies, texts
        self._by_noun: defaultdict[str, dict[Cluster, None]] = defaultdict(dict)
        self._context: dict[Cluster, set[str]] = {}
        self._bearers: dict[tuple[Office, Words, str, frozenset[str]], _Bearers] = {}
        self._state_words: set[str] = set()  # of offices, and then of governments
        self._known_states: dict[str, str] = {}
        self._states_by_cluster: dict[Cluster, frozenset[str]] = {}
        for date, cluster, office in list(self._find_appointments()):
            cluster.offices.append((date, office))
        for cluster in linking.clusters:
            offices = [office for _, office in (*cluster.offices, *cluster.described)]
            told = self._state_beside(cluster) if any(each.noun in _STATE_OFFICES for each in offices) else frozenset()
            cluster.context |= told
            for office in offices:
                self._by_noun[office.noun][cluster] = None
                if office.noun == "minister" and ("prime" in office.hard or "foreign" in office.words):
                    self._state_words |= (office.words | told) - GENERIC_BODIES - _NO_STATES
        for office in described:
            if office.noun == "minister" and ("prime" in office.hard or "foreign" in office.words):
                self._state_words |= office.owners - GENERIC_BODIES - _NO_STATES
        self._state_words, of_offices = self._state_words.union(bodies.states), set(self._state_words)
        self._all_states, self._office_states = self._states(self._state_words), self._states(of_offices)

    def find(self, mention: Mention) -> tuple[list[Cluster], str]:
        """Return whom an office means at its article's date, and why; a guess has no reason."""
        (office,) = mention.offices
        mention.sexes = self._texts.sex_after(mention.article, mention.name) or sex_of_role(mention.name)
        if office.noun == "namesake":
            return self._find_namesake(mention, office), "Another bearer of a name has this work."
        if office.noun in ("predecessor", "successor") or (office.noun == "deputy" and office.owners):
            find = self._find_deputy if office.noun == "deputy" else self._find_in_line
            return find(mention, office), "The office of another person tells which one it is."
        bearers, states, is_open = self._find_sure(mention, office)
        named = self._allowed(bearers.named(mention, self._texts), mention)
        known = self._allowed(bearers.clusters[:_MAX_KNOWN], mention)
        is_other = not named and len(known) == 1 and bool(self._states_of(known[0]))
        if is_open and (is_other or self._texts.is_quoted(mention)):
            return known, ""  # another state may be meant
        return self._find_holder(mention, bearers, states, is_open=is_open)

    def _find_appointments(self) -> Iterator[tuple[str, Cluster, Office]]:
        """Yield who takes an office by the texts: "Ann Day was elected mayor", "Ann Day will succeed Tom Hill"."""
        for article, date in self._texts.matching(_LISTS["telling"], _MAX_APPOINTMENTS):
            text = self._texts.raw(article)
            for found in _APPOINTMENT.finditer(text):
                if person := self._named(found[1]):
                    yield date, person, parse_office(found[2])
            for found in _SUCCESSION.finditer(text):
                names = [found[2]] if found[2] else reversed(re.findall(_NAME, text[: found.start()]))
                person = self._named(found[1])
                other = next((each for name in names if (each := self._named(name)) and each.offices), None)
                if person and found[3]:
                    yield date, person, parse_office(found[3])
                elif person and other and person is not other:
                    held = (own for _, own in other.offices if own.noun in OFFICES and not own.is_past)
                    yield from ((date, person, own) for own in dict.fromkeys(held))

    def _named(self, name: str) -> Cluster | None:
        """Return the person with a name, perhaps after other words: "On Monday Ann Day"."""
        words = name.split()
        forms = (" ".join(words[start:]) for start in range(max(1, len(words) - 1)))
        found = (self._people.named(classify_name(form, "person")[1], sex_of(form)) for form in forms)
        return next((people[0] for people in found if len(people) == 1), None)

    def _find_holder(
        self, mention: Mention, bearers: _Bearers, states: frozenset[str], *, is_open: bool
    ) -> tuple[list[Cluster], str]:
        """Return whom of those who bear an office its description means."""
        (office,) = mention.offices
        named = self._allowed(bearers.named(mention, self._texts), mention)
        known = self._allowed(bearers.clusters[:_MAX_KNOWN], mention)
        if office.noun in OFFICES and office.is_past and mention.date and not named:
            return self._former(mention, bearers), "Only one person is known to have left the office."
        if office.noun not in OFFICES or office.is_past or not mention.date:
            told = [] if named else self._allowed(self._find_bearers(mention, "told", states).clusters, mention)
            return named or told, "The article names one with this work."
        is_certain = not is_open and (bool(office.words) or len(known) <= _MAX_HOLDERS)
        held = self._allowed(bearers.at_date(mention.date, named), mention) if len(known) > 1 and is_certain else []
        if len(held) == 1 and office.words:
            return held, "This person held the office at the date of the article."
        if len(named) == 1:
            return named, "The article names one who holds the office."
        if held:
            return held[: 1 if office.words else 2], "This person held the office at the date of the article."
        general = self._find_bearers(mention, "general", states)
        if len(known) == 1 and bearers.begin > mention.date >= general.begin:
            known = []  # known from later articles alone
        if known and self._texts.may_hide_a_successor(mention, bearers.dates):
            return known, ""
        if known:
            return known, "Only one person is known in this office."
        described = self._allowed(self._find_bearers(mention, "described", states).clusters, mention)
        if len(described) == 1:
            return described, "One person is described so."
        if 0 < len(general.clusters) <= _MAX_HOLDERS:
            found = self._allowed(general.named(mention, self._texts) or general.at_date(mention.date)[:1], mention)
            if len(found) == 1:
                return found, "This person held the office, of whatever place, at the date of the article."
        loose = self._allowed(self._find_bearers(mention, "loose", states).named(mention, self._texts), mention)
        return loose[: len(loose) == 1], "The article names one who holds a similar office."

    def _state_beside(self, cluster: Cluster) -> frozenset[str]:
        """Return the state that an article gives beside a name and a role: "Norvia’s president, Ann Day"."""
        mention = next((each for each in cluster.mentions if each.role), cluster.first)
        role = (mention.role or "-").lower()
        before, _, after = self._texts.raw(mention.article).partition(mention.name)
        before, (head, _, tail) = before.rstrip(" ,")[-60:], after[:60].lower().partition(role)
        near = before[: -len(role)] if before.lower().endswith(role) else after[1 : len(head)] if tail else ""
        *_, article, word = ("", "", *near.split())
        if tail.startswith(" of "):
            word = (after[len(head) + len(role) + 4 :].split() or [""])[0]
        elif article.lower() != "the" and not word.endswith(("’s", "'s")):
            return frozenset()
        return frozenset(map(singular, normalized_words(word) if word[:1].isupper() else ()))

    def _states(self, words: Collection[str]) -> frozenset[str]:
        """Return the states whose names or adjectives are among words, each by its shortest form."""
        for word in words:
            if word not in self._known_states:
                kin = (state for state in self._state_words if are_kin(word, state))
                self._known_states[word] = min(kin, key=lambda each: (len(each), each), default="")
        return frozenset(filter(None, map(self._known_states.__getitem__, words)))

    def _states_of(self, cluster: Cluster) -> frozenset[str]:
        """Return the states of a person's offices, or else the home state of most articles on the person."""
        if cluster not in self._states_by_cluster:
            states = self._states(cluster.context)
            if not states and len(self._all_states) > 1:
                states = self._read_states_after_name(cluster)
            if not states and len(self._all_states) > 1:
                homes = [self._texts.home(each, self._all_states) for each in sorted(cluster.articles)[:_MAX_KNOWN]]
                (top, count), *_ = [*Counter(homes).most_common(1), ("", 0)]
                states = self._office_states & {top} if count > max(1, len(homes) // 2) else frozenset()
            self._states_by_cluster[cluster] = states
        return self._states_by_cluster[cluster]

    def _read_states_after_name(self, cluster: Cluster) -> frozenset[str]:
        """Return the states that texts give after a name: "Ann Day, who was Norvia’s foreign minister"."""
        found: set[str] = set()
        for name in sorted(cluster.names):
            pattern = rf"\b{re.escape(name[-1])}\b{_BETWEEN} ([\w-]+)[’']s (?:[\w-]+ )?(?:{'|'.join(_STATE_OFFICES)})\b"
            for article, _ in self._texts.naming(name, _MAX_KNOWN):
                found.update(map(str.lower, re.findall(pattern, self._texts.raw(article), re.IGNORECASE)))
        return self._states(found)

    def _find_sure(self, mention: Mention, office: Office) -> tuple[_Bearers, frozenset[str], bool]:
        """Return who bears an office, of which states, and whether it is open which state is meant."""
        states = self._states(office.words)
        bearers = self._find_bearers(mention, "sure", states)
        if not self._is_stateless(office):
            return bearers, states, False
        several = {state for each in bearers.clusters[:_MAX_KNOWN] for state in self._states_of(each)}
        here = set(self._texts.states(mention.article, self._all_states))
        if len(several) < 2 and not here - several:
            return bearers, states, False
        named = bearers.named(mention, self._texts)
        is_here = len(named) == 1 and any(self._texts.has(mention.article, words) for words in named[0].names)
        if is_here and not self._texts.is_quoted(mention):
            only = _Bearers([(mention.date, named[0])], office.noun)
            return (only if len(several) > 1 else bearers), self._states_of(named[0]), False
        told = self._find_meant_states(mention)
        states = told or frozenset(here)
        return self._find_bearers(mention, "sure", states), states, len(told) != 1

    def _is_stateless(self, office: Office) -> bool:
        """Return whether an office exists in several states, and does not name its own."""
        return office.noun in _STATE_OFFICES and len(self._all_states) > 1 and not self._states(office.words)

    def _find_meant_states(self, mention: Mention) -> frozenset[str]:
        """Return the state that an article names most, or those of the ministers who speak."""
        if self._texts.is_quoted(mention):  # by somebody of whichever state
            return frozenset(self._texts.states(mention.article, self._all_states))
        if home := self._texts.home(mention.article, self._all_states):
            return frozenset({home})
        speaking = (each.context for each in self._by_noun["minister"] if mention.article in each.articles)
        return self._states(set[str]().union(*speaking))

    def scope(self, mention: Mention) -> object:
        """Return what two mentions of a vacant office have in common: a state, or the article."""
        (office,) = mention.offices
        states = self._find_meant_states(mention) if self._is_stateless(office) else ()
        return mention.article if len(states) > 1 else states

    def _find_deputy(self, mention: Mention, office: Office) -> list[Cluster]:
        """Return the deputy of the one whose name a description has: "Ms Day's deputy"."""
        leads = {each for name in office.owners for each in self._people.with_surname(name)}
        offices = {own for lead in leads for _, own in lead.offices if not own.hard}
        found = {
            each: None
            for own in offices
            for each in self._by_noun[own.noun]
            if any("deputy" in other.hard for _, other in each.offices) and are_covered(own.words, self._words_of(each))
        }
        return self._allowed(found, mention)

    def _find_namesake(self, mention: Mention, office: Office) -> list[Cluster]:
        """Return the bearer of a name whom a description fits best, of those whose names the article has."""
        shared = (
            each for each in self._namesakes if any(self._texts.has(mention.article, words) for words in each.names)
        )
        scores = Counter(
            {each: sum(are_covered([word], self._words_of(each)) for word in office.words) for each in shared}
        )
        best = [each for each, score in scores.items() if score and score == max(scores.values())]
        return self._allowed(best, mention)

    def _find_in_line(self, mention: Mention, office: Office) -> list[Cluster]:
        """Return who held the office before or after another person: "Ms Day's successor"."""
        found: dict[Cluster, None] = {}
        for other in self._find_owners(mention, office):
            for own in {own for _, own in other.offices if own.noun in OFFICES and not own.is_past}:
                begins = {each: self._begin(each, own) for each in self._by_noun[own.noun] if each is not other}
                roles = {each.role for each in other.mentions if each.role and own in each.offices}
                for date, each in (
                    event for role in sorted(roles) for event in self._search(tuple(normalized_words(role)))
                ):
                    if each is not other and not begins.get(each):
                        begins[each] = date
                mine, states = self._begin(other, own) or "", self._states_of(other)
                line = sorted(
                    (begin, each.first.id, each)
                    for each, begin in begins.items()
                    if begin and (not states or not (own_states := self._states_of(each)) or states & own_states)
                )
                if office.noun == "predecessor":
                    found.update(dict.fromkeys(each for begin, _, each in line[::-1] if begin < mine))
                else:
                    found.update(dict.fromkeys(each for begin, _, each in line if begin > mine))
        return self._allowed(list(found)[:1], mention) if len(found) == 1 else []

    def _find_owners(self, mention: Mention, office: Office) -> Iterable[Cluster]:
        """Return whose successor is meant: the one named, the author, or the one named last before "her successor"."""
        words = self._texts.words(mention.article)
        names = office.words & words
        pronoun = mention.words[0]
        if not names and pronoun == "my":
            return self._authors[mention.article]
        sexes = {"her": "f", "his": "m"}.get(pronoun, "")
        if not names and sexes:
            known = [
                word
                for word in words
                if any(self._may_have_sex(each, sexes) for each in self._people.with_surname(word) if each.offices)
            ]
            names = frozenset(filter(None, [self._texts.last_before(mention.article, mention.words, sorted(known))]))
        return {cluster for name in names or words for cluster in self._people.with_surname(name)}

    def _begin(self, cluster: Cluster, office: Office) -> str | None:
        """Return the date of the first article in which someone holds an office, or one of the same kind."""
        dates = [
            date
            for date, own in cluster.offices
            if own.noun == office.noun
            and own.hard - _ACTING == office.hard - _ACTING
            and not own.is_past
            and (are_covered(office.words, own.words) or are_covered(own.words, office.words))
        ]
        return min(filter(None, dates), default=None)

    @cached_property
    def _authors(self) -> defaultdict[int, list[Cluster]]:
        found: defaultdict[int, list[Cluster]] = defaultdict(list)
        for cluster in self._linking.clusters:
            for article in {mention.article for mention in cluster.mentions if mention.kind == "author"}:
                found[article].append(cluster)
        return found

    @cached_property
    def _namesakes(self) -> list[Cluster]:
        bearers = Counter(words for cluster in self._linking.clusters for words in cluster.names)
        return [each for each in self._linking.clusters if any(bearers[words] > 1 for words in each.names)]

    def _former(self, mention: Mention, bearers: _Bearers) -> list[Cluster]:
        """Return those who held an office before, but no longer do."""
        held = bearers.at_date(mention.date)
        known = [
            each for each in bearers.clusters if each not in held and min(m.date for m in each.mentions) < mention.date
        ]
        return self._allowed(known, mention)

    def _allowed(self, clusters: Iterable[Cluster], mention: Mention) -> list[Cluster]:
        return [
            cluster
            for cluster in clusters
            if self._linking.allows(cluster, [mention]) and self._may_have_sex(cluster, mention.sexes)
        ]

    def _may_have_sex(self, cluster: Cluster, sexes: Collection[str]) -> bool:
        return not sexes or not (known := self._texts.sexes_of(cluster)) or not known.isdisjoint(sexes)

    def _find_bearers(self, mention: Mention, how: _How, states: frozenset[str]) -> _Bearers:
        """Return who bears an office, of certain states or of any.

        They are known by roles and texts ("sure"), by texts alone ("told"), by their aliases ("described"), by a role
        that does not tell the place ("general"), or by a role with one word in common ("loose").
        """
        (office,) = mention.offices
        key = office, mention.words, how, states
        if key not in self._bearers:
            events: list[Event] = []
            if how != "told":
                events += self._events(office, how)
            if how in ("sure", "told"):
                events += self._events_in_texts(mention)
            is_strict = how in ("general", "loose") and len(self._state_words) > 1 and self._states(office.words)
            if states:
                own = {cluster: self._states_of(cluster) for _, cluster in events}
                events = [(day, one) for day, one in events if own[one] & states or not (own[one] or is_strict)]
            self._bearers[key] = _Bearers(events, office.noun)
        return self._bearers[key]

    def _events(self, office: Office, how: _How) -> Iterator[Event]:
        """Yield who has an office in which article."""
        for noun in LEADS if office.noun in VAGUE_LEADS else {office.noun}:
            for cluster in self._by_noun.get(noun, ()):
                for date, own in cluster.described if how == "described" else cluster.offices:
                    if own.noun == noun and own.hard == office.hard and own.is_past <= office.is_past:
                        if office.noun == "president" and own.words & _APART and self._states(office.words):
                            continue
                        words = own.words | self._words_of(cluster)
                        if self._states(office.words):
                            words |= {word for word in office.words if self._states([word]) & self._states_of(cluster)}
                        needed = office.words - (office.owners if how == "general" and not own.words else frozenset())
                        covered = [are_covered([word], words) for word in needed]
                        if any(covered) if how == "loose" else all(covered):
                            yield date, cluster

    def _words_of(self, cluster: Cluster) -> set[str]:
        if cluster not in self._context:
            self._context[cluster] = self._bodies.expand(cluster.context)
        return self._context[cluster]

    def _events_in_texts(self, mention: Mention) -> Iterator[Event]:
        """Yield whom articles name together with an office: "the energy minister, Ann Day"."""
        words = tuple(word for word in mention.words[mention.words[0] in DEFINITE :] if word not in _NEW | PAST)
        if len(words) < 2:
            return
        phrases = {words}
        if "of" in words[1:-1]:
            place = words.index("of")
            owner = [word for word in words[place + 1 :] if word != "the"]
            phrases.add((*owner, *words[:place]))  # "opposition leader" for "leader of the opposition"
        else:
            phrases |= {(words[-1], "of", *words[:-1]), (words[-1], "of", "the", *words[:-1])}
        for phrase in sorted(phrases):
            yield from self._search(phrase)

    def _search(self, words: Words) -> Iterable[Event]:
        phrase = r"(?:[’']s?)?[ -]".join(map(re.escape, words))
        patterns = [
            re.compile(rf"{_NOT_NOW}\b{phrase},? {_NAME}", re.IGNORECASE),
            re.compile(rf"{_NAME}{_BETWEEN}{_ADJECTIVE},? {_NOT_NOW}{phrase}\b{_NO_LONGER}", re.IGNORECASE),
        ]
        for article, date in self._texts.naming(words, _MAX_TEXTS):
            text = self._texts.raw(article)
            for pattern in patterns:
                for found in pattern.finditer(text):
                    if person := self._named(found[1]):
                        yield date, person


def link_offices(linking: Linking, mentions: Sequence[Mention], holders: OfficeHolders) -> None:
    """Link offices to people. An office of which nobody is known is one actor, if it is a certain one."""
    known: dict[tuple[Office, object], Cluster] = {}
    for mention in mentions:
        (office,) = mention.offices
        found, reason = holders.find(mention)
        if len(found) == 1 and reason:
            linking.join(found[0], mention, reason)
            continue
        if not found and office.noun in OFFICES and (office.words or office.hard) and not office.is_past:
            place = office, holders.scope(mention)
            if place in known and linking.allows(known[place], [mention]):
                linking.join(known[place], mention, "The offices are equal, and nobody is known in it.")
                continue
            known[place] = linking.create([mention])
            continue
        linking.create([mention])
        linking.doubt(mention, found, "Several people hold the office, or held it.")
