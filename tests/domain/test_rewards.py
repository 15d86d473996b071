"""What a visit is worth by class of slot, and how long it is likely to take."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.needs import ServiceFacts
from planner.domain.rewards import NeedFacts, VisitWorth, rewards, urgency, visit_seconds, within_patience
from planner.domain.settings import CampaignSettings
from planner.domain.templates import ACTIVATE, BHYT, PLAN_A, REGISTER
from planner.domain.vocabulary import MeetKind, OutreachGroup, ServiceRule, SlotClass

SETTINGS = CampaignSettings()
DAY, EVENING, WEEKEND, LATE = SlotClass.WEEKDAY_DAY, SlotClass.WEEKDAY_EVENING, SlotClass.WEEKEND_DAY, SlotClass.WEEKEND_EVENING
G, K = OutreachGroup, MeetKind


def worth(*needs: NeedFacts, **fields: object) -> VisitWorth:
    return VisitWorth(needs, **({"days_left": 60, "visited": True} | fields))  # type: ignore[arg-type]


def need(
    kind: MeetKind = K.USUAL, group: OutreachGroup = G.DOCUMENTS, weight: int = 100, minutes: int = 10, **fields: object
) -> NeedFacts:
    """Return a need for a service that always succeeds in the tables below."""
    return NeedFacts(ServiceFacts("sure", ServiceRule.DOCUMENT, "sure", minutes, weight), kind, group, **fields)  # type: ignore[arg-type]


SURE = CampaignSettings.from_dict({"success_chance": {"sure": 1.0}})


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (K.USUAL, (30, 65, 50, 65)),
        (K.NO_ACCOUNT, (35, 60, 55, 60)),
        (K.LOW_TECH, (75, 80, 75, 80)),
        (K.COMMUTER, (8, 50, 45, 50)),
        (K.ROTATING_SHIFT, (25, 30, 40, 30)),
        (K.AWAY, (1, 2, 3, 2)),
    ],
)
def test_a_reward_is_the_need_times_the_chance_of_meeting(kind: MeetKind, expected: tuple[int, int, int, int]) -> None:
    points = rewards(worth(need(kind)), SURE)
    assert tuple(points[c] for c in (DAY, EVENING, WEEKEND, LATE)) == expected


def test_a_household_of_commuters_is_worth_an_evening() -> None:
    points = rewards(worth(need(K.COMMUTER), need(K.COMMUTER)), SURE)
    assert points[EVENING] > 6 * points[DAY]


def test_the_chance_of_success_counts() -> None:
    points = rewards(worth(NeedFacts(BHYT.facts, K.USUAL, G.DOCUMENTS)), SETTINGS)
    assert points[EVENING] == round(BHYT.facts.weight * 0.88 * 0.65)


def test_groups_count_by_their_weight() -> None:
    plain, elderly = (rewards(worth(need(group=g)), SURE)[EVENING] for g in (G.DOCUMENTS, G.LOW_TECH))
    assert elderly == 2 * plain


def test_needs_of_a_household_add_up() -> None:
    assert rewards(worth(need(), need(K.LOW_TECH)), SURE)[DAY] == 30 + 75


def test_activation_without_a_smartphone_hardly_ever_succeeds() -> None:
    activate = NeedFacts(ACTIVATE.facts, K.USUAL, G.ISSUED)
    with_phone, without, unknown = (rewards(worth(activate, smartphone=s), SETTINGS)[EVENING] for s in (True, False, None))
    assert without < with_phone == unknown


def test_the_elderly_succeed_less_often_but_come_first_all_the_same() -> None:
    young = rewards(worth(NeedFacts(ACTIVATE.facts, K.USUAL, G.ISSUED)), SETTINGS)
    old = rewards(worth(NeedFacts(ACTIVATE.facts, K.LOW_TECH, G.LOW_TECH, low_tech=True)), SETTINGS)
    assert all(old[c] >= young[c] for c in SlotClass)


@pytest.mark.parametrize(
    ("fields", "factor"),
    [
        ({}, 1.0),
        ({"visited": False}, 1.2),
        ({"promised": True}, 3.0),
        ({"days_left": 14}, 1.0),
        ({"days_left": 7}, 1.25),
        ({"days_left": 0}, 1.5),
        ({"days_left": -3}, 1.5),
        ({"promised": True, "visited": False, "days_left": 0}, 3.0 * 1.2 * 1.5),
    ],
)
def test_urgency(fields: dict[str, object], factor: float) -> None:
    assert urgency(worth(need(), **fields), SETTINGS) == pytest.approx(factor)


def test_a_call_in_vain_makes_such_hours_less_worth_but_not_others() -> None:
    before, after = (rewards(worth(need(), calls_by_class=calls), SURE) for calls in ({}, {EVENING: 2}))
    assert after[EVENING] == round(65 * 0.85**2)
    assert after[DAY] == before[DAY]


def test_a_promised_hour_is_worth_the_same_whenever_it_is() -> None:
    points = rewards(worth(need(K.COMMUTER), promised=True), SURE)
    assert set(points.values()) == {round(100 * 0.9 * 3)}


def test_without_needs_there_is_nothing_to_go_for() -> None:
    assert rewards(worth(), SETTINGS) == {}
    assert visit_seconds(worth(promised=True), SETTINGS) == {}


def test_a_class_without_a_chance_is_absent() -> None:
    settings = CampaignSettings.from_dict({"meet_chance": {"away": {"weekday_day": 0}}})
    points = rewards(worth(NeedFacts(REGISTER.facts, K.AWAY, G.AWAY)), settings)
    assert DAY not in points
    assert points[EVENING] >= 1


@pytest.mark.parametrize(
    ("kind", "minutes"),
    [
        (K.USUAL, {DAY: 0.3 * (4 + 10) + 0.7 * 3, EVENING: 0.65 * (4 + 10) + 0.35 * 3}),
        (K.AWAY, {DAY: 0.01 * (4 + 10) + 0.99 * 3}),
    ],
)
def test_a_visit_is_planned_by_its_expected_length(kind: MeetKind, minutes: dict[SlotClass, float]) -> None:
    seconds = visit_seconds(worth(need(kind)), SURE)
    for slot_class, expected in minutes.items():
        assert seconds[slot_class] == round(60 * expected)


def test_full_lengths_are_a_switch() -> None:
    settings = CampaignSettings.from_dict({"expected_lengths": False})
    assert set(visit_seconds(worth(need(), need()), settings).values()) == {60 * (4 + 20)}


@pytest.mark.parametrize("fields", [{"low_tech": True}, {}])
def test_patience_takes_half_as_long_again(fields: dict[str, bool]) -> None:
    settings = CampaignSettings.from_dict({"expected_lengths": False})
    interpreter = not fields
    assert visit_seconds(worth(need(**fields), interpreter=interpreter), settings)[DAY] == 60 * (4 + 15)


def test_a_visit_deals_with_what_is_worth_most_for_its_time_and_leaves_the_rest() -> None:
    rich, slow, poor = need(weight=100, minutes=20), need(weight=100, minutes=40), need(weight=10, minutes=20)
    chosen = within_patience(worth(poor, slow, rich), SURE)
    assert chosen == (rich,)  # with the slow one it would be an hour
    assert within_patience(worth(slow), SURE) == (slow,)  # one need always fits


needs = st.builds(
    NeedFacts,
    st.sampled_from([s.facts for s in PLAN_A.services]),
    st.sampled_from(list(MeetKind)),
    st.sampled_from(list(OutreachGroup)),
    st.booleans(),
)
worths = st.builds(
    VisitWorth,
    st.lists(needs, max_size=8).map(tuple),
    st.integers(-10, 200),
    st.dictionaries(st.sampled_from(list(SlotClass)), st.integers(0, 3)),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from([None, True, False]),
)


@given(worths)
def test_rewards_are_whole_points_and_every_rewarded_class_has_a_length(given_worth: VisitWorth) -> None:
    points, seconds = rewards(given_worth, SETTINGS), visit_seconds(given_worth, SETTINGS)
    assert points.keys() == seconds.keys()
    assert all(isinstance(p, int) and p >= 1 for p in points.values())
    most = 60 * (SETTINGS.arrive_minutes + SETTINGS.max_visit_minutes + SETTINGS.nobody_home_minutes)
    assert all(isinstance(s, int) and 60 <= s <= most for s in seconds.values())


@given(worths, st.sampled_from(list(SlotClass)))
def test_more_calls_in_vain_never_make_a_visit_worth_more(given_worth: VisitWorth, slot_class: SlotClass) -> None:
    once_more = {**given_worth.calls_by_class, slot_class: given_worth.calls_by_class.get(slot_class, 0) + 1}
    before = rewards(given_worth, SETTINGS)
    after = rewards(replace(given_worth, calls_by_class=once_more), SETTINGS)
    assert all(after[c] <= before[c] for c in after)
