"""The state of an assignment follows from the promise, the visits and the time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.visits import Promise, VisitFacts, assignment_state, crew_stands, effective
from planner.domain.vocabulary import AssignmentState, Outcome

S = AssignmentState
# Monday 23/11, evening 18:30–21:00 in Việt Nam.
START, END = datetime(2026, 11, 23, 11, 30, tzinfo=UTC), datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
GRACE = timedelta(hours=2)
EARLIER, DURING, JUST_AFTER, LATER = (
    START - timedelta(days=1),
    START + timedelta(hours=1),
    END + GRACE - timedelta(seconds=1),
    END + GRACE,
)
PROMISE = Promise(1, START, END)


def visit(
    number: int = 1, outcome: Outcome = Outcome.MET, at: datetime = DURING, for_: int | None = 1, corrects: int | None = None
) -> VisitFacts:
    return VisitFacts(number, outcome, at, at, for_, corrects)


@pytest.mark.parametrize(
    ("withdrawn_at", "stands", "visits", "at", "expected"),
    [
        (None, True, [], EARLIER, S.PLANNED),
        (None, True, [], START - timedelta(seconds=1), S.PLANNED),
        (None, True, [], START, S.DUE),
        (None, True, [], END, S.DUE),  # may still be written down
        (None, True, [], JUST_AFTER, S.DUE),
        (None, True, [], LATER, S.MISSED),
        (None, False, [], EARLIER, S.MISSED),  # its crew fell apart: missed at once
        (None, False, [], DURING, S.MISSED),
        (None, True, [visit()], DURING, S.DONE),
        (None, True, [visit(outcome=Outcome.ABSENT)], DURING, S.DONE),  # nobody home is a visit all the same
        (None, True, [visit(outcome=Outcome.NOT_REACHED)], LATER, S.DONE),
        (None, True, [visit(at=LATER + timedelta(days=3))], LATER + timedelta(days=3), S.DONE),  # late truth counts
        (None, False, [visit()], LATER, S.DONE),
        (None, True, [visit(for_=2)], LATER, S.MISSED),  # another promise's visit
        (None, True, [visit(for_=None)], LATER, S.DONE),  # off the plan, but there that day
        (None, True, [visit(for_=None, at=START - timedelta(days=1))], LATER, S.MISSED),
        (None, True, [visit(for_=None, at=datetime(2026, 11, 22, 17, 30, tzinfo=UTC))], LATER, S.DONE),  # 00:30 on the 23rd
        (EARLIER, True, [], DURING, S.WITHDRAWN),
        (EARLIER, True, [], LATER, S.WITHDRAWN),
        (EARLIER, False, [], LATER, S.WITHDRAWN),
        (EARLIER, True, [visit()], DURING, S.DONE),  # the crew had not heard: credited
        (EARLIER, True, [visit(for_=None)], DURING, S.WITHDRAWN),  # belongs to what replaced it
        (LATER, True, [], DURING, S.DUE),  # as it was then
    ],
)
def test_the_state_of_an_assignment(
    withdrawn_at: datetime | None, stands: bool, visits: list[VisitFacts], at: datetime, expected: AssignmentState
) -> None:
    assert assignment_state(Promise(1, START, END, withdrawn_at, stands), visits, at, GRACE) is expected


def test_a_corrected_visit_still_means_that_someone_was_there() -> None:
    visits = [visit(1, Outcome.REFUSED), visit(2, Outcome.MET, corrects=1)]
    assert assignment_state(PROMISE, visits, DURING, GRACE) is S.DONE


def test_a_visit_moved_to_another_promise_by_correction_leaves_the_first_unkept() -> None:
    visits = [visit(1), visit(2, for_=2, corrects=1)]
    assert assignment_state(PROMISE, visits, LATER, GRACE) is S.MISSED


def test_what_a_correction_replaces_does_not_count() -> None:
    first, second, third = visit(1), visit(2, corrects=1), visit(3, corrects=2)
    assert effective([first, second, third]) == (third,)
    assert effective([second, first]) == (second,)


def test_a_phone_ahead_of_its_time_did_not_visit_in_the_future() -> None:
    ahead = VisitFacts(1, Outcome.ABSENT, DURING + timedelta(days=365), DURING)
    assert ahead.happened_at == DURING


@pytest.mark.parametrize(
    ("crew", "absent", "size", "stands"),
    [
        ([1, 2], [], 2, True),
        ([1, 2], [2], 2, False),
        ([1, 2], [3], 2, True),
        ([1, 2, 3], [2], 2, True),  # two are left
        ([1, 2, 3], [2, 3], 2, False),
        ([1], [], 2, True),  # planned alone on purpose
        ([1], [1], 1, False),
        ([1, 2], [1, 2], 2, False),
        ([], [], 2, False),
    ],
)
def test_nobody_goes_alone_who_was_to_go_as_a_pair(crew: list[int], absent: list[int], size: int, stands: bool) -> None:
    assert crew_stands(crew, absent, size) is stands


instants = st.datetimes(datetime(2026, 11, 20), datetime(2026, 11, 28)).map(lambda d: d.replace(tzinfo=UTC))


@given(st.lists(instants), instants, instants, st.booleans())
def test_time_alone_leads_only_forward(visited: list[datetime], one: datetime, two: datetime, stands: bool) -> None:
    order = {S.PLANNED: 0, S.DUE: 1, S.MISSED: 2, S.DONE: 3}
    visits = [visit(i, at=at, for_=None) for i, at in enumerate(visited)]
    promise = Promise(1, START, END, None, stands)
    earlier, later = (assignment_state(promise, visits, at, GRACE) for at in sorted((one, two)))
    assert order[earlier] <= order[later]
    assert earlier is later or later is not S.DONE  # only a visit makes it done, never time
