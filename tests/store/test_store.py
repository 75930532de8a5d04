"""What a store keeps, under what, and for whom."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from summarizer import Article, Brief, IncompleteBrief, Store, SummarizerError
from summarizer.errors import ChunkError, ReplyError, ServerFailed
from summarizer.models import PromptId
from summarizer.store import Claim
from summarizer.usage import Usage
from tests.store.conftest import TEXT, engine


def claimed(store: Store, article: Article, name: str = "tiny") -> Claim:
    claim = store.claim(article, engine(name))
    assert claim
    return claim


def test_a_brief_is_kept_as_it_was(store: Store, article: Article, brief: Brief) -> None:
    assert store.brief(article, engine()) is None
    store.keep(claimed(store, article), brief)
    assert store.brief(article, engine()) == brief
    assert (len(store), list(store.briefs())) == (1, [brief])


def test_what_is_kept_is_there_when_the_file_is_opened_again(path: Path, article: Article, brief: Brief) -> None:
    with Store(path) as store:
        store.keep(claimed(store, article), brief)
    with Store(str(path)) as store:
        assert store.brief(article, engine()) == brief


def test_a_closed_store_opens_again_when_it_is_used(store: Store, article: Article, brief: Brief) -> None:
    store.close()
    store.keep(claimed(store, article), brief)
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
        dataclasses.replace(engine(), model=None),
    ],
)
def test_another_model_prompt_option_or_version_has_no_brief_yet(
    store: Store, article: Article, brief: Brief, other: object
) -> None:
    store.keep(claimed(store, article), brief)
    assert store.brief(article, other) is None  # type: ignore[arg-type]


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
def test_another_text_title_author_date_or_language_is_another_article(
    store: Store, article: Article, brief: Brief, change: Callable[[str], Article]
) -> None:
    store.keep(claimed(store, article), brief)
    assert store.brief(change(TEXT), engine()) is None


def test_the_same_text_from_elsewhere_is_the_same_article_with_the_source_it_has_now(
    store: Store, article: Article, brief: Brief
) -> None:
    store.keep(claimed(store, article), brief)
    found = store.brief(Article.from_text(TEXT, source="b.txt"), engine())
    assert found
    assert (found.article.source, found.positions) == ("b.txt", brief.positions)


def test_nobody_else_gets_an_article_that_somebody_is_at(path: Path, store: Store, article: Article) -> None:
    claim = claimed(store, article)
    with Store(path) as other:
        assert store.claim(article, engine()) is None
        assert other.claim(article, engine()) is None
        assert other.claim(article, engine("huge")) is not None
        store.release(claim)
        assert other.claim(article, engine()) is not None


def test_nobody_gets_an_article_that_was_just_done(path: Path, store: Store, article: Article, brief: Brief) -> None:
    store.keep(claimed(store, article), brief)
    with Store(path) as other:
        assert other.claim(article, engine()) is None


def test_a_store_that_is_closed_lets_go_of_what_was_not_finished(path: Path, article: Article) -> None:
    with Store(path) as store:
        claimed(store, article)
    with Store(path) as other:
        assert claimed(other, article)


@pytest.mark.parametrize(
    "error",
    [
        ReplyError("The model refused to answer.", hint="Try another model."),
        ChunkError("Too small."),
        ServerFailed("The server broke."),
    ],
)
def test_a_failure_is_kept_as_the_error_that_it_was(store: Store, article: Article, error: SummarizerError) -> None:
    error.where = "a.txt, sentences 1 to 2"
    store.keep_failure(claimed(store, article), error)
    found = store.failure(article, engine())
    assert (type(found), str(found)) == (type(error), str(error))
    assert found
    assert found.retryable == error.retryable


def test_a_failure_in_part_keeps_the_brief_of_the_rest(store: Store, article: Article, brief: Brief) -> None:
    store.keep_failure(claimed(store, article), IncompleteBrief("1 of 2 chunks failed.", brief=brief))
    found = store.failure(article, engine())
    assert isinstance(found, IncompleteBrief)
    assert found.brief == brief
    assert store.brief(article, engine()) is None


def test_an_error_of_a_kind_that_is_not_known_any_more_is_still_an_error(store: Store, article: Article) -> None:
    class GoneError(SummarizerError):
        """Of another version."""

    store.keep_failure(claimed(store, article), GoneError("It was so.", hint="Do so."))
    assert str(store.failure(article, engine())) == "It was so. Do so."


def test_a_later_brief_takes_the_place_of_a_failure_and_a_later_failure_of_an_earlier(
    store: Store, article: Article, brief: Brief
) -> None:
    for message in ("First.", "Second."):
        store.keep_failure(claimed(store, article), ReplyError(message))
    assert str(store.failure(article, engine())) == "Second."
    store.keep(claimed(store, article), brief)
    assert store.failure(article, engine()) is None


def test_a_brief_that_cannot_be_read_any_more_is_made_anew(store: Store, article: Article, brief: Brief) -> None:
    store.keep(claimed(store, article), brief)
    with store._database.writing() as connection:
        connection.execute("UPDATE briefs SET brief = '{}'")
    assert store.brief(article, engine()) is None
    assert store.claim(article, engine())


def test_a_run_is_noted_with_what_came_of_it(store: Store) -> None:
    first, second = store.begin(engine()), store.begin(engine("huge"))
    store.end(first, "done", 3, 1, Usage(100, 10, 5, 2))
    rows = store._database.rows("SELECT state, done, failed, prompt_tokens, reasoning_tokens, ended FROM runs")
    assert tuple(rows[0])[:5] == ("done", 3, 1, 100, 2)
    assert (rows[1]["state"], rows[1]["ended"]) == ("running", None)
    assert first != second


def test_no_repr_shows_an_article(store: Store, article: Article) -> None:
    assert "unsafe" not in repr(store) + repr(claimed(store, article))
