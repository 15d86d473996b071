"""Visits become rows by the services that take phones' reports: plain ones together, the others one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from benchmarks.campaign.evening import Evening
from benchmarks.campaign.founding import Place
from planner.services import outcomes, outcomes_in_bulk
from planner.services.campaigns import CampaignView


def record(session: Session, place: Place, campaign: CampaignView, evenings: Sequence[Evening], at: datetime) -> None:
    """Record what a slot's crews report, each crew under its lead's name."""
    for evening in evenings:
        actor = place.crew_lead(evening.outing.members[0])
        promises = {door.assignment.uid: door.assignment for door in evening.outing.doors}
        plain = [h.form for h in evening.happened if outcomes_in_bulk.is_plain(h.form)]
        if plain:
            reported = [(form, promises[form.assignment_uid or ""]) for form in plain]
            outcomes_in_bulk.record_plain(session, actor, campaign, reported, at)
        for happened in evening.happened:
            if not outcomes_in_bulk.is_plain(happened.form):
                outcomes.record_visit(session, actor, happened.form, at)
