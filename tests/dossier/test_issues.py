"""Issues of many briefs that are one matter, contraries, codebooks and decisions."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import Codebook, Dossier, Store
from summarizer.codebook import CodebookIssue
from summarizer.dossier.comparing import compare_sides
from summarizer.dossier.types import Verdict
from summarizer.dossier.wording import read_content
from summarizer.errors import ConfigurationError, ServerFailed
from summarizer.models import CallbackModel, OpenAIEmbedder, Request, ScriptedModel
from tests.dossier.briefs import make_brief

TOLL, FREE = "The toll should be introduced.", "The bridge must stay free of charge."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "briefs.db") as opened:
        yield opened


def fill(store: Store, *propositions: str, start: int = 1) -> None:
    """Add a brief for each proposition, with which Jane Hill agrees."""
    for day, proposition in enumerate(propositions, start):
        store.add(make_brief(f"2026-01-{day:02}", [("Jane Hill", proposition, "agrees", f"{proposition} ({day})")]))


def stances(dossier: Dossier) -> list[tuple[str | None, str]]:
    return [(each.issue, each.stance) for each in dossier.statements]


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        (TOLL, FREE, "contrary"),
        ("A toll should be charged on the harbour bridge.", "The harbour bridge should be tolled.", "same"),
        ("The library should be closed.", "The library must stay open.", "contrary"),
        ("The library should be closed.", "The closure of the library is right.", "same"),
        ("Phones should be banned in schools.", "The ban on phones in schools is right.", "same"),
        ("Phones should be banned in schools.", "Students should be allowed to keep phones in schools.", "contrary"),
        ("The dam should be rebuilt.", "The dam should be torn down.", "contrary"),
        ("Wolves should be protected.", "Wolves should be shot.", "contrary"),
        ("The merger should be rejected.", "The merger should go ahead.", "contrary"),
        ("The tram line should be extended.", "The tram line should not be extended.", "contrary"),
        ("The fare should be raised to 3 euros.", "The fare should be raised to 4 euros.", "different"),
        ("The stadium should be built in Norton.", "The stadium should be built in Ashby.", "different"),
        ("The toll should be introduced.", "The toll should be raised.", "unsure"),
        ("The minimum wage should be raised.", "Raising the minimum wage would cost jobs.", "unsure"),
        ("Scooters should be banned in parks.", "The scooter ban in parks is right.", "same"),
        ("Scooters should be banned in parks.", "Scooter racks should be used in parks.", "unsure"),
        ("A scooter ban is workable.", "The scooter ban should be tried out in a pilot.", "different"),
        ("The curfew is lawful.", "The curfew should be dropped.", "different"),
        ("A vaccine mandate should be introduced.", "A vaccine mandate should make exceptions.", "different"),
        ("A state law should ban scooters.", "A single statewide scooter rule should apply in all parks.", "same"),
        ("A state law should ban scooters.", "The council should ban scooters in its parks.", "unsure"),
        ("A national law should cap rents.", "Rent caps should be left to the cities.", "contrary"),
        ("Trams should be replaced by buses.", "Buses should take the place of the trams.", "same"),
        ("The town should go back from buses to trams.", "Trams should be replaced by buses.", "contrary"),
        ("Trams should be replaced by buses.", "The trams should stay.", "contrary"),
        ("The marsh should be drained.", "The marsh should be left as it is.", "contrary"),
        ("The weir should be removed.", "The weir should be left as it is.", "contrary"),
        ("The weir should be kept.", "The weir should be left as it is.", "unsure"),
        ("The stadium project should go ahead.", "The stadium should be built.", "same"),
        ("The merger should be blocked.", "The merger should be approved.", "contrary"),
        ("Nobody should be forced to sell a house.", "Compulsory purchase should be allowed.", "contrary"),
        ("Owners should be made to leave.", "There should be compulsory purchase of homes.", "same"),
        ("The wind farm would harm seabirds.", "Seabirds would benefit from the wind farm.", "contrary"),
        ("Public money should go into the rink.", "The city should take a 20m stake in the rink.", "same"),
        ("The rink should be put to a local poll.", "The town should hold a referendum on the rink.", "same"),
        ("The rink would bring forty jobs.", "The rink would bring 40 jobs.", "same"),
        ("Nurses should be paid more.", "Nurses should be paid less.", "contrary"),
        ("Masks should be kept in boxes.", "Masks should be banned.", "unsure"),
    ],
)
def test_words_tell_which_side_a_proposition_takes(one: str, other: str, verdict: str) -> None:
    assert (compare_sides(one, other), compare_sides(other, one)) == (verdict, verdict)


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    content = read_content(text)
    assert set(content.signs) - {""} <= set(content.terms)


def test_other_words_for_one_matter_are_one_issue(store: Store) -> None:
    fill(store, "The library should be closed.", "The closure of the library is right.")
    (issue,) = Dossier.from_store(store).issues.values()
    assert (issue.articles, [wording.contrary for wording in issue.wordings]) == (2, [False, False])


def test_a_contrary_turns_the_stances(store: Store) -> None:
    fill(store, TOLL, FREE)
    assert stances(Dossier.from_store(store)) == [
        ("the-toll-should-be-introduced", "agrees"),
        ("the-toll-should-be-introduced", "disagrees"),
    ]


def test_other_matters_stay_apart(store: Store) -> None:
    fill(store, TOLL, "The ferry should be kept.", "The fare should be raised to 3 euros.")
    assert len(Dossier.from_store(store).issues) == 3


def test_issues_of_one_brief_are_two_matters(store: Store) -> None:
    held = [("Jane Hill", TOLL, "agrees", "One."), ("Jane Hill", "The toll should be charged.", "agrees", "Two.")]
    store.add(make_brief("2026-01-01", held))
    assert len(Dossier.from_store(store).issues) == 2


def test_exact_contraries_in_one_brief_are_one_matter(store: Store) -> None:
    allowed, banned = "Night flights should be allowed.", "The ban on night flights is right."
    held = [("Jane Hill", allowed, "agrees", "One."), ("Tom Reed", banned, "agrees", "Two.")]
    store.add(make_brief("2026-01-01", held))
    ((issue, first), (other, second)) = stances(Dossier.from_store(store))
    assert (issue, first, second) == (other, "agrees", "disagrees")


def test_a_codebook_pins_issues_and_turns_contraries(store: Store) -> None:
    fill(store, FREE, "A toll is right.")
    Dossier.from_store(store)
    codebook = Codebook(issues=(CodebookIssue(id="toll", proposition=TOLL, aliases=("a bridge toll",)),))
    dossier = Dossier.from_store(store, codebook=codebook)
    assert stances(dossier) == [("toll", "disagrees"), ("toll", "agrees")]
    assert dossier.issues["toll"].given


def test_a_codebook_stays_in_the_store(store: Store) -> None:
    Dossier.from_store(store, codebook=Codebook(issues=(CodebookIssue(id="toll", proposition=TOLL),)))
    fill(store, FREE)
    assert stances(Dossier.from_store(store)) == [("toll", "disagrees")]


@pytest.mark.parametrize("verdict", ["same", "contrary"])
def test_a_decision_on_two_issues_joins_all_their_wordings(store: Store, verdict: Verdict) -> None:
    fill(store, TOLL, "The toll at the old bridge should be introduced.", "The ferry should be kept.", TOLL, start=1)
    fill(store, "The ferry should stay.", start=5)
    dossier = Dossier.from_store(store)
    before, (one, other) = stances(dossier), dossier.issues
    decision = dossier.decide(one, other, verdict, kind="issue")
    turned = {"same": "agrees", "contrary": "disagrees"}[verdict]
    expected = [(one, "agrees" if issue == one else turned) for issue, _ in before]
    assert {each for _, each in expected} == {"agrees", turned}
    assert stances(dossier) == expected
    dossier.rebuild()
    assert stances(dossier) == expected
    assert stances(Dossier.from_store(store)) == expected
    dossier.undo(decision.id)
    assert stances(dossier) == before


def test_people_prevail_over_rules_also_after_a_rebuilding(store: Store) -> None:
    fill(store, TOLL, FREE, "The ferry should be kept.")
    dossier = Dossier.from_store(store)
    dossier.decide(TOLL, FREE, "different", kind="issue")
    assert len(dossier.issues) == 3
    dossier.decide(FREE, "The ferry should be kept.", "contrary", kind="issue")
    dossier.rebuild()
    assert len(dossier.issues) == 2
    assert sorted(stance for _, stance in stances(dossier)) == ["agrees", "agrees", "disagrees"]


def test_each_join_stands_in_the_log_with_its_reason(store: Store) -> None:
    fill(store, TOLL, FREE)
    (decision,) = [each for each in Dossier.from_store(store).decisions if each.kind == "issue"]
    assert (decision.verdict, decision.made_by) == ("contrary", "rule")
    assert "words in common" in decision.reason


def test_what_is_withdrawn_stays_apart(store: Store) -> None:
    fill(store, TOLL, FREE)
    dossier = Dossier.from_store(store)
    (decision,) = [each for each in dossier.decisions if each.kind == "issue"]
    dossier.undo(decision.id)
    assert len(dossier.issues) == 2


DOUBTFUL = ("The pier in the harbour should be leased.", "The harbour pier should be sold to the town.")


def grouped(keep: str, same: Sequence[str] = (), opposite: Sequence[str] = ()) -> dict[str, object]:
    """Return a reply of a model with one group."""
    return {"groups": [{"keep": keep, "same": list(same), "opposite": list(opposite)}]}


@pytest.mark.parametrize("propositions", [DOUBTFUL, (TOLL, FREE), ("Buses are slow.", "Trams should be red.")])
@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (grouped("N1", same=["N2", "N99", "K1"]), ["agrees", "agrees"]),
        (grouped("N2", opposite=["N1"]), ["agrees", "disagrees"]),
        (grouped("N2", same=["N2"]), None),
        ({"groups": []}, None),
    ],
)
def test_a_model_groups_propositions_by_ids(
    store: Store, propositions: Sequence[str], reply: dict[str, object], expected: list[str] | None
) -> None:
    fill(store, *propositions)
    dossier = Dossier.from_store(store, model=ScriptedModel([reply]))
    assert len(dossier.issues) == (1 if expected else 2)
    assert expected is None or [stance for _, stance in stances(dossier)] == expected
    verdicts = {each.verdict for each in dossier.decisions if each.made_by == "model"}
    assert verdicts == ({"agrees": {"same"}, "disagrees": {"contrary"}}[expected[1]] if expected else {"different"})


def test_a_model_sees_the_titles_of_articles_and_no_markup_of_theirs(store: Store) -> None:
    fill(store, "The department should\nclose.", "The lights should be kept on.")
    model = ScriptedModel([{"groups": []}])
    Dossier.from_store(store, model=model)
    asked = model.requests[0].messages[-1].content
    title = next(iter(store.briefs())).article.title
    assert f"Known propositions:\nnone\n\nNew propositions:\nN1: The department should close. ({title})" in asked


def test_new_propositions_are_grouped_with_known_ones(store: Store) -> None:
    fill(store, TOLL, "The library should be closed.")
    Dossier.from_store(store, model=ScriptedModel([{"groups": []}]))
    fill(store, "Drivers should pay.", "Books are dear.", start=5)
    model = ScriptedModel([grouped("K1", same=["N1"])])
    dossier = Dossier.from_store(store, model=model)
    asked = model.requests[0].messages[-1].content
    first = re.findall(r"K1: (.+) \(", asked)[0]
    assert {len(re.findall(rf"^{letter}\d", asked, re.MULTILINE)) for letter in "KN"} == {2}
    (joined,) = [each for each in dossier.issues.values() if len(each.wordings) > 1]
    assert {each.proposition for each in joined.wordings} == {first, "Drivers should pay."}


def test_long_lists_are_asked_in_parts_that_see_what_came_before(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.dossier.issues._NEW_AT_ONCE", 2)
    colours = ["red", "blue", "green", "white", "black"]
    fill(store, *(f"The {colour} {thing} must go." for colour, thing in zip(colours, "abcde", strict=True)))
    asked: list[str] = []

    def group(request: Request) -> dict[str, object]:
        asked.append(request.messages[-1].content)
        return grouped("K1", same=["N1"]) if len(asked) == 2 else {"groups": []}

    dossier = Dossier.from_store(store, model=CallbackModel(group))
    assert [len(re.findall(r"^N\d", each, re.MULTILINE)) for each in asked] == [2, 2, 1]
    assert [len(re.findall(r"^K\d", each, re.MULTILINE)) for each in asked] == [0, 2, 3]
    assert len(dossier.issues) == 4


def test_a_group_joins_no_issues_that_one_brief_holds_apart(store: Store) -> None:
    held = [("Jane Hill", TOLL, "agrees", "Yes."), ("Tom Reed", "The bridge should be rebuilt.", "agrees", "Rebuild.")]
    store.add(make_brief("2026-01-01", held))
    dossier = Dossier.from_store(store, model=ScriptedModel([grouped("N1", same=["N2"])]))
    assert len(dossier.issues) == 2


def test_words_of_place_and_body_alone_join_nothing(store: Store) -> None:
    fill(store, "Scooters should be banned in Kelby's parks.", "Dogs should be banned in all of Kelby's parks.")
    assert len(Dossier.from_store(store).issues) == 2


def test_a_model_is_not_asked_twice(store: Store) -> None:
    fill(store, *DOUBTFUL)
    model = ScriptedModel([{"groups": []}])
    Dossier.from_store(store, model=model).rebuild()
    assert len(model.requests) == 1


def test_replies_that_cannot_be_read_leave_the_rules_to_decide(store: Store) -> None:
    fill(store, TOLL, FREE, *DOUBTFUL)
    dossier = Dossier.from_store(store, model=ScriptedModel(["No idea."] * 3))
    assert len(dossier.issues) == 3
    assert [stance for _, stance in stances(dossier)][:2] == ["agrees", "disagrees"]


class TopicEmbedder(OpenAIEmbedder):
    """An embedding model that knows two topics: the bus, and everything else."""

    def __init__(self) -> None:
        super().__init__("topics", base_url="http://localhost:9/v1")
        self.texts: list[str] = []

    async def embed(self, texts: Sequence[str]) -> list[Sequence[float]]:
        self.texts += texts
        return [[1.0, 0.0] if "coach" in text or "shuttle" in text else [0.0, 1.0] for text in texts]


COACH = "The night coach should be kept."


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ("The late shuttle should be saved.", {"agrees"}),
        ("The late shuttle should not run.", None),
        ("The pier should be sold.", None),
    ],
)
def test_embeddings_find_other_words_and_never_decide_a_side(
    store: Store, other: str, expected: set[str] | None
) -> None:
    fill(store, COACH, other)
    dossier = Dossier.from_store(store, embedder=TopicEmbedder())
    assert len(dossier.issues) == (1 if expected else 2)
    assert expected is None or {stance for _, stance in stances(dossier)} == expected


def test_vectors_are_kept_in_the_store(store: Store) -> None:
    fill(store, COACH, "The late shuttle should be saved.")
    embedder = TopicEmbedder()
    Dossier.from_store(store, embedder=embedder).rebuild()
    assert len(embedder.texts) == len(set(embedder.texts)) == 2


def test_a_failing_model_leaves_what_words_decide(store: Store) -> None:
    fill(store, TOLL, FREE, *DOUBTFUL)
    with pytest.raises(ServerFailed):
        Dossier.from_store(store, model=ScriptedModel([ServerFailed("The server broke.")]))
    assert len(Dossier.from_store(store).issues) == 3


def test_issues_do_not_depend_on_whether_briefs_come_at_once(tmp_path: Path) -> None:
    propositions = [TOLL, "The library should be closed.", FREE, "The library must stay open."]
    with Store(tmp_path / "one.db") as one, Store(tmp_path / "other.db") as other:
        fill(one, *propositions)
        for day, proposition in enumerate(propositions, 1):
            fill(other, proposition, start=day)
            Dossier.from_store(other)
        assert stances(Dossier.from_store(one)) == stances(Dossier.from_store(other))


@pytest.mark.parametrize("verdict", ["same", "contrary"])
def test_two_issues_of_a_codebook_stay_apart(store: Store, verdict: Verdict) -> None:
    issues = (CodebookIssue(id="toll", proposition=TOLL), CodebookIssue(id="free", proposition=FREE))
    dossier = Dossier.from_store(store, codebook=Codebook(issues=issues))
    with pytest.raises(ConfigurationError, match="issues of a codebook, which stay apart"):
        dossier.decide("toll", "free", verdict, kind="issue")
    dossier.decide("toll", "free", "different", kind="issue")
