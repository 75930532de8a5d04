"""A linear model of instructions to a language model: it weighs words, pairs of words, and classes of words.

The weights are in ``instruction_weights.toml``. benchmarks/fit_instructions.py fits them on invented sentences.
"""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import combinations
from typing import NamedTuple

from summarizer._files import read_toml
from summarizer.verification.instruction_lexicon import EDGES, unaccented

_STEM = 5  # letters that tell words apart
_ENDS = frozenset(".!?:;,")
_MAX_POINTS = 6


class InstructionModel(NamedTuple):
    """The weights of a model. A text is an instruction if the weights of its features exceed the threshold."""

    weights: dict[str, float]
    threshold: float
    hints: dict[str, float]
    """The weights of single words, by which most sentences are passed over."""
    hint_threshold: float

    def margin(self, features: set[str]) -> float:
        """Return by how much a text exceeds the threshold; negative if it does not.

        Args:
            features: those of the text, as `find_features` returns them. Unknown ones weigh nothing.
        """
        return sum(self.weights.get(feature, 0.0) for feature in features) - self.threshold

    def may_exceed(self, words: Sequence[str]) -> bool:
        """Return whether a sentence is worth a closer look.

        Args:
            words: its words as they are between spaces.
        """
        return sum(self.hints.get(stem, 0.0) for stem in set(map(stem_of, words))) > self.hint_threshold


@cache
def read_model() -> InstructionModel:
    """Read the weights."""
    data = read_toml(__file__, "instruction_weights.toml")
    weights, hints = (
        {feature: float(weight) for feature, _, weight in (line.rpartition("\t") for line in data[name].splitlines())}
        for name in ("weights", "hints")
    )
    return InstructionModel(weights, data["threshold"], hints, data["hint_threshold"])


@lru_cache(maxsize=32768)
def stem_of(word: str) -> str:
    """Return the first letters of a word, without case, accents, and marks at its ends; "#" for a number."""
    word = unaccented(word.strip(EDGES))
    return word[:_STEM] if word.isalpha() else "#" if word.isdigit() else word


def find_features(tokens: Sequence[str], classes: Sequence[str], points: float) -> set[str]:
    """Return the features of a text.

    Args:
        tokens: its words and marks.
        classes: the names of the classes of its words, in any order.
        points: those of its signs.
    """
    stems = [stem_of(token) or token for token in tokens]
    features = {*_pairs(stems), *(f"@{name}" for name in classes), *(stem for stem in stems if stem not in _ENDS)}
    features.update(f"@{first} @{second}" for first, second in combinations(sorted(classes), 2))
    features.update(f"${number}" for number in range(1, _MAX_POINTS + 1) if points >= number)
    return features


def _pairs(stems: Sequence[str]) -> Iterator[str]:
    """Yield each word with the next one and with the one after, and the words that begin a clause."""
    for place, stem in enumerate(stems):
        if not place or stems[place - 1] in _ENDS:
            yield f"^{stem}"
        yield from (f"{stem} {other}" for other in stems[place + 1 : place + 2])
        yield from (f"{stem} _ {other}" for other in stems[place + 2 : place + 3])
