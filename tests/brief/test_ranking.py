"""Which positions weigh most, and so are shown first."""

from hypothesis import given

from summarizer import Brief
from tests.render.conftest import brief, position
from tests.render.strategies import briefs


def order(made: Brief) -> list[str]:
    return [each.id for each in made.top()]


def test_what_stands_near_the_lead_weighs_more() -> None:
    assert order(brief(position(30, "lind"), position(2))) == ["P2", "P30"]


def test_what_is_quoted_directly_weighs_more() -> None:
    assert order(brief(position(2), position(3, "lind", speech="direct"))) == ["P3", "P2"]


def test_who_says_more_weighs_more() -> None:
    assert order(brief(position(2), position(3, "lind"), position(4, "lind")))[0] == "P3"


def test_who_speaks_much_hides_nobody() -> None:
    made = brief(*(position(number, speech="direct") for number in range(1, 20)), position(39, "lind"))
    assert "P39" in [each.id for each in made.top(5)]


@given(briefs())
def test_every_position_is_there_once_however_many_are_asked_for(made: Brief) -> None:
    assert sorted(order(made)) == sorted(each.id for each in made.positions)
    for limit in range(len(made.positions) + 2):
        assert made.top(limit) == made.top()[:limit]


@given(briefs())
def test_a_brief_weighs_the_same_after_a_journey_through_json(made: Brief) -> None:
    assert order(Brief.from_json(made.model_dump_json())) == order(made)
