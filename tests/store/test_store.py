"""Briefs, failures and runs in a store."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from summarizer import Article, Brief, IncompleteBrief, Store, SummarizerError
from summarizer.errors import ChunkError, ReplyError, ServerFailed
from summarizer.models import PromptId
from summarizer.outcome import Outcome
from summarizer.store import EngineKey
from summarizer.usage import Usage
from tests.store.conftest import TEXT, engine


def save(store: Store, article: Article, result: Brief | SummarizerError) -> None:
    outcome = Outcome(brief=result) if isinstance(result, Brief) else Outcome(error=result)
    store.save(store.acquire(article, engine()), outcome)


def find_brief(store: Store, article: Article, key: EngineKey | None = None) -> Brief | None:
    outcome = store.find(article, key or engine())
    return outcome.brief if outcome and outcome.status == "done" else None


def find_error(store: Store, article: Article) -> Exception | None:
    outcome = store.find(article, engine())
    return outcome.error if outcome else None


def test_brief_is_returned_unchanged(store: Store, article: Article, brief: Brief) -> None:
    assert find_brief(store, article) is None
    save(store, article, brief)
    assert find_brief(store, article) == brief
    assert (len(store), list(store.briefs())) == (1, [brief])


def test_brief_is_there_when_the_file_is_opened_again(path: Path, article: Article, brief: Brief) -> None:
    with Store(path) as store:
        save(store, article, brief)
    with Store(str(path)) as store:
        assert find_brief(store, article) == brief


def test_closed_store_opens_again_at_the_next_use(store: Store, article: Article, brief: Brief) -> None:
    store.close()
    save(store, article, brief)
    store.close()
    store.close()
    assert len(store) == 1


@pytest.mark.parametrize(
    "other",
    [
        engine("huge"),
        engine(prompt=PromptId("extract", "3", "cd" * 32)),
        engine(prompt=PromptId("extract", "4", "ab" * 32)),
        engine(chunk_tokens=500),
        engine(library="2"),
        dataclasses.replace(engine(), kind="builtin", model=None),
    ],
)
def test_different_model_prompt_option_or_version_has_no_brief(
    store: Store, article: Article, brief: Brief, other: EngineKey
) -> None:
    save(store, article, brief)
    assert find_brief(store, article, other) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda text: Article.from_text(text + " More."),
        lambda text: Article.from_text(text, title="Another title"),
        lambda text: Article.from_text(text, author="Ines Moreau"),
        lambda text: Article.from_text(text, published="2026-01-02"),
        lambda text: Article.from_text(text, language="de"),
    ],
)
def test_different_text_or_metadata_is_another_article(
    store: Store, article: Article, brief: Brief, change: Callable[[str], Article]
) -> None:
    save(store, article, brief)
    assert find_brief(store, change(TEXT)) is None


def test_stored_brief_names_the_current_source(store: Store, article: Article, brief: Brief) -> None:
    save(store, article, brief)
    found = find_brief(store, Article.from_text(TEXT, source="b.txt"))
    assert found
    assert (found.article.source, found.positions) == ("b.txt", brief.positions)


@pytest.mark.parametrize(
    "error",
    [
        ReplyError("The model refused to answer.", hint="Try another model."),
        ChunkError("Too small."),
        ServerFailed("The server broke."),
    ],
)
def test_failure_is_returned_as_the_same_error(store: Store, article: Article, error: SummarizerError) -> None:
    error.where = "a.txt, sentences 1 to 2"
    save(store, article, error)
    found = find_error(store, article)
    assert (type(found), str(found)) == (type(error), str(error))
    assert found
    assert found.retryable == error.retryable


def test_partial_failure_includes_its_brief(store: Store, article: Article, brief: Brief) -> None:
    save(store, article, IncompleteBrief("1 of 2 chunks failed.", brief=brief))
    found = find_error(store, article)
    assert isinstance(found, IncompleteBrief)
    assert found.brief == brief
    assert find_brief(store, article) is None


def test_error_of_an_unknown_class_is_still_an_error(store: Store, article: Article) -> None:
    class GoneError(SummarizerError):
        """An error of another version of the library."""

    save(store, article, GoneError("It was so.", hint="Do so."))
    assert str(find_error(store, article)) == "It was so. Do so."


def test_later_result_replaces_an_earlier_failure(store: Store, article: Article, brief: Brief) -> None:
    for message in ("First.", "Second."):
        save(store, article, ReplyError(message))
    assert str(find_error(store, article)) == "Second."
    save(store, article, brief)
    assert find_error(store, article) is None


def test_unreadable_brief_can_be_made_again(store: Store, article: Article, brief: Brief) -> None:
    save(store, article, brief)
    with store.database.transaction() as connection:
        connection.execute("UPDATE briefs SET brief = '{}'")
    assert find_brief(store, article) is None
    assert store.acquire(article, engine())


def test_run_is_recorded_with_its_results(store: Store) -> None:
    first, second = store.start_run(engine()), store.start_run(engine("huge"))
    store.finish_run(first, "done", 3, 1, Usage(100, 10, 5, 2))
    rows = store.database.query("SELECT state, done, failed, prompt_tokens, reasoning_tokens, ended FROM runs")
    assert tuple(rows[0])[:5] == ("done", 3, 1, 100, 2)
    assert (rows[1]["state"], rows[1]["ended"]) == ("running", None)
    assert first != second


def test_repr_shows_no_article(store: Store, article: Article) -> None:
    assert "unsafe" not in repr(store) + repr(store.acquire(article, engine()))
