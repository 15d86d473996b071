"""The forecast: what it says of a steady pace, of the hard ones left, of scatter, and of what it would take."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.forecast import Course, forecast

# 1,000 lacking in the beginning, 50 a week by 20 shifts; six weeks left of ten.
STEADY = Course("a1", 7_200, 800, 7_800, (50, 50, 50, 50), (20, 20, 20, 20), (20.0,) * 6, ((1, 500), (2, 50), (3, 40), (4, 10)))


def test_a_steady_pace_goes_on_a_little_slower() -> None:
    found = forecast(STEADY)
    assert found is not None
    gained = found.expected - STEADY.now
    assert 150 < gained < 300  # never more than the pace so far: the easy ones went first
    assert found.low < found.expected < found.high


def test_no_complete_week_or_no_shift_says_nothing() -> None:
    assert forecast(replace(STEADY, gains=(), shifts=())) is None
    assert forecast(replace(STEADY, shifts=(0, 0, 0, 0))) is None


def test_weeks_that_scatter_widen_the_interval() -> None:
    def width(gains: tuple[int, ...]) -> float:
        found = forecast(replace(STEADY, gains=gains))
        assert found is not None
        return found.high - found.low

    assert width((10, 90, 15, 85)) > width((50, 50, 50, 50))


def test_more_shifts_gain_more_and_more_weeks_known_are_surer() -> None:
    more = forecast(replace(STEADY, ahead=(40.0,) * 6))
    usual = forecast(STEADY)
    early = forecast(replace(STEADY, gains=(50,), shifts=(20,), lacking=950, now=7_050))
    assert more is not None
    assert usual is not None
    assert early is not None
    assert more.expected > usual.expected + 50
    assert early.high - early.low > usual.high - usual.low


def test_what_it_takes_is_told_in_shifts_a_week_and_in_the_hamlets_of_the_gap() -> None:
    found = forecast(STEADY)
    assert found is not None
    assert found.needed_shifts_a_week is not None
    assert found.needed_shifts_a_week > 40  # 600 missing, some 260 come with 20 a week
    assert found.extra_shifts_a_week == found.needed_shifts_a_week - 20
    assert found.hamlets == (1,)  # five of six that are lacking
    enough = forecast(replace(STEADY, ahead=(float(found.needed_shifts_a_week),) * 6))
    assert enough is not None
    assert enough.expected == pytest.approx(7_800, abs=15)


def test_a_target_reached_takes_nothing_and_one_out_of_reach_is_said_to_be() -> None:
    reached = forecast(replace(STEADY, target=7_000))
    beyond = forecast(replace(STEADY, target=8_001))
    unknown = forecast(replace(STEADY, target=None))
    assert reached is not None
    assert beyond is not None
    assert unknown is not None
    assert (reached.needed_shifts_a_week, reached.extra_shifts_a_week) == (0, 0)
    assert (beyond.needed_shifts_a_week, beyond.extra_shifts_a_week) == (None, None)
    assert unknown.needed_shifts_a_week is None


def test_after_the_last_day_the_forecast_is_what_there_is() -> None:
    found = forecast(replace(STEADY, ahead=()))
    assert found is not None
    assert (found.expected, found.low, found.high) == pytest.approx((7_200, 7_200, 7_200), abs=1)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 60)), min_size=1, max_size=12),
    st.integers(0, 3_000),
    st.lists(st.floats(0, 80), max_size=12),
)
def test_it_stays_between_what_there_is_and_all_there_could_be(
    weeks: list[tuple[int, int]], lacking: int, ahead: list[float]
) -> None:
    gains, shifts = tuple(gain for gain, _ in weeks), tuple(held for _, held in weeks)
    found = forecast(Course("x", 500, lacking, 600, gains, shifts, tuple(ahead)))
    if found is None:
        assert not any(shifts)
        return
    assert 500 <= found.low <= found.high <= 500 + lacking
    assert 500 - 1e-6 <= found.expected <= 500 + lacking + 1e-6
