"""The speaker check compares positions with the article's reported speech."""

from typing import Any

import pytest

from summarizer.article import Article, read
from summarizer.attribution import Analysis, analyse
from summarizer.errors import ConfigurationError
from summarizer.verification import CHECKS, CheckResult, Claim, GroundingContext, check, run_checks


def check_speaker(analysis: Analysis, names: list[str], sentences: list[int], relayed_by: str | None = None) -> str:
    """Return the verdict on a position of ``names`` that cites ``sentences``."""
    claim = Claim("The bridge must go.", tuple(names), tuple(sentences), relayed_by)
    return CHECKS["speaker"](claim, GroundingContext(analysis.reading, analysis)).verdict


TEXT = """Council splits over the old bridge

“The bridge must go,” said Anna Berg, the town's chief engineer.

Tomas Lind said that a repair would be cheaper.

The bridge was built in 1911.

“It is a disgrace,” Ms Berg said, while Mr Lind said that he disagreed.
"""


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return analyse(read(Article.from_text(TEXT)))


@pytest.mark.parametrize("name", ["Anna Berg", "Berg", "Ms Berg", "ANNA BERG"])
def test_quoted_speaker_is_confirmed_under_any_name(analysis: Analysis, name: str) -> None:
    assert check_speaker(analysis, [name], [2]) == "confirmed"


def test_indirect_speech_confirms_too(analysis: Analysis) -> None:
    assert check_speaker(analysis, ["Tomas Lind"], [3]) == "confirmed"


def test_direct_speech_of_another_speaker_contradicts(analysis: Analysis) -> None:
    assert check_speaker(analysis, ["Tomas Lind"], [2]) == "contradicted"


def test_indirect_speech_of_others_is_no_contradiction(analysis: Analysis) -> None:
    assert check_speaker(analysis, ["Anna Berg"], [3]) == "unconfirmed"


def test_sentence_without_attribution_is_unconfirmed(analysis: Analysis) -> None:
    assert check_speaker(analysis, ["Anna Berg"], [4]) == "unconfirmed"


def test_one_confirming_sentence_among_several_is_enough(analysis: Analysis) -> None:
    assert check_speaker(analysis, ["Tomas Lind"], [2, 3]) == "confirmed"


def test_quoted_and_reported_sentences_together_are_unconfirmed(analysis: Analysis) -> None:
    assert check_speaker(analysis, ["Olga Nord"], [2]) == "contradicted"
    assert check_speaker(analysis, ["Olga Nord"], [2, 3]) == "unconfirmed"


def test_quoted_speaker_may_relay_the_position(analysis: Analysis) -> None:
    assert check_speaker(analysis, ["Olga Nord"], [2], relayed_by="Anna Berg") == "unconfirmed"


def test_unnamed_person_is_never_confirmed(analysis: Analysis) -> None:
    assert check_speaker(analysis, ["Olga Nord"], [3, 4]) == "unconfirmed"


def test_unsaid_statement_confirms_nothing() -> None:
    unsaid = read(Article.from_text("Anna Berg did not say that the bridge was safe. She left."))
    assert check_speaker(analyse(unsaid), ["Anna Berg"], [1]) == "unconfirmed"


def test_nested_attribution_is_no_statement() -> None:
    nested = read(
        Article.from_text("Anna Berg said that Tomas Lind had promised to repair the bridge in May. He left.")
    )
    holders = [[who.name for who in found.holders] for found in analyse(nested).statements]
    assert holders == [["Anna Berg"]]


def test_cited_sentence_without_attribution_prevents_contradiction(analysis: Analysis) -> None:
    assert check_speaker(analysis, ["Olga Nord"], [2, 4]) == "unconfirmed"


def test_speech_attributed_by_a_pronoun_contradicts_no_speaker() -> None:
    text = "Mr Tomas Lind rose. “The bridge must go,” he said."
    assert check_speaker(analyse(read(Article.from_text(text))), ["Anna Berg"], [2]) == "unconfirmed"


@pytest.mark.parametrize(
    "tag",
    [
        "said the chairman.",
        "the chairman said.",
        "the council’s chairman said.",
        "said a spokesman.",
        "the mayor added.",
    ],
)
def test_source_without_a_name_contradicts_no_speaker(tag: str) -> None:
    text = f"Mr Tomas Lind, the chairman and mayor, rose. “The plan is dead and buried,” {tag}"
    assert check_speaker(analyse(read(Article.from_text(text))), ["Anna Berg"], [2]) == "unconfirmed"


@pytest.mark.parametrize(
    "tag", ["said Mr Lind.", "Lind said.", "said Tomas Lind, the chairman.", "the mayor, Lind, said."]
)
def test_source_with_a_part_of_the_name_contradicts_other_speakers(tag: str) -> None:
    text = f"Mr Tomas Lind, the chairman and mayor, rose. “The plan is dead and buried,” {tag}"
    assert check_speaker(analyse(read(Article.from_text(text))), ["Anna Berg"], [2]) == "contradicted"


@pytest.mark.parametrize(
    "quotation",
    [
        "“‘The plan is dead and buried,’”",
        "“‘The plan is dead’: that was the letter,”",
        "“ ‘The plan is dead and buried,’ ”",
        '“"The plan is dead and buried,"”',
        "\"'The plan is dead and buried,'\"",
    ],
)
def test_quotation_within_a_quotation_contradicts_no_speaker(quotation: str) -> None:
    text = f"Mr Tomas Lind opened the letter. {quotation} said Tomas Lind."
    assert check_speaker(analyse(read(Article.from_text(text))), ["Anna Berg"], [2]) == "unconfirmed"


@pytest.mark.parametrize("sentence", ["“Rivers,” said Mr Tomas Lind.", "Mr Lind called for “a bridge of stone”."])
def test_short_or_untagged_quotations_contradict_no_speaker(sentence: str) -> None:
    reading = read(Article.from_text(f"Mr Tomas Lind rose. {sentence} It rained."))
    assert check_speaker(analyse(reading), ["Anna Berg"], [2]) == "unconfirmed"


@pytest.mark.parametrize(
    "tag",
    [
        "said Anna Berg, Olga Nord and Tomas Lind.",
        "said Anna Berg (Labour) and Tomas Lind (Green).",
        "said Anna Berg, the mayor of Leeds, and Tomas Lind, her deputy.",
        "said Anna Berg, the mayor, Olga Nord, her deputy, and Tomas Lind.",
        "said Anna Berg and her deputy, Tomas Lind.",
        "said Anna Berg and deputy mayor Tomas Lind.",
        "said Anna Berg & Tomas Lind.",
        "Anna Berg, Olga Nord and Tomas Lind said.",
        "said a lawyer representing Anna Berg.",
    ],
)
def test_possible_joint_speaker_is_not_contradicted(tag: str) -> None:
    text = f"Anna Berg and Tomas Lind came. “The plan is dead and buried,” {tag}"
    assert check_speaker(analyse(read(Article.from_text(text))), ["Tomas Lind"], [2]) != "contradicted"


@pytest.mark.parametrize("tag", ["said Anna Berg, the mayor of Leeds, on Monday.", "Anna Berg said on Monday."])
def test_lone_speaker_contradicts_other_holders_under_any_description(tag: str) -> None:
    text = f"Anna Berg and Tomas Lind came. “The plan is dead and buried,” {tag}"
    assert check_speaker(analyse(read(Article.from_text(text))), ["Tomas Lind"], [2]) == "contradicted"


CLAIM = Claim("The bridge must go.", ("Anna Berg",), (2,))


def test_added_check_is_run(analysis: Analysis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.verification.checks.CHECKS", dict(CHECKS))
    check("length")(lambda claim, context: CheckResult("unconfirmed", "too long"))
    checks, problems = run_checks(CLAIM, GroundingContext(analysis.reading, analysis))
    assert checks.model_dump()["length"] == "unconfirmed"
    assert problems == ["too long"]


def test_second_check_with_a_name_is_refused() -> None:
    before = CHECKS["names"]
    with pytest.raises(ConfigurationError, match="There already is a check 'names'"):
        check("names")(lambda claim, context: CheckResult("none"))
    assert CHECKS["names"] is before


@pytest.mark.parametrize("result", [None, "none", ("none", ""), True, CheckResult(None)])
def test_check_without_a_verdict_is_named_in_the_error(
    analysis: Analysis, monkeypatch: pytest.MonkeyPatch, result: Any
) -> None:
    monkeypatch.setitem(CHECKS, "length", lambda claim, context: result)
    with pytest.raises(TypeError, match="The check 'length' must return a CheckResult"):
        run_checks(CLAIM, GroundingContext(analysis.reading, analysis))
