"""Visits as pages show them: who was there, what came of it, whether another report has taken its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.vocabulary import NeedResult, Outcome, StopReason
from planner.models import Assignment, ContactStop, Need, Resident, Service, Shift, User, Visit, VisitResult, Volunteer
from planner.services import campaigns, scope
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView


@dataclass(frozen=True)
class ResultView:
    need_id: int
    resident: str
    service_vi: str
    service_en: str
    result: NeedResult
    reason: str
    own_device: bool | None

    def service(self, lang: str) -> str:
        return self.service_en if lang == "en" else self.service_vi


@dataclass(frozen=True)
class VisitView:
    """A visit as recorded. `replayed`: this very report had come before; `late`: after its shift and grace;
    `corrected`: another report has taken its place; `stopped`: since then nobody is to come any more."""

    id: int
    event_id: str
    household_id: int
    assignment_uid: str | None
    outcome: Outcome
    occurred_at: datetime
    received_at: datetime
    note: str
    results: tuple[ResultView, ...]
    recorded_by_id: int | None
    recorded_by: str
    visited_by: str
    corrects_event_id: str | None
    corrected: bool = False
    replayed: bool = False
    late: bool = False
    stopped: bool = False

    @property
    def off_assignment(self) -> bool:
        return self.assignment_uid is None

    @property
    def happened_at(self) -> datetime:
        return min(self.occurred_at, self.received_at)


def history(session: Session, actor: Actor, household_id: int) -> tuple[VisitView, ...]:
    """Return the visits to a household the actor may see, newest first, the corrected ones marked."""
    household = scope.get_household(session, actor, household_id)
    query = select(Visit).where(Visit.household_id == household.id).order_by(Visit.occurred_at.desc(), Visit.id.desc())
    return tuple(views_of(session, list(session.scalars(query)), campaigns.active(session, actor)))


def views_of(session: Session, visits: list[Visit], campaign: CampaignView) -> list[VisitView]:
    ids = [visit.id for visit in visits]
    grace = timedelta(minutes=campaign.settings.grace_minutes)
    promises = {
        assignment_id: (uid, ends_at)
        for assignment_id, uid, ends_at in session.execute(
            select(Assignment.id, Assignment.uid, Shift.ends_at)
            .join(Shift, Shift.id == Assignment.shift_id)
            .where(Assignment.id.in_({v.assignment_id for v in visits if v.assignment_id}))
        )
    }
    users = dict(session.execute(select(User.id, User.name).where(User.id.in_({v.recorded_by_id for v in visits}))).all())
    people = dict(
        session.execute(select(Volunteer.id, Volunteer.name).where(Volunteer.id.in_({v.volunteer_id for v in visits}))).all()
    )
    corrections = set(session.scalars(select(Visit.corrects_id).where(Visit.corrects_id.in_(ids))))
    originals = dict(
        session.execute(
            select(Visit.id, Visit.event_id).where(Visit.id.in_({v.corrects_id for v in visits if v.corrects_id}))
        ).all()
    )
    stop = select(ContactStop.visit_id).where(ContactStop.reason == StopReason.DO_NOT_CONTACT, ContactStop.lifted_at.is_(None))
    stopped = set(session.scalars(stop.where(ContactStop.visit_id.in_(ids))))
    results = _results(session, ids)
    views = []
    for visit in visits:
        uid, ends_at = promises.get(visit.assignment_id or 0, (None, None))
        views.append(
            VisitView(
                visit.id, visit.event_id, visit.household_id, uid, visit.outcome, visit.occurred_at, visit.received_at,
                visit.note, results.get(visit.id, ()), visit.recorded_by_id, users.get(visit.recorded_by_id or 0, ""),
                people.get(visit.volunteer_id or 0, ""), originals.get(visit.corrects_id or 0), visit.id in corrections,
                late=ends_at is not None and visit.received_at > ends_at + grace, stopped=visit.id in stopped,
            )
        )  # fmt: skip
    return views


def _results(session: Session, visit_ids: list[int]) -> dict[int, tuple[ResultView, ...]]:
    found: dict[int, list[ResultView]] = {}
    rows = session.execute(
        select(VisitResult, Resident.name, Service.name_vi, Service.name_en)
        .join(Need, Need.id == VisitResult.need_id)
        .join(Resident, Resident.id == Need.resident_id)
        .join(Service, Service.id == Need.service_id)
        .where(VisitResult.visit_id.in_(visit_ids))
        .order_by(Resident.position, Service.position)
    )
    for row, resident, name_vi, name_en in rows:
        line = ResultView(row.need_id, resident, name_vi, name_en, row.result, row.reason, row.own_device)
        found.setdefault(row.visit_id, []).append(line)
    return {visit_id: tuple(lines) for visit_id, lines in found.items()}
