"""The article's text is found again in the text nodes of its page."""

from html import escape
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from summarizer import Article, ArticleError
from summarizer.article import NodePlace
from summarizer.sources.html.alignment import PageText, find_blocks, make_anchors, text_nodes
from summarizer.sources.html.loader import parse_page
from summarizer.spans import Span

PROSE = "The ferry sank at noon, the mayor of Lanyon said, and nobody drowned in the accident."


def read_nodes(html: str, article: Article) -> dict[str, str]:
    """Return the text nodes of a page that the anchors of its article use, by path."""
    tree = parse_page(html)
    return {node.path: str(tree.getroottree().xpath(node.path)[0]) for node in article.anchors.nodes}


def check_anchors(html: str, article: Article) -> None:
    """Check that every run stands one for one in its node, and that runs are in order."""
    nodes = read_nodes(html, article)
    anchors = article.anchors
    for run in anchors.runs:
        node = anchors.nodes[run.node]
        in_node = nodes[node.path][run.offset : run.offset + run.end - run.start]
        in_page = anchors.page[node.start + run.offset :][: run.end - run.start]
        assert in_node == in_page
        assert in_node.split() == article.text[run.start : run.end].split()
        assert len(in_node) == run.end - run.start
    assert all(before.end <= after.start for before, after in pairwise(anchors.runs))


def unanchored(article: Article) -> str:
    """Return the visible characters of an article without a place."""
    anchored = {offset for run in article.anchors.runs for offset in range(run.start, run.end)}
    return "".join(c for offset, c in enumerate(article.text) if offset not in anchored and not c.isspace())


words = st.sampled_from(
    ["ferry", "sank", "Lanyon", "mayor", "said", "noon,", "Nobody", "drowned.", "é", "渡轮", "a & b", "<3"]
)
spaces = st.sampled_from([" ", "  ", "\n", "&nbsp;", " \t ", "&#8239;"])


@st.composite
def inline(draw: st.DrawFn) -> str:
    """Return words with inline tags, entities, comments and any white space between them."""
    parts = []
    for word in draw(st.lists(words, min_size=1, max_size=8)):
        text = escape(word)
        tag = draw(st.sampled_from(["", "", "", "b", "i", "a", "span", "em"]))
        parts.append(f"<{tag}>{text}</{tag}>" if tag else text)
        parts.append(draw(st.sampled_from(["", "", "", "<!-- c -->", "<script>x()</script>", "<br>"])))
        parts.append(draw(spaces))
    return "".join(parts)


blocks = st.recursive(
    st.builds(
        lambda tag, text: f"<{tag}>{text}</{tag}>\n", st.sampled_from(["p", "p", "p", "h2", "li", "td"]), inline()
    )
    | st.just(f"<p>{PROSE}</p>"),
    lambda children: st.builds(
        lambda tag, inner: f"<{tag}> {''.join(inner)}</{tag}>",
        st.sampled_from(["div", "section", "blockquote", "ul", "article", "center"]),
        st.lists(children, min_size=1, max_size=4),
    ),
    max_leaves=12,
)


@settings(max_examples=25)
@given(st.lists(blocks, min_size=1, max_size=6))
def test_every_run_stands_in_its_node(parts: list[str]) -> None:
    html = f"<html><body><article>{''.join(parts)}<p>{PROSE}</p></article></body></html>"
    try:
        article = Article.from_html(html)
    except ArticleError:
        return
    check_anchors(html, article)
    assert unanchored(article) == ""


@given(st.lists(inline(), min_size=1, max_size=8), st.randoms())
def test_blocks_are_found_in_the_page(parts: list[str], random: Random) -> None:
    root = parse_page("<html><body>" + "".join(f"<p>{part}</p>" for part in parts) + "</body></html>")
    page = PageText(text_nodes(root))
    etree.strip_elements(root, etree.Comment, "script", with_tail=False)
    found = [" ".join(paragraph.text_content().split()) for paragraph in root.iter("p")]
    blocks = find_blocks(found, page)
    assert [block.text for block in blocks if block.is_whole] == found
    assert ["".join(block.text.split()) for block in blocks] == [
        page.squeezed[block.parts[0].at :][: block.parts[0].length] for block in blocks
    ]
    random.shuffle(found)  # moved blocks are found where they stand
    assert all(block.is_whole for block in find_blocks(found, page))


def test_repeated_lines_are_found_in_order() -> None:
    lines = ["No.", "The first answer.", "No.", "The second answer.", "No."]
    root = parse_page("<body>" + "".join(f"<p>{line}</p>" for line in lines))
    page = PageText(text_nodes(root))
    anchors = make_anchors(find_blocks(lines, page), page)
    assert [node.path for node in anchors.nodes] == [f"/html/body/p[{number}]/text()[1]" for number in range(1, 6)]


def test_line_that_also_stands_in_the_navigation_is_found_in_the_article() -> None:
    lines = [PROSE, "Politics", "The council meets again on Monday."]
    root = parse_page("<body><nav>Politics</nav>" + "".join(f"<p>{line}</p>" for line in lines) + "<div>Politics</div>")
    page = PageText(text_nodes(root))
    anchors = make_anchors(find_blocks(lines, page), page)
    assert [node.path for node in anchors.nodes][1] == "/html/body/p[2]/text()[1]"


def test_parts_of_an_altered_block_are_found() -> None:
    root = parse_page(f"<body><p>{PROSE} <span>Advertisement</span> The harbour was closed for three hours.</p>")
    page = PageText(text_nodes(root))
    block = f"{PROSE} The harbour was closed for three hours."
    anchors = make_anchors(find_blocks([block], page), page)
    assert "".join(block[run.start : run.end] for run in anchors.runs).replace(" ", "") == block.replace(" ", "")
    assert [node.path for node in anchors.nodes] == ["/html/body/p/text()[1]", "/html/body/p/text()[2]"]


def test_block_that_is_not_in_the_page_has_no_place() -> None:
    page = PageText(text_nodes(parse_page(f"<body><p>{PROSE}</p>")))
    (block,) = find_blocks(["Another text altogether, in another page."], page)
    assert block.parts == ()
    assert make_anchors([block], page).runs == ()


def test_comments_and_processing_instructions_divide_text_nodes() -> None:
    html = f"<body><p>{PROSE}<!-- c --> It was raised.<?x?> Nobody paid.</p><p>{PROSE} Again.</p>"
    article = Article.from_html(html)
    start = article.text.index("Nobody paid")
    (place,) = article.places(Span(start, start + 12))
    assert place == NodePlace("/html/body/p[1]/text()[3]", 1, 13)
    check_anchors(html, article)


@pytest.mark.parametrize(
    ("markup", "path"),
    [
        ("<div><div>a</div><div><p>x</p></div></div>", "/html/body/div/div[2]/p/text()[1]"),
        ("<o:p>a</o:p><o:p><p>x</p></o:p>", "/html/body/*[2]/p/text()[1]"),
        ("<p>a</p><section><p>x</p></section>", "/html/body/section/p/text()[1]"),
    ],
)
def test_paths_are_valid_and_short(markup: str, path: str) -> None:
    root = parse_page(f"<html><body>{markup}</body></html>")
    page = PageText(text_nodes(root))
    anchors = make_anchors(find_blocks(["x"], page), page)
    assert [node.path for node in anchors.nodes] == [path]
    assert root.getroottree().xpath(path) == ["x"]


def test_page_text_separates_blocks_and_leaves_out_scripts() -> None:
    html = (
        "<head><title>T</title></head><body><p>a<b>b</b><br>c</p>d<style>e</style><script>f</script><ul><li>g<li>h</ul>"
    )
    page = PageText(text_nodes(parse_page(html)))
    assert make_anchors([], page).page.split() == ["ab", "c", "d", "g", "h"]
