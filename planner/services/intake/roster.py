"""The roster of households and residents: how it is read, compared, written and taken back."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from planner.domain.calendar import local_date
from planner.domain.vocabulary import AuditAction
from planner.models import Household, Need
from planner.models.statistics import MANY, look_at
from planner.services import campaigns, needs
from planner.services.actors import Actor
from planner.services.intake.changelog import ChangeLog
from planner.services.intake.lists import ListKind
from planner.services.intake.progress import RowsDone, parts
from planner.services.intake.roster_diff import compare
from planner.services.intake.roster_records import load
from planner.services.intake.roster_sample import sample
from planner.services.intake.roster_undo import undo_roster
from planner.services.intake.roster_writing import Applier
from planner.services.outcome_effects import withdraw_promises
from planner.services.progress.history import keep_baseline
from planner.services.sequences import in_parts
from planner.sheets.reading import Progress, ReadOptions, RosterReading, report_dict
from planner.sheets.roster import read_roster


def _read(path: Path, options: ReadOptions, hamlets: Sequence[str], at: datetime, progress: Progress) -> RosterReading:
    return read_roster(path, as_of=local_date(at), options=options, known_hamlets=hamlets, progress=progress)


class RosterComparison:
    """A roster held against the one in the database."""

    def __init__(
        self, session: Session, actor: Actor, reading: RosterReading, at: datetime, id_key: bytes | None, progress: Progress
    ) -> None:
        self.session, self.actor, self.reading, self.at = session, actor, reading, at
        of_loading, of_comparing = parts(progress, 0.5, 0.5)
        self.known = load(session, actor.commune_id, lambda fraction: of_loading(fraction, "comparing"))
        self.hashes = _hashes(session, actor, reading, id_key)
        self.diff = compare(reading, self.known, self.hashes, at, lambda fraction: of_comparing(fraction, "comparing"))
        self.report = report_dict(reading, len(self.diff.new_residents), len(self.diff.changed_residents), self.diff.unchanged)
        self.report["diff"] = sample(self.diff, reading, self.known)

    def write(self, *, mark_missing: bool, progress: Progress) -> ChangeLog:
        """Write the households and residents, derive their needs anew, take back the promises nobody may keep."""
        commune_id, (of_rows, of_needs) = self.actor.commune_id, parts(progress, 0.55, 0.45)
        applier = Applier(
            self.session, commune_id, self.reading, self.known, self.diff, self.hashes, self.at, lambda f: of_rows(f, "writing")
        )
        log = applier.run(mark_missing=mark_missing)
        _rebuild(self.session, commune_id, applier.touched, self.at, of_needs)
        keep_baseline(self.session, commune_id, self.at)
        _withdraw(self.session, self.actor, applier.stopped, self.at)
        return log


def _hashes(session: Session, actor: Actor, reading: RosterReading, id_key: bytes | None) -> dict[int, str]:
    """Return keyed hashes of the ID numbers where the campaign opted in; the numbers themselves are never kept."""
    campaign = campaigns.find_active(session, actor.commune_id)
    if campaign is None or not campaign.settings.store_id_numbers or not id_key:
        return {}
    return {
        index: hmac.new(id_key, person.citizen_id.encode(), hashlib.sha256).hexdigest()
        for index, person in enumerate(reading.people)
        if person.citizen_id
    }


def _withdraw(session: Session, actor: Actor, household_ids: Collection[int], at: datetime) -> None:
    """Take back the promises to households where the roster now says that nobody may be called on."""
    campaign = campaigns.find_active(session, actor.commune_id)
    if campaign is None:
        return
    for household_id in sorted(household_ids):
        withdraw_promises(session, session.get_one(Household, household_id), campaign, at)


def _rebuild(session: Session, commune_id: int, household_ids: Collection[int], at: datetime, progress: Progress) -> None:
    """Derive needs anew, some households at a time: a whole commune takes seconds, and its bar should not stand still."""
    rows = RowsDone(len(household_ids), lambda fraction: progress(fraction, "needs"))
    for number, some in enumerate(in_parts(sorted(household_ids))):
        needs.rebuild(session, commune_id, at, some)
        if not number and len(household_ids) >= MANY:
            look_at(session, Need)
        rows.add(len(some))


def _undo(session: Session, actor: Actor, log: ChangeLog, at: datetime, progress: Progress) -> None:
    of_rows, of_needs = parts(progress, 0.6, 0.4)
    touched = undo_roster(session, log, lambda fraction: of_rows(fraction, "undo"))
    session.flush()
    _rebuild(session, actor.commune_id, touched, at, of_needs)
    keep_baseline(session, actor.commune_id, at)


ROSTER = ListKind(
    recorded_as=AuditAction.ROSTER_IMPORTED,
    figures=("households", "residents", "created", "updated", "unchanged", "refused"),
    read=_read,
    compare=RosterComparison,
    undo=_undo,
)
