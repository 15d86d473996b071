"""Naming a volunteer in a form: by a label that is one's own, or by as much of it as tells who is meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.errors import InvalidInput
from planner.domain.text import fold, printable, squeeze
from planner.models import Hamlet, Volunteer
from planner.services import scope
from planner.services.actors import Actor
from planner.services.volunteers.lists import by_name


@dataclass(frozen=True)
class VolunteerChoice:
    """A volunteer to choose; no two have the same `label`."""

    id: int
    name: str
    label: str

    @property
    def key(self) -> str:
        """What the label is searched by, without diacritics."""
        return fold(self.label)


def choices(session: Session, actor: Actor) -> tuple[VolunteerChoice, ...]:
    """Return every volunteer the actor may see, by name: ``Trần Quang Minh (Ấp 1)``."""
    seen = scope.volunteers(actor).where(Volunteer.left_at.is_(None)).with_only_columns(Volunteer.id).order_by(None)
    rows = session.execute(
        select(Volunteer.id, Volunteer.name, Hamlet.name, Volunteer.org)
        .outerjoin(Hamlet, Hamlet.id == Volunteer.hamlet_id)
        .where(Volunteer.id.in_(seen))
        .order_by(by_name(session), Volunteer.id)
    ).all()
    labels = [f"{name} ({place})" if (place := hamlet or org) else name for _id, name, hamlet, org in rows]
    times = Counter(labels)
    return tuple(
        VolunteerChoice(row[0], row[1], label if times[label] == 1 else f"{label} #{row[0]}")
        for row, label in zip(rows, labels, strict=True)
    )


def matching(listed: Iterable[VolunteerChoice], text: str) -> tuple[VolunteerChoice, ...]:
    """Return whom a text may mean: by number, by the whole label, else all whose label has each of its words."""
    wanted = squeeze(printable(text))
    words = fold(wanted).split()
    listed = tuple(listed)
    exact = [one for one in listed if wanted in (one.label, str(one.id))]
    return tuple(exact or [one for one in listed if words and all(word in one.key for word in words)])


def chosen(session: Session, actor: Actor, text: str, field: str = "volunteer") -> int | None:
    """Return the volunteer a text means; None for an empty one.

    Raises
    ------
    InvalidInput
        ``volunteer_unknown`` or ``volunteer_several``.
    """
    if not text.strip():
        return None
    found = matching(choices(session, actor), text)
    if not found:
        raise InvalidInput("volunteer_unknown", field=field)
    if len(found) > 1:
        raise InvalidInput("volunteer_several", field=field, count=len(found))
    return found[0].id
