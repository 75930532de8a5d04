"""Kinds of names: whether a name is a person's, a place's or a body's, and the sex of a person."""

from collections.abc import Sequence
from functools import lru_cache

from summarizer._patterns import compile_lazily
from summarizer.attribution import lexicon
from summarizer.attribution.lexicon import WORDS, classify_noun, is_person_noun, word_set
from summarizer.attribution.names import NOBLE_TITLES, PERSON_TITLES, EntityKind, Name, lookup_form
from summarizer.attribution.tokens import Paragraph

_BODY_WORDS = lexicon.ORGANISATIONS | WORDS["own_names"]
_BEFORE_SEAT = frozenset((noun, "for") for noun in ("member", "sits", "sat", "deputy"))
_PLACE_NOUNS = WORDS["place_nouns"]  # nouns in an apposition to a place or a body: "Marrock, the mill town that …"
MAX_MENTIONS_READ = 30
"""How many mentions of a name are read for its kind and for the sex of its bearer."""


def kind_of_name(key: Sequence[str], mentions: Sequence[tuple[Paragraph, Name]]) -> EntityKind:
    """Return the kind of entity that a name names, by its words and the words around its mentions."""
    if " ".join(key) in lexicon.GOVERNMENTS:
        return "government"
    is_person = len(key) == 2 and key[0] in lexicon.GIVEN_NAMES and key[1] in WORDS["bodies_of_persons"]
    is_body = len(key) > 1 and key[0] not in lexicon.GIVEN_NAMES and key[-1] in WORDS["last_of_body"]
    has_role = (set(name.titles) - {"former"} or _follows_role(paragraph, name) for paragraph, name in mentions)
    if is_person or (not is_body and any(has_role)):
        return "person"
    if len(key) == 1 and key[0].endswith("s"):
        last = key[0].rpartition("-")[2][:-1]
        if last in lexicon.NATIONALITIES or last in WORDS["people"]:
            return "group"
    if len(key) == 1 and mentions and _CAMEL_CASE.match(mentions[0][0].quote(mentions[0][1].core)):
        return "organisation"
    if (kind := _kind_of_words(tuple(key))) is not None:
        return kind
    read = mentions[:MAX_MENTIONS_READ]
    evidence = sum(_place_evidence(paragraph, name) for paragraph, name in read)
    if len(key) > 1 and all(len(name.key) > 1 for _, name in read):  # nobody is called by a surname
        evidence += sum(paragraph.lower[name.whole[1] : name.whole[1] + 1] in _REPORTED for paragraph, name in read)
    return "organisation" if mentions and evidence * 3 >= len(read) else "person"


@lru_cache(maxsize=4096)
def _kind_of_words(key: tuple[str, ...]) -> EntityKind | None:
    is_of = "of" in key and key[0] not in NOBLE_TITLES
    if is_of or not _BODY_WORDS.isdisjoint(key) or key[0] in WORDS["first_of_place"] or "the" in key:
        return "organisation"
    if len(key) > 1 and (key[0] in WORDS["first_of_body"] or key[-1] in WORDS["last_of_body"]):
        return "organisation"
    if len(key) > 1 and key[0] in lexicon.GIVEN_NAMES:
        return "person"
    if len(key) > 1 and key[-1] in WORDS["last_of_place"]:
        return "organisation"
    if " ".join(key) in WORDS["places"] and key[0] not in lexicon.GIVEN_NAMES:
        return "organisation"
    return None


_REPORTED = frozenset({("reported",), ("fact-checked",)})  # verbs after the name of a publication
_PUBLICATIONS = WORDS["publications"] | {"blog"}
_CAMEL_CASE = compile_lazily(r"(?!Fitz|Mac|Vande?r?[A-Z])[A-Z][a-z]{3,}[A-Z]")
"""A word such as "BuzzFeed", which is not a surname."""


def _follows_role(paragraph: Paragraph, name: Name) -> bool:
    """Return whether a profession in small letters is right before a full name: "developer Mel Hart"."""
    start = name.whole[0]
    if not start or len(name.key) < 2:
        return False
    before = paragraph.tokens[start - 1]
    return before.lower in _PROFESSIONS and before.text.islower()


_PROFESSIONS = WORDS["professions"] | PERSON_TITLES


def _place_evidence(paragraph: Paragraph, name: Name) -> float:
    """Return how surely the context shows that a name is no person's: "in X", "the X", "X, where …"."""
    start, end = name.whole
    lower = paragraph.lower
    before = lower[start - 1] if start else ""
    after = lower[end] if end < len(lower) else ""
    if before == "on":
        return 0.5
    if before == "the":
        is_noun = after.isalpha() and paragraph.tokens[end].text[0].islower() and after not in WORDS["after_name"]
        return not is_noun or (len(name.key) > 1 and paragraph.tokens[end].is_finite)
    if _is_body(paragraph, name):
        return True
    if start == 0 and after in ("-", "—", "–", "(") and paragraph.quote(name.whole).isupper():
        return True  # the place in a dateline
    if before in WORDS["before_place"] or (start > 1 and (lower[start - 2], before) in _BEFORE_SEAT):
        return True
    if before == "of" and start > 1 and lower[start - 2] in _PLACE_NOUNS:
        return True
    if after == "," and end + 1 < len(lower):
        nouns = _apposition_nouns(paragraph, end + 1)
        return lower[end + 1] in ("where", "which") or any(
            noun in _PLACE_NOUNS or (classify_noun(noun) == "body" and noun not in _PROFESSIONS) for noun in nouns
        )
    return False


def _is_body(paragraph: Paragraph, name: Name) -> bool:
    """Return whether the words beside a name show a body: "campaign group X", "the chain, X,", "X said its"."""
    (start, end), lower, tokens = name.whole, paragraph.lower, paragraph.tokens
    if end + 1 < len(lower) and tokens[end].is_finite and lower[end + 1] == "its":
        return True
    if lower[end : end + 1] in (("website",), ("fact-checked",)):
        return True
    noun = start - 1 - (start > 0 and lower[start - 1] == ",")
    is_body = noun >= 0 and (lower[noun] in _PUBLICATIONS or classify_noun(lower[noun]) == "body")
    if not is_body or tokens[noun].text[0].isupper() > paragraph.begins_sentence(noun):
        return False
    before = tokens[noun - 1] if noun else None
    if noun == start - 1:  # not "the company Reed founded"
        is_called = lower[noun] in _PUBLICATIONS and lower[end : end + 1] != ("founded",)
        return is_called or len(name.key) > 1 or before is None or not before.is_determiner
    return before is not None and before.is_determiner and lower[end : end + 1] == (",",)


def _apposition_nouns(paragraph: Paragraph, start: int) -> tuple[str, ...]:
    """Return the last words of the noun phrase in an apposition: "firm" in "a firm in Leeds"."""
    lower = paragraph.lower
    if lower[start] not in ("a", "an", "the"):
        return ()
    end = start + 1
    while end < min(start + 5, len(lower)) and lower[end].isalpha() and lower[end] not in WORDS["after_name"]:
        end += 1
    return lower[max(start + 1, end - 1) : end]


def find_sex(paragraphs: Sequence[Paragraph], cluster: Sequence[tuple[int, Name]]) -> lexicon.Sex:
    """Return the sex that titles tell, else the given name, else the pronouns after the name."""
    sexes = [name.titled_sex for _, name in cluster if name.titled_sex] or [name.sex for _, name in cluster if name.sex]
    first = cluster[0][1]
    if not sexes and (first.titles or (len(first.key) > 1 and kind_of_name(first.key, ()) == "person")):
        sexes = [
            sex for index, name in cluster[:MAX_MENTIONS_READ] if (sex := _sex_by_pronoun(paragraphs[index], name))
        ]
    if not sexes:
        return ""
    male = sexes.count("m") * 2
    return "m" if male > len(sexes) or (male == len(sexes) and sexes[0] == "m") else "f"


_MAX_PRONOUN_DISTANCE = 30
MALE_PRONOUNS = word_set("he his him himself he's he'd he'll")
FEMALE_PRONOUNS = word_set("she her herself she's she'd she'll")


def _sex_by_pronoun(paragraph: Paragraph, name: Name) -> lexicon.Sex:
    """Return the sex by the noun before a name, else by the first pronoun after a subject.

    No other person may be named before the pronoun.
    """
    start, end = name.whole
    noun = paragraph.lower[start - 1 - (paragraph.lower[start - 1] == ",")] if start > 1 else ""
    if noun in WORDS["men"] or noun in WORDS["women"]:
        return "m" if noun in WORDS["men"] else "f"
    before = paragraph.tokens[start - 1] if start else None
    is_set_off = paragraph.lower[end : end + 1] == (",",) or paragraph.begins_sentence(start)
    is_subject = before is None or is_set_off or before.is_mark or before.is_coordinator or before.is_subordinator
    is_object = before is not None and not is_set_off and before.is_preposition
    if (
        (len(name.key) < 2 and not name.titles)
        or is_object
        or not (is_subject or is_person_noun(noun))
        or paragraph.tokens[end - 1].owns
    ):
        return ""
    stop = min(paragraph.sentence_range(start)[1], end + _MAX_PRONOUN_DISTANCE)
    for token in paragraph.tokens[end:stop]:
        if token.lower in MALE_PRONOUNS and token.lower != "him":
            return "m"
        if token.lower in FEMALE_PRONOUNS:
            return "f"
        if token.is_capitalised:
            form = lookup_form(token.lower)
            if form in lexicon.TITLES or form in lexicon.GIVEN_NAMES:
                return ""
    return ""
