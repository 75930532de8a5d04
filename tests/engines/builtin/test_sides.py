"""The built-in engine finds what is in dispute, and who is on which side."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.article import Article, read
from summarizer.attribution import analyse
from summarizer.brief import Position
from summarizer.engines import BuiltinEngine
from summarizer.engines.builtin import engine
from summarizer.engines.builtin.disputes import Dispute, topic_of
from summarizer.engines.builtin.phrases import Words
from summarizer.engines.builtin.stances import Sign
from summarizer.verification import Findings

ARTICLES = tomllib.loads(Path(__file__).with_name("sides.toml").read_text(encoding="utf-8"))["articles"]


def findings_of(text: str) -> Findings:
    reading = read(Article.from_text(text))
    return BuiltinEngine().extract(reading, analyse(reading))


def positions_of(text: str) -> tuple[Position, ...]:
    return findings_of(text).positions


def stances(findings: Findings, surname: str) -> set[str]:
    """Return the stances of the positions of one holder that have one."""
    ids = {holder.id for holder in findings.holders if holder.name and holder.name.endswith(surname)}
    held = [position for position in findings.positions if ids & {*position.holders}]
    return {position.stance for position in held} - {"unclear"}


def test_real_report_shows_both_sides(seeds: Path) -> None:
    reading = read(Article.from_file(seeds / "ukraine-nato-offer.txt"))
    findings = BuiltinEngine().extract(reading, analyse(reading))
    (issue,) = findings.issues
    assert issue.kind == "forecast"
    assert issue.proposition.endswith("will change the course of peace talks.")
    assert stances(findings, "Logan") == stances(findings, "Michta") == {"disagrees"}
    assert stances(findings, "Bruen") == {"agrees"}


@pytest.mark.parametrize(
    ("title", "proposition"),
    [
        ("Council postpones decision on raising the dam", "The dam should be raised."),
        ("Council votes on whether to close the ferry", "The ferry should close."),
        ("Mayor defends plan to build a quay as critics rage", "A quay should be built."),
        ("Lawmakers vote to close the last mine by May", "The last mine should close by May."),
        (
            "Take the tram out of Lantern Street? Over my dead bicycle",
            "The tram should be taken out of Lantern Street.",
        ),
        ("MPs debate whether to join the customs union", "It is right to join the customs union."),
    ],
)
def test_pending_proposal_is_a_neutral_proposition(title: str, proposition: str) -> None:
    findings = findings_of(f"{title}\n\nThe town is split. Anna Berg opposes the plan. She left.")
    assert [(issue.proposition, issue.kind) for issue in findings.issues] == [(proposition, "policy")]
    assert [position.stance for position in findings.positions] == ["disagrees"]


def test_lead_with_the_headlines_subject_names_the_issue() -> None:
    findings = findings_of(
        "Quarrel over the night ferry\n\nThe council decides on Friday whether to end the night ferry. Anna Berg left."
        "\n\nThe ferry is unsafe, Tomas Lind said."
    )
    assert [issue.proposition for issue in findings.issues] == ["The night ferry should end."]


@pytest.mark.parametrize(
    ("sentence", "stance"),
    [
        ("The Growers Union opposes the plan.", "disagrees"),
        ("Anna Berg backed the plan on Monday.", "agrees"),
        ("Anna Berg rejected raising the dam.", "disagrees"),
        ("The union does not support the plan.", "disagrees"),
        ("Anna Berg supports the project.", "agrees"),
        ("Anna Berg refused to back the plan.", "disagrees"),
        ("Anna Berg called the plan a gamble.", "disagrees"),
        ("Anna Berg said that raising the dam was long overdue.", "agrees"),
        ("“We should raise the dam,” Anna Berg said.", "agrees"),
        ("“The dam must not be raised,” Anna Berg said.", "disagrees"),
        ("“It would be wrong to raise the dam,” Anna Berg said.", "disagrees"),
        ("“I am against the plan,” Anna Berg said.", "disagrees"),
        ("Anna Berg supports the plan in principle.", "mixed"),
        ("Anna Berg supports the dam.", "unclear"),
        ("Anna Berg opposes the mayor’s plan.", "unclear"),
        ("Anna Berg said that it was Monday.", "unclear"),
        ("Anna Berg asked whether the dam should be raised.", "unclear"),
        ("“I am not against the plan,” Anna Berg said.", "unclear"),
        ("“I had backed the plan,” Anna Berg said.", "unclear"),
        ("In 2010, Anna Berg opposed raising the dam.", "unclear"),
        ("Anna Berg is an adviser of a group backing the plan.", None),
    ],
)
def test_stance_needs_an_explicit_wording(sentence: str, stance: str | None) -> None:
    found = positions_of(f"Council delays decision on raising the dam\n\nIt rained on Monday. {sentence}")
    assert [position.stance for position in found] == [stance] * (stance is not None)


@pytest.mark.parametrize(
    ("text", "relation"),
    [("raising the toll to $9", 1), ("raising the toll to $5", 0), ("pay raises", 0), ("a raise", 1)],
)
def test_another_amount_and_another_thing_are_no_side(text: str, relation: int) -> None:
    dispute = Dispute("The toll should be raised to $9.", "policy", topic_of("toll"), verb="raise")
    words = Words(text)
    assert dispute.relation(Sign(1, words, 0, len(words.raw))) == relation


def test_the_plan_is_ambiguous_in_an_article_about_two_plans() -> None:
    title = "Council delays decision on raising the dam"
    text = f"{title}\n\nThe mayor has a plan to drain the lake. Anna Berg opposes the plan."
    assert {position.stance for position in positions_of(text)} == {"unclear"}


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article["name"])
def test_speakers_are_on_the_side_that_a_reader_sees(article: dict[str, Any]) -> None:
    findings = findings_of(article["text"].strip())
    expected = [article["issue"]] if "issue" in article else []
    assert [issue.proposition for issue in findings.issues][:1] == expected
    assert {name: stances(findings, name) for name in article["sides"]} == {
        name: {stance} for name, stance in article["sides"].items()
    }
    for name, stance in article.get("missed", {}).items():
        assert stances(findings, name) <= {stance}


def test_lists_of_words_have_distinct_names() -> None:
    folder = Path(engine.__file__).parent
    lists = [tomllib.loads((folder / name).read_text(encoding="utf-8")) for name in ("lexicon.toml", "stances.toml")]
    assert not lists[0].keys() & lists[1].keys()


PIECES = [
    "Ann Hill", "the plan", "opposes", "scrapping", "it", "“", "”", "said", "not", "to", "should", "be", "is",
    "a mistake",
    "against", ".", ",", "?", "the", "disagreed", "called", "votes on whether to", "’s", "\n\n", "critics of", "—",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=25))
@settings(max_examples=60, deadline=None)
def test_any_order_of_words_has_valid_sides(pieces: list[str]) -> None:
    findings = findings_of(" ".join(["Row over the toll\n\nAnn Hill said:", *pieces]))
    assert len(findings.issues) <= 4
    assert {position.issue for position in findings.positions} >= {issue.id for issue in findings.issues}
    assert all(position.issue or position.stance == "unclear" for position in findings.positions)


@pytest.mark.parametrize(
    ("headline", "lead", "stance"),
    [
        ("Airport scraps plan for third runway", "The airport scrapped its plan for a third runway.", "disagrees"),
        ("Union calls off strike at port", "The union called off its strike at the port on Friday.", "disagrees"),
        ("Clinic drops vaccine mandate", "The clinic dropped its vaccine mandate.", "disagrees"),
    ],
)
def test_who_welcomes_the_end_of_a_thing_is_against_it(headline: str, lead: str, stance: str) -> None:
    text = f"{headline}\n\n{lead} The residents' group Hush welcomed the decision. Al Finn called it a disaster."
    stances = {position.stance for position in findings_of(text).positions if "welcomed" in position.statement}
    assert stances == {stance}


@pytest.mark.parametrize(
    "text",
    [
        "Drivers speak of long shifts\n\nShifts are longer. “Ill people should be moved away,” said driver Ed Poole.",
        "Court hears of a flood\n\nA court heard of the flood. Ann Hill praised the judgment. Tom Day was late.",
    ],
    ids=["people", "bare judgment"],
)
def test_article_without_a_measure_in_dispute_has_no_issue(text: str) -> None:
    assert findings_of(text).issues == ()


@pytest.mark.parametrize(
    ("sentence", "proposition", "stance"),
    [
        ("Anna Berg endorsed Tom Lind.", "Tom Lind deserves support.", "agrees"),
        ("Anna Berg refused to endorse Tom Lind.", "Tom Lind deserves support.", "disagrees"),
        ("“I will vote for Tom Lind,” Anna Berg said.", "Tom Lind deserves support.", "agrees"),
        ("Anna Berg urged the port to dredge the channel.", "The port should dredge the channel.", "agrees"),
        ("Anna Berg said the port should dredge the channel.", "The port should dredge the channel.", "agrees"),
        ("Anna Berg backed a register of lobbyists.", "There should be a register of lobbyists.", "agrees"),
        ("Anna Berg promised to widen the channel.", "The channel should be widened.", "agrees"),
        ("Anna Berg denied that she had sold the boat.", "Anna Berg had sold the boat.", "disagrees"),
    ],
)
def test_statement_can_name_its_own_matter(sentence: str, proposition: str, stance: str) -> None:
    findings = findings_of(f"Candidates meet in Osby\n\nTom Lind and Anna Berg met in Osby on Monday. {sentence}")
    assert [issue.proposition for issue in findings.issues] == [proposition]
    assert {position.stance for position in findings.positions} == {stance}


@pytest.mark.parametrize(
    "sentence",
    [
        "Anna Berg criticised Tom Lind.",
        "Anna Berg condemned Tom Lind’s remarks.",
        "Anna Berg praised Tom Lind for his work.",
        "Anna Berg acknowledged Tom Lind’s success.",
        "Tom Lind rejected the criticism.",
        "Anna Berg asked Tom Lind to send the letter.",
        "Anna Berg criticised Tom Lind’s lawyers.",
        "Anna Berg could have endorsed Tom Lind.",
        "Anna Berg asked whether the port should dredge the channel.",
        "“If we back Tom Lind, we lose,” Anna Berg said.",
        "Anna Berg said that he had to do it.",
        "Anna Berg urged them to do it.",
        "Anna Berg is challenging Tom Lind for his seat.",
        "Anna Berg had previously endorsed Tom Lind.",
        "Anna Berg condemned the shooting in Osby.",
        "Anna Berg toned down her criticism of Tom Lind.",
        "Anna Berg welcomed Tom Lind to visit the port.",
        "Anna Berg mocked Tom Lind’s story about the storm.",
        "Anna Berg proposed a law that bans dredging.",
        "Anna Berg called it a thing that the port should be working to change.",
        "Anna Berg said the port should immediately set up a “safety desk” on the quay.",
        "Anna Berg wants to allow parents to deduct the fees.",
    ],
)
def test_statement_without_a_clear_matter_takes_no_side(sentence: str) -> None:
    findings = findings_of(f"Candidates meet in Osby\n\nTom Lind and Anna Berg met in Osby on Monday. {sentence}")
    assert findings.issues == ()


def test_denial_of_another_matter_is_an_issue_of_its_own() -> None:
    findings = findings_of(
        "City bans drones\n\nThe city has voted for a ban on drones. Lena Marsh called the ban arbitrary.\n\n"
        "Tom Vane said the ban was overdue. Tom Vane denied that he had flown over the prison."
    )
    (denial,) = (position for position in findings.positions if "prison" in position.statement)
    propositions = {issue.id: issue.proposition for issue in findings.issues}
    assert denial.stance == "disagrees"
    assert propositions[denial.issue or ""] == "Tom Vane had flown over the prison."


@pytest.mark.parametrize(
    ("words", "proposition", "stance"),
    [
        ("There should be a dam", "There should be a dam.", "agrees"),
        ("There must be an inquiry into the fire", "There should be an inquiry.", "agrees"),
        ("There ought to be a curfew in the Old Town", "There should be a curfew in the Old Town.", "agrees"),
        ("There should not be a bypass", "There should be a bypass.", "disagrees"),
        ("There is an urgent need for a night bus", "There should be a night bus.", "agrees"),
        ("We need a tunnel under the bay", "There should be a tunnel.", "agrees"),
        ("It is time for a new school", "There should be a new school.", "agrees"),
        ("It is high time to close the mine", "The mine should close.", "agrees"),
        ("We must never sell the harbour", "The harbour should be sold.", "disagrees"),
    ],
)
def test_wish_in_words_of_ones_own_is_a_stance(words: str, proposition: str, stance: str) -> None:
    findings = findings_of(f"The town council met. “{words},” said Ann Hill.")
    assert [issue.proposition for issue in findings.issues] == [proposition]
    assert [position.stance for position in findings.positions] == [stance]


@pytest.mark.parametrize(
    "words",
    [
        "If there should be a fire, ring the bell", "We need a rest", "We have to close the shop on Sundays",
        "We must keep our heads", "It is time for a change", "There should be a minute or two left",
    ],
)  # fmt: skip
def test_necessity_and_circumstance_are_no_wish(words: str) -> None:
    assert findings_of(f"The town council met. “{words},” said Ann Hill.").issues == ()


def test_demand_of_a_thing_with_one_word_is_a_stance() -> None:
    findings = findings_of("Ann Hill called for a dam on the Alder. Ben Roe opposed a dam on the Alder.")
    assert [issue.proposition for issue in findings.issues] == ["There should be a dam on the Alder."]
    assert [position.stance for position in findings.positions] == ["agrees", "disagrees"]


def test_words_of_an_event_or_a_forecast_are_no_issue_that_deserves_support() -> None:
    text = (
        "Dockers Doubt Forecast.\n\nSome of the dockers in Osby took issue with the prediction of looming trouble. "
        "Anna Berg, the mayor, welcomed the prediction of looming trouble. It rained on Monday."
    )
    assert not [issue for issue in findings_of(text).issues if "deserves support" in issue.proposition]


@pytest.mark.parametrize(
    "thing", ["new school", "the new school", "fish market", "the funfair", "the tram", "the glass roof"]
)
@pytest.mark.parametrize(
    ("against", "in_favour"), [("opposes", "supports"), ("rejects", "backs"), ("opposed", "defended")]
)
def test_what_one_holder_opposes_and_another_supports_is_an_issue(thing: str, against: str, in_favour: str) -> None:
    findings = findings_of(f"Ann Kim {against} {thing}. It rained on Monday. Tom Orr {in_favour} {thing}.")
    name = thing.removeprefix("the ")
    assert [issue.proposition for issue in findings.issues] == [f"The {name} deserves support."]
    assert [position.stance for position in findings.positions] == ["disagrees", "agrees"]


@pytest.mark.parametrize(
    "text",
    [
        "Ann Kim supports the school. Tom Orr supports the school.",
        "Ann Kim opposed the school in May. In June, Ann Kim supported the school.",
        "Ann Kim opposes the school. Tom Orr supports the clinic.",
    ],
)
def test_what_nobody_disputes_is_no_issue(text: str) -> None:
    assert not findings_of(text).issues


@pytest.mark.parametrize(
    ("said", "stance"),
    [
        ("I do not think that the dam should be raised", "disagrees"),
        ("I don't believe the dam should be raised", "disagrees"),
        ("It would be wrong to raise the dam", "disagrees"),
        ("I never said that the dam should be raised", "unclear"),
        ("People who say the dam should be raised have never seen it", "unclear"),
        ("The minister told me that the dam should be raised", "unclear"),
        ("It is not true that we should raise the dam", "unclear"),
        ("Sure, the dam should be raised. And pigs fly", "unclear"),
        ("The dam should be raised, and I am the Queen", "unclear"),
    ],
)
def test_what_a_holder_denies_quotes_or_mocks_is_no_stance(said: str, stance: str) -> None:
    found = positions_of(
        f"Council delays decision on raising the dam\n\nIt rained on Monday. “{said},” Anna Berg said."
    )
    assert {position.stance for position in found} == {stance}


@pytest.mark.parametrize(
    ("sentence", "stance"),
    [
        ("Anna Berg wrote in 2011: “I support raising the dam.”", "unclear"),
        ("In an old post, Anna Berg said: “I support raising the dam.”", "unclear"),
        ("A fake post claimed: “I support raising the dam,” Anna Berg said.", "unclear"),
        ("Anna Berg wrote: “I support the plan.”", "agrees"),
        ("Anna Berg wrote in 2026: “I support raising the dam.”", "agrees"),
        ("Anna Berg said that her party opposes the plan.", "unclear"),
        ("Anna Berg said that her union opposes the plan.", "disagrees"),
    ],
)
def test_an_old_or_forged_statement_is_no_stance(sentence: str, stance: str) -> None:
    text = f"Council delays decision on raising the dam\n\nIt rained on Monday. {sentence}"
    reading = read(Article.from_text(text, published="2026-03-01"))
    assert {each.stance for each in BuiltinEngine().extract(reading, analyse(reading)).positions} == {stance}


@pytest.mark.parametrize(
    ("against", "in_favour", "proposition"),
    [
        ("the quarry should be closed", "the quarry should stay open", "The quarry should stay open."),
        ("the old bridge must be demolished", "the old bridge must be kept", "The old bridge should stay."),
    ],
)
def test_what_is_there_should_stay(against: str, in_favour: str, proposition: str) -> None:
    findings = findings_of(f"Ann Kim said that {against}. It rained on Monday. Tom Orr said that {in_favour}.")
    assert [issue.proposition for issue in findings.issues] == [proposition]
    assert [position.stance for position in findings.positions] == ["disagrees", "agrees"]


def test_who_supports_something_in_the_first_person_takes_a_side() -> None:
    findings = findings_of("The ban on tents splits Osby.\n\n“I support the ban on tents,” Ann Kim said.")
    assert [position.stance for position in findings.positions] == ["agrees"]
