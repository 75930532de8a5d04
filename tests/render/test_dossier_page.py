"""The page of a dossier: complete without its script, safe with hostile texts, legible up to 60 actors."""

import base64
import hashlib
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from summarizer import Dossier
from summarizer.render import dossier_to_html
from summarizer.render.network_picture import MAX_NODES, Node, draw_network

from ..dossier.briefs import Held, make_brief
from .attacks import ATTACKS

TOLL, BRIDGE = "The toll should be charged.", "The bridge is safe."
HELD: dict[str, list[Held]] = {
    "2026-01-05": [
        ("Jane Hill", TOLL, "agrees", "The toll is needed."),
        ("Tom Reed", TOLL, "disagrees", "The toll is unjust."),
    ],
    "2026-03-09": [
        ("Jane Hill", TOLL, "disagrees", "The toll has failed."),
        ("Ann Wood", BRIDGE, "unclear", "The bridge was checked."),
    ],
    "2026-04-01": [("Tom Reed", "", "unclear", "The council should listen.")],
}


@pytest.fixture(scope="module")
def dossier() -> Dossier:
    return Dossier([make_brief(date, held, questions=["Who will pay?"]) for date, held in HELD.items()])


@pytest.fixture(scope="module")
def page(dossier: Dossier) -> LexborHTMLParser:
    return LexborHTMLParser(dossier_to_html(dossier, title="The toll"))


def test_policy_allows_only_the_own_style_and_script(page: LexborHTMLParser) -> None:
    policy = page.css_first("meta[http-equiv]").attributes["content"]
    digests = [base64.b64encode(hashlib.sha256(node.text().encode()).digest()).decode() for node in page.css("script")]
    assert policy.startswith(f"default-src 'none'; script-src 'sha256-{digests[0]}'; style-src 'sha256-")
    assert len(digests) == 1


def test_page_loads_nothing_and_has_no_inline_style_or_handler(page: LexborHTMLParser) -> None:
    assert not page.css("[src], [style], link, base, iframe, object, embed, img")
    assert not [name for node in page.css("*") for name in node.attributes if name.startswith("on")]


def test_every_statement_stands_on_the_page_once(page: LexborHTMLParser) -> None:
    texts = [node.text() for node in page.css("li.statement .text")]
    assert sorted(texts) == sorted(statement for held in HELD.values() for *_, statement in held)


def test_ids_are_unique_and_links_within_the_page_lead_somewhere(page: LexborHTMLParser) -> None:
    ids = [node.attributes["id"] for node in page.css("[id]")]
    assert len(ids) == len(set(ids))
    targets = {node.attributes["href"][1:] for node in page.css("a[href^='#']")}
    assert targets
    assert targets <= set(ids)


def test_matrix_shows_the_last_stance_and_the_one_before(page: LexborHTMLParser) -> None:
    row = next(row for row in page.css("#matrix tbody tr") if "Jane Hill" in row.text())
    assert "".join(row.css_first("td").text().split()) == "+/agrees,also−disagrees2"


def test_an_arrow_stands_for_a_change_of_position_only() -> None:
    held = [*HELD.items(), ("2026-05-01", [("Jane Hill", TOLL, "disagrees", "The toll must go.")])]
    held.insert(0, ("2025-12-01", [("Jane Hill", TOLL, "agrees", "The toll is right.")]))
    page = LexborHTMLParser(dossier_to_html(Dossier([make_brief(date, positions) for date, positions in held])))
    row = next(row for row in page.css("#matrix tbody tr") if "Jane Hill" in row.text())
    assert "".join(row.css_first("td").text().split()) == "+→agrees,changedto−disagrees4"


def test_sides_of_an_issue_follow_the_last_stance(page: LexborHTMLParser) -> None:
    camps = page.css_first(".issue .camps").text()
    assert "Agree" not in camps.replace("Disagree", "")
    assert "Jane Hill" in camps


def test_timeline_has_a_dot_for_each_dated_statement_of_its_issue(page: LexborHTMLParser) -> None:
    (timeline,) = page.css(".timeline")
    assert len(timeline.css(".dot")) == 3


def test_questions_and_sources_are_shown(page: LexborHTMLParser) -> None:
    assert page.css_first("#questions").text().count("Who will pay?") == 3
    assert page.css("li.statement a[href='https://courier.example/2026-01-05']")


def test_dossier_without_statements_is_a_page_that_says_so() -> None:
    assert "No position was found." in dossier_to_html(Dossier())


def test_undated_statements_are_listed_but_have_no_dot() -> None:
    page = LexborHTMLParser(dossier_to_html(Dossier([make_brief(None, HELD["2026-01-05"])])))
    assert len(page.css("li.statement")) == 2
    assert not page.css(".dot")
    assert "1 article without a date" in page.text()


@pytest.mark.parametrize("attack", ATTACKS[::8])
def test_hostile_texts_stay_texts(attack: str) -> None:
    held: list[Held] = [(attack, attack, "agrees", attack), ("Tom Reed", attack, "disagrees", attack)]
    brief = make_brief("2026-01-05", held, site=attack, title=attack, questions=[attack])
    page = LexborHTMLParser(dossier_to_html(Dossier([brief]), title=attack))
    assert len(page.css("script")) == 1
    assert not page.css("img, iframe, object, embed, form:not(#filters), math, foreignObject, use, animate")
    assert not [name for node in page.css("*") for name in node.attributes if name.startswith("on")]


FIRST = "Ada Boris Clara Dmitri Edith Farid Greta Hugo Ines Jakub Karin Lorenzo Miriam Nikolai".split()
LAST = "Abbott Brzezinski Castellanos Dufour Eriksson Fitzgerald Grunwald Hashimoto Iyer Jovanovic Kowalczyk".split()
NAMES = [f"{first} {last}" for last in LAST for first in FIRST]


def dossier_of(stances: dict[int, bool]) -> Dossier:
    held: list[Held] = [
        (NAMES[number], TOLL, "agrees" if agrees else "disagrees", f"Words {number}.")
        for number, agrees in stances.items()
    ]
    return Dossier([make_brief("2026-01-05", held)])


def network_of(stances: dict[int, bool]) -> tuple[Node, ...]:
    picture = draw_network(dossier_of(stances))
    return picture.nodes if picture else ()


@settings(max_examples=10)
@given(st.dictionaries(st.integers(0, len(NAMES) - 1), st.booleans(), min_size=2, max_size=12))
def test_nodes_of_a_network_stay_in_the_picture_and_apart(stances: dict[int, bool]) -> None:
    nodes = network_of(stances)
    assert len(nodes) == len(stances)
    assert all(0 <= node.x <= 960 and 0 <= node.y <= 640 for node in nodes)
    assert all(abs(one.y - other.y) > 4 or abs(one.x - other.x) > 20 for one, other in combinations(nodes, 2))


def test_network_shows_at_most_sixty_actors_and_is_the_same_each_time() -> None:
    dossier = dossier_of({number: number % 3 > 0 for number in range(MAX_NODES + 2)})
    picture = draw_network(dossier)
    assert picture
    assert len(picture.nodes) == MAX_NODES
    assert picture == draw_network(dossier)


def test_camps_stand_left_and_right() -> None:
    nodes = {node.name: node for node in network_of({number: number < 5 for number in range(10)})}
    camps = [{node.x < 480 for name, node in nodes.items() if (name in NAMES[:5]) == side} for side in (True, False)]
    assert [len(camp) for camp in camps] == [1, 1]
    assert camps[0] != camps[1]


def test_contradictions_name_the_actor_of_each_quotation() -> None:
    costs = {"Tom Reed": "The lock will cost 40 million euros.", "Ann <i>Wood": "The lock will cost €75m."}
    shown = dossier_to_html(
        Dossier([make_brief("2026-01-05", [(name, "", "unclear", it) for name, it in costs.items()])])
    )
    sides = LexborHTMLParser(shown).css("#contradictions .sides > div")
    found = {side.css_first("b").text(): side.css_first(".quotation").text() for side in sides}
    assert found == costs
