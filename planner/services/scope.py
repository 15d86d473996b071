"""The one place that knows who may see which rows. A foreign row and a missing one are the same: NotFound.

- desk, jobs, command line: their commune;
- viewer: their commune, to read;
- leader: the published assignments of crews they are in, or that have a member of their hamlet, and those crews' printed lists;
- volunteer: the published assignments of their own shifts, and what they visited themselves;
- inspector: nothing yet.

Weeks stop being published when they are closed, so what the field sees ends with the week.
"""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import Session

from planner.domain.errors import NotFound
from planner.domain.vocabulary import Role, WeekState
from planner.models import (
    Assignment,
    Base,
    Campaign,
    Evidence,
    Hamlet,
    Household,
    ImportBatch,
    PaperList,
    PlanRun,
    Resident,
    Shift,
    ShiftMember,
    Visit,
    Volunteer,
    WeekPlan,
)
from planner.services.actors import Actor

_NEVER_IN_FORCE = (WeekState.DRAFT, WeekState.DISCARDED)
Row = TypeVar("Row", bound=Base)


def _crew_of(actor: Actor) -> Select[int]:
    """Return the volunteers whose shifts are the actor's business."""
    if actor.role is Role.LEADER:
        own = select(Volunteer.hamlet_id).where(Volunteer.id == actor.volunteer_id)
        return select(Volunteer.id).where(
            Volunteer.commune_id == actor.commune_id,
            or_(Volunteer.id == actor.volunteer_id, and_(Volunteer.hamlet_id.is_not(None), Volunteer.hamlet_id.in_(own))),
        )
    return select(Volunteer.id).where(Volunteer.id == actor.volunteer_id, Volunteer.commune_id == actor.commune_id)


def campaigns_of(actor: Actor) -> Select[int]:
    return select(Campaign.id).where(Campaign.commune_id == actor.commune_id)


def _field(actor: Actor) -> bool:
    return actor.role in (Role.LEADER, Role.VOLUNTEER) and actor.volunteer_id is not None


def _shift_condition(actor: Actor) -> ColumnElement[bool]:
    if actor.sees_the_commune:
        return Shift.week_plan_id.in_(select(WeekPlan.id).where(WeekPlan.campaign_id.in_(campaigns_of(actor))))
    if not _field(actor):
        return false()
    published = select(WeekPlan.id).where(WeekPlan.campaign_id.in_(campaigns_of(actor)), WeekPlan.state == WeekState.PUBLISHED)
    manned = select(ShiftMember.shift_id).where(ShiftMember.volunteer_id.in_(_crew_of(actor)))
    return and_(Shift.week_plan_id.in_(published), Shift.id.in_(manned))


def shifts(actor: Actor) -> Select[Shift]:
    """Return the shifts the actor may see."""
    return select(Shift).where(_shift_condition(actor))


def _assignment_condition(actor: Actor) -> ColumnElement[bool]:
    if actor.sees_the_commune:
        return Assignment.week_plan_id.in_(select(WeekPlan.id).where(WeekPlan.campaign_id.in_(campaigns_of(actor))))
    if not _field(actor):
        return false()
    visited = select(Visit.assignment_id).where(
        Visit.assignment_id.is_not(None), or_(Visit.volunteer_id == actor.volunteer_id, Visit.recorded_by_id == actor.user_id)
    )
    mine = Assignment.shift_id.in_(select(Shift.id).where(_shift_condition(actor)))
    return and_(mine, or_(Assignment.withdrawn_at.is_(None), Assignment.id.in_(visited)))


def assignments(actor: Actor) -> Select[Assignment]:
    """Return the assignments the actor may see; of withdrawn ones the field sees only what it has visited."""
    return select(Assignment).where(_assignment_condition(actor))


def _household_condition(actor: Actor) -> ColumnElement[bool]:
    mine = Household.commune_id == actor.commune_id
    if actor.sees_the_commune:
        return mine
    return and_(mine, Household.id.in_(select(Assignment.household_id).where(_assignment_condition(actor))))


def households(actor: Actor) -> Select[Household]:
    """Return the households the actor may see, those that left the roster included."""
    return select(Household).where(_household_condition(actor))


def recordable_assignments(actor: Actor) -> Select[Assignment]:
    """Return the assignments whose visits the actor may report: the field's of any week, withdrawn ones too.

    What happened is never refused because the plan has changed since, or the week was closed.
    """
    if not _field(actor):
        return assignments(actor) if actor.runs_the_campaign else select(Assignment).where(false())
    weeks = select(WeekPlan.id).where(WeekPlan.campaign_id.in_(campaigns_of(actor)), WeekPlan.state.not_in(_NEVER_IN_FORCE))
    manned = select(ShiftMember.shift_id).where(ShiftMember.volunteer_id.in_(_crew_of(actor)))
    return select(Assignment).where(Assignment.week_plan_id.in_(weeks), Assignment.shift_id.in_(manned))


def recordable_shifts(actor: Actor) -> Select[Shift]:
    """Return the shifts of which the actor may hand in photos: as with visits, of any week that was ever in force."""
    if not (_field(actor) or actor.runs_the_campaign):
        return select(Shift).where(false())
    weeks = select(WeekPlan.id).where(WeekPlan.campaign_id.in_(campaigns_of(actor)), WeekPlan.state.not_in(_NEVER_IN_FORCE))
    query = select(Shift).where(Shift.week_plan_id.in_(weeks))
    if actor.runs_the_campaign:
        return query
    return query.where(Shift.id.in_(select(ShiftMember.shift_id).where(ShiftMember.volunteer_id.in_(_crew_of(actor)))))


def recordable_households(actor: Actor) -> Select[Household]:
    """Return the households to which the actor may report a visit, see `recordable_assignments`."""
    query = select(Household).where(Household.commune_id == actor.commune_id)
    if actor.runs_the_campaign:
        return query
    return query.where(Household.id.in_(recordable_assignments(actor).with_only_columns(Assignment.household_id)))


def residents(actor: Actor) -> Select[Resident]:
    """Return the residents of the households the actor may see."""
    return select(Resident).where(
        Resident.commune_id == actor.commune_id,
        true() if actor.sees_the_commune else Resident.household_id.in_(select(Household.id).where(_household_condition(actor))),
    )


def volunteers(actor: Actor) -> Select[Volunteer]:
    """Return the volunteers the actor may see: the commune's, a leader's hamlet, or only oneself."""
    query = select(Volunteer).where(Volunteer.commune_id == actor.commune_id)
    if actor.sees_the_commune:
        return query
    return query.where(Volunteer.id.in_(_crew_of(actor)) if _field(actor) else false())


def visits(actor: Actor) -> Select[Visit]:
    """Return the visits to households the actor may see."""
    return select(Visit).where(Visit.household_id.in_(select(Household.id).where(_household_condition(actor))))


def evidence(actor: Actor) -> Select[Evidence]:
    """Return the photos the actor may see: the commune's, a leader's crews', or only one's own."""
    query = select(Evidence).where(Evidence.commune_id == actor.commune_id)
    if actor.sees_the_commune:
        return query
    if not _field(actor):
        return query.where(false())
    if actor.role is Role.LEADER:
        return query.where(Evidence.shift_id.in_(recordable_shifts(actor).with_only_columns(Shift.id)))
    return query.where(Evidence.user_id == actor.user_id)


def paper_lists(actor: Actor) -> Select[PaperList]:
    """Return the printed lists the actor may enter: the commune's, or a leader's crews'."""
    query = select(PaperList).where(PaperList.commune_id == actor.commune_id)
    if actor.runs_the_campaign:
        return query
    if actor.role is not Role.LEADER:
        return query.where(false())
    return query.where(PaperList.shift_id.in_(recordable_shifts(actor).with_only_columns(Shift.id)))


def hamlets(actor: Actor) -> Select[Hamlet]:
    """Return the hamlets of the actor's commune: their names are no secret."""
    return select(Hamlet).where(Hamlet.commune_id == actor.commune_id)


def week_plans(actor: Actor) -> Select[WeekPlan]:
    """Return the week plans the actor may see; the field only the published."""
    query = select(WeekPlan).where(WeekPlan.campaign_id.in_(campaigns_of(actor)))
    if actor.sees_the_commune:
        return query
    return query.where(WeekPlan.state == WeekState.PUBLISHED if _field(actor) else false())


def _desk_only(query: Select[Row], actor: Actor) -> Select[Row]:
    return query if actor.runs_the_campaign else query.where(false())


def plan_runs(actor: Actor) -> Select[PlanRun]:
    return _desk_only(select(PlanRun).where(PlanRun.campaign_id.in_(campaigns_of(actor))), actor)


def import_batches(actor: Actor) -> Select[ImportBatch]:
    return _desk_only(select(ImportBatch).where(ImportBatch.commune_id == actor.commune_id), actor)


def missing(what: str) -> NotFound:
    """Return the error for a row that is not there, or not this person's to see."""
    return NotFound("not_found", what=what)


def _one(session: Session, query: Select[Row], what: str) -> Row:
    row = session.scalars(query).one_or_none()
    if row is None:
        raise missing(what)
    return row


def get_household(session: Session, actor: Actor, household_id: int) -> Household:
    return _one(session, households(actor).where(Household.id == household_id), "household")


def get_resident(session: Session, actor: Actor, resident_id: int) -> Resident:
    return _one(session, residents(actor).where(Resident.id == resident_id), "resident")


def get_assignment(session: Session, actor: Actor, uid: str) -> Assignment:
    return _one(session, assignments(actor).where(Assignment.uid == uid), "assignment")


def get_shift(session: Session, actor: Actor, shift_id: int) -> Shift:
    return _one(session, shifts(actor).where(Shift.id == shift_id), "shift")


def get_volunteer(session: Session, actor: Actor, volunteer_id: int) -> Volunteer:
    return _one(session, volunteers(actor).where(Volunteer.id == volunteer_id), "volunteer")


def get_evidence(session: Session, actor: Actor, uuid: str) -> Evidence:
    return _one(session, evidence(actor).where(Evidence.uuid == uuid), "evidence")


def get_hamlet(session: Session, actor: Actor, hamlet_id: int) -> Hamlet:
    return _one(session, hamlets(actor).where(Hamlet.id == hamlet_id), "hamlet")


def get_week_plan(session: Session, actor: Actor, week_plan_id: int) -> WeekPlan:
    return _one(session, week_plans(actor).where(WeekPlan.id == week_plan_id), "week_plan")


def get_plan_run(session: Session, actor: Actor, run_id: int) -> PlanRun:
    return _one(session, plan_runs(actor).where(PlanRun.id == run_id), "plan_run")


def get_import_batch(session: Session, actor: Actor, batch_id: int) -> ImportBatch:
    return _one(session, import_batches(actor).where(ImportBatch.id == batch_id), "import_batch")
