"""Somebody or something described first and named later is one holder."""

import pytest

from summarizer.article import Article
from summarizer.attribution import attributions


def holders(text):
    found = attributions(Article.from_text(text), min_confidence=0)
    return {entity.name: entity for each in found for entity in each.holders}


@pytest.mark.parametrize(
    ("lead", "naming", "name", "alias"),
    [
        ("A federal judge said the ban was void.", "Judge Ann Hill said it broke the law.", "Ann Hill", "judge"),
        ("A Leeds headteacher said it was late.", "Tom Day, headteacher of Gale School, said no.", "Tom Day", "Leeds"),
        ("The Gale senator said it was late.", "Sen. Tom Day said he would not vote.", "Tom Day", "Gale senator"),
        ("A new poll says voters want a bridge.", "A Gale poll found that most agree.", "A Gale poll", "new"),
        (
            "It was late, according to a study.",
            "The river is dying, according to a study by Gale University.",
            "a study by Gale University",
            "a study",
        ),
    ],
)  # fmt: skip
def test_description_in_the_lead_is_the_one_named_below(lead, naming, name, alias):
    found = holders(f"Gale waits.\n\n{lead}\n\n{naming}\n")
    assert list(found) == [name]
    assert any(alias in form for form in found[name].aliases)


@pytest.mark.parametrize(
    ("lead", "naming", "count"),
    [
        ("A judge said the ban was void.", "Judge Ann Hill said it was late. Judge Tom Day said it was early.", 3),
        ("A former judge said the ban was void.", "Judge Ann Hill said it was late.", 2),
        ("A nurse said it was late.", "Judge Ann Hill said it was early.", 2),
        ("A spokesman said it was late.", "Tom Day, a spokesman for the mill, said it was early.", 2),
        ("A new poll says voters want a bridge.", "An earlier 2011 poll said they did not.", 2),
        ("A Lund poll says voters want a bridge.", "A Gale poll says they do not.", 2),
    ],
)
def test_others_stay_apart(lead, naming, count):
    assert len(holders(f"Gale waits.\n\n{lead}\n\n{naming}\n")) == count


@pytest.mark.parametrize(
    "text",
    [
        "The Labour Department said it was late. The Department of Labour said it was early. The department said no.",
        "Ann Hill rang the Gale Tribune. “It is late,” the Tribune said. “It is early,” the newspaper said.",
        "A report from the Food Safety Agency said it was late. The FSA report said it was early.",
    ],
)
def test_short_form_is_the_body_or_document_named_before(text):
    assert len(holders(f"Gale waits.\n\n{text}")) == 1


@pytest.mark.parametrize(
    ("lead", "naming", "alias"),
    [
        ("The finance minister is against it.", "“It is late,” Ann Hill told a lunch.", "the finance minister"),
        ("The finance minister has ruled it out.", "Ann Hill said that it was late.", "the finance minister"),
    ],
)
def test_the_first_person_named_is_the_one_described_before(lead, naming, alias):
    found = holders(f"Gale waits.\n\n{lead}\n\n{naming} Tom Day, a nurse, said no.\n")
    assert alias in found["Ann Hill"].aliases
    assert list(found) == ["Ann Hill", "Tom Day"]


@pytest.mark.parametrize(
    ("lead", "naming"),
    [
        ("A finance minister is against it.", "“It is late,” Ann Hill said."),
        ("The finance minister is against it.", "“It is late,” Ann Hill, a nurse, said."),
        ("The finance minister and Tom Day are against it.", "“It is late,” Ann Hill said."),
        ("The finance minister is against it.", "The club waits.\n\n“It is late,” Ann Hill said."),
        ("The finance minister is against it.", "“It is late,” Hill said."),
    ],
)
def test_others_named_after_a_description_are_somebody_else(lead, naming):
    found = holders(f"Gale waits.\n\n{lead}\n\n{naming}\n")
    assert not any("minister" in alias for entity in found.values() for alias in entity.aliases)
