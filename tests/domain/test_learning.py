"""What visits teach: chances that follow the knocks, doubt that shrinks with them, lists that end in time."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import NormalDist

import pytest
import scipy.special  # noqa: F401 - slow to load: not within a property
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.learning.calibration import brier
from benchmarks.learning.town import Spread, play
from planner.domain.chances import MEET_CHANCE
from planner.domain.learning.beliefs import NOTHING, Count, updated
from planner.domain.learning.history import OwnKnock, own_chance
from planner.domain.learning.knocks import Counts, Knock, Sight, count_doors, helped, slot_class_at, who_was_met
from planner.domain.learning.lengths import Lengths, Stop, extra_minutes, measured, stray_minutes
from planner.domain.learning.reserves import Door, home_at, reserves, told_hours
from planner.domain.learning.table import APPOINTMENT, Chances, LearnedTable, Prior
from planner.domain.learning.words import Exploration
from planner.domain.needs import ServiceFacts
from planner.domain.rewards import NeedFacts, Prospect, VisitWorth, assumed_success, success_key
from planner.domain.settings import CampaignSettings
from planner.domain.vocabulary import MeetKind, NeedResult, Outcome, OutreachGroup, ServiceRule, SlotClass

SETTINGS = CampaignSettings.from_dict({"helped_points": 0})
PRIOR = Prior.of(SETTINGS, assumed_success(SETTINGS))
DAY, EVENING, WEEKEND = SlotClass.WEEKDAY_DAY, SlotClass.WEEKDAY_EVENING, SlotClass.WEEKEND_DAY
K = MeetKind
BEGIN = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)  # Monday, 18:30 in Việt Nam


def table_of(knocks: list[Knock]) -> LearnedTable:
    return LearnedTable(PRIOR, Counts(*count_doors(knocks)))


def a_knock(number: int, house: int, hamlet: int, slot_class: SlotClass, kind: MeetKind, met: bool, promised: bool) -> Knock:
    return Knock(number, hamlet, BEGIN + timedelta(hours=number), slot_class, (Sight(house, kind, met),), promised)


knocks = st.lists(
    st.tuples(
        st.integers(1, 8), st.integers(1, 3), st.sampled_from(list(SlotClass)), st.sampled_from(list(MeetKind)), st.booleans(),
        st.booleans(),
    ),
    max_size=40,
).map(lambda rows: [a_knock(n, *row) for n, row in enumerate(rows)])  # fmt: skip
kinds, classes, hamlets = st.sampled_from(list(MeetKind)), st.sampled_from(list(SlotClass)), st.sampled_from([None, 1, 2, 3, 99])
own_knocks = st.lists(st.builds(OwnKnock, classes, st.integers(0, 6), st.booleans()), max_size=8).map(tuple)


# ---- what a visit says


@pytest.mark.parametrize(
    ("outcome", "written", "expected"),
    [
        (Outcome.ABSENT, (), {1: False, 2: False, 3: False}),
        (Outcome.MET, (2,), {1: False, 2: True, 3: False}),  # of two commuters one: the other counts as out
        (Outcome.CALLBACK, (), {1: False, 2: False, 3: False}),  # somebody opened, whom it was for had no time
        (Outcome.MET, (), {3: True}),  # likely the one who is mostly at home
        (Outcome.REFUSED, (), {3: True}),  # a no was said by somebody
        (Outcome.UNSAFE, (), {}),
        (Outcome.NOT_REACHED, (), {}),
        (Outcome.WRONG_ADDRESS, (), {}),
        (Outcome.MOVED, (), {}),
    ],
)
def test_a_visit_says_whom_it_met(outcome: Outcome, written: tuple[int, ...], expected: dict[int, bool]) -> None:
    likeliest = {kind: MEET_CHANCE[kind][EVENING] for kind in MeetKind}
    called_on = {1: K.COMMUTER, 2: K.COMMUTER, 3: K.LOW_TECH}
    sights = who_was_met(outcome, called_on, {resident: called_on[resident] for resident in written}, likeliest)
    assert {sight.resident_id: sight.met for sight in sights} == expected
    assert all(sight.kind is called_on[sight.resident_id] for sight in sights)


def test_a_knock_counts_for_the_hours_of_its_shift_though_a_little_early_or_late() -> None:
    shift = (BEGIN, BEGIN + timedelta(hours=2, minutes=30), EVENING)
    assert slot_class_at(BEGIN + timedelta(hours=1), SETTINGS, shift) is EVENING
    assert slot_class_at(BEGIN + timedelta(hours=3), SETTINGS, shift) is EVENING
    assert slot_class_at(BEGIN + timedelta(hours=16), SETTINGS, shift) is None  # typed in the next day


def test_a_knock_off_the_plan_counts_for_the_period_of_the_day_it_fell_into() -> None:
    assert slot_class_at(BEGIN + timedelta(minutes=20), SETTINGS) is EVENING
    assert slot_class_at(BEGIN + timedelta(days=5, hours=-9), SETTINGS) is WEEKEND  # Saturday, 9:30
    assert slot_class_at(BEGIN - timedelta(hours=6), SETTINGS) is None  # the midday rest


def test_of_each_resident_the_first_knock_in_each_kind_of_hours_counts() -> None:
    rows = [(1, EVENING, False), (1, EVENING, True), (1, DAY, False), (2, EVENING, True)]
    doors, promises = count_doors(a_knock(n, house, 7, cls, K.USUAL, met, False) for n, (house, cls, met) in enumerate(rows))
    assert doors == {(K.USUAL, DAY, 7): Count(0, 1), (K.USUAL, EVENING, 7): Count(1, 2)}
    assert promises == NOTHING


def test_every_resident_of_a_household_counts() -> None:
    sights = (Sight(1, K.COMMUTER, met=False), Sight(2, K.COMMUTER, met=True), Sight(3, K.LOW_TECH, met=True))
    doors, _ = count_doors([Knock(1, 7, BEGIN, EVENING, sights)])
    assert doors == {(K.COMMUTER, EVENING, 7): Count(1, 2), (K.LOW_TECH, EVENING, 7): Count(1, 1)}


def test_promised_hours_are_counted_apart() -> None:
    doors, promises = count_doors([a_knock(1, 1, 7, EVENING, K.USUAL, True, True), a_knock(2, 2, 7, DAY, K.USUAL, False, True)])
    assert doors == {}
    assert promises == Count(1, 2)


def test_an_appointment_is_what_was_hoped_for_only_where_the_police_must_finish_it() -> None:
    assert helped(NeedResult.REFERRED, at_police=True)
    assert not helped(NeedResult.REFERRED, at_police=False)
    assert helped(NeedResult.SUBMITTED, at_police=False)
    assert not helped(NeedResult.DECLINED, at_police=False)


# ---- the table


def test_without_knocks_the_table_is_the_assumption() -> None:
    table = LearnedTable(PRIOR)
    assert all(
        table.chance(kind, cls, hamlet) == pytest.approx(MEET_CHANCE[kind][cls])
        for kind in MeetKind for cls in SlotClass for hamlet in (None, 1)
    )  # fmt: skip


def test_ten_knocks_weigh_as_much_as_the_assumption() -> None:
    assert updated(0.65, 10, Count(0, 10)).mean == pytest.approx(0.325)


@given(knocks, kinds, classes, hamlets)
def test_a_chance_lies_between_never_and_always(given_knocks: list[Knock], kind: K, cls: SlotClass, hamlet: int | None) -> None:
    assert 0 < table_of(given_knocks).chance(kind, cls, hamlet) < 1


@given(knocks, st.randoms(use_true_random=False), kinds, classes, hamlets)
def test_the_order_in_which_visits_are_read_changes_nothing(
    given_knocks: list[Knock], dice: random.Random, kind: K, cls: SlotClass, hamlet: int | None
) -> None:
    shuffled = list(given_knocks)
    dice.shuffle(shuffled)
    assert table_of(shuffled) == table_of(given_knocks)
    assert table_of(shuffled).chance(kind, cls, hamlet) == table_of(given_knocks).chance(kind, cls, hamlet)


@given(knocks, st.integers(1, 8), st.integers(1, 3), classes, kinds)
def test_one_more_absence_never_raises_a_chance(
    given_knocks: list[Knock], house: int, hamlet: int, cls: SlotClass, kind: K
) -> None:
    before = table_of(given_knocks)
    after = table_of([*given_knocks, a_knock(len(given_knocks), house, hamlet, cls, kind, met=False, promised=False)])
    for k in MeetKind:
        for c in SlotClass:
            for h in (None, 1, 2, 3, 99):
                assert after.chance(k, c, h) <= before.chance(k, c, h) + 1e-12


@given(knocks, kinds, classes, st.sampled_from([1, 2, 3]))
def test_a_hamlets_chance_lies_between_its_own_share_and_that_of_all_hamlets(
    given_knocks: list[Knock], kind: K, cls: SlotClass, hamlet: int
) -> None:
    table = table_of(given_knocks)
    everywhere, count = table.chance(kind, cls), table.counts.doors.get((kind, cls, hamlet), NOTHING)
    own = count.met / count.tried if count.tried else everywhere
    low, high = sorted((own, everywhere))
    assert low - 1e-12 <= table.chance(kind, cls, hamlet) <= high + 1e-12


@given(st.integers(0, 30), st.integers(0, 30))
def test_more_of_the_same_makes_a_figure_surer(met: int, missed: int) -> None:
    some, more = (updated(0.5, 10, Count(n * met, n * (met + missed))).interval() for n in (1, 4))
    assert more[1] - more[0] <= some[1] - some[0] + 1e-9
    assert 0 < some[0] <= some[1] < 1


def test_what_the_desk_set_wins_the_hamlets_own_first() -> None:
    table = replace(
        table_of([a_knock(n, n, 1, EVENING, K.USUAL, True, False) for n in range(20)]),
        overrules={(K.USUAL, EVENING, None): 0.2, (K.USUAL, EVENING, 1): 0.4},
    )
    assert [table.chance(K.USUAL, EVENING, hamlet) for hamlet in (1, 2, None)] == [0.4, 0.2, 0.2]


def test_hours_that_the_settings_rule_out_stay_out_whatever_was_knocked() -> None:
    never = CampaignSettings.from_dict({"meet_chance": {"away": {"weekday_day": 0}}})
    table = LearnedTable(Prior.of(never, assumed_success(never)), Counts({(K.AWAY, DAY, 1): Count(3, 3)}))
    assert table.chance(K.AWAY, DAY, 1) == 0


# ---- what trying is worth


def test_an_optimist_counts_little_known_hours_for_more_and_well_known_ones_as_they_are() -> None:
    table = LearnedTable(PRIOR, Counts({(K.USUAL, EVENING, 1): Count(650, 1000)}))
    chances = Chances(table, Exploration.OPTIMISM)
    unknown, known = (chances.worth(K.USUAL, c, 1) - chances.chance(K.USUAL, c, 1) for c in (DAY, EVENING))
    assert unknown > 0.05
    assert 0 < known < 0.02


def test_drawn_chances_are_the_same_for_the_same_seed_and_others_for_another() -> None:
    table = LearnedTable(PRIOR)
    first, again, other = (
        [Chances(table, Exploration.THOMPSON, seed).worth(kind, DAY, 1) for kind in MeetKind] for seed in (1, 1, 2)
    )
    assert first == again != other


def test_a_figure_set_by_hand_is_not_in_doubt() -> None:
    table = LearnedTable(PRIOR, overrules={(K.USUAL, DAY, None): 0.4})
    assert {Chances(table, how, 3).worth(K.USUAL, DAY, 1) for how in Exploration} == {0.4}


# ---- a household's own history


def test_after_one_absence_the_same_hour_of_the_week_keeps_the_repeat_factor() -> None:
    tuesday = (OwnKnock(EVENING, 1, met=False),)
    assert own_chance(0.65, tuesday, EVENING, (1,), 0.85) == pytest.approx(0.65 * 0.85)
    same, other_day, other_hours = (
        own_chance(0.5, tuesday, cls, (day,), 0.85) for cls, day in ((EVENING, 1), (EVENING, 3), (WEEKEND, 5))
    )
    assert same < other_day < other_hours < 0.5


@given(st.floats(0.01, 0.99), own_knocks, classes, st.integers(0, 6), st.floats(0, 1), classes, st.integers(0, 6))
def test_a_call_in_vain_never_raises_a_households_chance_and_a_welcome_never_lowers_it(
    chance: float, before: tuple[OwnKnock, ...], cls: SlotClass, day: int, factor: float, knocked: SlotClass, weekday: int
) -> None:
    now, silent, met = (
        own_chance(chance, (*before, *more), cls, (day,), factor)
        for more in ((), (OwnKnock(knocked, weekday, met=False),), (OwnKnock(knocked, weekday, met=True),))
    )
    assert silent <= now + 1e-12
    assert met >= now - 1e-12
    assert 0 <= silent <= met <= 1


def test_without_a_history_a_household_is_like_its_neighbours() -> None:
    assert own_chance(0.37, (), EVENING, (1, 2), 0.85) == 0.37


# ---- rewards and lengths by what was learned


def need(kind: MeetKind = K.USUAL, code: str = "bhyt", low_tech: bool = False) -> NeedFacts:
    return NeedFacts(ServiceFacts(code, ServiceRule.DOCUMENT, code, 10, 100), kind, OutreachGroup.DOCUMENTS, low_tech)


def test_a_reward_counts_with_the_learned_chances() -> None:
    counts = Counts({(K.USUAL, DAY, 1): Count(90, 100)}, services={"bhyt": Count(0, 90)})
    learned = Chances(LearnedTable(PRIOR, counts))
    worth = VisitWorth((need(),), 60, visited=True, hamlet_id=1)
    chance = learned.chance(K.USUAL, DAY, 1)
    assert chance > 0.8
    assert Prospect(worth, SETTINGS, learned).points[DAY] == round(100 * chance * (10 * 0.88 / 100))


def test_without_evidence_learned_rewards_are_those_of_the_tables() -> None:
    nothing = Chances(LearnedTable(PRIOR))
    for kind in MeetKind:
        worth = VisitWorth((need(kind), need(kind, "activate", low_tech=True)), 60, hamlet_id=1)
        assert Prospect(worth, SETTINGS, nothing).points == Prospect(worth, SETTINGS).points
        assert Prospect(worth, SETTINGS, nothing).seconds == Prospect(worth, SETTINGS).seconds


def test_of_two_residents_the_one_who_was_out_is_less_likely_to_be_met_there_again() -> None:
    learned = Chances(LearnedTable(PRIOR))
    knocks = {1: (OwnKnock(EVENING, 1, met=True),), 2: (OwnKnock(EVENING, 1, met=False),)}
    was_in, was_out = (
        Prospect(VisitWorth((replace(need(), resident_id=n),), 60, hamlet_id=1, knocks=knocks), SETTINGS, learned).points
        for n in (1, 2)
    )
    assert was_in[EVENING] > was_out[EVENING]


def test_whether_people_come_to_the_police_is_learned() -> None:
    service = ServiceFacts("register", ServiceRule.REGISTER, minutes=5, weight=100, at_police=True)
    worth = VisitWorth((NeedFacts(service, K.NO_ACCOUNT, OutreachGroup.DOCUMENTS),), 60, visited=True)
    nobody, everybody = (
        Prospect(worth, SETTINGS, Chances(LearnedTable(PRIOR, Counts(services={APPOINTMENT: count})))).points[EVENING]
        for count in (Count(0, 90), Count(90, 90))
    )
    assert nobody == round(100 * 0.60 * 0.60 * (10 * 0.55 / 100))
    assert everybody == round(100 * 0.60 * 0.60 * ((10 * 0.55 + 90) / 100))


def test_activation_is_three_things_to_learn() -> None:
    keys = {success_key("activate", low_tech=low, smartphone=phone) for low in (True, False) for phone in (True, None, False)}
    assert keys == {"activate", "activate.low_tech", "activate.no_phone"}
    assert success_key("gplx", low_tech=True, smartphone=False) == "gplx"


def test_a_slow_crew_gets_longer_visits_and_closed_doors_their_own_time() -> None:
    worth = VisitWorth((need(),), 60, hamlet_id=1)
    usual, slow = (
        Prospect(worth, SETTINGS, Chances(LearnedTable(PRIOR, lengths=lengths))).seconds[EVENING]
        for lengths in (Lengths(), Lengths(inside=1.5, outside=1.0))
    )
    assert slow - usual == pytest.approx(60 * 0.5 * (0.65 * 4 + 0.65 * 10), abs=1)


def test_in_a_drawn_town_the_learned_table_foretells_better_than_the_fixed_one() -> None:
    """The short form of `python -m benchmarks.learning calibration`."""
    later = [p for p in play(1, Spread(1.0, 0.6, 0.3), weeks=5).predictions if p.week >= 2]
    fixed, learned, truth = (brier(later, how) for how in ("fixed", "learned", "truth"))
    assert truth < learned < fixed - 0.3 * (fixed - truth)


# ---- how long doors take


def a_shift(lengths: list[tuple[bool, float]], way: float = 3, planned: float = 12) -> list[Stop]:
    """Return a shift whose visits took so many minutes, each planned to take twelve, with ways as planned."""
    stops, ended, begins = [], 0.0, 0.0
    for n, (met, minutes) in enumerate(lengths):
        begins += way
        ended += way + minutes
        stops.append(Stop(n, BEGIN + timedelta(minutes=begins), planned, BEGIN + timedelta(minutes=ended), met, 20 if met else 7))
        begins += planned
    return stops


def test_lengths_are_learned_from_the_time_between_two_reports_less_the_way() -> None:
    evening = [(True, 30.0), (False, 7.0), (True, 30.0), (False, 7.0), (True, 30.0)]
    found = measured([a_shift(evening)] * 200, 0.6)
    assert (found.n_inside, found.n_outside, found.n_shifts) == (400, 400, 200)
    assert found.inside == pytest.approx(1.5, abs=0.03)
    assert found.outside == pytest.approx(1.0, abs=0.01)


def test_reports_typed_in_one_after_the_other_teach_nothing_of_lengths() -> None:
    assert measured([a_shift([(True, 0.2)] * 6, way=0.1, planned=0.1)], 0.6) == Lengths(spread=0.6)


def test_a_pace_is_the_mean_of_visits_since_lists_are_their_sum() -> None:
    """Two of three visits take 16 minutes where the settings say 20, one takes 28: twenty on average, though the median is 16."""
    evening = [(True, 16.0), (True, 16.0), (True, 28.0)] * 4
    assert measured([a_shift(evening)] * 100, 0.6).inside == pytest.approx(1.0, abs=0.04)


def test_a_long_pause_moves_a_pace_but_little() -> None:
    calm = [(True, 20.0)] * 6
    found = measured([a_shift(calm)] * 30 + [a_shift([(True, 20.0), (True, 110.0), (True, 20.0)])], 0.6)
    assert found.inside == pytest.approx(1.0, abs=0.01)


def test_visits_out_of_the_planned_order_are_not_measured() -> None:
    stops = a_shift([(True, 20.0)] * 5)
    assert measured([[stops[0], stops[2], stops[4]]], 0.6).n_inside == 0


def test_the_spread_of_shifts_is_learned_from_how_far_they_stray() -> None:
    steady, wild = (measured([a_shift([(True, minutes)] * 8)] * 100, 0.6).spread for minutes in (12.0, 24.0))
    assert steady < 0.6 < wild


@given(st.floats(0, 2), st.integers(60, 300), st.integers(50, 99), st.integers(0, 200))
def test_a_list_goes_on_for_longer_the_less_is_known_of_lengths_but_never_far(
    spread: float, slot: int, percent: int, part: int
) -> None:
    extras = [extra_minutes(spread, slot, percent / 100, p / 100) for p in range(0, part + 1, 10)]
    assert all(a <= b for a, b in pairwise(extras))
    assert all(0 <= extra <= slot / 3 + 1 for extra in extras)


# ---- core and reserve


def way(here: str | None, there: str | None) -> int:
    return 180


doors = st.lists(
    st.tuples(st.integers(60, 2400), st.booleans()).map(lambda row: Door("?", row[0], 0, row[1])),
    max_size=14,
).map(lambda listed: [replace(door, id=str(n)) for n, door in enumerate(listed)])


@given(doors, st.integers(1, 10_000), st.floats(0, 2), st.sampled_from([0.85, 0.9]))
def test_without_its_reserve_a_crew_is_home_in_time_or_only_kept_doors_are_left(
    listed: list[Door], ends: int, spread: float, share: float
) -> None:
    out = reserves(listed, 0, ends, way, spread, share)
    core = [door for door in listed if door.id not in out]
    assert not any(door.kept for door in listed if door.id in out)
    in_time = not core or home_at(core, 0, way) + 60 * stray_minutes(spread, [door.seconds / 60 for door in core], share) <= ends
    assert in_time or all(door.kept for door in core)


@given(doors, st.integers(1, 10_000))
def test_doors_of_reserve_are_the_last_of_the_list_and_no_more_than_it_takes(listed: list[Door], ends: int) -> None:
    out = reserves(listed, 0, ends, way, 0.6, 0.85)
    first = next((n for n, door in enumerate(listed) if door.id in out), len(listed))
    assert all(door.id in out or door.kept for door in listed[first:])
    if out:
        core = [door for door in listed if door.id not in out or door.id == listed[first].id]
        late = 60 * stray_minutes(0.6, [door.seconds / 60 for door in core], 0.85)
        assert home_at(core, 0, way) + late > ends, "one more would have been too many"


def test_an_easy_list_has_no_reserve_and_a_full_one_has_at_its_end() -> None:
    evening = [Door(str(n), 600) for n in range(12)]
    assert reserves(evening[:4], 0, 9000, way, 0.6, 0.85) == frozenset()
    assert reserves(evening, 0, 9000, way, 0.6, 0.85) == {"9", "10", "11"}
    assert reserves([*evening[:11], replace(evening[11], kept=True)], 0, 9000, way, 0.6, 0.85) == {"8", "9", "10"}


def test_short_visits_stray_less_than_long_ones() -> None:
    assert stray_minutes(0.6, [7] * 10, 0.9) == pytest.approx(stray_minutes(0.6, [14] * 10, 0.9) / 2)


def test_a_crew_waits_for_a_promised_hour() -> None:
    assert home_at([Door("a", 600, opens=5000)], 0, way) == 5000 + 600 + 180


@given(doors, st.integers(1, 10_000))
def test_hours_told_follow_each_other_and_none_is_too_late_for_the_core_doors_behind_it(listed: list[Door], ends: int) -> None:
    out = reserves(listed, 0, ends, way, 0.6, 0.9)
    starts, at = [], 0
    for door in listed:
        at += way(None, door.id)
        starts.append(at)
        at += door.seconds
    told = told_hours(listed, starts, out, 0, ends, way, 0.6, 0.9)
    of_core = [hour for door, hour in zip(listed, told, strict=True) if door.id not in out]
    assert of_core == sorted(of_core)
    assert all(hour <= start for hour, start in zip(told, starts, strict=True))
    core = [door for door in listed if door.id not in out]
    if home_at(core, 0, way) <= ends:
        for n, (door, hour) in enumerate(zip(listed, told, strict=True)):
            ahead = sum(180 + other.seconds for other in listed[n + 1 :] if other.id not in out)
            assert hour + door.seconds + ahead + 180 <= ends or hour in {0, *of_core[: n + 1]}


def test_a_reserve_door_at_the_end_is_for_crews_that_are_home_in_time_with_it_as_often_as_is_asked_for() -> None:
    evening = [Door("a", 1200), Door("b", 1200), Door("c", 1200)]
    a, b, c = told_hours(evening, [180, 1560, 2940], frozenset({"c"}), 0, 2940, way, 0.6, 0.9)
    assert (a, b) == (180, 1560)
    assert c == round(2940 - 180 - 1200 - NormalDist().inv_cdf(0.9) * 0.6 * 1200)


def test_a_promised_hour_is_told_as_it_was_promised() -> None:
    evening = [Door("a", 1200), Door("b", 1200), Door("c", 1200, opens=5000, kept=True)]
    assert told_hours(evening, [180, 1560, 5000], frozenset({"b"}), 0, 5400, way, 0.0, 0.9) == [180, 1560, 5000]
