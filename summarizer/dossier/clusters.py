"""The state of a linking: mentions in clusters, what people and models decided, and the notes for the log."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from summarizer._text import normalize, normalized_words
from summarizer.dossier.mentions import Mention, Office, Words, are_kin, singular
from summarizer.dossier.types import Verdict
from summarizer.dossier.windows import parse_day
from summarizer.store import Database

_MAX_DOUBTS = 4
_KEPT_TEXTS = 500
_NEAR, _BESIDE = 150, 70  # characters
_INNER_NAME = re.compile(r"(?:(?<=[a-z,;’'“] )|(?<=\())[A-Z][\w-]{2,}")
_QUOTED = re.compile('“[^”\\n]*”|"[^"\\n]*"')
_CAPITAL = re.compile(r"\b[A-Z]")
_DAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b[A-Z][a-z]+ (?=\d)|(?<=\d )[A-Z][a-z]+\b")
NAMESAKE_PHRASES = "namesake", "same name", "of that name"
_SEXES = {"he": "m", "his": "m", "she": "f", "her": "f"}
_PRONOUN = re.compile(r"\b(?:s?he|his)\b|(?<=\bin|\bof|\bat|\bby|\bon) her\b")  # not "told her"
_MAX_DEFINITIONS = 5  # articles that are searched for the long form of an acronym
_MAX_NAMED = 20  # articles that are searched for pronouns after somebody's name
_MAX_SILENT_DAYS = 60
_MAX_LONG_FORMS = 8  # articles that are searched for the full name of "the harbour board"


@dataclass(eq=False, slots=True)
class Cluster:
    """Mentions of one actor."""

    mentions: list[Mention] = field(default_factory=list)
    names: set[Words] = field(default_factory=set)
    """The words of people's full names."""
    body_names: set[Words] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    """Keys of mentions about which somebody decided."""
    sexes: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)
    given_sexes: set[str] = field(default_factory=set)
    fields: set[str] = field(default_factory=set)
    days: set[str] = field(default_factory=set)
    context: set[str] = field(default_factory=set)
    offices: list[tuple[str, Office]] = field(default_factory=list)
    """Offices with the dates of the articles that mention them."""
    described: list[tuple[str, Office]] = field(default_factory=list)
    """Offices in aliases, which are less sure."""
    articles: set[int] = field(default_factory=set)

    @property
    def first(self) -> Mention:
        """The first mention that is a holder."""
        return next(mention for mention in self.mentions if mention.id > 0)

    def add(self, mention: Mention, *, is_decided: bool) -> None:
        """Add a mention, and what it says about the actor."""
        self.mentions.append(mention)
        if mention.id > 0:
            self.articles.add(mention.article)
        if is_decided:
            self.keys.add(mention.key)
        if mention.form == "full name":
            self.names.add(mention.words)
        if mention.form == "body":
            self.body_names.add(mention.words)
        if mention.form in ("full name", "surname"):
            self.sexes |= mention.sexes
            self.titles |= mention.titles
            self.given_sexes.update(mention.given_sex)
            self.fields |= mention.fields
            self.days |= mention.days
            self.context |= mention.context
            self.offices += [(mention.date, office) for office in mention.offices]
            self.described += [(mention.date, office) for office in mention.described]


@dataclass(frozen=True, slots=True)
class Note:
    """A decision of a rule, for the log."""

    one: Mention
    other: Mention
    verdict: Verdict
    reason: str


class Pins:
    """What people and models decided: pairs of keys that are one actor, and pairs that are not."""

    def __init__(self, same: Iterable[tuple[str, str]] = (), different: Iterable[tuple[str, str]] = ()) -> None:
        self.same = tuple(same)
        different = tuple(different)
        self.odd = frozenset(one for one, _ in different)
        """Keys that were decided to be somebody else than the rest of a name."""
        self._different: defaultdict[str, set[str]] = defaultdict(set)
        for one, other in different:
            self._different[one].add(other)
            self._different[other].add(one)
        self._keys = frozenset(self._different).union(key for pair in self.same for key in pair)

    def __contains__(self, key: str) -> bool:
        return key in self._keys

    def __bool__(self) -> bool:
        return bool(self._keys)

    def forbid(self, keys: Iterable[str], others: set[str]) -> bool:
        """Return whether one of the keys is pinned as different from one of the others."""
        return bool(self._different) and any(self._different.get(key, set()) & others for key in keys)


class Linking:
    """Mentions, put into clusters one by one."""

    def __init__(self, pins: Pins) -> None:
        self.pins = pins
        self.clusters: dict[Cluster, None] = {}
        self.notes: list[Note] = []

    def create(self, mentions: Iterable[Mention] = ()) -> Cluster:
        """Return a new cluster."""
        cluster = Cluster()
        self.clusters[cluster] = None
        for mention in mentions:
            self.place(cluster, mention)
        return cluster

    def allows(self, cluster: Cluster, mentions: Iterable[Mention]) -> bool:
        """Return whether no decision keeps mentions out of a cluster."""
        return not cluster.keys or not self.pins.forbid((mention.key for mention in mentions), cluster.keys)

    def join(self, cluster: Cluster, mention: Mention, reason: str) -> None:
        """Add a mention to a cluster, and note why."""
        if cluster.articles:
            self.note(mention, cluster.first, "same", reason)
        self.place(cluster, mention)

    def place(self, cluster: Cluster, mention: Mention) -> None:
        """Add a mention to a cluster without a note."""
        cluster.add(mention, is_decided=bool(self.pins) and mention.key in self.pins)

    def merge(self, one: Cluster, other: Cluster) -> Cluster:
        """Put the mentions of the smaller cluster into the larger one."""
        if len(one.mentions) < len(other.mentions):
            one, other = other, one
        for mention in other.mentions:
            self.place(one, mention)
        del self.clusters[other]
        return one

    def doubt(self, mention: Mention, candidates: Sequence[Cluster], reason: str) -> None:
        """Note that it is unsure whether a mention is one of several actors: the first few, where they are many."""
        for cluster in candidates[:_MAX_DOUBTS]:
            if cluster.articles:
                self.note(mention, cluster.first, "unsure", reason)

    def note(self, one: Mention, other: Mention, verdict: Verdict, reason: str) -> None:
        """Note the decision on two holders; mentions of affiliations, with ids below 0, are not noted."""
        if one.id > 0 and other.id > 0:
            self.notes.append(Note(one, other, verdict, reason))

    def apply_same(self) -> None:
        """Merge the clusters that people and models say to be one; later decisions do not undo earlier ones."""
        by_key: defaultdict[str, list[Cluster]] = defaultdict(list)
        for cluster in self.clusters:
            for key in cluster.keys:
                by_key[key].append(cluster)
        for one, other in self.pins.same:
            for first in by_key.get(one, [])[:1]:
                for second in by_key.get(other, [])[:1]:
                    if first is not second and not self.pins.forbid(first.keys, second.keys):
                        merged = self.merge(first, second)
                        for key in merged.keys:
                            by_key[key] = [merged]


class Texts:
    """The texts of articles, in normalized words; quotations where the store has no text."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._plain: dict[int, str] = {}
        self._words: dict[int, frozenset[str]] = {}
        self._sexes: dict[Cluster, frozenset[str]] = {}

    @cached_property
    def with_namesakes(self) -> frozenset[int]:
        """The articles that mention a namesake."""
        sql = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?"
        phrases = " OR ".join(f'"{phrase}"' for phrase in NAMESAKE_PHRASES)
        return frozenset(row[0] for row in self._database.query(sql, phrases))

    def raw(self, article: int) -> str:
        """Return the text of an article, or its title and the quotations from it."""
        rows = self._database.query("SELECT title, text FROM articles WHERE id = ?", article)
        title, text = rows[0] if rows else ("", "")
        if not text:
            quotations = self._database.query(
                "SELECT DISTINCT quotation FROM positions JOIN briefs ON briefs.id = positions.brief "
                "WHERE briefs.article = ?",
                article,
            )
            text = "\n".join(row[0] for row in quotations)
        return f"{title or ''}\n{text}"

    def may_hide_a_successor(self, mention: Mention, dates: Sequence[str]) -> bool:
        """Return whether an article without text comes long after the last one that names an office's holder."""
        day, last = parse_day(mention.date), parse_day(max(dates, default=None))
        ((text,),) = self._database.query("SELECT coalesce(text, '') FROM articles WHERE id = ?", mention.article)
        return not text and bool(day and last and (day - last).days > _MAX_SILENT_DAYS)

    def plain(self, article: int) -> str:
        """Return the normalized words, with a space before and after each."""
        if article not in self._plain:
            if len(self._plain) >= _KEPT_TEXTS:
                self._plain.clear()
                self._words.clear()
            self._plain[article] = f" {normalize(self.raw(article))} "
        return self._plain[article]

    def words(self, article: int) -> frozenset[str]:
        """Return the different words of an article."""
        text = self.plain(article)
        if article not in self._words:
            self._words[article] = frozenset(text.split())
        return self._words[article]

    def has(self, article: int, words: Words) -> bool:
        """Return whether an article has words one after the other."""
        return f" {' '.join(words)} " in self.plain(article)

    def around(self, article: int, word: str) -> Counter[str]:
        """Return the words near each occurrence of one."""
        text, found, start = self.plain(article), Counter[str](), 0
        while (place := text.find(f" {word} ", start)) >= 0:
            found.update(text[max(0, place - _NEAR) : place + _NEAR].split())
            start = place + len(word)
        return found

    def names_near(self, article: int, word: str) -> set[str]:
        """Return the names near each occurrence of a name's word, without those that begin a sentence."""
        text = self.raw(article)
        places = (found.start() for found in re.finditer(rf"\b{re.escape(word)}\b", text, re.IGNORECASE))
        near = " ".join(text[max(0, place - _BESIDE) : place + _BESIDE] for place in places)
        return {singular(name) for name in normalized_words(" ".join(_INNER_NAME.findall(near)))}

    def home(self, article: int, states: Collection[str]) -> str | None:
        """Return the state that an article names twice as often as each other one, or first and most often."""
        named = self.states(article, states)
        (top, most), (_, second) = [*Counter(named).most_common(2), ("", 0), ("", 0)][:2]
        return top if named and (most >= 2 * second or (top == named[0] and most > second)) else None

    def states(self, article: int, states: Collection[str]) -> list[str]:
        """Return the states that an article names, in its order and as often."""
        words = {word: state for word in self.words(article) for state in states if are_kin(singular(word), state)}
        return [words[word] for word in self.plain(article).split() if word in words]

    def is_quoted(self, mention: Mention) -> bool:
        """Return whether a description stands in quotations alone."""
        pattern = re.compile(rf"^(.*){re.escape(mention.name)}", re.IGNORECASE | re.MULTILINE)
        before = pattern.findall(self.raw(mention.article))
        return bool(before) and all(each.count("“") > each.count("”") or each.count('"') % 2 for each in before)

    def sex_after(self, article: int, name: str) -> frozenset[str]:
        """Return the sex that pronouns after a name or description show: "The minister said she …"."""
        pattern = re.compile(rf"\b{re.escape(name)}\b([^.!?\n]*)(?:[.!?]”? (S?[Hh]e)\b)?", re.IGNORECASE)
        found: set[str] = set()
        for rest, following in pattern.findall(_QUOTED.sub("“”", self.raw(article))):
            pronouns = _PRONOUN.findall(_CAPITAL.split(_DAY.sub("", rest))[0]) or [following]
            found.update(_SEXES.get(pronouns[0].strip().lower(), ""))
        return frozenset(found) if len(found) == 1 else frozenset()

    def sexes_of(self, cluster: Cluster) -> frozenset[str]:
        """Return the sex that titles, the given name or else pronouns in the articles show."""
        if known := cluster.sexes or cluster.given_sexes:
            return frozenset(known)
        if cluster not in self._sexes:
            names = {(each.article, each.name) for each in cluster.mentions if each.form in ("full name", "surname")}
            told = Counter(sex for place in sorted(names)[:_MAX_NAMED] for sex in self.sex_after(*place))
            self._sexes[cluster] = frozenset(told) if len(told) == 1 else frozenset()
        return self._sexes[cluster]

    def last_before(self, article: int, words: Words, names: Iterable[str]) -> str | None:
        """Return which of several words stands last before the first occurrence of a description."""
        text = self.plain(article)
        end = text.find(f" {' '.join(words)} ")
        places = {name: text.rfind(f" {name} ", 0, end) for name in names} if end >= 0 else {}
        found = max(places, key=lambda name: places[name], default=None)
        return found if found and places[found] >= 0 else None

    def define(self, acronym: str) -> str | None:
        """Return the name for which an acronym stands: "Valley Residents' Association (VRA)", or one near it."""
        letters = acronym.replace(".", "")
        word, small = r"(?:[A-Z][\w’'-]*|of|and|for|the|&)", r"(?: (?:of|and|for|the|&))*"
        patterns = [rf"([A-Z][\w’'-]*(?: {word}){{1,9}}) \((?:the )?{re.escape(acronym)}\)"]
        if letters.isalpha() and len(letters) > 2:
            long = f"{small} ".join(letter + r"[a-z][\w’'-]*" for letter in letters)
            patterns.append(rf"\b({long})(?![\w’'])")
        articles = list(self.naming(tuple(normalized_words(acronym)), _MAX_DEFINITIONS))
        for pattern in patterns:
            for article, _ in articles:
                if found := re.search(pattern, self.raw(article)):
                    return found[1]
        return None

    def long_form(self, words: Words) -> str | None:
        """Return the only name that ends in words: "Kell Harbour Board" for "the harbour board"."""
        end = " ".join(map(str.capitalize, words))
        pattern = re.compile(rf"\b((?:[A-Z][\w’'-]+ ){{1,4}}){re.escape(end)}\b")
        found = {
            name.removeprefix("The ") + end
            for article, _ in self.naming(words, _MAX_LONG_FORMS)
            for name in pattern.findall(self.raw(article))
            if name != "The "
        }
        return found.pop() if len(found) == 1 else None

    def naming(self, phrase: Words, limit: int) -> Iterator[tuple[int, str]]:
        """Yield the articles with the words of a phrase close to each other, by id and date, oldest first."""
        words = " ".join(f'"{word}"' for word in phrase)
        yield from self.matching(f"NEAR({words}, {len(phrase)})", limit)  # "s" is a word in "the council's leader"

    def matching(self, match: str, limit: int) -> Iterator[tuple[int, str]]:
        """Yield the articles that a query of full text finds, by id and date, oldest first."""
        for row in self._database.query(
            "SELECT id, published FROM articles WHERE published IS NOT NULL AND id IN (SELECT rowid FROM articles_fts "
            "WHERE articles_fts MATCH ?1 UNION SELECT article FROM positions_fts JOIN positions ON positions.id = "
            "positions_fts.rowid JOIN briefs ON briefs.id = positions.brief WHERE positions_fts MATCH ?1) ORDER BY "
            "published, sha256 LIMIT ?2",
            match,
            limit,
        ):
            yield row["id"], row["published"]
