"""Holders as their linking compares them: the words of their names, their offices, and the work that they do."""

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import product
from sys import intern
from typing import Literal, NamedTuple

from summarizer._files import read_toml
from summarizer._languages import language_codes, read_language
from summarizer._patterns import compile_lazily
from summarizer._text import FOLDED_LETTERS, fold_transliteration, normalized_words
from summarizer.attribution import FIELDS, GIVEN_IN_FULL, GIVEN_NAMES, TITLES, work_noun
from summarizer.dossier.identifiers import HASH_DIGITS, decision_key
from summarizer.merging import name_words, plain_words

Words = tuple[str, ...]
Form = Literal["full name", "surname", "office", "body", "group", "document", "unnamed"]

_LISTS = read_toml(__file__, "actors.toml")
_ARTICLES, DEFINITE, SMALL_WORDS, _PARTICLES, _PREPOSITIONS, PAST, _IGNORED, _HARD, OFFICES, LEADS, VAGUE_LEADS = (
    frozenset(_LISTS[name].split())
    for name in (
        "articles definite small_words particles prepositions past ignored_in_roles hard_modifiers offices leads "
        "vague_leads"
    ).split()
)
_OFFICE_WORDS = OFFICES | _HARD
_BEFORE_NAMES = OFFICES.union(_LISTS["honours"].split(), (word for word, name in FIELDS.items() if name != "church"))
_BEFORE_NAMES -= GIVEN_NAMES.keys() | set(_LISTS["with_forename"].split())
EASTERN: dict[str, str] = _LISTS["forenames"]
_FORENAMES = GIVEN_IN_FULL | EASTERN
SYNONYMS: dict[str, str] = _LISTS["synonyms"]
SURNAME_FIRST = frozenset(_LISTS["surname_first"].split())
TITLED_FIELDS = {word: name for name, words in _LISTS["titles"].items() for word in words.split()}
_FULL_TIME = {name: frozenset(words.split()) for name, words in _LISTS["full_time"].items()}
_RENAMED: dict[str, str] = _LISTS["renamed"]
_COMPOUND_OFFICES, _FEMALE_ROLES, _MALE_ROLES = (
    tuple(_LISTS[name].split()) for name in ("compound_offices", "female_roles", "male_roles")
)
_BODY_KINDS = frozenset({"organisation", "government"})
_BRACKETS = compile_lazily(r" \([^)]{1,40}\)$")  # "Ann Day (Lab)"
_ACRONYM = compile_lazily(r"(?:[A-Z]\.?){2,8}s?$|[A-Z][a-z]?[A-Z]{1,6}$")
_NAME = compile_lazily(r"\b[A-Z][\w-]+")
_SPLIT_ROLES = compile_lazily(r"[,;/]| and (?=(?:an? |the )?[\w-]+(?: of| for| at|$))")
_OF = compile_lazily(
    r"((?:[A-Z][\w.’'-]*\s){2,4})(?:of|at|from|von den|vom) (?:the )?([A-Z].*)"
)  # "Jan Hill of Kell University"
_OWNER = compile_lazily(r"(?:[’']s|s[’'])$")  # "Labour’s Ann Day"
_OTHER = compile_lazily(r"(?:[Tt]he )?[Oo]ther ([A-Z][\w’'-]+)(?:, ([A-Z][\w’'-]+))?")  # "the other Hill, Jane"
_DEMONYMS = tuple(_LISTS["demonyms"].split())
_MIN_RELATED = 5  # letters that "Ukraine" and "Ukrainian" have in common


@dataclass(frozen=True, slots=True)
class Office:
    """An office or profession: "the deputy energy minister"."""

    noun: str
    """Its last word before a preposition, one word for synonyms: "minister"."""
    hard: frozenset[str]
    """Words that make another office of it: "deputy"."""
    words: frozenset[str]
    """The other words, without endings: "energy"."""
    owners: frozenset[str] = frozenset()
    """Those of them that are names: "leeds" in "the mayor of Leeds"."""
    is_past: bool = False
    """Whether it is not held any more: "the former minister"."""


@dataclass(slots=True, eq=False)
class Mention:
    """One holder of one brief."""

    id: int
    actor: str | None
    name: str
    """The name, or else the role or the kind."""
    kind: str
    role: str | None
    affiliation: str | None
    aliases: Words
    article: int
    date: str
    """Date of the article, "" if it has none."""
    given_name: str
    """The name in the brief."""
    sha256: str
    """Of the article; the first digits."""
    form: Form = "unnamed"
    words: Words = ()
    """The words that are compared: a person's name without titles; a body's without "the"."""
    sexes: frozenset[str] = frozenset()
    """What titles show: "m", "f"."""
    titles: frozenset[str] = frozenset()
    """Titles before the name: "dr", "ms"."""
    given_sex: str = ""
    """What the given name shows, which is less sure."""
    offices: tuple[Office, ...] = ()
    """Roles, with titles such as "Councillor" in aliases."""
    described: tuple[Office, ...] = ()
    """Descriptions among the aliases: "the union leader"."""
    fields: frozenset[str] = frozenset()
    """Fields of work that the roles and titles show."""
    days: frozenset[str] = frozenset()
    """Kinds of work that fill the days: "police" of a police chief."""
    context: frozenset[str] = frozenset()
    """The words of roles and affiliation, without endings."""
    is_past: bool = field(default=False)
    """Whether a role is a former one."""
    given_id: str = ""
    """The id in the codebook, if the holder comes from one."""

    @property
    def age(self) -> tuple[str, str, int]:
        """Return what orders mentions by date, and those of one day always in the same way."""
        return self.date or "9999", self.sha256, self.id

    @property
    def is_namesake(self) -> bool:
        """Return whether a brief distinguishes the bearers of a name: "Ivan Petrov (plumber)"."""
        return self.given_name.endswith(")") and work_noun(self.given_name.rpartition(" (")[2][:-1]) != ""

    @property
    def key(self) -> str:
        """Return what names the holder in the log of decisions."""
        return decision_key(self.sha256, self.given_name)


def phantom(number: int, name: str, aliases: Words = ()) -> Mention:
    """Return a body that is no holder, but is named beside holders: an affiliation, an acronym's long form."""
    _, words = classify_name(name, "organisation")
    about = name, "organisation", None, None, aliases, 0, "9999", name, ""
    return Mention(-number, None, *about, form="body", words=words)


def read_mention(row: sqlite3.Row) -> Mention:
    """Return the holder in a row of the table, with its article's number, hash and date."""
    name = intern(row["name"] or row["role"] or row["kind"])  # 100,000 articles have few different strings
    mention = Mention(
        id=row["id"],
        actor=row["actor"] and intern(row["actor"]),
        name=name,
        kind=intern(row["kind"]),
        role=row["role"] and intern(row["role"]),
        affiliation=row["affiliation"] and intern(row["affiliation"]),
        aliases=tuple(json.loads(row["aliases"])) if row["aliases"] != "[]" else (),
        article=row["article"],
        date=intern(row["date"] or ""),
        given_name=name,
        sha256=intern(row["sha256"][:HASH_DIGITS]),
        given_id=row["given_id"] if row["given"] else "",
    )
    found = _OF.fullmatch(name) if mention.kind == "person" else None
    if found and (OFFICES | GENERIC_BODIES).isdisjoint(normalized_words(found[1])):
        mention.name, mention.affiliation = found[1].strip(), mention.affiliation or found[2]
    elif found := _OTHER.fullmatch(name):
        mention.name, mention.kind = f"{found[2] or ''} {found[1]}".strip(), "person"
    if row["name"] or row["role"]:
        mention.form, mention.words = classify_name(mention.name, mention.kind)
    if mention.form in ("office", "unnamed") and mention.kind in ("person", "unnamed") and mention.aliases:
        _take_name_from_aliases(mention)
    if mention.form in ("full name", "surname"):
        _read_roles(mention)
        mention.given_sex = sex_of_given_name(mention.words[0]) if len(mention.words) > 1 else ""
    elif mention.form == "office":
        mention.offices = (parse_office(mention.name, mention.affiliation or ""),)
    return mention


def _take_name_from_aliases(mention: Mention) -> None:
    """Let an alias that is a name stand for a description: "Ann Day" for "the youngest member"."""
    forms = [(alias, *classify_name(alias, "person")) for alias in mention.aliases]
    named = [each for each in forms if each[1] in ("full name", "surname")]
    if named:
        mention.name, mention.form, mention.words = max(named, key=lambda each: (each[1] == "full name", len(each[2])))


@lru_cache(maxsize=100_000)
def classify_name(name: str, kind: str) -> tuple[Form, Words]:
    """Return the form of a name, and the words by which it is compared."""
    plain = plain_words(name)
    if not plain:
        return "unnamed", ()
    if kind == "group":
        return "group", tuple(word for word in plain if word not in _ARTICLES) or plain
    if kind == "document":
        return "document", plain
    if kind in _BODY_KINDS:
        return "body", plain
    tokens = _BRACKETS.sub("", name).partition(",")[0].split() or name.split()
    end = next((place for place, token in enumerate(tokens) if place and token in _PREPOSITIONS), len(tokens))
    first, noun = tokens[0].lower(), parse_office(" ".join(tokens)).noun
    is_office = noun in OFFICES and (
        end < len(tokens)
        or first in DEFINITE
        or all(map(_OFFICE_WORDS.__contains__, plain))
        or (kind == "unnamed" and len(plain) == 1)
    )
    is_proper = any(map(str.isupper, tokens[end - 1])) and not is_office
    if kind == "unnamed" and is_proper and len(tokens) > 1 and first not in GIVEN_NAMES:  # "ein Sprecher"
        return "unnamed", plain
    if is_proper and not (first in _ARTICLES or name[0].isdigit() or (kind == "unnamed" and end < len(tokens))):
        return _classify_person(" ".join(tokens))
    if not is_proper and _is_definite(name, first):
        return "office", plain
    if kind != "unnamed" and is_proper:  # "the late Ann Day"
        return _classify_person(" ".join(tokens))
    return "unnamed", plain


def _classify_person(name: str) -> tuple[Form, Words]:
    tokens = name.split()
    small = [place for place, token in enumerate(tokens[:-2]) if token.islower() and token not in _PARTICLES]
    owners = [place for place, token in enumerate(tokens[:-2]) if _OWNER.search(token)]
    words = name_words(" ".join(tokens[max([*small, *owners], default=-1) + 1 :]))  # "board member Ann Day"
    while (len(words) > 2 and words[0] in TITLES) or (
        len(words) > 1 and (words[0] in _BEFORE_NAMES or words[0].endswith(_COMPOUND_OFFICES))
    ):
        words = words[1:]
    if len(words) > 1 and words[0] not in _PARTICLES:
        words = _FORENAMES.get(words[0], words[0]), *words[1:]
    return ("full name" if len(words) > 1 else "surname"), words


def _is_definite(name: str, first: str) -> bool:
    """Return whether a description names one: "the minister", "Ukraine's president", not "a spokesman"."""
    if first in _ARTICLES:
        return first in DEFINITE
    return "’s " in name or "'s " in name or parse_office(name).noun in OFFICES


class _Told(NamedTuple):
    """What an article says about a person; the fields are those of a mention."""

    titles: frozenset[str]
    sexes: frozenset[str]
    offices: tuple[Office, ...]
    described: tuple[Office, ...]
    fields: frozenset[str]
    days: frozenset[str]
    context: frozenset[str]
    is_past: bool


def _read_roles(mention: Mention) -> None:
    """Set what the roles, the titles and the affiliation of a person show."""
    told = _read_person((mention.name, *mention.aliases), mention.role or "", mention.affiliation or "")
    for name, value in told._asdict().items():
        setattr(mention, name, value)


@lru_cache(maxsize=100_000)
def _read_person(forms: Words, role: str, affiliation: str) -> _Told:
    """Return what the forms of a name, a role and an affiliation show."""
    offices = parse_offices(role, affiliation)
    described = tuple(parse_office(form) for form in forms[1:] if classify_name(form, "unnamed")[0] == "office")
    told = offices or described
    fields = set(filter(None, map(_titled_field, forms)))
    fields |= {FIELDS[each.noun] for each in told if each.noun in FIELDS and not (fields and each.noun in VAGUE_LEADS)}
    if any(office.noun == "general" and not office.words for office in parse_offices(role)):
        fields.add("military")  # but not an attorney general
    own = {word for office in told for word in (office.noun, *office.words)}
    return _Told(
        frozenset(word for form in forms for word in plain_words(form)[:1] if word in TITLES),
        frozenset[str]().union(*map(sex_of, forms)) or sex_of_role(role),
        offices,
        described,
        frozenset(fields),
        frozenset(
            kind
            for kind, nouns in _FULL_TIME.items()
            if any(("police" if "police" in office.words else office.noun) in nouns for office in told)
        ),
        frozenset(own | singulars(affiliation)),
        any(office.is_past for office in told),
    )


@lru_cache(maxsize=100_000)
def sex_of(name: str) -> frozenset[str]:
    """Return the sex that the title of a name shows: "m" for "Mr Hill"."""
    return frozenset(sex for word in plain_words(name)[:1] if (sex := TITLES.get(word)))


def sex_of_role(role: str) -> frozenset[str]:
    """Return the sex that a German word for a profession tells: "f" for "Apothekerin in Auen"."""
    words = normalized_words(role.partition(",")[0])
    ends = {"f": _FEMALE_ROLES, "m": _MALE_ROLES}
    return frozenset(sex for sex, end in ends.items() if any(each.endswith(end) for each in (*words[:1], *words[-1:])))


def sex_of_given_name(name: str) -> str:
    """Return the sex that a given name without accents shows: in English, else in the other languages."""
    found = _read_given_names(tuple(language_codes())).get(name, frozenset())
    return GIVEN_NAMES.get(name) or ("".join(found) if len(found) == 1 else "")


@cache
def _read_given_names(codes: tuple[str, ...]) -> Mapping[str, frozenset[str]]:
    """Return the sexes of each given name in some languages: m, f."""
    sexes: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    for code, sex in product(codes, ("male", "female")):
        for name in normalized_words(str(read_language(code).get(f"{sex}_names", ""))):
            sexes[name] |= {sex[0]}
    return dict(sexes)


def _titled_field(name: str) -> str | None:
    """Return the field of work that the title of a name shows, but none for "General Secretary Hill"."""
    title, *rest = (*plain_words(name), "")
    found = TITLED_FIELDS.get(title)
    return found if rest and (rest[0] not in OFFICES or TITLED_FIELDS.get(rest[0]) == found) else None


@lru_cache(maxsize=100_000)
def parse_offices(role: str, affiliation: str = "") -> tuple[Office, ...]:
    """Return the offices in a role: two in "chairman of the club and mayor of Leeds"."""
    parts = [part for part in _SPLIT_ROLES.split(role) if normalized_words(part)]
    return tuple(dict.fromkeys(parse_office(part, affiliation) for part in parts))


@lru_cache(maxsize=100_000)
def parse_office(text: str, affiliation: str = "") -> Office:
    """Return the office in a description: "the council's former leader", "president of the board"."""
    plain = " ".join(normalized_words(text.replace("ex-", "ex ").replace("’ ", " ")))
    for phrase, office in _RENAMED.items():
        plain = plain.replace(phrase, office)
    words = tuple(plain.split())
    while len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    end = next((place for place, word in enumerate(words) if word in _PREPOSITIONS and place), len(words))
    *before, noun = words[:end] or ("",)
    office = next((each for each in _COMPOUND_OFFICES if noun.endswith(each) and noun not in SYNONYMS), "")
    if office and noun != office:
        words, noun = (*before, noun.removesuffix(office).rstrip("s"), office, *words[end:]), office
        end += 1
    noun = SYNONYMS.get(noun, noun)
    others = {SYNONYMS.get(word, word) for word in words[: end - 1] + words[end:]}
    return Office(
        noun,
        frozenset(others & _HARD),
        frozenset(map(singular, others - SMALL_WORDS - _HARD - _IGNORED - PAST)) | singulars(affiliation),
        singulars(" ".join(_NAME.findall(text)[text[:1].isupper() and "’" not in text and "'" not in text :])) - {noun},
        is_past=bool(PAST.intersection(words)),
    )


def singular(word: str) -> str:
    """Return a word without a plural's ending."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


@lru_cache(maxsize=100_000)
def singulars(text: str) -> frozenset[str]:
    """Return the words of a text that say something, without endings."""
    return frozenset(singular(SYNONYMS.get(word, word)) for word in normalized_words(text) if word not in SMALL_WORDS)


def are_related(one: str, other: str) -> bool:
    """Return whether two words are one, or a place and its people: "Ukraine", "Ukrainian"."""
    if one == other:
        return True
    if min(len(one), len(other)) < _MIN_RELATED:
        return False
    return one[:_MIN_RELATED] == other[:_MIN_RELATED] and abs(len(one) - len(other)) <= 4


@lru_cache(maxsize=100_000)
def are_kin(one: str, other: str) -> bool:
    """Return whether two words are one state's name, or its adjective: "norvia" and "norvian"."""
    state, word = sorted(map(fold_spelling, (one, other)), key=len)
    roots = [state, *(state.removesuffix(end) for end in ("a", "e", "y", "i", "ia", "land") if state.endswith(end))]
    return word == state or any(len(root) > 2 and word == root + end for root in roots for end in _DEMONYMS)


def are_covered(words: Iterable[str], by: Iterable[str]) -> bool:
    """Return whether each word stands in another collection, or is related to one of its words."""
    known = frozenset(by)
    return all(word in known or any(are_related(word, other) for other in known) for word in words)


def is_acronym(name: str) -> bool:
    """Return whether a name looks like one made of initials: "BBC", "M.A.F."."""
    return bool(_ACRONYM.match(name.removeprefix("the ").removeprefix("The ")))


@lru_cache(maxsize=100_000)
def fold_spelling(word: str) -> str:
    """Return one spelling of a name's word for transliterations: "Mohamed", "Yevgenia" and "Evgenia"."""
    word = fold_transliteration(word.translate(FOLDED_LETTERS))
    for pattern, replacement in _FOLDS:
        word = pattern.sub(replacement, word)
    return word


_FOLDS = [(re.compile(pattern), replacement) for pattern, replacement in _LISTS["spellings"]]
LEGAL_FORMS, TAILS_OF_BODIES, GENERIC_BODIES, OF_MEMBERS, MADE_OF_MEMBERS, LANDS, COMPANIES, LEVELS_OF_BODIES = (
    frozenset(map(singular, _LISTS["bodies"][name].split()))
    for name in ("legal", "tails", "generic", "of_members", "made_of_members", "lands", "companies", "levels")
)
PARTS_OF_BODIES = tuple(tuple(part.split("-")) for part in _LISTS["bodies"]["parts"].split())
