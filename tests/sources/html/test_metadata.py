"""The metadata of a page comes from its own data first, then from its text."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import tostring

from summarizer.sources.html.metadata import PageMetadata, read_metadata
from summarizer.sources.html.page import Page
from tests.sources.html.pages import BODY, json_ld, news, page
from tests.timing import assert_linear

URL = "https://www.aldercourier.example/politics/2025/council-bridge"
TITLE = "Council agrees on new bridge"
H1 = f"<h1>{TITLE}</h1>"


def meta(name: str, content: str) -> str:
    return f"<meta name='{name}' content='{content}'>"


def item(inner: str) -> str:
    return f"{H1}<div itemscope itemtype='http://schema.org/NewsArticle'>{inner}</div>"


def read(head: str = "", body: str = "", url: str | None = URL, lang: str = "en") -> PageMetadata:
    return read_metadata(Page(page(head, body, lang=lang)), url)


@pytest.mark.parametrize(
    ("authors", "joined"),
    [
        ((), None),
        (("Ann Lee",), "Ann Lee"),
        (("Ann Lee", "Bo Day"), "Ann Lee and Bo Day"),
        (("Ann Lee", "Bo Day", "Cy Fox"), "Ann Lee, Bo Day and Cy Fox"),
    ],
)
def test_authors_are_joined(authors: tuple[str, ...], joined: str | None) -> None:
    assert PageMetadata(authors=authors).author == joined


# JSON-LD


def graph(*nodes: Any) -> dict[str, Any]:
    return {"@context": "https://schema.org", "@graph": list(nodes)}


RAW = json.dumps(news())


@pytest.mark.parametrize(
    "scripts",
    [
        [news()],
        [[news()]],
        [graph({"@type": "WebSite", "name": "Alder Courier"}, news())],
        [{"@type": "Organization", "name": "Alder Courier"}, news()],
        [{"@type": "WebPage", "mainEntity": news()}],
        [news(**{"@type": ["Article", "NewsArticle"]})],
        [news(**{"@type": "http://schema.org/NewsArticle"})],
        [news(mainEntityOfPage={"@type": "WebPage", "@id": URL})],
        [f"<!-- {RAW} -->"],
        [f"//<![CDATA[\n{RAW}\n//]]>"],
        [f"/*<![CDATA[*/ {RAW} /*]]>*/"],
        [f"{RAW};"],
        [f"\ufeff {RAW}"],
        [f"{RAW[:-1]},}}"],
        [RAW.replace("bridge", "bridge\n")],
        [f"/* data of the page */ {RAW} // end"],
        [f"{RAW}{RAW}"],
        [RAW.replace('"', "&quot;")],
        ["{ broken", RAW],
        [f"{RAW[:-1]} 'oops'"],
        [RAW[: RAW.index('"publisher"')]],
    ],
    ids=range(21),
)
def test_json_ld_is_read_in_all_its_shapes(scripts: list[Any]) -> None:
    found = read(json_ld(*scripts), H1)
    assert (found.title, found.author) == ("Council agrees on new bridge", "Ann Lee")
    assert found.published == "2025-05-02T10:30:00+02:00"


@pytest.mark.parametrize(
    ("author", "joined"),
    [
        ("Ann Lee", "Ann Lee"),
        ("By Ann Lee and Bo Day", "Ann Lee and Bo Day"),
        (["Ann Lee", "Bo Day"], "Ann Lee and Bo Day"),
        ([{"@type": "Person", "name": "Ann Lee"}, {"@type": "Person", "name": "Bo Day"}], "Ann Lee and Bo Day"),
        ({"@type": "Person", "name": ["Ann Lee"]}, "Ann Lee"),
        ({"name": "Ann Lee", "url": "https://www.facebook.com/annlee"}, "Ann Lee"),
        ({"@type": "Person", "givenName": "Ann", "familyName": "Lee"}, "Ann Lee"),
        ({"@type": "Person", "name": {"@value": "Ann Lee"}}, "Ann Lee"),
        ({"@type": "Person", "name": "Ann Lee", "jobTitle": "Editor"}, "Ann Lee"),
        ([{"@type": "Organization", "name": "Reuters"}, {"@type": "Person", "name": "Ann Lee"}], "Ann Lee"),
        ({"@type": "Organization", "name": "Reuters"}, "Reuters"),
        ({"@type": "NewsMediaOrganization", "name": "Alder Courier"}, None),
        ({"@type": "Person", "name": "Alder Courier"}, None),
        ({"@type": "Organization", "name": "Ministry of Transport"}, "Ministry of Transport"),
        ({"@type": "Person", "name": "Ann Lee &amp; Bo Day"}, "Ann Lee and Bo Day"),
        ({"@type": "Person", "name": "admin"}, None),
        ([[["Ann Lee"]]], "Ann Lee"),
        ([None, 5, {}, "Ann Lee"], "Ann Lee"),
        (["https://www.facebook.com/annlee"], None),
    ],
)
def test_authors_are_read_in_all_their_shapes(author: Any, joined: str | None) -> None:
    assert read(json_ld(news(author=author)), H1).author == joined


def test_a_site_may_bear_the_name_of_its_author() -> None:
    head = json_ld(news(author={"name": "Wren Hathaway"}, publisher={"name": "Letters from the Wash"}))
    assert read(head, H1, url="https://wrenhathaway.blogs.example/p/tile").author == "Wren Hathaway"
    assert read(json_ld(news(author={"name": "Alder Courier"})), H1).author is None


def test_references_lead_to_their_object() -> None:
    people = [{"@type": "Person", "@id": "#1", "name": "Ann Lee"}, {"@type": "Person", "@id": "#2", "name": "Bo Day"}]
    site = {"@type": "Organization", "@id": "#site", "name": "Alder Courier"}
    article = news(author=[{"@id": "#1"}, {"@id": "#2"}], publisher={"@id": "#site"})
    found = read(json_ld(graph(article, *people, site)), H1)
    assert (found.author, found.site) == ("Ann Lee and Bo Day", "Alder Courier")


def test_articles_that_the_page_links_to_are_not_its_own() -> None:
    other = news(headline="Rain delays hay harvest", author="Cy Fox", url="https://www.aldercourier.example/hay")
    own = news(url=URL)
    assert read(json_ld(other, own), H1).author == "Ann Lee"
    assert read(json_ld({"@type": "ItemList", "itemListElement": [other]}, own), H1).author == "Ann Lee"
    assert read(json_ld(news(hasPart=[other], mentions=other)), H1).author == "Ann Lee"


def test_a_list_of_other_articles_gives_no_metadata() -> None:
    others = [news(headline=f"Story {number} of the day", url=f"https://x.example/{number}") for number in range(5)]
    found = read(json_ld(others), "<h1>Politics</h1>")
    assert (found.author, found.title) == (None, "Politics")
    assert "newsarticle" not in found.types


# Titles


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        (f"<title>{TITLE} | Alder Courier</title>", "", TITLE),
        (f"<title>{TITLE} - Alder Courier</title>", "", TITLE),
        (f"<title>Alder Courier: {TITLE}</title>", "", TITLE),
        (f"<title>Alder Courier - {TITLE}</title>", "", TITLE),
        (f"<title>{TITLE} | Politics | Alder Courier</title>", "", TITLE),
        (f"<title>{TITLE} | Unknown</title>", "", TITLE),
        ("<title>Bridge: all you need to know</title>" + meta("og:title", "Alder bridge vote news"), H1, TITLE),
        (meta("og:title", f"{TITLE} | Alder Courier"), "", TITLE),
        (meta("twitter:title", TITLE), "", TITLE),
        (json_ld(news(headline="&quot;Yes&quot; to &amp;quot;bridge&amp;quot;")), "", '"Yes" to "bridge"'),
        (json_ld(news(headline="Council <em>agrees</em> on new bridge")), "", TITLE),
        (json_ld(news()), "<h1>Alder Courier</h1>", TITLE),
        (json_ld(news()), "<h1>Politics</h1>", TITLE),
        (json_ld(news(headline="Council agrees on…")), H1, TITLE),
        (json_ld(news()), f"<h1>{TITLE.upper()}</h1>", TITLE),
        (json_ld(news()), f"<h1><span class='kicker'>Alder</span> {TITLE}</h1>", TITLE),
        (json_ld(news()), "<h1><span>Council agrees</span><span>on new bridge</span></h1>", TITLE),
        ("", "<h1><span>Alder bridge</span><span>Council agrees</span></h1>", "Alder bridge Council agrees"),
        (json_ld(news()), f"<h1><a href='/'>Alder Courier</a></h1>{H1}", TITLE),
        ("<title>Wahl in Alder – was jetzt kommt | Alder Courier</title>", "", "Wahl in Alder – was jetzt kommt"),
        ("<title>Interview: what the mayor wants</title>", "", "Interview: what the mayor wants"),
        ("", f"<h1>UPDATE 2-{TITLE}</h1>", TITLE),
        (f"<title>Notes of a teacher | {TITLE}</title>", f"<h2>{TITLE}</h2>", TITLE),
        (
            json_ld(news()) + f"<title>Alder: {TITLE} - Courier</title>",
            f"<h2><span class='css-kick'>Alder</span>{TITLE}</h2>",
            TITLE,
        ),
        ("<title>Courier | Bridge vote fails</title>", "<div>Bridge vote fails</div><p>Text.</p>", "Bridge vote fails"),
        (f"<title>Courier – {TITLE}</title>", "<p>Text.</p>", TITLE),
        ("<title>Bridge vote – what happens next</title>", "<p>Text.</p>", "Bridge vote – what happens next"),
        (f"<title>Alder Courier - {TITLE}</title>", f"<h3>Alder Courier</h3><b>{TITLE}</b>", TITLE),
        ("", item("<h2 itemprop='headline'>Bridge vote</h2>").replace(H1, ""), "Bridge vote"),
        ("", "", None),
    ],
)
def test_the_title_is_the_headline(head: str, body: str, title: str | None) -> None:
    assert read(head, body).title == title


# Dates


@pytest.mark.parametrize(
    ("head", "body", "published"),
    [
        (meta("article:published_time", "2025-05-02T10:30:00Z"), "", "2025-05-02T10:30:00Z"),
        (meta("date", "2025-05-02"), "", "2025-05-02"),
        (meta("DC.date.issued", "2025-05-02"), "", "2025-05-02"),
        ("<meta itemprop='datePublished' content='2025-05-02'>", "", "2025-05-02"),
        (meta("sailthru.date", "Fri, 2 May 2025 10:30:00 GMT"), "", "2025-05-02T10:30:00+00:00"),
        (meta("citation_publication_date", "2025/05/02"), "", "2025-05-02"),
        (meta("article:modified_time", "2025-05-09"), "<time datetime='2025-05-02'>x</time>", "2025-05-02"),
        (json_ld(news(datePublished="2025-05-02")) + meta("pubdate", "2025-05-02T10:30Z"), "", "2025-05-02T10:30Z"),
        (json_ld(news(datePublished=1746181800)), "", "2025-05-02T10:30:00+00:00"),
        (json_ld(news(datePublished=["2025-05-02"])), "", "2025-05-02"),
        (json_ld(news(datePublished="0000-00-00")), "<time datetime='2025-05-02'></time>", "2025-05-02"),
        (json_ld(graph({"@type": "WebPage", "datePublished": "2025-05-02"})), "", "2025-05-02"),
        (
            "",
            f"{H1}<p>Updated <time datetime='2025-05-03'>x</time></p><time datetime='2025-05-02'>x</time>",
            "2025-05-02",
        ),
        (
            "",
            f"{H1}<time class='updated' datetime='2025-05-03'></time><time class='publ' datetime='2025-05-02'></time>",
            "2025-05-02",
        ),
        (
            "",
            f"<aside><time datetime='2025-05-09'></time></aside>{H1}<time datetime='2025-05-02'></time>",
            "2025-05-02",
        ),
        ("", f"{H1}<time>May 2, 2025</time>", "2025-05-02"),
        (meta("date", "2025-05-02"), "<time datetime='2025-05-02T12:00Z'>x</time>", "2025-05-02T12:00Z"),
        (meta("date", "2025-05-02"), "<time datetime='2025-05-03T12:00Z'>x</time>", "2025-05-02"),
        ("", f"{H1}<p>By Ann Lee</p><p>May 2, 2025 10:30 a.m.</p><p>Text.</p>", "2025-05-02T10:30"),
        ("", f"<div>Friday, 2 May 2025</div>{H1}<p>Text.</p>", "2025-05-02"),
        ("", f"{H1}<p>Updated 9 May 2025</p><p>Published 2 May 2025</p>", "2025-05-02"),
        ("", f"{H1}<p>Updated 9 May 2025, first published 2 May 2025</p>", "2025-05-02"),
        ("", f"{H1}<p>Published 2 May 2025, updated 9 May 2025</p>", "2025-05-02"),
        ("", f"{H1}<p>10:30 a.m. May 2, 2025 (published)</p>", "2025-05-02T10:30"),
        ("", item("<span itemprop='datePublished'>2 May 2025</span>"), "2025-05-02"),
    ],
)
def test_the_date_is_that_of_publication(head: str, body: str, published: str) -> None:
    assert read(head, body).published == published


@pytest.mark.parametrize(
    ("lang", "line", "published"),
    [
        ("de", "Stand: 02.05.2025, 10:30 Uhr", "2025-05-02T10:30"),
        ("de", "Freitag, 2. Mai 2025", "2025-05-02"),
        ("fr", "Publié le 2 mai 2025 à 10h30", "2025-05-02T10:30"),
        ("es", "2 de mayo de 2025 - 10:30", "2025-05-02T10:30"),
        ("pl", "2 maja 2025, 10:30", "2025-05-02T10:30"),
        ("it", "2 maggio 2025 alle 10:30", "2025-05-02T10:30"),
        ("nl", "2 mei 2025 om 10:30 uur", "2025-05-02T10:30"),
        ("pt", "2 de maio de 2025 às 10h30", "2025-05-02T10:30"),
        ("en-GB", "02/05/2025", "2025-05-02"),
        ("en-US", "05/02/2025", "2025-05-02"),
    ],
)
def test_visible_dates_are_read_in_many_languages(lang: str, line: str, published: str) -> None:
    assert read("", f"{H1}<div>{line}</div><p>Text.</p>", lang=lang).published == published


def test_a_page_without_a_date_has_none() -> None:
    assert read("", f"{H1}<p>The bridge of 1911 is closed.</p>", url=None).published is None


# Authors beside JSON-LD


@pytest.mark.parametrize(
    ("head", "body", "author"),
    [
        (meta("author", "Ann Lee"), "", "Ann Lee"),
        (meta("byl", "By Ann Lee"), "", "Ann Lee"),
        (meta("parsely-author", "Ann Lee") + meta("parsely-author", "Bo Day"), "", "Ann Lee and Bo Day"),
        (meta("citation_author", "Lee, Ann"), "", "Ann Lee"),
        (meta("article:author", "https://www.facebook.com/annlee"), "", None),
        (meta("article:author", "https://x.example/ann") + meta("author", "Ann Lee"), "", "Ann Lee"),
        (meta("author", "admin"), f"{H1}<p class='byline'>By Ann Lee</p>", "Ann Lee"),
        (meta("author", "Reuters"), "", "Reuters"),
        (meta("author", "Reuters"), f"{H1}<p class='byline'>By Ann Lee</p>", "Ann Lee"),
        (json_ld(news()) + meta("author", "Ann Lee, Bo Day"), "", "Ann Lee and Bo Day"),
        (meta("twitter:label1", "Written by") + meta("twitter:data1", "Ann Lee"), "", "Ann Lee"),
        (meta("twitter:data1", "5 minutes"), "", None),
        ("", f"{H1}<a rel='author' href='/a/ann'>Ann Lee</a>", "Ann Lee"),
        ("", f"{H1}<p class='x7'><a href='/autor/ann-lee'>Ann Lee</a></p>", "Ann Lee"),
        ("", H1 + "".join(f"<a href='/author/{name}'>{name} Lee</a>" for name in ("Ann", "Bo", "Cy", "Di")), None),
        (
            "",
            f"{H1}<div class='article-author'><a href='/authors/ann'>Ann Lee</a><span>Political Editor</span></div>",
            "Ann Lee",
        ),
        ("", f"{H1}<p class='byline'>By <a href='/author/a'>Ann Lee</a> and Bo Day</p>", "Ann Lee and Bo Day"),
        ("", f"{H1}<p class='byline'><a href='/x'>Ann Lee</a><a href='/y'>Bo Day</a></p>", "Ann Lee and Bo Day"),
        ("", f"{H1}<p class='byline'>By Ann Lee <a href='/x'>Follow</a></p>", "Ann Lee"),
        ("", f"{H1}<p>Ann Lee, Staff Writer • May 2, 2025</p>", "Ann Lee"),
        ("", f"{H1}<p>2 May 2025 - By Ann Lee</p>", "Ann Lee"),
        ("", f"{H1}<p>Publié le 2 mai 2025 par Jean Dupont</p>", "Jean Dupont"),
        ("", f"{H1}<span class='author'>Ann Lee</span> and <span class='author'>Bo Day</span>", "Ann Lee and Bo Day"),
        ("", item("<b itemprop='author' itemscope><b itemprop='name'>Ann Lee</b></b>"), "Ann Lee"),
        ("", f"{H1}<p>By Ann Lee</p><p>Text.</p>", "Ann Lee"),
        ("", f"{H1}<p>Von Karl Müller und Eva Stein</p><p>Text.</p>", "Karl Müller and Eva Stein"),
        ("", f"{H1}<div>Par Jean Dupont</div><p>Text.</p>", "Jean Dupont"),
        ("", f"{H1}<i>Ludwik Zaremba</i><br><small>8 grudnia 2006</small><p>Text.</p>", "Ludwik Zaremba"),
        ("", f"{H1}<div>12 апреля 2011 г., № 29. Виктор Ладыгин</div><p>Text.</p>", "Виктор Ладыгин"),
        ("", f"{H1}<p>Ann Lee</p><p>Text.</p>", None),
        ("", f"{H1}<a href='/local'>Alder Valley</a><p>2 May 2025</p><p>Text.</p>", None),
        ("", f"{H1}<p>New Alder, 2 May 2025</p><p>New Alder has a bridge.</p>", None),
        ("", f"{H1}<p>Local News</p><p>2 May 2025</p><p>Text.</p>", None),
        ("", f"{H1}<p>New York</p><p>2 May 2025</p><p>Text.</p>", None),
        ("", f"{H1}<p>Photo Gallery | 2 May 2025</p><p>Text.</p>", None),
        ("", f"{H1}<ul class='authors'><li>Ann Lee</li><li>Bo Day, Editor</li></ul>", "Ann Lee and Bo Day"),
        ("", f"{H1}<p>By noon, the bridge was closed.</p>", None),
        ("", f"{H1}<p>By the end of May 2025 the council had spent all.</p>", None),
        ("", f"{H1}<p>Von der Brücke ist wenig übrig.</p>", None),
        ("", f"{H1}<p>Text.</p><div class='comments'><span class='author'>Cy Fox</span></div>", None),
        ("", f"{H1}<p>Text.</p><aside><span class='author'>Cy Fox</span></aside>", None),
        ("", f"{H1}<p>{BODY}</p><div class='related'><p class='byline'>By Cy Fox</p></div>", None),
    ],
)
def test_authors_are_found_in_meta_elements_and_bylines(head: str, body: str, author: str | None) -> None:
    assert read(head, body).author == author


# Language, address, site, section, form


@pytest.mark.parametrize(
    ("head", "lang", "language"),
    [
        ("", "en", "en"),
        ("", "EN-us", "en-US"),
        ("", "de_AT", "de-AT"),
        ("", "zh-hans-cn", "zh-Hans-CN"),
        ("", "", None),
        ("", "x-default", None),
        ("", "German", "de"),
        ("", "ger", "de"),
        (meta("og:locale", "pl_PL"), "", "pl-PL"),
        ("<meta http-equiv='Content-Language' content='fr, en'>", "", "fr"),
        (json_ld(news(inLanguage="es")), "en", "es"),
        (json_ld(news(inLanguage={"@type": "Language", "name": "Spanish", "alternateName": "es"})), "", "es"),
        (json_ld(news(inLanguage={"@type": "Language", "name": "Polish"})), "", "pl"),
    ],
)
def test_languages_are_bcp_47_tags(head: str, lang: str, language: str | None) -> None:
    assert read(head, lang=lang).language == language


@pytest.mark.parametrize(
    ("canonical", "expected"),
    [
        ("https://www.aldercourier.example/a/b", "https://www.aldercourier.example/a/b"),
        ("/a/b?page=2#top", "https://www.aldercourier.example/a/b?page=2"),
        ("//m.aldercourier.example/a", "https://m.aldercourier.example/a"),
        ("https://user:secret@www.aldercourier.example/a", "https://www.aldercourier.example/a"),
        ("https://www.aldercourier.example/", URL),
        ("https://other.example/a", "https://other.example/a"),
        ("https://www.attacker.test/a", URL),
        ("javascript:alert(1)", URL),
        ("data:text/html,x", URL),
        ("ftp://www.aldercourier.example/a", URL),
        ("http://[::1", URL),
        ("https://www.aldercourier.example:99999999/", URL),
        ("", URL),
    ],
)
def test_only_an_address_of_the_same_site_is_canonical(canonical: str, expected: str) -> None:
    if expected.startswith("https://other"):  # without an address of the page, any is taken
        assert read(f"<link rel='canonical' href='{canonical}'>", url=None).url == expected
    else:
        assert read(f"<link rel='canonical' href='{canonical}'>").url == expected


def test_the_home_page_may_be_canonical_of_itself() -> None:
    home = "https://www.aldercourier.example/"
    assert read(f"<link rel=canonical href='{home}'>", url=f"{home}?utm_source=x&utm_medium=y").url == home


@pytest.mark.parametrize(
    ("head", "site"),
    [
        (json_ld(news()), "Alder Courier"),
        (meta("og:site_name", "Alder Courier"), "Alder Courier"),
        (
            json_ld(news(publisher={"name": "Courier Media GmbH"})) + meta("og:site_name", "Alder Courier"),
            "Alder Courier",
        ),
        (json_ld({"@type": "WebSite", "name": "Alder Courier"}), "Alder Courier"),
        ("<title>Bridge vote | Alder Courier</title>", "Alder Courier"),
        ("<title>Bridge vote - The Alder Courier</title>", "The Alder Courier"),
        (meta("application-name", "Alder Courier"), "Alder Courier"),
        (json_ld(news(publisher={"@id": "#org"}), {"@type": "WebSite", "name": "Alder Courier"}), "Alder Courier"),
        ("<title>Bridge vote</title>", None),
    ],
)
def test_the_site_is_named(head: str, site: str | None) -> None:
    assert read(head).site == site


CRUMBS = {
    "@type": "BreadcrumbList",
    "itemListElement": [
        {"@type": "ListItem", "position": 1, "name": "Home"},
        {"@type": "ListItem", "position": 2, "item": {"@id": "/politics", "name": "Politics"}},
        {"@type": "ListItem", "position": 3, "name": "Council agrees on new bridge"},
    ],
}


@pytest.mark.parametrize(
    ("head", "body", "section"),
    [
        (json_ld(news(articleSection="Politics")), "", "Politics"),
        (json_ld(news(articleSection=["Politics", "Europe"])), "", "Politics"),
        (meta("article:section", "Politics"), "", "Politics"),
        (json_ld(news(), CRUMBS), H1, "Politics"),
        ("", f"<nav class='breadcrumb'><a href='/'>Home</a> › <a href='/p'>Politics</a></nav>{H1}", "Politics"),
        ("", f"<a class='section-link' href='/p'>Politics</a>{H1}", "Politics"),
        ("", f"<nav><a href='/sport'>Sport</a><a href='/politics'>Politics</a></nav>{H1}", "Politics"),
        ("", f"<div class='section-head'><a class='author' href='/a'>Ann Lee</a></div>{H1}", None),
        ("", f"<a data-testid='authorName' href='/politics'>Ann Lee</a>{H1}", None),
        ("", H1, None),
    ],
)
def test_the_section_is_read(head: str, body: str, section: str | None) -> None:
    assert read(head, body).section == section


@pytest.mark.parametrize(
    ("head", "body", "path", "form"),
    [
        (json_ld(news()), H1, "", "report"),
        (json_ld(news(**{"@type": "ReportageNewsArticle"})), H1, "", "report"),
        (json_ld(news(**{"@type": "OpinionNewsArticle"})), H1, "", "opinion"),
        (json_ld(news(**{"@type": "LiveBlogPosting"})), H1, "", "live-blog"),
        (json_ld(news(**{"@type": "AnalysisNewsArticle"})), H1, "", "analysis"),
        (json_ld(news(articleSection="Opinion")), H1, "", "opinion"),
        (json_ld(news(articleSection="Meinung")), H1, "", "opinion"),
        (json_ld(news()), H1, "/opinion/bridge", "opinion"),
        (json_ld(news(genre="Interview")), H1, "", "interview"),
        (json_ld(news()), f"<p class='kicker'>Interview</p>{H1}", "", "interview"),
        (json_ld(news()), f"<p>Kommentar</p>{H1}", "", "opinion"),
        (json_ld(news()), "<h1><span>Analyse</span> Council agrees on new bridge</h1>", "", "analysis"),
        (meta("og:title", "Opinion | Bridges unite"), "", "", "opinion"),
        ("<title>Interview with the mayor of Alder</title>", "", "", "interview"),
        ("", f"<nav class='breadcrumbs'><a>Home</a><a>Press releases</a></nav>{H1}", "", "press-release"),
        ("", H1, "/presse/pressemitteilungen/bruecke.html", "press-release"),
        ("", f"<main class='live-blog'>{H1}</main>", "", "live-blog"),
        ("", f"<p>Ticker</p>{H1}", "", "live-blog"),
        (json_ld(news()), f"{H1}<p class='byline'>Interview: <a rel='author'>Ann Lee</a></p>", "", "interview"),
        (json_ld(news()), f"{H1}<p class='byline'>Ein Kommentar von Ann Lee</p>", "", "opinion"),
        (json_ld(news()) + meta("description", "GRAND ENTRETIEN - On the bridge."), H1, "", "interview"),
        ("<title>Interview: the mayor</title>", f"{H1}<p>Text.</p>", "", "interview"),
        ("", f"{H1}<p>Interview by Ann Lee</p><p>Text.</p>", "", "interview"),
        ("", f"{H1}<p>The interview by Ann Lee was long.</p>", "", None),
        ("", f"<article class='press-release full'>{H1}</article>", "", "press-release"),
        ("", f"<article class='node--type-interview'>{H1}</article>", "", "interview"),
        ("", f"<p>Press release | Council</p><p>No. 5</p>{H1}", "", "press-release"),
        ("", f"{H1}<p>Press release issued: 2 May 2025</p>", "", "press-release"),
        ("", f"{H1}<p>For immediate release</p><p>2 May 2025</p>", "", "press-release"),
        ("", f"{H1}<p>News analysis by Ann Lee</p>", "", "analysis"),
        ("", f"{'<a>x</a>' * 9}<a href='/pr'>Press releases</a>{'<a>x</a>' * 9}{H1}", "", None),
        (json_ld(news(**{"@type": "Article", "articleSection": "Local News"})), H1, "", "report"),
        (json_ld(news(**{"@type": "Article", "articleSection": "Politics"})), H1, "", None),
        (meta("og:type", "article"), H1, "", None),
        ("", H1, "", None),
        ("", f"{H1}<p>An opinion poll and an interview.</p>", "", None),
        ("", f"{H1}<aside class='live-blog-teaser'>x</aside>", "", None),
    ],
)
def test_the_form_is_what_the_page_says(head: str, body: str, path: str, form: str | None) -> None:
    assert read(head, body, f"https://www.aldercourier.example{path or '/x/bridge'}").form == form


@pytest.mark.parametrize(
    ("value", "is_free"),
    [(False, False), ("False", False), ("http://schema.org/False", False), (True, True), ("x", None)],
)
def test_a_declared_paywall_is_read(value: Any, is_free: bool | None) -> None:
    found = read(json_ld(news(isAccessibleForFree=value, wordCount="1,200")))
    assert (found.is_free, found.words) == (is_free, 1200)


# Bad input

VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "@type @id @graph name author publisher headline datePublished hasPart inLanguage item".split()
            )
            | st.sampled_from(
                "itemListElement articleSection isAccessibleForFree mainEntity url wordCount genre".split()
            ),
            inner | st.sampled_from(["NewsArticle", "Person", "WebPage", "BreadcrumbList", "#1"]),
            max_size=5,
        )
    ),
    max_leaves=30,
)


@settings(max_examples=150, deadline=None)
@given(VALUES, VALUES)
def test_any_json_is_read_without_an_error(one: Any, other: Any) -> None:
    script = json_ld(json.dumps([{"@type": "NewsArticle", "author": one, "headline": other}, one, other]))
    found = read_metadata(Page(page(script, H1)))
    for text in (found.title, found.author, found.site, found.section, found.language, found.published, found.url):
        if text is not None:
            assert text == text.strip() != ""
            text.encode()


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet='{}[]"\\:,/*<!->ab1 \n\t', max_size=60))
def test_broken_json_is_read_without_an_error(script: str) -> None:
    assert read_metadata(Page(page(json_ld(RAW[:60] + script), H1))).title


@pytest.mark.slow
@pytest.mark.parametrize(
    "script",
    [
        "[" * 100_000,
        '{"@type":"NewsArticle","author":' * 50_000,
        '{"a":' * 900 + "1" + "}" * 900,
        '{"headline":' + "9" * 10_000 + "}",
        '"' * 200_000,
        "/*" * 200_000,
        '\\"' * 200_000,
        "//" * 200_000,
        '{"headline": "\\ud800"}',
        '{"@type":"NewsArticle","headline":"a\\u0000\\u001bb\\ud800 \\u202ec"}',
        json.dumps({"@type": "NewsArticle", "headline": "x" * 1_000_000}),
        json.dumps([{"@type": "NewsArticle", "headline": f"Story {number}"} for number in range(20_000)]),
    ],
    ids=range(12),
)
def test_hostile_json_is_survived(script: str) -> None:
    found = read(json_ld(script), H1)
    assert found.title == "Council agrees on new bridge" or (found.title or "").encode()


def test_megabytes_of_json_are_left_out() -> None:
    assert read(json_ld("[" + "1," * 3_000_000 + "1]"), H1).title == "Council agrees on new bridge"


def test_the_page_is_not_changed() -> None:
    tree = page("<title>Bridge</title>", f"{H1}<nav>x</nav><p>Text of 2 May.</p><footer>2019</footer>")
    before = tostring(tree)
    read_metadata(Page(tree), None)
    assert tostring(tree) == before


@pytest.mark.slow
@pytest.mark.parametrize(
    "markup",
    [
        "<p class='byline'>By Ann Lee</p>",
        "<i itemprop='author'>x</i>",
        "<time>2 May</time>",
        "<h1>Council agrees</h1>",
        "<h1><span>x</span>",
        f"<p class='{'block-a' * 30}NUMBER'>x</p>",
    ],
    ids=range(6),
)
def test_huge_markup_is_read_in_linear_time(markup: str) -> None:
    def prepare(size: int) -> Callable[[], object]:
        numbered = "".join(markup.replace("NUMBER", str(number)) for number in range(size))
        return partial(read, "<meta name='date' content='2025-05-02'>" * (size // 10), numbered)

    assert_linear(prepare, 2_000)


def test_deeply_nested_markup_is_read() -> None:
    deep = "<div itemscope><b itemprop='author'>" * 120
    assert read("", f"{H1}<p>By Ann Lee</p>{deep}").title == "Council agrees on new bridge"
