"""Decide which propositions are one matter: embeddings for doubtful pairs, a language model for whole lists.

Embeddings also help to match statements to given issues.

Contraries are close in embeddings, so these never decide a side: the words do, or a model.
"""

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from heapq import nlargest
from operator import mul
from typing import NamedTuple

from summarizer._async import EventLoopThread
from summarizer.dossier.comparing import compare_sides
from summarizer.dossier.types import Judge, Verdict
from summarizer.engines import IssueGroup, ModelSession, ReadReply, load_prompt, load_schema, parse_record
from summarizer.errors import ModelError, ReplyError
from summarizer.models import Model, OpenAIEmbedder, Request, UsageTracker, center
from summarizer.store import Database, StoredReplies
from summarizer.verification import ReplyRecord

_ONE_MATTER, _ONE_MATTER_UNCENTERED = 0.5, 0.85
"""Cosines of two vectors, centered or not, from which on they are one matter."""
_MAX_COMPARED, _MAX_NEAREST = 2000, 3  # known texts that are compared with each new one, and that are judged
_AT_ONCE = 1000  # texts that are embedded before their vectors are kept
_MANY = 20  # texts from which on their mean shows what all share


class Pair(NamedTuple):
    """A new proposition and a known one that may be the same matter."""

    text: str
    known: str


class Judgement(NamedTuple):
    """A decision on a pair."""

    verdict: Verdict
    made_by: Judge
    reason: str


class GroupsReply(ReplyRecord):
    """A reply to the prompt "issues"."""

    groups: tuple[IssueGroup, ...]


class Listed(NamedTuple):
    """A proposition in the list for a model, with the title of an article that has it."""

    text: str
    title: str


class Grouped(NamedTuple):
    """A proposition of a group by its place in the list, and whether it is contrary to the group's ``keep``."""

    place: int
    is_contrary: bool


class IssueJudge:
    """Decides which propositions are one matter, with the models at hand.

    Args:
        database: The database of the store, which keeps vectors and replies.
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

    @property
    def has_embedder(self) -> bool:
        """Return whether an embedding model is there and has not failed."""
        return self._embedder is not None and self.failure is None

    def close(self) -> None:
        """Close the connections."""
        for each in (self._embedder, self._model):
            if each is not None:
                self._thread.run(each.aclose())
        self._thread.close()

    def decide(self, pairs: Sequence[Pair]) -> list[Judgement | None]:
        """Return what embeddings say of each pair, or None where they say nothing, as after a `failure`."""
        try:
            if self._embedder is not None:
                return list(self._by_embeddings(pairs, self._embedder))
        except ModelError as error:
            self.failure = error
        return [None] * len(pairs)

    def group(
        self, known: Sequence[Listed], new: Sequence[Listed], article: int
    ) -> tuple[str, list[list[Grouped]]] | None:
        """Return the model's name and its groups, by places in ``known`` and ``new`` together.

        Args:
            known: Propositions that are compared with the new ones.
            new: At least one.
            article: The number of an article, under which the store keeps the reply.

        Returns:
            None without a model, after a `failure`, and if the reply cannot be read.
        """
        if self._model is None or self.failure is not None:
            return None
        names = [f"K{number}" for number in range(1, len(known) + 1)]
        names += [f"N{number}" for number in range(1, len(new) + 1)]
        lines = [f"{name}: {each.text} ({each.title})" for name, each in zip(names, [*known, *new], strict=True)]
        prompt = load_prompt("issues")
        texts = {"known": "\n".join(lines[: len(known)]) or "none", "new": "\n".join(lines[len(known) :])}
        request = Request(prompt.fill(**texts), "issues", load_schema("issues"), (prompt.id,))
        try:
            cache = StoredReplies(self._database, article, self._thread.run(self._model.identity()))
            prompts = {"issues": prompt, "repair": load_prompt("repair")}
            session = ModelSession(self._model, prompts, UsageTracker(), cache=cache)
            groups = self._thread.run(session.ask(request, _read_groups))
        except ReplyError:  # the propositions stay as the rules leave them
            return None
        except ModelError as error:
            self.failure = error
            return None
        return self._model.name, list(_place_groups(groups, names))

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

    def embed(self, texts: Iterable[str]) -> None:
        """Put the vectors of texts into the store, from which `find_vector` reads them; a `failure` ends it."""
        if self._embedder is None:
            return
        left = list(dict.fromkeys(texts))
        try:
            for start in range(0, len(left), _AT_ONCE):
                self._embed(left[start : start + _AT_ONCE], self._embedder)
        except ModelError as error:
            self.failure = error

    def find_vector(self, text: str) -> Sequence[float] | None:
        """Return the vector of a text from the store, if it has one."""
        return self._read_vector(sha256(text.encode()).hexdigest(), self._embedder) if self._embedder else None

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
            if vector := self._read_vector(key, embedder):
                found[text] = vector
        if missing := [text for text in keys if text not in found]:
            for text, vector in zip(missing, self._thread.run(embedder.embed(missing)), strict=True):
                found[text] = vector
            with self._database.transaction() as connection:
                connection.executemany(
                    "INSERT OR REPLACE INTO embeddings (model, sha256, vector) VALUES (?, ?, ?)",
                    [(embedder.identity, keys[text], array("f", found[text]).tobytes()) for text in missing],
                )
        return [found[text] for text in texts]

    def _read_vector(self, key: str, embedder: OpenAIEmbedder) -> Sequence[float] | None:
        sql = "SELECT vector FROM embeddings WHERE model = ? AND sha256 = ?"
        rows = self._database.query(sql, embedder.identity, key)
        return array("f", rows[0]["vector"]) if rows else None


def _least(vectors: Mapping[str, Sequence[float]]) -> float:
    """Return the cosine from which on two of these are one matter."""
    return _ONE_MATTER if len(vectors) >= _MANY else _ONE_MATTER_UNCENTERED


def _read_groups(text: str) -> ReadReply[tuple[IssueGroup, ...]]:
    record, problem = parse_record(GroupsReply, text)
    if record is None:
        return ReadReply(None, [problem], problem, fits=False)
    return ReadReply(record.groups)


def _place_groups(groups: Collection[IssueGroup], names: Sequence[str]) -> Iterator[list[Grouped]]:
    """Yield the groups of at least two by places; unknown names are left out, and repeated ones after the first."""
    left = {name: place for place, name in enumerate(names)}
    for group in groups:
        members = [(group.keep, False), *((name, False) for name in group.same)]
        members += [(name, True) for name in group.opposite]
        placed = [Grouped(left.pop(name), is_contrary) for name, is_contrary in members if name in left]
        if len(placed) > 1:
            yield placed
