"""A parliamentary debate of 12,000 words, read in three parts: fourteen speakers, some of whom change their minds."""

import json

import pytest
from vcr.cassette import Cassette

from summarizer import Brief
from tests.recorded.conftest import about, cited, names, on, stances

ARTICLE = "water-debate"
pytestmark = pytest.mark.vcr

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

BILL = "Water Metering and Reservoirs Bill should be passed"
DAM = "reservoir in Scarrowdale should be built"
METERS = "Households’ water should be metered"
FAIR = "by meter is fairer than the present charge"
TAX = "contains a hidden tax"
SALE = "selling the Water Board"
INTERVIEW = "Oona Velde spoke out against the flooding of Scarrowdale in a newspaper interview in 2021"
BATHWATER = "drink their own bathwater"
MACHINE = "machine for making poor people smell"
AUTHOR = "smell” were Roswitha Caine’s"

SECOND_PART, THIRD_PART, EVENING = 228, 460, 480


def test_each_speaker_is_one_holder_with_the_fullest_name(brief: Brief) -> None:
    people = [holder.name for holder in brief.holders if holder.kind == "person"]
    assert sorted(filter(None, people)) == sorted(SPEAKERS + READ_OUT)


def test_minister_and_namesake_are_two_holders(brief: Brief) -> None:
    roles = {holder.name: holder.role for holder in brief.holders if (holder.name or "").endswith("Velde")}
    assert roles == {"Oona Velde": "environment minister", "Marcus Velde": "retired schoolmaster"}


def test_minister_is_for_the_dam_and_her_namesake_against_it(brief: Brief) -> None:
    said = about(brief, DAM, "Oona Velde")
    assert {each.stance for each in said if 600 not in cited(each)} == {"agrees"}
    assert {each.stance for each in said if 600 in cited(each)} == {"mixed"}  # what she would not now deny
    assert stances(brief, DAM, "Marcus Velde") == {"disagrees"}


def test_minister_denies_the_interview_in_direct_speech(brief: Brief) -> None:
    denial = on(brief, "Oona Velde", 256)
    assert {position.speech for position in denial} == {"direct"}
    assert stances(brief, INTERVIEW, "Oona Velde") == {"disagrees"}


def test_statement_of_the_interview_belongs_to_the_namesake(brief: Brief) -> None:
    (position,) = on(brief, "Marcus Velde", 252)
    assert (position.stance, cited(position)) == ("disagrees", [252, 261, 262])
    assert position in about(brief, DAM)
    assert on(brief, "Oona Velde", 252) == []


def test_dassin_retracts_his_claim_about_the_interview(brief: Brief) -> None:
    said = {cited(position)[-1]: position.stance for position in about(brief, INTERVIEW, "Aurel Dassin")}
    assert said == {254: "agrees", 266: "disagrees", 267: "disagrees"}


def test_ostrowick_changes_sides_on_the_bill_in_the_evening(brief: Brief) -> None:
    said = about(brief, BILL, "Hanne Ostrowick")
    assert {each.stance for each in said if cited(each)[-1] < EVENING} == {"disagrees"}
    assert {each.stance for each in said if cited(each)[-1] > EVENING} == {"agrees"}
    (vote,) = [each for each in said if cited(each) == [517]]
    assert vote.stance == "agrees"


def test_ostrowick_rejects_the_meters_conditionally(brief: Brief) -> None:
    (refusal,) = [each for each in on(brief, "Hanne Ostrowick", 379) if each.stance == "disagrees"]
    assert refusal in about(brief, METERS)
    assert refusal.certainty == "conditional"


def test_fennimore_is_undecided_on_the_bill(brief: Brief) -> None:
    (position,) = on(brief, "Tobias Fennimore", 453)
    assert position in about(brief, BILL)
    assert position.stance == "neutral"


def test_fennimore_takes_sides_only_conditionally(brief: Brief) -> None:
    sides = [each for each in about(brief, BILL, "Tobias Fennimore") if each.stance != "neutral"]
    assert {each.certainty for each in sides} == {"conditional"}


def test_quennet_is_for_meters_and_against_the_bill(brief: Brief) -> None:
    assert stances(brief, METERS, "Leopold Quennet") == {"agrees"}
    assert stances(brief, BILL, "Leopold Quennet") == {"disagrees"}
    (vote,) = [each for each in about(brief, BILL, "Leopold Quennet") if cited(each) == [572]]
    assert vote.stance == "disagrees"


def test_irrigators_support_the_dam_as_reported_by_a_member_who_does_not(brief: Brief) -> None:
    (position,) = on(brief, "irrigators’ association", 153)
    assert (position.stance, brief.holder(position.reported_by or "").name) == ("agrees", "Bartol Kerrigane")
    assert stances(brief, DAM, "Bartol Kerrigane") == {"mixed", "disagrees"}  # it would be good for his potatoes


@pytest.mark.parametrize(("body", "issue"), [("Court of Accounts", DAM), ("council of the Hasks", BILL)])
def test_bodies_that_decline_to_take_sides_are_neutral(brief: Brief, body: str, issue: str) -> None:
    assert stances(brief, issue, body) == {"neutral"}


def test_brewers_support_the_dam_conditionally(brief: Brief) -> None:
    said = about(brief, DAM, "Federation of Tarn Brewers")
    assert said
    assert all((each.stance, each.certainty, cited(each)[-1]) == ("agrees", "conditional", 276) for each in said)


def test_speaker_of_the_house_takes_no_stance(brief: Brief) -> None:
    assert {position.issue for position in brief.positions_of("Ignace Torrold")} == {None}


def test_kerrigane_denies_a_quotation_by_a_newspaper(brief: Brief) -> None:
    assert stances(brief, BATHWATER, "Ellanby Courier") == {"agrees"}
    assert stances(brief, BATHWATER, "Bartol Kerrigane") == {"disagrees"}


def test_repeated_phrase_belongs_to_its_first_speaker(brief: Brief) -> None:
    said = {number: each for each in brief.positions for number in cited(each) if MACHINE in each.statement}
    assert names(brief, said[349]) == ["Hanne Ostrowick"]
    assert said[349] in about(brief, FAIR)
    assert said[349].stance == "disagrees"
    assert names(brief, said[584]) == ["Constitutional member"]  # who gives the phrase to Caine
    assert names(brief, said[585]) == ["Roswitha Caine"]  # who would have liked it


def test_caine_and_ostrowick_say_whose_the_phrase_is(brief: Brief) -> None:
    assert stances(brief, AUTHOR, "Constitutional member") == {"agrees"}
    assert stances(brief, AUTHOR, "Roswitha Caine") == {"disagrees"}
    assert stances(brief, AUTHOR, "Hanne Ostrowick") == {"disagrees"}


def test_merging_leaves_fewer_issues_than_the_three_chunks_have(vcr: Cassette, brief: Brief) -> None:
    interactions = [
        (json.loads(request.body), json.loads(response["body"]["string"])) for request, response in vcr.data
    ]
    replies = [
        json.loads(answer["choices"][0]["message"]["content"])
        for sent, answer in interactions
        if len(sent["messages"]) == 2  # a repair has more
    ]
    issues = [reply["issues"] for reply in replies if "holders" in reply]
    assert len(issues) == 3
    assert len(brief.issues) < sum(map(len, issues))


def test_dam_is_one_issue_across_all_chunks(brief: Brief) -> None:
    sentences = [cited(position)[0] for position in about(brief, DAM)]
    parts = {(sentence >= SECOND_PART) + (sentence >= THIRD_PART) for sentence in sentences}
    assert parts == {0, 1, 2}


@pytest.mark.parametrize(
    ("merged", "proposition", "who", "sentence"),
    [
        ("can be called a price", TAX, "Perpetua Lanyon-Dray", 619),
        ("flat annual charge for water is fair", FAIR, "Oona Velde", 27),
    ],
)
def test_merging_an_opposite_issue_flips_the_stance(
    brief: Brief, merged: str, proposition: str, who: str, sentence: int
) -> None:
    assert not [issue for issue in brief.issues if merged in issue.proposition]
    said = about(brief, proposition, who)
    assert {each.stance for each in said} == {"agrees"}
    assert sentence in {number for each in said for number in cited(each)}


def test_minister_denies_the_sale_of_the_board(brief: Brief) -> None:
    said = about(brief, SALE, "Oona Velde")
    assert {each.stance for each in said} == {"disagrees"}
    assert {sentence for each in said for sentence in cited(each)} == {62, 63}


def test_two_unnamed_engineers_are_two_holders(brief: Brief) -> None:
    for_beets, for_meters = (
        position for sentence in (170, 392) for position in brief.positions if cited(position)[-1] == sentence
    )
    assert names(brief, for_beets) == names(brief, for_meters) == ["engineer"]
    assert for_beets.holders != for_meters.holders
    reporters = [brief.holder(each.reported_by or "").name for each in (for_beets, for_meters)]
    assert reporters == ["Bartol Kerrigane", "Roswitha Caine"]


def test_merging_takes_one_call_for_issues_and_one_for_the_gist(brief: Brief) -> None:
    asked = brief.provenance.calls - brief.provenance.repairs
    assert (brief.coverage.chunks, asked, brief.provenance.splits) == (3, 3 + 2, 0)


def test_gist_covers_the_whole_debate(brief: Brief) -> None:
    assert brief.gist
    sentences = [evidence.sentence for evidence in brief.gist.evidence]
    assert min(sentences) < SECOND_PART
    assert any(SECOND_PART <= sentence < THIRD_PART for sentence in sentences)
    assert "64 votes to 53" in brief.gist.text  # the end of the third part


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
def test_question_of_a_member_is_open(brief: Brief, sentence: int, who: str) -> None:
    (question,) = [
        each
        for each in brief.open_questions
        if each.origin == "asked" and sentence in [evidence.sentence for evidence in each.evidence]
    ]
    assert who in [brief.holder(holder).name for holder in question.raised_by]


@pytest.mark.parametrize(
    ("sentences", "who"),
    [
        ([54, 126, 624], "Perpetua Lanyon-Dray"),  # the price in 2034
        ([147, 578, 624], "Bartol Kerrigane"),  # who comes first
        ([236, 237, 244, 474, 475, 610, 624], "Marcus Velde"),  # the written offers
        ([399, 400, 624], "Roswitha Caine"),  # the readings
    ],
)
def test_question_in_several_chunks_is_one_with_all_evidence(brief: Brief, sentences: list[int], who: str) -> None:
    (question,) = [each for each in brief.open_questions if each.evidence[0].sentence == sentences[0]]
    assert [evidence.sentence for evidence in question.evidence] == sentences
    assert question.origin == "asked"
    assert who in [brief.holder(holder).name for holder in question.raised_by]


def test_question_in_several_chunks_names_everybody_who_raises_it(brief: Brief) -> None:
    (question,) = [each for each in brief.open_questions if each.evidence[0].sentence == 236]
    assert [brief.holder(holder).name for holder in question.raised_by] == ["Marcus Velde", "Tobias Fennimore"]
