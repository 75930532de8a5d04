"""A parliamentary debate of 12,000 words, read in three parts: fourteen speakers, some of whom change their minds."""

import json
from pathlib import Path

import pytest

from summarizer import Brief
from summarizer.testing.storing import load
from tests.recorded.conftest import Briefs, about, cited, names, on, stances

SPEAKERS = [
    "Oona Velde",
    "Marcus Velde",
    "Ignace Torrold",
    "Perpetua Lanyon-Dray",
    "Sunniva Ashgrove",
    "Bartol Kerrigane",
    "Leopold Quennet",
    "Cornelia Braithe",
    "Aurel Dassin",
    "Gideon Marchetane",
    "Hanne Ostrowick",
    "Roswitha Caine",
    "Edda Pellworth",
    "Tobias Fennimore",
]
READ_OUT = ["Ilse Varn", "Nell Harrowgate"]

BILL = "Water Metering and Reservoirs Bill as a whole should be passed"
DAM = "dam and reservoir should be built in Scarrowdale"
METERS = "Household water should be metered"
LEVY = "a tax or levy and not the price of water"
PRICE = "can stand before the constitutional court as a price"
SALE = "selling the Water Board"
INTERVIEW = "Oona Velde spoke against flooding Scarrowdale in a 2021 interview"
BATHWATER = "drink their own bathwater"
BURDEN = "an unfair burden on poor households"
MACHINE = "machine for making poor people smell"

SECOND_PART, THIRD_PART, EVENING = 228, 460, 480


@pytest.fixture
def debate(briefs: Briefs) -> Brief:
    return briefs("water-debate")


def test_each_speaker_is_there_once_under_the_fullest_name(debate: Brief) -> None:
    people = [holder.name for holder in debate.holders if holder.kind == "person"]
    assert sorted(filter(None, people)) == sorted(SPEAKERS + READ_OUT)


def test_the_minister_and_her_namesake_are_two(debate: Brief) -> None:
    roles = {holder.name: holder.role for holder in debate.holders if (holder.name or "").endswith("Velde")}
    assert roles == {"Oona Velde": "environment minister", "Marcus Velde": "retired schoolmaster"}


def test_the_minister_never_speaks_against_the_dam_nor_her_namesake_for_it(debate: Brief) -> None:
    assert stances(debate, DAM, "Oona Velde") == {"agrees"}
    assert stances(debate, DAM, "Marcus Velde") == {"disagrees"}


def test_the_minister_denies_the_interview_in_her_own_words(debate: Brief) -> None:
    denial = on(debate, "Oona Velde", 256)
    assert {position.speech for position in denial} == {"direct"}
    assert stances(debate, INTERVIEW, "Oona Velde") == {"disagrees"}


def test_what_the_interview_said_is_held_by_the_namesake_who_said_it(debate: Brief) -> None:
    (position,) = on(debate, "Marcus Velde", 252)
    assert (position.stance, cited(position)) == ("disagrees", [252, 261, 262])
    assert position in about(debate, DAM)
    assert on(debate, "Oona Velde", 252) == []


def test_dassin_takes_back_what_he_said_of_the_interview(debate: Brief) -> None:
    said = {cited(position)[-1]: position.stance for position in about(debate, INTERVIEW, "Aurel Dassin")}
    assert said == {252: "agrees", 254: "agrees", 259: "agrees", 266: "disagrees", 267: "disagrees"}


def test_ostrowick_is_against_the_bill_until_the_evening_and_for_it_from_then_on(debate: Brief) -> None:
    said = about(debate, BILL, "Hanne Ostrowick")
    assert {each.stance for each in said if cited(each)[-1] < EVENING} == {"disagrees"}
    assert {each.stance for each in said if cited(each)[-1] > EVENING} == {"mixed", "agrees"}  # she says what she was
    (vote,) = [each for each in said if cited(each) == [517]]
    assert vote.stance == "agrees"


def test_ostrowick_refuses_the_meters_on_a_condition(debate: Brief) -> None:
    (refusal,) = [each for each in on(debate, "Hanne Ostrowick", 379) if each.stance == "disagrees"]
    assert refusal in about(debate, METERS)
    assert refusal.certainty == "conditional"


def test_fennimore_has_not_made_up_his_mind(debate: Brief) -> None:
    (position,) = on(debate, "Tobias Fennimore", 453)
    assert position in about(debate, BILL)
    assert position.stance == "neutral"


def test_fennimore_takes_a_side_only_on_a_condition(debate: Brief) -> None:
    sides = [each for each in about(debate, BILL, "Tobias Fennimore") if each.stance != "neutral"]
    assert {each.certainty for each in sides} == {"conditional"}


def test_quennet_is_for_meters_and_against_the_bill(debate: Brief) -> None:
    assert stances(debate, METERS, "Leopold Quennet") == {"agrees"}
    assert stances(debate, BILL, "Leopold Quennet") == {"disagrees", "mixed"}
    (vote,) = [each for each in about(debate, BILL, "Leopold Quennet") if cited(each) == [572]]
    assert vote.stance == "disagrees"


def test_the_irrigators_are_for_the_dam_as_their_own_member_who_is_not_reports(debate: Brief) -> None:
    (position,) = on(debate, "irrigators’ association", 153)
    assert (position.stance, debate.holder(position.reported_by or "").name) == ("agrees", "Bartol Kerrigane")
    assert "agrees" not in stances(debate, DAM, "Bartol Kerrigane")


@pytest.mark.parametrize(("body", "issue"), [("Court of Accounts", DAM), ("council of the Hasks", BILL)])
def test_who_declines_to_take_a_side_is_neutral(debate: Brief, body: str, issue: str) -> None:
    assert stances(debate, issue, body) == {"neutral"}


def test_the_brewers_are_for_the_dam_on_a_condition(debate: Brief) -> None:
    said = about(debate, DAM, "Federation of Tarn Brewers")
    assert said
    assert all((each.stance, each.certainty, cited(each)) == ("agrees", "conditional", [273, 276]) for each in said)


def test_the_speaker_of_the_house_takes_no_stance(debate: Brief) -> None:
    assert {position.issue for position in debate.positions_of("Ignace Torrold")} == {None}


def test_kerrigane_denies_what_a_newspaper_says_that_he_said(debate: Brief) -> None:
    assert stances(debate, BATHWATER, "Ellanby Courier") == {"agrees"}
    assert stances(debate, BATHWATER, "Bartol Kerrigane") == {"disagrees"}


def test_a_phrase_goes_back_from_caine_to_ostrowick_who_used_it(debate: Brief) -> None:
    said = {number: each for each in debate.positions for number in cited(each) if MACHINE in each.statement}
    assert names(debate, said[349]) == names(debate, said[586]) == ["Hanne Ostrowick"]
    assert (said[349].stance, said[349] in about(debate, BURDEN)) == ("agrees", True)
    assert names(debate, said[584]) != ["Hanne Ostrowick"]  # who gave it to Caine, or Caine, who would have liked it
    assert names(debate, said[585]) == ["Roswitha Caine"]


def test_the_parts_gave_more_issues_than_the_brief_has(debate: Brief, seeds: Path) -> None:
    recording = load(seeds.parent / "cassettes" / "water-debate.yaml")
    assert recording
    replies = [
        json.loads(each.answer.body["choices"][0]["message"]["content"])  # type: ignore[index, call-overload]
        for each in recording.interactions
        if "extract" in (asked := [prompt.name for prompt in each.question.prompts]) and "repair" not in asked
    ]
    assert len(replies) == 3
    assert len(debate.issues) < sum(len(reply["issues"]) for reply in replies)


def test_the_dam_is_one_issue_in_all_three_parts(debate: Brief) -> None:
    sentences = [cited(position)[0] for position in about(debate, DAM)]
    parts = {(sentence >= SECOND_PART) + (sentence >= THIRD_PART) for sentence in sentences}
    assert parts == {0, 1, 2}


def test_the_tariff_is_still_a_levy_to_lanyon_dray_where_a_part_put_the_issue_the_other_way_round(
    debate: Brief,
) -> None:
    for proposition, stance, sentence in ((LEVY, "agrees", 79), (PRICE, "disagrees", 617)):
        said = about(debate, proposition, "Perpetua Lanyon-Dray")
        assert {each.stance for each in said} == {stance}
        assert sentence in {number for each in said for number in cited(each)}


def test_the_minister_denies_that_the_board_is_to_be_sold(debate: Brief) -> None:
    said = about(debate, SALE, "Oona Velde")
    assert {each.stance for each in said} == {"disagrees"}
    assert {sentence for each in said for sentence in cited(each)} == {61, 62, 63}


def test_two_engineers_who_are_not_named_are_kept_apart(debate: Brief) -> None:
    for_beets, for_meters = (
        position for sentence in (170, 392) for position in debate.positions if cited(position)[-1] == sentence
    )
    assert names(debate, for_beets) == names(debate, for_meters) == ["engineer"]
    assert for_beets.holders != for_meters.holders
    reporters = [debate.holder(each.reported_by or "").name for each in (for_beets, for_meters)]
    assert reporters == ["Bartol Kerrigane", "Roswitha Caine"]


def test_two_calls_besides_one_a_part_bring_the_issues_together_and_make_the_gist(debate: Brief) -> None:
    asked = debate.provenance.calls - debate.provenance.repairs
    assert (debate.coverage.chunks, asked, debate.provenance.splits) == (3, 3 + 2, 0)


def test_the_gist_is_of_the_whole(debate: Brief) -> None:
    assert debate.gist
    sentences = [evidence.sentence for evidence in debate.gist.evidence]
    assert min(sentences) < SECOND_PART
    assert any(SECOND_PART <= sentence < THIRD_PART for sentence in sentences)
    assert "64 votes to 53" in debate.gist.text  # the end of the third part


@pytest.mark.parametrize(
    ("sentence", "who"),
    [
        (54, "Perpetua Lanyon-Dray"),  # what a thousand litres would cost in 2034
        (147, "Bartol Kerrigane"),  # who comes first
        (236, "Marcus Velde"),  # how many households have a written offer
        (400, "Roswitha Caine"),  # whose the readings would be
        (469, "Tobias Fennimore"),  # whether a third desalination unit will be paid for
    ],
)
def test_what_a_member_asked_stays_open(debate: Brief, sentence: int, who: str) -> None:
    (question,) = [
        each
        for each in debate.open_questions
        if each.origin == "asked" and sentence in [evidence.sentence for evidence in each.evidence]
    ]
    assert who in [debate.holder(holder).name for holder in question.raised_by]


@pytest.mark.parametrize(
    ("sentences", "who"),
    [
        ([54, 122, 125, 126, 579, 623], "Perpetua Lanyon-Dray"),  # the price in 2034
        ([147, 149, 150, 578, 623], "Bartol Kerrigane"),  # who comes first
        ([236, 240, 244, 474, 475, 609, 623], "Marcus Velde"),  # the written offers
        ([399, 400, 623], "Roswitha Caine"),  # the readings
    ],
)
def test_a_question_that_stays_open_in_several_parts_is_one_with_the_evidence_of_all(
    debate: Brief, sentences: list[int], who: str
) -> None:
    (question,) = [each for each in debate.open_questions if each.evidence[0].sentence == sentences[0]]
    assert [evidence.sentence for evidence in question.evidence] == sentences
    assert question.origin == "asked"
    assert who in [debate.holder(holder).name for holder in question.raised_by]


def test_who_asks_for_the_written_offers_in_another_part_is_named_beside_who_asked_first(debate: Brief) -> None:
    (question,) = [each for each in debate.open_questions if each.evidence[0].sentence == 236]
    assert [debate.holder(holder).name for holder in question.raised_by] == ["Marcus Velde", "Tobias Fennimore"]
