"""Links to the source in all views: at each quotation, and at the title. Warnings near the top."""

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from rich.console import Console
from selectolax.lexbor import LexborHTMLParser

from summarizer import Article, Brief
from summarizer.render import ViewOptions, to_html, to_markdown, to_notebook, to_terminal
from tests.render.pages import bridge

URL = "https://news.example/bridge?a=1&b=2"
WARNING = "The page shows only a part of the article."
REL = "noopener noreferrer nofollow"


def linked(link: str | None = None, **info: Any) -> tuple[Brief, Article]:
    """Return a brief whose sentences have links: ``link``, or one for each sentence."""
    brief, article = bridge()
    data = brief.model_dump()
    claims = [*data["positions"], *data["open_questions"], data["gist"]]
    for item in (item for claim in claims for item in claim["evidence"]):
        item["link"] = link or f"{URL}#:~:text=sentence{item['sentence']}"
    data["coverage"]["uncited"][0]["link"] = link or f"{URL}#:~:text=uncited"
    data["coverage"]["warnings"] = (WARNING,)
    data["article"] |= {"url": URL, "site": "The News", "section": "Town", "form": "live-blog"} | info
    return Brief.model_validate(data), article.model_copy(update=info)


def page(link: str | None = None, **info: Any) -> LexborHTMLParser:
    return LexborHTMLParser(to_html(*linked(link, **info)))


def terminal(brief: Brief, full: bool = False, **options: Any) -> str:
    file = StringIO()
    Console(file=file, width=80, highlight=False, **options).print(to_terminal(brief, ViewOptions(full=full)))
    return file.getvalue()


def links_in_terminal(text: str) -> list[tuple[str, str]]:
    return [
        (address, words)
        for address, words in re.findall(r"\x1b\]8;[^;]*;([^\x1b]+)\x1b\\(?:\x1b\[[\d;]*m)*([^\x1b]*)", text)
    ]


def links_in_markdown(text: str) -> list[tuple[str, str]]:
    tokens = [token for block in MarkdownIt().parse(text) for token in block.children or ()]
    opened = [number for number, token in enumerate(tokens) if token.type == "link_open"]
    return [(str(tokens[number].attrs["href"]), tokens[number + 1].content) for number in opened]


# The page


def test_every_quotation_of_the_page_opens_in_the_source() -> None:
    brief, _ = linked()
    shown = page()
    for number, claim in enumerate(brief.positions, 1):
        links = shown.css(f"#P{number} .origin")
        assert [link.attributes["href"] for link in links] == [item.link for item in claim.evidence]
    assert [link.attributes["href"] for link in shown.css("#Q1 .origin, #gist .origin")] == [
        f"{URL}#:~:text=sentence1" if brief.gist is None else brief.gist.evidence[0].link,
        brief.open_questions[0].evidence[0].link,
    ]
    assert f"{URL}#:~:text=uncited" in {link.attributes["href"] for link in shown.css(".report .origin")}


def test_links_of_the_page_have_safe_attributes_and_a_name() -> None:
    for link in page().css(".origin"):
        assert link.attributes["rel"] == REL
        name = str(link.attributes["aria-label"])
        assert name.startswith("open in source: ")
        assert link.text() in (name.partition(":")[0], "↗")
        assert "target" not in link.attributes


def test_title_of_the_page_links_to_the_web_address() -> None:
    assert page().css_first("h1 a").attributes == {"href": URL, "rel": REL}
    assert (
        page(url="https://ann:secret@news.example/#x").css_first("h1 a").attributes["href"] == "https://news.example/"
    )


UNSAFE = [
    "javascript:alert(1)",
    "JavaScript:alert(1)//https://a.example",
    "data:text/html,x",
    "file:///etc/passwd",
    "//attack.invalid/x",
    "\\\\attack.invalid\\x",
    "/\\attack.invalid/x",
    "java\nscript:alert(1)",
    " javascript:alert(1)",
    "https://a.example/ x",
    "https://а.example/",
    "https://[a",
    'a.html"onclick="x',
    "a.html#<b>",
    "#P1",
    "vbscript:x",
]


@pytest.mark.parametrize("link", UNSAFE)
def test_unsafe_links_are_not_shown(link: str) -> None:
    brief, article = linked(link, url=None if link.startswith("https:") else link)
    shown = LexborHTMLParser(to_html(brief, article))
    assert not shown.css(".origin, .origins, h1 a")
    assert links_in_markdown(to_markdown(brief)) == links_in_markdown(to_markdown(bridge()[0]))
    assert not links_in_terminal(terminal(brief, force_terminal=True))
    assert not LexborHTMLParser(to_notebook(brief)).css("a")


def test_reference_to_a_local_file_is_shown() -> None:
    link = "pages/a%20b.html#:~:text=x"
    brief, article = linked(link, url=None)
    assert {node.attributes["href"] for node in LexborHTMLParser(to_html(brief, article)).css(".origin")} == {link}
    assert (link, "3") in links_in_markdown(to_markdown(brief))
    expected = f"{Path('pages/a b.html').absolute().as_uri()}#:~:text=x"
    assert {address for address, _ in links_in_terminal(terminal(brief, force_terminal=True))} == {expected}


# The other views


def test_sentence_numbers_in_markdown_are_links() -> None:
    brief, _ = linked()
    links = links_in_markdown(to_markdown(brief))
    assert (URL, brief.article.title) in links
    for position in brief.positions:
        assert [(item.link, str(item.sentence)) in links for item in position.evidence] == [True] * len(
            position.evidence
        )


@pytest.mark.parametrize(
    "address", ["https://a.example/?a=1&lt;=2&copy=3&#35;", "https://a.example/a_(b)*c*~[d]#:~:text=a"]
)
def test_addresses_in_markdown_keep_every_character(address: str) -> None:
    links = links_in_markdown(to_markdown(linked(address)[0]))
    assert (address.replace("[d]", "%5Bd%5D"), "3") in [
        (link.replace("[d]", "%5Bd%5D"), words) for link, words in links
    ]


def test_sentence_numbers_in_a_terminal_are_hyperlinks() -> None:
    brief, _ = linked()
    links = links_in_terminal(terminal(brief, force_terminal=True))
    assert links[0] == (URL, brief.article.title)
    assert [address for address, words in links if words == "5"] == [f"{URL}#:~:text=sentence5"]


def test_uncited_statements_open_in_the_source() -> None:
    brief, _ = linked()
    address = f"{URL}#:~:text=uncited"
    full = ViewOptions(full=True)
    assert (address, "(source)") in links_in_markdown(to_markdown(brief, full))
    assert [
        words[:9]
        for link, words in links_in_terminal(terminal(brief, full=True, force_terminal=True))
        if link == address
    ]


def test_output_that_is_no_terminal_has_no_hyperlinks() -> None:
    plain, with_links = bridge()[0], linked()[0]
    assert "\x1b" not in terminal(with_links)
    assert "\x1b" not in with_links.render()
    same = with_links.model_copy(update={"article": plain.article, "coverage": plain.coverage})
    assert same.render() == plain.render()


def test_sentence_numbers_in_a_notebook_are_links() -> None:
    shown = LexborHTMLParser(to_notebook(linked()[0])).css("blockquote a")
    assert [link.text() for link in shown[:2]] == ["3", "4"]
    assert {link.attributes["rel"] for link in shown} == {REL}


def test_rows_have_the_link_of_the_first_sentence_with_a_place() -> None:
    brief, _ = linked()
    assert [row["link"] for row in brief.rows()] == [position.evidence[0].link for position in brief.positions]
    assert {row["link"] for row in bridge()[0].rows()} == {None}


def test_views_without_links_have_no_empty_brackets_or_labels() -> None:
    brief, article = bridge()
    assert "open in source" not in to_html(brief, article)
    assert "](<" not in to_markdown(brief)


# Metadata and warnings


def test_warnings_stand_before_the_gist_and_the_positions() -> None:
    brief, article = linked()
    for shown in (to_html(brief, article), to_markdown(brief), brief.render(), to_notebook(brief)):
        body = shown[shown.find("<body>") + 1 :]
        assert body.index(WARNING) < body.index("A council argues") < body.index("Anna Berg")


def test_warnings_are_escaped() -> None:
    brief, article = bridge()
    coverage = brief.coverage.model_copy(update={"warnings": ("<b>*x*</b>\x1b[31m\n# y", " ")})
    brief = brief.model_copy(update={"coverage": coverage})
    assert (
        LexborHTMLParser(to_html(brief, article)).css_first(".warnings").text().split() == "<b>*x*</b>[31m # y".split()
    )
    assert r"**Warning:** \<b\>\*x\*\</b\>\[31m # y" in to_markdown(brief)
    assert "\x1b" not in brief.render()


def test_byline_has_site_section_and_form() -> None:
    expected = "Ann Lee · 2026-01-01 · The News · Town · live blog"
    brief, article = linked()
    for shown in (to_html(brief, article), to_markdown(brief), brief.render(), to_notebook(brief)):
        assert expected in shown
    assert "The News · " in page(section="The News").css_first(".byline").text()
    assert page(section="The News").css_first(".byline").text().count("The News") == 1


@pytest.mark.parametrize(
    ("published", "shown"),
    [
        ("2026-02-11T21:42:08+00:00", "2026-02-11 21:42 UTC"),
        ("2026-02-11T21:42Z", "2026-02-11 21:42 UTC"),
        ("2026-02-11T21:42:08.5+01:00", "2026-02-11 21:42 +01:00"),
        ("2026-02-11T21:42:08", "2026-02-11 21:42"),
        ("2026-02-11", "2026-02-11"),
        ("last Tuesday", "last Tuesday"),
    ],
)
def test_byline_has_the_time_without_seconds(published: str, shown: str) -> None:
    brief, _ = bridge()
    info = brief.article.model_copy(update={"published": published})
    assert f"Ann Lee · {shown} ·" in brief.model_copy(update={"article": info}).render()
