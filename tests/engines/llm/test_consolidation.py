"""Issues and positions of several chunks are grouped by ids."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.brief import Evidence, Gist, Holder, Issue, OpenQuestion, Position, Stance
from summarizer.engines import count_tokens, load_prompts
from summarizer.engines.llm.consolidation import Consolidation, apply_groupings, similar_positions, split_findings
from summarizer.engines.llm.parsing import GroupingReply
from summarizer.engines.llm.session import ModelSession
from summarizer.errors import ServerFailed
from summarizer.merging import merge
from summarizer.models import Budget, Model, Reply, Request, UsageTracker
from summarizer.spans import Span
from summarizer.testing import CallbackModel, ScriptedModel
from summarizer.verification import Findings
from tests.strategies import chunks


def cited(*numbers: int) -> tuple[Evidence, ...]:
    return tuple(Evidence(sentence=n, spans=(Span(n, n + 1),), quote="x") for n in numbers)


def issue(number: int, proposition: str = "The dam should be built.") -> Issue:
    return Issue(id=f"I{number}", proposition=proposition, kind="policy")


def position(
    number: int, on: int, stance: Stance = "agrees", statement: str = "It should.", holder: int = 1
) -> Position:
    return Position(
        id=f"P{number}",
        holders=(f"H{holder}",),
        statement=statement,
        issue=f"I{on}" if on else None,
        stance=stance,
        evidence=cited(number),
    )


WORDS = "The dam should wait until the pipes are mended."
HOLDERS = tuple(Holder(id=f"H{n}", name=f"Anna Berg{n}", kind="person") for n in (1, 2))
THREE = Findings(
    HOLDERS,
    tuple(issue(n, words) for n, words in enumerate(("Build it.", "Do not build it.", "It is dear."), 1)),
    (position(1, 1), position(2, 2, "disagrees"), position(3, 3, "mixed", holder=2)),
)
GISTS = tuple(Gist(text=f"Part {n} is about the dam.", evidence=cited(n)) for n in (1, 2))
GIST = json.dumps({"text": "It is about a dam.", "rests_on": ["G1", "G2"]})


def group(keep: str, same: Sequence[str] = (), opposite: Sequence[str] = ()) -> dict[str, Any]:
    return {"keep": keep, "same": list(same), "opposite": list(opposite)}


APART = group("I1"), group("I2"), group("I3")


def reply(
    *issues: dict[str, Any], positions: Sequence[dict[str, Any]] = (), questions: Sequence[dict[str, Any]] = ()
) -> str:
    return json.dumps({"issues": issues, "positions": positions, "open_questions": questions})


NO_LIMIT = Budget()


async def consolidated(
    model: Model, findings: Findings = THREE, repairs: int = 1, tokens: int = 6_000, budget: Budget = NO_LIMIT
) -> tuple[Findings, list[str]]:
    session = ModelSession(model, load_prompts(), UsageTracker(), budget, repairs=repairs, slots=asyncio.Semaphore(4))
    consolidation = Consolidation(session, "A dam", tokens)
    return await consolidation.run(findings, GISTS), consolidation.notes


async def test_same_issues_are_joined_and_stances_on_opposite_wordings_inverted() -> None:
    model = ScriptedModel([reply(group("I1", opposite=["I2"]), group("I3")), GIST])
    found, notes = await consolidated(model)
    assert [each.proposition for each in found.issues] == ["Build it.", "It is dear."]
    assert [(each.issue, each.stance) for each in found.positions] == [
        ("I1", "agrees"),
        ("I1", "agrees"),
        ("I2", "mixed"),
    ]
    assert notes == []


async def test_kept_position_gets_the_evidence_of_the_repeated_one() -> None:
    said = position(1, 1, statement=WORDS), position(2, 1, statement=f"Perhaps {WORDS}")
    twice = Findings(HOLDERS, (issue(1),), said)
    model = ScriptedModel([reply(group("I1"), positions=[{"keep": "P2", "same": ["P1"]}]), GIST])
    found, _ = await consolidated(model, twice)
    assert [each.statement for each in found.positions] == [f"Perhaps {WORDS}"]
    assert [item.sentence for item in found.positions[0].evidence] == [1, 2]


async def test_combined_gist_has_the_evidence_of_the_named_gists() -> None:
    found, _ = await consolidated(ScriptedModel([reply(*APART), GIST]))
    assert found.gist
    assert (found.gist.text, [item.sentence for item in found.gist.evidence]) == ("It is about a dam.", [1, 2])


async def test_requests_contain_no_sentence_or_sentence_number() -> None:
    model = ScriptedModel([reply(*APART), GIST])
    await consolidated(model)
    grouping, gist = (request.messages[-1].content for request in model.requests)
    assert "I1 (policy) Build it." in grouping
    assert "G1: Part 1 is about the dam." in gist
    assert "- Build it. (agrees: Anna Berg1)" in gist
    assert "sentence" not in grouping + gist


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (reply(group("I1", ["I2"])), "issue I3: it is in no group"),
        (reply(group("I1", ["I2"]), group("I3", ["I2"])), "issue I2: it stands in your answer 2 times"),
        (reply(group("I1", ["I2", "I9"]), group("I3")), "issue I9: it is none of those listed"),
        (reply(*APART, positions=[{"keep": "P1", "same": ["P3"]}]), "position P1: it is none"),
        (reply(*APART, questions=[{"keep": "Q1", "same": []}]), "open question Q1: it is none"),
        ("no JSON", "reply: "),
        ('{"issues": []}', "positions: Field required"),
    ],
)
async def test_grouping_without_each_id_once_is_repaired(wrong: str, why: str) -> None:
    model = ScriptedModel([wrong, reply(group("I1", ["I2"]), group("I3")), GIST])
    found, notes = await consolidated(model)
    assert f"- {why}" in model.requests[1].messages[-1].content
    assert (len(found.issues), notes) == (2, [])


async def test_positions_of_different_holders_are_never_joined() -> None:
    said = tuple(position(n, None, statement=WORDS, holder=1 + n // 3) for n in (1, 2, 3, 4))
    both = Findings(HOLDERS, (), said)
    assert [[each.id for each in group] for group in similar_positions(both)] == [["P1", "P2"], ["P3", "P4"]]
    wrong = reply(positions=[{"keep": "P1", "same": ["P3"]}])
    found, notes = await consolidated(ScriptedModel([wrong, wrong, GIST]), both)
    assert len(found.positions) == 4
    assert "its holder is another" in notes[0]


async def test_repeated_question_keeps_all_raisers() -> None:
    asked = [
        OpenQuestion(id="Q1", question="Who pays?", origin="asked", raised_by=("H1",), evidence=cited(1)),
        OpenQuestion(id="Q2", question="Who will pay is not known.", origin="implied", evidence=cited(2)),
    ]
    model = ScriptedModel([reply(questions=[{"keep": "Q2", "same": ["Q1"]}]), GIST])
    found, _ = await consolidated(model, Findings(HOLDERS, open_questions=tuple(asked)))
    (question,) = found.open_questions
    assert (question.question, question.origin, question.raised_by) == (asked[1].question, "asked", ("H1",))
    assert [item.sentence for item in question.evidence] == [1, 2]


async def test_failed_requests_leave_the_findings_unchanged_and_a_note() -> None:
    broken = ScriptedModel([ServerFailed("The server broke."), ServerFailed("It broke again.")])
    found, notes = await consolidated(broken)
    assert found == THREE
    assert notes == [
        "The issues of the article's parts were not brought together: The server broke.",
        "The gist is that of the article's first part: It broke again.",
    ]


@pytest.mark.parametrize("end", ["length", "refusal", "content_filter"])
async def test_incomplete_reply_leaves_the_findings_unchanged(end: Any) -> None:
    found, notes = await consolidated(ScriptedModel([Reply(reply(*APART)[:-1], end), GIST]))
    assert (found.issues, found.positions) == (THREE.issues, THREE.positions)
    assert found.gist
    assert notes[0].startswith("The issues of the article's parts were not brought together: ")


async def test_failed_list_does_not_affect_other_lists() -> None:
    many = Findings(HOLDERS, tuple(issue(n, f"The dam should be built {n} metres high.") for n in range(1, 41)))
    answered: list[int] = []

    def answer(request: Request) -> Reply:
        if request.schema_name == "group":
            answered.append(1)
            if len(answered) == 2:
                raise ServerFailed("The server broke.")
        return in_pairs(request)

    found, notes = await consolidated(CallbackModel(answer), many, tokens=100)
    assert 20 < len(found.issues) < 40
    assert notes == ["The issues of the article's parts were not all brought together: The server broke."]
    assert found.gist


async def test_positions_with_opposite_stances_are_never_joined() -> None:
    said = position(1, 1, statement=WORDS), position(2, 2, statement=f"Perhaps {WORDS}")
    both = Findings(HOLDERS, (issue(1), issue(2)), said)
    once = [{"keep": "P1", "same": ["P2"]}]
    found, _ = await consolidated(ScriptedModel([reply(group("I1", opposite=["I2"]), positions=once), GIST]), both)
    assert [each.stance for each in found.positions] == ["agrees", "disagrees"]
    found, _ = await consolidated(ScriptedModel([reply(group("I1", ["I2"]), positions=once), GIST]), both)
    assert len(found.positions) == 1


async def test_no_request_is_sent_after_the_budget() -> None:
    model = ScriptedModel([reply(*APART)])
    _, notes = await consolidated(model, budget=Budget(calls=1))
    assert len(model.requests) == 1
    assert "budget of 1 calls" in notes[0]


async def test_gist_with_an_unknown_figure_or_without_parts_is_repaired() -> None:
    wrong = json.dumps({"text": "It will cost 9 million.", "rests_on": []})
    model = ScriptedModel([reply(*APART), wrong, GIST])
    found, _ = await consolidated(model)
    asked = model.requests[2].messages[-1].content
    assert "rests_on: it names no part" in asked
    assert "figure 9 million: it stands in none" in asked or "figure 9: it stands in none" in asked
    assert found.gist
    assert found.gist.text == "It is about a dam."


def listed(request: Request) -> list[str]:
    """Return the ids of the issues that a request lists."""
    lines = request.messages[-1].content.splitlines()
    return [line.split()[0] for line in lines if line.startswith("I") and "(" in line]


def apart(request: Request) -> str:
    """Return a reply that groups nothing."""
    return reply(*map(group, listed(request)))


def in_pairs(request: Request) -> Reply:
    """Return a reply that groups neighbouring issues in pairs."""
    if request.schema_name == "gist":
        parts = [line.partition(":")[0] for line in request.messages[-1].content.splitlines() if line.startswith("G")]
        return Reply(json.dumps({"text": "It is about a dam.", "rests_on": parts}))
    ids = listed(request)
    pairs = [ids[n : n + 2] for n in range(0, len(ids), 2)]
    return Reply(reply(*(group(pair[0], pair[1:]) for pair in pairs)))


async def test_long_lists_are_split_and_grouped_in_rounds() -> None:
    many = Findings(HOLDERS, tuple(issue(n, f"The dam should be built {n} metres high.") for n in range(1, 41)))
    model = CallbackModel(in_pairs)
    found, notes = await consolidated(model, many, tokens=100)
    grouping = [request for request in model.requests if request.schema_name == "group"]
    assert len(grouping) > 6
    assert len(found.issues) < 10
    assert notes == []


async def test_rounds_end_when_few_issues_are_joined() -> None:
    many = Findings(HOLDERS, tuple(issue(n, f"The dam should be built {n} metres high.") for n in range(1, 81)))

    def one_pair(request: Request) -> Reply:
        if request.schema_name == "gist" or "I1 (" not in request.messages[-1].content:
            return in_pairs(request) if request.schema_name == "gist" else Reply(apart(request))
        ids = listed(request)
        return Reply(reply(group(ids[0], ids[1:2]), *map(group, ids[2:])))

    model = CallbackModel(one_pair)
    found, notes = await consolidated(model, many, tokens=100)
    assert len(found.issues) == 79
    assert len(model.requests) < 20
    assert notes == []


@given(words=st.lists(st.text("abcde ", min_size=1, max_size=30), min_size=1, max_size=40), tokens=st.integers(1, 60))
def test_request_exceeds_the_limit_only_with_a_single_item(words: list[str], tokens: int) -> None:
    said = tuple(position(n, 1, statement=f"{WORDS} {each}") for n, each in enumerate(words, 1))
    for part in split_findings(Findings(HOLDERS, (issue(1),), said), tokens, with_claims=True):
        lines = [f"{each.id} [H1] {each.statement}" for each in part.positions]
        lines += [f"{each.id} (policy) {each.proposition}" for each in part.issues]
        assert len(lines) == 1 or sum(map(count_tokens, lines)) <= tokens


@given(every=chunks(), tokens=st.integers(1, 400))
def test_each_issue_is_in_one_request(every: list[Findings], tokens: int) -> None:
    findings = merge(every)
    made = split_findings(findings, tokens, with_claims=True)
    assert [each for part in made for each in part.issues] == list(findings.issues)


@st.composite
def groupings(draw: st.DrawFn, findings: Findings) -> GroupingReply:
    """Draw a valid grouping of issues, of positions of one holder, and of questions."""

    def groups(ids: list[str]) -> dict[str, list[str]]:
        homes = {each: draw(st.sampled_from(ids[: n + 1])) for n, each in enumerate(ids)}
        firsts = {each: each if homes[each] == each else None for each in ids}
        found: dict[str, list[str]] = {each: [] for each, first in firsts.items() if first}
        for each in ids:
            if each not in found:
                home = homes[each] if homes[each] in found else ids[0]
                found[home].append(each)
        return found

    issues = [
        group(keep, same[: (cut := draw(st.integers(0, len(same))))], same[cut:])
        for keep, same in groups([each.id for each in findings.issues]).items()
    ]
    by_holders: dict[tuple[str, ...], list[str]] = {}
    for each in findings.positions:
        by_holders.setdefault(each.holders, []).append(each.id)
    positions = [
        {"keep": keep, "same": same} for ids in by_holders.values() for keep, same in groups(ids).items() if same
    ]
    questions = groups([each.id for each in findings.open_questions]).items()
    return GroupingReply.model_validate(
        {
            "issues": issues,
            "positions": positions,
            "open_questions": [{"keep": keep, "same": same} for keep, same in questions if same],
        }
    )


@given(every=chunks(), data=st.data())
def test_grouping_keeps_all_evidence_and_all_references_resolve(every: list[Findings], data: st.DataObject) -> None:
    findings = merge(every)
    found = apply_groupings(findings, [data.draw(groupings(findings))])
    for name in ("positions", "open_questions"):
        before = {item for claim in getattr(findings, name) for item in claim.evidence}
        assert {item for claim in getattr(found, name) for item in claim.evidence} == before
    assert {each.issue for each in found.positions} <= {None, *(each.id for each in found.issues)}
    known = {each.id for each in found.holders}
    assert {each for claim in found.positions for each in claim.holders} <= known
    assert {each for claim in found.open_questions for each in claim.raised_by} <= known
    assert {holder.name for holder in found.holders} == {holder.name for holder in findings.holders}


@given(every=chunks(), data=st.data())
def test_each_holder_keeps_its_evidence_after_grouping(every: list[Findings], data: st.DataObject) -> None:
    findings = merge(every)
    found = apply_groupings(findings, [data.draw(groupings(findings))])

    def by_names(of: Findings) -> set[tuple[frozenset[str | None], int]]:
        names = {holder.id: holder.name for holder in of.holders}
        return {
            (frozenset(names[each] for each in claim.holders), item.sentence)
            for claim in of.positions
            for item in claim.evidence
        }

    assert by_names(found) == by_names(findings)
