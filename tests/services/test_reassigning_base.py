"""A week in force that cannot stay as it is does not keep the missed from another hour: what is impossible is no change."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from planner.domain.calendar import instant
from planner.domain.vocabulary import Period, RuleKind, RunState
from planner.models import Appointment, Database, Household, HouseholdRule
from planner.services import planning, reassigning
from tests import builders as make
from tests.builders import MONDAY, NOW
from tests.services.plans import computed, files_of
from tests.services.test_reassigning import TUESDAY, absent, changes_of, reassigned
from tests.solver.judge.check_plan import judge
from tests.worlds import World, a_running_week

ROUNDS = 400  # of the search: enough to exchange one of two doors
WEDNESDAY, FRIDAY, SATURDAY = (MONDAY + timedelta(days=n) for n in (2, 4, 5))


@pytest.fixture
def world(db: Database) -> World:
    """Return a week of which Monday evening's third household was missed; two are promised for Wednesday evening."""
    with db.begin() as session:
        world = a_running_week(session)
        for volunteer in world.volunteers[:2]:
            absent(session, volunteer, 2)  # Minh and Nga do not come on Wednesday
        return world


def asked(db: Database, world: World) -> planning.RunView:
    """Ask for another hour of the one that was missed, and have the files judged."""
    with db.begin() as session:
        run_id = reassigning.request(session, world.desk, MONDAY, [world.households[2].id], TUESDAY, {"iterations": ROUNDS})
    run = computed(db, run_id, TUESDAY)
    assert run.state is RunState.DONE, run
    with db.read() as session:
        faults, _ = judge(*files_of(session, run.id))
    assert faults == []
    return run


def base_of(db: Database, run: planning.RunView) -> dict[str, Any]:
    with db.read() as session:
        problem, _ = files_of(session, run.id)
    return {"most": problem["max_changes"], "households": [visit["household"] for visit in problem["base"]["visits"]]}


def named(*households: Household) -> list[str]:
    return [f"h{household.id}" for household in households]


def settings(session: Session, world: World, **changed: Any) -> None:
    row = session.get_one(make.Campaign, world.campaign.id)
    row.settings = {**row.settings, "expected_lengths": False, **changed}


def rule(world: World, household: Household, kind: RuleKind, **fields: Any) -> HouseholdRule:
    return HouseholdRule(
        campaign_id=world.campaign.id, household_id=household.id, kind=kind, monday=MONDAY, made_at=NOW, **fields
    )


def test_what_can_stay_is_the_base_and_may_change_once_for_each_that_was_missed(db: Database, world: World) -> None:
    assert base_of(db, asked(db, world)) == {"most": 1, "households": named(*world.households[3:])}


def test_households_that_have_since_named_another_hour_are_no_changes(db: Database, world: World) -> None:
    with db.begin() as session:
        for household in world.households[3:]:
            session.add(
                Appointment(
                    household_id=household.id, at_police=False, starts_at=instant(FRIDAY, time(18, 30)),
                    ends_at=instant(FRIDAY, time(20, 30)), made_at=NOW,
                )
            )  # fmt: skip
    assert base_of(db, asked(db, world))["households"] == []


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (RuleKind.PIN, {"on_date": SATURDAY, "period": Period.MORNING}),
        (RuleKind.FORBID, {"on_date": WEDNESDAY, "period": Period.EVENING}),
    ],
    ids=["pinned to another slot", "forbidden in theirs"],
)
def test_households_the_desk_has_since_decided_of_are_no_changes(
    db: Database, world: World, kind: RuleKind, fields: dict[str, Any]
) -> None:
    with db.begin() as session:
        session.add_all(rule(world, household, kind, **fields) for household in world.households[3:])
    assert base_of(db, asked(db, world))["households"] == []


def test_of_two_pins_on_one_household_either_can_make_its_visit_impossible(db: Database, world: World) -> None:
    with db.begin() as session:
        for household in world.households[3:]:
            session.add(rule(world, household, RuleKind.PIN, on_date=SATURDAY, period=Period.MORNING))
            session.flush()
            session.add(rule(world, household, RuleKind.PIN, volunteer_id=world.volunteers[2].id))  # who was to come anyway
    assert base_of(db, asked(db, world))["households"] == []


def test_households_whose_crew_may_not_come_any_more_are_no_changes(db: Database, world: World) -> None:
    hai = world.volunteers[2]
    with db.begin() as session:
        session.add_all(rule(world, household, RuleKind.FORBID, volunteer_id=hai.id) for household in world.households[3:])
    assert base_of(db, asked(db, world))["households"] == []


def test_households_whose_language_nobody_of_the_crew_speaks_are_no_changes(db: Database, world: World) -> None:
    with db.begin() as session:
        for household in world.households[3:]:
            session.get_one(Household, household.id).languages = ["Khmer"]
    assert base_of(db, asked(db, world))["households"] == []


def test_households_that_now_need_a_woman_among_the_crew_are_no_changes_where_there_is_none(db: Database, world: World) -> None:
    with db.begin() as session:
        for household in world.households[3:]:
            session.get_one(Household, household.id).needs_woman = True
        for volunteer in world.volunteers[2:]:
            session.get_one(make.Volunteer, volunteer.id).sex = None
    assert base_of(db, asked(db, world))["households"] == []


def test_crews_of_another_size_than_is_asked_for_now_are_no_base(db: Database, world: World) -> None:
    with db.begin() as session:
        settings(session, world, crew_size=3)
    assert base_of(db, asked(db, world))["households"] == []


def test_evenings_that_hold_fewer_doors_than_were_promised_allow_for_the_changes(db: Database, world: World) -> None:
    """Wednesday evening was cut to twenty minutes: it holds neither visit any more."""
    with db.begin() as session:
        settings(session, world, periods={"T": ["18:30", "18:35"]})
    assert base_of(db, asked(db, world)) == {"most": 3, "households": named(*world.households[3:])}


def test_a_reserve_door_makes_room_for_a_missed_household(db: Database, world: World) -> None:
    """Wednesday's crew has half an hour: enough for two visits, of which one is reserve."""
    with db.begin() as session:
        settings(session, world, periods={"T": ["18:30", "19:00"]})
        for volunteer in world.volunteers:
            absent(session, volunteer, 5, Period.MORNING)
        (assignment,) = make.assignments_of(session, world.households[4])
        assignment.reserve = True
    run = asked(db, world)
    assert base_of(db, run)["most"] == 2
    changes = changes_of(db, world, run)
    assert [c.household_id for c in changes.moved] == [world.households[2].id]
    assert [c.household_id for c in changes.withdrawn] == [world.households[4].id]


def test_a_promised_evening_stands_though_its_people_now_offer_fewer(db: Database, world: World) -> None:
    with db.begin() as session:
        for volunteer in world.volunteers[2:]:
            session.get_one(make.Volunteer, volunteer.id).max_shifts = 0
    run = asked(db, world)
    assert changes_of(db, world, run).kept == 2


def test_an_evening_that_fell_out_is_none_that_its_people_have_behind_them(db: Database) -> None:
    """Nga did not come on Monday, so Minh stayed at home too: the one evening that each offers a week is still to come."""
    with db.begin() as session:
        world = a_running_week(session)
        for volunteer in world.volunteers[:2]:
            session.get_one(make.Volunteer, volunteer.id).max_shifts = 1
        absent(session, world.volunteers[1], 0)
    run = reassigned(db, world, at=TUESDAY)
    assert run.state is RunState.DONE
    with db.read() as session:
        problem, _ = files_of(session, run.id)
    left = {person["id"]: person["max_shifts"] for person in problem["volunteers"]}
    assert [left[f"v{volunteer.id}"] for volunteer in world.volunteers[:2]] == [1, 1]
