"""Each job of the clock: when it is due, and what it does, once, whatever the hour at which it comes to it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from planner.domain.calendar import instant, local_date
from planner.domain.notices import NoticeKind
from planner.domain.settings import CampaignSettings
from planner.domain.vocabulary import AuditAction, NeedState, Outcome, Role, RunKind, RunState, WeekState
from planner.jobs import JOBS, draft_ready
from planner.jobs.job import slots_within
from planner.models import (
    Appointment,
    AuditEntry,
    AvailabilityChange,
    AvailabilityClosing,
    Campaign,
    Database,
    Device,
    Evidence,
    FieldEvent,
    Need,
    Notice,
    PlanRun,
    Shift,
    SignInLink,
    WeekPlan,
)
from planner.services import deadlines, evidence, planning, volunteers
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView
from planner.services.deadlines import ReportCode
from tests import builders as make
from tests.jobs.clockwork import at_hour, result_of, ticked, told
from tests.worlds import World, a_full_week, a_running_week, one_alley

MONDAY = make.MONDAY
SUNDAY = MONDAY - timedelta(days=1)


@pytest.fixture
def world(db: Database) -> World:
    with db.begin() as session:
        return a_running_week(session)


def set_to(db: Database, world: World, **values: Any) -> None:
    """Change settings of the world's campaign."""
    with db.begin() as session:
        campaign = session.get_one(Campaign, world.campaign.id)
        campaign.settings = CampaignSettings.from_dict({**campaign.settings, **values}).to_dict()


def a_campaign_of(starts_on: date, ends_on: date, **given_settings: Any) -> CampaignView:
    return CampaignView(1, 1, 1, "x", "x", starts_on, ends_on, CampaignSettings.from_dict(given_settings), ())


HOURS = st.times(min_value=time(0, 0), max_value=time(23, 59)).map(lambda t: f"{t:%H:%M}")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    starts_on=st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    days=st.integers(0, 120),
    hours=st.tuples(HOURS, HOURS, HOURS, HOURS),
    weekdays=st.tuples(st.integers(0, 6), st.integers(0, 6)),
    monthly=st.integers(0, 28),
    cuts=st.lists(st.integers(0, 140 * 24 * 60), max_size=8),
)
def test_due_slots_lie_within_the_campaign_and_are_the_same_however_often_and_late_the_clock_looks(
    starts_on: date, days: int, hours: tuple[str, ...], weekdays: tuple[int, int], monthly: int, cuts: list[int]
) -> None:
    remind_at, digest_at, draft_at, backup_at = hours
    campaign = a_campaign_of(
        starts_on, starts_on + timedelta(days=days), remind_at=remind_at, digest_at=digest_at, draft_at=draft_at,
        backup_at=backup_at, draft_weekday=weekdays[0], availability_weekday=weekdays[1], monthly_report_day=monthly,
        final_report_on=(starts_on + timedelta(days=days + 5)).isoformat(),
    )  # fmt: skip
    begin = instant(starts_on, time()) - timedelta(days=30)
    end = begin + timedelta(days=400)
    moments = sorted({begin, end, *(begin + timedelta(minutes=cut) for cut in cuts)})
    for job in JOBS:
        once = slots_within(job, campaign, begin, end)
        in_parts = [d for a, b in pairwise(moments) for d in slots_within(job, campaign, a, b)]
        assert in_parts == once, job.name
        assert all(job.since(campaign) <= local_date(due_at) for due_at in once), job.name
        assert all(local_date(due_at - timedelta(microseconds=1)) <= job.until(campaign) for due_at in once), job.name


def test_every_job_has_a_title_in_both_languages_and_a_name_of_its_own() -> None:
    assert all(vi and en and vi != en for vi, en in (job.title for job in JOBS))
    assert len({job.name for job in JOBS}) == len(JOBS)


# The week before the start


@pytest.fixture
def beginning(db: Database, world: World) -> World:
    """Return the running week as the campaign's first, made two weeks before."""
    set_dates(db, world, MONDAY)
    return world


def set_dates(db: Database, world: World, starts_on: date, made: timedelta = timedelta(days=-14)) -> None:
    with db.begin() as session:
        session.get_one(Campaign, world.campaign.id).starts_on = starts_on
        created = select(AuditEntry).where(AuditEntry.action == AuditAction.CAMPAIGN_CREATED)
        for entry in session.scalars(created.where(AuditEntry.subject_id == world.campaign.id)):
            entry.at = at_hour(MONDAY, "12:00") + made


def test_the_first_weeks_availability_is_asked_for_and_closed_and_its_crews_are_reminded_the_evening_before(
    db: Database, beginning: World
) -> None:
    an_appointment(db, beginning, 3, at_hour(MONDAY, "19:00"))
    ticked(db, at_hour(MONDAY - timedelta(days=4), "18:00"), "remind_availability")
    ticked(db, at_hour(MONDAY - timedelta(days=3), "18:00"), "close_availability")
    ticked(db, at_hour(SUNDAY, "19:00"), "remind_tomorrow", "remind_appointments")
    assert told(db, NoticeKind.AVAILABILITY_CLOSING) != []
    assert told(db, NoticeKind.AVAILABILITY_CLOSED) != []
    assert [name for name, _ in told(db, NoticeKind.SHIFT_TOMORROW)] == ["Minh"]
    assert [name for name, _ in told(db, NoticeKind.APPOINTMENT_SOON)] == ["Hoa"]


def test_before_the_start_nothing_is_told_of_what_crews_did_but_the_roster_is_copied(
    db: Database, beginning: World, tmp_path: Path
) -> None:
    done = ticked(db, at_hour(SUNDAY, "23:30"), "digest", "missed", "report_deadlines", "back_up", folder=tmp_path)
    assert {job for job, lines in done.items() if any(line.campaign_id == beginning.campaign.id for line in lines)} == {"back_up"}


def test_what_was_due_before_a_campaign_was_made_is_not_caught_up(db: Database, world: World) -> None:
    set_dates(db, world, MONDAY, made=timedelta(days=-1))
    done = ticked(db, at_hour(SUNDAY, "12:30"), "close_availability")
    assert [line for lines in done.values() for line in lines if line.campaign_id == world.campaign.id] == []


# Availability


def test_on_friday_evening_the_next_weeks_availability_closes_for_volunteers_but_not_for_the_desk(
    db: Database, world: World
) -> None:
    friday = MONDAY - timedelta(days=3)
    ticked(db, at_hour(friday, "17:59"), "close_availability")
    with db.read() as session:
        assert not volunteers.is_closed(session, world.commune.id, MONDAY)
    ticked(db, at_hour(friday, "18:00"), "close_availability")
    with db.begin() as session:
        assert volunteers.is_closed(session, world.commune.id, MONDAY)
        nobody = {world.volunteers[0].id: set[Any]()}
        with pytest.raises(Exception, match="availability_week_closed"):
            volunteers.set_availability(session, world.volunteer, MONDAY, nobody, make.NOW)
        assert volunteers.set_availability(session, world.desk, MONDAY, nobody, make.NOW) > 0
        assert volunteers.set_availability(session, world.volunteer, MONDAY + timedelta(days=7), nobody, make.NOW) > 0
    assert told(db, NoticeKind.AVAILABILITY_CLOSED)[-1] == ("Hoa", {"monday": "2026-11-23", "given": 0, "missing": 4})


def test_a_week_that_was_opened_again_stays_open(db: Database, world: World) -> None:
    friday = at_hour(MONDAY - timedelta(days=3), "18:00")
    ticked(db, friday, "close_availability")
    with db.begin() as session:
        assert volunteers.reopen(session, world.desk, MONDAY, friday)
        assert not volunteers.reopen(session, world.desk, MONDAY, friday)
    ticked(db, friday + timedelta(minutes=1), "close_availability")
    with db.read() as session:
        assert not volunteers.is_closed(session, world.commune.id, MONDAY)


def test_a_day_before_it_closes_those_who_said_nothing_are_asked_once(db: Database, world: World) -> None:
    with db.begin() as session:
        session.add(
            AvailabilityChange(
                volunteer_id=world.volunteers[1].id, on_date=MONDAY, period="T", available=False, changed_at=make.NOW
            )
        )
        make.a_user(session, world.commune, Role.VOLUNTEER, "Nga", world.volunteers[1])
    thursday = at_hour(MONDAY - timedelta(days=4), "18:00")
    ticked(db, thursday, "remind_availability")
    ticked(db, thursday + timedelta(minutes=5), "remind_availability")
    asked = told(db, NoticeKind.AVAILABILITY_CLOSING)
    assert [name for name, _ in asked] == ["Minh"]
    assert asked[0][1]["closes_at"] == at_hour(MONDAY - timedelta(days=3), "18:00").isoformat()


def test_nobody_is_asked_for_availability_after_it_closed(db: Database, world: World) -> None:
    done = ticked(db, at_hour(MONDAY - timedelta(days=3), "18:01"), "remind_availability")
    assert result_of(done["remind_availability"], world.campaign.id)["skipped"] == "closed"
    assert told(db, NoticeKind.AVAILABILITY_CLOSING) == []


# Reminders of shifts


def test_the_evening_before_the_crew_is_reminded_of_its_shift_with_mates_and_without_residents_names(
    db: Database, world: World
) -> None:
    ticked(db, at_hour(SUNDAY, "19:00"), "remind_tomorrow")
    ((name, facts),) = told(db, NoticeKind.SHIFT_TOMORROW)
    assert name == "Minh"
    assert (facts["on_date"], facts["period"], facts["households"], facts["mates"]) == ("2026-11-23", "T", 3, ["Lê Thu Nga"])
    assert not any(household.head_name in str(facts) for household in world.households)


def test_two_hours_before_the_shift_the_crew_is_reminded_once_more(db: Database, world: World) -> None:
    ticked(db, at_hour(MONDAY, "16:29"), "remind_soon")
    assert told(db, NoticeKind.SHIFT_SOON) == []
    for _ in range(2):
        ticked(db, at_hour(MONDAY, "16:30"), "remind_soon")
    assert [name for name, _ in told(db, NoticeKind.SHIFT_SOON)] == ["Minh"]


def test_a_reminder_that_comes_after_the_shift_began_is_not_sent(db: Database, world: World) -> None:
    done = ticked(db, at_hour(MONDAY, "18:31"), "remind_soon", "remind_tomorrow")
    assert result_of(done["remind_soon"], world.campaign.id) == {"skipped": "begun"}
    assert told(db, NoticeKind.SHIFT_SOON) == told(db, NoticeKind.SHIFT_TOMORROW) == []


def test_after_an_outage_a_shift_is_brought_up_once_not_twice(db: Database, world: World) -> None:
    """Back an hour before the shift, both reminders are late: only the one for "soon" is of use."""
    ticked(db, at_hour(MONDAY, "17:30"), "remind_soon", "remind_tomorrow")
    assert (len(told(db, NoticeKind.SHIFT_SOON)), len(told(db, NoticeKind.SHIFT_TOMORROW))) == (1, 0)


def test_who_said_they_cannot_come_is_not_reminded(db: Database, world: World) -> None:
    with db.begin() as session:
        volunteers.mark_absent(session, world.volunteer, world.volunteers[0].id, MONDAY, None, "ốm", make.NOW)
    ticked(db, at_hour(SUNDAY, "19:00"), "remind_tomorrow")
    assert told(db, NoticeKind.SHIFT_TOMORROW) == []


# Appointments


def an_appointment(db: Database, world: World, number: int, starts_at: datetime, **fields: Any) -> None:
    with db.begin() as session:
        session.add(
            Appointment(
                household_id=world.households[number].id, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1),
                made_at=make.NOW, **fields,
            )
        )  # fmt: skip


def test_the_crew_is_reminded_of_an_hour_promised_at_a_door_and_the_desk_of_one_that_nobody_keeps(
    db: Database, world: World
) -> None:
    an_appointment(db, world, 0, at_hour(MONDAY, "19:00"))
    an_appointment(db, world, 3, at_hour(MONDAY, "19:30"))
    an_appointment(db, world, 1, at_hour(MONDAY, "19:30"), cancelled_at=make.NOW)
    ticked(db, at_hour(SUNDAY, "19:00"), "remind_appointments")
    reminded = told(db, NoticeKind.APPOINTMENT_SOON)
    assert [(name, facts["unplanned"]) for name, facts in reminded] == [("Minh", False), ("Hoa", True)]


def test_a_promise_whose_crew_cannot_come_or_hears_nothing_from_us_is_brought_to_the_desk(db: Database, world: World) -> None:
    wednesday = MONDAY + timedelta(days=2)
    an_appointment(db, world, 0, at_hour(MONDAY, "19:00"))
    an_appointment(db, world, 3, at_hour(wednesday, "19:00"))  # Hải and Yến have no account
    with db.begin() as session:
        volunteers.mark_absent(session, world.desk, world.volunteers[1].id, MONDAY, None, "ốm", make.NOW)
    for day in (SUNDAY, MONDAY + timedelta(days=1)):
        ticked(db, at_hour(day, "19:00"), "remind_appointments")
    reminded = told(db, NoticeKind.APPOINTMENT_SOON)
    assert [(name, facts["unplanned"], facts["unreached"]) for name, facts in reminded] == [
        ("Hoa", True, False),  # Minh alone is no crew
        ("Hoa", False, True),
    ]


def test_the_desk_hears_how_many_people_are_expected_at_the_police_desk_tomorrow(db: Database, world: World) -> None:
    for hour in ("08:00", "09:00"):
        an_appointment(db, world, 0, at_hour(MONDAY, hour), at_police=True)
    ticked(db, at_hour(SUNDAY, "19:00"), "remind_appointments")
    ((name, facts),) = told(db, NoticeKind.APPOINTMENT_SOON)
    assert (name, facts["count"], facts["starts_at"]) == ("Hoa", 2, at_hour(MONDAY, "08:00").isoformat())


# The missed


def test_the_desk_hears_of_missed_visits_once_and_again_only_when_another_shift_was_missed(db: Database, world: World) -> None:
    for hours in (23, 23.1, 36):
        ticked(db, at_hour(MONDAY, "00:00") + timedelta(hours=hours), "missed")
    assert [facts["missed"] for _, facts in told(db, NoticeKind.MISSED_FOUND)] == [3]
    ticked(db, at_hour(MONDAY, "00:00") + timedelta(days=2, hours=23), "missed")
    assert [facts["missed"] for _, facts in told(db, NoticeKind.MISSED_FOUND)] == [3, 5]


def test_an_outage_over_a_sunday_night_hides_nothing_missed_before_it(db: Database, world: World) -> None:
    ticked(db, at_hour(MONDAY, "12:00"), "missed")
    ticked(db, at_hour(MONDAY + timedelta(days=7), "14:30"), "missed", "close_week")
    assert [(facts["monday"], facts["missed"]) for _, facts in told(db, NoticeKind.MISSED_FOUND)] == [("2026-11-23", 5)]
    done = ticked(db, at_hour(MONDAY + timedelta(days=7), "19:30"), "missed")
    assert "earlier" not in result_of(done["missed"], world.campaign.id), "that week has been looked at"


def test_in_the_morning_other_hours_are_proposed_for_the_missed_and_nothing_is_published(db: Database, world: World) -> None:
    set_to(db, world, solver_seconds=1)
    tuesday = at_hour(MONDAY + timedelta(days=1), "06:00")
    ticked(db, tuesday, "replan_missed")
    ((name, facts),) = told(db, NoticeKind.REPLAN_PROPOSED)
    assert (name, facts["missed"]) == ("Hoa", 3)
    with db.read() as session:
        weeks = {week.state for week in session.scalars(select(WeekPlan).where(WeekPlan.campaign_id == world.campaign.id))}
        run = session.scalars(select(PlanRun)).one()
    assert weeks == {WeekState.PUBLISHED, WeekState.DRAFT}
    assert (run.kind, run.state) == (RunKind.REASSIGN, RunState.DONE)


def test_a_proposal_the_desk_said_no_to_is_not_made_again(db: Database, world: World) -> None:
    set_to(db, world, solver_seconds=1)
    ticked(db, at_hour(MONDAY + timedelta(days=1), "06:00"), "replan_missed")
    with db.begin() as session:
        draft_id = planning.latest_draft(session, world.desk, MONDAY)
        assert draft_id is not None
        planning.discard_draft(session, world.desk, draft_id, make.NOW)
    done = ticked(db, at_hour(MONDAY + timedelta(days=2), "06:00"), "replan_missed")
    assert result_of(done["replan_missed"], world.campaign.id)["skipped"] == "proposed_already"


@pytest.mark.parametrize(
    ("on", "hour", "wanted", "why"),
    [
        (1, "06:00", False, "not_wanted"),
        (0, "06:00", True, "nothing_missed"),
        (6, "18:00", True, "no_slots_left"),
        (8, "06:00", True, "week_not_published"),
    ],
)
def test_nothing_is_proposed_where_there_is_no_reason_to(sqlite_db: Database, on: int, hour: str, wanted: bool, why: str) -> None:
    with sqlite_db.begin() as session:
        world = a_running_week(session)
    set_to(sqlite_db, world, replan_by_itself=wanted)
    done = ticked(sqlite_db, at_hour(MONDAY + timedelta(days=on), hour), "replan_missed")
    assert result_of(done["replan_missed"], world.campaign.id)["skipped"] == why


# The next week's draft

SATURDAY = MONDAY + timedelta(days=5)
NEXT = MONDAY + timedelta(days=7)


@pytest.fixture
def drafting(sqlite_db: Database) -> tuple[Database, World]:
    with sqlite_db.begin() as session:
        world = one_alley(session)
    set_to(sqlite_db, world, solver_seconds=1)
    return sqlite_db, world


def state_of_next(db: Database, world: World) -> list[WeekState]:
    with db.read() as session:
        query = select(WeekPlan.state).where(WeekPlan.campaign_id == world.campaign.id, WeekPlan.monday == NEXT)
        return list(session.scalars(query.order_by(WeekPlan.id)))


def test_a_draft_is_not_published_by_itself_unless_the_campaign_says_so(drafting: tuple[Database, World]) -> None:
    db, world = drafting
    ticked(db, at_hour(SATURDAY, "07:00"), "draft_next_week")
    assert state_of_next(db, world) == [WeekState.DRAFT]
    assert told(db, NoticeKind.WEEK_PUBLISHED_BY_ITSELF) == []


def test_where_the_campaign_says_so_a_draft_without_faults_is_published_and_the_desk_told(
    drafting: tuple[Database, World],
) -> None:
    db, world = drafting
    set_to(db, world, publish_by_itself=True)
    ticked(db, at_hour(SATURDAY, "07:00"), "draft_next_week", "draft_ready")
    ticked(db, at_hour(SATURDAY, "08:00"), "draft_next_week", "draft_ready")
    assert state_of_next(db, world) == [WeekState.PUBLISHED]
    assert [name for name, _ in told(db, NoticeKind.WEEK_PUBLISHED_BY_ITSELF)] == ["Hoa"]


def test_a_draft_that_leaves_out_a_promise_waits_for_the_desk(drafting: tuple[Database, World]) -> None:
    db, world = drafting
    set_to(db, world, publish_by_itself=True)
    an_appointment(db, world, 1, at_hour(NEXT + timedelta(days=1), "09:00"))  # nobody can come on a Tuesday morning
    ticked(db, at_hour(SATURDAY, "07:00"), "draft_next_week", "draft_ready")
    assert state_of_next(db, world) == [WeekState.DRAFT]


def test_a_draft_lost_in_a_crash_is_asked_for_again(drafting: tuple[Database, World]) -> None:
    db, world = drafting
    with db.begin() as session:  # what a clock leaves behind that dies between asking and computing
        actor = Actor.for_job(world.commune.id, "draft_next_week")
        planning.request_draft(session, actor, NEXT, RunKind.DRAFT, {}, at_hour(SATURDAY, "07:00"))
    ticked(db, at_hour(SATURDAY, "07:06"), "draft_ready")
    with db.read() as session:
        states = list(session.scalars(select(PlanRun.state).order_by(PlanRun.id)))
    assert states == [RunState.LOST, RunState.DONE]
    assert state_of_next(db, world) == [WeekState.DRAFT]


def test_the_hours_that_look_after_a_draft_know_whose_it_is_across_midnight() -> None:
    campaign = a_campaign_of(date(2026, 11, 2), date(2027, 1, 31), draft_weekday=6, draft_at="23:50")
    begin = instant(MONDAY, time())
    for due_at in draft_ready.due_slots(campaign, begin, begin + timedelta(days=14)):
        assert local_date(draft_ready._asked_at(campaign, due_at)).weekday() == 6


# Digest, follow-ups, reports


def test_every_morning_the_desk_and_each_leader_hear_how_the_day_before_went(db: Database, world: World) -> None:
    with db.begin() as session:
        leader = make.a_volunteer(session, world.commune, "Bác Năm", (), world.hamlet)
        make.a_user(session, world.commune, Role.LEADER, "Năm", leader)
        (promise,) = make.assignments_of(session, world.households[0])
        make.a_visit(session, world.households[0], Outcome.MET, at_hour(MONDAY, "19:00"), promise)
    tuesday = MONDAY + timedelta(days=1)
    ticked(db, at_hour(tuesday, "07:00"), "digest")
    digests = dict(told(db, NoticeKind.DAILY_DIGEST))
    assert set(digests) == {"Hoa", "Năm"}
    for facts in digests.values():
        assert (facts["on_date"], facts["done"], facts["missed"], facts["today_shifts"]) == ("2026-11-23", 1, 2, 0)


def test_yesterdays_digest_is_not_sent_today(db: Database, world: World) -> None:
    done = ticked(db, at_hour(MONDAY + timedelta(days=2), "06:59"), "digest")
    assert result_of(done["digest"], world.campaign.id) == {"skipped": "day_over"}
    assert told(db, NoticeKind.DAILY_DIGEST) == []


def test_what_was_sent_in_and_not_answered_for_a_week_is_brought_up_once(db: Database, world: World) -> None:
    with db.begin() as session:
        need = next(iter(make.needs_of(session, world.households[0]).values()))
        need.state, need.state_since_at = NeedState.SUBMITTED, make.NOW - timedelta(days=6, hours=20)
        session.merge(need)
    ticked(db, at_hour(SUNDAY, "12:00"), "follow_up")
    assert told(db, NoticeKind.FOLLOW_UP_DUE) == []
    for days in (1, 2):
        ticked(db, at_hour(SUNDAY + timedelta(days=days), "07:00"), "follow_up")
    assert [(name, facts["count"]) for name, facts in told(db, NoticeKind.FOLLOW_UP_DUE)] == [("Hoa", 1)]
    with db.begin() as session:  # refused meanwhile, and sent in once more
        session.get_one(Need, need.id).state_since_at = at_hour(MONDAY, "09:00")
    for days in (9, 10):
        ticked(db, at_hour(SUNDAY + timedelta(days=days), "07:00"), "follow_up")
    assert len(told(db, NoticeKind.FOLLOW_UP_DUE)) == 2, "it waits too long again"


@pytest.fixture
def reporting(db: Database, world: World) -> World:
    """Return the running week with a leader and the chairman; the monthly report is due before 2 December."""
    with db.begin() as session:
        leader = make.a_volunteer(session, world.commune, "Bác Năm", (), world.hamlet)
        make.a_user(session, world.commune, Role.LEADER, "Năm", leader)
        make.a_user(session, world.commune, Role.VIEWER, "Sơn")
    return world


DUE_ON = date(2026, 12, 1)


def test_a_report_is_brought_up_with_the_leaders_then_the_desk_then_the_chairman(db: Database, reporting: World) -> None:
    heard = []
    for days in range(-6, 5):
        ticked(db, at_hour(DUE_ON + timedelta(days=days), "07:00"), "report_deadlines")
        due, late = told(db, NoticeKind.REPORT_DUE), told(db, NoticeKind.REPORT_OVERDUE)
        fresh = sorted(name for name, _ in [*due, *late][len(heard) :]) if len(due) + len(late) > len(heard) else []
        heard += fresh
        expected = {-5: ["Năm"], -2: ["Hoa"], 0: ["Hoa", "Sơn"], 1: ["Hoa", "Sơn"], 3: ["Hoa", "Sơn"]}.get(days, [])
        assert len(fresh) == len(expected), days
    assert sorted(name for name, _ in told(db, NoticeKind.REPORT_DUE)) == ["Hoa", "Hoa", "Năm", "Sơn"]
    assert [facts["days_late"] for name, facts in told(db, NoticeKind.REPORT_OVERDUE) if name == "Hoa"] == [1, 3]


def test_after_an_outage_a_report_is_brought_up_as_it_stands_by_then(db: Database, reporting: World) -> None:
    ticked(db, at_hour(DUE_ON, "09:00"), "report_deadlines")
    reminded = told(db, NoticeKind.REPORT_DUE)
    assert sorted((name, facts["days_left"]) for name, facts in reminded) == [("Hoa", 0), ("Năm", 0), ("Sơn", 0)]


def test_a_report_that_was_handed_in_is_not_brought_up_any_more_until_that_is_taken_back(db: Database, reporting: World) -> None:
    at = at_hour(DUE_ON - timedelta(days=4), "09:00")
    with db.begin() as session:
        deadlines.mark_sent(session, reporting.desk, ReportCode.MONTHLY, DUE_ON, at)
        with pytest.raises(Exception, match="report_marked_already"):
            deadlines.mark_sent(session, reporting.desk, ReportCode.MONTHLY, DUE_ON, at)
    ticked(db, at_hour(DUE_ON, "09:00"), "report_deadlines")
    assert told(db, NoticeKind.REPORT_DUE) == []
    with db.begin() as session:
        line = next(x for x in deadlines.lines(session, reporting.desk, at) if x.deadline.due_on == DUE_ON)
        assert (line.sent_at, line.sent_by) == (at, "Hoa")
        deadlines.take_back(session, reporting.desk, ReportCode.MONTHLY, DUE_ON, at)
    ticked(db, at_hour(DUE_ON + timedelta(days=1), "07:00"), "report_deadlines")
    assert len(told(db, NoticeKind.REPORT_OVERDUE)) == 2


def test_a_campaign_has_the_reports_of_its_plan(db: Database, world: World) -> None:
    with db.read() as session:
        found = [(x.deadline.code.value, x.deadline.before_on) for x in deadlines.lines(session, world.desk, make.NOW)]
    assert found == [
        ("monthly", date(2026, 12, 2)),
        ("monthly", date(2027, 1, 2)),
        ("final", date(2027, 2, 5)),  # as in plan A: five days after the campaign's last
    ]


# Phones, photos, copies, retention


def test_at_night_idle_seats_end_and_dead_links_and_old_words_go(db: Database) -> None:
    with db.begin() as session:
        world = a_full_week(session)
        at = at_hour(MONDAY + timedelta(days=68), "03:15")
        fresh = Device(
            user_id=world.minh.id, token_hash="8" * 64, seat_hash="8" * 64, remembered=True, signed_in_at=at, seen_at=at,
            contact_at=at - timedelta(days=29),
        )  # fmt: skip
        silent = Device(
            user_id=world.minh.id, token_hash="9" * 64, seat_hash="9" * 64, remembered=True, signed_in_at=at, seen_at=at,
            contact_at=at - timedelta(days=31),
        )  # fmt: skip
        session.add_all([fresh, silent])
        event = session.scalars(select(FieldEvent)).one()
        event.sent = {"body": {"note": "số của bà Bình"}}
    done = ticked(db, at, "tidy_phones")
    assert result_of(done["tidy_phones"], world.campaign.id) == {"seats": 1, "links": 1, "reports": 1}
    with db.read() as session:
        assert session.get_one(Device, silent.id).revoked_at == at
        assert session.get_one(Device, fresh.id).revoked_at is None
        assert session.scalars(select(FieldEvent.sent)).all() == [{}]
        assert session.scalars(select(SignInLink)).all() == []


def test_words_of_a_report_that_waits_for_the_desk_are_kept(db: Database) -> None:
    from planner.models import FieldDecision

    with db.begin() as session:
        a_full_week(session)
        for decision in session.scalars(select(FieldDecision)):
            session.delete(decision)
        session.scalars(select(FieldEvent)).one().sent = {"body": {"note": "chờ trực ban"}}
    ticked(db, at_hour(MONDAY + timedelta(days=68), "03:15"), "tidy_phones")
    with db.read() as session:
        assert session.scalars(select(FieldEvent.sent)).all() == [{"body": {"note": "chờ trực ban"}}]


def test_photos_go_by_themselves_when_their_time_is_over(db: Database, tmp_path: Path) -> None:
    with db.begin() as session:
        world = a_full_week(session)
    photo = session_photo(db, tmp_path)
    over = world.campaign.ends_on + timedelta(days=31)
    ticked(db, at_hour(over - timedelta(days=1), "03:00"), "expire_photos", folder=tmp_path)
    assert photo.exists()
    ticked(db, at_hour(over, "03:00"), "expire_photos", folder=tmp_path)
    assert not photo.exists()
    with db.read() as session:
        assert session.scalars(select(Evidence.deleted_reason)).all() == ["expired"]


def session_photo(db: Database, folder: Path) -> Path:
    """Put a file beside the photo's row of a full week."""
    with db.read() as session:
        name = session.scalars(select(Evidence.file_name)).one()
    photos = evidence.folder_of(folder)
    photos.mkdir()
    (photos / name).write_bytes(b"\xff\xd8 a photo")
    return photos / name


def test_retention_is_brought_up_every_week_and_the_clock_erases_nothing_itself(db: Database, tmp_path: Path) -> None:
    with db.begin() as session:
        world = a_running_week(session)
        make.a_user(session, world.commune, Role.VIEWER, "Sơn")
    due_on = world.campaign.ends_on + timedelta(days=30)
    for days in (-1, 0, 1, 7):
        ticked(db, at_hour(due_on + timedelta(days=days), "07:00"), "retention", folder=tmp_path)
    assert sorted(name for name, _ in told(db, NoticeKind.RETENTION_DUE) if name in ("Hoa", "Sơn")) == [
        "Hoa",
        "Hoa",
        "Sơn",
        "Sơn",
    ]
    with db.read() as session:
        assert session.get_one(type(world.households[0]), world.households[0].id).head_name == "Nguyễn Văn An"


def test_the_jobs_of_one_commune_tell_nobody_of_another(db: Database, world: World) -> None:
    for job in JOBS:
        if job.name not in ("draft_next_week", "draft_ready", "replan_missed"):
            ticked(db, at_hour(MONDAY, "23:00"), job.name)
    with db.read() as session:
        lan = session.scalars(select(Notice).where(Notice.recipient_id == world.lan.id)).all()
        assert session.scalars(select(AvailabilityClosing.campaign_id)).all().count(world.campaign.id) == 1
        assert session.scalars(select(Shift)).first() is not None
    assert {notice.kind for notice in lan} <= {NoticeKind.AVAILABILITY_CLOSED}, "only of her own campaign"


def test_a_changed_hour_counts_from_the_next_tick_on(db: Database, world: World) -> None:
    set_to(db, world, remind_at="20:00")
    ticked(db, at_hour(SUNDAY, "19:30"), "remind_tomorrow")
    assert told(db, NoticeKind.SHIFT_TOMORROW) == []
    ticked(db, at_hour(SUNDAY, "20:00"), "remind_tomorrow")
    assert len(told(db, NoticeKind.SHIFT_TOMORROW)) == 1
