"""The desk asks why, and the documents of the run answer, whatever has happened since."""

from __future__ import annotations

from datetime import timedelta

import pytest

from planner.domain.calendar import slot_id
from planner.domain.errors import NotFound
from planner.domain.vocabulary import Period, RuleKind, RunKind, SlotClass
from planner.models import Database, PlanRun, WeekPlan
from planner.services import explaining, more_people, planning, reassigning, scope, volunteers
from planner.services.actors import Actor
from planner.services.planning import RuleForm
from tests import builders as make
from tests.builders import MONDAY, NOW
from tests.services.plans import computed, drafted, files_of, promised, published
from tests.worlds import World, one_alley

LATER = MONDAY + timedelta(days=7)


@pytest.fixture
def world(db: Database) -> World:
    """Return a commune whose next weeks nobody has planned yet."""
    with db.begin() as session:
        return one_alley(session)


def why(db: Database, actor: Actor, week_plan_id: int | None, household_id: int) -> explaining.Why:
    assert week_plan_id is not None
    with db.read() as session:
        return explaining.why(session, actor, week_plan_id, household_id)


def test_a_household_nobody_understands_is_told_that_a_speaker_would_bring_it_in(db: Database, world: World) -> None:
    with db.begin() as session:
        home = make.a_household(session, world.hamlet, "Y Bhiao", 1, languages=["Mông"]).id
    run = drafted(db, world.desk, monday=LATER)
    told = why(db, world.desk, run.week_plan_id, home)
    assert (told.considered, told.visited, told.proved, told.reason) == (True, False, True, "no_crew_speaks_language")
    assert (told.head_name, told.outdated, told.ways) == ("Y Bhiao", False, ())
    assert told.facts["slots"][0].period in Period
    first = told.brings_in[0]
    assert (first.languages, first.crews, first.visits) == (("mong",), 1, 1)
    assert first.slot_class in SlotClass


def test_a_visit_is_told_with_its_crew_and_what_else_there_was(db: Database, world: World) -> None:
    run = drafted(db, world.desk, monday=LATER)
    with db.read() as session:
        home = next(iter(promised(session, run.week_plan_id or 0)))
        problem, plan = files_of(session, run.id)
    told = why(db, world.desk, run.week_plan_id, home)
    assert (told.considered, told.visited, told.outdated, told.reason) == (True, True, False, "")
    crew = next(c for c in plan["crews"] if f"h{home}" in [v["household"] for v in c["visits"]])
    assert len(told.crew) == len(crew["volunteers"]) == 2
    assert all(told.crew)
    assert told.slot is not None
    assert slot_id(told.slot.on_date, told.slot.period) == crew["slot"]
    assert told.points is not None
    house = next(h for h in problem["households"] if h["id"] == f"h{home}")
    assert {kind.value: points for kind, points in told.by_class.items()} == house["reward"]
    assert all(way.gain is not None and way.adds is not None for way in told.ways)


def test_a_household_that_the_run_left_out_by_rule_is_told_that_rule(db: Database, world: World) -> None:
    home = world.households[0].id
    with db.begin() as session:
        planning.add_rule(session, world.desk, RuleForm(home, RuleKind.FORBID, LATER), NOW)
    run = drafted(db, world.desk, monday=LATER)
    told = why(db, world.desk, run.week_plan_id, home)
    assert (told.considered, told.visited, told.reason) == (False, False, "forbidden")


def test_a_household_without_need_was_not_considered(db: Database, world: World) -> None:
    with db.begin() as session:
        home = make.a_household(session, world.hamlet, "Lò Thị Mai", None).id
    run = drafted(db, world.desk, monday=LATER)
    assert why(db, world.desk, run.week_plan_id, home).considered is False


def test_another_commune_is_told_nothing(db: Database, world: World) -> None:
    run = drafted(db, world.desk, monday=LATER)
    with db.read() as session, pytest.raises(NotFound):
        explaining.why(session, Actor.of_user(session.merge(world.lan)), run.week_plan_id or 0, world.households[0].id)
    with db.read() as session, pytest.raises(NotFound):
        more_people.more_people(session, Actor.of_user(session.merge(world.lan)), run.week_plan_id or 0)


def test_after_a_replanning_the_others_are_answered_by_the_draft_before(db: Database, world: World) -> None:
    run = drafted(db, world.desk)
    published(db, world.desk, run)
    with db.read() as session:
        before = promised(session, run.week_plan_id or 0)
    missed, *others = before
    again = drafted(db, world.desk, kind=RunKind.REASSIGN, household_ids=[missed])
    other = next(h for h in others if h != missed)
    told = why(db, world.desk, again.week_plan_id, other)
    assert told.considered
    with db.begin() as session:
        home = make.a_household(session, world.hamlet, "Vàng A Sùng", 1).id
    assert why(db, world.desk, again.week_plan_id, home).considered is False


def test_more_people_are_told_by_hamlet_and_class_of_slot(db: Database, world: World) -> None:
    run = drafted(db, world.desk, monday=LATER)
    with db.read() as session:
        figures = more_people.more_people(session, world.desk, run.week_plan_id or 0)
        insight = session.get_one(PlanRun, run.id).insight
    assert figures is not None
    assert insight is not None
    assert [line.name for line in figures.hamlets] == [world.hamlet.name]
    assert {cell.slot_class for cell in figures.hamlets[0].cells} == set(figures.classes)
    assert set(figures.price_points) == set(figures.classes)
    assert figures.points == (run.total or 0) / 1000
    assert [line.rule for line in figures.rules] == [entry["rule"] for entry in insight["what_if"]["rules"]]


def test_a_replanning_shows_the_figures_of_the_draft_it_comes_from(db: Database, world: World) -> None:
    run = drafted(db, world.desk)
    published(db, world.desk, run)
    with db.read() as session:
        missed = next(iter(promised(session, run.week_plan_id or 0)))
    again = drafted(db, world.desk, kind=RunKind.REASSIGN, household_ids=[missed])
    with db.read() as session:
        assert "what_if" not in (session.get_one(PlanRun, again.id).insight or {})
        figures = more_people.more_people(session, world.desk, again.week_plan_id or 0)
    assert figures is not None
    assert figures.asked_at == run.requested_at


def test_a_plan_from_before_has_no_figures(db: Database, world: World) -> None:
    run = drafted(db, world.desk, monday=LATER)
    with db.begin() as session:
        session.get_one(PlanRun, run.id).insight = None
    with db.read() as session:
        assert more_people.more_people(session, world.desk, run.week_plan_id or 0) is None


def test_a_change_of_the_week_says_who_cannot_come(db: Database, world: World) -> None:
    run = drafted(db, world.desk)
    published(db, world.desk, run)
    with db.begin() as session:
        base = session.get_one(WeekPlan, run.week_plan_id)
        (home, (slot, crew)), *_ = promised(session, base.id).items()
        on_date = next(MONDAY + timedelta(days=n) for n in range(7) if f"{MONDAY + timedelta(days=n):%a}" == slot[:3])
        ill = min(crew)
        volunteers.mark_absent(session, world.desk, ill, on_date, Period(slot[-1]), "sốt", NOW)
        name = scope.get_volunteer(session, world.desk, ill).name
        run_id = reassigning.request(session, world.desk, MONDAY, [home], NOW, {"iterations": 20})
    again = computed(db, run_id)
    with db.read() as session:
        changes = reassigning.changes(session, world.desk, again.week_plan_id or 0, NOW)
    change = next(c for c in (*changes.moved, *changes.withdrawn) if c.household_id == home)
    assert (change.because, change.who, change.points) == ("volunteer_away", (name,), None)
