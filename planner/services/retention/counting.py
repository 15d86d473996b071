"""What would be erased: a dry run that changes nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, or_, select
from sqlalchemy.orm import Session

from planner.domain.calendar import local_date
from planner.models import Evidence, FieldEvent, Household, Notice, Resident, User, Visit
from planner.services import backups
from planner.services.campaigns import CampaignView


@dataclass(frozen=True)
class Found:
    """What is there of residents: rows that would lose what names or describes somebody, and copies of them."""

    residents: int
    households: int
    phone_numbers: int
    notes: int
    phone_reports: int
    photos: int
    notices: int
    copies: int

    @property
    def nothing(self) -> bool:
        """Nobody can be told any more from what is kept; notices and copies follow by themselves."""
        return not (self.residents or self.households or self.notes or self.phone_reports or self.photos)

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def due_on(campaign: CampaignView) -> date:
    """Return the day from which residents' data of a campaign are to be erased."""
    return campaign.ends_on + timedelta(days=campaign.settings.retention_days)


def is_due(campaign: CampaignView, at: datetime) -> bool:
    return local_date(at) >= due_on(campaign)


def named_households(commune_id: int) -> Select[Household]:
    """Return the households that still say who or where they are."""
    said: list[ColumnElement[bool]] = [
        column != ""
        for column in (Household.head_name, Household.address, Household.lane, Household.house_number, Household.note)
    ]
    return select(Household).where(Household.commune_id == commune_id, or_(*said, Household.lat.is_not(None)))


def named_residents(commune_id: int) -> Select[Resident]:
    """Return the residents who still have a name, a number or a note."""
    said: list[ColumnElement[bool]] = [column != "" for column in (Resident.name, Resident.phone, Resident.note)]
    return select(Resident).where(Resident.commune_id == commune_id, or_(*said, Resident.id_hash.is_not(None)))


def spoken_reports(commune_id: int) -> Select[FieldEvent]:
    """Return the phones' reports whose words are still kept."""
    return select(FieldEvent).where(
        FieldEvent.commune_id == commune_id,
        or_(cast(FieldEvent.sent, String) != "{}", cast(FieldEvent.effect, String) != "{}"),
    )


def visits_with_notes(commune_id: int) -> Select[Visit]:
    here = select(Household.id).where(Household.commune_id == commune_id)
    return select(Visit).where(Visit.household_id.in_(here), Visit.note != "")


def count(session: Session, commune_id: int, folder: Path | None) -> Found:
    """Count what is there.

    Parameters
    ----------
    folder
        The data folder, in which the nightly copies lie.
    """

    def number(query: Select[Any]) -> int:
        return session.scalar(select(func.count()).select_from(query.subquery())) or 0

    people = select(User.id).where(User.commune_id == commune_id)
    return Found(
        residents=number(named_residents(commune_id)),
        households=number(named_households(commune_id)),
        phone_numbers=number(select(Resident.id).where(Resident.commune_id == commune_id, Resident.phone != "")),
        notes=number(visits_with_notes(commune_id)),
        phone_reports=number(spoken_reports(commune_id)),
        photos=number(select(Evidence.id).where(Evidence.commune_id == commune_id, Evidence.deleted_at.is_(None))),
        notices=number(select(Notice.id).where(Notice.recipient_id.in_(people))),
        copies=len(backups.listed(folder)) if folder is not None else 0,
    )
