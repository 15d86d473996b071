"""A plan run: asked for, computed elsewhere, checked, stored; whatever goes wrong, its row says so and nothing else changes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from planner.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from planner.domain.vocabulary import AuditAction, Outcome, Period, RuleKind, RunKind, RunState, WeekState
from planner.models import Assignment, AuditEntry, Database, PlanRun, Shift, WeekPlan
from planner.services import planning, runners
from planner.services.planning import DraftFilter, RuleForm, lifecycle
from planner.services.solving import InlineEngine, Solved, SolvingFailed
from tests import builders as make
from tests.builders import MONDAY, NOW
from tests.services.plans import computed, drafted, files_of, published
from tests.solver.judge.check_plan import judge
from tests.worlds import World, a_running_week, one_alley


@pytest.fixture
def world(db: Database) -> World:
    with db.begin() as session:
        return one_alley(session)


class Failing:
    """An engine that fails as told."""

    def __init__(self, fault: Callable[[], BaseException]) -> None:
        self.fault = fault

    def solve(self, problem: dict[str, Any], parameters: dict[str, Any], watch: Any) -> Solved:
        raise self.fault()


class Meddling:
    """An engine during whose work something else happens."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        self.meanwhile = meanwhile

    def solve(self, problem: dict[str, Any], parameters: dict[str, Any], watch: Any) -> Solved:
        self.meanwhile()
        return InlineEngine().solve(problem, parameters, watch)


def test_a_draft_promises_a_visit_to_every_household_that_there_is_room_for(db: Database, world: World) -> None:
    run = drafted(db, world.desk)
    assert run.state is RunState.DONE
    with db.read() as session:
        draft = planning.draft_view(session, world.desk, run.week_plan_id or 0)
    assert draft.state is WeekState.DRAFT
    assert draft.figures.visits == 5
    visits = [visit for shift in draft.shifts.rows for visit in shift.visits]
    assert {visit.household_id for visit in visits} == {household.id for household in world.households}
    assert all(visit.needs and visit.reason["reward"] > 0 and visit.minutes for visit in visits)


def test_every_crew_has_its_lead_first_and_every_visit_its_hour_within_the_shift(db: Database, world: World) -> None:
    with db.begin() as session:
        session.get_one(make.Volunteer, world.volunteers[0].id).can_lead = False
    run = drafted(db, world.desk)
    with db.read() as session:
        shifts = session.scalars(select(Shift)).all()
        assert shifts
        for shift in shifts:
            assert [member.is_lead for member in shift.members] == [True, False]
            assert shift.members[0].volunteer.can_lead
            visits = session.scalars(select(Assignment).where(Assignment.shift_id == shift.id)).all()
            assert all(shift.starts_at <= visit.starts_at < shift.ends_at for visit in visits)
            assert [visit.position for visit in visits] == list(range(1, len(visits) + 1))
    assert run.week_plan_id


def test_the_public_judge_accepts_the_files_of_a_draft(db: Database, world: World, tmp_path: Path) -> None:
    run = drafted(db, world.desk)
    with db.read() as session:
        problem, plan = files_of(session, run.id)
    faults, measures = judge(problem, plan)
    assert faults == []
    assert measures["total"] == run.total
    with db.begin() as session:
        run_id = planning.request_draft(session, world.desk, MONDAY, RunKind.DRAFT, {"iterations": 0}, NOW)
    planning.run_now(db, run_id, lambda: NOW, keep_files=tmp_path / "files", engine=InlineEngine())
    assert sorted(path.name for path in (tmp_path / "files").iterdir()) == ["plan.json", "problem.json"]


def test_the_same_database_gives_the_same_draft(db: Database, world: World) -> None:
    first, second = drafted(db, world.desk), drafted(db, world.desk)
    with db.read() as session:
        assert files_of(session, first.id) == files_of(session, second.id)
    assert first.input_digest == second.input_digest
    assert first.week_plan_id != second.week_plan_id


def test_a_run_keeps_what_it_was_asked_with_and_what_computed_it(db: Database, world: World) -> None:
    run = drafted(db, world.desk, seed=7, time_limit_seconds=5)
    assert (run.seed, run.parameters["time_limit_seconds"]) == (7, 5)
    assert {"numba", "numpy", "ortools", "python"} <= run.versions.keys()
    assert run.versions["threads"] == "2"
    assert run.bound is not None
    assert run.total is not None
    assert run.bound >= run.total
    assert run.better_by_percent is not None
    with db.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == AuditAction.WEEK_DRAFTED)).one()
    assert entry.user_id == world.hoa.id


def test_households_without_a_place_are_told_with_their_reason(db: Database, world: World) -> None:
    with db.begin() as session:
        stranger = make.a_household(session, world.hamlet, "Giàng A Páo", 1, languages=["Mông"])
        make.a_household(session, world.hamlet, "Từ Thị Chối", 1)
    with db.begin() as session:
        last = session.scalars(select(make.Household).order_by(make.Household.id.desc()).limit(1)).one()
        planning.add_rule(session, world.desk, RuleForm(last.id, RuleKind.FORBID, monday=MONDAY), NOW)
    run = drafted(db, world.desk)
    with db.read() as session:
        page = planning.unplaced_view(session, world.desk, run.week_plan_id or 0)
        view = planning.draft_view(session, world.desk, run.week_plan_id or 0)
    assert {line.household_id: line.reason for line in page.rows} == {
        stranger.id: "no_crew_speaks_language",
        last.id: "forbidden",
    }
    assert view.figures.unplaced == {"forbidden": 1, "no_crew_speaks_language": 1}


def test_a_pinned_household_is_visited_in_its_slot_by_its_volunteer(db: Database, world: World) -> None:
    house, yen = world.households[0], world.volunteers[3]
    with db.begin() as session:
        form = RuleForm(house.id, RuleKind.PIN, MONDAY, MONDAY + timedelta(days=5), Period.MORNING, yen.id)
        planning.add_rule(session, world.desk, form, NOW)
    run = drafted(db, world.desk)
    with db.read() as session:
        filters = DraftFilter(volunteer_id=yen.id, on_date=MONDAY + timedelta(days=5))
        view = planning.draft_view(session, world.desk, run.week_plan_id or 0, filters=filters)
    assert house.id in {visit.household_id for shift in view.shifts.rows for visit in shift.visits}


def test_a_commune_without_volunteers_gets_an_empty_draft_that_says_why(db: Database, world: World) -> None:
    with db.begin() as session:
        for volunteer in session.scalars(select(make.Volunteer)):
            volunteer.left_at = NOW
    run = drafted(db, world.desk)
    assert run.state is RunState.DONE
    with db.read() as session:
        view = planning.draft_view(session, world.desk, run.week_plan_id or 0)
    assert view.figures.visits == 0
    assert view.figures.unplaced == {"nobody_available": 5}


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (lambda: SolvingFailed("solver_died"), "solver_died"),
        (lambda: SolvingFailed("solver_timed_out", seconds=60), "solver_timed_out"),
        (lambda: ZeroDivisionError("x"), "run_failed"),
    ],
)
def test_a_run_that_fails_says_why_and_leaves_the_published_week(
    db: Database, fault: Callable[[], BaseException], code: str
) -> None:
    with db.begin() as session:
        world = a_running_week(session)
    run = drafted(db, world.desk, engine=Failing(fault))
    assert (run.state, run.error_code) == (RunState.FAILED, code)
    with db.read() as session:
        weeks = session.execute(select(WeekPlan.state, WeekPlan.version)).all()
        assert session.scalar(select(func.count()).select_from(Assignment)) == 5
    assert [tuple(week) for week in weeks] == [(WeekState.PUBLISHED, 1)]


def test_a_problem_the_solver_refuses_fails_with_its_faults(db: Database, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    class Spoiling(InlineEngine):
        def solve(self, problem: dict[str, Any], parameters: dict[str, Any], watch: Any) -> Solved:
            problem["households"][0]["visit_seconds"] = -5
            return super().solve(problem, parameters, watch)

    run = drafted(db, world.desk, engine=Spoiling())
    assert run.error_code == "problem_invalid"
    assert "visit_seconds" in run.error_facts["faults"][0]


def test_a_plan_that_breaks_a_rule_is_never_stored(db: Database, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from solver import solve

    honest = solve.solve_document

    def boasting(*args: Any) -> dict[str, Any]:
        plan = honest(*args)
        plan["total"] += 1000
        return plan

    monkeypatch.setattr(solve, "solve_document", boasting)
    run = drafted(db, world.desk)
    assert (run.state, run.error_code, run.week_plan_id) == (RunState.FAILED, "plan_breaks_a_rule", None)


def test_a_run_cancelled_while_it_works_leaves_no_draft(db: Database, world: World) -> None:
    def cancel() -> None:
        with db.begin() as session:
            planning.cancel(session, world.desk, 1, NOW)

    run = drafted(db, world.desk, engine=Meddling(cancel))
    assert run.state is RunState.CANCELLED
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(WeekPlan)) == 0


def test_a_run_cancelled_while_it_waits_is_never_computed(db: Database, world: World) -> None:
    with db.begin() as session:
        run_id = planning.request_draft(session, world.desk, MONDAY, RunKind.DRAFT, {}, NOW)
        assert planning.cancel(session, world.desk, run_id, NOW).state is RunState.CANCELLED
    with pytest.raises(Conflict, match="run_not_waiting"):
        computed(db, run_id)


def test_a_run_whose_process_went_silent_is_found_lost_and_its_late_result_is_dropped(db: Database, world: World) -> None:
    later = NOW + timedelta(seconds=61)

    def lost() -> None:
        assert lifecycle.sweep(db, NOW + timedelta(seconds=59)) == 0
        assert lifecycle.sweep(db, later) == 1

    run = drafted(db, world.desk, engine=Meddling(lost))
    assert (run.state, run.error_code) == (RunState.LOST, "run_lost")
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(WeekPlan)) == 0


def test_a_week_has_one_run_at_a_time(db: Database, world: World) -> None:
    with db.begin() as session:
        run_id = planning.request_draft(session, world.desk, MONDAY, RunKind.DRAFT, {}, NOW)
    with pytest.raises(Conflict) as second, db.begin() as session:
        planning.request_draft(session, world.desk, MONDAY, RunKind.DRAFT, {}, NOW)
    assert (second.value.code, second.value.facts["run_id"]) == ("run_in_progress", run_id)
    with db.begin() as session:
        planning.request_draft(session, world.desk, MONDAY + timedelta(days=7), RunKind.DRAFT, {}, NOW)


def test_two_processes_never_compute_one_run(db: Database, world: World) -> None:
    with db.begin() as session:
        run_id = planning.request_draft(session, world.desk, MONDAY, RunKind.DRAFT, {}, NOW)
    won: list[bool] = []
    ready = threading.Barrier(2)

    def claim() -> None:
        ready.wait()
        try:
            lifecycle.claim(db, run_id, NOW)
            won.append(True)
        except Conflict:
            won.append(False)

    threads = [threading.Thread(target=claim) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False, True]


@pytest.mark.parametrize(
    ("monday", "code"),
    [
        (MONDAY + timedelta(days=1), "not_a_monday"),
        (MONDAY - timedelta(days=7), None),
        (MONDAY - timedelta(days=14), "week_over"),
        (date(2027, 2, 1), "week_outside_campaign"),
    ],
)
def test_only_weeks_that_can_still_be_planned_are(db: Database, world: World, monday: date, code: str | None) -> None:
    with db.begin() as session:
        if code is None:
            assert planning.request_draft(session, world.desk, monday, RunKind.DRAFT, {}, NOW)
            return
        with pytest.raises(InvalidInput) as refused:
            planning.request_draft(session, world.desk, monday, RunKind.DRAFT, {}, NOW)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "wrong", [{"time_limit_seconds": 0}, {"seed": -1}, {"threads": True}, {"speed": 3}, {"household_ids": "all"}]
)
def test_a_parameter_that_cannot_be_is_refused(db: Database, world: World, wrong: dict[str, Any]) -> None:
    with db.begin() as session, pytest.raises(InvalidInput, match="run_parameter_wrong"):
        planning.request_draft(session, world.desk, MONDAY, RunKind.DRAFT, wrong, NOW)


def test_only_the_desk_plans_and_only_its_own_commune(db: Database, world: World) -> None:
    run = drafted(db, world.desk)
    with db.begin() as session:
        with pytest.raises(NotAllowed):
            planning.request_draft(session, world.volunteer, MONDAY, RunKind.DRAFT, {}, NOW)
        for foreign in (
            lambda: planning.run_view(session, world.stranger, run.id),
            lambda: planning.draft_view(session, world.stranger, run.week_plan_id or 0),
            lambda: planning.discard_draft(session, world.stranger, run.week_plan_id or 0, NOW),
            lambda: planning.add_rule(session, world.stranger, RuleForm(world.households[0].id, RuleKind.FORBID), NOW),
        ):
            with pytest.raises(NotFound):
                foreign()
        assert planning.runs(session, world.stranger, MONDAY) == ()


def test_a_rule_is_made_once_and_taken_back(db: Database, world: World) -> None:
    form = RuleForm(world.households[0].id, RuleKind.FORBID, monday=MONDAY)
    with db.begin() as session:
        made = planning.add_rule(session, world.desk, form, NOW)
        assert planning.add_rule(session, world.desk, form, NOW).id == made.id
        assert [rule.id for rule in planning.rules(session, world.desk, MONDAY)] == [made.id]
        planning.remove_rule(session, world.desk, made.id, NOW)
        assert planning.rules(session, world.desk) == ()
        with pytest.raises(NotFound):
            planning.remove_rule(session, world.desk, made.id, NOW)
        with pytest.raises(InvalidInput, match="rule_date_outside_week"):
            planning.add_rule(
                session, world.desk, RuleForm(form.household_id, RuleKind.PIN, MONDAY, MONDAY + timedelta(days=8)), NOW
            )


def test_a_draft_made_over_a_published_week_keeps_what_it_can(db: Database, world: World) -> None:
    published(db, world.desk, drafted(db, world.desk))
    again = drafted(db, world.desk)
    with db.read() as session:
        _, plan = files_of(session, again.id)
        problem, _ = files_of(session, again.id)
    assert judge(problem, plan)[1]["changes"] == 0


def test_a_household_met_this_week_is_not_drafted_again_within_48_hours(db: Database) -> None:
    at = NOW + timedelta(days=1, hours=12)  # Tuesday 00:00
    with db.begin() as session:
        world = a_running_week(session)
        make.a_visit(session, world.households[0], Outcome.ABSENT, NOW + timedelta(days=1, hours=7))
    run = drafted(db, world.desk, at)
    with db.read() as session:
        view = planning.draft_view(session, world.desk, run.week_plan_id or 0)
    again = {visit.household_id: shift.on_date for shift in view.shifts.rows for visit in shift.visits}
    assert again.get(world.households[0].id, MONDAY + timedelta(days=5)) >= MONDAY + timedelta(days=2)


def test_a_submitted_run_is_computed_beside_the_request(db: Database, world: World) -> None:
    runner = runners.Runner(db, lambda: NOW, engine=InlineEngine())
    with db.begin() as session:
        run_id = planning.request_draft(session, world.desk, MONDAY, RunKind.DRAFT, {"iterations": 5}, NOW)
    runner.submit(run_id).result(timeout=60)
    runner.shutdown()
    with db.read() as session:
        assert planning.run_view(session, world.desk, run_id).state is RunState.DONE


def test_stopping_the_server_cancels_what_waits(db: Database, world: World) -> None:
    entered, leave = threading.Event(), threading.Event()

    def block() -> None:
        entered.set()
        leave.wait(30)

    runner = runners.Runner(db, lambda: NOW, engine=Meddling(block))
    with db.begin() as session:
        first = planning.request_draft(session, world.desk, MONDAY, RunKind.DRAFT, {"iterations": 5}, NOW)
        second = planning.request_draft(session, world.desk, MONDAY + timedelta(days=7), RunKind.DRAFT, {"iterations": 5}, NOW)
    runner.submit(first)
    runner.submit(second)
    assert entered.wait(30)
    stopping = threading.Thread(target=runner.shutdown)
    stopping.start()
    while True:
        with db.read() as session:
            if session.get_one(PlanRun, second).cancel_at is not None:
                break
    leave.set()
    stopping.join(60)
    with db.read() as session:
        assert {planning.run_view(session, world.desk, run).state for run in (first, second)} == {RunState.CANCELLED}
