"""Sentences that tell in German that somebody changed position, and those that do not."""

import pytest

from summarizer.dossier.turns import Citing, HolderForms, Sentence, find_positions_without_side, find_turns

HOLDERS = [HolderForms(1, "person", ("Anna Vogt", "Vogt"))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anna Vogt hat ihren Widerstand gegen die Maut aufgegeben.", "agrees"),
        ("Vogt lehnt die Maut nicht länger ab.", "agrees"),
        ("Vogt ist nicht mehr gegen die Maut.", "agrees"),
        ("Vogt rückt von ihrem Nein zur Maut ab.", "agrees"),
        ("Vogt befürwortet die Maut nicht mehr.", "disagrees"),
        ("Vogt hat ihre Unterstützung für die Maut zurückgezogen.", "disagrees"),
    ],
)
def test_a_change_is_told_with_its_direction(text: str, expected: str) -> None:
    (turn,) = find_turns([Sentence(1, text, 1)], HOLDERS, [], "de", 2026)
    assert (turn.holder, turn.to_stance) == (1, expected)


@pytest.mark.parametrize(
    "text",
    [
        "Vogt würde ihren Widerstand gegen die Maut aufgegeben haben, wenn sie könnte.",
        "Vogt hat ihren Widerstand gegen die Maut aufgegeben, scherzte sie.",
        "Vogt hat ihren Widerstand gegen die Maut aufgegeben. Das sei eine Lüge, sie habe ihre Meinung nicht geändert.",
        "Vogt lehnt die Maut ab.",
        "Vor zehn Jahren hat Vogt ihre Meinung zur Maut geändert.",
    ],
)
def test_a_denied_or_joked_change_is_none(text: str) -> None:
    sentences = [Sentence(number, each, 1) for number, each in enumerate(text.replace(". ", ".|").split("|"), 1)]
    assert list(find_turns(sentences, HOLDERS, [], "de", 2026)) == []


@pytest.mark.parametrize(
    ("text", "is_on_a_side"),
    [
        ("„Wenn ihr den Chef mitnehmt, baue ich die Maut selbst“, feixte Vogt.", False),
        ("„Gäbe es einen Bus im Takt, dann könnte man über die Maut reden“, sagte Vogt.", False),
        ("Vogt sagte, sie unterstütze die Maut.", True),
    ],
)
def test_jest_and_conditions_are_on_no_side(text: str, is_on_a_side: bool) -> None:
    citing = [Citing(7, (1,), frozenset({1}))]
    found = list(find_positions_without_side([Sentence(1, text, 1)], HOLDERS, citing, "de", 2026))
    assert (found == []) is is_on_a_side
