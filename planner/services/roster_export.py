"""The roster goes out as a workbook that this program, and any other, can read in again."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.calendar import local_date
from planner.domain.vocabulary import AuditAction
from planner.models import Commune, Hamlet, Household, Resident
from planner.services import audit
from planner.services.actors import Actor
from planner.sheets.roster_out import RosterLine, write_roster


def export(session: Session, actor: Actor, target: Path, at: datetime) -> int:
    """Write everyone in the roster to `target` (.xlsx); return how many. No ID numbers: none are kept.

    The write is audited: a list of a whole commune has left the house.
    """
    actor.require_desk()
    commune = session.get_one(Commune, actor.commune_id)
    rows = session.execute(
        select(Resident, Household, Hamlet.name)
        .join(Household, Household.id == Resident.household_id)
        .join(Hamlet, Hamlet.id == Household.hamlet_id)
        .where(Resident.commune_id == actor.commune_id, Resident.left_at.is_(None), Household.left_at.is_(None))
        .order_by(Hamlet.position, Hamlet.id, Household.position, Household.id, Resident.position, Resident.id)
        .execution_options(yield_per=1000)
    )
    lines = (_line(resident, household, hamlet) for resident, household, hamlet in rows)
    count = write_roster(target, commune.name, local_date(at), lines)
    audit.record(session, actor, AuditAction.ROSTER_EXPORTED, "commune", commune.id, at, after={"residents": count})
    return count


def _line(resident: Resident, household: Household, hamlet: str) -> RosterLine:
    return RosterLine(
        hamlet=hamlet,
        household_code=household.code or f"H{household.id}",
        head_name=household.head_name,
        name=resident.name,
        birth=resident.birth,
        sex=resident.sex,
        relation=resident.relation,
        address=household.address,
        phone=resident.phone,
        residence=resident.residence,
        account=resident.account,
        documents=dict(resident.documents),
        smartphones=household.smartphones,
        work=resident.work,
        lat=household.lat,
        lon=household.lon,
        languages=tuple(household.languages),
        note=resident.note,
    )
