"""Kinds: whether a name is a person's, a place's or a body's, by its words and by the words around it."""

from collections.abc import Sequence

from summarizer.attribution.attribution import EntityKind
from summarizer.attribution.grammar import PREPOSITIONS, word_set
from summarizer.attribution.namebook import Sex, namebook
from summarizer.attribution.names import Name, bare
from summarizer.attribution.passages import Passage

_FIRST = word_set(
    "new north south east west wall los las san santa super supreme grand fort st mount lake river gulf cape port "
    "republic upper lower nether outer inner great little northern southern eastern western"
)
"""First words of names of places and things, which are no people."""
_LAST = word_set(
    "street road avenue lane square river valley island islands county province city town bill act treaty amendment "
    "central metrology airport station"
)
"""Last words of such names, where no given name is before them."""
_IN = word_set("in at into near across throughout outside")
"""Prepositions that stand before places more often than before people."""
_SEATS = word_set("represents represented representing")
_AREAS = word_set(
    "town city village valley region country island islands suburb state district port county province firm company "
    "newspaper website group party organisation organization charity club magazine agency republic kingdom people "
    "mayor inhabitants inhabitant"
)
"""What an apposition calls a place or a body: "Marrock, the mill town that …"."""

Mention = tuple[Passage, Name]


def kind_of(key: Sequence[str], mentions: Sequence[Mention]) -> EntityKind:
    """What a name is the name of; ``key`` its words in lower case, ``mentions`` where it stands."""
    book = namebook()
    if " ".join(key) in book.governments:
        return "government"
    for _, name in mentions:
        if name.titles:
            return "person"
    if not book.organisations.isdisjoint(key) or key[0] in _FIRST:
        return "organisation"
    if "the" in key:
        return "organisation"  # "Save the River"
    if len(key) > 1 and key[0] in book.given:
        return "person"
    if len(key) > 1 and key[-1] in _LAST:
        return "organisation"
    placed = sum(_placed(passage, name) for passage, name in mentions[:_READ])
    return "organisation" if mentions and placed * 3 >= len(mentions[:_READ]) else "person"


_READ = 30
"""How many mentions are read for what a name is the name of."""


def _placed(passage: Passage, name: Name) -> float:
    """How surely the words around a mention show that it is no person's name: "in X", "the X", "X, where …"."""
    start, end = name.whole
    lower = passage.lower
    before = lower[start - 1] if start else ""
    after = lower[end] if end < len(lower) else ""
    if before == "on":
        return 0.5
    if before == "the":
        return not (after.isalpha() and passage.words[end][0].islower() and after not in _GOES_ON)
    if start == 0 and after in ("-", "—", "–", "(") and passage.quote(name.whole).isupper():
        return True  # the place in a dateline
    if before in _IN or before in _SEATS or (start > 1 and (lower[start - 2], before) in _LEADS_TO):
        return True
    if before == "of" and start > 1 and lower[start - 2] in _AREAS:
        return True
    if after == "," and end + 1 < len(lower):
        return lower[end + 1] == "where" or any(lower[each] in _AREAS for each in _apposition(passage, end + 1))
    return False


_LEADS_TO = frozenset((noun, "for") for noun in ("member", "sits", "sat", "deputy"))
_GOES_ON = word_set(
    "is was are were has had have will would can could and or of in on at to for with by from that who which"
)


def _apposition(passage: Passage, start: int) -> range:
    """The words of an apposition that can say what a name is: "a firm in Leeds" up to "firm"."""
    lower = passage.lower
    if lower[start] not in ("a", "an", "the"):
        return range(0)
    end = start + 1
    while end < min(start + 5, len(lower)) and lower[end].isalpha() and lower[end] not in _GOES_ON:
        end += 1
    return range(max(start + 1, end - 1), end)


def sex_told(passage: Passage, name: Name) -> Sex:
    """The sex that the first pronoun after a name in its sentence tells, where nobody else is named between."""
    before = passage.lower[name.whole[0] - 1] if name.whole[0] else ""
    apart = passage.lower[name.whole[1] : name.whole[1] + 1] == (",",)
    if (
        len(name.key) < 2
        or (before in PREPOSITIONS and not apart)
        or (before == "to" and not apart)
        or passage.lower[name.whole[1] - 1].endswith("'s")
    ):
        return ""
    stop = min(passage.sentence_range(name.whole[0])[1], name.whole[1] + _FAR)
    book = namebook()
    for word in range(name.whole[1], stop):
        lower = passage.lower[word]
        if lower in _HE:
            return "m"
        if lower in _SHE:
            return "f"
        if passage.words[word][0].isupper() and (bare(lower) in book.titles or bare(lower) in book.given):
            return ""
    return ""


_FAR = 30
"""How many words after a name are read for a pronoun."""
_HE, _SHE = word_set("he his himself he's he'd he'll"), word_set("she her herself she's she'd she'll")
