"""The order of importance of positions."""

from hypothesis import given

from summarizer import Brief
from tests.render.conftest import brief, position
from tests.render.strategies import briefs


def order(made: Brief) -> list[str]:
    return [position.id for position in made.top()]


def test_position_near_the_lead_ranks_higher() -> None:
    assert order(brief(position(30, "lind"), position(2))) == ["p2", "p30"]


def test_directly_quoted_position_ranks_higher() -> None:
    assert order(brief(position(2), position(3, "lind", speech="direct"))) == ["p3", "p2"]


def test_position_of_a_holder_with_more_positions_ranks_higher() -> None:
    assert order(brief(position(2), position(3, "lind"), position(4, "lind")))[0] == "p3"


def test_talkative_holder_does_not_hide_others() -> None:
    made = brief(*(position(number, speech="direct") for number in range(1, 20)), position(39, "lind"))
    assert "p39" in [position.id for position in made.top(5)]


@given(briefs())
def test_top_has_each_position_once_and_limits_are_prefixes(made: Brief) -> None:
    assert sorted(order(made)) == sorted(position.id for position in made.positions)
    for limit in range(len(made.positions) + 2):
        assert made.top(limit) == made.top()[:limit]


@given(briefs())
def test_ranking_survives_a_round_trip_through_json(made: Brief) -> None:
    assert order(Brief.from_json(made.model_dump_json())) == order(made)
