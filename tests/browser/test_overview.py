"""The view by holder, the first screen, and corrections, in a browser."""

import itertools
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from summarizer import Article, Brief, summarize
from summarizer.cli import app
from summarizer.evaluation import gold_from_brief
from summarizer.render import to_html

from ..render.pages import bridge, provenance
from ..render.test_overview import on_one_issue
from .conftest import NARROW, WIDE, Tab, positions

pytestmark = pytest.mark.slow
FIRST_SCREEN = (1400, 1000)


def test_view_by_holder_has_every_position_once(tab: Tab, page: str) -> None:
    tab.open(page)
    tab.run("document.querySelector('[data-arrange=holder]').focus()")
    tab.press("ENTER")
    assert [heading.text for heading in tab.all(".by-holder h3 bdi")] == ["Anna Berg", "Tomas Lind"]
    assert positions(tab) == ["P1", "P2", "P5", "P3", "P4", "P6"]
    assert tab.one(".by-holder h4").text.startswith("1. The bridge should be torn down.")
    tab.choose("holder", "Tomas Lind")
    assert positions(tab) == ["P3", "P4", "P6"]
    tab.driver.refresh()
    assert positions(tab) == ["P3", "P4", "P6"]
    tab.one("[data-arrange=issue]").click()
    tab.one(".filters button").click()
    assert positions(tab) == ["P1", "P3", "P2", "P4", "P5", "P6"]


def test_position_of_two_holders_is_named_below_both(tab: Tab, brief: Brief) -> None:
    shared = brief.positions[0].model_copy(update={"holders": ("berg", "lind")})
    tab.open(to_html(*bridge(positions=(shared, *brief.positions[1:]))))
    tab.one("[data-arrange=holder]").click()
    assert tab.one(".also").text == "Also: P1 with Anna Berg"
    assert "+ agrees · with Tomas Lind" in " ".join(each.text for each in tab.all(".by-holder h4"))
    tab.one(".also a").click()
    assert tab.one("#P1").get_attribute("aria-current") == "true"


@pytest.mark.parametrize("made", [bridge, on_one_issue])
def test_first_screen_shows_gist_sides_and_three_positions(tab: Tab, made) -> None:
    tab.open(to_html(*made()), size=FIRST_SCREEN)
    assert tab.within("#gist")
    assert tab.within(".group h4")
    inside = (
        "return [...document.querySelectorAll('.card')].filter((e) => e.getBoundingClientRect().bottom <= innerHeight)"
    )
    assert len(tab.run(inside)) >= 3


def test_mark_in_the_margin_leads_to_its_position(tab: Tab, page: str) -> None:
    for size in (WIDE, NARROW):
        tab.open(page, size=size)
        tab.run("document.querySelector('.switch [data-view=article]').click()")
        tab.run("document.querySelector('.speaker[href=\"#P3\"]').focus()")
        tab.press("ENTER")
        assert tab.one("#P3").get_attribute("aria-current") == "true"
        assert tab.within("#P3")


def test_marks_stand_beside_the_text_and_do_not_overlap(tab: Tab, page: str) -> None:
    for size in (WIDE, NARROW):
        tab.open(page, size=size)
        tab.run("document.querySelector('.switch [data-view=article]').click()")
        boxes = tab.run(
            "return [...document.querySelectorAll('.by')].map((e) => e.getBoundingClientRect())"
            ".map((box) => [box.top, box.bottom, box.right])"
        )
        left = tab.run("return document.querySelector('article p .n').getBoundingClientRect().left")
        assert all(right <= left + 1 for _, _, right in boxes)
        assert all(before[1] <= after[0] + 1 for before, after in itertools.pairwise(boxes))


def correct(tab: Tab, position: str, **values: str) -> None:
    tab.run(f"document.querySelector('#{position} .edit').focus()")
    tab.press("ENTER")
    for name, value in values.items():
        tab.run("document.querySelector('.correct').elements[arguments[0]].value = arguments[1]", name, value)
    tab.press("ENTER")  # in the field of the holders


LEAVES = "const e = new Event('beforeunload', { cancelable: true }); dispatchEvent(e); return !e.defaultPrevented;"


def test_corrected_brief_is_saved_as_a_file_that_makes_gold(tab: Tab, page: str, tmp_path: Path) -> None:
    tab.open(page)
    assert tab.run(LEAVES)
    correct(tab, "P1", statement="The bridge must “go”; j k <b>.", stance="mixed")
    correct(tab, "P3", holders="Anna Berg; the council")
    tab.run("document.querySelector('#P6 .edit').click()")
    tab.run("document.querySelector('.correct').elements.drop.checked = true")
    tab.press("ENTER")
    assert tab.one(".unsaved").text == "3 corrections, not saved."
    assert sorted(positions(tab)) == ["P1", "P2", "P3", "P4", "P5"]
    assert not tab.run(LEAVES)
    tab.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    tab.one(".save button").click()
    tab.until("return document.querySelector('.unsaved').textContent.startsWith('Saved')")
    assert tab.run(LEAVES)
    file = tmp_path / "corrected-brief.json"
    for _ in range(100):
        if file.exists() and file.stat().st_size:
            break
        tab.run("return 0")
    saved = Brief.from_json(file.read_bytes())
    gold = gold_from_brief(saved, "bridge.txt")
    assert len(gold.positions) == 5
    assert [position.id for position in saved.positions if position.corrected] == ["P1", "P3"]
    assert saved.provenance.notes[-1] == "A reader corrected 2 positions and dropped 1."
    assert gold.positions[0].statement == "The bridge must “go”; j k <b>."
    assert gold.positions[0].stance == "mixed"
    assert [holder.name for holder in gold.holders if holder.id in gold.positions[2].holders] == [
        "Anna Berg", "the council",
    ]  # fmt: skip
    unchanged = json.loads(bridge()[0].model_dump_json())["positions"]
    assert json.loads(file.read_text())["positions"][1] == unchanged[1]
    assert [entry for entry in tab.log("browser") if entry["level"] == "SEVERE"] == []


SHOWN = """  // a new page may have another order: by importance
const texts = (selector, within = document) => [...within.querySelectorAll(selector)]
  .filter((e) => !e.closest('.dropped')).map((e) => e.textContent.replace(/\\s+/g, ' ').trim());
return {
  groups: [...document.querySelectorAll('.group .holder')].map((holder) => [
    holder.closest('.group').dataset.issue, texts('h4', holder.closest('.side')), texts('.tag', holder),
    texts('.who b', holder), texts('.who .stance', holder), texts('.statement', holder), texts('.edited', holder),
    [...holder.querySelectorAll('.card')].map((card) => card.id)]).map(String).sort(),
  introductions: texts('.who .about').sort(),
  overview: texts('.stands dt, .stands .cell, .matrix summary, .matrix th, .matrix td, .matrix .legend > span'),
  legend: texts('.key .legend > *'),
  margin: [...document.querySelectorAll('article .by')].map((e) => [e.nextElementSibling.textContent,
    ...[...e.querySelectorAll('a')].map((link) => link.getAttribute('aria-label')).sort()]),
  numbers: [...document.querySelectorAll('article a.n[href]')].map((e) => e.getAttribute('aria-label')),
  options: texts('.filters option'),
  count: texts('.filters .count'),
};
"""
SAVED = (
    "const make = URL.createObjectURL; let file; URL.createObjectURL = (made) => { file = made; return make(made); };"
)


@pytest.mark.parametrize(
    "corrections",
    [
        {"P1": {"stance": "disagrees"}},
        {"P1": {"stance": "neutral"}, "P3": {"stance": "unclear"}, "P2": {"statement": "It must <b> go."}},
        {"P3": {"holders": "Anna Berg; the council"}, "P6": {"holders": "The mayor"}},
        {"P5": {"holders": "Nobody Heard", "stance": "agrees"}, "P6": {"drop": True}},
        {
            "P4": {"drop": True},
            "P5": {"stance": "mixed"},
            "P1": {"drop": True},
            "P3": {"holders": "Tomas Lind; Anna Berg"},
        },
    ],
)
@pytest.mark.parametrize("engine", ["model", "builtin"])
def test_page_shows_its_corrections_as_a_new_page_does(tab: Tab, corrections, engine: str, monkeypatch) -> None:
    monkeypatch.setattr(
        "summarizer.render.html._MIN_POSITIONS", 99
    )  # none is in a fold, which a new page may choose anew
    text = bridge()[1].text + "\nNobody Heard was silent.\n"
    made = provenance(engine=engine)
    brief, article = bridge(provenance=made)
    article = Article.from_text(text, source=article.source, published="2026-01-01", language="en")
    brief = brief.model_copy(update={"article": article.info})
    tab.open(to_html(brief, article))
    for position, values in corrections.items():
        tab.run(
            "document.querySelector(`#${arguments[0]} .edit`).click(); const form = document.querySelector('.correct');"
            "for (const [name, value] of Object.entries(arguments[1]))"
            " form.elements[name][name === 'drop' ? 'checked' : 'value'] = value; form.requestSubmit()",
            position, values,
        )  # fmt: skip
    shown = tab.run(SHOWN)
    saved = Brief.from_json(tab.run(f"{SAVED} document.querySelector('.save button').click(); return file.text()"))
    tab.open(to_html(saved, article))
    assert shown == tab.run(SHOWN)


def test_dropped_position_can_be_restored_and_a_correction_undone(tab: Tab, page: str) -> None:
    tab.open(page)
    before = tab.run(SHOWN)
    correct(tab, "P3", statement="Other.", holders="Anna Berg", stance="mixed")
    tab.run(
        "document.querySelector('#P2 .edit').click(); document.querySelector('.correct').elements.drop.checked = true"
    )
    tab.run("document.querySelector('.correct').requestSubmit()")
    assert tab.one(".dropped summary").text == "1 dropped position"
    assert tab.one(".count").text == "5 positions"
    tab.run("document.querySelector('.dropped').open = true")
    tab.run(
        "document.querySelector('#P2 .edit').click(); document.querySelector('.correct').elements.drop.checked = false"
    )
    tab.run("document.querySelector('.correct').requestSubmit()")
    correct(tab, "P3", statement="Statement 3.", holders="Tomas Lind", stance="disagrees")
    assert tab.run(SHOWN) == before
    assert not tab.one(".save").is_displayed()
    assert not tab.one(".dropped").is_displayed()


def test_filters_and_the_view_by_holder_follow_a_correction(tab: Tab, page: str) -> None:
    tab.open(page)
    tab.one("[data-arrange=holder]").click()
    correct(tab, "P3", holders="the council", stance="mixed")
    assert [heading.text for heading in tab.all(".by-holder h3 bdi")] == ["Anna Berg", "Tomas Lind", "the council"]
    tab.choose("holder", "the council")
    assert positions(tab) == ["P3"]
    tab.choose("stance", "mixed")
    assert positions(tab) == ["P3"]
    tab.one("[data-arrange=issue]").click()
    assert positions(tab) == ["P3"]


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ({"holders": " ; "}, "holders", "Name at least one holder."),
        ({"holders": "Anna Berg; Zoe Marsh"}, "holders", "“Zoe Marsh” is not in the article."),
        ({"statement": "  "}, "statement", "Write a statement."),
    ],
)
def test_form_says_what_cannot_be_saved_and_stays_open(
    tab: Tab, page: str, values: dict[str, str], field: str, reason: str
) -> None:
    tab.open(page)
    correct(tab, "P1", **values)
    form = tab.one(".correct")
    assert form.is_displayed()
    message = f"return document.querySelector('.correct').elements.{field}.validationMessage"
    assert tab.run(message).startswith(reason)
    assert not tab.one(".save").is_displayed()
    tab.run(f"document.querySelector('.correct').elements.{field}.focus()")
    tab.press("x")
    assert tab.run(message) == ""


def test_bar_for_saving_stands_at_the_lower_edge(tab: Tab, page: str) -> None:
    for size in (FIRST_SCREEN, WIDE):
        tab.open(page, size=size)
        correct(tab, "P1", statement="Other.")
        tab.run("document.querySelector('#brief').scrollTop = 0")
        tab.run("const list = document.querySelector('.list'); list.style.paddingBottom = '3000px'")
        bottom = tab.run("return innerHeight - document.querySelector('.save').getBoundingClientRect().bottom")
        assert abs(bottom) < 2


def test_second_holder_of_a_position_is_in_the_view_by_holder(tab: Tab, brief: Brief) -> None:
    tab.open(to_html(*bridge(positions=(brief.positions[0].model_copy(update={"holders": ("berg", "lind")}),))))
    tab.one("[data-arrange=holder]").click()
    assert [heading.text for heading in tab.all(".by-holder h3 bdi")] == ["Anna Berg", "Tomas Lind"]


def test_view_by_holder_does_not_scroll_sideways(tab: Tab, brief: Brief) -> None:
    long = brief.issues[0].model_copy(update={"proposition": "The old bridge over the river should be torn down " * 3})
    for size in (NARROW, FIRST_SCREEN):
        tab.open(to_html(*bridge(issues=(long, *brief.issues[1:]))), size=size)
        tab.run("document.querySelector('[data-arrange=holder]').click()")
        assert tab.run("return document.documentElement.scrollWidth <= innerWidth")
        assert tab.run("const pane = document.querySelector('#brief'); return pane.scrollWidth <= pane.clientWidth")


def test_correction_can_be_cancelled_and_taken_back(tab: Tab, page: str) -> None:
    tab.open(page)
    correct(tab, "P1", statement="Other.")
    correct(tab, "P1", statement="Statement 1.")
    assert not tab.one(".save").is_displayed()
    tab.one("#P2 .edit").click()
    tab.press("x", "j", "ESCAPE")
    assert tab.run("return document.activeElement.className") == "edit"
    assert tab.run(LEAVES)
    assert not tab.all(".corrected")
    assert len(positions(tab)) == 6


def test_position_without_an_issue_takes_no_stance(tab: Tab, page: str) -> None:
    tab.open(page)
    tab.one("#P6 .edit").click()
    assert not tab.one(".correct select").is_enabled()


WHOLE = """
const boxOf = (e) => e.getBoundingClientRect();
const isWhole = (e) => boxOf(e).height && boxOf(e).top >= 0 && boxOf(e).bottom <= innerHeight;
const cards = [...document.querySelectorAll('.group .card')];
const sides = document.querySelector('.stands, .matrix, .group h4.agrees, .group h4.disagrees');
const gist = document.querySelector('#gist');
return [gist, sides].every((e) => !e || isWhole(e)) && cards.filter(isWhole).length >= Math.min(3, cards.length);
"""


def test_first_screen_of_every_seed_and_of_the_demonstration_has_three_positions(tab: Tab, tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["demo", "--out", str(tmp_path), "--quiet"]).exit_code == 0
    for path in sorted(Path("seeds").glob("*.*")):
        if path.name != "README.md":
            article = Article.from_file(path)
            page = to_html(summarize(article, model="builtin"), article)
            (tmp_path / "articles" / f"{path.stem}.html").write_text(page, encoding="utf-8")
    pages = sorted((tmp_path / "articles").glob("*.html"))
    assert len(pages) > 40
    tab.emulate(FIRST_SCREEN)
    missing = []
    for path in pages:
        tab.driver.get(path.as_uri())
        missing += [] if tab.run(WHOLE) else [path.name]
    assert missing == []
