"""People of one name: the work that one person may have, and two bearers of a name in one article."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile

from summarizer._files import read_toml
from summarizer._text import normalized_words
from summarizer.attribution.lexicon import ORGANISATIONS, PREPOSITIONS, WORDS
from summarizer.attribution.names import Name, lookup_form
from summarizer.attribution.roles import role_after
from summarizer.attribution.tokens import Paragraph

Place = tuple[int, Name]
"""A name and the index of its paragraph."""

_LISTS = read_toml(__file__, "languages/en/work.toml")
FIELDS = {
    word: word if name == "trades" else name for name, words in _LISTS["fields"].items() for word in words.split()
}
"""Fields of work by offices and professions; a trade is a field of its own."""
TRADES = frozenset(_LISTS["fields"]["trades"].split())
_JOINED = {name: frozenset(others.split()) for name, others in _LISTS["joined"].items()}
_PAST, _BESIDE = (frozenset(_LISTS[name].split()) for name in ("past", "beside"))

GIVEN_IN_FULL = dict(pair.split("=", 1) for pair in WORDS["short_names"])
"""Full given names by their short forms."""
_MAX_READ = 20  # places of a name that are read for somebody's work
_MIN_VARIANT = 5
"""In letters: surnames that begin alike, after the same first name, are one name spelled in two ways."""


def conflict(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether two people's fields of work do not go together in one person."""
    if not one or not other or one & other:
        return False
    pairs = [("trades" if first in TRADES else first, second) for first in one for second in other]
    pairs = [(first, "trades" if second in TRADES else second) for first, second in pairs]
    return not any(second in _JOINED.get(first, ()) or first in _JOINED.get(second, ()) for first, second in pairs)


def work_noun(role: str) -> str:
    """Return the noun of a role that tells a field of work, or ""; a former one tells none."""
    words = normalized_words(role)
    nouns = [*takewhile(lambda word: word not in PREPOSITIONS, words)][-1:] if _PAST.isdisjoint(words) else []
    return next((noun for noun in nouns if noun in FIELDS), "")


def fields_of(role: str) -> frozenset[str]:
    """Return the field of work that a role tells."""
    return frozenset([FIELDS[noun]]) if (noun := work_noun(role)) else frozenset()


def are_apart(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether one text tells of two people: it would not introduce a mayor once more as a plumber."""
    return conflict(one, other) or bool(one and other and not one & other and not (one | other) & _BESIDE)


def find_namesakes(
    paragraphs: Sequence[Paragraph], places: Sequence[Place]
) -> tuple[dict[int, int], dict[int, set[str]]]:
    """Return the places of full names that an earlier person has, too, with the first place of their bearer.

    The second person is introduced by name and work: "Ivan Petrov, a plumber", after "Ivan Petrov, the mayor". The
    second value has the nouns of such work by the places of both.
    """
    bearers: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, (_, name) in enumerate(places):
        if len(name.key) > 1:
            bearers[name.key].append(number)
    apart: dict[int, int] = {}
    nouns: dict[int, set[str]] = {}
    for numbers in bearers.values():
        known: dict[frozenset[str], int] = {}  # the first place of each person
        latest, told = numbers[0], {}
        for number in numbers if len(numbers) > 1 else ():
            noun, is_new = _read_work(paragraphs[places[number][0]], places[number][1])
            if fields := fields_of(noun):
                told[number] = {noun}
                is_apart = bool(known) and all((are_apart if is_new else conflict)(fields, each) for each in known)
                latest = known.setdefault(fields, number if is_apart else latest)
            if latest != numbers[0]:
                apart[number] = latest
        nouns |= told if not apart.keys().isdisjoint(numbers) else {}
    return apart, nouns


def _read_work(paragraph: Paragraph, name: Name) -> tuple[str, bool]:
    """Return the noun for the work beside a name, and whether it introduces somebody: "Ann Day, a baker"."""
    (start, end), lower = name.whole, paragraph.lower
    is_set_off = start > 1 and lower[start - 1] == "," != lower[max(0, start - 4)]
    before = start - 1 - is_set_off  # "the mayor, Ann Day", not "Tom Hill, the mayor, Ann Day"
    if noun := work_noun(name.titles[-1] if name.titles else lower[before] if start else ""):
        return noun, lower[before - 1] != "the"
    return work_noun(role_after(paragraph, name)[0] or ""), lower[end + 1 : end + 2] in (("a",), ("an",))


def find_by_work(
    paragraphs: Sequence[Paragraph], place: Place, known: Iterable[int], named: Mapping[int, Sequence[Place]]
) -> list[int]:
    """Return the only bearer of a surname with the work that is told beside it: "the mayor, Hill"."""
    noun = _read_work(paragraphs[place[0]], place[1])[0]
    fitting = [
        group
        for group in (known if noun else ())
        if any(_read_work(paragraphs[index], name)[0] == noun for index, name in named[group][:_MAX_READ])
    ]
    return fitting if len(fitting) == 1 else []


def split_generations(paragraphs: Sequence[Paragraph], places: list[Place]) -> list[Place]:
    """Return the names with "jr" in the key of those that mean the child of somebody named before.

    "Tom Hill" and later "Tom Hill Jr." are two people; in the other order they are one.
    """
    plain: set[tuple[str, str]] = set()
    juniors: set[tuple[str, str]] = set()
    found: list[Place] = []
    for index, name in places:
        key, last = find_variant(name.key), lookup_form(paragraphs[index].tokens[name.whole[1] - 1].text)
        if last in WORDS["generations"] and (key in plain or key in juniors or (key[0], last) in juniors):
            juniors |= {key, (key[0], last)}
            found.append((index, name._replace(key=(*name.key, last))))
            continue
        if len(name.key) > 1 and last not in WORDS["generations"]:
            plain.add(key)
        found.append((index, name))
    return found


def find_variant(key: tuple[str, ...]) -> tuple[str, str]:
    """Return what the spellings of one name have in common; bodies can begin and end alike."""
    is_body = "of" in key or not ORGANISATIONS.isdisjoint(key)
    return GIVEN_IN_FULL.get(key[0], key[0]), " ".join(key) if is_body else key[-1][:_MIN_VARIANT]
