"""The page of a dossier in a browser: filters, links, keyboard, sizes, print."""

import pytest
from selenium.webdriver.common.by import By

from summarizer import Dossier
from summarizer.render import dossier_to_html

from ..dossier.briefs import make_brief
from ..render.test_dossier_page import HELD, TOLL
from .conftest import NARROW, WIDE, Tab

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def dossier_page() -> str:
    briefs = [make_brief(date, held, site=f"Outlet {number}") for number, (date, held) in enumerate(HELD.items())]
    return dossier_to_html(Dossier(briefs), title="The toll")


def shown_statements(tab: Tab) -> list[str]:
    script = "return [...document.querySelectorAll('li.statement:not([hidden]) .text')].map((e) => e.textContent)"
    return sorted(tab.run(script))


def row_of(tab: Tab, name: str) -> str:
    """Return the signs and counts in the row of an actor."""
    script = (
        "return [...document.querySelectorAll('#matrix tbody tr')].filter((e) => !e.hidden).map((e) => e.innerText)"
    )
    (row,) = [row for row in tab.run(script) if name in row]
    return "".join(character for character in row if character in "+−±=•→/0123456789")


def test_filters_narrow_statements_matrix_and_actors(tab: Tab, dossier_page: str) -> None:
    tab.open(dossier_page)
    assert len(shown_statements(tab)) == 5
    assert row_of(tab, "Jane Hill") == "+/−2"
    tab.choose("outlet", "Outlet 0")
    tab.until("return document.querySelector('#count').textContent.startsWith('2 of 5')")
    assert shown_statements(tab) == ["The toll is needed.", "The toll is unjust."]
    assert row_of(tab, "Jane Hill") == "+1"
    assert tab.shown("details.actor") == ["actor-jane-hill", "actor-tom-reed"]
    tab.one("#filters button").click()
    tab.until("return document.querySelector('#count').textContent === '5 statements'")
    assert row_of(tab, "Jane Hill") == "+/−2"


def test_dates_and_words_filter(tab: Tab, dossier_page: str) -> None:
    tab.open(dossier_page)
    tab.run(
        "const f = document.querySelector('#filters'); f.since.value = '2026-03-01'; f.words.value = 'TOLL failed';"
        "f.dispatchEvent(new Event('input'))"
    )
    tab.until("return document.querySelector('#count').textContent.startsWith('1 of 5')")
    assert shown_statements(tab) == ["The toll has failed."]


def test_filters_narrow_sides_network_and_questions(tab: Tab) -> None:
    camps = ("Jane Hill", "agrees"), ("Tom Reed", "disagrees"), ("Ann Wood", "agrees")
    held = {
        f"2026-0{month}-05": [(name, TOLL, stance, f"{name} said this in month {month}.") for name, stance in speaking]
        for month, speaking in ((1, camps[:2]), (3, camps[1:]))
    }
    briefs = [
        make_brief(date, each, site=f"Outlet {date[6]}", questions=[f"Who will pay in {date[:7]}?"])
        for date, each in held.items()
    ]
    tab.open(dossier_to_html(Dossier(briefs), title="The toll"))
    edges = "return [...document.querySelectorAll('line[data-pair]')].filter((e) => e.checkVisibility()).length"
    nodes = "return [...document.querySelectorAll('a[data-node]')].filter((e) => e.checkVisibility()).length"
    assert (tab.run(nodes), tab.run(edges), len(tab.all("li.question:not([hidden])"))) == (3, 3, 2)
    tab.choose("outlet", "Outlet 1")
    tab.until("return document.querySelector('#count').textContent.startsWith('2 of 4')")
    assert (tab.run(nodes), tab.run(edges)) == (2, 1)
    assert [each.text for each in tab.all(".camps a:not([hidden])")] == ["Jane Hill", "Tom Reed"]
    assert [each.text for each in tab.all("li.question:not([hidden]) .asked")] == ["Who will pay in 2026-01?"]
    tab.choose("stance", "mixed")
    tab.until("return document.querySelector('#count').textContent.startsWith('0 of 4')")
    assert tab.run(nodes) == 0
    assert not tab.all("section.issue:not([hidden])")


def test_filters_without_a_match_say_so(tab: Tab, dossier_page: str) -> None:
    tab.open(dossier_page)
    tab.one("input[name=words]").send_keys("nothing like this")
    tab.until("return !document.querySelector('#empty').hidden")
    assert tab.shown("details.actor") == []


def test_dot_of_a_timeline_opens_its_statement(tab: Tab, dossier_page: str) -> None:
    tab.open(dossier_page)
    assert not tab.one("#actor-jane-hill").get_attribute("open")
    target = tab.run("return document.querySelector('.timeline a[data-n]').getAttribute('href')")
    tab.one(".timeline a[data-n] .dot > text").click()
    tab.until("return document.querySelector('#actor-jane-hill').open")
    assert tab.within(target)


def test_everything_is_reached_by_keyboard(tab: Tab, dossier_page: str) -> None:
    tab.open(dossier_page)
    reached = []
    for _ in range(40):
        tab.press("TAB")
        reached.append(tab.run("return document.activeElement.outerHTML.slice(0, 60)"))
    for start in ('<a href="#main"', '<input type="search"', "<select", '<div class="scroll"', "<summary"):
        assert any(each.startswith(start) for each in reached), start


@pytest.mark.parametrize("size", [NARROW, (768, 900), (1024, 800), WIDE], ids=str)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_does_not_scroll_sideways(tab: Tab, dossier_page: str, size: tuple[int, int], scheme: str) -> None:
    tab.open(dossier_page, size=size, scheme=scheme)
    assert tab.run("return document.documentElement.scrollWidth <= innerWidth")
    tab.run("document.querySelector('tbody').append(...Array.from({length: 40}, () => document.createElement('tr')))")
    tab.run("for (const row of document.querySelectorAll('tr')) for (let n = 0; n < 40; n++)"
            " row.append(document.querySelector('td:has(.visually-hidden)').cloneNode(true))")  # fmt: skip
    assert tab.run("return document.querySelector('.scroll').scrollWidth > innerWidth")
    assert tab.run("return document.documentElement.scrollWidth <= innerWidth")
    background = tab.run("return getComputedStyle(document.documentElement).backgroundColor")
    assert background == ("rgb(253, 252, 250)" if scheme == "light" else "rgb(23, 25, 28)")


def test_page_is_complete_without_script(tab: Tab, dossier_page: str) -> None:
    tab.open(dossier_page, script=False)
    assert not tab.one("#filters").is_displayed()
    assert len(tab.all("details.actor summary")) == 3
    tab.one("#actor-ann-wood summary").click()
    assert tab.one("#actor-ann-wood .text").is_displayed()


def test_print_shows_all_statements_and_no_filters(tab: Tab, dossier_page: str) -> None:
    tab.open(dossier_page, media="print")
    tab.run("dispatchEvent(new Event('beforeprint'))")
    assert not tab.one("#filters").is_displayed()
    assert all(item.is_displayed() for item in tab.all("li.statement"))


def test_issue_links_lead_to_their_timeline(tab: Tab, dossier_page: str) -> None:
    tab.open(dossier_page)
    tab.driver.find_element(By.LINK_TEXT, TOLL).click()
    assert tab.run("return location.hash").startswith("#issue-")
    assert tab.run("return document.querySelector(location.hash) !== null")
