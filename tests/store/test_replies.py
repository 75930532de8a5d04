"""Stored replies: identical, and only for an identical request."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import Article, Reply, Request, Store
from summarizer.engines import ReplyCache
from summarizer.models import FinishReason, Message, OutputForm
from summarizer.usage import Usage
from tests.store.conftest import PROMPT, engine

REQUEST = Request((Message("user", "What is said?"),), "extraction", {"type": "object"}, (PROMPT,))
ANY_TEXT = st.text(st.characters(codec=None))  # lone surrogates and NUL too


@pytest.fixture
def replies(store: Store, article: Article) -> ReplyCache:
    return store.acquire(article, engine()).replies


@pytest.fixture(scope="module")
def lasting_replies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReplyCache]:
    with Store(tmp_path_factory.mktemp("store") / "briefs.db") as store:
        yield store.acquire(Article.from_text("A text."), engine()).replies


@given(
    reply=st.builds(
        Reply,
        text=ANY_TEXT,
        finish_reason=st.sampled_from(get_args(FinishReason)),
        usage=st.builds(Usage, *[st.integers(0, 10**9)] * 4),
        model=st.none() | st.text(),
        retries=st.integers(0, 5),
        output=st.sampled_from(get_args(OutputForm)),
        waited=st.floats(0, 600),
    )
)
async def test_reply_is_returned_unchanged(lasting_replies: ReplyCache, reply: Reply) -> None:
    await lasting_replies.put(REQUEST, reply)
    assert await lasting_replies.get(REQUEST) == reply


async def test_reply_is_visible_to_other_processes_at_once(store: Store, article: Article, replies: ReplyCache) -> None:
    await replies.put(REQUEST, Reply("{}"))
    with Store(store.path) as other:
        lease = other.acquire(article, engine(library="2"))  # another version of the library may send the same
        assert await lease.replies.get(REQUEST) == Reply("{}")


@pytest.mark.parametrize(
    "change",
    [
        {"messages": (Message("user", "What is not said?"),)},
        {"messages": (Message("system", "What is said?"),)},
        {"schema": {"type": "array"}},
        {"schema_name": "gist"},
    ],
)
async def test_different_request_has_no_reply(replies: ReplyCache, change: dict[str, Any]) -> None:
    await replies.put(REQUEST, Reply("{}"))
    assert await replies.get(cast("Request", replace(REQUEST, **change))) is None


async def test_different_model_has_no_reply(store: Store, article: Article, replies: ReplyCache) -> None:
    await replies.put(REQUEST, Reply("{}"))
    assert await store.acquire(article, engine("huge")).replies.get(REQUEST) is None


async def test_discarded_reply_is_gone(replies: ReplyCache) -> None:
    await replies.put(REQUEST, Reply("{}"))
    await replies.discard(REQUEST)
    assert await replies.get(REQUEST) is None
    await replies.put(REQUEST, Reply("[]"))
    assert await replies.get(REQUEST) == Reply("[]")
