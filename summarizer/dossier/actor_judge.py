"""Ask a model about holders that the rules leave in doubt: by ids alone, in small batches."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from summarizer._async import EventLoopThread
from summarizer._text import one_line, shorten
from summarizer.dossier.decision_log import DecisionLog
from summarizer.dossier.manual_decisions import holders_with_key
from summarizer.dossier.types import Verdict
from summarizer.engines import ModelSession, ReadReply, load_prompt, load_schema, parse_record
from summarizer.errors import ReplyError
from summarizer.models import Model, Request, UsageTracker
from summarizer.store import Database, StoredReplies
from summarizer.verification import ReplyRecord

PAIRS_IN_REQUEST = 15
MAX_PAIRS = 450
"""Pairs that are asked when a dossier is opened; the next opening asks about more."""
_MAX_QUOTATION = 200  # characters
_MAX_LISTED = 4  # names and roles of an actor
_DOUBTFUL = (
    "SELECT min(id), one, other FROM decisions AS doubt WHERE kind = 'actor' AND verdict = 'unsure' AND made_by = "
    "'rule' AND undone IS NULL AND NOT EXISTS (SELECT 1 FROM decisions WHERE kind = 'actor' AND made_by != 'rule' AND "
    "one = doubt.one AND other = doubt.other) "
    "AND NOT EXISTS (SELECT 1 FROM decisions "  # apart: an OR would search all decisions
    "WHERE kind = 'actor' AND made_by != 'rule' AND one = doubt.other AND other = doubt.one) "
    "GROUP BY one, other ORDER BY 1 LIMIT ?"
)


class PairVerdict(ReplyRecord):
    """The verdict of a model on a pair."""

    id: str
    verdict: Verdict


class PairsReply(ReplyRecord):
    """A reply to the prompt "actors"."""

    pairs: tuple[PairVerdict, ...]


@dataclass(frozen=True)
class _Pair:
    one: str
    other: str
    lines: tuple[str, str]
    article: int


def ask_about_actors(database: Database, model: Model) -> Iterator[set[str]]:
    """Ask a model about doubtful pairs, log its answers, and yield the keys of those on which it decided.

    A pair is asked about once. An answer that cannot be read leaves its pairs in doubt.

    Raises:
        ModelError: The model or its server failed; the answers until then are kept.
    """
    pairs = list(_doubtful_pairs(database))
    if not pairs or database.is_read_only:
        return
    thread, log = EventLoopThread(), DecisionLog(database)
    try:
        identity = thread.run(model.identity())
        for start in range(0, len(pairs), PAIRS_IN_REQUEST):
            part = {f"D{number}": pair for number, pair in enumerate(pairs[start : start + PAIRS_IN_REQUEST], 1)}
            cache = StoredReplies(database, next(iter(part.values())).article, identity)
            prompts = {name: load_prompt(name) for name in ("actors", "repair")}
            session = ModelSession(model, prompts, UsageTracker(), cache=cache)
            verdicts: Mapping[str, Verdict] = {}
            with suppress(ReplyError):
                verdicts = thread.run(session.ask(_create_request(part), _read_verdicts))
            decided: set[str] = set()
            with database.transaction() as connection:
                for name, pair in part.items():
                    if (verdict := verdicts.get(name)) and verdict != "contrary":
                        log.add(
                            connection,
                            "actor",
                            pair.one,
                            pair.other,
                            verdict,
                            made_by="model",
                            reason=f"by {model.name}",
                        )
                        decided |= {pair.one, pair.other} if verdict != "unsure" else set()
            yield decided
    finally:
        thread.run(model.aclose())
        thread.close()


def _create_request(part: Mapping[str, _Pair]) -> Request:
    prompt = load_prompt("actors")
    lines = "\n\n".join(f"{name}\nA: {pair.lines[0]}\nB: {pair.lines[1]}" for name, pair in part.items())
    return Request(prompt.fill(pairs=lines), "actors", load_schema("actors"), (prompt.id,))


def _read_verdicts(text: str) -> ReadReply[Mapping[str, Verdict]]:
    """Read the verdicts of a reply by id; the caller ignores ids that it did not list."""
    record, problem = parse_record(PairsReply, text)
    if record is None:
        return ReadReply(None, [problem], problem, fits=False)
    return ReadReply({each.id: each.verdict for each in record.pairs})


def _doubtful_pairs(database: Database) -> Iterator[_Pair]:
    """Yield the pairs that the rules left in doubt and on which nobody has decided, the first ones first."""
    for _, one, other in database.query(_DOUBTFUL, MAX_PAIRS):
        first, second = _describe(database, one), _describe(database, other)
        if first and second:
            yield _Pair(one, other, (first[0], second[0]), first[1])


def _describe(database: Database, key: str) -> tuple[str, int] | None:
    """Describe a holder and its actor in one line, with its article's number; None if it is gone."""
    found = holders_with_key(database, key)
    if not found:
        return None
    rows = database.query(
        "SELECT holders.id, holders.name, aliases, role, affiliation, published, coalesce(site, source) AS outlet, "
        "(SELECT quotation FROM positions JOIN position_holders ON position = positions.id "
        "WHERE holder = holders.id LIMIT 1) AS quotation, articles.id AS article FROM holders "
        "JOIN briefs ON briefs.id = holders.brief JOIN articles ON articles.id = briefs.article "
        "WHERE holders.actor = ? ORDER BY holders.id = ? DESC, published LIMIT 50",
        found[0]["actor"],
        found[0]["id"],
    )
    own = rows[0]
    name = found[0]["words"]
    forms = dict.fromkeys(form for row in rows for form in (row["name"], *json.loads(row["aliases"])) if form)
    forms.pop(name, None)
    roles = dict.fromkeys(
        f"{', '.join(filter(None, [row['role'], row['affiliation']]))} ({row['published'] or 'undated'})"
        for row in rows
        if row["role"] or row["affiliation"]
    )
    parts = [
        name,
        f"also {_list(forms)}" if forms else "",
        f"as {_list(roles)}" if roles else "",
        ", ".join(filter(None, [own["published"], own["outlet"]])),
        f"“{shorten(own['quotation'], _MAX_QUOTATION)}”" if own["quotation"] else "",
    ]
    return one_line("; ".join(filter(None, parts))), own["article"]


def _list(items: Mapping[str, None]) -> str:
    return " | ".join(list(items)[:_MAX_LISTED])
