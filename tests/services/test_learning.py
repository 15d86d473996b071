"""What visits teach reaches the next plan, the desk can overrule it, and nobody is blamed for a door of reserve."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.calendar import instant
from planner.domain.errors import InvalidInput, NotAllowed, NotFound
from planner.domain.learning.beliefs import Count
from planner.domain.vocabulary import (
    AssignmentState,
    AuditAction,
    MeetKind,
    NeedResult,
    NeedState,
    Outcome,
    RunKind,
    SlotClass,
)
from planner.jobs import learn, scheduler
from planner.models import (
    Appointment,
    Assignment,
    AuditEntry,
    Campaign,
    Database,
    LearnedTable,
    PlanRun,
    Shift,
    Visit,
    VisitResult,
)
from planner.services import board, bridge, campaigns, learning, paper, planning
from planner.services.learning import OverruleForm
from planner.services.promised_visits import promised_visits
from planner.services.sync.pulling import pull
from tests import builders as make
from tests.builders import MONDAY, NOW
from tests.services.plans import drafted, problem_of
from tests.worlds import World, a_running_week, one_alley

EVENING = SlotClass.WEEKDAY_EVENING
AFTER = instant(MONDAY, time(23))
USUAL, COMMUTER, LOW_TECH = MeetKind.USUAL, MeetKind.COMMUTER, MeetKind.LOW_TECH


def knocked(session: Session, world: World, number: int, outcome: Outcome, minute: int = 0, **fields: object) -> Visit:
    """Record a visit of Monday evening for its assignment; `a_running_week` promises the first three households there."""
    household = world.households[number]
    at = instant(MONDAY, time(19, minute))
    return make.a_visit(session, household, outcome, at, make.assignments_of(session, household)[0], **fields)


def counts_of(session: Session, world: World) -> dict[tuple[MeetKind, SlotClass], Count]:
    found = learning.heat_map(session, world.desk)
    return {cell: view.all_hamlets for cell, view in found.cells.items() if view.all_hamlets.tried}


def test_an_evening_of_knocks_becomes_counts_by_kind_and_hours(db: Database) -> None:
    with db.begin() as session:
        world = a_running_week(session)
        for number, outcome in enumerate((Outcome.ABSENT, Outcome.MET, Outcome.UNSAFE)):
            knocked(session, world, number, outcome, minute=20 * number)
        learned = learning.refresh(session, world.desk, AFTER)
        assert (learned.new, learned.knocks) == (True, 2)
        assert counts_of(session, world) == {(USUAL, EVENING): Count(1, 2)}
        chance = learning.heat_map(session, world.desk).cells[USUAL, EVENING].planned
    assert chance == pytest.approx((6.5 + 1) / 12)


def test_the_same_visits_again_make_no_new_table_and_a_new_one_does(db: Database) -> None:
    with db.begin() as session:
        world = a_running_week(session)
        knocked(session, world, 0, Outcome.ABSENT)
        first = learning.refresh(session, world.desk, AFTER)
        again = learning.refresh(session, world.desk, AFTER + timedelta(days=1))
        assert (again.table_id, again.new) == (first.table_id, False)
        knocked(session, world, 1, Outcome.MET)
        assert learning.refresh(session, world.desk, AFTER + timedelta(days=2)).new
        assert session.scalar(select(func.count()).select_from(LearnedTable)) == 2
        told = session.scalars(select(AuditEntry).where(AuditEntry.action == AuditAction.CHANCES_LEARNED)).all()
    assert [entry.after for entry in told] == [{"knocks": n, "shifts": 0, "overruled": 0} for n in (1, 2)]


def test_a_visit_that_another_one_corrects_teaches_nothing(db: Database) -> None:
    with db.begin() as session:
        world = a_running_week(session)
        wrong = knocked(session, world, 0, Outcome.ABSENT)
        knocked(session, world, 0, Outcome.MET, minute=5, corrects_id=wrong.id)
        learning.refresh(session, world.desk, AFTER)
        assert counts_of(session, world) == {(USUAL, EVENING): Count(1, 1)}


def test_another_commune_s_visits_and_those_before_the_campaign_teach_nothing(db: Database) -> None:
    with db.begin() as session:
        world = a_running_week(session)
        make.a_visit(session, world.households[0], Outcome.ABSENT, instant(world.campaign.starts_on, time(9)) - timedelta(days=7))
        knocked(session, world, 0, Outcome.MET)
        assert learning.refresh(session, world.stranger, AFTER).knocks == 0
        assert learning.refresh(session, world.desk, AFTER).knocks == 1


def test_a_visit_in_the_hour_the_household_asked_for_counts_as_a_promise(db: Database) -> None:
    with db.begin() as session:
        world = a_running_week(session)
        span = (instant(MONDAY, time(18, 30)), instant(MONDAY, time(21)))
        session.add(Appointment(household_id=world.households[0].id, starts_at=span[0], ends_at=span[1], made_at=NOW))
        knocked(session, world, 0, Outcome.MET)
        knocked(session, world, 1, Outcome.MET, minute=20)
        learning.refresh(session, world.desk, AFTER)
        assert counts_of(session, world) == {(USUAL, EVENING): Count(1, 1)}
        assert learning.heat_map(session, world.desk).promise.count == Count(1, 1)


def test_results_teach_how_often_each_service_works_out(db: Database) -> None:
    with db.begin() as session:
        world = a_running_week(session)
        for number, result in ((0, NeedResult.DONE), (1, NeedResult.NOT_DONE)):
            visit = knocked(session, world, number, Outcome.MET, minute=20 * number)
            need = next(iter(make.needs_of(session, world.households[number]).values()))
            session.add(VisitResult(visit_id=visit.id, need_id=need.id, result=result))
        session.flush()
        learning.refresh(session, world.desk, AFTER)
        services = learning.heat_map(session, world.desk).services
    assert (services["bhyt"].count, services["activate"].count) == (Count(1, 1), Count(0, 1))


def test_what_becomes_of_appointments_at_the_police_is_learned_once_it_is_known(db: Database) -> None:
    with db.begin() as session:
        world = a_running_week(session)
        states = (NeedState.DONE, NeedState.OPEN, NeedState.REFERRED)  # came, did not come, not known yet
        for number, state in enumerate(states):
            visit = knocked(session, world, number, Outcome.MET, minute=20 * number)
            need = next(iter(make.needs_of(session, world.households[number]).values()))
            need.state = state
            session.add(VisitResult(visit_id=visit.id, need_id=need.id, result=NeedResult.REFERRED))
        session.flush()
        learning.refresh(session, world.desk, AFTER)
        assert learning.heat_map(session, world.desk).services["appointment"].count == Count(1, 2)


def test_whom_a_visit_met_counts_for_them_and_not_for_the_rest_of_their_household(db: Database) -> None:
    with db.begin() as session:
        world = a_running_week(session)
        household = world.households[0]
        make.a_resident(session, household, documents={"bhyt": "owned"})
        make.rebuild(session, household)
        visit = knocked(session, world, 0, Outcome.MET)
        all_met = reward_next_week(session, world, household.id)
        first = min((n for n in make.needs_of(session, household).values()), key=lambda n: n.resident_id)
        session.add(VisitResult(visit_id=visit.id, need_id=first.id, result=NeedResult.NOT_DONE))
        session.flush()
        assert reward_next_week(session, world, household.id) < all_met


def reward_next_week(session: Session, world: World, household_id: int) -> int:
    problem = problem_of(session, world.desk, AFTER + timedelta(days=5), MONDAY + timedelta(days=7))
    return int(problem.targets[household_id].record["reward"][EVENING.value])


def test_a_run_is_made_with_the_table_it_noted_whatever_is_learned_since(db: Database) -> None:
    with db.begin() as session:
        world = a_running_week(session)
        for number in range(3):
            knocked(session, world, number, Outcome.ABSENT, minute=20 * number)
        table_id = learning.refresh(session, world.desk, AFTER).table_id
        at, monday = AFTER + timedelta(days=5), MONDAY + timedelta(days=7)
        run = session.get_one(PlanRun, planning.request_draft(session, world.desk, monday, RunKind.DRAFT, {}, at))
        before = bridge.build(session, run, bridge.scope_of(session, run))
        assert run.parameters["learned_table"] == before.notes["learned_table"] == table_id
        learning.overrule(session, world.desk, OverruleForm(USUAL, EVENING, None, 5), at)
        again = bridge.build(session, run, bridge.scope_of(session, run))
        assert again.digest == before.digest
        session.delete(run)
        assert problem_of(session, world.desk, at, monday).digest != before.digest


def test_what_was_learned_moves_the_rewards_of_the_next_week(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        before = _reward(session, world, EVENING)
        for number in range(30):
            house = make.a_household(session, world.hamlet, f"Hàng Xóm {number}", 1)
            make.a_visit(session, house, Outcome.ABSENT, instant(MONDAY - timedelta(days=7), time(19)))
        learning.refresh(session, world.desk, NOW)
        assert _reward(session, world, EVENING) < 0.6 * before
        world.campaign.settings = {**world.campaign.settings, "learning": False}
        assert learning.current(session, world.campaign.id) is None
        assert _reward(session, world, EVENING) == pytest.approx(before, abs=1)


def _reward(session: Session, world: World, slot_class: SlotClass) -> int:
    document = problem_of(session, world.desk).document
    return next(h["reward"][slot_class] for h in document["households"] if h["id"] == f"h{world.households[1].id}")


def test_the_clock_learns_every_night(db: Database) -> None:
    with db.begin() as session:
        world = a_running_week(session)
        knocked(session, world, 0, Outcome.ABSENT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scheduler, "JOBS", (learn.JOB,))
        done = scheduler.tick(db, lambda: instant(MONDAY + timedelta(days=1), time(1)), "one")
    told = {line.result["knocks"] for line in done if "knocks" in line.result}
    assert told == {0, 1}  # the other commune's, and ours
    with db.read() as session:
        assert learning.latest_id(session, world.campaign.id) is not None


# ---- the desk's own word


def test_the_desk_overrules_a_cell_and_takes_it_back(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        first = learning.overrule(session, world.desk, OverruleForm(COMMUTER, EVENING, None, 80, " Nhà máy  nghỉ "), NOW)
        second = learning.overrule(session, world.desk, OverruleForm(COMMUTER, EVENING, None, 70), NOW)
        cell = learning.heat_map(session, world.desk, world.hamlet.id).cells[COMMUTER, EVENING]
        assert (cell.planned, cell.rate.chance) == (0.7, pytest.approx(0.5))
        assert cell.overruled is not None
        assert (cell.overruled.id, cell.overruled.everywhere, cell.overruled.made_by) == (second, True, "Hoa")
        learning.remove_overrule(session, world.desk, second, NOW)
        cell = learning.heat_map(session, world.desk).cells[COMMUTER, EVENING]
        assert (cell.planned, cell.overruled) == (pytest.approx(0.5), None)
        actions = select(AuditEntry.action).where(AuditEntry.subject == "chance_overrule").order_by(AuditEntry.id)
        assert list(session.scalars(actions)) == [
            AuditAction.CHANCE_OVERRULED, AuditAction.CHANCE_OVERRULED, AuditAction.OVERRULE_REMOVED,
        ]  # fmt: skip
        with pytest.raises(NotFound):
            learning.remove_overrule(session, world.desk, first, NOW)


def test_only_the_desk_overrules_and_only_its_own_hamlets_within_reason(db: Database) -> None:
    form = OverruleForm(COMMUTER, EVENING, None, 80)
    with db.begin() as session:
        world = one_alley(session)
        with pytest.raises(NotAllowed):
            learning.overrule(session, world.volunteer, form, NOW)
        with pytest.raises(NotFound):
            learning.overrule(session, world.stranger, replace(form, hamlet_id=world.hamlet.id), NOW)
        with pytest.raises(NotFound):
            learning.heat_map(session, world.stranger, world.hamlet.id)
        with pytest.raises(InvalidInput) as refused:
            learning.overrule(session, world.desk, replace(form, percent=101), NOW)
        made = learning.overrule(session, world.desk, form, NOW)
        with pytest.raises(NotFound):
            learning.remove_overrule(session, world.stranger, made, NOW)
    assert refused.value.code == "chance_out_of_range"


# ---- shifts that end in time


def seconds_of_slots(session: Session, world: World) -> dict[str, int]:
    return {slot["id"]: slot["end"] - slot["start"] for slot in problem_of(session, world.desk).document["slots"]}


def test_lists_go_on_beyond_the_end_of_their_slot_but_not_into_the_next(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        assert seconds_of_slots(session, world)["mon_T"] > 150 * 60
        world.campaign.settings = {**world.campaign.settings, "periods": {"C": ["14:00", "18:25"]}}
        slots = seconds_of_slots(session, world)
        assert slots["mon_C"] == (265 + 5) * 60
        assert slots["mon_T"] > 150 * 60
        world.campaign.settings = {**world.campaign.settings, "learning": False}
        slots = seconds_of_slots(session, world)
    assert (slots["mon_C"], slots["mon_T"]) == (265 * 60, 150 * 60)


def test_a_full_list_has_doors_of_reserve_the_least_worth_and_no_promise(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        for volunteer in world.volunteers[2:]:
            volunteer.left_at = NOW
        for number in range(25):
            make.a_household(session, world.hamlet, f"Hộ Số {number}", 1)
        span = (instant(MONDAY, time(18, 30)), instant(MONDAY, time(21)))
        asked = world.households[0]
        session.add(Appointment(household_id=asked.id, starts_at=span[0], ends_at=span[1], made_at=NOW))
    run = drafted(db, world.desk)
    with db.read() as session:
        rows = session.scalars(select(Assignment).where(Assignment.week_plan_id == run.week_plan_id)).all()
        reserve = [row for row in rows if row.reserve]
        by_shift = {row.shift_id: [r for r in rows if r.shift_id == row.shift_id] for row in reserve}
        shifts = {shift_id: session.get_one(Shift, shift_id) for shift_id in by_shift}
    assert reserve
    assert asked.id not in {row.household_id for row in reserve}
    assert asked.id in {row.household_id for row in rows}
    for row in reserve:
        half = len(by_shift[row.shift_id]) // 2
        core = [r for r in by_shift[row.shift_id] if not r.reserve and not r.reason.get("pinned") and r.position > half]
        assert row.position <= half or row.reason["reward"] <= min((r.reason["reward"] for r in core), default=10**9)
    # the hours of a list lie within its shift, though it holds more than that
    for shift_id, listed in by_shift.items():
        hours = [row.starts_at for row in sorted(listed, key=lambda row: row.position) if not row.reserve]
        assert hours == sorted(hours)
        assert max(row.starts_at for row in listed) <= shifts[shift_id].ends_at


def test_a_door_of_reserve_not_reached_is_not_missed_and_is_planned_again(db: Database) -> None:
    with db.begin() as session:
        world = a_running_week(session)
        spare = make.assignments_of(session, world.households[2])[0]
        spare.reserve = True
        session.flush()
        found = board.week(session, world.desk, MONDAY, AFTER)
        assert (found.figures.missed, found.figures.spared, found.figures.total) == (2, 1, 4)
        assert {row.household_id for row in board.missed(session, world.desk, MONDAY, AFTER)} == {
            h.id for h in world.households[:2]
        }
        rows = board.five_clear(session, world.desk, MONDAY, board.BoardFilter(state=AssignmentState.SPARED), 1, AFTER).rows
        assert [(row.household_id, row.reserve) for row in rows] == [(world.households[2].id, True)]
        problem = problem_of(session, world.desk, AFTER, MONDAY + timedelta(days=7))
        assert world.households[2].id in problem.targets
        make.a_visit(session, world.households[2], Outcome.MET, instant(MONDAY, time(20)), spare)
        assert board.week(session, world.desk, MONDAY, AFTER).figures.done == 1  # whoever got there is credited


def test_the_phone_the_paper_and_the_desk_say_which_doors_are_of_reserve(db: Database) -> None:
    with db.begin() as session:
        world = a_running_week(session)
        spare = make.assignments_of(session, world.households[2])[0]
        spare.reserve = True
        session.flush()
        on_phone = {
            doc.body["uid"]: doc.body["reserve"] for doc in pull(session, world.volunteer, {}, NOW).put if doc.kind == "visit"
        }
        (number,) = paper.make_lists(session, world.desk, MONDAY, NOW, shift_id=spare.shift_id)
        (sheet,) = paper.sheets(session, world.desk, [number])
        assert world.week is not None
        shifts = planning.draft_view(session, world.desk, world.week.id).shifts.rows
    assert [uid for uid, reserve in on_phone.items() if reserve] == [spare.uid]
    assert [row.reserve for row in sheet.rows] == [False, False, True]
    assert [visit.uid for shift in shifts for visit in shift.visits if visit.reserve] == [spare.uid]


# ---- promises


def promised(session: Session, world: World, number: int, starts: datetime, hours: float = 1) -> None:
    ends = starts + timedelta(hours=hours)
    session.add(Appointment(household_id=world.households[number].id, starts_at=starts, ends_at=ends, made_at=NOW))
    session.flush()


def test_nobody_comes_before_an_hour_that_was_named_for_a_later_week(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        promised(session, world, 1, instant(MONDAY + timedelta(days=9), time(19)))
        left = {house.household_id: house.reason for house in problem_of(session, world.desk).left_out}
        assert left[world.households[1].id] == "promised_later"
        later = problem_of(session, world.desk, monday=MONDAY + timedelta(days=7))
        assert later.targets[world.households[1].id].promised


def test_an_hour_that_was_kept_or_is_over_binds_nobody_any_more(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        promised(session, world, 0, instant(MONDAY, time(19)), 2)
        promised(session, world, 1, instant(MONDAY, time(8)))
        make.a_visit(session, world.households[0], Outcome.MET, instant(MONDAY, time(19, 30)))
        problem = problem_of(session, world.desk, at=instant(MONDAY, time(20)))
        assert not problem.targets[world.households[1].id].promised
        assert not problem.targets[world.households[0].id].promised


def test_promises_that_cannot_be_kept_are_named_with_the_reason(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        promised(session, world, 0, instant(MONDAY, time(19)), 2)
        promised(session, world, 1, instant(MONDAY, time(12)))  # the midday rest: no crew is out
        promised(session, world, 2, instant(MONDAY + timedelta(days=10), time(19)))
        promised(session, world, 3, instant(world.campaign.ends_on + timedelta(days=3), time(19)))
    run = drafted(db, world.desk)
    assert run.week_plan_id is not None
    with db.read() as session:
        broken = planning.broken_promises(session, world.desk, run.week_plan_id)
        assert [(line.household_id, line.reason) for line in broken] == [(world.households[1].id, "window_never_open")]
        shown = {
            v.household_id: v.reason
            for s in planning.draft_view(session, world.desk, run.week_plan_id).shifts.rows
            for v in s.visits
        }
        assert [house for house, reason in shown.items() if reason.get("promised")] == [world.households[0].id]
        lines = promised_visits(session, world.desk, NOW)
        assert [(line.household_id, line.standing) for line in lines] == [
            (world.households[1].id, "window_never_open"), (world.households[3].id, "after_campaign"),
            (world.households[0].id, "drafted"), (world.households[2].id, "ahead"),
        ]  # fmt: skip
        assert promised_visits(session, world.stranger, NOW) == ()


def test_a_promise_younger_than_the_weeks_plan_is_said_to_be_in_none(db: Database) -> None:
    with db.begin() as session:
        world = a_running_week(session)
        promised(session, world, 0, instant(MONDAY + timedelta(days=4), time(19)))
        lines = promised_visits(session, world.desk, AFTER)
    assert [(line.standing, line.kept) for line in lines] == [("not_in_plan", False)]


def test_settings_of_learning_are_campaign_data(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        campaigns.change_settings(session, world.desk, {"exploration": "thompson", "prior_strength": 30}, NOW)
        found = campaigns.active(session, world.desk).settings
        assert (found.exploration.value, found.prior_strength) == ("thompson", 30)
        with pytest.raises(InvalidInput) as refused:
            campaigns.change_settings(session, world.desk, {"exploration": "guess"}, NOW)
        assert session.get_one(Campaign, world.campaign.id).settings["exploration"] == "thompson"
    assert refused.value.facts["field"] == "exploration"
