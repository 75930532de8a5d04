"""The Markdown view, as a CommonMark parser reads it."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from hypothesis import given
from markdown_it import MarkdownIt
from markdown_it.token import Token

from summarizer import Brief
from summarizer.article import ArticleInfo
from summarizer.brief import Gist, Holder
from summarizer.render import ViewOptions, to_markdown
from summarizer.render.view_model import BriefView, build_view

from .conftest import TEAR_DOWN, brief, evidence, position, provenance, question
from .strategies import briefs

FULL = ViewOptions(full=True)
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def flat(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from flat(token.children or [])


def words(markdown: str) -> list[str]:
    """Return the text of each block, in order, as a reader sees it."""
    return [
        "".join("\n" if child.type == "softbreak" else child.content for child in token.children or []).replace(
            "\u200b", ""
        )
        for token in PARSER.parse(markdown)
        if token.type == "inline"
    ]


def structure(markdown: str) -> list[str]:
    """Return the types of all blocks and inline tokens."""
    return [token.type for token in flat(PARSER.parse(markdown)) if token.type not in ("text", "text_special")]


def bold(markdown: str) -> list[str]:
    tokens = list(flat(PARSER.parse(markdown)))
    opens = [place for place, token in enumerate(tokens) if token.type == "strong_open"]
    ends = [next(n for n, token in enumerate(tokens) if n > place and token.type == "strong_close") for place in opens]
    return ["".join(token.content for token in tokens[start:end]) for start, end in zip(opens, ends, strict=True)]


def test_view_has_all_parts_in_order(whole: Brief) -> None:
    assert words(to_markdown(whole)) == [
        "Council splits over the bridge",
        "A council argues. [1–2]",
        "The bridge should be torn down. (policy)",
        "For:",
        "Anna Berg (chief engineer, Riverton)",
        "P2 Statement 4.",
        "“must go” [4]",
        "Against:",
        "Tomas Lind (chairman of the Friends)",
        "P4 Statement 6. (relayed by Anna Berg; the quotation may be another speaker’s)",
        "“Quotation 6.” [6]",
        "Other:",
        "± Tomas Lind and Anna Berg · mixed",
        "P3 Statement 5. (conditional)",
        "“Quotation 5.” [5]",
        "A repair is cheap. (question of fact)",
        "For:",
        "Tomas Lind",
        "P1 Statement 3. (hedged)",
        "“Quotation 3.” [3]",
        "On other matters",
        "The author",
        "P5 Statement 7. (speculation; speaker unconfirmed; names unconfirmed)",
        "“Quotation 7.” [7]",
        "Open questions",
        "Who pays? (Tomas Lind and Anna Berg [8])",
        "When is the vote? (implied [9])",
        *build_view(whole).coverage,
        *build_view(whole).provenance,
    ]


def test_full_view_has_whole_sentences_and_rejected_claims(whole: Brief) -> None:
    made = words(to_markdown(whole, FULL))
    assert {"“It must go,” she said. [4]", "No date is set. [9]", "Rejected", *build_view(whole).rejected} <= set(made)
    assert {*build_view(whole, FULL).coverage} <= set(made)


def test_question_and_time_stand_before_an_answer() -> None:
    asked = position(2, answers=evidence(1, "Who pays?"), posted="14:32")
    assert "P1 14:32 · Asked: Who pays? – Statement 2." in words(to_markdown(brief(asked)))


def test_position_is_a_list_item_with_statement_and_quotation() -> None:
    made = structure(to_markdown(brief(position(1))))
    start = made.index("bullet_list_open")
    assert made[start : made.index("bullet_list_close")] == [
        "bullet_list_open", "list_item_open",
        "paragraph_open", "inline", "strong_open", "strong_close", "paragraph_close",
        "paragraph_open", "inline", "paragraph_close",
        "blockquote_open", "paragraph_open", "inline", "paragraph_close", "blockquote_close",
        "list_item_close",
    ]  # fmt: skip


def test_names_and_phrases_are_bold(whole: Brief) -> None:
    assert bold(to_markdown(whole, FULL))[:2] == ["Anna Berg", "must go"]


@pytest.mark.parametrize(
    ("quote", "marked", "expected"),
    [
        ("他说“你好”然后走了", "“你好”", "你好"),
        ("re(elect) him", "(elect)", "elect"),
        ("a b c", " b ", "b"),
        ("2 * 3 = 6", "* 3 =", "3"),
        ("snake_case_name", "case", "case"),
    ],
)
def test_bold_begins_and_ends_at_letters(quote: str, marked: str, expected: str) -> None:
    made = to_markdown(brief(position(1, evidence=(evidence(1, quote, marked),))), FULL)
    assert bold(made)[-1] == expected
    assert f"{quote} [1]" in words(made)


def test_punctuation_alone_is_not_bold() -> None:
    made = to_markdown(brief(position(1, evidence=(evidence(1, "What … ?", "… ?"),))), FULL)
    assert bold(made) == ["Anna Berg"]
    assert "What … ? [1]" in words(made)


NASTY = [
    "# A heading", "## system", "- an item", "+ an item", "* an item", "1. an item", "12) an item", "-", "+", "#", "1.",
    "---", "***", "___", "===", "- - -", "> a quotation", "```", "~~~", "`code`", "    code", "| a | b |", "|---|---|",
    "<b>bold</b>", "<!-- hidden", "<script>alert(1)</script>", "<http://a.example>", "[text](http://a.example)", ":--",
    "![picture](http://a.example/x.png)", "[text]: http://a.example", "[text][ref]", "*emphasis*", "__strong__",
    "~~struck~~", "a\\", "\\# no", "&amp; &lt; &#35;", "one\n\n# two", "one  \ntwo", "one\\\ntwo", "one\r\n- two",
    "a\u2028> b", "$x$", "**", "_", "In C #", "a ##", "# #", "a #b#",
]  # fmt: skip


@pytest.mark.parametrize("text", NASTY)
def test_markup_in_text_is_escaped(text: str) -> None:
    plain = everywhere("Plain")
    nasty = everywhere(text)
    seen = " ".join(text.split())
    for options in (ViewOptions(), FULL):
        assert structure(to_markdown(nasty, options)) == structure(to_markdown(plain, options))
        shown = [line.replace("Plain", seen) for line in words(to_markdown(plain, options))]
        assert words(to_markdown(nasty, options)) == shown


def everywhere(text: str) -> Brief:
    """Return a brief with ``text`` in every place that an article or a model controls, except phrases."""
    who = Holder(id="berg", name=text, kind="person", role=text)
    article = brief().article.model_copy(update={"title": text, "author": text, "source": text})
    return brief(
        position(1, statement=text, issue="tear", stance="agrees", evidence=(evidence(1, text),)),
        article=article,
        gist=Gist(text=f"Then: {text}"),
        issues=(TEAR_DOWN.model_copy(update={"proposition": text}),),
        holders=(who,),
        open_questions=(question(2, text, evidence=(evidence(2, "Another."),)),),
        rejected=({"what": "position", "text": text, "reason": text},),
        provenance=provenance(notes=(text,)),
    )


@pytest.mark.parametrize("source", ["https://a.example/b_c*d?e=1&f=~g#h", "http://a.example/'x"])
def test_web_source_is_an_exact_link(source: str) -> None:
    made = brief()
    tokens = list(flat(PARSER.parse(to_markdown(made.model_copy(update={"article": with_source(made, source)})))))
    (link,) = [token for token in tokens if token.type == "link_open"]
    assert unquote(str(link.attrs["href"])) == source


@pytest.mark.parametrize("source", ["javascript:alert(1)", "https://a.example/<script>", "a_file_*.txt", "//a.example"])
def test_other_source_is_text(source: str) -> None:
    made = brief()
    markdown = to_markdown(made.model_copy(update={"article": with_source(made, source)}))
    assert "link_open" not in structure(markdown)
    assert source in words(markdown)


def with_source(made: Brief, source: str) -> ArticleInfo:
    return made.article.model_copy(update={"source": source, "author": None, "published": None})


SHA = "16c999e8c71134401a78d4d46435517b2271d6ac"
CALLS = re.compile(  # what GitHub turns into a mention, a reference or an emoji
    r"(?<!\w)@\w|#\d|GH-\d|16c999e|abcdef1|://(?:www\.)?github\.com/|www\.github\.com/|:[\w+-]+:"
)


@pytest.mark.parametrize(
    "text",
    [
        "Ask @tomas", "(@tomas)", "@tomas", "See #12.", "#12", "GH-12", "**@tomas**",
        "see python/cpython#7", "a_b/c_d.e-f#7", f"o/r@{SHA}", "o/r@abcdef1", f"o@{SHA}.", SHA, "in 16c999e.",
        "www.GitHub.com/o/r/issues/7", ":+1:", "so :smile:!", "a:e-mail:", ":100:",
    ],
)  # fmt: skip
def test_github_mentions_and_references_are_disarmed(text: str) -> None:
    made = to_markdown(everywhere(text))
    assert calls(made) == []
    assert text in words(made)


@pytest.mark.parametrize("text", ["https://github.com/o/r/issues/7", "(http://www.github.com/o/r/pull/7)"])
def test_github_urls_are_disarmed_except_the_source(text: str) -> None:
    made = everywhere(text)
    shown = to_markdown(made.model_copy(update={"article": with_source(made, "bridge.txt")}))
    assert calls(shown) == []
    assert text in words(shown)
    whole = to_markdown(made.model_copy(update={"article": with_source(made, "https://github.com/o/r/issues/7")}))
    assert "<https://github.com/o/r/issues/7>" in whole


def calls(markdown: str) -> list[str]:
    inline = [token.children or [] for token in PARSER.parse(markdown) if token.type == "inline"]
    return [found for each in inline for found in CALLS.findall("".join(child.content for child in each))]


@pytest.mark.parametrize(
    "text",
    [
        "mail@example.org", "bob@defaced.example", "C#7", "a #tag", "@ home", "and/or", "defaced", "1234567",
        "https://news.example/a:b", "12:30:45", "10:30-11:00", "He said: no: never", "2026-01-01T12:30:00",
    ],
)  # fmt: skip
def test_text_without_github_references_is_unchanged(text: str) -> None:
    assert "\u200b" not in to_markdown(everywhere(text))


def test_quotation_that_begins_with_bold_markup_stays_a_quotation() -> None:
    made = to_markdown(brief(position(1, evidence=(evidence(1, "1. Who? - # me", "1. Who?"),))), FULL)
    assert "1. Who? - # me [1]" in words(made)
    assert structure(made).count("list_item_open") == 1


def test_empty_brief_says_that_nothing_was_found() -> None:
    assert "No position was found." in words(to_markdown(brief()))


def test_prose_stays_readable() -> None:
    held = position(1, evidence=(evidence(1, "It’s 4.5 million - no more (he said).", "no more"),))
    made = to_markdown(brief(held), FULL)
    assert "> It’s 4.5 million - **no more** (he said). " in made


def test_no_repeated_blank_lines_and_one_final_line_break(whole: Brief) -> None:
    made = to_markdown(whole)
    assert "\n\n\n" not in made
    assert made.endswith("reader.\n")


@pytest.mark.parametrize("said", ["“Who pays?”", "No purse is named."])
def test_headings_are_surrounded_by_blank_lines(said: str) -> None:
    asked = (question(8, "Who pays?"), question(9, "Who pays?", evidence=(evidence(9, said),)))
    lines = to_markdown(brief(position(1, issue="tear"), open_questions=asked)).splitlines()
    headings = [place for place, line in enumerate(lines) if line.startswith("#") and place]
    assert len(headings) == 2
    assert {lines[place + step] for place in headings for step in (-1, 1)} == {""}


@given(briefs())
def test_arbitrary_text_does_not_change_the_markdown_structure(made: Brief) -> None:
    markdown = to_markdown(made, FULL)
    shown = build_view(made, FULL)
    kinds = structure(markdown)
    assert kinds.count("heading_open") == headings(shown)
    assert kinds.count("list_item_open") == 1 + 1 + len(shown.rejected)
    assert not set(kinds) & {"html_block", "html_inline", "link_open", "image", "code_inline", "fence", "code_block"}
    assert not set(kinds) & {"table_open", "s_open", "hardbreak", "ordered_list_open"}
    assert f"{shown.questions[0].quotation.text} {shown.questions[0].quotation.brackets}".strip() in words(
        markdown
    ) or (shown.questions[0].is_verbatim)


def headings(shown: BriefView) -> int:
    return 1 + 2 + (len(shown.sections) if shown.sections[0].heading else 1)
