"""The texts that the desk copies into its group chats: the whole week, and each crew's."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from planner.domain.notices.chat import ChatShift, chat_text
from planner.domain.wording import label
from planner.models import Hamlet
from planner.services import campaigns, scope
from planner.services.actors import Actor
from planner.services.comparing import planned_visits, volunteer_names
from planner.services.differences import in_force


@dataclass(frozen=True)
class ChatTexts:
    """Texts of a week. `crews` are pairs (the crew's names, its text)."""

    monday: date
    week: str
    crews: tuple[tuple[str, str], ...]


def texts(session: Session, actor: Actor, monday: date, language: str) -> ChatTexts | None:
    """Return the texts of a published week; None where none is published."""
    actor.require_desk()
    plan = in_force(session, campaigns.active(session, actor).id, monday)
    if plan is None:
        return None
    shifts = _shifts(session, actor, plan.id)
    place = campaigns.commune(session, actor)
    commune = f"{label(place.kind, language)} {place.name}"
    by_crew: dict[tuple[str, ...], list[ChatShift]] = defaultdict(list)
    for shift in shifts:
        by_crew[tuple(sorted(shift.members))].append(shift)
    crews = tuple((", ".join(theirs[0].members), chat_text(commune, monday, theirs, language)) for theirs in by_crew.values())
    return ChatTexts(monday, chat_text(commune, monday, shifts, language), crews)


def _shifts(session: Session, actor: Actor, week_plan_id: int) -> list[ChatShift]:
    names = volunteer_names(session, actor.commune_id)
    hamlets = {hamlet.id: hamlet.name for hamlet in session.scalars(scope.hamlets(actor).order_by(Hamlet.id))}
    visits = defaultdict(list)
    for visit in planned_visits(session, week_plan_id):
        visits[visit.shift_id].append(visit)
    found = []
    for listed in visits.values():
        first, places = listed[0], [visit.hamlet_id for visit in listed]
        mostly = max(dict.fromkeys(places), key=places.count)
        found.append(
            ChatShift(
                first.on_date, first.period, first.shift_starts_at, first.shift_ends_at, first.shift_number,
                hamlets.get(mostly, ""), len({visit.household_id for visit in listed}),
                tuple(names.get(member, "") for member in first.crew),
            )
        )  # fmt: skip
    return found
