"""The findings of several chunks become one set without loss."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.brief import Evidence, Gist, Holder, Issue, Position
from summarizer.merging import merge
from summarizer.spans import Span
from summarizer.verification import Findings, Problem
from tests.strategies import chunks


def cited(number: int) -> tuple[Evidence, ...]:
    return (Evidence(sentence=number, spans=(Span(number, number + 1),), quote="x"),)


def position(number: int, statement: str, holder: str = "H1", issue: str | None = None) -> Position:
    return Position(id="P1", holders=(holder,), statement=statement, issue=issue, evidence=cited(number))


def person(name: str | None, **more: object) -> Holder:
    return Holder.model_validate({"id": "H1", "name": name, "kind": "person"} | more)


@given(every=chunks(), seed=st.integers(0, 99))
def test_order_of_replies_does_not_matter(every: list[Findings], seed: int) -> None:
    shuffled = random.Random(seed).sample(every, len(every))
    assert merge(shuffled) == merge(every)


@given(every=chunks())
def test_no_evidence_is_lost_or_invented(every: list[Findings]) -> None:
    merged = merge(every)
    for of in ("positions", "open_questions"):
        before = {item for findings in every for claim in getattr(findings, of) for item in claim.evidence}
        after = {item for claim in getattr(merged, of) for item in claim.evidence}
        assert after == before


@given(every=chunks())
def test_ids_are_unique_and_references_resolve(every: list[Findings]) -> None:
    merged = merge(every)
    ids = [item.id for item in (*merged.holders, *merged.issues, *merged.positions, *merged.open_questions)]
    assert max(Counter(ids).values(), default=1) == 1
    for position in merged.positions:
        assert set(position.holders) <= set(ids)
        assert position.issue is None or position.issue in ids


@given(every=chunks())
def test_merging_again_changes_nothing(every: list[Findings]) -> None:
    merged = merge(every)
    assert merge([merged]) == merged


@given(every=chunks())
def test_claims_are_numbered_in_the_order_of_the_article(every: list[Findings]) -> None:
    merged = merge(every)
    assert [position.id for position in merged.positions] == [f"P{n}" for n in range(1, len(merged.positions) + 1)]
    firsts = [position.evidence[0].sentence for position in merged.positions]
    assert firsts == sorted(firsts)


def test_surname_in_a_later_chunk_is_the_person_of_the_first() -> None:
    first = Findings((person("Anna Berg", role="engineer"),), positions=(position(1, "The bridge must go."),))
    later = Findings((person("Ms Berg"),), positions=(position(11, "It is unsafe."),))
    merged = merge([first, later])
    (berg,) = merged.holders
    assert (berg.name, berg.role, berg.aliases) == ("Anna Berg", "engineer", ("Ms Berg",))
    assert {position.holders for position in merged.positions} == {("H1",)}


@pytest.mark.parametrize(
    "variant", ["Volodymyr Zelenskiy", "Volodymyr Zelenskyy", "Mr Zelensky", "ZELENSKY", "President Zelensky"]
)
def test_spelling_variants_and_titles_are_one_holder(variant: str) -> None:
    holders = merge([Findings((person(name),)) for name in ("Volodymyr Zelensky", variant)]).holders
    assert len(holders) == 1


def test_title_does_not_make_a_name_fuller() -> None:
    merged = merge([Findings((person(name),)) for name in ("Anna Berg", "Dr Anna Berg", "Professor Berg")])
    (berg,) = merged.holders
    assert (berg.name, set(berg.aliases)) == ("Anna Berg", {"Dr Anna Berg", "Professor Berg"})


def test_issues_about_two_offices_stay_two() -> None:
    issues = [
        Issue(id="I1", proposition=f"The {office} should resign.", kind="policy")
        for office in ("president", "chancellor")
    ]
    merged = merge([Findings((), (issue,)) for issue in issues])
    assert len(merged.issues) == 2


def test_same_statement_in_two_chunks_is_one_position_with_both_sentences() -> None:
    merged = merge(
        [
            Findings((person("Anna Berg"),), positions=(position(n, words),))
            for n, words in ((1, "It is unsafe."), (11, "it is unsafe"))
        ]
    )
    (combined,) = merged.positions
    assert [item.sentence for item in combined.evidence] == [1, 11]


def test_same_words_with_another_stance_are_another_position() -> None:
    issues = tuple(
        Issue(id=f"I{n}", proposition=words, kind="policy") for n, words in enumerate(("It goes.", "It stays."))
    )
    positions = (position(1, "It is old.", issue="I0"), position(1, "It is old.", issue="I1"))
    merged = merge([Findings((person("Anna Berg"),), issues, positions)])
    assert [position.issue for position in merged.positions] == ["I1", "I2"]


def test_different_claims_of_two_chunks_about_one_sentence_both_stay() -> None:
    merged = merge(
        [
            Findings((person("Anna Berg"),), positions=(position(9, words),))
            for words in ("The bridge must go.", "Repairs cost.")
        ]
    )
    assert len(merged.positions) == 2


def test_names_that_differ_in_vowel_signs_are_two_holders() -> None:
    merged = merge([Findings((person(name),), positions=(position(n, "x"),)) for n, name in ((1, "मोदी"), (2, "मादा"))])
    assert len(merged.holders) == 2


def test_evidence_is_in_article_order() -> None:
    merged = merge([Findings((person("Anna Berg"),), positions=(position(n, "It is old."),)) for n in (21, 1, 11)])
    assert [item.sentence for item in merged.positions[0].evidence] == [1, 11, 21]


def test_similar_claims_of_two_chunks_about_one_sentence_are_joined() -> None:
    merged = merge(
        [
            Findings(
                (person("Anna Berg"),),
                positions=(position(9, "The bridge must go."), position(2, "It is old.")),
            ),
            Findings((person("Anna Berg"),), positions=(position(9, "The bridge should go."),)),
        ]
    )
    assert [position.statement for position in merged.positions] == ["It is old.", "The bridge must go."]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"statement": "The bridge must go."}, {"statement": "The bridge must not go."}),
        ({"statement": "Repairs would cost 4 million."}, {"statement": "Repairs would cost 5 million."}),
        (
            {"statement": "The bridge must go.", "stance": "agrees"},
            {"statement": "The bridge, it must go.", "stance": "disagrees"},
        ),
    ],
)
def test_opposite_claims_of_two_chunks_about_one_sentence_stay_two(one: dict[str, str], other: dict[str, str]) -> None:
    issue = Issue(id="I1", proposition="The bridge should go.", kind="policy")
    merged = merge(
        [
            Findings((person("Anna Berg"),), (issue,), (position(9, "x", issue="I1").model_copy(update=update),))
            for update in (one, other)
        ]
    )
    assert {position.statement for position in merged.positions} == {one["statement"], other["statement"]}


def test_two_positions_on_one_sentence_of_one_chunk_both_stay() -> None:
    merged = merge(
        [Findings((person("Anna Berg"),), positions=(position(1, "It is old."), position(1, "It is unsafe.")))]
    )
    assert len(merged.positions) == 2


def test_issues_are_joined_by_their_words() -> None:
    issues = [
        Issue(id="I1", proposition=words, kind="policy") for words in ("The bridge should go.", "the bridge should go")
    ]
    merged = merge(
        [
            Findings((person("Anna Berg"),), (issue,), (position(n, f"S{n}", issue="I1"),))
            for n, issue in enumerate(issues, 1)
        ]
    )
    assert [issue.proposition for issue in merged.issues] == ["The bridge should go."]
    assert {position.issue for position in merged.positions} == {"I1"}


def test_unsigned_author_is_one_holder() -> None:
    author = Holder(id="H1", name=None, kind="author")
    merged = merge([Findings((author,), positions=(position(n, f"S{n}"),)) for n in (1, 11)])
    assert len(merged.holders) == 1


def test_unnamed_holders_are_not_merged() -> None:
    somebody = Holder(id="H1", name=None, kind="unnamed")
    merged = merge([Findings((somebody,), positions=(position(n, f"S{n}"),)) for n in (1, 11)])
    assert len(merged.holders) == 2


def test_gist_is_that_of_the_chunk_with_the_lead() -> None:
    gists = [Findings(gist=Gist(text=text, evidence=cited(n))) for n, text in ((11, "Later."), (1, "Lead."))]
    merged = merge(gists)
    assert merged.gist is not None
    assert merged.gist.text == "Lead."


def test_problems_of_all_chunks_are_kept() -> None:
    problems = [Findings(problems=(Problem("position", str(n), "no"),)) for n in range(3)]
    assert len(merge(problems).problems) == 3


def test_issue_may_have_the_id_of_a_holder() -> None:
    issue = Issue(id="1", proposition="The bridge should go.", kind="policy")
    claim = position(1, "It must go.", holder="1", issue="1")
    berg = Holder(id="1", name="Anna Berg", kind="person")
    for every in ([Findings((berg,), (issue,), (claim,))], [Findings((berg,), (issue,), (claim,))] * 2):
        merged = merge(every)
        assert (merged.holders[0].id, merged.issues[0].id) == ("H1", "I1")
        assert (merged.positions[0].holders, merged.positions[0].issue) == (("H1",), "I1")
