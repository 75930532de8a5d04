"""Which articles of a batch are left out."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from summarizer import (
    URL,
    Article,
    ArticleError,
    FetchFailed,
    Outcome,
    Skipped,
    Summarizer,
    asummarize,
    asummarize_many,
    summarize,
    summarize_many,
)
from summarizer.errors import ConfigurationError
from summarizer.fetching import FetchedPage, Fetcher
from summarizer.selection import Selection, normalize_address
from tests.site import page, story
from tests.timing import HOLD

NORTH = "https://news.example/north"


class PagesFetcher(Fetcher):
    """A Fetcher that answers from a table, after a time."""

    def __init__(self, pages: dict[str, bytes], delays: dict[str, float] | None = None) -> None:
        super().__init__()
        self.pages, self.delays = pages, delays or {}
        self.fetched: list[str] = []
        self.active = self.most_active = 0

    async def fetch(self, url: str) -> FetchedPage:
        self.fetched.append(url)
        self.active += 1
        self.most_active = max(self.most_active, self.active)
        await asyncio.sleep(self.delays.get(url, 0.01))
        self.active -= 1
        if url not in self.pages:
            raise FetchFailed(f"There is no page {url}.")
        return FetchedPage(self.pages[url], url, "text/html", "utf-8")


def pages(*names: str) -> dict[str, bytes]:
    return {f"https://news.example/{name}": page(f"Bridge of {name} closes", story(name)) for name in names}


def statuses(outcomes: Iterator[Outcome]) -> list[str]:
    return [outcome.status for outcome in outcomes]


def test_address_is_a_source(capsys: pytest.CaptureFixture[str]) -> None:
    fetcher = PagesFetcher(pages("north"))
    brief = summarize(URL(NORTH), model="builtin", fetcher=fetcher)
    assert (brief.article.title, brief.article.source) == ("Bridge of north closes", NORTH)


async def test_address_is_a_source_of_asynchronous_calls() -> None:
    fetcher = PagesFetcher(pages("north"))
    assert (await asummarize(URL(NORTH), model="builtin", fetcher=fetcher)).article.source == NORTH


def test_estimate_of_an_address() -> None:
    with Summarizer(model="builtin", fetcher=PagesFetcher(pages("north"))) as summarizer:
        assert summarizer.estimate(URL(NORTH)).articles == 1


def test_pages_of_a_batch_are_fetched_at_once() -> None:
    fetcher = PagesFetcher(pages(*"abcdef"))
    sources = [URL(address) for address in fetcher.pages]
    assert statuses(summarize_many(sources, model="builtin", fetcher=fetcher, concurrency=4)) == ["done"] * 6
    assert fetcher.most_active == 4


def test_page_that_cannot_be_fetched_is_a_failed_outcome() -> None:
    fetcher = PagesFetcher(pages("north"))
    outcomes = list(summarize_many([URL(NORTH + "/x"), URL(NORTH)], model="builtin", fetcher=fetcher))
    assert isinstance(outcomes[0].error, FetchFailed)
    assert outcomes[1].status == "done"


def test_skipped_source_is_an_outcome_with_the_reason() -> None:
    sources: list[Skipped | str] = [Skipped("a.txt", "too old"), story("north")]
    skipped, done = summarize_many(sources, model="builtin")
    assert (skipped.status, skipped.reason, skipped.brief, skipped.error) == ("skipped", "too old", None, None)
    assert (done.status, done.reason) == ("done", "")
    assert '"reason": "too old"' in skipped.to_json()


def test_repeated_articles_are_read_by_default_and_skipped_on_request() -> None:
    sources = [story("north"), story("south"), story("north")]
    assert statuses(summarize_many(sources, model="builtin")) == ["done"] * 3
    outcomes = list(summarize_many(sources, model="builtin", skip_repeated=True))
    assert [outcome.status for outcome in outcomes] == ["done", "done", "skipped"]
    assert outcomes[2].reason == "same text as “The bridge of north will be closed for …”"


async def test_repeated_articles_of_an_asynchronous_batch_are_skipped() -> None:
    async def sources() -> AsyncIterator[str]:
        for name in ("north", "north"):
            yield story(name)

    outcomes = asummarize_many(sources(), model="builtin", skip_repeated=True)
    assert [outcome.status async for outcome in outcomes] == ["done", "skipped"]


def test_repeated_address_is_fetched_once() -> None:
    fetcher = PagesFetcher(pages("north"), {NORTH: 0.1})
    sources = [URL(NORTH), URL(f"{NORTH}#top"), URL("http://NEWS.example:80/north")]
    outcomes = list(summarize_many(sources, model="builtin", fetcher=fetcher, skip_repeated=True))
    assert [outcome.reason for outcome in outcomes] == ["", f"same address as {NORTH}", f"same address as {NORTH}"]
    assert fetcher.fetched == [NORTH]


def test_copy_of_a_page_that_cannot_be_fetched_is_read() -> None:
    fetcher = PagesFetcher({}, {NORTH: 0.1})
    copies = [Article.from_html(page("Bridge of north closes", story("north")), NORTH) for _ in range(2)]
    outcomes = summarize_many([URL(NORTH), *copies], model="builtin", fetcher=fetcher, skip_repeated=True)
    assert sorted(statuses(outcomes)) == ["done", "failed", "skipped"]


def test_copy_of_a_page_that_is_fetched_is_skipped() -> None:
    fetcher = PagesFetcher(pages("north"), {NORTH: 0.1})
    copy = Article.from_html(page("Bridge of north closes", story("another")), NORTH)
    outcomes = summarize_many([URL(NORTH), copy], model="builtin", fetcher=fetcher, skip_repeated=True)
    assert statuses(outcomes) == ["done", "skipped"]


def test_slow_address_does_not_delay_others() -> None:
    fetcher = PagesFetcher(pages("north", "south"), {NORTH: HOLD})
    outcomes = summarize_many(
        [URL(NORTH), URL("https://news.example/south")],
        model="builtin",
        fetcher=fetcher,
        skip_repeated=True,
        ordered=False,
    )
    assert next(outcomes).index == 1
    outcomes.close()


def test_front_page_as_canonical_address_does_not_make_articles_repeated() -> None:
    head = '<link rel="canonical" href="https://news.example/">'
    names = ("north", "south")
    found = {f"https://news.example/{name}": page(f"Bridge of {name}", story(name), head=head) for name in names}
    sources = [URL(address) for address in found]
    outcomes = summarize_many(sources, model="builtin", fetcher=PagesFetcher(found), skip_repeated=True)
    assert statuses(outcomes) == ["done", "done"]


def test_credentials_of_an_address_are_not_in_reasons() -> None:
    fetcher = PagesFetcher({})
    sources = [URL("https://ann:secret@news.example/"), URL("https://ann:secret@news.example/")]
    outcomes = list(summarize_many(sources, model="builtin", fetcher=fetcher, skip_repeated=True))
    assert outcomes[1].reason == "same address as https://news.example/"
    assert "secret" not in repr(sources)


def test_failed_file_does_not_hold_up_later_ones(tmp_path: Path) -> None:
    sources = [tmp_path / "none.txt", ArticleError("It is missing."), story("north")]
    assert statuses(summarize_many(sources, model="builtin", skip_repeated=True)) == ["failed", "failed", "done"]


def test_article_with_an_earlier_date_is_skipped() -> None:
    sources = [Article.from_text(story(str(day)), published=f"2026-11-0{day}") for day in (1, 2, 3)]
    outcomes = list(summarize_many(sources, model="builtin", since="2026-11-02"))
    assert [outcome.reason for outcome in outcomes] == ["older than 2026-11-02", "", ""]


def test_invalid_date_is_an_error_before_any_work() -> None:
    with pytest.raises(ConfigurationError, match="soon is not a date"):
        summarize_many([], model="builtin", since="soon")


async def test_source_that_is_loaded_again_is_no_repetition() -> None:
    selection, article = Selection(unique=True), Article.from_text(story("north"))
    for _ in range(2):  # as after a wait for another process
        async with selection.loading(0, article):
            pass
        await selection.check(0, article, article)


@pytest.mark.parametrize(
    ("address", "normalized"),
    [
        ("HTTP://News.Example:80/a?b=C#d", "https://news.example/a?b=C"),
        ("https://ann:secret@news.example:8443", "https://news.example:8443/"),
        ("https://[broken", "https://[broken"),
        ("https://news.example:port/", "https://news.example:port/"),
    ],
)
def test_addresses_are_compared_without_fragment_port_and_case(address: str, normalized: str) -> None:
    assert normalize_address(address) == normalized
