"""A German news report, with „quotation marks“ and the Konjunktiv of reported speech."""

import re

import pytest

from summarizer import Brief
from tests.recorded.conftest import about, cited, names, on, stances

ARTICLE = "kommunalstrom"
pytestmark = pytest.mark.vcr

PARK = "elf Windräder bauen"
FIXED_PRICE = "Festpreis"
NIGHTS = "an höchstens 22 Nächten"
AWARDED = "bereits vergeben"

ENGLISH = re.compile(r"\b(the|and|of|is|that|not|should)\b", re.IGNORECASE)


def test_names_have_neither_titles_nor_case_endings(brief: Brief) -> None:
    people = [holder for holder in brief.holders if holder.kind == "person"]
    assert {holder.name: (holder.role, holder.affiliation) for holder in people} == {
        "Almut Terhöven": ("Bürgermeisterin", "Liste Offenes Rathaus"),
        "Korbinian Asmusfeld": ("Landwirt und Sprecher", "Bürgerinitiative Freier Kranichrücken"),
        "Wiebke Lührsdorf": ("Leiterin", "Stadtwerke"),
        "Taddäus Römmelt": ("Biologe", "Vogelwarte Wendelsee"),
        "Hedda Quistenberg": ("Bäckermeisterin", None),
    }


def test_brief_of_a_german_article_is_in_german(brief: Brief) -> None:
    assert brief.gist
    texts = [brief.gist.text]
    texts += [position.statement for position in brief.positions]
    texts += [issue.proposition for issue in brief.issues]
    texts += [question.question for question in brief.open_questions]
    assert [text for text in texts if ENGLISH.search(text)] == []


def test_asmusfeld_rejects_the_site_but_not_wind_power(brief: Brief) -> None:
    place = on(brief, "Asmusfeld", 15)
    assert {(each.stance, each in about(brief, PARK)) for each in place} == {("disagrees", True)}
    assert any("gegen diesen Ort" in each.statement for each in place)
    assert {position.issue for position in on(brief, "Asmusfeld", 14)} == {None}


def test_head_of_the_works_supports_the_park_and_rejects_a_fixed_price(brief: Brief) -> None:
    assert stances(brief, PARK, "Lührsdorf") == {"agrees"}
    assert {position.stance for position in on(brief, "Lührsdorf", 25)} == {"disagrees"}
    assert "agrees" not in stances(brief, FIXED_PRICE, "Lührsdorf")


def test_biologist_demands_more_nights_than_the_works_offer(brief: Brief) -> None:
    assert stances(brief, NIGHTS, "Lührsdorf") == {"agrees"}
    assert stances(brief, NIGHTS, "Römmelt") == {"disagrees"}
    (demand,) = [each for each in on(brief, "Römmelt", 31) if "verlangt 50 Nächte" in each.statement]
    assert demand in about(brief, NIGHTS)


def test_bird_watchers_do_not_oppose_the_park_as_their_biologist_reports(brief: Brief) -> None:
    (position,) = brief.positions_of("Vogelwarte Wendelsee")
    assert (position.stance, position in about(brief, PARK)) == ("unclear", True)
    assert "keineswegs gegen" in position.statement
    assert brief.holder(position.reported_by or "").name == "Taddäus Römmelt"


def test_quistenberg_accepts_the_park_without_liking_it(brief: Brief) -> None:
    assert stances(brief, PARK, "Quistenberg") == {"agrees"}
    (change,) = [each for each in on(brief, "Quistenberg", 37) if each.issue]
    assert 36 in cited(change)  # her signature against the park, which the reply keeps as past
    (dislike,) = [each for each in on(brief, "Quistenberg", 39) if "mag die Windräder nicht" in each.statement]
    assert (dislike.stance, dislike in about(brief, PARK)) == ("unclear", True)


def test_mayor_denies_an_allegation_and_the_works_confirm_it(brief: Brief) -> None:
    said = {(names(brief, position)[0], position.stance) for position in about(brief, AWARDED)}
    assert said == {("Zuhörer", "agrees"), ("Almut Terhöven", "disagrees"), ("Wiebke Lührsdorf", "disagrees")}


@pytest.mark.parametrize(
    ("who", "sentence"), [("Asmusfeld", 16), ("Lührsdorf", 23), ("Römmelt", 30), ("Quistenberg", 38), ("Terhöven", 44)]
)
def test_konjunktiv_is_indirect_speech(brief: Brief, who: str, sentence: int) -> None:
    assert {position.speech for position in on(brief, who, sentence)} == {"indirect"}


@pytest.mark.parametrize(
    ("who", "sentence"), [("Terhöven", 10), ("Asmusfeld", 18), ("Lührsdorf", 25), ("Römmelt", 34), ("Quistenberg", 40)]
)
def test_german_quotation_marks_are_direct_speech(brief: Brief, who: str, sentence: int) -> None:
    said = on(brief, who, sentence)
    assert said
    assert "indirect" not in {position.speech for position in said}


def test_cost_of_removing_the_foundations_is_an_open_question(brief: Brief) -> None:
    (question,) = [each for each in brief.open_questions if each.evidence[0].sentence == 47]
    assert [evidence.sentence for evidence in question.evidence] == [47, 49]
    assert [brief.holder(holder).name for holder in question.raised_by] == ["Taddäus Römmelt"]
