"""HTML becomes blocks of text: everything visible, nothing hidden, in linear time."""

import html
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.sources.markup import find_tokens, join_lines, read_attributes, read_markup
from tests.article.texts import WORDS
from tests.timing import assert_linear


def texts(markup: str, **options: bool) -> list[str]:
    return [block.text for block in read_markup(markup, **options).blocks]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("plain text", ["plain text"]),
        ("<p>One<p>Two", ["One", "Two"]),
        ("<P>One</P>\n<DIV>Two</DIV>", ["One", "Two"]),
        ("loose<p>inside</p>behind", ["loose", "inside", "behind"]),
        ("<p>a <b>bold</b>, <i>sl</i>anted\n   word</p>", ["a bold, slanted word"]),
        ("<p>one<br>two</p>", ["one two"]),
        ("<p>One.<br/>Two.</p>", ["One.", "Two."]),
        ("<p>one<br><br>two</p>", ["one", "two"]),
        ("<ul><li>a<ul><li>b</li></ul></li><li><p>c</p></li></ol>", ["a", "b", "c"]),
        ("<dl><dt>term<dd>meaning</dl>", ["term", "meaning"]),
        ("<p>&lt;b&gt; &amp; caf&eacute;&nbsp;&#8211;&#x2014; &bogus;</p>", ["<b> & café –— &bogus;"]),
        ("<p>5 < 6 and 7 > 6 <3</p>", ["5 < 6 and 7 > 6 <3"]),
        ("<p title=\"a > b\" data-x='</p>'>text</p>", ["text"]),
        ("<p>a<!-- <p>hidden</p> -->b</p><!-->c", ["ab", "c"]),
        ("<![CDATA[<p>raw & text</p>]]>", ["<p>raw & text</p>"]),
        ("<?xml version='1.0'?><!DOCTYPE html [<!ENTITY a 'b>c'>]><p>a</p>", ["a"]),
        ("<script>if (a < b) '</p>'</script><style>p {}</style><p>a</p>", ["a"]),
        ("<script src='x'/><p>XHTML</p>", ["XHTML"]),
        ("<head><title>T</title><meta charset=x></head><body>b", ["b"]),
        ("<head><title>T</title><p>no body tag", ["no body tag"]),
        ("<template><p>a</p></template><noscript>b</noscript><svg><title>c</title></svg>d", ["d"]),
        ("<p hidden>a<p>b</p><div style='color: red; DISPLAY : none'><div>c</div>d</div>e", ["b", "e"]),
        ("<p style='display:none'>a<div>b</div>", ["b"]),
        ("<span style='visibility:hidden'>a</span>b<img alt=c hidden>d", ["bd"]),
        ("<p>He said <q>no</q>.</p>", ["He said “no”."]),
        (
            "<p>x<sup><a href='#n1'>1</a></sup> y<a href='#n2'><sup>[2]</sup></a> 10<sup>6</sup> m<sup>2</sup></p>",
            ["x y 106 m2"],
        ),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", ["漢"]),
        ("<p>kept <del>deleted</del> <ins>new</ins></p>", ["kept new"]),
        ("<pre>one\n  two\n\nthree</pre>", ["one two", "three"]),
        ("<p>\u200b\u200c &nbsp;</p><p>a</p>", ["a"]),
        ("<table><tr><th>Party<th>Votes<tr><td>Left<td>3</table>", ["Party | Votes", "Left | 3"]),
        ("<table><tr><td><p>a</p></td><td></td><td><p>b</p></td></tr></table>", ["a | b"]),
        ("<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table>", ["a", "b", "c"]),
        ("<table><tr><td>a<table><tr><td>b<td>c</table>d</td></tr></table>e", ["a", "b | c", "d", "e"]),
        (f"<table><tr><td>{'long ' * 50}<td>{'text ' * 50}</table>", [("long " * 50).strip(), ("text " * 50).strip()]),
        ("<table><caption>Cap</caption><tr><td>a", ["Cap", "a"]),
        ("<td>a</td></table></tr></blockquote></q></pre></sup>", ["a"]),
        ("<p>cut off <a href=", ["cut off"]),
        ("<p>cut off &am", ["cut off &am"]),
    ],
)
def test_visible_text_becomes_blocks(markup: str, expected: list[str]) -> None:
    assert texts(markup) == expected


def test_headings_have_their_level() -> None:
    markup = read_markup("<h1>One</h1>x<h3>Two<br>lines</h3><p>y</p><h2 hidden>no</h2>z<h6>Six")
    assert [(block.text, block.level) for block in markup.blocks] == [
        ("One", 1), ("x", 0), ("Two lines", 3), ("y", 0), ("z", 0), ("Six", 6),
    ]  # fmt: skip


def test_title_and_language_are_read() -> None:
    markup = read_markup("<html xml:lang='de-AT'><title> A\n &amp; <b> </title><svg><title>x</title></svg>")
    assert (markup.title, markup.language) == ("A & <b>", "de-AT")


def test_notes_are_left_out_and_reported() -> None:
    note = '<p>a<a epub:type="noteref" href="#n">1</a> b</p><aside epub:type="footnote"><p>Note</p></aside><p>c</p>'
    assert (texts(note), read_markup(note).has_notes) == (["a b", "c"], True)
    assert not read_markup("<p>a</p>").has_notes
    assert texts('<p role="note">A remark</p>') == ["A remark"]


def test_only_quotations_of_mail_programs_count_as_quotations() -> None:
    markup = (
        "<blockquote>a</blockquote><blockquote type=cite>b<blockquote class='gmail_quote'>c</blockquote>d</blockquote>e"
    )
    assert [(block.text, block.quotes) for block in read_markup(markup).blocks] == [
        ("a", 0), ("b", 1), ("c", 2), ("d", 1), ("e", 0),
    ]  # fmt: skip


def test_lines_are_kept_on_request() -> None:
    assert texts("<p>a<br>b</p><table><tr><td>c<td>d</table>", keep_lines=True) == ["a\nb", "c", "d"]


def test_lines_within_a_sentence_are_joined() -> None:
    assert join_lines(["The ferry", "sank.", "it rained", "", "and", "Anna left"]) == [
        "The ferry sank.", "it rained", "and", "Anna left",
    ]  # fmt: skip


def test_first_of_two_attributes_counts() -> None:
    assert read_attributes(" HREF='a&amp;b' href=c hidden x = \"y\"") == {"href": "a&b", "hidden": "", "x": "y"}


words = st.lists(
    # A space that does not break is read as a space.
    st.sampled_from(
        [*(word for word in WORDS if word.split() == [word]), "a<b", "A&B", "“so”", "5>4", "&amp;", "naïve", "渡轮"]
    ),
    min_size=1,
    max_size=6,
)
INLINE = ["{}", "<b>{}</b>", "<a href='x>y'>{}</a>", "<span class=x>{}</span>", "<!-- c -->{}", "{}<wbr>"]
BLOCK = [
    *("<p>{}</p>", "<div>{}</div>", "<ul><li>{}</li></ul>", "<h2>{}</h2>", "<div><p>{}</div>", "<P\n>{}</P\n>"),
    *("<table><tr><td>{}</table>", "<section><blockquote>{}</blockquote></section>"),
]
HIDDEN = ["", "<script>no</script>", "<div hidden>no<div>no</div></div>", "<style>no</style>", "<!-- no -->", "<hr>"]
part = st.tuples(words, st.sampled_from(INLINE), st.sampled_from(BLOCK), st.sampled_from(HIDDEN))


@given(st.lists(part, min_size=1, max_size=8))
def test_text_in_is_text_out(parts: list[tuple[list[str], str, str, str]]) -> None:
    markup = "".join(
        block.format(" ".join([inline.format(html.escape(word)) for word in some])) + hidden
        for some, inline, block, hidden in parts
    )
    assert texts(markup) == [" ".join(some) for some, *_ in parts]


@given(st.text(max_size=100))
def test_any_text_is_read(text: str) -> None:
    for block in read_markup(text).blocks:
        assert block.text
        assert "\n" not in block.text


@given(st.lists(st.sampled_from("< > </ p table td tr \" ' = !-- --> x & sup".split(" "))))
def test_any_markup_is_read(pieces: list[str]) -> None:
    markup = "".join(pieces)
    read_markup(markup)
    assert sum(len(token.value) for token in find_tokens(markup)) <= len(markup)


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [
        *("<!--", "<a x", '<a b="', "<a b='\"", "<![CDATA[", "<!x [", "<div>", "<table><tr><td>x", "<sup>", "<script>"),
        *("<b", "&#", "<p hidden>", "<title>", "<blockquote type=cite>", "<q>", "</p", "<a a='b' "),
    ],
)
def test_hostile_markup_takes_linear_time(piece: str) -> None:
    assert_linear(lambda size: partial(read_markup, piece * size), 1_000)


@pytest.mark.slow
def test_100_000_levels_are_read() -> None:
    assert texts("<div>" * 100_000 + "deep" + "</div>" * 100_000 + "end") == ["deep", "end"]
