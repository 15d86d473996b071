"""Who may see which rows: one table for all roles, and no foreign row ever."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.errors import NotFound
from planner.domain.vocabulary import ImportKind, ImportState, Role, RunKind, WeekState
from planner.models import (
    Assignment,
    Database,
    Hamlet,
    Household,
    ImportBatch,
    PlanRun,
    Resident,
    Shift,
    Visit,
    Volunteer,
    WeekPlan,
)
from planner.services import scope
from planner.services.actors import Actor
from tests import builders as make
from tests import worlds
from tests.builders import MONDAY, NOW


def cast(session: Session, world: worlds.World) -> dict[str, Actor]:
    """Return an actor of each kind; the leader is Yến, of the same hamlet as everyone."""
    return {
        "desk": world.desk,
        "job": Actor.for_job(world.commune.id, "missed"),
        "cli": Actor.cli(world.commune.id),
        "viewer": Actor(900, world.commune.id, Role.VIEWER, None, "Chủ tịch", "user:900"),
        "inspector": Actor(901, world.commune.id, Role.INSPECTOR, None, "Kiểm tra", "user:901"),
        "leader": Actor(902, world.commune.id, Role.LEADER, world.volunteers[3].id, "Yến", "user:902"),
        "volunteer": world.volunteer,
        "unlinked volunteer": Actor(903, world.commune.id, Role.VOLUNTEER, None, "?", "user:903"),
        "stranger": world.stranger,
    }


SEES: dict[str, tuple[int, int, int, int]] = {
    # households, published assignments, volunteers, week plans (a draft is there too)
    "desk": (5, 6, 4, 2),
    "job": (5, 6, 4, 2),
    "cli": (5, 6, 4, 2),
    "viewer": (5, 6, 4, 2),
    "inspector": (0, 0, 0, 0),
    "leader": (5, 5, 4, 1),  # the crews of their hamlet
    "volunteer": (3, 3, 1, 1),
    "unlinked volunteer": (0, 0, 0, 0),
    "stranger": (1, 0, 0, 0),
}


@pytest.mark.parametrize("who", SEES)
def test_what_each_role_sees(db: Database, who: str) -> None:
    with db.begin() as session:
        world = worlds.a_running_week(session)
        make.a_published_week(
            session, [("thu_T", world.volunteers[:2], world.households[4:])], world.campaign, state=WeekState.DRAFT
        )
        actor = cast(session, world)[who]
        queries: list[Any] = [scope.households(actor), scope.assignments(actor), scope.volunteers(actor), scope.week_plans(actor)]
        assert tuple(len(session.scalars(query).all()) for query in queries) == SEES[who]


def test_a_leader_of_no_hamlet_sees_their_own_crews_only(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        for volunteer in world.volunteers:
            volunteer.hamlet_id = None
        session.flush()
        leader = cast(session, world)["leader"]
        seen = session.scalars(scope.households(leader).order_by(Household.id)).all()
        assert [h.id for h in seen] == [h.id for h in world.households[3:]]


def test_what_the_field_sees_ends_with_the_week(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        assert world.week is not None
        world.week.state = WeekState.CLOSED
        session.flush()
        assert session.scalars(scope.households(world.volunteer)).all() == []
        # … but what happened in it can still be reported:
        assert len(session.scalars(scope.recordable_households(world.volunteer)).all()) == 3


def test_a_household_reassigned_to_another_crew_is_no_longer_seen_by_the_first(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        (assignment,) = make.assignments_of(session, world.households[0])
        assignment.withdrawn_at = NOW
        session.flush()
        assert world.households[0].id not in {h.id for h in session.scalars(scope.households(world.volunteer))}
        make.a_visit(session, world.households[0], at=NOW, assignment=assignment, volunteer_id=world.volunteers[0].id)
        assert world.households[0].id in {h.id for h in session.scalars(scope.households(world.volunteer))}


def test_a_draft_gives_nobody_in_the_field_anything_to_report(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        make.a_published_week(session, [("mon_T", world.volunteers[:2], world.households)], world.campaign, state=WeekState.DRAFT)
        assert session.scalars(scope.recordable_households(world.volunteer)).all() == []


GETTERS: dict[str, Any] = {
    "household": (scope.get_household, Household.id),
    "resident": (scope.get_resident, Resident.id),
    "assignment": (scope.get_assignment, Assignment.uid),
    "shift": (scope.get_shift, Shift.id),
    "volunteer": (scope.get_volunteer, Volunteer.id),
    "hamlet": (scope.get_hamlet, Hamlet.id),
    "week plan": (scope.get_week_plan, WeekPlan.id),
    "plan run": (scope.get_plan_run, PlanRun.id),
    "import batch": (scope.get_import_batch, ImportBatch.id),
}


def full_world(session: Session) -> worlds.World:
    """Return a running week with a row of every kind that has a getter."""
    world = worlds.a_running_week(session)
    session.add(PlanRun(campaign_id=world.campaign.id, monday=MONDAY, kind=RunKind.DRAFT, requested_at=NOW))
    session.add(
        ImportBatch(
            commune_id=world.commune.id,
            kind=ImportKind.ROSTER,
            state=ImportState.APPLIED,
            file_name="a.xlsx",
            sha256="0" * 64,
            made_at=NOW,
        )
    )
    session.flush()
    return world


@pytest.mark.parametrize("what", GETTERS)
def test_a_foreign_row_and_a_missing_one_are_the_same_error(sqlite_db: Database, what: str) -> None:
    get, column = GETTERS[what]
    with sqlite_db.begin() as session:
        world = full_world(session)
        key = session.scalars(select(column).where(column.class_.id.is_not(None)).order_by(column.desc())).first()
        own = [k for k in session.scalars(select(column)) if _sees(session, get, world.desk, k)]
        assert own, "the desk sees its own"
        missing = str(uuid.uuid4()) if isinstance(key, str) else 10**9
        errors = []
        for wanted in (own[0], missing):
            with pytest.raises(NotFound) as caught:
                get(session, world.stranger, wanted)
            errors.append((caught.value.code, caught.value.facts))
        assert errors[0] == errors[1]


def _sees(session: Session, get: Any, actor: Actor, key: Any) -> bool:
    try:
        get(session, actor, key)
    except NotFound:
        return False
    return True


@pytest.mark.parametrize("what", ["plan run", "import batch"])
@pytest.mark.parametrize("who", ["viewer", "inspector", "leader", "volunteer"])
def test_runs_and_imports_are_the_desks_alone(sqlite_db: Database, what: str, who: str) -> None:
    get, column = GETTERS[what]
    with sqlite_db.begin() as session:
        world = full_world(session)
        assert not _sees(session, get, cast(session, world)[who], session.scalars(select(column)).one())


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whoever_asks_with_whatever_id_never_gets_another_communes_row(sqlite_db: Database, data: st.DataObject) -> None:
    with sqlite_db.begin() as session:
        if session.scalars(select(Household.id).limit(1)).one_or_none() is None:
            full_world(session)
        communes = {h.id: h.commune_id for h in session.scalars(select(Household))}
        role = data.draw(st.sampled_from([None, *Role]))
        commune_id = data.draw(st.sampled_from(sorted(set(communes.values()))))
        volunteer_id = data.draw(st.sampled_from([None, *session.scalars(select(Volunteer.id))]))
        actor = Actor(1, commune_id, role, volunteer_id, "?", "user:1")
        seen = {h.id for h in session.scalars(scope.households(actor))}
        assert all(communes[household_id] == commune_id for household_id in seen)
        wanted = data.draw(st.integers(-1, max(communes) + 2))
        if _sees(session, scope.get_household, actor, wanted):
            assert communes[wanted] == commune_id
        for query, owner in (
            (scope.volunteers(actor), lambda row: row.commune_id),
            (scope.residents(actor), lambda row: row.commune_id),
            (scope.assignments(actor), lambda row: communes[row.household_id]),
            (scope.visits(actor), lambda row: communes[row.household_id]),
            (scope.recordable_households(actor), lambda row: row.commune_id),
        ):
            assert all(owner(row) == commune_id for row in session.scalars(query))  # type: ignore[call-overload]


def test_visits_are_seen_where_their_household_is(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        for household in world.households:
            make.a_visit(session, household, at=NOW - timedelta(days=3))
        counts = {who: len(session.scalars(scope.visits(actor)).all()) for who, actor in cast(session, world).items()}
        assert (counts["desk"], counts["volunteer"], counts["stranger"], counts["inspector"]) == (5, 3, 0, 0)
        assert isinstance(session.scalars(scope.visits(world.desk)).first(), Visit)
