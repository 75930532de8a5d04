"""Selecting, highlighting, filtering and copying, with pointer and keys."""

import pytest

from summarizer import Brief
from summarizer.render import to_html

from ..render.pages import CHEAP, SOURCE, TEAR_DOWN, bridge
from .conftest import EXACT, HIGHLIGHTED, NARROW, WIDE, Tab, positions, sentence

pytestmark = pytest.mark.slow

# Selection


def test_selected_position_highlights_its_sentences_and_phrases(tab: Tab, page: str, brief: Brief) -> None:
    tab.open(page)
    tab.one("#P6 .statement").click()
    (cited,) = brief.positions[5].evidence
    assert tab.run(HIGHLIGHTED) == cited.quote
    assert tab.run(EXACT) == "anyone had counted"
    assert tab.within(f"#s{cited.sentence}")
    assert tab.one("#P6").get_attribute("aria-current") == "true"


def test_selected_position_highlights_all_its_sentences(tab: Tab, page: str, brief: Brief) -> None:
    tab.open(page)
    tab.one("#P4 .statement").click()
    assert tab.run(HIGHLIGHTED) == "".join(item.quote for item in brief.positions[3].evidence)


def test_new_selection_clears_the_previous_highlight(tab: Tab, page: str) -> None:
    tab.open(page)
    tab.one("#P1 .statement").click()
    assert tab.run(EXACT) == "The bridge must go"
    tab.one("#P2 .statement").click()
    assert tab.run(EXACT) == "go, and the sooner"
    assert len(tab.all("[aria-current]")) == 1


def test_question_and_gist_highlight_their_sentences(tab: Tab, page: str) -> None:
    tab.open(page)
    tab.one("#Q1 .statement").click()
    assert tab.run(HIGHLIGHTED) == "“Who pays?” he asked."
    tab.one("#gist p").click()
    assert tab.run(HIGHLIGHTED).startswith("The council of Riverton")


def test_selected_sentence_filters_the_positions(tab: Tab, page: str, brief: Brief) -> None:
    tab.open(page)
    tab.one(f"#s{sentence(brief, 1)}").click()
    assert positions(tab) == ["P1", "P2"]
    assert "2 of 6 on sentence" in tab.one(".count").text
    tab.one(".filters button").click()
    assert len(positions(tab)) == 6
    assert tab.run(HIGHLIGHTED) == ""


@pytest.fixture(scope="session")
def summed_up() -> str:
    """Return the page of a brief whose gist cites sentences of positions and one other sentence."""
    brief, article = bridge()
    assert brief.gist
    also = (brief.positions[0].evidence[0], brief.open_questions[0].evidence[0])
    gist = brief.gist.model_copy(update={"evidence": (*brief.gist.evidence, *also)})
    return to_html(brief.model_copy(update={"gist": gist}), article)


@pytest.mark.parametrize("way", ["sentence", "number", "fragment", "loaded again"])
@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_positions_take_precedence_over_the_gist(
    tab: Tab, summed_up: str, brief: Brief, way: str, size: tuple[int, int]
) -> None:
    number = sentence(brief, 1)
    opened = way in ("fragment", "loaded again")
    tab.open(summed_up, size=size, fragment=f"#s{number}" if opened else "")
    if not opened and size == NARROW:
        tab.one(".switch [data-view=article]").click()
    if way == "sentence":
        tab.run(f"document.querySelector('#s{number}').click()")
    elif way == "number":
        tab.one(f".n[data-s='{number}']").click()
    elif way == "loaded again":
        tab.driver.refresh()
    assert [claim.get_attribute("id") for claim in tab.all("[aria-current]")] == ["P1"]
    assert tab.run(HIGHLIGHTED) == brief.positions[0].evidence[0].quote
    if size == WIDE or not opened:
        assert positions(tab) == ["P1", "P2"]
        assert tab.within("#P1")


def test_questions_take_precedence_over_the_gist(tab: Tab, summed_up: str, brief: Brief) -> None:
    tab.open(summed_up)
    tab.one(f"#s{brief.open_questions[0].evidence[0].sentence}").click()
    assert tab.one("[aria-current]").get_attribute("id") == "Q1"


def test_sentence_that_only_the_gist_cites_selects_the_gist(tab: Tab, summed_up: str, brief: Brief) -> None:
    assert brief.gist
    tab.open(summed_up)
    tab.one(f"#s{brief.gist.evidence[0].sentence}").click()
    assert tab.one("[aria-current]").get_attribute("id") == "gist"


def test_sentence_that_only_a_question_cites_hides_no_position(tab: Tab, page: str, brief: Brief) -> None:
    tab.open(page)
    tab.one(f"#s{brief.open_questions[0].evidence[0].sentence}").click()
    assert len(positions(tab)) == 6
    assert tab.one("#Q1").get_attribute("aria-current") == "true"


def test_uncited_statement_is_highlighted_in_the_article(tab: Tab, page: str) -> None:
    tab.open(page)
    tab.one("#P1 .statement").click()
    tab.run("document.querySelector('.report details').open = true")
    tab.one(".report a[href='#u1']").click()
    highlighted = "return [...document.querySelectorAll('.on')].map((words) => words.textContent).join('')"
    assert tab.run(highlighted) == "nothing was decided"
    background = tab.one("#u1").value_of_css_property("background-color")
    tab.run("document.querySelector('#P3').click()")
    assert tab.one("mark.on").value_of_css_property("background-color") == background
    assert tab.one("#u1").value_of_css_property("background-color") != background


# Filters


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        ({"holder": "Anna Berg"}, ["P1", "P2", "P5"]),
        ({"issue": CHEAP}, ["P4", "P5"]),
        ({"issue": "On other matters"}, ["P6"]),
        ({"stance": "disagrees"}, ["P3", "P5"]),
        ({"holder": "Tomas Lind", "stance": "agrees"}, ["P4"]),
        ({"holder": "Anna Berg", "issue": "On other matters"}, []),
    ],
)
def test_filters_are_combined(tab: Tab, page: str, filters: dict[str, str], left: list[str]) -> None:
    tab.open(page)
    for name, option in filters.items():
        tab.choose(name, option)
    assert positions(tab) == left
    assert tab.one(".count").text == f"{len(left)} of 6"
    assert tab.one("#no-match").is_displayed() == (not left)
    assert len(tab.shown(".group")) == len({brief_issue(name) for name in left})


def brief_issue(position: str) -> str | None:
    return bridge()[0].positions[int(position[1:]) - 1].issue


def test_matrix_cell_filters_by_holder_and_issue(tab: Tab, page: str) -> None:
    tab.open(page)
    tab.one("tbody td a").click()
    assert positions(tab) == ["P1", "P2"]
    assert "on" in (tab.one("tbody td a").get_attribute("class") or "")


def test_link_to_a_hidden_position_clears_the_filter(tab: Tab, page: str) -> None:
    tab.open(page)
    tab.choose("holder", "Tomas Lind")
    assert "P5" not in positions(tab)
    tab.run("location.hash = '#P5'")
    tab.until("return document.querySelector('#P5').getAttribute('aria-current')")
    assert len(positions(tab)) == 6
    assert tab.within("#P5")


def test_filter_deselects_a_position_that_it_hides(tab: Tab, page: str) -> None:
    tab.open(page)
    tab.one("#P5 .statement").click()
    tab.choose("holder", "Tomas Lind")
    assert positions(tab) == ["P3", "P4", "P6"]
    assert tab.all("[aria-current]") == []
    assert tab.run(HIGHLIGHTED) == ""
    assert "#" not in tab.driver.current_url
    tab.run(COPIED)
    tab.run("document.execCommand('copy')")
    assert tab.run("return window.copied") == ""


def test_filter_keeps_the_selection_of_a_shown_position(tab: Tab, page: str) -> None:
    tab.open(page)
    tab.one("#P5 .statement").click()
    tab.choose("holder", "Anna Berg")
    assert tab.one("[aria-current]").get_attribute("id") == "P5"
    assert tab.driver.current_url.endswith("#P5")


def test_brief_without_positions_has_no_filters(tab: Tab) -> None:
    tab.open(to_html(*bridge(positions=())))
    assert tab.shown(".filters, .keys") == []
    assert tab.one(".empty:not([hidden])").text == "No position was found."
    assert [entry for entry in tab.log("browser") if entry["level"] == "SEVERE"] == []


# Copying


COPIED = """
window.addEventListener("copy", (event) => { window.copied = event.clipboardData.getData("text/plain"); });
"""


def test_copied_position_includes_quotation_holder_and_source(tab: Tab, page: str, brief: Brief) -> None:
    tab.open(page)
    tab.run(COPIED)
    tab.one("#P1").click()
    tab.one("#P1 .copy").click()
    assert tab.run("return window.copied").splitlines() == [
        "Statement 1.",
        brief.positions[0].evidence[0].quote,
        "— Anna Berg, chief engineer, Riverton",
        f"agrees: {TEAR_DOWN}",
        f"Council splits over the old bridge, Ann Lee · 2026-01-01 · {SOURCE}, sentence {sentence(brief, 1)}",
    ]


def test_copied_position_names_the_relaying_holder(tab: Tab, page: str) -> None:
    tab.open(page)
    tab.run(COPIED)
    tab.one("#P2 .copy").click()
    assert "\n— Anna Berg, chief engineer, Riverton; relayed by Tomas Lind\n" in tab.run("return window.copied")


def test_copied_position_separates_its_holders(tab: Tab, brief: Brief) -> None:
    first, *others = brief.positions
    shared = first.model_copy(update={"holders": ("berg", "silent", "lind")})
    tab.open(to_html(*bridge(positions=(shared, *others))))
    tab.run(COPIED)
    tab.one("#P1 .copy").click()
    assert "\n— Anna Berg, chief engineer, Riverton; Nobody Heard; Tomas Lind, chairman\n" in tab.run(
        "return window.copied"
    )


def test_copy_key_copies_the_position_unless_text_is_selected(tab: Tab, page: str) -> None:
    tab.open(page)
    tab.run(COPIED)
    tab.one("#P1 .statement").click()
    tab.run("document.execCommand('copy')")
    assert "Anna Berg" in tab.run("return window.copied")
    tab.run("getSelection().selectAllChildren(document.querySelector('h1')); document.execCommand('copy');")
    assert tab.run("return window.copied") == ""  # the browser fills it in later


# Keys


def test_everything_works_with_the_keyboard(tab: Tab, page: str) -> None:
    tab.open(page)
    tab.press("TAB")
    assert tab.run("return document.activeElement.hash") == "#brief"
    tab.press("TAB", "ENTER")
    assert tab.run("return document.activeElement.id") == "positions"
    tab.press(*["TAB"] * 6, "ENTER")
    assert tab.one("#P1").get_attribute("aria-current") == "true"
    tab.press("j", "j")
    assert tab.one("#P2").get_attribute("aria-current") == "true"
    tab.press("k")
    assert tab.run("return document.activeElement.id") == "P3"
    tab.press("ESCAPE")
    assert tab.run(HIGHLIGHTED) == ""


def test_letter_keys_have_no_effect_outside_the_positions(tab: Tab, page: str) -> None:
    tab.open(page)
    tab.press("j")
    assert tab.all("[aria-current]") == []
