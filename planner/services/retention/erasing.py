"""Erasing what names or describes residents. What is counted stays: states of needs, visits, years of birth, the audit chain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import String, case, cast, delete, func, literal, select, update
from sqlalchemy.orm import Session

from planner.domain.vocabulary import BirthPrecision
from planner.models import (
    Campaign,
    ContactStop,
    Evidence,
    FieldDecision,
    FieldEvent,
    Household,
    HouseholdRule,
    ImportBatch,
    Notice,
    NoticeDelivery,
    PlanRun,
    Resident,
    User,
    Visit,
    VisitResult,
)
from planner.services.evidence import files

BECAUSE = "retention"
UPLOADS = "imports"


@dataclass(frozen=True)
class Files:
    """The names of a commune's files that hold residents' data: photos, and uploaded lists still waiting."""

    photos: tuple[str, ...] = ()
    uploads: tuple[str, ...] = ()

    def __add__(self, other: Files) -> Files:
        return Files(self.photos + other.photos, self.uploads + other.uploads)


def erase_rows(session: Session, commune_id: int, at: datetime, by_id: int | None) -> Files:
    """Erase residents' data of a commune from its rows; return its files, to be erased after the commit."""
    uploads = select(ImportBatch.stored_name).where(ImportBatch.commune_id == commune_id, ImportBatch.stored_name != "")
    waiting = tuple(session.scalars(uploads))
    here = select(Household.id).where(Household.commune_id == commune_id)
    _set(
        session, Household, Household.commune_id == commune_id,
        head_name="", address="", lane="", house_number="", lat=None, lon=None, note="", search="", sort="", code="",
        languages=[], key=literal("erased:").concat(cast(Household.id, String)),
    )  # fmt: skip
    _set(
        session, Resident, Resident.commune_id == commune_id,
        name="", phone="", note="", relation="", official_of=_whether_official(), birth=func.substr(Resident.birth, 1, 4),
        birth_precision=_only_year(), id_hash=None, id_last3=None, key=literal("erased:").concat(cast(Resident.id, String)),
    )  # fmt: skip
    visits = select(Visit.id).where(Visit.household_id.in_(here))
    _set(session, Visit, Visit.household_id.in_(here), note="")
    _set(session, VisitResult, VisitResult.visit_id.in_(visits), reason="")
    _set(session, ContactStop, ContactStop.household_id.in_(here), lifted_because="")
    _set(session, HouseholdRule, HouseholdRule.household_id.in_(here), note="")
    reports = select(FieldEvent.id).where(FieldEvent.commune_id == commune_id)
    _set(session, FieldDecision, FieldDecision.field_event_id.in_(reports), reason="", effect={})
    _set(session, FieldEvent, FieldEvent.commune_id == commune_id, sent={}, effect={})
    _set(session, ImportBatch, ImportBatch.commune_id == commune_id, changes_gz=None, report={}, answers={}, stored_name="")
    runs = select(Campaign.id).where(Campaign.commune_id == commune_id)
    _set(session, PlanRun, PlanRun.campaign_id.in_(runs), problem_gz=None, plan_gz=None, insight=None)
    people = select(User.id).where(User.commune_id == commune_id)
    told = select(Notice.id).where(Notice.recipient_id.in_(people))
    for rows in (delete(NoticeDelivery).where(NoticeDelivery.notice_id.in_(told)), delete(Notice).where(Notice.id.in_(told))):
        session.execute(rows.execution_options(synchronize_session=False))
    photos = select(Evidence.file_name).where(Evidence.commune_id == commune_id, Evidence.deleted_at.is_(None))
    names = tuple(session.scalars(photos))
    _set(
        session, Evidence, (Evidence.commune_id == commune_id) & Evidence.deleted_at.is_(None),
        deleted_at=at, deleted_by_id=by_id, deleted_reason=BECAUSE,
    )  # fmt: skip
    session.expire_all()
    return Files(names, waiting)


def _set(session: Session, model: Any, condition: Any, **values: Any) -> None:
    session.execute(update(model).where(condition).values(**values).execution_options(synchronize_session=False))


def _whether_official() -> Any:
    """Officials stay counted, but nothing says where they serve."""
    return case((Resident.official_of != "", "…"), else_="")


def _only_year() -> Any:
    return case((Resident.birth != "", BirthPrecision.YEAR.value), else_=None)


def erase_files(folder: Path, erased: Files) -> None:
    """Erase a commune's photos and waiting lists from the data folder. May be done again; copies: see `copies.cleanse`."""
    for name in erased.photos:
        files.erase(files.folder_of(folder), name)
    for name in erased.uploads:
        (folder / UPLOADS / Path(name).name).unlink(missing_ok=True)
