"""What the weekly problem says of the database: who can come when, whom to call on, and from when."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from planner.domain.calendar import instant
from planner.domain.vocabulary import Outcome, Period, RuleKind, Sex, StopReason
from planner.models import Appointment, AvailabilityChange, ContactStop, Database, Household
from planner.services import planning
from planner.services.bridge import WeekProblem
from planner.services.planning import RuleForm
from solver.problem import parse_problem
from tests import builders as make
from tests.builders import MONDAY, NOW
from tests.services.plans import problem_of
from tests.worlds import World, a_running_week, one_alley

HOUR = 3600
DAY = 24 * HOUR


def house_in(problem: WeekProblem, household: Household) -> dict[str, Any] | None:
    return next((h for h in problem.document["households"] if h["id"] == f"h{household.id}"), None)


def left_out(problem: WeekProblem) -> dict[int, str]:
    return {house.household_id: house.reason for house in problem.left_out}


def rule(session: Session, world: World, kind: RuleKind, household: Household, **fields: Any) -> None:
    planning.add_rule(session, world.desk, RuleForm(household.id, kind, monday=MONDAY, **fields), NOW)


def test_every_household_in_need_is_a_household_of_the_problem(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        make.a_household(session, world.hamlet, "Không Cần Gì")
        problem = problem_of(session, world.desk)
    assert [h["id"] for h in problem.document["households"]] == [f"h{h.id}" for h in world.households]
    assert not parse_problem(problem.document).pins


def test_the_same_database_gives_the_same_problem_byte_for_byte(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        first, second = problem_of(session, world.desk), problem_of(session, world.desk)
    assert json.dumps(first.document) == json.dumps(second.document)
    assert first.digest == second.digest


def test_rows_that_come_in_another_order_are_the_same_problem(db: Database) -> None:
    with db.begin() as session:
        world = a_running_week(session)
        if db.engine.dialect.name == "sqlite":
            first = problem_of(session, world.desk)
            session.execute(text("PRAGMA reverse_unordered_selects = ON"))
            second = problem_of(session, world.desk)
            session.execute(text("PRAGMA reverse_unordered_selects = OFF"))
        else:  # a row written anew stands at the end of its table
            first = problem_of(session, world.desk)
            session.execute(text("UPDATE household SET position = position WHERE id IN (SELECT min(id) FROM household)"))
            session.execute(text("UPDATE volunteer SET name = name WHERE id IN (SELECT min(id) FROM volunteer)"))
            second = problem_of(session, world.desk)
    assert json.dumps(first.document) == json.dumps(second.document)


def test_another_commune_is_no_part_of_the_problem(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        problem = problem_of(session, world.stranger)
    assert len(problem.document["households"]) == 1
    assert not problem.document["volunteers"]


def test_the_holiday_of_the_24th_of_november_has_no_slots(db: Database) -> None:
    with db.begin() as session:
        problem = problem_of(session, one_alley(session).desk)
    days = {slot["id"].split("_")[0] for slot in problem.document["slots"]}
    assert days == {"mon", "wed", "thu", "fri", "sat", "sun"}


def test_a_campaign_may_open_a_holiday_and_close_a_day(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        world.campaign.settings = {"open_dates": ["2026-11-24"], "closed_dates": ["2026-11-26"]}
        problem = problem_of(session, world.desk)
    slots = {slot["id"]: slot["class"] for slot in problem.document["slots"]}
    assert slots["tue_T"] == "weekend_evening"  # people are at home as on a Sunday
    assert "thu_T" not in slots


def test_slots_outside_the_campaign_are_left_out(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        world.campaign.ends_on = date(2026, 11, 25)
        problem = problem_of(session, world.desk)
    assert {slot["id"].split("_")[0] for slot in problem.document["slots"]} == {"mon", "wed"}


def test_slots_that_have_begun_are_left_out(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        problem = problem_of(session, world.desk, at=instant(MONDAY, time(18, 30)))
    assert next(slot["id"] for slot in problem.document["slots"]) == "wed_S"


def test_a_volunteer_comes_as_usual_unless_they_said_otherwise_for_the_date(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        minh = world.volunteers[0]
        for period, available, hours in ((Period.EVENING, False, 1), (Period.MORNING, False, 1), (Period.MORNING, True, 2)):
            session.add(
                AvailabilityChange(
                    volunteer_id=minh.id,
                    on_date=MONDAY,
                    period=period,
                    available=available,
                    changed_at=NOW - timedelta(hours=9 - hours),
                )
            )
        session.flush()
        problem = problem_of(session, world.desk)
    assert problem.document["volunteers"][0]["slots"] == ["mon_S", "wed_T", "sat_S"]  # the latest word counts


def test_a_volunteer_who_left_is_not_planned_with(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        world.volunteers[0].left_at = NOW
        problem = problem_of(session, world.desk)
    assert [v["id"] for v in problem.document["volunteers"]] == [f"v{v.id}" for v in world.volunteers[1:]]


def test_crews_may_ask_for_a_lead_a_woman_and_a_language(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        world.households[0].needs_woman = True
        world.households[1].languages = ["H'Mông", "Thái"]
        world.households[2].languages = ["Thái", "Việt"]
        nga = world.volunteers[1]
        nga.sex, nga.languages, nga.can_lead, nga.skills = Sex.FEMALE, ["tiếng MÔNG"], False, ["Cài đặt VNeID"]
        session.flush()
        problem = problem_of(session, world.desk)
        asked = [house_in(problem, household) or {} for household in world.households[:3]]
    assert [house.get("skills") for house in asked] == [["woman"], None, None]
    assert [house.get("languages") for house in asked] == [None, ["mong", "thai"], None]
    person = problem.document["volunteers"][1]
    assert person["skills"] == ["cai dat vneid", "woman"]
    assert person["languages"] == ["mong", "viet"]
    assert problem.document["crew"] == {"size": 2, "skills": ["lead"]}


def test_a_commune_that_named_no_leads_still_gets_a_plan_and_a_note(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        for volunteer in world.volunteers:
            volunteer.can_lead = False
        problem = problem_of(session, world.desk)
    assert problem.document["crew"] == {"size": 2, "skills": []}
    assert problem.notes["no_lead_known"] is True


@pytest.mark.parametrize("reason", list(StopReason))
def test_nobody_calls_where_contact_is_stopped(db: Database, reason: StopReason) -> None:
    with db.begin() as session:
        world = one_alley(session)
        stop = ContactStop(household_id=world.households[0].id, reason=reason, since_at=NOW)
        session.add(stop)
        session.flush()
        problem = problem_of(session, world.desk)
        assert house_in(problem, world.households[0]) is None
        assert left_out(problem) == {world.households[0].id: "contact_stopped"}
        stop.lifted_at = NOW
        assert house_in(problem_of(session, world.desk), world.households[0])


def test_a_resident_who_refused_is_not_called_on_but_the_others_are(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        house = make.a_household(session, world.hamlet, group=1)
        stays = make.a_resident(session, house, "Còn Lại", account="issued")
        make.rebuild(session, house)
        refused = make.needs_of(session, house)["activate"]
        session.add(ContactStop(household_id=house.id, resident_id=refused.resident_id, reason="refused", since_at=NOW))
        session.flush()
        problem = problem_of(session, world.desk)
        target = problem.targets[house.id]
        residents = {session.get_one(make.Need, need_id).resident_id for need_id in target.need_ids}
    assert stays.id in residents | {refused.resident_id}
    assert refused.resident_id not in residents


def test_three_unanswered_calls_are_enough(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        for days in (12, 9, 6):
            make.a_visit(session, world.households[0], Outcome.ABSENT, NOW - timedelta(days=days))
        problem = problem_of(session, world.desk)
    assert left_out(problem) == {world.households[0].id: "max_attempts"}


def test_a_promised_hour_is_kept_even_after_three_unanswered_calls(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        house = world.households[0]
        for days in (12, 9, 1):
            make.a_visit(session, house, Outcome.ABSENT, NOW - timedelta(days=days))
        starts = instant(MONDAY + timedelta(days=2), time(19, 0))
        session.add(Appointment(household_id=house.id, starts_at=starts, ends_at=starts + timedelta(hours=1), made_at=NOW))
        session.flush()
        problem = problem_of(session, world.desk)
        found = house_in(problem, house)
    assert found is not None
    assert found["windows"] == [[2 * DAY + 19 * HOUR, 2 * DAY + 20 * HOUR]]
    assert {"household": found["id"]} in problem.document["pins"]


def test_48_hours_lie_between_two_calls(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        make.a_visit(session, world.households[0], Outcome.ABSENT, NOW - timedelta(hours=1))  # Sunday 11:00
        problem = problem_of(session, world.desk)
        found = house_in(problem, world.households[0])
    assert found is not None
    assert found["windows"] == [[DAY + 11 * HOUR, 7 * DAY]]


def test_a_household_called_on_too_short_ago_for_the_rest_of_the_week_waits(db: Database) -> None:
    saturday = instant(MONDAY + timedelta(days=5), time(9, 0))
    with db.begin() as session:
        world = one_alley(session)
        make.a_visit(session, world.households[0], Outcome.ABSENT, saturday)
        problem = problem_of(session, world.desk, at=saturday + timedelta(hours=1))
    assert left_out(problem) == {world.households[0].id: "too_soon"}


def test_unanswered_calls_make_the_same_hours_worth_less(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        house = world.households[1]
        make.a_visit(session, house, Outcome.NOT_REACHED, instant(date(2026, 11, 12), time(9, 0)))
        before = house_in(problem_of(session, world.desk), house)
        make.a_visit(session, house, Outcome.ABSENT, instant(date(2026, 11, 16), time(19, 0)))
        after = house_in(problem_of(session, world.desk), house)
    assert before is not None
    assert after is not None
    left = {hours: after["reward"][hours] / before["reward"][hours] for hours in ("weekday_evening", "weekday_day")}
    assert left["weekday_evening"] < 0.9 < left["weekday_day"] < 1  # other hours a little, too: people who are mostly out


def test_with_fixed_tables_a_call_in_vain_speaks_of_its_own_hours_alone(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        world.campaign.settings = {"learning": False}
        house = world.households[1]
        make.a_visit(session, house, Outcome.NOT_REACHED, instant(date(2026, 11, 12), time(9, 0)))
        before = house_in(problem_of(session, world.desk), house)
        make.a_visit(session, house, Outcome.ABSENT, instant(date(2026, 11, 16), time(19, 0)))
        after = house_in(problem_of(session, world.desk), house)
    assert before is not None
    assert after is not None
    assert after["reward"]["weekday_evening"] < before["reward"]["weekday_evening"]
    assert after["reward"]["weekday_day"] == before["reward"]["weekday_day"]


def test_who_met_the_household_before_is_known_to_it(db: Database) -> None:
    with db.begin() as session:
        world = a_running_week(session)
        house = world.households[0]
        (assignment,) = make.assignments_of(session, house)
        make.a_visit(session, house, Outcome.MET, NOW - timedelta(days=9), assignment, volunteer_id=world.volunteers[3].id)
        world.week.state = make.WeekState.CLOSED  # type: ignore[union-attr]
        session.flush()
        found = house_in(problem_of(session, world.desk), house)
    assert found is not None
    assert found["known"] == [f"v{world.volunteers[i].id}" for i in (0, 1, 3)]


def test_forbidding_leaves_the_household_out_or_its_volunteer_or_its_hours(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        first, second, third, fourth, fifth = world.households
        rule(session, world, RuleKind.FORBID, first)
        rule(session, world, RuleKind.FORBID, second, volunteer_id=world.volunteers[0].id)
        rule(session, world, RuleKind.FORBID, third, on_date=MONDAY, period=Period.EVENING)
        rule(session, world, RuleKind.FORBID, fourth, on_date=MONDAY)
        rule(session, world, RuleKind.FORBID, fifth, period=Period.EVENING)
        problem = problem_of(session, world.desk)
        houses = [house_in(problem, household) for household in world.households]
    assert left_out(problem) == {first.id: "forbidden"}
    assert houses[1] is not None
    assert houses[1]["avoid"] == [f"v{world.volunteers[0].id}"]
    assert houses[2] is not None
    # lists go on beyond the end of their slot, and so does what the desk forbade
    lists_end = next(slot["end"] for slot in problem.document["slots"] if slot["id"] == "mon_T")
    assert lists_end > 21 * HOUR
    assert houses[2]["windows"] == [[0, 18 * HOUR + 1799], [lists_end + 1, 7 * DAY]]
    assert houses[3] is not None
    assert houses[3]["windows"] == [[DAY, 7 * DAY]]
    assert houses[4] is not None
    assert len(houses[4]["windows"]) == 8


def test_pins_name_slot_and_volunteer_or_narrow_the_hours(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        minh = world.volunteers[0]
        rule(session, world, RuleKind.PIN, world.households[0], on_date=MONDAY, period=Period.EVENING, volunteer_id=minh.id)
        rule(session, world, RuleKind.PIN, world.households[1], on_date=MONDAY + timedelta(days=2))
        problem = problem_of(session, world.desk)
        narrowed = house_in(problem, world.households[1])
    assert problem.document["pins"] == [
        {"household": f"h{world.households[0].id}", "slot": "mon_T", "volunteers": [f"v{minh.id}"]},
        {"household": f"h{world.households[1].id}"},
    ]
    assert narrowed is not None
    assert narrowed["windows"] == [[2 * DAY, 3 * DAY - 1]]


def test_a_rule_of_another_week_does_not_count(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        form = RuleForm(world.households[0].id, RuleKind.FORBID, monday=MONDAY + timedelta(days=7))
        planning.add_rule(session, world.desk, form, NOW)
        assert house_in(problem_of(session, world.desk), world.households[0])


def test_a_household_promised_in_this_week_is_not_promised_in_the_next_as_well(db: Database) -> None:
    with db.begin() as session:
        world = a_running_week(session)
        saturday = instant(MONDAY, time(12, 0))
        problem = problem_of(session, world.desk, at=saturday, monday=MONDAY + timedelta(days=7))
    assert set(left_out(problem).values()) == {"already_promised"}
    assert not problem.document["households"]


def test_the_week_in_force_is_the_base_of_its_next_draft(db: Database) -> None:
    with db.begin() as session:
        world = a_running_week(session)
        problem = problem_of(session, world.desk)
    base = problem.document["base"]["visits"]
    assert [visit["household"] for visit in base] == [f"h{h.id}" for h in world.households]
    assert {visit["slot"] for visit in base} == {"mon_T", "wed_T"}


def test_shifts_behind_a_volunteer_count_against_their_limit(db: Database) -> None:
    with db.begin() as session:
        world = a_running_week(session)
        world.volunteers[0].max_shifts = 1
        session.flush()
        problem = problem_of(session, world.desk, at=datetime.combine(MONDAY, time(23, 30), make.NOW.tzinfo))
    left = {v["id"]: v["max_shifts"] for v in problem.document["volunteers"]}
    assert left == {f"v{v.id}": most for v, most in zip(world.volunteers, (0, 2, 3, 3), strict=True)}
