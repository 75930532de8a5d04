"""People of one surname, and bodies with an acronym, in an article in another language."""

import pytest

from summarizer import Article, summarize

SAID = {"de": "sagte, die Maut sei falsch", "fr": "a dit que le péage est une erreur"}


def holders(language: str, *speakers: str) -> list[str | None]:
    lines = (f"{speaker} {SAID[language]}." for speaker in speakers)
    brief = summarize(Article.from_text("\n\n".join(lines), title="Streit", language=language), model="builtin")
    names = {each.id: each.name for each in brief.holders}
    return [names[one] for position in brief.positions for one in position.holders]


@pytest.mark.parametrize(
    ("language", "speakers", "expected"),
    [
        ("de", ("Herr Meier", "Frau Meier"), ["Meier", "Meier (Frau)"]),
        ("de", ("Frau Meier", "Herr Meier"), ["Meier", "Meier (Herr)"]),
        ("de", ("Herr Berg", "Die Apothekerin Berg"), ["Berg", "Berg (Apothekerin)"]),
        ("de", ("Bürgermeister Karl Müller", "Frau Müller"), ["Karl Müller", "Müller (Frau)"]),
        ("de", ("Ministerin Julia Kraft-Meier", "Herr Meier"), ["Julia Kraft-Meier", "Meier"]),
        ("de", ("Karl Müller", "Eva Müller"), ["Karl Müller", "Eva Müller"]),
        ("fr", ("Monsieur Perrin", "Mme Perrin"), ["Perrin", "Perrin (Mme)"]),
    ],
)
def test_man_and_woman_of_one_surname_are_two(language: str, speakers: tuple[str, ...], expected: list[str]) -> None:
    assert holders(language, *speakers) == expected


@pytest.mark.parametrize(
    ("language", "speakers"),
    [
        ("de", ("Bürgermeister Karl Müller", "Herr Müller")),
        ("de", ("Die Apothekerin Eva Müller", "Frau Müller")),
        ("de", ("Die Ärztin Müller", "Frau Müller")),
        ("fr", ("M. Perrin", "Le maire Perrin")),
    ],
)
def test_one_person_has_several_titles(language: str, speakers: tuple[str, ...]) -> None:
    assert len(set(holders(language, *speakers))) == 1


@pytest.mark.parametrize(
    ("body", "acronym"),
    [("Gewerkschaft Pflege", "GP"), ("Gewerkschaft Garten und Dienste", "GGD"), ("Partei Haus und Hof", "PHH")],
)
def test_a_body_of_two_nouns_is_one_and_has_its_acronym(body: str, acronym: str) -> None:
    text = f"Die {body} ({acronym}) sagte, die Maut sei falsch. Die {acronym} sagte, das Werk sei zu alt."
    holders = summarize(Article.from_text(text, title="Streit", language="de"), model="builtin").holders
    assert [(each.name, each.aliases) for each in holders] == [(body, (acronym,))]


def test_two_bodies_stay_two() -> None:
    assert len(set(holders("de", "Die Gewerkschaft Pflege und der Bund Garten (BG)"))) == 2
