"""Sources in other languages: the noun phrases that name a holder."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from summarizer.attribution.languages.language import Language, NounKind
from summarizer.attribution.languages.text import PAUSES, STOPS, Range, Text
from summarizer.attribution.lexicon import Sex

_MAX_PHRASE = 14  # in tokens
_MAX_PHRASES = 6  # of one source
_MAX_PARENTHESIS = 6
_SEGMENT_ENDS = STOPS | PAUSES


class Phrase(NamedTuple):
    """A noun phrase or a pronoun."""

    words: Range
    pronoun: str = ""
    """The kind of a pronoun: "male", "female", "plural", "other" or "nobody"."""
    name: Range | None = None
    """The words of a name."""
    role: str = ""
    """The office or profession, without its article."""
    noun: str = ""
    """The noun of a phrase without a name, in lower case."""
    kind: NounKind = ""
    sex: Sex = ""
    has_determiner: bool = False
    is_definite: bool = False
    is_nobody: bool = False
    """It means no one: "niemand", "kein Minister"."""


class Source(NamedTuple):
    """One or more phrases that name the holders, with their descriptions."""

    phrases: tuple[Phrase, ...]
    start: int
    end: int
    """One past the last phrase."""
    after: int
    """One past the description after it, with its comma."""


@dataclass(slots=True)
class _Scan:
    """The state in which a phrase is read."""

    token: int
    stop: int
    has_determiner: bool
    is_description: bool
    may_inflect: bool
    """An adjective can follow: after a determiner or a link."""
    has_noun: bool = False
    runs: list[Range] = field(default_factory=list)
    """The runs of capitalised words."""


class SourceReader:
    """Read the sources in a paragraph."""

    def __init__(self, text: Text, surnames: frozenset[str]) -> None:
        self._text, self._lang, self._surnames = text, text.language, surnames
        self._first_tokens = {start for start, _ in text.units}
        self._read: dict[Range, Source | None] = {}

    def read(self, start: int, stop: int) -> Source | None:
        """Return the source that begins at a token and ends before ``stop``, with its description."""
        if (start, stop) not in self._read:
            self._read[start, stop] = self.read_again(start, stop)
        return self._read[start, stop]

    def read_again(self, start: int, stop: int) -> Source | None:
        """Return what `read` returns, after the quotations of the text have changed."""
        text, lang = self._text, self._lang
        first = self._read_phrase(start, stop)
        if first is None:
            return None
        phrases, end = [first], first.words[1]
        while len(phrases) < _MAX_PHRASES and (length := lang.match("conjunctions", text.lower, end, stop)):
            following = self._read_phrase(end + length, stop)
            if following is None or following.pronoun or not (following.name or following.has_determiner):
                break
            whole = first.words[0], following.words[1]
            if len(phrases) == 1 and (self._is_body_of_initials(whole) or self._is_body_with_and(first, following)):
                phrases, end = [first._replace(words=whole, name=None, kind="body")], whole[1]
                break
            phrases.append(following)
            end = following.words[1]
        after = end
        if len(phrases) == 1 and not first.pronoun:
            for _ in range(3):
                described = self._describe(phrases[0], after, stop)
                if described is None:
                    break
                phrases[0], after = described
            length = lang.match("naming_verbs", text.lower, after, stop) if phrases[0].kind == "person" else 0
            named = self._read_phrase(after + length, stop) if length and not phrases[0].name else None
            if named and named.name and not named.role and text.lower[named.words[1] : named.words[1] + 1] == ["."]:
                role, after = self._without_article(first.words), named.words[1]  # "Der Präsident heißt Matthias Auer"
                phrases[0] = first._replace(name=named.name, role=role, sex=named.sex or first.sex)
        return Source(tuple(phrases), start, end, after)

    def _is_body_of_initials(self, words: Range) -> bool:
        """Return whether the capitals of a phrase are the acronym at its end: "Bund Haus und Garten (BHG)"."""
        text = self._text
        start, opening = words[0], words[1] - 3
        capitals = "".join(text.words[at][0] for at in range(start, opening) if text.capitals[at])
        is_whole = self._determiner(*words)[0] == 1
        return text.lower[opening] == "(" and capitals[is_whole and text.capitals[start] :] == text.words[opening + 1]

    def _is_body_with_and(self, first: Phrase, second: Phrase) -> bool:
        """Return whether "die Gewerkschaft Pflege und Dienste" is one body, as its verb in the singular tells."""
        text, lang, (start, end) = self._text, self._lang, second.words
        is_bare = first.kind == "body" and not first.name and first.words[1] - first.words[0] > 1 + first.is_definite
        is_noun = end - start == 1 and not second.has_determiner and text.lower[start] not in lang.given_names
        before, after = (text.lower[at] if 0 <= at < len(text.lower) else "" for at in (first.words[0] - 1, end))
        verb = after if after in lang.cues else before
        return is_bare and is_noun and lang.nouns_capitalised and verb in lang.cues and not verb.endswith("en")

    def read_after_article(self, start: int, stop: int) -> Source | None:
        """Return the source at a token, or at a noun whose article is in the word before: "au parquet"."""
        noun = None if (source := self.read(start, stop)) else self.read_role(start, stop, is_whole=False)
        return Source((noun._replace(has_determiner=True),), *noun.words, noun.words[1]) if noun else source

    def read_role(self, start: int, stop: int, *, is_whole: bool = True) -> Phrase | None:
        """Return the phrase of a description such as "maire de Lyon", if it fills the range."""
        phrase = self._read_phrase(start, stop, is_description=True)
        return phrase if phrase and (not is_whole or phrase.words[1] == stop) else None

    def _end_of_motto(self, start: int, stop: int) -> int:
        """Return where a name such as "Nature vivante" ends, if a cue follows; else 0."""
        text, lang = self._text, self._lang
        if lang.nouns_capitalised or text.lower[start] in lang.given_names:
            return 0
        is_first = start in self._first_tokens
        for at in range(start + 1, min(stop + 1, len(text.words), start + _MAX_PHRASES)):
            if at > start + 1 and (text.lower[at] in lang.cues or text.lower[at] in lang.words("perfect")):
                return at
            is_link = (at > start + 1 or not is_first) and text.lower[at] in lang.words("links")
            if not text.is_word(at) or text.capitals[at] or text.quotation_of[at] >= 0 or not (
                is_link or not any(lang.match(key, text.lower, at) for key in ("function_words", "adverbs", "clitics"))
            ):  # fmt: skip
                return 0
        return 0

    def _describe(self, phrase: Phrase, after: int, stop: int) -> tuple[Phrase, int] | None:
        """Return the phrase with the description after its comma, and where that ends."""
        text = self._text
        if after >= stop or text.lower[after] not in (",", "("):
            return None
        start = after + 1
        end = text.find(_SEGMENT_ENDS, start, min(stop, start + _MAX_PHRASE))
        if end == start or (end < stop and end == start + _MAX_PHRASE):
            return None
        closed = end + (end < stop and text.lower[end] in (",", ")"))
        if text.lower[after] == "(":
            return (phrase, closed) if end < stop and text.lower[end] == ")" else None
        if text.words[start][0].isdigit() and (end - start <= 2):
            return phrase, end if end < stop and text.lower[end] == "," else closed
        description = self.read_role(start, end)
        is_tag = text.lower[start] in self._lang.cues and not self._lang.noun_kind(text.lower[start])
        if description is None or description.pronoun or (is_tag and not text.capitals[start]):
            return None
        is_person = phrase.kind == "person"
        if phrase.name and description.kind == "person":
            role = phrase.role or description.role or self._without_article(description.words)
            return phrase._replace(role=role, sex=phrase.sex or description.sex), closed
        has_title = is_person and description.kind == "person"  # "leur directeur, le Dr Rupin"
        is_name = description.name and (has_title or not description.has_determiner)
        if phrase.name or not is_name or phrase.kind == "abstract":
            return None
        role = self._without_article(phrase.words) if is_person else description.role
        return phrase._replace(name=description.name, role=role, sex=description.sex or phrase.sex), closed

    def _without_article(self, words: Range) -> str:
        return self._text.quote((words[0] + self._determiner(*words)[0], words[1]))

    def _is_inner_capital(self, token: int) -> bool:
        """Return whether a word has a capital that does not begin a sentence."""
        text = self._text
        return text.capitals[token] and token not in self._first_tokens and text.is_word(token - 1)

    def _determiner(self, start: int, stop: int) -> tuple[int, str]:
        if self._is_inner_capital(start):
            return 0, ""  # "dit Le Goff"
        for key in ("definite", "indefinite", "possessives"):
            if length := self._lang.match(key, self._text.lower, start, stop):
                return length, key
        return 0, ""

    def _read_phrase(self, start: int, stop: int, *, is_description: bool = False) -> Phrase | None:
        text, lang = self._text, self._lang
        if start >= stop or text.quotation_of[start] >= 0:
            return None
        lower = text.lower[start]
        has_noun = start + 1 < stop and text.capitals[start + 1] and lang.match("definite", text.lower, start) > 0
        is_owner = lang.nouns_capitalised and text.capitals[start] and lower in lang.words("possessives")
        if lower in lang.pronouns and not has_noun and not (is_owner and start + 1 < stop):
            is_nobody = lower in lang.words("nobody")
            return Phrase((start, start + 1), pronoun=lang.pronouns[lower], is_nobody=is_nobody)
        length, kind = self._determiner(start, stop)
        is_number = text.words[start].isdigit() and start + 1 < stop and text.is_word(start + 1)
        if not length and is_number and text.lower[start + 1] not in lang.words("days"):
            length, kind = 1, "indefinite"
        begin = start + length
        if length and begin < stop:  # "die beiden", "les deux", "les 12"
            begin += lang.match("indefinite", text.lower, begin, stop) or text.words[begin].isdigit()
        if not length and lower not in lang.titles and not self._is_inner_capital(start) and (
            any(lang.match(key, text.lower, start) for key in ("function_words", "adverbs"))
            or lower in lang.words("leads")
        ):  # fmt: skip
            return None
        if not length and start in self._first_tokens and (motto := self._end_of_motto(start, stop)):
            return Phrase((start, motto), name=(start, motto), kind="body")
        end, runs = self._read_words(
            _Scan(begin, min(stop, begin + _MAX_PHRASE), bool(length), is_description, may_inflect=bool(length))
        )
        if end == begin:
            return None
        is_known = lower in self._surnames or lower in lang.given_names
        if not length and end == start + 1 and start in self._first_tokens and not is_known and (
            text.lower[end : end + 1] == [","] or lower.endswith(tuple(lang.words("opening_endings")) or ("\n",))
        ):  # fmt: skip
            return None  # an adverb or a participle at the beginning: "Auparavant, le ministre …"
        phrase = self._analyse((begin, end), runs, kind)
        if phrase is None:
            return None
        if phrase.kind == "body" and not phrase.name and runs and runs[-1][1] == end and not lang.nouns_capitalised:
            end = max(end, self._end_of_motto(end - 1, stop))  # "le collectif Sauvons le canal"
        is_nobody = text.lower[start] in lang.words("negations") or text.lower[start] in lang.words("nobody")
        return phrase._replace(words=(start, end), has_determiner=bool(length), is_definite=kind == "definite",
                       is_nobody=is_nobody)  # fmt: skip

    def _read_words(self, scan: _Scan) -> tuple[int, list[Range]]:
        """Return where a phrase ends, and its runs of capitalised words."""
        text, lang, start = self._text, self._lang, scan.token
        while scan.token < scan.stop and text.quotation_of[scan.token] < 0 and (length := self._step(scan, start)):
            scan.token += length
        end = scan.token
        while end > start and text.lower[end - 1] in lang.words("links") and not text.capitals[end - 1]:
            end -= 1
        return end, [run for run in scan.runs if run[1] <= end]

    def _step(self, scan: _Scan, start: int) -> int:
        """Return how many tokens more belong to a phrase; 0 at its end."""
        text, lang, token = self._text, self._lang, scan.token
        lower = text.lower[token]
        if text.capitals[token] or lower in lang.titles:
            if lower in lang.words("no_names") or (lower in lang.words("days") and lang.nouns_capitalised):
                return 0
            if scan.runs and scan.runs[-1][1] == token:
                scan.runs[-1] = (scan.runs[-1][0], token + 1)
            else:
                scan.runs.append((token, token + 1))
            scan.has_noun, scan.may_inflect = True, False
            return 1
        if lower == "(" and scan.has_noun:
            end = text.find(frozenset({")"}), token, min(scan.stop, token + _MAX_PARENTHESIS))
            is_closed = end < scan.stop and text.lower[end] == ")"
            scan.stop = end + 1 if is_closed else token
            return end + 1 - token if is_closed else 0
        if length := self._particles(scan):
            scan.runs[-1] = (scan.runs[-1][0], token + length)
            return length
        is_link = lower in lang.words("links") or (scan.is_description and lower in lang.words("prepositions_of_time"))
        if scan.has_noun and is_link and self._links(scan):
            scan.may_inflect = True
            return 1
        if token > start and text.lower[token - 1] in lang.words("links") and self._determiner(token, scan.stop)[0]:
            return 1
        return int(self._is_inner(scan, start))

    def _particles(self, scan: _Scan) -> int:
        """Return the length of "von der Leyen" after a given name."""
        text, lang, token = self._text, self._lang, scan.token
        end = token
        while end < min(scan.stop, token + 3) and text.lower[end] in lang.words("name_particles"):
            end += 1
        follows_name = bool(scan.runs) and scan.runs[-1][1] == token and not scan.has_determiner
        is_article = text.lower[token] in lang.words("definite")  # "lehnte Heike Lorenz den Plan ab"
        if end == token or is_article or not follows_name or lang.noun_kind(text.lower[token - 1]):
            return 0
        return end + 1 - token if end < scan.stop and text.capitals[end] else 0

    def _is_inner(self, scan: _Scan, start: int) -> bool:
        """Return whether a word in lower case is an adjective or a noun of the phrase."""
        text, lang, token = self._text, self._lang, scan.token
        lower = text.lower[token]
        if not text.is_word(token) or lower in lang.words("function_words") or lower in lang.words("auxiliaries"):
            return False
        if lang.nouns_capitalised:
            noun = next((at for at in range(token + 1, min(token + 4, scan.stop)) if text.capitals[at]), None)
            may_begin = scan.may_inflect or (scan.is_description and token == start)
            return may_begin and noun is not None and all(text.is_word(at) for at in range(token, noun))
        is_cue = lower in lang.cues and token > start and scan.has_noun and not scan.may_inflect
        is_other = is_cue or any(lower in lang.words(key) for key in ("adverbs", "days", "clitics"))
        if is_other or not (scan.has_determiner or scan.is_description):
            return False
        scan.has_noun, scan.may_inflect = True, False
        return True

    def _links(self, scan: _Scan) -> bool:
        """Return whether a word joins a noun to the next: "des", "von", "de la"."""
        text, lang, after = self._text, self._lang, scan.token + 1
        if after >= scan.stop or text.quotation_of[after] >= 0 or not text.words[after][0].isalpha():
            return False
        lower = text.lower[after]
        if lower in lang.words("days") or lower in lang.words("no_names"):
            return False
        has_noun = any(lang.noun_kind(text.lower[at]) for start, end in scan.runs for at in range(start, end))
        is_bare_name = bool(scan.runs) and not scan.has_determiner and not scan.is_description and not has_noun
        if lower in lang.words("role_words"):
            return True  # "metteur en scène"
        if (
            text.lower[scan.token] in lang.words("subject_links")
            and any(lang.noun_kind(word) == "person" for word in text.lower[max(0, scan.token - 4) : scan.token])
            and not lang.match("function_words", lower, after)
        ):
            has_more = after + 1 < scan.stop and text.lower[after + 1] in {",", *lang.words("owners")}
            ahead = range(after + 1, min(after + 3, scan.stop))
            return has_more or any(map(text.capitals.__getitem__, ahead))  # "expert en gaz Roy"
        if is_bare_name or not (scan.is_description or text.lower[scan.token] in lang.words("owners")):
            return False
        if text.capitals[after] or lower in lang.words("links") or self._determiner(after, scan.stop)[0]:
            return True
        if lang.nouns_capitalised:
            return any(text.capitals[at] for at in range(after, min(after + 3, scan.stop)))
        return lower not in lang.words("function_words") and lower not in lang.words("adverbs")

    def _analyse(self, words: Range, runs: list[Range], determiner: str) -> Phrase | None:
        """Return what a phrase names: a person with a role, a body, or a noun."""
        text, lang = self._text, self._lang
        if lang.nouns_capitalised:
            return self._analyse_capitalised(words, runs, determiner)
        nouns = [
            at for at in range(*words)
            if lang.noun_kind(text.lower[at]) and (not text.capitals[at] or (at == words[0] and determiner))
        ]  # fmt: skip
        head = nouns[0] if nouns else words[0]
        kind = lang.noun_kind(text.lower[head]) if nouns else ""
        has_female_article = text.lower[words[0] - 1] in lang.words("female_articles") and words[0] > 0
        sex: Sex = "f" if has_female_article else lang.noun_sex(text.lower[head])
        if not runs or (runs[0][0] > words[0] and kind == "abstract"):
            return Phrase(words, noun=text.lower[head], kind=kind, sex=sex)
        start, end = runs[-1]
        if start == words[0] and determiner and text.lower[start] not in lang.titles:  # "la Fondation du littoral"
            kind = lang.noun_kind(text.lower[start]) or "body"
            return Phrase(words, noun=text.lower[start], kind=kind)
        if start == words[0]:  # a bare name
            return self._named(words, (start, end), 0)
        follows_link = text.lower[start - 1] in lang.words("links")
        given = next((at for at in range(start + follows_link, end) if text.lower[at] in lang.given_names), None)
        is_full = not kind and end - start > 1  # "le cinéaste Mats Norén"
        is_person = kind == "person" or is_full or text.lower[head].endswith(tuple(lang.words("person_endings")))
        if not follows_link and (is_person or text.lower[start] in lang.titles):
            given = start
        if given is None:
            return Phrase(words, noun=text.lower[head], kind=kind, sex=sex)
        role = text.quote((words[0], given)) if is_person else ""
        named = self._named(words, (given, end), 0)
        return named._replace(role=role, sex=named.sex or sex)

    def _analyse_capitalised(self, words: Range, runs: list[Range], determiner: str) -> Phrase | None:
        text, lang = self._text, self._lang
        if not runs:
            return None
        named = [run for run in runs if any(text.lower[at] in lang.given_names for at in range(*run))]
        start, end = named[0] if named else runs[-1]
        given = next((at for at in range(start, end) if text.lower[at] in lang.given_names), None)
        limit = end - 1 if given is None else given
        kinds = {at: lang.noun_kind(text.lower[at]) for run in runs for at in range(*run)}
        stripped = [at for at in range(start, limit) if kinds[at] == "person" or text.lower[at] in lang.titles]
        is_role = end - start > 2 and text.lower[start].endswith(tuple(lang.words("person_endings")))
        if not stripped and given != start and is_role and not kinds[start]:
            stripped = [start]  # "Verhandlungsführerin Meral Aktaş"
        first_kind = next((kinds[at] for at in range(*runs[0]) if kinds[at]), "")
        is_surname = text.lower[start] in self._surnames
        is_other = stripped[:1] == [start] and start > runs[0][0] and text.lower[start - 1] in lang.words("belongings")
        if is_other:  # "die Forscher um Biologin Ritter"
            start = end = 0
            stripped, given = [], None
        if len(runs) == 1 and not determiner:
            is_noun = end - start == 1 and not is_surname and kinds[start] and not text.lower[start].endswith("mann")
            if not is_noun and not (end - start > 1 and kinds[start] and kinds[start] != "person" and given is None):
                return self._named(words, (start, end), stripped[-1] + 1 - start if stripped else 0)
        elif stripped and (len(runs) == 1 or given is not None or (start, end) == runs[0]):
            return self._named(words, (start, end), stripped[-1] + 1 - start, runs[0][0])
        elif given is not None and given > start and first_kind in ("person", ""):
            return self._named(words, (start, end), given - start, runs[0][0])
        classified = [at for at in range(*runs[0]) if kinds[at]]
        head = classified[-1] if classified else runs[0][1] - 1
        return Phrase(words, noun=text.lower[head], kind=kinds[head], sex=lang.noun_sex(text.lower[head]))

    def _named(self, words: Range, run: Range, skipped: int, role_start: int | None = None) -> Phrase:
        """Return a phrase with a name, of which ``skipped`` words are roles or titles."""
        text, lang = self._text, self._lang
        start = run[0] + skipped
        while start < run[1] - 1 and text.lower[start] in lang.titles:
            start += 1
        before = range(run[0] if role_start is None else role_start, start)
        titles = [text.lower[at] for at in before if text.lower[at] in lang.titles]
        roles = [at for at in before if text.lower[at] not in lang.titles]
        role = text.quote((roles[0], roles[-1] + 1)) if roles else lang.title_roles.get(" ".join(titles[-1:]), "")
        nouns = [text.lower[at] for at in roles if lang.noun_kind(text.lower[at]) == "person"]
        known: list[Sex] = [lang.given_names.get(text.lower[start], ""), *map(lang.titles.__getitem__, titles)]
        sex: Sex = next(filter(None, [*known, *map(lang.noun_sex, nouns[:1])]), "")
        is_person = role or sex or start > run[0]
        return Phrase(words, name=(start, run[1]), role=role, sex=sex, kind="person" if is_person else "")


def subject_starts(text: Text, start: int, verb: int) -> Iterator[int]:
    """Yield the places where the subject before a verb can begin: after a pause, a conjunction or a lead."""
    lang: Language = text.language
    floor = max(start, verb - 40)
    places = {floor} if floor == start else set()
    for at in range(floor, verb):
        if text.lower[at] in PAUSES or text.quotation_of[at] >= 0:
            places.add(at + 1)
        else:
            lengths = [lang.match(key, text.lower, at, verb) for key in ("conjunctions", "complementisers")]
            places |= {at + length for length in lengths if length}
    for place in sorted(places):
        yield place
        after = place
        while length := lang.match("leads", text.lower, after, verb):
            after += length
            after += after < verb and text.lower[after] == ","
            yield after
