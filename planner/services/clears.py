"""The five clears of assignments, read in bulk: what the board, the workbook and the field pages show of each.

Who is in a crew, and to how many doors it goes, is read here for all who tell of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session

from planner.domain.fiveclear import CrewMember, FiveClear, TaskLine
from planner.domain.vocabulary import OutreachGroup
from planner.models import Assignment, Hamlet, Household, Need, Resident, Shift, ShiftMember, Volunteer
from planner.services.campaigns import CampaignView
from planner.services.sequences import in_parts


def five_clears(session: Session, campaign: CampaignView, assignment_ids: Sequence[int], *, phones: bool) -> dict[int, FiveClear]:
    """Return the five clears by assignment id.

    Parameters
    ----------
    phones
        Whether the reader may see the crew's phone numbers.
    """
    found: dict[int, FiveClear] = {}
    for part in in_parts(list(assignment_ids)):
        rows = session.execute(
            select(Assignment, Shift, Household, Hamlet.name)
            .join(Shift, Shift.id == Assignment.shift_id)
            .join(Household, Household.id == Assignment.household_id)
            .join(Hamlet, Hamlet.id == Household.hamlet_id)
            .where(Assignment.id.in_(part))
        ).all()
        crews = crews_of(session, sorted({shift.id for _, shift, _, _ in rows}), phones=phones)
        tasks = _tasks(session, campaign, sorted({need_id for row, _, _, _ in rows for need_id in row.need_ids}))
        for row, shift, house, hamlet in rows:
            found[row.id] = FiveClear(
                crew=tuple(crews.get(shift.id, ())),
                crew_number=shift.number,
                household=house.head_name,
                address=house.address,
                hamlet=hamlet,
                group=None if house.outreach_group is None else OutreachGroup(house.outreach_group),
                tasks=tuple(tasks[need_id] for need_id in row.need_ids if need_id in tasks),
                on_date=shift.on_date,
                period=shift.period,
                starts_at=shift.starts_at,
                ends_at=shift.ends_at,
                visit_at=row.starts_at,
                position=row.position,
                reserve=row.reserve,
                desk_name=campaign.settings.desk_name,
                desk_phone=campaign.settings.desk_phone,
                reviewer=campaign.settings.reviewer,
                clears=campaign.settings.clears,
            )
    return found


def crews_of(session: Session, shift_ids: Sequence[int], *, phones: bool) -> Mapping[int, list[CrewMember]]:
    """Return the crews of shifts, in the order of the shift (lead first)."""
    crews: dict[int, list[CrewMember]] = defaultdict(list)
    for part in in_parts(shift_ids):
        for member, volunteer in session.execute(
            select(ShiftMember, Volunteer)
            .join(Volunteer, Volunteer.id == ShiftMember.volunteer_id)
            .where(ShiftMember.shift_id.in_(part))
            .order_by(ShiftMember.shift_id, ShiftMember.position)
        ):
            phone = volunteer.phone if phones else ""
            crews[member.shift_id].append(CrewMember(volunteer.id, volunteer.name, phone, member.is_lead))
    return crews


def visits_of_shift() -> ScalarSelect[int]:
    """Return the column with the number of visits of a query's `Shift`, without those taken back."""
    live = select(func.count(Assignment.id)).where(Assignment.shift_id == Shift.id, Assignment.withdrawn_at.is_(None))
    return live.correlate(Shift).scalar_subquery()


def _tasks(session: Session, campaign: CampaignView, need_ids: Sequence[int]) -> dict[int, TaskLine]:
    """Return a line per need, in the order of the household's residents and the campaign's services."""
    services = {service.id: service for service in campaign.offered}
    tasks: dict[int, TaskLine] = {}
    for part in in_parts(need_ids):
        for row in session.execute(
            select(Need.id, Need.service_id, Resident.id.label("resident_id"), Resident.name)
            .join(Resident, Resident.id == Need.resident_id)
            .where(Need.id.in_(part))
        ):
            service = services.get(row.service_id)
            if service is not None:
                tasks[row.id] = TaskLine(
                    row.id, row.resident_id, row.name, service.code, service.name_vi, service.name_en, service.result_vi,
                    service.result_en,
                )  # fmt: skip
    return tasks
