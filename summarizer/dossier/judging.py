"""Decide doubtful pairs of propositions: embeddings whether they are one matter, a model also which side they take.

Contraries are close in embeddings, so these never decide a side: the words do, or a model.
"""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from heapq import nlargest
from operator import mul
from typing import NamedTuple

from summarizer._async import EventLoopThread
from summarizer.dossier.comparing import compare_sides
from summarizer.dossier.types import Judge, Verdict
from summarizer.engines import ModelSession, ReadReply, load_prompt, load_schema, parse_record
from summarizer.errors import ModelError, ReplyError
from summarizer.models import Model, OpenAIEmbedder, Request, UsageTracker, center
from summarizer.store import Database
from summarizer.verification import ReplyRecord

_PAIRS_AT_ONCE = 20
_ONE_MATTER, _ONE_MATTER_UNCENTERED = 0.5, 0.85
"""Cosines of two vectors, centered or not, from which on they are one matter."""
_MAX_COMPARED, _MAX_NEAREST = 2000, 3  # known texts that are compared with each new one, and that are judged
_MANY = 20  # texts from which on their mean tells what all share


class Pair(NamedTuple):
    """A new proposition and a known one that may be the same matter."""

    text: str
    known: str


class Judgement(NamedTuple):
    """A decision on a pair."""

    verdict: Verdict
    made_by: Judge
    reason: str


class PairVerdict(ReplyRecord):
    """The verdict of a model on a pair."""

    id: str
    verdict: Verdict


class PairsReply(ReplyRecord):
    """A reply to the prompts "actors" and "issues"."""

    pairs: tuple[PairVerdict, ...]


class Judging:
    """Decides doubtful pairs, with what is at hand.

    Args:
        database: The database of the store, which keeps vectors.
        embedder: An embedding model.
        model: A language model; it has the last word.
    """

    def __init__(self, database: Database, embedder: OpenAIEmbedder | None, model: Model | None) -> None:
        self._database, self._embedder, self._model = database, embedder, model
        self._thread = EventLoopThread()
        self.failure: ModelError | None = None
        """Why a model could not decide."""

    @property
    def has_model(self) -> bool:
        """Return whether a language model decides."""
        return self._model is not None

    def close(self) -> None:
        """Close the connections."""
        for each in (self._embedder, self._model):
            if each is not None:
                self._thread.run(each.aclose())
        self._thread.close()

    def decide(self, pairs: Sequence[Pair]) -> list[Judgement | None]:
        """Return a judgement for each pair, or None where none is possible, as after a `failure`."""
        found: list[Judgement | None] = [None] * len(pairs)
        try:
            if self._embedder is not None:
                found = list(self._by_embeddings(pairs, self._embedder))
            if self._model is not None:
                for number, verdict in self._by_model(pairs, self._model):
                    found[number] = Judgement(verdict, "model", f"by {self._model.name}")
        except ModelError as error:
            self.failure = error
        return found

    def nearest(self, texts: Sequence[str], known: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Yield the places of texts and of known ones that may be one matter, nearest first for each text.

        Without an embedding model, or with very many known texts, there are none.
        """
        if self._embedder is None or not texts or len(known) > _MAX_COMPARED:
            return
        try:
            vectors = self._vectors([*texts, *known], self._embedder)
        except ModelError as error:
            self.failure = error
            return
        least = _least(vectors)
        for place, text in enumerate(texts):
            cosines = [
                (sum(map(mul, vectors[text], vectors[other])), number)
                for number, other in enumerate(known)
                if other != text
            ]
            best = nlargest(_MAX_NEAREST, (each for each in cosines if each[0] >= least))
            yield from ((place, number) for _, number in best)

    def _vectors(self, texts: Sequence[str], embedder: OpenAIEmbedder) -> Mapping[str, Sequence[float]]:
        """Return the vectors of texts, centered if there are enough of them."""
        texts = list(dict.fromkeys(texts))
        vectors = self._embed(texts, embedder)
        return dict(zip(texts, center(vectors) if len(texts) >= _MANY else vectors, strict=True))

    def _by_embeddings(self, pairs: Sequence[Pair], embedder: OpenAIEmbedder) -> Iterator[Judgement | None]:
        vectors = self._vectors([text for pair in pairs for text in pair], embedder)
        for pair in pairs:
            cosine = sum(map(mul, vectors[pair.text], vectors[pair.known]))
            is_one = cosine >= _least(vectors)
            reason = f"embeddings of {embedder.name}: {cosine:.2f}"
            yield Judgement(compare_sides(*pair), "rule", reason) if is_one else None

    def _embed(self, texts: Sequence[str], embedder: OpenAIEmbedder) -> list[Sequence[float]]:
        """Return the vectors of texts from the store, and the others from the server."""
        keys = {text: sha256(text.encode()).hexdigest() for text in texts}
        found: dict[str, Sequence[float]] = {}
        for text, key in keys.items():
            rows = self._database.query(
                "SELECT vector FROM embeddings WHERE model = ? AND sha256 = ?", embedder.identity, key
            )
            if rows:
                found[text] = array("f", rows[0]["vector"])
        if missing := [text for text in keys if text not in found]:
            for text, vector in zip(missing, self._thread.run(embedder.embed(missing)), strict=True):
                found[text] = vector
            with self._database.transaction() as connection:
                connection.executemany(
                    "INSERT OR REPLACE INTO embeddings (model, sha256, vector) VALUES (?, ?, ?)",
                    [(embedder.identity, keys[text], array("f", found[text]).tobytes()) for text in missing],
                )
        return [found[text] for text in texts]

    def _by_model(self, pairs: Sequence[Pair], model: Model) -> Iterator[tuple[int, Verdict]]:
        prompt = load_prompt("issues")
        session = ModelSession(model, {"issues": prompt, "repair": load_prompt("repair")}, UsageTracker())
        for start in range(0, len(pairs), _PAIRS_AT_ONCE):
            numbers = range(start, min(len(pairs), start + _PAIRS_AT_ONCE))
            part = {f"D{place}": number for place, number in enumerate(numbers, 1)}
            lines = (f"{name}: “{pairs[number].text}” | “{pairs[number].known}”" for name, number in part.items())
            request = Request(prompt.fill(pairs="\n".join(lines)), "issues", load_schema("issues"), (prompt.id,))
            verdicts: Mapping[str, Verdict] = {}
            with suppress(ReplyError):  # its pairs stay in doubt
                verdicts = self._thread.run(session.ask(request, read_pair_verdicts))
            yield from ((number, verdicts[name]) for name, number in part.items() if name in verdicts)


def _least(vectors: Mapping[str, Sequence[float]]) -> float:
    """Return the cosine from which on two of these are one matter."""
    return _ONE_MATTER if len(vectors) >= _MANY else _ONE_MATTER_UNCENTERED


def read_pair_verdicts(text: str) -> ReadReply[Mapping[str, Verdict]]:
    """Read the verdicts of a reply by id; the caller ignores ids that it did not list."""
    record, problem = parse_record(PairsReply, text)
    if record is None:
        return ReadReply(None, [problem], problem, fits=False)
    return ReadReply({each.id: each.verdict for each in record.pairs})
