"""The terminal view: content, highlighting, and protection against control sequences."""

import re

import pytest
from hypothesis import given
from rich.cells import cell_len

from summarizer import Brief
from summarizer.brief import Holder

from .conftest import TEAR_DOWN, brief, evidence, position, provenance, question, shown
from .strategies import briefs

RICHS_OWN = re.compile(r"\x1b\[[\d;]*m")  # colours only

HEAD = """\
Council splits over the bridge

A council argues. [1–2]

The bridge should be torn down. (policy)

For

Anna Berg (chief engineer, Riverton)
"""
SHORT = f"""\
{HEAD}\
  P2 Statement 4.
    “must go” [4]

Against

Tomas Lind (chairman of the Friends)
  P4 Statement 6. (relayed by Anna Berg; the quotation may be another speaker’s)
    “Quotation 6.” [6]

Other

± Tomas Lind and Anna Berg · mixed
  P3 Statement 5. (conditional)
    “Quotation 5.” [5]

A repair is cheap. (question of fact)

For

Tomas Lind
  P1 Statement 3. (hedged)
    “Quotation 3.” [3]

On other matters

The author
  P5 Statement 7. (speculation; speaker unconfirmed; names unconfirmed)
    “Quotation 7.” [7]

Open questions
? Who pays? · Tomas Lind and Anna Berg [8]
? When is the vote? · implied [9]

40 sentences read, of which 11 failed; 10 of 12 statements cited; 1 claim of the
model rejected.
Failed: sentences 20 to 30. The server broke.
Looks like an instruction to a model: sentence 13.
Made by tiny-2026.
A note to the reader.
"""


def test_full_view_has_whole_sentences_uncited_statements_and_rejected_claims(whole: Brief) -> None:
    made = shown(whole, full=True)
    for part in (
        f"{HEAD}  P2 Statement 4.\n    “It must go,” she said. [4]\n",
        "? When is the vote? · implied\n    No date is set. [9]\n",
        "Not cited: sentences 10, 11, attributed to the mayor.\n",
        "\nRejected\n",
        "position “The mayor resigns.”: sentence 99 does not exist\n",
        "summarizer 9.9, in 2.0 s with 3 calls",
    ):
        assert part in made


def test_full_view_of_a_builtin_brief_has_the_sentences_alone() -> None:
    held = position(1, statement="Anna Berg: It must go.", evidence=(evidence(1, "“It must go,” she said."),))
    made = shown(brief(held, provenance=provenance(engine="builtin")), full=True)
    assert "\nAnna Berg (chief engineer, Riverton)\n    P1 “It must go,” she said. [1]\n" in made


def test_question_and_time_stand_before_an_answer() -> None:
    asked = position(2, answers=evidence(1, "Who pays?"), posted="14:32")
    assert "  Asked: Who pays?\n  P1 14:32 · Statement 2.\n" in shown(brief(asked))


def test_view_has_all_parts_in_order(whole: Brief) -> None:
    assert shown(whole) == SHORT


def test_output_to_a_file_has_no_escape_sequences(whole: Brief) -> None:
    assert "\x1b" not in shown(whole)


def test_terminal_shows_the_same_text_in_colour(whole: Brief) -> None:
    coloured = shown(whole, force_terminal=True, color_system="standard")
    assert RICHS_OWN.search(coloured)
    plain = [line.rstrip() for line in RICHS_OWN.sub("", coloured).splitlines()]
    assert plain == SHORT.splitlines()


def test_phrases_are_highlighted(whole: Brief) -> None:
    coloured = shown(whole, full=True, force_terminal=True, color_system="standard")
    assert "\x1b[3m“It \x1b[0m\x1b[1;3mmust go\x1b[0m\x1b[3m,” she said.\x1b[0m" in coloured


def test_empty_brief_says_that_nothing_was_found() -> None:
    assert "No position was found." in shown(brief())


def test_long_word_is_wrapped_without_loss() -> None:
    lines = shown(everywhere("abcdefghij" * 12), full=True, width=40).splitlines()
    assert "".join(line.strip() for line in lines).count("abcdefghij" * 12) == 9
    assert not [line for line in lines if "…" in line]


def test_lines_have_at_most_80_columns_on_a_wider_terminal() -> None:
    made = brief(position(1, statement="word " * 60, evidence=(evidence(1, "語" * 200),)))
    assert max(map(cell_len, shown(made, width=200).splitlines())) == 80


@pytest.mark.parametrize(
    "text", ["[bold]x[/bold]", "[/]", "[link=http://a.example]x[/link]", "[red", ":warning:", "\\[x]"]
)
def test_console_markup_in_text_is_shown_as_text(text: str) -> None:
    assert shown(everywhere(text), full=True).count(text) == 9


CONTROLS = ["\x1b[31m", "\x1b[2J", "\x1b]8;;http://a.example\x1b\\", "\x1b]0;title\x07", "\x9b31m"]


@pytest.mark.parametrize("sequence", [*CONTROLS, "\x07", "\x08", "\r", "\u202e", "\x0c"])
def test_escape_sequences_and_controls_do_not_reach_the_terminal(sequence: str) -> None:
    coloured = shown(everywhere(f"a{sequence}b"), force_terminal=True, color_system="standard")
    left = RICHS_OWN.sub("", coloured).replace("\n", "")
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202e]", left)


def test_line_breaks_in_text_are_removed() -> None:
    lines = shown(everywhere("a\nOpen questions\nb")).splitlines()
    assert lines.count("Open questions") == 1


def everywhere(text: str) -> Brief:
    """Return a brief that shows ``text`` nine times, in every place that an article or a model controls."""
    article = brief().article.model_copy(update={"title": text, "source": text})
    return brief(
        position(1, statement=text, issue="tear", stance="agrees", evidence=(evidence(1, text),)),
        article=article,
        issues=(TEAR_DOWN.model_copy(update={"proposition": text}),),
        holders=(Holder(id="berg", name=text, kind="person", role=f"clerk {text}"),),
        open_questions=(question(2, text),),
        rejected=({"what": "position", "text": text, "reason": "none"},),
    )


@given(briefs())
def test_arbitrary_text_gives_safe_lines_that_fit(made: Brief) -> None:
    plain = shown(made)
    assert all(cell_len(line) <= 80 and line == line.rstrip() for line in plain.split("\n"))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", plain)
    plain.encode()


@given(briefs())
def test_very_narrow_terminal_works(made: Brief) -> None:
    assert shown(made, width=12, force_terminal=True)
