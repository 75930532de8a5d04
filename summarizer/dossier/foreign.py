"""Read what a text in another language than English speaks of, and which side it takes.

The words of a language are in the table ``wording`` of its folder in summarizer/attribution/languages. A clause has one
side: the product of what is held, of what shall be made or ended, and of each negation. A clause that names
nothing, such as "es wäre falsch", passes its side on to the next one. In doubt, no side is taken.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from summarizer._languages import cached, read_language
from summarizer._text import normalized_words
from summarizer.engines import find_language, gloss

_TOKEN = re.compile(r"\w+(?:[-’'.]\w+)*|[.,;:!?()–—]")
_WORD = re.compile(r"[^\W\d_][\w-]+")
_QUOTED = re.compile(r"(?<=\w )[„“«»\"][^„“”«»\".;!?]{1,80}[“”«»\"]")
"""A part of a sentence in quotation marks, the commas of which divide no clauses."""
_NOUN = "\N{MODIFIER LETTER LOW MACRON}"
"""The mark of a noun that could be a verb: "Strich"."""
_PAIR = re.compile(r"(?<!\w)(\w+) (?=([^\W\d_][\w-]+))")
_CLAUSE_ENDS = frozenset(",;:()–—")
_SENTENCE_END = re.compile(r"(?<=[.!?;])[”“\"»]? ")
_MIN_TERM, _MIN_PART = 3, 5  # letters of a term, and of a part of a compound
_ACTING = 2
"""Who shall do it, or how, is wanted, but no more of what else the clause names: "über die Maut abstimmen"."""
_CHANGES = {"making": 1, "staying": 1, "ending": -1, "going": -1, "acting": _ACTING}
_HOLDING, _DOING = frozenset({"for", "against"}), frozenset({"making", "ending", "acting"})
_NAMING = frozenset({"making_nouns", "ending_nouns", "people"})
"""Lists of words that name something."""


class _Verb(NamedTuple):
    """A form of a verb."""

    kind: str
    particle: str
    """What must follow later in the clause: "ab" for "lehnt"."""
    term: str


class Side(NamedTuple):
    """What a text speaks of, and for which side: see `wording.Content`."""

    terms: Counter[str]
    signs: Mapping[str, int]
    general: int


class _Clause(NamedTuple):
    """A clause, and the terms of its words."""

    words: Sequence[str]
    terms: Sequence[str]

    def has(self, words: Collection[str]) -> bool:
        return not frozenset(self.words).isdisjoint(words)


class Wording:
    """The words of a language, by which texts are read."""

    def __init__(self, data: Mapping[str, Any], code: str) -> None:
        self.words = {key: frozenset(text.split()) for key, text in data["words"].items()}
        self.patterns = {
            key: re.compile(text if isinstance(text, str) else "|".join(text), 0 if isinstance(text, str) else re.I)
            for key, text in data["patterns"].items()
        }
        self.support: str = data["support"]
        self.propositions: Mapping[str, Any] = data["propositions"]
        self._articles, self._indicative = (
            dict(pair.split(":") for pair in data.get(key, "").split()) for key in ("articles", "indicative")
        )
        self._has_capitals: bool = data.get("nouns_have_capitals", False)
        self._endings = data["endings"].split()
        self._verbs: dict[str, list[_Verb]] = {}
        for kind, text in data["verbs"].items():
            for entry in text.split():
                self._add_verb(kind, entry, data)
        self._matters = {word: f"@{name}" for name, text in data["matters"].items() for word in text.split()}
        verbs = {verb.term for verbs in self._verbs.values() for verb in verbs if verb.kind in _DOING}
        self._actions = set(map(self._known, verbs))
        self._sided = [
            (f"@{name}", re.compile(rf"\b(?:{text})", re.I), side)
            for name, sides in data["sided"].items()
            for text, side in ((sides.get("for", "(?!)"), 1), (sides.get("against", "(?!)"), -1))
        ]
        names = read_language(code)
        self._first_names = frozenset(f"{names.get('male_names', '')} {names.get('female_names', '')}".split())
        self._silent = frozenset(names.get("function_words", "").split()).union(
            *(self.words[key] for key in self.words.keys() - _NAMING)
        )
        self.term = lru_cache(maxsize=50_000)(self._term)

    def _add_verb(self, kind: str, entry: str, data: Mapping[str, Any]) -> None:
        head, _, others = entry.partition("=")
        head, _, finite = head.partition(":")
        particle, _, stem = head.rpartition("|")
        whole = data["whole"].format(stem=stem, particle=particle).split()
        verb = _Verb(kind, particle, self._stem(whole[0]))
        for form in (*data["finite"].format(stem=stem).split(), *finite.split(",")):
            self._verbs.setdefault(form, []).append(verb)
        for form in (*whole, *others.split(",")):
            self._verbs.setdefault(form, []).append(verb._replace(particle=""))

    def _stem(self, word: str) -> str:
        plain = "".join(normalized_words(word)) or word
        ends = (plain[: -len(end)] for end in self._endings if plain.endswith(end) and len(plain) >= len(end) + 3)
        return next(ends, plain)

    def _term(self, word: str, *, is_capital: bool) -> str:
        """Return the term of a word; empty for one that says nothing of the matter."""
        lower = word.lower()
        if lower in self._matters:
            return self._matters[lower]
        verbs = [verb for verb in self._verbs.get(lower, ()) if verb.kind in _DOING and not is_capital]
        if verbs and not verbs[0].particle:
            return self._known(verbs[0].term)
        is_noun = is_capital or not self._has_capitals
        if not is_noun or lower in self._silent or len(lower) < _MIN_TERM or not lower[0].isalpha():
            return ""
        if _ends_with(lower, self.words["people"]):
            return ""
        parts = (part for part in self._matters if len(part) >= _MIN_PART and self._has_capitals)
        part = next((part for part in parts if lower.endswith(part) or lower.startswith(part)), "")
        return self._matters[part] if part else self._known(self._stem(lower))

    def _known(self, own: str) -> str:
        return next((term for word, term in self._matters.items() if self._stem(word) == own), own)

    def read(self, text: str) -> Side:
        """Return the terms of a text, the sides that it takes of them, and that of what it does not name."""
        terms = self.terms_of(text)
        signs: Counter[str] = Counter()
        general, latest = 0, None
        sentences = [] if self.patterns["jest"].search(text) else _SENTENCE_END.split(text)
        for sentence in sentences:
            asks = sentence.rstrip('“”"» ').endswith("?")
            if asks or self.patterns["unasserted"].search(sentence):
                latest = None
                continue
            frame, clauses = 0, list(self._clauses(sentence))
            for number, clause in enumerate(clauses):
                value, found = self._read_clause(clause, frame, is_first=number == 0)
                following = clauses[number + 1 : number + 2]
                if not found and value and not frame:
                    if following and self._is_linked(following[0]) and any(following[0].terms):
                        frame = value
                        continue
                    if latest:
                        found = self._read_clause(latest, value, is_first=True, is_whole=True)[1]
                    general += 0 if latest else value
                signs.update(found)
                frame, latest = 0, clause if any(clause.terms) else latest
        for name, pattern, side in self._sided:
            signs[name] += 2 * side * len(pattern.findall(text)) * bool(sentences)
        return Side(terms, {term: sign for term, sign in signs.items() if sign}, (general > 0) - (general < 0))

    def terms_of(self, text: str) -> Counter[str]:
        """Return how often a text has each term."""
        return Counter(term for clause in self._clauses(text) for term in clause.terms if term)

    def differ(self, one: str, other: str) -> bool:
        """Return whether two texts each have a word that says something, and that the other one lacks."""
        ours, theirs = (set(_WORD.findall(text.lower())) - self._silent for text in (one, other))
        return bool(ours - theirs and theirs - ours)

    def is_infinitive(self, text: str) -> bool:
        """Return whether a text is but an infinitive, the side of which the words before it tell: "zu bauen"."""
        clauses = list(self._clauses(text))
        return len(clauses) == 1 and not clauses[0].has(self.words["be"]) and self._is_infinitive(clauses[0].words)

    def names_action(self, term: str) -> bool:
        """Return whether a term is of what is done, not of the thing to which it is done."""
        return term in self._actions

    def state(self, text: str) -> str:
        """Return reported speech as the speaker would say it: "sei" as "ist"."""
        return _WORD.sub(lambda match: self._indicative.get(match[0], match[0]), text)

    def nouns(self, text: str) -> Iterator[str]:
        """Yield the nouns of a text that can name a matter, each with its article in the nominative."""
        for article, noun in _PAIR.findall(text):
            named = self._articles.get(article.lower())
            if named and noun[0].isupper() and not noun.isupper() and self.term(noun, is_capital=True):
                yield f"{named} {noun}"

    def _clauses(self, text: str) -> Iterator[_Clause]:
        words: list[str] = []
        terms: list[str] = []
        after_name = False
        joined = _QUOTED.sub(lambda match: match[0].replace(",", ""), text)
        for word in [*_TOKEN.findall(joined), "."]:
            lower = word.lower()
            if word in _CLAUSE_ENDS or word in ".!?":
                if words:
                    yield _Clause(words, terms)
                words, terms, after_name = [], [], False
                continue
            is_capital = word[0].isupper()
            is_name, after_name = is_capital and after_name, is_capital and lower in self._first_names
            is_noun = self._has_capitals and is_capital and bool(words) and lower in self._verbs
            words.append(f"{lower}{_NOUN}" if is_noun else lower)
            is_name = is_name or after_name
            terms.append(f"={self._stem(lower)}" if is_name else self.term(word, is_capital=is_capital))

    def _is_linked(self, clause: _Clause) -> bool:
        """Return whether a clause completes the one before: "dass …", "… zu bauen"."""
        return clause.words[0] in self.words["links"] or self._is_infinitive(clause.words)

    def _is_infinitive(self, words: Sequence[str]) -> bool:
        """Return whether a clause ends with an infinitive: "zu bauen", "einzuführen"."""
        marks, last = self.words["infinitive"], words[-1]
        is_joined = last in self._verbs and any(mark in last for mark in marks)
        return is_joined or any(word in marks for word in words[-2:-1])

    def _read_clause(
        self, clause: _Clause, frame: int, *, is_first: bool, is_whole: bool = False
    ) -> tuple[int, dict[str, int]]:
        """Return the side of a clause, and those of its terms; another clause passes ``frame`` to it.

        The frame of a clause that is wrong or right as a whole counts whatever its verb.
        """
        words, lists, joined = clause.words, self.words, " ".join(clause.words)
        is_relative = not is_first and words[0] in lists["relatives"] and self._ends_with_verb(words)
        is_open = words[0] in lists["asking"] or (words[0] in lists["conditions"] and not frame)
        if is_open or is_relative or self.patterns["idiom_open"].search(joined):
            return 0, {}
        for key, value in () if frame else (("idiom_for", 1), ("idiom_against", -1)):
            if match := self.patterns[key].search(joined):
                inner = lists["away"].intersection(match.group().split())
                return value, self._spread(clause, [at for at, word in enumerate(words) if word not in inner], value)
        pairs = zip(words, [*words[1:], ""], strict=True)
        is_negated = sum(one in lists["negations"] and other not in lists["no_negations"] for one, other in pairs) % 2
        value, span = self._holding(clause)
        if not value and (verdict := self._verdict(clause)):
            value, span = verdict[0], [at for at in range(len(words)) if at != verdict[1]]
        change, place = self._change(clause, is_held=bool(value or frame), is_negated=bool(is_negated))
        if (value and frame) if is_whole else not (value or change):
            return 0, {}  # what somebody else holds, or nothing
        if is_negated and value < 0 and not change and not clause.has(lists["longer"]):
            return 0, {}  # who is not against a thing may not want it
        value = (value or 1) * (-1 if is_negated else 1) * (frame or 1)
        if change == _ACTING:
            return value, {clause.terms[place]: value} if clause.terms[place] else {}
        return value, self._spread(clause, span or range(len(words)), value * (change or 1), change)

    def _ends_with_verb(self, words: Sequence[str]) -> bool:
        is_finite = words[-1] in self._verbs and not self._is_infinitive(words)
        return is_finite or words[-1] in self.words["modals"] | self.words["be"]

    def _verbs_in(self, words: Sequence[str], kinds: Collection[str]) -> list[tuple[int, _Verb]]:
        """Return the verbs of some kinds, the particles of which stand later in the clause."""
        found = ((at, verb) for at, word in enumerate(words) for verb in self._verbs.get(word, ()))
        return [(at, each) for at, each in found if each.kind in kinds and (each.particle or words[-1]) in words[at:]]

    def _holding(self, clause: _Clause) -> tuple[int, Sequence[int]]:
        """Return the side that a clause takes by a verb, preposition or noun, and the places of what it is about."""
        words, lists, stop = clause.words, self.words, len(clause.words)
        for at, verb in self._verbs_in(words, _HOLDING):
            is_turned = at and (words[0] in lists["objects"] or not any(clause.terms[at + 1 :]))
            span = range(at) if is_turned else range(at + 1, stop)
            return (0, ()) if clause.has(lists["was"]) else (1 if verb.kind == "for" else -1, span)
        is_own = clause.has(lists["own"]) and clause.has(lists["be"])
        valued = self._verdict(clause)
        is_label = valued and self._verbs_in(words, {"labels"})
        for at, word in enumerate(words):
            side = (word in lists["for"] | lists["for_it"]) - (word in lists["against"] | lists["against_it"])
            is_governed = side and (is_own or self._verbs_in(words, {"favouring" if side > 0 else "refusing"}))
            if is_governed and not is_label and not (valued and valued[1] > at):
                return side, range(at + 1, stop)
        for at, word in enumerate(words):
            side = (word in lists["for_nouns"]) - (word in lists["against_nouns"])
            place = next((i for i, each in enumerate(words) if each in lists["before_noun"]), at) if side else at
            if place != at and (valued or not at or words[at - 1] not in lists["definite"]):
                return side * (valued[0] if valued else 1), range(place + 1, stop if place > at else at)
        return 0, ()

    def _verdict(self, clause: _Clause) -> tuple[int, int] | None:
        """Return the value that a clause calls something, and its place: "ist falsch", "halte … für einen Fehler"."""
        lists = self.words
        is_said = clause.has(lists["be"] | lists["was"]) or self._verbs_in(clause.words, {"labels"})
        for at, word in enumerate(clause.words) if is_said else ():
            forms = {word, next((word[: -len(e)] for e in ("es", "er", "en", "em", "e") if word.endswith(e)), word)}
            if value := (not forms.isdisjoint(lists["good"])) - (not forms.isdisjoint(lists["bad"])):
                return value, at
        return None

    def _change(self, clause: _Clause, *, is_held: bool, is_negated: bool) -> tuple[int, int]:
        """Return 1 if a clause wants something made or kept, -1 if ended, 0 for neither; and the place of its verb."""
        words, lists = clause.words, self.words
        is_wanted = is_held or clause.has(lists["modals"]) or bool(self._verbs_in(words, {"wanting"}))
        is_wanted = is_wanted or (is_negated and clause.has(lists["negated_modals"]))
        is_wanted = is_wanted or (self._is_infinitive(words) and clause.has(lists["be"]))
        found = [(_CHANGES[verb.kind], at) for at, verb in self._verbs_in(words, _CHANGES)] if is_wanted else []
        return found[-1] if found else (0, 0)

    def _spread(self, clause: _Clause, span: Sequence[int], value: int, change: int = 0) -> dict[str, int]:
        """Return the terms of a part of a clause with a sign; what is ended turns it: "die Schließung der Klinik"."""
        found: dict[str, int] = {}
        words, lists, sign = clause.words, self.words, value
        skips = is_away = False
        for at in span:
            word, term = words[at], clause.terms[at]
            is_verb = any(verb.kind in _CHANGES for verb in self._verbs.get(word, ()))
            if word in lists["asides"]:
                skips = True
            elif word in lists["for"] | lists["against"] | lists["objects"] or is_verb:
                skips = False
            is_away = is_away or word in lists["away"]
            if term and term[0] != "=" and not skips and (change or not is_verb):
                found.setdefault(term, value * change if is_verb else -sign if is_away else sign)
                is_away = False
            if not is_verb and _ends_with(word.rstrip(_NOUN), lists["ending_nouns"]):
                sign = -sign
        return found


def _ends_with(noun: str, nouns: Collection[str]) -> bool:
    """Return whether a noun, or the end of a compound, is one of some: "Klinikschließung"."""
    return noun in nouns or any(noun.endswith(each) for each in nouns if len(each) >= _MIN_PART)


@cached
def wording_of(code: str) -> Wording | None:
    """Return the words of a language by which sides are read, or None."""
    data = read_language(code).get("wording")
    return Wording(data, code) if data else None


class ReadAs(NamedTuple):
    """A text, and the words by which it is read."""

    text: str
    wording: Wording | None
    """None for the rules of English."""


@lru_cache(maxsize=20_000)
def read_as(text: str) -> ReadAs:
    """Choose how a text is read, by the language that its words tell.

    A language with the table ``wording``, such as German, is read by it. One with the table ``gloss``, such as French,
    is put in English words. All other texts are read by the rules of English as they are.
    """
    code = find_language(text)
    wording = wording_of(code) if code != "en" else None
    return ReadAs(text, wording) if wording else ReadAs(gloss(text, code).text, None)
