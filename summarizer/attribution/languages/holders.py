"""The holders of an article in another language: which phrases mean the same person or body."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from summarizer._patterns import compile_lazily
from summarizer.attribution.entities import Entities, Entity
from summarizer.attribution.languages.language import Language
from summarizer.attribution.languages.sources import Phrase, Source
from summarizer.attribution.languages.text import Text
from summarizer.attribution.lexicon import Sex
from summarizer.attribution.names import EntityKind
from summarizer.spans import Span

_KINDS: dict[str, EntityKind] = {"person": "unnamed", "body": "organisation", "document": "document", "": "unnamed"}
_MAX_DESCRIPTION = 3  # in tokens: the part of "le jeune chercheur du CHU" that is read for a role
_MAX_SALIENT = 40  # how many earlier holders a pronoun looks back over
_WORD = compile_lazily(r"\w+(?:[-’'&]\w+)*")
_EXPLAINED = compile_lazily(r"(.+) \(([A-ZÄÖÜ]{2,8})\)")  # "Bund Haus und Garten (BHG)"
_MAX_NAMESAKES = 10  # holders with the same last word that are looked for
_MAX_EXTRA_SPACES = 8  # in characters, between the words of a name


@dataclass(slots=True)
class Holder:
    """A person, body or unnamed source, as far as the article has named it."""

    name: str
    kind: EntityKind
    sex: Sex = ""
    role: str = ""
    is_plural: bool = False
    aliases: dict[str, None] = field(default_factory=dict)
    spans: dict[Span, None] = field(default_factory=dict)


class Holders:
    """The holders of an article, as far as it is read."""

    def __init__(self, article_text: str, language: Language) -> None:
        self._article_text, self._lang = article_text, language
        self._holders: dict[str, Holder] = {}
        self.salient: list[Holder] = []
        self.full_names: dict[str, str] = {}
        self._acronyms: dict[str, str] = {}
        """The long forms of acronyms, both in small letters."""

    def resolve(self, source: Source, text: Text, subject: Sequence[Holder] = ()) -> list[Holder]:
        """Return whom a source means; ``subject`` is who the sentence before is about."""
        first = source.phrases[0]
        if len(subject) == 1 and len(source.phrases) == 1 and self._is_described(first, subject[0]):
            subject[0].role = text.quote((first.words[0] + 1, first.words[1]))
            return list(subject)
        holders = [holder for phrase in source.phrases if (holder := self._resolve_phrase(phrase, text))]
        for holder in holders:
            if not self.salient or self.salient[-1] is not holder:
                self.salient.append(holder)
        return holders

    def _resolve_phrase(self, phrase: Phrase, text: Text) -> Holder | None:
        if phrase.is_nobody or phrase.pronoun == "nobody":
            return None
        if phrase.pronoun:
            return self.find_salient(phrase.pronoun)
        spans = [span for _, span in text.spans(self._article_text, phrase.words)]
        if phrase.name:
            return self.resolve_name(phrase, text)
        if phrase.kind == "person" and phrase.is_definite:
            if phrase.noun.endswith(tuple(self._lang.words("pronouns.generic"))):
                return self.find_salient({"f": "female", "m": "male"}.get(self._described_sex(phrase, text), "any"))
            if office := self._find_office(phrase.noun):
                return office
        if phrase.is_definite and (described := self._find_described(phrase, text)):
            return described
        words = self._nominative_words(phrase, text)
        acronym = ""
        if phrase.kind == "body" and (explained := _EXPLAINED.fullmatch(words)):
            words, acronym = explained.groups()
            self._acronyms[acronym.lower()] = words.lower()
        key = self._acronyms.get(words.lower(), words.lower())
        if (known := self._holders.get(key)) is not None:
            known.spans.update(dict.fromkeys(spans))
            return known
        if phrase.is_definite and (short := self._find_body(phrase)):
            short.aliases[words] = None
            return short
        kind: EntityKind = "organisation" if words.isupper() else _KINDS.get(phrase.kind, "unnamed")
        plural = phrase.noun.endswith(tuple(self._lang.words("plural_endings")))
        if kind == "unnamed" and not phrase.has_determiner:
            kind, plural = "group", True
        is_female = text.lower[phrase.words[0]] in self._lang.words("female_articles")
        sex = self._described_sex(phrase, text) if phrase.kind == "person" else phrase.sex or ("f" if is_female else "")
        forms = dict.fromkeys([acronym] if acronym else [])
        self._holders[key] = Holder(words, kind, sex, is_plural=plural, aliases=forms, spans=dict.fromkeys(spans))
        return self._holders[key]

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

    def _find_body(self, phrase: Phrase) -> Holder | None:
        """Return the last body whose name has the noun of "der Verband"."""
        if phrase.kind != "body":
            return None
        nouns = {phrase.noun, phrase.noun.removesuffix("s"), phrase.noun.removesuffix("es")}
        for holder in reversed(self.salient[-_MAX_SALIENT:]):
            if holder.kind == "organisation" and not nouns.isdisjoint(holder.name.lower().split()):
                return holder
        last = self.salient[-1] if self.salient else None
        if last is None or last.kind != "organisation" or phrase.noun not in self._lang.words("generic_bodies"):
            return None
        words = [word for word in last.name.split() if not word.isupper()]
        return None if any(self._lang.noun_kind(word.lower()) for word in words) else last

    def _is_described(self, phrase: Phrase, subject: Holder) -> bool:
        """Return whether "der Stadtplaner" can mean the subject of the sentence before, whose role is unknown."""
        has_ending = phrase.kind == "" and phrase.noun.endswith(tuple(self._lang.words("person_endings")))
        is_noun = phrase.kind == "person" or has_ending
        is_person = is_noun and phrase.is_definite and not phrase.name and subject.kind == "person"
        fits = phrase.sex in ("", subject.sex) or not subject.sex
        return is_person and fits and not subject.role and self._find_office(phrase.noun) is None

    def resolve_name(self, phrase: Phrase, text: Text) -> Holder:
        """Return whom a phrase with a name means."""
        assert phrase.name is not None
        written = self._nominative_name(text.quote(phrase.name))
        full = self.full_names.get(written.split()[-1].lower(), "")
        name = full if full.endswith(f" {written}") else written
        key, title = self._acronyms.get(name.lower(), name.lower()), self._read_title(phrase, text)
        if (phrase.role or title) and self._means_another(name, written, phrase):
            key, name = f"{written.lower()} {phrase.sex}", f"{written} ({phrase.role or title})"
        holder = self._holders.get(key)
        if holder is None:
            is_body = any(self._lang.noun_kind(word) in ("body", "document") for word in name.lower().split())
            is_acronym = written.isupper() and phrase.kind != "person"
            kind: EntityKind = "organisation" if is_body or is_acronym or phrase.kind == "body" else "person"
            holder = self._holders[key] = Holder(name, kind, phrase.sex)
        holder.sex = holder.sex or phrase.sex or self._lang.given_names.get(name.split()[0].lower(), "")
        holder.role = holder.role or phrase.role
        if written != name:
            holder.aliases[written] = None
        if title and f"{title} {written}" != holder.name:
            holder.aliases[f"{title} {written}"] = None
        return holder

    def _read_title(self, phrase: Phrase, text: Text) -> str:
        """Return the title before a name that tells a sex: "Frau"."""
        before = range(phrase.words[0], phrase.name[0] if phrase.name else 0)
        return next((text.words[at] for at in before if self._lang.titles.get(text.lower[at])), "")

    def _means_another(self, name: str, written: str, phrase: Phrase) -> bool:
        """Return whether a surname means somebody else than the one who has it: "Frau Berg" after "Herr Berg"."""
        known = self._holders.get(name.lower())
        sex = known.sex if known else ""
        if not sex and " " in name:
            sex = self._lang.given_names.get(name.split(maxsplit=1)[0].lower(), "")
        return " " not in written and bool(sex and phrase.sex) and sex != phrase.sex

    def add_person(self, name: str) -> Holder:
        """Return the person with a full name, who may not have been named in a source yet."""
        sex = self._lang.given_names.get(name.split(maxsplit=1)[0].lower(), "")
        return self._holders.setdefault(name.lower(), Holder(name, "person", sex))

    def _nominative_name(self, name: str) -> str:
        """Return a name without a genitive "s", if the article has it without: "Bergs"."""
        bare = name[:-1].rstrip("'’")
        surname = bare.split()[-1].lower() if name.endswith("s") and bare else ""
        is_known = surname in self.full_names or bare.lower() in self._holders
        return bare if surname and is_known else name

    def _find_office(self, noun: str) -> Holder | None:
        """Return the last person whose role has a noun: "die Ministerin"."""
        people = (each for each in islice(reversed(self._holders.values()), _MAX_SALIENT) if each.kind == "person")
        has_noun = (each for each in people if any(word.endswith(noun) for word in re.split("[ -]", each.role.lower())))
        return next(has_noun, None)

    def _find_described(self, phrase: Phrase, text: Text) -> Holder | None:
        """Return the last person who "der Stürmer" can be: one with a similar role, else one without a role."""
        lang, start = self._lang, phrase.words[0]
        kind = self._describing_kind(text.lower[start + 1 : phrase.words[1]][:_MAX_DESCRIPTION])
        sex = self._described_sex(phrase, text)
        is_female = text.lower[start] in lang.words("female_articles")
        if not kind or (lang.nouns_capitalised and is_female and sex == "m"):  # "die Forscher"
            return None
        fitting = [
            holder
            for holder in (*reversed(self.salient[-_MAX_SALIENT:]), *islice(reversed(self._holders.values()), 9))
            if holder.kind in ("person", "unnamed") and not (sex and holder.sex and sex != holder.sex)
        ]
        for holder in fitting:
            words = lang.split(holder.role or (holder.name if holder.kind == "unnamed" else ""))
            if self._describing_kind(words) == kind and (holder.role or phrase.noun in words):
                return holder
        return next((holder for holder in fitting[:1] if holder.kind == "person" and not holder.role), None)

    def _described_sex(self, phrase: Phrase, text: Text) -> Sex:
        article = text.lower[phrase.words[0]]
        if article in self._lang.words("female_articles") and not (
            self._lang.nouns_capitalised and phrase.noun.endswith(("er", "en")) and phrase.sex == "m"
        ):
            return "f"
        return phrase.sex or ("m" if article in self._lang.words("male_articles") else "")

    def _describing_kind(self, words: Sequence[str]) -> str:
        """Return the kind of noun among words that describes a person: "sport", or "" if there is none."""
        best = (0, "")
        for kind in self._lang.groups("descriptions"):
            for place, word in enumerate(words):
                if self._lang.nouns_capitalised:  # a compound, by its longest end
                    ends = self._lang.words(f"descriptions.{kind}")
                    length = max((len(word) - at for at in range(len(word)) if word[at:] in ends), default=0)
                else:
                    length = self._lang.match(f"descriptions.{kind}", words, place)
                best = max(best, (length, kind), key=lambda each: each[0])
        return best[1]

    def find_salient(self, pronoun: str) -> Holder | None:
        """Return the last holder that a pronoun can mean, by sex and number; else the last one named."""
        recent = self.salient[: -_MAX_SALIENT - 1 : -1]
        known = [each for each in recent if each.kind != "organisation" or each is recent[0] or pronoun == "plural"]
        return next((each for strict in (True, False) for each in known if _fits(each, pronoun, strict=strict)), None)

    def collect(self) -> tuple[dict[int, Entity], Entities]:
        """Return the entity of each holder by its identity, and all of them, to be found by their words."""
        self._add_mentions()
        by_word: dict[str, list[int]] = defaultdict(list)
        entities = {
            id(each): Entity(each.name, each.kind, each.role or None, None,
                             tuple(alias for alias in each.aliases if alias != each.name), tuple(sorted(each.spans)))
            for each in self._holders.values()
        }  # fmt: skip
        for index, entity in enumerate(entities.values()):
            for word in dict.fromkeys(entity.name.lower().split()):
                by_word[word].append(index)
        indexes = {word: tuple(found) for word, found in by_word.items()}
        sexes = tuple(holder.sex for holder in self._holders.values())
        return entities, Entities(tuple(entities.values()), sexes, (), indexes)

    def _add_mentions(self) -> None:
        """Add the places where the article has the names of its holders, found by their last word."""
        by_last: dict[str, list[Holder]] = defaultdict(list)
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


def _fits(holder: Holder, pronoun: str, *, strict: bool) -> bool:
    if pronoun in ("male", "female"):
        is_one = holder.kind in ("person", "unnamed", "organisation") and not holder.is_plural
        return is_one and (holder.sex == {"male": "m", "female": "f"}[pronoun] or (not strict and holder.sex == ""))
    if pronoun == "plural or female":
        return holder.sex == "f" if strict else holder.sex == "" or holder.is_plural
    return pronoun == "any" or (pronoun == "plural" and (holder.is_plural or holder.kind in ("group", "organisation")))
