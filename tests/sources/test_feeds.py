"""Feeds: entries with addresses, entries that are articles, dates, and broken or hostile XML."""

import io
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import URL, Article, ArticleError, Fetcher, Skipped, articles_from_feed, summarize_many
from summarizer.errors import ConfigurationError, FetchFailed
from summarizer.sources import Entry, find_container, load_content
from summarizer.sources.base import Content
from summarizer.sources.feeds import FEED, MAX_BYTES, is_feed, is_older, read_feed
from tests.site import Site, item, page, rss, serve_site, story

ADDRESS = "https://news.example/feeds/all"
ATOM = b"""<?xml version="1.0"?><!-- invented --><feed xmlns="http://www.w3.org/2005/Atom">
<title>Invented news</title><entry><title type="html">Bridge &lt;b&gt;closes&lt;/b&gt;</title>
<link rel="enclosure" href="/sound.mp3"/><link href="../bridge"/><updated>2026-11-02T10:00:00+01:00</updated>
<author><name>Ines Moreau</name></author><author><name>Ann Lee</name></author></entry></feed>"""
RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel/><item rdf:about="https://news.example/z"><title>Z</title><link>https://news.example/z</link></item></rdf:RDF>"""


def entries(data: bytes, name: str = ADDRESS) -> list[Entry]:
    return list(read_feed(io.BytesIO(data), name))


def reasons(data: bytes) -> list[str]:
    return [entry.source.reason for entry in entries(data) if isinstance(entry.source, Skipped)]


@pytest.fixture
def fetcher() -> Fetcher:
    return Fetcher(allow_private=True, interval=0)


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site({f"/{name}": page(f"Bridge of {name} closes", story(name)) for name in ("north", "south", "east")})
    feed = rss(
        item("/north", date="2026-11-02", title="Not this title", author="Ann Lee"),
        item("/south", date="2026-10-02"),
        item("/missing", date="2026-11-02"),
        item(title="Ferry", date="2026-11-03", text="<p>It sank, Ann Lee said.</p>"),
        item("/east"),
    )
    site.pages["/feed"] = ("application/rss+xml", feed)
    with serve_site(site):
        yield site


@pytest.mark.parametrize(
    "data",
    [
        rss(item("/a")),
        ATOM,
        RDF,
        b"\xef\xbb\xbf\n<rss version='2.0'>",
        b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss>",
        b"<?xml-stylesheet href='a'?><rss>",
        b'<a:feed xmlns:a="http://www.w3.org/2005/Atom">',
        rss(item("/a")).decode().replace("utf-8", "utf-16").encode("utf-16"),
    ],
)
def test_feed_is_recognized_by_content(data: bytes) -> None:
    assert is_feed(data)
    assert find_container(data, "a.txt") is FEED


@pytest.mark.parametrize(
    "data", [b"", b"<p>rss", b"<!DOCTYPE html><html>", b"The rss <rss> tag", b"<feed>", b"<svg xmlns='http://x'>"]
)
def test_other_content_is_no_feed(data: bytes) -> None:
    assert not is_feed(data)


def test_entry_is_an_address_with_metadata_of_the_feed() -> None:
    (entry,) = entries(ATOM)
    assert isinstance(entry.source, URL)
    assert entry.source.address == "https://news.example/bridge"
    assert entry.source.defaults == {
        "title": "Bridge closes",
        "author": "Ines Moreau, Ann Lee",
        "published": "2026-11-02T10:00:00+01:00",
    }
    assert (entry.location, entry.published) == ("https://news.example/bridge", "2026-11-02T10:00:00+01:00")


def test_relative_links_of_a_file_are_resolved_with_the_link_of_the_feed() -> None:
    (entry,) = entries(rss(item("/a?b=c#d"), link="https://other.example/x"), name="feed.xml")
    assert entry.location == "https://other.example/a?b=c#d"


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("Mon, 02 Nov 2026 10:00:00 +0100", "2026-11-02T10:00:00+01:00"),
        ("Mon, 02 Nov 2026 10:00:00 GMT", "2026-11-02T10:00:00+00:00"),
        ("2026-11-02T10:00:00Z", "2026-11-02T10:00:00+00:00"),
        ("2026-11-02", "2026-11-02"),
        ("yesterday", None),
        ("Mon, 99 Nov 2026 10:00:00 GMT", None),
        ("", None),
    ],
)
def test_date_keeps_its_time_zone_and_nonsense_is_no_date(given: str, read: str | None) -> None:
    (entry,) = entries(rss(f"<item><link>/a</link><pubDate>{given}</pubDate></item>"))
    assert entry.published == read


def test_entry_without_link_is_an_article_itself() -> None:
    text = "<p>It sank,<br>Ann Lee &amp; Co said.</p><script>alert(1)</script><ul><li>One</li><li>Two</li></ul>"
    (entry,) = entries(rss(item(title="Ferry", date="2026-11-02", text=text)))
    assert isinstance(entry.source, Article)
    assert entry.source.text == "It sank,\n\nAnn Lee & Co said.\n\nOne\n\nTwo"
    assert (entry.source.title, entry.source.source) == ("Ferry", f"{ADDRESS}, entry 1")


def test_whole_content_is_preferred_to_the_summary() -> None:
    content = '<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/">All of it.</content:encoded>'
    (entry,) = entries(rss(f"<item><description>Some.</description>{content}</item>"))
    assert isinstance(entry.source, Article)
    assert entry.source.text == "All of it."


def test_entry_that_cannot_be_followed_is_skipped_with_the_reason() -> None:
    feed = rss(item(title="A"), item("mailto:a@news.example"), item("javascript:alert(1)"))
    not_web = "its link is not a web address"
    assert reasons(feed) == ["it has neither a link nor a text", not_web, not_web]


def test_broken_xml_is_read_as_far_as_possible_and_reported() -> None:
    feed = rss(item("/a"), item("/b")).replace(b"<channel>", b"<channel><x>A & B</x>")
    found = entries(feed)
    assert [entry.location for entry in found[:2]] == ["https://news.example/a", "https://news.example/b"]
    assert reasons(feed) == ["its XML is broken in line 1: 2 entries were read; others may be missing"]


def test_feed_without_entries_is_reported() -> None:
    assert reasons(rss()) == ["the feed has no entries"]


@pytest.mark.parametrize("data", [b"", b"Hello.", b"<html><p>Hello", b"<rss", b"\x00\xff" * 100])
def test_other_content_is_an_error(data: bytes) -> None:
    with pytest.raises(ArticleError, match="is not a feed"):
        entries(data)


def test_external_entities_and_entity_bombs_are_inert(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret words", encoding="utf-8")
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 6))
    head = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY a0 "AAAAAAAAAA">{levels}]>'.encode()
    feed = rss("<item><title>T &x; &a5;</title><link>/a</link></item>").replace(b"<rss", head + b"<rss")
    entry = entries(feed)[0]
    assert isinstance(entry.source, URL)
    assert len(entry.source.defaults["title"]) <= 500
    assert "secret" not in str(entry.source.defaults)


@pytest.mark.parametrize("head", [b"<!-- a -->", b"<?a?>", b"<!DOCTYPE a[]>"])
def test_long_head_is_read_in_bounded_time(head: bytes) -> None:
    assert not is_feed(head * 40 + b"<html>")  # a backtracking pattern would take days
    assert is_feed(head * 40 + b"<rss>")


@pytest.mark.parametrize(
    "elements",
    [
        "<item " + " ".join(f'a{number}=""' for number in range(2_000)) + "/>",
        "".join(f'<a:b xmlns:a="{number}"/>' for number in range(2_000)),
    ],
    ids=["attributes", "namespaces"],
)
def test_thousands_of_attributes_are_an_error(elements: str) -> None:
    with pytest.raises(ArticleError, match="more than 1,000 attributes"):
        entries(rss(elements))


def test_name_of_an_entry_has_no_password() -> None:
    (entry,) = entries(rss(item("https://ann:secret@news.example/a")))
    assert entry.location == "https://news.example/a"


@pytest.mark.parametrize("opened", ["<item>", "<item><description>" + "<b>" * 1_000])
def test_deeply_nested_elements_are_an_error(opened: str) -> None:
    with pytest.raises(ArticleError, match="nested more than 500 deep"):
        entries(rss(opened * 1_000))


def test_huge_feed_is_an_error() -> None:
    with pytest.raises(ArticleError, match="larger than 10 MB"):
        entries(rss(item("/a")) + b" " * MAX_BYTES)


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("2026-10-31", True),
        ("2026-10-31T23:59:00-05:00", True),
        ("2026-11-01", False),
        ("2026-11-01T00:30:00+14:00", False),
        (None, False),
        ("Monday", False),
        ("2026", False),
    ],
)
def test_date_before_the_first_is_older_and_an_unknown_one_is_not(published: str | None, expected: bool) -> None:
    assert is_older(published, date(2026, 11, 1)) == expected


@given(st.binary(max_size=300), st.sampled_from([b"", rss(item("/a")), ATOM, RDF]), st.integers(0, 400))
def test_any_bytes_are_entries_or_one_error(noise: bytes, feed: bytes, position: int) -> None:
    with suppress(ArticleError):
        assert all(entry.location for entry in entries(feed[:position] + noise + feed[position:]))


# articles_from_feed


def test_feed_yields_its_articles_and_errors_in_order(site: Site, fetcher: Fetcher) -> None:
    north, south, missing, ferry, east = articles_from_feed(site.url("/feed"), fetcher=fetcher)
    assert [article.source for article in (north, south, east) if isinstance(article, Article)] == [
        site.url(path) for path in ("/north", "/south", "/east")
    ]
    assert isinstance(missing, FetchFailed)
    assert isinstance(ferry, Article)
    assert ferry.text == "It sank, Ann Lee said."


def test_metadata_of_the_feed_fill_the_gaps_of_the_page(site: Site, fetcher: Fetcher) -> None:
    article = next(articles_from_feed(site.url("/feed"), fetcher=fetcher))
    assert isinstance(article, Article)
    assert article.title == "Bridge of north closes"
    assert (article.author, article.published) == ("Ann Lee", "2026-11-02T10:00:00+01:00")


def test_pages_are_fetched_when_the_iteration_reaches_them(site: Site, fetcher: Fetcher) -> None:
    articles = articles_from_feed(site.url("/feed"), fetcher=fetcher)
    assert site.requests == []
    next(articles)
    assert site.requests == ["/feed", "/north"]


@pytest.mark.parametrize("since", ["2026-11-01", date(2026, 11, 1), datetime(2026, 11, 1, 12)])
def test_since_and_limit_leave_out_entries_before_they_are_fetched(
    site: Site, fetcher: Fetcher, since: date | str
) -> None:
    list(articles_from_feed(site.url("/feed"), since=since, limit=2, fetcher=fetcher))
    assert site.requests == ["/feed", "/north", "/missing"]


def test_known_addresses_are_left_out(site: Site, fetcher: Fetcher) -> None:
    list(articles_from_feed(site.url("/feed"), known={site.url("/north"), site.url("/missing")}, fetcher=fetcher))
    assert site.requests == ["/feed", "/south", "/east"]


def test_bytes_and_files_are_read_without_a_request(tmp_path: Path, site: Site, fetcher: Fetcher) -> None:
    data = rss(item(title="Ferry", text="It sank, Ann Lee said."))
    (tmp_path / "feed.xml").write_bytes(data)
    for source in (data, tmp_path / "feed.xml"):
        (article,) = articles_from_feed(source, fetcher=fetcher)
        assert isinstance(article, Article)
        assert article.text == "It sank, Ann Lee said."
    assert site.requests == []


def test_articles_of_a_feed_are_sources_of_a_batch(site: Site, fetcher: Fetcher) -> None:
    outcomes = summarize_many(articles_from_feed(site.url("/feed"), fetcher=fetcher), model="builtin")
    assert [outcome.status for outcome in outcomes] == ["done", "done", "failed", "done", "done"]


def test_feed_that_cannot_be_read_is_an_error(site: Site, fetcher: Fetcher, tmp_path: Path) -> None:
    with pytest.raises(FetchFailed):
        next(articles_from_feed(site.url("/none"), fetcher=fetcher))
    with pytest.raises(ArticleError, match="is not a feed"):
        next(articles_from_feed(site.url("/north"), fetcher=fetcher))
    with pytest.raises(ArticleError, match="cannot be read: No such file"):
        next(articles_from_feed(tmp_path / "none.xml"))


def test_feed_as_a_string_is_an_error_that_asks_for_bytes() -> None:
    with pytest.raises(ArticleError, match=r"is taken for an address\. Pass its bytes"):
        articles_from_feed(rss().decode())


def test_invalid_date_is_an_error() -> None:
    with pytest.raises(ConfigurationError, match=r"yesterday is not a date\. Example: 2026-11-01"):
        articles_from_feed(rss(), since="yesterday")


def test_feed_is_no_article() -> None:
    with pytest.raises(ArticleError, match=r"news\.xml is a feed, which holds several articles"):
        load_content(Content(rss(item("/a")), "news.xml", suffix=".xml"))


def test_path_as_a_string_is_an_error_that_asks_for_a_path(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_text("<rss/>", encoding="utf-8")
    with pytest.raises(ArticleError, match=r"is a path, not an address\. Pass pathlib\.Path"):
        list(articles_from_feed(str(path)))
