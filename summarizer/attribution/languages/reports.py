"""The reported speech of an article in another language: apply the rules, and resolve the holders."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import NamedTuple

from summarizer._patterns import compile_lazily
from summarizer._types import Certainty, Speech
from summarizer.article import Reading, language_of
from summarizer.attribution.entities import Entities, Entity
from summarizer.attribution.languages.clauses import CLAUSE_TAG, CONFIDENCE, MOOD, QUOTATION_ALONE, VIEW, Found
from summarizer.attribution.languages.language import Language, find_language
from summarizer.attribution.languages.rules import UnitReader, has_person
from summarizer.attribution.languages.sources import Phrase, Source, SourceReader
from summarizer.attribution.languages.text import DASHES, Range, Text, find_full_names
from summarizer.attribution.lexicon import Polarity, Sex
from summarizer.attribution.names import EntityKind
from summarizer.attribution.rules.base import Rule
from summarizer.spans import Span

_KINDS: dict[str, EntityKind] = {"person": "unnamed", "body": "organisation", "document": "document", "": "unnamed"}
_OTHER = {"name_particles": "de del della da di do dos van von der den la le"}
"""The words of a language without a folder."""
_PRONOUN_CONFIDENCE = 0.85
"""The share of a rule's confidence that is left for a pronoun or a description instead of a name."""
_MAX_DESCRIPTION = 3
"""In tokens: the part of "le jeune chercheur du CHU" that is read for a role."""
_MAX_SALIENT = 40
"""How many earlier holders a pronoun looks back over."""
_MAX_HEDGE_DISTANCE = 40
"""In tokens: the part of a content that is read for hedges."""

_WORD = compile_lazily(r"\w+(?:[-’'&]\w+)*")
_MAX_NAMESAKES = 10
"""Holders with the same last word that are looked for."""
_MAX_EXTRA_SPACES = 8
"""In characters, between the words of a name."""


class Report(NamedTuple):
    """The fields of an `Attribution`."""

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    sentences: tuple[int, ...]
    holders: tuple[Entity, ...]
    speech: Speech
    certainty: Certainty
    act: str
    polarity: Polarity | None
    rule: Rule
    confidence: float
    denied: bool
    unsaid: bool


@dataclass(slots=True)
class _Holder:
    """A person, body or unnamed source, as far as the article has named it."""

    name: str
    kind: EntityKind
    sex: Sex = ""
    role: str = ""
    is_plural: bool = False
    aliases: dict[str, None] = field(default_factory=dict)
    spans: dict[Span, None] = field(default_factory=dict)


def find_reports(reading: Reading) -> tuple[list[Report], Entities] | None:
    """Return the reported speech and the entities of an article; None if it is in English.

    In a language without a folder, only quotations beside a name are found.
    """
    code = language_of(reading)
    if code == "en":
        return None
    return _ArticleReader(reading, find_language(code) or Language(_OTHER)).read()


def name_language(reading: Reading) -> str | None:
    """Return the English name of an article's language, or None if it has no folder."""
    language = find_language(language_of(reading))
    return language.name if language else None


class _ArticleReader:
    def __init__(self, reading: Reading, language: Language) -> None:
        self._reading, self._lang = reading, language
        self._article_text = reading.article.text
        self._holders: dict[str, _Holder] = {}
        self._salient: list[_Holder] = []
        self._full_names: dict[str, str] = {}
        self._surnames: frozenset[str] = frozenset()
        self._made: list[tuple[Found, Text, list[_Holder]]] = []

    def read(self) -> tuple[list[Report], Entities]:
        prose = [sentence for sentence in self._reading.sentences if sentence.kind == "prose"]
        texts = [Text(self._lang, list(group)) for _, group in groupby(prose, key=lambda each: each.paragraph)]
        self._full_names = find_full_names(texts, self._lang)
        self._surnames = frozenset(self._full_names)
        pending: list[_Holder] = []
        before: tuple[Text, Found] | None = None
        for text in texts:
            pending, before = self._read_paragraph(text, pending, before)
        self._add_mentions()
        entities = {id(holder): self._entity(holder) for holder in self._holders.values()}
        reports = [
            self._report(found, text, tuple(entities[id(holder)] for holder in holders))
            for found, text, holders in self._made
        ]
        return sorted(reports, key=lambda report: report.content[0]), _collect(list(self._holders.values()), entities)

    def _read_paragraph(
        self, text: Text, pending: list[_Holder], before: tuple[Text, Found] | None
    ) -> tuple[list[_Holder], tuple[Text, Found] | None]:
        """Read the units; return who is introduced at its end, and the last attribution."""
        reader = UnitReader(text, self._surnames)
        sources = reader.sources
        speaker = list(self._made[-1][2]) if before else []
        is_new, last_count = True, -1
        subject: list[_Holder] = []
        named: list[_Holder] = []
        waiting: list[Found] = []  # a quotation whose speaker may be the subject of the next sentence
        for unit in text.units:
            count = len(self._made)
            self._name_offices(unit, text, sources)
            follows = "" if is_new or count == last_count else self._made[-1][0].rule.content
            last_count = count
            here = reader.read(unit, is_pending=bool(pending), before=follows)
            self._pass_subject(unit, here, text, sources)
            for found in here:
                is_more = found.rule is QUOTATION_ALONE and not is_new and not subject
                if is_more and self._continue(found):
                    continue
                holders = self._hold(found, text, speaker, pending, subject, named, is_new=is_new)
                if holders is None:
                    waiting = [found] if found.rule is QUOTATION_ALONE and len(here) == 1 else []
                    continue
                self._made.append((found, text, holders))
                if (holders and found.rule is not VIEW) or not speaker:
                    speaker = holders
                is_new = False
            pending = []
            if text.lower[unit[1] - 1] == ":" and (source := reader.introduction((unit[0], unit[1] - 1))):
                pending = self._resolve(source, text)
            subject, named = [], []
            if count == len(self._made):
                source = sources.read(unit[0], unit[1])
                has_cue = any(self._is_cue(text, at) for at in range(*unit))
                if source and self._is_subject(source, text, has_cue=has_cue):
                    subject = self._resolve(source, text)
                    is_named = bool(source.phrases[0].name)
                    self._made += [(found, text, subject) for found in waiting if is_named and unit != text.units[0]]
                    waiting = []
                elif named := self._only_person(unit, text, sources):
                    self._salient += named
                    subject = named if has_cue else []
                elif source and self._lang.nouns_capitalised and self._is_cue(text, source.after):
                    subject = self._resolve(source, text)  # "Kettler widersprach"
        return pending, (text, self._made[-1][0]) if not is_new else None

    def _hold(  # noqa: PLR0917  # whom a quotation without a tag can belong to
        self, found: Found, text: Text, speaker: list[_Holder], pending: list[_Holder], subject: list[_Holder],
        named: list[_Holder], *, is_new: bool,
    ) -> list[_Holder] | None:  # fmt: skip
        """Return the holders of an attribution, or None if it is nobody's."""
        if found.source is not None:
            return self._resolve(found.source, text, subject or named)
        if found.own_view:
            holder = self._find_salient(found.own_view)
            return [holder] if holder else None
        if pending and found.rule is QUOTATION_ALONE:
            return pending
        if found.rule is MOOD:
            return subject or speaker or None
        if subject or named or not is_new:
            return subject or named or speaker or None
        is_whole = len(text.quotations) == 1 and text.quotations[0] == (0, len(text.words))
        continues = is_whole and bool(self._made) and self._ends_in_quotation()
        return speaker if continues and speaker else None

    def _pass_subject(self, unit: Range, here: Sequence[Found], text: Text, sources: SourceReader) -> None:
        """Let later pronouns of a sentence mean the person at its beginning."""
        topic = self._lang.match("topics", text.lower, *unit)
        source = (sources.read_after_article if topic else sources.read)(unit[0] + topic, unit[1])
        if source is None or not (source.phrases[0].name or (topic and source.phrases[0].kind in ("person", "body"))):
            return
        if not topic and not self._is_sure(source.phrases[0], text):
            return
        has_tag = any(found.source and found.rule is CLAUSE_TAG and found.source.phrases[0].pronoun for found in here)
        if not has_tag and not any(found.source and found.source.start == source.start for found in here):
            self._resolve(source, text)

    def _name_offices(self, unit: Range, text: Text, sources: SourceReader) -> None:
        """Keep the role of a person who is named anywhere in a sentence: "Hier parlait l'accusé, Denis Petit"."""
        for token in range(unit[0] + 1, unit[1]):
            if text.capitals[token] and text.lower[token] in self._lang.given_names and text.quotation_of[token] < 0:
                noun = token - 1 - (text.lower[token - 1] == ",")
                if noun >= unit[0] and self._lang.noun_kind(text.lower[noun]) == "person":
                    source = sources.read(token, unit[1])
                    if source is not None and source.phrases[0].name:
                        holder = self._resolve_name(source.phrases[0], text)
                        holder.role = holder.role or text.words[noun]

    def _is_subject(self, source: Source, text: Text, *, has_cue: bool) -> bool:
        """Return whether what comes after a sentence can be the words of its subject."""
        phrase = source.phrases[0]
        is_body = has_cue and phrase.kind == "body"
        return is_body or (has_person(phrase) and self._is_sure(phrase, text))

    def _is_cue(self, text: Text, token: int) -> bool:
        return token < len(text.lower) and text.lower[token] in self._lang.cues

    def _is_sure(self, phrase: Phrase, text: Text) -> bool:
        """Return whether a name at the beginning of a sentence is one, and not only a word with a capital."""
        if phrase.name is None or phrase.role:
            return True
        is_full = phrase.name[1] - phrase.name[0] > 1
        word = text.lower[phrase.name[0]]
        is_known = word in self._lang.given_names or (not is_full and word in self._full_names)
        return is_known or (is_full and not self._lang.nouns_capitalised)

    def _only_person(self, unit: Range, text: Text, sources: SourceReader) -> list[_Holder]:
        """Return the person whom a unit names, if it is one: "Anders sieht das Tomas Lind"."""
        found: dict[int, _Holder] = {}
        for token in range(*unit):
            if text.quotation_of[token] < 0 and text.is_capitalised(token) and (
                text.lower[token] in self._lang.given_names
                or (not self._lang.nouns_capitalised and token > unit[0] and text.lower[token - 1] == ",")
            ):  # fmt: skip
                source = sources.read(token, unit[1])
                if source and source.phrases[0].name and source.phrases[0].words[1] > token + 1:
                    holder = self._resolve_name(source.phrases[0], text)
                    found[id(holder)] = holder
        return list(found.values()) if len(found) == 1 else []

    def _continue(self, found: Found) -> bool:
        """Add a quotation to the one before it in the paragraph."""
        last = self._made[-1][0]
        if last.rule.content != "quotation":
            return False
        last.content += found.content
        return True

    def _ends_in_quotation(self) -> bool:
        found, text, _ = self._made[-1]
        last = text.quotations[-1:]
        return found.content[-1:] == last and last[0][1] >= len(text.words) - 1

    # Holders

    def _resolve(self, source: Source, text: Text, subject: Sequence[_Holder] = ()) -> list[_Holder]:
        first = source.phrases[0]
        if len(subject) == 1 and len(source.phrases) == 1 and self._is_described(first, subject[0]):
            subject[0].role = text.quote((first.words[0] + 1, first.words[1]))
            return list(subject)
        holders = [holder for phrase in source.phrases if (holder := self._resolve_phrase(phrase, text))]
        for holder in holders:
            if not self._salient or self._salient[-1] is not holder:
                self._salient.append(holder)
        return holders

    def _resolve_phrase(self, phrase: Phrase, text: Text) -> _Holder | None:
        if phrase.is_nobody or phrase.pronoun == "nobody":
            return None
        if phrase.pronoun:
            return self._find_salient(phrase.pronoun)
        spans = [span for _, span in text.spans(self._article_text, phrase.words)]
        if phrase.name:
            return self._resolve_name(phrase, text)
        if phrase.kind == "person" and phrase.is_definite:
            if phrase.noun.endswith(tuple(self._lang.words("pronouns.generic"))):
                return self._find_salient({"f": "female", "m": "male"}.get(self._described_sex(phrase, text), "any"))
            if office := self._find_office(phrase.noun):
                return office
        if phrase.is_definite and (described := self._find_described(phrase, text)):
            return described
        words = self._nominative_words(phrase, text)
        key = words.lower()
        if (known := self._holders.get(key)) is not None:
            known.spans.update(dict.fromkeys(spans))
            return known
        short = phrase.is_definite and self._find_body(phrase)
        if short:
            short.aliases[words] = None
            return short
        kind: EntityKind = "organisation" if words.isupper() else _KINDS.get(phrase.kind, "unnamed")
        plural = phrase.noun.endswith(tuple(self._lang.words("plural_endings")))
        if kind == "unnamed" and not phrase.has_determiner:
            kind, plural = "group", True
        sex: Sex = "f" if text.lower[phrase.words[0]] in self._lang.words("female_articles") else ""
        holder = _Holder(words, kind, phrase.sex or sex, is_plural=plural, spans=dict.fromkeys(spans))
        self._holders[key] = holder
        return holder

    def _nominative_words(self, phrase: Phrase, text: Text) -> str:
        """Return the words of a source without a name, without definite article and genitive ending."""
        start, end = phrase.words
        if not phrase.is_definite:
            return text.quote(phrase.words)
        words = text.quote((start + 1, end))
        if text.lower[start] in self._lang.words("genitive_articles"):
            noun = next(word for word in words.split() if word.lower() == phrase.noun)
            bare = next((stem for ending in ("es", "s") if (stem := noun.removesuffix(ending)) != noun), noun)
            stem = bare if self._lang.noun_kind(bare.lower()) else noun.removesuffix("s")
            words = words.replace(noun, stem, 1)
        return words

    def _find_body(self, phrase: Phrase) -> _Holder | None:
        """Return the last body whose name has the noun of "der Verband"."""
        if phrase.kind != "body":
            return None
        nouns = {phrase.noun, phrase.noun.removesuffix("s"), phrase.noun.removesuffix("es")}
        for holder in reversed(self._salient[-_MAX_SALIENT:]):
            if holder.kind == "organisation" and not nouns.isdisjoint(holder.name.lower().split()):
                return holder
        last = self._salient[-1] if self._salient else None
        is_generic = (
            last is not None and last.kind == "organisation" and phrase.noun in self._lang.words("generic_bodies")
        )
        return last if is_generic and last and not any(map(self._lang.noun_kind, last.name.lower().split())) else None

    def _is_described(self, phrase: Phrase, subject: _Holder) -> bool:
        """Return whether "der Stadtplaner" can mean the subject of the sentence before, whose role is unknown."""
        is_noun = phrase.kind == "person" or (
            phrase.kind == "" and phrase.noun.endswith(tuple(self._lang.words("person_endings")))
        )
        is_person = is_noun and phrase.is_definite and not phrase.name and subject.kind == "person"
        fits = phrase.sex in ("", subject.sex) or not subject.sex
        return is_person and fits and not subject.role and self._find_office(phrase.noun) is None

    def _resolve_name(self, phrase: Phrase, text: Text) -> _Holder:
        assert phrase.name is not None
        written = self._nominative_name(text.quote(phrase.name))
        full = self._full_names.get(written.split()[-1].lower(), "")
        name = full if full.endswith(f" {written}") else written
        holder = self._holders.get(name.lower())
        if holder is None:
            is_body = any(self._lang.noun_kind(word) in ("body", "document") for word in name.lower().split())
            is_acronym = written.isupper() and phrase.kind != "person"
            is_body = is_body or is_acronym or phrase.kind == "body"
            kind: EntityKind = "organisation" if is_body else "person"
            holder = _Holder(name, kind, phrase.sex)
            self._holders[name.lower()] = holder
        holder.sex = holder.sex or phrase.sex or self._lang.given_names.get(name.split()[0].lower(), "")
        holder.role = holder.role or phrase.role
        if written != name:
            holder.aliases[written] = None
        return holder

    def _nominative_name(self, name: str) -> str:
        """Return a name without a genitive "s", if the article has it without: "Bergs"."""
        bare = name[:-1].rstrip("'’")
        surname = bare.split()[-1].lower() if name.endswith("s") and bare else ""
        is_known = surname in self._full_names or bare.lower() in self._holders
        return bare if surname and is_known else name

    def _find_office(self, noun: str) -> _Holder | None:
        """Return the last person whose role has a noun: "die Ministerin"."""
        for holder in islice(reversed(self._holders.values()), _MAX_SALIENT):
            words = holder.role.lower().replace("-", " ").split()
            if holder.kind == "person" and any(word == noun or word.endswith(noun) for word in words):
                return holder
        return None

    def _find_described(self, phrase: Phrase, text: Text) -> _Holder | None:
        """Return the last person who "der Stürmer" can be: one with a similar role, else one without a role."""
        lang, start = self._lang, phrase.words[0]
        kind = self._describing_kind(text.lower[start + 1 : phrase.words[1]][:_MAX_DESCRIPTION])
        sex = self._described_sex(phrase, text)
        if not kind:
            return None
        fitting = [
            holder
            for holder in (*reversed(self._salient[-_MAX_SALIENT:]), *islice(reversed(self._holders.values()), 9))
            if holder.kind in ("person", "unnamed") and not (sex and holder.sex and sex != holder.sex)
        ]
        for holder in fitting:
            words = lang.split(holder.role or (holder.name if holder.kind == "unnamed" else ""))
            if self._describing_kind(words) == kind and (holder.role or phrase.noun in words):
                return holder
        return next((holder for holder in fitting[:1] if holder.kind == "person" and not holder.role), None)

    def _described_sex(self, phrase: Phrase, text: Text) -> Sex:
        article = text.lower[phrase.words[0]]
        if article in self._lang.words("female_articles"):
            return "f"
        return phrase.sex or ("m" if article in self._lang.words("male_articles") else "")

    def _describing_kind(self, words: Sequence[str]) -> str:
        """Return the kind of noun among words that describes a person: "sport", or "" if there is none."""
        for kind in ("arts", "court", "science", "sport"):
            ends = tuple(self._lang.words(f"descriptions.{kind}")) if self._lang.nouns_capitalised else ("\n",)
            for at, word in enumerate(words):
                if word.endswith(ends) or self._lang.match(f"descriptions.{kind}", words, at):
                    return kind
        return ""

    def _find_salient(self, pronoun: str) -> _Holder | None:
        """Return the last holder that a pronoun can mean, by sex and number; else the last that is named so far."""
        for strict in (True, False):
            for holder in reversed(self._salient[-_MAX_SALIENT:]):
                if holder.kind == "organisation" and holder is not self._salient[-1] and pronoun != "plural":
                    continue
                if _fits(holder, pronoun, strict=strict):
                    return holder
        return None

    # Results

    def _add_mentions(self) -> None:
        """Add the places where the article has the names of its holders, found by their last word."""
        by_last: dict[str, list[_Holder]] = defaultdict(list)
        for holder in self._holders.values():
            if not holder.spans and len(by_last[last := holder.name.split()[-1]]) < _MAX_NAMESAKES:
                by_last[last].append(holder)
        text = self._article_text
        for match in _WORD.finditer(text):
            for holder in by_last.get(match.group(), ()):
                first = max(0, match.end() - len(holder.name) - _MAX_EXTRA_SPACES)
                start = text.rfind(holder.name.split()[0], first, match.end())
                is_full = start >= 0 and " ".join(text[start : match.end()].split()) == holder.name
                if is_full or holder.kind == "person":
                    holder.spans[Span(start if is_full else match.start(), match.end())] = None
                    if not is_full:
                        holder.aliases.setdefault(match.group(), None)
                    break

    @staticmethod
    def _entity(holder: _Holder) -> Entity:
        aliases = tuple(alias for alias in holder.aliases if alias != holder.name)
        return Entity(holder.name, holder.kind, holder.role or None, None, aliases, tuple(sorted(holder.spans)))

    def _report(self, found: Found, text: Text, holders: tuple[Entity, ...]) -> Report:
        content = [each for piece in found.content for each in text.spans(self._article_text, piece)]
        cue = [each for words in found.cue for each in text.spans(self._article_text, words)]
        source = text.spans(self._article_text, (found.source.start, found.source.end)) if found.source else []
        phrases = found.source.phrases if found.source else ()
        named = any(phrase.name or phrase.kind == "body" for phrase in phrases)
        confidence = CONFIDENCE[found.rule.name] * (1 if named else _PRONOUN_CONFIDENCE)
        return Report(
            source=tuple(span for _, span in source),
            cue=tuple(span for _, span in cue),
            content=tuple(span for _, span in content),
            sentences=tuple(sorted({number for number, _ in content})),
            holders=holders,
            speech=_find_speech(text, found.content),
            certainty=self._certainty(found, text),
            act=found.cue_verb.act,
            polarity=found.cue_verb.polarity,
            rule=found.rule,
            confidence=round(confidence, 3),
            denied=found.denied,
            unsaid=found.unsaid,
        )

    def _certainty(self, found: Found, text: Text) -> Certainty:
        if found.cue_verb.certainty != "asserted":
            return found.cue_verb.certainty
        start, end = found.content[0]
        words = set(text.lower[start + 1 : min(end, start + _MAX_HEDGE_DISTANCE)])
        if not words.isdisjoint(self._lang.words("conditions")):
            return "conditional"
        return "asserted" if words.isdisjoint(self._lang.words("hedges")) else "hedged"


def _fits(holder: _Holder, pronoun: str, *, strict: bool) -> bool:
    if pronoun in ("male", "female"):
        sex = "m" if pronoun == "male" else "f"
        is_one = holder.kind in ("person", "unnamed", "organisation") and not holder.is_plural
        return is_one and (holder.sex == sex or (not strict and holder.sex == ""))
    if pronoun == "plural":
        return holder.is_plural or holder.kind in ("group", "organisation")
    if pronoun == "plural or female":
        return holder.sex == "f" if strict else holder.sex == "" or holder.is_plural
    return pronoun == "any"


def _find_speech(text: Text, content: Sequence[Range]) -> Speech:
    if text.lower[0] in DASHES and not text.quotations:
        return "direct"
    quoted = [text.quotation_of[at] >= 0 for start, end in content for at in range(start, end) if text.is_word(at)]
    if not any(quoted):
        return "indirect"
    return "direct" if all(quoted) else "mixed"


def _collect(holders: Sequence[_Holder], entities: dict[int, Entity]) -> Entities:
    """Return the holders as entities that can be found by their words."""
    by_word: dict[str, list[int]] = defaultdict(list)
    members = [entities[id(holder)] for holder in holders]
    for index, entity in enumerate(members):
        for word in dict.fromkeys(entity.name.lower().split()):
            by_word[word].append(index)
    indexes = {word: tuple(found) for word, found in by_word.items()}
    return Entities(tuple(members), tuple(holder.sex for holder in holders), (), indexes)
