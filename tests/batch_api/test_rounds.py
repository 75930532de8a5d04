"""Rounds: no request is made from a part of the replies, and a wrong address ends the wait."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from summarizer import Summarizer
from summarizer.batch_api import BatchModel, RoundProgress, wait_for_batches
from summarizer.errors import ConnectionFailed, ReplyPending
from summarizer.estimate import Cost, Prices
from summarizer.models import Message, Model, OpenAIModel, Reply, Request, retry
from summarizer.testing import replies_for
from tests.batch_api.scripted import long_article

LONG = long_article(1)


class Waiting(Model):
    """A model that has the reply about every second chunk."""

    name = "waiting"

    def __init__(self) -> None:
        self.asked = Counter[str]()

    async def complete(self, request: Request) -> Reply:
        self.asked[request.schema_name] += 1
        if self.asked["extraction"] % 2:
            raise ReplyPending("It waits.")
        reply: Any = replies_for(LONG)(request)
        return Reply(reply.model_dump_json())


def test_all_chunks_are_recorded_and_nothing_is_grouped_before_they_are_answered() -> None:
    model = Waiting()
    with Summarizer(model=model, chunk_tokens=300) as summarizer:
        (outcome,) = summarizer.summarize_many([LONG])
    assert isinstance(outcome.error, ReplyPending)
    assert outcome.brief is None
    assert set(model.asked) == {"extraction"}
    assert model.asked["extraction"] > 4  # more than are sent at once


def test_waiting_article_is_no_failure_in_the_store(tmp_path: Path) -> None:
    with Summarizer(model=Waiting(), store=tmp_path / "briefs.db", chunk_tokens=300) as summarizer:
        next(summarizer.summarize_many([LONG]))
        store: Any = summarizer._pipeline.store
        assert store.database.query("SELECT count(*) FROM failures")[0][0] == 0


async def test_wait_ends_if_nothing_can_be_submitted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_sleep(_: float) -> None:
        pass

    monkeypatch.setattr(retry, "sleep", no_sleep)
    inner = OpenAIModel("tiny", base_url="http://127.0.0.1:9/v1", api_key="sk-0123456789")
    model = BatchModel(inner, journal=tmp_path / "briefs.db", wait=False, sleep=no_sleep)
    with pytest.raises(ReplyPending):
        await model.complete(Request((Message("user", "S1"),), "support", {"type": "object"}))
    shown: list[RoundProgress] = []
    with pytest.raises(ConnectionFailed, match="refuses connections"):
        await wait_for_batches([model], 1, shown.append)
    assert len(shown) == 2
    assert "Not possible now: The server at" in str(shown[-1])
    await model.aclose()


def test_progress_names_counts_and_time_since_submission() -> None:
    assert str(RoundProgress(2, 50_030, 1_216, 3, 4, 2, submitted=1000.0, now=1000.0 + 3 * 3600 + 720)) == (
        "round 2: 1,216 of 50,030 requests done, 3 failed, 4 expired, open batches: 2, 3 h 12 min since submission"
    )


def test_batches_cost_their_share_of_the_price_and_nothing_is_cached() -> None:
    cost = Cost(calls=1, prompt=1_000_000, cached=900_000, completion=1_000_000)
    assert Prices(2, 8, 0.2).in_batches().price_of(cost) == pytest.approx(5)
    assert Prices(2, 8, 0.2, batch=1).in_batches().price_of(cost) == pytest.approx(10)
