"""The overview of the page: marks of holders, sides, and what is left out; numbers in all views."""

import json
import re
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from summarizer import Article, Brief
from summarizer.render import to_html
from summarizer.render.html import holder_marks
from summarizer.render.text import short_source
from summarizer.render.view_model import HolderView

from .pages import bridge, cited, provenance
from .parsing import parsed, text, texts
from .strategies import TEXTS

STYLE = Path("summarizer/render/templates/base.css").read_text(encoding="utf-8")


def on_one_issue() -> tuple[Brief, Article]:
    brief, _ = bridge()
    return bridge(positions=brief.positions[:3])


def test_each_cited_sentence_has_the_marks_of_its_holders_in_the_margin(page: LexborHTMLParser) -> None:
    margin = {link.attributes["aria-label"]: text(link) for link in page.css("article .by .speaker")}
    assert margin["AB+: Anna Berg, agrees, position P1"] == "AB+"
    assert margin["TL−: Tomas Lind, disagrees, position P3"] == "TL−"
    assert "disagrees" in (page.css_first('.speaker[href="#P3"] .tag').attributes["class"] or "")


def test_legend_has_each_holder_and_each_stance_once(page: LexborHTMLParser) -> None:
    assert texts(page, ".key .cell") == ["AB Anna Berg", "TL Tomas Lind"]
    assert texts(page, ".key .legend > span") == ["+ agrees", "− disagrees", "± mixed"]


def test_sentence_that_only_names_the_speaker_has_no_mark() -> None:
    brief, _ = bridge()
    first = brief.positions[0]
    naming = first.model_copy(update={"evidence": (first.evidence[0].model_copy(update={"only_names_speaker": True}),)})
    page = parsed(*bridge(positions=(naming,)))
    assert page.css("mark[data-s]")
    assert not page.css(".by")


@pytest.mark.parametrize(
    ("engine", "words", "marked"),
    [
        ("model", ("A repair", "He doubted"), [4, 5]),
        ("model", ("A repair", "He doubted", "Berg said"), [4, 5]),  # of another person
        ("model", ("Berg said",), [7]),
        ("builtin", ("A repair", "Berg said"), [4, 7]),
    ],
)
def test_sentence_that_tells_of_another_person_has_no_mark(
    engine: str, words: tuple[str, ...], marked: list[int]
) -> None:
    brief, article = bridge()
    evidence = tuple(cited(article, each) for each in words)
    position = brief.positions[3].model_copy(update={"evidence": evidence})
    page = parsed(*bridge(positions=(position,), provenance=provenance(engine=engine)))
    assert [int(by.next.text()) for by in page.css("article .by")] == marked


def test_sentence_without_marked_words_has_no_mark_if_another_has_some() -> None:
    brief, article = bridge()
    evidence = (cited(article, "A repair"), cited(article, "He doubted", "anyone had counted"))
    position = brief.positions[3].model_copy(update={"evidence": evidence})
    page = parsed(*bridge(positions=(position,)))
    assert [by.next.text() for by in page.css("article .by")] == ["5"]
    assert page.css_first("#P4").attributes["data-context"] == "4"


@given(st.lists(TEXTS, max_size=30))
def test_no_two_holders_have_the_same_mark(names: list[str]) -> None:
    holders = [HolderView(str(number), name, "", "", name) for number, name in enumerate(names, 1)]
    marks = holder_marks(holders)
    assert len(set(marks.values())) == len(holders)
    assert all(marks.values())


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("driver", "Dri"),
        ("The usher", "Ush"),
        ("the", "The"),
        ("Your opponents", "Yo"),
        ("Meridian", "Mer"),
        ("Al", "Al"),
    ],
)
def test_mark_of_a_single_word_is_no_title_and_no_pronoun(name: str, mark: str) -> None:
    assert holder_marks([HolderView("1", name, "", "", name)]) == {"1": mark}


def test_dropped_position_does_not_change_the_numbers_of_others() -> None:
    brief, article = bridge()
    kept, _ = bridge(positions=brief.positions[1:])
    page = parsed(kept, article)
    for position in kept.positions:
        assert f"{position.id} {position.statement}" in kept.render("terminal")
        assert f"{position.id} {position.statement}" in kept.to_markdown()
        assert text(page, f"#{position.id} .statement") == position.statement
    assert not page.css("#P1")
    assert page.css('.speaker[href="#P2"]')


@pytest.mark.parametrize("ids", [("x", "P2"), ("P1", "P02"), ("P1", "P2<b>"), ("P1", "P²")])
def test_other_ids_are_replaced_by_numbers(ids: tuple[str, str]) -> None:
    brief, _ = bridge()
    named = [each.model_copy(update={"id": each_id}) for each, each_id in zip(brief.positions, ids, strict=False)]
    assert [each.id for each in parsed(*bridge(positions=tuple(named))).css(".group .card")] == ["P1", "P2"]


@pytest.mark.parametrize("engine", ["builtin", "model"])
@pytest.mark.parametrize("full", [False, True])
def test_corrected_statement_is_shown_as_it_is_and_marked(engine: str, full: bool) -> None:
    words = "She calls the bridge a danger, and he a treasure of the whole town."
    brief, article = bridge()
    first = brief.positions[0].model_copy(update={"statement": words, "corrected": True})
    made = brief.provenance.model_copy(update={"engine": engine, "notes": ("A reader corrected 1 position.",)})
    brief, _ = bridge(positions=(first, *brief.positions[1:]), provenance=made)
    page = parsed(brief, article)
    assert text(page, "#P1 .statement") == words
    assert "corrected" in text(page, "#P1 .facts")
    assert not page.css("#P1 .check:not(.doubt)")
    for view in (brief.render("terminal", full=full), brief.to_markdown(full=full), text(page, "body")):
        shown = " ".join(view.split())
        assert words in shown
        assert "corrected" in shown
        assert "A reader corrected 1 position." in shown


def test_one_issue_shows_the_holders_on_each_side_instead_of_a_matrix() -> None:
    page = parsed(*on_one_issue())
    assert not page.css("table")
    shown = dict(zip(texts(page, ".stands dt"), texts(page, ".stands dd"), strict=True))
    assert shown == {"For": "AB+ Anna Berg", "Against": "TL− Tomas Lind", "Mixed": "AB± Anna Berg"}


def test_every_sentence_has_its_number_whether_cited_or_not(page: LexborHTMLParser) -> None:
    assert [int(text(number)) for number in page.css("article .n")] == list(range(2, 9))  # the first is the title


def test_fold_says_what_it_holds() -> None:
    brief, _ = bridge()
    many = [each.model_copy(update={"id": f"{each.id}-{n}"}) for n in range(4) for each in brief.positions]
    page = parsed(*bridge(positions=tuple(many)))
    assert re.fullmatch(r"\d+ more positions on 2 issues, of (Anna Berg and Tomas Lind|Tomas Lind and Anna Berg)",
                        text(page, "details.more summary"))  # fmt: skip


def test_positions_have_the_same_numbers_in_all_views() -> None:
    brief, article = bridge()
    page = parsed(brief, article)
    for number, position in enumerate(brief.positions, 1):
        line = f"P{number} {position.statement}"
        assert line in brief.render("terminal")
        assert line in brief.to_markdown()
        assert text(page, f"#P{number} .statement") == position.statement
        assert line in " ".join(LexborHTMLParser(brief._repr_html_()).text().split())


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("/home/ann/articles/bridge.txt", "bridge.txt"),
        ("articles/bridge.txt", "bridge.txt"),
        (r"C:\Users\Ann Lee\bridge.txt", "bridge.txt"),
        ("file:///home/ann/bridge.txt", "bridge.txt"),
        ("~/bridge.txt", "bridge.txt"),
        ("bridge.txt", "bridge.txt"),
        ("https://news.example/a/bridge.html", "https://news.example/a/bridge.html"),
        ("//news.example", "//news.example"),
        ("[/]", "[/]"),
    ],
)
def test_source_is_never_a_path(source: str, shown: str) -> None:
    assert short_source(source) == shown


@pytest.mark.parametrize("source", ["/home/ann/bridge.txt", r"C:\ann\bridge.txt", "file:///home/ann/bridge.txt"])
def test_page_has_no_absolute_path_at_all(source: str) -> None:
    brief, article = bridge()
    info = brief.article.model_copy(update={"source": source})
    whole = to_html(brief.model_copy(update={"article": info}), article)
    assert "bridge.txt" in whole
    assert "home/ann" not in whole
    assert "C:" not in whole


def test_page_has_the_brief_in_json_for_corrections(page: LexborHTMLParser) -> None:
    assert Brief.from_json(page.css_first("#stored").text()) == bridge()[0]


def test_page_of_a_very_large_brief_has_no_corrections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.render.html._MAX_STORED", 100)
    assert not parsed(*bridge()).css("#stored, .edit, .correct, .save")


@given(TEXTS)
def test_stored_brief_survives_every_text(words: str) -> None:
    brief, _ = bridge()
    changed = brief.positions[0].model_copy(update={"statement": f"x{words}</script><!--"})
    page = parsed(*bridge(positions=(changed, *brief.positions[1:])))
    assert json.loads(page.css_first("#stored").text())["positions"][0]["statement"] == changed.statement
    assert len(page.css("script")) == 2


# Machado et al. 2009, severity 1, for linear RGB
_DEFICIENCIES = {
    "protanopia": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "deuteranopia": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "tritanopia": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
}


def lab(colour: str, matrix: tuple[tuple[float, ...], ...]) -> tuple[float, float, float]:
    """Return a colour as a person with a deficiency sees it, in CIELAB."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    red, green, blue = (min(max(sum(m * v for m, v in zip(row, linear, strict=True)), 0), 1) for row in matrix)
    xyz = (
        (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505,
        0.2126 * red + 0.7152 * green + 0.0722 * blue,
        (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089,
    )
    x, y, z = (value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116 for value in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("deficiency", _DEFICIENCIES)
@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_colours_of_sides_differ_for_the_colour_blind(deficiency: str, scheme: int) -> None:
    colours = {
        name: lab(re.findall(rf"--{name}: (#\w{{6}})", STYLE)[scheme], _DEFICIENCIES[deficiency])
        for name in ("agrees", "disagrees", "mixed")
    }
    for one, other in combinations(colours, 2):
        distance = sum((a - b) ** 2 for a, b in zip(colours[one], colours[other], strict=True)) ** 0.5
        assert distance > 20, (one, other, distance)
