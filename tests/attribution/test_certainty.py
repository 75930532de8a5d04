"""Certainty and negation: denied and unsaid contents."""

import pytest

from summarizer.article import Article
from summarizer.attribution import attributions


def find(sentence):
    article = Article.from_text(f"The council met on Friday.\n\n{sentence}")
    return attributions(article, min_confidence=0)  # a passive with "by" is doubtful


def flags(sentence):
    return {(attribution.denied, attribution.unsaid) for attribution in find(sentence)}


@pytest.mark.parametrize(
    "sentence",
    [
        "Tom Lind denied that the bridge was unsafe.",
        "Tom Lind disputed that the bridge was safe.",
        "Tom Lind rejected the claim that the bridge was unsafe.",
        "Tom Lind ruled out closing the bridge.",
        "Tom Lind ruled out that the bridge would close.",
        "Tom Lind refuted the findings of the report.",
        "Tom Lind refused to close the bridge.",
        "Tom Lind did not think that the bridge was safe.",
        "Tom Lind doesn't believe the bridge is safe.",
        "Tom Lind does not support the plan.",
        "The plan was rejected by Tom Lind.",
        "The plan was not backed by Tom Lind.",
        "Tom Lind's denial that the bridge was unsafe",
    ],
)
def test_denials_are_denied(sentence):
    assert flags(sentence) == {(True, False)}


@pytest.mark.parametrize(
    "sentence",
    [
        "Ann Pike did not say that the bridge was safe.",
        "Ann Pike didn't say the bridge was safe.",
        "Ann Pike never claimed that the road was closed.",
        "Ann Pike would not say whether the road was closed.",
        "Neither Ann Pike nor Maria Holt would say whether an appeal was planned.",
        "Nor did Ann Pike say that the bridge was safe.",
        "Ann Pike refused to say whether the bridge was safe.",
        "Ann Pike declined to confirm or deny that the bridge was safe.",
        "Ann Pike would neither confirm nor deny that the bridge was safe.",
        "Ann Pike left without saying whether the bridge was safe.",
        "Ann Pike has yet to say whether the bridge is safe.",
        "Ann Pike said nothing about the state of the bridge.",
        "Ann Pike did not deny that the bridge was safe.",
        "Ann Pike would not rule out closing the bridge.",
        "Nobody said that the bridge was safe.",
        "No one said the bridge was safe.",
        "None of the four councillors would say whether the bridge was safe.",
    ],
)
def test_unsaid_contents_are_unsaid(sentence):
    assert flags(sentence) == {(False, True)}


@pytest.mark.parametrize(
    "sentence",
    [
        "Ann Pike said that the bridge was not safe.",
        "“The bridge is not safe,” said Ann Pike.",
        "“We never said the bridge was safe,” said Ann Pike.",
        "Ann Pike not only said that the bridge was safe.",
        "Ann Pike did not hesitate to say that the bridge was safe.",
        "Ann Pike said nothing could be done about the bridge.",
        "The bridge is not safe, Ann Pike said.",
        "“That is nonsense and we shall sue,” Ann Pike denied.",
    ],
)
def test_negation_elsewhere_does_not_negate_cue(sentence):
    assert flags(sentence) == {(False, False)}


def test_only_negated_verb_of_two_is_denied():
    said, denied = find("Ann Pike said the bridge was old and denied that it was unsafe.")
    assert (said.denied, denied.denied) == (False, True)


def test_denied_speech_gives_denied_and_unsaid():
    denied, unsaid = find("Ann Pike denied saying that the bridge was unsafe.")
    assert (denied.denied, unsaid.unsaid) == (True, True)


@pytest.mark.parametrize(
    ("sentence", "holders"),
    [
        ("Neither Ann Pike nor Maria Holt would say whether an appeal was planned.", ["Ann Pike", "Maria Holt"]),
        ("Neither the mayor nor the council would say whether an appeal was planned.", ["the mayor", "the council"]),
        ("None of the four councillors would say whether an appeal was planned.", ["the four councillors"]),
        ("Nobody said that an appeal was planned.", []),
        ("No official would say whether an appeal was planned.", []),
    ],
)
def test_neither_and_nobody_give_right_holders(sentence, holders):
    (only,) = find(sentence)
    assert [entity.name for entity in only.holders] == holders
