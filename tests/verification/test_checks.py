"""The speaker check compares positions with the article's reported speech."""

import pytest

from summarizer.article import Article, read
from summarizer.attribution import Analysis, analyse
from summarizer.verification import CHECKS, Claim, GroundingContext


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
