"""When a household may be visited: refusals, attempts, 48 hours, quiet hours, promised hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.contact import attempts, may_knock, not_before, standing
from planner.domain.settings import CampaignSettings
from planner.domain.visits import VisitFacts
from planner.domain.vocabulary import Outcome, StopReason

SETTINGS = CampaignSettings()
NOON = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # 10:00 in Việt Nam
O = Outcome


def calls(*outcomes: Outcome, last: datetime = NOON, days_apart: int = 3) -> list[VisitFacts]:
    """Return visits with these outcomes, three days apart, the last one at `last`."""
    start = last - timedelta(days=days_apart * (len(outcomes) - 1))
    return [
        VisitFacts(i, outcome, start + timedelta(days=days_apart * i), start + timedelta(days=days_apart * i))
        for i, outcome in enumerate(outcomes)
    ]


@pytest.mark.parametrize(
    ("outcomes", "count"),
    [
        ([], 0),
        ([O.ABSENT], 1),
        ([O.ABSENT, O.ABSENT], 2),
        ([O.ABSENT, O.MET], 0),  # someone opened: the count starts anew
        ([O.ABSENT, O.MET, O.ABSENT], 1),
        ([O.ABSENT, O.CALLBACK], 0),  # they asked us to come again
        ([O.ABSENT, O.NOT_REACHED], 1),  # the crew never got there
        ([O.UNSAFE, O.ABSENT], 2),
        ([O.WRONG_ADDRESS], 0),
    ],
)
def test_unanswered_calls_are_counted_since_someone_last_answered(outcomes: list[Outcome], count: int) -> None:
    assert len(attempts(calls(*outcomes))) == count


@pytest.mark.parametrize(
    ("outcomes", "stops", "allowed", "reason"),
    [
        ([], [], True, ""),
        ([O.ABSENT, O.ABSENT], [], True, ""),
        ([O.ABSENT, O.ABSENT, O.ABSENT], [], False, "max_attempts"),
        ([O.ABSENT, O.ABSENT, O.MET], [], True, ""),
        ([O.REFUSED], [StopReason.REFUSED], False, "refused"),
        ([], [StopReason.DO_NOT_CONTACT], False, "do_not_contact"),
        ([O.ABSENT, O.ABSENT, O.ABSENT], [StopReason.MOVED], False, "moved"),
        ([O.REFUSED], [], True, ""),  # lifted at their own request
    ],
)
def test_whether_a_household_may_be_visited(outcomes: list[Outcome], stops: list[StopReason], allowed: bool, reason: str) -> None:
    result = standing(calls(*outcomes), stops, SETTINGS)
    assert (result.allowed, result.reason) == (allowed, reason)


@pytest.mark.parametrize(
    ("outcome", "waits"),
    [(O.ABSENT, True), (O.MET, True), (O.UNSAFE, True), (O.CALLBACK, True), (O.NOT_REACHED, False), (O.WRONG_ADDRESS, False)],
)
def test_48_hours_pass_between_knocks(outcome: Outcome, waits: bool) -> None:
    assert not_before(calls(outcome), SETTINGS) == (NOON + timedelta(hours=48) if waits else None)


@pytest.mark.parametrize(
    ("outcomes", "stops", "at", "promised", "code"),
    [
        ([], [], NOON, False, ""),
        ([O.ABSENT], [], NOON + timedelta(hours=47), False, "too_soon"),
        ([O.ABSENT], [], NOON + timedelta(hours=48), False, ""),
        ([O.CALLBACK], [], NOON + timedelta(hours=8), True, ""),  # the very evening they asked for
        ([O.ABSENT] * 3, [], NOON + timedelta(days=5), False, "max_attempts"),
        ([O.ABSENT] * 3, [], NOON + timedelta(days=5), True, ""),
        ([O.REFUSED], [StopReason.REFUSED], NOON + timedelta(days=5), True, "refused"),  # a no stands
        ([], [], datetime(2026, 11, 23, 14, 0, tzinfo=UTC), False, "quiet_hours"),  # 21:00
        ([], [], datetime(2026, 11, 23, 13, 59, tzinfo=UTC), False, ""),
        ([], [], datetime(2026, 11, 23, 23, 59, tzinfo=UTC), False, "quiet_hours"),  # 06:59
        ([], [], datetime(2026, 11, 24, 0, 0, tzinfo=UTC), False, ""),  # 07:00
        ([], [], datetime(2026, 11, 23, 14, 0, tzinfo=UTC), True, "quiet_hours"),
    ],
)
def test_when_a_crew_may_knock(outcomes: list[Outcome], stops: list[StopReason], at: datetime, promised: bool, code: str) -> None:
    assert may_knock(standing(calls(*outcomes), stops, SETTINGS), at, SETTINGS, promised=promised) == code


def test_a_corrected_refusal_is_no_attempt() -> None:
    first, second = calls(O.ABSENT, O.ABSENT)
    corrected = VisitFacts(9, O.MET, second.occurred_at, second.received_at, corrects_id=second.id)
    assert attempts([first, second, corrected]) == ()


def test_the_figures_are_settings() -> None:
    settings = CampaignSettings.from_dict(
        {"max_attempts": 1, "hours_between_attempts": 24, "quiet_from": "20:00", "periods": {"T": ["18:00", "19:30"]}}
    )
    assert not standing(calls(O.ABSENT), [], settings).allowed
    assert not_before(calls(O.ABSENT), settings) == NOON + timedelta(hours=24)


@given(st.lists(st.sampled_from(list(Outcome)), max_size=8), st.booleans(), st.integers(0, 400))
def test_a_stopped_household_is_never_knocked_at(outcomes: list[Outcome], promised: bool, hours: int) -> None:
    contact = standing(calls(*outcomes), [StopReason.REFUSED], SETTINGS)
    assert may_knock(contact, NOON + timedelta(hours=hours), SETTINGS, promised=promised)


@given(st.lists(st.sampled_from(list(Outcome)), max_size=8), st.integers(0, 400))
def test_without_a_promise_nobody_knocks_sooner_or_oftener_than_the_settings_say(outcomes: list[Outcome], hours: int) -> None:
    visits = calls(*outcomes)
    at = NOON + timedelta(hours=hours)
    if not may_knock(standing(visits, [], SETTINGS), at, SETTINGS):
        assert len(attempts(visits)) < SETTINGS.max_attempts
        assert all(at - v.happened_at >= timedelta(hours=48) for v in visits if v.outcome in (O.ABSENT, O.MET, O.UNSAFE))
