"""The needs on a row of a list: which are asked about, numbered, and what may be ticked for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.needs import allowed_results
from planner.domain.vocabulary import NeedResult, NeedState
from planner.models import Need, PaperRow, Resident
from planner.services.campaigns import CampaignView
from planner.services.fields import ASKED_ABOUT
from planner.services.residents import residents_of
from planner.services.sequences import in_parts


@dataclass(frozen=True)
class PaperNeed:
    """A need by its number on the row, with what a visit may report for it."""

    number: int
    need_id: int
    resident_id: int
    resident: str
    service_vi: str
    service_en: str
    state: NeedState
    results: tuple[NeedResult, ...]

    def service(self, lang: str) -> str:
        return self.service_en if lang == "en" else self.service_vi


def asked_about(session: Session, campaign: CampaignView, household_ids: Sequence[int], on_date: date) -> dict[int, list[int]]:
    """Return the needs a list asks about, by household: those that the phone's card of the visit shows, in its order."""
    return {
        household_id: [need.id for person in people if person.stop is None for need in person.needs if need.state in ASKED_ABOUT]
        for household_id, people in residents_of(session, campaign, household_ids, on_date, phones=False).items()
    }


def needs_of_rows(session: Session, campaign: CampaignView, rows: Sequence[PaperRow]) -> dict[int, tuple[PaperNeed, ...]]:
    """Return the printed needs of each row, as they stand now; by the row's id."""
    services = {service.id: service for service in campaign.services}
    wanted = sorted({need_id for row in rows for need_id in row.need_ids})
    found = {}
    for part in in_parts(wanted):
        query = select(Need, Resident.name).join(Resident, Resident.id == Need.resident_id).where(Need.id.in_(part))
        found.update({need.id: (need, name) for need, name in session.execute(query)})
    return {
        row.id: tuple(
            PaperNeed(
                number, need_id, need.resident_id, name, services[need.service_id].name_vi, services[need.service_id].name_en,
                need.state, allowed_results(services[need.service_id].facts, need.state),
            )
            for number, need_id in enumerate(row.need_ids, start=1)
            if need_id in found
            for need, name in (found[need_id],)
        )
        for row in rows
    }  # fmt: skip
