"""Volunteers as the weekly problem sees them: where they start, when they come this very week, what they can do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.calendar import Slot
from planner.domain.languages import VIETNAMESE, language_key
from planner.domain.text import fold
from planner.domain.vocabulary import Period, Sex
from planner.models import Availability, Volunteer
from planner.services.states import said_changes

LEAD, WOMAN = "lead", "woman"


@dataclass(frozen=True, slots=True)
class Person:
    """A volunteer who can be planned with; `slots` are those of the week in which they come."""

    id: int
    hamlet_id: int | None
    name: str
    can_lead: bool
    sex: Sex | None
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    lat: float | None
    lon: float | None
    max_shifts: int | None
    slots: tuple[str, ...]


def spoken(languages: Iterable[str]) -> list[str]:
    """Return the language keys of a volunteer, Vietnamese always among them."""
    return sorted({VIETNAMESE, *(key for written in languages if (key := language_key(written)))})


def skill_keys(person: Person) -> list[str]:
    """Return what crews and households can ask for."""
    skills = {key for written in person.skills if (key := fold(written))} - {LEAD, WOMAN}  # these two are facts, not claims
    if person.can_lead:
        skills.add(LEAD)
    if person.sex is Sex.FEMALE:
        skills.add(WOMAN)
    return sorted(skills)


def load_people(session: Session, commune_id: int, slots: Sequence[Slot]) -> tuple[Person, ...]:
    """Return the commune's volunteers with the slots in which each comes, by id."""
    volunteers = session.execute(
        select(
            Volunteer.id, Volunteer.hamlet_id, Volunteer.name, Volunteer.can_lead, Volunteer.sex, Volunteer.skills,
            Volunteer.languages, Volunteer.lat, Volunteer.lon, Volunteer.max_shifts,
        )
        .where(Volunteer.commune_id == commune_id, Volunteer.left_at.is_(None))
        .order_by(Volunteer.id)
    ).all()  # fmt: skip
    coming = slots_by_volunteer(session, commune_id, [row.id for row in volunteers], slots)
    return tuple(
        Person(
            row.id, row.hamlet_id, row.name, row.can_lead, row.sex, tuple(row.skills or ()), tuple(row.languages or ()),
            row.lat, row.lon, row.max_shifts, tuple(coming[row.id]),
        )
        for row in volunteers
    )  # fmt: skip


def slots_by_volunteer(
    session: Session, commune_id: int, volunteer_ids: Iterable[int], slots: Sequence[Slot]
) -> dict[int, list[str]]:
    """Return the ids of the slots in which each volunteer comes: as usual, unless the latest word for the date differs."""
    usual: dict[int, set[tuple[int, Period]]] = defaultdict(set)
    for volunteer_id, weekday, period in session.execute(
        select(Availability.volunteer_id, Availability.weekday, Availability.period)
        .join(Volunteer, Volunteer.id == Availability.volunteer_id)
        .where(Volunteer.commune_id == commune_id)
    ):
        usual[volunteer_id].add((weekday, period))
    said = said_changes(session, commune_id, slots[0].on_date, slots[-1].on_date) if slots else {}
    return {
        volunteer_id: [
            slot.id
            for slot in slots
            if said.get((volunteer_id, slot.on_date, slot.period), (slot.on_date.weekday(), slot.period) in usual[volunteer_id])
        ]
        for volunteer_id in volunteer_ids
    }
