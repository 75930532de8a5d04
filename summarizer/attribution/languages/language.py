"""The words of a language, read from its folder."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal

from summarizer._languages import read_language
from summarizer._types import Certainty
from summarizer.attribution.lexicon import Polarity, Sex

NounKind = Literal["person", "body", "document", "abstract", ""]
_NOUN_KINDS: tuple[NounKind, ...] = ("abstract", "person", "body", "document")

_MAX_WORDS = 20_000  # words whose forms and kinds are kept


@dataclass(frozen=True, slots=True)
class CueVerb:
    """A form of a verb that attributes; docs/language-words.md describes the fields."""

    act: str
    certainty: Certainty = "asserted"
    polarity: Polarity | None = None
    denies: bool = False
    neg_raising: bool = False
    frames: frozenset[str] = frozenset()
    prepositions: frozenset[str] = frozenset()
    particle: tuple[str, ...] = ()
    """The words that must follow a separated verb: "fügte … hinzu"."""
    needs_speech: bool = False
    """Withholds a statement with a negation and a verb of speaking: "wollte nicht sagen, ob"."""
    is_participle: bool = False
    """Attributes only with an auxiliary: "hat gesagt"."""
    is_reflexive: bool = False
    """Attributes only after a reflexive pronoun: "s'engage"."""


_ROW_FIELDS = ("act", "certainty", "polarity", "denies", "neg_raising", "needs_speech")


class Language:
    """The words of a language."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data
        self.name: str = data.get("name", "")
        self.nouns_capitalised: bool = data.get("nouns_capitalised", False)
        self.tags_inside_quotations: bool = data.get("tags_inside_quotations", False)
        pairs = data.get("quotation_marks", '„“ „” “” «» »« ”” "" 「」').split()
        self.closers: dict[str, str] = defaultdict(str)
        for pair in pairs:
            self.closers[pair[0]] += pair[1]
        titles = " ".join(data.get(key, "") for key in ("titles", "titles_male", "titles_female")).split()
        self.abbreviations = {word for word in (*titles, *data.get("abbreviations", "").split()) if word[-1] == "."}
        self.token = _compile_token(data, sorted(self.abbreviations))
        self.titles: dict[str, Sex] = dict.fromkeys(titles, "")
        self.titles |= dict.fromkeys(data.get("titles_male", "").split(), "m")
        self.titles |= dict.fromkeys(data.get("titles_female", "").split(), "f")
        self.title_roles = dict(entry.split(":") for entry in data.get("title_roles", "").split())
        self.given_names: dict[str, Sex] = dict.fromkeys(data.get("male_names", "").split(), "m")
        self.given_names |= dict.fromkeys(data.get("female_names", "").split(), "f")
        self.pronouns: dict[str, str] = {}
        for kind in ("nobody", "other", "plural", "male", "female"):
            for word in data.get("pronouns", {}).get(kind, "").split():
                self.pronouns[word] = "plural or female" if self.pronouns.get(word) == "plural" else kind
        self._nouns = {kind: set(data.get(f"{kind}_nouns", "").split()) for kind in _NOUN_KINDS}
        self._nouns["person"] |= set(data.get("pronouns", {}).get("generic", "").split())
        self._adverb_endings = tuple(data.get("adverb_endings", "").split())
        self._lists: dict[str, frozenset[str]] = {}
        self.fold = lru_cache(_MAX_WORDS)(_fold)
        self._phrases: dict[str, dict[str, list[tuple[str, ...]]]] = {}
        self.cues = self._read_cues(data.get("verbs", ()))
        keys = ["tag_words", "prepositions", "opening_prepositions", "view_nouns", "postpositions", "statement_nouns",
                "possessed_postpositions", *(f"own_views.{kind}" for kind in self.groups("own_views"))]  # fmt: skip
        self.starts = frozenset(self.cues).union(*(self._firsts(key) for key in keys))
        """The words with which a tag, a view or a cue can begin."""
        self.noun_kind = lru_cache(_MAX_WORDS)(self._noun_kind)

    def words(self, key: str) -> frozenset[str]:
        """Return the single words of a list."""
        if key not in self._lists:
            value: Any = self._data
            for part in key.split("."):
                value = value.get(part, {})
            self._lists[key] = frozenset(value.split() if value else ())
        return self._lists[key]

    def is_present(self, verb: str) -> bool:
        """Return whether a form of a cue is in the present tense, by its ending."""
        if verb.endswith(tuple(self.words("present_endings"))):
            return not verb.endswith(tuple(self.words("past_endings")))
        return verb.endswith("en") and not verb.endswith("ten") and f"{verb[:-2]}t" in self.cues

    def groups(self, key: str) -> tuple[str, ...]:
        """Return the names of the lists in a table."""
        return tuple(self._data.get(key, ()))

    def has_stem(self, word: str, forms: frozenset[str]) -> bool:
        """Return whether a word is one of the forms of verbs, with or without a prefix: "entspräche"."""
        if word in forms or word[-1:] not in ("e", "n"):
            return word in forms
        return any(word.startswith(prefix) and word[len(prefix) :] in forms for prefix in self.words("verb_prefixes"))

    def split(self, text: str) -> list[str]:
        """Return the tokens of a text in lower case, as the rules see them."""
        return [self.fold(word) for word in self.token.findall(text)]

    def match(self, key: str, lower: Sequence[str], start: int, stop: int | None = None) -> int:
        """Return how many tokens at ``start`` are an entry of a list; the longest entry counts."""
        end = len(lower) if stop is None else stop
        if start >= end:
            return 0
        if key == "adverbs" and self._adverb_endings and lower[start].endswith(self._adverb_endings):
            return 1
        for parts in self._firsts(key).get(lower[start], ()):
            length = len(parts)
            if length == 1 or (start + length <= end and tuple(lower[start : start + length]) == parts):
                return length
        return 0

    def _firsts(self, key: str) -> dict[str, list[tuple[str, ...]]]:
        """Return the entries of a list in tokens by their first token, the longest ones first."""
        if key not in self._phrases:
            phrases: dict[str, list[tuple[str, ...]]] = defaultdict(list)
            for entry in self.words(key):
                is_elided = entry[-1] == "'"  # it is before another word
                words = self.split(entry.replace("_", " ") + "x" * is_elided)
                parts = tuple(words[:-1] if is_elided else words)
                if parts:
                    phrases[parts[0]].append(parts)
            self._phrases[key] = {first: sorted(found, key=len, reverse=True) for first, found in phrases.items()}
        return self._phrases[key]

    def _noun_kind(self, noun: str) -> NounKind:
        """Return what a noun names; a compound counts by its end, if the language writes it as one word."""
        ends = range(len(noun) - 2) if self.nouns_capitalised else range(1)
        for start in ends:
            forms = {noun[start:], *(noun[start:].removesuffix(end) for end in ("innen", "in", "s", "n", "es", "en"))}
            for kind, words in self._nouns.items():
                if not forms.isdisjoint(words):
                    return kind
        return ""

    def noun_sex(self, noun: str) -> Sex:
        """Return the sex that the ending of a noun for a person tells."""
        if noun.endswith(tuple(self.words("female_endings"))):
            return "f"
        return "m" if self.nouns_capitalised and self.noun_kind(noun) == "person" else ""

    def _read_cues(self, rows: Iterable[Mapping[str, Any]]) -> dict[str, list[CueVerb]]:
        cues: dict[str, list[CueVerb]] = defaultdict(list)
        for row in rows:
            fields = {key: row[key] for key in _ROW_FIELDS if key in row}
            fields["frames"] = frozenset(row.get("frames", "").split())
            fields["prepositions"] = frozenset(row.get("prepositions", "").split())
            particle = tuple(row.get("particle", "").lower().split())
            forms = [*row.get("words", "").split()]
            forms += [stem + ending for stem in row.get("stems", "").split() for ending in row["endings"].split()]
            agreed = self.words("participle_agreement")
            forms += [form + ending for form in forms if form.endswith("é") for ending in agreed]
            for written in dict.fromkeys(forms):
                form = written.removeprefix("s'").removeprefix("se_").removeprefix("y_")
                cues[form].append(CueVerb(**fields, particle=particle, is_reflexive=form != written))
                if particle:
                    cues["".join(particle) + form].append(CueVerb(**fields))  # at the end of a clause
            for form in row.get("participles", "").split():
                cues[form].append(CueVerb(**fields, is_participle=True))
        return dict(cues)


def _fold(word: str) -> str:
    """Return a token in lower case, with straight apostrophes and without the hyphens of an enclitic."""
    lower = word.lower().replace("’", "'")
    return lower.removeprefix("-t").removeprefix("-") if lower.startswith("-") and len(lower) > 1 else lower


def _compile_token(data: Mapping[str, Any], abbreviations: Sequence[str]) -> re.Pattern[str]:
    elided = "|".join(map(re.escape, data.get("elisions", "").split()))
    enclitics = "|".join(map(re.escape, sorted(data.get("enclitics", "").split(), key=len, reverse=True)))
    titles = "|".join(map(re.escape, abbreviations))
    inner = rf"(?:(?!(?:{enclitics})\b)[-’'&]\w+)*" if enclitics else r"(?:[-’'&]\w+)*"
    parts = [
        rf"(?<!\w)(?:{titles})(?= )" if titles else "",
        rf"(?<!\w)(?:{elided})['’](?=\w)" if elided else "",
        rf"(?<=\w)(?:{enclitics})\b" if enclitics else "",
        r"\d+(?:[.,]\d+)+",
        rf"(?:[^\W\d_]\.)+(?= [^\W\d_])(?<!\w..)|\w+{inner}",
        r"--+|\.\.+|\S",
    ]
    return re.compile("|".join(filter(None, parts)), re.IGNORECASE)


@cache
def _language(code: str, _data_id: int) -> Language:
    return Language(read_language(code))


def find_language(code: str) -> Language | None:
    """Return the language with this code, or None if it has no folder with cues."""
    data = read_language(code)
    return _language(code, id(data)) if "verbs" in data else None
