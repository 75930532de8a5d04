"""The words of instructions to a model, by class, and the signs that classes close together are."""

import codecs
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, reduce
from operator import or_
from pathlib import Path
from typing import Any, NamedTuple

from summarizer._files import read_toml

STEM = 4
"""The letters of the shortest stem."""
EDGES = ".,;:!?()[]\"'“”„«»‘’…"
"""The marks that are cut from the ends of words."""
MIN_KEY_LETTERS = 6
"""The letters of the shortest word that is looked for in spelled or turned text."""
_JOINTS = str.maketrans("_'-", "   ")
_MARKS = tuple("any! you_must machine_must late part special unknown! url disguised quote start pause shout".split())


class Sign(NamedTuple):
    """Classes of words that stand close together, and what they are worth."""

    score: float
    needs: int
    first: int
    others: tuple[tuple[int, int, int], ...]
    """Of each other class: its bit, and the first and last place where it counts, from that of the first class."""
    name: int


class Lexicon(NamedTuple):
    """The words of all languages, each with a number whose bits are its classes."""

    words: dict[str, int]
    stems: dict[str, int]
    phrases: dict[str, list[tuple[tuple[str, ...], int]]]
    bits: dict[str, int]
    keys: int
    key_words: tuple[str, ...]
    broken_words: frozenset[str]
    """The words that are looked for in pieces."""
    pieces: frozenset[str]
    """First pieces of these words that are not words themselves."""
    hints: dict[str, int]
    """The classes of words, and of the phrases of which a word is the longest; key words also turned, or in pieces."""
    beginnings: frozenset[str]
    """The first letters of the stems."""
    signs: tuple[Sign, ...]
    hint_names: tuple[tuple[int, int], ...]
    """The bit of each name, and those of the classes that it needs."""
    hint_signs: tuple[tuple[float, int], ...]
    """The points of each sign, and the bits of the classes that it needs."""
    address: int
    """The classes of which a sentence with points has one: verbs, "you", a model."""
    opens: int
    """The classes of words after which an imperative or a verb after "you must" can stand."""
    markers: re.Pattern[str]
    lookalikes: dict[int, str]
    points: dict[str, float]


class _Forms:
    """The word forms of all languages, with the bits of their classes."""

    def __init__(self, languages: Sequence[Mapping[str, Any]], bits: Mapping[str, int]) -> None:
        self.words: dict[str, int] = defaultdict(int)
        self.stems: dict[str, int] = defaultdict(int)
        self.hints: dict[str, int] = defaultdict(int)
        self.phrases: dict[str, list[tuple[tuple[str, ...], int]]] = defaultdict(list)
        listed = (forms for language in languages for forms in language["grammar"].values())
        self._common = {unaccented(form) for forms in listed for form in forms.split()}
        for language in languages:
            late = bits["late"] * bool(language.get("late", False))
            for table in ("verbs", "words", "grammar"):
                for name, forms in language[table].items():
                    mask = bits[name] | (late if table == "verbs" else 0)
                    for form in map(unaccented, forms.split()):
                        self._add(form, mask)

    def _add(self, form: str, mask: int) -> None:
        first, *rest = form.translate(_JOINTS).split()
        if rest:
            self.phrases[first].append((tuple(rest), mask))
            rarest = max((each for each in (first, *rest) if each not in self._common), key=len, default=first)
            self.hints[rarest.rstrip("*")] |= mask
        elif form.endswith("*"):
            self.stems[form[:-1]] |= mask
        else:
            self.words[form] |= mask
            self.hints[form] |= mask

    def having(self, mask: int) -> list[str]:
        """Return the words and stems of some classes."""
        return [form for form, own in (*self.words.items(), *self.stems.items()) if own & mask]


@cache
def read_lexicon() -> Lexicon:
    """Read the words of all languages, and the signs."""
    data = read_toml(__file__, "instructions.toml")
    named = [(name, int(near), classes) for name, near, classes in _rows(data["names"])]
    scored = [(float(score), int(near), classes) for score, near, classes in _rows(data["signs"])]
    folder = Path(__file__).parent / "instruction_words"
    languages = [read_toml(__file__, f"{folder.name}/{path.name}") for path in sorted(folder.glob("*.toml"))]
    verbs = sorted({name for language in languages for name in language["verbs"]})
    names = [*verbs, *(f"{name}!" for name in verbs), *(f"{name}-!" for name in verbs)]
    names += sorted({name for language in languages for name in [*language["words"], *language["grammar"]]})
    names += [*_MARKS, *dict.fromkeys(name for name, *_ in named)]
    bits = {name: 1 << place for place, name in enumerate(names)}

    def bits_of(classes: Iterable[str]) -> int:
        return sum(bits[name] for name in classes)

    forms = _Forms(languages, bits)
    in_keys = bits_of(("discard", "orders", "prompt"))
    key_words = [form for form in forms.having(in_keys) if len(form) >= MIN_KEY_LETTERS]
    broken = {form + end for form in forms.having(in_keys | bits["back"]) for end in ("", "s")}
    broken = {form for form in broken if len(form) >= MIN_KEY_LETTERS}
    pieces = {form[:end] for form in broken for end in range(2, len(form) - 1)}
    pieces = pieces.difference(forms.words, data["short_words"].split())
    turned = {turn(form + end) for form in key_words for end in ("", "s") for turn in (rot13, reverse)}
    for form in pieces | turned:
        forms.hints[form] |= bits["special"]
    signs = [_sign(0.0, near, classes, bits, name) for name, near, classes in named]
    signs += [_sign(score, near, classes, bits) for score, near, classes in scored]
    extra = {"verbs": bits_of(verbs), "positive": 1 << len(verbs), "negative": 1 << 2 * len(verbs)}
    return Lexicon(
        words=dict(forms.words),
        stems=dict(forms.stems),
        phrases=dict(forms.phrases),
        bits=bits | extra,
        keys=bits_of({*data["keys"].split(), "disguised"}),
        key_words=tuple(key_words),
        broken_words=frozenset(broken),
        pieces=frozenset(pieces),
        hints=dict(forms.hints),
        beginnings=frozenset(stem[:STEM] for stem in forms.stems),
        signs=tuple(signs),
        hint_names=tuple((bits[name], _hint_bits(classes, bits)) for name, _, classes in named),
        hint_signs=tuple((score, _hint_bits(classes, bits)) for score, _, classes in scored if score > 0),
        address=bits_of([*verbs, *data["address"].split()]),
        opens=bits_of(("keep", "negate", "join", "modal", "may", "to", "you")),
        markers=re.compile("|".join(data["markers"])),
        lookalikes={ord(letter): latin for letter, latin in data["lookalikes"].split()},
        points={name: data[name] for name in ("threshold", "split", "quoted", "mentioned")},
    )


def _rows(table: str) -> list[list[str]]:
    """Return the lines of a table, each as its first two words and the rest."""
    return [line.split(maxsplit=2) for line in table.splitlines() if line]


def _hint_bits(classes: str, bits: dict[str, int]) -> int:
    """Return the bits that words must have for a sign, wherever they stand: verbs may turn out to be imperatives."""
    needed = 0
    for name in classes.replace("<", "").replace(">", "").split():
        if name == "machine_must":
            needed |= bits["machine"] | bits["modal"]
        elif name in ("url", "disguised") or name not in _MARKS:
            needed |= bits[name.rstrip("!-")]
    return needed


def reverse(text: str) -> str:
    """Return a text from right to left."""
    return text[::-1]


def rot13(text: str) -> str:
    """Return a text with each letter replaced by the thirteenth after it."""
    return codecs.encode(text, "rot13")


def unaccented(word: str) -> str:
    """Return a word in lower case, without accents."""
    if word.isascii() or not word.isalnum():
        return word.casefold()
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _sign(score: float, near: int, classes: str, bits: dict[str, int], name: str = "") -> Sign:
    first, *others = classes.split()
    ranges = {"<": (-near, -1), ">": (1, near)}
    reach = tuple((bits[each.lstrip("<>")], *ranges.get(each[0], (-near, near))) for each in others)
    needs = reduce(or_, (bit for bit, _, _ in reach), bits[first])
    return Sign(score, needs, bits[first], reach, bits[name] if name else 0)
