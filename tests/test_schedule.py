"""What a schedule promises, whatever order things are done in."""

from hypothesis import given
from hypothesis import strategies as st

from summarizer.batching import ROOM, Schedule
from summarizer.errors import AuthenticationFailed
from summarizer.outcome import Outcome

REFUSED = AuthenticationFailed("The key is refused.")


@given(count=st.integers(0, 40), concurrency=st.integers(1, 5), ordered=st.booleans(), data=st.data())
def test_each_source_has_one_outcome_and_no_more_than_there_is_room_for_are_taken(
    count: int, concurrency: int, ordered: bool, data: st.DataObject
) -> None:
    schedule = Schedule(concurrency, ordered)
    at_work: list[int] = []
    aside: list[int] = []
    given: list[int] = []
    while not schedule.over:
        while schedule.wants_source:
            if schedule._taken == count:
                schedule.no_more()
            else:
                at_work.append(schedule.take())
        assert len(at_work) <= concurrency or aside or not count
        assert schedule._taken - len(given) <= ROOM * concurrency
        waiting = at_work + aside
        if waiting:
            done = data.draw(st.sampled_from(waiting))
            (at_work if done in at_work else aside).remove(done)
            if at_work and data.draw(st.booleans()):
                aside.append(at_work.pop())
            schedule.note([Outcome(done, done)], len(aside))
        given += [outcome.index for outcome in schedule.ready()]
    assert sorted(given) == list(range(count))
    if ordered:
        assert given == list(range(count))


@given(done=st.lists(st.integers(1, 9), unique=True), ordered=st.booleans())
def test_a_fatal_outcome_comes_last_after_all_that_were_done(done: list[int], ordered: bool) -> None:
    schedule = Schedule(10, ordered)
    for _ in range(10):
        schedule.take()
    schedule.note([Outcome(index, index) for index in done], 0)
    before = schedule.ready()
    schedule.note([Outcome(0, 0, error=REFUSED)], 0)
    given = [outcome.index for outcome in before + schedule.ready()]
    assert sorted(given[:-1]) == sorted(done)
    assert given[-1] == 0
    assert (schedule.stopped, schedule.over, schedule.wants_source) == (True, True, False)


def test_of_several_fatal_outcomes_the_first_is_handed_out() -> None:
    schedule = Schedule(3, ordered=True)
    for _ in range(3):
        schedule.take()
    schedule.note([Outcome(2, 2, error=REFUSED), Outcome(1, 1, error=REFUSED)], 0)
    assert [outcome.index for outcome in schedule.ready()] == [2]
    assert schedule.over


def test_a_source_that_waits_for_somebody_else_makes_room_for_another() -> None:
    schedule = Schedule(1, ordered=False)
    schedule.take()
    assert not schedule.wants_source
    schedule.note([], aside=1)
    assert schedule.wants_source
