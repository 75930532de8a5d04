"""Names: their places, titles and kinds."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import compress
from operator import attrgetter
from typing import Literal, NamedTuple

from summarizer.attribution import lexicon
from summarizer.attribution.lexicon import (
    PREPOSITIONS,
    WORDS,
    Sex,
    classify_noun,
    is_compound_role,
    is_person_noun,
    word_set,
)
from summarizer.attribution.name_words import STATUSES, Joins, is_compound_participle, is_speaking_name, joins_body
from summarizer.attribution.tokens import Paragraph, Range

EntityKind = Literal["person", "organisation", "government", "group", "document", "unnamed"]
"""What an entity is, as far as its name and its role tell."""

_PARTICLES = WORDS["particles"]
_BEFORE_FOR = lexicon.ORGANISATIONS - {"front", "campaign", "international", "security"} | word_set(
    "citizens doctors fund"
)
"""Words of bodies whose names can go on with "for"."""
_MAX_PARTICLES = 3
"""In a row: "van der"."""
_NAME_WORDS = frozenset({"Without", "Against", "For", "Beyond", "This"})
"""With a capital they are part of a name: "Doctors Without Borders", "CBS This Morning"."""
_NAMES_OF_GROUPS = lexicon.GIVEN_NAMES.keys() & WORDS["people"]
_NO_NAMES = (
    lexicon.ADVERBS | lexicon.AUXILIARIES | lexicon.COORDINATORS | lexicon.DAYS | lexicon.DETERMINERS | lexicon.MODALS
    | lexicon.OBJECT_PRONOUNS | PREPOSITIONS | lexicon.PRONOUNS | lexicon.QUESTION_WORDS | lexicon.SUBORDINATORS
    | word_set("god i. yes well oh ok there here that neither none to dear whoever whatever whichever")
)  # fmt: skip
_BEFORE_CAPITAL = lexicon.OPENING_MARKS | lexicon.STOPS | {":"}
_MAX_NAME = 12
"""In tokens; a longer run of capitals is a headline, or shouting."""

_is_capitalised = attrgetter("is_capitalised")  # faster than a loop over every token


class Name(NamedTuple):
    """One name in one paragraph."""

    whole: Range
    """Titles included: "Ukrainian President Volodymyr Zelensky"."""
    core: Range
    """Without titles and degrees: "Volodymyr Zelensky"."""
    key: tuple[str, ...]
    """The words of the core in lower case, without a possessive 's, a nickname in marks and a "Jr."."""
    titles: tuple[str, ...]
    """The words before the core, in lower case and without full stops."""
    titled_sex: Sex
    """The sex that the title tells: "m" for "Mr"."""
    sex: Sex
    """The sex that the title tells, else the given name."""


@lru_cache(maxsize=8192)
def lookup_form(word: str) -> str:
    """Return a word in lower case, without a possessive 's and without full stops."""
    word = word.lower().replace("’", "'")
    if word.endswith("'s"):
        word = word[:-2]
    return word if "." in word[:-1] else word.rstrip(".")


def find_names(paragraphs: Sequence[Paragraph], joins: Joins) -> list[list[Name]]:
    """Return the names in each paragraph, in order.

    A single word whose capital begins a sentence or a quotation is doubtful. It counts only if its word is part
    of another name of the article, or in the name lists, or if it speaks and no list has it as a noun.
    """
    candidates: list[Sequence[tuple[bool, Name]]]
    candidates = [list(_find_candidates(paragraph, joins)) or () for paragraph in paragraphs]  # () takes no memory
    keys = {name.key for here in candidates for _, name in here if len(name.key) > 1}
    if titled := set(filter(_is_titled, keys)):
        full = {key[-1] for key in keys - titled}
        for at, here in enumerate(candidates):
            if any(name.key in titled for _, name in here):
                candidates[at] = [(is_sure, _without_role(name, full)) for is_sure, name in here]
    _cut_openings(paragraphs, candidates)
    _split_papers(candidates)
    known = {word for here in candidates for is_sure, name in here if is_sure for word in _find_known(name.key)}
    known.update(lexicon.GIVEN_NAMES, lexicon.GOVERNMENTS)
    doubtful = [(paragraphs[at], name) for at, here in enumerate(candidates) for is_sure, name in here if not is_sure]
    known.update(name.key[0] for paragraph, name in doubtful if is_speaking_name(paragraph, name.whole, paragraphs))
    return [[name for is_sure, name in here if is_sure or name.key[0] in known] for here in candidates]


def _cut_openings(paragraphs: Sequence[Paragraph], candidates: list[Sequence[tuple[bool, Name]]]) -> None:
    """Cut words that are capitalised as the first of a sentence: "Unlike Pike", where "Pike" is a name elsewhere."""
    glued = [(at, each) for at, here in enumerate(candidates) for each in here if _has_opening(paragraphs[at], each[1])]
    if not glued:
        return
    openings = {name for _, (_, name) in glued}
    sure = [name for here in candidates for is_sure, name in here if is_sure and name not in openings]
    others = {name.key for name in sure if not name.titles}
    surnames = {key[1] for key in others if len(key) == 2 and lexicon.ORGANISATIONS.isdisjoint(key)}
    for at, each in glued:
        name, rest = each[1], each[1].key[1:]
        is_known = rest in others or rest[-1] in surnames or " ".join(rest) in lexicon.GOVERNMENTS
        if name.key not in others and is_known:
            start, end = name.core[0] + 1, name.whole[1]
            cut = Name((start, end), (start, name.core[1]), rest, (), "", "")
            candidates[at] = [(True, cut) if one is each else one for one in candidates[at]]


def _has_opening(paragraph: Paragraph, name: Name) -> bool:
    start, first = name.core[0], name.key[0]
    is_adverb = first.endswith("ly") and len(first) > 6 and first not in lexicon.GIVEN_NAMES  # not "Emily"
    if len(name.key) < 2 or name.titles or not (is_adverb or first in WORDS["openings"]):
        return False
    is_first = paragraph.begins_sentence(start) or start == paragraph.dateline
    return is_first or paragraph.tokens[start - 1].text in _BEFORE_CAPITAL


def _find_known(key: tuple[str, ...]) -> Iterable[str]:
    """Return the words of a name that can be a name alone: not "Growers" in "Fruit Growers' League"."""
    is_body = not lexicon.ORGANISATIONS.isdisjoint(key)
    return [word for word in key if not (is_body and word.endswith("s") and classify_noun(word) == "person")]


def _split_papers(candidates: list[Sequence[tuple[bool, Name]]]) -> None:
    """Split a paper and the person right after it: "the Gale Post Pike said", of Ann Pike."""
    people: set[str] | None = None
    for at, here in enumerate(candidates):
        for place, (is_sure, (_, (start, end), key, titles, *_)) in reversed(list(enumerate(here))):
            if len(key) < 3 or titles or key[-2] not in WORDS["papers"] or end - start != len(key):
                continue
            if people is None:
                keys = {name.key for here in candidates for _, name in here}
                people = {key[1] for key in keys if len(key) == 2 and lexicon.ORGANISATIONS.isdisjoint(key)}
            if key[-1] in people:
                paper, person = (start, end - 1), (end - 1, end)
                names = Name(paper, paper, key[:-1], (), "", ""), Name(person, person, key[-1:], (), "", "")
                candidates[at] = [*here[:place], *((is_sure, name) for name in names), *here[place + 1 :]]


def _is_titled(key: tuple[str, ...]) -> bool:
    return len(key) == 2 and _is_role_noun(key[0]) and key[1] not in lexicon.ORGANISATIONS


def _without_role(name: Name, surnames: Collection[str]) -> Name:
    """Return a surname without the role before it: "Rancher Delaney", where the article has "Buck Delaney"."""
    if not _is_titled(name.key) or name.key[1] not in surnames:
        return name
    end = name.core[1]
    return name._replace(core=(end - 1, end), key=name.key[1:], titles=(*name.titles, name.key[0]))


_LABEL_MARKS = frozenset({",", ":", "(", "."})
_MIN_HEADING = 6
"""In tokens: a shorter line in title case can be a name."""


def _is_heading(paragraph: Paragraph) -> bool:
    """Return whether the capitals of a line mean nothing; lists of names have commas, and labels colons."""
    return (
        len(paragraph.tokens) >= _MIN_HEADING and paragraph.has_title_case and _LABEL_MARKS.isdisjoint(paragraph.lower)
    )


def _find_candidates(paragraph: Paragraph, joins: Joins) -> Iterator[tuple[bool, Name]]:
    """Yield the names in a paragraph, each with False if it is doubtful."""
    if paragraph.kind == "title" or paragraph.is_aside or _is_heading(paragraph):
        return
    for first_word, end in _find_runs(paragraph, joins):
        start = first_word
        is_first = paragraph.begins_sentence(start) or start == paragraph.dateline
        is_capital_expected = is_first or _follows_opening(paragraph, start)
        start += is_capital_expected and end > start + 1 and _leads_in(*paragraph.lower[start : start + 2])
        is_quoted = start > 0 and end > start + 1 and _is_quoted_whole(paragraph, (start, end))
        for name in _split_run(paragraph, (start, end)) if end - start > 2 else _read_name(paragraph, (start, end)):
            first, last = name.whole
            is_expected = is_capital_expected and first == start and last == first + 1
            is_expected = is_expected and not (paragraph.tokens[first].is_name or _is_acronym(paragraph, first))
            if first and paragraph.lower[first - 1] in ("a", "an") and _NAMES_OF_GROUPS.issuperset(name.key):
                continue  # "a Christian"
            yield not (is_quoted or is_expected), name


def _follows_opening(paragraph: Paragraph, word: int) -> bool:
    """Return whether a stop or an opening mark is before a word; a straight mark can close: "No," Hill said."""
    quotation = paragraph.quotation_at(word - 1)
    is_closing = quotation is not None and quotation.start < word - 1 == quotation.end - 1
    return paragraph.tokens[word - 1].text in _BEFORE_CAPITAL and not is_closing


def _leads_in(word: str, following: str) -> bool:
    """Return whether the first word of a sentence is not part of a name: "Meanwhile Ann Hill", "Trusting Ann Hill"."""
    return word in WORDS["connectives"] or (word.endswith("ing") and following in lexicon.GIVEN_NAMES)


def _is_quoted_whole(paragraph: Paragraph, words: Range) -> bool:
    """Return whether a quotation has no other words, as that of a headline or a slogan: “Council Defies Court,”."""
    start, end = words
    after = end + (paragraph.lower[end : end + 1] == (",",))
    closing = paragraph.lower[after : after + 1]
    return paragraph.lower[start - 1] in lexicon.OPENING_MARKS and bool(closing) and closing[0] in lexicon.CLOSING_MARKS


def _is_acronym(paragraph: Paragraph, word: int) -> bool:
    """Return whether a word is in capitals before a word in small letters: "NFT said"."""
    text, following = paragraph.tokens[word].text, paragraph.tokens[word + 1 : word + 2]
    return len(text) > 2 and text.isupper() and text.isalpha() and any(token.text.islower() for token in following)


def _find_runs(paragraph: Paragraph, joins: Joins) -> Iterator[Range]:
    tokens = paragraph.tokens
    done = 0
    for word in compress(range(len(tokens)), map(_is_capitalised, tokens)):
        if word < done or not _begins_name(paragraph, word):
            continue
        end = word + 1
        while end < len(tokens) and not tokens[end - 1].owns and (step := _run_step(paragraph, end, joins)):
            end += step
        if end - word <= _MAX_NAME:
            first = word
            while first > max(done, word - _MAX_PARTICLES) and tokens[first - 1].text in _PARTICLES:
                first -= 1
            yield (first if tokens[first].text in WORDS["first_particles"] else word), end
        done = end


def _begins_name(paragraph: Paragraph, word: int) -> bool:
    """Return whether a capitalised word can begin a name: not "The", but "US", which is not a pronoun in capitals."""
    lower, token = paragraph.lower[word], paragraph.tokens[word]
    if token.is_name:
        return True
    if token.cue is not None and not token.cue.nouns and token.cue.forms & {"s", "past"} and token.text.isupper():
        return False  # "SAID ANN HILL"
    around = paragraph.lower[word - 1 : word + 2 : 2] if word else ()
    is_status = lower in STATUSES and around[:1] == ("(",) and token.text[-1].islower()
    is_status = is_status or (lower[:2] in ("r-", "d-", "i-") and around[:1] in (("(",), (",",)))  # "(R-Ohio)"
    if around == ("[", "]") or is_status or is_compound_participle(token.text):
        return False  # the number of a note, "[S2]"; "the GOP-sponsored law"
    if lower not in _NO_NAMES and lower.partition("'")[0] not in _NO_NAMES:
        return True
    return lower in ("us", "who") and token.text.isupper() and not paragraph.begins_sentence(word)


def _run_step(paragraph: Paragraph, word: int, joins: Joins) -> int:
    """Return how many tokens a run takes from ``word`` on: 0 if it ends before."""
    token, tokens = paragraph.tokens[word], paragraph.tokens
    if token.is_name:
        return 1
    if token.text in _NAME_WORDS and not paragraph.begins_sentence(word):
        return 2 if word + 1 < len(tokens) and tokens[word + 1].is_capitalised else 0
    if token.is_capitalised and token.is_possessive and tokens[word - 1].lower in WORDS["first_of_body"]:
        return 2 if word + 1 < len(tokens) and tokens[word + 1].is_capitalised else 0  # "Save Our Sound"
    if token.is_capitalised:
        if token.cue is not None and not token.cue.nouns and token.cue.forms & {"s", "past"}:
            return 0  # a headline: "Hill Says"
        if is_compound_participle(token.text) or (token.lower in WORDS["irregular_pasts"] and not token.text.isupper()):
            return 0
        is_small_word = token.lower in _NO_NAMES and (not token.text.isupper() or len(token.text) == 1)
        return 0 if is_small_word else 1
    has_capital = word + 1 < len(tokens) and tokens[word + 1].is_capitalised
    if token.lower == "'" and paragraph.starts[word] == paragraph.end(word - 1):  # "The Drivers' Union"
        return 2 if has_capital and classify_noun(tokens[word + 1].lower) == "body" else 0
    if token.lower == "the":
        following = [lookup_form(after.text) for after in tokens[word + 1 : word + 2]]
        return 2 if token.text == "the" and (paragraph.lower[word - 1], *following) in joins else 0
    if token.text in ("of", "&"):
        return 2 if has_capital else 0
    if token.text == "and":
        return 2 if has_capital and word > 1 and joins_body(paragraph, word) else 0
    if token.text == "for":  # "Center for Responsive Politics"
        before = tokens[word - 1]
        return 2 if has_capital and before.is_capitalised and lookup_form(before.text) in _BEFORE_FOR else 0
    after = word
    while after < min(word + _MAX_PARTICLES, len(tokens)) and tokens[after].text in _PARTICLES:
        after += 1
    return after + 1 - word if word < after < len(tokens) and tokens[after].is_capitalised else 0


def _split_run(paragraph: Paragraph, run: Range) -> tuple[Name, ...]:
    """Return one name, or two if "of" joins a person and a place: "Ms Day of Ohio"."""
    start, end = run
    for word in range(start + 1, end - 1):
        if paragraph.tokens[word].text != "of":
            continue
        before = lookup_form(paragraph.tokens[word - 1].text)
        is_body = start > 0 and paragraph.tokens[start - 1].is_determiner and not is_person_noun(before)
        if before not in _OWN_OF and not is_body:
            is_first = paragraph.begins_sentence(start) or start == paragraph.dateline
            is_group = is_first and before.removesuffix("s") in WORDS["people"]
            names = () if is_group else _read_name(paragraph, (start, word))
            return names + _read_name(paragraph, (word + 1, end))
    return _read_name(paragraph, run)


_TITLE_FORMS = {"Del.": "delegate", "Sr.": "sr"}
"""Titles that are other words without their full stop."""


def _read_name(paragraph: Paragraph, run: Range) -> tuple[Name, ...]:
    start, end = run
    last, given, whole, core = _parse_run(tuple([token.text for token in paragraph.tokens[start:end]]))
    if core is None and end - start == 3 and _ends_office(paragraph, start):
        given, core = 1, _read_parts(tuple([lookup_form(token.text) for token in paragraph.tokens[start + 1 : end]]))
    if core and (office := _office_start(paragraph, start + given)) < start + given:
        titles = tuple([lookup_form(token.text) for token in paragraph.tokens[office : start + given]])
        return (Name((office, end), (start + given, start + last), core[0], titles, "", core[3]),)
    key, titles, titled_sex, sex = whole
    is_core = not titles and last == end - start
    bare = run if is_core else (start + len(titles), start + last)
    return (Name(run, bare, key, titles, titled_sex, sex),) if key else ()


def _ends_office(paragraph: Paragraph, word: int) -> bool:
    """Return whether a house ends an office before a full name: "Speaker of the House Newt Hill"."""
    lower = paragraph.lower
    is_office = word > 2 and lower[word - 2 : word] == ("of", "the") and lookup_form(lower[word - 3]) in PERSON_TITLES
    last = lookup_form(lower[word + 2])
    is_body = last in lexicon.ORGANISATIONS or classify_noun(last) == "body"
    return is_office and lower[word] in WORDS["houses"] and not is_body


_Parts = tuple[tuple[str, ...], tuple[str, ...], Sex, Sex]
"""Key and titles of a name, the sex that the titles tell, and that of titles or given name."""


@lru_cache(maxsize=4096)
def _parse_run(texts: tuple[str, ...]) -> tuple[int, int, _Parts, _Parts | None]:
    """Return where a run's degrees begin, its given name, and its parts with and without an office.

    The given name is at most four words after the start, or -1. Without one, the last is None.
    """
    words = tuple([_TITLE_FORMS.get(text) or lookup_form(text) for text in texts])
    if len(words) == 1:
        parts = _read_parts(words)
        return 1, -1, ((), *parts[1:]) if words[0].rstrip(".") in WORDS["degrees"] else parts, None
    last = len(words)
    while last > 1 and words[last - 1].rstrip(".") in WORDS["degrees"]:
        last -= 1
    places = (place for place, word in enumerate(words[:5]) if word in lexicon.GIVEN_NAMES and words[place + 1 :])
    given = next(places, -1)
    return last, given, _read_parts(words[:last]), _read_parts(words[given:last]) if given >= 0 else None


_MAX_OFFICE = 8
"""In tokens: an office before a name."""
NOBLE_TITLES = word_set("duke duchess earl marquess countess")
_OWN_OF = lexicon.TITLES.keys() | lexicon.ORGANISATIONS | WORDS["own_names"] | NOBLE_TITLES
"""Words whose "of" is part of a name; so is that after a determiner: "the United Nurses of Gale"."""
PERSON_TITLES = lexicon.TITLES.keys() - {"state", "us"}


def _office_start(paragraph: Paragraph, name: int) -> int:
    """Return where an office with "of" or "for" before a name begins, or ``name``: "Chancellor of the Exchequer"."""
    tokens, lower = paragraph.tokens, paragraph.lower
    start, before = name, lower[max(0, name - _MAX_OFFICE) : name]
    if "of" not in before and "for" not in before:
        return name
    for word in range(name - 1, max(0, name - _MAX_OFFICE), -1):
        noun = lookup_form(tokens[word - 1].text).removeprefix("then-").removeprefix("ex-")
        if lower[word] in ("of", "for"):
            if noun not in lexicon.TITLES:
                return start
            if not PERSON_TITLES.issuperset(map(lookup_form, lower[word + 1 : name])):
                start = word - 1  # not "spokesman for Mayor"
        elif _bounds_office(paragraph, word) or (start == name and lower[word] in PERSON_TITLES):
            break
    while 0 < start < name and describes(paragraph, start - 1):
        start -= 1
    return start


def _bounds_office(paragraph: Paragraph, word: int) -> bool:
    """Return whether a word cannot be in an office that begins before it."""
    token = paragraph.tokens[word]
    if token.is_mark or token.is_verb or token.is_pronoun or token.owns or paragraph.begins_sentence(word):
        return True
    if token.is_preposition or (token.is_determiner and token.lower != "the") or token.lower in WORDS["professions"]:
        return True
    is_verb = token.cue is not None and not token.cue.nouns
    return token.lower in lexicon.GIVEN_NAMES if token.is_capitalised else is_verb


def describes(paragraph: Paragraph, word: int) -> bool:
    """Return whether a word can be part of a role before a name: "former", "party", "Ukrainian"."""
    token = paragraph.tokens[word]
    if token.is_capitalised and not paragraph.begins_sentence(word):
        return not (token.is_mark or token.is_determiner or token.is_preposition)
    lists = lexicon.TITLES, *(WORDS[name] for name in ("role_adjectives", "portfolios", "professions"))
    return any(token.lower in words for words in lists)


def _read_parts(words: tuple[str, ...]) -> _Parts:
    core = _core_start(words)
    key, titles = _without_extras(words[core:]), words[:core]
    titled: Sex = next((lexicon.TITLES[title] for title in titles if lexicon.TITLES.get(title)), "") if titles else ""
    return key, titles, titled, titled or (lexicon.GIVEN_NAMES.get(key[0], "") if len(key) > 1 else "")


def _without_extras(key: tuple[str, ...]) -> tuple[str, ...]:
    """Return a key without the nickname in marks and the "Jr." that not every mention of a person has."""
    while len(key) > 1 and key[0] in _PARTICLES and " ".join(key) not in WORDS["places"]:
        key = key[1:]
    if len(key) > 1 and key[-1] in WORDS["generations"]:
        key = key[:-1]
    if len(key) < 2:
        return key
    opening = next((place for place, word in enumerate(key) if not word[0].isalnum()), 0)
    if not opening:
        return key
    closing = max(place for place, word in enumerate(key) if not word[0].isalnum())
    return key[:opening] + key[closing + 1 :]


def _core_start(words: tuple[str, ...]) -> int:
    """Return where the titles before a name end; the number of words if there are only titles."""
    core = 0
    is_person = len(words) > 2 and words[-3] in PERSON_TITLES and words[-2] in lexicon.GIVEN_NAMES  # "Mayor Ann Post"
    if (is_person or words[-1] not in lexicon.ORGANISATIONS) and " ".join(words) not in lexicon.GOVERNMENTS:
        if not lexicon.TITLES.keys().isdisjoint(words):
            titles = (place + 1 for place, word in enumerate(words) if word in lexicon.TITLES)
            core = max((end for end in titles if end < len(words) or not _is_surname(words)), default=0)
        if not core and len(words) > 1:
            core = _profession_end(words) or _employer_end(words)
        while core + 1 < len(words) and (_is_nationality(words, core) or _is_place(words, core)):
            core += 1
    if 0 < core < len(words) and words[core] == "party" and words[core - 1] in ("republican", "democratic"):
        core -= 1  # "Republican Party of Gale"
    rest = words[core:]
    return len(words) if not rest or rest[0] == "of" or lexicon.NATIONALITIES.issuperset(rest) else core


def _profession_end(words: Sequence[str]) -> int:
    """Return where a profession before a full name ends, or 0: "Engineer Joan Pike", "Local Tom Reed"."""
    end, adjectives = 0, WORDS["role_adjectives"]
    while end + 2 < len(words) and words[end] in adjectives:
        end += 1
    first = end
    while end + 2 < len(words) and words[end + 1] != "of" and _is_role_noun(words[end]):
        end += 1
    if words[end] in lexicon.GIVEN_NAMES:
        return end
    is_body = words[end - 1].endswith("s") or not _PLACE_OR_BODY.isdisjoint(words[end:])
    return end if end > first and not is_body else 0


_PLACE_OR_BODY = WORDS["last_of_place"] | WORDS["last_of_body"] | lexicon.ORGANISATIONS


def _employer_end(words: Sequence[str]) -> int:
    """Return where a body or an office before a person ends, or 0: "City Advocate Ann Day"."""
    given = len(words) - 2 - (len(words) > 3 and len(words[-2].rstrip(".")) == 1)
    if given < 1 or words[given] not in lexicon.GIVEN_NAMES:
        return 0
    is_long = given > 1 and lexicon.GIVEN_NAMES.keys().isdisjoint(words[:given]) and "of" not in words
    return given if is_long or words[given - 1] in _EMPLOYERS or _is_role_noun(words[given - 1]) else 0


_EMPLOYERS = lexicon.ORGANISATIONS - {"front", "campaign", "american", "international", "national", "global"}


@lru_cache(maxsize=4096)
def _is_role_noun(word: str) -> bool:
    """Return whether a capitalised word before a full name is its role: "Rancher", "Economist-turned-novelist"."""
    if word in WORDS["professions"] or is_compound_role(word):
        return True
    if word in WORDS["role_like_names"] or word in WORDS["first_of_place"] or word in lexicon.ORGANISATIONS:
        return False
    last = word.rpartition("-")[2]
    if word in WORDS["openings"] or word.endswith("man"):
        return False  # "Poor Mexico", "Osman"
    if last in lexicon.GIVEN_NAMES or word in lexicon.GIVEN_NAMES or word in lexicon.NATIONALITIES:
        return False
    return classify_noun(word) == "person" or is_person_noun(last)


def _is_surname(words: Sequence[str]) -> bool:
    """Return whether the last word is a surname, as a given name shows, and no title: "Tom Judge"."""
    before = words[-2] if len(words) > 1 else ""
    if before in ("mr", "mrs", "ms", "miss"):
        return words[-1] not in WORDS["addressed"]
    return (before in lexicon.GIVEN_NAMES or len(before.rstrip(".")) == 1) and words[-1] not in ("sr", "hon")


def _is_nationality(words: Sequence[str], word: int) -> bool:
    """Return whether a nationality is not part of a name: "Russian Ivan Orlov"; not "American Crossroads"."""
    return words[word] in lexicon.NATIONALITIES and (word > 0 or words[1] in lexicon.GIVEN_NAMES)


def _is_place(words: Sequence[str], word: int) -> bool:
    """Return whether a word names a place right before a person: "Middle East Sam Hill"."""
    if word + 2 < len(words) and " ".join(words[word : word + 2]) in lexicon.GOVERNMENTS:
        return words[word + 2] in lexicon.GIVEN_NAMES
    place = words[word] in lexicon.GOVERNMENTS or " ".join(words[word - 1 : word + 1]) in lexicon.GOVERNMENTS
    return place and words[word + 1] in lexicon.GIVEN_NAMES
