"""Briefs that a language model made, from its recorded replies: claims about who holds what."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from summarizer import Brief, OpenAIModel, Summarizer
from summarizer.article import Article
from summarizer.brief import Position
from summarizer.spans import quote

Recorded = Callable[[str], AbstractContextManager[OpenAIModel]]
NAMES = (
    "ukraine-nato-offer",
    "harbour-interview",
    "reservoir-brief",
    "water-debate",
    "kommunalstrom",
    "leaflet-dispute",
    "tram-opinion",
)


@pytest.fixture(scope="module")
def briefs(recorded: Recorded, seeds: Path) -> dict[str, Brief]:
    made = {}
    for name in NAMES:
        with recorded(name) as model, Summarizer(model=model) as summarizer:
            made[name] = summarizer.summarize(seeds / f"{name}.txt")
    return made


@pytest.fixture
def offer(briefs: dict[str, Brief]) -> Brief:
    return briefs["ukraine-nato-offer"]


@pytest.fixture
def interview(briefs: dict[str, Brief]) -> Brief:
    return briefs["harbour-interview"]


@pytest.fixture
def news(briefs: dict[str, Brief]) -> Brief:
    return briefs["reservoir-brief"]


def on(brief: Brief, name: str, sentence: int) -> list[Position]:
    """The positions of somebody that cite a sentence."""
    return [
        position
        for position in brief.positions_of(name)
        if sentence in [evidence.sentence for evidence in position.evidence]
    ]


@pytest.mark.parametrize("name", NAMES)
def test_every_quotation_is_a_slice_of_the_article(briefs: dict[str, Brief], seeds: Path, name: str) -> None:
    text = Article.from_file(seeds / f"{name}.txt").text
    brief = briefs[name]
    claims = [position.evidence for position in brief.positions] + [item.evidence for item in brief.open_questions]
    for evidence in (item for items in claims for item in items):
        assert evidence.quote == quote(text, evidence.spans)
        assert all(phrase.text == quote(text, phrase.spans) for phrase in evidence.phrases)


@pytest.mark.parametrize("name", NAMES)
def test_a_brief_comes_back_from_json_without_loss(briefs: dict[str, Brief], name: str) -> None:
    assert Brief.model_validate_json(briefs[name].model_dump_json()) == briefs[name]


@pytest.mark.parametrize("name", NAMES)
def test_the_brief_says_that_a_model_made_it_and_at_what_cost(briefs: dict[str, Brief], name: str) -> None:
    made = briefs[name].provenance
    assert (made.engine, made.model, made.output) == ("model", "recorded-model", "json_schema")
    assert made.usage.prompt > 1_000
    assert {prompt.name for prompt in made.prompts} == {"extract", "context", "repair", "group", "gist"}


def test_logan_says_that_the_offer_does_not_move_the_needle(offer: Brief) -> None:
    (position, *_) = on(offer, "Logan", 8)
    assert position.speech == "direct"
    assert position.checks.speaker == "confirmed"


def test_logan_and_michta_take_one_position_together(offer: Brief) -> None:
    (position,) = on(offer, "Michta", 10)
    assert [offer.holder(name).name for name in position.holders] == ["Justin Logan", "Andrew Michta"]


def test_michta_calls_the_admittance_a_non_issue(offer: Brief) -> None:
    (position,) = on(offer, "Michta", 11)
    assert "non-issue" in position.evidence[0].quote


def test_bruen_only_speculates_about_the_patrols(offer: Brief) -> None:
    (position,) = [each for each in on(offer, "Bruen", 18) if "patrol" in each.statement]
    assert position.certainty == "speculated"


def test_logan_and_bruen_disagree_on_one_issue(offer: Brief) -> None:
    stances = {
        (position.issue, holder): position.stance
        for position in offer.positions
        for holder in ("Logan", "Bruen")
        if position in offer.positions_of(holder) and position.issue
    }
    opposed = [
        issue.proposition
        for issue in offer.issues
        if {stances.get((issue.id, "Logan")), stances.get((issue.id, "Bruen"))} == {"agrees", "disagrees"}
    ]
    assert opposed


def test_the_question_that_bruen_asks_stays_open(offer: Brief) -> None:
    (question,) = offer.open_questions
    assert question.origin == "asked"
    assert [offer.holder(name).name for name in question.raised_by] == ["Brett Bruen"]
    assert [evidence.sentence for evidence in question.evidence] == [17]


def test_roles_and_affiliations_are_those_of_the_article(offer: Brief) -> None:
    logan = next(holder for holder in offer.holders if holder.name == "Justin Logan")
    assert (logan.role, logan.affiliation) == ("director of defence and foreign policy studies", "Cato Institute")


def test_an_interview_is_mostly_its_one_speaker(interview: Brief) -> None:
    assert len(interview.positions_of("Halvane")) > len(interview.positions) / 2


def test_what_the_speaker_relays_is_the_opponents_own(interview: Brief) -> None:
    relayed = [position for position in interview.positions if position.reported_by]
    assert relayed
    for position in relayed:
        assert position.reported_by not in position.holders


@pytest.mark.parametrize(("name", "calls", "repairs"), [("harbour-interview", 1, 0), ("leaflet-dispute", 2, 1)])
def test_what_a_reply_got_wrong_was_put_right_and_nothing_was_rejected(
    briefs: dict[str, Brief], name: str, calls: int, repairs: int
) -> None:
    made = briefs[name].provenance
    assert (made.calls, made.repairs, briefs[name].rejected) == (calls, repairs, ())


def test_a_figure_of_the_sentence_before_brings_that_sentence_along(interview: Brief) -> None:
    (position,) = [each for each in on(interview, "Halvane", 117) if "2015" in each.statement]
    assert [item.sentence for item in position.evidence] == [116, 117]


def test_the_growers_and_the_chair_take_opposite_stances_on_the_dam(news: Brief) -> None:
    stances = {
        name: {position.stance for position in news.positions_of(name) if position.issue == "I1"}
        for name in ("Quillow", "Upland Growers Union")
    }
    assert stances == {"Quillow": {"agrees"}, "Upland Growers Union": {"disagrees"}}


def test_without_a_quotation_mark_all_speech_is_indirect(news: Brief) -> None:
    assert {position.speech for position in news.positions} == {"indirect"}


def test_a_company_that_declines_to_comment_takes_no_position(news: Brief) -> None:
    assert news.positions_of("Vellwater") == ()


def test_who_will_pay_stays_open(news: Brief) -> None:
    assert any(question.evidence[0].sentence == 8 for question in news.open_questions)
