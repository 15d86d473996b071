"""What came back on paper becomes the event a phone would have sent: once per row, whoever types it how often.

The id of a row's visit is made of the list, the row and the visit it corrects. Typed twice it is one visit; typed otherwise
the second time, the person is asked whether the paper corrects what stands recorded.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.calendar import instant, local_time
from planner.domain.errors import Conflict, InvalidInput, NotFound
from planner.domain.paper import PaperEntry, PaperPromise
from planner.domain.vocabulary import NeedResult, StopReason
from planner.models import Appointment, ContactStop, PaperList, PaperRow, Shift, VisitResult
from planner.services import campaigns
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView
from planner.services.outcomes import Callback, PoliceAppointment, ResultLine, VisitForm, VisitView, record_visit
from planner.services.paper.lists import find, recorded_for

POLICE_VISIT = timedelta(hours=1)  # how long the police desk expects someone for, ASSUMPTION


@dataclass(frozen=True)
class Entered:
    """What a row's visit is now. `changed`: False where that very thing stood recorded already."""

    row: int
    visit: VisitView
    changed: bool


def enter(session: Session, actor: Actor, number: int, entry: PaperEntry, at: datetime, corrects: str = "") -> Entered:
    """Record a row of a list.

    Parameters
    ----------
    corrects
        The event that stood recorded as the person saw it, where they say that the paper is right and it is not.

    Raises
    ------
    NotFound
        ``paper_list_unknown``, ``paper_row_unknown``.
    InvalidInput
        ``paper_result_unknown``, ``paper_reason_needed``, ``paper_hour_ahead``,
        ``paper_day_before_campaign`` and those of `outcomes.record_visit`.
    Conflict
        ``paper_row_recorded``: something else stands recorded, or something else again than the person saw.
    """
    found = find(session, actor, number)
    row = next((row for row in found.rows if row.number == entry.row), None)
    if row is None:
        raise NotFound("paper_row_unknown", number=number, row=entry.row, last=len(found.rows))
    campaign = campaigns.active(session, actor)
    standing = recorded_for(session, campaign, [row.assignment_id]).get(row.assignment_id)
    if entry.happened_on is not None and entry.happened_on < campaign.starts_on:
        raise InvalidInput("paper_day_before_campaign", field="happened_on", first=campaign.starts_on)
    form = _form(found, row, entry, standing, at)
    if standing is not None:
        if _says_the_same(session, campaign, standing, form):
            return Entered(entry.row, standing, changed=False)
        if corrects != standing.event_id:
            raise Conflict("paper_row_recorded", row=entry.row, outcome=standing.outcome.value, event_id=standing.event_id)
    visit = record_visit(session, actor, form, at)
    return Entered(entry.row, visit, changed=not visit.replayed)


def _form(found: PaperList, row: PaperRow, entry: PaperEntry, standing: VisitView | None, at: datetime) -> VisitForm:
    corrects = standing.event_id if standing else None
    return VisitForm(
        event_id=str(uuid.uuid5(uuid.UUID(found.uid), f"{row.number}:{corrects or ''}")),
        household_id=row.assignment.household_id,
        outcome=entry.outcome,
        occurred_at=_occurred_at(found.shift, entry, standing, at),
        assignment_uid=row.assignment.uid,
        results=_results(row, entry),
        note=entry.note,
        callback=_callback(entry.callback),
        police_appointment=_police(entry.police),
        corrects_event_id=corrects,
        stop_whole_household=entry.stop_whole_household,
    )


def _occurred_at(shift: Shift, entry: PaperEntry, standing: VisitView | None, at: datetime) -> datetime:
    """Return when it was: as the paper says; else as recorded before; else the end of the shift, or now while it lasts."""
    if entry.happened_on is None and entry.happened_at is None:
        return standing.occurred_at if standing else min(shift.ends_at, at)
    hour = entry.happened_at or local_time(shift.ends_at)
    happened = instant(entry.happened_on or shift.on_date, hour)
    if happened > at:
        raise InvalidInput("paper_hour_ahead", field="happened_at")
    return happened


def _results(row: PaperRow, entry: PaperEntry) -> tuple[ResultLine, ...]:
    lines = []
    for each in entry.results:
        if not 1 <= each.number <= len(row.need_ids):
            raise InvalidInput("paper_result_unknown", field=f"result-{each.number}", last=len(row.need_ids))
        if each.result is NeedResult.REJECTED and not each.reason.strip():
            raise InvalidInput("paper_reason_needed", field=f"reason-{each.number}", number=each.number)
        worked = each.result in (NeedResult.DONE, NeedResult.SUBMITTED)
        device, shown = (each.own_device, each.teach_back) if worked else (None, None)
        lines.append(ResultLine(row.need_ids[each.number - 1], each.result, each.reason, device, shown))
    return tuple(lines)


def _callback(promise: PaperPromise | None) -> Callback | None:
    return Callback(promise.on_date, promise.period, promise.starts, promise.ends) if promise else None


def _police(promise: PaperPromise | None) -> PoliceAppointment | None:
    if promise is None:
        return None
    if promise.starts is None:
        raise InvalidInput("paper_police_hour", field="police_at")
    ends = promise.ends or (datetime.combine(promise.on_date, promise.starts) + POLICE_VISIT).time()
    return PoliceAppointment(promise.on_date, promise.starts, ends)


def _says_the_same(session: Session, campaign: CampaignView, visit: VisitView, form: VisitForm) -> bool:
    """Compare all but the hour: 19:07 on the phone and "7 giờ" on paper are one visit."""
    stored = select(VisitResult).where(VisitResult.visit_id == visit.id)
    results = {(r.need_id, r.result, r.reason, r.own_device, r.teach_back) for r in session.scalars(stored)}
    told = {(line.need_id, line.result, line.reason.strip(), line.own_device, line.teach_back) for line in form.results}
    if visit.outcome is not form.outcome or results != told or form.note.strip() not in ("", visit.note):
        return False
    made = select(Appointment.at_police, Appointment.starts_at, Appointment.ends_at).where(Appointment.visit_id == visit.id)
    promised = {(row.at_police, row.starts_at, row.ends_at) for row in session.execute(made)}
    asked = set()
    if form.callback is not None:
        asked.add((False, *form.callback.span(campaign.settings)))
    if form.police_appointment is not None:
        asked.add((True, *form.police_appointment.span()))
    stopped = select(ContactStop.id).where(ContactStop.visit_id == visit.id, ContactStop.reason == StopReason.DO_NOT_CONTACT)
    return promised == asked and (session.scalar(stopped) is not None) == form.stop_whole_household
