"""Options of the filters and forms several pages share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _

from planner.services import households, volunteers
from planner.services.volunteers import VolunteerChoice
from web.context import actor

MOST_SHOWN = 50  # beyond that a name has to be told more closely


def hamlet_choices(session: Any) -> list[tuple[object, str]]:
    """Return all hamlets of the commune for a filter, and "all" first."""
    return [("", _("Tất cả")), *((hamlet.id, hamlet.name) for hamlet in households.hamlets(session, actor()))]


@dataclass(frozen=True)
class VolunteerField:
    """A field in which a volunteer is named: all there are to suggest, what was typed, and whom it may mean where several."""

    listed: tuple[VolunteerChoice, ...]
    typed: str
    several: tuple[VolunteerChoice, ...]

    @property
    def options(self) -> list[tuple[object, str]]:
        return [("", _("Chọn một người")), *((one.id, one.label) for one in self.several)]


def volunteer_field(session: Any, given: str | None = None) -> VolunteerField:
    """Return the field, with what was just typed into the form; `given`: what else it is to begin with."""
    listed = volunteers.choices(session, actor())
    text = given if given is not None else request.form.get("volunteer", "")
    found = volunteers.matching(listed, text)
    if len(found) == 1:
        text = found[0].label
    return VolunteerField(listed, text, found if 1 < len(found) <= MOST_SHOWN else ())
