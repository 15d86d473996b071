"""Documents a phone keeps, each with a revision made of its content: no cursor can be wrong after a restore."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from planner.domain.fiveclear import render_five_clear
from planner.domain.vocabulary import NeedResult, Outcome, Role
from planner.domain.wording import label
from planner.services.campaigns import CampaignView
from planner.services.fields import ResidentTask, ShiftView, VisitStop
from planner.services.sync.shapes import PERIOD_WORDS
from planner.services.visit_views import VisitView

Body = dict[str, Any]


@dataclass(frozen=True)
class Doc:
    """A document by its key. `rev` changes exactly when the body does."""

    key: str
    body: Body

    @property
    def kind(self) -> str:
        return self.key.partition(":")[0]

    @property
    def rev(self) -> str:
        return hashlib.sha256(json.dumps(self.body, sort_keys=True).encode()).hexdigest()[:16]

    def plain(self) -> dict[str, Any]:
        return {"key": self.key, "kind": self.kind, "rev": self.rev, "body": self.body}


def campaign_doc(campaign: CampaignView) -> Doc:
    """What the app must know to ask and to say: services, hours, words."""
    settings = campaign.settings
    body = {
        "name": campaign.name,
        "services": [{"id": s.id, "code": s.code, "name_vi": s.name_vi, "name_en": s.name_en} for s in campaign.offered],
        "periods": {PERIOD_WORDS[period]: [_hour(start), _hour(end)] for period, (start, end) in settings.periods.items()},
        "quiet": [_hour(settings.quiet_from), _hour(settings.quiet_until)],
        "outcomes": [{"code": o.value, "vi": label(o), "en": label(o, "en")} for o in Outcome],
        "results": [{"code": r.value, "vi": label(r), "en": label(r, "en")} for r in NeedResult],
        "grace_minutes": settings.grace_minutes,
        "hotline": settings.desk_phone,
    }
    return Doc("campaign", body)


def shift_doc(shift: ShiftView, week_version: int, monday: str, origin: tuple[float, float] | None) -> Doc:
    """A shift and who goes."""
    body = {
        "id": shift.id,
        "number": shift.number,
        "hamlet": shift.hamlet,
        "on_date": shift.on_date.isoformat(),
        "period": PERIOD_WORDS[shift.period],
        "starts_at": _at(shift.starts_at),
        "ends_at": _at(shift.ends_at),
        "week_version": week_version,
        "monday": monday,
        "origin": {"lat": origin[0], "lon": origin[1]} if origin else None,
        "crew": [
            {"volunteer_id": m.volunteer_id, "name": m.name, "is_lead": m.is_lead, "phone": m.phone} for m in shift.crew
        ],
    }  # fmt: skip
    return Doc(f"shift:{shift.id}", body)


def visit_doc(stop: VisitStop, shift_id: int, promise: Body | None, last: Body | None, user_id: int | None) -> Doc:
    """A visit of the list: who lives there, what is to be done, the five clears, what was recorded."""
    vi, en = render_five_clear(stop.five_clear, "vi"), render_five_clear(stop.five_clear, "en")
    body = {
        "uid": stop.assignment_uid,
        "shift_id": shift_id,
        "position": stop.position,
        "household_id": stop.household_id,
        "head_name": stop.head_name,
        "address": stop.address,
        "house_number": stop.house_number,
        "hamlet": stop.hamlet,
        "lat": stop.lat,
        "lon": stop.lon,
        "note": stop.note,
        "needs_woman": stop.needs_woman,
        "languages": list(stop.languages),
        "starts_at": _at(stop.starts_at),
        "minutes": stop.minutes,
        "reserve": stop.reserve,
        "state": stop.state.value,
        "withdrawn_reason": stop.withdrawn_reason,
        "residents": [_resident(person) for person in stop.residents],
        "five_clear": [
            {"key": a.clear.value, "title_vi": a.label, "title_en": b.label, "text_vi": a.text, "text_en": b.text}
            for a, b in zip(vi, en, strict=True)
        ],
        "promise": promise,
        "last": last,
        "recorded": _recorded(stop.visit, stop.can_correct, user_id),
    }
    return Doc(f"visit:{stop.assignment_uid}", body)


def person_body(user_id: int | None, name: str, role: Role | None, language: str, volunteer_id: int | None) -> Body:
    """A person as the app shows them."""
    return {
        "user_id": user_id, "name": name, "role": role.value if role else "", "language": language, "volunteer_id": volunteer_id,
    }  # fmt: skip


def _resident(person: ResidentTask) -> Body:
    return {
        "id": person.id,
        "name": person.name,
        "relation": person.relation,
        "birth_year": int(person.birth[:4]) if person.birth else None,
        "phone": person.phone,
        "smartphone": person.smartphone,
        "working_pattern": person.work.value,
        "needs": [
            {
                "id": need.id,
                "service_id": need.service_view.id,
                "state": need.state.value,
                "results": [r.value for r in need.results],
            }
            for need in person.needs
        ],
    }


def _recorded(visit: VisitView | None, can_correct: bool, user_id: int | None) -> Body | None:
    if visit is None:
        return None
    return {
        "event_id": visit.event_id,
        "outcome": visit.outcome.value,
        "occurred_at": _at(visit.occurred_at),
        "by": visit.recorded_by,
        "mine": visit.recorded_by_id == user_id,
        "can_correct": can_correct,
    }


def _at(instant: datetime) -> str:
    return instant.isoformat()


def _hour(value: Any) -> str:
    return f"{value:%H:%M}"
