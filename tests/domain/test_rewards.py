"""What a visit is worth by class of slot, and how long it is likely to take."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.needs import ServiceFacts
from planner.domain.rewards import NeedFacts, Prospect, VisitWorth, urgency
from planner.domain.settings import CampaignSettings
from planner.domain.templates import ACTIVATE, BHYT, GPLX, PLAN_A, REGISTER
from planner.domain.vocabulary import MeetKind, OutreachGroup, ServiceRule, SlotClass

SETTINGS = CampaignSettings()
NEEDS_ALONE = CampaignSettings.from_dict({"helped_points": 0})
DAY, EVENING, WEEKEND, LATE = SlotClass.WEEKDAY_DAY, SlotClass.WEEKDAY_EVENING, SlotClass.WEEKEND_DAY, SlotClass.WEEKEND_EVENING
G, K = OutreachGroup, MeetKind


def worth(*needs: NeedFacts, **fields: object) -> VisitWorth:
    return VisitWorth(needs, **({"days_left": 60, "visited": True} | fields))  # type: ignore[arg-type]


def need(
    kind: MeetKind = K.USUAL, group: OutreachGroup = G.DOCUMENTS, weight: int = 100, minutes: int = 10, **fields: object
) -> NeedFacts:
    """Return a need for a service that always succeeds in the tables below."""
    return NeedFacts(ServiceFacts("sure", ServiceRule.DOCUMENT, "sure", minutes, weight), kind, group, **fields)  # type: ignore[arg-type]


SURE = CampaignSettings.from_dict({"success_chance": {"sure": 1.0}, "helped_points": 0})


def points_of(given_worth: VisitWorth, settings: CampaignSettings) -> dict[SlotClass, int]:
    return Prospect(given_worth, settings).points


def seconds_of(given_worth: VisitWorth, settings: CampaignSettings) -> dict[SlotClass, int]:
    return Prospect(given_worth, settings).seconds


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
    points = points_of(worth(need(kind)), SURE)
    assert tuple(points[c] for c in (DAY, EVENING, WEEKEND, LATE)) == expected


def test_a_household_of_commuters_is_worth_an_evening() -> None:
    points = points_of(worth(need(K.COMMUTER), need(K.COMMUTER)), SURE)
    assert points[EVENING] > 6 * points[DAY]


def test_the_chance_of_success_counts() -> None:
    points = points_of(worth(NeedFacts(BHYT.facts, K.USUAL, G.DOCUMENTS)), NEEDS_ALONE)
    assert points[EVENING] == round(BHYT.facts.weight * 0.88 * 0.65)


def test_an_appointment_at_the_police_is_worth_what_becomes_of_it() -> None:
    points = points_of(worth(NeedFacts(REGISTER.facts, K.NO_ACCOUNT, G.DOCUMENTS)), NEEDS_ALONE)
    assert points[EVENING] == round(REGISTER.facts.weight * 0.60 * 0.55 * 0.60)


def activation_and_card(**fields: object) -> tuple[NeedFacts, NeedFacts]:
    """Return the needs of a resident whose account is not activated yet."""
    return (
        NeedFacts(ACTIVATE.facts, K.USUAL, G.ISSUED, resident_id=1, **fields),  # type: ignore[arg-type]
        NeedFacts(BHYT.facts, K.USUAL, G.ISSUED, resident_id=1, waits=True, **fields),  # type: ignore[arg-type]
    )


def test_a_paper_goes_into_the_account_only_where_its_activation_succeeds() -> None:
    activate, card = activation_and_card()
    alone, both = (points_of(worth(*needs), NEEDS_ALONE)[EVENING] for needs in ((activate,), (activate, card)))
    assert both - alone == pytest.approx(1.2 * BHYT.facts.weight * 0.75 * 0.88 * 0.65, abs=1)
    longer, shorter = (seconds_of(worth(*needs), NEEDS_ALONE)[EVENING] for needs in ((activate, card), (activate,)))
    assert longer - shorter == pytest.approx(60 * BHYT.facts.minutes * 0.75 * 0.65, abs=1)


def test_a_paper_whose_account_waits_for_something_else_is_no_reason_to_go() -> None:
    _, card = activation_and_card()
    other = need(resident_id=2)
    assert Prospect(worth(card), SETTINGS).needs == ()
    assert points_of(worth(card), SETTINGS) == {}
    assert Prospect(worth(card, other), SETTINGS).needs == (other,)


def test_a_paper_brings_along_the_activation_it_waits_for() -> None:
    activate, card = activation_and_card()
    dull = replace(activate, service=replace(activate.service, weight=1, minutes=30))
    assert set(Prospect(worth(dull, card), SETTINGS).needs) == {dull, card}
    # with other work of 20 minutes first there is no time left for both
    other = need(resident_id=2, weight=500, minutes=20)
    assert Prospect(worth(dull, card, other), SETTINGS).needs == (other,)


@pytest.mark.parametrize(
    ("needs", "chance"),
    [
        ((NeedFacts(BHYT.facts, K.USUAL, G.DOCUMENTS, resident_id=1),), 0.88),
        (
            (
                NeedFacts(BHYT.facts, K.USUAL, G.DOCUMENTS, resident_id=1),
                NeedFacts(GPLX.facts, K.USUAL, G.DOCUMENTS, resident_id=1),
            ),
            1 - 0.12 * 0.40,
        ),
        (activation_and_card(), 0.75),
    ],
)
def test_one_more_resident_helped_counts_once_and_only_the_first_time(needs: tuple[NeedFacts, ...], chance: float) -> None:
    many = CampaignSettings.from_dict({"helped_points": 1000})
    without, with_them = (points_of(worth(*needs), settings)[EVENING] for settings in (NEEDS_ALONE, many))
    assert with_them - without == pytest.approx(1000 * chance * 0.65, abs=1)
    assert points_of(worth(*needs, helped=frozenset({1})), many) == points_of(worth(*needs), NEEDS_ALONE)


def test_every_resident_counts_once() -> None:
    many = CampaignSettings.from_dict({"helped_points": 1000, "success_chance": {"sure": 1.0}})
    points = points_of(worth(need(resident_id=1, weight=0), need(resident_id=2, weight=0), need(resident_id=2, weight=0)), many)
    assert points[EVENING] == 2 * 650


def test_groups_count_by_their_weight() -> None:
    plain, elderly = (points_of(worth(need(group=g)), SURE)[EVENING] for g in (G.DOCUMENTS, G.LOW_TECH))
    assert elderly == 2 * plain


def test_needs_of_a_household_add_up() -> None:
    assert points_of(worth(need(), need(K.LOW_TECH)), SURE)[DAY] == 30 + 75


def test_activation_without_a_smartphone_hardly_ever_succeeds() -> None:
    activate = NeedFacts(ACTIVATE.facts, K.USUAL, G.ISSUED)
    with_phone, without, unknown = (points_of(worth(activate, smartphone=s), SETTINGS)[EVENING] for s in (True, False, None))
    assert without < with_phone == unknown


def test_the_elderly_succeed_less_often_but_come_first_all_the_same() -> None:
    young = points_of(worth(NeedFacts(ACTIVATE.facts, K.USUAL, G.ISSUED)), SETTINGS)
    old = points_of(worth(NeedFacts(ACTIVATE.facts, K.LOW_TECH, G.LOW_TECH, low_tech=True)), SETTINGS)
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
    before, after = (points_of(worth(need(), calls_by_class=calls), SURE) for calls in ({}, {EVENING: 2}))
    assert after[EVENING] == round(65 * 0.85**2)
    assert after[DAY] == before[DAY]


def test_a_promised_hour_is_worth_the_same_whenever_it_is() -> None:
    points = points_of(worth(need(K.COMMUTER), promised=True), SURE)
    assert set(points.values()) == {round(100 * 0.9 * 3)}


def test_without_needs_there_is_nothing_to_go_for() -> None:
    assert points_of(worth(), SETTINGS) == {}
    assert seconds_of(worth(promised=True), SETTINGS) == {}


def test_a_class_without_a_chance_is_absent() -> None:
    settings = CampaignSettings.from_dict({"meet_chance": {"away": {"weekday_day": 0}}})
    points = points_of(worth(NeedFacts(REGISTER.facts, K.AWAY, G.AWAY)), settings)
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
    seconds = seconds_of(worth(need(kind)), SURE)
    for slot_class, expected in minutes.items():
        assert seconds[slot_class] == round(60 * expected)


def test_full_lengths_are_a_switch() -> None:
    settings = CampaignSettings.from_dict({"expected_lengths": False})
    assert set(seconds_of(worth(need(), need()), settings).values()) == {60 * (4 + 20)}


@pytest.mark.parametrize("fields", [{"low_tech": True}, {}])
def test_patience_takes_half_as_long_again(fields: dict[str, bool]) -> None:
    settings = CampaignSettings.from_dict({"expected_lengths": False})
    interpreter = not fields
    assert seconds_of(worth(need(**fields), interpreter=interpreter), settings)[DAY] == 60 * (4 + 15)


def test_a_visit_deals_with_what_is_worth_most_for_its_time_and_leaves_the_rest() -> None:
    rich, slow, poor = need(weight=100, minutes=20), need(weight=100, minutes=40), need(weight=10, minutes=20)
    chosen = Prospect(worth(poor, slow, rich), SURE).needs
    assert chosen == (rich,)  # with the slow one it would be an hour
    assert Prospect(worth(slow), SURE).needs == (slow,)  # one need always fits


needs = st.builds(
    NeedFacts,
    st.sampled_from([s.facts for s in PLAN_A.services]),
    st.sampled_from(list(MeetKind)),
    st.sampled_from(list(OutreachGroup)),
    st.booleans(),
    st.integers(1, 3),
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
    points, seconds = points_of(given_worth, SETTINGS), seconds_of(given_worth, SETTINGS)
    assert points.keys() == seconds.keys()
    assert all(isinstance(p, int) and p >= 1 for p in points.values())
    most = 60 * (SETTINGS.arrive_minutes + SETTINGS.max_visit_minutes + SETTINGS.nobody_home_minutes)
    assert all(isinstance(s, int) and 60 <= s <= most for s in seconds.values())


@given(worths, st.sampled_from(list(SlotClass)))
def test_more_calls_in_vain_never_make_a_visit_worth_more(given_worth: VisitWorth, slot_class: SlotClass) -> None:
    once_more = {**given_worth.calls_by_class, slot_class: given_worth.calls_by_class.get(slot_class, 0) + 1}
    before = points_of(given_worth, SETTINGS)
    after = points_of(replace(given_worth, calls_by_class=once_more), SETTINGS)
    assert all(after[c] <= before[c] for c in after)
