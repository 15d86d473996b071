"""What happened at a door is recorded once, whole, and for good: late, off the plan or sent twice makes no difference.

A report is one event with an id made where it was written. The same report again changes nothing; another report under
the same id is a conflict. Nothing is ever overwritten: a correction is a new event that names the one it corrects.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, selectinload

from planner.domain import contact
from planner.domain.errors import Conflict, InvalidInput, NotAllowed
from planner.domain.needs import check_result
from planner.domain.vocabulary import AuditAction, NeedResult, Outcome, Role
from planner.models import (
    Assignment,
    Household,
    Need,
    ShiftMember,
    Visit,
    VisitResult,
)
from planner.services import audit, campaigns, outcome_effects, scope
from planner.services import needs as need_service
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView
from planner.services.taking_back import Kept, take_back
from planner.services.visit_forms import Callback, PoliceAppointment, ResultLine, VisitForm, checked, skew_seconds
from planner.services.visit_views import ResultView, VisitView, history, views_of

__all__ = [
    "Callback",
    "Credit",
    "PoliceAppointment",
    "ResultLine",
    "ResultView",
    "VisitForm",
    "VisitView",
    "history",
    "record_visit",
]


@dataclass(frozen=True)
class Credit:
    """Whose visit it was, and when it was first heard of, where the desk records what someone else reported."""

    user_id: int
    volunteer_id: int | None
    received_at: datetime


def record_visit(session: Session, actor: Actor, form: VisitForm, at: datetime, credit: Credit | None = None) -> VisitView:
    """Record a visit with all that follows from it, or nothing at all.

    Late reports, reports of withdrawn assignments and reports outside the plan are taken: they are what happened. A
    refusal withdraws every promise ahead at once; being moved away or a wrong address likewise.

    `credit`: only with the desk as actor.

    Raises
    ------
    NotFound
        The household or assignment is not there, or never was this person's.
    InvalidInput
        The report contradicts itself or the household's needs; `facts["field"]` names the place.
    Conflict
        ``event_id_reused`` (same id, other report), ``visit_already_corrected``.
    """
    actor.require(Role.DESK, Role.LEADER, Role.VOLUNTEER)
    if credit is not None:
        actor.require_desk()
    form = checked(form)
    known = _by_event(session, form.event_id)
    if known is not None:
        return _replay(session, actor, form, known)
    campaign = campaigns.active(session, actor)
    # Reports about one household wait for each other, or two of them could each see the state before the other.
    household = session.scalars(
        scope.recordable_households(actor).where(Household.id == form.household_id).with_for_update(of=Household)
    ).one_or_none()
    if household is None:
        raise scope.missing("household")
    assignment = _assignment(session, actor, form)
    corrected = _corrected(session, actor, form)
    kept = Kept()
    if corrected is not None:
        by_desk = actor.runs_the_campaign and credit is None
        kept = take_back(session, corrected, form, at, lifts_stops=by_desk)
    rows = _checked_needs(session, campaign, form)
    _check_spans(campaign, form)
    visit_id = _insert(session, actor, form, assignment, corrected, credit, at)
    if visit_id is None:  # someone else's transaction recorded this event between our look and our insert
        if corrected is not None:
            raise Conflict("event_id_reused")
        return _replay(session, actor, form, _by_event(session, form.event_id))
    visit = session.get_one(Visit, visit_id)
    _apply(session, actor, campaign, form, visit, rows, household, corrected, kept, at)
    return views_of(session, [visit], campaign)[0]


def _apply(
    session: Session,
    actor: Actor,
    campaign: CampaignView,
    form: VisitForm,
    visit: Visit,
    rows: dict[int, Need],
    household: Household,
    corrected: Visit | None,
    kept: Kept,
    at: datetime,
) -> None:
    effects = outcome_effects.apply_results(session, campaign, form, rows, at)
    met = outcome_effects.apply_contact(session, campaign, form, visit, rows)
    kept.pass_on(visit, met)
    need_service.rebuild(session, actor.commune_id, at, [household.id], campaign)
    session.refresh(household)
    withdrawn = outcome_effects.withdraw_promises(session, household, campaign, at)
    after = {**effects.after, **{k: v for k, v in met.after.items() if v}, "outcome": visit.outcome.value}
    if withdrawn:
        after["withdrawn"] = withdrawn
    if skew_seconds(form, at) > 300:
        after["clock_ahead_seconds"] = skew_seconds(form, at)
    action = AuditAction.VISIT_RECORDED
    before: dict[str, Any] = dict(effects.before)
    if corrected is not None:
        action = AuditAction.VISIT_CORRECTED
        after["corrects"] = corrected.id
        before["outcome"] = corrected.outcome.value
    audit.record(session, actor, action, "visit", visit.id, at, before=before, after=after)
    reason = contact.STOPS.get(visit.outcome)
    if reason is not None or form.stop_whole_household:
        audit.record(
            session, actor, AuditAction.CONTACT_STOPPED, "household", household.id, at,
            after={"reason": (reason or "do_not_contact"), "visit": visit.id, "withdrawn": len(withdrawn)},
        )  # fmt: skip
    session.flush()


def _by_event(session: Session, event_id: str) -> Visit | None:
    return session.scalars(select(Visit).where(Visit.event_id == event_id)).one_or_none()


def _replay(session: Session, actor: Actor, form: VisitForm, visit: Visit | None) -> VisitView:
    if visit is None or visit.body_hash != form.fingerprint():
        raise Conflict("event_id_reused")
    mine = scope.recordable_households(actor).where(Household.id == visit.household_id)
    if session.scalars(mine).one_or_none() is None:
        raise scope.missing("household")
    return replace(views_of(session, [visit], campaigns.active(session, actor))[0], replayed=True)


def _assignment(session: Session, actor: Actor, form: VisitForm) -> Assignment | None:
    if form.assignment_uid is None:
        return None
    query = scope.recordable_assignments(actor).where(Assignment.uid == form.assignment_uid)
    assignment = session.scalars(query.options(selectinload(Assignment.shift))).one_or_none()
    if assignment is None:
        raise scope.missing("assignment")
    if assignment.household_id != form.household_id:
        raise InvalidInput("assignment_of_another_household", field="assignment_uid")
    return assignment


def _corrected(session: Session, actor: Actor, form: VisitForm) -> Visit | None:
    if form.corrects_event_id is None:
        return None
    visit = _by_event(session, form.corrects_event_id)
    own = visit is not None and (actor.runs_the_campaign or actor.user_id == visit.recorded_by_id)
    if visit is None or visit.household_id != form.household_id or not own:
        raise scope.missing("visit")
    if session.scalar(select(Visit.id).where(Visit.corrects_id == visit.id)):
        raise Conflict("visit_already_corrected")
    # Nobody at the door may turn someone's no into a yes.
    if visit.outcome is Outcome.REFUSED and not actor.runs_the_campaign:
        raise NotAllowed("refusal_corrected_by_desk")
    return visit


def _checked_needs(session: Session, campaign: CampaignView, form: VisitForm) -> dict[int, Need]:
    wanted = [line.need_id for line in form.results]
    rows = {need.id: need for need in session.scalars(select(Need).where(Need.id.in_(wanted)))} if wanted else {}
    return check_needs(campaign, form, rows)


def check_needs(campaign: CampaignView, form: VisitForm, rows: dict[int, Need]) -> dict[int, Need]:
    """Return the needs a report names, or refuse results that they cannot have.

    Parameters
    ----------
    rows
        Needs by id, those of the report among them.
    """
    services = {service.id: service for service in campaign.services}
    for number, line in enumerate(form.results):
        need = rows.get(line.need_id)
        if need is None or need.household_id != form.household_id or need.service_id not in services:
            raise InvalidInput("need_of_another_household", field=f"results.{number}")
        check_result(services[need.service_id].facts, need.state, line.result, f"results.{number}")
    appointment = form.police_appointment
    if appointment is not None and appointment.resident_id is not None:
        referred = {rows[line.need_id].resident_id for line in form.results if line.result is NeedResult.REFERRED}
        if appointment.resident_id not in referred:
            raise InvalidInput("appointment_without_referral", field="police_appointment")
    return rows


def _check_spans(campaign: CampaignView, form: VisitForm) -> None:
    if form.callback is not None and form.callback.span(campaign.settings)[1] <= form.occurred_at:
        raise InvalidInput("callback_in_the_past", field="callback")
    if form.police_appointment is not None:
        form.police_appointment.span()


def _insert(
    session: Session,
    actor: Actor,
    form: VisitForm,
    assignment: Assignment | None,
    corrected: Visit | None,
    credit: Credit | None,
    at: datetime,
) -> int | None:
    """Insert the event and its results; None where the id is taken. The database decides, not a look beforehand."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    visit_id = session.scalar(
        insert(Visit)
        .values(
            event_id=form.event_id, body_hash=form.fingerprint(), household_id=form.household_id,
            assignment_id=assignment.id if assignment else None, recorded_by_id=credit.user_id if credit else actor.user_id,
            volunteer_id=credit.volunteer_id if credit else actor.volunteer_id or _lead(session, assignment),
            occurred_at=form.occurred_at, received_at=credit.received_at if credit else at,
            outcome=form.outcome, note=form.note, corrects_id=corrected.id if corrected else None,
        )
        .on_conflict_do_nothing(index_elements=["event_id"])
        .returning(Visit.id)
    )  # fmt: skip
    if visit_id is not None:
        session.add_all(
            VisitResult(
                visit_id=visit_id,
                need_id=r.need_id,
                result=r.result,
                reason=r.reason,
                own_device=r.own_device,
                teach_back=r.teach_back,
            )
            for r in form.results
        )
        session.flush()
    return visit_id


def _lead(session: Session, assignment: Assignment | None) -> int | None:
    """Return who was there when the desk types in a paper list: the shift's lead."""
    if assignment is None:
        return None
    members = select(ShiftMember.volunteer_id).where(ShiftMember.shift_id == assignment.shift_id)
    return session.scalar(members.order_by(ShiftMember.is_lead.desc(), ShiftMember.position).limit(1))
