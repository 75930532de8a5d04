"""Replies that were paid for: the very same, for the very same request."""

from dataclasses import replace
from typing import Any, cast, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import Article, Reply, Request, Store
from summarizer.models import FinishReason, Message, OutputForm
from summarizer.store.replies import StoredReplies
from summarizer.usage import Usage
from tests.store.conftest import PROMPT, engine

REQUEST = Request((Message("user", "What is said?"),), "extraction", {"type": "object"}, (PROMPT,))
ANY_TEXT = st.text(st.characters(codec=None))  # lone surrogates and NUL too


@pytest.fixture
def replies(store: Store, article: Article) -> StoredReplies:
    claim = store.claim(article, engine())
    assert claim
    return claim.replies


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
def test_a_reply_is_recalled_to_the_letter(reply: Reply, tmp_path_factory: pytest.TempPathFactory) -> None:
    with Store(tmp_path_factory.mktemp("store") / "briefs.db") as store:
        claim = store.claim(Article.from_text("A text."), engine())
        assert claim
        claim.replies.put(REQUEST, reply)
        assert claim.replies.get(REQUEST) == reply


def test_a_reply_is_there_at_once_for_other_processes(store: Store, article: Article, replies: StoredReplies) -> None:
    replies.put(REQUEST, Reply("{}"))
    with Store(store.path) as other:
        claim = other.claim(article, engine(library="2"))  # another version of the library may ask the same
        assert claim
        assert claim.replies.get(REQUEST) == Reply("{}")


@pytest.mark.parametrize(
    "change",
    [
        {"messages": (Message("user", "What is not said?"),)},
        {"messages": (Message("system", "What is said?"),)},
        {"schema": {"type": "array"}},
        {"schema_name": "gist"},
    ],
)
def test_another_request_has_another_reply(replies: StoredReplies, change: dict[str, Any]) -> None:
    replies.put(REQUEST, Reply("{}"))
    assert replies.get(cast("Request", replace(REQUEST, **change))) is None


def test_another_model_has_another_reply(store: Store, article: Article, replies: StoredReplies) -> None:
    replies.put(REQUEST, Reply("{}"))
    other = store.claim(article, engine("huge"))
    assert other
    assert other.replies.get(REQUEST) is None


def test_a_reply_that_is_forgotten_is_asked_for_again(replies: StoredReplies) -> None:
    replies.put(REQUEST, Reply("{}"))
    replies.discard(REQUEST)
    assert replies.get(REQUEST) is None
    replies.put(REQUEST, Reply("[]"))
    assert replies.get(REQUEST) == Reply("[]")
