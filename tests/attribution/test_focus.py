"""A definite description means the person whom the sentence before is about, if it can mean nobody else."""

import pytest

from summarizer.article import Article
from summarizer.attribution import attributions

_LEAD = "The assembly met on Monday.\n\n"


def holders(text):
    found = attributions(Article.from_text(_LEAD + text), min_confidence=0)
    return {entity.name: entity for each in found for entity in each.holders}


@pytest.mark.parametrize(
    ("text", "name", "alias"),
    [
        ("Ann Hill flew to Leeds. The candidate said the line would be cut.", "Ann Hill", "the candidate"),
        ("Ann Hill met Tom Day. Hill then left. The senator said the line was unsafe.", "Ann Hill", "the senator"),
        ("Ann Hill walked out. “It is a farce,” the former minister said.", "Ann Hill", "the former minister"),
        (
            "Ann Hill spoke at length about Tom Reed. The Norvale Republican said the line was unsafe.",
            "Ann Hill",
            "the Norvale Republican",
        ),
        (
            "The line was dear to Tom Reed, Ann Hill said. The front-runner warned that Hill would close it.",
            "Tom Reed",
            "the front-runner",
        ),
        (
            "Maria Costa won in straight sets. The Brazilian said her knee had held.",
            "Maria Costa",
            "the Brazilian",
        ),
        (
            "Ann Hill, a bond analyst for the company Gale Norris Lund, rang.\n\nThe bond analyst said it was late.",
            "Ann Hill",
            "the bond analyst",
        ),
    ],
)
def test_description_means_the_person_in_focus(text, name, alias):
    found = holders(text)
    assert alias in found[name].aliases
    assert alias not in {holder.lower() for holder in found}


@pytest.mark.parametrize(
    "text",
    [
        "Tom Day, a spokesman for the council, rang the desk. The senator said the line was unsafe.",
        "Ann Hill met Tom Day. The senator said the line was unsafe.",
        "President Ann Hill flew to Leeds. The former president said the line was unsafe.",
        "Ann Hill flew to Leeds. The senator said Hill was wrong.",
    ],
)
def test_description_of_somebody_else_stays_apart(text):
    last = text.rpartition(". ")[2].split(" said")[0]
    assert last in holders(text)


def test_description_with_a_name_keeps_its_meaning():
    text = "Ann Hill flew to Leeds. The Norvale senator said it was late.\n\nIt rained. Tom Day ate.\n\n"
    found = holders(text + "The Norvale senator said it was early.")
    assert list(found) == ["Ann Hill"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Carl Petty, 48, left. Lee Marsh, 31, spoke. The 31-year-old said it was late.", ["Lee Marsh"]),
        ("Anton Lind, president and CEO of Gale Foods, said it was late.", ["Anton Lind"]),
        ("A Lund poll said it was late. The survey said it was early.", ["A Lund poll"]),
        ("A court document filed Thursday says it is late.", ["A court document"]),
        ("A Department for Transport spokesperson said it was late.", ["A Department for Transport spokesperson"]),
    ],
)
def test_source_is_one_of_the_right_kind(text, expected):
    assert [name for name in holders(text) if name != "Tom Reed"] == expected


def test_spokesperson_of_a_body_is_unnamed():
    (source,) = holders("A Department for Transport spokesperson said it was late.").values()
    assert source.kind == "unnamed"


def test_office_of_another_rank_is_not_the_senators():
    assert "Tom Reed" not in holders("Sen. Tom Reed left. The former secretary of state said no.")


def test_senator_of_several_is_the_one_of_the_place():
    text = "Ohio Sen. Ann Hill left. Utah Sen. Tom Day stayed. Iowa Sen. Eve Lund ate. It rained.\n\n"
    assert list(holders(f"{text}The Utah senator said it was late.")) == ["Tom Day"]
